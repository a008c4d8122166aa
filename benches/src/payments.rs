//! 发放: a run of payments from the proposal to the posting, against a plain COPY of the rows that
//! it writes.
//!
//! The plain tables have the same columns and a key, and nothing else: no guard, no second index,
//! no hash, no balance. The run is written by the store that the pages use, with its proofs: the
//! content is hashed three times, money is set aside within a budget, every account's sums are
//! kept, a month cannot be paid twice. What a run reads and COPY does not is told apart.

use std::io::Write as _;

use access::{Actor, system_actor};
use db::testing::TestDb;
use kernel::{
    AccountId, AreaId, AssertionId, Day, Fen, LedgerAccountId, Month, Now, PersonId, Role, RunId,
    Transfer, TransferAct, TransferId, Trouble,
};
use ledger::{AccountKey, AccountKind, Reserve, ReserveLine};
use payroll::store::{Frozen, LineAnswer, NewRun};
use payroll::{Answer, Difference, Head, Line, Outcome, Proposed, RunState, Segment, SegmentKind};
use payroll::{Tally, content_digest};

use crate::clock::Stopwatch;
use crate::store;
use crate::store::payments::{WRITTEN, copy, plain_twin, plant, rows_of};
use crate::table::{head, note, row};

const ITEM: &str = "old_age_allowance";
const FUND: &str = "县级财政";
const COUNTY: AreaId = AreaId::new(1);
const RATE: Fen = Fen::from_yuan(40);

/// The database, who works in it, and the time.
struct Bureau {
    db: TestDb,
    finance: Actor,
    county: Actor,
    treasury: Actor,
    at: Now,
    month: Month,
}

/// Pays so many people.
pub(crate) async fn run(lines: usize) -> Result<(), Trouble> {
    head(&format!("a run of {lines} payment lines, two transfers each (without fsync)"));
    let bureau = Bureau::new(lines).await?;
    let ours = pay(&bureau).await?;
    let mut plain = Vec::new();
    for table in WRITTEN {
        let bytes = rows_of(&bureau.db, table).await?;
        plain_twin(&bureau.db, table).await?;
        let mut watch = Stopwatch::default();
        let mut tx = bureau.db.begin(&bureau.finance.scope).await?;
        watch.wait(copy(&mut tx, &bytes)).await?;
        watch.wait(tx.commit()).await?;
        plain.push(watch.seconds());
    }
    let whole: f64 = plain.iter().sum();
    for ((table, _, which), seconds) in WRITTEN.iter().zip(&plain) {
        row(&format!("plain COPY of {table} where {which}"), *seconds, whole, "");
    }
    row("plain COPY of all rows", whole, whole, "");
    let [propose, freeze, lock, export, post] = ours.map(|watch| watch.seconds());
    row("songhe: propose", propose, plain[0], "beside its lines");
    row("songhe: freeze (read and hash)", freeze, whole, "COPY has nothing like it");
    row("songhe: lock", lock, plain[1] + plain[2], "beside months and pending transfers");
    row("songhe: export (read and write bytes)", export, whole, "COPY has nothing like it");
    row("songhe: post", post, plain[3] + plain[4], "beside answers and posted transfers");
    row("songhe: what writes rows", propose + lock + post, whole, "");
    row("songhe: everything", propose + freeze + lock + export + post, whole, "");
    let [reserve, posted] = ledger_alone(&bureau).await?.map(|watch| watch.seconds());
    row("songhe: of the lock, the ledger alone", reserve, plain[2], "pending transfers, sums");
    row("songhe: of the post, the ledger alone", posted, plain[4], "posted transfers, sums");
    let broken = ledger::invariants(&mut bureau.db.admin().await).await?;
    note(&format!("the ledger's invariants that do not hold: {}", broken.len()));
    Ok(())
}

impl Bureau {
    async fn new(people: usize) -> Result<Self, Trouble> {
        let db = TestDb::new().await;
        let people = i64::try_from(people).map_err(Trouble::fault)?;
        plant(&db, people).await?;
        let finance = clerk(&db, Role::FinanceOfficer, 1).await?;
        let county = clerk(&db, Role::CountyApprover, 2).await?;
        let treasury = clerk(&db, Role::TreasuryReviewer, 3).await?;
        let day: Day = "2026-06-26".parse().expect("a day");
        let (at, month) = (Now::new(day, 9, 0).expect("a time"), day.month());
        let bureau = Self { db, finance, county, treasury, at, month };
        bureau.allot(RATE.checked_mul(people).map_err(Trouble::fault)?).await?;
        Ok(bureau)
    }

    async fn allot(&self, amount_fen: Fen) -> Result<(), Trouble> {
        let mut tx = self.db.begin(&self.finance.scope).await?;
        let mut of: Vec<LedgerAccountId> = Vec::new();
        for kind in [AccountKind::Source, AccountKind::Budget] {
            let key = AccountKey::of_fund(kind, COUNTY, FUND, ITEM, self.month.year());
            of.push(ledger::account(tx.conn(), &key).await?);
        }
        let act = TransferAct::Single { debit: of[0], credit: of[1], amount_fen };
        let id = ledger::made_id(&["allot"]);
        let allotted = Transfer { id, act, person: None, about: "budget/1".to_owned() };
        ledger::write(tx.conn(), &[allotted], self.at).await?;
        tx.commit().await
    }

    fn line(&self, person: PersonId) -> Line {
        let kind = SegmentKind::Current;
        Line {
            person,
            area: COUNTY,
            area_pos: 1,
            band: Some(0),
            account: [7; 32],
            segments: vec![Segment { month: self.month, kind, amount: RATE, earlier: 0 }],
            without_current: None,
            look: false,
        }
    }
}

async fn clerk(db: &TestDb, role: Role, account: i64) -> Result<Actor, Trouble> {
    let actor = system_actor(db, COUNTY, role).await?;
    Ok(Actor { account: AccountId::new(account), ..actor })
}

/// Propose, freeze, lock, export, post, each with its time.
async fn pay(bureau: &Bureau) -> Result<[Stopwatch; 5], Trouble> {
    let mut watches: [Stopwatch; 5] = Default::default();
    let [propose, freeze, lock, export, post] = &mut watches;
    let mut tx = bureau.db.begin(&bureau.finance.scope).await?;
    let people = store::payments::people(tx.conn()).await?;
    drop(tx);
    let people: Vec<PersonId> = people.into_iter().map(PersonId::new).collect();
    let lines: Vec<Line> = people.iter().map(|person| bureau.line(*person)).collect();
    let run_head = Head { area: COUNTY, item: ITEM, month: bureau.month };
    let fresh = content_digest(run_head, &lines);
    let run = propose.wait(proposed(bureau, lines)).await?;

    let (finance, at) = (&bureau.finance, bureau.at);
    let mut tx = bureau.db.begin(&finance.scope).await?;
    let snapshot = serde_json::Value::Null;
    let with = Frozen { fresh, snapshot: &snapshot, mark: AssertionId::new(0) };
    freeze.wait(payroll::store::freeze(&mut tx, run, 1, &with, finance, at)).await?;
    freeze.wait(tx.commit()).await?;

    let mut tx = bureau.db.begin(&finance.scope).await?;
    lock.wait(payroll::store::lock_first(&mut tx, run, 2, fresh, finance, at)).await?;
    lock.wait(tx.commit()).await?;
    let mut tx = bureau.db.begin(&bureau.county.scope).await?;
    let second = payroll::store::lock_second(&mut tx, run, 3, fresh, &bureau.county, at);
    lock.wait(second).await?;
    lock.wait(tx.commit()).await?;

    let bytes = export.wait(exported(bureau, run)).await?;
    note(&format!("{} bytes for the bank", bytes.len()));
    sent(bureau, run).await?;

    let said = |person: &PersonId| LineAnswer {
        person: *person,
        outcome: Answer::Paid,
        cause: String::new(),
        words: String::new(),
    };
    let answers: Vec<LineAnswer> = people.iter().map(said).collect();
    let mut tx = bureau.db.begin(&finance.scope).await?;
    post.wait(payroll::store::answer(&mut tx, run, &answers, None, finance, at)).await?;
    post.wait(tx.commit()).await?;
    Ok(watches)
}

async fn proposed(bureau: &Bureau, lines: Vec<Line>) -> Result<RunId, Trouble> {
    let count = i64::try_from(lines.len()).map_err(Trouble::fault)?;
    let current = RATE.checked_mul(count).map_err(Trouble::fault)?;
    let now = Tally { lines: count, months: count, current, arrears: Fen::ZERO };
    let month = bureau.month.plus(-1);
    let difference = Difference { month, before: now, now, rows: Vec::new() };
    let each = lines.into_iter().map(|line| Proposed {
        person: line.person,
        area: line.area,
        area_pos: line.area_pos,
        outcome: Outcome::Line(line),
        overpaid: Vec::new(),
    });
    let each: Vec<Proposed> = each.collect();
    let snapshot = serde_json::Value::Null;
    let bands = ["80—89 周岁".to_owned()];
    let new = NewRun {
        area: COUNTY,
        place: (0, 10),
        item: ITEM,
        month: bureau.month,
        fund: FUND,
        bands: &bands,
        snapshot: &snapshot,
        mark: AssertionId::new(0),
    };
    let (finance, at) = (&bureau.finance, bureau.at);
    let mut tx = bureau.db.begin(&finance.scope).await?;
    let run = payroll::store::put_proposal(&mut tx, &new, &each, &difference, finance, at).await?;
    tx.commit().await?;
    Ok(run)
}

/// The same people's money set aside and posted once more, by the ledger and nothing else.
async fn ledger_alone(bureau: &Bureau) -> Result<[Stopwatch; 2], Trouble> {
    let (scope, at) = (&bureau.finance.scope, bureau.at);
    let mut tx = bureau.db.begin(scope).await?;
    let people = store::payments::people(tx.conn()).await?;
    let run = RunId::new(1 << 20);
    let line = |person: uuid::Uuid| {
        let person = PersonId::new(person);
        ReserveLine { id: ledger::line_id(run, person, ITEM, 1), person, amount: RATE }
    };
    let lines: Vec<ReserveLine> = people.into_iter().map(line).collect();
    let key = |kind| AccountKey::of_fund(kind, COUNTY, FUND, ITEM, bureau.month.year() + 1);
    let credit = ledger::account(tx.conn(), &key(AccountKind::Paid)).await?;
    let debit = ledger::account(tx.conn(), &key(AccountKind::Source)).await?;
    let about = format!("run/{run}");
    let all = Reserve { debit, credit, about: &about, lines: &lines };
    let [mut reserve, mut posted]: [Stopwatch; 2] = Default::default();
    reserve.wait(ledger::reserve(tx.conn(), &all, at)).await?;
    reserve.wait(tx.commit()).await?;
    let pending: Vec<TransferId> = lines.iter().map(|it| it.id).collect();
    let mut tx = bureau.db.begin(scope).await?;
    posted.wait(ledger::post_all(tx.conn(), &pending, &about, at)).await?;
    posted.wait(tx.commit()).await?;
    Ok([reserve, posted])
}

/// A row of text a line, as the plainest bank wants it; names and accounts are left to the page.
async fn exported(bureau: &Bureau, run: RunId) -> Result<Vec<u8>, Trouble> {
    let mut tx = bureau.db.begin(&bureau.finance.scope).await?;
    let lines = payroll::store::all_lines(tx.conn(), run).await?;
    let mut bytes = Vec::new();
    for (no, line) in lines.iter().enumerate() {
        writeln!(bytes, "{},{},{}", no + 1, line.person, line.total()).map_err(Trouble::fault)?;
    }
    Ok(bytes)
}

/// Through the treasury to the bank.
async fn sent(bureau: &Bureau, run: RunId) -> Result<(), Trouble> {
    use RunState::{Funded, Requested, Sent, Voucher};
    let steps = [
        (Requested, &bureau.finance),
        (Funded, &bureau.treasury),
        (Voucher, &bureau.finance),
        (Sent, &bureau.finance),
    ];
    for ((to, who), seen) in steps.into_iter().zip(4..) {
        let mut tx = bureau.db.begin(&who.scope).await?;
        payroll::store::step(&mut tx, run, seen, to, who, bureau.at, "").await?;
        tx.commit().await?;
    }
    Ok(())
}
