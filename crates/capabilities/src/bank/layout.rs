//! 代发版式: how a bank wants its file and how it answers, as data in `bank/<id>.toml`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use kernel::{Confidence, Refusal};
use serde::Deserialize;

use super::ReturnCause;

/// 代发版式: the file by which one bank credits accounts, and its answer. Unknown keys are errors.
#[doc(alias = "代发版式")]
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BankLayout {
    /// Stored word, the name of its file.
    pub id: String,
    /// What the file is called.
    pub name: String,
    /// Who takes it.
    pub receiver: String,
    /// How sure we are that the bank wants exactly this.
    pub confidence: Confidence,
    /// What the reader should know of it.
    #[serde(default)]
    pub notes: Vec<String>,
    /// How the file is written.
    pub format: BankFormat,
    /// Characters of a text file.
    #[serde(default)]
    pub encoding: BankEncoding,
    /// From the left.
    pub columns: Vec<BankColumn>,
    /// 合计行: cells of the last line, where `{count}` and `{total}` stand for the figures.
    #[serde(default)]
    pub trailer: Vec<String>,
    /// 回盘
    pub returns: ReturnLayout,
}

/// How the file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BankFormat {
    /// Text with commas, every cell in quotes.
    Csv,
    /// A workbook.
    Xlsx,
}

/// Characters of a text file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BankEncoding {
    /// UTF-8
    #[default]
    Utf8,
    /// GB 18030
    Gb18030,
}

/// A column of the file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BankColumn {
    /// Its heading.
    pub header: String,
    /// Where its value comes from.
    pub from: BankOrigin,
    /// How a sum is written.
    #[serde(default)]
    pub write: Unit,
    /// Most characters. What is longer is refused, never cut.
    pub width: Option<usize>,
}

/// Where a value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum BankOrigin {
    /// 批次号
    #[serde(rename = "run.number")]
    RunNumber,
    /// 发放年月, `202606`
    #[serde(rename = "run.month")]
    RunMonth,
    /// 补贴项目
    #[serde(rename = "run.item")]
    RunItem,
    /// 摘要: item and month in words.
    #[serde(rename = "run.purpose")]
    RunPurpose,
    /// 序号, from 1.
    #[serde(rename = "line.no")]
    LineNo,
    /// 户名
    #[serde(rename = "line.name")]
    Name,
    /// 证件号码
    #[serde(rename = "line.number")]
    Number,
    /// 收款账号
    #[serde(rename = "line.account")]
    Account,
    /// 金额
    #[serde(rename = "line.amount")]
    Amount,
}

/// 金额单位
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// `40.00`
    #[default]
    Yuan,
    /// `4000`
    Fen,
}

/// 回盘版式: possible headings of each column, and what the bank's words mean.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReturnLayout {
    /// 批次号, where the answer carries it.
    #[serde(default)]
    pub batch: Vec<String>,
    /// 序号
    pub line: Vec<String>,
    /// 户名
    #[serde(default)]
    pub name: Vec<String>,
    /// 账号
    #[serde(default)]
    pub account: Vec<String>,
    /// 金额
    #[serde(default)]
    pub amount: Vec<String>,
    /// How the bank writes sums.
    #[serde(default)]
    pub amount_write: Unit,
    /// 处理结果
    pub result: Vec<String>,
    /// 结果代码
    #[serde(default)]
    pub code: Vec<String>,
    /// 结果说明
    #[serde(default)]
    pub cause: Vec<String>,
    /// Words of `result` that mean credited.
    pub paid: Vec<String>,
    /// Words that mean that the money came back.
    pub returned: Vec<String>,
    /// Words that mean that the bank does not know yet.
    #[serde(default)]
    pub unknown: Vec<String>,
    /// Rows whose first cell begins with one of these are no lines.
    #[serde(default)]
    pub skip_rows: Vec<String>,
    /// The bank's code → cause. A code that is not listed is 其他.
    #[serde(default)]
    pub codes: BTreeMap<String, ReturnCause>,
}

impl BankLayout {
    /// The file's ending and media type.
    pub fn file_kind(&self) -> (&'static str, &'static str) {
        match self.format {
            BankFormat::Csv => ("csv", "text/csv"),
            BankFormat::Xlsx => {
                ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
            }
        }
    }

    /// 格式 in words.
    pub fn format_chinese(&self) -> &'static str {
        match (self.format, self.encoding) {
            (BankFormat::Csv, BankEncoding::Utf8) => "csv 文本，UTF-8 编码",
            (BankFormat::Csv, BankEncoding::Gb18030) => "csv 文本，GB18030 编码",
            (BankFormat::Xlsx, _) => "xlsx 工作簿",
        }
    }

    fn parse(name: &str, text: &str) -> Result<Self, Refusal> {
        let broken = |what: String| {
            Refusal::new(
                format!("代发版式 bank/{name}.toml 有问题：{what}。"),
                "请按随程序附带的版式改正后重新启动。",
            )
        };
        let layout: Self = toml::from_str(text).map_err(|e| broken(e.message().to_owned()))?;
        if layout.id != name {
            return Err(broken(format!("id 写的是 {}，应与文件名相同", layout.id)));
        }
        layout.check().map_err(broken)?;
        Ok(layout)
    }

    fn check(&self) -> Result<(), String> {
        for (origin, word) in [
            (BankOrigin::LineNo, "line.no"),
            (BankOrigin::Account, "line.account"),
            (BankOrigin::Name, "line.name"),
            (BankOrigin::Amount, "line.amount"),
        ] {
            if self.columns.iter().filter(|column| column.from == origin).count() != 1 {
                return Err(format!("{word} 要有一列，且只有一列"));
            }
        }
        if !self.trailer.is_empty() && self.trailer.len() != self.columns.len() {
            return Err("合计行的格数与列数不同".to_owned());
        }
        let returns = &self.returns;
        let mut words: Vec<&String> =
            [&returns.paid, &returns.returned, &returns.unknown].into_iter().flatten().collect();
        words.sort_unstable();
        if let Some((word, _)) = words.iter().zip(words.iter().skip(1)).find(|(a, b)| a == b) {
            return Err(format!("处理结果“{word}”有两种意思"));
        }
        if returns.paid.is_empty() || returns.returned.is_empty() {
            return Err("没有写明哪些处理结果是成功、哪些是退汇".to_owned());
        }
        Ok(())
    }
}

/// The layouts in a folder, in the order of their names; none where there is no folder.
///
/// # Errors
/// A file that cannot be read, or a layout that does not hold together.
pub fn load(dir: &Path) -> Result<Vec<BankLayout>, Refusal> {
    let mut layouts = Vec::new();
    let Ok(entries) = fs::read_dir(dir) else { return Ok(layouts) };
    let mut files: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    files.sort();
    for path in files.iter().filter(|path| path.extension().is_some_and(|it| it == "toml")) {
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let text = fs::read_to_string(path).map_err(|_| {
            Refusal::new(format!("代发版式 {name}.toml 读不出来。"), "请检查文件权限和编码。")
        })?;
        layouts.push(BankLayout::parse(&name, &text)?);
    }
    Ok(layouts)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RURAL: &str = include_str!("../../../../bank/rural_commercial_bank.toml");

    #[test]
    fn the_layouts_that_ship_are_sound_and_no_folder_has_none() {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        assert_eq!(load(&here.join("../../bank")).expect("sound").len(), 2);
        assert!(load(&here.join("nothing")).expect("nothing").is_empty());
    }

    #[test]
    fn a_layout_with_a_slip_of_the_pen_is_refused_and_says_where() {
        for (from, to, says) in [
            ("line.account", "line.acount", "line.acount"),
            ("from = \"line.name\"", "from = \"line.no\"", "line.no 要有一列"),
            ("\"合计\", \"{count}\", ", "\"合计\", ", "格数"),
            ("unknown = [\"处理中\"", "unknown = [\"成功\"", "两种意思"),
            ("paid = [\"成功\"]", "paid = []", "没有写明"),
            ("E101 = \"closed\"", "E101 = \"clsed\"", "clsed"),
            ("id = \"rural", "id = \"urban", "应与文件名相同"),
        ] {
            let bad = RURAL.replacen(from, to, 1);
            assert_ne!(bad, RURAL, "{from}");
            let refusal = BankLayout::parse("rural_commercial_bank", &bad).expect_err(says);
            assert!(refusal.sentence.contains(says), "{}", refusal.sentence);
        }
    }
}
