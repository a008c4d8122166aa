//! 调整备案: who changes class in a month. No approval is asked: the sum of a month is the
//! verdict's; the list goes on paper.

use access::Actor;
use axum::Extension;
use axum::extract::{Query, State};
use axum::response::Response;
use kernel::{Day, Fen, Month, PersonId, Trouble};
use policy::Verdict;
use serde::Deserialize;
use webkit::{Answer, Chip, Link, Page, Pager, Tone};

use super::store::{self, Change};
use super::views::{ChangeRow, ChangesPage};
use crate::download::{self, Cell, Head};
use crate::payees::{cash_item, payees};
use crate::shell::shell;
use crate::{App, links};

const PAGE_ROWS: i64 = 50;
const SHEET_ROWS: i64 = 20_000;

/// One change, as the form 调整备案表 has it.
#[derive(Clone, Debug)]
pub(crate) struct ClassChange {
    /// Name.
    pub(crate) name: String,
    /// Sex, age and village.
    pub(crate) about: String,
    /// Item.
    pub(crate) item: String,
    /// 原标准 a month.
    pub(crate) from: Fen,
    /// 现标准 a month.
    pub(crate) to: Fen,
    /// 起始月
    pub(crate) since: Month,
    /// Why.
    pub(crate) cause: String,
    /// The duty that it was found by, with how it stands.
    duty: kernel::DutyId,
    state: String,
}

/// Who changes class by what was found in a month, in the order of villages.
pub(crate) async fn class_changes(
    app: &App,
    actor: &Actor,
    month: Month,
    (limit, offset): (i64, i64),
) -> Result<Vec<ClassChange>, Trouble> {
    let mut tx = app.db().begin(&actor.scope).await?;
    let days = (month.first(), month.last());
    let found = store::changes(tx.conn(), days, limit, offset).await?;
    let mut items: Vec<&str> = found.iter().map(|it| it.item.as_str()).collect();
    items.sort_unstable();
    items.dedup();
    let mut changes = Vec::with_capacity(found.len());
    for id in items {
        let of: Vec<&Change> = found.iter().filter(|it| it.item == id).collect();
        let people: Vec<PersonId> = of.iter().map(|it| it.person).collect();
        let cards = facts::people::cards(tx.conn(), &people).await?;
        let Some(card) = cards.first() else { continue };
        let item = cash_item(app, card, id)?;
        for payee in payees(app, &mut tx, item, &people).await? {
            let Some(it) = of.iter().find(|it| it.person == payee.card.id) else { continue };
            let Verdict::Entitled { amount, .. } = payee.verdict(app, month) else { continue };
            let today: Day = app.now().day();
            let village = app.areas().spoken(payee.card.area);
            changes.push(ClassChange {
                name: payee.card.name.clone(),
                about: format!("{}，{village}", payee.card.sex_and_age(today)),
                item: item.name.clone(),
                from: amount.checked_sub(it.by).map_err(Trouble::fault)?,
                to: amount,
                since: month,
                cause: it.cause.clone(),
                duty: it.duty,
                state: it.state.clone(),
            });
        }
    }
    let place = |it: &ClassChange| found.iter().position(|row| row.duty == it.duty);
    changes.sort_by_key(place);
    Ok(changes)
}

/// Which month and page.
#[derive(Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    month: String,
    #[serde(default)]
    page: u32,
}

impl Asked {
    fn month(&self, app: &App) -> Month {
        self.month.parse().unwrap_or_else(|_| app.now().day().month())
    }
}

pub(super) async fn list(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    Query(asked): Query<Asked>,
) -> Answer<Page<ChangesPage>> {
    let month = asked.month(&app);
    let offset = i64::from(asked.page) * PAGE_ROWS;
    let mut changes = class_changes(&app, &actor, month, (PAGE_ROWS + 1, offset)).await?;
    let more = changes.len() > 50;
    changes.truncate(50);
    let shown = u64::try_from(changes.len()).unwrap_or(0);
    let href = |page: u32| links::stops::class_changes(Some(month)).query("page", page);
    let near = [month.plus(-1), month.next()];
    Ok(Page::new(ChangesPage {
        shell: shell(&app, &actor, &links::stops::class_changes(None)).await?,
        title: format!("{}调整备案", month.chinese()),
        months: near
            .map(|it| Link::new(it.chinese(), links::stops::class_changes(Some(it))))
            .into(),
        export: links::stops::class_changes_sheet(Some(month)),
        rows: changes.iter().map(row).collect(),
        pager: (more || asked.page > 0).then(|| Pager {
            from: offset.unsigned_abs() + 1,
            to: offset.unsigned_abs() + shown,
            of: offset.unsigned_abs() + shown + u64::from(more),
            previous: (asked.page > 0).then(|| href(asked.page - 1)),
            next: more.then(|| href(asked.page + 1)),
        }),
    }))
}

fn row(it: &ClassChange) -> ChangeRow {
    ChangeRow {
        elder: Link::new(&it.name, links::duty(it.duty)),
        about: it.about.clone(),
        item: it.item.clone(),
        from: it.from.to_string(),
        to: it.to.to_string(),
        since: it.since.chinese(),
        cause: it.cause.clone(),
        state: match it.state.as_str() {
            "open" => Chip::new(Tone::Wait, "待村级确认"),
            "done" => Chip::new(Tone::Ok, "已确认"),
            _ => Chip::new(Tone::Plain, "已按新标准发"),
        },
    }
}

pub(super) async fn sheet(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    Query(asked): Query<Asked>,
) -> Answer<Response> {
    let month = asked.month(&app);
    let changes = class_changes(&app, &actor, month, (SHEET_ROWS, 0)).await?;
    let cells: Vec<Vec<Cell>> = changes
        .iter()
        .map(|it| {
            vec![
                it.name.as_str().into(),
                it.about.as_str().into(),
                it.item.as_str().into(),
                Cell::Money(it.from),
                Cell::Money(it.to),
                it.since.chinese().into(),
                it.cause.as_str().into(),
            ]
        })
        .collect();
    let head = Head {
        title: "调整备案".to_owned(),
        filter_words: month.chinese(),
        personal: true,
        cut_off: None,
    };
    let columns = [
        ("姓名", 10.0),
        ("性别年龄和户籍", 30.0),
        ("项目", 16.0),
        ("原标准（元）", 12.0),
        ("现标准（元）", 12.0),
        ("起始月", 14.0),
        ("原因", 48.0),
    ];
    let bytes = download::list(&app, &actor, &head, &columns, &cells).await?;
    Ok(download::xlsx(&format!("调整备案-{month}.xlsx"), bytes))
}
