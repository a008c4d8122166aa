//! The statements over calls to other systems and their cached answers.

use access::Sealed;
use db::OrTrouble;
use kernel::{AccountId, Now, PersonId, Trouble};
use sqlx::{PgConnection, query};

/// A call as it is traced.
pub(crate) struct NewCall<'a> {
    pub(crate) exchange: &'a str,
    pub(crate) act: &'a str,
    pub(crate) person: Option<PersonId>,
    pub(crate) area_pos: i32,
    pub(crate) purpose: &'a str,
    pub(crate) at: Now,
    pub(crate) took_ms: i64,
    pub(crate) attempts: i32,
    pub(crate) outcome: &'a str,
    pub(crate) by: Option<AccountId>,
}

pub(crate) async fn insert_call(conn: &mut PgConnection, it: &NewCall<'_>) -> Result<(), Trouble> {
    query!(
        "INSERT INTO exchange_call (exchange, act, person_id, area_pos, purpose, at, took_ms,
             attempts, outcome, account_id)
         VALUES ($1, $2, $3, coalesce((SELECT area_pos FROM person WHERE person_id = $3), $4),
             $5, $6, $7, $8, $9, $10)",
        it.exchange,
        it.act,
        it.person as Option<PersonId>,
        it.area_pos,
        it.purpose,
        it.at as Now,
        it.took_ms,
        it.attempts,
        it.outcome,
        it.by as Option<AccountId>
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}

/// A call as it is shown.
#[derive(Clone, Debug)]
pub struct SeenCall {
    /// Id of the system.
    pub exchange: String,
    /// What it was asked; see [`crate::Call`].
    pub act: String,
    /// About whom.
    pub person: Option<PersonId>,
    /// Why.
    pub purpose: String,
    /// When.
    pub at: Now,
    /// How long it took.
    pub took_ms: i64,
    /// Tries.
    pub attempts: i32,
    /// What came of it; see [`crate::outcome_chinese`].
    pub outcome: String,
    /// Who asked; nobody for the program.
    pub by: Option<String>,
}

/// Calls of the scope, or those about one person and whoever was merged into them; the newest
/// first.
pub async fn calls(
    conn: &mut PgConnection,
    person: Option<PersonId>,
    limit: i64,
    offset: i64,
) -> Result<Vec<SeenCall>, Trouble> {
    sqlx::query_as!(
        SeenCall,
        r#"SELECT c.exchange, c.act, c.person_id AS "person: PersonId", c.purpose,
                  c.at AS "at: Now", c.took_ms, c.attempts, c.outcome, a.name AS "by?"
           FROM exchange_call c LEFT JOIN account a ON a.id = c.account_id
           WHERE $1::uuid IS NULL OR c.person_id IN (
               SELECT person_id FROM person WHERE person_id = $1 OR merged_into = $1)
           ORDER BY c.id DESC LIMIT $2 OFFSET $3"#,
        person as Option<PersonId>,
        limit,
        offset
    )
    .fetch_all(conn)
    .await
    .or_trouble()
}

/// Keeps an answer in the place of the one before.
pub async fn put_answer(
    conn: &mut PgConnection,
    exchange: &str,
    person: PersonId,
    at: Now,
    sealed: &Sealed,
) -> Result<(), Trouble> {
    query!(
        "INSERT INTO exchange_answer (exchange, person_id, answered_at, sealed, key_version)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (person_id, exchange) DO UPDATE
         SET answered_at = excluded.answered_at, sealed = excluded.sealed,
             key_version = excluded.key_version",
        exchange,
        person as PersonId,
        at as Now,
        sealed.bytes,
        sealed.key_version
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}

/// The last answer about a person, and when it was given.
pub async fn answer(
    conn: &mut PgConnection,
    exchange: &str,
    person: PersonId,
) -> Result<Option<(Now, Sealed)>, Trouble> {
    let row = query!(
        r#"SELECT answered_at AS "at: Now", sealed, key_version FROM exchange_answer
           WHERE exchange = $1 AND person_id = $2"#,
        exchange,
        person as PersonId
    )
    .fetch_optional(conn)
    .await
    .or_trouble()?;
    Ok(row.map(|r| (r.at, Sealed { bytes: r.sealed, key_version: r.key_version })))
}
