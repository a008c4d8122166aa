//! The statements of decided stops.

use db::OrTrouble;
use findings::Stops;
use kernel::{CaseId, Month, Now, PersonId, Trouble};
use sqlx::{PgConnection, query};

use crate::stopping::Stop;

pub(super) async fn decide(
    conn: &mut PgConnection,
    it: &Stop,
    from: Month,
    rested_on: &[u8; 32],
    at: Now,
) -> Result<(), Trouble> {
    query!(
        "INSERT INTO stop_decision (case_id, person_id, item, from_month, rested_on, decided_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
        it.case as CaseId,
        it.person as PersonId,
        it.item,
        from as Month,
        rested_on.as_slice(),
        at as Now
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}

/// What every stop rests on, the later ones last.
pub(super) async fn standing(conn: &mut PgConnection) -> Result<Stops, Trouble> {
    let rows = query!(
        r#"SELECT person_id AS "person: PersonId", item, rested_on FROM stop_decision
           ORDER BY decided_at, case_id"#
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    let mut stops = Stops::default();
    for row in rows {
        let rested_on = row.rested_on.try_into();
        let rested_on = rested_on.map_err(|_| Trouble::fault("a digest has 32 bytes"))?;
        stops.add(row.person, row.item, rested_on);
    }
    Ok(stops)
}
