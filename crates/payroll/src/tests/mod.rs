//! Runs over people made by hand, under the county's real list.

mod database;
mod differences;
mod life_cycle;
mod proposals;
mod reference;
mod sums;

use std::num::NonZero;
use std::path::Path;
use std::sync::LazyLock;

use access::{AreaNode, AreaTree};
use facts::population::{ClosedWorld, Said, Subject};
use kernel::{AreaId, AreaLevel, Day, FactValue, Fen, Life, Month, PersonId};
use policy::{Item, List};
use uuid::Uuid;

use crate::*;

const ITEM: &str = "old_age_allowance";
const AWARD: &str = "award.old_age_allowance";
const VILLAGE: i64 = 3;

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

fn month(text: &str) -> Month {
    text.parse().expect("a month")
}

fn person(id: u128) -> PersonId {
    PersonId::new(Uuid::from_u128(id))
}

fn tree() -> AreaTree {
    let node = |id, code: &str, name: &str, level, parent: Option<i64>, lo, hi| AreaNode {
        id: AreaId::new(id),
        code: code.to_owned(),
        name: name.to_owned(),
        level,
        parent: parent.map(AreaId::new),
        lo,
        hi,
    };
    AreaTree::new(vec![
        node(1, "990121", "松河县", AreaLevel::County, None, 0, 3),
        node(2, "990121002", "云溪镇", AreaLevel::Township, Some(1), 1, 3),
        node(3, "990121002001", "溪尾村", AreaLevel::Village, Some(2), 2, 3),
    ])
}

fn list() -> List {
    static LIST: LazyLock<List> = LazyLock::new(|| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policy/songhe/v4");
        List::load(&folder).expect("a good list")
    });
    LIST.clone()
}

fn said(kind: &'static str, value: FactValue) -> Said {
    let (supplier, from) = ("a_file".to_owned(), day("2026-05-31"));
    Said { kind, supplier, value, from, to: None, as_of: Some(from), gone: false }
}

/// The roster of a month pays so much.
fn roster(through: &str, yuan: i64) -> Said {
    let last = month(through).last();
    let award = said(AWARD, FactValue::Fen(Fen::from_yuan(yuan)));
    Said { as_of: Some(last), from: last, ..award }
}

/// A decision: so much from a month on; nothing is a stop.
fn decided(from: &str, yuan: i64) -> Said {
    let award = said(AWARD, FactValue::Fen(Fen::from_yuan(yuan)));
    Said { supplier: String::new(), from: month(from).first(), as_of: None, ..award }
}

fn on_hold(kind: &'static str) -> Said {
    Said { supplier: String::new(), as_of: None, ..said(kind, FactValue::Bool(true)) }
}

/// A living woman of 溪尾村 with an account, born on this day, about whom this is said besides.
fn woman(id: u128, born: &str, besides: Vec<Said>) -> Subject {
    let mut all = vec![
        said("birth_date", FactValue::Day(day(born))),
        said("hukou_area", FactValue::Area(AreaId::new(VILLAGE))),
        said("register_state", FactValue::Text("present".to_owned())),
        said("bank_account", FactValue::Text(format!("1:{id:032x}:00"))),
    ];
    all.extend(besides);
    // As they are read: by kind, the person's own word first.
    all.sort_by(|a, b| (a.kind, &a.supplier).cmp(&(b.kind, &b.supplier)));
    Subject { id: person(id), area: AreaId::new(VILLAGE), life: Life::Living, said: all }
}

/// Said to have died on this day.
fn dead(mut subject: Subject, life: Life, died: &str) -> Subject {
    subject.said.push(said("death_date", FactValue::Day(day(died))));
    subject.said.sort_by(|a, b| (a.kind, &a.supplier).cmp(&(b.kind, &b.supplier)));
    Subject { life, ..subject }
}

fn paid(month_: &str, sequence: u16, yuan: i64, state: PaidState) -> PaidMonth {
    let (month, amount) = (month(month_), Fen::from_yuan(yuan));
    PaidMonth { month, sequence, amount, state, elsewhere: false }
}

/// A history of one person.
fn history(id: u128, paid: Vec<PaidMonth>) -> History {
    History { paid: [(person(id), paid)].into(), ..History::default() }
}

/// A run of a month: what it rests on, kept alive for the test.
struct Bench {
    list: List,
    tree: AreaTree,
    closed: ClosedWorld,
    history: History,
    month: Month,
}

impl Bench {
    fn new(of: &str, history: History) -> Self {
        let closed = ClosedWorld::default();
        Self { list: list(), tree: tree(), closed, history, month: month(of) }
    }

    fn item(&self) -> &Item {
        self.list.item(ITEM).expect("an item of the list")
    }

    fn payroll(&self) -> Payroll<'_> {
        Payroll {
            item: self.item(),
            month: self.month,
            tree: &self.tree,
            closed: &self.closed,
            history: &self.history,
        }
    }

    fn all(&self, people: &[Subject]) -> Vec<Proposed> {
        self.payroll().all(people, NonZero::new(2).expect("two")).expect("proposed")
    }
}

/// What June does about one person with this history.
fn in_june(subject: &Subject, history: History) -> Proposed {
    in_month("2026-06", subject, history)
}

fn in_month(of: &str, subject: &Subject, history: History) -> Proposed {
    let bench = Bench::new(of, history);
    bench.payroll().one(subject).expect("proposed").expect("somebody with an award")
}

#[track_caller]
fn line(proposed: &Proposed) -> &Line {
    match &proposed.outcome {
        Outcome::Line(line) => line,
        other => panic!("not paid: {other:?}"),
    }
}

/// `2026-05 补发 40.00` for each month.
fn told(proposed: &Proposed) -> Vec<String> {
    let one = |it: &Segment| format!("{} {} {}", it.month, it.kind.chinese(), it.amount);
    line(proposed).segments.iter().map(one).collect()
}

#[track_caller]
fn held(proposed: &Proposed) -> HoldCause {
    match &proposed.outcome {
        Outcome::Held(held) => held.cause,
        other => panic!("not held: {other:?}"),
    }
}
