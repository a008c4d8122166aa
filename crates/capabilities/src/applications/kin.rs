//! 亲属备案: the list of declarations, declaring one, and ending one.

use std::collections::HashMap;

use access::{Action, Actor, AuditEntry, may, record};
use axum::Extension;
use axum::extract::{Query, State};
use axum::response::{Redirect, Response};
use cases::kin::{self, Declaration, Relation};
use facts::people::PersonCard;
use kernel::{PersonId, Trouble};
use serde::Deserialize;
use webkit::{Answer, Chip, Choice, Failure, Form, Line, Link, Page, Pager, Posted, Tone};

use super::typed::Typed;
use super::views::{KinPage, KinRow, end_form, kin_form};
use crate::download::{self, Cell, Head};
use crate::links::{self, At};
use crate::{App, shell, whom};

const PAGE_ROWS: i64 = 50;
const SHEET_ROWS: i64 = 10_000;

/// Which page of the list.
#[derive(Default, Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    page: u32,
}

/// The form by which somebody declares this elder a relative.
pub(super) fn declare_form(person: PersonId, actor: &Actor) -> Form {
    let relations = Relation::ALL.iter().map(|(_, code, label)| Choice::new(*code, *label));
    kin_form(links::applications::declare_kin(person), &actor.csrf, relations.collect())
}

async fn read(
    tx: &mut db::Tx,
    limit: i64,
    offset: i64,
) -> Result<Vec<(Declaration, PersonCard)>, Trouble> {
    let all = kin::declarations(tx.conn(), None, limit, offset).await?;
    let people: Vec<PersonId> = all.iter().map(|it| it.person).collect();
    let mut cards: HashMap<PersonId, PersonCard> = whom::whom(tx.conn(), &people).await?;
    let with = |it: Declaration| Some((cards.get_mut(&it.person)?.clone(), it));
    Ok(all.into_iter().filter_map(with).map(|(card, it)| (it, card)).collect())
}

/// Whether somebody may end the declarations of others.
fn ends(actor: &Actor) -> bool {
    may(actor.role, Action::ReviewCases) || may(actor.role, Action::ApproveCases)
}

/// The list.
pub(crate) async fn list(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    Query(asked): Query<Asked>,
) -> Answer<Page<KinPage>> {
    let mut tx = app.db().begin(&actor.scope).await?;
    let offset = i64::from(asked.page) * PAGE_ROWS;
    let rows = read(&mut tx, PAGE_ROWS, offset).await?;
    let all = u64::try_from(kin::count(tx.conn(), None).await?).unwrap_or(0);
    drop(tx);
    let from = u64::from(asked.page) * 50;
    let to = from + u64::try_from(rows.len()).unwrap_or(0);
    let page = |page: u32| links::applications::kin().query("page", page);
    Ok(Page::new(KinPage {
        shell: shell::shell(&app, &actor, &links::applications::kin()).await?,
        sentence: "工作人员与老人有亲属关系的在这里备案，这位老人的事项由他人审核、审批。"
            .to_owned(),
        export: links::applications::kin_sheet(),
        rows: rows.iter().map(|(it, card)| row(&app, &actor, it, card)).collect(),
        pager: (all > 50).then(|| Pager {
            from: from + 1,
            to,
            of: all,
            previous: (asked.page > 0).then(|| page(asked.page - 1)),
            next: (to < all).then(|| page(asked.page + 1)),
        }),
    }))
}

fn row(app: &App, actor: &Actor, it: &Declaration, card: &PersonCard) -> KinRow {
    let state = match &it.ended {
        None => Line::from(Chip::new(Tone::Wait, "回避中")),
        Some((at, by, why)) => {
            Line::from(Chip::new(Tone::Plain, "已解除")).text(format!(" {at} {by}：{why}"))
        }
    };
    let end = it.ended.is_none() && it.account != actor.account && ends(actor);
    let elder = format!("{}（{}）", card.name, app.areas().spoken(card.area));
    KinRow {
        name: it.name.clone(),
        elder: Link::new(elder, links::elder(card.id)),
        relation: it.relation.chinese().to_owned(),
        declared: it.declared_at.day().to_string(),
        state,
        end: end.then(|| end_form(links::applications::end_kin(it.id), &actor.csrf)),
    }
}

/// The list as a workbook.
pub(crate) async fn sheet(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
) -> Answer<Response> {
    let mut tx = app.db().begin(&actor.scope).await?;
    let rows = read(&mut tx, SHEET_ROWS, 0).await?;
    drop(tx);
    let head = Head {
        title: "亲属备案".to_owned(),
        filter_words: "全部".to_owned(),
        personal: true,
        cut_off: None,
    };
    let columns = [
        ("工作人员", 12.0),
        ("老人", 12.0),
        ("村居", 22.0),
        ("关系", 14.0),
        ("备案日期", 12.0),
        ("解除日期", 12.0),
        ("解除人", 12.0),
        ("解除原因", 36.0),
    ];
    let cells: Vec<Vec<Cell>> = rows
        .iter()
        .map(|(it, card)| {
            let ended = it.ended.as_ref();
            vec![
                it.name.as_str().into(),
                card.name.as_str().into(),
                app.areas().spoken(card.area).into(),
                it.relation.chinese().into(),
                Cell::Day(it.declared_at.day()),
                ended.map_or(Cell::Empty, |it| Cell::Day(it.0.day())),
                ended.map_or("", |it| it.1.as_str()).into(),
                ended.map_or("", |it| it.2.as_str()).into(),
            ]
        })
        .collect();
    let bytes = download::list(&app, &actor, &head, &columns, &cells).await?;
    Ok(download::xlsx("亲属备案.xlsx", bytes))
}

/// 备案
pub(crate) async fn declare(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(person): At<PersonId>,
    Posted(typed): Posted<Typed>,
) -> Answer<Redirect> {
    let back = |trouble: Trouble| Failure::from(trouble).back("回到档案", links::elder(person));
    let relation = typed.get("relation").and_then(|code| Relation::from_code(code));
    let relation = relation.ok_or_else(|| {
        back(Trouble::refused("还没有选这位老人是您的什么人。", "请选一项再备案。"))
    })?;
    let mut tx = app.db().begin(&actor.scope).await?;
    let card = facts::people::card(tx.conn(), person).await?;
    kin::declare(tx.conn(), &actor, card.id, relation, app.now()).await.map_err(back)?;
    let object = format!("person/{}", card.id);
    let entry = AuditEntry::new(&actor, app.now(), "亲属备案", object).note(relation.chinese());
    record(tx.conn(), &entry).await?;
    tx.commit().await?;
    Ok(Redirect::to(links::applications::kin().as_str()))
}

/// 解除备案
pub(crate) async fn end(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(id): At<i64>,
    Posted(typed): Posted<Typed>,
) -> Answer<Redirect> {
    let why = typed.get("reason").map_or("", String::as_str);
    let back = |trouble: Trouble| {
        Failure::from(trouble)
            .typed("核实的情况", why)
            .back("回到亲属备案", links::applications::kin())
    };
    if !ends(&actor) {
        let refusal = Trouble::refused("解除备案由审核或审批人员办理。", "请转给他们核实。");
        return Err(back(refusal));
    }
    let mut tx = app.db().begin(&actor.scope).await?;
    let it = kin::end(tx.conn(), &actor, id, why, app.now()).await.map_err(back)?;
    let object = format!("person/{}", it.person);
    let entry = AuditEntry::new(&actor, app.now(), "解除亲属备案", object).note(why.trim());
    record(tx.conn(), &entry).await?;
    tx.commit().await?;
    Ok(Redirect::to(links::applications::kin().as_str()))
}
