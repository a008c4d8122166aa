//! The statements over merged people and cleared pairs.

use db::OrTrouble;
use kernel::{AccountId, BatchId, Now, PersonId, Trouble};
use sqlx::{PgConnection, query, query_scalar};

use super::{Hangs, LAST_RANK, Merge, Said, Step, Word};

/// People who may be one.
pub(super) type Group = Vec<PersonId>;

/// These people and everybody who is merged with one of them.
pub(super) async fn members(
    conn: &mut PgConnection,
    people: &[PersonId],
) -> Result<Vec<PersonId>, Trouble> {
    query_scalar!(
        r#"WITH roots AS (SELECT coalesce(merged_into, person_id) AS root FROM person
                          WHERE person_id = ANY($1))
           SELECT person_id AS "person: PersonId" FROM person
           WHERE person_id = ANY($1) OR person_id IN (SELECT root FROM roots)
              OR merged_into IN (SELECT root FROM roots)
           ORDER BY 1"#,
        people as &[PersonId]
    )
    .fetch_all(conn)
    .await
    .or_trouble()
}

pub(super) async fn forget(conn: &mut PgConnection, people: &[PersonId]) -> Result<(), Trouble> {
    query!("DELETE FROM fact_current WHERE person_id = ANY($1)", people as &[PersonId])
        .execute(conn)
        .await
        .or_trouble()?;
    Ok(())
}

/// The last standing word of each source, about whoever the person's file has gone over to.
pub(super) async fn project(
    conn: &mut PgConnection,
    people: &[PersonId],
    suppliers: &[String],
    ranks: &[i16],
) -> Result<(), Trouble> {
    query!(
        "INSERT INTO fact_current (person_id, kind, supplier, rank, value_text, value_int,
                                   value_day, value_area, valid_from, valid_to, assertion_id)
         SELECT DISTINCT ON (1, 2, 3)
                coalesce(p.merged_into, p.person_id), a.kind, coalesce(b.supplier, ''),
                CASE WHEN b.id IS NULL THEN 0 ELSE coalesce(r.rank, $4) END,
                a.value_text, a.value_int, a.value_day, a.value_area, a.valid_from, a.valid_to,
                a.id
         FROM assertion a JOIN person p ON p.person_id = a.person_id
         LEFT JOIN batch b ON b.id = a.batch_id
         LEFT JOIN unnest($2::text[], $3::smallint[]) AS r (supplier, rank)
                ON r.supplier = b.supplier
         WHERE a.person_id = ANY($1) AND a.retracts IS NULL
           AND NOT EXISTS (SELECT 1 FROM assertion t WHERE t.retracts = a.id)
         ORDER BY 1, 2, 3, a.id DESC",
        people as &[PersonId],
        suppliers,
        ranks,
        LAST_RANK
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}

pub(super) async fn merged_of_batch(
    conn: &mut PgConnection,
    batch: BatchId,
) -> Result<Vec<PersonId>, Trouble> {
    query_scalar!(
        r#"SELECT DISTINCT a.person_id AS "person: PersonId" FROM assertion a
           WHERE a.batch_id = $1 AND a.person_id IN
               (SELECT person_id FROM person WHERE merged_into IS NOT NULL
                UNION SELECT merged_into FROM person WHERE merged_into IS NOT NULL)
           ORDER BY 1"#,
        batch as BatchId
    )
    .fetch_all(conn)
    .await
    .or_trouble()
}

/// Merges that stand among these people, as (merged, kept).
pub(super) async fn standing(
    conn: &mut PgConnection,
    people: &[PersonId],
) -> Result<Vec<(PersonId, PersonId)>, Trouble> {
    let rows = query!(
        r#"SELECT m.merged AS "merged: PersonId", m.kept AS "kept: PersonId"
           FROM person_merge m
           WHERE m.step = 'confirmed' AND m.merged = ANY($1)
             AND NOT EXISTS (SELECT 1 FROM person_merge u
                             WHERE u.proposal = m.proposal AND u.step = 'undone')
           ORDER BY m.id"#,
        people as &[PersonId]
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    Ok(rows.into_iter().map(|r| (r.merged, r.kept)).collect())
}

/// Shows whom each of them leads to. Who is listed is settled with their facts.
pub(super) async fn lead(
    conn: &mut PgConnection,
    roots: &[(PersonId, Option<PersonId>)],
) -> Result<(), Trouble> {
    for (person, root) in roots {
        query!(
            "UPDATE person SET merged_into = $2, listed = listed AND $2::uuid IS NULL
             WHERE person_id = $1",
            *person as PersonId,
            *root as Option<PersonId>
        )
        .execute(&mut *conn)
        .await
        .or_trouble()?;
    }
    Ok(())
}

pub(super) async fn lock(conn: &mut PgConnection, person: PersonId) -> Result<(), Trouble> {
    query!(
        r#"SELECT pg_advisory_xact_lock(hashtextextended($1, 3)) AS "locked!: ()""#,
        person.to_string()
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}

pub(super) async fn propose(
    conn: &mut PgConnection,
    kept: PersonId,
    merged: PersonId,
    word: Word<'_>,
) -> Result<i64, Trouble> {
    query_scalar!(
        "INSERT INTO person_merge (step, kept, merged, decided_by, decided_at, reason)
         VALUES ('proposed', $1, $2, $3, $4, $5) RETURNING id",
        kept as PersonId,
        merged as PersonId,
        word.by as AccountId,
        word.at as Now,
        word.reason.trim()
    )
    .fetch_one(conn)
    .await
    .or_trouble()
}

pub(super) async fn say(
    conn: &mut PgConnection,
    merge: &Merge,
    step: Step,
    word: Word<'_>,
) -> Result<(), Trouble> {
    query!(
        "INSERT INTO person_merge (step, kept, merged, decided_by, decided_at, reason, proposal,
                                   proposed_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        step.code(),
        merge.kept as PersonId,
        merge.merged as PersonId,
        word.by as AccountId,
        word.at as Now,
        word.reason.trim(),
        merge.id,
        merge.proposed_by as AccountId
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}

/// Proposals with all that was said about them, in the order of `ids`.
pub(super) async fn merges(conn: &mut PgConnection, ids: &[i64]) -> Result<Vec<Merge>, Trouble> {
    let rows = query!(
        r#"SELECT coalesce(m.proposal, m.id) AS "proposal!", m.step,
                  m.kept AS "kept: PersonId", m.merged AS "merged: PersonId",
                  m.decided_by AS "by: AccountId", m.decided_at AS "at: Now", m.reason, a.name
           FROM person_merge m JOIN account a ON a.id = m.decided_by
           WHERE m.id = ANY($1) OR m.proposal = ANY($1) ORDER BY m.id LIMIT 5000"#,
        ids
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    let mut merges: Vec<Merge> = Vec::new();
    for r in rows {
        let step = Step::from_code(&r.step)
            .ok_or_else(|| Trouble::fault(format!("person_merge.step {} is unknown", r.step)))?;
        let said = Said { step, who: r.name, at: r.at, reason: r.reason };
        match merges.iter_mut().find(|merge| merge.id == r.proposal) {
            Some(merge) => {
                merge.step = step;
                merge.said.push(said);
            }
            None => merges.push(Merge {
                id: r.proposal,
                kept: r.kept,
                merged: r.merged,
                step,
                said: vec![said],
                proposed_by: r.by,
            }),
        }
    }
    merges.sort_by_key(|merge| ids.iter().position(|id| *id == merge.id));
    Ok(merges)
}

pub(super) async fn waiting(conn: &mut PgConnection, limit: i64) -> Result<Vec<i64>, Trouble> {
    query_scalar!(
        "SELECT m.id FROM person_merge m
         WHERE m.step = 'proposed'
           AND NOT EXISTS (SELECT 1 FROM person_merge a WHERE a.proposal = m.id)
         ORDER BY m.id LIMIT $1",
        limit
    )
    .fetch_all(conn)
    .await
    .or_trouble()
}

pub(super) async fn answered(conn: &mut PgConnection, limit: i64) -> Result<Vec<i64>, Trouble> {
    query_scalar!(
        r#"SELECT m.proposal AS "proposal!" FROM person_merge m
           WHERE m.step IN ('confirmed', 'refused') ORDER BY m.id DESC LIMIT $1"#,
        limit
    )
    .fetch_all(conn)
    .await
    .or_trouble()
}

pub(super) async fn between(
    conn: &mut PgConnection,
    person: PersonId,
    other: PersonId,
) -> Result<Option<i64>, Trouble> {
    query_scalar!(
        "SELECT id FROM person_merge
         WHERE step = 'proposed' AND merged IN ($1, $2) AND kept IN ($1, $2)
         ORDER BY id DESC LIMIT 1",
        person as PersonId,
        other as PersonId
    )
    .fetch_optional(conn)
    .await
    .or_trouble()
}

/// Groups of listed people of one name, birth and village. The statements about alike people are
/// small on purpose: one that joined them all was planned badly whenever statistics were missing.
pub(super) async fn alike(conn: &mut PgConnection, most: i64) -> Result<Vec<Group>, Trouble> {
    query_scalar!(
        r#"SELECT array_agg(person_id ORDER BY person_id) AS "people!: Vec<PersonId>"
           FROM person WHERE listed AND birth_date IS NOT NULL
           GROUP BY area_id, name_key, birth_date HAVING count(*) > 1
           ORDER BY area_id, name_key, birth_date LIMIT $1"#,
        most
    )
    .fetch_all(conn)
    .await
    .or_trouble()
}

/// Groups of people, listed or not, who hold one number.
pub(super) async fn holders(conn: &mut PgConnection, most: i64) -> Result<Vec<Group>, Trouble> {
    query_scalar!(
        r#"SELECT array_agg(person_id ORDER BY person_id) AS "people!: Vec<PersonId>"
           FROM person_number WHERE standing <> 'withdrawn'
           GROUP BY number_index HAVING count(*) > 1
           ORDER BY number_index LIMIT $1"#,
        most
    )
    .fetch_all(conn)
    .await
    .or_trouble()
}

/// Pairs among these people that somebody has found not to be one, or proposed to merge.
pub(super) async fn settled(
    conn: &mut PgConnection,
    people: &[PersonId],
) -> Result<Vec<(PersonId, PersonId)>, Trouble> {
    let cleared = query!(
        r#"SELECT DISTINCT ON (person_id, other_id) person_id AS "person: PersonId",
                  other_id AS "other: PersonId", cleared
           FROM cleared_pair WHERE person_id = ANY($1) AND other_id = ANY($1)
           ORDER BY person_id, other_id, id DESC"#,
        people as &[PersonId]
    )
    .fetch_all(&mut *conn)
    .await
    .or_trouble()?;
    let proposed = query!(
        r#"SELECT m.kept AS "kept: PersonId", m.merged AS "merged: PersonId"
           FROM person_merge m
           WHERE m.step = 'proposed' AND m.kept = ANY($1) AND m.merged = ANY($1)
             AND NOT EXISTS (SELECT 1 FROM person_merge a WHERE a.proposal = m.id)
           ORDER BY m.id"#,
        people as &[PersonId]
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    let cleared = cleared.into_iter().filter(|r| r.cleared).map(|r| (r.person, r.other));
    let proposed = proposed.into_iter().map(|r| (r.kept.min(r.merged), r.kept.max(r.merged)));
    Ok(cleared.chain(proposed).collect())
}

pub(super) async fn clear(
    conn: &mut PgConnection,
    (person, other): (PersonId, PersonId),
    cleared: bool,
    word: Word<'_>,
) -> Result<(), Trouble> {
    query!(
        "INSERT INTO cleared_pair (person_id, other_id, cleared, decided_by, decided_at, reason)
         VALUES ($1, $2, $3, $4, $5, $6)",
        person as PersonId,
        other as PersonId,
        cleared,
        word.by as AccountId,
        word.at as Now,
        word.reason.trim()
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}

pub(super) async fn cleared(
    conn: &mut PgConnection,
    person: PersonId,
    other: PersonId,
) -> Result<Option<(String, Now, String)>, Trouble> {
    let row = query!(
        r#"SELECT c.cleared, a.name, c.decided_at AS "at: Now", c.reason
           FROM cleared_pair c JOIN account a ON a.id = c.decided_by
           WHERE c.person_id = $1 AND c.other_id = $2 ORDER BY c.id DESC LIMIT 1"#,
        person as PersonId,
        other as PersonId
    )
    .fetch_optional(conn)
    .await
    .or_trouble()?;
    Ok(row.filter(|r| r.cleared).map(|r| (r.name, r.at, r.reason)))
}

pub(super) async fn hangs_on(conn: &mut PgConnection, person: PersonId) -> Result<Hangs, Trouble> {
    let row = query!(
        r#"SELECT
             (SELECT count(*) FROM fact_current WHERE person_id = $1) AS "facts!",
             (SELECT count(DISTINCT batch_id) FROM assertion WHERE person_id = $1) AS "files!",
             (SELECT count(*) FROM duty WHERE person_id = $1 AND state = 'open') AS "open!",
             (SELECT count(*) FROM duty WHERE person_id = $1 AND state <> 'open') AS "closed!",
             (SELECT count(*) FROM person_number
              WHERE person_id = $1 AND standing <> 'withdrawn') AS "numbers!""#,
        person as PersonId
    )
    .fetch_one(conn)
    .await
    .or_trouble()?;
    Ok(Hangs {
        facts: row.facts,
        files: row.files,
        open_duties: row.open,
        closed_duties: row.closed,
        numbers: row.numbers,
    })
}
