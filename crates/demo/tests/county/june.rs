//! How June goes: who comes in and who stays open, and that telling it changed no file.

use std::collections::HashSet;
use std::fmt::Write as _;

use demo::{Course, Demo, Preset, Returned};
use sm3::{Digest, Sm3};

use super::reading::{COUNTY, TOWN};

fn courses(demo: &Demo) -> [usize; 5] {
    use Course::{CameIn, Declined, NotReached, Objection, WithoutAccount};
    [CameIn, NotReached, WithoutAccount, Declined, Objection]
        .map(|course| demo.truth.sets.june.iter().filter(|it| it.course == course).count())
}

#[test]
fn june_brings_143_in_and_leaves_96_open_each_for_its_cause() {
    assert_eq!(courses(&COUNTY), [143, 41, 27, 18, 10]);
    assert_eq!(courses(&TOWN), [3, 1, 1, 0, 1]);
    let came_in = COUNTY.truth.sets.june.iter().filter(|it| it.course == Course::CameIn);
    let months: Vec<i32> = came_in.map(|it| it.arrears_months).collect();
    assert_eq!(months.iter().filter(|months| **months == 0).count(), 96);
    assert_eq!(months.iter().sum::<i32>(), 311);
}

#[test]
fn everybody_unpaid_has_one_course_and_who_has_no_account_has_that_one() {
    for demo in [&*COUNTY, &*TOWN] {
        let sets = &demo.truth.sets;
        let of = |course: Course| -> HashSet<&str> {
            let those = sets.june.iter().filter(|it| it.course == course);
            those.map(|it| it.number.as_str()).collect()
        };
        let all: HashSet<&str> = sets.june.iter().map(|it| it.number.as_str()).collect();
        let unpaid = sets.unpaid_older.iter().map(|it| it.number.as_str());
        let unpaid: HashSet<&str> =
            unpaid.chain(sets.unpaid_new.iter().map(String::as_str)).collect();
        assert_eq!((all.len(), all), (sets.june.len(), unpaid));
        let without: HashSet<&str> = sets.without_account.iter().map(String::as_str).collect();
        assert_eq!(of(Course::WithoutAccount), without);
        let came_in = of(Course::CameIn);
        assert!(sets.back_pay.iter().all(|it| came_in.contains(it.number.as_str())));
        assert!(came_in.contains(sets.story_alone.as_str()));
    }
}

#[test]
fn the_bank_gives_back_forty_lines_of_people_of_whom_nothing_else_is_told() {
    let sets = &COUNTY.truth.sets;
    let causes = [
        Returned::AccountClosed,
        Returned::NameDiffers,
        Returned::AccountFrozen,
        Returned::HolderDead,
    ];
    let count = |cause| sets.returned.iter().filter(|it| it.cause == cause).count();
    assert_eq!(causes.map(count), [18, 12, 7, 3]);
    let told = sets.deaths_on_roll.iter().map(|it| &it.number).chain(&sets.without_trace);
    let told: HashSet<&String> = told.chain(&sets.class_90).chain(&sets.class_100).collect();
    let back: HashSet<&String> = sets.returned.iter().map(|it| &it.number).collect();
    assert_eq!(back.len(), 40);
    assert!(back.is_disjoint(&told));
}

/// 县和镇的文件: pinned, because months of work rest on them. Whoever changes a file on purpose
/// changes these lines as well.
#[test]
fn the_departments_files_are_the_bytes_that_they_always_were() {
    for (demo, preset, digest) in [
        (
            &*COUNTY,
            Preset::County,
            "9128aa8f40434af689b9cb310307f98243d183685dce1669afe0a5a9cfc50a45",
        ),
        (&*TOWN, Preset::Town, "70651ee49d18d17b2e4a8fdc68a3aa86ff0ef2017737c47f000b3681792892db"),
    ] {
        let mut all = Sm3::new();
        for file in &demo.files {
            all.update(file.file_name.as_bytes());
            all.update(&file.bytes);
        }
        let mut hex = String::new();
        for byte in all.finalize() {
            write!(hex, "{byte:02x}").unwrap();
        }
        assert_eq!(hex, digest, "{}", preset.word());
    }
}
