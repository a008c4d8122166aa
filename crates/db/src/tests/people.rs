use kernel::{AccountId, AreaId, Fen, Role, Trouble};
use sqlx::Connection;

use super::refusal;
use crate::testing::{PREFIX, TestDb, sweep};
use crate::{CopyRows, OrTrouble, Scope, refuse};

/// A table of people guarded as the migrations guard theirs.
async fn with_people() -> TestDb {
    let db = TestDb::new().await;
    sqlx::raw_sql(
        "CREATE TABLE probe (person_id bigint PRIMARY KEY, area_pos integer NOT NULL);
         ALTER TABLE probe ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
         CREATE POLICY scope ON probe TO songhe_service
             USING (area_pos >= current_setting('songhe.area_lo')::integer
                AND area_pos < current_setting('songhe.area_hi')::integer);
         CREATE POLICY columns ON probe FOR SELECT TO songhe_engine USING (true);
         GRANT SELECT, INSERT, UPDATE ON probe TO songhe_service;
         GRANT ALL ON probe TO songhe_engine",
    )
    .execute(&mut db.owner().await)
    .await
    .unwrap();
    sqlx::raw_sql("INSERT INTO probe VALUES (1, 5), (2, 9), (3, 10)")
        .execute(&mut db.admin().await)
        .await
        .unwrap();
    db
}

fn scope(lo: i32, hi: i32) -> Scope {
    Scope::of_grant(AreaId::new(7), lo, hi, Role::TownReviewer, AccountId::new(42))
}

const COUNT: &str = "SELECT count(*) FROM probe";

#[tokio::test]
async fn a_scope_sees_its_interval_and_nothing_else() {
    let db = with_people().await;
    for (lo, hi, seen) in [(5, 10, 2), (10, 11, 1), (0, 5, 0), (10, 5, 0)] {
        let mut tx = db.begin(&scope(lo, hi)).await.unwrap();
        let count: i64 = sqlx::query_scalar(COUNT).fetch_one(tx.conn()).await.unwrap();
        assert_eq!(count, seen, "[{lo}, {hi})");
    }
}

#[tokio::test]
async fn the_database_knows_who_acts_as_what() {
    let db = TestDb::new().await;
    let mut tx = db.begin(&scope(1, 2)).await.unwrap();
    let who: (String, String) =
        sqlx::query_as("SELECT current_setting('songhe.role'), current_setting('songhe.account')")
            .fetch_one(tx.conn())
            .await
            .unwrap();
    assert_eq!(who, ("town_reviewer".to_owned(), "42".to_owned()));
}

#[tokio::test]
async fn without_a_scope_people_are_an_error_also_after_somebody_elses_scope() {
    let db = with_people().await;
    for _ in 0..2 {
        let mut none = db.begin_unscoped().await.unwrap();
        sqlx::query_scalar::<_, i64>(COUNT).fetch_one(none.conn()).await.unwrap_err();
        drop(none);
        // The same pooled connection has now served a scope: nothing of it may stay.
        let mut scoped = db.begin(&scope(0, 100)).await.unwrap();
        let count: i64 = sqlx::query_scalar(COUNT).fetch_one(scoped.conn()).await.unwrap();
        assert_eq!(count, 3);
        scoped.commit().await.unwrap();
    }
}

#[tokio::test]
async fn nobody_writes_outside_of_the_scope() {
    let db = with_people().await;
    let mut tx = db.begin(&scope(5, 10)).await.unwrap();
    let outside = sqlx::query("INSERT INTO probe VALUES (4, 10)").execute(tx.conn()).await;
    assert_eq!(outside.unwrap_err().as_database_error().unwrap().code().unwrap(), "42501");
    drop(tx);
    let mut tx = db.begin(&scope(5, 10)).await.unwrap();
    let moved = sqlx::query("UPDATE probe SET area_pos = 6 WHERE person_id = 3");
    assert_eq!(moved.execute(tx.conn()).await.unwrap().rows_affected(), 0);
}

#[tokio::test]
async fn the_engine_reads_all_columns_and_writes_nothing() {
    let db = with_people().await;
    let mut tx = db.begin_engine().await.unwrap();
    let count: i64 = sqlx::query_scalar(COUNT).fetch_one(tx.conn()).await.unwrap();
    assert_eq!(count, 3);
    // It was granted everything on the table, and still: its transactions only read.
    let written = sqlx::query("DELETE FROM probe").execute(tx.conn()).await.unwrap_err();
    assert_eq!(written.as_database_error().unwrap().code().unwrap(), "25006");
}

#[tokio::test]
async fn a_transaction_that_is_dropped_leaves_nothing() {
    let db = with_people().await;
    let all = scope(0, 100);
    for (commit, people) in [(false, 3), (true, 4)] {
        let mut tx = db.begin(&all).await.unwrap();
        sqlx::query("INSERT INTO probe VALUES (4, 1)").execute(tx.conn()).await.unwrap();
        if commit {
            tx.commit().await.unwrap();
        } else {
            drop(tx);
        }
        let mut tx = db.begin(&all).await.unwrap();
        let count: i64 = sqlx::query_scalar(COUNT).fetch_one(tx.conn()).await.unwrap();
        assert_eq!(count, people);
    }
}

#[tokio::test]
async fn a_duplicate_is_a_conflict_that_names_no_value_and_a_missing_row_is_not_found() {
    let db = with_people().await;
    let mut tx = db.begin(&scope(0, 10)).await.unwrap();
    let missing = sqlx::query("SELECT FROM probe WHERE person_id = 3");
    let missing = missing.fetch_one(tx.conn()).await.or_trouble();
    assert!(matches!(missing, Err(Trouble::NotFound)), "{missing:?}");
    let taken = sqlx::query("INSERT INTO probe VALUES (3, 1)").execute(tx.conn()).await;
    let Err(Trouble::Conflict(sentence)) = taken.or_trouble() else { panic!("no conflict") };
    assert!(!sentence.contains(|c: char| c.is_ascii_alphanumeric()), "{sentence}");
    let fault = sqlx::query("SELECT").execute(tx.conn()).await.or_trouble();
    assert!(matches!(fault, Err(Trouble::Fault(_))), "the transaction has failed: {fault:?}");
}

#[tokio::test]
async fn an_assertion_refers_to_what_is_there() {
    let db = TestDb::new().await;
    sqlx::raw_sql(
        "INSERT INTO area VALUES (1, 'division');
         INSERT INTO batch (supplier, as_of, file_name, file_sm3, area_id)
         VALUES ('s', '2026-06-01', 'f', decode(repeat('00', 32), 'hex'), 1);
         INSERT INTO person (person_id, name, name_key, initials, number_last2, life, area_id,
                             area_pos)
         SELECT lpad(n::text, 32, '0')::uuid, '', '', '', '00', 'living', 1, n
         FROM generate_series(1, 2) n",
    )
    .execute(&mut db.admin().await)
    .await
    .unwrap();
    // person, area of the value, file, retracted assertion → what the database says
    for (person, area, batch, retracts, code) in [
        (1, 1, 1, None, None),
        (2, 1, 1, None, Some("42501")),
        (3, 1, 1, None, Some("42501")),
        (1, 9, 1, None, Some("23503")),
        (1, 1, 9, None, Some("23503")),
        (1, 1, 1, Some(1), None),
        (1, 1, 1, Some(99), Some("23503")),
    ] {
        let mut tx = db.begin(&scope(1, 2)).await.unwrap();
        let outcome = sqlx::query(
            "INSERT INTO assertion (person_id, kind, value_area, valid_from, known_at, batch_id,
                                    row_no, retracts)
             SELECT lpad($1::text, 32, '0')::uuid, 'hukou_area', $2, '2026-06-01', '2026-06-01',
                    $3, n, $4 FROM generate_series(1, 3) n",
        )
        .bind(person)
        .bind(i64::from(area))
        .bind(i64::from(batch))
        .bind(retracts.map(i64::from))
        .execute(tx.conn())
        .await;
        let said = outcome.as_ref().err().and_then(|it| it.as_database_error()?.code());
        assert_eq!(said.as_deref(), code, "{person} {area} {batch} {retracts:?}");
        if outcome.is_ok() {
            tx.commit().await.unwrap();
        }
    }
}

#[tokio::test]
async fn rows_are_copied_in_with_their_types() {
    const ROWS: i64 = 30_000;
    let db = TestDb::new().await;
    let mut tx = db.begin_unscoped().await.unwrap();
    sqlx::query("CREATE TEMP TABLE staged (n bigint, fen bigint, name text) ON COMMIT DROP")
        .execute(tx.conn())
        .await
        .unwrap();
    let (mut rows, mut n) = (CopyRows::new(3), 0_i64);
    let copied = tx
        .copy_in("COPY staged FROM STDIN (FORMAT binary)", |buffer| {
            rows.row(buffer);
            rows.field(buffer, &n)?;
            rows.field(buffer, &Fen::new(n * 100))?;
            rows.field(buffer, &(n % 3 != 0).then(|| format!("老人\t{n}\\")))?;
            n += 1;
            if n == ROWS {
                rows.end(buffer);
            }
            Ok(n < ROWS)
        })
        .await
        .unwrap();
    assert_eq!(copied, 30_000);
    let sums: (i64, i64, i64) = sqlx::query_as(
        "SELECT sum(n)::bigint, sum(fen)::bigint,
                count(*) FILTER (WHERE name = E'老人\\t' || n || E'\\\\') FROM staged",
    )
    .fetch_one(tx.conn())
    .await
    .unwrap();
    let sum = ROWS * (ROWS - 1) / 2;
    assert_eq!(sums, (sum, sum * 100, ROWS / 3 * 2));
}

#[tokio::test]
async fn a_copy_whose_rows_fail_gives_their_trouble_and_leaves_nothing() {
    let db = with_people().await;
    let mut tx = db.begin_unscoped().await.unwrap();
    sqlx::query("CREATE TEMP TABLE staged (n bigint)").execute(tx.conn()).await.unwrap();
    let mut line = 0;
    let outcome = tx
        .copy_in("COPY staged FROM STDIN", |buffer| {
            line += 1;
            if line == 3 {
                return Err(Trouble::refused("第 3 行不是数。", "请更正。"));
            }
            buffer.extend_from_slice(b"1\n");
            Ok(true)
        })
        .await;
    assert_eq!(refusal(outcome), "第 3 行不是数。 请更正。");
    assert!(sqlx::query("SELECT FROM staged").execute(tx.conn()).await.is_err());
    drop(tx);
    // The connection is whole again.
    let mut tx = db.begin(&scope(0, 100)).await.unwrap();
    let count: i64 = sqlx::query_scalar(COUNT).fetch_one(tx.conn()).await.unwrap();
    assert_eq!(count, 3);
}

#[tokio::test]
async fn a_table_of_people_without_forced_row_security_is_refused_by_name() {
    let db = with_people().await;
    db.check().await.expect("the migrations guard their tables");
    let mut owner = db.owner().await;
    let without_force = "ALTER TABLE probe NO FORCE ROW LEVEL SECURITY";
    sqlx::query(without_force).execute(&mut owner).await.unwrap();
    let said = refusal(db.check().await);
    assert!(said.contains("数据表 probe 没有强制行级安全"), "{said}");
    let forced = "ALTER TABLE probe FORCE ROW LEVEL SECURITY";
    sqlx::query(forced).execute(&mut owner).await.unwrap();
    // A partition is looked at when somebody may read it by its own name.
    sqlx::raw_sql(
        "CREATE TABLE parts (person_id bigint, area_pos integer) PARTITION BY HASH (person_id);
         ALTER TABLE parts ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
         CREATE TABLE part PARTITION OF parts FOR VALUES WITH (MODULUS 1, REMAINDER 0)",
    )
    .execute(&mut owner)
    .await
    .unwrap();
    db.check().await.expect("a closed partition is guarded by its parent");
    sqlx::query("GRANT SELECT ON part TO songhe_engine").execute(&mut owner).await.unwrap();
    assert!(refusal(db.check().await).contains("数据表 part "));
}

#[tokio::test]
async fn a_service_account_that_is_too_strong_is_refused() {
    let db = TestDb::new().await;
    let mut admin = db.admin().await;
    assert!(refusal(refuse::unless_bound(&mut admin).await).contains("超级权限"));
    let mut owner = db.owner().await;
    assert!(refusal(refuse::unless_bound(&mut owner).await).contains("属主"));
    let mut service = db.begin_unscoped().await.unwrap();
    refuse::unless_bound(service.conn()).await.unwrap();
    let mut engine = db.begin_engine().await.unwrap();
    assert!(refusal(refuse::unless_bound(engine.conn()).await).contains("不是 songhe_service"));
    // Tests may lose their data in a power cut; a service that could is refused.
    assert!(refusal(refuse::unless_durable(&mut admin).await).contains("fsync 已关闭"));
    admin.close().await.unwrap();
}

#[tokio::test]
async fn each_test_has_a_database_of_its_own() {
    let (one, other) = tokio::join!(TestDb::new(), TestDb::new());
    let mine = "CREATE TABLE mine ()";
    sqlx::query(mine).execute(&mut one.owner().await).await.unwrap();
    sqlx::query(mine).execute(&mut other.owner().await).await.unwrap();
}

#[tokio::test]
async fn databases_of_processes_that_are_gone_are_swept() {
    let db = TestDb::new().await;
    let mut admin = db.admin().await;
    // Beyond the largest process number that Linux gives.
    let gone = format!("{PREFIX}4194399_{}", std::process::id());
    let create = sqlx::AssertSqlSafe(format!("CREATE DATABASE {gone}"));
    sqlx::raw_sql(create).execute(&mut admin).await.unwrap();
    sweep(&mut admin).await.unwrap();
    let left = "SELECT count(*) FROM pg_database WHERE datname IN ($1, current_database())";
    let left: i64 = sqlx::query_scalar(left).bind(gone).fetch_one(&mut admin).await.unwrap();
    assert_eq!(left, 1, "the living test's stays");
}
