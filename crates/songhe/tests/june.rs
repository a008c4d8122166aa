//! 松河县 6 月 2 日: the departments' files of the demo go in as they are, through a real child
//! process and a real database, and the findings are those that the generator planted.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use access::{Actor, Passwords, Vault, system_actor};
use capabilities::data_exchange::{Imported, Incoming, Mode, import};
use capabilities::matching::{determine, reconcile};
use capabilities::{App, AppParts, Clock, Work, Works, reconcile_all};
use db::testing::TestDb;
use demo::{Demo, DemoFile, Outcome, Preset};
use facts::batches::BatchState;
use kernel::{AreaId, AreaLevel, Day, Fen, Month, Now, PersonId, ResidentNumber, Role, Trouble};
use sqlx::Row;

struct Morning(Now);

impl Clock for Morning {
    fn now(&self) -> Now {
        self.0
    }
    fn wall(&self) -> Now {
        self.0
    }
}

struct County {
    app: App,
    actor: Actor,
    db: TestDb,
    demo: Demo,
    _folder: tempfile::TempDir,
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn lists() -> Vec<policy::List> {
    ["anlan/v3", "qingping/v5", "songhe/v4"]
        .map(|dir| policy::List::load(&repository().join("policy").join(dir)).expect("a good list"))
        .into()
}

async fn county(preset: Preset) -> County {
    let demo = demo::generate(preset);
    let folder = tempfile::tempdir().expect("a folder");
    demo.write(folder.path()).expect("files");
    let db = TestDb::new().await;
    let areas = std::fs::read_to_string(folder.path().join("areas.csv")).expect("areas");
    let areas = access::parse_area_file(&areas).expect("a good file");
    let mut tx = db.begin_unscoped().await.expect("a transaction");
    access::plant_areas(tx.conn(), &areas).await.expect("planted");
    tx.commit().await.expect("committed");
    let day: Day = "2026-06-02".parse().expect("a day");
    let parts = AppParts {
        db: db.clone(),
        vault: Vault::open_or_create(&folder.path().join("keys.toml")).expect("keys"),
        passwords: Passwords::new().expect("passwords"),
        clock: Box::new(Morning(Now::new(day, 8, 30).expect("a time"))),
        lists: lists(),
        layouts: facts::layout::load(&repository().join("exchange")).expect("layouts"),
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
    let area = root(&app);
    let actor = system_actor(&db, area, Role::DataOfficer).await.expect("the system");
    County { app, actor, db, demo, _folder: folder }
}

fn root(app: &App) -> AreaId {
    let areas = app.areas();
    areas.iter().find(|node| node.level == AreaLevel::County).expect("a county").id
}

impl County {
    async fn take_in(&self, file: &DemoFile) -> Result<Imported, Trouble> {
        let incoming = Incoming {
            supplier: file.supplier.to_owned(),
            as_of: file.as_of,
            file_name: file.file_name.clone(),
            bytes: file.bytes.clone(),
        };
        let work = Work::new(self.app.now());
        import(&self.app, &self.actor, incoming, Mode::Apply, &work).await
    }

    async fn take_in_all(&self) {
        for file in &self.demo.files {
            let done = self.take_in(file).await.expect("imported");
            assert_eq!(done.state, BatchState::Applied, "{}", file.file_name);
        }
    }

    fn file(&self, supplier: &str) -> &DemoFile {
        self.demo.files.iter().find(|file| file.supplier == supplier).expect("in the tray")
    }

    async fn count(&self, statement: &'static str) -> i64 {
        let mut admin = self.db.admin().await;
        sqlx::query_scalar(statement).fetch_one(&mut admin).await.expect("a count")
    }

    fn person(&self, number: &str) -> PersonId {
        let number: ResidentNumber = number.parse().expect("a number of the truth");
        let vault = self.app.vault();
        facts::people::person_id(vault, root(&self.app), &vault.number_index(&number))
    }

    fn people<'a>(&self, numbers: impl IntoIterator<Item = &'a String>) -> BTreeSet<PersonId> {
        numbers.into_iter().map(|number| self.person(number)).collect()
    }

    /// Open duties as (kind, cause) → people with the sum at stake.
    async fn findings(&self) -> BTreeMap<(String, String), BTreeMap<PersonId, Fen>> {
        let mut tx = self.app.db().begin(&self.actor.scope).await.expect("a transaction");
        let filter = duties::Filter::default();
        let open = duties::open_duties(tx.conn(), &filter, 20_000, 0).await.expect("duties");
        let mut found: BTreeMap<_, BTreeMap<_, _>> = BTreeMap::new();
        for duty in open {
            let of_cause = found.entry((duty.kind, duty.cause_code)).or_default();
            assert!(of_cause.insert(duty.person, duty.amount_fen).is_none(), "one duty a person");
        }
        found
    }
}

async fn the_findings_are_those_that_were_planted(preset: Preset) {
    let county = county(preset).await;
    county.take_in_all().await;
    let first = reconcile(&county.app, &county.actor).await.expect("reconciled");
    assert!(first.opened > 0);
    let found = county.findings().await;
    let of = |kind: &str, cause: &str| {
        found.get(&(kind.to_owned(), cause.to_owned())).cloned().unwrap_or_default()
    };
    let who = |kind: &str, cause: &str| of(kind, cause).into_keys().collect::<BTreeSet<_>>();
    let sets = &county.demo.truth.sets;

    assert_eq!(who("unclaimed_entitlement", "newly_entitled"), county.people(&sets.unpaid_new));
    let older: BTreeMap<PersonId, Fen> = sets
        .unpaid_older
        .iter()
        .map(|it| (county.person(&it.number), Fen::from_yuan(40 * i64::from(it.arrears_months))))
        .collect();
    assert_eq!(of("unclaimed_entitlement", "entitled_before"), older);
    let paid_after = |it: &&demo::DeathOnRoll| it.overpaid_months > 0;
    let dead = |overpaid: bool| {
        let some = sets.deaths_on_roll.iter().filter(|it| paid_after(it) == overpaid);
        county.people(some.map(|it| &it.number))
    };
    assert_eq!(who("award_after_death", "paid_after"), dead(true));
    assert_eq!(who("award_after_death", "stop_in_time"), dead(false));
    assert_eq!(who("class_change", "age_90"), county.people(&sets.class_90));
    assert_eq!(who("class_change", "age_100"), county.people(&sets.class_100));
    assert_eq!(who("entitled_soon", "age_80"), county.people(&sets.soon_80));
    assert_eq!(who("contradicted_death", "trace_after_death"), county.people(&sets.contradicted));
    let late = county.people(&sets.not_yet_at_police);
    assert_eq!(who("death_not_deregistered", "still_registered"), late);
    the_leads_and_services_are_those_that_were_planted(&county, &found);

    let again = reconcile(&county.app, &county.actor).await.expect("reconciled");
    assert_eq!(again, capabilities::matching::Reconciled::default(), "twice changes nothing");
    let astray = "SELECT count(*) FROM batch_row r JOIN person p USING (person_id)
                  WHERE r.area_pos <> p.area_pos";
    assert_eq!(county.count(astray).await, 0, "a row lies where its person lives");
    rows_are_matched_as_the_truth_says(&county).await;
    if preset == Preset::County {
        the_county_counts(&county, &of).await;
    }
}

type Found = BTreeMap<(String, String), BTreeMap<PersonId, Fen>>;

/// Everything of a kind, whatever the cause.
fn of_kind(found: &Found, kind: &str) -> BTreeSet<PersonId> {
    let kinds = found.iter().filter(|((it, _), _)| it == kind);
    kinds.flat_map(|(_, people)| people.keys().copied()).collect()
}

fn the_leads_and_services_are_those_that_were_planted(county: &County, found: &Found) {
    let sets = &county.demo.truth.sets;
    let who = |kind: &str, cause: &str| -> BTreeSet<PersonId> {
        let of = found.get(&(kind.to_owned(), cause.to_owned()));
        of.into_iter().flat_map(|people| people.keys().copied()).collect()
    };
    let assess = |cause: &str| who("assessment_due", cause);
    assert_eq!(assess("new_low_income_disabled"), county.people(&sets.assess_new));
    let paid_on = county.people(sets.subsidy_lapsed.iter().map(|it| &it.number));
    assert_eq!(assess("lapsed_while_paid"), paid_on);
    let lapsed: BTreeSet<PersonId> = assess("lapsed").union(&paid_on).copied().collect();
    assert_eq!(lapsed, county.people(&sets.assess_lapsed));
    let elsewhere = county.people(sets.paid_elsewhere.iter().map(|it| &it.number));
    assert_eq!(of_kind(found, "two_counties"), elsewhere);
    let overlapping = county.people(sets.overlapping.iter().map(|it| &it.number));
    assert_eq!(of_kind(found, "exclusive_benefits"), overlapping);
    assert_eq!(of_kind(found, "account_missing"), county.people(&sets.without_account));
    let strangers = county.people(sets.shared_accounts.iter().flatten());
    assert_eq!(of_kind(found, "shared_account"), strangers);
    assert_eq!(of_kind(found, "no_trace"), county.people(&sets.without_trace));
    assert_eq!(of_kind(found, "visit_due"), county.people(&sets.visits));
    let told: BTreeSet<&str> = found.keys().map(|(kind, _)| kind.as_str()).collect();
    let planted = [
        "account_missing",
        "assessment_due",
        "award_after_death",
        "class_change",
        "contradicted_death",
        "death_not_deregistered",
        "entitled_soon",
        "exclusive_benefits",
        "no_trace",
        "shared_account",
        "two_counties",
        "unclaimed_entitlement",
        "visit_due",
    ];
    let more: Vec<&&str> = told.iter().filter(|kind| !planted.contains(kind)).collect();
    assert!(more.is_empty(), "nothing else was found: {more:?}");
    let causes = found.keys().filter(|(kind, _)| kind == "unclaimed_entitlement").count();
    assert_eq!(causes, 2, "the allowance alone is unclaimed");
}

/// Precision and recall over every row of every file, from what is stored.
async fn rows_are_matched_as_the_truth_says(county: &County) {
    let mut admin = county.db.admin().await;
    let (mut matched, mut right, mut certain, mut rows) = (0_u32, 0_u32, 0_u32, 0_usize);
    for truth in &county.demo.truth.files {
        let stored = sqlx::query(
            "SELECT r.row_no, r.outcome, r.person_id FROM batch_row r
             JOIN batch b ON b.id = r.batch_id WHERE b.supplier = $1",
        )
        .bind(truth.supplier)
        .fetch_all(&mut admin)
        .await
        .expect("rows");
        assert_eq!(stored.len(), truth.rows.len(), "{}: no row lost or doubled", truth.supplier);
        rows += stored.len();
        let stored: HashMap<i32, Option<PersonId>> =
            stored.iter().map(|row| (row.get("row_no"), row.get("person_id"))).collect();
        for row in &truth.rows {
            let person = stored[&i32::try_from(row.row).expect("a row number")];
            let meant = row.person.as_deref().map(|number| county.person(number));
            matched += u32::from(person.is_some());
            right += u32::from(person.is_some() && person == meant);
            if matches!(row.outcome, Outcome::Exact | Outcome::Normalised { .. }) {
                certain += 1;
                assert!(person.is_some(), "{} row {} was not matched", truth.supplier, row.row);
            }
        }
    }
    let (precision, recall) =
        (f64::from(right) / f64::from(matched), f64::from(right) / f64::from(certain));
    println!("{rows} rows: precision {precision:.6}, recall {recall:.6}");
    assert!(precision >= 0.9999, "{precision}");
    assert!(recall >= 0.99, "{recall}");
}

type Of<'a> = dyn Fn(&str, &str) -> BTreeMap<PersonId, Fen> + 'a;

/// The figures that the county's story names.
async fn the_county_counts(county: &County, of: &Of<'_>) {
    let count = |kind: &str, cause: &str| of(kind, cause).len();
    assert_eq!(count("unclaimed_entitlement", "newly_entitled"), 104);
    assert_eq!(count("unclaimed_entitlement", "entitled_before"), 135);
    assert_eq!(count("award_after_death", "paid_after"), 12);
    assert_eq!(count("award_after_death", "stop_in_time"), 54);
    let overpaid: Fen = of("award_after_death", "paid_after").into_values().sum();
    assert_eq!(overpaid, Fen::from_yuan(2_360));
    assert_eq!(count("class_change", "age_90"), 19);
    assert_eq!(count("class_change", "age_100"), 1);
    assert_eq!(count("entitled_soon", "age_80"), 208);
    assert_eq!(count("death_not_deregistered", "still_registered"), 35);
    assert_eq!(count("contradicted_death", "trace_after_death"), 2);
    assert_eq!(count("assessment_due", "new_low_income_disabled"), 58);
    let lapsed = count("assessment_due", "lapsed") + count("assessment_due", "lapsed_while_paid");
    assert_eq!(lapsed, 212);
    assert_eq!(count("two_counties", "paid_elsewhere"), 5);
    assert_eq!(count("exclusive_benefits", "exclusive_benefits"), 17);
    assert_eq!(count("account_missing", "no_account"), 27);
    let visits = ["alone", "empty_nest", "left_behind", "other"];
    assert_eq!(visits.map(|group| count("visit_due", group)).iter().sum::<usize>(), 3_260);
    let month: Month = "2026-06".parse().expect("a month");
    let all = determine(&county.app, root(&county.app), month).await.expect("determined");
    let item = all.items.iter().find(|item| item.id == "old_age_allowance").expect("an item");
    assert_eq!((item.entitled, item.unknown), (13_106, 0));
    let due = 11_932 * 40 + 1_153 * 120 + 21 * 400;
    assert_eq!(item.amount_fen, Fen::from_yuan(due));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_towns_findings_are_those_that_were_planted() {
    the_findings_are_those_that_were_planted(Preset::Town).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "slow: 99,000 people through the real path"]
async fn the_countys_findings_are_239_unpaid_and_66_deaths_on_the_roll() {
    the_findings_are_those_that_were_planted(Preset::County).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_data_folder_gives_the_same_digest() {
    let month: Month = "2026-06".parse().expect("a month");
    let mut digests = Vec::new();
    for _ in 0..2 {
        let county = county(Preset::Town).await;
        county.take_in_all().await;
        let all = determine(&county.app, root(&county.app), month).await.expect("determined");
        digests.push(all.digest);
    }
    assert_eq!(digests[0], digests[1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_roster_that_was_undone_leaves_what_was_before_and_comes_in_again() {
    let county = county(Preset::Town).await;
    county.take_in_all().await;
    reconcile(&county.app, &county.actor).await.expect("reconciled");
    let before = county.findings().await;
    capabilities::data_exchange::undo_newest(
        &county.app,
        &county.actor,
        "medical_traces",
        "试撤销",
    )
    .await
    .expect("undone");
    reconcile(&county.app, &county.actor).await.expect("reconciled");
    let without = county.findings().await;
    let contradicted = ("contradicted_death".to_owned(), "trace_after_death".to_owned());
    assert!(!without.contains_key(&contradicted), "no trace, no contradiction");
    county.take_in(county.file("medical_traces")).await.expect("imported");
    reconcile(&county.app, &county.actor).await.expect("reconciled");
    assert_eq!(county.findings().await, before, "the same facts give the same duties");
}

fn of_last_month(supplier: &str) -> DemoFile {
    let mut files = demo::last_month(Preset::Town).into_iter();
    files.find(|file| file.supplier == supplier).expect("a file of last month")
}

#[tokio::test(flavor = "multi_thread")]
async fn last_months_register_first_and_then_this_months_writes_only_what_changed() {
    let county = county(Preset::Town).await;
    county.take_in(&of_last_month("police_register")).await.expect("imported");
    let first = county.count("SELECT count(*) FROM assertion").await;
    let done = county.take_in(county.file("police_register")).await.expect("imported");
    assert_eq!(done.state, BatchState::Applied);
    let difference = done.report.difference.expect("there was a file before");
    assert!(difference.changed > 0, "somebody died in May: {difference:?}");
    let second = county.count("SELECT count(*) FROM assertion").await - first;
    assert!(second < first / 10, "{second} after {first}: unchanged rows write nothing");
    // May's content under June's name: the bytes are known, whatever the file is called.
    let refused = county.take_in(&demo::renamed_last_month(Preset::Town)).await;
    assert!(refused.expect_err("the same bytes").to_string().contains("已经收过"));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_not_on_the_next_roster_is_paid_no_more_from_its_month_on() {
    let county = county(Preset::Town).await;
    county.take_in(county.file("police_register")).await.expect("imported");
    county.take_in(&of_last_month("legacy_roster")).await.expect("imported");
    let ended = "SELECT count(*) FROM fact_current
                 WHERE kind = 'award.old_age_allowance' AND valid_to = '2026-05-01'";
    assert_eq!(county.count(ended).await, 0);
    let done = county.take_in(county.file("legacy_roster")).await.expect("imported");
    let removed = done.report.difference.expect("April's roster").removed;
    // A row that went to the desk this time is gone as a row, and its person is not.
    let ended = county.count(ended).await;
    assert!(0 < ended && ended <= i64::try_from(removed).expect("a count"), "{ended} {removed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_register_that_shrank_by_two_fifths_is_held_and_changes_nothing() {
    let county = county(Preset::Town).await;
    county.take_in_all().await;
    let before = county.count("SELECT count(*) FROM assertion").await;
    let mut file = county.file("police_register").clone();
    file.bytes = demo::hostile::shrunk_register(Preset::Town);
    let done = county.take_in(&file).await.expect("read");
    assert_eq!(done.state, BatchState::Held);
    assert!(done.report.holds[0].sentence.contains("比上一份少了"), "{:?}", done.report.holds);
    assert_eq!(county.count("SELECT count(*) FROM assertion").await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn swapped_columns_are_refused_whole_with_their_names() {
    let county = county(Preset::Town).await;
    let mut file = county.file("police_register").clone();
    file.bytes = demo::hostile::swapped_columns(Preset::Town);
    let done = county.take_in(&file).await.expect("read");
    assert_eq!(done.state, BatchState::Refused);
    let refused = done.report.refused.expect("a reason").sentence;
    assert!(refused.contains("姓名"), "{refused}");
}
