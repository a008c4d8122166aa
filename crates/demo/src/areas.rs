use kernel::{AreaKind, AreaLevel, Day};

use crate::Preset;
use crate::rng::Rng;

/// 行政区划: one node of the demo's tree; its id is the same in every preset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoArea {
    /// Stable id, counted from the province.
    pub id: i64,
    /// 6, 9 or 12 digits; the region 99 has never existed.
    pub code: String,
    /// Name without the names above it.
    pub name: String,
    /// Level.
    pub level: AreaLevel,
    /// Kind; the demo has coded divisions only.
    pub kind: AreaKind,
    /// The area above.
    pub parent: Option<i64>,
    /// First day of the code.
    pub valid_from: Day,
}

/// A town with its number of communities (社区) and of villages (村); 318 in all.
const TOWNS: [(&str, usize, usize); 22] = [
    ("城关镇", 12, 8),
    ("云溪镇", 3, 12),
    ("青石镇", 3, 14),
    ("柳林镇", 2, 14),
    ("双河镇", 2, 13),
    ("白沙镇", 2, 13),
    ("龙泉镇", 2, 14),
    ("马家集镇", 2, 15),
    ("枫树镇", 1, 13),
    ("桃源镇", 1, 14),
    ("三桥镇", 2, 12),
    ("古塘镇", 1, 13),
    ("石岭乡", 1, 12),
    ("大湾乡", 1, 12),
    ("松林乡", 1, 12),
    ("竹园乡", 1, 12),
    ("高坪乡", 1, 13),
    ("东岭乡", 1, 12),
    ("清水乡", 1, 13),
    ("黄栗乡", 1, 11),
    ("罗汉乡", 1, 12),
    ("望江乡", 1, 11),
];

/// Villages and communities that the demo's story names.
const NAMED: [(&str, &str); 6] = [
    ("云溪镇", "溪尾村"),
    ("云溪镇", "新街社区"),
    ("城关镇", "东门社区"),
    ("城关镇", "西门社区"),
    ("石岭乡", "上坪村"),
    ("大湾乡", "河口村"),
];

/// Villages that every third town has: a village's name says nothing without its town.
const REPEATED: [&str; 4] = ["新庄村", "小河村", "石桥村", "红旗村"];

const FIRST: [&str; 24] = [
    "东", "西", "南", "北", "上", "下", "大", "小", "前", "后", "新", "老", "青", "白", "黄", "高",
    "长", "双", "石", "松", "柳", "竹", "龙", "金",
];
const SECOND: [&str; 16] = [
    "坪", "湾", "沟", "岭", "塘", "冲", "坝", "畈", "洼", "庙", "店", "庄", "山", "井", "树", "屯",
];
const CLANS: [&str; 16] = [
    "张家", "李家", "王家", "刘家", "陈家", "杨家", "赵家", "周家", "吴家", "徐家", "孙家", "胡家",
    "朱家", "何家", "郭家", "马家",
];
const STREETS: [&str; 14] = [
    "中心",
    "南门",
    "北门",
    "河滨",
    "人民路",
    "解放路",
    "建设",
    "和平",
    "向阳",
    "文昌",
    "新华",
    "光明",
    "滨江",
    "老街",
];

/// A county of the demo: the code that everything in it begins with, and its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) code: String,
    pub(crate) name: String,
    /// Makes it another county than its neighbours.
    pub(crate) seed: u64,
}

impl Place {
    pub(crate) fn songhe() -> Self {
        Self { code: "990121".to_owned(), name: "松河县".to_owned(), seed: 0 }
    }

    /// The counties of 青屏市, made as 松河县 is, which they leave out.
    pub(crate) fn of_the_city() -> Vec<Self> {
        const NAMES: [&str; 20] = [
            "江城区",
            "望湖区",
            "临河区",
            "安和县",
            "长山县",
            "清源县",
            "丰乐县",
            "永宁县",
            "石城县",
            "南溪县",
            "东平县",
            "怀远县",
            "广济县",
            "云阳县",
            "宜水县",
            "兴化县",
            "龙门县",
            "平川县",
            "明堂县",
            "凤栖县",
        ];
        let place = |(n, name): (u64, &str)| Self {
            code: format!("9901{n:02}"),
            name: name.to_owned(),
            seed: n.wrapping_mul(0x9E37_79B9_7F4A_7C15),
        };
        (1..).zip(NAMES).map(place).collect()
    }
}

/// The areas of a preset, from the province down, each after the area above it.
pub(crate) fn areas(preset: Preset) -> Vec<DemoArea> {
    let all = county();
    match preset {
        Preset::County => all,
        Preset::Town => {
            let town = all.iter().find(|area| area.name == "云溪镇").map(|area| area.id);
            let in_town = |area: &DemoArea| area.id <= 3 || Some(area.id) == town;
            all.into_iter().filter(|a| in_town(a) || a.parent == town).collect()
        }
    }
}

/// Where an elder lives, by name.
#[derive(Clone, Debug)]
pub(crate) struct Village {
    pub(crate) name: String,
    pub(crate) town: String,
    /// Elders live there in proportion to it.
    pub(crate) weight: usize,
}

/// The villages of the tree, with communities three times as populous as villages.
pub(crate) fn villages(areas: &[DemoArea]) -> Vec<Village> {
    let town_of = |area: &DemoArea| areas.iter().find(|town| Some(town.id) == area.parent);
    areas
        .iter()
        .filter(|area| area.level == AreaLevel::Village)
        .filter_map(|area| town_of(area).map(|town| (area, town)))
        .map(|(area, town)| Village {
            name: area.name.clone(),
            town: town.name.clone(),
            weight: if area.name.ends_with("社区") { 9 } else { 3 },
        })
        .collect()
}

fn county() -> Vec<DemoArea> {
    let mut tree = Tree(Vec::new());
    let province = tree.add("990000", "安澜省", AreaLevel::Province, None);
    let city = tree.add("990100", "青屏市", AreaLevel::Prefecture, Some(province));
    tree.county(&Place::songhe(), city);
    tree.0
}

/// 青屏市 with its other counties, each made as 松河县 is.
pub(crate) fn city() -> Vec<DemoArea> {
    let mut tree = Tree(Vec::new());
    let province = tree.add("990000", "安澜省", AreaLevel::Province, None);
    let city = tree.add("990100", "青屏市", AreaLevel::Prefecture, Some(province));
    for place in Place::of_the_city() {
        tree.county(&place, city);
    }
    tree.0
}

/// What of the city's tree belongs to a county, from the province down.
pub(crate) fn part(all: &[DemoArea], place: &Place) -> Vec<DemoArea> {
    let above = |area: &&DemoArea| area.level < AreaLevel::County;
    all.iter().filter(|it| above(it) || it.code.starts_with(&place.code)).cloned().collect()
}

fn village_names(rng: &mut Rng) -> Vec<String> {
    let mut names: Vec<String> = FIRST
        .iter()
        .flat_map(|first| SECOND.iter().map(move |second| format!("{first}{second}村")))
        .chain(CLANS.iter().flat_map(|c| SECOND[..8].iter().map(move |s| format!("{c}{s}村"))))
        .collect();
    rng.shuffle(&mut names);
    names
}

struct Tree(Vec<DemoArea>);

impl Tree {
    /// A county with its towns, and then their villages.
    fn county(&mut self, place: &Place, city: i64) {
        let code = &place.code;
        let county = self.add(code, &place.name, AreaLevel::County, Some(city));
        let towns: Vec<i64> = (1..)
            .zip(TOWNS)
            .map(|(n, (name, ..))| {
                self.add(&format!("{code}{n:03}"), name, AreaLevel::Township, Some(county))
            })
            .collect();
        let mut rng = Rng::new(0x0A12_EA50 ^ place.seed);
        let mut pool = village_names(&mut rng);
        for (index, (town, communities, villages)) in TOWNS.into_iter().enumerate() {
            let named = |ending: &str| {
                NAMED
                    .into_iter()
                    .filter(|(of, name)| *of == town && name.ends_with(ending))
                    .map(|(_, name)| name.to_owned())
                    .collect::<Vec<_>>()
            };
            let mut streets = STREETS;
            rng.shuffle(&mut streets);
            let mut community_names = named("社区");
            community_names.extend(streets.iter().map(|street| format!("{street}社区")));
            let mut in_town = named("村");
            in_town.push(REPEATED[index % REPEATED.len()].to_owned());
            let free = pool.split_off(pool.len() - villages);
            in_town.extend(free);
            let coded = (1..).zip(community_names.into_iter().take(communities));
            let villages = (201..).zip(in_town.into_iter().take(villages));
            for (n, name) in coded.chain(villages) {
                let own = format!("{code}{:03}{n:03}", index + 1);
                self.add(&own, &name, AreaLevel::Village, Some(towns[index]));
            }
        }
    }

    fn add(&mut self, code: &str, name: &str, level: AreaLevel, parent: Option<i64>) -> i64 {
        let id = i64::try_from(self.0.len()).expect("a few hundred areas") + 1;
        self.0.push(DemoArea {
            id,
            code: code.to_owned(),
            name: name.to_owned(),
            level,
            kind: AreaKind::Division,
            parent,
            valid_from: Day::new(2000, 1, 1).expect("a day"),
        });
        id
    }
}
