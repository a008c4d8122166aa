//! 打印留痕: how often a form was printed about something, by whom and when.
//!
//! Printing is an act of its own (a form that is sent), so that looking at a sheet leaves no
//! trace. The first print is told apart from the second: a sheet that hangs or lies in a folder
//! says which one it is.

mod store;

use access::{Actor, AuditEntry, record};
use db::Tx;
use kernel::{AreaId, Now, Trouble};

use crate::App;

/// A print as it is on record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Print {
    /// 第几次
    pub(crate) no: i32,
    /// Who printed it.
    pub(crate) by: String,
    /// When.
    pub(crate) at: Now,
}

impl Print {
    /// `第 2 次打印，王审核，2026-06-05 09:12`
    pub(crate) fn chinese(&self) -> String {
        format!("第 {} 次打印，{}，{}", self.no, self.by, self.at)
    }
}

/// Notes that the actor prints the form (its stored word) about the object (as the audit trail
/// names it), which lies in the area; gives which print it is.
pub(crate) async fn note(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    object: &str,
    form: &'static str,
    area: AreaId,
) -> Result<i32, Trouble> {
    let area_pos = app.areas().node(area).map_or(0, |node| node.lo);
    let no = store::insert(tx.conn(), (object, form), area_pos, actor.account, app.now()).await?;
    let Some(no) = no else {
        return Err(Trouble::Conflict("另一人刚刚也在打印这一份，请再打印一次。".to_owned()));
    };
    let entry = AuditEntry::new(actor, app.now(), "打印", object.to_owned());
    record(tx.conn(), &entry.note(format!("{form} 第 {no} 次"))).await?;
    Ok(no)
}

/// The prints of a form about an object, newest first.
pub(crate) async fn prints(
    tx: &mut Tx,
    object: &str,
    form: &'static str,
) -> Result<Vec<Print>, Trouble> {
    store::prints(tx.conn(), object, form).await
}
