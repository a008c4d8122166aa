//! 上报批次: makes room for a run, puts it on record, moves it on and settles it. What comes to
//! pass stands in one transaction with its audit entry.

use std::collections::HashMap;

use access::{Actor, AreaTree, AuditEntry, Sealed, Vault, record};
use db::Tx;
use facts::batches;
use kernel::{AccountId, AreaId, AreaLevel, Fen, Month, Now, Trouble};
use serde::{Deserialize, Serialize};

use crate::flow::{RunKind, RunState};
use crate::layout::{OutLayout, ReceiptLists};
use crate::receipt::{self, RowAnswer};
use crate::rows::{Held, Made, Wanted};
use crate::store::{self, Move, NewRun, Run};

/// As many held rows as are kept one by one; the rest is counted.
const HELD_KEPT: usize = 2_000;

/// 经办: who moves runs, when, and with what.
#[derive(Clone, Copy)]
pub struct Desk<'a> {
    /// Who.
    pub actor: &'a Actor,
    /// When, by the bureau's clock.
    pub now: Now,
    /// Codes and names of places.
    pub areas: &'a AreaTree,
    /// Seals what names people.
    pub vault: &'a Vault,
}

/// What is asked for.
pub struct Order {
    /// 全量, 增量 or 退回重报.
    pub kind: RunKind,
    /// The month that is reported.
    pub month: Month,
    /// The run whose refused rows go out again.
    pub retries: Option<i64>,
}

/// A run to be: who reports, under which number.
pub struct Begun {
    /// The area that reports.
    pub area: AreaId,
    /// How many runs of the layout it has made, with this one.
    pub sequence: i32,
    /// 批次号
    pub number: String,
    /// Which rows it takes.
    pub wanted: Wanted,
}

/// 核对情况: what came of making a run beside its rows. Kept sealed with it.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Notes {
    /// The first rows that cannot go out.
    pub held: Vec<Held>,
    /// Reasons with how many rows each holds, the commonest first.
    pub reasons: Vec<(String, u32)>,
    /// People whom the layout's rule leaves out.
    pub ruled_out: u32,
    /// Rows that the receiver already has so.
    pub unchanged: u32,
    /// Rows asked for that no longer exist.
    pub gone: u32,
}

/// A step of a run, with the word of its audit entry.
pub struct Step<'a> {
    /// Where to.
    pub to: RunState,
    /// The word of the audit entry.
    pub act: &'static str,
    /// How, in words; may be empty.
    pub note: &'a str,
}

/// 批次号: how sender and receiver name a run.
fn run_number(area_code: &str, layout: &str, month: Month, sequence: i32) -> String {
    format!("{area_code}-{layout}-{:04}{:02}-{sequence:03}", month.year(), month.number())
}

/// 批次号 of a run that was made.
pub fn number_of(areas: &AreaTree, run: &Run) -> String {
    let code = areas.node(run.area).map_or("", |node| node.code.as_str());
    run_number(code, &run.layout, run.month.month(), run.sequence)
}

impl Desk<'_> {
    /// Begins a run under a lock that ends with the transaction: an older draft gives way, a run
    /// that may still leave or may have left does not.
    ///
    /// # Errors
    /// A refusal: it is no county that reports, the month is to come, an earlier run is not done,
    /// or nothing is left to be sent again.
    pub async fn begin(
        &self,
        tx: &mut Tx,
        layout: &OutLayout,
        order: &Order,
    ) -> Result<Begun, Trouble> {
        let node = self.areas.node(self.actor.area);
        let node = node
            .filter(|node| node.level <= AreaLevel::County)
            .ok_or_else(|| Trouble::refused("上报按县办理。", "请用县级数据专管账号办理。"))?;
        if order.month > self.now.day().month() {
            return Err(Trouble::refused(
                format!("{}还没有到。", order.month.chinese()),
                "请选本月或以前的月份。",
            ));
        }
        batches::lock(tx.conn(), &format!("report/{}", layout.id), node.id).await?;
        self.make_way(tx, layout, node.id).await?;
        let wanted = wanted(tx, layout, node.id, order).await?;
        let sequence = store::next_sequence(tx.conn(), &layout.id, node.id).await?;
        let number = run_number(&node.code, &layout.id, order.month, sequence);
        Ok(Begun { area: node.id, sequence, number, wanted })
    }

    async fn make_way(&self, tx: &mut Tx, layout: &OutLayout, area: AreaId) -> Result<(), Trouble> {
        for (id, state, no) in store::unfinished(tx.conn(), &layout.id, area).await? {
            if state.holds_up() {
                return Err(Trouble::refused(
                    format!("“{}”上一次的第 {id} 批{}，还没有办完。", layout.name, state.chinese()),
                    "请先办完或作废那一批，避免同一内容报两遍。",
                ));
            }
            let moved = self.moved(no + 1, RunState::Dropped, "重新核对，旧的自动作废");
            store::insert_move(tx.conn(), id, &moved).await?;
        }
        Ok(())
    }

    /// Puts a run on record as a draft, with its rows and its audit entry. The bytes of its file
    /// are kept by the caller under `file_sm3`.
    pub async fn put(
        &self,
        tx: &mut Tx,
        (layout, order, begun): (&OutLayout, &Order, &Begun),
        made: &Made,
        (file_bytes, file_sm3): (usize, [u8; 32]),
    ) -> Result<i64, Trouble> {
        let count = |many: usize| i32::try_from(many).map_err(Trouble::fault);
        let total: Fen = made.rows.iter().map(|row| row.amount).sum();
        let number = &begun.number;
        let file_name = format!("{}_{number}.{}", layout.name, layout.file_kind().0);
        let notes = self.seal(number, &notes_of(made))?;
        let new = NewRun {
            layout: &layout.id,
            area: begun.area,
            area_pos: self.actor.scope.lo(),
            sequence: begun.sequence,
            kind: order.kind,
            month: order.month.first(),
            retries: order.retries,
            file_name: &file_name,
            file_sm3,
            file_bytes: i64::try_from(file_bytes).map_err(Trouble::fault)?,
            row_count: count(made.rows.len())?,
            held_count: count(made.held.len())?,
            total,
            notes: &notes,
            at: self.now,
            by: account(self.actor),
        };
        let id = store::insert_run(tx.conn(), &new).await?;
        store::insert_rows(tx.conn(), id, &made.rows).await?;
        store::insert_move(tx.conn(), id, &self.moved(1, RunState::Draft, "")).await?;
        let entry = AuditEntry::new(self.actor, self.now, "核对上报", format!("report/{id}"))
            .after(&file_sm3)
            .note(format!(
                "{}（{}），可送出 {} 行，不能送出 {} 行",
                layout.name,
                order.kind.chinese(),
                made.rows.len(),
                made.held.len()
            ));
        record(tx.conn(), &entry).await?;
        Ok(id)
    }

    /// Moves a run on, if the graph leads there from where it is, with its audit entry.
    ///
    /// # Errors
    /// A conflict when somebody else was faster.
    pub async fn step(&self, tx: &mut Tx, id: i64, step: &Step<'_>) -> Result<(), Trouble> {
        let run = store::run(tx.conn(), id).await?.ok_or(Trouble::NotFound)?;
        if !run.state.next().contains(&step.to) {
            return Err(Trouble::Conflict(format!(
                "这一批{}，不能改为“{}”。",
                run.state.chinese(),
                step.to.chinese()
            )));
        }
        let moved = self.moved(run.move_no + 1, step.to, step.note);
        store::insert_move(tx.conn(), id, &moved).await?;
        let number = number_of(self.areas, &run);
        let entry = AuditEntry::new(self.actor, self.now, step.act, format!("report/{id}"))
            .after(&run.file_sm3)
            .note(format!("{number} {}", step.note).trim().to_owned());
        record(tx.conn(), &entry).await?;
        Ok(())
    }

    /// 登记回执: what the receiver said of each row, once.
    ///
    /// # Errors
    /// A refusal when the answers do not fit the rows that went out.
    pub async fn settle(
        &self,
        tx: &mut Tx,
        run: &Run,
        (lists, answers): (ReceiptLists, Vec<RowAnswer>),
        receipt_sm3: &[u8; 32],
    ) -> Result<(), Trouble> {
        let answers = receipt::whole(lists, answers, run.row_count)?;
        let refused = answers.iter().filter(|answer| !answer.accepted).count();
        let state = store::run(tx.conn(), run.id).await?.ok_or(Trouble::NotFound)?.state;
        if matches!(state, RunState::Sending | RunState::Unclear) {
            // A receipt proves that it arrived.
            let it =
                Step { to: RunState::Sent, act: "上报送达", note: "凭回执确认已送达" };
            self.step(tx, run.id, &it).await?;
        }
        let to = if refused == 0 { RunState::Settled } else { RunState::PartlyRefused };
        let note = format!("接收 {} 行，退回 {refused} 行", answers.len() - refused);
        self.step(tx, run.id, &Step { to, act: "登记回执", note: &note }).await?;
        store::insert_answers(tx.conn(), run.id, &answers, receipt_sm3).await
    }

    fn moved<'m>(&self, no: i32, state: RunState, note: &'m str) -> Move<'m> {
        Move { no, state, at: self.now, by: account(self.actor), note }
    }

    fn seal(&self, number: &str, notes: &Notes) -> Result<Vec<u8>, Trouble> {
        let clear = serde_json::to_vec(notes).map_err(Trouble::fault)?;
        let sealed = self.vault.seal(&place(number), &clear)?;
        let mut bytes = sealed.key_version.to_be_bytes().to_vec();
        bytes.extend_from_slice(&sealed.bytes);
        Ok(bytes)
    }
}

async fn wanted(
    tx: &mut Tx,
    layout: &OutLayout,
    area: AreaId,
    order: &Order,
) -> Result<Wanted, Trouble> {
    Ok(match (order.kind, order.retries) {
        (RunKind::Retry, Some(run)) => {
            let keys = store::refused_keys(tx.conn(), run).await?;
            if keys.is_empty() {
                return Err(Trouble::refused(
                    "这一批退回的都已经重报过了。",
                    "请到后面的批次查看结果。",
                ));
            }
            let reported = store::reported(tx.conn(), &layout.id, area).await?;
            let (reported, only) = (reported.into_iter().collect(), keys.into_iter().collect());
            Wanted::Since { reported, only: Some(only) }
        }
        (RunKind::Increment, _) => {
            let reported = store::reported(tx.conn(), &layout.id, area).await?;
            Wanted::Since { reported: reported.into_iter().collect(), only: None }
        }
        _ => Wanted::All,
    })
}

/// What came of making the run.
pub fn notes(areas: &AreaTree, vault: &Vault, run: &Run) -> Result<Notes, Trouble> {
    let (version, sealed) = run
        .notes
        .split_first_chunk::<2>()
        .ok_or_else(|| Trouble::fault(format!("report_run.notes of {} is cut", run.id)))?;
    let key_version = i16::from_be_bytes(*version);
    let sealed = Sealed { bytes: sealed.to_vec(), key_version };
    let clear = vault.open(&place(&number_of(areas, run)), &sealed)?;
    serde_json::from_slice(&clear).map_err(Trouble::fault)
}

fn notes_of(made: &Made) -> Notes {
    let mut counted: HashMap<&str, u32> = HashMap::new();
    for reason in made.held.iter().flat_map(|held| &held.reasons) {
        *counted.entry(reason).or_default() += 1;
    }
    let mut reasons: Vec<(String, u32)> =
        counted.into_iter().map(|(reason, count)| (reason.to_owned(), count)).collect();
    reasons.sort_by(|a, b| (b.1, &a.0).cmp(&(a.1, &b.0)));
    Notes {
        held: made.held.iter().take(HELD_KEPT).cloned().collect(),
        reasons,
        ruled_out: made.ruled_out,
        unchanged: made.unchanged,
        gone: made.gone,
    }
}

fn place(number: &str) -> String {
    format!("report_run.notes/{number}")
}

fn account(actor: &Actor) -> Option<AccountId> {
    (actor.account.get() != 0).then_some(actor.account)
}
