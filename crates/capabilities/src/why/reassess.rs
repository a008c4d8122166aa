//! 若重新评估为……: what every item of the list would give at each level that an assessment may
//! come to. Pure.

use facts::population::EngineTree;
use kernel::{FactType, Fen, Month, Trouble};
use policy::register::kind_of;
use policy::{Facts, Form, Item, Value, Verdict};

/// The kind that an assessment establishes.
pub(super) const LEVEL: &str = "assessment_level";

/// What an item gives at each level.
#[derive(Clone, Debug)]
pub(super) struct Effect<'a> {
    pub(super) item: &'a Item,
    /// As the facts stand.
    pub(super) now: Verdict,
    /// At each level of [`levels`].
    pub(super) then: Vec<Verdict>,
}

impl Effect<'_> {
    /// Whether the level makes a difference.
    pub(super) fn differs(&self) -> bool {
        self.then.iter().any(|verdict| *verdict != self.then[0])
    }
}

/// The levels, from able to completely disabled.
pub(super) fn levels() -> &'static [&'static str] {
    match kind_of(LEVEL).map(|kind| kind.value_type) {
        Some(FactType::Word(words)) => words,
        _ => &[],
    }
}

/// Judges every item at every level, with everything else as it is known.
pub(super) fn effects<'a>(
    items: impl IntoIterator<Item = &'a Item>,
    facts: &Facts,
    month: Month,
    tree: &EngineTree<'_>,
) -> Result<Vec<Effect<'a>>, Trouble> {
    let supposed: Vec<Facts> =
        levels().iter().map(|level| suppose(facts, level)).collect::<Result<_, _>>()?;
    let judged = items.into_iter().filter(|item| item.is_judged());
    Ok(judged
        .map(|item| Effect {
            item,
            now: policy::evaluate(item, facts, month, tree),
            then: supposed.iter().map(|facts| policy::evaluate(item, facts, month, tree)).collect(),
        })
        .collect())
}

/// The facts as if somebody had been assessed at this level all along: the later word counts.
fn suppose(facts: &Facts, level: &'static str) -> Result<Facts, Trouble> {
    let mut supposed = facts.clone();
    supposed.set(LEVEL, Value::Word(level)).map_err(Trouble::fault)?;
    Ok(supposed)
}

/// `每月 200.00 元`, `符合`, `—`.
pub(super) fn words(item: &Item, verdict: &Verdict) -> String {
    match verdict {
        Verdict::Entitled { amount, .. } if *amount != Fen::ZERO => {
            format!("{} {amount} 元", item.per.chinese())
        }
        Verdict::Entitled { .. } if item.form == Form::Cash => "符合，标准由下级定".to_owned(),
        Verdict::Entitled { .. } => "可享受".to_owned(),
        Verdict::NotEntitled(_) | Verdict::NotEncoded(_) => "—".to_owned(),
        Verdict::Unknown(_) => "定不了".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use access::AreaTree;
    use kernel::Fen;

    use super::*;

    fn county() -> policy::List {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policy/songhe/v4");
        policy::List::load(&folder).expect("a good list")
    }

    #[test]
    fn a_lapsed_assessment_is_shown_with_what_each_level_would_give() {
        let list = county();
        let facts = Facts::from_json(&serde_json::json!({
            "birth_date": "1950-03-03", "low_income": true, "disability_grade": 2,
            "relief_category": "minimum_living", "life": "living",
            "assessment_level": {"value": "moderate", "to": "2026-05-01"},
        }))
        .expect("facts");
        let tree = AreaTree::default();
        let month = "2026-06".parse().expect("a month");
        let item = list.item("nursing_subsidy").expect("an item");
        let mut here = facts.clone();
        // Nobody asks here where she lives: the tree of the test is empty.
        here.set("register_state", Value::Word("present")).expect("a fact");
        let all = effects([item], &here, month, &EngineTree(&tree)).expect("judged");
        assert_eq!(levels(), ["able", "mild", "moderate", "severe", "complete"]);
        assert_eq!(all[0].then.len(), 5);
        assert!(matches!(all[0].then[0], Verdict::NotEntitled(_)), "able is not entitled");
        assert_eq!(
            words(item, &Verdict::Entitled { amount: Fen::from_yuan(200), band: 1 }),
            "每月 200.00 元"
        );
    }
}
