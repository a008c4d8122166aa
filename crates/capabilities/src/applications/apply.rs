//! 代办申领: the form, filled in with what is known, and its sending.

use access::Actor;
use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use cases::{Opening, Said};
use duties::DutyState;
use findings::kinds::{SOON, UNCLAIMED};
use findings::{ACCOUNT, award_kind};
use http::StatusCode;
use kernel::{CaseChange, CaseId, Effects, FactValue, Life, PersonId, Role, Trouble};
use policy::Item;
use webkit::{Answer, Chip, Choice, Crumbs, Failure, Form, Href, Link, Page, Posted, Tone};

use super::decide::late;
use super::desk;
use super::kin::declare_form;
use super::one::proof;
use super::queue::sum;
use super::typed::{Known, Typed, Wrong, read};
use super::views::{ApplyPage, ChoosePage, Prefilled, application_form};
use crate::applying::{self, Channel, Consent, FLOW, Filled, Holder, Judged, Prover};
use crate::links::{self, At};
use crate::{App, Evidence, commit, shell};

/// The items that an elder can apply for.
pub(crate) async fn choose(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(person): At<PersonId>,
) -> Answer<Page<ChoosePage>> {
    let mut tx = app.db().begin(&actor.scope).await?;
    let card = facts::people::card(tx.conn(), person).await?;
    let prover = Prover::load(&app, tx.conn(), [card.id]).await?;
    let list = app.list_for(card.area, app.now().day().month());
    let mut items = Vec::new();
    for item in list.iter().flat_map(|list| &list.items).filter(|it| award_kind(it).is_some()) {
        let Some(judged) = prover.judge(&app, &card, item)? else { continue };
        let link = Link::new(&item.name, links::applications::apply(card.id, &item.id));
        items.push((link, judged.explained.sentence.clone(), chip(&judged)));
    }
    drop(tx);
    Ok(Page::new(ChoosePage {
        shell: shell::shell(&app, &actor, &links::applications::queue()).await?,
        crumbs: crumbs(&card.name, card.id, "申领待遇"),
        title: format!("为{}申领待遇", card.name),
        items,
        kin: declare_form(card.id, &actor),
    }))
}

fn chip(judged: &Judged) -> Chip {
    match (&judged.paid, &judged.terms) {
        (Some(_), _) => Chip::new(Tone::Plain, "已在发放"),
        (None, Some(_)) => Chip::new(Tone::Ok, "符合条件"),
        (None, None) if judged.explained.verdict.word() == "unknown" => {
            Chip::new(Tone::Wait, "还差事实")
        }
        (None, None) => Chip::new(Tone::Plain, "不符合条件"),
    }
}

fn crumbs(name: &str, person: PersonId, here: &str) -> Crumbs {
    Crumbs {
        above: vec![Link::new("找老人", links::search()), Link::new(name, links::elder(person))],
        here: here.to_owned(),
    }
}

/// An elder with one item, before anything is applied for.
struct About {
    evidence: Evidence,
    item: Item,
    judged: Judged,
    open: Option<CaseId>,
    former: usize,
}

impl About {
    async fn load(
        app: &App,
        tx: &mut db::Tx,
        person: PersonId,
        item: &str,
    ) -> Result<Self, Trouble> {
        let evidence = Evidence::of(app, tx, person).await?;
        let card = &evidence.card;
        let list = app.list_for(card.area, app.now().day().month()).ok_or(Trouble::NotFound)?;
        let item = list.item(item).filter(|item| award_kind(item).is_some());
        let item = item.ok_or(Trouble::NotFound)?.clone();
        let prover = Prover::load(app, tx.conn(), [card.id]).await?;
        let judged = prover.judge(app, card, &item)?.ok_or(Trouble::NotFound)?;
        let all = cases::cases_of(tx.conn(), card.id).await?;
        let ours = |case: &&cases::Case| {
            case.flow == FLOW.id && case.item.as_deref() == Some(item.id.as_str())
        };
        let open = all.iter().filter(ours).find(|case| case.owner.is_some()).map(|case| case.id);
        let former = all.iter().filter(ours).count();
        Ok(Self { evidence, item, judged, open, former })
    }

    fn check(&self) -> Result<(), Trouble> {
        let card = &self.evidence.card;
        if matches!(card.life, Life::Confirmed | Life::Corroborated) {
            return Err(Trouble::refused(
                format!("部门数据显示{}已去世，不能申请。", card.name),
                "人还在的，请先在待办里核实在世，再来申请。",
            ));
        }
        if self.judged.paid.is_some() {
            return Err(Trouble::refused(
                format!("{}已经在享受{}，不用再申请。", card.name, self.item.name),
                "标准有变的，看待办里的“档次变化”。",
            ));
        }
        Ok(())
    }

    fn known(&self, app: &App) -> Known {
        Known {
            today: app.now().day(),
            account: self.judged.account.is_some(),
            no_application: self.item.no_application,
        }
    }
}

/// 申请表: what is known stands in it.
pub(crate) async fn new(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At((person, item)): At<(PersonId, String)>,
) -> Answer<Response> {
    let mut tx = app.db().begin(&actor.scope).await?;
    let about = About::load(&app, &mut tx, person, &item).await?;
    drop(tx);
    if let Some(open) = about.open {
        return Ok(Redirect::to(links::applications::one(open).as_str()).into_response());
    }
    let back = |trouble| Failure::from(trouble).back("回到档案", links::elder(person));
    about.check().map_err(back)?;
    Ok(Page::new(page(&app, &actor, &about, None).await?).into_response())
}

async fn page(
    app: &App,
    actor: &Actor,
    about: &About,
    typed: Option<(&Typed, &Wrong)>,
) -> Result<ApplyPage, Trouble> {
    let (card, item) = (&about.evidence.card, &about.item);
    let signs = last_signs(app, &about.evidence);
    let action = links::applications::apply(card.id, &item.id);
    let mut form = form_for(app, actor, item, action, signs);
    if let Some((typed, wrong)) = typed {
        let typed: Vec<(String, String)> =
            typed.iter().map(|(name, text)| (name.clone(), text.clone())).collect();
        form = form.with_typed(&typed, wrong);
    }
    let known = [
        ("姓名", card.name.clone()),
        ("性别年龄", card.sex_and_age(app.now().day())),
        ("身份证号", card.number.to_string()),
        ("户籍", app.areas().spoken(card.area)),
        ("项目", item.name.clone()),
        ("受理", format!("{} {}", actor.name, app.now().day())),
    ];
    Ok(ApplyPage {
        shell: shell::shell(app, actor, &links::applications::queue()).await?,
        crumbs: crumbs(&card.name, card.id, &format!("申请{}", item.name)),
        title: format!("{}申请{}", card.name, item.name),
        pays: about.judged.terms.as_ref().map_or_else(
            || format!("按现在的事实不符合条件：{}", about.judged.explained.sentence),
            sum,
        ),
        known: known.map(|(term, text)| (term.to_owned(), text)).into(),
        form,
        proof: proof(app, &about.evidence, item, about.judged.month)?,
    })
}

/// The account that the departments know, by its last signs.
pub(super) fn last_signs(app: &App, evidence: &Evidence) -> Option<String> {
    let fact = evidence.fact(ACCOUNT, app.now().day())?;
    match &fact.value {
        FactValue::Text(token) => {
            app.vault().open_text(ACCOUNT, token).ok().map(|clear| access::last_signs(&clear))
        }
        _ => None,
    }
}

/// The form of an application for the item.
pub(super) fn form_for(
    app: &App,
    actor: &Actor,
    item: &Item,
    action: Href,
    account: Option<String>,
) -> Form {
    let mut channels: Vec<Channel> = Channel::ALL.iter().map(|(it, ..)| *it).collect();
    channels.retain(|it| *it != Channel::NoApplication || item.no_application);
    // What needs no application is offered first.
    channels.sort_by_key(|it| *it != Channel::NoApplication);
    let channel = |it: &Channel| Choice::new(it.code(), it.chinese());
    let label = if item.no_application { "提交审核（免申即享）" } else { "提交审核" };
    let prefilled = Prefilled {
        account,
        channels: channels.iter().map(channel).collect(),
        consents: Consent::ALL.iter().map(|(_, code, label)| Choice::new(*code, *label)).collect(),
        holders: Holder::ALL.iter().map(|(_, code, label)| Choice::new(*code, *label)).collect(),
        today: app.now().day().to_string(),
    };
    application_form(action, &actor.csrf, label, prefilled)
}

/// Sends an application off, or puts it aside until there is an account.
pub(crate) async fn submit(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At((person, item)): At<(PersonId, String)>,
    Posted(typed): Posted<Typed>,
) -> Answer<Response> {
    let mut tx = app.db().begin(&actor.scope).await?;
    let about = About::load(&app, &mut tx, person, &item).await?;
    if let Some(open) = about.open {
        let why = "这一项已经有一件申请在办，没有再开一件。".to_owned();
        let failure = Failure::from(Trouble::Conflict(why));
        return Err(failure.back("看在办的申请", links::applications::one(open)));
    }
    let back = |trouble| Failure::from(trouble).back("回到档案", links::elder(person));
    about.check().map_err(back)?;
    let filled = match read(&typed, about.known(&app)) {
        Ok(filled) => filled,
        Err(wrong) => {
            drop(tx);
            let page = page(&app, &actor, &about, Some((&typed, &wrong))).await?;
            return Ok(Page::new(page).status(StatusCode::UNPROCESSABLE_ENTITY).into_response());
        }
    };
    let id = open(&app, &actor, tx, &about, &filled).await.map_err(back)?;
    Ok(Redirect::to(links::applications::one(id).as_str()).into_response())
}

/// Opens the case with its form and its first move; the duty that asked for it is done.
async fn open(
    app: &App,
    actor: &Actor,
    mut tx: db::Tx,
    about: &About,
    filled: &Filled,
) -> Result<CaseId, Trouble> {
    let (card, item) = (&about.evidence.card, &about.item);
    let now = app.now();
    let case = applying::unopened(card, item, about.former, now);
    let opening = FLOW.opening(Opening {
        id: case.id,
        person: card.id,
        item: Some(item.id.clone()),
        about: String::new(),
        owner_area: applying::owner_area(app, card.area, Role::VillageWorker),
        due_on: applying::due(app, item, &case.state, now.day())?,
        note: filled.channel.chinese().to_owned(),
        hand: None,
    });
    let turn = (first_move(filled), actor.role);
    let step = applying::step_of(app, &case, card, turn, Said::default())?;
    if filled.has_account {
        close_duties(&mut tx, actor, (card.id, item), now).await?;
    }
    // The form needs its case to stand.
    cases::write(tx.conn(), &[CaseChange::Open(opening)], actor, now).await?;
    applying::write(app, tx.conn(), case.id, filled, actor).await?;
    let effects = Effects { moves: vec![CaseChange::Step(step)], ..Effects::default() };
    let object = format!("case/{}", case.id);
    commit(tx, actor, now, &effects, "受理申领", object, filled.channel.chinese()).await?;
    Ok(case.id)
}

fn first_move(filled: &Filled) -> &'static str {
    if filled.has_account { "submit" } else { "wait_for_account" }
}

/// What asked for this application is done.
async fn close_duties(
    tx: &mut db::Tx,
    actor: &Actor,
    (person, item): (PersonId, &Item),
    now: kernel::Now,
) -> Result<(), Trouble> {
    for duty in duties::duties_of(tx.conn(), person).await? {
        let about = duty.item.as_deref() == Some(item.id.as_str());
        let (kind, outcome) = match duty.kind.as_str() {
            kind if kind == UNCLAIMED.id => (&UNCLAIMED, "willing"),
            kind if kind == SOON.id => (&SOON, "told"),
            _ => continue,
        };
        if !about || duty.state != DutyState::Open {
            continue;
        }
        let Some(outcome) = kind.outcomes.iter().find(|it| it.id == outcome) else { continue };
        let why = "已提交申领";
        duties::decide(tx.conn(), duty.id, outcome, why, actor.account, now).await?;
    }
    Ok(())
}

/// 补正后再提交: the form again, of an application that was returned or waited for an account.
pub(crate) async fn again(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(id): At<CaseId>,
    Posted(typed): Posted<Typed>,
) -> Answer<Redirect> {
    let here = links::applications::one(id);
    let back = |trouble: Trouble| Failure::from(trouble).back("回到这件申领", here.clone());
    let mut tx = app.db().begin(&actor.scope).await?;
    let row = desk::held(&app, &mut tx, &actor, id).await?;
    let item = applying::item_of(&app, &row.case, row.card.area)?;
    let known = Known {
        today: app.now().day(),
        account: row.judged.as_ref().is_some_and(|it| it.account.is_some()),
        no_application: item.no_application,
    };
    let filled = read(&typed, known).map_err(|wrong| {
        let why = wrong.into_iter().map(|(_, why)| why).collect::<String>();
        back(Trouble::refused(why, "已填的内容请回到页面补齐后再提交。"))
    })?;
    let seen = typed.get("seen").and_then(|it| it.parse().ok()).unwrap_or(row.case.moves);
    if seen != row.case.moves {
        return Err(back(late(&row)));
    }
    let turn = (first_move(&filled), actor.role);
    let step = applying::step_of(&app, &row.case, &row.card, turn, Said::default());
    let step = step.map_err(back)?;
    applying::write(&app, tx.conn(), id, &filled, &actor).await?;
    if filled.has_account {
        close_duties(&mut tx, &actor, (row.card.id, item), app.now()).await?;
    }
    let effects = Effects { moves: vec![CaseChange::Step(step)], ..Effects::default() };
    let object = format!("case/{id}");
    let note = filled.channel.chinese();
    commit(tx, &actor, app.now(), &effects, "受理申领", object, note).await.map_err(back)?;
    Ok(Redirect::to(here.as_str()))
}
