//! A sample of the audit trail.

use webkit::{Href, Line, Link};

use crate::Sample;
use crate::shell::shell;
use crate::views::audit_trail::{EntriesPage, EntryRow};

pub(crate) fn samples() -> Vec<Sample> {
    let entry = |who: &str, action: &str, object: Line, note: &str| EntryRow {
        at: "2026-06-02 08:30".to_owned(),
        who: Line::from(who).small("县级审批 松河县"),
        action: action.to_owned(),
        object,
        note: note.to_owned(),
    };
    let elder = Line::new().link("一人一档", Href::to("/elders").seg("6f0c"));
    let page = EntriesPage {
        shell: shell("/audit"),
        sentence: "共 2 条，只增不改，最近的在前。".to_owned(),
        entries: vec![
            entry("李审批", "看证件号", elder, "核对社保卡"),
            entry("系统", "差异核对", Line::from("全辖区"), "新开 3 件，改写 0 件，自动关闭 1 件"),
        ],
        export: Link::new("导出 xlsx", Href::to("/audit.xlsx")),
        pager: None,
    };
    vec![("audit", Box::new(page))]
}
