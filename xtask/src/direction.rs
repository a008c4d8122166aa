//! Who may know whom. Any other arrow between crates fails with a sentence.
//!
//! `kernel ← policy` · `kernel ← db ← access ← {facts, cases, duties, ledger, indicators}` ·
//! `policy ← facts` · `{facts, duties} ← findings` ·
//! `facts ← outgoing` · `access ← signed_http` · `webkit ← kernel, access` ·
//! `capabilities ← everything above` ·
//! `demo ← kernel`, and for its tests access and facts, which read its files as the intake does ·
//! `songhe ← all` · `benches ← what it measures` · xtask knows nobody.

use std::path::Path;

use cargo_metadata::MetadataCommand;

use crate::tree::Tree;

/// Each crate with those that it may know. A test dependency counts like any other.
const ARROWS: &[(&str, &[&str])] = &[
    ("kernel", &[]),
    ("policy", &["kernel"]),
    ("db", &["kernel"]),
    ("access", &["kernel", "db"]),
    ("facts", &["kernel", "policy", "db", "access"]),
    ("cases", &["kernel", "db", "access"]),
    ("duties", &["kernel", "db", "access"]),
    ("ledger", &["kernel", "db", "access"]),
    ("indicators", &["kernel", "db", "access"]),
    ("payroll", &["kernel", "policy", "db", "access", "facts", "ledger"]),
    ("findings", &["kernel", "policy", "access", "facts", "duties"]),
    ("outgoing", &["kernel", "policy", "db", "access", "facts"]),
    ("signed_http", &["kernel", "policy", "db", "access"]),
    ("webkit", &["kernel", "access"]),
    (
        "capabilities",
        &[
            "kernel",
            "policy",
            "db",
            "access",
            "facts",
            "cases",
            "duties",
            "ledger",
            "indicators",
            "payroll",
            "findings",
            "outgoing",
            "signed_http",
            "webkit",
        ],
    ),
    ("demo", &["kernel", "access", "facts"]),
    (
        "songhe",
        &[
            "kernel",
            "policy",
            "db",
            "access",
            "facts",
            "cases",
            "duties",
            "ledger",
            "indicators",
            "payroll",
            "findings",
            "outgoing",
            "signed_http",
            "webkit",
            "capabilities",
            "demo",
        ],
    ),
    ("benches", &["kernel", "policy", "db", "access", "facts", "ledger", "payroll"]),
    ("faults", &["kernel", "db", "access", "ledger"]),
    ("xtask", &[]),
];

/// What the pure crates may not name. Policy reads list files, so it may name `std::fs`.
const PURE: &[(&str, &[&str])] = &[
    ("kernel", &["std::fs", "std::io", "std::net", "std::process", "std::env", "std::time"]),
    ("policy", &["std::net", "std::process", "std::env", "std::time"]),
];

/// One crate and what it says it needs from the workspace.
struct Crate {
    name: String,
    needs: Vec<String>,
}

/// Reads the manifests and the `use` lines and says which arrows point the wrong way.
pub(crate) fn report(root: &Path) -> Result<(), String> {
    let crates = workspace(root)?;
    let mut sentences = wrong_manifests(&crates);
    sentences.extend(wrong_uses(&Tree::read(root)?));
    if sentences.is_empty() { Ok(()) } else { Err(sentences.join("\n")) }
}

fn workspace(root: &Path) -> Result<Vec<Crate>, String> {
    let metadata = MetadataCommand::new()
        .manifest_path(root.join("Cargo.toml"))
        .no_deps()
        .exec()
        .map_err(|error| format!("cargo metadata: {error}"))?;
    let in_workspace = |package: &cargo_metadata::Package| {
        let needs = package.dependencies.iter().filter(|dependency| dependency.path.is_some());
        let needs = needs.map(|dependency| dependency.name.clone()).collect();
        Crate { name: package.name.to_string(), needs }
    };
    Ok(metadata.packages.iter().map(in_workspace).collect())
}

fn wrong_manifests(crates: &[Crate]) -> Vec<String> {
    let mut sentences = Vec::new();
    for Crate { name, needs } in crates {
        let Some(allowed) = allowed(name) else {
            sentences.push(format!(
                "direction: crate {name} has no place yet: give it one in xtask/src/direction.rs \
                 and say why in an ADR"
            ));
            continue;
        };
        // A crate may need itself: its tests switch on its testing feature that way.
        let others = needs.iter().filter(|need| *need != name);
        for need in others.filter(|need| !allowed.contains(&need.as_str())) {
            sentences.push(format!("direction: {}", wrong(name, need, allowed)));
        }
    }
    sentences
}

/// `use` lines, which also see what a manifest lets through under another name.
fn wrong_uses(tree: &Tree) -> Vec<String> {
    let mut sentences = Vec::new();
    for (file, rust) in tree.rust() {
        let Some(name) = crate_of(&file.path) else { continue };
        let Some(allowed) = allowed(name) else { continue };
        let forbidden = PURE.iter().find(|(pure, _)| *pure == name).map_or(&[][..], |(_, f)| *f);
        let is_own_module =
            |other: &str| rust.code.iter().any(|code| code.contains(&format!("mod {other}")));
        for (line, code) in rust.code.iter().enumerate() {
            let place = format!("{}:{}", file.path, line + 1);
            let others = ARROWS.iter().map(|(other, _)| *other);
            for other in others.filter(|other| *other != name && !allowed.contains(other)) {
                if uses(code, other) && !is_own_module(other) {
                    sentences.push(format!("{place}: direction: {}", wrong(name, other, allowed)));
                }
            }
            let is_io = |path: &&&str| code.contains(**path) && !rust.is_test[line];
            if let Some(path) = forbidden.iter().find(is_io) {
                sentences.push(format!("{place}: direction: {name} is pure and names {path}"));
            }
        }
    }
    sentences
}

fn uses(code: &str, other: &str) -> bool {
    let Some(at) = code.find("use ") else { return false };
    let is_use = matches!(code[..at].trim(), "" | "pub" | "pub(crate)" | "pub(super)");
    let path = code[at + 4..].trim_start().trim_start_matches("::");
    let rest = path.strip_prefix(other);
    is_use && rest.is_some_and(|rest| rest.starts_with("::") || rest.starts_with([';', ' ']))
}

fn wrong(name: &str, other: &str, allowed: &[&str]) -> String {
    let known = if allowed.is_empty() { "nobody".to_owned() } else { allowed.join(", ") };
    let way_out = match (name, other) {
        ("webkit", _) => "Pages of a domain belong to its capability",
        (_, "songhe" | "xtask") => "Nothing builds on a program; move the shared part down",
        (_, "capabilities") => "A mechanism does not know who uses it; take a value or a function",
        _ => "Mechanisms meet in kernel::Effects, or one level up",
    };
    format!("{name} may know {known}, but needs {other}. {way_out}.")
}

fn allowed(name: &str) -> Option<&'static [&'static str]> {
    ARROWS.iter().find(|(of, _)| *of == name).map(|(_, allowed)| *allowed)
}

fn crate_of(path: &str) -> Option<&str> {
    match path.strip_prefix("crates/") {
        Some(rest) => rest.split('/').next(),
        None => path.starts_with("xtask/").then_some("xtask"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::File;

    fn manifest(name: &str, need: &str) -> Vec<String> {
        wrong_manifests(&[Crate { name: name.to_owned(), needs: vec![need.to_owned()] }])
    }

    #[test]
    fn an_arrow_against_the_direction_is_told_in_a_sentence() {
        assert_eq!(manifest("facts", "access"), [""; 0]);
        assert_eq!(
            manifest("policy", "facts"),
            ["direction: policy may know kernel, but needs facts. \
              Mechanisms meet in kernel::Effects, or one level up."]
        );
        assert_eq!(manifest("xtask", "kernel").len(), 1);
        assert_eq!(manifest("newcomer", "kernel").len(), 1);
    }

    #[test]
    fn no_arrow_of_the_table_leads_back() {
        for (place, (name, allowed)) in ARROWS.iter().enumerate() {
            for other in *allowed {
                let of_other = ARROWS.iter().position(|(of, _)| of == other);
                assert!(of_other < Some(place), "{name} would know {other}, which comes after it");
            }
        }
    }

    fn used(path: &str, text: &str) -> usize {
        wrong_uses(&Tree { files: vec![File::new(path, text.into())] }).len()
    }

    #[test]
    fn use_lines_are_read_too() {
        assert_eq!(used("crates/webkit/src/a.rs", "use facts::View;"), 1);
        assert_eq!(used("crates/webkit/src/a.rs", "pub use ::facts;"), 1);
        assert_eq!(used("crates/webkit/src/a.rs", "use access::Scope;\n// use facts::A;"), 0);
        assert_eq!(used("crates/webkit/src/a.rs", "mod facts;\nuse facts::A;"), 0);
        assert_eq!(used("crates/kernel/src/a.rs", "use std::fs::File;"), 1);
        assert_eq!(used("crates/policy/src/a.rs", "let d = std::env::var(\"A\");"), 1);
    }
}
