//! What a request asks.

use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, Method, header};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value as Json};
use url::form_urlencoded;

use super::error::Refusal;

/// A request.
pub(super) struct Call {
    pub(super) method: Method,
    /// The segments of its path.
    pub(super) path: Vec<String>,
    /// The scheme and host that the client called.
    pub(super) origin: String,
    /// How many bytes its address has.
    pub(super) address_length: usize,
    query: Vec<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
}

impl Call {
    pub(super) fn new(head: Parts, body: Bytes) -> Self {
        let address = head.uri.path_and_query();
        Self {
            path: segments(head.uri.path()),
            origin: origin(&head.headers),
            address_length: address.map_or(0, |address| address.as_str().len()),
            query: pairs(head.uri.query().unwrap_or_default()),
            method: head.method,
            headers: head.headers,
            body,
        }
    }

    /// A request that came within this one.
    pub(super) fn within(&self, method: Method, address: &str, body: &Json) -> Self {
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        let body = match body {
            Json::Null => Bytes::new(),
            body => Bytes::from(body.to_string()),
        };
        Self {
            method,
            path: segments(path),
            origin: self.origin.clone(),
            address_length: address.len(),
            query: pairs(query),
            headers: HeaderMap::new(),
            body,
        }
    }

    /// How many bytes its headers have.
    pub(super) fn headers_length(&self) -> usize {
        let lengths = self.headers.iter();
        lengths
            .map(|(name, value)| name.as_str().len() + value.len() + ": \r\n".len())
            .sum()
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The token that it is made with.
    pub(super) fn token(&self) -> Option<&str> {
        let (scheme, token) = self
            .header(header::AUTHORIZATION.as_str())?
            .split_once(' ')?;
        let is_token = ["bearer", "oauth"]
            .iter()
            .any(|known| scheme.eq_ignore_ascii_case(known));
        is_token.then(|| token.trim())
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

    /// The first value of a parameter.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(held, _)| held == name)
            .map(|(_, value)| value.as_str())
    }

    /// The values of a parameter, parted by commas.
    pub(super) fn list(&self, name: &str) -> Option<Vec<String>> {
        let values = self.parameter(name)?.split(',').map(str::trim);
        Some(
            values
                .filter(|value| !value.is_empty())
                .map(str::to_owned)
                .collect(),
        )
    }

    pub(super) fn flag(&self, name: &str) -> bool {
        self.parameter(name)
            .is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    /// The form that the token endpoint takes, and its query.
    pub(super) fn form(&self) -> Vec<(String, String)> {
        let mut form: Vec<_> = form_urlencoded::parse(&self.body).into_owned().collect();
        form.extend(self.query.iter().cloned());
        form
    }
}

fn origin(headers: &HeaderMap) -> String {
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    host.map_or_else(
        || "https://login.salesforce.com".to_owned(),
        |host| format!("http://{host}"),
    )
}

fn segments(path: &str) -> Vec<String> {
    path.split('/')
        .filter(|segment| !segment.is_empty())
        .map(decoded)
        .collect()
}

fn pairs(query: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect()
}

fn decoded(segment: &str) -> String {
    // In a path a plus is a plus.
    let segment = segment
        .replace('+', "%2B")
        .replace('&', "%26")
        .replace('=', "%3D");
    form_urlencoded::parse(segment.as_bytes())
        .map(|(name, _)| name.into_owned())
        .next()
        .unwrap_or_default()
}
