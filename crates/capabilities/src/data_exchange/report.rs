//! 试导报告: what came of reading a file, as it is kept with the batch (sealed: samples and names
//! are people's data).

use std::collections::BTreeMap;

use facts::layout::{Mapping, Profile};
use facts::matching::{Match, Matched, Tally};
use kernel::{BatchId, PersonId};
use serde::{Deserialize, Serialize};
use webkit::grouped;

use super::deaths::DeathNote;
use super::domain::Hold;

/// See the module.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Report {
    /// How the file is written: 格式, 编码, 工作表 …
    pub file: Vec<(String, String)>,
    /// How its columns are read.
    pub mapping: Mapping,
    /// What its columns hold.
    pub columns: Vec<ColumnNote>,
    /// What came of its rows.
    pub counts: Counts,
    /// Rows by the normalisation that they needed.
    pub normalised: BTreeMap<String, u32>,
    /// Rows that cannot be used.
    pub rejects: Vec<RejectNote>,
    /// Rows that a person has to look at.
    pub desk: Vec<DeskNote>,
    /// 按上次人工比对: rows of them about which a person has decided in an earlier file.
    #[serde(default)]
    pub decided_before: u32,
    /// 认得出人的: rows of them that cannot be used and yet name one known person. Nothing is
    /// concluded from the file's silence about them.
    #[serde(default)]
    pub names_somebody: u32,
    /// Rows about nobody who is known.
    pub strangers: Vec<StrangerNote>,
    /// 死亡信息: whom it reports dead for the first time.
    #[serde(default)]
    pub deaths: Vec<DeathNote>,
    /// Against the file before.
    pub difference: Option<DifferenceNote>,
    /// Why it is held.
    pub holds: Vec<Hold>,
    /// Why it was refused whole.
    pub refused: Option<Hold>,
}

/// Counts of the rows by what came of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Rows about a person.
    pub rows: u32,
    /// 完全一致
    pub exact: u32,
    /// 规范化后一致
    pub normalised: u32,
    /// 新建
    pub created: u32,
    /// 重复行
    pub repeated: u32,
    /// 待人工比对
    pub desk: u32,
    /// 未建档
    pub none: u32,
    /// 无法使用
    pub unusable: u32,
}

/// A column with samples.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ColumnNote {
    /// Its header.
    pub header: String,
    /// Our word for it; empty when it is not used.
    pub field: String,
    /// First values.
    pub samples: Vec<String>,
}

/// A row that goes back to the sender.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RejectNote {
    /// Row of the file.
    pub row: u32,
    /// Whom it names.
    pub who: String,
    /// Column of the bad cell, counted from 0.
    pub place: Option<usize>,
    /// Why.
    pub reason: String,
    /// What the sender should do.
    pub remedy: String,
}

/// A row for the match desk.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DeskNote {
    /// Row of the file.
    pub row: u32,
    /// Whom it names.
    pub who: String,
    /// Why it is not certain.
    pub reason: String,
    /// Whom it may be about, the best first.
    pub candidates: Vec<PersonId>,
}

/// A legible row about nobody who is known.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StrangerNote {
    /// Row of the file.
    pub row: u32,
    /// Whom it names.
    pub who: String,
}

/// The difference with the file before.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DifferenceNote {
    /// The file before.
    pub before: BatchId,
    /// 新增
    pub added: usize,
    /// 减少
    pub removed: usize,
    /// 变化
    pub changed: usize,
    /// 不变
    pub unchanged: usize,
}

impl Counts {
    pub(crate) fn of(matched: &[Matched]) -> Self {
        let tally = Tally::of(matched);
        Self {
            rows: tally.rows,
            exact: tally.exact,
            normalised: tally.normalised,
            created: tally.new,
            repeated: tally.repeat,
            desk: tally.desk,
            none: tally.none,
            unusable: tally.unusable,
        }
    }

    /// Rows whose person is certain.
    pub fn certain(&self) -> u32 {
        self.exact + self.normalised + self.created + self.repeated
    }
}

impl Report {
    /// A report of a file that was refused whole.
    pub(crate) fn refusal(mapping: Mapping, file: Vec<(String, String)>, why: Hold) -> Self {
        Self {
            file,
            mapping,
            columns: Vec::new(),
            counts: Counts::default(),
            normalised: BTreeMap::new(),
            rejects: Vec::new(),
            desk: Vec::new(),
            decided_before: 0,
            names_somebody: 0,
            strangers: Vec::new(),
            deaths: Vec::new(),
            difference: None,
            holds: Vec::new(),
            refused: Some(why),
        }
    }

    pub(crate) fn note_columns(&mut self, profile: &Profile) {
        self.columns = profile
            .columns
            .iter()
            .map(|column| ColumnNote {
                header: column.header.clone(),
                field: column.field.clone().unwrap_or_default(),
                samples: column.samples.clone(),
            })
            .collect();
    }

    pub(crate) fn note_rows(&mut self, matched: &[Matched], who: &dyn Fn(usize) -> String) {
        self.counts = Counts::of(matched);
        for (place, row) in matched.iter().enumerate() {
            match &row.outcome {
                Match::Normalised(_, steps) | Match::New(_, steps) => {
                    for step in steps {
                        *self.normalised.entry(step.chinese().to_owned()).or_default() += 1;
                    }
                }
                Match::Desk { reason, candidates } => self.desk.push(DeskNote {
                    row: row.row_no,
                    who: who(place),
                    reason: reason.chinese(),
                    candidates: candidates.iter().map(|c| c.person).collect(),
                }),
                Match::Unusable(fault) => self.rejects.push(RejectNote {
                    row: row.row_no,
                    who: who(place),
                    place: fault.place,
                    reason: fault.reason.clone(),
                    remedy: fault.remedy.clone(),
                }),
                Match::None => {
                    self.strangers.push(StrangerNote { row: row.row_no, who: who(place) });
                }
                Match::Exact(_) | Match::Repeat(_) => {}
            }
        }
    }

    /// The answer first: how much of the file could be used.
    pub fn sentence(&self) -> String {
        if let Some(refused) = &self.refused {
            return format!("{}{}", refused.sentence, refused.remedy);
        }
        let Counts { rows, desk, none, unusable, .. } = self.counts;
        let before = self.decided_before.min(desk);
        let desk = desk - before;
        let certain = self.counts.certain();
        let share = f64::from(certain) * 100.0 / f64::from(rows.max(1));
        let mut rest = Vec::new();
        for (count, words) in [
            (before, "按上次人工比对"),
            (desk, "要人工比对"),
            (none, "不在库中"),
            (unusable, "无法使用"),
        ] {
            if count > 0 {
                rest.push(format!("{} 行{words}", grouped(u64::from(count))));
            }
        }
        let rest = if rest.is_empty() { "没有剩下的行".to_owned() } else { rest.join("，") };
        format!("共 {} 行，{share:.1}% 已对上人；{rest}。", grouped(u64::from(rows)))
    }
}
