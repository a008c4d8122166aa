//! Samples of signing in.

use kernel::Refusal;
use webkit::{Href, PostButton};

use crate::Sample;
use crate::shell::{CSRF, bare, shell};
use crate::views::account::{DemoAccount, OnlinePage, OnlineRow, SignInPage, sign_in_form};

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

pub(crate) fn samples() -> Vec<Sample> {
    let sign_in = SignInPage {
        shell: bare(),
        form: sign_in_form(Href::to("/sign-in"), CSRF, ""),
        refusal: None,
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
