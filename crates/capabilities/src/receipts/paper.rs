//! 交接单 of an outgoing file: number, rows, total and hash, to be signed by both.

use access::Actor;
use axum::Extension;
use axum::extract::State;
use outgoing::flow::RunState;
use webkit::{Answer, Link, Page, grouped};

use super::views::SlipPage;
use crate::links::At;
use crate::originals::hex;
use crate::runs::{find, layout, number_of};
use crate::shell::paper;
use crate::{App, links};

pub(super) async fn slip(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(id): At<i64>,
) -> Answer<Page<SlipPage>> {
    let run = find(&app, &actor, id).await?;
    if matches!(run.state, RunState::Draft | RunState::Dropped) {
        return Err(kernel::Trouble::NotFound.into());
    }
    let layout = layout(&app, &run.layout)?;
    let mut facts: Vec<(String, String)> = [
        ("报送单位", app.areas().spoken(run.area)),
        ("接收单位", layout.receiver.clone()),
        (
            "内容",
            format!("{}（{}，{}）", layout.name, run.month.month().chinese(), run.kind.chinese()),
        ),
        ("批次号", number_of(&app, &run)),
        ("文件名", run.file_name.clone()),
        ("格式", layout.format_chinese().to_owned()),
        ("行数", grouped(u64::from(run.row_count))),
        ("字节数", grouped(run.file_bytes.unsigned_abs())),
        ("文件 SM3", hex(&run.file_sm3)),
    ]
    .map(|(term, text)| (term.to_owned(), text))
    .into();
    if run.total.get() != 0 {
        facts.push(("月标准合计（元）".to_owned(), run.total.to_string()));
    }
    let left_out = layout.left_out.iter().map(|it| (it.what.clone(), it.why.clone())).collect();
    let back = Link::new("回到这一批", links::report(id));
    Ok(Page::new(SlipPage {
        paper: paper(&app, &actor, back),
        title: "上报数据交接单".to_owned(),
        facts,
        left_out,
    }))
}
