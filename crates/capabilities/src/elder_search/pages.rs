//! 找老人: what is looked for is sent and not written into an address, but for an area.

use access::Actor;
use axum::Extension;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use facts::people::{self, Find, PersonCard};
use kernel::{AreaId, Trouble};
use serde::Deserialize;
use webkit::{Answer, Link, Page, Pager, Posted};

use super::views::{FoundRow, SearchPage, search_form};
use crate::{App, links, shell, words};

/// Elders on a page of a village.
const PAGE: u64 = 50;
/// Elders shown for a name: who gets more is asked to write more of it.
const MOST: i64 = 50;

/// What a page of an area is asked by.
#[derive(Deserialize)]
pub(super) struct Asked {
    area: Option<String>,
    page: Option<String>,
}

/// What the search form sends.
#[derive(Deserialize)]
pub(super) struct Typed {
    q: String,
}

pub(super) async fn search(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    Query(asked): Query<Asked>,
) -> Answer<Page<SearchPage>> {
    let Some(area) = asked.area else {
        return Ok(Page::new(search_page(&app, &actor, "").await?));
    };
    let area: AreaId = area.parse().map_err(|_| Trouble::NotFound)?;
    let page = asked.page.and_then(|page| page.parse().ok()).unwrap_or(1).max(1);
    Ok(Page::new(area_page(&app, &actor, area, page).await?))
}

async fn search_page(app: &App, actor: &Actor, typed: &str) -> Result<SearchPage, Trouble> {
    let mut shell = shell::shell(app, actor, &links::search()).await?;
    if let Some(search) = &mut shell.search {
        typed.clone_into(&mut search.text);
    }
    Ok(SearchPage {
        shell,
        form: search_form(links::search(), &actor.csrf, typed),
        asked: String::new(),
        found: Vec::new(),
        pager: None,
    })
}

async fn area_page(
    app: &App,
    actor: &Actor,
    area: AreaId,
    page: u64,
) -> Result<SearchPage, Trouble> {
    let areas = app.areas();
    if areas.within(area, actor.area) != Some(true) {
        return Err(Trouble::NotFound);
    }
    let before = (page - 1).saturating_mul(PAGE);
    let offset = i64::try_from(before).map_err(|_| Trouble::NotFound)?;
    let limit = i64::try_from(PAGE).map_err(Trouble::fault)?;
    let mut tx = app.db().begin(&actor.scope).await?;
    let node = areas.node(area).ok_or(Trouble::NotFound)?;
    let of = people::count_in(tx.conn(), node.lo, node.hi).await?;
    let of = u64::try_from(of).map_err(Trouble::fault)?;
    let cards =
        people::find(tx.conn(), app.vault(), &areas, &Find::Area(area), limit, offset).await?;
    drop(tx);
    let to = before + u64::try_from(cards.len()).map_err(Trouble::fault)?;
    let mut shown = search_page(app, actor, &areas.spoken(area)).await?;
    shown.asked = format!("户籍在{}的老人，共 {of} 人", areas.spoken(area));
    shown.found = rows(app, actor, &cards).await?;
    shown.pager = (of > PAGE).then(|| Pager {
        from: before + 1,
        to,
        of,
        previous: (page > 1).then(|| links::search_area(area, page - 1)),
        next: (to < of).then(|| links::search_area(area, page + 1)),
    });
    Ok(shown)
}

pub(super) async fn find(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    Posted(typed): Posted<Typed>,
) -> Answer<Response> {
    let areas = app.areas();
    let typed = typed.q.trim();
    let Some(what) = Find::parse(typed, &areas, actor.area) else {
        if typed.is_empty() {
            return Ok(Redirect::to(links::search().as_str()).into_response());
        }
        let mut shown = search_page(&app, &actor, typed).await?;
        "这不像姓名、拼音首字母、身份证号或村（社区）的名称".clone_into(&mut shown.asked);
        return Ok(Page::new(shown).into_response());
    };
    if let Find::Area(area) = what {
        return Ok(Redirect::to(links::search_area(area, 1).as_str()).into_response());
    }
    let mut tx = app.db().begin(&actor.scope).await?;
    let cards = people::find(tx.conn(), app.vault(), &areas, &what, MOST, 0).await?;
    drop(tx);
    if let (Find::Number(_), [card]) = (&what, cards.as_slice()) {
        return Ok(Redirect::to(links::elder(card.id).as_str()).into_response());
    }
    // A number is not put back into the page: it would stay in the browser.
    let again = if matches!(what, Find::Number(_)) { "" } else { typed };
    let mut shown = search_page(&app, &actor, again).await?;
    shown.asked = asked_words(&what, typed, cards.len());
    shown.found = rows(&app, &actor, &cards).await?;
    Ok(Page::new(shown).into_response())
}

fn asked_words(what: &Find, typed: &str, found: usize) -> String {
    let who = match what {
        Find::Number(_) => "身份证号相符的老人".to_owned(),
        Find::Initials(_) => format!("拼音首字母是“{typed}”的老人"),
        Find::Name(_) => format!("姓名以“{typed}”开头的老人"),
        Find::Area(_) => "这个区域的老人".to_owned(),
    };
    match usize::try_from(MOST) {
        Ok(most) if found >= most => format!("{who}，只列出前 {most} 人，请把姓名写全一些"),
        _ => format!("{who}，共 {found} 人"),
    }
}

async fn rows(app: &App, actor: &Actor, cards: &[PersonCard]) -> Result<Vec<FoundRow>, Trouble> {
    let ids: Vec<_> = cards.iter().map(|card| card.id).collect();
    let mut tx = app.db().begin(&actor.scope).await?;
    let open = duties::count_open_of(tx.conn(), &ids).await?;
    let (areas, today) = (app.areas(), app.now().day());
    let row = |card: &PersonCard| FoundRow {
        elder: Link::new(&card.name, links::elder(card.id)),
        about: card.sex_and_age(today),
        number: card.number.to_string(),
        village: areas.spoken(card.area),
        life: words::life_chip(card.life),
        open: open.get(&card.id).map_or(String::new(), |count| format!("{count} 件待办")),
    };
    Ok(cards.iter().map(row).collect())
}
