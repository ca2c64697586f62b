//! Answers, and what they say where something is wrong.

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// An answer in JSON. No cache keeps it.
pub(super) fn json(status: StatusCode, value: &Value) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (status, headers, Body::from(value.to_string())).into_response()
}

/// Why nothing of a request is taken, and what to do.
#[derive(Debug)]
pub(super) struct Problem {
    status: StatusCode,
    code: &'static str,
    message: Box<str>,
    hint: Box<str>,
    header: Option<Box<(HeaderName, HeaderValue)>>,
}

impl Problem {
    pub(super) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into().into(),
            hint: Box::default(),
            header: None,
        }
    }

    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into().into();
        self
    }

    pub(super) fn header(mut self, name: HeaderName, value: impl ToString) -> Self {
        let value = HeaderValue::try_from(value.to_string()).ok();
        self.header = value.map(|value| Box::new((name, value)));
        self
    }
}

impl From<Problem> for Response {
    fn from(problem: Problem) -> Self {
        let error = json!({"code": problem.code, "message": problem.message, "hint": problem.hint});
        let mut response = json(problem.status, &json!({"error": error}));
        if let Some(header) = problem.header {
            let (name, value) = *header;
            response.headers_mut().insert(name, value);
        }
        response
    }
}
