//! 发放明细: one person in one run, and what earlier runs have paid.

use std::collections::HashMap;

use access::text_index;
use kernel::{AreaId, Fen, Month, PersonId};
use sm3::{Digest, Sm3};

use crate::{Out, SegmentKind};

/// 明细月份: one month of a line.
#[doc(alias = "明细月份")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment {
    /// The month that it pays.
    pub month: Month,
    /// Why it is in this run.
    pub kind: SegmentKind,
    /// How much, at the month's own rate.
    pub amount: Fen,
    /// The number under which a locked run last paid the month when this was proposed, 0 for never.
    /// Two runs that saw the same cannot both pay it: see the store.
    pub earlier: u16,
}

/// 发放明细: one person's payment in one run. Arrears are segments of it.
#[doc(alias = "发放明细")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Who.
    pub person: PersonId,
    /// Village of the household register.
    pub area: AreaId,
    /// Its place in the area tree.
    pub area_pos: i32,
    /// 档次: place in the item's bands, for the current month or else the last one paid.
    pub band: Option<u8>,
    /// 账户摘要: of the account that the money goes to. See [`account_digest`].
    pub account: [u8; 32],
    /// The months, ascending and each once; at least one.
    pub segments: Vec<Segment>,
    /// Why the current month is not among them, when it is not.
    pub without_current: Option<Out>,
    /// 需人工看: the person is known to be dead, and months up to the death are still owed.
    pub look: bool,
}

impl Line {
    /// Everything that is paid. It fits: a proposal that does not is refused.
    pub fn total(&self) -> Fen {
        self.sum(|_| true)
    }

    /// 当月: paid for the run's own month.
    pub fn current(&self) -> Fen {
        self.sum(|segment| segment.kind == SegmentKind::Current)
    }

    /// 补发: paid for earlier months, returned ones included.
    pub fn arrears(&self) -> Fen {
        self.sum(|segment| segment.kind != SegmentKind::Current)
    }

    /// How many earlier months are paid.
    pub fn arrears_months(&self) -> usize {
        self.segments.iter().filter(|it| it.kind != SegmentKind::Current).count()
    }

    /// Whether the run's own month is paid.
    pub fn has_current(&self) -> bool {
        self.segments.iter().any(|it| it.kind == SegmentKind::Current)
    }

    fn sum(&self, which: impl Fn(&Segment) -> bool) -> Fen {
        self.segments.iter().filter(|it| which(it)).map(|it| it.amount).sum()
    }
}

/// 账户摘要: of a sealed account. The seal's own index is keyed, so that nobody can find a number
/// by trying all of them; equal accounts have equal digests.
#[doc(alias = "账户摘要")]
pub fn account_digest(token: &str) -> Option<[u8; 32]> {
    text_index(token).map(|index| Sm3::digest(index.as_bytes()).into())
}

/// 已发月份: a month that was in a locked run, or that was paid back.
#[doc(alias = "已发月份")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PaidMonth {
    /// Which month.
    pub month: Month,
    /// The number under which it was paid; 0 for what was paid back.
    pub sequence: u16,
    /// How much.
    pub amount: Fen,
    /// What became of it.
    pub state: PaidState,
    /// By a run of another area, before the person moved here.
    pub elsewhere: bool,
}

/// What became of a month that was in a locked run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaidState {
    /// 在途或已发: reserved or paid, and not come back.
    Live,
    /// 退汇: came back from the bank.
    Returned,
    /// 未发: its run was refused by the treasury or dropped.
    Dropped,
    /// 已追回: so much of it was repaid; it does not count as paid any more.
    Recovered,
}

/// 待遇记录: an award as decided, from a month on. A later one overrides an earlier one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grant {
    /// First month.
    pub from: Month,
    /// First month outside again.
    pub to: Option<Month>,
    /// A month; nothing is a stop.
    pub monthly: Fen,
}

/// 发放历史: what runs have paid of an item and what was decided, by person. Who was merged has the
/// history of all their files.
#[doc(alias = "发放历史")]
#[derive(Clone, Debug, Default)]
pub struct History {
    /// Months that were in runs.
    pub paid: HashMap<PersonId, Vec<PaidMonth>>,
    /// Decisions about the award in the order in which they were taken. Who has none here is
    /// judged by what stands now.
    pub granted: HashMap<PersonId, Vec<Grant>>,
}

impl History {
    /// The months of a person.
    pub fn paid_to(&self, person: PersonId) -> &[PaidMonth] {
        self.paid.get(&person).map_or(&[], Vec::as_slice)
    }
}

/// What is paid of a month on balance: what went out and did not come back. More than that is
/// nothing, should somebody have paid back too much; more than an account holds is all of it.
pub fn net_paid(months: &[PaidMonth], month: Month) -> Fen {
    let of = |state| {
        let mine = months.iter().filter(|it| it.month == month && it.state == state);
        Fen::checked_sum(mine.map(|it| it.amount)).unwrap_or(Fen::new(i64::MAX))
    };
    let left = of(PaidState::Live).checked_sub(of(PaidState::Recovered));
    left.unwrap_or(Fen::ZERO).max(Fen::ZERO)
}
