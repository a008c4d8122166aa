//! Commits transfers one by one through the ledger, each acknowledged on a line.

use std::io::Write as _;
use std::path::Path;

use access::{Actor, parse_area_file, plant_areas, system_actor};
use db::{Db, Server};
use kernel::{Day, Fen, LedgerAccountId, Now, Role, Transfer, TransferAct, TransferId, Trouble};
use ledger::{AccountKey, AccountKind, Standing};

use crate::store;

/// One county: its book is written.
const AREAS: &str = "code,name,level,kind,parent,valid_from,valid_to\n\
                     990121,松河县,county,division,,2000-01-01,\n";

const FUND: &str = "县级财政";
const ITEM: &str = "old_age_allowance";

/// As many transfers as are looked for at once.
const LOOKED_AT_ONCE: usize = 5_000;

/// The number's pending transfer.
fn pending_id(number: u64) -> TransferId {
    ledger::made_id(&["power", &number.to_string()])
}

fn at() -> Now {
    Day::new(2026, 6, 25).and_then(|day| Now::new(day, 16, 30)).expect("a day and a time")
}

/// A database with one county and a budget that lasts.
pub(crate) fn prepare(data_dir: &Path) -> Result<(), String> {
    waited(async {
        let db = open(data_dir).await?;
        let areas = parse_area_file(AREAS)?;
        let mut tx = db.begin_unscoped().await?;
        plant_areas(tx.conn(), &areas).await?;
        tx.commit().await?;
        let actor = county(&db).await?;
        let mut tx = db.begin(&actor.scope).await?;
        let source = account(&mut tx, &actor, AccountKind::Source).await?;
        let budget = account(&mut tx, &actor, AccountKind::Budget).await?;
        account(&mut tx, &actor, AccountKind::Paid).await?;
        let amount_fen = Fen::from_yuan(10_000_000);
        let act = TransferAct::Single { debit: source, credit: budget, amount_fen };
        ledger::write(tx.conn(), &[transfer(ledger::made_id(&["allotted"]), act)], at()).await?;
        tx.commit().await?;
        db.close().await
    })
}

/// Commits until it is killed: each time one sum is reserved and the one before is posted.
pub(crate) fn run(data_dir: &Path, from: u64, careless: bool) -> Result<(), String> {
    waited(async {
        let db = open(data_dir).await?;
        let actor = county(&db).await?;
        let mut number = from;
        loop {
            let mut tx = db.begin(&actor.scope).await?;
            if careless {
                store::do_not_wait_for_the_disk(tx.conn()).await?;
            }
            let debit = account(&mut tx, &actor, AccountKind::Budget).await?;
            let credit = account(&mut tx, &actor, AccountKind::Paid).await?;
            let act = TransferAct::Pending { debit, credit, amount_fen: Fen::new(1) };
            let mut transfers = vec![transfer(pending_id(number), act)];
            if number > from {
                let before = pending_id(number - 1);
                let id = ledger::posting_id(before);
                transfers.push(transfer(id, TransferAct::Post(before)));
            }
            ledger::write(tx.conn(), &transfers, at()).await?;
            tx.commit().await?;
            let mut out = std::io::stdout();
            writeln!(out, "{number}").and_then(|()| out.flush()).map_err(Trouble::fault)?;
            number += 1;
        }
    })
}

/// How many of the first transfers are there as they were acknowledged, and what does not add up.
pub(crate) fn look(data_dir: &Path, last: u64) -> Result<(u64, Vec<String>), String> {
    waited(async {
        let db = open(data_dir).await?;
        let actor = county(&db).await?;
        let mut tx = db.begin(&actor.scope).await?;
        let ids: Vec<TransferId> = (1..=last).map(pending_id).collect();
        let mut found = 0;
        for some in ids.chunks(LOOKED_AT_ONCE) {
            for (id, standing) in ledger::standing(tx.conn(), some).await? {
                let is_last = id == pending_id(last);
                found += u64::from(is_last || matches!(standing, Standing::Posted(_)));
            }
        }
        drop(tx);
        let mut engine = db.begin_engine().await?;
        let broken = ledger::invariants(engine.conn()).await?;
        drop(engine);
        db.close().await?;
        Ok((found, broken))
    })
}

async fn open(data_dir: &Path) -> Result<Db, Trouble> {
    Db::open(Server::Private { data_dir: data_dir.to_owned() }).await
}

async fn county(db: &Db) -> Result<Actor, Trouble> {
    let mut tx = db.begin_unscoped().await?;
    let areas = access::load_areas(tx.conn(), at().day()).await?;
    let county = areas.iter().next().ok_or(Trouble::NotFound)?.id;
    system_actor(db, county, Role::FinanceOfficer).await
}

async fn account(
    tx: &mut db::Tx,
    actor: &Actor,
    kind: AccountKind,
) -> Result<LedgerAccountId, Trouble> {
    let key = AccountKey::of_fund(kind, actor.area, FUND, ITEM, 2026);
    ledger::account(tx.conn(), &key).await
}

fn transfer(id: TransferId, act: TransferAct) -> Transfer {
    Transfer { id, act, person: None, about: "faults/power".to_owned() }
}

fn waited<T>(work: impl Future<Output = Result<T, Trouble>>) -> Result<T, String> {
    let runtime = tokio::runtime::Runtime::new().map_err(|error| error.to_string())?;
    runtime.block_on(work).map_err(|trouble| format!("{trouble:?}"))
}
