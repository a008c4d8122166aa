//! 按当时所知: everybody's facts as they were known at an earlier moment, for replaying a month.
//!
//! A moment is a number, the mark: assertions are numbered as they come, and what else changes in
//! place (a person's card, the newest file of a source, the rows that wait on the desk) keeps what
//! it was under numbers of the same sequence. See `migrations/0017_as_of.sql`.

#[cfg(test)]
mod tests;

use kernel::{AssertionId, Trouble};
use sqlx::PgConnection;

use super::{Subject, store};
use crate::merge::Ranks;

/// How long [`high_water`] waits for who is writing, in milliseconds: a county's largest file takes
/// less.
const PATIENCE_MS: i32 = 20_000;

/// 此刻所知: a mark under which nothing can appear any more and that divides nobody's transaction.
/// What is read as of it is the same now and in ten years. Takes no lock; nobody waits for it.
///
/// What the caller's own transaction has written counts as known. In the same transaction only
/// statements after this one see all that lies under the mark.
///
/// # Errors
/// Refused when somebody writes facts without a pause, as while a department's file goes in.
#[doc(alias = "此刻所知")]
pub async fn high_water(conn: &mut PgConnection) -> Result<AssertionId, Trouble> {
    store::high_water(conn, PATIENCE_MS).await?.ok_or_else(|| {
        Trouble::refused("现在有部门数据正在入库，还定不下“此刻所知”。", "请等它入库后再试。")
    })
}

/// Everybody of an area as [`super::subjects`] gave them when `mark` was the newest number, in the
/// order of their ids. The connection is the engine's; `ranks` are the layouts' own.
#[doc(alias = "按当时所知")]
pub async fn subjects_as_of(
    conn: &mut PgConnection,
    lo: i32,
    hi: i32,
    mark: AssertionId,
    ranks: &Ranks,
) -> Result<Vec<Subject>, Trouble> {
    store::subjects_as_of(conn, (lo, hi), mark, ranks.columns()).await
}
