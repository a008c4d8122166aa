//! 回盘: what the bank said of the lines, and what that does to the money.

use std::collections::HashMap;

use access::Actor;
use db::{OrTrouble, Tx};
use kernel::{
    AccountId, AreaId, Fen, Month, Now, PersonId, RunId, Transfer, TransferAct, TransferId, Trouble,
};
use ledger::Standing;
use sqlx::{PgConnection, query, query_scalar};

use super::acts::{book, release, transfer_of};
use super::read::held_run;
use crate::run::Run;
use crate::{Answer, Release, RunState};

const CHUNK_ROWS: usize = 5_000;

/// What the bank says of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineAnswer {
    /// Whose line.
    pub person: PersonId,
    /// 成功, 退汇 or 未明.
    pub outcome: Answer,
    /// Stored word of the cause; empty unless returned.
    pub cause: String,
    /// The bank's own words.
    pub words: String,
}

/// What came of a bank return.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Answered {
    /// Paid by this return.
    pub paid: u64,
    /// Returned by this return.
    pub returned: u64,
    /// Noted as unknown; nothing happens to the money.
    pub unknown: u64,
    /// Said before, or less than what was said before: nothing happens.
    pub repeated: u64,
}

/// 登记回盘: paid posts the line's money, returned gives it free (or brings it back, months after
/// it was posted) and its months are owed again, unknown only stands there. Said twice is said
/// once.
///
/// # Errors
/// Refused when the run is not at the bank, when a line is not in it or is named twice, and when a
/// line that came back is said to be paid.
#[doc(alias = "回盘")]
pub async fn answer(
    tx: &mut Tx,
    id: RunId,
    answers: &[LineAnswer],
    return_id: Option<i64>,
    by: &Actor,
    at: Now,
) -> Result<Answered, Trouble> {
    let run = held_run(tx.conn(), id).await?;
    if !matches!(run.state, RunState::Sent | RunState::Settled) {
        return Err(Trouble::refused(
            format!("这个批次{}，还没有交银行，不能登记回盘。", run.state.chinese()),
            "请核对回盘文件是哪一批的。",
        ));
    }
    let known = known(tx.conn(), id, answers).await?;
    let mut done = Answered::default();
    let (mut fresh, mut paid, mut back) = (Vec::new(), Vec::new(), Vec::new());
    for one in answers {
        let line = known.get(&one.person).ok_or_else(|| not_in(answers, &known))?;
        match (line.said, one.outcome) {
            (Some(Answer::Returned), Answer::Paid) => return Err(was_returned(line)),
            (Some(said), outcome) if said == outcome => done.repeated += 1,
            (Some(_), Answer::Unknown) => done.repeated += 1,
            (_, outcome) => {
                fresh.push((one, line.answers + 1, line.area_pos));
                match outcome {
                    Answer::Paid => paid.push(one.person),
                    Answer::Returned => back.push(one.person),
                    Answer::Unknown => done.unknown += 1,
                }
            }
        }
    }
    for chunk in fresh.chunks(CHUNK_ROWS) {
        note(tx.conn(), &run, chunk, return_id, by.account, at).await?;
    }
    let transfers: Vec<TransferId> = paid.iter().map(|it| transfer_of(&run, *it)).collect();
    ledger::post_all(tx.conn(), &transfers, &format!("run/{id}"), at).await?;
    give_back(tx.conn(), &run, &back, &known, at).await?;
    done.paid = u64::try_from(paid.len()).map_err(Trouble::fault)?;
    done.returned = u64::try_from(back.len()).map_err(Trouble::fault)?;
    Ok(done)
}

/// A line as the bank's answers find it.
struct Known {
    name: String,
    area_pos: i32,
    amount: Fen,
    said: Option<Answer>,
    answers: i32,
}

async fn known(
    conn: &mut PgConnection,
    run: RunId,
    answers: &[LineAnswer],
) -> Result<HashMap<PersonId, Known>, Trouble> {
    let people: Vec<PersonId> = answers.iter().map(|it| it.person).collect();
    let rows = query!(
        r#"SELECT l.person_id AS "person: PersonId", p.name, l.area_pos,
                  l.current_fen + l.arrears_fen AS "amount!: Fen", a.outcome AS "outcome?",
                  coalesce(a.no, 0) AS "no!"
           FROM pay_line l JOIN person p ON p.person_id = l.person_id
           LEFT JOIN LATERAL (SELECT no, outcome FROM pay_answer
                              WHERE run_id = l.run_id AND person_id = l.person_id
                              ORDER BY no DESC LIMIT 1) a ON true
           WHERE l.run_id = $1 AND l.person_id = ANY($2)"#,
        run.get(),
        &people as &[PersonId]
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    let mut known = HashMap::with_capacity(rows.len());
    for r in rows {
        let word = |code: &str| {
            Answer::from_code(code).ok_or_else(|| Trouble::fault("pay_answer.outcome"))
        };
        let said = r.outcome.as_deref().map(word).transpose()?;
        let (name, area_pos, amount, answers) = (r.name, r.area_pos, r.amount, r.no);
        known.insert(r.person, Known { name, area_pos, amount, said, answers });
    }
    let mut named = people;
    named.sort_unstable();
    if named.windows(2).any(|two| two[0] == two[1]) {
        return Err(Trouble::refused(
            "回盘里同一人出现了两次，没有登记。",
            "请向银行核实后重新取回盘文件。",
        ));
    }
    Ok(known)
}

fn not_in(answers: &[LineAnswer], known: &HashMap<PersonId, Known>) -> Trouble {
    let strangers = answers.iter().filter(|it| !known.contains_key(&it.person)).count();
    Trouble::refused(
        format!("回盘里有 {strangers} 人不在这个批次里，没有登记。"),
        "请核对回盘文件是哪一批的。",
    )
}

fn was_returned(line: &Known) -> Trouble {
    Trouble::refused(
        format!("{}的这一笔已登记退汇，不能再登记成功。", line.name),
        "请向银行核实；退汇的月份会在下一批重发。",
    )
}

async fn note(
    conn: &mut PgConnection,
    run: &Run,
    fresh: &[(&LineAnswer, i32, i32)],
    return_id: Option<i64>,
    by: AccountId,
    at: Now,
) -> Result<(), Trouble> {
    let people: Vec<PersonId> = fresh.iter().map(|(it, ..)| it.person).collect();
    let numbers: Vec<i32> = fresh.iter().map(|(_, no, _)| *no).collect();
    let places: Vec<i32> = fresh.iter().map(|(.., place)| *place).collect();
    let outcomes: Vec<String> = fresh.iter().map(|(it, ..)| it.outcome.code().to_owned()).collect();
    let causes: Vec<String> = fresh.iter().map(|(it, ..)| it.cause.clone()).collect();
    let words: Vec<String> = fresh.iter().map(|(it, ..)| it.words.clone()).collect();
    query!(
        "INSERT INTO pay_answer (run_id, version, return_id, at, by_account, person_id, no,
             area_pos, outcome, cause, words)
         SELECT $1, $2, $3, $4, $5, * FROM unnest($6::uuid[], $7::integer[], $8::integer[],
             $9::text[], $10::text[], $11::text[])",
        run.id.get(),
        run.version,
        return_id,
        at as Now,
        by as AccountId,
        &people as &[PersonId],
        &numbers,
        &places,
        &outcomes,
        &causes,
        &words
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}

/// Voids what is still pending; what was posted before comes back by a transfer of its own.
async fn give_back(
    conn: &mut PgConnection,
    run: &Run,
    back: &[PersonId],
    known: &HashMap<PersonId, Known>,
    at: Now,
) -> Result<(), Trouble> {
    if back.is_empty() {
        return Ok(());
    }
    let about = format!("run/{}", run.id);
    let ids: Vec<TransferId> = back.iter().map(|it| transfer_of(run, *it)).collect();
    let standing: HashMap<TransferId, Standing> =
        ledger::standing(&mut *conn, &ids).await?.into_iter().collect();
    let posted = |person: &PersonId| {
        matches!(standing.get(&transfer_of(run, *person)), Some(Standing::Posted(_)))
    };
    let (late, pending): (Vec<PersonId>, Vec<PersonId>) = back.iter().partition(|it| posted(it));
    let voids: Vec<TransferId> = pending.iter().map(|it| transfer_of(run, *it)).collect();
    ledger::void_all(&mut *conn, &voids, &about, at).await?;
    if !late.is_empty() {
        let (budget, paid) = book(&mut *conn, run).await?;
        let returns: Vec<Transfer> = late
            .iter()
            .filter_map(|person| Some((person, known.get(person)?)))
            .map(|(person, line)| Transfer {
                id: ledger::made_id(&["return", &transfer_of(run, *person).to_string()]),
                act: TransferAct::Single { debit: paid, credit: budget, amount_fen: line.amount },
                person: Some(*person),
                about: about.clone(),
            })
            .collect();
        ledger::write(&mut *conn, &returns, at).await?;
    }
    release(conn, run, back, Release::Returned, at).await
}

/// 回盘合计
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AnswerTally {
    /// 成功: lines and money.
    pub paid: (i64, Fen),
    /// 退汇
    pub returned: (i64, Fen),
    /// 未明
    pub unknown: (i64, Fen),
    /// 没有回音
    pub open: (i64, Fen),
}

/// What the bank has said of a run's lines so far.
pub async fn answer_tally(conn: &mut PgConnection, run: RunId) -> Result<AnswerTally, Trouble> {
    let rows = query!(
        r#"SELECT a.outcome AS "outcome?", count(*) AS "n!",
                  sum(l.current_fen + l.arrears_fen)::bigint AS "amount!: Fen"
           FROM pay_line l
           LEFT JOIN (SELECT DISTINCT ON (person_id) person_id, outcome FROM pay_answer
                      WHERE run_id = $1 ORDER BY person_id, no DESC) a
                ON a.person_id = l.person_id
           WHERE l.run_id = $1 GROUP BY a.outcome"#,
        run.get()
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    let mut tally = AnswerTally::default();
    for r in rows {
        let sums = (r.n, r.amount);
        match r.outcome.as_deref().and_then(Answer::from_code) {
            Some(Answer::Paid) => tally.paid = sums,
            Some(Answer::Returned) => tally.returned = sums,
            Some(Answer::Unknown) => tally.unknown = sums,
            None => tally.open = sums,
        }
    }
    Ok(tally)
}

/// Which returned lines a list shows.
#[derive(Clone, Debug, Default)]
pub struct ReturnedFilter {
    /// Of a run.
    pub run: Option<RunId>,
    /// Of a cause.
    pub cause: Option<String>,
    /// 滞留: not in a later locked run yet.
    pub only_at_rest: bool,
    /// Of these people.
    pub people: Option<Vec<PersonId>>,
}

/// 退汇明细
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturnedLine {
    /// The run.
    pub run: RunId,
    /// 序号 in it.
    pub no: i32,
    /// Id of the item.
    pub item: String,
    /// Month of the run.
    pub month: Month,
    /// Who.
    pub person: PersonId,
    /// Village.
    pub area: AreaId,
    /// Its place in the area tree.
    pub area_pos: i32,
    /// How much.
    pub amount: Fen,
    /// Stored word of the cause.
    pub cause: String,
    /// The bank's own words.
    pub words: String,
    /// When it was said.
    pub at: Now,
    /// The run that pays it again.
    pub reissued_in: Option<RunId>,
}

/// Lines that came back, the newest first.
pub async fn returned_lines(
    conn: &mut PgConnection,
    filter: &ReturnedFilter,
    limit: i64,
    offset: i64,
) -> Result<Vec<ReturnedLine>, Trouble> {
    let rows = query!(
        r#"SELECT a.run_id, l.no, run.item, run.month AS "month: Month",
                  a.person_id AS "person: PersonId", l.area_id AS "area: AreaId", l.area_pos,
                  l.current_fen + l.arrears_fen AS "amount!: Fen", a.cause, a.words,
                  a.at AS "at: Now", again.run_id AS "again?"
           FROM pay_answer a JOIN pay_run run ON run.id = a.run_id
           JOIN pay_line l ON l.run_id = a.run_id AND l.person_id = a.person_id
           LEFT JOIN LATERAL (
               SELECT later.run_id FROM pay_segment s
               JOIN pay_segment later ON later.person_id = s.person_id AND later.item = s.item
                    AND later.month = s.month AND later.sequence > s.sequence
               WHERE s.person_id = a.person_id AND s.item = run.item AND s.run_id = a.run_id
                 AND NOT EXISTS (SELECT 1 FROM pay_release r
                                 WHERE (r.person_id, r.item, r.month, r.sequence)
                                     = (later.person_id, later.item, later.month, later.sequence))
               ORDER BY later.run_id LIMIT 1) again ON true
           WHERE a.outcome = 'returned' AND ($1::bigint IS NULL OR a.run_id = $1)
             AND ($2::text IS NULL OR a.cause = $2)
             AND (NOT $3 OR again.run_id IS NULL)
             AND ($4::uuid[] IS NULL OR a.person_id = ANY($4))
           ORDER BY a.run_id DESC, l.no LIMIT $5 OFFSET $6"#,
        filter.run.map(RunId::get),
        filter.cause,
        filter.only_at_rest,
        filter.people.as_deref() as Option<&[PersonId]>,
        limit,
        offset
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    let line = rows.into_iter().map(|r| ReturnedLine {
        run: RunId::new(r.run_id),
        no: r.no,
        item: r.item,
        month: r.month,
        person: r.person,
        area: r.area,
        area_pos: r.area_pos,
        amount: r.amount,
        cause: r.cause,
        words: r.words,
        at: r.at,
        reissued_in: r.again.map(RunId::new),
    });
    Ok(line.collect())
}

/// How many lines [`returned_lines`] has.
pub async fn count_returned(
    conn: &mut PgConnection,
    filter: &ReturnedFilter,
) -> Result<(i64, Fen), Trouble> {
    let row = query!(
        r#"SELECT count(*) AS "n!",
                  coalesce(sum(l.current_fen + l.arrears_fen), 0)::bigint AS "amount!: Fen"
           FROM pay_answer a JOIN pay_run run ON run.id = a.run_id
           JOIN pay_line l ON l.run_id = a.run_id AND l.person_id = a.person_id
           WHERE a.outcome = 'returned' AND ($1::bigint IS NULL OR a.run_id = $1)
             AND ($2::text IS NULL OR a.cause = $2)
             AND ($4::uuid[] IS NULL OR a.person_id = ANY($4))
             AND (NOT $3 OR NOT EXISTS (
               SELECT 1 FROM pay_segment s
               JOIN pay_segment later ON later.person_id = s.person_id AND later.item = s.item
                    AND later.month = s.month AND later.sequence > s.sequence
               WHERE s.person_id = a.person_id AND s.item = run.item AND s.run_id = a.run_id
                 AND NOT EXISTS (SELECT 1 FROM pay_release r
                                 WHERE (r.person_id, r.item, r.month, r.sequence)
                                     = (later.person_id, later.item, later.month,
                                        later.sequence))))"#,
        filter.run.map(RunId::get),
        filter.cause,
        filter.only_at_rest,
        filter.people.as_deref() as Option<&[PersonId]>
    )
    .fetch_one(conn)
    .await
    .or_trouble()?;
    Ok((row.n, row.amount))
}

/// 退汇原因 of a filter's choices: the causes that the scope has, by word.
pub async fn returned_causes(conn: &mut PgConnection) -> Result<Vec<String>, Trouble> {
    query_scalar!("SELECT DISTINCT cause FROM pay_answer WHERE outcome = 'returned' ORDER BY cause")
        .fetch_all(conn)
        .await
        .or_trouble()
}
