//! What does not belong into a repository of ours.

use std::collections::BTreeSet;

use super::Finding;
use crate::tree::{File, Tree};

const SPECIAL_PREDICATES: usize = 5;

/// More than five named predicates in the lists mean that the grammar is wrong.
pub(super) fn special_predicates(tree: &Tree) -> Vec<Finding> {
    let mut names = BTreeSet::new();
    let lists =
        tree.texts().filter(|(f, _)| f.is_below(&["policy/"]) && f.has_extension(&["toml"]));
    for (_, text) in lists {
        // A list that does not parse is told by `policy check`, with its line.
        if let Ok(table) = text.parse::<toml::Table>() {
            collect_special(&toml::Value::Table(table), &mut names);
        }
    }
    if names.len() <= SPECIAL_PREDICATES {
        return Vec::new();
    }
    let listed = names.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
    let sentence = format!("{} special predicates ({listed}): the grammar is wrong", names.len());
    let weight = names.len() - SPECIAL_PREDICATES;
    vec![Finding::in_file("special", "policy", weight, sentence)]
}

fn collect_special(value: &toml::Value, names: &mut BTreeSet<String>) {
    match value {
        toml::Value::Table(table) => {
            for (key, value) in table {
                if let (true, Some(name)) = (key == "special", value.as_str()) {
                    names.insert(name.to_owned());
                }
                collect_special(value, names);
            }
        }
        toml::Value::Array(values) => values.iter().for_each(|v| collect_special(v, names)),
        _ => {}
    }
}

/// Other people's files come from their registry at build time.
pub(super) fn third_party_files(tree: &Tree) -> Vec<Finding> {
    let endings =
        [".min.js", ".min.css", ".woff", ".woff2", ".ttf", ".otf", ".wasm", ".so", ".jar", ".tgz"];
    let sentence = "not ours: take it from its registry at build time";
    let foreign = tree.files.iter().filter(|file| {
        endings.iter().any(|ending| file.path.ends_with(ending))
            || file.path.split('/').any(|part| part == "vendor" || part == "third_party")
            || says_somebody_elses_copyright(file)
    });
    foreign
        .map(|file| Finding::in_file("third-party", &file.path, 1, sentence.to_owned()))
        .collect()
}

fn says_somebody_elses_copyright(file: &File) -> bool {
    let is_code = file.has_extension(&["rs", "js", "mjs", "ts", "css", "html", "sql", "py"]);
    let head = file.text.iter().flat_map(|text| text.lines().take(20));
    is_code && !file.is_below(&["xtask/"]) && head.into_iter().any(|l| l.contains("Copyright (c)"))
}

/// A path of somebody's machine says where the file was made and works nowhere else.
pub(super) fn machine_paths(tree: &Tree) -> Vec<Finding> {
    let folders = [
        concat!("/ro", "ot/"),
        concat!("/ho", "me/"),
        concat!("/Us", "ers/"),
        concat!("C:\\Us", "ers"),
        concat!("/wo", "rk/main"),
        concat!("/wo", "rk/shared"),
    ];
    let mut findings = Vec::new();
    for (file, text) in tree.texts() {
        for (line, content) in text.lines().enumerate() {
            if folders.iter().any(|folder| content.contains(folder)) {
                let sentence = "a path of one machine: make it relative or take it as an option";
                findings.push(Finding::at("machine-path", &file.path, line, sentence));
            }
        }
    }
    findings
}

/// Lock files name packages and their sums; where they come from is the user's setting.
pub(super) fn addresses_in_lock_files(tree: &Tree) -> Vec<Finding> {
    let locks = tree.texts().filter(|(file, _)| file.name() == "package-lock.json");
    let with_address = locks.filter(|(_, text)| text.contains("\"resolved\": \"http"));
    with_address
        .map(|(file, _)| {
            let sentence = "holds addresses: set omit-lockfile-registry-resolved=true in .npmrc \
                            and make it again";
            Finding::in_file("lock-address", &file.path, 1, sentence.to_owned())
        })
        .collect()
}

/// Invented people have resident numbers that begin with 99: no division has that code, so a
/// number that somebody really has cannot get in by mistake.
pub(super) fn resident_numbers(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (file, text) in tree.texts() {
        let is_data_of_tools =
            file.is_below(&[".sqlx/"]) || file.path.ends_with("package-lock.json");
        if is_data_of_tools || file.name() == "Cargo.lock" || is_example_of_the_standard(file) {
            continue;
        }
        for (line, content) in text.lines().enumerate() {
            if digit_runs(content).any(|run| looks_like_a_number(&run)) {
                let sentence = "looks like a resident number: invented ones begin with 99";
                findings.push(Finding::at("resident-number", &file.path, line, sentence));
            }
        }
    }
    findings
}

fn is_example_of_the_standard(file: &File) -> bool {
    ["crates/kernel/src/resident_number.rs", "xtask/src/tidy/hygiene.rs"].contains(&&*file.path)
}

/// Runs of digits (and a last X) that touch no other letter or digit.
fn digit_runs(line: &str) -> impl Iterator<Item = String> {
    let words = line.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    words.filter(|word| word.len() == 15 || word.len() == 18).map(str::to_owned)
}

fn looks_like_a_number(run: &str) -> bool {
    let (body, last) = run.split_at(run.len() - 1);
    let is_numeric = body.bytes().all(|b| b.is_ascii_digit())
        && (last.as_bytes()[0].is_ascii_digit() || run.len() == 18 && "Xx".contains(last));
    let date = if run.len() == 18 { &run[6..14] } else { &run[6..12] };
    if !is_numeric || run.starts_with("99") || !(b'1'..=b'9').contains(&run.as_bytes()[0]) {
        return false;
    }
    let (year, month_and_day) = date.split_at(date.len() - 4);
    let is_year = year.len() == 2 || ["18", "19", "20"].contains(&&year[..2]);
    let (month, day) = month_and_day.split_at(2);
    is_year && ("01"..="12").contains(&month) && ("01"..="31").contains(&day)
}

#[cfg(test)]
mod tests {
    use super::super::tree_of;
    use super::*;

    #[test]
    fn a_number_that_somebody_may_have_is_found() {
        let found = |text: &str| resident_numbers(&tree_of(&[("a.csv", text)])).len();
        assert_eq!(found("王,11010519491231002X,1"), 1);
        assert_eq!(found("number = 110105491231002;"), 1);
        assert_eq!(found("王,99010519491231002X,1"), 0);
        assert_eq!(found("11010519491331002X"), 0);
        assert_eq!(found("a11010519491231002X"), 0);
        assert_eq!(found("6222020200112233445"), 0);
    }

    #[test]
    fn a_sixth_special_predicate_is_one_too_many() {
        let list = |count: usize| {
            let item = |n: usize| format!("[[who]]\nspecial = \"p{n}\"\n");
            (0..count).map(item).collect::<String>()
        };
        let found =
            |count| special_predicates(&tree_of(&[("policy/a/b.toml", &list(count))])).len();
        assert_eq!(found(5), 0);
        assert_eq!(found(6), 1);
    }

    #[test]
    fn other_peoples_files_and_machines_are_found() {
        let tree = tree_of(&[
            ("web/htmx.min.js", ""),
            ("web/a.ts", "/* Copyright (c) Somebody */"),
            ("docs/b.md", concat!("see /ho", "me/somebody/x")),
            ("e2e/package-lock.json", "\"resolved\": \"https://somewhere\""),
        ]);
        assert_eq!(third_party_files(&tree).len(), 2);
        assert_eq!(machine_paths(&tree).len(), 1);
        assert_eq!(addresses_in_lock_files(&tree).len(), 1);
    }
}
