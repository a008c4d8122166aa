//! 按时足额发放: a month of the little county, from the proposal to the bank.

use access::Actor;
use db::Tx;
use kernel::{
    AccountId, Assertion, AssertionId, AssertionState, CaseChange, CaseOpening, Effects, FactValue,
    Fen, Month, Now, Role, RunId, SourceRow, Span, Transfer, TransferAct,
};
use ledger::{AccountKey, AccountKind};
use payroll::store::{self as runs, Frozen, LineAnswer, NewRun};
use payroll::{
    Answer, Difference, Head, Held, HoldCause, Line, Outcome, Proposed, RunState, Segment,
    SegmentKind, Tally, content_digest,
};
use serde_json::json;

use super::reconcile_everywhere;
use crate::commit;
use crate::testing::{COUNTY, PASSWORD, World, county, day};

const ITEM: &str = "old_age_allowance";
const FUND: &str = "县级财政";

fn june() -> Month {
    "2026-06".parse().expect("a month")
}

fn at(text: &str) -> Now {
    Now::new(day(text), 10, 0).expect("a time")
}

fn yuan(yuan: i64) -> Fen {
    Fen::from_yuan(yuan)
}

fn proposed(
    world: &World,
    name: &str,
    outcome: impl Fn(kernel::AreaId, i32) -> Outcome,
) -> Proposed {
    let village = county().into_iter().find(|it| it.name == name).expect("an elder").village;
    let areas = world.app.areas();
    let node = areas.with_code(village).expect("a village");
    Proposed {
        person: world.elder(name),
        area: node.id,
        area_pos: node.lo,
        outcome: outcome(node.id, node.lo),
        overpaid: Vec::new(),
    }
}

fn line(world: &World, name: &str, amount: i64) -> Proposed {
    let person = world.elder(name);
    proposed(world, name, |area, area_pos| {
        let (month, kind) = (june(), SegmentKind::Current);
        Outcome::Line(Line {
            person,
            area,
            area_pos,
            band: Some(0),
            account: [5; 32],
            segments: vec![Segment { month, kind, amount: yuan(amount), earlier: 0 }],
            without_current: None,
            look: false,
        })
    })
}

/// What the county pays in June: four lines, and one is held back.
fn content(world: &World) -> Vec<Proposed> {
    let mut all: Vec<Proposed> =
        [("王德福", 40), ("李秀英", 120), ("冯金花", 400), ("沈万年", 120)]
            .map(|(name, amount)| line(world, name, amount))
            .into();
    all.push(proposed(world, "蒋素芬", |_, _| {
        let cause = HoldCause::Objection;
        Outcome::Held(Held { cause, needs: Vec::new(), amount: yuan(40) })
    }));
    all
}

fn lines_of(all: &[Proposed]) -> Vec<Line> {
    let line = |it: &Proposed| match &it.outcome {
        Outcome::Line(line) => Some(line.clone()),
        _ => None,
    };
    all.iter().filter_map(line).collect()
}

/// A run with its people: one proposes and locks, another one locks and pays.
struct Bureau {
    world: World,
    finance: Actor,
    county: Actor,
}

impl Bureau {
    async fn new() -> Self {
        let world = World::of(county()).await;
        let finance = actor(&world, "caiwu", Role::FinanceOfficer).await;
        let county = actor(&world, "fenguan", Role::CountyApprover).await;
        Self { world, finance, county }
    }

    async fn tx(&self) -> Tx {
        self.world.app.db().begin(&self.county.scope).await.expect("a transaction")
    }

    async fn propose(&self) -> RunId {
        let (world, all) = (&self.world, content(&self.world));
        let node = world.app.areas().with_code(COUNTY).expect("the county").clone();
        let now = Tally::of(&lines_of(&all)).expect("small sums");
        let month = june().plus(-1);
        let difference = Difference { month, before: Tally::default(), now, rows: Vec::new() };
        let new = NewRun {
            area: node.id,
            place: (node.lo, node.hi),
            item: ITEM,
            month: june(),
            fund: FUND,
            bands: &["80—89 周岁".to_owned()],
            snapshot: &json!({}),
            mark: AssertionId::new(1),
        };
        let mut tx = self.tx().await;
        let run =
            runs::put_proposal(&mut tx, &new, &all, &difference, &self.finance, at("2026-06-02"))
                .await
                .expect("a proposal");
        tx.commit().await.expect("written");
        run
    }

    /// From the proposal to the bank.
    async fn send(&self, run: RunId) {
        let at = at("2026-06-03");
        let lines = lines_of(&content(&self.world));
        let area = self.world.area(COUNTY);
        let digest = content_digest(Head { area, item: ITEM, month: june() }, &lines);
        let mut tx = self.tx().await;
        allot(&self.world, &mut tx).await;
        let frozen = Frozen { fresh: digest, snapshot: &json!({}), mark: AssertionId::new(1) };
        runs::freeze(&mut tx, run, 1, &frozen, &self.finance, at).await.expect("frozen");
        runs::lock_first(&mut tx, run, 2, digest, &self.finance, at).await.expect("locked once");
        runs::lock_second(&mut tx, run, 3, digest, &self.county, at).await.expect("locked");
        let treasury = actor(&self.world, "caizheng", Role::TreasuryReviewer).await;
        for (seen, to, by) in [
            (4, RunState::Requested, &self.finance),
            (5, RunState::Funded, &treasury),
            (6, RunState::Voucher, &self.finance),
            (7, RunState::Sent, &self.finance),
        ] {
            runs::step(&mut tx, run, seen, to, by, at, "").await.expect("a step");
        }
        tx.commit().await.expect("written");
    }

    async fn bank_says(&self, run: RunId, on: &str, answers: &[(&str, Answer)]) {
        let answers: Vec<LineAnswer> = answers
            .iter()
            .map(|(name, outcome)| LineAnswer {
                person: self.world.elder(name),
                outcome: *outcome,
                cause: if *outcome == Answer::Returned { "closed" } else { "" }.to_owned(),
                words: String::new(),
            })
            .collect();
        let mut tx = self.tx().await;
        runs::answer(&mut tx, run, &answers, None, &self.finance, at(on)).await.expect("noted");
        tx.commit().await.expect("written");
    }

    async fn page(&self, path: &str) -> String {
        reconcile_everywhere(&self.world.app).await.expect("counted");
        let client = self.world.sign_in_as(Role::CountyApprover, COUNTY).await;
        client.get(path).await.ok().to_owned()
    }
}

/// Somebody of this role for the whole county.
async fn actor(world: &World, login: &str, role: Role) -> Actor {
    let mut tx = world.db.begin_unscoped().await.expect("the database");
    let valid = Span::from(day("2026-01-01"));
    let account: AccountId =
        access::open_account(tx.conn(), login, login, PASSWORD, valid).await.expect("an account");
    tx.commit().await.expect("written");
    Actor { account, role, ..world.system().await }
}

async fn allot(world: &World, tx: &mut Tx) {
    let key = |kind| AccountKey::of_fund(kind, world.area(COUNTY), FUND, ITEM, 2026);
    let debit = ledger::account(tx.conn(), &key(AccountKind::Source)).await.expect("an account");
    let credit = ledger::account(tx.conn(), &key(AccountKind::Budget)).await.expect("an account");
    let allotted = Transfer {
        id: ledger::made_id(&["test", "allotted"]),
        act: TransferAct::Single { debit, credit, amount_fen: yuan(100_000) },
        person: None,
        about: "test".to_owned(),
    };
    ledger::write(tx.conn(), &[allotted], at("2026-06-02")).await.expect("allotted");
}

/// 周桂兰 has applied and has no account; 卫东升 was not found.
async fn look_for_the_others(world: &World) {
    let actor = world.system().await;
    let tx = world.app.db().begin(&actor.scope).await.expect("a transaction");
    let opening = CaseOpening {
        id: cases::case_id("application", world.elder("周桂兰"), ITEM),
        flow: "application",
        person: world.elder("周桂兰"),
        item: Some(ITEM.to_owned()),
        about: String::new(),
        state: "waiting_account",
        owner_role: Role::VillageWorker,
        owner_area: world.area("990121002001"),
        due_on: None,
        note: String::new(),
        hand: None,
    };
    let effects = Effects { moves: vec![CaseChange::Open(opening)], ..Effects::default() };
    commit(tx, &actor, world.app.now(), &effects, "测试", String::new(), "").await.expect("opened");
    let village = world.sign_in_as(Role::VillageWorker, "990121001001").await;
    let duty = world.duty("卫东升", "unclaimed_entitlement");
    let said = [("outcome", "not_found"), ("reason", "去了三次都没人")];
    let reply = village.post(&format!("/duties/{duty}/outcome"), &said).await;
    assert_eq!(reply.status.as_u16(), 303, "{}", reply.text());
}

fn says(page: &str, words: &[&str]) {
    for word in words {
        assert!(page.contains(word), "{word}: {page}");
    }
}

#[tokio::test]
async fn everybody_who_is_entitled_counts_and_whoever_is_not_paid_has_a_cause() {
    let bureau = Bureau::new().await;
    look_for_the_others(&bureau.world).await;
    let run = bureau.propose().await;
    let page = bureau.page("/on-time").await;
    says(&page, &["2026 年 6 月高龄津贴按时足额发放", "应享 7 人", "发放批次办理中", "0.00%"]);
    bureau.send(run).await;
    says(&bureau.page("/on-time").await, &["已交银行，等回盘"]);
    let (paid, returned) = (Answer::Paid, Answer::Returned);
    bureau.bank_says(run, "2026-06-25", &[("王德福", paid), ("李秀英", returned)]).await;
    bureau.bank_says(run, "2026-07-01", &[("沈万年", paid)]).await;
    let before = bureau.world.sign_in_as(Role::CountyApprover, COUNTY).await;
    says(before.get("/on-time?month=2026-06").await.ok(), &["之后批次或回盘又有进展"]);
    let page = bureau.page("/on-time?month=2026-06").await;
    says(
        &page,
        &[
            "按时足额 <b>1</b> 人，14.28%；另有 6 人没有按时足额。",
            "退汇",
            "已交银行，等回盘",
            "没有账户",
            "没联系上",
            "有异议",
            "云溪镇",
            "城关镇",
        ],
    );
    let behind = |cause: &str| format!("/on-time/people?item={ITEM}&month=2026-06&cause={cause}");
    for (cause, name) in [
        ("returned", "李秀英"),
        ("at_bank", "冯金花"),
        ("without_account", "周桂兰"),
        ("not_reached", "卫东升"),
        ("objection", "蒋素芬"),
    ] {
        let page = bureau.page(&behind(cause)).await;
        says(&page, &[name]);
        assert_eq!(page.matches("/elders/").count(), 1, "{cause}: {page}");
    }
    let late = bureau.page(&format!("/on-time/people?item={ITEM}&result=late")).await;
    says(&late, &["沈万年", "晚于期限"]);
}

#[tokio::test]
async fn a_village_sees_its_own_people_and_the_treasury_none() {
    let bureau = Bureau::new().await;
    bureau.propose().await;
    reconcile_everywhere(&bureau.world.app).await.expect("counted");
    let village = bureau.world.sign_in_as(Role::VillageWorker, "990121002001").await;
    let own = village.get("/on-time/people").await;
    says(own.ok(), &["王德福", "李秀英", "周桂兰"]);
    assert!(!own.text().contains("冯金花"), "{}", own.text());
    assert_eq!(village.get("/on-time/people.xlsx").await.status.as_u16(), 200);
    let treasury = bureau.world.sign_in_as(Role::TreasuryReviewer, COUNTY).await;
    let page = treasury.get("/on-time").await;
    says(page.ok(), &["应享 7 人"]);
    assert!(!page.text().contains("/on-time/people"), "{}", page.text());
    assert_eq!(treasury.get("/on-time/people").await.status.as_u16(), 403);
    assert_eq!(treasury.get("/on-time.xlsx").await.status.as_u16(), 200);
}

#[tokio::test]
async fn a_month_without_a_run_is_counted_when_somebody_asks_and_later_facts_change_it() {
    let bureau = Bureau::new().await;
    let world = &bureau.world;
    let finance = world.sign_in_as(Role::FinanceOfficer, COUNTY).await;
    says(finance.get("/on-time").await.ok(), &["这个月还没有核算"]);
    let count = [("item", ITEM), ("month", "2026-06")];
    let reply = finance.post("/on-time/count", &count).await;
    assert_eq!(reply.location(), format!("/on-time?item={ITEM}&month=2026-06"));
    says(finance.get("/on-time").await.ok(), &["应享 7 人", "还没有联系", "已批准或在册，等发放"]);
    let later = finance.post("/on-time/count", &[("item", ITEM), ("month", "2026-09")]).await;
    says(later.text(), &["要核算的月份不对"]);
    let actor = world.system().await;
    let tx = world.app.db().begin(&actor.scope).await.expect("a transaction");
    let died = Assertion {
        person: world.elder("冯金花"),
        kind: "death_date",
        value: FactValue::Day(day("2026-05-20")),
        valid: Span::from(day("2026-05-20")),
        source: SourceRow::Statement,
        state: AssertionState::Asserted,
    };
    let effects = Effects { assertions: vec![died], ..Effects::default() };
    commit(tx, &actor, world.app.now(), &effects, "测试", String::new(), "").await.expect("said");
    let mut tx = world.app.db().begin(&actor.scope).await.expect("a transaction");
    let lives = [(world.elder("冯金花"), kernel::Life::Confirmed)];
    facts::people::show_lives(tx.conn(), &lives).await.expect("shown");
    tx.commit().await.expect("written");
    finance.post("/on-time/count", &count).await;
    says(finance.get("/on-time").await.ok(), &["应享 6 人"]);
}
