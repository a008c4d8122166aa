use kernel::Day;

use crate::Preset;
use crate::departments::{self, Departments};
use crate::june::{self, June};

/// How many of what a preset holds. The county's numbers are the story's and bind; the town's
/// are the same mechanics in small.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Numbers {
    /// Living people of 60 and more on 31 May 2026, the contradicted among them.
    pub living: usize,
    /// Of them 65 and more.
    pub living_65: usize,
    /// Of them 80 to 89.
    pub living_80: usize,
    /// Of them 90 to 99.
    pub living_90: usize,
    /// Of them 100 and more.
    pub living_100: usize,
    /// Entitled and not on the roster: turned 80 in May 2026.
    pub unpaid_new: usize,
    /// Entitled and not on the roster: turned 80 earlier.
    pub unpaid_older: usize,
    /// Those of the older who come in during June, the woman of 溪尾村 among them.
    pub back_pay_people: usize,
    /// Their months of arrears up to May 2026 together.
    pub back_pay_months: usize,
    /// On the roster in class 80–89 and turned 90 in May 2026.
    pub turned_90: usize,
    /// On the roster in class 90–99 and turned 100 in May 2026.
    pub turned_100: usize,
    /// Turn 80 from 3 June to 1 August 2026.
    pub soon_80: usize,
    /// Dead on the roster by class (80–89, 90–99, 100 and more), the overpaid among them.
    pub dead_on_roll: [usize; 3],
    /// Months paid after the month of death, one entry per person of class 80–89.
    pub overpaid_80: &'static [i32],
    /// The same of class 90–99.
    pub overpaid_90: &'static [i32],
    /// Cremated, and the police still has them as present, by class of the roster.
    pub not_at_police_on_roll: [usize; 3],
    /// Cremated, and the police still has them as present; not on the roster.
    pub not_at_police_off_roll: usize,
    /// Cancelled by death at the police, the contradicted among them.
    pub police_deaths: usize,
    /// Dead at the police with a clinic visit afterwards, and not cremated.
    pub contradicted: usize,
    /// Second entries of one cremation.
    pub repeated_cremations: usize,
    /// Dead of 80 and more whom the roster has rightly dropped (died at the end of April).
    pub dropped_80: usize,
    /// Moved out, still in the register with that state.
    pub moved_out: usize,
    /// Of them 80 and more.
    pub moved_out_80: usize,
    /// People with a clinic trace, without the contradicted.
    pub traces: usize,
    /// How June goes.
    pub june: June,
    /// What the other departments' files hold.
    pub more: Departments,
    /// Dirt of the files.
    pub dirt: Dirt,
}

/// How many rows of a file are dirty beyond what a stated normalisation mends for certain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dirt {
    /// 公安人口库
    pub register: FileDirt,
    /// 殡仪馆
    pub funeral: FileDirt,
    /// 发放名册
    pub roster: FileDirt,
    /// 医保
    pub traces: FileDirt,
    /// 低收入人口
    pub low_income: FileDirt,
    /// 持证残疾人
    pub disabled: FileDirt,
    /// 计划生育特殊家庭
    pub family_planning: FileDirt,
    /// 优抚对象
    pub veterans: FileDirt,
    /// 婚姻登记
    pub marriages: FileDirt,
    /// 养老保险
    pub insurance: FileDirt,
    /// 一卡通账户
    pub accounts: FileDirt,
    /// 能力评估台账
    pub assessments: FileDirt,
}

impl Dirt {
    /// The dirt of every file that has any, by supplier.
    pub const fn by_supplier(&self) -> [(&'static str, FileDirt); 12] {
        [
            ("police_register", self.register),
            ("funeral_home", self.funeral),
            ("legacy_roster", self.roster),
            ("medical_traces", self.traces),
            ("low_income_roster", self.low_income),
            ("disabled_persons", self.disabled),
            ("family_planning", self.family_planning),
            ("veterans", self.veterans),
            ("marriage_register", self.marriages),
            ("social_insurance", self.insurance),
            ("bank_accounts", self.accounts),
            ("legacy_assessments", self.assessments),
        ]
    }
}

/// The dirty rows of one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileDirt {
    /// Numbers of 15 digits, which convert.
    pub old_numbers: usize,
    /// For the match desk: number in scientific notation.
    pub desk_scientific: usize,
    /// For the match desk: another name than the number's holder has.
    pub desk_name: usize,
    /// For the match desk: one digit of the number is wrong.
    pub desk_digit: usize,
    /// For the match desk: no number.
    pub desk_empty: usize,
    /// For the match desk: one number for two people.
    pub desk_shared: usize,
    /// Unusable: number in scientific notation.
    pub unusable_scientific: usize,
    /// Unusable for any other reason, the reasons in turn.
    pub unusable_other: usize,
}

impl FileDirt {
    /// No dirt that a stated normalisation does not mend for certain.
    pub const CLEAN: Self = Self {
        old_numbers: 0,
        desk_scientific: 0,
        desk_name: 0,
        desk_digit: 0,
        desk_empty: 0,
        desk_shared: 0,
        unusable_scientific: 0,
        unusable_other: 0,
    };

    /// Rows for the match desk.
    pub const fn desk(self) -> usize {
        self.desk_scientific + self.desk_name + self.desk_digit + self.desk_empty + self.desk_shared
    }

    /// Rows that nobody can use.
    pub const fn unusable(self) -> usize {
        self.unusable_scientific + self.unusable_other
    }
}

const CLEAN: FileDirt = FileDirt::CLEAN;

const COUNTY: Numbers = Numbers {
    living: 98_214,
    living_65: 71_380,
    living_80: 11_932,
    living_90: 1_153,
    living_100: 21,
    unpaid_new: 104,
    unpaid_older: 135,
    back_pay_people: 47,
    back_pay_months: 311,
    turned_90: 19,
    turned_100: 1,
    soon_80: 208,
    dead_on_roll: [52, 13, 1],
    overpaid_80: &[4, 4, 4, 4, 4, 4, 4, 4, 4, 3, 2],
    overpaid_90: &[6],
    not_at_police_on_roll: [6, 2, 0],
    not_at_police_off_roll: 27,
    police_deaths: 283,
    contradicted: 2,
    repeated_cremations: 2,
    dropped_80: 40,
    moved_out: 412,
    moved_out_80: 20,
    traces: 12_000,
    june: june::COUNTY,
    more: departments::COUNTY,
    dirt: Dirt {
        register: FileDirt {
            old_numbers: 36,
            desk_scientific: 14,
            desk_digit: 26,
            desk_empty: 20,
            unusable_scientific: 5,
            unusable_other: 20,
            ..CLEAN
        },
        funeral: FileDirt {
            old_numbers: 8,
            desk_scientific: 4,
            desk_name: 4,
            desk_digit: 2,
            desk_empty: 2,
            unusable_other: 3,
            ..CLEAN
        },
        roster: FileDirt {
            old_numbers: 40,
            desk_scientific: 8,
            desk_name: 62,
            desk_digit: 26,
            desk_empty: 8,
            ..CLEAN
        },
        traces: FileDirt {
            old_numbers: 10,
            desk_name: 30,
            desk_digit: 18,
            desk_shared: 8,
            unusable_scientific: 2,
            unusable_other: 18,
            ..CLEAN
        },
        low_income: FileDirt {
            old_numbers: 8,
            desk_scientific: 3,
            desk_name: 9,
            desk_digit: 5,
            desk_empty: 3,
            unusable_scientific: 1,
            unusable_other: 5,
            ..CLEAN
        },
        disabled: FileDirt {
            old_numbers: 4,
            desk_scientific: 1,
            desk_name: 6,
            desk_digit: 4,
            unusable_other: 3,
            ..CLEAN
        },
        family_planning: FileDirt { unusable_other: 1, ..CLEAN },
        veterans: FileDirt {
            old_numbers: 2,
            desk_name: 3,
            desk_digit: 1,
            unusable_other: 1,
            ..CLEAN
        },
        marriages: FileDirt { desk_name: 3, unusable_other: 1, ..CLEAN },
        insurance: FileDirt {
            old_numbers: 2,
            desk_name: 4,
            desk_digit: 2,
            unusable_other: 1,
            ..CLEAN
        },
        accounts: FileDirt {
            old_numbers: 2,
            desk_name: 6,
            desk_digit: 2,
            unusable_other: 2,
            ..CLEAN
        },
        assessments: FileDirt { desk_name: 2, desk_digit: 1, unusable_other: 1, ..CLEAN },
    },
};

const TOWN: Numbers = Numbers {
    living: 1_260,
    living_65: 916,
    living_80: 153,
    living_90: 15,
    living_100: 2,
    unpaid_new: 2,
    unpaid_older: 4,
    back_pay_people: 2,
    back_pay_months: 12,
    turned_90: 1,
    turned_100: 1,
    soon_80: 4,
    dead_on_roll: [3, 1, 0],
    overpaid_80: &[2],
    overpaid_90: &[1],
    not_at_police_on_roll: [1, 0, 0],
    not_at_police_off_roll: 1,
    police_deaths: 7,
    contradicted: 1,
    repeated_cremations: 1,
    dropped_80: 1,
    moved_out: 6,
    moved_out_80: 1,
    traces: 160,
    june: june::TOWN,
    more: departments::TOWN,
    dirt: Dirt {
        register: FileDirt {
            old_numbers: 2,
            desk_scientific: 1,
            desk_digit: 1,
            desk_empty: 1,
            unusable_scientific: 1,
            unusable_other: 2,
            ..CLEAN
        },
        funeral: FileDirt { old_numbers: 1, desk_name: 1, ..CLEAN },
        roster: FileDirt {
            old_numbers: 2,
            desk_scientific: 1,
            desk_name: 1,
            desk_digit: 2,
            desk_empty: 1,
            ..CLEAN
        },
        traces: FileDirt {
            old_numbers: 1,
            desk_name: 1,
            desk_shared: 1,
            unusable_other: 1,
            ..CLEAN
        },
        low_income: FileDirt { desk_name: 1, unusable_other: 1, ..CLEAN },
        disabled: FileDirt { desk_digit: 1, ..CLEAN },
        family_planning: CLEAN,
        veterans: CLEAN,
        marriages: CLEAN,
        insurance: CLEAN,
        accounts: FileDirt { unusable_other: 1, ..CLEAN },
        assessments: CLEAN,
    },
};

impl Numbers {
    /// The numbers of a preset.
    pub const fn of(preset: Preset) -> &'static Self {
        match preset {
            Preset::Town => &TOWN,
            Preset::County => &COUNTY,
        }
    }

    /// Cremated, and the police still has them as present.
    pub fn not_at_police(&self) -> usize {
        self.not_at_police_on_roll.iter().sum::<usize>() + self.not_at_police_off_roll
    }

    /// Lines of May's roster in the classes 80–89, 90–99, 100 and more.
    pub fn roster_lines(&self) -> [usize; 3] {
        let [eighty, ninety, hundred] = self.dead_on_roll;
        let unpaid = self.unpaid_new + self.unpaid_older;
        [
            self.living_80 - unpaid + self.turned_90 + eighty,
            self.living_90 - self.turned_90 + self.turned_100 + ninety,
            self.living_100 - self.turned_100 + hundred,
        ]
    }

    /// Rows of the funeral home's ledger.
    pub fn cremations(&self) -> usize {
        self.police_deaths - self.contradicted + self.repeated_cremations + self.not_at_police()
    }
}

/// A civil day that we write.
pub(crate) fn day(year: i16, month: i8, day: i8) -> Day {
    Day::new(year, month, day).expect("the demo's own days exist")
}

/// 31 May 2026: the day on which the numbers above are counted.
pub(crate) fn census() -> Day {
    day(2026, 5, 31)
}
