//! Samples of the elder's file.

use webkit::{Chip, Crumbs, Href, Line, Link, Tone};

use crate::Sample;
use crate::shell::{CSRF, paper, shell};
use crate::views::elder_file::{
    Benefit, ElderPage, Event, NoticeBenefit, NoticePaper, OpenDuty, ProfileLine, Relative,
    UnknownFact, reveal_form,
};
use crate::views::elder_search::{FoundRow, SearchPage, search_form};
use crate::views::source_row::{SourceCell, SourceRowPage};

fn row(text: &str) -> Line {
    Line::new().link(text, Href::to("/files/12/rows/41207"))
}

fn crumbs(here: &str) -> Crumbs {
    Crumbs { above: vec![Link::new("找老人", Href::to("/elders"))], here: here.to_owned() }
}

fn events() -> Vec<Event> {
    let event = |day: &str, tone, text: &str, source| Event {
        day: day.to_owned(),
        tone,
        text: text.to_owned(),
        source,
    };
    vec![
        event(
            "2026-06-02",
            Tone::Bad,
            "认定：应享受高龄津贴，未领取",
            "系统，按松河县清单第 4 版".into(),
        ),
        event(
            "2026-05-20",
            Tone::Ok,
            "县医院门诊",
            row("医保结算 2026-05 第 8812 行").text("，6 月 1 日得知"),
        ),
        event("2025-10-17", Tone::Info, "满 80 周岁", row("公安人口库 2026-06-01 第 41207 行")),
        event(
            "2009-03-01",
            Tone::Plain,
            "户籍迁入云溪镇溪尾村",
            row("公安人口库 2026-06-01 第 41207 行"),
        ),
    ]
}

fn elder() -> ElderPage {
    ElderPage {
        shell: shell("找老人"),
        crumbs: crumbs("周某某"),
        name: "周某某".to_owned(),
        about: "女，80 岁，1945-10-17 出生".to_owned(),
        village: "云溪镇溪尾村".to_owned(),
        number: "****************26".to_owned(),
        reveal: Some(reveal_form(Href::to("/elders/7f3a/number"), CSRF)),
        life: Chip::new(Tone::Ok, "在世"),
        life_source: Line::from("2026-05-20 门诊，")
            .link("医保结算 2026-05 第 8812 行", Href::to("/files/14/rows/8812")),
        notice: Some(Link::new("打印一页告知", Href::to("/elders/7f3a/notice"))),
        acts: acts(),
        gets: Vec::new(),
        could_get: vec![Benefit {
            item: Link::new("高龄津贴", Href::to("/elders/7f3a/why/4")),
            amount: "40.00 元/月".to_owned(),
            because: "2025-11 起符合条件，至今没有申请，应补 280.00 元".to_owned(),
        }],
        stopped: Vec::new(),
        duties: vec![OpenDuty {
            duty: Link::new("核实意愿，送一页告知", Href::to("/duties/6f0c")),
            kind: Chip::new(Tone::Bad, "应享未享"),
            owner: "溪尾村 养老专干".to_owned(),
            due: Chip::new(Tone::Plain, "还有 3 天"),
        }],
        history: events(),
        unknown: vec![
            UnknownFact {
                label: "收款账户".to_owned(),
                how: "在村里拍社保卡；发放前要有".to_owned(),
            },
            UnknownFact {
                label: "能力等级".to_owned(),
                how: "申请能力评估后知道；影响护理补贴".to_owned(),
            },
        ],
        served: vec![Benefit {
            item: Link::new("探访关爱", Href::to("/elders/7f3a/why/visits")),
            amount: String::new(),
            because: "每月上门或电话探访一次。上次 2026-05-20".to_owned(),
        }],
        situation: vec![
            profile("低收入类别", "最低生活保障", "低收入人口名册 2026-05-31 第 812 行"),
            profile("残疾等级", "没有", "持证残疾人名册（截至 2026-05-31）里没有"),
            profile("收款账户", "尾号 1024", "一卡通账户 2026-05-31 第 6110 行"),
        ],
        family: vec![profile("户号", "990121002000712", "公安人口库 2026-06-01 第 41207 行")],
        relatives: vec![Relative {
            elder: Link::new("陈某某", Href::to("/elders/81aa")),
            about: "男 82 岁，云溪镇溪尾村".to_owned(),
            relation: "配偶".to_owned(),
            life: Chip::new(Tone::Ok, "在世"),
        }],
        traces: vec![profile("最近痕迹", "2026 年 5 月", "医保结算 2026-05 第 8812 行")],
        leads: vec![profile("线索：另一发放地", "清河县", "省级比对线索 2026-05-31 第 4 行")],
    }
}

fn profile(label: &str, value: &str, source: &str) -> ProfileLine {
    ProfileLine { label: label.to_owned(), value: value.to_owned(), source: source.into() }
}

fn hostile() -> ElderPage {
    ElderPage {
        name: "<img src=x onerror=alert(1)>".to_owned(),
        reveal: None,
        life: Chip::new(Tone::Bad, "死亡信息矛盾"),
        gets: vec![Benefit {
            item: Link::new("高龄津贴", Href::to("/elders/7f3a/why/4")),
            amount: "120.00 元/月".to_owned(),
            because: "2024-03 起，每月 10 日发到尾号 1024 的社保卡".to_owned(),
        }],
        could_get: Vec::new(),
        stopped: vec![Benefit {
            item: Link::new("经济困难老年人补贴", Href::to("/elders/7f3a/why/6")),
            amount: String::new(),
            because: "2025-09 起停发：低保已退出".to_owned(),
        }],
        duties: Vec::new(),
        unknown: Vec::new(),
        ..elder()
    }
}

fn found() -> SearchPage {
    let found = |name: &str, village: &str, life, open: &str| FoundRow {
        elder: Link::new(name, Href::to("/elders/7f3a")),
        about: "女 80 岁".to_owned(),
        number: "****************26".to_owned(),
        village: village.to_owned(),
        life,
        open: open.to_owned(),
    };
    SearchPage {
        shell: shell("找老人"),
        form: search_form(Href::to("/elders/search"), CSRF, "zmm"),
        asked: "拼音首字母是“zmm”的老人，共 2 人".to_owned(),
        found: vec![
            found("周某某", "云溪镇溪尾村", Chip::new(Tone::Ok, "在世"), "1 件"),
            found("郑某某", "城关镇东门社区", Chip::new(Tone::Wait, "死亡待核"), ""),
        ],
        pager: None,
    }
}

fn source_row() -> SourceRowPage {
    let cell = |heading: &str, raw: &str, read: &str| SourceCell {
        heading: heading.to_owned(),
        raw: raw.to_owned(),
        read: read.to_owned(),
    };
    let wrong = |said: &str| {
        Line::from(format!("{said} ")).link("这条信息不对", Href::to("/elders/7f3a/correction"))
    };
    SourceRowPage {
        shell: shell("部门数据"),
        crumbs: Crumbs {
            above: vec![
                Link::new("部门数据", Href::to("/files")),
                Link::new("公安人口库 2026-06-01", Href::to("/files/12")),
            ],
            here: "第 41207 行".to_owned(),
        },
        title: "公安人口库 2026-06-01 第 41207 行".to_owned(),
        matched: Line::from("按身份证号一致，对到 ").link("周某某", Href::to("/elders/7f3a")),
        cells: vec![
            cell("公民身份号码", "****************26", "身份证号"),
            cell("姓名", "周某某　", "姓名（去掉末尾空格）"),
            cell("出生日期", "16726", "出生日期 1945-10-17（Excel 日期序号）"),
            cell("户籍地村居", "云溪镇溪尾村", "户籍 云溪镇溪尾村"),
            cell("备注", "", ""),
        ],
        facts: vec![
            ("出生日期".to_owned(), wrong("1945-10-17")),
            ("户籍".to_owned(), wrong("云溪镇溪尾村，2009-03-01 起")),
        ],
        file: vec![
            ("文件".to_owned(), "人口信息_20260601.xlsx".into()),
            (
                "哈希（SM3）".to_owned(),
                "7f3a90d1c2b845e6a0919b7c3d5e2f18aa64c0d97be1f3524478d6b0e9c1f205".into(),
            ),
            ("登记".to_owned(), "王数据，2026-06-01 17:42".into()),
            ("接收".to_owned(), "李审批，2026-06-01 18:05".into()),
        ],
    }
}

fn acts() -> Vec<Link> {
    vec![
        Link::new("申领待遇", Href::to("/elders/7f3a/apply")),
        Link::new("发放记录", Href::to("/elders/7f3a/payments")),
        Link::new("实时核验", Href::to("/elders/7f3a/lookups")),
    ]
}

fn notice() -> NoticePaper {
    NoticePaper {
        paper: paper(),
        to: "周某某 老人家".to_owned(),
        heading: "您可以领取高龄津贴".to_owned(),
        gets: Vec::new(),
        could_get: vec![NoticeBenefit {
            item: "高龄津贴".to_owned(),
            amount: "每月 40 元".to_owned(),
            sentence: "您 2025 年 10 月满 80 周岁，从 2025 年 11 月算起。\
                       以前没领的 7 个月一起补，共 280 元。"
                .to_owned(),
        }],
        stopped: Vec::new(),
        next_steps: vec![
            "带身份证和社保卡，到溪尾村村委会。".to_owned(),
            "走不动没关系，打电话，村里上门办。".to_owned(),
            "不收费，不用找人代填表。".to_owned(),
        ],
        contact: "溪尾村 陈专干".to_owned(),
        telephone: "0000-0000000".to_owned(),
        objection: "可以找云溪镇民政办，电话 0000-0000001，10 个工作日内答复。".to_owned(),
        issuer: "松河县民政局".to_owned(),
        day: "2026 年 6 月 2 日".to_owned(),
    }
}

pub(crate) fn samples() -> Vec<Sample> {
    let nobody = SearchPage { asked: "“欧阳”".to_owned(), found: Vec::new(), ..found() };
    vec![
        ("elder", Box::new(elder())),
        ("elder-hostile", Box::new(hostile())),
        ("search", Box::new(found())),
        ("search-nobody", Box::new(nobody)),
        ("source-row", Box::new(source_row())),
        ("notice", Box::new(notice())),
    ]
}
