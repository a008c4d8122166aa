//! 留痕: what the page says, as plain data.

use askama::Template;
use webkit::{Column, Line, Link, Pager, Shell, Table};

/// 谁看过什么
#[derive(Clone, Debug, Template)]
#[template(path = "audit_trail/entries.html")]
pub struct EntriesPage {
    /// Around it.
    pub shell: Shell,
    /// How many entries there are, in words.
    pub sentence: String,
    /// The newest first.
    pub entries: Vec<EntryRow>,
    /// The same as a workbook.
    pub export: Link,
    /// Further entries.
    pub pager: Option<Pager>,
}

/// One entry.
#[derive(Clone, Debug)]
pub struct EntryRow {
    /// When.
    pub at: String,
    /// Who, as what, where.
    pub who: Line,
    /// What was done.
    pub action: String,
    /// To what.
    pub object: Line,
    /// The person's reason, or what the system counted.
    pub note: String,
}

impl EntriesPage {
    fn table(&self) -> Table {
        let columns = vec![
            Column::short("时间"),
            Column::new("谁"),
            Column::short("做了什么"),
            Column::new("对象"),
            Column::new("原因或说明"),
        ];
        let rows = self.entries.iter().map(|entry| {
            vec![
                entry.at.as_str().into(),
                entry.who.clone(),
                entry.action.as_str().into(),
                entry.object.clone(),
                entry.note.as_str().into(),
            ]
        });
        let mut table = Table::new("entries", "留痕", columns)
            .rows(rows)
            .empty("辖区内还没有人办理或查看过。", None);
        table.tools = vec![self.export.clone()];
        table.pager.clone_from(&self.pager);
        table
    }
}
