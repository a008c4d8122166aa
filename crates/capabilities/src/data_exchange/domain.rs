//! Pure decisions about files: what claims of death amount to, and when a file is held.

use facts::DeathClaims;
use facts::layout::Layout;
use facts::matching::Difference;
use kernel::{Day, Life};
use serde::{Deserialize, Serialize};

/// What the claims about a person's death amount to. A person's finding holds until a source
/// claims anew; a trace of life after every claimed day contradicts them; two sources corroborate
/// each other.
pub(crate) fn life_of(claims: &DeathClaims) -> Life {
    if let Some((life, at)) = claims.established
        && claims.claimed_at.is_none_or(|claimed| claimed <= at)
    {
        return life;
    }
    let Some(last_claim) = claims.claims.iter().map(|(_, day)| *day).max() else {
        return Life::Living;
    };
    if claims.last_seen.is_some_and(|seen| seen > last_claim) {
        return Life::Contradicted;
    }
    if claims.claims.len() > 1 { Life::Corroborated } else { Life::Reported }
}

/// 暂缓: why a file waits for a person to decide, though it could be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// Why.
    pub sentence: String,
    /// What to do.
    pub remedy: String,
}

/// What is known of the file before, when there is one.
pub(crate) struct Before {
    pub(crate) as_of: Day,
    pub(crate) difference: Difference,
}

/// Reasons to hold a file: it shrank, it speaks of an older day, or it says what the last one said.
pub(crate) fn holds(layout: &Layout, as_of: Day, before: Option<&Before>) -> Vec<Hold> {
    let Some(before) = before else { return Vec::new() };
    let mut holds = Vec::new();
    let mut hold = |sentence: String, remedy: &str| {
        holds.push(Hold { sentence, remedy: remedy.to_owned() });
    };
    let difference = &before.difference;
    if as_of < before.as_of {
        hold(
            format!("这份数据截至 {as_of}，比已入库的 {} 还旧。", before.as_of),
            "确认是否传错了月份；补历史数据的，请说明原因后再入库。",
        );
    }
    let is_full = layout.coverage == facts::layout::Coverage::Full;
    if is_full && difference.shrink_percent() >= layout.acceptance.shrink_percent {
        hold(
            format!(
                "比上一份少了 {} 条（{}%），可能没有导全。",
                difference.removed.len(),
                difference.shrink_percent()
            ),
            "请向来源部门核对总数；确实减少的，写明原因后再入库。",
        );
    }
    let changes = [&difference.added, &difference.removed, &difference.changed];
    let same = changes.iter().all(|keys| keys.is_empty());
    if same && difference.unchanged > 0 && as_of != before.as_of {
        hold(
            format!("内容与截至 {} 的上一份完全相同，可能传成了上月的文件。", before.as_of),
            "请向来源部门要本期的文件；确认没有变化的，写明后再入库。",
        );
    }
    holds
}

#[cfg(test)]
mod tests {
    use kernel::{Now, PersonId};

    use super::*;

    fn day(text: &str) -> Day {
        text.parse().expect("a day")
    }

    fn claims(claims: &[(&str, &str)], last_seen: Option<&str>) -> DeathClaims {
        DeathClaims {
            person: PersonId::new(uuid::Uuid::from_u128(1)),
            claims: claims.iter().map(|(by, on)| ((*by).to_owned(), day(on))).collect(),
            claimed_at: Now::new(day("2026-06-02"), 8, 30),
            last_seen: last_seen.map(day),
            established: None,
            shown: Life::Living,
        }
    }

    #[test]
    fn one_source_reports_two_corroborate_and_a_later_clinic_visit_contradicts() {
        let police = ("police", "2026-05-03");
        let funeral = ("funeral", "2026-05-05");
        assert_eq!(life_of(&claims(&[], Some("2026-05-20"))), Life::Living);
        assert_eq!(life_of(&claims(&[police], None)), Life::Reported);
        assert_eq!(life_of(&claims(&[police], Some("2026-05-01"))), Life::Reported);
        assert_eq!(life_of(&claims(&[police, funeral], Some("2026-05-04"))), Life::Corroborated);
        assert_eq!(life_of(&claims(&[police], Some("2026-05-22"))), Life::Contradicted);
    }

    #[test]
    fn what_a_person_established_holds_until_a_source_claims_anew() {
        let mut one = claims(&[("police", "2026-05-03")], Some("2026-05-22"));
        one.established = Now::new(day("2026-06-03"), 9, 0).map(|at| (Life::Living, at));
        assert_eq!(life_of(&one), Life::Living);
        one.claimed_at = Now::new(day("2026-07-01"), 9, 0);
        assert_eq!(life_of(&one), Life::Contradicted);
    }
}
