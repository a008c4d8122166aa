//! The county's binding numbers, from the truth and counted again from the files themselves.

mod city;
mod departments;
mod june;
mod reading;

use std::collections::{HashMap, HashSet};

use demo::{Demo, Numbers, Outcome, Preset};
use kernel::{Day, ResidentNumber};
use reading::{COUNTY, TOWN, age, day, good, good_rows, number, read, rows_of};

fn check_truth(demo: &Demo, numbers: &Numbers) {
    let count = |name| demo.truth.counts[name];
    assert_eq!(count("living_60"), numbers.living);
    assert_eq!(count("living_65"), numbers.living_65);
    assert_eq!(count("living_80_89"), numbers.living_80);
    assert_eq!(count("living_90_99"), numbers.living_90);
    assert_eq!(count("living_100"), numbers.living_100);
    assert_eq!(count("unpaid_new"), numbers.unpaid_new);
    assert_eq!(count("unpaid_older"), numbers.unpaid_older);
    assert_eq!(count("back_pay_people"), numbers.back_pay_people);
    assert_eq!(count("back_pay_months"), numbers.back_pay_months);
    assert_eq!(count("deaths_on_roll"), numbers.dead_on_roll.iter().sum::<usize>());
    assert_eq!(count("paid_after_death"), numbers.overpaid_80.len() + numbers.overpaid_90.len());
    assert_eq!(count("not_yet_at_police"), numbers.not_at_police());
    assert_eq!(count("contradicted"), numbers.contradicted);
    assert_eq!(count("class_90"), numbers.turned_90);
    assert_eq!(count("class_100"), numbers.turned_100);
    assert_eq!(count("soon_80"), numbers.soon_80);
    let dirt = numbers.dirt.by_supplier();
    assert_eq!(count("rows_desk"), dirt.iter().map(|(_, it)| it.desk()).sum::<usize>());
    assert_eq!(count("rows_unusable"), dirt.iter().map(|(_, it)| it.unusable()).sum::<usize>());
    for file in &demo.truth.files {
        let of = dirt.iter().find(|(supplier, _)| *supplier == file.supplier);
        let desk = file.rows.iter().filter(|row| matches!(row.outcome, Outcome::Desk { .. }));
        let lost = file.rows.iter().filter(|row| matches!(row.outcome, Outcome::Unusable { .. }));
        let found = (desk.count(), lost.count());
        assert_eq!(
            found,
            of.map_or((0, 0), |(_, it)| (it.desk(), it.unusable())),
            "{}",
            file.supplier
        );
    }
}

#[test]
fn the_truth_holds_the_numbers_of_the_story() {
    check_truth(&COUNTY, Numbers::of(Preset::County));
    check_truth(&TOWN, Numbers::of(Preset::Town));
    let count = |name| COUNTY.truth.counts[name];
    let said = ["unpaid", "rows_desk", "rows_unusable", "overpaid_months", "deaths_on_roll"];
    assert_eq!(said.map(count), [239, 287, 64, 47, 66]);
    let bands =
        |band| COUNTY.truth.sets.deaths_on_roll.iter().filter(|death| death.band == band).count();
    assert_eq!(["80-89周岁", "90-99周岁", "100周岁及以上"].map(bands), [52, 13, 1]);
    let numbers = Numbers::of(Preset::County);
    assert_eq!(numbers.roster_lines(), [11_764, 1_148, 21]);
    assert_eq!((numbers.cremations(), numbers.not_at_police()), (318, 35));
    let good = count("rows_exact") + count("rows_normalised");
    let all: usize = COUNTY.truth.files.iter().map(|file| file.rows.len()).sum();
    let ours = all - count("rows_outside");
    assert!(good * 1000 > ours * 990, "more than 99 % of the rows match for certain");
}

#[test]
fn the_register_counted_again_gives_the_population() {
    for (demo, preset) in [(&*COUNTY, Preset::County), (&*TOWN, Preset::Town)] {
        let numbers = Numbers::of(preset);
        let rows = good_rows(demo, 0, 3);
        let contradicted = &demo.truth.sets.contradicted;
        let unknown = &demo.truth.sets.not_yet_at_police;
        let has = |set: &[String], id: &ResidentNumber| set.iter().any(|n| n == id.reveal());
        let (mut dead, mut moved, mut ages) = (0, 0, Vec::new());
        let mut seen = HashSet::new();
        for (id, row) in &rows {
            assert!(seen.insert(*id), "one good row per person");
            assert_eq!(day(&row[4]), Some(id.birth()), "{row:?}");
            assert_eq!(row[2], id.sex().chinese());
            match row[8].as_str() {
                "死亡注销" => dead += 1,
                "迁出" => moved += 1,
                other => assert_eq!(other, "正常"),
            }
            let present = row[8] == "正常" && !has(unknown, id);
            if present || has(contradicted, id) {
                ages.push(age(*id));
            }
        }
        let of = |from: i32, to: i32| ages.iter().filter(|a| (from..to).contains(*a)).count();
        assert_eq!((dead, moved), (numbers.police_deaths, numbers.moved_out));
        let bands = [of(60, 200), of(65, 200), of(80, 90), of(90, 100), of(100, 200)];
        let said = [
            numbers.living,
            numbers.living_65,
            numbers.living_80,
            numbers.living_90,
            numbers.living_100,
        ];
        assert_eq!(bands, said);
        let soon = |id: &ResidentNumber| {
            let turns = id.birth().plus_years(80).days_since(Day::new(2026, 6, 2).expect("a day"));
            (-1..=60).contains(&turns) && !has(unknown, id)
        };
        let on_or_after = rows.iter().filter(|(id, row)| row[8] == "正常" && soon(id)).count();
        assert_eq!(on_or_after, numbers.soon_80, "nobody turns 80 on the first two days");
    }
}

#[test]
fn roster_register_and_ledger_counted_again_give_the_findings() {
    for (demo, preset) in [(&*COUNTY, Preset::County), (&*TOWN, Preset::Town)] {
        let numbers = Numbers::of(preset);
        let register: HashMap<_, _> = good_rows(demo, 0, 3).into_iter().collect();
        let cremated: HashSet<_> = good_rows(demo, 1, 4).into_iter().map(|(id, _)| id).collect();
        let roster = good_rows(demo, 2, 4);
        let paid: HashSet<&str> =
            demo.truth.files[2].rows.iter().filter_map(|row| row.person.as_deref()).collect();
        let state = |id: &ResidentNumber| register[id][8].as_str();
        let unpaid = register
            .iter()
            .filter(|(id, row)| row[8] == "正常" && !cremated.contains(id) && age(**id) >= 80)
            .filter(|(id, _)| !paid.contains(id.reveal()))
            .count();
        assert_eq!(unpaid, numbers.unpaid_new + numbers.unpaid_older);
        let surprises = cremated.iter().filter(|id| state(id) == "正常").count();
        assert_eq!(surprises, numbers.not_at_police());
        let dead = |id: &ResidentNumber| state(id) != "正常" || cremated.contains(id);
        let on_roll = roster.iter().filter(|(id, _)| dead(id)).count();
        assert_eq!(on_roll, numbers.dead_on_roll.iter().sum::<usize>());
        let class = |id: &ResidentNumber| match age(*id) {
            ..80 => "too young",
            80..90 => "80-89周岁",
            90..100 => "90-99周岁",
            _ => "100周岁及以上",
        };
        let wrong = |band: &str| {
            let off = |row: &[String], id| row[5] == band && class(id) != band;
            roster.iter().filter(|(id, row)| !dead(id) && off(row, id)).count()
        };
        assert_eq!(wrong("80-89周岁"), numbers.turned_90);
        assert_eq!(wrong("90-99周岁"), numbers.turned_100);
        assert_eq!(wrong("100周岁及以上"), 0);
    }
}

#[test]
fn the_roster_and_the_ledger_have_their_lines() {
    let roster = rows_of(&COUNTY, 2);
    let of = |band: &str, yuan: &str| {
        roster[1..].iter().filter(|row| row[5] == band && row[6] == yuan).count()
    };
    assert_eq!(roster.len() - 1, 12_933);
    assert_eq!(
        [of("80-89周岁", "40"), of("90-99周岁", "120"), of("100周岁及以上", "400")],
        [11_764, 1_148, 21]
    );
    let ledger = rows_of(&COUNTY, 1);
    assert_eq!(ledger.iter().filter(|row| row[0].parse::<u32>().is_ok()).count(), 318);
    let people: HashSet<_> =
        COUNTY.truth.files[1].rows.iter().filter_map(|row| row.person.clone()).collect();
    assert_eq!(people.len(), 318 - 2);
    let man = &COUNTY.truth.sets.story_cremated;
    let row = COUNTY.truth.files[1].rows.iter().find(|row| row.person.as_ref() == Some(man));
    let row = &ledger[row.expect("he is cremated").row as usize - 1];
    assert_eq!(day(&row[7]), Day::new(2026, 5, 9));
    assert!(row[5].ends_with("城关镇东门社区") && row[3] == "88");
}

#[test]
fn the_woman_of_the_story_is_owed_seven_months() {
    for demo in [&*COUNTY, &*TOWN] {
        let sets = &demo.truth.sets;
        let owed = sets.back_pay.iter().find(|it| it.number == sets.story_alone);
        assert_eq!(owed.map(|it| it.arrears_months), Some(7));
        let register = good_rows(demo, 0, 3);
        let (id, row) = register
            .iter()
            .find(|(id, _)| id.reveal() == sets.story_alone)
            .expect("she is in the register");
        assert_eq!(id.birth(), Day::new(1945, 10, 17).expect("a day"));
        assert_eq!([row[5].as_str(), row[6].as_str()], ["云溪镇", "溪尾村"]);
        assert!(row[1].starts_with('周'));
    }
}

#[test]
fn no_trace_lies_after_a_death_but_of_the_contradicted() {
    for demo in [&*COUNTY, &*TOWN] {
        let register: HashMap<_, _> = good_rows(demo, 0, 3).into_iter().collect();
        let mut after = Vec::new();
        for (id, row) in good_rows(demo, 3, 1) {
            let person = &register[&id];
            if person[8] == "死亡注销" {
                let died = day(&person[9]).expect("a day of death");
                assert_eq!(day(&row[2]), Some(died.plus_days(19)));
                after.push(id.reveal().to_owned());
            }
        }
        assert_eq!(after, demo.truth.sets.contradicted);
        let traces = demo.truth.files[3].rows.iter().filter_map(|row| row.person.as_ref());
        let gone = &demo.truth.sets.not_yet_at_police;
        assert!(traces.into_iter().all(|person| !gone.contains(person)));
    }
}

#[test]
fn the_dirt_lies_in_the_files_as_the_truth_says() {
    let (mut old, mut scientific) = (0, 0);
    let columns = [3, 4, 4, 1, 3, 4, 3, 3, 3, 2, 1, 1, 4, 3, 3];
    assert_eq!(columns.len(), COUNTY.files.len());
    for (file, column) in columns.into_iter().enumerate() {
        let rows = rows_of(&COUNTY, file);
        for truth in &COUNTY.truth.files[file].rows {
            let cell = &rows[truth.row as usize - 1][column];
            old += usize::from(cell.len() == 15);
            // Workbooks give the number itself, whose last digits are gone.
            let lost = cell.contains("E+17") || (cell.len() == 18 && cell.ends_with("000"));
            let damaged = matches!(
                truth.outcome,
                Outcome::Desk { reason: "scientific_notation" }
                    | Outcome::Unusable { reason: "scientific_notation" }
            );
            scientific += usize::from(lost && damaged);
            if let Outcome::Desk { reason: "wrong_check_digit" } = truth.outcome {
                assert_eq!(number(cell), None);
            }
            if let Outcome::Unusable { reason } = &truth.outcome {
                // Three zeros in place of lost digits may pass the check by chance.
                let chance = ["impossible_date", "scientific_notation"].contains(reason);
                assert!(number(cell).is_none() || chance, "{cell}");
            }
        }
    }
    assert_eq!((old, scientific), (112, 38));
    let roster = String::from_utf8_lossy(&COUNTY.files[3].bytes).into_owned();
    assert!(roster.contains('\u{E863}'), "one name has a private-use sign");
    let names: HashSet<String> =
        good_rows(&COUNTY, 2, 4).into_iter().map(|(_, row)| row[3].clone()).collect();
    assert!(["刘𬱖", "王㛃", "李䶮"].iter().all(|rare| names.contains(*rare)));
}

#[test]
fn a_damaged_roster_row_cannot_be_taken_for_somebody_unpaid() {
    let register: HashMap<_, _> = good_rows(&COUNTY, 0, 3)
        .into_iter()
        .map(|(id, row)| (id.reveal().to_owned(), row))
        .collect();
    let sets = &COUNTY.truth.sets;
    let unpaid = sets.unpaid_older.iter().map(|it| &it.number).chain(&sets.unpaid_new);
    let unpaid: HashSet<(&str, &str)> =
        unpaid.map(|id| (register[id][1].as_str(), register[id][5].as_str())).collect();
    let rows = rows_of(&COUNTY, 2);
    for truth in COUNTY.truth.files[2].rows.iter().filter(|row| !good(row)) {
        let row = &rows[truth.row as usize - 1];
        assert!(!unpaid.contains(&(row[3].as_str(), row[1].as_str())), "{row:?}");
    }
}

#[test]
fn no_number_lies_outside_of_the_region_that_never_existed() {
    let all = COUNTY.truth.files.iter().chain(&TOWN.truth.files).flat_map(|file| &file.rows);
    let mut people = 0;
    for person in all.filter_map(|row| row.person.as_ref()) {
        assert!(person.starts_with("99") && person.parse::<ResidentNumber>().is_ok());
        people += 1;
    }
    assert!(people > 100_000);
}

#[test]
fn the_areas_are_a_tree_of_22_towns_and_318_villages() {
    let towns = COUNTY.areas.iter().filter(|area| area.code.len() == 9).count();
    assert_eq!((towns, COUNTY.villages().count()), (22, 318));
    let mut names = HashSet::new();
    for (place, area) in COUNTY.areas.iter().enumerate() {
        let above = area.parent.map(|id| COUNTY.areas.iter().position(|a| a.id == id));
        assert!(above.is_none_or(|above| above.is_some_and(|above| above < place)));
        assert!(names.insert((area.parent, &area.name)), "{} twice", area.name);
    }
    for area in &TOWN.areas {
        assert!(COUNTY.areas.contains(area), "the town's areas are the county's");
    }
    let homonyms: HashSet<_> = COUNTY.villages().map(|area| &area.name).collect();
    assert!(homonyms.len() < 318, "a village's name says nothing without its town");
}

#[test]
fn the_same_preset_gives_the_same_bytes() {
    let again = demo::generate(Preset::Town);
    assert_eq!(again.files, TOWN.files);
    assert_eq!(again.truth, TOWN.truth);
    assert_eq!(demo::last_month(Preset::Town), demo::last_month(Preset::Town));
}

/// Nanoseconds that this thread has had the processor; what its neighbours take does not count.
fn worked() -> u64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").expect("Linux counts it");
    text.split_whitespace().next().and_then(|it| it.parse().ok()).expect("nanoseconds")
}

#[test]
fn the_county_is_made_in_less_than_ten_seconds() {
    let begin = worked();
    let again = demo::generate(Preset::County);
    let seconds = (worked() - begin) / 1_000_000_000;
    assert!(again.files == COUNTY.files, "the same bytes every time");
    assert!(seconds < 10, "{seconds} s of work");
}

#[test]
fn last_month_knows_nothing_of_may() {
    let files = demo::last_month(Preset::Town);
    let register = read(&files[0]);
    assert!(register.iter().all(|row| row[8] != "死亡注销"), "May's deaths are not yet known");
    assert!(register.len() < rows_of(&TOWN, 0).len(), "who turns 60 in May comes later");
    let roster = read(&files[1]);
    assert_eq!(files[1].as_of, Day::new(2026, 4, 30).expect("a day"));
    assert!(roster.len() > 100 && files[1].bytes != TOWN.files[2].bytes);
    let renamed = demo::renamed_last_month(Preset::Town);
    assert_eq!(renamed.file_name, TOWN.files[0].file_name);
    assert_eq!(renamed.bytes, files[0].bytes);
}

#[test]
fn the_tray_is_written_with_areas_and_truth() {
    let dir = tempfile::tempdir().expect("a folder");
    TOWN.write(dir.path()).expect("written");
    let areas = std::fs::read_to_string(dir.path().join("areas.csv")).expect("areas");
    assert!(areas.starts_with("code,name,level,kind,parent,valid_from,valid_to\n990000,安澜省,"));
    assert!(areas.contains("990121002,云溪镇,township,division,990121,2000-01-01,"));
    let truth = std::fs::read_to_string(dir.path().join("truth.json")).expect("truth");
    let truth: serde_json::Value = serde_json::from_str(&truth).expect("json");
    assert_eq!(truth["counts"]["living_60"], 1260);
    assert!(TOWN.files.iter().all(|file| dir.path().join(&file.file_name).exists()));
}

#[test]
fn the_people_are_as_hard_to_tell_apart_as_real_ones() {
    let mut in_village: HashMap<(String, String, String), HashSet<Day>> = HashMap::new();
    let mut on_day: HashMap<(String, Day), HashSet<(String, String)>> = HashMap::new();
    let mut born: HashMap<(char, Day, String, String), usize> = HashMap::new();
    let mut dots = HashSet::new();
    for (id, row) in good_rows(&COUNTY, 0, 3) {
        let name: String = row[1].chars().filter(|c| !c.is_whitespace()).collect();
        let (town, village) = (row[5].clone(), row[6].clone());
        dots.extend(name.chars().filter(|c| "·•‧・".contains(*c)));
        let family = name.chars().next().expect("a name");
        *born.entry((family, id.birth(), town.clone(), village.clone())).or_default() += 1;
        on_day
            .entry((name.clone(), id.birth()))
            .or_default()
            .insert((town.clone(), village.clone()));
        in_village.entry((name, town, village)).or_default().insert(id.birth());
    }
    let namesakes = in_village.values().filter(|days| days.len() > 1).count();
    let elsewhere = on_day.values().filter(|places| places.len() > 1).count();
    let twins = born.values().filter(|born| **born > 1).count();
    assert!(namesakes > 500, "{namesakes} names stand twice in a village");
    assert!(elsewhere >= 5, "{elsewhere} names stand in two villages with one day of birth");
    assert!(twins > 100, "{twins} pairs of one family and day");
    assert_eq!(dots.len(), 4, "one dot, four ways to write it");
}
