//! Money goes off a claim: it came back, is set off, is written off, or was never owed.

use access::Actor;
use cases::Said;
use db::Tx;
use kernel::{
    AreaId, CaseChange, Day, Effects, Fen, PersonId, Role, Transfer, TransferAct, Trouble,
};
use ledger::AccountKind;
use policy::Item;

use super::Claim;
use super::domain::allocate;
use super::flow::FLOW;
use super::opening::{Book, county};
use super::store::{self, NewEntry};
use crate::App;
use crate::payees::cash_item;

/// A sum that is taken off what is owed.
pub(crate) struct TakeOff<'a> {
    pub(crate) kind: &'static str,
    pub(crate) channel: &'static str,
    pub(crate) amount: Fen,
    pub(crate) on: Day,
    pub(crate) note: &'a str,
}

/// Enters the sum, with its transfer; ends the claim when nothing is left.
pub(crate) async fn take_off(
    app: &App,
    actor: &Actor,
    tx: &mut Tx,
    claim: &Claim,
    it: &TakeOff<'_>,
) -> Result<Effects, Trouble> {
    let ends = claim.balance().take(it.amount)?;
    let id = claim.case.id;
    let no = i32::try_from(claim.entries.len()).map_err(Trouble::fault)? + 1;
    let credit =
        if it.kind == "written_off" { AccountKind::WrittenOff } else { AccountKind::Repaid };
    let transfer = transfer(app, tx, claim, credit, it.amount, &no.to_string()).await?;
    let entry = NewEntry {
        no,
        kind: it.kind,
        channel: it.channel,
        amount: it.amount,
        on: it.on,
        note: it.note,
        transfer: transfer.id,
    };
    store::put_entry(tx.conn(), id, &entry, (app.now(), actor.account)).await?;
    if it.kind != "written_off" {
        // These months count as unpaid again, should the death turn out to be untrue.
        let balance = claim.balance();
        let before = [balance.repaid, balance.set_off].into_iter().sum();
        let months = store::months(tx.conn(), id).await?;
        let back = allocate(&months, before, it.amount);
        let (person, item) = (claim.recovery.person, &claim.recovery.item);
        let about = format!("recovery/{id}/{no}");
        payroll::store::note_recovered(tx.conn(), person, item, &back, &about, app.now()).await?;
    }
    let mut effects = Effects { transfers: vec![transfer], ..Effects::default() };
    if ends {
        let action = if it.kind == "written_off" { "written_off" } else { "repaid" };
        let step = claim.step(actor, action, Said::default(), None)?;
        effects.moves.push(CaseChange::Step(step));
    }
    Ok(effects)
}

async fn transfer(
    app: &App,
    tx: &mut Tx,
    claim: &Claim,
    credit: AccountKind,
    amount_fen: Fen,
    no: &str,
) -> Result<Transfer, Trouble> {
    let (item, book_county) = place(app, tx, claim).await?;
    let recovery = &claim.recovery;
    let book = Book { item, county: book_county, year: recovery.opened_on.year() };
    let debit = book.of_person(AccountKind::Receivable, recovery.person);
    let credit = book.account(credit);
    Ok(Transfer {
        id: ledger::made_id(&["recovery", &claim.case.id.to_string(), no]),
        act: TransferAct::Single {
            debit: ledger::account(tx.conn(), &debit).await?,
            credit: ledger::account(tx.conn(), &credit).await?,
            amount_fen,
        },
        person: Some(recovery.person),
        about: format!("case/{}", claim.case.id),
    })
}

async fn place<'a>(
    app: &'a App,
    tx: &mut Tx,
    claim: &Claim,
) -> Result<(&'a Item, AreaId), Trouble> {
    let card = facts::people::card(tx.conn(), claim.recovery.person).await?;
    let item = cash_item(app, &card, &claim.recovery.item)?;
    let owner = claim.case.owner.as_ref().map(|owner| owner.area);
    Ok((item, owner.unwrap_or_else(|| county(&app.areas(), card.area))))
}

/// 撤销追缴 because the stop behind it is taken back: what is still owed is not owed any more, and
/// what was repaid counts as unpaid again. The caller commits the effects.
pub(crate) async fn withdraw(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    (person, item): (PersonId, &str),
    effects: &mut Effects,
) -> Result<(), Trouble> {
    for id in store::open_claims(tx.conn(), person, item).await? {
        store::lock(tx.conn(), id).await?;
        let claim = Claim::of(tx, id).await?;
        let left = claim.balance().left();
        let note = "恢复发放，原认定的多发不成立".to_owned();
        let words = Said { codes: Vec::new(), note };
        let area = claim.case.owner.as_ref().map_or(actor.area, |owner| owner.area);
        // The move follows from the restore, whoever decides that.
        let role = Role::CountyApprover;
        let step = FLOW.take(&claim.case, "withdraw", role, words, (area, None))?;
        effects.moves.push(CaseChange::Step(step));
        if left > Fen::ZERO {
            let back = transfer(app, tx, &claim, AccountKind::Paid, left, "withdrawn").await?;
            effects.transfers.push(back);
        }
        store::release(tx.conn(), id).await?;
    }
    Ok(())
}
