use super::table::{Book, Line, Table, count, having, yuan};
use super::traits::Lead;
use crate::DemoFile;
use crate::dirt::{Cell, Index, Keeps, Soiler};
use crate::numbers::day;
use crate::rng::Rng;
use crate::truth::FileTruth;

const HEADER: [&str; 9] = [
    "序号",
    "疑点类型",
    "姓名",
    "身份证号",
    "本地待遇",
    "另一发放地",
    "另一待遇",
    "另一待遇月标准（元）",
    "比对月份",
];

/// 省级数据比对疑点线索: paid in two counties, or two benefits that exclude each other.
pub(super) fn leads(index: &Index<'_>) -> (DemoFile, FileTruth) {
    let mut soiler = Soiler { index, rng: Rng::new(0x0001_EAD5), keeps: Keeps::Numbers };
    let mut leads = having(index, |it| it.traits.lead.is_some());
    let lead = |at: usize| index.people[at].traits.lead.expect("chosen by it");
    leads.sort_by_key(|at| (matches!(lead(*at), Lead::Exclusive { .. }), *at));
    let rows: Vec<Line> = (1..)
        .zip(leads)
        .map(|(number, at)| {
            let entry = soiler.row(at, None);
            let (what, here, area, benefit, sum) = match lead(at) {
                Lead::Elsewhere { area, yuan } => ("两地重复领取", "高龄津贴", area, "", yuan),
                Lead::Exclusive { yuan } => {
                    ("互斥待遇重叠", "护理补贴", "", "重度残疾人护理补贴", yuan)
                }
            };
            let text = |text: &str| if text.is_empty() { Cell::Empty } else { Cell::text(text) };
            let cells = vec![
                Cell::Number(count(number)),
                Cell::text(what),
                Cell::text(&entry.name),
                entry.id.clone(),
                Cell::text(here),
                text(area),
                text(benefit),
                yuan(Some(sum)),
                Cell::text("2026-04"),
            ];
            (entry, cells)
        })
        .collect();
    let table = Table {
        supplier: "provincial_leads",
        file_name: "省厅比对疑点线索_2026年第5批.xlsx".to_owned(),
        as_of: day(2026, 6, 1),
        book: Book::Xlsx(&["下发说明", "请于15个工作日内核查并反馈。线索不作为停发依据。"]),
        sheet: "疑点明细",
        above: vec!["省级数据比对疑点线索（松河县）".to_owned()],
        header: &[("", &HEADER)],
        below: vec![vec![Cell::text("填表：省民政厅数据比对组")]],
    };
    table.write(index, &rows)
}
