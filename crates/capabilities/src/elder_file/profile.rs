//! 身份与情况: what is known of an elder besides money, each with its source; what the files of
//! everybody say by not naming them; and the leads about them.

use access::Actor;
use facts::Fact;
use kernel::{Day, FactValue};
use policy::register::{KINDS, word_chinese};
use webkit::Line;

use super::pages::File;
use super::views::ProfileLine;
use crate::{App, words};

/// Groups of kinds, in the order in which a clerk asks.
const SITUATION: [&str; 14] = [
    "relief_category",
    "low_income",
    "disability_grade",
    "disability_kind",
    "assessment_level",
    "assessment_scheme",
    "assessment_valid_until",
    "living_arrangement",
    "family_planning_special",
    "veteran",
    "marital_status",
    "adapted_on",
    "receives_elsewhere",
    ACCOUNT,
];
const TRACES: [&str; 3] = ["last_seen", "last_visit", "assessed_on"];
const ACCOUNT: &str = "bank_account";
/// Kinds of a lead begin so.
const LEAD: &str = "lead.";

/// 身份与情况, as it stands.
pub(super) fn situation(app: &App, actor: &Actor, file: &File, today: Day) -> Vec<ProfileLine> {
    let mut lines = Vec::new();
    for kind in SITUATION {
        let said = standing(file, kind, today);
        if let Some(fact) = said {
            lines.push(line(app, actor, fact, value(app, fact)));
        } else if let Some(absence) = file.absence(app, kind) {
            let says = absence.sentence(&app.source_name(&absence.supplier));
            lines.push(ProfileLine {
                label: words::label(kind).to_owned(),
                value: absent(&absence.value),
                source: Line::from(says),
            });
        }
    }
    lines
}

/// 生存痕迹: who has seen the elder last; of a sensitive one the month is enough.
pub(super) fn traces(app: &App, actor: &Actor, file: &File) -> Vec<ProfileLine> {
    let said = file.facts.iter().filter(|fact| TRACES.contains(&fact.kind.as_str()));
    said.map(|fact| {
        let when = match fact.value {
            FactValue::Day(day) if words::is_sensitive(&fact.kind) => day.month().chinese(),
            _ => words::value_words(fact, &app.areas()),
        };
        line(app, actor, fact, when)
    })
    .collect()
}

/// 待核线索: claims that somebody has to look into.
pub(super) fn leads(app: &App, actor: &Actor, file: &File, today: Day) -> Vec<ProfileLine> {
    let kinds = KINDS.iter().filter(|kind| kind.id.starts_with(LEAD));
    kinds
        .filter_map(|kind| {
            let fact = standing(file, kind.id, today)?;
            Some(line(app, actor, fact, value(app, fact)))
        })
        .collect()
}

/// The best source's word on a kind that has not ended.
pub(super) fn standing<'a>(file: &'a File, kind: &str, today: Day) -> Option<&'a Fact> {
    let mut said = file.facts.iter().filter(|fact| fact.kind == kind);
    said.find(|fact| fact.valid_to.is_none_or(|to| to > today))
}

fn line(app: &App, actor: &Actor, fact: &Fact, value: String) -> ProfileLine {
    ProfileLine {
        label: words::label(&fact.kind).to_owned(),
        value,
        source: words::or_wrong(words::source(app, fact), actor, fact),
    }
}

/// In the bureau's words: whoever works with the elder needs the category and the level. Of an
/// account only the last signs are shown, of a pension and its like nothing.
fn value(app: &App, fact: &Fact) -> String {
    match (&fact.value, fact.kind.as_str()) {
        (FactValue::Text(token), ACCOUNT) => match app.vault().open_text(ACCOUNT, token) {
            Ok(clear) => format!("尾号 {}", access::last_signs(&clear)),
            Err(_) => words::CLOSED.to_owned(),
        },
        (FactValue::Int(grade), "disability_grade") => match grade {
            0 => "没有残疾证".to_owned(),
            grade => format!("{grade} 级"),
        },
        (FactValue::Text(word), _) => word_chinese(word).to_owned(),
        (FactValue::Fen(fen), _) => format!("{fen} 元/月"),
        (value, _) => value.to_string(),
    }
}

/// What is so for whoever is in no file.
fn absent(value: &FactValue) -> String {
    match value {
        FactValue::Bool(false) | FactValue::Int(0) => "没有".to_owned(),
        FactValue::Text(word) => word_chinese(word).to_owned(),
        other => other.to_string(),
    }
}
