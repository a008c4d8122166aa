//! 回执: what the receiver says of each row, read from its file or its answer. Pure.

use std::collections::HashSet;

use facts::sheet::Row;
use kernel::Refusal;
use serde::Deserialize;

use crate::layout::{ReceiptLayout, ReceiptLists};

/// What the receiver said of one row.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct RowAnswer {
    /// Number of the row in the file that was sent.
    pub row: u32,
    /// Taken, or refused.
    pub accepted: bool,
    /// Their code of the cause.
    #[serde(default)]
    pub code: String,
    /// Their words for it.
    #[serde(default)]
    pub cause: String,
}

/// The answers in the rows of a receipt file for this run. Its headings stand in one of the
/// first rows; what stands above them is passed over.
pub fn answers_in(
    layout: &ReceiptLayout,
    number: &str,
    rows: impl Iterator<Item = Row>,
) -> Result<Vec<RowAnswer>, Refusal> {
    let mut places: Option<Places> = None;
    let mut answers = Vec::new();
    for row in rows {
        let Some(at) = &places else {
            places = Places::of(layout, &row);
            continue;
        };
        let text = |place: usize| row.cell(place).as_text().trim().to_owned();
        if text(at.row).is_empty() {
            continue;
        }
        if let Some(batch) = at.batch.map(text)
            && batch != number
        {
            return Err(Refusal::new(
                format!("第 {} 行的批次号是“{batch}”，不是这一次的 {number}。", row.number),
                "请核对是不是别的批次的回执。",
            ));
        }
        let row_no = text(at.row).trim_end_matches(".0").parse().map_err(|_| {
            Refusal::new(
                format!("第 {} 行的序号“{}”不是数。", row.number, text(at.row)),
                "请向接收单位要原样的回执文件。",
            )
        })?;
        let accepted = layout.accepted.contains(&text(at.result));
        answers.push(RowAnswer {
            row: row_no,
            accepted,
            code: at.code.map(text).unwrap_or_default(),
            cause: at.cause.map(text).unwrap_or_default(),
        });
    }
    if places.is_none() {
        return Err(Refusal::new(
            format!("没有找到“{}”和“{}”两列。", layout.row[0], layout.result[0]),
            "请核对是不是这个接收单位的回执。",
        ));
    }
    Ok(answers)
}

/// The answer to every row of the run, in the file's order: each row at most once, and only rows
/// that it has. Rows that are not listed were taken where the layout says that only refused ones
/// are.
///
/// # Errors
/// A receipt that does not fit the run, or leaves open what became of a row.
pub fn whole(
    lists: ReceiptLists,
    mut answers: Vec<RowAnswer>,
    rows: u32,
) -> Result<Vec<RowAnswer>, Refusal> {
    let mut seen = HashSet::new();
    for answer in &answers {
        if answer.row == 0 || answer.row > rows {
            return Err(Refusal::new(
                format!("回执里有第 {} 号，这一次只送了 {rows} 行。", answer.row),
                "请核对是不是别的批次的回执。",
            ));
        }
        if !seen.insert(answer.row) {
            return Err(Refusal::new(
                format!("回执里第 {} 号出现了两次。", answer.row),
                "请向接收单位核对后要一份完整的回执。",
            ));
        }
    }
    let listed = answers.len();
    let open = rows as usize - listed;
    if open > 0 && lists == ReceiptLists::All {
        let only_refused = listed > 0 && answers.iter().all(|answer| !answer.accepted);
        return Err(if only_refused {
            Refusal::new(
                format!("回执只列了退回的 {listed} 行，没有说其余 {open} 行是否接收。"),
                "请向接收单位要逐行的回执；它一向只列退回的，请系统管理员在上报版式里写明。",
            )
        } else {
            Refusal::new(
                format!("送出 {rows} 行，回执只有 {listed} 行。"),
                "请向接收单位要完整的回执，不完整的没有登记。",
            )
        });
    }
    answers.extend((1..=rows).filter(|row| !seen.contains(row)).map(RowAnswer::taken));
    answers.sort_unstable_by_key(|answer| answer.row);
    Ok(answers)
}

impl RowAnswer {
    fn taken(row: u32) -> Self {
        Self { row, accepted: true, code: String::new(), cause: String::new() }
    }
}

/// Where the columns of a receipt stand.
struct Places {
    row: usize,
    batch: Option<usize>,
    result: usize,
    code: Option<usize>,
    cause: Option<usize>,
}

impl Places {
    fn of(layout: &ReceiptLayout, row: &Row) -> Option<Self> {
        let place = |headers: &[String]| {
            (0..row.cells.len()).find(|at| {
                let text = row.cell(*at).as_text();
                headers.iter().any(|header| header == text.trim())
            })
        };
        Some(Self {
            row: place(&layout.row)?,
            batch: place(&layout.batch),
            result: place(&layout.result)?,
            code: place(&layout.code),
            cause: place(&layout.cause),
        })
    }
}

#[cfg(test)]
mod tests {
    use facts::sheet::Cell;

    use super::*;

    fn layout() -> ReceiptLayout {
        let text = "row = ['序号']\nbatch = ['批次号']\nresult = ['处理结果']\n\
                    accepted = ['接收']\ncode = ['错误代码']\ncause = ['错误说明']";
        toml::from_str(text).expect("a layout")
    }

    fn row(number: u32, cells: &[&str]) -> Row {
        let cells = cells.iter().map(|text| Cell::Text((*text).to_owned())).collect();
        Row { number, cells }
    }

    fn file(batch: &str) -> Vec<Row> {
        vec![
            row(1, &["上报处理结果"]),
            row(2, &["序号", "批次号", "处理结果", "错误代码", "错误说明"]),
            row(3, &["1", batch, "接收"]),
            row(4, &["2", batch, "退回", "E03", "区划代码不存在"]),
        ]
    }

    fn refused(row: u32) -> RowAnswer {
        let (code, cause) = ("E03".to_owned(), "区划代码不存在".to_owned());
        RowAnswer { row, accepted: false, code, cause }
    }

    #[test]
    fn a_receipt_is_read_below_its_title_and_one_of_another_run_is_refused() {
        let read = answers_in(&layout(), "N-1", file("N-1").into_iter()).expect("a receipt");
        assert_eq!(read, [RowAnswer::taken(1), refused(2)]);
        let foreign = answers_in(&layout(), "N-2", file("N-1").into_iter()).expect_err("another");
        assert!(foreign.sentence.contains("不是这一次的 N-2"), "{foreign}");
        let headless = file("N-1").into_iter().take(1);
        let nothing = answers_in(&layout(), "N-1", headless).expect_err("no head");
        assert!(nothing.sentence.contains("没有找到"), "{nothing}");
    }

    #[test]
    fn a_receipt_that_leaves_a_row_open_is_refused_with_a_sentence() {
        let taken = RowAnswer::taken;
        for (answers, rows, says) in [
            (vec![taken(1)], 2, "送出 2 行，回执只有 1 行"),
            (vec![taken(1), taken(1)], 2, "出现了两次"),
            (vec![taken(1), refused(2)], 1, "只送了 1 行"),
            (vec![refused(2)], 3, "只列了退回的 1 行，没有说其余 2 行"),
        ] {
            let refusal = whole(ReceiptLists::All, answers, rows).expect_err(says);
            assert!(refusal.sentence.contains(says), "{refusal}");
        }
    }

    #[test]
    fn where_only_refused_rows_are_listed_the_others_were_taken() {
        let lists = ReceiptLists::RefusedOnly;
        let all = whole(lists, vec![refused(2)], 3).expect("whole");
        assert_eq!(all, [RowAnswer::taken(1), refused(2), RowAnswer::taken(3)]);
        assert!(whole(lists, vec![refused(4)], 3).is_err(), "of another run all the same");
        let none = whole(lists, Vec::new(), 2).expect("whole");
        assert!(none.iter().all(|answer| answer.accepted));
    }
}
