//! 找老人: what the page says, as plain data.

use askama::Template;
use webkit::{Chip, Column, Field, FieldKind, Form, Href, Line, Link, Pager, Shell, Table};

/// 找老人
#[derive(Clone, Debug, Template)]
#[template(path = "elder_search/search.html")]
pub struct SearchPage {
    /// Around it; its search box holds what was looked for.
    pub shell: Shell,
    /// See [`search_form`].
    pub form: Form,
    /// What was looked for, in words; empty before the first search.
    pub asked: String,
    /// Who was found within the reader's area.
    pub found: Vec<FoundRow>,
    /// Pages.
    pub pager: Option<Pager>,
}

/// An elder who was found.
#[derive(Clone, Debug)]
pub struct FoundRow {
    /// Name, leading to the file.
    pub elder: Link,
    /// Such as 女 80 岁.
    pub about: String,
    /// The number, masked.
    pub number: String,
    /// Such as 云溪镇溪尾村.
    pub village: String,
    /// 在世 and its like.
    pub life: Chip,
    /// What is open, such as 1 件待办; may be empty.
    pub open: String,
}

/// 找老人: the form of [`SearchPage`]; sends `q`.
pub fn search_form(action: Href, csrf: &str, text: &str) -> Form {
    Form::new(action, csrf, "查找").main().field(
        Field::new("q", "姓名、拼音首字母、村名或完整身份证号", FieldKind::Text("off"))
            .value(text)
            .hint("例如：周某某、zmm、溪尾村。身份证号要写全 18 位。只查您辖区内的老人。"),
    )
}

impl SearchPage {
    fn table(&self) -> Table {
        let columns = vec![
            Column::short("姓名"),
            Column::short("身份证号"),
            Column::new("户籍"),
            Column::short("状态"),
            Column::short("待办"),
        ];
        let mut table = Table::new("found", self.asked.clone(), columns)
            .rows(self.found.iter().map(FoundRow::cells))
            .empty(
                "辖区内没有找到。请核对写法：姓名要从姓开始写，拼音只写首字母，\
                 身份证号要写全 18 位。户籍在外地的老人，由户籍地登记。",
                None,
            );
        table.pager.clone_from(&self.pager);
        table
    }
}

impl FoundRow {
    fn cells(&self) -> Vec<Line> {
        vec![
            Line::from(self.elder.clone()).small(self.about.as_str()),
            self.number.as_str().into(),
            self.village.as_str().into(),
            self.life.clone().into(),
            self.open.as_str().into(),
        ]
    }
}
