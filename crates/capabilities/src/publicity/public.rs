//! 公示栏: what hangs, for everybody. Nothing is told but the masked lines, and only while the
//! period runs: a sheet that is over gets the same answer as one that never was.

use axum::extract::{Query, State};
use axum::response::{AppendHeaders, IntoResponse, Response};
use http::{HeaderName, header};
use kernel::{AreaId, AreaLevel, Trouble};
use serde::Deserialize;
use webkit::{Answer, Assets, Call, Link, MenuItem, Open, Page};

use super::sheet;
use super::store;
use super::views::{NoticePage, NoticesPage};
use crate::App;
use crate::links::{self, At};

/// Whose sheets are asked for.
#[derive(Default, Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    area: String,
}

/// No search engine keeps a name, and no cache shows it after its time.
fn unkept(page: impl IntoResponse) -> Response {
    let robots = HeaderName::from_static("x-robots-tag");
    let headers =
        [(robots, "noindex, nofollow, noarchive, nosnippet"), (header::CACHE_CONTROL, "no-store")];
    (AppendHeaders(headers), page).into_response()
}

/// Everything that hangs in an area: by its code, or the only county there is.
pub(crate) async fn all(State(app): State<App>, Query(asked): Query<Asked>) -> Answer<Response> {
    let areas = app.areas();
    let place = if asked.area.is_empty() {
        areas.iter().find(|node| node.level == AreaLevel::County).or_else(|| areas.iter().next())
    } else {
        areas.with_code(&asked.area)
    };
    let place = place.ok_or(Trouble::NotFound)?;
    let mut tx = app.db().begin_unscoped().await?;
    let hanging = store::open(tx.conn(), None, (place.lo, place.hi), app.now().day()).await?;
    let notices = hanging.iter().map(|it| {
        let link = Link::new(areas.spoken(it.area), links::publicity::notice(it.id));
        (link, format!("{} 人，到 {}", it.lines, it.last_day.chinese_short()))
    });
    Ok(unkept(Page::new(NoticesPage {
        open: open(&app, place.id, hanging.first().map_or("", |it| it.phone.as_str())),
        heading: format!("{}正在公示的名单", areas.spoken(place.id)),
        notices: notices.collect(),
    })))
}

/// One sheet.
pub(crate) async fn one(State(app): State<App>, At(posting): At<i64>) -> Answer<Response> {
    let mut tx = app.db().begin_unscoped().await?;
    let everywhere = (0, i32::MAX);
    let hanging = store::open(tx.conn(), Some(posting), everywhere, app.now().day()).await?;
    let it = hanging.into_iter().next().ok_or(Trouble::NotFound)?;
    let lines = store::lines(tx.conn(), it.id).await?.into_iter().map(|(_, line)| line).collect();
    let areas = app.areas();
    let county = areas.at_level(it.area, AreaLevel::County);
    Ok(unkept(Page::new(NoticePage {
        open: open(&app, it.area, &it.phone),
        sheet: sheet::sheet(&areas, (it.area, it.period(), &it.phone), lines),
        all: links::publicity::notices(county.map_or("", |node| node.code.as_str())),
    })))
}

/// The frame of the open pages, with the telephone of the sheet.
fn open(app: &App, area: AreaId, phone: &str) -> Open {
    let areas = app.areas();
    let county = areas.at_level(area, AreaLevel::County).or_else(|| areas.node(area));
    let (code, name) = county.map_or(("", ""), |node| (node.code.as_str(), node.name.as_str()));
    let item = |text: &str, href, current| MenuItem {
        link: Link::new(text, href),
        count: String::new(),
        current,
    };
    let call = match phone {
        "" => Call {
            who: format!("{name}民政局"),
            number: "12345".to_owned(),
            note: "这是政务服务便民热线，接通后说要找民政局。".to_owned(),
        },
        phone => {
            let who = sheet::issuer(&areas, area);
            Call { who, number: phone.to_owned(), note: String::new() }
        }
    };
    Open {
        title: format!("{name}养老服务"),
        assets: Assets::default(),
        home: links::public_of("", code),
        menu: vec![
            item("清单", links::public_of("", code), false),
            item("看看能不能享受", links::public_of("check", code), false),
            item("公示", links::publicity::notices(code), true),
            item("帮助", links::public_of("help", code), false),
        ],
        call,
        staff: Link::new("工作人员登录", links::today()),
    }
}
