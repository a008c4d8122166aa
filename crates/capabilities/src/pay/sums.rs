//! 汇总: the sums of a run by band and by town, as its page, the treasury and paper need them.

use std::collections::BTreeMap;

use kernel::{AreaId, AreaLevel, Fen};
use payroll::Run;
use payroll::store::PlaceRow;

use crate::App;

/// Lines, months and money of a part of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sums {
    /// 人数
    pub(crate) lines: i64,
    /// 人月
    pub(crate) months: i64,
    /// 其中补发
    pub(crate) arrears: Fen,
    /// 金额
    pub(crate) total: Fen,
}

impl Default for Sums {
    fn default() -> Self {
        Self { lines: 0, months: 0, arrears: Fen::ZERO, total: Fen::ZERO }
    }
}

impl Sums {
    /// Both together.
    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            lines: self.lines + other.lines,
            months: self.months + other.months,
            arrears: [self.arrears, other.arrears].into_iter().sum(),
            total: [self.total, other.total].into_iter().sum(),
        }
    }

    fn of(row: &PlaceRow) -> Self {
        let (lines, months, arrears) = (row.lines, row.months, row.arrears);
        Self { lines, months, arrears, total: [row.current, row.arrears].into_iter().sum() }
    }
}

/// 按档次, in the list's order: place, words and sums.
pub(crate) fn by_band(run: &Run, places: &[PlaceRow]) -> Vec<(Option<u8>, String, Sums)> {
    let mut bands: BTreeMap<Option<u8>, Sums> = BTreeMap::new();
    for row in places {
        let sums = bands.entry(row.band).or_default();
        *sums = sums.and(Sums::of(row));
    }
    let words = |band: Option<u8>| {
        let name = band.and_then(|band| run.bands.get(usize::from(band)));
        name.cloned().unwrap_or_else(|| "不分档".to_owned())
    };
    bands.into_iter().map(|(band, sums)| (band, words(band), sums)).collect()
}

/// 按乡镇, in the order of the area tree: the town, its name and sums.
pub(crate) fn by_town(app: &App, places: &[PlaceRow]) -> Vec<(Option<AreaId>, String, Sums)> {
    let areas = app.areas();
    let mut towns: BTreeMap<Option<i32>, (Option<AreaId>, Sums)> = BTreeMap::new();
    for row in places {
        let town = areas.at_level(row.area, AreaLevel::Township);
        let none = (town.map(|node| node.id), Sums::default());
        let (_, sums) = towns.entry(town.map(|node| node.lo)).or_insert(none);
        *sums = sums.and(Sums::of(row));
    }
    let words = |town: Option<AreaId>| {
        town.map_or_else(|| "未分乡镇".to_owned(), |town| areas.spoken(town))
    };
    towns.into_values().map(|(town, sums)| (town, words(town), sums)).collect()
}
