//! 校核纠错: how a request is drafted, from one fact or from the rows that cannot be used.

use access::{Actor, AuditEntry, record};
use axum::Extension;
use axum::extract::{Query, State as AppState};
use axum::response::Redirect;
use facts::batches::{self, BatchState};
use facts::{Fact, STATEMENT_RANK, Voice, people};
use kernel::{Assertion, AssertionState, BatchId, FactKind, PersonId, SourceRow, Span, Trouble};
use policy::register;
use serde::Deserialize;
use webkit::{Answer, Crumbs, Failure, Link, Page, Posted};

use super::domain::{Content, may_stand, typed_value};
use super::pages::{Nothing, place};
use super::store::{self, Draft};
use super::views::{NewPage, draft_form};
use crate::links::{self, At};
use crate::{App, shell, words};

/// Which fact is wrong.
#[derive(Deserialize)]
pub(crate) struct Wrong {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    batch: String,
    #[serde(default)]
    row: u32,
}

/// The fact that somebody says is wrong: it must stand in a row of a file.
async fn wrong_fact(
    tx: &mut db::Tx,
    person: PersonId,
    wrong: &Wrong,
) -> Result<(people::PersonCard, Fact, &'static FactKind), Trouble> {
    let batch: BatchId = wrong.batch.parse().map_err(|_| Trouble::NotFound)?;
    let card = people::card(tx.conn(), person).await?;
    let here = |fact: &Fact| {
        let source = fact.source.as_ref();
        fact.kind == wrong.kind
            && source.is_some_and(|it| it.batch == batch && it.row_no == wrong.row && it.row_no > 0)
    };
    let facts = facts::timeline_of(tx.conn(), person).await?;
    let fact = facts.into_iter().find(here).ok_or(Trouble::NotFound)?;
    let kind = register::kind_of(&fact.kind).ok_or(Trouble::NotFound)?;
    Ok((card, fact, kind))
}

/// 这条信息不对: the form.
pub(crate) async fn new(
    AppState(app): AppState<App>,
    Extension(actor): Extension<Actor>,
    At(person): At<PersonId>,
    Query(wrong): Query<Wrong>,
) -> Answer<Page<NewPage>> {
    let mut tx = app.db().begin(&actor.scope).await?;
    let (card, fact, kind) = wrong_fact(&mut tx, person, &wrong).await?;
    drop(tx);
    let form = draft_form(links::new_correction_form(person), &actor.csrf, may_stand(kind))
        .hidden("kind", &wrong.kind)
        .hidden("batch", &wrong.batch)
        .hidden("row", wrong.row.to_string());
    Ok(Page::new(NewPage {
        shell: shell::shell(&app, &actor, &links::search()).await?,
        crumbs: Crumbs {
            above: vec![
                Link::new("找老人", links::search()),
                Link::new(card.name.clone(), links::elder(person)),
            ],
            here: "这条信息不对".to_owned(),
        },
        title: format!("{}的{}不对", card.name, kind.label),
        facts: vec![
            ("来源写的".to_owned(), words::value_words(&fact, &app.areas()).as_str().into()),
            ("来源行".to_owned(), words::source(&app, &fact)),
        ],
        form,
    }))
}

/// What the form says.
#[derive(Deserialize)]
pub(crate) struct Drafted {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    batch: String,
    #[serde(default)]
    row: u32,
    #[serde(default)]
    right: String,
    #[serde(default)]
    evidence: String,
    #[serde(default)]
    meanwhile: String,
}

/// Drafts a correction; with a value that stands meanwhile if that is wished.
pub(crate) async fn draft(
    AppState(app): AppState<App>,
    Extension(actor): Extension<Actor>,
    At(person): At<PersonId>,
    Posted(said): Posted<Drafted>,
) -> Answer<Redirect> {
    let back = |trouble: Trouble| {
        Failure::from(trouble)
            .typed("应为", &said.right)
            .typed("依据", &said.evidence)
            .back("回到档案", links::elder(person))
    };
    let stands = said.meanwhile == "1";
    draft_one(&app, &actor, person, &said, stands).await.map_err(back)?;
    if stands {
        (app.parts().after_facts)(app.clone()).await?;
    }
    Ok(Redirect::to(links::elder(person).as_str()))
}

async fn draft_one(
    app: &App,
    actor: &Actor,
    person: PersonId,
    said: &Drafted,
    stands: bool,
) -> Result<(), Trouble> {
    if said.right.trim().is_empty() || said.evidence.trim().is_empty() {
        return Err(Trouble::refused(
            "要写明应为什么，以及依据。",
            "依据写谁核实的、看了什么，如“村里上门看了户口本”。",
        ));
    }
    let wrong = Wrong { kind: said.kind.clone(), batch: said.batch.clone(), row: said.row };
    let mut tx = app.db().begin(&actor.scope).await?;
    let (card, fact, kind) = wrong_fact(&mut tx, person, &wrong).await?;
    let Some(source) = &fact.source else { return Err(Trouble::NotFound) };
    let now = app.now();
    let entry = AuditEntry::new(actor, now, "提出纠错", format!("person/{person}")).note(format!(
        "{}：{}",
        kind.label,
        said.evidence.trim()
    ));
    let statement = record(tx.conn(), &entry).await?;
    if stands {
        if !may_stand(kind) {
            return Err(Trouble::refused("这一项不能先按核实的值用。", "请只送纠错，等来源更正。"));
        }
        let assertion = Assertion {
            person,
            kind: kind.id,
            value: typed_value(kind, &said.right)?,
            valid: Span::from(now.day()),
            source: SourceRow::Statement,
            state: AssertionState::Asserted,
        };
        let voice =
            Voice { supplier: "", rank: STATEMENT_RANK, as_of: None, statement: Some(statement) };
        facts::assert_all(&mut tx, voice, now, &[assertion]).await?;
    }
    let content = Content {
        who: format!("{} · {}", card.name, app.areas().spoken(card.area)),
        said: words::value_words(&fact, &app.areas()),
        right: said.right.trim().to_owned(),
        evidence: said.evidence.trim().to_owned(),
    };
    let at = (source.batch, source.row_no, kind.id);
    let area_pos = app.areas().node(card.area).map_or(0, |node| node.lo);
    let meanwhile = stands.then_some(statement);
    let draft = sealed(app, actor, at, (Some(person), area_pos), &content)?;
    if store::insert(tx.conn(), &Draft { meanwhile, ..draft }).await?.is_none() {
        return Err(Trouble::Conflict("这一行的这一项已经提过纠错，还没有答复。".to_owned()));
    }
    tx.commit().await
}

fn sealed(
    app: &App,
    actor: &Actor,
    (batch, row_no, kind): (BatchId, u32, &'static str),
    (person, area_pos): (Option<PersonId>, i32),
    content: &Content,
) -> Result<Draft, Trouble> {
    let row_no = i32::try_from(row_no).map_err(Trouble::fault)?;
    let clear = serde_json::to_vec(content).map_err(Trouble::fault)?;
    let it = app.vault().seal(&place(batch, row_no, kind), &clear)?;
    Ok(Draft {
        batch,
        row_no,
        kind,
        person,
        area_pos,
        content: it.bytes,
        key_version: it.key_version,
        by: actor.account,
        at: app.now(),
        meanwhile: None,
    })
}

/// Drafts one for each row of a file that cannot be used.
pub(crate) async fn draft_rows(
    AppState(app): AppState<App>,
    Extension(actor): Extension<Actor>,
    At(id): At<BatchId>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Answer<Redirect> {
    let mut tx = app.db().begin(&actor.scope).await?;
    let batch = batches::batch(tx.conn(), id).await?;
    if batch.state != BatchState::Applied {
        let why = "这份文件还没有入库，不能用的行随退回件还给来源。";
        return Err(Trouble::refused(why, "入库后再提纠错。").into());
    }
    let rejects = crate::batch_report::rejects_of(&app, &batch)?;
    let area_pos = app.areas().node(batch.area).map_or(0, |node| node.lo);
    for (row_no, who, reason, remedy) in rejects {
        let evidence = "试导时读不出来".to_owned();
        let content = Content { who, said: reason, right: remedy, evidence };
        let draft = sealed(&app, &actor, (id, row_no, ""), (None, area_pos), &content)?;
        store::insert(tx.conn(), &draft).await?;
    }
    let entry = AuditEntry::new(&actor, app.now(), "提出纠错", format!("batch/{id}"));
    record(tx.conn(), &entry).await?;
    tx.commit().await?;
    Ok(Redirect::to(links::corrections().as_str()))
}
