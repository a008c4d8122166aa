//! The findings that were looked at and are let stand, each with a reason.

use std::fs;
use std::path::Path;

use super::Finding;

const FILE: &str = "xtask/tidy-exceptions.toml";

struct Exception {
    rule: String,
    path: String,
    allowed: usize,
}

/// Takes the allowed findings away; what is left, and what is allowed for nothing, as lines.
pub(super) fn apply(root: &Path, findings: Vec<Finding>) -> Result<Vec<String>, String> {
    let text = fs::read_to_string(root.join(FILE)).map_err(|error| format!("{FILE}: {error}"))?;
    Ok(without(findings, &parse(&text)?))
}

fn without(mut findings: Vec<Finding>, exceptions: &[Exception]) -> Vec<String> {
    let mut lines = Vec::new();
    for exception in exceptions {
        let Exception { rule, path, allowed } = exception;
        let is_meant = |finding: &Finding| finding.rule == *rule && finding.path == *path;
        let weight: usize = findings.iter().filter(|f| is_meant(f)).map(|f| f.weight).sum();
        if weight < *allowed {
            let remedy = match weight {
                0 => "remove the exception".to_owned(),
                some => format!("lower it to {some}"),
            };
            lines.push(format!(
                "{FILE}: {rule} in {path} allows {allowed}, found {weight}: {remedy}"
            ));
        }
        if weight <= *allowed {
            findings.retain(|finding| !is_meant(finding));
        }
    }
    lines.extend(findings.iter().map(Finding::print));
    lines
}

fn parse(text: &str) -> Result<Vec<Exception>, String> {
    let table: toml::Table = text.parse().map_err(|error| format!("{FILE}: {error}"))?;
    let none = Vec::new();
    let list = table.get("exception").and_then(toml::Value::as_array).unwrap_or(&none);
    list.iter().map(exception).collect()
}

fn exception(value: &toml::Value) -> Result<Exception, String> {
    let word = |key: &str| value.get(key).and_then(toml::Value::as_str).map(str::to_owned);
    let allowed = value.get("allowed").and_then(toml::Value::as_integer);
    let (Some(rule), Some(path), Some(reason), Some(allowed)) =
        (word("rule"), word("path"), word("reason"), allowed)
    else {
        return Err(format!("{FILE}: an exception has rule, path, allowed and reason: {value}"));
    };
    if reason.trim().chars().count() < 20 {
        return Err(format!("{FILE}: {rule} in {path}: say why in a sentence"));
    }
    match usize::try_from(allowed) {
        Ok(allowed) if allowed > 0 => Ok(Exception { rule, path, allowed }),
        _ => Err(format!("{FILE}: {rule} in {path}: `allowed` is a number from 1")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(found: usize, allowed: usize, expected: &[&str]) {
        let finding = Finding::at("unwrap", "a.rs", 0, "x");
        let text = format!(
            "[[exception]]\nrule = 'unwrap'\npath = 'a.rs'\nallowed = {allowed}\n\
             reason = 'a reason that is a sentence'"
        );
        assert_eq!(without(vec![finding; found], &parse(&text).unwrap()), expected);
    }

    #[test]
    fn an_exception_covers_what_it_allows_and_no_more() {
        check(2, 2, &[]);
        check(2, 1, &["a.rs:1: unwrap: x", "a.rs:1: unwrap: x"]);
    }

    #[test]
    fn an_exception_that_allows_too_much_has_to_shrink() {
        let file = "xtask/tidy-exceptions.toml: unwrap in a.rs";
        check(1, 2, &[&format!("{file} allows 2, found 1: lower it to 1")]);
        check(0, 1, &[&format!("{file} allows 1, found 0: remove the exception")]);
    }

    #[test]
    fn an_exception_without_a_reason_is_refused() {
        let text = "[[exception]]\nrule = 'unwrap'\npath = 'a.rs'\nallowed = 1\nreason = 'ok'";
        assert!(parse(text).is_err());
    }
}
