//! Samples of the lists.

use webkit::{Crumbs, Field, FieldKind, Form, Href, Line, Link, Tone};

use crate::Sample;
use crate::shell::{CSRF, shell};
use crate::views::entitlement_list::{
    AllListsPage, AmountRow, ChangesPage, Edition, ItemPage, ItemRow, Levels, ListPage,
};

const TITLE: &str = "松河县基本养老服务清单（第 4 版）";

fn text(text: &str) -> String {
    text.to_owned()
}

fn row() -> ItemRow {
    ItemRow {
        item: Link::new("4 高龄津贴", Href::to("/lists/9/4")),
        kind: text("物质帮助"),
        who: text("本县户籍，年满 80 周岁"),
        content: text("按月发给津贴"),
        standard: text("每月 40、120、400 元三档"),
        since: text("2025-01-01"),
        responsible: text("松河县民政局"),
        sure: String::new(),
    }
}

fn editions() -> Vec<Edition> {
    let edition = |tone, when: &str| Edition {
        tone,
        when: text(when),
        list: Link::new(TITLE, Href::to("/lists/9")),
        about: text("松政办〔2025〕41号；共 17 项；松河县民政局；虚构（演示）"),
    };
    vec![
        edition(Tone::Info, "2027-01-01 起，将生效"),
        edition(Tone::Ok, "2026-01-01 起，现行"),
        edition(Tone::Plain, "2024-01-01 起，已被替代或者失效"),
    ]
}

fn item() -> ItemPage {
    let amount = |band: &str, amount: &str| AmountRow {
        band: text(band),
        amount: text(amount),
        valid: text("2025-01-01 起"),
        sure: text("已核原文"),
    };
    let cells = |own: &str, upper: &str| vec![Line::from(own), Line::from(upper)];
    ItemPage {
        shell: shell("服务清单"),
        crumbs: Crumbs {
            above: vec![Link::new(TITLE, Href::to("/lists/9"))],
            here: text("第 4 项"),
        },
        name: text("高龄津贴"),
        sentence: text("发给本县户籍、年满 80 周岁的老年人，按月发放。"),
        columns: vec![("服务对象", text("80 周岁及以上老年人")), ("服务类型", text("物质帮助"))],
        who: vec![text("年满 80 周岁"), text("户籍在本县"), text("在世")],
        amounts: vec![
            amount("80—89 周岁", "40.00 元/月"),
            amount("90—99 周岁", "120.00 元/月"),
            amount("100 周岁及以上", "400.00 元/月"),
        ],
        time: vec![
            (text("起发"), "满龄次月起".into()),
            (text("停发"), "去世次月起，当月照发".into()),
        ],
        basis: vec![("松河县清单第 4 项".into(), text("满 80 周岁按月发放，分三档。"))],
        assumptions: vec![Line::new().chip(Tone::Wait, "假定").text("补发不设最长月数。")],
        levels: Levels {
            issuers: vec![text("松河县"), text("青屏市")],
            rows: vec![
                ("清单", cells("第 4 项", "第 3 项")),
                ("标准", cells("每月 40、120、400 元", "每月 30、100、300 元")),
            ],
        },
    }
}

pub(crate) fn samples() -> Vec<Sample> {
    let list = ListPage {
        shell: shell("服务清单"),
        title: text(TITLE),
        sentence: "松河县民政局发布，2025-01-01 起执行，承接市清单第 5 版、省清单第 3 版。".into(),
        items: vec![row()],
        tools: vec![Link::new("全部清单", Href::to("/lists/all"))],
        editions: editions(),
    };
    let field = Field::new("q", "在所有清单里找", FieldKind::Text("off"));
    let all = AllListsPage {
        shell: shell("服务清单"),
        sentence: text("录入了 3 个地区的 4 份清单，共 40 项。"),
        search: Form::new(Href::to("/lists/search"), CSRF, "查找").field(field),
        words: text("津贴"),
        found: vec![(Line::new().link(TITLE, Href::to("/lists/9")), row())],
        issuers: vec![(text("松河县"), editions())],
    };
    let changes = ChangesPage {
        shell: shell("服务清单"),
        crumbs: Crumbs {
            above: vec![Link::new(TITLE, Href::to("/lists/9"))], here: text("变动")
        },
        title: text(TITLE),
        sentence: "和第 3 版比：新增 1 项，删去 1 项，改了 1 处。".into(),
        added: vec![text("第 17 项 老年人就餐补贴")],
        removed: vec![text("第 9 项 春节慰问")],
        changed: vec![(
            text("第 4 项 高龄津贴"),
            "标准",
            text("80—89 周岁 30.00 元/月"),
            text("80—89 周岁 40.00 元/月"),
        )],
        amounts: vec![
            ["2025-01-01", "高龄津贴 80—89 周岁", "30.00 元/月", "40.00 元/月"].map(text),
        ],
    };
    vec![
        ("list", Box::new(list)),
        ("lists-all", Box::new(all)),
        ("list-changes", Box::new(changes)),
        ("item", Box::new(item())),
    ]
}
