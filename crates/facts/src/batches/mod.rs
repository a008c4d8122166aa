//! 部门数据批次: files as they were received, and what came of each row.

mod store;

use db::{CopyRows, Tx};
use kernel::{AccountId, AreaId, BatchId, Day, Now, PersonId, Trouble};
use sqlx::PgConnection;

/// 批次状态: how far a file has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BatchState {
    /// 已收到: kept, not yet read through.
    Received,
    /// 已试导: read and matched; nothing is written yet.
    Staged,
    /// 暂缓: read, and held for a reason that a person must decide on.
    Held,
    /// 已接收，待确认: one person has accepted it; a second one applies it.
    Accepted,
    /// 已入库: its facts are in.
    Applied,
    /// 已退回: sent back to the sender.
    Returned,
    /// 已撤销: its facts were taken back.
    Undone,
    /// 读不了: refused whole.
    Refused,
}

impl BatchState {
    const ALL: [(Self, &'static str, &'static str); 8] = [
        (Self::Received, "received", "已收到"),
        (Self::Staged, "staged", "已试导，待入库"),
        (Self::Held, "held", "暂缓，待决定"),
        (Self::Accepted, "accepted", "已接收，待另一人确认"),
        (Self::Applied, "applied", "已入库"),
        (Self::Returned, "returned", "已退回"),
        (Self::Undone, "undone", "已撤销"),
        (Self::Refused, "refused", "读不了，已退回"),
    ];

    fn entry(self) -> &'static (Self, &'static str, &'static str) {
        Self::ALL.iter().find(|(state, ..)| *state == self).expect("every state is in the table")
    }

    /// The stored word.
    pub fn code(self) -> &'static str {
        self.entry().1
    }

    /// The bureau's word.
    pub fn chinese(self) -> &'static str {
        self.entry().2
    }

    pub(crate) fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, word, _)| *word == code).map(|(state, ..)| *state)
    }

    /// Whether somebody has decided about it.
    pub fn is_decided(self) -> bool {
        !matches!(self, Self::Received | Self::Staged | Self::Held | Self::Accepted)
    }
}

/// A file as it is received.
#[derive(Clone, Debug)]
pub struct NewBatch<'a> {
    /// Who sent it.
    pub supplier: &'a str,
    /// As of when it speaks.
    pub as_of: Day,
    /// As the sender named it.
    pub file_name: &'a str,
    /// SM3 of its bytes.
    pub file_sm3: [u8; 32],
    /// Size.
    pub file_bytes: u64,
    /// The area that it is about.
    pub area: AreaId,
    /// Its position.
    pub area_pos: i32,
    /// When it was received.
    pub received_at: Now,
    /// Who handed it in; none for the system itself.
    pub received_by: Option<AccountId>,
}

/// A file with how far it has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// Its id.
    pub id: BatchId,
    /// Who sent it.
    pub supplier: String,
    /// As of when it speaks.
    pub as_of: Day,
    /// As the sender named it.
    pub file_name: String,
    /// SM3 of its bytes.
    pub file_sm3: [u8; 32],
    /// Size.
    pub file_bytes: u64,
    /// The area that it is about.
    pub area: AreaId,
    /// How far it has come.
    pub state: BatchState,
    /// When it was received.
    pub received_at: Now,
    /// By whom, if by a person.
    pub received_by: Option<String>,
    /// When it was decided about.
    pub decided_at: Option<Now>,
    /// By whom, if by a person.
    pub decided_by: Option<String>,
    /// Why, in their words; may be empty.
    pub decided_reason: String,
    /// Who accepted it for a second person to apply.
    pub accepted: Option<Accepted>,
    /// The file of the same source that was in before.
    pub previous: Option<BatchId>,
    /// What came of reading it, sealed.
    pub report: Option<Vec<u8>>,
}

/// 接收: the first of the two people that some files need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// Who.
    pub by: AccountId,
    /// Their name.
    pub name: String,
    /// When.
    pub at: Now,
    /// Why, when the file was held; may be empty.
    pub reason: String,
}

/// Keeps a received file.
pub async fn receive(conn: &mut PgConnection, batch: &NewBatch<'_>) -> Result<BatchId, Trouble> {
    let id = store::insert_batch(conn, batch).await?;
    store::insert_state(conn, id, batch).await?;
    Ok(id)
}

/// The file, if it lies in the scope.
pub async fn batch(conn: &mut PgConnection, id: BatchId) -> Result<Batch, Trouble> {
    store::batch(conn, id).await?.ok_or(Trouble::NotFound)
}

/// Files of the scope, newest first.
pub async fn history(
    conn: &mut PgConnection,
    limit: i64,
    offset: i64,
) -> Result<Vec<Batch>, Trouble> {
    store::history(conn, limit, offset).await
}

/// Files of the scope that one person has accepted and a second one has not, oldest first.
pub async fn accepted(conn: &mut PgConnection) -> Result<Vec<Batch>, Trouble> {
    store::accepted(conn).await
}

/// The last applied file of a source for an area.
pub async fn last_applied(
    conn: &mut PgConnection,
    supplier: &str,
    area: AreaId,
) -> Result<Option<Batch>, Trouble> {
    store::last_applied(conn, supplier, area).await
}

/// A file with the same bytes from the same source that was not sent back or undone.
pub async fn same_bytes(
    conn: &mut PgConnection,
    supplier: &str,
    area: AreaId,
    file_sm3: &[u8; 32],
) -> Result<Option<Batch>, Trouble> {
    store::same_bytes(conn, supplier, area, file_sm3).await
}

/// Has the database look at its tables anew, after a large file: until it has, the next file is
/// planned as if they were as small as before.
pub async fn refresh_statistics(conn: &mut PgConnection) -> Result<(), Trouble> {
    store::refresh_statistics(conn).await
}

/// Moves a file on. The caller has locked it by [`lock`] in the same transaction.
pub async fn move_on(
    conn: &mut PgConnection,
    id: BatchId,
    state: BatchState,
    report: Option<&[u8]>,
    decided: Option<(Now, Option<AccountId>)>,
    previous: Option<BatchId>,
) -> Result<(), Trouble> {
    store::move_on(conn, id, state, report, decided, previous).await
}

/// 接收: notes the first of two people. The caller has locked the file.
pub async fn accept(
    conn: &mut PgConnection,
    id: BatchId,
    by: AccountId,
    at: Now,
    reason: &str,
) -> Result<(), Trouble> {
    store::accept(conn, id, by, at, reason).await
}

/// Keeps why a file was decided so.
pub async fn put_reason(conn: &mut PgConnection, id: BatchId, reason: &str) -> Result<(), Trouble> {
    store::put_reason(conn, id, reason).await
}

/// Waits for whoever works on a file of this source, so that two files of one source are applied
/// one after the other. Held until the transaction ends.
pub async fn lock(conn: &mut PgConnection, supplier: &str, area: AreaId) -> Result<(), Trouble> {
    store::lock(conn, supplier, area).await
}

/// What came of one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowOutcome {
    /// Counted as the spreadsheet counts.
    pub row_no: u32,
    /// The stored word of the outcome.
    pub outcome: &'static str,
    /// Whom it is about, when that is certain.
    pub person: Option<PersonId>,
    /// Position of that person's area; the file's area otherwise.
    pub area_pos: i32,
    /// Which record it is, keyed.
    pub row_key: [u8; 16],
    /// What it says, keyed.
    pub row_hash: [u8; 16],
    /// Why it is not certain, and what to do; sealed.
    pub note: Option<Vec<u8>>,
    /// Whom it may be about.
    pub candidates: Vec<PersonId>,
}

/// Writes what came of the rows of a file that is being applied.
pub async fn put_rows(tx: &mut Tx, batch: BatchId, rows: &[RowOutcome]) -> Result<(), Trouble> {
    store::make_row_stage(tx.conn()).await?;
    let mut left = rows.iter();
    let mut copy = CopyRows::new(7);
    tx.copy_in(store::COPY_ROWS, |buffer| {
        let Some(row) = left.next() else {
            copy.end(buffer);
            return Ok(false);
        };
        copy.row(buffer);
        copy.field(buffer, &i32::try_from(row.row_no).map_err(Trouble::fault)?)?;
        copy.field(buffer, &row.outcome)?;
        copy.field(buffer, &row.person)?;
        copy.field(buffer, &row.area_pos)?;
        copy.field(buffer, &row.row_key.to_vec())?;
        copy.field(buffer, &row.row_hash.to_vec())?;
        copy.field(buffer, &row.note)?;
        Ok(true)
    })
    .await?;
    store::insert_staged_rows(tx.conn(), batch).await?;
    for row in rows {
        for person in &row.candidates {
            store::insert_candidate(tx.conn(), batch, row.row_no, *person).await?;
        }
    }
    Ok(())
}

/// Key and content of each row of an applied file, for the difference with the next one.
pub async fn row_hashes(
    conn: &mut PgConnection,
    batch: BatchId,
) -> Result<Vec<([u8; 16], [u8; 16])>, Trouble> {
    store::row_hashes(conn, batch).await
}

/// A row of an applied file: which record, what it says, and whom it was certainly about.
pub type KnownRow = ([u8; 16], [u8; 16], Option<PersonId>);

/// 未变的行: the rows of a file, when everything else that their facts follow from has this digest
/// still: layout, columns and areas. None when it has not.
pub async fn rows_read_alike(
    conn: &mut PgConnection,
    batch: BatchId,
    reading_sm3: &[u8; 32],
) -> Result<Option<Vec<KnownRow>>, Trouble> {
    if !store::read_alike(conn, batch, reading_sm3).await? {
        return Ok(None);
    }
    store::known_rows(conn, batch).await.map(Some)
}

/// Keeps the digest of [`rows_read_alike`] with a file that is being applied.
pub async fn put_reading(
    conn: &mut PgConnection,
    batch: BatchId,
    reading_sm3: &[u8; 32],
) -> Result<(), Trouble> {
    store::put_reading(conn, batch, reading_sm3).await
}

/// The person that a row of an applied file is about, if the reader may see them.
pub async fn person_of_row(
    conn: &mut PgConnection,
    batch: BatchId,
    row_no: u32,
) -> Result<Option<PersonId>, Trouble> {
    store::person_of_row(conn, batch, i32::try_from(row_no).map_err(Trouble::fault)?).await
}

/// People about whom a row of some applied file of this source waits on the match desk.
pub async fn waiting_on_desk(
    conn: &mut PgConnection,
    supplier: &str,
) -> Result<Vec<PersonId>, Trouble> {
    store::waiting_on_desk(conn, supplier).await
}

/// The people and values of a source whose record is not in the file any more: see the snapshot
/// rule of the layout.
pub async fn people_not_in(
    conn: &mut PgConnection,
    batch: BatchId,
    previous: BatchId,
) -> Result<Vec<PersonId>, Trouble> {
    store::people_not_in(conn, batch, previous).await
}

/// What everybody may know of a file that a fact of theirs comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Original {
    /// Who sent it.
    pub supplier: String,
    /// As of when it speaks.
    pub as_of: Day,
    /// As the sender named it.
    pub file_name: String,
    /// SM3 of its bytes.
    pub file_sm3: [u8; 32],
}

/// See [`Original`].
pub async fn original(
    conn: &mut PgConnection,
    batch: BatchId,
) -> Result<Option<Original>, Trouble> {
    store::original(conn, batch).await
}

/// How a person last said that the columns of this source are read, as JSON.
pub async fn newest_mapping(
    conn: &mut PgConnection,
    supplier: &str,
    area: AreaId,
) -> Result<Option<serde_json::Value>, Trouble> {
    store::newest_mapping(conn, supplier, area).await
}

/// Remembers how the columns of this layout are read.
pub async fn remember_mapping(
    conn: &mut PgConnection,
    supplier: &str,
    area: AreaId,
    header_sm3: &[u8; 32],
    mapping: &serde_json::Value,
    by: Option<AccountId>,
    at: Now,
) -> Result<(), Trouble> {
    store::remember_mapping(conn, supplier, area, header_sm3, mapping, by, at).await
}
