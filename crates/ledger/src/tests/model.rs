//! Any sequence of transfers does on the real database what it does in forty lines of memory.

use std::collections::HashMap;

use kernel::{Fen, LedgerAccountId, Transfer, TransferAct, TransferId, Trouble};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::store::try_as_service;
use super::{AccountKind, AreaId, County, FUND, ITEM, now, person};
use crate::{
    AccountKey, account, balance, invariants, made_id, post_all, posting_id, void_all, voiding_id,
    write,
};

const PEOPLE: u8 = 2;
const ACCOUNTS: usize = 6;
/// Two sources, a budget, what is paid, what one person owes, what came back.
const GUARDED: [bool; ACCOUNTS] = [false, true, false, true, false, false];

#[derive(Clone, Debug)]
enum Step {
    Move { id: u8, pending: bool, debit: usize, credit: usize, fen: i64, person: Option<u8> },
    Settle { of: u8, post: bool, own_id: bool },
    SettleAll { of: Vec<u8>, post: bool },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Came {
    Done,
    Refused,
    Conflict,
    NotFound,
    Fault,
}

impl From<Result<(), Trouble>> for Came {
    fn from(outcome: Result<(), Trouble>) -> Self {
        match outcome {
            Ok(()) => Self::Done,
            Err(Trouble::Refused(_)) => Self::Refused,
            Err(Trouble::Conflict(_)) => Self::Conflict,
            Err(Trouble::NotFound) => Self::NotFound,
            Err(Trouble::Fault(_)) => Self::Fault,
        }
    }
}

/// Debits and credits, each pending and posted.
type Sums = [i64; 4];

#[derive(Default)]
struct Model {
    sums: [Sums; ACCOUNTS],
    stand: HashMap<TransferId, Transfer>,
    settled_by: HashMap<TransferId, TransferId>,
}

fn id_of(n: u8) -> TransferId {
    made_id(&["move", &n.to_string()])
}

fn settling(of: u8, post: bool, own_id: bool) -> Transfer {
    let pending = id_of(of);
    let id = match (own_id, post) {
        (true, _) => made_id(&["settle", &of.to_string(), &post.to_string()]),
        (false, true) => posting_id(pending),
        (false, false) => voiding_id(pending),
    };
    let act = if post { TransferAct::Post(pending) } else { TransferAct::Void(pending) };
    Transfer { id, act, person: None, about: "model".to_owned() }
}

impl Model {
    fn left(&self, account: usize) -> i64 {
        let [pending, posted, _, credits] = self.sums[account];
        credits - posted - pending
    }

    fn add(&mut self, (debit, credit): (usize, usize), pending: i64, posted: i64) {
        self.sums[debit][0] += pending;
        self.sums[debit][1] += posted;
        self.sums[credit][2] += pending;
        self.sums[credit][3] += posted;
    }

    fn moves(&mut self, it: &Transfer, sides: (usize, usize), fen: i64, pending: bool) -> Came {
        let unseen = it.person == Some(person(u128::from(PEOPLE) + 1));
        if sides.0 == sides.1 && !unseen {
            return Came::Fault;
        }
        if let Some(stands) = self.stand.get(&it.id) {
            return if stands == it { Came::Done } else { Came::Fault };
        }
        if unseen {
            return Came::NotFound;
        }
        if GUARDED[sides.0] && self.left(sides.0) < fen {
            return Came::Refused;
        }
        self.stand.insert(it.id, it.clone());
        self.add(sides, if pending { fen } else { 0 }, if pending { 0 } else { fen });
        Came::Done
    }

    fn settles(&mut self, it: &Transfer, accounts: &[LedgerAccountId]) -> Came {
        let (TransferAct::Post(of) | TransferAct::Void(of)) = it.act else { panic!("settles") };
        let pending = self.stand.get(&of).map(|it| it.act);
        let Some(TransferAct::Pending { debit, credit, amount_fen }) = pending else {
            return Came::NotFound;
        };
        match self.settled_by.get(&of) {
            Some(by) if *by == it.id => return Came::Done,
            Some(_) => return Came::Conflict,
            None => {}
        }
        self.settled_by.insert(of, it.id);
        let at = |id| accounts.iter().position(|it| *it == id).expect("an account of ours");
        let posted = matches!(it.act, TransferAct::Post(_));
        let fen = amount_fen.get();
        self.add((at(debit), at(credit)), -fen, if posted { fen } else { 0 });
        Came::Done
    }

    /// All or nothing; a conflict is seen before what is missing.
    fn settles_all(&mut self, all: &[Transfer], accounts: &[LedgerAccountId]) -> Came {
        let before = (self.sums, self.settled_by.clone());
        let came: Vec<Came> = all.iter().map(|it| self.settles(it, accounts)).collect();
        let worst = [Came::Conflict, Came::NotFound].into_iter().find(|it| came.contains(it));
        if worst.is_some() {
            (self.sums, self.settled_by) = before;
        }
        worst.unwrap_or(Came::Done)
    }
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let moved = (0_u8..8, any::<bool>(), 0..ACCOUNTS, 0..ACCOUNTS, 1_i64..100, 0..=PEOPLE + 1);
    let moved = moved.prop_map(|(id, pending, debit, credit, fen, n)| Step::Move {
        id,
        pending,
        debit,
        credit,
        fen,
        person: (n > 0).then_some(n),
    });
    // From where money may always come: else most sequences only refuse.
    let funded = (8_u8..12, any::<bool>(), 1..ACCOUNTS, 1_i64..200).prop_map(
        |(id, pending, credit, fen)| Step::Move {
            id,
            pending,
            debit: 0,
            credit,
            fen,
            person: None,
        },
    );
    let settle = (0_u8..12, any::<bool>(), any::<bool>())
        .prop_map(|(of, post, own_id)| Step::Settle { of, post, own_id });
    let all =
        (vec(0_u8..12, 1..4), any::<bool>()).prop_map(|(of, post)| Step::SettleAll { of, post });
    vec(prop_oneof![4 => moved, 3 => funded, 3 => settle, 1 => all], 1..16)
}

/// Runs the steps on both; the transaction is dropped in the end.
async fn run(county: &County, steps: &[Step]) -> Result<(), TestCaseError> {
    let mut tx = county.tx().await;
    let accounts = accounts(&mut tx).await;
    let mut model = Model::default();
    for step in steps {
        try_as_service(&mut tx, "SAVEPOINT step").await.expect("a savepoint");
        let (expected, came) = match step {
            Step::Move { id, pending, debit, credit, fen, person: n } => {
                let sides = (*debit, *credit);
                let (debit, credit) = (accounts[sides.0], accounts[sides.1]);
                let amount_fen = Fen::new(*fen);
                let act = if *pending {
                    TransferAct::Pending { debit, credit, amount_fen }
                } else {
                    TransferAct::Single { debit, credit, amount_fen }
                };
                let person = n.map(|n| person(u128::from(n)));
                let it = Transfer { id: id_of(*id), act, person, about: "model".to_owned() };
                let expected = model.moves(&it, sides, *fen, *pending);
                (expected, write(tx.conn(), &[it], now()).await)
            }
            Step::Settle { of, post, own_id } => {
                let it = settling(*of, *post, *own_id);
                (model.settles(&it, &accounts), write(tx.conn(), &[it], now()).await)
            }
            Step::SettleAll { of, post } => {
                let all: Vec<Transfer> = of.iter().map(|n| settling(*n, *post, false)).collect();
                let ids: Vec<TransferId> = of.iter().map(|n| id_of(*n)).collect();
                let done = if *post {
                    post_all(tx.conn(), &ids, "model", now()).await
                } else {
                    void_all(tx.conn(), &ids, "model", now()).await
                };
                (model.settles_all(&all, &accounts), done.map(drop))
            }
        };
        let came = Came::from(came);
        prop_assert_eq!(came, expected, "{:?}", step);
        let undone = if came == Came::Done { "RELEASE step" } else { "ROLLBACK TO step" };
        try_as_service(&mut tx, undone).await.expect("a savepoint");
    }
    try_as_service(&mut tx, "SET CONSTRAINTS ALL IMMEDIATE").await.expect("sums to zero");
    for (sums, id) in model.sums.iter().zip(&accounts) {
        let it = balance(tx.conn(), *id).await.expect("a balance");
        let stored = [it.debits_pending, it.debits_posted, it.credits_pending, it.credits_posted];
        prop_assert_eq!(&stored.map(Fen::get), sums, "account {}", id);
    }
    let broken = invariants(tx.conn()).await.expect("a proof");
    prop_assert!(broken.is_empty(), "{broken:?}");
    Ok(())
}

async fn accounts(tx: &mut db::Tx) -> Vec<LedgerAccountId> {
    use AccountKind::{Budget, Paid, Receivable, Repaid, Source};
    let mut ids = Vec::new();
    for (kind, year) in [
        (Source, 2026),
        (Budget, 2026),
        (Paid, 2026),
        (Receivable, 2026),
        (Repaid, 2026),
        (Source, 2027),
    ] {
        let key = AccountKey {
            person: kind.is_of_person().then(|| person(1)),
            ..AccountKey::of_fund(kind, AreaId::new(1), FUND, ITEM, year)
        };
        ids.push(account(tx.conn(), &key).await.expect("an account"));
    }
    ids
}

#[test]
fn any_sequence_of_transfers_does_what_it_does_in_memory() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.expect("a runtime");
    let county = runtime.block_on(County::new(PEOPLE.into()));
    let mut runner =
        TestRunner::new(Config { cases: 200, failure_persistence: None, ..Config::default() });
    let outcome = runner.run(&steps(), |steps| runtime.block_on(run(&county, &steps)));
    drop(county);
    outcome.expect("the same");
}
