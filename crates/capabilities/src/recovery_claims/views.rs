//! 追缴: what the page and the papers of one claim say, as plain data.

use askama::Template;
use webkit::{
    Chip, Choice, Column, Crumbs, Field, FieldKind, Form, Href, Line, Link, Paper, Shell, Table,
};

/// One claim.
#[derive(Clone, Debug, Template)]
#[template(path = "recovery_claims/claim.html")]
pub struct ClaimPage {
    /// Around it.
    pub shell: Shell,
    /// The way here.
    pub crumbs: Crumbs,
    /// Whose it is.
    pub title: String,
    /// How far it is.
    pub state: Chip,
    /// What is left.
    pub sentence: String,
    /// 打印
    pub papers: Vec<Link>,
    /// Term and words.
    pub facts: Vec<(String, Line)>,
    /// Month, sum, who paid it.
    pub months: Vec<(String, String, String)>,
    /// 合计
    pub total: String,
    /// Instalment: number, last day, sum, how it stands.
    pub plan: Vec<(String, String, String, Chip)>,
    /// What came back: day, kind, sum, note, by whom.
    pub entries: Vec<[String; 5]>,
    /// When, and who did what.
    pub history: Vec<(String, String)>,
    /// What can be done, with a heading each.
    pub forms: Vec<(String, Form)>,
}

impl ClaimPage {
    fn months_table(&self) -> Table {
        let columns = vec![Column::short("月份"), Column::sum("多发（元）"), Column::new("谁发的")];
        let rows = self.months.iter().map(|(month, sum, by)| {
            vec![month.as_str().into(), sum.as_str().into(), by.as_str().into()]
        });
        let mut table = Table::new("months", "多发的月份", columns).rows(rows);
        table.totals = vec!["合计".into(), self.total.as_str().into(), Line::new()];
        table
    }

    fn plan_table(&self) -> Table {
        let columns = vec![
            Column::short("期次"),
            Column::short("最迟日期"),
            Column::sum("金额（元）"),
            Column::short("情况"),
        ];
        let rows = self.plan.iter().map(|(no, day, sum, state)| {
            vec![no.as_str().into(), day.as_str().into(), sum.as_str().into(), state.clone().into()]
        });
        Table::new("plan", "还款协议", columns).rows(rows)
    }

    fn entries_table(&self) -> Table {
        let columns = vec![
            Column::short("日期"),
            Column::short("方式"),
            Column::sum("金额（元）"),
            Column::new("说明"),
            Column::short("登记人"),
        ];
        let rows =
            self.entries.iter().map(|it| it.iter().map(|text| text.as_str().into()).collect());
        Table::new("entries", "退还、抵扣和核销", columns).rows(rows).empty("还没有退还。", None)
    }
}

/// 追缴通知书 or 还款协议, on paper.
#[derive(Clone, Debug, Template)]
#[template(path = "recovery_claims/notice.html")]
pub struct NoticePaper {
    /// Around it.
    pub paper: Paper,
    /// What it is.
    pub title: String,
    /// 编号
    pub number: String,
    /// To whom.
    pub to: String,
    /// Before the months.
    pub body: Vec<String>,
    /// Month, sum, on what it was paid.
    pub months: Vec<(String, String, String)>,
    /// 合计
    pub total: String,
    /// 大写
    pub capitals: String,
    /// Instalments: number, last day, sum.
    pub plan: Vec<(String, String, String)>,
    /// After the months.
    pub after: Vec<String>,
    /// Where who signs.
    pub signs: Vec<String>,
    /// Who issues it.
    pub issuer: String,
    /// When.
    pub day: String,
}

/// The form of a notice: sends `name`, `relation`, `telephone`, `note`.
pub fn notice_form(action: Href, csrf: &str) -> Form {
    Form::new(action, csrf, "记下已送达")
        .field(Field::new("name", "送给谁", FieldKind::Text("off")).hint("继承人、代领人或本人。"))
        .field(
            Field::new("relation", "与老人的关系", FieldKind::Text("off")).hint("如长子、儿媳。"),
        )
        .field(Field::new("telephone", "电话", FieldKind::Text("off")).optional())
        .field(Field::new("note", "怎么送达的", FieldKind::Lines).optional())
}

/// The form of an agreement: sends `plan`, `note`.
pub fn plan_form(action: Href, csrf: &str, proposal: &str) -> Form {
    Form::new(action, csrf, "记下还款协议")
        .field(
            Field::new("plan", "分期", FieldKind::Lines)
                .value(proposal)
                .hint("每行一期：最迟日期、空格、金额。合计要正好等于尚未追回的金额。"),
        )
        .field(Field::new("note", "说明", FieldKind::Lines).optional())
}

/// The form of a repayment: sends `amount`, `on`, `channel`, `note`.
pub fn repaid_form(action: Href, csrf: &str, channels: Vec<Choice>, today: &str) -> Form {
    Form::new(action, csrf, "登记退款")
        .main()
        .field(Field::new("amount", "收到多少元", FieldKind::Text("off")))
        .field(Field::new("on", "哪天收到", FieldKind::Day).value(today))
        .field(Field::new("channel", "怎么退的", FieldKind::Radio(channels)))
        .field(Field::new("note", "凭据", FieldKind::Text("off")).optional())
}

/// The form of a set-off: sends `amount`, `on`, `note`, `consent`.
pub fn set_off_form(action: Href, csrf: &str, today: &str) -> Form {
    Form::new(action, csrf, "登记抵扣")
        .field(Field::new("amount", "抵扣多少元", FieldKind::Text("off")))
        .field(Field::new("on", "哪天抵扣", FieldKind::Day).value(today))
        .field(Field::new("note", "抵扣哪笔款", FieldKind::Text("off")).hint("款项名称和单据号。"))
        .field(Field::new("consent", "已取得书面同意", FieldKind::Check).optional())
}

/// The form of a write-off: sends `amount`, `reason`.
pub fn write_off_form(action: Href, csrf: &str, left: &str) -> Form {
    Form::new(action, csrf, "申请核销")
        .field(Field::new("amount", "核销多少元", FieldKind::Text("off")).value(left))
        .field(Field::new("reason", "理由", FieldKind::Lines).hint("为什么追不回来，附什么证明。"))
}

/// The form of its decision: sends `no`, `granted`, `words`.
pub fn decision_form(action: Href, csrf: &str, no: i32) -> Form {
    let choices = vec![Choice::new("yes", "同意核销"), Choice::new("no", "不同意，继续追缴")];
    Form::new(action, csrf, "记下审批意见")
        .main()
        .hidden("no", no.to_string())
        .field(Field::new("granted", "是否同意", FieldKind::Radio(choices)))
        .field(Field::new("words", "意见", FieldKind::Lines))
}

/// The form of a referral: sends `code`, `note`.
pub fn refer_form(action: Href, csrf: &str, codes: Vec<Choice>) -> Form {
    Form::new(action, csrf, "移送")
        .field(Field::new("code", "原因", FieldKind::Radio(codes)))
        .field(Field::new("note", "移送给谁、附什么材料", FieldKind::Lines))
}
