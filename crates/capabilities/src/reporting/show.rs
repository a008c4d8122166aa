//! What a run is shown as.

use std::collections::HashMap;

use access::{Action, Actor, may};
use facts::people::PersonCard;
use kernel::{PersonId, Trouble};
use outgoing::flow::{RunKind, RunState};
use outgoing::layout::OutLayout;
use outgoing::rows::Held;
use outgoing::run::Notes;
use outgoing::store::{self, Refused, Run, SeenMove};
use webkit::{Chip, Crumbs, Form, Line, Link, PostButton, Table, Tone, grouped};

use super::jobs;
use super::views::{
    FigureCell, MoveRow, RunPage, TroubleRow, handed_over_form, receipt_form, trouble_table,
};
use crate::originals::hex;
use crate::reach::taker;
use crate::runs::{self, cause, item_name, number_of};
use crate::shell::shell;
use crate::whom::whom;
use crate::{App, links};

type Cards = HashMap<PersonId, PersonCard>;

/// As many rows as a page shows.
const SHOWN_ROWS: i64 = 50;

pub(super) fn chip(state: RunState) -> Chip {
    let tone = match state {
        RunState::Draft | RunState::Frozen | RunState::Sent => Tone::Wait,
        RunState::Sending => Tone::Info,
        RunState::Unclear | RunState::PartlyRefused => Tone::Bad,
        RunState::Settled => Tone::Ok,
        RunState::Dropped => Tone::Plain,
    };
    Chip::new(tone, state.chinese())
}

pub(super) async fn run_page(app: &App, actor: &Actor, run: &Run) -> Result<RunPage, Trouble> {
    let layout = runs::layout(app, &run.layout)?;
    let notes = jobs::notes(app, run)?;
    let mut tx = app.db().begin(&actor.scope).await?;
    let moves = store::moves(tx.conn(), run.id).await?;
    let answered = store::answered(tx.conn(), run.id).await?;
    let refused_rows = store::refused(tx.conn(), run.id, SHOWN_ROWS, 0).await?;
    let waiting = match run.state {
        RunState::PartlyRefused => store::refused_keys(tx.conn(), run.id).await?.len(),
        _ => 0,
    };
    let shown = usize::try_from(SHOWN_ROWS).unwrap_or(0);
    let held_rows = &notes.held[..notes.held.len().min(shown)];
    let of_held = held_rows.iter().map(|it| it.person);
    let people: Vec<PersonId> = of_held.chain(refused_rows.iter().map(|it| it.person)).collect();
    let cards = whom(tx.conn(), &people).await?;
    drop(tx);
    let reports = may(actor.role, Action::ReportUp);
    let month = run.month.month().chinese();
    Ok(RunPage {
        shell: shell(app, actor, &links::reports()).await?,
        crumbs: Crumbs {
            above: vec![Link::new("上报", links::reports())],
            here: format!("第 {} 批", run.id),
        },
        headline: format!("{}（{month}，{}）", layout.name, run.kind.chinese()),
        state: chip(run.state),
        advice: advice(app, run, layout, waiting),
        acts: if reports { acts(app, actor, run, layout, waiting) } else { Vec::new() },
        slip: (reports && !matches!(run.state, RunState::Draft | RunState::Dropped))
            .then(|| Link::new("交接单", links::report_part(run.id, "slip"))),
        forms: if reports { forms(actor, run) } else { Vec::new() },
        figures: figures(run, &notes, answered),
        held: (run.held_count > 0).then(|| held_table(app, run, &notes, held_rows, &cards)),
        refused: (answered.1 > 0)
            .then(|| refused_table(app, run, answered.1, &refused_rows, &cards)),
        moves: moves.iter().map(move_row).collect(),
        facts: facts(app, run, layout),
    })
}

fn held_table(app: &App, run: &Run, notes: &Notes, held: &[Held], cards: &Cards) -> Table {
    let rows: Vec<_> = held
        .iter()
        .map(|it| trouble_row(app, cards, it.person, &it.item, it.reasons.join("；")))
        .collect();
    let words = held_words(run, notes, rows.len());
    let export = Link::new("导出 xlsx", links::report_part(run.id, "held.xlsx"));
    trouble_table("held", "不能送出的", words, "缺什么或哪里不对", &rows, vec![export])
}

fn refused_table(app: &App, run: &Run, all: u64, refused: &[Refused], cards: &Cards) -> Table {
    let rows: Vec<_> =
        refused.iter().map(|it| trouble_row(app, cards, it.person, &it.item, cause(it))).collect();
    let words = match usize::try_from(all) {
        Ok(all) if all > rows.len() => {
            format!("共 {all} 行，这里是前 {} 行，全部的请导出。", rows.len())
        }
        _ => String::new(),
    };
    let export = Link::new("导出 xlsx", links::report_part(run.id, "refused.xlsx"));
    trouble_table("refused", "接收单位退回的", words, "退回原因", &rows, vec![export])
}

fn move_row(it: &SeenMove) -> MoveRow {
    MoveRow {
        at: it.at.to_string(),
        by: it.by.clone().unwrap_or_else(|| "系统".to_owned()),
        state: chip(it.state),
        note: if it.note.is_empty() { "—".to_owned() } else { it.note.clone() },
    }
}

fn trouble_row(app: &App, cards: &Cards, person: PersonId, item: &str, why: String) -> TroubleRow {
    let card = cards.get(&person);
    TroubleRow {
        person: match card {
            Some(card) => Line::new()
                .link(card.name.clone(), links::elder(card.id))
                .small(card.sex_and_age(app.now().day())),
            None => Line::from("已不在名单里"),
        },
        area: card.map_or_else(String::new, |card| app.areas().spoken(card.area)),
        item: if item.is_empty() { "—".to_owned() } else { item_name(app, item) },
        why,
    }
}

fn held_words(run: &Run, notes: &Notes, shown: usize) -> String {
    let reasons: Vec<String> = notes
        .reasons
        .iter()
        .take(6)
        .map(|(reason, count)| format!("{reason} {}", grouped(u64::from(*count))))
        .collect();
    let part = if run.held_count as usize > shown {
        format!("。这里是前 {shown} 行，其余请导出")
    } else {
        String::new()
    };
    format!("{}{part}。补齐后重新核对就能送出。", reasons.join("，"))
}

fn advice(app: &App, run: &Run, layout: &OutLayout, waiting: usize) -> String {
    let receiver = &layout.receiver;
    match run.state {
        RunState::Draft if run.row_count == 0 => {
            "没有可送出的行。没有变化就不用报；有不能送出的，补齐后重新核对。".to_owned()
        }
        RunState::Draft => {
            "还没有送出。请看过下面的数和不能送出的人，再封存；不能送出的可以以后补报。".to_owned()
        }
        RunState::Frozen => match taker(app, layout) {
            Some(line) if line.is_connected() => {
                format!("文件已封存。可以在线报送给{receiver}，也可以下载后人工送出。")
            }
            _ => format!("文件已封存。请下载文件和交接单，送给{receiver}，送出后在下面登记。"),
        },
        RunState::Sending => "正在送。如果很久没有结果，请查一下对方是否收到。".to_owned(),
        RunState::Unclear => "文件可能已经送达。系统不会自己再送，请先查对方是否收到。".to_owned(),
        RunState::Sent => format!("等{receiver}的回执。收到回执文件后在下面登记。"),
        RunState::Settled => "接收单位全部接收，这一批办完了。".to_owned(),
        RunState::PartlyRefused if waiting > 0 => format!(
            "有 {waiting} 行被退回，还没有重报。请按原因改正后，点“重报退回的”，只送这些行。"
        ),
        RunState::PartlyRefused => "退回的都已经重报，请看后面的批次。".to_owned(),
        RunState::Dropped => "这一批作废了，没有送出。".to_owned(),
    }
}

fn acts(
    app: &App,
    actor: &Actor,
    run: &Run,
    layout: &OutLayout,
    waiting: usize,
) -> Vec<PostButton> {
    let act =
        |part, label: &str| PostButton::new(links::report_part(run.id, part), &actor.csrf, label);
    let online = taker(app, layout).filter(|line| line.is_connected());
    let mut acts = Vec::new();
    match run.state {
        RunState::Draft if run.row_count > 0 => {
            acts.push(act("freeze", "看过了，封存").class("btn main"));
        }
        RunState::Frozen => {
            if let Some(line) = online {
                let label = format!("在线报送给{}", line.config().name);
                acts.push(act("send", &label).class("btn main"));
            }
            let class = if online.is_some() { "btn" } else { "btn main" };
            acts.push(act("file", "下载文件").class(class));
        }
        RunState::Sending | RunState::Unclear if online.is_some() => {
            acts.push(act("ask", "查对方是否收到").class("btn main"));
        }
        RunState::Sent => {
            if online.is_some() {
                acts.push(act("ask", "查回执").class("btn main"));
            }
            acts.push(act("file", "下载文件"));
        }
        RunState::PartlyRefused if waiting > 0 => {
            acts.push(act("retry", "重报退回的").class("btn main"));
        }
        _ => {}
    }
    if run.state.next().contains(&RunState::Dropped) {
        acts.push(act("drop", "作废，不送出").class("btn danger"));
    }
    acts
}

fn forms(actor: &Actor, run: &Run) -> Vec<(String, Form)> {
    let part = |part| links::report_part(run.id, part);
    match run.state {
        RunState::Frozen => {
            let form = handed_over_form(part("handed-over"), &actor.csrf);
            vec![("人工送出的，在这里登记".to_owned(), form)]
        }
        RunState::Sent | RunState::Unclear | RunState::Sending => {
            vec![("登记回执".to_owned(), receipt_form(part("receipt"), &actor.csrf))]
        }
        _ => Vec::new(),
    }
}

fn figures(run: &Run, notes: &Notes, (taken, refused): (u64, u64)) -> Vec<FigureCell> {
    let figure = |count: u64, label: &str, class| FigureCell {
        count: grouped(count),
        label: label.to_owned(),
        class,
    };
    let mut all = vec![figure(u64::from(run.row_count), "可送出", "ok")];
    let bad = if run.held_count > 0 { "bad" } else { "" };
    all.push(figure(u64::from(run.held_count), "不能送出", bad));
    if run.kind == RunKind::Increment {
        all.push(figure(u64::from(notes.unchanged), "没有变化，不重报", ""));
    }
    if notes.gone > 0 {
        all.push(figure(u64::from(notes.gone), "已不需要报", ""));
    }
    all.push(figure(u64::from(notes.ruled_out), "不在报送范围（迁出、注销、去世）", ""));
    if run.total.get() != 0 {
        let (count, label) = (run.total.to_string(), "月标准合计（元）".to_owned());
        all.push(FigureCell { count, label, class: "" });
    }
    if taken + refused > 0 {
        all.push(figure(taken, "对方接收", "ok"));
        all.push(figure(refused, "对方退回", if refused > 0 { "bad" } else { "" }));
    }
    all
}

fn facts(app: &App, run: &Run, layout: &OutLayout) -> Vec<(String, String)> {
    let by = run.made_by.as_deref().unwrap_or("系统");
    let mut facts = vec![
        ("批次号", number_of(app, run)),
        ("接收单位", layout.receiver.clone()),
        ("版式把握", layout.confidence.chinese().to_owned()),
        ("文件名", run.file_name.clone()),
        ("格式", layout.format_chinese().to_owned()),
        ("文件 SM3", hex(&run.file_sm3)),
        ("核对", format!("{by} {}", run.made_at)),
    ];
    if let Some(before) = run.retries {
        facts.push(("重报的是", format!("第 {before} 批退回的行")));
    }
    let left_out: Vec<String> = layout
        .left_out
        .iter()
        .map(|it| format!("{}（{}）", it.what, it.why.trim_end_matches('。')))
        .collect();
    facts.push(("不报送的内容", left_out.join("；")));
    facts.into_iter().map(|(term, text)| (term.to_owned(), text)).collect()
}
