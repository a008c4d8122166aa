//! What fits on a screen, in a file and in a head.

use std::collections::{BTreeMap, BTreeSet};

use super::Finding;
use crate::rust_text::RustText;
use crate::tree::{File, Tree};

const FILE_LINES: usize = 500;
const TEST_FILE_LINES: usize = 800;
const FUNCTION_LINES: usize = 60;
const LINE_CHARACTERS: usize = 100;
const CAPABILITY_LINES: usize = 1_000;
/// Text that people write by hand. Data (lists, layouts, rosters) is as long as it is.
const WRITTEN: &[&str] = &["rs", "sql", "html", "css", "ts", "mjs", "sh"];

/// Files of at most 500 lines, 800 with their tests or as tests.
pub(super) fn files(tree: &Tree) -> Vec<Finding> {
    let written = tree.texts().filter(|(file, _)| file.has_extension(WRITTEN));
    written.filter_map(|(file, text)| too_long(file, text)).collect()
}

fn too_long(file: &File, text: &str) -> Option<Finding> {
    let all = text.lines().count();
    let tests = file.rust.as_ref().map_or(0, |rust| rust.is_test.iter().filter(|t| **t).count());
    let working = all - tests.min(all);
    let (lines, limit) = if file.is_test() || working <= FILE_LINES {
        (all, if tests > 0 || file.is_test() { TEST_FILE_LINES } else { FILE_LINES })
    } else {
        (working, FILE_LINES)
    };
    let sentence = format!("{lines} lines, at most {limit}: what in it is a thing of its own?");
    (lines > limit).then(|| Finding::in_file("file-length", &file.path, lines - limit, sentence))
}

/// Functions of at most 60 lines of code.
pub(super) fn functions(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (file, rust) in tree.rust() {
        for function in &rust.functions {
            let lines = rust.filled_lines(function);
            if lines > FUNCTION_LINES {
                let sentence = format!(
                    "fn {} has {lines} lines of code, at most {FUNCTION_LINES}: name its steps",
                    function.name
                );
                let mut finding =
                    Finding::at("function-length", &file.path, function.first, sentence);
                finding.weight = lines - FUNCTION_LINES;
                findings.push(finding);
            }
        }
    }
    findings
}

/// Lines of at most 100 characters.
pub(super) fn lines(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (file, text) in tree.texts() {
        if !file.has_extension(&["rs", "sql", "ts", "mjs", "css", "sh"]) {
            continue;
        }
        for (line, content) in text.lines().enumerate() {
            let length = content.chars().count();
            if length > LINE_CHARACTERS {
                let sentence = format!("{length} characters, at most {LINE_CHARACTERS}");
                findings.push(Finding::at("line-length", &file.path, line, sentence));
            }
        }
    }
    findings
}

/// Capabilities of at most 1,000 lines of Rust without their tests.
pub(super) fn capabilities(tree: &Tree) -> Vec<Finding> {
    let folders = capability_folders(tree);
    let mut lines: BTreeMap<&str, usize> = BTreeMap::new();
    for (file, rust) in tree.rust() {
        if let Some(folder) = capability_of(&folders, &file.path) {
            let working = rust.is_test.iter().filter(|is_test| !**is_test).count();
            *lines.entry(folder).or_default() += working;
        }
    }
    let too_big = lines.into_iter().filter(|(_, lines)| *lines > CAPABILITY_LINES);
    too_big
        .map(|(folder, lines)| {
            let path = format!("crates/capabilities/src/{folder}");
            let sentence = format!(
                "{lines} lines without tests, at most {CAPABILITY_LINES}: \
                 what of it do other capabilities need too?"
            );
            Finding::in_file("capability-length", &path, lines - CAPABILITY_LINES, sentence)
        })
        .collect()
}

/// The folders of the capabilities: each declares itself in its `mod.rs`. A folder that does not
/// is a module that they share.
pub(super) fn capability_folders(tree: &Tree) -> BTreeSet<&str> {
    let declares = |rust: &RustText| rust.code.iter().any(|it| it.contains(DECLARATION));
    let inside = tree.rust().filter(|(_, rust)| declares(rust));
    let inside = inside.filter_map(|(file, _)| in_folder(&file.path));
    inside.filter(|(_, rest)| *rest == "mod.rs").map(|(folder, _)| folder).collect()
}

/// How a capability declares itself.
const DECLARATION: &str = "pub const CAPABILITY: Capability";

/// The folder of the capability to which a file belongs.
pub(super) fn capability_of<'a>(folders: &BTreeSet<&str>, path: &'a str) -> Option<&'a str> {
    in_folder(path).map(|(folder, _)| folder).filter(|folder| folders.contains(folder))
}

fn in_folder(path: &str) -> Option<(&str, &str)> {
    path.strip_prefix("crates/capabilities/src/")?.split_once('/')
}

#[cfg(test)]
mod tests {
    use super::super::tree_of;
    use super::*;

    fn lines_of(count: usize) -> String {
        "let a = 1;\n".repeat(count)
    }

    #[test]
    fn a_file_may_have_500_lines_and_its_tests_300_more() {
        let tests = format!("#[cfg(test)]\nmod tests {{\n{}}}\n", lines_of(297));
        let found = |text: String| files(&tree_of(&[("crates/a/src/b.rs", &text)])).len();
        assert_eq!(found(lines_of(500)), 0);
        assert_eq!(found(lines_of(501)), 1);
        assert_eq!(found(lines_of(500) + &tests), 0);
        assert_eq!(found(lines_of(501) + &tests), 1);
        assert_eq!(found(lines_of(500) + &tests + "\n"), 1);
    }

    #[test]
    fn a_function_may_have_60_lines_of_code() {
        let found = |count| {
            let text = format!("fn a() {{\n// why\n{}}}\n", lines_of(count));
            functions(&tree_of(&[("crates/a/src/b.rs", &text)])).len()
        };
        assert_eq!(found(58), 0);
        assert_eq!(found(59), 1);
    }

    #[test]
    fn a_line_is_counted_in_characters() {
        let found = |text: &str| lines(&tree_of(&[("crates/a/src/b.rs", text)])).len();
        assert_eq!(found(&"老".repeat(100)), 0);
        assert_eq!(found(&"a".repeat(101)), 1);
    }

    #[test]
    fn a_capability_counts_all_its_files_but_the_tests() {
        let half = lines_of(500);
        let declared = format!("{DECLARATION} = a();\n{}", lines_of(499));
        let folder = "crates/capabilities/src/visits";
        let (a, b, t) = (
            format!("{folder}/mod.rs"),
            format!("{folder}/pages.rs"),
            format!("{folder}/tests.rs"),
        );
        let tree = tree_of(&[(&a, &declared), (&b, &half), (&t, &half)]);
        assert_eq!(capabilities(&tree), []);
        let more = lines_of(501);
        let tree = tree_of(&[(&a, &declared), (&b, &more), (&t, &half)]);
        assert_eq!(capabilities(&tree)[0].path, folder);
        let shared = tree_of(&[(&a, &half), (&b, &more)]);
        assert_eq!(capabilities(&shared), [], "it declares no capability");
    }
}
