//! Samples of suspected duplicates.

use webkit::{Chip, Choice, Crumbs, Field, FieldKind, Form, Href, Line, Link, Tone};

use crate::Sample;
use crate::shell::shell;
use crate::views::duplicates::{ListPage, MergeRow, PairPage, PairRow, SaidRow};

fn pair_href() -> Href {
    Href::to("/duplicates").seg("6f0c").seg("6f0d")
}

fn list() -> ListPage {
    let said = |number: &str| Line::from(number).small("女 80 岁，云溪镇溪尾村");
    let merge = |tone, state: &str| MergeRow {
        name: Link::new("周桂兰", pair_href()),
        village: "云溪镇溪尾村".to_owned(),
        state: Chip::new(tone, state),
        said: Line::from("身份证换过号").small("李数据，2026-06-02 08:30"),
    };
    ListPage {
        shell: shell("/duplicates"),
        waiting: vec![merge(Tone::Wait, "待另一人复核")],
        suspects: vec![PairRow {
            name: Link::new("周桂兰", pair_href()),
            one: said("****************20"),
            other: said("****************48"),
            why: Line::from(Chip::new(Tone::Wait, "姓名、出生日期和村相同")),
        }],
        answered: vec![merge(Tone::Ok, "已合并")],
        pager: None,
    }
}

fn pair() -> PairPage {
    let row = |label: &str, one: &str, other: &str, same: bool| {
        let (tone, text) = if same { (Tone::Ok, "一致") } else { (Tone::Bad, "不一致") };
        vec![Line::from(label), Line::from(one), Line::from(other).text(" ").chip(tone, text)]
    };
    let keep = vec![
        Choice::new("6f0c", "保留 ****************20").hint("女 80 岁，云溪镇溪尾村，6 条事实"),
        Choice::new("6f0d", "保留 ****************48").hint("女 80 岁，云溪镇溪尾村，7 条事实"),
    ];
    let reason = Field::new("reason", "为什么是同一人", FieldKind::Lines);
    PairPage {
        shell: shell("/duplicates"),
        crumbs: Crumbs {
            above: vec![Link::new("疑似重复人员", Href::to("/duplicates"))],
            here: "周桂兰".to_owned(),
        },
        title: "周桂兰：是不是同一人".to_owned(),
        sentence: "请对照后判断。合并由一人提出、另一人复核。".to_owned(),
        state: None,
        rows: vec![
            row("姓名", "周桂兰", "周桂兰", true),
            row("身份证号", "****************20", "****************48", false),
        ],
        kept: None,
        main: Some(
            Form::new(pair_href().seg("propose"), "token", "提出合并，请另一人复核")
                .main()
                .field(Field::new("keep", "保留哪一份", FieldKind::Radio(keep)))
                .field(reason),
        ),
        second: Some(
            Form::new(pair_href().seg("clear"), "token", "不是同一人，不再列出").field(Field::new(
                "ground",
                "根据什么判断",
                FieldKind::Text("off"),
            )),
        ),
        said: vec![SaidRow {
            by: "李数据，2026-06-02 08:30".to_owned(),
            text: "拆开：合错了".to_owned(),
        }],
    }
}

pub(crate) fn samples() -> Vec<Sample> {
    vec![("duplicates", Box::new(list())), ("duplicates-pair", Box::new(pair()))]
}
