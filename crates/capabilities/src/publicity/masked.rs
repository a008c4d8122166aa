//! What may stand on a sheet for everybody: types that have no room for a number, an account or a
//! diagnosis. A name gets in only masked, a place only from the area tree, an item only from a
//! list, a sum only as money.

use std::fmt;

use access::AreaNode;
use kernel::Fen;
use policy::Item;

/// 遮蔽后的姓名: `张*英`, `张*`, `欧阳**`. There is no way back to the name.
#[doc(alias = "脱敏")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MaskedName(String);

const STAR: char = '*';

/// 复姓: surnames of two signs. Of who bears one only the surname is shown.
const COMPOUND: [&str; 32] = [
    "欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "宇文", "长孙",
    "司徒", "司空", "夏侯", "轩辕", "端木", "独孤", "南宫", "西门", "东郭", "百里", "呼延", "闻人",
    "淳于", "单于", "太史", "申屠", "公冶", "钟离", "濮阳", "拓跋",
];

impl MaskedName {
    /// Masks a name. At most two of its signs are left, and at least one is not; what is no
    /// letter (a digit, a blank) is never left.
    ///
    /// Of two signs the first stays, of three and more the first and the last; of a compound
    /// surname the surname alone; of a name with a dot (`阿依·古丽`) the first sign, and the dots.
    pub(crate) fn of(name: &str) -> Self {
        let signs: Vec<char> = name.trim().chars().collect();
        let compound = signs.len() > 2 && COMPOUND.iter().any(|it| name.trim().starts_with(it));
        let dotted = signs.iter().any(|sign| is_dot(*sign));
        let last = signs.len().saturating_sub(1);
        let stays = |at: usize| match at {
            _ if signs.len() < 2 => false,
            0 => true,
            1 => compound,
            _ => at == last && !compound && !dotted,
        };
        let masked = signs.iter().enumerate().map(|(at, sign)| match sign {
            dot if is_dot(*dot) => '·',
            sign if stays(at) && sign.is_alphabetic() && !sign.is_numeric() => *sign,
            _ => STAR,
        });
        let masked: String = masked.collect();
        Self(if masked.contains(STAR) { masked } else { STAR.to_string().repeat(last + 1) })
    }

    /// What was stored as masked; masked again if it does not look so.
    pub(super) fn stored(text: &str) -> Self {
        let looks = text.contains(STAR) && !text.chars().any(char::is_numeric);
        if looks { Self(text.to_owned()) } else { Self::of(text) }
    }
}

fn is_dot(sign: char) -> bool {
    matches!(sign, '·' | '•' | '・' | '．')
}

impl fmt::Display for MaskedName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// 项目名称: as a published list calls it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ItemName(String);

impl ItemName {
    /// Of an item of a list.
    pub(crate) fn of(item: &Item) -> Self {
        Self(item.name.clone())
    }

    pub(super) fn stored(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Display for ItemName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// 村（社区）名称: as the area tree has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct VillageName(String);

impl VillageName {
    /// Of a node of the area tree.
    pub(crate) fn of(node: &AreaNode) -> Self {
        Self(node.name.clone())
    }

    pub(super) fn stored(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Display for VillageName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// 公示行: all that is told about one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MaskedLine {
    /// 姓名
    pub(crate) name: MaskedName,
    /// 村（社区）
    pub(crate) village: VillageName,
    /// 项目
    pub(crate) item: ItemName,
    /// 每月金额
    pub(crate) monthly_fen: Fen,
    /// 补发 of so many months in all, when months are owed.
    pub(crate) arrears: Option<(u16, Fen)>,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn masked(name: &str) -> String {
        MaskedName::of(name).to_string()
    }

    #[test]
    fn a_name_is_masked_as_offices_do() {
        for (name, shown) in [
            ("张英", "张*"),
            ("张桂英", "张*英"),
            ("欧阳建国", "欧阳**"),
            ("欧阳娜", "欧阳*"),
            ("陈李秀英", "陈**英"),
            ("阿依·古丽", "阿*·**"),
            ("张", "*"),
            ("", "*"),
            (" 周桂兰 ", "周*兰"),
        ] {
            assert_eq!(masked(name), shown, "{name}");
        }
    }

    #[test]
    fn a_number_in_the_place_of_a_name_leaves_nothing_but_stars() {
        assert_eq!(masked("990121194510170021"), "*".repeat(18));
        assert_eq!(masked("张３"), "张*");
        assert_eq!(MaskedName::stored("990121194510170021").to_string(), "*".repeat(18));
        assert_eq!(MaskedName::stored("张*3").to_string(), "张**");
    }

    proptest! {
        #[test]
        fn whatever_the_name_a_star_stands_and_no_digit_does(name in "\\PC{0,24}") {
            let shown = masked(&name);
            prop_assert!(shown.contains('*'));
            prop_assert!(!shown.chars().any(char::is_numeric));
            let left = shown.chars().filter(|sign| *sign != '*' && *sign != '·').count();
            prop_assert!(left <= 2, "{}", shown);
            prop_assert_eq!(MaskedName::stored(&shown).to_string(), shown);
        }

        #[test]
        fn a_masked_name_is_as_long_as_the_name(name in "[张王李欧阳秀英·]{1,8}") {
            prop_assert_eq!(masked(&name).chars().count(), name.chars().count());
        }
    }
}
