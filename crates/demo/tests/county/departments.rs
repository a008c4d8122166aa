//! The other departments' files: the story's numbers counted again from the files themselves, by
//! the county's rules as they stand in its list.

use std::collections::{HashMap, HashSet};

use demo::{Demo, Numbers, Outcome, Preset};
use kernel::Day;

use crate::reading::{COUNTY, TOWN, age, day, good_rows, rows_of};

const SUPPLIERS: [&str; 15] = [
    "police_register",
    "funeral_home",
    "legacy_roster",
    "medical_traces",
    "police_deaths",
    "low_income_roster",
    "disabled_persons",
    "family_planning",
    "veterans",
    "marriage_register",
    "social_insurance",
    "bank_accounts",
    "legacy_subsidies",
    "legacy_assessments",
    "provincial_leads",
];

type ById = HashMap<String, Vec<String>>;

fn by_id(demo: &Demo, file: usize, id_column: usize) -> ById {
    let rows = good_rows(demo, file, id_column);
    let count = rows.len();
    let by_id: ById = rows.into_iter().map(|(id, row)| (id.reveal().to_owned(), row)).collect();
    assert_eq!(by_id.len(), count, "one good row per person");
    by_id
}

fn both() -> [(&'static Demo, &'static Numbers); 2] {
    [(&COUNTY, Numbers::of(Preset::County)), (&TOWN, Numbers::of(Preset::Town))]
}

fn set<'a>(numbers: impl IntoIterator<Item = &'a String>) -> HashSet<&'a str> {
    numbers.into_iter().map(String::as_str).collect()
}

fn on(year: i16, month: i8, of: i8) -> Day {
    Day::new(year, month, of).expect("a day")
}

#[test]
fn every_department_has_sent_its_file() {
    for demo in [&*COUNTY, &*TOWN] {
        let sent: Vec<_> = demo.files.iter().map(|file| file.supplier).collect();
        assert_eq!(sent, SUPPLIERS);
        let names: HashSet<_> = demo.files.iter().map(|file| &file.file_name).collect();
        assert_eq!(names.len(), SUPPLIERS.len());
    }
}

#[test]
fn the_files_have_the_rows_of_the_story() {
    let rows = |supplier: &str| {
        let file = COUNTY.truth.files.iter().find(|file| file.supplier == supplier);
        file.expect("sent").rows.len()
    };
    let said = ["police_deaths", "low_income_roster", "disabled_persons", "family_planning"];
    assert_eq!(said.map(rows), [283, 6_842, 5_407, 412]);
    assert_eq!(["veterans", "provincial_leads"].map(rows), [1_206, 22]);
    assert!((70_000..90_000).contains(&rows("social_insurance")));
    assert!((13_000..14_500).contains(&rows("bank_accounts")));
    assert!((2_000..5_000).contains(&rows("legacy_assessments")));
    assert!((2_000..5_000).contains(&rows("marriage_register")));
}

#[test]
fn the_truth_holds_the_numbers_of_the_departments() {
    for (demo, numbers) in both() {
        let (sets, more) = (&demo.truth.sets, &numbers.more);
        assert_eq!(sets.assess_new.len(), more.assess_new);
        assert_eq!(sets.assess_lapsed.len(), more.assess_lapsed);
        assert_eq!(sets.subsidy_lapsed.len(), more.subsidy_lapsed);
        assert_eq!(sets.paid_elsewhere.len(), more.paid_elsewhere);
        assert_eq!(sets.overlapping.len(), more.overlapping);
        assert_eq!(sets.visits.len(), more.visits);
        assert_eq!(sets.without_account.len(), more.without_account);
        assert_eq!(sets.without_trace.len(), more.without_trace);
        assert_eq!(sets.shared_accounts.len(), more.shared_accounts);
        assert_eq!(sets.couples_sharing.len(), more.couples_sharing);
        assert!(sets.subsidy_lapsed.iter().any(|it| it.number == sets.story_lapsed));
        assert!(!sets.care_service.is_empty() && !sets.nursing.is_empty());
    }
    let more = &Numbers::of(Preset::County).more;
    let story = [more.assess_new, more.assess_lapsed, more.visits, more.without_account];
    assert_eq!(story, [58, 212, 3_260, 27]);
    assert_eq!([more.paid_elsewhere, more.overlapping], [5, 17]);
}

/// What the files say of a person's need of care.
struct Care {
    poor: ById,
    disabled: ById,
    ledger: ById,
}

impl Care {
    fn of(demo: &Demo) -> Self {
        Self { poor: by_id(demo, 5, 4), disabled: by_id(demo, 6, 3), ledger: by_id(demo, 13, 3) }
    }

    fn grave(&self, id: &str) -> bool {
        self.disabled.get(id).is_some_and(|row| ["一级", "二级"].contains(&row[8].as_str()))
    }

    /// The level that holds on 31 May.
    fn level(&self, id: &str) -> Option<&str> {
        let row = self.ledger.get(id)?;
        (day(&row[10]).expect("a day") >= on(2026, 5, 31)).then_some(row[8].as_str())
    }
}

#[test]
fn assessments_counted_again_are_58_new_and_212_lapsed() {
    for (demo, _) in both() {
        let care = Care::of(demo);
        let (mut new, mut lapsed) = (HashSet::new(), HashSet::new());
        for (id, relief) in care.poor.iter().filter(|(id, _)| care.grave(id)) {
            match care.ledger.get(id) {
                None => {
                    let since = relief[9].replace('.', "-").as_str() >= "2026-04";
                    let issued = day(&care.disabled[id][9]).expect("a day") >= on(2026, 4, 1);
                    assert!(since != issued, "one of the two is new: {relief:?}");
                    new.insert(id.as_str());
                }
                Some(row) => {
                    let until = day(&row[10]).expect("a day");
                    assert!(!(on(2026, 5, 21)..on(2026, 7, 1)).contains(&until));
                    if until < on(2026, 6, 1) {
                        lapsed.insert(id.as_str());
                    }
                }
            }
        }
        assert_eq!(new, set(&demo.truth.sets.assess_new));
        assert_eq!(lapsed, set(&demo.truth.sets.assess_lapsed));
    }
}

#[test]
fn the_subsidies_counted_again_stand_on_the_roster_at_their_sums() {
    for (demo, _) in both() {
        let (care, roster) = (Care::of(demo), by_id(demo, 12, 4));
        let sets = &demo.truth.sets;
        let mut due: HashMap<&str, [u32; 2]> = HashMap::new();
        for (id, row) in &care.poor {
            let number: kernel::ResidentNumber = id.parse().expect("a number");
            let yuan = match row[8].as_str() {
                "特困分散供养" => 100,
                "农村低保" => 60,
                _ => 0,
            };
            if age(number) >= 80 && yuan > 0 {
                due.entry(id).or_default()[0] = yuan;
            }
            let nursing = match care.level(id) {
                Some("中度失能") => 100,
                Some("重度失能") => 200,
                Some("完全失能") => 300,
                _ => 0,
            };
            if care.grave(id) && nursing > 0 {
                due.entry(id).or_default()[1] = nursing;
            }
        }
        let of = |place: usize| due.values().filter(|yuan| yuan[place] > 0).count();
        assert_eq!((of(0), of(1)), (sets.care_service.len(), sets.nursing.len()));
        let lapsed: HashMap<_, _> =
            sets.subsidy_lapsed.iter().map(|it| (it.number.as_str(), it.yuan)).collect();
        for (id, yuan) in &lapsed {
            due.entry(id).or_default()[1] = *yuan;
        }
        assert_eq!(roster.len(), due.len());
        for (id, row) in &roster {
            let sums = [5, 7].map(|at: usize| row[at].parse().unwrap_or(0));
            assert_eq!(due[id.as_str()], sums, "{row:?}");
            if sums[1] > 0 {
                assert_eq!(care.disabled[id][11], "", "nobody has both by the federation");
            }
        }
    }
}

#[test]
fn visits_counted_again_are_as_many_as_in_the_story() {
    for (demo, numbers) in both() {
        let (care, families) = (Care::of(demo), by_id(demo, 7, 3));
        let mut due = set(families.keys());
        due.extend(care.disabled.keys().map(String::as_str).filter(|id| care.grave(id)));
        for (id, row) in &care.ledger {
            let seldom = ["独居", "空巢", "留守"].contains(&row[6].as_str());
            if seldom || matches!(care.level(id), Some("重度失能" | "完全失能")) {
                due.insert(id);
            }
            let visited = day(&row[12]);
            assert!(visited.is_none_or(|seen| seen < on(2026, 6, 1)), "June has just begun");
        }
        assert_eq!(due.len(), numbers.more.visits);
        assert_eq!(due, set(&demo.truth.sets.visits));
        assert!(due.contains(demo.truth.sets.story_alone.as_str()));
        let register = by_id(demo, 0, 3);
        let unknown = set(&demo.truth.sets.not_yet_at_police);
        assert!(due.iter().all(|id| register[*id][8] == "正常" && !unknown.contains(id)));
    }
}

#[test]
fn who_is_paid_has_an_account_and_a_trace_but_for_the_few() {
    for (demo, _) in both() {
        let sets = &demo.truth.sets;
        let accounts = by_id(demo, 11, 1);
        let unpaid: HashSet<&str> = sets
            .unpaid_older
            .iter()
            .map(|it| it.number.as_str())
            .chain(set(&sets.unpaid_new))
            .collect();
        let on_roll: Vec<&str> =
            demo.truth.files[2].rows.iter().filter_map(|row| row.person.as_deref()).collect();
        let subsidies = by_id(demo, 12, 4);
        let paid: HashSet<&str> =
            on_roll.iter().copied().chain(subsidies.keys().map(String::as_str)).collect();
        let without = |ids: &HashSet<&str>| -> HashSet<String> {
            let missing = ids.iter().filter(|id| !accounts.contains_key(**id));
            missing.map(|id| (*id).to_owned()).collect()
        };
        assert!(without(&paid).is_empty());
        assert_eq!(without(&unpaid), sets.without_account.iter().cloned().collect());
        let back_pay = sets.back_pay.iter().map(|it| it.number.as_str());
        assert!(back_pay.into_iter().all(|id| accounts.contains_key(id)));

        let (insured, clinic) = (by_id(demo, 10, 1), by_id(demo, 3, 1));
        let dead = set(sets.deaths_on_roll.iter().map(|it| &it.number));
        let last = |id: &str| {
            let certified = insured.get(id).and_then(|row| day(&row[5]));
            certified.max(clinic.get(id).and_then(|row| day(&row[2])))
        };
        let living = paid.union(&unpaid).filter(|id| !dead.contains(**id));
        let quiet: HashSet<&str> =
            living.copied().filter(|id| last(id) < Some(on(2025, 7, 1))).collect();
        assert_eq!(quiet, set(&sets.without_trace));
        assert!(quiet.iter().all(|id| last(id) < Some(on(2025, 5, 1)) && on_roll.contains(id)));
    }
}

#[test]
fn only_the_stated_pairs_share_an_account() {
    for (demo, _) in both() {
        let accounts = by_id(demo, 11, 1);
        let mut holders: HashMap<String, Vec<&str>> = HashMap::new();
        for (id, row) in &accounts {
            let account = row[2].trim().to_owned();
            assert!(account.len() == 19 && account.starts_with("6299"), "{account}");
            holders.entry(account).or_default().push(id);
        }
        let shared: HashSet<[&str; 2]> = holders
            .into_values()
            .filter(|ids| ids.len() > 1)
            .map(|mut ids| {
                ids.sort_unstable();
                [ids[0], ids[1]]
            })
            .collect();
        let sets = &demo.truth.sets;
        let pairs = |pairs: &'static [[String; 2]]| -> HashSet<[&str; 2]> {
            pairs.iter().map(|[one, other]| [one.as_str(), other.as_str()]).collect()
        };
        let strangers = pairs(&sets.shared_accounts);
        let couples = pairs(&sets.couples_sharing);
        assert_eq!(shared, strangers.union(&couples).copied().collect());
        let register = by_id(demo, 0, 3);
        let household = |id: &str| register[id][11].as_str();
        assert!(strangers.iter().all(|[a, b]| household(a) != household(b)));
        let married: HashSet<(String, String)> = good_rows(demo, 9, 2)
            .into_iter()
            .filter(|(_, row)| row[0] != "离婚登记")
            .map(|(id, row)| (id.reveal().to_owned(), row[4].clone()))
            .collect();
        for [a, b] in couples {
            assert_eq!(household(a), household(b));
            assert!(married.contains(&(a.to_owned(), b.to_owned())));
            assert!(married.contains(&(b.to_owned(), a.to_owned())));
        }
    }
}

#[test]
fn the_province_leads_to_people_who_are_paid_here() {
    for (demo, numbers) in both() {
        let rows = good_rows(demo, 14, 3);
        let of = |what: &str| rows.iter().filter(|(_, row)| row[1] == what).count();
        let more = &numbers.more;
        assert_eq!(of("两地重复领取"), more.paid_elsewhere);
        assert_eq!(of("互斥待遇重叠"), more.overlapping);
        let sets = &demo.truth.sets;
        let roster = by_id(demo, 2, 4);
        assert!(sets.paid_elsewhere.iter().all(|it| roster.contains_key(&it.number)));
        let nursing = set(sets.nursing.iter().map(|it| &it.number));
        assert!(sets.overlapping.iter().all(|it| nursing.contains(it.number.as_str())));
        let gaps: HashSet<bool> =
            sets.overlapping.iter().map(|it| it.yuan > it.here_yuan).collect();
        assert!(gaps.len() == 2 || more.overlapping == 1, "now the one, now the other is higher");
    }
}

#[test]
fn the_cancellations_repeat_the_register() {
    for (demo, numbers) in both() {
        let (deaths, register) = (by_id(demo, 4, 3), by_id(demo, 0, 3));
        assert_eq!(deaths.len(), numbers.police_deaths);
        for (id, row) in &deaths {
            let state = &register[id];
            assert_eq!(state[8], "死亡注销");
            assert_eq!((day(&row[5]), day(&row[6])), (day(&state[9]), day(&state[10])));
        }
    }
}

#[test]
fn who_is_not_in_the_register_is_outside_and_too_young_for_it() {
    for (demo, _) in both() {
        let register = by_id(demo, 0, 3);
        let mut outside = 0;
        for (file, column) in [(5, 4), (6, 3), (7, 3), (8, 3), (9, 2)] {
            let rows = rows_of(demo, file);
            let mut seen = HashSet::new();
            for truth in &demo.truth.files[file].rows {
                if truth.outcome == Outcome::Outside {
                    let id = &rows[truth.row as usize - 1][column];
                    let number: kernel::ResidentNumber = id.parse().expect("a legible number");
                    assert!(age(number) < 60 && !register.contains_key(id));
                    assert!(seen.insert(id), "{id} twice");
                    outside += 1;
                }
            }
        }
        assert_eq!(outside, demo.truth.counts["rows_outside"]);
    }
}

#[test]
fn no_two_sets_of_the_story_meet_by_chance() {
    for (demo, _) in both() {
        let sets = &demo.truth.sets;
        let unpaid: Vec<&String> = sets
            .unpaid_new
            .iter()
            .chain(sets.unpaid_older.iter().map(|it| &it.number))
            .chain(sets.deaths_on_roll.iter().map(|it| &it.number))
            .chain(&sets.class_90)
            .chain(&sets.class_100)
            .chain(&sets.soon_80)
            .filter(|id| **id != sets.story_alone)
            .collect();
        let unpaid = set(unpaid);
        let groups = [
            set(&sets.visits),
            set(&sets.without_trace),
            set(sets.paid_elsewhere.iter().map(|it| &it.number)),
            set(sets.shared_accounts.iter().flatten()),
            set(sets.couples_sharing.iter().flatten()),
        ];
        for (n, group) in groups.iter().enumerate() {
            assert!(group.is_disjoint(&unpaid));
            assert!(groups[n + 1..].iter().all(|other| group.is_disjoint(other)));
        }
    }
}

#[test]
fn the_old_standard_stands_beside_the_new_one() {
    let ledger = by_id(&COUNTY, 13, 3);
    let retired = ledger.values().filter(|row| row[7].starts_with("MZ/T"));
    let mut count = 0;
    for row in retired {
        assert!(row[8] != "完全失能", "the old standard ends at severe");
        assert!(day(&row[9]).expect("a day") < on(2023, 1, 1));
        count += 1;
    }
    assert!(count > 50);
    let levels: HashSet<&str> = ledger.values().map(|row| row[8].as_str()).collect();
    assert_eq!(levels.len(), 5);
}
