//! 公示单 on paper, and the trace of its prints.

use access::{Actor, AreaTree};
use axum::Extension;
use axum::extract::State;
use axum::response::Redirect;
use kernel::{AreaId, AreaLevel, Day, Fen, Trouble};
use serde::Deserialize;
use webkit::{Answer, Link, Page, Posted};

use super::masked::MaskedLine;
use super::period::{Period, yuan};
use super::store::{self, Posting, Which};
use super::views::{Sheet, SheetPaper};
use crate::links::{self, At};
use crate::{App, print_trace, shell};

/// The form's stored word in the trace of prints.
pub(super) const FORM: &str = "公示单";

/// As many sheets as are printed at once.
const SHEETS: i64 = 200;

/// A form with nothing to say.
#[derive(Deserialize)]
pub(crate) struct Nothing {}

/// What the trace of prints calls a sheet.
pub(super) fn object(posting: i64) -> String {
    format!("posting/{posting}")
}

/// `云溪镇人民政府`, `城关街道办事处`: who posts in a village.
pub(super) fn issuer(areas: &AreaTree, area: AreaId) -> String {
    let town = areas.at_level(area, AreaLevel::Township).or_else(|| areas.node(area));
    let name = town.map_or("", |node| node.name.as_str());
    match name {
        street if street.ends_with("街道") => format!("{street}办事处"),
        town => format!("{town}人民政府"),
    }
}

/// The sheet as everybody may read it.
pub(super) fn sheet(
    areas: &AreaTree,
    (area, period, phone): (AreaId, Period, &str),
    lines: Vec<MaskedLine>,
) -> Sheet {
    let village = areas.spoken(area);
    let town = areas.at_level(area, AreaLevel::Township).map_or("", |node| node.name.as_str());
    let monthly: Fen = lines.iter().map(|line| line.monthly_fen).sum();
    let arrears: Fen = lines.iter().filter_map(|line| line.arrears).map(|(_, fen)| fen).sum();
    let also = if arrears == Fen::ZERO {
        String::new()
    } else {
        format!("，补发合计 {}", yuan(arrears))
    };
    Sheet {
        heading: format!("{village}养老服务待遇公示"),
        sentence: format!(
            "经审核，下列老人拟享受所列待遇，现予公示。公示期 {}（{} 天，当天不计）。",
            period.chinese(),
            period.last_day.days_since(period.posted_on)
        ),
        objection: format!(
            "对名单有不同意见的，请在公示期内向村（社区）或者{town}提出，可以打电话，也可以当面说。受理后会核实并答复。"
        ),
        phone: phone.to_owned(),
        total: format!("共 {} 人，每月合计 {}{also}。", lines.len(), yuan(monthly)),
        lines,
        issuer: issuer(areas, area),
        day: period.posted_on.chinese(),
        printed: String::new(),
    }
}

async fn of(app: &App, tx: &mut db::Tx, it: &Posting) -> Result<Sheet, Trouble> {
    let lines = store::lines(tx.conn(), it.id).await?.into_iter().map(|(_, line)| line).collect();
    let prints = print_trace::prints(tx, &object(it.id), FORM).await?;
    let mut sheet = sheet(&app.areas(), (it.area, it.period(), &it.phone), lines);
    sheet.printed = prints.first().map_or_else(
        || "还没有登记打印。要张贴的，请回到上一页点“打印公示单”。".to_owned(),
        print_trace::Print::chinese,
    );
    Ok(sheet)
}

/// One sheet on paper.
pub(crate) async fn one(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(posting): At<i64>,
) -> Answer<Page<SheetPaper>> {
    let mut tx = app.db().begin(&actor.scope).await?;
    let it = super::pages::find(&app, &mut tx, posting).await?;
    let sheets = vec![of(&app, &mut tx, &it).await?];
    let back = Link::new("回到公示单", links::publicity::posting(posting));
    Ok(Page::new(SheetPaper { paper: shell::paper(&app, &actor, back), sheets }))
}

/// All that hangs, on paper.
pub(crate) async fn all(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
) -> Answer<Page<SheetPaper>> {
    let mut tx = app.db().begin(&actor.scope).await?;
    let mut sheets = Vec::new();
    for it in running(&app, &mut tx).await? {
        sheets.push(of(&app, &mut tx, &it).await?);
    }
    let back = Link::new("回到公示", links::publicity::postings());
    Ok(Page::new(SheetPaper { paper: shell::paper(&app, &actor, back), sheets }))
}

async fn running(app: &App, tx: &mut db::Tx) -> Result<Vec<Posting>, Trouble> {
    let which = Which { state: Some("running"), ..Which::default() };
    store::postings(tx.conn(), &which, today(app), (SHEETS, 0)).await
}

fn today(app: &App) -> Day {
    app.now().day()
}

/// Notes one print of a sheet, and shows it.
pub(crate) async fn print(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(posting): At<i64>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Answer<Redirect> {
    let mut tx = app.db().begin(&actor.scope).await?;
    let it = super::pages::find(&app, &mut tx, posting).await?;
    print_trace::note(&app, &mut tx, &actor, &object(it.id), FORM, it.area).await?;
    tx.commit().await?;
    Ok(Redirect::to(links::publicity::posting_part(posting, "sheet").as_str()))
}

/// Notes one print of everything that hangs, and shows it.
pub(crate) async fn print_all(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Answer<Redirect> {
    let mut tx = app.db().begin(&actor.scope).await?;
    for it in running(&app, &mut tx).await? {
        print_trace::note(&app, &mut tx, &actor, &object(it.id), FORM, it.area).await?;
    }
    tx.commit().await?;
    Ok(Redirect::to(links::publicity::postings_part("sheets").as_str()))
}
