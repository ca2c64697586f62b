//! What a request asks, whatever the version of its path.

use std::ops::Deref;

use bytes::Bytes;
use http::request::Parts;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use url::form_urlencoded;

use super::refusal::Refusal;
use crate::front;

/// The dated versions that are answered.
const DATED: [&str; 2] = ["2026-03", "2026-09"];
/// The one that a few resources have before others.
const BETA: &str = "2026-09-beta";

/// Where the API is.
const HOME: &str = "https://api.hubapi.com";

/// A request. Its path is without the version: `/crm/v3/objects/tasks` and `/crm/objects/2026-09/tasks` are both `crm`,
/// `objects`, `tasks`.
pub(super) struct Call {
    http: front::Call,
    pub(super) version: Version,
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

impl Deref for Call {
    type Target = front::Call;

    fn deref(&self) -> &front::Call {
        &self.http
    }
}

impl Call {
    pub(super) fn new(head: Parts, body: Bytes) -> Self {
        let mut http = front::Call::new(head, body, HOME);
        let version_at = http
            .path
            .iter()
            .position(|segment| Version::of(segment).is_some());
        let version = version_at
            .and_then(|at| Version::of(&http.path.remove(at)))
            .unwrap_or(Version::Absent);
        Self { http, version }
    }

    /// The token that it is made with.
    pub(super) fn token(&self) -> Option<&str> {
        self.token_of(&["bearer"])
    }

    /// What the body says.
    pub(super) fn read<T: DeserializeOwned>(&self) -> Result<T, Refusal> {
        serde_json::from_slice(&self.body).map_err(|error| Refusal::not_json(&error))
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
        format!("{}?{}", self.url(), query.finish())
    }
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
}
