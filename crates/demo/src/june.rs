//! 六月: what the month's work finds about each of those who are entitled and not paid, and what
//! the bank answers in July. It rests on the people alone and changes no file.

use serde::Serialize;

use crate::numbers::Numbers;
use crate::people::{Fate, Person, Roll};
use crate::rng::Rng;

/// 办理结果: where somebody who was entitled and unpaid on 2 June stands when June closes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Course {
    /// 已纳入: applied, approved, and in June's run.
    CameIn,
    /// 没联系上: nobody met them in June.
    NotReached,
    /// 没有账户: wants it, and has no account yet.
    WithoutAccount,
    /// 本人不申请: was told and does not want it.
    Declined,
    /// 有异议: applied, and somebody objected while it was posted.
    Objection,
}

/// One of those who were entitled and unpaid on 2 June.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct InJune {
    /// Resident number.
    pub number: String,
    /// Months due up to and with May 2026; none for who turned 80 in May.
    pub arrears_months: i32,
    /// Where they stand when June closes.
    pub course: Course,
}

/// 退汇原因: why the bank gives a line of June back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Returned {
    /// 账户注销
    AccountClosed,
    /// 户名不符
    NameDiffers,
    /// 账户冻结
    AccountFrozen,
    /// 已故: the bank knows of a death.
    HolderDead,
}

/// A line of June's run that the bank gives back in July.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReturnedLine {
    /// Resident number.
    pub number: String,
    /// Why.
    pub cause: Returned,
}

/// How June goes, in numbers. Who is without an account is told by the accounts' own numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct June {
    /// Those who turned 80 in May and come in. Of the older, `back_pay_people` do.
    pub came_in_new: usize,
    /// See [`Course::NotReached`].
    pub not_reached: usize,
    /// See [`Course::Declined`].
    pub declined: usize,
    /// See [`Course::Objection`].
    pub objection: usize,
    /// Lines that the bank gives back, in the order of [`Returned`].
    pub returned: [usize; 4],
}

pub(crate) const COUNTY: June = June {
    came_in_new: 96,
    not_reached: 41,
    declined: 18,
    objection: 10,
    returned: [18, 12, 7, 3],
};

pub(crate) const TOWN: June =
    June { came_in_new: 1, not_reached: 1, declined: 0, objection: 1, returned: [1, 1, 1, 0] };

const RETURNED: [Returned; 4] =
    [Returned::AccountClosed, Returned::NameDiffers, Returned::AccountFrozen, Returned::HolderDead];

/// Everybody who is entitled and unpaid, in the order of the people.
pub(crate) fn course(people: &[Person], numbers: &Numbers) -> Vec<InJune> {
    let june = &numbers.june;
    let mut rng = Rng::new(0x001A_2026);
    let mut unpaid: Vec<InJune> = Vec::new();
    // Whose course nothing else settles, as places in `unpaid`.
    let (mut new, mut open) = (Vec::new(), Vec::new());
    for person in people {
        let Roll::Unpaid { arrears, comes_in } = person.roll else { continue };
        let (place, without) = (unpaid.len(), person.traits.account.is_none());
        let course = if comes_in { Course::CameIn } else { Course::WithoutAccount };
        match (comes_in || without, arrears) {
            (true, _) => {}
            (false, 0) => new.push(place),
            (false, _) => open.push(place),
        }
        let number = person.number.reveal().to_owned();
        unpaid.push(InJune { number, arrears_months: arrears, course });
    }
    rng.shuffle(&mut new);
    let left = new.split_off(june.came_in_new.min(new.len()));
    for place in new {
        unpaid[place].course = Course::CameIn;
    }
    open.extend(left);
    rng.shuffle(&mut open);
    let causes = [
        (Course::NotReached, june.not_reached),
        (Course::Declined, june.declined),
        (Course::Objection, june.objection),
    ];
    let causes = causes.iter().flat_map(|(course, count)| std::iter::repeat_n(*course, *count));
    debug_assert_eq!(open.len(), causes.clone().count());
    for (place, course) in open.into_iter().zip(causes) {
        unpaid[place].course = course;
    }
    unpaid
}

/// Lines of June that come back: of people about whom nothing else is told.
pub(crate) fn returned(people: &[Person], numbers: &Numbers) -> Vec<ReturnedLine> {
    let plain = |it: &&Person| {
        let traits = &it.traits;
        it.ordinary()
            && matches!((it.fate, it.roll), (Fate::Living, Roll::On { .. }))
            && traits.account.is_some()
            && !traits.apart()
    };
    let mut lines: Vec<&Person> = people.iter().filter(plain).collect();
    Rng::new(0x0007_2026).shuffle(&mut lines);
    let counts = RETURNED.iter().zip(numbers.june.returned);
    let causes = counts.flat_map(|(cause, count)| std::iter::repeat_n(*cause, count));
    lines
        .into_iter()
        .zip(causes)
        .map(|(person, cause)| ReturnedLine { number: person.number.reveal().to_owned(), cause })
        .collect()
}
