//! The reconciler: opens the month's quotas, and closes what has ended. Run twice it changes
//! nothing.

use std::collections::HashSet;

use access::Actor;
use db::Tx;
use facts::population::{self, EngineTree, Subject, engine_facts};
use findings::{award_kind, standing};
use kernel::{
    AreaId, AreaLevel, Day, Effects, FactValue, Fen, Life, Month, Now, Role, Transfer, TransferAct,
    Trouble,
};
use ledger::{AccountKey, AccountKind};
use policy::{Item, Verdict};

use super::domain::Grant;
use super::store;
use crate::{App, commit};

/// 暂缓 by statement.
const HOLDS: [&str; 3] = ["hold.survival", "hold.objection", "hold.decision"];

/// Runs for every county, as the system.
pub(crate) async fn reconcile_everywhere(app: &App) -> Result<(), Trouble> {
    let areas = app.areas();
    for county in areas.iter().filter(|node| node.level == AreaLevel::County) {
        let actor = access::system_actor(app.db(), county.id, Role::FinanceOfficer).await?;
        reconcile(app, &actor, county.id).await?;
    }
    Ok(())
}

async fn reconcile(app: &App, actor: &Actor, county: AreaId) -> Result<(), Trouble> {
    let now = app.now();
    let month = now.day().month();
    let mut tx = app.db().begin(&actor.scope).await?;
    store::lock(tx.conn(), county).await?;
    let mut transfers = close_ended(&mut tx, county, now).await?;
    let closed = transfers.len();
    let list = app.list_for(county, month);
    let items = list.into_iter().flat_map(|list| &list.items);
    let items: Vec<&Item> = items.filter(|item| item.pay.quota.is_some()).collect();
    if !items.is_empty() {
        transfers.extend(open_month(app, &mut tx, actor, (county, month), &items).await?);
    }
    let opened = transfers.len() - closed;
    if transfers.is_empty() {
        // What ended with nothing left is closed as well.
        return tx.commit().await;
    }
    let effects = Effects { transfers, ..Effects::default() };
    let note = format!("开通 {opened} 份，到期作废 {closed} 份");
    commit(tx, actor, now, &effects, "服务额度开通与作废", format!("area/{county}"), &note).await
}

/// 到期作废: what is left goes back to the fund.
async fn close_ended(tx: &mut Tx, county: AreaId, now: Now) -> Result<Vec<Transfer>, Trouble> {
    let mut transfers = Vec::new();
    for grant in store::ended(tx.conn(), now.day()).await? {
        store::close(tx.conn(), &grant, now).await?;
        if grant.rest() > Fen::ZERO {
            transfers.push(transfer(tx, county, &grant, grant.rest(), Way::Back).await?);
        }
    }
    Ok(transfers)
}

/// Which way a quota's money goes between the fund and the person's account.
enum Way {
    Out,
    Back,
}

async fn transfer(
    tx: &mut Tx,
    county: AreaId,
    grant: &Grant,
    amount_fen: Fen,
    way: Way,
) -> Result<Transfer, Trouble> {
    let (fund, item, year) = (&grant.fund, &grant.item, grant.month.year());
    let fund_key = AccountKey::of_fund(AccountKind::Source, county, fund, item, year);
    let own_key = AccountKey::of_person(AccountKind::Quota, county, fund, item, year, grant.person);
    let from = ledger::account(tx.conn(), &fund_key).await?;
    let own = ledger::account(tx.conn(), &own_key).await?;
    let (word, debit, credit) = match way {
        Way::Out => ("grant", from, own),
        Way::Back => ("lapse", own, from),
    };
    let month = grant.month.to_string();
    Ok(Transfer {
        id: ledger::made_id(&["quota", word, &grant.person.to_string(), item, &month]),
        act: TransferAct::Single { debit, credit, amount_fen },
        person: Some(grant.person),
        about: format!("quota/{item}/{month}"),
    })
}

async fn open_month(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    (county, month): (AreaId, Month),
    items: &[&Item],
) -> Result<Vec<Transfer>, Trouble> {
    let now = app.now();
    let subjects = {
        let mut engine = app.db().begin_engine().await?;
        population::subjects(engine.conn(), actor.scope.lo(), actor.scope.hi()).await?
    };
    let closed = app.closed_world(tx.conn()).await?;
    let areas = app.areas();
    let mut transfers = Vec::new();
    for item in items {
        let granted: HashSet<_> =
            store::granted(tx.conn(), &item.id, month).await?.into_iter().collect();
        let fresh = subjects.iter().filter(|subject| !granted.contains(&subject.id));
        for subject in fresh.filter(|subject| is_given(item, subject, now.day())) {
            let facts = engine_facts(subject, &areas, &closed)?;
            let verdict = policy::evaluate(item, &facts, month, &EngineTree(&areas));
            let Verdict::Entitled { amount, .. } = verdict else { continue };
            let Some(node) = areas.node(subject.area).filter(|_| amount > Fen::ZERO) else {
                continue;
            };
            let grant = Grant {
                person: subject.id,
                item: item.id.clone(),
                month,
                fund: item.pay.fund.clone(),
                amount,
                used: Fen::ZERO,
                last_day: item.pay.quota.and_then(|quota| quota.last_day(month)),
                closed: false,
            };
            store::open(tx.conn(), &grant, (node.lo, item.pay.given.code()), now).await?;
            transfers.push(transfer(tx, county, &grant, amount, Way::Out).await?);
        }
    }
    Ok(transfers)
}

/// Whether nothing stands against giving somebody what they are entitled to: awarded, or to be had
/// without application; not on hold, and no source says that they died.
fn is_given(item: &Item, subject: &Subject, today: Day) -> bool {
    let says = |kind: &str, what: fn(&FactValue) -> bool| {
        standing(subject, kind, today).is_some_and(|said| what(&said.value))
    };
    let awarded = item.no_application
        || award_kind(item).is_some_and(|kind| {
            says(kind, |value| matches!(value, FactValue::Fen(fen) if *fen > Fen::ZERO))
        });
    let held = HOLDS.iter().any(|kind| says(kind, |value| *value == FactValue::Bool(true)));
    awarded && !held && subject.life == Life::Living
}
