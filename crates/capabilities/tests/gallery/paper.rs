//! Printed forms.

use kernel::Fen;

use crate::Sample;
use crate::shell::paper;
use crate::views::paper::{
    ApplicationForm, ApplicationPaper, CardPaper, ChangeForm, ChangePaper, ConfirmationPaper,
    Heading, ListPaper, ROWS_A_SHEET, Record, Row, SummaryPaper, Tick, TownLine, sheets, totals,
};

const fn heading(text: &'static str, class: &'static str) -> Heading {
    Heading { text, class }
}

fn roster() -> ListPaper {
    let columns = vec![
        heading("序号", "r nw"),
        heading("姓名", "nw"),
        heading("证件号末位", "nw"),
        heading("村（社区）", "nw"),
        heading("档次", "nw"),
        heading("补发月份", "nw"),
        heading("金额（元）", "r nw num"),
        heading("收款账户", "nw"),
        heading("签收", "signed"),
    ];
    let rows: Vec<Row> = (1..=45)
        .map(|no| Row {
            cells: [
                no.to_string(),
                "周秀英".to_owned(),
                "…24".to_owned(),
                "溪尾村".to_owned(),
                "80—89 周岁".to_owned(),
                if no == 3 { "2025-11—2026-05".to_owned() } else { String::new() },
                if no == 3 { "320.00".to_owned() } else { "40.00".to_owned() },
                "…6027".to_owned(),
                String::new(),
            ]
            .to_vec(),
            amount_fen: Fen::from_yuan(if no == 3 { 320 } else { 40 }),
        })
        .collect();
    let all: Fen = rows.iter().map(|row| row.amount_fen).sum();
    ListPaper {
        paper: paper(),
        title: "松河县云溪镇高龄津贴发放花名册".to_owned(),
        about: "2026 年 6 月　金额单位：元".to_owned(),
        sheets: sheets(&rows, columns.len(), 6, ROWS_A_SHEET),
        totals: totals(columns.len(), 6, "合计（45 人）".to_owned(), all),
        columns,
        capitals: Some("贰仟零捌拾元整".to_owned()),
        signatures: vec!["制表人", "审核人", "负责人"],
        record: Record::new("批次号 990121-old_age_allowance-202606-1 云溪镇"),
    }
}

fn town(name: &str, people: &str, sum: &str) -> TownLine {
    let cell = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    TownLine {
        town: name.to_owned(),
        bands: vec![cell("538", "21,520.00"), cell("52", "6,240.00"), cell("1", "400.00")],
        arrears: cell("14", "560.00"),
        people: people.to_owned(),
        sum: sum.to_owned(),
    }
}

fn summary() -> SummaryPaper {
    let line = |words: &str, people: &str, sum: &str| {
        (words.to_owned(), people.to_owned(), sum.to_owned())
    };
    SummaryPaper {
        paper: paper(),
        title: "松河县高龄津贴发放汇总表".to_owned(),
        about: "2026 年 6 月　金额单位：元".to_owned(),
        bands: ["80—89 周岁", "90—99 周岁", "100 周岁及以上"].map(str::to_owned).to_vec(),
        towns: (1..=22).map(|_| town("云溪镇", "591", "28,720.00")).collect(),
        total: town("合计", "13,010", "632,640.00"),
        capitals: "陆拾叁万贰仟陆佰肆拾元整".to_owned(),
        differences: vec![
            line("上月", "12,933", "616,720.00"),
            line("去世停发", "−66", "−4,040.00"),
            line("档次变化", "20", "+1,800.00"),
            line("新增", "+143", "+5,720.00"),
            line("补发 311 个月", "47", "+12,440.00"),
            line("本月", "13,010", "632,640.00"),
        ],
        content_sm3: "1f3a 9c02 77d1 e0b4 5a6c 8e21 9f00 c3d7 1f3a 9c02 77d1 e0b4 5a6c 8e21 9f00 \
                      c3d7"
            .to_owned(),
        locked: vec![
            "钱发放 2026 年 6 月 25 日 15:10 锁定".to_owned(),
            "李审批 2026 年 6 月 25 日 16:02 复核锁定".to_owned(),
        ],
        record: Record::new("批次号 990121-old_age_allowance-202606-1"),
    }
}

fn tick(is_on: bool, text: &str) -> Tick {
    Tick { is_on, text: text.to_owned() }
}

fn person() -> Vec<(&'static str, String)> {
    vec![
        ("姓名", "周秀英".to_owned()),
        ("性别", "女".to_owned()),
        ("出生日期", "1945 年 10 月 17 日".to_owned()),
        ("证件号码", "****************24".to_owned()),
        ("户籍地", "松河县云溪镇溪尾村".to_owned()),
        ("收款账户", "本人社会保障卡 …6027".to_owned()),
    ]
}

fn application() -> ApplicationPaper {
    let condition =
        |what: &str, evidence: &str| ("✓".to_owned(), what.to_owned(), evidence.to_owned());
    ApplicationPaper {
        paper: paper(),
        title: "高龄津贴申请审批表".to_owned(),
        forms: vec![ApplicationForm {
            person: person(),
            ticks: vec![
                tick(true, "80—89 周岁"),
                tick(false, "90—99 周岁"),
                tick(false, "100 周岁及以上"),
            ],
            consent: "本人申请高龄津贴，同意民政部门核查与本项待遇有关的户籍、生存、账户信息，\
                      核查结果只用于本项待遇。"
                .to_owned(),
            conditions: vec![
                condition("年满 80 周岁", "80 周岁（公安人口库 2026-06-01 第 4127 行）"),
                condition("户籍在松河县", "溪尾村（公安人口库 2026-06-01 第 4127 行）"),
                condition("在世", "没有死亡登记"),
                condition("没有在别处领取", "没有记录"),
            ],
            money: vec![
                ("每月标准", "40.00 元".to_owned()),
                ("起发月份", "2025 年 11 月".to_owned()),
                ("补发", "7 个月，280.00 元".to_owned()),
                ("办理渠道", "村里主动发现".to_owned()),
            ],
            opinions: vec![
                (
                    "村（社区）意见",
                    "情况属实，本人愿意申请。".to_owned(),
                    "周小禾 2026 年 6 月 3 日".to_owned(),
                ),
                ("乡镇（街道）审核意见", String::new(), String::new()),
                ("县级民政部门审批意见", String::new(), String::new()),
            ],
            record: Record::new("松河县 申领 9b1c-4f02"),
            printed: "第 2 次打印".to_owned(),
        }],
    }
}

fn change() -> ChangePaper {
    ChangePaper {
        paper: paper(),
        title: "高龄津贴停发备案表".to_owned(),
        forms: vec![ChangeForm {
            person: person(),
            ticks_title: "停发原因",
            ticks: vec![
                tick(true, "去世"),
                tick(false, "户籍迁出"),
                tick(false, "不再符合条件"),
                tick(false, "重复享受"),
                tick(false, "本人放弃"),
                tick(false, "其他"),
            ],
            change: vec![
                ("死亡日期", "2026 年 5 月 9 日（殡仪馆火化台账 第 12 行）".to_owned()),
                ("停发月份", "2026 年 6 月".to_owned()),
                ("最后发放月份", "2026 年 5 月".to_owned()),
                ("多发", "没有".to_owned()),
            ],
            because: "松河县高龄津贴发放办法第六条：去世当月照发，次月停发".to_owned(),
            opinions: vec![
                (
                    "乡镇（街道）意见",
                    "属实，停发。".to_owned(),
                    "王审核 2026 年 6 月 4 日".to_owned(),
                ),
                ("县级民政部门意见", String::new(), String::new()),
            ],
            record: Record::new("松河县 停发 51aa-0c3e"),
            printed: "第 1 次打印".to_owned(),
        }],
    }
}

fn confirmation() -> ConfirmationPaper {
    ConfirmationPaper {
        paper: paper(),
        title: "云溪镇高龄津贴发放确认表".to_owned(),
        about: "2026 年 6 月　金额单位：元".to_owned(),
        figures: vec![
            ("发放人数", "591".to_owned()),
            ("发放金额", "28,720.00".to_owned()),
            ("新增", "6 人".to_owned()),
            ("停发", "3 人".to_owned()),
            ("档次变化", "1 人".to_owned()),
            ("补发", "2 人 14 个月 560.00".to_owned()),
        ],
        capitals: "贰万捌仟柒佰贰拾元整".to_owned(),
        sentence: "经核对，上列人数、金额与本镇花名册一致，停发、新增均已核实。".to_owned(),
        record: Record::new("批次号 990121-old_age_allowance-202606-1 云溪镇"),
    }
}

fn card() -> CardPaper {
    CardPaper {
        paper: paper(),
        name: "周秀英".to_owned(),
        gets: vec![(
            "高龄津贴".to_owned(),
            "每月 40 元".to_owned(),
            "每月 15 日前发到社会保障卡（尾号 6027）".to_owned(),
        )],
        calls: vec![
            ("溪尾村养老专干".to_owned(), "＿＿＿＿＿＿＿＿".to_owned()),
            ("松河县民政局".to_owned(), "12345".to_owned()),
        ],
        issuer: "松河县民政局 2026 年 6 月 2 日".to_owned(),
    }
}

pub(crate) fn samples() -> Vec<Sample> {
    vec![
        ("paper-roster", Box::new(roster())),
        ("paper-summary", Box::new(summary())),
        ("paper-application", Box::new(application())),
        ("paper-change", Box::new(change())),
        ("paper-confirmation", Box::new(confirmation())),
        ("paper-card", Box::new(card())),
    ]
}
