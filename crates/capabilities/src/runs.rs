//! Outgoing runs for the capabilities that make, send and settle them.

use access::{Actor, AreaTree};
use axum::response::Redirect;
use kernel::{PersonId, Trouble};
use outgoing::layout::OutLayout;
use outgoing::run::{Desk, Step};
use outgoing::store::{self, Run};
use webkit::{Answer, Failure, grouped};

use crate::download::{self, Cell, Head};
use crate::whom::whom;
use crate::{App, links};

/// The layout with this id.
pub(crate) fn layout<'a>(app: &'a App, id: &str) -> Result<&'a OutLayout, Trouble> {
    app.outgoing().iter().find(|layout| layout.id == id).ok_or(Trouble::NotFound)
}

/// The run, if it lies in the scope.
pub(crate) async fn find(app: &App, actor: &Actor, id: i64) -> Result<Run, Trouble> {
    let mut tx = app.db().begin(&actor.scope).await?;
    store::run(tx.conn(), id).await?.ok_or(Trouble::NotFound)
}

/// The number of a run that was made.
pub(crate) fn number_of(app: &App, run: &Run) -> String {
    outgoing::run::number_of(&app.areas(), run)
}

/// Who moves runs now; `areas` are the app's.
pub(crate) fn desk<'a>(app: &'a App, actor: &'a Actor, areas: &'a AreaTree) -> Desk<'a> {
    Desk { actor, now: app.now(), areas, vault: app.vault() }
}

/// Moves a run on in a transaction of its own.
pub(crate) async fn step(app: &App, actor: &Actor, id: i64, it: &Step<'_>) -> Result<(), Trouble> {
    let areas = app.areas();
    let mut tx = app.db().begin(&actor.scope).await?;
    desk(app, actor, &areas).step(&mut tx, id, it).await?;
    tx.commit().await
}

/// Trouble with a run, with the way back to it.
pub(crate) fn back(id: i64) -> impl Fn(Trouble) -> Failure {
    move |trouble| Failure::from(trouble).back("回到这一批", links::report(id))
}

/// To the run.
pub(crate) fn here(id: i64) -> Redirect {
    Redirect::to(links::report(id).as_str())
}

/// The item's name in any list, or its stored word.
pub(crate) fn item_name(app: &App, item: &str) -> String {
    let mut items = app.parts().lists.iter().flat_map(|list| &list.items);
    items.find(|it| it.id == item).map_or_else(|| item.to_owned(), |it| it.name.clone())
}

/// Why the receiver refused a row.
pub(crate) fn cause(row: &store::Refused) -> String {
    let why = match (row.code.is_empty(), row.cause.is_empty()) {
        (false, false) => format!("{}（{}）", row.cause, row.code),
        (false, true) => format!("代码 {}", row.code),
        (true, false) => row.cause.clone(),
        (true, true) => "没有写明原因".to_owned(),
    };
    format!("第 {} 行：{why}", row.row_no)
}

/// A row that did not go out or was refused: whom, which item, why.
pub(crate) struct BookRow {
    pub(crate) person: PersonId,
    pub(crate) item: String,
    pub(crate) why: String,
}

/// Such rows as a workbook; `all` may be more.
pub(crate) async fn book(
    app: &App,
    actor: &Actor,
    run: &Run,
    title: &str,
    rows: &[BookRow],
    all: u64,
) -> Answer<Vec<u8>> {
    let mut tx = app.db().begin(&actor.scope).await?;
    let people: Vec<PersonId> = rows.iter().map(|row| row.person).collect();
    let cards = whom(tx.conn(), &people).await?;
    drop(tx);
    let today = app.now().day();
    let cells: Vec<Vec<Cell>> = rows
        .iter()
        .map(|row| {
            let card = cards.get(&row.person);
            vec![
                card.map_or("已不在名单里", |card| card.name.as_str()).into(),
                card.map_or_else(String::new, |card| card.sex_and_age(today)).into(),
                card.map_or_else(String::new, |card| app.areas().spoken(card.area)).into(),
                item_name(app, &row.item).into(),
                row.why.as_str().into(),
            ]
        })
        .collect();
    let count = u64::try_from(rows.len()).unwrap_or(0);
    let head = Head {
        title: title.to_owned(),
        filter_words: format!("上报批次 {}", number_of(app, run)),
        personal: true,
        cut_off: (all > count).then(|| format!("共 {} 行，这里只有前 {count} 行", grouped(all))),
    };
    let columns =
        [("姓名", 10.0), ("性别年龄", 12.0), ("户籍", 24.0), ("项目", 18.0), ("原因", 48.0)];
    Ok(download::list(app, actor, &head, &columns, &cells).await?)
}
