//! What conditions, days and rules are called in the bureau's words.

use kernel::{Day, FactType, Fen};

use crate::condition::{At, Cond, Gate, Op, Place, Term, Truth};
use crate::facts::Value;
use crate::list::{Every, Exclusion, Form, Item};
use crate::raw::{BackPay, Choose, Per, Start, Stop};
use crate::register::{
    BIRTH_DATE, DEATH_DATE, HUKOU_AREA, KindIx, LIFE_STATE, PAID_ELSEWHERE_UNTIL,
    RECEIVES_ELSEWHERE, word_chinese,
};

/// Tells the name of an area by its code.
pub(crate) type Names<'a> = &'a dyn Fn(&str) -> String;

/// Yuan without needless decimals: `40`, `1,200`, `40.50`.
pub(crate) fn yuan(fen: Fen) -> String {
    let text = fen.to_string();
    text.strip_suffix(".00").map_or(text.clone(), str::to_owned)
}

/// What a condition asks, or, when `so` is false, its opposite.
pub(crate) fn label(cond: &Cond, so: bool, issuer: &str, names: Names<'_>) -> String {
    match cond {
        Cond::Constant(constant) if *constant == so => "无条件".to_owned(),
        Cond::Constant(_) => "不适用".to_owned(),
        Cond::Not(inner) => label(inner, !so, issuer, names),
        // De Morgan: the opposite of “and” is “or” over the opposites.
        Cond::All(parts) => join(parts, so, if so { "，且" } else { "，或" }, issuer, names),
        Cond::Any(parts) => match one_of(parts) {
            Some((term, words)) => one_of_label(term, &words, so),
            None => join(parts, so, if so { "，或" } else { "，且" }, issuer, names),
        },
        Cond::Known(inner) if so => label(inner, true, issuer, names),
        Cond::Known(inner) => format!("没有记录表明{}", label(inner, true, issuer, names)),
        Cond::Compare(left, op, right) => {
            let op = if so { *op } else { opposite(*op) };
            match (left, right) {
                (Term::Age, Term::Int(years)) => age_label(op, *years),
                (Term::Int(years), Term::Age) => age_label(mirrored(op), *years),
                (left, right) => compare_label(left, op, right),
            }
        }
        Cond::Flag(kind) => {
            format!("{}{}", if so { "是" } else { "不是" }, kind.kind().label)
        }
        Cond::Within(kind, place) => {
            let subject = kind.kind().label.trim_end_matches("所在地");
            let place = match place {
                Place::Issuer => issuer.to_owned(),
                Place::Code(code) => names(code),
            };
            format!("{subject}{}{place}", if so { "在" } else { "不在" })
        }
        Cond::Deceased => (if so { "已去世" } else { "在世" }).to_owned(),
        Cond::PaidElsewhere => (if so { "在别处领取" } else { "没有在别处领取" }).to_owned(),
        Cond::Happened(kind, gate) => {
            let act = kind.kind().label.trim_end_matches("日期");
            let by = match gate {
                Gate::InMonth => "当月或以前",
                Gate::BeforeMonth => "在上月或以前",
            };
            if so { format!("{by}已{act}") } else { format!("还没有{act}，或{act}得晚") }
        }
    }
}

fn join(parts: &[Cond], so: bool, with: &str, issuer: &str, names: Names<'_>) -> String {
    let part = |part: &Cond| {
        let text = label(part, so, issuer, names);
        // “and” within “or”, and the other way round, would be read wrongly without.
        let joined = match part {
            Cond::All(parts) => parts.len() > 1,
            Cond::Any(parts) => parts.len() > 1 && one_of(parts).is_none(),
            _ => false,
        };
        if joined { format!("（{text}）") } else { text }
    };
    let all: Vec<String> = parts.iter().map(part).collect();
    all.join(with)
}

/// The term and the values of `term in [values]`.
fn one_of(parts: &[Cond]) -> Option<(&Term, Vec<&Term>)> {
    let mut subject = None;
    let mut values = Vec::new();
    for part in parts {
        let Cond::Compare(left, Op::Equal, right) = part else { return None };
        if *subject.get_or_insert(left) != left || matches!(right, Term::Fact(_) | Term::Age) {
            return None;
        }
        values.push(right);
    }
    Some((subject?, values)).filter(|(_, values)| values.len() > 1)
}

/// `能力等级是“中度失能”、“重度失能”或“完全失能”`
fn one_of_label(term: &Term, values: &[&Term], so: bool) -> String {
    let money = is_money(term);
    let all: Vec<String> = values.iter().map(|value| say_term(value, money)).collect();
    let (last, first) = all.split_last().expect("more than one");
    let or = if last.starts_with(' ') { " 或" } else { "或" };
    let values = format!("{}{or}{last}", first.join("、"));
    format!("{}{}{values}", say_term(term, money), if so { "是" } else { "不是" })
}

fn is_money(term: &Term) -> bool {
    matches!(term, Term::Fact(kind) if kind.kind().value_type == FactType::Fen)
}

fn say_term(term: &Term, money: bool) -> String {
    match term {
        Term::Age => "周岁".to_owned(),
        Term::Fact(kind) => kind.kind().label.to_owned(),
        Term::Int(number) if money => format!(" {} 元", yuan(Fen::new(*number))),
        Term::Int(number) => format!(" {number}"),
        Term::Day(day) => format!(" {}", day.chinese()),
        Term::Word(word) => format!("“{}”", word_chinese(word)),
    }
}

fn opposite(op: Op) -> Op {
    match op {
        Op::Less => Op::AtLeast,
        Op::AtMost => Op::More,
        Op::Equal => Op::Differs,
        Op::Differs => Op::Equal,
        Op::AtLeast => Op::Less,
        Op::More => Op::AtMost,
    }
}

fn mirrored(op: Op) -> Op {
    match op {
        Op::Less => Op::More,
        Op::AtMost => Op::AtLeast,
        Op::AtLeast => Op::AtMost,
        Op::More => Op::Less,
        same => same,
    }
}

fn age_label(op: Op, years: i64) -> String {
    match op {
        Op::AtLeast => format!("年满 {years} 周岁"),
        Op::More => format!("年满 {} 周岁", years.saturating_add(1)),
        Op::Less => format!("未满 {years} 周岁"),
        Op::AtMost => format!("未满 {} 周岁", years.saturating_add(1)),
        Op::Equal => format!("正好 {years} 周岁"),
        Op::Differs => format!("不是 {years} 周岁"),
    }
}

fn compare_label(left: &Term, op: Op, right: &Term) -> String {
    let money = is_money(left) || is_money(right);
    let of_days = |term: &Term| {
        matches!(term, Term::Day(_))
            || matches!(term, Term::Fact(kind) if kind.kind().value_type == FactType::Day)
    };
    let say = |term: &Term| say_term(term, money);
    let word = match (op, of_days(left) || of_days(right)) {
        (Op::Less, true) => "早于",
        (Op::AtMost, true) => "不晚于",
        (Op::AtLeast, true) => "不早于",
        (Op::More, true) => "晚于",
        (Op::Less, false) => "低于",
        (Op::AtMost, false) => "不高于",
        (Op::AtLeast, false) => "不低于",
        (Op::More, false) => "高于",
        (Op::Equal, _) => "是",
        (Op::Differs, _) => "不是",
    };
    format!("{}{word}{}", say(left).trim_start(), say(right))
}

/// What is known about a condition's subject.
pub(crate) fn finding(cond: &Cond, at: &At<'_>, names: Names<'_>) -> String {
    match cond {
        Cond::Constant(_) => String::new(),
        Cond::Not(inner) => finding(inner, at, names),
        Cond::All(_) | Cond::Any(_) => {
            let mut all = Vec::new();
            leaf_findings(cond, at, names, false, &mut all);
            all.join("；")
        }
        Cond::Known(_) => {
            let mut all = Vec::new();
            leaf_findings(cond, at, names, true, &mut all);
            if all.is_empty() { "没有这方面的记录".to_owned() } else { all.join("；") }
        }
        Cond::Compare(left, _, right) => {
            let all: Vec<String> =
                [left, right].into_iter().filter_map(|term| term_finding(term, at)).collect();
            all.join("；")
        }
        Cond::Flag(kind) => fact_finding(*kind, at, names),
        Cond::Within(kind, _) => match at.facts.on(*kind, at.reference) {
            Some(Value::Area(code)) => names(code),
            _ => unknown(*kind),
        },
        Cond::Deceased => death_finding(at),
        Cond::PaidElsewhere => elsewhere_finding(at),
        Cond::Happened(kind, _) => match at.facts.event(*kind) {
            Some(day) => format!("{}{}", day.chinese(), kind.kind().label.trim_end_matches("日期")),
            None => unknown(*kind),
        },
    }
}

/// What is known about each part, every finding once; within `known(…)` what is not known is not
/// worth a word.
fn leaf_findings(
    cond: &Cond,
    at: &At<'_>,
    names: Names<'_>,
    only_known: bool,
    all: &mut Vec<String>,
) {
    match cond {
        Cond::Not(inner) => leaf_findings(inner, at, names, only_known, all),
        Cond::Known(inner) => leaf_findings(inner, at, names, true, all),
        Cond::All(parts) | Cond::Any(parts) => {
            for part in parts {
                leaf_findings(part, at, names, only_known, all);
            }
        }
        leaf if only_known && leaf.truth(at) == Truth::Unknown => {}
        leaf => {
            let one = finding(leaf, at, names);
            if !one.is_empty() && !all.contains(&one) {
                all.push(one);
            }
        }
    }
}

fn unknown(kind: KindIx) -> String {
    format!("{}还不知道", kind.kind().label)
}

fn term_finding(term: &Term, at: &At<'_>) -> Option<String> {
    match term {
        Term::Age => Some(match at.facts.event(BIRTH_DATE) {
            Some(birth) => age_text(birth, at.age_day),
            None => unknown(BIRTH_DATE),
        }),
        Term::Fact(kind) => Some(fact_finding(*kind, at, &str::to_owned)),
        Term::Int(_) | Term::Day(_) | Term::Word(_) => None,
    }
}

fn fact_finding(kind: KindIx, at: &At<'_>, names: Names<'_>) -> String {
    let Some(value) = at.facts.on(kind, at.reference) else { return unknown(kind) };
    let label = kind.kind().label;
    match value {
        Value::Day(day) => format!("{label} {}", day.chinese()),
        Value::Bool(true) => format!("登记为{label}"),
        Value::Bool(false) => format!("没有登记为{label}"),
        Value::Int(number) => counted(label, *number, kind.kind().unit),
        Value::Fen(fen) => format!("{label}为 {} 元", yuan(*fen)),
        Value::Area(code) => format!("{label}为{}", names(code)),
        Value::Word(word) => format!("{label}为{}", word_chinese(word)),
        Value::Text(text) => format!("{label}为{text}"),
    }
}

/// `残疾等级为 2 级`; a unit may say what nought means: `级（0 为无残疾证）`.
fn counted(label: &str, number: i64, unit: &str) -> String {
    let (unit, note) = unit.split_once('（').unwrap_or((unit, ""));
    match note.strip_prefix("0 为").and_then(|note| note.strip_suffix('）')) {
        Some(nought) if number == 0 => nought.to_owned(),
        _ => format!("{label}为 {number} {unit}").trim_end().to_owned(),
    }
}

/// `满 80 岁 7 个月`.
fn age_text(birth: Day, on: Day) -> String {
    let years = on.full_years_since(birth);
    if years < 0 {
        return "还没有出生".to_owned();
    }
    let last_birthday = birth.plus_years(i16::try_from(years).unwrap_or(i16::MAX));
    let mut months = on.month().months_since(last_birthday.month());
    if on.day() < last_birthday.day() && on != on.month().last() {
        months -= 1;
    }
    match months {
        0 => format!("满 {years} 岁"),
        months => format!("满 {years} 岁 {months} 个月"),
    }
}

fn death_finding(at: &At<'_>) -> String {
    let died = at.facts.event(DEATH_DATE);
    let life = at.facts.newest_word(LIFE_STATE);
    // Dead by now, and yet alive for this month.
    let yet = if at.deceased() == Ok(false) { "，这个月仍算在世" } else { "" };
    match (life, died) {
        (Some("living"), None) => "没有死亡登记".to_owned(),
        (Some("living"), Some(day)) => format!("曾登记 {}去世，已查明在世", day.chinese()),
        (Some("contradicted"), Some(day)) => {
            format!("有登记说 {}去世，但之后还有活动痕迹，待核实", day.chinese())
        }
        (Some("contradicted"), None) => "死亡信息互相矛盾，待核实".to_owned(),
        (Some(word), Some(day)) => format!("{}去世，{}{yet}", day.chinese(), word_chinese(word)),
        (None, Some(day)) => format!("{}去世{yet}", day.chinese()),
        (Some(word), None) => format!("{}，死亡日期还不知道", word_chinese(word)),
        (None, None) => match at.deceased() {
            Err(_) => "户口已因死亡注销，死亡日期还不知道".to_owned(),
            Ok(_) => "没有死亡登记".to_owned(),
        },
    }
}

fn elsewhere_finding(at: &At<'_>) -> String {
    match (at.facts.event(PAID_ELSEWHERE_UNTIL), at.paid_elsewhere()) {
        (Some(until), Ok(_)) => format!("原户籍地发到 {}", until.month().chinese()),
        (Some(until), Err(_)) => {
            format!("证明说原户籍地发到 {}，但比对显示别处仍在发", until.month().chinese())
        }
        (None, Ok(true)) => "比对显示别处在发".to_owned(),
        (None, _) => "没有在别处领取的记录".to_owned(),
    }
}

/// The facts that a condition rests on, in its order.
pub(crate) fn rests_on(cond: &Cond, facts: &mut Vec<&'static str>) {
    let mut add = |kinds: &[KindIx]| {
        for kind in kinds {
            if !facts.contains(&kind.kind().id) {
                facts.push(kind.kind().id);
            }
        }
    };
    match cond {
        Cond::Constant(_) => {}
        Cond::Not(inner) | Cond::Known(inner) => rests_on(inner, facts),
        Cond::All(parts) | Cond::Any(parts) => {
            for part in parts {
                rests_on(part, facts);
            }
        }
        Cond::Compare(left, _, right) => {
            for term in [left, right] {
                match term {
                    Term::Age => add(&[BIRTH_DATE]),
                    Term::Fact(kind) => add(&[*kind]),
                    Term::Int(_) | Term::Day(_) | Term::Word(_) => {}
                }
            }
        }
        Cond::Flag(kind) | Cond::Within(kind, _) | Cond::Happened(kind, _) => add(&[*kind]),
        Cond::Deceased => add(&[LIFE_STATE, DEATH_DATE]),
        Cond::PaidElsewhere => add(&[RECEIVES_ELSEWHERE, PAID_ELSEWHERE_UNTIL]),
    }
}

/// What would make a true condition false (`so`), or a false one true.
pub(crate) fn change(cond: &Cond, so: bool, issuer: &str, stop: Option<Stop>) -> Option<String> {
    match cond {
        Cond::Not(inner) => change(inner, !so, issuer, stop),
        Cond::Within(kind, Place::Issuer) if *kind == HUKOU_AREA => {
            Some(format!("户籍迁{}{issuer}", if so { "出" } else { "入" }))
        }
        Cond::Deceased if so => Some("死亡登记经核实有误并更正".to_owned()),
        Cond::Deceased => Some(match stop {
            Some(Stop::EventMonthPaid) => "去世（当月照发，次月停发）".to_owned(),
            Some(Stop::EventMonthUnpaid) => "去世（当月起停发）".to_owned(),
            None => "去世".to_owned(),
        }),
        Cond::PaidElsewhere if so => Some("别处停发".to_owned()),
        Cond::PaidElsewhere => Some("查出在别处领取".to_owned()),
        Cond::Happened(kind, _) if !so => {
            Some(format!("办理{}", kind.kind().label.trim_end_matches("日期")))
        }
        // Age changes by itself (the explanation looks ahead month by month), and what has
        // happened stays so.
        Cond::Compare(Term::Age, ..)
        | Cond::Compare(_, _, Term::Age)
        | Cond::Constant(_)
        | Cond::Happened(..) => None,
        Cond::Compare(..)
        | Cond::Flag(_)
        | Cond::Within(..)
        | Cond::All(_)
        | Cond::Any(_)
        | Cond::Known(_) => {
            let mut facts = Vec::new();
            rests_on(cond, &mut facts);
            // Age changes by itself.
            let labels: Vec<&str> = facts
                .iter()
                .filter(|id| **id != BIRTH_DATE.kind().id)
                .filter_map(|id| crate::register::kind_of(id))
                .map(|kind| kind.label)
                .collect();
            (!labels.is_empty()).then(|| format!("{}有变化", labels.join("、")))
        }
    }
}

pub(crate) fn start(rule: Start) -> &'static str {
    match rule {
        Start::MonthOfAge => "满龄当月起",
        Start::MonthAfterAge => "满龄次月起",
        Start::MonthOfApplication => "申请当月起",
        Start::MonthAfterApplication => "申请次月起",
        Start::MonthAfterApproval => "审批次月起",
        Start::AgeAtYearEnd => "年龄按当年 12 月 31 日计",
        Start::MonthOfEligible => "符合条件当月起",
        Start::MonthAfterEligible => "符合条件次月起",
    }
}

pub(crate) fn stop(rule: Stop) -> &'static str {
    match rule {
        Stop::EventMonthPaid => "去世当月照发，次月停发",
        Stop::EventMonthUnpaid => "去世当月起停发",
    }
}

pub(crate) fn back_pay(rule: BackPay) -> String {
    match rule {
        BackPay::None => "以前月份不补发".to_owned(),
        BackPay::CurrentYear => "只补发当年的月份".to_owned(),
        BackPay::SinceEligible => "未及时发放的，从符合条件之月补发".to_owned(),
        BackPay::SinceDate(day) => format!("最早补发到 {}", day.month().chinese()),
        BackPay::Months(most) => format!("最多补发 {most} 个月"),
    }
}

/// How often, for a service; what is paid when and beside what, for cash.
pub(crate) fn terms(item: &Item) -> Vec<String> {
    let mut terms: Vec<String> = match item.form {
        Form::Elsewhere => return vec![format!("由{}办理", item.responsible)],
        Form::Service(service) => vec![every(service.every)],
        Form::Cash => due(item).into_iter().collect(),
    };
    if let Some(quota) = &item.pay.quota {
        terms.push(format!("以{}给付，{}", item.pay.given.chinese(), quota.chinese()));
    }
    if let Some(share) = &item.pay.share {
        terms.push(format!("资金由{}", share.chinese()));
    }
    terms.extend(item.excludes.iter().map(exclusion));
    terms
}

fn every(every: Every) -> String {
    match every {
        Every::Month => "每月一次".to_owned(),
        Every::Months(12) => "每年一次".to_owned(),
        Every::Months(months) => format!("每 {months} 个月一次"),
        Every::Once => "一次".to_owned(),
        Every::UntilDay(kind) => format!("到{}前重办", kind.kind().label.trim_end_matches('至')),
    }
}

/// `每年 10 月应发`; nothing for sums a month.
pub(crate) fn due(item: &Item) -> Option<String> {
    let due = item.pay.due_month;
    match item.per {
        Per::Month => None,
        Per::Once => Some("一次性发放".to_owned()),
        Per::Year => due.map(|month| format!("每年 {month} 月应发")),
        Per::Quarter | Per::HalfYear => {
            due.map(|month| format!("{}的第 {month} 个月应发", item.per.chinese()))
        }
    }
}

fn exclusion(exclusion: &Exclusion) -> String {
    let other = crate::register::kind_of(exclusion.kind).map_or(exclusion.kind, |it| it.label);
    let other = other.trim_start_matches("在发");
    match exclusion.choose {
        Choose::Higher => format!("不与{other}同时享受，按高的发"),
        Choose::This => format!("不与{other}同时享受，保留本项"),
        Choose::Other => format!("不与{other}同时享受，保留{other}"),
    }
}
