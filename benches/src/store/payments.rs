//! A county with people who are paid, and the plain tables beside the rows that a run writes.

use db::testing::TestDb;
use db::{OrTrouble, Tx};
use kernel::Trouble;
use sqlx::{AssertSqlSafe, PgConnection, Row};

/// What a run writes a row of for each line: the table, and the key of its plain twin.
pub(crate) const WRITTEN: [(&str, &str, &str); 5] = [
    ("pay_line", "run_id, person_id", "true"),
    ("pay_segment", "person_id, item, month, sequence", "true"),
    ("transfer", "id", "act = 'pending'"),
    ("pay_answer", "run_id, person_id, no", "true"),
    ("transfer", "id", "act = 'post'"),
];

/// One area, three people who log in, and so many people with ids as they come: in no order.
pub(crate) async fn plant(db: &TestDb, people: i64) -> Result<(), Trouble> {
    let mut admin = db.admin().await;
    sqlx::raw_sql(
        "INSERT INTO area VALUES (1, 'division');
         INSERT INTO area_version VALUES (1, '990101', '县', 'county', NULL, '2000-01-01', NULL);
         INSERT INTO area_position VALUES (1, 0, 10);
         INSERT INTO account (id, login, name, password_phc, valid_from, valid_to)
         OVERRIDING SYSTEM VALUE
         SELECT n, 'clerk' || n, '经办', '', '2000-01-01', '2100-01-01'
         FROM generate_series(1, 3) n",
    )
    .execute(&mut admin)
    .await
    .or_trouble()?;
    sqlx::query(
        "INSERT INTO person (person_id, name, name_key, initials, number_last2, life, area_id,
                             area_pos)
         SELECT md5(n::text)::uuid, '张三', '张三', 'zs', '00', 'living', 1, 1
         FROM generate_series(1, $1) n ORDER BY 1",
    )
    .bind(people)
    .execute(&mut admin)
    .await
    .or_trouble()?;
    sqlx::raw_sql("ANALYZE person").execute(&mut admin).await.or_trouble()?;
    Ok(())
}

/// Everybody's id, in order.
pub(crate) async fn people(conn: &mut PgConnection) -> Result<Vec<uuid::Uuid>, Trouble> {
    sqlx::query_scalar("SELECT person_id FROM person ORDER BY person_id")
        .fetch_all(conn)
        .await
        .or_trouble()
}

/// The rows of a table as COPY writes them.
pub(crate) async fn rows_of(
    db: &TestDb,
    (table, key, which): (&str, &str, &str),
) -> Result<Vec<u8>, Trouble> {
    let mut admin = db.admin().await;
    let file: String = sqlx::query_scalar("SELECT current_setting('data_directory') || '/bench'")
        .fetch_one(&mut admin)
        .await
        .or_trouble()?;
    let out = format!(
        "COPY (SELECT * FROM {table} WHERE {which} ORDER BY {key}) TO '{file}' (FORMAT binary)"
    );
    sqlx::raw_sql(AssertSqlSafe(out)).execute(&mut admin).await.or_trouble()?;
    let bytes = sqlx::query("SELECT pg_read_binary_file($1)").bind(&file).fetch_one(&mut admin);
    let bytes: Vec<u8> = bytes.await.or_trouble()?.get(0);
    std::fs::remove_file(file).map_err(Trouble::fault)?;
    Ok(bytes)
}

/// An empty table with the same columns and key and nothing else, which the service may fill.
pub(crate) async fn plain_twin(
    db: &TestDb,
    (table, key, _): (&str, &str, &str),
) -> Result<(), Trouble> {
    let make = format!(
        "DROP TABLE IF EXISTS plain; CREATE TABLE plain (LIKE {table}, PRIMARY KEY ({key}));
         GRANT SELECT, INSERT ON plain TO songhe_service"
    );
    let mut admin = db.admin().await;
    sqlx::raw_sql(AssertSqlSafe(make)).execute(&mut admin).await.or_trouble()?;
    Ok(())
}

/// Copies the bytes into the plain table.
pub(crate) async fn copy(tx: &mut Tx, bytes: &[u8]) -> Result<u64, Trouble> {
    let mut chunks = bytes.chunks(1 << 16).peekable();
    tx.copy_in("COPY plain FROM STDIN (FORMAT binary)", |buffer| {
        buffer.extend_from_slice(chunks.next().unwrap_or_default());
        Ok(chunks.peek().is_some())
    })
    .await
}
