use db::{Db, Scope};
use kernel::{AccountId, AreaId, Day, Now, Purpose, Role, SessionId, Trouble};
use sm3::{Digest, Sm3};
use sqlx::PgConnection;

use crate::account::{Passwords, in_force, wait_seconds};
use crate::audit::{AuditEntry, record};
use crate::store;
use crate::vault::{hex, random};

/// A session ends when nothing was asked for so long: 15 minutes.
pub const IDLE_SECONDS: i64 = 15 * 60;
/// A session ends after so long in any case: 12 hours.
pub const OVERALL_SECONDS: i64 = 12 * 60 * 60;

/// What the browser keeps: 256 random bits. The database keeps their hash only.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// What the cookie says.
    pub fn from_cookie(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// What the cookie is to say.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    fn hash(&self) -> [u8; 32] {
        Sm3::digest(self.0.as_bytes()).into()
    }
}

/// Somebody who asks: who, as what, where, why. Every transaction over people needs its scope.
#[derive(Clone, Debug)]
pub struct Actor {
    /// The account, and its person's name.
    pub account: AccountId,
    /// Name of the person.
    pub name: String,
    /// As what.
    pub role: Role,
    /// Why.
    pub purpose: Purpose,
    /// Where.
    pub area: AreaId,
    /// The same, as the database takes it.
    pub scope: Scope,
    /// The session, when a person is signed in; none for the system's own jobs.
    pub session: Option<SessionId>,
    /// Token that the forms of the session carry.
    pub csrf: String,
}

/// The two clocks: sessions go by the machine's, everything that is on record by the bureau's. They
/// differ in the demo only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Times {
    /// What the bureau's clock says.
    pub now: Now,
    /// What the machine's clock says.
    pub wall: Now,
}

/// 在线用户: one open session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenSession {
    /// The session.
    pub id: SessionId,
    /// What was typed.
    pub login: String,
    /// Who.
    pub name: String,
    /// As what.
    pub role: Role,
    /// Where.
    pub area: AreaId,
    /// From where, as the browser says.
    pub device: String,
    /// Since when.
    pub started_at: Now,
    /// Last request.
    pub last_seen_at: Now,
}

/// Signs somebody in. `wall` is the machine's time, `now` what the bureau's clock says.
///
/// A wrong name and a wrong password get the same answer after the same time.
pub async fn sign_in(
    db: &Db,
    passwords: &Passwords,
    login: &str,
    password: &str,
    device: &str,
    Times { now, wall }: Times,
) -> Result<Token, Trouble> {
    let today = now.day();
    let wrong =
        || Trouble::refused("登录名或密码不对。", "请核对后再试；忘记密码请找本单位系统管理员。");
    let mut tx = db.begin_unscoped().await?;
    let account = store::account_by_login(tx.conn(), login).await?;
    if let Some(until) = account.as_ref().and_then(|a| a.wait_until)
        && until > wall
    {
        return Err(Trouble::refused(
            "连续输错次数较多，这个登录名暂时不能登录。",
            "请过一会儿再试。",
        ));
    }
    let stored = account.as_ref().map(|a| a.password_phc.as_str());
    let fits = passwords.fits(password, stored).await?;
    let Some(account) = account else { return Err(wrong()) };
    if !fits {
        let failures = account.failed_count + 1;
        let until = wait_seconds(failures).map(|seconds| wall.plus_seconds(seconds));
        store::note_failure(tx.conn(), account.id, failures, until).await?;
        tx.commit().await?;
        return Err(wrong());
    }
    if !in_force(account.valid_from, account.valid_to, today) {
        return Err(Trouble::refused("这个账号不在有效期内。", "请找本单位系统管理员续期。"));
    }
    let grant = store::grant_of_account(tx.conn(), account.id, today).await?.ok_or_else(|| {
        Trouble::refused("这个账号目前没有任何岗位。", "请找本单位系统管理员授权。")
    })?;
    let token = Token(hex(&random::<32>()?));
    store::note_success(tx.conn(), account.id).await?;
    let csrf = hex(&random::<16>()?);
    let id = store::insert_session(tx.conn(), &token.hash(), grant, &csrf, device, wall).await?;
    tx.commit().await?;
    if let Some(actor) = resolve(db, &token, wall, today).await? {
        let mut tx = db.begin(&actor.scope).await?;
        record(tx.conn(), &AuditEntry::new(&actor, now, "登录", format!("session/{id}"))).await?;
        tx.commit().await?;
    }
    Ok(token)
}

/// Who the token stands for, if its session is open; notes the request, and ends a session that
/// is too old or whose rights have ended.
pub async fn resolve(
    db: &Db,
    token: &Token,
    wall: Now,
    today: Day,
) -> Result<Option<Actor>, Trouble> {
    let mut tx = db.begin_unscoped().await?;
    let Some(found) = store::session_by_hash(tx.conn(), &token.hash()).await? else {
        return Ok(None);
    };
    let because = if wall.seconds_since(found.last_seen_at) > IDLE_SECONDS {
        Some("idle")
    } else if wall.seconds_since(found.started_at) > OVERALL_SECONDS {
        Some("expired")
    } else if !in_force(found.valid_from, found.valid_to, today) {
        Some("rights_changed")
    } else {
        None
    };
    if let Some(because) = because {
        store::end_session(tx.conn(), found.id, wall, because).await?;
        tx.commit().await?;
        return Ok(None);
    }
    if wall.seconds_since(found.last_seen_at) >= 20 {
        store::touch_session(tx.conn(), found.id, wall).await?;
    }
    tx.commit().await?;
    Ok(Some(Actor {
        account: found.account_id,
        name: found.name,
        role: found.role,
        purpose: found.purpose,
        area: found.area_id,
        scope: Scope::of_grant(found.area_id, found.lo, found.hi, found.role, found.account_id),
        session: Some(found.id),
        csrf: found.csrf,
    }))
}

/// 登录失效: why a session has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Its person signed out.
    SignedOut,
    /// Nothing was asked for too long.
    Idle,
    /// It had lasted too long.
    Expired,
    /// An administrator ended it.
    Forced,
    /// The account or its grant has ended.
    RightsChanged,
}

impl Ended {
    pub(crate) fn from_code(code: &str) -> Option<Self> {
        Some(match code {
            "signed_out" => Self::SignedOut,
            "idle" => Self::Idle,
            "expired" => Self::Expired,
            "forced" => Self::Forced,
            "rights_changed" => Self::RightsChanged,
            _ => return None,
        })
    }
}

/// Why the session of the token has ended; none when it is open or there never was one.
pub async fn why_ended(conn: &mut PgConnection, token: &Token) -> Result<Option<Ended>, Trouble> {
    store::why_ended(conn, &token.hash()).await
}

/// Ends a session: signed out by its person, or by force.
pub async fn end_session(
    conn: &mut PgConnection,
    session: SessionId,
    wall: Now,
    forced: bool,
) -> Result<(), Trouble> {
    let because = if forced { "forced" } else { "signed_out" };
    store::end_session(conn, session, wall, because).await
}

/// Who is signed in, within the areas of the actor.
pub async fn open_sessions(
    conn: &mut PgConnection,
    actor: &Actor,
    wall: Now,
) -> Result<Vec<OpenSession>, Trouble> {
    store::open_sessions(conn, actor.scope.lo(), actor.scope.hi(), wall.plus_seconds(-IDLE_SECONDS))
        .await
}

/// The system itself, when it acts for an area without anybody signed in (jobs, the command line).
pub async fn system_actor(db: &Db, area: AreaId, role: Role) -> Result<Actor, Trouble> {
    let mut tx = db.begin_unscoped().await?;
    let (lo, hi) = store::position(tx.conn(), area).await?.ok_or(Trouble::NotFound)?;
    let account = AccountId::new(0);
    Ok(Actor {
        account,
        name: "系统".to_owned(),
        role,
        purpose: Purpose::DataCollection,
        area,
        scope: Scope::of_grant(area, lo, hi, role, account),
        session: None,
        csrf: String::new(),
    })
}
