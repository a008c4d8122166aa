//! What is known of an elder, in words; nothing here reads or writes.

use facts::people::PersonCard;
use kernel::{Day, Life};
use webkit::Tone;

/// The colour of a fact on the time line.
pub(super) fn tone(kind: &str) -> Tone {
    match kind {
        "death_date" => Tone::Bad,
        "life" | "register_state" => Tone::Wait,
        "last_seen" => Tone::Info,
        kind if kind.starts_with("award.") => Tone::Ok,
        _ => Tone::Plain,
    }
}

/// The kinds on which a state of life rests.
pub(super) fn life_rests_on(life: Life) -> &'static [&'static str] {
    match life {
        Life::Living => &["life", "register_state"],
        Life::Contradicted => &["life", "death_date", "last_seen"],
        Life::Reported | Life::Corroborated | Life::Confirmed => &["life", "death_date"],
    }
}

/// `女，80 岁，1945-10-17 出生`, as far as known.
pub(super) fn about(card: &PersonCard, today: Day) -> String {
    let sex = card.sex.map(|sex| sex.chinese().to_owned());
    let age = card.birth.map(|birth| format!("{} 岁", today.full_years_since(birth)));
    let born = card.birth.map(|birth| format!("{birth} 出生"));
    [sex, age, born].into_iter().flatten().collect::<Vec<_>>().join("，")
}
