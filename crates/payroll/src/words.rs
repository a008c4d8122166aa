//! The words of pay runs, each with its stored word and the bureau's.

macro_rules! words {
    ($(#[$doc:meta])* $name:ident {
        $($(#[$vdoc:meta])* $variant:ident = $code:literal, $chinese:literal;)*
    }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vdoc])* #[doc = $chinese] $variant,)* }

        impl $name {
            /// All of them, in a stated order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The stored word.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// The bureau's word.
            pub const fn chinese(self) -> &'static str {
                match self { $(Self::$variant => $chinese,)* }
            }

            /// The one with this stored word.
            pub fn from_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|it| it.code() == code)
            }
        }
    };
}

words! {
    /// 批次状态: how far a pay run has come.
    RunState {
        Proposed = "proposed", "已拟制";
        Frozen = "frozen", "已冻结";
        LockedOnce = "locked_once", "一人已锁定";
        Locked = "locked", "已锁定";
        Requested = "requested", "已申请资金";
        Funded = "funded", "财政已审";
        Refused = "refused", "财政退回";
        Voucher = "voucher", "已有支付凭证";
        Sent = "sent", "已交银行";
        Settled = "settled", "已结清";
        Dropped = "dropped", "已作废";
    }
}

words! {
    /// 明细月份的性质: why a month is paid in this run.
    SegmentKind {
        Current = "current", "当月";
        Arrears = "arrears", "补发";
        Reissue = "reissue", "退汇重发";
    }
}

words! {
    /// 差异原因: why somebody is paid otherwise than last month.
    Cause {
        Added = "added", "新增";
        Restored = "restored", "恢复";
        MovedIn = "moved_in", "转入";
        ClassChange = "class_change", "档次变化";
        RateChange = "rate_change", "标准调整";
        StoppedDeath = "stopped_death", "去世停发";
        StoppedOther = "stopped_other", "其他停发";
        Held = "held", "暂缓";
        MovedOut = "moved_out", "转出";
        Arrears = "arrears", "补发";
        Reissued = "reissued", "退汇重发";
        Unexplained = "unexplained", "原因不明";
    }
}

words! {
    /// 暂缓原因: why somebody with an award is not paid this month, though nothing is decided.
    HoldCause {
        DeathClaim = "death_claim", "有死亡信息，待核实";
        Objection = "objection", "有异议，待处理";
        Survival = "survival", "待生存核验";
        Decision = "decision", "决定暂缓";
        Unknown = "unknown", "缺少资料，不能判定";
        NotEncoded = "not_encoded", "当月规定未录入";
        NoAccount = "no_account", "没有收款账户";
    }
}

words! {
    /// 不发原因: why nothing is due for the current month.
    Out {
        Death = "death", "去世";
        MovedOut = "moved_out", "户籍转出";
        Stopped = "stopped", "已停发";
        NotEntitled = "not_entitled", "不符合条件";
        /// Not a month in which the item pays, or all of it has been paid.
        NothingDue = "nothing_due", "当月没有应发";
        NoAward = "no_award", "没有待遇记录";
    }
}

words! {
    /// 明细结果: what the bank says of a line.
    Answer {
        Paid = "paid", "成功";
        Returned = "returned", "退汇";
        Unknown = "unknown", "未明";
    }
}

words! {
    /// 释放原因: why a month that was in a locked run is not paid by it after all.
    Release {
        Returned = "returned", "退汇";
        Refused = "refused", "财政退回";
        Dropped = "dropped", "批次作废";
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_read_again() {
        for state in RunState::ALL {
            assert_eq!(RunState::from_code(state.code()), Some(*state));
        }
        for cause in Cause::ALL {
            assert_eq!(Cause::from_code(cause.code()), Some(*cause));
        }
        for hold in HoldCause::ALL {
            assert_eq!(HoldCause::from_code(hold.code()), Some(*hold));
        }
        assert_eq!(SegmentKind::from_code("补发"), None);
    }
}
