//! 账号管理: whom an administrator has let in and how that ends; a person's own password.

mod store;

use db::Db;
use kernel::{AccountId, AreaId, Day, Now, Role, Trouble};
use sqlx::PgConnection;

use crate::account::{Passwords, check_password_length, hashed, wait_seconds};
use crate::audit::{AuditEntry, record};
use crate::session::Actor;
use crate::store::note_failure;

/// 账号与授权: an account with one of its grants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountGrant {
    /// The account.
    pub account: AccountId,
    /// What is typed.
    pub login: String,
    /// Name of the person.
    pub name: String,
    /// As what.
    pub role: Role,
    /// Where.
    pub area: AreaId,
    /// First day on which account and grant hold.
    pub valid_from: Day,
    /// First day without either.
    pub valid_to: Day,
}

/// How many accounts there are within an area.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountCount {
    /// Grants, whatever their days.
    pub grants: i64,
    /// Accounts that can sign in today.
    pub in_force: i64,
}

impl AccountGrant {
    /// Whether it holds on the day.
    pub fn in_force(&self, day: Day) -> bool {
        self.valid_from <= day && day < self.valid_to
    }
}

/// The grants that lie within the actor's area, those in force first, then by area and role.
pub async fn accounts_within(
    conn: &mut PgConnection,
    actor: &Actor,
    today: Day,
    limit: i64,
    offset: i64,
) -> Result<Vec<AccountGrant>, Trouble> {
    store::grants(conn, actor.scope.lo(), actor.scope.hi(), today, limit, offset).await
}

/// How many there are of them.
pub async fn count_accounts(
    conn: &mut PgConnection,
    actor: &Actor,
    today: Day,
) -> Result<AccountCount, Trouble> {
    store::count(conn, actor.scope.lo(), actor.scope.hi(), today).await
}

/// The grants of one account that lie within the actor's area; none when there is no such account
/// there.
pub async fn grants_of(
    conn: &mut PgConnection,
    actor: &Actor,
    account: AccountId,
) -> Result<Vec<AccountGrant>, Trouble> {
    store::grants_of(conn, actor.scope.lo(), actor.scope.hi(), account).await
}

/// 停用: takes back every grant of the account within the actor's area from `today` on, and ends
/// the sessions that rest on them. Says how many grants it took back.
pub async fn end_grants(
    conn: &mut PgConnection,
    actor: &Actor,
    account: AccountId,
    today: Day,
    wall: Now,
) -> Result<usize, Trouble> {
    let ended = store::end_grants(conn, actor.scope.lo(), actor.scope.hi(), account, today).await?;
    store::end_sessions_of_grants(conn, &ended, wall).await?;
    Ok(ended.len())
}

/// 改密码: the actor's own. Whoever does not know the old one has to wait as at sign-in; the
/// account's other sessions end.
pub async fn change_password(
    db: &Db,
    passwords: &Passwords,
    actor: &Actor,
    old: &str,
    new: &str,
    wall: Now,
) -> Result<(), Trouble> {
    check_password_length(new)?;
    let mut tx = db.begin(&actor.scope).await?;
    let stored = store::secret(tx.conn(), actor.account).await?.ok_or(Trouble::NotFound)?;
    if stored.wait_until.is_some_and(|until| until > wall) {
        return Err(Trouble::refused("连续输错次数较多，暂时不能改密码。", "请过一会儿再试。"));
    }
    if !passwords.fits(old, Some(&stored.password_phc)).await? {
        let failures = stored.failed_count + 1;
        let until = wait_seconds(failures).map(|seconds| wall.plus_seconds(seconds));
        note_failure(tx.conn(), actor.account, failures, until).await?;
        tx.commit().await?;
        return Err(Trouble::refused("原密码不对。", "请核对后再试。"));
    }
    store::set_password(tx.conn(), actor.account, &hashed(new).await?).await?;
    store::end_other_sessions(tx.conn(), actor.account, actor.session, wall).await?;
    let object = format!("account/{}", actor.account);
    record(tx.conn(), &AuditEntry::new(actor, wall, "改密码", object)).await?;
    tx.commit().await
}
