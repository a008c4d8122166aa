//! 登记多发: claims are opened from months that were paid and not owed. Twice opens nothing more.

use std::collections::HashSet;

use access::AreaTree;
use cases::Opening;
use db::Tx;
use findings::Paid;
use kernel::{AreaId, AreaLevel, Day, Effects, Fen, PersonId, Transfer, TransferAct, Trouble};
use ledger::{AccountKey, AccountKind};
use policy::Item;
use webkit::grouped;

use super::flow::FLOW;
use super::store::{self, Recovery};
use crate::App;
use crate::payees::Payee;

/// The cause of what was paid after a death.
pub(crate) const DEATH: &str = "去世后仍在发放";

/// 多发: what one person was paid and was not owed.
pub(crate) struct Overpaid<'a> {
    /// Whom and by which item.
    pub(crate) payee: &'a Payee<'a>,
    /// Why, in a few words.
    pub(crate) cause: &'a str,
    /// The months.
    pub(crate) months: Vec<Paid>,
}

/// What was opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Opened {
    /// Claims.
    pub(crate) claims: u64,
    /// Months.
    pub(crate) months: u64,
    /// Their sum.
    pub(crate) total: Fen,
}

impl Opened {
    pub(crate) fn words(self) -> String {
        format!(
            "登记追缴 {} 件，{} 个月，{} 元",
            grouped(self.claims),
            grouped(self.months),
            self.total
        )
    }
}

/// Opens a claim for each, without the months that are claimed back already. The caller commits
/// the effects in the same transaction.
pub(crate) async fn open_claims(
    app: &App,
    tx: &mut Tx,
    item: &Item,
    all: &[Overpaid<'_>],
    effects: &mut Effects,
) -> Result<Opened, Trouble> {
    let people: Vec<PersonId> = all.iter().map(|it| it.payee.card.id).collect();
    let claimed: HashSet<_> =
        store::claimed(tx.conn(), &item.id, &people).await?.into_iter().collect();
    let before = store::counts(tx.conn(), &item.id, &people).await?;
    let known = store::deaths_known(tx.conn(), &people).await?;
    let (areas, now) = (app.areas(), app.now());
    let due_on = notice_by(app, tx, now.day()).await?;
    let mut opened = Opened::default();
    for it in all {
        let card = &it.payee.card;
        let months: Vec<Paid> = it
            .months
            .iter()
            .copied()
            .filter(|paid| !claimed.contains(&(card.id, paid.month)))
            .collect();
        let total: Fen = months.iter().map(|paid| paid.amount_fen).sum();
        if months.is_empty() {
            continue;
        }
        let no = before.get(&card.id).copied().unwrap_or(0);
        let case = cases::case_id(FLOW.id, card.id, &format!("{}/{no}", item.id));
        let county = county(&areas, card.area);
        let recovery = Recovery {
            case,
            person: card.id,
            item: item.id.clone(),
            cause: it.cause.to_owned(),
            died_on: it.payee.died_on(),
            known_on: known.get(&card.id).copied(),
            opened_on: now.day(),
            total,
        };
        store::insert(tx.conn(), &recovery, &months).await?;
        effects.moves.push(kernel::CaseChange::Open(FLOW.opening(Opening {
            id: case,
            person: card.id,
            item: Some(item.id.clone()),
            about: String::new(),
            owner_area: county,
            due_on: Some(due_on),
            note: format!("{}，多发 {} 个月，{total} 元", it.cause, months.len()),
            hand: None,
        })));
        let book = Book { item, county, year: now.day().year() };
        effects.transfers.push(owed(tx, &book, &recovery).await?);
        opened.claims += 1;
        opened.months += u64::try_from(months.len()).unwrap_or(0);
        opened.total = [opened.total, total].into_iter().sum();
    }
    Ok(opened)
}

/// What was paid is owed back by the person.
async fn owed(tx: &mut Tx, book: &Book<'_>, it: &Recovery) -> Result<Transfer, Trouble> {
    let debit = book.account(AccountKind::Paid);
    let credit = book.of_person(AccountKind::Receivable, it.person);
    Ok(Transfer {
        id: ledger::made_id(&["recovery", &it.case.to_string(), "opened"]),
        act: TransferAct::Single {
            debit: ledger::account(tx.conn(), &debit).await?,
            credit: ledger::account(tx.conn(), &credit).await?,
            amount_fen: it.total,
        },
        person: Some(it.person),
        about: format!("case/{}", it.case),
    })
}

async fn notice_by(app: &App, tx: &mut Tx, today: Day) -> Result<Day, Trouble> {
    let text = access::setting(tx.conn(), "recovery_notice_working_days").await?;
    let days = text.map_or(Ok(10), |text| text.parse()).map_err(Trouble::fault)?;
    Ok(app.calendar().due(today, days)?)
}

/// The county in whose book a person's money stands.
pub(super) fn county(areas: &AreaTree, area: AreaId) -> AreaId {
    areas.at_level(area, AreaLevel::County).map_or(area, |node| node.id)
}

/// The accounts of one item in a county's book.
pub(super) struct Book<'a> {
    pub(super) item: &'a Item,
    pub(super) county: AreaId,
    /// The year in which the claim was opened.
    pub(super) year: i16,
}

impl Book<'_> {
    pub(super) fn account(&self, kind: AccountKind) -> AccountKey {
        AccountKey::of_fund(kind, self.county, &self.item.pay.fund, &self.item.id, self.year)
    }

    pub(super) fn of_person(&self, kind: AccountKind, person: PersonId) -> AccountKey {
        let (fund, item) = (&self.item.pay.fund, &self.item.id);
        AccountKey::of_person(kind, self.county, fund, item, self.year, person)
    }
}
