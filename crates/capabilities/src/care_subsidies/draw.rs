//! 使用额度: a service draws from the quota.

use db::Tx;
use kernel::{AreaLevel, Day, Fen, Now, PersonId, Transfer, TransferAct, Trouble};
use ledger::{AccountKey, AccountKind};
use policy::Item;

use super::{domain, store};
use crate::App;

/// A service that was given, and what it cost.
#[derive(Clone, Copy, Debug)]
pub struct Draw<'a> {
    /// To whom.
    pub person: PersonId,
    /// By which item of the list.
    pub item: &'a Item,
    /// When it was given.
    pub served_on: Day,
    /// What it cost in all.
    pub cost: Fen,
    /// The act, as the audit trail names it; it names one act for ever.
    pub about: &'a str,
}

/// What the quota bears of a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawn {
    /// 额度承担
    pub covered: Fen,
    /// 本人承担: what is left to pay.
    pub own: Fen,
    /// To be committed with the act; none when the act was drawn before.
    pub transfers: Vec<Transfer>,
}

/// Draws from somebody's quota what it bears of a service: the caller commits the transfers with
/// its own act. Who has no quota pays all of it. Drawn again under the same name, nothing moves.
///
/// # Errors
/// An item that is not given as a quota, or a person outside of the scope.
pub async fn draw(app: &App, tx: &mut Tx, it: Draw<'_>, at: Now) -> Result<Drawn, Trouble> {
    let Some(quota) = it.item.pay.quota else {
        let sentence = format!("{}不以额度给付，不能抵扣服务费用。", it.item.name);
        return Err(Trouble::refused(sentence, "请核对是按哪一项抵扣。"));
    };
    let card = facts::people::card(tx.conn(), it.person).await?;
    let areas = app.areas();
    let book = areas.at_level(card.area, AreaLevel::County).ok_or(Trouble::NotFound)?.id;
    store::lock(tx.conn(), book).await?;
    let place = (it.served_on, it.about);
    let (today, before) = store::drawn(tx.conn(), card.id, &it.item.id, place).await?;
    if let Some(covered) = before {
        let own = it.cost.checked_sub(covered).map_err(Trouble::fault)?;
        return Ok(Drawn { covered, own, transfers: Vec::new() });
    }
    let grants = store::open_of(tx.conn(), card.id, &it.item.id).await?;
    let covered = quota.covers(it.cost, today, domain::left_on(&grants, it.served_on));
    let mut transfers = Vec::new();
    for (grant, part) in domain::spread(&grants, it.served_on, covered) {
        let year = grant.month.year();
        let (fund, item) = (&grant.fund, &grant.item);
        let from = AccountKey::of_person(AccountKind::Quota, book, fund, item, year, card.id);
        let to = AccountKey::of_fund(AccountKind::Paid, book, fund, item, year);
        let act = TransferAct::Single {
            debit: ledger::account(tx.conn(), &from).await?,
            credit: ledger::account(tx.conn(), &to).await?,
            amount_fen: part,
        };
        let month = grant.month.to_string();
        let id = ledger::made_id(&["quota", "draw", it.about, &card.id.to_string(), item, &month]);
        store::note_draw(tx.conn(), id, (grant, part), place, at).await?;
        transfers.push(Transfer { id, act, person: Some(card.id), about: it.about.to_owned() });
    }
    let own = it.cost.checked_sub(covered).map_err(Trouble::fault)?;
    Ok(Drawn { covered, own, transfers })
}
