//! 回执, end to end: a receipt file goes up through the form and is read by a child of the real
//! program, as every foreign file.

use std::fmt::Write as _;

use crate::Folder;
use crate::server::{Served, header};

const LAYOUT: &str = "provincial_allowance_awards";

/// The data officer's browser.
struct Browser<'a> {
    served: &'a Served,
    cookies: String,
    csrf: String,
}

impl<'a> Browser<'a> {
    fn sign_in(served: &'a Served) -> Self {
        let mut browser = Self { served, cookies: String::new(), csrf: String::new() };
        let page = browser.get("/sign-in");
        browser.csrf = csrf(&page);
        browser.remember(&page);
        let fields = [("login_name", "shuju"), ("password", "songhe-demo")];
        let answer = browser.post("/sign-in", &fields);
        browser.remember(&answer);
        browser.csrf = csrf(&browser.get("/reports"));
        browser
    }

    fn remember(&mut self, answer: &str) {
        let cookie = header(answer, "set-cookie").split(';').next().unwrap_or_default();
        if !cookie.is_empty() {
            cookie.clone_into(&mut self.cookies);
        }
    }

    fn get(&self, path: &str) -> String {
        self.served.ask(&format!("GET {path} HTTP/1.1\r\nCookie: {}", self.cookies), b"")
    }

    fn send(&self, path: &str, kind: &str, body: &[u8]) -> String {
        let cookies = &self.cookies;
        let head = format!("POST {path} HTTP/1.1\r\nCookie: {cookies}\r\nContent-Type: {kind}");
        self.served.ask(&head, body)
    }

    fn post(&self, path: &str, fields: &[(&str, &str)]) -> String {
        let pairs = [&[("csrf", self.csrf.as_str())][..], fields].concat();
        let pairs = pairs.iter().map(|(name, value)| format!("{name}={}", encoded(value)));
        let body = pairs.collect::<Vec<_>>().join("&");
        self.send(path, "application/x-www-form-urlencoded", body.as_bytes())
    }

    fn upload(&self, path: &str, file: &str) -> String {
        let part = |name: &str, more: &str, text: &str| {
            format!(
                "--b\r\ncontent-disposition: form-data; name=\"{name}\"{more}\r\n\r\n{text}\r\n"
            )
        };
        let body = format!(
            "{}{}--b--\r\n",
            part("csrf", "", &self.csrf),
            part("file", "; filename=\"receipt.csv\"\r\ncontent-type: text/csv", file)
        );
        self.send(path, "multipart/form-data; boundary=b", body.as_bytes())
    }
}

fn csrf(page: &str) -> String {
    let rest = page.split_once("name=\"csrf\" value=\"").map_or("", |(_, rest)| rest);
    rest.split('"').next().unwrap_or_default().to_owned()
}

fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut all, byte| {
        write!(all, "%{byte:02X}").expect("a String takes every write");
        all
    })
}

/// The number in front of these words on the page of a run.
fn figure(page: &str, words: &str) -> usize {
    let before = page.split(words).next().unwrap_or_default();
    let digits: String = before.chars().rev().skip_while(|c| !c.is_ascii_digit()).take(9).collect();
    let digits: String = digits.chars().take_while(|c| c.is_ascii_digit() || *c == ',').collect();
    let digits: String = digits.chars().rev().filter(|c| *c != ',').collect();
    digits.parse().unwrap_or_else(|_| panic!("no figure before {words}: {page}"))
}

#[test]
fn an_uploaded_receipt_is_read_by_a_child_and_settles_the_run_once() {
    let folder = Folder::new();
    let dir = folder.path("data");
    let served = Served::start(&dir, &["demo", "--preset", "town"]);
    let officer = Browser::sign_in(&served);

    let order = [("layout", LAYOUT), ("month", "2026-05"), ("kind", "full")];
    let made = officer.post("/reports", &order);
    let run = header(&made, "location").to_owned();
    assert!(run.starts_with("/reports/"), "{made}");
    let part = |part: &str| format!("{run}/{part}");
    officer.post(&part("freeze"), &[]);
    let rows = figure(&officer.get(&run), "可送出");
    assert!(rows > 2, "{rows}");
    officer.post(&part("handed-over"), &[("note", "内网邮箱")]);

    let number = format!("-{LAYOUT}-202605-001");
    let page = officer.get(&run);
    let area = page.split(&number).next().expect("it names itself");
    let number = format!("{}{number}", &area[area.len() - 6..]);
    let head = "上报处理结果,,,,\n序号,批次号,处理结果,错误代码,错误说明\n";
    let receipt = |listed: std::ops::RangeInclusive<usize>| {
        let lines = listed.map(|row| match row {
            2 => format!("2,{number},退回,E03,区划代码不存在\n"),
            row => format!("{row},{number},接收,,\n"),
        });
        head.to_owned() + &lines.collect::<String>()
    };

    for (file, says) in [
        (receipt(1..=rows - 1), "不完整的没有登记"),
        (receipt(2..=2), "没有说其余"),
        ("这不是回执\n".to_owned(), "没有找到"),
        (receipt(1..=rows).replace(&number, "别的批次"), "不是这一次的"),
    ] {
        let refused = officer.upload(&part("receipt"), &file);
        assert!(refused.starts_with("HTTP/1.1 422") && refused.contains(says), "{refused}");
    }
    let whole = receipt(1..=rows);
    let taken = officer.upload(&part("receipt"), &whole);
    assert_eq!(header(&taken, "location"), run, "{taken}");
    let page = officer.get(&run);
    assert!(page.contains("部分退回") && page.contains("第 2 行：区划代码不存在（E03）"), "{page}");
    assert_eq!(figure(&page, "对方接收"), rows - 1);
    let again = officer.upload(&part("receipt"), &whole);
    assert!(again.starts_with("HTTP/1.1 409"), "a receipt is taken once: {again}");
    let left = std::fs::read_dir(dir.join("files")).expect("a folder").flatten();
    let left = left.filter(|entry| entry.file_name().to_string_lossy().starts_with("reading-"));
    assert_eq!(left.count(), 0, "no copy in clear is left behind");
}
