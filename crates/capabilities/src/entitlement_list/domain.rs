//! What lists say about each other: editions, upper lists, and what has changed. Everything
//! comes from the lists' data.

use kernel::{Day, Fen, Month};
use policy::{Band, BandAmount, Item, List};

use crate::list_words::{conditions, explained, standard, yuan};

/// Since when the item has amounts, or a rule.
pub(super) fn since(item: &Item) -> Option<Day> {
    let amounts = item.bands.iter().filter_map(|band| band.amounts.first()).map(|(from, _)| *from);
    amounts.min().or_else(|| item.is_judged().then(|| item.encoded_from().first()))
}

/// An amount with the days on which it holds.
pub(super) struct DatedAmount {
    pub(super) band: String,
    pub(super) amount: String,
    pub(super) valid: String,
}

/// Every amount of every band, newest first within a band.
pub(super) fn amounts(item: &Item) -> Vec<DatedAmount> {
    let of_band = |band: &Band| -> Vec<DatedAmount> {
        let mut until: Option<Day> = None;
        let mut rows = Vec::new();
        for (from, amount) in band.amounts.iter().rev() {
            rows.push(DatedAmount {
                band: band.name(),
                amount: sum(item, *amount),
                valid: match until {
                    Some(to) => format!("{from} 至 {}", to.plus_days(-1)),
                    None => format!("{from} 起"),
                },
            });
            until = Some(*from);
        }
        rows
    };
    item.bands.iter().flat_map(of_band).collect()
}

fn sum(item: &Item, amount: Option<Fen>) -> String {
    amount.map_or("停止执行".to_owned(), |fen| format!("{fen} {}", item.per.unit()))
}

/// 版次的状态
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// 现行
    InForce,
    /// 已被替代或者失效
    Over,
    /// 将生效
    Coming,
}

/// Whether an edition is in force on a day.
pub(super) fn state(lists: &[List], list: &List, today: Day) -> State {
    let head = &list.head;
    let replaced = editions(lists, &head.issuer).into_iter().any(|other| {
        other.head.effective_from > head.effective_from && other.head.effective_from <= today
    });
    if head.effective_from > today {
        State::Coming
    } else if replaced || head.effective_to.is_some_and(|to| to <= today) {
        State::Over
    } else {
        State::InForce
    }
}

/// The editions of an issuer, newest first.
pub(super) fn editions<'a>(lists: &'a [List], issuer: &str) -> Vec<&'a List> {
    let mut all: Vec<&List> = lists.iter().filter(|list| list.head.issuer == issuer).collect();
    all.sort_by_key(|list| std::cmp::Reverse(list.head.effective_from));
    all
}

/// The issuers, from the whole country down, in the order of their codes.
pub(super) fn issuers(lists: &[List]) -> Vec<&str> {
    let mut all: Vec<&str> = lists.iter().map(|list| list.head.issuer.as_str()).collect();
    all.sort_by_key(|code| (code.trim_end_matches('0').len().div_ceil(2), *code));
    all.dedup();
    all
}

/// The edition that this one replaced.
pub(super) fn before<'a>(lists: &'a [List], list: &List) -> Option<&'a List> {
    let earlier = |it: &&List| it.head.effective_from < list.head.effective_from;
    editions(lists, &list.head.issuer).into_iter().find(earlier)
}

/// The list that this one carries out.
pub(super) fn upper<'a>(lists: &'a [List], list: &List) -> Option<&'a List> {
    let dir = list.head.parent.as_ref()?.canonicalize().ok()?;
    lists.iter().find(|it| it.head.dir.canonicalize().is_ok_and(|other| other == dir))
}

/// The item, the one that it carries out, the one above that …
pub(super) fn chain<'a>(
    lists: &'a [List],
    list: &'a List,
    item: &'a Item,
) -> Vec<(&'a List, &'a Item)> {
    let mut chain = vec![(list, item)];
    let (mut list, mut below) = (list, item);
    while let (Some(above), Some(id)) = (upper(lists, list), &below.implements) {
        let Some(upper) = above.item(id) else { break };
        chain.push((above, upper));
        (list, below) = (above, upper);
    }
    chain
}

/// How an item compares with the one that it carries out, in a month: band by band, at the ages
/// where a band of either begins, or by the bands' names. Empty where either has no bands.
pub(super) fn compare(item: &Item, upper: &Item, month: Month) -> String {
    if item.bands.is_empty() || upper.bands.is_empty() {
        return String::new();
    }
    let both = || item.bands.iter().chain(&upper.bands);
    let mut pairs: Vec<(String, Option<Fen>, Option<Fen>)> = Vec::new();
    if both().all(|band| band.who.is_empty()) {
        let mut ages: Vec<i32> = both().map(|band| band.age_from).collect();
        ages.sort_unstable();
        ages.dedup();
        let at = |it, age| amount_at(it, month, &|band: &Band| band.covers(age));
        pairs.extend(
            ages.into_iter().map(|age| (format!("{age} 周岁起"), at(item, age), at(upper, age))),
        );
    } else {
        for name in both().map(Band::name) {
            let at = |it| amount_at(it, month, &|band: &Band| band.name() == name);
            if pairs.iter().all(|(before, ..)| *before != name) {
                pairs.push((name.clone(), at(item), at(upper)));
            }
        }
    }
    let texts = pairs.into_iter().filter_map(|(who, own, above)| {
        let words = match (own, above) {
            (None, None) => return None,
            (Some(own), None) => format!("上级没有，本级 {} 元", yuan(own)),
            (None, Some(above)) => format!("上级 {} 元，本级没有", yuan(above)),
            (Some(own), Some(above)) => format!("上级 {} 元，本级 {} 元", yuan(above), yuan(own)),
        };
        Some(format!("{who}：{words}"))
    });
    texts.collect::<Vec<_>>().join("；")
}

fn amount_at(item: &Item, month: Month, is_it: &dyn Fn(&Band) -> bool) -> Option<Fen> {
    match item.bands.iter().find(|band| is_it(band))?.amount(month) {
        BandAmount::Fen(fen) => Some(fen),
        BandAmount::Ended | BandAmount::NotEncoded(_) => None,
    }
}

/// 变动: what an edition says otherwise than the one before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// 新增
    Added(String),
    /// 删去
    Removed(String),
    /// 修改: item, what, before, after.
    Changed(String, &'static str, String, String),
}

/// What changed from one edition to the next, in the new one's order; what was removed is last.
pub(super) fn changes(before: &List, after: &List) -> Vec<Change> {
    let mut all = Vec::new();
    for item in &after.items {
        match before.item(&item.id) {
            None => all.push(Change::Added(named(item))),
            Some(old) => all.extend(differences(old, item)),
        }
    }
    let gone = before.items.iter().filter(|item| after.item(&item.id).is_none());
    all.extend(gone.map(|item| Change::Removed(named(item))));
    all
}

fn named(item: &Item) -> String {
    format!("第 {} 项 {}", item.no, item.name)
}

fn differences(old: &Item, new: &Item) -> Vec<Change> {
    // Each is read in the month in which its edition began.
    let month = |item: &Item| item.list.effective_from.month();
    let asks = |item: &Item| conditions(item, month(item)).join("，");
    let rules = |item: &Item| explained(item, month(item)).rules.join("；");
    let sums = |item: &Item| {
        if item.bands.is_empty() {
            return standard(item, month(item));
        }
        let rows = amounts(item).into_iter();
        let texts = rows.map(|row| format!("{} {}（{}）", row.band, row.amount, row.valid));
        texts.collect::<Vec<_>>().join("；")
    };
    [
        ("名称", old.name.clone(), new.name.clone()),
        ("对象", old.beneficiary.clone(), new.beneficiary.clone()),
        ("条件", asks(old), asks(new)),
        ("内容", old.content.clone(), new.content.clone()),
        ("标准", sums(old), sums(new)),
        ("起止和补发", rules(old), rules(new)),
        ("责任单位", old.responsible.clone(), new.responsible.clone()),
    ]
    .into_iter()
    .filter(|(_, before, after)| before != after)
    .map(|(what, before, after)| Change::Changed(named(new), what, before, after))
    .collect()
}

/// 标准变动: a day on which an amount of the list became another.
pub(super) struct AmountChange {
    pub(super) on: Day,
    pub(super) item: String,
    pub(super) band: String,
    pub(super) before: String,
    pub(super) after: String,
}

/// Every change of an amount that the list itself dates, newest first.
pub(super) fn amount_changes(list: &List) -> Vec<AmountChange> {
    let mut all = Vec::new();
    for item in &list.items {
        for band in &item.bands {
            for pair in band.amounts.windows(2) {
                all.push(AmountChange {
                    on: pair[1].0,
                    item: item.name.clone(),
                    band: band.name(),
                    before: sum(item, pair[0].1),
                    after: sum(item, pair[1].1),
                });
            }
        }
    }
    all.sort_by_key(|change| std::cmp::Reverse(change.on));
    all
}

/// Whether an item speaks of something: the words stand in its name, people or content.
pub(super) fn speaks_of(item: &Item, words: &str) -> bool {
    let texts = [&item.name, &item.beneficiary, &item.content, &item.responsible];
    words.split_whitespace().all(|word| texts.iter().any(|text| text.contains(word)))
}
