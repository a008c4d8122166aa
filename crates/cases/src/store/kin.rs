//! The statements over declarations of relatives.

use db::OrTrouble;
use kernel::{AccountId, Now, PersonId, Trouble};
use sqlx::{PgConnection, query, query_as, query_scalar};

use crate::kin::{Declaration, Relation};

pub(crate) async fn relation(
    conn: &mut PgConnection,
    account: AccountId,
    person: PersonId,
) -> Result<Option<Relation>, Trouble> {
    let code = query_scalar!(
        "SELECT relation FROM kin_declaration
         WHERE account_id = $1 AND ended_at IS NULL
           AND (person_id = $2
                OR person_id IN (SELECT person_id FROM person WHERE merged_into = $2))
         LIMIT 1",
        account as AccountId,
        person as PersonId
    )
    .fetch_optional(conn)
    .await
    .or_trouble()?;
    Ok(code.map(|code| Relation::from_code(&code).unwrap_or(Relation::Other)))
}

pub(crate) async fn among(
    conn: &mut PgConnection,
    account: AccountId,
    people: &[PersonId],
) -> Result<Vec<PersonId>, Trouble> {
    query_scalar!(
        r#"SELECT DISTINCT coalesce(p.merged_into, p.person_id) AS "person!: PersonId"
           FROM kin_declaration k JOIN person p ON p.person_id = k.person_id
           WHERE k.account_id = $1 AND k.ended_at IS NULL
             AND coalesce(p.merged_into, p.person_id) = ANY($2)"#,
        account as AccountId,
        people as &[PersonId]
    )
    .fetch_all(conn)
    .await
    .or_trouble()
}

/// Gives whether it was not declared already.
pub(crate) async fn declare(
    conn: &mut PgConnection,
    account: AccountId,
    person: PersonId,
    relation: Relation,
    at: Now,
) -> Result<bool, Trouble> {
    let done = query!(
        "INSERT INTO kin_declaration (account_id, person_id, relation, declared_at, declared_by)
         VALUES ($1, $2, $3, $4, $1) ON CONFLICT DO NOTHING",
        account as AccountId,
        person as PersonId,
        relation.code(),
        at as Now
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(done.rows_affected() == 1)
}

/// Gives whether it still held.
pub(crate) async fn end(
    conn: &mut PgConnection,
    id: i64,
    by: AccountId,
    reason: &str,
    at: Now,
) -> Result<bool, Trouble> {
    let done = query!(
        "UPDATE kin_declaration SET ended_at = $2, ended_by = $3, ended_reason = $4
         WHERE id = $1 AND ended_at IS NULL",
        id,
        at as Now,
        by as AccountId,
        reason
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(done.rows_affected() == 1)
}

struct DeclarationRow {
    id: i64,
    account: AccountId,
    name: String,
    person: PersonId,
    relation: String,
    declared_at: Now,
    ended_at: Option<Now>,
    ended_by: Option<String>,
    ended_reason: String,
}

impl From<DeclarationRow> for Declaration {
    fn from(row: DeclarationRow) -> Self {
        let ended = row.ended_at.zip(row.ended_by).map(|(at, by)| (at, by, row.ended_reason));
        Self {
            id: row.id,
            account: row.account,
            name: row.name,
            person: row.person,
            relation: Relation::from_code(&row.relation).unwrap_or(Relation::Other),
            declared_at: row.declared_at,
            ended,
        }
    }
}

pub(crate) async fn declaration(
    conn: &mut PgConnection,
    id: i64,
) -> Result<Option<Declaration>, Trouble> {
    let row = query_as!(
        DeclarationRow,
        r#"SELECT k.id, k.account_id AS "account: AccountId", a.name,
                  k.person_id AS "person: PersonId", k.relation,
                  k.declared_at AS "declared_at: Now", k.ended_at AS "ended_at: Now",
                  e.name AS "ended_by?", k.ended_reason
           FROM kin_declaration k JOIN account a ON a.id = k.account_id
           LEFT JOIN account e ON e.id = k.ended_by WHERE k.id = $1"#,
        id
    )
    .fetch_optional(conn)
    .await
    .or_trouble()?;
    Ok(row.map(Declaration::from))
}

pub(crate) async fn declarations(
    conn: &mut PgConnection,
    account: Option<AccountId>,
    limit: i64,
    offset: i64,
) -> Result<Vec<Declaration>, Trouble> {
    let rows = query_as!(
        DeclarationRow,
        r#"SELECT k.id, k.account_id AS "account: AccountId", a.name,
                  k.person_id AS "person: PersonId", k.relation,
                  k.declared_at AS "declared_at: Now", k.ended_at AS "ended_at: Now",
                  e.name AS "ended_by?", k.ended_reason
           FROM kin_declaration k JOIN account a ON a.id = k.account_id
           LEFT JOIN account e ON e.id = k.ended_by
           WHERE $1::bigint IS NULL OR k.account_id = $1
           ORDER BY k.ended_at IS NOT NULL, k.id DESC LIMIT $2 OFFSET $3"#,
        account as Option<AccountId>,
        limit,
        offset
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    Ok(rows.into_iter().map(Declaration::from).collect())
}

pub(crate) async fn count(
    conn: &mut PgConnection,
    account: Option<AccountId>,
) -> Result<i64, Trouble> {
    query_scalar!(
        r#"SELECT count(*) AS "n!" FROM kin_declaration
           WHERE $1::bigint IS NULL OR account_id = $1"#,
        account as Option<AccountId>
    )
    .fetch_one(conn)
    .await
    .or_trouble()
}
