//! 线路: a system with how it has been of late, and the trace of what it was asked.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use access::{Actor, Times, Vault};
use db::Db;
use kernel::{Now, PersonId, Trouble};

use crate::client::{CallFault, Called, Exchange, SignedHttp};
use crate::config::{self, Config, FOLDER};
use crate::store::{NewCall, insert_call};

/// The systems that can be asked, each with how it has been of late.
#[derive(Clone, Default)]
pub struct Exchanges(Arc<Vec<Line>>);

/// 线路: a system and how it has been since the program was started.
pub struct Line {
    exchange: Arc<dyn Exchange>,
    health: Mutex<Health>,
}

/// How a system has been since the program was started.
#[derive(Clone, Debug, Default)]
pub struct Health {
    /// Failures in a row.
    pub failures: u32,
    /// Left alone until then, by the machine's clock.
    pub resting_until: Option<Now>,
    /// The last failure.
    pub last_fault: Option<(Now, CallFault)>,
    /// The last answer.
    pub last_answer: Option<Now>,
}

impl Exchanges {
    /// Those that are configured, with the secrets and certificates in the data folder.
    ///
    /// # Errors
    /// A secret that others can read or that is too short, a certificate that is none.
    pub fn new(configs: Vec<Config>, data_dir: &Path, vault: &Vault) -> Result<Self, Trouble> {
        let (dir, keys) = (data_dir.join(FOLDER), data_dir.join("keys.d"));
        let mut lines = Vec::new();
        for config in configs {
            let secret = config::secret(&keys, &config.id)?;
            let exchange = SignedHttp::new(config, secret, &dir, vault)?;
            lines.push(Line { exchange: Arc::new(exchange), health: Mutex::default() });
        }
        Ok(Self(Arc::new(lines)))
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Line> {
        self.0.iter()
    }

    /// The one with this id.
    pub fn line(&self, id: &str) -> Option<&Line> {
        self.iter().find(|line| line.config().id == id)
    }
}

impl Line {
    /// Where it is and how it is asked.
    pub fn config(&self) -> &Config {
        self.exchange.config()
    }

    /// Whether it can be asked at all.
    pub fn is_connected(&self) -> bool {
        self.exchange.is_connected()
    }

    /// How it has been of late.
    pub fn health(&self) -> Health {
        self.health.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Asks it, unless it rests. `times.wall` is for waiting, `times.now` is what is shown.
    ///
    /// # Errors
    /// The asking thread panicked. That there is no answer is a result, no error.
    pub async fn ask<T: Send + 'static>(
        &self,
        times: Times,
        ask: impl FnOnce(&dyn Exchange, Now) -> Called<T> + Send + 'static,
    ) -> Result<Called<T>, Trouble> {
        let at = times.wall;
        let resting = self.health().resting_until.filter(|until| *until > at);
        let called = if let Some(until) = resting {
            let left = until.seconds_since(at);
            Called { result: Err(CallFault::Resting(left)), attempts: 0 }
        } else {
            let exchange = Arc::clone(&self.exchange);
            let work = move || ask(exchange.as_ref(), at);
            tokio::task::spawn_blocking(work).await.map_err(Trouble::fault)?
        };
        self.note(&called.result, times);
        Ok(called)
    }

    fn note<T>(&self, result: &Result<T, CallFault>, Times { now, wall }: Times) {
        let config = self.config();
        let mut health = self.health.lock().unwrap_or_else(PoisonError::into_inner);
        match result {
            Ok(_) => *health = Health { last_answer: Some(now), ..Health::default() },
            Err(fault) if fault.counts() => {
                health.failures += 1;
                health.last_fault = Some((now, fault.clone()));
                if health.failures >= config.rest_after_failures {
                    health.resting_until = Some(wall.plus_seconds(config.rest_seconds));
                }
            }
            Err(CallFault::Resting(_)) => {}
            Err(fault) => health.last_fault = Some((now, fault.clone())),
        }
    }
}

/// What a call is for.
pub struct Call<'a> {
    /// `look_up`, `pull`, `send` or `receipt`.
    pub act: &'static str,
    /// About whom.
    pub person: Option<PersonId>,
    /// Why.
    pub purpose: &'a str,
}

/// When a call began, and how long it took.
pub struct Spent {
    /// What the record says, by the bureau's clock.
    pub at: Now,
    /// From question to answer.
    pub took_ms: i64,
}

/// 调用留痕: puts a call on record. One that a resting system was spared is traced too.
pub async fn trace<T>(
    db: &Db,
    actor: &Actor,
    line: &Line,
    call: &Call<'_>,
    spent: &Spent,
    called: &Called<T>,
) -> Result<(), Trouble> {
    let mut tx = db.begin(&actor.scope).await?;
    let traced = NewCall {
        exchange: &line.config().id,
        act: call.act,
        person: call.person,
        area_pos: actor.scope.lo(),
        purpose: call.purpose,
        at: spent.at,
        took_ms: spent.took_ms,
        attempts: i32::try_from(called.attempts).unwrap_or(i32::MAX),
        outcome: called.result.as_ref().err().map_or("answered", CallFault::code),
        by: (actor.account.get() != 0).then_some(actor.account),
    };
    insert_call(tx.conn(), &traced).await?;
    tx.commit().await
}

/// A traced outcome in words.
pub fn outcome_chinese(code: &str) -> &'static str {
    match code {
        "answered" => "已应答",
        "not_connected" => "没有接通",
        "resting" => "暂停中，没有调用",
        "unreachable" => "连不上",
        "timed_out" => "超时",
        "cut_off" => "应答不全",
        "refused" => "对方不受理或出错",
        "wrong_signature" => "签名不对",
        "replayed" => "应答对不上",
        "clock" => "时钟相差过大",
        "too_much" => "应答过长",
        _ => "应答读不懂",
    }
}
