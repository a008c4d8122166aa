//! 区划调整: towns merge, villages change hands, codes and names change. An area keeps its node.

use std::collections::{HashMap, HashSet};

use kernel::{AreaId, Day, Now, Trouble};
use sqlx::PgConnection;

use crate::area::{AreaTree, NewArea, lay_out};
use crate::{AreaNode, store};

/// What a change of areas did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reorganised {
    /// 新设: names of new areas.
    pub made: Vec<String>,
    /// 变更: names of areas with another code, name or parent than before.
    pub changed: Vec<String>,
    /// 撤销: names of areas that are no more.
    pub ended: Vec<String>,
    /// Accounts whose area is no more: they need a grant for another.
    pub without_area: Vec<String>,
}

impl Reorganised {
    /// Whether everything is as it was.
    pub fn is_nothing(&self) -> bool {
        self.made.is_empty() && self.changed.is_empty() && self.ended.is_empty()
    }
}

/// One area of the new file beside what it was.
struct Change<'a> {
    id: AreaId,
    before: Option<&'a AreaNode>,
    after: &'a NewArea,
    parent: Option<AreaId>,
}

impl Change<'_> {
    fn is_another(&self) -> bool {
        self.before.is_none_or(|was| {
            let after = self.after;
            (was.code.as_str(), was.name.as_str(), was.level, was.parent)
                != (after.code.as_str(), after.name.as_str(), after.level, self.parent)
        })
    }
}

/// Makes the areas those of a file from a day on. The file names every area, as the one with which
/// the region began. What it leaves out ends, and what lay there before stays where it was.
///
/// # Errors
/// A refusal when an area ends in which people are registered or which holds areas that stay.
pub async fn reorganise(
    conn: &mut PgConnection,
    areas: &[NewArea],
    from: Day,
    at: Now,
) -> Result<Reorganised, Trouble> {
    let today = at.day();
    if from > today {
        return Err(Trouble::refused(
            format!("{} 还没有到。", from.chinese()),
            "区划调整在生效的当天或以后办理。",
        ));
    }
    let tree = crate::load_areas(conn, today).await?;
    let changes = changes(conn, &tree, areas).await?;
    let stays: HashSet<AreaId> = changes.iter().map(|it| it.id).collect();
    let ended: Vec<&AreaNode> = tree.iter().filter(|node| !stays.contains(&node.id)).collect();
    may_end(conn, &ended).await?;

    let mut done = Reorganised::default();
    for change in changes.iter().filter(|it| it.is_another()) {
        let name = change.after.name.clone();
        let what = if let Some(was) = change.before {
            store::end_area(conn, was.id, from).await?;
            store::insert_version(conn, change.id, change.after, change.parent, from).await?;
            done.changed.push(name);
            "changed"
        } else {
            store::insert_area(conn, change.id, change.after, change.parent).await?;
            done.made.push(name);
            "made"
        };
        store::note_change(conn, change.id, what, from, at).await?;
    }
    for node in &ended {
        store::end_area(conn, node.id, from).await?;
        store::note_change(conn, node.id, "ended", from, at).await?;
        done.ended.push(node.name.clone());
    }
    let gone: Vec<AreaId> = ended.iter().map(|node| node.id).collect();
    done.without_area = store::granted_in(conn, &gone, today).await?;
    if !done.is_nothing() {
        move_all(conn, &tree, &changes, &ended).await?;
    }
    Ok(done)
}

/// Every area of the file with its node: the one that has its code, or had its former one.
async fn changes<'a>(
    conn: &mut PgConnection,
    tree: &'a AreaTree,
    areas: &'a [NewArea],
) -> Result<Vec<Change<'a>>, Trouble> {
    let mut next = store::last_area(conn).await?;
    let mut ids: HashMap<&str, AreaId> = HashMap::new();
    let mut changes = Vec::with_capacity(areas.len());
    for after in areas {
        let known = after.formerly.as_deref().unwrap_or(&after.code);
        let before = tree.with_code(known);
        if before.is_none() && after.formerly.is_some() {
            return Err(Trouble::refused(
                format!("原代码 {known}（{}）现在没有这个区划。", after.name),
                "请核对“原代码”一栏；新设的区划这一栏留空。",
            ));
        }
        let id = before.map_or_else(
            || {
                next += 1;
                AreaId::new(next)
            },
            |node| node.id,
        );
        let parent = after.parent.as_deref().and_then(|code| ids.get(code)).copied();
        if ids.insert(&after.code, id).is_some()
            || changes.iter().any(|it: &Change<'_>| it.id == id)
        {
            return Err(Trouble::refused(
                format!("{} 在文件里出现了两次。", after.name),
                "一个区划只写一行；改了代码的，原代码写在“原代码”一栏。",
            ));
        }
        changes.push(Change { id, before, after, parent });
    }
    Ok(changes)
}

/// Whether these areas may end: nobody is registered there.
async fn may_end(conn: &mut PgConnection, ended: &[&AreaNode]) -> Result<(), Trouble> {
    let gone: Vec<AreaId> = ended.iter().map(|node| node.id).collect();
    let Some((area, people)) = store::peopled(conn, &gone).await? else { return Ok(()) };
    let name = ended.iter().find(|node| node.id == area).map_or("", |node| node.name.as_str());
    Err(Trouble::refused(
        format!("{name}还有 {people} 位老人的户籍，不能撤销。"),
        "请在文件里保留这个区划，写到新的上级下面；户籍迁走以后再撤销。",
    ))
}

/// Lays the positions out anew. An area that ended keeps a place of its own, below whoever now has
/// what was below it, so that old rows stay where the successor sees them.
async fn move_all(
    conn: &mut PgConnection,
    tree: &AreaTree,
    changes: &[Change<'_>],
    ended: &[&AreaNode],
) -> Result<(), Trouble> {
    let mut parents: Vec<(AreaId, Option<AreaId>)> =
        changes.iter().map(|it| (it.id, it.parent)).collect();
    let now: HashMap<AreaId, Option<AreaId>> = parents.iter().copied().collect();
    for node in ended {
        let heir = changes
            .iter()
            .find(|it| it.before.is_some_and(|was| was.parent == Some(node.id)))
            .and_then(|it| it.parent);
        let above = node.parent.filter(|parent| now.contains_key(parent));
        let root = parents.first().map(|(root, _)| *root);
        parents.push((node.id, heir.or(above).or(root)));
    }
    // Who ended before keeps a place below the root.
    let laid: HashSet<AreaId> = parents.iter().map(|(id, _)| *id).collect();
    let root = parents.first().map(|(root, _)| *root);
    for (area, _) in store::positions(conn).await? {
        if !laid.contains(&area) {
            parents.push((area, root));
        }
    }
    let before: HashMap<AreaId, i32> = store::positions(conn).await?.into_iter().collect();
    debug_assert!(tree.iter().all(|node| before.contains_key(&node.id)));
    let laid_out = lay_out(&parents);
    let (mut was, mut becomes) = (Vec::new(), Vec::new());
    for (area, lo, hi) in laid_out {
        store::put_position(conn, area, lo, hi).await?;
        if let Some(old) = before.get(&area) {
            was.push(*old);
            becomes.push(lo);
        }
    }
    store::move_areas(conn, &was, &becomes).await
}
