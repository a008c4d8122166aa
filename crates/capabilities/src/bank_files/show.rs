//! What files and their answers are shown as.

use access::{Action, Actor, may};
use kernel::{Fen, PersonId, Trouble};
use payroll::store::{self as runs, ReturnedFilter, RunFilter};
use payroll::{Run, RunState};
use sqlx::PgConnection;
use webkit::{Choice, Column, Crumbs, Line, Link, PostButton, Table, grouped};

use super::pages::prepares;
use super::views::{
    Figure, FilePage, FilesPage, FrozenView, ManifestPage, make_form, release_form, return_form,
};
use crate::bank::ReturnCause;
use crate::bank::store::{self, BankFile, BankReturn};
use crate::originals::hex;
use crate::outgoing_log::{self, Frozen};
use crate::pay::{self, above, chip, groups, headline};
use crate::shell::{paper, shell};
use crate::table_pages::pager;
use crate::whom::whom;
use crate::{App, links};

const PAGE_ROWS: u32 = 20;

/// Lines that came back, as many as a page shows.
const SHOWN: i64 = 50;

pub(super) async fn files_page(app: &App, actor: &Actor, page: u32) -> Result<FilesPage, Trouble> {
    let mut tx = app.db().begin(&actor.scope).await?;
    let offset = i64::from(page) * i64::from(PAGE_ROWS);
    let files = store::files(tx.conn(), i64::from(PAGE_ROWS), offset).await?;
    let all = pay::count(store::count(tx.conn()).await?);
    let filter = RunFilter { state: Some(RunState::Voucher), ..RunFilter::default() };
    let waiting = runs::runs(tx.conn(), &filter, 50, 0).await?;
    let mut of_files = Vec::new();
    for file in &files {
        of_files.push(runs::run(tx.conn(), file.run).await?);
    }
    drop(tx);
    let frozen = outgoing_log::frozen(app).await?;
    let sentence = match (&frozen, waiting.len()) {
        (Some(_), _) => "现在什么都不能送出，请先核对下面的文件。".to_owned(),
        (None, 0) => "没有等着交银行的批次。".to_owned(),
        (None, n) => format!("{n} 批已有支付凭证，等着生成文件交银行。"),
    };
    let mut table = files_table(app, &files, &of_files);
    table.pager = pager(page, PAGE_ROWS, files.len(), all, &links::bank_files::files());
    Ok(FilesPage {
        shell: shell(app, actor, &links::bank_files::files()).await?,
        sentence,
        frozen: frozen.map(|frozen| frozen_view(actor, &frozen)),
        waiting: (!waiting.is_empty()).then(|| waiting_table(app, &waiting)),
        files: table,
    })
}

fn files_table(app: &App, files: &[BankFile], of: &[Run]) -> Table {
    let columns = vec![
        Column::new("批次"),
        Column::new("交给谁"),
        Column::sum("笔数"),
        Column::sum("金额（元）"),
        Column::short("到哪一步"),
        Column::new("生成人和时间"),
    ];
    let rows = files.iter().zip(of).map(|(file, run)| {
        let receiver = app.parts().banks.iter().find(|it| it.id == file.layout);
        vec![
            Line::new()
                .link(headline(app, run), links::bank_files::file(run.id))
                .small(file.number.as_str()),
            Line::from(receiver.map_or(file.layout.as_str(), |it| it.receiver.as_str())),
            grouped(u64::from(file.line_count)).into(),
            file.total.to_string().into(),
            chip(run.state).into(),
            format!("{} {}", file.made_by, file.made_at).into(),
        ]
    });
    Table::new("files", "银行文件", columns)
        .rows(rows)
        .empty("还没有交过银行文件。批次有了支付凭证以后在这里生成。", None)
}

fn waiting_table(app: &App, waiting: &[Run]) -> Table {
    let columns = vec![
        Column::new("批次"),
        Column::sum("笔数"),
        Column::sum("金额（元）"),
        Column::short(""),
    ];
    let rows = waiting.iter().map(|run| {
        vec![
            Line::new().link(headline(app, run), links::pay_runs::run(run.id)),
            grouped(pay::count(run.lines)).into(),
            run.total().to_string().into(),
            Line::new().link("生成文件", links::bank_files::file(run.id)),
        ]
    });
    Table::new("waiting", "等着生成文件的", columns).rows(rows)
}

fn frozen_view(actor: &Actor, frozen: &Frozen) -> FrozenView {
    let columns = vec![
        Column::new("批次号"),
        Column::short("交出时间"),
        Column::sum("笔数"),
        Column::sum("金额（元）"),
        Column::new("SM3"),
    ];
    let rows = frozen.unknown.iter().map(|left| {
        let known = |text: &str| if text.is_empty() { "读不出" } else { text }.to_owned();
        let total =
            left.total_fen.parse().map_or_else(|_| known(""), |it| Fen::new(it).to_string());
        vec![
            known(&left.number).into(),
            known(&left.at).into(),
            known(&left.count).into(),
            total.into(),
            known(&left.sm3).into(),
        ]
    });
    let confirms = may(actor.role, Action::ConfirmPay);
    let proposed = frozen.proposed.as_ref();
    FrozenView {
        sentence: "数据库比出件登记旧，什么都不能送出".to_owned(),
        remedy: "下面的文件已经交给过银行，数据库里却没有，多半是从旧备份恢复的。\
                 请逐份与银行核对，由资金发放岗提出、县级审批岗确认后解除。"
            .to_owned(),
        unknown: Table::new("unknown", "数据库里没有的文件", columns).rows(rows),
        propose: (proposed.is_none() && prepares(actor))
            .then(|| release_form(links::bank_files::release("propose"), &actor.csrf)),
        proposed: proposed.map_or_else(String::new, |it| {
            format!("{} 已在 {} 提出解除：{}", it.by_name, it.at, it.reason)
        }),
        confirm: (proposed.is_some() && confirms).then(|| {
            let action = links::bank_files::release("confirm");
            PostButton::new(action, &actor.csrf, "核对过了，确认解除").class("btn main")
        }),
    }
}

pub(super) async fn file_page(app: &App, actor: &Actor, run: &Run) -> Result<FilePage, Trouble> {
    let mut tx = app.db().begin(&actor.scope).await?;
    let file = store::file(tx.conn(), run.id).await?;
    let returns = store::returns(tx.conn(), run.id).await?;
    let answered = runs::answer_tally(tx.conn(), run.id).await?;
    let returned = match answered.returned.0 {
        many if many > 0 && pay::sees_people(actor) => {
            Some(returned_table(app, tx.conn(), run).await?)
        }
        _ => None,
    };
    drop(tx);
    let frozen = outgoing_log::frozen(app).await?.is_some();
    let figures = file.as_ref().map(|_| figures(&answered)).unwrap_or_default();
    Ok(FilePage {
        shell: shell(app, actor, &links::bank_files::files()).await?,
        crumbs: Crumbs { above: above(app, run), here: "银行文件".to_owned() },
        headline: format!("{}：银行文件", headline(app, run)),
        state: chip(run.state),
        advice: advice(run, file.as_ref(), frozen),
        forms: forms(app, actor, run, file.as_ref(), frozen),
        acts: file
            .iter()
            .filter(|_| prepares(actor) && !frozen)
            .map(|_| {
                let action = links::bank_files::part(run.id, "download");
                PostButton::new(action, &actor.csrf, "下载文件")
            })
            .collect(),
        links: file
            .iter()
            .map(|_| Link::new("打印交接清单", links::bank_files::part(run.id, "manifest")))
            .chain(
                (answered.returned.0 > 0 && pay::sees_people(actor))
                    .then(|| Link::new("退汇名单", links::bank_files::returns(""))),
            )
            .collect(),
        figures,
        facts: file.as_ref().map(|file| facts(app, file)).unwrap_or_default(),
        returned,
        returns: (!returns.is_empty()).then(|| returns_table(&returns)),
    })
}

fn advice(run: &Run, file: Option<&BankFile>, frozen: bool) -> String {
    match (run.state, file) {
        (_, None) if run.state == RunState::Voucher && frozen => {
            "现在什么都不能送出，请先到“银行文件”页核对。".to_owned()
        }
        (RunState::Voucher, None) => "支付凭证已登记，可以生成文件交银行。".to_owned(),
        (_, None) => format!("这一批{}，有了支付凭证才能生成文件。", run.state.chinese()),
        (_, Some(file)) if file.left_before => {
            "这份文件在恢复数据库以前已经交过银行，不要再交一次，请直接等回盘。".to_owned()
        }
        (RunState::Settled, Some(_)) => {
            "每一笔都有了结果，已结清。以后银行再退回的，仍在这里登记。".to_owned()
        }
        (_, Some(_)) => "文件已登记交银行。请下载文件，连同交接清单送银行，收到回盘后在这里登记。\
                         未明的不会再发，要银行答复。"
            .to_owned(),
    }
}

fn forms(
    app: &App,
    actor: &Actor,
    run: &Run,
    file: Option<&BankFile>,
    frozen: bool,
) -> Vec<(String, webkit::Form)> {
    if !prepares(actor) {
        return Vec::new();
    }
    match (run.state, file) {
        (RunState::Voucher, None) if !frozen => {
            let layouts = app.parts().banks.iter().map(|it| {
                let hint = format!("{}，{}", it.format_chinese(), it.confidence.chinese());
                Choice::new(&it.id, format!("{}（{}）", it.receiver, it.name)).hint(hint)
            });
            let form = make_form(links::bank_files::file(run.id), &actor.csrf, layouts.collect());
            vec![("生成文件".to_owned(), form)]
        }
        (_, Some(_)) => {
            let form = return_form(links::bank_files::part(run.id, "returns"), &actor.csrf);
            vec![("登记回盘".to_owned(), form)]
        }
        _ => Vec::new(),
    }
}

fn figures(answered: &runs::AnswerTally) -> Vec<Figure> {
    [
        (answered.paid, "成功", "ok"),
        (answered.returned, "退汇", "bad"),
        (answered.unknown, "未明", "wait"),
        (answered.open, "还没有结果", "wait"),
    ]
    .map(|((count, sum), label, class)| Figure {
        count: grouped(pay::count(count)),
        label: format!("{label}，{sum} 元"),
        class: if count > 0 { class } else { "" },
    })
    .into()
}

fn facts(app: &App, file: &BankFile) -> Vec<(String, Line)> {
    let layout = app.parts().banks.iter().find(|it| it.id == file.layout);
    let said = |it: Option<String>| it.unwrap_or_else(|| file.layout.clone());
    [
        ("批次号", file.number.clone()),
        ("交给谁", said(layout.map(|it| it.receiver.clone()))),
        ("格式", said(layout.map(|it| it.format_chinese().to_owned()))),
        ("文件名", file.file_name.clone()),
        ("笔数", grouped(u64::from(file.line_count))),
        ("金额", format!("{} 元", file.total)),
        ("字节数", grouped(pay::count(file.file_bytes))),
        ("文件 SM3", groups(&hex(&file.file_sm3)).join(" ")),
        ("生成", format!("{} {}", file.made_by, file.made_at)),
    ]
    .map(|(term, text)| (term.to_owned(), Line::from(text)))
    .into()
}

/// 退汇: the first lines of the run that came back.
async fn returned_table(app: &App, conn: &mut PgConnection, run: &Run) -> Result<Table, Trouble> {
    let filter = ReturnedFilter { run: Some(run.id), ..ReturnedFilter::default() };
    let lines = runs::returned_lines(conn, &filter, SHOWN, 0).await?;
    let (all, sum) = runs::count_returned(conn, &filter).await?;
    let people: Vec<PersonId> = lines.iter().map(|line| line.person).collect();
    let cards = whom(conn, &people).await?;
    let columns = vec![
        Column::sum("序号"),
        Column::new("老人"),
        Column::sum("金额（元）"),
        Column::new("原因"),
        Column::short("重发"),
    ];
    let rows = lines.iter().map(|line| {
        let cause = ReturnCause::from_code(&line.cause).unwrap_or(ReturnCause::Other);
        vec![
            line.no.to_string().into(),
            match cards.get(&line.person) {
                Some(card) => Line::new()
                    .link(card.name.as_str(), links::elder(card.id))
                    .small(app.areas().spoken(card.area)),
                None => Line::from("已不在名单里"),
            },
            line.amount.to_string().into(),
            Line::from(cause.chinese()).small(line.words.as_str()),
            match line.reissued_in {
                Some(again) => Line::new().link("已重发", links::pay_runs::run(again)),
                None => Line::from("还没有"),
            },
        ]
    });
    let mut table = Table::new("returned", "退汇", columns).rows(rows);
    let part = if all > SHOWN { format!("，这里是前 {SHOWN} 笔") } else { String::new() };
    table.filter_words = format!("共 {} 笔 {sum} 元{part}。", grouped(pay::count(all)));
    Ok(table)
}

fn returns_table(returns: &[BankReturn]) -> Table {
    let columns = vec![
        Column::new("回盘文件"),
        Column::sum("成功"),
        Column::sum("退汇"),
        Column::sum("未明"),
        Column::new("登记人和时间"),
    ];
    let rows = returns.iter().map(|it| {
        let figure = |at: usize| {
            let (count, sum) = it.figures[at];
            Line::from(grouped(u64::from(count))).small(format!("{sum} 元"))
        };
        vec![
            Line::from(it.file_name.as_str()).small(format!("SM3 {}", &hex(&it.file_sm3)[..16])),
            figure(0),
            figure(1),
            figure(2),
            format!("{} {}", it.by, it.at).into(),
        ]
    });
    Table::new("returns", "登记过的回盘", columns).rows(rows)
}

pub(super) fn manifest(app: &App, actor: &Actor, run: &Run, file: &BankFile) -> ManifestPage {
    let layout = app.parts().banks.iter().find(|it| it.id == file.layout);
    let facts = [
        ("移交单位", app.areas().spoken(run.area)),
        ("接收单位", layout.map_or_else(|| file.layout.clone(), |it| it.receiver.clone())),
        ("内容", headline(app, run)),
        ("批次号", file.number.clone()),
        ("文件名", file.file_name.clone()),
        ("笔数", grouped(u64::from(file.line_count))),
        ("金额（元）", file.total.to_string()),
        ("金额大写", file.total.capitals()),
        ("字节数", grouped(pay::count(file.file_bytes))),
        ("生成人和时间", format!("{} {}", file.made_by, file.made_at)),
    ];
    ManifestPage {
        paper: paper(app, actor, Link::new("回到银行文件", links::bank_files::file(run.id))),
        title: "代发文件交接清单".to_owned(),
        facts: facts.map(|(term, text)| (term.to_owned(), text)).into(),
        sm3: groups(&hex(&file.file_sm3)),
    }
}
