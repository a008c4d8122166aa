//! 发放: the budget, the month's run through all its hands, and the file for the bank.

use std::time::Duration;

use kernel::{RunId, Trouble};
use payroll::RunState;
use payroll::store::{self as runs, RunFilter};

use super::Player;
use super::claims::ITEM;
use super::html::Form;

/// The document that gives the year's money.
const DOCUMENT: &str = "松财社〔2026〕12号";

/// 预算指标 of the year, in yuan: seven months of the county's allowance.
const BUDGET_YUAN: &str = "4500000.00";

const BETWEEN_LOOKS: Duration = Duration::from_millis(200);

/// A minute of looks: a county is worked out in seconds.
const MOST_LOOKS: usize = 300;

/// 预算指标: one person enters the document, another one confirms it.
pub(super) async fn allot(player: &mut Player<'_>) -> Result<(), Trouble> {
    player.work.step("下达预算指标", 0);
    let clerk = player.somebody("caiwu").await?;
    if !clerk.get("/funds/entries").await?.read.text.contains(DOCUMENT) {
        let form = clerk.get(&format!("/funds/entries/new?item={ITEM}")).await?;
        let form = form.form_to("/funds/entries")?;
        let form = form.with("amount", BUDGET_YUAN).with("document", DOCUMENT);
        clerk.send(&form).await?;
    }
    let treasury = player.somebody("caizheng").await?;
    let list = treasury.get("/funds/entries").await?;
    for entry in list.links_to("/funds/entries/").into_iter().map(str::to_owned).collect::<Vec<_>>()
    {
        let page = treasury.get(&entry).await?;
        let confirms = |form: &Form| form.choices("outcome").any(|it| it == "confirm");
        if let Some(form) = page.form(confirms) {
            treasury.send(&form).await?;
        }
    }
    player.tell("高龄津贴 2026 年预算指标已下达、已确认");
    Ok(())
}

/// Who does which act on a run, what that is called, and what is filled in.
type Part = (&'static str, &'static str, &'static str, &'static [(&'static str, &'static str)]);

/// 拟制 to 交银行: every hand does its part, when it is its turn.
pub(super) async fn pay(player: &mut Player<'_>) -> Result<RunId, Trouble> {
    let run = propose(player).await?;
    let place = format!("/pay/{run}");
    let hands: [Part; 7] = [
        ("caiwu", "freeze", "冻结", &[]),
        ("caiwu", "lock", "第一人锁定", &[]),
        ("shenpi", "lock-again", "第二人锁定", &[]),
        ("caiwu", "request", "申请资金", &[]),
        ("caizheng", "review", "财政审核", &[("decision", "pass")]),
        ("caiwu", "voucher", "登记支付凭证", &[("note", "松财支〔2026〕0612号")]),
        ("caiwu", "bank-file", "交银行", &[]),
    ];
    for (login, act, words, filled) in hands {
        player.work.step(words, 0);
        let at = if act == "bank-file" { format!("{place}/{act}") } else { place.clone() };
        let clerk = player.somebody(login).await?;
        let page = clerk.get(&at).await?;
        let Ok(mut form) = page.form_to(&format!("{place}/{act}")) else { continue };
        for (name, value) in filled {
            form = form.with(name, value);
        }
        clerk.send_patiently(&form).await?;
        player.tell(words);
    }
    sent(player, run).await?;
    Ok(run)
}

/// The month's run: the one that is there, or a new one.
async fn propose(player: &mut Player<'_>) -> Result<RunId, Trouble> {
    player.work.step("拟制发放批次", 0);
    if let Some(run) = newest(player).await? {
        return Ok(run);
    }
    let clerk = player.somebody("caiwu").await?;
    let form = clerk.get("/pay").await?.form_to("/pay")?;
    let form = form.with("item", ITEM).with("month", &super::june().to_string());
    clerk.send(&form).await?;
    for _ in 0..MOST_LOOKS {
        if let Some(run) = newest(player).await? {
            player.tell(&format!("已拟制第 {run} 批"));
            return Ok(run);
        }
        let page = player.somebody("caiwu").await?.get("/pay").await?;
        if page.form_to("/pay").is_ok() && newest(player).await?.is_none() {
            let said: Vec<&str> = page.read.text.lines().filter(|it| it.contains('。')).collect();
            let remedy = "请打开“月度发放”页查看。";
            return Err(Trouble::refused(format!("没有拟制成：{}", said.join("")), remedy));
        }
        tokio::time::sleep(BETWEEN_LOOKS).await;
    }
    Err(Trouble::refused("拟制发放批次超过一分钟。", "请打开“月度发放”页查看进度。"))
}

/// The run of the month that is not dropped.
async fn newest(player: &Player<'_>) -> Result<Option<RunId>, Trouble> {
    let actor = player.auditor().await?;
    let mut tx = player.app.db().begin(&actor.scope).await?;
    let filter = RunFilter {
        item: Some(ITEM.to_owned()),
        month: Some(super::june()),
        ..RunFilter::default()
    };
    let found = runs::runs(tx.conn(), &filter, 20, 0).await?;
    Ok(found.iter().find(|run| run.state != RunState::Dropped).map(|run| run.id))
}

/// Refuses to call a month done that is not, with what its page says.
async fn sent(player: &mut Player<'_>, run: RunId) -> Result<(), Trouble> {
    let actor = player.auditor().await?;
    let mut tx = player.app.db().begin(&actor.scope).await?;
    let state = runs::run(tx.conn(), run).await?.state;
    drop(tx);
    if matches!(state, RunState::Sent | RunState::Settled) {
        return Ok(());
    }
    let page = player.somebody("caiwu").await?.get(&format!("/pay/{run}")).await?;
    let text = page.read.text;
    let blocked = text.split_once("还不能冻结").map_or("", |(_, after)| after);
    let why: Vec<&str> = blocked.lines().filter(|line| line.contains('。')).take(3).collect();
    Err(Trouble::refused(
        format!("这一批停在“{}”。{}", state.chinese(), why.join("")),
        "请打开这一批的网页查看。",
    ))
}

/// The bytes that the bank gets, as the page gives them.
pub(super) async fn bank_file(player: &mut Player<'_>, run: RunId) -> Result<Vec<u8>, Trouble> {
    let clerk = player.somebody("caiwu").await?;
    let page = clerk.get(&format!("/pay/{run}/bank-file")).await?;
    let form = page.form_to(&format!("/pay/{run}/bank-file/download"))?;
    Ok(clerk.receive(&form).await?.bytes.to_vec())
}
