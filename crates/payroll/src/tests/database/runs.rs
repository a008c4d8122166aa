//! A run from the proposal to the bank and back, and everything that must not happen on the way.

use super::*;
use crate::store::{
    DifferenceFilter, LineFilter, Lines, ReturnedFilter, all_lines, answer_tally,
    by_place_and_band, count_lines, count_returned, difference_tally, differences, held_tally,
    line_history, lines, moves, note_recovered, paid_months, returned_lines, segments_of,
};

/// So many women paid 40 yuan by May's roster, the last of them awarded since April.
fn village(people: u128) -> Vec<Subject> {
    (1..=people)
        .map(|id| {
            let award = if id == people { decided("2026-04", 40) } else { roster("2026-05", 40) };
            woman(id, "1940-02-02", vec![award])
        })
        .collect()
}

fn june() -> Bench {
    Bench::new("2026-06", History::default())
}

/// Proposed, frozen and locked.
async fn locked(bureau: &Bureau, bench: &Bench, people: &[Subject]) -> RunId {
    let id = bureau.propose(bench, people).await.expect("proposed");
    bureau.freeze(id, bench, people).await.expect("frozen");
    bureau.lock(id).await.expect("locked");
    id
}

#[tokio::test]
async fn june_goes_from_the_proposal_to_the_bank_and_is_settled() {
    let bureau = Bureau::new(5).await;
    let (bench, people) = (june(), village(5));
    let id = locked(&bureau, &bench, &people).await;
    let run = bureau.run(id).await;
    assert_eq!((run.lines, run.months, run.total()), (5, 7, Fen::from_yuan(280)));
    assert_eq!((run.before_lines, run.before_total), (4, Fen::from_yuan(160)));
    assert_eq!(run.first.map(|hand| hand.name).as_deref(), Some("马出纳"));
    bureau.send(id).await.expect("sent");
    bureau.proves().await;
    let who = |n: u128| person(n);
    let said = [
        (who(1), Answer::Paid),
        (who(2), Answer::Returned),
        (who(3), Answer::Unknown),
        (who(5), Answer::Paid),
    ];
    let done = bureau.answer(id, &said).await.expect("answered");
    assert_eq!((done.paid, done.returned, done.unknown, done.repeated), (2, 1, 1, 0));
    let again = bureau.answer(id, &said).await.expect("answered");
    assert_eq!(again.repeated, 4);
    let mut tx = bureau.tx().await;
    let tally = answer_tally(tx.conn(), id).await.expect("a tally");
    assert_eq!(tally.paid, (2, Fen::from_yuan(160)));
    assert_eq!((tally.returned.0, tally.unknown.0, tally.open.0), (1, 1, 1));
    drop(tx);
    assert_eq!(
        sentence(bureau.answer(id, &[(who(2), Answer::Paid)]).await),
        "老人2的这一笔已登记退汇，不能再登记成功。 请向银行核实；退汇的月份会在下一批重发。"
    );
    bureau.step(id, RunState::Settled, &bureau.cashier).await.expect("settled");
    // Three months later the bank sends one back that it had paid.
    let late = bureau.answer(id, &[(who(1), Answer::Returned)]).await.expect("answered");
    assert_eq!(late.returned, 1);
    bureau.proves().await;
    let history = bureau.history(None).await;
    let state = |n| history.paid_to(who(n))[0].state;
    assert_eq!((state(1), state(3)), (PaidState::Returned, PaidState::Live));
}

#[tokio::test]
async fn july_pays_the_returned_month_again_and_says_so() {
    let bureau = Bureau::new(3).await;
    let people = village(3);
    let first = locked(&bureau, &june(), &people).await;
    bureau.send(first).await.expect("sent");
    bureau.answer(first, &[(person(1), Answer::Returned)]).await.expect("answered");
    let rest = ReturnedFilter { only_at_rest: true, ..ReturnedFilter::default() };
    let mut tx = bureau.tx().await;
    assert_eq!(count_returned(tx.conn(), &rest).await.expect("n"), (1, Fen::from_yuan(40)));
    drop(tx);
    let bench = Bench::new("2026-07", bureau.history(None).await);
    let second = locked(&bureau, &bench, &people).await;
    let mut tx = bureau.tx().await;
    let tally = difference_tally(tx.conn(), second).await.expect("a tally");
    let told: Vec<_> = tally.iter().map(|(cause, it)| (*cause, it.people, it.amount)).collect();
    assert_eq!(told, [(Cause::Reissued, 1, Fen::from_yuan(40))]);
    assert_eq!(count_returned(tx.conn(), &rest).await.expect("n").0, 0);
    let all = returned_lines(tx.conn(), &ReturnedFilter::default(), 10, 0).await.expect("lines");
    assert_eq!(all[0].reissued_in, Some(second));
    let told = line_history(tx.conn(), person(1), 24, 0).await.expect("a history");
    let told: Vec<_> = told
        .iter()
        .map(|it| (it.run, it.month.to_string(), it.kind, it.released, it.answer))
        .collect();
    let (june, july) = ("2026-06".to_owned(), "2026-07".to_owned());
    assert_eq!(
        told,
        [
            (second, july, SegmentKind::Current, None, None),
            (second, june.clone(), SegmentKind::Reissue, None, None),
            (first, june, SegmentKind::Current, Some(Release::Returned), Some(Answer::Returned)),
        ]
    );
    drop(tx);
    bureau.proves().await;
}

#[tokio::test]
async fn the_same_month_twice_is_refused_with_where_the_first_is() {
    let bureau = Bureau::new(3).await;
    let (bench, people) = (june(), village(3));
    let first = bureau.propose(&bench, &people).await.expect("proposed");
    let second = bureau.propose_as(&bureau.other_cashier, &bench, &people).await;
    assert_eq!(
        sentence(second),
        format!(
            "2026 年 6 月的发放批次已由马出纳于 2026-06-25 16:30 拟制（第 {first} 批，已拟制），\
             不能重复拟制。 请打开那个批次继续办理；确需重做的，先作废再拟制。"
        )
    );
    bureau.drop_run(first).await.expect("dropped");
    let second = bureau.propose(&bench, &people).await.expect("proposed anew");
    assert_eq!(bureau.run(second).await.sequence, 2);
}

#[tokio::test]
async fn two_clerks_at_once_make_one_run() {
    let bureau = Bureau::new(3).await;
    let (bench, people) = (june(), village(3));
    let (one, two) = tokio::join!(
        bureau.propose(&bench, &people),
        bureau.propose_as(&bureau.other_cashier, &bench, &people)
    );
    assert_eq!(i32::from(one.is_ok()) + i32::from(two.is_ok()), 1, "{one:?} {two:?}");
    let late = one.err().or(two.err()).expect("one is late");
    assert!(late.to_string().contains("拟制（第"), "{late}");
}

#[tokio::test]
async fn who_saw_an_older_run_is_told_who_was_faster() {
    let bureau = Bureau::new(3).await;
    let (bench, people) = (june(), village(3));
    let id = bureau.propose(&bench, &people).await.expect("proposed");
    bureau.freeze(id, &bench, &people).await.expect("frozen");
    let digest = bureau.run(id).await.digest.expect("frozen");
    let mut tx = bureau.tx().await;
    let late = runs_store::lock_first(&mut tx, id, 1, digest, &bureau.other_cashier, now()).await;
    assert_eq!(
        sentence(late),
        "马出纳已于 2026-06-25 16:30 把这个批次改为“已冻结”。请刷新页面后再办。"
    );
}

#[tokio::test]
async fn nobody_locks_alone_and_nobody_locks_what_they_did_not_see() {
    let bureau = Bureau::new(3).await;
    let (bench, people) = (june(), village(3));
    let id = bureau.propose(&bench, &people).await.expect("proposed");
    let digest = bureau.freeze(id, &bench, &people).await.expect("frozen");
    let mut tx = bureau.tx().await;
    let other = runs_store::lock_first(&mut tx, id, 2, [7; 32], &bureau.cashier, now()).await;
    assert!(sentence(other).starts_with("您看到的批次内容与现在的不一致"));
    runs_store::lock_first(&mut tx, id, 2, digest, &bureau.other_cashier, now())
        .await
        .expect("locked once");
    for same in [&bureau.other_cashier, &bureau.cashier] {
        let alone = runs_store::lock_second(&mut tx, id, 3, digest, same, now()).await;
        assert!(sentence(alone).starts_with("须由另一人复核"));
    }
    runs_store::lock_second(&mut tx, id, 3, digest, &bureau.approver, now()).await.expect("locked");
    tx.commit().await.expect("commit");
    bureau.step(id, RunState::Requested, &bureau.cashier).await.expect("requested");
    let treasury = bureau.step(id, RunState::Funded, &bureau.approver).await;
    assert!(sentence(treasury).starts_with("锁定批次的人不能同时作财政审核"));
    // And past the program, the table itself.
    let forced = store::force(
        &bureau.db,
        &format!("UPDATE pay_run SET second_by = first_by WHERE id = {id}"),
    )
    .await;
    assert!(forced.is_err());
}

#[tokio::test]
async fn a_death_between_the_freeze_and_the_second_lock_is_named() {
    let bureau = Bureau::new(3).await;
    let (bench, people) = (june(), village(3));
    let id = bureau.propose(&bench, &people).await.expect("proposed");
    bureau.freeze(id, &bench, &people).await.expect("frozen");
    store::set_life(&bureau.db, &[(person(2), "reported")]).await;
    let refused = sentence(bureau.lock(id).await);
    assert!(refused.contains("老人2 1 人的生存状态"), "{refused}");
    store::set_life(&bureau.db, &[(person(2), "living")]).await;
    let hold = ("hold.objection", FactValue::Bool(true), day("2026-06-20"));
    bureau.say(vec![(person(3), hold.0, hold.1, hold.2)]).await;
    let refused = sentence(bureau.lock(id).await);
    assert!(refused.contains("老人3 1 人的生存状态、暂缓"), "{refused}");
    bureau.drop_run(id).await.expect("dropped");
    bureau.proves().await;
}

#[tokio::test]
async fn facts_that_changed_after_the_proposal_keep_it_from_being_frozen() {
    let bureau = Bureau::new(3).await;
    let (bench, mut people) = (june(), village(3));
    let id = bureau.propose(&bench, &people).await.expect("proposed");
    let first = people.remove(0);
    people.push(dead(first, Life::Confirmed, "2026-05-09"));
    let refused = sentence(bureau.freeze(id, &bench, &people).await);
    assert!(refused.starts_with("拟制以后资料有了变化"), "{refused}");
}

#[tokio::test]
async fn an_unexplained_difference_keeps_a_run_from_being_frozen() {
    let bureau = Bureau::new(3).await;
    let people = village(3);
    let first = locked(&bureau, &june(), &people).await;
    bureau.send(first).await.expect("sent");
    // Whose award is nowhere any more.
    let bench = Bench::new("2026-07", bureau.history(None).await);
    let lost = woman(1, "1940-02-02", Vec::new());
    let now_ = [vec![lost], people[1..].to_vec()].concat();
    let id = bureau.propose(&bench, &now_).await.expect("proposed");
    assert_eq!(bureau.run(id).await.unexplained, 1);
    let mut tx = bureau.tx().await;
    let only = DifferenceFilter { cause: Some(Cause::Unexplained), ..Default::default() };
    let rows = differences(tx.conn(), id, &only, 10, 0).await.expect("rows");
    assert_eq!((rows.len(), rows[0].person), (1, person(1)));
    drop(tx);
    assert!(
        sentence(bureau.freeze(id, &bench, &now_).await).starts_with("还有 1 人的差异原因不明")
    );
}

#[tokio::test]
async fn two_runs_that_saw_the_same_cannot_both_pay_a_month() {
    let bureau = Bureau::new(3).await;
    let people = village(3);
    // July is proposed before June is locked: both see no payment of June.
    let july = Bench::new("2026-07", History::default());
    let second = bureau.propose(&july, &people).await.expect("proposed");
    bureau.freeze(second, &july, &people).await.expect("frozen");
    let first = locked(&bureau, &june(), &people).await;
    let refused = sentence(bureau.lock(second).await);
    assert_eq!(
        refused,
        format!(
            "名单里有 3 人的 2026 年 6 月已列入第 {first} 批，这个批次不能锁定。 \
             请作废这个批次，重新拟制。"
        )
    );
    // And past the program, the key itself.
    let forced = store::force(
        &bureau.db,
        &format!(
            "INSERT INTO pay_segment SELECT person_id, item, month, sequence, {second}, version, \
             area_pos, kind, amount_fen, mark FROM pay_segment"
        ),
    )
    .await;
    assert!(matches!(forced, Err(Trouble::Conflict(_))));
    bureau.proves().await;
}

#[tokio::test]
async fn what_the_treasury_refused_is_frozen_again_and_locked_anew() {
    let bureau = Bureau::new(3).await;
    let (bench, people) = (june(), village(3));
    let id = locked(&bureau, &bench, &people).await;
    bureau.step(id, RunState::Requested, &bureau.cashier).await.expect("requested");
    bureau.step(id, RunState::Refused, &bureau.treasury).await.expect("refused");
    bureau.proves().await;
    assert!(
        bureau
            .history(None)
            .await
            .paid
            .values()
            .flatten()
            .all(|it| { it.state == PaidState::Dropped && it.sequence == 1 })
    );
    let again = Bench::new("2026-06", bureau.history(Some(id)).await);
    bureau.freeze(id, &again, &people).await.expect("frozen again");
    let run = bureau.run(id).await;
    assert_eq!((run.version, run.first, run.second), (2, None, None));
    bureau.lock(id).await.expect("locked again");
    bureau.send(id).await.expect("sent");
    let all: Vec<_> = people.iter().map(|it| (it.id, Answer::Paid)).collect();
    bureau.answer(id, &all).await.expect("answered");
    bureau.proves().await;
    let mut tx = bureau.tx().await;
    let states: Vec<_> =
        moves(tx.conn(), id).await.expect("moves").iter().map(|it| (it.to, it.version)).collect();
    assert_eq!(states[6..8], [(RunState::Frozen, 2), (RunState::LockedOnce, 2)]);
    assert_eq!(paid_months(tx.conn(), &[person(1)]).await.expect("months").len(), 1);
}

#[tokio::test]
async fn a_dropped_run_pays_nobody_and_the_next_one_pays_its_month() {
    let bureau = Bureau::new(3).await;
    let people = village(3);
    let id = locked(&bureau, &june(), &people).await;
    bureau.drop_run(id).await.expect("dropped");
    bureau.proves().await;
    let bench = Bench::new("2026-06", bureau.history(None).await);
    let again = locked(&bureau, &bench, &people).await;
    assert_eq!(bureau.run(again).await.total(), Fen::from_yuan(200));
    bureau.send(again).await.expect("sent");
    assert!(sentence(bureau.drop_run(again).await).starts_with("这个批次已交银行"));
    bureau.proves().await;
}

#[tokio::test]
async fn a_budget_that_does_not_suffice_locks_nothing() {
    let bureau = Bureau::new(3).await;
    let (mut bench, people) = (june(), village(3));
    // Nothing has been allotted for 2027.
    bench.month = month("2027-01");
    let id = bureau.propose(&bench, &people).await.expect("proposed");
    bureau.freeze(id, &bench, &people).await.expect("frozen");
    let refused = sentence(bureau.lock(id).await);
    assert!(refused.contains("预算指标不足"), "{refused}");
    assert_eq!(bureau.run(id).await.state, RunState::Frozen);
    assert!(bureau.history(None).await.paid.is_empty());
}

#[tokio::test]
async fn lines_and_sums_are_read_by_place_band_and_kind() {
    let bureau = Bureau::new(5).await;
    let (bench, mut people) = (june(), village(5));
    people[3].said.retain(|said| said.kind != "bank_account");
    let id = bureau.propose(&bench, &people).await.expect("proposed");
    let mut tx = bureau.tx().await;
    let all = lines(tx.conn(), id, &LineFilter::default(), 2, 1).await.expect("lines");
    assert_eq!(all.iter().map(|it| it.no).collect::<Vec<_>>(), [2, 3]);
    let arrears = LineFilter { only: Lines::WithArrears, ..LineFilter::default() };
    let tally = count_lines(tx.conn(), id, &arrears).await.expect("a tally");
    assert_eq!((tally.lines, tally.months, tally.arrears), (1, 3, Fen::from_yuan(80)));
    let outside = LineFilter { place: Some((0, 2)), ..LineFilter::default() };
    assert_eq!(count_lines(tx.conn(), id, &outside).await.expect("a tally").lines, 0);
    let places = by_place_and_band(tx.conn(), id).await.expect("places");
    assert_eq!((places.len(), places[0].lines, places[0].months), (1, 4, 6));
    let held = held_tally(tx.conn(), id).await.expect("a tally");
    assert_eq!(held, [(HoldCause::NoAccount, 1, Fen::from_yuan(40))]);
    let stored = all_lines(tx.conn(), id).await.expect("lines");
    let made: Vec<Line> = bench.all(&people).iter().filter_map(line_of).collect();
    assert_eq!(stored, made);
    let months = segments_of(tx.conn(), id, &[person(5)]).await.expect("months");
    assert_eq!(months[&person(5)], made[3].segments);
}

#[tokio::test]
async fn a_merged_file_brings_its_months_along() {
    let bureau = Bureau::new(3).await;
    let people = village(3);
    let first = locked(&bureau, &june(), &people).await;
    bureau.send(first).await.expect("sent");
    // 老人2 turns out to be 老人1 under a corrected number, who was paid as well.
    let july = Bench::new("2026-07", bureau.history(None).await);
    let stale = bureau.propose(&july, &people).await.expect("proposed");
    bureau.freeze(stale, &july, &people).await.expect("frozen");
    store::merge(&bureau.db, person(1), person(2)).await;
    assert!(sentence(bureau.lock(stale).await).contains("老人2 1 人"));
    bureau.drop_run(stale).await.expect("dropped");
    let bench = Bench::new("2026-07", bureau.history(None).await);
    assert_eq!(bench.history.paid_to(person(1)).len(), 2);
    let kept = [people[0].clone(), people[2].clone()];
    let proposed = bench.all(&kept);
    assert_eq!(proposed[0].overpaid[0].paid, Fen::from_yuan(80), "June was paid twice");
    assert_eq!(told(&proposed[0]), ["2026-07 当月 40.00"]);
    let id = bureau.propose(&bench, &kept).await.expect("proposed");
    let mut tx = bureau.tx().await;
    let tally = difference_tally(tx.conn(), id).await.expect("a tally");
    assert_eq!((tally.len(), tally[0].0, tally[0].1.lines), (1, Cause::StoppedOther, -1));
    let months = paid_months(tx.conn(), &[person(1)]).await.expect("months");
    assert_eq!((months.len(), months[0].amount), (1, Fen::from_yuan(80)));
    assert_eq!(line_history(tx.conn(), person(1), 9, 0).await.expect("history").len(), 2);
}

#[tokio::test]
async fn who_moved_to_another_county_leaves_with_a_cause() {
    let bureau = Bureau::new(3).await;
    let people = village(3);
    let first = locked(&bureau, &june(), &people).await;
    bureau.send(first).await.expect("sent");
    store::move_away(&bureau.db, person(1)).await;
    let bench = Bench::new("2026-07", bureau.history(None).await);
    let id = bureau.propose(&bench, &people[1..]).await.expect("proposed");
    let tally = difference_tally(bureau.tx().await.conn(), id).await.expect("a tally");
    assert_eq!((tally.len(), tally[0].0), (1, Cause::MovedOut));
    // The other county knows what was paid here.
    let mut engine = bureau.db.begin_engine().await.expect("the engine");
    let (there, all) = (AreaId::new(4), AssertionId::new(i64::MAX));
    let history = runs_store::history(engine.conn(), ITEM, there, (3, 5), all, None)
        .await
        .expect("a history");
    assert!(history.paid_to(person(1))[0].elsewhere);
}

#[tokio::test]
async fn a_past_month_is_read_as_it_was_known() {
    let bureau = Bureau::new(3).await;
    let people = village(3);
    bureau
        .say(vec![(person(3), AWARD, FactValue::Fen(Fen::from_yuan(40)), day("2026-04-01"))])
        .await;
    let before = bureau.mark().await;
    let then = bureau.history_as_of(before, None).await;
    let id = locked(&bureau, &june(), &people).await;
    bureau.send(id).await.expect("sent");
    let locked = bureau.mark().await;
    bureau.answer(id, &[(person(1), Answer::Returned)]).await.expect("answered");
    bureau.say(vec![(person(3), AWARD, FactValue::Fen(Fen::ZERO), day("2026-07-01"))]).await;
    let mut tx = bureau.tx().await;
    let back = [(month("2026-06"), Fen::from_yuan(40))];
    for _ in 0..2 {
        note_recovered(tx.conn(), person(2), ITEM, &back, "recovery/1/1", now())
            .await
            .expect("noted");
    }
    tx.commit().await.expect("commit");
    let again = bureau.history_as_of(before, None).await;
    assert!(again.paid.is_empty());
    assert_eq!(again.granted, then.granted);
    assert_eq!(again.granted[&person(3)].len(), 1);
    let at_lock = bureau.history_as_of(locked, None).await;
    assert!(at_lock.paid.values().flatten().all(|it| it.state == PaidState::Live));
    assert_eq!(at_lock.paid.values().flatten().count(), 5);
    let today = bureau.history(None).await;
    assert_eq!(today.paid_to(person(1))[0].state, PaidState::Returned);
    assert_eq!(net_paid(today.paid_to(person(2)), month("2026-06")), Fen::ZERO);
    assert_eq!(today.granted[&person(3)].len(), 2);
}

#[tokio::test]
async fn nothing_that_was_proposed_or_paid_can_be_changed_by_the_service() {
    let bureau = Bureau::new(3).await;
    let people = village(3);
    locked(&bureau, &june(), &people).await;
    for statement in [
        "UPDATE pay_line SET current_fen = 1",
        "DELETE FROM pay_line",
        "DELETE FROM pay_segment",
        "UPDATE pay_segment SET amount_fen = 1",
        "DELETE FROM pay_run_move",
        "UPDATE pay_run SET current_fen = 1",
        "DELETE FROM pay_answer",
    ] {
        let mut tx = bureau.tx().await;
        assert!(store::as_service(&mut tx, statement).await.is_err(), "{statement}");
    }
    // Past every right, a changed line is noticed before it is locked.
    let july = Bench::new("2026-07", bureau.history(None).await);
    let id = bureau.propose(&july, &people).await.expect("proposed");
    bureau.freeze(id, &july, &people).await.expect("frozen");
    store::force(
        &bureau.db,
        &format!("UPDATE pay_line SET account = sha256('mine') WHERE run_id = {id} AND no = 1"),
    )
    .await
    .expect("forced");
    assert!(sentence(bureau.lock(id).await).starts_with("批次内容与冻结时不一致"));
    bureau.db.check().await.expect("every table of people is guarded");
}

#[tokio::test]
async fn a_village_sees_its_lines_and_moves_nothing_and_another_county_sees_nothing() {
    let bureau = Bureau::new(3).await;
    let (bench, people) = (june(), village(3));
    let id = locked(&bureau, &bench, &people).await;
    let within = async |area: i64, role| {
        let actor = system_actor(&bureau.db, AreaId::new(area), role).await.expect("actor");
        bureau.db.begin(&actor.scope).await.expect("a transaction")
    };
    let mut tx = within(VILLAGE, Role::VillageWorker).await;
    assert_eq!(line_history(tx.conn(), person(1), 9, 0).await.expect("history").len(), 1);
    assert_eq!(lines(tx.conn(), id, &LineFilter::default(), 9, 0).await.expect("lines").len(), 3);
    let by = &bureau.cashier;
    let dropped = runs_store::drop_run(&mut tx, id, 4, by, now(), "不该").await;
    assert!(matches!(dropped, Err(Trouble::NotFound)), "{dropped:?}");
    let mut tx = within(4, Role::CountyApprover).await;
    assert_eq!(lines(tx.conn(), id, &LineFilter::default(), 9, 0).await.expect("lines"), []);
    assert!(matches!(runs_store::run(tx.conn(), id).await, Err(Trouble::NotFound)));
    assert_eq!(by_place_and_band(tx.conn(), id).await.expect("places"), []);
    assert_eq!(paid_months(tx.conn(), &[person(1)]).await.expect("months"), []);
}

#[tokio::test]
async fn two_locks_at_the_same_moment_pay_a_month_once() {
    let bureau = Bureau::new(3).await;
    let people = village(3);
    let (june, july) = (june(), Bench::new("2026-07", History::default()));
    let mut ids = Vec::new();
    for bench in [&june, &july] {
        let id = bureau.propose(bench, &people).await.expect("proposed");
        bureau.freeze(id, bench, &people).await.expect("frozen");
        ids.push(id);
    }
    let (one, two) = tokio::join!(bureau.lock(ids[0]), bureau.lock(ids[1]));
    assert_eq!(i32::from(one.is_ok()) + i32::from(two.is_ok()), 1, "{one:?} {two:?}");
    let history = bureau.history(None).await;
    assert!(
        people
            .iter()
            .all(|it| { net_paid(history.paid_to(it.id), month("2026-06")) == Fen::from_yuan(40) })
    );
    bureau.proves().await;
}
