//! 部门数据 (S4): suppliers, a file's way from receipt to acceptance: what the pages say, as plain
//! data.

use askama::Template;
use webkit::{
    Chip, Choice, Column, Crumbs, Field, FieldKind, Form, Href, Line, Link, Pager, PostButton,
    Progress, Shell, Table,
};

/// 部门数据: who sends what, how old it is, and where a new file is dropped.
#[derive(Clone, Debug, Template)]
#[template(path = "data_exchange/intake.html")]
pub struct IntakePage {
    /// Around it.
    pub shell: Shell,
    /// What a data officer would say aloud.
    pub sentence: Line,
    /// 供数单位
    pub suppliers: Vec<SupplierRow>,
    /// 各地各来源, for who has areas with files of their own below.
    pub matrix: Option<Matrix>,
    /// 等另一人确认: files that one person has accepted.
    pub waiting: Vec<WaitingRow>,
    /// See [`upload_form`]; none when the role may not.
    pub upload: Option<Form>,
    /// 收到的文件, newest first.
    pub batches: Vec<BatchRow>,
    /// Pages of files.
    pub pager: Option<Pager>,
}

/// 各地各来源: how old each source is for each area.
#[derive(Clone, Debug)]
pub struct Matrix {
    /// Names of the areas.
    pub areas: Vec<String>,
    /// Each source with its age in each area.
    pub rows: Vec<(String, Vec<Chip>)>,
}

/// A file that waits for a second person.
#[derive(Clone, Debug)]
pub struct WaitingRow {
    /// File name, leading to the batch.
    pub file: Link,
    /// Such as 殡仪馆火化台账.
    pub supplier: String,
    /// 截至
    pub as_of: String,
    /// Who accepted it and when.
    pub by: String,
}

/// A supplier.
#[derive(Clone, Debug)]
pub struct SupplierRow {
    /// Such as 县公安局, leading to its files.
    pub name: Link,
    /// Such as 人口信息.
    pub what: String,
    /// Such as 2026-06-01; 还没有收到 before the first.
    pub as_of: String,
    /// Such as 1 天前; amber or red when it is late.
    pub age: Chip,
    /// Such as 每月 5 日前.
    pub expected: String,
    /// 下载模板
    pub template: Option<Href>,
}

/// A file that was received.
#[derive(Clone, Debug)]
pub struct BatchRow {
    /// File name, leading to the batch.
    pub file: Link,
    /// Such as 县公安局 人口信息.
    pub supplier: String,
    /// 截至
    pub as_of: String,
    /// How many rows, with thousands commas.
    pub rows: String,
    /// 待核对, 已接收 …
    pub state: Chip,
    /// Who received it and when.
    pub by: String,
}

/// 登记收到的文件: the form of [`IntakePage`]; sends `supplier`, `as_of` and `file`.
pub fn upload_form(action: Href, csrf: &str, suppliers: Vec<Choice>) -> Form {
    Form::new(action, csrf, "登记并检查")
        .main()
        .field(
            Field::new("file", "文件", FieldKind::File(".xlsx,.xls,.csv".to_owned()))
                .hint("Excel（.xlsx、.xls）或 CSV。点一下选择，也可以把文件拖到框里。"),
        )
        .field(Field::new("supplier", "哪个部门的什么数据", FieldKind::Select(suppliers)))
        .field(
            Field::new("as_of", "数据截至哪一天", FieldKind::Day)
                .hint("是数据反映的日期，不是收到的日期。交接单上有。"),
        )
}

impl IntakePage {
    fn suppliers_table(&self) -> Table {
        let columns = vec![
            Column::new("数据和供数单位"),
            Column::short("最近截至"),
            Column::short("有多旧"),
            Column::short("约定"),
            Column::short("模板"),
        ];
        Table::new("suppliers", "各部门的数据", columns)
            .rows(self.suppliers.iter().map(SupplierRow::cells))
            .empty("还没有设定来文格式。请系统管理员先把来文格式放进 exchange 目录。", None)
    }

    fn matrix_table(&self) -> Option<Table> {
        let matrix = self.matrix.as_ref()?;
        let mut columns = vec![Column::new("来源")];
        columns.extend(matrix.areas.iter().map(|area| Column::short(area.as_str())));
        let rows = matrix.rows.iter().map(|(source, ages)| {
            let ages = ages.iter().map(|age| Line::from(age.clone()));
            std::iter::once(Line::from(source.as_str())).chain(ages).collect()
        });
        Some(Table::new("matrix", "各地数据有多旧", columns).rows(rows))
    }

    fn waiting_table(&self) -> Table {
        let columns = vec![
            Column::new("文件"),
            Column::new("数据"),
            Column::short("截至"),
            Column::new("谁接收的"),
        ];
        let rows = self.waiting.iter().map(|row| {
            vec![
                row.file.clone().into(),
                row.supplier.as_str().into(),
                row.as_of.as_str().into(),
                row.by.as_str().into(),
            ]
        });
        Table::new("waiting", "等另一人确认", columns).rows(rows)
    }

    fn batches_table(&self) -> Table {
        let columns = vec![
            Column::new("文件"),
            Column::new("数据"),
            Column::short("截至"),
            Column::sum("行数"),
            Column::short("状态"),
            Column::short("登记"),
        ];
        let mut table = Table::new("batches", "收到的文件", columns)
            .rows(self.batches.iter().map(BatchRow::cells))
            .empty("还没有收到文件。请从上面登记第一份。", None);
        table.pager.clone_from(&self.pager);
        table
    }
}

impl SupplierRow {
    fn cells(&self) -> Vec<Line> {
        vec![
            Line::from(self.name.clone()).small(self.what.as_str()),
            self.as_of.as_str().into(),
            self.age.clone().into(),
            self.expected.as_str().into(),
            self.template
                .as_ref()
                .map_or_else(Line::new, |href| Line::from(Link::new("下载", href.clone()))),
        ]
    }
}

impl BatchRow {
    fn cells(&self) -> Vec<Line> {
        vec![
            self.file.clone().into(),
            self.supplier.as_str().into(),
            self.as_of.as_str().into(),
            self.rows.as_str().into(),
            self.state.clone().into(),
            self.by.as_str().into(),
        ]
    }
}

/// One file by its stage. Parts that the stage has not reached are none or empty.
#[derive(Clone, Debug, Template)]
#[template(path = "data_exchange/batch.html")]
pub struct BatchPage {
    /// Around it.
    pub shell: Shell,
    /// The way here.
    pub crumbs: Crumbs,
    /// Where the file is.
    pub stage: Stage,
    /// What is so, as one would say it aloud, such as 98.7 % 已对上，287 行要看一看.
    pub headline: String,
    /// What to do about it.
    pub advice: String,
    /// 先停一停: why the file is not taken as it is.
    pub holds: Vec<Hold>,
    /// 接收, 暂存, 退回, 撤销 …; the first is the main act.
    pub acts: Vec<PostButton>,
    /// A held file comes in, and an applied one goes out, with a reason.
    pub reason: Option<Form>,
    /// 不同意入库: the other answer of the second person.
    pub second: Option<Form>,
    /// 死亡信息名单: whom the file reports dead for the first time.
    pub deaths: Option<Deaths>,
    /// 核对结果
    pub matched: Option<MatchSummary>,
    /// 退回的行, the first of them.
    pub rejects: Vec<RejectRow>,
    /// 下载错误清单 in the sender's own layout.
    pub error_workbook: Option<Link>,
    /// 人工核对: rows that a person has to decide, the first of them.
    pub desk: Vec<DeskRow>,
    /// 与上一份相比
    pub difference: Option<Difference>,
    /// 读到了什么
    pub profile: Option<Profile>,
    /// 列的对应: see [`mapping_form`].
    pub mapping: Option<Form>,
    /// 交接单: term and words (file, hash, rows, as-of, received by, at).
    pub slip: Vec<(String, String)>,
    /// 打印交接单
    pub slip_print: Option<Href>,
}

/// 环节: where a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// 收到
    Received,
    /// 对列
    Mapping,
    /// 核对
    Checked,
    /// 待另一人确认
    Seconded,
    /// 接收
    Accepted,
    /// 已退回
    Returned,
    /// 已撤销
    Undone,
}

/// 死亡信息名单: what a second person confirms.
#[derive(Clone, Debug)]
pub struct Deaths {
    /// How many, how many of them are paid, how many were seen alive since.
    pub figures: Vec<Figure>,
    /// Everybody, those who must be looked at first.
    pub rows: Vec<DeathRow>,
}

/// A person whom the file reports dead.
#[derive(Clone, Debug)]
pub struct DeathRow {
    /// The elder, as the file names them.
    pub elder: Link,
    /// Day of death as the file has it.
    pub on: String,
    /// What they are paid now, which would be stopped.
    pub gets: String,
    /// 矛盾, 已印证 or 只有这一个来源, and by whom.
    pub check: Line,
    /// The row of the file.
    pub row: String,
}

/// Why a file is not taken as it is.
#[derive(Clone, Debug)]
pub struct Hold {
    /// What is wrong.
    pub sentence: String,
    /// What to do.
    pub remedy: String,
    /// The earlier file that it is about.
    pub earlier: Option<Link>,
}

/// 核对结果: how the rows met the people, every figure a door to its rows.
#[derive(Clone, Debug, Default)]
pub struct MatchSummary {
    /// 一致, 规范后一致 by kind, 人工核对, 新老人, 不能用: words, count, class (`bad`, `wait` or
    /// empty), rows.
    pub figures: Vec<Figure>,
}

/// A figure that opens to its rows.
#[derive(Clone, Debug)]
pub struct Figure {
    /// How many, with thousands commas.
    pub count: String,
    /// Of what.
    pub label: String,
    /// `bad`, `wait` or empty.
    pub class: &'static str,
    /// Its rows.
    pub href: Option<Href>,
}

/// A row that cannot be used.
#[derive(Clone, Debug)]
pub struct RejectRow {
    /// Row of the file, from 1.
    pub row: u32,
    /// Name and number as the file has them, masked.
    pub who: String,
    /// Why.
    pub reason: String,
    /// What the sender can do.
    pub remedy: String,
}

/// A row that a person has to decide.
#[derive(Clone, Debug)]
pub struct DeskRow {
    /// Row of the file, leading to its source.
    pub row: Link,
    /// What the file says.
    pub says: String,
    /// Whom it may be, leading to the file of the elder.
    pub candidate: Option<Link>,
    /// Why it is not certain.
    pub reason: String,
}

/// 与上一份相比
#[derive(Clone, Debug)]
pub struct Difference {
    /// The file before.
    pub before: Link,
    /// 新增, 减少, 变化, 不变.
    pub figures: Vec<Figure>,
}

/// 读到了什么: the file before anything is made of it.
#[derive(Clone, Debug, Default)]
pub struct Profile {
    /// Rows, sheet, encoding, header lines …: term and words.
    pub facts: Vec<(String, String)>,
    /// The headings as they were understood.
    pub headings: Vec<String>,
    /// The first rows; sensitive cells masked.
    pub sample: Vec<Vec<String>>,
}

/// A column of the file and the field that it is.
#[derive(Clone, Debug)]
pub struct MappingColumn {
    /// Position in the file, from 0; sent as `column-0` and so on.
    pub position: usize,
    /// Heading with an example, such as 公民身份号码（例：99…）.
    pub heading: String,
    /// The field that it is taken for; empty when it is not used.
    pub field: String,
    /// Said below it, such as 沿用上次; may be empty.
    pub note: String,
}

/// 列的对应: one select for each column of the file, with the fields that the supplier's layout
/// knows; the remembered choice stands in it.
pub fn mapping_form(
    action: Href,
    csrf: &str,
    columns: &[MappingColumn],
    fields: &[Choice],
) -> Form {
    let mut form = Form::new(action, csrf, "记住对应并试算").main();
    let mut choices = vec![Choice::new("", "不使用这一列")];
    choices.extend(fields.iter().cloned());
    for column in columns {
        let kind = FieldKind::Select(choices.clone());
        let name = format!("column-{}", column.position);
        let field = Field::new(&name, &column.heading, kind).value(column.field.as_str());
        form = form.field(Field { required: false, ..field }.hint(column.note.as_str()));
    }
    form
}

impl Stage {
    /// The bureau's word.
    pub const fn chinese(self) -> &'static str {
        match self {
            Self::Received => "收到",
            Self::Mapping => "对列",
            Self::Checked => "核对",
            Self::Seconded => "待另一人确认",
            Self::Accepted => "接收",
            Self::Returned => "已退回",
            Self::Undone => "已撤销",
        }
    }

    /// The stages on the way to acceptance, each with its class and number.
    fn steps(self) -> Vec<(usize, &'static str, &'static str)> {
        let step = |number, stage: Self| {
            let class = match stage.cmp(&self) {
                _ if self == Self::Accepted => "done",
                std::cmp::Ordering::Less => "done",
                std::cmp::Ordering::Equal => "now",
                std::cmp::Ordering::Greater => "",
            };
            (number, stage.chinese(), class)
        };
        let mut stages = vec![Self::Received, Self::Mapping, Self::Checked];
        stages.extend((self == Self::Seconded).then_some(Self::Seconded));
        stages.push(Self::Accepted);
        stages.into_iter().zip(1..).map(|(stage, number)| step(number, stage)).collect()
    }

    fn on_the_way(self) -> bool {
        self <= Self::Accepted
    }
}

impl BatchPage {
    fn deaths_table(&self) -> Table {
        let columns = vec![
            Column::new("老人"),
            Column::short("死亡日期"),
            Column::new("现在领的"),
            Column::new("别的来源怎么说"),
            Column::short("行"),
        ];
        let rows = self.deaths.iter().flat_map(|deaths| &deaths.rows).map(|row| {
            vec![
                row.elder.clone().into(),
                row.on.as_str().into(),
                row.gets.as_str().into(),
                row.check.clone(),
                row.row.as_str().into(),
            ]
        });
        Table::new("deaths", "新报死亡的人", columns)
            .rows(rows)
            .empty("没有新报死亡的人：以前报过的，或不在库中。", None)
    }

    fn rejects_table(&self) -> Table {
        let columns = vec![
            Column::short("行"),
            Column::new("文件里写的"),
            Column::new("为什么不能用"),
            Column::new("请对方怎么改"),
        ];
        let mut table =
            Table::new("rejects", "不能用的行", columns).rows(self.rejects.iter().map(|row| {
                vec![
                    format!("第 {} 行", row.row).into(),
                    row.who.as_str().into(),
                    row.reason.as_str().into(),
                    row.remedy.as_str().into(),
                ]
            }));
        table.tools.extend(self.error_workbook.clone());
        table
    }

    fn desk_table(&self) -> Table {
        let columns = vec![
            Column::short("行"),
            Column::new("文件里写的"),
            Column::new("可能是"),
            Column::new("为什么拿不准"),
        ];
        Table::new("desk", "要人工核对的行", columns).rows(self.desk.iter().map(|row| {
            let candidate = row.candidate.clone().map_or_else(|| "没有相近的人".into(), Line::from);
            vec![
                row.row.clone().into(),
                row.says.as_str().into(),
                candidate,
                row.reason.as_str().into(),
            ]
        }))
    }
}

/// 正在处理: a file's rows are being read or matched.
#[derive(Clone, Debug, Template)]
#[template(path = "data_exchange/progress.html")]
pub struct ProgressPage {
    /// Around it.
    pub shell: Shell,
    /// The way here.
    pub crumbs: Crumbs,
    /// The file's name.
    pub file: String,
    /// How far it is.
    pub progress: Progress,
}
