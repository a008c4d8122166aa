//! 把本月办完: the demo's month, played by its people in the background.

use access::Actor;
use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use kernel::{Now, Refusal, Trouble};
use serde::Deserialize;
use webkit::{Answer, Link, Page, PostButton, Posted, Progress};

use super::views::PlayingPage;
use crate::work::WorkState;
use crate::{App, PlayMonth, Work, links, shell};

/// What the work is on.
const OBJECT: &str = "demo/play";

/// A form of which only the token matters.
#[derive(Deserialize)]
pub(crate) struct Nothing {}

/// Begins, unless it is under way.
pub(crate) async fn begin(State(app): State<App>, _form: Posted<Nothing>) -> Answer<Redirect> {
    let play = app.play().ok_or(Trouble::NotFound)?;
    if let Some(work) = app.parts().works.start(OBJECT, app.wall()) {
        let app = app.clone();
        tokio::spawn(async move {
            let done = played(&app, play, &work).await;
            work.end(done.map_err(as_refusal));
        });
    }
    Ok(Redirect::to(links::demo_play().as_str()))
}

/// Plays the month, and opens the next one.
async fn played(app: &App, play: PlayMonth, work: &Work) -> Result<(), Trouble> {
    (play.run)(app.clone(), work.clone()).await?;
    let first = play.month.next().first();
    app.calendar().is_working(first)?;
    let morning = Now::new(first, 8, 30).ok_or_else(|| Trouble::fault("there is no 08:30"))?;
    app.parts().clock.set(morning);
    (app.parts().after_facts)(app.clone()).await
}

fn as_refusal(trouble: Trouble) -> Refusal {
    match trouble {
        Trouble::Refused(refusal) => refusal,
        other => {
            tracing::error!(%other, "the month was not played to its end");
            Refusal::new("没有办完就停下了。", "已办的都在，可以再点一次接着办。")
        }
    }
}

/// Stops it between two acts: what is done stays done.
pub(crate) async fn stop(State(app): State<App>, _form: Posted<Nothing>) -> Answer<Redirect> {
    if let Some(work) = app.parts().works.on(OBJECT) {
        work.stop();
    }
    Ok(Redirect::to(links::demo_play().as_str()))
}

/// How far it is; when it is over, the way goes on to today.
pub(crate) async fn progress(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
) -> Answer<Response> {
    let home = || Redirect::to(links::today().as_str()).into_response();
    let Some(work) = app.parts().works.on(OBJECT) else { return Ok(home()) };
    let (progress, refusal) = match work.state() {
        WorkState::Ended(Ok(())) => return Ok(home()),
        WorkState::Ended(Err(refusal)) => (None, Some(refusal)),
        WorkState::Running { step, done, of, .. } => {
            let stop = PostButton::new(links::demo_play().seg("stop"), &actor.csrf, "停下");
            let progress = Progress {
                doing: step.to_owned(),
                done,
                total: of,
                unit: "件".to_owned(),
                left: String::new(),
                here: links::demo_play(),
                cancel: Some(stop),
            };
            (Some(progress), None)
        }
    };
    Ok(Page::new(PlayingPage {
        shell: shell::shell(&app, &actor, &links::today()).await?,
        title: "把本月办完".to_owned(),
        progress,
        refusal,
        back: Link::new("回到今日待办", links::today()),
    })
    .into_response())
}
