//! 数据新鲜度: how old each source is for an area, and which ones are older than agreed.
//!
//! An area's source is the newest applied file about it or about an area above it. What rests on
//! an old source may be wrong, so pages say its age.

use facts::layout::Layout;
use facts::population::{self, SourceFile};
use kernel::{AreaId, Day, Trouble};
use sqlx::PgConnection;

use crate::App;

/// How old one source is for one area.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Freshness {
    /// Id of the supplier.
    pub(crate) supplier: String,
    /// What people call it.
    pub(crate) name: String,
    /// As of when its last file speaks; none before the first.
    pub(crate) as_of: Option<Day>,
    /// Days since then.
    pub(crate) days: i64,
    /// Days after which a newer file is due.
    pub(crate) limit_days: i64,
}

impl Freshness {
    fn of(layout: &Layout, file: Option<&SourceFile>, today: Day) -> Self {
        Self {
            supplier: layout.id.clone(),
            name: layout.name.clone(),
            as_of: file.map(|file| file.as_of),
            days: file.map_or(0, |file| today.days_since(file.as_of)),
            limit_days: i64::from(layout.fresh_days),
        }
    }

    /// Whether a newer file is due: an old one is in, or none ever came.
    pub(crate) fn is_late(&self) -> bool {
        self.as_of.is_none() || self.is_stale()
    }

    /// Whether what rests on it may be wrong: the file that is in is older than agreed.
    pub(crate) fn is_stale(&self) -> bool {
        self.as_of.is_some() && self.days > self.limit_days
    }

    /// `38 天前`, or that there is none yet.
    pub(crate) fn age(&self) -> String {
        match self.as_of {
            None => "还没有收到".to_owned(),
            Some(_) if self.days == 0 => "今天".to_owned(),
            Some(_) => format!("{} 天前", self.days),
        }
    }

    /// `（已有 38 天，超过约定的 31 天，可能不准）`: behind what rests on an old file.
    pub(crate) fn warning(&self) -> String {
        format!("（已有 {} 天，超过约定的 {} 天，可能不准）", self.days, self.limit_days)
    }
}

/// Every source for an area, in the order of the layouts.
pub(crate) async fn freshness(
    app: &App,
    conn: &mut PgConnection,
    area: AreaId,
) -> Result<Vec<Freshness>, Trouble> {
    let files = population::source_files(conn).await?;
    Ok(freshness_in(app, &files, area))
}

/// The sources for an area whose files are older than agreed: what rests on them may be wrong.
pub(crate) async fn stale_sources(
    app: &App,
    conn: &mut PgConnection,
    area: AreaId,
) -> Result<Vec<Freshness>, Trouble> {
    let mut all = freshness(app, conn, area).await?;
    all.retain(Freshness::is_stale);
    Ok(all)
}

/// As [`freshness`], from files that were read already.
pub(crate) fn freshness_in(app: &App, files: &[SourceFile], area: AreaId) -> Vec<Freshness> {
    let (tree, today) = (app.areas(), app.now().day());
    let above = |file: &&SourceFile| tree.within(area, file.area) == Some(true);
    let newest = |supplier: &str| {
        let its = files.iter().filter(|file| file.supplier == supplier).filter(above);
        its.max_by_key(|file| file.as_of)
    };
    let layouts = app.parts().layouts.iter();
    layouts.map(|layout| Freshness::of(layout, newest(&layout.id), today)).collect()
}
