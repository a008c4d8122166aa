use std::collections::BTreeMap;

use kernel::{Day, Month};
use serde::Serialize;

use crate::departments::Lead;
use crate::june::{self, Course, InJune, ReturnedLine};
use crate::numbers::{Numbers, census};
use crate::people::{Fate, Person, Roll, Story};

/// What is true of the county and of every row of its files; resident numbers stand whole, for
/// they are invented.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Truth {
    /// Counts by name, as the story states them.
    pub counts: BTreeMap<&'static str, usize>,
    /// Who belongs to which finding.
    pub sets: Sets,
    /// The rows of each file.
    pub files: Vec<FileTruth>,
}

/// Who belongs to which finding of 2 June, by whole resident number.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Sets {
    /// Entitled, not on the roster, turned 80 in May 2026: nothing is due before June.
    pub unpaid_new: Vec<String>,
    /// Entitled, not on the roster, turned 80 before May 2026.
    pub unpaid_older: Vec<Unpaid>,
    /// Those of the older who come in during June.
    pub back_pay: Vec<Unpaid>,
    /// On May's roster and dead.
    pub deaths_on_roll: Vec<DeathOnRoll>,
    /// Cremated, and the police still has them as present.
    pub not_yet_at_police: Vec<String>,
    /// Dead at the police, and seen at a clinic afterwards.
    pub contradicted: Vec<String>,
    /// Paid in class 80–89 and 90 since May.
    pub class_90: Vec<String>,
    /// Paid in class 90–99 and 100 since May.
    pub class_100: Vec<String>,
    /// Turn 80 within 60 days of 2 June.
    pub soon_80: Vec<String>,
    /// Low income with grade 1 or 2 since this spring, and never assessed.
    pub assess_new: Vec<String>,
    /// Low income with grade 1 or 2, and the assessment has lapsed.
    pub assess_lapsed: Vec<String>,
    /// Those of the lapsed whose nursing subsidy runs on, with its sum.
    pub subsidy_lapsed: Vec<Award>,
    /// Entitled to 养老服务补贴; every one is on the roster with this sum.
    pub care_service: Vec<Award>,
    /// Entitled to 护理补贴; every one is on the roster with this sum.
    pub nursing: Vec<Award>,
    /// By the province paid the allowance in another county as well.
    pub paid_elsewhere: Vec<PaidElsewhere>,
    /// By the province paid a benefit elsewhere that excludes the nursing subsidy here.
    pub overlapping: Vec<Overlapping>,
    /// Owed a visit in June.
    pub visits: Vec<String>,
    /// Entitled to the allowance, not paid, and without an account.
    pub without_account: Vec<String>,
    /// Everybody entitled to the allowance and unpaid, with where they stand when June closes.
    pub june: Vec<InJune>,
    /// Lines of June that the bank gives back in July.
    pub returned: Vec<ReturnedLine>,
    /// Paid the allowance; the last trace of life is from before May 2025, or there is none.
    pub without_trace: Vec<String>,
    /// Strangers with one account.
    pub shared_accounts: Vec<[String; 2]>,
    /// Married couples with one account: nothing is wrong with them.
    pub couples_sharing: Vec<[String; 2]>,
    /// The woman of 溪尾村 who lives alone and is owed 280 yuan.
    pub story_alone: String,
    /// The man of 东门社区, cremated on 9 May.
    pub story_cremated: String,
    /// Paid as moderate though the assessment has lapsed: a new one will find more.
    pub story_lapsed: String,
}

/// Somebody with a sum a month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Award {
    /// Resident number.
    pub number: String,
    /// Yuan a month.
    pub yuan: u32,
}

/// Somebody who is paid the allowance in two counties.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PaidElsewhere {
    /// Resident number.
    pub number: String,
    /// The other county.
    pub area: &'static str,
    /// Yuan a month there.
    pub yuan: u32,
}

/// Somebody with two benefits that exclude each other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Overlapping {
    /// Resident number.
    pub number: String,
    /// Stored word of the benefit elsewhere.
    pub benefit: &'static str,
    /// Yuan a month elsewhere.
    pub yuan: u32,
    /// Yuan a month of the nursing subsidy here.
    pub here_yuan: u32,
}

/// Somebody who is owed money.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unpaid {
    /// Resident number.
    pub number: String,
    /// Months due up to and with May 2026.
    pub arrears_months: i32,
}

/// Somebody dead on the roster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DeathOnRoll {
    /// Resident number.
    pub number: String,
    /// Class of the roster.
    pub band: &'static str,
    /// Day of death.
    pub died: Day,
    /// Months paid after the month of death, up to and with May 2026.
    pub overpaid_months: i32,
    /// Whether the police knows of the death.
    pub known_to_police: bool,
}

/// The rows of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FileTruth {
    /// Supplier's id.
    pub supplier: &'static str,
    /// Name of the file.
    pub file_name: String,
    /// Every row of data, in the file's order.
    pub rows: Vec<RowTruth>,
}

/// One row of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RowTruth {
    /// Row as the spreadsheet counts it, the first is 1.
    pub row: u32,
    /// What an importer should make of it.
    #[serde(flatten)]
    pub outcome: Outcome,
    /// Whom the row means, if it means anybody in the county.
    pub person: Option<String>,
}

/// What an importer should make of a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// Number and name are right as they stand.
    Exact,
    /// Right after these stated normalisations.
    Normalised {
        /// `id_15`, `id_lower_x`, `id_full_width`, `id_spaces`, `id_quote`, `name_spaces`,
        /// `name_dot`.
        what: Vec<&'static str>,
    },
    /// 待人工比对: there are candidates, and a person decides.
    Desk {
        /// `scientific_notation`, `name_differs`, `wrong_check_digit`, `two_people_one_id`,
        /// `empty_id`.
        reason: &'static str,
    },
    /// 未建档: legible, and about somebody who is not in the register.
    Outside,
    /// 无法使用: there is no candidate, or the row says nothing.
    Unusable {
        /// `scientific_notation`, `wrong_check_digit`, `impossible_birth`, `wrong_length`,
        /// `empty_id`, `empty_row`, `impossible_date`.
        reason: &'static str,
    },
}

/// 年龄段: the class that May's roster pays, by the age at the end of the month before.
pub(crate) fn class_in(month: Month, birth: Day) -> usize {
    match month.plus(-1).last().full_years_since(birth) {
        ..90 => 0,
        90..100 => 1,
        _ => 2,
    }
}

/// The classes as the roster writes them.
pub(crate) const BANDS: [&str; 3] = ["80-89周岁", "90-99周岁", "100周岁及以上"];

impl Sets {
    pub(crate) fn of(people: &[Person], numbers: &Numbers, whole: bool) -> Self {
        let mut sets = Self::default();
        let from = crate::numbers::day(1946, 6, 3);
        let soon = from..=from.plus_days(59);
        for person in people {
            let number = || person.number.reveal().to_owned();
            if let Roll::Unpaid { arrears, comes_in } = person.roll {
                let unpaid = Unpaid { number: number(), arrears_months: arrears };
                if arrears == 0 {
                    sets.unpaid_new.push(number());
                } else {
                    sets.unpaid_older.push(unpaid.clone());
                }
                if comes_in {
                    sets.back_pay.push(unpaid);
                }
            }
            if person.lives() && soon.contains(&person.birth) {
                sets.soon_80.push(number());
            }
            sets.take_death(person, number());
            if whole {
                sets.take_care(person);
                sets.take_means(person, people);
            }
            sets.take_class(person, number());
            match person.story {
                Some(Story::Alone) => sets.story_alone = number(),
                Some(Story::Cremated) => sets.story_cremated = number(),
                None => {}
            }
        }
        debug_assert_eq!(sets.soon_80.len(), numbers.soon_80);
        if whole {
            sets.june = june::course(people, numbers);
            sets.returned = june::returned(people, numbers);
        }
        let moderate = sets.subsidy_lapsed.iter().find(|it| it.yuan == 100);
        sets.story_lapsed = moderate.map(|it| it.number.clone()).unwrap_or_default();
        sets
    }

    fn take_death(&mut self, person: &Person, number: String) {
        match person.fate {
            Fate::Contradicted { .. } => self.contradicted.push(number),
            Fate::Dead { died, registered, .. } => {
                if registered.is_none() {
                    self.not_yet_at_police.push(number.clone());
                }
                if matches!(person.roll, Roll::On { .. }) {
                    self.deaths_on_roll.push(DeathOnRoll {
                        number,
                        band: BANDS[class_in(census().month(), person.birth)],
                        died,
                        overpaid_months: census().month().months_since(died.month()),
                        known_to_police: registered.is_some(),
                    });
                }
            }
            Fate::Living | Fate::MovedOut { .. } => {}
        }
    }

    fn take_class(&mut self, person: &Person, number: String) {
        if !person.lives() || !matches!(person.roll, Roll::On { .. }) {
            return;
        }
        let paid = class_in(census().month(), person.birth);
        let due = class_in(census().month().next(), person.birth);
        match (paid, due) {
            (0, 1) => self.class_90.push(number),
            (1, 2) => self.class_100.push(number),
            _ => {}
        }
    }
}

impl Sets {
    /// Assessments, subsidies, leads and visits.
    fn take_care(&mut self, person: &Person) {
        let traits = &person.traits;
        let number = || person.number.reveal().to_owned();
        let award = |yuan: u32| Award { number: number(), yuan };
        if traits.owed_assessment() && traits.assessment.is_none() {
            self.assess_new.push(number());
        }
        if traits.owed_assessment() && traits.lapsed() {
            self.assess_lapsed.push(number());
        }
        self.care_service.extend(traits.care_yuan.map(award));
        let nursing = if traits.lapsed() { &mut self.subsidy_lapsed } else { &mut self.nursing };
        nursing.extend(traits.nursing_yuan.map(award));
        match traits.lead {
            Some(Lead::Elsewhere { area, yuan }) => {
                self.paid_elsewhere.push(PaidElsewhere { number: number(), area, yuan });
            }
            Some(Lead::Exclusive { yuan }) => self.overlapping.push(Overlapping {
                number: number(),
                benefit: "disability_nursing",
                yuan,
                here_yuan: traits.nursing_yuan.unwrap_or(0),
            }),
            None => {}
        }
        if traits.visited_monthly() {
            self.visits.push(number());
        }
    }

    /// Accounts and traces.
    fn take_means(&mut self, person: &Person, people: &[Person]) {
        let traits = &person.traits;
        let number = || person.number.reveal().to_owned();
        if matches!(person.roll, Roll::Unpaid { .. }) && traits.account.is_none() {
            self.without_account.push(number());
        }
        if traits.quiet {
            self.without_trace.push(number());
        }
        if let Some(other) = traits.shares.map(|other| &people[other].number) {
            let pair = [number(), other.reveal().to_owned()];
            // Each pair once, by the smaller number.
            if pair[0] < pair[1] {
                let married = traits.spouse.is_some();
                if married { &mut self.couples_sharing } else { &mut self.shared_accounts }
                    .push(pair);
            }
        }
    }
}

impl Truth {
    pub(crate) fn new(people: &[Person], numbers: &Numbers, files: Vec<FileTruth>) -> Self {
        // What rests on the other departments is true only beside all their files.
        let whole = files.iter().any(|file| file.supplier == "legacy_assessments");
        let sets = Sets::of(people, numbers, whole);
        let aged = |from: i32, to: i32| {
            people.iter().filter(|p| p.lives() && (from..to).contains(&p.age())).count()
        };
        let rows = |of: fn(&Outcome) -> bool| {
            files.iter().flat_map(|file| &file.rows).filter(|row| of(&row.outcome)).count()
        };
        let months = |unpaid: &[Unpaid]| {
            let sum: i32 = unpaid.iter().map(|it| it.arrears_months).sum();
            usize::try_from(sum).unwrap_or(0)
        };
        let overpaid: i32 = sets.deaths_on_roll.iter().map(|it| it.overpaid_months).sum();
        let after = sets.deaths_on_roll.iter().filter(|it| it.overpaid_months > 0).count();
        let course = |of: Course| sets.june.iter().filter(|it| it.course == of).count();
        let counts = BTreeMap::from([
            ("living_60", aged(60, 200)),
            ("living_65", aged(65, 200)),
            ("living_80_89", aged(80, 90)),
            ("living_90_99", aged(90, 100)),
            ("living_100", aged(100, 200)),
            ("unpaid", sets.unpaid_new.len() + sets.unpaid_older.len()),
            ("unpaid_new", sets.unpaid_new.len()),
            ("unpaid_older", sets.unpaid_older.len()),
            ("back_pay_people", sets.back_pay.len()),
            ("back_pay_months", months(&sets.back_pay)),
            ("deaths_on_roll", sets.deaths_on_roll.len()),
            ("paid_after_death", after),
            ("overpaid_months", usize::try_from(overpaid).unwrap_or(0)),
            ("not_yet_at_police", sets.not_yet_at_police.len()),
            ("contradicted", sets.contradicted.len()),
            ("class_90", sets.class_90.len()),
            ("class_100", sets.class_100.len()),
            ("soon_80", sets.soon_80.len()),
            ("assess_new", sets.assess_new.len()),
            ("assess_lapsed", sets.assess_lapsed.len()),
            ("subsidy_lapsed", sets.subsidy_lapsed.len()),
            ("care_service", sets.care_service.len()),
            ("nursing", sets.nursing.len()),
            ("paid_elsewhere", sets.paid_elsewhere.len()),
            ("overlapping", sets.overlapping.len()),
            ("visits", sets.visits.len()),
            ("without_account", sets.without_account.len()),
            ("without_trace", sets.without_trace.len()),
            ("june_came_in", course(Course::CameIn)),
            ("june_not_reached", course(Course::NotReached)),
            ("june_without_account", course(Course::WithoutAccount)),
            ("june_declined", course(Course::Declined)),
            ("june_objection", course(Course::Objection)),
            ("returned", sets.returned.len()),
            ("shared_accounts", sets.shared_accounts.len()),
            ("rows_exact", rows(|it| matches!(it, Outcome::Exact))),
            ("rows_normalised", rows(|it| matches!(it, Outcome::Normalised { .. }))),
            ("rows_desk", rows(|it| matches!(it, Outcome::Desk { .. }))),
            ("rows_outside", rows(|it| matches!(it, Outcome::Outside))),
            ("rows_unusable", rows(|it| matches!(it, Outcome::Unusable { .. }))),
        ]);
        Self { counts, sets, files }
    }
}
