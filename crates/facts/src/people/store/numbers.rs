//! The statements over people's numbers.

use db::OrTrouble;
use kernel::{PersonId, Trouble};
use sqlx::{PgConnection, query};

pub(in super::super) async fn sealed_number(
    conn: &mut PgConnection,
    person: PersonId,
) -> Result<Option<(Vec<u8>, i16)>, Trouble> {
    let row = query!(
        "SELECT sealed, key_version FROM person_number
         WHERE person_id = $1 AND standing <> 'withdrawn'
         ORDER BY (standing = 'own') DESC, number_index LIMIT 1",
        person as PersonId
    )
    .fetch_optional(conn)
    .await
    .or_trouble()?;
    Ok(row.map(|r| (r.sealed, r.key_version)))
}

/// Numbers of people who were merged, by whom their file has gone over to.
pub(in super::super) async fn merged_numbers(
    conn: &mut PgConnection,
) -> Result<Vec<(PersonId, [u8; 16])>, Trouble> {
    let rows = query!(
        r#"SELECT p.merged_into AS "kept!: PersonId", n.number_index
           FROM person p JOIN person_number n ON n.person_id = p.person_id
           WHERE p.merged_into IS NOT NULL AND n.standing <> 'withdrawn'
           ORDER BY p.merged_into, n.number_index"#
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    rows.into_iter()
        .map(|r| {
            let number = r.number_index.try_into();
            let broken = |_| Trouble::fault("person_number.number_index is not 16 bytes");
            Ok((r.kept, number.map_err(broken)?))
        })
        .collect()
}

/// Notes a number as a further one; what is known of the person already stays as it is.
pub(in super::super) async fn note_number(
    conn: &mut PgConnection,
    person: PersonId,
    index: &[u8; 16],
    sealed: &[u8],
    key_version: i16,
) -> Result<(), Trouble> {
    query!(
        "INSERT INTO person_number (person_id, number_index, sealed, key_version, standing)
         VALUES ($1, $2, $3, $4, 'further')
         ON CONFLICT (person_id, number_index) DO UPDATE SET standing = 'further'
         WHERE person_number.standing = 'withdrawn'",
        person as PersonId,
        index.as_slice(),
        sealed,
        key_version
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}

pub(in super::super) async fn withdraw_number(
    conn: &mut PgConnection,
    person: PersonId,
    index: &[u8; 16],
) -> Result<(), Trouble> {
    query!(
        "UPDATE person_number SET standing = 'withdrawn'
         WHERE person_id = $1 AND number_index = $2 AND standing = 'further'",
        person as PersonId,
        index.as_slice()
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}
