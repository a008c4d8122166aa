//! The walls: who is let through which route, and that nothing shows what lies outside of the
//! reader's area. Both run over every declared route, so that a new one cannot be forgotten.

use access::may;
use axum::body::Body;
use axum::http::{Method, StatusCode, header};
use facts::batches::NewBatch;
use kernel::{DutyId, PersonId, Role, Sex};
use webkit::{Entry, Gate, Verb};

use super::{COUNTY, Client, Elder, Said, World, county, day};
use crate::links;

const VILLAGE: &str = "990121002001";
const TOWN: &str = "990121002";

/// What stands for each parameter of a path. The first one exists in the county of the stories.
struct Samples {
    people: Vec<PersonId>,
    duties: Vec<DutyId>,
}

impl Samples {
    fn of(worlds: &[&World]) -> Self {
        let (mut people, mut duties) = (Vec::new(), Vec::new());
        for world in worlds {
            people.extend(world.elders.iter().map(|(_, person)| *person));
            let kinds = ["unclaimed_entitlement", "award_after_death", "contradicted_death"];
            duties.extend(
                ["周桂兰", "吴长根"].iter().flat_map(|name| kinds.map(|it| world.duty(name, it))),
            );
            let all = world.elders.iter().flat_map(|(elder, _)| {
                elder.said.iter().filter_map(|said| match said {
                    Said::Owes(kind, ..) => Some(world.duty(elder.name, kind)),
                    _ => None,
                })
            });
            duties.extend(all);
        }
        Self { people, duties }
    }

    /// # Panics
    /// When nothing stands for a parameter of this name: a route with it would not be tested.
    fn of_parameter(&self, name: &str) -> Vec<String> {
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        match name {
            "person" | "other" => {
                self.people.iter().map(ToString::to_string).chain(words(&["x"])).collect()
            }
            "duty" => self.duties.iter().map(ToString::to_string).chain(words(&["x"])).collect(),
            "batch" => words(&["1", "3", "5", "6", "999", "x"]),
            "row" => words(&["11", "21", "31", "91", "92", "999", "x"]),
            "item" => words(&["old_age_allowance", "nothing"]),
            "list" => words(&["990121-2026-01-01", "411300-2019-01-01", "nothing"]),
            "supplier" => words(&["police_register", "nothing"]),
            "correction" | "slip" | "account" | "run" | "posting" | "declaration" | "fund"
            | "entry" | "form" => words(&["1", "999", "x"]),
            "complaint" => words(&["00000000-0000-0000-0000-000000000000", "x"]),
            "case" => words(&["00000000-0000-8000-8000-000000000000", "x"]),
            "session" => words(&["999999", "x"]),
            "exchange" => words(&["provincial_platform", "nothing"]),
            _ => panic!("no sample for the path parameter {{{name}}}: add one here"),
        }
    }

    /// Every address of a route: all its samples, and the questions it takes.
    fn addresses(&self, entry: Entry, worlds: &[&World]) -> Vec<String> {
        let mut paths = vec![String::new()];
        for segment in entry.path.split('/').skip(1) {
            let values = match segment.strip_prefix('{').and_then(|it| it.strip_suffix('}')) {
                Some(name) => self.of_parameter(name),
                None => vec![segment.to_owned()],
            };
            paths = paths
                .iter()
                .flat_map(|path| values.iter().map(move |value| format!("{path}/{value}")))
                .collect();
        }
        let asked = questions(entry.path, worlds[0]);
        let with: Vec<String> = asked.iter().map(|q| format!("{}?{q}", entry.path)).collect();
        paths.into_iter().chain(with).collect()
    }
}

/// What is asked in an address behind the question mark.
fn questions(path: &str, world: &World) -> Vec<String> {
    match path {
        "/elders" => [VILLAGE, "990121002002", "990121001001", TOWN, COUNTY]
            .iter()
            .flat_map(|code| [1, 2].map(|page| format!("area={}&page={page}", world.area(code))))
            .chain(["area=x".to_owned(), "area=999".to_owned()])
            .collect(),
        "/corrections" | "/corrections.xlsx" => {
            ["state=sent", "supplier=police_register", "state=x&page=1"]
                .map(ToOwned::to_owned)
                .into()
        }
        "/accounts" | "/pay" | "/bank-files" => vec!["page=1".to_owned()],
        "/bank-returns" | "/bank-returns.xlsx" => vec!["cause=closed".to_owned()],
        "/public" | "/public/poster" | "/public/card" | "/public/check" | "/public/help" => {
            ["990121", TOWN, "990100", "1", "x"].map(|code| format!("area={code}")).into()
        }
        "/password" => vec!["changed=1".to_owned()],
        "/" | "/duties" | "/duties-sheet" | "/duties.xlsx" => [
            "kind=unclaimed_entitlement",
            "kind=award_after_death&page=2",
            "due=week",
            "owner=town_reviewer",
            "page=2",
        ]
        .map(ToOwned::to_owned)
        .into(),
        _ => Vec::new(),
    }
}

async fn ask(client: &Client, entry: Entry, path: &str) -> super::Reply {
    match entry.verb {
        Verb::Get => client.get(path).await,
        // Without its token an act does nothing: what is asked here is only who is let through.
        Verb::Post => client.post(path, &[("csrf", "")]).await,
    }
}

#[tokio::test]
async fn every_route_lets_through_whom_the_table_of_rights_names() {
    let world = World::new().await;
    let samples = Samples::of(&[&world]);
    for role in Role::ALL {
        let client = world.sign_in_as(*role, COUNTY).await;
        for entry in crate::routes().entries() {
            let path = &samples.addresses(entry, &[&world])[0];
            let reply = ask(&client, entry, path).await;
            let said = format!("{role:?} {:?} {path}: {}", entry.verb, reply.status);
            let allowed = match entry.gate {
                Gate::Public | Gate::SignedIn => true,
                Gate::May(action) => may(*role, action),
            };
            assert_eq!(reply.status != StatusCode::FORBIDDEN, allowed, "{said}");
            assert_ne!(reply.location(), webkit::SIGN_IN, "{said}");
            match (allowed, entry.verb) {
                (true, Verb::Get) => assert!(
                    [StatusCode::OK, StatusCode::SEE_OTHER, StatusCode::NOT_FOUND]
                        .contains(&reply.status),
                    "{said}"
                ),
                (true, Verb::Post) => assert!(reply.status.is_client_error(), "{said}"),
                (false, _) => {}
            }
        }
    }
}

#[tokio::test]
async fn whoever_is_not_signed_in_is_led_to_the_sign_in_page() {
    let world = World::new().await;
    let samples = Samples::of(&[&world]);
    for entry in crate::routes().entries().into_iter().filter(|it| it.gate != Gate::Public) {
        let path = &samples.addresses(entry, &[&world])[0];
        let reply = ask(&world.nobody(), entry, path).await;
        assert_eq!(reply.status, StatusCode::SEE_OTHER, "{path}");
        assert_eq!(reply.location(), webkit::SIGN_IN, "{path}");
    }
}

#[tokio::test]
async fn an_act_that_comes_from_another_site_is_refused() {
    let world = World::new().await;
    let samples = Samples::of(&[&world]);
    let client = world.sign_in_as(Role::DataOfficer, COUNTY).await;
    for entry in crate::routes().entries().into_iter().filter(|it| it.verb == Verb::Post) {
        let path = &samples.addresses(entry, &[&world])[0];
        let form = format!("csrf={}", client.csrf);
        let request = client
            .request(Method::POST, path)
            .header("sec-fetch-site", "cross-site")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(form))
            .expect("a request");
        let reply = client.send(request).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
        assert!(reply.text().contains("不是从本系统的页面发出"), "{path}");
    }
}

/// The same county, and another one that differs from it everywhere outside of the area: people
/// are gone, are others under the same number, or are new; duties and files differ with them.
async fn two_worlds(inside: &str) -> (World, World) {
    let world = World::new().await;
    let mut elders: Vec<Elder> = Vec::new();
    for elder in county() {
        if elder.village.starts_with(inside) {
            elders.push(elder);
        } else if elder.row % 2 == 1 {
            let owes = Said::Owes("unclaimed_entitlement", "另一个缘由", "2026-06-01", 990);
            elders.push(Elder { name: "别有人", said: vec![owes], ..elder });
        }
    }
    for (row, village) in [(91, "990121001002"), (92, "990121001001"), (93, "990121002002")] {
        if !village.starts_with(inside) {
            let said = vec![Said::Paid(40, "2024-01"), Said::Cremated("2026-05-20")];
            let (name, sex, born) = ("周新来", Sex::Male, "1940-01-01");
            elders.push(Elder { name, sex, born, village, row, said });
        }
    }
    let twin = world.beside(elders).await;
    let actor = twin.system().await;
    let mut tx = twin.db.begin(&actor.scope).await.expect("the database");
    for code in [COUNTY, "990121001"] {
        let areas = twin.app.areas();
        let node = areas.with_code(code).expect("a code");
        let new = NewBatch {
            supplier: "police_register",
            as_of: day("2026-06-02"),
            file_name: "外地.xlsx",
            file_sm3: [3; 32],
            file_bytes: 1,
            area: node.id,
            area_pos: node.lo,
            received_at: twin.app.now(),
            received_by: None,
        };
        facts::batches::receive(tx.conn(), &new).await.expect("a batch");
    }
    tx.commit().await.expect("the database");
    (world, twin)
}

/// Status, headers and bytes, with the session's token made the same: it is drawn anew for every
/// session, like the session itself, whose id no page of these roles shows.
fn same(client: &Client, reply: &super::Reply) -> (StatusCode, String, Vec<u8>) {
    let body = match std::str::from_utf8(&reply.body) {
        Ok(text) => text.replace(&client.csrf, "TOKEN").into_bytes(),
        Err(_) => reply.body.clone(),
    };
    (reply.status, format!("{:?}", reply.headers), body)
}

/// Searches that try to learn of somebody who lives elsewhere.
fn searches() -> Vec<String> {
    let numbers = county().into_iter().map(|elder| elder.number().reveal().to_owned());
    let words = ["卫东升", "卫", "wds", "东门社区", "别有人", "周新来", "周", "z", "城关镇"];
    numbers.chain(words.map(ToOwned::to_owned)).collect()
}

/// Asks both worlds everything as the role, and gives the addresses whose answers differ.
async fn differences(worlds: &(World, World), role: Role, code: &str) -> Vec<String> {
    let (world, twin) = (&worlds.0, &worlds.1);
    let here = world.sign_in_as(role, code).await;
    let there = twin.sign_in_as(role, code).await;
    let samples = Samples::of(&[world, twin]);
    let mut differ = Vec::new();
    for entry in crate::routes().entries().into_iter().filter(|it| it.verb == Verb::Get) {
        for path in samples.addresses(entry, &[world, twin]) {
            let (a, b) = (here.get(&path).await, there.get(&path).await);
            assert!(!a.status.is_server_error(), "{path}: {}", a.status);
            if same(&here, &a) != same(&there, &b) {
                differ.push(path);
            }
        }
    }
    for q in searches() {
        let a = here.post("/elders", &[("q", &q)]).await;
        let b = there.post("/elders", &[("q", &q)]).await;
        if same(&here, &a) != same(&there, &b) {
            differ.push(format!("{} {q}", links::search().as_str()));
        }
    }
    differ
}

#[tokio::test]
async fn a_village_worker_sees_the_same_bytes_whatever_is_outside_of_the_village() {
    let worlds = two_worlds(VILLAGE).await;
    assert_eq!(differences(&worlds, Role::VillageWorker, VILLAGE).await, [""; 0]);
}

#[tokio::test]
async fn a_town_sees_the_same_bytes_whatever_is_outside_of_the_town() {
    let worlds = two_worlds(TOWN).await;
    for role in [Role::TownReviewer, Role::FinanceOfficer, Role::Auditor] {
        assert_eq!(differences(&worlds, role, TOWN).await, [""; 0], "{role:?}");
    }
}

#[tokio::test]
async fn the_two_worlds_do_differ_for_who_sees_the_whole_county() {
    let worlds = two_worlds(TOWN).await;
    let differ = differences(&worlds, Role::CountyApprover, COUNTY).await;
    let foreign = worlds.0.elder("卫东升");
    assert!(differ.contains(&format!("/elders/{foreign}")), "{differ:?}");
    assert!(differ.contains(&"/elders 卫".to_owned()), "{differ:?}");
}
