//! 演示人员: the people of the demo's offices, one or more of each role, and their areas.

use access::{
    AreaNode, AreaTree, Grant, NewArea, PasswordHash, grant, open_account_with, plant_areas,
    purpose_of,
};
use capabilities::{App, DemoAccount};
use db::Tx;
use demo::DemoArea;
use kernel::{AccountId, AreaId, AreaLevel, Day, Role, Span, Trouble, TwoPeople};

/// The password of every demo account. It stands on the sign-in page; no other account has it.
pub(crate) const PASSWORD: &str = "songhe-demo";

/// Where a demo person works.
#[derive(Clone, Copy)]
enum Place {
    County,
    Town(&'static str),
    Village(&'static str, &'static str),
}

struct Person {
    login: &'static str,
    name: &'static str,
    role: Role,
    place: Place,
    about: &'static str,
}

const TOWN: &str = "云溪镇";

const PEOPLE: [Person; 10] = [
    Person {
        login: "xiwei",
        name: "周小禾",
        role: Role::VillageWorker,
        place: Place::Village(TOWN, "溪尾村"),
        about: "云溪镇溪尾村：今天要联系谁，为什么",
    },
    Person {
        login: "xinjie",
        name: "林巧云",
        role: Role::VillageWorker,
        place: Place::Village(TOWN, "新街社区"),
        about: "云溪镇新街社区：看不到溪尾村的任何人",
    },
    Person {
        login: "yunxi",
        name: "王审核",
        role: Role::TownReviewer,
        place: Place::Town(TOWN),
        about: "云溪镇：核对去世仍在册的，打印给老人的一页告知",
    },
    Person {
        login: "shenpi",
        name: "李审批",
        role: Role::CountyApprover,
        place: Place::County,
        about: "松河县：全县应享未享和不应享而享",
    },
    Person {
        login: "shuju",
        name: "赵数据",
        role: Role::DataOfficer,
        place: Place::County,
        about: "松河县：接收部门文件，试导、入库、撤销",
    },
    Person {
        login: "caiwu",
        name: "钱发放",
        role: Role::FinanceOfficer,
        place: Place::County,
        about: "松河县：编制和锁定月度发放，交银行，收回盘",
    },
    Person {
        login: "caizheng",
        name: "冯财政",
        role: Role::TreasuryReviewer,
        place: Place::County,
        about: "松河县财政局：审核资金申请，看不到任何老人",
    },
    Person {
        login: "shenji",
        name: "孙审计",
        role: Role::Auditor,
        place: Place::County,
        about: "松河县：只看不改，每次查看都留痕",
    },
    Person {
        login: "qingdan",
        name: "吴清单",
        role: Role::ListOwner,
        place: Place::County,
        about: "松河县：本县清单和上级清单，看不到任何老人",
    },
    Person {
        login: "guanli",
        name: "郑管理",
        role: Role::Administrator,
        place: Place::County,
        about: "松河县：开立、停用账号，请人下线，看不到任何老人",
    },
];

/// The accounts as the sign-in page offers them.
pub(crate) fn demo_accounts() -> Vec<DemoAccount> {
    PEOPLE
        .iter()
        .map(|person| DemoAccount {
            login: person.login.to_owned(),
            password: PASSWORD.to_owned(),
            label: format!("{} {}", person.role.chinese(), person.name),
            about: person.about.to_owned(),
        })
        .collect()
}

/// Plants the demo's areas and opens its people's accounts, in one transaction. Gives the two who
/// take in files that stop somebody's money: the data officer and the approver.
pub(crate) async fn plant(app: &App, areas: &[DemoArea]) -> Result<TwoPeople, Trouble> {
    let mut tx = app.db().begin_unscoped().await?;
    plant_areas(tx.conn(), &as_file(areas)).await?;
    let tree = access::load_areas(tx.conn(), app.now().day()).await?;
    // Once for all of them: hashing takes as long as it is meant to.
    let password = PasswordHash::of(PASSWORD).await?;
    let mut opened: Vec<(Role, AccountId)> = Vec::new();
    for person in &PEOPLE {
        let area = area_of(&tree, person.place)?;
        let account = open(&mut tx, &password, (person.login, person.name), person.role, area);
        opened.push((person.role, account.await?));
    }
    for town in towns(&tree) {
        for (office, role) in TOWN_OFFICES {
            let (word, role) = role;
            let (login, name) = (town_login(office, town), format!("{}{word}", town.name));
            open(&mut tx, &password, (&login, &name), role, town.id).await?;
        }
    }
    tx.commit().await?;
    app.reload().await?;
    let first = |wanted: Role| {
        let found = opened.iter().find(|(role, _)| *role == wanted);
        found.map(|(_, account)| *account).ok_or_else(|| Trouble::fault("no such demo person"))
    };
    TwoPeople::new(first(Role::DataOfficer)?, first(Role::CountyApprover)?).map_err(Trouble::fault)
}

async fn open(
    tx: &mut Tx,
    password: &PasswordHash,
    (login, name): (&str, &str),
    role: Role,
    area: AreaId,
) -> Result<AccountId, Trouble> {
    let from = Day::new(2026, 1, 1).expect("a day");
    let valid_to = Day::new(2030, 1, 1).expect("a day");
    let valid = Span { from, to: Some(valid_to) };
    let account = open_account_with(tx.conn(), login, name, password, valid).await?;
    let given =
        Grant { account, role, area, purpose: purpose_of(role), valid_from: from, valid_to };
    grant(tx.conn(), &given).await?;
    Ok(account)
}

/// 乡镇岗位: who does the month's work in every town: a 代办 for all of its villages and a 审核.
/// They are not offered on the sign-in page, which stays short; the password is the same.
const TOWN_OFFICES: [(TownOffice, (&str, Role)); 2] = [
    (TownOffice::Worker, ("代办", Role::VillageWorker)),
    (TownOffice::Reviewer, ("审核", Role::TownReviewer)),
];

/// See [`TOWN_OFFICES`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TownOffice {
    /// 代办: looks after every village of the town.
    Worker,
    /// 审核: the town's reviewer.
    Reviewer,
}

/// `daiban-990121002` and `shenhe-990121002`.
pub(crate) fn town_login(office: TownOffice, town: &AreaNode) -> String {
    let word = match office {
        TownOffice::Worker => "daiban",
        TownOffice::Reviewer => "shenhe",
    };
    format!("{word}-{}", town.code)
}

/// The towns of the county in which the demo's people work.
pub(crate) fn towns(tree: &AreaTree) -> impl Iterator<Item = &AreaNode> {
    let county = tree.iter().find(|node| node.level == AreaLevel::County).map(|node| node.id);
    tree.iter().filter(move |node| {
        node.level == AreaLevel::Township
            && county.is_some_and(|county| tree.within(node.id, county) == Some(true))
    })
}

/// The demo's areas as an area file would have them.
fn as_file(areas: &[DemoArea]) -> Vec<NewArea> {
    let code_of = |id| areas.iter().find(|area| area.id == id).map(|area| area.code.clone());
    areas
        .iter()
        .map(|area| NewArea {
            code: area.code.clone(),
            name: area.name.clone(),
            level: area.level,
            kind: area.kind,
            parent: area.parent.and_then(code_of),
            valid_from: area.valid_from,
            valid_to: None,
            formerly: None,
        })
        .collect()
}

fn area_of(tree: &AreaTree, place: Place) -> Result<AreaId, Trouble> {
    let county = tree.iter().find(|node| node.level == AreaLevel::County).map(|node| node.id);
    let found = county.and_then(|county| match place {
        Place::County => Some(county),
        Place::Town(town) => tree.named(county, town, ""),
        Place::Village(town, village) => tree.named(county, town, village),
    });
    found.ok_or_else(|| Trouble::fault("the demo's tree lacks an area of its people"))
}
