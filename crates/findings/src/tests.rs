//! Findings about people made by hand, under the county's real list.

use std::path::Path;

use access::{AreaNode, AreaTree};
use duties::{Standing, StandingState, duty_id};
use facts::population::{ClosedWorld, Said, Subject};
use kernel::{
    AreaId, AreaLevel, Day, DutyChange, DutyOpening, FactValue, Fen, Life, PersonId, Role,
};

use super::*;

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

fn tree() -> AreaTree {
    let node = |id, code: &str, name: &str, level, parent: Option<i64>, lo, hi| AreaNode {
        id: AreaId::new(id),
        code: code.to_owned(),
        name: name.to_owned(),
        level,
        parent: parent.map(AreaId::new),
        lo,
        hi,
    };
    AreaTree::new(vec![
        node(1, "990121", "松河县", AreaLevel::County, None, 0, 3),
        node(2, "990121002", "云溪镇", AreaLevel::Township, Some(1), 1, 3),
        node(3, "990121002001", "溪尾村", AreaLevel::Village, Some(2), 2, 3),
    ])
}

const VILLAGE: i64 = 3;

fn list() -> policy::List {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policy/songhe/v4");
    policy::List::load(&folder).expect("a good list")
}

/// A word of the best source, best kinds first as they are read.
fn said(kind: &'static str, value: FactValue) -> Said {
    let (supplier, from) = ("a_file".to_owned(), day("2026-01-01"));
    let as_of = Some(day("2026-05-31"));
    Said { kind, supplier, value, from, to: None, as_of, gone: false }
}

fn text(kind: &'static str, word: &str) -> Said {
    said(kind, FactValue::Text(word.to_owned()))
}

fn on(kind: &'static str, on: &str) -> Said {
    said(kind, FactValue::Day(day(on)))
}

fn yuan(kind: &'static str, sum: i64) -> Said {
    said(kind, FactValue::Fen(Fen::from_yuan(sum)))
}

/// A living woman of 溪尾村, born on this day, about whom this is said besides.
fn woman(id: u128, born: &str, besides: Vec<Said>) -> Subject {
    let mut all = vec![
        on("birth_date", born),
        said("hukou_area", FactValue::Area(AreaId::new(VILLAGE))),
        text("register_state", "present"),
        said("disability_grade", FactValue::Int(0)),
        said("low_income", FactValue::Bool(false)),
        text("relief_category", "none"),
        text("family_planning_special", "none"),
    ];
    for one in besides {
        all.retain(|it| it.kind != one.kind);
        all.push(one);
    }
    all.sort_by_key(|it| it.kind);
    let id = PersonId::new(uuid::Uuid::from_u128(id));
    Subject { id, area: AreaId::new(VILLAGE), life: Life::Living, said: all }
}

fn disabled(besides: Vec<Said>) -> Subject {
    let mut all = vec![
        said("low_income", FactValue::Bool(true)),
        text("relief_category", "low_income_edge"),
        said("disability_grade", FactValue::Int(2)),
    ];
    all.extend(besides);
    woman(1, "1950-03-03", all)
}

/// Everything that is found about these people on 2 June 2026, of the first one.
fn found(people: &[Subject]) -> Vec<Finding> {
    judged(people, |judge| judge.findings(&people[0]).expect("judged"))
}

fn judged<T>(people: &[Subject], ask: impl FnOnce(&Judge<'_>) -> T) -> T {
    judged_beside(people, &Stops::default(), ask)
}

fn judged_beside<T>(people: &[Subject], stops: &Stops, ask: impl FnOnce(&Judge<'_>) -> T) -> T {
    judged_with(people, (stops, &Applied::default()), ask)
}

fn judged_with<T>(
    people: &[Subject],
    (stops, applied): (&Stops, &Applied),
    ask: impl FnOnce(&Judge<'_>) -> T,
) -> T {
    let (tree, list, today) = (tree(), list(), day("2026-06-02"));
    let arrived = Arrived::of(&[
        "award.old_age_allowance",
        "award.care_service_subsidy",
        "award.nursing_subsidy",
        "assessed_on",
        "bank_account",
        "last_seen",
        "birth_date",
    ]);
    let judge = Judge {
        tree: &tree,
        today,
        source_name: &|supplier| supplier.to_owned(),
        rules: &Rule::of(&list),
        arrived: &arrived,
        closed: &ClosedWorld::default(),
        accounts: &Accounts::of(people, today),
        payments: &Payments::default(),
        stops,
        applied,
        trace_limit_days: Some(365),
    };
    ask(&judge)
}

fn of<'a>(found: &'a [Finding], kind: &str) -> Option<&'a Finding> {
    found.iter().find(|it| it.kind.id == kind)
}

#[track_caller]
fn one(found: &[Finding], kind: &str) -> Finding {
    of(found, kind).unwrap_or_else(|| panic!("no {kind} in {found:#?}")).clone()
}

/// As the vault seals it: the same account has the same index.
fn account(index: &str) -> Said {
    text("bank_account", &format!("1:{index}:00"))
}

#[test]
fn a_low_income_disabled_person_who_was_never_assessed_is_to_be_assessed_and_misses_no_fact() {
    let found = found(&[disabled(vec![account("aa")])]);
    let due = one(&found, "assessment_due");
    assert_eq!(due.cause_code, "new_low_income_disabled");
    assert_eq!((due.kind.owner, due.owner_area), (Role::TownReviewer, AreaId::new(2)));
    assert!(of(&found, "fact_missing").is_none(), "{found:#?}");
}

#[test]
fn a_lapsed_assessment_says_what_is_paid_on_without_it() {
    let lapsed = vec![
        account("aa"),
        on("assessed_on", "2025-05-12"),
        on("assessment_valid_until", "2026-05-11"),
        Said { to: Some(day("2026-05-12")), ..text("assessment_level", "moderate") },
    ];
    let quiet = found(&[disabled(lapsed.clone())]);
    let due = one(&quiet, "assessment_due");
    assert_eq!((due.cause_code.as_str(), due.monthly_fen), ("lapsed", Fen::ZERO));

    let mut paid = lapsed;
    paid.push(yuan("award.nursing_subsidy", 100));
    paid.push(on("last_seen", "2026-05-01"));
    let found = found(&[disabled(paid)]);
    let due = one(&found, "assessment_due");
    assert_eq!(due.cause_code, "lapsed_while_paid");
    assert_eq!(due.monthly_fen, Fen::from_yuan(100));
    assert!(of(&found, "award_without_entitlement").is_none(), "{found:#?}");
    assert!(of(&found, "fact_missing").is_none(), "{found:#?}");
}

#[test]
fn an_assessment_that_holds_is_not_due() {
    let holds = vec![
        on("assessed_on", "2026-01-12"),
        on("assessment_valid_until", "2027-01-11"),
        text("assessment_level", "mild"),
    ];
    assert!(of(&found(&[disabled(holds)]), "assessment_due").is_none());
}

#[test]
fn who_lives_alone_is_visited_once_a_month_and_not_twice() {
    let alone = |last: Option<&str>| {
        let mut besides = vec![text("living_arrangement", "alone")];
        besides.extend(last.map(|last| on("last_visit", last)));
        found(&[woman(1, "1950-03-03", besides)])
    };
    let due = one(&alone(Some("2026-05-20")), "visit_due");
    assert_eq!((due.cause_code.as_str(), due.due), ("alone", Some(day("2026-06-30"))));
    assert_eq!((due.kind.owner, due.owner_area), (Role::VillageWorker, AreaId::new(VILLAGE)));
    assert!(due.cause.contains("上次 2026-05-20"), "{}", due.cause);
    assert!(one(&alone(None), "visit_due").cause.contains("没有以往记录"));
    assert!(of(&alone(Some("2026-06-01")), "visit_due").is_none());
    let with_family = woman(1, "1950-03-03", vec![text("living_arrangement", "with_family")]);
    assert!(of(&found(&[with_family]), "visit_due").is_none());
}

#[test]
fn a_relief_recipient_of_80_without_the_service_subsidy_misses_it() {
    let besides = vec![
        text("relief_category", "destitute"),
        account("aa"),
        said("low_income", FactValue::Bool(true)),
        yuan("award.old_age_allowance", 40),
        on("last_seen", "2026-05-01"),
    ];
    let found = found(&[woman(1, "1944-03-03", besides)]);
    let owed = one(&found, "unclaimed_entitlement");
    assert_eq!(owed.item.as_deref(), Some("care_service_subsidy"));
    assert_eq!(owed.monthly_fen, Fen::from_yuan(100));
}

#[test]
fn two_counties_pay_and_the_higher_one_is_proposed_with_the_difference() {
    let besides = vec![
        yuan("award.old_age_allowance", 40),
        text("lead.elsewhere_area", "清河县"),
        yuan("lead.elsewhere_fen", 50),
        on("last_seen", "2026-05-01"),
        account("aa"),
    ];
    let found = found(&[woman(1, "1944-03-03", besides)]);
    let two = one(&found, "two_counties");
    assert_eq!(two.monthly_fen, Fen::from_yuan(40), "what would end");
    assert!(two.cause.contains("建议保留清河县"), "{}", two.cause);
    assert!(two.cause.contains("每月相差 10.00 元"), "{}", two.cause);
    assert!(of(&found, "award_without_entitlement").is_none(), "a lead is a claim: {found:#?}");
}

#[test]
fn a_statement_that_the_lead_is_true_ends_the_entitlement() {
    let besides = vec![
        yuan("award.old_age_allowance", 40),
        text("lead.elsewhere_area", "清河县"),
        yuan("lead.elsewhere_fen", 50),
        said("receives_elsewhere", FactValue::Bool(true)),
        on("last_seen", "2026-05-01"),
    ];
    let found = found(&[woman(1, "1944-03-03", besides)]);
    assert!(of(&found, "two_counties").is_none(), "{found:#?}");
    assert!(of(&found, "award_without_entitlement").is_some(), "{found:#?}");
}

fn nursed(besides: Vec<Said>) -> Subject {
    let mut all = vec![
        on("assessed_on", "2026-01-12"),
        on("assessment_valid_until", "2027-01-11"),
        text("assessment_level", "severe"),
        on("last_seen", "2026-05-01"),
        on("last_visit", "2026-06-01"),
        account("aa"),
    ];
    all.extend(besides);
    disabled(all)
}

#[test]
fn two_exclusive_benefits_are_found_by_a_lead_or_by_the_rosters_and_once() {
    let by_lead = nursed(vec![
        yuan("award.nursing_subsidy", 200),
        text("lead.exclusive_benefit", "disability_nursing"),
        yuan("lead.exclusive_fen", 80),
    ]);
    let found_by_lead = found(std::slice::from_ref(&by_lead));
    let both = one(&found_by_lead, "exclusive_benefits");
    assert_eq!(both.monthly_fen, Fen::from_yuan(80));
    assert!(both.cause.contains("每月相差 120.00 元"), "{}", both.cause);
    assert!(both.cause.contains("建议保留护理补贴"), "{}", both.cause);

    let both_ways = nursed(vec![
        yuan("award.nursing_subsidy", 200),
        yuan("award.disability_nursing", 80),
        text("lead.exclusive_benefit", "disability_nursing"),
        yuan("lead.exclusive_fen", 80),
    ]);
    let found = found(&[both_ways]);
    let count = found.iter().filter(|it| it.kind.id == "exclusive_benefits").count();
    assert_eq!(count, 1, "{found:#?}");
}

#[test]
fn who_gets_more_by_an_exclusive_benefit_misses_nothing() {
    let more = nursed(vec![yuan("award.disability_nursing", 260)]);
    assert!(of(&found(&[more]), "unclaimed_entitlement").is_none());
    let less = nursed(vec![yuan("award.disability_nursing", 80)]);
    let owed = one(&found(&[less]), "unclaimed_entitlement");
    assert_eq!(owed.monthly_fen, Fen::from_yuan(120), "what it would be more");
}

#[test]
fn entitled_and_without_an_account_is_said_once_whatever_is_owed() {
    let found = found(&[woman(1, "1944-03-03", vec![text("relief_category", "destitute")])]);
    let missing: Vec<&Finding> =
        found.iter().filter(|it| it.kind.id == "account_missing").collect();
    assert_eq!(missing.len(), 1, "{found:#?}");
    assert_eq!(missing[0].monthly_fen, Fen::from_yuan(140));
}

#[test]
fn an_account_of_two_strangers_is_found_and_that_of_a_couple_or_a_household_is_not() {
    let one_of = |id, besides: Vec<Said>| {
        let mut all = vec![account("aa")];
        all.extend(besides);
        woman(id, "1950-03-03", all)
    };
    let person = |id| FactValue::Person(PersonId::new(uuid::Uuid::from_u128(id)));
    let strangers =
        [one_of(1, vec![text("household", "1")]), one_of(2, vec![text("household", "2")])];
    let shared = one(&found(&strangers), "shared_account");
    assert!(shared.cause.contains("另外 1 人"), "{}", shared.cause);
    let turned = [strangers[1].clone(), strangers[0].clone()];
    let other = one(&found(&turned), "shared_account");
    assert_ne!(shared.basis, [0; 32]);
    let in_order = {
        let mut both = turned;
        both.sort_by_key(|it| it.id);
        one(&found(&[both[0].clone(), both[1].clone()]), "shared_account")
    };
    assert_eq!(shared.basis, in_order.basis, "they are found beside each other");
    drop(other);

    let couple = [one_of(1, vec![said("spouse", person(2))]), one_of(2, Vec::new())];
    assert!(of(&found(&couple), "shared_account").is_none(), "either's record is enough");
    let household =
        [one_of(1, vec![text("household", "7")]), one_of(2, vec![text("household", "7")])];
    assert!(of(&found(&household), "shared_account").is_none());
}

#[test]
fn who_is_paid_and_not_seen_by_anybody_for_longer_than_the_limit_is_looked_for() {
    let paid = |traces: Vec<Said>| {
        let mut besides = vec![yuan("award.old_age_allowance", 40), account("aa")];
        besides.extend(traces);
        found(&[woman(1, "1944-03-03", besides)])
    };
    assert_eq!(one(&paid(vec![]), "no_trace").cause_code, "never_seen");
    assert_eq!(one(&paid(vec![on("last_seen", "2025-04-01")]), "no_trace").cause_code, "too_old");
    assert!(of(&paid(vec![on("last_seen", "2026-04-01")]), "no_trace").is_none());
    let visited = vec![on("last_seen", "2025-04-01"), on("last_visit", "2026-05-05")];
    assert!(of(&paid(visited), "no_trace").is_none(), "a visit is a trace");
}

#[test]
fn who_turns_80_soon_is_told_once_of_everything_that_it_brings() {
    let found = found(&[woman(1, "1946-07-11", vec![text("relief_category", "destitute")])]);
    let soon: Vec<&Finding> = found.iter().filter(|it| it.kind.id == "entitled_soon").collect();
    assert_eq!(soon.len(), 1, "{found:#?}");
    assert_eq!(soon[0].cause_code, "age_80");
    assert_eq!(soon[0].monthly_fen, Fen::from_yuan(140));
    assert!(soon[0].cause.contains("高龄津贴") && soon[0].cause.contains("养老服务补贴"));
}

#[test]
fn a_pair_that_somebody_cleared_stays_cleared_while_the_facts_stay() {
    let lead = |sum| {
        let besides = vec![
            yuan("award.old_age_allowance", 40),
            text("lead.elsewhere_area", "清河县"),
            yuan("lead.elsewhere_fen", sum),
        ];
        one(&found(&[woman(1, "1944-03-03", besides)]), "two_counties")
    };
    let opening = |finding: Finding| DutyOpening {
        id: duty_id(
            finding.kind.id,
            PersonId::new(uuid::Uuid::from_u128(1)),
            finding.item.as_deref(),
            &finding.basis,
        ),
        kind: finding.kind.id,
        person: PersonId::new(uuid::Uuid::from_u128(1)),
        item: finding.item,
        cause_code: finding.cause_code,
        cause: finding.cause,
        owner_role: finding.kind.owner,
        owner_area: finding.owner_area,
        opened_on: day("2026-06-02"),
        due_on: day("2026-06-09"),
        amount_fen: finding.amount_fen,
        monthly_fen: finding.monthly_fen,
        basis: finding.basis,
    };
    let first = opening(lead(50));
    let cleared = Standing {
        id: first.id,
        state: StandingState::Decided,
        cause: first.cause.clone(),
        amount_fen: first.amount_fen,
        monthly_fen: first.monthly_fen,
    };
    // The province sends the same pair again.
    let again = opening(lead(50));
    assert_eq!(duties::reconcile(std::slice::from_ref(&cleared), vec![again]), []);
    let other = opening(lead(60));
    let changes = duties::reconcile(&[cleared], vec![other]);
    assert!(matches!(changes.as_slice(), [DutyChange::Open(_)]), "new facts: {changes:?}");
}

#[test]
fn any_number_of_threads_finds_the_same_in_the_same_order() {
    let one = |id| woman(id, "1944-03-03", vec![account(&format!("{id:02x}"))]);
    let people: Vec<Subject> = (1..=7).map(one).collect();
    let all = |threads| {
        let threads = NonZero::new(threads).expect("at least one");
        judged(&people, |judge| judge.all(&people, threads).expect("judged"))
    };
    let alone = all(1);
    assert_eq!(alone.first().map(|(person, _)| *person), Some(people[0].id));
    assert_eq!(alone.last().map(|(person, _)| *person), Some(people[6].id));
    for threads in [2, 3, 20] {
        assert_eq!(all(threads), alone, "{threads} threads");
    }
    assert_eq!(judged(&[], |judge| judge.all(&[], NonZero::<usize>::MIN)).expect("nobody"), []);
}

/// A decision of this bureau about the allowance: so many yuan from this day.
fn decided(yuan: i64, from: &str) -> Said {
    Said {
        supplier: String::new(),
        from: day(from),
        as_of: None,
        ..self::yuan("award.old_age_allowance", yuan)
    }
}

#[test]
fn nobody_is_asked_to_apply_while_an_application_is_under_way() {
    let one = woman(1, "1944-03-03", vec![account("aa"), on("last_seen", "2026-05-01")]);
    let people = std::slice::from_ref(&one);
    let found = |item: &str| {
        let mut applied = Applied::default();
        applied.add(one.id, item.to_owned());
        judged_with(people, (&Stops::default(), &applied), |judge| {
            judge.findings(&people[0]).expect("judged")
        })
    };
    assert!(of(&found("old_age_allowance"), "unclaimed_entitlement").is_none());
    assert!(of(&found("another_item"), "unclaimed_entitlement").is_some());
}

/// Somebody of 82 on the roster of May, with these words besides.
fn on_the_roster(besides: Vec<Said>) -> Subject {
    let mut one = woman(1, "1944-03-03", vec![account("aa"), on("last_seen", "2026-05-01")]);
    one.said.extend(besides);
    one.said.push(yuan("award.old_age_allowance", 40));
    // Best source of each kind first: a decision stands before the roster.
    one.said.sort_by_key(|it| it.kind);
    one
}

#[test]
fn a_stop_pays_nobody_and_asks_nobody_again_while_its_facts_stay() {
    let (list, none) = (list(), Vec::<&str>::new());
    let item = list.item("old_age_allowance").expect("the item");
    let stopped = on_the_roster(vec![decided(0, "2026-06-01")]);
    let found = |subject: &Subject, rested_on: &Subject| {
        let mut stops = Stops::default();
        stops.add(subject.id, item.id.clone(), stop_basis(rested_on, item));
        let people = std::slice::from_ref(subject);
        judged_beside(people, &stops, |judge| judge.findings(&people[0]).expect("judged"))
    };
    let kinds: Vec<_> = found(&stopped, &stopped).iter().map(|it| it.kind.id).collect();
    assert_eq!(kinds, none);

    let mut moved = stopped.clone();
    moved.said.retain(|said| said.kind != "birth_date");
    moved.said.insert(0, on("birth_date", "1943-03-03"));
    moved.said.sort_by_key(|it| it.kind);
    let asked = one(&found(&moved, &stopped), "unclaimed_entitlement");
    assert_eq!(asked.cause_code, "entitled_again");
    assert!(asked.cause.contains("已停发"), "{}", asked.cause);
    assert_eq!(asked.amount_fen, Fen::ZERO, "what was paid before the stop is not owed again");
}

#[test]
fn a_person_who_was_stopped_for_death_is_not_on_the_roll_any_more() {
    let mut dead = on_the_roster(vec![decided(0, "2026-06-01"), on("death_date", "2026-05-09")]);
    dead.life = Life::Confirmed;
    assert!(of(&found(&[dead]), "award_after_death").is_none());
}

fn months_after(died: &str, ours: &[(&str, i64)]) -> Vec<(String, i64)> {
    let (list, tree) = (list(), tree());
    let item = list.item("old_age_allowance").expect("the item");
    let mut dead = on_the_roster(vec![on("death_date", died)]);
    dead.life = Life::Confirmed;
    let facts = engine_facts(&dead, &tree, &ClosedWorld::default()).expect("facts");
    let month = |text: &str| text.parse::<Month>().expect("a month");
    let ours = ours.iter().map(|(at, yuan)| (month(at), Fen::from_yuan(*yuan))).collect();
    let paid = paid_after_death(&dead, item, &facts, &tree, &ours);
    paid.iter().map(|it| (it.month.to_string(), it.amount_fen.get() / 100)).collect()
}

fn pairs(all: &[(&str, i64)]) -> Vec<(String, i64)> {
    all.iter().map(|(month, yuan)| ((*month).to_owned(), *yuan)).collect()
}

#[test]
fn the_month_of_death_is_paid_whether_it_was_the_first_or_the_last_day() {
    let two = pairs(&[("2026-04", 40), ("2026-05", 40)]);
    assert_eq!(months_after("2026-03-01", &[]), two);
    assert_eq!(months_after("2026-03-31", &[]), two);
    assert_eq!(months_after("2026-04-01", &[]), pairs(&[("2026-05", 40)]));
    assert_eq!(months_after("2026-05-31", &[]), pairs(&[]));
}

#[test]
fn what_our_own_runs_paid_after_the_death_counts_with_its_own_sum() {
    let ours = [("2026-06", 40), ("2026-07", 40), ("2026-08", 80)];
    let after = [("2026-07", 40), ("2026-08", 80)];
    assert_eq!(months_after("2026-06-03", &ours), pairs(&after));
}
