use std::collections::HashMap;

use kernel::{AreaId, AreaLevel};

use crate::normalise::plain;
use crate::row::Place;

/// An area by its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedArea {
    /// Its node.
    pub id: AreaId,
    /// Its name.
    pub name: String,
    /// Its level.
    pub level: AreaLevel,
    /// The node above it.
    pub parent: Option<AreaId>,
}

/// 地名表: which areas a text may mean. Villages of the same name in several towns are all given.
#[derive(Clone, Debug, Default)]
pub struct Gazetteer {
    towns: HashMap<String, AreaId>,
    /// How many bytes the towns' names have, the longest first.
    lengths: Vec<usize>,
    villages: HashMap<String, Vec<Village>>,
    town_of: HashMap<AreaId, AreaId>,
}

#[derive(Clone, Copy, Debug)]
struct Village {
    id: AreaId,
    town: Option<AreaId>,
}

/// The long official endings of a village's committee, and the short name.
const ENDINGS: [(&str, &str); 6] = [
    ("社区居民委员会", "社区"),
    ("社区居委会", "社区"),
    ("居民委员会", "社区"),
    ("居委会", "社区"),
    ("村民委员会", "村"),
    ("村委会", "村"),
];

impl Gazetteer {
    /// From the towns and villages of a tree; other levels are left out.
    pub fn new(areas: impl IntoIterator<Item = NamedArea>) -> Self {
        let mut gazetteer = Self::default();
        for area in areas {
            let name = short(&area.name);
            match area.level {
                AreaLevel::Township => {
                    let first = gazetteer.towns.entry(name).or_insert(area.id);
                    *first = area.id.min(*first);
                    gazetteer.town_of.insert(area.id, area.id);
                }
                AreaLevel::Village => {
                    let village = Village { id: area.id, town: area.parent };
                    gazetteer.villages.entry(name).or_default().push(village);
                    if let Some(town) = area.parent {
                        gazetteer.town_of.insert(area.id, town);
                    }
                }
                AreaLevel::Province | AreaLevel::Prefecture | AreaLevel::County => {}
            }
        }
        gazetteer.lengths = gazetteer.towns.keys().map(String::len).collect();
        gazetteer.lengths.sort_unstable_by(|a, b| b.cmp(a));
        gazetteer.lengths.dedup();
        gazetteer
    }

    /// The town of a village; a town is its own.
    pub fn town_of(&self, area: AreaId) -> Option<AreaId> {
        self.town_of.get(&area).copied()
    }

    /// The one area that a place means, if it means one.
    pub fn area(&self, place: &Place) -> Option<AreaId> {
        match self.areas(place).as_slice() {
            [one] => Some(*one),
            _ => None,
        }
    }

    /// The areas that a place may mean, villages before towns; a town stands for itself when the
    /// village is not known in it.
    pub fn areas(&self, place: &Place) -> Vec<AreaId> {
        if place.is_empty() {
            return Vec::new();
        }
        let whole = short(&format!("{}{}{}", place.whole, place.town, place.village));
        match self.town_in(&whole) {
            Some((town, rest)) => {
                let villages = self.villages_named(rest).iter();
                let within: Vec<_> =
                    villages.filter(|it| it.town == Some(town)).map(|it| it.id).collect();
                if within.is_empty() { vec![town] } else { within }
            }
            None => self.villages_named(&whole).iter().map(|it| it.id).collect(),
        }
    }

    /// The town of the longest name in a text, so that 东云溪镇 is not read as 云溪镇, with what
    /// follows it. Every piece of the text is looked up: there are fewer of them than towns.
    fn town_in<'t>(&self, text: &'t str) -> Option<(AreaId, &'t str)> {
        self.lengths.iter().find_map(|length| {
            let pieces = (0..=text.len().checked_sub(*length)?).filter_map(|start| {
                let town = *self.towns.get(text.get(start..start + length)?)?;
                Some((town, start + length))
            });
            // Of several the lowest id, and of one that comes twice its first place.
            let (town, end) = pieces.min()?;
            Some((town, &text[end..]))
        })
    }

    /// Villages of this name, also written without its ending.
    fn villages_named(&self, name: &str) -> &[Village] {
        if name.is_empty() {
            return &[];
        }
        let with = |ending: &str| self.villages.get(&format!("{name}{ending}"));
        let exact = self.villages.get(name);
        exact.or_else(|| with("村")).or_else(|| with("社区")).map_or(&[], Vec::as_slice)
    }
}

fn short(name: &str) -> String {
    let name = plain(name).value;
    for (long, short) in ENDINGS {
        if let Some(stem) = name.strip_suffix(long) {
            // 桥头村居委会 stays 桥头村.
            let named = stem.ends_with('村') || stem.ends_with("社区");
            return if named { stem.to_owned() } else { format!("{stem}{short}") };
        }
    }
    name
}
