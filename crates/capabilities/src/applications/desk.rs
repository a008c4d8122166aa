//! Applications with all that their decider looks at.

use std::collections::HashMap;

use access::Actor;
use cases::{Case, Move};
use duties::{Filter, Who};
use facts::people::PersonCard;
use findings::kinds::{CONTRADICTED, EXCLUSIVE, SHARED_ACCOUNT, TWO_COUNTIES};
use kernel::{CaseId, Hand, PersonId, Role, Trouble};
use policy::Item;

use super::gaps::{Beside, gaps};
use crate::applying::{self, IN_APPROVAL, IN_REVIEW, Judged, Prover, Written};
use crate::{App, whom};

/// Questions about a person that must be answered before money flows.
const QUESTIONS: [(&str, &str); 4] = [
    (SHARED_ACCOUNT.id, "账户与没有亲属关系的人共用"),
    (TWO_COUNTIES.id, "有两地重复领取的线索"),
    (EXCLUSIVE.id, "有与别的待遇重复的线索"),
    (CONTRADICTED.id, "死亡信息矛盾，还没有核实"),
];

/// As many open duties as are looked at for one page of applications.
const MOST_DUTIES: i64 = 2_000;

/// An application as its decider sees it.
pub(super) struct Row {
    pub(super) case: Case,
    pub(super) card: PersonCard,
    pub(super) item: String,
    pub(super) judged: Option<Judged>,
    pub(super) written: Option<Written>,
    pub(super) moves: Vec<Move>,
    /// Why it needs a look; empty when it can be decided with others at once.
    pub(super) gaps: Vec<String>,
}

impl Row {
    /// How often it was returned.
    pub(super) fn returned(&self) -> usize {
        returned(&self.moves)
    }
}

fn returned(moves: &[Move]) -> usize {
    moves.iter().filter(|it| it.action == "return").count()
}

/// The part in a case that somebody of this role would have in this state.
pub(super) fn hand_at(state: &str, role: Role) -> Option<Hand> {
    match (state, role) {
        (IN_REVIEW, Role::TownReviewer) => Some(Hand::Reviews),
        (IN_APPROVAL, Role::CountyApprover) => Some(Hand::Approves),
        _ => None,
    }
}

/// The item, when the list in force has it.
pub(super) fn item<'a>(app: &'a App, case: &Case, card: &PersonCard) -> Option<&'a Item> {
    applying::item_of(app, case, card.area).ok()
}

/// These applications, as far as their people lie in the scope, in the order given.
pub(super) async fn rows(
    app: &App,
    tx: &mut db::Tx,
    actor: &Actor,
    cases: Vec<Case>,
) -> Result<Vec<Row>, Trouble> {
    let people: Vec<PersonId> = cases.iter().map(|case| case.person).collect();
    let ids: Vec<CaseId> = cases.iter().map(|case| case.id).collect();
    let cards = whom::whom(tx.conn(), &people).await?;
    let kept: Vec<PersonId> = cards.values().map(|card| card.id).collect();
    let prover = Prover::load(app, tx.conn(), kept.iter().copied()).await?;
    let mut forms: HashMap<CaseId, Written> =
        applying::last_of(app, tx.conn(), &ids).await?.into_iter().collect();
    let mut moves: HashMap<CaseId, Vec<Move>> = HashMap::new();
    for it in cases::moves(tx.conn(), &ids).await? {
        moves.entry(it.case).or_default().push(it);
    }
    let kin = cases::kin::among(tx.conn(), actor.account, &kept).await?;
    let questions = questions(tx, kept).await?;
    let mut rows = Vec::with_capacity(cases.len());
    for case in cases {
        let Some(card) = cards.get(&case.person).cloned() else { continue };
        let item = item(app, &case, &card);
        let judged = item.map(|item| prover.judge(app, &card, item)).transpose()?.flatten();
        let written = forms.remove(&case.id);
        let moves = moves.remove(&case.id).unwrap_or_default();
        let hand = hand_at(&case.state, actor.role);
        let beside = Beside {
            open_question: questions.get(&card.id).copied(),
            returned: returned(&moves),
            kin: kin.contains(&card.id),
            own: hand.is_some()
                && moves.iter().any(|it| {
                    it.account == Some(actor.account) && it.hand.is_some() && it.hand != hand
                }),
        };
        let filled = written.as_ref().map(|it| &it.filled);
        let gaps = gaps(&case, judged.as_ref(), filled, beside);
        let name = item.map(|item| item.name.clone());
        let item = name.or_else(|| case.item.clone()).unwrap_or_default();
        rows.push(Row { case, card, item, judged, written, moves, gaps });
    }
    Ok(rows)
}

/// One application, if it lies in the scope.
pub(super) async fn row(
    app: &App,
    tx: &mut db::Tx,
    actor: &Actor,
    id: CaseId,
) -> Result<Row, Trouble> {
    let case = cases::case(tx.conn(), id).await?;
    only(app, tx, actor, case).await
}

/// One application, held until the transaction ends.
pub(super) async fn held(
    app: &App,
    tx: &mut db::Tx,
    actor: &Actor,
    id: CaseId,
) -> Result<Row, Trouble> {
    let case = cases::hold(tx.conn(), id).await?;
    only(app, tx, actor, case).await
}

async fn only(app: &App, tx: &mut db::Tx, actor: &Actor, case: Case) -> Result<Row, Trouble> {
    if case.flow != applying::FLOW.id {
        return Err(Trouble::NotFound);
    }
    rows(app, tx, actor, vec![case]).await?.pop().ok_or(Trouble::NotFound)
}

async fn questions(
    tx: &mut db::Tx,
    people: Vec<PersonId>,
) -> Result<HashMap<PersonId, &'static str>, Trouble> {
    let filter = Filter { who: Some(Who::People(people)), ..Filter::default() };
    let open = duties::open_duties(tx.conn(), &filter, MOST_DUTIES, 0).await?;
    let asks = |kind: &str| QUESTIONS.iter().find(|(id, _)| *id == kind).map(|(_, words)| *words);
    Ok(open.iter().filter_map(|duty| Some((duty.person, asks(&duty.kind)?))).collect())
}
