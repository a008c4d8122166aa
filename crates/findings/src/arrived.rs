use std::collections::{HashMap, HashSet};

use facts::layout::Layout;
use kernel::PersonId;

/// 已入库的来源: which kinds of facts the files of an area have brought so far. Without a file
/// nobody can tell that somebody has no such fact.
#[derive(Clone, Debug, Default)]
pub struct Arrived {
    /// Kinds that some sender could bring.
    sendable: HashSet<String>,
    /// Kinds of which a file is in, with whose row of it waits on the match desk.
    brought: HashMap<String, HashSet<PersonId>>,
    /// Who sent them.
    suppliers: HashMap<String, String>,
}

impl Arrived {
    /// A sender whose file may or may not be in.
    pub fn sender(&mut self, layout: &Layout, in_use: Option<&HashSet<PersonId>>) {
        for rule in &layout.facts {
            self.sendable.insert(rule.kind.clone());
            if let Some(waiting) = in_use {
                self.brought.entry(rule.kind.clone()).or_default().extend(waiting);
                self.suppliers.entry(rule.kind.clone()).or_insert_with(|| layout.id.clone());
            }
        }
    }

    /// Whether the files can tell that a person has no such fact.
    pub fn tells(&self, kind: &str, person: PersonId) -> bool {
        self.brought.get(kind).is_some_and(|waiting| !waiting.contains(&person))
    }

    /// Whether a missing fact is a question about the person. While the file that brings it is
    /// not in, it is a question about the file.
    pub fn asks(&self, kind: &str) -> bool {
        self.brought.contains_key(kind) || !self.sendable.contains(kind)
    }

    /// Who sends this kind.
    pub fn supplier(&self, kind: &str) -> Option<&str> {
        self.suppliers.get(kind).map(String::as_str)
    }

    /// For tests: these kinds are in, nothing waits.
    #[cfg(test)]
    pub fn of(kinds: &[&str]) -> Self {
        let kinds = || kinds.iter().map(|kind| (*kind).to_owned());
        Self {
            sendable: kinds().collect(),
            brought: kinds().map(|kind| (kind, HashSet::new())).collect(),
            suppliers: HashMap::new(),
        }
    }
}
