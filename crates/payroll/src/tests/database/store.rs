//! A county with people, accounts and money, and what only an owner of the machine could do.

use db::OrTrouble;
use db::testing::TestDb;
use kernel::{PersonId, Trouble};
use sqlx::AssertSqlSafe;

/// 松河县 (area 1) with a town and a village (2, 3), another county (4, 5), so many people in the
/// village, and five accounts (101 to 105).
pub(super) async fn plant(db: &TestDb, people: i32) {
    let mut admin = db.admin().await;
    sqlx::raw_sql(
        "INSERT INTO area SELECT n, 'division' FROM generate_series(1, 5) n;
         INSERT INTO area_version VALUES
             (1, '990121', '松河县', 'county', NULL, '2000-01-01', NULL),
             (2, '990121002', '云溪镇', 'township', 1, '2000-01-01', NULL),
             (3, '990121002001', '溪尾村', 'village', 2, '2000-01-01', NULL),
             (4, '990122', '临川县', 'county', NULL, '2000-01-01', NULL),
             (5, '990122001', '河口镇', 'township', 4, '2000-01-01', NULL);
         INSERT INTO area_position VALUES (1, 0, 3), (2, 1, 3), (3, 2, 3), (4, 3, 5), (5, 4, 5);
         INSERT INTO account (id, login, name, password_phc, valid_from, valid_to)
             OVERRIDING SYSTEM VALUE
         SELECT 100 + n, 'clerk' || n, (ARRAY['马出纳', '何审批', '冯财政', '田出纳', '白审批'])[n],
                'x', '2020-01-01', '2030-01-01'
         FROM generate_series(1, 5) n",
    )
    .execute(&mut admin)
    .await
    .expect("areas and accounts");
    sqlx::query(
        "INSERT INTO person (person_id, name, name_key, initials, number_last2, life, area_id,
                             area_pos)
         SELECT lpad(to_hex(n), 32, '0')::uuid, '老人' || n, '老人', 'lr', '00', 'living', 3, 2
         FROM generate_series(1, $1) n",
    )
    .bind(people)
    .execute(&mut admin)
    .await
    .expect("people");
}

/// What the claims of death amount to, as the card says.
pub(super) async fn set_life(db: &TestDb, lives: &[(PersonId, &str)]) {
    let mut admin = db.admin().await;
    for (person, life) in lives {
        sqlx::query("UPDATE person SET life = $2 WHERE person_id = $1 AND life <> $2")
            .bind(person.get())
            .bind(*life)
            .execute(&mut admin)
            .await
            .expect("a life");
    }
}

/// The second file is merged into the first.
pub(super) async fn merge(db: &TestDb, kept: PersonId, merged: PersonId) {
    sqlx::query("UPDATE person SET merged_into = $1, listed = false WHERE person_id = $2")
        .bind(kept.get())
        .bind(merged.get())
        .execute(&mut db.admin().await)
        .await
        .expect("merged");
}

/// The person lives in the other county now.
pub(super) async fn move_away(db: &TestDb, person: PersonId) {
    sqlx::query("UPDATE person SET area_id = 5, area_pos = 4 WHERE person_id = $1")
        .bind(person.get())
        .execute(&mut db.admin().await)
        .await
        .expect("moved");
}

/// Runs a statement as the superuser, past every guard but the database's own.
pub(super) async fn force(db: &TestDb, statement: &str) -> Result<(), Trouble> {
    run(&mut db.admin().await, statement).await
}

/// Runs a statement as the service would.
pub(super) async fn as_service(tx: &mut db::Tx, statement: &str) -> Result<(), Trouble> {
    run(tx.conn(), statement).await
}

async fn run(conn: &mut sqlx::PgConnection, statement: &str) -> Result<(), Trouble> {
    sqlx::raw_sql(AssertSqlSafe(statement.to_owned())).execute(conn).await.or_trouble().map(drop)
}
