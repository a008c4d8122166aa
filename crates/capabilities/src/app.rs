use std::path::PathBuf;
use std::pin::Pin;
use std::sync::{Arc, RwLock};

use access::{Actor, AreaTree, Passwords, Times, Token, Vault};
use db::Db;
use duties::Calendar;
use facts::layout::{Coverage, Layout};
use facts::merge::Ranks;
use facts::population::ClosedWorld;
use findings::award_kind;
use kernel::{AreaId, Month, Now, Trouble};
use outgoing::layout::OutLayout;
use policy::{Item, List};
use signed_http::Exchanges;
use sqlx::PgConnection;
use webkit::{Bare, Doorkeeper};

use crate::bank::BankLayout;
use crate::work::{Work, Works};

/// Tells the time. Nothing else does.
pub trait Clock: Send + Sync {
    /// The day and time by which the bureau works: the region's, or the demo's.
    fn now(&self) -> Now;

    /// The machine's time, for sessions and progress.
    fn wall(&self) -> Now;

    /// Sets the bureau's clock, where that is possible (the demo).
    fn set(&self, _now: Now) -> bool {
        false
    }
}

/// What every handler and job is given.
#[derive(Clone)]
pub struct App {
    parts: Arc<AppParts>,
    areas: Arc<RwLock<Arc<AreaTree>>>,
    calendar: Arc<RwLock<Arc<Calendar>>>,
    exchanges: Exchanges,
}

/// What the binary puts together.
pub struct AppParts {
    /// The database.
    pub db: Db,
    /// The keys.
    pub vault: Vault,
    /// Checks passwords.
    pub passwords: Passwords,
    /// Tells the time.
    pub clock: Box<dyn Clock>,
    /// Published lists.
    pub lists: Vec<List>,
    /// Senders' layouts.
    pub layouts: Vec<Layout>,
    /// 上报版式: layouts of what goes to other systems.
    pub outgoing: Vec<OutLayout>,
    /// 代发版式: how banks want their files and answer them.
    pub banks: Vec<BankLayout>,
    /// 对接配置: other systems that can be asked live.
    pub exchanges: Vec<signed_http::Config>,
    /// Long work in progress.
    pub works: Works,
    /// This program, to be started again for reading hostile files.
    pub exe: PathBuf,
    /// Where received files are kept, sealed.
    pub files_dir: PathBuf,
    /// What is done after facts have changed: the reconcilers.
    pub after_facts: AfterFacts,
    /// Accounts of the demo as (login, password, what to try); empty outside of the demo.
    pub demo_accounts: Vec<DemoAccount>,
    /// 把本月办完: the demo's own month, played to its end through the pages; none elsewhere.
    pub play: Option<PlayMonth>,
}

/// 演一个月: what the demo's control does about its month.
#[derive(Clone, Copy)]
pub struct PlayMonth {
    /// Which month it can play.
    pub month: Month,
    /// Plays it from where it stands. Its progress goes to the work, which can stop it.
    pub run: Play,
}

/// A value, so that the capability with the demo's clock need not know who plays.
pub type Play = fn(App, Work) -> Pin<Box<dyn Future<Output = Result<(), Trouble>> + Send>>;

/// Runs the reconcilers. A value, so that the capability that brings facts need not know those
/// that find something in them.
pub type AfterFacts = fn(App) -> Pin<Box<dyn Future<Output = Result<(), Trouble>> + Send>>;

/// An account of the demo that is entered with one click.
#[derive(Clone, Debug)]
pub struct DemoAccount {
    /// What would be typed.
    pub login: String,
    /// What would be typed.
    pub password: String,
    /// Role and name.
    pub label: String,
    /// Area and what can be tried.
    pub about: String,
}

impl App {
    /// Puts it together; reads the areas and the calendar.
    pub async fn new(parts: AppParts) -> Result<Self, Trouble> {
        // Secrets and certificates lie in the data folder, beside the received files.
        let data_dir = parts.files_dir.parent().unwrap_or(&parts.files_dir).to_owned();
        let exchanges = Exchanges::new(parts.exchanges.clone(), &data_dir, &parts.vault)?;
        let (areas, calendar) = (Arc::default(), Arc::default());
        let app = Self { parts: Arc::new(parts), areas, calendar, exchanges };
        app.reload().await?;
        Ok(app)
    }

    /// Reads the areas and the calendar again, after either was changed.
    pub async fn reload(&self) -> Result<(), Trouble> {
        let mut tx = self.parts.db.begin_unscoped().await?;
        let areas = access::load_areas(tx.conn(), self.now().day()).await?;
        let calendar = duties::load_calendar(tx.conn()).await?;
        *self.areas.write().map_err(|_| Trouble::fault("area lock"))? = Arc::new(areas);
        *self.calendar.write().map_err(|_| Trouble::fault("calendar lock"))? = Arc::new(calendar);
        Ok(())
    }

    /// The parts.
    pub fn parts(&self) -> &AppParts {
        &self.parts
    }

    /// The database.
    pub fn db(&self) -> &Db {
        &self.parts.db
    }

    /// The keys.
    pub fn vault(&self) -> &Vault {
        &self.parts.vault
    }

    /// The bureau's day and time.
    pub fn now(&self) -> Now {
        self.parts.clock.now()
    }

    /// The machine's time, for sessions and progress.
    pub fn wall(&self) -> Now {
        self.parts.clock.wall()
    }

    /// Both clocks at once.
    pub(crate) fn times(&self) -> Times {
        Times { now: self.now(), wall: self.wall() }
    }

    /// The areas as they are today.
    ///
    /// # Panics
    /// When a thread panicked while it replaced them, which only assigns.
    pub fn areas(&self) -> Arc<AreaTree> {
        self.areas.read().expect("nobody panics while holding it").clone()
    }

    /// The working-day calendar.
    ///
    /// # Panics
    /// As [`App::areas`].
    pub fn calendar(&self) -> Arc<Calendar> {
        self.calendar.read().expect("nobody panics while holding it").clone()
    }

    /// Whether this is the demo.
    pub fn is_demo(&self) -> bool {
        !self.parts.demo_accounts.is_empty()
    }

    /// What the demo's control can play now: its month, while that is not over.
    pub(crate) fn play(&self) -> Option<PlayMonth> {
        self.parts.play.filter(|play| play.month == self.now().day().month())
    }

    /// The list in force for an area in a month: that of the nearest area above that has one.
    pub fn list_for(&self, area: AreaId, month: Month) -> Option<&List> {
        let areas = self.areas();
        areas.path(area).find_map(|node| {
            self.parts
                .lists
                .iter()
                .filter(|list| list.head.issuer == node.code)
                .filter(|list| list.head.effective_from <= month.last())
                .max_by_key(|list| list.head.effective_from)
        })
    }

    /// The items of the list in force whose payments this system knows as facts.
    pub fn paid_items(&self, area: AreaId, month: Month) -> Vec<&Item> {
        self.list_for(area, month)
            .map(|list| list.items.iter().filter(|item| award_kind(item).is_some()).collect())
            .unwrap_or_default()
    }

    /// 名册之外: what the applied files of everybody say about those whom they do not name.
    pub async fn closed_world(&self, conn: &mut PgConnection) -> Result<ClosedWorld, Trouble> {
        ClosedWorld::load(conn, &self.parts.layouts, &self.areas()).await
    }

    /// Sources whose files only add, so that each file counts and not the newest alone.
    pub fn increments(&self) -> Vec<String> {
        let layouts = self.parts.layouts.iter();
        let adding = layouts.filter(|layout| layout.coverage == Coverage::Increment);
        adding.map(|layout| layout.id.clone()).collect()
    }

    /// How the sources rank.
    pub(crate) fn ranks(&self) -> Ranks {
        let layouts = &self.parts.layouts;
        Ranks::new(layouts.iter().map(|layout| (layout.id.as_str(), layout.rank)))
    }

    /// The layout of a supplier.
    pub fn layout(&self, supplier: &str) -> Option<&Layout> {
        self.parts.layouts.iter().find(|layout| layout.id == supplier)
    }

    /// 来源部门 of a supplier: two files of one department are one voice.
    pub fn department<'a>(&'a self, supplier: &'a str) -> &'a str {
        self.layout(supplier).map_or(supplier, |layout| layout.department.as_str())
    }

    /// The other systems that can be asked live.
    pub(crate) fn exchanges(&self) -> &Exchanges {
        &self.exchanges
    }

    /// Layouts of what goes to other systems.
    pub(crate) fn outgoing(&self) -> &[OutLayout] {
        &self.parts.outgoing
    }

    /// What people call a source: the supplier's name, or a person's statement.
    pub fn source_name(&self, supplier: &str) -> String {
        match self.layout(supplier) {
            Some(layout) => layout.name.clone(),
            None if supplier.is_empty() => "人工核实".to_owned(),
            None => supplier.to_owned(),
        }
    }
}

impl Doorkeeper for App {
    async fn who(&self, token: Token) -> Result<Option<Actor>, Trouble> {
        let clock = &self.parts.clock;
        access::resolve(&self.parts.db, &token, clock.wall(), clock.now().day()).await
    }

    fn bare(&self) -> Bare {
        Bare::default()
    }
}
