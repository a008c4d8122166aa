//! 上报环节: how far a run has come, and where it may go from there.

/// 上报环节
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunState {
    /// 待确认: made and shown; nothing has left.
    Draft,
    /// 已封存: confirmed; its bytes will not change.
    Frozen,
    /// 在线报送中
    Sending,
    /// 不知道是否送达: the connection broke after the file was sent.
    Unclear,
    /// 已送出，等回执
    Sent,
    /// 全部接收
    Settled,
    /// 部分退回: refused rows wait to be put right and sent again in a run of their own.
    PartlyRefused,
    /// 作废: never left.
    Dropped,
}

impl RunState {
    /// All states.
    pub const ALL: [Self; 8] = [
        Self::Draft,
        Self::Frozen,
        Self::Sending,
        Self::Unclear,
        Self::Sent,
        Self::Settled,
        Self::PartlyRefused,
        Self::Dropped,
    ];

    /// The stored word.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Frozen => "frozen",
            Self::Sending => "sending",
            Self::Unclear => "unclear",
            Self::Sent => "sent",
            Self::Settled => "settled",
            Self::PartlyRefused => "partly_refused",
            Self::Dropped => "dropped",
        }
    }

    /// The bureau's word.
    pub const fn chinese(self) -> &'static str {
        match self {
            Self::Draft => "待确认",
            Self::Frozen => "已封存，待送出",
            Self::Sending => "在线报送中",
            Self::Unclear => "不知道是否送达",
            Self::Sent => "已送出，等回执",
            Self::Settled => "全部接收",
            Self::PartlyRefused => "部分退回",
            Self::Dropped => "已作废",
        }
    }

    /// From the stored word.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// The published graph. Nothing leads from a state in which the file may have arrived back to
    /// sending it, but for a person's finding that it has not.
    pub const fn next(self) -> &'static [Self] {
        match self {
            Self::Draft => &[Self::Frozen, Self::Dropped],
            Self::Frozen => &[Self::Sending, Self::Sent, Self::Dropped],
            Self::Sending => &[Self::Sent, Self::Unclear, Self::Frozen],
            Self::Unclear => &[Self::Sent, Self::Frozen],
            Self::Sent => &[Self::Settled, Self::PartlyRefused],
            Self::Settled | Self::PartlyRefused | Self::Dropped => &[],
        }
    }

    /// Whether another run of the same layout has to wait for this one.
    pub const fn holds_up(self) -> bool {
        matches!(self, Self::Frozen | Self::Sending | Self::Unclear)
    }

    /// Whether what it says counts as reported.
    pub const fn has_left(self) -> bool {
        matches!(self, Self::Sent | Self::Settled | Self::PartlyRefused)
    }
}

/// 上报方式
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunKind {
    /// 全量: everybody, as if nothing had been reported before.
    Full,
    /// 增量: what was added, changed or ended since the last run that left.
    Increment,
    /// 重报: only rows of an earlier run that were refused.
    Retry,
}

impl RunKind {
    /// The stored word.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Increment => "increment",
            Self::Retry => "retry",
        }
    }

    /// The bureau's word.
    pub const fn chinese(self) -> &'static str {
        match self {
            Self::Full => "全量",
            Self::Increment => "增量",
            Self::Retry => "退回重报",
        }
    }

    /// From the stored word.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Full, Self::Increment, Self::Retry].into_iter().find(|kind| kind.code() == code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reachable(from: RunState) -> Vec<RunState> {
        let mut found = vec![from];
        let mut at = 0;
        while let Some(state) = found.get(at).copied() {
            let new = state.next().iter().filter(|it| !found.contains(it)).copied();
            let new: Vec<_> = new.collect();
            found.extend(new);
            at += 1;
        }
        found
    }

    #[test]
    fn every_state_is_reached_from_a_draft_and_leads_to_an_end() {
        let all = reachable(RunState::Draft);
        for state in RunState::ALL {
            assert!(all.contains(&state), "{state:?}");
            assert!(reachable(state).iter().any(|it| it.next().is_empty()), "{state:?}");
            assert_eq!(RunState::from_code(state.code()), Some(state));
        }
    }

    #[test]
    fn what_has_left_is_never_sent_again_and_what_has_not_left_is_not_settled() {
        for state in RunState::ALL {
            if state.has_left() {
                assert!(!reachable(state).contains(&RunState::Sending), "{state:?}");
                assert!(!reachable(state).contains(&RunState::Frozen), "{state:?}");
            }
            if state.next().contains(&RunState::Settled) {
                assert!(state.has_left(), "{state:?}");
            }
        }
    }
}
