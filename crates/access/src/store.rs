//! The statements of this crate.

mod areas;

use db::OrTrouble;
use kernel::{AccountId, AreaId, Day, Now, Purpose, Role, SessionId, Trouble};
use sqlx::{PgConnection, query, query_scalar};
use uuid::Uuid;

use crate::audit::{AuditEntry, SeenEntry};
use crate::session::{Ended, OpenSession};

pub(crate) use areas::*;

/// 授权: a role in an area for a purpose, from a day to a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Whose.
    pub account: AccountId,
    /// As what.
    pub role: Role,
    /// Where.
    pub area: AreaId,
    /// Why.
    pub purpose: Purpose,
    /// First day.
    pub valid_from: Day,
    /// First day without it.
    pub valid_to: Day,
}

fn broken(what: &str) -> Trouble {
    Trouble::fault(format!("{what} holds a word that this program does not know"))
}

pub(crate) async fn insert_account(
    conn: &mut PgConnection,
    login: &str,
    name: &str,
    password_phc: &str,
    from: Day,
    to: Day,
) -> Result<AccountId, Trouble> {
    query_scalar!(
        r#"INSERT INTO account (login, name, password_phc, valid_from, valid_to)
           VALUES ($1, $2, $3, $4, $5) RETURNING id AS "id: AccountId""#,
        login,
        name,
        password_phc,
        from as Day,
        to as Day
    )
    .fetch_one(conn)
    .await
    .or_trouble()
}

/// Gives somebody a role in an area.
pub async fn grant(conn: &mut PgConnection, grant: &Grant) -> Result<(), Trouble> {
    query!(
        "INSERT INTO access_grant (account_id, role, area_id, purpose, valid_from, valid_to)
         VALUES ($1, $2, $3, $4, $5, $6)",
        grant.account as AccountId,
        grant.role.code(),
        grant.area as AreaId,
        grant.purpose.code(),
        grant.valid_from as Day,
        grant.valid_to as Day
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}

pub(crate) struct StoredAccount {
    pub(crate) id: AccountId,
    pub(crate) password_phc: String,
    pub(crate) valid_from: Day,
    pub(crate) valid_to: Day,
    pub(crate) failed_count: i32,
    pub(crate) wait_until: Option<Now>,
}

pub(crate) async fn account_by_login(
    conn: &mut PgConnection,
    login: &str,
) -> Result<Option<StoredAccount>, Trouble> {
    sqlx::query_as!(
        StoredAccount,
        r#"SELECT id AS "id: AccountId", password_phc, valid_from AS "valid_from: Day",
                  valid_to AS "valid_to: Day", failed_count, wait_until AS "wait_until: Now"
           FROM account WHERE login = $1"#,
        login
    )
    .fetch_optional(conn)
    .await
    .or_trouble()
}

pub(crate) async fn note_failure(
    conn: &mut PgConnection,
    account: AccountId,
    failures: i32,
    wait_until: Option<Now>,
) -> Result<(), Trouble> {
    query!(
        "UPDATE account SET failed_count = $2, wait_until = $3 WHERE id = $1",
        account as AccountId,
        failures,
        wait_until as Option<Now>
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}

pub(crate) async fn note_success(
    conn: &mut PgConnection,
    account: AccountId,
) -> Result<(), Trouble> {
    query!(
        "UPDATE account SET failed_count = 0, wait_until = NULL WHERE id = $1",
        account as AccountId
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}

/// The grant in force, as (account, grant). Somebody with several gets the first.
pub(crate) async fn grant_of_account(
    conn: &mut PgConnection,
    account: AccountId,
    today: Day,
) -> Result<Option<(AccountId, i64)>, Trouble> {
    let id = query_scalar!(
        "SELECT id FROM access_grant
         WHERE account_id = $1 AND valid_from <= $2 AND valid_to > $2 ORDER BY id LIMIT 1",
        account as AccountId,
        today as Day
    )
    .fetch_optional(conn)
    .await
    .or_trouble()?;
    Ok(id.map(|id| (account, id)))
}

pub(crate) async fn insert_session(
    conn: &mut PgConnection,
    token_hash: &[u8; 32],
    (account, grant): (AccountId, i64),
    csrf: &str,
    device: &str,
    wall: Now,
) -> Result<SessionId, Trouble> {
    query_scalar!(
        r#"INSERT INTO session
               (token_hash, account_id, grant_id, csrf, device, started_at, last_seen_at)
           VALUES ($1, $2, $3, $4, $5, $6, $6) RETURNING id AS "id: SessionId""#,
        token_hash.as_slice(),
        account as AccountId,
        grant,
        csrf,
        device,
        wall as Now
    )
    .fetch_one(conn)
    .await
    .or_trouble()
}

pub(crate) struct StoredSession {
    pub(crate) id: SessionId,
    pub(crate) account_id: AccountId,
    pub(crate) name: String,
    pub(crate) role: Role,
    pub(crate) purpose: Purpose,
    pub(crate) area_id: AreaId,
    pub(crate) lo: i32,
    pub(crate) hi: i32,
    pub(crate) csrf: String,
    pub(crate) started_at: Now,
    pub(crate) last_seen_at: Now,
    pub(crate) valid_from: Day,
    pub(crate) valid_to: Day,
}

pub(crate) async fn session_by_hash(
    conn: &mut PgConnection,
    token_hash: &[u8; 32],
) -> Result<Option<StoredSession>, Trouble> {
    let row = query!(
        r#"SELECT s.id AS "id: SessionId", s.account_id AS "account_id: AccountId", a.name, g.role,
                  g.purpose, g.area_id AS "area_id: AreaId", p.lo, p.hi, s.csrf,
                  s.started_at AS "started_at: Now", s.last_seen_at AS "last_seen_at: Now",
                  greatest(g.valid_from, a.valid_from) AS "valid_from!: Day",
                  least(g.valid_to, a.valid_to) AS "valid_to!: Day"
           FROM session s JOIN account a ON a.id = s.account_id
           JOIN access_grant g ON g.id = s.grant_id JOIN area_position p ON p.area_id = g.area_id
           WHERE s.token_hash = $1 AND s.ended_at IS NULL"#,
        token_hash.as_slice()
    )
    .fetch_optional(conn)
    .await
    .or_trouble()?;
    row.map(|r| {
        Ok(StoredSession {
            id: r.id,
            account_id: r.account_id,
            name: r.name,
            role: Role::from_code(&r.role).ok_or_else(|| broken("access_grant.role"))?,
            purpose: Purpose::from_code(&r.purpose)
                .ok_or_else(|| broken("access_grant.purpose"))?,
            area_id: r.area_id,
            lo: r.lo,
            hi: r.hi,
            csrf: r.csrf,
            started_at: r.started_at,
            last_seen_at: r.last_seen_at,
            valid_from: r.valid_from,
            valid_to: r.valid_to,
        })
    })
    .transpose()
}

pub(crate) async fn touch_session(
    conn: &mut PgConnection,
    session: SessionId,
    wall: Now,
) -> Result<(), Trouble> {
    query!("UPDATE session SET last_seen_at = $2 WHERE id = $1", session as SessionId, wall as Now)
        .execute(conn)
        .await
        .or_trouble()?;
    Ok(())
}

pub(crate) async fn end_session(
    conn: &mut PgConnection,
    session: SessionId,
    wall: Now,
    because: &str,
) -> Result<(), Trouble> {
    query!(
        "UPDATE session SET ended_at = $2, ended_because = $3 WHERE id = $1 AND ended_at IS NULL",
        session as SessionId,
        wall as Now,
        because
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}

pub(crate) async fn why_ended(
    conn: &mut PgConnection,
    token_hash: &[u8; 32],
) -> Result<Option<Ended>, Trouble> {
    let because = query_scalar!(
        "SELECT ended_because FROM session WHERE token_hash = $1",
        token_hash.as_slice()
    )
    .fetch_optional(conn)
    .await
    .or_trouble()?;
    because
        .flatten()
        .map(|code| Ended::from_code(&code).ok_or_else(|| broken("session.ended_because")))
        .transpose()
}

pub(crate) async fn open_sessions(
    conn: &mut PgConnection,
    lo: i32,
    hi: i32,
    seen_after: Now,
) -> Result<Vec<OpenSession>, Trouble> {
    let rows = query!(
        r#"SELECT s.id AS "id: SessionId", a.login, a.name, g.role,
                  g.area_id AS "area: AreaId", s.device,
                  s.started_at AS "started_at: Now", s.last_seen_at AS "last_seen_at: Now"
           FROM session s JOIN account a ON a.id = s.account_id
           JOIN access_grant g ON g.id = s.grant_id JOIN area_position p ON p.area_id = g.area_id
           WHERE s.ended_at IS NULL AND s.last_seen_at > $3 AND p.lo >= $1 AND p.lo < $2
           ORDER BY s.last_seen_at DESC, s.id LIMIT 500"#,
        lo,
        hi,
        seen_after as Now
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    rows.into_iter()
        .map(|r| {
            Ok(OpenSession {
                id: r.id,
                login: r.login,
                name: r.name,
                role: Role::from_code(&r.role).ok_or_else(|| broken("access_grant.role"))?,
                area: r.area,
                device: r.device,
                started_at: r.started_at,
                last_seen_at: r.last_seen_at,
            })
        })
        .collect()
}

pub(crate) async fn insert_audit_entry(
    conn: &mut PgConnection,
    entry: &AuditEntry<'_>,
) -> Result<Uuid, Trouble> {
    let actor = entry.actor;
    let account = (actor.account.get() != 0).then_some(actor.account);
    query_scalar!(
        "INSERT INTO audit_entry (at, account_id, session_id, role, area_id, area_pos, action,
                                  object, before_sm3, after_sm3, note)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING id",
        entry.at as Now,
        account as Option<AccountId>,
        actor.session as Option<SessionId>,
        actor.role.code(),
        actor.area as AreaId,
        actor.scope.lo(),
        entry.action,
        entry.object,
        entry.before.as_ref().map(<[u8; 32]>::as_slice),
        entry.after.as_ref().map(<[u8; 32]>::as_slice),
        entry.note
    )
    .fetch_one(conn)
    .await
    .or_trouble()
}

pub(crate) async fn count_audit_entries(
    conn: &mut PgConnection,
    object: &str,
    action: &str,
) -> Result<i64, Trouble> {
    query_scalar!(
        r#"SELECT count(*) AS "n!" FROM audit_entry WHERE object = $1 AND action = $2"#,
        object,
        action
    )
    .fetch_one(conn)
    .await
    .or_trouble()
}

/// What was kept under this name.
pub async fn setting(conn: &mut PgConnection, name: &str) -> Result<Option<String>, Trouble> {
    query_scalar!("SELECT value FROM setting WHERE name = $1", name)
        .fetch_optional(conn)
        .await
        .or_trouble()
}

/// Keeps a text under a name.
pub async fn set_setting(conn: &mut PgConnection, name: &str, value: &str) -> Result<(), Trouble> {
    query!(
        "INSERT INTO setting (name, value) VALUES ($1, $2)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        name,
        value
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}

pub(crate) async fn audit_entries(
    conn: &mut PgConnection,
    limit: i64,
    offset: i64,
) -> Result<Vec<SeenEntry>, Trouble> {
    let rows = query!(
        r#"SELECT e.at AS "at: Now", a.name AS "who?", e.role, e.area_id AS "area: AreaId",
                  e.action, e.object, e.note
           FROM audit_entry e LEFT JOIN account a ON a.id = e.account_id
           ORDER BY e.at DESC, e.action, a.name, e.note, e.object, e.id LIMIT $1 OFFSET $2"#,
        limit,
        offset
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    rows.into_iter()
        .map(|r| {
            Ok(SeenEntry {
                at: r.at,
                who: r.who,
                role: Role::from_code(&r.role).ok_or_else(|| broken("audit_entry.role"))?,
                area: r.area,
                action: r.action,
                object: r.object,
                note: r.note,
            })
        })
        .collect()
}

pub(crate) async fn count_all_audit_entries(conn: &mut PgConnection) -> Result<i64, Trouble> {
    query_scalar!(r#"SELECT count(*) AS "n!" FROM audit_entry"#).fetch_one(conn).await.or_trouble()
}
