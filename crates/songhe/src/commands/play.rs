use capabilities::{App, Work};
use kernel::Trouble;

use super::demo::fill;
use super::print_json;
use crate::args::PlayJune;
use crate::home::Home;
use crate::play::{self, Closing, Until};
use crate::progress::Follower;
use crate::{Answer, serve};

/// 演六月: the month's work through the pages, on the demo's folder as it stands or on a new one.
pub(crate) async fn run(home: &Home, args: &PlayJune, json: bool) -> Result<Answer, Trouble> {
    let there = home.exists() && home.is_demo();
    let (_held, app) = if there {
        (home.hold_demo()?, home.open().await?)
    } else {
        let held = home.wipe_for_demo().await?;
        (held, fill(home, args.preset).await?)
    };
    let until = if args.until.is_some() { Until::Closing } else { Until::Sent };
    let played = play_on(&app, until).await;
    serve::close(&app).await?;
    let Some(closing) = played? else {
        say!("已办到拟制发放批次之前。");
        return Ok(Answer::Yes);
    };
    if json {
        print_json(&closing)?;
    } else {
        say!("{}", closing.sentence());
    }
    Ok(if closing.unexplained == 0 { Answer::Yes } else { Answer::No })
}

async fn play_on(app: &App, until: Until) -> Result<Option<Closing>, Trouble> {
    let work = Work::new(app.wall());
    let _shown = Follower::of(&work);
    let stop = {
        let work = work.clone();
        tokio::spawn(async move {
            serve::told_to_stop().await;
            work.stop();
        })
    };
    let tell = |words: &str| tell!("          {words}");
    let played = play::play(app, until, &work, &tell).await;
    stop.abort();
    played
}
