//! 指标登记: one person enters a document, another one confirms it.

use access::{Action, Actor, AuditEntry, may, record};
use axum::Extension;
use axum::extract::{Query, State as AppState};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use kernel::{Fen, Trouble};
use policy::Item;
use serde::Deserialize;
use sqlx::PgConnection;
use webkit::{Answer, Chip, Choice, Crumbs, FilterLink, Link, Page, Pager, Posted, Tone};

use super::domain::{EntryState, Origin};
use super::list::{item_name, own_items};
use super::store::{self, Filter, Stored};
use super::views::{
    EntriesPage, EntryPage, EntryRow, NewEntryPage, confirm_form, entry_form, return_form,
};
use crate::download::{self, Cell, Head};
use crate::links::{self, At};
use crate::{App, shell};

const PAGE_ROWS: i64 = 50;
const SHEET_ROWS: i64 = 10_000;

/// Name and value, or name and what is wrong.
type Pairs = Vec<(String, String)>;

/// What a list is filtered by, or which item a form begins with.
#[derive(Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    state: String,
    #[serde(default)]
    item: String,
    #[serde(default)]
    page: u32,
}

impl Asked {
    fn state(&self) -> Option<EntryState> {
        EntryState::from_code(&self.state)
    }

    fn filter(&self) -> Filter {
        Filter { id: None, state: self.state() }
    }

    fn words(&self) -> String {
        self.state().map_or("全部", EntryState::chinese).to_owned()
    }
}

/// Whether the actor is one who confirms what another has entered.
pub(super) fn confirms(actor: &Actor) -> bool {
    may(actor.role, Action::ReviewFunds) || may(actor.role, Action::ConfirmPay)
}

fn tone(state: EntryState) -> Tone {
    match state {
        EntryState::Entered => Tone::Wait,
        EntryState::Confirmed => Tone::Ok,
        EntryState::Returned => Tone::Plain,
    }
}

fn crumbs(here: impl Into<String>) -> Crumbs {
    let above = vec![
        Link::new("资金账", links::funds::funds()),
        Link::new("指标登记", links::funds::entries()),
    ];
    Crumbs { above, here: here.into() }
}

/// The list.
pub(super) async fn list(
    AppState(app): AppState<App>,
    Extension(actor): Extension<Actor>,
    Query(asked): Query<Asked>,
) -> Answer<Page<EntriesPage>> {
    let mut tx = app.db().begin(&actor.scope).await?;
    let first = i64::from(asked.page) * PAGE_ROWS;
    let stored = store::list(tx.conn(), &asked.filter(), PAGE_ROWS, first).await?;
    let counts = store::counts(tx.conn()).await?;
    drop(tx);
    let of = |state: EntryState| {
        counts.iter().find(|(it, _)| *it == state).map_or(0, |(_, count)| *count)
    };
    let all = asked.state().map_or_else(|| counts.iter().map(|it| it.1).sum(), of);
    let waiting = of(EntryState::Entered);
    let enters = may(actor.role, Action::PreparePay) && !own_items(&app, &actor).is_empty();
    let state = asked.state().map_or("", EntryState::code);
    let shown = first.unsigned_abs() + u64::try_from(stored.len()).unwrap_or(0);
    let href = |page: u32| links::funds::entries_of(state).query("page", page);
    let filters = EntryState::ALL.iter().filter(|state| of(**state) > 0).map(|it| FilterLink {
        text: it.chinese().to_owned(),
        count: of(*it),
        href: links::funds::entries_of(it.code()),
        tone: tone(*it),
        current: asked.state() == Some(*it),
    });
    let above = vec![Link::new("资金账", links::funds::funds())];
    Ok(Page::new(EntriesPage {
        shell: shell::shell(&app, &actor, &links::funds::funds()).await?,
        crumbs: Crumbs { above, here: "指标登记".to_owned() },
        sentence: match waiting {
            0 => "没有等着确认的指标。".to_owned(),
            n => format!("{n} 项指标等另一人确认，确认后才记入资金账。"),
        },
        new: enters.then(|| Link::new("登记指标", links::funds::new_entry(""))),
        filters: filters.collect(),
        filter_words: asked.words(),
        export: links::funds::entries_export(state),
        rows: stored.iter().map(|it| entry_row(&app, &actor, it)).collect(),
        pager: (all > PAGE_ROWS.unsigned_abs()).then(|| Pager {
            from: first.unsigned_abs() + 1,
            to: shown,
            of: all,
            previous: (asked.page > 0).then(|| href(asked.page - 1)),
            next: (shown < all).then(|| href(asked.page + 1)),
        }),
    }))
}

fn entry_row(app: &App, actor: &Actor, it: &Stored) -> EntryRow {
    let (_, by, at) = &it.entered;
    EntryRow {
        document: Link::new(it.document.as_str(), links::funds::entry(it.id)),
        item: format!("{} {} 年", item_name(app, actor, &it.item), it.year),
        origin: it.origin.chinese().to_owned(),
        amount: it.amount,
        entered: format!("{by} {at}"),
        state: Chip::new(tone(it.state), it.state.chinese()),
    }
}

/// The list as a workbook.
pub(super) async fn sheet(
    AppState(app): AppState<App>,
    Extension(actor): Extension<Actor>,
    Query(asked): Query<Asked>,
) -> Answer<Response> {
    let mut tx = app.db().begin(&actor.scope).await?;
    let stored = store::list(tx.conn(), &asked.filter(), SHEET_ROWS, 0).await?;
    drop(tx);
    let head = Head {
        title: "指标登记".to_owned(),
        filter_words: asked.words(),
        personal: false,
        cut_off: None,
    };
    let columns = [
        ("编号", 8.0),
        ("文号", 26.0),
        ("项目", 20.0),
        ("资金", 16.0),
        ("资金来源", 16.0),
        ("预算年度", 10.0),
        ("金额（元）", 16.0),
        ("登记人", 12.0),
        ("登记日期", 12.0),
        ("状态", 10.0),
        ("确认或退回", 12.0),
        ("说明", 28.0),
    ];
    let cells: Vec<Vec<Cell>> = stored
        .iter()
        .map(|it| {
            vec![
                Cell::Count(it.id.unsigned_abs()),
                it.document.as_str().into(),
                item_name(&app, &actor, &it.item).into(),
                it.fund.as_str().into(),
                it.origin.chinese().into(),
                Cell::Count(u64::from(it.year.unsigned_abs())),
                Cell::Money(it.amount),
                it.entered.1.as_str().into(),
                Cell::Day(it.entered.2.day()),
                it.state.chinese().into(),
                it.decided.as_ref().map_or(Cell::Empty, |(by, _)| by.as_str().into()),
                if it.reason.is_empty() { it.note.as_str() } else { it.reason.as_str() }.into(),
            ]
        })
        .collect();
    let bytes = download::list(&app, &actor, &head, &columns, &cells).await?;
    Ok(download::xlsx("指标登记.xlsx", bytes))
}

/// What the form sends.
#[derive(Default, Deserialize)]
pub(super) struct Typed {
    item: String,
    year: String,
    way: String,
    origin: String,
    amount: String,
    document: String,
    note: String,
}

/// A document as it can be entered.
struct Entry<'a> {
    item: &'a Item,
    year: i16,
    origin: Origin,
    /// Below zero: 调减.
    amount: Fen,
    document: &'a str,
}

impl Typed {
    fn kept(&self) -> Pairs {
        [
            ("item", &self.item),
            ("year", &self.year),
            ("way", &self.way),
            ("origin", &self.origin),
            ("amount", &self.amount),
            ("document", &self.document),
            ("note", &self.note),
        ]
        .map(|(field, value)| (field.to_owned(), value.clone()))
        .into()
    }

    fn read<'a>(&'a self, items: &[&'a Item], this_year: i16) -> Result<Entry<'a>, Pairs> {
        let mut wrong = Pairs::new();
        let item = items.iter().find(|it| it.id == self.item).copied();
        let item = noted(&mut wrong, "item", item.ok_or("请选择项目。".to_owned()));
        let near = |year: &i16| (this_year - 1..=this_year + 1).contains(year);
        let year = self.year.trim().parse().ok().filter(near);
        let year =
            year.ok_or_else(|| format!("请填 {} 到 {} 之间的年份。", this_year - 1, this_year + 1));
        let year = noted(&mut wrong, "year", year);
        let origin = Origin::from_code(&self.origin).ok_or("请选择资金来源。".to_owned());
        let origin = noted(&mut wrong, "origin", origin);
        let amount = noted(&mut wrong, "amount", sum(&self.amount, self.way == "lower"));
        let document = noted(&mut wrong, "document", document(&self.document));
        if !["raise", "lower"].contains(&self.way.as_str()) {
            wrong.push(("way".to_owned(), "请选择下达还是调减。".to_owned()));
        }
        match (item, year, origin, amount, document) {
            (Some(item), Some(year), Some(origin), Some(amount), Some(document))
                if wrong.is_empty() =>
            {
                Ok(Entry { item, year, origin, amount, document })
            }
            _ => Err(wrong),
        }
    }
}

/// What was read, or a note beside its field.
fn noted<T>(wrong: &mut Pairs, field: &str, read: Result<T, String>) -> Option<T> {
    read.map_err(|why| wrong.push((field.to_owned(), why))).ok()
}

/// A hundred thousand million yuan: more is a slip of the hand.
const MOST: Fen = Fen::from_yuan(100_000_000_000);

fn sum(typed: &str, lower: bool) -> Result<Fen, String> {
    match Fen::parse_yuan(typed) {
        Ok(sum) if sum > Fen::ZERO && sum <= MOST => {
            Ok(if lower { Fen::new(-sum.get()) } else { sum })
        }
        Ok(_) => Err("金额要大于 0；调减也填正数，由“怎么变”区分。".to_owned()),
        Err(wrong) => Err(format!("{wrong}。")),
    }
}

fn document(typed: &str) -> Result<&str, String> {
    match typed.trim() {
        "" => Err("请填写指标文件的文号。".to_owned()),
        it if it.chars().count() > 60 => Err("文号太长，最多 60 个字。".to_owned()),
        it => Ok(it),
    }
}

/// The form, empty but for what follows from today.
pub(super) async fn blank(
    AppState(app): AppState<App>,
    Extension(actor): Extension<Actor>,
    Query(asked): Query<Asked>,
) -> Answer<Page<NewEntryPage>> {
    let typed = Typed {
        item: asked.item,
        year: app.now().day().year().to_string(),
        way: "raise".to_owned(),
        origin: Origin::County.code().to_owned(),
        ..Typed::default()
    };
    Ok(form_page(&app, &actor, &typed, &[]).await?)
}

async fn form_page(
    app: &App,
    actor: &Actor,
    typed: &Typed,
    errors: &[(String, String)],
) -> Result<Page<NewEntryPage>, Trouble> {
    let items = own_items(app, actor);
    if items.is_empty() {
        return Err(Trouble::refused(
            "本级没有自己发放的项目，不登记预算指标。",
            "请由发布清单的县级登记。",
        ));
    }
    let label = |item: &&Item| format!("{}（{}）", item.name, item.pay.fund);
    let items = items.iter().map(|item| Choice::new(item.id.as_str(), label(item)));
    let items = std::iter::once(Choice::new("", "请选择")).chain(items).collect();
    let origins = Origin::ALL.iter().map(|it| Choice::new(it.code(), it.chinese())).collect();
    let back = Link::new("不登记了", links::funds::entries());
    let form = entry_form(links::funds::entries(), &actor.csrf, items, origins, back);
    Ok(Page::new(NewEntryPage {
        shell: shell::shell(app, actor, &links::funds::funds()).await?,
        crumbs: crumbs("登记指标"),
        form: form.with_typed(&typed.kept(), errors),
    }))
}

/// 登记
pub(super) async fn enter(
    AppState(app): AppState<App>,
    Extension(actor): Extension<Actor>,
    Posted(typed): Posted<Typed>,
) -> Answer<Response> {
    let items = own_items(&app, &actor);
    let at = app.now();
    let entry = match typed.read(&items, at.day().year()) {
        Ok(entry) => entry,
        Err(wrong) => {
            let page = form_page(&app, &actor, &typed, &wrong).await?;
            return Ok(page.status(StatusCode::UNPROCESSABLE_ENTITY).into_response());
        }
    };
    let mut tx = app.db().begin(&actor.scope).await?;
    let new = store::New {
        area: actor.area,
        area_pos: actor.scope.lo(),
        origin: entry.origin,
        fund: &entry.item.pay.fund,
        item: &entry.item.id,
        year: entry.year,
        amount: entry.amount,
        document: entry.document,
        note: typed.note.trim(),
        by: actor.account,
        at,
    };
    let Some(id) = store::insert(tx.conn(), &new).await? else {
        let said = "同一文号已经为这个项目登记过同样的金额。".to_owned();
        let page = form_page(&app, &actor, &typed, &[("document".to_owned(), said)]).await?;
        return Ok(page.status(StatusCode::UNPROCESSABLE_ENTITY).into_response());
    };
    let note = format!("{}，{} 元", entry.document, entry.amount);
    let audit = AuditEntry::new(&actor, at, "登记指标", format!("budget/{id}")).note(note);
    record(tx.conn(), &audit).await?;
    tx.commit().await?;
    Ok(Redirect::to(links::funds::entry(id).as_str()).into_response())
}

/// An entry by its number; what lies outside of the scope is not found.
pub(super) async fn find(conn: &mut PgConnection, id: i64) -> Result<Stored, Trouble> {
    let filter = Filter { id: Some(id), state: None };
    store::list(conn, &filter, 1, 0).await?.pop().ok_or(Trouble::NotFound)
}

/// One entry.
pub(super) async fn one(
    AppState(app): AppState<App>,
    Extension(actor): Extension<Actor>,
    At(id): At<i64>,
) -> Answer<Page<EntryPage>> {
    let mut tx = app.db().begin(&actor.scope).await?;
    let it = find(tx.conn(), id).await?;
    drop(tx);
    let own = it.entered.0 == actor.account;
    let waits = it.state == EntryState::Entered;
    let may_confirm = waits && !own && confirms(&actor);
    let action = links::funds::decide(id);
    Ok(Page::new(EntryPage {
        shell: shell::shell(&app, &actor, &links::funds::funds()).await?,
        crumbs: crumbs(it.document.as_str()),
        title: format!("{} {} 元", if it.amount < Fen::ZERO { "调减" } else { "下达" }, size(&it)),
        state: Chip::new(tone(it.state), it.state.chinese()),
        sentence: match it.state {
            EntryState::Entered if own => {
                "等财政审核或县级审批的另一人确认。您登记的，可以撤回，不能自己确认。".to_owned()
            }
            EntryState::Entered => "等另一人确认，确认后记入资金账。".to_owned(),
            EntryState::Confirmed => "已经记入资金账。登错的，另登记一项相反的。".to_owned(),
            EntryState::Returned => "没有记入资金账。".to_owned(),
        },
        facts: facts(&app, &actor, &it),
        confirm: may_confirm.then(|| confirm_form(action.clone(), &actor.csrf)),
        back: (waits && (own || may_confirm)).then(|| return_form(action, &actor.csrf, own)),
    }))
}

/// The sum without its sign.
pub(super) fn size(it: &Stored) -> Fen {
    Fen::new(it.amount.get().abs())
}

fn facts(app: &App, actor: &Actor, it: &Stored) -> Vec<(String, webkit::Line)> {
    let (_, by, at) = &it.entered;
    let mut facts = vec![
        ("文号", it.document.clone()),
        ("项目", item_name(app, actor, &it.item)),
        ("资金", it.fund.clone()),
        ("预算年度", format!("{} 年", it.year)),
        ("资金来源", it.origin.chinese().to_owned()),
        ("登记", format!("{by} {at}")),
    ];
    if !it.note.is_empty() {
        facts.push(("说明", it.note.clone()));
    }
    if let Some((by, at)) = &it.decided {
        let label = if it.state == EntryState::Confirmed { "确认" } else { "退回" };
        facts.push((label, format!("{by} {at}")));
    }
    if !it.reason.is_empty() {
        facts.push(("退回原因", it.reason.clone()));
    }
    facts.into_iter().map(|(term, text)| (term.to_owned(), text.as_str().into())).collect()
}
