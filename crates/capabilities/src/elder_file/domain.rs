//! What is known of an elder, in words; nothing here reads or writes.

use access::AreaTree;
use facts::Fact;
use facts::people::PersonCard;
use facts::population::{EngineTree, engine_facts, subject_of};
use kernel::{Day, FactValue, Fen, Life, Month, Trouble};
use policy::{Explanation, Item, List, Verdict};
use webkit::{Chip, Tone};

use crate::app::award_kind;

/// 待遇: how one item of the list stands for an elder.
pub(super) struct Standing<'a> {
    pub(super) item: &'a Item,
    pub(super) explanation: Explanation,
    /// What is or was paid for it.
    award: Option<&'a Fact>,
    /// What is owed for past months.
    pub(super) arrears: Vec<(Month, Fen)>,
}

/// Every item of the list, judged for the month of the day by the same code as a determination.
pub(super) fn standings<'a>(
    list: Option<&'a List>,
    card: &PersonCard,
    facts: &'a [Fact],
    today: Day,
    areas: &AreaTree,
) -> Result<Vec<Standing<'a>>, Trouble> {
    let known = engine_facts(&subject_of(card.id, card.area, card.life, facts), areas)?;
    let tree = EngineTree(areas);
    let names = |code: &str| tree.name(code);
    let items = list.map(|list| list.items.as_slice()).unwrap_or_default();
    let standing = |item: &'a Item| {
        let award = award_kind(item).and_then(|kind| facts.iter().find(|fact| fact.kind == kind));
        let paid = |month: Month| award.map_or(Fen::ZERO, |award| paid_in(award, month));
        let month = today.month();
        let span = policy::span(item, &known, item.encoded_from(), month, &tree, &paid);
        Standing {
            item,
            award,
            explanation: policy::explain(item, &known, month, &tree, &names),
            arrears: span.arrears,
        }
    };
    Ok(items.iter().map(standing).collect())
}

fn paid_in(award: &Fact, month: Month) -> Fen {
    let from = award.valid_from.month() <= month;
    match award.value {
        FactValue::Fen(fen) if from && award.valid_to.is_none_or(|to| month < to.month()) => fen,
        _ => Fen::ZERO,
    }
}

impl<'a> Standing<'a> {
    /// The award, when it is paid today.
    pub(super) fn gets(&self, today: Day) -> Option<&'a Fact> {
        self.award.filter(|it| it.valid_from <= today && it.valid_to.is_none_or(|to| today < to))
    }

    /// The award and the day from which it is not paid any more.
    pub(super) fn stopped(&self, today: Day) -> Option<(&'a Fact, Day)> {
        let award = self.award?;
        award.valid_to.filter(|to| *to <= today).map(|to| (award, to))
    }

    /// Whether it is not paid and is due, or may be.
    pub(super) fn could_get(&self, today: Day) -> bool {
        let verdict = &self.explanation.verdict;
        self.gets(today).is_none()
            && matches!(verdict, Verdict::Entitled { .. } | Verdict::Unknown(_))
    }

    /// What is due a month, when it is certain.
    pub(super) fn due(&self) -> Option<Fen> {
        match self.explanation.verdict {
            Verdict::Entitled { amount, .. } => Some(amount),
            _ => None,
        }
    }

    /// Facts without which it cannot be judged.
    pub(super) fn needs(&self) -> &[&'static str] {
        match &self.explanation.verdict {
            Verdict::Unknown(needs) => needs,
            _ => &[],
        }
    }

    /// What is owed for past months, in all.
    pub(super) fn arrears_fen(&self) -> Fen {
        self.arrears.iter().map(|(_, fen)| *fen).sum()
    }
}

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

/// 在世 and its like, in its colour.
pub(super) fn life_chip(life: Life) -> Chip {
    let tone = match life {
        Life::Living => Tone::Ok,
        Life::Reported | Life::Contradicted => Tone::Wait,
        Life::Corroborated | Life::Confirmed => Tone::Bad,
    };
    Chip::new(tone, life.chinese())
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
