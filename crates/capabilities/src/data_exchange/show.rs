//! A file's page from its report.

use access::{Action, Actor, may};
use facts::batches::{Batch, BatchState};
use facts::people::PersonCard;
use kernel::{PersonId, Refusal, Trouble};
use webkit::{Choice, Crumbs, Field, FieldKind, Form, Link, Notice, PostButton, Tone, grouped};

use super::deaths;
use super::decide::asks_two;
use super::jobs::{layout, slip_hash};
use super::report::{Counts, DeskNote, DifferenceNote, Report};
use super::views::{
    BatchPage, DeskRow, Difference, Figure, Hold, MappingColumn, MatchSummary, Profile, RejectRow,
    Stage, mapping_form,
};
use crate::originals::all_but_two;
use crate::shell::{shell, with_notice};
use crate::{App, links};

/// Rows of a list that the page itself shows; the rest is in the workbook.
const SHOWN_ROWS: usize = 50;

pub(super) fn tone(state: BatchState) -> Tone {
    match state {
        BatchState::Applied => Tone::Ok,
        BatchState::Received | BatchState::Staged => Tone::Info,
        BatchState::Held | BatchState::Accepted => Tone::Wait,
        BatchState::Refused => Tone::Bad,
        BatchState::Returned | BatchState::Undone => Tone::Plain,
    }
}

pub(super) fn crumbs(app: &App, batch: &Batch) -> Crumbs {
    Crumbs {
        above: vec![Link::new("部门数据", links::files())],
        here: format!("{} {}", app.source_name(&batch.supplier), batch.as_of),
    }
}

pub(super) async fn batch_page(
    app: &App,
    actor: &Actor,
    batch: &Batch,
    report: Option<Report>,
    ended: Option<Refusal>,
) -> Result<BatchPage, Trouble> {
    let notice = ended
        .filter(|_| !batch.state.is_decided() || batch.state == BatchState::Applied)
        .map(|refusal| Notice::new(Tone::Bad, format!("{}{}", refusal.sentence, refusal.remedy)));
    let two = app.layout(&batch.supplier).is_some_and(|it| asks_two(it, report.as_ref()));
    let mut page = BatchPage {
        shell: with_notice(shell(app, actor, &links::files()).await?, notice),
        crumbs: crumbs(app, batch),
        stage: stage(batch.state),
        headline: headline(batch, report.as_ref()),
        advice: advice(actor, batch, report.as_ref(), two),
        holds: Vec::new(),
        acts: acts(actor, batch, report.as_ref(), two),
        reason: reason_form(actor, batch, two),
        second: second(actor, batch),
        deaths: None,
        matched: None,
        rejects: Vec::new(),
        error_workbook: None,
        desk: Vec::new(),
        difference: None,
        profile: None,
        mapping: None,
        slip: slip(app, batch),
        slip_print: None,
    };
    let Some(report) = report else { return Ok(page) };
    page.holds = report
        .holds
        .iter()
        .chain(&report.refused)
        .map(|hold| Hold {
            sentence: hold.sentence.clone(),
            remedy: hold.remedy.clone(),
            earlier: None,
        })
        .collect();
    if report.refused.is_none() {
        page.matched = Some(MatchSummary { figures: figures(&report) });
    }
    page.deaths = deaths::shown(&report);
    page.rejects = rejects(&report);
    let may_receive = may(actor.role, Action::ReceiveFiles);
    page.error_workbook = (may_receive && !report.rejects.is_empty())
        .then(|| Link::new("下载退回件", links::file_part(batch.id, "errors.xlsx")));
    page.desk = desk(app, actor, batch, &report.desk).await?;
    page.difference = report.difference.as_ref().map(difference);
    page.profile = (!report.columns.is_empty()).then(|| profile(&report));
    if may_receive && may_be_read_again(batch.state) && !report.columns.is_empty() {
        page.mapping = Some(mapping(app, actor, batch, &report)?);
    }
    Ok(page)
}

fn stage(state: BatchState) -> Stage {
    match state {
        BatchState::Received => Stage::Received,
        BatchState::Staged | BatchState::Held => Stage::Checked,
        BatchState::Accepted => Stage::Seconded,
        BatchState::Applied => Stage::Accepted,
        BatchState::Returned | BatchState::Refused => Stage::Returned,
        BatchState::Undone => Stage::Undone,
    }
}

fn headline(batch: &Batch, report: Option<&Report>) -> String {
    match (batch.state, report) {
        (BatchState::Refused, _) => "这份文件读不了，没有入库".to_owned(),
        (_, Some(report)) => report.sentence(),
        (_, None) => "文件已收到，还没有读完".to_owned(),
    }
}

fn advice(actor: &Actor, batch: &Batch, report: Option<&Report>, two: bool) -> String {
    let advice = match batch.state {
        BatchState::Received => "读取中断的，点“重新读取”。",
        BatchState::Staged if two => {
            "核对下面的结果和死亡名单，没有问题就接收；再由另一位数据专管员或县级审批人确认后入库。"
        }
        BatchState::Staged => "核对下面的结果，没有问题就入库；不能用的行随退回件还给来源部门。",
        BatchState::Held if two => {
            "先看暂缓的原因；确认可以用的，写明原因后接收，再由另一人确认后入库。"
        }
        BatchState::Held => "先看暂缓的原因；确认可以用的，写明原因后入库。",
        BatchState::Accepted => {
            let deaths = report.is_some_and(|report| !report.deaths.is_empty());
            return accepted_advice(actor, batch, deaths);
        }
        BatchState::Applied => "已入库。发现传错了，可以撤销，撤销后恢复到入库前。",
        BatchState::Returned if batch.decided_reason.is_empty() => "已退回来源部门，没有入库。",
        BatchState::Returned => {
            return format!("没有入库，退回来源部门。原因：{}", batch.decided_reason);
        }
        BatchState::Undone => "已撤销，这份文件的内容不再生效。",
        BatchState::Refused => "请按提示与来源部门联系，改好后重新登记。",
    };
    advice.to_owned()
}

fn accepted_advice(actor: &Actor, batch: &Batch, deaths: bool) -> String {
    let Some(accepted) = &batch.accepted else { return String::new() };
    let who = format!("{} {} 接收。", accepted.name, accepted.at);
    let why = match accepted.reason.as_str() {
        "" => String::new(),
        reason => format!("原因：{reason}"),
    };
    let next = if accepted.by == actor.account {
        "等另一位数据专管员或县级审批人看过后确认；"
    } else if may(actor.role, Action::ConfirmDeaths) {
        "请看下面的结果，没有问题就确认入库；"
    } else {
        ""
    };
    let until = if deaths {
        "确认前，名单里的人都不按去世办。"
    } else {
        "确认前，这份数据不生效。"
    };
    format!("{who}{why}{next}{until}")
}

/// Once somebody has accepted it, the file is read as it was for them.
fn may_be_read_again(state: BatchState) -> bool {
    !state.is_decided() && state != BatchState::Accepted
}

/// Whether this reader is the second person.
fn is_second(actor: &Actor, batch: &Batch) -> bool {
    let other = batch.accepted.as_ref().is_some_and(|accepted| accepted.by != actor.account);
    batch.state == BatchState::Accepted && other && may(actor.role, Action::ConfirmDeaths)
}

fn acts(actor: &Actor, batch: &Batch, report: Option<&Report>, two: bool) -> Vec<PostButton> {
    let has_rejects = report.is_some_and(|report| !report.rejects.is_empty());
    let button =
        |part, label| PostButton::new(links::file_part(batch.id, part), &actor.csrf, label);
    let mut acts = Vec::new();
    let (receive, accept) =
        (may(actor.role, Action::ReceiveFiles), may(actor.role, Action::AcceptFiles));
    if batch.state == BatchState::Staged && accept {
        acts.push(if two {
            button("accept", "接收，交另一人确认").class("btn main")
        } else {
            button("apply", "入库").class("btn main")
        });
    }
    if is_second(actor, batch) {
        acts.push(button("confirm", "确认入库").class("btn main"));
    }
    if batch.state == BatchState::Received && receive {
        acts.push(button("mapping", "重新读取").class("btn main"));
    }
    if batch.state == BatchState::Applied && receive && has_rejects {
        acts.push(button("corrections", "对不能用的行提纠错"));
    }
    if !batch.state.is_decided() && receive && !is_second(actor, batch) {
        acts.push(button("return", "退回来源部门"));
    }
    acts
}

/// A held file comes in, and an applied one goes out, with a reason only.
fn reason_form(actor: &Actor, batch: &Batch, two: bool) -> Option<Form> {
    if !may(actor.role, Action::AcceptFiles) {
        return None;
    }
    let (part, label, submit) = match batch.state {
        BatchState::Held if two => ("accept", "为什么可以入库", "写明原因，接收"),
        BatchState::Held => ("apply", "为什么可以入库", "写明原因，入库"),
        BatchState::Applied => ("undo", "为什么撤销", "撤销这份文件"),
        _ => return None,
    };
    let field = Field::new("reason", label, FieldKind::Lines).hint("写一两句，会留在记录里。");
    Some(Form::new(links::file_part(batch.id, part), &actor.csrf, submit).field(field))
}

/// 不同意入库: the second person's other answer.
fn second(actor: &Actor, batch: &Batch) -> Option<Form> {
    let field = Field::new("reason", "哪里不对", FieldKind::Lines)
        .hint("写一两句，接收的人和来源部门会看到。");
    let form = Form::new(links::file_part(batch.id, "refuse"), &actor.csrf, "不同意，退回");
    is_second(actor, batch).then(|| form.field(field))
}

fn figures(report: &Report) -> Vec<Figure> {
    let Counts { rows, exact, normalised, created, repeated, desk, none, unusable } = report.counts;
    let steps: Vec<String> =
        report.normalised.iter().map(|(step, count)| format!("{step} {count}")).collect();
    let normalised_label = if steps.is_empty() {
        "规范化后一致".to_owned()
    } else {
        format!("规范化后一致（{}）", steps.join("，"))
    };
    let unusable_label = match report.names_somebody {
        0 => "无法使用".to_owned(),
        known => format!("无法使用（其中 {known} 行认得出人，不当作名册里没有）"),
    };
    let figure = |count: u32, label: String, class: &'static str| Figure {
        count: grouped(u64::from(count)),
        label,
        class: if count == 0 { "" } else { class },
        href: None,
    };
    let all = [
        (rows, "共有行数".to_owned(), ""),
        (exact, "完全一致".to_owned(), ""),
        (normalised, normalised_label, ""),
        (created, "新建档案".to_owned(), ""),
        (repeated, "重复行".to_owned(), ""),
        (desk, "要人工比对".to_owned(), "wait"),
        (none, "不在库中".to_owned(), "wait"),
        (unusable, unusable_label, "bad"),
    ];
    all.into_iter()
        .filter(|(count, label, _)| {
            *count > 0 || !matches!(label.as_str(), "新建档案" | "重复行" | "不在库中")
        })
        .map(|(count, label, class)| figure(count, label, class))
        .collect()
}

fn rejects(report: &Report) -> Vec<RejectRow> {
    let unusable = report.rejects.iter().map(|note| RejectRow {
        row: note.row,
        who: note.who.clone(),
        reason: note.reason.clone(),
        remedy: note.remedy.clone(),
    });
    let strangers = report.strangers.iter().map(|note| RejectRow {
        row: note.row,
        who: note.who.clone(),
        reason: "库里没有这个人。".to_owned(),
        remedy: "请核对户籍是否在本县；刚迁入的，等公安下一份数据。".to_owned(),
    });
    unusable.chain(strangers).take(SHOWN_ROWS).collect()
}

async fn desk(
    app: &App,
    actor: &Actor,
    batch: &Batch,
    notes: &[DeskNote],
) -> Result<Vec<DeskRow>, Trouble> {
    let mut tx = app.db().begin(&actor.scope).await?;
    let mut rows = Vec::new();
    for note in notes.iter().take(SHOWN_ROWS) {
        let card = match note.candidates.first() {
            Some(person) => card(&mut tx, *person).await?,
            None => None,
        };
        rows.push(DeskRow {
            row: Link::new(format!("第 {} 行", note.row), links::source_row(batch.id, note.row)),
            says: note.who.clone(),
            candidate: card.map(|card| {
                let more = match note.candidates.len() {
                    0 | 1 => String::new(),
                    n => format!("等 {n} 人"),
                };
                let words = format!(
                    "{}（{}，{}）{more}",
                    card.name,
                    card.sex_and_age(app.now().day()),
                    app.areas().spoken(card.area)
                );
                Link::new(words, links::elder(card.id))
            }),
            reason: note.reason.clone(),
        });
    }
    Ok(rows)
}

/// The card, unless the person is not there yet (a dry run) or not listed any more.
async fn card(tx: &mut db::Tx, person: PersonId) -> Result<Option<PersonCard>, Trouble> {
    match facts::people::card(tx.conn(), person).await {
        Ok(card) => Ok(Some(card)),
        Err(Trouble::NotFound) => Ok(None),
        Err(other) => Err(other),
    }
}

fn difference(note: &DifferenceNote) -> Difference {
    let figure = |count: usize, label: &str| Figure {
        count: grouped(u64::try_from(count).unwrap_or(u64::MAX)),
        label: label.to_owned(),
        class: "",
        href: None,
    };
    Difference {
        before: Link::new(format!("第 {} 批", note.before), links::file(note.before)),
        figures: vec![
            figure(note.added, "新增"),
            figure(note.removed, "减少"),
            figure(note.changed, "有变化"),
            figure(note.unchanged, "没有变化"),
        ],
    }
}

fn profile(report: &Report) -> Profile {
    let longest = report.columns.iter().map(|c| c.samples.len()).max().unwrap_or(0).min(5);
    let sample = (0..longest)
        .map(|row| {
            report
                .columns
                .iter()
                .map(|column| match column.samples.get(row) {
                    Some(text) if column.field == "resident_number" => all_but_two(text),
                    Some(text) => text.clone(),
                    None => String::new(),
                })
                .collect()
        })
        .collect();
    Profile {
        facts: report.file.clone(),
        headings: report.columns.iter().map(|column| column.header.clone()).collect(),
        sample,
    }
}

fn mapping(app: &App, actor: &Actor, batch: &Batch, report: &Report) -> Result<Form, Trouble> {
    let layout = layout(app, &batch.supplier)?;
    let fields: Vec<Choice> = layout
        .columns
        .iter()
        .map(|c| Choice::new(c.field.clone(), c.headers.last().cloned().unwrap_or_default()))
        .collect();
    let columns: Vec<MappingColumn> = report
        .columns
        .iter()
        .enumerate()
        .map(|(position, column)| MappingColumn {
            position,
            heading: column.header.clone(),
            field: column.field.clone(),
            note: match column.samples.first() {
                Some(text) if column.field == "resident_number" => {
                    format!("例如 {}", all_but_two(text))
                }
                Some(text) => format!("例如 {text}"),
                None => "这一列是空的".to_owned(),
            },
        })
        .collect();
    Ok(mapping_form(links::file_part(batch.id, "mapping"), &actor.csrf, &columns, &fields))
}

fn slip(app: &App, batch: &Batch) -> Vec<(String, String)> {
    let layout = app.layout(&batch.supplier);
    let mut slip = vec![
        ("供数单位".to_owned(), layout.map_or_else(String::new, |l| l.department.clone())),
        ("数据".to_owned(), app.source_name(&batch.supplier)),
        ("截至".to_owned(), batch.as_of.to_string()),
        ("文件名".to_owned(), batch.file_name.clone()),
        ("大小".to_owned(), format!("{} KB", batch.file_bytes.div_ceil(1024))),
        ("SM3".to_owned(), slip_hash(&batch.file_sm3)),
        (
            "登记".to_owned(),
            format!("{} {}", batch.received_by.as_deref().unwrap_or("系统"), batch.received_at),
        ),
        ("状态".to_owned(), batch.state.chinese().to_owned()),
    ];
    if let Some(accepted) = &batch.accepted {
        slip.push(("接收".to_owned(), format!("{} {}", accepted.name, accepted.at)));
    }
    if let Some(at) = batch.decided_at {
        let by = batch.decided_by.as_deref().unwrap_or("系统");
        slip.push(("办理".to_owned(), format!("{by} {at}")));
    }
    slip
}
