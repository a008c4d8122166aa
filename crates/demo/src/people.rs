use std::collections::HashSet;

use kernel::{Day, Month, ResidentNumber, Sex};

use crate::areas::{Place, Village};
use crate::departments::Traits;
use crate::names;
use crate::numbers::{Numbers, census, day};
use crate::rng::Rng;

/// What became of a person by the end of May 2026.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    Living,
    /// Cancelled by death at the police, and seen at a clinic afterwards: counts as living.
    Contradicted {
        died: Day,
        registered: Day,
        seen: Day,
    },
    /// Dead and cremated; `registered` is the police's day, none while it knows nothing.
    Dead {
        died: Day,
        cremated: Day,
        registered: Option<Day>,
    },
    MovedOut {
        on: Day,
    },
}

/// How a person stands to the allowance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Roll {
    /// Too young, dead or gone.
    Never,
    /// Entitled and not on the roster; `arrears` months are due up to May 2026.
    Unpaid { arrears: i32, comes_in: bool },
    /// On May's roster since `start`.
    On { start: Month },
    /// On April's roster and rightly not on May's.
    Dropped { start: Month },
}

/// People whom the story tells about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Story {
    /// The woman of 溪尾村 who lives alone, 80 since last October.
    Alone,
    /// The man of 东门社区, cremated on 9 May and still present at the police.
    Cremated,
}

#[derive(Clone, Debug)]
pub(crate) struct Person {
    pub(crate) number: ResidentNumber,
    pub(crate) name: String,
    pub(crate) sex: Sex,
    pub(crate) birth: Day,
    /// Index into the villages.
    pub(crate) village: usize,
    pub(crate) fate: Fate,
    pub(crate) roll: Roll,
    pub(crate) story: Option<Story>,
    /// What the other departments know.
    pub(crate) traits: Traits,
}

impl Person {
    /// Counted as living on 31 May, in the county.
    pub(crate) fn lives(&self) -> bool {
        matches!(self.fate, Fate::Living | Fate::Contradicted { .. })
    }

    pub(crate) fn age(&self) -> i32 {
        census().full_years_since(self.birth)
    }

    /// Nobody of the story's sets: such people's rows may be dirty without changing a finding.
    pub(crate) fn ordinary(&self) -> bool {
        let soon = day(1946, 6, 1)..=day(1946, 8, 1);
        let changes = |month: Month| self.birth.month() == month;
        matches!(self.fate, Fate::Living)
            && !matches!(self.roll, Roll::Unpaid { .. })
            && !soon.contains(&self.birth)
            && !changes(day(1936, 5, 1).month())
            && !changes(day(1926, 5, 1).month())
    }
}

/// All people of 60 and more who are or were in the register, ordered by village.
pub(crate) fn people(numbers: &Numbers, villages: &[Village], place: &Place) -> Vec<Person> {
    let mut maker = Maker::new(villages, place);
    maker.young(numbers);
    maker.paid(numbers);
    maker.unpaid(numbers);
    maker.dead_on_roll(numbers);
    maker.other_dead(numbers);
    maker.moved_out(numbers);
    let Maker { mut rng, mut people, .. } = maker;
    rng.shuffle(&mut people);
    people.sort_by_key(|person| person.village);
    people
}

/// Makes people, each with a number of its own.
pub(crate) struct Maker<'a> {
    pub(crate) rng: Rng,
    villages: &'a [Village],
    /// Sums of the villages' weights up to and with each.
    weights: Vec<usize>,
    /// Region codes of first registration.
    prefixes: Vec<String>,
    taken: HashSet<ResidentNumber>,
    pub(crate) people: Vec<Person>,
}

/// Region codes of first registration of 松河县's people: none exists or has existed, most are
/// "withdrawn".
const PREFIXES: [&str; 12] = [
    "990121", "990121", "990121", "990121", "990121", "992901", "992901", "992923", "990102",
    "992130", "990181", "994105",
];

impl<'a> Maker<'a> {
    pub(crate) fn new(villages: &'a [Village], place: &Place) -> Self {
        let mut sum = 0;
        let add = |village: &Village| {
            sum += village.weight;
            sum
        };
        let prefixes = if *place == Place::songhe() {
            PREFIXES.map(str::to_owned).to_vec()
        } else {
            // Each county has its own, so that no number is given twice in the city.
            vec![place.code.clone()]
        };
        Self {
            rng: Rng::new(0x5047_4845 ^ place.seed),
            prefixes,
            villages,
            weights: villages.iter().map(add).collect(),
            taken: HashSet::new(),
            people: Vec::new(),
        }
    }

    fn village(&mut self) -> usize {
        let total = self.weights.last().copied().expect("a county has villages");
        let at = self.rng.below(total);
        self.weights.partition_point(|sum| *sum <= at)
    }

    fn number(&mut self, birth: Day, sex: Sex) -> ResidentNumber {
        loop {
            let prefix = self.rng.pick(&self.prefixes);
            let odd = usize::from(sex == Sex::Male);
            // 996 to 999 mean another century in a number of 15 digits.
            let sequence = (self.rng.low(497) * 2) + odd;
            let text = format!(
                "{prefix}{:04}{:02}{:02}{sequence:03}",
                birth.year(),
                birth.month_number(),
                birth.day()
            );
            let first17 = text.as_bytes().try_into().expect("6 + 8 + 3 digits");
            let check = char::from(ResidentNumber::check_of(first17));
            let number =
                format!("{text}{check}").parse().expect("a number made by the standard's rule");
            if self.taken.insert(number) {
                return number;
            }
        }
    }

    /// A day of birth.
    pub(crate) fn between(&mut self, from: Day, to: Day) -> Day {
        let days = usize::try_from(to.days_since(from)).expect("from is not after to") + 1;
        // The older, the fewer: half of the draws lean to the young end.
        let back = if self.rng.chance(1, 2) { self.rng.low(days) } else { self.rng.below(days) };
        to.plus_days(-i64::try_from(back).expect("some thousand days"))
    }

    fn sex(&mut self, birth: Day) -> Sex {
        let women = match census().full_years_since(birth) {
            ..65 => 500,
            65..80 => 514,
            80..90 => 561,
            90..100 => 648,
            _ => 760,
        };
        if self.rng.chance(women, 1000) { Sex::Female } else { Sex::Male }
    }

    /// One more person born on that day, with everything else by chance.
    pub(crate) fn add(&mut self, birth: Day, fate: Fate, roll: Roll) -> &mut Person {
        let sex = self.sex(birth);
        let name = if self.rng.chance(1, 900) {
            names::dotted(&mut self.rng, sex).to_owned()
        } else {
            names::whole(&mut self.rng, sex, birth.year())
        };
        let village = self.village();
        self.push(name, sex, birth, village, fate, roll)
    }

    fn push(
        &mut self,
        name: String,
        sex: Sex,
        birth: Day,
        village: usize,
        fate: Fate,
        roll: Roll,
    ) -> &mut Person {
        let number = self.number(birth, sex);
        let traits = Traits::default();
        let person = Person { number, name, sex, birth, village, fate, roll, story: None, traits };
        self.people.push(person);
        self.people.last_mut().expect("just pushed")
    }

    /// So many living people off the roster, with twins and with namesakes elsewhere.
    fn living(&mut self, count: usize, from: Day, to: Day) {
        for made in 0..count {
            let before = if made == 0 { None } else { self.people.last().cloned() };
            match before {
                Some(twin) if self.rng.chance(1, 300) => {
                    let family: String = twin.name.chars().take(1).collect();
                    let sex = self.sex(twin.birth);
                    let year = twin.birth.year();
                    let name = names::name_in_family(&mut self.rng, &family, sex, year);
                    self.push(name, sex, twin.birth, twin.village, Fate::Living, Roll::Never);
                }
                Some(same) if self.rng.chance(1, 6000) => {
                    let village = (same.village + 1) % self.villages.len();
                    let (fate, roll) = (Fate::Living, Roll::Never);
                    self.push(same.name, same.sex, same.birth, village, fate, roll);
                }
                _ => {
                    let birth = self.between(from, to);
                    self.add(birth, Fate::Living, Roll::Never);
                }
            }
        }
    }

    fn young(&mut self, numbers: &Numbers) {
        let over_80 = numbers.living_80 + numbers.living_90 + numbers.living_100;
        let from_65 = numbers.living_65 - over_80 - numbers.soon_80 - numbers.contradicted;
        self.living(numbers.living - numbers.living_65, day(1961, 6, 1), day(1966, 5, 31));
        self.living(from_65, day(1946, 8, 2), day(1961, 5, 31));
        self.living(numbers.soon_80, day(1946, 6, 3), day(1946, 8, 1));
        let places = [("石岭乡", "上坪村"), ("大湾乡", "河口村")];
        for (town, village) in places.into_iter().take(numbers.contradicted) {
            let birth = self.between(day(1950, 1, 1), day(1955, 12, 31));
            let died = day(2026, 5, 3);
            let seen = died.plus_days(19);
            let fate = Fate::Contradicted { died, registered: died.plus_days(4), seen };
            let village = self.place(town, village);
            self.add(birth, fate, Roll::Never).village = village;
        }
    }

    /// The village of the story, or in a smaller preset the first one there is.
    fn place(&self, town: &str, village: &str) -> usize {
        self.villages.iter().position(|v| v.town == town && v.name == village).unwrap_or(0)
    }

    /// When somebody of 80 was put on the roster: mostly in the month after the birthday, some
    /// applied late.
    fn start(&mut self, birth: Day, last: Month) -> Month {
        let first = birth.plus_years(80).month().next();
        let late = if self.rng.chance(1, 8) { self.rng.low(24) + 1 } else { 0 };
        first.plus(i32::try_from(late).expect("two years of months")).min(last)
    }

    fn paid(&mut self, numbers: &Numbers) {
        let [eighty, ninety, hundred] = numbers.roster_lines();
        let [dead_80, dead_90, dead_100] = numbers.dead_on_roll;
        let cohorts = [
            (eighty - dead_80 - numbers.turned_90, day(1936, 6, 1), day(1946, 4, 30)),
            (numbers.turned_90, day(1936, 5, 1), day(1936, 5, 31)),
            (ninety - dead_90 - numbers.turned_100, day(1926, 6, 1), day(1936, 4, 30)),
            (numbers.turned_100, day(1926, 5, 1), day(1926, 5, 31)),
            (hundred - dead_100, day(1919, 1, 1), day(1926, 4, 30)),
        ];
        let first = self.people.len();
        for (count, from, to) in cohorts {
            for _ in 0..count {
                let birth = self.between(from, to);
                let start = self.start(birth, census().month());
                self.add(birth, Fate::Living, Roll::On { start });
            }
        }
        for (name, sex) in names::RARE {
            let new = &mut self.people[first..];
            let fits =
                |p: &&mut Person| p.sex == sex && !names::RARE.iter().any(|rare| rare.0 == p.name);
            if let Some(person) = new.iter_mut().find(fits) {
                name.clone_into(&mut person.name);
            }
        }
    }

    fn unpaid(&mut self, numbers: &Numbers) {
        for _ in 0..numbers.unpaid_new {
            let birth = self.between(day(1946, 5, 1), day(1946, 5, 31));
            self.add(birth, Fate::Living, Roll::Unpaid { arrears: 0, comes_in: false });
        }
        let alone = Roll::Unpaid { arrears: 7, comes_in: true };
        let village = self.place("云溪镇", "溪尾村");
        let birth = day(1945, 10, 17);
        let name = "周玉兰".to_owned();
        self.push(name, Sex::Female, birth, village, Fate::Living, alone).story =
            Some(Story::Alone);
        let months = i32::try_from(numbers.back_pay_months).expect("some hundred months") - 7;
        for arrears in self.parts(numbers.back_pay_people - 1, months) {
            self.owed(arrears, true);
        }
        for _ in numbers.back_pay_people..numbers.unpaid_older {
            let arrears = i32::try_from(self.rng.low(96)).expect("eight years of months") + 1;
            self.owed(arrears, false);
        }
    }

    /// Somebody who turned 80 so many months before May 2026 and is not on the roster.
    fn owed(&mut self, arrears: i32, comes_in: bool) {
        let turned_80 = day(1946, 5, 1).month().plus(-arrears);
        let birth = self.between(turned_80.first(), turned_80.last());
        self.add(birth, Fate::Living, Roll::Unpaid { arrears, comes_in });
    }

    /// So many numbers from 1 on with that sum.
    fn parts(&mut self, count: usize, sum: i32) -> Vec<i32> {
        let mut parts = vec![1; count];
        let left = usize::try_from(sum).expect("positive").saturating_sub(count);
        for _ in 0..left {
            // Leaning to the first ones, so that some wait for long.
            let at = self.rng.low(count);
            parts[at] += 1;
        }
        parts
    }

    /// Dead in May, cremated after one to three days and told to the police some days later.
    fn death_in_may(&mut self, known: bool) -> Fate {
        let died = day(2026, 5, 1).plus_days(self.days(26));
        let cremated = died.plus_days(self.days(3) + 1);
        let told = cremated.plus_days(self.days(4)).min(census());
        Fate::Dead { died, cremated, registered: known.then_some(told) }
    }

    fn days(&mut self, bound: usize) -> i64 {
        i64::try_from(self.rng.below(bound)).expect("some days")
    }

    fn dead_on_roll(&mut self, numbers: &Numbers) {
        let classes = [
            (day(1936, 7, 1), day(1946, 3, 31), numbers.overpaid_80),
            (day(1926, 7, 1), day(1936, 3, 31), numbers.overpaid_90),
            (day(1919, 1, 1), day(1926, 3, 31), &[][..]),
        ];
        for (class, (from, to, overpaid)) in classes.into_iter().enumerate() {
            for months in overpaid {
                let died = census().month().plus(-months).first().plus_days(self.days(27));
                let birth = self.between(from, to.plus_years(-2));
                let told = day(2026, 5, 6).plus_days(self.days(20));
                let cremated = died.plus_days(2);
                let fate = Fate::Dead { died, cremated, registered: Some(told) };
                let start = self.start(birth, died.month());
                self.add(birth, fate, Roll::On { start });
            }
            let unknown = numbers.not_at_police_on_roll[class];
            let in_may = numbers.dead_on_roll[class] - overpaid.len();
            for n in 0..in_may {
                let fate = self.death_in_may(n >= unknown);
                let birth = self.between(from, to);
                let start = self.start(birth, census().month());
                self.add(birth, fate, Roll::On { start });
                if class == 0 && n == 0 {
                    self.cremated_man();
                }
            }
        }
    }

    /// The last person becomes the man of 东门社区, cremated on 9 May.
    fn cremated_man(&mut self) {
        let (birth, sex) = (day(1938, 2, 11), Sex::Male);
        let number = self.number(birth, sex);
        let village = self.place("城关镇", "东门社区");
        let start = Month::new(2018, 3).expect("a month");
        let (died, cremated) = (day(2026, 5, 7), day(2026, 5, 9));
        let last = self.people.last_mut().expect("just added");
        *last = Person {
            number,
            name: "郑德海".to_owned(),
            sex,
            birth,
            village,
            fate: Fate::Dead { died, cremated, registered: None },
            roll: Roll::On { start },
            story: Some(Story::Cremated),
            traits: Traits::default(),
        };
    }

    fn other_dead(&mut self, numbers: &Numbers) {
        for _ in 0..numbers.not_at_police_off_roll {
            let fate = self.death_in_may(false);
            let birth = self.between(day(1947, 1, 1), day(1965, 12, 31));
            self.add(birth, fate, Roll::Never);
        }
        for _ in 0..numbers.dropped_80 {
            let died = day(2026, 4, 29).plus_days(self.days(2));
            let told = day(2026, 5, 4).plus_days(self.days(6));
            let fate = Fate::Dead { died, cremated: died.plus_days(2), registered: Some(told) };
            let birth = self.between(day(1936, 7, 1), day(1944, 12, 31));
            let start = self.start(birth, died.month());
            self.add(birth, fate, Roll::Dropped { start });
        }
        let on_roll: usize = numbers.dead_on_roll.iter().sum();
        let unknown: usize = numbers.not_at_police_on_roll.iter().sum();
        let known = numbers.police_deaths - numbers.contradicted - numbers.dropped_80;
        for _ in 0..known - (on_roll - unknown) {
            let fate = self.death_in_may(true);
            let birth = self.between(day(1947, 1, 1), day(1965, 12, 31));
            self.add(birth, fate, Roll::Never);
        }
    }

    fn moved_out(&mut self, numbers: &Numbers) {
        for n in 0..numbers.moved_out {
            let (from, to) = if n < numbers.moved_out_80 {
                (day(1936, 7, 1), day(1945, 12, 31))
            } else {
                (day(1947, 1, 1), day(1966, 3, 31))
            };
            let birth = self.between(from, to);
            let on = day(2025, 12, 1).plus_days(self.days(120));
            self.add(birth, Fate::MovedOut { on }, Roll::Never);
        }
    }
}
