//! Deciding a row of the desk and taking it back, each in one transaction.

use std::sync::atomic::{AtomicBool, Ordering};

use access::{Actor, AuditEntry, record};
use db::Tx;
use duties::duty_id;
use facts::batches::{self, Original};
use facts::desk::{self, By, Decision, DeskRow, RowState};
use facts::people::{self, NewPerson};
use facts::{Voice, normalise};
use kernel::{BatchId, DutyChange, DutyId, DutyOpening, Fen, Life, PersonId, Trouble};
use sm3::{Digest, Sm3};

use super::duty_kinds::MATCH_CHECK;
use crate::App;

/// What the form of a row says.
#[derive(Clone, Debug)]
pub(super) enum Choice {
    /// 是同一人, and whether the row's number is noted.
    Same(PersonId, bool),
    /// 都不是, and whether the row makes a new person known.
    None(bool),
    /// 请村里核实
    Ask(PersonId),
}

/// Decides a row as it was when the page was made: `seq` counts its decisions until then.
pub(super) async fn decide(
    app: &App,
    actor: &Actor,
    (batch, row_no): (BatchId, u32),
    seq: i32,
    choice: Choice,
    reason: &str,
) -> Result<(), Trouble> {
    let mut tx = app.db().begin(&actor.scope).await?;
    let mut row = desk::row(&mut tx, app.vault(), batch, row_no).await?;
    row.seq = seq;
    let original = applied(&mut tx, batch).await?;
    let layout = app
        .layout(&original.supplier)
        .ok_or_else(|| Trouble::refused("这个来源的版式已经不在了。", "请联系系统管理员。"))?;
    let voice = Voice {
        supplier: &layout.id,
        rank: layout.rank,
        as_of: Some(original.as_of),
        statement: None,
    };
    let asked = match row.state {
        RowState::Asked(_, duty) => Some(duty),
        _ => None,
    };
    let decision = decision_of(app, &mut tx, &row, layout.creates_people, choice).await?;
    let by = By { account: Some(actor.account), at: app.now(), reason, follows: None };
    desk::decide(&mut tx, app.vault(), voice, &row, &decision, by).await?;
    if let Some(duty) = asked {
        duties::write(tx.conn(), &[DutyChange::CauseGone(duty)], app.now()).await?;
    }
    if let Decision::Ask { person, duty } = decision {
        ask(app, &mut tx, &row, &original, person, duty).await?;
    }
    let note = format!("第 {row_no} 行：{}。{reason}", said(&decision));
    let entry = AuditEntry::new(actor, app.now(), "人工比对", format!("batch/{batch}")).note(&note);
    record(tx.conn(), &entry).await?;
    show_life(app, &mut tx, &row, person_of(&decision)).await?;
    tx.commit().await?;
    look_anew(app);
    Ok(())
}

/// The file, which must be applied still.
async fn applied(tx: &mut Tx, batch: BatchId) -> Result<Original, Trouble> {
    let state = batches::batch(tx.conn(), batch).await?.state;
    if state != batches::BatchState::Applied {
        return Err(Trouble::Conflict(format!("这份文件{}，不用再比对。", state.chinese())));
    }
    batches::original(tx.conn(), batch).await?.ok_or(Trouble::NotFound)
}

async fn decision_of(
    app: &App,
    tx: &mut Tx,
    row: &DeskRow,
    creates_people: bool,
    choice: Choice,
) -> Result<Decision, Trouble> {
    if let Choice::Same(person, _) | Choice::Ask(person) = choice
        && !row.candidates.contains(&person)
    {
        return Err(Trouble::refused("还没有选是哪一位。", "请先选一位候选人。"));
    }
    Ok(match choice {
        Choice::Same(person, note_number) => Decision::Same { person, note_number },
        Choice::None(false) => Decision::None,
        Choice::None(true) if creates_people => {
            Decision::Created { person: make_known(app, tx, row).await? }
        }
        Choice::None(true) => {
            return Err(Trouble::refused("这个来源的文件不能新建档案。", "请不要勾选新建。"));
        }
        Choice::Ask(person) => {
            Decision::Ask { person, duty: duty_of(row.batch, row.row_no, row.seq, person) }
        }
    })
}

fn said(decision: &Decision) -> &'static str {
    match decision {
        Decision::Same { note_number: true, .. } => "是同一人，并记下号码",
        Decision::Same { .. } => "是同一人",
        Decision::None => "都不是",
        Decision::Created { .. } => "都不是，新建档案",
        Decision::Ask { .. } => "请村里核实",
    }
}

fn person_of(decision: &Decision) -> Option<PersonId> {
    match decision {
        Decision::Same { person, .. } | Decision::Created { person } => Some(*person),
        Decision::None | Decision::Ask { .. } => None,
    }
}

/// The person whom a row of a register makes known, when its number is nobody's.
async fn make_known(app: &App, tx: &mut Tx, row: &DeskRow) -> Result<PersonId, Trouble> {
    let remedy = "请退回来源部门更正号码后重新报送。";
    let (Some(newcomer), Some(number)) = (&row.content.newcomer, row.content.number()) else {
        return Err(Trouble::refused("这一行没有完整的身份证号，不能新建档案。", remedy));
    };
    let index = app.vault().number_index(&number);
    let areas = app.areas();
    let find = people::Find::Number(number);
    if !people::find(tx.conn(), app.vault(), &areas, &find, 1, 0).await?.is_empty() {
        return Err(Trouble::refused("这个身份证号已有档案，不能再建一份。", "请选“是同一人”。"));
    }
    let batch = batches::batch(tx.conn(), row.batch).await?;
    let area = areas.node(newcomer.area).ok_or(Trouble::NotFound)?;
    let person = NewPerson {
        id: people::person_id(app.vault(), batch.area, &index),
        name: newcomer.name.clone(),
        name_key: normalise::name(&newcomer.name)
            .map_or_else(|| newcomer.name.clone(), |name| name.value.key),
        initials: normalise::pinyin_initials(&newcomer.name),
        birth: number.birth(),
        sex: number.sex(),
        number,
        area: area.id,
        area_pos: area.lo,
    };
    people::put_people(tx, app.vault(), std::slice::from_ref(&person)).await?;
    Ok(person.id)
}

/// The duty by which the village is asked: one for each time a row is asked about.
fn duty_of(batch: BatchId, row_no: u32, seq: i32, person: PersonId) -> DutyId {
    duty_id(MATCH_CHECK.id, person, None, &basis(batch, row_no, seq))
}

fn basis(batch: BatchId, row_no: u32, seq: i32) -> [u8; 32] {
    Sm3::digest(format!("desk/{batch}/{row_no}/{seq}").as_bytes()).into()
}

async fn ask(
    app: &App,
    tx: &mut Tx,
    row: &DeskRow,
    original: &Original,
    person: PersonId,
    id: DutyId,
) -> Result<(), Trouble> {
    let today = app.now().day();
    let card = people::card(tx.conn(), person).await?;
    let source = app.source_name(&original.supplier);
    let window = MATCH_CHECK.window_working_days.unwrap_or(0);
    let opening = DutyOpening {
        id,
        kind: MATCH_CHECK.id,
        person,
        item: None,
        cause_code: MATCH_CHECK.id.to_owned(),
        cause: format!(
            "{source} {} 第 {} 行写的“{}”，是不是{}本人",
            original.as_of,
            row.row_no,
            row.content.raw("name"),
            card.name
        ),
        owner_role: MATCH_CHECK.owner,
        owner_area: card.area,
        opened_on: today,
        due_on: app.calendar().due(today, window)?,
        amount_fen: Fen::ZERO,
        monthly_fen: Fen::ZERO,
        basis: basis(row.batch, row.row_no, row.seq),
    };
    duties::write(tx.conn(), &[DutyChange::Open(opening)], app.now()).await
}

/// 撤销: takes back one of the actor's own last decisions.
pub(super) async fn undo(
    app: &App,
    actor: &Actor,
    (batch, row_no): (BatchId, u32),
    seq: i32,
) -> Result<(), Trouble> {
    let mut tx = app.db().begin(&actor.scope).await?;
    let own = desk::recent(tx.conn(), actor.account, crate::desk_lines::RECENT).await?;
    let mine = own.iter().any(|it| (it.batch, it.row_no, it.seq) == (batch, row_no, seq));
    if !mine {
        return Err(Trouble::refused(
            "只能撤销自己最近 20 次里还有效的比对。",
            "别人的比对请告诉本人撤销；更早的请在档案上更正。",
        ));
    }
    let row = desk::row(&mut tx, app.vault(), batch, row_no).await?;
    let note = format!("第 {row_no} 行：撤销“{}”", row.state.chinese());
    let entry = AuditEntry::new(actor, app.now(), "撤销比对", format!("batch/{batch}")).note(&note);
    let statement = record(tx.conn(), &entry).await?;
    let by = By { account: Some(actor.account), at: app.now(), reason: "", follows: None };
    let was = desk::undo(&mut tx, app.vault(), &row, by, statement, &app.ranks()).await?;
    let person = match was {
        RowState::Asked(_, duty) => {
            duties::write(tx.conn(), &[DutyChange::CauseGone(duty)], app.now()).await?;
            None
        }
        RowState::Same(person) | RowState::Created(person) => Some(person),
        RowState::Waiting | RowState::None => None,
    };
    show_life(app, &mut tx, &row, person).await?;
    tx.commit().await?;
    look_anew(app);
    Ok(())
}

/// Shows what the claims of death amount to, where the row has something to say to them. It looks
/// at everybody of the scope, so it is not done for nothing.
async fn show_life(
    app: &App,
    tx: &mut Tx,
    row: &DeskRow,
    person: Option<PersonId>,
) -> Result<(), Trouble> {
    let Some(person) = person else { return Ok(()) };
    let says = |kind: &str| row.content.facts.iter().any(|fact| fact.kind == kind);
    let dead = match people::card(tx.conn(), person).await {
        Ok(card) => card.life != Life::Living,
        Err(Trouble::NotFound) => false,
        Err(trouble) => return Err(trouble),
    };
    if says("death_date") || (says("last_seen") && dead) {
        crate::show_lives(app, tx).await?;
    }
    Ok(())
}

/// Decisions that the running reconcilers have not seen.
static AGAIN: AtomicBool = AtomicBool::new(false);

/// Lets the reconcilers run beside the desk, so that the next pair comes at once. Decisions that
/// come while they run make them run once more.
fn look_anew(app: &App) {
    AGAIN.store(true, Ordering::SeqCst);
    let app = app.clone();
    tokio::spawn(async move {
        while AGAIN.load(Ordering::SeqCst) {
            let Some(work) = app.parts().works.start("desk", app.wall()) else { return };
            while AGAIN.swap(false, Ordering::SeqCst) {
                if let Err(trouble) = (app.parts().after_facts)(app.clone()).await {
                    tracing::error!(cause = %trouble, "the reconcilers failed after the desk");
                }
            }
            work.end(Ok(()));
        }
    });
}
