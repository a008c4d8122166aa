//! The statements of account management.

use db::OrTrouble;
use kernel::{AccountId, AreaId, Day, Now, Role, SessionId, Trouble};
use sqlx::{PgConnection, query, query_as, query_scalar};

use super::{AccountCount, AccountGrant};

struct GrantRow {
    account: AccountId,
    login: String,
    name: String,
    role: String,
    area: AreaId,
    valid_from: Day,
    valid_to: Day,
}

impl TryFrom<GrantRow> for AccountGrant {
    type Error = Trouble;

    fn try_from(row: GrantRow) -> Result<Self, Trouble> {
        let role = Role::from_code(&row.role).ok_or_else(|| {
            Trouble::fault(format!("access_grant.role of account {} is unknown", row.account))
        })?;
        Ok(Self {
            account: row.account,
            login: row.login,
            name: row.name,
            role,
            area: row.area,
            valid_from: row.valid_from,
            valid_to: row.valid_to,
        })
    }
}

pub(super) async fn grants(
    conn: &mut PgConnection,
    lo: i32,
    hi: i32,
    today: Day,
    limit: i64,
    offset: i64,
) -> Result<Vec<AccountGrant>, Trouble> {
    let rows = query_as!(
        GrantRow,
        r#"SELECT a.id AS "account: AccountId", a.login, a.name, g.role,
                  g.area_id AS "area: AreaId",
                  greatest(g.valid_from, a.valid_from) AS "valid_from!: Day",
                  least(g.valid_to, a.valid_to) AS "valid_to!: Day"
           FROM access_grant g JOIN account a ON a.id = g.account_id
           JOIN area_position p ON p.area_id = g.area_id
           WHERE p.lo >= $1 AND p.lo < $2
           ORDER BY least(g.valid_to, a.valid_to) > $3 DESC, p.lo, g.role, a.login, g.id
           LIMIT $4 OFFSET $5"#,
        lo,
        hi,
        today as Day,
        limit,
        offset
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    rows.into_iter().map(AccountGrant::try_from).collect()
}

pub(super) async fn count(
    conn: &mut PgConnection,
    lo: i32,
    hi: i32,
    today: Day,
) -> Result<AccountCount, Trouble> {
    query_as!(
        AccountCount,
        r#"SELECT count(*) AS "grants!",
                  count(DISTINCT a.id) FILTER (
                      WHERE greatest(g.valid_from, a.valid_from) <= $3
                        AND least(g.valid_to, a.valid_to) > $3
                  ) AS "in_force!"
           FROM access_grant g JOIN account a ON a.id = g.account_id
           JOIN area_position p ON p.area_id = g.area_id
           WHERE p.lo >= $1 AND p.lo < $2"#,
        lo,
        hi,
        today as Day
    )
    .fetch_one(conn)
    .await
    .or_trouble()
}

pub(super) async fn grants_of(
    conn: &mut PgConnection,
    lo: i32,
    hi: i32,
    account: AccountId,
) -> Result<Vec<AccountGrant>, Trouble> {
    let rows = query_as!(
        GrantRow,
        r#"SELECT a.id AS "account: AccountId", a.login, a.name, g.role,
                  g.area_id AS "area: AreaId",
                  greatest(g.valid_from, a.valid_from) AS "valid_from!: Day",
                  least(g.valid_to, a.valid_to) AS "valid_to!: Day"
           FROM access_grant g JOIN account a ON a.id = g.account_id
           JOIN area_position p ON p.area_id = g.area_id
           WHERE p.lo >= $1 AND p.lo < $2 AND a.id = $3
           ORDER BY g.valid_to DESC, g.id LIMIT 200"#,
        lo,
        hi,
        account as AccountId
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    rows.into_iter().map(AccountGrant::try_from).collect()
}

/// A grant that was to begin later never begins.
pub(super) async fn end_grants(
    conn: &mut PgConnection,
    lo: i32,
    hi: i32,
    account: AccountId,
    today: Day,
) -> Result<Vec<i64>, Trouble> {
    query_scalar!(
        "UPDATE access_grant g SET valid_to = greatest(g.valid_from, $4)
         FROM area_position p
         WHERE p.area_id = g.area_id AND p.lo >= $1 AND p.lo < $2 AND g.account_id = $3
           AND g.valid_to > greatest(g.valid_from, $4)
         RETURNING g.id",
        lo,
        hi,
        account as AccountId,
        today as Day
    )
    .fetch_all(conn)
    .await
    .or_trouble()
}

pub(super) async fn end_sessions_of_grants(
    conn: &mut PgConnection,
    grants: &[i64],
    wall: Now,
) -> Result<(), Trouble> {
    query!(
        "UPDATE session SET ended_at = $2, ended_because = 'rights_changed'
         WHERE grant_id = ANY($1) AND ended_at IS NULL",
        grants,
        wall as Now
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}

pub(super) async fn end_other_sessions(
    conn: &mut PgConnection,
    account: AccountId,
    but: Option<SessionId>,
    wall: Now,
) -> Result<(), Trouble> {
    query!(
        "UPDATE session SET ended_at = $3, ended_because = 'rights_changed'
         WHERE account_id = $1 AND id IS DISTINCT FROM $2 AND ended_at IS NULL",
        account as AccountId,
        but as Option<SessionId>,
        wall as Now
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}

pub(super) async fn extend_account(
    conn: &mut PgConnection,
    account: AccountId,
    valid_to: Day,
) -> Result<(), Trouble> {
    query!(
        "UPDATE account SET valid_to = greatest(valid_to, $2) WHERE id = $1",
        account as AccountId,
        valid_to as Day
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}

/// Whether the account has a grant outside of the positions that has not ended.
pub(super) async fn is_granted_outside(
    conn: &mut PgConnection,
    lo: i32,
    hi: i32,
    account: AccountId,
    today: Day,
) -> Result<bool, Trouble> {
    query_scalar!(
        r#"SELECT EXISTS (
               SELECT FROM access_grant g JOIN area_position p ON p.area_id = g.area_id
               WHERE g.account_id = $3 AND g.valid_to > greatest(g.valid_from, $4)
                 AND (p.lo < $1 OR p.lo >= $2)
           ) AS "outside!""#,
        lo,
        hi,
        account as AccountId,
        today as Day
    )
    .fetch_one(conn)
    .await
    .or_trouble()
}

pub(super) struct Secret {
    pub(super) password_phc: String,
    pub(super) failed_count: i32,
    pub(super) wait_until: Option<Now>,
}

pub(super) async fn secret(
    conn: &mut PgConnection,
    account: AccountId,
) -> Result<Option<Secret>, Trouble> {
    query_as!(
        Secret,
        r#"SELECT password_phc, failed_count, wait_until AS "wait_until: Now"
           FROM account WHERE id = $1"#,
        account as AccountId
    )
    .fetch_optional(conn)
    .await
    .or_trouble()
}

pub(super) async fn set_password(
    conn: &mut PgConnection,
    account: AccountId,
    password_phc: &str,
) -> Result<(), Trouble> {
    query!(
        "UPDATE account SET password_phc = $2, failed_count = 0, wait_until = NULL WHERE id = $1",
        account as AccountId,
        password_phc
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}
