//! 异议与投诉: what the pages and the reply say, as plain data.

use askama::Template;
use webkit::{
    Chip, Choice, Column, Crumbs, Field, FieldKind, FilterLink, Form, Href, Line, Link, Pager,
    Paper, PostButton, Shell, Table,
};

/// The list.
#[derive(Clone, Debug, Template)]
#[template(path = "complaints/list.html")]
pub struct ListPage {
    /// Around it.
    pub shell: Shell,
    /// What waits, as one would say it aloud.
    pub sentence: String,
    /// 登记
    pub new: Option<Link>,
    /// By state and by kind.
    pub filters: Vec<FilterLink>,
    /// The filter in words.
    pub filter_words: String,
    /// 导出
    pub export: Href,
    /// What is late comes first.
    pub rows: Vec<Row>,
    /// Pages.
    pub pager: Option<Pager>,
}

/// A complaint in the list.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its number, leading to it.
    pub complaint: Link,
    /// The elder.
    pub elder: Line,
    /// 类别 and 渠道.
    pub kind: String,
    /// 渠道
    pub channel: String,
    /// When it came.
    pub opened: String,
    /// Who owes the next act.
    pub owner: String,
    /// How far it is.
    pub state: Chip,
    /// How long there is.
    pub due: Option<Chip>,
}

impl ListPage {
    fn table(&self) -> Table {
        let columns = vec![
            Column::short("编号"),
            Column::new("老人"),
            Column::short("类别"),
            Column::short("收到"),
            Column::new("谁办"),
            Column::short("状态"),
            Column::short("期限"),
        ];
        let rows = self.rows.iter().map(|row| {
            vec![
                row.complaint.clone().into(),
                row.elder.clone(),
                Line::from(row.kind.as_str()).small(row.channel.as_str()),
                row.opened.as_str().into(),
                row.owner.as_str().into(),
                row.state.clone().into(),
                row.due.clone().map_or_else(Line::new, Line::from),
            ]
        });
        let mut table = Table::new("complaints", "异议与投诉", columns)
            .rows(rows)
            .empty("没有这样的异议和投诉。群众来电、来访和 12345 转办的，点“登记”。", None);
        table.filters.clone_from(&self.filters);
        table.filter_words.clone_from(&self.filter_words);
        table.tools.push(Link::new("导出 Excel", self.export.clone()));
        table.pager.clone_from(&self.pager);
        table
    }
}

/// 登记, first step: whom it is about.
#[derive(Clone, Debug, Template)]
#[template(path = "complaints/find.html")]
pub struct FindPage {
    /// Around it.
    pub shell: Shell,
    /// The way here.
    pub crumbs: Crumbs,
    /// Sends `q`.
    pub form: Form,
    /// What was asked; empty when nothing was.
    pub asked: String,
    /// Who was found, with where they live.
    pub found: Vec<(Link, String)>,
}

/// 登记, second step: what is said.
#[derive(Clone, Debug, Template)]
#[template(path = "complaints/new.html")]
pub struct NewPage {
    /// Around it.
    pub shell: Shell,
    /// The way here.
    pub crumbs: Crumbs,
    /// About whom.
    pub title: String,
    /// What follows from it.
    pub sentence: String,
    /// See [`new_form`].
    pub form: Form,
}

/// The form of a complaint: sends `channel`, `kind`, `about`, `by`, `contact`, `own` and `words`.
pub(super) fn new_form(
    action: Href,
    csrf: &str,
    channels: Vec<Choice>,
    kinds: Vec<Choice>,
    about: Vec<Choice>,
) -> Form {
    let mut form = Form::new(action, csrf, "登记")
        .main()
        .field(Field::new("kind", "反映什么", FieldKind::Radio(kinds)))
        .field(
            Field::new("words", "反映的内容", FieldKind::Lines)
                .hint("照他说的记，不要写身份证号和银行卡号。"),
        );
    if about.len() > 1 {
        form = form.field(
            Field::new("about", "关于哪件事", FieldKind::Select(about))
                .hint("对公示和审批中的申领提出的，这件申领会先停下来，核实后再办。")
                .optional(),
        );
    }
    form.field(Field::new("channel", "怎么来的", FieldKind::Radio(channels)))
        .field(
            Field::new("by", "反映人", FieldKind::Text("off"))
                .hint("姓名和与老人的关系；不愿留名的可以不填。")
                .optional(),
        )
        .field(Field::new("contact", "联系电话", FieldKind::Text("off")).optional())
        .field(
            Field::new("own", "反映人是老人本人或者家属", FieldKind::Check)
                .hint("是的，答复书附上各项待遇怎么认定；不是的，不把老人的情况告诉别人。")
                .optional(),
        )
}

/// One complaint.
#[derive(Clone, Debug, Template)]
#[template(path = "complaints/one.html")]
pub struct ComplaintPage {
    /// Around it.
    pub shell: Shell,
    /// The way here.
    pub crumbs: Crumbs,
    /// About whom and what.
    pub title: String,
    /// How far it is, and how long there is.
    pub state: Line,
    /// 打印答复
    pub print: Option<PostButton>,
    /// Other ways from here.
    pub acts: Vec<Link>,
    /// Term and words.
    pub facts: Vec<(String, Line)>,
    /// 为什么: what can be said at the window at once.
    pub told: Told,
    /// The answers, as they were given.
    pub answers: Vec<AnswerBox>,
    /// Why the reader cannot answer, who could by their role.
    pub barred: Option<String>,
    /// What can be done now, each under its heading.
    pub forms: Vec<(String, Form)>,
    /// When, and who did what.
    pub history: Vec<(String, String)>,
}

/// An answer with what the rules said then.
#[derive(Clone, Debug)]
pub struct AnswerBox {
    /// 答复 or 复查答复.
    pub heading: String,
    /// 反映属实 and its like.
    pub finding: String,
    /// In plain words.
    pub words: String,
    /// A sentence for each item.
    pub trace: Vec<String>,
    /// Who and when.
    pub by: String,
}

/// What can be told at once: how each item stands, what was paid last, what was done last.
#[derive(Clone, Debug, Default)]
pub struct Told {
    /// Item, with its verdict in a sentence.
    pub verdicts: Vec<(Link, String)>,
    /// When and what.
    pub payments: Vec<(String, Line)>,
    /// When and what.
    pub acts: Vec<(String, Line)>,
}

/// 答复书, on paper.
#[derive(Clone, Debug, Template)]
#[template(path = "complaints/reply.html")]
pub struct ReplyPaper {
    /// Around it.
    pub paper: Paper,
    /// 答复 or 复查答复.
    pub heading: String,
    /// Receipt number.
    pub number: String,
    /// To whom.
    pub to: String,
    /// What was said, and when.
    pub asked: String,
    /// What was found.
    pub finding: String,
    /// In plain words.
    pub words: String,
    /// What the rules say, item by item.
    pub trace: Vec<String>,
    /// What can be done by whoever disagrees.
    pub remedy: String,
    /// Who answers.
    pub issuer: String,
    /// When.
    pub day: String,
    /// 第 n 次打印; empty while it was not printed.
    pub printed: String,
}
