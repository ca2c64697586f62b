//! Moments of a document: RFC 3339, with an offset.

use crate::text::is_blank;
use jiff::Timestamp;
use serde::de::{Deserialize, Deserializer, Error, Visitor};
use std::fmt;

/// Reads a moment.
pub(crate) fn parse(text: &str) -> Result<Timestamp, String> {
    text.trim()
        .parse()
        .map_err(|error| format!("`{text}` is no time: {error}; write it as 2026-11-20T08:00:00Z"))
}

/// A moment of the snapshot; empty, only white space, `null` and missing are all absent (I2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Time(Option<Timestamp>);

impl Time {
    /// The moment, unless it is absent.
    pub const fn get(self) -> Option<Timestamp> {
        self.0
    }
}

impl From<Timestamp> for Time {
    fn from(at: Timestamp) -> Self {
        Self(Some(at))
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TimeVisitor)
    }
}

struct TimeVisitor;

impl Visitor<'_> for TimeVisitor {
    type Value = Time;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a time as a string")
    }
    fn visit_str<E: Error>(self, text: &str) -> Result<Time, E> {
        if is_blank(text) {
            return Ok(Time(None));
        }
        parse(text).map(Time::from).map_err(E::custom)
    }
    fn visit_unit<E: Error>(self) -> Result<Time, E> {
        Ok(Time(None))
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Time {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Time".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": ["string", "null"], "format": "date-time" })
    }
}
