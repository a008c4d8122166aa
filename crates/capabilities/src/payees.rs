//! 领取人: people with what stands about them and what they were paid, for those who stop, hold,
//! restore and claim back.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use db::Tx;
use facts::people::PersonCard;
use facts::population::{ClosedWorld, EngineTree, Said, Subject, engine_facts, subjects_of};
use findings::{Paid, award_kind, last_paid_month, paid_after_death, paid_since, standing};
use kernel::{Day, FactValue, Fen, Life, Month, PersonId, Trouble};
use policy::{Facts, Item, Verdict};

use crate::App;

/// A person, judged and paid by one item.
pub(crate) struct Payee<'a> {
    /// Whom.
    pub(crate) card: PersonCard,
    /// The item.
    pub(crate) item: &'a Item,
    /// What stands about them.
    pub(crate) subject: Subject,
    /// The same as the rules read it.
    pub(crate) facts: Facts,
    /// What our own runs have paid, month by month.
    ours: BTreeMap<Month, Fen>,
    closed: Arc<ClosedWorld>,
}

/// These people under an item, as far as the reader may see them.
pub(crate) async fn payees<'a>(
    app: &App,
    tx: &mut Tx,
    item: &'a Item,
    people: &[PersonId],
) -> Result<Vec<Payee<'a>>, Trouble> {
    let cards = facts::people::cards(tx.conn(), people).await?;
    let closed = Arc::new(app.closed_world(tx.conn()).await?);
    let mut ours = ours(tx, item, people).await?;
    let tree = app.areas();
    let mut payees = Vec::with_capacity(cards.len());
    for subject in subjects_of(tx.conn(), people).await? {
        let Some(card) = cards.iter().find(|card| card.id == subject.id) else { continue };
        let facts = engine_facts(&subject, &tree, &closed)?;
        let ours = ours.remove(&subject.id).unwrap_or_default();
        let closed = Arc::clone(&closed);
        payees.push(Payee { card: card.clone(), item, subject, facts, ours, closed });
    }
    Ok(payees)
}

/// One person under an item; who lies outside of the scope is not found.
pub(crate) async fn payee<'a>(
    app: &App,
    tx: &mut Tx,
    item: &'a Item,
    person: PersonId,
) -> Result<Payee<'a>, Trouble> {
    let kept = facts::people::card(tx.conn(), person).await?.id;
    payees(app, tx, item, &[kept]).await?.pop().ok_or(Trouble::NotFound)
}

/// What our own runs have paid for an item; what came back from the bank or was paid back is not
/// in it.
async fn ours(
    tx: &mut Tx,
    item: &Item,
    people: &[PersonId],
) -> Result<HashMap<PersonId, BTreeMap<Month, Fen>>, Trouble> {
    let mut ours: HashMap<PersonId, BTreeMap<Month, Fen>> = HashMap::new();
    let paid = payroll::store::paid_months(tx.conn(), people).await?;
    for line in paid.into_iter().filter(|line| line.item == item.id) {
        ours.entry(line.person).or_default().insert(line.month, line.amount);
    }
    Ok(ours)
}

/// The item of the list in force for a person's area that pays in cash.
pub(crate) fn cash_item<'a>(
    app: &'a App,
    card: &PersonCard,
    id: &str,
) -> Result<&'a Item, Trouble> {
    let list = app.list_for(card.area, app.now().day().month()).ok_or(Trouble::NotFound)?;
    let item = list.item(id).ok_or(Trouble::NotFound)?;
    if award_kind(item).is_some() { Ok(item) } else { Err(Trouble::NotFound) }
}

impl Payee<'_> {
    /// 每月标准 that is paid now; none when nothing is, or the award was stopped.
    pub(crate) fn monthly(&self, today: Day) -> Option<Fen> {
        match standing(&self.subject, award_kind(self.item)?, today)?.value {
            FactValue::Fen(fen) if fen != Fen::ZERO => Some(fen),
            _ => None,
        }
    }

    /// The first month that was not paid yet.
    pub(crate) fn first_unpaid(&self, today: Day) -> Month {
        let awarded = award_kind(self.item).and_then(|kind| standing(&self.subject, kind, today));
        match last_paid_month(&self.subject, self.item, &self.ours) {
            Some(last) => last.next(),
            None => awarded.map_or(today.month(), |said| said.from.month()),
        }
    }

    /// 每月标准 by the roster that was taken over.
    pub(crate) fn roster_sum(&self) -> Option<Fen> {
        let kind = award_kind(self.item)?;
        let mut sums = self.subject.said.iter().filter(|said| said.kind == kind);
        sums.find_map(|said| match said.value {
            FactValue::Fen(fen) if fen != Fen::ZERO => Some(fen),
            _ => None,
        })
    }

    /// 最后发放月
    pub(crate) fn last_paid(&self) -> Option<Month> {
        last_paid_month(&self.subject, self.item, &self.ours)
    }

    /// The verdict of a month.
    pub(crate) fn verdict(&self, app: &App, month: Month) -> Verdict {
        policy::evaluate(self.item, &self.facts, month, &EngineTree(&app.areas()))
    }

    /// The day of death by the best source.
    pub(crate) fn died_on(&self) -> Option<Day> {
        self.subject.day("death_date")
    }

    /// Whether a person on duty has established the death; what any source says later does not
    /// change that.
    pub(crate) fn known_dead(&self) -> bool {
        let word = self.subject.by("life", "").map(|said| &said.value);
        word == Some(&FactValue::Text(Life::Confirmed.code().to_owned()))
    }

    /// Months that were paid after the death.
    pub(crate) fn after_death(&self, app: &App) -> Vec<Paid> {
        paid_after_death(&self.subject, self.item, &self.facts, &app.areas(), &self.ours)
    }

    /// Months that were paid from this one on.
    pub(crate) fn since(&self, from: Month) -> Vec<Paid> {
        paid_since(&self.subject, self.item, from, &self.ours)
    }

    /// As if somebody had stated the day of death.
    pub(crate) fn say_died(&mut self, died: Day) {
        let said = &mut self.subject.said;
        said.retain(|it| it.kind != "death_date" || !it.supplier.is_empty());
        let stated = Said {
            kind: "death_date",
            supplier: String::new(),
            value: FactValue::Day(died),
            from: died,
            to: None,
            as_of: None,
            gone: false,
        };
        let place = said.iter().position(|it| it.kind == "death_date").unwrap_or(said.len());
        said.insert(place, stated);
    }

    /// Reads the facts again, after what stands was changed.
    pub(crate) fn judge_anew(&mut self, app: &App) -> Result<(), Trouble> {
        self.facts = engine_facts(&self.subject, &app.areas(), &self.closed)?;
        Ok(())
    }
}
