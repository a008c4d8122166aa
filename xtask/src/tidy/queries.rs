//! The committed query data against the queries in the code, as far as it can be told without
//! a database: a missing file already stops the build, so what is left is a file for nothing.

use std::collections::HashSet;

use super::Finding;
use crate::tree::Tree;

/// Files in `.sqlx` whose query no longer stands in the code.
pub(super) fn stale(tree: &Tree) -> Vec<Finding> {
    let literals = tree.rust().flat_map(|(_, rust)| &rust.strings);
    let mut queries: HashSet<&str> = literals.map(|literal| literal.value.as_str()).collect();
    // query_file! takes its text from a file.
    queries.extend(tree.texts().filter(|(f, _)| f.has_extension(&["sql"])).map(|(_, text)| text));
    let data = tree.texts().filter(|(file, _)| file.path.starts_with(".sqlx/"));
    data.filter(|(_, text)| !query_of(text).is_some_and(|query| queries.contains(query.as_str())))
        .map(|(file, _)| {
            let sentence = "no query in the code has this text: run `cargo xtask gen sqlx`";
            Finding::in_file("stale-query", &file.path, 1, sentence.to_owned())
        })
        .collect()
}

fn query_of(data: &str) -> Option<String> {
    let data: serde_json::Value = serde_json::from_str(data).ok()?;
    data.get("query")?.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::super::tree_of;
    use super::*;

    #[test]
    fn query_data_without_its_query_is_stale() {
        let data = r#"{"query": "SELECT a\n  FROM b"}"#;
        let code = "f(\"SELECT a\n  FROM b\")";
        let found = |code| stale(&tree_of(&[(".sqlx/q.json", data), ("crates/a/store.rs", code)]));
        assert_eq!(found(code), []);
        assert_eq!(found("f(\"SELECT a FROM b\")").len(), 1);
    }
}
