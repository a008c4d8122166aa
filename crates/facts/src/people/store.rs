//! The statements over people and their numbers.

mod numbers;

use db::OrTrouble;
use kernel::{AreaId, BatchId, Day, Life, MaskedNumber, PersonId, Sex, Trouble};
use sqlx::{PgConnection, query, query_scalar};

pub(super) use numbers::{merged_numbers, note_number, sealed_number, withdraw_number};

use super::{KnownPerson, PersonCard};

/// Fills the table of [`make_person_stage`].
pub(super) const COPY_PEOPLE: &str =
    "COPY stage_person (person_id, name, name_key, initials, birth_date, sex, number_last2,
                        area_id, area_pos, number_index, sealed, key_version)
     FROM STDIN (FORMAT binary)";

pub(super) async fn make_person_stage(conn: &mut PgConnection) -> Result<(), Trouble> {
    sqlx::raw_sql(
        "CREATE TEMPORARY TABLE IF NOT EXISTS stage_person (
             person_id uuid, name text, name_key text, initials text, birth_date date, sex text,
             number_last2 text, area_id bigint, area_pos integer, number_index bytea,
             sealed bytea, key_version smallint
         ) ON COMMIT DROP;
         TRUNCATE stage_person",
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}

/// Both statements read a temporary table, so the tests check them and not the macro.
pub(super) async fn merge_person_stage(conn: &mut PgConnection) -> Result<(), Trouble> {
    sqlx::raw_sql(
        "INSERT INTO person (person_id, name, name_key, initials, birth_date, sex, number_last2,
                             life, area_id, area_pos)
         SELECT DISTINCT ON (person_id) person_id, name, name_key, initials, birth_date, sex,
                number_last2, 'living', area_id, area_pos
         FROM stage_person
         ON CONFLICT (person_id) DO UPDATE
         SET name = excluded.name, name_key = excluded.name_key, initials = excluded.initials,
             birth_date = excluded.birth_date, sex = excluded.sex,
             number_last2 = excluded.number_last2, area_id = excluded.area_id,
             area_pos = excluded.area_pos, listed = (person.merged_into IS NULL)
         WHERE (person.name, person.area_id, person.birth_date, person.sex, person.listed)
               IS DISTINCT FROM
               (excluded.name, excluded.area_id, excluded.birth_date, excluded.sex, true);
         INSERT INTO person_number (person_id, number_index, sealed, key_version)
         SELECT person_id, number_index, sealed, key_version FROM stage_person s
         WHERE NOT EXISTS (SELECT 1 FROM person m
                           JOIN person_number n ON n.person_id = m.person_id
                           WHERE m.merged_into = s.person_id AND n.number_index = s.number_index)
         ON CONFLICT (person_id, number_index) DO UPDATE SET standing = 'further'
         WHERE person_number.standing = 'withdrawn'",
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}

struct CardRow {
    id: PersonId,
    name: String,
    birth: Option<Day>,
    sex: Option<String>,
    number_last2: String,
    life: String,
    area: AreaId,
}

impl TryFrom<CardRow> for PersonCard {
    type Error = Trouble;

    fn try_from(row: CardRow) -> Result<Self, Trouble> {
        let broken = |column: &str| {
            Trouble::fault(format!("person.{column} of {} is not a known word", row.id))
        };
        Ok(Self {
            id: row.id,
            name: row.name,
            birth: row.birth,
            sex: row
                .sex
                .as_deref()
                .map(|s| Sex::from_code(s).ok_or_else(|| broken("sex")))
                .transpose()?,
            number: MaskedNumber::from_last_two(&row.number_last2)
                .ok_or_else(|| broken("number_last2"))?,
            life: Life::from_code(&row.life).ok_or_else(|| broken("life"))?,
            area: row.area,
        })
    }
}

fn cards(rows: Vec<CardRow>) -> Result<Vec<PersonCard>, Trouble> {
    rows.into_iter().map(PersonCard::try_from).collect()
}

pub(super) async fn card(
    conn: &mut PgConnection,
    person: PersonId,
) -> Result<Option<PersonCard>, Trouble> {
    let row = sqlx::query_as!(
        CardRow,
        r#"SELECT person_id AS "id: PersonId", name, birth_date AS "birth: Day", sex,
                  number_last2, life, area_id AS "area: AreaId"
           FROM person
           WHERE listed AND person_id = (SELECT coalesce(m.merged_into, m.person_id)
                                         FROM person m WHERE m.person_id = $1)"#,
        person as PersonId
    )
    .fetch_optional(conn)
    .await
    .or_trouble()?;
    row.map(PersonCard::try_from).transpose()
}

/// Who is listed of these people, or in the place of those who were merged. In two parts: joined by
/// either id at once, thousands of people were compared with everybody.
pub(super) async fn kept(
    conn: &mut PgConnection,
    people: &[PersonId],
) -> Result<Vec<(PersonId, PersonId)>, Trouble> {
    let rows = query!(
        r#"SELECT o.person_id AS "asked!: PersonId", o.person_id AS "kept!: PersonId"
           FROM person o WHERE o.person_id = ANY($1) AND o.merged_into IS NULL AND o.listed
           UNION ALL
           SELECT o.person_id, p.person_id
           FROM person o JOIN person p ON p.person_id = o.merged_into
           WHERE o.person_id = ANY($1) AND o.merged_into IS NOT NULL AND p.listed ORDER BY 1"#,
        people as &[PersonId]
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    Ok(rows.into_iter().map(|r| (r.asked, r.kept)).collect())
}

pub(super) async fn cards_of(
    conn: &mut PgConnection,
    people: &[PersonId],
) -> Result<Vec<PersonCard>, Trouble> {
    let rows = sqlx::query_as!(
        CardRow,
        r#"SELECT person_id AS "id: PersonId", name, birth_date AS "birth: Day", sex,
                  number_last2, life, area_id AS "area: AreaId"
           FROM person WHERE person_id = ANY($1) AND listed ORDER BY person_id LIMIT 5000"#,
        people as &[PersonId]
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    cards(rows)
}

pub(super) async fn by_number(
    conn: &mut PgConnection,
    index: &[u8; 16],
) -> Result<Vec<PersonCard>, Trouble> {
    let rows = sqlx::query_as!(
        CardRow,
        r#"SELECT person_id AS "id: PersonId", name, birth_date AS "birth: Day", sex,
                  number_last2, life, area_id AS "area: AreaId"
           FROM person
           WHERE listed AND person_id IN
               (SELECT coalesce(o.merged_into, o.person_id)
                FROM person_number n JOIN person o ON o.person_id = n.person_id
                WHERE n.number_index = $1 AND n.standing <> 'withdrawn')
           ORDER BY name_key, person_id LIMIT 20"#,
        index.as_slice()
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    cards(rows)
}

pub(super) async fn by_name(
    conn: &mut PgConnection,
    from: &str,
    to: &str,
    limit: i64,
    offset: i64,
) -> Result<Vec<PersonCard>, Trouble> {
    let rows = sqlx::query_as!(
        CardRow,
        r#"SELECT person_id AS "id: PersonId", name, birth_date AS "birth: Day", sex,
                  number_last2, life, area_id AS "area: AreaId"
           FROM person WHERE name_key >= $1 AND name_key < $2 AND listed
           ORDER BY name_key, area_pos, person_id LIMIT $3 OFFSET $4"#,
        from,
        to,
        limit,
        offset
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    cards(rows)
}

pub(super) async fn by_initials(
    conn: &mut PgConnection,
    from: &str,
    to: &str,
    limit: i64,
    offset: i64,
) -> Result<Vec<PersonCard>, Trouble> {
    let rows = sqlx::query_as!(
        CardRow,
        r#"SELECT person_id AS "id: PersonId", name, birth_date AS "birth: Day", sex,
                  number_last2, life, area_id AS "area: AreaId"
           FROM person WHERE initials >= $1 AND initials < $2 AND listed
           ORDER BY initials, name_key, area_pos, person_id LIMIT $3 OFFSET $4"#,
        from,
        to,
        limit,
        offset
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    cards(rows)
}

pub(super) async fn by_area(
    conn: &mut PgConnection,
    lo: i32,
    hi: i32,
    limit: i64,
    offset: i64,
) -> Result<Vec<PersonCard>, Trouble> {
    let rows = sqlx::query_as!(
        CardRow,
        r#"SELECT person_id AS "id: PersonId", name, birth_date AS "birth: Day", sex,
                  number_last2, life, area_id AS "area: AreaId"
           FROM person WHERE area_pos >= $1 AND area_pos < $2 AND listed
           ORDER BY area_pos, name_key, person_id LIMIT $3 OFFSET $4"#,
        lo,
        hi,
        limit,
        offset
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    cards(rows)
}

pub(super) async fn known_people(conn: &mut PgConnection) -> Result<Vec<KnownPerson>, Trouble> {
    let rows = query!(
        r#"SELECT p.person_id AS "id: PersonId", p.name, p.name_key, p.birth_date AS "birth: Day",
                  p.sex, p.area_id AS "area: AreaId", n.number_index
           FROM person p JOIN person_number n ON n.person_id = p.person_id
           WHERE p.merged_into IS NULL AND n.standing <> 'withdrawn'
           ORDER BY p.person_id, n.number_index"#
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    let mut people: Vec<KnownPerson> = Vec::with_capacity(rows.len());
    for r in rows {
        let number: [u8; 16] = r
            .number_index
            .try_into()
            .map_err(|_| Trouble::fault("person_number.number_index is not 16 bytes"))?;
        match people.last_mut() {
            Some(last) if last.id == r.id => last.numbers.push(number),
            _ => people.push(KnownPerson {
                id: r.id,
                name: r.name,
                name_key: r.name_key,
                birth: r.birth,
                sex: r.sex.as_deref().and_then(Sex::from_code),
                area: r.area,
                numbers: vec![number],
            }),
        }
    }
    Ok(people)
}

/// Lists people who have facts and whose file has not gone over to somebody else.
pub(super) async fn list_anew(conn: &mut PgConnection, people: &[PersonId]) -> Result<(), Trouble> {
    query!(
        "UPDATE person p
         SET listed = p.merged_into IS NULL
                      AND EXISTS (SELECT 1 FROM fact_current c WHERE c.person_id = p.person_id)
         WHERE p.person_id = ANY($1)",
        people as &[PersonId]
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}

pub(super) async fn show_lives(
    conn: &mut PgConnection,
    people: &[PersonId],
    lives: &[String],
) -> Result<(), Trouble> {
    query!(
        "UPDATE person p SET life = s.life
         FROM unnest($1::uuid[], $2::text[]) AS s (person_id, life)
         WHERE p.person_id = s.person_id AND p.life <> s.life",
        people as &[PersonId],
        lives
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}

pub(super) async fn list_who_has_facts(
    conn: &mut PgConnection,
    batch: BatchId,
) -> Result<(), Trouble> {
    query!(
        "UPDATE person p
         SET listed = p.merged_into IS NULL
                      AND EXISTS (SELECT 1 FROM fact_current c WHERE c.person_id = p.person_id)
         WHERE p.person_id IN (SELECT person_id FROM assertion WHERE batch_id = $1)",
        batch as BatchId
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}

pub(super) async fn count_in(conn: &mut PgConnection, lo: i32, hi: i32) -> Result<i64, Trouble> {
    query_scalar!(
        r#"SELECT count(*) AS "n!" FROM person
           WHERE area_pos >= $1 AND area_pos < $2 AND listed"#,
        lo,
        hi
    )
    .fetch_one(conn)
    .await
    .or_trouble()
}

pub(super) async fn count(conn: &mut PgConnection) -> Result<i64, Trouble> {
    query_scalar!(r#"SELECT count(*) AS "n!" FROM person WHERE listed"#)
        .fetch_one(conn)
        .await
        .or_trouble()
}

/// People of a file whose card says another name or village than their facts.
pub(super) async fn stale_cards(
    conn: &mut PgConnection,
    batch: BatchId,
) -> Result<Vec<(PersonId, String, AreaId, i32)>, Trouble> {
    let rows = query!(
        r#"SELECT p.person_id AS "id: PersonId", n.value_text AS "name!",
                  h.value_area AS "area!: AreaId", pos.lo
           FROM person p
           JOIN LATERAL (SELECT value_text FROM fact_current c
                         WHERE c.person_id = p.person_id AND c.kind = 'name'
                         ORDER BY rank, supplier LIMIT 1) n ON true
           JOIN LATERAL (SELECT value_area FROM fact_current c
                         WHERE c.person_id = p.person_id AND c.kind = 'hukou_area'
                         ORDER BY rank, supplier LIMIT 1) h ON true
           JOIN area_position pos ON pos.area_id = h.value_area
           WHERE p.person_id IN (SELECT person_id FROM assertion WHERE batch_id = $1)
             AND (p.name, p.area_id) IS DISTINCT FROM (n.value_text, h.value_area)
           ORDER BY p.person_id"#,
        batch as BatchId
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    Ok(rows.into_iter().map(|r| (r.id, r.name, r.area, r.lo)).collect())
}

/// The same for these people.
pub(super) async fn stale_cards_of(
    conn: &mut PgConnection,
    people: &[PersonId],
) -> Result<Vec<(PersonId, String, AreaId, i32)>, Trouble> {
    let rows = query!(
        r#"SELECT p.person_id AS "id: PersonId", n.value_text AS "name!",
                  h.value_area AS "area!: AreaId", pos.lo
           FROM person p
           JOIN LATERAL (SELECT value_text FROM fact_current c
                         WHERE c.person_id = p.person_id AND c.kind = 'name'
                         ORDER BY rank, supplier LIMIT 1) n ON true
           JOIN LATERAL (SELECT value_area FROM fact_current c
                         WHERE c.person_id = p.person_id AND c.kind = 'hukou_area'
                         ORDER BY rank, supplier LIMIT 1) h ON true
           JOIN area_position pos ON pos.area_id = h.value_area
           WHERE p.person_id = ANY($1)
             AND (p.name, p.area_id) IS DISTINCT FROM (n.value_text, h.value_area)
           ORDER BY p.person_id"#,
        people as &[PersonId]
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    Ok(rows.into_iter().map(|r| (r.id, r.name, r.area, r.lo)).collect())
}

pub(super) async fn rewrite_card(
    conn: &mut PgConnection,
    person: PersonId,
    name: &str,
    name_key: &str,
    initials: &str,
    (area, area_pos): (AreaId, i32),
) -> Result<(), Trouble> {
    query!(
        "UPDATE person SET name = $2, name_key = $3, initials = $4, area_id = $5, area_pos = $6
         WHERE person_id = $1",
        person as PersonId,
        name,
        name_key,
        initials,
        area as AreaId,
        area_pos
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}
