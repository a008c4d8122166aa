use access::{Actor, AuditEntry, Ended, IDLE_SECONDS, OpenSession};
use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use kernel::{Now, Refusal, SessionId, Trouble};
use serde::Deserialize;
use webkit::{Answer, Bare, Link, Page, PostButton, Posted};

use super::views::{DemoAccount, OnlinePage, OnlineRow, SignInPage, sign_in_form};
use crate::links::At;
use crate::{App, links, shell};

/// A form before sign-in has no token: the origin of the request is checked instead.
const NO_TOKEN: &str = "";

pub(super) async fn sign_in(
    State(app): State<App>,
    Extension(actor): Extension<Option<Actor>>,
    headers: HeaderMap,
) -> Answer<Response> {
    if actor.is_some() {
        return Ok(Redirect::to(links::today().as_str()).into_response());
    }
    let Some(token) = webkit::token(&headers) else {
        return Ok(sign_in_page(&app, "", None).into_response());
    };
    let mut tx = app.db().begin_unscoped().await?;
    let ended = access::why_ended(tx.conn(), &token).await?;
    let page = sign_in_page(&app, "", ended.and_then(ended_because));
    Ok((webkit::set_cookie(None), page).into_response())
}

/// What somebody is told whose session has ended without their doing.
fn ended_because(ended: Ended) -> Option<Refusal> {
    let minutes = IDLE_SECONDS / 60;
    match ended {
        Ended::SignedOut => None,
        Ended::Idle => Some(Refusal::new(
            format!("超过 {minutes} 分钟没有操作，系统已自动退出，以免别人使用您的账号。"),
            "请重新登录。",
        )),
        Ended::Expired => {
            Some(Refusal::new("这次登录的时间已经很长，系统已自动退出。", "请重新登录。"))
        }
        Ended::Forced => Some(Refusal::new(
            "您已被管理员强制下线。",
            "如果不清楚原因，请与本单位的系统管理员联系。",
        )),
        Ended::RightsChanged => Some(Refusal::new(
            "您的账号或授权有变动，系统已自动退出。",
            "请重新登录；不能登录的，请找本单位系统管理员。",
        )),
    }
}

fn sign_in_page(app: &App, login: &str, refusal: Option<Refusal>) -> Page<SignInPage> {
    let demo = app.parts().demo_accounts.iter().map(|account| DemoAccount {
        enter: PostButton::new(links::sign_in(), NO_TOKEN, &account.label)
            .hidden("login_name", &account.login)
            .hidden("password", &account.password),
        about: account.about.clone(),
    });
    Page::new(SignInPage {
        shell: Bare::default(),
        form: sign_in_form(links::sign_in(), NO_TOKEN, login),
        refusal,
        open: Link::new("不用登录：看看清单、看看能不能享受", links::public()),
        demo: demo.collect(),
    })
}

/// What the sign-in form sends. Nothing prints it: it holds a password.
#[derive(Deserialize)]
pub(super) struct Credentials {
    login_name: String,
    password: String,
}

pub(super) async fn enter(
    State(app): State<App>,
    Extension(before): Extension<Option<Actor>>,
    headers: HeaderMap,
    Posted(typed): Posted<Credentials>,
) -> Answer<Response> {
    let parts = app.parts();
    let login = typed.login_name.trim();
    let device = webkit::device(&headers);
    let entered =
        access::sign_in(&parts.db, &parts.passwords, login, &typed.password, &device, app.times())
            .await;
    match entered {
        Ok(token) => {
            // The browser forgets the token of the session before: nobody could end it.
            if let Some((before, session)) = before.as_ref().and_then(|it| Some((it, it.session?)))
            {
                end(&app, before, session, "退出").await?;
            }
            let home = Redirect::to(links::today().as_str());
            Ok((webkit::set_cookie(Some(&token)), home).into_response())
        }
        Err(Trouble::Refused(refusal)) => {
            let page = sign_in_page(&app, login, Some(refusal));
            Ok(page.status(StatusCode::UNPROCESSABLE_ENTITY).into_response())
        }
        Err(trouble) => Err(trouble.into()),
    }
}

/// A form of which only the token matters.
#[derive(Deserialize)]
pub(super) struct Nothing {}

pub(super) async fn sign_out(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    _form: Posted<Nothing>,
) -> Answer<Response> {
    if let Some(session) = actor.session {
        end(&app, &actor, session, "退出").await?;
    }
    Ok((webkit::set_cookie(None), Redirect::to(links::sign_in().as_str())).into_response())
}

async fn end(
    app: &App,
    actor: &Actor,
    session: SessionId,
    action: &'static str,
) -> Result<(), Trouble> {
    let wall = app.parts().clock.wall();
    let forced = actor.session != Some(session);
    let mut tx = app.db().begin(&actor.scope).await?;
    access::end_session(tx.conn(), session, wall, forced).await?;
    let entry = AuditEntry::new(actor, app.now(), action, format!("session/{session}"));
    access::record(tx.conn(), &entry).await?;
    tx.commit().await
}

pub(super) async fn online(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
) -> Answer<Page<OnlinePage>> {
    let wall = app.parts().clock.wall();
    let mut tx = app.db().begin(&actor.scope).await?;
    let sessions = access::open_sessions(tx.conn(), &actor, wall).await?;
    drop(tx);
    Ok(Page::new(OnlinePage {
        shell: shell::shell(&app, &actor, &links::sessions()).await?,
        sessions: sessions.into_iter().map(|s| online_row(&app, &actor, wall, s)).collect(),
        rule: format!("{} 分钟没有操作的自动退出；强制下线会留下记录。", IDLE_SECONDS / 60),
    }))
}

fn online_row(app: &App, actor: &Actor, wall: Now, session: OpenSession) -> OnlineRow {
    let others = actor.session != Some(session.id);
    let button = PostButton::new(links::force_out(session.id), &actor.csrf, "强制下线");
    OnlineRow {
        login_name: format!("{} · {}", session.login, session.device),
        person: session.name,
        role: session.role.chinese().to_owned(),
        area: app.areas().spoken(session.area),
        since: session.started_at.to_string(),
        last_seen: ago(wall.seconds_since(session.last_seen_at)),
        force: others.then(|| button.class("btn danger")),
    }
}

fn ago(seconds: i64) -> String {
    match seconds / 60 {
        ..1 => "刚才".to_owned(),
        minutes => format!("{minutes} 分钟前"),
    }
}

pub(super) async fn force_out(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(session): At<SessionId>,
    _form: Posted<Nothing>,
) -> Answer<Redirect> {
    if actor.session == Some(session) {
        let refusal = Refusal::new("这是您自己的登录。", "要结束它，请点页面上方的“退出”。");
        return Err(refusal.into());
    }
    let wall = app.parts().clock.wall();
    let mut tx = app.db().begin(&actor.scope).await?;
    let open = access::open_sessions(tx.conn(), &actor, wall).await?;
    drop(tx);
    if open.iter().all(|it| it.id != session) {
        return Err(Trouble::NotFound.into());
    }
    end(&app, &actor, session, "强制下线").await?;
    Ok(Redirect::to(links::sessions().as_str()))
}
