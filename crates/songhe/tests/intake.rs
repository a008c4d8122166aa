//! 部门数据归集, from the file to the facts, through a real child process and a real database: who
//! takes a file in, what it ends, what its silence says, and whose file it is.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use access::{Actor, Passwords, Vault, open_account, system_actor};
use capabilities::data_exchange::{
    Hands, Imported, Incoming, Mode, accept, give_back, import, take_in,
};
use capabilities::{App, AppParts, Clock, Work, Works, reconcile_all};
use db::testing::TestDb;
use facts::batches::{self, BatchState};
use facts::population::{self, engine_facts};
use kernel::{AreaLevel, BatchId, Day, Now, PersonId, ResidentNumber, Role, Span, Trouble};
use policy::Value;
use policy::register::KindIx;

struct Morning(Now);

impl Clock for Morning {
    fn now(&self) -> Now {
        self.0
    }
    fn wall(&self) -> Now {
        self.0
    }
}

const AREAS: &str = "code,name,level,kind,parent,valid_from,valid_to
990121,松河县,county,division,,2020-01-01,
990121001,城关镇,township,division,990121,2020-01-01,
990121001001,东门社区,village,division,990121001,2020-01-01,
";

/// 张三 to 周八, all of 东门社区.
const PEOPLE: [(&str, &str); 6] = [
    ("张三", "99010119391231002"),
    ("李四", "99010119400105001"),
    ("王五", "99010119410217004"),
    ("赵六", "99010119420330007"),
    ("孙七", "99010119430411008"),
    ("周八", "99010119440523009"),
];

/// The number with its check digit.
fn number(stem: &str) -> String {
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 =
        stem.bytes().zip(weights).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    let check = b"10X98765432"[usize::try_from(sum % 11).expect("small")];
    format!("{stem}{}", char::from(check))
}

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

struct County {
    app: App,
    system: Actor,
    db: TestDb,
    _folder: tempfile::TempDir,
}

/// A county with six people, known to the police on 1 June. Cremations need two people here, and
/// so does a roster by which more than one award would end.
async fn county() -> County {
    let folder = tempfile::tempdir().expect("a folder");
    let db = TestDb::new().await;
    let mut tx = db.begin_unscoped().await.expect("a transaction");
    let areas = access::parse_area_file(AREAS).expect("a good file");
    access::plant_areas(tx.conn(), &areas).await.expect("planted");
    tx.commit().await.expect("committed");
    let exchange = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../exchange");
    let mut layouts = facts::layout::load(&exchange).expect("layouts");
    let funeral = layouts.iter_mut().find(|it| it.id == "funeral_home").expect("its layout");
    funeral.acceptance.two_people = true;
    let roster = layouts.iter_mut().find(|it| it.id == "legacy_roster").expect("its layout");
    assert!(roster.acceptance.ended_awards.is_some(), "the shipped layout has a brake");
    roster.acceptance.ended_awards = Some(1);
    let parts = AppParts {
        db: db.clone(),
        vault: Vault::open_or_create(&folder.path().join("keys.toml")).expect("keys"),
        passwords: Passwords::new().expect("passwords"),
        clock: Box::new(Morning(Now::new(day("2026-06-02"), 8, 30).expect("a time"))),
        lists: Vec::new(),
        layouts,
        outgoing: Vec::new(),
        banks: Vec::new(),
        exchanges: Vec::new(),
        works: Works::default(),
        exe: PathBuf::from(env!("CARGO_BIN_EXE_songhe")),
        files_dir: folder.path().join("files"),
        after_facts: reconcile_all,
        demo_accounts: Vec::new(),
        play: None,
    };
    let app = App::new(parts).await.expect("an app");
    let areas = app.areas();
    let area = areas.iter().find(|node| node.level == AreaLevel::County).expect("a county").id;
    let system = system_actor(&db, area, Role::DataOfficer).await.expect("the system");
    let county = County { app, system, db, _folder: folder };
    let rows =
        PEOPLE.iter().map(|(name, stem)| format!("{name},{},城关镇,东门社区,正常,", number(stem)));
    let police = "姓名,公民身份号码,乡镇街道,村社区,状态,注销或迁出日期";
    county.applied("police_register", "2026-06-01", police, rows.collect()).await;
    county
}

impl County {
    async fn sent(
        &self,
        supplier: &str,
        as_of: &str,
        (header, rows): (&str, Vec<String>),
        mode: Mode,
    ) -> Result<Imported, Trouble> {
        let incoming = Incoming {
            supplier: supplier.to_owned(),
            as_of: day(as_of),
            file_name: format!("{supplier}.csv"),
            bytes: format!("{header}\n{}\n", rows.join("\n")).into_bytes(),
        };
        import(&self.app, &self.system, incoming, mode, &Work::new(self.app.now())).await
    }

    async fn applied(&self, supplier: &str, as_of: &str, header: &str, rows: Vec<String>) {
        let done = self.sent(supplier, as_of, (header, rows), Mode::Apply).await.expect("imported");
        assert_eq!(done.state, BatchState::Applied, "{}", done.report.sentence());
    }

    /// Somebody who signs in.
    async fn person(&self, login: &str, role: Role) -> Actor {
        let mut tx = self.db.begin_unscoped().await.expect("a transaction");
        let valid = Span::from(day("2026-01-01"));
        let account = open_account(tx.conn(), login, login, "songhe-demo", valid).await;
        tx.commit().await.expect("committed");
        Actor { account: account.expect("an account"), role, ..self.system.clone() }
    }

    async fn decide(&self, actor: &Actor, batch: BatchId, hands: Hands) -> Result<(), Trouble> {
        take_in(&self.app, actor, batch, "", hands, &Work::new(self.app.now())).await
    }

    async fn state(&self, batch: BatchId) -> batches::Batch {
        let mut tx = self.app.db().begin(&self.system.scope).await.expect("a transaction");
        batches::batch(tx.conn(), batch).await.expect("it is there")
    }

    fn who(&self, stem: &str) -> PersonId {
        let number: ResidentNumber = number(stem).parse().expect("a good number");
        let vault = self.app.vault();
        facts::people::person_id(vault, self.system.area, &vault.number_index(&number))
    }

    /// Everybody's value of a kind as the rules read it on 2 June, by name.
    async fn rules_read(&self, kind: &str) -> BTreeMap<&'static str, Option<Value>> {
        let mut tx = self.app.db().begin(&self.system.scope).await.expect("a transaction");
        let ids: Vec<PersonId> = PEOPLE.iter().map(|(_, stem)| self.who(stem)).collect();
        let closed = self.app.closed_world(tx.conn()).await.expect("sources");
        let subjects = population::subjects_of(tx.conn(), &ids).await.expect("people");
        let kind = KindIx::of(kind).expect("registered");
        PEOPLE
            .iter()
            .zip(ids)
            .map(|((name, _), id)| {
                let subject = subjects.iter().find(|subject| subject.id == id).expect("known");
                let facts = engine_facts(subject, &self.app.areas(), &closed).expect("facts");
                (*name, facts.on(kind, day("2026-06-02")).cloned())
            })
            .collect()
    }

    async fn count(&self, statement: &'static str) -> i64 {
        let mut admin = self.db.admin().await;
        sqlx::query_scalar(statement).fetch_one(&mut admin).await.expect("a count")
    }
}

const CREMATED: &str = "逝者姓名,身份证号,户籍地,死亡日期";
const CLAIMS: &str = "SELECT count(*) FROM person WHERE life <> 'living'";

fn cremated(people: &[(&str, &str)]) -> Vec<String> {
    let row =
        |(name, stem): &(&str, &str)| format!("{name},{},城关镇东门社区,2026-05-20", number(stem));
    people.iter().map(row).collect()
}

fn sentence(refused: Result<(), Trouble>) -> String {
    match refused.expect_err("refused") {
        Trouble::Refused(refusal) => refusal.to_string(),
        Trouble::Conflict(sentence) => sentence,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_death_counts_for_nothing_until_a_second_person_has_confirmed_it() {
    let county = county().await;
    let rows = (CREMATED, cremated(&PEOPLE[..2]));
    let staged = county.sent("funeral_home", "2026-05-31", rows, Mode::DryRun).await.expect("read");
    let said: Vec<&str> = staged.report.deaths.iter().map(|note| note.who.as_str()).collect();
    assert!(said.len() == 2 && said[0].starts_with("张三"), "{said:?}");
    let officer = county.person("officer", Role::DataOfficer).await;
    let approver = county.person("approver", Role::CountyApprover).await;

    let alone = sentence(county.decide(&officer, staged.batch, Hands::One).await);
    assert!(alone.contains("两个人"), "{alone}");
    accept(&county.app, &officer, staged.batch, "").await.expect("accepted");
    assert_eq!(county.state(staged.batch).await.state, BatchState::Accepted);
    assert_eq!(county.count(CLAIMS).await, 0, "accepted is not applied");
    let own = sentence(county.decide(&officer, staged.batch, Hands::Second).await);
    assert!(own.contains("不能自己复核自己"), "{own}");

    county.decide(&approver, staged.batch, Hands::Second).await.expect("confirmed");
    let batch = county.state(staged.batch).await;
    assert_eq!((batch.state, batch.decided_by.as_deref()), (BatchState::Applied, Some("approver")));
    assert_eq!(batch.accepted.map(|it| it.name).as_deref(), Some("officer"));
    assert_eq!(county.count(CLAIMS).await, 2);
    let mut admin = county.db.admin().await;
    let same = "UPDATE batch_state SET decided_by = accepted_by WHERE accepted_by IS NOT NULL";
    assert!(sqlx::query(same).execute(&mut admin).await.is_err(), "four eyes by constraint");
}

#[tokio::test]
async fn what_the_second_person_refuses_goes_back_with_the_reason() {
    let county = county().await;
    let rows = (CREMATED, cremated(&PEOPLE[..1]));
    let staged = county.sent("funeral_home", "2026-05-31", rows, Mode::DryRun).await.expect("read");
    let officer = county.person("officer", Role::DataOfficer).await;
    let other = county.person("other", Role::DataOfficer).await;
    let early = sentence(county.decide(&other, staged.batch, Hands::Second).await);
    assert!(early.contains("不能确认"), "nobody has accepted it yet: {early}");
    accept(&county.app, &officer, staged.batch, "").await.expect("accepted");
    let silent = sentence(give_back(&county.app, &other, staged.batch, " ").await);
    assert!(silent.contains("写明原因"), "{silent}");
    give_back(&county.app, &other, staged.batch, "张三昨天还在").await.expect("refused");
    let batch = county.state(staged.batch).await;
    assert_eq!(
        (batch.state, batch.decided_reason.as_str()),
        (BatchState::Returned, "张三昨天还在")
    );
    assert_eq!(county.count(CLAIMS).await, 0);
}

#[tokio::test]
async fn the_operator_of_the_machine_does_both_in_one_act_and_the_record_says_so() {
    let county = county().await;
    county.applied("funeral_home", "2026-05-31", CREMATED, cremated(&PEOPLE[..1])).await;
    let said = "SELECT count(*) FROM audit_entry WHERE action = '入库' AND note LIKE '%一次办完%'
                AND object = 'batch/' || (SELECT max(id) FROM batch)";
    assert_eq!(county.count(said).await, 1);
}

#[tokio::test]
async fn two_files_of_one_department_do_not_corroborate_a_death_and_another_department_does() {
    let county = county().await;
    let (name, stem) = PEOPLE[0];
    let rows = vec![format!("{name},{},城关镇东门社区,2026-05-20,2026-05-25", number(stem))];
    let deaths = "姓名,公民身份号码,户籍地,死亡日期,注销日期";
    county.applied("police_deaths", "2026-05-31", deaths, rows).await;
    let police = "姓名,公民身份号码,乡镇街道,村社区,状态,注销或迁出日期";
    let rows = PEOPLE.iter().enumerate().map(|(at, (name, stem))| {
        let state = if at == 0 { "死亡注销,2026-05-20" } else { "正常," };
        format!("{name},{},城关镇,东门社区,{state}", number(stem))
    });
    county.applied("police_register", "2026-06-02", police, rows.collect()).await;
    let corroborated = "SELECT count(*) FROM person WHERE life = 'corroborated'";
    assert_eq!((county.count(CLAIMS).await, county.count(corroborated).await), (1, 0));
    county.applied("funeral_home", "2026-05-31", CREMATED, cremated(&PEOPLE[..1])).await;
    assert_eq!(county.count(corroborated).await, 1);
}

const POOR: &str = "家庭编号,姓名,身份证号,乡镇,村居,救助类别,认定年月";

fn poor(people: &[(&str, &str)]) -> Vec<String> {
    let row = |(name, stem): &(&str, &str)| {
        format!("1,{name},{},城关镇,东门社区,低保,2026-03", number(stem))
    };
    people.iter().map(row).collect()
}

#[tokio::test]
async fn a_full_roster_speaks_also_of_those_whom_it_does_not_name() {
    let county = county().await;
    let before = county.rules_read("low_income").await;
    assert!(before.values().all(Option::is_none), "no roster is in: {before:?}");
    county.applied("low_income_roster", "2026-05-31", POOR, poor(&PEOPLE[..4])).await;
    let first = county.rules_read("low_income").await;
    assert_eq!(first["张三"], Some(Value::Bool(true)));
    assert_eq!(first["周八"], Some(Value::Bool(false)));
    assert_eq!(county.rules_read("relief_category").await["周八"], Some(Value::Word("none")));

    county.applied("low_income_roster", "2026-06-01", POOR, poor(&PEOPLE[1..5])).await;
    let second = county.rules_read("low_income").await;
    assert_eq!(second["张三"], Some(Value::Bool(false)), "gone from the roster");
    assert_eq!(second["孙七"], Some(Value::Bool(true)), "new in it");
    let system = &county.system;
    capabilities::data_exchange::undo_newest(&county.app, system, "low_income_roster", "传错了")
        .await
        .expect("undone");
    assert_eq!(county.rules_read("low_income").await, first, "as it was");
}

#[tokio::test]
async fn a_sealed_value_is_never_clear_in_the_database() {
    let county = county().await;
    let (name, stem) = PEOPLE[0];
    let layout = county.app.layout("bank_accounts").expect("its layout").clone();
    let header = |field: &str| layout.column(field).expect(field).headers[0].clone();
    let account = "6217000012345678901";
    let mut cells: Vec<(String, String)> =
        vec![(header("name"), name.to_owned()), (header("resident_number"), number(stem))];
    let sealed = layout.facts.iter().find(|rule| rule.kind == "bank_account").expect("its rule");
    cells.push((header(sealed.from.as_deref().expect("a column")), account.to_owned()));
    for column in layout.columns.iter().filter(|column| column.required) {
        if !cells.iter().any(|(header, _)| *header == column.headers[0]) {
            let text = match column.field.as_str() {
                "town" => "城关镇",
                "village" => "东门社区",
                _ => "2026-05-01",
            };
            cells.push((column.headers[0].clone(), text.to_owned()));
        }
    }
    let (head, row): (Vec<String>, Vec<String>) = cells.into_iter().unzip();
    county.applied("bank_accounts", "2026-05-31", &head.join(","), vec![row.join(",")]).await;
    let clear = "SELECT count(*) FROM assertion
                 WHERE kind = 'bank_account' AND value_text LIKE '%345678%'";
    let all = "SELECT count(*) FROM assertion WHERE kind = 'bank_account'";
    assert_eq!((county.count(all).await, county.count(clear).await), (1, 0));
}

#[tokio::test]
async fn the_file_of_another_county_is_refused_with_a_sentence() {
    let county = county().await;
    let rows = ["郑大", "王二", "冯三", "陈四", "褚五", "卫六"].iter().zip(1..).map(|(name, n)| {
        format!("{name},{},石桥镇北关村,2026-05-20", number(&format!("9901011939123100{n}")))
    });
    let rows = (CREMATED, rows.collect());
    let done = county.sent("funeral_home", "2026-05-31", rows, Mode::Apply).await.expect("read");
    assert_eq!(done.state, BatchState::Refused);
    let said = done.report.sentence();
    assert!(said.contains("石桥镇北关村") && said.contains("不在松河县"), "{said}");
}

#[tokio::test]
async fn a_file_that_brings_too_many_deaths_waits_for_a_reason() {
    let county = county().await;
    let app = &county.app;
    let most = app.layout("police_deaths").and_then(|layout| layout.acceptance.death_rows);
    assert!(most.is_some_and(|most| most > 0), "the shipped layout has a brake");
    // The brake itself is told by `domain`'s tests; here, that a held file needs a reason.
    let (name, stem) = PEOPLE[0];
    let rows = || vec![format!("{name},{},城关镇东门社区,2026-05-20", number(stem))];
    county.applied("funeral_home", "2026-05-31", CREMATED, rows()).await;
    let mut older = rows();
    older.push(cremated(&PEOPLE[1..2])[0].clone());
    let held = county.sent("funeral_home", "2026-04-30", (CREMATED, older), Mode::Apply).await;
    let held = held.expect("read");
    assert_eq!(held.state, BatchState::Held);
    let officer = county.person("officer", Role::DataOfficer).await;
    let silent = sentence(accept(app, &officer, held.batch, "").await);
    assert!(silent.contains("写明原因"), "{silent}");
    accept(app, &officer, held.batch, "补四月的").await.expect("accepted");
    let approver = county.person("approver", Role::CountyApprover).await;
    county.decide(&approver, held.batch, Hands::Second).await.expect("confirmed");
    assert_eq!(county.state(held.batch).await.decided_reason, "补四月的");
}

#[tokio::test]
async fn rows_that_say_the_same_write_nothing_and_what_changed_beside_them_does() {
    let county = county().await;
    county.applied("low_income_roster", "2026-05-31", POOR, poor(&PEOPLE[..4])).await;
    let all = "SELECT count(*) FROM assertion";
    let before = county.count(all).await;
    let mut rows = poor(&PEOPLE[..4]);
    rows[0] = rows[0].replace("低保", "特困");
    county.applied("low_income_roster", "2026-06-01", POOR, rows.clone()).await;
    assert_eq!(county.count(all).await - before, 1, "one person's category");
    let category = county.rules_read("relief_category").await;
    assert_eq!(category["张三"], Some(Value::Word("destitute")));
    assert_eq!(category["李四"], Some(Value::Word("minimum_living")));
    // The same rows after the columns are read otherwise are news again.
    let note = "UPDATE batch_state SET reading_sm3 = NULL";
    let mut admin = county.db.admin().await;
    sqlx::query(note).execute(&mut admin).await.expect("forgotten");
    rows[1] = rows[1].replace("低保", "特困");
    county.applied("low_income_roster", "2026-06-02", POOR, rows).await;
    assert_eq!(county.rules_read("relief_category").await["李四"], Some(Value::Word("destitute")));
    assert_eq!(county.count(all).await - before, 2);
}

const PAID: &str = "乡镇,村社区,姓名,身份证号,月标准,开始享受年月,本月发放金额";

fn paid(people: &[(&str, &str)]) -> Vec<String> {
    let row = |(name, stem): &(&str, &str)| {
        format!("城关镇,东门社区,{name},{},40,2025-01,40", number(stem))
    };
    people.iter().map(row).collect()
}

#[tokio::test]
async fn a_roster_by_which_too_many_awards_would_end_waits_for_a_reason_and_a_second_person() {
    let county = county().await;
    county.applied("legacy_roster", "2026-05-31", PAID, paid(&PEOPLE)).await;
    let one = paid(&PEOPLE[..5]);
    county.applied("legacy_roster", "2026-06-01", PAID, one).await;
    let rows = (PAID, paid(&PEOPLE[..3]));
    let held = county.sent("legacy_roster", "2026-06-02", rows, Mode::DryRun).await.expect("read");
    assert_eq!(held.state, BatchState::Held);
    let why: Vec<&str> = held.report.holds.iter().map(|hold| hold.sentence.as_str()).collect();
    assert!(why[0].contains("有 2 项，超过一次 1 项"), "{why:?}");

    let officer = county.person("officer", Role::DataOfficer).await;
    let approver = county.person("approver", Role::CountyApprover).await;
    let work = Work::new(county.app.now());
    let alone = take_in(&county.app, &officer, held.batch, "都核过", Hands::One, &work).await;
    assert!(sentence(alone).contains("两个人"));
    let silent = sentence(accept(&county.app, &officer, held.batch, "").await);
    assert!(silent.contains("写明原因"), "{silent}");
    accept(&county.app, &officer, held.batch, "都核过").await.expect("accepted");
    let running = "SELECT count(*) FROM fact_current
                   WHERE kind = 'award.old_age_allowance' AND valid_to IS NULL";
    assert_eq!(county.count(running).await, 5, "accepted is not applied");
    county.decide(&approver, held.batch, Hands::Second).await.expect("confirmed");
    assert_eq!(county.count(running).await, 3);
    assert_eq!(county.state(held.batch).await.decided_reason, "都核过");
}

#[tokio::test]
async fn a_roster_is_not_silent_about_whom_an_unusable_row_names() {
    let county = county().await;
    let mut rows = poor(&PEOPLE[..5]);
    rows[2] = rows[2].replace("2026-03", "去年");
    county.applied("low_income_roster", "2026-05-31", POOR, rows.clone()).await;
    let first = county.rules_read("low_income").await;
    assert_eq!((&first["王五"], &first["周八"]), (&None, &Some(Value::Bool(false))));

    rows[1] = rows[1].replace("2026-03", "去年").replace(&number(PEOPLE[1].1), "99010119");
    let rows = (POOR, rows);
    let done = county.sent("low_income_roster", "2026-06-01", rows, Mode::Apply).await;
    let report = done.expect("imported").report;
    assert_eq!((report.counts.unusable, report.names_somebody), (2, 2));
    let second = county.rules_read("low_income").await;
    assert_eq!(second["李四"], Some(Value::Bool(true)), "as it was said before");
}
