//! 追缴: one claim.

use access::{Action, Actor, may};
use axum::Extension;
use axum::extract::State;
use facts::people::PersonCard;
use kernel::{CaseId, Day, Fen};
use webkit::{Answer, Chip, Choice, Crumbs, Form, Line, Link, Page, Tone};

use super::views::{
    ClaimPage, decision_form, notice_form, plan_form, refer_form, repaid_form, set_off_form,
    write_off_form,
};
use crate::claiming::flow::FLOW;
use crate::claiming::{CONTACT, Channel, Claim, Instalment, chip, equal_plan, store};
use crate::links::At;
use crate::runs::item_name;
use crate::shell::shell;
use crate::{App, links, words};

/// One claim.
pub(super) async fn claim(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(id): At<CaseId>,
) -> Answer<Page<ClaimPage>> {
    let mut tx = app.db().begin(&actor.scope).await?;
    let claim = Claim::of(&mut tx, id).await?;
    let card = facts::people::card(tx.conn(), claim.recovery.person).await?;
    let months = store::months(tx.conn(), id).await?;
    let plan = store::instalments(tx.conn(), id).await?;
    let contact = store::contact(tx.conn(), id).await?;
    let write_offs = store::write_offs(tx.conn(), id).await?;
    let moves = cases::moves(tx.conn(), &[id]).await?;
    drop(tx);
    let (it, balance) = (&claim.recovery, claim.balance());
    let today = app.now().day();
    let title = format!("{}：追缴{}", card.name, item_name(&app, &it.item));
    let history = moves.iter().map(|step| (step.at.to_string(), move_words(step)));
    let decisions = write_offs.iter().flat_map(decision_words);
    let mut history: Vec<(String, String)> = history.chain(decisions).collect();
    history.sort();
    Ok(Page::new(ClaimPage {
        shell: shell(&app, &actor, &links::recoveries::list()).await?,
        crumbs: Crumbs {
            above: vec![Link::new("追缴", links::recoveries::list())],
            here: card.name.clone(),
        },
        title,
        state: chip(&claim.case.state),
        sentence: format!("应追 {} 元，尚未追回 {} 元。", it.total, balance.left()),
        papers: papers(id, plan.is_empty()),
        facts: facts(&app, &claim, &card, contact.as_ref()),
        months: months
            .iter()
            .map(|paid| {
                let by = if paid.by_us { "本系统发放" } else { "原发放名册" };
                (paid.month.to_string(), paid.amount_fen.to_string(), by.to_owned())
            })
            .collect(),
        total: it.total.to_string(),
        plan: plan_rows(&plan, &claim, today),
        entries: claim
            .entries
            .iter()
            .map(|it| {
                let how = how(&it.kind, &it.channel).to_owned();
                let by = format!("{}，{}", it.by, it.at);
                [it.on.to_string(), how, it.amount.to_string(), it.note.clone(), by]
            })
            .collect(),
        history,
        forms: forms(&app, &actor, &claim, &write_offs),
    }))
}

fn papers(id: CaseId, no_plan: bool) -> Vec<Link> {
    let mut papers = vec![Link::new("打印追缴通知书", links::recoveries::notice_paper(id))];
    if !no_plan {
        papers.push(Link::new("打印还款协议", links::recoveries::agreement(id)));
    }
    papers
}

fn how(kind: &str, channel: &str) -> &'static str {
    match kind {
        "set_off" => "抵扣",
        "written_off" => "核销",
        _ => Channel::from_code(channel).map_or("退还", Channel::chinese),
    }
}

fn move_words(step: &cases::Move) -> String {
    let label = FLOW.move_by_id(&step.action).map_or("登记", |it| it.label);
    let note = if step.note.is_empty() { String::new() } else { format!("：{}", step.note) };
    format!("{} {label}{note}", step.by)
}

fn decision_words(it: &store::WriteOff) -> Vec<(String, String)> {
    let asked = format!("{} 申请核销 {} 元：{}", it.by, it.amount, it.reason);
    let mut words = vec![(it.at.to_string(), asked)];
    if let Some((granted, by, at, said)) = &it.decided {
        let verdict = if *granted { "同意核销" } else { "不同意核销" };
        words.push((at.to_string(), format!("{by} {verdict}：{said}")));
    }
    words
}

fn facts(
    app: &App,
    claim: &Claim,
    card: &PersonCard,
    contact: Option<&(String, String)>,
) -> Vec<(String, Line)> {
    let it = &claim.recovery;
    let today = app.now().day();
    let who =
        format!("{}（{}，{}）", card.name, card.sex_and_age(today), app.areas().spoken(card.area));
    let day = |day: Option<Day>| day.map_or("不详".to_owned(), |day| day.to_string());
    let balance = claim.balance();
    let mut facts = vec![
        ("老人".to_owned(), Line::from(Link::new(who, links::elder(card.id)))),
        ("生存状态".to_owned(), Line::from(words::life_chip(card.life))),
        ("原因".to_owned(), it.cause.as_str().into()),
        ("去世日期".to_owned(), day(it.died_on).as_str().into()),
        ("得知日期".to_owned(), day(it.known_on).as_str().into()),
        ("登记日期".to_owned(), it.opened_on.to_string().as_str().into()),
        ("已退还".to_owned(), format!("{} 元", balance.repaid).as_str().into()),
        ("已抵扣".to_owned(), format!("{} 元", balance.set_off).as_str().into()),
        ("已核销".to_owned(), format!("{} 元", balance.written_off).as_str().into()),
    ];
    if let Some((relation, sealed)) = contact {
        let clear = app.vault().open_text(CONTACT, sealed).unwrap_or_default();
        let name = clear.lines().next().unwrap_or_default();
        facts.push(("退款人".to_owned(), format!("{name}（{relation}）").as_str().into()));
    }
    if let Some(owner) = &claim.case.owner {
        let due = owner.due_on.map(|due| words::due_chip(due, today));
        let line = Line::from(owner.role.chinese());
        let line = due.map_or(line.clone(), |due| line.with(webkit::Part::Chip(due)));
        facts.push(("谁办".to_owned(), line));
    }
    facts
}

fn plan_rows(
    plan: &[Instalment],
    claim: &Claim,
    today: Day,
) -> Vec<(String, String, String, Chip)> {
    let balance = claim.balance();
    // What came in before the plan was made is not of the plan.
    let planned: Fen = plan.iter().map(|it| it.amount).sum();
    let mut paid = balance.repaid.get() + balance.set_off.get()
        - (balance.total.get() - balance.written_off.get() - planned.get());
    let mut rows = Vec::new();
    for (no, it) in (1..).zip(plan) {
        paid -= it.amount.get();
        let state = if paid >= 0 {
            Chip::new(Tone::Ok, "已还")
        } else if it.due_on < today {
            Chip::new(Tone::Bad, "已过期")
        } else {
            words::due_chip(it.due_on, today)
        };
        rows.push((format!("第 {no} 期"), it.due_on.to_string(), it.amount.to_string(), state));
    }
    rows
}

fn forms(
    app: &App,
    actor: &Actor,
    claim: &Claim,
    write_offs: &[store::WriteOff],
) -> Vec<(String, Form)> {
    let id = claim.case.id;
    let csrf = actor.csrf.as_str();
    let to = |act| links::recoveries::act(id, act);
    let mut forms = Vec::new();
    if claim.case.owner.is_none() {
        return forms;
    }
    let waiting = write_offs.iter().find(|it| it.decided.is_none());
    if may(actor.role, Action::ApproveCases)
        && let Some(asked) = waiting
    {
        let heading = format!("核销审批：{} 元，{}", asked.amount, asked.reason);
        forms.push((heading, decision_form(to("decision"), csrf, asked.no)));
    }
    if !may(actor.role, Action::PreparePay) {
        return forms;
    }
    let today = app.now().day();
    let left = claim.balance().left();
    let now = today.to_string();
    let channels =
        Channel::ALL.into_iter().map(|it| Choice::new(it.code(), it.chinese())).collect();
    if claim.case.state == "opened" {
        forms.push(("送达追缴通知".to_owned(), notice_form(to("notice"), csrf)));
    }
    forms.push(("登记退款".to_owned(), repaid_form(to("repaid"), csrf, channels, &now)));
    if claim.case.state != "referred" {
        let proposal = equal_plan(left, 3, today.month().next().first());
        forms.push(("还款协议".to_owned(), plan_form(to("plan"), csrf, &proposal)));
    }
    forms.push(("抵扣".to_owned(), set_off_form(to("set-off"), csrf, &now)));
    if waiting.is_none() {
        let form = write_off_form(to("write-off"), csrf, &left.to_string());
        forms.push(("申请核销".to_owned(), form));
    }
    if let Some(refer) = FLOW.move_by_id("refer").filter(|it| it.from.contains(&&*claim.case.state))
    {
        let codes = refer.codes.iter().map(|code| Choice::new(code.id, code.label)).collect();
        forms.push(("移送".to_owned(), refer_form(to("refer"), csrf, codes)));
    }
    forms
}
