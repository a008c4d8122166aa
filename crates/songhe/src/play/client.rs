//! A browser inside the program: it asks the real router for pages, with cookie, token and
//! redirects, and sends their forms. Whoever plays the month sees what people see.

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::http::{Method, Request, StatusCode, header};
use kernel::Trouble;
use tower::ServiceExt as _;

use super::html::{Form, Read};

/// As much of an answer as is read: a bank file of a county has some MiB.
const MOST_BYTES: usize = 256 << 20;
const MOST_REDIRECTS: usize = 5;

/// Somebody's browser.
#[derive(Clone)]
pub(super) struct Browser {
    router: Router,
    cookie: String,
    /// Who sits at it, for what is told when something goes wrong.
    who: String,
}

/// What was answered.
pub(super) struct Reply {
    /// The address at which it was found.
    pub(super) path: String,
    pub(super) bytes: Bytes,
}

impl Reply {
    /// The page as a reader takes it.
    pub(super) fn read(&self) -> Read {
        Read::of(&String::from_utf8_lossy(&self.bytes))
    }
}

impl Browser {
    /// Signs in on the page, as everybody does.
    pub(super) async fn sign_in(
        router: &Router,
        login: &str,
        password: &str,
    ) -> Result<Self, Trouble> {
        let mut browser =
            Self { router: router.clone(), cookie: String::new(), who: login.to_owned() };
        let page = browser.get("/sign-in").await?;
        let form = page.form_to("/sign-in")?;
        let form = form.with("login_name", login).with("password", password);
        browser.send(&form).await?;
        if browser.cookie.is_empty() {
            return Err(Trouble::fault(format!("{login} could not sign in")));
        }
        Ok(browser)
    }

    /// Asks for a page and reads it.
    pub(super) async fn get(&mut self, path: &str) -> Result<Page, Trouble> {
        let reply = self.download(path).await?;
        Ok(Page { read: reply.read(), path: reply.path })
    }

    /// Asks for a page that may not be there for this person any more: what is refused or not found
    /// is none.
    pub(super) async fn look(&mut self, path: &str) -> Result<Option<Page>, Trouble> {
        match self.get(path).await {
            Ok(page) => Ok(Some(page)),
            Err(Trouble::Refused(_)) => Ok(None),
            Err(trouble) => Err(trouble),
        }
    }

    /// Asks for whatever stands at an address.
    pub(super) async fn download(&mut self, path: &str) -> Result<Reply, Trouble> {
        self.ask(Method::GET, path, None).await
    }

    /// Sends a form as it is filled in, and reads what it leads to.
    pub(super) async fn send(&mut self, form: &Form) -> Result<Page, Trouble> {
        let reply = self.receive(form).await?;
        Ok(Page { read: reply.read(), path: reply.path })
    }

    /// Sends a form that sets off something long. Who is told that it takes too long goes on: what
    /// was asked for is done, and the caller looks whether it is.
    pub(super) async fn send_patiently(&mut self, form: &Form) -> Result<(), Trouble> {
        match self.send(form).await {
            Ok(_) | Err(Trouble::Conflict(_)) => Ok(()),
            Err(trouble) => Err(trouble),
        }
    }

    /// Sends a form that leads to a file.
    pub(super) async fn receive(&mut self, form: &Form) -> Result<Reply, Trouble> {
        let pairs = encode(&form.pairs());
        if form.post {
            return self.ask(Method::POST, &form.action, Some(pairs)).await;
        }
        let mark = if form.action.contains('?') { '&' } else { '?' };
        self.ask(Method::GET, &format!("{}{mark}{pairs}", form.action), None).await
    }

    async fn ask(
        &mut self,
        method: Method,
        path: &str,
        form: Option<String>,
    ) -> Result<Reply, Trouble> {
        let (mut method, mut path, mut form) = (method, path.to_owned(), form);
        for _ in 0..=MOST_REDIRECTS {
            let mut request = Request::builder().method(&method).uri(&path);
            if !self.cookie.is_empty() {
                request = request.header(header::COOKIE, &self.cookie);
            }
            let request = match form.take() {
                Some(pairs) => request
                    .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                    .header(header::CONTENT_LENGTH, pairs.len())
                    .body(Body::from(pairs)),
                None => request.body(Body::empty()),
            };
            let request = request.map_err(Trouble::fault)?;
            let answer = self.router.clone().oneshot(request).await.map_err(Trouble::fault)?;
            let (head, body) = answer.into_parts();
            let text = |name| head.headers.get(name).and_then(|it| it.to_str().ok());
            if let Some(cookie) = text(header::SET_COOKIE) {
                let cookie = cookie.split(';').next().unwrap_or_default();
                self.cookie = if cookie.ends_with('=') { String::new() } else { cookie.to_owned() };
            }
            if head.status.is_redirection()
                && let Some(place) = text(header::LOCATION)
            {
                (method, path) = (Method::GET, place.to_owned());
                continue;
            }
            let bytes = to_bytes(body, MOST_BYTES).await.map_err(Trouble::fault)?;
            if head.status == StatusCode::SERVICE_UNAVAILABLE {
                return Err(Trouble::Conflict(format!("{} 在 {path} 等得太久。", self.who)));
            }
            if head.status.is_server_error() {
                let status = head.status.as_u16();
                return Err(Trouble::fault(format!("{} got {status} at {path}", self.who)));
            }
            if head.status != StatusCode::OK {
                return Err(self.refused(head.status, &path, &bytes));
            }
            return Ok(Reply { path, bytes });
        }
        Err(Trouble::fault(format!("{path} leads nowhere")))
    }

    /// A page that says no, as a refusal with its own words.
    fn refused(&self, status: StatusCode, path: &str, bytes: &[u8]) -> Trouble {
        let read = Read::of(&String::from_utf8_lossy(bytes));
        let words: Vec<&str> =
            read.text.lines().filter(|line| line.contains('。')).take(2).collect();
        let said = words.join("");
        Trouble::refused(
            format!("{} 在 {path} 没有办成（{}）：{said}", self.who, status.as_u16()),
            "请打开演示网页查看这一步；也可以重新运行，已办的不会重办。",
        )
    }
}

/// A page that was read.
pub(super) struct Page {
    pub(super) path: String,
    pub(super) read: Read,
}

impl Page {
    /// The form that goes to this address.
    pub(super) fn form_to(&self, action: &str) -> Result<Form, Trouble> {
        self.form(|form| form.action == action)
            .ok_or_else(|| Trouble::fault(format!("{} has no form to {action}", self.path)))
    }

    /// The first form of which this holds.
    pub(super) fn form(&self, fits: impl Fn(&Form) -> bool) -> Option<Form> {
        self.read.forms.iter().find(|form| fits(form)).cloned()
    }

    /// Where a link with this text leads.
    pub(super) fn link(&self, words: &str) -> Option<&str> {
        let link = self.read.links.iter().find(|link| link.text == words)?;
        Some(&link.href)
    }

    /// Addresses that begin so, each once, in order.
    pub(super) fn links_to<'a>(&'a self, prefix: &str) -> Vec<&'a str> {
        let mut found: Vec<&str> = Vec::new();
        for link in self.read.links.iter().filter(|link| link.href.starts_with(prefix)) {
            if !found.contains(&link.href.as_str()) {
                found.push(&link.href);
            }
        }
        found
    }
}

/// Percent-encodes a form.
fn encode(fields: &[(&str, &str)]) -> String {
    let part = |text: &str| -> String {
        let sign = |byte: u8| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        };
        text.bytes().map(sign).collect()
    };
    let pair = |(name, value): &(&str, &str)| format!("{}={}", part(name), part(value));
    fields.iter().map(pair).collect::<Vec<_>>().join("&")
}
