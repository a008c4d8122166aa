//! 登记: whom it is about, what is said, and what is frozen by it.

use access::{Action, Actor, may};
use axum::Extension;
use axum::extract::{Query, State};
use axum::response::Redirect;
use cases::{Case, Opening, Said, case_id};
use facts::people::{self, Find, PersonCard};
use kernel::{CaseChange, CaseId, Day, Effects, PersonId, Role, Trouble};
use payroll::store::PastLine;
use serde::Deserialize;
use webkit::{Answer, Choice, Crumbs, Failure, Field, FieldKind, Form, Link, Page, Posted};

use super::domain::{CHANNELS, Content, Kind};
use super::flow::FLOW;
use super::pages::place;
use super::store::{self, New};
use super::views::{FindPage, NewPage, new_form};
use crate::applying::{self, IN_APPROVAL, IN_FINAL_PUBLICITY, IN_PUBLICITY, OBJECTED};
use crate::links::{self, At};
use crate::runs::item_name;
use crate::{App, commit, flows, shell};

/// People shown for a name.
const MOST: i64 = 30;
/// Months of payments that can be chosen.
const MONTHS: i64 = 6;

fn crumbs(here: &str) -> Crumbs {
    let list = Link::new("异议与投诉", links::complaints::complaints());
    Crumbs { above: vec![list], here: here.to_owned() }
}

fn find_form(actor: &Actor, typed: &str) -> Form {
    Form::new(links::complaints::find(), &actor.csrf, "查找").main().field(
        Field::new("q", "老人", FieldKind::Text("off"))
            .hint("姓名、拼音首字母或完整身份证号")
            .value(typed),
    )
}

async fn find_page(app: &App, actor: &Actor, typed: &str) -> Result<FindPage, Trouble> {
    Ok(FindPage {
        shell: shell::shell(app, actor, &links::complaints::complaints()).await?,
        crumbs: crumbs("登记"),
        form: find_form(actor, typed),
        asked: String::new(),
        found: Vec::new(),
    })
}

/// Asks whom it is about.
pub(crate) async fn ask(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
) -> Answer<Page<FindPage>> {
    Ok(Page::new(find_page(&app, &actor, "").await?))
}

/// What the form of [`ask`] says.
#[derive(Deserialize)]
pub(crate) struct Typed {
    #[serde(default)]
    q: String,
}

/// Who it may be. A number that was typed is not shown again.
pub(crate) async fn find(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    Posted(typed): Posted<Typed>,
) -> Answer<Page<FindPage>> {
    let (areas, today) = (app.areas(), app.now().day());
    let what = Find::parse(typed.q.trim(), &areas, actor.area);
    let again = if matches!(what, Some(Find::Number(_))) { "" } else { typed.q.trim() };
    let mut page = find_page(&app, &actor, again).await?;
    "1".clone_into(&mut page.asked);
    let Some(what) = what.filter(|what| !matches!(what, Find::Area(_))) else {
        return Ok(Page::new(page));
    };
    let mut tx = app.db().begin(&actor.scope).await?;
    let cards = people::find(tx.conn(), app.vault(), &areas, &what, MOST, 0).await?;
    page.found = cards
        .iter()
        .map(|card| {
            let about = format!("{}，{}", card.sex_and_age(today), areas.spoken(card.area));
            (Link::new(&card.name, links::complaints::new(card.id)), about)
        })
        .collect();
    Ok(Page::new(page))
}

/// Which application it is about.
#[derive(Default, Deserialize)]
pub(crate) struct About {
    #[serde(default)]
    case: String,
}

/// What a complaint may be linked to, as the audit trail names it.
pub(super) fn about_case(case: CaseId) -> String {
    format!("case/{case}")
}

/// One month of one payment, as the audit trail names it.
fn about_line(line: &PastLine) -> String {
    format!("run/{}/{}/{}", line.run, line.item, line.month)
}

/// The case that a complaint is linked to.
pub(super) fn linked(about: &str) -> Option<CaseId> {
    about.strip_prefix("case/")?.parse().ok()
}

/// `申领（高龄津贴），公示`
pub(super) fn case_words(app: &App, card: &PersonCard, case: &Case) -> String {
    let flow = flows().into_iter().find(|flow| flow.id == case.flow);
    let name = flow.map_or("办件", |flow| flow.chinese);
    let state = flow.and_then(|flow| flow.state(&case.state)).map_or("", |it| it.chinese);
    let list = app.list_for(card.area, app.now().day().month());
    let item = case.item.as_deref().and_then(|id| list.and_then(|list| list.item(id)));
    let item = item.map_or_else(String::new, |item| format!("（{}）", item.name));
    format!("第 {} 号{name}{item}，{state}", case.number)
}

/// The form.
pub(crate) async fn new(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(person): At<PersonId>,
    Query(about): Query<About>,
) -> Answer<Page<NewPage>> {
    let mut tx = app.db().begin(&actor.scope).await?;
    let card = people::card(tx.conn(), person).await?;
    let cases = cases::cases_of(tx.conn(), card.id).await?;
    let paid = payroll::store::line_history(tx.conn(), card.id, MONTHS, 0).await?;
    drop(tx);
    let mut choices = vec![Choice::new("", "没有具体的办件")];
    let linkable = cases.iter().filter(|case| case.flow != FLOW.id);
    choices.extend(linkable.map(|it| Choice::new(about_case(it.id), case_words(&app, &card, it))));
    choices.extend(paid.iter().map(|line| {
        let item = item_name(&app, &line.item);
        let words = format!("{}发放的{item} {} 元", line.month.chinese(), line.amount);
        Choice::new(about_line(line), words)
    }));
    let kinds = Kind::ALL.map(|kind| Choice::new(kind.code(), kind.chinese()).hint(kind.hint()));
    let channels = CHANNELS.map(|(code, words)| Choice::new(code, words));
    let form = new_form(
        links::complaints::new(person),
        &actor.csrf,
        channels.into(),
        kinds.into(),
        choices,
    );
    let named: Option<CaseId> = about.case.parse().ok();
    let object = named.filter(|id| cases.iter().any(|case| case.id == *id));
    let known = object.map_or_else(Vec::new, |case| {
        let about = about_case(case);
        [("about", about.as_str()), ("channel", "publicity"), ("kind", Kind::Entitlement.code())]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into()
    });
    let place = app.areas().spoken(card.area);
    Ok(Page::new(NewPage {
        shell: shell::shell(&app, &actor, &links::complaints::complaints()).await?,
        crumbs: crumbs("登记"),
        title: format!("登记关于{}的异议或投诉", card.name),
        sentence: format!(
            "{}，{place}。登记后给受理编号，按期限答复。",
            card.sex_and_age(app.now().day())
        ),
        form: form.with_typed(&known, &[]),
    }))
}

/// What the form of [`new`] says.
#[derive(Deserialize)]
pub(crate) struct Registered {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    channel: String,
    #[serde(default)]
    about: String,
    #[serde(default)]
    by: String,
    #[serde(default)]
    contact: String,
    #[serde(default)]
    own: String,
    #[serde(default)]
    words: String,
}

/// 登记
pub(crate) async fn register(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(person): At<PersonId>,
    Posted(said): Posted<Registered>,
) -> Answer<Redirect> {
    let back = |trouble: Trouble| {
        Failure::from(trouble)
            .typed("反映的内容", &said.words)
            .typed("反映人", &said.by)
            .typed("联系电话", &said.contact)
            .back("回到登记", links::complaints::new(person))
    };
    let case = register_one(&app, &actor, person, &said).await.map_err(back)?;
    Ok(Redirect::to(links::complaints::complaint(case).as_str()))
}

async fn register_one(
    app: &App,
    actor: &Actor,
    person: PersonId,
    said: &Registered,
) -> Result<CaseId, Trouble> {
    let (kind, channel) = read(said)?;
    let now = app.now();
    let mut tx = app.db().begin(&actor.scope).await?;
    let card = people::card(tx.conn(), person).await?;
    let (about, object) = object(&mut tx, &card, &said.about).await?;
    let case = case_id(FLOW.id, card.id, &format!("{now}/{}/{}", kind.code(), said.words.trim()));
    let content = Content {
        by: said.by.trim().to_owned(),
        contact: said.contact.trim().to_owned(),
        own: said.own == "1",
        words: said.words.trim().to_owned(),
    };
    let clear = serde_json::to_vec(&content).map_err(Trouble::fault)?;
    let sealed = app.vault().seal(&place(case, "said"), &clear)?;
    let (said, key_version) = (sealed.bytes, sealed.key_version);
    let new = New { case, person: card.id, channel, kind, said, key_version };
    if !store::insert(tx.conn(), &new).await? {
        return Ok(case);
    }
    let effects =
        effects(app, &mut tx, actor, (case, kind, &card), (about, object.as_ref())).await?;
    let note = format!("{}，{}", kind.chinese(), super::domain::channel_chinese(channel));
    commit(tx, actor, now, &effects, "登记投诉", format!("case/{case}"), &note).await?;
    Ok(case)
}

/// What it is about, if that is the elder's: a case, or a month of a payment.
async fn object(
    tx: &mut db::Tx,
    card: &PersonCard,
    about: &str,
) -> Result<(String, Option<Case>), Trouble> {
    if let Some(id) = linked(about) {
        let all = cases::cases_of(tx.conn(), card.id).await?;
        let case = all.into_iter().find(|case| case.id == id).ok_or(Trouble::NotFound)?;
        return Ok((about.to_owned(), Some(case)));
    }
    if about.is_empty() {
        return Ok((String::new(), None));
    }
    let paid = payroll::store::line_history(tx.conn(), card.id, MONTHS, 0).await?;
    let known = paid.iter().any(|line| about_line(line) == about);
    if known { Ok((about.to_owned(), None)) } else { Err(Trouble::NotFound) }
}

fn read(said: &Registered) -> Result<(Kind, &'static str), Trouble> {
    let kind = Kind::from_code(&said.kind)
        .ok_or_else(|| Trouble::refused("还没有选反映什么。", "请选一类再登记。"))?;
    let channel = CHANNELS
        .iter()
        .find(|(code, _)| *code == said.channel)
        .map(|(code, _)| *code)
        .ok_or_else(|| Trouble::refused("还没有选怎么来的。", "请选窗口、电话或其他渠道。"))?;
    if said.words.trim().is_empty() {
        return Err(Trouble::refused("还没有写反映的内容。", "请照他说的记一两句。"));
    }
    Ok((kind, channel))
}

/// Opens the complaint, and stops the application that it objects to.
async fn effects(
    app: &App,
    tx: &mut db::Tx,
    actor: &Actor,
    (case, kind, card): (CaseId, Kind, &PersonCard),
    (about, object): (String, Option<&Case>),
) -> Result<Effects, Trouble> {
    let today = app.now().day();
    let frozen = object.filter(|case| freezes(kind, case));
    let (role, area) = owner(app, kind, card, object);
    let mut opening = FLOW.opening(Opening {
        id: case,
        person: card.id,
        item: object.and_then(|case| case.item.clone()),
        about,
        owner_area: area,
        due_on: Some(due_on(app, kind, today)?),
        note: String::new(),
        hand: None,
    });
    opening.owner_role = role;
    let mut effects = Effects { moves: vec![CaseChange::Open(opening)], ..Effects::default() };
    if let Some(application) = frozen {
        let said = Said { note: "收到异议，核实后再办。".to_owned(), ..Said::default() };
        let how = ("object", actor.role);
        let step = applying::step(app, tx.conn(), application, how, said).await?;
        effects.moves.push(CaseChange::Step(step));
    }
    Ok(effects)
}

fn due_on(app: &App, kind: Kind, today: Day) -> Result<Day, Trouble> {
    Ok(kind.due_on(&app.calendar(), today)?)
}

/// Whether the application waits until the complaint is answered. Whoever says that they are
/// alive is never made to wait.
fn freezes(kind: Kind, case: &Case) -> bool {
    let runs = [IN_PUBLICITY, IN_APPROVAL, IN_FINAL_PUBLICITY].contains(&case.state.as_str());
    case.flow == applying::FLOW.id && runs && kind != Kind::Alive && kind != Kind::Privacy
}

/// Who owes the answer: of an application that is not decided yet the town that reviews it.
fn owner(app: &App, kind: Kind, card: &PersonCard, about: Option<&Case>) -> (Role, kernel::AreaId) {
    let stopped = about.is_some_and(|case| freezes(kind, case) || case.state == OBJECTED);
    let role = if stopped { Role::TownReviewer } else { kind.owner().0 };
    let level = if stopped { kernel::AreaLevel::Township } else { kind.owner().1 };
    let area = app.areas().at_level(card.area, level).map_or(card.area, |node| node.id);
    (role, area)
}

/// Whether the actor takes complaints in.
pub(super) fn works(actor: &Actor) -> bool {
    may(actor.role, Action::DecideDuties)
}
