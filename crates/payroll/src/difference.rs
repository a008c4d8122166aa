//! 差异: why a run differs from the one before, person by person, and that nothing is left over.
//!
//! Compared is what each month pays for itself: the arrears of the month before do not come again,
//! so they are no difference, and the arrears of this one are told beside. With the month before
//! counted so, lines and money of the run are those of the month before plus all rows.

use std::collections::{HashMap, HashSet};

use facts::population::Subject;
use kernel::{AreaId, Fen, FenError, Month, PersonId, Trouble};
use policy::{BandAmount, Item};

use crate::award::Award;
use crate::line::{Line, PaidState};
use crate::{Cause, Out, Outcome, Payroll, Proposed, SegmentKind};

/// 上月: what the month before paid for itself.
#[doc(alias = "上月")]
#[derive(Clone, Debug)]
pub struct Before {
    /// Which month; the last one that was paid.
    pub month: Month,
    /// By person.
    pub lines: HashMap<PersonId, BeforeLine>,
    /// Who was held then.
    pub held: HashSet<PersonId>,
}

/// What somebody was paid for the month before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BeforeLine {
    /// Village then, or where the person is now if that is still within the run's area.
    pub area: AreaId,
    /// Its place in the area tree.
    pub area_pos: i32,
    /// How much.
    pub amount: Fen,
    /// 档次 then; none in a roster.
    pub band: Option<u8>,
    /// Why nothing can be proposed for the person here any more: registered outside of the run's
    /// area now, or merged with somebody who was paid as well.
    pub gone: Option<Cause>,
}

/// 差异表: all rows with both totals.
#[doc(alias = "差异")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The month that this one is compared with.
    pub month: Month,
    /// What it paid for itself.
    pub before: Tally,
    /// What this run pays.
    pub now: Tally,
    /// By person, then cause.
    pub rows: Vec<DifferenceRow>,
}

/// Lines and money.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// 人数: lines.
    pub lines: i64,
    /// 人月: months paid.
    pub months: i64,
    /// 当月: paid for the month itself.
    pub current: Fen,
    /// 补发: paid for earlier months.
    pub arrears: Fen,
}

/// 差异行: one reason why one person is paid otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DifferenceRow {
    /// Who.
    pub person: PersonId,
    /// Village.
    pub area: AreaId,
    /// Its place in the area tree.
    pub area_pos: i32,
    /// Why.
    pub cause: Cause,
    /// Lines more or less: 1, 0 or -1.
    pub lines: i8,
    /// Months of arrears; 0 otherwise.
    pub months: u16,
    /// What the month before paid for itself.
    pub before: Fen,
    /// What this one pays for itself; for arrears, the arrears.
    pub now: Fen,
    /// 档次 before.
    pub band_before: Option<u8>,
    /// 档次 now.
    pub band: Option<u8>,
}

/// 差异合计: all rows of a cause.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CauseTally {
    /// People.
    pub people: i64,
    /// Lines more or less.
    pub lines: i64,
    /// Months of arrears.
    pub months: i64,
    /// Money more or less.
    pub amount: Fen,
}

impl DifferenceRow {
    /// Money more or less than the month before; both are at least nothing, so it fits.
    pub fn amount(&self) -> Fen {
        Fen::new(self.now.get().saturating_sub(self.before.get()))
    }
}

impl Difference {
    /// All rows of a cause.
    pub fn of(&self, cause: Cause) -> CauseTally {
        let mut tally = CauseTally::default();
        for row in self.rows.iter().filter(|row| row.cause == cause) {
            tally.people += 1;
            tally.lines += i64::from(row.lines);
            tally.months += i64::from(row.months);
            tally.amount = Fen::new(tally.amount.get().saturating_add(row.amount().get()));
        }
        tally
    }

    /// 原因不明的人数: must be none before the run is frozen.
    pub fn unexplained(&self) -> i64 {
        self.of(Cause::Unexplained).people
    }

    /// Whether lines and money come out: what is before plus all rows is what is now.
    pub fn adds_up(&self) -> bool {
        let lines: i64 = self.rows.iter().map(|row| i64::from(row.lines)).sum();
        let before = self.before.total();
        let rows = self.rows.iter().map(DifferenceRow::amount);
        let money = Fen::checked_sum(rows).and_then(|rows| before.checked_add(rows));
        self.before.lines + lines == self.now.lines && money == Ok(self.now.total())
    }
}

impl Before {
    /// What the roster of the month before paid, for the first run of all. The kind of fact is the
    /// item's award; a decision since then does not change what the roster paid.
    pub fn of_roster(payroll: &Payroll<'_>, subjects: &[Subject]) -> Self {
        let month = payroll.month.plus(-1);
        let kind = format!("award.{}", payroll.item.id);
        let lines = subjects.iter().filter_map(|subject| {
            let roster = Award::of(subject, &kind, Some(&[])).roster?;
            let area_pos = payroll.tree.node(subject.area)?.lo;
            let (area, amount) = (subject.area, roster.monthly);
            let line = BeforeLine { area, area_pos, amount, band: None, gone: None };
            (roster.through == month).then_some((subject.id, line))
        });
        Self { month, lines: lines.collect(), held: HashSet::new() }
    }

    fn tally(&self) -> Result<Tally, FenError> {
        let lines = i64::try_from(self.lines.len()).unwrap_or(i64::MAX);
        let current = Fen::checked_sum(self.lines.values().map(|line| line.amount))?;
        Ok(Tally { lines, months: lines, current, arrears: Fen::ZERO })
    }
}

impl Tally {
    /// All money. It fits: [`Tally::of`] sees to it.
    pub fn total(&self) -> Fen {
        [self.current, self.arrears].into_iter().sum()
    }

    /// Of a run's lines.
    pub fn of<'a>(lines: impl IntoIterator<Item = &'a Line>) -> Result<Self, FenError> {
        let mut tally = Self::default();
        for line in lines {
            tally.lines += 1;
            tally.months += i64::try_from(line.segments.len()).unwrap_or(i64::MAX);
            tally.current = tally.current.checked_add(line.current())?;
            tally.arrears = tally.arrears.checked_add(line.arrears())?;
        }
        tally.current.checked_add(tally.arrears)?;
        Ok(tally)
    }
}

/// Compares what is proposed with the month before. Everybody who is paid otherwise has one cause,
/// and arrears beside it.
pub fn difference(
    payroll: &Payroll<'_>,
    before: &Before,
    proposed: &[Proposed],
) -> Result<Difference, Trouble> {
    let mut rows = Vec::new();
    let mut seen: HashSet<PersonId> = HashSet::with_capacity(proposed.len());
    for one in proposed {
        seen.insert(one.person);
        let then = before.lines.get(&one.person);
        let line = if let Outcome::Line(line) = &one.outcome { Some(line) } else { None };
        let two = Two { payroll, before, one, then, line };
        rows.extend(two.regular());
        rows.extend(two.arrears());
    }
    let gone = before.lines.iter().filter(|(person, _)| !seen.contains(person));
    rows.extend(gone.map(|(person, then)| lost(*person, then)));
    rows.sort_by_key(|row| (row.person, row.cause));
    let lines = proposed.iter().filter_map(|one| match &one.outcome {
        Outcome::Line(line) => Some(line),
        _ => None,
    });
    let now = Tally::of(lines).map_err(Trouble::fault)?;
    let before_tally = before.tally().map_err(Trouble::fault)?;
    Ok(Difference { month: before.month, before: before_tally, now, rows })
}

/// Who was paid and of whom nothing is known here any more.
fn lost(person: PersonId, then: &BeforeLine) -> DifferenceRow {
    DifferenceRow {
        person,
        area: then.area,
        area_pos: then.area_pos,
        cause: then.gone.unwrap_or(Cause::Unexplained),
        lines: -1,
        months: 0,
        before: then.amount,
        now: Fen::ZERO,
        band_before: then.band,
        band: None,
    }
}

/// One person, then and now.
struct Two<'a> {
    payroll: &'a Payroll<'a>,
    before: &'a Before,
    one: &'a Proposed,
    then: Option<&'a BeforeLine>,
    line: Option<&'a Line>,
}

impl Two<'_> {
    fn row(&self, cause: Cause, lines: i8, before: Fen, now: Fen) -> DifferenceRow {
        DifferenceRow {
            person: self.one.person,
            area: self.one.area,
            area_pos: self.one.area_pos,
            cause,
            lines,
            months: 0,
            before,
            now,
            band_before: self.then.and_then(|then| then.band),
            band: self.line.and_then(|line| line.band),
        }
    }

    /// The difference between what both months pay for themselves.
    fn regular(&self) -> Option<DifferenceRow> {
        let now = self.line.filter(|line| line.has_current()).map(Line::current);
        match (self.then, now) {
            (None, None) => None,
            (None, Some(now)) => Some(self.row(self.why_paid(), 1, Fen::ZERO, now)),
            (Some(then), None) => Some(self.row(self.why_not(), -1, then.amount, Fen::ZERO)),
            (Some(then), Some(now)) if then.amount == now => None,
            (Some(then), Some(now)) => Some(self.row(self.why_other(then), 0, then.amount, now)),
        }
    }

    /// Earlier months; the first such row brings the line when the month itself is not paid.
    fn arrears(&self) -> Vec<DifferenceRow> {
        let Some(line) = self.line else { return Vec::new() };
        let mut brings = i8::from(!line.has_current());
        let mut rows = Vec::new();
        for (kind, cause) in
            [(SegmentKind::Arrears, Cause::Arrears), (SegmentKind::Reissue, Cause::Reissued)]
        {
            let mine = || line.segments.iter().filter(|segment| segment.kind == kind);
            let months = u16::try_from(mine().count()).unwrap_or(u16::MAX);
            if months > 0 {
                let now = mine().map(|segment| segment.amount).sum();
                rows.push(DifferenceRow { months, ..self.row(cause, brings, Fen::ZERO, now) });
                brings = 0;
            }
        }
        rows
    }

    /// Not paid then, paid now.
    fn why_paid(&self) -> Cause {
        let paid = self.payroll.history.paid_to(self.one.person);
        let live = || paid.iter().filter(|it| it.state == PaidState::Live);
        let last = live().max_by_key(|it| it.month);
        // Who was only ever on the roster and then stopped has no month of ours.
        let granted = self.payroll.history.granted.get(&self.one.person);
        let stopped = granted.is_some_and(|all| all.iter().any(|it| it.monthly == Fen::ZERO));
        if last.is_some_and(|it| it.elsewhere) {
            Cause::MovedIn
        } else if stopped || !paid.is_empty() || self.before.held.contains(&self.one.person) {
            Cause::Restored
        } else {
            Cause::Added
        }
    }

    /// Paid then, not paid now.
    fn why_not(&self) -> Cause {
        let out = match &self.one.outcome {
            Outcome::Held(_) => return Cause::Held,
            Outcome::Nothing(out) => *out,
            Outcome::Line(line) => line.without_current.unwrap_or(Out::NothingDue),
        };
        match out {
            Out::Death => Cause::StoppedDeath,
            Out::MovedOut => Cause::MovedOut,
            Out::Stopped | Out::NotEntitled => Cause::StoppedOther,
            // Nothing was decided, and nothing explains it.
            Out::NothingDue | Out::NoAward => Cause::Unexplained,
        }
    }

    /// Paid then and now, but not the same.
    fn why_other(&self, then: &BeforeLine) -> Cause {
        let Payroll { item, month, .. } = self.payroll;
        let Some(band) = self.line.and_then(|line| line.band) else { return Cause::Unexplained };
        let was = then.band.or_else(|| band_of(item, self.before.month, then.amount));
        match was {
            Some(was) if was != band => Cause::ClassChange,
            Some(_) if amount(item, band, self.before.month) != amount(item, band, *month) => {
                Cause::RateChange
            }
            // The roster paid a sum that the list does not know; now the list's own is paid.
            None if then.band.is_none() => Cause::RateChange,
            _ => Cause::Unexplained,
        }
    }
}

fn amount(item: &Item, band: u8, month: Month) -> Option<Fen> {
    match item.bands.get(usize::from(band))?.amount(month) {
        BandAmount::Fen(fen) => Some(fen),
        BandAmount::Ended | BandAmount::NotEncoded(_) => None,
    }
}

/// The first band that pays so much.
fn band_of(item: &Item, month: Month, paid: Fen) -> Option<u8> {
    let bands = 0..u8::try_from(item.bands.len()).ok()?;
    bands.into_iter().find(|band| amount(item, *band, month) == Some(paid))
}
