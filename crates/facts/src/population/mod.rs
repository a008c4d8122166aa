//! 对象库: everybody's facts as the rules read them.
//!
//! Read by the engine role in one pass, ordered by person; or one person at a time under a scope.
//! Both go through [`engine_facts`], so that a page and a determination cannot differ.

mod as_of;
mod closed;
mod store;
#[cfg(test)]
mod tests;

pub use as_of::{high_water, subjects_as_of};
pub use closed::{Absence, ClosedWorld, SourceFile, note_source_file, source_files};

use access::{AreaTree, Sealed, Vault};
use kernel::{AreaId, Day, FactType, FactValue, Life, PersonId, ResidentNumber, Trouble};
use policy::register;
use policy::{Dated, Facts, Value};
use sqlx::PgConnection;

use crate::assertions::{Fact, GONE_ROW};

/// Code that stands for a household register outside of the tree.
const ELSEWHERE: &str = "elsewhere";

/// A fact as the rules need it: what is said, by whom, from when to when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// Id of the kind.
    pub kind: &'static str,
    /// Supplier id; empty for a person's statement.
    pub supplier: String,
    /// What is said.
    pub value: FactValue,
    /// True from.
    pub from: Day,
    /// Ends.
    pub to: Option<Day>,
    /// As of when the file spoke, when it was one.
    pub as_of: Option<Day>,
    /// 已不在名册: it ended because the source's last file does not name the person any more.
    pub gone: bool,
}

/// A person with everything that stands about them, best source of each kind first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// Who.
    pub id: PersonId,
    /// Village of the household register.
    pub area: AreaId,
    /// What the claims of death amount to.
    pub life: Life,
    /// What stands.
    pub said: Vec<Said>,
}

impl Subject {
    /// The best source's word on this kind.
    pub fn best(&self, kind: &str) -> Option<&Said> {
        self.said.iter().find(|said| said.kind == kind)
    }

    /// One source's word on this kind.
    pub fn by(&self, kind: &str, supplier: &str) -> Option<&Said> {
        self.said.iter().find(|said| said.kind == kind && said.supplier == supplier)
    }

    /// The day that the best source gives for this kind.
    pub fn day(&self, kind: &str) -> Option<Day> {
        match self.best(kind)?.value {
            FactValue::Day(day) => Some(day),
            _ => None,
        }
    }

    /// The stored word that the best source gives for this kind.
    pub fn word(&self, kind: &str) -> Option<&str> {
        match &self.best(kind)?.value {
            FactValue::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// Everybody of an area, in the order of their ids. The connection is the engine's.
pub async fn subjects(conn: &mut PgConnection, lo: i32, hi: i32) -> Result<Vec<Subject>, Trouble> {
    store::subjects(conn, lo, hi).await
}

/// These people, as far as the reader may see them, in the order of their ids.
pub async fn subjects_of(
    conn: &mut PgConnection,
    people: &[PersonId],
) -> Result<Vec<Subject>, Trouble> {
    store::subjects_of(conn, people).await
}

/// What one source says of people of an area without an end, as far as the reader may see them.
pub async fn standing_of(
    conn: &mut PgConnection,
    supplier: &str,
    lo: i32,
    hi: i32,
) -> Result<Vec<Subject>, Trouble> {
    store::standing_of(conn, supplier, lo, hi).await
}

/// The resident numbers of everybody of an area, in the order of their ids.
pub async fn numbers(
    conn: &mut PgConnection,
    vault: &Vault,
    lo: i32,
    hi: i32,
) -> Result<Vec<(PersonId, ResidentNumber)>, Trouble> {
    let sealed = store::sealed_numbers(conn, lo, hi).await?;
    sealed.into_iter().map(|sealed| open_number(vault, sealed)).collect()
}

/// The resident numbers of these people: opening everybody's takes a hundred times as long.
pub async fn numbers_of(
    conn: &mut PgConnection,
    vault: &Vault,
    people: &[PersonId],
) -> Result<Vec<(PersonId, ResidentNumber)>, Trouble> {
    let sealed = store::sealed_numbers_of(conn, people).await?;
    sealed.into_iter().map(|sealed| open_number(vault, sealed)).collect()
}

fn open_number(
    vault: &Vault,
    (person, bytes, key_version): store::SealedNumber,
) -> Result<(PersonId, ResidentNumber), Trouble> {
    Ok((person, vault.open_number(person, &Sealed { bytes, key_version })?))
}

/// One person as the rules read them, from what the elder page shows.
pub fn subject_of(id: PersonId, area: AreaId, life: Life, facts: &[Fact]) -> Subject {
    let said = facts
        .iter()
        .filter_map(|fact| {
            Some(Said {
                kind: register::kind_of(&fact.kind)?.id,
                supplier: fact.supplier.clone(),
                value: fact.value.clone(),
                from: fact.valid_from,
                to: fact.valid_to,
                as_of: fact.source.as_ref().map(|source| source.as_of),
                gone: fact.valid_to.is_some()
                    && fact.source.as_ref().is_some_and(|source| source.row_no == GONE_ROW),
            })
        })
        .collect();
    Subject { id, area, life, said }
}

/// The facts of a person for the engine: the best source of each kind, the life that the claims
/// of death amount to, and what is so for whoever is in no file (see [`ClosedWorld`]).
///
/// A fact holds since the day that its source names, and always when it names none. Who has moved
/// out has a household register elsewhere from that day; of who is not in the last
/// register nobody knows where. What ended by its own last day is unknown after it; what ended
/// because a full file does not name the person any more is otherwise after it.
pub fn engine_facts(
    subject: &Subject,
    tree: &AreaTree,
    closed: &ClosedWorld,
) -> Result<Facts, Trouble> {
    let mut facts = Facts::new();
    let mut put = |kind: &'static str, value: Value, from, to| {
        facts.add(kind, Dated { value, from, to, known: None }).map_err(Trouble::fault)
    };
    let left = |word: &str| {
        let state = subject.best("register_state")?;
        (state.value == FactValue::Text(word.to_owned())).then_some(state.from)
    };
    let moved_out = left("moved_out");
    let ends = moved_out.or_else(|| left("absent"));
    for said in best_of_each(subject) {
        match said.kind {
            "life" => {}
            "hukou_area" => {
                let FactValue::Area(area) = said.value else { continue };
                let Some(node) = tree.node(area) else { continue };
                put("hukou_area", Value::Area(node.code.as_str().into()), None, ends)?;
                if moved_out.is_some() {
                    put("hukou_area", Value::Area(ELSEWHERE.into()), moved_out, None)?;
                }
            }
            kind => {
                let Some(value) = engine_value(kind, &said.value) else { continue };
                put(kind, value, since(said), said.to)?;
            }
        }
    }
    if moved_out.is_some() && subject.best("hukou_area").is_none() {
        put("hukou_area", Value::Area(ELSEWHERE.into()), moved_out, None)?;
    }
    for absence in closed.silent(subject, tree) {
        let Some(value) = engine_value(absence.kind, &absence.value) else { continue };
        match best_of_each(subject).find(|said| said.kind == absence.kind) {
            None => put(absence.kind, value, None, None)?,
            Some(said) => {
                if let Some(since) = since(said) {
                    put(absence.kind, value.clone(), None, Some(since))?;
                }
                if said.gone {
                    put(absence.kind, value, said.to, None)?;
                }
            }
        }
    }
    put("life", Value::Word(subject.life.code()), None, None)?;
    Ok(facts)
}

/// The word that counts for each kind: the best source's, unless its file does not name the
/// person any more and another source still does.
fn best_of_each(subject: &Subject) -> impl Iterator<Item = &Said> {
    subject
        .said
        .chunk_by(|a, b| a.kind == b.kind)
        .map(|each| each.iter().find(|said| !said.gone).unwrap_or(&each[0]))
}

/// Since when, if the source said so. A file that does not say speaks for its own day only, and
/// the state of a household register is the newest one.
fn since(said: &Said) -> Option<Day> {
    let stated = said.as_of.is_some_and(|as_of| as_of != said.from);
    let dated = stated && said.kind != "register_state";
    (dated || said.kind.starts_with("award.")).then_some(said.from)
}

fn engine_value(kind: &str, value: &FactValue) -> Option<Value> {
    Some(match value {
        FactValue::Day(day) => Value::Day(*day),
        FactValue::Bool(yes) => Value::Bool(*yes),
        FactValue::Int(number) => Value::Int(*number),
        FactValue::Fen(fen) => Value::Fen(*fen),
        FactValue::Area(_) | FactValue::Person(_) => return None,
        FactValue::Text(text) => match register::kind_of(kind)?.value_type {
            FactType::Word(words) => Value::Word(words.iter().find(|word| *word == text)?),
            _ => Value::Text(text.as_str().into()),
        },
    })
}

/// The area tree as the engine asks it: by code, with the household registers elsewhere.
pub struct EngineTree<'a>(pub &'a AreaTree);

impl policy::AreaTree for EngineTree<'_> {
    fn within(&self, area: &str, ancestor: &str) -> Option<bool> {
        if area == ELSEWHERE {
            return Some(false);
        }
        self.0.within(self.0.with_code(area)?.id, self.0.with_code(ancestor)?.id)
    }
}

impl EngineTree<'_> {
    /// The name of an area by its code, as people say it.
    pub fn name(&self, code: &str) -> String {
        match self.0.with_code(code) {
            Some(node) => self.0.spoken(node.id),
            None if code == ELSEWHERE => "已迁出".to_owned(),
            None => code.to_owned(),
        }
    }
}
