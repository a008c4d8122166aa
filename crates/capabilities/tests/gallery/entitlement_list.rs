//! Samples of the list.

use webkit::{Crumbs, Href, Line, Link};

use crate::Sample;
use crate::shell::shell;
use crate::views::entitlement_list::{AmountRow, ItemPage, ItemRow, ListPage};

fn source(text: &str) -> Line {
    text.into()
}

pub(crate) fn samples() -> Vec<Sample> {
    let title = "松河县基本养老服务清单（第 4 版）".to_owned();
    let list = ListPage {
        shell: shell("服务清单"),
        title: title.clone(),
        sentence: "松河县民政局发布，2025-01-01 起执行，承接市清单第 5 版、省清单第 3 版。".into(),
        items: vec![ItemRow {
            item: Link::new("4 高龄津贴", Href::to("/lists/9/4")),
            who: "本县户籍，年满 80 周岁".to_owned(),
            standard: "每月 40、120、400 元三档".to_owned(),
            since: "2025-01-01".to_owned(),
        }],
    };
    let amount = |band: &str, amount: &str| AmountRow {
        band: band.to_owned(),
        amount: amount.to_owned(),
        valid: "2025-01-01 起".to_owned(),
        basis: source("县清单 第 4 项"),
    };
    let item = ItemPage {
        shell: shell("服务清单"),
        crumbs: Crumbs {
            above: vec![Link::new(title, Href::to("/lists/9"))],
            here: "第 4 项".to_owned(),
        },
        name: "高龄津贴".to_owned(),
        sentence: "发给本县户籍、年满 80 周岁的老年人，按月发放。".to_owned(),
        who: vec!["年满 80 周岁".to_owned(), "户籍在本县".to_owned(), "在世".to_owned()],
        amounts: vec![
            amount("80—89 周岁", "40.00 元/月"),
            amount("90—99 周岁", "120.00 元/月"),
            amount("100 周岁及以上", "400.00 元/月"),
        ],
        time: vec![
            ("起发".to_owned(), "满龄次月起".into()),
            ("停发".to_owned(), "去世次月起，当月照发".into()),
            ("补发".to_owned(), "未及时申请的，从符合条件之月补发".into()),
        ],
        basis: vec![(source("松河县清单第 4 项"), "满 80 周岁按月发放，分三档。".to_owned())],
        assumptions: vec!["补发不设最长月数。".to_owned()],
        parents: vec![(
            Link::new("市清单第 5 版 第 3 项", Href::to("/lists/5/3")),
            "条件和标准都不低于上级。".to_owned(),
        )],
    };
    vec![("list", Box::new(list)), ("item", Box::new(item))]
}
