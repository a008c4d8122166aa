//! 生存痕迹: paid, and nobody has seen the person for longer than the limit.

use kernel::{Day, FactValue, Life};

use crate::kinds::NO_TRACE;
use crate::{Case, Finding};

/// Days that somebody who acts in person leaves with a department.
const TRACES: [&str; 3] = ["last_seen", "last_visit", "assessed_on"];

pub(super) fn look(case: &Case<'_>, found: &mut Vec<Finding>) {
    let Some(limit) = case.judge.trace_limit_days else { return };
    let subject = case.subject;
    // Without any file of traces nobody can tell.
    if subject.life != Life::Living || !case.judge.arrived.tells(TRACES[0], subject.id) {
        return;
    }
    let paid = case.paid_fen();
    if paid == kernel::Fen::ZERO {
        return;
    }
    let day = |value: &FactValue| match value {
        FactValue::Day(day) => Some(*day),
        _ => None,
    };
    let traces = subject.said.iter().filter(|said| TRACES.contains(&said.kind));
    let last: Option<Day> = traces.filter_map(|said| day(&said.value)).max();
    let why = match last {
        Some(last) if case.judge.today.days_since(last) <= limit => return,
        Some(last) => {
            format!("在发待遇，最近一次生存痕迹是 {}，已超过 {limit} 天", last.month().chinese())
        }
        None => "在发待遇，各来源都没有生存痕迹".to_owned(),
    };
    let code = if last.is_some() { "too_old" } else { "never_seen" };
    found.push(Finding {
        monthly_fen: paid,
        ..case.finding(&NO_TRACE, code, why, &["last_seen", "last_visit", "assessed_on", "life"])
    });
}
