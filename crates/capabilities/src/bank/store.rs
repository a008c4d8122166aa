//! The statements over bank files and returns. Both are only added.

use access::Actor;
use db::OrTrouble as _;
use kernel::{AreaId, Fen, Now, RunId, Trouble};
use sqlx::PgConnection;

/// 银行文件: the file of a run as it left.
#[derive(Clone, Debug)]
pub(crate) struct BankFile {
    /// Whose file it is.
    pub(crate) run: RunId,
    /// 批次号
    pub(crate) number: String,
    /// Id of the layout.
    pub(crate) layout: String,
    /// What the file is called.
    pub(crate) file_name: String,
    /// Hash of its bytes, under which they are kept.
    pub(crate) file_sm3: [u8; 32],
    /// Its length.
    pub(crate) file_bytes: i64,
    /// 笔数
    pub(crate) line_count: u32,
    /// 金额
    pub(crate) total: Fen,
    /// It had left before the database was restored.
    pub(crate) left_before: bool,
    /// When it was made.
    pub(crate) made_at: Now,
    /// Who made it.
    pub(crate) made_by: String,
}

struct Row {
    run_id: RunId,
    number: String,
    layout: String,
    file_name: String,
    file_sm3: Vec<u8>,
    file_bytes: i64,
    line_count: i32,
    total_fen: Fen,
    left_before: bool,
    made_at: Now,
    made_by: Option<String>,
}

impl TryFrom<Row> for BankFile {
    type Error = Trouble;

    fn try_from(row: Row) -> Result<Self, Trouble> {
        let broken = || Trouble::fault(format!("bank_file {}", row.run_id));
        Ok(Self {
            run: row.run_id,
            file_sm3: row.file_sm3.try_into().map_err(|_| broken())?,
            line_count: u32::try_from(row.line_count).map_err(Trouble::fault)?,
            number: row.number,
            layout: row.layout,
            file_name: row.file_name,
            file_bytes: row.file_bytes,
            total: row.total_fen,
            left_before: row.left_before,
            made_at: row.made_at,
            made_by: row.made_by.unwrap_or_default(),
        })
    }
}

/// A file as it is put on record.
pub(crate) struct NewFile<'a> {
    pub(crate) run: RunId,
    pub(crate) area: AreaId,
    pub(crate) area_pos: i32,
    pub(crate) number: &'a str,
    pub(crate) layout: &'a str,
    pub(crate) file_name: &'a str,
    pub(crate) file_sm3: &'a [u8; 32],
    pub(crate) file_bytes: usize,
    pub(crate) line_count: u32,
    pub(crate) total: Fen,
    pub(crate) left_before: bool,
}

pub(crate) async fn insert(
    conn: &mut PgConnection,
    new: &NewFile<'_>,
    actor: &Actor,
    at: Now,
) -> Result<(), Trouble> {
    sqlx::query!(
        "INSERT INTO bank_file (run_id, area_id, area_pos, number, layout, file_name, file_sm3,
             file_bytes, line_count, total_fen, left_before, made_at, made_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        new.run as RunId,
        new.area as AreaId,
        new.area_pos,
        new.number,
        new.layout,
        new.file_name,
        new.file_sm3.as_slice(),
        i64::try_from(new.file_bytes).map_err(Trouble::fault)?,
        i32::try_from(new.line_count).map_err(Trouble::fault)?,
        new.total as Fen,
        new.left_before,
        at as Now,
        actor.account.get(),
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}

/// The file of a run, if it has one in the scope.
pub(crate) async fn file(conn: &mut PgConnection, run: RunId) -> Result<Option<BankFile>, Trouble> {
    let row = sqlx::query_as!(
        Row,
        r#"SELECT f.run_id AS "run_id: RunId", f.number, f.layout, f.file_name, f.file_sm3,
               f.file_bytes, f.line_count, f.total_fen AS "total_fen: Fen", f.left_before,
               f.made_at AS "made_at: Now", a.name AS "made_by?"
           FROM bank_file f LEFT JOIN account a ON a.id = f.made_by
           WHERE f.run_id = $1"#,
        run as RunId,
    )
    .fetch_optional(conn)
    .await
    .or_trouble()?;
    row.map(TryInto::try_into).transpose()
}

/// Files of the scope, the newest first.
pub(crate) async fn files(
    conn: &mut PgConnection,
    limit: i64,
    offset: i64,
) -> Result<Vec<BankFile>, Trouble> {
    let rows = sqlx::query_as!(
        Row,
        r#"SELECT f.run_id AS "run_id: RunId", f.number, f.layout, f.file_name, f.file_sm3,
               f.file_bytes, f.line_count, f.total_fen AS "total_fen: Fen", f.left_before,
               f.made_at AS "made_at: Now", a.name AS "made_by?"
           FROM bank_file f LEFT JOIN account a ON a.id = f.made_by
           ORDER BY f.run_id DESC LIMIT $1 OFFSET $2"#,
        limit,
        offset,
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    rows.into_iter().map(TryInto::try_into).collect()
}

pub(crate) async fn count(conn: &mut PgConnection) -> Result<i64, Trouble> {
    sqlx::query_scalar!(r#"SELECT count(*) AS "n!" FROM bank_file"#)
        .fetch_one(conn)
        .await
        .or_trouble()
}

/// 回盘: one answer of the bank.
#[derive(Clone, Debug)]
pub(crate) struct BankReturn {
    /// What the file was called.
    pub(crate) file_name: String,
    /// Hash of its bytes, under which they are kept.
    pub(crate) file_sm3: Vec<u8>,
    /// 成功, 退汇 and 未明: count and sum.
    pub(crate) figures: [(u32, Fen); 3],
    /// When it was taken in.
    pub(crate) at: Now,
    /// By whom.
    pub(crate) by: String,
}

/// What a return says, as it is put on record.
pub(crate) struct NewReturn<'a> {
    pub(crate) run: RunId,
    pub(crate) file_name: &'a str,
    pub(crate) file_sm3: &'a [u8; 32],
    /// 成功, 退汇 and 未明: count and sum.
    pub(crate) figures: [(u32, Fen); 3],
}

/// Puts a return on record and gives its number.
pub(crate) async fn insert_return(
    conn: &mut PgConnection,
    new: &NewReturn<'_>,
    actor: &Actor,
    at: Now,
) -> Result<i64, Trouble> {
    let count = |n: u32| i32::try_from(n).map_err(Trouble::fault);
    let [paid, returned, unknown] = new.figures;
    sqlx::query_scalar!(
        "INSERT INTO bank_return (run_id, file_sm3, file_name, paid_count, paid_fen,
             returned_count, returned_fen, unknown_count, unknown_fen, at, by_account)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING id",
        new.run as RunId,
        new.file_sm3.as_slice(),
        new.file_name,
        count(paid.0)?,
        paid.1 as Fen,
        count(returned.0)?,
        returned.1 as Fen,
        count(unknown.0)?,
        unknown.1 as Fen,
        at as Now,
        actor.account.get(),
    )
    .fetch_one(conn)
    .await
    .or_trouble()
}

/// Returns of a run, the newest first.
pub(crate) async fn returns(
    conn: &mut PgConnection,
    run: RunId,
) -> Result<Vec<BankReturn>, Trouble> {
    let rows = sqlx::query!(
        r#"SELECT r.file_name, r.file_sm3, r.paid_count, r.paid_fen AS "paid_fen: Fen",
               r.returned_count, r.returned_fen AS "returned_fen: Fen", r.unknown_count,
               r.unknown_fen AS "unknown_fen: Fen", r.at AS "at: Now", a.name AS "by?"
           FROM bank_return r LEFT JOIN account a ON a.id = r.by_account
           WHERE r.run_id = $1 ORDER BY r.id DESC"#,
        run as RunId,
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    let count = |n: i32| u32::try_from(n).unwrap_or(0);
    Ok(rows
        .into_iter()
        .map(|row| BankReturn {
            file_name: row.file_name,
            file_sm3: row.file_sm3,
            figures: [
                (count(row.paid_count), row.paid_fen),
                (count(row.returned_count), row.returned_fen),
                (count(row.unknown_count), row.unknown_fen),
            ],
            at: row.at,
            by: row.by.unwrap_or_default(),
        })
        .collect())
}
