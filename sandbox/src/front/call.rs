//! A request as HTTP brings it, before either system reads anything into it.

use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, Method, header};
use url::form_urlencoded;

/// A request.
pub(crate) struct Call {
    pub(crate) method: Method,
    /// The segments of its path, decoded.
    pub(crate) path: Vec<String>,
    /// The scheme and host that the client called.
    pub(crate) origin: String,
    /// Its path and query, as they came.
    address: String,
    pub(crate) query: Vec<(String, String)>,
    headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Call {
    /// A request, of which the system is at `home` unless it says another host.
    pub(crate) fn new(head: Parts, body: Bytes, home: &str) -> Self {
        let address = head.uri.path_and_query();
        Self {
            path: segments(head.uri.path()),
            origin: origin(&head.headers, home),
            address: address.map_or_else(String::new, |address| address.as_str().to_owned()),
            query: pairs(head.uri.query().unwrap_or_default().as_bytes()),
            method: head.method,
            headers: head.headers,
            body,
        }
    }

    /// A request that came within this one, without headers.
    pub(crate) fn within(&self, method: Method, address: &str, body: Bytes) -> Self {
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        Self {
            path: segments(path),
            origin: self.origin.clone(),
            address: address.to_owned(),
            query: pairs(query.as_bytes()),
            method,
            headers: HeaderMap::new(),
            body,
        }
    }

    /// What the client called, without the query or a final slash.
    pub(crate) fn url(&self) -> String {
        let path = self.address.split('?').next().unwrap_or_default();
        format!("{}{}", self.origin, path.trim_end_matches('/'))
    }

    /// How many bytes its path and query have.
    pub(crate) fn address_length(&self) -> usize {
        self.address.len()
    }

    /// How many bytes its headers have.
    pub(crate) fn headers_length(&self) -> usize {
        let lengths = self.headers.iter();
        lengths
            .map(|(name, value)| name.as_str().len() + value.len() + ": \r\n".len())
            .sum()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The token that it is made with, under one of these schemes.
    pub(crate) fn token_of(&self, schemes: &[&str]) -> Option<&str> {
        let held = self.header(header::AUTHORIZATION.as_str())?;
        let (scheme, token) = held.split_once(' ')?;
        let is_token = schemes
            .iter()
            .any(|known| scheme.eq_ignore_ascii_case(known));
        is_token.then(|| token.trim())
    }

    /// The first value of a parameter.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(held, _)| held == name)
            .map(|(_, value)| value.as_str())
    }

    /// All values of a parameter that may be repeated, or parted by commas, or both.
    pub(crate) fn list(&self, name: &str) -> Vec<&str> {
        let values = self.query.iter().filter(|(held, _)| held == name);
        values.flat_map(|(_, value)| parted(value)).collect()
    }

    pub(crate) fn flag(&self, name: &str) -> bool {
        self.parameter(name)
            .is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    /// The form that the body is.
    pub(crate) fn form(&self) -> Vec<(String, String)> {
        pairs(&self.body)
    }
}

/// What commas part, without what is empty.
pub(crate) fn parted(values: &str) -> impl Iterator<Item = &str> {
    let values = values.split(',').map(str::trim);
    values.filter(|value| !value.is_empty())
}

fn origin(headers: &HeaderMap, home: &str) -> String {
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    host.map_or_else(|| home.to_owned(), |host| format!("http://{host}"))
}

fn segments(path: &str) -> Vec<String> {
    path.split('/')
        .filter(|segment| !segment.is_empty())
        .map(decoded)
        .collect()
}

fn pairs(query: &[u8]) -> Vec<(String, String)> {
    form_urlencoded::parse(query).into_owned().collect()
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail this way")]

    use super::*;

    fn call(uri: &str) -> Call {
        let request = http::Request::builder().uri(uri).body(()).unwrap();
        Call::new(request.into_parts().0, Bytes::new(), "https://home.example")
    }

    #[test]
    fn a_segment_may_be_an_email_address() {
        let call = call("/contacts/a+b%40example.com/?x=1");
        assert_eq!(call.path, ["contacts", "a+b@example.com"]);
        assert_eq!(
            call.url(),
            "https://home.example/contacts/a+b%40example.com"
        );
    }

    #[test]
    fn a_list_is_repeated_or_parted_by_commas() {
        let call = call("/?properties=a,b&properties=c");
        assert_eq!(call.list("properties"), ["a", "b", "c"]);
    }
}
