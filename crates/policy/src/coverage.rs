//! 档次衔接: whether the bands of an item leave nobody out and count nobody twice.

use std::collections::BTreeSet;

use kernel::FactType;

use crate::area::CodePrefix;
use crate::facts::{Facts, Value};
use crate::list::{Band, Item};
use crate::load::least_age;
use crate::register::{BIRTH_DATE, KindIx, word_chinese};
use crate::say;
use crate::verdict::{Verdict, judge};

/// More kinds of people than this are not tried one by one.
const MOST_CASES: usize = 2_000;

/// Bands that ask for nothing but the age must follow each other without gap and overlap, from
/// the age that the item asks for, and begin on one date.
pub(crate) fn band_problems(item: &Item) -> Vec<(String, &'static str)> {
    let mut wrong = Vec::new();
    let begins: BTreeSet<_> = item.bands.iter().map(|band| band.amounts[0].0).collect();
    if begins.len() > 1 {
        let days: Vec<String> = begins.iter().map(ToString::to_string).collect();
        let sentence = format!("各档标准不是从同一天起：{}", days.join("、"));
        wrong.push((sentence, "请补上较晚的一档以前的标准。"));
    }
    let mut plain: Vec<&Band> = item.bands.iter().filter(|band| band.who.is_empty()).collect();
    plain.sort_by_key(|band| band.age_from);
    let Some(lowest) = item.bands.iter().min_by_key(|band| band.age_from) else { return wrong };
    let asked = Some(least_age(&item.conditions)).filter(|age| *age > 0);
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
    wrong
}

/// Somebody who fulfils the conditions and is in no band, by the facts that bands ask for and at
/// the ages where bands begin and end; none when there is nobody.
pub(crate) fn left_out(item: &Item) -> Option<String> {
    let month = item.encoded_from().max(item.list.effective_from.month());
    let nobody = Facts::new();
    let age_day = item.at(&nobody, month, &CodePrefix).age_day;
    let mut asked = Vec::new();
    for cond in item.bands.iter().flat_map(|band| &band.who) {
        say::rests_on(cond, &mut asked);
    }
    let kinds: Vec<(KindIx, Vec<Value>)> = asked
        .into_iter()
        .filter_map(KindIx::of)
        .filter_map(|kind| Some((kind, domain(kind)?)))
        .collect();
    let edges = item.bands.iter().flat_map(|band| [Some(band.age_from), band.age_below]);
    let ages: BTreeSet<i32> = edges.flatten().collect();
    let cases = kinds.iter().map(|(_, values)| values.len()).product::<usize>();
    if cases * ages.len() > MOST_CASES {
        return None;
    }
    for age in ages {
        let birth = age_day.plus_years(-i16::try_from(age).ok()?);
        for case in 0..cases {
            let mut facts = Facts::new();
            let mut said = vec![format!("{age} 周岁")];
            let mut rest = case;
            facts.set(BIRTH_DATE.kind().id, Value::Day(birth)).ok()?;
            for (kind, values) in &kinds {
                let value = &values[rest % values.len()];
                rest /= values.len();
                said.push(format!("{}为{}", kind.kind().label, chinese(value)));
                facts.set(kind.kind().id, value.clone()).ok()?;
            }
            let verdict = judge(item, &facts, month, &CodePrefix);
            if matches!(verdict, Verdict::NotEntitled(failed) if failed.no_band()) {
                return Some(said.join("、"));
            }
        }
    }
    None
}

/// All values of a kind; none when they cannot be counted up.
fn domain(kind: KindIx) -> Option<Vec<Value>> {
    match kind.kind().value_type {
        FactType::Bool => Some(vec![Value::Bool(true), Value::Bool(false)]),
        FactType::Int(from, to) => Some((from..=to).map(Value::Int).collect()),
        FactType::Word(words) => Some(words.iter().map(|word| Value::Word(word)).collect()),
        FactType::Day | FactType::Fen | FactType::Area | FactType::Text | FactType::Person => None,
    }
}

fn chinese(value: &Value) -> String {
    match value {
        Value::Word(word) => word_chinese(word).to_owned(),
        Value::Int(number) => number.to_string(),
        Value::Bool(true) => "是".to_owned(),
        _ => "否".to_owned(),
    }
}
