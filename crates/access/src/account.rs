use std::sync::Arc;

use argon2::Argon2;
use argon2::password_hash::phc;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use kernel::{AccountId, Day, Refusal, Span, Trouble};
use sqlx::PgConnection;
use tokio::sync::Semaphore;

use crate::store;

/// 账号: a person who logs in. Shared accounts do not exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// What is typed.
    pub login: String,
    /// Name of the person.
    pub name: String,
}

/// Hashes and checks passwords, two at a time: a flood of log-ins must not stop the server.
#[derive(Clone)]
pub struct Passwords {
    slots: Arc<Semaphore>,
    /// Checked when there is no such account, so that both answers take the same time.
    nobody: Arc<str>,
}

/// Shortest password, in characters (no second factor yet: NIST SP 800-63B-4, "should").
const SHORTEST_PASSWORD: usize = 8;

impl Passwords {
    /// Ready to check.
    pub fn new() -> Result<Self, Trouble> {
        let nobody = hash("nobody has this password")?;
        Ok(Self { slots: Arc::new(Semaphore::new(2)), nobody: nobody.into() })
    }

    /// Whether the password fits the stored hash; never for an account that is not there.
    pub(crate) async fn fits(&self, password: &str, stored: Option<&str>) -> Result<bool, Trouble> {
        let _slot = self.slots.acquire().await.map_err(Trouble::fault)?;
        let known = stored.is_some();
        let phc = stored.unwrap_or(&self.nobody).to_owned();
        let password = password.to_owned();
        let fits = tokio::task::spawn_blocking(move || {
            phc::PasswordHash::new(&phc).is_ok_and(|phc| {
                Argon2::default().verify_password(password.as_bytes(), &phc).is_ok()
            })
        })
        .await
        .map_err(Trouble::fault)?;
        Ok(fits && known)
    }
}

fn hash(password: &str) -> Result<String, Trouble> {
    Argon2::default()
        .hash_password(password.as_bytes())
        .map(|phc| phc.to_string())
        .map_err(|e| Trouble::fault(e.to_string()))
}

/// [`hash`] beside the requests: it takes as long as it is meant to.
pub(crate) async fn hashed(password: &str) -> Result<String, Trouble> {
    let password = password.to_owned();
    tokio::task::spawn_blocking(move || hash(&password)).await.map_err(Trouble::fault)?
}

/// Refuses a password that is too short.
pub fn check_password_length(password: &str) -> Result<(), Refusal> {
    if password.chars().count() < SHORTEST_PASSWORD {
        return Err(Refusal::new(
            format!("密码太短，至少 {SHORTEST_PASSWORD} 个字符。"),
            "请换一个长一些、别人猜不到的密码。",
        ));
    }
    Ok(())
}

/// Refuses a login name that is hard to type or to tell apart.
pub fn check_login_name(login: &str) -> Result<(), Refusal> {
    let good = |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '.' | '-' | '_');
    if (2..=32).contains(&login.len()) && login.chars().all(good) {
        return Ok(());
    }
    Err(Refusal::new(
        "登录名应为 2 至 32 个字母或数字，可以有点、横线和下划线。",
        "请换一个登录名。",
    ))
}

/// 口令摘要: a password as it is stored. Made once, it opens several accounts with one password, as
/// a demo's are; everybody else's account has its own.
#[doc(alias = "口令摘要")]
#[derive(Clone, Debug)]
pub struct PasswordHash(String);

impl PasswordHash {
    /// Of a password that is long enough. Takes as long as it is meant to.
    pub async fn of(password: &str) -> Result<Self, Trouble> {
        check_password_length(password)?;
        hashed(password).await.map(Self)
    }
}

/// Opens an account for a person. A login name that is taken is a conflict.
pub async fn open_account(
    conn: &mut PgConnection,
    login: &str,
    name: &str,
    password: &str,
    valid: Span,
) -> Result<AccountId, Trouble> {
    check_login_name(login)?;
    let hash = PasswordHash::of(password).await?;
    open_account_with(conn, login, name, &hash, valid).await
}

/// As [`open_account`], with a password that was hashed before.
pub async fn open_account_with(
    conn: &mut PgConnection,
    login: &str,
    name: &str,
    password: &PasswordHash,
    valid: Span,
) -> Result<AccountId, Trouble> {
    check_login_name(login)?;
    let to = valid.to.unwrap_or_else(|| valid.from.plus_years(2));
    store::insert_account(conn, login, name, &password.0, valid.from, to).await
}

/// How long the next try has to wait after so many failures in a row, in seconds. Never for ever:
/// a permanent lock would let anybody lock anybody out.
pub(crate) fn wait_seconds(failures: i32) -> Option<i64> {
    match failures {
        ..5 => None,
        5..10 => Some(60),
        _ => Some(15 * 60),
    }
}

/// Whether the account is valid on the day.
pub(crate) fn in_force(from: Day, to: Day, today: Day) -> bool {
    from <= today && today < to
}
