//! 账号管理: whom an administrator has let in and how that ends; a person's own password.

mod store;

use db::Db;
use kernel::{AccountId, AreaId, Day, Now, Role, Trouble};
use sqlx::PgConnection;

use crate::account::{Passwords, check_password_length, hashed, wait_seconds};
use crate::audit::{AuditEntry, record};
use crate::rights::purpose_of;
use crate::session::{Actor, Times};
use crate::store::{Grant, grant, note_failure};

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

/// 续期与重设密码: the account goes on until the day before `valid_to`, and gets another password if
/// one is given; with an audit entry when anything changes.
pub async fn change_account(
    conn: &mut PgConnection,
    actor: &Actor,
    account: AccountId,
    valid_to: Day,
    new_password: Option<&str>,
    Times { now, wall }: Times,
) -> Result<(), Trouble> {
    let today = now.day();
    let grants = grants_of(conn, actor, account).await?;
    let last = grants.first().ok_or(Trouble::NotFound)?;
    let mut note = Vec::new();
    if valid_to < last.valid_to || valid_to <= today {
        return Err(Trouble::refused(
            "续期的日期比现在的有效期早，或者已经过去。",
            "请填更晚的日期；要提前结束的，请停用这个账号。",
        ));
    }
    if valid_to > last.valid_to {
        renew(conn, last, valid_to, today).await?;
        note.push(format!("续期至 {}", valid_to.plus_days(-1)));
    }
    if let Some(new) = new_password {
        reset_password(conn, actor, account, new, today, wall).await?;
        note.push("重设密码".to_owned());
    }
    if !note.is_empty() {
        let entry = AuditEntry::new(actor, now, "改账号", format!("account/{account}"));
        record(conn, &entry.note(note.join("，"))).await?;
    }
    Ok(())
}

/// The same role in the same area goes on, from today or from where it ends. What has been is
/// left as it was.
async fn renew(
    conn: &mut PgConnection,
    last: &AccountGrant,
    valid_to: Day,
    today: Day,
) -> Result<(), Trouble> {
    store::extend_account(conn, last.account, valid_to).await?;
    let next = Grant {
        account: last.account,
        role: last.role,
        area: last.area,
        purpose: purpose_of(last.role),
        valid_from: last.valid_to.max(today),
        valid_to,
    };
    grant(conn, &next).await
}

/// Only of somebody whose every grant lies within the actor's area: who may sign in as somebody
/// with rights elsewhere would have them too. The account's sessions end.
async fn reset_password(
    conn: &mut PgConnection,
    actor: &Actor,
    account: AccountId,
    new: &str,
    today: Day,
    wall: Now,
) -> Result<(), Trouble> {
    check_password_length(new)?;
    if store::is_granted_outside(conn, actor.scope.lo(), actor.scope.hi(), account, today).await? {
        return Err(Trouble::refused(
            "这个账号在您的辖区以外也有授权，不能由您重设密码。",
            "请上一级系统管理员重设。",
        ));
    }
    store::set_password(conn, account, &hashed(new).await?).await?;
    store::end_other_sessions(conn, account, None, wall).await
}

/// 改密码: the actor's own. Whoever does not know the old one has to wait as at sign-in; the
/// account's other sessions end.
pub async fn change_password(
    db: &Db,
    passwords: &Passwords,
    actor: &Actor,
    old: &str,
    new: &str,
    Times { now, wall }: Times,
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
    record(tx.conn(), &AuditEntry::new(actor, now, "改密码", object)).await?;
    tx.commit().await
}
