//! 发放记录: what one person was paid, month by month.

use access::Actor;
use axum::Extension;
use axum::extract::State;
use kernel::{Fen, PersonId};
use payroll::Answer as Said;
use payroll::store::{self as runs, PastLine};
use webkit::{Answer, Chip, Column, Crumbs, Line, Link, Page, Table, Tone};

use super::views::PaymentsPage;
use crate::links::At;
use crate::pay::only_with_people;
use crate::runs::item_name;
use crate::shell::shell;
use crate::{App, links};

/// 24 months of a few items.
const SHOWN: i64 = 120;

pub(super) async fn page(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(person): At<PersonId>,
) -> Answer<Page<PaymentsPage>> {
    only_with_people(&actor)?;
    let since = app.now().day().month().plus(-23);
    let mut tx = app.db().begin(&actor.scope).await?;
    let card = facts::people::card(tx.conn(), person).await?;
    let mut lines = runs::line_history(tx.conn(), card.id, SHOWN, 0).await?;
    drop(tx);
    lines.retain(|line| line.month >= since);
    let paid: Fen = lines.iter().filter(|it| it.released.is_none()).map(|it| it.amount).sum();
    Ok(Page::new(PaymentsPage {
        shell: shell(&app, &actor, &links::search()).await?,
        crumbs: Crumbs {
            above: vec![
                Link::new("找老人", links::search()),
                Link::new(card.name.as_str(), links::elder(card.id)),
            ],
            here: "发放记录".to_owned(),
        },
        title: format!("{}：发放记录", card.name),
        sentence: if lines.is_empty() {
            "近 24 个月没有经本系统发放的记录。".to_owned()
        } else {
            format!("近 24 个月经本系统发放 {paid} 元。")
        },
        table: table(&app, &lines),
    }))
}

fn table(app: &App, lines: &[PastLine]) -> Table {
    let columns = vec![
        Column::short("月份"),
        Column::new("项目"),
        Column::sum("金额（元）"),
        Column::new("哪一批"),
        Column::short("结果"),
    ];
    let rows = lines.iter().map(|line| {
        vec![
            line.month.chinese().into(),
            Line::from(item_name(app, &line.item)).small(line.kind.chinese()),
            line.amount.to_string().into(),
            Line::new().link(
                format!("{}的发放", line.run_month.chinese()),
                links::pay_runs::run(line.run),
            ),
            result(line).into(),
        ]
    });
    Table::new("payments", "发放记录", columns)
        .rows(rows)
        .empty("还没有经本系统发放过。原来名册里的发放见“一人一档”。", None)
}

fn result(line: &PastLine) -> Chip {
    if let Some(release) = line.released {
        return Chip::new(Tone::Bad, release.chinese());
    }
    match line.answer {
        Some(Said::Paid) => Chip::new(Tone::Ok, "已到账"),
        Some(Said::Returned) => Chip::new(Tone::Bad, "退汇"),
        Some(Said::Unknown) => Chip::new(Tone::Wait, "银行未明"),
        None => Chip::new(Tone::Wait, line.state.chinese()),
    }
}
