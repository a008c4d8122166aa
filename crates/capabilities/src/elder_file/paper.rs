//! 一页告知: one sheet in large print that an elder is given or read to.

use access::{Actor, AreaTree};
use axum::Extension;
use axum::extract::State;
use findings::standings::Standing;
use kernel::{AreaId, AreaLevel, Day, FactValue, Fen, Life, PersonId, Trouble};
use policy::{Review, Step};
use webkit::{Answer, Failure, Link, Page};

use super::pages;
use super::views::{NoticeBenefit, NoticePaper};
use crate::links::At;
use crate::{App, links, shell};

/// No register of telephone numbers yet: the line is filled in by hand.
const BY_HAND: &str = "电话：＿＿＿＿＿＿＿＿＿＿";

pub(super) async fn notice(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(person): At<PersonId>,
) -> Answer<Page<NoticePaper>> {
    let file = pages::open(&app, &actor, person).await?;
    let card = &file.card;
    let back = || Link::new("回到档案", links::elder(person));
    if card.life != Life::Living {
        let refusal = Trouble::refused(
            format!("这位老人的状态是“{}”，现在不打印告知。", card.life.chinese()),
            "请先核实是否在世。",
        );
        return Err(Failure::from(refusal).back("回到档案", links::elder(person)));
    }
    let (areas, today) = (app.areas(), app.now().day());
    let standings = file.standings(&app, today)?;
    let due: Vec<&Standing<'_>> =
        standings.iter().filter(|it| it.could_get(today) && it.due().is_some()).collect();
    let issuer = format!("{}民政局", level_name(&areas, card.area, AreaLevel::County));
    let village = areas.node(card.area).map_or("", |node| &node.name);
    Ok(Page::new(NoticePaper {
        paper: shell::paper(&app, &actor, back()),
        to: format!("{} 老人家", card.name),
        heading: heading(&due),
        gets: standings.iter().filter_map(|it| got(it, today)).collect(),
        could_get: due.iter().map(|it| could_get(it)).collect(),
        stopped: standings.iter().filter_map(|it| stopped(it, today)).collect(),
        next_steps: next_steps(&due, village),
        contact: format!("{village}养老专干"),
        telephone: BY_HAND.to_owned(),
        objection: format!(
            "对上面写的有不同意见，可以向{}或者{issuer}提出，请他们核对并答复您。",
            level_name(&areas, card.area, AreaLevel::Township)
        ),
        issuer,
        day: today.chinese(),
    }))
}

/// The name of the area's county or town; its own name where there is none above.
fn level_name(areas: &AreaTree, area: AreaId, level: AreaLevel) -> String {
    let node = areas.at_level(area, level).or_else(|| areas.node(area));
    node.map_or(String::new(), |node| node.name.clone())
}

fn heading(due: &[&Standing<'_>]) -> String {
    let names: Vec<&str> = due.iter().map(|it| it.item.name.as_str()).collect();
    if names.is_empty() {
        return "您的养老服务待遇".to_owned();
    }
    format!("您可以领取{}", names.join("、"))
}

/// `40 元`: a sum as people say it.
fn yuan(fen: Fen) -> String {
    let text = fen.to_string();
    format!("{} 元", text.strip_suffix(".00").unwrap_or(&text))
}

/// `每月 40 元`
fn monthly(fen: Fen) -> String {
    format!("每月 {}", yuan(fen))
}

fn got(standing: &Standing<'_>, today: Day) -> Option<NoticeBenefit> {
    let award = standing.gets(today)?;
    let amount = match award.value {
        FactValue::Fen(fen) => monthly(fen),
        _ => String::new(),
    };
    Some(NoticeBenefit {
        item: standing.item.name.clone(),
        amount,
        sentence: format!("从 {}起发给您。", award.valid_from.month().chinese()),
    })
}

fn could_get(standing: &Standing<'_>) -> NoticeBenefit {
    let owed = match standing.arrears.len() {
        0 => String::new(),
        months => {
            format!("以前没有领的 {months} 个月一起补，共 {}。", yuan(standing.arrears_fen()))
        }
    };
    NoticeBenefit {
        item: standing.item.name.clone(),
        amount: standing.due().map_or(String::new(), monthly),
        sentence: format!("{}{owed}", standing.explanation.sentence),
    }
}

fn stopped(standing: &Standing<'_>, today: Day) -> Option<NoticeBenefit> {
    let (_, on) = standing.stopped(today)?;
    Some(NoticeBenefit {
        item: standing.item.name.clone(),
        amount: String::new(),
        sentence: format!("从 {}起不再发放。", on.chinese()),
    })
}

/// What the elder does, and what happens then, as the item's review and pay say.
fn next_steps(due: &[&Standing<'_>], village: &str) -> Vec<String> {
    let mut steps = Vec::new();
    for standing in due {
        let (item, review) = (&standing.item, &standing.item.review);
        steps.push(format!("愿意领{}的，告诉{village}养老专干，由他帮您申请。", item.name));
        steps.extend(then(review));
        steps.push(format!("批准后发给{}。", item.pay.to));
    }
    if steps.is_empty() {
        steps.push(format!("情况有变化的，比如搬家、换卡，请告诉{village}养老专干。"));
    }
    steps.push("办理不收费。".to_owned());
    steps
}

fn then(review: &Review) -> Option<String> {
    let within = |days: Option<u16>| days.map_or(String::new(), |d| format!("（{d} 个工作日内）"));
    let mut steps: Vec<String> = Vec::new();
    for step in &review.route {
        steps.push(match step {
            Step::Village => format!("村里上门或打电话联系{}", within(review.contact_working_days)),
            Step::Township => format!("乡镇审核{}", within(review.review_working_days)),
            Step::Publicity => format!("公示 {} 天", review.publicity_days.unwrap_or(0)),
            Step::County => format!("县里审批{}", within(review.approval_working_days)),
        });
    }
    (!steps.is_empty()).then(|| format!("然后{}。", steps.join("，")))
}
