use std::collections::HashSet;

use kernel::Day;

use super::Departments;
use super::traits::{Living, Pension};
use crate::numbers::day;
use crate::people::{Fate, Person, Roll};
use crate::rng::Rng;

/// Pensions with the last certification of life, bank accounts and households.
pub(super) fn give(people: &mut [Person], more: &Departments, rng: &mut Rng) {
    pensions(people, rng);
    accounts(people, more, rng);
    households(people, rng);
}

/// Whether money of ours goes to the person, or is owed.
fn ours(person: &Person) -> bool {
    let rolled = matches!(person.roll, Roll::On { .. } | Roll::Unpaid { .. });
    person.certain() && (rolled || person.traits.subsidised())
}

/// Four of five draw a pension; of those whom we pay, everybody whom nobody has missed.
fn pensions(people: &mut [Person], rng: &mut Rng) {
    let mut quiet = 0;
    for person in people {
        let certified = match person.fate {
            Fate::Living if person.traits.quiet => {
                quiet += 1;
                // Every third stands in no file at all.
                if quiet % 3 == 0 {
                    continue;
                }
                Some(within(rng, day(2023, 2, 1), 810))
            }
            Fate::Living if ours(person) => Some(within(rng, day(2025, 7, 3), 320)),
            Fate::Living => match rng.below(20) {
                0 => None,
                1 => Some(within(rng, day(2023, 2, 1), 850)),
                _ => Some(within(rng, day(2025, 6, 10), 345)),
            },
            // Nobody who is dead was certified afterwards.
            Fate::Contradicted { died, .. } | Fate::Dead { died, registered: None, .. } => {
                Some(within(rng, died.plus_days(-330), 300))
            }
            Fate::Dead { .. } | Fate::MovedOut { .. } => continue,
        };
        if person.fate == Fate::Living && !ours(person) && !rng.chance(4, 5) {
            continue;
        }
        let employee = rng.chance(1, 5);
        let yuan = if employee { 1_800 + rng.low(4_200) } else { 148 + rng.low(240) };
        let yuan = u32::try_from(yuan).expect("some thousand yuan");
        person.traits.pension = Some(Pension { employee, yuan, certified });
    }
}

fn within(rng: &mut Rng, from: Day, days: usize) -> Day {
    from.plus_days(i64::try_from(rng.below(days)).expect("some years of days"))
}

/// Everybody whom we pay or owe has one but the story's few; who shares has the other's.
fn accounts(people: &mut [Person], more: &Departments, rng: &mut Rng) {
    let open = |it: &Person| matches!(it.roll, Roll::Unpaid { arrears: 1.., comes_in: false });
    let paid = |it: &Person| ours(it) || matches!(it.roll, Roll::On { .. });
    let without = some(people, more.without_account, rng, open);
    // These have one for another department's money.
    let others =
        some(people, more.other_accounts, rng, |it| !paid(it) && it.ordinary() && !it.kept());
    let mut taken = HashSet::new();
    for at in 0..people.len() {
        if !others.contains(&at) && (!paid(&people[at]) || without.contains(&at)) {
            continue;
        }
        let first = people[at].traits.shares.filter(|first| *first < at);
        let account = match first.and_then(|first| people[first].traits.account.clone()) {
            Some(shared) => shared,
            None => new_account(rng, &mut taken),
        };
        people[at].traits.account = Some(account);
    }
}

/// So many of those who fit, by chance.
fn some(
    people: &[Person],
    count: usize,
    rng: &mut Rng,
    fits: impl Fn(&Person) -> bool,
) -> HashSet<usize> {
    let mut all: Vec<usize> = (0..people.len()).filter(|at| fits(&people[*at])).collect();
    assert!(all.len() >= count, "a preset has enough people");
    rng.shuffle(&mut all);
    all.into_iter().take(count).collect()
}

fn new_account(rng: &mut Rng, taken: &mut HashSet<String>) -> String {
    loop {
        // 6299 is the beginning of no card.
        let (branch, rest) = (rng.below(90) + 10, rng.below(10_000_000));
        let account = format!("62990121{branch}{rest:07}{}", rng.below(90) + 10);
        if taken.insert(account.clone()) {
            return account;
        }
    }
}

/// Couples are one household, and some single people live with the household before them.
fn households(people: &mut [Person], rng: &mut Rng) {
    let mut last = (usize::MAX, 0);
    for at in 0..people.len() {
        let village = people[at].village;
        if last.0 != village {
            last = (village, 0);
        }
        let spouse = people[at].traits.spouse.filter(|spouse| *spouse < at);
        if let Some(spouse) = spouse {
            people[at].traits.household = people[spouse].traits.household;
            continue;
        }
        let alone = people[at].traits.assessment.is_some_and(|it| it.living == Living::Alone);
        let joins = last.1 > 0 && !alone && !people[at].traits.apart() && rng.chance(1, 4);
        last.1 += u32::from(!joins);
        people[at].traits.household = last.1;
    }
}
