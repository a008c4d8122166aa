use kernel::Sex;

use crate::rng::Rng;

/// Family names with their share in ten thousand, rounded; the rest is spread over the rare ones.
const FAMILY: [(&str, usize); 60] = [
    ("王", 715),
    ("李", 708),
    ("张", 674),
    ("刘", 538),
    ("陈", 453),
    ("杨", 308),
    ("赵", 229),
    ("黄", 223),
    ("周", 212),
    ("吴", 205),
    ("徐", 166),
    ("孙", 154),
    ("胡", 131),
    ("朱", 126),
    ("高", 121),
    ("林", 118),
    ("何", 117),
    ("郭", 115),
    ("马", 111),
    ("罗", 86),
    ("梁", 85),
    ("宋", 84),
    ("郑", 78),
    ("谢", 76),
    ("韩", 75),
    ("唐", 71),
    ("冯", 70),
    ("于", 69),
    ("董", 68),
    ("萧", 59),
    ("程", 58),
    ("曹", 58),
    ("袁", 57),
    ("邓", 57),
    ("许", 56),
    ("傅", 55),
    ("沈", 54),
    ("曾", 53),
    ("彭", 52),
    ("吕", 51),
    ("苏", 50),
    ("卢", 49),
    ("蒋", 49),
    ("蔡", 48),
    ("贾", 45),
    ("丁", 44),
    ("魏", 43),
    ("薛", 41),
    ("叶", 41),
    ("阎", 40),
    ("余", 40),
    ("潘", 39),
    ("杜", 38),
    ("戴", 37),
    ("夏", 36),
    ("钟", 36),
    ("汪", 35),
    ("田", 35),
    ("任", 35),
    ("姜", 34),
];

const RARE_FAMILY: [&str; 12] =
    ["欧阳", "上官", "司马", "诸葛", "仇", "单", "查", "佘", "郜", "逄", "鄢", "栾"];

const MEN_BEFORE_1945: [&str; 32] = [
    "德福", "有才", "长发", "金山", "玉成", "福生", "来福", "光明", "德海", "树林", "永福", "兴旺",
    "根生", "大有", "万才", "长贵", "文才", "得胜", "明德", "守业", "宝山", "发财", "耀宗", "继祖",
    "福", "贵", "山", "海", "财", "荣", "茂林", "顺",
];
const MEN_BEFORE_1958: [&str; 34] = [
    "建国", "国强", "建华", "志强", "解放", "援朝", "国庆", "和平", "建设", "保国", "新民", "振华",
    "志明", "建军", "国华", "爱国", "胜利", "光荣", "国栋", "永祥", "德明", "世民", "树根", "土生",
    "明", "军", "强", "华", "平", "林", "立新", "广才", "长江", "水生",
];
const MEN_FROM_1958: [&str; 30] = [
    "卫东", "跃进", "志军", "建平", "红军", "永红", "卫国", "建新", "学军", "向东", "志刚", "爱民",
    "建民", "文军", "小平", "新华", "海涛", "国平", "勇", "伟", "军", "刚", "斌", "辉", "建忠",
    "立军", "春生", "卫民", "宏伟", "永强",
];
const WOMEN_BEFORE_1945: [&str; 32] = [
    "秀英", "桂英", "秀兰", "玉兰", "桂兰", "玉英", "桂珍", "凤英", "玉珍", "秀珍", "素珍", "兰英",
    "翠英", "金花", "银花", "凤兰", "淑珍", "淑英", "大妹", "菊香", "荷花", "腊梅", "桃花", "杏花",
    "氏", "英", "兰", "珍", "招弟", "来弟", "桂花", "月娥",
];
const WOMEN_BEFORE_1958: [&str; 34] = [
    "秀英", "桂英", "秀兰", "玉兰", "桂兰", "秀珍", "玉梅", "淑华", "淑芳", "玉华", "桂芳", "秀华",
    "素芳", "爱华", "爱英", "建英", "凤琴", "春兰", "春花", "美华", "玉凤", "秀云", "月英", "春梅",
    "英", "芳", "华", "兰", "珍", "梅", "国英", "素琴", "彩云", "冬梅",
];
const WOMEN_FROM_1958: [&str; 30] = [
    "红梅", "爱红", "丽华", "丽萍", "晓红", "红英", "建华", "桂芳", "春燕", "玉霞", "秀丽", "志红",
    "卫红", "敏", "丽", "静", "艳", "霞", "芳", "红", "玲", "燕", "萍", "海燕", "小红", "凤霞",
    "玉玲", "美玲", "雪梅", "永红",
];

/// 不同写法的间隔号: how one and the same dot in a name comes out of different programs.
pub(crate) const DOTS: [char; 4] = ['·', '•', '‧', '・'];

const DOTTED_MEN: [&str; 3] = ["艾力·买买提", "阿布都·热合曼", "吐尔逊·阿吉"];
const DOTTED_WOMEN: [&str; 3] = ["陈·阿依古丽", "帕提古丽·艾山", "热依汗·玉素甫"];

/// Names with signs that old programs do not know: 𬱖 and 㛃 lie outside of GBK, and 䶮 was a
/// private-use sign in it.
pub(crate) const RARE: [(&str, Sex); 3] =
    [("刘𬱖", Sex::Male), ("王㛃", Sex::Female), ("李䶮", Sex::Male)];

/// Family names of people who are in no file of ours: nobody in the county bears one.
const OUTSIDE_FAMILY: [&str; 8] = ["亓", "昝", "麴", "璩", "郏", "缑", "厍", "逯"];

/// The name of somebody who is not in the county.
pub(crate) fn outsider(rng: &mut Rng) -> String {
    format!("{}{}", rng.pick(&OUTSIDE_FAMILY), rng.pick(&MEN_BEFORE_1958))
}

pub(crate) fn family(rng: &mut Rng) -> &'static str {
    let mut at = rng.below(7800);
    for (name, share) in FAMILY {
        if at < share {
            return name;
        }
        at -= share;
    }
    RARE_FAMILY[rng.below(RARE_FAMILY.len())]
}

/// A given name as parents gave it in that year; the first of a list are the commonest.
pub(crate) fn given(rng: &mut Rng, sex: Sex, birth_year: i16) -> &'static str {
    let names: &[&'static str] = match (sex, birth_year) {
        (Sex::Male, ..1945) => &MEN_BEFORE_1945,
        (Sex::Male, 1945..1958) => &MEN_BEFORE_1958,
        (Sex::Male, _) => &MEN_FROM_1958,
        (Sex::Female, ..1945) => &WOMEN_BEFORE_1945,
        (Sex::Female, 1945..1958) => &WOMEN_BEFORE_1958,
        (Sex::Female, _) => &WOMEN_FROM_1958,
    };
    names[rng.low(names.len())]
}

const MIDDLE: [&str; 36] = [
    "文", "明", "德", "国", "玉", "金", "永", "世", "正", "光", "家", "万", "大", "长", "春", "秀",
    "志", "建", "天", "仁", "义", "礼", "兴", "传", "广", "学", "开", "成", "庆", "继", "福", "安",
    "启", "贤", "立", "宗",
];
const LAST_MEN: [&str; 24] = [
    "才", "福", "贵", "祥", "林", "山", "海", "清", "华", "明", "发", "胜", "田", "根", "平", "友",
    "良", "安", "生", "富", "堂", "春", "民", "云",
];
const LAST_WOMEN: [&str; 24] = [
    "英", "兰", "珍", "梅", "芳", "华", "芝", "香", "莲", "琴", "凤", "云", "荣", "菊", "娥", "翠",
    "霞", "玲", "秀", "珠", "仙", "容", "枝", "花",
];

/// A whole name: half of the people have one of the common given names of their time, the others
/// a middle sign of the family's generation and a last sign.
pub(crate) fn whole(rng: &mut Rng, sex: Sex, birth_year: i16) -> String {
    let family = family(rng);
    name_in_family(rng, family, sex, birth_year)
}

pub(crate) fn name_in_family(rng: &mut Rng, family: &str, sex: Sex, birth_year: i16) -> String {
    if rng.chance(1, 2) {
        return format!("{family}{}", given(rng, sex, birth_year));
    }
    let last: &[&str] = if sex == Sex::Male { &LAST_MEN } else { &LAST_WOMEN };
    format!("{family}{}{}", rng.pick(&MIDDLE), rng.pick(last))
}

pub(crate) fn dotted(rng: &mut Rng, sex: Sex) -> &'static str {
    let names = if sex == Sex::Male { &DOTTED_MEN } else { &DOTTED_WOMEN };
    names[rng.below(names.len())]
}

/// The name as a hurried clerk wrote it: the last sign is another, mostly one of the same sound.
pub(crate) fn misheard(name: &str) -> String {
    const SOUNDS: [(char, char); 14] = [
        ('英', '瑛'),
        ('兰', '蓝'),
        ('珍', '真'),
        ('华', '花'),
        ('明', '民'),
        ('福', '富'),
        ('林', '霖'),
        ('梅', '美'),
        ('平', '萍'),
        ('生', '胜'),
        ('才', '财'),
        ('云', '芸'),
        ('清', '青'),
        ('香', '湘'),
    ];
    let mut signs: Vec<char> = name.chars().collect();
    let last = signs.len() - 1;
    let other = SOUNDS.iter().find(|(right, _)| *right == signs[last]).map_or('和', |pair| pair.1);
    signs[last] = other;
    signs.into_iter().collect()
}
