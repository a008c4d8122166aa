//! All lists: by issuer and time, by words, against the edition before, and as a workbook.

use access::Actor;
use axum::Extension;
use axum::extract::{Query, State};
use axum::response::{Redirect, Response};
use kernel::Day;
use policy::{Item, List};
use serde::Deserialize;
use webkit::{Answer, Crumbs, Field, FieldKind, Form, Line, Link, Page, Posted, Tone};

use super::domain::{self, Change, State as Stand};
use super::pages::{item_row, named};
use super::views::{AllListsPage, ChangesPage, Edition};
use crate::download::{self, Cell, Head};
use crate::links::{At, list_id};
use crate::list_words::{conditions, standard, title};
use crate::{App, links, shell};

/// Words that are looked for; they name no person.
#[derive(Default, Deserialize)]
pub(super) struct Words {
    #[serde(default)]
    q: String,
}

pub(super) async fn all(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    Query(Words { q }): Query<Words>,
) -> Answer<Page<AllListsPage>> {
    let (today, lists) = (app.now().day(), &app.parts().lists);
    let items = lists.iter().flat_map(|list| &list.items);
    let words = q.trim();
    let speaks = |item: &&Item| !words.is_empty() && domain::speaks_of(item, words);
    let issuers = domain::issuers(lists);
    let field = Field::new("q", "在所有清单里找", FieldKind::Text("off"));
    Ok(Page::new(AllListsPage {
        shell: shell::shell(&app, &actor, &links::lists()).await?,
        sentence: format!(
            "录入了 {} 个地区的 {} 份清单，共 {} 项。",
            issuers.len(),
            lists.len(),
            lists.iter().map(|list| list.items.len()).sum::<usize>()
        ),
        search: Form::new(links::search_lists(), &actor.csrf, "查找")
            .field(field.hint("项目、对象、内容、责任单位里的字，如“助餐”。").value(words)),
        found: items
            .filter(speaks)
            .map(|item| (listed(item, lists, today), item_row(item, today.month())))
            .collect(),
        words: words.to_owned(),
        issuers: issuers
            .into_iter()
            .map(|issuer| {
                let name = domain::editions(lists, issuer)
                    .first()
                    .map_or(String::new(), |list| list.head.issuer_name.clone());
                (name, editions(lists, issuer, today))
            })
            .collect(),
    }))
}

/// The list that an item stands in, and whether that is in force.
fn listed(item: &Item, lists: &[List], today: Day) -> Line {
    let head = &item.list;
    let line = Line::new().link(title(head), links::list(&list_id(head)));
    let list = lists.iter().find(|list| list.head.dir == head.dir);
    match list.map(|list| domain::state(lists, list, today)) {
        Some(Stand::Over) => line.small("已被替代或者失效"),
        Some(Stand::Coming) => line.small("将生效"),
        Some(Stand::InForce) | None => line,
    }
}

/// The line of time of an issuer, newest first.
pub(super) fn editions(lists: &[List], issuer: &str, today: Day) -> Vec<Edition> {
    let all = domain::editions(lists, issuer).into_iter();
    all.map(|list| {
        let head = &list.head;
        let (tone, stands) = match domain::state(lists, list, today) {
            Stand::InForce => (Tone::Ok, "现行"),
            Stand::Over => (Tone::Plain, "已被替代或者失效"),
            Stand::Coming => (Tone::Info, "将生效"),
        };
        let until = head.effective_to.map(|to| format!(" 至 {}", to.plus_days(-1)));
        let since = format!("{}{}", head.effective_from, until.unwrap_or(" 起".to_owned()));
        let whole = if head.complete { "" } else { "（只录入了已知的项目）" };
        let upper = domain::upper(lists, list)
            .map(|upper| format!("；承接《{}》", title(&upper.head)))
            .unwrap_or_default();
        Edition {
            tone,
            when: format!("{since}，{stands}"),
            list: Link::new(title(head), links::list(&list_id(head))),
            about: format!(
                "{}共 {} 项{whole}；{}{upper}；{}",
                head.number.as_ref().map_or(String::new(), |number| format!("{number}；")),
                list.items.len(),
                head.responsible,
                head.confidence.chinese()
            ),
        }
    })
    .collect()
}

/// Leads to an address that can be kept: the words name no person.
pub(super) async fn search(Posted(Words { q }): Posted<Words>) -> Redirect {
    Redirect::to(links::all_lists(q.trim()).as_str())
}

pub(super) async fn changes(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(list): At<String>,
) -> Answer<Page<ChangesPage>> {
    let list = named(&app, &list)?;
    let before = domain::before(&app.parts().lists, list);
    let mut page = ChangesPage {
        shell: shell::shell(&app, &actor, &links::lists()).await?,
        crumbs: Crumbs {
            above: vec![
                Link::new("服务清单", links::lists()),
                Link::new(title(&list.head), links::list(&list_id(&list.head))),
            ],
            here: "变动".to_owned(),
        },
        title: title(&list.head),
        sentence: Line::new(),
        added: Vec::new(),
        removed: Vec::new(),
        changed: Vec::new(),
        amounts: domain::amount_changes(list)
            .into_iter()
            .map(|it| [it.on.to_string(), format!("{} {}", it.item, it.band), it.before, it.after])
            .collect(),
    };
    let Some(before) = before else {
        page.sentence = "这是录入的第一版，没有更早的版次可比。下面是标准按日期的变动。".into();
        return Ok(Page::new(page));
    };
    for change in domain::changes(before, list) {
        match change {
            Change::Added(item) => page.added.push(item),
            Change::Removed(item) => page.removed.push(item),
            Change::Changed(item, what, old, new) => page.changed.push((item, what, old, new)),
        }
    }
    page.sentence = Line::new()
        .text("和")
        .link(title(&before.head), links::list(&list_id(&before.head)))
        .text(format!(
            "比：新增 {} 项，删去 {} 项，改了 {} 处。",
            page.added.len(),
            page.removed.len(),
            page.changed.len()
        ));
    if !(before.head.complete && list.head.complete) {
        let doubt = "有一版只录入了已知的项目，新增、删去的不一定是真的增减。";
        page.sentence = page.sentence.small(doubt);
    }
    Ok(Page::new(page))
}

const COLUMNS: [(&str, f64); 11] = [
    ("序号", 6.0),
    ("项目", 22.0),
    ("服务类型", 12.0),
    ("服务对象", 36.0),
    ("服务内容", 36.0),
    ("服务标准", 28.0),
    ("条件", 48.0),
    ("起始", 12.0),
    ("责任单位", 18.0),
    ("规定出处", 48.0),
    ("资料核对", 16.0),
];

/// The list as a workbook, in the columns in which such lists are published.
pub(super) async fn export(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(list): At<String>,
) -> Answer<Response> {
    let (list, today) = (named(&app, &list)?, app.now().day());
    let title = title(&list.head);
    let head = Head {
        title: title.clone(),
        filter_words: format!("全部项目，标准为 {} 的", today.month().chinese()),
        personal: false,
        cut_off: None,
    };
    let rows: Vec<Vec<Cell>> = list.items.iter().map(|item| cells(item, today)).collect();
    let bytes = download::list(&app, &actor, &head, &COLUMNS, &rows).await?;
    Ok(download::xlsx(&format!("{title}-{today}.xlsx"), bytes))
}

fn cells(item: &Item, today: Day) -> Vec<Cell> {
    let basis = item.basis.iter().map(|it| format!("《{}》{}", it.title, it.citation.clause));
    vec![
        Cell::Count(item.no.into()),
        item.name.clone().into(),
        item.kind.chinese().into(),
        item.beneficiary.clone().into(),
        item.content.clone().into(),
        standard(item, today.month()).into(),
        conditions(item, today.month()).join("，").into(),
        domain::since(item).map_or(Cell::Empty, Cell::Day),
        item.responsible.clone().into(),
        basis.collect::<Vec<_>>().join("；").into(),
        item.confidence.chinese().into(),
    ]
}
