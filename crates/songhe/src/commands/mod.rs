//! The commands, one file each.

mod areas;
mod calendar;
mod demo;
mod determine;
mod doctor;
mod explain;
mod findings;
mod generate_docs;
mod import;
mod init;
mod pay;
mod play;
mod policy;
mod serve;

use access::{Actor, system_actor};
use capabilities::App;
use kernel::{AreaId, Role, Trouble};
use serde::Serialize;

use crate::args::{Cli, Command, Play};
use crate::home::Home;
use crate::{Answer, serve as server};

/// Does what was asked.
pub(crate) async fn run(args: Cli) -> Result<Answer, Trouble> {
    let named = args.data_dir.as_deref();
    let home = Home::new(named)?;
    match args.command {
        Command::Demo(demo) => demo::run(&Home::of_demo(named)?, &demo).await,
        Command::Serve(listen) => serve::run(&home, &listen).await,
        Command::Init(init) => init::run(&home, &init).await,
        Command::Import(import) => import::run(&home, &import, args.json).await,
        Command::Areas(areas) => areas::run(&home, &areas, args.json).await,
        Command::Calendar(calendar) => calendar::run(&home, &calendar, args.json).await,
        Command::Determine(determine) => determine::run(&home, &determine, args.json).await,
        Command::Findings(findings) => findings::run(&home, &findings, args.json).await,
        Command::Explain(explain) => explain::run(&home, &explain, args.json).await,
        Command::Policy(policy) => policy::run(&home, policy, args.json),
        Command::Pay(pay) => pay::run(&home, &pay, args.json).await,
        Command::Play(Play::June(june)) => {
            play::run(&Home::of_demo(named)?, &june, args.json).await
        }
        Command::Doctor => doctor::run(&home, args.json).await,
        Command::GenerateDocs { dir } => generate_docs::run(&dir),
    }
}

/// Opens the data folder, does something, and closes it in order whatever came of it.
async fn within<T>(
    home: &Home,
    work: impl AsyncFnOnce(&App) -> Result<T, Trouble>,
) -> Result<T, Trouble> {
    let app = home.open().await?;
    let done = work(&app).await;
    server::close(&app).await?;
    done
}

/// The command line as somebody who acts.
async fn actor(app: &App, area: AreaId) -> Result<Actor, Trouble> {
    system_actor(app.db(), area, Role::DataOfficer).await
}

fn print_json(value: &impl Serialize) -> Result<(), Trouble> {
    say!("{}", serde_json::to_string_pretty(value).map_err(Trouble::fault)?);
    Ok(())
}
