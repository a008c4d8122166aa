//! 在线报送 and its answer: once out, asked for, never sent again by itself.

use access::Actor;
use facts::sheet::{Limits, SheetProcess};
use kernel::Trouble;
use outgoing::flow::RunState;
use outgoing::layout::{OutLayout, ReceiptLists};
use outgoing::receipt::{self, RowAnswer};
use outgoing::run::Step;
use outgoing::store::Run;
use signed_http::{Call, CallFault, Line, Outgoing, Receipt};

use crate::App;
use crate::originals::{ClearCopy, keep, kept, sm3};
use crate::reach::{reach, taker};
use crate::runs::{self, desk, number_of, step};

fn connected<'a>(app: &'a App, layout: &OutLayout) -> Result<&'a Line, Trouble> {
    taker(app, layout).filter(|line| line.is_connected()).ok_or_else(|| {
        Trouble::refused("在线报送还没有接通。", "请下载文件人工送出，或请系统管理员配置对接密钥。")
    })
}

/// 在线报送: the state is on record before anything leaves, so that a crash cannot send twice.
pub(super) async fn send(app: &App, actor: &Actor, run: &Run) -> Result<(), Trouble> {
    crate::outgoing_log::unless_frozen(app).await?;
    let layout = runs::layout(app, &run.layout)?;
    let line = connected(app, layout)?;
    let name = line.config().name.clone();
    let bytes = kept(&app.parts().files_dir, app.vault(), &run.file_sm3)?;
    let begin = Step { to: RunState::Sending, act: "在线报送", note: &name };
    step(app, actor, run.id, &begin).await?;
    let (number, id, kind) = (number_of(app, run), layout.id.clone(), layout.file_kind().1);
    let rows = run.row_count;
    let call = Call { act: "send", person: None, purpose: "上报" };
    let answer = reach(app, actor, line, &call, move |exchange, at| {
        let file = Outgoing { number: &number, layout: &id, kind, rows, bytes: &bytes };
        exchange.send(&file, at)
    })
    .await?;
    let (to, note) = match &answer {
        Ok(()) => (RunState::Sent, format!("{name}已收到")),
        Err(fault) if fault.may_have_arrived() => (RunState::Unclear, fault.chinese()),
        Err(fault) => (RunState::Frozen, format!("没有送出：{}", fault.chinese())),
    };
    step(app, actor, run.id, &Step { to, act: "在线报送结果", note: &note }).await
}

/// 查回执: asks what became of a run. Gives what to tell.
pub(super) async fn ask(app: &App, actor: &Actor, run: &Run) -> Result<(), Trouble> {
    let layout = runs::layout(app, &run.layout)?;
    let line = connected(app, layout)?;
    let number = number_of(app, run);
    let call = Call { act: "receipt", person: None, purpose: "查上报回执" };
    let asked = number.clone();
    let answer =
        reach(app, actor, line, &call, move |exchange, at| exchange.receipt(&asked, at)).await?;
    let not_yet = matches!(run.state, RunState::Sending | RunState::Unclear);
    match answer {
        Err(fault) => Err(no_answer(line, &fault)),
        Ok(Receipt::NotArrived) if not_yet => {
            if run.state == RunState::Sending {
                let it = Step {
                    to: RunState::Unclear, act: "在线报送结果", note: "没有等到应答"
                };
                step(app, actor, run.id, &it).await?;
            }
            let note = "对方查无此批，确认没有送达，可以重新送出";
            let it = Step { to: RunState::Frozen, act: "查上报回执", note };
            step(app, actor, run.id, &it).await
        }
        Ok(Receipt::NotArrived) => Err(Trouble::refused(
            format!("{}说没有这一批 {number}。", line.config().name),
            "请与对方核对是否已经送达。",
        )),
        Ok(Receipt::Pending) if not_yet => {
            let it = Step {
                to: RunState::Sent, act: "查上报回执", note: "对方已收到，正在处理"
            };
            step(app, actor, run.id, &it).await
        }
        Ok(Receipt::Pending) => {
            Err(Trouble::refused("对方还在处理，没有回执。", "请过一会儿再查。"))
        }
        Ok(Receipt::Rows(rows)) => {
            let bytes = serde_json::to_vec(&rows).map_err(Trouble::fault)?;
            let answers: Vec<RowAnswer> = serde_json::from_slice(&bytes).map_err(|_| {
                Trouble::refused("回执读不懂，没有登记。", "请与对方系统管理员核对回执格式。")
            })?;
            keep(&app.parts().files_dir, app.vault(), &bytes)?;
            let lists = layout.receipt.lists;
            settle(app, actor, run, (lists, answers), &sm3(&bytes)).await
        }
    }
}

fn no_answer(line: &Line, fault: &CallFault) -> Trouble {
    Trouble::refused(
        format!("没有查到回执：{}。", fault.chinese()),
        format!("请过一会儿再查；一直不行请联系{}。", line.config().department),
    )
}

/// 上传回执: a receipt file is read by a child process, as every foreign file.
pub(super) async fn take_file(
    app: &App,
    actor: &Actor,
    run: &Run,
    bytes: Vec<u8>,
) -> Result<(), Trouble> {
    if !matches!(run.state, RunState::Sent | RunState::Unclear | RunState::Sending) {
        return Err(Trouble::Conflict(format!("这一批{}，不能登记回执。", run.state.chinese())));
    }
    let layout = runs::layout(app, &run.layout)?.receipt.clone();
    let lists = layout.lists;
    let (number, reader, copy) = (number_of(app, run), app.clone(), bytes.clone());
    let read = move || {
        let parts = reader.parts();
        let copy = ClearCopy::of(&parts.files_dir, &copy)?;
        let limits = Limits::default();
        let peek = SheetProcess::peek(&parts.exe, copy.path(), &limits)?;
        let sheet = peek.sheets.iter().position(|sheet| !sheet.hidden).unwrap_or(0);
        let rows = SheetProcess::rows(&parts.exe, copy.path(), sheet, &limits)?;
        let rows = rows.collect::<Result<Vec<_>, _>>()?;
        Ok::<_, Trouble>(receipt::answers_in(&layout, &number, rows.into_iter())?)
    };
    let answers = tokio::task::spawn_blocking(read).await.map_err(Trouble::fault)??;
    keep(&app.parts().files_dir, app.vault(), &bytes)?;
    settle(app, actor, run, (lists, answers), &sm3(&bytes)).await
}

async fn settle(
    app: &App,
    actor: &Actor,
    run: &Run,
    said: (ReceiptLists, Vec<RowAnswer>),
    receipt_sm3: &[u8; 32],
) -> Result<(), Trouble> {
    let areas = app.areas();
    let mut tx = app.db().begin(&actor.scope).await?;
    desk(app, actor, &areas).settle(&mut tx, run, said, receipt_sm3).await?;
    tx.commit().await
}
