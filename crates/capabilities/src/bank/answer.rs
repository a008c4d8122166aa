//! 回盘: what the bank says of each line, held against the lines that were sent. Pure.

use std::collections::HashSet;

use facts::sheet::{Cell, Row};
use kernel::{Fen, Refusal};

use super::layout::{ReturnLayout, Unit};
use super::{BankLine, ReturnCause};

/// 处理结果: what came of one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// 成功: credited.
    Paid,
    /// 退汇: the money came back.
    Returned(ReturnCause),
    /// 未明: the bank does not know. It is never paid again by itself.
    Unknown,
}

/// What the bank says of one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// 序号 in the file that was sent.
    pub line: u32,
    /// What came of it.
    pub outcome: Outcome,
    /// The bank's code and words, as they stand.
    pub words: String,
}

/// The answers in the rows of a return, each held against the line that it answers. Lines that it
/// does not list stay open.
///
/// # Errors
/// A refusal that names the row: the file is another run's, a line was changed, stands twice or
/// says something that the layout does not know. Nothing of such a file counts.
pub fn answers(
    layout: &ReturnLayout,
    (number, file_sm3): (&str, &str),
    lines: &[BankLine],
    rows: impl Iterator<Item = Row>,
) -> Result<Vec<Answer>, Refusal> {
    let mut reading = Reading { layout, number, lines, places: None, seen: HashSet::new() };
    let (mut quoted, mut answers) = (false, Vec::new());
    for row in rows {
        quoted |= quotes(&row, file_sm3)?;
        if reading.places.is_none() {
            reading.places = Places::of(layout, &row);
            continue;
        }
        answers.extend(reading.answer(&row)?);
    }
    let Some(places) = reading.places else {
        return Err(Refusal::new(
            format!("没有找到“{}”和“{}”两列。", layout.line[0], layout.result[0]),
            "请核对是不是这家银行的回盘文件。",
        ));
    };
    if !quoted && (places.account.is_none() || places.amount.is_none()) {
        return Err(Refusal::new(
            "回盘里既没有原文件的 SM3 校验值，也没有逐笔的账号和金额，无法确认是不是这一批的。",
            "请向银行要带校验值或逐笔明细的回盘文件。",
        ));
    }
    if answers.is_empty() {
        return Err(Refusal::new("回盘里没有一笔结果。", "请核对文件是否完整。"));
    }
    Ok(answers)
}

/// Whether the row quotes the check value of our file.
fn quotes(row: &Row, file_sm3: &str) -> Result<bool, Refusal> {
    let mut quoted = false;
    for cell in &row.cells {
        let Cell::Text(text) = cell else { continue };
        let hexes = text.split(|sign: char| !sign.is_ascii_hexdigit());
        for hex in hexes.filter(|word| word.len() == 64) {
            if !hex.eq_ignore_ascii_case(file_sm3) {
                return Err(Refusal::new(
                    format!("第 {} 行写的原文件校验值不是这一批文件的。", row.number),
                    "这是另一份文件的回盘，或者交给银行的文件被换过。请与银行核对后再登记。",
                ));
            }
            quoted = true;
        }
    }
    Ok(quoted)
}

struct Reading<'a> {
    layout: &'a ReturnLayout,
    number: &'a str,
    lines: &'a [BankLine],
    places: Option<Places>,
    seen: HashSet<u32>,
}

impl<'a> Reading<'a> {
    fn answer(&mut self, row: &Row) -> Result<Option<Answer>, Refusal> {
        let Some(at) = &self.places else { return Ok(None) };
        let text = |place: usize| row.cell(place).as_text().trim().to_owned();
        let first = text(0);
        let skipped = self.layout.skip_rows.iter().any(|word| first.starts_with(word.as_str()));
        if skipped || text(at.line).is_empty() {
            return Ok(None);
        }
        if let Some(batch) = at.batch.map(text)
            && batch != self.number
        {
            let batch: String = batch.chars().take(40).collect();
            return Err(Refusal::new(
                format!("第 {} 行的批次号是“{batch}”，不是这一批的 {}。", row.number, self.number),
                "请核对是不是别的批次的回盘。",
            ));
        }
        let line = self.line(row, &text(at.line))?;
        self.unchanged(row, at, line)?;
        let (code, cause) =
            (at.code.map(text).unwrap_or_default(), at.cause.map(text).unwrap_or_default());
        let outcome = self.outcome(row, &text(at.result), &code)?;
        if !self.seen.insert(line.no) {
            return Err(Refusal::new(
                format!("回盘里第 {} 笔出现了两次（第 {} 行）。", line.no, row.number),
                "请向银行要一份每笔只有一个结果的回盘文件。",
            ));
        }
        let words = [code, cause].into_iter().filter(|word| !word.is_empty());
        let words = words.collect::<Vec<_>>().join(" ").chars().take(200).collect();
        Ok(Some(Answer { line: line.no, outcome, words }))
    }

    fn line(&self, row: &Row, text: &str) -> Result<&'a BankLine, Refusal> {
        let no: Option<u32> = text.parse().ok();
        let line = no.and_then(|no| self.lines.get(usize::try_from(no).ok()?.checked_sub(1)?));
        line.ok_or_else(|| {
            let text: String = text.chars().take(20).collect();
            Refusal::new(
                format!(
                    "第 {} 行的序号“{text}”不在这一批的 {} 笔里。",
                    row.number,
                    self.lines.len()
                ),
                "请核对是不是别的批次的回盘。",
            )
        })
    }

    /// Every cell that repeats something of ours repeats it exactly.
    fn unchanged(&self, row: &Row, at: &Places, line: &BankLine) -> Result<(), Refusal> {
        let cell = |place: Option<usize>| place.map(|place| row.cell(place));
        let changed = |what: &str| {
            Refusal::new(
                format!(
                    "第 {} 行（第 {} 笔）的{what}与交给银行的文件不一样，整个回盘没有登记。",
                    row.number, line.no
                ),
                "请与银行核对是文件被改动，还是用表格软件打开后变了样；换一份原样的回盘再登记。",
            )
        };
        if let Some(cell) = cell(at.account)
            && cell.as_text().trim() != line.account
        {
            return Err(changed("账号"));
        }
        if let Some(cell) = cell(at.name)
            && cell.as_text().trim() != line.name
        {
            return Err(changed("户名"));
        }
        if let Some(cell) = cell(at.amount)
            && amount(cell, self.layout.amount_write) != Some(line.amount)
        {
            return Err(changed("金额"));
        }
        Ok(())
    }

    fn outcome(&self, row: &Row, word: &str, code: &str) -> Result<Outcome, Refusal> {
        let says = |words: &[String]| words.iter().any(|it| it == word);
        if says(&self.layout.paid) {
            Ok(Outcome::Paid)
        } else if says(&self.layout.returned) {
            let cause = self.layout.codes.get(code).copied().unwrap_or(ReturnCause::Other);
            Ok(Outcome::Returned(cause))
        } else if says(&self.layout.unknown) {
            Ok(Outcome::Unknown)
        } else {
            let word: String = word.chars().take(20).collect();
            let said =
                if word.is_empty() { "是空的".to_owned() } else { format!("是“{word}”") };
            Err(Refusal::new(
                format!(
                    "第 {} 行的处理结果{said}，不知道是成功还是退汇，整个回盘没有登记。",
                    row.number
                ),
                "请向银行问明；是这家银行的固定写法的，请系统管理员在代发版式里补上。",
            ))
        }
    }
}

/// A sum as the bank writes it; a spreadsheet may have made a number of it.
fn amount(cell: &Cell, unit: Unit) -> Option<Fen> {
    let text = cell.as_text();
    match unit {
        Unit::Yuan => Fen::parse_yuan(text.trim()).ok(),
        Unit::Fen => text.trim().parse().ok().map(Fen::new),
    }
}

/// Where the columns of a return stand.
struct Places {
    batch: Option<usize>,
    line: usize,
    name: Option<usize>,
    account: Option<usize>,
    amount: Option<usize>,
    result: usize,
    code: Option<usize>,
    cause: Option<usize>,
}

impl Places {
    fn of(layout: &ReturnLayout, row: &Row) -> Option<Self> {
        let place = |headers: &[String]| {
            (0..row.cells.len()).find(|at| {
                let text = row.cell(*at).as_text();
                headers.iter().any(|header| header == text.trim())
            })
        };
        Some(Self {
            batch: place(&layout.batch),
            line: place(&layout.line)?,
            name: place(&layout.name),
            account: place(&layout.account),
            amount: place(&layout.amount),
            result: place(&layout.result)?,
            code: place(&layout.code),
            cause: place(&layout.cause),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use proptest::prelude::*;

    use super::super::load;
    use super::*;

    const NUMBER: &str = "990121-old_age_allowance-202606-1";
    const HASH: &str = "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b";
    const HEADER: [&str; 7] =
        ["批次号", "序号", "户名", "收款账号", "金额（元）", "处理结果", "结果代码"];

    fn layout() -> ReturnLayout {
        let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../bank");
        let all = load(&dir).expect("sound");
        all.into_iter().find(|it| it.id == "rural_commercial_bank").expect("ships").returns
    }

    fn lines() -> Vec<BankLine> {
        ["周桂兰", "王德福", "李秀英"]
            .iter()
            .zip(1..)
            .map(|(name, no)| BankLine {
                no,
                name: (*name).to_owned(),
                number: String::new(),
                account: format!("621799012100000{no}"),
                amount: Fen::from_yuan(40),
            })
            .collect()
    }

    fn row(number: u32, cells: &[&str]) -> Row {
        let cells = cells.iter().map(|text| Cell::Text((*text).to_owned())).collect();
        Row { number, cells }
    }

    fn said(no: u32, result: &str, code: &str) -> Vec<String> {
        let line = lines()[no as usize - 1].clone();
        [NUMBER, &no.to_string(), &line.name, &line.account, "40.00", result, code]
            .map(ToOwned::to_owned)
            .into()
    }

    fn read(rows: &[Vec<String>]) -> Result<Vec<Answer>, Refusal> {
        let rows = std::iter::once(HEADER.map(ToOwned::to_owned).to_vec())
            .chain(rows.iter().cloned())
            .zip(1..)
            .map(|(cells, no)| row(no, &cells.iter().map(String::as_str).collect::<Vec<_>>()));
        answers(&layout(), (NUMBER, HASH), &lines(), rows)
    }

    #[test]
    fn each_line_is_paid_returned_with_a_cause_or_unknown_and_the_total_is_passed_over() {
        let total = ["合计", "3", "", "", "120.00", "", ""].map(ToOwned::to_owned).to_vec();
        let rows = [said(1, "成功", ""), said(2, "失败", "E101"), said(3, "处理中", ""), total];
        let read = read(&rows).expect("a good return");
        let outcomes: Vec<Outcome> = read.iter().map(|it| it.outcome).collect();
        let expected = [Outcome::Paid, Outcome::Returned(ReturnCause::Closed), Outcome::Unknown];
        assert_eq!(outcomes, expected);
        assert_eq!(read[1].words, "E101");
    }

    #[test]
    fn a_code_that_nobody_knows_is_another_cause_but_a_result_that_nobody_knows_is_refused() {
        let read_one = |result: &str, code: &str| read(&[said(1, result, code)]);
        let answer = read_one("退汇", "E777").expect("returned");
        assert_eq!(answer[0].outcome, Outcome::Returned(ReturnCause::Other));
        for word in ["失敗", "", "未知状态"] {
            let refusal = read_one(word, "").expect_err(word);
            assert!(refusal.sentence.contains("第 2 行的处理结果"), "{}", refusal.sentence);
        }
    }

    #[test]
    fn one_changed_cell_refuses_the_whole_file_with_its_line() {
        for (place, text, says) in [
            (0, "990121-old_age_allowance-202605-1", "不是这一批"),
            (1, "9", "不在这一批"),
            (1, "0", "不在这一批"),
            (1, "-1", "不在这一批"),
            (2, "王德富", "户名"),
            (3, "6217990121000009", "账号"),
            (3, "6.2179901210000E+15", "账号"),
            (4, "400.00", "金额"),
            (4, "", "金额"),
        ] {
            let mut changed = said(2, "成功", "");
            changed[place] = text.to_owned();
            let refusal = read(&[said(1, "成功", ""), changed]).expect_err(says);
            assert!(refusal.sentence.contains("第 3 行"), "{}", refusal.sentence);
            assert!(refusal.sentence.contains(says), "{}", refusal.sentence);
        }
    }

    #[test]
    fn a_line_that_stands_twice_and_a_file_with_nothing_are_refused() {
        let twice = [said(1, "成功", ""), said(1, "失败", "E101")];
        assert!(read(&twice).expect_err("twice").sentence.contains("出现了两次"));
        assert!(read(&[]).expect_err("nothing").sentence.contains("没有一笔结果"));
        let foreign = answers(&layout(), (NUMBER, HASH), &lines(), [row(1, &["a"])].into_iter());
        assert!(foreign.expect_err("foreign").sentence.contains("没有找到“序号”"));
    }

    #[test]
    fn a_return_without_accounts_counts_only_when_it_quotes_the_check_value_of_our_file() {
        let short = [row(2, &["序号", "处理结果"]), row(3, &["1", "成功"])];
        let read = |above: &str| {
            let rows = [row(1, &[above])].into_iter().chain(short.clone());
            answers(&layout(), (NUMBER, HASH), &lines(), rows)
        };
        let quoted = format!("原文件SM3：{}", HASH.to_uppercase());
        assert_eq!(read(&quoted).expect("quoted").len(), 1);
        assert!(read("农商银行").expect_err("bare").sentence.contains("校验值"));
        let other = format!("原文件SM3：{}", HASH.replace('1', "2"));
        assert!(read(&other).expect_err("another file's").sentence.contains("不是这一批"));
    }

    proptest! {
        #[test]
        fn whatever_a_bank_sends_either_reads_line_by_line_or_is_refused_with_a_remedy(
            cells in prop::collection::vec(prop::collection::vec(".{0,12}", 0..9), 0..6),
        ) {
            match read(&cells) {
                Ok(answers) => prop_assert!(answers.iter().all(|it| (1..=3).contains(&it.line))),
                Err(refusal) => prop_assert!(!refusal.remedy.is_empty()),
            }
        }
    }
}
