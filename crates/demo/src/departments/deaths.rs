use super::table::{Book, Line, Table, count, having, sex};
use crate::DemoFile;
use crate::dirt::{Cell, Index, Keeps, Soiler};
use crate::numbers::census;
use crate::people::Fate;
use crate::rng::Rng;
use crate::truth::FileTruth;

const HEADER: [&str; 9] = [
    "序号",
    "姓名",
    "性别",
    "公民身份号码",
    "户籍地",
    "死亡日期",
    "注销日期",
    "死亡证明编号",
    "注销派出所",
];

/// 死亡注销明细: May's cancellations, which the register repeats.
pub(super) fn cancellations(index: &Index<'_>) -> (DemoFile, FileTruth) {
    let mut soiler = Soiler { index, rng: Rng::new(0x00DE_A715), keeps: Keeps::Numbers };
    let dates = |at: usize| match index.people[at].fate {
        Fate::Dead { died, registered: Some(told), .. }
        | Fate::Contradicted { died, registered: told, .. } => Some((told, died)),
        _ => None,
    };
    let mut dead = having(index, |person| {
        matches!(person.fate, Fate::Dead { registered: Some(_), .. } | Fate::Contradicted { .. })
    });
    dead.sort_by_key(|at| (dates(*at), *at));
    let rows: Vec<Line> = (1..)
        .zip(dead)
        .map(|(number, at)| {
            let entry = soiler.row(at, None);
            let (told, died) = dates(at).expect("chosen by it");
            let village = index.village(&entry);
            let certificate = format!("SH{:04}{:02}{number:06}", told.year(), told.month_number());
            let cells = vec![
                Cell::Number(count(number)),
                Cell::text(&entry.name),
                sex(&entry, index),
                entry.id.clone(),
                Cell::Text(format!("{}{}", village.town, village.name)),
                soiler.date(died),
                soiler.date(told),
                Cell::Text(certificate),
                Cell::Text(format!("{}派出所", village.town)),
            ];
            (entry, cells)
        })
        .collect();
    let below = vec![super::table::total(rows.len())];
    let table = Table {
        supplier: "police_deaths",
        file_name: "公安死亡注销明细_202605.xls".to_owned(),
        as_of: census(),
        book: Book::Xls,
        sheet: "死亡注销",
        above: vec!["松河县公安局死亡注销户口人员明细（2026年5月）".to_owned()],
        header: &[("", &HEADER)],
        below,
    };
    table.write(index, &rows)
}
