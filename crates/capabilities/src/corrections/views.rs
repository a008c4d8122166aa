//! 校核纠错: what the pages say, as plain data.

use askama::Template;
use webkit::{
    Chip, Choice, Column, Crumbs, Field, FieldKind, FilterLink, Form, Href, Line, Link, Pager,
    Paper, PostButton, Shell, Table,
};

/// 校核纠错: the list.
#[derive(Clone, Debug, Template)]
#[template(path = "corrections/list.html")]
pub struct CorrectionsPage {
    /// Around it.
    pub shell: Shell,
    /// What waits, as one would say it aloud.
    pub sentence: String,
    /// 送出, one for each file with drafts.
    pub send: Vec<PostButton>,
    /// By state.
    pub filters: Vec<FilterLink>,
    /// The filter in words.
    pub filter_words: String,
    /// 导出
    pub export: Href,
    /// The corrections, newest first.
    pub rows: Vec<CorrectionRow>,
    /// Pages.
    pub pager: Option<Pager>,
}

/// A correction.
#[derive(Clone, Debug)]
pub struct CorrectionRow {
    /// Its number, leading to it.
    pub correction: Link,
    /// Whom the row names.
    pub who: String,
    /// Which fact; 整行 for a row that cannot be used.
    pub what: String,
    /// What the row says.
    pub said: String,
    /// What is right.
    pub right: String,
    /// Whose file.
    pub supplier: String,
    /// How far it is.
    pub state: Chip,
    /// How long the sender has.
    pub due: Chip,
}

impl CorrectionsPage {
    fn table(&self) -> Table {
        let columns = vec![
            Column::short("编号"),
            Column::new("老人"),
            Column::new("来源写的"),
            Column::new("应为"),
            Column::new("来源"),
            Column::short("状态"),
            Column::short("期限"),
        ];
        let rows = self.rows.iter().map(|row| {
            vec![
                row.correction.clone().into(),
                row.who.as_str().into(),
                Line::from(row.said.as_str()).small(row.what.as_str()),
                row.right.as_str().into(),
                row.supplier.as_str().into(),
                row.state.clone().into(),
                if row.due.text.is_empty() { Line::new() } else { row.due.clone().into() },
            ]
        });
        let mut table = Table::new("corrections", "纠错", columns)
            .rows(rows)
            .empty("没有纠错。在老人档案或来源行里，看到不对的信息，点“这条信息不对”。", None);
        table.filters.clone_from(&self.filters);
        table.filter_words.clone_from(&self.filter_words);
        table.tools.push(Link::new("导出 Excel", self.export.clone()));
        table.pager.clone_from(&self.pager);
        table
    }
}

/// One correction.
#[derive(Clone, Debug, Template)]
#[template(path = "corrections/one.html")]
pub struct CorrectionPage {
    /// Around it.
    pub shell: Shell,
    /// The way here.
    pub crumbs: Crumbs,
    /// What it is, and to whom.
    pub title: String,
    /// How far it is, and how long the sender has.
    pub state: Line,
    /// Term and words.
    pub facts: Vec<(String, Line)>,
    /// When, and who did what.
    pub history: Vec<(String, String)>,
    /// 打印交接单
    pub slip: Option<Link>,
    /// See [`answer_form`].
    pub answer: Option<Form>,
    /// 办结
    pub close: Option<PostButton>,
}

/// The form of an answer: sends `outcome` and `reason`.
pub fn answer_form(action: Href, csrf: &str) -> Form {
    let outcomes = vec![
        Choice::new("accepted", "采纳，下一份数据里更正"),
        Choice::new("refused", "不采纳").hint("要写明来源部门的理由"),
    ];
    Form::new(action, csrf, "记下答复")
        .main()
        .field(Field::new("outcome", "来源部门怎么答复", FieldKind::Radio(outcomes)))
        .field(Field::new("reason", "说明", FieldKind::Lines).optional())
}

/// 这条信息不对: the form.
#[derive(Clone, Debug, Template)]
#[template(path = "corrections/new.html")]
pub struct NewPage {
    /// Around it.
    pub shell: Shell,
    /// The way here.
    pub crumbs: Crumbs,
    /// Whose what is wrong.
    pub title: String,
    /// What the source says, and where.
    pub facts: Vec<(String, Line)>,
    /// See [`draft_form`].
    pub form: Form,
}

/// The form of a draft: sends `right`, `evidence` and, where a value may stand, `meanwhile`.
pub fn draft_form(action: Href, csrf: &str, may_stand: bool) -> Form {
    let form = Form::new(action, csrf, "提出纠错")
        .main()
        .field(Field::new("right", "应为", FieldKind::Text("off")).hint("写正确的内容。"))
        .field(
            Field::new("evidence", "依据", FieldKind::Lines)
                .hint("谁核实的、看了什么，如“村里 6 月 1 日上门看了残疾证”。"),
        );
    if !may_stand {
        return form;
    }
    form.field(
        Field::new("meanwhile", "来源更正之前，先按“应为”的值认定", FieldKind::Check)
            .hint("会写明是人工核实的值，依据一并留在档案里。")
            .optional(),
    )
}

/// 数据校核纠错交接单, on paper.
#[derive(Clone, Debug, Template)]
#[template(path = "corrections/slip.html")]
pub struct SlipPaper {
    /// Around it.
    pub paper: Paper,
    /// What it is.
    pub title: String,
    /// To whom.
    pub to: String,
    /// What is asked, and until when.
    pub sentence: String,
    /// Term and words.
    pub facts: Vec<(String, String)>,
    /// The workbook that goes with it.
    pub workbook: Link,
    /// What is wrong, row by row.
    pub rows: Vec<SlipRow>,
}

/// A line of the slip.
#[derive(Clone, Debug)]
pub struct SlipRow {
    /// Number of the correction.
    pub number: String,
    /// Row of the file.
    pub row: String,
    /// Whom it names.
    pub who: String,
    /// Which fact.
    pub what: String,
    /// What it says.
    pub said: String,
    /// What is right.
    pub right: String,
    /// By whose evidence.
    pub evidence: String,
}
