//! The statements over what was paid and decided before.

use std::collections::{HashMap, HashSet};

use db::OrTrouble;
use kernel::{AreaId, AssertionId, Day, Fen, Month, Now, PersonId, RunId, Trouble};
use sqlx::{PgConnection, query, query_as};

use crate::{
    Answer, Before, BeforeLine, Cause, Grant, History, PaidMonth, PaidState, RunState, SegmentKind,
};

/// What runs have paid of an item to people of these places, and what was decided about them, as
/// it was known under the mark. The connection is the engine's: who has moved here brings along
/// what another area paid. A run that is frozen anew leaves its own months out (`except`).
pub async fn history(
    conn: &mut PgConnection,
    item: &str,
    area: AreaId,
    place: (i32, i32),
    mark: AssertionId,
    except: Option<RunId>,
) -> Result<History, Trouble> {
    let mut history = History::default();
    let rows = query!(
        r#"SELECT coalesce(p.merged_into, s.person_id) AS "person!: PersonId",
                  s.month AS "month: Month", s.sequence, s.amount_fen AS "amount: Fen",
                  r.why AS "why?", run.area_id <> $2 AS "elsewhere!"
           FROM pay_segment s JOIN person p ON p.person_id = s.person_id
           JOIN person k ON k.person_id = coalesce(p.merged_into, p.person_id)
           JOIN pay_run run ON run.id = s.run_id
           LEFT JOIN pay_release r ON r.person_id = s.person_id AND r.item = s.item
                AND r.month = s.month AND r.sequence = s.sequence AND r.mark <= $5
           WHERE s.item = $1 AND s.mark <= $5 AND k.area_pos >= $3 AND k.area_pos < $4
             AND s.run_id IS DISTINCT FROM $6::bigint
           ORDER BY 1, s.month, s.sequence"#,
        item,
        area as AreaId,
        place.0,
        place.1,
        mark as AssertionId,
        except.map(RunId::get)
    )
    .fetch_all(&mut *conn)
    .await
    .or_trouble()?;
    for r in rows {
        let state = match r.why.as_deref() {
            None => PaidState::Live,
            Some("returned") => PaidState::Returned,
            Some(_) => PaidState::Dropped,
        };
        let sequence = u16::try_from(r.sequence).map_err(Trouble::fault)?;
        let (month, amount, elsewhere) = (r.month, r.amount, r.elsewhere);
        let paid = PaidMonth { month, sequence, amount, state, elsewhere };
        history.paid.entry(r.person).or_default().push(paid);
    }
    recovered(&mut *conn, item, place, mark, &mut history).await?;
    granted(conn, item, place, mark, &mut history).await?;
    Ok(history)
}

async fn recovered(
    conn: &mut PgConnection,
    item: &str,
    place: (i32, i32),
    mark: AssertionId,
    history: &mut History,
) -> Result<(), Trouble> {
    let rows = query!(
        r#"SELECT coalesce(p.merged_into, c.person_id) AS "person!: PersonId",
                  c.month AS "month: Month", c.amount_fen AS "amount: Fen"
           FROM pay_recovered c JOIN person p ON p.person_id = c.person_id
           JOIN person k ON k.person_id = coalesce(p.merged_into, p.person_id)
           WHERE c.item = $1 AND c.mark <= $4 AND k.area_pos >= $2 AND k.area_pos < $3
           ORDER BY 1, c.month, c.about"#,
        item,
        place.0,
        place.1,
        mark as AssertionId
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    for r in rows {
        let back = PaidMonth {
            month: r.month,
            sequence: 0,
            amount: r.amount,
            state: PaidState::Recovered,
            elsewhere: false,
        };
        history.paid.entry(r.person).or_default().push(back);
    }
    Ok(())
}

async fn granted(
    conn: &mut PgConnection,
    item: &str,
    place: (i32, i32),
    mark: AssertionId,
    history: &mut History,
) -> Result<(), Trouble> {
    let rows = query!(
        r#"SELECT c.person_id AS "person: PersonId", a.value_int AS "monthly!: Fen",
                  a.valid_from AS "valid_from: Day", a.valid_to AS "valid_to: Day"
           FROM fact_current c JOIN person k ON k.person_id = c.person_id
           CROSS JOIN LATERAL (
               SELECT c.person_id UNION ALL
               SELECT m.person_id FROM person m WHERE m.merged_into = c.person_id
           ) own (person_id)
           JOIN assertion a ON a.person_id = own.person_id AND a.kind = c.kind
           WHERE c.kind = $1 AND c.supplier = '' AND k.area_pos >= $2 AND k.area_pos < $3
             AND a.statement IS NOT NULL AND a.retracts IS NULL AND a.value_int IS NOT NULL
             AND a.id <= $4
             AND NOT EXISTS (SELECT 1 FROM assertion t WHERE t.retracts = a.id AND t.id <= $4)
           ORDER BY c.person_id, a.id"#,
        format!("award.{item}"),
        place.0,
        place.1,
        mark as AssertionId
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    for r in rows {
        let to = r.valid_to.map(|to| to.plus_days(-1).month().next());
        let grant = Grant { from: r.valid_from.month(), to, monthly: r.monthly };
        history.granted.entry(r.person).or_default().push(grant);
    }
    Ok(())
}

/// What the last locked run of the area and item before the month paid for its own month, as it
/// was known under the mark; none when there was none. The connection is the engine's.
pub async fn before(
    conn: &mut PgConnection,
    area: AreaId,
    item: &str,
    month: Month,
    mark: AssertionId,
) -> Result<Option<Before>, Trouble> {
    let last = query!(
        r#"SELECT r.id, r.month AS "month: Month", r.area_lo, r.area_hi
           FROM pay_run r
           JOIN LATERAL (SELECT to_state FROM pay_run_move m
                         WHERE m.run_id = r.id AND m.mark <= $4 ORDER BY no DESC LIMIT 1) m ON true
           WHERE r.area_id = $1 AND r.item = $2 AND r.month < $3
             AND m.to_state IN ('locked', 'requested', 'funded', 'voucher', 'sent', 'settled')
           ORDER BY r.month DESC, r.id DESC LIMIT 1"#,
        area as AreaId,
        item,
        month as Month,
        mark as AssertionId
    )
    .fetch_optional(&mut *conn)
    .await
    .or_trouble()?;
    let Some(last) = last else { return Ok(None) };
    let lines = before_lines(&mut *conn, last.id, (last.area_lo, last.area_hi)).await?;
    let held = query!(
        r#"SELECT coalesce(p.merged_into, h.person_id) AS "person!: PersonId"
           FROM pay_held h JOIN person p ON p.person_id = h.person_id WHERE h.run_id = $1"#,
        last.id
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    let held: HashSet<PersonId> = held.into_iter().map(|r| r.person).collect();
    Ok(Some(Before { month: last.month, lines, held }))
}

/// The lines of the run before. A merged person's line is the kept one's; where both were paid,
/// the merged one's ends here.
async fn before_lines(
    conn: &mut PgConnection,
    run: i64,
    place: (i32, i32),
) -> Result<HashMap<PersonId, BeforeLine>, Trouble> {
    let rows = query!(
        r#"SELECT l.person_id AS "person: PersonId", p.merged_into AS "kept?: PersonId",
                  l.area_id AS "area: AreaId", l.area_pos, l.current_fen AS "amount: Fen", l.band,
                  coalesce(k.area_pos < $2 OR k.area_pos >= $3, true) AS "left!"
           FROM pay_line l LEFT JOIN person p ON p.person_id = l.person_id
           LEFT JOIN person k ON k.person_id = coalesce(p.merged_into, p.person_id)
           WHERE l.run_id = $1 AND l.current_fen > 0
           ORDER BY p.merged_into NULLS FIRST, l.person_id"#,
        run,
        place.0,
        place.1
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    let mut lines = HashMap::with_capacity(rows.len());
    for r in rows {
        let band = r.band.and_then(|band| u8::try_from(band).ok());
        let gone = r.left.then_some(Cause::MovedOut);
        let (area, area_pos, amount) = (r.area, r.area_pos, r.amount);
        let line = BeforeLine { area, area_pos, amount, band, gone };
        match r.kept {
            Some(kept) if !lines.contains_key(&kept) => lines.insert(kept, line),
            Some(_) => {
                lines.insert(r.person, BeforeLine { gone: Some(Cause::StoppedOther), ..line })
            }
            None => lines.insert(r.person, line),
        };
    }
    Ok(lines)
}

/// 已发: a month of an item that was paid or is on its way, net of what was paid back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaidLine {
    /// Who.
    pub person: PersonId,
    /// Id of the item.
    pub item: String,
    /// Which month.
    pub month: Month,
    /// How much.
    pub amount: Fen,
}

/// What our runs paid to these people and did not get back, by person, item and month; who was
/// merged into them included.
pub async fn paid_months(
    conn: &mut PgConnection,
    people: &[PersonId],
) -> Result<Vec<PaidLine>, Trouble> {
    query_as!(
        PaidLine,
        r#"WITH own AS (
               SELECT person_id, coalesce(merged_into, person_id) AS kept FROM person
               WHERE person_id = ANY($1) OR merged_into = ANY($1)
           ), moved AS (
               SELECT o.kept, s.item, s.month, s.amount_fen FROM own o
               JOIN pay_segment s ON s.person_id = o.person_id
               WHERE NOT EXISTS (SELECT 1 FROM pay_release r
                                 WHERE (r.person_id, r.item, r.month, r.sequence)
                                     = (s.person_id, s.item, s.month, s.sequence))
               UNION ALL
               SELECT o.kept, c.item, c.month, -c.amount_fen FROM own o
               JOIN pay_recovered c ON c.person_id = o.person_id
           )
           SELECT kept AS "person!: PersonId", item AS "item!", month AS "month!: Month",
                  sum(amount_fen)::bigint AS "amount!: Fen"
           FROM moved GROUP BY kept, item, month HAVING sum(amount_fen) > 0
           ORDER BY kept, item, month"#,
        people as &[PersonId]
    )
    .fetch_all(conn)
    .await
    .or_trouble()
}

/// 发放记录: a month of a person in a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastLine {
    /// The run.
    pub run: RunId,
    /// Its month.
    pub run_month: Month,
    /// Id of the item.
    pub item: String,
    /// How far the run has come.
    pub state: RunState,
    /// The month that was paid.
    pub month: Month,
    /// Why it was in the run.
    pub kind: SegmentKind,
    /// How much.
    pub amount: Fen,
    /// Why it was not paid after all: 退汇, 财政退回, 批次作废.
    pub released: Option<crate::Release>,
    /// What the bank said last.
    pub answer: Option<Answer>,
}

/// A person's months in locked runs, the newest month first; of who was merged too.
pub async fn line_history(
    conn: &mut PgConnection,
    person: PersonId,
    limit: i64,
    offset: i64,
) -> Result<Vec<PastLine>, Trouble> {
    let rows = query!(
        r#"SELECT s.run_id, run.month AS "run_month: Month", s.item, run.state,
                  s.month AS "month: Month", s.kind, s.amount_fen AS "amount: Fen",
                  r.why AS "why?", a.outcome AS "outcome?"
           FROM pay_segment s JOIN pay_run run ON run.id = s.run_id
           LEFT JOIN pay_release r ON r.person_id = s.person_id AND r.item = s.item
                AND r.month = s.month AND r.sequence = s.sequence
           LEFT JOIN LATERAL (SELECT outcome FROM pay_answer a
                              WHERE a.run_id = s.run_id AND a.person_id = s.person_id
                                AND a.version = s.version
                              ORDER BY no DESC LIMIT 1) a ON true
           WHERE s.person_id IN (SELECT $1 UNION ALL
                                 SELECT p.person_id FROM person p WHERE p.merged_into = $1)
           ORDER BY s.month DESC, s.item, s.sequence DESC, s.person_id LIMIT $2 OFFSET $3"#,
        person as PersonId,
        limit,
        offset
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    let broken = || Trouble::fault("pay_segment: a word");
    rows.into_iter()
        .map(|r| {
            let word = |code: &str| crate::Release::from_code(code).ok_or_else(broken);
            let said = |code: &str| Answer::from_code(code).ok_or_else(broken);
            Ok(PastLine {
                run: RunId::new(r.run_id),
                run_month: r.run_month,
                item: r.item,
                state: RunState::from_code(&r.state).ok_or_else(broken)?,
                month: r.month,
                kind: SegmentKind::from_code(&r.kind).ok_or_else(broken)?,
                amount: r.amount,
                released: r.why.as_deref().map(word).transpose()?,
                answer: r.outcome.as_deref().map(said).transpose()?,
            })
        })
        .collect()
}

/// 追回: notes which months were paid back, once for what is named (`recovery/<case>/<no>`), so
/// that they are owed again should the verdict come back.
#[doc(alias = "追回")]
pub async fn note_recovered(
    conn: &mut PgConnection,
    person: PersonId,
    item: &str,
    months: &[(Month, Fen)],
    about: &str,
    at: Now,
) -> Result<(), Trouble> {
    let days: Vec<Day> = months.iter().map(|(month, _)| month.first()).collect();
    let amounts: Vec<Fen> = months.iter().map(|(_, amount)| *amount).collect();
    query!(
        "INSERT INTO pay_recovered (person_id, item, month, about, area_pos, amount_fen, at)
         SELECT p.person_id, $2, w.month, $5, p.area_pos, w.fen, $6
         FROM unnest($3::date[], $4::bigint[]) w (month, fen)
         JOIN person p ON p.person_id = $1
         ON CONFLICT DO NOTHING",
        person as PersonId,
        item,
        &days as &[Day],
        &amounts as &[Fen],
        about,
        at as Now
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}
