use std::path::Path;

use kernel::{Fen, Month, Refusal};
use serde_json::{Value as Json, json};

use crate::area::CodePrefix;
use crate::condition::Truth;
use crate::explain::{Explanation, explain};
use crate::facts::{Facts, Value};
use crate::list::{Form, Item, List};
use crate::overlap::{Keeps, Overlap, overlaps};
use crate::register::KindIx;
use crate::span::span;
use crate::verdict::{Verdict, evaluate};

/// For when a list is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// One month.
    Month(Month),
    /// Months from the first to the last inclusive; the last is the current one.
    Span {
        /// First month.
        from: Month,
        /// Last month.
        to: Month,
    },
}

/// Answers `policy eval`: what a list says about the people in a facts file, without a database.
///
/// Takes `{"facts": {…}}`, or a list of such with `"id"`. Gives, per person,
/// `{"items": {"<item>": {"verdict", "amount_fen", "per", "reasons", "needs"}}}`; for a span also
/// `months`, `first_entitled`, `arrears`, `arrears_fen` and `total_fen`. What was paid is the
/// fact `award.<item>`, for the months on whose first day it holds.
///
/// # Errors
/// A list that does not load, or facts that the register does not take.
pub fn eval_json(list_dir: &Path, people: &Json, when: When) -> Result<Json, Refusal> {
    let list = List::load(list_dir)
        .map_err(|problems| Refusal::new(problems.to_string(), "请先用 policy check 检查清单。"))?;
    if let When::Span { from, to } = when
        && from > to
    {
        return Err(Refusal::new(
            format!("起月 {from} 在止月 {to} 之后"),
            "请把 --from 写在 --to 之前。",
        ));
    }
    match people {
        Json::Array(all) => all
            .iter()
            .enumerate()
            .map(|(at, person)| {
                if person.get("id").is_none() {
                    let sentence = format!("第 {} 个人没有 id", at + 1);
                    return Err(Refusal::new(sentence, "一组人里每个人都要写 \"id\"。"));
                }
                answer(&list, person, when)
            })
            .collect::<Result<Vec<_>, _>>()
            .map(Json::Array),
        one => answer(&list, one, when),
    }
}

fn answer(list: &List, person: &Json, when: When) -> Result<Json, Refusal> {
    let who = person.get("id").map_or(String::new(), |id| format!("（{id}）"));
    let given = person.get("facts").ok_or_else(|| {
        Refusal::new(format!("这个人{who}没有 facts"), "请写成 {\"facts\": {…}}。")
    })?;
    let facts = Facts::from_json(given).map_err(|error| {
        Refusal::new(format!("这个人{who}的事实有误：{error}。"), "请改正后再算。")
    })?;
    let mut items = serde_json::Map::new();
    for item in &list.items {
        items.insert(item.id.clone(), item_json(item, &facts, when));
    }
    let mut answer = json!({
        "list": format!("{}（{}）", list.head.title, list.head.edition),
        "items": items,
    });
    if let Some(id) = person.get("id") {
        answer["id"] = id.clone();
    }
    Ok(answer)
}

fn item_json(item: &Item, facts: &Facts, when: When) -> Json {
    let month = match when {
        When::Month(month) | When::Span { to: month, .. } => month,
    };
    let verdict = evaluate(item, facts, month, &CodePrefix);
    let mut answer = json!({
        "verdict": verdict.word(),
        "month": month,
        "amount_fen": verdict.amount(),
        "per": item.per.code(),
        "form": form_code(item.form),
        "given": item.pay.given.code(),
        "no_application": item.no_application,
        "reasons": reasons(item, facts, month, &verdict),
        "needs": verdict.needs(),
    });
    let overlaps = overlaps(item, facts, month, verdict.amount());
    if !overlaps.is_empty() {
        answer["overlaps"] = overlaps.iter().map(overlap_json).collect();
    }
    let When::Span { from, to } = when else { return answer };
    let paid = KindIx::of(&format!("award.{}", item.id));
    let paid = |month: Month| match paid.and_then(|kind| facts.on(kind, month.first())) {
        Some(Value::Fen(fen)) => *fen,
        _ => Fen::ZERO,
    };
    let report = span(item, facts, from, to, &CodePrefix, &paid);
    let months: Vec<Json> = report
        .months
        .iter()
        .map(|(month, verdict)| {
            json!({"month": month, "verdict": verdict.word(), "amount_fen": verdict.amount()})
        })
        .collect();
    let arrears: Vec<Json> = report
        .arrears
        .iter()
        .map(|(month, fen)| json!({"month": month, "amount_fen": fen}))
        .collect();
    answer["months"] = json!(months);
    answer["first_entitled"] = json!(report.first_entitled);
    answer["arrears"] = json!(arrears);
    answer["arrears_fen"] = json!(report.arrears_fen);
    answer["total_fen"] = json!(report.total_fen);
    answer
}

fn form_code(form: Form) -> &'static str {
    match form {
        Form::Cash => "cash",
        Form::Service(_) => "service",
        Form::Elsewhere => "elsewhere",
    }
}

fn overlap_json(overlap: &Overlap) -> Json {
    let keeps = match overlap.keeps {
        Keeps::This => "this",
        Keeps::Other => "other",
    };
    json!({"with": overlap.kind, "other_fen": overlap.other, "keeps": keeps,
        "gap_fen": overlap.gap})
}

/// The sentence first, then the conditions that bear the verdict.
fn reasons(item: &Item, facts: &Facts, month: Month, verdict: &Verdict) -> Vec<String> {
    let explanation = explain(item, facts, month, &CodePrefix, &str::to_owned);
    let mut reasons = vec![explanation.sentence.clone()];
    let bearing = |at: usize| match verdict {
        Verdict::NotEntitled(failed) => failed.conditions().any(|failed| failed == at),
        Verdict::NotEncoded(_) => false,
        Verdict::Entitled { .. } | Verdict::Unknown(_) => true,
    };
    let lines = explanation.conditions.iter().enumerate();
    reasons.extend(
        lines
            .filter(|(at, _)| bearing(*at))
            .map(|(_, line)| format!("{} {}", line.mark(), line.text())),
    );
    reasons
}

impl Explanation {
    /// The explanation as `explain --json` prints it.
    pub fn json(&self) -> Json {
        let conditions: Vec<Json> = self
            .conditions
            .iter()
            .map(|line| {
                let truth = match line.truth {
                    Truth::True => json!(true),
                    Truth::False => json!(false),
                    Truth::Unknown => Json::Null,
                };
                json!({"holds": truth, "text": line.text(), "facts": line.facts})
            })
            .collect();
        let basis: Vec<Json> = self
            .basis
            .iter()
            .map(|basis| {
                json!({"title": basis.title, "number": basis.number, "citation": basis.citation})
            })
            .collect();
        let assumptions: Vec<Json> = self
            .assumptions
            .iter()
            .map(|it| json!({"id": it.id, "text": it.text, "confidence": it.confidence}))
            .collect();
        json!({
            "verdict": self.verdict.word(),
            "amount_fen": self.verdict.amount(),
            "needs": self.verdict.needs(),
            "sentence": self.sentence,
            "conditions": conditions,
            "list": self.list,
            "rules": self.rules,
            "basis": basis,
            "assumptions": assumptions,
            "changes": self.changes,
        })
    }
}

/// A TOML value as JSON; days become texts.
pub(crate) fn toml_to_json(value: &toml::Value) -> Json {
    match value {
        toml::Value::String(text) => json!(text),
        toml::Value::Integer(number) => json!(number),
        toml::Value::Float(number) => json!(number),
        toml::Value::Boolean(flag) => json!(flag),
        toml::Value::Datetime(day) => json!(day.to_string()),
        toml::Value::Array(all) => all.iter().map(toml_to_json).collect(),
        toml::Value::Table(table) => {
            let pairs = table.iter().map(|(key, value)| (key.clone(), toml_to_json(value)));
            Json::Object(pairs.collect())
        }
    }
}
