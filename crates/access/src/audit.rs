use kernel::{AreaId, Now, Role, Trouble};
use sm3::{Digest, Sm3};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::session::Actor;
use crate::store;

/// 留痕: who did what to what, written in the transaction of the change. It holds hashes of
/// content and never the content.
#[derive(Clone, Debug)]
pub struct AuditEntry<'a> {
    pub(crate) actor: &'a Actor,
    pub(crate) at: Now,
    pub(crate) action: &'static str,
    pub(crate) object: String,
    pub(crate) before: Option<[u8; 32]>,
    pub(crate) after: Option<[u8; 32]>,
    pub(crate) note: String,
}

impl<'a> AuditEntry<'a> {
    /// An act on an object (`duty/<id>`, `batch/<id>`, `person/<id>`).
    pub fn new(actor: &'a Actor, at: Now, action: &'static str, object: String) -> Self {
        Self { actor, at, action, object, before: None, after: None, note: String::new() }
    }

    /// With a hash of what it became.
    #[must_use]
    pub fn after(mut self, content: &[u8]) -> Self {
        self.after = Some(Sm3::digest(content).into());
        self
    }

    /// With the person's reason or a count, and nothing that names anybody else.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }
}

/// Writes the entry; its id is the source of a statement made in the same transaction.
pub async fn record(conn: &mut PgConnection, entry: &AuditEntry<'_>) -> Result<Uuid, Trouble> {
    store::insert_audit_entry(conn, entry).await
}

/// How often the object was looked at or changed by this action.
pub async fn seen(conn: &mut PgConnection, object: &str, action: &str) -> Result<i64, Trouble> {
    store::count_audit_entries(conn, object, action).await
}

/// An entry as the auditor reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenEntry {
    /// When.
    pub at: Now,
    /// Who; none for the system itself.
    pub who: Option<String>,
    /// As what.
    pub role: Role,
    /// Where.
    pub area: Option<AreaId>,
    /// What was done.
    pub action: String,
    /// To what: `duty/<id>`, `batch/<id>`, `person/<id>` …
    pub object: String,
    /// Why, or how much.
    pub note: String,
}

/// Entries of the scope, the newest first.
pub async fn entries(
    conn: &mut PgConnection,
    limit: i64,
    offset: i64,
) -> Result<Vec<SeenEntry>, Trouble> {
    store::audit_entries(conn, limit, offset).await
}

/// How many entries the scope has.
pub async fn count_entries(conn: &mut PgConnection) -> Result<i64, Trouble> {
    store::count_all_audit_entries(conn).await
}
