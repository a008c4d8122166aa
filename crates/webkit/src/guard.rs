use std::sync::atomic::{AtomicU64, Ordering};

use access::{Actor, Token, may};
use axum::extract::{FromRequest, RawForm, Request, State};
use axum::middleware::Next;
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use http::{HeaderMap, HeaderName, StatusCode, header};
use kernel::{Refusal, Trouble};
use serde::de::DeserializeOwned;

use crate::routes::{Entry, Gate, Verb};
use crate::{Bare, FaultPage, Href, Link, NotFoundPage, Page, RefusalPage, Typed};

/// Knows who is at the door.
pub trait Doorkeeper: Clone + Send + Sync + 'static {
    /// Whom the token stands for, if its session is open.
    fn who(&self, token: Token) -> impl Future<Output = Result<Option<Actor>, Trouble>> + Send;

    /// What stands around a page of nobody.
    fn bare(&self) -> Bare;
}

/// The cookie that holds the session's token.
pub const COOKIE: &str = "songhe";

/// Where somebody signs in.
pub const SIGN_IN: &str = "/sign-in";

/// The session's token, if the browser sent one.
pub fn token(headers: &HeaderMap) -> Option<Token> {
    let cookies = headers.get(header::COOKIE)?.to_str().ok()?;
    let value =
        cookies.split(';').find_map(|c| c.trim().strip_prefix(COOKIE)?.strip_prefix('='))?;
    Some(Token::from_cookie(value))
}

/// Sets the session's cookie, or takes it away. It is not `Secure` until the server speaks TLS.
pub fn set_cookie(token: Option<&Token>) -> AppendHeaders<[(HeaderName, String); 1]> {
    let (value, age) = match token {
        Some(token) => (token.reveal(), ""),
        None => ("", "; Max-Age=0"),
    };
    let cookie = format!("{COOKIE}={value}; Path=/; HttpOnly; SameSite=Strict{age}");
    AppendHeaders([(header::SET_COOKIE, cookie)])
}

/// Lets a request through its gate, with the actor beside it.
pub(crate) async fn check<S: Doorkeeper>(
    State((state, entry)): State<(S, Entry)>,
    mut request: Request,
    next: Next,
) -> Response {
    if entry.verb == Verb::Post && !is_from_here(request.headers()) {
        let refusal =
            Refusal::new("这个请求不是从本系统的页面发出的，没有执行。", "请回到页面重新操作。");
        return Failure::from(Trouble::Refused(refusal)).into_response();
    }
    let actor = match token(request.headers()) {
        Some(token) => match state.who(token).await {
            Ok(actor) => actor,
            Err(trouble) => return Failure::from(trouble).into_response(),
        },
        None => None,
    };
    match (entry.gate, actor) {
        (Gate::Public, actor) => {
            request.extensions_mut().insert(actor);
        }
        (_, None) => return Redirect::to(SIGN_IN).into_response(),
        (Gate::May(action), Some(actor)) if !may(actor.role, action) => {
            let refusal = Refusal::new(
                format!("{}岗位不能{}。", actor.role.chinese(), action.chinese()),
                "如确需办理，请找本单位系统管理员调整授权。",
            );
            return Failure { trouble: Trouble::Refused(refusal), typed: Vec::new(), back: None }
                .answer(StatusCode::FORBIDDEN);
        }
        (Gate::SignedIn | Gate::May(_), Some(actor)) => {
            request.extensions_mut().insert(actor);
        }
    }
    next.run(request).await
}

/// Whether the browser says that a page of ours sent the request. Old browsers say nothing; the
/// token in the form is checked besides.
fn is_from_here(headers: &HeaderMap) -> bool {
    let text = |name: HeaderName| headers.get(name).and_then(|v| v.to_str().ok());
    if let Some(site) = headers.get("sec-fetch-site").and_then(|v| v.to_str().ok()) {
        return site == "same-origin" || site == "none";
    }
    match (text(header::ORIGIN), text(header::HOST)) {
        (Some(origin), Some(host)) => origin.split_once("://").is_some_and(|(_, o)| o == host),
        _ => true,
    }
}

/// A form that was sent with the session's token.
#[derive(Debug)]
pub struct Posted<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Posted<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        let csrf = request.extensions().get::<Actor>().map(|actor| actor.csrf.clone());
        let RawForm(bytes) = RawForm::from_request(request, state)
            .await
            .map_err(|_| Trouble::refused("表单没有收全。", "请刷新页面后重新填写。"))?;
        let pairs: Vec<(String, String)> = serde_urlencoded::from_bytes(&bytes)
            .map_err(|_| Trouble::refused("表单读不懂。", "请刷新页面后重新填写。"))?;
        if let Some(csrf) = csrf {
            check_csrf(&csrf, pairs.iter().find(|(name, _)| name == "csrf").map(|(_, v)| &**v))?;
        }
        let form = serde_urlencoded::from_bytes(&bytes)
            .map_err(|_| Trouble::refused("表单缺了必填的内容。", "请补全后再提交。"))?;
        Ok(Self(form))
    }
}

/// Whether a form carries the session's token.
pub fn check_csrf(expected: &str, given: Option<&str>) -> Result<(), Trouble> {
    if given == Some(expected) {
        return Ok(());
    }
    Err(Trouble::refused("这个页面已经过期，没有执行。", "请刷新页面后再办理，已填内容请先复制。"))
}

/// A trouble on its way to the browser.
#[derive(Debug)]
pub struct Failure {
    trouble: Trouble,
    typed: Vec<Typed>,
    back: Option<Link>,
}

impl From<Trouble> for Failure {
    fn from(trouble: Trouble) -> Self {
        Self { trouble, typed: Vec::new(), back: None }
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Trouble::from(refusal).into()
    }
}

impl Failure {
    /// With what was typed, so that nothing has to be remembered.
    #[must_use]
    pub fn typed(mut self, label: &str, value: &str) -> Self {
        self.typed.push(Typed { label: label.to_owned(), value: value.to_owned() });
        self
    }

    /// With the way back.
    #[must_use]
    pub fn back(mut self, text: &str, href: Href) -> Self {
        self.back = Some(Link::new(text, href));
        self
    }

    fn answer(self, status: StatusCode) -> Response {
        let back = self.back.unwrap_or_else(|| Link::new("回到首页", Href::to("/")));
        let shell = Bare::default();
        match self.trouble {
            Trouble::Refused(refusal) => {
                Page::new(RefusalPage { shell, refusal, typed: self.typed, back })
                    .status(status)
                    .into_response()
            }
            Trouble::Conflict(sentence) => {
                let refusal = Refusal::new(sentence, "请回到页面查看最新情况。");
                Page::new(RefusalPage { shell, refusal, typed: self.typed, back })
                    .status(status)
                    .into_response()
            }
            Trouble::NotFound => {
                Page::new(NotFoundPage { shell, back }).status(status).into_response()
            }
            Trouble::Fault(cause) => {
                static FAULTS: AtomicU64 = AtomicU64::new(1);
                let number = format!("G{:05}", FAULTS.fetch_add(1, Ordering::Relaxed));
                tracing::error!(%number, cause = chain(&*cause), "fault");
                Page::new(FaultPage { shell, number, back }).status(status).into_response()
            }
        }
    }
}

fn chain(cause: &(dyn std::error::Error + 'static)) -> String {
    std::iter::successors(Some(cause), |c| c.source())
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(": ")
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let status = match &self.trouble {
            Trouble::Refused(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Trouble::Conflict(_) => StatusCode::CONFLICT,
            Trouble::NotFound => StatusCode::NOT_FOUND,
            Trouble::Fault(_) => StatusCode::INTERNAL_SERVER_ERROR,
        };
        self.answer(status)
    }
}

impl Default for Bare {
    /// The product and nothing else.
    fn default() -> Self {
        Self {
            product: "松鹤".to_owned(),
            subtitle: "基本养老服务信息系统".to_owned(),
            assets: crate::Assets::default(),
            home: Href::to("/"),
        }
    }
}

/// What a handler gives back.
pub type Answer<T> = Result<T, Failure>;
