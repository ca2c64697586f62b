//! An answer as HTTP takes it.

use axum::body::Body;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use http::{Response, StatusCode};
use serde::Serialize;
use serde_json::Value as Json;

/// An answer.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) body: Vec<u8>,
    pub(crate) headers: Vec<(HeaderName, String)>,
}

/// An answer that can't be written, and why.
pub(crate) struct Unwritable(pub(crate) String);

impl Answer {
    pub(crate) fn json<R: From<Unwritable>>(
        status: StatusCode,
        body: &impl Serialize,
    ) -> Result<Self, R> {
        let body = serde_json::to_vec(body).map_err(|error| Unwritable(error.to_string()))?;
        Ok(Self {
            body,
            ..Self::empty(status)
        })
    }

    pub(crate) fn ok<R: From<Unwritable>>(body: &impl Serialize) -> Result<Self, R> {
        Self::json(StatusCode::OK, body)
    }

    pub(crate) fn no_content() -> Self {
        Self::empty(StatusCode::NO_CONTENT)
    }

    pub(crate) fn empty(status: StatusCode) -> Self {
        Self {
            status,
            body: Vec::new(),
            headers: Vec::new(),
        }
    }

    pub(crate) fn header(mut self, name: HeaderName, value: String) -> Self {
        self.headers.push((name, value));
        self
    }

    pub(crate) fn with(mut self, headers: Vec<(HeaderName, String)>) -> Self {
        self.headers.extend(headers);
        self
    }

    /// The body as JSON, null if there is none.
    pub(crate) fn read(&self) -> Json {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// With its body on many lines, for people.
    pub(crate) fn pretty(mut self) -> Self {
        if let Ok(json) = serde_json::from_slice::<Json>(&self.body)
            && let Ok(body) = serde_json::to_vec_pretty(&json)
        {
            self.body = body;
        }
        self
    }

    /// As it leaves; a body is of this type unless a header says another.
    pub(crate) fn into_response(self, content_type: &'static str) -> Response<Body> {
        let has_body = !self.body.is_empty();
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        if has_body {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        }
        for (name, value) in self.headers {
            if let Ok(value) = HeaderValue::try_from(value) {
                headers.insert(name, value);
            }
        }
        response
    }
}
