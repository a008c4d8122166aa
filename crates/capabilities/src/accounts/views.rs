//! 账号管理: what the pages say, as plain data.

use askama::Template;
use kernel::Day;
use webkit::{
    Chip, Choice, Column, Crumbs, Field, FieldKind, Form, Href, Line, Link, Pager, Shell, Table,
};

/// 账号管理
#[derive(Clone, Debug, Template)]
#[template(path = "accounts/accounts.html")]
pub struct AccountsPage {
    /// Around it.
    pub shell: Shell,
    /// How many people can sign in.
    pub headline: String,
    /// Accounts with their grants, those in force first.
    pub grants: Vec<GrantRow>,
    /// 新开账号
    pub open: Link,
    /// The same as a workbook.
    pub export: Link,
    /// Pages of the table.
    pub pager: Option<Pager>,
}

/// An account with one of its grants.
#[derive(Clone, Debug)]
pub struct GrantRow {
    /// Who, and the page of the account.
    pub person: Link,
    /// Login name.
    pub login_name: String,
    /// As what.
    pub role: String,
    /// For which area.
    pub area: String,
    /// First and last day in words.
    pub valid: String,
    /// 有效, 尚未生效 or 已结束.
    pub state: Chip,
}

/// 新开账号
#[derive(Clone, Debug, Template)]
#[template(path = "accounts/open_account.html")]
pub struct OpenAccountPage {
    /// Around it.
    pub shell: Shell,
    /// Where it lies.
    pub crumbs: Crumbs,
    /// See [`open_account_form`].
    pub form: Form,
}

/// One account.
#[derive(Clone, Debug, Template)]
#[template(path = "accounts/account.html")]
pub struct AccountPage {
    /// Around it.
    pub shell: Shell,
    /// Where it lies.
    pub crumbs: Crumbs,
    /// Who.
    pub name: String,
    /// What to know first, such as what can be done here.
    pub sentence: String,
    /// Its grants within the reader's area.
    pub grants: Vec<GrantRow>,
    /// 续期与重设密码; none for the reader's own.
    pub change: Option<Form>,
    /// 停用; none when there is nothing to end, or it is the reader's own.
    pub end: Option<Form>,
}

/// 改密码
#[derive(Clone, Debug, Template)]
#[template(path = "accounts/password.html")]
pub struct PasswordPage {
    /// Around it.
    pub shell: Shell,
    /// What happens besides.
    pub sentence: String,
    /// See [`password_form`].
    pub form: Form,
}

/// The form of [`OpenAccountPage`].
pub fn open_account_form(action: Href, csrf: &str, roles: Vec<Choice>, cancel: Link) -> Form {
    let mut form = Form::new(action, csrf, "开立账号")
        .main()
        .field(Field::new("name", "姓名", FieldKind::Text("off")).hint("使用人本人的姓名。"))
        .field(
            Field::new("login", "登录名", FieldKind::Text("off"))
                .hint("2 至 32 个字母或数字，可以有点、横线和下划线。一人一个，不能共用。"),
        )
        .field(Field::new("role", "岗位", FieldKind::Select(roles)))
        .field(
            Field::new("area", "辖区", FieldKind::Text("off"))
                .hint("区划代码或全名，如“云溪镇溪尾村”。只能在您的辖区以内。"),
        )
        .field(Field::new("until", "有效期至", FieldKind::Day).hint("到这一天为止，含当天。"))
        .field(
            Field::new("password", "初始密码", FieldKind::Password("new-password"))
                .hint("至少 8 个字符。交给本人后，请本人登录并点“改密码”换掉。"),
        )
        .field(Field::new("again", "再输一遍初始密码", FieldKind::Password("new-password")));
    form.cancel = Some(cancel);
    form
}

/// The form by which an account is renewed or gets another password.
pub fn change_account_form(action: Href, csrf: &str, until: Day) -> Form {
    let new = || FieldKind::Password("new-password");
    Form::new(action, csrf, "保存改动")
        .field(
            Field::new("until", "续期至", FieldKind::Day)
                .value(until.to_string())
                .hint("不续期的不用改。"),
        )
        .field(
            Field::new("password", "新的初始密码", new())
                .hint("本人忘记密码时才填，至少 8 个字符。")
                .optional(),
        )
        .field(Field::new("again", "再输一遍新的初始密码", new()).optional())
}

/// The form by which an account is ended.
pub fn end_account_form(action: Href, csrf: &str) -> Form {
    Form::new(action, csrf, "停用这个账号").field(
        Field::new("reason", "停用原因", FieldKind::Lines).hint("如调离、退休。原因会留痕。"),
    )
}

/// The form of [`PasswordPage`].
pub fn password_form(action: Href, csrf: &str) -> Form {
    Form::new(action, csrf, "改密码")
        .main()
        .field(Field::new("old", "原密码", FieldKind::Password("current-password")))
        .field(
            Field::new("new", "新密码", FieldKind::Password("new-password"))
                .hint("至少 8 个字符，不要用姓名、生日和电话号码。"),
        )
        .field(Field::new("again", "再输一遍新密码", FieldKind::Password("new-password")))
}

fn grant_table(title: &str, grants: &[GrantRow]) -> Table {
    let columns = vec![
        Column::new("姓名"),
        Column::new("岗位"),
        Column::new("辖区"),
        Column::short("有效期"),
        Column::short("状态"),
    ];
    Table::new("accounts", title, columns).rows(grants.iter().map(GrantRow::cells))
}

impl AccountsPage {
    fn table(&self) -> Table {
        let mut table = grant_table("账号与授权", &self.grants);
        table.tools = vec![self.open.clone(), self.export.clone()];
        table.pager.clone_from(&self.pager);
        table.empty("这一页没有账号。", Some(self.open.clone()))
    }
}

impl AccountPage {
    fn table(&self) -> Table {
        let mut table = grant_table("授权", &self.grants);
        // Who it is stands above.
        table.columns.remove(0);
        table.rows.iter_mut().for_each(|row| drop(row.cells.remove(0)));
        table
    }
}

impl GrantRow {
    fn cells(&self) -> Vec<Line> {
        vec![
            Line::from(self.person.clone()).small(self.login_name.as_str()),
            self.role.as_str().into(),
            self.area.as_str().into(),
            self.valid.as_str().into(),
            self.state.clone().into(),
        ]
    }
}
