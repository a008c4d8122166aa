use serde::{Deserialize, Serialize};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident {
        $($(#[$vdoc:meta])* $variant:ident = $code:literal, $chinese:literal;)*
    }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
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
    /// 岗位: what somebody is signed in as. Rights follow from it by one table in `access`.
    Role {
        VillageWorker = "village_worker", "村级养老专干";
        TownReviewer = "town_reviewer", "乡镇审核";
        CountyApprover = "county_approver", "县级审批";
        DataOfficer = "data_officer", "数据专管";
        FinanceOfficer = "finance_officer", "资金发放";
        TreasuryReviewer = "treasury_reviewer", "财政审核";
        Auditor = "auditor", "审计监督";
        ListOwner = "list_owner", "清单管理";
        Administrator = "administrator", "系统管理";
    }
}

words! {
    /// 用途: why somebody looks at a person. Each names what may be seen clear.
    Purpose {
        Acceptance = "acceptance", "受理";
        Review = "review", "审核";
        Approval = "approval", "审批";
        Disbursement = "disbursement", "发放";
        DataCollection = "data_collection", "数据归集";
        Supervision = "supervision", "监督";
        Audit = "audit", "审计";
        Administration = "administration", "系统管理";
    }
}
