//! The county of the stories of claims, and what is asked of it.

use kernel::{Fen, PersonId, Role};

use crate::links;
use crate::testing::{COUNTY, Client, Elder, Reply, Said, World, undecided};

/// A county in which 王德福 was paid three months after his death, and a couple of 溪头村 died too.
pub(crate) async fn world() -> World {
    let mut elders: Vec<Elder> = undecided();
    for elder in &mut elders {
        let dead = match elder.name {
            "王德福" => "2026-02-03",
            "冯金花" => "2026-03-31",
            "沈万年" => "2026-05-01",
            _ => continue,
        };
        elder.said.extend([Said::DeadByPolice(dead), Said::Cremated(dead)]);
    }
    let world =
        World::of(elders).await.with_parts(|parts| parts.after_facts = crate::reconcile_all).await;
    crate::reconcile_all(world.app.clone()).await.expect("reconciled");
    world
}

pub(crate) async fn opened(world: &World) -> (Client, Client) {
    let county = world.sign_in_as(Role::CountyApprover, COUNTY).await;
    let reply = county.post(links::recoveries::open().as_str(), &[]).await;
    assert_eq!(reply.status, 303, "{}", reply.text());
    (county, world.sign_in_as(Role::FinanceOfficer, COUNTY).await)
}

/// The address of the claim about somebody.
pub(crate) async fn claim_of(client: &Client, name: &str) -> String {
    let list = client.get(links::recoveries::list().as_str()).await;
    let text = list.ok().to_owned();
    let at = text.find(&format!(">{name}<")).unwrap_or_else(|| panic!("no {name}: {text}"));
    let from = text[..at].rfind("/recoveries/").expect("a link");
    text[from..].split('"').next().expect("an address").to_owned()
}

pub(crate) async fn act(client: &Client, claim: &str, act: &str, fields: &[(&str, &str)]) -> Reply {
    client.post(&format!("{claim}/{act}"), fields).await
}

/// What the person still owes back, as the ledger has it.
pub(crate) async fn receivable(world: &World, person: PersonId) -> Fen {
    let system = world.system().await;
    let mut tx = world.app.db().begin(&system.scope).await.expect("a transaction");
    let filter = ledger::BalanceFilter {
        kind: Some(ledger::AccountKind::Receivable),
        person: Some(person),
        ..ledger::BalanceFilter::default()
    };
    let all = ledger::balances(tx.conn(), &filter, 10, 0).await.expect("balances");
    all.iter().map(ledger::Balance::balance).sum()
}

pub(crate) const NOTICED: [(&str, &str); 3] =
    [("name", "王小明"), ("relation", "长子"), ("telephone", "无")];
