//! Samples of applications: from the list to the notice of refusal.

use webkit::{Chip, Choice, Crumbs, Field, FieldKind, FilterLink, Form, Href, Line, Link, Tone};
use webkit::{Pager, PostButton};

use crate::Sample;
use crate::shell::{CSRF, paper, shell};
use crate::views::applications::{
    ApplyPage, Batch, ChoosePage, KinPage, KinRow, OnePage, Prefilled, Proof, ProofLine, QueuePage,
    QueueRow, RefusalNotice, RefusalPaper, application_form, end_form, kin_form,
};

const CASE: &str = "9b1c4f02-0000-8000-8000-000000000001";

pub(crate) fn samples() -> Vec<Sample> {
    vec![
        ("applications", Box::new(queue())),
        ("applications-none", Box::new(nobody())),
        ("application", Box::new(one())),
        ("application-barred", Box::new(barred())),
        ("application-choose", Box::new(choose())),
        ("application-form", Box::new(apply())),
        ("application-refusal", Box::new(refusal())),
        ("applications-kin", Box::new(kin())),
    ]
}

fn to(part: &'static str) -> Href {
    Href::to("/applications").seg(CASE).seg(part)
}

fn crumbs(here: &str) -> Crumbs {
    Crumbs {
        above: vec![Link::new("申领办理", Href::to("/applications"))], here: here.to_owned()
    }
}

fn row(name: &str, gaps: &[&str]) -> QueueRow {
    QueueRow {
        case: CASE.to_owned(),
        proved: gaps.is_empty(),
        elder: Link::new(name, Href::to("/applications").seg(CASE)),
        about: "女 80 岁 · 云溪镇溪尾村".to_owned(),
        item: "高龄津贴".to_owned(),
        sum: "每月 40 元，从 2025 年 11 月起，补发 7 个月 280 元".to_owned(),
        chips: vec![
            Chip::new(Tone::Ok, "✓ 年满 80 周岁"),
            Chip::new(Tone::Wait, "? 没有在别处领取"),
        ],
        gaps: gaps.iter().map(|it| (*it).to_owned()).collect(),
        state: Chip::new(Tone::Info, "待审核"),
        due: Some(Chip::new(Tone::Wait, "还有 3 天")),
    }
}

fn queue() -> QueuePage {
    let filter = |text: &str, count, current| FilterLink {
        text: text.to_owned(),
        count,
        href: Href::to("/applications").query("state", "in_review"),
        tone: Tone::Info,
        current,
    };
    QueuePage {
        shell: shell("/applications"),
        sentence: "共 143 件，其中 142 件每个条件都有据，1 件需要看一眼，排在前面。".to_owned(),
        first: Some(Href::to("/applications").seg(CASE)),
        batch: Some(Batch {
            action: Href::to("/applications-batch/pass"),
            csrf: CSRF.to_owned(),
            label: "所选的审核通过".to_owned(),
            left: "有 1 件不能批量审核，原因写在“要看一眼”里，请逐件办理。".to_owned(),
        }),
        filters: vec![filter("在办", 160, false), filter("待审核", 143, true)],
        filter_words: "待审核".to_owned(),
        export: Href::to("/applications.xlsx"),
        print: Some(
            PostButton::new(
                Href::to("/applications/sheets/print"),
                CSRF,
                "打印申请审批表（143 份）",
            )
            .hidden("state", "in_review"),
        ),
        rows: vec![row("周桂兰", &["账户是另报的，要核对存折或社保卡"]), row("卫东升", &[])],
        pager: Some(Pager {
            from: 1,
            to: 50,
            of: 143,
            previous: None,
            next: Some(Href::to("/applications").query("page", 1)),
        }),
    }
}

fn nobody() -> QueuePage {
    QueuePage {
        sentence: "没有等着办的申领。".to_owned(),
        first: None,
        batch: None,
        print: None,
        rows: Vec::new(),
        pager: None,
        ..queue()
    }
}

fn proof() -> Proof {
    let line = |mark, asked: &str, found: &str| ProofLine {
        mark,
        asked: asked.to_owned(),
        found: found.to_owned(),
        source: Line::new().link("公安人口库 2026-06-01 第 11 行", Href::to("/files/1/rows/11")),
    };
    Proof {
        sentence: "符合高龄津贴的条件，每月 40 元。".to_owned(),
        conditions: vec![
            line('✓', "年满 80 周岁", "满 80 岁 7 个月"),
            line('✗', "户籍在松河县", "户籍在邻县"),
            line('?', "没有在别处领取", "不知道"),
        ],
        amounts: vec![("80—89 周岁档".to_owned(), "每月 40 元".to_owned())],
        basis: vec!["《松河县高龄津贴发放办法》第四条：按月发放".to_owned()],
        changes: vec!["户籍迁回松河县".to_owned()],
    }
}

fn reasons(part: &'static str, label: &str) -> Form {
    Form::new(to(part), CSRF, label)
        .hidden("seen", "1")
        .field(Field::new("code-other", "其他（写在说明里）", FieldKind::Check).optional())
        .field(Field::new("note", "说明", FieldKind::Lines).optional())
}

fn one() -> OnePage {
    let pass = Form::new(to("pass"), CSRF, "审核通过，看下一件").main().hidden("seen", "1");
    let checked = "已核对存折或社保卡原件，账号户名无误";
    OnePage {
        shell: shell("/applications"),
        crumbs: crumbs("第 7 号"),
        title: "周桂兰申请高龄津贴".to_owned(),
        state: Line::new().chip(Tone::Info, "待审核").text(" 由乡镇审核办理，期限 2026-06-16 "),
        pays: "每月 40 元，从 2025 年 11 月起，补发 7 个月 280 元".to_owned(),
        gaps: "账户是另报的，要核对存折或社保卡".to_owned(),
        form: vec![
            ("老人".to_owned(), Line::new().link("周桂兰", Href::to("/elders/1"))),
            ("身份证号".to_owned(), "****************24".into()),
            ("收款账户".to_owned(), "配偶的账户，尾号 4321，户名 王德福（另报）".into()),
        ],
        barred: None,
        main: Some(pass.field(Field::new("account_checked", checked, FieldKind::Check))),
        others: vec![
            ("退回补正".to_owned(), reasons("return", "退回补正")),
            ("审核不通过".to_owned(), reasons("reject", "审核不通过")),
        ],
        papers: vec![Link::new("看申请审批表", to("sheet"))],
        print: Some(PostButton::new(to("print"), CSRF, "打印申请审批表")),
        history: vec![(
            "2026-06-02 08:30 周小禾（村级专干）".to_owned(),
            "提交。本人按手印".to_owned(),
        )],
        proof: proof(),
    }
}

fn barred() -> OnePage {
    OnePage {
        barred: Some("这件是您受理的，不能再由您审核。请由王审核办理。".to_owned()),
        main: None,
        others: Vec::new(),
        proof: Proof::default(),
        ..one()
    }
}

fn choose() -> ChoosePage {
    let relations = vec![Choice::new("parent", "父母"), Choice::new("spouse", "配偶")];
    ChoosePage {
        shell: shell("/elders"),
        crumbs: crumbs("申领待遇"),
        title: "为周桂兰申领待遇".to_owned(),
        items: vec![(
            Link::new("高龄津贴", Href::to("/elders/1/apply/old_age_allowance")),
            "符合条件，每月 40 元".to_owned(),
            Chip::new(Tone::Ok, "可以申领"),
        )],
        kin: kin_form(Href::to("/elders/1/kin"), CSRF, relations),
    }
}

fn apply() -> ApplyPage {
    let prefilled = Prefilled {
        account: Some("1234".to_owned()),
        channels: vec![Choice::new("found", "村里主动发现，本人同意")],
        consents: vec![Choice::new("signed", "本人签字")],
        holders: vec![Choice::new("oneself", "本人"), Choice::new("spouse", "配偶")],
        today: "2026-06-02".to_owned(),
    };
    let action = Href::to("/elders/1/apply/old_age_allowance");
    ApplyPage {
        shell: shell("/elders"),
        crumbs: crumbs("申请表"),
        title: "周桂兰申请高龄津贴".to_owned(),
        pays: "每月 40 元，从 2025 年 11 月起，补发 7 个月 280 元".to_owned(),
        known: vec![("户籍".to_owned(), "云溪镇溪尾村".to_owned())],
        form: application_form(action, CSRF, "提交审核", prefilled),
        proof: proof(),
    }
}

fn refusal() -> RefusalPaper {
    RefusalPaper {
        paper: paper(),
        notice: RefusalNotice {
            number: "7".to_owned(),
            to: "周桂兰".to_owned(),
            applied: "您于2026 年 6 月 2 日申请高龄津贴，".to_owned(),
            reasons: vec!["不符合清单规定的条件。".to_owned()],
            conditions: vec![("户籍在松河县".to_owned(), "户籍在邻县".to_owned())],
            basis: vec!["《松河县高龄津贴发放办法》第四条：发给本县户籍老人".to_owned()],
            remedies: vec!["户籍迁回松河县".to_owned()],
            objection: "可以在收到之日起六十日内向松河县人民政府申请行政复议。".to_owned(),
            issuer: "松河县民政局".to_owned(),
            day: "2026 年 6 月 9 日".to_owned(),
        },
    }
}

fn kin() -> KinPage {
    let row = |state: &str, end| KinRow {
        name: "王审核".to_owned(),
        elder: Link::new("王德福", Href::to("/elders/2")),
        relation: "父母".to_owned(),
        declared: "2026-06-02".to_owned(),
        state: Line::from(state),
        end,
    };
    KinPage {
        shell: shell("/kin"),
        sentence: "1 条备案在效。".to_owned(),
        export: Href::to("/kin.xlsx"),
        rows: vec![
            row("回避中", Some(end_form(Href::to("/kin/1/end"), CSRF))),
            row("2026-06-09 由李审批解除：核实是同名", None),
        ],
        pager: None,
    }
}
