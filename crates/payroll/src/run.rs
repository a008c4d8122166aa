//! 发放批次: a run as it stands, and which way it may go.

use kernel::{AccountId, AreaId, AssertionId, Fen, Month, Now, Refusal, RunId, Trouble};

use crate::RunState;

/// 批次流程: from where a run may go to where, with what that is called.
pub const MOVES: &[(RunState, RunState, &str)] = &[
    (RunState::Proposed, RunState::Frozen, "冻结"),
    (RunState::Frozen, RunState::LockedOnce, "第一人锁定"),
    (RunState::LockedOnce, RunState::Locked, "第二人锁定"),
    (RunState::Locked, RunState::Requested, "申请资金"),
    (RunState::Requested, RunState::Funded, "财政审核"),
    (RunState::Requested, RunState::Refused, "财政退回"),
    (RunState::Refused, RunState::Frozen, "补正后重新冻结"),
    (RunState::Funded, RunState::Voucher, "登记支付凭证"),
    (RunState::Voucher, RunState::Sent, "交银行"),
    (RunState::Sent, RunState::Settled, "结清"),
    (RunState::Proposed, RunState::Dropped, "作废"),
    (RunState::Frozen, RunState::Dropped, "作废"),
    (RunState::LockedOnce, RunState::Dropped, "作废"),
    (RunState::Locked, RunState::Dropped, "作废"),
    (RunState::Requested, RunState::Dropped, "作废"),
    (RunState::Refused, RunState::Dropped, "作废"),
    (RunState::Funded, RunState::Dropped, "作废"),
    (RunState::Voucher, RunState::Dropped, "作废"),
];

impl RunState {
    /// Where it may go from here.
    pub fn next(self) -> impl Iterator<Item = Self> {
        MOVES.iter().filter(move |(from, ..)| *from == self).map(|(_, to, _)| *to)
    }

    /// What going there is called, if it may.
    pub fn may_go(self, to: Self) -> Result<&'static str, Refusal> {
        let way = MOVES.iter().find(|(from, there, _)| *from == self && *there == to);
        way.map(|(.., chinese)| *chinese).ok_or_else(|| {
            Refusal::new(
                format!("这个批次{}，不能改为“{}”。", self.chinese(), to.chinese()),
                "请刷新页面，按当前状态办理。",
            )
        })
    }

    /// Money is reserved for its lines, or has gone out.
    pub fn holds_money(self) -> bool {
        matches!(
            self,
            Self::Locked
                | Self::Requested
                | Self::Funded
                | Self::Voucher
                | Self::Sent
                | Self::Settled
        )
    }
}

/// Who did something and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hand {
    /// The account.
    pub account: AccountId,
    /// The person's name.
    pub name: String,
    /// When.
    pub at: Now,
}

/// 发放批次
#[doc(alias = "发放批次")]
#[derive(Clone, Debug)]
pub struct Run {
    /// Its number.
    pub id: RunId,
    /// Whose run.
    pub area: AreaId,
    /// Places of the area: from, and to but not including.
    pub place: (i32, i32),
    /// Id of the item.
    pub item: String,
    /// The month.
    pub month: Month,
    /// Which run of the month it is, dropped ones counted.
    pub sequence: i32,
    /// Which version; each is locked anew.
    pub version: i32,
    /// How far it has come.
    pub state: RunState,
    /// How many moves it has made: who acts says how many they saw.
    pub moves: i32,
    /// 人数: lines.
    pub lines: i64,
    /// 人月: months paid.
    pub months: i64,
    /// 当月金额
    pub current: Fen,
    /// 补发金额
    pub arrears: Fen,
    /// 暂缓人数
    pub held: i64,
    /// 原因不明的差异人数
    pub unexplained: i64,
    /// The month that it is compared with.
    pub before_month: Month,
    /// Lines then.
    pub before_lines: i64,
    /// Money that month paid for itself.
    pub before_total: Fen,
    /// 档次 by place in the item.
    pub bands: Vec<String>,
    /// 资金来源
    pub fund: String,
    /// What it rests on.
    pub snapshot: serde_json::Value,
    /// The last assertion that counted.
    pub mark: AssertionId,
    /// 内容摘要, once it is frozen.
    pub digest: Option<[u8; 32]>,
    /// 拟制
    pub proposed: Hand,
    /// 冻结
    pub frozen: Option<Hand>,
    /// 第一人锁定
    pub first: Option<Hand>,
    /// 第二人锁定
    pub second: Option<Hand>,
    /// 财政审核人
    pub funded_by: Option<AccountId>,
}

impl Run {
    /// All money.
    pub fn total(&self) -> Fen {
        [self.current, self.arrears].into_iter().sum()
    }

    /// Refuses a move that the run cannot make, or whose maker saw an older one.
    pub(crate) fn may_go(&self, seen: i32, to: RunState, last: &str) -> Result<(), Trouble> {
        if self.moves != seen {
            return Err(Trouble::Conflict(format!("{last}请刷新页面后再办。")));
        }
        self.state.may_go(to)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_is_reached_and_ends_settled_or_dropped() {
        for state in RunState::ALL {
            let reached = *state == RunState::Proposed || MOVES.iter().any(|it| it.1 == *state);
            let ends = matches!(state, RunState::Settled | RunState::Dropped);
            assert!(reached, "{state:?}");
            assert_eq!(state.next().count() == 0, ends, "{state:?}");
        }
    }

    #[test]
    fn what_is_at_the_bank_cannot_be_dropped() {
        let refused = RunState::Sent.may_go(RunState::Dropped).unwrap_err();
        assert_eq!(refused.sentence, "这个批次已交银行，不能改为“已作废”。");
    }
}
