//! Reconcilers: they take no input, compare what should be with what is, and act. Run twice they
//! change nothing.

use std::num::NonZero;
use std::thread::available_parallelism;

use access::Actor;
use duties::duty_id;
use facts::batches;
use facts::population::{self, ClosedWorld, EngineTree, Subject, engine_facts};
use findings::{Accounts, Applied, Arrived, Finding, Judge, Payments, Rule, Stops, kinds};
use kernel::{AreaId, AreaLevel, Day, DutyOpening, Effects, Fen, Month, PersonId, Role, Trouble};
use policy::{Digest, Verdict};
use serde::Serialize;
use sqlx::PgConnection;

use crate::{App, applying, commit};

/// What a run of the reconciler changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Reconciled {
    /// Duties opened.
    pub opened: usize,
    /// Duties whose words or sums changed.
    pub restated: usize,
    /// Duties closed because their cause is gone.
    pub closed: usize,
}

/// 差异核对: makes the open duties those that the facts of the actor's area give today.
pub async fn reconcile(app: &App, actor: &Actor) -> Result<Reconciled, Trouble> {
    let now = app.now();
    let today = now.day();
    let mut tx = app.db().begin(&actor.scope).await?;
    duties::lock(tx.conn(), actor.area).await?;
    let arrived = arrived(app, tx.conn(), actor.area).await?;
    let trace_limit_days = trace_limit_days(tx.conn()).await?;
    let closed = app.closed_world(tx.conn()).await?;
    let stops = crate::standing_stops(tx.conn()).await?;
    let payments = crate::paid_to_the_dead(tx.conn()).await?;
    let applied = applying::under_way(tx.conn()).await?;
    let subjects = load(app, actor).await?;
    let found = {
        let everybody = Everybody {
            app: app.clone(),
            area: actor.area,
            today,
            subjects,
            arrived,
            closed,
            trace_limit_days,
            payments,
            stops,
            applied,
        };
        tokio::task::spawn_blocking(move || everybody.judge()).await.map_err(Trouble::fault)??
    };
    let kinds: Vec<&str> = kinds::ALL.iter().map(|kind| kind.id).collect();
    let standing = duties::standing(tx.conn(), &kinds).await?;
    let changes = duties::reconcile(&standing, found);
    let mut done = Reconciled::default();
    for change in &changes {
        match change {
            kernel::DutyChange::Open(_) => done.opened += 1,
            kernel::DutyChange::Restate(_) => done.restated += 1,
            kernel::DutyChange::CauseGone(_) => done.closed += 1,
        }
    }
    if changes.is_empty() {
        return Ok(done);
    }
    let effects = Effects { duties: changes, ..Effects::default() };
    let note =
        format!("新开 {} 件，改写 {} 件，自动关闭 {} 件", done.opened, done.restated, done.closed);
    commit(tx, actor, now, &effects, "差异核对", format!("area/{}", actor.area), &note).await?;
    Ok(done)
}

/// Runs [`reconcile`] for every county that has a list, as the system.
pub async fn reconcile_everywhere(app: &App) -> Result<Reconciled, Trouble> {
    let month = app.now().day().month();
    let areas = app.areas();
    let counties = areas.iter().filter(|node| node.level == AreaLevel::County);
    let mut all = Reconciled::default();
    for county in counties.filter(|node| app.list_for(node.id, month).is_some()) {
        let actor = access::system_actor(app.db(), county.id, Role::DataOfficer).await?;
        let done = reconcile(app, &actor).await?;
        all.opened += done.opened;
        all.restated += done.restated;
        all.closed += done.closed;
    }
    Ok(all)
}

/// Which kinds of facts are in for the area, and whose row waits on the match desk.
async fn arrived(app: &App, conn: &mut PgConnection, area: AreaId) -> Result<Arrived, Trouble> {
    let mut arrived = Arrived::default();
    for layout in &app.parts().layouts {
        let in_use = match batches::last_applied(conn, &layout.id, area).await? {
            Some(_) => Some(batches::waiting_on_desk(conn, &layout.id).await?),
            None => None,
        };
        let in_use = in_use.map(|waiting| waiting.into_iter().collect());
        arrived.sender(layout, in_use.as_ref());
    }
    Ok(arrived)
}

/// 生存痕迹期限: the setting's name. A region sets its own.
const TRACE_LIMIT: &str = "trace_limit_days";

async fn trace_limit_days(conn: &mut PgConnection) -> Result<Option<i64>, Trouble> {
    let text = access::setting(conn, TRACE_LIMIT).await?;
    text.map(|text| text.parse().map_err(Trouble::fault)).transpose()
}

async fn load(app: &App, actor: &Actor) -> Result<Vec<Subject>, Trouble> {
    let mut engine = app.db().begin_engine().await?;
    population::subjects(engine.conn(), actor.scope.lo(), actor.scope.hi()).await
}

/// Everybody of an area, and what they are judged by.
struct Everybody {
    app: App,
    area: AreaId,
    today: Day,
    subjects: Vec<Subject>,
    arrived: Arrived,
    closed: ClosedWorld,
    trace_limit_days: Option<i64>,
    payments: Payments,
    stops: Stops,
    applied: Applied,
}

impl Everybody {
    fn judge(&self) -> Result<Vec<DutyOpening>, Trouble> {
        let (app, today) = (&self.app, self.today);
        let (tree, calendar) = (app.areas(), app.calendar());
        let list = app.list_for(self.area, today.month());
        let rules = list.map(Rule::of).unwrap_or_default();
        let judge = Judge {
            tree: &tree,
            today,
            source_name: &|supplier: &str| app.source_name(supplier),
            rules: &rules,
            arrived: &self.arrived,
            closed: &self.closed,
            accounts: &Accounts::of(&self.subjects, today),
            payments: &self.payments,
            stops: &self.stops,
            applied: &self.applied,
            trace_limit_days: self.trace_limit_days,
        };
        let threads = available_parallelism().unwrap_or(NonZero::<usize>::MIN);
        let mut openings = Vec::new();
        for (person, finding) in judge.all(&self.subjects, threads)? {
            let due_on = match (finding.due, finding.kind.window_working_days) {
                (Some(day), _) => day,
                (None, window) => calendar.due(today, window.unwrap_or(0))?,
            };
            openings.push(opening(person, finding, today, due_on));
        }
        Ok(openings)
    }
}

fn opening(person: PersonId, finding: Finding, opened_on: Day, due_on: Day) -> DutyOpening {
    let Finding {
        kind, cause_code, cause, item, owner_area, amount_fen, monthly_fen, basis, ..
    } = finding;
    DutyOpening {
        id: duty_id(kind.id, person, item.as_deref(), &basis),
        kind: kind.id,
        person,
        item,
        cause_code,
        cause,
        owner_role: kind.owner,
        owner_area,
        opened_on,
        due_on,
        amount_fen,
        monthly_fen,
        basis,
    }
}

/// 认定结果: everybody of an area against every item of the list in force, for a month.
#[derive(Clone, Debug, Serialize)]
pub struct Determination {
    /// The month.
    pub month: Month,
    /// People looked at.
    pub people: usize,
    /// Counts and sums of each item, in the list's order.
    pub items: Vec<ItemCount>,
    /// Digest of every single outcome; see [`policy::Digest`].
    pub digest: String,
}

/// Counts and sums of one item.
#[derive(Clone, Debug, Serialize)]
pub struct ItemCount {
    /// The item.
    pub id: String,
    /// 应享
    pub entitled: usize,
    /// 不符合
    pub not_entitled: usize,
    /// 还不能认定
    pub unknown: usize,
    /// Months for which the list says nothing.
    pub not_encoded: usize,
    /// Sum of the month.
    pub amount_fen: Fen,
}

/// Determines everybody of an area for a month. Writes nothing.
pub async fn determine(app: &App, area: AreaId, month: Month) -> Result<Determination, Trouble> {
    let tree = app.areas();
    let node = tree.node(area).ok_or(Trouble::NotFound)?;
    let mut engine = app.db().begin_engine().await?;
    let subjects = population::subjects(engine.conn(), node.lo, node.hi).await?;
    let closed = app.closed_world(engine.conn()).await?;
    let numbers = population::numbers(engine.conn(), app.vault(), node.lo, node.hi).await?;
    let app = app.clone();
    let work = move || {
        let items: Vec<&policy::Item> = app
            .list_for(area, month)
            .map(|list| list.items.iter().filter(|item| item.is_judged()).collect())
            .unwrap_or_default();
        let mut digest = Digest::new();
        let mut counts: Vec<ItemCount> =
            items.iter().map(|item| ItemCount::none(&item.id)).collect();
        let tree = app.areas();
        let mut numbers = numbers.iter().peekable();
        for subject in &subjects {
            let facts = engine_facts(subject, &tree, &closed)?;
            while numbers.peek().is_some_and(|(person, _)| *person < subject.id) {
                numbers.next();
            }
            let number = numbers.peek().filter(|(person, _)| *person == subject.id);
            for (item, count) in items.iter().zip(&mut counts) {
                let verdict = policy::evaluate(item, &facts, month, &EngineTree(&tree));
                count.add(&verdict);
                if let Some((_, number)) = number {
                    digest.add(number, &item.id, month, verdict.word(), verdict.amount());
                }
            }
        }
        Ok::<_, Trouble>(Determination {
            month,
            people: subjects.len(),
            items: counts,
            digest: digest.hex(),
        })
    };
    tokio::task::spawn_blocking(work).await.map_err(Trouble::fault)?
}

impl ItemCount {
    fn none(id: &str) -> Self {
        Self {
            id: id.to_owned(),
            entitled: 0,
            not_entitled: 0,
            unknown: 0,
            not_encoded: 0,
            amount_fen: Fen::ZERO,
        }
    }

    fn add(&mut self, verdict: &Verdict) {
        match verdict {
            Verdict::Entitled { amount, .. } => {
                self.entitled += 1;
                self.amount_fen = [self.amount_fen, *amount].into_iter().sum();
            }
            Verdict::NotEntitled(_) => self.not_entitled += 1,
            Verdict::Unknown(_) => self.unknown += 1,
            Verdict::NotEncoded(_) => self.not_encoded += 1,
        }
    }
}
