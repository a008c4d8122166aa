/// 区划隶属: answers whether one area lies within another. The caller gives the tree: the
/// database's dated nodes, or [`CodePrefix`] where there is no database.
pub trait AreaTree {
    /// Whether `area` is `ancestor` or lies within it; none when that cannot be told.
    fn within(&self, area: &str, ancestor: &str) -> Option<bool>;
}

/// The tree that the division codes themselves spell out (GB/T 2260 and the statistical codes
/// below it: 2, 4, 6, 9 and 12 digits; only noughts is the nation). It knows neither managing
/// units nor old codes.
#[derive(Clone, Copy, Debug, Default)]
pub struct CodePrefix;

impl AreaTree for CodePrefix {
    fn within(&self, area: &str, ancestor: &str) -> Option<bool> {
        let (area, ancestor) = (prefix(area)?, prefix(ancestor)?);
        if area.starts_with(ancestor) {
            Some(true)
        } else if ancestor.starts_with(area) {
            // Known only as coarsely as “the province”: it may be either.
            None
        } else {
            Some(false)
        }
    }
}

/// Whether a text looks like a division code.
pub(crate) fn is_code(code: &str) -> bool {
    matches!(code.len(), 2 | 4 | 6 | 9 | 12) && code.bytes().all(|b| b.is_ascii_digit())
}

fn prefix(code: &str) -> Option<&str> {
    if !is_code(code) {
        return None;
    }
    if code.bytes().all(|digit| digit == b'0') {
        return Some("");
    }
    let mut code = code;
    for (length, rest) in [(12, "000"), (9, "000"), (6, "00"), (4, "00")] {
        if code.len() == length {
            match code.strip_suffix(rest) {
                Some(shorter) => code = shorter,
                None => break,
            }
        }
    }
    Some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_village_lies_in_its_town_county_city_and_province_and_in_no_other() {
        let within = |a, b| CodePrefix.within(a, b);
        for ancestor in ["990121003012", "990121003000", "990121003", "990121", "990100", "990000"]
        {
            assert_eq!(within("990121003012", ancestor), Some(true), "{ancestor}");
        }
        assert_eq!(within("990121003012", "990122"), Some(false));
        assert_eq!(within("411329101", "411300"), Some(true));
        assert_eq!(within("411329101", "000000"), Some(true), "the nation");
    }

    #[test]
    fn a_coarser_area_or_no_code_at_all_cannot_be_told() {
        assert_eq!(CodePrefix.within("990100", "990121"), None);
        assert_eq!(CodePrefix.within("溪尾村", "990121"), None);
        assert_eq!(CodePrefix.within("99012", "990121"), None);
    }
}
