//! 差异一览: every finding of the area in groups, the money first; each number opens to its people.

use access::Actor;
use duties::DutyKind;
use findings::kinds::{
    ACCOUNT_MISSING, AFTER_DEATH, ASSESSMENT_DUE, CLASS_CHANGE, CONTRADICTED, EXCLUSIVE,
    FACT_MISSING, NO_TRACE, NOT_DEREGISTERED, NOT_ENTITLED, SERVICE_DUE, SHARED_ACCOUNT, SOON,
    TWO_COUNTIES, UNCLAIMED, VISIT_DUE,
};
use findings::{NOTICE_DAYS, award_kind, lines_of_age};
use kernel::Fen;
use policy::{Form, Item};
use webkit::{Chip, Href, Tone};

use super::views::{Card, CountLine};
use crate::App;
use crate::duty_lines::{Tallies, by_kind};
use crate::list_words::yuan;

/// A kind as a line of a card.
struct Lines<'a> {
    tallies: &'a Tallies,
    lines: Vec<CountLine>,
}

impl<'a> Lines<'a> {
    fn of(tallies: &'a Tallies) -> Self {
        Self { tallies, lines: Vec::new() }
    }

    fn push(&mut self, text: impl Into<String>, count: u64, href: Href) {
        if count > 0 {
            self.lines.push(CountLine { text: text.into(), count, href });
        }
    }

    fn kind(mut self, kind: &DutyKind, text: impl Into<String>) -> Self {
        self.push(text, self.tallies.kind(kind), by_kind(kind));
        self
    }

    fn cause(mut self, kind: &DutyKind, cause: &str, text: impl Into<String>) -> Self {
        let count = self.tallies.count(|it| it.kind == kind.id && it.cause_code == cause);
        self.push(text, count, by_kind(kind).query("cause", cause));
        self
    }

    fn item_cause(mut self, kind: &DutyKind, item: &Item, cause: &str, text: String) -> Self {
        let count = self.tallies.count(|it| {
            it.kind == kind.id && it.cause_code == cause && it.item.as_ref() == Some(&item.id)
        });
        self.push(text, count, by_kind(kind).query("item", &item.id).query("cause", cause));
        self
    }

    fn card(self, heading: &str, empty: &str) -> Card {
        Card {
            heading: heading.to_owned(),
            chip: None,
            people: None,
            lines: self.lines,
            empty: empty.to_owned(),
        }
    }
}

/// All groups. Those of money are always there; the others when something is in them.
pub(super) fn cards(app: &App, actor: &Actor, tallies: &Tallies) -> Vec<Card> {
    let today = app.now().day();
    let last_month = today.month().plus(-1).number();
    let items: Vec<&Item> = app
        .paid_items(actor.area, today.month())
        .into_iter()
        .filter(|item| item.form == Form::Cash && award_kind(item).is_some())
        .collect();
    let mut cards = vec![unclaimed(tallies, &items, last_month), not_owed(tallies)];
    let others =
        [leads(tallies), assessments(tallies), visits(tallies), ahead(tallies, &items, last_month)];
    cards.extend(others.into_iter().filter(|card| !card.lines.is_empty()));
    cards
}

fn money(sum: Fen, words: &str, tone: Tone) -> Option<Chip> {
    (sum > Fen::ZERO).then(|| Chip::new(tone, format!("{words} {} 元", yuan(sum))))
}

fn unclaimed(tallies: &Tallies, items: &[&Item], last_month: i8) -> Card {
    let mut lines = Lines::of(tallies);
    for item in items {
        let (new, older) = match first_age(item) {
            Some(age) => (
                format!("{last_month} 月满 {age} 周岁，尚未申请{}", item.name),
                format!("早已满 {age} 周岁，从未领{}", item.name),
            ),
            None => (
                format!("本月起符合{}，尚未申请", item.name),
                format!("早已符合{}，从未领取", item.name),
            ),
        };
        lines = lines.item_cause(&UNCLAIMED, item, "newly_entitled", new).item_cause(
            &UNCLAIMED,
            item,
            "entitled_before",
            older,
        );
    }
    let lines = lines
        .kind(&ACCOUNT_MISSING, "应享，没有收款账户")
        .kind(&FACT_MISSING, "还差一项事实才能认定");
    Card {
        chip: money(tallies.monthly(&[&UNCLAIMED]), "每月少发", Tone::Bad),
        people: Some((tallies.kind(&UNCLAIMED), by_kind(&UNCLAIMED))),
        ..lines.card("应享未享", "没有发现应享未享。")
    }
}

/// The age from which an item is for everybody, when nothing but age and register decide.
fn first_age(item: &Item) -> Option<i32> {
    let classed = item.bands.iter().any(|band| band.age_from != item.bands[0].age_from);
    if classed { lines_of_age(item).into_iter().min() } else { None }
}

fn not_owed(tallies: &Tallies) -> Card {
    let after = tallies.count(|it| it.kind == AFTER_DEATH.id && it.cause_code == "paid_after");
    let text = match after {
        0 => "已去世，仍在册".to_owned(),
        after => format!("已去世，仍在册（其中 {after} 人去世后已发）"),
    };
    let overpaid = tallies.0.iter().filter(|it| it.kind == AFTER_DEATH.id).map(|it| it.amount_fen);
    let (dead, living) = (tallies.kind(&AFTER_DEATH), tallies.kind(&NOT_ENTITLED));
    let door = by_kind(if dead >= living { &AFTER_DEATH } else { &NOT_ENTITLED });
    Card {
        chip: money(overpaid.sum(), "已多发", Tone::Bad),
        people: Some((dead + living, door)),
        ..Lines::of(tallies)
            .kind(&AFTER_DEATH, text)
            .kind(&NOT_ENTITLED, "不符合条件，仍在册")
            .card("不应享而享", "没有发现不应享而享。")
    }
}

fn leads(tallies: &Tallies) -> Card {
    let sum = tallies.monthly(&[&TWO_COUNTIES, &EXCLUSIVE]);
    Card {
        chip: money(sum, "每月重复", Tone::Bad),
        ..Lines::of(tallies)
            .kind(&CONTRADICTED, "死亡信息相互矛盾")
            .kind(&TWO_COUNTIES, "两地重复领取")
            .kind(&EXCLUSIVE, "两项待遇互斥，应择高")
            .kind(&SHARED_ACCOUNT, "无关的人共用账户")
            .kind(&NO_TRACE, "在发，久无生存痕迹")
            .kind(&NOT_DEREGISTERED, "已火化或报告死亡，公安未销户")
            .card("待核线索", "没有待核的线索。")
    }
}

fn assessments(tallies: &Tallies) -> Card {
    let sum = tallies.monthly(&[&ASSESSMENT_DUE]);
    Card {
        chip: money(sum, "每月在发", Tone::Wait),
        ..Lines::of(tallies)
            .cause(&ASSESSMENT_DUE, "new_low_income_disabled", "低收入、重残，还没有评估过")
            .cause(&ASSESSMENT_DUE, "lapsed_while_paid", "评估到期，护理补贴还在发")
            .cause(&ASSESSMENT_DUE, "lapsed", "评估到期，没有在发的补贴")
            .card("评估", "没有到期的评估。")
    }
}

fn visits(tallies: &Tallies) -> Card {
    let visits = tallies.kind(&VISIT_DUE);
    Card {
        people: (visits > 0).then(|| (visits, by_kind(&VISIT_DUE))),
        ..Lines::of(tallies)
            .cause(&VISIT_DUE, "alone", "独居")
            .cause(&VISIT_DUE, "empty_nest", "空巢")
            .cause(&VISIT_DUE, "left_behind", "留守")
            .cause(&VISIT_DUE, "other", "失能、重残或计生特殊家庭")
            .kind(&SERVICE_DUE, "其他到期服务")
            .card("本月待探访", "本月都探访过了。")
    }
}

fn ahead(tallies: &Tallies, items: &[&Item], last_month: i8) -> Card {
    let ages: Vec<i32> = items.iter().flat_map(|item| lines_of_age(item)).collect();
    let mut seen = Vec::new();
    let mut lines = Lines::of(tallies);
    for age in ages {
        if !seen.contains(&age) {
            seen.push(age);
            let code = format!("age_{age}");
            lines = lines.cause(&SOON, &code, format!("{NOTICE_DAYS} 天内满 {age} 周岁")).cause(
                &CLASS_CHANGE,
                &code,
                format!("{last_month} 月满 {age} 周岁，档次变化"),
            );
        }
    }
    lines
        .cause(&CLASS_CHANGE, "other", "金额与清单不符")
        .card("将到与调整", "没有将到龄的，也没有要调整的。")
}
