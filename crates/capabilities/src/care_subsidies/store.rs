//! The statements over quotas.

use db::OrTrouble;
use kernel::{AreaId, Day, Fen, Month, Now, PersonId, TransferId, Trouble};
use sqlx::{PgConnection, query, query_scalar};

use super::domain::Grant;

/// What a list of quotas is filtered by.
#[derive(Clone, Debug, Default)]
pub(super) struct Which {
    pub(super) item: Option<String>,
    pub(super) month: Option<Month>,
    /// With something left on this day.
    pub(super) left_on: Option<Day>,
    /// With something left, and ending on or before this day.
    pub(super) ends_by: Option<Day>,
    /// 已作废, with something lost.
    pub(super) lapsed: bool,
}

/// What quotas come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sums {
    pub(super) count: i64,
    pub(super) amount: Fen,
    pub(super) used: Fen,
    pub(super) left: Fen,
    pub(super) lapsed: Fen,
}

/// Waits for whoever draws from or closes the quotas of the area. Until the transaction ends.
pub(super) async fn lock(conn: &mut PgConnection, area: AreaId) -> Result<(), Trouble> {
    query!(
        r#"SELECT pg_advisory_xact_lock(hashtextextended('quotas', $1)) AS "locked!: ()""#,
        area.get()
    )
    .execute(conn)
    .await
    .or_trouble()
    .map(drop)
}

/// Quotas of the scope, newest month first.
pub(super) async fn grants(
    conn: &mut PgConnection,
    which: &Which,
    limit: i64,
    offset: i64,
) -> Result<Vec<Grant>, Trouble> {
    let rows = query!(
        r#"SELECT g.person_id AS "person: PersonId", g.item, g.month AS "month: Month", g.fund,
                  g.amount_fen, d.used AS "used!", g.last_day AS "last_day: Day",
                  c.item IS NOT NULL AS "closed!"
           FROM quota_grant g
           LEFT JOIN quota_close c USING (item, month, person_id),
           LATERAL (SELECT coalesce(sum(d.amount_fen), 0)::bigint AS used FROM quota_draw d
               WHERE d.person_id = g.person_id AND d.item = g.item AND d.month = g.month) d
           WHERE ($1::text IS NULL OR g.item = $1) AND ($2::date IS NULL OR g.month = $2)
             AND ($3::date IS NULL OR c.item IS NULL AND d.used < g.amount_fen
                 AND g.month <= $3 AND coalesce(g.last_day >= $3, true))
             AND ($4::date IS NULL OR c.item IS NULL AND d.used < g.amount_fen
                 AND g.last_day <= $4)
             AND (NOT $5 OR c.left_fen > 0)
           ORDER BY g.month DESC, g.item, g.area_pos, g.person_id LIMIT $6 OFFSET $7"#,
        which.item,
        which.month as Option<Month>,
        which.left_on as Option<Day>,
        which.ends_by as Option<Day>,
        which.lapsed,
        limit,
        offset
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    Ok(rows
        .into_iter()
        .map(|r| Grant {
            person: r.person,
            item: r.item,
            month: r.month,
            fund: r.fund,
            amount: Fen::new(r.amount_fen),
            used: Fen::new(r.used),
            last_day: r.last_day,
            closed: r.closed,
        })
        .collect())
}

/// What the quotas of the scope that fit come to.
pub(super) async fn sums(conn: &mut PgConnection, which: &Which) -> Result<Sums, Trouble> {
    let row = query!(
        r#"SELECT count(*) AS "count!", coalesce(sum(g.amount_fen), 0)::bigint AS "amount!",
                  coalesce(sum(d.used), 0)::bigint AS "used!",
                  coalesce(sum(g.amount_fen - d.used) FILTER (WHERE c.item IS NULL), 0)::bigint
                      AS "left!",
                  coalesce(sum(c.left_fen), 0)::bigint AS "lapsed!"
           FROM quota_grant g
           LEFT JOIN quota_close c USING (item, month, person_id),
           LATERAL (SELECT coalesce(sum(d.amount_fen), 0)::bigint AS used FROM quota_draw d
               WHERE d.person_id = g.person_id AND d.item = g.item AND d.month = g.month) d
           WHERE ($1::text IS NULL OR g.item = $1) AND ($2::date IS NULL OR g.month = $2)
             AND ($3::date IS NULL OR c.item IS NULL AND d.used < g.amount_fen
                 AND g.month <= $3 AND coalesce(g.last_day >= $3, true))
             AND ($4::date IS NULL OR c.item IS NULL AND d.used < g.amount_fen
                 AND g.last_day <= $4)
             AND (NOT $5 OR c.left_fen > 0)"#,
        which.item,
        which.month as Option<Month>,
        which.left_on as Option<Day>,
        which.ends_by as Option<Day>,
        which.lapsed
    )
    .fetch_one(conn)
    .await
    .or_trouble()?;
    Ok(Sums {
        count: row.count,
        amount: Fen::new(row.amount),
        used: Fen::new(row.used),
        left: Fen::new(row.left),
        lapsed: Fen::new(row.lapsed),
    })
}

/// The months for which there are quotas in the scope, newest first.
pub(super) async fn months(conn: &mut PgConnection) -> Result<Vec<Month>, Trouble> {
    query_scalar!(
        r#"SELECT DISTINCT month AS "month: Month" FROM quota_grant
           ORDER BY month DESC LIMIT 24"#
    )
    .fetch_all(conn)
    .await
    .or_trouble()
}

/// Somebody's quotas of an item that are not closed, oldest first.
pub(super) async fn open_of(
    conn: &mut PgConnection,
    person: PersonId,
    item: &str,
) -> Result<Vec<Grant>, Trouble> {
    let rows = query!(
        r#"SELECT g.month AS "month: Month", g.fund, g.amount_fen, g.last_day AS "last_day: Day",
                  (SELECT coalesce(sum(d.amount_fen), 0)::bigint FROM quota_draw d
                   WHERE d.person_id = g.person_id AND d.item = g.item AND d.month = g.month)
                      AS "used!"
           FROM quota_grant g LEFT JOIN quota_close c USING (item, month, person_id)
           WHERE g.person_id = $1 AND g.item = $2 AND c.item IS NULL ORDER BY g.month"#,
        person as PersonId,
        item
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    Ok(rows
        .into_iter()
        .map(|r| Grant {
            person,
            item: item.to_owned(),
            month: r.month,
            fund: r.fund,
            amount: Fen::new(r.amount_fen),
            used: Fen::new(r.used),
            last_day: r.last_day,
            closed: false,
        })
        .collect())
}

/// Who has a quota of this item and month already.
pub(super) async fn granted(
    conn: &mut PgConnection,
    item: &str,
    month: Month,
) -> Result<Vec<PersonId>, Trouble> {
    query_scalar!(
        r#"SELECT person_id AS "person: PersonId" FROM quota_grant
           WHERE item = $1 AND month = $2"#,
        item,
        month as Month
    )
    .fetch_all(conn)
    .await
    .or_trouble()
}

/// Opens a month's quota.
pub(super) async fn open(
    conn: &mut PgConnection,
    grant: &Grant,
    (area_pos, given): (i32, &str),
    at: Now,
) -> Result<(), Trouble> {
    query!(
        "INSERT INTO quota_grant (item, month, person_id, area_pos, given, fund, amount_fen,
                                  last_day, opened_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        grant.item,
        grant.month as Month,
        grant.person as PersonId,
        area_pos,
        given,
        grant.fund,
        grant.amount.get(),
        grant.last_day as Option<Day>,
        at as Now
    )
    .execute(conn)
    .await
    .or_trouble()
    .map(drop)
}

/// The quotas of the scope that ended before this day and are not closed.
pub(super) async fn ended(conn: &mut PgConnection, today: Day) -> Result<Vec<Grant>, Trouble> {
    let rows = query!(
        r#"SELECT g.person_id AS "person: PersonId", g.item, g.month AS "month: Month", g.fund,
                  g.amount_fen, g.last_day AS "last_day: Day",
                  (SELECT coalesce(sum(d.amount_fen), 0)::bigint FROM quota_draw d
                   WHERE d.person_id = g.person_id AND d.item = g.item AND d.month = g.month)
                      AS "used!"
           FROM quota_grant g
           WHERE g.last_day < $1 AND NOT EXISTS (SELECT FROM quota_close c
               WHERE c.item = g.item AND c.month = g.month AND c.person_id = g.person_id)
           ORDER BY g.item, g.month, g.person_id"#,
        today as Day
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    Ok(rows
        .into_iter()
        .map(|r| Grant {
            person: r.person,
            item: r.item,
            month: r.month,
            fund: r.fund,
            amount: Fen::new(r.amount_fen),
            used: Fen::new(r.used),
            last_day: r.last_day,
            closed: false,
        })
        .collect())
}

/// Closes a month's quota.
pub(super) async fn close(conn: &mut PgConnection, grant: &Grant, at: Now) -> Result<(), Trouble> {
    query!(
        "INSERT INTO quota_close (item, month, person_id, area_pos, left_fen, closed_at)
         SELECT item, month, person_id, area_pos, $4, $5 FROM quota_grant
         WHERE item = $1 AND month = $2 AND person_id = $3",
        grant.item,
        grant.month as Month,
        grant.person as PersonId,
        grant.rest().get(),
        at as Now
    )
    .execute(conn)
    .await
    .or_trouble()
    .map(drop)
}

/// Notes what a service drew from a month's quota.
pub(super) async fn note_draw(
    conn: &mut PgConnection,
    transfer: TransferId,
    (grant, part): (&Grant, Fen),
    (served_on, about): (Day, &str),
    at: Now,
) -> Result<(), Trouble> {
    query!(
        "INSERT INTO quota_draw (id, item, month, person_id, area_pos, amount_fen, served_on,
                                 about, at)
         SELECT $1, item, month, person_id, area_pos, $5, $6, $7, $8 FROM quota_grant
         WHERE item = $2 AND month = $3 AND person_id = $4",
        transfer as TransferId,
        grant.item,
        grant.month as Month,
        grant.person as PersonId,
        part.get(),
        served_on as Day,
        about,
        at as Now
    )
    .execute(conn)
    .await
    .or_trouble()
    .map(drop)
}

/// What was drawn of an item on a day, and what of it by one act.
pub(super) async fn drawn(
    conn: &mut PgConnection,
    person: PersonId,
    item: &str,
    (served_on, about): (Day, &str),
) -> Result<(Fen, Option<Fen>), Trouble> {
    let row = query!(
        r#"SELECT coalesce(sum(amount_fen) FILTER (WHERE served_on = $3), 0)::bigint AS "day!",
                  (sum(amount_fen) FILTER (WHERE about = $4))::bigint AS act
           FROM quota_draw WHERE person_id = $1 AND item = $2"#,
        person as PersonId,
        item,
        served_on as Day,
        about
    )
    .fetch_one(conn)
    .await
    .or_trouble()?;
    Ok((Fen::new(row.day), row.act.map(Fen::new)))
}

/// People of the scope to whom one of these kinds is paid.
pub(super) async fn paid_other(
    conn: &mut PgConnection,
    kinds: &[String],
    today: Day,
) -> Result<Vec<PersonId>, Trouble> {
    query_scalar!(
        r#"SELECT DISTINCT f.person_id AS "person: PersonId" FROM fact_current f
           WHERE f.kind = ANY($1) AND f.value_int > 0
             AND (f.valid_to IS NULL OR f.valid_to > $2)
           ORDER BY 1"#,
        kinds,
        today as Day
    )
    .fetch_all(conn)
    .await
    .or_trouble()
}
