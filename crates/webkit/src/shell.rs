use askama::Template;
use askama::filters::HtmlSafe;

use crate::{Href, Link, PostButton, Tone};

/// Where the stylesheets and the script lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assets {
    /// The screen's stylesheet.
    pub css: Href,
    /// The paper's stylesheet.
    pub paper_css: Href,
    /// The open pages' stylesheet.
    pub public_css: Href,
    /// The open pages' few lines of script. Nothing needs them.
    pub public_js: Href,
    /// The script. Nothing needs it.
    pub js: Href,
    /// The icon.
    pub icon: Href,
}

impl Default for Assets {
    /// Without a version in the address.
    fn default() -> Self {
        Self {
            css: Href::to("/assets/app.css"),
            paper_css: Href::to("/assets/paper.css"),
            public_css: Href::to("/assets/public.css"),
            public_js: Href::to("/assets/public.js"),
            js: Href::to("/assets/app.js"),
            icon: Href::to("/assets/icon.svg"),
        }
    }
}

/// What stands around every page of somebody who is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shell {
    /// The product's name.
    pub product: String,
    /// Where the stylesheets lie.
    pub assets: Assets,
    /// The page that the name of the product leads to.
    pub home: Href,
    /// The area that the person works for.
    pub area: String,
    /// What lies in it, such as 全县 22 个乡镇 318 个村社区.
    pub area_note: String,
    /// Who is signed in.
    pub person: String,
    /// As what.
    pub role: String,
    /// The day, such as 2026 年 6 月 2 日 星期二.
    pub date_line: String,
    /// The menu; a group without a heading comes first.
    pub menu: Vec<MenuGroup>,
    /// The search in the head of the page, when the person may search.
    pub search: Option<SearchBox>,
    /// The demo's clock, in the demo.
    pub clock: Option<ClockBar>,
    /// What has just happened.
    pub notice: Option<Notice>,
    /// Where the person changes the own password.
    pub password: Link,
    /// Ends the session.
    pub sign_out: PostButton,
}

/// What stands around a page that needs nobody signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bare {
    /// The product's name.
    pub product: String,
    /// What it is, or whose, in a few words.
    pub subtitle: String,
    /// Where the stylesheets lie.
    pub assets: Assets,
    /// The page that the name of the product leads to.
    pub home: Href,
}

/// What stands around a sheet of paper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paper {
    /// The product's name, in the foot.
    pub product: String,
    /// Where the stylesheets lie.
    pub assets: Assets,
    /// Who printed it and when, such as 李审批 2026-06-02 08:30 打印.
    pub printed: String,
    /// The screen that it was printed from.
    pub back: Link,
}

/// 公开页: what stands around a page that anybody reads without signing in, in large type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Open {
    /// Whose pages these are, such as 松河县养老服务.
    pub title: String,
    /// Where the stylesheets lie.
    pub assets: Assets,
    /// The page that the title leads to.
    pub home: Href,
    /// The open pages, the current one marked.
    pub menu: Vec<MenuItem>,
    /// Whom to call: stands on every page.
    pub call: Call,
    /// Where those who work here sign in.
    pub staff: Link,
}

/// 电话: a number that is dialled by touching it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Who answers, such as 松河县民政局.
    pub who: String,
    /// As it is read, such as 0990-6000000.
    pub number: String,
    /// What else to know, such as 说要找民政局; may be empty.
    pub note: String,
}

impl Call {
    /// The address that a telephone dials: digits and nothing else.
    pub fn dials(&self) -> String {
        let digits: String = self.number.chars().filter(char::is_ascii_digit).collect();
        format!("tel:{digits}")
    }
}

/// A group of the menu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MenuGroup {
    /// Its heading; may be empty.
    pub heading: String,
    /// What it holds.
    pub items: Vec<MenuItem>,
}

/// A line of the menu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MenuItem {
    /// Words and page.
    pub link: Link,
    /// What waits there, such as 318 or 2 新; may be empty.
    pub count: String,
    /// Whether this page belongs to it.
    pub current: bool,
}

/// The search in the head of the page. It is sent by POST: what is looked for may be a whole
/// number, which must not stand in an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchBox {
    /// Where it is sent.
    pub action: Href,
    /// Proof that the form is ours.
    pub csrf: String,
    /// What can be looked for.
    pub hint: String,
    /// What was looked for.
    pub text: String,
}

/// 演示时钟: the demo's day and its controls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClockBar {
    /// The day and time in words.
    pub now: String,
    /// To the next deadline, to the next month …
    pub controls: Vec<PostButton>,
}

/// What has just happened, or what to know before anything else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The colour.
    pub tone: Tone,
    /// What happened.
    pub sentence: String,
    /// What can be done about it, such as 撤销.
    pub next: Option<Link>,
}

/// 位置: the way here, from the outermost page; the last is this page and leads nowhere.
#[derive(Clone, Debug, PartialEq, Eq, Template)]
#[template(path = "kit/crumbs.html")]
pub struct Crumbs {
    /// The pages above.
    pub above: Vec<Link>,
    /// This page.
    pub here: String,
}

impl HtmlSafe for Crumbs {}

impl Notice {
    /// A notice without anything to do.
    pub fn new(tone: Tone, sentence: impl Into<String>) -> Self {
        Self { tone, sentence: sentence.into(), next: None }
    }
}
