//! Stops for the capabilities that propose, decide and take them back: their statements, flows,
//! reasons, and the page and the paper that they look like.

mod case_page;
pub(crate) mod flow;
mod reason;
pub(crate) mod store;
#[cfg(test)]
pub(crate) mod testing;
mod views;

use db::Tx;
use kernel::{
    AreaId, Assertion, AssertionState, Day, FactValue, PersonId, SourceRow, Span, Trouble,
};
use serde::Deserialize;

use crate::App;
use crate::payees::Payee;

pub(crate) use case_page::{buttons, chip, crumbs, history, month_rows};
pub(crate) use reason::Reason;
pub(crate) use store::Stop;
pub(crate) use views::{OnePage, SheetPaper};

/// What somebody writes with a decision.
#[derive(Default, Deserialize)]
pub(crate) struct Note {
    #[serde(default)]
    pub(crate) note: String,
}

impl Note {
    pub(crate) fn note(&self) -> &str {
        self.note.trim()
    }
}

/// A form with nothing to say.
#[derive(Deserialize)]
pub(crate) struct Nothing {}

/// A statement of whoever decides.
pub(crate) fn states(
    person: PersonId,
    kind: &'static str,
    value: FactValue,
    from: Day,
) -> Assertion {
    Assertion {
        person,
        kind,
        value,
        valid: Span::from(from),
        source: SourceRow::Statement,
        state: AssertionState::Asserted,
    }
}

/// The county that decides about somebody of the area.
pub(crate) fn county(app: &App, area: AreaId) -> AreaId {
    app.areas().at_level(area, kernel::AreaLevel::County).map_or(area, |node| node.id)
}

/// 上一次停发: the last stop that was approved, when it still stands.
pub(crate) async fn standing_stop(
    tx: &mut Tx,
    payee: &Payee<'_>,
    today: Day,
) -> Result<Option<Stop>, Trouble> {
    if payee.monthly(today).is_some() {
        return Ok(None);
    }
    match store::last_decided(tx.conn(), payee.card.id, &payee.item.id).await? {
        Some(case) => Ok(Some(store::stop(tx.conn(), case).await?)),
        None => Ok(None),
    }
}
