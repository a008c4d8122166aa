//! Samples of signing in and of accounts.

use kernel::Refusal;
use webkit::{Chip, Choice, Crumbs, Form, Href, Link, Notice, Pager, PostButton, Shell, Tone};

use crate::Sample;
use crate::shell::{CSRF, bare, shell};
use crate::views::account::{DemoAccount, OnlinePage, OnlineRow, SignInPage, sign_in_form};
use crate::views::accounts::{
    AccountPage, AccountsPage, GrantRow, OpenAccountPage, PasswordPage, change_account_form,
    end_account_form, open_account_form, password_form,
};

fn demo() -> Vec<DemoAccount> {
    [
        ("县级审批 李审批", "松河县：看差异，办审批"),
        ("数据专管 王数据", "松河县：收部门文件，核对"),
        ("乡镇审核 赵审核", "云溪镇：看本镇待办"),
        ("村级养老专干 陈专干", "溪尾村：上门、告知"),
        ("资金发放 钱发放", "松河县：看名册与金额"),
        ("审计监督 孙审计", "松河县：只看，查来源"),
        ("清单管理 周清单", "松河县：看清单与依据"),
        ("系统管理 吴管理", "松河县：账号与在线用户"),
    ]
    .map(|(label, about)| DemoAccount {
        enter: PostButton::new(Href::to("/sign-in/demo"), CSRF, label).hidden("account", label),
        about: about.to_owned(),
    })
    .into()
}

fn session(person: &str, role: &str, area: &str, seen: &str, own: bool) -> OnlineRow {
    let force = PostButton::new(Href::to("/online/end"), CSRF, "强制下线").hidden("session", "7");
    OnlineRow {
        person: person.to_owned(),
        login_name: "songhe-demo".to_owned(),
        role: role.to_owned(),
        area: area.to_owned(),
        since: "06-02 08:02".to_owned(),
        last_seen: seen.to_owned(),
        force: (!own).then_some(force),
    }
}

fn grant(person: &str, role: &str, area: &str, state: Chip) -> GrantRow {
    GrantRow {
        person: Link::new(person, Href::to("/accounts").seg(7)),
        login_name: "chen.zhuangan".to_owned(),
        role: role.to_owned(),
        area: area.to_owned(),
        valid: "2026-01-01 至 2026-12-31".to_owned(),
        state,
    }
}

fn crumbs(here: &str) -> Crumbs {
    Crumbs { above: vec![Link::new("账号管理", Href::to("/accounts"))], here: here.to_owned() }
}

fn opening() -> Form {
    let roles = vec![
        Choice::new("", "请选择"),
        Choice::new("village_worker", "村级养老专干"),
        Choice::new("town_reviewer", "乡镇审核"),
    ];
    let back = Link::new("不开了", Href::to("/accounts"));
    open_account_form(Href::to("/accounts"), CSRF, roles, back)
}

fn pair(field: &str, text: &str) -> (String, String) {
    (field.to_owned(), text.to_owned())
}

fn account_samples() -> Vec<Sample> {
    let accounts = AccountsPage {
        shell: shell("账号管理"),
        headline: "现有 2 个有效账号".to_owned(),
        grants: vec![
            grant("陈专干", "村级养老专干", "云溪镇溪尾村", Chip::new(Tone::Ok, "有效")),
            grant("赵审核", "乡镇审核", "云溪镇", Chip::new(Tone::Info, "尚未生效")),
            grant("何调离", "数据专管", "松河县", Chip::new(Tone::Plain, "已结束")),
        ],
        open: Link::new("新开账号", Href::to("/accounts/new")),
        export: Link::new("导出 xlsx", Href::to("/accounts.xlsx")),
        pager: Some(Pager { from: 1, to: 3, of: 3, previous: None, next: None }),
    };
    let empty = AccountsPage { grants: Vec::new(), pager: None, ..accounts.clone() };
    let wrong = opening().with_typed(
        &[pair("name", "陈专干"), pair("login", "陈"), pair("area", "溪尾村")],
        &[
            pair("login", "请用 2 至 32 个字母或数字，可以有点、横线和下划线。"),
            pair("again", "两次输入的密码不一样，请重输。"),
        ],
    );
    let open =
        OpenAccountPage {
            shell: shell("账号管理"), crumbs: crumbs("新开账号"), form: opening()
        };
    let open_wrong = OpenAccountPage { form: wrong, ..open.clone() };
    let account = AccountPage {
        shell: shell("账号管理"),
        crumbs: crumbs("陈专干"),
        name: "陈专干".to_owned(),
        sentence: "停用后立即不能再登录，已登录的马上退出。".to_owned(),
        grants: accounts.grants[..1].to_vec(),
        change: Some(change_account_form(
            Href::to("/accounts/7"),
            CSRF,
            "2026-12-31".parse().expect("a day"),
        )),
        end: Some(end_account_form(Href::to("/accounts/7/end"), CSRF)),
    };
    let password = PasswordPage {
        shell: shell(""),
        sentence: "改了以后，您在别处的登录会马上退出。".to_owned(),
        form: password_form(Href::to("/password"), CSRF),
    };
    let notice = Some(Notice::new(Tone::Ok, "密码已经改好，下次登录请用新密码。"));
    let changed = PasswordPage { shell: Shell { notice, ..shell("") }, ..password.clone() };
    vec![
        ("accounts", Box::new(accounts)),
        ("accounts-empty", Box::new(empty)),
        ("open-account", Box::new(open)),
        ("open-account-wrong", Box::new(open_wrong)),
        ("account", Box::new(account)),
        ("password", Box::new(password)),
        ("password-changed", Box::new(changed)),
    ]
}

pub(crate) fn samples() -> Vec<Sample> {
    let mut all = sign_in_samples();
    all.extend(account_samples());
    all
}

fn sign_in_samples() -> Vec<Sample> {
    let sign_in = SignInPage {
        shell: bare(),
        form: sign_in_form(Href::to("/sign-in"), CSRF, ""),
        refusal: None,
        open: Link::new("不用登录：看看清单、看看能不能享受", Href::to("/public")),
        demo: demo(),
    };
    let wrong = SignInPage {
        form: sign_in_form(Href::to("/sign-in"), CSRF, "li.shenpi"),
        refusal: Some(Refusal::new(
            "账号或密码不对。",
            "请核对后再试；连续输错 5 次，账号锁定 15 分钟。",
        )),
        demo: Vec::new(),
        ..sign_in.clone()
    };
    let online = OnlinePage {
        shell: shell("在线用户"),
        sessions: vec![
            session("李审批", "县级审批", "松河县", "刚刚", true),
            session("陈专干", "村级养老专干", "云溪镇溪尾村", "3 分钟前", false),
            session("王数据", "数据专管", "松河县", "21 分钟前", false),
        ],
        rule: "30 分钟没有操作的自动退出。强制下线后，对方正在填写的内容不会保存。".to_owned(),
    };
    vec![
        ("sign-in", Box::new(sign_in)),
        ("sign-in-wrong", Box::new(wrong)),
        ("online", Box::new(online)),
    ]
}
