use std::collections::HashMap;

use db::Tx;
use kernel::{BatchId, Now, PersonId, Trouble};

use super::{By, Decision, DeskRow, NewRow, RowState, record, store};
use crate::{Voice, assert_all, people};

/// What a person decided about the same question in an earlier file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remembered {
    /// It was this person.
    Same(PersonId, Follows),
    /// It was none of those whom it may be about now.
    None(Follows),
}

/// The earlier row.
pub type Follows = (BatchId, u32);

/// An earlier row with the same question, as it was decided.
#[derive(Clone, Debug)]
pub(super) struct Earlier {
    pub(super) question: [u8; 16],
    pub(super) row: Follows,
    /// Whom it was; nobody of its candidates otherwise.
    pub(super) same: Option<PersonId>,
    pub(super) candidates: Vec<PersonId>,
}

/// What was decided before about these questions, in the order given. Each comes with whom its
/// row may be about now: somebody new among them, and it is another question.
pub async fn remembered(
    tx: &mut Tx,
    asked: &[([u8; 16], Vec<PersonId>)],
) -> Result<Vec<Option<Remembered>>, Trouble> {
    let questions: Vec<Vec<u8>> = asked.iter().map(|(question, _)| question.to_vec()).collect();
    let mut known: HashMap<[u8; 16], Vec<Earlier>> = HashMap::new();
    for earlier in store::earlier(tx.conn(), &questions).await? {
        known.entry(earlier.question).or_default().push(earlier);
    }
    Ok(asked.iter().map(|(question, now)| answer(known.get(question)?, now)).collect())
}

/// The newest earlier row that tells; they come newest first.
fn answer(earlier: &[Earlier], now: &[PersonId]) -> Option<Remembered> {
    let mut cleared: Vec<PersonId> = Vec::new();
    for it in earlier {
        match it.same {
            Some(person) if now.contains(&person) => {
                return Some(Remembered::Same(person, it.row));
            }
            Some(_) => {}
            None => cleared.extend(&it.candidates),
        }
    }
    let newest_none = earlier.iter().find(|it| it.same.is_none())?;
    now.iter().all(|it| cleared.contains(it)).then_some(Remembered::None(newest_none.row))
}

/// 按上次人工比对: decides the rows of a file, just put on the desk, about which a person has
/// decided before; gives how many.
pub async fn follow(
    tx: &mut Tx,
    (batch, area_pos): (BatchId, i32),
    voice: Voice<'_>,
    at: Now,
    rows: &[NewRow],
) -> Result<u32, Trouble> {
    let ask = |row: &NewRow| (row.question, row.content.candidates.clone());
    let asked: Vec<([u8; 16], Vec<PersonId>)> = rows.iter().map(ask).collect();
    let (mut followed, mut assertions, mut people) = (0, Vec::new(), Vec::new());
    for (new, before) in rows.iter().zip(remembered(tx, &asked).await?) {
        let (decision, follows) = match before {
            Some(Remembered::Same(person, follows)) => {
                (Decision::Same { person, note_number: false }, follows)
            }
            Some(Remembered::None(follows)) => (Decision::None, follows),
            None => continue,
        };
        let row = DeskRow {
            batch,
            row_no: new.row_no,
            area_pos,
            state: RowState::Waiting,
            seq: 0,
            content: new.content.clone(),
            candidates: new.content.candidates.clone(),
        };
        let by = By { account: None, at, reason: "按上次人工比对", follows: Some(follows) };
        record(tx, &row, &decision, by).await?;
        if let Decision::Same { person, .. } = decision {
            assertions.extend(row.assertions(person)?);
            people.push(person);
        }
        followed += 1;
    }
    assert_all(tx, voice, at, &assertions).await?;
    people::settle(tx, &people).await?;
    Ok(followed)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn person(n: u128) -> PersonId {
        PersonId::new(Uuid::from_u128(n))
    }

    fn earlier(row: u32, same: Option<u128>, candidates: &[u128]) -> Earlier {
        Earlier {
            question: [0; 16],
            row: (BatchId::new(1), row),
            same: same.map(person),
            candidates: candidates.iter().copied().map(person).collect(),
        }
    }

    #[test]
    fn the_same_question_about_the_same_people_has_the_same_answer() {
        let before = [earlier(1, Some(7), &[7, 8])];
        let now = [person(7), person(8)];
        let same = Remembered::Same(person(7), (BatchId::new(1), 1));
        assert_eq!(answer(&before, &now), Some(same));
        assert_eq!(answer(&before, &[person(8)]), None, "she is not among them any more");
    }

    #[test]
    fn none_of_them_holds_until_somebody_new_is_among_them() {
        let before = [earlier(1, None, &[7, 8])];
        let none = Remembered::None((BatchId::new(1), 1));
        assert_eq!(answer(&before, &[person(8), person(7)]), Some(none));
        assert_eq!(answer(&before, &[]), Some(none));
        assert_eq!(answer(&before, &[person(8), person(9)]), None);
    }

    #[test]
    fn the_newest_decision_counts() {
        let before = [earlier(2, Some(8), &[7, 8]), earlier(1, None, &[7, 8])];
        let same = Remembered::Same(person(8), (BatchId::new(1), 2));
        assert_eq!(answer(&before, &[person(7), person(8)]), Some(same));
    }
}
