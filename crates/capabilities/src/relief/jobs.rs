//! The reconciler: a change between two rosters is a duty, and a roster that lists somebody who
//! was handed over is the relief system's answer. Run twice it changes nothing.

use std::collections::HashMap;

use access::Actor;
use cases::{Filter, Said};
use db::Tx;
use duties::duty_id;
use facts::population::{self, EngineTree, engine_facts};
use kernel::{
    AreaId, AreaLevel, CaseChange, Day, DutyOpening, Effects, FactValue, Fen, PersonId, Role,
    Trouble,
};
use policy::Item;
use sm3::{Digest, Sm3};

use super::domain::{Change, Effect, way, with};
use super::duty_kinds::RELIEF_CHANGE;
use super::flow::FLOW;
use super::store;
use crate::{App, commit};

/// The kinds that a low-income roster brings.
const KINDS: [&str; 2] = ["low_income", "relief_category"];

/// A change is somebody's duty as long as its roster is not older.
const WATCHED_DAYS: i64 = 92;

/// As many hand-overs as are looked at in one run.
const MOST_OPEN: i64 = 10_000;

/// Runs for every county, as the system.
pub(crate) async fn reconcile_everywhere(app: &App) -> Result<(), Trouble> {
    let areas = app.areas();
    for county in areas.iter().filter(|node| node.level == AreaLevel::County) {
        let actor = access::system_actor(app.db(), county.id, Role::DataOfficer).await?;
        reconcile(app, &actor, county.id).await?;
    }
    Ok(())
}

async fn reconcile(app: &App, actor: &Actor, county: AreaId) -> Result<(), Trouble> {
    let now = app.now();
    let mut tx = app.db().begin(&actor.scope).await?;
    duties::lock(tx.conn(), county).await?;
    let found = changed(app, &mut tx, county, now.day()).await?;
    let standing = duties::standing(tx.conn(), &[RELIEF_CHANGE.id]).await?;
    let effects = Effects {
        duties: duties::reconcile(&standing, found),
        moves: answered(&mut tx, county).await?,
        ..Effects::default()
    };
    if effects == Effects::default() {
        return Ok(());
    }
    let note =
        format!("待办变动 {} 件，转办有结果 {} 件", effects.duties.len(), effects.moves.len());
    commit(tx, actor, now, &effects, "低收入监测", format!("area/{county}"), &note).await
}

async fn changed(
    app: &App,
    tx: &mut Tx,
    county: AreaId,
    today: Day,
) -> Result<Vec<DutyOpening>, Trouble> {
    let senders = store::senders_again(tx.conn()).await?;
    if senders.is_empty() {
        return Ok(Vec::new());
    }
    let since = today.plus_days(-WATCHED_DAYS);
    let mut by_person: HashMap<PersonId, Vec<Change>> = HashMap::new();
    for change in store::changes(tx.conn(), &senders, &KINDS, since).await? {
        by_person.entry(change.person).or_default().push(change);
    }
    let mut people: Vec<PersonId> = by_person.keys().copied().collect();
    people.sort_unstable();
    let closed = app.closed_world(tx.conn()).await?;
    let areas = app.areas();
    let (tree, next) = (EngineTree(&areas), today.month().next());
    let list = app.list_for(county, next).map(|list| &list.items).into_iter().flatten();
    let items: Vec<&Item> = list.filter(|item| item.is_judged()).collect();
    let window = RELIEF_CHANGE.window_working_days.unwrap_or(0);
    let due_on = app.calendar().due(today, window)?;
    let mut found = Vec::new();
    for subject in population::subjects_of(tx.conn(), &people).await? {
        let Some(changes) = by_person.get(&subject.id) else { continue };
        let (Some(way), Some(newest)) =
            (way(changes), changes.iter().max_by_key(|it| it.assertion))
        else {
            continue;
        };
        let facts = engine_facts(&subject, &areas, &closed)?;
        let (was, is) = (with(&facts, changes, false), with(&facts, changes, true));
        let mut effect = Effect::default();
        for item in &items {
            let before = policy::evaluate(item, &was, next, &tree);
            effect.item(item, &before, &policy::evaluate(item, &is, next, &tree));
        }
        let roster = app.source_name(&newest.supplier);
        let basis = basis_of(newest);
        let town = areas.at_level(subject.area, AreaLevel::Township);
        found.push(DutyOpening {
            id: duty_id(RELIEF_CHANGE.id, subject.id, None, &basis),
            kind: RELIEF_CHANGE.id,
            person: subject.id,
            item: None,
            cause_code: way.code().to_owned(),
            cause: effect.sentence(way, &roster, newest.as_of, next),
            owner_role: RELIEF_CHANGE.owner,
            owner_area: town.map_or(county, |node| node.id),
            opened_on: today,
            due_on,
            amount_fen: Fen::ZERO,
            monthly_fen: Fen::new(effect.monthly),
            basis,
        });
    }
    Ok(found)
}

/// A change asks once: the digest of the word that brought it.
fn basis_of(newest: &Change) -> [u8; 32] {
    Sm3::digest(format!("relief/{}", newest.assertion).as_bytes()).into()
}

/// 名册已列入: the hand-overs that the newest roster answers.
async fn answered(tx: &mut Tx, county: AreaId) -> Result<Vec<CaseChange>, Trouble> {
    let open = Filter {
        flow: Some(FLOW.id.to_owned()),
        states: vec!["handed".to_owned(), "accepted".to_owned()],
        ..Filter::default()
    };
    let open = cases::cases(tx.conn(), &open, MOST_OPEN, 0).await?;
    if open.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<_> = open.iter().map(|case| case.id).collect();
    let about = store::handovers(tx.conn(), &ids).await?;
    let mut people: Vec<PersonId> = open.iter().map(|case| case.person).collect();
    people.sort_unstable();
    people.dedup();
    let subjects = population::subjects_of(tx.conn(), &people).await?;
    let mut steps = Vec::new();
    for case in &open {
        let Some(kind) = about.iter().find(|it| it.case == case.id).map(|it| it.kind) else {
            continue;
        };
        let subject = subjects.iter().find(|subject| subject.id == case.person);
        let said = subject.and_then(|subject| subject.best("relief_category"));
        // A roster from before the hand-over answers nothing.
        let Some(said) = said.filter(|said| {
            !said.gone
                && said.as_of.is_some_and(|as_of| as_of >= case.opened_at.day())
                && matches!(&said.value, FactValue::Text(word)
                    if kind.category() == Some(word.as_str()))
        }) else {
            continue;
        };
        let as_of = said.as_of.map_or_else(String::new, |day| day.to_string());
        let note = format!("低收入名册（截至 {as_of}）已列入{}", kind.chinese());
        let said = Said { codes: Vec::new(), note };
        let step = FLOW.take(case, "pay", Role::DataOfficer, said, (county, None))?;
        steps.push(CaseChange::Step(step));
    }
    Ok(steps)
}
