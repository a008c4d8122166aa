//! The statements over sheets and their lines.

use db::OrTrouble;
use kernel::{AccountId, AreaId, CaseId, Day, Fen, Now, PersonId, Trouble};
use sqlx::{PgConnection, query, query_as, query_scalar};

use super::masked::{ItemName, MaskedLine, MaskedName, VillageName};
use super::period::Period;

/// A sheet as the people of its area see it who work with it.
#[derive(Clone, Debug)]
pub(super) struct Posting {
    pub(super) id: i64,
    pub(super) area: AreaId,
    pub(super) posted_on: Day,
    pub(super) period_days: i16,
    pub(super) last_day: Day,
    pub(super) phone: String,
    pub(super) ended_on: Option<Day>,
    pub(super) lines: i64,
    pub(super) monthly_fen: Fen,
    pub(super) objected: i64,
}

impl Posting {
    pub(super) fn period(&self) -> Period {
        Period { posted_on: self.posted_on, last_day: self.last_day }
    }
}

/// Who put it up, or took it down.
#[derive(Clone, Debug)]
pub(super) struct ActOn {
    pub(super) act: String,
    pub(super) on_day: Day,
    pub(super) by: String,
    pub(super) at: Now,
    pub(super) note: String,
}

/// A line with who stands behind it.
#[derive(Clone, Debug)]
pub(super) struct Behind {
    pub(super) no: i32,
    pub(super) person: PersonId,
    pub(super) case: CaseId,
}

/// What everybody may know of a sheet.
#[derive(Clone, Debug)]
pub(super) struct Open {
    pub(super) id: i64,
    pub(super) area: AreaId,
    pub(super) posted_on: Day,
    pub(super) last_day: Day,
    pub(super) phone: String,
    pub(super) lines: i64,
}

impl Open {
    pub(super) fn period(&self) -> Period {
        Period { posted_on: self.posted_on, last_day: self.last_day }
    }
}

/// A sheet to be put up.
pub(super) struct NewPosting<'a> {
    pub(super) area: AreaId,
    pub(super) area_pos: i32,
    pub(super) period: Period,
    pub(super) period_days: u16,
    pub(super) phone: &'a str,
    pub(super) note: &'a str,
    pub(super) by: AccountId,
    pub(super) at: Now,
}

/// Gives its number.
pub(super) async fn insert(
    conn: &mut PgConnection,
    new: &NewPosting<'_>,
    lines: &[(MaskedLine, PersonId, CaseId)],
) -> Result<i64, Trouble> {
    let id = query_scalar!(
        "INSERT INTO posting (area_id, posted_on, period_days, last_day, phone)
         VALUES ($1, $2, $3, $4, $5) RETURNING id",
        new.area as AreaId,
        new.period.posted_on as Day,
        i16::try_from(new.period_days).map_err(Trouble::fault)?,
        new.period.last_day as Day,
        new.phone
    )
    .fetch_one(&mut *conn)
    .await
    .or_trouble()?;
    let act = ("posted", new.period.posted_on, new.note);
    insert_act(conn, id, act, new.area_pos, (new.by, new.at)).await?;
    for (no, (line, person, case)) in (1_i32..).zip(lines) {
        insert_line(conn, id, no, line).await?;
        query!(
            "INSERT INTO posting_person (posting_id, no, person_id, case_id)
             VALUES ($1, $2, $3, $4)",
            id,
            no,
            *person as PersonId,
            *case as CaseId
        )
        .execute(&mut *conn)
        .await
        .or_trouble()?;
    }
    Ok(id)
}

async fn insert_line(
    conn: &mut PgConnection,
    posting: i64,
    no: i32,
    line: &MaskedLine,
) -> Result<(), Trouble> {
    let (months, fen) = line.arrears.unwrap_or_default();
    query!(
        "INSERT INTO posting_line (posting_id, no, shown_name, village, item, monthly_fen,
                                   arrears_months, arrears_fen)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        posting,
        no,
        line.name.to_string(),
        line.village.to_string(),
        line.item.to_string(),
        line.monthly_fen as Fen,
        i16::try_from(months).map_err(Trouble::fault)?,
        fen as Fen
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}

/// Gives whether nobody had done it.
pub(super) async fn insert_act(
    conn: &mut PgConnection,
    posting: i64,
    (act, on_day, note): (&str, Day, &str),
    area_pos: i32,
    (by, at): (AccountId, Now),
) -> Result<bool, Trouble> {
    let done = query!(
        "INSERT INTO posting_act (posting_id, act, area_pos, on_day, by_account, at, note)
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
        posting,
        act,
        area_pos,
        on_day as Day,
        by as AccountId,
        at as Now,
        note
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(done.rows_affected() == 1)
}

/// The sheet does not hang any more.
pub(super) async fn end(
    conn: &mut PgConnection,
    posting: i64,
    ended_on: Day,
) -> Result<(), Trouble> {
    query!("UPDATE posting SET ended_on = $2 WHERE id = $1", posting, ended_on as Day)
        .execute(conn)
        .await
        .or_trouble()?;
    Ok(())
}

/// Sheets of the scope: one, those put up on a day, or those in a state (`running`, `overdue`,
/// `down`); those that hang too long first, then those that end soonest.
pub(super) async fn postings(
    conn: &mut PgConnection,
    which: &Which<'_>,
    today: Day,
    (limit, offset): (i64, i64),
) -> Result<Vec<Posting>, Trouble> {
    query_as!(
        Posting,
        r#"SELECT p.id, p.area_id AS "area: AreaId", p.posted_on AS "posted_on: Day",
                  p.period_days, p.last_day AS "last_day: Day", p.phone,
                  p.ended_on AS "ended_on: Day", l.lines AS "lines!",
                  l.monthly_fen AS "monthly_fen!: Fen",
                  (SELECT count(*) FROM posting_person b JOIN case_file c ON c.id = b.case_id
                   WHERE b.posting_id = p.id AND c.state = 'objected') AS "objected!"
           FROM posting_act a JOIN posting p ON p.id = a.posting_id
           CROSS JOIN LATERAL (SELECT count(*) AS lines, sum(monthly_fen)::bigint AS monthly_fen
                               FROM posting_line WHERE posting_id = p.id) l
           WHERE a.act = 'posted' AND ($1::bigint IS NULL OR p.id = $1)
             AND ($2::date IS NULL OR p.posted_on = $2)
             AND ($3::text IS NULL OR $3 = CASE WHEN p.ended_on IS NOT NULL THEN 'down'
                 WHEN p.last_day < $4 THEN 'overdue' ELSE 'running' END)
           ORDER BY p.ended_on DESC NULLS FIRST, p.last_day, a.area_pos, p.id
           LIMIT $5 OFFSET $6"#,
        which.id,
        which.posted_on as Option<Day>,
        which.state,
        today as Day,
        limit,
        offset
    )
    .fetch_all(conn)
    .await
    .or_trouble()
}

/// Which sheets a list shows.
#[derive(Default)]
pub(super) struct Which<'a> {
    pub(super) id: Option<i64>,
    pub(super) posted_on: Option<Day>,
    pub(super) state: Option<&'a str>,
}

/// How many sheets of the scope are in each state.
pub(super) async fn counts(
    conn: &mut PgConnection,
    today: Day,
) -> Result<Vec<(String, i64)>, Trouble> {
    let rows = query!(
        r#"SELECT CASE WHEN p.ended_on IS NOT NULL THEN 'down'
                       WHEN p.last_day < $1 THEN 'overdue' ELSE 'running' END AS "state!",
                  count(*) AS "count!"
           FROM posting_act a JOIN posting p ON p.id = a.posting_id
           WHERE a.act = 'posted' GROUP BY 1"#,
        today as Day
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    Ok(rows.into_iter().map(|row| (row.state, row.count)).collect())
}

/// Who put a sheet up and took it down, in that order.
pub(super) async fn acts(conn: &mut PgConnection, posting: i64) -> Result<Vec<ActOn>, Trouble> {
    query_as!(
        ActOn,
        r#"SELECT a.act, a.on_day AS "on_day: Day", b.name AS by, a.at AS "at: Now", a.note
           FROM posting_act a JOIN account b ON b.id = a.by_account
           WHERE a.posting_id = $1 ORDER BY a.at, a.act"#,
        posting
    )
    .fetch_all(conn)
    .await
    .or_trouble()
}

/// The lines of a sheet as everybody reads them.
pub(super) async fn lines(
    conn: &mut PgConnection,
    posting: i64,
) -> Result<Vec<(i32, MaskedLine)>, Trouble> {
    let rows = query!(
        r#"SELECT no, shown_name, village, item, monthly_fen AS "monthly_fen: Fen",
                  arrears_months, arrears_fen AS "arrears_fen: Fen"
           FROM posting_line WHERE posting_id = $1 ORDER BY no"#,
        posting
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    let line = |months: i16, fen: Fen| Some((u16::try_from(months).ok()?, fen));
    Ok(rows
        .into_iter()
        .map(|row| {
            let masked = MaskedLine {
                name: MaskedName::stored(&row.shown_name),
                village: VillageName::stored(row.village),
                item: ItemName::stored(row.item),
                monthly_fen: row.monthly_fen,
                arrears: line(row.arrears_months, row.arrears_fen).filter(|(n, _)| *n > 0),
            };
            (row.no, masked)
        })
        .collect())
}

/// Who stands behind the lines of a sheet, as far as they lie in the scope.
pub(super) async fn behind(conn: &mut PgConnection, posting: i64) -> Result<Vec<Behind>, Trouble> {
    query_as!(
        Behind,
        r#"SELECT no, person_id AS "person: PersonId", case_id AS "case: CaseId"
           FROM posting_person WHERE posting_id = $1 ORDER BY no"#,
        posting
    )
    .fetch_all(conn)
    .await
    .or_trouble()
}

/// Of these applications those that hang, with the last day of their sheet.
pub(super) async fn hanging(
    conn: &mut PgConnection,
    cases: &[CaseId],
) -> Result<Vec<(CaseId, i64, Day)>, Trouble> {
    let ids: Vec<uuid::Uuid> = cases.iter().map(|case| case.get()).collect();
    let rows = query!(
        r#"SELECT b.case_id AS "case: CaseId", p.id, p.last_day AS "last_day: Day"
           FROM posting_person b JOIN posting p ON p.id = b.posting_id
           WHERE b.case_id = ANY($1) AND (p.ended_on IS NULL OR p.ended_on > p.last_day)
           ORDER BY p.id"#,
        &ids
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    Ok(rows.into_iter().map(|row| (row.case, row.id, row.last_day)).collect())
}

/// What hangs between these positions of the area tree and may still be objected to: one, or all.
/// Without a scope: nothing here is about a person who could be told.
pub(super) async fn open(
    conn: &mut PgConnection,
    id: Option<i64>,
    (lo, hi): (i32, i32),
    today: Day,
) -> Result<Vec<Open>, Trouble> {
    query_as!(
        Open,
        r#"SELECT p.id, p.area_id AS "area: AreaId", p.posted_on AS "posted_on: Day",
                  p.last_day AS "last_day: Day", p.phone,
                  (SELECT count(*) FROM posting_line l WHERE l.posting_id = p.id) AS "lines!"
           FROM posting p JOIN area_position a ON a.area_id = p.area_id
           WHERE ($1::bigint IS NULL OR p.id = $1) AND a.lo >= $2 AND a.lo < $3
             AND p.ended_on IS NULL AND p.posted_on <= $4 AND p.last_day >= $4
           ORDER BY a.lo, p.id"#,
        id,
        lo,
        hi,
        today as Day
    )
    .fetch_all(conn)
    .await
    .or_trouble()
}
