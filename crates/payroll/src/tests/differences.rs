//! Why a run differs from the month before, and what it hashes to.

use std::collections::HashSet;

use kernel::ResidentNumber;
use sm3::{Digest as _, Sm3};

use super::*;

/// What differs in June, compared with the roster of May.
fn from_roster(people: &[Subject], history: History) -> Difference {
    let bench = Bench::new("2026-06", history);
    let payroll = bench.payroll();
    let before = Before::of_roster(&payroll, people);
    let found = difference(&payroll, &before, &bench.all(people)).expect("compared");
    assert!(found.adds_up(), "{found:#?}");
    found
}

/// What differs in June for one person who was paid so much in May in this class.
fn after(subject: &Subject, history: History, yuan: i64, band: u8) -> Vec<(Cause, i64)> {
    let bench = Bench::new("2026-06", history);
    let amount = Fen::from_yuan(yuan);
    let then = BeforeLine {
        area: AreaId::new(VILLAGE),
        area_pos: 2,
        amount,
        band: Some(band),
        gone: None,
    };
    let lines = [(subject.id, then)].into();
    let before = Before { month: month("2026-05"), lines, held: HashSet::default() };
    let proposed = bench.all(std::slice::from_ref(subject));
    let found = difference(&bench.payroll(), &before, &proposed).expect("compared");
    assert!(found.adds_up(), "{found:#?}");
    found.rows.iter().map(|row| (row.cause, row.amount().get() / 100)).collect()
}

fn may(yuan: i64) -> History {
    history(1, vec![paid("2026-05", 1, yuan, PaidState::Live)])
}

#[test]
fn june_of_a_small_county_is_explained_to_the_line() {
    let in_may = |id, born: &str, yuan| woman(id, born, vec![roster("2026-05", yuan)]);
    let mut people: Vec<Subject> = (10..20).map(|id| in_may(id, "1940-02-02", 40)).collect();
    people.push(in_may(20, "1936-05-20", 40));
    people.push(dead(in_may(21, "1930-01-01", 120), Life::Confirmed, "2026-05-09"));
    people.push(dead(in_may(22, "1940-01-01", 40), Life::Reported, "2026-05-09"));
    people.push(woman(23, "1946-05-09", vec![decided("2026-06", 40)]));
    people.push(woman(24, "1945-10-17", vec![decided("2025-11", 40)]));
    let found = from_roster(&people, History::default());
    let told: Vec<(Cause, i64, i64, i64, i64)> = Cause::ALL
        .iter()
        .map(|cause| (*cause, found.of(*cause)))
        .filter(|(_, tally)| tally.people > 0)
        .map(|(cause, it)| (cause, it.people, it.lines, it.months, it.amount.get() / 100))
        .collect();
    assert_eq!(
        told,
        [
            (Cause::Added, 2, 2, 0, 80),
            (Cause::ClassChange, 1, 0, 0, 80),
            (Cause::StoppedDeath, 1, -1, 0, -120),
            (Cause::Held, 1, -1, 0, -40),
            (Cause::Arrears, 1, 0, 7, 280),
        ]
    );
    assert_eq!((found.before.lines, found.before.total()), (13, Fen::from_yuan(600)));
    assert_eq!((found.now.lines, found.now.total()), (13, Fen::from_yuan(880)));
    assert_eq!((found.now.months, found.unexplained()), (20, 0));
}

#[test]
fn each_way_of_not_being_paid_any_more_has_its_cause() {
    let one = |besides| woman(1, "1940-02-02", besides);
    assert_eq!(
        after(&one(vec![decided("2026-06", 0)]), may(40), 40, 0),
        [(Cause::StoppedOther, -40)]
    );
    let mut gone = one(vec![roster("2026-04", 40)]);
    gone.said.retain(|said| said.kind != "register_state");
    gone.said.push(said("register_state", FactValue::Text("moved_out".into())));
    assert_eq!(after(&gone, may(40), 40, 0), [(Cause::MovedOut, -40)]);
    let stopped_dead =
        dead(one(vec![roster("2026-04", 40), decided("2026-06", 0)]), Life::Reported, "2026-05-09");
    assert_eq!(after(&stopped_dead, may(40), 40, 0), [(Cause::StoppedDeath, -40)]);
}

#[test]
fn an_award_that_vanished_without_a_decision_is_unexplained() {
    let nobody = woman(1, "1940-02-02", Vec::new());
    assert_eq!(after(&nobody, History::default(), 40, 0), [(Cause::Unexplained, -40)]);
    assert_eq!(after(&nobody, may(40), 40, 0), [(Cause::Unexplained, -40)]);
}

#[test]
fn another_class_is_a_class_change_and_another_sum_alone_is_unexplained() {
    let one = woman(1, "1936-05-20", vec![roster("2026-04", 40)]);
    assert_eq!(after(&one, may(40), 40, 0), [(Cause::ClassChange, 80)]);
    let same = woman(1, "1940-02-02", vec![roster("2026-04", 40)]);
    assert_eq!(after(&same, may(50), 50, 0), [(Cause::Unexplained, -10)]);
}

#[test]
fn a_returned_month_is_told_beside_and_moves_no_line() {
    let one = woman(1, "1940-02-02", vec![roster("2026-04", 40)]);
    let back = history(1, vec![paid("2026-05", 1, 40, PaidState::Returned)]);
    assert_eq!(after(&one, back, 40, 0), [(Cause::Reissued, 40)]);
}

#[test]
fn who_was_paid_before_is_restored_and_who_came_from_elsewhere_moved_in() {
    let one = woman(1, "1940-02-02", vec![decided("2026-06", 40)]);
    let was = vec![paid("2026-02", 1, 40, PaidState::Live)];
    assert_eq!(
        from_roster(std::slice::from_ref(&one), history(1, was.clone())).of(Cause::Restored).people,
        1
    );
    let elsewhere = was.into_iter().map(|it| PaidMonth { elsewhere: true, ..it }).collect();
    assert_eq!(from_roster(&[one], history(1, elsewhere)).of(Cause::MovedIn).people, 1);
}

#[test]
fn the_content_digest_knows_no_order_and_every_byte() {
    let people: Vec<Subject> =
        (1..6).map(|id| woman(id, "1940-02-02", vec![decided("2026-05", 40)])).collect();
    let bench = Bench::new("2026-06", History::default());
    let lines: Vec<Line> = bench.all(&people).iter().map(|it| line(it).clone()).collect();
    let head = Head { area: AreaId::new(1), item: ITEM, month: month("2026-06") };
    let digest = content_digest(head, &lines);
    let mut turned = lines.clone();
    turned.reverse();
    assert_eq!(content_digest(head, &turned), digest);
    let changed = |change: &dyn Fn(&mut Line)| {
        let mut other = lines.clone();
        change(&mut other[2]);
        content_digest(head, &other)
    };
    assert_ne!(changed(&|it| it.segments[0].amount = Fen::new(4001)), digest);
    assert_ne!(changed(&|it| it.account[31] ^= 1), digest);
    assert_ne!(changed(&|it| it.band = Some(1)), digest);
    assert_ne!(changed(&|it| it.look = true), digest);
    assert_ne!(changed(&|it| it.segments[0].earlier = 1), digest);
    assert_ne!(content_digest(Head { month: month("2026-07"), ..head }, &lines), digest);
    assert_eq!(hex(&[0xab; 32]), "ab".repeat(32));
}

#[test]
fn the_content_is_hashed_as_its_documentation_says() {
    let people = [woman(0x0102, "1940-02-02", vec![decided("2026-05", 40)])];
    let bench = Bench::new("2026-06", History::default());
    let lines: Vec<Line> = bench.all(&people).iter().map(|it| line(it).clone()).collect();
    let mut bytes = b"songhe pay run 1\n".to_vec();
    bytes.extend([0, 0, 0, 0, 0, 0, 0, 1, 0, 17]);
    bytes.extend(b"old_age_allowance");
    // 2026 * 12 + 5 = 0x5efd; one line.
    bytes.extend([0, 0, 0x5e, 0xfd, 0, 0, 0, 0, 0, 0, 0, 1]);
    bytes.extend([0; 14]);
    bytes.extend([1, 2, 0, 0]);
    bytes.extend(lines[0].account);
    bytes.extend([0, 2]);
    for (month, kind) in [(0xfc, 1), (0xfd, 0)] {
        bytes.extend([0, 0, 0x5e, month, kind, 0, 0, 0, 0, 0, 0, 0x0f, 0xa0, 0, 0]);
    }
    let head = Head { area: AreaId::new(1), item: ITEM, month: month("2026-06") };
    assert_eq!(content_digest(head, &lines), <[u8; 32]>::from(Sm3::digest(&bytes)));
}

#[test]
fn the_public_digest_goes_by_resident_numbers() {
    let numbers: Vec<ResidentNumber> = (1..6)
        .map(|id| {
            let digits: [u8; 17] =
                format!("99012119400202{id:03}").as_bytes().try_into().expect("17 digits");
            let check = char::from(ResidentNumber::check_of(&digits));
            format!("99012119400202{id:03}{check}").parse().expect("a number")
        })
        .collect();
    let digest = |ids: &[u128]| {
        let people: Vec<Subject> =
            ids.iter().map(|id| woman(*id, "1940-02-02", vec![decided("2026-05", 40)])).collect();
        let bench = Bench::new("2026-06", History::default());
        let lines: Vec<Line> = bench.all(&people).iter().map(|it| line(it).clone()).collect();
        // The same five people under other ids of another data folder.
        let of = |person: PersonId| {
            let place = ids.iter().position(|id| super::person(*id) == person)?;
            numbers.get(place)
        };
        public_digest(ITEM, &lines, &of).map(|digest| digest.hex())
    };
    assert_eq!(digest(&[1, 2, 3, 4, 5]), digest(&[90, 80, 70, 60, 50]));
    assert_ne!(digest(&[1, 2, 3, 4, 5]), digest(&[1, 2, 3, 4]));
    assert_eq!(digest(&[1, 2, 3, 4, 5, 6]), None, "a line without a number makes none");
}
