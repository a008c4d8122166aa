//! 页面: what a click costs, one after the other and eight at a time.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::thread;

use kernel::Trouble;

use crate::clock::Stopwatch;
use crate::http::{Browser, encoded};
use crate::table::{head, note};
use crate::{many, program, wait_for};

/// Requests of each page by one browser, and by each of eight.
const ALONE: usize = 60;
const EACH_OF_EIGHT: usize = 20;

/// Asks for the pages of the demo, then of the same with so many people.
pub(crate) fn run(preset: &str, people: i64, program: Option<PathBuf>) -> Result<(), Trouble> {
    let program = program::find(program)?;
    let folder = program::folder()?;
    let dir = folder.path().join("data");
    program::fill(&program, &dir, preset)?;
    head(&format!("pages of the {preset}"));
    asked(&program, &dir)?;
    if people > 0 {
        let made = wait_for(many::copy_people(&dir, people))?;
        head(&format!("pages with {made} people"));
        note("the people are copies of the county's in person and fact_current, not imported");
        asked(&program, &dir)?;
    }
    Ok(())
}

fn asked(program: &Path, dir: &Path) -> Result<(), Trouble> {
    let server = Served::start(program, dir)?;
    let browser = server.sign_in("shenpi")?;
    let ask = |path: &str| browser.get(path).map_err(Trouble::fault);
    let found = ask(&format!("/elders?q={}", encoded("王")))?;
    let elder = elder_of(&found.body).unwrap_or_else(|| "/elders".to_owned());
    let pages = [
        ("start", "/".to_owned()),
        ("differences", "/duties?kind=unclaimed_entitlement".to_owned()),
        ("duties", "/duties".to_owned()),
        ("files", "/files".to_owned()),
        ("search by a surname", format!("/elders?q={}", encoded("王"))),
        ("search by a whole name", format!("/elders?q={}", encoded("王秀英"))),
        ("search by initials", "/elders?q=wxy".to_owned()),
        ("one elder", elder),
    ];
    println!("{:<26} {:>27}   {:>27}", "milliseconds", "alone p50 / p95", "8 at a time p50 / p95");
    for (name, path) in pages {
        let status = ask(&path)?.status;
        if status != 200 {
            println!("{name:<26} not measured: {path} answers {status}");
            continue;
        }
        let alone = times(&browser, &path, ALONE);
        let eight: Vec<f64> = thread::scope(|scope| {
            let work = || times(&browser, &path, EACH_OF_EIGHT);
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(work)).collect();
            threads.into_iter().flat_map(|it| it.join().unwrap_or_default()).collect()
        });
        let (alone, eight) = (middle_and_high(alone), middle_and_high(eight));
        println!(
            "{name:<26} {:>13.1} {:>13.1}   {:>13.1} {:>13.1}",
            alone.0, alone.1, eight.0, eight.1
        );
    }
    Ok(())
}

/// The first elder that a list links to.
fn elder_of(html: &str) -> Option<String> {
    let links = html.split("href=\"/elders/").skip(1).filter_map(|it| it.split('"').next());
    let ids = links.map(|it| it.split(['/', '?', '#']).next().unwrap_or_default());
    ids.into_iter().find(|id| id.len() == 36).map(|id| format!("/elders/{id}"))
}

fn times(browser: &Browser, path: &str, count: usize) -> Vec<f64> {
    let one = |_| {
        let mut watch = Stopwatch::default();
        let answer = watch.time(|| browser.get(path));
        answer.is_ok_and(|it| it.status == 200).then(|| watch.seconds() * 1_000.0)
    };
    (0..count).filter_map(one).collect()
}

fn middle_and_high(mut all: Vec<f64>) -> (f64, f64) {
    all.sort_by(f64::total_cmp);
    let at = |percent: usize| {
        all.get((all.len() * percent / 100).min(all.len().saturating_sub(1))).copied()
    };
    (at(50).unwrap_or(f64::NAN), at(95).unwrap_or(f64::NAN))
}

/// The demo's server, until it is dropped.
struct Served {
    child: Child,
    port: u16,
}

impl Served {
    fn start(program: &Path, dir: &Path) -> Result<Self, Trouble> {
        let free = TcpListener::bind("127.0.0.1:0").and_then(|it| it.local_addr());
        let port = free.map_err(Trouble::fault)?.port();
        let number = port.to_string();
        let mut command = program::command(program, dir, &["demo", "--keep", "--port", &number]);
        command.stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().map_err(Trouble::fault)?;
        let mut lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
        let ready = lines.any(|line| line.is_ok_and(|line| line.contains("127.0.0.1")));
        // Whoever stops reading would make the server wait for its own output.
        thread::spawn(move || lines.for_each(drop));
        if ready { Ok(Self { child, port }) } else { Err(Trouble::fault("the server ended")) }
    }

    fn sign_in(&self, login: &str) -> Result<Browser, Trouble> {
        let nobody = Browser { port: self.port, cookie: String::new() };
        let form = format!("csrf=&login_name={login}&password=songhe-demo");
        let answer = nobody.post("/sign-in", &form).map_err(Trouble::fault)?;
        let cookie = answer.cookie().ok_or_else(|| {
            Trouble::fault(format!("signing in answers {}: {}", answer.status, answer.head))
        })?;
        Ok(Browser { cookie, ..nobody })
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // Told as a terminal would, so that it stops its database in order.
        let told = std::process::Command::new("kill").arg(self.child.id().to_string()).status();
        if told.is_ok_and(|it| it.success()) {
            let _ = self.child.wait();
        } else {
            let _ = self.child.kill();
        }
    }
}
