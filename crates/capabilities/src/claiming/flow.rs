//! 追缴: how a claim for money that was paid wrongly goes on.

use cases::{Flow, MoveDef, ReasonCode, StateDef, Window};
use kernel::Role;

const MONEY: &[Role] = &[Role::FinanceOfficer, Role::CountyApprover];

/// 移送原因
const REFER: &[ReasonCode] = &[
    ReasonCode { id: "refuses", label: "拒不退还" },
    ReasonCode { id: "fraud", label: "涉嫌冒领、骗取" },
    ReasonCode { id: "official", label: "涉及工作人员，移送纪检监察" },
];

const fn step(
    id: &'static str,
    label: &'static str,
    from: &'static [&'static str],
    to: &'static str,
) -> MoveDef {
    MoveDef {
        id,
        label,
        from,
        to,
        roles: MONEY,
        hand: None,
        needs_note: false,
        codes: &[],
        window: Window::None,
    }
}

/// 追缴: opened → noticed → agreed → repaid, written off or referred.
pub(crate) const FLOW: Flow = Flow {
    id: "recovery",
    chinese: "追缴",
    states: &[
        StateDef { id: "opened", chinese: "已登记", owner: Some(Role::FinanceOfficer) },
        StateDef { id: "noticed", chinese: "已通知", owner: Some(Role::FinanceOfficer) },
        StateDef { id: "agreed", chinese: "已签还款协议", owner: Some(Role::FinanceOfficer) },
        StateDef { id: "referred", chinese: "已移送", owner: Some(Role::FinanceOfficer) },
        StateDef { id: "repaid", chinese: "已追回", owner: None },
        StateDef { id: "written_off", chinese: "已核销", owner: None },
        StateDef { id: "withdrawn", chinese: "已撤销", owner: None },
    ],
    moves: &[
        step("notice", "送达追缴通知", &["opened", "noticed", "agreed"], "noticed"),
        step("agree", "签还款协议", &["opened", "noticed", "agreed"], "agreed"),
        MoveDef {
            needs_note: true,
            codes: REFER,
            ..step("refer", "移送", &["noticed", "agreed"], "referred")
        },
        step("repaid", "全部追回", OPEN, "repaid"),
        step("written_off", "余额核销", OPEN, "written_off"),
        MoveDef { needs_note: true, ..step("withdraw", "撤销追缴", OPEN, "withdrawn") },
    ],
};

/// States in which money is still owed.
pub(crate) const OPEN: &[&str] = &["opened", "noticed", "agreed", "referred"];
