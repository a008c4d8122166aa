//! The applications behind the sheets: which wait, how they stand, and that they move on.

use std::collections::BTreeMap;

use cases::Case;
use kernel::{AreaId, AreaLevel, CaseId, Day, Fen, PersonId, Role, Trouble};
use policy::Item;
use webkit::{Chip, Tone};

use super::store;
use crate::App;
use crate::applying::{self, FLOW, IN_FINAL_PUBLICITY, IN_PUBLICITY, OBJECTED};
use crate::whom::whom;

/// More than this is not put up in one act.
const AT_ONCE: i64 = 2_000;

/// An application that waits for its sheet.
pub(super) struct Waiting<'a> {
    pub(super) case: CaseId,
    pub(super) person: PersonId,
    pub(super) name: String,
    /// Village of the household register.
    pub(super) area: AreaId,
    pub(super) item: &'a Item,
    pub(super) monthly_fen: Fen,
    pub(super) arrears: Option<(u16, Fen)>,
    pub(super) since: Day,
}

/// An application that is to hang and would pay nothing as the facts stand now.
pub(super) struct LeftOut {
    pub(super) case: CaseId,
    pub(super) name: String,
    /// What was applied for.
    pub(super) item: String,
    /// The verdict in a sentence.
    pub(super) why: String,
}

/// Waits for whoever posts in the same county. Held until the transaction ends.
pub(super) async fn lock(app: &App, tx: &mut db::Tx, area: AreaId) -> Result<(), Trouble> {
    let areas = app.areas();
    let county = areas.at_level(area, AreaLevel::County).map_or(area, |node| node.id);
    duties::lock(tx.conn(), county).await
}

/// Applications of the scope that are to hang and do not, with what they would pay as the facts
/// stand now. Those that would pay nothing come apart: what hangs must be what is proposed.
pub(super) async fn waiting<'a>(
    app: &'a App,
    tx: &mut db::Tx,
) -> Result<(Vec<Waiting<'a>>, Vec<LeftOut>), Trouble> {
    let all = in_publicity(tx).await?;
    let ids: Vec<CaseId> = all.iter().map(|case| case.id).collect();
    let hanging = store::hanging(tx.conn(), &ids).await?;
    let due: Vec<Case> =
        all.into_iter().filter(|case| hanging.iter().all(|(id, ..)| *id != case.id)).collect();
    let people: Vec<PersonId> = due.iter().map(|case| case.person).collect();
    let cards = whom(tx.conn(), &people).await?;
    let judged = applying::judged(app, tx, &due).await?;
    let (mut waits, mut left_out) = (Vec::new(), Vec::new());
    for case in &due {
        let Some(card) = cards.get(&case.person) else { continue };
        let judged = judged.get(&case.id);
        let Some(terms) = judged.and_then(|it| it.terms.as_ref()) else {
            let item = applying::item_of(app, case, card.area).map(|item| item.name.clone());
            left_out.push(LeftOut {
                case: case.id,
                name: card.name.clone(),
                item: item.unwrap_or_default(),
                why: judged.map_or_else(
                    || "在用的清单里没有这一项了。".to_owned(),
                    |it| it.explained.sentence.clone(),
                ),
            });
            continue;
        };
        waits.push(Waiting {
            case: case.id,
            person: card.id,
            name: card.name.clone(),
            area: card.area,
            item: applying::item_of(app, case, card.area)?,
            monthly_fen: terms.monthly_fen,
            arrears: (terms.arrears_months > 0)
                .then_some((terms.arrears_months, terms.arrears_fen)),
            since: case.changed_at.day(),
        });
    }
    let areas = app.areas();
    waits.sort_by_key(|it| {
        (areas.node(it.area).map_or(0, |node| node.lo), it.item.no, it.name.clone(), it.case)
    });
    Ok((waits, left_out))
}

async fn in_publicity(tx: &mut db::Tx) -> Result<Vec<Case>, Trouble> {
    let mut all = applying::waiting(tx.conn(), IN_PUBLICITY, AT_ONCE).await?;
    all.extend(applying::waiting(tx.conn(), IN_FINAL_PUBLICITY, AT_ONCE).await?);
    Ok(all)
}

/// By village, in the order of the area tree.
pub(super) fn by_area<'w, 'a>(waits: &'w [Waiting<'a>]) -> Vec<(AreaId, Vec<&'w Waiting<'a>>)> {
    let mut groups: Vec<(AreaId, Vec<&Waiting<'_>>)> = Vec::new();
    for it in waits {
        match groups.iter_mut().find(|(area, _)| *area == it.area) {
            Some((_, here)) => here.push(it),
            None => groups.push((it.area, vec![it])),
        }
    }
    groups
}

/// How an application stands, and whether it can be objected to.
pub(super) fn state(case: &Case) -> (Chip, bool) {
    let words = FLOW.state(&case.state).map_or(case.state.as_str(), |state| state.chinese);
    let hangs = [IN_PUBLICITY, IN_FINAL_PUBLICITY].contains(&case.state.as_str());
    let tone = match case.state.as_str() {
        OBJECTED => Tone::Wait,
        _ if hangs => Tone::Info,
        _ => Tone::Plain,
    };
    (Chip::new(tone, words), hangs)
}

/// Moves on what has hung through its period without an objection: of one sheet, or of all of
/// the scope.
pub(super) async fn over(
    app: &App,
    tx: &mut db::Tx,
    posting: Option<i64>,
) -> Result<kernel::Effects, Trouble> {
    let today = app.now().day();
    let due = in_publicity(tx).await?;
    let ids: Vec<CaseId> = due.iter().map(|case| case.id).collect();
    let last: BTreeMap<CaseId, (i64, Day)> = store::hanging(tx.conn(), &ids)
        .await?
        .into_iter()
        .map(|(case, posting, last_day)| (case, (posting, last_day)))
        .collect();
    let mut effects = kernel::Effects::default();
    for case in &due {
        let Some((on, last_day)) = last.get(&case.id) else { continue };
        if *last_day < today && posting.is_none_or(|it| it == *on) {
            let step = applying::publicity_over(app, tx, case, Role::TownReviewer).await?;
            effects.assertions.extend(step.assertions);
            effects.moves.extend(step.moves);
            effects.duties.extend(step.duties);
        }
    }
    Ok(effects)
}
