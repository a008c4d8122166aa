//! 表单: what the printed forms of several capabilities carry. One sheet is one page of A4: what
//! is printed is what is shown.

use askama::Template;
use kernel::Fen;
use qrcode::QrCode;
use qrcode::render::svg;
use webkit::Paper;

/// 版心: rows of a list that fit on a sheet with its heading, sums and signatures.
pub const ROWS_A_SHEET: usize = 20;

/// 编号: the record that a sheet belongs to, readable by people and by a camera. Never a name or a
/// number of a person.
#[derive(Clone, Debug)]
pub struct Record {
    /// Such as 批次号 990121-old_age_allowance-202606-1.
    pub text: String,
    /// The same as a picture: an SVG of squares, no data besides the text.
    pub code: String,
}

impl Record {
    /// The record with this text.
    ///
    /// # Panics
    /// When the text is longer than a page: records are short.
    pub fn new(text: impl Into<String>) -> Self {
        let text = text.into();
        let code = QrCode::new(text.as_bytes()).expect("a record fits into a code");
        let mut picture = code.render::<svg::Color<'_>>();
        let code = picture.min_dimensions(120, 120).quiet_zone(false).build();
        // Only the picture: within a page it needs no declaration of its own.
        let from = code.find("<svg").unwrap_or(0);
        let code = code[from..].replace(" xmlns=\"http://www.w3.org/2000/svg\"", "");
        Self { text, code }
    }
}

/// 一览表: people line by line on numbered sheets, with the sum of each sheet and of all.
#[derive(Clone, Debug, Template)]
#[template(path = "sheets/list.html")]
pub struct ListPaper {
    /// Around it.
    pub paper: Paper,
    /// Such as 松河县高龄津贴发放花名册.
    pub title: String,
    /// The line under the title: the period, the town, the unit of sums.
    pub about: String,
    /// Headings; a sum stands right.
    pub columns: Vec<Heading>,
    /// The sheets.
    pub sheets: Vec<Sheet>,
    /// The cells of the last line, 合计.
    pub totals: Vec<String>,
    /// 大写: the sum in words, on the last sheet; none where nothing is paid.
    pub capitals: Option<String>,
    /// Who signs, such as 制表人.
    pub signatures: Vec<&'static str>,
    /// The record.
    pub record: Record,
}

/// A heading of a list.
#[derive(Clone, Debug)]
pub struct Heading {
    /// What is read.
    pub text: &'static str,
    /// Style class: `r` for sums, `nw` for what does not wrap, `signed` for a place to sign.
    pub class: &'static str,
}

/// One page.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// Its number.
    pub no: usize,
    /// Lines of cells.
    pub rows: Vec<Vec<String>>,
    /// The cells of 本页小计.
    pub totals: Vec<String>,
}

/// A line of a list before it is laid on sheets.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its cells.
    pub cells: Vec<String>,
    /// What it adds to the sum.
    pub amount_fen: Fen,
}

/// 分页: lays rows on sheets of so many and adds up each sheet. Where the sum stands is told by its
/// column; the first cell holds the words.
pub fn sheets(rows: &[Row], columns: usize, sum_at: usize, a_sheet: usize) -> Vec<Sheet> {
    let total = |rows: &[Row], words: &str| {
        let fen: Fen = rows.iter().map(|row| row.amount_fen).sum();
        totals(columns, sum_at, format!("{words}（{} 人）", rows.len()), fen)
    };
    let mut sheets: Vec<Sheet> = rows
        .chunks(a_sheet)
        .enumerate()
        .map(|(at, rows)| Sheet {
            no: at + 1,
            totals: total(rows, "本页小计"),
            rows: rows.iter().map(|row| row.cells.clone()).collect(),
        })
        .collect();
    if sheets.is_empty() {
        sheets.push(Sheet { no: 1, rows: Vec::new(), totals: total(&[], "本页小计") });
    }
    sheets
}

/// A line of sums: the words in the second cell, the sum in its column.
pub fn totals(columns: usize, sum_at: usize, words: String, fen: Fen) -> Vec<String> {
    let mut cells = vec![String::new(); columns];
    cells[1] = words;
    cells[sum_at] = fen.to_string();
    cells
}

/// 月度汇总表: towns by classes, with the sum in words and three signatures.
#[derive(Clone, Debug, Template)]
#[template(path = "sheets/summary.html")]
pub struct SummaryPaper {
    /// Around it.
    pub paper: Paper,
    /// Such as 松河县高龄津贴发放汇总表.
    pub title: String,
    /// Period and unit.
    pub about: String,
    /// Names of the classes, such as 80—89 周岁.
    pub bands: Vec<String>,
    /// A line for each town.
    pub towns: Vec<TownLine>,
    /// 合计
    pub total: TownLine,
    /// 大写
    pub capitals: String,
    /// What changed since last month, a line for each cause: words, people, sum.
    pub differences: Vec<(String, String, String)>,
    /// 内容校验值 of the run, in groups.
    pub content_sm3: String,
    /// Who locked it and when.
    pub locked: Vec<String>,
    /// The record.
    pub record: Record,
}

/// One town of the summary.
#[derive(Clone, Debug)]
pub struct TownLine {
    /// Its name.
    pub town: String,
    /// People and sum for each class.
    pub bands: Vec<(String, String)>,
    /// 补发: person-months and sum.
    pub arrears: (String, String),
    /// People.
    pub people: String,
    /// Sum.
    pub sum: String,
}

/// 申请审批表: one person a sheet, with what was learned, a place to sign and three opinions.
#[derive(Clone, Debug, Template)]
#[template(path = "sheets/application.html")]
pub struct ApplicationPaper {
    /// Around it.
    pub paper: Paper,
    /// Such as 高龄津贴申请审批表.
    pub title: String,
    /// The forms.
    pub forms: Vec<ApplicationForm>,
}

/// One application on paper.
#[derive(Clone, Debug)]
pub struct ApplicationForm {
    /// What is known of the person, label and value; the number is masked.
    pub person: Vec<(&'static str, String)>,
    /// 对象类别 as on the official form, ticked or not.
    pub ticks: Vec<Tick>,
    /// 核查授权: what the signature allows.
    pub consent: String,
    /// Every condition: ✓, ✗ or ?, what it asks, what it rests on.
    pub conditions: Vec<(String, String, String)>,
    /// Sums: since when, how much a month, arrears.
    pub money: Vec<(&'static str, String)>,
    /// 村、镇、县 opinions as far as they were given: title, text, who and when.
    pub opinions: Vec<(&'static str, String, String)>,
    /// The record.
    pub record: Record,
    /// How often it was printed, such as 第 2 次打印.
    pub printed: String,
}

/// 勾选: ☑ or □ with its words, in the official order.
#[derive(Clone, Debug)]
pub struct Tick {
    /// Whether it is so.
    pub is_on: bool,
    /// The words.
    pub text: String,
}

impl Tick {
    /// The box.
    pub fn mark(&self) -> char {
        if self.is_on { '☑' } else { '□' }
    }
}

/// 单人备案表: an adjustment or a stop, one person a sheet.
#[derive(Clone, Debug, Template)]
#[template(path = "sheets/change.html")]
pub struct ChangePaper {
    /// Around it.
    pub paper: Paper,
    /// Such as 高龄津贴调整备案表.
    pub title: String,
    /// The forms.
    pub forms: Vec<ChangeForm>,
}

/// One change on paper.
#[derive(Clone, Debug)]
pub struct ChangeForm {
    /// What is known of the person, label and value.
    pub person: Vec<(&'static str, String)>,
    /// Heading of the boxes, such as 停发原因.
    pub ticks_title: &'static str,
    /// The reasons in the official order.
    pub ticks: Vec<Tick>,
    /// What changes: label and value.
    pub change: Vec<(&'static str, String)>,
    /// Why, with the clause.
    pub because: String,
    /// Opinions: title, text, who and when.
    pub opinions: Vec<(&'static str, String, String)>,
    /// The record.
    pub record: Record,
    /// How often it was printed.
    pub printed: String,
}

/// 盖章确认表: a town confirms its part of a run.
#[derive(Clone, Debug, Template)]
#[template(path = "sheets/confirmation.html")]
pub struct ConfirmationPaper {
    /// Around it.
    pub paper: Paper,
    /// Such as 云溪镇高龄津贴发放确认表.
    pub title: String,
    /// Period.
    pub about: String,
    /// Label and value: people, sum, new, stopped, changed.
    pub figures: Vec<(&'static str, String)>,
    /// 大写
    pub capitals: String,
    /// What the town confirms, in a sentence.
    pub sentence: String,
    /// The record.
    pub record: Record,
}

/// 老人联系卡: what the elder gets and whom to call, for a purse.
#[derive(Clone, Debug, Template)]
#[template(path = "sheets/card.html")]
pub struct CardPaper {
    /// Around it.
    pub paper: Paper,
    /// Whose.
    pub name: String,
    /// Benefit, sum a month, day and account's last signs.
    pub gets: Vec<(String, String, String)>,
    /// Whom to call: who and the number.
    pub calls: Vec<(String, String)>,
    /// The office and the day.
    pub issuer: String,
}
