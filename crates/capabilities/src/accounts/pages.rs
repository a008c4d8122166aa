//! 账号管理: the administrator lets people in and out; everybody changes the own password.

use access::{AccountGrant, Actor, AreaTree, AuditEntry, Grant, purpose_of};
use axum::Extension;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use kernel::{AccountId, AreaId, Day, Refusal, Role, Span, Trouble};
use serde::Deserialize;
use webkit::{Answer, Chip, Choice, Crumbs, Failure, Link, Notice, Page, Pager, Posted, Tone};

use super::views::{
    AccountPage, AccountsPage, GrantRow, OpenAccountPage, PasswordPage, change_account_form,
    end_account_form, open_account_form, password_form,
};
use crate::links::At;
use crate::shell::{shell, with_notice};
use crate::{App, links};

const PAGE_ROWS: i64 = 50;

/// Name and value, or name and what is wrong.
type Pairs = Vec<(String, String)>;

/// Which page of the list, from 0; whether the password has just been changed.
#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    page: u32,
    #[serde(default)]
    changed: u8,
}

pub(super) async fn list(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    Query(Asked { page, .. }): Query<Asked>,
) -> Answer<Page<AccountsPage>> {
    let today = app.now().day();
    let mut tx = app.db().begin(&actor.scope).await?;
    let count = access::count_accounts(tx.conn(), &actor, today).await?;
    let first = i64::from(page) * PAGE_ROWS;
    let grants = access::accounts_within(tx.conn(), &actor, today, PAGE_ROWS, first).await?;
    drop(tx);
    let all = count.grants.unsigned_abs();
    let from = first.unsigned_abs();
    let shown = u64::try_from(grants.len()).unwrap_or(0);
    let href = |page: u32| links::accounts().query("page", page);
    Ok(Page::new(AccountsPage {
        shell: shell(&app, &actor, &links::accounts()).await?,
        headline: format!("现有 {} 个有效账号", count.in_force),
        grants: grants.iter().map(|it| grant_row(&app, it)).collect(),
        open: Link::new("新开账号", links::new_account()),
        export: Link::new("导出 xlsx", links::accounts_export()),
        pager: (count.grants > PAGE_ROWS).then(|| Pager {
            from: from + u64::from(shown > 0),
            to: from + shown,
            of: all,
            previous: (page > 0).then(|| href(page - 1)),
            next: (from + shown < all && shown > 0).then(|| href(page + 1)),
        }),
    }))
}

fn grant_row(app: &App, grant: &AccountGrant) -> GrantRow {
    let today = app.now().day();
    GrantRow {
        person: Link::new(grant.name.as_str(), links::account(grant.account)),
        login_name: grant.login.clone(),
        role: grant.role.chinese().to_owned(),
        area: app.areas().spoken(grant.area),
        // What was ended on its first day has no last one.
        valid: format!(
            "{} 至 {}",
            grant.valid_from,
            grant.valid_to.plus_days(-1).max(grant.valid_from)
        ),
        state: match (grant.in_force(today), grant.valid_from > today) {
            (true, _) => Chip::new(Tone::Ok, "有效"),
            (false, true) if grant.valid_to > grant.valid_from => Chip::new(Tone::Info, "尚未生效"),
            (false, _) => Chip::new(Tone::Plain, "已结束"),
        },
    }
}

fn crumbs(here: &str) -> Crumbs {
    Crumbs { above: vec![Link::new("账号管理", links::accounts())], here: here.to_owned() }
}

pub(super) async fn blank(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
) -> Answer<Page<OpenAccountPage>> {
    let typed = Opening {
        area: app.areas().spoken(actor.area),
        until: app.now().day().plus_years(1).to_string(),
        ..Opening::default()
    };
    Ok(open_page(&app, &actor, &typed, &[]).await?)
}

async fn open_page(
    app: &App,
    actor: &Actor,
    typed: &Opening,
    errors: &[(String, String)],
) -> Result<Page<OpenAccountPage>, Trouble> {
    let roles = Role::ALL.iter().map(|role| Choice::new(role.code(), role.chinese()));
    let roles = std::iter::once(Choice::new("", "请选择")).chain(roles).collect();
    let back = Link::new("不开了", links::accounts());
    let form = open_account_form(links::accounts(), &actor.csrf, roles, back);
    Ok(Page::new(OpenAccountPage {
        shell: shell(app, actor, &links::accounts()).await?,
        crumbs: crumbs("新开账号"),
        form: form.with_typed(&typed.kept(), errors),
    }))
}

/// What the form of a new account sends. Nothing prints it: it holds a password.
#[derive(Default, Deserialize)]
pub(super) struct Opening {
    name: String,
    login: String,
    role: String,
    area: String,
    until: String,
    password: String,
    again: String,
}

/// A new account as it can be opened.
struct NewAccount<'a> {
    name: &'a str,
    login: &'a str,
    role: Role,
    area: AreaId,
    /// First day without it.
    valid_to: Day,
}

impl Opening {
    fn kept(&self) -> Pairs {
        [
            ("name", &self.name),
            ("login", &self.login),
            ("role", &self.role),
            ("area", &self.area),
            ("until", &self.until),
        ]
        .map(|(field, value)| (field.to_owned(), value.clone()))
        .into()
    }

    fn read(&self, areas: &AreaTree, own: AreaId, today: Day) -> Result<NewAccount<'_>, Pairs> {
        let mut wrong = Pairs::new();
        let name = noted(&mut wrong, "name", person_name(&self.name));
        let login = noted(&mut wrong, "login", login_name(&self.login));
        let role = Role::from_code(&self.role).ok_or_else(|| "请选择岗位。".to_owned());
        let role = noted(&mut wrong, "role", role);
        let area = noted(&mut wrong, "area", area_named(areas, own, &self.area));
        let until = noted(&mut wrong, "until", last_day(&self.until, today));
        noted(&mut wrong, "password", new_password(&self.password));
        noted(&mut wrong, "again", same(&self.password, &self.again));
        match (name, login, role, area, until) {
            (Some(name), Some(login), Some(role), Some(area), Some(until)) if wrong.is_empty() => {
                Ok(NewAccount { name, login, role, area, valid_to: until.plus_days(1) })
            }
            _ => Err(wrong),
        }
    }
}

/// What was read, or a note beside its field.
fn noted<T>(wrong: &mut Pairs, field: &str, read: Result<T, String>) -> Option<T> {
    read.map_err(|why| wrong.push((field.to_owned(), why))).ok()
}

fn person_name(typed: &str) -> Result<&str, String> {
    match typed.trim() {
        "" => Err("请填写姓名。".to_owned()),
        name if name.chars().count() > 50 => Err("姓名太长，最多 50 个字。".to_owned()),
        name => Ok(name),
    }
}

fn login_name(typed: &str) -> Result<&str, String> {
    let login = typed.trim();
    access::check_login_name(login).map(|()| login).map_err(|refusal| refusal.sentence)
}

fn last_day(typed: &str, today: Day) -> Result<Day, String> {
    match typed.trim().parse::<Day>() {
        Ok(day) if day >= today => Ok(day),
        Ok(_) => Err("这一天已经过去，请填今天或以后的日期。".to_owned()),
        Err(wrong) => Err(format!("{wrong}。")),
    }
}

fn new_password(typed: &str) -> Result<(), String> {
    access::check_password_length(typed).map_err(|refusal| refusal.sentence)
}

fn same(password: &str, again: &str) -> Result<(), String> {
    if password == again {
        Ok(())
    } else {
        Err("两次输入的密码不一样，请重输。".to_owned())
    }
}

/// What lies outside of the own area reads as what does not exist.
fn area_named(areas: &AreaTree, own: AreaId, typed: &str) -> Result<AreaId, String> {
    let typed = typed.trim();
    match areas.found_within(own, typed).as_slice() {
        [area] => Ok(area.id),
        [] => Err("您的辖区里没有这个地方，请填区划代码或全名，如“云溪镇溪尾村”。".to_owned()),
        several => {
            let some: Vec<String> = several.iter().take(3).map(|it| areas.spoken(it.id)).collect();
            let (count, some) = (several.len(), some.join("、"));
            Err(format!("辖区里有 {count} 个“{typed}”，如{some}，请写全名或区划代码。"))
        }
    }
}

pub(super) async fn open(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    Posted(typed): Posted<Opening>,
) -> Answer<Response> {
    let today = app.now().day();
    let opened = match typed.read(&app.areas(), actor.area, today) {
        Ok(new) => match open_in_one(&app, &actor, &new, &typed.password).await {
            // Who has the login name is nobody's business: it may be outside of the area.
            Err(Trouble::Conflict(_)) => {
                Err(vec![("login".to_owned(), "这个登录名不能用，请换一个。".to_owned())])
            }
            other => Ok(other?),
        },
        Err(errors) => Err(errors),
    };
    match opened {
        Ok(account) => Ok(Redirect::to(links::account(account).as_str()).into_response()),
        Err(errors) => {
            let page = open_page(&app, &actor, &typed, &errors).await?;
            Ok(page.status(StatusCode::UNPROCESSABLE_ENTITY).into_response())
        }
    }
}

async fn open_in_one(
    app: &App,
    actor: &Actor,
    new: &NewAccount<'_>,
    password: &str,
) -> Result<AccountId, Trouble> {
    let today = app.now().day();
    let valid = Span { from: today, to: Some(new.valid_to) };
    let mut tx = app.db().begin(&actor.scope).await?;
    let account = access::open_account(tx.conn(), new.login, new.name, password, valid).await?;
    let grant = Grant {
        account,
        role: new.role,
        area: new.area,
        purpose: purpose_of(new.role),
        valid_from: today,
        valid_to: new.valid_to,
    };
    access::grant(tx.conn(), &grant).await?;
    let (role, area) = (new.role.chinese(), app.areas().spoken(new.area));
    let entry = AuditEntry::new(actor, app.now(), "开立账号", format!("account/{account}"))
        .note(format!("{role}，{area}，至 {}", new.valid_to.plus_days(-1)));
    access::record(tx.conn(), &entry).await?;
    tx.commit().await?;
    Ok(account)
}

pub(super) async fn one(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(account): At<AccountId>,
) -> Answer<Page<AccountPage>> {
    Ok(account_page(&app, &actor, account, &[]).await?)
}

async fn account_page(
    app: &App,
    actor: &Actor,
    account: AccountId,
    errors: &[(String, String)],
) -> Result<Page<AccountPage>, Trouble> {
    let today = app.now().day();
    let mut tx = app.db().begin(&actor.scope).await?;
    let grants = access::grants_of(tx.conn(), actor, account).await?;
    drop(tx);
    let Some(last) = grants.first() else { return Err(Trouble::NotFound) };
    let (is_own, can_end) = (account == actor.account, last.valid_to > today.max(last.valid_from));
    let until = if can_end { last.valid_to.plus_days(-1) } else { today.plus_years(1) };
    let change = change_account_form(links::account(account), &actor.csrf, until);
    let end = end_account_form(links::end_account(account), &actor.csrf);
    let about = match (is_own, can_end) {
        (true, _) => "这是您自己的账号，要续期或停用请找另一位系统管理员。",
        (false, true) => "停用后立即不能再登录，已登录的马上退出。",
        (false, false) => "现在没有授权，不能登录；续期后恢复。",
    };
    Ok(Page::new(AccountPage {
        shell: shell(app, actor, &links::accounts()).await?,
        crumbs: crumbs(&last.name),
        name: last.name.clone(),
        sentence: format!("登录名 {}。{about}", last.login),
        grants: grants.iter().map(|it| grant_row(app, it)).collect(),
        change: (!is_own).then_some(change),
        end: (!is_own && can_end).then(|| end.with_typed(&[], errors)),
    }))
}

/// The own account is in somebody else's hands.
fn not_own(actor: &Actor, account: AccountId) -> Result<(), Failure> {
    if account != actor.account {
        return Ok(());
    }
    let refusal = Refusal::new("这是您自己的账号。", "要续期或停用，请找另一位系统管理员。");
    Err(Failure::from(refusal).back("回到账号管理", links::accounts()))
}

/// What the form sends that renews an account or gives it another password.
#[derive(Deserialize)]
pub(super) struct Change {
    until: String,
    password: String,
    again: String,
}

pub(super) async fn change(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(account): At<AccountId>,
    Posted(Change { until, password, again }): Posted<Change>,
) -> Answer<Redirect> {
    not_own(&actor, account)?;
    let page = links::account(account);
    let refused = |trouble: Trouble| {
        Failure::from(trouble).typed("续期至", &until).back("回到这个账号", page.clone())
    };
    let refuse = |wrong: String| refused(Refusal::new(wrong, "什么都没有改，请重新填写。").into());
    let valid_to = last_day(&until, app.now().day()).map_err(refuse)?.plus_days(1);
    same(&password, &again).map_err(refuse)?;
    let new = (!password.is_empty()).then_some(password.as_str());
    let mut tx = app.db().begin(&actor.scope).await?;
    access::change_account(tx.conn(), &actor, account, valid_to, new, app.times())
        .await
        .map_err(refused)?;
    tx.commit().await?;
    Ok(Redirect::to(page.as_str()))
}

/// Why an account is ended.
#[derive(Deserialize)]
pub(super) struct Ending {
    reason: String,
}

pub(super) async fn end(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(account): At<AccountId>,
    Posted(Ending { reason }): Posted<Ending>,
) -> Answer<Response> {
    not_own(&actor, account)?;
    let (reason, today, wall) = (reason.trim(), app.now().day(), app.wall());
    if reason.is_empty() {
        let errors = [("reason".to_owned(), "还没有写停用原因。".to_owned())];
        let page = account_page(&app, &actor, account, &errors).await?;
        return Ok(page.status(StatusCode::UNPROCESSABLE_ENTITY).into_response());
    }
    let mut tx = app.db().begin(&actor.scope).await?;
    if access::grants_of(tx.conn(), &actor, account).await?.is_empty() {
        return Err(Trouble::NotFound.into());
    }
    if access::end_grants(tx.conn(), &actor, account, today, wall).await? > 0 {
        let entry = AuditEntry::new(&actor, app.now(), "停用账号", format!("account/{account}"));
        access::record(tx.conn(), &entry.note(reason)).await?;
    }
    tx.commit().await?;
    Ok(Redirect::to(links::account(account).as_str()).into_response())
}

pub(super) async fn password(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    Query(Asked { changed, .. }): Query<Asked>,
) -> Answer<Page<PasswordPage>> {
    let notice =
        (changed == 1).then(|| Notice::new(Tone::Ok, "密码已经改好，下次登录请用新密码。"));
    Ok(password_page(&app, &actor, &[], notice).await?)
}

async fn password_page(
    app: &App,
    actor: &Actor,
    errors: &[(String, String)],
    notice: Option<Notice>,
) -> Result<Page<PasswordPage>, Trouble> {
    let sentence = if app.is_demo() {
        "改了以后，您在别处的登录会马上退出。演示账号改了密码，登录页上的一键进入就不能用了。"
    } else {
        "改了以后，您在别处的登录会马上退出。"
    };
    Ok(Page::new(PasswordPage {
        shell: with_notice(shell(app, actor, &links::password()).await?, notice),
        sentence: sentence.to_owned(),
        form: password_form(links::password(), &actor.csrf).with_typed(&[], errors),
    }))
}

/// What the form sends. Nothing prints it: it holds passwords.
#[derive(Deserialize)]
pub(super) struct NewPassword {
    old: String,
    new: String,
    again: String,
}

pub(super) async fn change_password(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    Posted(typed): Posted<NewPassword>,
) -> Answer<Response> {
    let mut errors: Pairs = Vec::new();
    noted(&mut errors, "new", new_password(&typed.new));
    noted(&mut errors, "again", same(&typed.new, &typed.again));
    if errors.is_empty() {
        let parts = app.parts();
        let (old, new) = (&typed.old, &typed.new);
        let times = app.times();
        match access::change_password(&parts.db, &parts.passwords, &actor, old, new, times).await {
            Ok(()) => {
                let done = links::password().query("changed", 1);
                return Ok(Redirect::to(done.as_str()).into_response());
            }
            Err(Trouble::Refused(refusal)) => errors.push(("old".to_owned(), refusal.to_string())),
            Err(trouble) => return Err(trouble.into()),
        }
    }
    let page = password_page(&app, &actor, &errors, None).await?;
    Ok(page.status(StatusCode::UNPROCESSABLE_ENTITY).into_response())
}
