use std::collections::HashMap;

use kernel::{AreaId, AreaKind, AreaLevel, Day, Refusal, Trouble};
use sqlx::PgConnection;

use crate::store;

/// 区划: one node of the tree as it is on a day, with its place in the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AreaNode {
    /// The node, for ever.
    pub id: AreaId,
    /// Its code on that day.
    pub code: String,
    /// Its name on that day.
    pub name: String,
    /// Its level.
    pub level: AreaLevel,
    /// Its parent on that day.
    pub parent: Option<AreaId>,
    /// It and all below it lie at positions `lo` up to and not including `hi`.
    pub lo: i32,
    /// See `lo`.
    pub hi: i32,
}

/// One row of an area file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewArea {
    /// Division code; unique in the file.
    pub code: String,
    /// Name.
    pub name: String,
    /// Level.
    pub level: AreaLevel,
    /// Division or managing unit.
    pub kind: AreaKind,
    /// Code of the parent; none for the root.
    pub parent: Option<String>,
    /// First day of this code, name and parent.
    pub valid_from: Day,
    /// First day on which they hold no more.
    pub valid_to: Option<Day>,
    /// 原代码: the code that the same area had before a change; none when it is unchanged or new.
    pub formerly: Option<String>,
}

/// 区划树: the areas as they are on a day.
#[derive(Clone, Debug, Default)]
pub struct AreaTree {
    nodes: HashMap<AreaId, AreaNode>,
    by_code: HashMap<String, AreaId>,
    by_place: HashMap<(AreaId, String), AreaId>,
    order: Vec<AreaId>,
}

impl AreaTree {
    /// The tree of these nodes.
    pub fn new(mut nodes: Vec<AreaNode>) -> Self {
        nodes.sort_by_key(|node| node.lo);
        let mut tree =
            Self { order: nodes.iter().map(|node| node.id).collect(), ..Self::default() };
        for node in nodes {
            tree.by_code.insert(node.code.clone(), node.id);
            if let Some(parent) = node.parent {
                tree.by_place.insert((parent, node.name.clone()), node.id);
            }
            tree.nodes.insert(node.id, node);
        }
        tree
    }

    /// The node.
    pub fn node(&self, area: AreaId) -> Option<&AreaNode> {
        self.nodes.get(&area)
    }

    /// The node with this code.
    pub fn with_code(&self, code: &str) -> Option<&AreaNode> {
        self.by_code.get(code).and_then(|id| self.nodes.get(id))
    }

    /// All nodes, parents before their children.
    pub fn iter(&self) -> impl Iterator<Item = &AreaNode> {
        self.order.iter().filter_map(|id| self.nodes.get(id))
    }

    /// Whether the area is the ancestor or lies below it.
    pub fn within(&self, area: AreaId, ancestor: AreaId) -> Option<bool> {
        let (area, ancestor) = (self.node(area)?, self.node(ancestor)?);
        Some(ancestor.lo <= area.lo && area.lo < ancestor.hi)
    }

    /// The area and what it lies in, from itself upwards.
    pub fn path(&self, area: AreaId) -> impl Iterator<Item = &AreaNode> {
        std::iter::successors(self.node(area), |node| node.parent.and_then(|p| self.node(p)))
    }

    /// The area itself or the one above it at this level.
    pub fn at_level(&self, area: AreaId, level: AreaLevel) -> Option<&AreaNode> {
        self.path(area).find(|node| node.level == level)
    }

    /// `云溪镇溪尾村`: the name as people of the county say it; from the county up, its own name.
    pub fn spoken(&self, area: AreaId) -> String {
        let mut names: Vec<&str> = self
            .path(area)
            .take_while(|node| node.level > AreaLevel::County)
            .map(|node| node.name.as_str())
            .collect();
        names.reverse();
        match (names.is_empty(), self.node(area)) {
            (true, Some(node)) => node.name.clone(),
            _ => names.concat(),
        }
    }

    /// The area below `root` that a file's words name: town and village, or both in one cell.
    /// None when they name nothing or more than one thing.
    pub fn named(&self, root: AreaId, town: &str, village: &str) -> Option<AreaId> {
        let (town, village) = (town.trim(), village.trim());
        if !town.is_empty() {
            let town = self.by_place.get(&(root, town.to_owned())).copied()?;
            return match village {
                "" => Some(town),
                _ => self.by_place.get(&(town, village.to_owned())).copied(),
            };
        }
        let whole =
            self.node(root).map_or(village, |r| village.strip_prefix(&r.name).unwrap_or(village));
        let mut found = None;
        for node in self.iter().filter(|n| n.parent == Some(root)) {
            let Some(rest) = whole.strip_prefix(node.name.as_str()) else { continue };
            let hit = match rest {
                "" => node.id,
                _ => *self.by_place.get(&(node.id, rest.to_owned()))?,
            };
            if found.replace(hit).is_some() {
                return None;
            }
        }
        found
    }

    /// The areas at or below `root` that somebody's words mean: the one with this code or whole
    /// name, else all with this name.
    pub fn found_within(&self, root: AreaId, words: &str) -> Vec<&AreaNode> {
        let inside = || self.iter().filter(|node| self.within(node.id, root) == Some(true));
        match inside().find(|node| node.code == words || self.spoken(node.id) == words) {
            Some(exact) => vec![exact],
            None => inside().filter(|node| node.name == words).collect(),
        }
    }

    /// How many areas of this level lie below.
    pub fn count_below(&self, area: AreaId, level: AreaLevel) -> usize {
        let Some(top) = self.node(area) else { return 0 };
        self.iter().filter(|n| n.level == level && top.lo <= n.lo && n.lo < top.hi).count()
    }
}

/// The tree as it is on the day.
pub async fn load_areas(conn: &mut PgConnection, day: Day) -> Result<AreaTree, Trouble> {
    Ok(AreaTree::new(store::area_nodes(conn, day).await?))
}

/// Reads an area file: `code,name,level,kind,parent,valid_from,valid_to`, one root; in the file of
/// a change also `formerly`, see [`NewArea::formerly`].
pub fn parse_area_file(text: &str) -> Result<Vec<NewArea>, Refusal> {
    let refuse = |line: u64, what: &str| {
        Refusal::new(
            format!("区划文件第 {line} 行：{what}。"),
            "请按 code,name,level,kind,parent,valid_from,valid_to 的顺序填写，上级先于下级。",
        )
    };
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let mut areas: Vec<NewArea> = Vec::new();
    for record in reader.records() {
        let record =
            record.map_err(|e| refuse(e.position().map_or(1, csv::Position::line), "列数不对"))?;
        let line = record.position().map_or(0, csv::Position::line);
        let mut cells: Vec<&str> = record.iter().collect();
        let formerly =
            if cells.len() == 8 { cells.pop().filter(|it| !it.is_empty()) } else { None };
        let [code, name, level, kind, parent, from, to] = <[&str; 7]>::try_from(cells)
            .map_err(|_| refuse(line, "应有 7 列，区划调整的文件可以多一列原代码"))?;
        let day = |text: &str| text.parse::<Day>().map_err(|e| refuse(line, &e.to_string()));
        if areas
            .iter()
            .any(|a| a.code == code && a.valid_to.is_none_or(|to| to > day(from).unwrap_or(to)))
        {
            return Err(refuse(line, "编码重复"));
        }
        if !parent.is_empty() && !areas.iter().any(|a| a.code == parent) {
            return Err(refuse(line, "上级编码在前面没有出现"));
        }
        if parent.is_empty() && !areas.is_empty() {
            return Err(refuse(line, "只能有一个没有上级的区划"));
        }
        areas.push(NewArea {
            code: code.to_owned(),
            name: name.to_owned(),
            level: AreaLevel::from_code(level).ok_or_else(|| refuse(line, "级别不认识"))?,
            kind: match kind {
                "division" => AreaKind::Division,
                "managing_unit" => AreaKind::ManagingUnit,
                _ => return Err(refuse(line, "类别应为 division 或 managing_unit")),
            },
            parent: (!parent.is_empty()).then(|| parent.to_owned()),
            valid_from: day(from)?,
            valid_to: if to.is_empty() { None } else { Some(day(to)?) },
            formerly: formerly.map(ToOwned::to_owned),
        });
    }
    if areas.is_empty() {
        return Err(Refusal::new("区划文件里没有区划。", "请至少写出本级和下级各一行。"));
    }
    Ok(areas)
}

/// Plants the areas of a file into an empty tree and lays out their positions.
pub async fn plant_areas(conn: &mut PgConnection, areas: &[NewArea]) -> Result<(), Trouble> {
    let ids: HashMap<&str, AreaId> =
        (1..).zip(areas).map(|(id, area)| (area.code.as_str(), AreaId::new(id))).collect();
    for area in areas {
        let id = ids[area.code.as_str()];
        let parent = area.parent.as_deref().map(|code| ids[code]);
        store::insert_area(conn, id, area, parent).await?;
    }
    let parents: Vec<(AreaId, Option<AreaId>)> = areas
        .iter()
        .map(|a| (ids[a.code.as_str()], a.parent.as_deref().map(|code| ids[code])))
        .collect();
    for (area, lo, hi) in lay_out(&parents) {
        store::insert_position(conn, area, lo, hi).await?;
    }
    Ok(())
}

/// Nested intervals: an area's interval holds those of all areas below it. Gaps of 16 leave room
/// for a new village without moving its neighbours.
pub(crate) fn lay_out(parents: &[(AreaId, Option<AreaId>)]) -> Vec<(AreaId, i32, i32)> {
    fn walk(
        area: AreaId,
        children: &HashMap<Option<AreaId>, Vec<AreaId>>,
        next: &mut i32,
        out: &mut Vec<(AreaId, i32, i32)>,
    ) {
        let lo = *next;
        *next += 16;
        for child in children.get(&Some(area)).into_iter().flatten() {
            walk(*child, children, next, out);
        }
        out.push((area, lo, *next));
    }
    let mut children: HashMap<Option<AreaId>, Vec<AreaId>> = HashMap::new();
    for (area, parent) in parents {
        children.entry(*parent).or_default().push(*area);
    }
    let mut out = Vec::new();
    let mut next = 0;
    for root in children.get(&None).into_iter().flatten() {
        walk(*root, &children, &mut next, &mut out);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "code,name,level,kind,parent,valid_from,valid_to
990121,松河县,county,division,,2000-01-01,
990121001,城关镇,township,division,990121,2000-01-01,
990121001001,东门社区,village,division,990121001,2000-01-01,
990121002,云溪镇,township,division,990121,2000-01-01,
990121002001,溪尾村,village,division,990121002,2000-01-01,
";

    fn tree() -> AreaTree {
        let areas = parse_area_file(FILE).expect("a good file");
        let ids: HashMap<&str, AreaId> =
            (1..).zip(&areas).map(|(id, a)| (a.code.as_str(), AreaId::new(id))).collect();
        let parents: Vec<_> =
            areas.iter().map(|a| (ids[&*a.code], a.parent.as_deref().map(|p| ids[p]))).collect();
        let places: HashMap<_, _> =
            lay_out(&parents).into_iter().map(|(id, lo, hi)| (id, (lo, hi))).collect();
        AreaTree::new(
            areas
                .iter()
                .zip(&parents)
                .map(|(a, (id, parent))| AreaNode {
                    id: *id,
                    code: a.code.clone(),
                    name: a.name.clone(),
                    level: a.level,
                    parent: *parent,
                    lo: places[id].0,
                    hi: places[id].1,
                })
                .collect(),
        )
    }

    #[test]
    fn a_village_lies_in_its_town_and_not_in_the_next() {
        let tree = tree();
        let id = |code: &str| tree.with_code(code).expect("known").id;
        assert_eq!(tree.within(id("990121002001"), id("990121002")), Some(true));
        assert_eq!(tree.within(id("990121002001"), id("990121")), Some(true));
        assert_eq!(tree.within(id("990121002001"), id("990121001")), Some(false));
        assert_eq!(tree.within(id("990121"), id("990121002001")), Some(false));
    }

    #[test]
    fn a_files_words_name_a_village_in_two_cells_or_in_one() {
        let tree = tree();
        let county = tree.with_code("990121").expect("known").id;
        let village = tree.with_code("990121002001").expect("known").id;
        assert_eq!(tree.named(county, "云溪镇", "溪尾村"), Some(village));
        assert_eq!(tree.named(county, "", "云溪镇溪尾村"), Some(village));
        assert_eq!(tree.named(county, "", "松河县云溪镇溪尾村"), Some(village));
        assert_eq!(tree.named(county, "城关镇", "溪尾村"), None);
        assert_eq!(tree.spoken(village), "云溪镇溪尾村");
    }

    #[test]
    fn a_place_is_found_by_code_or_name_within_the_own_area_only() {
        let tree = tree();
        let id = |code: &str| tree.with_code(code).expect("known").id;
        let found = |root: &str, words: &str| {
            let found = tree.found_within(id(root), words);
            found.iter().map(|node| node.code.as_str()).collect::<Vec<_>>()
        };
        for words in ["990121002001", "云溪镇溪尾村", "溪尾村"] {
            assert_eq!(found("990121", words), ["990121002001"]);
            assert_eq!(found("990121002001", words), ["990121002001"], "the own area itself");
            assert_eq!(found("990121001", words), [""; 0], "outside");
        }
        assert_eq!(found("990121", ""), [""; 0]);
    }

    #[test]
    fn a_file_with_an_unknown_parent_or_a_second_root_is_refused_with_its_line() {
        for bad in [
            "990122,邻县,county,division,,2000-01-01,",
            "990121003,某镇,township,division,990999,2000-01-01,",
        ] {
            let refusal = parse_area_file(&format!("{FILE}{bad}\n")).expect_err("bad");
            assert!(refusal.sentence.contains("第 7 行"), "{refusal}");
        }
    }
}
