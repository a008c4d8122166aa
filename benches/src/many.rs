//! Two million people without two million rows of files: the county's, copied in the database.

use std::path::Path;

use access::system_actor;
use db::{Db, Server};
use kernel::{Role, Trouble};

use crate::store;

/// Copies people and their standing facts until there are so many; gives how many there are.
/// What was asserted is not copied: a copy's facts point to the assertions of its original.
pub(crate) async fn copy_people(dir: &Path, people: i64) -> Result<i64, Trouble> {
    let db = Db::open(Server::Private { data_dir: dir.to_owned() }).await?;
    let mut tx = db.begin_unscoped().await?;
    let area = store::widest_area(tx.conn()).await?;
    drop(tx);
    let actor = system_actor(&db, area, Role::DataOfficer).await?;
    let mut tx = db.begin(&actor.scope).await?;
    let county = store::count_people(tx.conn()).await?;
    for copy in 1..(people / county.max(1)).max(1) {
        store::copy_people(tx.conn(), copy).await?;
    }
    let made = store::count_people(tx.conn()).await?;
    tx.commit().await?;
    store::wait_for_statistics(&db).await?;
    db.close().await?;
    Ok(made)
}
