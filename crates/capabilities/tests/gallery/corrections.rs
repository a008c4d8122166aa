//! Samples of corrections.

use webkit::{Chip, Crumbs, FilterLink, Href, Line, Link, Paper, PostButton, Tone};

use crate::Sample;
use crate::shell::{CSRF, shell};
use crate::views::corrections::{
    CorrectionPage, CorrectionRow, CorrectionsPage, NewPage, SlipPaper, SlipRow, answer_form,
    draft_form,
};

fn href() -> Href {
    Href::to("/corrections")
}

fn list() -> CorrectionsPage {
    let row = |number: &str, who: &str, said: &str, right: &str, state, due| CorrectionRow {
        correction: Link::new(number, href().seg(1)),
        who: who.to_owned(),
        what: "残疾等级".to_owned(),
        said: said.to_owned(),
        right: right.to_owned(),
        supplier: "残疾人证信息".to_owned(),
        state,
        due,
    };
    CorrectionsPage {
        shell: shell("校核纠错"),
        sentence: "2 条还没有送出，1 条等来源部门答复。".to_owned(),
        send: vec![
            PostButton::new(href().seg("send"), CSRF, "送出给县残联（2 条）")
                .class("btn main")
                .hidden("batch", "7"),
        ],
        filters: vec![FilterLink {
            text: "待送出".to_owned(),
            count: 2,
            href: href().query("state", "drafted"),
            tone: Tone::Info,
            current: false,
        }],
        filter_words: "全部".to_owned(),
        export: Href::to("/corrections.xlsx"),
        rows: vec![
            row(
                "第 3 号",
                "周某某 · 云溪镇溪尾村",
                "3",
                "2",
                Chip::new(Tone::Info, "待送出"),
                Chip::new(Tone::Plain, ""),
            ),
            row(
                "第 1 号",
                "郑某某 · 云溪镇溪头村",
                "“残疾等级”是空的。",
                "请补填后重新报送。",
                Chip::new(Tone::Wait, "已送出，待答复"),
                Chip::new(Tone::Plain, "还有 6 天"),
            ),
        ],
        pager: None,
    }
}

fn facts() -> Vec<(String, Line)> {
    vec![
        ("来源写的".to_owned(), "3".into()),
        (
            "来源行".to_owned(),
            Line::new().link("残疾人证信息 2026-05-31 第 88 行", Href::to("/files/7/rows/88")),
        ),
    ]
}

fn crumbs(here: &str) -> Crumbs {
    Crumbs { above: vec![Link::new("校核纠错", href())], here: here.to_owned() }
}

pub(crate) fn samples() -> Vec<Sample> {
    let one = CorrectionPage {
        shell: shell("校核纠错"),
        crumbs: crumbs("第 1 号"),
        title: "第 1 号纠错，送县残联".to_owned(),
        state: Line::from(Chip::new(Tone::Wait, "已送出，待答复")).text(" 答复期限 还有 6 天"),
        facts: facts(),
        history: vec![
            ("2026-06-02 09:10".to_owned(), "周小禾 提出".to_owned()),
            ("2026-06-02 10:00".to_owned(), "送出，请在 2026-06-16 前答复".to_owned()),
        ],
        slip: Some(Link::new("打印交接单", Href::to("/correction-slips/1"))),
        answer: Some(answer_form(href().seg("1").seg("answer"), CSRF)),
        close: None,
    };
    let new = NewPage {
        shell: shell("找老人"),
        crumbs: crumbs("这条信息不对"),
        title: "周某某的残疾等级不对".to_owned(),
        facts: facts(),
        form: draft_form(Href::to("/elders/7f3a/correction"), CSRF, true),
    };
    let slip = SlipPaper {
        paper: Paper {
            product: "松鹤".to_owned(),
            assets: webkit::Assets::default(),
            printed: "赵数据 2026-06-02 10:00 打印".to_owned(),
            back: Link::new("回到校核纠错", href()),
        },
        title: "数据校核纠错交接单".to_owned(),
        to: "县残联".to_owned(),
        sentence: "贵单位提供的《残疾人证信息》（数据截至 2026-05-31）经核对，有 1 处请予复核。\
                   请在2026年6月16日前答复：采纳的，在下一份数据中更正；不采纳的，写明理由。"
            .to_owned(),
        facts: vec![("交接单号".to_owned(), "第 1 号".to_owned())],
        workbook: Link::new("下载随附的工作簿", Href::to("/correction-slips/1/rows.xlsx")),
        rows: vec![SlipRow {
            number: "1".to_owned(),
            row: "88".to_owned(),
            who: "周某某 · 云溪镇溪尾村".to_owned(),
            what: "残疾等级".to_owned(),
            said: "3".to_owned(),
            right: "2".to_owned(),
            evidence: "村里 6 月 1 日上门看了残疾证".to_owned(),
        }],
    };
    vec![
        ("corrections", Box::new(list())),
        ("correction", Box::new(one)),
        ("correction-new", Box::new(new)),
        ("correction-slip", Box::new(slip)),
    ]
}
