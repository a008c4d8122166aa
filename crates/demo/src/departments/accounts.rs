use super::table::{Book, Crowd, Line, Table, having, name, yuan};
use super::traits::Pension;
use crate::DemoFile;
use crate::dirt::{Cell, Index, Keeps, Soiler};
use crate::numbers::{Numbers, census, day};
use crate::rng::Rng;
use crate::truth::FileTruth;

const INSURANCE: [&str; 7] =
    ["姓名", "社会保障号码", "险种", "月养老金（元）", "发放状态", "最近认证日期", "认证方式"];

/// 养老保险待遇领取人员: who draws a pension and was last seen alive when, as a large csv.
pub(super) fn insurance(index: &Index<'_>, numbers: &Numbers) -> (DemoFile, FileTruth) {
    let mut soiler = Soiler { index, rng: Rng::new(0x0050_C1A1), keeps: Keeps::Text };
    let members = having(index, |it| it.traits.pension.is_some());
    let dirt = numbers.dirt.insurance;
    let crowd = Crowd { dirt, members: &members, strangers: 0, born: (1967, 1970) };
    let rows: Vec<Line> = crowd
        .entries(&mut soiler)
        .into_iter()
        .map(|entry| {
            let own = entry.person.and_then(|at| index.people[at].traits.pension);
            let pension = own.unwrap_or(Pension { employee: false, yuan: 163, certified: None });
            let scheme = if pension.employee {
                "企业职工基本养老保险"
            } else {
                "城乡居民基本养老保险"
            };
            let ways = ["手机自助认证", "社区上门", "数据比对", "窗口"];
            let way = if pension.certified.is_some() { *soiler.rng.pick(&ways) } else { "" };
            let cells = vec![
                name(&entry),
                entry.id.clone(),
                Cell::text(scheme),
                yuan(Some(pension.yuan)),
                Cell::text(if pension.certified.is_some() { "正常发放" } else { "待认证" }),
                pension.certified.map_or(Cell::Empty, |day| soiler.date(day)),
                Cell::text(way),
            ];
            (entry, cells)
        })
        .collect();
    let table = Table {
        supplier: "social_insurance",
        file_name: "养老保险待遇领取人员_20260531.csv".to_owned(),
        as_of: census(),
        book: Book::Gb18030,
        sheet: "",
        above: Vec::new(),
        header: &[("", &INSURANCE)],
        below: Vec::new(),
    };
    table.write(index, &rows)
}

const ACCOUNTS: [&str; 6] = ["户名", "证件号码", "一卡通账号", "开户银行", "开户日期", "账户状态"];

/// 一卡通账户: to which account a person's money goes, as the finance bureau's csv.
pub(super) fn accounts(index: &Index<'_>, numbers: &Numbers) -> (DemoFile, FileTruth) {
    let mut soiler = Soiler { index, rng: Rng::new(0x00BA_4C01), keeps: Keeps::Text };
    let members = having(index, |it| it.traits.account.is_some());
    let dirt = numbers.dirt.accounts;
    let crowd = Crowd { dirt, members: &members, strangers: 0, born: (1967, 1970) };
    let rows: Vec<Line> = crowd
        .entries(&mut soiler)
        .into_iter()
        .map(|entry| {
            let own = entry.person.and_then(|at| index.people[at].traits.account.as_deref());
            // A tab in front keeps a spreadsheet from taking the account for a number.
            let tab = if soiler.rng.chance(1, 6) { "\t" } else { "" };
            let account = own.map_or(Cell::Empty, |own| Cell::Text(format!("{tab}{own}")));
            let banks = ["松河农商银行", "松河县邮政储蓄银行", "农业银行松河支行"];
            let since = i64::try_from(soiler.rng.below(4_000)).unwrap_or(0);
            let cells = vec![
                name(&entry),
                entry.id.clone(),
                account,
                Cell::text(*soiler.rng.pick(&banks)),
                soiler.date(day(2014, 6, 3).plus_days(since)),
                Cell::text("正常"),
            ];
            (entry, cells)
        })
        .collect();
    let table = Table {
        supplier: "bank_accounts",
        file_name: "惠民惠农一卡通账户_20260531.csv".to_owned(),
        as_of: census(),
        book: Book::Utf8,
        sheet: "",
        above: Vec::new(),
        header: &[("", &ACCOUNTS)],
        below: Vec::new(),
    };
    table.write(index, &rows)
}
