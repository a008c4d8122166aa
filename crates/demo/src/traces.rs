use kernel::Day;

use crate::DemoFile;
use crate::dirt::{Cell, Desk, Entry, Flaw, Hopeless, Index, Keeps, Soiler};
use crate::numbers::{Numbers, census, day};
use crate::people::{Fate, Roll};
use crate::rng::Rng;
use crate::truth::{FileTruth, Outcome, RowTruth};

/// 医保最近就诊: the supplier's id.
pub(crate) const SUPPLIER: &str = "medical_traces";

const HEADER: [&str; 4] = ["姓名", "证件号码", "最近就诊日期", "就诊机构"];

/// Last clinic visits as the medical insurance exports them: csv in UTF-8 with a mark in front.
pub(crate) fn traces(index: &Index<'_>, numbers: &Numbers) -> (DemoFile, FileTruth) {
    let mut soiler = Soiler { index, rng: Rng::new(0x0007_ACE5), keeps: Keeps::Text };
    let entries = entries(&mut soiler, numbers);
    let mut text = String::from("\u{FEFF}") + &HEADER.join(",") + "\r\n";
    let mut truth = Vec::new();
    for (row, (entry, seen)) in (2..).zip(entries) {
        let id = match &entry.id {
            Cell::Text(id) => id.as_str(),
            _ => "",
        };
        let clinic = match soiler.rng.below(4) {
            0 => "松河县人民医院".to_owned(),
            1 => "松河县中医院".to_owned(),
            _ => format!("{}卫生院", index.village(&entry).town),
        };
        let clinic = if entry.name.is_empty() { String::new() } else { clinic };
        text.extend([entry.name.as_str(), ",", id, ",", &seen, ",", &clinic, "\r\n"]);
        truth.push(RowTruth {
            row,
            outcome: entry.outcome,
            person: entry.person.map(|at| index.people[at].number.reveal().to_owned()),
        });
    }
    let file_name = "医保最近就诊_202605.csv".to_owned();
    let bytes = text.into_bytes();
    let file =
        DemoFile { supplier: SUPPLIER, as_of: census(), file_name: file_name.clone(), bytes };
    (file, FileTruth { supplier: SUPPLIER, file_name, rows: truth })
}

fn entries(soiler: &mut Soiler<'_>, numbers: &Numbers) -> Vec<(Entry, String)> {
    let people = soiler.index.people;
    let dirt = numbers.dirt.traces;
    let mut living: Vec<usize> = (0..people.len()).filter(|at| people[*at].certain()).collect();
    living.retain(|at| !people[*at].traits.quiet);
    soiler.rng.shuffle(&mut living);
    living.truncate(numbers.traces);
    let pool: Vec<usize> = living
        .iter()
        .copied()
        .filter(|at| people[*at].ordinary() && people[*at].roll == Roll::Never)
        .collect();
    let plan = soiler.plan(dirt, &pool);
    let wrong_days = dirt.unusable_other / 6;
    let spoilt: Vec<usize> =
        living.iter().copied().filter(|at| !plan.contains_key(at)).take(wrong_days).collect();
    living.sort_unstable();
    let mut rows = Vec::with_capacity(living.len() + 100);
    let mut private_use = 0;
    for at in living {
        let seen = census().plus_days(-i64::try_from(soiler.rng.low(120)).expect("days"));
        let mut entry = soiler.row(at, plan.get(&at).copied());
        if private_use == 0 && plan.get(&at) == Some(&Flaw::Desk(Desk::Name)) {
            // A program wrote the family name's sign into its private area.
            entry.name = entry.name.chars().take(1).chain(['\u{E863}']).collect();
            private_use += 1;
        }
        let mut date = date(soiler, seen);
        if spoilt.contains(&at) {
            "2026-02-30".clone_into(&mut date);
            entry.outcome = Outcome::Unusable { reason: "impossible_date" };
        }
        rows.push((entry, date));
    }
    let contradicted = people.iter().enumerate().filter_map(|(at, person)| match person.fate {
        Fate::Contradicted { seen, .. } => Some((at, seen)),
        _ => None,
    });
    for (at, seen) in contradicted {
        rows.push((soiler.row(at, None), seen.to_string()));
    }
    let others = Hopeless::OTHER.into_iter().cycle().take(dirt.unusable_other - wrong_days);
    let kinds = std::iter::repeat_n(Hopeless::Scientific, dirt.unusable_scientific).chain(others);
    for kind in kinds {
        let entry = soiler.nobody(kind);
        let place = soiler.rng.below(rows.len());
        let date = if kind == Hopeless::Nothing { String::new() } else { "2026-05-11".to_owned() };
        rows.insert(place, (entry, date));
    }
    debug_assert!(rows.iter().all(|(entry, _)| entry.birth < day(1967, 1, 1)));
    rows
}

fn date(soiler: &mut Soiler<'_>, seen: Day) -> String {
    match soiler.date(seen) {
        Cell::Text(text) => text,
        _ => seen.to_string(),
    }
}
