//! 申领办理: what the pages say, as plain data.

use askama::Template;
use webkit::{
    Chip, Choice, Column, Crumbs, Field, FieldKind, FilterLink, Form, Href, Line, Link, Pager,
    Paper, PostButton, Shell, Table,
};

/// S6 审核审批: the applications of the area, what needs a look first.
#[derive(Clone, Debug, Template)]
#[template(path = "applications/queue.html")]
pub struct QueuePage {
    /// Around it.
    pub shell: Shell,
    /// How many wait, how many are proved, how many need a look.
    pub sentence: String,
    /// 逐件办理: the first one.
    pub first: Option<Href>,
    /// 批量: where the choice is sent; none when nothing can be decided at once.
    pub batch: Option<Batch>,
    /// By state.
    pub filters: Vec<FilterLink>,
    /// The filter in words.
    pub filter_words: String,
    /// 导出
    pub export: Href,
    /// 打印申请审批表 of all of them: noted as another print.
    pub print: Option<PostButton>,
    /// The applications.
    pub rows: Vec<QueueRow>,
    /// Pages.
    pub pager: Option<Pager>,
}

/// 批量审核 or 批量审批 of what is chosen.
#[derive(Clone, Debug)]
pub struct Batch {
    /// Where it is sent, as `case` for each.
    pub action: Href,
    /// The token.
    pub csrf: String,
    /// Such as 审核通过所选.
    pub label: String,
    /// Such as 有 2 件不能批量审批，原因写在每一行.
    pub left: String,
}

/// An application in the list.
#[derive(Clone, Debug)]
pub struct QueueRow {
    /// Its id.
    pub case: String,
    /// Whether it can be decided with others.
    pub proved: bool,
    /// Name, leading to it.
    pub elder: Link,
    /// Such as 女 80 岁 · 云溪镇溪尾村.
    pub about: String,
    /// What is applied for.
    pub item: String,
    /// Such as 每月 40.00 元，补发 7 个月 280.00 元.
    pub sum: String,
    /// Every condition with its mark.
    pub chips: Vec<Chip>,
    /// Why it needs a look.
    pub gaps: Vec<String>,
    /// Where it stands.
    pub state: Chip,
    /// How long there is.
    pub due: Option<Chip>,
}

/// One application: the form on the left, the proof on the right.
#[derive(Clone, Debug, Template)]
#[template(path = "applications/one.html")]
pub struct OnePage {
    /// Around it.
    pub shell: Shell,
    /// The way here.
    pub crumbs: Crumbs,
    /// Whose, and for what.
    pub title: String,
    /// Where it stands and how long there is.
    pub state: Line,
    /// What it would pay, as one would say it aloud.
    pub pays: String,
    /// Why it needs a look; empty when it does not.
    pub gaps: String,
    /// 申请表: term and words.
    pub form: Vec<(String, Line)>,
    /// Why the reader may not decide: a relative, or another part in it.
    pub barred: Option<String>,
    /// The next act, the usual one.
    pub main: Option<Form>,
    /// Other acts, folded: heading and form.
    pub others: Vec<(String, Form)>,
    /// Papers of it.
    pub papers: Vec<Link>,
    /// 打印申请审批表: noted as another print.
    pub print: Option<PostButton>,
    /// When, and who did what.
    pub history: Vec<(String, String)>,
    /// The proof.
    pub proof: Proof,
}

/// 逐条认定 of an application, as of now.
#[derive(Clone, Debug, Default)]
pub struct Proof {
    /// The verdict in a sentence.
    pub sentence: String,
    /// Every condition: class of its mark, mark, what is asked, what is known, its source.
    pub conditions: Vec<ProofLine>,
    /// What it pays, band by band.
    pub amounts: Vec<(String, String)>,
    /// Documents and clauses.
    pub basis: Vec<String>,
    /// 什么会改变结论
    pub changes: Vec<String>,
}

/// A condition of an application.
#[derive(Clone, Debug)]
pub struct ProofLine {
    /// ✓, ✗ or ?
    pub mark: char,
    /// What is asked.
    pub asked: String,
    /// What is known.
    pub found: String,
    /// By which row of which file.
    pub source: Line,
}

impl ProofLine {
    fn class(&self) -> &'static str {
        match self.mark {
            '✓' => "yes",
            '✗' => "no",
            _ => "unknown",
        }
    }

    fn word(&self) -> &'static str {
        match self.mark {
            '✓' => "符合",
            '✗' => "不符合",
            _ => "还不知道",
        }
    }
}

/// 代办申领: the items that an elder can apply for.
#[derive(Clone, Debug, Template)]
#[template(path = "applications/choose.html")]
pub struct ChoosePage {
    /// Around it.
    pub shell: Shell,
    /// The way here.
    pub crumbs: Crumbs,
    /// For whom.
    pub title: String,
    /// The items: where each leads, and how it stands.
    pub items: Vec<(Link, String, Chip)>,
    /// 亲属备案: declares the elder a relative of the reader.
    pub kin: Form,
}

/// 申请表, to be filled in.
#[derive(Clone, Debug, Template)]
#[template(path = "applications/apply.html")]
pub struct ApplyPage {
    /// Around it.
    pub shell: Shell,
    /// The way here.
    pub crumbs: Crumbs,
    /// Who applies for what.
    pub title: String,
    /// What it would pay.
    pub pays: String,
    /// What the system knows already: term and words.
    pub known: Vec<(String, String)>,
    /// See [`application_form`].
    pub form: Form,
    /// The proof.
    pub proof: Proof,
}

/// What stands in a form before anything is typed.
#[derive(Clone, Debug)]
pub struct Prefilled {
    /// The account that the departments know, by its last signs.
    pub account: Option<String>,
    /// 申请方式, as the item has them.
    pub channels: Vec<Choice>,
    /// 同意方式
    pub consents: Vec<Choice>,
    /// 户主
    pub holders: Vec<Choice>,
    /// Today.
    pub today: String,
}

/// The form of an application. It sends `channel`, `consent`, `consent_on`, `helper_name`,
/// `helper_relation`, `helper_phone`, `account` (known, new, none), `account_number`,
/// `account_holder`, `account_name` and `note`.
pub fn application_form(action: Href, csrf: &str, label: &str, it: Prefilled) -> Form {
    let mut accounts = Vec::new();
    if let Some(signs) = &it.account {
        accounts.push(Choice::new("known", format!("部门登记的账户，尾号 {signs}")));
    }
    accounts.push(Choice::new("new", "另报一个账户").hint("审核时由另一人核对存折或社保卡原件"));
    accounts.push(Choice::new("none", "还没有账户").hint("先登记，补上账户后再提交审核"));
    let account = if it.account.is_some() { "known" } else { "" };
    let channel = it.channels.first().map_or_else(String::new, |first| first.value.clone());
    let lines = |name, label, hint: &str| {
        Field::new(name, label, FieldKind::Text("off")).hint(hint).optional()
    };
    let without = it.channels.iter().any(|it| it.value == "no_application");
    let unless = |field: Field| if without { field.optional() } else { field };
    Form::new(action, csrf, label)
        .main()
        .field(Field::new("channel", "怎么来的", FieldKind::Radio(it.channels)).value(channel))
        .field(unless(Field::new("consent", "本人怎么同意的", FieldKind::Radio(it.consents))))
        .field(unless(Field::new("consent_on", "同意的日期", FieldKind::Day).value(it.today)))
        .field(Field::new("account", "发到哪个账户", FieldKind::Radio(accounts)).value(account))
        .field(lines("account_number", "另报的账号", "选“另报一个账户”的填。"))
        .field(
            Field::new("account_holder", "另报的账户是谁的", FieldKind::Select(it.holders))
                .value("oneself")
                .optional(),
        )
        .field(lines("account_name", "户名", "不是本人的账户要填。"))
        .field(lines("helper_name", "代办人姓名", "代办的填。"))
        .field(lines("helper_relation", "代办人与老人的关系", "如儿子、侄女、邻居。"))
        .field(lines("helper_phone", "代办人电话", ""))
        .field(Field::new("note", "说明", FieldKind::Lines).optional())
}

/// 不予批准告知书, on paper.
#[derive(Clone, Debug, Template)]
#[template(path = "applications/notice.html")]
pub struct RefusalPaper {
    /// Around it.
    pub paper: Paper,
    /// What it says.
    pub notice: RefusalNotice,
}

/// 不予批准告知书: why somebody does not get what they applied for, by which clause, and what
/// they can do.
#[derive(Clone, Debug)]
pub struct RefusalNotice {
    /// Number of the case.
    pub number: String,
    /// To whom.
    pub to: String,
    /// What was applied for, and when.
    pub applied: String,
    /// The reasons, one sentence each.
    pub reasons: Vec<String>,
    /// Conditions that do not hold: what is asked, and what is known.
    pub conditions: Vec<(String, String)>,
    /// Documents and clauses.
    pub basis: Vec<String>,
    /// What would change the answer.
    pub remedies: Vec<String>,
    /// How to object.
    pub objection: String,
    /// Who decided.
    pub issuer: String,
    /// When.
    pub day: String,
}

/// 亲属备案: who does not decide about whom.
#[derive(Clone, Debug, Template)]
#[template(path = "applications/kin.html")]
pub struct KinPage {
    /// Around it.
    pub shell: Shell,
    /// What it is for.
    pub sentence: String,
    /// 导出
    pub export: Href,
    /// The declarations: those that hold first.
    pub rows: Vec<KinRow>,
    /// Pages.
    pub pager: Option<Pager>,
}

/// A declaration.
#[derive(Clone, Debug)]
pub struct KinRow {
    /// Who declared.
    pub name: String,
    /// The elder.
    pub elder: Link,
    /// What the elder is to them.
    pub relation: String,
    /// Since when.
    pub declared: String,
    /// Whether it holds, or when, by whom and why it was ended.
    pub state: Line,
    /// 解除: see [`end_form`].
    pub end: Option<Form>,
}

impl KinPage {
    fn table(&self) -> Table {
        let columns = vec![
            Column::short("工作人员"),
            Column::new("老人"),
            Column::short("关系"),
            Column::short("备案日期"),
            Column::new("情况"),
        ];
        let rows = self.rows.iter().map(|row| {
            vec![
                row.name.as_str().into(),
                row.elder.clone().into(),
                row.relation.as_str().into(),
                row.declared.as_str().into(),
                row.state.clone(),
            ]
        });
        let mut table = Table::new("kin", "备案名单", columns)
            .rows(rows)
            .empty("没有备案。在老人档案里点“申领待遇”，页面下方可以备案。", None);
        table.tools.push(Link::new("导出 Excel", self.export.clone()));
        table.pager.clone_from(&self.pager);
        table
    }

    fn ends(&self) -> impl Iterator<Item = (&KinRow, &Form)> {
        self.rows.iter().filter_map(|row| Some((row, row.end.as_ref()?)))
    }
}

/// 解除备案: sends `reason`.
pub fn end_form(action: Href, csrf: &str) -> Form {
    Form::new(action, csrf, "解除备案").field(Field::new(
        "reason",
        "核实的情况",
        FieldKind::Text("off"),
    ))
}

/// 亲属备案: sends `relation`.
pub fn kin_form(action: Href, csrf: &str, relations: Vec<Choice>) -> Form {
    Form::new(action, csrf, "备案").field(
        Field::new("relation", "这位老人是我的", FieldKind::Select(relations))
            .hint("备案后，您不能审核、审批这位老人的事项，由他人办理。"),
    )
}
