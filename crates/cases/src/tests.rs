use db::testing::TestDb;
use kernel::{
    AccountId, AreaId, CaseChange, CaseId, Day, Hand, Now, PersonId, Purpose, Role, Span, Trouble,
};
use proptest::prelude::*;
use sqlx::PgConnection;

use crate::kin::{self, Relation};
use crate::{
    Case, Filter, Flow, MoveDef, Opening, ReasonCode, Said, StateDef, Window, case, case_id, cases,
    cases_of, count, moves, tally, write,
};

const VILLAGE: &[Role] = &[Role::VillageWorker];
const TOWN: &[Role] = &[Role::TownReviewer];
const COUNTY: &[Role] = &[Role::CountyApprover];

const fn step(
    id: &'static str,
    from: &'static [&'static str],
    to: &'static str,
    roles: &'static [Role],
    hand: Option<Hand>,
) -> MoveDef {
    let (needs_note, codes) = (false, &[] as &[ReasonCode]);
    MoveDef { id, label: id, from, to, roles, hand, needs_note, codes, window: Window::None }
}

const REASONS: &[ReasonCode] = &[ReasonCode { id: "account", label: "账户不对" }];

const FLOW: Flow = Flow {
    id: "trial",
    chinese: "试办",
    states: &[
        StateDef { id: "open", chinese: "待审核", owner: Some(Role::TownReviewer) },
        StateDef { id: "back", chinese: "退回", owner: Some(Role::VillageWorker) },
        StateDef { id: "checked", chinese: "待审批", owner: Some(Role::CountyApprover) },
        StateDef { id: "done", chinese: "已办结", owner: None },
    ],
    moves: &[
        step("pass", &["open"], "checked", TOWN, Some(Hand::Reviews)),
        MoveDef {
            codes: REASONS,
            needs_note: true,
            ..step("return", &["open"], "back", TOWN, Some(Hand::Reviews))
        },
        step("again", &["back"], "open", VILLAGE, Some(Hand::Accepts)),
        step("approve", &["checked"], "done", COUNTY, Some(Hand::Approves)),
    ],
};

const BROKEN_STATES: &[StateDef] = &[
    StateDef { id: "open", chinese: "", owner: Some(Role::TownReviewer) },
    StateDef { id: "lost", chinese: "", owner: Some(Role::TownReviewer) },
    StateDef { id: "done", chinese: "", owner: None },
];

const BROKEN_MOVES: &[MoveDef] =
    &[step("pass", &["open"], "nowhere", TOWN, None), step("pass", &["done"], "done", &[], None)];

/// A town with one elder, and people who work there.
struct Town {
    db: TestDb,
    area: AreaId,
    elder: PersonId,
}

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

fn now() -> Now {
    Now::new(day("2026-06-02"), 9, 10).expect("a time")
}

impl Town {
    async fn new() -> Self {
        let db = TestDb::new().await;
        let areas = "code,name,level,kind,parent,valid_from,valid_to
990000,安澜省,province,division,,2000-01-01,
990100,青屏市,prefecture,division,990000,2000-01-01,
990121,松河县,county,division,990100,2000-01-01,
990121001,城关镇,township,division,990121,2000-01-01,
990121001001,东门社区,village,division,990121001,2000-01-01,
990121002,云溪镇,township,division,990121,2000-01-01,
";
        let areas = access::parse_area_file(areas).expect("a good area file");
        let mut tx = db.begin_unscoped().await.expect("the database");
        access::plant_areas(tx.conn(), &areas).await.expect("an empty tree");
        let tree = access::load_areas(tx.conn(), day("2026-06-02")).await.expect("areas");
        tx.commit().await.expect("the database");
        let village = tree.with_code("990121001001").expect("the village");
        let elder = PersonId::new(uuid::Uuid::from_u128(7));
        let mut admin = db.admin().await;
        sqlx::query(
            "INSERT INTO person (person_id, name, name_key, initials, number_last2, life, area_id,
                                 area_pos) VALUES ($1, '周某', 'zhou', 'zm', '18', 'living', $2, $3)",
        )
        .bind(elder)
        .bind(village.id)
        .bind(village.lo)
        .execute(&mut admin)
        .await
        .expect("an elder");
        let area = tree.with_code("990121001").expect("the town").id;
        Self { db, area, elder }
    }

    /// Somebody who works there, or in the other town.
    async fn somebody(&self, name: &str, role: Role, code: &str) -> access::Actor {
        let mut tx = self.db.begin_unscoped().await.expect("the database");
        let tree = access::load_areas(tx.conn(), day("2026-06-02")).await.expect("areas");
        let area = tree.with_code(code).expect("an area").id;
        let valid = Span::from(day("2026-01-01"));
        let account = access::open_account(tx.conn(), name, name, "songhe-test", valid)
            .await
            .expect("an account");
        let grant = access::Grant {
            account,
            role,
            area,
            purpose: Purpose::Review,
            valid_from: valid.from,
            valid_to: day("2027-01-01"),
        };
        access::grant(tx.conn(), &grant).await.expect("a grant");
        tx.commit().await.expect("the database");
        let system = access::system_actor(&self.db, area, role).await.expect("an actor");
        let scope = system.scope.clone();
        let scope = db::Scope::of_grant(area, scope.lo(), scope.hi(), role, account);
        access::Actor { account, name: name.to_owned(), scope, ..system }
    }

    async fn open(&self, actor: &access::Actor, what: &str) -> CaseId {
        let opening = FLOW.opening(Opening {
            id: case_id(FLOW.id, self.elder, what),
            person: self.elder,
            item: Some("old_age_allowance".to_owned()),
            about: String::new(),
            owner_area: self.area,
            due_on: Some(day("2026-06-05")),
            note: "窗口".to_owned(),
            hand: Some(Hand::Accepts),
        });
        let mut tx = self.db.begin(&actor.scope).await.expect("a transaction");
        let id = opening.id;
        write(tx.conn(), &[CaseChange::Open(opening)], actor, now()).await.expect("it opens");
        tx.commit().await.expect("the database");
        id
    }

    async fn seen(&self, actor: &access::Actor, id: CaseId) -> Result<Case, Trouble> {
        let mut tx = self.db.begin(&actor.scope).await?;
        case(tx.conn(), id).await
    }

    async fn act(
        &self,
        actor: &access::Actor,
        seen: &Case,
        action: &str,
        said: Said,
    ) -> Result<(), Trouble> {
        let step = FLOW.take(seen, action, actor.role, said, (self.area, None))?;
        let mut tx = self.db.begin(&actor.scope).await?;
        write(tx.conn(), &[CaseChange::Step(step)], actor, now()).await?;
        tx.commit().await
    }
}

fn reason() -> Said {
    Said { codes: vec!["account".to_owned()], note: "缺存折".to_owned() }
}

#[test]
fn a_sound_table_has_no_faults_and_each_fault_is_named() {
    assert_eq!(FLOW.check(), Vec::<String>::new());
    let broken = Flow { states: BROKEN_STATES, moves: BROKEN_MOVES, ..FLOW };
    let faults = broken.check().join("\n");
    for fault in [
        "state lost has no way out",
        "state lost is never reached",
        "state done has an end and a way out",
        "move pass names no state nowhere",
        "move pass is there twice",
        "move pass can never be made",
    ] {
        assert!(faults.contains(fault), "{fault} is not among\n{faults}");
    }
}

#[test]
fn who_may_not_and_what_is_not_there_is_refused_in_words() {
    let role = FLOW.step("open", "pass", Role::VillageWorker).expect_err("not the village");
    assert!(role.sentence.contains("由乡镇审核办理"), "{role}");
    let place = FLOW.step("back", "pass", Role::TownReviewer).expect_err("not from there");
    assert!(place.sentence.contains("现在是“退回”"), "{place}");
    assert!(FLOW.step("open", "fly", Role::TownReviewer).is_err());
    let buttons: Vec<&str> = FLOW.may("open", Role::TownReviewer).map(|it| it.id).collect();
    assert_eq!(buttons, ["pass", "return"]);
}

proptest! {
    /// Whatever is asked, a step leads from a state of the flow to another of it, by whom the table
    /// names, or it is refused.
    #[test]
    fn no_step_leaves_the_graph(
        state in "open|back|checked|done|x",
        action in "pass|return|again|approve|x",
        role in 0..Role::ALL.len(),
    ) {
        let role = Role::ALL[role];
        match FLOW.step(&state, &action, role) {
            Ok(it) => {
                prop_assert!(it.from.contains(&state.as_str()) && it.roles.contains(&role));
                prop_assert!(FLOW.state(it.to).is_some());
            }
            Err(refusal) => {
                prop_assert!(!refusal.sentence.is_empty());
                prop_assert!(!refusal.remedy.is_empty());
            }
        }
    }
}

#[tokio::test]
async fn a_case_goes_its_way_and_every_move_names_who_when_and_why() {
    let town = Town::new().await;
    let clerk = town.somebody("clerk", Role::VillageWorker, "990121001").await;
    let town_1 = town.somebody("reviewer", Role::TownReviewer, "990121001").await;
    let county = town.somebody("approver", Role::CountyApprover, "990121").await;
    let id = town.open(&clerk, "a").await;
    let seen = town.seen(&town_1, id).await.expect("it is there");
    let refused = town.act(&town_1, &seen, "return", Said::default()).await;
    assert!(matches!(refused, Err(Trouble::Refused(_))), "a return gives a reason");
    let long = Said { note: "长".repeat(1_001), ..reason() };
    assert!(town.act(&town_1, &seen, "return", long).await.is_err(), "a note is no book");
    town.act(&town_1, &seen, "return", reason()).await.expect("it is returned");
    let seen = town.seen(&clerk, id).await.expect("it is there");
    assert_eq!(seen.owner.map(|owner| owner.role), Some(Role::VillageWorker));
    town.act(&clerk, &seen, "again", Said::default()).await.expect("it comes again");
    let seen = town.seen(&town_1, id).await.expect("it is there");
    town.act(&town_1, &seen, "pass", Said::default()).await.expect("it passes");
    let seen = town.seen(&county, id).await.expect("it is there");
    town.act(&county, &seen, "approve", Said::default()).await.expect("it is approved");
    let ended = town.seen(&county, id).await.expect("it is there");
    assert_eq!((ended.state.as_str(), ended.owner, ended.moves), ("done", None, 4));
    let mut tx = town.db.begin(&county.scope).await.expect("a transaction");
    let told = moves(tx.conn(), &[id]).await.expect("its moves");
    let told: Vec<(&str, &str, i32)> =
        told.iter().map(|it| (it.action.as_str(), it.by.as_str(), it.no)).collect();
    assert_eq!(
        told,
        [
            ("open", "clerk", 0),
            ("return", "reviewer", 1),
            ("again", "clerk", 2),
            ("pass", "reviewer", 3),
            ("approve", "approver", 4)
        ]
    );
    let ended = Filter { states: vec!["done".to_owned()], ..Filter::default() };
    assert_eq!(count(tx.conn(), &ended).await.expect("a count"), 1);
    assert_eq!(cases(tx.conn(), &ended, 10, 0).await.expect("cases").len(), 1);
    assert_eq!(cases_of(tx.conn(), town.elder).await.expect("cases").len(), 1);
    assert_eq!(tally(tx.conn(), day("2026-06-30")).await.expect("a tally")[0].count, 1);
}

#[tokio::test]
async fn of_two_clerks_at_once_one_wins_and_the_other_is_told_who() {
    let town = Town::new().await;
    let clerk = town.somebody("clerk", Role::VillageWorker, "990121001").await;
    let one = town.somebody("wang", Role::TownReviewer, "990121001").await;
    let two = town.somebody("li", Role::TownReviewer, "990121001").await;
    let id = town.open(&clerk, "a").await;
    let seen = town.seen(&one, id).await.expect("it is there");
    let (first, second) = tokio::join!(
        town.act(&one, &seen, "pass", Said::default()),
        town.act(&two, &seen, "return", reason())
    );
    let (winner, late) = match (first, second) {
        (Ok(()), Err(late)) => ("wang", late),
        (Err(late), Ok(())) => ("li", late),
        both => panic!("exactly one of two wins: {both:?}"),
    };
    let Trouble::Conflict(sentence) = late else { panic!("it is a conflict: {late:?}") };
    assert!(sentence.contains(winner) && sentence.contains("09:10"), "{sentence}");
}

#[tokio::test]
async fn nobody_has_two_parts_in_one_case_and_the_refusal_names_who_else_may() {
    let town = Town::new().await;
    let both = town.somebody("both", Role::TownReviewer, "990121001").await;
    let other = town.somebody("other", Role::TownReviewer, "990121001").await;
    let id = town.open(&both, "a").await;
    let seen = town.seen(&both, id).await.expect("it is there");
    let refused = town.act(&both, &seen, "pass", Said::default()).await;
    let Err(Trouble::Refused(refusal)) = refused else { panic!("it is refused: {refused:?}") };
    assert!(refusal.sentence.contains("您受理的"), "{refusal}");
    assert_eq!(refusal.remedy, "请由other办理。");
    town.act(&other, &seen, "pass", Said::default()).await.expect("the other may");
    let mut admin = town.db.admin().await;
    let broken = sqlx::query("UPDATE case_file SET reviewed_by = accepted_by")
        .execute(&mut admin)
        .await
        .expect_err("the database keeps four eyes too");
    assert!(broken.to_string().contains("case_four_eyes"), "{broken}");
}

#[tokio::test]
async fn a_declared_relative_is_decided_by_somebody_else_until_another_ends_it() {
    let town = Town::new().await;
    let clerk = town.somebody("clerk", Role::VillageWorker, "990121001").await;
    let kin_of = town.somebody("kin", Role::TownReviewer, "990121001").await;
    let id = town.open(&clerk, "a").await;
    let mut tx = town.db.begin(&kin_of.scope).await.expect("a transaction");
    kin::declare(tx.conn(), &kin_of, town.elder, Relation::Parent, now()).await.expect("declared");
    tx.commit().await.expect("the database");
    let seen = town.seen(&kin_of, id).await.expect("it is there");
    let refused = town.act(&kin_of, &seen, "pass", Said::default()).await;
    let Err(Trouble::Refused(refusal)) = refused else { panic!("it is refused: {refused:?}") };
    assert!(refusal.sentence.contains("亲属关系（父母）"), "{refusal}");
    assert!(refusal.remedy.contains("没有别的乡镇审核账号"), "{refusal}");
    let mut tx = town.db.begin(&kin_of.scope).await.expect("a transaction");
    let all = kin::declarations(tx.conn(), None, 10, 0).await.expect("declarations");
    let own = kin::end(tx.conn(), &kin_of, all[0].id, "弄错了", now()).await;
    assert!(matches!(own, Err(Trouble::Refused(_))), "nobody ends their own");
    drop(tx);
    let other = town.somebody("other", Role::CountyApprover, "990121").await;
    let mut tx = town.db.begin(&other.scope).await.expect("a transaction");
    kin::end(tx.conn(), &other, all[0].id, "核实是同名", now()).await.expect("another ends it");
    tx.commit().await.expect("the database");
    town.act(&kin_of, &seen, "pass", Said::default()).await.expect("now it is decided");
}

#[tokio::test]
async fn what_lies_in_another_town_is_not_found_and_a_move_is_never_rewritten() {
    let town = Town::new().await;
    let clerk = town.somebody("clerk", Role::VillageWorker, "990121001").await;
    let far = town.somebody("far", Role::TownReviewer, "990121002").await;
    let id = town.open(&clerk, "a").await;
    assert!(matches!(town.seen(&far, id).await, Err(Trouble::NotFound)));
    let seen = town.seen(&clerk, id).await.expect("it is there");
    let tried = town.act(&far, &seen, "pass", Said::default()).await;
    assert!(matches!(tried, Err(Trouble::NotFound)), "{tried:?}");
    let mut tx = town.db.begin(&clerk.scope).await.expect("a transaction");
    let conn: &mut PgConnection = tx.conn();
    let rewritten = sqlx::query("UPDATE case_move SET note = 'x'").execute(conn).await;
    assert!(rewritten.expect_err("moves stay").to_string().contains("permission denied"));
    assert_eq!(seen.accepted_by, Some(clerk.account));
    assert_ne!(seen.accepted_by, Some(AccountId::new(0)));
}
