use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::{Folder, assert_refused, program, run};

/// A server, until it is dropped.
pub(crate) struct Served {
    child: Child,
    address: String,
}

impl Served {
    pub(crate) fn start(dir: &Path, words: &[&str]) -> Self {
        let mut child = program(dir, &[words, &["--port", "0"]].concat())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        let lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
        let address = lines
            .map_while(Result::ok)
            .find_map(|line| line.split_once("http://").map(|(_, address)| address.to_owned()))
            .expect("it says where it is");
        Self { child, address }
    }

    pub(crate) fn ask(&self, head: &str, body: &[u8]) -> String {
        let mut stream = TcpStream::connect(&self.address).expect("it listens");
        let length = body.len();
        write!(
            stream,
            "{head}\r\nHost: {}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n",
            self.address
        )
        .and_then(|()| stream.write_all(body))
        .expect("it reads");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("it answers");
        String::from_utf8_lossy(&answer).into_owned()
    }

    fn get(&self, path: &str) -> String {
        self.ask(&format!("GET {path} HTTP/1.1"), b"")
    }

    fn terminate(&mut self) -> Option<i32> {
        let told = Command::new("kill").arg("-TERM").arg(self.child.id().to_string()).status();
        assert!(told.expect("kill is there").success());
        self.child.wait().expect("it is ours").code()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        if self.child.try_wait().is_ok_and(|ended| ended.is_none()) {
            self.terminate();
        }
    }
}

pub(crate) fn header<'a>(answer: &'a str, name: &str) -> &'a str {
    let head = answer.split("\r\n\r\n").next().unwrap_or_default();
    let line = head.lines().find(|line| line.to_ascii_lowercase().starts_with(&format!("{name}:")));
    line.and_then(|line| line.split_once(':')).map_or("", |(_, value)| value.trim())
}

#[test]
fn the_demo_serves_under_its_headers_and_ends_in_order() {
    let folder = Folder::new();
    let dir = folder.path("data");
    let mut served = Served::start(&dir, &["demo", "--preset", "town"]);

    let page = served.get("/sign-in");
    assert!(page.starts_with("HTTP/1.1 200"), "{page}");
    assert!(page.contains("李审批"), "the sign-in page of a demo offers its people");
    for answer in [&page, &served.get("/nothing-here"), &served.get("/")] {
        assert_eq!(header(answer, "cache-control"), "no-store");
        assert!(header(answer, "content-security-policy").contains("frame-ancestors 'none'"));
        assert_eq!(header(answer, "x-content-type-options"), "nosniff");
        assert_eq!(header(answer, "referrer-policy"), "same-origin");
    }
    let lost = served.get("/nothing-here");
    assert!(lost.starts_with("HTTP/1.1 404") && lost.contains("没有找到"), "{lost}");
    assert!(served.get("/healthz").contains("ok"));

    let style = served.get("/assets/app.css");
    let tag = header(&style, "etag");
    assert!(style.starts_with("HTTP/1.1 200") && !tag.is_empty(), "{style}");
    let again = served.ask(&format!("GET /assets/app.css HTTP/1.1\r\nIf-None-Match: {tag}"), b"");
    assert!(again.starts_with("HTTP/1.1 304"), "{again}");
    assert!(served.get("/assets/..%2f..%2fCargo.toml").starts_with("HTTP/1.1 404"));

    let large = served.ask("POST /sign-in HTTP/1.1", &vec![b'a'; (1 << 20) + 1]);
    assert!(large.starts_with("HTTP/1.1 413") && large.contains("内容太大"), "{large}");

    let port = served.address.rsplit_once(':').map_or("", |(_, port)| port).to_owned();
    let elsewhere = folder.path("elsewhere");
    let busy = run(&elsewhere, &["demo", "--preset", "town", "--port", &port]);
    assert_refused(&busy, 1, "已被别的程序占用");
    let second = run(&dir, &["demo", "--preset", "town", "--port", "0"]);
    assert_refused(&second, 1, "另一个演示正在使用");
    let june = run(&dir, &["determine", "--month", "2026-06", "--json"]);
    assert!(june.status.success(), "the command line uses the same database");
    assert!(served.get("/healthz").contains("ok"), "and leaves it to the server");

    assert_eq!(served.terminate(), Some(0));
    assert!(!dir.join("pg/postmaster.pid").exists(), "the last one out stops the database");
}

#[test]
fn a_real_region_is_served_without_any_of_the_demos_people() {
    let folder = Folder::new();
    let dir = folder.region();
    let mut served = Served::start(&dir, &["serve"]);
    let page = served.get("/sign-in");
    assert!(page.starts_with("HTTP/1.1 200"), "{page}");
    assert!(!page.contains("李审批") && !page.contains("songhe-demo"), "{page}");
    let front = served.get("/");
    assert!(front.starts_with("HTTP/1.1 303") && header(&front, "location") == "/sign-in");
    assert_eq!(served.terminate(), Some(0));
}
