use access::Actor;
use axum::Extension;
use axum::extract::State;
use kernel::{Month, Trouble};
use policy::{Basis, Item, List, Report};
use webkit::{Answer, Crumbs, Line, Link, Page, Tone};

use super::views::{AmountRow, ItemPage, ItemRow, Levels, ListPage};
use super::{browse, domain};
use crate::links::{At, list_id};
use crate::list_words::{self, title};
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
        tools: vec![Link::new("全部清单", links::all_lists(""))],
        editions: Vec::new(),
    }))
}

pub(super) async fn list(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(list): At<String>,
) -> Answer<Page<ListPage>> {
    list_page(&app, &actor, named(&app, &list)?).await
}

pub(super) fn named<'a>(app: &'a App, id: &str) -> Result<&'a List, Trouble> {
    app.parts().lists.iter().find(|list| list_id(&list.head) == id).ok_or(Trouble::NotFound)
}

async fn list_page(app: &App, actor: &Actor, list: &List) -> Answer<Page<ListPage>> {
    let (today, lists) = (app.now().day(), &app.parts().lists);
    let id = list_id(&list.head);
    let compare = match domain::before(lists, list) {
        Some(_) => "和上一版比",
        None => "标准的变动",
    };
    Ok(Page::new(ListPage {
        items: list.items.iter().map(|item| item_row(item, today.month())).collect(),
        title: title(&list.head),
        sentence: list_sentence(app, list, &examples(list).await?),
        tools: vec![
            Link::new("全部清单", links::all_lists("")),
            Link::new(compare, links::list_part(&id, "changes")),
            Link::new("导出表格", links::list_part(&id, "items.xlsx")),
        ],
        editions: browse::editions(lists, &list.head.issuer, today),
        shell: shell::shell(app, actor, &links::lists()).await?,
    }))
}

pub(super) fn item_row(item: &Item, month: Month) -> ItemRow {
    let sure = item.confidence != item.list.confidence;
    ItemRow {
        item: Link::new(format!("{} {}", item.no, item.name), item_link(item)),
        kind: item.kind.chinese().to_owned(),
        who: item.beneficiary.clone(),
        content: item.content.clone(),
        standard: list_words::standard(item, month),
        since: domain::since(item).map_or(String::new(), |day| day.to_string()),
        responsible: item.responsible.clone(),
        sure: if sure { format!("，{}", item.confidence.chinese()) } else { String::new() },
    }
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
            .link(title(&upper.head), links::list(&list_id(&upper.head)));
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
        Link::new(title(&list.head), links::list(&list_id(&list.head))),
    ];
    let explained = list_words::explained(item, month);
    let pay = list_words::pay(item);
    let texts = [list_words::standard(item, month), pay.clone()];
    let texts: Vec<&str> = texts.iter().map(String::as_str).filter(|it| !it.is_empty()).collect();
    let examples = if item.is_judged() {
        examples_words(&examples(list).await?)
    } else {
        "本清单不判断个人是否符合。".to_owned()
    };
    let judged = item.is_judged();
    Ok(Page::new(ItemPage {
        shell: shell::shell(&app, &actor, &links::lists()).await?,
        crumbs: Crumbs { above, here: format!("第 {} 项", item.no) },
        name: item.name.clone(),
        sentence: format!(
            "{}。资料核对：{}。{examples}",
            texts.join("，"),
            item.confidence.chinese()
        ),
        columns: columns(item),
        amounts: amounts(item),
        time: if judged { time(item, &explained.rules, &pay) } else { Vec::new() },
        basis: item
            .basis
            .iter()
            .map(|basis| (source(basis), basis.citation.says.clone()))
            .collect(),
        assumptions: item.assumptions.iter().map(assumption).collect(),
        levels: levels(&app.parts().lists, list, item, month),
        who: explained.conditions.into_iter().map(|line| line.asked).collect(),
    }))
}

fn columns(item: &Item) -> Vec<(&'static str, String)> {
    let bring = item.bring.join("、");
    let all = [
        ("服务对象", item.beneficiary.clone()),
        ("服务内容", item.content.clone()),
        ("服务类型", item.kind.chinese().to_owned()),
        ("责任单位", item.responsible.clone()),
        ("办理地点", item.apply_at.clone()),
        ("办理材料", bring),
    ];
    all.into_iter().filter(|(_, text)| !text.is_empty()).collect()
}

fn amounts(item: &Item) -> Vec<AmountRow> {
    domain::amounts(item)
        .into_iter()
        .map(|row| AmountRow {
            band: row.band,
            amount: row.amount,
            valid: row.valid,
            sure: item.confidence.chinese().to_owned(),
        })
        .collect()
}

/// What was decided because the text is silent is marked as such.
fn assumption(it: &policy::Assumption) -> Line {
    Line::new().chip(Tone::Wait, "假定").text(it.text.as_str()).small(it.confidence.chinese())
}

/// `《…》（文号）第四条`, with the mark of how sure we are of its text.
fn source(basis: &Basis) -> Line {
    let number = basis.number.as_ref().map_or(String::new(), |number| format!("（{number}）"));
    Line::new()
        .text(format!("《{}》{number}{}", basis.title, basis.citation.clause))
        .chip(Tone::Info, basis.confidence.chinese())
}

fn time(item: &Item, rules: &[String], pay: &str) -> Vec<(String, Line)> {
    let texts = ["起发", "停发", "补发"].into_iter().zip(rules.iter().cloned()).chain([
        ("发放", pay.to_owned()),
        ("办理", list_words::route(&item.review)),
        ("时限", list_words::clocks(&item.review)),
    ]);
    texts
        .filter(|(_, text)| !text.is_empty())
        .map(|(term, text)| (term.to_owned(), text.as_str().into()))
        .collect()
}

/// The item and those above it, side by side, and how each compares with the one above it.
fn levels(lists: &[List], list: &List, item: &Item, month: Month) -> Levels {
    let chain = domain::chain(lists, list, item);
    let texts = |text: &dyn Fn(&Item) -> String| -> Vec<Line> {
        chain.iter().map(|(_, item)| text(item).into()).collect()
    };
    let listed = chain.iter().map(|(list, item)| {
        let text = format!("{} 第 {} 项", title(&list.head), item.no);
        Line::new().link(text, item_link(item)).small(list.head.confidence.chinese())
    });
    let compared = chain.iter().enumerate().map(|(at, (_, item))| match chain.get(at + 1) {
        Some((_, upper)) => domain::compare(item, upper, month).into(),
        None => Line::from(""),
    });
    let mut rows: Vec<(&str, Vec<Line>)> = vec![
        ("清单", listed.collect()),
        ("名称", texts(&|it| it.name.clone())),
        ("对象", texts(&|it| it.beneficiary.clone())),
        ("条件", texts(&|it| list_words::conditions(it, month).join("，"))),
        ("内容", texts(&|it| it.content.clone())),
        ("标准", texts(&|it| list_words::standard(it, month))),
        ("责任单位", texts(&|it| it.responsible.clone())),
        ("比上一级", compared.collect()),
    ];
    rows.retain(|(_, cells)| cells.iter().any(|cell| *cell != Line::from("")));
    Levels { issuers: chain.iter().map(|(list, _)| list.head.issuer_name.clone()).collect(), rows }
}
