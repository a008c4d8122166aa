use std::collections::{BTreeSet, HashSet};
use std::fmt;
use std::path::{Path, PathBuf};

use kernel::{Fen, Month};
use serde::Deserialize;
use toml::Spanned;

use crate::area::CodePrefix;
use crate::coverage::{band_problems, left_out};
use crate::facts::Facts;
use crate::json::toml_to_json;
use crate::list::{Item, List};
use crate::load::item_files;
use crate::problem::{Problem, Problems, SourceFile};
use crate::span::span;
use crate::verdict::evaluate;

/// An item with sums of its own shows at least so many cases.
const FEWEST_EXAMPLES: usize = 6;
/// An item that gives a service, or leaves the sum to lower lists, shows at least so many.
const FEWEST_CASES: usize = 3;

/// 检查结果: what a check of lists counted and found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Lists read.
    pub lists: usize,
    /// Items in them.
    pub items: usize,
    /// Examples run.
    pub examples: usize,
    /// All that is wrong.
    pub problems: Vec<Problem>,
}

impl Report {
    /// Nothing is wrong.
    pub fn passed(&self) -> bool {
        self.problems.is_empty()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for problem in &self.problems {
            writeln!(f, "{problem}")?;
        }
        let Self { lists, items, examples, problems } = self;
        write!(f, "检查了 {lists} 份清单、{items} 个项目、{examples} 个例子，")?;
        match problems.len() {
            0 => write!(f, "没有发现问题。"),
            count => write!(f, "发现 {count} 个问题。"),
        }
    }
}

/// Checks a list folder, or all list folders below a path: that they load with every citation,
/// that bands have no gap and no overlap over ages, facts and dates, that no item of the upper list
/// is missing, and that every example comes out. What is wrong in an upper list is said once.
pub fn check(path: &Path) -> Report {
    let mut report = Report::default();
    let mut dirs = Vec::new();
    find_lists(path, &mut dirs);
    if dirs.is_empty() {
        report.problems.push(Problem {
            file: path.to_path_buf(),
            line: None,
            sentence: "这里没有清单".to_owned(),
            remedy: "清单文件夹里要有 list.toml。".to_owned(),
        });
    }
    for dir in dirs {
        report.lists += 1;
        match List::load(&dir) {
            Ok(list) => {
                report.problems.extend(missing_items(&list));
                list.items.iter().for_each(|item| check_item(item, &dir, &mut report));
            }
            Err(Problems(more)) => report.problems.extend(more),
        }
    }
    let mut said = HashSet::new();
    report.problems.retain(|problem| said.insert(problem.clone()));
    report
}

fn find_lists(dir: &Path, found: &mut Vec<PathBuf>) {
    if dir.join("list.toml").is_file() {
        found.push(dir.to_path_buf());
        return;
    }
    let Ok(entries) = std::fs::read_dir(dir) else { return };
    let mut below: Vec<PathBuf> =
        entries.filter_map(Result::ok).map(|entry| entry.path()).filter(|it| it.is_dir()).collect();
    below.sort();
    for dir in below {
        find_lists(&dir, found);
    }
}

/// A list carries out every item of the list above it.
fn missing_items(list: &List) -> Vec<Problem> {
    let Some(parent) = list.head.parent.as_deref().filter(|_| list.head.complete) else {
        return Vec::new();
    };
    let Ok(upper) = item_files(parent) else { return Vec::new() };
    let upper = upper.iter().filter_map(|path| path.file_stem()?.to_str());
    let carried: BTreeSet<&str> =
        list.items.iter().filter_map(|item| item.implements.as_deref()).collect();
    upper
        .filter(|id| !carried.contains(id))
        .map(|id| Problem {
            file: list.head.dir.join("list.toml"),
            line: None,
            sentence: format!("上级清单的项目“{id}”在本清单里没有"),
            remedy: "请补上这个项目；清单没有收全的，请写 complete = false。".to_owned(),
        })
        .collect()
}

fn check_item(item: &Item, dir: &Path, report: &mut Report) {
    report.items += 1;
    let mut wrong = band_problems(item);
    if wrong.is_empty() {
        let sentence = |who| format!("符合条件的人不属于任何一档：{who}");
        let remedy = "请补上这一档，或在 who 里写明不包括。";
        wrong.extend(left_out(item).map(|who| (sentence(who), remedy)));
    }
    for (sentence, remedy) in wrong {
        let file = item.amounts_in.clone();
        report.problems.push(Problem { file, line: None, sentence, remedy: remedy.to_owned() });
    }
    // Without a rule of its own there is nothing that the upper item's examples do not show.
    let examples = dir.join("examples").join(format!("{}.toml", item.id));
    if !item.is_judged() || !item.own_rule && !examples.exists() {
        return;
    }
    match run_examples(item, dir) {
        Ok((count, problems)) => {
            report.examples += count;
            report.problems.extend(problems);
        }
        Err(Problems(more)) => report.problems.extend(more),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Examples {
    example: Vec<Spanned<Example>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Example {
    name: String,
    month: Month,
    facts: toml::Table,
    verdict: String,
    yuan: Option<i64>,
    #[serde(default)]
    needs: Vec<String>,
    /// With `arrears_yuan`: months from here up to `month`, of which none was paid.
    from: Option<Month>,
    arrears_yuan: Option<i64>,
}

fn run_examples(item: &Item, dir: &Path) -> Result<(usize, Vec<Problem>), Problems> {
    let file = SourceFile::read(dir.join("examples").join(format!("{}.toml", item.id)))?;
    let examples: Examples = file.parse()?;
    let mut problems = Vec::new();
    let fewest = if item.bands.is_empty() { FEWEST_CASES } else { FEWEST_EXAMPLES };
    if examples.example.len() < fewest {
        let sentence = format!("只有 {} 个例子", examples.example.len());
        let remedy = format!("这个项目至少写 {fewest} 个例子。");
        problems.push(file.whole(sentence, remedy));
    }
    for spanned in &examples.example {
        let example = spanned.get_ref();
        if let Err(difference) = run(item, example) {
            let sentence = format!("例子“{}”不对：{difference}", example.name);
            let remedy = "请核对清单和例子，改正写错的一个。";
            problems.push(file.at(&spanned.span(), sentence, remedy));
        }
    }
    Ok((examples.example.len(), problems))
}

fn run(item: &Item, example: &Example) -> Result<(), String> {
    let given = toml_to_json(&toml::Value::Table(example.facts.clone()));
    let facts = Facts::from_json(&given).map_err(|error| error.to_string())?;
    let verdict = evaluate(item, &facts, example.month, &CodePrefix);
    if verdict.word() != example.verdict {
        return Err(format!("算出 {}，例子写的是 {}", verdict.word(), example.verdict));
    }
    let expected = Fen::from_yuan(example.yuan.unwrap_or(0));
    if verdict.amount() != expected {
        return Err(format!("算出 {} 元，例子写的是 {expected} 元", verdict.amount()));
    }
    let needs = verdict.needs();
    if needs != example.needs {
        return Err(format!("还要查明 {needs:?}，例子写的是 {:?}", example.needs));
    }
    match (example.from, example.arrears_yuan) {
        (Some(from), Some(yuan)) => {
            let unpaid = |_| Fen::ZERO;
            let report = span(item, &facts, from, example.month, &CodePrefix, &unpaid);
            let expected = Fen::from_yuan(yuan);
            if report.arrears_fen == expected {
                Ok(())
            } else {
                Err(format!("应补 {} 元，例子写的是 {expected} 元", report.arrears_fen))
            }
        }
        (None, None) => Ok(()),
        _ => Err("from 和 arrears_yuan 要一起写".to_owned()),
    }
}
