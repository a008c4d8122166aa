//! Samples of how a month is paid.

use kernel::Refusal;
use webkit::{
    Assets, Chip, Choice, Column, Crumbs, Form, Href, Line, Link, Paper, PostButton, Progress,
    Table, Tone,
};

use crate::Sample;
use crate::shell::{CSRF, shell};
use crate::views::bank_files::{
    Figure, FilePage, FilesPage, FrozenView, ManifestPage, make_form, release_form, return_form,
};
use crate::views::bank_returns::ReturnsPage;
use crate::views::pay_closing::{Blocker, RunPage, Signing, StepMark, drop_form, review_form};
use crate::views::pay_lines::{ListPage, PaymentsPage, find_form};
use crate::views::pay_runs::{RunsPage, propose_form};

pub(crate) fn samples() -> Vec<Sample> {
    vec![
        ("pay-runs", Box::new(runs())),
        ("pay-runs-under-way", Box::new(under_way())),
        ("pay-run-blocked", Box::new(blocked())),
        ("pay-run-to-sign", Box::new(to_sign())),
        ("pay-run-treasury", Box::new(treasury())),
        ("pay-lines", Box::new(lines())),
        ("pay-payments", Box::new(payments())),
        ("bank-files-frozen", Box::new(files())),
        ("bank-file", Box::new(file())),
        ("bank-file-to-make", Box::new(to_make())),
        ("bank-manifest", Box::new(manifest())),
        ("bank-returns", Box::new(returns())),
    ]
}

const HASH: &str = "66c7f0f4 62eeedd9 d1f2d46b dc10e4e2 4167c487 5cf2f7a2 297da02b 8f4ba8e0";

fn crumbs(here: &str) -> Crumbs {
    Crumbs { above: vec![Link::new("月度发放", Href::to("/pay"))], here: here.to_owned() }
}

fn table(id: &'static str, title: &str, heads: &[&str], rows: &[&[&str]]) -> Table {
    let columns = heads.iter().enumerate().map(|(place, head)| match place {
        0 => Column::new(*head),
        _ => Column::sum(*head),
    });
    let rows = rows.iter().map(|row| row.iter().map(|text| Line::from(*text)).collect());
    Table::new(id, title, columns.collect()).rows(rows)
}

fn runs() -> RunsPage {
    let items = vec![Choice::new("old_age_allowance", "高龄津贴")];
    let months =
        vec![Choice::new("2026-06", "2026 年 6 月"), Choice::new("2026-05", "2026 年 5 月")];
    RunsPage {
        shell: shell("/pay"),
        sentence: "1 批待锁定。".to_owned(),
        progress: None,
        refusal: None,
        propose: Some(propose_form(Href::to("/pay"), CSRF, items, months, "2026-06")),
        runs: table(
            "runs",
            "发放批次",
            &["批次", "人数", "金额（元）", "暂缓", "到哪一步"],
            &[&["2026 年 6 月高龄津贴", "13,010", "632,640.00", "2", "已冻结"]],
        ),
    }
}

fn under_way() -> RunsPage {
    let progress = Progress {
        doing: "正在逐人核算".to_owned(),
        done: 0,
        total: 98_214,
        unit: "人".to_owned(),
        left: String::new(),
        here: Href::to("/pay"),
        cancel: None,
    };
    let refusal = Refusal::new("2026 年 6 月高龄津贴已由马出纳拟制。", "请办完或作废那一批。");
    RunsPage { progress: Some(progress), refusal: Some(refusal), ..runs() }
}

fn equation() -> Table {
    let mut table = table(
        "equation",
        "与上月比",
        &["来龙去脉", "人数", "补发月数", "金额（元）"],
        &[
            &["上月（2026 年 5 月）", "12,933", "", "616,720.00"],
            &["+ 新增", "143 人", "", "+5,720.00"],
            &["− 去世停发", "66 人", "", "−4,040.00"],
            &["± 档次变化", "20 人", "", "+1,800.00"],
            &["+ 补发", "47 人", "311", "+12,440.00"],
        ],
    );
    table.totals = ["＝ 本月（2026 年 6 月）", "13,010", "", "632,640.00"].map(Line::from).into();
    let words = "上月 12,933 人 616,720.00 元 + 新增 143 人 5,720.00 元 \
                          − 去世停发 66 人 4,040.00 元 ± 档次变化 20 人 +1,800.00 元 \
                          + 补发 47 人 311 个月 12,440.00 元 ＝ 本月 13,010 人 632,640.00 元";
    words.clone_into(&mut table.filter_words);
    table
}

fn blocked() -> RunPage {
    let part = |part: &'static str| Href::to("/pay/1").seg(part);
    let steps = ["拟制", "冻结", "第一人锁定", "第二人锁定", "资金申请", "财政审核"];
    let sums = &["档次", "人数", "人月", "其中补发（元）", "金额（元）"];
    RunPage {
        shell: shell("/pay"),
        crumbs: crumbs("2026 年 6 月高龄津贴"),
        headline: "2026 年 6 月高龄津贴".to_owned(),
        state: Chip::new(Tone::Wait, "已拟制"),
        steps: steps
            .iter()
            .zip(["now", "", "", "", "", ""])
            .map(|(label, class)| StepMark { label: (*label).to_owned(), class })
            .collect(),
        advice: "还不能冻结，请先办完下面几件事。".to_owned(),
        unexplained: Chip::new(Tone::Ok, "差异全部有解释"),
        equation: equation(),
        blockers: vec![
            Blocker {
                what: "2026 年 6 月统计到 25 日，还没有截止。".to_owned(),
                remedy: "请在6 月 25 日重新拟制后冻结。".to_owned(),
                who: Line::from("由资金发放办理"),
            },
            Blocker {
                what: "死亡信息不新鲜：“殡仪馆火化登记”已有 41 天，超过 35 天。".to_owned(),
                remedy: "请收取最新的“殡仪馆火化登记”并入库，再重新拟制。".to_owned(),
                who: Line::from("由数据专管办理"),
            },
        ],
        signing: None,
        acts: Vec::new(),
        forms: Vec::new(),
        links: vec![Link::new("花名册", part("lines")), Link::new("暂缓的人", part("held"))],
        exceptions: Some(table(
            "exceptions",
            "这一批没有发的",
            &["为什么", "人数", "涉及金额（元）"],
            &[&["暂缓：有死亡信息，待核实", "2", "80.00"]],
        )),
        bands: table(
            "bands",
            "按档次",
            sums,
            &[&["80—89 周岁", "11,836", "12,147", "12,440.00", "485,880.00"]],
        ),
        towns: table(
            "towns",
            "按乡镇",
            sums,
            &[&["云溪镇", "612", "640", "1,120.00", "30,240.00"]],
        ),
        facts: vec![("批次号".to_owned(), Line::from("990121-old_age_allowance-202606-1"))],
        moves: table("moves", "经过", &["时间", "谁"], &[&["2026-06-26 09:00", "马出纳"]]),
        drop: Some(drop_form(part("drop"), CSRF)),
    }
}

fn to_sign() -> RunPage {
    let form = Form::new(Href::to("/pay/1/lock"), CSRF, "看过了，锁定").main();
    RunPage {
        state: Chip::new(Tone::Wait, "已冻结"),
        advice: "名单和金额已冻结，等资金发放岗锁定。".to_owned(),
        blockers: Vec::new(),
        signing: Some(Signing {
            title: "锁定：第一人".to_owned(),
            sentence: "签了这一笔，13,010 人领 632,640.00 元（陆拾叁万贰仟陆佰肆拾元整）。\
                       与上月比：新增143 人 +5,720.00 元，去世停发66 人 −4,040.00 元。"
                .to_owned(),
            digest: HASH.split(' ').map(ToOwned::to_owned).collect(),
            form: form.hidden("moves", "2"),
        }),
        ..blocked()
    }
}

fn treasury() -> RunPage {
    let form = review_form(Href::to("/pay/1/review"), CSRF);
    RunPage {
        state: Chip::new(Tone::Info, "已申请资金"),
        advice: "已向财政申请资金，等财政审核。".to_owned(),
        blockers: Vec::new(),
        forms: vec![("财政审核".to_owned(), form)],
        links: Vec::new(),
        ..blocked()
    }
}

fn lines() -> ListPage {
    let lines = Href::to("/pay/1/lines");
    let all = || vec![Choice::new("", "全部")];
    ListPage {
        shell: shell("/pay"),
        crumbs: crumbs("花名册"),
        title: "2026 年 6 月高龄津贴花名册".to_owned(),
        sentence: "13,010 人 632,640.00 元，其中补发 12,440.00 元。".to_owned(),
        find: Some(find_form(lines, CSRF, (all(), ""), (all(), ""), "")),
        table: table(
            "lines",
            "花名册",
            &["老人", "当月（元）", "补发（元）"],
            &[&["周桂兰", "40.00", "280.00"]],
        ),
    }
}

fn payments() -> PaymentsPage {
    PaymentsPage {
        shell: shell("/elders"),
        crumbs: crumbs("发放记录"),
        title: "周桂兰：发放记录".to_owned(),
        sentence: "近 24 个月经本系统发放 320.00 元。".to_owned(),
        table: table(
            "payments",
            "发放记录",
            &["月份", "金额（元）"],
            &[&["2026 年 6 月", "40.00"]],
        ),
    }
}

fn files() -> FilesPage {
    let confirm = PostButton::new(Href::to("/bank-files/release/confirm"), CSRF, "确认解除");
    FilesPage {
        shell: shell("/bank-files"),
        sentence: "现在什么都不能送出，请先核对下面的文件。".to_owned(),
        frozen: Some(FrozenView {
            sentence: "数据库比出件登记旧，什么都不能送出".to_owned(),
            remedy: "下面的文件已经交给过银行，数据库里却没有。".to_owned(),
            unknown: table(
                "unknown",
                "数据库里没有的文件",
                &["批次号", "笔数"],
                &[&["990121-old_age_allowance-202605-1", "12933"]],
            ),
            propose: Some(release_form(Href::to("/bank-files/release/propose"), CSRF)),
            proposed: "马出纳已在 2026-06-27 09:30 提出解除：银行已入账".to_owned(),
            confirm: Some(confirm.class("btn main")),
        }),
        waiting: Some(table("waiting", "等着生成文件的", &["批次", "笔数"], &[])),
        files: table("files", "银行文件", &["批次", "笔数"], &[]),
    }
}

fn file() -> FilePage {
    let figure = |count: &str, label: &str, class| Figure {
        count: count.to_owned(),
        label: label.to_owned(),
        class,
    };
    FilePage {
        shell: shell("/bank-files"),
        crumbs: crumbs("银行文件"),
        headline: "2026 年 6 月高龄津贴：银行文件".to_owned(),
        state: Chip::new(Tone::Info, "已交银行"),
        advice: "文件已登记交银行，收到回盘后在这里登记。".to_owned(),
        forms: vec![(
            "登记回盘".to_owned(),
            return_form(Href::to("/pay/1/bank-file/returns"), CSRF),
        )],
        acts: vec![PostButton::new(Href::to("/pay/1/bank-file/download"), CSRF, "下载文件")],
        links: vec![Link::new("打印交接清单", Href::to("/pay/1/bank-file/manifest"))],
        figures: vec![
            figure("12,970", "成功，630,720.00 元", "ok"),
            figure("40", "退汇，1,920.00 元", "bad"),
        ],
        facts: vec![("文件 SM3".to_owned(), Line::from(HASH))],
        returned: None,
        returns: Some(table("returns", "登记过的回盘", &["回盘文件", "成功"], &[&["x", "1"]])),
    }
}

fn to_make() -> FilePage {
    let layouts = vec![Choice::new("rural_commercial_bank", "松河农商银行（农商银行批量代发）")];
    FilePage {
        state: Chip::new(Tone::Wait, "已有支付凭证"),
        forms: vec![(
            "生成文件".to_owned(),
            make_form(Href::to("/pay/1/bank-file"), CSRF, layouts),
        )],
        acts: Vec::new(),
        links: Vec::new(),
        figures: Vec::new(),
        facts: Vec::new(),
        returns: None,
        ..file()
    }
}

fn manifest() -> ManifestPage {
    ManifestPage {
        paper: Paper {
            product: "松鹤".to_owned(),
            assets: Assets::default(),
            printed: "马出纳 2026-06-27 09:20 打印".to_owned(),
            back: Link::new("回到银行文件", Href::to("/pay/1/bank-file")),
        },
        title: "代发文件交接清单".to_owned(),
        facts: [("笔数", "13,010"), ("金额大写", "陆拾叁万贰仟陆佰肆拾元整")]
            .map(|(term, text)| (term.to_owned(), text.to_owned()))
            .into(),
        sm3: HASH.split(' ').map(ToOwned::to_owned).collect(),
    }
}

fn returns() -> ReturnsPage {
    ReturnsPage {
        shell: shell("/bank-returns"),
        sentence: "40 笔 1,920.00 元退回后还没有重发。账户改正以后，下一批自动重发。".to_owned(),
        lines: table(
            "returned",
            "在途未发的退汇",
            &["老人", "金额（元）", "原因"],
            &[&["周桂兰", "40.00", "账户注销"]],
        ),
    }
}
