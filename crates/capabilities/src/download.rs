//! Files that leave through the browser.

use std::fmt::Write as _;

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};
use kernel::Day;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook};

/// A new workbook that says it was made on the bureau's day: the same rows give the same bytes.
pub(crate) fn book(today: Day) -> Workbook {
    let mut book = Workbook::new();
    if let Ok(made) = ExcelDateTime::parse_from_str(&today.to_string()) {
        book.set_properties(&DocProperties::new().set_creation_datetime(&made));
    }
    book
}

/// A workbook under a Chinese name.
pub(crate) fn xlsx(name: &str, bytes: Vec<u8>) -> Response {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let mut disposition = "attachment; filename=\"songhe.xlsx\"; filename*=UTF-8''".to_owned();
    for byte in stem.bytes().chain(*b".xlsx") {
        if byte.is_ascii_alphanumeric() || byte == b'.' {
            disposition.push(char::from(byte));
        } else {
            write!(disposition, "%{byte:02X}").expect("a String takes every write");
        }
    }
    let disposition = HeaderValue::from_str(&disposition)
        .unwrap_or_else(|_| HeaderValue::from_static("attachment"));
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CONTENT_DISPOSITION, disposition),
    ];
    (headers, bytes).into_response()
}
