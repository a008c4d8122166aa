//! One complaint: what was said, why things are as they are, and what can be done now.

use access::{Action, Actor, may};
use axum::Extension;
use axum::extract::State;
use cases::{Case, Move};
use facts::people::PersonCard;
use kernel::{CaseId, FactValue, Hand, Trouble};
use webkit::{Answer, Choice, Crumbs, Field, FieldKind, Form, Line, Link, Page, Part, PostButton};

use super::domain::{Finding, Kind, Reply, channel_chinese};
use super::flow::{ANSWERED, FLOW, IN_REVIEW, RECEIVED, REVIEW_DAYS};
use super::pages::{self, content, opened, place, state_chip};
use super::register::{case_words, linked, works};
use super::store::{self, Answered, Stored, Which};
use super::told::told;
use super::views::{AnswerBox, ComplaintPage};
use crate::applying::OBJECTED;
use crate::links::{self, At};
use crate::runs::item_name;
use crate::{App, shell, words};

/// Kind of the fact by which a payment is held because somebody objects.
pub(super) const HOLD: &str = "hold.objection";

/// A complaint with its case, whom it is about and what it is linked to.
pub(super) struct Found {
    pub(super) stored: Stored,
    pub(super) case: Case,
    pub(super) card: PersonCard,
    pub(super) kind: Kind,
    pub(super) about: Option<Case>,
}

impl Found {
    /// The application that waits for the answer.
    pub(super) fn frozen(&self) -> Option<&Case> {
        self.about.as_ref().filter(|case| case.state == OBJECTED)
    }
}

/// One complaint of the scope.
pub(super) async fn find(app: &App, tx: &mut db::Tx, id: CaseId) -> Result<Found, Trouble> {
    let today = app.now().day();
    let which = Which { case: Some(id), ..Which::default() };
    let found = store::complaints(tx.conn(), &which, today, (1, 0)).await?;
    let stored = found.into_iter().next().ok_or(Trouble::NotFound)?;
    let kind = Kind::from_code(&stored.kind)
        .ok_or_else(|| Trouble::fault(format!("complaint {id}: unknown kind")))?;
    let about = match linked(&stored.about) {
        Some(case) => Some(cases::case(tx.conn(), case).await?),
        None => None,
    };
    Ok(Found {
        case: cases::case(tx.conn(), id).await?,
        card: facts::people::card(tx.conn(), stored.person).await?,
        kind,
        about,
        stored,
    })
}

/// Whether a payment of the elder is held because somebody objects.
pub(super) async fn held(tx: &mut db::Tx, it: &Found) -> Result<bool, Trouble> {
    let facts = facts::facts_of(tx.conn(), it.card.id).await?;
    let hold = facts.iter().find(|fact| fact.kind == HOLD);
    Ok(hold.is_some_and(|fact| fact.value == FactValue::Bool(true)))
}

/// The page.
pub(crate) async fn page(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(id): At<CaseId>,
) -> Answer<Page<ComplaintPage>> {
    let today = app.now().day();
    let mut tx = app.db().begin(&actor.scope).await?;
    let it = find(&app, &mut tx, id).await?;
    let answers = store::answers(tx.conn(), id).await?;
    let moves = cases::moves(tx.conn(), &[id]).await?;
    let held = held(&mut tx, &it).await?;
    let told = told(&app, &mut tx, &it.card).await?;
    let barred = barred(&app, &mut tx, &actor, &it).await;
    drop(tx);
    let mut state = Line::from(state_chip(&it.stored.state));
    if let Some(due_on) = it.stored.due_on {
        state = state.text(" ").with(Part::Chip(words::due_chip(due_on, today)));
    }
    let answered = !answers.is_empty();
    let print =
        PostButton::new(links::complaints::part(id, "print"), &actor.csrf, "打印答复").class("btn");
    Ok(Page::new(ComplaintPage {
        shell: shell::shell(&app, &actor, &links::complaints::complaints()).await?,
        crumbs: Crumbs {
            above: vec![Link::new("异议与投诉", links::complaints::complaints())],
            here: format!("第 {} 号", it.stored.number),
        },
        title: format!("{}：{}", it.card.name, it.kind.chinese()),
        state,
        print: (answered && works(&actor)).then_some(print),
        acts: acts(&actor, &it, answered),
        facts: facts(&app, &it, held)?,
        told,
        answers: answers.iter().map(|a| answer_box(&app, id, a)).collect::<Result<_, _>>()?,
        forms: forms(&actor, &it, held, barred.is_some()),
        barred,
        history: moves.iter().map(line).collect(),
    }))
}

/// Why the actor cannot answer or review, when they could by their role.
async fn barred(app: &App, tx: &mut db::Tx, actor: &Actor, it: &Found) -> Option<String> {
    let hand = match it.stored.state.as_str() {
        RECEIVED => Hand::Reviews,
        IN_REVIEW => Hand::Approves,
        _ => return None,
    };
    let action = if hand == Hand::Reviews { "answer" } else { "review" };
    FLOW.step(&it.stored.state, action, actor.role).ok()?;
    let today = app.now().day();
    match cases::may_decide(tx.conn(), actor, &it.case, hand, today).await {
        Err(Trouble::Refused(refusal)) => Some(refusal.to_string()),
        _ => None,
    }
}

fn acts(actor: &Actor, it: &Found, answered: bool) -> Vec<Link> {
    let mut acts = vec![Link::new("看一人一档", links::elder(it.card.id))];
    if may(actor.role, Action::SeePay) {
        acts.push(Link::new("看发放记录", links::pay_runs::payments(it.card.id)));
    }
    if answered {
        acts.push(Link::new("看答复书", links::complaints::part(it.stored.case, "reply")));
    }
    acts
}

fn facts(app: &App, it: &Found, held: bool) -> Result<Vec<(String, Line)>, Trouble> {
    let said = content(app, &it.stored)?;
    let nobody = |text: String| if text.is_empty() { "没有留".to_owned() } else { text };
    let place = app.areas().spoken(it.card.area);
    let mut facts = vec![
        ("受理编号", Line::from(format!("第 {} 号", it.stored.number))),
        (
            "老人",
            Line::from(Link::new(&it.card.name, links::elder(it.card.id))).text(" ").small(place),
        ),
        ("内容", said.words.as_str().into()),
        ("反映人", nobody(said.by).as_str().into()),
        ("联系电话", nobody(said.contact).as_str().into()),
        ("怎么来的", channel_chinese(&it.stored.channel).into()),
        ("收到", it.stored.opened_at.to_string().as_str().into()),
    ];
    if let Some(about) = &it.about {
        facts.push(("关于", case_words(app, &it.card, about).as_str().into()));
    } else if let Some(words) = month_words(app, &it.stored.about) {
        facts.push(("关于", words.as_str().into()));
    }
    if held {
        facts.push(("发放", "因异议暂缓".into()));
    }
    let owner = pages::owner(app, &it.stored);
    if !owner.is_empty() {
        facts.push(("谁办", owner.as_str().into()));
    }
    if let Some(day) = it.stored.due_on {
        facts.push(("期限", day.chinese().as_str().into()));
    }
    Ok(facts.into_iter().map(|(term, words)| (term.to_owned(), words)).collect())
}

/// `2026 年 6 月发放的高龄津贴`
fn month_words(app: &App, about: &str) -> Option<String> {
    let mut parts = about.strip_prefix("run/")?.split('/');
    let (_, item, month) = (parts.next()?, parts.next()?, parts.next()?);
    let month: kernel::Month = month.parse().ok()?;
    Some(format!("{}发放的{}", month.chinese(), item_name(app, item)))
}

/// An answer, opened.
pub(super) fn reply(app: &App, case: CaseId, it: &Answered) -> Result<Reply, Trouble> {
    opened(app, &place(case, &format!("answer/{}", it.no)), (&it.words, it.key_version))
}

fn answer_box(app: &App, case: CaseId, it: &Answered) -> Result<AnswerBox, Trouble> {
    let reply = reply(app, case, it)?;
    Ok(AnswerBox {
        heading: if it.no == 1 { "答复" } else { "复查答复" }.to_owned(),
        finding: Finding::from_code(&it.finding).map_or("", Finding::chinese).to_owned(),
        words: reply.words,
        trace: reply.trace,
        by: format!("{}，{}", it.by, it.at),
    })
}

fn line(it: &Move) -> (String, String) {
    let act = FLOW.move_by_id(&it.action).map_or("登记", |act| act.label);
    let note = if it.note.is_empty() { String::new() } else { format!("：{}", it.note) };
    (it.at.to_string(), format!("{} {act}{note}", it.by))
}

/// What this actor can do with it now; who is barred does not answer.
fn forms(actor: &Actor, it: &Found, held: bool, barred: bool) -> Vec<(String, Form)> {
    let id = it.stored.case;
    let may_move = |action: &str| FLOW.step(&it.stored.state, action, actor.role).is_ok();
    let mut forms: Vec<(String, Form)> = Vec::new();
    for (action, heading) in [("answer", "答复"), ("review", "复查答复")] {
        if may_move(action) && !barred {
            forms.push((heading.to_owned(), answer_form(actor, it, (id, action))));
        }
    }
    if it.stored.state == ANSWERED && works(actor) {
        forms.push(("回访".to_owned(), settle_form(actor, id)));
    }
    if it.kind.may_hold() && may(actor.role, Action::ApproveCases) && it.frozen().is_none() {
        forms.extend(hold_form(actor, it, held));
    }
    if [RECEIVED, ANSWERED, IN_REVIEW].contains(&it.stored.state.as_str()) && works(actor) {
        let form = Form::new(links::complaints::part(id, "withdraw"), &actor.csrf, "登记撤回");
        let field = Field::new("note", "怎么撤回的", FieldKind::Lines);
        forms.push(("本人撤回".to_owned(), form.field(field.hint("谁说的、什么时候、怎么说的。"))));
    }
    forms
}

fn answer_form(actor: &Actor, it: &Found, (id, part): (CaseId, &'static str)) -> Form {
    let findings = Finding::ALL.map(|finding| Choice::new(finding.code(), finding.chinese()));
    let label = if part == "answer" { "记下答复" } else { "记下复查答复" };
    let mut form = Form::new(links::complaints::part(id, part), &actor.csrf, label)
        .main()
        .field(Field::new("finding", "核实结果", FieldKind::Radio(findings.into())))
        .field(Field::new("words", "答复内容", FieldKind::Lines).hint(
            "用老人听得懂的话写：查了什么，结果怎样，接下来怎么办。每一项怎么认定会自动附上。",
        ));
    if it.frozen().is_some() {
        let outcomes = vec![
            Choice::new("returned", "退回补正").hint("材料要补，补了还能办"),
            Choice::new("upheld", "不予批准").hint("不符合条件，会给不予批准告知书"),
        ];
        form = form.field(
            Field::new("application", "属实的，这件申领怎么办", FieldKind::Radio(outcomes))
                .hint("不属实的，申领从停下的地方继续办。")
                .optional(),
        );
    }
    form
}

fn settle_form(actor: &Actor, id: CaseId) -> Form {
    let outcomes = vec![
        Choice::new("satisfied", "认可，办结"),
        Choice::new("dissatisfied", "不认可，转另一人复查")
            .hint(format!("{REVIEW_DAYS} 天内复查，要写明哪里不认可")),
    ];
    Form::new(links::complaints::part(id, "settle"), &actor.csrf, "记下回访")
        .field(Field::new("outcome", "反映人认不认可", FieldKind::Radio(outcomes)))
        .field(Field::new("note", "说明", FieldKind::Lines).optional())
}

/// 暂缓发放 or its end; only while the complaint waits for an answer, or to undo it.
fn hold_form(actor: &Actor, it: &Found, held: bool) -> Option<(String, Form)> {
    let open = [RECEIVED, IN_REVIEW].contains(&it.stored.state.as_str());
    if !held && !open {
        return None;
    }
    let (heading, label, to) = if held {
        ("解除暂缓", "解除暂缓", "0")
    } else {
        ("暂缓发放", "决定暂缓", "1")
    };
    let action = links::complaints::part(it.stored.case, "hold");
    let form = Form::new(action, &actor.csrf, label).hidden("held", to).field(
        Field::new("reason", "理由", FieldKind::Lines)
            .hint("别人反映的，不自动停钱；确要先缓一缓的，写明凭什么。"),
    );
    Some((heading.to_owned(), form))
}
