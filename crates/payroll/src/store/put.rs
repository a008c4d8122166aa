//! 拟制: a proposal as it is written, once and for good.

use access::Actor;
use db::{CopyRows, OrTrouble, Tx};
use kernel::{AccountId, AreaId, AssertionId, Day, Fen, Month, Now, PersonId, RunId, Trouble};
use sqlx::{PgConnection, query, query_scalar};

use super::read::{RunFilter, runs};
use crate::line::Line;
use crate::{
    Difference, DifferenceRow, Held, Out, Outcome, Overpaid, Proposed, RunState, SegmentKind,
};

/// How many rows go in one statement, where they do not go by COPY.
const CHUNK_ROWS: usize = 5_000;

/// A run as it is proposed.
pub struct NewRun<'a> {
    /// Whose run.
    pub area: AreaId,
    /// Places of the area: from, and to but not including.
    pub place: (i32, i32),
    /// Id of the item.
    pub item: &'a str,
    /// The month.
    pub month: Month,
    /// 资金来源
    pub fund: &'a str,
    /// 档次 by place, as the list calls them.
    pub bands: &'a [String],
    /// What it rests on.
    pub snapshot: &'a serde_json::Value,
    /// The last assertion that counted.
    pub mark: AssertionId,
}

/// Writes a proposal. While a run of the same area, item and month stands, another is refused.
pub async fn put_proposal(
    tx: &mut Tx,
    new: &NewRun<'_>,
    proposed: &[Proposed],
    difference: &Difference,
    by: &Actor,
    at: Now,
) -> Result<RunId, Trouble> {
    let mut lines: Vec<&Line> = Vec::with_capacity(proposed.len());
    let mut held: Vec<(&Proposed, &Held)> = Vec::new();
    for one in proposed {
        match &one.outcome {
            Outcome::Line(line) => lines.push(line),
            Outcome::Held(it) => held.push((one, it)),
            Outcome::Nothing(_) => {}
        }
    }
    lines.sort_unstable_by_key(|line| (line.area_pos, line.person));
    let Some(run) = insert_run(tx.conn(), new, difference, held.len(), by, at).await? else {
        return Err(already(tx.conn(), new).await?);
    };
    put_lines(tx, run, &lines).await?;
    put_arrears(tx.conn(), run, &lines).await?;
    put_places(tx.conn(), run).await?;
    for chunk in held.chunks(CHUNK_ROWS) {
        put_held(tx.conn(), run, chunk).await?;
    }
    for chunk in difference.rows.chunks(CHUNK_ROWS) {
        put_difference(tx.conn(), run, chunk).await?;
    }
    put_overpaid(tx.conn(), run, proposed).await?;
    Ok(run)
}

async fn insert_run(
    conn: &mut PgConnection,
    new: &NewRun<'_>,
    difference: &Difference,
    held: usize,
    by: &Actor,
    at: Now,
) -> Result<Option<RunId>, Trouble> {
    let (before, now) = (difference.before, difference.now);
    let id = query_scalar!(
        "INSERT INTO pay_run (area_id, area_lo, area_hi, item, month, sequence, line_count,
             month_count, current_fen, arrears_fen, held_count, unexplained, before_month,
             before_lines, before_fen, bands, fund, snapshot, mark, proposed_by, proposed_at)
         VALUES ($1, $2, $3, $4, $5,
             (SELECT coalesce(max(sequence), 0) + 1 FROM pay_run
              WHERE area_id = $1 AND item = $4 AND month = $5),
             $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
         ON CONFLICT DO NOTHING RETURNING id",
        new.area as AreaId,
        new.place.0,
        new.place.1,
        new.item,
        new.month as Month,
        now.lines,
        now.months,
        now.current as Fen,
        now.arrears as Fen,
        i64::try_from(held).map_err(Trouble::fault)?,
        difference.unexplained(),
        difference.month as Month,
        before.lines,
        before.total() as Fen,
        new.bands,
        new.fund,
        new.snapshot,
        new.mark as AssertionId,
        by.account as AccountId,
        at as Now
    )
    .fetch_optional(&mut *conn)
    .await
    .or_trouble()?;
    let Some(id) = id else { return Ok(None) };
    query!(
        "INSERT INTO pay_run_move (run_id, no, from_state, to_state, version, at, by_account, role,
             note)
         VALUES ($1, 1, NULL, 'proposed', 1, $2, $3, $4, '')",
        id,
        at as Now,
        by.account as AccountId,
        by.role.code()
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(Some(RunId::new(id)))
}

/// Where the first run of the month is.
async fn already(conn: &mut PgConnection, new: &NewRun<'_>) -> Result<Trouble, Trouble> {
    let filter = RunFilter {
        item: Some(new.item.to_owned()),
        month: Some(new.month),
        area: Some(new.area),
        ..RunFilter::default()
    };
    let standing = runs(conn, &filter, 100, 0).await?;
    let first = standing.into_iter().find(|run| run.state != RunState::Dropped);
    Ok(match first {
        Some(run) => Trouble::refused(
            format!(
                "{}的发放批次已由{}于 {} 拟制（第 {} 批，{}），不能重复拟制。",
                new.month.chinese(),
                run.proposed.name,
                run.proposed.at,
                run.id,
                run.state.chinese()
            ),
            "请打开那个批次继续办理；确需重做的，先作废再拟制。",
        ),
        None => Trouble::Conflict("同月批次刚被他人改动，请刷新页面后再拟制。".into()),
    })
}

/// Fills the table of [`put_lines`].
const COPY_LINES: &str = "COPY stage_pay_line (run_id, no, person_id, area_id, area_pos, band,
     account, current_fen, current_earlier, arrears_fen, arrears_months, reissued,
     without_current, look) FROM STDIN (FORMAT binary)";

async fn put_lines(tx: &mut Tx, run: RunId, lines: &[&Line]) -> Result<(), Trouble> {
    sqlx::raw_sql(
        "CREATE TEMPORARY TABLE IF NOT EXISTS stage_pay_line (
             run_id bigint, no integer, person_id uuid, area_id bigint, area_pos integer,
             band smallint, account bytea, current_fen bigint, current_earlier smallint,
             arrears_fen bigint, arrears_months smallint, reissued boolean, without_current text,
             look boolean
         ) ON COMMIT DROP;
         TRUNCATE stage_pay_line",
    )
    .execute(&mut *tx.conn())
    .await
    .or_trouble()?;
    let mut rows = lines.iter().zip(1_i32..);
    let mut copy = CopyRows::new(14);
    tx.copy_in(COPY_LINES, |buffer| {
        let Some((line, no)) = rows.next() else {
            copy.end(buffer);
            return Ok(false);
        };
        let months = i16::try_from(line.arrears_months()).map_err(Trouble::fault)?;
        copy.row(buffer);
        copy.field(buffer, &run.get())?;
        copy.field(buffer, &no)?;
        copy.field(buffer, &line.person)?;
        copy.field(buffer, &line.area)?;
        copy.field(buffer, &line.area_pos)?;
        copy.field(buffer, &line.band.map(i16::from))?;
        copy.field(buffer, &line.account.as_slice())?;
        copy.field(buffer, &line.current())?;
        copy.field(buffer, &current_earlier(line)?)?;
        copy.field(buffer, &line.arrears())?;
        copy.field(buffer, &months)?;
        copy.field(buffer, &line.segments.iter().any(|it| it.kind == SegmentKind::Reissue))?;
        copy.field(buffer, &line.without_current.map(Out::code))?;
        copy.field(buffer, &line.look)?;
        Ok(true)
    })
    .await?;
    // It reads a temporary table, so the tests check it and not the macro.
    sqlx::raw_sql(
        "INSERT INTO pay_line (run_id, no, person_id, area_id, area_pos, band, account,
             current_fen, current_earlier, arrears_fen, arrears_months, reissued,
             without_current, look)
         SELECT * FROM stage_pay_line ORDER BY no;
         TRUNCATE stage_pay_line",
    )
    .execute(tx.conn())
    .await
    .or_trouble()?;
    Ok(())
}

fn current_earlier(line: &Line) -> Result<i16, Trouble> {
    let current = line.segments.iter().find(|it| it.kind == SegmentKind::Current);
    i16::try_from(current.map_or(0, |it| it.earlier)).map_err(Trouble::fault)
}

async fn put_arrears(conn: &mut PgConnection, run: RunId, lines: &[&Line]) -> Result<(), Trouble> {
    let all: Vec<_> = lines
        .iter()
        .flat_map(|line| line.segments.iter().map(move |segment| (line, segment)))
        .filter(|(_, segment)| segment.kind != SegmentKind::Current)
        .collect();
    for chunk in all.chunks(CHUNK_ROWS) {
        let people: Vec<PersonId> = chunk.iter().map(|(line, _)| line.person).collect();
        let places: Vec<i32> = chunk.iter().map(|(line, _)| line.area_pos).collect();
        let months: Vec<Day> = chunk.iter().map(|(_, it)| it.month.first()).collect();
        let kinds: Vec<String> = chunk.iter().map(|(_, it)| it.kind.code().to_owned()).collect();
        let amounts: Vec<Fen> = chunk.iter().map(|(_, it)| it.amount).collect();
        let earlier: Result<Vec<i16>, _> =
            chunk.iter().map(|(_, it)| i16::try_from(it.earlier)).collect();
        query!(
            "INSERT INTO pay_line_arrears (run_id, person_id, area_pos, month, kind, amount_fen,
                 earlier)
             SELECT $1, * FROM unnest($2::uuid[], $3::integer[], $4::date[], $5::text[],
                 $6::bigint[], $7::smallint[])",
            run.get(),
            &people as &[PersonId],
            &places,
            &months as &[Day],
            &kinds,
            &amounts as &[Fen],
            &earlier.map_err(Trouble::fault)?
        )
        .execute(&mut *conn)
        .await
        .or_trouble()?;
    }
    Ok(())
}

async fn put_places(conn: &mut PgConnection, run: RunId) -> Result<(), Trouble> {
    query!(
        "INSERT INTO pay_place (run_id, area_id, band, lines, months, current_fen, arrears_fen)
         SELECT run_id, area_id, coalesce(band, -1), count(*),
                sum(arrears_months + (current_fen > 0)::integer), sum(current_fen),
                sum(arrears_fen)
         FROM pay_line WHERE run_id = $1 GROUP BY run_id, area_id, coalesce(band, -1)",
        run.get()
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}

async fn put_held(
    conn: &mut PgConnection,
    run: RunId,
    held: &[(&Proposed, &Held)],
) -> Result<(), Trouble> {
    let people: Vec<PersonId> = held.iter().map(|(one, _)| one.person).collect();
    let areas: Vec<AreaId> = held.iter().map(|(one, _)| one.area).collect();
    let places: Vec<i32> = held.iter().map(|(one, _)| one.area_pos).collect();
    let causes: Vec<String> = held.iter().map(|(_, it)| it.cause.code().to_owned()).collect();
    let needs: Vec<String> = held.iter().map(|(_, it)| it.needs.join(",")).collect();
    let amounts: Vec<Fen> = held.iter().map(|(_, it)| it.amount).collect();
    query!(
        "INSERT INTO pay_held (run_id, person_id, area_id, area_pos, cause, needs, amount_fen)
         SELECT $1, person, area, pos, cause, string_to_array(needs, ','), fen
         FROM unnest($2::uuid[], $3::bigint[], $4::integer[], $5::text[], $6::text[],
             $7::bigint[]) h (person, area, pos, cause, needs, fen)",
        run.get(),
        &people as &[PersonId],
        &areas as &[AreaId],
        &places,
        &causes,
        &needs,
        &amounts as &[Fen]
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}

async fn put_difference(
    conn: &mut PgConnection,
    run: RunId,
    rows: &[DifferenceRow],
) -> Result<(), Trouble> {
    let people: Vec<PersonId> = rows.iter().map(|it| it.person).collect();
    let areas: Vec<AreaId> = rows.iter().map(|it| it.area).collect();
    let places: Vec<i32> = rows.iter().map(|it| it.area_pos).collect();
    let causes: Vec<String> = rows.iter().map(|it| it.cause.code().to_owned()).collect();
    let lines: Vec<i16> = rows.iter().map(|it| i16::from(it.lines)).collect();
    let months: Vec<i32> = rows.iter().map(|it| i32::from(it.months)).collect();
    let before: Vec<Fen> = rows.iter().map(|it| it.before).collect();
    let now: Vec<Fen> = rows.iter().map(|it| it.now).collect();
    let bands_before: Vec<Option<i16>> =
        rows.iter().map(|it| it.band_before.map(i16::from)).collect();
    let bands: Vec<Option<i16>> = rows.iter().map(|it| it.band.map(i16::from)).collect();
    query!(
        "INSERT INTO pay_difference (run_id, person_id, area_id, area_pos, cause, lines, months,
             before_fen, now_fen, band_before, band)
         SELECT $1, * FROM unnest($2::uuid[], $3::bigint[], $4::integer[], $5::text[],
             $6::smallint[], $7::integer[], $8::bigint[], $9::bigint[], $10::smallint[],
             $11::smallint[])",
        run.get(),
        &people as &[PersonId],
        &areas as &[AreaId],
        &places,
        &causes,
        &lines,
        &months,
        &before as &[Fen],
        &now as &[Fen],
        &bands_before as &[Option<i16>],
        &bands as &[Option<i16>]
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}

async fn put_overpaid(
    conn: &mut PgConnection,
    run: RunId,
    proposed: &[Proposed],
) -> Result<(), Trouble> {
    let all: Vec<(&Proposed, &Overpaid)> =
        proposed.iter().flat_map(|one| one.overpaid.iter().map(move |it| (one, it))).collect();
    for chunk in all.chunks(CHUNK_ROWS) {
        let people: Vec<PersonId> = chunk.iter().map(|(one, _)| one.person).collect();
        let places: Vec<i32> = chunk.iter().map(|(one, _)| one.area_pos).collect();
        let months: Vec<Day> = chunk.iter().map(|(_, it)| it.month.first()).collect();
        let paid: Vec<Fen> = chunk.iter().map(|(_, it)| it.paid).collect();
        let due: Vec<Fen> = chunk.iter().map(|(_, it)| it.due).collect();
        let by_roster: Vec<bool> = chunk.iter().map(|(_, it)| it.by_roster).collect();
        query!(
            "INSERT INTO pay_overpaid (run_id, person_id, area_pos, month, paid_fen, due_fen,
                 by_roster)
             SELECT $1, * FROM unnest($2::uuid[], $3::integer[], $4::date[], $5::bigint[],
                 $6::bigint[], $7::boolean[])",
            run.get(),
            &people as &[PersonId],
            &places,
            &months as &[Day],
            &paid as &[Fen],
            &due as &[Fen],
            &by_roster
        )
        .execute(&mut *conn)
        .await
        .or_trouble()?;
    }
    Ok(())
}
