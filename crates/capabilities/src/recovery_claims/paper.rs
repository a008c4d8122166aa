//! 追缴通知书 and 还款协议, on paper. The name of who repays is filled in; a telephone number or a
//! resident number stands on neither.

use access::Actor;
use axum::Extension;
use axum::extract::State;
use facts::people::PersonCard;
use findings::Paid;
use kernel::{AreaLevel, CaseId, Day, Trouble};
use webkit::{Answer, Link, Page};

use super::views::NoticePaper;
use crate::claiming::{CONTACT, Claim, Instalment, store};
use crate::links::At;
use crate::runs::item_name;
use crate::{App, links, shell};

/// What both papers say.
pub(crate) struct Demand {
    /// 受理编号
    pub(crate) number: i64,
    /// Whose money it was.
    pub(crate) elder: String,
    /// Who repays, as far as noted.
    pub(crate) debtor: Option<(String, String)>,
    /// Item.
    pub(crate) item: String,
    /// Why.
    pub(crate) cause: String,
    /// 去世日期
    pub(crate) died_on: Option<Day>,
    /// The months.
    pub(crate) months: Vec<Paid>,
    /// 应追
    pub(crate) total: kernel::Fen,
    /// 尚未追回
    pub(crate) left: kernel::Fen,
    /// Last day to answer.
    pub(crate) answer_by: Option<Day>,
    /// The plan that holds.
    pub(crate) plan: Vec<Instalment>,
    /// Who issues it.
    pub(crate) issuer: String,
}

/// A claim for the papers, if it lies in the scope.
pub(crate) async fn demand(app: &App, actor: &Actor, id: CaseId) -> Result<Demand, Trouble> {
    let (claim, card) = with_card(app, actor, id).await?;
    let mut tx = app.db().begin(&actor.scope).await?;
    let months = store::months(tx.conn(), id).await?;
    let plan = store::instalments(tx.conn(), id).await?;
    let contact = store::contact(tx.conn(), id).await?;
    let days = access::setting(tx.conn(), "recovery_notice_working_days").await?;
    drop(tx);
    let days = days.map_or(Ok(10), |text| text.parse()).map_err(Trouble::fault)?;
    let areas = app.areas();
    let county = areas.at_level(card.area, AreaLevel::County).map_or("", |node| &node.name);
    let debtor = match contact {
        Some((relation, sealed)) => {
            let clear = app.vault().open_text(CONTACT, &sealed)?;
            Some((clear.lines().next().unwrap_or_default().to_owned(), relation))
        }
        None => None,
    };
    let Claim { case, recovery, .. } = &claim;
    Ok(Demand {
        number: case.number,
        elder: card.name.clone(),
        debtor,
        item: item_name(app, &recovery.item),
        cause: recovery.cause.clone(),
        died_on: recovery.died_on,
        months,
        total: recovery.total,
        left: claim.balance().left(),
        answer_by: Some(app.calendar().due(app.now().day(), days)?),
        plan,
        issuer: format!("{county}民政局"),
    })
}

/// A claim by its id for the papers, with its card.
async fn with_card(app: &App, actor: &Actor, id: CaseId) -> Result<(Claim, PersonCard), Trouble> {
    let mut tx = app.db().begin(&actor.scope).await?;
    let claim = Claim::of(&mut tx, id).await?;
    let card = facts::people::card(tx.conn(), claim.recovery.person).await?;
    Ok((claim, card))
}

fn months(demand: &Demand) -> Vec<(String, String, String)> {
    let row = |paid: &Paid| {
        let by = if paid.by_us { "当月发放清册" } else { "当月发放名册" };
        (paid.month.chinese(), paid.amount_fen.to_string(), by.to_owned())
    };
    demand.months.iter().map(row).collect()
}

fn sheet(app: &App, actor: &Actor, id: CaseId, demand: &Demand) -> NoticePaper {
    NoticePaper {
        paper: shell::paper(app, actor, Link::new("回到这件追缴", links::recoveries::claim(id))),
        title: String::new(),
        number: demand.number.to_string(),
        to: match &demand.debtor {
            Some((name, relation)) => format!("{name}（{}的{relation}）", demand.elder),
            None => format!("{}的家属", demand.elder),
        },
        body: Vec::new(),
        months: months(demand),
        total: demand.total.to_string(),
        capitals: demand.total.capitals(),
        plan: Vec::new(),
        after: Vec::new(),
        signs: Vec::new(),
        issuer: demand.issuer.clone(),
        day: app.now().day().chinese(),
    }
}

/// 追缴通知书
pub(super) async fn notice(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(id): At<CaseId>,
) -> Answer<Page<NoticePaper>> {
    let demand = demand(&app, &actor, id).await?;
    let died = demand.died_on.map(|day| format!("于 {}去世，", day.chinese()));
    let by = demand.answer_by.map_or_else(String::new, |day| format!("{}前", day.chinese()));
    Ok(Page::new(NoticePaper {
        title: "追缴通知书".to_owned(),
        body: vec![format!(
            "{}{}{}{}。经核对，下列月份不应发放，共多发 {} 个月、{} 元，现予追缴。",
            demand.elder,
            died.unwrap_or_default(),
            demand.item,
            demand.cause,
            demand.months.len(),
            demand.total
        )],
        after: vec![
            format!("请在 {by}将尚未退还的 {} 元退回原发放账户，或到民政部门窗口办理；一次退还有困难的，可以商定分期退还。", demand.left),
            "对多发的认定有不同意见的，可以在收到本通知后向本局提出，请本局核对并答复；也可以依法申请行政复议或者提起行政诉讼。".to_owned(),
            "退款账户：＿＿＿＿＿＿＿＿＿＿＿＿　联系电话：＿＿＿＿＿＿＿＿＿＿".to_owned(),
        ],
        signs: ["送达人：", "签收人：", "签收日期：　　年　　月　　日"].map(ToOwned::to_owned).into(),
        ..sheet(&app, &actor, id, &demand)
    }))
}

/// 还款协议
pub(super) async fn agreement(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(id): At<CaseId>,
) -> Answer<Page<NoticePaper>> {
    let demand = demand(&app, &actor, id).await?;
    if demand.plan.is_empty() {
        return Err(Trouble::NotFound.into());
    }
    let plan = (1..).zip(&demand.plan).map(|(no, it): (u32, _)| {
        (format!("第 {no} 期"), it.due_on.chinese(), it.amount.to_string())
    });
    Ok(Page::new(NoticePaper {
        title: "还款协议".to_owned(),
        body: vec![format!(
            "{}{}，多发 {} 个月、{} 元（{}）。退款人与{}商定按下列期次退还。",
            demand.item,
            demand.cause,
            demand.months.len(),
            demand.total,
            demand.total.capitals(),
            demand.issuer
        )],
        plan: plan.collect(),
        after: vec![
            "退款人可以提前退还。到期没有退还的，本局依法继续追缴。本协议一式两份，双方各执一份。"
                .to_owned(),
        ],
        signs: ["经办人：", "退款人（签名、指印）：", "日期：　　年　　月　　日"]
            .map(ToOwned::to_owned)
            .into(),
        ..sheet(&app, &actor, id, &demand)
    }))
}
