//! Samples of the duties and their reasons.

use kernel::Fen;
use webkit::{
    Bar, BarPart, Chip, Choice, Crumbs, FilterLink, Href, Line, Link, Pager, PostButton, Shell,
    Sort, Tone,
};

use crate::Sample;
use crate::shell::{CSRF, demo_shell, paper, shell};
use crate::views::duty_list::{DutyOrders, DutyRow, ListPage, SheetPart, TodaySheet, find_form};
use crate::views::today::{Card, CountLine, MonthStrip, StaleSource, TodayPage};
use crate::views::why::{
    BigAmount, Condition, EffectLevel, EffectRow, EffectTable, Entry, Mark, Recorded, WhyPage,
    outcome_form,
};

fn list(by: &str) -> Href {
    Href::to("/today").query("cause", by)
}

fn counts(lines: &[(&str, u64)]) -> Vec<CountLine> {
    let line =
        |&(text, count): &(&str, u64)| CountLine { text: text.to_owned(), count, href: list(text) };
    lines.iter().map(line).collect()
}

fn cards() -> Vec<Card> {
    let unpaid = Card {
        heading: "应享未享".to_owned(),
        chip: Some(Chip::new(Tone::Bad, "每月少发 9,560 元")),
        people: Some((239, list("unpaid"))),
        lines: counts(&[
            ("5 月满 80 周岁，尚未申请", 104),
            ("早已满 80 周岁，从未领取", 135),
            ("60 天内将满 80 周岁", 208),
        ]),
        empty: String::new(),
    };
    let overpaid = Card {
        heading: "不应享而享".to_owned(),
        chip: Some(Chip::new(Tone::Bad, "已多发 2,360 元")),
        people: Some((66, list("overpaid"))),
        lines: counts(&[
            ("已去世，仍在册（其中 12 人去世后已发）", 66),
            ("已火化，公安未销户", 35),
            ("档次变化，应调整标准", 20),
        ]),
        empty: String::new(),
    };
    let due = Card {
        heading: "今天到期".to_owned(),
        chip: None,
        people: None,
        lines: counts(&[("死亡信息相互矛盾", 2), ("村级核实超 3 个工作日", 44)]),
        empty: "今天没有到期事项，距结算日还有 17 个工作日。".to_owned(),
    };
    vec![unpaid, overpaid, due]
}

fn duty(elder: &str, about: &str, kind: Chip, texts: [&str; 4], due: Chip) -> DutyRow {
    let [cause, next_step, owner, amount] = texts.map(str::to_owned);
    let elder = Link::new(elder, Href::to("/duties").seg("6f0c"));
    let waiting = String::new();
    DutyRow { elder, about: about.to_owned(), kind, cause, next_step, owner, amount, due, waiting }
}

fn duties() -> Vec<DutyRow> {
    let plain = |text: &str| Chip::new(Tone::Plain, text);
    vec![
        duty(
            "孙某某",
            "男 76 岁 · 石岭乡上坪村",
            Chip::new(Tone::Bad, "死亡信息矛盾"),
            [
                "公安登记 5 月 3 日死亡，5 月 22 日有门诊记录",
                "今天上门或电话确认在世",
                "上坪村 养老专干",
                "—",
            ],
            Chip::new(Tone::Bad, "今天"),
        ),
        duty(
            "周某某",
            "女 80 岁 · 云溪镇溪尾村 · 独居",
            Chip::new(Tone::Bad, "应享未享"),
            [
                "2025 年 10 月满 80 周岁，至今未申请高龄津贴",
                "核实意愿，送一页告知",
                "溪尾村 养老专干",
                "补发 280.00",
            ],
            plain("还有 3 天"),
        ),
        duty(
            "郑某某",
            "男 88 岁 · 城关镇东门社区",
            Chip::new(Tone::Wait, "已火化，公安未销户"),
            [
                "殡仪馆 5 月 9 日火化",
                "暂停 6 月发放，通知家属销户",
                "城关镇 民政办",
                "停发 40.00/月",
            ],
            plain("还有 2 天"),
        ),
        duty(
            "何某某",
            "女 90 岁 · 云溪镇新街社区",
            Chip::new(Tone::Ok, "档次变化"),
            ["5 月满 90 周岁，6 月起按 120 元", "核对后调整标准", "新街社区", "+80.00/月"],
            plain("还有 5 天"),
        ),
        duty(
            "冯某某",
            "女 79 岁 · 大湾乡河口村",
            Chip::new(Tone::Info, "即将满龄"),
            ["7 月 11 日满 80 周岁", "送一页告知，问清收款账户", "河口村 养老专干", "40.00/月"],
            plain("还有 27 天"),
        ),
    ]
}

fn month() -> MonthStrip {
    let part = |count, class| BarPart { count, class };
    MonthStrip {
        label: "6 月结算".to_owned(),
        bar: Bar {
            label: "已核对 12,628 人，正在核实 305 人，待处理 239 人".to_owned(),
            parts: vec![part(12_628, "done"), part(305, "near"), part(239, "wait")],
        },
        deadline: Line::from("25 日截止，还有 ").strong("17 个工作日"),
    }
}

fn filters() -> Vec<FilterLink> {
    let filter = |text: &str, count, tone, current| FilterLink {
        text: text.to_owned(),
        count,
        href: list(text),
        tone,
        current,
    };
    vec![
        filter("全部", 318, Tone::Plain, true),
        filter("今天到期", 71, Tone::Bad, false),
        filter("等村里", 126, Tone::Wait, false),
    ]
}

fn today() -> TodayPage {
    TodayPage {
        shell: demo_shell("今日待办"),
        sentence: Line::from("昨夜 3 份部门数据到齐，新发现 318 件。其中 ")
            .strong("71 件今天到期")
            .text("。"),
        first: Some(Href::to("/duties").seg("6f0c")),
        print: Href::to("/today/sheet"),
        month: Some(month()),
        cards: cards(),
        stale: Vec::new(),
        duties: duties(),
        all: Href::to("/duties"),
        open: 4_318,
        export: Href::to("/today.xlsx"),
        nothing_due: "没有待办。距 6 月结算日还有 17 个工作日，可以先看即将满龄的老人。".to_owned(),
    }
}

fn quiet_today() -> TodayPage {
    let cards = cards().into_iter().map(|card| Card {
        chip: None,
        people: card.people.map(|(_, href)| (0, href)),
        lines: Vec::new(),
        empty: "没有。部门数据更新后自动重查。".to_owned(),
        ..card
    });
    TodayPage {
        shell: shell("今日待办"),
        sentence: "今天没有到期事项，距 6 月结算日还有 17 个工作日。".into(),
        first: None,
        cards: cards.collect(),
        stale: vec![StaleSource {
            name: "县公安局 人口信息".to_owned(),
            age: "截至 2026-04-30，已 33 天没有更新".to_owned(),
            href: Some(Href::to("/files")),
        }],
        duties: Vec::new(),
        open: 0,
        ..today()
    }
}

fn sort(by: &str) -> Sort {
    Sort::By(list(by))
}

fn duty_list() -> ListPage {
    let places = vec![Choice::new("", "全部"), Choice::new("12", "云溪镇")];
    ListPage {
        shell: demo_shell("今日待办"),
        crumbs: Crumbs {
            above: vec![Link::new("今日待办", Href::to("/today"))],
            here: "全部待办".to_owned(),
        },
        title: "全部待办".to_owned(),
        sentence: "共 4,318 件。".to_owned(),
        first: Some(Href::to("/duties").seg("6f0c")),
        print: Href::to("/today/sheet"),
        export: Href::to("/today.xlsx"),
        find: find_form(Href::to("/duties"), CSRF, places, ""),
        filters: filters(),
        orders: [("先急后重", true), ("按金额", false), ("按年龄", false), ("按等待", false)]
            .map(|(text, on)| (Link::new(text, list(text)), on))
            .into(),
        sorts: DutyOrders { age: sort("age"), money: sort("money"), due: sort("due") },
        filter_words: "全部待办，先到期的、再金额多的、再年龄大的在前".to_owned(),
        duties: duties(),
        pager: Some(Pager {
            from: 1,
            to: 50,
            of: 4_318,
            previous: None,
            next: Some(Href::to("/duties").query("page", 1)),
        }),
        nothing: "这一类没有待办。".to_owned(),
    }
}

fn source(text: &str, row: u32) -> Line {
    Line::from("").link(text, Href::to("/files").seg(12).seg("rows").seg(row))
}

fn conditions() -> Vec<Condition> {
    let condition = |mark, label: &str, value: &str, evidence| Condition {
        mark,
        label: label.to_owned(),
        value: value.to_owned(),
        evidence,
    };
    let birth = Line::from("出生日期 1945-10-17 · ")
        .link("公安人口库 2026-06-01 第 41207 行", Href::to("/files/12/rows/41207"));
    vec![
        condition(Mark::Yes, "年满 80 周岁", "满 80 岁 7 个月", birth),
        condition(
            Mark::Yes,
            "户籍在本县",
            "云溪镇溪尾村",
            source("公安人口库 2026-06-01 第 41207 行", 41_207),
        ),
        condition(
            Mark::Yes,
            "在世",
            "没有死亡登记，也没有火化记录",
            source("公安死亡登记 2026-06-01，殡仪馆台账 2026-05", 1),
        ),
        condition(
            Mark::Yes,
            "没有在别处领取",
            "不在 5 月发放名册上",
            source("高龄津贴发放名册 2026-05", 1),
        ),
        condition(
            Mark::Unknown,
            "收款账户",
            "还不知道",
            "不影响资格，发放前要有。可在村里拍社保卡补上".into(),
        ),
    ]
}

fn outcomes() -> Vec<Choice> {
    vec![
        Choice::new("willing", "已联系，愿意申请").hint("转入申请，期限按受理日重新计算"),
        Choice::new("declined", "本人不申请").hint("必须写明原因；有新事实才会再次提醒"),
        Choice::new("not_reached", "没找到人").hint("保留待办，期限顺延 3 个工作日"),
        Choice::new("wrong", "情况不符").hint("写明哪一项不对，由数据专管核实来源"),
    ]
}

fn why() -> WhyPage {
    let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    let form = outcome_form(Href::to("/duties/6f0c/outcome"), CSRF, outcomes());
    WhyPage {
        shell: shell("今日待办"),
        crumbs: Crumbs {
            above: vec![
                Link::new("今日待办", Href::to("/today")),
                Link::new("周某某（女，80 岁，云溪镇溪尾村）", Href::to("/elders/7f3a")),
            ],
            here: "高龄津贴".to_owned(),
        },
        tone: Tone::Bad,
        verdict: "应该领，但还没有领".to_owned(),
        because: "2025 年 10 月 17 日满 80 周岁，从 2025 年 11 月起每月 40 元。\
                  至今没有申请，也没有任何一处在发。"
            .to_owned(),
        amount: Some(BigAmount {
            label: "到 6 月应补".to_owned(),
            sum: Fen::from_yuan(280),
            note: "7 个月 × 40.00，6 月起另发".to_owned(),
        }),
        print: Some(Link::new("打印一页告知", Href::to("/elders/7f3a/notice"))),
        acts: vec![Link::new("看一人一档", Href::to("/elders/7f3a"))],
        buttons: vec![PostButton::new(Href::to("/duties/6f0c/hand"), CSRF, "转给溪尾村核实")],
        duty: vec![
            Entry::new("谁办", "溪尾村 养老专干"),
            Entry::new("期限", "2026-06-05，还有 3 个工作日"),
            Entry::new("发现", "2026-06-02，按 6 月 1 日的部门数据"),
        ],
        conditions: conditions(),
        build_up: vec![
            pair("80—89 周岁档", "40.00 / 月"),
            pair("2025-11 至 2026-05", "7 个月"),
            pair("补发", "280.00"),
        ],
        basis: vec![
            Entry::new(
                "清单",
                Link::new("松河县基本养老服务清单（第 4 版）第 4 项", Href::to("/lists/9/4")),
            ),
            Entry::new("从哪个月起", "满龄次月起；未及时申请的，从符合条件之月补发"),
        ],
        would_change: vec![
            "户籍迁出本县".to_owned(),
            "去世（当月照发，次月停发）".to_owned(),
            "2035 年 10 月满 90 周岁，次月起改为每月 120 元".to_owned(),
        ],
        assumptions: vec!["补发不设最长月数。".to_owned()],
        outcome: Some(form),
        recorded: Vec::new(),
        effects: None,
        others: Vec::new(),
    }
}

/// A lapsed assessment: what each level would give.
fn why_lapsed() -> WhyPage {
    let level = |name: &str, last| EffectLevel { name: name.to_owned(), last };
    let row = |item: &str, now: &str, then: [&str; 5]| EffectRow {
        item: Link::new(item, Href::to("/elders/7f3a/why/nursing_subsidy")),
        now: now.to_owned(),
        then: then.map(str::to_owned).into(),
    };
    WhyPage {
        tone: Tone::Wait,
        verdict: "该评估".to_owned(),
        because: "老年人能力综合评估 2026-05-11 到期，在发待遇每月 100.00 元要凭有效的结果。"
            .to_owned(),
        amount: Some(BigAmount {
            label: "每月涉及".to_owned(),
            sum: Fen::from_yuan(100),
            note: "从 2026 年 6 月 起".to_owned(),
        }),
        build_up: Vec::new(),
        effects: Some(EffectTable {
            before: "上一次评为中度失能，有效期到 2026-05-11。".to_owned(),
            levels: vec![
                level("能力完好", false),
                level("轻度失能", false),
                level("中度失能", true),
                level("重度失能", false),
                level("完全失能", false),
            ],
            items: vec![row(
                "护理补贴",
                "定不了",
                ["—", "—", "每月 100.00 元", "每月 200.00 元", "每月 300.00 元"],
            )],
            same: "评成哪一级都一样：高龄津贴、探访关爱。".to_owned(),
        }),
        others: vec![Link::new("王某某（男 78 岁，云溪镇溪尾村）", Href::to("/duties/7a"))],
        ..why()
    }
}

fn why_with_error() -> WhyPage {
    let pair = |a: &str, b: &str| vec![(a.to_owned(), b.to_owned())];
    let form = outcome_form(Href::to("/duties/6f0c/outcome"), CSRF, outcomes())
        .with_typed(&pair("outcome", "declined"), &pair("reason", "选了“本人不申请”，请写明原因"));
    WhyPage {
        shell: Shell { notice: None, ..shell("今日待办") },
        outcome: Some(form),
        recorded: vec![Recorded {
            by: "2026-06-01 16:20 陈专干".to_owned(),
            text: "没找到人：邻居说去了女儿家，月底回来。".to_owned(),
        }],
        ..why()
    }
}

/// Who has died, but stands on the roll.
fn why_not() -> WhyPage {
    let died = Condition {
        mark: Mark::No,
        label: "在世".to_owned(),
        value: "2026 年 5 月 9 日火化".to_owned(),
        evidence: source("殡仪馆台账 2026-05 第 118 行", 118),
    };
    let mut conditions = conditions();
    conditions[2] = died;
    conditions.truncate(3);
    WhyPage {
        tone: Tone::Wait,
        verdict: "从 6 月起不该再领，名册上还有".to_owned(),
        because: "殡仪馆 5 月 9 日火化，公安还没有销户。5 月照发，6 月起停发。".to_owned(),
        amount: None,
        print: None,
        conditions,
        build_up: Vec::new(),
        would_change: vec!["公安或家属说明火化登记有误".to_owned()],
        assumptions: Vec::new(),
        outcome: None,
        ..why()
    }
}

fn sheet() -> TodaySheet {
    let mut rest = duties();
    let first = rest.drain(..2).collect();
    TodaySheet {
        paper: paper(),
        title: "松河县 今日待办清单".to_owned(),
        sentence: "2026 年 6 月 2 日 星期二，按期限先后，共 5 件。".to_owned(),
        parts: vec![
            SheetPart { owner: "上坪村 养老专干".to_owned(), duties: first },
            SheetPart { owner: "城关镇 民政办".to_owned(), duties: rest },
        ],
    }
}

pub(crate) fn samples() -> Vec<Sample> {
    vec![
        ("today", Box::new(today())),
        ("today-quiet", Box::new(quiet_today())),
        ("duties", Box::new(duty_list())),
        ("why", Box::new(why())),
        ("why-lapsed", Box::new(why_lapsed())),
        ("why-not", Box::new(why_not())),
        ("why-error", Box::new(why_with_error())),
        ("today-sheet", Box::new(sheet())),
    ]
}
