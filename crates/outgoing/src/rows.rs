//! From facts to rows: pure. What cannot go out is held with its reasons, never sent half.

use std::collections::{HashMap, HashSet};

use access::{AreaTree, Vault};
use facts::population::Subject;
use kernel::{Day, FactValue, Fen, Month, PersonId, ResidentNumber};
use policy::register;
use serde::{Deserialize, Serialize};

use crate::layout::{Origin, OutColumn, OutFormat, OutLayout, Subjects, Write};

/// A value as it leaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Out {
    /// Nothing.
    Empty,
    /// Words.
    Text(String),
    /// A number.
    Whole(i64),
    /// A sum.
    Money(Fen),
    /// A day.
    Day(Day),
}

/// What a row does to what the receiver knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// 新增
    Added,
    /// 变更
    Changed,
    /// 结束
    Ended,
}

impl Change {
    /// The stored word.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Changed => "changed",
            Self::Ended => "ended",
        }
    }
}

/// A row that goes out.
#[derive(Clone, Debug)]
pub struct OutRow {
    /// Whom it is about.
    pub person: PersonId,
    /// Id of the item or service; empty for a person.
    pub item: String,
    /// What identifies it at the receiver's, hashed.
    pub key: [u8; 16],
    /// What it says, hashed.
    pub hash: [u8; 16],
    /// What it does there.
    pub change: Change,
    /// From the left, as the layout has its columns.
    pub cells: Vec<Out>,
    /// What is paid a month; nothing but for awards.
    pub amount: Fen,
}

/// 不能送出: a row that cannot go out, with what is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// Whom it is about.
    pub person: PersonId,
    /// Id of the item or service; empty for a person.
    pub item: String,
    /// What is wrong, each in words.
    pub reasons: Vec<String>,
}

/// What the receiver knows of a row, from the runs that left.
#[derive(Clone, Debug)]
pub struct Reported {
    /// What it said, hashed.
    pub hash: [u8; 16],
    /// Whom it is about.
    pub person: PersonId,
    /// Id of the item or service.
    pub item: String,
    /// Whether it was ended there.
    pub ended: bool,
}

/// Which rows are asked for.
pub enum Wanted {
    /// All of them.
    All,
    /// Those that differ from what was reported, and the ends of those that are gone; of a retry
    /// only those with these keys.
    Since {
        /// What the receiver has, by key.
        reported: HashMap<[u8; 16], Reported>,
        /// The keys of a retry.
        only: Option<HashSet<[u8; 16]>>,
    },
}

/// What came of it.
#[derive(Debug, Default)]
pub struct Made {
    /// Rows that go out, in the order of the people.
    pub rows: Vec<OutRow>,
    /// Rows that cannot.
    pub held: Vec<Held>,
    /// People whom the layout's rule leaves out.
    pub ruled_out: u32,
    /// Rows that the receiver already has so.
    pub unchanged: u32,
    /// Rows asked for that no longer exist.
    pub gone: u32,
}

/// What the rows are made with.
pub struct Making<'a> {
    /// What the receiver wants.
    pub layout: &'a OutLayout,
    /// Codes and names of places.
    pub tree: &'a AreaTree,
    /// Hashes keys and rows.
    pub vault: &'a Vault,
    /// The month that is reported.
    pub month: Month,
    /// Number of the run, as the receiver reads it.
    pub number: &'a str,
}

/// One thing to report of a person.
struct Candidate<'a> {
    subject: &'a Subject,
    number: Option<&'a ResidentNumber>,
    item: &'a str,
    on: Option<Day>,
    amount: Option<Fen>,
}

impl Making<'_> {
    /// The rows of these people.
    pub fn rows(
        &self,
        subjects: &[Subject],
        numbers: &HashMap<PersonId, ResidentNumber>,
        wanted: &Wanted,
    ) -> Made {
        let mut made = Made::default();
        let mut seen: HashSet<[u8; 16]> = HashSet::new();
        for subject in subjects {
            if !self.is_in(subject) {
                made.ruled_out += 1;
                continue;
            }
            for candidate in self.candidates(subject, numbers.get(&subject.id)) {
                self.put(&candidate, wanted, &mut seen, &mut made);
            }
        }
        if let Wanted::Since { reported, only } = wanted {
            let asked = |key: &[u8; 16]| only.as_ref().is_none_or(|only| only.contains(key));
            if self.layout.subjects != Subjects::Services {
                let gone = reported.iter().filter(|(key, _)| asked(key) && !seen.contains(*key));
                self.put_ends(gone, subjects, numbers, &mut made);
            }
            if let Some(only) = only {
                let away = only.iter().filter(|key| !seen.contains(*key));
                let away = away.filter(|key| !reported.contains_key(*key)).count();
                made.gone = u32::try_from(away).unwrap_or(u32::MAX);
            }
        }
        for (no, row) in (1..).zip(&mut made.rows) {
            self.number_row(row, no);
        }
        made
    }

    fn is_in(&self, subject: &Subject) -> bool {
        let rule = &self.layout.population;
        rule.life.iter().any(|word| word == subject.life.code())
            && subject
                .word("register_state")
                .is_some_and(|state| rule.register_state.iter().any(|word| word == state))
    }

    fn candidates<'a>(
        &'a self,
        subject: &'a Subject,
        number: Option<&'a ResidentNumber>,
    ) -> Vec<Candidate<'a>> {
        let (first, last) = (self.month.first(), self.month.last());
        let one = |item, on, amount| Candidate { subject, number, item, on, amount };
        match self.layout.subjects {
            Subjects::Persons => vec![one("", None, None)],
            Subjects::Awards => {
                let items = self.layout.items.iter();
                let paid = items.filter_map(|item| {
                    let said = subject.best(&format!("award.{item}"))?;
                    let FactValue::Fen(sum) = said.value else { return None };
                    let holds = said.from <= last && said.to.is_none_or(|to| to > first);
                    holds.then(|| one(item.as_str(), Some(said.from), Some(sum)))
                });
                paid.collect()
            }
            Subjects::Services => {
                let services = self.layout.services.iter();
                let given = services.filter_map(|service| {
                    let on = subject.day(&service.record)?;
                    let within = first <= on && on <= last;
                    within.then(|| one(service.item.as_str(), Some(on), None))
                });
                given.collect()
            }
        }
    }

    fn put(
        &self,
        candidate: &Candidate<'_>,
        wanted: &Wanted,
        seen: &mut HashSet<[u8; 16]>,
        made: &mut Made,
    ) {
        let (cells, reasons) = self.cells(candidate, false);
        let key = self.key(&cells);
        seen.insert(key);
        let hash = self.hash(&cells);
        let change = match wanted {
            Wanted::All => Change::Added,
            Wanted::Since { only: Some(only), .. } if !only.contains(&key) => return,
            Wanted::Since { reported, .. } => match reported.get(&key) {
                Some(before) if !before.ended && before.hash == hash => {
                    made.unchanged += 1;
                    return;
                }
                Some(before) if !before.ended => Change::Changed,
                _ => Change::Added,
            },
        };
        let (person, item) = (candidate.subject.id, candidate.item.to_owned());
        if reasons.is_empty() {
            let amount = candidate.amount.unwrap_or(Fen::ZERO);
            made.rows.push(OutRow { person, item, key, hash, change, cells, amount });
        } else {
            made.held.push(Held { person, item, reasons });
        }
    }

    /// Rows that the receiver has and that are no longer so.
    fn put_ends<'a>(
        &self,
        gone: impl Iterator<Item = (&'a [u8; 16], &'a Reported)>,
        subjects: &[Subject],
        numbers: &HashMap<PersonId, ResidentNumber>,
        made: &mut Made,
    ) {
        let by_id: HashMap<PersonId, &Subject> = subjects.iter().map(|s| (s.id, s)).collect();
        let mut gone: Vec<_> = gone.filter(|(_, row)| !row.ended).collect();
        gone.sort_unstable_by_key(|(key, _)| **key);
        for (key, row) in gone {
            let (person, item) = (row.person, row.item.clone());
            let reason = match by_id.get(&person) {
                Some(subject) => {
                    let number = numbers.get(&person);
                    let (item, on, amount) = (row.item.as_str(), None, None);
                    let candidate = Candidate { subject, number, item, on, amount };
                    let (cells, reasons) = self.cells(&candidate, true);
                    if reasons.is_empty() && self.key(&cells) == *key {
                        let (key, amount) = (*key, Fen::ZERO);
                        let hash = self.vault.keyed(b"report_end", &key);
                        let (item, change) = (row.item.clone(), Change::Ended);
                        made.rows.push(OutRow { person, item, key, hash, change, cells, amount });
                        continue;
                    }
                    "证件号等标识与上次报送时不同，结束变更要人工报送"
                }
                None => "已不在本县名单里，结束变更要人工报送",
            };
            made.held.push(Held { person, item, reasons: vec![reason.to_owned()] });
        }
    }

    /// The cells of a row, and what is wrong with them. Of a row that ends only its key goes out.
    fn cells(&self, candidate: &Candidate<'_>, ends: bool) -> (Vec<Out>, Vec<String>) {
        let mut reasons = Vec::new();
        let mut cells = Vec::with_capacity(self.layout.columns.len());
        for column in &self.layout.columns {
            let origin = column.origin();
            if ends && !column.key && matches!(origin, Origin::Fact(_) | Origin::On) {
                cells.push(Out::Empty);
                continue;
            }
            match self.cell(column, &origin, candidate) {
                Ok(Out::Empty) if column.required && (!ends || column.key) => {
                    reasons.push(format!("缺{}", column.name()));
                    cells.push(Out::Empty);
                }
                Ok(cell) => cells.push(cell),
                Err(reason) => {
                    reasons.push(reason);
                    cells.push(Out::Empty);
                }
            }
        }
        (cells, reasons)
    }

    fn cell(
        &self,
        column: &OutColumn,
        origin: &Origin,
        candidate: &Candidate<'_>,
    ) -> Result<Out, String> {
        let text = |text: &str| Ok(Out::Text(text.to_owned()));
        let subject = candidate.subject;
        let raw = match origin {
            Origin::Row | Origin::Change => return Ok(Out::Empty),
            Origin::RunNumber => return text(self.number),
            Origin::Constant(constant) => return text(constant),
            Origin::RunMonth => return Ok(month(self.month, column.write)),
            Origin::Number => match candidate.number {
                Some(number) => FactValue::Text(number.reveal().to_owned()),
                None => return Ok(Out::Empty),
            },
            Origin::AreaCode | Origin::AreaName => {
                let Some(node) = self.tree.node(subject.area) else { return Ok(Out::Empty) };
                FactValue::Text(match origin {
                    Origin::AreaCode => node.code.clone(),
                    _ => self.tree.spoken(subject.area),
                })
            }
            Origin::Item => FactValue::Text(candidate.item.to_owned()),
            Origin::Amount => match candidate.amount {
                Some(sum) => FactValue::Fen(sum),
                None => return Ok(Out::Empty),
            },
            Origin::On => match candidate.on {
                Some(day) => FactValue::Day(day),
                None => return Ok(Out::Empty),
            },
            Origin::Fact(kind) => match subject.best(kind) {
                Some(said) => said.value.clone(),
                None => return Ok(Out::Empty),
            },
        };
        let out = coded(column, &raw, self.tree)?;
        self.guarded(column, out)
    }

    /// What is too long is not cut, and nothing is sent that a spreadsheet would run.
    fn guarded(&self, column: &OutColumn, out: Out) -> Result<Out, String> {
        if let Out::Text(text) = &out {
            if let Some(width) = column.width
                && text.chars().count() > width
            {
                return Err(format!("{}超过 {width} 个字", column.name()));
            }
            let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
            if formula && self.layout.format == OutFormat::Csv {
                return Err(format!("{}以特殊符号开头，表格软件会当作公式", column.name()));
            }
        }
        Ok(out)
    }

    fn number_row(&self, row: &mut OutRow, no: i64) {
        for (column, cell) in self.layout.columns.iter().zip(&mut row.cells) {
            match column.origin() {
                Origin::Row => *cell = Out::Whole(no),
                Origin::Change => {
                    let word = row.change.code();
                    let code = column.codes.get(word).map_or(word, String::as_str);
                    *cell = Out::Text(code.to_owned());
                }
                _ => {}
            }
        }
    }

    /// What identifies the row at the receiver's.
    fn key(&self, cells: &[Out]) -> [u8; 16] {
        let pairs = self.layout.columns.iter().zip(cells);
        let text = joined(pairs.filter(|(column, _)| column.key));
        self.vault.keyed(b"report_key", text.as_bytes())
    }

    /// What the row says, but for which run it goes out in.
    fn hash(&self, cells: &[Out]) -> [u8; 16] {
        let pairs = self.layout.columns.iter().zip(cells);
        let of_run = |column: &OutColumn| {
            let origin = column.origin();
            matches!(origin, Origin::RunNumber | Origin::RunMonth | Origin::Row | Origin::Change)
        };
        let text = joined(pairs.filter(|(column, _)| !of_run(column)));
        self.vault.keyed(b"report_row", text.as_bytes())
    }
}

fn joined<'a>(cells: impl Iterator<Item = (&'a OutColumn, &'a Out)>) -> String {
    cells.fold(String::new(), |mut text, (_, cell)| {
        text.push_str(&text_of(cell));
        text.push('\u{1f}');
        text
    })
}

/// A value as text files have it: no thousands commas, days as ISO 8601.
pub(crate) fn text_of(cell: &Out) -> String {
    match cell {
        Out::Empty => String::new(),
        Out::Text(text) => text.clone(),
        Out::Whole(number) => number.to_string(),
        Out::Money(sum) => {
            let (sign, fen) = (if sum.get() < 0 { "-" } else { "" }, sum.get().unsigned_abs());
            format!("{sign}{}.{:02}", fen / 100, fen % 100)
        }
        Out::Day(day) => day.to_string(),
    }
}

fn month(month: Month, write: Write) -> Out {
    Out::Text(match write {
        Write::Compact | Write::CompactMonth => {
            format!("{:04}{:02}", month.year(), month.number())
        }
        _ => month.to_string(),
    })
}

fn coded(column: &OutColumn, raw: &FactValue, tree: &AreaTree) -> Result<Out, String> {
    if !column.codes.is_empty() {
        let word = match raw {
            FactValue::Text(word) => word.clone(),
            FactValue::Int(number) => number.to_string(),
            FactValue::Bool(yes) => yes.to_string(),
            other => other.to_string(),
        };
        let code = column.codes.get(&word).ok_or_else(|| {
            format!("{}“{}”没有对应的代码", column.name(), register::word_chinese(&word))
        })?;
        return Ok(Out::Text(code.clone()));
    }
    Ok(match (raw, column.write) {
        (FactValue::Day(day), Write::Compact) => Out::Text(day.to_string().replace('-', "")),
        (FactValue::Day(day), Write::CompactMonth) => month(day.month(), Write::CompactMonth),
        (FactValue::Day(day), _) => Out::Day(*day),
        (FactValue::Fen(sum), Write::Fen) => Out::Whole(sum.get()),
        (FactValue::Fen(sum), _) => Out::Money(*sum),
        (FactValue::Int(number), _) => Out::Whole(*number),
        (FactValue::Text(word), Write::Chinese) => {
            Out::Text(register::word_chinese(word).to_owned())
        }
        (FactValue::Text(text), _) => Out::Text(text.clone()),
        (FactValue::Area(area), _) => Out::Text(tree.spoken(*area)),
        (other, _) => Out::Text(other.to_string()),
    })
}
