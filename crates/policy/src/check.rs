use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};

use kernel::{Fen, Month};
use serde::Deserialize;
use toml::Spanned;

use crate::area::CodePrefix;
use crate::condition::{Cond, Op, Term};
use crate::facts::Facts;
use crate::json::toml_to_json;
use crate::list::{Band, Item, List};
use crate::problem::{Problem, Problems, SourceFile};
use crate::span::span;
use crate::verdict::evaluate;

/// Every item shows at least so many cases.
const FEWEST_EXAMPLES: usize = 6;

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
/// that bands have no gap and no overlap over ages and dates, and that every example comes out.
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
            Ok(list) => list.items.iter().for_each(|item| check_item(item, &dir, &mut report)),
            Err(Problems(more)) => report.problems.extend(more),
        }
    }
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

fn check_item(item: &Item, dir: &Path, report: &mut Report) {
    report.items += 1;
    let file = dir.join(format!("{}.toml", item.id));
    for (sentence, remedy) in band_problems(item) {
        let problem =
            Problem { file: file.clone(), line: None, sentence, remedy: remedy.to_owned() };
        report.problems.push(problem);
    }
    match run_examples(item, dir) {
        Ok((count, problems)) => {
            report.examples += count;
            report.problems.extend(problems);
        }
        Err(Problems(more)) => report.problems.extend(more),
    }
}

/// Bands that ask for nothing but the age must follow each other without gap and overlap, from
/// the age that the item asks for, and begin on one date.
fn band_problems(item: &Item) -> Vec<(String, &'static str)> {
    let mut plain: Vec<&Band> = item.bands.iter().filter(|band| band.who.is_empty()).collect();
    plain.sort_by_key(|band| band.age_from);
    let mut wrong = Vec::new();
    let Some(lowest) = plain.first() else { return wrong };
    let asked = item.conditions.iter().find_map(|cond| match cond {
        Cond::Compare(Term::Age, Op::AtLeast, Term::Int(years)) => i32::try_from(*years).ok(),
        _ => None,
    });
    if let Some(asked) = asked.filter(|asked| *asked != lowest.age_from) {
        let sentence = format!("条件要求年满 {asked} 周岁，最低档却从 {} 周岁起", lowest.age_from);
        wrong.push((sentence, "请让最低档的 age_from 与条件一致。"));
    }
    for pair in plain.windows(2) {
        let (lower, upper) = (pair[0], pair[1]);
        let (below, from) = (lower.age_below.unwrap_or(i32::MAX), upper.age_from);
        if below > from {
            let sentence = format!("“{}”与“{}”重叠", lower.name(), upper.name());
            wrong.push((sentence, "上一档的 age_below 应等于下一档的 age_from。"));
        } else if below < from {
            let sentence = format!("“{}”与“{}”之间有空档", lower.name(), upper.name());
            wrong.push((sentence, "上一档的 age_below 应等于下一档的 age_from。"));
        }
    }
    if plain.last().is_some_and(|highest| highest.age_below.is_some()) {
        wrong.push(("最高档没有敞口".to_owned(), "请删去最高档的 age_below。"));
    }
    let begins: BTreeSet<_> = item.bands.iter().map(|band| band.amounts[0].0).collect();
    if begins.len() > 1 {
        let days: Vec<String> = begins.iter().map(ToString::to_string).collect();
        let sentence = format!("各档标准不是从同一天起：{}", days.join("、"));
        wrong.push((sentence, "请补上较晚的一档以前的标准。"));
    }
    wrong
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
    if examples.example.len() < FEWEST_EXAMPLES {
        let sentence = format!("只有 {} 个例子", examples.example.len());
        let remedy = format!("每个项目至少写 {FEWEST_EXAMPLES} 个例子。");
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
