//! 全周期 on the real database: fifty lives side by side, a run a month.

use proptest::strategy::{Strategy, ValueTree};

use super::*;
use crate::store::note_recovered;
use crate::tests::life_cycle::{Claim, Event, Machine, Then, at, row, runner, same, story, yuan};
use crate::tests::reference::{Back, Sheet};

const LIVES: u128 = 50;
const MONTHS: usize = 8;

struct Course {
    machine: Machine,
    sheet: Sheet,
    /// What happens in each month, and what becomes of the line.
    months: Vec<(Vec<Event>, Then)>,
}

/// Fifty lives that begin with an award; one thing happens in a month, and its run.
fn fifty() -> Vec<Course> {
    let mut runner = runner(1);
    let mut next = || story().new_tree(&mut runner).expect("a story").current();
    (1..=LIVES)
        .map(|id| {
            let (_, eighty, _) = next();
            let mut months = vec![(vec![Event::Approve { months_ago: 0 }], Then::Paid)];
            while months.len() <= MONTHS {
                for event in next().2 {
                    match event {
                        Event::Run { then } => {
                            months.last_mut().expect("a month").1 = then;
                            months.push((Vec::new(), Then::Paid));
                        }
                        event if months.last().is_some_and(|month| month.0.is_empty()) => {
                            months.last_mut().expect("a month").0.push(event);
                        }
                        _ => {}
                    }
                }
            }
            let sheet = Sheet::new(eighty, Back::Always);
            Course { machine: Machine::new(id, Back::Always, eighty, None), sheet, months }
        })
        .collect()
}

impl Course {
    fn id(&self) -> PersonId {
        self.machine.subject().id
    }

    fn life(&self) -> &'static str {
        match self.machine.died {
            None => "living",
            Some((_, Claim::Reported)) => "reported",
            Some((_, Claim::Confirmed)) => "confirmed",
            Some((_, Claim::Contradicted)) => "contradicted",
        }
    }
}

/// The month's events reach the machine, the sheet, and the database.
async fn happens(bureau: &Bureau, courses: &mut [Course], now_: usize) {
    let mut said = Vec::new();
    for life in courses.iter_mut() {
        let id = life.id();
        let (grants, hold) = (life.machine.grants.len(), life.machine.hold);
        for event in life.months[now_].0.clone() {
            if !matches!(event, Event::ReturnLate { .. } | Event::Recover { .. }) {
                life.machine.sees(&event);
                life.sheet.sees(&event, now_);
            }
        }
        for grant in &life.machine.grants[grants..] {
            said.push(vec![(id, AWARD, FactValue::Fen(grant.monthly), grant.from.first())]);
        }
        if hold != life.machine.hold {
            let value = FactValue::Bool(life.machine.hold);
            said.push(vec![(id, "hold.decision", value, at(now_).first())]);
        }
    }
    for each in said {
        bureau.say(each).await;
    }
    let cards: Vec<_> = courses.iter().map(|it| (it.id(), it.life())).collect();
    store::set_life(&bureau.db, &cards).await;
}

/// What each line comes to, in the database and on the sheet.
async fn fates(bureau: &Bureau, courses: &mut [Course], run: RunId, bench: &Bench, dropped: bool) {
    let subjects: Vec<Subject> = courses.iter().map(|it| it.machine.subject()).collect();
    let lines: Vec<Line> = bench.all(&subjects).iter().filter_map(line_of).collect();
    let mut answers = Vec::new();
    for life in courses.iter_mut() {
        let Some(line) = lines.iter().find(|it| it.person == life.id()) else { continue };
        let then = life.months[life.machine.now].1;
        for it in &line.segments {
            life.sheet.goes_out(row(it.month), yuan(it.amount));
            if dropped || then == Then::Returned {
                life.sheet.comes_back(row(it.month), yuan(it.amount), !dropped);
            }
        }
        match then {
            Then::Returned => answers.push((line.person, Answer::Returned)),
            Then::Unknown | Then::None => answers.push((line.person, Answer::Unknown)),
            Then::Paid | Then::Dropped => answers.push((line.person, Answer::Paid)),
        }
    }
    if dropped {
        bureau.drop_run(run).await.expect("dropped");
    } else {
        bureau.send(run).await.expect("sent");
        bureau.answer(run, &answers).await.expect("answered");
        bureau.answer(run, &answers).await.expect("answered twice is answered once");
    }
}

/// Some pay back what was too much.
async fn recovers(bureau: &Bureau, courses: &mut [Course], bench: &Bench, now_: usize) {
    for life in courses.iter_mut() {
        let recovers = life.months[now_].0.iter().any(|it| matches!(it, Event::Recover { .. }));
        if !recovers {
            continue;
        }
        let subject = life.machine.subject();
        let Some(one) = bench.payroll().one(&subject).expect("judged") else { continue };
        let Some(over) = one.overpaid.first() else { continue };
        let more = over.paid.checked_sub(over.due).expect("more was paid");
        let mut tx = bureau.tx().await;
        let about = format!("recovery/{}/{now_}", subject.id);
        note_recovered(tx.conn(), subject.id, ITEM, &[(over.month, more)], &about, now())
            .await
            .expect("noted");
        tx.commit().await.expect("commit");
        life.sheet.pays_back(row(over.month), yuan(more));
    }
}

#[tokio::test]
async fn fifty_lives_in_the_database_are_paid_as_the_clerk_s_sheets_say() {
    let bureau = Bureau::new(i32::try_from(LIVES).expect("few")).await;
    let mut courses = fifty();
    let mut count = 0;
    for now_ in 0..MONTHS {
        for life in &mut courses {
            life.machine.now = now_;
        }
        happens(&bureau, &mut courses, now_).await;
        let mut bench = Bench::new("2025-01", bureau.history(None).await);
        bench.month = at(now_);
        recovers(&bureau, &mut courses, &bench, now_).await;
        bench.history = bureau.history(None).await;
        let subjects: Vec<Subject> = courses.iter().map(|it| it.machine.subject()).collect();
        let proposed = bench.all(&subjects);
        for life in &courses {
            let mine = proposed.iter().find(|it| it.person == life.id());
            same(mine, &life.sheet, now_).unwrap_or_else(|wrong| panic!("{}: {wrong}", life.id()));
        }
        let run = bureau.propose(&bench, &subjects).await.expect("proposed");
        count += bureau.run(run).await.lines;
        bureau.freeze(run, &bench, &subjects).await.expect("frozen");
        bureau.lock(run).await.expect("locked");
        fates(&bureau, &mut courses, run, &bench, now_ == 3).await;
        bureau.proves().await;
        let history = bureau.history(None).await;
        let live = |life: &Course| -> i64 {
            let paid = history.paid_to(life.id());
            (0..=now_).map(|month| yuan(net_paid(paid, at(month)))).sum()
        };
        for life in &courses {
            assert_eq!(live(life), life.sheet.with_the_person(), "{}", life.id());
        }
    }
    assert!(count > 100, "only {count} lines: the stories are too thin");
}
