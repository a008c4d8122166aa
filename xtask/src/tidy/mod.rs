//! What is measured rather than discussed: sizes, walls, hygiene.
//!
//! A rule gives findings; `tidy-exceptions.toml` may allow a stated number of them in one file,
//! with a reason. An exception that allows more than is there is an error: the list only shrinks.

mod exceptions;
mod hygiene;
mod queries;
mod sizes;
mod walls;

use std::path::Path;

use crate::tree::Tree;

/// Something that a rule forbids, where it is and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) rule: &'static str,
    pub(crate) path: String,
    /// From 0; None when the whole file is meant.
    pub(crate) line: Option<usize>,
    /// What counts against an exception: lines too many, or 1.
    pub(crate) weight: usize,
    pub(crate) sentence: String,
}

type Rule = fn(&Tree) -> Vec<Finding>;

/// Every rule; the name stands in its findings.
const RULES: &[Rule] = &[
    sizes::files,
    sizes::functions,
    sizes::lines,
    sizes::capabilities,
    walls::sql_outside_store,
    walls::like_on_people,
    walls::capabilities_that_import_each_other,
    walls::needles,
    hygiene::special_predicates,
    hygiene::third_party_files,
    hygiene::machine_paths,
    hygiene::addresses_in_lock_files,
    hygiene::resident_numbers,
    queries::stale,
];

/// Reads the tree and says what is wrong with it, all of it at once.
pub(crate) fn report(root: &Path) -> Result<(), String> {
    let tree = Tree::read(root)?;
    let findings = RULES.iter().flat_map(|rule| rule(&tree)).collect();
    let lines = exceptions::apply(root, findings)?;
    if lines.is_empty() {
        return Ok(());
    }
    Err(format!("{}\ntidy: {} to put right", lines.join("\n"), lines.len()))
}

impl Finding {
    fn at(rule: &'static str, path: &str, line: usize, sentence: impl Into<String>) -> Self {
        let sentence = sentence.into();
        Self { rule, path: path.to_owned(), line: Some(line), weight: 1, sentence }
    }

    fn in_file(rule: &'static str, path: &str, weight: usize, sentence: String) -> Self {
        Self { rule, path: path.to_owned(), line: None, weight, sentence }
    }

    fn print(&self) -> String {
        let Self { rule, path, sentence, .. } = self;
        match self.line {
            Some(line) => format!("{path}:{}: {rule}: {sentence}", line + 1),
            None => format!("{path}: {rule}: {sentence}"),
        }
    }
}

/// A tree of one Rust file, for the tests of the rules.
#[cfg(test)]
fn tree_of(files: &[(&str, &str)]) -> Tree {
    let file = |(path, text): &(&str, &str)| crate::tree::File::new(path, text.as_bytes().to_vec());
    Tree { files: files.iter().map(file).collect() }
}
