use std::io;

use kernel::Day;

use crate::DemoFile;
use crate::biff;
use crate::dirt::{Cell, Entry, Index, Keeps, Soiler};
use crate::numbers::{Numbers, census, day};
use crate::people::{Fate, Roll};
use crate::rng::Rng;
use crate::truth::{FileTruth, Outcome, RowTruth};

/// 殡仪馆: the supplier's id.
pub(crate) const SUPPLIER: &str = "funeral_home";

const HEADER: [&str; 10] = [
    "序号",
    "逝者姓名",
    "性别",
    "年龄",
    "身份证号",
    "户籍地",
    "死亡日期",
    "火化日期",
    "经办人",
    "备注",
];

/// May's ledger of cremations, as an old `.xls`.
pub(crate) fn ledger(index: &Index<'_>, numbers: &Numbers) -> io::Result<(DemoFile, FileTruth)> {
    let mut soiler = Soiler { index, rng: Rng::new(0x00F0_E4A1), keeps: Keeps::Numbers };
    let entries = entries(&mut soiler, numbers);
    let mut rows = vec![
        vec![Cell::Text(format!("{}殡仪馆遗体火化登记表（2026年5月）", index.place.name))],
        HEADER.iter().map(|name| Cell::text(*name)).collect(),
    ];
    let mut truth = Vec::new();
    for (count, row) in (1..).zip(&entries) {
        rows.push(cells(&mut soiler, count, row));
        truth.push(RowTruth {
            row: count + 2,
            outcome: row.entry.outcome.clone(),
            person: row.entry.person.map(|at| index.people[at].number.reveal().to_owned()),
        });
    }
    let total = u32::try_from(entries.len()).expect("some hundred rows");
    rows.push(vec![Cell::text("合计"), Cell::Number(f64::from(total))]);
    let file_name = "殡仪馆火化登记_202605.xls".to_owned();
    let bytes = biff::workbook("火化登记", &rows)?;
    let file =
        DemoFile { supplier: SUPPLIER, as_of: census(), file_name: file_name.clone(), bytes };
    Ok((file, FileTruth { supplier: SUPPLIER, file_name, rows: truth }))
}

struct Cremation {
    entry: Entry,
    died: Day,
    cremated: Day,
    repeated: bool,
}

/// By the day of cremation; what was entered from the paper ledger later stands first.
fn entries(soiler: &mut Soiler<'_>, numbers: &Numbers) -> Vec<Cremation> {
    let people = soiler.index.people;
    let dirt = numbers.dirt.funeral;
    let mut dead: Vec<(Day, Day, usize)> = (0..people.len())
        .filter_map(|at| match people[at].fate {
            Fate::Dead { died, cremated, .. } => Some((cremated, died, at)),
            _ => None,
        })
        .collect();
    dead.sort_unstable();
    // A damaged row hides no death: the police knows of these and the roster has none of them.
    let pool: Vec<usize> = dead
        .iter()
        .map(|(_, _, at)| *at)
        .filter(|at| {
            let known = matches!(people[*at].fate, Fate::Dead { registered: Some(_), .. });
            known && people[*at].roll == Roll::Never
        })
        .collect();
    let plan = soiler.plan(dirt, &pool);
    let mut spare = pool.iter().copied().filter(|at| !plan.contains_key(at));
    let nameless: Vec<usize> = spare.by_ref().take(dirt.unusable()).collect();
    let repeated: Vec<usize> = spare.take(numbers.repeated_cremations).collect();
    let mut rows = Vec::new();
    for (cremated, died, at) in dead {
        let mut entry = soiler.row(at, plan.get(&at).copied());
        if nameless.contains(&at) {
            "无名氏".clone_into(&mut entry.name);
            entry.id = Cell::Empty;
            entry.outcome = Outcome::Unusable { reason: "empty_id" };
        }
        rows.push(Cremation { entry, died, cremated, repeated: false });
        if repeated.contains(&at) {
            let entry = soiler.row(at, None);
            rows.push(Cremation { entry, died, cremated, repeated: true });
        }
    }
    rows
}

fn cells(soiler: &mut Soiler<'_>, count: u32, row: &Cremation) -> Vec<Cell> {
    let Cremation { entry, died, cremated, repeated } = row;
    let village = soiler.index.village(entry);
    let from = if soiler.rng.chance(1, 3) { soiler.index.place.name.as_str() } else { "" };
    let place = format!("{from}{}{}", village.town, village.name);
    let nameless = entry.name == "无名氏";
    let remark = if *repeated {
        "领灰时重复登记"
    } else if *cremated < day(2026, 5, 1) {
        "补录纸质台账"
    } else {
        ""
    };
    let sex = entry.person.map_or("", |at| soiler.index.people[at].sex.chinese());
    let clerk = *soiler.rng.pick(&["何志强", "田秀华", "罗建军"]);
    vec![
        Cell::Number(f64::from(count)),
        Cell::text(&entry.name),
        Cell::text(sex),
        Cell::Number(f64::from(died.full_years_since(entry.birth))),
        entry.id.clone(),
        if nameless { Cell::Empty } else { Cell::Text(place) },
        soiler.date(*died),
        soiler.date(*cremated),
        Cell::text(clerk),
        if remark.is_empty() { Cell::Empty } else { Cell::text(remark) },
    ]
}
