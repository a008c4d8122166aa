//! What stands around the samples, and the pages for errors.

use kernel::Refusal;
use webkit::{
    Assets, Bare, ClockBar, FaultPage, Href, Link, MenuGroup, MenuItem, NotFoundPage, Paper,
    PostButton, RefusalPage, SearchBox, Shell, Typed,
};

use crate::Sample;

pub(crate) const CSRF: &str = "sample-token";

fn item(text: &str, href: Href, count: &str, current: &str) -> MenuItem {
    let link = Link::new(text, href);
    MenuItem { link, count: count.to_owned(), current: text == current }
}

fn group(heading: &str, items: Vec<MenuItem>) -> MenuGroup {
    MenuGroup { heading: heading.to_owned(), items }
}

/// The shell of a county approver, at this line of the menu.
pub(crate) fn shell(current: &str) -> Shell {
    let at =
        |text: &str, path: &'static str, count: &str| item(text, Href::to(path), count, current);
    Shell {
        product: "松鹤".to_owned(),
        assets: Assets::default(),
        home: Href::to("/"),
        area: "松河县".to_owned(),
        area_note: "全县 22 个乡镇 318 个村社区".to_owned(),
        person: "李审批".to_owned(),
        role: "县级审批".to_owned(),
        date_line: "2026 年 6 月 2 日 星期二".to_owned(),
        menu: vec![
            group(
                "",
                vec![
                    at("今日待办", "/today", "318"),
                    at("找老人", "/elders", ""),
                    at("部门数据", "/files", "2 新"),
                ],
            ),
            group("权益与资金", vec![at("服务清单", "/lists", "")]),
            group("看与查", vec![at("在线用户", "/online", "3")]),
        ],
        search: Some(SearchBox {
            action: Href::to("/elders/search"),
            csrf: CSRF.to_owned(),
            hint: "姓名、拼音首字母、村名或完整身份证号".to_owned(),
            text: String::new(),
        }),
        clock: None,
        notice: None,
        password: Link::new("改密码", Href::to("/password")),
        sign_out: PostButton::new(Href::to("/sign-out"), CSRF, "退出").class("link"),
    }
}

/// The same, with the demo's clock.
pub(crate) fn demo_shell(current: &str) -> Shell {
    let act = |label: &str, to: &'static str| {
        PostButton::new(Href::to("/demo/clock"), CSRF, label).hidden("to", to)
    };
    let controls = vec![act("到下一个期限", "deadline"), act("到下个月 2 日", "month")];
    let clock = ClockBar { now: "2026-06-02 08:30".to_owned(), controls };
    Shell { clock: Some(clock), ..shell(current) }
}

pub(crate) fn bare() -> Bare {
    Bare {
        product: "松鹤".to_owned(),
        subtitle: "松河县基本养老服务".to_owned(),
        assets: Assets::default(),
        home: Href::to("/"),
    }
}

pub(crate) fn paper() -> Paper {
    Paper {
        product: "松鹤".to_owned(),
        assets: Assets::default(),
        printed: "李审批 2026-06-02 08:30 打印，第 1 次".to_owned(),
        back: Link::new("返回", Href::to("/today")),
    }
}

pub(crate) fn samples() -> Vec<Sample> {
    let back = Link::new("返回今日待办", Href::to("/today"));
    let refusal = RefusalPage {
        shell: bare(),
        refusal: Refusal::new(
            "这件事已经由上坪村 养老专干办结，没有再记一次",
            "请返回查看已记录的结果；结果不对的，在该页更正。",
        ),
        typed: vec![Typed {
            label: "原因或说明".to_owned(),
            value: "本人在外地女儿家，电话说不申请。".to_owned(),
        }],
        back: back.clone(),
    };
    let fault =
        FaultPage { shell: bare(), number: "20260602-0830-7F3A".to_owned(), back: back.clone() };
    vec![
        ("refusal", Box::new(refusal)),
        ("not-found", Box::new(NotFoundPage { shell: bare(), back })),
        ("fault", Box::new(fault)),
    ]
}
