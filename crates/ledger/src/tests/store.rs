//! A county with people, and what only an owner of the machine could do to the books.

use db::OrTrouble;
use db::testing::TestDb;
use kernel::Trouble;
use sqlx::AssertSqlSafe;

/// 松河县 (areas 1; villages 2 and 3), and so many people, the first half in village 2.
pub(super) async fn plant(db: &TestDb, people: i32) {
    let mut admin = db.admin().await;
    sqlx::raw_sql(
        "INSERT INTO area VALUES (1, 'division'), (2, 'division'), (3, 'division');
         INSERT INTO area_version VALUES
             (1, '990121', '松河县', 'county', NULL, '2000-01-01', NULL),
             (2, '990121001001', '溪尾村', 'village', 1, '2000-01-01', NULL),
             (3, '990121001002', '溪头村', 'village', 1, '2000-01-01', NULL);
         INSERT INTO area_position VALUES (1, 0, 100), (2, 16, 32), (3, 32, 48)",
    )
    .execute(&mut admin)
    .await
    .expect("areas");
    sqlx::query(
        "INSERT INTO person (person_id, name, name_key, initials, number_last2, life, area_id,
                             area_pos)
         SELECT lpad(to_hex(n), 32, '0')::uuid, '张三', '张三', 'zs', '00', 'living',
                CASE WHEN n <= $1 / 2 THEN 2 ELSE 3 END, CASE WHEN n <= $1 / 2 THEN 16 ELSE 32 END
         FROM generate_series(1, $1) n",
    )
    .bind(people)
    .execute(&mut admin)
    .await
    .expect("people");
}

/// Runs a statement as the service would, or says what the database says.
pub(super) async fn try_as_service(tx: &mut db::Tx, statement: &str) -> Result<(), Trouble> {
    sqlx::raw_sql(AssertSqlSafe(statement.to_owned()))
        .execute(tx.conn())
        .await
        .or_trouble()
        .map(drop)
}

/// Runs a statement as the superuser, past every guard but the database's own.
pub(super) async fn force(db: &TestDb, statement: &str) -> Result<(), Trouble> {
    let mut admin = db.admin().await;
    sqlx::raw_sql(AssertSqlSafe(statement.to_owned()))
        .execute(&mut admin)
        .await
        .or_trouble()
        .map(drop)
}

/// How many transfers there are.
pub(super) async fn count(db: &TestDb) -> i64 {
    let mut admin = db.admin().await;
    sqlx::query_scalar("SELECT count(*) FROM transfer")
        .fetch_one(&mut admin)
        .await
        .expect("a count")
}
