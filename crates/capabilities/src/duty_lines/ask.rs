use access::Actor;
use duties::{Filter, Order};
use kernel::{AreaId, Day, Role, Trouble};
use serde::Deserialize;
use webkit::Href;

use crate::{App, duty_kind};

/// Days within which a deadline is near.
const NEAR_DAYS: i64 = 7;

/// What the address says about the list.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Ask {
    pub(crate) kind: Option<String>,
    pub(crate) cause: Option<String>,
    pub(crate) item: Option<String>,
    pub(crate) due: Option<String>,
    pub(crate) owner: Option<String>,
    pub(crate) area: Option<String>,
    pub(crate) order: Option<String>,
    #[serde(default)]
    pub(crate) page: u32,
}

impl Ask {
    /// Whether anything is asked for.
    pub(crate) fn is_some(&self) -> bool {
        self.fields().iter().any(|(_, value)| value.is_some()) || self.page > 0
    }

    pub(crate) fn fields(&self) -> [(&'static str, &Option<String>); 7] {
        [
            ("kind", &self.kind),
            ("cause", &self.cause),
            ("item", &self.item),
            ("due", &self.due),
            ("owner", &self.owner),
            ("area", &self.area),
            ("order", &self.order),
        ]
    }

    /// What the statements filter by. An area that lies outside of the reader's is not found.
    pub(crate) fn filter(&self, app: &App, actor: &Actor) -> Result<Filter, Trouble> {
        let today = app.now().day();
        Ok(Filter {
            kind: self.kind.clone(),
            cause_code: self.cause.clone(),
            item: self.item.clone(),
            due_by: self.due.as_ref().map(|_| today),
            owner_role: self.owner.as_deref().and_then(Role::from_code),
            area: match self.area(app, actor)? {
                Some(area) => app.areas().node(area).map(|node| (node.lo, node.hi)),
                None => None,
            },
            who: None,
            order: self.order(today),
        })
    }

    pub(crate) fn area(&self, app: &App, actor: &Actor) -> Result<Option<AreaId>, Trouble> {
        let Some(text) = &self.area else { return Ok(None) };
        let area: AreaId = text.parse().map_err(|_| Trouble::NotFound)?;
        match app.areas().within(area, actor.area) {
            Some(true) => Ok(Some(area)),
            _ => Err(Trouble::NotFound),
        }
    }

    fn order(&self, today: Day) -> Order {
        match self.order.as_deref() {
            Some("money") => Order::Money,
            Some("age") => Order::Age,
            Some("waiting") => Order::Waiting,
            Some("due") => Order::Due,
            _ => urgent(today),
        }
    }

    pub(crate) fn href(&self, base: Href) -> Href {
        let given = self.fields().into_iter();
        given
            .filter_map(|(name, value)| Some((name, value.as_ref()?)))
            .fold(base, |href, (name, value)| href.query(name, value))
    }

    pub(crate) fn ordered(&self, order: &str) -> Self {
        let order = (!order.is_empty()).then(|| order.to_owned());
        Self { order, page: 0, ..self.clone() }
    }

    /// The filter and the order in words, as they stand above the list and on what leaves.
    pub(crate) fn words(&self, app: &App, actor: &Actor) -> String {
        let mut words = self.filter_words(app, actor);
        if words.is_empty() {
            words.push("全部待办".to_owned());
        }
        words.push(self.order_words().to_owned());
        words.join("，")
    }

    fn filter_words(&self, app: &App, actor: &Actor) -> Vec<String> {
        let mut words = Vec::new();
        if let Some(kind) = self.kind.as_deref().and_then(duty_kind) {
            words.push(kind.label.to_owned());
        }
        if let Some(item) = &self.item {
            let list = app.list_for(actor.area, app.now().day().month());
            let item = list.and_then(|list| list.item(item));
            words.extend(item.map(|item| item.name.clone()));
        }
        if let Some(cause) = &self.cause {
            words.push(cause_words(cause));
        }
        if self.due.is_some() {
            words.push("已到期".to_owned());
        }
        if let Some(role) = self.owner.as_deref().and_then(Role::from_code) {
            words.push(format!("由{}办理", role.chinese()));
        }
        if let Ok(Some(area)) = self.area(app, actor) {
            words.push(app.areas().spoken(area));
        }
        words
    }

    fn order_words(&self) -> &'static str {
        match self.order.as_deref() {
            Some("money") => "涉及金额多的在前",
            Some("age") => "年龄大的在前",
            Some("waiting") => "等得久的在前",
            Some("due") => "期限近的在前",
            _ => "先到期的、再金额多的、再年龄大的在前",
        }
    }
}

/// 先急后重: what is due, what is due within a week, the rest; within each by money, then age.
pub(crate) fn urgent(today: Day) -> Order {
    Order::Urgent(today, today.plus_days(NEAR_DAYS))
}

/// The bureau's words for a cause that a list is filtered by.
fn cause_words(cause: &str) -> String {
    if let Some(age) = cause.strip_prefix("age_") {
        return format!("满 {age} 周岁");
    }
    match cause {
        "newly_entitled" => "本月起符合",
        "entitled_before" => "早已符合",
        "paid_after" => "去世后已发",
        "stop_in_time" => "从本月停发，不用追回",
        "new_low_income_disabled" => "还没有评估过",
        "lapsed" => "到期，没有在发",
        "lapsed_while_paid" => "到期，补贴还在发",
        "alone" => "独居",
        "empty_nest" => "空巢",
        "left_behind" => "留守",
        _ => "其中一类缘由",
    }
    .to_owned()
}
