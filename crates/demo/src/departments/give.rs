use kernel::{Day, Month, Sex};

use super::Departments;
use super::traits::{
    Assessment, Category, Disability, FamilyPlanning, Lead, Level, Living, Relief,
};
use crate::numbers::day;
use crate::people::{Person, Roll, Story};
use crate::rng::Rng;

/// Gives people what the other departments know of them, so that the numbers come out.
pub(crate) fn give(people: &mut [Person], more: &Departments, seed: u64) {
    let mut giver = Giver::new(people, Rng::new(0x7EA1_7500 ^ seed));
    giver.quiet(more);
    giver.paid_elsewhere(more);
    giver.strangers_sharing(more);
    giver.couples(more);
    giver.turn();
    let owed = giver.owed_assessment(more);
    giver.low_income_and_disabled(more, &owed);
    giver.turn();
    giver.families(more);
    giver.subsidies(more);
    giver.visited(more);
    giver.others_assessed(more);
    super::means::give(giver.people, more, &mut giver.rng);
}

struct Giver<'a> {
    people: &'a mut [Person],
    rng: Rng,
    /// Ordinary people in the order in which they are drawn.
    order: Vec<usize>,
}

const SPAN: i64 = 364;
/// In turn, so that a small preset has the graver ones as well.
const LEVELS: [Level; 10] = [
    Level::Moderate,
    Level::Severe,
    Level::Mild,
    Level::Complete,
    Level::Moderate,
    Level::Mild,
    Level::Severe,
    Level::Moderate,
    Level::Able,
    Level::Mild,
];
const KINDS: [&str; 9] = ["肢体", "肢体", "肢体", "视力", "听力", "精神", "智力", "多重", "言语"];

impl<'a> Giver<'a> {
    fn new(people: &'a mut [Person], mut rng: Rng) -> Self {
        let mut order: Vec<usize> = (0..people.len()).filter(|at| people[*at].ordinary()).collect();
        rng.shuffle(&mut order);
        Self { people, rng, order }
    }

    /// The first so many who fit and are none of the story's few.
    fn take(&self, count: usize, fits: impl Fn(&Person) -> bool) -> Vec<usize> {
        let wanted = |at: &usize| !self.people[*at].traits.apart() && fits(&self.people[*at]);
        let taken: Vec<usize> = self.order.iter().copied().filter(wanted).take(count).collect();
        assert_eq!(taken.len(), count, "a preset has enough people");
        taken
    }

    /// Others come to the front of the line, so that the groups mix.
    fn turn(&mut self) {
        let part = self.order.len() * 2 / 7;
        self.order.rotate_left(part);
    }

    fn month(&mut self, from: i16, years: usize) -> Month {
        let back = i32::try_from(self.rng.below(years * 12)).expect("some years");
        Month::new(from, 1).expect("a month").plus(back)
    }

    fn day(&mut self, from: Day, days: usize) -> Day {
        from.plus_days(i64::try_from(self.rng.below(days)).expect("some years of days"))
    }

    fn quiet(&mut self, more: &Departments) {
        for at in self.take(more.without_trace, paid) {
            self.people[at].traits.quiet = true;
        }
    }

    fn paid_elsewhere(&mut self, more: &Departments) {
        const THERE: [(&str, u32); 5] = [
            ("安澜省青屏市长岭县", 50),
            ("安澜省临江市江北区", 60),
            ("安澜省青屏市青屏区", 50),
            ("安澜省云州市平川县", 30),
            ("安澜省临江市沙河县", 40),
        ];
        for (at, (area, yuan)) in self.take(more.paid_elsewhere, paid).into_iter().zip(THERE) {
            self.people[at].traits.lead = Some(Lead::Elsewhere { area, yuan });
        }
    }

    fn strangers_sharing(&mut self, more: &Departments) {
        for _ in 0..more.shared_accounts {
            let one = self.take(1, paid)[0];
            let village = self.people[one].village;
            let other = self.take(1, |it| paid(it) && it.village != village)[0];
            self.people[one].traits.shares = Some(other);
            self.people[other].traits.shares = Some(one);
        }
    }

    /// Married couples of one village; the first of them share an account.
    fn couples(&mut self, more: &Departments) {
        let mut next = 0;
        for n in 0..more.couples {
            let shares = n < more.couples_sharing;
            let pair = self.couple(&mut next, if shares { paid } else { |_| true });
            let [one, other] = pair.expect("a preset has enough people to marry");
            for (at, spouse) in [(one, other), (other, one)] {
                let traits = &mut self.people[at].traits;
                traits.spouse = Some(spouse);
                traits.shares = shares.then_some(spouse);
            }
        }
    }

    fn couple(&self, next: &mut usize, fits: fn(&Person) -> bool) -> Option<[usize; 2]> {
        let single = |it: &Person| !it.traits.apart() && it.traits.spouse.is_none() && fits(it);
        while let Some(one) = self.order.get(*next).copied() {
            *next += 1;
            let man = &self.people[one];
            if man.sex != Sex::Male || !single(man) {
                continue;
            }
            let suits = |at: &usize| {
                let woman = &self.people[*at];
                woman.sex == Sex::Female
                    && woman.village == man.village
                    && woman.birth.days_since(man.birth).abs() < 8 * 365
                    && single(woman)
            };
            let near = one.saturating_sub(400)..(one + 400).min(self.people.len());
            if let Some(other) = near.filter(|at| self.people[*at].ordinary()).find(suits) {
                return Some([one, other]);
            }
        }
        None
    }

    fn relief(&mut self, since: Month) -> Relief {
        let category = match self.rng.below(100) {
            0..62 => Category::MinimumLiving,
            62..71 => Category::Destitute,
            71..88 => Category::Edge,
            88..93 => Category::Rigid,
            _ => Category::Other,
        };
        Relief { category, since }
    }

    fn disability(&mut self, grade: u8) -> Disability {
        let issued = self.day(day(2009, 3, 1), 5_900);
        let kind = *self.rng.pick(&KINDS);
        Disability { kind, grade, issued }
    }

    /// Low income with grade 1 or 2: new, lapsed and valid. Gives back how many of each grade.
    fn owed_assessment(&mut self, more: &Departments) -> [usize; 2] {
        let (new, lapsed) = (more.assess_new, more.assess_lapsed);
        let all = new + lapsed + more.assess_valid;
        let [one, two, ..] = more.disabled_elders;
        let gravest = one * all / (one + two);
        let people = self.take(all, |_| true);
        for (n, at) in people.into_iter().enumerate() {
            let grade = if n * one / (one + two) < (n + 1) * one / (one + two) { 1 } else { 2 };
            let since = self.month(2012, 13);
            let mut relief = self.relief(since);
            let mut disability = self.disability(grade);
            let level = LEVELS[n % LEVELS.len()];
            let assessment = match n {
                _ if n < new => {
                    // One of the two became so in this spring.
                    if n.is_multiple_of(2) {
                        relief.since = Month::new(2026, 4)
                            .expect("a month")
                            .plus(i32::from(n.is_multiple_of(4)));
                    } else {
                        disability.issued = self.day(day(2026, 4, 2), 56);
                    }
                    None
                }
                _ if n < new + lapsed => Some(self.lapsed(LEVELS[(n - new) % LEVELS.len()])),
                _ => Some(self.valid(level)),
            };
            let traits = &mut self.people[at].traits;
            traits.relief = Some(relief);
            traits.disability = Some(disability);
            traits.assessment = assessment;
        }
        [gravest, all - gravest]
    }

    fn living(&mut self) -> Living {
        match self.rng.below(10) {
            0 => Living::Alone,
            1 => Living::EmptyNest,
            2 => Living::InInstitution,
            _ => Living::WithFamily,
        }
    }

    /// A level that ended in May 2026 at the latest, two of five by the retired standard.
    fn lapsed(&mut self, level: Level) -> Assessment {
        let retired = self.rng.chance(2, 5);
        let (on, level) = if retired {
            // The old standard ends at severe.
            (self.day(day(2020, 9, 1), 850), level.min(Level::Severe))
        } else {
            (self.day(day(2023, 3, 1), 780), level)
        };
        Assessment { retired, level, on, until: on.plus_days(SPAN), living: self.living() }
    }

    /// A level that holds beyond June.
    fn valid(&mut self, level: Level) -> Assessment {
        let on = self.day(day(2025, 7, 5), 310);
        let living = self.living();
        Assessment { retired: false, level, on, until: on.plus_days(SPAN), living }
    }

    fn low_income_and_disabled(&mut self, more: &Departments, owed: &[usize; 2]) {
        let all_owed: usize = owed.iter().sum();
        let plain = |it: &Person| it.traits.relief.is_none() && it.traits.disability.is_none();
        let poor = self.take(more.low_income_elders - all_owed, plain);
        for at in &poor {
            let since = self.month(2011, 15);
            self.people[*at].traits.relief = Some(self.relief(since));
        }
        let [one, two, three, four] = more.disabled_elders;
        let poor_too = (three + four) / 5;
        let mut disabled: Vec<usize> = poor.into_iter().take(poor_too).collect();
        let rest = one + two + three + four - all_owed - poor_too;
        disabled.extend(self.take(rest, plain));
        let grades = [(3, three), (4, four), (1, one - owed[0]), (2, two - owed[1])];
        let grades = grades.into_iter().flat_map(|(grade, n)| std::iter::repeat_n(grade, n));
        for (at, grade) in disabled.into_iter().zip(grades) {
            let disability = self.disability(grade);
            let assessment = (grade < 3 && self.rng.chance(1, 2)).then(|| {
                let level = *self.rng.pick(&LEVELS);
                self.valid(level)
            });
            let traits = &mut self.people[at].traits;
            traits.disability = Some(disability);
            traits.assessment = assessment;
        }
    }

    fn families(&mut self, more: &Departments) {
        for at in self.take(more.family_planning_elders, |_| true) {
            let dead = self.rng.chance(3, 5);
            self.people[at].traits.family_planning = Some(if dead {
                FamilyPlanning::OnlyChildDead
            } else {
                FamilyPlanning::OnlyChildDisabled
            });
        }
        self.turn();
        for at in self.take(more.veteran_elders, |it| it.sex == Sex::Male) {
            self.people[at].traits.veteran = true;
        }
    }

    /// Everybody whom the list entitles is on the roster; of the lapsed some still are.
    fn subsidies(&mut self, more: &Departments) {
        for person in self.people.iter_mut().filter(|it| it.ordinary()) {
            let (age, traits) = (person.age(), &mut person.traits);
            if let Some(relief) = traits.relief.filter(|_| age >= 80) {
                traits.care_yuan = relief.category.care_yuan();
            }
            if traits.owed_assessment() {
                traits.nursing_yuan = traits.level().and_then(Level::nursing_yuan);
            }
        }
        let nursing = |it: &Assessment| it.level.nursing_yuan();
        let ran = |it: &Person| it.traits.owed_assessment() && it.traits.lapsed();
        let grave = |it: &Person| it.traits.assessment.as_ref().and_then(nursing).is_some();
        for at in self.take(more.subsidy_lapsed, |it| ran(it) && grave(it)) {
            let traits = &mut self.people[at].traits;
            traits.nursing_yuan = traits.assessment.as_ref().and_then(nursing);
        }
        let paid = |it: &Person| it.traits.nursing_yuan.is_some() && !it.traits.lapsed();
        let yuan = [120, 80, 160];
        for (n, at) in self.take(more.overlapping, paid).into_iter().enumerate() {
            self.people[at].traits.lead = Some(Lead::Exclusive { yuan: yuan[n % yuan.len()] });
        }
    }

    /// Fills up the people who are owed a visit in every month.
    fn visited(&mut self, more: &Departments) {
        let story = self.people.iter().position(|it| it.story == Some(Story::Alone));
        if let Some(at) = story {
            let mut assessment = self.valid(Level::Mild);
            assessment.living = Living::Alone;
            self.people[at].traits.assessment = Some(assessment);
        }
        let so_far = self.people.iter().filter(|it| it.traits.visited_monthly()).count();
        let free = |it: &Person| !it.traits.visited_monthly() && it.traits.assessment.is_none();
        for at in self.take(more.visits - so_far, free) {
            let helpless = self.rng.chance(1, 8);
            let married = self.people[at].traits.spouse.is_some();
            let (level, living) = match self.rng.below(100) {
                n if helpless => {
                    let home = if n < 30 { Living::InInstitution } else { Living::WithFamily };
                    (if n < 70 { Level::Severe } else { Level::Complete }, home)
                }
                n if married => {
                    (mild(n), if n % 3 == 0 { Living::LeftBehind } else { Living::EmptyNest })
                }
                n => (
                    mild(n),
                    [Living::Alone, Living::LeftBehind, Living::EmptyNest, Living::Alone][n % 4],
                ),
            };
            let assessment = Assessment { living, ..self.valid(level) };
            self.people[at].traits.assessment = Some(assessment);
        }
        for at in 0..self.people.len() {
            let traits = &self.people[at].traits;
            if traits.visited_monthly() && traits.assessment.is_some() {
                let late = self.rng.chance(1, 7);
                let from = if late { day(2026, 3, 20) } else { day(2026, 5, 1) };
                let seen = (!self.rng.chance(1, 20)).then(|| self.day(from, 30));
                self.people[at].traits.visited = seen;
            }
        }
    }

    /// People who wished to be assessed: they live with their families and manage.
    fn others_assessed(&mut self, more: &Departments) {
        let free = |it: &Person| !it.kept() && it.traits.assessment.is_none();
        for (n, at) in self.take(more.other_assessed, free).into_iter().enumerate() {
            let level = [Level::Able, Level::Mild, Level::Mild, Level::Moderate][n % 4];
            let made = if n % 5 == 0 { self.lapsed(level) } else { self.valid(level) };
            let assessment = Assessment { living: Living::WithFamily, ..made };
            self.people[at].traits.assessment = Some(assessment);
        }
    }
}

fn mild(n: usize) -> Level {
    match n {
        0..45 => Level::Able,
        45..85 => Level::Mild,
        _ => Level::Moderate,
    }
}

fn paid(person: &Person) -> bool {
    matches!(person.roll, Roll::On { .. })
}
