//! Two files side by side, what hangs on each, and what can be done about them.

use access::Actor;
use axum::Extension;
use axum::extract::State;
use db::Tx;
use facts::merge::{self, Hangs, Merge, Step};
use facts::people::{self, PersonCard};
use facts::{Fact, desk};
use kernel::{PersonId, ResidentNumber, Sex, Trouble};
use webkit::{Answer, Chip, Choice, Crumbs, Field, FieldKind, Form, Line, Link, Page, Tone};

use super::list::tone;
use super::views::{PairPage, SaidRow};
use crate::links::At;
use crate::{App, links, shell, words};

/// One of the two.
struct Side {
    card: PersonCard,
    number: Option<ResidentNumber>,
    hangs: Hangs,
    facts: Vec<Fact>,
}

async fn side(app: &App, tx: &mut Tx, person: PersonId) -> Result<Side, Trouble> {
    let card = people::card(tx.conn(), person).await?;
    let number = desk::numbers(tx, app.vault(), &[person]).await?.pop().flatten();
    let hangs = merge::hangs_on(tx.conn(), person).await?;
    let facts = facts::facts_of(tx.conn(), person).await?;
    Ok(Side { card, number, hangs, facts })
}

pub(super) async fn pair(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At((person, other)): At<(PersonId, PersonId)>,
) -> Answer<Page<PairPage>> {
    if person == other {
        return Err(Trouble::NotFound.into());
    }
    let mut tx = app.db().begin(&actor.scope).await?;
    let sides = [side(&app, &mut tx, person).await?, side(&app, &mut tx, other).await?];
    let merge = merge::between(tx.conn(), person, other).await?;
    let cleared = merge::cleared(tx.conn(), person, other).await?;
    drop(tx);
    let joined = sides[0].card.id == sides[1].card.id;
    let state = match (&merge, &cleared) {
        (Some(it), _) if it.step == Step::Proposed || joined => {
            Some(Chip::new(tone(it.step), it.step.chinese()))
        }
        (_, Some(_)) => Some(Chip::new(Tone::Ok, "已认定不是同一人")),
        (Some(it), None) => Some(Chip::new(tone(it.step), it.step.chinese())),
        (None, None) => None,
    };
    let open = merge.as_ref().is_some_and(|it| it.step == Step::Proposed);
    let mut said: Vec<SaidRow> = merge.iter().flat_map(said_rows).collect();
    said.extend(cleared.iter().map(|(who, at, reason)| SaidRow {
        by: format!("{who}，{at}"),
        text: format!("不是同一人：{reason}"),
    }));
    Ok(Page::new(PairPage {
        shell: shell::shell(&app, &actor, &links::duplicates()).await?,
        crumbs: Crumbs {
            above: vec![Link::new("疑似重复人员", links::duplicates())],
            here: sides[0].card.name.clone(),
        },
        title: if joined {
            format!("{}：两份档案已合并", sides[0].card.name)
        } else {
            format!("{}：是不是同一人", sides[0].card.name)
        },
        sentence: sentence(&sides, merge.as_ref(), joined),
        state,
        rows: if joined { Vec::new() } else { rows(&app, &sides) },
        kept: joined.then(|| Link::new("看合并后的档案", links::elder(sides[0].card.id))),
        main: main_form(&app, &actor, (person, other), &sides, merge.as_ref(), joined),
        second: second_form(&actor, (person, other), open, joined, cleared.is_some()),
        said,
    }))
}

fn said_rows(merge: &Merge) -> Vec<SaidRow> {
    let rows = merge.said.iter().map(|said| SaidRow {
        by: format!("{}，{}", said.who, said.at),
        text: format!("{}：{}", word(said.step), said.reason),
    });
    rows.collect()
}

const fn word(step: Step) -> &'static str {
    match step {
        Step::Proposed => "提出合并",
        Step::Confirmed => "复核同意，已合并",
        Step::Refused => "复核不同意",
        Step::Undone => "拆开",
    }
}

fn sentence(sides: &[Side; 2], merge: Option<&Merge>, joined: bool) -> String {
    if joined {
        return "两份档案的信息现在合在一份里，原来的每一条记录都还在；合错了可以拆开，各归各的。"
            .to_owned();
    }
    let paid = |side: &Side| side.facts.iter().any(|fact| fact.kind.starts_with("award."));
    let both = sides.iter().all(paid);
    let warning = if both {
        "两份档案都在发放待遇，合并前请先核对是否重复发放。"
    } else {
        ""
    };
    match merge {
        Some(merge) if merge.step == Step::Proposed => {
            let kept = if merge.kept == sides[0].card.id { "左边" } else { "右边" };
            format!("有人提出保留{kept}这份，另一份并入，要由另一人复核。{warning}")
        }
        _ => format!(
            "请对照后判断。合并由一人提出、另一人复核；合并后号码和链接都指向保留的档案，待办重新核对。{warning}"
        ),
    }
}

fn compared(label: &str, one: String, other: String, same: Option<bool>) -> Vec<Line> {
    let mut right = Line::from(other);
    if let Some(same) = same {
        let (tone, text) = if same { (Tone::Ok, "一致") } else { (Tone::Bad, "不一致") };
        right = right.text(" ").chip(tone, text);
    }
    vec![Line::from(label), Line::from(one), right]
}

fn rows(app: &App, sides: &[Side; 2]) -> Vec<Vec<Line>> {
    let areas = app.areas();
    let [a, b] = sides;
    let row = |label: &str, of: &dyn Fn(&Side) -> String| {
        let (one, other) = (of(a), of(b));
        let same = one == other;
        compared(label, one, other, Some(same))
    };
    let birth = |side: &Side| {
        side.card.birth.map_or_else(|| "不知道".to_owned(), |birth| birth.to_string())
    };
    let mut rows = vec![
        row("姓名", &|side| side.card.name.clone()),
        compared(
            "身份证号",
            a.card.number.to_string(),
            b.card.number.to_string(),
            a.number.zip(b.number).map(|(a, b)| a == b),
        ),
        row("出生日期", &birth),
        row("性别", &|side| side.card.sex.map_or("不知道", Sex::chinese).to_owned()),
        row("户籍", &|side| areas.spoken(side.card.area)),
        row("现在的状态", &|side| side.card.life.chinese().to_owned()),
    ];
    let own = ["name", "sex", "birth_date", "hukou_area"];
    let mut kinds: Vec<&str> =
        sides.iter().flat_map(|side| &side.facts).map(|fact| fact.kind.as_str()).collect();
    kinds.retain(|kind| !own.contains(kind));
    kinds.sort_unstable();
    kinds.dedup();
    for kind in kinds {
        let best = |side: &Side| {
            let fact = side.facts.iter().find(|fact| fact.kind == kind);
            fact.map_or_else(|| "（没有）".to_owned(), |fact| words::value_words(fact, &areas))
        };
        rows.push(compared(words::label(kind), best(a), best(b), None));
    }
    let hangs = |side: &Side| {
        format!(
            "{} 条事实，来自 {} 份文件；{} 件未办、{} 件已办；{} 个号码",
            side.hangs.facts,
            side.hangs.files,
            side.hangs.open_duties,
            side.hangs.closed_duties,
            side.hangs.numbers
        )
    };
    rows.push(compared("档案里有", hangs(a), hangs(b), None));
    let link = |side: &Side| Line::new().link("看一人一档", links::elder(side.card.id));
    rows.push(vec![Line::from("档案"), link(a), link(b)]);
    rows
}

fn reason_field(label: &str, hint: &str) -> Field {
    Field::new("reason", label, FieldKind::Lines).hint(hint)
}

fn main_form(
    app: &App,
    actor: &Actor,
    (person, other): (PersonId, PersonId),
    sides: &[Side; 2],
    merge: Option<&Merge>,
    joined: bool,
) -> Option<Form> {
    let form = |part, words: &str| {
        Form::new(links::duplicate_part(person, other, part), &actor.csrf, words)
    };
    let hint = "会记入审计，例如：公安更正了号码，是同一人。";
    match merge {
        Some(it) if joined && it.step == Step::Confirmed => {
            Some(form("undo", "拆开，各归各的").field(reason_field("为什么拆开", hint)))
        }
        _ if joined => None,
        Some(it) if it.step == Step::Proposed && it.proposed_by == actor.account => None,
        Some(it) if it.step == Step::Proposed => Some(
            form("confirm", "同意，合并这两份档案").main().field(reason_field("复核意见", hint)),
        ),
        _ => {
            let (areas, today) = (app.areas(), app.now().day());
            let choices = sides.iter().map(|side| {
                let about = format!(
                    "{}，{}，{} 条事实",
                    side.card.sex_and_age(today),
                    areas.spoken(side.card.area),
                    side.hangs.facts
                );
                Choice::new(side.card.id.to_string(), format!("保留 {}", side.card.number))
                    .hint(about)
            });
            Some(
                form("propose", "提出合并，请另一人复核")
                    .main()
                    .field(Field::new("keep", "保留哪一份", FieldKind::Radio(choices.collect())))
                    .field(reason_field("为什么是同一人", hint)),
            )
        }
    }
}

fn second_form(
    actor: &Actor,
    (person, other): (PersonId, PersonId),
    open: bool,
    joined: bool,
    cleared: bool,
) -> Option<Form> {
    let form = |part, words: &str, label: &str| {
        let action = links::duplicate_part(person, other, part);
        Form::new(action, &actor.csrf, words).field(Field::new(
            "ground",
            label,
            FieldKind::Text("off"),
        ))
    };
    match (joined, open, cleared) {
        (true, ..) => None,
        (_, true, _) => Some(form("refuse", "不同意合并", "为什么不合并")),
        (.., true) => Some(form("unclear", "撤回这个认定，重新列出", "为什么撤回")),
        _ => Some(form("clear", "不是同一人，不再列出", "根据什么判断")),
    }
}
