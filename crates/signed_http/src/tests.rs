//! Every way in which another system can misbehave ends in a sentence.

use std::sync::Arc;
use std::time::Duration;

use access::{Times, Vault};
use kernel::{Now, ResidentNumber};
use serde_json::json;
use tempfile::TempDir;

use crate::testing::{Manner, Platform};
use crate::{Answer, CallFault, Exchanges, Line, load};

const QUERY: &str = "/v1/persons/query";

/// A platform and an office that is connected to it.
struct Office {
    platform: Arc<Platform>,
    exchanges: Exchanges,
    /// The keys lie in it.
    _dir: TempDir,
}

impl Office {
    async fn new() -> Self {
        let (platform, dir) = (Platform::start().await, tempfile::tempdir().expect("a folder"));
        Platform::share_secret(dir.path());
        let vault = Vault::open_or_create(&dir.path().join("keys.toml")).expect("keys");
        let configs = vec![platform.config()];
        let exchanges = Exchanges::new(configs, dir.path(), &vault).expect("lines");
        platform.knows("1");
        Self { platform, exchanges, _dir: dir }
    }

    fn line(&self) -> &Line {
        self.exchanges.line("provincial_platform").expect("a line")
    }

    async fn ask(&self) -> Result<Option<Answer>, CallFault> {
        ask(self.line(), 0).await.0
    }
}

/// Asks so many seconds after the beginning; gives also how often it was tried.
async fn ask(line: &Line, later: i64) -> (Result<Option<Answer>, CallFault>, u32) {
    let now = Now::new("2026-06-02".parse().expect("a day"), 8, 30).expect("a time");
    let now = now.plus_seconds(later);
    let number: ResidentNumber = "99010519491231004X".parse().expect("a number");
    let times = Times { now, wall: now };
    let called = line.ask(times, move |exchange, at| exchange.look_up(&number, at)).await;
    let called = called.expect("no panic");
    (called.result, called.attempts)
}

#[tokio::test]
async fn whatever_the_other_side_does_the_answer_is_taken_whole_or_not_at_all() {
    let office = Office::new().await;
    let answer = office.ask().await.expect("an answer").expect("somebody");
    assert_eq!(answer.lines[1].value.as_deref(), Some("living"));
    for (manner, fault) in [
        (Manner::WrongSecret, CallFault::WrongSignature),
        (Manner::Clock(3600), CallFault::Clock(3600)),
        (Manner::Again, CallFault::Replayed),
        (Manner::Garbage, CallFault::Unreadable("不是约定的格式")),
        (Manner::Flood, CallFault::TooMuch),
        (Manner::Half, CallFault::CutOff),
        (Manner::Fails(403, 9), CallFault::Status(403)),
        (Manner::Slow(Duration::from_millis(1500)), CallFault::TimedOut),
    ] {
        // Each begins with a line that was well, so that it is not left alone.
        office.platform.behave(Manner::Well);
        office.ask().await.expect("an answer");
        office.platform.behave(manner.clone());
        assert_eq!(office.ask().await, Err(fault.clone()), "{manner:?}");
        assert!(!fault.chinese().is_empty());
    }
}

#[tokio::test]
async fn two_records_for_one_person_or_a_code_nobody_agreed_on_are_not_guessed_at() {
    let office = Office::new().await;
    let two = json!({"records": [{"name": "周桂兰"}, {"name": "周桂芳"}]});
    for (said, why) in [
        (two, "同一个人有几条不同的记录"),
        (json!({"records": [{"lifeState": "7"}]}), "有没约定过的代码"),
        (json!({"record": []}), "没有约定的记录一栏"),
        (json!({"records": [{"name": ["周"]}]}), "有一栏不是文字或数"),
    ] {
        office.platform.say(QUERY, json!({"records": []}));
        assert_eq!(office.ask().await, Ok(None), "nobody of this number is an answer");
        office.platform.say(QUERY, said);
        assert_eq!(office.ask().await, Err(CallFault::Unreadable(why)));
    }
}

#[tokio::test]
async fn a_read_is_asked_again_when_it_may_pass_and_the_tries_are_counted() {
    let office = Office::new().await;
    office.platform.behave(Manner::Fails(503, 2));
    let (answer, attempts) = ask(office.line(), 0).await;
    answer.expect("the third try is answered");
    assert_eq!((attempts, office.platform.asked(QUERY)), (3, 3));
}

#[tokio::test]
async fn after_some_failures_it_is_left_alone_for_a_while_and_then_tried_again() {
    let office = Office::new().await;
    office.platform.behave(Manner::WrongSecret);
    for _ in 0..3 {
        assert_eq!(office.ask().await, Err(CallFault::WrongSignature));
    }
    let before = office.platform.asked(QUERY);
    office.platform.behave(Manner::Well);
    assert!(matches!(office.ask().await, Err(CallFault::Resting(_))));
    assert_eq!(office.platform.asked(QUERY), before, "it was spared");
    ask(office.line(), 121).await.0.expect("well again");
    assert_eq!(office.line().health().failures, 0);
}

#[tokio::test]
async fn without_its_secret_a_system_is_not_connected_and_never_called() {
    let platform = Platform::start().await;
    let dir = tempfile::tempdir().expect("a folder");
    let vault = Vault::open_or_create(&dir.path().join("keys.toml")).expect("keys");
    let exchanges = Exchanges::new(vec![platform.config()], dir.path(), &vault).expect("lines");
    let line = exchanges.line("provincial_platform").expect("a line");
    assert!(!line.is_connected());
    assert_eq!(ask(line, 0).await.0, Err(CallFault::NotConnected));
    assert_eq!(platform.asked(QUERY), 0);
}

#[test]
fn what_ships_loads_and_a_folder_that_is_not_there_has_nothing() {
    let here = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    assert_eq!(load(&here.join("../../exchange-http")).expect("sound").len(), 1);
    assert_eq!(load(&here.join("nothing")).expect("nothing").len(), 0);
}
