//! 待办名单 and its sheet: what the pages say, as plain data.

use askama::Template;
use webkit::{
    Choice, Crumbs, Field, FieldKind, FilterLink, Form, Href, Link, Pager, Paper, Shell, Table,
};

use crate::duty_lines::columns;
pub use crate::duty_lines::{DutyOrders, DutyRow};

/// 待办名单: the duties of the area, filtered, searched, in a stated order.
#[derive(Clone, Debug, Template)]
#[template(path = "duty_list/list.html")]
pub struct ListPage {
    /// Around it.
    pub shell: Shell,
    /// 今日待办 › 应享未享
    pub crumbs: Crumbs,
    /// The kind, or 全部待办.
    pub title: String,
    /// How many and how much money.
    pub sentence: String,
    /// 逐件办理: the first of the list.
    pub first: Option<Href>,
    /// 打印
    pub print: Href,
    /// 导出 Excel
    pub export: Href,
    /// 在名单里找: see [`find_form`].
    pub find: Form,
    /// 全部, 已到期, 等村里, a kind each.
    pub filters: Vec<FilterLink>,
    /// Orders, and which one is on.
    pub orders: Vec<(Link, bool)>,
    /// The same as headings of columns.
    pub sorts: DutyOrders,
    /// The filter and the order in words.
    pub filter_words: String,
    /// The duties of this page.
    pub duties: Vec<DutyRow>,
    /// Pages.
    pub pager: Option<Pager>,
    /// Said when there is none.
    pub nothing: String,
}

/// 在名单里找: sends `q` and `area`, with the filter that is on.
pub fn find_form(action: Href, csrf: &str, places: Vec<Choice>, at: &str) -> Form {
    let q = Field::new("q", "在名单里找", FieldKind::Text("off"))
        .hint("姓名、拼音首字母、村名或完整身份证号")
        .optional();
    let form = Form::new(action, csrf, "查找").field(q);
    if places.len() < 2 {
        return form;
    }
    let place = Field::new("area", "哪里", FieldKind::Select(places)).optional().value(at);
    form.field(place)
}

impl ListPage {
    fn table(&self) -> Table {
        let mut table = Table::new("duties", "名单", columns(Some(&self.sorts)))
            .rows(self.duties.iter().map(DutyRow::cells))
            .empty(self.nothing.clone(), None);
        table.filter_words.clone_from(&self.filter_words);
        table.tools = vec![Link::new("导出 Excel", self.export.clone())];
        table.pager.clone_from(&self.pager);
        table
    }
}

/// 打印今日清单: today's duties on paper, by who owes them.
#[derive(Clone, Debug, Template)]
#[template(path = "duty_list/sheet.html")]
pub struct TodaySheet {
    /// Around it.
    pub paper: Paper,
    /// Such as 松河县 今日待办清单.
    pub title: String,
    /// The day, the filter in words and how many.
    pub sentence: String,
    /// One part for each owner.
    pub parts: Vec<SheetPart>,
}

/// What one owner owes.
#[derive(Clone, Debug)]
pub struct SheetPart {
    /// 谁办
    pub owner: String,
    /// The duties.
    pub duties: Vec<DutyRow>,
}
