use askama::Template;
use askama::filters::HtmlSafe;

use crate::{Href, PostButton};

/// 进度条: parts of a whole, side by side. Drawn as SVG, so that it prints.
#[derive(Clone, Debug, PartialEq, Eq, Template)]
#[template(path = "kit/bar.html")]
pub struct Bar {
    /// The figures in words, for who cannot see the bar.
    pub label: String,
    /// From the left.
    pub parts: Vec<BarPart>,
}

/// A part of a bar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BarPart {
    /// How many.
    pub count: u64,
    /// Its class: `done`, `near`, `wait`, `bad` or `rest`.
    pub class: &'static str,
}

/// 进度: work that takes its time. The page asks again by itself until it is done.
#[derive(Clone, Debug, PartialEq, Eq, Template)]
#[template(path = "kit/progress.html")]
pub struct Progress {
    /// What is being done, such as 正在逐行核对.
    pub doing: String,
    /// Done so far.
    pub done: u64,
    /// All there is; 0 when it is not known yet.
    pub total: u64,
    /// What is counted, such as 行.
    pub unit: String,
    /// 预计还要: the time left in words, such as 约 20 秒; may be empty.
    pub left: String,
    /// This page, to be asked again.
    pub here: Href,
    /// 取消: stops it and leaves nothing half done.
    pub cancel: Option<PostButton>,
}

impl HtmlSafe for Bar {}
impl HtmlSafe for Progress {}

impl Bar {
    /// Position and width of each part, in thousandths of the whole.
    fn drawn(&self) -> Vec<(u64, u64, &'static str)> {
        let total: u64 = self.parts.iter().map(|part| part.count).sum();
        let mut before = 0;
        let mut drawn = Vec::with_capacity(self.parts.len());
        for part in &self.parts {
            let from = share(before, total);
            before += part.count;
            drawn.push((from, share(before, total) - from, part.class));
        }
        drawn
    }
}

impl Progress {
    fn percent(&self) -> u64 {
        share(self.done, self.total) / 10
    }

    fn bar(&self) -> Bar {
        let rest = self.total.saturating_sub(self.done);
        Bar {
            label: format!("已完成 {} %", self.percent()),
            parts: vec![
                BarPart { count: self.done, class: "done" },
                BarPart { count: rest, class: "rest" },
            ],
        }
    }
}

/// A count as the bureau writes it, with thousands commas.
///
/// ```
/// assert_eq!(webkit::grouped(98_214), "98,214");
/// assert_eq!(webkit::grouped(318), "318");
/// ```
pub fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

fn share(part: u64, total: u64) -> u64 {
    if total == 0 {
        return 0;
    }
    let thousandths = u128::from(part.min(total)) * 1000 / u128::from(total);
    u64::try_from(thousandths).expect("a share of at most 1000")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bar(counts: &[u64]) -> Bar {
        let parts = counts.iter().map(|&count| BarPart { count, class: "done" }).collect();
        Bar { label: String::new(), parts }
    }

    #[test]
    fn the_parts_of_a_bar_fill_it_without_gap_or_overlap() {
        let drawn = bar(&[12_628, 239, 66]).drawn();
        let mut end = 0;
        for (from, width, _) in drawn {
            assert_eq!(from, end);
            end = from + width;
        }
        assert_eq!(end, 1000);
    }

    #[test]
    fn a_bar_of_nothing_is_empty() {
        assert_eq!(bar(&[0, 0]).drawn(), [(0, 0, "done"), (0, 0, "done")]);
    }
}
