//! The only place that asks what time it is.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use access::{set_setting, setting};
use capabilities::Clock;
use db::Db;
use jiff::Zoned;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use kernel::{Day, Now, Refusal, Trouble};

const ZONE: &str = "SONGHE_ZONE";
const SETTING: &str = "demo_clock";

/// The machine's clock, read in the region's civil time.
#[derive(Clone)]
pub(crate) struct SystemClock {
    zone: TimeZone,
}

impl SystemClock {
    /// In the zone that `SONGHE_ZONE` names, else in the official time of the country.
    pub(crate) fn new() -> Result<Self, Refusal> {
        let name = std::env::var(ZONE).unwrap_or_else(|_| "Asia/Shanghai".to_owned());
        let zone = TimeZone::get(&name).map_err(|_| {
            Refusal::new(
                format!("{ZONE} 的时区“{name}”不认识。"),
                "请写成 Asia/Shanghai 这样的名称。",
            )
        })?;
        Ok(Self { zone })
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Now {
        self.wall()
    }

    #[expect(clippy::disallowed_methods, reason = "the one place that asks for the time")]
    fn wall(&self) -> Now {
        Now::from_civil(Zoned::now().with_time_zone(self.zone.clone()).datetime())
    }
}

/// The demo's clock: it stands still until somebody moves it.
pub(crate) struct DemoClock {
    wall: SystemClock,
    now: Mutex<Now>,
    db: Db,
}

impl DemoClock {
    /// When every demo begins.
    pub(crate) fn beginning() -> Now {
        Day::new(2026, 6, 2).and_then(|day| Now::new(day, 8, 30)).expect("a day and a time")
    }

    /// The clock as it was left.
    pub(crate) async fn left_at(db: &Db) -> Result<Self, Trouble> {
        let mut tx = db.begin_unscoped().await?;
        let now = match setting(tx.conn(), SETTING).await? {
            Some(text) => Now::from_civil(text.parse::<DateTime>().map_err(Trouble::fault)?),
            None => Self::beginning(),
        };
        Ok(Self { wall: SystemClock::new()?, now: Mutex::new(now), db: db.clone() })
    }
}

impl Clock for DemoClock {
    fn now(&self) -> Now {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wall(&self) -> Now {
        self.wall.wall()
    }

    fn set(&self, now: Now) -> bool {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner) = now;
        let db = self.db.clone();
        // Best effort: a demo whose clock is lost begins again on its first day.
        tokio::spawn(async move {
            if let Err(error) = keep(&db, now).await {
                tracing::warn!(%error, "the demo's clock was not kept");
            }
        });
        true
    }
}

async fn keep(db: &Db, now: Now) -> Result<(), Trouble> {
    let mut tx = db.begin_unscoped().await?;
    set_setting(tx.conn(), SETTING, &now.civil().to_string()).await?;
    tx.commit().await
}

/// 秒表: how long something took.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stopwatch(Instant);

impl Stopwatch {
    /// Begins.
    #[expect(clippy::disallowed_methods, reason = "the one place that measures time")]
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }

    /// Since it began.
    pub(crate) fn elapsed(self) -> Duration {
        self.0.elapsed()
    }
}
