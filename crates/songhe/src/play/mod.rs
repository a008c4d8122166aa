//! 演六月: the month's work of the demo county through its own pages, as the demo's people.
//!
//! Nothing here knows a table: whoever plays signs in, reads pages, fills in their forms and
//! follows links. Every step first looks at what is open, so that a play that was broken off goes
//! on where it stands.

mod claims;
mod client;
mod closing;
mod desk;
mod html;
mod money;
mod stops;
mod truth;

use std::collections::HashMap;

use access::{Actor, AreaNode};
use axum::Router;
use capabilities::{App, PlayMonth, Work};
use kernel::{AreaId, AreaLevel, Day, Month, PersonId, Role, Trouble};

use crate::people::{self, PASSWORD, TownOffice};
use crate::serve;
use client::Browser;
pub(crate) use closing::Closing;
use truth::Truth;

/// How far a play goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Until {
    /// 结算之前: everything that the month's run rests on is done, the run is not proposed.
    Closing,
    /// 交银行: the bank has its file.
    Sent,
}

/// Tells what was done.
pub(crate) type Tell<'a> = &'a (dyn Fn(&str) + Sync);

/// Somebody who plays the month.
struct Player<'a> {
    app: &'a App,
    router: Router,
    truth: Truth,
    work: &'a Work,
    tell: Tell<'a>,
    /// Where the people live of whom the month tells.
    homes: HashMap<PersonId, AreaId>,
    /// The demo's county.
    county: AreaId,
    /// Who has signed in, by login name.
    signed_in: HashMap<String, Browser>,
}

fn day(number: i64) -> Day {
    june().first().plus_days(number - 1)
}

/// The demo's control: the whole month.
pub(crate) fn month() -> PlayMonth {
    PlayMonth {
        month: june(),
        run: |app, work| {
            Box::pin(async move { play(&app, Until::Sent, &work, &|_| {}).await.map(drop) })
        },
    }
}

fn june() -> Month {
    Month::new(2026, 6).expect("a month")
}

/// Plays June as far as asked, and gives the closing figures once the bank has its file. Progress
/// goes to `work`, which can stop it between two acts, and in words to `tell`.
pub(crate) async fn play(
    app: &App,
    until: Until,
    work: &Work,
    tell: Tell<'_>,
) -> Result<Option<Closing>, Trouble> {
    let areas = app.areas();
    let county = areas.iter().find(|node| node.level == AreaLevel::County);
    let county = county.ok_or_else(|| Trouble::fault("the demo has no county"))?.id;
    let files = &app.parts().files_dir;
    let told = files.parent().unwrap_or(files).join("tray").join("truth.json");
    let truth = Truth::read(&told, app.vault(), county)?;
    let whom: Vec<PersonId> =
        truth.unpaid.iter().map(|it| it.person).chain(truth.dead.iter().copied()).collect();
    let homes = homes(app, county, &whom).await?;
    let router = serve::router(app);
    let signed_in = HashMap::new();
    let mut player = Player { app, router, truth, work, tell, homes, county, signed_in };
    player.play(until).await
}

/// A town with its two offices.
struct Town {
    node: AreaNode,
}

impl Town {
    fn login(&self, office: TownOffice) -> String {
        people::town_login(office, &self.node)
    }
}

impl Player<'_> {
    /// The month, day by day. A step that was done before finds nothing to do.
    async fn play(&mut self, until: Until) -> Result<Option<Closing>, Trouble> {
        desk::decide(self).await?;
        claims::contact(self).await?;
        stops::propose(self).await?;
        self.until_day(3).await?;
        claims::review(self).await?;
        stops::approve(self).await?;
        self.until_day(4).await?;
        claims::post(self).await?;
        self.until_day(8).await?;
        claims::object(self).await?;
        self.until_day(12).await?;
        claims::take_down(self).await?;
        self.until_day(15).await?;
        claims::approve(self).await?;
        self.until_day(26).await?;
        money::allot(self).await?;
        if until == Until::Closing {
            return Ok(None);
        }
        let run = money::pay(self).await?;
        closing::figures(self, run).await.map(Some)
    }

    /// Whoever looks at what came of it, and changes nothing.
    async fn auditor(&self) -> Result<Actor, Trouble> {
        access::system_actor(self.app.db(), self.county, Role::Auditor).await
    }

    fn tell(&self, words: &str) {
        (self.tell)(words);
    }

    /// Somebody of the demo, signed in.
    async fn somebody(&mut self, login: &str) -> Result<&mut Browser, Trouble> {
        self.work.check()?;
        if !self.signed_in.contains_key(login) {
            let browser = Browser::sign_in(&self.router, login, PASSWORD).await?;
            self.signed_in.insert(login.to_owned(), browser);
        }
        self.signed_in.get_mut(login).ok_or_else(|| Trouble::fault("somebody left"))
    }

    /// Who does this in the town where somebody lives.
    async fn at_home_of(
        &mut self,
        office: TownOffice,
        person: PersonId,
    ) -> Result<&mut Browser, Trouble> {
        let areas = self.app.areas();
        let home = self.homes.get(&person).copied();
        let town = home.and_then(|home| areas.at_level(home, AreaLevel::Township));
        let town = town.ok_or_else(|| Trouble::fault(format!("{person} lives in no town")))?;
        self.somebody(&people::town_login(office, town)).await
    }

    fn towns(&self) -> Vec<Town> {
        people::towns(&self.app.areas()).map(|node| Town { node: node.clone() }).collect()
    }

    /// Turns the demo's clock to a day of June by the page's own control, unless it is later.
    async fn until_day(&mut self, number: i64) -> Result<(), Trouble> {
        let to = day(number);
        if self.app.now().day() >= to {
            return Ok(());
        }
        self.work.check()?;
        let clerk = self.somebody("shenpi").await?;
        let page = clerk.get("/").await?;
        let form = page.form_to("/demo/clock")?.with("to", &to.to_string());
        clerk.send_patiently(&form).await?;
        self.tell(&format!("演示时钟拨到 {}", to.chinese()));
        Ok(())
    }
}

/// Where these people live.
async fn homes(
    app: &App,
    county: AreaId,
    people: &[PersonId],
) -> Result<HashMap<PersonId, AreaId>, Trouble> {
    let actor = access::system_actor(app.db(), county, Role::DataOfficer).await?;
    let mut tx = app.db().begin(&actor.scope).await?;
    let cards = facts::people::cards(tx.conn(), people).await?;
    Ok(cards.into_iter().map(|card| (card.id, card.area)).collect())
}
