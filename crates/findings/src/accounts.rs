//! 收款账户: entitled and no account to pay into; one account for people who are nothing to each
//! other.

use std::collections::{BTreeMap, HashMap};

use access::text_index;
use facts::population::Subject;
use kernel::{Day, FactValue, Fen, PersonId};
use policy::{Form, Verdict};
use sm3::{Digest, Sm3};

use crate::kinds::{ACCOUNT_MISSING, SHARED_ACCOUNT};
use crate::{Case, Finding, word};

/// The kind that holds the account, sealed.
pub const ACCOUNT: &str = "bank_account";

/// 共用账户: who is paid into the account of somebody who is neither the spouse nor of the same
/// household.
#[derive(Clone, Debug, Default)]
pub struct Accounts {
    shared: HashMap<PersonId, Shared>,
}

#[derive(Clone, Copy, Debug)]
struct Shared {
    /// Others who are nothing to the person.
    strangers: usize,
    /// The same for everybody of the account, and another one when somebody joins or leaves.
    basis: [u8; 32],
}

impl Accounts {
    /// Looks over everybody at once: a shared account is about several people.
    pub fn of(subjects: &[Subject], today: Day) -> Self {
        let mut holders: BTreeMap<&str, Vec<&Subject>> = BTreeMap::new();
        for subject in subjects {
            if let Some(index) = word(subject, ACCOUNT, today).and_then(text_index) {
                holders.entry(index).or_default().push(subject);
            }
        }
        let mut shared = HashMap::new();
        for (index, holders) in holders.iter().filter(|(_, holders)| holders.len() > 1) {
            let basis = basis(index, holders);
            for one in holders {
                let strangers = holders
                    .iter()
                    .filter(|other| other.id != one.id && !related(one, other, today));
                match strangers.count() {
                    0 => {}
                    strangers => {
                        shared.insert(one.id, Shared { strangers, basis });
                    }
                }
            }
        }
        Self { shared }
    }
}

/// Spouses by either's record, or of one household.
fn related(one: &Subject, other: &Subject, today: Day) -> bool {
    let spouse = |a: &Subject, b: &Subject| {
        a.said.iter().any(|said| said.kind == "spouse" && said.value == FactValue::Person(b.id))
    };
    let household = word(one, "household", today);
    spouse(one, other)
        || spouse(other, one)
        || household.is_some() && household == word(other, "household", today)
}

fn basis(index: &str, holders: &[&Subject]) -> [u8; 32] {
    let mut hash = Sm3::new();
    hash.update(index.as_bytes());
    // In the order of their ids, as they are read.
    for holder in holders {
        hash.update(holder.id.get().as_bytes());
    }
    hash.finalize().into()
}

pub(super) fn look(case: &Case<'_>, found: &mut Vec<Finding>) {
    if let Some(shared) = case.judge.accounts.shared.get(&case.subject.id) {
        let why = format!("与另外 {} 人共用一个收款账户，既不是配偶，也不在一户", shared.strangers);
        found.push(Finding {
            monthly_fen: case.paid_fen(),
            basis: shared.basis,
            ..case.finding(&SHARED_ACCOUNT, "unrelated_people", why, &[])
        });
    }
    missing(case, found);
}

fn missing(case: &Case<'_>, found: &mut Vec<Finding>) {
    if !case.known_not(ACCOUNT) {
        return;
    }
    let mut names = Vec::new();
    let mut monthly = Vec::new();
    for (rule, verdict) in &case.verdicts {
        if let (Form::Cash, Verdict::Entitled { amount, .. }) = (rule.item.form, verdict) {
            names.push(rule.item.name.as_str());
            monthly.push(*amount);
        }
    }
    if names.is_empty() {
        return;
    }
    let supplier = case.judge.arrived.supplier(ACCOUNT).unwrap_or_default();
    let source = (case.judge.source_name)(supplier);
    let why = format!("应享{}，{source}里没有收款账户，批了也发不出", names.join("、"));
    let rests_on = ["birth_date", "hukou_area", "life", ACCOUNT];
    found.push(Finding {
        monthly_fen: monthly.into_iter().sum::<Fen>(),
        ..case.finding(&ACCOUNT_MISSING, "no_account", why, &rests_on)
    });
}
