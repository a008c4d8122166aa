use std::path::{Path, PathBuf};
use std::sync::Arc;

use kernel::Trouble;
use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions, PgSslMode};
use sqlx::{ConnectOptions, Connection, PgPool};

use crate::private::{Cluster, Durability, SUPERUSER, Watch, blocking};
use crate::roles::{self, Logins};
use crate::scope::Scope;
use crate::trouble::OrTrouble;
use crate::tx::Tx;
use crate::{MIGRATIONS, refuse};

/// Where the data live. (Not printable: an address carries a password.)
#[derive(Clone)]
pub enum Server {
    /// The private PostgreSQL in the data folder.
    Private {
        /// The data folder (the database is its subfolder `pg`).
        data_dir: PathBuf,
    },
    /// A server that somebody else runs, PostgreSQL 15 or newer.
    External {
        /// `DATABASE_URL`: logs in as `songhe_service`.
        serve_url: String,
        /// `DATABASE_OWNER_URL`: migrates and owns the tables.
        owner_url: String,
    },
}

impl Server {
    /// The external server if both addresses are given, the private one if none is.
    ///
    /// # Errors
    /// One of the two is missing.
    pub fn choose(
        serve_url: Option<String>,
        owner_url: Option<String>,
        data_dir: PathBuf,
    ) -> Result<Self, Trouble> {
        match (serve_url, owner_url) {
            (Some(serve_url), Some(owner_url)) => Ok(Self::External { serve_url, owner_url }),
            (None, None) => Ok(Self::Private { data_dir }),
            (Some(_), None) => Err(Trouble::refused(
                "设置了 DATABASE_URL，却没有设置 DATABASE_OWNER_URL。",
                "请同时给出属主账号的地址（用于建表和升级）；两个都去掉则使用自带的数据库。",
            )),
            (None, Some(_)) => Err(Trouble::refused(
                "设置了 DATABASE_OWNER_URL，却没有设置 DATABASE_URL。",
                "请同时给出服务账号 songhe_service 的地址；两个都去掉则使用自带的数据库。",
            )),
        }
    }
}

/// 数据库: the way to rows. Clones share the pools.
#[doc(alias = "数据库")]
#[derive(Clone, Debug)]
pub struct Db(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    service: PgPool,
    engine: PgPool,
    watch: Option<Watch>,
}

/// Three processes (serve, import, doctor) fit into the private server's 60 connections.
const SERVICE_CONNECTIONS: u32 = 14;
const ENGINE_CONNECTIONS: u32 = 4;

impl Db {
    /// Makes the database ready to serve, whatever state it was left in.
    ///
    /// # Errors
    /// A refusal with its remedy when programs, rights, roles or settings are wrong, or when the
    /// database is newer than the program.
    pub async fn open(server: Server) -> Result<Self, Trouble> {
        match server {
            Server::Private { data_dir } => {
                let work = move || Cluster::open(&data_dir, None, Durability::Full);
                Self::private(blocking(work).await?, &MIGRATIONS).await
            }
            Server::External { serve_url, owner_url } => {
                let logins = Logins::external(&serve_url, &owner_url)?;
                roles::ready_external(&logins).await?;
                roles::migrate(&logins.owner, &MIGRATIONS).await?;
                check(&logins, Durability::Full).await?;
                Ok(Self::over(&logins, SERVICE_CONNECTIONS, ENGINE_CONNECTIONS, None))
            }
        }
    }

    /// Over a private server that runs.
    pub(crate) async fn private(cluster: Cluster, migrations: &Migrator) -> Result<Self, Trouble> {
        let base = reach(cluster.socket_dir());
        let watch = Watch::over(cluster);
        match ready(&base, migrations).await {
            Ok(logins) => {
                Ok(Self::over(&logins, SERVICE_CONNECTIONS, ENGINE_CONNECTIONS, Some(watch)))
            }
            Err(trouble) => {
                watch.close().await?;
                Err(trouble)
            }
        }
    }

    /// Pools that connect when they are first asked.
    pub(crate) fn over(logins: &Logins, service: u32, engine: u32, watch: Option<Watch>) -> Self {
        let pool = |most, login: &PgConnectOptions| {
            PgPoolOptions::new().max_connections(most).connect_lazy_with(login.clone())
        };
        let (service, engine) = (pool(service, &logins.service), pool(engine, &logins.engine));
        Self(Arc::new(Inner { service, engine, watch }))
    }

    /// Begins a transaction that sees and changes only people within the scope.
    pub async fn begin(&self, scope: &Scope) -> Result<Tx, Trouble> {
        let mut tx = self.0.service.begin().await.or_trouble()?;
        // Local to the transaction: the next user of the connection starts without any.
        sqlx::query(
            "SELECT set_config('songhe.area_lo', $1, true),
                    set_config('songhe.area_hi', $2, true),
                    set_config('songhe.role', $3, true),
                    set_config('songhe.account', $4, true)",
        )
        .bind(scope.lo().to_string())
        .bind(scope.hi().to_string())
        .bind(scope.role().code())
        .bind(scope.account().to_string())
        .execute(&mut *tx)
        .await
        .or_trouble()?;
        Ok(Tx(tx))
    }

    /// Begins the engine's transaction: one unchanging view of the columns, and no writing.
    pub async fn begin_engine(&self) -> Result<Tx, Trouble> {
        let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
        self.0.engine.begin_with(begin).await.or_trouble().map(Tx)
    }

    /// Begins a transaction without any area, for tables that hold no people (accounts,
    /// sessions, settings). A table of people answers with an error.
    pub async fn begin_unscoped(&self) -> Result<Tx, Trouble> {
        self.0.service.begin().await.or_trouble().map(Tx)
    }

    /// Closes the pools, and stops the private server when no other process uses it.
    ///
    /// Without it nothing is lost: the server goes on and the next process adopts it.
    pub async fn close(self) -> Result<(), Trouble> {
        self.0.service.close().await;
        self.0.engine.close().await;
        match &self.0.watch {
            Some(watch) => watch.close().await,
            None => Ok(()),
        }
    }
}

/// A connection to the private server; only the role and the database are still open.
pub(crate) fn reach(socket_dir: &Path) -> PgConnectOptions {
    PgConnectOptions::new_without_pgpass()
        .socket(socket_dir)
        .port(5432)
        .ssl_mode(PgSslMode::Disable)
        .application_name("songhe")
}

async fn ready(base: &PgConnectOptions, migrations: &Migrator) -> Result<Logins, Trouble> {
    let admin = base.clone().username(SUPERUSER).database("postgres");
    let mut admin = admin.connect().await.or_trouble()?;
    roles::create(&mut admin).await?;
    roles::create_database(&mut admin).await?;
    admin.close().await.or_trouble()?;
    let logins = Logins::private(base, roles::DATABASE);
    roles::migrate(&logins.owner, migrations).await?;
    check(&logins, Durability::Full).await?;
    Ok(logins)
}

/// The start-up refusals.
pub(crate) async fn check(logins: &Logins, durability: Durability) -> Result<(), Trouble> {
    let mut service = roles::connect("DATABASE_URL", &logins.service).await?;
    if durability == Durability::Full {
        refuse::unless_durable(&mut service).await?;
    }
    refuse::unless_bound(&mut service).await?;
    refuse::unless_guarded(&mut service).await?;
    service.close().await.or_trouble()
}
