//! The statements over holds, differences and overpaid months of a run, and its sums.

use db::OrTrouble;
use kernel::{AreaId, Fen, Month, PersonId, RunId, Trouble};
use sqlx::{PgConnection, query, query_scalar};

use super::lines::band;
use crate::difference::CauseTally;
use crate::{Cause, DifferenceRow, HoldCause, Overpaid};

/// 分村分档: lines and money of a village and band.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaceRow {
    /// Village.
    pub area: AreaId,
    /// 档次
    pub band: Option<u8>,
    /// Lines.
    pub lines: i64,
    /// Months paid.
    pub months: i64,
    /// 当月
    pub current: Fen,
    /// 补发
    pub arrears: Fen,
}

/// Sums of a run by village and band, made when it was proposed. They name nobody.
pub async fn by_place_and_band(
    conn: &mut PgConnection,
    run: RunId,
) -> Result<Vec<PlaceRow>, Trouble> {
    let rows = query!(
        r#"SELECT area_id AS "area: AreaId", band, lines, months, current_fen AS "current: Fen",
                  arrears_fen AS "arrears: Fen"
           FROM pay_place WHERE run_id = $1 ORDER BY area_id, band"#,
        run.get()
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    let place = rows.into_iter().map(|r| PlaceRow {
        area: r.area,
        band: band(Some(r.band)),
        lines: r.lines,
        months: r.months,
        current: r.current,
        arrears: r.arrears,
    });
    Ok(place.collect())
}

/// Which differences a list shows.
#[derive(Clone, Debug, Default)]
pub struct DifferenceFilter {
    /// Of a cause.
    pub cause: Option<Cause>,
    /// Within these places of the area tree.
    pub place: Option<(i32, i32)>,
    /// Of these people.
    pub people: Option<Vec<PersonId>>,
}

/// Differences of a run, by place, person and cause.
pub async fn differences(
    conn: &mut PgConnection,
    run: RunId,
    filter: &DifferenceFilter,
    limit: i64,
    offset: i64,
) -> Result<Vec<DifferenceRow>, Trouble> {
    let rows = query!(
        r#"SELECT person_id AS "person: PersonId", area_id AS "area: AreaId", area_pos, cause,
                  lines, months, before_fen AS "before: Fen", now_fen AS "now: Fen", band_before,
                  band
           FROM pay_difference
           WHERE run_id = $1 AND ($2::text IS NULL OR cause = $2)
             AND ($3::integer IS NULL OR area_pos >= $3)
             AND ($4::integer IS NULL OR area_pos < $4)
             AND ($5::uuid[] IS NULL OR person_id = ANY($5))
           ORDER BY area_pos, person_id, cause LIMIT $6 OFFSET $7"#,
        run.get(),
        filter.cause.map(Cause::code),
        filter.place.map(|place| place.0),
        filter.place.map(|place| place.1),
        filter.people.as_deref() as Option<&[PersonId]>,
        limit,
        offset
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    rows.into_iter()
        .map(|r| {
            let cause = Cause::from_code(&r.cause);
            Ok(DifferenceRow {
                person: r.person,
                area: r.area,
                area_pos: r.area_pos,
                cause: cause.ok_or_else(|| Trouble::fault("pay_difference.cause"))?,
                lines: i8::try_from(r.lines).map_err(Trouble::fault)?,
                months: u16::try_from(r.months).map_err(Trouble::fault)?,
                before: r.before,
                now: r.now,
                band_before: band(r.band_before),
                band: band(r.band),
            })
        })
        .collect()
}

/// How many rows [`differences`] has.
pub async fn count_differences(
    conn: &mut PgConnection,
    run: RunId,
    filter: &DifferenceFilter,
) -> Result<i64, Trouble> {
    query_scalar!(
        r#"SELECT count(*) AS "n!" FROM pay_difference
           WHERE run_id = $1 AND ($2::text IS NULL OR cause = $2)
             AND ($3::integer IS NULL OR area_pos >= $3)
             AND ($4::integer IS NULL OR area_pos < $4)
             AND ($5::uuid[] IS NULL OR person_id = ANY($5))"#,
        run.get(),
        filter.cause.map(Cause::code),
        filter.place.map(|place| place.0),
        filter.place.map(|place| place.1),
        filter.people.as_deref() as Option<&[PersonId]>
    )
    .fetch_one(conn)
    .await
    .or_trouble()
}

/// 差异合计, by cause in the stated order; causes without rows are left out.
pub async fn difference_tally(
    conn: &mut PgConnection,
    run: RunId,
) -> Result<Vec<(Cause, CauseTally)>, Trouble> {
    let rows = query!(
        r#"SELECT cause, count(*) AS "people!", sum(lines) AS "lines!", sum(months) AS "months!",
                  sum(now_fen - before_fen)::bigint AS "amount!: Fen"
           FROM pay_difference WHERE run_id = $1 GROUP BY cause"#,
        run.get()
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    let mut all = Vec::new();
    for r in rows {
        let cause = Cause::from_code(&r.cause);
        let cause = cause.ok_or_else(|| Trouble::fault("pay_difference.cause"))?;
        let (people, lines, months, amount) = (r.people, r.lines, r.months, r.amount);
        all.push((cause, CauseTally { people, lines, months, amount }));
    }
    all.sort_by_key(|(cause, _)| *cause);
    Ok(all)
}

/// Which holds a list shows.
#[derive(Clone, Debug, Default)]
pub struct HeldFilter {
    /// Of a cause.
    pub cause: Option<HoldCause>,
    /// Within these places of the area tree.
    pub place: Option<(i32, i32)>,
}

/// 暂缓 as a list shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldRow {
    /// Who.
    pub person: PersonId,
    /// Village.
    pub area: AreaId,
    /// Why.
    pub cause: HoldCause,
    /// 还差的资料: kinds of facts.
    pub needs: Vec<String>,
    /// What the line would come to.
    pub amount: Fen,
}

/// Who of a run is on hold, by place and person.
pub async fn held(
    conn: &mut PgConnection,
    run: RunId,
    filter: &HeldFilter,
    limit: i64,
    offset: i64,
) -> Result<Vec<HeldRow>, Trouble> {
    let rows = query!(
        r#"SELECT person_id AS "person: PersonId", area_id AS "area: AreaId", cause, needs,
                  amount_fen AS "amount: Fen"
           FROM pay_held
           WHERE run_id = $1 AND ($2::text IS NULL OR cause = $2)
             AND ($3::integer IS NULL OR area_pos >= $3)
             AND ($4::integer IS NULL OR area_pos < $4)
           ORDER BY area_pos, person_id LIMIT $5 OFFSET $6"#,
        run.get(),
        filter.cause.map(HoldCause::code),
        filter.place.map(|place| place.0),
        filter.place.map(|place| place.1),
        limit,
        offset
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    rows.into_iter()
        .map(|r| {
            let cause = HoldCause::from_code(&r.cause);
            let cause = cause.ok_or_else(|| Trouble::fault("pay_held.cause"))?;
            let (person, area, needs, amount) = (r.person, r.area, r.needs, r.amount);
            Ok(HeldRow { person, area, cause, needs, amount })
        })
        .collect()
}

/// How many rows [`held`] has.
pub async fn count_held(
    conn: &mut PgConnection,
    run: RunId,
    filter: &HeldFilter,
) -> Result<i64, Trouble> {
    query_scalar!(
        r#"SELECT count(*) AS "n!" FROM pay_held
           WHERE run_id = $1 AND ($2::text IS NULL OR cause = $2)
             AND ($3::integer IS NULL OR area_pos >= $3)
             AND ($4::integer IS NULL OR area_pos < $4)"#,
        run.get(),
        filter.cause.map(HoldCause::code),
        filter.place.map(|place| place.0),
        filter.place.map(|place| place.1)
    )
    .fetch_one(conn)
    .await
    .or_trouble()
}

/// 暂缓合计: people and money by cause.
pub async fn held_tally(
    conn: &mut PgConnection,
    run: RunId,
) -> Result<Vec<(HoldCause, i64, Fen)>, Trouble> {
    let rows = query!(
        r#"SELECT cause, count(*) AS "n!", sum(amount_fen)::bigint AS "amount!: Fen"
           FROM pay_held WHERE run_id = $1 GROUP BY cause ORDER BY cause"#,
        run.get()
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    rows.into_iter()
        .map(|r| {
            let cause = HoldCause::from_code(&r.cause);
            Ok((cause.ok_or_else(|| Trouble::fault("pay_held.cause"))?, r.n, r.amount))
        })
        .collect()
}

/// 多发月份 of one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OverpaidRow {
    /// Who.
    pub person: PersonId,
    /// The months, ascending.
    pub months: Vec<Overpaid>,
}

/// Who has been paid what is not owed, as the run found it, by person. The limit counts months.
pub async fn overpaid(
    conn: &mut PgConnection,
    run: RunId,
    limit: i64,
    offset: i64,
) -> Result<Vec<OverpaidRow>, Trouble> {
    let rows = query!(
        r#"SELECT person_id AS "person: PersonId", month AS "month: Month",
                  paid_fen AS "paid: Fen", due_fen AS "due: Fen", by_roster
           FROM pay_overpaid WHERE run_id = $1 ORDER BY person_id, month LIMIT $2 OFFSET $3"#,
        run.get(),
        limit,
        offset
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    let mut all: Vec<OverpaidRow> = Vec::new();
    for r in rows {
        let month = Overpaid { month: r.month, paid: r.paid, due: r.due, by_roster: r.by_roster };
        match all.last_mut().filter(|last| last.person == r.person) {
            Some(last) => last.months.push(month),
            None => all.push(OverpaidRow { person: r.person, months: vec![month] }),
        }
    }
    Ok(all)
}

/// People, months and money that were paid and not owed.
pub async fn count_overpaid(
    conn: &mut PgConnection,
    run: RunId,
) -> Result<(i64, i64, Fen), Trouble> {
    let row = query!(
        r#"SELECT count(DISTINCT person_id) AS "people!", count(*) AS "months!",
                  coalesce(sum(paid_fen - due_fen), 0)::bigint AS "amount!: Fen"
           FROM pay_overpaid WHERE run_id = $1"#,
        run.get()
    )
    .fetch_one(conn)
    .await
    .or_trouble()?;
    Ok((row.people, row.months, row.amount))
}
