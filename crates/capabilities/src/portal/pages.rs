use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::{AreaLevel, Day, Month, Refusal};
use policy::{Explanation, Form, Item, List};
use serde::Deserialize;
use webkit::{
    Answer, Assets, Call, Choice, Failure, Line, Link, MenuItem, Open, Page, Paper, Posted,
};

use super::list::{call, gets, groups, hotline, how, terms, youngest};
use super::views::{
    AreasPage, AskField, AskPage, BadPage, ContactCards, HelpPage, ListPage, Part, Poster,
    ResultPage, Told,
};
use crate::interview::{Act, Answers, Check, Given, Outcome, Question, Sent, Typed, UNKNOWN};
use crate::list_words::{clocks, title};
use crate::{App, links};

/// Whose list is asked for: a code, which says nothing about a person.
#[derive(Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    area: String,
}

/// Who is asked where no list says it.
const NOBODY: &str = "当地民政局";

/// A place and the list that holds there.
struct Place<'a> {
    code: String,
    name: String,
    list: Option<&'a List>,
    today: Day,
}

impl<'a> Place<'a> {
    /// The place with this code; the only county there is, when none is given.
    fn find(app: &'a App, code: &str) -> Option<Self> {
        let (areas, today) = (app.areas(), app.now().day());
        let node = if code.is_empty() {
            let mut counties = areas.iter().filter(|node| node.level == AreaLevel::County);
            let first = counties.next().or_else(|| areas.iter().next())?;
            counties.next().is_none().then_some(first)?
        } else {
            areas.with_code(code)?
        };
        let list = app.list_for(node.id, today.month());
        Some(Self { code: node.code.clone(), name: areas.spoken(node.id), list, today })
    }

    fn call(&self) -> Call {
        self.list.map_or_else(|| hotline(NOBODY.to_owned()), |list| call(&list.head))
    }

    fn open(&self, current: &'static str) -> Open {
        let lines =
            [("", "清单"), ("check", "看看能不能享受"), ("notices", "公示"), ("help", "帮助")];
        let item = |(part, text): (&'static str, &str)| MenuItem {
            link: Link::new(text, links::public_of(part, &self.code)),
            count: String::new(),
            current: part == current,
        };
        Open {
            title: format!("{}养老服务", self.name),
            assets: Assets::default(),
            home: links::public_of("", &self.code),
            menu: lines.map(item).into(),
            call: self.call(),
            staff: Link::new("工作人员登录", links::today()),
        }
    }
}

/// The places that can be chosen, where none was or there is no such one.
fn choose(app: &App, status: StatusCode) -> Response {
    let areas = app.areas();
    let link = |node: &access::AreaNode| Link::new(&node.name, links::public_of("", &node.code));
    let counties = areas.iter().filter(|node| node.level == AreaLevel::County).map(|county| {
        let towns = areas.iter().filter(|town| {
            town.level == AreaLevel::Township && areas.within(town.id, county.id) == Some(true)
        });
        (link(county), towns.map(link).collect())
    });
    let mut open = Open {
        title: "养老服务".to_owned(),
        assets: Assets::default(),
        home: links::public(),
        menu: Vec::new(),
        call: hotline(NOBODY.to_owned()),
        staff: Link::new("工作人员登录", links::today()),
    };
    if let Some(place) = Place::find(app, "") {
        open.call = place.call();
    }
    Page::new(AreasPage { open, counties: counties.collect() }).status(status).into_response()
}

pub(super) async fn areas(State(app): State<App>) -> Response {
    choose(&app, StatusCode::OK)
}

pub(super) async fn list(State(app): State<App>, Query(asked): Query<Asked>) -> Response {
    let Some(place) = Place::find(&app, &asked.area) else { return elsewhere(&app, &asked.area) };
    Page::new(ListPage {
        open: place.open(""),
        heading: format!("{}的老人能享受什么", place.name),
        sentence: match place.list {
            Some(list) => format!("按{}。", source(list)),
            None => "这里还没有公布清单。请打下面的电话问。".to_owned(),
        },
        check: links::public_of("check", &place.code),
        poster: links::public_of("poster", &place.code),
        card: links::public_of("card", &place.code),
        areas: links::public().seg("areas"),
        groups: place.list.map(|it| groups(it, place.today.month())).unwrap_or_default(),
    })
    .into_response()
}

/// Nowhere in particular is a question; a place that is not there is not found.
fn elsewhere(app: &App, code: &str) -> Response {
    choose(app, if code.is_empty() { StatusCode::OK } else { StatusCode::NOT_FOUND })
}

/// `《松河县基本养老服务清单（第 4 版）》，松河县民政局发布，2026 年 1 月 1 日起执行`
fn source(list: &List) -> String {
    let head = &list.head;
    format!(
        "《{}》，{}发布，{}起执行",
        title(head),
        head.responsible,
        head.effective_from.chinese()
    )
}

pub(super) async fn poster(State(app): State<App>, Query(asked): Query<Asked>) -> Response {
    let place = Place::find(&app, &asked.area);
    let Some((place, list)) = place.and_then(|it| it.list.map(|list| (it, list))) else {
        return elsewhere(&app, &asked.area);
    };
    let Call { who, number, .. } = call(&list.head);
    Page::new(Poster {
        paper: paper(&place),
        heading: format!("{}的老人能享受什么", place.name),
        groups: groups(list, place.today.month()),
        call: Line::new().text(format!("{who}　{number}")),
        source: source(list),
    })
    .into_response()
}

fn paper(place: &Place<'_>) -> Paper {
    Paper {
        product: format!("{}养老服务", place.name),
        assets: Assets::default(),
        printed: format!("{}印", place.today.chinese()),
        back: Link::new("回到清单", links::public_of("", &place.code)),
    }
}

pub(super) async fn card(State(app): State<App>, Query(asked): Query<Asked>) -> Response {
    let Some(place) = Place::find(&app, &asked.area) else { return elsewhere(&app, &asked.area) };
    let Call { who, number, .. } = place.call();
    let call = Line::new().text(format!("{who} {number}　急救 120"));
    Page::new(ContactCards { paper: paper(&place), place: place.name.clone(), call })
        .into_response()
}

pub(super) async fn help(State(app): State<App>, Query(asked): Query<Asked>) -> Response {
    let Some(place) = Place::find(&app, &asked.area) else { return elsewhere(&app, &asked.area) };
    let items = place.list.map(|list| list.items.as_slice()).unwrap_or_default();
    let waits = items.iter().map(|item| (item.name.clone(), clocks(&item.review)));
    Page::new(HelpPage {
        open: place.open("help"),
        issuer: place.call().who,
        first: "村（社区）养老专干或者乡镇（街道）民政办".to_owned(),
        clocks: waits.filter(|(_, text)| !text.is_empty()).collect(),
        check: links::public_of("check", &place.code),
    })
    .into_response()
}

pub(super) async fn begin(State(app): State<App>, Query(asked): Query<Asked>) -> Response {
    next(&app, &asked.area, &Answers::default())
}

/// A form of the check. What no page of ours sends gets a plain answer and is not looked at.
pub(super) async fn answer(
    State(app): State<App>,
    form: Result<Posted<Vec<(String, String)>>, Failure>,
) -> Answer<Response> {
    let sent = form.ok().and_then(|Posted(fields)| Sent::read(&fields));
    let Some(Sent { area, mut answers, act }) = sent else { return Ok(bad(&app)) };
    let Some(place) = Place::find(&app, &area) else { return Ok(bad(&app)) };
    Ok(match act {
        Act::Change(question) => {
            let typed = answers.get(question).map(Typed::of).unwrap_or_default();
            ask(&place, &answers.without(question), question, &typed, None)
        }
        Act::Answer(question, typed) => match typed.given(question, place.today) {
            Ok(given) => {
                answers.set(question, given);
                next(&app, &area, &answers)
            }
            Err(refusal) => ask(&place, &answers, question, &typed, Some(&refusal)),
        },
    })
}

fn bad(app: &App) -> Response {
    let Some(place) = Place::find(app, "") else { return choose(app, StatusCode::BAD_REQUEST) };
    let again = Link::new("从头再看一次", links::public_of("check", &place.code));
    Page::new(BadPage { open: place.open("check"), again })
        .status(StatusCode::BAD_REQUEST)
        .into_response()
}

/// The next open question, or the result.
fn next(app: &App, area: &str, answers: &Answers) -> Response {
    let place = Place::find(app, area);
    let Some((place, list)) = place.and_then(|it| it.list.map(|list| (it, list))) else {
        return elsewhere(app, area);
    };
    let check = Check::new(list, answers, place.today);
    match check.open().first() {
        Some(question) => ask(&place, answers, question, &Typed::default(), None),
        None => result(&place, list, answers, &check),
    }
}

fn hidden(place: &Place<'_>, answers: &Answers) -> Vec<(String, String)> {
    let area = ("area".to_owned(), place.code.clone());
    let rest = answers.iter().map(|(question, given)| (question.kind.to_owned(), given.sent()));
    std::iter::once(area).chain(rest).collect()
}

fn ask(
    place: &Place<'_>,
    answers: &Answers,
    question: &'static Question,
    typed: &Typed,
    wrong: Option<&Refusal>,
) -> Response {
    let Some(list) = place.list else { return StatusCode::NOT_FOUND.into_response() };
    let name = |text: &str| text.replace("{area}", &list.head.issuer_name);
    let open = Check::new(list, answers, place.today).open();
    let later = open.iter().filter(|it| it.kind != question.kind).count();
    let before = answers.before(question);
    let mut choices: Vec<Choice> =
        question.picks.iter().map(|pick| Choice::new(pick.value, pick.label)).collect();
    choices.push(Choice::new(UNKNOWN, "不知道"));
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Page::new(AskPage {
        open: place.open("check"),
        action: links::public_check(),
        hidden: hidden(place, answers),
        at: match later {
            0 => format!("第 {} 问，最后一问", before.len() + 1),
            later => format!("第 {} 问，后面最多还有 {later} 问", before.len() + 1),
        },
        back: before.last().map(|question| question.kind),
        kind: question.kind,
        ask: name(question.ask),
        hint: name(question.hint),
        error: wrong.map(|refusal| format!("{}{}", refusal.sentence, refusal.remedy)),
        field: if question.is_day() {
            AskField::Day([&typed.year, &typed.month, &typed.day].map(|text| shown(text)))
        } else {
            AskField::Pick(choices, typed.pick.clone())
        },
    })
    .status(status)
    .into_response()
}

/// What was typed stays in the field, but never what may be a resident number.
fn shown(typed: &str) -> String {
    if typed.chars().count() > 4 { String::new() } else { typed.to_owned() }
}

fn result(place: &Place<'_>, list: &List, answers: &Answers, check: &Check<'_>) -> Response {
    let parts = parts(place, check);
    let count =
        |class| parts.iter().find(|part| part.class == class).map_or(0, |it| it.items.len());
    let heading = match (count("ok"), count("soon"), count("unsure")) {
        (0, 0, 0) => "按填的情况，现在没有能享受的项目".to_owned(),
        (0, 0, _) => "还差一些情况才能确定".to_owned(),
        (0, soon, _) => format!("现在还没有，有 {soon} 项快到了"),
        (can, ..) => format!("老人现在能享受 {can} 项"),
    };
    let name = |text: &str| text.replace("{area}", &list.head.issuer_name);
    Page::new(ResultPage {
        open: place.open("check"),
        heading,
        sentence: format!(
            "{}看的，按{}和下面填的情况算。办的时候以审核为准。",
            place.today.chinese(),
            title(&list.head)
        ),
        doubt: doubt(list, answers, place.today),
        parts,
        answers: answers
            .iter()
            .map(|(question, given)| (name(question.short), given.words(), question.kind))
            .collect(),
        action: links::public_check(),
        hidden: hidden(place, answers),
        again: links::public_of("check", &place.code),
        list: links::public_of("", &place.code),
    })
    .into_response()
}

/// Somebody far too young: probably the birth date of whoever fills it in.
fn doubt(list: &List, answers: &Answers, today: Day) -> String {
    let born = Question::of("birth_date").and_then(|question| answers.get(question));
    let youngest = list.items.iter().filter_map(youngest).min();
    let (Some(Given::Day(born)), Some(youngest)) = (born, youngest) else { return String::new() };
    let age = today.full_years_since(born);
    if age + 1 >= youngest {
        return String::new();
    }
    format!(
        "按填的出生日期，老人现在满 {age} 周岁；清单上的待遇最早从 {youngest} 周岁起。\
         要填的是老人本人的出生日期，填错了可以在下面改。"
    )
}

/// Since when; a service is told by whom, because what it is stands above already.
fn since(item: &Item, month: Month, why: Explanation) -> Vec<String> {
    match item.form {
        Form::Cash if !item.bands.is_empty() => vec![why.sentence],
        _ => vec![format!("{}符合，由{}办理。", month.chinese(), item.responsible)],
    }
}

const PARTS: [(&str, &str, &str); 5] = [
    ("ok", "能享受", "符合规定。还没有领、没有办的，请按下面写的去办。"),
    ("soon", "快到了", "到时候就能享受，可以先把材料准备好。"),
    ("unsure", "还差这些才能确定", "弄清下面的情况以后，可以再来看。"),
    ("no", "现在还不能享受", ""),
    ("other", "由其他部门认定和办理", "这里不能判断，请向写明的部门问。"),
];

fn parts(place: &Place<'_>, check: &Check<'_>) -> Vec<Part> {
    let mut parts = PARTS.map(|(class, heading, advice)| Part {
        class,
        heading: heading.to_owned(),
        advice: advice.to_owned(),
        items: Vec::new(),
    });
    let month = place.today.month();
    let mut outcomes = check.outcomes();
    // Money first: it is what people came for.
    outcomes.sort_by_key(|(item, _)| item.form != Form::Cash);
    for (item, outcome) in outcomes {
        let band = |verdict: &policy::Verdict| match verdict {
            policy::Verdict::Entitled { band, .. } => *band,
            _ => usize::MAX,
        };
        let (at, what, lines) = match outcome {
            Outcome::Can(why) => {
                (0, gets(item, band(&why.verdict), month), since(item, month, why))
            }
            Outcome::Soon(from, why) => {
                let what = gets(item, band(&why.verdict), from);
                let wait = format!("还有 {} 个月。", from.months_since(month));
                (1, what, std::iter::once(wait).chain(since(item, from, why)).collect())
            }
            Outcome::Unsure(missing) => {
                let lines = missing.into_iter().map(|(what, how)| format!("{what}：{how}"));
                (2, String::new(), lines.collect())
            }
            Outcome::Not(because, later) => {
                let given = format!("给谁：{}", item.beneficiary);
                let why = format!("因为{}。", because.join("；"));
                let later = later.map(|later| format!("以后：{later}"));
                (3, String::new(), [given, why].into_iter().chain(later).collect())
            }
            Outcome::NotOurs => {
                let who = format!("给谁：{}", item.beneficiary);
                (4, item.content.clone(), vec![who, format!("问谁：{}", item.responsible)])
            }
        };
        let how = if at < 2 { how(item) } else { Vec::new() };
        let terms = if at < 4 { terms(item) } else { Vec::new() };
        parts[at].items.push(Told { name: item.name.clone(), what, lines, how, terms });
    }
    parts.into_iter().filter(|part| !part.items.is_empty()).collect()
}
