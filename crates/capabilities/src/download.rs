//! Files that leave through the browser.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};

/// A workbook under a Chinese name.
pub(crate) fn xlsx(name: &str, bytes: Vec<u8>) -> Response {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let mut encoded = String::new();
    for byte in stem.bytes() {
        if byte.is_ascii_alphanumeric() {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    let disposition = format!("attachment; filename=\"songhe.xlsx\"; filename*=UTF-8''{encoded}.xlsx");
    let disposition = HeaderValue::from_str(&disposition)
        .unwrap_or_else(|_| HeaderValue::from_static("attachment"));
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CONTENT_DISPOSITION, disposition),
    ];
    (headers, bytes).into_response()
}
