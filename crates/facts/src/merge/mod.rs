//! 合并档案: two files that are one person, joined and taken apart again.
//!
//! No assertion is rewritten. One file is kept; the other's assertions are projected onto it while
//! the merge stands, its numbers find the kept one, and its id leads there. Taken apart, each
//! file says again exactly what was said under its own id. One person proposes, another confirms.

mod store;

use std::collections::{BTreeMap, HashMap, HashSet};

use db::Tx;
use kernel::{AccountId, Now, PersonId, Trouble, TwoPeople};
use sqlx::PgConnection;

use crate::people;

/// Rank of a source that has no layout any more.
pub(crate) const LAST_RANK: i16 = i16::MAX;

/// How the sources rank, by supplier id: see `Voice::rank`. A person's word is first by itself.
#[derive(Clone, Debug, Default)]
pub struct Ranks {
    suppliers: Vec<String>,
    ranks: Vec<i16>,
}

impl Ranks {
    /// Of all layouts.
    pub fn new<'a>(layouts: impl IntoIterator<Item = (&'a str, i16)>) -> Self {
        let mut all = Self::default();
        for (supplier, rank) in layouts {
            all.suppliers.push(supplier.to_owned());
            all.ranks.push(rank);
        }
        all
    }

    /// The suppliers and their ranks, side by side.
    pub(crate) fn columns(&self) -> (&[String], &[i16]) {
        (&self.suppliers, &self.ranks)
    }
}

/// Makes the facts and cards of these people, and of whom they are merged with, anew from what
/// was asserted and stands.
pub async fn project(tx: &mut Tx, people: &[PersonId], ranks: &Ranks) -> Result<(), Trouble> {
    let members = store::members(tx.conn(), people).await?;
    store::forget(tx.conn(), &members).await?;
    store::project(tx.conn(), &members, &ranks.suppliers, &ranks.ranks).await?;
    people::settle(tx, &members).await
}

/// The same for the merged people of a file that was undone: what its source said before was
/// projected onto each id by itself.
pub async fn project_after_undo(
    tx: &mut Tx,
    batch: kernel::BatchId,
    ranks: &Ranks,
) -> Result<(), Trouble> {
    let merged = store::merged_of_batch(tx.conn(), batch).await?;
    if merged.is_empty() { Ok(()) } else { project(tx, &merged, ranks).await }
}

/// 合并进度: how far a merge of two files has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// 待复核: proposed, and another person has to confirm.
    Proposed,
    /// 已合并
    Confirmed,
    /// 不同意合并
    Refused,
    /// 已拆开
    Undone,
}

impl Step {
    const ALL: [(Self, &'static str, &'static str); 4] = [
        (Self::Proposed, "proposed", "待另一人复核"),
        (Self::Confirmed, "confirmed", "已合并"),
        (Self::Refused, "refused", "复核不同意"),
        (Self::Undone, "undone", "已拆开"),
    ];

    fn entry(self) -> &'static (Self, &'static str, &'static str) {
        Self::ALL.iter().find(|(it, ..)| *it == self).expect("every step is in the table")
    }

    /// The stored word.
    pub fn code(self) -> &'static str {
        self.entry().1
    }

    /// The bureau's word.
    pub fn chinese(self) -> &'static str {
        self.entry().2
    }

    pub(crate) fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, it, _)| *it == code).map(|(it, ..)| *it)
    }
}

/// A proposal to merge with what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merge {
    /// Its id.
    pub id: i64,
    /// Whose file is kept.
    pub kept: PersonId,
    /// Whose file goes over.
    pub merged: PersonId,
    /// How far it has come.
    pub step: Step,
    /// What was said at each step: the step, who, when and why.
    pub said: Vec<Said>,
    /// Who proposed it.
    pub proposed_by: AccountId,
}

/// What somebody said at one step of a merge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// Which step.
    pub step: Step,
    /// Who.
    pub who: String,
    /// When.
    pub at: Now,
    /// Why.
    pub reason: String,
}

/// 疑似重复: two files that look like one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Suspects {
    /// The smaller id.
    pub person: PersonId,
    /// The larger id.
    pub other: PersonId,
    /// Whether they share a number.
    pub shares_number: bool,
    /// Whether they are of one village.
    pub same_village: bool,
}

/// More groups than this are not looked at: whoever has decided about some sees the next ones.
const MOST_GROUPS: i64 = 2000;

/// Pairs that look alike and about which nobody has said anything, the likeliest first: those who
/// share a number, then those of one name, birth and village.
pub async fn suspects(conn: &mut PgConnection) -> Result<Vec<Suspects>, Trouble> {
    let holders = store::holders(conn, MOST_GROUPS).await?;
    let alike = store::alike(conn, MOST_GROUPS).await?;
    let ids: Vec<PersonId> = holders.iter().chain(&alike).flatten().copied().collect();
    let listed: HashSet<PersonId> = people::kept(conn, &ids)
        .await?
        .into_iter()
        .filter_map(|(person, kept)| (person == kept).then_some(person))
        .collect();
    let settled: HashSet<(PersonId, PersonId)> =
        store::settled(conn, &ids).await?.into_iter().collect();
    let mut found: BTreeMap<(PersonId, PersonId), (bool, bool)> = BTreeMap::new();
    for pair in holders.iter().flat_map(|group| pairs(group)) {
        found.entry(pair).or_default().0 = true;
    }
    for pair in alike.iter().flat_map(|group| pairs(group)) {
        found.entry(pair).or_default().1 = true;
    }
    let mut suspects: Vec<Suspects> = found
        .into_iter()
        .filter(|((a, b), _)| listed.contains(a) && listed.contains(b))
        .filter(|(pair, _)| !settled.contains(pair))
        .map(|((person, other), (shares_number, same_village))| Suspects {
            person,
            other,
            shares_number,
            same_village,
        })
        .collect();
    suspects.sort_by_key(|it| (!it.shares_number, !it.same_village));
    Ok(suspects)
}

/// Every two of a group whose ids ascend.
fn pairs(group: &[PersonId]) -> impl Iterator<Item = (PersonId, PersonId)> {
    group.iter().enumerate().flat_map(|(at, a)| group[at + 1..].iter().map(|b| (*a, *b)))
}

/// Proposals that wait for a second person, the oldest first.
pub async fn waiting(conn: &mut PgConnection, limit: i64) -> Result<Vec<Merge>, Trouble> {
    let ids = store::waiting(conn, limit).await?;
    store::merges(conn, &ids).await
}

/// The last merges that were answered, the newest first.
pub async fn answered(conn: &mut PgConnection, limit: i64) -> Result<Vec<Merge>, Trouble> {
    let ids = store::answered(conn, limit).await?;
    store::merges(conn, &ids).await
}

/// The last proposal about these two, whoever is to be kept.
pub async fn between(
    conn: &mut PgConnection,
    person: PersonId,
    other: PersonId,
) -> Result<Option<Merge>, Trouble> {
    let Some(id) = store::between(conn, person, other).await? else { return Ok(None) };
    Ok(store::merges(conn, &[id]).await?.pop())
}

/// Who says something about a pair, when and why.
#[derive(Clone, Copy, Debug)]
pub struct Word<'a> {
    /// Who.
    pub by: AccountId,
    /// When.
    pub at: Now,
    /// Why; never empty.
    pub reason: &'a str,
}

impl Word<'_> {
    fn check(&self) -> Result<(), Trouble> {
        if self.reason.trim().is_empty() {
            return Err(Trouble::refused("还没有写理由。", "请写一两句根据什么判断。"));
        }
        Ok(())
    }
}

/// 提出合并: `merged` is to go over to `kept`. Changes nothing yet.
pub async fn propose(
    conn: &mut PgConnection,
    kept: PersonId,
    merged: PersonId,
    word: Word<'_>,
) -> Result<i64, Trouble> {
    word.check()?;
    if kept == merged {
        return Err(Trouble::refused("这是同一份档案。", "请选择两份不同的档案。"));
    }
    // Nobody proposes the same twice at the same time.
    store::lock(conn, kept.min(merged)).await?;
    for person in [kept, merged] {
        if people::card(conn, person).await?.id != person {
            return Err(Trouble::Conflict("其中一份档案已经合并到别的档案，没有登记。".to_owned()));
        }
    }
    match between(conn, kept, merged).await? {
        Some(it) if it.step == Step::Proposed => Err(Trouble::Conflict(
            "这两份档案已有人提出合并，正等另一人复核，没有重复登记。".to_owned(),
        )),
        _ => store::propose(conn, kept, merged, word).await,
    }
}

/// 复核: another person confirms, and the files are one from now on; or refuses.
pub async fn answer(
    tx: &mut Tx,
    id: i64,
    confirm: bool,
    word: Word<'_>,
    ranks: &Ranks,
) -> Result<Merge, Trouble> {
    word.check()?;
    let merge = one(tx.conn(), id).await?;
    if merge.step != Step::Proposed {
        return Err(Trouble::Conflict(format!("这件合并{}，没有再次处理。", merge.step.chinese())));
    }
    if confirm {
        TwoPeople::new(merge.proposed_by, word.by).map_err(|same| {
            Trouble::refused(format!("{same}。"), "请另一位有权限的同事登录后复核。")
        })?;
        for person in [merge.kept, merge.merged] {
            if people::card(tx.conn(), person).await?.id != person {
                let words = "其中一份档案已经合并到别的档案，请先看那一件。";
                return Err(Trouble::Conflict(words.to_owned()));
            }
        }
    }
    let step = if confirm { Step::Confirmed } else { Step::Refused };
    store::say(tx.conn(), &merge, step, word).await?;
    if confirm {
        settle(tx, &merge, ranks).await?;
    }
    Ok(merge)
}

/// 拆开: both files stand again as if they had never been joined.
pub async fn undo(tx: &mut Tx, id: i64, word: Word<'_>, ranks: &Ranks) -> Result<Merge, Trouble> {
    word.check()?;
    let merge = one(tx.conn(), id).await?;
    if merge.step != Step::Confirmed {
        return Err(Trouble::Conflict(format!("这件合并{}，不用拆开。", merge.step.chinese())));
    }
    store::say(tx.conn(), &merge, Step::Undone, word).await?;
    settle(tx, &merge, ranks).await?;
    Ok(merge)
}

async fn one(conn: &mut PgConnection, id: i64) -> Result<Merge, Trouble> {
    store::merges(conn, &[id]).await?.pop().ok_or(Trouble::NotFound)
}

/// Makes everybody of the pair's group lead to whom the standing merges say, and their facts.
async fn settle(tx: &mut Tx, merge: &Merge, ranks: &Ranks) -> Result<(), Trouble> {
    let group = store::members(tx.conn(), &[merge.kept, merge.merged]).await?;
    let standing = store::standing(tx.conn(), &group).await?;
    let roots = roots(&group, &standing.into_iter().collect());
    store::lead(tx.conn(), &roots).await?;
    project(tx, &group, ranks).await
}

/// Whom each of them leads to by the standing merges; nobody, when kept.
fn roots(
    group: &[PersonId],
    kept_of: &HashMap<PersonId, PersonId>,
) -> Vec<(PersonId, Option<PersonId>)> {
    let root = |person: &PersonId| {
        // A merged person is not listed and cannot be kept again, so the way up ends.
        std::iter::successors(kept_of.get(person), |it| kept_of.get(it)).last().copied()
    };
    group.iter().map(|person| (*person, root(person))).collect()
}

/// 不是同一人: remembered, so that the pair is not listed again. `cleared = false` takes it back.
pub async fn clear(
    conn: &mut PgConnection,
    person: PersonId,
    other: PersonId,
    cleared: bool,
    word: Word<'_>,
) -> Result<(), Trouble> {
    if person == other {
        return Err(Trouble::NotFound);
    }
    for person in [person, other] {
        people::card(conn, person).await?;
    }
    store::clear(conn, (person.min(other), person.max(other)), cleared, word).await
}

/// Who said last that the two are not one person, if that holds.
pub async fn cleared(
    conn: &mut PgConnection,
    person: PersonId,
    other: PersonId,
) -> Result<Option<(String, Now, String)>, Trouble> {
    store::cleared(conn, person.min(other), person.max(other)).await
}

/// 档案里有什么: what hangs on a person, to be seen before files are merged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hangs {
    /// Facts that stand.
    pub facts: i64,
    /// Files that say something of the person.
    pub files: i64,
    /// Duties that are open.
    pub open_duties: i64,
    /// Duties that are closed.
    pub closed_duties: i64,
    /// Resident numbers.
    pub numbers: i64,
}

/// See [`Hangs`].
pub async fn hangs_on(conn: &mut PgConnection, person: PersonId) -> Result<Hangs, Trouble> {
    store::hangs_on(conn, person).await
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn person(n: u128) -> PersonId {
        PersonId::new(Uuid::from_u128(n))
    }

    #[test]
    fn a_chain_of_merges_leads_to_its_end_and_a_broken_one_to_where_it_breaks() {
        let group = [person(1), person(2), person(3)];
        let chain = HashMap::from([(person(3), person(2)), (person(2), person(1))]);
        let to = |n| Some(person(n));
        assert_eq!(
            roots(&group, &chain),
            [(person(1), None), (person(2), to(1)), (person(3), to(1))]
        );
        let broken = HashMap::from([(person(3), person(2))]);
        assert_eq!(
            roots(&group, &broken),
            [(person(1), None), (person(2), None), (person(3), to(2))]
        );
    }
}
