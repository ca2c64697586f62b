//! A field's value: how it is read from JSON, written to it, and compared.

use std::borrow::Cow;
use std::cmp::Ordering;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Serialize, Serializer};
use serde_json::Value as Json;

use super::error::Refusal;
use super::field::{Field, Kind};
use super::id::RecordId;

/// The value of one field. Instants are whole seconds, as Salesforce keeps them.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value<'a> {
    Null,
    Bool(bool),
    Int(i64),
    Double(f64),
    Date(Date),
    Instant(i64),
    Id(RecordId),
    Text(Cow<'a, str>),
}

impl Value<'_> {
    pub(super) fn text(text: impl Into<String>) -> Value<'static> {
        Value::Text(Cow::Owned(text.into()))
    }

    pub(super) fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    pub(super) fn is_true(&self) -> bool {
        matches!(self, Value::Bool(true))
    }

    pub(super) fn id(&self) -> Option<RecordId> {
        match self {
            Value::Id(id) => Some(*id),
            _ => None,
        }
    }

    pub(super) fn as_text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn into_owned(self) -> Value<'static> {
        match self {
            Value::Null => Value::Null,
            Value::Bool(value) => Value::Bool(value),
            Value::Int(value) => Value::Int(value),
            Value::Double(value) => Value::Double(value),
            Value::Date(value) => Value::Date(value),
            Value::Instant(value) => Value::Instant(value),
            Value::Id(value) => Value::Id(value),
            Value::Text(text) => Value::Text(Cow::Owned(text.into_owned())),
        }
    }

    pub(super) fn to_json(&self) -> Json {
        match self {
            Value::Null => Json::Null,
            Value::Bool(value) => Json::Bool(*value),
            Value::Int(value) => Json::from(*value),
            Value::Double(value) => Json::from(*value),
            Value::Date(date) => Json::String(date.to_string()),
            Value::Instant(second) => Json::String(written(*second)),
            Value::Id(id) => Json::String(id.to_string()),
            Value::Text(text) => Json::String(text.clone().into_owned()),
        }
    }

    /// The order of two values of one field: text without regard to case, null before all else,
    /// and values of different types as equals (a field never has two).
    pub(super) fn order(&self, other: &Value<'_>) -> Ordering {
        match (self, other) {
            (Value::Null, Value::Null) => Ordering::Equal,
            (Value::Null, _) => Ordering::Less,
            (_, Value::Null) => Ordering::Greater,
            (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
            (Value::Int(a), Value::Int(b)) => a.cmp(b),
            (Value::Double(a), Value::Double(b)) => a.total_cmp(b),
            (Value::Int(a), Value::Double(b)) => (*a as f64).total_cmp(b),
            (Value::Double(a), Value::Int(b)) => a.total_cmp(&(*b as f64)),
            (Value::Date(a), Value::Date(b)) => a.cmp(b),
            (Value::Instant(a), Value::Instant(b)) => a.cmp(b),
            (Value::Id(a), Value::Id(b)) => a.cmp(b),
            (Value::Text(a), Value::Text(b)) => folded(a).cmp(folded(b)),
            _ => Ordering::Equal,
        }
    }

    /// Whether two values of one field are the same as SOQL sees them.
    pub(super) fn same(&self, other: &Value<'_>) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other) && self.order(other).is_eq()
            || matches!(
                (self, other),
                (Value::Int(_), Value::Double(_)) | (Value::Double(_), Value::Int(_))
            ) && self.order(other).is_eq()
    }
}

impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Value::Text(text) => serializer.serialize_str(text),
            other => other.to_json().serialize(serializer),
        }
    }
}

/// The characters of a text as it is compared.
pub(super) fn folded(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars().flat_map(char::to_lowercase)
}

/// An instant as Salesforce writes it.
pub(super) fn written(second: i64) -> String {
    match Timestamp::from_second(second) {
        Ok(instant) => instant.strftime("%Y-%m-%dT%H:%M:%S.000+0000").to_string(),
        Err(_) => String::new(),
    }
}

/// Reads an instant with its offset, to the second.
pub(super) fn instant(text: &str) -> Option<i64> {
    let (_, time) = text.split_once('T')?;
    let zoned = time.ends_with('Z') || time.contains(['+', '-']);
    zoned
        .then(|| text.parse::<Timestamp>().ok())
        .flatten()
        .map(floor_second)
}

/// The whole second that an instant is in.
pub(super) fn floor_second(instant: Timestamp) -> i64 {
    instant.as_millisecond().div_euclid(1000)
}

/// Reads a date without a time.
pub(super) fn date(text: &str) -> Option<Date> {
    let digits = text.len() == 10
        && text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'-');
    digits.then(|| text.parse().ok()).flatten()
}

/// The value that JSON gives a field. What is of the wrong JSON type can't be parsed; whether the
/// value is allowed is another question.
pub(super) fn from_json(field: &Field, json: &Json) -> Result<Value<'static>, Refusal> {
    let value = match (&field.kind, json) {
        (_, Json::Null) => Some(Value::Null),
        (Kind::Id | Kind::Reference { .. }, Json::String(text)) => Some(reference(field, text)?),
        (Kind::Boolean, Json::Bool(value)) => Some(Value::Bool(*value)),
        (Kind::Int { .. }, Json::Number(number)) => number.as_i64().map(Value::Int),
        (Kind::Double | Kind::Currency, Json::Number(number)) => number.as_f64().map(Value::Double),
        (Kind::Date, Json::String(text)) => date(text).map(Value::Date),
        (Kind::DateTime, Json::String(text)) => instant(text).map(Value::Instant),
        (kind, Json::String(text)) if kind.is_text() && text.is_empty() => Some(Value::Null),
        (kind, Json::String(text)) if kind.is_text() => Some(Value::text(text.as_str())),
        _ => None,
    };
    value.ok_or_else(|| unreadable(field, json))
}

fn reference(field: &Field, text: &str) -> Result<Value<'static>, Refusal> {
    if text.is_empty() {
        return Ok(Value::Null);
    }
    RecordId::parse(text)
        .map(Value::Id)
        .ok_or_else(|| incorrect_id(field, text))
}

/// The refusal of an id that no record of the right sobject can have.
pub(super) fn incorrect_id(field: &Field, text: &str) -> Refusal {
    Refusal::bad(
        "MALFORMED_ID",
        format!("{}: id value of incorrect type: {text}", field.label),
    )
    .field(&field.name)
}

fn unreadable(field: &Field, json: &Json) -> Refusal {
    let token = match json {
        Json::Null => "VALUE_NULL",
        Json::Bool(true) => "VALUE_TRUE",
        Json::Bool(false) => "VALUE_FALSE",
        Json::Number(number) if number.is_f64() => "VALUE_NUMBER_FLOAT",
        Json::Number(_) => "VALUE_NUMBER_INT",
        Json::String(_) => "VALUE_STRING",
        Json::Array(_) => "START_ARRAY",
        Json::Object(_) => "START_OBJECT",
    };
    let shown = match json {
        Json::String(text) => text.chars().take(255).collect(),
        Json::Array(_) | Json::Object(_) => String::new(),
        other => other.to_string(),
    };
    let message = format!(
        "Cannot deserialize instance of {} from {token} value {shown} or request may be missing a required field at {}",
        field.kind.deserialized_as(),
        field.name
    );
    Refusal::parser(message)
}
