//! The table of rights: which role may do what. Areas are not asked here but by the scope.

use kernel::{Purpose, Role};

/// What somebody may be allowed to do. Few, and asked literally.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
    /// 看待办: see the duties of the area.
    SeeDuties,
    /// 办待办: record what came of a duty.
    DecideDuties,
    /// 看档案: find and open elders.
    SeePeople,
    /// 看证件号: see a whole resident number, for a reason that is kept.
    RevealNumber,
    /// 看部门数据: see what files came and what came of them.
    SeeFiles,
    /// 收部门数据: receive, stage and return files.
    ReceiveFiles,
    /// 入库与撤销: apply a staged file, or undo an applied one.
    AcceptFiles,
    /// 确认死亡信息: apply a file that another person has accepted.
    ConfirmDeaths,
    /// 看清单: read the published lists.
    SeeLists,
    /// 看在线用户: see who is signed in, and sign them out.
    ManageSessions,
    /// 管账号: open accounts within the own area, and end them.
    ManageAccounts,
    /// 看留痕: read audit entries.
    SeeAudit,
    /// 上报: make, download and send what goes to other systems, and take their receipts.
    ReportUp,
    /// 合并重复档案: propose, confirm, refuse and undo a merge of two files.
    MergePeople,
    /// 受理: take in an application, an objection, a report of a death or a move.
    AcceptCases,
    /// 审核: check what was accepted; post it for the public.
    ReviewCases,
    /// 审批: decide what was reviewed, and what becomes of money that was paid wrongly.
    ApproveCases,
    /// 看发放: see pay runs, bank files and the accounts of funds.
    SeePay,
    /// 编制发放: propose, freeze and lock a pay run, hand out bank files, take in returns.
    PreparePay,
    /// 复核发放: lock a pay run as the second person, release bank files after a restore.
    ConfirmPay,
    /// 财政审核: pass or refuse a request for funds.
    ReviewFunds,
}

impl Action {
    /// All of them, in a stated order.
    pub const ALL: [Self; 21] = [
        Self::SeeDuties,
        Self::DecideDuties,
        Self::SeePeople,
        Self::RevealNumber,
        Self::SeeFiles,
        Self::ReceiveFiles,
        Self::AcceptFiles,
        Self::ConfirmDeaths,
        Self::SeeLists,
        Self::ManageSessions,
        Self::ManageAccounts,
        Self::SeeAudit,
        Self::ReportUp,
        Self::MergePeople,
        Self::AcceptCases,
        Self::ReviewCases,
        Self::ApproveCases,
        Self::SeePay,
        Self::PreparePay,
        Self::ConfirmPay,
        Self::ReviewFunds,
    ];

    /// The bureau's word.
    pub const fn chinese(self) -> &'static str {
        match self {
            Self::SeeDuties => "看待办",
            Self::DecideDuties => "办待办",
            Self::SeePeople => "看档案",
            Self::RevealNumber => "看证件号",
            Self::SeeFiles => "看部门数据",
            Self::ReceiveFiles => "收部门数据",
            Self::AcceptFiles => "入库与撤销",
            Self::ConfirmDeaths => "确认死亡信息",
            Self::SeeLists => "看清单",
            Self::ManageSessions => "管在线用户",
            Self::ManageAccounts => "管账号",
            Self::SeeAudit => "看留痕",
            Self::ReportUp => "上报",
            Self::MergePeople => "合并重复档案",
            Self::AcceptCases => "受理",
            Self::ReviewCases => "审核",
            Self::ApproveCases => "审批",
            Self::SeePay => "看发放",
            Self::PreparePay => "编制发放",
            Self::ConfirmPay => "复核发放",
            Self::ReviewFunds => "财政审核",
        }
    }
}

/// Whether the role may do it, anywhere. `docs/generated/permissions.md` shows the whole table.
pub fn may(role: Role, action: Action) -> bool {
    use Action::{
        AcceptCases, AcceptFiles, ApproveCases, ConfirmDeaths, ConfirmPay, DecideDuties,
        ManageAccounts, ManageSessions, MergePeople, PreparePay, ReceiveFiles, ReportUp,
        RevealNumber, ReviewCases, ReviewFunds, SeeAudit, SeeDuties, SeeFiles, SeeLists, SeePay,
        SeePeople,
    };
    let actions: &[Action] = match role {
        Role::VillageWorker => &[SeeDuties, DecideDuties, SeePeople, AcceptCases, SeeLists],
        Role::TownReviewer => &[
            SeeDuties,
            DecideDuties,
            SeePeople,
            RevealNumber,
            AcceptCases,
            ReviewCases,
            SeePay,
            SeeLists,
        ],
        Role::FinanceOfficer => {
            &[SeeDuties, DecideDuties, SeePeople, RevealNumber, SeePay, PreparePay, SeeLists]
        }
        Role::TreasuryReviewer => &[SeePay, ReviewFunds, SeeLists],
        Role::CountyApprover => &[
            SeeDuties,
            DecideDuties,
            SeePeople,
            RevealNumber,
            SeeFiles,
            ConfirmDeaths,
            MergePeople,
            ApproveCases,
            SeePay,
            ConfirmPay,
            SeeLists,
        ],
        Role::DataOfficer => &[
            SeeDuties,
            DecideDuties,
            SeePeople,
            RevealNumber,
            SeeFiles,
            ReceiveFiles,
            AcceptFiles,
            MergePeople,
            ConfirmDeaths,
            ReportUp,
            SeeLists,
        ],
        Role::Auditor => {
            &[SeeDuties, SeePeople, RevealNumber, SeeFiles, SeePay, SeeLists, SeeAudit]
        }
        Role::ListOwner => &[SeeLists],
        Role::Administrator => &[ManageSessions, ManageAccounts, SeeLists],
    };
    actions.contains(&action)
}

/// Why somebody of this role looks at people.
pub fn purpose_of(role: Role) -> Purpose {
    match role {
        Role::VillageWorker => Purpose::Acceptance,
        Role::TownReviewer => Purpose::Review,
        Role::CountyApprover => Purpose::Approval,
        Role::DataOfficer => Purpose::DataCollection,
        Role::FinanceOfficer | Role::TreasuryReviewer => Purpose::Disbursement,
        Role::Auditor => Purpose::Audit,
        Role::ListOwner => Purpose::Supervision,
        Role::Administrator => Purpose::Administration,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_administrator_lets_others_in() {
        for role in Role::ALL {
            assert_eq!(may(*role, Action::ManageAccounts), *role == Role::Administrator);
        }
    }

    #[test]
    fn who_keeps_the_machines_sees_no_elder() {
        for action in [Action::SeePeople, Action::SeeDuties, Action::SeeFiles] {
            assert!(!may(Role::Administrator, action));
            assert!(!may(Role::ListOwner, action));
        }
    }

    #[test]
    fn the_county_and_the_data_officer_confirm_what_another_has_accepted() {
        for role in Role::ALL {
            let confirms = matches!(role, Role::CountyApprover | Role::DataOfficer);
            assert_eq!(may(*role, Action::ConfirmDeaths), confirms);
        }
    }

    #[test]
    fn only_the_data_officer_brings_files_in() {
        for role in Role::ALL {
            assert_eq!(may(*role, Action::AcceptFiles), *role == Role::DataOfficer);
        }
    }
}
