use askama::Template;
use axum::response::{Html, IntoResponse, Response};
use http::StatusCode;

/// A template as an answer. Security headers are the server's business, not the page's.
#[derive(Clone, Debug)]
pub struct Page<T> {
    template: T,
    status: StatusCode,
}

impl<T: Template> Page<T> {
    /// An answer of 200.
    pub fn new(template: T) -> Self {
        Self { template, status: StatusCode::OK }
    }

    /// With another status.
    #[must_use]
    pub fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }
}

impl<T: Template> IntoResponse for Page<T> {
    fn into_response(self) -> Response {
        match self.template.render() {
            Ok(html) => (self.status, Html(html)).into_response(),
            Err(error) => {
                tracing::error!(%error, "a template failed to render");
                (StatusCode::INTERNAL_SERVER_ERROR, "系统故障：页面没有生成").into_response()
            }
        }
    }
}
