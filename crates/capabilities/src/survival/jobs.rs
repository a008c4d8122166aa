//! Reconcilers: begin a round in its month, settle who has left a trace since, ask the villages
//! about the rest, and hold or let go. Run twice they change nothing.

use std::collections::HashMap;

use access::Actor;
use duties::duty_id;
use facts::population::{self, Subject};
use findings::{award_kind, standing};
use kernel::{
    AreaId, AreaLevel, Assertion, AssertionState, Day, DutyOpening, Effects, FactValue, Fen, Life,
    Month, PersonId, Role, SourceRow, Span, Trouble,
};
use sm3::{Digest, Sm3};

use super::duty_kinds::SURVIVAL_CHECK;
use super::store;
use crate::surviving::{Round, rounds, rules, trace};
use crate::{App, commit};

/// For every county that has a list of its own, as the system.
pub(crate) async fn reconcile_everywhere(app: &App) -> Result<(), Trouble> {
    let month = app.now().day().month();
    let areas = app.areas();
    let counties = areas.iter().filter(|node| node.level == AreaLevel::County);
    for county in counties.filter(|node| app.list_for(node.id, month).is_some()) {
        let actor = access::system_actor(app.db(), county.id, Role::DataOfficer).await?;
        reconcile(app, &actor).await?;
    }
    Ok(())
}

async fn reconcile(app: &App, actor: &Actor) -> Result<(), Trouble> {
    let today = app.now().day();
    let mut tx = app.db().begin(&actor.scope).await?;
    let rules = rules(&mut tx).await?;
    let rounds = rounds(tx.conn()).await?;
    let mine = |round: &&Round| round.area == actor.area;
    let last = rounds.iter().find(mine).cloned();
    drop(tx);
    // A round that nobody began in its own month is begun by a person.
    let begins = rules.months.contains(&today.month().number())
        && last.as_ref().is_none_or(|round| round.month < today.month());
    if begins {
        return begin(app, actor, today.month()).await;
    }
    match last {
        Some(round) => go_on(app, actor, &round).await,
        None => Ok(()),
    }
}

/// Everybody who is paid something today, of the area.
async fn paid(app: &App, actor: &Actor) -> Result<Vec<(Subject, Fen)>, Trouble> {
    let today = app.now().day();
    let items = app.paid_items(actor.area, today.month());
    let kinds: Vec<&str> = items.into_iter().filter_map(award_kind).collect();
    let mut engine = app.db().begin_engine().await?;
    let all = population::subjects(engine.conn(), actor.scope.lo(), actor.scope.hi()).await?;
    let sum = |subject: &Subject| -> Fen {
        let sums = kinds.iter().filter_map(|kind| match standing(subject, kind, today)?.value {
            FactValue::Fen(fen) => Some(fen),
            _ => None,
        });
        sums.sum()
    };
    let paid = all.into_iter().map(|subject| {
        let sum = sum(&subject);
        (subject, sum)
    });
    Ok(paid.filter(|(_, sum)| *sum > Fen::ZERO).collect())
}

/// 开始一轮: everybody who is paid, those with a trace settled at once.
pub(super) async fn begin(app: &App, actor: &Actor, month: Month) -> Result<(), Trouble> {
    let now = app.now();
    let today = now.day();
    let paid = paid(app, actor).await?;
    let mut tx = app.db().begin(&actor.scope).await?;
    let rules = rules(&mut tx).await?;
    let round = Round {
        id: 0,
        area: actor.area,
        month,
        traces_from: today.plus_days(-rules.trace_days),
        opened_on: today,
        ends_on: app.calendar().due(today, rules.working_days)?,
        closed_at: None,
    };
    let place = (actor.scope.lo(), actor.scope.hi());
    let id = store::insert(tx.conn(), &round, place).await?;
    let round = Round { id, ..round };
    let lines: Vec<_> = paid
        .iter()
        .map(|(subject, _)| (subject.id, trace(subject, round.traces_from, today)))
        .collect();
    store::put(tx.conn(), id, &lines).await?;
    let residue = lines.iter().filter(|(_, trace)| trace.is_none()).count();
    let effects = Effects { duties: openings(app, &round, &paid, &lines), ..Effects::default() };
    let note = format!("{}共 {} 人，{residue} 人要核", month.chinese(), lines.len());
    commit(tx, actor, now, &effects, "开始生存核验", format!("survival/{id}"), &note).await
}

fn openings(
    app: &App,
    round: &Round,
    paid: &[(Subject, Fen)],
    lines: &[(PersonId, Option<(&'static str, Day)>)],
) -> Vec<kernel::DutyChange> {
    let asked = paid
        .iter()
        .zip(lines)
        .filter(|((subject, _), (_, trace))| trace.is_none() && subject.life == Life::Living);
    asked
        .map(|((subject, monthly), _)| {
            kernel::DutyChange::Open(opening(app, round, subject, *monthly))
        })
        .collect()
}

fn opening(app: &App, round: &Round, subject: &Subject, monthly_fen: Fen) -> DutyOpening {
    let basis: [u8; 32] = Sm3::digest(format!("survival/{}", round.id)).into();
    let areas = app.areas();
    let village = areas.at_level(subject.area, AreaLevel::Village);
    let days = round.opened_on.days_since(round.traces_from);
    DutyOpening {
        id: duty_id(SURVIVAL_CHECK.id, subject.id, None, &basis),
        kind: SURVIVAL_CHECK.id,
        person: subject.id,
        item: None,
        cause_code: "no_trace_in_round".to_owned(),
        cause: format!("{}生存核验：近 {days} 天各来源都没有记录", round.month.chinese()),
        owner_role: SURVIVAL_CHECK.owner,
        owner_area: village.map_or(subject.area, |node| node.id),
        opened_on: round.opened_on,
        due_on: round.ends_on,
        amount_fen: Fen::ZERO,
        monthly_fen,
        basis,
    }
}

/// What a village's answer settles a line as.
fn answered(outcome: &str) -> Option<&'static str> {
    match outcome {
        "seen" => Some("home"),
        "spoken" => Some("phone"),
        "dead" => Some("dead"),
        "not_found" => Some("not_found"),
        _ => None,
    }
}

/// Settles what has come in since, holds what was not answered by the end, and lets go who was
/// seen after all.
async fn go_on(app: &App, actor: &Actor, round: &Round) -> Result<(), Trouble> {
    let now = app.now();
    let today = now.day();
    let mut tx = app.db().begin(&actor.scope).await?;
    let open = store::open(tx.conn(), round.id).await?;
    let ended = today > round.ends_on;
    if open.is_empty() && (!ended || round.closed_at.is_some()) {
        return Ok(());
    }
    let answers: HashMap<PersonId, (&'static str, Day)> =
        store::answers(tx.conn(), SURVIVAL_CHECK.id, round.opened_on)
            .await?
            .into_iter()
            .filter_map(|(person, outcome, day)| Some((person, (answered(&outcome)?, day))))
            .collect();
    let people: Vec<PersonId> = open.iter().map(|line| line.person).collect();
    let subjects = population::subjects_of(tx.conn(), &people).await?;
    let items = app.paid_items(actor.area, today.month());
    let kinds: Vec<&str> = items.into_iter().filter_map(award_kind).collect();
    let mut done = Done::default();
    for line in &open {
        let Ok(place) = subjects.binary_search_by_key(&line.person, |it| it.id) else { continue };
        let subject = &subjects[place];
        let paid = kinds.iter().any(|kind| {
            standing(subject, kind, today)
                .is_some_and(|said| said.value != FactValue::Fen(Fen::ZERO))
        });
        let found = settled(subject, round, today, paid, answers.get(&line.person).copied());
        done.line(line, found, ended);
    }
    store::settle(tx.conn(), round.id, &done.settled).await?;
    store::hold(tx.conn(), round.id, &done.held, today).await?;
    store::lift(tx.conn(), round.id, &done.lifted, today).await?;
    if ended && round.closed_at.is_none() {
        store::close(tx.conn(), round.id, now).await?;
    }
    let effects = done.effects(round, today);
    if done.settled.is_empty() && done.held.is_empty() && (!ended || round.closed_at.is_some()) {
        return Ok(());
    }
    let note = format!(
        "核到 {} 人，暂缓 {} 人，解除 {} 人",
        done.settled.len(),
        done.held.len(),
        done.lifted.len()
    );
    commit(tx, actor, now, &effects, "生存核验", format!("survival/{}", round.id), &note).await
}

/// How somebody is settled by now: by a village's answer, by a trace, or because nothing is paid
/// to them any more.
fn settled(
    subject: &Subject,
    round: &Round,
    today: Day,
    paid: bool,
    answer: Option<(&'static str, Day)>,
) -> Option<(&'static str, Day)> {
    let traced = trace(subject, round.traces_from, today);
    match (answer, traced) {
        (None | Some(("not_found", _)), Some(trace)) => Some(trace),
        (Some(answer), _) => Some(answer),
        (None, None) if !paid => Some(("stopped", today)),
        (None, None) => None,
    }
}

/// What has come of the lines.
#[derive(Default)]
struct Done {
    settled: Vec<(PersonId, &'static str, Day)>,
    held: Vec<PersonId>,
    lifted: Vec<PersonId>,
}

impl Done {
    /// Holds and lets go, and closes what the villages need not look for any more.
    fn effects(&self, round: &Round, today: Day) -> Effects {
        let hold = |person: &PersonId, holds: bool| Assertion {
            person: *person,
            kind: "hold.survival",
            value: FactValue::Bool(holds),
            valid: Span::from(today),
            source: SourceRow::Statement,
            state: AssertionState::Asserted,
        };
        let basis: [u8; 32] = Sm3::digest(format!("survival/{}", round.id)).into();
        let mut effects = Effects::default();
        effects.assertions.extend(self.held.iter().map(|person| hold(person, true)));
        effects.assertions.extend(self.lifted.iter().map(|person| hold(person, false)));
        effects.duties.extend(self.settled.iter().map(|(person, ..)| {
            kernel::DutyChange::CauseGone(duty_id(SURVIVAL_CHECK.id, *person, None, &basis))
        }));
        effects
    }

    fn line(&mut self, line: &store::Open, found: Option<(&'static str, Day)>, ended: bool) {
        let person = line.person;
        if let Some((how, day)) = found
            && line.how.as_deref() != Some(how)
        {
            self.settled.push((person, how, day));
        }
        let unanswered = found.is_none_or(|(how, _)| how == "not_found");
        if unanswered && ended && !line.held {
            self.held.push(person);
        }
        if !unanswered && line.held {
            self.lifted.push(person);
        }
    }
}

/// The county in which the actor works, where a round can begin.
pub(super) fn county(app: &App, area: AreaId) -> Result<AreaId, Trouble> {
    let areas = app.areas();
    areas.at_level(area, AreaLevel::County).map(|node| node.id).ok_or(Trouble::NotFound)
}
