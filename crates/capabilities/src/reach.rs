//! Asking another system, with the trace of it.

use access::Actor;
use kernel::Trouble;
use outgoing::layout::OutLayout;
use signed_http::{Call, CallFault, Called, Exchange, Line, Spent, trace};

use crate::App;

/// Asks a system and leaves the trace of it. A call that a resting system is spared is traced too.
pub(crate) async fn reach<T: Send + 'static>(
    app: &App,
    actor: &Actor,
    line: &Line,
    call: &Call<'_>,
    ask: impl FnOnce(&dyn Exchange, kernel::Now) -> Called<T> + Send + 'static,
) -> Result<Result<T, CallFault>, Trouble> {
    let times = app.times();
    let called = line.ask(times, ask).await?;
    let took = app.wall().civil().duration_since(times.wall.civil()).as_millis();
    let took_ms = i64::try_from(took.max(0)).unwrap_or(i64::MAX);
    trace(app.db(), actor, line, call, &Spent { at: app.now(), took_ms }, &called).await?;
    Ok(called.result)
}

/// The platform that takes this layout, if one is configured.
pub(crate) fn taker<'a>(app: &'a App, layout: &OutLayout) -> Option<&'a Line> {
    let line = app.exchanges().line(layout.exchange.as_deref()?)?;
    line.config().report.is_some().then_some(line)
}
