//! The demo's clock: it moves by its own controls only.

use access::Actor;
use axum::Extension;
use axum::extract::State;
use axum::response::Redirect;
use kernel::{Now, Trouble};
use serde::Deserialize;
use webkit::{Answer, Posted};

use crate::{App, links};

/// How far the clock is turned.
#[derive(Deserialize)]
pub(crate) struct Turn {
    to: String,
}

/// Turns the clock on and lets the reconcilers run.
pub(crate) async fn turn(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    Posted(Turn { to }): Posted<Turn>,
) -> Answer<Redirect> {
    if !app.is_demo() {
        return Err(Trouble::NotFound.into());
    }
    let today = app.now().day();
    let day = match to.as_str() {
        "deadline" => {
            let mut tx = app.db().begin(&actor.scope).await?;
            let next = duties::next_deadline(tx.conn(), today).await?;
            next.unwrap_or_else(|| today.plus_days(1))
        }
        "month" => today.month().next().first(),
        // A day ahead, for who plays a month and works on its working days only.
        other => other.parse().ok().filter(|day| *day > today).unwrap_or(today.plus_days(1)),
    };
    app.calendar().is_working(day)?;
    let morning = Now::new(day, 8, 30).ok_or_else(|| Trouble::fault("there is no 08:30"))?;
    if !app.parts().clock.set(morning) {
        return Err(Trouble::NotFound.into());
    }
    (app.parts().after_facts)(app.clone()).await?;
    Ok(Redirect::to(links::today().as_str()))
}
