//! Samples of live look-ups.

use webkit::{Chip, Choice, Crumbs, Href, Line, Link, Tone};

use crate::Sample;
use crate::shell::{CSRF, shell};
use crate::views::lookups::{
    AnswerRow, CallRow, ElderLookupsPage, FoundRow, LineRow, LookupsPage, SystemPart, ask_form,
    find_form, pull_form,
};

pub(crate) fn samples() -> Vec<Sample> {
    vec![("lookups", Box::new(lookups())), ("lookups-elder", Box::new(elder()))]
}

fn call(outcome: Chip, took: &str) -> CallRow {
    CallRow {
        at: "2026-06-02 09:40".to_owned(),
        by: "柳审核".to_owned(),
        what: Line::from("核验一人").small("省民政一体化平台"),
        person: Line::new().link("周桂兰", Href::to("/elders/a1/lookups")),
        purpose: "认定复核".to_owned(),
        outcome,
        took: took.to_owned(),
    }
}

fn lookups() -> LookupsPage {
    let pull = Href::to("/lookups/provincial_platform/pull/provincial_leads");
    LookupsPage {
        shell: shell("/lookups"),
        sentence: "有 1 个系统眼下问不通，核验按各自约定办理，见下表。".to_owned(),
        find: find_form(Href::to("/lookups"), CSRF, "周"),
        found: Some(vec![FoundRow {
            person: Line::from("周桂兰").small("女 80 岁 ****************21"),
            area: "云溪镇溪尾村".to_owned(),
            go: Link::new("核验", Href::to("/elders/a1/lookups")),
        }]),
        lines: vec![LineRow {
            name: Line::from("省民政一体化平台").small("安澜省民政厅 · 对接虚构（演示）"),
            state: Chip::new(Tone::Bad, "暂停 2 分钟"),
            can: "核验一人、拉取省级数据比对疑点线索、在线上报".to_owned(),
            last_answer: "2026-06-02 09:12".to_owned(),
            last_fault: "09:43 对方没有按时应答，连续 5 次".to_owned(),
            on_failure: "用 168 小时内的上一次应答，再早的算不知道".to_owned(),
        }],
        pulls: vec![(
            "从省民政一体化平台拉取疑点线索".to_owned(),
            pull_form(pull, CSRF, "拉取疑点线索", "2026-06-02"),
        )],
        calls: vec![
            call(Chip::new(Tone::Bad, "超时"), "8.0 秒，试了 3 次"),
            call(Chip::new(Tone::Ok, "已应答"), "0.4 秒"),
        ],
        pager: None,
    }
}

fn elder() -> ElderLookupsPage {
    let row = |label: &str, theirs: &str, ours: &str, agreement: Chip| AnswerRow {
        label: label.to_owned(),
        theirs: theirs.to_owned(),
        ours: ours.to_owned(),
        agreement,
    };
    let whys = vec![Choice::new("entitlement", "认定复核"), Choice::new("death", "死亡信息核实")];
    let ask = Href::to("/elders/a1/lookups/provincial_platform");
    ElderLookupsPage {
        shell: shell("/lookups"),
        crumbs: Crumbs {
            above: vec![
                Link::new("实时核验", Href::to("/lookups")),
                Link::new("周桂兰", Href::to("/elders/a1")),
            ],
            here: "核验".to_owned(),
        },
        headline: "周桂兰".to_owned(),
        about: "女 80 岁，云溪镇溪尾村，证件号 ****************21，本系统状态：在世".to_owned(),
        systems: vec![SystemPart {
            name: "省民政一体化平台".to_owned(),
            state: Chip::new(Tone::Ok, "已核验"),
            sentence: "2026-06-02 09:12 应答，有不一致的，见下表。".to_owned(),
            lines: vec![
                row("姓名", "周桂兰", "周桂兰", Chip::new(Tone::Ok, "一致")),
                row("生存状态", "死亡已确认", "在世", Chip::new(Tone::Bad, "不一致")),
            ],
            ask: Some(ask_form(ask, CSRF, "向省民政一体化平台核验一次", whys, true)),
        }],
        calls: vec![call(Chip::new(Tone::Ok, "已应答"), "0.4 秒")],
    }
}
