//! 金额: parts sum to the total, and no sum overflows.

use proptest::prelude::*;

use super::*;

fn segments() -> impl Strategy<Value = Vec<(u8, i64)>> {
    let amount = prop_oneof![1_i64..1_000_000, Just(i64::MAX / 4), Just(i64::MAX)];
    prop::collection::vec((0_u8..3, amount), 1..8)
}

fn made(id: u128, parts: &[(u8, i64)]) -> Line {
    let segment = |(at, (kind, fen)): (usize, &(u8, i64))| Segment {
        month: month("2020-01").plus(i32::try_from(at).unwrap()),
        kind: SegmentKind::ALL[usize::from(*kind)],
        amount: Fen::new(*fen),
        earlier: 0,
    };
    Line {
        person: person(id),
        area: AreaId::new(VILLAGE),
        area_pos: 2,
        band: Some(0),
        account: [0; 32],
        segments: parts.iter().enumerate().map(segment).collect(),
        without_current: None,
        look: false,
    }
}

fn fits(parts: &[(u8, i64)]) -> bool {
    Fen::checked_sum(parts.iter().map(|(_, fen)| Fen::new(*fen))).is_ok()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100_000, ..ProptestConfig::default() })]

    #[test]
    fn the_parts_of_a_run_sum_to_its_total_or_are_refused(
        people in prop::collection::vec(segments(), 0..5)
    ) {
        let lines: Vec<Line> = people
            .iter()
            .zip(1_u128..)
            .filter(|(parts, _)| fits(parts))
            .map(|(parts, id)| made(id, parts))
            .collect();
        let total: i128 = lines.iter().map(|line| i128::from(line.total().get())).sum();
        match Tally::of(&lines) {
            Ok(tally) => {
                prop_assert_eq!(i128::from(tally.total().get()), total);
                let parts: i128 = lines
                    .iter()
                    .flat_map(|line| &line.segments)
                    .map(|segment| i128::from(segment.amount.get()))
                    .sum();
                prop_assert_eq!(parts, total);
            }
            Err(_) => prop_assert!(total > i128::from(i64::MAX)),
        }
    }

    #[test]
    fn what_is_paid_on_balance_is_never_negative_and_never_more_than_went_out(
        moves in prop::collection::vec((0_u8..4, 0_i64..=i64::MAX), 0..8)
    ) {
        let states =
            [PaidState::Live, PaidState::Returned, PaidState::Dropped, PaidState::Recovered];
        let months: Vec<PaidMonth> = moves
            .iter()
            .map(|(state, fen)| PaidMonth {
                state: states[usize::from(*state)],
                amount: Fen::new(*fen),
                ..paid("2026-05", 1, 0, PaidState::Live)
            })
            .collect();
        let net = net_paid(&months, month("2026-05"));
        let live = months.iter().filter(|it| it.state == PaidState::Live);
        let live: i128 = live.map(|it| i128::from(it.amount.get())).sum();
        prop_assert!(net >= Fen::ZERO && i128::from(net.get()) <= live);
    }
}

#[test]
fn a_roster_with_an_impossible_sum_stops_nobody() {
    let mut subject = woman(1, "1940-02-02", vec![roster("2026-05", 40)]);
    for said in subject.said.iter_mut().filter(|said| said.kind == AWARD) {
        said.value = FactValue::Fen(Fen::new(i64::MAX));
    }
    let other = Subject { id: person(2), ..subject.clone() };
    let bench = Bench::new("2026-06", History::default());
    let people = [subject, other];
    let proposed = bench.all(&people);
    assert_eq!(told(&proposed[0]), ["2026-06 当月 40.00"]);
    let before = Before::of_roster(&bench.payroll(), &people);
    assert!(difference(&bench.payroll(), &before, &proposed).is_err(), "told, and no panic");
}
