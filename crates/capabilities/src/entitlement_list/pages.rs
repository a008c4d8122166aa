use access::Actor;
use axum::Extension;
use axum::extract::State;
use kernel::{Month, Trouble};
use policy::{Basis, Facts, Item, List, Report};
use webkit::{Answer, Crumbs, Line, Link, Page, Tone};

use super::domain;
use super::views::{AmountRow, ItemPage, ItemRow, ListPage};
use crate::links::{At, list_id};
use crate::{App, links, shell};

pub(super) async fn in_force(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
) -> Answer<Page<ListPage>> {
    if let Some(list) = app.list_for(actor.area, app.now().day().month()) {
        return list_page(&app, &actor, list).await;
    }
    Ok(Page::new(ListPage {
        shell: shell::shell(&app, &actor, &links::lists()).await?,
        title: "服务清单".to_owned(),
        sentence: format!("{}和上级都还没有录入清单。", app.areas().spoken(actor.area))
            .as_str()
            .into(),
        items: Vec::new(),
    }))
}

pub(super) async fn list(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(list): At<String>,
) -> Answer<Page<ListPage>> {
    list_page(&app, &actor, named(&app, &list)?).await
}

fn named<'a>(app: &'a App, id: &str) -> Result<&'a List, Trouble> {
    app.parts().lists.iter().find(|list| list_id(&list.head) == id).ok_or(Trouble::NotFound)
}

async fn list_page(app: &App, actor: &Actor, list: &List) -> Answer<Page<ListPage>> {
    let month = app.now().day().month();
    let items = list.items.iter().map(|item| ItemRow {
        item: Link::new(format!("{} {}", item.no, item.name), item_link(item)),
        who: conditions(item, month).join("，"),
        standard: domain::standard(item, month),
        since: domain::since(item).map_or(String::new(), |day| day.to_string()),
    });
    Ok(Page::new(ListPage {
        items: items.collect(),
        title: title(list),
        sentence: list_sentence(app, list, &examples(list).await?),
        shell: shell::shell(app, actor, &links::lists()).await?,
    }))
}

fn title(list: &List) -> String {
    format!("{}（{}）", list.head.title, list.head.edition)
}

fn item_link(item: &Item) -> webkit::Href {
    links::list_item(&list_id(&item.list), &item.id)
}

/// Who publishes it, since when, what it carries out, how sure we are of it, and its examples.
fn list_sentence(app: &App, list: &List, examples: &Report) -> Line {
    let head = &list.head;
    let number = head.number.as_ref().map_or(String::new(), |number| format!("{number}，"));
    let text = format!("{}发布，{number}{} 起执行", head.responsible, head.effective_from);
    let mut line = Line::new().text(text);
    let lists = &app.parts().lists;
    for (at, upper) in
        std::iter::successors(domain::upper(lists, list), |it| domain::upper(lists, it)).enumerate()
    {
        line = line
            .text(if at == 0 { "，承接" } else { "、" })
            .link(title(upper), links::list(&list_id(&upper.head)));
    }
    line.text(format!("。{} ", examples_words(examples)))
        .chip(Tone::Info, head.confidence.chinese())
}

/// Runs the examples that come with a list. They lie beside it: a file or two.
async fn examples(list: &List) -> Result<Report, Trouble> {
    let dir = list.head.dir.clone();
    tokio::task::spawn_blocking(move || policy::check(&dir)).await.map_err(Trouble::fault)
}

fn examples_words(report: &Report) -> String {
    let count = report.examples;
    match report.problems.len() {
        0 => format!("清单附 {count} 个例子，逐个核对一致。"),
        wrong => format!("清单附 {count} 个例子，有 {wrong} 处不一致，请清单管理岗位核对。"),
    }
}

/// The conditions in words: what is asked does not depend on whom it is asked about.
fn conditions(item: &Item, month: Month) -> Vec<String> {
    explained(item, month).conditions.into_iter().map(|line| line.asked).collect()
}

fn explained(item: &Item, month: Month) -> policy::Explanation {
    policy::explain(item, &Facts::new(), month, &policy::CodePrefix, &ToOwned::to_owned)
}

pub(super) async fn item(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At((list, item)): At<(String, String)>,
) -> Answer<Page<ItemPage>> {
    let month = app.now().day().month();
    let list = named(&app, &list)?;
    let item = list.item(&item).ok_or(Trouble::NotFound)?;
    let above = vec![
        Link::new("服务清单", links::lists()),
        Link::new(title(list), links::list(&list_id(&list.head))),
    ];
    let explained = explained(item, month);
    let mark = item.confidence.chinese();
    Ok(Page::new(ItemPage {
        shell: shell::shell(&app, &actor, &links::lists()).await?,
        crumbs: Crumbs { above, here: format!("第 {} 项", item.no) },
        name: item.name.clone(),
        sentence: format!(
            "{}，{}。资料核对：{mark}。{}",
            domain::standard(item, month),
            domain::pay(item),
            examples_words(&examples(list).await?)
        ),
        amounts: amounts(item),
        time: time(item, &explained.rules),
        basis: item
            .basis
            .iter()
            .map(|basis| (source(basis), basis.citation.says.clone()))
            .collect(),
        assumptions: item
            .assumptions
            .iter()
            .map(|it| format!("{} · {}", it.text, it.confidence.chinese()))
            .collect(),
        parents: parents(&app, list, item, month),
        who: explained.conditions.into_iter().map(|line| line.asked).collect(),
    }))
}

/// A list does not say which clause sets which amount: all of them stand beside the table.
fn amounts(item: &Item) -> Vec<AmountRow> {
    domain::amounts(item)
        .into_iter()
        .map(|row| AmountRow {
            band: row.band,
            amount: row.amount,
            valid: row.valid,
            basis: "见“规定出处”".into(),
        })
        .collect()
}

/// `《…》（文号）第四条`, with the mark of how sure we are of its text.
fn source(basis: &Basis) -> Line {
    let number = basis.number.as_ref().map_or(String::new(), |number| format!("（{number}）"));
    Line::new()
        .text(format!("《{}》{number}{}", basis.title, basis.citation.clause))
        .chip(Tone::Info, basis.confidence.chinese())
}

fn time(item: &Item, rules: &[String]) -> Vec<(String, Line)> {
    let texts = ["起发", "停发", "补发"].into_iter().zip(rules.iter().cloned()).chain([
        ("发放", domain::pay(item)),
        ("办理", domain::route(&item.review)),
        ("时限", domain::clocks(&item.review)),
    ]);
    texts
        .filter(|(_, text)| !text.is_empty())
        .map(|(term, text)| (term.to_owned(), text.as_str().into()))
        .collect()
}

/// The upper item, the one above it, and so on, each with how this item compares with it.
fn parents(app: &App, list: &List, item: &Item, month: Month) -> Vec<(Link, String)> {
    let mut rows = Vec::new();
    let (mut list, mut below) = (list, item);
    while let (Some(above), Some(id)) = (domain::upper(&app.parts().lists, list), &below.implements)
    {
        let Some(upper) = above.item(id) else { break };
        let text = format!("{} 第 {} 项", title(above), upper.no);
        rows.push((Link::new(text, item_link(upper)), domain::compare(item, upper, month)));
        (list, below) = (above, upper);
    }
    rows
}
