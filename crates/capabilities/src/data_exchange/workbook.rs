//! Workbooks that leave: the return file in the sender's own layout, and an empty template.

use std::collections::HashMap;

use facts::batches::Batch;
use facts::layout::{Layout, Parse};
use facts::return_file::{Reject, return_file};
use facts::row::RowFault;
use facts::sheet::{Limits, SheetProcess};
use kernel::{Day, Trouble};
use rust_xlsxwriter::{Color, Format};

use super::report::Report;
use crate::originals::{ClearCopy, kept};
use crate::{App, download};

/// The rejected rows of a file as a workbook: header lines as they were, the bad cells marked,
/// with the reason and what to do beside them. Reads the file again.
pub(crate) async fn errors(app: &App, batch: &Batch, report: Report) -> Result<Vec<u8>, Trouble> {
    let app = app.clone();
    let file_sm3 = batch.file_sm3;
    let work = move || {
        let parts = app.parts();
        let bytes = kept(&parts.files_dir, app.vault(), &file_sm3)?;
        let copy = ClearCopy::of(&parts.files_dir, &bytes)?;
        let limits = Limits::default();
        let peek = SheetProcess::peek(&parts.exe, copy.path(), &limits)?;
        let mapping = &report.mapping;
        let head: Vec<_> = peek.sheets.get(mapping.sheet).map_or_else(Vec::new, |sheet| {
            let last = mapping.last_header_row();
            sheet.head.iter().filter(|row| row.number <= last).cloned().collect()
        });
        let notes: HashMap<u32, _> = report.rejects.iter().map(|note| (note.row, note)).collect();
        let mut rejects = Vec::with_capacity(notes.len());
        for row in SheetProcess::rows(&parts.exe, copy.path(), mapping.sheet, &limits)? {
            let row = row?;
            if let Some(note) = notes.get(&row.number) {
                let fault = RowFault {
                    place: note.place,
                    reason: note.reason.clone(),
                    remedy: note.remedy.clone(),
                };
                rejects.push(Reject { row, fault });
            }
        }
        return_file(&head, &rejects, app.now().day()).map_err(Trouble::fault)
    };
    tokio::task::spawn_blocking(work).await.map_err(Trouble::fault)?
}

/// An empty workbook in the layout that is read most surely: the last spelling of each header,
/// identifiers as text.
pub(crate) fn template(layout: &Layout, today: Day) -> Result<Vec<u8>, Trouble> {
    let mut book = download::book(today);
    let head = Format::new().set_bold().set_background_color(Color::RGB(0x00E5_EFEB));
    let text = Format::new().set_num_format("@");
    let sheet = book.add_worksheet();
    sheet.set_name("数据").map_err(Trouble::fault)?;
    for (place, column) in (0_u16..).zip(&layout.columns) {
        let heading = column.headers.last().map_or("", String::as_str);
        sheet.write_string_with_format(0, place, heading, &head).map_err(Trouble::fault)?;
        let width = if column.parse == Parse::ResidentNumber { 22 } else { 14 };
        sheet.set_column_width(place, width).map_err(Trouble::fault)?;
        if matches!(column.parse, Parse::ResidentNumber | Parse::Name | Parse::Text) {
            sheet.set_column_format(place, &text).map_err(Trouble::fault)?;
        }
    }
    sheet.set_freeze_panes(1, 0).map_err(Trouble::fault)?;
    book.save_to_buffer().map_err(Trouble::fault)
}
