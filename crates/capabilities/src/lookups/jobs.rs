//! 核验一次 and 批量拉取.

use access::{Actor, AuditEntry, Sealed, record};
use kernel::{BatchId, Day, Now, PersonId, Trouble};
use signed_http::{Answer, Call, Config, Line, store};
use sqlx::PgConnection;

use super::domain::{Seen, Why};
use crate::reach::reach;
use crate::{App, Incoming, take_in};

/// The line with this id that answers about people.
pub(super) fn line<'a>(app: &'a App, id: &str) -> Result<&'a Line, Trouble> {
    app.exchanges().line(id).filter(|it| it.config().look_up.is_some()).ok_or(Trouble::NotFound)
}

fn place(exchange: &str, person: PersonId) -> String {
    format!("exchange_answer.sealed/{exchange}/{person}")
}

/// The last answer that a system gave about a person; none inside when it knew nobody.
pub(super) async fn last_answer(
    app: &App,
    conn: &mut PgConnection,
    exchange: &str,
    person: PersonId,
) -> Result<Option<(Now, Option<Answer>)>, Trouble> {
    let Some((at, sealed)) = store::answer(conn, exchange, person).await? else {
        return Ok(None);
    };
    let clear = app.vault().open(&place(exchange, person), &sealed)?;
    Ok(Some((at, serde_json::from_slice(&clear).map_err(Trouble::fault)?)))
}

/// What a line has said about a person of late.
pub(super) fn seen(config: &Config, answered_at: Option<Now>, failed: bool) -> Option<Seen> {
    let look_up = config.look_up.as_ref()?;
    let (cache_hours, on_failure) = (look_up.cache_hours, look_up.on_failure);
    Some(Seen { cache_hours, on_failure, answered_at, failed })
}

/// 核验一次: asks, unless a young answer is there. The entry is on record before the number
/// leaves. What came of it stands in the trace and in the cache.
pub(super) async fn look_up(
    app: &App,
    actor: &Actor,
    person: PersonId,
    exchange: &str,
    why: Why,
) -> Result<(), Trouble> {
    let line = line(app, exchange)?;
    let config = line.config();
    let mut tx = app.db().begin(&actor.scope).await?;
    let person = facts::people::card(tx.conn(), person).await?.id;
    let answered_at = store::answer(tx.conn(), exchange, person).await?.map(|(at, _)| at);
    let fresh = seen(config, answered_at, false).is_some_and(|it| it.is_fresh(app.now()));
    let note = format!("{}，{}", config.name, why.chinese());
    let note = if fresh { format!("{note}，用已有的应答") } else { note };
    let entry =
        AuditEntry::new(actor, app.now(), "实时核验", format!("person/{person}")).note(note);
    record(tx.conn(), &entry).await?;
    let number = if fresh {
        None
    } else {
        Some(facts::people::reveal_number(tx.conn(), app.vault(), person).await?)
    };
    tx.commit().await?;
    let Some(number) = number else { return Ok(()) };
    let call = Call { act: "look_up", person: Some(person), purpose: why.chinese() };
    let answer =
        reach(app, actor, line, &call, move |exchange, at| exchange.look_up(&number, at)).await?;
    let Ok(answer) = answer else { return Ok(()) };
    let clear = serde_json::to_vec(&answer).map_err(Trouble::fault)?;
    let sealed: Sealed = app.vault().seal(&place(exchange, person), &clear)?;
    let mut tx = app.db().begin(&actor.scope).await?;
    store::put_answer(tx.conn(), exchange, person, app.now(), &sealed).await?;
    tx.commit().await
}

/// 批量拉取: the bytes go the way of every file.
pub(super) async fn pull(
    app: &App,
    actor: &Actor,
    exchange: &str,
    supplier: &str,
    as_of: Day,
) -> Result<BatchId, Trouble> {
    let line = app.exchanges().line(exchange).ok_or(Trouble::NotFound)?;
    let config = line.config();
    let what = config.pull.iter().find(|it| it.supplier == supplier).ok_or(Trouble::NotFound)?;
    let what = what.clone();
    let name = format!("{}_{}_{as_of}.{}", config.name, app.source_name(supplier), what.ending);
    let call = Call { act: "pull", person: None, purpose: "部门数据归集" };
    let answer =
        reach(app, actor, line, &call, move |exchange, at| exchange.pull(&what, as_of, at)).await?;
    let bytes = answer.map_err(|fault| {
        Trouble::refused(
            format!("没有拉到{}：{}。", app.source_name(supplier), fault.chinese()),
            format!("请过一会儿再试；一直不行请向{}要文件。", config.department),
        )
    })?;
    let incoming = Incoming { supplier: supplier.to_owned(), as_of, file_name: name, bytes };
    take_in(app, actor, incoming).await
}
