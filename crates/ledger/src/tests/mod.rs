//! The ledger on the real database, as a bureau uses it.

mod model;
mod races;
mod store;

use access::{Actor, system_actor};
use db::Tx;
use db::testing::TestDb;
use kernel::{
    AreaId, Day, Fen, LedgerAccountId, Now, PersonId, Role, RunId, Transfer, TransferAct,
    TransferId, Trouble,
};
use uuid::Uuid;

use crate::{
    AccountKey, AccountKind, Act, Balance, BalanceFilter, Reserve, ReserveLine, Standing, account,
    allotted, balance, balances, invariants, journal, line_id, made_id, post_all, posting_id,
    reserve, spent_by_month, standing, transfers_about, transfers_of_person, void_all, voiding_id,
    write,
};

const FUND: &str = "县级财政";
const ITEM: &str = "old_age_allowance";

/// A county with people and a book.
struct County {
    db: TestDb,
    actor: Actor,
    source: LedgerAccountId,
    budget: LedgerAccountId,
    paid: LedgerAccountId,
}

impl County {
    async fn new(people: i32) -> Self {
        let db = TestDb::new().await;
        store::plant(&db, people).await;
        let actor = system_actor(&db, AreaId::new(1), Role::FinanceOfficer).await.expect("actor");
        let mut tx = db.begin(&actor.scope).await.expect("a transaction");
        let mut ids = Vec::new();
        for kind in [AccountKind::Source, AccountKind::Budget, AccountKind::Paid] {
            let key = AccountKey::of_fund(kind, AreaId::new(1), FUND, ITEM, 2026);
            ids.push(account(tx.conn(), &key).await.expect("an account"));
        }
        tx.commit().await.expect("commit");
        Self { db, actor, source: ids[0], budget: ids[1], paid: ids[2] }
    }

    /// With a budget of so many yuan.
    async fn with_budget(people: i32, yuan: i64) -> Self {
        let county = Self::new(people).await;
        county.write(&[county.allot("1", yuan)]).await.expect("allotted");
        county
    }

    async fn tx(&self) -> Tx {
        self.db.begin(&self.actor.scope).await.expect("a transaction")
    }

    /// In a transaction of its own.
    async fn write(&self, transfers: &[Transfer]) -> Result<(), Trouble> {
        let mut tx = self.tx().await;
        write(tx.conn(), transfers, now()).await?;
        tx.commit().await
    }

    fn allot(&self, document: &str, yuan: i64) -> Transfer {
        let amount_fen = Fen::from_yuan(yuan);
        let act = TransferAct::Single { debit: self.source, credit: self.budget, amount_fen };
        of_nobody(made_id(&["allot", document]), act)
    }

    /// 预留 of a person's 40 yuan in a run.
    fn pending(&self, run: i64, n: u128) -> Transfer {
        let (debit, credit, amount_fen) = (self.budget, self.paid, Fen::from_yuan(40));
        Transfer {
            id: line_id(RunId::new(run), person(n), ITEM, 1),
            act: TransferAct::Pending { debit, credit, amount_fen },
            person: Some(person(n)),
            about: format!("run/{run}"),
        }
    }

    async fn of(&self, account: LedgerAccountId) -> Balance {
        balance(self.tx().await.conn(), account).await.expect("a balance")
    }

    async fn left(&self) -> Fen {
        self.of(self.budget).await.left()
    }

    /// Sum zero and true projections, whatever happened before.
    async fn proves(&self) {
        let broken = invariants(&mut self.db.admin().await).await.expect("a proof");
        assert_eq!(broken, [""; 0]);
    }
}

fn now() -> Now {
    Now::new("2026-06-10".parse::<Day>().expect("a day"), 9, 0).expect("a time")
}

fn person(n: u128) -> PersonId {
    PersonId::new(Uuid::from_u128(n))
}

fn of_nobody(id: TransferId, act: TransferAct) -> Transfer {
    Transfer { id, act, person: None, about: "budget/1".to_owned() }
}

fn post(pending: &Transfer) -> Transfer {
    Transfer { id: posting_id(pending.id), act: TransferAct::Post(pending.id), ..pending.clone() }
}

fn void(pending: &Transfer) -> Transfer {
    Transfer { id: voiding_id(pending.id), act: TransferAct::Void(pending.id), ..pending.clone() }
}

fn sentence(outcome: Result<impl std::fmt::Debug, Trouble>) -> String {
    outcome.expect_err("refused").to_string()
}

#[tokio::test]
async fn what_is_reserved_leaves_the_budget_and_arrives_when_the_bank_has_paid() {
    let county = County::with_budget(2, 100).await;
    let (first, second) = (county.pending(1, 1), county.pending(1, 2));
    county.write(&[first.clone(), second.clone()]).await.expect("reserved");
    let budget = county.of(county.budget).await;
    assert_eq!((budget.left(), budget.balance()), (Fen::from_yuan(20), Fen::from_yuan(100)));
    let spent = spent_by_month(county.tx().await.conn(), county.budget).await.expect("months");
    assert_eq!(spent, [(now().day().month(), Fen::from_yuan(80))]);
    county.write(&[post(&first), void(&second)]).await.expect("settled");
    let (budget, paid) = (county.of(county.budget).await, county.of(county.paid).await);
    assert_eq!((budget.left(), budget.debits_posted), (Fen::from_yuan(60), Fen::from_yuan(40)));
    assert_eq!((paid.balance(), paid.credits_pending), (Fen::from_yuan(40), Fen::ZERO));
    let mut tx = county.tx().await;
    let spent = spent_by_month(tx.conn(), county.budget).await.expect("months");
    assert_eq!(spent, [(now().day().month(), Fen::from_yuan(40))], "allotting is not spending");
    let stand = standing(tx.conn(), &[first.id, second.id]).await.expect("standings");
    assert_eq!(stand.len(), 2);
    assert!(stand.contains(&(first.id, Standing::Posted(now()))));
    assert!(stand.contains(&(second.id, Standing::Voided(now()))));
    county.proves().await;
}

#[tokio::test]
async fn a_budget_that_is_gone_in_december_refuses_with_the_missing_sum() {
    let county = County::with_budget(4, 100).await;
    let lines: Vec<Transfer> = (1..=4).map(|n| county.pending(12, n)).collect();
    let refused = sentence(county.write(&lines).await);
    assert_eq!(
        refused,
        "预算指标不足，还缺 60.00 元。 \
         请先在“资金账”登记追加的预算指标，由另一人确认后再办。"
    );
    assert_eq!(county.left().await, Fen::from_yuan(100), "nothing of the run is reserved");
    county.write(&[county.allot("2", 60)]).await.expect("raised");
    county.write(&lines).await.expect("now it is enough");
    assert_eq!(county.left().await, Fen::ZERO);
    county.proves().await;
}

#[tokio::test]
async fn a_budget_is_not_lowered_below_what_is_reserved() {
    let county = County::with_budget(2, 100).await;
    county.write(&[county.pending(1, 1), county.pending(1, 2)]).await.expect("reserved");
    let (debit, credit) = (county.budget, county.source);
    let lower = |yuan| {
        let amount_fen = Fen::from_yuan(yuan);
        of_nobody(made_id(&["lower"]), TransferAct::Single { debit, credit, amount_fen })
    };
    assert!(sentence(county.write(&[lower(21)]).await).contains("还缺 1.00 元"));
    county.write(&[lower(20)]).await.expect("lowered");
    let given = allotted(county.tx().await.conn(), &[county.budget, county.paid]).await;
    assert_eq!(given.expect("sums"), [(county.budget, Fen::from_yuan(80))]);
    county.proves().await;
}

#[tokio::test]
async fn what_is_voided_in_the_same_decision_may_be_reserved_again() {
    let county = County::with_budget(2, 40).await;
    let old = county.pending(1, 1);
    county.write(std::slice::from_ref(&old)).await.expect("reserved");
    county.write(&[void(&old), county.pending(2, 2)]).await.expect("one for the other");
    assert_eq!(county.left().await, Fen::ZERO);
    county.proves().await;
}

#[tokio::test]
async fn the_same_transfer_written_twice_is_one() {
    let county = County::with_budget(1, 100).await;
    let pending = county.pending(1, 1);
    for _ in 0..2 {
        county.write(&[pending.clone(), pending.clone()]).await.expect("written");
        county.write(&[post(&pending)]).await.expect("posted");
    }
    assert_eq!(store::count(&county.db).await, 3, "allotment, pending, post");
    assert_eq!(county.of(county.paid).await.balance(), Fen::from_yuan(40));
    county.proves().await;
}

#[tokio::test]
async fn the_same_id_with_another_content_is_a_fault() {
    let county = County::with_budget(2, 100).await;
    let pending = county.pending(1, 1);
    county.write(std::slice::from_ref(&pending)).await.expect("written");
    let TransferAct::Pending { debit, credit, .. } = pending.act else { panic!("pending") };
    let amount_fen = Fen::from_yuan(41);
    for other in [
        Transfer { act: TransferAct::Pending { debit, credit, amount_fen }, ..pending.clone() },
        Transfer { person: Some(person(2)), ..pending.clone() },
        Transfer { about: "run/2".to_owned(), ..pending.clone() },
        Transfer { act: TransferAct::Void(pending.id), ..pending.clone() },
    ] {
        let outcome = county.write(std::slice::from_ref(&other)).await;
        assert!(matches!(outcome, Err(Trouble::Fault(_))), "{other:?}");
    }
    county.proves().await;
}

#[tokio::test]
async fn a_pending_transfer_is_settled_once() {
    let county = County::with_budget(1, 100).await;
    let pending = county.pending(1, 1);
    county.write(&[pending.clone(), post(&pending)]).await.expect("posted");
    let outcome = county.write(&[void(&pending)]).await;
    assert!(matches!(outcome, Err(Trouble::Conflict(_))), "{outcome:?}");
    let other = Transfer { id: made_id(&["other"]), ..post(&pending) };
    assert!(matches!(county.write(&[other]).await, Err(Trouble::Conflict(_))));
    let mut tx = county.tx().await;
    let outcome = void_all(tx.conn(), &[pending.id], "run/1", now()).await;
    assert!(matches!(outcome, Err(Trouble::Conflict(_))), "{outcome:?}");
    drop(tx);
    county.proves().await;
}

#[tokio::test]
async fn what_was_never_reserved_cannot_be_settled() {
    let county = County::with_budget(1, 100).await;
    let pending = county.pending(1, 1);
    assert!(matches!(county.write(&[post(&pending)]).await, Err(Trouble::NotFound)));
    let allotted = county.allot("1", 100);
    assert!(matches!(county.write(&[void(&allotted)]).await, Err(Trouble::NotFound)));
    let mut tx = county.tx().await;
    let outcome = post_all(tx.conn(), &[pending.id], "run/1", now()).await;
    assert!(matches!(outcome, Err(Trouble::NotFound)));
}

#[tokio::test]
async fn a_whole_run_is_reserved_and_settled_in_one_line_of_the_journal() {
    let county = County::with_budget(100, 4_000).await;
    let lines: Vec<ReserveLine> = (1..=100)
        .map(|n| ReserveLine {
            id: line_id(RunId::new(7), person(n), ITEM, 1),
            person: person(n),
            amount: Fen::from_yuan(40),
        })
        .collect();
    let ids: Vec<TransferId> = lines.iter().map(|it| it.id).collect();
    let (debit, credit) = (county.budget, county.paid);
    let run = Reserve { debit, credit, about: "run/7", lines: &lines };
    let mut tx = county.tx().await;
    for new in [100, 0] {
        assert_eq!(reserve(tx.conn(), &run, now()).await.expect("reserved"), new);
    }
    for new in [98, 0] {
        let done = post_all(tx.conn(), &ids[..98], "run/7", now()).await;
        assert_eq!(done.expect("posted"), new);
    }
    assert_eq!(void_all(tx.conn(), &ids[98..99], "run/7", now()).await.expect("voided"), 1);
    let seen = journal(tx.conn(), county.budget, 10, 0).await.expect("a journal");
    let seen: Vec<_> = seen.iter().map(|it| (it.act, it.lines, it.amount.get())).collect();
    let expected = [
        (Act::Void, 1, 4_000),
        (Act::Post, 98, 392_000),
        (Act::Pending, 100, 400_000),
        (Act::Single, 1, 400_000),
    ];
    assert_eq!(seen, expected);
    tx.commit().await.expect("commit");
    assert_eq!(county.of(county.paid).await.credits_pending, Fen::from_yuan(40), "one unknown");
    let altered = [ReserveLine { amount: Fen::from_yuan(1), ..lines[0] }];
    let again = Reserve { lines: &altered, ..run };
    let outcome = reserve(county.tx().await.conn(), &again, now()).await;
    assert!(matches!(outcome, Err(Trouble::Fault(_))), "{outcome:?}");
    county.proves().await;
}

#[tokio::test]
async fn nobody_repays_more_than_is_owed() {
    let county = County::with_budget(1, 100).await;
    let pending = county.pending(1, 1);
    county.write(&[pending.clone(), post(&pending)]).await.expect("paid");
    let mut tx = county.tx().await;
    let book = AreaId::new(1);
    let owed = AccountKey::of_person(AccountKind::Receivable, book, FUND, ITEM, 2026, person(1));
    let owed = account(tx.conn(), &owed).await.expect("an account");
    let repaid = AccountKey::of_fund(AccountKind::Repaid, book, FUND, ITEM, 2026);
    let repaid = account(tx.conn(), &repaid).await.expect("an account");
    tx.commit().await.expect("commit");
    let moves = |word: &str, debit, credit, yuan| Transfer {
        id: made_id(&[word]),
        act: TransferAct::Single { debit, credit, amount_fen: Fen::from_yuan(yuan) },
        person: Some(person(1)),
        about: "case/1".to_owned(),
    };
    county.write(&[moves("open", county.paid, owed, 40)]).await.expect("opened");
    assert!(
        sentence(county.write(&[moves("back", owed, repaid, 50)]).await).contains("多出 10.00")
    );
    county.write(&[moves("back", owed, repaid, 30)]).await.expect("repaid");
    let mut tx = county.tx().await;
    let filter = BalanceFilter { person: Some(person(1)), ..BalanceFilter::default() };
    let sums = balances(tx.conn(), &filter, 10, 0).await.expect("balances");
    assert_eq!(sums.iter().map(Balance::left).collect::<Vec<_>>(), [Fen::from_yuan(10)]);
    let matter = transfers_about(tx.conn(), "case/1", person(1)).await.expect("transfers");
    assert_eq!(matter.len(), 2);
    let all = transfers_of_person(tx.conn(), person(1), 10, 0).await.expect("transfers");
    assert_eq!(all.iter().filter(|it| it.standing.is_some()).count(), 1);
    county.proves().await;
}

#[tokio::test]
async fn a_village_sees_its_own_peoples_money_and_no_sums_of_the_county() {
    let county = County::with_budget(2, 200).await;
    county.write(&[county.pending(1, 1), county.pending(1, 2)]).await.expect("reserved");
    let village = system_actor(&county.db, AreaId::new(2), Role::VillageWorker).await;
    let mut tx = county.db.begin(&village.expect("actor").scope).await.expect("a transaction");
    let own = transfers_of_person(tx.conn(), person(1), 10, 0).await.expect("transfers");
    assert_eq!(own.len(), 1);
    let others = transfers_of_person(tx.conn(), person(2), 10, 0).await.expect("transfers");
    assert_eq!(others, []);
    assert!(matches!(balance(tx.conn(), county.budget).await, Err(Trouble::NotFound)));
    assert_eq!(journal(tx.conn(), county.budget, 10, 0).await.expect("a journal"), []);
    let foreign = write(tx.conn(), &[county.pending(2, 2)], now()).await;
    assert!(matches!(foreign, Err(Trouble::NotFound)), "{foreign:?}");
    write(tx.conn(), &[county.pending(2, 1)], now()).await.expect("its own may be written");
}

#[tokio::test]
async fn the_service_cannot_change_what_is_written() {
    let county = County::with_budget(1, 100).await;
    for statement in [
        "UPDATE transfer SET amount_fen = 1",
        "DELETE FROM transfer",
        "UPDATE ledger_balance SET debits_posted = 0",
        "INSERT INTO ledger_journal (at, act, about, debit, credit, lines, amount_fen)
         VALUES (now(), 'single', '', 1, 2, 1, 1)",
        "UPDATE ledger_account SET fund = ''",
        "SELECT ledger_change(ARRAY[1])",
    ] {
        let outcome = store::try_as_service(&mut county.tx().await, statement).await;
        assert!(outcome.is_err(), "{statement}");
    }
    // A post that says another sum than what it settles, and value that leaves the book.
    let pending = county.pending(1, 1);
    county.write(std::slice::from_ref(&pending)).await.expect("reserved");
    let forged = format!(
        "INSERT INTO transfer SELECT '{}', 'post', id, debit, credit, 1, person_id, area_pos,
             about, at FROM transfer WHERE act = 'pending'",
        posting_id(pending.id)
    );
    assert!(store::try_as_service(&mut county.tx().await, &forged).await.is_err());
    county.proves().await;
}

#[tokio::test]
async fn even_the_superuser_cannot_commit_a_book_that_does_not_sum_to_zero() {
    let county = County::with_budget(1, 100).await;
    let skewed = "UPDATE ledger_balance SET credits_posted = credits_posted + 1 WHERE account_id =
                  (SELECT min(account_id) FROM ledger_balance)";
    let outcome = store::force(&county.db, skewed).await;
    let Err(Trouble::Fault(cause)) = outcome else { panic!("{outcome:?}") };
    assert!(cause.to_string().contains("does not sum to zero"), "{cause}");
    county.proves().await;
}

#[tokio::test]
async fn the_proof_finds_what_was_falsified() {
    let county = County::with_budget(1, 100).await;
    // Both sides alike, past the sum of zero.
    let skewed = "UPDATE ledger_balance SET credits_posted = credits_posted + 1,
                      debits_posted = debits_posted + 1 WHERE kind = 'paid'";
    store::force(&county.db, skewed).await.expect("it sums to zero still");
    let broken = invariants(&mut county.db.admin().await).await.expect("a proof");
    assert_eq!(broken.len(), 2, "neither transfers nor journal say so: {broken:?}");
}

#[tokio::test]
async fn a_key_names_one_account_and_value_stays_within_a_book() {
    let county = County::with_budget(1, 100).await;
    let mut tx = county.tx().await;
    let key = AccountKey::of_fund(AccountKind::Budget, AreaId::new(1), FUND, ITEM, 2026);
    assert_eq!(account(tx.conn(), &key).await.expect("found"), county.budget);
    let village = AccountKey { area: AreaId::new(2), ..key.clone() };
    let village = account(tx.conn(), &village).await.expect("made");
    let wrong = AccountKey { kind: AccountKind::Quota, ..key.clone() };
    assert!(account(tx.conn(), &wrong).await.is_err(), "a quota is somebody's");
    let nobody =
        AccountKey::of_person(AccountKind::Quota, AreaId::new(1), FUND, ITEM, 2026, person(99));
    assert!(matches!(account(tx.conn(), &nobody).await, Err(Trouble::NotFound)));
    tx.commit().await.expect("commit");
    let (debit, amount_fen) = (county.budget, Fen::from_yuan(1));
    let out = TransferAct::Single { debit, credit: village, amount_fen };
    let outcome = county.write(&[of_nobody(made_id(&["out"]), out)]).await;
    assert!(matches!(outcome, Err(Trouble::Fault(_))), "{outcome:?}");
    county.proves().await;
}
