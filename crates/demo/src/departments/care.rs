use kernel::Month;

use super::table::{Book, Line, Table, count, having, total, yuan};
use crate::DemoFile;
use crate::dirt::{Cell, Index, Keeps, Soiler};
use crate::numbers::census;
use crate::people::Person;
use crate::rng::Rng;
use crate::truth::FileTruth;

/// 养老服务补贴和护理补贴发放名册: one row a person, as the bureau's workbook.
pub(super) fn subsidies(index: &Index<'_>) -> (DemoFile, FileTruth) {
    let mut soiler = Soiler { index, rng: Rng::new(0x00CA_4E01), keeps: Keeps::Numbers };
    let mut sum = 0;
    let rows: Vec<Line> = (1..)
        .zip(having(index, |it| it.traits.subsidised()))
        .map(|(number, at)| {
            let entry = soiler.row(at, None);
            let village = index.village(&entry);
            let traits = &index.people[at].traits;
            let (care, nursing) = (traits.care_yuan, traits.nursing_yuan);
            let whole = care.unwrap_or(0) + nursing.unwrap_or(0);
            sum += whole;
            let since = |of: Option<Month>| of.map_or(Cell::Empty, |it| Cell::Text(it.to_string()));
            let account = traits.account.as_deref().unwrap_or_default();
            let cells = vec![
                Cell::Number(count(number)),
                Cell::text(&village.town),
                Cell::text(&village.name),
                Cell::text(&entry.name),
                entry.id.clone(),
                yuan(care),
                since(care.and(care_since(&index.people[at]))),
                yuan(nursing),
                since(nursing.and(nursing_since(&index.people[at]))),
                yuan(Some(whole)),
                Cell::text(&account[account.len().saturating_sub(4)..]),
            ];
            (entry, cells)
        })
        .collect();
    let mut last = total(rows.len());
    last.resize(9, Cell::Empty);
    last.push(yuan(Some(sum)));
    let table = Table {
        supplier: "legacy_subsidies",
        file_name: "养老服务补贴和护理补贴发放名册_202605.xlsx".to_owned(),
        as_of: census(),
        book: Book::Xlsx(&[]),
        sheet: "2026年5月",
        above: vec!["松河县2026年5月养老服务补贴、护理补贴发放名册".to_owned()],
        header: &[
            ("", &["序号"]),
            ("所在区划", &["乡镇（街道）", "村（社区）"]),
            ("补贴对象", &["姓名", "身份证号"]),
            ("养老服务补贴", &["月标准（元）", "起始年月"]),
            ("护理补贴", &["月标准（元）", "起始年月"]),
            ("发放信息", &["本月合计（元）", "账号尾号"]),
        ],
        below: vec![last, vec![Cell::text("制表：孙晓雯　审核：李春燕　负责人：")]],
    };
    table.write(index, &rows)
}

/// The month after the later of the 80th birthday and the beginning of relief.
fn care_since(person: &Person) -> Option<Month> {
    let relief = person.traits.relief?;
    let eighty = person.birth.plus_years(80).month();
    Some(eighty.max(relief.since).next().min(census().month()))
}

/// The month after the assessment.
fn nursing_since(person: &Person) -> Option<Month> {
    let assessment = person.traits.assessment?;
    Some(assessment.on.month().next().min(census().month()))
}
