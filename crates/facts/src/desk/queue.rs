use access::Vault;
use kernel::{AccountId, BatchId, Now, PersonId, Trouble};
use sqlx::PgConnection;

use super::{Content, content, store};

/// Which rows a list shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Which {
    /// 待比对: a person has to look, those that the village has answered about among them.
    #[default]
    Open,
    /// 村里已答复
    Answered,
    /// 等村里答复
    Asked,
    /// 已比对
    Decided,
}

impl Which {
    const ALL: [(Self, &'static str, &'static str); 4] = [
        (Self::Open, "open", "待比对"),
        (Self::Answered, "answered", "村里已答复"),
        (Self::Asked, "asked", "等村里答复"),
        (Self::Decided, "decided", "已比对"),
    ];

    /// All of them, in the order of the page.
    pub fn all() -> impl Iterator<Item = Self> {
        Self::ALL.iter().map(|(it, ..)| *it)
    }

    /// The word in addresses.
    pub fn code(self) -> &'static str {
        Self::ALL.iter().find(|(it, ..)| *it == self).map_or("", |(_, code, _)| code)
    }

    /// The bureau's word.
    pub fn chinese(self) -> &'static str {
        Self::ALL.iter().find(|(it, ..)| *it == self).map_or("", |(.., word)| word)
    }

    /// From the word in an address.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, it, _)| *it == code).map(|(it, ..)| *it)
    }
}

/// What a list shows: of these files, perhaps of one reason only.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Show {
    /// The files; see [`live`].
    pub batches: Vec<BatchId>,
    /// Stored word of the reason.
    pub reason: Option<String>,
    /// Which rows.
    pub which: Which,
}

/// A row in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Its file.
    pub batch: BatchId,
    /// Counted as the spreadsheet counts.
    pub row_no: u32,
    /// Stored word of the reason.
    pub reason: String,
    /// The bureau's word for how it stands.
    pub state: &'static str,
    /// What it says.
    pub content: Content,
}

/// How many rows of a file have one reason and stand one way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// The file.
    pub batch: BatchId,
    /// Stored word of the reason.
    pub reason: String,
    /// Where they are listed.
    pub which: Which,
    /// How many.
    pub count: i64,
}

/// A decision of one's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recent {
    /// Its file.
    pub batch: BatchId,
    /// Its row.
    pub row_no: u32,
    /// Which decision of the row it was.
    pub seq: i32,
    /// The bureau's word for it.
    pub word: &'static str,
    /// About whom, if about somebody.
    pub person: Option<PersonId>,
    /// When.
    pub at: Now,
}

/// Applied files whose desk counts: the newest of each source, and every one of those sources
/// (`increments`) whose files only add.
pub async fn live(conn: &mut PgConnection, increments: &[String]) -> Result<Vec<BatchId>, Trouble> {
    store::live(conn, increments).await
}

/// Rows of a list: by file and row.
pub async fn queue(
    conn: &mut PgConnection,
    vault: &Vault,
    show: &Show,
    limit: i64,
    offset: i64,
) -> Result<Vec<Head>, Trouble> {
    let rows = store::queue(conn, show, (BatchId::new(0), -1), limit, offset).await?;
    rows.into_iter()
        .map(|row| {
            let (batch, row_no) = (row.batch, row.row_no);
            let content = content::open(vault, batch, row_no, row.content, row.key_version)?;
            Ok(Head { batch, row_no, reason: row.reason, state: row.state, content })
        })
        .collect()
}

/// The next open row behind this one, from the beginning again when there is none; and one that
/// the village has answered about before any other.
pub async fn next(
    conn: &mut PgConnection,
    show: &Show,
    after: Option<(BatchId, u32)>,
) -> Result<Option<(BatchId, u32)>, Trouble> {
    let first = (BatchId::new(0), -1);
    let after = match after {
        Some((batch, row)) => (batch, i32::try_from(row).unwrap_or(i32::MAX)),
        None => first,
    };
    let answered = Show { which: Which::Answered, ..show.clone() };
    for (show, after) in [(&answered, first), (show, after), (show, first)] {
        if let Some(row) = store::queue(conn, show, after, 1, 0).await?.pop() {
            return Ok(Some((row.batch, row.row_no)));
        }
    }
    Ok(None)
}

/// How many rows stand how, of these files.
pub async fn counts(conn: &mut PgConnection, batches: &[BatchId]) -> Result<Vec<Count>, Trouble> {
    store::counts(conn, batches).await
}

/// How many rows a person has to look at, but no more than `most`.
pub async fn count_open(
    conn: &mut PgConnection,
    batches: &[BatchId],
    most: i64,
) -> Result<i64, Trouble> {
    store::count_open(conn, batches, most).await
}

/// Somebody's last decisions that still hold, the newest first.
pub async fn recent(
    conn: &mut PgConnection,
    account: AccountId,
    limit: i64,
) -> Result<Vec<Recent>, Trouble> {
    store::recent(conn, account, limit).await
}
