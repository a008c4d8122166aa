//! 上报版式: what a receiver wants, as data in `export/<id>.toml`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use kernel::{Confidence, FactType, Life, Refusal, Sensitivity};
use policy::register::kind_of;
use serde::Deserialize;

/// 上报版式: one outgoing file as its receiver wants it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutLayout {
    /// Stored word, the name of its file.
    pub id: String,
    /// What is reported, in the receiver's words.
    pub name: String,
    /// 接收单位
    pub receiver: String,
    /// How sure we are that the receiver wants exactly this.
    pub confidence: Confidence,
    /// What the reader should know of it.
    #[serde(default)]
    pub notes: Vec<String>,
    /// What a row is about.
    pub subjects: Subjects,
    /// Items whose awards go out; for awards.
    #[serde(default)]
    pub items: Vec<String>,
    /// Services that go out, with the fact that records each; for services.
    #[serde(default)]
    pub services: Vec<ServiceRecord>,
    /// How the file is written.
    pub format: OutFormat,
    /// Characters of a text file.
    #[serde(default)]
    pub encoding: OutEncoding,
    /// How often it is due, in days; for the reader.
    pub every_days: u16,
    /// Id of the platform that takes it over HTTP, if one does.
    pub exchange: Option<String>,
    /// Who is in at all.
    pub population: PopulationRule,
    /// From the left.
    pub columns: Vec<OutColumn>,
    /// 不报送的内容, with the reason.
    #[serde(default)]
    pub left_out: Vec<LeftOut>,
    /// How the receiver's answer looks.
    pub receipt: ReceiptLayout,
}

/// What a row is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subjects {
    /// One row for each person.
    Persons,
    /// One row for each award that is paid in the month.
    Awards,
    /// One row for each service that was given in the month.
    Services,
}

/// How the file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutFormat {
    /// Text with commas, every cell in quotes.
    Csv,
    /// A workbook.
    Xlsx,
    /// One JSON object on each line.
    JsonLines,
}

/// Characters of a text file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutEncoding {
    /// UTF-8
    #[default]
    Utf8,
    /// GB 18030
    Gb18030,
}

/// A service and the fact whose day says when it was given.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceRecord {
    /// Id of the item.
    pub item: String,
    /// Kind of fact, a day.
    pub record: String,
}

/// Who is in at all: states of the register and of life, as stored words.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PopulationRule {
    /// 户口状态
    pub register_state: Vec<String>,
    /// 生存状态
    pub life: Vec<String>,
}

/// Something that does not go out.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeftOut {
    /// What.
    pub what: String,
    /// Why not.
    pub why: String,
}

/// A column of the file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutColumn {
    /// Its heading in the file.
    pub header: String,
    /// What people call it, where the heading is no word.
    pub label: Option<String>,
    /// Where its value comes from; see [`Origin`].
    from: Option<String>,
    /// A value that is always the same.
    constant: Option<String>,
    /// Our word → their code.
    #[serde(default)]
    pub codes: BTreeMap<String, String>,
    /// A row without it cannot go out.
    #[serde(default)]
    pub required: bool,
    /// Part of what identifies the row at the receiver's.
    #[serde(default)]
    pub key: bool,
    /// Most characters.
    pub width: Option<usize>,
    /// How a day, a month, a sum or a word is written.
    #[serde(default)]
    pub write: Write,
}

/// How a value is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Write {
    /// Days and months as ISO 8601, sums in yuan, words as they are stored.
    #[default]
    Iso,
    /// `20260602`, `202606`.
    Compact,
    /// The month of a day, `202606`.
    CompactMonth,
    /// `40.00`
    Yuan,
    /// `4000`
    Fen,
    /// The bureau's word for a stored one.
    Chinese,
}

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// `person.number`
    Number,
    /// `person.area_code`
    AreaCode,
    /// `person.area_name`
    AreaName,
    /// `run.row`: the row's number in the file, by which the receiver answers.
    Row,
    /// `run.number`
    RunNumber,
    /// `run.month`
    RunMonth,
    /// `run.change`: added, changed or ended.
    Change,
    /// `award.item` or `service.item`
    Item,
    /// `award.amount`
    Amount,
    /// `award.since` or `service.on`
    On,
    /// `fact.<kind>`
    Fact(&'static str),
    /// Always the same.
    Constant(String),
}

/// How the receiver's answer looks: possible headings of each column.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReceiptLayout {
    /// Number of the row.
    pub row: Vec<String>,
    /// Number of the run, where the answer carries it.
    #[serde(default)]
    pub batch: Vec<String>,
    /// Taken or not.
    pub result: Vec<String>,
    /// Words of `result` that mean taken.
    pub accepted: Vec<String>,
    /// Their code of the cause.
    pub code: Vec<String>,
    /// Their words for it.
    pub cause: Vec<String>,
    /// Which rows it lists.
    #[serde(default)]
    pub lists: ReceiptLists,
}

/// Which rows a receipt lists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReceiptLists {
    /// 逐行: every row that was sent.
    #[default]
    All,
    /// 只列退回的: what it does not list was taken.
    RefusedOnly,
}

impl Subjects {
    /// The bureau's word.
    pub const fn chinese(self) -> &'static str {
        match self {
            Self::Persons => "服务对象，一人一行",
            Self::Awards => "在发补贴，一人一项一行",
            Self::Services => "服务记录，一次一行",
        }
    }
}

impl OutLayout {
    /// The file's ending and media type.
    pub fn file_kind(&self) -> (&'static str, &'static str) {
        match self.format {
            OutFormat::Csv => ("csv", "text/csv"),
            OutFormat::Xlsx => {
                ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
            }
            OutFormat::JsonLines => ("jsonl", "application/x-ndjson"),
        }
    }

    /// 格式 in words.
    pub fn format_chinese(&self) -> &'static str {
        match (self.format, self.encoding) {
            (OutFormat::Csv, OutEncoding::Utf8) => "csv 文本，UTF-8 编码",
            (OutFormat::Csv, OutEncoding::Gb18030) => "csv 文本，GB18030 编码",
            (OutFormat::Xlsx, _) => "xlsx 工作簿",
            (OutFormat::JsonLines, _) => "JSON 文本，一行一条，UTF-8 编码",
        }
    }

    fn parse(name: &str, text: &str) -> Result<Self, Refusal> {
        let broken = |what: String| {
            Refusal::new(
                format!("上报版式 export/{name}.toml 有问题：{what}。"),
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
        if !self.columns.iter().any(|column| column.key) {
            return Err("没有一列是 key，无法认出同一行".to_owned());
        }
        for column in &self.columns {
            let origin = column.origin_checked()?;
            self.fits(&origin).map_err(|why| format!("“{}”列：{why}", column.header))?;
            column.codes_fit(&origin)?;
        }
        let is = |kind: &str, day: bool| {
            kind_of(kind).is_some_and(|k| matches!(k.value_type, FactType::Day) == day)
        };
        for item in &self.items {
            if kind_of(&format!("award.{item}")).is_none() {
                return Err(format!("没有登记 {item} 的在发事实"));
            }
        }
        if let Some(service) = self.services.iter().find(|s| !is(&s.record, true)) {
            return Err(format!("{} 不是日期类事实", service.record));
        }
        if let Some(word) = self.population.life.iter().find(|w| Life::from_code(w).is_none()) {
            return Err(format!("没有生存状态 {word}"));
        }
        Ok(())
    }

    fn fits(&self, origin: &Origin) -> Result<(), String> {
        let fits = match origin {
            Origin::Item | Origin::On => self.subjects != Subjects::Persons,
            Origin::Amount => self.subjects == Subjects::Awards,
            _ => true,
        };
        if fits { Ok(()) } else { Err("这类名册没有这个来源".to_owned()) }
    }
}

impl OutColumn {
    /// What people call the column.
    pub fn name(&self) -> &str {
        self.label.as_deref().unwrap_or(&self.header)
    }

    /// Where the value comes from.
    ///
    /// # Panics
    /// Never: a layout with an unknown origin is not loaded.
    pub fn origin(&self) -> Origin {
        self.origin_checked().expect("checked when the layout was loaded")
    }

    fn origin_checked(&self) -> Result<Origin, String> {
        let header = &self.header;
        match (&self.from, &self.constant) {
            (None, Some(text)) => Ok(Origin::Constant(text.clone())),
            (Some(from), None) => {
                Origin::parse(from).ok_or_else(|| format!("“{header}”列：不认识的来源 {from}"))
            }
            _ => Err(format!("“{header}”列：from 和 constant 要写一个，且只写一个")),
        }
    }

    /// A code for a word that the fact never has is a slip of the pen.
    fn codes_fit(&self, origin: &Origin) -> Result<(), String> {
        let Origin::Fact(kind) = origin else { return Ok(()) };
        let Some(FactType::Word(words)) = kind_of(kind).map(|kind| kind.value_type) else {
            return Ok(());
        };
        match self.codes.keys().find(|word| !words.contains(&word.as_str())) {
            Some(word) => Err(format!("“{}”列：{kind} 没有 {word} 这个词", self.header)),
            None => Ok(()),
        }
    }
}

impl Origin {
    fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "person.number" => Self::Number,
            "person.area_code" => Self::AreaCode,
            "person.area_name" => Self::AreaName,
            "run.row" => Self::Row,
            "run.number" => Self::RunNumber,
            "run.month" => Self::RunMonth,
            "run.change" => Self::Change,
            "award.item" | "service.item" => Self::Item,
            "award.amount" => Self::Amount,
            "award.since" | "service.on" => Self::On,
            other => Self::Fact(
                kind_of(other.strip_prefix("fact.")?)
                    .filter(|kind| kind.sensitivity != Sensitivity::Sealed)?
                    .id,
            ),
        })
    }
}

/// The layouts in a folder, in the order of their names; none where there is no folder.
///
/// # Errors
/// A file that cannot be read, or a layout that does not hold together.
pub fn load(dir: &Path) -> Result<Vec<OutLayout>, Refusal> {
    let mut layouts = Vec::new();
    let Ok(entries) = fs::read_dir(dir) else { return Ok(layouts) };
    let mut files: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    files.sort();
    for path in files.iter().filter(|path| path.extension().is_some_and(|it| it == "toml")) {
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let text = fs::read_to_string(path).map_err(|_| {
            Refusal::new(format!("上报版式 {name}.toml 读不出来。"), "请检查文件权限和编码。")
        })?;
        layouts.push(OutLayout::parse(&name, &text)?);
    }
    Ok(layouts)
}

#[cfg(test)]
mod tests {
    use super::*;

    const AWARDS: &str = include_str!("../../../export/provincial_allowance_awards.toml");
    const PERSONS: &str = include_str!("../../../export/national_elder_service_persons.toml");

    #[test]
    fn the_layouts_that_ship_are_sound_and_no_folder_has_none() {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        assert_eq!(load(&here.join("../../export")).expect("sound").len(), 3);
        assert!(load(&here.join("nothing")).expect("nothing").is_empty());
    }

    #[test]
    fn a_layout_with_a_slip_of_the_pen_is_refused_and_says_where() {
        let good = AWARDS;
        for (from, to, says) in [
            ("fact.name", "fact.nmae", "不认识的来源 fact.nmae"),
            ("fact.name", "fact.bank_account", "不认识的来源 fact.bank_account"),
            ("award.amount\"", "award.amount\"\nconstant = \"1\"", "只写一个"),
            ("\"nursing_subsidy\"]", "\"nothing\"]", "没有登记 nothing"),
            ("life = [\"living\"", "life = [\"lively\"", "没有生存状态 lively"),
            ("width = 18", "widht = 18", "widht"),
            ("id = \"provincial_allowance_awards\"", "id = \"x\"", "应与文件名相同"),
        ] {
            let bad = good.replacen(from, to, 1);
            assert_ne!(bad, good, "{from}");
            let refusal = OutLayout::parse("provincial_allowance_awards", &bad).expect_err(says);
            assert!(refusal.sentence.contains(says), "{}", refusal.sentence);
        }
        let wrong_word = PERSONS.replace("male = \"1\"", "man = \"1\"");
        let refusal = OutLayout::parse("national_elder_service_persons", &wrong_word)
            .expect_err("a wrong word");
        assert!(refusal.sentence.contains("没有 man 这个词"), "{}", refusal.sentence);
    }
}
