use capabilities::{App, duty_kind};
use duties::Tally;
use kernel::{Day, Fen, Trouble};
use serde::Serialize;

use super::{actor, print_json, within};
use crate::Answer;
use crate::args::Findings;
use crate::home::{Home, area_of};

/// One line of the table.
#[derive(Serialize)]
struct Line {
    kind: String,
    item: Option<String>,
    cause: String,
    count: i64,
    due: i64,
    amount_fen: Fen,
    monthly_fen: Fen,
}

/// What the command prints with `--json`.
#[derive(Serialize)]
struct Table {
    day: Day,
    area: String,
    findings: Vec<Line>,
    open: i64,
}

/// 差异: the open findings by kind and cause, as the last reconciliation left them. Writes nothing.
pub(crate) async fn run(home: &Home, args: &Findings, json: bool) -> Result<Answer, Trouble> {
    let code = args.area.code.as_deref();
    let table = within(home, async |app: &App| table(app, code).await).await?;
    if json {
        print_json(&table)?;
        return Ok(Answer::Yes);
    }
    say!("{} {}，未办 {} 件。", table.area, table.day.chinese(), table.open);
    for line in &table.findings {
        let label = duty_kind(&line.kind).map_or(line.kind.as_str(), |kind| kind.label);
        let item = line.item.as_deref().map_or_else(String::new, |item| format!(" {item}"));
        say!(
            "{label}{item}（{}）：{} 件，已经差 {} 元，每月差 {} 元。",
            line.cause,
            line.count,
            line.amount_fen,
            line.monthly_fen
        );
    }
    Ok(Answer::Yes)
}

async fn table(app: &App, code: Option<&str>) -> Result<Table, Trouble> {
    let area = area_of(app, code)?;
    let actor = actor(app, area).await?;
    let day = app.now().day();
    let mut tx = app.db().begin(&actor.scope).await?;
    let findings: Vec<Line> = duties::tally(tx.conn(), day).await?.into_iter().map(line).collect();
    Ok(Table {
        day,
        area: app.areas().spoken(area),
        open: findings.iter().map(|line| line.count).sum(),
        findings,
    })
}

fn line(tally: Tally) -> Line {
    Line {
        kind: tally.kind,
        item: tally.item,
        cause: tally.cause_code,
        count: tally.count,
        due: tally.due,
        amount_fen: tally.amount_fen,
        monthly_fen: tally.monthly_fen,
    }
}
