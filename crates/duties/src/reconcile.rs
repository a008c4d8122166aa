use std::collections::{HashMap, HashSet};

use kernel::{DutyChange, DutyId, DutyOpening, PersonId};
use sm3::{Digest, Sm3};

/// A duty as the reconciler sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Its id.
    pub id: DutyId,
    /// Whether it is open, fell away, or was decided by a person.
    pub state: StandingState,
    /// What it says now, to tell whether it must be restated.
    pub cause: String,
    /// Money gone wrong so far, as it says now.
    pub amount_fen: kernel::Fen,
    /// Money that goes wrong each month, as it says now.
    pub monthly_fen: kernel::Fen,
}

/// See [`Standing::state`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StandingState {
    /// Open.
    Open,
    /// Closed by itself.
    CauseGone,
    /// Closed by a person: it stays so while the facts under it stay.
    Decided,
}

/// The id of a duty: the same finding on the same facts about the same person is the same duty,
/// and new facts make a new one.
pub fn duty_id(kind: &str, person: PersonId, item: Option<&str>, basis: &[u8; 32]) -> DutyId {
    let mut hash = Sm3::new();
    for part in [kind.as_bytes(), person.get().as_bytes(), item.unwrap_or("").as_bytes(), basis] {
        hash.update(part);
        hash.update([0]);
    }
    let digest: [u8; 32] = hash.finalize().into();
    let mut half = [0; 16];
    half.copy_from_slice(&digest[..16]);
    DutyId::new(uuid::Builder::from_custom_bytes(half).into_uuid())
}

/// What must change so that the open duties are those found: opens what is new, restates what
/// reads differently, closes what is not found any more, and leaves alone what a person decided.
/// Run twice it changes nothing.
pub fn reconcile(standing: &[Standing], found: Vec<DutyOpening>) -> Vec<DutyChange> {
    let known: HashMap<DutyId, &Standing> = standing.iter().map(|s| (s.id, s)).collect();
    let mut wanted = HashSet::new();
    let mut changes = Vec::new();
    for opening in found {
        if !wanted.insert(opening.id) {
            continue;
        }
        match known.get(&opening.id).map(|s| (s.state, *s)) {
            None | Some((StandingState::CauseGone, _)) => changes.push(DutyChange::Open(opening)),
            Some((StandingState::Open, s))
                if (&s.cause, s.amount_fen, s.monthly_fen)
                    != (&opening.cause, opening.amount_fen, opening.monthly_fen) =>
            {
                changes.push(DutyChange::Restate(opening));
            }
            Some((StandingState::Open | StandingState::Decided, _)) => {}
        }
    }
    let gone =
        standing.iter().filter(|s| s.state == StandingState::Open && !wanted.contains(&s.id));
    changes.extend(gone.map(|s| DutyChange::CauseGone(s.id)));
    changes
}

#[cfg(test)]
mod tests {
    use kernel::{AreaId, Day, Fen, Role};
    use uuid::Uuid;

    use super::*;

    fn found(basis: u8) -> DutyOpening {
        let person = PersonId::new(Uuid::from_u128(7));
        let day = Day::new(2026, 6, 2).expect("a day");
        DutyOpening {
            id: duty_id("unclaimed", person, Some("old_age_allowance"), &[basis; 32]),
            kind: "unclaimed",
            person,
            item: Some("old_age_allowance".into()),
            cause_code: "older".into(),
            cause: "早已满 80 周岁".into(),
            owner_role: Role::VillageWorker,
            owner_area: AreaId::new(1),
            opened_on: day,
            due_on: day,
            amount_fen: Fen::from_yuan(280),
            monthly_fen: Fen::from_yuan(40),
            basis: [basis; 32],
        }
    }

    fn stands(opening: &DutyOpening, state: StandingState) -> Standing {
        Standing {
            id: opening.id,
            state,
            cause: opening.cause.clone(),
            amount_fen: opening.amount_fen,
            monthly_fen: opening.monthly_fen,
        }
    }

    #[test]
    fn the_second_run_changes_nothing() {
        let one = found(1);
        assert_eq!(reconcile(&[], vec![one.clone()]).len(), 1);
        assert_eq!(reconcile(&[stands(&one, StandingState::Open)], vec![one]), []);
    }

    #[test]
    fn a_cause_that_is_gone_closes_its_duty_and_one_that_comes_back_opens_it_again() {
        let one = found(1);
        let open = stands(&one, StandingState::Open);
        assert_eq!(reconcile(&[open], vec![]), [DutyChange::CauseGone(one.id)]);
        let gone = stands(&one, StandingState::CauseGone);
        assert_eq!(reconcile(&[gone], vec![one.clone()]), [DutyChange::Open(one)]);
    }

    #[test]
    fn a_persons_decision_holds_until_the_facts_change() {
        let one = found(1);
        let decided = stands(&one, StandingState::Decided);
        assert_eq!(reconcile(std::slice::from_ref(&decided), vec![one]), []);
        let new_facts = found(2);
        assert_eq!(reconcile(&[decided], vec![new_facts.clone()]), [DutyChange::Open(new_facts)]);
    }

    #[test]
    fn more_months_of_arrears_restate_the_duty_and_keep_it() {
        let one = found(1);
        let mut later = one.clone();
        later.amount_fen = Fen::from_yuan(320);
        let open = stands(&one, StandingState::Open);
        assert_eq!(reconcile(&[open], vec![later.clone()]), [DutyChange::Restate(later)]);
    }
}
