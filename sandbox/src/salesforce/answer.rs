//! What Salesforce answers.

use axum::body::Body;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use http::{Response, StatusCode};
use serde::Serialize;
use serde_json::Value as Json;

use super::error::Refusal;

/// An answer.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) body: Vec<u8>,
    pub(super) headers: Vec<(HeaderName, String)>,
}

impl Answer {
    pub(super) fn json(status: StatusCode, body: &impl Serialize) -> Result<Self, Refusal> {
        let body = serde_json::to_vec(body).map_err(|error| {
            Refusal::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                "UNKNOWN_EXCEPTION",
                error.to_string(),
            )
        })?;
        Ok(Self {
            status,
            body,
            headers: Vec::new(),
        })
    }

    pub(super) fn ok(body: &impl Serialize) -> Result<Self, Refusal> {
        Self::json(StatusCode::OK, body)
    }

    pub(super) fn no_content() -> Self {
        Self::empty(StatusCode::NO_CONTENT)
    }

    pub(super) fn empty(status: StatusCode) -> Self {
        Self {
            status,
            body: Vec::new(),
            headers: Vec::new(),
        }
    }

    pub(super) fn refused(refusal: &Refusal) -> Self {
        Self {
            status: refusal.status,
            body: refusal.body().to_string().into_bytes(),
            headers: Vec::new(),
        }
    }

    pub(super) fn header(mut self, name: HeaderName, value: String) -> Self {
        self.headers.push((name, value));
        self
    }

    /// The body as JSON, null if there is none.
    pub(super) fn read(&self) -> Json {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    pub(super) fn into_response(self, is_pretty: bool) -> Response<Body> {
        let has_body = !self.body.is_empty();
        let body = match is_pretty && has_body {
            true => serde_json::from_slice(&self.body)
                .and_then(|json: Json| serde_json::to_vec_pretty(&json))
                .unwrap_or(self.body),
            false => self.body,
        };
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        if has_body {
            headers.insert(
                CONTENT_TYPE,
                HeaderValue::from_static("application/json;charset=UTF-8"),
            );
        }
        for (name, value) in self.headers {
            if let Ok(value) = HeaderValue::try_from(value) {
                headers.insert(name, value);
            }
        }
        response
    }
}
