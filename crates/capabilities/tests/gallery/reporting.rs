//! Samples of what is reported upwards.

use kernel::Refusal;
use webkit::{Chip, Choice, Crumbs, Href, Line, Link, Paper, PostButton, Progress, Tone};

use crate::Sample;
use crate::shell::{CSRF, shell};
use crate::views::receipts::SlipPage;
use crate::views::reporting::{
    FigureCell, LayoutRow, MoveRow, ReportsPage, RunPage, RunRow, TroubleRow, handed_over_form,
    order_form, receipt_form, trouble_table,
};

pub(crate) fn samples() -> Vec<Sample> {
    vec![
        ("reports", Box::new(reports())),
        ("reports-under-way", Box::new(under_way())),
        ("report-draft", Box::new(draft())),
        ("report-refused", Box::new(refused())),
        ("report-slip", Box::new(slip())),
    ]
}

fn reports() -> ReportsPage {
    let layouts = vec![Choice::new("awards", "老年人补贴在发名册（安澜省民政厅）")];
    let months =
        vec![Choice::new("2026-06", "2026 年 6 月"), Choice::new("2026-05", "2026 年 5 月")];
    let run = |id: u8, what: &str, state: Chip| RunRow {
        run: Link::new(format!("第 {id} 批"), Href::to("/reports").seg(id)),
        what: Line::from(what).small("2026 年 5 月，增量"),
        rows: "12,867".to_owned(),
        held: "3".to_owned(),
        state,
        by: "何数据 2026-06-02 09:12".to_owned(),
    };
    ReportsPage {
        shell: shell("/reports"),
        sentence: "1 批等回执，1 批有退回。".to_owned(),
        progress: None,
        refusal: None,
        order: Some(order_form(Href::to("/reports"), CSRF, layouts, months, "2026-06")),
        layouts: vec![LayoutRow {
            name: Line::from("老年人补贴在发名册")
                .small("安澜省民政厅 · 每 31 天 · 版式虚构（演示）"),
            subjects: "在发补贴，一人一项一行".to_owned(),
            format: "csv 文本，GB18030 编码".to_owned(),
            last: "还没有送出过".into(),
            left_out: "收款账户、残疾人两项补贴".to_owned(),
        }],
        runs: vec![
            run(2, "老年人补贴在发名册", Chip::new(Tone::Wait, "已送出，等回执")),
            run(1, "基本养老服务对象信息", Chip::new(Tone::Bad, "部分退回")),
        ],
        pager: None,
    }
}

fn under_way() -> ReportsPage {
    let progress = Progress {
        doing: "正在逐人核对".to_owned(),
        done: 0,
        total: 98_214,
        unit: "人".to_owned(),
        left: String::new(),
        here: Href::to("/reports"),
        cancel: None,
    };
    let refusal = Refusal::new("上一次的第 2 批已封存，还没有办完。", "请先办完或作废那一批。");
    ReportsPage { progress: Some(progress), refusal: Some(refusal), ..reports() }
}

fn rows() -> Vec<TroubleRow> {
    let row = |id: &str, name: &str, why: &str| TroubleRow {
        person: Line::new().link(name, Href::to("/elders").seg(id)).small("女 80 岁"),
        area: "云溪镇溪尾村".to_owned(),
        item: "高龄津贴".to_owned(),
        why: why.to_owned(),
    };
    vec![
        row("a1", "周桂兰", "缺开始享受年月"),
        row("a2", "郑玉梅", "第 8 行：区划代码不存在（E03）"),
    ]
}

fn draft() -> RunPage {
    let act = |part: &'static str, label: &str, class| {
        PostButton::new(Href::to("/reports/2").seg(part), CSRF, label).class(class)
    };
    let figure = |count: &str, label: &str, class| FigureCell {
        count: count.to_owned(),
        label: label.to_owned(),
        class,
    };
    let export = Link::new("导出 xlsx", Href::to("/reports/2/held.xlsx"));
    RunPage {
        shell: shell("/reports"),
        crumbs: Crumbs {
            above: vec![Link::new("上报", Href::to("/reports"))],
            here: "第 2 批".to_owned(),
        },
        headline: "老年人补贴在发名册（2026 年 5 月，增量）".to_owned(),
        state: Chip::new(Tone::Wait, "待确认"),
        advice: "还没有送出。请看过下面的数和不能送出的人，再封存。".to_owned(),
        acts: vec![
            act("freeze", "看过了，封存", "btn main"),
            act("drop", "作废，不送出", "btn danger"),
        ],
        slip: None,
        forms: Vec::new(),
        figures: vec![
            figure("12,867", "可送出", "ok"),
            figure("1", "不能送出", "bad"),
            figure("514,680.00", "月标准合计（元）", ""),
        ],
        held: Some(trouble_table(
            "held",
            "不能送出的",
            "缺开始享受年月 1。补齐后重新核对就能送出。".to_owned(),
            "缺什么或哪里不对",
            &rows()[..1],
            vec![export],
        )),
        refused: None,
        moves: vec![MoveRow {
            at: "2026-06-02 09:12".to_owned(),
            by: "何数据".to_owned(),
            state: Chip::new(Tone::Wait, "待确认"),
            note: String::new(),
        }],
        facts: facts(),
    }
}

fn facts() -> Vec<(String, String)> {
    [
        ("批次号", "990121-provincial_allowance_awards-202605-002"),
        ("接收单位", "安澜省民政厅（省民政一体化平台）"),
        ("文件 SM3", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
    ]
    .map(|(term, text)| (term.to_owned(), text.to_owned()))
    .into()
}

fn refused() -> RunPage {
    let retry = PostButton::new(Href::to("/reports/2/retry"), CSRF, "重报退回的");
    RunPage {
        state: Chip::new(Tone::Bad, "部分退回"),
        advice: "有 1 行被退回，还没有重报。请按原因改正后，点“重报退回的”。".to_owned(),
        acts: vec![retry.class("btn main")],
        slip: Some(Link::new("交接单", Href::to("/reports/2/slip"))),
        forms: vec![
            ("登记回执".to_owned(), receipt_form(Href::to("/reports/2/receipt"), CSRF)),
            ("人工送出的，在这里登记".to_owned(), handed_over_form(Href::to("/reports/2"), CSRF)),
        ],
        held: None,
        refused: Some(trouble_table(
            "refused",
            "接收单位退回的",
            String::new(),
            "退回原因",
            &rows()[1..],
            Vec::new(),
        )),
        ..draft()
    }
}

fn slip() -> SlipPage {
    SlipPage {
        paper: Paper {
            product: "松鹤".to_owned(),
            assets: webkit::Assets::default(),
            printed: "何数据 2026-06-02 09:20 打印".to_owned(),
            back: Link::new("回到这一批", Href::to("/reports/2")),
        },
        title: "上报数据交接单".to_owned(),
        facts: facts(),
        left_out: vec![("收款账户".to_owned(), "由代发银行与财政部门交换。".to_owned())],
    }
}
