//! The statements of the measures: rows that stand for a file's, and the plain copy beside them.

pub(crate) mod payments;

use db::testing::TestDb;
use db::{CopyRows, Db, OrTrouble, Tx};
use kernel::{AreaId, Assertion, Day, FactValue, Trouble};
use sqlx::PgConnection;

/// One area, one file, and so many people in it; their ids count from 1.
pub(crate) async fn people(db: &TestDb, people: i64) -> Result<(), Trouble> {
    let mut admin = db.admin().await;
    sqlx::raw_sql(
        "INSERT INTO area VALUES (1, 'division');
         INSERT INTO area_version VALUES (1, '990101', '县', 'county', NULL, '2000-01-01', NULL);
         INSERT INTO area_position VALUES (1, 0, 10);
         INSERT INTO batch (supplier, as_of, file_name, file_sm3, area_id)
         VALUES ('police_register', '2026-06-01', 'bench', decode(repeat('00', 32), 'hex'), 1)",
    )
    .execute(&mut admin)
    .await
    .or_trouble()?;
    sqlx::query(
        "INSERT INTO person (person_id, name, name_key, initials, number_last2, life, area_id,
                             area_pos)
         SELECT lpad(to_hex(n), 32, '0')::uuid, '张三', '张三', 'zs', '00', 'living', 1, 1
         FROM generate_series(1, $1) n",
    )
    .bind(people)
    .execute(&mut admin)
    .await
    .or_trouble()?;
    Ok(())
}

/// A table as bare as can be: the columns of an assertion and a counted key.
pub(crate) async fn bare_table(conn: &mut PgConnection) -> Result<(), Trouble> {
    sqlx::raw_sql(
        "CREATE TABLE bare (
             id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, person_id uuid, kind text,
             value_text text, value_int bigint, value_day date, valid_from date
         );
         GRANT SELECT, INSERT ON bare TO songhe_service",
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}

/// Copies the same rows into the bare table.
pub(crate) async fn copy(tx: &mut Tx, rows: &[Assertion]) -> Result<u64, Trouble> {
    let (mut rows, mut copy) = (rows.iter(), CopyRows::new(6));
    tx.copy_in(
        "COPY bare (person_id, kind, value_text, value_int, value_day, valid_from)
         FROM STDIN (FORMAT binary)",
        |buffer| {
            let Some(it) = rows.next() else {
                copy.end(buffer);
                return Ok(false);
            };
            let (text, int, day): (Option<String>, Option<i64>, Option<Day>) = match &it.value {
                FactValue::Text(text) => (Some(text.clone()), None, None),
                FactValue::Int(int) => (None, Some(*int), None),
                FactValue::Day(day) => (None, None, Some(*day)),
                _ => return Err(Trouble::fault("the measure writes no such value")),
            };
            copy.row(buffer);
            copy.field(buffer, &it.person)?;
            copy.field(buffer, &it.kind)?;
            copy.field(buffer, &text)?;
            copy.field(buffer, &int)?;
            copy.field(buffer, &day)?;
            copy.field(buffer, &it.valid.from)?;
            Ok(true)
        },
    )
    .await
}

/// The area that holds all others.
pub(crate) async fn widest_area(conn: &mut PgConnection) -> Result<AreaId, Trouble> {
    sqlx::query_scalar("SELECT area_id FROM area_position ORDER BY hi - lo DESC LIMIT 1")
        .fetch_one(conn)
        .await
        .or_trouble()
}

/// How many people there are in the scope.
pub(crate) async fn count_people(conn: &mut PgConnection) -> Result<i64, Trouble> {
    sqlx::query_scalar("SELECT count(*) FROM person WHERE listed")
        .fetch_one(conn)
        .await
        .or_trouble()
}

/// One more copy of everybody who is not a copy: the same name, village and standing facts.
pub(crate) async fn copy_people(conn: &mut PgConnection, copy: i64) -> Result<(), Trouble> {
    sqlx::query(
        "INSERT INTO person (person_id, name, name_key, initials, birth_date, sex, number_last2,
                             life, area_id, area_pos)
         SELECT md5(person_id::text || $1)::uuid, name, name_key, initials, birth_date, sex,
                number_last2, life, area_id, area_pos
         FROM person WHERE EXISTS (SELECT FROM person_number n
                                   WHERE n.person_id = person.person_id)",
    )
    .bind(copy.to_string())
    .execute(&mut *conn)
    .await
    .or_trouble()?;
    sqlx::query(
        "INSERT INTO fact_current
         SELECT md5(c.person_id::text || $1)::uuid, kind, supplier, rank, value_text, value_int,
                value_day, value_area, valid_from, valid_to, assertion_id
         FROM fact_current c WHERE EXISTS (SELECT FROM person_number n
                                           WHERE n.person_id = c.person_id)",
    )
    .bind(copy.to_string())
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}

/// Waits until the database has looked at the new rows by itself, three minutes at most.
pub(crate) async fn wait_for_statistics(db: &Db) -> Result<(), Trouble> {
    for _ in 0..36 {
        let mut tx = db.begin_unscoped().await?;
        let looked: bool = sqlx::query_scalar(
            "SELECT bool_and(n_mod_since_analyze < n_live_tup / 5) FROM pg_stat_user_tables
             WHERE relname IN ('person', 'fact_current')",
        )
        .fetch_one(tx.conn())
        .await
        .or_trouble()?;
        if looked {
            return Ok(());
        }
        drop(tx);
        tokio::time::sleep(std::time::Duration::from_secs(5)).await;
    }
    Ok(())
}
