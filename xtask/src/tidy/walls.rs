//! What may be said only in one place.

use super::Finding;
use super::sizes::{capability_folders, capability_of};
use crate::tree::{File, Tree};

/// SQL and its macros stand in `store.rs` files, in migrations and in crates/db.
pub(super) fn sql_outside_store(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (file, rust) in tree.rust() {
        if may_hold_sql(file) {
            continue;
        }
        let mut find = |line, what: &str| {
            let sentence = format!("{what}: SQL stands in store.rs files only; move it there");
            findings.push(Finding::at("sql-place", &file.path, line, sentence));
        };
        for (line, code) in rust.working_code() {
            if code.contains("sqlx::query") {
                find(line, "a query");
            }
        }
        for literal in rust.working_strings() {
            if is_sql(&literal.value) {
                find(literal.line, "a statement");
            }
        }
    }
    findings
}

fn may_hold_sql(file: &File) -> bool {
    file.is_below(&["crates/db/", "xtask/"])
        || file.name() == "store.rs"
        || file.path.contains("/store/")
}

fn is_sql(text: &str) -> bool {
    let begins = ["SELECT ", "UPDATE ", "WITH ", "COPY ", "CREATE TABLE "];
    let holds = ["INSERT INTO ", "DELETE FROM ", "(SELECT "];
    let text = text.trim_start();
    // An English sentence may begin with "With"; a statement shouts.
    begins.iter().any(|word| text.starts_with(word)) || holds.iter().any(|word| text.contains(word))
}

/// LIKE is not leak-proof: under row-level security it reads rows that the scope hides, and it
/// cannot use the index. People are searched by ranges and by keyed hash.
pub(super) fn like_on_people(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let sentence = "LIKE is not leak-proof: search by a range on a COLLATE \"C\" column";
    let mut find = |path: &str, line| findings.push(Finding::at("like", path, line, sentence));
    for (file, rust) in tree.rust().filter(|(file, _)| !file.is_below(&["xtask/"])) {
        for literal in rust.working_strings().filter(|literal| matches_by_pattern(&literal.value)) {
            find(&file.path, literal.line);
        }
    }
    for (file, text) in tree.texts().filter(|(file, _)| file.has_extension(&["sql"])) {
        for (line, content) in text.lines().enumerate() {
            let statement = content.split("--").next().unwrap_or_default();
            if matches_by_pattern(statement) {
                find(&file.path, line);
            }
        }
    }
    findings
}

fn matches_by_pattern(sql: &str) -> bool {
    [" LIKE ", " ILIKE ", " SIMILAR TO ", " ~~ ", " ~~* "].iter().any(|word| sql.contains(word))
}

/// Capabilities meet through facts, duties, accounts and verdicts.
pub(super) fn capabilities_that_import_each_other(tree: &Tree) -> Vec<Finding> {
    let folders = capability_folders(tree);
    let mut findings = Vec::new();
    for (file, rust) in tree.rust() {
        let Some(own) = capability_of(&folders, &file.path) else { continue };
        for (line, code) in rust.code.iter().enumerate() {
            for other in folders.iter().filter(|other| **other != own) {
                if names_module(code, other) {
                    let sentence = format!(
                        "{own} reaches into {other}: capabilities meet through facts, duties, \
                         accounts and verdicts"
                    );
                    findings.push(Finding::at("capability-import", &file.path, line, sentence));
                }
            }
        }
    }
    findings
}

fn names_module(code: &str, module: &str) -> bool {
    ["crate::", "super::super::"].iter().any(|before| {
        code.match_indices(before).any(|(at, _)| {
            let rest = code[at + before.len()..].strip_prefix(module);
            rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
        })
    })
}

/// Words that code may say only below certain folders, and the remedy.
struct Needle {
    rule: &'static str,
    words: &'static [&'static str],
    allowed_below: &'static [&'static str],
    sentence: &'static str,
}

const NEEDLES: &[Needle] = &[
    Needle {
        rule: "allow",
        words: &["#[allow(", "#![allow("],
        allowed_below: &[],
        sentence: "use #[expect(…, reason = \"…\")]: it says when it is no longer needed",
    },
    Needle {
        rule: "unwrap",
        words: &[".unwrap()", ".unwrap_err()"],
        allowed_below: &[],
        sentence: "use ?, or expect(\"why it cannot happen\")",
    },
    Needle {
        rule: "clock",
        words: &["SystemTime::now", "Instant::now", "Zoned::now", "Timestamp::now", "Utc::now"],
        allowed_below: &["crates/songhe/", "xtask/"],
        sentence: "nothing asks for the time: take a kernel::Now from whoever calls",
    },
    Needle {
        rule: "random",
        words: &["thread_rng", "rand::", "getrandom::", "Uuid::new_v4", "Uuid::now_v7"],
        // Keys, nonces and session tokens have to be unguessable; nothing else has.
        allowed_below: &["crates/access/", "crates/songhe/"],
        sentence: "no randomness but a seeded one; unguessable things come from crates/access",
    },
    Needle {
        rule: "scope",
        words: &["Scope::of_grant("],
        allowed_below: &["crates/access/", "crates/db/"],
        sentence: "only crates/access turns a grant into a scope; ask it for one",
    },
    Needle {
        rule: "connection",
        words: &["PgConnection::connect", "PgPool::connect", "PgPoolOptions", "PgConnectOptions"],
        allowed_below: &["crates/db/"],
        sentence: "only crates/db opens connections; take a transaction from it",
    },
    Needle {
        rule: "exit",
        words: &["process::exit", "process::abort"],
        allowed_below: &[],
        sentence: "return an ExitCode from main, so that everything is dropped and flushed",
    },
];

/// Each needle outside tests and outside its folders.
pub(super) fn needles(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (file, rust) in tree.rust() {
        let banned: Vec<&Needle> =
            NEEDLES.iter().filter(|needle| !file.is_below(needle.allowed_below)).collect();
        for (line, code) in rust.working_code() {
            for needle in &banned {
                if needle.words.iter().any(|word| says(code, word)) {
                    let finding = Finding::at(needle.rule, &file.path, line, needle.sentence);
                    findings.push(finding);
                }
            }
        }
    }
    findings
}

/// Whether the code says the word, not a longer one that ends with it.
fn says(code: &str, word: &str) -> bool {
    let is_word = word.starts_with(|c: char| c.is_alphanumeric());
    code.match_indices(word)
        .any(|(at, _)| !is_word || !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_'))
}

#[cfg(test)]
mod tests {
    use super::super::tree_of;
    use super::*;

    fn rules(path: &str, text: &str) -> Vec<&'static str> {
        let tree = tree_of(&[
            (path, text),
            ("crates/capabilities/src/meals/mod.rs", "pub const CAPABILITY: Capability = a();"),
            ("crates/capabilities/src/visits/mod.rs", "pub const CAPABILITY: Capability = b();"),
            ("crates/capabilities/src/wire/mod.rs", ""),
            ("crates/capabilities/src/testing/people.rs", ""),
        ]);
        let rules =
            [sql_outside_store, like_on_people, capabilities_that_import_each_other, needles];
        rules.iter().flat_map(|rule| rule(&tree)).map(|finding| finding.rule).collect()
    }

    #[test]
    fn sql_stands_in_store_files_only() {
        let query = "f(r#\"\n  SELECT a\"#)";
        assert_eq!(rules("crates/facts/src/view.rs", query), ["sql-place"]);
        assert_eq!(rules("crates/facts/src/store.rs", query), [""; 0]);
        assert_eq!(rules("crates/facts/src/view.rs", "f(\"Select a file\")"), [""; 0]);
        assert_eq!(rules("crates/facts/src/view.rs", "sqlx::query_as!(A)"), ["sql-place"]);
        let test = "#[cfg(test)]\nmod tests { const Q: &str = \"SELECT 1\"; }";
        assert_eq!(rules("crates/facts/src/view.rs", test), [""; 0]);
    }

    #[test]
    fn nobody_searches_people_by_pattern() {
        let query = "f(\"SELECT a FROM person WHERE name LIKE $1\")";
        assert_eq!(rules("crates/facts/src/store.rs", query), ["like"]);
        assert_eq!(rules("migrations/1.sql", "-- no a LIKE b\nx ILIKE y"), ["like"]);
    }

    #[test]
    fn a_capability_does_not_reach_into_another() {
        let own = "crates/capabilities/src/meals/pages.rs";
        assert_eq!(rules(own, "use crate::visits::Tier;"), ["capability-import"]);
        assert_eq!(rules(own, "use super::super::visits;"), ["capability-import"]);
        assert_eq!(rules(own, "use crate::meals::Tier;"), [""; 0]);
        assert_eq!(rules(own, "use crate::visits_summary;"), [""; 0]);
        assert_eq!(rules(own, "use crate::testing::County;"), [""; 0], "it is no capability");
        assert_eq!(rules(own, "use crate::wire::Client;"), [""; 0], "it declares none");
        assert_eq!(rules("crates/capabilities/src/lib.rs", "use crate::visits::X;"), [""; 0]);
    }

    #[test]
    fn only_the_binary_asks_for_the_time() {
        let text = "let a = std::time::Instant::now();";
        assert_eq!(rules("crates/facts/src/a.rs", text), ["clock"]);
        assert_eq!(rules("crates/songhe/src/a.rs", text), [""; 0]);
    }

    #[test]
    fn a_word_is_not_found_in_a_longer_one() {
        assert_eq!(rules("crates/facts/src/a.rs", "operand::x()"), [""; 0]);
        assert_eq!(rules("crates/facts/src/a.rs", "rand::random()"), ["random"]);
    }

    #[test]
    fn unwrap_and_allow_are_for_nobody() {
        let text = "#[allow(dead_code)]\nfn a() { b().unwrap() }";
        assert_eq!(rules("crates/facts/src/a.rs", text), ["allow", "unwrap"]);
        assert_eq!(rules("crates/facts/src/tests.rs", text), [""; 0]);
    }
}
