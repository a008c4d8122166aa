use kernel::{Day, Month};

use crate::DemoFile;
use crate::dirt::{Cell, Entry, Index, Keeps, Soiler};
use crate::numbers::{Numbers, census};
use crate::people::{Person, Roll};
use crate::rng::Rng;
use crate::truth::{BANDS, FileTruth, RowTruth, class_in};

/// 高龄津贴发放名册: the supplier's id.
pub(crate) const SUPPLIER: &str = "legacy_roster";

const HEADER: [&str; 12] = [
    "序号",
    "乡镇",
    "村社区",
    "姓名",
    "身份证号",
    "年龄段",
    "月标准",
    "开始享受年月",
    "本月发放金额",
    "开户行",
    "账号",
    "备注",
];

/// Yuan a month by class, as the old program paid it.
const YUAN: [u32; 3] = [40, 120, 400];

/// The pay roster of a month (April or May 2026), as csv in GB18030.
pub(crate) fn roster(index: &Index<'_>, numbers: &Numbers, month: Month) -> (DemoFile, FileTruth) {
    let mut soiler = Soiler { index, rng: Rng::new(0x00A0_57E4), keeps: Keeps::Text };
    let people = index.people;
    let pool: Vec<usize> = (0..people.len())
        .filter(|at| people[*at].ordinary() && matches!(people[*at].roll, Roll::On { .. }))
        .filter(|at| !people[*at].kept())
        .collect();
    let plan = soiler.plan(numbers.dirt.roster, &pool);
    let mut text = HEADER.join(",") + "\r\n";
    let mut truth = Vec::new();
    let on_roster =
        (0..people.len()).filter_map(|at| start(&people[at], month).map(|start| (at, start)));
    for (count, (at, start)) in (1..).zip(on_roster) {
        let entry = soiler.row(at, plan.get(&at).copied());
        text.push_str(&line(&mut soiler, count, &entry, start, month));
        truth.push(RowTruth {
            row: count + 1,
            outcome: entry.outcome,
            person: Some(people[at].number.reveal().to_owned()),
        });
    }
    let file_name = format!("高龄津贴发放名册_{}.csv", month.to_string().replace('-', ""));
    let (bytes, ..) = encoding_rs::GB18030.encode(&text);
    let file = DemoFile {
        supplier: SUPPLIER,
        as_of: month.last(),
        file_name: file_name.clone(),
        bytes: bytes.into_owned(),
    };
    (file, FileTruth { supplier: SUPPLIER, file_name, rows: truth })
}

/// Since when the person stands on the roster of that month, if at all.
fn start(person: &Person, month: Month) -> Option<Month> {
    match person.roll {
        Roll::On { start } if start <= month => Some(start),
        Roll::Dropped { start } if month < census().month() => Some(start),
        _ => None,
    }
}

fn line(soiler: &mut Soiler<'_>, count: u32, entry: &Entry, start: Month, month: Month) -> String {
    let village = soiler.index.village(entry);
    let class = class_in(month, entry.birth);
    let yuan = YUAN[class];
    let paid = if soiler.rng.chance(1, 5) { format!("{yuan}.00") } else { yuan.to_string() };
    let (year, number) = (start.year(), start.number());
    let since = match soiler.rng.below(40) {
        0..3 => format!("{year}{number:02}"),
        3 => format!("{year}.{number:02}"),
        4 => format!("{year}年{number}月"),
        _ => start.to_string(),
    };
    let bank = soiler.rng.pick(&["松河农商银行", "松河县邮政储蓄银行", "农业银行松河支行"]);
    let account = format!("6299****{:04}", soiler.rng.below(10_000));
    let remark = if late(entry.birth, start) { "补办" } else { "" };
    let id = match &entry.id {
        Cell::Text(id) => id.as_str(),
        _ => "",
    };
    format!(
        "{count},{},{},{},{id},{},{yuan},{since},{paid},{bank},{account},{remark}\r\n",
        village.town, village.name, entry.name, BANDS[class]
    )
}

fn late(birth: Day, start: Month) -> bool {
    birth.plus_years(80).month().next() < start
}
