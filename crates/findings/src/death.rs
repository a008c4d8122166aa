//! 死亡: sources that contradict each other, and a register that does not know yet.

use facts::population::Said;
use kernel::{FactValue, Life};

use crate::kinds::{CONTRADICTED, NOT_DEREGISTERED};
use crate::{Case, Finding};

pub(super) fn look(case: &Case<'_>, found: &mut Vec<Finding>) {
    let subject = case.subject;
    let Some(first) = subject.best("death_date") else { return };
    let says = |said: &Said| match said.value {
        FactValue::Day(day) => format!("{} {}死亡", case.source(said), day.chinese_short()),
        _ => String::new(),
    };
    if subject.life == Life::Contradicted
        && let Some(seen) = subject.best("last_seen")
        && let FactValue::Day(day) = seen.value
    {
        let why = format!("{}，{} {}仍有记录", says(first), case.source(seen), day.chinese_short());
        let rests_on = ["death_date", "last_seen", "life"];
        found.push(case.finding(&CONTRADICTED, "trace_after_death", why, &rests_on));
    }
    let registered = subject.word("register_state") == Some("present");
    if registered && matches!(subject.life, Life::Reported | Life::Corroborated | Life::Confirmed) {
        let why = format!("{}，公安仍登记为正常", says(first));
        let rests_on = ["death_date", "register_state", "life"];
        found.push(case.finding(&NOT_DEREGISTERED, "still_registered", why, &rests_on));
    }
}
