use std::fs::{self, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use sqlx::{ConnectOptions, Connection};
use tempfile::TempDir;

use super::{refusal, wait_until};
use crate::private::{Binaries, Cluster, Durability, LINKS, SUPERUSER, User, copy_folder};
use crate::{Db, Server};

async fn open(folder: &Path) -> Db {
    try_open(folder).await.unwrap()
}

async fn try_open(folder: &Path) -> Result<Db, kernel::Trouble> {
    Db::open(Server::Private { data_dir: folder.to_owned() }).await
}

fn pid_file(folder: &Path) -> Option<String> {
    fs::read_to_string(folder.join("pg/postmaster.pid")).ok()
}

fn pid(folder: &Path) -> u32 {
    pid_file(folder).unwrap().lines().next().unwrap().parse().unwrap()
}

fn kill(pid: u32) {
    let killed = Command::new("kill").args(["-KILL", &pid.to_string()]).status().unwrap();
    assert!(killed.success());
}

async fn remember(db: &Db, value: &str) {
    let mut tx = db.begin_unscoped().await.unwrap();
    let insert = "INSERT INTO setting VALUES ($1, '')";
    sqlx::query(insert).bind(value).execute(tx.conn()).await.unwrap();
    tx.commit().await.unwrap();
}

async fn remembered(db: &Db) -> Vec<String> {
    let mut tx = db.begin_unscoped().await.unwrap();
    let all = "SELECT name FROM setting WHERE name LIKE 'probe%' ORDER BY name";
    sqlx::query_scalar(all).fetch_all(tx.conn()).await.unwrap()
}

async fn as_superuser(folder: &Path, statement: &'static str) {
    let text = pid_file(folder).unwrap();
    let socket = text.lines().nth(4).unwrap();
    let admin = crate::open::reach(Path::new(socket)).username(SUPERUSER).database("songhe");
    let mut admin = admin.connect().await.unwrap();
    sqlx::raw_sql(statement).execute(&mut admin).await.unwrap();
    admin.close().await.unwrap();
}

fn set(folder: &Path, line: &str) {
    let conf = folder.join("pg/postgresql.conf");
    writeln!(OpenOptions::new().append(true).open(conf).unwrap(), "{line}").unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_opens_again_with_its_data_and_unsafe_ones_are_refused() {
    let folder = TempDir::new().unwrap();
    let folder = folder.path();
    let db = open(folder).await;
    remember(&db, "probe 1").await;
    db.close().await.unwrap();
    assert_eq!(pid_file(folder), None, "the last one out stops the server");

    let db = open(folder).await;
    assert_eq!(remembered(&db).await, ["probe 1"]);
    as_superuser(folder, "GRANT songhe_owner TO songhe_service").await;
    db.close().await.unwrap();
    assert!(refusal(try_open(folder).await).contains("服务账号是数据表的属主"));
    assert_eq!(pid_file(folder), None, "a refused server is stopped");

    for setting in ["fsync", "full_page_writes", "synchronous_commit"] {
        set(folder, &format!("{setting} = off"));
        assert!(refusal(try_open(folder).await).contains("不启动服务"), "{setting}");
        set(folder, &format!("{setting} = on"));
    }
    set(folder, "no_such_setting = 1");
    assert!(refusal(try_open(folder).await).contains("数据库没有启动"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_server_comes_back_with_all_that_was_committed() {
    let folder = TempDir::new().unwrap();
    let folder = folder.path();
    let db = open(folder).await;
    remember(&db, "probe 1").await;
    let first = pid(folder);
    kill(first);
    assert!(wait_until(|| pid_file(folder).is_some() && pid(folder) != first), "no new server");
    // The pool waits for the new server; a connection to the old one is not handed out.
    assert_eq!(remembered(&db).await, ["probe 1"]);
    remember(&db, "probe 2").await;

    // Nobody watches any more when the server dies; the next process finds a stale file.
    let second = pid(folder);
    drop(db);
    kill(second);
    let db = open(folder).await;
    assert_ne!(pid(folder), second);
    assert_eq!(remembered(&db).await, ["probe 1", "probe 2"]);

    as_superuser(
        folder,
        "INSERT INTO _sqlx_migrations VALUES (999999, 'later', now(), true, '', 0)",
    )
    .await;
    db.close().await.unwrap();
    assert!(refusal(try_open(folder).await).contains("数据库已升级到第 999999 版"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_process_shares_the_server_and_a_killed_one_leaves_it_to_the_next() {
    let folder = TempDir::new().unwrap();
    let folder = folder.path();
    let mut first = another_process(folder);
    let server = pid(folder);
    let db = open(folder).await;
    assert_eq!(pid(folder), server, "shares the running server");
    db.close().await.unwrap();
    assert_eq!(pid(folder), server, "the other process still uses it");

    first.kill().unwrap();
    first.wait().unwrap();
    let db = open(folder).await;
    assert_eq!(pid(folder), server, "adopts the orphan");
    let mut second = another_process(folder);
    kill(server);
    assert!(wait_until(|| pid_file(folder).is_some() && pid(folder) != server));
    remember(&db, "probe").await;
    second.kill().unwrap();
    second.wait().unwrap();
    db.close().await.unwrap();
    assert_eq!(pid_file(folder), None, "the last one out stops it, whoever started it");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_was_just_told_to_stop_is_waited_for_and_started_anew() {
    let folder = TempDir::new().unwrap();
    let folder = folder.path();
    let mut first = another_process(folder);
    let server = pid(folder);
    first.kill().unwrap();
    first.wait().unwrap();
    // What a process does that is killed in the middle of closing: PostgreSQL's fast shutdown.
    let told = Command::new("kill").args(["-INT", &server.to_string()]).status().unwrap();
    assert!(told.success());
    let db = open(folder).await;
    remember(&db, "probe").await;
    db.close().await.unwrap();
}

const FOLDER: &str = "SONGHE_TEST_FOLDER";

/// Opens the folder in a process of its own, which waits to be killed.
fn another_process(folder: &Path) -> Child {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "tests::private::opens_and_waits", "--ignored", "--nocapture"])
        .env(FOLDER, folder)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(lines.map_while(Result::ok).any(|line| line.contains("it is open")));
    child
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "the other process of the test above"]
async fn opens_and_waits() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let _db = open(Path::new(&folder)).await;
    println!("it is open");
    std::future::pending::<()>().await;
}

#[test]
fn one_address_without_the_other_is_refused_with_its_name() {
    let url = || Some("postgres://x".to_owned());
    let choose = |serve, owner| Server::choose(serve, owner, "data".into());
    assert!(refusal(choose(url(), None)).contains("没有设置 DATABASE_OWNER_URL"));
    assert!(refusal(choose(None, url())).contains("没有设置 DATABASE_URL"));
    assert!(matches!(choose(None, None), Ok(Server::Private { .. })));
    assert!(matches!(choose(url(), url()), Ok(Server::External { .. })));
}

#[test]
fn programs_without_their_links_in_a_closed_folder_are_made_to_run() {
    let user = User::for_postgres().unwrap();
    let found = Binaries::find(None, &user).unwrap();
    if !found.home.join(LINKS).exists() {
        println!("the npm package is not installed: not tried");
        return;
    }
    // Temporary folders are closed to others, and so to the user that root becomes.
    let closed = TempDir::new().unwrap();
    copy_folder(&found.home, closed.path()).unwrap();
    fs::set_permissions(closed.path(), fs::Permissions::from_mode(0o700)).unwrap();
    for file in fs::read_dir(closed.path().join("lib")).unwrap().flatten() {
        if file.file_type().unwrap().is_symlink() {
            fs::remove_file(file.path()).unwrap();
        }
    }
    let ready = Binaries::at(closed.path()).unwrap().made_ready(&user).unwrap();
    let folder = TempDir::new().unwrap();
    let home = ready.home.clone();
    let cluster = Cluster::open(folder.path(), Some(ready), Durability::None).unwrap();
    assert!(cluster.pid().is_some());
    cluster.close().unwrap();
    if home != closed.path() {
        fs::remove_dir_all(home).unwrap();
    }
}

#[test]
fn a_folder_of_another_postgresql_asks_for_that_one() {
    let user = User::for_postgres().unwrap();
    let said = refusal(Binaries::find(Some(99), &user));
    assert!(said.contains("数据目录由 PostgreSQL 99 建立"), "{said}");
    assert!(said.contains("SONGHE_PG_HOME"), "{said}");
}

#[tokio::test]
async fn root_is_told_which_folder_is_closed_to_the_database() {
    if fs::metadata("/proc/self").unwrap().uid() != 0 {
        println!("only root becomes another user for the database: not tried");
        return;
    }
    let closed = TempDir::new().unwrap();
    fs::set_permissions(closed.path(), fs::Permissions::from_mode(0o700)).unwrap();
    let said = refusal(try_open(&closed.path().join("data")).await);
    let named = format!("进不了目录 {}。", closed.path().display());
    assert!(said.contains(&named) && said.contains("--data-dir"), "{said}");
}
