//! 月结: what a run is shown as. Every figure was summed when the run was proposed.

use access::Actor;
use kernel::{Fen, Trouble};
use payroll::store::{self as runs, PlaceRow, RunMove};
use payroll::{Cause, CauseTally, Hand, Run, RunState};
use webkit::{Chip, Column, Crumbs, Form, Line, Link, PostButton, Table, Tone, grouped};

use super::flow::FLOW;
use super::views::{Blocker, RunPage, Signing, StepMark, drop_form, note_form, review_form};
use crate::originals::hex;
use crate::pay::{
    InTheWay, Sums, blockers, by_band, by_town, chip, count, groups, headline, sees_people, signed,
};
use crate::shell::shell;
use crate::{App, links};

/// What a run is made of, as its page shows it.
struct Parts {
    causes: Vec<(Cause, CauseTally)>,
    places: Vec<PlaceRow>,
    exceptions: Vec<Exception>,
    moves: Vec<RunMove>,
    blockers: Vec<InTheWay>,
}

/// People to look at, for one reason.
struct Exception {
    label: String,
    people: i64,
    amount: Fen,
    href: webkit::Href,
}

async fn parts(app: &App, actor: &Actor, run: &Run) -> Result<Parts, Trouble> {
    let mut tx = app.db().begin(&actor.scope).await?;
    let causes = runs::difference_tally(tx.conn(), run.id).await?;
    let places = runs::by_place_and_band(tx.conn(), run.id).await?;
    let moves = runs::moves(tx.conn(), run.id).await?;
    let blockers = blockers(app, tx.conn(), run).await?;
    let mut exceptions = Vec::new();
    for (cause, people, amount) in runs::held_tally(tx.conn(), run.id).await? {
        let href = links::pay_runs::held(run.id, cause.code());
        let label = format!("暂缓：{}", cause.chinese());
        exceptions.push(Exception { label, people, amount, href });
    }
    Ok(Parts { causes, places, exceptions, moves, blockers })
}

pub(super) async fn page(app: &App, actor: &Actor, run: &Run) -> Result<RunPage, Trouble> {
    let parts = parts(app, actor, run).await?;
    let people = sees_people(actor);
    Ok(RunPage {
        shell: shell(app, actor, &links::pay_runs::runs()).await?,
        crumbs: Crumbs {
            above: vec![Link::new("月度发放", links::pay_runs::runs())],
            here: headline(app, run),
        },
        headline: headline(app, run),
        state: chip(run.state),
        steps: steps(run.state),
        advice: advice(run, &parts),
        unexplained: match run.unexplained {
            0 => Chip::new(Tone::Ok, "差异全部有解释"),
            n => Chip::new(Tone::Bad, format!("未解释 {n} 人")),
        },
        equation: equation(run, &parts, people),
        blockers: parts
            .blockers
            .iter()
            .map(|it| Blocker {
                what: it.what.clone(),
                remedy: it.remedy.clone(),
                who: format!("由{}办理", it.who).into(),
            })
            .collect(),
        signing: signing(actor, run, &parts),
        acts: acts(actor, run, &parts),
        forms: forms(actor, run),
        links: run_links(run, people),
        exceptions: (!parts.exceptions.is_empty()).then(|| exceptions(&parts, people)),
        bands: bands(run, &parts.places, people),
        towns: towns(app, run, &parts.places, people),
        facts: facts(app, run),
        moves: moves(&parts.moves),
        drop: dropping(actor, run),
    })
}

/// From proposal to settlement.
fn steps(state: RunState) -> Vec<StepMark> {
    let way = [
        (RunState::Proposed, "拟制"),
        (RunState::Frozen, "冻结"),
        (RunState::LockedOnce, "第一人锁定"),
        (RunState::Locked, "第二人锁定"),
        (RunState::Requested, "资金申请"),
        (RunState::Funded, "财政审核"),
        (RunState::Voucher, "支付凭证"),
        (RunState::Sent, "交银行"),
        (RunState::Settled, "结清"),
    ];
    let at = match state {
        RunState::Refused => way.iter().position(|(it, _)| *it == RunState::Requested),
        state => way.iter().position(|(it, _)| *it == state),
    };
    let class = |place: usize| match at {
        Some(at) if place < at || state == RunState::Settled => "done",
        Some(at) if place == at => "now",
        _ => "",
    };
    let marks = way.iter().enumerate();
    marks
        .map(|(place, (_, label))| StepMark { label: (*label).to_owned(), class: class(place) })
        .collect()
}

fn advice(run: &Run, parts: &Parts) -> String {
    let cause = parts.moves.last().map_or("", |it| it.note.as_str());
    match run.state {
        RunState::Proposed if !parts.blockers.is_empty() => {
            "还不能冻结，请先办完下面几件事。".to_owned()
        }
        RunState::Proposed => "请看过与上月的差异和暂缓的人，再冻结。".to_owned(),
        RunState::Frozen => "名单和金额已冻结，等资金发放岗锁定。".to_owned(),
        RunState::LockedOnce => "一人已锁定，等县级审批岗复核锁定。".to_owned(),
        RunState::Locked => "两人已锁定，资金已预留，可以向财政申请。".to_owned(),
        RunState::Requested => "已向财政申请资金，等财政审核。".to_owned(),
        RunState::Funded => "财政已审核通过，等支付凭证。".to_owned(),
        RunState::Refused => {
            format!(
                "财政退回：{cause}。锁定已作废，预留已撤销，改正后改为新版本重新锁定，或者作废重拟。"
            )
        }
        RunState::Voucher => "已有支付凭证，请到银行文件页生成文件交银行。".to_owned(),
        RunState::Sent => "已交银行，收到回盘后到银行文件页登记。".to_owned(),
        RunState::Settled => "每一笔都有了结果，这一批已结清。".to_owned(),
        RunState::Dropped => {
            format!("这一批已作废，没有发放。原因：{cause}")
        }
    }
}

/// Causes in the order in which one says them, with the sign that they go by.
const CAUSES: [Cause; 12] = [
    Cause::Added,
    Cause::Restored,
    Cause::MovedIn,
    Cause::StoppedDeath,
    Cause::StoppedOther,
    Cause::MovedOut,
    Cause::Held,
    Cause::ClassChange,
    Cause::RateChange,
    Cause::Arrears,
    Cause::Reissued,
    Cause::Unexplained,
];

const fn sign(cause: Cause) -> &'static str {
    match cause {
        Cause::StoppedDeath | Cause::StoppedOther | Cause::MovedOut | Cause::Held => "−",
        Cause::ClassChange | Cause::RateChange | Cause::Unexplained => "±",
        _ => "+",
    }
}

fn tally(parts: &Parts, cause: Cause) -> Option<&CauseTally> {
    parts.causes.iter().find(|(it, _)| *it == cause).map(|(_, tally)| tally)
}

fn equation(run: &Run, parts: &Parts, people: bool) -> Table {
    let columns = vec![
        Column::new("来龙去脉"),
        Column::sum("人数"),
        Column::sum("补发月数"),
        Column::sum("金额（元）"),
    ];
    let mut rows = vec![vec![
        Line::new().strong(format!("上月（{}）", run.before_month.chinese())),
        grouped(count(run.before_lines)).into(),
        Line::new(),
        run.before_total.to_string().into(),
    ]];
    for cause in CAUSES {
        let Some(tally) = tally(parts, cause).filter(|it| it.people > 0) else { continue };
        let words = format!("{} {}", sign(cause), cause.chinese());
        let months = if tally.months > 0 { grouped(count(tally.months)) } else { String::new() };
        rows.push(vec![
            if people {
                Line::new().link(words, links::pay_runs::differences(run.id, cause.code()))
            } else {
                Line::from(words)
            },
            format!("{} 人", grouped(count(tally.people))).into(),
            months.into(),
            signed(tally.amount).into(),
        ]);
    }
    let mut table = Table::new("equation", "与上月比", columns).rows(rows);
    table.totals = vec![
        Line::new().strong(format!("＝ 本月（{}）", run.month.chinese())),
        Line::new().strong(grouped(count(run.lines))),
        Line::new(),
        Line::new().strong(run.total().to_string()),
    ];
    table.filter_words = equation_words(run, parts);
    table
}

/// 上月 12,933 人 616,720.00 元 + 新增 … = 本月 …
fn equation_words(run: &Run, parts: &Parts) -> String {
    let terms = CAUSES.iter().filter_map(|cause| {
        let tally = tally(parts, *cause).filter(|it| it.people > 0)?;
        let (sign, people) = (sign(*cause), grouped(count(tally.people)));
        let amount = match sign {
            "±" => signed(tally.amount),
            _ => Fen::new(tally.amount.get().abs()).to_string(),
        };
        let months = match tally.months {
            0 => String::new(),
            n => format!(" {} 个月", grouped(count(n))),
        };
        Some(format!(" {sign} {} {people} 人{months} {amount} 元", cause.chinese()))
    });
    let terms: String = terms.collect();
    let (before, now) = (grouped(count(run.before_lines)), grouped(count(run.lines)));
    let (then, total) = (run.before_total, run.total());
    format!("上月 {before} 人 {then} 元{terms} ＝ 本月 {now} 人 {total} 元")
}

/// 签字: for whoever may lock now.
fn signing(actor: &Actor, run: &Run, parts: &Parts) -> Option<Signing> {
    let digest = hex(run.digest.as_ref()?);
    let (title, label, part) = match run.state {
        RunState::Frozen => ("锁定：第一人", "看过了，锁定", "lock"),
        RunState::LockedOnce => ("锁定：第二人", "复核无误，锁定", "lock-again"),
        _ => return None,
    };
    let action = if part == "lock" { "lock" } else { "lock_again" };
    FLOW.step(run.state.code(), action, actor.role).ok()?;
    if run.first.as_ref().is_some_and(|first| first.account == actor.account) {
        return None;
    }
    let people = grouped(count(run.lines));
    let sentence = format!(
        "签了这一笔，{people} 人领 {} 元（{}），其中当月 {} 元、补发 {} 元，从{}列支。与上月比：{}。",
        run.total(),
        run.total().capitals(),
        run.current,
        run.arrears,
        run.fund,
        changed(parts),
    );
    let form = Form::new(links::pay_runs::part(run.id, part), &actor.csrf, label)
        .main()
        .hidden("moves", run.moves.to_string())
        .hidden("digest", &digest);
    Some(Signing { title: title.to_owned(), sentence, digest: groups(&digest), form })
}

fn changed(parts: &Parts) -> String {
    let each = CAUSES.iter().filter_map(|cause| {
        let tally = tally(parts, *cause).filter(|it| it.people > 0)?;
        let people = grouped(count(tally.people));
        Some(format!("{} {people} 人 {} 元", cause.chinese(), signed(tally.amount)))
    });
    let each: Vec<String> = each.collect();
    if each.is_empty() { "没有变化".to_owned() } else { each.join("，") }
}

fn acts(actor: &Actor, run: &Run, parts: &Parts) -> Vec<PostButton> {
    let may = |action| FLOW.step(run.state.code(), action, actor.role).is_ok();
    let act = |part, label: &str| {
        PostButton::new(links::pay_runs::part(run.id, part), &actor.csrf, label)
            .hidden("moves", run.moves.to_string())
            .class("btn main")
    };
    let mut acts = Vec::new();
    if may("freeze") && parts.blockers.is_empty() {
        acts.push(act("freeze", "看过了，冻结"));
    }
    if may("request") {
        acts.push(act("request", "向财政申请资金"));
    }
    if may("reopen") {
        acts.push(act("reopen", "改为新版本"));
    }
    acts
}

fn forms(actor: &Actor, run: &Run) -> Vec<(String, Form)> {
    let may = |action| FLOW.step(run.state.code(), action, actor.role).is_ok();
    let part = |part| links::pay_runs::part(run.id, part);
    let seen = |form: Form| form.hidden("moves", run.moves.to_string());
    let mut forms = Vec::new();
    if may("fund") {
        let form = seen(review_form(part("review"), &actor.csrf));
        forms.push(("财政审核".to_owned(), form));
    }
    if may("voucher") {
        let hint = "国库集中支付凭证号，如“松财支〔2026〕0612 号”。";
        let form = note_form(part("voucher"), &actor.csrf, "登记支付凭证", "支付凭证号", hint);
        forms.push(("登记支付凭证".to_owned(), seen(form.main())));
    }
    forms
}

/// 作废: as long as nothing has left.
fn dropping(actor: &Actor, run: &Run) -> Option<Form> {
    FLOW.step(run.state.code(), "drop", actor.role).ok()?;
    let form = drop_form(links::pay_runs::part(run.id, "drop"), &actor.csrf);
    Some(form.hidden("moves", run.moves.to_string()))
}

fn run_links(run: &Run, people: bool) -> Vec<Link> {
    let mut all = Vec::new();
    if people {
        all.push(Link::new("花名册", links::pay_runs::lines(run.id)));
        all.push(Link::new("与上月不同的人", links::pay_runs::differences(run.id, "")));
        if run.held > 0 {
            all.push(Link::new("暂缓的人", links::pay_runs::held(run.id, "")));
        }
    }
    if matches!(run.state, RunState::Voucher | RunState::Sent | RunState::Settled) {
        all.push(Link::new("银行文件", links::bank_files::file(run.id)));
    }
    all
}

fn exceptions(parts: &Parts, people: bool) -> Table {
    let columns = vec![Column::new("为什么"), Column::sum("人数"), Column::sum("涉及金额（元）")];
    let rows = parts.exceptions.iter().map(|it| {
        vec![
            if people {
                Line::new().link(it.label.as_str(), it.href.clone())
            } else {
                Line::from(it.label.as_str())
            },
            grouped(count(it.people)).into(),
            if it.amount == Fen::ZERO { "—".into() } else { it.amount.to_string().into() },
        ]
    });
    let mut table = Table::new("exceptions", "这一批没有发的", columns).rows(rows);
    "有待遇、这个月暂时不发的人。原因消除以后，下一批补发。".clone_into(&mut table.filter_words);
    table
}

fn sum_columns(first: &str) -> Vec<Column> {
    vec![
        Column::new(first),
        Column::sum("人数"),
        Column::sum("人月"),
        Column::sum("其中补发（元）"),
        Column::sum("金额（元）"),
    ]
}

fn cells(sums: &Sums) -> [Line; 4] {
    [
        grouped(count(sums.lines)).into(),
        grouped(count(sums.months)).into(),
        sums.arrears.to_string().into(),
        sums.total.to_string().into(),
    ]
}

fn sum_table(
    (id, title, first): (&'static str, &str, &str),
    rows: impl Iterator<Item = (Line, Sums)>,
) -> Table {
    let mut all = Sums::default();
    let rows: Vec<Vec<Line>> = rows
        .map(|(label, sums)| {
            all = all.and(sums);
            [label].into_iter().chain(cells(&sums)).collect()
        })
        .collect();
    let mut table = Table::new(id, title, sum_columns(first)).rows(rows);
    table.totals = [Line::new().strong("合计")].into_iter().chain(cells(&all)).collect();
    table
}

fn bands(run: &Run, places: &[PlaceRow], people: bool) -> Table {
    let rows = by_band(run, places).into_iter().map(|(band, words, sums)| {
        let label = match band {
            Some(band) if people => {
                Line::new().link(words, links::pay_runs::lines(run.id).query("band", band))
            }
            _ => Line::from(words),
        };
        (label, sums)
    });
    sum_table(("bands", "按档次", "档次"), rows)
}

fn towns(app: &App, run: &Run, places: &[PlaceRow], people: bool) -> Table {
    let rows = by_town(app, places).into_iter().map(|(town, words, sums)| {
        let label = match town {
            Some(town) if people => {
                Line::new().link(words, links::pay_runs::lines(run.id).query("area", town))
            }
            _ => Line::from(words),
        };
        (label, sums)
    });
    sum_table(("towns", "按乡镇", "乡镇"), rows)
}

fn facts(app: &App, run: &Run) -> Vec<(String, Line)> {
    let mut facts = vec![
        ("批次号", crate::pay::number(app, run)),
        ("资金来源", run.fund.clone()),
        ("版本", format!("第 {} 版", run.version)),
        ("人数", grouped(count(run.lines))),
        ("人月", grouped(count(run.months))),
        ("金额", format!("{} 元", run.total())),
        ("大写", run.total().capitals()),
    ];
    if let Some(digest) = &run.digest {
        facts.push(("内容校验值 SM3", groups(&hex(digest)).join(" ")));
    }
    let hand = |hand: &Hand| format!("{} {}", hand.name, hand.at);
    facts.push(("拟制", hand(&run.proposed)));
    for (term, some) in
        [("冻结", &run.frozen), ("第一人锁定", &run.first), ("第二人锁定", &run.second)]
    {
        if let Some(it) = some {
            facts.push((term, hand(it)));
        }
    }
    if let Some(list) = run.snapshot.get("list").and_then(|it| it.as_str()) {
        facts.push(("依据清单", list.to_owned()));
    }
    facts.into_iter().map(|(term, text)| (term.to_owned(), Line::from(text))).collect()
}

fn moves(moves: &[RunMove]) -> Table {
    let columns = vec![
        Column::short("时间"),
        Column::short("谁"),
        Column::short("到哪一步"),
        Column::new("说明"),
    ];
    let rows = moves.iter().map(|it| {
        vec![
            it.at.to_string().into(),
            Line::from(it.by.as_str()).small(it.role.chinese()),
            chip(it.to).into(),
            if it.note.is_empty() { "—".into() } else { it.note.as_str().into() },
        ]
    });
    Table::new("moves", "经过", columns).rows(rows)
}
