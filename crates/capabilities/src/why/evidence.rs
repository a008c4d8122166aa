//! What a page shows of the facts under a conclusion, each with its file and row.

use facts::Fact;
use facts::people::PersonCard;
use facts::population::{ClosedWorld, EngineTree, Subject, engine_facts, subject_of};
use findings::ACCOUNT;
use findings::kinds::{
    ACCOUNT_MISSING, ASSESSMENT_DUE, CONTRADICTED, EXCLUSIVE, NO_TRACE, NOT_DEREGISTERED,
    SHARED_ACCOUNT, TWO_COUNTIES, VISIT_DUE,
};
use kernel::{Day, FactValue, Month, PersonId, Trouble};
use policy::{Explanation, Item};
use webkit::Line;

use super::views::{Condition, Mark};
use crate::freshness::{Freshness, stale_sources};
use crate::{App, words};

/// A person with everything that the page explains.
pub(crate) struct Case {
    pub(crate) card: PersonCard,
    pub(super) facts: Vec<Fact>,
    pub(super) subject: Subject,
    pub(super) closed: ClosedWorld,
    /// Sources that are older than agreed.
    stale: Vec<Freshness>,
}

impl Case {
    /// The person, if they lie in the scope.
    pub(crate) async fn of(app: &App, tx: &mut db::Tx, person: PersonId) -> Result<Self, Trouble> {
        let card = facts::people::card(tx.conn(), person).await?;
        let facts = facts::facts_of(tx.conn(), card.id).await?;
        let subject = subject_of(card.id, card.area, card.life, &facts);
        let closed = app.closed_world(tx.conn()).await?;
        let stale = stale_sources(app, tx.conn(), card.area).await?;
        Ok(Self { card, facts, subject, closed, stale })
    }

    /// The best source's word on this kind that holds on the day.
    pub(crate) fn fact(&self, kind: &str, day: Day) -> Option<&Fact> {
        let holds = |fact: &&Fact| fact.valid_to.is_none_or(|to| to > day);
        self.facts.iter().filter(|fact| fact.kind == kind).find(holds)
    }

    /// That what this source says may be wrong, when its file is older than agreed.
    fn warning(&self, supplier: &str) -> String {
        let stale = self.stale.iter().find(|source| source.supplier == supplier);
        stale.map_or_else(String::new, Freshness::warning)
    }

    /// Where a fact comes from, and whether that is old.
    fn source(&self, app: &App, fact: &Fact) -> Line {
        words::source(app, fact).text(self.warning(&fact.supplier))
    }

    /// The facts as the rules read them.
    pub(super) fn known(&self, app: &App) -> Result<policy::Facts, Trouble> {
        engine_facts(&self.subject, &app.areas(), &self.closed)
    }

    pub(crate) fn explain(
        &self,
        app: &App,
        item: &Item,
        month: Month,
    ) -> Result<Explanation, Trouble> {
        let areas = app.areas();
        let tree = EngineTree(&areas);
        Ok(policy::explain(item, &self.known(app)?, month, &tree, &|code| tree.name(code)))
    }
}

/// Every condition of the item, with the facts under it.
pub(crate) fn conditions(app: &App, case: &Case, explained: &Explanation) -> Vec<Condition> {
    explained
        .conditions
        .iter()
        .map(|line| Condition {
            mark: match line.mark() {
                '✓' => Mark::Yes,
                '✗' => Mark::No,
                _ => Mark::Unknown,
            },
            label: line.asked.clone(),
            value: line.found.clone(),
            evidence: evidence(app, case, &line.facts),
        })
        .collect()
}

/// The facts under a condition, each with its file and row.
fn evidence(app: &App, case: &Case, kinds: &[&'static str]) -> Line {
    let areas = app.areas();
    let mut line = Line::new();
    let mut empty = true;
    for kind in kinds {
        let label = words::label(kind);
        let gap = |empty: bool| if empty { "" } else { "；" };
        for fact in case.facts.iter().filter(|fact| fact.kind == *kind) {
            let value = words::value_words(fact, &areas);
            line = line.text(format!("{}{label} {value} · ", gap(empty)));
            line.parts.extend(case.source(app, fact).parts);
            empty = false;
        }
        if let Some(absence) = case.closed.absence(&case.subject, kind, &areas) {
            let says = absence.sentence(&app.source_name(&absence.supplier));
            let warning = case.warning(&absence.supplier);
            line = line.text(format!("{}{label} · {says}{warning}", gap(empty)));
            empty = false;
        }
    }
    if empty { Line::from("各来源都没有这方面的登记") } else { line }
}

/// The kinds of facts on which a duty rests beside the conditions of its item.
fn rests_on(duty_kind: &str) -> &'static [&'static str] {
    match duty_kind {
        kind if kind == CONTRADICTED.id || kind == NOT_DEREGISTERED.id => {
            &["life", "register_state", "death_date", "last_seen"]
        }
        kind if kind == TWO_COUNTIES.id => {
            &["lead.elsewhere_area", "lead.elsewhere_fen", "receives_elsewhere"]
        }
        kind if kind == EXCLUSIVE.id => {
            &["lead.exclusive_benefit", "lead.exclusive_fen", "award.disability_nursing"]
        }
        kind if kind == ACCOUNT_MISSING.id => &[ACCOUNT],
        kind if kind == SHARED_ACCOUNT.id => &[ACCOUNT, "spouse", "household"],
        kind if kind == NO_TRACE.id => &["last_seen", "last_visit", "assessed_on", "life"],
        kind if kind == ASSESSMENT_DUE.id => {
            &["assessed_on", "assessment_valid_until", "assessment_scheme"]
        }
        kind if kind == VISIT_DUE.id => &["last_visit", "living_arrangement"],
        _ => &[],
    }
}

/// What each source says of what a duty rests on.
pub(super) fn claims(app: &App, case: &Case, duty_kind: &str) -> Vec<Condition> {
    let mut claims = Vec::new();
    for kind in rests_on(duty_kind) {
        let said = || case.facts.iter().filter(|fact| fact.kind == *kind);
        claims.extend(said().map(|fact| Condition {
            mark: Mark::Fact,
            label: words::label(&fact.kind).to_owned(),
            value: value(app, fact),
            evidence: case.source(app, fact),
        }));
        if said().next().is_none() && matches!(*kind, ACCOUNT | "assessed_on" | "last_visit") {
            claims.push(Condition {
                mark: Mark::No,
                label: words::label(kind).to_owned(),
                value: "没有记录".to_owned(),
                evidence: Line::from("各来源都没有"),
            });
        }
    }
    claims
}

/// A fact's value where its duty is worked on: of an account the last signs.
fn value(app: &App, fact: &Fact) -> String {
    match (&fact.value, fact.kind.as_str()) {
        (FactValue::Text(token), ACCOUNT) => match app.vault().open_text(ACCOUNT, token) {
            Ok(clear) => format!("尾号 {}", access::last_signs(&clear)),
            Err(_) => words::CLOSED.to_owned(),
        },
        (FactValue::Person(_), _) => "已登记，见一人一档".to_owned(),
        (FactValue::Text(word), "lead.exclusive_benefit") => {
            policy::register::word_chinese(word).to_owned()
        }
        _ => words::value_words(fact, &app.areas()),
    }
}
