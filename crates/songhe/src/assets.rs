//! Stylesheets, script and icon, out of the program itself.

use axum::body::Body;
use axum::extract::{Path, RawQuery};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::edge;
use crate::program_data::Web;

/// Asked again each time and then mostly not sent again; kept for ever when its address names
/// the content by `?v=`.
pub(crate) async fn asset(
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let Some(file) = Web::get(&name) else { return edge::not_found().await };
    let hash = file.metadata.sha256_hash();
    let version = format!("{:016x}", u64::from_be_bytes(first_eight(hash)));
    let tag = format!("\"{version}\"");
    let keep = match query.as_deref().and_then(|query| query.strip_prefix("v=")) {
        Some(asked) if asked == version => "public, max-age=31536000, immutable",
        _ => "no-cache",
    };
    let has_it = headers
        .get(header::IF_NONE_MATCH)
        .and_then(|tags| tags.to_str().ok())
        .is_some_and(|tags| tags.split(',').any(|it| it.trim().trim_start_matches("W/") == tag));
    let head = [(header::ETAG, tag.as_str()), (header::CACHE_CONTROL, keep)];
    if has_it {
        return (StatusCode::NOT_MODIFIED, head).into_response();
    }
    let media = [(header::CONTENT_TYPE, media_type(&name))];
    (head, media, Body::from(file.data.into_owned())).into_response()
}

fn first_eight(hash: [u8; 32]) -> [u8; 8] {
    let mut first = [0; 8];
    first.copy_from_slice(&hash[..8]);
    first
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("json" | "webmanifest") => "application/json",
        _ => "application/octet-stream",
    }
}
