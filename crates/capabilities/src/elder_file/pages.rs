use access::{Action, Actor, AuditEntry, may};
use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderName, header};
use duties::{Duty, DutyState};
use facts::Fact;
use facts::people::{self, PersonCard};
use facts::population::{Absence, ClosedWorld, Subject, subject_of};
use findings::standings::{self, Standing};
use kernel::{Day, FactValue, Life, PersonId, Trouble};
use policy::register::kind_of;
use serde::Deserialize;
use webkit::{Answer, Chip, Crumbs, Failure, Line, Link, Page, Posted, Tone};

use super::domain;
use super::profile::{leads, situation, standing, traces};
use super::store;
use super::views::{
    Benefit, ElderPage, Event, OpenDuty, ProfileLine, Relative, UnknownFact, reveal_form,
};
use crate::links::At;
use crate::{App, duty_kind, links, shell, words};

/// Everything that the page and the notice are made of.
pub(super) struct File {
    pub(super) card: PersonCard,
    pub(super) facts: Vec<Fact>,
    timeline: Vec<Fact>,
    duties: Vec<Duty>,
    closed: ClosedWorld,
    subject: Subject,
    relatives: Vec<(PersonCard, bool)>,
}

/// The file of an elder, if the actor may see them.
pub(super) async fn open(app: &App, actor: &Actor, person: PersonId) -> Result<File, Trouble> {
    let mut tx = app.db().begin(&actor.scope).await?;
    let card = people::card(tx.conn(), person).await?;
    let facts = facts::facts_of(tx.conn(), card.id).await?;
    Ok(File {
        timeline: facts::timeline_of(tx.conn(), card.id).await?,
        duties: duties::duties_of(tx.conn(), card.id).await?,
        closed: app.closed_world(tx.conn()).await?,
        subject: subject_of(card.id, card.area, card.life, &facts),
        relatives: relatives(&mut tx, &card, &facts, app.now().day()).await?,
        card,
        facts,
    })
}

/// Spouse and household, as far as the actor may see them; whether it is the spouse.
async fn relatives(
    tx: &mut db::Tx,
    card: &PersonCard,
    facts: &[Fact],
    today: Day,
) -> Result<Vec<(PersonCard, bool)>, Trouble> {
    let value = |kind: &str| facts.iter().find(|fact| fact.kind == kind).map(|fact| &fact.value);
    let household = match value("household") {
        Some(FactValue::Text(number)) => Some(number.as_str()),
        _ => None,
    };
    let mut people = store::relatives(tx.conn(), card.id, household, today).await?;
    if let Some(FactValue::Person(spouse)) = value("spouse") {
        match people.iter_mut().find(|(person, _)| person == spouse) {
            Some((_, is_spouse)) => *is_spouse = true,
            None => people.push((*spouse, true)),
        }
    }
    let ids: Vec<PersonId> = people.iter().map(|(person, _)| *person).collect();
    let cards = people::cards(tx.conn(), &ids).await?;
    let spouse = |card: &PersonCard| people.iter().any(|(id, spouse)| *spouse && *id == card.id);
    Ok(cards.into_iter().map(|card| (card.clone(), spouse(&card))).collect())
}

impl File {
    /// What a file of everybody says of a kind by not naming the elder.
    pub(super) fn absence(&self, app: &App, kind: &str) -> Option<&Absence> {
        self.closed.absence(&self.subject, kind, &app.areas())
    }

    /// How every item of the list in force stands.
    pub(super) fn standings<'a>(
        &'a self,
        app: &'a App,
        today: Day,
    ) -> Result<Vec<Standing<'a>>, Trouble> {
        let list = app.list_for(self.card.area, today.month());
        standings::standings(list, &self.card, &self.facts, today, &app.areas(), &self.closed)
    }
}

pub(super) async fn elder(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(person): At<PersonId>,
) -> Answer<Page<ElderPage>> {
    let file = open(&app, &actor, person).await?;
    let mut page = elder_page(&app, &actor, &file).await?;
    if may(actor.role, Action::RevealNumber) {
        page.reveal = Some(reveal_form(links::reveal(person), &actor.csrf));
    }
    Ok(Page::new(page))
}

/// What the role may begin about the elder.
fn acts(actor: &Actor, card: &PersonCard) -> Vec<Link> {
    let (id, is_living) = (card.id, card.life == Life::Living);
    let accepts = is_living && may(actor.role, Action::AcceptCases);
    [
        (accepts, "申领待遇", links::applications::choose(id)),
        (accepts, "转办救助", links::relief::new(id)),
        (may(actor.role, Action::SeePay), "发放记录", links::pay_runs::payments(id)),
        (may(actor.role, Action::DecideDuties), "登记投诉", links::complaints::new(id)),
        (is_living, "联系卡", links::paper::card(id)),
        (may(actor.role, Action::RevealNumber), "实时核验", links::elder_lookups(id)),
    ]
    .into_iter()
    .filter(|(is_open, ..)| *is_open)
    .map(|(_, text, href)| Link::new(text, href))
    .collect()
}

/// The page with the number masked and no way to open it.
async fn elder_page(app: &App, actor: &Actor, file: &File) -> Result<ElderPage, Trouble> {
    let (areas, today) = (app.areas(), app.now().day());
    let card = &file.card;
    let standings = file.standings(app, today)?;
    let above = vec![
        Link::new("找老人", links::search()),
        Link::new(areas.spoken(card.area), links::search_area(card.area, 1)),
    ];
    Ok(ElderPage {
        shell: shell::shell(app, actor, &links::search()).await?,
        crumbs: Crumbs { above, here: card.name.clone() },
        name: card.name.clone(),
        about: domain::about(card, today),
        village: areas.spoken(card.area),
        number: card.number.to_string(),
        reveal: None,
        life: words::life_chip(card.life),
        life_source: life_source(app, card.life, &file.facts),
        notice: (card.life == Life::Living)
            .then(|| Link::new("打印一页告知", links::notice(card.id))),
        acts: acts(actor, card),
        gets: standings.iter().filter_map(|it| gets(app, card.id, it, today)).collect(),
        could_get: standings
            .iter()
            .filter(|it| it.could_get(today))
            .map(|it| could_get(card.id, it))
            .collect(),
        stopped: standings.iter().filter_map(|it| stopped(card.id, it, today)).collect(),
        duties: open_duties(app, &file.duties, today),
        history: history(app, file),
        unknown: unknown(&standings),
        served: standings
            .iter()
            .filter(|it| it.is_served())
            .map(|it| served(card.id, it, &file.facts))
            .collect(),
        situation: situation(app, actor, file, today),
        family: family(app, actor, file, today),
        relatives: file.relatives.iter().map(|it| relative(app, it, today)).collect(),
        traces: traces(app, actor, file),
        leads: leads(app, actor, file, today),
    })
}

/// 户号 and 配偶 as they are registered; who lies in the scope is linked beside.
fn family(app: &App, actor: &Actor, file: &File, today: Day) -> Vec<ProfileLine> {
    let line = |kind: &str| {
        let fact = standing(file, kind, today)?;
        let value = match &fact.value {
            FactValue::Person(_) => "已登记".to_owned(),
            value => value.to_string(),
        };
        let label = words::label(kind).to_owned();
        let source = words::or_wrong(words::source(app, fact), actor, fact);
        Some(ProfileLine { label, value, source })
    };
    ["household", "spouse"].into_iter().filter_map(line).collect()
}

fn relative(app: &App, (card, spouse): &(PersonCard, bool), today: Day) -> Relative {
    Relative {
        elder: Link::new(&card.name, links::elder(card.id)),
        about: format!("{}，{}", card.sex_and_age(today), app.areas().spoken(card.area)),
        relation: if *spouse { "配偶" } else { "同户" }.to_owned(),
        life: words::life_chip(card.life),
    }
}

/// A service to which the elder has a right, and when it was given last.
fn served(person: PersonId, standing: &Standing<'_>, facts: &[Fact]) -> Benefit {
    let last = standing.served_on(facts);
    Benefit {
        item: item_link(person, standing),
        amount: String::new(),
        because: match last {
            Some(last) => format!("{}。上次 {last}", standing.item.content),
            None => format!("{}。还没有记录", standing.item.content),
        },
    }
}

fn life_source(app: &App, life: Life, facts: &[Fact]) -> Line {
    let on = domain::life_rests_on(life);
    let mut sources = Line::new();
    for fact in facts.iter().filter(|fact| on.contains(&fact.kind.as_str())) {
        if !sources.parts.is_empty() {
            sources = sources.text("；");
        }
        let words = words::value_words(fact, &app.areas());
        sources = sources.text(format!("{} {words}，", words::label(&fact.kind)));
        sources.parts.extend(words::source(app, fact).parts);
    }
    sources
}

fn item_link(person: PersonId, standing: &Standing<'_>) -> Link {
    Link::new(&standing.item.name, links::why(person, &standing.item.id))
}

fn gets(app: &App, person: PersonId, standing: &Standing<'_>, today: Day) -> Option<Benefit> {
    let award = standing.gets(today)?;
    let since = award.valid_from.month().chinese();
    let from = app.source_name(&award.supplier);
    let against = match (standing.due(), standing.needs()) {
        (None, []) => format!("。按现有事实，{}", standing.explanation.sentence),
        _ => String::new(),
    };
    Some(Benefit {
        item: item_link(person, standing),
        amount: words::value_words(award, &app.areas()),
        because: format!("从 {since}起，见{from}{against}"),
    })
}

fn could_get(person: PersonId, standing: &Standing<'_>) -> Benefit {
    let owed = match standing.arrears.len() {
        0 => String::new(),
        months => format!("以前 {months} 个月应补 {} 元。", standing.arrears_fen()),
    };
    Benefit {
        item: item_link(person, standing),
        amount: standing.due().map_or(String::new(), |fen| format!("{fen} 元/月")),
        because: format!("{}{owed}", standing.explanation.sentence),
    }
}

fn stopped(person: PersonId, standing: &Standing<'_>, today: Day) -> Option<Benefit> {
    let (award, on) = standing.stopped(today)?;
    let from = award.valid_from.month().chinese();
    let because = if award.valid_from < on {
        format!("从 {from}发到 {}，{on} 起停发", on.plus_days(-1).month().chinese())
    } else {
        format!("{on} 起停发")
    };
    Some(Benefit { item: item_link(person, standing), amount: String::new(), because })
}

fn open_duties(app: &App, duties: &[Duty], today: Day) -> Vec<OpenDuty> {
    let areas = app.areas();
    duties
        .iter()
        .filter(|duty| duty.state == DutyState::Open)
        .map(|duty| OpenDuty {
            duty: Link::new(&duty.cause, links::duty(duty.id)),
            kind: Chip::new(Tone::Bad, duty_label(duty)),
            owner: format!("{} {}", areas.spoken(duty.owner_area), duty.owner_role.chinese()),
            due: words::due_chip(duty.due_on, today),
        })
        .collect()
}

fn duty_label(duty: &Duty) -> String {
    duty_kind(&duty.kind).map_or_else(|| duty.kind.clone(), |kind| kind.label.to_owned())
}

/// What was said and what was decided, newest first.
fn history(app: &App, file: &File) -> Vec<Event> {
    let areas = app.areas();
    let said = file.timeline.iter().map(|fact| {
        let words = format!("{} {}", words::label(&fact.kind), words::value_words(fact, &areas));
        let (tone, text) = if fact.retracted {
            (Tone::Plain, format!("已撤销：{words}"))
        } else {
            (domain::tone(&fact.kind), words)
        };
        let learned = format!("，{} 得知", fact.known_at.day().chinese_short());
        let source = words::source(app, fact).text(learned);
        // When a sensitive fact is true is a part of what it says.
        let day =
            if words::is_sensitive(&fact.kind) { fact.known_at.day() } else { fact.valid_from };
        Event { day: day.to_string(), tone, text, source }
    });
    let mut all: Vec<Event> = file.duties.iter().filter_map(decided).chain(said).collect();
    all.sort_by(|a, b| b.day.cmp(&a.day));
    all
}

fn decided(duty: &Duty) -> Option<Event> {
    let label = duty_label(duty);
    let (at, text, by) = match &duty.state {
        DutyState::Open => return None,
        DutyState::CauseGone(at) => (at, format!("{label}：缘由消失，自动关闭"), "系统".to_owned()),
        DutyState::Decided { outcome, reason, at, by } => {
            let outcomes = duty_kind(&duty.kind).map(|kind| kind.outcomes).unwrap_or_default();
            let chosen =
                outcomes.iter().find(|it| it.id == outcome).map_or(&**outcome, |it| it.label);
            let why = if reason.is_empty() { String::new() } else { format!("（{reason}）") };
            (at, format!("{label}：{chosen}{why}"), by.clone())
        }
    };
    let source = Line::new().link(format!("{by}，{at}"), links::duty(duty.id));
    Some(Event { day: at.day().to_string(), tone: Tone::Info, text, source })
}

/// Facts without which some item cannot be judged, each once.
fn unknown(standings: &[Standing<'_>]) -> Vec<UnknownFact> {
    let mut needs: Vec<(&str, Vec<&str>)> = Vec::new();
    for standing in standings {
        for need in standing.needs() {
            match needs.iter_mut().find(|(id, _)| id == need) {
                Some((_, items)) => items.push(&standing.item.name),
                None => needs.push((need, vec![&standing.item.name])),
            }
        }
    }
    needs
        .into_iter()
        .filter_map(|(id, items)| {
            let kind = kind_of(id)?;
            Some(UnknownFact {
                label: kind.label.to_owned(),
                how: format!("由{}提供；影响{}", kind.source_department, items.join("、")),
            })
        })
        .collect()
}

/// What the form for the whole number sends.
#[derive(Deserialize)]
pub(super) struct Reason {
    reason: String,
}

pub(super) async fn reveal(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(person): At<PersonId>,
    Posted(typed): Posted<Reason>,
) -> Answer<([(HeaderName, &'static str); 1], Page<ElderPage>)> {
    let reason = typed.reason.trim();
    let file = open(&app, &actor, person).await?;
    if reason.is_empty() {
        let refusal = Trouble::refused("还没有写为什么要看完整号码。", "请用一句话写明用途。");
        return Err(Failure::from(refusal).back("回到档案", links::elder(person)));
    }
    let mut tx = app.db().begin(&actor.scope).await?;
    let number = people::reveal_number(tx.conn(), app.vault(), person).await?;
    let object = format!("person/{person}");
    let entry = AuditEntry::new(&actor, app.now(), Action::RevealNumber.chinese(), object);
    access::record(tx.conn(), &entry.note(reason)).await?;
    let mut page = elder_page(&app, &actor, &file).await?;
    page.number = number.reveal().to_owned();
    // The entry is written before the number leaves.
    tx.commit().await?;
    Ok(([(header::CACHE_CONTROL, "no-store")], Page::new(page)))
}
