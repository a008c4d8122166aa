use std::fmt;

use kernel::{Citation, Day, Fen, Month};

use crate::area::AreaTree;
use crate::condition::Truth;
use crate::facts::Facts;
use crate::list::{Band, Item};
use crate::raw::{Assumption, Start};
use crate::register::{BIRTH_DATE, DEATH_DATE, LIFE_STATE, kind_of};
use crate::say::{self, Names, yuan};
use crate::source::Basis;
use crate::verdict::{Verdict, evaluate};

/// 为什么: a verdict with everything that it rests on, in plain Chinese.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// The verdict itself.
    pub verdict: Verdict,
    /// The verdict in one sentence.
    pub sentence: String,
    /// 逐条依据, in the list's order.
    pub conditions: Vec<ConditionLine>,
    /// 金额怎么来的
    pub amounts: Vec<AmountLine>,
    /// `松河县基本养老服务清单（第 4 版）第 4 项　高龄津贴`.
    pub list: String,
    /// Start, stop and back pay, one phrase each.
    pub rules: Vec<String>,
    /// 规定出处
    pub basis: Vec<Basis>,
    /// 假定: what the texts leave open.
    pub assumptions: Vec<Assumption>,
    /// 什么会改变结论
    pub changes: Vec<String>,
}

/// One condition as judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConditionLine {
    /// ✓, ✗ or ?
    pub truth: Truth,
    /// What is asked: `年满 80 周岁`.
    pub asked: String,
    /// What is known: `满 80 岁 7 个月`.
    pub found: String,
    /// Ids of the facts that it rests on; the caller adds their file and row.
    pub facts: Vec<&'static str>,
    /// What is said when it is false: `未满 80 周岁`.
    pub opposite: String,
}

/// A part of the amount.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AmountLine {
    /// `80—89 周岁档（2019 年 1 月起的标准）`.
    pub text: String,
    /// A month.
    pub amount: Fen,
}

/// For the terminal: every part under its heading.
impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.sentence)?;
        writeln!(f, "\n逐条依据")?;
        for line in &self.conditions {
            writeln!(f, "  {} {}", line.mark(), line.text())?;
        }
        if !self.amounts.is_empty() {
            writeln!(f, "\n金额怎么来的")?;
        }
        for line in &self.amounts {
            writeln!(f, "  {}  {} 元/月", line.text, line.amount)?;
        }
        writeln!(f, "\n规定出处\n  {}\n  {}", self.list, self.rules.join("；"))?;
        for basis in &self.basis {
            let number = basis.number.as_ref().map_or(String::new(), |it| format!("（{it}）"));
            let Citation { clause, says, .. } = &basis.citation;
            let mark = basis.confidence.chinese();
            writeln!(f, "  《{}》{number}{clause}：{says} · {mark}", basis.title)?;
        }
        if !self.assumptions.is_empty() {
            writeln!(f, "\n文件没有写明、暂按此办的")?;
        }
        for assumption in &self.assumptions {
            writeln!(f, "  {} · {}", assumption.text, assumption.confidence.chinese())?;
        }
        write!(f, "\n什么会改变结论\n  {}", self.changes.join("；"))
    }
}

impl ConditionLine {
    /// ✓ ✗ ?
    pub fn mark(&self) -> char {
        match self.truth {
            Truth::True => '✓',
            Truth::False => '✗',
            Truth::Unknown => '?',
        }
    }

    /// `年满 80 周岁：满 80 岁 7 个月`; when false it begins with the opposite.
    pub fn text(&self) -> String {
        let begin = if self.truth == Truth::False { &self.opposite } else { &self.asked };
        if self.found.is_empty() { begin.clone() } else { format!("{begin}：{}", self.found) }
    }
}

/// How far ahead an explanation looks for the next change, in months.
const LOOK_AHEAD: i32 = 30 * 12;

/// Judges one person in one month and says why. `names` tells the name of an area by its code.
pub fn explain(
    item: &Item,
    facts: &Facts,
    month: Month,
    areas: &dyn AreaTree,
    names: &dyn Fn(&str) -> String,
) -> Explanation {
    let verdict = evaluate(item, facts, month, areas);
    let conditions = condition_lines(item, facts, month, areas, names);
    let case = Case { item, facts, month, areas, verdict: &verdict, conditions: &conditions };
    let head = &item.list;
    Explanation {
        sentence: case.sentence(),
        amounts: case.amounts(),
        changes: case.changes(),
        list: format!("{}（{}）第 {} 项　{}", head.title, head.edition, item.no, item.name),
        rules: vec![
            say::start(item.time.start).to_owned(),
            say::stop(item.time.stop).to_owned(),
            say::back_pay(item.time.back_pay),
        ],
        basis: item.basis.clone(),
        assumptions: item.assumptions.clone(),
        conditions,
        verdict,
    }
}

fn condition_lines(
    item: &Item,
    facts: &Facts,
    month: Month,
    areas: &dyn AreaTree,
    names: Names<'_>,
) -> Vec<ConditionLine> {
    let at = item.at(facts, month, areas);
    let issuer = &item.list.issuer_name;
    let line = |cond| {
        let mut facts = Vec::new();
        say::rests_on(cond, &mut facts);
        ConditionLine {
            truth: cond.truth(&at),
            asked: say::label(cond, true, issuer, names),
            opposite: say::label(cond, false, issuer, names),
            found: say::finding(cond, &at, names),
            facts,
        }
    };
    item.conditions.iter().map(line).collect()
}

struct Case<'a> {
    item: &'a Item,
    facts: &'a Facts,
    month: Month,
    areas: &'a dyn AreaTree,
    verdict: &'a Verdict,
    conditions: &'a [ConditionLine],
}

impl Case<'_> {
    fn in_month(&self, month: Month) -> Verdict {
        evaluate(self.item, self.facts, month, self.areas)
    }

    fn sentence(&self) -> String {
        let month = self.month.chinese();
        match self.verdict {
            Verdict::Entitled { amount, band } => {
                let since = match self.since() {
                    Some(since) => format!("从 {}起", since.chinese()),
                    None => String::new(),
                };
                let money = format!("{since}每月 {} 元。", yuan(*amount));
                match self.birthday(&self.item.bands[*band]) {
                    Some(day) => {
                        let age = self.item.bands[*band].age_from;
                        format!("{}满 {age} 周岁，{money}", day.chinese())
                    }
                    None => money,
                }
            }
            Verdict::NotEntitled(failed) => {
                let mut why: Vec<String> = failed
                    .conditions()
                    .filter_map(|at| self.conditions.get(at))
                    .map(|line| match line.found.as_str() {
                        "" => line.opposite.clone(),
                        found => format!("{}（{found}）", line.opposite),
                    })
                    .collect();
                if failed.no_band() {
                    why.push("不在任何一个年龄档里".to_owned());
                }
                if failed.ended() {
                    why.push("这一档的标准已经停止执行".to_owned());
                }
                format!("{month}不符合：{}。", why.join("；"))
            }
            Verdict::Unknown(needs) => {
                let needs: Vec<String> = needs
                    .iter()
                    .filter_map(|id| kind_of(id))
                    .map(|kind| format!("{}（{}）", kind.label, kind.source_department))
                    .collect();
                format!("{month}还不能判定，要先查明：{}。", needs.join("、"))
            }
            Verdict::NotEncoded(period) => match period.to {
                Some(to) => {
                    format!("{month}的规定没有录入（从 {}起才有），不能判定。", to.chinese())
                }
                None => format!("{month}已过清单的有效期，不能判定。"),
            },
        }
    }

    /// Since when the same amount is due without a break; none when that is as far back as the
    /// list is encoded, because the text before it may have said the same.
    fn since(&self) -> Option<Month> {
        let first_encoded = self.item.encoded_from();
        let mut since = self.month;
        while since > first_encoded && self.in_month(since.plus(-1)) == *self.verdict {
            since = since.plus(-1);
        }
        (since > first_encoded).then_some(since)
    }

    fn birthday(&self, band: &Band) -> Option<Day> {
        let birth = self.facts.event(BIRTH_DATE)?;
        let years = i16::try_from(band.age_from).ok()?;
        (self.item.time.start != Start::AgeAtYearEnd).then(|| birth.plus_years(years))
    }

    fn amounts(&self) -> Vec<AmountLine> {
        let Verdict::Entitled { amount, band } = self.verdict else { return Vec::new() };
        let band = &self.item.bands[*band];
        let first = self.month.first();
        let since = band.amounts.iter().rev().find(|(from, _)| *from <= first);
        let since = since
            .map_or(String::new(), |(from, _)| format!("（{}起的标准）", from.month().chinese()));
        vec![AmountLine { text: format!("{}档{since}", band.name()), amount: *amount }]
    }

    fn changes(&self) -> Vec<String> {
        let so = matches!(self.verdict, Verdict::Entitled { .. });
        let issuer = &self.item.list.issuer_name;
        let stop = self.item.time.stop;
        let dying = self.facts.event(DEATH_DATE).is_some()
            && self.facts.newest_word(LIFE_STATE) != Some("living");
        match self.verdict {
            Verdict::NotEncoded(_) => vec!["录入这个月的规定".to_owned()],
            Verdict::Unknown(needs) => needs
                .iter()
                .filter_map(|id| kind_of(id))
                .map(|kind| format!("查明{}", kind.label))
                .collect(),
            Verdict::Entitled { .. } | Verdict::NotEntitled(_) => {
                let both = self.item.conditions.iter().zip(self.conditions);
                let mut all: Vec<String> = both
                    .filter(|(_, line)| (line.truth == Truth::True) == so)
                    // A known death does not happen again: the look-ahead finds its month.
                    .filter(|(cond, _)| !(so && dying && cond.is_living()))
                    .filter_map(|(cond, _)| say::change(cond, so, issuer, stop))
                    .collect();
                all.extend(self.next());
                all
            }
        }
    }

    /// The next change that comes by itself, with everything known staying as it is.
    fn next(&self) -> Option<String> {
        let later = (1..=LOOK_AHEAD).map(|later| self.month.plus(later));
        let mut changed = later.map(|month| (month, self.in_month(month)));
        let (month, verdict) = changed.find(|(_, verdict)| verdict != self.verdict)?;
        let Verdict::Entitled { amount, band } = verdict else {
            let stops = matches!(self.verdict, Verdict::Entitled { .. });
            return stops.then(|| format!("从 {}起{}", month.chinese(), verdict.chinese()));
        };
        let money = format!("从 {}起每月 {} 元", month.chinese(), yuan(amount));
        let band = &self.item.bands[band];
        // Say the birthday only when it is what changes the verdict.
        let entered = self.birthday(band).filter(|day| *day > self.month.first().plus_days(-1));
        Some(match entered {
            Some(day) => format!("{}满 {} 周岁，{money}", day.chinese(), band.age_from),
            None => money,
        })
    }
}
