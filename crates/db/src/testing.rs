//! A fresh migrated database for each test, on the real PostgreSQL.
//!
//! All test processes of a machine share one server per set of programs and settings, in the
//! temporary folder. The first one makes it, nobody stops it, and whoever comes later drops the
//! databases of processes that are gone. It does not sync to disk: nothing in it is worth that.

use std::fs::File;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use kernel::Trouble;
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection};
use tokio::runtime;
use tokio::sync::OnceCell;

use crate::open::{Db, check, reach};
use crate::private::{self, Cluster, Durability, SUPERUSER, blocking};
use crate::roles::{self, Logins, OWNER};
use crate::trouble::OrTrouble;
use crate::{MIGRATIONS, private::Binaries, private::User};

/// A database of its own for one test. Dropping it drops the database.
pub struct TestDb {
    db: Db,
    name: String,
    base: PgConnectOptions,
}

/// What the tests of one process share.
struct Shared {
    base: PgConnectOptions,
    template: String,
}

static SHARED: OnceCell<Shared> = OnceCell::const_new();
static COUNT: AtomicU32 = AtomicU32::new(0);
pub(crate) const PREFIX: &str = "songhe_test_";
const TEMPLATE: &str = "songhe_template_";

impl TestDb {
    /// A database as a fresh installation has it.
    ///
    /// # Panics
    /// When there are no PostgreSQL programs, with a sentence about how to get them.
    pub async fn new() -> Self {
        Self::try_new().await.unwrap_or_else(|trouble| panic!("no test database: {trouble:?}"))
    }

    /// Logged in as the owner of the tables: row-level security holds for it, too.
    pub async fn owner(&self) -> PgConnection {
        self.login(OWNER).await
    }

    /// Logged in as the superuser, who sees every row: to prepare and to check.
    pub async fn admin(&self) -> PgConnection {
        self.login(SUPERUSER).await
    }

    /// The start-up refusals, for tests that spoil the database before.
    pub async fn check(&self) -> Result<(), Trouble> {
        check(&Logins::private(&self.base, &self.name), Durability::None).await
    }

    async fn try_new() -> Result<Self, Trouble> {
        let shared = SHARED.get_or_try_init(share).await?;
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("{PREFIX}{}_{count}", std::process::id());
        let mut admin = superuser(&shared.base, "postgres").await?;
        run(&mut admin, format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await?;
        let template = &shared.template;
        run(&mut admin, format!("CREATE DATABASE {name} OWNER {OWNER} TEMPLATE {template}"))
            .await?;
        admin.close().await.or_trouble()?;
        let db = Db::over(&Logins::private(&shared.base, &name), 6, 2, None);
        Ok(Self { db, name, base: shared.base.clone() })
    }

    async fn login(&self, role: &str) -> PgConnection {
        let login = self.base.clone().username(role).database(&self.name);
        login.connect().await.expect("the test server lets everybody in")
    }
}

impl Deref for TestDb {
    type Target = Db;

    fn deref(&self) -> &Db {
        &self.db
    }
}

impl Drop for TestDb {
    fn drop(&mut self) {
        let (base, name) = (self.base.clone(), self.name.clone());
        // The test's runtime may be ending: this needs one of its own.
        let dropped = thread::spawn(move || {
            let runtime = runtime::Builder::new_current_thread().enable_all().build();
            let _ = runtime.map(|it| it.block_on(drop_database(&base, &name)));
        });
        // What is left over is dropped by the next test process.
        let _ = dropped.join();
    }
}

async fn drop_database(base: &PgConnectOptions, name: &str) -> Result<(), Trouble> {
    let mut admin = superuser(base, "postgres").await?;
    run(&mut admin, format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await?;
    admin.close().await.or_trouble()
}

/// Starts or finds the shared server, makes the template if there is none, and sweeps.
async fn share() -> Result<Shared, Trouble> {
    let (folder, cluster) = blocking(|| {
        let binaries = Binaries::find(None, &User::for_postgres()?)?;
        let folder = shared_folder(&binaries)?;
        let cluster = Cluster::open(&folder, Some(binaries), Durability::None)?;
        Ok((folder, cluster))
    })
    .await?;
    let base = reach(cluster.socket_dir());
    let _guard: File = blocking(move || private::lock(&folder.join("template.lock"))).await?;
    let template = format!("{TEMPLATE}{:016x}", migrations_hash());
    let mut admin = superuser(&base, "postgres").await?;
    roles::create(&mut admin).await?;
    sweep(&mut admin).await?;
    let exists = "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)";
    let exists: bool =
        sqlx::query_scalar(exists).bind(&template).fetch_one(&mut admin).await.or_trouble()?;
    if !exists {
        let fresh = format!("{template}_new");
        run(&mut admin, format!("DROP DATABASE IF EXISTS {fresh} WITH (FORCE)")).await?;
        run(&mut admin, format!("CREATE DATABASE {fresh} OWNER {OWNER}")).await?;
        let logins = Logins::private(&base, &fresh);
        roles::migrate(&logins.owner, &MIGRATIONS).await?;
        check(&logins, Durability::None).await?;
        run(&mut admin, format!("ALTER DATABASE {fresh} RENAME TO {template}")).await?;
    }
    admin.close().await.or_trouble()?;
    Ok(Shared { base, template })
}

fn shared_folder(binaries: &Binaries) -> Result<PathBuf, Trouble> {
    let user = User::for_postgres()?;
    let key = format!("{}\0{}", binaries.home.display(), private::settings_hash());
    let name = format!("songhe-test-{}-{:016x}", user.uid, private::fnv(key.as_bytes()));
    Ok(std::env::temp_dir().join(name))
}

fn migrations_hash() -> u64 {
    let sums: Vec<u8> = MIGRATIONS.iter().flat_map(|step| step.checksum.to_vec()).collect();
    private::fnv(&sums)
}

/// Drops the databases of processes that are gone, and templates that are older than a day.
pub(crate) async fn sweep(admin: &mut PgConnection) -> Result<(), Trouble> {
    let names: Vec<String> = sqlx::query_scalar(
        "SELECT datname FROM pg_database
         WHERE starts_with(datname, $1)
            OR starts_with(datname, $2)
               AND (pg_stat_file('base/' || oid || '/PG_VERSION')).modification
                   < now() - interval '1 day'",
    )
    .bind(PREFIX)
    .bind(TEMPLATE)
    .fetch_all(&mut *admin)
    .await
    .or_trouble()?;
    for name in names {
        let process = name.strip_prefix(PREFIX).and_then(|rest| rest.split('_').next());
        if process.is_none_or(|pid| !Path::new("/proc").join(pid).exists()) {
            run(admin, format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await?;
        }
    }
    Ok(())
}

async fn superuser(base: &PgConnectOptions, database: &str) -> Result<PgConnection, Trouble> {
    base.clone().username(SUPERUSER).database(database).connect().await.or_trouble()
}

/// Names of databases cannot be bound; those here are made of letters and digits only.
async fn run(admin: &mut PgConnection, statement: String) -> Result<(), Trouble> {
    sqlx::raw_sql(AssertSqlSafe(statement)).execute(admin).await.or_trouble().map(drop)
}
