//! 待办名单: the duties of the area, filtered, searched and in a stated order, page by page.

use access::Actor;
use axum::Extension;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use duties::{Filter, Who};
use facts::people::Find;
use findings::kinds;
use kernel::{Fen, Role, Trouble};
use serde::Deserialize;
use webkit::{
    Answer, Choice, Crumbs, FilterLink, Form, Href, Link, Page, Pager, Posted, Sort, Tone,
};

use super::views::{DutyOrders, ListPage, find_form};
use crate::duty_lines::{Ask, Tallies, by_kind, rows, tone};
use crate::list_words::yuan;
use crate::shell::shell;
use crate::{App, duty_kind, links};

/// Duties on a page.
const PAGE_ROWS: i64 = 50;
/// Duties shown for a name.
const MOST: i64 = 100;

/// 待办名单
pub(crate) async fn list(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    Query(ask): Query<Ask>,
) -> Answer<Page<ListPage>> {
    let filter = ask.filter(&app, &actor)?;
    let offset = i64::from(ask.page) * PAGE_ROWS;
    Ok(Page::new(page(&app, &actor, &ask, &filter, Shown { limit: PAGE_ROWS, offset }).await?))
}

/// What the form above the list sends. A name stands in no address, so that this is answered at
/// once; a village is no personal data, and leads to its address.
#[derive(Deserialize)]
pub(crate) struct Typed {
    #[serde(default)]
    q: String,
    kind: Option<String>,
    cause: Option<String>,
    item: Option<String>,
    due: Option<String>,
    owner: Option<String>,
    area: Option<String>,
    order: Option<String>,
}

/// 在名单里找
pub(crate) async fn search(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    Posted(typed): Posted<Typed>,
) -> Answer<Response> {
    let areas = app.areas();
    let mut ask = Ask {
        kind: typed.kind,
        cause: typed.cause,
        item: typed.item,
        due: typed.due,
        owner: typed.owner,
        area: typed.area.filter(|area| !area.is_empty()),
        order: typed.order,
        page: 0,
    };
    let who = match Find::parse(&typed.q, &areas, actor.area) {
        None => None,
        Some(Find::Area(area)) => {
            ask.area = Some(area.to_string());
            None
        }
        Some(Find::Name(key)) => Some(Who::Name(key)),
        Some(Find::Initials(text)) => Some(Who::Initials(text)),
        Some(number @ Find::Number(_)) => {
            let mut tx = app.db().begin(&actor.scope).await?;
            let cards = facts::people::find(tx.conn(), app.vault(), &areas, &number, 1, 0).await?;
            Some(Who::People(cards.into_iter().map(|card| card.id).collect()))
        }
    };
    let Some(who) = who else {
        return Ok(Redirect::to(ask.href(links::duties()).as_str()).into_response());
    };
    // A number is not put back into the page: it would stay in the browser.
    let again = if matches!(who, Who::People(_)) { "" } else { typed.q.trim() };
    let words = match &who {
        Who::Name(_) => format!("姓名以“{again}”开头"),
        Who::Initials(_) => format!("拼音首字母是“{again}”"),
        Who::People(_) => "身份证号相符".to_owned(),
    };
    let filter = Filter { who: Some(who), ..ask.filter(&app, &actor)? };
    let mut shown = page(&app, &actor, &ask, &filter, Shown { limit: MOST, offset: 0 }).await?;
    shown.pager = None;
    shown.filter_words = format!("{words}，{}", shown.filter_words);
    for field in shown.find.fields.iter_mut().filter(|field| field.name == "q") {
        again.clone_into(&mut field.value);
    }
    Ok(Page::new(shown).into_response())
}

#[derive(Clone, Copy)]
struct Shown {
    limit: i64,
    offset: i64,
}

async fn page(
    app: &App,
    actor: &Actor,
    ask: &Ask,
    filter: &Filter,
    shown: Shown,
) -> Result<ListPage, Trouble> {
    let mut tx = app.db().begin(&actor.scope).await?;
    let tallies = Tallies(duties::tally(tx.conn(), app.now().day()).await?);
    let duties = duties::open_duties(tx.conn(), filter, shown.limit, shown.offset).await?;
    let all = duties::count(tx.conn(), filter).await?;
    let rows = rows(app, &mut tx, &duties).await?;
    drop(tx);
    let label = ask.kind.as_deref().and_then(duty_kind).map_or("全部待办", |kind| kind.label);
    let title = match ask.area(app, actor)? {
        Some(area) => format!("{}：{label}", app.areas().spoken(area)),
        None => label.to_owned(),
    };
    Ok(ListPage {
        shell: shell(app, actor, &links::today()).await?,
        crumbs: Crumbs {
            above: vec![Link::new("今日待办", links::today())], here: title.clone()
        },
        title,
        sentence: sentence(&tallies, ask, all),
        first: duties.first().map(|duty| links::duty(duty.id)),
        print: ask.href(links::today_sheet()),
        export: ask.href(links::today_export()),
        find: find(app, actor, ask)?,
        filters: filters(&tallies, ask),
        orders: orders(ask),
        sorts: sorts(ask),
        filter_words: ask.words(app, actor),
        pager: pager(ask, duties.len(), all),
        duties: rows,
        nothing: "这一类没有待办。点上面的“全部”看其他待办。".to_owned(),
    })
}

/// How many, and the money in it.
fn sentence(tallies: &Tallies, ask: &Ask, all: i64) -> String {
    let count = u64::try_from(all).unwrap_or(0);
    let mut text = format!("共 {} 件", webkit::grouped(count));
    // The sums of the tallies are those of the list only while nothing else narrows it.
    if ask.due.is_none() && ask.owner.is_none() && ask.area.is_none() {
        let of = tallies.0.iter().filter(|it| {
            ask.kind.as_ref().is_none_or(|kind| *kind == it.kind)
                && ask.cause.as_ref().is_none_or(|cause| *cause == it.cause_code)
                && ask.item.as_ref().is_none_or(|item| Some(item) == it.item.as_ref())
        });
        let (amount, monthly) = of.fold((Fen::ZERO, Fen::ZERO), |(amount, monthly), it| {
            ([amount, it.amount_fen].into_iter().sum(), [monthly, it.monthly_fen].into_iter().sum())
        });
        if ask.kind.is_some() && amount > Fen::ZERO {
            text = format!("{text}，已差 {} 元", yuan(amount));
        }
        if ask.kind.is_some() && monthly > Fen::ZERO {
            text = format!("{text}，每月涉及 {} 元", yuan(monthly));
        }
    }
    text.push('。');
    text
}

/// A kind each, with its count; then who waits for whom.
fn filters(tallies: &Tallies, ask: &Ask) -> Vec<FilterLink> {
    let link = |text: &str, count, tone, current, href| FilterLink {
        text: text.to_owned(),
        count,
        tone,
        current,
        href,
    };
    let keep = |href: Href| match &ask.area {
        Some(area) => href.query("area", area),
        None => href,
    };
    let all = ask.kind.is_none() && ask.due.is_none() && ask.owner.is_none();
    let mut filters =
        vec![link("全部", tallies.count(|_| true), Tone::Plain, all, keep(links::duties()))];
    let due = keep(links::duties().query("due", "today"));
    filters.push(link("已到期", tallies.due(), Tone::Bad, ask.due.is_some(), due));
    for role in [Role::VillageWorker, Role::TownReviewer, Role::CountyApprover, Role::DataOfficer] {
        let current = ask.owner.as_deref() == Some(role.code());
        let href = keep(links::duties().query("owner", role.code()));
        let text = format!("等{}", role.chinese());
        filters.push(link(&text, tallies.owned_by(role), Tone::Wait, current, href));
    }
    for kind in kinds::ALL {
        let current = ask.kind.as_deref() == Some(kind.id);
        let count = tallies.kind(kind);
        filters.push(link(kind.label, count, tone(kind.id), current, keep(by_kind(kind))));
    }
    filters.retain(|filter| filter.count > 0 || filter.current);
    filters
}

/// The towns of the area, or the villages of the town that is looked at.
fn places(app: &App, actor: &Actor, ask: &Ask) -> Result<Vec<Choice>, Trouble> {
    let areas = app.areas();
    let at = ask.area(app, actor)?.unwrap_or(actor.area);
    let below = |area| areas.iter().filter(move |node| node.parent == Some(area));
    let parent = areas.node(at).and_then(|node| node.parent);
    // Of a village one goes to its neighbours.
    let around = if below(at).next().is_some() { at } else { parent.unwrap_or(at) };
    let inside = |area| areas.within(area, actor.area) == Some(true);
    let mut places = vec![Choice::new("", "全部")];
    places.extend(
        below(around)
            .filter(|node| inside(node.id))
            .map(|node| Choice::new(node.id.to_string(), &node.name)),
    );
    Ok(places)
}

fn find(app: &App, actor: &Actor, ask: &Ask) -> Result<Form, Trouble> {
    let at = ask.area.clone().unwrap_or_default();
    let places = places(app, actor, ask)?;
    let form = find_form(links::duties(), &actor.csrf, places, &at);
    let kept = ask.fields().into_iter().filter(|(name, _)| *name != "area");
    let kept = kept.filter_map(|(name, value)| Some((name, value.as_ref()?)));
    Ok(kept.fold(form, |form, (name, value)| form.hidden(name, value)))
}

fn orders(ask: &Ask) -> Vec<(Link, bool)> {
    [
        ("", "先急后重"),
        ("money", "按金额"),
        ("age", "按年龄"),
        ("waiting", "按等待"),
        ("due", "按期限"),
    ]
    .map(|(order, text)| {
        let current = ask.order.as_deref().unwrap_or_default() == order;
        (Link::new(text, ask.ordered(order).href(links::duties())), current)
    })
    .into()
}

fn sorts(ask: &Ask) -> DutyOrders {
    let by = |order: &str, on: fn(Href) -> Sort| {
        let href = ask.ordered(order).href(links::duties());
        if ask.order.as_deref() == Some(order) { on(href) } else { Sort::By(href) }
    };
    DutyOrders {
        age: by("age", Sort::Descending),
        money: by("money", Sort::Descending),
        due: by("due", Sort::Ascending),
    }
}

fn pager(ask: &Ask, shown: usize, all: i64) -> Option<Pager> {
    let rows = u64::try_from(PAGE_ROWS).unwrap_or(50);
    let (from, all) = (u64::from(ask.page) * rows, u64::try_from(all).unwrap_or(0));
    let to = from + u64::try_from(shown).unwrap_or(0);
    let href = |page: u32| ask.href(links::duties()).query("page", page).at("duties");
    (all > rows).then(|| Pager {
        from: if shown == 0 { to } else { from + 1 },
        to,
        of: all,
        previous: (ask.page > 0).then(|| href(ask.page - 1)),
        next: (to < all).then(|| href(ask.page + 1)),
    })
}
