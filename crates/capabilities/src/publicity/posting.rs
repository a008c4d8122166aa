//! 张贴 and 撤下: the two acts about a sheet.

use access::{Actor, AuditEntry, record};
use axum::Extension;
use axum::extract::State;
use axum::response::Redirect;
use kernel::{AreaId, CaseId, Day, Effects, PersonId, Trouble};
use serde::Deserialize;
use webkit::{Answer, Failure, Field, FieldKind, Form, Posted};

use super::masked::{ItemName, MaskedLine, MaskedName, VillageName};
use super::period::Period;
use super::store::{self, NewPosting, Posting, Which};
use super::waiting::{self, Waiting};
use crate::links::{self, At};
use crate::{App, commit};

/// What the form of [`post`] says.
#[derive(Deserialize)]
pub(crate) struct Post {
    #[serde(default)]
    phone: String,
    #[serde(default)]
    posted_on: String,
}

/// The telephone that stood on the last sheet here; else that of the list.
pub(super) async fn last_phone(
    app: &App,
    tx: &mut db::Tx,
    area: AreaId,
) -> Result<String, Trouble> {
    let today = app.now().day();
    let sheets = store::postings(tx.conn(), &Which::default(), today, (1, 0)).await?;
    if let Some(sheet) = sheets.into_iter().next() {
        return Ok(sheet.phone);
    }
    let list = app.list_for(area, today.month());
    Ok(list.and_then(|list| list.head.phone.clone()).unwrap_or_default())
}

/// 张贴: everything that waits in the actor's area, one sheet for each village.
pub(crate) async fn post(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    Posted(said): Posted<Post>,
) -> Answer<Redirect> {
    let back = |trouble: Trouble| {
        Failure::from(trouble)
            .typed("异议电话", &said.phone)
            .typed("张贴日期", &said.posted_on)
            .back("回到公示", links::publicity::postings())
    };
    post_all(&app, &actor, &said).await.map_err(back)?;
    Ok(Redirect::to(links::publicity::postings_in("running").as_str()))
}

async fn post_all(app: &App, actor: &Actor, said: &Post) -> Result<(), Trouble> {
    let (phone, posted_on) = (phone(&said.phone)?, posted_on(app, &said.posted_on)?);
    let mut tx = app.db().begin(&actor.scope).await?;
    waiting::lock(app, &mut tx, actor.area).await?;
    let (waits, _) = waiting::waiting(app, &mut tx).await?;
    if waits.is_empty() {
        return Err(Trouble::Conflict("没有待张贴的公示，可能另一人刚刚张贴了。".to_owned()));
    }
    let mut villages = 0;
    for (area, here) in waiting::by_area(&waits) {
        post_one(app, &mut tx, actor, (area, &here), (posted_on, &phone)).await?;
        villages += 1;
    }
    let note = format!("{villages} 个村，{} 人", waits.len());
    let entry = AuditEntry::new(actor, app.now(), "张贴公示", format!("area/{}", actor.area));
    record(tx.conn(), &entry.note(note)).await?;
    tx.commit().await
}

async fn post_one(
    app: &App,
    tx: &mut db::Tx,
    actor: &Actor,
    (area, here): (AreaId, &[&Waiting<'_>]),
    (posted_on, phone): (Day, &str),
) -> Result<(), Trouble> {
    let areas = app.areas();
    let node = areas.node(area).ok_or(Trouble::NotFound)?;
    // Items with different periods hang together for the longest one.
    let days = here.iter().filter_map(|it| it.item.review.publicity_days).max();
    let Some(days) = days.filter(|days| *days > 0) else {
        return Err(Trouble::refused(
            format!("清单没有写{}要公示多少天，不能张贴。", here[0].item.name),
            "请清单管理员在项目的审核规定里写明公示天数。",
        ));
    };
    let lines: Vec<(MaskedLine, PersonId, CaseId)> = here
        .iter()
        .map(|it| {
            let line = MaskedLine {
                name: MaskedName::of(&it.name),
                village: VillageName::of(node),
                item: ItemName::of(it.item),
                monthly_fen: it.monthly_fen,
                arrears: it.arrears,
            };
            (line, it.person, it.case)
        })
        .collect();
    let new = NewPosting {
        area,
        area_pos: node.lo,
        period: Period::from(posted_on, days),
        period_days: days,
        phone,
        note: "",
        by: actor.account,
        at: app.now(),
    };
    store::insert(tx.conn(), &new, &lines).await.map(drop)
}

fn phone(typed: &str) -> Result<String, Trouble> {
    let typed = typed.trim();
    let digits = typed.chars().filter(char::is_ascii_digit).count();
    let plain = typed.chars().all(|sign| sign.is_ascii_digit() || "-—（）() 转".contains(sign));
    // 5: a hotline; 16: an area code, a number and an extension. A resident number has 18.
    if (5..=16).contains(&digits) && plain {
        return Ok(typed.to_owned());
    }
    Err(Trouble::refused(
        "公示单上要有能打通的异议电话。",
        "请写座机或者热线号码，如 0990-6000000。",
    ))
}

/// The furthest back that a sheet may have been put up before it is entered.
const ENTERED_WITHIN_DAYS: i64 = 3;

fn posted_on(app: &App, typed: &str) -> Result<Day, Trouble> {
    let today = app.now().day();
    let day: Day = typed.trim().parse().map_err(|fault: kernel::DayError| {
        Trouble::refused(fault.to_string(), "请写张贴的那一天。")
    })?;
    if day > today || today.days_since(day) > ENTERED_WITHIN_DAYS {
        return Err(Trouble::refused(
            format!("张贴日期 {day} 不对：只能是今天或者前 {ENTERED_WITHIN_DAYS} 天。"),
            "请写公示单实际贴出去的那一天。",
        ));
    }
    Ok(day)
}

/// The form of [`take_down`]: sends `on`, `hand` and, while the period runs, `reason`.
pub(super) fn take_down_form(it: &Posting, actor: &Actor, today: Day) -> Form {
    let early = !it.period().is_over(today);
    let label = if early { "提前撤下" } else { "登记撤下" };
    let form = Form::new(links::publicity::posting_part(it.id, "take-down"), &actor.csrf, label)
        .field(Field::new("on", "撤下日期", FieldKind::Day).value(today.to_string()))
        .field(
            Field::new("hand", "谁撤下的", FieldKind::Text("off"))
                .hint("与公示单上的撤下人签名一致。"),
        );
    if !early {
        return form.main();
    }
    form.field(
        Field::new("reason", "为什么提前撤下", FieldKind::Lines)
            .hint("公示期还没有满。提前撤下的不算公示过，名单上的申领要重新张贴。"),
    )
}

/// What the form of [`take_down`] says.
#[derive(Deserialize)]
pub(crate) struct TakeDown {
    #[serde(default)]
    on: String,
    #[serde(default)]
    hand: String,
    #[serde(default)]
    reason: String,
}

/// 撤下
pub(crate) async fn take_down(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(id): At<i64>,
    Posted(said): Posted<TakeDown>,
) -> Answer<Redirect> {
    let here = links::publicity::posting(id);
    let back = |trouble: Trouble| {
        Failure::from(trouble)
            .typed("谁撤下的", &said.hand)
            .typed("为什么提前撤下", &said.reason)
            .back("回到公示单", here.clone())
    };
    take_one_down(&app, &actor, id, &said).await.map_err(back)?;
    Ok(Redirect::to(here.as_str()))
}

async fn take_one_down(app: &App, actor: &Actor, id: i64, said: &TakeDown) -> Result<(), Trouble> {
    let today = app.now().day();
    let mut tx = app.db().begin(&actor.scope).await?;
    let it = super::pages::find(app, &mut tx, id).await?;
    let on: Day = said.on.trim().parse().map_err(|fault: kernel::DayError| {
        Trouble::refused(fault.to_string(), "请写撤下的那一天。")
    })?;
    if on > today || on < it.posted_on {
        return Err(Trouble::refused(
            format!("撤下日期 {on} 不对：张贴是 {}，今天是 {today}。", it.posted_on),
            "请写公示单实际撤下的那一天。",
        ));
    }
    let (hand, reason) = (said.hand.trim(), said.reason.trim());
    if hand.is_empty() {
        return Err(Trouble::refused("还没有写谁撤下的。", "请写公示单上的撤下人。"));
    }
    let early = on <= it.last_day;
    if early && reason.is_empty() {
        return Err(Trouble::refused(
            format!("公示期到 {}，还没有满，提前撤下要写原因。", it.last_day.chinese()),
            "期满以后再撤，或者写明为什么提前撤下；提前撤下的要重新公示。",
        ));
    }
    let note =
        if early { format!("{hand}撤下，提前：{reason}") } else { format!("{hand}撤下") };
    let area_pos = app.areas().node(it.area).map_or(0, |node| node.lo);
    let signed = (actor.account, app.now());
    if !store::insert_act(tx.conn(), id, ("taken_down", on, &note), area_pos, signed).await? {
        return Err(Trouble::Conflict("这张公示单另一人已经登记撤下。".to_owned()));
    }
    store::end(tx.conn(), id, on).await?;
    let effects =
        if early { Effects::default() } else { waiting::over(app, &mut tx, Some(id)).await? };
    commit(tx, actor, app.now(), &effects, "撤下公示", format!("posting/{id}"), &note).await
}
