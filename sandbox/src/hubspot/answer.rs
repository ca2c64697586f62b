//! What HubSpot answers.

use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use http::{Response, StatusCode};
use serde::Serialize;

use axum::body::Body;

use super::refusal::Refusal;

/// An answer without what all answers have.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) body: Vec<u8>,
    pub(super) headers: Vec<(HeaderName, String)>,
}

impl Answer {
    pub(super) fn json(status: StatusCode, body: &impl Serialize) -> Result<Self, Refusal> {
        let body = serde_json::to_vec(body)
            .map_err(|error| Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, error.to_string()))?;
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
        Self {
            status: StatusCode::NO_CONTENT,
            body: Vec::new(),
            headers: Vec::new(),
        }
    }

    pub(super) fn refused(refusal: Refusal, correlation_id: &str) -> Self {
        let refusal = refusal.answering(correlation_id);
        let body = serde_json::to_vec(&refusal).unwrap_or_default();
        let status = refusal.http_status();
        Self {
            status,
            body,
            headers: refusal.into_headers(),
        }
    }

    pub(super) fn header(mut self, name: HeaderName, value: String) -> Self {
        self.headers.push((name, value));
        self
    }

    pub(super) fn with(mut self, headers: Vec<(HeaderName, String)>) -> Self {
        self.headers.extend(headers);
        self
    }

    pub(super) fn into_response(self) -> Response<Body> {
        let has_body = !self.body.is_empty();
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        if has_body {
            headers.insert(
                CONTENT_TYPE,
                HeaderValue::from_static("application/json;charset=utf-8"),
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

/// A page of results.
#[derive(Serialize)]
pub(super) struct Page<T> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) total: Option<usize>,
    pub(super) results: Vec<T>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) paging: Option<Paging>,
}

/// Where the next page is.
#[derive(Serialize)]
pub(super) struct Paging {
    next: Next,
}

#[derive(Serialize)]
struct Next {
    after: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<String>,
}

impl Paging {
    pub(super) fn after(after: impl ToString) -> Self {
        Self {
            next: Next {
                after: after.to_string(),
                link: None,
            },
        }
    }

    pub(super) fn with_link(after: impl ToString, link: String) -> Self {
        Self {
            next: Next {
                after: after.to_string(),
                link: Some(link),
            },
        }
    }
}

impl<T> Page<T> {
    pub(super) fn of(results: Vec<T>, paging: Option<Paging>) -> Self {
        Self {
            total: None,
            results,
            paging,
        }
    }
}
