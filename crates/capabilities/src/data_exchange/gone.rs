//! 不在新名册里: what ends because a full file does not say it any more.

use std::collections::HashSet;

use db::Tx;
use facts::batches::{self, Batch};
use facts::layout::{Coverage, Layout};
use facts::matching::Match;
use facts::population::{self, Said, Subject};
use facts::{GONE_ROW, Voice, assert_all};
use kernel::{Assertion, AssertionState, Day, FactValue, PersonId, SourceRow, Span, Trouble};

use super::apply::people_of;
use super::read::Reading;
use crate::App;

/// Ends what the source said and its new full file does not: what is paid ends with the month of
/// the file, everything else on its as-of day. A register shows whom it leaves out no more, and
/// what it said of them stays as they left. Nothing ends for whom a row may be about that waits
/// for a person to look.
pub(super) async fn end(
    app: &App,
    tx: &mut Tx,
    (batch, last): (&Batch, &Batch),
    layout: &Layout,
    (read, people): (&Reading, &[Option<PersonId>]),
) -> Result<u64, Trouble> {
    let assertions = if layout.creates_people {
        let missing = batches::people_not_in(tx.conn(), batch.id, last.id).await?;
        let subjects = population::subjects_of(tx.conn(), &missing).await?;
        left_out(batch, layout, &subjects)
    } else {
        no_longer_said(app, tx, batch, layout, (read, people)).await?
    };
    let voice = Voice {
        supplier: &layout.id,
        rank: layout.rank,
        as_of: Some(batch.as_of),
        statement: None,
    };
    assert_all(tx, voice, app.now(), &assertions).await
}

/// 停发: how many awards that run would end, because the source's new full file does not say them
/// any more. A register pays nobody.
pub(super) async fn awards_ending(
    app: &App,
    tx: &mut Tx,
    batch: &Batch,
    layout: &Layout,
    read: &Reading,
) -> Result<usize, Trouble> {
    let pays = layout.facts.iter().any(|rule| is_award(&rule.kind));
    if !pays || layout.creates_people || layout.coverage != Coverage::Full {
        return Ok(0);
    }
    let people = people_of(read);
    let ended = no_longer_said(app, tx, batch, layout, (read, &people)).await?;
    Ok(ended.iter().filter(|assertion| is_award(assertion.kind)).count())
}

async fn no_longer_said(
    app: &App,
    tx: &mut Tx,
    batch: &Batch,
    layout: &Layout,
    (read, people): (&Reading, &[Option<PersonId>]),
) -> Result<Vec<Assertion>, Trouble> {
    let areas = app.areas();
    let node = areas.node(batch.area).ok_or(Trouble::NotFound)?;
    let said = population::standing_of(tx.conn(), &layout.id, node.lo, node.hi).await?;
    Ok(unsaid(batch, &said, &Saying::of(read, people)))
}

fn is_award(kind: &str) -> bool {
    kind.starts_with("award.")
}

/// What the new file says: which kinds of whom, and whom it may be about.
struct Saying<'a> {
    said: HashSet<(PersonId, &'a str)>,
    waiting: HashSet<PersonId>,
}

impl<'a> Saying<'a> {
    fn of(read: &'a Reading, people: &[Option<PersonId>]) -> Self {
        let mut now = Self { said: HashSet::new(), waiting: HashSet::new() };
        for (row, person) in read.rows.iter().zip(people) {
            let Some(person) = *person else { continue };
            now.said.extend(row.drafts.iter().map(|draft| (person, draft.kind.as_str())));
        }
        for row in &read.matched {
            if let Match::Desk { candidates, .. } = &row.outcome {
                now.waiting.extend(candidates.iter().map(|candidate| candidate.person));
            }
        }
        now.waiting.extend(read.rows.iter().filter_map(|row| row.names));
        now
    }
}

fn unsaid(batch: &Batch, subjects: &[Subject], now: &Saying<'_>) -> Vec<Assertion> {
    let mut ended = Vec::new();
    for subject in subjects.iter().filter(|subject| !now.waiting.contains(&subject.id)) {
        let gone = subject.said.iter().filter(|said| !now.said.contains(&(subject.id, said.kind)));
        ended.extend(gone.map(|said| {
            let (value, valid) = (said.value.clone(), until(said, end_of(said.kind, batch.as_of)));
            assertion(batch, subject.id, said.kind, value, valid)
        }));
    }
    ended
}

fn left_out(batch: &Batch, layout: &Layout, subjects: &[Subject]) -> Vec<Assertion> {
    let absent = || FactValue::Text("absent".to_owned());
    subjects
        .iter()
        .filter(|subject| subject.by("register_state", &layout.id).is_some())
        .map(|subject| {
            let valid = Span::from(batch.as_of);
            assertion(batch, subject.id, "register_state", absent(), valid)
        })
        .collect()
}

fn end_of(kind: &str, as_of: Day) -> Day {
    if is_award(kind) { as_of.month().first() } else { as_of }
}

/// What began on that day or later was true for its first day at least.
fn until(said: &Said, end: Day) -> Span {
    Span { from: said.from.min(end.plus_days(-1)), to: Some(end) }
}

fn assertion(
    batch: &Batch,
    person: PersonId,
    kind: &'static str,
    value: FactValue,
    valid: Span,
) -> Assertion {
    Assertion {
        person,
        kind,
        value,
        valid,
        source: SourceRow::File(batch.id, GONE_ROW),
        state: AssertionState::Asserted,
    }
}
