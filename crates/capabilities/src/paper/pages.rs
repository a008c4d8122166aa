//! The forms of a run and how often each was printed.

use access::{Action, Actor, may};
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use kernel::{AreaId, AreaLevel, RunId, Trouble};
use payroll::store::{self as runs, RunFilter};
use payroll::{Run, RunState};
use serde::Deserialize;
use webkit::{Answer, Column, Crumbs, Line, Link, Page, PostButton, Posted, Table};

use super::views::FormsPage;
use crate::links::At;
use crate::pay::{back, find, headline, sees_people};
use crate::{App, links, print_trace, shell};

/// As many runs as are offered.
const RUNS: i64 = 12;

/// 表单: what a run has on paper. The stored word stands in the trace of prints, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// 月度汇总表
    Summary,
    /// 发放花名册
    Roster,
    /// 新增明细表
    Added,
    /// 停止明细表
    Stopped,
    /// 盖章确认表
    Confirmation,
}

impl Form {
    const ALL: [Self; 5] =
        [Self::Summary, Self::Roster, Self::Added, Self::Stopped, Self::Confirmation];

    /// The word in an address.
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Summary => "summary",
            Self::Roster => "roster",
            Self::Added => "added",
            Self::Stopped => "stopped",
            Self::Confirmation => "confirmation",
        }
    }

    /// The bureau's word.
    pub(super) const fn chinese(self) -> &'static str {
        match self {
            Self::Summary => "发放汇总表",
            Self::Roster => "发放花名册",
            Self::Added => "新增人员明细表",
            Self::Stopped => "停止发放人员明细表",
            Self::Confirmation => "发放确认表",
        }
    }

    fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.code() == code)
    }

    /// Whether it names people.
    const fn names_people(self) -> bool {
        matches!(self, Self::Roster | Self::Added | Self::Stopped)
    }
}

/// What the trace of prints calls a form of a run and a town.
pub(super) fn object(run: RunId, town: Option<AreaId>) -> String {
    town.map_or_else(|| format!("run/{run}"), |town| format!("run/{run}/area/{town}"))
}

/// Of the newest run.
pub(super) async fn newest(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
) -> Answer<Response> {
    let runs = some_runs(&app, &actor).await?;
    match runs.first() {
        Some(run) => Ok(Redirect::to(links::paper::run(run.id).as_str()).into_response()),
        None => Ok(Page::new(page(&app, &actor, None, &[]).await?).into_response()),
    }
}

/// Of one run.
pub(super) async fn of_run(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(id): At<RunId>,
) -> Answer<Page<FormsPage>> {
    let run = find(&app, &actor, id).await?;
    let runs = some_runs(&app, &actor).await?;
    Ok(Page::new(page(&app, &actor, Some(&run), &runs).await?))
}

async fn some_runs(app: &App, actor: &Actor) -> Result<Vec<Run>, Trouble> {
    let mut tx = app.db().begin(&actor.scope).await?;
    let all = runs::runs(tx.conn(), &RunFilter::default(), RUNS, 0).await?;
    Ok(all.into_iter().filter(|run| run.state != RunState::Dropped).collect())
}

async fn page(
    app: &App,
    actor: &Actor,
    run: Option<&Run>,
    runs: &[Run],
) -> Result<FormsPage, Trouble> {
    let all = runs.iter().map(|it| {
        let link = Link::new(headline(app, it), links::paper::run(it.id));
        (link, run.is_some_and(|run| run.id == it.id))
    });
    let columns = vec![
        Column::new("表单"),
        Column::new("范围"),
        Column::new("打印情况"),
        Column::new("办理"),
    ];
    let mut rows = Vec::new();
    if let Some(run) = run {
        let mut tx = app.db().begin(&actor.scope).await?;
        for (form, town) in forms_of(app, actor, run) {
            rows.push(row(app, &mut tx, actor, run, form, town).await?);
        }
    }
    let mut elsewhere = Vec::new();
    if may(actor.role, Action::SeePeople) {
        elsewhere.push(Link::new(
            "申请审批表、登记表、核查授权书：在申领办理里",
            links::applications::queue(),
        ));
        elsewhere.push(Link::new("调整备案表：在档次变化里", links::stops::class_changes(None)));
        elsewhere.push(Link::new("停发备案表、停发告知书：在停发与恢复里", links::stops::list()));
        elsewhere.push(Link::new("公示单：在公示里", links::publicity::postings()));
        elsewhere.push(Link::new("追缴通知书、还款协议：在追缴里", links::recoveries::list()));
    }
    Ok(FormsPage {
        shell: shell::shell(app, actor, &links::paper::forms()).await?,
        crumbs: Crumbs {
            above: vec![Link::new("月度发放", links::pay_runs::runs())],
            here: "表单打印".to_owned(),
        },
        title: run
            .map_or_else(|| "表单打印".to_owned(), |run| format!("{}的表单", headline(app, run))),
        sentence: match run {
            Some(run) if run.digest.is_none() => {
                "这一批还没有冻结，数字还会变；签字盖章用的，请等冻结以后打印。".to_owned()
            }
            Some(_) => "打印一次记一次，单子上写着是第几次打印。".to_owned(),
            None => "还没有发放批次。".to_owned(),
        },
        runs: all.collect(),
        table: Table::new("forms", "本批次的表单", columns)
            .rows(rows)
            .empty("拟制发放批次以后，这里有它的汇总表和各乡镇的花名册。", None),
        elsewhere,
    })
}

/// The summary is for who sees the whole run: a town's part under its title would mislead.
pub(super) fn only_with_all(app: &App, actor: &Actor, run: &Run) -> Result<(), Trouble> {
    let all = app.areas().within(run.area, actor.area) == Some(true);
    if all { Ok(()) } else { Err(Trouble::NotFound) }
}

/// The forms that the reader may print: the summary, and those of every town within the scope.
fn forms_of(app: &App, actor: &Actor, run: &Run) -> Vec<(Form, Option<AreaId>)> {
    let areas = app.areas();
    let mut all = Vec::new();
    if only_with_all(app, actor, run).is_ok() {
        all.push((Form::Summary, None));
    }
    let towns: Vec<AreaId> = areas
        .iter()
        .filter(|node| node.level == AreaLevel::Township)
        .filter(|node| areas.within(node.id, actor.area) == Some(true))
        .map(|node| node.id)
        .collect();
    for form in Form::ALL.into_iter().filter(|form| *form != Form::Summary) {
        if form.names_people() && !sees_people(actor) {
            continue;
        }
        all.extend(towns.iter().map(|town| (form, Some(*town))));
    }
    all
}

async fn row(
    app: &App,
    tx: &mut db::Tx,
    actor: &Actor,
    run: &Run,
    form: Form,
    town: Option<AreaId>,
) -> Result<Vec<Line>, Trouble> {
    let prints = print_trace::prints(tx, &object(run.id, town), form.code()).await?;
    let printed =
        prints.first().map_or_else(|| "还没有打印".to_owned(), print_trace::Print::chinese);
    let place = town.unwrap_or(run.area);
    let mut button = PostButton::new(links::paper::print(run.id, form.code()), &actor.csrf, "打印");
    if let Some(town) = town {
        button = button.hidden("town", town.to_string());
    }
    Ok(vec![
        Line::new().link(form.chinese(), links::paper::form(run.id, form.code(), town)),
        app.areas().spoken(place).as_str().into(),
        printed.as_str().into(),
        Line::new().button(button),
    ])
}

/// Which town a form is about.
#[derive(Deserialize)]
pub(super) struct Town {
    /// Its id; empty for the whole run.
    #[serde(default)]
    pub(super) town: String,
}

impl Town {
    /// The town, which must lie within the reader's area.
    pub(super) fn within(&self, app: &App, actor: &Actor) -> Result<AreaId, Trouble> {
        let areas = app.areas();
        let asked = match self.town.parse::<AreaId>() {
            Ok(town) => town,
            // Somebody of a town need not say which.
            Err(_) if self.town.is_empty() => actor.area,
            Err(_) => return Err(Trouble::NotFound),
        };
        let node = areas.node(asked).ok_or(Trouble::NotFound)?;
        let inside = areas.within(asked, actor.area) == Some(true);
        if !inside {
            return Err(Trouble::NotFound);
        }
        if node.level < AreaLevel::Township {
            return Err(Trouble::refused(
                "还没有选是哪个乡镇（街道）的。",
                "请从“表单打印”里点要打印的那一行。",
            ));
        }
        Ok(asked)
    }
}

/// Notes the print and shows the sheet.
pub(super) async fn print(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    Path((id, form)): Path<(String, String)>,
    Posted(town): Posted<Town>,
) -> Answer<Redirect> {
    let id: RunId = id.parse().map_err(|_| Trouble::NotFound)?;
    let form = Form::from_code(&form).ok_or(Trouble::NotFound)?;
    let run = find(&app, &actor, id).await?;
    let town = match form {
        Form::Summary => {
            only_with_all(&app, &actor, &run)?;
            None
        }
        _ => Some(town.within(&app, &actor).map_err(back(id))?),
    };
    if form.names_people() && !sees_people(&actor) {
        return Err(Trouble::NotFound.into());
    }
    let mut tx = app.db().begin(&actor.scope).await?;
    let place = town.unwrap_or(run.area);
    print_trace::note(&app, &mut tx, &actor, &object(id, town), form.code(), place).await?;
    tx.commit().await?;
    Ok(Redirect::to(links::paper::form(id, form.code(), town).as_str()))
}
