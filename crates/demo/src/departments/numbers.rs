/// How many of what the files of the other departments hold. The county's numbers are the
/// story's and bind; the town's are the same in small.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Departments {
    /// Rows of the low-income roster: households, young and old.
    pub low_income_rows: usize,
    /// Of them people of the register.
    pub low_income_elders: usize,
    /// Rows of the roster of disability cards.
    pub disabled_rows: usize,
    /// Of them people of the register, by grade.
    pub disabled_elders: [usize; 4],
    /// Rows of the family-planning roster.
    pub family_planning_rows: usize,
    /// Of them people of the register.
    pub family_planning_elders: usize,
    /// Rows of the veterans' roster.
    pub veteran_rows: usize,
    /// Of them people of the register.
    pub veteran_elders: usize,
    /// Low income with grade 1 or 2, since April or May 2026, never assessed.
    pub assess_new: usize,
    /// Low income with grade 1 or 2, and the assessment has lapsed.
    pub assess_lapsed: usize,
    /// Low income with grade 1 or 2, and the assessment holds.
    pub assess_valid: usize,
    /// Of the lapsed those whose nursing subsidy runs on.
    pub subsidy_lapsed: usize,
    /// Paid the allowance in another county as well, by the province.
    pub paid_elsewhere: usize,
    /// Nursing subsidy here and an exclusive benefit elsewhere, by the province.
    pub overlapping: usize,
    /// Owed a visit in every month.
    pub visits: usize,
    /// Assessed and in no special group.
    pub other_assessed: usize,
    /// Entitled to the allowance, not paid, and without an account.
    pub without_account: usize,
    /// Paid the allowance and not seen for more than a year.
    pub without_trace: usize,
    /// Pairs of strangers with one account.
    pub shared_accounts: usize,
    /// Couples with one account.
    pub couples_sharing: usize,
    /// Accounts of people who are paid nothing.
    pub other_accounts: usize,
    /// Marriages of two people of the register in the extract, the couples that share included.
    pub couples: usize,
    /// Divorces in the extract, of one person of the register each.
    pub divorced: usize,
    /// Rows of the extract about people who are not in the register.
    pub marriages_outside: usize,
}

pub(crate) const COUNTY: Departments = Departments {
    low_income_rows: 6_842,
    low_income_elders: 3_912,
    disabled_rows: 5_407,
    disabled_elders: [331, 709, 1_064, 1_302],
    family_planning_rows: 412,
    family_planning_elders: 352,
    veteran_rows: 1_206,
    veteran_elders: 1_014,
    assess_new: 58,
    assess_lapsed: 212,
    assess_valid: 410,
    subsidy_lapsed: 9,
    paid_elsewhere: 5,
    overlapping: 17,
    visits: 3_260,
    other_assessed: 640,
    without_account: 27,
    without_trace: 31,
    shared_accounts: 2,
    couples_sharing: 3,
    other_accounts: 420,
    couples: 1_150,
    divorced: 420,
    marriages_outside: 380,
};

pub(crate) const TOWN: Departments = Departments {
    low_income_rows: 96,
    low_income_elders: 52,
    disabled_rows: 74,
    disabled_elders: [4, 9, 14, 18],
    family_planning_rows: 7,
    family_planning_elders: 6,
    veteran_rows: 16,
    veteran_elders: 14,
    assess_new: 2,
    assess_lapsed: 3,
    assess_valid: 5,
    subsidy_lapsed: 1,
    paid_elsewhere: 1,
    overlapping: 1,
    visits: 42,
    other_assessed: 9,
    without_account: 1,
    without_trace: 1,
    shared_accounts: 1,
    couples_sharing: 1,
    other_accounts: 6,
    couples: 14,
    divorced: 5,
    marriages_outside: 4,
};
