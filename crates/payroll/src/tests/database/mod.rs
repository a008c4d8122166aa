//! Runs on the real database, as a bureau makes them.

mod cycle;
mod runs;
mod store;

use access::{Actor, AuditEntry, system_actor};
use db::Tx;
use db::testing::TestDb;
use facts::{STATEMENT_RANK, Voice, assert_all};
use kernel::{
    AccountId, AreaId, Assertion, AssertionId, AssertionState, FactValue, Now, Role, RunId,
    SourceRow, Span, Transfer, TransferAct, Trouble,
};
use ledger::{AccountKey, AccountKind};

use super::*;
use crate::store::{self as runs_store, Frozen, NewRun};

const FUND: &str = "县级财政";
const COUNTY: AreaId = AreaId::new(1);
const PLACE: (i32, i32) = (0, 3);

/// A county's bureau: five people who log in.
struct Bureau {
    db: TestDb,
    /// Proposes, freezes and locks first.
    cashier: Actor,
    /// Locks second.
    approver: Actor,
    treasury: Actor,
    other_cashier: Actor,
}

impl Bureau {
    async fn new(people: i32) -> Self {
        let db = TestDb::new().await;
        store::plant(&db, people).await;
        let actor = async |account, name: &str, role| {
            let system = system_actor(&db, COUNTY, role).await.expect("actor");
            Actor { account: AccountId::new(account), name: name.to_owned(), ..system }
        };
        let bureau = Self {
            cashier: actor(101, "马出纳", Role::FinanceOfficer).await,
            approver: actor(102, "何审批", Role::CountyApprover).await,
            treasury: actor(103, "冯财政", Role::TreasuryReviewer).await,
            other_cashier: actor(104, "田出纳", Role::FinanceOfficer).await,
            db,
        };
        bureau.allot(2025, 10_000_000).await;
        bureau.allot(2026, 10_000_000).await;
        bureau
    }

    async fn tx(&self) -> Tx {
        self.db.begin(&self.cashier.scope).await.expect("a transaction")
    }

    async fn allot(&self, year: i16, yuan: i64) {
        let mut tx = self.tx().await;
        let key = |kind| AccountKey::of_fund(kind, COUNTY, FUND, ITEM, year);
        let debit = ledger::account(tx.conn(), &key(AccountKind::Source)).await.expect("source");
        let credit = ledger::account(tx.conn(), &key(AccountKind::Budget)).await.expect("budget");
        let amount_fen = Fen::from_yuan(yuan);
        let allot = Transfer {
            id: ledger::made_id(&["allot", &year.to_string()]),
            act: TransferAct::Single { debit, credit, amount_fen },
            person: None,
            about: "budget/1".to_owned(),
        };
        ledger::write(tx.conn(), &[allot], now()).await.expect("allotted");
        tx.commit().await.expect("commit");
    }

    /// What is said about people, as a statement.
    async fn say(&self, all: Vec<(PersonId, &'static str, FactValue, Day)>) {
        let mut tx = self.tx().await;
        let entry = AuditEntry::new(&self.approver, now(), "test", "test/1".to_owned());
        let statement = access::record(tx.conn(), &entry).await.expect("an entry");
        let voice =
            Voice { supplier: "", rank: STATEMENT_RANK, as_of: None, statement: Some(statement) };
        let said: Vec<Assertion> = all
            .into_iter()
            .map(|(person, kind, value, from)| Assertion {
                person,
                kind,
                value,
                valid: Span::from(from),
                source: SourceRow::Statement,
                state: AssertionState::Asserted,
            })
            .collect();
        assert_all(&mut tx, voice, now(), &said).await.expect("said");
        tx.commit().await.expect("commit");
    }

    /// What has been paid and decided, as known now.
    async fn history(&self, except: Option<RunId>) -> History {
        self.history_as_of(AssertionId::new(i64::MAX), except).await
    }

    async fn history_as_of(&self, mark: AssertionId, except: Option<RunId>) -> History {
        let mut engine = self.db.begin_engine().await.expect("the engine");
        runs_store::history(engine.conn(), ITEM, COUNTY, PLACE, mark, except)
            .await
            .expect("a history")
    }

    async fn mark(&self) -> AssertionId {
        let mut tx = self.tx().await;
        facts::population::high_water(tx.conn()).await.expect("a mark")
    }

    /// Proposes a month, compared with the last locked run or, for the first, the roster.
    async fn propose(&self, bench: &Bench, people: &[Subject]) -> Result<RunId, Trouble> {
        self.propose_as(&self.cashier, bench, people).await
    }

    async fn propose_as(
        &self,
        by: &Actor,
        bench: &Bench,
        people: &[Subject],
    ) -> Result<RunId, Trouble> {
        let mark = AssertionId::new(i64::MAX);
        let mut engine = self.db.begin_engine().await?;
        let before = runs_store::before(engine.conn(), COUNTY, ITEM, bench.month, mark).await?;
        let payroll = bench.payroll();
        let before = before.unwrap_or_else(|| Before::of_roster(&payroll, people));
        let proposed = bench.all(people);
        let found = difference(&payroll, &before, &proposed)?;
        assert!(found.adds_up(), "{found:#?}");
        let snapshot = serde_json::json!({ "list": "990121-2026-01-01" });
        let new = NewRun {
            area: COUNTY,
            place: PLACE,
            item: ITEM,
            month: bench.month,
            fund: FUND,
            bands: &["80—89 周岁".to_owned()],
            snapshot: &snapshot,
            mark,
        };
        let mut tx = self.tx().await;
        let id = runs_store::put_proposal(&mut tx, &new, &proposed, &found, by, now()).await?;
        tx.commit().await?;
        Ok(id)
    }

    async fn run(&self, id: RunId) -> Run {
        runs_store::run(self.tx().await.conn(), id).await.expect("a run")
    }

    /// Freezes it with what would be proposed now.
    async fn freeze(
        &self,
        id: RunId,
        bench: &Bench,
        people: &[Subject],
    ) -> Result<[u8; 32], Trouble> {
        let lines: Vec<Line> = bench.all(people).iter().filter_map(line_of).collect();
        let head = Head { area: COUNTY, item: ITEM, month: bench.month };
        let (fresh, seen) = (content_digest(head, &lines), self.run(id).await.moves);
        let snapshot = serde_json::json!({});
        let with = Frozen { fresh, snapshot: &snapshot, mark: AssertionId::new(i64::MAX) };
        let mut tx = self.tx().await;
        let digest = runs_store::freeze(&mut tx, id, seen, &with, &self.cashier, now()).await?;
        tx.commit().await?;
        Ok(digest)
    }

    async fn lock(&self, id: RunId) -> Result<(), Trouble> {
        let run = self.run(id).await;
        let digest = run.digest.expect("frozen");
        let mut tx = self.tx().await;
        runs_store::lock_first(&mut tx, id, run.moves, digest, &self.cashier, now()).await?;
        runs_store::lock_second(&mut tx, id, run.moves + 1, digest, &self.approver, now()).await?;
        tx.commit().await
    }

    async fn step(&self, id: RunId, to: RunState, by: &Actor) -> Result<(), Trouble> {
        let seen = self.run(id).await.moves;
        let mut tx = self.tx().await;
        runs_store::step(&mut tx, id, seen, to, by, now(), "").await?;
        tx.commit().await
    }

    /// From locked to the bank.
    async fn send(&self, id: RunId) -> Result<(), Trouble> {
        self.step(id, RunState::Requested, &self.cashier).await?;
        self.step(id, RunState::Funded, &self.treasury).await?;
        self.step(id, RunState::Voucher, &self.cashier).await?;
        self.step(id, RunState::Sent, &self.cashier).await
    }

    async fn drop_run(&self, id: RunId) -> Result<(), Trouble> {
        let seen = self.run(id).await.moves;
        let mut tx = self.tx().await;
        runs_store::drop_run(&mut tx, id, seen, &self.cashier, now(), "重做").await?;
        tx.commit().await
    }

    async fn answer(
        &self,
        id: RunId,
        answers: &[(PersonId, Answer)],
    ) -> Result<runs_store::Answered, Trouble> {
        let answers: Vec<_> = answers
            .iter()
            .map(|(person, outcome)| runs_store::LineAnswer {
                person: *person,
                outcome: *outcome,
                cause: String::new(),
                words: String::new(),
            })
            .collect();
        let mut tx = self.tx().await;
        let done = runs_store::answer(&mut tx, id, &answers, None, &self.cashier, now()).await?;
        tx.commit().await?;
        Ok(done)
    }

    /// Sum zero and true projections, and what the books call paid is what our months say.
    async fn proves(&self) {
        let broken = ledger::invariants(&mut self.db.admin().await).await.expect("a proof");
        assert_eq!(broken, [""; 0]);
        let mut spent = 0;
        for year in [2025, 2026] {
            let mut tx = self.tx().await;
            let key = AccountKey::of_fund(AccountKind::Paid, COUNTY, FUND, ITEM, year);
            let paid = ledger::account(tx.conn(), &key).await.expect("an account");
            let it = ledger::balance(tx.conn(), paid).await.expect("a balance");
            spent += it.balance().get() + it.credits_pending.get();
        }
        let history = self.history(None).await;
        let live = history.paid.values().flatten().filter(|it| it.state == PaidState::Live);
        assert_eq!(spent, live.map(|it| it.amount.get()).sum::<i64>());
    }
}

fn line_of(one: &Proposed) -> Option<Line> {
    match &one.outcome {
        Outcome::Line(line) => Some(line.clone()),
        _ => None,
    }
}

fn now() -> Now {
    Now::new(day("2026-06-25"), 16, 30).expect("a time")
}

#[track_caller]
fn sentence(outcome: Result<impl std::fmt::Debug, Trouble>) -> String {
    outcome.expect_err("refused").to_string()
}
