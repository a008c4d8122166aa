//! A row beside the people whom it may be about, field by field; nothing here reads or writes.

use access::AreaTree;
use facts::desk::Content;
use facts::normalise;
use facts::people::PersonCard;
use kernel::{Day, ResidentNumber, Sex};
use webkit::{Line, Tone};

/// A field of the row, and the same field of each candidate.
pub(super) struct Compared {
    pub(super) label: String,
    pub(super) row: Line,
    pub(super) candidates: Vec<Line>,
}

/// How a field of a candidate is to the row's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Agrees {
    Yes,
    No,
    /// One of the two says nothing.
    Unknown,
}

/// What stands in a candidate's cell.
pub(super) fn cell(text: impl Into<String>, agrees: Agrees) -> Line {
    let line = Line::from(text.into());
    match agrees {
        Agrees::Yes => line.text(" ").chip(Tone::Ok, "一致"),
        Agrees::No => line.text(" ").chip(Tone::Bad, "不一致"),
        Agrees::Unknown => line,
    }
}

fn agrees<T: PartialEq>(row: Option<&T>, other: Option<&T>) -> Agrees {
    match (row, other) {
        (Some(a), Some(b)) if a == b => Agrees::Yes,
        (Some(_), Some(_)) => Agrees::No,
        _ => Agrees::Unknown,
    }
}

fn or_none(text: &str) -> String {
    if text.trim().is_empty() { "（没有写）".to_owned() } else { text.trim().to_owned() }
}

/// A candidate as the page needs them.
pub(super) struct Candidate {
    pub(super) card: PersonCard,
    pub(super) number: Option<ResidentNumber>,
}

/// Who it is: name, number, birth, sex, place.
pub(super) fn who(content: &Content, people: &[Candidate], areas: &AreaTree) -> Vec<Compared> {
    let compared = |label: &str, row: String, of: &dyn Fn(&Candidate) -> Line| Compared {
        label: label.to_owned(),
        row: Line::from(row),
        candidates: people.iter().map(of).collect(),
    };
    let name = content.raw("name");
    let key = normalise::name(name).map(|name| name.value.key);
    let birth = birth_of(content);
    let sex = sex_of(content);
    let place = ["town", "village", "place"].map(|field| content.raw(field).trim()).concat();
    vec![
        compared("姓名", or_none(name), &|it| {
            let theirs = normalise::name(&it.card.name).map(|name| name.value.key);
            cell(&it.card.name, agrees(key.as_ref(), theirs.as_ref()))
        }),
        compared("身份证号", number_as_shown(content.raw("resident_number")), &|it| {
            let (words, agrees) = number(content.raw("resident_number"), it.number.as_ref());
            cell(words, agrees)
        }),
        compared("出生日期", birth.map_or_else(|| or_none(""), |it| it.to_string()), &|it| {
            let theirs = it.card.birth.map_or_else(|| "不知道".to_owned(), |day| day.to_string());
            cell(theirs, agrees(birth.as_ref(), it.card.birth.as_ref()))
        }),
        compared("性别", sex.map_or_else(|| or_none(""), |it| it.chinese().to_owned()), &|it| {
            let theirs = it.card.sex.map_or("不知道", Sex::chinese);
            cell(theirs, agrees(sex.as_ref(), it.card.sex.as_ref()))
        }),
        compared("户籍", or_none(&place), &|it| {
            let theirs = areas.spoken(it.card.area);
            let agrees = match place.as_str() {
                "" => Agrees::Unknown,
                place if place.ends_with(&theirs) => Agrees::Yes,
                _ => Agrees::No,
            };
            cell(theirs, agrees)
        }),
    ]
}

fn birth_of(content: &Content) -> Option<Day> {
    let stated = content.raw("birth_date").parse().ok();
    stated.or_else(|| content.number().map(|number| number.birth()))
}

fn sex_of(content: &Content) -> Option<Sex> {
    match content.raw("sex").trim() {
        "男" | "男性" => Some(Sex::Male),
        "女" | "女性" => Some(Sex::Female),
        _ => content.number().map(|number| number.sex()),
    }
}

/// The row's number without what identifies: only its last two signs.
fn number_as_shown(raw: &str) -> String {
    let raw = raw.trim();
    if raw.is_empty() {
        return "（没有写）".to_owned();
    }
    crate::originals::all_but_two(raw)
}

/// Most differing places that are told one by one.
const FEW: usize = 3;

/// How the row's number differs from a person's, told without showing either: the signs at which
/// they differ, and nothing else.
pub(super) fn number(raw: &str, theirs: Option<&ResidentNumber>) -> (String, Agrees) {
    let Some(theirs) = theirs else { return ("没有登记号码".to_owned(), Agrees::Unknown) };
    let raw = normalise::plain(raw).value.to_ascii_uppercase();
    let ends = || format!("末两位 {}", &theirs.reveal()[16..]);
    if raw.is_empty() {
        return (ends(), Agrees::Unknown);
    }
    let cell = facts::sheet::Cell::Text(raw.clone());
    if normalise::resident_number(&cell).is_ok_and(|number| number.value == *theirs) {
        return (ends(), Agrees::Yes);
    }
    let (a, b): (Vec<char>, Vec<char>) = (raw.chars().collect(), theirs.reveal().chars().collect());
    if a.len() != b.len() {
        return (format!("{}，表中号码不是 18 位，不能逐位比对", ends()), Agrees::No);
    }
    let places: Vec<usize> = (0..b.len()).filter(|at| a[*at] != b[*at]).collect();
    let told: Vec<String> = places
        .iter()
        .take(FEW)
        .map(|at| format!("第 {} 位表中 {}、库中 {}", at + 1, a[*at], b[*at]))
        .collect();
    let words = match places.len() {
        n if n <= FEW => format!("{n} 位不同：{}", told.join("；")),
        n => format!("前 {} 位相同，后面有 {n} 位不同", places[0]),
    };
    (words, Agrees::No)
}

#[cfg(test)]
mod tests {
    use super::*;

    const THEIRS: &str = "990121194510170220";

    fn theirs() -> ResidentNumber {
        let first17: [u8; 17] = THEIRS.as_bytes()[..17].try_into().expect("17 digits");
        let check = char::from(ResidentNumber::check_of(&first17));
        format!("{}{check}", &THEIRS[..17]).parse().expect("a number")
    }

    #[test]
    fn a_wrong_digit_is_told_by_its_place_and_the_rest_is_not_shown() {
        let number_of = theirs();
        let mut wrong: Vec<char> = number_of.reveal().chars().collect();
        wrong[9] = '9';
        let (words, agrees) = number(&wrong.iter().collect::<String>(), Some(&number_of));
        assert_eq!(words, "1 位不同：第 10 位表中 9、库中 5");
        assert_eq!(agrees, Agrees::No);
    }

    #[test]
    fn lost_digits_are_told_as_an_end_that_differs() {
        let number_of = theirs();
        let cut = format!("{}00000", &number_of.reveal()[..13]);
        let (words, _) = number(&cut, Some(&number_of));
        assert_eq!(words, "前 13 位相同，后面有 4 位不同");
        let (words, agrees) = number("9.90121E+17", Some(&number_of));
        assert!(words.contains("不是 18 位"), "{words}");
        assert_eq!(agrees, Agrees::No);
    }

    #[test]
    fn the_same_number_in_lower_case_with_spaces_is_the_same() {
        let number_of = theirs();
        let spaced = format!(" {} ", number_of.reveal().to_lowercase());
        assert_eq!(number(&spaced, Some(&number_of)).1, Agrees::Yes);
        assert_eq!(number("", Some(&number_of)).1, Agrees::Unknown);
    }
}
