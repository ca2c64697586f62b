//! What HubSpot answers when it refuses.

use std::collections::BTreeMap;

use http::{HeaderName, StatusCode};
use serde::Serialize;

use crate::front::{Answer, Unwritable};

/// A refusal.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Refusal(Box<Body>);

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    #[serde(skip)]
    http_status: StatusCode,
    #[serde(skip)]
    headers: Vec<(HeaderName, String)>,
    status: &'static str,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    correlation_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sub_category: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<Detail>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    context: BTreeMap<&'static str, Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    category: Option<&'static str>,
    #[serde(flatten)]
    limit: Option<LimitReached>,
    #[serde(flatten)]
    oauth: Option<OAuthError>,
}

/// One of several things that are wrong.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Detail {
    pub(super) message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) code: Option<&'static str>,
    pub(super) context: BTreeMap<&'static str, Vec<String>>,
}

/// Which limit was reached.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LimitReached {
    pub(super) error_type: &'static str,
    pub(super) policy_name: &'static str,
    pub(super) group_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) request_id: Option<String>,
}

/// What OAuth wants errors to say.
#[derive(Clone, Debug, Serialize)]
struct OAuthError {
    error: &'static str,
    error_description: String,
}

impl Detail {
    /// One of these scopes is missing.
    pub(super) fn scopes(any_of: &[&str]) -> Self {
        let scopes = any_of.iter().map(|scope| (*scope).to_owned()).collect();
        Self {
            message: "One or more of the following scopes are required.".to_owned(),
            code: None,
            context: BTreeMap::from([("requiredGranularScopes", scopes)]),
        }
    }
}

impl Refusal {
    pub(super) fn new(http_status: StatusCode, message: impl Into<String>) -> Self {
        Self(Box::new(Body {
            http_status,
            headers: Vec::new(),
            status: "error",
            message: message.into(),
            correlation_id: None,
            sub_category: None,
            errors: Vec::new(),
            context: BTreeMap::new(),
            category: None,
            limit: None,
            oauth: None,
        }))
    }

    /// A request that says something that can't be.
    pub(super) fn invalid(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message).category("VALIDATION_ERROR")
    }

    /// A body that isn't what it should be.
    pub(super) fn not_json(error: &serde_json::Error) -> Self {
        let (line, column) = (error.line(), error.column());
        Self::new(
            StatusCode::BAD_REQUEST,
            format!("Invalid input JSON on line {line}, column {column}: {error}"),
        )
    }

    pub(super) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "resource not found")
    }

    pub(super) fn unknown_type(name: &str) -> Self {
        Self::invalid(format!("Unable to infer object type from: {name}")).context("type", [name])
    }

    pub(super) fn no_such_id(id: &str) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "Object not found.  objectId are usually numeric.",
        )
        .context("id", [id])
        .category("OBJECT_NOT_FOUND")
    }

    pub(super) fn conflict(message: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, message).category("CONFLICT")
    }

    pub(super) fn no_credentials() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "Authentication credentials not found. This API supports OAuth 2.0 authentication and you can find more \
             details at https://developers.hubspot.com/docs/methods/auth/oauth-overview",
        )
        .category("INVALID_AUTHENTICATION")
    }

    pub(super) fn limit_reached(limit: &str, reached: LimitReached) -> Self {
        let message = format!("You have reached your {limit} limit.");
        Self::new(StatusCode::TOO_MANY_REQUESTS, message).with(|body| body.limit = Some(reached))
    }

    /// A refusal of the token endpoint, which names its reason in `status`.
    pub(super) fn oauth(status: &'static str, error: &'static str, message: &str) -> Self {
        let oauth = OAuthError {
            error,
            error_description: message.to_owned(),
        };
        Self::new(StatusCode::BAD_REQUEST, message).with(|body| {
            body.status = status;
            body.oauth = Some(oauth);
        })
    }

    pub(super) fn category(self, category: &'static str) -> Self {
        self.with(|body| body.category = Some(category))
    }

    pub(super) fn sub_category(self, sub_category: &'static str) -> Self {
        self.with(|body| body.sub_category = Some(sub_category))
    }

    pub(super) fn context<T: ToString>(
        self,
        key: &'static str,
        values: impl IntoIterator<Item = T>,
    ) -> Self {
        let values = values.into_iter().map(|value| value.to_string()).collect();
        self.with(|body| drop(body.context.insert(key, values)))
    }

    pub(super) fn errors(self, errors: Vec<Detail>) -> Self {
        self.with(|body| body.errors = errors)
    }

    /// As the whole answer to the request with this id.
    pub(super) fn into_answer(self, correlation_id: &str) -> Answer {
        let refusal = self.with(|body| body.correlation_id = Some(correlation_id.to_owned()));
        let body = serde_json::to_vec(&refusal).unwrap_or_default();
        Answer {
            status: refusal.0.http_status,
            body,
            headers: refusal.0.headers,
        }
    }

    /// With these headers, where it is the whole answer.
    pub(super) fn headers(self, headers: Vec<(HeaderName, String)>) -> Self {
        self.with(|body| body.headers = headers)
    }

    fn with(mut self, change: impl FnOnce(&mut Body)) -> Self {
        change(&mut self.0);
        self
    }
}

impl From<Unwritable> for Refusal {
    fn from(Unwritable(reason): Unwritable) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, reason)
    }
}
