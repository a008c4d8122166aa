//! One application: the form on the left, the proof on the right.

use access::{Action, Actor, may};
use axum::Extension;
use axum::extract::State;
use cases::MoveDef;
use findings::award_kind;
use kernel::{CaseId, Month, Trouble};
use policy::Item;
use webkit::{Answer, Crumbs, Field, FieldKind, Form, Line, Link, Page, Part, PostButton};

use super::apply::{form_for, last_signs};
use super::desk::{self, Row};
use super::queue::{state_chip, sum};
use super::typed::typed_of;
use super::views::{OnePage, Proof, ProofLine};
use crate::applying::{FLOW, Judged, PREFILLED, REFUSED, RETURNED};
use crate::applying::{Filled, WAITING_ACCOUNT};
use crate::links::{self, At};
use crate::{App, Evidence, conditions, shell, words};

/// One application.
pub(crate) async fn one(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(id): At<CaseId>,
) -> Answer<Page<OnePage>> {
    let mut tx = app.db().begin(&actor.scope).await?;
    let row = desk::row(&app, &mut tx, &actor, id).await?;
    let evidence = Evidence::of(&app, &mut tx, row.card.id).await?;
    let item = desk::item(&app, &row.case, &row.card);
    let month = row.judged.as_ref().map_or(app.now().day().month(), |it| it.month);
    let proof = item.map(|item| proof(&app, &evidence, item, month)).transpose()?;
    let barred = barred(&app, &mut tx, &actor, &row).await?;
    drop(tx);
    let acts = if barred.is_some() { Acts::default() } else { acts(&app, &actor, &row, item) };
    let today = app.now().day();
    let state = Line::from(state_chip(&row));
    let state = match row.case.owner.and_then(|owner| Some((owner, owner.due_on?))) {
        Some((owner, due)) => state
            .text(format!(" 由{}办理，期限 {due} ", owner.role.chinese()))
            .with(Part::Chip(words::due_chip(due, today))),
        None => state,
    };
    Ok(Page::new(OnePage {
        shell: shell::shell(&app, &actor, &links::applications::queue()).await?,
        crumbs: Crumbs {
            above: vec![Link::new("申领办理", links::applications::queue())],
            here: format!("第 {} 号", row.case.number),
        },
        title: format!("{}申请{}", row.card.name, row.item),
        state,
        pays: row.judged.as_ref().and_then(|it| it.terms.as_ref()).map_or_else(String::new, sum),
        gaps: if row.case.owner.is_some() { row.gaps.join("；") } else { String::new() },
        form: form(&app, &evidence, &row),
        barred,
        main: acts.main,
        others: acts.others,
        papers: papers(&row),
        print: may(actor.role, Action::DecideDuties).then(|| {
            let print = links::applications::part(id, "print");
            PostButton::new(print, &actor.csrf, "打印申请审批表").class("btn")
        }),
        history: history(&row),
        proof: proof.unwrap_or_default(),
    }))
}

fn papers(row: &Row) -> Vec<Link> {
    let part = |part| links::applications::part(row.case.id, part);
    let mut papers = vec![Link::new("看申请审批表", part("sheet"))];
    if row.case.state == REFUSED {
        papers.push(Link::new("打印不予批准告知书", part("notice")));
    }
    papers
}

/// Every condition with its sources, the sums and the clauses.
pub(super) fn proof(
    app: &App,
    evidence: &Evidence,
    item: &Item,
    month: Month,
) -> Result<Proof, Trouble> {
    let explained = evidence.explain(app, item, month)?;
    let sources = conditions(app, evidence, &explained);
    let per = item.per.chinese();
    let amounts = explained.amounts.iter();
    Ok(Proof {
        amounts: amounts.map(|it| (it.text.clone(), format!("{per} {}", it.amount))).collect(),
        conditions: explained
            .conditions
            .iter()
            .zip(sources)
            .map(|(line, source)| ProofLine {
                mark: line.mark(),
                asked: line.asked.clone(),
                found: line.found.clone(),
                source: source.evidence,
            })
            .collect(),
        basis: explained
            .basis
            .iter()
            .map(|it| format!("《{}》{}：{}", it.title, it.citation.clause, it.citation.says))
            .collect(),
        sentence: explained.sentence,
        changes: explained.changes,
    })
}

/// Why the reader may not decide what their role decides; none when they may, or never do.
async fn barred(
    app: &App,
    tx: &mut db::Tx,
    actor: &Actor,
    row: &Row,
) -> Result<Option<String>, Trouble> {
    let Some(hand) = desk::hand_at(&row.case.state, actor.role) else { return Ok(None) };
    let today = app.now().day();
    match cases::may_decide(tx.conn(), actor, &row.case, hand, today).await {
        Ok(()) => Ok(None),
        Err(Trouble::Refused(refusal)) => Ok(Some(refusal.to_string())),
        Err(trouble) => Err(trouble),
    }
}

/// 申请表, as it was last written.
fn form(app: &App, evidence: &Evidence, row: &Row) -> Vec<(String, Line)> {
    let today = app.now().day();
    let card = &row.card;
    let mut lines: Vec<(&str, Line)> = vec![
        ("老人", Line::from(Link::new(&card.name, links::elder(card.id)))),
        ("性别年龄", card.sex_and_age(today).as_str().into()),
        ("户籍", app.areas().spoken(card.area).as_str().into()),
        ("身份证号", card.number.to_string().as_str().into()),
    ];
    if let Some(written) = &row.written {
        let it = &written.filled;
        lines.push(("怎么来的", it.channel.chinese().into()));
        if let Some((how, on)) = it.consent {
            lines.push(("本人同意", format!("{}，{on}", how.chinese()).as_str().into()));
        }
        if let Some(helper) = &it.helper {
            let said = format!("{}（{}），电话 {}", helper.name, helper.relation, helper.phone);
            lines.push(("代办人", said.as_str().into()));
        }
        lines.push(("收款账户", account(app, evidence, it).as_str().into()));
        if !it.note.is_empty() {
            lines.push(("说明", it.note.as_str().into()));
        }
        let signed = format!("{} {}，第 {} 稿", written.by, written.at, written.version);
        lines.push(("填表", signed.as_str().into()));
    }
    lines.into_iter().map(|(term, line)| (term.to_owned(), line)).collect()
}

/// Into which account, by its last signs.
pub(super) fn account(app: &App, evidence: &Evidence, filled: &Filled) -> String {
    match &filled.account {
        Some(new) => {
            let name =
                if new.name.is_empty() { String::new() } else { format!("，户名 {}", new.name) };
            let signs = access::last_signs(&new.number);
            format!("{}的账户，尾号 {signs}{name}（另报）", new.holder.chinese())
        }
        None if !filled.has_account => "还没有".to_owned(),
        None => match last_signs(app, evidence) {
            Some(signs) => format!("部门登记的账户，尾号 {signs}"),
            None => "部门登记里没有了".to_owned(),
        },
    }
}

/// What the reader can do: the usual act, and the others folded under their headings.
#[derive(Default)]
struct Acts {
    main: Option<Form>,
    others: Vec<(String, Form)>,
}

fn acts(app: &App, actor: &Actor, row: &Row, item: Option<&Item>) -> Acts {
    let Some(item) = item.filter(|item| award_kind(item).is_some()) else {
        return Acts::default();
    };
    let mut others = Vec::new();
    let moves: Vec<&MoveDef> = FLOW.may(&row.case.state, actor.role).collect();
    let has = |id: &str| moves.iter().any(|it| it.id == id);
    let form = |part: &'static str, label: &str| {
        let action = links::applications::part(row.case.id, part);
        Form::new(action, &actor.csrf, label).hidden("seen", row.case.moves.to_string())
    };
    let mut main = None;
    if has("pass_to_publicity") {
        let mut pass = form("pass", "审核通过，看下一件").main();
        if row.written.as_ref().is_some_and(|it| it.filled.account.is_some()) {
            let label = "已核对存折或社保卡原件，账号户名无误";
            pass = pass.field(Field::new("account_checked", label, FieldKind::Check));
        }
        main = can_pay(row.judged.as_ref()).then_some(pass);
        let mut back = reasons(form("return", "退回补正"), "return");
        if row.returned() > 0 {
            let label = "已电话说明缺什么";
            back = back.field(Field::new("called", label, FieldKind::Check));
        }
        others.push(("退回补正".to_owned(), back));
        let reject = reasons(form("reject", "审核不通过"), "reject");
        others.push(("审核不通过".to_owned(), reject));
    }
    if has("approve") {
        let approve = form("approve", "批准，看下一件").main();
        main = can_pay(row.judged.as_ref()).then_some(approve);
        let back = reasons(form("send-back", "退回乡镇重审"), "send_back");
        others.push(("退回乡镇重审".to_owned(), back));
        let refuse = reasons(form("refuse", "不予批准"), "refuse");
        others.push(("不予批准".to_owned(), refuse));
    }
    let fills = matches!(row.case.state.as_str(), PREFILLED | WAITING_ACCOUNT | RETURNED);
    if fills && has("submit") && may(actor.role, Action::AcceptCases) {
        let signs = row.judged.as_ref().and_then(|it| it.account.clone()).map(|_| "已登记".into());
        let action = links::applications::part(row.case.id, "form");
        let typed = row.written.as_ref().map(|it| typed_of(&it.filled)).unwrap_or_default();
        let form = form_for(app, actor, item, action, signs).with_typed(&typed, &[]);
        main = Some(form.hidden("seen", row.case.moves.to_string()));
    }
    if has("withdraw") {
        let form =
            form("withdraw", "撤回申请").field(Field::new("note", "为什么撤回", FieldKind::Lines));
        others.push(("撤回申请".to_owned(), form));
    }
    Acts { main, others }
}

fn can_pay(judged: Option<&Judged>) -> bool {
    judged.is_some_and(|it| it.terms.is_some())
}

/// The reasons of a move, one box each, and what else is to be said.
fn reasons(form: Form, action: &str) -> Form {
    let codes = FLOW.move_by_id(action).map_or(&[][..], |it| it.codes);
    let form = codes.iter().fold(form, |form, code| {
        let name = format!("code-{}", code.id);
        form.field(Field::new(&name, code.label, FieldKind::Check).optional())
    });
    form.field(Field::new("note", "说明", FieldKind::Lines).optional())
}

fn history(row: &Row) -> Vec<(String, String)> {
    let told = row.moves.iter().rev().map(|it| {
        let def = FLOW.move_by_id(&it.action);
        let label = def.map_or("建立申请", |def| def.label);
        let codes: Vec<&str> =
            it.codes.iter().filter_map(|code| def.and_then(|def| def.code(code))).collect();
        let mut text = label.to_owned();
        if !codes.is_empty() {
            text = format!("{text}：{}", codes.join("、"));
        }
        if !it.note.is_empty() {
            text = format!("{text}。{}", it.note);
        }
        (format!("{} {}（{}）", it.at, it.by, it.role.chinese()), text)
    });
    told.collect()
}
