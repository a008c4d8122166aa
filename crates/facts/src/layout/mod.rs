//! 交换目录: what each department sends, as data. A new sender is a TOML file and nothing else.

mod facts;
mod profile;
mod recognise;

use std::collections::BTreeMap;
use std::path::Path;

use kernel::Refusal;
use serde::{Deserialize, Serialize};

pub(crate) use facts::word_value;
pub use facts::{Constant, FactRule};
pub use profile::{ColumnProfile, Profile, Profiler};
pub use recognise::{Guess, Mapping, recognise};

/// 来文格式: one supplier's file, as `exchange/<id>.toml` describes it. Unknown keys are errors.
#[doc(alias = "来文格式")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Layout {
    /// Stored word of the supplier.
    pub id: String,
    /// What the bureau calls the file.
    pub name: String,
    /// 来源部门: who sends it.
    pub department: String,
    /// Whether a person who is missing from it has gone, or is merely not told about.
    pub coverage: Coverage,
    /// Days after which a newer file is due; an older one is stale.
    pub fresh_days: u32,
    /// How far it is to be trusted where sources differ: the lowest counts. 0 is a person's word.
    pub rank: i16,
    /// Whether a person who is not known yet becomes known by it.
    pub creates_people: bool,
    /// What two rows with one number and different content mean.
    pub same_number_twice: SameNumberTwice,
    /// When a file is held for a person to look at.
    pub acceptance: Acceptance,
    /// Rows whose first cell begins with one of these words are not about a person.
    #[serde(default)]
    pub skip_rows: Vec<String>,
    /// What its columns say.
    pub columns: Vec<Column>,
    /// What it asserts.
    #[serde(default)]
    pub facts: Vec<FactRule>,
}

/// 全量或增量.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Coverage {
    /// 全量: everybody it knows is in it.
    Full,
    /// 增量: only what is new since the last one.
    Increment,
}

/// What two rows with one number and different content mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SameNumberTwice {
    /// Nobody can say which is right: both wait for a person.
    BothToDesk,
    /// The number is the register's own key: the first stands, the others wait for a person.
    LaterToDesk,
    /// Several events of one person are usual: each row stands.
    EachStands,
}

/// 接收规则: when a file is held instead of applied, and who accepts it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Acceptance {
    /// 两人接收: one person accepts the file, another one applies it.
    #[serde(default)]
    pub two_people: bool,
    /// Held when so many percent of the last file's rows are gone.
    pub shrink_percent: u32,
    /// Held when so many percent of the rows that are in both files say something else.
    #[serde(default)]
    pub change_percent: Option<u32>,
    /// Held when the file brings more new deaths than this.
    #[serde(default)]
    pub death_rows: Option<u32>,
    /// Held for two people when the file would end more running awards than this.
    #[serde(default)]
    pub ended_awards: Option<u32>,
}

/// 栏目: one column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// Our word for it. These identify a person: `name`, `resident_number`, `sex`, `birth_date`,
    /// `age`, `town`, `village`, `place` (town and village in one cell).
    pub field: String,
    /// How senders spell its header; under a header of two lines also as `上/下`.
    pub headers: Vec<String>,
    /// How its cells are read.
    pub parse: Parse,
    /// A file without the column is refused, and a row without the cell is returned.
    #[serde(default)]
    pub required: bool,
    /// Fewer readable cells than this in a hundred say that the column is another one.
    #[serde(default = "ninety_eight")]
    pub valid_percent: u32,
    /// The words that it may hold and what they mean, for `word`.
    #[serde(default)]
    pub words: BTreeMap<String, String>,
}

const fn ninety_eight() -> u32 {
    98
}

/// How a cell is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Parse {
    /// 姓名
    Name,
    /// 身份证号
    ResidentNumber,
    /// 日期
    Day,
    /// 月份
    Month,
    /// 金额（元）
    Yuan,
    /// A whole number.
    Count,
    /// One of the column's words.
    Word,
    /// Name of a town, a village or both.
    Area,
    /// Anything.
    Text,
}

impl Layout {
    /// Reads a layout; an error names the place in the file.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let layout: Self = toml::from_str(text).map_err(|error| {
            Refusal::new(format!("来文格式读不出来：{error}"), "请按提示的行号更正 TOML 文件。")
        })?;
        layout.check().map_err(|what| {
            Refusal::new(format!("来文格式“{}”不成立：{what}。", layout.id), "请更正 TOML 文件。")
        })?;
        Ok(layout)
    }

    fn check(&self) -> Result<(), String> {
        let mut seen = Vec::new();
        for column in &self.columns {
            if seen.contains(&&column.field) {
                return Err(format!("栏目 {} 写了两次", column.field));
            }
            seen.push(&column.field);
            if column.headers.is_empty() {
                return Err(format!("栏目 {} 没有表头写法", column.field));
            }
            if (column.parse == Parse::Word) == column.words.is_empty() {
                return Err(format!("栏目 {} 的取值写法不对", column.field));
            }
        }
        self.facts.iter().try_for_each(|rule| facts::check(self, rule))
    }

    /// Whether other content in the column makes a row say something else. Free text such as
    /// the name of a handler does not, unless a fact rests on it.
    pub(crate) fn weighs(&self, column: &Column) -> bool {
        column.parse != Parse::Text
            || self.facts.iter().any(|fact| fact.from.as_deref() == Some(column.field.as_str()))
    }

    /// The column of a field.
    pub fn column(&self, field: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.field == field)
    }
}

/// 交换目录: every layout of a folder, in the order of their ids.
pub fn load(folder: &Path) -> Result<Vec<Layout>, Refusal> {
    let unreadable = |error: std::io::Error| {
        let name = folder.display();
        Refusal::new(format!("来文格式目录 {name} 读不出来：{error}。"), "请检查目录和权限。")
    };
    let mut layouts = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.extension().is_some_and(|ends| ends == "toml") {
            layouts.push(Layout::parse(&std::fs::read_to_string(&path).map_err(unreadable)?)?);
        }
    }
    layouts.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(layouts)
}

/// The field that stands for town and village together.
pub const HUKOU: &str = "hukou";

#[cfg(test)]
mod tests;
