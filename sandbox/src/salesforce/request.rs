//! What a request asks.

use std::ops::Deref;

use bytes::Bytes;
use http::request::Parts;
use http::{Method, header};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value as Json};

use super::error::Refusal;
use crate::front;

/// Where one signs in.
const HOME: &str = "https://login.salesforce.com";

/// A request.
pub(super) struct Call(front::Call);

impl Deref for Call {
    type Target = front::Call;

    fn deref(&self) -> &front::Call {
        &self.0
    }
}

impl Call {
    pub(super) fn new(head: Parts, body: Bytes) -> Self {
        Self(front::Call::new(head, body, HOME))
    }

    /// A request that came within this one.
    pub(super) fn within(&self, method: Method, address: &str, body: &Json) -> Self {
        let body = match body {
            Json::Null => Bytes::new(),
            body => Bytes::from(body.to_string()),
        };
        Self(self.0.within(method, address, body))
    }

    /// The token that it is made with.
    pub(super) fn token(&self) -> Option<&str> {
        self.token_of(&["bearer", "oauth"])
    }

    /// Whether a person will read the answer.
    pub(super) fn is_pretty(&self) -> bool {
        self.header("x-prettyprint") == Some("1")
    }

    /// Whether the body is said to be something else than JSON.
    pub(super) fn is_foreign(&self) -> bool {
        let named = self.header(header::CONTENT_TYPE.as_str());
        let kind = named.and_then(|named| named.split(';').next());
        !self.body.is_empty()
            && kind.is_some_and(|kind| !kind.trim().eq_ignore_ascii_case("application/json"))
    }

    /// What the body says.
    pub(super) fn read<T: DeserializeOwned>(&self) -> Result<T, Refusal> {
        serde_json::from_slice(&self.body).map_err(|error| {
            Refusal::parser(format!(
                "{error} at [line:{}, column:{}]",
                error.line(),
                error.column()
            ))
        })
    }

    /// The fields of the record that the body is.
    pub(super) fn record(&self) -> Result<Map<String, Json>, Refusal> {
        self.read()
    }

    /// The values of a parameter, parted by commas.
    pub(super) fn values(&self, name: &str) -> Option<Vec<String>> {
        let values = front::parted(self.parameter(name)?);
        Some(values.map(str::to_owned).collect())
    }

    /// The form that the token endpoint takes, and its query.
    pub(super) fn form(&self) -> Vec<(String, String)> {
        let mut form = self.0.form();
        form.extend(self.query.iter().cloned());
        form
    }
}
