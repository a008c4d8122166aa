//! The three roles and the database: made on the private server, asked for on an external one.

use kernel::Trouble;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, Connection, PgConnection};

use crate::trouble::OrTrouble;

pub(crate) const OWNER: &str = "songhe_owner";
pub(crate) const SERVICE: &str = "songhe_service";
pub(crate) const ENGINE: &str = "songhe_engine";
pub(crate) const DATABASE: &str = "songhe";

const OLDEST_VERSION: i32 = 150_000;

/// How to log in as each role.
#[derive(Clone)]
pub(crate) struct Logins {
    pub(crate) owner: PgConnectOptions,
    pub(crate) service: PgConnectOptions,
    pub(crate) engine: PgConnectOptions,
}

impl Logins {
    /// To a database of the private server, where the socket's folder is the authentication.
    pub(crate) fn private(base: &PgConnectOptions, database: &str) -> Self {
        let login = |role| base.clone().username(role).database(database);
        Self { owner: login(OWNER), service: login(SERVICE), engine: login(ENGINE) }
    }

    /// To an external server: the owner's login takes the engine's role for the engine.
    pub(crate) fn external(serve_url: &str, owner_url: &str) -> Result<Self, Trouble> {
        let parse = |name: &str, url: &str| {
            url.parse::<PgConnectOptions>().map_err(|error| {
                Trouble::refused(
                    format!("{name} 不是有效的数据库地址：{error}"),
                    "请写成 postgres://用户:密码@主机:5432/数据库名。",
                )
            })
        };
        let service = parse("DATABASE_URL", serve_url)?;
        let owner = parse("DATABASE_OWNER_URL", owner_url)?;
        let engine = owner.clone().options([("role", ENGINE)]);
        Ok(Self { owner, service, engine })
    }
}

/// Creates what is missing. Two processes may do it at the same time.
pub(crate) async fn create(admin: &mut PgConnection) -> Result<(), Trouble> {
    sqlx::raw_sql(
        "SELECT pg_advisory_lock(hashtext('songhe roles'));
         DO $$
         BEGIN
             IF to_regrole('songhe_owner') IS NULL THEN
                 CREATE ROLE songhe_owner LOGIN;
             END IF;
             IF to_regrole('songhe_service') IS NULL THEN
                 CREATE ROLE songhe_service LOGIN;
             END IF;
             IF to_regrole('songhe_engine') IS NULL THEN
                 CREATE ROLE songhe_engine LOGIN;
                 ALTER ROLE songhe_engine SET default_transaction_read_only = on;
             END IF;
         END $$;
         SELECT pg_advisory_unlock(hashtext('songhe roles'))",
    )
    .execute(admin)
    .await
    .or_trouble()
    .map(drop)
}

/// Creates the database if it is not there.
pub(crate) async fn create_database(admin: &mut PgConnection) -> Result<(), Trouble> {
    sqlx::raw_sql("SELECT pg_advisory_lock(hashtext('songhe database'))")
        .execute(&mut *admin)
        .await
        .or_trouble()?;
    let exists = "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)";
    let exists: bool =
        sqlx::query_scalar(exists).bind(DATABASE).fetch_one(&mut *admin).await.or_trouble()?;
    if !exists {
        sqlx::raw_sql("CREATE DATABASE songhe OWNER songhe_owner")
            .execute(&mut *admin)
            .await
            .or_trouble()?;
    }
    // The lock ends with the session, which its caller closes.
    Ok(())
}

/// Looks at an external server as the owner and adds the roles if the owner may.
pub(crate) async fn ready_external(logins: &Logins) -> Result<(), Trouble> {
    let mut owner = connect("DATABASE_OWNER_URL", &logins.owner).await?;
    let version: i32 = sqlx::query_scalar("SELECT current_setting('server_version_num')::integer")
        .fetch_one(&mut owner)
        .await
        .or_trouble()?;
    if version < OLDEST_VERSION {
        return Err(Trouble::refused(
            format!("数据库是 PostgreSQL {}，版本过旧。", version / 10_000),
            "请升级到 PostgreSQL 15 或更新的版本。",
        ));
    }
    let missing: bool = sqlx::query_scalar(
        "SELECT to_regrole('songhe_service') IS NULL OR to_regrole('songhe_engine') IS NULL",
    )
    .fetch_one(&mut owner)
    .await
    .or_trouble()?;
    if missing && make_roles(&mut owner).await.is_err() {
        return Err(roles_wanted("数据库里还没有 songhe_service 和 songhe_engine 两个角色。"));
    }
    if take_engine(&mut owner).await.is_err() {
        let grant = "GRANT songhe_engine TO CURRENT_USER";
        let granted = sqlx::raw_sql(grant).execute(&mut owner).await;
        if granted.is_err() || take_engine(&mut owner).await.is_err() {
            return Err(roles_wanted("属主账号不能改用 songhe_engine 角色。"));
        }
    }
    owner.close().await.or_trouble()
}

async fn make_roles(owner: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(
        "DO $$
         BEGIN
             IF to_regrole('songhe_service') IS NULL THEN
                 CREATE ROLE songhe_service LOGIN;
             END IF;
             IF to_regrole('songhe_engine') IS NULL THEN
                 CREATE ROLE songhe_engine NOLOGIN;
             END IF;
         END $$",
    )
    .execute(owner)
    .await
    .map(drop)
}

async fn take_engine(owner: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::raw_sql("SET ROLE songhe_engine; RESET ROLE").execute(owner).await.map(drop)
}

fn roles_wanted(sentence: &str) -> Trouble {
    Trouble::refused(
        sentence,
        "请由数据库管理员执行（属主账号换成 DATABASE_OWNER_URL 里的用户名）：\
         CREATE ROLE songhe_service LOGIN PASSWORD '自定口令'; \
         CREATE ROLE songhe_engine NOLOGIN; \
         GRANT songhe_engine TO 属主账号;",
    )
}

/// One connection, or a sentence about which address does not answer.
pub(crate) async fn connect(
    name: &str,
    options: &PgConnectOptions,
) -> Result<PgConnection, Trouble> {
    options.connect().await.map_err(|error| {
        // The error of a log-in carries the user's name and the database's, not the password.
        Trouble::refused(
            format!("连不上数据库（{name}）：{error}"),
            "请检查地址、用户名、口令和网络；服务账号没有口令时，请执行 \
             ALTER ROLE songhe_service PASSWORD '自定口令';",
        )
    })
}

/// Brings the database to what the program knows, as the owner, under an advisory lock.
pub(crate) async fn migrate(owner: &PgConnectOptions, steps: &Migrator) -> Result<(), Trouble> {
    let mut owner = owner.connect().await.or_trouble()?;
    let newest = steps.iter().map(|step| step.version).max().unwrap_or(0);
    steps.run_direct(None, &mut owner, false).await.map_err(|error| match error {
        MigrateError::VersionMissing(version) if version > newest => Trouble::refused(
            format!("数据库已升级到第 {version} 版，本程序只认识到第 {newest} 版。"),
            "请改用新版程序；不要用旧版程序打开。",
        ),
        MigrateError::VersionMissing(version) | MigrateError::VersionMismatch(version) => {
            Trouble::refused(
                format!("数据库第 {version} 步结构变更与本程序所带的不一致。"),
                "请使用建立该数据库的程序版本，或换一个数据目录。",
            )
        }
        other => Trouble::fault(other),
    })?;
    owner.close().await.or_trouble()
}
