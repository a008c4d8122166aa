use super::table::{Book, Crowd, Line, Table, count, having, name, sex, total, yuan};
use super::traits::{Category, Disability, Relief};
use crate::DemoFile;
use crate::dirt::{Cell, Entry, Index, Keeps, Soiler};
use crate::numbers::{Numbers, census, day};
use crate::rng::Rng;
use crate::truth::{FileTruth, Outcome};

/// 低收入人口名册: everybody of a low-income household, as the relief office's workbook.
pub(crate) fn low_income(index: &Index<'_>, numbers: &Numbers) -> (DemoFile, FileTruth) {
    let mut soiler = Soiler { index, rng: Rng::new(0x0010_113C), keeps: Keeps::Numbers };
    let members = having(index, |it| it.traits.relief.is_some());
    let dirt = numbers.dirt.low_income;
    let strangers = numbers.more.low_income_rows - members.len() - dirt.unusable();
    let crowd = Crowd { dirt, members: &members, strangers, born: (1967, 2019) };
    let mut family = 0;
    let entries = crowd.entries(&mut soiler);
    let rows: Vec<Line> = (1..)
        .zip(entries)
        .map(|(number, entry)| {
            if number == 1 || soiler.rng.chance(3, 5) {
                family += 1;
            }
            (entry.clone(), low_income_cells(&mut soiler, number, family, &entry))
        })
        .collect();
    let table = Table {
        supplier: "low_income_roster",
        file_name: "低收入人口名册_202605.xlsx".to_owned(),
        as_of: census(),
        book: Book::Xlsx(&[
            "填报说明",
            "1. 本表按家庭成员填报，一人一行。",
            "2. 救助类别按认定文书填写。",
            "3. 有疑问请联系社会救助股。",
        ]),
        sheet: "低收入人口",
        above: vec![
            format!("{}低收入人口动态监测名册", index.place.name),
            "截至日期：2026年5月31日　　单位：人、元/月".to_owned(),
        ],
        header: &[
            ("", &["序号", "家庭编号"]),
            ("成员信息", &["姓名", "性别", "身份证件号码", "与户主关系"]),
            ("户籍地址", &["乡镇（街道）", "村（社区）"]),
            ("救助信息", &["救助类别", "认定年月", "户月保障金（元）"]),
        ],
        below: vec![
            total(rows.len()),
            vec![Cell::text("填表人：孙晓雯　　审核人：李春燕　　填报日期：2026-06-01")],
        ],
    };
    table.write(index, &rows)
}

fn low_income_cells(
    soiler: &mut Soiler<'_>,
    number: usize,
    family: usize,
    entry: &Entry,
) -> Vec<Cell> {
    let index = soiler.index;
    let village = index.village(entry);
    let own = entry.person.and_then(|at| index.people[at].traits.relief);
    let relief = own.unwrap_or_else(|| {
        let since = census().month().plus(-i32::try_from(soiler.rng.below(160)).unwrap_or(0));
        let category = [Category::MinimumLiving, Category::MinimumLiving, Category::Edge];
        Relief { category: *soiler.rng.pick(&category), since }
    });
    let since = if soiler.rng.chance(1, 30) {
        format!("{}.{:02}", relief.since.year(), relief.since.number())
    } else {
        relief.since.to_string()
    };
    let paid = matches!(relief.category, Category::MinimumLiving | Category::Destitute);
    let sum = 280 + u32::try_from(soiler.rng.below(70)).unwrap_or(0) * 10;
    let relation = if own.is_some() {
        *soiler.rng.pick(&["户主", "户主", "配偶", "父亲", "母亲"])
    } else {
        *soiler.rng.pick(&["儿子", "女儿", "孙子", "孙女", "户主", "配偶"])
    };
    vec![
        Cell::Number(count(number)),
        Cell::Text(format!("SH{family:06}")),
        name(entry),
        sex(entry, index),
        entry.id.clone(),
        Cell::text(relation),
        Cell::text(&village.town),
        Cell::text(&village.name),
        Cell::text(relief.category.chinese()),
        Cell::Text(since),
        yuan(paid.then_some(sum)),
    ]
}

const DISABLED: [&str; 12] = [
    "序号",
    "姓名",
    "性别",
    "身份证号",
    "户籍乡镇",
    "户籍村",
    "残疾人证号",
    "残疾类别",
    "残疾等级",
    "首次发证日期",
    "困难残疾人生活补贴（元/月）",
    "重度残疾人护理补贴（元/月）",
];
const GRADES: [&str; 4] = ["一级", "二级", "三级", "四级"];

/// 持证残疾人名册: everybody with a card, as the federation's csv.
pub(super) fn disabled(index: &Index<'_>, numbers: &Numbers) -> (DemoFile, FileTruth) {
    let mut soiler = Soiler { index, rng: Rng::new(0x00D1_5AB1), keeps: Keeps::Text };
    let members = having(index, |it| it.traits.disability.is_some());
    let dirt = numbers.dirt.disabled;
    let strangers = numbers.more.disabled_rows - members.len() - dirt.unusable();
    let crowd = Crowd { dirt, members: &members, strangers, born: (1967, 2021) };
    let rows: Vec<Line> = (1..)
        .zip(crowd.entries(&mut soiler))
        .map(|(number, entry)| (entry.clone(), disabled_cells(&mut soiler, number, &entry)))
        .collect();
    let table = Table {
        supplier: "disabled_persons",
        file_name: "持证残疾人名册_202605.csv".to_owned(),
        as_of: census(),
        book: Book::Gb18030,
        sheet: "",
        above: Vec::new(),
        header: &[("", &DISABLED)],
        below: Vec::new(),
    };
    table.write(index, &rows)
}

fn disabled_cells(soiler: &mut Soiler<'_>, number: usize, entry: &Entry) -> Vec<Cell> {
    let index = soiler.index;
    let village = index.village(entry);
    let person = entry.person.map(|at| &index.people[at]);
    let own = person.and_then(|it| it.traits.disability);
    let disability = own.unwrap_or_else(|| {
        let issued = day(2012, 1, 9).plus_days(i64::try_from(soiler.rng.below(5_000)).unwrap_or(0));
        let kind = *soiler.rng.pick(&["肢体", "智力", "精神", "听力", "视力"]);
        let grade = u8::try_from(soiler.rng.below(4)).unwrap_or(0) + 1;
        Disability { kind, grade, issued }
    });
    let traits = person.map(|it| &it.traits);
    let poor = traits.and_then(|it| it.relief);
    let living = poor.is_some_and(|it| it.category == Category::MinimumLiving).then_some(60);
    // Who is poor and gravely disabled is in the care of the nursing subsidy, never of both.
    let nursing = (traits.is_some() && poor.is_none() && disability.grade <= 2).then_some(80);
    let card = match (entry.id_digits(), &entry.outcome) {
        (Some(_), Outcome::Exact | Outcome::Outside) => match &entry.id {
            Cell::Text(id) => Cell::Text(format!("{id}{}{}", number % 7 + 1, disability.grade)),
            _ => Cell::Empty,
        },
        _ => Cell::Empty,
    };
    vec![
        Cell::Number(count(number)),
        name(entry),
        sex(entry, index),
        entry.id.clone(),
        Cell::text(&village.town),
        Cell::text(&village.name),
        card,
        Cell::text(disability.kind),
        Cell::text(GRADES[usize::from(disability.grade) - 1]),
        soiler.date(disability.issued),
        yuan(living),
        yuan(nursing),
    ]
}
