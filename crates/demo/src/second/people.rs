use kernel::{Day, Month};

use super::{BandChange, DeathOnList, Moved, SecondTruth};
use crate::areas::{Place, Village};
use crate::departments::{Assessment, Category, Disability, Level, Living, Origin, Relief};
use crate::numbers::{census, day};
use crate::people::{Fate, Maker, Person, Roll};
use crate::truth::{FileTruth, Outcome, Unpaid};

/// 白沙乡 became part of 清河镇 on 2026-01-01 and its villages got new codes; the development zone
/// looks after two villages that belong to 枣林镇 by division.
pub(super) const AREAS: &str = "\
code,name,level,kind,parent,valid_from,valid_to
990000,安澜省,province,division,,2000-01-01,
990300,云州市,prefecture,division,990000,2000-01-01,
990322,平川县,county,division,990300,2000-01-01,
990322001,城关街道,township,division,990322,2000-01-01,
990322101,清河镇,township,division,990322,2000-01-01,
990322102,枣林镇,township,division,990322,2000-01-01,
990322103,白沙乡,township,division,990322,2000-01-01,2026-01-01
990322400,平川经济开发区,township,managing_unit,990322,2019-07-01,
990322001001,平安社区,village,division,990322001,2000-01-01,
990322001002,河东社区,village,division,990322001,2000-01-01,
990322101201,柳庄村,village,division,990322101,2000-01-01,
990322101202,马桥村,village,division,990322101,2000-01-01,
990322103201,沙北村,village,division,990322103,2000-01-01,2026-01-01
990322103202,沙南村,village,division,990322103,2000-01-01,2026-01-01
990322101210,沙北村,village,division,990322101,2026-01-01,
990322101211,沙南村,village,division,990322101,2026-01-01,
990322102201,上枣村,village,division,990322102,2000-01-01,
990322102202,下枣村,village,division,990322102,2000-01-01,
990322102203,枣林店村,village,division,990322102,2000-01-01,
";

/// Code, town and name of today's villages.
const VILLAGES: [(&str, &str, &str); 9] = [
    ("990322001001", "城关街道", "平安社区"),
    ("990322001002", "城关街道", "河东社区"),
    ("990322101201", "清河镇", "柳庄村"),
    ("990322101202", "清河镇", "马桥村"),
    ("990322101210", "清河镇", "沙北村"),
    ("990322101211", "清河镇", "沙南村"),
    ("990322102201", "枣林镇", "上枣村"),
    ("990322102202", "枣林镇", "下枣村"),
    ("990322102203", "枣林镇", "枣林店村"),
];

pub(super) fn villages() -> Vec<Village> {
    VILLAGES
        .iter()
        .map(|(_, town, name)| Village {
            name: (*name).to_owned(),
            town: (*town).to_owned(),
            weight: if name.ends_with("社区") { 2 } else { 1 },
        })
        .collect()
}

/// The town as the old pay program has it: it knows neither of the merger nor of who looks after
/// a village by division.
pub(super) fn old_town(village: &Village) -> &str {
    match village.name.as_str() {
        "沙北村" | "沙南村" => "白沙乡",
        "上枣村" | "下枣村" => "平川经济开发区",
        _ => &village.town,
    }
}

/// Yuan a month at an age.
pub(super) fn yuan(age: i32) -> u32 {
    match age {
        ..70 => 0,
        70..80 => 30,
        80..95 => 60,
        95..100 => 200,
        _ => 500,
    }
}

/// Yuan on May's roster, which goes by the age at the end of April.
pub(super) fn paid(person: &Person) -> u32 {
    yuan(day(2026, 4, 30).full_years_since(person.birth))
}

/// Village in May's register.
pub(super) fn before(person: &Person) -> usize {
    match person.traits.moved {
        Some(Origin::Village(before)) => before,
        Some(Origin::Elsewhere) | None => person.village,
    }
}

/// Lives alone, by the roster of hardship.
pub(super) fn alone(person: &Person) -> bool {
    person.traits.assessment.is_some_and(|it| it.living == Living::Alone)
}

pub(super) fn people(villages: &[Village], place: &Place) -> Vec<Person> {
    let mut maker = Maker::new(villages, place);
    living(&mut maker);
    gone(&mut maker);
    let Maker { mut rng, mut people, .. } = maker;
    rng.shuffle(&mut people);
    people.sort_by_key(|person| person.village);
    let mut movers = 0;
    for (number, person) in (1..).zip(&mut people) {
        person.traits.household = number;
        if !person.ordinary() || person.traits.moved.is_some() {
            continue;
        }
        if number % 61 == 0 && movers < 5 {
            movers += 1;
            let before = (person.village + 1) % VILLAGES.len();
            person.traits.moved = Some(Origin::Village(before));
        }
        hardship(person, number);
    }
    people
}

fn hardship(person: &mut Person, number: u32) {
    if number % 9 == 4 {
        let since = Month::new(2021, 1).expect("a month");
        person.traits.relief = Some(Relief { category: Category::MinimumLiving, since });
    }
    if number % 6 == 4 {
        let grade = u8::try_from(number / 6 % 4).expect("four grades") + 1;
        let issued = day(2015, 5, 20);
        person.traits.disability = Some(Disability { kind: "肢体", grade, issued });
    }
    if number % 27 == 4 {
        let (on, until) = (day(2026, 1, 8), day(2027, 1, 7));
        let (level, living) = (Level::Able, Living::Alone);
        person.traits.assessment = Some(Assessment { retired: false, level, on, until, living });
    }
}

fn living(maker: &mut Maker<'_>) {
    let start = |birth: Day| birth.plus_years(70).month().next();
    let cohorts = [
        (131, day(1946, 6, 1), day(1956, 4, 30)),
        (2, day(1946, 5, 1), day(1946, 5, 31)),
        (76, day(1931, 6, 1), day(1946, 4, 30)),
        (1, day(1931, 5, 1), day(1931, 5, 31)),
        (8, day(1926, 6, 1), day(1931, 4, 30)),
        (1, day(1926, 5, 1), day(1926, 5, 31)),
        (2, day(1920, 1, 1), day(1926, 4, 30)),
    ];
    for (count, from, to) in cohorts {
        for _ in 0..count {
            let birth = maker.between(from, to);
            maker.add(birth, Fate::Living, Roll::On { start: start(birth) });
        }
    }
    for n in 0..170 {
        let birth = maker.between(day(1956, 6, 1), day(1966, 4, 30));
        let person = maker.add(birth, Fate::Living, Roll::Never);
        if n < 2 {
            person.traits.moved = Some(Origin::Elsewhere);
        }
    }
    for arrears in [0, 0, 0, 1, 3, 8, 14, 26, 40] {
        let turned = day(1956, 5, 1).month().plus(-arrears);
        let birth = maker.between(turned.first(), turned.last());
        maker.add(birth, Fate::Living, Roll::Unpaid { arrears, comes_in: false });
    }
}

/// Six who died, two of whom the register knows nothing, and three who moved out.
fn gone(maker: &mut Maker<'_>) {
    let died = [
        (day(1944, 2, 8), day(2026, 3, 10), true, true),
        (day(1939, 9, 1), day(2026, 5, 4), true, true),
        (day(1951, 3, 3), day(2026, 5, 13), true, true),
        (day(1935, 12, 6), day(2026, 5, 21), true, false),
        (day(1958, 8, 19), day(2026, 5, 9), false, true),
        (day(1962, 1, 30), day(2026, 5, 17), false, false),
    ];
    for (birth, died, paid, known) in died {
        let registered = known.then(|| died.plus_days(6).max(day(2026, 5, 8)));
        let fate = Fate::Dead { died, cremated: died.plus_days(2), registered };
        let start = birth.plus_years(70).month().next();
        maker.add(birth, fate, if paid { Roll::On { start } } else { Roll::Never });
    }
    for (birth, on, paid) in [
        (day(1961, 4, 4), day(2026, 5, 6), false),
        (day(1957, 11, 23), day(2026, 5, 19), false),
        (day(1948, 7, 15), day(2026, 5, 12), true),
    ] {
        let start = birth.plus_years(70).month().next();
        let roll = if paid { Roll::On { start } } else { Roll::Never };
        maker.add(birth, Fate::MovedOut { on }, roll);
    }
}

pub(super) fn truth(people: &[Person], files: Vec<FileTruth>) -> SecondTruth {
    let mut truth = SecondTruth::default();
    for person in people {
        take(&mut truth, person);
    }
    let aged = |from: i32, to: i32| {
        people.iter().filter(|it| it.lives() && (from..to).contains(&it.age())).count()
    };
    let rows = |of: fn(&Outcome) -> bool| {
        files.iter().flat_map(|file| &file.rows).filter(|row| of(&row.outcome)).count()
    };
    truth.counts = [
        ("living_60", aged(60, 200)),
        ("living_70_79", aged(70, 80)),
        ("living_80_94", aged(80, 95)),
        ("living_95_99", aged(95, 100)),
        ("living_100", aged(100, 200)),
        ("rows_desk", rows(|it| matches!(it, Outcome::Desk { .. }))),
        ("rows_unusable", rows(|it| matches!(it, Outcome::Unusable { .. }))),
    ]
    .into();
    truth.files = files;
    truth
}

fn take(truth: &mut SecondTruth, person: &Person) {
    let number = || person.number.reveal().to_owned();
    let on_roll = matches!(person.roll, Roll::On { .. });
    if let Roll::Unpaid { arrears, .. } = person.roll {
        truth.unpaid.push(Unpaid { number: number(), arrears_months: arrears });
    }
    match person.fate {
        Fate::Dead { died, registered, .. } => {
            if registered.is_none() {
                truth.not_yet_at_police.push(number());
            }
            if on_roll {
                let overpaid_months = census().month().months_since(died.month());
                let yuan = paid(person);
                truth.deaths_on_roll.push(DeathOnList {
                    number: number(),
                    died,
                    overpaid_months,
                    yuan,
                });
            }
        }
        Fate::MovedOut { .. } => truth.moved_out.push(number()),
        Fate::Living | Fate::Contradicted { .. } => take_living(truth, person, on_roll),
    }
}

fn take_living(truth: &mut SecondTruth, person: &Person, on_roll: bool) {
    let number = || person.number.reveal().to_owned();
    let (paid_yuan, due_yuan) = (paid(person), yuan(person.age()));
    if on_roll && paid_yuan != due_yuan {
        let age = person.age();
        truth.class_changes.push(BandChange { number: number(), age, paid_yuan, due_yuan });
    }
    match person.traits.moved {
        Some(Origin::Village(before)) => {
            let (from, to) = (VILLAGES[before].0, VILLAGES[person.village].0);
            truth.moved_within.push(Moved { number: number(), from, to });
        }
        Some(Origin::Elsewhere) => truth.moved_in.push(number()),
        None => {}
    }
    if ["上枣村", "下枣村"].contains(&VILLAGES[person.village].2) {
        truth.in_the_zone.push(number());
    }
    if person.traits.owed_assessment() {
        truth.low_income_grave.push(number());
    }
    if alone(person) {
        truth.alone.push(number());
    }
}
