//! The list as a family reads it: by who the elder is, with what to do.

use kernel::{Fen, Month};
use policy::condition::{Cond, Op, Term};
use policy::register::kind_of;
use policy::{BandAmount, Choose, Form, Item, List, ListHead};
use webkit::Call;

use super::views::{Card, Entries, Group};
use crate::interview::{QUESTIONS, Question};
use crate::list_words::{self, explained, title, yuan};

/// 老年人: 老年人权益保障法 art. 2.
const ELDER_AGE: i32 = 60;
const EVERYBODY: &str = "所有老人";
const ELSEWHERE: &str = "由其他部门办的";

/// The items by who the elder is; the old come first, what others decide comes last.
pub(super) fn groups(list: &List, month: Month) -> Vec<Group> {
    let mut ages: Vec<i32> = list.items.iter().filter_map(age_group).collect();
    ages.sort_unstable_by(|a, b| b.cmp(a));
    let mut headings: Vec<String> = ages.into_iter().map(age_heading).collect();
    headings.extend(QUESTIONS.iter().map(|question| question.group.to_owned()));
    headings.extend([EVERYBODY, ELSEWHERE].map(ToOwned::to_owned));
    let mut groups: Vec<Group> = Vec::new();
    for heading in headings {
        let here = list.items.iter().filter(|item| group_of(item) == heading);
        let items: Vec<Card> = here.map(|item| card(item, month)).collect();
        if !items.is_empty() && groups.iter().all(|group| group.heading != heading) {
            let (id, others) = (format!("group-{}", groups.len() + 1), heading == ELSEWHERE);
            groups.push(Group { id, heading, others, items });
        }
    }
    groups
}

/// The heading under which an item stands: what it asks about first decides.
fn group_of(item: &Item) -> String {
    if item.form == Form::Elsewhere {
        return ELSEWHERE.to_owned();
    }
    let asks = explained(item, item.encoded_from());
    let facts = asks.conditions.iter().flat_map(|line| line.facts.iter());
    let group = facts.filter_map(|fact| Question::about(fact)).find(|it| !it.group.is_empty());
    match (group, age_group(item)) {
        (Some(question), _) => question.group.to_owned(),
        (None, Some(age)) => age_heading(age),
        (None, None) => EVERYBODY.to_owned(),
    }
}

fn age_heading(age: i32) -> String {
    format!("{age} 周岁以上的老人")
}

fn age_group(item: &Item) -> Option<i32> {
    youngest(item).filter(|age| *age > ELDER_AGE)
}

/// From which age on somebody can have an item at all, as far as it says so outright.
pub(super) fn youngest(item: &Item) -> Option<i32> {
    let asked = item.conditions.iter().filter_map(|cond| match cond {
        Cond::Compare(Term::Age, Op::AtLeast, Term::Int(age)) => i32::try_from(*age).ok(),
        _ => None,
    });
    asked.max().or_else(|| item.bands.iter().map(|band| band.age_from).min())
}

fn card(item: &Item, month: Month) -> Card {
    let amounts: Vec<(String, Fen)> = item
        .bands
        .iter()
        .filter_map(|band| match band.amount(month) {
            BandAmount::Fen(fen) => Some((band.name(), fen)),
            BandAmount::Ended | BandAmount::NotEncoded(_) => None,
        })
        .collect();
    let least = amounts.iter().map(|(_, fen)| *fen).min();
    let most = amounts.iter().map(|(_, fen)| *fen).max();
    let what = match (least, most) {
        (Some(least), Some(most)) if least == most => sum(item, least),
        (Some(least), Some(most)) => {
            format!("{} {}—{} 元", item.per.chinese(), yuan(least), yuan(most))
        }
        _ => item.content.clone(),
    };
    let bands = match amounts.len() {
        0 | 1 => Vec::new(),
        _ => amounts.into_iter().map(|(who, fen)| (who, sum(item, fen))).collect(),
    };
    Card {
        name: item.name.clone(),
        what,
        bands,
        who: format!("给谁：{}", item.beneficiary.trim_end_matches('。')),
        how: how(item).into_iter().chain(terms(item)).collect(),
    }
}

/// `每月 40 元`
pub(super) fn sum(item: &Item, fen: Fen) -> String {
    format!("{} {} 元", item.per.chinese(), yuan(fen))
}

/// What somebody in this band gets in words; what the item says where there is no sum.
pub(super) fn gets(item: &Item, band: usize, month: Month) -> String {
    match item.bands.get(band).map(|band| (band.amount(month), &band.channel)) {
        Some((BandAmount::Fen(fen), Some(channel))) => format!("{}，{channel}", sum(item, fen)),
        Some((BandAmount::Fen(fen), None)) => sum(item, fen),
        _ => item.content.clone(),
    }
}

/// 怎么办: where to go, what to bring, whom to ask.
pub(super) fn how(item: &Item) -> Entries {
    filled(vec![
        ("到哪里办", some(item.apply_at.clone())),
        ("要带什么", some(item.bring.join("、"))),
        ("问谁", some(asked(item))),
    ])
}

/// 规定: how long it takes, from when to when it is paid, by which text.
pub(super) fn terms(item: &Item) -> Entries {
    let paid = match item.form {
        Form::Cash if !item.pay.to.is_empty() => format!("发给{}", item.pay.to),
        _ => String::new(),
    };
    filled(vec![
        ("要多久", some(list_words::clocks(&item.review))),
        ("经过哪里", some(list_words::route(&item.review))),
        ("钱怎么发", some(paid)),
        ("从什么时候起", some(rules(item))),
        ("不能同时享受", item.excludes.iter().map(|it| excluded(it.kind, it.choose)).collect()),
        ("依据", basis(item)),
    ])
}

fn some(text: String) -> Vec<String> {
    if text.is_empty() { Vec::new() } else { vec![text] }
}

fn filled(mut all: Entries) -> Entries {
    all.retain(|(_, texts)| !texts.is_empty());
    all
}

/// Who answers for the item, with the number of the list's own office.
fn asked(item: &Item) -> String {
    let call = call(&item.list);
    let own = item.responsible == call.who;
    if own { format!("{}，电话 {}", call.who, call.number) } else { item.responsible.clone() }
}

fn rules(item: &Item) -> String {
    match item.form {
        Form::Cash if item.is_judged() => explained(item, item.encoded_from()).rules.join("；"),
        _ => String::new(),
    }
}

fn excluded(kind: &str, choose: Choose) -> String {
    let label = kind_of(kind).map_or(kind, |kind| kind.label).trim_start_matches("在发");
    match choose {
        Choose::Higher => format!("已领{label}的，两样选高的一样"),
        Choose::This => format!("已领{label}的，改领这一项"),
        Choose::Other => format!("已领{label}的，不再领这一项"),
    }
}

/// The list, and every document once with its clauses.
fn basis(item: &Item) -> Vec<String> {
    let mut all = vec![format!("{}第 {} 项", title(&item.list), item.no)];
    let mut texts: Vec<(String, Vec<&str>)> = Vec::new();
    for basis in &item.basis {
        let number = basis.number.as_ref().map_or(String::new(), |number| format!("（{number}）"));
        let text = format!("《{}》{number}", basis.title);
        let clause = basis.citation.clause.as_str();
        match texts.iter_mut().find(|(it, _)| *it == text) {
            Some((_, clauses)) => clauses.push(clause),
            None => texts.push((text, vec![clause])),
        }
    }
    all.extend(texts.into_iter().map(|(text, clauses)| format!("{text}{}", clauses.join("、"))));
    all
}

/// Whom to call about a list.
pub(super) fn call(head: &ListHead) -> Call {
    let who = head.responsible.clone();
    match head.phone.clone() {
        Some(number) => Call { who, number, note: String::new() },
        None => hotline(who),
    }
}

/// 政务服务便民热线, the same in the whole country (国办发〔2020〕53号).
pub(super) fn hotline(who: String) -> Call {
    let note = format!("这是政务服务便民热线，接通后说要找{who}。");
    Call { who, number: "12345".to_owned(), note }
}
