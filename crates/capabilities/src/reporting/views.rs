//! 上报: what the pages say, as plain data.

use askama::Template;
use kernel::Refusal;
use webkit::{
    Chip, Choice, Column, Crumbs, Field, FieldKind, Form, Href, Line, Link, Pager, PostButton,
    Progress, Shell, Table,
};

/// 上报: the layouts and the runs.
#[derive(Clone, Debug, Template)]
#[template(path = "reporting/reports.html")]
pub struct ReportsPage {
    /// Around it.
    pub shell: Shell,
    /// How things stand, in a sentence.
    pub sentence: String,
    /// A run that is being made.
    pub progress: Option<Progress>,
    /// Why the last run was not made.
    pub refusal: Option<Refusal>,
    /// 核对一次上报; see [`order_form`].
    pub order: Option<Form>,
    /// One for each layout.
    pub layouts: Vec<LayoutRow>,
    /// The newest first.
    pub runs: Vec<RunRow>,
    /// Further runs.
    pub pager: Option<Pager>,
}

/// A layout.
#[derive(Clone, Debug)]
pub struct LayoutRow {
    /// Its name, with the receiver and how sure we are.
    pub name: Line,
    /// What a row is about.
    pub subjects: String,
    /// How the file is written.
    pub format: String,
    /// When it last left, or that it never did.
    pub last: Line,
    /// 不报送的内容
    pub left_out: String,
}

/// A run in the list.
#[derive(Clone, Debug)]
pub struct RunRow {
    /// Its number.
    pub run: Link,
    /// Layout and kind.
    pub what: Line,
    /// Rows that go out.
    pub rows: String,
    /// Rows that cannot.
    pub held: String,
    /// How far it has come.
    pub state: Chip,
    /// Who made it, and when.
    pub by: String,
}

/// The form that makes a run: sends `layout`, `kind` and `month`.
pub fn order_form(
    action: Href,
    csrf: &str,
    layouts: Vec<Choice>,
    months: Vec<Choice>,
    month: &str,
) -> Form {
    let kinds = vec![
        Choice::new("increment", "增量").hint("只报上次送出以后新增、变更和结束的"),
        Choice::new("full", "全量").hint("全部重新报一遍，对方以这一批为准"),
    ];
    Form::new(action, csrf, "核对")
        .main()
        .field(Field::new("layout", "报什么", FieldKind::Select(layouts)))
        .field(Field::new("month", "所属月份", FieldKind::Select(months)).value(month))
        .field(Field::new("kind", "怎么报", FieldKind::Radio(kinds)).value("increment"))
}

impl ReportsPage {
    fn layouts_table(&self) -> Table {
        let columns = vec![
            Column::new("版式"),
            Column::new("每行是什么"),
            Column::new("格式"),
            Column::new("上次送出"),
            Column::new("不报送的内容"),
        ];
        let rows = self.layouts.iter().map(|it| {
            vec![
                it.name.clone(),
                it.subjects.as_str().into(),
                it.format.as_str().into(),
                it.last.clone(),
                it.left_out.as_str().into(),
            ]
        });
        Table::new("layouts", "上报版式", columns)
            .rows(rows)
            .empty("还没有上报版式，请在 export 目录里加一个版式文件。", None)
    }

    fn runs_table(&self) -> Table {
        let columns = vec![
            Column::short("批次"),
            Column::new("内容"),
            Column::sum("可送出"),
            Column::sum("不能送出"),
            Column::short("到哪一步"),
            Column::new("核对人和时间"),
        ];
        let rows = self.runs.iter().map(|run| {
            vec![
                run.run.clone().into(),
                run.what.clone(),
                run.rows.as_str().into(),
                run.held.as_str().into(),
                run.state.clone().into(),
                run.by.as_str().into(),
            ]
        });
        let mut table = Table::new("runs", "上报批次", columns)
            .rows(rows)
            .empty("还没有上报过。先选一个版式核对，核对时不会送出任何数据。", None);
        table.pager.clone_from(&self.pager);
        table
    }
}

/// One run.
#[derive(Clone, Debug, Template)]
#[template(path = "reporting/run.html")]
pub struct RunPage {
    /// Around it.
    pub shell: Shell,
    /// The way back.
    pub crumbs: Crumbs,
    /// What is reported.
    pub headline: String,
    /// How far it has come.
    pub state: Chip,
    /// What to do next.
    pub advice: String,
    /// What can be done now with one click.
    pub acts: Vec<PostButton>,
    /// The hand-over slip.
    pub slip: Option<Link>,
    /// Something that needs words: how it was handed over, or the receipt.
    pub forms: Vec<(String, Form)>,
    /// Figures with their words.
    pub figures: Vec<FigureCell>,
    /// 不能送出
    pub held: Option<Table>,
    /// 退回
    pub refused: Option<Table>,
    /// 经过
    pub moves: Vec<MoveRow>,
    /// 批次单: number, file, hash …
    pub facts: Vec<(String, String)>,
}

/// A figure.
#[derive(Clone, Debug)]
pub struct FigureCell {
    /// The figure.
    pub count: String,
    /// What it counts.
    pub label: String,
    /// `bad`, `wait`, `ok` or nothing.
    pub class: &'static str,
}

/// A step that was made.
#[derive(Clone, Debug)]
pub struct MoveRow {
    /// When.
    pub at: String,
    /// Who.
    pub by: String,
    /// To which state.
    pub state: Chip,
    /// With what.
    pub note: String,
}

/// A row that cannot go out, or was refused.
#[derive(Clone, Debug)]
pub struct TroubleRow {
    /// Who.
    pub person: Line,
    /// Where.
    pub area: String,
    /// The item, in words; may be empty.
    pub item: String,
    /// What is wrong.
    pub why: String,
}

/// The table of rows that cannot go out, or were refused.
pub fn trouble_table(
    id: &'static str,
    title: &str,
    words: String,
    why: &str,
    rows: &[TroubleRow],
    tools: Vec<Link>,
) -> Table {
    let columns =
        vec![Column::new("老人"), Column::new("户籍"), Column::new("项目"), Column::new(why)];
    let cells = rows.iter().map(|row| {
        vec![
            row.person.clone(),
            row.area.as_str().into(),
            row.item.as_str().into(),
            row.why.as_str().into(),
        ]
    });
    let mut table = Table::new(id, title, columns).rows(cells);
    table.filter_words = words;
    table.tools = tools;
    table
}

/// The form that notes how the file was handed over: sends `note`.
pub fn handed_over_form(action: Href, csrf: &str) -> Form {
    Form::new(action, csrf, "登记已送出").field(
        Field::new("note", "怎么送的，谁收的", FieldKind::Text("off"))
            .hint("如：政务内网邮箱，省厅数据处王某签收。"),
    )
}

/// The form of a receipt file: sends `file`.
pub fn receipt_form(action: Href, csrf: &str) -> Form {
    Form::new(action, csrf, "登记回执").field(
        Field::new("file", "回执文件", FieldKind::File(".xlsx,.xls,.csv".to_owned()))
            .hint("接收单位给的原样文件，逐行写明接收或退回。"),
    )
}

impl RunPage {
    fn moves_table(&self) -> Table {
        let columns = vec![
            Column::short("时间"),
            Column::short("谁"),
            Column::short("到哪一步"),
            Column::new("说明"),
        ];
        let rows = self.moves.iter().map(|it| {
            vec![
                it.at.as_str().into(),
                it.by.as_str().into(),
                it.state.clone().into(),
                it.note.as_str().into(),
            ]
        });
        Table::new("moves", "经过", columns).rows(rows)
    }
}
