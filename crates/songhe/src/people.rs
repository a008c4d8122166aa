//! 演示人员: the people of the demo's offices, one or more of each role, and their areas.

use access::{AreaTree, Grant, NewArea, grant, open_account, plant_areas, purpose_of};
use capabilities::{App, DemoAccount};
use demo::DemoArea;
use kernel::{AccountId, AreaId, AreaLevel, Day, Role, Span, Trouble, TwoPeople};

/// The password of every demo account. It stands on the sign-in page; no other account has it.
const PASSWORD: &str = "songhe-demo";

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

const PEOPLE: [Person; 9] = [
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
        about: "松河县：看在册人员和差异",
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
    let from = Day::new(2026, 1, 1).expect("a day");
    let valid_to = Day::new(2030, 1, 1).expect("a day");
    let valid = Span { from, to: Some(valid_to) };
    let mut opened: Vec<(Role, AccountId)> = Vec::new();
    for person in &PEOPLE {
        let area = area_of(&tree, person.place)?;
        let account = open_account(tx.conn(), person.login, person.name, PASSWORD, valid).await?;
        let role = person.role;
        opened.push((role, account));
        let given =
            Grant { account, role, area, purpose: purpose_of(role), valid_from: from, valid_to };
        grant(tx.conn(), &given).await?;
    }
    tx.commit().await?;
    app.reload().await?;
    let first = |wanted: Role| {
        let found = opened.iter().find(|(role, _)| *role == wanted);
        found.map(|(_, account)| *account).ok_or_else(|| Trouble::fault("no such demo person"))
    };
    TwoPeople::new(first(Role::DataOfficer)?, first(Role::CountyApprover)?).map_err(Trouble::fault)
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
