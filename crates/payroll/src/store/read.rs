//! The statements over runs and their moves.

use db::OrTrouble;
use kernel::{AccountId, AreaId, AssertionId, Day, Fen, Month, Now, Role, RunId, Trouble};
use sqlx::{PgConnection, query, query_as, query_scalar};

use crate::RunState;
use crate::run::{Hand, Run};

struct RunRow {
    id: i64,
    area: AreaId,
    area_lo: i32,
    area_hi: i32,
    item: String,
    month: Day,
    sequence: i32,
    version: i32,
    state: String,
    move_count: i32,
    line_count: i64,
    month_count: i64,
    current: Fen,
    arrears: Fen,
    held_count: i64,
    unexplained: i64,
    before_month: Day,
    before_lines: i64,
    before_total: Fen,
    bands: Vec<String>,
    fund: String,
    snapshot: serde_json::Value,
    mark: AssertionId,
    digest: Option<Vec<u8>>,
    proposed_by: AccountId,
    proposed_name: String,
    proposed_at: Now,
    frozen_by: Option<AccountId>,
    frozen_name: Option<String>,
    frozen_at: Option<Now>,
    first_by: Option<AccountId>,
    first_name: Option<String>,
    first_at: Option<Now>,
    second_by: Option<AccountId>,
    second_name: Option<String>,
    second_at: Option<Now>,
    funded_by: Option<AccountId>,
}

fn hand(account: Option<AccountId>, name: Option<String>, at: Option<Now>) -> Option<Hand> {
    Some(Hand { account: account?, name: name?, at: at? })
}

impl TryFrom<RunRow> for Run {
    type Error = Trouble;

    fn try_from(row: RunRow) -> Result<Self, Trouble> {
        let broken = |column: &str| Trouble::fault(format!("pay_run {}: {column}", row.id));
        let digest = row.digest.map(<[u8; 32]>::try_from).transpose();
        Ok(Self {
            id: RunId::new(row.id),
            area: row.area,
            place: (row.area_lo, row.area_hi),
            state: RunState::from_code(&row.state).ok_or_else(|| broken("state"))?,
            digest: digest.map_err(|_| broken("digest"))?,
            item: row.item,
            month: row.month.month(),
            sequence: row.sequence,
            version: row.version,
            moves: row.move_count,
            lines: row.line_count,
            months: row.month_count,
            current: row.current,
            arrears: row.arrears,
            held: row.held_count,
            unexplained: row.unexplained,
            before_month: row.before_month.month(),
            before_lines: row.before_lines,
            before_total: row.before_total,
            bands: row.bands,
            fund: row.fund,
            snapshot: row.snapshot,
            mark: row.mark,
            proposed: Hand {
                account: row.proposed_by,
                name: row.proposed_name,
                at: row.proposed_at,
            },
            frozen: hand(row.frozen_by, row.frozen_name, row.frozen_at),
            first: hand(row.first_by, row.first_name, row.first_at),
            second: hand(row.second_by, row.second_name, row.second_at),
            funded_by: row.funded_by,
        })
    }
}

/// Which runs a list shows.
#[derive(Clone, Debug, Default)]
pub struct RunFilter {
    /// One run.
    pub id: Option<RunId>,
    /// Of an item.
    pub item: Option<String>,
    /// Of a month.
    pub month: Option<Month>,
    /// In a state.
    pub state: Option<RunState>,
    /// Of exactly this area.
    pub area: Option<AreaId>,
}

/// Runs of the scope, the newest month first.
pub async fn runs(
    conn: &mut PgConnection,
    filter: &RunFilter,
    limit: i64,
    offset: i64,
) -> Result<Vec<Run>, Trouble> {
    let rows = query_as!(
        RunRow,
        r#"SELECT r.id, r.area_id AS "area: AreaId", r.area_lo, r.area_hi, r.item,
                  r.month AS "month: Day", r.sequence, r.version, r.state, r.move_count,
                  r.line_count, r.month_count, r.current_fen AS "current: Fen",
                  r.arrears_fen AS "arrears: Fen", r.held_count, r.unexplained,
                  r.before_month AS "before_month: Day", r.before_lines,
                  r.before_fen AS "before_total: Fen", r.bands, r.fund, r.snapshot,
                  r.mark AS "mark: AssertionId", r.digest,
                  r.proposed_by AS "proposed_by: AccountId", p.name AS proposed_name,
                  r.proposed_at AS "proposed_at: Now",
                  r.frozen_by AS "frozen_by: AccountId", z.name AS "frozen_name?",
                  r.frozen_at AS "frozen_at: Now",
                  r.first_by AS "first_by: AccountId", a.name AS "first_name?",
                  r.first_at AS "first_at: Now",
                  r.second_by AS "second_by: AccountId", b.name AS "second_name?",
                  r.second_at AS "second_at: Now", r.funded_by AS "funded_by: AccountId"
           FROM pay_run r JOIN account p ON p.id = r.proposed_by
           LEFT JOIN account z ON z.id = r.frozen_by
           LEFT JOIN account a ON a.id = r.first_by
           LEFT JOIN account b ON b.id = r.second_by
           WHERE ($1::bigint IS NULL OR r.id = $1) AND ($2::text IS NULL OR r.item = $2)
             AND ($3::date IS NULL OR r.month = $3) AND ($4::text IS NULL OR r.state = $4)
             AND ($5::bigint IS NULL OR r.area_id = $5)
           ORDER BY r.month DESC, r.id DESC LIMIT $6 OFFSET $7"#,
        filter.id.map(RunId::get),
        filter.item,
        filter.month.map(Month::first) as Option<Day>,
        filter.state.map(RunState::code),
        filter.area as Option<AreaId>,
        limit,
        offset
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    rows.into_iter().map(Run::try_from).collect()
}

/// How many runs [`runs`] has.
pub async fn count_runs(conn: &mut PgConnection, filter: &RunFilter) -> Result<i64, Trouble> {
    query_scalar!(
        r#"SELECT count(*) AS "n!" FROM pay_run
           WHERE ($1::bigint IS NULL OR id = $1) AND ($2::text IS NULL OR item = $2)
             AND ($3::date IS NULL OR month = $3) AND ($4::text IS NULL OR state = $4)
             AND ($5::bigint IS NULL OR area_id = $5)"#,
        filter.id.map(RunId::get),
        filter.item,
        filter.month.map(Month::first) as Option<Day>,
        filter.state.map(RunState::code),
        filter.area as Option<AreaId>
    )
    .fetch_one(conn)
    .await
    .or_trouble()
}

/// The run.
pub async fn run(conn: &mut PgConnection, id: RunId) -> Result<Run, Trouble> {
    let filter = RunFilter { id: Some(id), ..RunFilter::default() };
    runs(conn, &filter, 1, 0).await?.pop().ok_or(Trouble::NotFound)
}

/// The run, held until the transaction ends: whoever else wants to move it waits.
pub(super) async fn held_run(conn: &mut PgConnection, id: RunId) -> Result<Run, Trouble> {
    query!("SELECT id FROM pay_run WHERE id = $1 FOR UPDATE", id.get())
        .fetch_optional(&mut *conn)
        .await
        .or_trouble()?
        .ok_or(Trouble::NotFound)?;
    run(conn, id).await
}

/// 流转: one move of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunMove {
    /// Which, from 1.
    pub no: i32,
    /// From where; none for the proposal.
    pub from: Option<RunState>,
    /// Where to.
    pub to: RunState,
    /// Version of the run.
    pub version: i32,
    /// When.
    pub at: Now,
    /// Who.
    pub by: String,
    /// As what.
    pub role: Role,
    /// What was said.
    pub note: String,
}

/// The moves of a run, the first first.
pub async fn moves(conn: &mut PgConnection, id: RunId) -> Result<Vec<RunMove>, Trouble> {
    let rows = query!(
        r#"SELECT m.no, m.from_state, m.to_state, m.version, m.at AS "at: Now", a.name, m.role,
                  m.note
           FROM pay_run_move m JOIN account a ON a.id = m.by_account
           WHERE m.run_id = $1 ORDER BY m.no"#,
        id.get()
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    let word = |code: &str| {
        RunState::from_code(code).ok_or_else(|| Trouble::fault("pay_run_move: a state"))
    };
    rows.into_iter()
        .map(|r| {
            Ok(RunMove {
                no: r.no,
                from: r.from_state.as_deref().map(word).transpose()?,
                to: word(&r.to_state)?,
                version: r.version,
                at: r.at,
                by: r.name,
                role: Role::from_code(&r.role)
                    .ok_or_else(|| Trouble::fault("pay_run_move.role"))?,
                note: r.note,
            })
        })
        .collect()
}

/// `马出纳已于 2026-06-25 16:30 锁定。`: the last move in words, for who comes too late.
pub(super) async fn last_move(conn: &mut PgConnection, id: RunId) -> Result<String, Trouble> {
    let last = moves(conn, id).await?.pop();
    Ok(last.map_or_else(String::new, |it| {
        format!("{}已于 {} 把这个批次改为“{}”。", it.by, it.at, it.to.chinese())
    }))
}
