//! What holds for every request, whatever it asks for: headers, limits, the log line.

use std::any::Any;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use kernel::Refusal;
use tokio::sync::Semaphore;
use tokio::time::timeout;
use webkit::{Bare, FaultPage, Href, Link, NotFoundPage, Page, RefusalPage};

use crate::clock::Stopwatch;

/// A department's file: the register of a county has some 10 MiB.
const FILE_BYTES: usize = 64 << 20;
/// Any other form.
const FORM_BYTES: usize = 1 << 20;
/// What is too large is still read up to here, so that the browser shows the answer.
const DRAINED_BYTES: u64 = 512 << 20;
/// Requests at the same time; the database has fewer connections and makes them wait.
const REQUESTS: usize = 128;
const TIME_FOR_A_FILE: Duration = Duration::from_mins(10);
const TIME: Duration = Duration::from_secs(30);

/// Pages live under this: see the documentation of webkit.
const CONTENT_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
     img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; \
     frame-ancestors 'none'; object-src 'none'";

const HEADERS: [(HeaderName, &str); 7] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()"),
];

/// Lets only so many requests in at a time.
#[derive(Clone)]
pub(crate) struct Limits(Arc<Semaphore>);

impl Limits {
    /// All places free.
    pub(crate) fn new() -> Self {
        Self(Arc::new(Semaphore::new(REQUESTS)))
    }
}

/// Headers of every answer. Pages are about people: nobody keeps them.
pub(crate) async fn guard(request: Request, next: Next) -> Response {
    let mut answer = next.run(request).await;
    let headers = answer.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    answer
}

/// One line a request, with the pattern of its path: the path itself may name a person.
pub(crate) async fn log(request: Request, next: Next) -> Response {
    let watch = Stopwatch::start();
    let method = request.method().clone();
    let path = request.extensions().get::<MatchedPath>().cloned();
    let answer = next.run(request).await;
    let path = path.as_ref().map_or("(unknown)", MatchedPath::as_str);
    let status = answer.status().as_u16();
    let milliseconds = watch.elapsed().as_millis();
    if path.starts_with("/assets/") || path == "/healthz" {
        tracing::debug!(%method, path, status, milliseconds, "request");
    } else {
        tracing::info!(%method, path, status, milliseconds, "request");
    }
    answer
}

/// Bounds the size of what is sent, the time that an answer takes, and how many wait for one.
pub(crate) async fn limit(
    State(limits): State<Limits>,
    mut request: Request,
    next: Next,
) -> Response {
    let Ok(_place) = limits.0.try_acquire() else {
        return refuse(
            StatusCode::SERVICE_UNAVAILABLE,
            Refusal::new(
                "现在使用的人太多，没有处理这次请求。",
                "请过几秒再试，已填内容请先不要关闭。",
            ),
        );
    };
    let is_file = request.method() == Method::POST && request.uri().path() == "/files";
    let (bytes, time) = if is_file { (FILE_BYTES, TIME_FOR_A_FILE) } else { (FORM_BYTES, TIME) };
    if said_length(request.headers()).is_some_and(|said| said > bytes as u64) {
        return too_large(request, bytes, time).await;
    }
    DefaultBodyLimit::max(bytes).apply(&mut request);
    match timeout(time, next.run(request)).await {
        Ok(answer) => answer,
        Err(_) => refuse(
            StatusCode::SERVICE_UNAVAILABLE,
            Refusal::new("处理时间太长，已经停下。", "请稍后再试；反复出现请找本单位系统管理员。"),
        ),
    }
}

fn said_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

async fn too_large(request: Request, bytes: usize, time: Duration) -> Response {
    if said_length(request.headers()).is_some_and(|said| said <= DRAINED_BYTES) {
        let mut body = request.into_body().into_data_stream();
        let drain = async { while let Some(Ok(_)) = body.next().await {} };
        if timeout(time, drain).await.is_err() {
            tracing::debug!("gave up reading what is too large");
        }
    }
    let refusal = Refusal::new(
        format!("内容太大，最多 {} MiB，没有接收。", bytes >> 20),
        "请核对是否选错了文件；确实这么大的，请分成几份。",
    );
    refuse(StatusCode::PAYLOAD_TOO_LARGE, refusal)
}

fn refuse(status: StatusCode, refusal: Refusal) -> Response {
    let page = RefusalPage { shell: Bare::default(), refusal, typed: Vec::new(), back: home() };
    Page::new(page).status(status).into_response()
}

/// There is no such page.
pub(crate) async fn not_found() -> Response {
    let page = NotFoundPage { shell: Bare::default(), back: home() };
    Page::new(page).status(StatusCode::NOT_FOUND).into_response()
}

/// A handler broke: the answer says so and no more.
pub(crate) fn broke(_: Box<dyn Any + Send>) -> Response<Body> {
    let number = "G00000".to_owned();
    tracing::error!(%number, "a handler panicked");
    let page = FaultPage { shell: Bare::default(), number, back: home() };
    Page::new(page).status(StatusCode::INTERNAL_SERVER_ERROR).into_response()
}

fn home() -> Link {
    Link::new("回到首页", Href::to("/"))
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::middleware::from_fn_with_state;
    use axum::routing::{get, post};
    use tower::ServiceExt;

    use super::*;

    async fn ask(places: usize, request: Request) -> (StatusCode, String) {
        let limits = Limits(Arc::new(Semaphore::new(places)));
        let router = Router::new()
            .route("/", get(async || "here"))
            .route("/form", post(async |body: axum::body::Bytes| body.len().to_string()))
            .layer(from_fn_with_state(limits, limit));
        let answer = router.oneshot(request).await.unwrap();
        let status = answer.status();
        let bytes = axum::body::to_bytes(answer.into_body(), 1 << 20).await.unwrap();
        (status, String::from_utf8_lossy(&bytes).into_owned())
    }

    fn of_bytes(count: usize) -> Request {
        Request::post("/form").body(Body::from(vec![b'a'; count])).unwrap()
    }

    #[tokio::test]
    async fn who_finds_no_place_is_asked_to_come_again() {
        let request = || Request::get("/").body(Body::empty()).unwrap();
        assert_eq!(ask(1, request()).await, (StatusCode::OK, "here".to_owned()));
        let (status, page) = ask(0, request()).await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(page.contains("请过几秒再试"), "{page}");
    }

    #[tokio::test]
    async fn a_form_without_a_stated_length_ends_at_a_mebibyte() {
        assert_eq!(ask(1, of_bytes(FORM_BYTES)).await.0, StatusCode::OK);
        assert_eq!(ask(1, of_bytes(FORM_BYTES + 1)).await.0, StatusCode::PAYLOAD_TOO_LARGE);
    }
}
