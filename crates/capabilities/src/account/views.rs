//! 登录 and 在线用户: what the pages say, as plain data.

use askama::Template;
use kernel::Refusal;
use webkit::{Bare, Column, Field, FieldKind, Form, Href, Line, Link, PostButton, Shell, Table};

/// 登录
#[derive(Clone, Debug, Template)]
#[template(path = "account/sign_in.html")]
pub struct SignInPage {
    /// Around it.
    pub shell: Bare,
    /// See [`sign_in_form`].
    pub form: Form,
    /// Why it did not work; what was typed stays in the form.
    pub refusal: Option<Refusal>,
    /// 公开页: what is open without an account.
    pub open: Link,
    /// 演示账号, in the demo only.
    pub demo: Vec<DemoAccount>,
}

/// An account of the demo, entered with one click.
#[derive(Clone, Debug)]
pub struct DemoAccount {
    /// Role and name on the button.
    pub enter: PostButton,
    /// Area and what can be tried.
    pub about: String,
}

/// The form of [`SignInPage`]: sends `login_name` and `password`.
pub fn sign_in_form(action: Href, csrf: &str, login_name: &str) -> Form {
    Form::new(action, csrf, "登录")
        .main()
        .field(
            Field::new("login_name", "账号", FieldKind::Text("username"))
                .value(login_name)
                .hint("单位发给您本人的账号，不要借给别人使用。"),
        )
        .field(Field::new("password", "密码", FieldKind::Password("current-password")))
}

/// 在线用户
#[derive(Clone, Debug, Template)]
#[template(path = "account/online.html")]
pub struct OnlinePage {
    /// Around it.
    pub shell: Shell,
    /// Who is signed in, the latest first.
    pub sessions: Vec<OnlineRow>,
    /// Such as 30 分钟没有操作的自动退出.
    pub rule: String,
}

/// A session.
#[derive(Clone, Debug)]
pub struct OnlineRow {
    /// Who.
    pub person: String,
    /// Login name.
    pub login_name: String,
    /// As what.
    pub role: String,
    /// For which area.
    pub area: String,
    /// Since when, such as 06-02 08:02.
    pub since: String,
    /// Last seen, such as 3 分钟前.
    pub last_seen: String,
    /// 强制下线; none for the reader's own session.
    pub force: Option<PostButton>,
}

impl OnlinePage {
    fn table(&self) -> Table {
        let columns = vec![
            Column::new("姓名"),
            Column::new("岗位"),
            Column::new("辖区"),
            Column::short("登录时间"),
            Column::short("最近操作"),
            Column::short("办理"),
        ];
        Table::new("sessions", "在线用户", columns)
            .rows(self.sessions.iter().map(OnlineRow::cells))
            .empty("除您以外没有人在线。", None)
    }
}

impl OnlineRow {
    fn cells(&self) -> Vec<Line> {
        vec![
            Line::from(self.person.as_str()).small(self.login_name.as_str()),
            self.role.as_str().into(),
            self.area.as_str().into(),
            self.since.as_str().into(),
            self.last_seen.as_str().into(),
            match &self.force {
                Some(button) => Line::new().button(button.clone()),
                None => "本人".into(),
            },
        ]
    }
}
