use duties::{Duty, DutyKind};
use facts::people::PersonCard;
use findings::kinds::{
    ACCOUNT_MISSING, AFTER_DEATH, ASSESSMENT_DUE, CLASS_CHANGE, EXCLUSIVE, FACT_MISSING, NO_TRACE,
    NOT_DEREGISTERED, NOT_ENTITLED, SERVICE_DUE, SHARED_ACCOUNT, SOON, TWO_COUNTIES, UNCLAIMED,
    VISIT_DUE,
};
use kernel::{Fen, Trouble};
use webkit::{Chip, Column, Line, Link, Sort, Tone};

use crate::{App, duty_kind, links, words};

/// A line of the list of duties.
#[derive(Clone, Debug)]
pub struct DutyRow {
    /// Name, leading to 依据.
    pub elder: Link,
    /// Such as 女 80 岁 · 云溪镇溪尾村 · 独居.
    pub about: String,
    /// 事项
    pub kind: Chip,
    /// 缘由
    pub cause: String,
    /// 下一步
    pub next_step: String,
    /// 谁办
    pub owner: String,
    /// 涉及金额, such as 补发 280.00; — when there is none.
    pub amount: String,
    /// Such as 还有 3 天; today and overdue in red.
    pub due: Chip,
    /// Such as 已等 5 天; empty on the first day.
    pub waiting: String,
}

/// How the columns of a list of duties are sorted.
#[derive(Clone, Debug)]
pub struct DutyOrders {
    /// 年龄
    pub age: Sort,
    /// 涉及金额
    pub money: Sort,
    /// 期限
    pub due: Sort,
}

/// The columns of a list of duties, sorted where it can be.
pub(crate) fn columns(sorts: Option<&DutyOrders>) -> Vec<Column> {
    let sorted = |column: Column, by: fn(&DutyOrders) -> &Sort| match sorts {
        Some(sorts) => column.sort(by(sorts).clone()),
        None => column,
    };
    vec![
        sorted(Column::short("老人"), |sorts| &sorts.age),
        Column::new("事项与缘由"),
        Column::new("下一步"),
        Column::short("谁办"),
        sorted(Column::sum("涉及金额"), |sorts| &sorts.money),
        sorted(Column::short("期限"), |sorts| &sorts.due),
    ]
}

impl DutyRow {
    pub(crate) fn cells(&self) -> Vec<Line> {
        let due = match self.due.tone {
            Tone::Plain => Line::from(self.due.text.as_str()),
            _ => Line::from(self.due.clone()),
        };
        vec![
            Line::from(self.elder.clone()).small(self.about.as_str()),
            Line::from(self.kind.clone()).text(self.cause.as_str()),
            self.next_step.as_str().into(),
            self.owner.as_str().into(),
            self.amount.as_str().into(),
            if self.waiting.is_empty() { due } else { due.small(self.waiting.as_str()) },
        ]
    }
}

/// Rows of the list, each with the card of its person.
pub(crate) async fn rows(
    app: &App,
    tx: &mut db::Tx,
    duties: &[Duty],
) -> Result<Vec<DutyRow>, Trouble> {
    let people: Vec<_> = duties.iter().map(|duty| duty.person).collect();
    let cards = facts::people::cards(tx.conn(), &people).await?;
    let of = |duty: &Duty| cards.iter().find(|card| card.id == duty.person);
    Ok(duties.iter().filter_map(|duty| Some(row(app, duty, of(duty)?))).collect())
}

fn row(app: &App, duty: &Duty, card: &PersonCard) -> DutyRow {
    let today = app.now().day();
    let areas = app.areas();
    let kind = duty_kind(&duty.kind);
    DutyRow {
        elder: Link::new(card.name.clone(), links::duty(duty.id)),
        about: format!("{} · {}", card.sex_and_age(today), areas.spoken(card.area)),
        kind: chip(duty),
        cause: duty.cause.clone(),
        next_step: kind.map_or_else(String::new, |kind| kind.next_step.to_owned()),
        owner: owner(app, duty),
        amount: amount(duty),
        due: words::due_chip(duty.due_on, today),
        waiting: match today.days_since(duty.opened_on) {
            days @ 1.. => format!("已等 {days} 天"),
            _ => String::new(),
        },
    }
}

/// Whose desk it is on: `上坪村 养老专干`.
pub(crate) fn owner(app: &App, duty: &Duty) -> String {
    let areas = app.areas();
    let area = areas.node(duty.owner_area).map_or("", |node| node.name.as_str());
    let role = duty.owner_role.chinese();
    format!("{area} {}", role.strip_prefix("村级").unwrap_or(role))
}

/// The kind of a duty in its colour.
pub(crate) fn chip(duty: &Duty) -> Chip {
    let label = duty_kind(&duty.kind).map_or("", |kind| kind.label);
    Chip::new(tone(&duty.kind), label)
}

/// What is at stake, in a few words.
pub(crate) fn amount(duty: &Duty) -> String {
    let nothing = Fen::ZERO;
    match duty.kind.as_str() {
        kind if kind == UNCLAIMED.id && duty.amount_fen != nothing => {
            format!("补发 {}", duty.amount_fen)
        }
        kind if kind == AFTER_DEATH.id && duty.amount_fen != nothing => {
            format!("追回 {}", duty.amount_fen)
        }
        kind if kind == AFTER_DEATH.id || kind == NOT_ENTITLED.id => {
            format!("停发 {}/月", duty.monthly_fen)
        }
        kind if kind == TWO_COUNTIES.id || kind == EXCLUSIVE.id => {
            format!("重复 {}/月", duty.monthly_fen)
        }
        kind if [&SHARED_ACCOUNT, &NO_TRACE, &ASSESSMENT_DUE].iter().any(|it| it.id == kind)
            && duty.monthly_fen != nothing =>
        {
            format!("在发 {}/月", duty.monthly_fen)
        }
        _ if duty.monthly_fen == nothing => "—".to_owned(),
        _ if duty.monthly_fen > nothing => format!("+{}/月", duty.monthly_fen),
        _ => format!("{}/月", duty.monthly_fen),
    }
}

/// The colour of a kind: red where somebody is harmed, amber where somebody is waited for.
pub(crate) fn tone(kind: &str) -> Tone {
    let is = |kinds: &[&DutyKind]| kinds.iter().any(|it| it.id == kind);
    if is(&[&NOT_DEREGISTERED, &FACT_MISSING, &ACCOUNT_MISSING, &ASSESSMENT_DUE, &NO_TRACE]) {
        Tone::Wait
    } else if is(&[&CLASS_CHANGE]) {
        Tone::Ok
    } else if is(&[&SOON, &VISIT_DUE, &SERVICE_DUE]) {
        Tone::Info
    } else {
        Tone::Bad
    }
}
