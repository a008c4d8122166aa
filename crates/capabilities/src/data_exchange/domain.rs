//! Pure decisions about files: what claims of death amount to, and when a file is held.

use facts::DeathClaims;
use facts::layout::Layout;
use facts::matching::Difference;
use kernel::{Day, Life};
use serde::{Deserialize, Serialize};

/// What the claims about a person's death amount to. A person's finding holds until a source
/// claims anew; a trace of life after every claimed day contradicts them; two departments
/// corroborate each other, two files of one department do not.
pub(crate) fn life_of<'a>(
    claims: &'a DeathClaims,
    department: &dyn Fn(&'a str) -> &'a str,
) -> Life {
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
    let mut departments = claims.claims.iter().map(|(supplier, _)| department(supplier));
    let first = departments.next();
    let independent = departments.any(|other| Some(other) != first);
    if independent { Life::Corroborated } else { Life::Reported }
}

/// 暂缓: why a file waits for a person to decide, though it could be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// Why.
    pub sentence: String,
    /// What to do.
    pub remedy: String,
    /// Whether a second person has to agree, though the layout asks for one only.
    #[serde(default)]
    pub two_people: bool,
}

impl Hold {
    pub(super) fn new(sentence: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { sentence: sentence.into(), remedy: remedy.into(), two_people: false }
    }
}

/// What a file would change at once, as far as somebody's money hangs on it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Changes {
    /// People whom it reports dead for the first time.
    pub(crate) new_deaths: usize,
    /// Running awards that it does not name any more.
    pub(crate) ended_awards: usize,
}

/// What is known of the file before, when there is one.
pub(crate) struct Before {
    pub(crate) as_of: Day,
    pub(crate) difference: Difference,
}

/// Reasons to hold a file: it ends too many awards, it brings too many deaths, it speaks of an
/// older day, it shrank, too much of it changed, or it says what the last one said.
pub(crate) fn holds(
    layout: &Layout,
    as_of: Day,
    before: Option<&Before>,
    changes: Changes,
) -> Vec<Hold> {
    let mut holds = brakes(layout, changes);
    holds.extend(before.into_iter().flat_map(|before| against(layout, as_of, before)));
    holds
}

/// 刹车: what one file alone may not do to so many people.
fn brakes(layout: &Layout, Changes { new_deaths, ended_awards }: Changes) -> Vec<Hold> {
    let over = |count: usize, most: Option<u32>| {
        most.filter(|most| count > usize::try_from(*most).unwrap_or(usize::MAX))
    };
    let ends = over(ended_awards, layout.acceptance.ended_awards).map(|most| {
        let sentence = format!(
            "上一份里在发、这一份里没有的待遇有 {ended_awards} 项，超过一次 {most} 项的上限；\
             入库后都按停发算。"
        );
        let remedy = "请向来源部门核对是不是漏报；确实停发的，写明原因，由另一人确认后入库。";
        Hold { two_people: true, ..Hold::new(sentence, remedy) }
    });
    let deaths = over(new_deaths, layout.acceptance.death_rows).map(|most| {
        Hold::new(
            format!("这份数据新报 {new_deaths} 人死亡，超过一次 {most} 人的上限。"),
            "请向来源部门核对期间和人数；确实这么多的，写明原因后再入库。",
        )
    });
    ends.into_iter().chain(deaths).collect()
}

/// What is suspicious beside the file before.
fn against(layout: &Layout, as_of: Day, before: &Before) -> Vec<Hold> {
    let mut holds = Vec::new();
    let mut hold = |sentence: String, remedy: &str| holds.push(Hold::new(sentence, remedy));
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
    if let Some(most) = layout.acceptance.change_percent
        && difference.change_percent() > most
    {
        hold(
            format!(
                "两份里都有的人，有 {} 条（{}%）内容变了，超过 {most}%，可能是整列错位或导错了表。",
                difference.changed.len(),
                difference.change_percent()
            ),
            "请抽几行与上一份对照；确实变了的，写明原因后再入库。",
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

    fn life(claims: &DeathClaims) -> Life {
        life_of(claims, &|supplier| supplier.split('_').next().unwrap_or(supplier))
    }

    #[test]
    fn one_source_reports_two_corroborate_and_a_later_clinic_visit_contradicts() {
        let police = ("police_register", "2026-05-03");
        let funeral = ("funeral_home", "2026-05-05");
        assert_eq!(life(&claims(&[], Some("2026-05-20"))), Life::Living);
        assert_eq!(life(&claims(&[police], None)), Life::Reported);
        assert_eq!(life(&claims(&[police], Some("2026-05-01"))), Life::Reported);
        assert_eq!(life(&claims(&[police, funeral], Some("2026-05-04"))), Life::Corroborated);
        assert_eq!(life(&claims(&[police], Some("2026-05-22"))), Life::Contradicted);
    }

    #[test]
    fn two_files_of_one_department_are_one_voice() {
        let register = ("police_register", "2026-05-03");
        let deaths = ("police_deaths", "2026-05-03");
        let funeral = ("funeral_home", "2026-05-05");
        assert_eq!(life(&claims(&[deaths, register], None)), Life::Reported);
        assert_eq!(life(&claims(&[funeral, deaths, register], None)), Life::Corroborated);
    }

    #[test]
    fn what_a_person_established_holds_until_a_source_claims_anew() {
        let mut one = claims(&[("police", "2026-05-03")], Some("2026-05-22"));
        one.established = Now::new(day("2026-06-03"), 9, 0).map(|at| (Life::Living, at));
        assert_eq!(life(&one), Life::Living);
        one.claimed_at = Now::new(day("2026-07-01"), 9, 0);
        assert_eq!(life(&one), Life::Contradicted);
    }

    const ROSTER: &str = r#"
id = "deaths"
name = "死亡明细"
department = "县公安局"
coverage = "full"
fresh_days = 31
rank = 11
creates_people = false
same_number_twice = "both_to_desk"
columns = [{ field = "name", headers = ["姓名"], parse = "name" }]
[acceptance]
shrink_percent = 40
change_percent = 20
death_rows = 3
ended_awards = 5
"#;

    /// What is held of a file with so many rows that say the same and others.
    fn held(same: usize, other: usize, new_deaths: usize) -> Vec<String> {
        let brought = Changes { new_deaths, ended_awards: 0 };
        holds_of(same, other, brought).into_iter().map(|hold| hold.sentence).collect()
    }

    fn holds_of(same: usize, other: usize, brought: Changes) -> Vec<Hold> {
        let layout = Layout::parse(ROSTER).expect("a layout");
        let difference = Difference {
            unchanged: same,
            changed: vec![[0; 16]; other],
            previous: same + other,
            ..Difference::default()
        };
        let before = Before { as_of: day("2026-05-01"), difference };
        holds(&layout, day("2026-06-01"), Some(&before), brought)
    }

    #[test]
    fn a_file_by_which_too_many_awards_would_end_is_held_for_two_people() {
        let ends = |ended_awards| holds_of(80, 1, Changes { new_deaths: 0, ended_awards });
        assert_eq!(ends(5), Vec::new(), "as many as is agreed");
        let held = ends(6);
        assert!(held[0].two_people && held[0].sentence.contains("有 6 项"), "{held:?}");
        let deaths = holds_of(80, 1, Changes { new_deaths: 4, ended_awards: 0 });
        assert!(!deaths[0].two_people, "the layout says itself who confirms deaths");
    }

    #[test]
    fn a_file_is_held_when_too_much_changed_or_too_many_died() {
        assert_eq!(held(80, 20, 3), Vec::<String>::new(), "as much as is agreed");
        assert!(held(79, 21, 0)[0].contains("21%"), "{:?}", held(79, 21, 0));
        assert!(held(80, 20, 4)[0].contains("新报 4 人死亡"), "{:?}", held(80, 20, 4));
    }
}
