//! 逐条认定 of several applications at once, as the list of them needs it.

use std::collections::HashMap;

use access::text_index;
use facts::people::PersonCard;
use facts::population::{ClosedWorld, EngineTree, Subject, engine_facts, subjects_of};
use findings::{ACCOUNT, award_kind, standing};
use kernel::{FactValue, Fen, Month, PersonId, Trouble};
use policy::{Explanation, Item, Verdict};
use sqlx::PgConnection;

use crate::App;

/// How far ahead an application is taken in before the elder is entitled.
const MONTHS_AHEAD: i32 = 3;

/// Kinds of facts that stand only when something has happened: of whom the household register
/// names, silence says that it has not.
const EVENTS: [&str; 4] = ["life", "death_date", "paid_elsewhere_until", "receives_elsewhere"];

/// What some people are known by, and what the silence of the files says.
pub(crate) struct Prover {
    subjects: HashMap<PersonId, Subject>,
    closed: ClosedWorld,
}

/// 待遇: what an application would pay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Terms {
    /// Rate of the month that is paid next.
    pub(crate) monthly_fen: Fen,
    /// First month owed.
    pub(crate) first_month: Month,
    /// Months before this one.
    pub(crate) arrears_months: u16,
    /// Their sum, each month at its own rate.
    pub(crate) arrears_fen: Fen,
}

/// An application as the rules see it now.
pub(crate) struct Judged {
    /// Every condition, judged for the month that decides: this one, or the first one in which an
    /// application made ahead would pay.
    pub(crate) explained: Explanation,
    /// The month that decides.
    pub(crate) month: Month,
    /// What it would pay; none when nothing.
    pub(crate) terms: Option<Terms>,
    /// Whether every condition holds and some source says so.
    pub(crate) proved: bool,
    /// Whether the item is being paid already.
    pub(crate) paid: Option<Fen>,
    /// What shows that the account that the departments know is the same as another; none when
    /// they know none.
    pub(crate) account: Option<String>,
}

impl Prover {
    /// These people, as far as the reader may see them.
    pub(crate) async fn load(
        app: &App,
        conn: &mut PgConnection,
        people: impl IntoIterator<Item = PersonId>,
    ) -> Result<Self, Trouble> {
        let people: Vec<PersonId> = people.into_iter().collect();
        let subjects = subjects_of(conn, &people).await?;
        let closed = app.closed_world(conn).await?;
        Ok(Self { subjects: subjects.into_iter().map(|it| (it.id, it)).collect(), closed })
    }

    /// One person for one item; none when nothing is known of them.
    pub(crate) fn judge(
        &self,
        app: &App,
        card: &PersonCard,
        item: &Item,
    ) -> Result<Option<Judged>, Trouble> {
        let Some(subject) = self.subjects.get(&card.id) else { return Ok(None) };
        let (areas, today) = (app.areas(), app.now().day());
        let tree = EngineTree(&areas);
        let known = engine_facts(subject, &areas, &self.closed)?;
        let now = today.month();
        let entitled = |month: &Month| {
            matches!(policy::evaluate(item, &known, *month, &tree), Verdict::Entitled { .. })
        };
        let month = (0..=MONTHS_AHEAD).map(|ahead| now.plus(ahead)).find(entitled).unwrap_or(now);
        let explained = policy::explain(item, &known, month, &tree, &|code| tree.name(code));
        let award = award_kind(item).and_then(|kind| standing(subject, kind, today));
        let paid = match award.map(|said| &said.value) {
            Some(FactValue::Fen(fen)) if *fen != Fen::ZERO => Some(*fen),
            _ => None,
        };
        let registered = subject.best("hukou_area").is_some();
        let sourced = |kinds: &[&'static str]| {
            let silence = registered && kinds.iter().any(|kind| EVENTS.contains(kind));
            silence
                || kinds.iter().any(|kind| {
                    subject.best(kind).is_some()
                        || self.closed.absence(subject, kind, &areas).is_some()
                })
        };
        let proved = explained.verdict.word() == "entitled"
            && explained.conditions.iter().all(|it| it.mark() == '✓' && sourced(&it.facts));
        Ok(Some(Judged {
            terms: terms(item, subject, &known, month, now, &tree),
            account: account(subject, today),
            explained,
            month,
            proved,
            paid,
        }))
    }
}

fn account(subject: &Subject, today: kernel::Day) -> Option<String> {
    match &standing(subject, ACCOUNT, today)?.value {
        FactValue::Text(token) => text_index(token).map(ToOwned::to_owned),
        _ => None,
    }
}

/// The month after the last one that was paid, when an award has ended: what lies before it was
/// settled then.
fn stopped_from(subject: &Subject, item: &Item) -> Option<Month> {
    let kind = award_kind(item)?;
    let ended = subject.said.iter().filter(|said| said.kind == kind).filter_map(|said| {
        let zero = said.value == FactValue::Fen(Fen::ZERO);
        if zero { Some(said.from.month()) } else { said.to.map(kernel::Day::month) }
    });
    ended.max()
}

fn terms(
    item: &Item,
    subject: &Subject,
    known: &policy::Facts,
    month: Month,
    now: Month,
    tree: &EngineTree<'_>,
) -> Option<Terms> {
    let Verdict::Entitled { amount, .. } = policy::evaluate(item, known, month, tree) else {
        return None;
    };
    let ahead = Terms {
        monthly_fen: amount,
        first_month: month,
        arrears_months: 0,
        arrears_fen: Fen::ZERO,
    };
    if month > now {
        return Some(ahead);
    }
    let first = policy::first_entitled(item, known, now, tree).max(stopped_from(subject, item));
    let owed = policy::span(item, known, first.unwrap_or(now), now, tree, &|_| Fen::ZERO);
    Some(Terms {
        first_month: owed.arrears.first().map_or(now, |(month, _)| *month),
        arrears_months: u16::try_from(owed.arrears.len()).unwrap_or(u16::MAX),
        arrears_fen: owed.arrears_fen,
        ..ahead
    })
}
