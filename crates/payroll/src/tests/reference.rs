//! 对照模型: what a careful clerk would do with one sheet of squared paper a person, one row a
//! month. It knows nothing of the engine, of segments or of runs.

use super::life_cycle::{Claim, Event};

/// Months of the sheet, from January 2025.
pub(super) const MONTHS: usize = 30;

/// How far back the clerk pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Back {
    No,
    SameYear,
    Months(usize),
    Always,
}

/// One row.
#[derive(Clone, Debug, Default)]
struct Row {
    awarded: bool,
    /// Went out and did not come back, in yuan.
    out: i64,
    /// Came back from the person.
    recovered: i64,
    /// It was ever on a list.
    listed: bool,
    /// It has been tried, and came to nothing; whether the bank sent it back.
    failed: Option<ByBank>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum ByBank {
    No,
    Yes,
}

/// What the clerk does in a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Does {
    /// Month and yuan, and whether it is a returned one.
    Pays(Vec<(usize, i64, bool)>),
    Holds,
    Nothing,
}

/// The sheet of one person.
#[derive(Clone, Debug)]
pub(super) struct Sheet {
    rows: Vec<Row>,
    back: Back,
    /// Row of the month of the 80th birthday.
    eighty: i64,
    died: Option<(i64, Claim)>,
    moved_out: Option<i64>,
    hold: bool,
    account: bool,
}

impl Sheet {
    pub(super) fn new(eighty: i64, back: Back) -> Self {
        Self {
            rows: vec![Row::default(); MONTHS],
            back,
            eighty,
            died: None,
            moved_out: None,
            hold: false,
            account: true,
        }
    }

    /// The rate of a month by age alone: from the month after the birthday.
    fn rate(&self, month: usize) -> i64 {
        let since = i64::try_from(month).unwrap() - self.eighty;
        match since {
            ..=0 => 0,
            1..=120 => 40,
            121..=240 => 120,
            _ => 400,
        }
    }

    /// What is owed for a month; none when nobody can say.
    fn owed(&self, month: usize) -> Option<i64> {
        let at = i64::try_from(month).unwrap();
        if !self.rows[month].awarded {
            return Some(0);
        }
        let gone = self.moved_out.is_some_and(|moved| at > moved);
        if self.rate(month) == 0 || gone {
            return Some(0);
        }
        match self.died {
            Some((died, Claim::Contradicted)) if at > died => None,
            Some((died, _)) if at > died => Some(0),
            _ => Some(self.rate(month)),
        }
    }

    fn kept(&self, month: usize) -> i64 {
        (self.rows[month].out - self.rows[month].recovered).max(0)
    }

    fn reaches_back(&self, month: usize, now: usize) -> bool {
        match self.back {
            _ if self.rows[month].failed.is_some() => true,
            Back::No => false,
            Back::SameYear => month / 12 == now / 12,
            Back::Months(most) => now - month <= most,
            Back::Always => true,
        }
    }

    /// What the clerk does in a month.
    pub(super) fn decides(&self, now: usize) -> Does {
        let mut pays = Vec::new();
        for month in 0..=now {
            let row = &self.rows[month];
            if month < now && !(self.reaches_back(month, now) && (row.awarded || row.listed)) {
                continue;
            }
            let missing = self.owed(month).unwrap_or(0) - self.kept(month);
            if missing > 0 {
                pays.push((month, missing, row.failed == Some(ByBank::Yes) && month < now));
            }
        }
        let open = self.owed(now).is_none();
        let claimed = matches!(self.died, Some((_, Claim::Reported | Claim::Contradicted)));
        if claimed && (self.rows[now].awarded || !pays.is_empty()) {
            Does::Holds
        } else if pays.is_empty() && !open {
            Does::Nothing
        } else if self.hold || open || !self.account {
            Does::Holds
        } else {
            Does::Pays(pays)
        }
    }

    /// Months and yuan that went out and are not owed.
    pub(super) fn too_much(&self) -> Vec<(usize, i64)> {
        let months = 0..MONTHS;
        let more = |month| Some((month, self.kept(month) - self.owed(month)?));
        months.filter_map(more).filter(|(_, more)| *more > 0).collect()
    }

    /// Yuan that are with the person or on the way there.
    pub(super) fn with_the_person(&self) -> i64 {
        (0..MONTHS).map(|month| self.kept(month)).sum()
    }

    /// What happened to the person, in the month that is now.
    pub(super) fn sees(&mut self, event: &Event, now: usize) {
        match event {
            Event::Approve { months_ago } => {
                let from = now.saturating_sub(*months_ago);
                self.rows[from..].iter_mut().for_each(|row| row.awarded = true);
            }
            Event::Stop { ahead } => {
                let from = (now + ahead).saturating_sub(2).min(MONTHS);
                self.rows[from..].iter_mut().for_each(|row| row.awarded = false);
            }
            Event::Die { months_ago, claim } => {
                self.died = Some((i64::try_from(now).unwrap() - months_ago, *claim));
            }
            Event::Retract => self.died = None,
            Event::MoveOut { months_ago } => {
                self.moved_out = Some(i64::try_from(now).unwrap() - months_ago);
            }
            Event::MoveBack => self.moved_out = None,
            Event::Hold(yes) => self.hold = *yes,
            Event::Account(yes) => self.account = *yes,
            Event::Run { .. } | Event::ReturnLate { .. } | Event::Recover { .. } => {}
        }
    }

    /// A month went out.
    pub(super) fn goes_out(&mut self, month: usize, yuan: i64) {
        self.rows[month].out += yuan;
        self.rows[month].listed = true;
    }

    /// What went out came back from the bank, or was dropped before.
    pub(super) fn comes_back(&mut self, month: usize, yuan: i64, by_bank: bool) {
        self.rows[month].out -= yuan;
        let how = if by_bank { ByBank::Yes } else { ByBank::No };
        self.rows[month].failed = self.rows[month].failed.max(Some(how));
    }

    /// The person paid back.
    pub(super) fn pays_back(&mut self, month: usize, yuan: i64) {
        self.rows[month].recovered += yuan;
    }
}
