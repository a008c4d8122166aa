use std::path::Path;

use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection};
use tempfile::TempDir;

use super::refusal;
use crate::open::reach;
use crate::private::{Binaries, Cluster, Durability, SUPERUSER, blocking};
use crate::{Db, Server};

const INSTALLED: &str = "/usr/lib/postgresql/15";

/// As a database administrator prepares a server: a plain owner that may create roles or not.
async fn administrator(socket: &Path, database: &str) -> PgConnection {
    reach(socket).username(SUPERUSER).database(database).connect().await.unwrap()
}

fn server(socket: &Path, service: &str, owner: &str) -> Server {
    let socket = socket.to_str().unwrap().replace('/', "%2F");
    let url = |user| format!("postgres://{user}@{socket}:5432/bureau");
    Server::External { serve_url: url(service), owner_url: url(owner) }
}

async fn run(admin: &mut PgConnection, statement: &str) {
    sqlx::raw_sql(AssertSqlSafe(statement.to_owned())).execute(admin).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_external_postgresql_15_serves_once_its_roles_are_there() {
    let Some(binaries) = Binaries::at(Path::new(INSTALLED)) else {
        println!("PostgreSQL 15 is not installed in {INSTALLED}: not tried");
        return;
    };
    let folder = TempDir::new().unwrap();
    let data_dir = folder.path().to_owned();
    let cluster = blocking(move || Cluster::open(&data_dir, Some(binaries), Durability::Full));
    let cluster = cluster.await.unwrap();
    assert!(cluster.pid().is_some());
    let socket = cluster.socket_dir().to_owned();
    let mut admin = administrator(&socket, "postgres").await;
    run(&mut admin, "CREATE ROLE bureau_owner LOGIN").await;
    run(&mut admin, "CREATE DATABASE bureau OWNER bureau_owner").await;

    let plain = server(&socket, "songhe_service", "bureau_owner");
    let said = refusal(Db::open(plain.clone()).await);
    assert!(said.contains("CREATE ROLE songhe_engine NOLOGIN"), "{said}");

    run(&mut admin, "ALTER ROLE bureau_owner CREATEROLE").await;
    let db = Db::open(plain.clone()).await.unwrap();
    let mut tx = db.begin_engine().await.unwrap();
    let who: (String, String, i64) = sqlx::query_as(
        "SELECT current_user::text, current_setting('server_version'), count(*)
                        FROM person",
    )
    .fetch_one(tx.conn())
    .await
    .unwrap();
    assert_eq!((who.0.as_str(), &who.1[..3], who.2), ("songhe_engine", "15.", 0));
    drop(tx);
    let mut tx = db.begin_unscoped().await.unwrap();
    sqlx::query("SELECT FROM person").execute(tx.conn()).await.unwrap_err();
    drop(tx);
    db.close().await.unwrap();

    let same = refusal(Db::open(server(&socket, "bureau_owner", "bureau_owner")).await);
    assert!(same.contains("服务账号"), "{same}");
    let nobody = refusal(Db::open(server(&socket, "nobody_knows", "bureau_owner")).await);
    assert!(nobody.contains("连不上数据库（DATABASE_URL）"), "{nobody}");
    run(&mut admin, "ALTER ROLE songhe_service BYPASSRLS").await;
    assert!(refusal(Db::open(plain).await).contains("绕过行级安全"));

    admin.close().await.unwrap();
    blocking(move || cluster.close()).await.unwrap();
}
