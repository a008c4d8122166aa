use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use kernel::Trouble;
use policy::{When, eval_json, register};
use serde_json::json;

use super::print_json;
use crate::args::{Eval, Policy};
use crate::home::Home;
use crate::program_data::lists_dir;
use crate::{Answer, why};

/// 清单: check, the register of facts, and evaluation without a database.
pub(crate) fn run(home: &Home, policy: Policy, json: bool) -> Result<Answer, Trouble> {
    match policy {
        Policy::Check { path } => check(&path.map_or_else(|| usual_lists(home), Ok)?, json),
        Policy::Facts => facts(json),
        Policy::Eval(eval) => evaluate(&eval),
    }
}

/// The lists of the checkout that one stands in, else those of the data folder.
fn usual_lists(home: &Home) -> Result<PathBuf, Trouble> {
    let here = PathBuf::from("policy");
    [here, lists_dir(home.dir())]
        .into_iter()
        .find(|path| path.join("sources.toml").is_file())
        .ok_or_else(|| {
            Trouble::refused(
                "这里没有清单。",
                "请写出清单文件夹，例如 songhe policy check policy。",
            )
        })
}

fn check(path: &Path, json: bool) -> Result<Answer, Trouble> {
    let report = policy::check(path);
    if json {
        let problems: Vec<_> = report
            .problems
            .iter()
            .map(|it| {
                json!({"file": it.file.display().to_string(), "line": it.line,
                       "sentence": it.sentence, "remedy": it.remedy})
            })
            .collect();
        print_json(&json!({"passed": report.passed(), "lists": report.lists,
            "items": report.items, "examples": report.examples, "problems": problems}))?;
    } else {
        say!("{report}");
    }
    Ok(if report.passed() { Answer::Yes } else { Answer::No })
}

fn facts(json: bool) -> Result<Answer, Trouble> {
    if json {
        print_json(&register::facts_json())?;
    } else {
        for kind in register::KINDS {
            say!("{}　{}　来源：{}", kind.id, kind.label, kind.source_department);
        }
    }
    Ok(Answer::Yes)
}

fn evaluate(eval: &Eval) -> Result<Answer, Trouble> {
    let when = match (eval.month, eval.from, eval.to) {
        (Some(month), ..) => When::Month(month),
        (None, Some(from), Some(to)) => When::Span { from, to },
        _ => return Err(Trouble::fault("the command line lets no other case through")),
    };
    let name = eval.facts.display();
    let mut text = String::new();
    let read = if eval.facts == Path::new("-") {
        io::stdin().read_to_string(&mut text)
    } else {
        fs::File::open(&eval.facts).and_then(|mut file| file.read_to_string(&mut text))
    };
    read.map_err(|error| {
        Trouble::refused(
            format!("事实文件 {name} 读不出来：{}。", why(&error)),
            "请检查路径和权限。",
        )
    })?;
    let people = serde_json::from_str(&text).map_err(|error| {
        Trouble::refused(
            format!("事实文件 {name} 不是 JSON：{error}。"),
            "请写成 {\"facts\": {…}}，或一组带 \"id\" 的这样的内容。",
        )
    })?;
    print_json(&eval_json(&eval.list, &people, when)?)?;
    Ok(Answer::Yes)
}
