//! Samples of what surrounds the payment of a benefit: publicity, complaints, care subsidies,
//! relief, payment on time and the forms of a month.

use webkit::{
    Bar, BarPart, Chip, Choice, Column, Crumbs, Field, FieldKind, FilterLink, Form, Href, Line,
    Link, PostButton, Table, Tone,
};

use crate::Sample;
use crate::shell::{CSRF, paper, shell};
use crate::views::care_subsidies::ListPage as SubsidiesPage;
use crate::views::complaints::{
    AnswerBox, ComplaintPage, FindPage, ListPage as ComplaintsPage, NewPage, ReplyPaper,
    Row as ComplaintRow, Told,
};
use crate::views::on_time::{OnTimePage, PeoplePage};
use crate::views::paper_forms::FormsPage;
use crate::views::publicity::{
    ListPage as PostingsPage, NamedRow, NoticesPage, PostingPage, PostingRow, WaitingRow,
};
use crate::views::relief::{
    ListPage as ReliefPage, OnePage as HandoverPage, SlipPaper, find_form, hand_form, step_form,
};

pub(crate) fn samples() -> Vec<Sample> {
    vec![
        ("publicity", Box::new(postings())),
        ("publicity-one", Box::new(posting())),
        ("publicity-open", Box::new(notices())),
        ("complaints", Box::new(complaints())),
        ("complaint-find", Box::new(find())),
        ("complaint-new", Box::new(new())),
        ("complaint", Box::new(complaint())),
        ("complaint-reply", Box::new(reply())),
        ("care-subsidies", Box::new(subsidies())),
        ("relief", Box::new(relief())),
        ("relief-one", Box::new(handover(true))),
        ("relief-new", Box::new(handover(false))),
        ("relief-slip", Box::new(slip())),
        ("on-time", Box::new(on_time())),
        ("on-time-people", Box::new(not_on_time())),
        ("paper-forms", Box::new(forms())),
    ]
}

fn crumbs(above: &str, path: &'static str, here: &str) -> Crumbs {
    Crumbs { above: vec![Link::new(above, Href::to(path))], here: here.to_owned() }
}

fn table(id: &'static str, title: &str, heads: &[&str], rows: &[&[&str]]) -> Table {
    let columns = heads.iter().map(|head| Column::new(*head)).collect();
    let rows = rows.iter().map(|row| row.iter().map(|text| Line::from(*text)).collect());
    Table::new(id, title, columns).rows(rows)
}

fn filter(text: &str, count: u64, path: &'static str) -> FilterLink {
    FilterLink {
        text: text.to_owned(),
        count,
        href: Href::to(path),
        tone: Tone::Info,
        current: true,
    }
}

fn words(lines: &[(&str, &str)]) -> Vec<(String, Line)> {
    lines.iter().map(|(term, text)| ((*term).to_owned(), Line::from(*text))).collect()
}

fn postings() -> PostingsPage {
    let post = Form::new(Href::to("/publicity/post"), CSRF, "张贴 2 个村的公示")
        .main()
        .field(Field::new("phone", "异议电话", FieldKind::Text("tel")).value("0990-6000000"))
        .field(Field::new("posted_on", "张贴日期", FieldKind::Day).value("2026-06-05"));
    PostingsPage {
        shell: shell("/publicity"),
        sentence: "2 个村有申领待张贴公示，1 张正在公示。".to_owned(),
        post: Some(post),
        waiting: vec![WaitingRow {
            village: "云溪镇溪尾村".to_owned(),
            people: "3 人".to_owned(),
            items: "高龄津贴".to_owned(),
            monthly: "120.00".to_owned(),
            since: "2026-06-04".to_owned(),
        }],
        left_out: vec![(
            Link::new("卫东升", Href::to("/applications/1")),
            "高龄津贴".to_owned(),
            "不符合高龄津贴的条件：未满 80 周岁".to_owned(),
        )],
        filters: vec![filter("公示中", 1, "/publicity")],
        filter_words: "公示中".to_owned(),
        export: Href::to("/publicity.xlsx"),
        sheets: Some(Href::to("/publicity/sheets")),
        rows: vec![PostingRow {
            village: Link::new("云溪镇溪头村", Href::to("/publicity/3")),
            period: "2026-06-01 至 2026-06-08".to_owned(),
            lines: "4 人".to_owned(),
            monthly: "160.00".to_owned(),
            objected: Chip::new(Tone::Wait, "1 人有异议"),
            state: Chip::new(Tone::Info, "公示中，还有 3 天"),
        }],
        pager: None,
    }
}

fn posting() -> PostingPage {
    let take_down = Form::new(Href::to("/publicity/3/take-down"), CSRF, "登记撤下")
        .field(Field::new("note", "说明", FieldKind::Text("off")).optional());
    PostingPage {
        shell: shell("/publicity"),
        crumbs: crumbs("公示", "/publicity", "云溪镇溪头村"),
        title: "云溪镇溪头村公示单".to_owned(),
        state: Line::new().chip(Tone::Info, "公示中，还有 3 天"),
        acts: vec![Link::new("看公示单", Href::to("/publicity/3/sheet"))],
        print: Some(PostButton::new(Href::to("/publicity/3/print"), CSRF, "打印公示单")),
        facts: words(&[("异议电话", "0990-6000000"), ("打印", "还没有打印")]),
        rows: vec![NamedRow {
            no: "1".to_owned(),
            elder: Line::new().link("周桂兰", Href::to("/elders/1")),
            shown: "周*兰".to_owned(),
            item: "高龄津贴".to_owned(),
            monthly: "40.00".to_owned(),
            arrears: "补 7 个月 280 元".to_owned(),
            state: Line::new().chip(Tone::Info, "公示"),
            object: Some(Link::new("登记异议", Href::to("/complaints/new/1"))),
        }],
        take_down: Some(take_down),
    }
}

fn notices() -> NoticesPage {
    let sheet = Link::new("云溪镇溪头村", Href::to("/public/notices/3"));
    NoticesPage {
        open: crate::portal::open(),
        heading: "松河县正在公示的名单".to_owned(),
        notices: vec![(sheet, "到 2026 年 6 月 8 日".to_owned())],
    }
}

fn complaints() -> ComplaintsPage {
    ComplaintsPage {
        shell: shell("/complaints"),
        sentence: "1 件待答复，今天到期。".to_owned(),
        new: Some(Link::new("登记", Href::to("/complaints/new"))),
        filters: vec![filter("待答复", 1, "/complaints")],
        filter_words: "待答复".to_owned(),
        export: Href::to("/complaints.xlsx"),
        rows: vec![ComplaintRow {
            complaint: Link::new("TS-2026-0007", Href::to("/complaints/7")),
            elder: Line::new().link("冯金花", Href::to("/elders/5")),
            kind: "我还活着".to_owned(),
            channel: "来电".to_owned(),
            opened: "2026-06-02".to_owned(),
            owner: "乡镇审核".to_owned(),
            state: Chip::new(Tone::Wait, "待答复"),
            due: Some(Chip::new(Tone::Bad, "今天到期")),
        }],
        pager: None,
    }
}

fn find() -> FindPage {
    let name = Field::new("q", "老人姓名、拼音首字母或完整身份证号", FieldKind::Text("off"));
    FindPage {
        shell: shell("/complaints"),
        crumbs: crumbs("异议与投诉", "/complaints", "登记"),
        form: Form::new(Href::to("/complaints/new"), CSRF, "查找").main().field(name),
        asked: "冯".to_owned(),
        found: vec![(
            Link::new("冯金花", Href::to("/complaints/new/5")),
            "女 101 岁 · 云溪镇溪头村".to_owned(),
        )],
    }
}

fn new() -> NewPage {
    let kinds = vec![Choice::new("alive", "我还活着"), Choice::new("payment", "钱没有到")];
    let form = Form::new(Href::to("/complaints/new/5"), CSRF, "登记")
        .main()
        .field(Field::new("kind", "反映什么", FieldKind::Radio(kinds)))
        .field(Field::new("words", "反映的内容", FieldKind::Lines));
    NewPage {
        shell: shell("/complaints"),
        crumbs: crumbs("异议与投诉", "/complaints", "登记"),
        title: "冯金花：登记异议或投诉".to_owned(),
        sentence: "3 个工作日内答复。".to_owned(),
        form,
    }
}

fn complaint() -> ComplaintPage {
    let answer = Form::new(Href::to("/complaints/7/answer"), CSRF, "登记答复")
        .main()
        .field(Field::new("words", "答复的内容", FieldKind::Lines));
    ComplaintPage {
        shell: shell("/complaints"),
        crumbs: crumbs("异议与投诉", "/complaints", "TS-2026-0007"),
        title: "冯金花：我还活着".to_owned(),
        state: Line::new().chip(Tone::Wait, "待答复").text(" 由乡镇审核办理，期限 2026-06-05"),
        print: Some(PostButton::new(Href::to("/complaints/7/print"), CSRF, "打印答复")),
        acts: vec![Link::new("看档案", Href::to("/elders/5"))],
        facts: words(&[("反映人", "女儿"), ("内容", "六月的津贴没有到")]),
        told: Told {
            verdicts: vec![(
                Link::new("高龄津贴", Href::to("/elders/5/items/old_age_allowance")),
                "符合条件，每月 400 元".to_owned(),
            )],
            payments: words(&[("2026 年 5 月", "400.00 元")]),
            acts: Vec::new(),
        },
        answers: vec![AnswerBox {
            heading: "答复".to_owned(),
            finding: "反映属实".to_owned(),
            words: "死亡登记有误，已更正，六月的津贴补发。".to_owned(),
            trace: vec!["高龄津贴：符合条件，每月 400 元".to_owned()],
            by: "王审核 2026-06-03 10:00".to_owned(),
        }],
        barred: None,
        forms: vec![("答复".to_owned(), answer)],
        history: vec![("2026-06-02 09:00 周小禾".to_owned(), "登记".to_owned())],
    }
}

fn reply() -> ReplyPaper {
    ReplyPaper {
        paper: paper(),
        heading: "答复书".to_owned(),
        number: "TS-2026-0007".to_owned(),
        to: "冯金花家属".to_owned(),
        asked: "您于 2026 年 6 月 2 日反映六月的津贴没有到。".to_owned(),
        finding: "反映属实".to_owned(),
        words: "死亡登记有误，已更正，六月的津贴补发。".to_owned(),
        trace: vec!["高龄津贴：符合条件，每月 400 元".to_owned()],
        remedy: "可以在 30 日内申请复查。".to_owned(),
        issuer: "云溪镇人民政府".to_owned(),
        day: "2026 年 6 月 3 日".to_owned(),
        printed: "第 1 次打印，王审核，2026-06-03 10:05".to_owned(),
    }
}

fn subsidies() -> SubsidiesPage {
    SubsidiesPage {
        shell: shell("/care-subsidies"),
        title: "服务额度",
        sentence: "12 人有额度，用了 3,200.00 元。".to_owned(),
        rules: vec!["额度当月有效，不结转。".to_owned()],
        beside: Link::new("择高发放", Href::to("/care-subsidies/higher")),
        table: table(
            "quotas",
            "服务额度",
            &["老人", "额度（元）", "已用（元）"],
            &[&["周桂兰", "600.00", "200.00"]],
        ),
    }
}

fn relief() -> ReliefPage {
    ReliefPage {
        shell: shell("/relief"),
        title: "社会救助转办",
        sentence: "1 件等救助部门答复。".to_owned(),
        beside: Link::new("低收入变化", Href::to("/relief/changes")),
        find: Some(find_form(Href::to("/relief/find"), CSRF, "")),
        table: table(
            "handovers",
            "转办",
            &["老人", "救助", "到哪一步"],
            &[&["褚有田", "临时救助", "已转办"]],
        ),
    }
}

fn handover(known: bool) -> HandoverPage {
    let choices = vec![Choice::new("accept", "受理"), Choice::new("refuse", "不予救助")];
    let form = if known {
        ("登记答复".to_owned(), step_form(Href::to("/relief/1/step"), CSRF, choices, "2026-06-05"))
    } else {
        ("登记转办".to_owned(), hand_form(Href::to("/elders/1/relief"), CSRF, choices))
    };
    HandoverPage {
        shell: shell("/relief"),
        crumbs: crumbs("社会救助转办", "/relief", "褚有田"),
        title: "褚有田：临时救助".to_owned(),
        state: Line::new().chip(Tone::Wait, "已转办"),
        slip: known.then(|| Link::new("打印转办单", Href::to("/relief/1/slip"))),
        facts: words(&[("为什么", "上门时发现已断了收入")]),
        form: Some(form),
        history: if known {
            vec![("2026-06-02 09:00 周小禾".to_owned(), "登记转办".to_owned())]
        } else {
            Vec::new()
        },
    }
}

fn slip() -> SlipPaper {
    SlipPaper {
        paper: paper(),
        title: "社会救助转办单".to_owned(),
        to: "云溪镇社会事务办".to_owned(),
        sentence: "现将褚有田的情况转给你们，请在 10 个工作日内答复。".to_owned(),
        facts: vec![("证件号码".to_owned(), "****************35".to_owned())],
    }
}

fn on_time() -> OnTimePage {
    let part = |count, class| BarPart { count, class };
    OnTimePage {
        shell: shell("/on-time"),
        title: "2026 年 6 月高龄津贴按时足额发放".to_owned(),
        sentence: "应发 13,106 人，按时足额 12,970 人。".into(),
        counted: "2026-07-01 06:00 核算，15 日前到账为按时。".to_owned(),
        count: Some(PostButton::new(Href::to("/on-time/count"), CSRF, "重新核算")),
        items: vec![Link::new("护理补贴", Href::to("/on-time").query("item", "nursing_subsidy"))],
        bar: Some(Bar {
            label: "按时 12,970，迟发 40，未发 96".to_owned(),
            parts: vec![part(12_970, "done"), part(40, "wait"), part(96, "bad")],
        }),
        causes: table("causes", "按原因", &["原因", "人数"], &[&["没联系上", "41"]]),
        places: table("places", "按乡镇", &["乡镇", "按时率"], &[&["云溪镇", "99.1%"]]),
        months: table("months", "按月", &["月份", "按时率"], &[&["2026 年 6 月", "99.0%"]]),
    }
}

fn not_on_time() -> PeoplePage {
    PeoplePage {
        shell: shell("/on-time"),
        crumbs: crumbs("按时足额发放", "/on-time", "没联系上"),
        title: "2026 年 6 月高龄津贴：没联系上".to_owned(),
        table: table("people", "没联系上", &["老人", "村（社区）"], &[&["周桂兰", "溪尾村"]]),
    }
}

fn forms() -> FormsPage {
    let print = |form: &'static str| {
        let action = Href::to("/paper/1").seg(form).seg("print");
        Line::new().button(PostButton::new(action, CSRF, "打印").hidden("town", "7"))
    };
    let sheet = |form: &str, path: &'static str| Line::new().link(form, Href::to(path));
    let columns = ["表单", "范围", "打印情况", "办理"].map(Column::new).to_vec();
    let rows = [
        vec![
            sheet("发放汇总表", "/paper/1/summary"),
            "松河县".into(),
            "第 1 次打印，钱发放，2026-06-25 15:10".into(),
            print("summary"),
        ],
        vec![
            sheet("发放花名册", "/paper/1/roster"),
            "云溪镇".into(),
            "还没有打印".into(),
            print("roster"),
        ],
    ];
    FormsPage {
        shell: shell("/paper"),
        crumbs: crumbs("月度发放", "/pay", "表单打印"),
        title: "2026 年 6 月高龄津贴的表单".to_owned(),
        sentence: "打印一次记一次，单子上写着是第几次打印。".to_owned(),
        runs: vec![(Link::new("2026 年 6 月高龄津贴", Href::to("/paper/1")), true)],
        table: Table::new("forms", "本批次的表单", columns).rows(rows),
        elsewhere: vec![Link::new("公示单：在公示里", Href::to("/publicity"))],
    }
}
