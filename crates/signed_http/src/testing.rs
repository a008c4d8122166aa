//! 省平台 of the stories: a real HTTP server that knows the signature, and misbehaves on demand.

#![expect(clippy::missing_panics_doc, reason = "a story that cannot be set up panics")]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Response, StatusCode, Uri};
use serde_json::{Value, json};

use crate::config::Config;
use crate::sign::{APP, NONCE, SIGNATURE, Signed, TIME, time_of, time_text};

const SECRET: &str = "a secret of the stories";

/// How the platform behaves.
#[derive(Clone, Debug)]
pub enum Manner {
    /// As agreed.
    Well,
    /// Answers after this time.
    Slow(Duration),
    /// Fails on its side, so often; then it behaves.
    Fails(u16, u32),
    /// Signs with another secret.
    WrongSecret,
    /// Signs what is no JSON.
    Garbage,
    /// Gives its first answer again.
    Again,
    /// Breaks off in the middle.
    Half,
    /// Its clock is wrong by so many seconds.
    Clock(i64),
    /// Sends more than anybody wants.
    Flood,
    /// Takes the file, and the line breaks before it can say so.
    TakesAndBreaks,
}

/// The platform's memory.
pub struct Platform {
    manner: Mutex<Manner>,
    /// What it says to a path.
    says: Mutex<Vec<(&'static str, Value)>>,
    /// Every question whose signature was right: path and body.
    heard: Mutex<Vec<(String, Vec<u8>)>>,
    first: Mutex<Option<(HeaderMap, Vec<u8>)>>,
    address: String,
}

impl Platform {
    /// Starts it on a port of its own.
    pub async fn start() -> Arc<Self> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address").to_string();
        let platform = Arc::new(Self {
            manner: Mutex::new(Manner::Well),
            says: Mutex::default(),
            heard: Mutex::default(),
            first: Mutex::default(),
            address,
        });
        let router = Router::new().fallback(answer).with_state(Arc::clone(&platform));
        tokio::spawn(async move { axum::serve(listener, router).await });
        platform
    }

    /// From now on it behaves so.
    pub fn behave(&self, manner: Manner) {
        *self.manner.lock().expect("a lock") = manner;
    }

    /// What it says to a path; a new word replaces the one before.
    pub fn say(&self, path: &'static str, said: Value) {
        let mut says = self.says.lock().expect("a lock");
        says.retain(|(it, _)| *it != path);
        says.push((path, said));
    }

    /// One person as it knows them.
    pub fn knows(&self, life: &str) {
        self.say("/v1/persons/query", json!({"records": [{"name": "周桂兰", "lifeState": life}]}));
    }

    /// How often it was asked this.
    pub fn asked(&self, path: &str) -> usize {
        self.heard.lock().expect("a lock").iter().filter(|(it, _)| it == path).count()
    }

    /// What ships of the platform, with its address and with shorter waits.
    pub fn config(&self) -> Config {
        let shipped = include_str!("../../../exchange-http/provincial_platform.toml");
        let ours = shipped
            .replace("https://platform.anlan.invalid", &format!("http://{}", self.address))
            .replace("timeout_seconds = 8", "timeout_seconds = 1\nplain_http = true")
            .replace("retry_wait_ms = 300", "retry_wait_ms = 1")
            .replace("most_bytes = 67108864", "most_bytes = 65536")
            .replace("rest_after_failures = 5", "rest_after_failures = 3");
        Config::parse("provincial_platform", &ours).expect("what ships is sound")
    }

    /// Puts the common secret into a data folder.
    pub fn share_secret(data_dir: &Path) {
        let keys = data_dir.join("keys.d");
        fs::create_dir_all(&keys).expect("a folder");
        let key = keys.join("provincial_platform.key");
        fs::write(&key, SECRET).expect("written");
        fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).expect("changed");
    }
}

async fn answer(
    State(platform): State<Arc<Platform>>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let header = |name: &str| headers.get(name).map_or("", |it| it.to_str().expect("ASCII"));
    let (path, app, nonce) = (uri.path(), header(APP), header(NONCE));
    let signed = Signed { verb: "POST", path, app, time: header(TIME), nonce, body: &body };
    if !signed.fits(SECRET.as_bytes(), header(SIGNATURE)) {
        return status(StatusCode::UNAUTHORIZED);
    }
    platform.heard.lock().expect("a lock").push((path.to_owned(), body.to_vec()));
    let manner = platform.manner.lock().expect("a lock").clone();
    let said = platform.says.lock().expect("a lock").clone();
    let said = said.iter().find(|(it, _)| *it == path).map(|(_, said)| said.clone());
    let mut said = match (said, path) {
        (Some(said), _) => said.to_string().into_bytes(),
        (None, "/v1/reports") => {
            json!({"received": header("x-songhe-run")}).to_string().into_bytes()
        }
        (None, _) => return status(StatusCode::NOT_FOUND),
    };
    let mut secret = SECRET;
    let mut skew = 0;
    match manner {
        Manner::Well => {}
        Manner::Slow(time) => tokio::time::sleep(time).await,
        Manner::Fails(code, times) => {
            let left = if times > 1 { Manner::Fails(code, times - 1) } else { Manner::Well };
            platform.behave(left);
            return status(StatusCode::from_u16(code).expect("a status"));
        }
        Manner::WrongSecret => secret = "another secret",
        Manner::Garbage => said = b"<html>maintenance</html>".to_vec(),
        Manner::Again => {
            if let Some((headers, body)) = platform.first.lock().expect("a lock").clone() {
                return respond(&headers, Body::from(body));
            }
        }
        Manner::Half | Manner::TakesAndBreaks => return broken(),
        Manner::Clock(seconds) => skew = seconds,
        Manner::Flood => said = vec![b' '; 1 << 20],
    }
    let at = time_of(header(TIME)).expect("a time").plus_seconds(skew);
    let time = time_text(at);
    let signed = Signed { verb: "200", path, app, time: &time, nonce, body: &said };
    let signature = signed.sign(secret.as_bytes());
    let signed_headers = headers_of([(NONCE, nonce), (TIME, &time), (SIGNATURE, &signature)]);
    platform
        .first
        .lock()
        .expect("a lock")
        .get_or_insert_with(|| (signed_headers.clone(), said.clone()));
    respond(&signed_headers, Body::from(said))
}

fn headers_of(pairs: [(&'static str, &str); 3]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in pairs {
        headers.insert(name, value.parse().expect("ASCII"));
    }
    headers
}

fn status(code: StatusCode) -> Response<Body> {
    Response::builder().status(code).body(Body::from("an error page")).expect("an answer")
}

fn respond(headers: &HeaderMap, body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    response.headers_mut().extend(headers.clone());
    response
}

/// Begins an answer and lets the line break.
fn broken() -> Response<Body> {
    let begun = futures_util::stream::iter([
        Ok(Bytes::from_static(b"{\"records\": [")),
        Err(std::io::Error::other("the line broke")),
    ]);
    Response::new(Body::from_stream(begun))
}
