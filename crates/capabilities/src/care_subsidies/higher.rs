//! 择高发放: who has two benefits that must not be held together, which one stays, and by how much
//! it is higher.

use access::Actor;
use axum::Extension;
use axum::extract::{Query, State};
use axum::response::Response;
use facts::people::PersonCard;
use facts::population::{self, EngineTree, engine_facts};
use kernel::{Fen, Trouble};
use policy::{Choose, Exclusion, Item, Keeps, Overlap, Verdict, overlaps};
use serde::Deserialize;
use webkit::{Answer, Chip, Column, Line, Link, Page, Pager, Table, Tone};

use super::views::ListPage;
use super::{pages, store};
use crate::download::{self, Cell, Head};
use crate::links::{self, care_subsidies as here};
use crate::whom::whom;
use crate::{App, shell, words};

const PAGE_ROWS: usize = 50;

/// Which page of the list.
#[derive(Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    page: usize,
}

/// Somebody who is entitled to an item, and to whom the other benefit is paid.
struct Both<'a> {
    card: PersonCard,
    item: &'a Item,
    /// What the item gives a month.
    amount: Fen,
    overlap: Overlap,
}

/// The items of the list in force that must not be held together with something else.
fn items<'a>(app: &'a App, actor: &Actor) -> Vec<&'a Item> {
    let list = app.list_for(actor.area, app.now().day().month());
    let items = list.into_iter().flat_map(|list| &list.items);
    items.filter(|item| !item.excludes.is_empty()).collect()
}

/// Everybody of the scope with both, by household register and name.
async fn everybody<'a>(
    app: &App,
    actor: &Actor,
    items: &[&'a Item],
) -> Result<Vec<Both<'a>>, Trouble> {
    let month = app.now().day().month();
    let kinds: Vec<String> =
        items.iter().flat_map(|item| &item.excludes).map(|it| it.kind.to_owned()).collect();
    let mut tx = app.db().begin(&actor.scope).await?;
    let people = store::paid_other(tx.conn(), &kinds, app.now().day()).await?;
    let subjects = population::subjects_of(tx.conn(), &people).await?;
    let closed = app.closed_world(tx.conn()).await?;
    let mut cards = whom(tx.conn(), &people).await?;
    drop(tx);
    let areas = app.areas();
    let tree = EngineTree(&areas);
    let mut all = Vec::new();
    for subject in &subjects {
        let Some(card) = cards.remove(&subject.id) else { continue };
        let facts = engine_facts(subject, &areas, &closed)?;
        for item in items {
            let verdict = policy::evaluate(item, &facts, month, &tree);
            let Verdict::Entitled { amount, .. } = verdict else { continue };
            all.extend(overlaps(item, &facts, month, amount).into_iter().map(|overlap| Both {
                card: card.clone(),
                item,
                amount,
                overlap,
            }));
        }
    }
    let place = |both: &Both<'_>| areas.node(both.card.area).map(|node| node.lo);
    all.sort_by(|a, b| {
        (place(a), &a.card.name, a.card.id).cmp(&(place(b), &b.card.name, b.card.id))
    });
    Ok(all)
}

/// `重度残疾人护理补贴`
fn other(exclusion: &str) -> &str {
    words::label(exclusion).trim_start_matches("在发")
}

fn rule(item: &Item, it: &Exclusion) -> String {
    let stays = match it.choose {
        Choose::Higher => "按高的一项发，相等的保留对方",
        Choose::This => "保留本项",
        Choose::Other => "保留对方",
    };
    format!("{}不与{}同时享受，{stays}。", item.name, other(it.kind))
}

impl Both<'_> {
    fn keeps(&self) -> String {
        match self.overlap.keeps {
            Keeps::This => self.item.name.clone(),
            Keeps::Other => other(self.overlap.kind).to_owned(),
        }
    }

    fn row(&self, app: &App) -> Vec<Line> {
        let tone = if self.overlap.keeps == Keeps::This { Tone::Ok } else { Tone::Info };
        vec![
            pages::who(Some(&self.card), app, self.card.id),
            app.areas().spoken(self.card.area).into(),
            Line::from(Link::new(self.item.name.as_str(), links::why(self.card.id, &self.item.id))),
            self.amount.to_string().into(),
            other(self.overlap.kind).into(),
            self.overlap.other.to_string().into(),
            Chip::new(tone, self.keeps()).into(),
            self.overlap.gap.to_string().into(),
        ]
    }

    fn cells(&self, app: &App) -> Vec<Cell> {
        vec![
            self.card.name.as_str().into(),
            app.areas().spoken(self.card.area).into(),
            self.item.name.as_str().into(),
            Cell::Money(self.amount),
            other(self.overlap.kind).into(),
            Cell::Money(self.overlap.other),
            self.keeps().into(),
            Cell::Money(self.overlap.gap),
        ]
    }
}

pub(super) async fn page(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    Query(Asked { page }): Query<Asked>,
) -> Answer<Page<ListPage>> {
    let items = items(&app, &actor);
    let all = everybody(&app, &actor, &items).await?;
    let from = page.saturating_mul(PAGE_ROWS).min(all.len());
    let to = from.saturating_add(PAGE_ROWS).min(all.len());
    let columns = vec![
        Column::new("老人"),
        Column::new("户籍"),
        Column::new("本项"),
        Column::sum("每月（元）"),
        Column::new("另一项"),
        Column::sum("每月（元）"),
        Column::new("保留"),
        Column::sum("高出（元）"),
    ];
    let mut table = Table::new("higher", "两项都有的", columns)
        .rows(all[from..to].iter().map(|both| both.row(&app)))
        .empty("没有人同时享受互斥的两项。新的残联数据来了以后，这里会自己更新。", None);
    table.tools = vec![Link::new("导出 Excel", here::higher_book())];
    let count = |n: usize| u64::try_from(n).unwrap_or(0);
    let at = |page: usize| here::higher().query("page", page);
    table.pager = (all.len() > PAGE_ROWS).then(|| Pager {
        from: count(from + 1).min(count(to)),
        to: count(to),
        of: count(all.len()),
        previous: (page > 0).then(|| at(page - 1)),
        next: (to < all.len()).then(|| at(page + 1)),
    });
    Ok(Page::new(ListPage {
        shell: shell::shell(&app, &actor, &here::quotas()).await?,
        title: "择高发放",
        sentence: sentence(&all),
        rules: items
            .iter()
            .flat_map(|item| item.excludes.iter().map(|it| rule(item, it)))
            .collect(),
        beside: Link::new("服务额度和消费券", here::quotas()),
        table,
    }))
}

fn sentence(all: &[Both<'_>]) -> String {
    let this = all.iter().filter(|both| both.overlap.keeps == Keeps::This).count();
    let gap: Fen = all.iter().map(|both| both.overlap.gap).sum();
    if all.is_empty() {
        return "没有人同时享受互斥的两项。".to_owned();
    }
    format!(
        "{} 人两项都符合：{this} 人保留本项，{} 人保留另一项，合计比低的一项每月多 {gap} 元。",
        all.len(),
        all.len() - this
    )
}

pub(super) async fn book(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
) -> Answer<Response> {
    let items = items(&app, &actor);
    let all = everybody(&app, &actor, &items).await?;
    let rows: Vec<Vec<Cell>> = all.iter().map(|both| both.cells(&app)).collect();
    let head = Head {
        title: "择高发放".to_owned(),
        filter_words: "全部".to_owned(),
        personal: true,
        cut_off: None,
    };
    let columns = [
        ("老人", 12.0),
        ("户籍", 26.0),
        ("本项", 20.0),
        ("每月（元）", 12.0),
        ("另一项", 24.0),
        ("每月（元）", 12.0),
        ("保留", 24.0),
        ("高出（元）", 12.0),
    ];
    let bytes = download::list(&app, &actor, &head, &columns, &rows).await?;
    Ok(download::xlsx("择高发放.xlsx", bytes))
}
