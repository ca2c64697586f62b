//! What a request asks, whatever the version of its path.

use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, Method, header};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use url::form_urlencoded;

use super::refusal::Refusal;

/// The dated versions that are answered.
const DATED: [&str; 2] = ["2026-03", "2026-09"];
/// The one that a few resources have before others.
const BETA: &str = "2026-09-beta";

/// A request.
pub(super) struct Call {
    pub(super) method: Method,
    /// The segments of its path but for the version: `/crm/v3/objects/tasks` and
    /// `/crm/objects/2026-09/tasks` are both `crm`, `objects`, `tasks`.
    pub(super) path: Vec<String>,
    pub(super) version: Version,
    /// The scheme, host and path that the client called, version and all.
    pub(super) url: String,
    query: Vec<(String, String)>,
    pub(super) body: Bytes,
    pub(super) token: Option<String>,
}

/// The version that a path names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Version {
    V1,
    V2,
    V3,
    V4,
    Dated,
    Beta,
    Absent,
}

impl Version {
    fn of(segment: &str) -> Option<Self> {
        match segment {
            "v1" => Some(Self::V1),
            "v2" => Some(Self::V2),
            "v3" => Some(Self::V3),
            "v4" => Some(Self::V4),
            BETA => Some(Self::Beta),
            dated if DATED.contains(&dated) => Some(Self::Dated),
            _ => None,
        }
    }
}

impl Call {
    pub(super) fn new(head: Parts, body: Bytes) -> Self {
        let mut path: Vec<String> = head
            .uri
            .path()
            .split('/')
            .filter(|segment| !segment.is_empty())
            .map(decoded)
            .collect();
        let version_at = path
            .iter()
            .position(|segment| Version::of(segment).is_some());
        let version = version_at
            .and_then(|at| Version::of(&path.remove(at)))
            .unwrap_or(Version::Absent);
        let query = form_urlencoded::parse(head.uri.query().unwrap_or_default().as_bytes())
            .into_owned()
            .collect();
        Self {
            path,
            version,
            query,
            body,
            token: bearer(&head.headers),
            url: format!(
                "{}{}",
                origin(&head.headers),
                head.uri.path().trim_end_matches('/')
            ),
            method: head.method,
        }
    }

    /// What the body says.
    pub(super) fn read<T: DeserializeOwned>(&self) -> Result<T, Refusal> {
        serde_json::from_slice(&self.body).map_err(|error| Refusal::not_json(&error))
    }

    /// The first value of a parameter.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(held, _)| held == name)
            .map(|(_, value)| value.as_str())
    }

    /// All values of a parameter that may be repeated, or parted by commas, or both.
    pub(super) fn list(&self, name: &str) -> Vec<&str> {
        let values = self.query.iter().filter(|(held, _)| held == name);
        values
            .flat_map(|(_, value)| value.split(','))
            .map(str::trim)
            .filter(|value| !value.is_empty())
            .collect()
    }

    pub(super) fn flag(&self, name: &str) -> bool {
        self.parameter(name)
            .is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    /// A parameter that is a number.
    pub(super) fn number(&self, name: &str) -> Result<Option<u64>, Refusal> {
        self.parameter(name)
            .map(|value| {
                value.parse().map_err(|_| {
                    Refusal::invalid(format!("Invalid {name}: {value} is not a number"))
                })
            })
            .transpose()
    }

    /// How many records a page may hold.
    pub(super) fn page_size(&self, default: usize, most: usize) -> Result<usize, Refusal> {
        match self.number("limit")?.map(usize::try_from) {
            None => Ok(default),
            Some(Ok(limit)) if (1..=most).contains(&limit) => Ok(limit),
            Some(_) => Err(Refusal::invalid(format!(
                "Invalid limit: it must be between 1 and {most}"
            ))),
        }
    }

    /// Where the page begins that follows the one that was asked for.
    pub(super) fn link_to(&self, after: impl ToString) -> String {
        let kept = self.query.iter().filter(|(name, _)| name != "after");
        let mut query = form_urlencoded::Serializer::new(String::new());
        query
            .extend_pairs(kept)
            .append_pair("after", &after.to_string());
        format!("{}?{}", self.url, query.finish())
    }

    /// The form that a token endpoint takes.
    pub(super) fn form(&self) -> Vec<(String, String)> {
        form_urlencoded::parse(&self.body).into_owned().collect()
    }
}

fn origin(headers: &HeaderMap) -> String {
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    host.map_or_else(
        || "https://api.hubapi.com".to_owned(),
        |host| format!("http://{host}"),
    )
}

fn bearer(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then(|| token.trim().to_owned())
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

/// Text that may come as a number: ids do.
pub(super) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(match TextOrNumber::deserialize(deserializer)? {
        TextOrNumber::Text(text) => text,
        TextOrNumber::Number(number) => number.to_string(),
    })
}

/// The same, where it may be absent.
pub(super) fn maybe_text<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<String>, D::Error> {
    Ok(
        Option::<TextOrNumber>::deserialize(deserializer)?.map(|value| match value {
            TextOrNumber::Text(text) => text,
            TextOrNumber::Number(number) => number.to_string(),
        }),
    )
}

#[derive(Deserialize)]
#[serde(untagged)]
enum TextOrNumber {
    Text(String),
    Number(serde_json::Number),
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail this way")]

    use super::*;

    fn call(uri: &str) -> Call {
        let (head, ()) = http::Request::builder()
            .uri(uri)
            .body(())
            .unwrap()
            .into_parts();
        Call::new(head, Bytes::new())
    }

    #[test]
    fn every_version_of_a_path_asks_the_same() {
        for uri in [
            "/crm/v3/objects/tasks",
            "/crm/objects/2026-03/tasks/",
            "/crm/objects/2026-09/tasks?limit=1",
        ] {
            assert_eq!(call(uri).path, ["crm", "objects", "tasks"], "{uri}");
        }
        assert_eq!(
            call("/crm/objects/2025-01/tasks").path,
            ["crm", "objects", "2025-01", "tasks"]
        );
    }

    #[test]
    fn a_segment_may_be_an_email_address() {
        assert_eq!(
            call("/crm/v3/objects/contacts/a+b%40example.com").path[3],
            "a+b@example.com"
        );
    }

    #[test]
    fn a_list_is_repeated_or_parted_by_commas() {
        assert_eq!(
            call("/?properties=a,b&properties=c").list("properties"),
            ["a", "b", "c"]
        );
    }
}
