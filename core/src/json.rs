//! JSON as it comes in and as it is compared: UTF-8, lone surrogates, nulls, canonical form, errors with a hint.

mod read;
mod write;

pub(crate) use read::{Reader, Unread, elements, joined, members, read};
pub(crate) use write::{Unwritten, append};

use crate::error::{Code, Error};
use crate::order;
use serde::Serialize;
use serde_json::{Map, Value};
use std::borrow::Cow;

/// The document as text: UTF-8, without a byte order mark.
pub(crate) fn text(input: &[u8]) -> Result<Cow<'_, str>, Error> {
    let input = input.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(input);
    match std::str::from_utf8(input) {
        Ok(text) => Ok(Cow::Borrowed(text)),
        Err(error) => Err(Error::new(
            Code::NotJson,
            "",
            format!("the input is not UTF-8 at byte {}", error.valid_up_to()),
        )
        .with_hint("save it as UTF-8")),
    }
}

/// What can't be read as an error: of the document if it is no JSON, else of this code.
pub(crate) fn error(code: Code, outer: &str, unread: &Unread) -> Error {
    if unread.is_json() {
        explain(code, joined(outer, unread.path()), &unread.to_string())
    } else {
        Error::new(Code::NotJson, "", format!("not JSON: {unread}"))
    }
}

/// The text with every unpaired surrogate escape replaced by U+FFFD (I2); none if there is nothing to replace.
pub(crate) fn repair_surrogates(text: &str) -> Option<String> {
    let mut repaired: Option<String> = None;
    let mut copied = 0;
    let mut position = 0;
    let bytes = text.as_bytes();
    while let Some(offset) = bytes
        .get(position..)
        .and_then(|rest| rest.iter().position(|byte| *byte == b'\\'))
    {
        let start = position + offset;
        match surrogate_at(bytes, start) {
            None => position = start + 2,
            Some(Surrogate::High)
                if matches!(surrogate_at(bytes, start + 6), Some(Surrogate::Low)) =>
            {
                position = start + 12
            }
            Some(_) => {
                let repaired = repaired.get_or_insert_with(|| String::with_capacity(text.len()));
                repaired.push_str(text.get(copied..start).unwrap_or_default());
                repaired.push_str("\\uFFFD");
                position = start + 6;
                copied = position;
            }
        }
    }
    repaired.map(|mut repaired| {
        repaired.push_str(text.get(copied..).unwrap_or_default());
        repaired
    })
}

enum Surrogate {
    High,
    Low,
}

fn surrogate_at(bytes: &[u8], start: usize) -> Option<Surrogate> {
    let digits = bytes.get(start..start + 6)?.strip_prefix(b"\\u")?;
    let unit = u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
    match unit {
        0xD800..=0xDBFF => Some(Surrogate::High),
        0xDC00..=0xDFFF => Some(Surrogate::Low),
        _ => None,
    }
}

/// The value that is written. By its text: `serde_json::to_value` would need writing code of its own for every type.
pub(crate) fn value_of<T: Serialize>(written: &T) -> Value {
    read(&text_of(written)).unwrap_or_default()
}

/// The value as it is written.
pub(crate) fn text_of<T: Serialize + ?Sized>(written: &T) -> String {
    let mut text = Vec::new();
    let text = append(&mut text, written).map(|()| text);
    String::from_utf8(text.unwrap_or_default()).unwrap_or_default()
}

/// An object of these members. One by one: to collect them would bring a sort of its own.
pub(crate) fn object(members: impl Iterator<Item = (String, Value)>) -> Value {
    let mut object = Map::new();
    for (key, value) in members {
        object.insert(key, value);
    }
    Value::Object(object)
}

/// The value without `null`s: they read as absent, in objects and in lists.
pub(crate) fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let said = members.into_iter().filter(|(_, value)| !value.is_null());
            object(said.map(|(key, value)| (key, without_nulls(value))))
        }
        Value::Array(items) => items
            .into_iter()
            .filter(|item| !item.is_null())
            .map(without_nulls)
            .collect(),
        other => other,
    }
}

/// RFC 8785: keys sorted by UTF-16 code units, no white space, numbers as ECMAScript writes them.
pub(crate) fn canonical(value: &Value) -> String {
    let mut out = String::new();
    write_canonical(value, &mut out);
    out
}

fn write_canonical(value: &Value, out: &mut String) {
    match value {
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            order::sort_by(&mut members, |(left, _), (right, _)| {
                left.encode_utf16().cmp(right.encode_utf16())
            });
            write_all(out, ('{', '}'), members, |(key, value), out| {
                out.push_str(&text_of(key));
                out.push(':');
                write_canonical(value, out);
            });
        }
        Value::Array(items) => write_all(out, ('[', ']'), items, write_canonical),
        Value::Number(number) => match number.as_f64() {
            Some(number) => out.push_str(&ecmascript_number(number)),
            None => out.push_str(&text_of(number)),
        },
        Value::String(_) | Value::Bool(_) | Value::Null => out.push_str(&text_of(value)),
    }
}

fn write_all<T>(
    out: &mut String,
    (open, close): (char, char),
    items: impl IntoIterator<Item = T>,
    write: impl Fn(T, &mut String),
) {
    out.push(open);
    for (position, item) in items.into_iter().enumerate() {
        if position > 0 {
            out.push(',');
        }
        write(item, out);
    }
    out.push(close);
}

/// A number as ECMAScript's `Number::toString` writes it.
pub(crate) fn ecmascript_number(number: f64) -> String {
    if number == 0.0 {
        return "0".to_owned();
    }
    let scientific = format!("{:e}", number.abs());
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let point = exponent.parse::<i32>().unwrap_or(0) + 1;
    let count = i32::try_from(digits.len()).unwrap_or(i32::MAX);
    let sign = if number < 0.0 { "-" } else { "" };
    let zeros = |count: i32| "0".repeat(usize::try_from(count).unwrap_or(0));
    let split = |at: i32| {
        digits
            .split_at_checked(usize::try_from(at).unwrap_or(0))
            .unwrap_or((&digits, ""))
    };
    match point {
        point if count <= point && point <= 21 => format!("{sign}{digits}{}", zeros(point - count)),
        1..=21 => format!("{sign}{}.{}", split(point).0, split(point).1),
        -5..=0 => format!("{sign}0.{}{digits}", zeros(-point)),
        _ => {
            let (first, rest) = split(1);
            let dot = if rest.is_empty() { "" } else { "." };
            format!(
                "{sign}{first}{dot}{rest}e{}{}",
                if point > 0 { "+" } else { "-" },
                (point - 1).abs()
            )
        }
    }
}

/// serde's message as an error with a hint: "did you mean", quotes around an id, what is missing.
pub(crate) fn explain(code: Code, path: String, message: &str) -> Error {
    let message = message
        .split(" at line ")
        .next()
        .unwrap_or(message)
        .to_owned();
    let hint = hint(&message);
    let path = match (missing_or_unknown(&message), path.as_str()) {
        (Some(field), "") => field.to_owned(),
        (Some(field), parent) if !parent.ends_with(field) => format!("{parent}.{field}"),
        _ => path,
    };
    Error::new(code, path, message).with_hint(hint)
}

fn missing_or_unknown(message: &str) -> Option<&str> {
    let rest = ["missing field `", "unknown field `", "duplicate field `"]
        .iter()
        .find_map(|prefix| message.strip_prefix(prefix))?;
    rest.split('`').next()
}

fn hint(message: &str) -> String {
    if message.starts_with("unknown field `") || message.starts_with("unknown variant `") {
        let mut names = message.split('`').skip(1).step_by(2);
        let given = names.next().unwrap_or_default();
        let known: Vec<&str> = names.collect();
        return match did_you_mean(given, &known) {
            Some(name) => format!("did you mean `{name}`?"),
            None => format!("known are {}", known.join(", ")),
        };
    }
    if message.starts_with("missing field `") {
        return "it is required".to_owned();
    }
    if let Some(rest) = message.strip_prefix("invalid type: integer `")
        && message.ends_with("expected a string")
    {
        return format!(
            "put it in quotes: \"{}\"",
            rest.split('`').next().unwrap_or_default()
        );
    }
    String::new()
}

fn did_you_mean<'a>(given: &str, known: &[&'a str]) -> Option<&'a str> {
    known
        .iter()
        .map(|name| {
            (
                strsim::normalized_damerau_levenshtein(&given.to_lowercase(), name),
                *name,
            )
        })
        .filter(|(likeness, _)| *likeness > 0.5)
        .max_by(|left, right| left.0.total_cmp(&right.0))
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    #[test]
    fn unpaired_surrogates_alone_are_replaced() {
        assert_eq!(repair_surrogates(r#""\ud83d\ude00""#), None);
        assert_eq!(repair_surrogates(r#""a\ud83db""#).unwrap(), r#""a\uFFFDb""#);
        assert_eq!(
            repair_surrogates(r#""\ude00\ud83d""#).unwrap(),
            r#""\uFFFD\uFFFD""#
        );
        assert_eq!(repair_surrogates(r#""\\ud83d""#), None);
        assert_eq!(
            repair_surrogates(r#""\ud83d\ud83d\ude00""#).unwrap(),
            r#""\uFFFD\ud83d\ude00""#
        );
    }

    #[test]
    fn numbers_are_written_as_ecmascript_does() {
        for (number, text) in [
            (1.0, "1"),
            (-1.5, "-1.5"),
            (1e21, "1e+21"),
            (1e20, "100000000000000000000"),
            (0.000_001, "0.000001"),
            (1e-7, "1e-7"),
            (123.456, "123.456"),
            (-0.0, "0"),
            (1.5e300, "1.5e+300"),
        ] {
            assert_eq!(ecmascript_number(number), text);
        }
    }

    #[test]
    fn keys_are_sorted_by_utf16_code_units() {
        let value: Value =
            serde_json::from_str(r#"{"\uFB33": 1, "\uD83D\uDE00": 2, "a": null}"#).unwrap();
        assert_eq!(
            canonical(&value),
            "{\"a\":null,\"\u{1F600}\":2,\"\u{FB33}\":1}"
        );
    }
}
