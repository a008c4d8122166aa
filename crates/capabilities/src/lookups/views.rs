//! 实时核验: what the pages say, as plain data.

use askama::Template;
use webkit::{
    Chip, Choice, Column, Crumbs, Field, FieldKind, Form, Href, Line, Link, Pager, Shell, Table,
};

/// 实时核验: the lines and the calls.
#[derive(Clone, Debug, Template)]
#[template(path = "lookups/lookups.html")]
pub struct LookupsPage {
    /// Around it.
    pub shell: Shell,
    /// How things stand, in a sentence.
    pub sentence: String,
    /// Finds the elder to be asked about; see [`find_form`].
    pub find: Form,
    /// Who was found; none when nobody searched.
    pub found: Option<Vec<FoundRow>>,
    /// The lines.
    pub lines: Vec<LineRow>,
    /// Pulls a batch; with its title.
    pub pulls: Vec<(String, Form)>,
    /// The newest first.
    pub calls: Vec<CallRow>,
    /// Further calls.
    pub pager: Option<Pager>,
}

/// An elder who was found.
#[derive(Clone, Debug)]
pub struct FoundRow {
    /// Who, leading to the page of look-ups.
    pub person: Line,
    /// Where.
    pub area: String,
    /// Leads to the page of look-ups.
    pub go: Link,
}

/// A line to another system.
#[derive(Clone, Debug)]
pub struct LineRow {
    /// Its name, and whose it is.
    pub name: Line,
    /// Connected, resting …
    pub state: Chip,
    /// What it can do.
    pub can: String,
    /// The last answer.
    pub last_answer: String,
    /// The last failure, in words.
    pub last_fault: String,
    /// What is done when it does not answer.
    pub on_failure: String,
}

/// A call.
#[derive(Clone, Debug)]
pub struct CallRow {
    /// When.
    pub at: String,
    /// Who.
    pub by: String,
    /// Which system, and what was asked.
    pub what: Line,
    /// About whom.
    pub person: Line,
    /// Why.
    pub purpose: String,
    /// What came of it.
    pub outcome: Chip,
    /// How long it took and how often it was tried.
    pub took: String,
}

/// The form that finds an elder: sends `q`.
pub fn find_form(action: Href, csrf: &str, typed: &str) -> Form {
    Form::new(action, csrf, "查找").field(
        Field::new("q", "核验哪位老人", FieldKind::Text("off"))
            .hint("完整身份证号、姓名或拼音首字母。")
            .value(typed),
    )
}

/// The form that pulls a batch: sends `as_of`.
pub fn pull_form(action: Href, csrf: &str, label: &str, today: &str) -> Form {
    Form::new(action, csrf, label).field(
        Field::new("as_of", "数据截至", FieldKind::Day)
            .hint("拉到的数据和收到的文件一样：先试导，再由人入库。")
            .value(today),
    )
}

/// The form that asks about an elder: sends `why`.
pub fn ask_form(action: Href, csrf: &str, label: &str, whys: Vec<Choice>, main: bool) -> Form {
    let mut form = Form::new(action, csrf, label).field(Field::new(
        "why",
        "为什么核验",
        FieldKind::Radio(whys),
    ));
    form.main = main;
    form
}

impl LookupsPage {
    fn found_table(&self) -> Table {
        let columns = vec![Column::new("老人"), Column::new("户籍"), Column::short("办理")];
        let rows = self
            .found
            .iter()
            .flatten()
            .map(|it| vec![it.person.clone(), it.area.as_str().into(), it.go.clone().into()]);
        Table::new("found", "查到的老人", columns)
            .rows(rows)
            .empty("辖区内没有查到，请核对号码或姓名。", None)
    }

    fn lines_table(&self) -> Table {
        let columns = vec![
            Column::new("系统"),
            Column::short("现在"),
            Column::new("能做什么"),
            Column::short("最近应答"),
            Column::new("最近的问题"),
            Column::new("不应答时"),
        ];
        let rows = self.lines.iter().map(|line| {
            vec![
                line.name.clone(),
                line.state.clone().into(),
                line.can.as_str().into(),
                line.last_answer.as_str().into(),
                line.last_fault.as_str().into(),
                line.on_failure.as_str().into(),
            ]
        });
        Table::new("lines", "对接的系统", columns)
            .rows(rows)
            .empty("还没有对接的系统，请系统管理员在 exchange-http 目录里配置。", None)
    }

    fn calls_table(&self) -> Table {
        let mut table = calls_table(&self.calls);
        table.pager.clone_from(&self.pager);
        table
    }
}

fn calls_table(calls: &[CallRow]) -> Table {
    let columns = vec![
        Column::short("时间"),
        Column::short("谁"),
        Column::new("问了什么"),
        Column::new("问的是谁"),
        Column::new("用途"),
        Column::short("结果"),
        Column::short("用时"),
    ];
    let rows = calls.iter().map(|call| {
        vec![
            call.at.as_str().into(),
            call.by.as_str().into(),
            call.what.clone(),
            call.person.clone(),
            call.purpose.as_str().into(),
            call.outcome.clone().into(),
            call.took.as_str().into(),
        ]
    });
    Table::new("calls", "调用记录", columns)
        .rows(rows)
        .empty("还没有调用过。调用会留下谁、为什么、什么时候，不记录对方说了什么。", None)
}

/// 实时核验 of one elder.
#[derive(Clone, Debug, Template)]
#[template(path = "lookups/elder.html")]
pub struct ElderLookupsPage {
    /// Around it.
    pub shell: Shell,
    /// The way back.
    pub crumbs: Crumbs,
    /// Who.
    pub headline: String,
    /// Sex, age and place.
    pub about: String,
    /// One for each system that answers about people.
    pub systems: Vec<SystemPart>,
    /// Calls about this elder.
    pub calls: Vec<CallRow>,
}

/// What one system says.
#[derive(Clone, Debug)]
pub struct SystemPart {
    /// Its name.
    pub name: String,
    /// How things stand.
    pub state: Chip,
    /// The same in a sentence, with what to do.
    pub sentence: String,
    /// What it answered.
    pub lines: Vec<AnswerRow>,
    /// Asks once; none while it cannot be asked.
    pub ask: Option<Form>,
}

/// A field of an answer beside what stands here.
#[derive(Clone, Debug)]
pub struct AnswerRow {
    /// What it is.
    pub label: String,
    /// What they say.
    pub theirs: String,
    /// What stands here.
    pub ours: String,
    /// How it compares.
    pub agreement: Chip,
}

impl ElderLookupsPage {
    fn calls_table(&self) -> Table {
        calls_table(&self.calls)
    }
}
