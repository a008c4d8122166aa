//! 停发: on what proof a stop may be proposed: pure.

use kernel::{Day, Life, Month, Refusal};

use crate::stopping::Reason;

/// 死亡证据: how sure a death is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Proof {
    /// A person on duty established it, or two departments report it.
    Proved,
    /// One department reports it: somebody has to say how they made sure.
    OneSource,
    /// Nobody reports it.
    NoSource,
    /// 矛盾: somebody was seen after it.
    Contradicted,
}

impl Proof {
    pub(super) const fn of(life: Life) -> Self {
        match life {
            Life::Confirmed | Life::Corroborated => Self::Proved,
            Life::Reported => Self::OneSource,
            Life::Living => Self::NoSource,
            Life::Contradicted => Self::Contradicted,
        }
    }
}

/// What a proposal rests on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ground<'a> {
    pub(super) reason: Reason,
    pub(super) proof: Proof,
    /// Day of death, by a source or as typed.
    pub(super) died_on: Option<Day>,
    pub(super) evidence: &'a str,
    /// The first month that is not owed, for what is no death.
    pub(super) not_due_from: Option<Month>,
    /// Whether the person is entitled to another sum: then it is a change of class.
    pub(super) another_class: bool,
}

/// Whether a stop may be proposed, and if not what is missing.
pub(super) fn check(it: &Ground<'_>, today: Day) -> Result<(), Refusal> {
    let said = !it.evidence.trim().is_empty();
    if it.reason != Reason::Death {
        if it.reason == Reason::LostQualification && it.another_class {
            return Err(Refusal::new(
                "老人还符合另一档，应当调整档次，不停发。",
                "请办理“档次变化”，从变化的月份起按新标准发。",
            ));
        }
        if it.not_due_from.is_none() {
            return Err(Refusal::new(
                "还没有写从哪个月起不该发。",
                "请写月份，如 2026-06；多发的月份从这个月算起。",
            ));
        }
        return if said { Ok(()) } else { Err(no_evidence()) };
    }
    match it.proof {
        Proof::Contradicted => Err(Refusal::new(
            "死亡信息有矛盾，不能停发，已经暂缓。",
            "请先上门或电话确认是否在世，在待办里记下结果。",
        )),
        Proof::OneSource | Proof::NoSource if !said => Err(Refusal::new(
            "只有一个来源报去世，还没有写怎么核实的。",
            "请联系家属或村里核实，写明谁核实的、看了什么证明。",
        )),
        _ if it.died_on.is_some_and(|day| day > today) => {
            Err(Refusal::new("去世日期在今天之后。", "请核对日期。"))
        }
        _ => Ok(()),
    }
}

fn no_evidence() -> Refusal {
    Refusal::new(
        "还没有写依据。",
        "请写明谁核实的、看了什么，如“6 月 3 日电话核实，本人书面放弃”。",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().expect("a day")
    }

    fn month(text: &str) -> Month {
        text.parse().expect("a month")
    }

    fn ground(reason: Reason, proof: Proof) -> Ground<'static> {
        let died_on = Some(day("2026-05-09"));
        let not_due_from = Some(month("2026-06"));
        Ground { reason, proof, died_on, evidence: "", not_due_from, another_class: false }
    }

    #[test]
    fn one_source_alone_stops_nobody_without_somebody_who_made_sure() {
        let today = day("2026-06-02");
        assert!(check(&ground(Reason::Death, Proof::Proved), today).is_ok());
        let alone = ground(Reason::Death, Proof::OneSource);
        assert!(check(&alone, today).expect_err("alone").sentence.contains("只有一个来源"));
        assert!(check(&Ground { evidence: "家属来电", ..alone }, today).is_ok());
        let contradicted = Ground { evidence: "有", ..ground(Reason::Death, Proof::Contradicted) };
        assert!(check(&contradicted, today).expect_err("held").sentence.contains("矛盾"));
    }

    #[test]
    fn who_still_fits_another_class_is_not_stopped() {
        let lost = Ground {
            evidence: "低保已停",
            another_class: true,
            ..ground(Reason::LostQualification, Proof::NoSource)
        };
        let refused = check(&lost, day("2026-06-02")).expect_err("a change of class");
        assert!(refused.sentence.contains("另一档"), "{refused}");
    }
}
