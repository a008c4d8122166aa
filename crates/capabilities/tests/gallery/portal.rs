//! Samples of the open pages.

use webkit::{Assets, Call, Choice, Href, Link, MenuItem, Open, Paper};

use crate::Sample;
use crate::views::portal::{
    AreasPage, AskField, AskPage, BadPage, Card, ContactCards, Group, HelpPage, ListPage, Part,
    Poster, ResultPage, Told,
};

pub(crate) fn open() -> Open {
    let line = |text: &str, path: &'static str| MenuItem {
        link: Link::new(text, Href::to(path)),
        count: String::new(),
        current: text == "清单",
    };
    Open {
        title: "松河县养老服务".to_owned(),
        assets: Assets::default(),
        home: Href::to("/public"),
        menu: vec![
            line("清单", "/public"),
            line("看看能不能享受", "/public/check"),
            line("帮助", "/public/help"),
        ],
        call: Call {
            who: "松河县民政局".to_owned(),
            number: "0990-6000000".to_owned(),
            note: String::new(),
        },
        staff: Link::new("工作人员登录", Href::to("/")),
    }
}

fn how() -> Vec<(&'static str, Vec<String>)> {
    vec![
        ("要带什么", vec!["身份证".to_owned(), "社会保障卡".to_owned()]),
        ("到哪里办", vec!["村（社区）养老专干".to_owned()]),
        ("依据", vec!["松河县基本养老服务清单（第 4 版）第 4 项".to_owned()]),
    ]
}

fn groups() -> Vec<Group> {
    let band = |who: &str, what: &str| (who.to_owned(), what.to_owned());
    vec![Group {
        id: "group-1".to_owned(),
        heading: "80 周岁以上的老人".to_owned(),
        others: false,
        items: vec![Card {
            name: "高龄津贴".to_owned(),
            what: "每月 40—400 元".to_owned(),
            bands: vec![band("80—89 周岁", "每月 40 元"), band("90—99 周岁", "每月 120 元")],
            who: "给谁：本县户籍、年满 80 周岁的老人".to_owned(),
            how: how(),
        }],
    }]
}

fn ask(error: Option<&str>, field: AskField) -> AskPage {
    AskPage {
        open: open(),
        action: Href::to("/public/check"),
        hidden: vec![("area".to_owned(), "990121".to_owned())],
        at: "第 2 问，后面最多还有 3 问".to_owned(),
        back: Some("birth_date"),
        kind: "hukou_area",
        ask: "老人的户口在松河县吗？".to_owned(),
        hint: "看户口本首页的地址。".to_owned(),
        error: error.map(ToOwned::to_owned),
        field,
    }
}

fn result() -> ResultPage {
    let told = |name: &str, what: &str, line: &str| Told {
        name: name.to_owned(),
        what: what.to_owned(),
        lines: vec![line.to_owned()],
        how: how(),
        terms: how(),
    };
    let part = |class, heading: &str, items| Part {
        class,
        heading: heading.to_owned(),
        advice: String::new(),
        items,
    };
    ResultPage {
        open: open(),
        heading: "老人现在能享受 1 项".to_owned(),
        sentence: "2026 年 6 月 2 日看的。办的时候以审核为准。".to_owned(),
        doubt: "按填的出生日期，老人现在满 40 周岁。".to_owned(),
        parts: vec![
            part("ok", "能享受", vec![told("高龄津贴", "每月 40 元", "从 2025 年 11 月起。")]),
            part("soon", "快到了", vec![told("高龄津贴", "每月 40 元", "还有 3 个月。")]),
            part(
                "unsure",
                "还差这些才能确定",
                vec![told("护理补贴", "", "能力评估：申请做一次。")],
            ),
            part("no", "现在还不能享受", vec![told("养老服务补贴", "", "因为：没有认定困难。")]),
        ],
        answers: vec![("出生日期".to_owned(), "1945 年 10 月 17 日".to_owned(), "birth_date")],
        action: Href::to("/public/check"),
        hidden: vec![("birth_date".to_owned(), "1945-10-17".to_owned())],
        again: Href::to("/public/check"),
        list: Href::to("/public"),
    }
}

pub(crate) fn samples() -> Vec<Sample> {
    let list = ListPage {
        open: open(),
        heading: "松河县的老人能享受什么".to_owned(),
        sentence: "按《松河县基本养老服务清单（第 4 版）》。".to_owned(),
        check: Href::to("/public/check"),
        poster: Href::to("/public/poster"),
        card: Href::to("/public/card"),
        areas: Href::to("/public/areas"),
        groups: groups(),
    };
    let county = Link::new("松河县", Href::to("/public"));
    let areas = AreasPage { open: open(), counties: vec![(county.clone(), vec![county.clone()])] };
    let picks = vec![Choice::new("here", "在"), Choice::new("unknown", "不知道")];
    let pick = ask(None, AskField::Pick(picks.clone(), "here".to_owned()));
    let no_pick = ask(Some("还没有选。"), AskField::Pick(picks, String::new()));
    let typed = ["1945", "13", "1"].map(ToOwned::to_owned);
    let day = ask(Some("日历上没有这一天。"), AskField::Day(typed));
    let help = HelpPage {
        open: open(),
        issuer: "松河县民政局".to_owned(),
        first: "村（社区）养老专干".to_owned(),
        clocks: vec![("高龄津贴".to_owned(), "3 个工作日内联系".to_owned())],
        check: Href::to("/public/check"),
    };
    let paper = Paper {
        product: "松河县养老服务".to_owned(),
        assets: Assets::default(),
        printed: "2026 年 6 月 2 日印".to_owned(),
        back: Link::new("回到清单", Href::to("/public")),
    };
    let cards = ContactCards {
        paper: paper.clone(),
        place: "松河县".to_owned(),
        call: "松河县民政局 0990-6000000".into(),
    };
    let poster = Poster {
        paper,
        heading: "松河县的老人能享受什么".to_owned(),
        groups: groups(),
        call: "松河县民政局　0990-6000000".into(),
        source: "《松河县基本养老服务清单（第 4 版）》".to_owned(),
    };
    vec![
        ("public", Box::new(list)),
        ("public-areas", Box::new(areas)),
        ("public-ask", Box::new(pick)),
        ("public-ask-wrong", Box::new(no_pick)),
        ("public-ask-day", Box::new(day)),
        ("public-result", Box::new(result())),
        ("public-help", Box::new(help)),
        ("public-poster", Box::new(poster)),
        ("public-cards", Box::new(cards)),
        ("public-bad", Box::new(BadPage { open: open(), again: county })),
    ]
}
