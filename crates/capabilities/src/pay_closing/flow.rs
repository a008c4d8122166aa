//! 发放批次的流程, as a table. A run is about many people, so that it keeps its own moves
//! (`payroll`); the table says who may do what, and draws the graph.

use cases::{Flow, MoveDef, StateDef, Window};
use kernel::Role;
use payroll::RunState;

const FINANCE: Role = Role::FinanceOfficer;
const COUNTY: Role = Role::CountyApprover;
const TREASURY: Role = Role::TreasuryReviewer;

const fn state(state: RunState, owner: Option<Role>) -> StateDef {
    StateDef { id: state.code(), chinese: state.chinese(), owner }
}

const fn act(
    (id, label): (&'static str, &'static str),
    from: &'static [&'static str],
    to: RunState,
    roles: &'static [Role],
    needs_note: bool,
) -> MoveDef {
    let (to, window) = (to.code(), Window::None);
    MoveDef { id, label, from, to, roles, hand: None, needs_note, codes: &[], window }
}

/// Every state in which nothing has left yet.
const BEFORE_THE_BANK: &[&str] =
    &["proposed", "frozen", "locked_once", "locked", "requested", "funded", "refused", "voucher"];

/// 月度发放
pub const FLOW: Flow = Flow {
    id: "pay_run",
    chinese: "月度发放",
    states: &[
        state(RunState::Proposed, Some(FINANCE)),
        state(RunState::Frozen, Some(FINANCE)),
        state(RunState::LockedOnce, Some(COUNTY)),
        state(RunState::Locked, Some(FINANCE)),
        state(RunState::Requested, Some(TREASURY)),
        state(RunState::Funded, Some(FINANCE)),
        state(RunState::Refused, Some(FINANCE)),
        state(RunState::Voucher, Some(FINANCE)),
        state(RunState::Sent, Some(FINANCE)),
        state(RunState::Settled, None),
        state(RunState::Dropped, None),
    ],
    moves: &[
        act(("freeze", "冻结"), &["proposed"], RunState::Frozen, &[FINANCE], false),
        act(("lock", "第一人锁定"), &["frozen"], RunState::LockedOnce, &[FINANCE], false),
        act(("lock_again", "第二人锁定"), &["locked_once"], RunState::Locked, &[COUNTY], false),
        act(("request", "资金申请"), &["locked"], RunState::Requested, &[FINANCE], false),
        act(("fund", "财政审核通过"), &["requested"], RunState::Funded, &[TREASURY], false),
        act(("refuse", "财政退回"), &["requested"], RunState::Refused, &[TREASURY], true),
        act(("reopen", "改为新版本"), &["refused"], RunState::Frozen, &[FINANCE], false),
        act(("voucher", "登记支付凭证"), &["funded"], RunState::Voucher, &[FINANCE], true),
        act(("send", "生成银行文件"), &["voucher"], RunState::Sent, &[FINANCE], false),
        act(("settle", "回盘结清"), &["sent"], RunState::Settled, &[FINANCE], false),
        act(("drop", "作废"), BEFORE_THE_BANK, RunState::Dropped, &[FINANCE], true),
    ],
};
