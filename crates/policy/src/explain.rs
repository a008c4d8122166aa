use std::fmt;

use kernel::{Citation, Day, Fen, Month};

use crate::area::AreaTree;
use crate::condition::Truth;
use crate::facts::Facts;
use crate::list::{Band, Form, Item};
use crate::raw::{Assumption, Per, Start};
use crate::register::{BIRTH_DATE, DEATH_DATE, LIFE_STATE, kind_of};
use crate::say::{self, Names, yuan};
use crate::source::Basis;
use crate::verdict::{Period, Verdict, evaluate, judge, top_ups};

/// 为什么: a verdict with everything that it rests on, in plain Chinese.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// The verdict itself.
    pub verdict: Verdict,
    /// The verdict in one sentence.
    pub sentence: String,
    /// 逐条依据, in the list's order.
    pub conditions: Vec<ConditionLine>,
    /// 金额怎么来的
    pub amounts: Vec<AmountLine>,
    /// `松河县基本养老服务清单（第 4 版）第 4 项　高龄津贴`.
    pub list: String,
    /// Start, stop and back pay, one phrase each.
    pub rules: Vec<String>,
    /// 规定出处
    pub basis: Vec<Basis>,
    /// 假定: what the texts leave open.
    pub assumptions: Vec<Assumption>,
    /// 什么会改变结论
    pub changes: Vec<String>,
}

/// One condition as judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConditionLine {
    /// ✓, ✗ or ?
    pub truth: Truth,
    /// What is asked: `年满 80 周岁`.
    pub asked: String,
    /// What is known: `满 80 岁 7 个月`.
    pub found: String,
    /// Ids of the facts that it rests on; the caller adds their file and row.
    pub facts: Vec<&'static str>,
    /// What is said when it is false: `未满 80 周岁`.
    pub opposite: String,
}

/// A part of the amount.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AmountLine {
    /// `80—89 周岁档（2019 年 1 月起的标准）`.
    pub text: String,
    /// Ids of the facts that choose the band, besides the age.
    pub facts: Vec<&'static str>,
    /// For a month, or for as long as the item's sums are.
    pub amount: Fen,
    /// `元/月`
    pub unit: &'static str,
}

/// For the terminal: every part under its heading.
impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.sentence)?;
        if !self.conditions.is_empty() {
            writeln!(f, "\n逐条依据")?;
        }
        for line in &self.conditions {
            writeln!(f, "  {} {}", line.mark(), line.text())?;
        }
        if !self.amounts.is_empty() {
            writeln!(f, "\n金额怎么来的")?;
        }
        for line in &self.amounts {
            writeln!(f, "  {}  {} {}", line.text, line.amount, line.unit)?;
        }
        writeln!(f, "\n规定出处\n  {}", self.list)?;
        if !self.rules.is_empty() {
            writeln!(f, "  {}", self.rules.join("；"))?;
        }
        for basis in &self.basis {
            let number = basis.number.as_ref().map_or(String::new(), |it| format!("（{it}）"));
            let Citation { clause, says, .. } = &basis.citation;
            let mark = basis.confidence.chinese();
            writeln!(f, "  《{}》{number}{clause}：{says} · {mark}", basis.title)?;
        }
        if !self.assumptions.is_empty() {
            writeln!(f, "\n文件没有写明、暂按此办的")?;
        }
        for assumption in &self.assumptions {
            writeln!(f, "  {} · {}", assumption.text, assumption.confidence.chinese())?;
        }
        if self.changes.is_empty() {
            return Ok(());
        }
        write!(f, "\n什么会改变结论\n  {}", self.changes.join("；"))
    }
}

impl ConditionLine {
    /// ✓ ✗ ?
    pub fn mark(&self) -> char {
        match self.truth {
            Truth::True => '✓',
            Truth::False => '✗',
            Truth::Unknown => '?',
        }
    }

    /// `年满 80 周岁：满 80 岁 7 个月`; when false it begins with the opposite.
    pub fn text(&self) -> String {
        let begin = if self.truth == Truth::False { &self.opposite } else { &self.asked };
        if self.found.is_empty() { begin.clone() } else { format!("{begin}：{}", self.found) }
    }
}

/// How far ahead an explanation looks for the next change, in months.
const LOOK_AHEAD: i32 = 30 * 12;

/// Judges one person in one month and says why. `names` tells the name of an area by its code.
pub fn explain(
    item: &Item,
    facts: &Facts,
    month: Month,
    areas: &dyn AreaTree,
    names: &dyn Fn(&str) -> String,
) -> Explanation {
    let verdict = evaluate(item, facts, month, areas);
    let conditions = condition_lines(item, facts, month, areas, names);
    let case = Case { item, facts, month, areas, verdict: &verdict, conditions: &conditions };
    let head = &item.list;
    Explanation {
        sentence: case.sentence(),
        amounts: case.amounts(),
        changes: case.changes(),
        list: format!("{}（{}）第 {} 项　{}", head.title, head.edition, item.no, item.name),
        rules: rules(item),
        basis: item.basis.clone(),
        assumptions: item.assumptions.clone(),
        conditions,
        verdict,
    }
}

fn rules(item: &Item) -> Vec<String> {
    let mut rules = say::terms(item);
    if item.no_application {
        rules.insert(0, "免申即享，不用申请".to_owned());
    }
    if item.is_judged() {
        rules.insert(0, say::start(item.time.start).to_owned());
    }
    if item.is_judged() && item.form == Form::Cash && !item.amount_is_local() {
        rules.insert(1, say::stop(item.time.stop).to_owned());
        rules.insert(2, say::back_pay(item.time.back_pay));
    }
    rules
}

fn condition_lines(
    item: &Item,
    facts: &Facts,
    month: Month,
    areas: &dyn AreaTree,
    names: Names<'_>,
) -> Vec<ConditionLine> {
    let at = item.at(facts, month, areas);
    let issuer = &item.list.issuer_name;
    let line = |cond| {
        let mut facts = Vec::new();
        say::rests_on(cond, &mut facts);
        ConditionLine {
            truth: cond.truth(&at),
            asked: say::label(cond, true, issuer, names),
            opposite: say::label(cond, false, issuer, names),
            found: say::finding(cond, &at, names),
            facts,
        }
    };
    item.conditions.iter().map(line).collect()
}

struct Case<'a> {
    item: &'a Item,
    facts: &'a Facts,
    month: Month,
    areas: &'a dyn AreaTree,
    verdict: &'a Verdict,
    conditions: &'a [ConditionLine],
}

/// Whether the birthday is what a sum begins with: always for a band of an age, else when it
/// began in the month of the birthday or the next.
fn begins_by(band: &Band, birthday: Day, since: Option<Month>) -> bool {
    let born = birthday.month();
    band.label.is_none() || since.is_some_and(|since| since == born || since == born.next())
}

impl Case<'_> {
    fn in_month(&self, month: Month) -> Verdict {
        evaluate(self.item, self.facts, month, self.areas)
    }

    fn sentence(&self) -> String {
        let month = self.month.chinese();
        match self.verdict {
            Verdict::Entitled { .. } => match self.band() {
                Some(band) => self.sum_sentence(band),
                None => self.right_sentence(),
            },
            Verdict::NotEntitled(failed) => {
                let mut why: Vec<String> = failed
                    .conditions()
                    .filter_map(|at| self.conditions.get(at))
                    .map(|line| match line.found.as_str() {
                        "" => line.opposite.clone(),
                        found => format!("{}（{found}）", line.opposite),
                    })
                    .collect();
                if failed.no_band() {
                    why.push("不属于清单的任何一档".to_owned());
                }
                if failed.ended() {
                    why.push("这一档的标准已经停止执行".to_owned());
                }
                format!("{month}不符合：{}。", why.join("；"))
            }
            Verdict::Unknown(needs) => {
                let needs: Vec<String> = needs
                    .iter()
                    .filter_map(|id| kind_of(id))
                    .map(|kind| format!("{}（{}）", kind.label, kind.source_department))
                    .collect();
                format!("{month}还不能判定，要先查明：{}。", needs.join("、"))
            }
            Verdict::NotEncoded(period) => self.silence_sentence(*period),
        }
    }

    /// Why nothing can be said for the month.
    fn silence_sentence(&self, period: Period) -> String {
        let (item, month) = (self.item, self.month.chinese());
        match (item.is_judged(), item.form, period.to) {
            (false, Form::Elsewhere, _) => {
                format!("{}由{}办理，本系统不作认定。", item.name, item.responsible)
            }
            (false, ..) => {
                let place = &item.list.issuer_name;
                format!(
                    "{place}的清单把{}的具体对象和标准留给下级规定，在这里不能判定。",
                    item.name
                )
            }
            (true, _, Some(to)) => {
                format!("{month}的规定没有录入（从 {}起才有），不能判定。", to.chinese())
            }
            (true, _, None) => format!("{month}已过清单的有效期，不能判定。"),
        }
    }

    /// A sum: since when, how much, and when it is due unless it is every month.
    fn sum_sentence(&self, band: &Band) -> String {
        let since = self.since();
        let from = since.map_or(String::new(), |since| format!("从 {}起", since.chinese()));
        let sum = self.whole_sum();
        let due = say::due(self.item).map_or(String::new(), |due| format!("，{due}"));
        let channel = band.channel.as_ref().map_or(String::new(), |it| format!("，经{it}发放"));
        let per = self.item.per.chinese();
        let money = format!("{from}{per} {} 元{due}{channel}。", yuan(sum));
        match self.birthday(band).filter(|day| begins_by(band, *day, since)) {
            Some(day) => format!("{}满 {} 周岁，{money}", day.chinese(), band.age_from),
            None => money,
        }
    }

    /// A right without a sum of this list.
    fn right_sentence(&self) -> String {
        let month = self.month.chinese();
        if self.item.amount_is_local() {
            format!("{month}符合，标准由下级清单规定。")
        } else {
            format!("{month}符合：{}。由{}办理。", self.item.content, self.item.responsible)
        }
    }

    /// The band that the person is in.
    fn band(&self) -> Option<&Band> {
        let Verdict::Entitled { band, .. } = self.verdict else { return None };
        self.item.bands.get(*band)
    }

    /// The sum as if it were due now.
    fn whole_sum(&self) -> Fen {
        judge(self.item, self.facts, self.month, self.areas).amount()
    }

    /// Whether two months say the same: for sums that are not due every month, the right counts.
    fn same(&self, verdict: &Verdict) -> bool {
        let is_right = |verdict: &Verdict| matches!(verdict, Verdict::Entitled { .. });
        match self.item.per {
            Per::Month => verdict == self.verdict,
            _ => is_right(verdict) == is_right(self.verdict),
        }
    }

    /// Since when the same amount is due without a break; none when that is as far back as the
    /// list is encoded, because the text before it may have said the same.
    fn since(&self) -> Option<Month> {
        let first_encoded = self.item.encoded_from();
        let mut since = self.month;
        while since > first_encoded && self.same(&self.in_month(since.plus(-1))) {
            since = since.plus(-1);
        }
        (since > first_encoded).then_some(since)
    }

    fn birthday(&self, band: &Band) -> Option<Day> {
        let birth = self.facts.event(BIRTH_DATE).filter(|_| band.age_from > 0)?;
        let years = i16::try_from(band.age_from).ok()?;
        (self.item.time.start != Start::AgeAtYearEnd).then(|| birth.plus_years(years))
    }

    fn amounts(&self) -> Vec<AmountLine> {
        let Some(band) = self.band() else { return Vec::new() };
        let at = self.item.at(self.facts, self.month, self.areas);
        let more = top_ups(self.item, &at, self.month).unwrap_or_default();
        let added: Fen = more.iter().map(|(_, fen)| *fen).sum();
        let first = self.whole_sum().checked_sub(added).unwrap_or(Fen::ZERO);
        let lines = std::iter::once((band, first, "档"))
            .chain(more.into_iter().map(|(band, fen)| (band, fen, "")));
        lines.map(|(band, amount, word)| self.amount_line(band, amount, word)).collect()
    }

    fn amount_line(&self, band: &Band, amount: Fen, word: &str) -> AmountLine {
        let first = self.month.first();
        let since = band.amounts.iter().rev().find(|(from, _)| *from <= first);
        let since = since
            .map_or(String::new(), |(from, _)| format!("（{}起的标准）", from.month().chinese()));
        let formula = band.formulas.iter().rev().find(|(from, _)| *from <= first);
        let formula = formula.map_or(String::new(), |(_, formula)| format!("：{formula}"));
        let at = self.item.at(self.facts, self.month, self.areas);
        let mut facts = Vec::new();
        band.who.iter().for_each(|cond| say::rests_on(cond, &mut facts));
        let why: Vec<String> =
            band.who.iter().map(|cond| say::finding(cond, &at, &str::to_owned)).collect();
        let why = if why.is_empty() { String::new() } else { format!("，{}", why.join("；")) };
        let text = format!("{}{word}{since}{formula}{why}", band.name());
        AmountLine { text, facts, amount, unit: self.item.per.unit() }
    }

    fn changes(&self) -> Vec<String> {
        let so = matches!(self.verdict, Verdict::Entitled { .. });
        let issuer = &self.item.list.issuer_name;
        let stop = (!self.item.bands.is_empty()).then_some(self.item.time.stop);
        let dying = self.facts.event(DEATH_DATE).is_some()
            && self.facts.newest_word(LIFE_STATE) != Some("living");
        match self.verdict {
            Verdict::NotEncoded(_) if !self.item.is_judged() => Vec::new(),
            Verdict::NotEncoded(_) => vec!["录入这个月的规定".to_owned()],
            Verdict::Unknown(needs) => needs
                .iter()
                .filter_map(|id| kind_of(id))
                .map(|kind| format!("查明{}", kind.label))
                .collect(),
            Verdict::Entitled { .. } | Verdict::NotEntitled(_) => {
                let both = self.item.conditions.iter().zip(self.conditions);
                let mut all: Vec<String> = both
                    .filter(|(_, line)| (line.truth == Truth::True) == so)
                    // A known death does not happen again: the look-ahead finds its month.
                    .filter(|(cond, _)| !(so && dying && cond.is_living()))
                    .filter_map(|(cond, _)| say::change(cond, so, issuer, stop))
                    .collect();
                for cond in self.band().iter().flat_map(|band| &band.who) {
                    let change = say::change(cond, so, issuer, stop);
                    all.extend(change.filter(|change| !all.contains(change)));
                }
                all.extend(self.next());
                all
            }
        }
    }

    /// The next change that comes by itself, with everything known staying as it is.
    fn next(&self) -> Option<String> {
        let later = (1..=LOOK_AHEAD).map(|later| self.month.plus(later));
        let mut changed = later.map(|month| (month, self.in_month(month)));
        let (month, verdict) = changed.find(|(_, verdict)| !self.same(verdict))?;
        let Verdict::Entitled { band, .. } = verdict else {
            let stops = matches!(self.verdict, Verdict::Entitled { .. });
            return stops.then(|| format!("从 {}起{}", month.chinese(), verdict.chinese()));
        };
        let Some(band) = self.item.bands.get(band) else {
            return Some(format!("从 {}起符合", month.chinese()));
        };
        let sum = judge(self.item, self.facts, month, self.areas).amount();
        let per = self.item.per.chinese();
        let money = format!("从 {}起{per} {} 元", month.chinese(), yuan(sum));
        // Say the birthday only when it is what changes the verdict.
        let entered = self.birthday(band).filter(|day| *day > self.month.first().plus_days(-1));
        Some(match entered {
            Some(day) => format!("{}满 {} 周岁，{money}", day.chinese(), band.age_from),
            None => money,
        })
    }
}
