//! 疑似重复人员: pairs that look alike, proposals that wait for a second person, and what was done.

use std::collections::HashMap;

use access::Actor;
use axum::Extension;
use axum::extract::{Query, State};
use db::Tx;
use facts::merge::{self, Merge, Step, Suspects};
use facts::people::{self, PersonCard};
use kernel::{PersonId, Trouble};
use serde::Deserialize;
use webkit::{Answer, Chip, Line, Link, Page, Pager, Tone};

use super::views::{ListPage, MergeRow, PairRow};
use crate::{App, links, shell};

const PAGE_ROWS: usize = 20;

/// Merges that are listed: who looks for an older one opens the elder.
const ANSWERED: i64 = 20;

/// Which page of the list.
#[derive(Deserialize)]
pub(super) struct PageNo {
    #[serde(default)]
    page: usize,
}

pub(super) async fn list(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    Query(PageNo { page }): Query<PageNo>,
) -> Answer<Page<ListPage>> {
    let mut tx = app.db().begin(&actor.scope).await?;
    let all = merge::suspects(tx.conn()).await?;
    let suspects: Vec<Suspects> =
        all.iter().copied().skip(page.saturating_mul(PAGE_ROWS)).take(PAGE_ROWS).collect();
    let waiting = merge::waiting(tx.conn(), ANSWERED).await?;
    let answered = merge::answered(tx.conn(), ANSWERED).await?;
    let cards = Cards::load(&mut tx, &suspects, waiting.iter().chain(&answered)).await?;
    drop(tx);
    let from = page.saturating_mul(PAGE_ROWS);
    let to = from.saturating_add(suspects.len());
    let count = |n: usize| u64::try_from(n).unwrap_or(0);
    let href = |page: usize| links::duplicates().query("page", page);
    Ok(Page::new(ListPage {
        shell: shell::shell(&app, &actor, &links::duplicates()).await?,
        waiting: waiting.iter().map(|it| merge_row(&app, &cards, it)).collect(),
        suspects: suspects.iter().filter_map(|it| pair_row(&app, &cards, it)).collect(),
        answered: answered.iter().map(|it| merge_row(&app, &cards, it)).collect(),
        pager: (page > 0 || to < all.len()).then(|| Pager {
            from: count(from + 1).min(count(to)),
            to: count(to),
            of: count(all.len()),
            previous: (page > 0).then(|| href(page - 1)),
            next: (to < all.len()).then(|| href(page + 1)),
        }),
    }))
}

/// The cards of everybody on the page; a merged person has none and is named by the one kept.
struct Cards(HashMap<PersonId, PersonCard>);

impl Cards {
    async fn load<'a>(
        tx: &mut Tx,
        suspects: &[Suspects],
        merges: impl Iterator<Item = &'a Merge>,
    ) -> Result<Self, Trouble> {
        let mut ids: Vec<PersonId> = suspects.iter().flat_map(|it| [it.person, it.other]).collect();
        ids.extend(merges.flat_map(|it| [it.kept, it.merged]));
        let cards = people::cards(tx.conn(), &ids).await?;
        Ok(Self(cards.into_iter().map(|card| (card.id, card)).collect()))
    }
}

fn pair_row(app: &App, cards: &Cards, pair: &Suspects) -> Option<PairRow> {
    let (one, other) = (cards.0.get(&pair.person)?, cards.0.get(&pair.other)?);
    let (areas, today) = (app.areas(), app.now().day());
    let said = |card: &PersonCard| {
        Line::from(card.number.to_string()).small(format!(
            "{}，{}",
            card.sex_and_age(today),
            areas.spoken(card.area)
        ))
    };
    let why = match (pair.shares_number, pair.same_village) {
        (true, true) => "号码相同，姓名、出生日期、村也相同",
        (true, false) => "号码相同",
        _ => "姓名、出生日期和村相同",
    };
    Some(PairRow {
        name: Link::new(&one.name, links::duplicate(pair.person, pair.other)),
        one: said(one),
        other: said(other),
        why: Line::from(Chip::new(if pair.shares_number { Tone::Bad } else { Tone::Wait }, why)),
    })
}

fn merge_row(app: &App, cards: &Cards, merge: &Merge) -> MergeRow {
    let card = cards.0.get(&merge.kept).or_else(|| cards.0.get(&merge.merged));
    let name = card.map_or("（不在列）", |card| card.name.as_str());
    let village = card.map_or_else(String::new, |card| app.areas().spoken(card.area));
    let last = merge.said.last();
    MergeRow {
        name: Link::new(name, links::duplicate(merge.kept, merge.merged)),
        village,
        state: Chip::new(tone(merge.step), merge.step.chinese()),
        said: last.map_or_else(Line::new, |said| {
            Line::from(said.reason.as_str()).small(format!("{}，{}", said.who, said.at))
        }),
    }
}

/// The colour of a step.
pub(super) const fn tone(step: Step) -> Tone {
    match step {
        Step::Proposed => Tone::Wait,
        Step::Confirmed => Tone::Ok,
        Step::Refused | Step::Undone => Tone::Plain,
    }
}
