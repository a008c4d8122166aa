//! 人员比对: whom a row is about. Pure: it knows people by what the caller tells it.
//!
//! The order is fixed: the same number and name; the same after a stated normalisation;
//! candidates for a person to choose from; nobody. A name that differs is never overlooked, and
//! nothing that was lost is guessed.

mod cores;
mod difference;
mod gazetteer;
mod index;
mod quick;

use kernel::{Day, NumberError, PersonId, ResidentNumber, Sex};

pub use difference::{Difference, Hashes, RowHash, RowKey, difference};
pub use gazetteer::{Gazetteer, NamedArea};
pub use index::{Index, NumberKey, Person};

use crate::layout::{Layout, SameNumberTwice};
use crate::normalise::{self, Normalised, NumberFault};
use crate::row::{RowFault, TypedRow};
use cores::on_all_cores;
use index::Claim;
use quick::{KeyedMap, KeyedSet};

/// 比对结果: what became of a row. Every row gets exactly one.
#[doc(alias = "比对结果")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Match {
    /// 完全一致: number and name as they are known.
    Exact(PersonId),
    /// 规范化后一致: the same after these steps.
    Normalised(PersonId, Vec<Normalised>),
    /// 待人工比对: a person decides.
    Desk {
        /// Why it is not decided by itself.
        reason: DeskReason,
        /// The best first; may be empty.
        candidates: Vec<Candidate>,
    },
    /// 新建: a person who becomes known by this row, after these steps.
    New(PersonId, Vec<Normalised>),
    /// 重复行: says the same as an earlier row of the file.
    Repeat(u32),
    /// 未建档: a legible row about nobody we know, in a file that makes nobody known.
    None,
    /// 无法使用: goes back to the sender.
    Unusable(RowFault),
}

/// 比对原因: why a person has to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeskReason {
    /// The number is known, the name is another one.
    NameDiffers,
    /// The end of the number is lost.
    LostDigits,
    /// The number cannot be right.
    WrongNumber(NumberError),
    /// There is no number.
    NoNumber,
    /// The number is new, but somebody of this name and birth is known by another.
    NumberChanged,
    /// Several people are known by this number.
    SeveralHolders,
    /// Another row of the file has the number with other content.
    SameNumberTwice {
        /// Number of that row.
        row: u32,
    },
}

impl DeskReason {
    /// The stored word.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NameDiffers => "name_differs",
            Self::LostDigits => "lost_digits",
            Self::WrongNumber(_) => "wrong_number",
            Self::NoNumber => "no_number",
            Self::NumberChanged => "number_changed",
            Self::SeveralHolders => "several_holders",
            Self::SameNumberTwice { .. } => "same_number_twice",
        }
    }

    /// The sentence at the desk.
    pub fn chinese(self) -> String {
        match self {
            Self::NameDiffers => "身份证号对得上，姓名不一致。".to_owned(),
            Self::LostDigits => "身份证号末几位已丢失，只能按姓名等比对。".to_owned(),
            Self::WrongNumber(error) => format!("{error}，只能按姓名等比对。"),
            Self::NoNumber => "没有身份证号，只能按姓名等比对。".to_owned(),
            Self::NumberChanged => "姓名和出生日期对得上，身份证号不一致。".to_owned(),
            Self::SeveralHolders => "这个身份证号登记在多个人名下。".to_owned(),
            Self::SameNumberTwice { row } => {
                format!("与第 {row} 行身份证号相同，内容不一致。")
            }
        }
    }
}

/// 候选人: somebody whom a row may be about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Who.
    pub person: PersonId,
    /// What agrees.
    pub agrees: Vec<Agreement>,
    /// How much agrees, of 100.
    pub score: u8,
}

/// What a row and a person have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Agreement {
    /// 身份证号
    Number,
    /// 姓名
    Name,
    /// 出生日期
    Birth,
    /// 村（社区）
    Village,
    /// 乡镇（街道）
    Town,
    /// 性别
    Sex,
}

impl Agreement {
    /// The bureau's word.
    pub const fn chinese(self) -> &'static str {
        match self {
            Self::Number => "身份证号",
            Self::Name => "姓名",
            Self::Birth => "出生日期",
            Self::Village => "村（社区）",
            Self::Town => "乡镇（街道）",
            Self::Sex => "性别",
        }
    }
}

/// What the caller knows and this module does not. Rows are read on several threads.
pub trait Surroundings: Sync {
    /// The keyed hash by which a number is known.
    fn number_key(&self, number: &ResidentNumber) -> NumberKey;
    /// The id of a person who becomes known; the same for the same key.
    fn new_person(&self, key: &NumberKey) -> PersonId;
    /// Names and places.
    fn gazetteer(&self) -> &Gazetteer;
}

/// What became of one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matched {
    /// Its number in the file.
    pub row_no: u32,
    /// What became of it.
    pub outcome: Match,
}

/// What this many rows say fits into a processor's cache.
const MOST_AT_ONCE: usize = 8_192;

/// What a row says by itself, whoever else is in the file.
enum Said {
    Nothing(RowFault),
    Number(Numbered),
    NoNumber(Claim),
}

struct Numbered {
    key: NumberKey,
    likeness: u64,
    /// Nothing where the name is written as the number's only holder's: then it is not needed.
    claim: Option<Claim>,
}

/// Matches the rows of one file. Give it every row in order, one by one or many at a time, then
/// [`Matcher::finish`]. What a row says is found on all cores; what becomes of it is decided on
/// one and in their order, so that it never depends on the machine.
pub struct Matcher<'a, S> {
    layout: &'a Layout,
    world: &'a S,
    as_of: Day,
    hashes: &'a Hashes,
    index: Index,
    out: Vec<Matched>,
    /// Where a number came first, and what the row said.
    seen: KeyedMap<NumberKey, (usize, u64)>,
    /// People whose own numbers the file holds.
    met: KeyedSet<PersonId>,
    /// Rows with a number that may be somebody's new one: not if the old one comes as well.
    doubtful: Vec<(usize, Claim, Vec<Normalised>, Vec<Candidate>)>,
    /// Rows without a usable number wait: whom they are about may come further down.
    waiting: Vec<(usize, Claim)>,
}

impl<'a, S: Surroundings> Matcher<'a, S> {
    /// For a file of this layout, against the people in `index`.
    pub fn new(
        layout: &'a Layout,
        world: &'a S,
        as_of: Day,
        hashes: &'a Hashes,
        index: Index,
    ) -> Self {
        Self {
            layout,
            world,
            as_of,
            hashes,
            index,
            out: Vec::new(),
            seen: KeyedMap::default(),
            met: KeyedSet::default(),
            doubtful: Vec::new(),
            waiting: Vec::new(),
        }
    }

    /// Takes the next row.
    pub fn push(&mut self, row: &TypedRow) {
        let said = self.said(row);
        self.decide(row, said);
    }

    /// Takes the next rows; faster than one by one when there are thousands.
    pub fn push_all(&mut self, rows: &[TypedRow]) {
        for rows in rows.chunks(MOST_AT_ONCE) {
            let said = on_all_cores(rows, |row| self.said(row));
            for (row, said) in rows.iter().zip(said) {
                self.decide(row, said);
            }
        }
    }

    /// What became of each row, in their order.
    pub fn finish(mut self) -> Vec<Matched> {
        for (at, claim, steps, mut candidates) in std::mem::take(&mut self.doubtful) {
            candidates.retain(|it| !self.met.contains(&it.person));
            let undecided = self.out[at].outcome == Match::None;
            if undecided && candidates.is_empty() {
                self.out[at].outcome = self.make_known(&claim, steps);
            } else if undecided {
                let reason = DeskReason::NumberChanged;
                self.out[at].outcome = Match::Desk { reason, candidates };
            }
        }
        let waiting = std::mem::take(&mut self.waiting);
        let outcomes = on_all_cores(&waiting, |(_, claim)| self.unnumbered(claim));
        for ((at, _), outcome) in waiting.iter().zip(outcomes) {
            self.out[*at].outcome = outcome;
        }
        self.out
    }

    fn said(&self, row: &TypedRow) -> Said {
        match (row.fault(self.layout), row.number()) {
            (Some(fault), _) => Said::Nothing(fault),
            (None, Ok((number, _))) => {
                let key = self.world.number_key(&number);
                let claim = match *self.index.holders(&key) {
                    [one] if self.writes_name_of(row, one) => None,
                    _ => Some(self.claim(row)),
                };
                Said::Number(Numbered { key, likeness: self.hashes.likeness(row), claim })
            }
            (None, Err(_)) => Said::NoNumber(self.claim(row)),
        }
    }

    fn claim(&self, row: &TypedRow) -> Claim {
        let (number, fault) = match row.number() {
            Ok((number, _)) => (Some(number), None),
            Err(fault) => (None, Some(fault)),
        };
        Claim::of(row, fault, number.as_ref(), self.world.gazetteer())
    }

    fn writes_name_of(&self, row: &TypedRow, at: u32) -> bool {
        row.field("name").is_some_and(|field| field.raw == self.index.person(at).name)
    }

    fn decide(&mut self, row: &TypedRow, said: Said) {
        let outcome = match said {
            Said::Nothing(fault) => Match::Unusable(fault),
            Said::Number(said) => self.numbered(row, said),
            Said::NoNumber(claim) => {
                self.waiting.push((self.out.len(), claim));
                Match::None
            }
        };
        self.out.push(Matched { row_no: row.row_no, outcome });
    }

    fn numbered(&mut self, row: &TypedRow, said: Numbered) -> Match {
        let Numbered { key, likeness, claim } = said;
        let steps = row.number().map(|(_, steps)| steps.to_vec()).unwrap_or_default();
        let seen = self.seen.get(&key).copied();
        if let Some((first, first_likeness)) = seen {
            if first_likeness == likeness {
                return Match::Repeat(self.out[first].row_no);
            }
            if self.layout.same_number_twice != SameNumberTwice::EachStands {
                let claim = claim.unwrap_or_else(|| self.claim(row));
                return self.second_of(&key, &claim, first, row.row_no);
            }
        } else {
            self.seen.insert(key, (self.out.len(), likeness));
        }
        if let [one] = *self.index.holders(&key) {
            let person = self.index.person(one).id;
            self.met.insert(person);
            if self.writes_name_of(row, one) {
                return agreed(person, steps);
            }
        }
        let claim = claim.unwrap_or_else(|| self.claim(row));
        match *self.index.holders(&key) {
            [] => self.unknown_number(claim, steps),
            [one] => self.known_number(one, &key, &claim, steps),
            _ => Match::Desk {
                reason: DeskReason::SeveralHolders,
                candidates: self.index.candidates(&claim, Some(&key), self.as_of, self.world),
            },
        }
    }

    /// A second row with a number and other content.
    fn second_of(&mut self, key: &NumberKey, claim: &Claim, first: usize, row_no: u32) -> Match {
        let candidates = self.index.candidates(claim, Some(key), self.as_of, self.world);
        let first_row = self.out[first].row_no;
        let both = self.layout.same_number_twice == SameNumberTwice::BothToDesk;
        let decided = matches!(
            self.out[first].outcome,
            Match::Exact(_) | Match::Normalised(..) | Match::None
        );
        if both && decided {
            self.out[first].outcome = Match::Desk {
                reason: DeskReason::SameNumberTwice { row: row_no },
                candidates: candidates.clone(),
            };
        }
        Match::Desk { reason: DeskReason::SameNumberTwice { row: first_row }, candidates }
    }

    /// A number that is known, with a name in another spelling or another name.
    fn known_number(
        &self,
        at: u32,
        key: &NumberKey,
        claim: &Claim,
        mut steps: Vec<Normalised>,
    ) -> Match {
        let person = self.index.person(at);
        let Some(name) = &claim.name else { return agreed(person.id, steps) };
        if name.key != self.index.name_key(at) {
            return Match::Desk {
                reason: DeskReason::NameDiffers,
                candidates: self.index.candidates(claim, Some(key), self.as_of, self.world),
            };
        }
        // Either spelling may be the unusual one; spaces around the row's are always its own.
        steps.extend(&claim.name_steps);
        if name.given != person.name {
            let stored = normalise::name(&person.name);
            steps.extend(stored.map(|it| it.steps).unwrap_or_default());
        }
        steps.sort_unstable();
        steps.dedup();
        Match::Normalised(person.id, steps)
    }

    fn unknown_number(&mut self, claim: Claim, steps: Vec<Normalised>) -> Match {
        let mut candidates = self.index.candidates(&claim, None, self.as_of, self.world);
        // A register knows its own numbers: only a neighbour of the same name and birth makes
        // it doubtful. Elsewhere the same name and birth are enough to ask.
        let creates = self.layout.creates_people;
        candidates.retain(|it| {
            it.agrees.contains(&Agreement::Birth)
                && (!creates || it.agrees.contains(&Agreement::Village))
                && !self.met.contains(&it.person)
        });
        match (creates, candidates.is_empty()) {
            (true, true) => self.make_known(&claim, steps),
            (false, true) => Match::None,
            (false, false) => Match::Desk { reason: DeskReason::NumberChanged, candidates },
            (true, false) => {
                self.doubtful.push((self.out.len(), claim, steps, candidates));
                Match::None
            }
        }
    }

    /// A person whom the register makes known.
    fn make_known(&mut self, claim: &Claim, mut steps: Vec<Normalised>) -> Match {
        let (Some(name), Some(number)) = (&claim.name, &claim.number) else { return Match::None };
        let key = self.world.number_key(number);
        let id = self.world.new_person(&key);
        let person = Person {
            id,
            name: name.given.clone(),
            birth: Some(number.birth()),
            sex: Some(number.sex()),
            area: claim.areas.first().copied().filter(|_| claim.areas.len() == 1),
        };
        self.index.insert(person, &[key]);
        self.met.insert(id);
        steps.extend(&claim.name_steps);
        steps.sort_unstable();
        steps.dedup();
        Match::New(id, steps)
    }

    fn unnumbered(&self, claim: &Claim) -> Match {
        let candidates = self.index.candidates(claim, None, self.as_of, self.world);
        let fault = claim.fault.clone().unwrap_or(NumberFault::Blank);
        if candidates.is_empty() {
            return Match::Unusable(RowFault {
                place: claim.number_place,
                reason: fault.reason(),
                remedy: fault.remedy().to_owned(),
            });
        }
        let reason = match fault {
            NumberFault::Blank => DeskReason::NoNumber,
            NumberFault::LostDigits { .. } => DeskReason::LostDigits,
            NumberFault::Wrong { error, .. } => DeskReason::WrongNumber(error),
        };
        Match::Desk { reason, candidates }
    }
}

fn agreed(person: PersonId, steps: Vec<Normalised>) -> Match {
    if steps.is_empty() { Match::Exact(person) } else { Match::Normalised(person, steps) }
}

/// 比对汇总: how many rows became what. The parts add up to the whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[expect(missing_docs, reason = "each is the number of rows with the outcome of its name")]
pub struct Tally {
    pub rows: u32,
    pub exact: u32,
    pub normalised: u32,
    pub desk: u32,
    pub new: u32,
    pub repeat: u32,
    pub none: u32,
    pub unusable: u32,
}

impl Tally {
    /// Counts the outcomes.
    pub fn of(matched: &[Matched]) -> Self {
        let mut tally = Self::default();
        for it in matched {
            tally.rows += 1;
            *match it.outcome {
                Match::Exact(_) => &mut tally.exact,
                Match::Normalised(..) => &mut tally.normalised,
                Match::Desk { .. } => &mut tally.desk,
                Match::New(..) => &mut tally.new,
                Match::Repeat(_) => &mut tally.repeat,
                Match::None => &mut tally.none,
                Match::Unusable(_) => &mut tally.unusable,
            } += 1;
        }
        tally
    }
}

/// Sex as far as a row says it in words or by a number that holds.
fn sex_of(row: &TypedRow, number: Option<&ResidentNumber>) -> Option<Sex> {
    number.map(ResidentNumber::sex).or_else(|| row.sex())
}

#[cfg(test)]
mod tests;
