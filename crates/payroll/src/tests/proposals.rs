//! Who is in a run, with which months.

use super::*;

#[test]
fn who_stands_in_the_roster_is_paid_the_rule_s_sum_for_the_month() {
    let paid = in_june(&woman(1, "1940-02-02", vec![roster("2026-05", 40)]), History::default());
    assert_eq!(told(&paid), ["2026-06 当月 40.00"]);
    assert_eq!((line(&paid).band, line(&paid).look), (Some(0), false));
}

#[test]
fn who_turned_ninety_in_may_is_paid_the_next_class_from_june() {
    let paid = in_june(&woman(1, "1936-05-20", vec![roster("2026-05", 40)]), History::default());
    assert_eq!(told(&paid), ["2026-06 当月 120.00"]);
    assert_eq!(line(&paid).band, Some(1));
}

#[test]
fn who_is_awarded_late_gets_every_month_at_its_own_rate() {
    let subject = woman(1, "1936-03-20", vec![decided("2026-02", 120)]);
    let paid = in_june(&subject, History::default());
    assert_eq!(
        told(&paid),
        [
            "2026-02 补发 40.00",
            "2026-03 补发 40.00",
            "2026-04 补发 120.00",
            "2026-05 补发 120.00",
            "2026-06 当月 120.00",
        ]
    );
    assert_eq!(line(&paid).total(), Fen::from_yuan(440));
}

#[test]
fn months_before_the_rule_agrees_are_not_owed() {
    let paid = in_june(&woman(1, "1946-04-09", vec![decided("2026-01", 40)]), History::default());
    assert_eq!(told(&paid), ["2026-05 补发 40.00", "2026-06 当月 40.00"]);
}

#[test]
fn what_is_paid_or_on_its_way_is_not_paid_again() {
    let subject = woman(1, "1940-02-02", vec![decided("2026-03", 40)]);
    let before =
        vec![paid("2026-03", 1, 40, PaidState::Live), paid("2026-04", 1, 40, PaidState::Live)];
    let now = in_june(&subject, history(1, before));
    assert_eq!(told(&now), ["2026-05 补发 40.00", "2026-06 当月 40.00"]);
    let all = ["2026-03", "2026-04", "2026-05", "2026-06"];
    let all = all.map(|month| paid(month, 1, 40, PaidState::Live)).to_vec();
    assert_eq!(in_june(&subject, history(1, all)).outcome, Outcome::Nothing(Out::NothingDue));
}

#[test]
fn a_returned_month_goes_out_again_under_the_next_number() {
    let subject = woman(1, "1940-02-02", vec![roster("2026-04", 40)]);
    let now = in_june(&subject, history(1, vec![paid("2026-05", 1, 40, PaidState::Returned)]));
    assert_eq!(told(&now), ["2026-05 退汇重发 40.00", "2026-06 当月 40.00"]);
    assert_eq!(line(&now).segments[0].earlier, 1);
    assert_eq!(line(&now).segments[1].earlier, 0);
}

#[test]
fn a_month_of_a_dropped_run_is_paid_later_as_arrears() {
    let subject = woman(1, "1940-02-02", vec![roster("2026-04", 40)]);
    let now = in_june(&subject, history(1, vec![paid("2026-05", 1, 40, PaidState::Dropped)]));
    assert_eq!(told(&now), ["2026-05 补发 40.00", "2026-06 当月 40.00"]);
}

#[test]
fn a_month_that_was_paid_back_is_owed_again_when_the_verdict_comes_back() {
    let subject = woman(1, "1940-02-02", vec![roster("2026-04", 40)]);
    let back =
        vec![paid("2026-05", 1, 40, PaidState::Live), paid("2026-05", 0, 40, PaidState::Recovered)];
    assert_eq!(
        told(&in_june(&subject, history(1, back))),
        ["2026-05 补发 40.00", "2026-06 当月 40.00"]
    );
}

#[test]
fn a_stop_from_july_still_leaves_june_owed() {
    let both = woman(1, "1940-02-02", vec![roster("2026-05", 40), decided("2026-07", 0)]);
    assert_eq!(told(&in_june(&both, History::default())), ["2026-06 当月 40.00"]);
    let july =
        in_month("2026-07", &both, history(1, vec![paid("2026-06", 1, 40, PaidState::Live)]));
    assert_eq!(july.outcome, Outcome::Nothing(Out::Stopped));
}

#[test]
fn a_later_roster_does_not_make_our_own_months_overpaid() {
    let subject = woman(1, "1940-02-02", vec![roster("2026-06", 40)]);
    let ours = history(1, vec![paid("2026-06", 1, 40, PaidState::Live)]);
    let now = in_month("2026-07", &subject, ours);
    assert_eq!((told(&now), now.overpaid), (vec!["2026-07 当月 40.00".to_owned()], Vec::new()));
    // A month that the roster says it has paid is not paid by us as well.
    let late = in_june(&subject, History::default());
    assert_eq!(late.outcome, Outcome::Nothing(Out::NothingDue));
}

#[test]
fn the_gap_between_a_stop_and_a_new_award_is_not_owed() {
    let grant =
        |from: &str, yuan| Grant { from: month(from), to: None, monthly: Fen::from_yuan(yuan) };
    let grants = vec![grant("2026-01", 40), grant("2026-03", 0), grant("2026-05", 40)];
    let known = History { granted: [(person(1), grants)].into(), ..History::default() };
    let subject = woman(1, "1940-02-02", vec![decided("2026-05", 40)]);
    let now = in_june(&subject, known);
    let months: Vec<String> = line(&now).segments.iter().map(|it| it.month.to_string()).collect();
    assert_eq!(months, ["2026-01", "2026-02", "2026-05", "2026-06"]);
}

#[test]
fn a_claim_of_death_holds_and_a_confirmed_death_ends() {
    let one = || woman(1, "1940-02-02", vec![roster("2026-05", 40)]);
    for life in [Life::Reported, Life::Corroborated, Life::Contradicted] {
        let now = in_june(&dead(one(), life, "2026-05-09"), History::default());
        assert_eq!(held(&now), HoldCause::DeathClaim, "{life:?}");
    }
    let now = in_june(&dead(one(), Life::Confirmed, "2026-05-09"), History::default());
    assert_eq!(now.outcome, Outcome::Nothing(Out::Death));
    assert!(now.overpaid.is_empty(), "the month of death is paid: {:?}", now.overpaid);
}

#[test]
fn death_before_at_and_after_the_month_s_end() {
    let one = || woman(1, "1940-02-02", vec![roster("2026-05", 40)]);
    // Died in the month before: nothing. In the month itself: it is paid, and looked at. Later, as
    // known when a late run is frozen: the month is paid.
    for (died, of, expect) in [
        ("2026-05-31", "2026-06", None),
        ("2026-06-01", "2026-06", Some(1)),
        ("2026-06-30", "2026-06", Some(1)),
        ("2026-06-30", "2026-07", Some(1)),
        ("2026-07-01", "2026-06", Some(1)),
    ] {
        let now = in_month(of, &dead(one(), Life::Confirmed, died), History::default());
        let months = match &now.outcome {
            Outcome::Line(line) => {
                assert!(line.look, "a payment to a dead person is looked at");
                Some(line.segments.len())
            }
            _ => None,
        };
        assert_eq!(months, expect, "died {died}, run {of}");
    }
}

#[test]
fn who_died_with_unpaid_months_has_a_line_of_arrears_to_be_looked_at() {
    let subject =
        dead(woman(1, "1940-02-02", vec![decided("2026-03", 40)]), Life::Confirmed, "2026-05-09");
    let now = in_june(&subject, History::default());
    assert_eq!(told(&now), ["2026-03 补发 40.00", "2026-04 补发 40.00", "2026-05 补发 40.00"]);
    assert_eq!((line(&now).without_current, line(&now).look), (Some(Out::Death), true));
}

#[test]
fn months_paid_after_death_are_told_and_never_netted() {
    let by_roster =
        dead(woman(1, "1940-02-02", vec![roster("2026-05", 40)]), Life::Confirmed, "2026-02-11");
    let now = in_june(&by_roster, History::default());
    let months: Vec<String> = now.overpaid.iter().map(|it| it.month.to_string()).collect();
    assert_eq!(months, ["2026-03", "2026-04", "2026-05"]);
    assert!(now.overpaid.iter().all(|it| it.by_roster && it.paid == Fen::from_yuan(40)));

    let by_us =
        dead(woman(1, "1940-02-02", vec![decided("2026-03", 40)]), Life::Confirmed, "2026-04-11");
    let live = ["2026-03", "2026-04", "2026-05"];
    let live = live.map(|month| paid(month, 1, 40, PaidState::Live)).to_vec();
    let now = in_june(&by_us, history(1, live));
    assert_eq!(now.outcome, Outcome::Nothing(Out::Death));
    let over = Overpaid {
        month: month("2026-05"),
        paid: Fen::from_yuan(40),
        due: Fen::ZERO,
        by_roster: false,
    };
    assert_eq!(now.overpaid, [over]);
}

#[test]
fn holds_a_missing_account_and_missing_facts_are_told_apart() {
    let paying = |besides: Vec<Said>| {
        woman(1, "1940-02-02", [vec![roster("2026-05", 40)], besides].concat())
    };
    for (kind, cause) in [
        ("hold.objection", HoldCause::Objection),
        ("hold.survival", HoldCause::Survival),
        ("hold.decision", HoldCause::Decision),
    ] {
        assert_eq!(held(&in_june(&paying(vec![on_hold(kind)]), History::default())), cause);
    }
    let lifted = Said { value: FactValue::Bool(false), ..on_hold("hold.objection") };
    assert_eq!(told(&in_june(&paying(vec![lifted]), History::default())).len(), 1);

    let mut poor = paying(Vec::new());
    poor.said.retain(|said| said.kind != "bank_account");
    let Outcome::Held(it) = in_june(&poor, History::default()).outcome else { panic!("paid") };
    assert_eq!((it.cause, it.amount), (HoldCause::NoAccount, Fen::from_yuan(40)));

    let mut unborn = paying(Vec::new());
    unborn.said.retain(|said| said.kind != "birth_date");
    let Outcome::Held(it) = in_june(&unborn, History::default()).outcome else { panic!("paid") };
    assert_eq!((it.cause, it.needs), (HoldCause::Unknown, vec!["birth_date"]));
}

#[test]
fn who_never_had_an_award_is_not_in_the_run() {
    let bench = Bench::new("2026-06", History::default());
    assert_eq!(bench.payroll().one(&woman(1, "1930-01-01", Vec::new())).expect("judged"), None);
}

#[test]
fn the_pass_over_many_gives_what_one_by_one_gives_in_their_order() {
    let people: Vec<Subject> = (0..97)
        .map(|id| {
            let born = format!("19{}-0{}-15", 26 + id % 22, 1 + id % 9);
            woman(id, &born, if id % 5 == 0 { vec![] } else { vec![roster("2026-05", 40)] })
        })
        .collect();
    let bench = Bench::new("2026-06", History::default());
    let one_by_one: Vec<Proposed> =
        people.iter().filter_map(|it| bench.payroll().one(it).expect("judged")).collect();
    assert_eq!(bench.all(&people), one_by_one);
    assert_eq!(one_by_one.len(), 77);
}
