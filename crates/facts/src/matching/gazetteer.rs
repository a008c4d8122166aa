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
    /// The longest names first, so that 东云溪镇 is not read as 云溪镇.
    towns: Vec<(String, AreaId)>,
    villages: HashMap<String, Vec<AreaId>>,
    town_of: HashMap<AreaId, AreaId>,
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
                    gazetteer.towns.push((name, area.id));
                    gazetteer.town_of.insert(area.id, area.id);
                }
                AreaLevel::Village => {
                    gazetteer.villages.entry(name).or_default().push(area.id);
                    if let Some(town) = area.parent {
                        gazetteer.town_of.insert(area.id, town);
                    }
                }
                AreaLevel::Province | AreaLevel::Prefecture | AreaLevel::County => {}
            }
        }
        gazetteer.towns.sort_by_key(|(name, id)| (usize::MAX - name.len(), *id));
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
        let town = self
            .towns
            .iter()
            .find_map(|(name, id)| Some((*id, whole.split_once(name.as_str())?.1)));
        match town {
            Some((town, rest)) => {
                let villages = self.villages_named(rest).into_iter();
                let within: Vec<_> =
                    villages.filter(|id| self.town_of(*id) == Some(town)).collect();
                if within.is_empty() { vec![town] } else { within }
            }
            None => self.villages_named(&whole),
        }
    }

    /// Villages of this name, also written without its ending.
    fn villages_named(&self, name: &str) -> Vec<AreaId> {
        if name.is_empty() {
            return Vec::new();
        }
        let with = |ending: &str| self.villages.get(&format!("{name}{ending}"));
        let exact = self.villages.get(name);
        exact.or_else(|| with("村")).or_else(|| with("社区")).cloned().unwrap_or_default()
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
