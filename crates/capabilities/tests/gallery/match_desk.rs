//! Samples of the match desk.

use webkit::{Bar, BarPart, Choice, Crumbs, FilterLink, Href, Line, Link, PostButton, Tone};

use crate::Sample;
use crate::shell::shell;
use crate::views::desk_queue::{GroupRow, OverviewPage, QueueRow};
use crate::views::match_desk::{Choose, PairPage, RecentRow, Recents, compared};

fn bar() -> Bar {
    let part = |count, class| BarPart { count, class };
    Bar {
        label: "已比对 12 / 287".to_owned(),
        parts: vec![part(12, "done"), part(3, "wait"), part(272, "rest")],
    }
}

fn recents() -> Recents {
    let undo = PostButton::new(Href::to("/desk/undo"), "token", "撤销").hidden("seq", "1");
    let what = Line::new()
        .link("高龄津贴发放名册 2026-05-31 第 139 行", Href::to("/desk/3/139"))
        .text("：是同一人，")
        .link("周某某", Href::to("/elders").seg("6f0c"))
        .small("2026-06-02 08:30");
    Recents { rows: vec![RecentRow { what, undo }] }
}

fn overview() -> OverviewPage {
    let filter = |text: &str, count, current| FilterLink {
        text: text.to_owned(),
        count,
        href: Href::to("/desk").query("which", "open"),
        tone: Tone::Plain,
        current,
    };
    let file = Href::to("/desk").query("file", 3);
    OverviewPage {
        shell: shell("/desk"),
        sentence: "还有 272 行分不清是谁，请逐行判断。已比对 12 / 287。".to_owned(),
        bar: bar(),
        begin: Some(Link::new("开始比对", Href::to("/desk/3/140"))),
        groups: vec![GroupRow {
            file: Line::from(Link::new("高龄津贴发放名册 2026-05-31", file.clone())),
            reason: Line::from(Link::new("没有号码", file.query("why", "no_number"))),
            open: 60,
            asked: 3,
            decided: 12,
        }],
        filters: vec![
            filter("待比对", 272, true),
            filter("村里已答复", 0, false),
            filter("等村里答复", 3, false),
            filter("已比对", 12, false),
        ],
        filter_words: String::new(),
        rows: vec![QueueRow {
            who: Link::new("周桂花", Href::to("/desk/3/140")),
            source: "高龄津贴发放名册 2026-05-31 第 140 行".to_owned(),
            reason: "没有身份证号，只能按姓名等比对。".to_owned(),
            state: "待比对".to_owned(),
        }],
        pager: None,
        recents: recents(),
    }
}

fn pair(candidates: usize) -> PairPage {
    let elder = |id: &str| Line::new().link("周桂兰", Href::to("/elders").seg(id));
    let people = [elder("6f0c"), elder("6f0d")];
    let people = &people[..candidates];
    let row = |label: &str, said: &str, theirs: &Line| {
        let mut cells = vec![Line::from(label), Line::from(said)];
        cells.extend(people.iter().map(|_| theirs.clone()));
        cells
    };
    let no = |text: &str| Line::from(text).text(" ").chip(Tone::Bad, "不一致");
    let yes = |text: &str| Line::from(text).text(" ").chip(Tone::Ok, "一致");
    PairPage {
        shell: shell("/desk"),
        crumbs: Crumbs {
            above: vec![Link::new("待人工比对", Href::to("/desk"))],
            here: "第 140 行".to_owned(),
        },
        title: "第 140 行：周桂花".to_owned(),
        reason: "高龄津贴发放名册 2026-05-31。没有身份证号，只能按姓名等比对。".to_owned(),
        progress: "已比对 12 / 287".to_owned(),
        bar: bar(),
        state: (candidates == 2)
            .then(|| Line::new().chip(Tone::Ok, "村里已答复").text("问的是周桂兰：是同一人。")),
        compared: compared(
            people,
            vec![
                row("姓名", "周桂花", &no("周桂兰")),
                row("身份证号", "（没有写）", &Line::from("末两位 20")),
                row("户籍", "云溪镇溪尾村", &yes("云溪镇溪尾村")),
                row("高龄津贴", "40.00 元/月", &Line::from("（没有）")),
            ],
        ),
        beside: candidates < 2,
        choose: Some(Choose {
            action: Href::to("/desk/3/140/decision"),
            csrf: "token".to_owned(),
            hidden: vec![("seq".to_owned(), "0".to_owned())],
            candidates: (0..candidates)
                .map(|n| Choice::new(format!("6f0c{n}"), "周桂兰").hint("女 80 岁，云溪镇溪尾村"))
                .collect(),
            note_number: (candidates == 1).then(|| "同时记下这一行的号码".to_owned()),
            newcomer: (candidates == 0).then(|| "这是新的人，按这一行新建档案".to_owned()),
            effects: [
                "这一行说的（高龄津贴）记到这位老人名下。".to_owned(),
                "不记任何信息；以后同样的一行不再拿这几位来问。".to_owned(),
                "给这位老人所在村开一件待办，3 个工作日内答复。".to_owned(),
            ],
        }),
        skip: Some(Link::new("跳过，看下一行", Href::to("/desk/3/141"))),
        recents: recents(),
    }
}

pub(crate) fn samples() -> Vec<Sample> {
    vec![
        ("desk", Box::new(overview())),
        ("desk-pair", Box::new(pair(1))),
        ("desk-two-candidates", Box::new(pair(2))),
        ("desk-nobody", Box::new(pair(0))),
    ]
}
