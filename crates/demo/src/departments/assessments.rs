use super::table::{Book, Crowd, Line, Table, count, having, name, sex, total};
use super::traits::{Assessment, Level, Living};
use crate::DemoFile;
use crate::dirt::{Cell, Index, Keeps, Soiler};
use crate::numbers::{Numbers, census, day};
use crate::rng::Rng;
use crate::truth::FileTruth;

const HEADER: [&str; 13] = [
    "序号",
    "姓名",
    "性别",
    "身份证号",
    "乡镇街道",
    "村社区",
    "居住情况",
    "评估标准",
    "能力等级",
    "评估日期",
    "有效期至",
    "评估机构",
    "最近探访日期",
];

/// 老年人能力评估台账: levels with their validity, and how people live.
pub(super) fn ledger(index: &Index<'_>, numbers: &Numbers) -> (DemoFile, FileTruth) {
    let mut soiler = Soiler { index, rng: Rng::new(0x00A5_5E55), keeps: Keeps::Numbers };
    let members = having(index, |it| it.traits.assessment.is_some());
    let dirt = numbers.dirt.assessments;
    let crowd = Crowd { dirt, members: &members, strangers: 0, born: (1967, 1970) };
    let rows: Vec<Line> = (1..)
        .zip(crowd.entries(&mut soiler))
        .map(|(number, entry)| {
            let village = index.village(&entry);
            let traits = entry.person.map(|at| &index.people[at].traits);
            let own = traits.and_then(|it| it.assessment);
            let assessment = own.unwrap_or(Assessment {
                retired: false,
                level: Level::Mild,
                on: day(2025, 11, 4),
                until: day(2026, 11, 3),
                living: Living::WithFamily,
            });
            let standards = if assessment.retired {
                ["MZ/T 039-2013", "MZ/T 039—2013"]
            } else {
                ["GB/T 42195-2022", "GB/T 42195—2022"]
            };
            let bodies = ["松河县康宁评估服务中心", "青屏市安颐老年评估所"];
            let visited = traits.and_then(|it| it.visited);
            let cells = vec![
                Cell::Number(count(number)),
                name(&entry),
                sex(&entry, index),
                entry.id.clone(),
                Cell::text(&village.town),
                Cell::text(&village.name),
                Cell::text(assessment.living.chinese()),
                Cell::text(standards[usize::from(soiler.rng.chance(1, 8))]),
                Cell::text(assessment.level.chinese()),
                soiler.date(assessment.on),
                soiler.date(assessment.until),
                Cell::text(*soiler.rng.pick(&bodies)),
                visited.map_or(Cell::Empty, |day| soiler.date(day)),
            ];
            (entry, cells)
        })
        .collect();
    let table = Table {
        supplier: "legacy_assessments",
        file_name: "老年人能力评估台账（截至20260531）.xlsx".to_owned(),
        as_of: census(),
        book: Book::Xlsx(&["说明", "2022 年底以前的评估按老标准，未逐一换算。"]),
        sheet: "评估台账",
        above: vec!["松河县老年人能力评估及居住情况台账".to_owned()],
        header: &[("", &HEADER)],
        below: vec![total(rows.len())],
    };
    table.write(index, &rows)
}
