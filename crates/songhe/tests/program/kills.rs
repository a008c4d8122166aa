use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use db::{Db, Server};
use demo::{DemoFile, Preset};

use crate::{Folder, assert_success, program};

/// How many kills, all files together; `cargo xtask faults` asks for more.
const KILLS: &str = "SONGHE_KILLS";
const FEW: u32 = 12;

/// A register that makes people known, and files about people who are known.
const SUPPLIERS: [&str; 4] =
    ["police_register", "legacy_roster", "low_income_roster", "medical_traces"];

fn kills() -> u32 {
    let told = std::env::var(KILLS).ok();
    told.map_or(FEW, |told| told.parse().expect("SONGHE_KILLS is a number of kills"))
}

fn import(dir: &Path, tray: &Path, file: &DemoFile) -> Command {
    let as_of = file.as_of.to_string();
    let mut command = program(dir, &["import", "--supplier", file.supplier, "--as-of", &as_of]);
    command.arg(tray.join(&file.file_name)).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

fn copy(from: &Path, to: &Path) {
    let status = Command::new("cp").arg("-a").arg(from).arg(to).status();
    assert!(status.expect("cp is there").success());
}

/// Moments spread over the whole import in a mixed-up order, the same every time.
fn moment(number: u32, of: u32, whole: Duration) -> Duration {
    whole * (number * 7 % of) / of
}

/// What is known in a data folder: how many people, assertions and standing facts, and what the
/// facts say. It is asked of the database itself, for not every file changes a determination.
#[derive(Debug, PartialEq, Eq)]
struct Left {
    people: i64,
    assertions: i64,
    facts: i64,
    said: i64,
}

fn left(dir: &Path) -> Left {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let db = Db::open(Server::Private { data_dir: dir.to_owned() }).await.expect("it opens");
        let mut tx = db.begin_engine().await.expect("a transaction");
        let (people, assertions, facts, said) = sqlx::query_as(
            "SELECT (SELECT count(*) FROM person), (SELECT count(*) FROM assertion),
                    (SELECT count(*) FROM fact_current),
                    (SELECT coalesce(sum(hashtext(concat(kind, supplier, value_text, value_int,
                                                         value_day, value_area))), 0)::bigint
                     FROM fact_current)",
        )
        .fetch_one(tx.conn())
        .await
        .expect("counts");
        drop(tx);
        db.close().await.expect("it closes");
        Left { people, assertions, facts, said }
    })
}

/// Kills imports of one file, and gives a folder in which it is whole.
#[expect(clippy::disallowed_methods, reason = "the kills spread over the time that it takes")]
fn killed(folder: &Folder, before: &Path, file: &DemoFile, kills: u32) -> PathBuf {
    let tray = folder.path("tray");
    let undisturbed = folder.path(&format!("{}-undisturbed", file.supplier));
    copy(before, &undisturbed);
    let begun = Instant::now();
    assert!(
        import(&undisturbed, &tray, file).status().expect("the machine does it").success(),
        "{}",
        file.file_name
    );
    let whole = begun.elapsed();
    let (nothing, all) = (left(before), left(&undisturbed));
    assert_ne!(all, nothing, "{}", file.file_name);

    let mut seen = [0, 0];
    let mut dir: Option<PathBuf> = None;
    for number in 0..kills {
        let here = dir.take().unwrap_or_else(|| {
            let fresh = folder.path(&format!("{}-killed-{number}", file.supplier));
            copy(before, &fresh);
            fresh
        });
        let mut child = import(&here, &tray, file).spawn().expect("the machine does it");
        thread::sleep(moment(number, kills, whole));
        child.kill().expect("the machine does it");
        child.wait().expect("the machine does it");
        let left = left(&here);
        let is_all = left == all;
        assert!(is_all || left == nothing, "{} kill {number} left {left:?}", file.supplier);
        seen[usize::from(is_all)] += 1;
        // What has nothing is killed again; what has all has had its turn.
        if is_all {
            std::fs::remove_dir_all(&here).expect("the machine does it");
        } else {
            dir = Some(here);
        }
    }
    println!("{}: {} kills left nothing, {} left all", file.supplier, seen[0], seen[1]);
    assert!(seen[0] > 0, "no kill came before the end: {seen:?}");
    if let Some(here) = dir {
        let output = import(&here, &tray, file)
            .stderr(Stdio::piped())
            .output()
            .expect("the machine does it");
        assert_success(&output);
        assert_eq!(left(&here), all, "after all the kills it is as if there were none");
        let clear = std::fs::read_dir(here.join("files")).expect("the machine does it").flatten();
        let clear = clear.filter(|it| it.file_name().to_string_lossy().starts_with("reading-"));
        assert_eq!(clear.count(), 0, "no clear copy of a file is left behind");
    }
    undisturbed
}

#[test]
#[ignore = "slow: a dozen imports and as many looks at what is left"]
fn kills_during_imports_leave_all_or_nothing() {
    let folder = Folder::new();
    let mut whole = folder.empty_town();
    let files = demo::generate(Preset::Town).files;
    let each = kills().div_ceil(u32::try_from(SUPPLIERS.len()).expect("few files"));
    for supplier in SUPPLIERS {
        let file = files.iter().find(|file| file.supplier == supplier).expect("in the tray");
        whole = killed(&folder, &whole, file, each);
    }
}
