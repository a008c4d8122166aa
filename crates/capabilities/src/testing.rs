//! A small county on a real database, and people who sign in to it: for the stories of all
//! capabilities. The county, its people and their numbers are invented.
//!
//! A story opens a [`World`], signs somebody in, and asks for pages as a browser does: through the
//! router, with cookie and token. The clock stands at 2 June 2026, half past eight.

pub(crate) mod applied;
pub(crate) mod pay;
mod people;
pub(crate) mod reports;
mod walls;

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use access::{Actor, Passwords, Times, Token, Vault};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::request::Builder;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use db::Db;
use db::testing::TestDb;
use kernel::{AreaId, Day, DutyId, Now, PersonId, Role, Span};
use policy::List;
use signed_http::testing::Platform;
use tempfile::TempDir;
use tower::ServiceExt as _;

pub(crate) use people::{COUNTY, Elder, Said, county, undecided};

use crate::{App, AppParts, Clock, Works};

/// What every account's password is.
pub(crate) const PASSWORD: &str = "songhe-test";

/// The areas: a county of two towns with two villages each.
const AREAS: &str = "code,name,level,kind,parent,valid_from,valid_to
990000,安澜省,province,division,,2000-01-01,
990100,青屏市,prefecture,division,990000,2000-01-01,
990121,松河县,county,division,990100,2000-01-01,
990121001,城关镇,township,division,990121,2000-01-01,
990121001001,东门社区,village,division,990121001,2000-01-01,
990121001002,西门社区,village,division,990121001,2000-01-01,
990121002,云溪镇,township,division,990121,2000-01-01,
990121002001,溪尾村,village,division,990121002,2000-01-01,
990121002002,溪头村,village,division,990121002,2000-01-01,
";

/// The lists that the county lives under, and one of another region.
const LISTS: [&str; 4] = ["songhe/v4", "qingping/v5", "anlan/v3", "nanyang/2019"];

pub(crate) fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

/// The clock of a story: the bureau's time and the machine's are the same, and both can be set.
#[derive(Clone)]
pub(crate) struct Hands(Arc<Mutex<Now>>);

impl Hands {
    pub(crate) fn turn(&self, now: Now) {
        *self.0.lock().expect("nobody panics while holding it") = now;
    }
}

impl Clock for Hands {
    fn now(&self) -> Now {
        *self.0.lock().expect("nobody panics while holding it")
    }

    fn wall(&self) -> Now {
        self.now()
    }

    fn set(&self, now: Now) -> bool {
        self.turn(now);
        true
    }
}

/// A county with its people, files and duties, and the program over it.
pub(crate) struct World {
    pub(crate) app: App,
    pub(crate) hands: Hands,
    /// Dropped with its database after the test.
    pub(crate) db: TestDb,
    elders: Vec<(Elder, PersonId)>,
    keys: Arc<TempDir>,
    accounts: Mutex<HashSet<String>>,
}

impl World {
    /// The open duty of a kind about somebody.
    pub(crate) async fn duty_of(&self, name: &str, kind: &str) -> Option<duties::Duty> {
        let (person, system) = (self.elder(name), self.system().await);
        let mut tx = self.app.db().begin(&system.scope).await.expect("a transaction");
        let open = duties::open_duties(tx.conn(), &duties::Filter::default(), 100, 0).await;
        open.expect("duties").into_iter().find(|duty| duty.person == person && duty.kind == kind)
    }

    /// The county of [`county`].
    pub(crate) async fn new() -> Self {
        Self::of(county()).await
    }

    /// A county with these people.
    pub(crate) async fn of(elders: Vec<Elder>) -> Self {
        let keys = Arc::new(tempfile::tempdir().expect("a folder"));
        Self::with_keys(elders, keys).await
    }

    /// A county whose keys are those of another one, so that the same person has the same id.
    pub(crate) async fn beside(&self, elders: Vec<Elder>) -> Self {
        Self::with_keys(elders, Arc::clone(&self.keys)).await
    }

    async fn with_keys(elders: Vec<Elder>, keys: Arc<TempDir>) -> Self {
        let db = TestDb::new().await;
        let areas = access::parse_area_file(AREAS).expect("a good area file");
        let mut tx = db.begin_unscoped().await.expect("the database");
        access::plant_areas(tx.conn(), &areas).await.expect("an empty tree");
        tx.commit().await.expect("the database");
        let now = Now::new(day("2026-06-02"), 8, 30).expect("a time");
        let hands = Hands(Arc::new(Mutex::new(now)));
        let app = App::new(parts(&db, &keys, &hands)).await.expect("an app");
        let people = people::settle(&app, &elders).await;
        let elders = elders.into_iter().zip(people).collect();
        Self { app, hands, db, elders, keys, accounts: Mutex::default() }
    }

    /// The same county under a program with other parts, such as demo accounts or reconcilers.
    pub(crate) async fn with_parts(mut self, change: impl FnOnce(&mut AppParts)) -> Self {
        let mut parts = parts(&self.db, &self.keys, &self.hands);
        change(&mut parts);
        self.app = App::new(parts).await.expect("an app");
        self
    }

    /// The county of the stories, connected to the province's platform.
    pub(crate) async fn connected_to(platform: &Platform) -> Self {
        let world = Self::new().await;
        Platform::share_secret(world.keys.path());
        world.with_parts(|parts| parts.exchanges = vec![platform.config()]).await
    }

    /// The elder of this name.
    pub(crate) fn elder(&self, name: &str) -> PersonId {
        self.elders.iter().find(|(elder, _)| elder.name == name).expect("somebody of that name").1
    }

    /// The duty that [`Said::Owes`] opened about the elder.
    pub(crate) fn duty(&self, name: &str, kind: &str) -> DutyId {
        duties::duty_id(kind, self.elder(name), Some(people::ITEM), &people::BASIS)
    }

    /// The area with this code.
    pub(crate) fn area(&self, code: &str) -> AreaId {
        self.app.areas().with_code(code).expect("a code of AREAS").id
    }

    /// The system itself, for the whole county.
    pub(crate) async fn system(&self) -> Actor {
        access::system_actor(&self.db, self.area(COUNTY), Role::DataOfficer)
            .await
            .expect("an actor")
    }

    /// Opens an account `<role>.<code of the area>` if there is none, and signs in.
    pub(crate) async fn sign_in_as(&self, role: Role, code: &str) -> Client {
        let login = format!("{}.{code}", role.code());
        let fresh = self.accounts.lock().expect("a lock").insert(login.clone());
        let now = self.app.now();
        if fresh {
            let mut tx = self.db.begin_unscoped().await.expect("the database");
            let valid = Span::from(day("2026-01-01"));
            let name = format!("测试{}", role.chinese());
            let account = access::open_account(tx.conn(), &login, &name, PASSWORD, valid)
                .await
                .expect("an account");
            let grant = access::Grant {
                account,
                role,
                area: self.area(code),
                purpose: access::purpose_of(role),
                valid_from: valid.from,
                valid_to: day("2027-01-01"),
            };
            access::grant(tx.conn(), &grant).await.expect("a grant");
            tx.commit().await.expect("the database");
        }
        let passwords = &self.app.parts().passwords;
        let token = access::sign_in(
            &self.db,
            passwords,
            &login,
            PASSWORD,
            "测试浏览器",
            Times { now, wall: now },
        )
        .await
        .expect("a session");
        let actor = access::resolve(&self.db, &token, now, now.day())
            .await
            .expect("the database")
            .expect("an open session");
        Client { router: self.router(), token: Some(token), csrf: actor.csrf.clone() }
    }

    /// A browser in which nobody is signed in.
    pub(crate) fn nobody(&self) -> Client {
        Client { router: self.router(), token: None, csrf: String::new() }
    }

    fn router(&self) -> Router {
        crate::routes().into_router(&self.app).with_state(self.app.clone())
    }
}

fn parts(db: &TestDb, keys: &TempDir, hands: &Hands) -> AppParts {
    let lists = LISTS.map(|dir| List::load(&repository("policy").join(dir)).expect("a list"));
    AppParts {
        db: Db::clone(db),
        vault: Vault::open_or_create(&keys.path().join("keys.toml")).expect("keys"),
        passwords: Passwords::new().expect("a hash"),
        clock: Box::new(hands.clone()),
        lists: lists.into(),
        layouts: facts::layout::load(&repository("exchange")).expect("layouts"),
        outgoing: outgoing::layout::load(&repository("export")).expect("layouts"),
        banks: crate::bank::load(&repository("bank")).expect("layouts"),
        exchanges: signed_http::load(&repository("exchange-http")).expect("configurations"),
        works: Works::default(),
        exe: PathBuf::new(),
        files_dir: keys.path().join("files"),
        after_facts: |_| Box::pin(async { Ok(()) }),
        demo_accounts: Vec::new(),
        play: None,
    }
}

/// Somebody's browser.
pub(crate) struct Client {
    router: Router,
    token: Option<Token>,
    pub(crate) csrf: String,
}

/// What the program answered.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Client {
    /// Asks for a page.
    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.send(self.request(Method::GET, path).body(Body::empty()).expect("a request")).await
    }

    /// Sends a form, with the session's token unless the fields bring one.
    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let mut all: Vec<(&str, &str)> = fields.to_vec();
        if all.iter().all(|(name, _)| *name != "csrf") {
            all.insert(0, ("csrf", &self.csrf));
        }
        let request = self
            .request(Method::POST, path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(encode(&all)))
            .expect("a request");
        self.send(request).await
    }

    /// A request with the cookie, to be finished by the caller: for uploads and odd headers.
    pub(crate) fn request(&self, method: Method, path: &str) -> Builder {
        let request = Request::builder().method(method).uri(path);
        match &self.token {
            Some(token) => {
                request.header(header::COOKIE, format!("{}={}", webkit::COOKIE, token.reveal()))
            }
            None => request,
        }
    }

    /// Sends any request.
    pub(crate) async fn send(&self, request: Request<Body>) -> Reply {
        let response = self.router.clone().oneshot(request).await.expect("an answer");
        let (head, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.expect("a whole answer").to_vec();
        Reply { status: head.status, headers: head.headers, body }
    }
}

impl Reply {
    /// The page as text.
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("UTF-8")
    }

    /// The value of a header, empty when it is not there.
    pub(crate) fn header(&self, name: header::HeaderName) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("ASCII"))
    }

    /// Where it leads.
    pub(crate) fn location(&self) -> &str {
        self.header(header::LOCATION)
    }

    /// The page, which must be one.
    #[track_caller]
    pub(crate) fn ok(&self) -> &str {
        assert_eq!(self.status, StatusCode::OK, "{}", String::from_utf8_lossy(&self.body));
        self.text()
    }
}

/// Percent-encodes a form.
fn encode(fields: &[(&str, &str)]) -> String {
    let part = |text: &str| -> String {
        text.bytes()
            .map(|byte| match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => {
                    char::from(byte).to_string()
                }
                _ => format!("%{byte:02X}"),
            })
            .collect()
    };
    let pairs: Vec<String> =
        fields.iter().map(|(name, value)| format!("{}={}", part(name), part(value))).collect();
    pairs.join("&")
}
