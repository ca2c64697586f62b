//! serde_json reads the same, and another library finds the same places.
#![allow(
    clippy::indexing_slicing,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

use super::{elements, members, read};
use crate::{Settings, snapshot};
use proptest::prelude::{
    Just, Strategy, any, prop, prop_assert, prop_assert_eq, prop_oneof, proptest,
};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Value, json};

fn documents() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        (-1_000_000_000_i64..1_000_000_000, 0..9_i32)
            .prop_map(|(digits, places)| json!(digits as f64 / 10_f64.powi(places))),
        "(\\PC|[\\x00-\\x1F\"\\\\/\u{10000}-\u{10FFFF}]){0,20}".prop_map(Value::from),
    ];
    scalar.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map("[a-z\"é]{0,9}", inner, 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// The same, but for the last digits of numbers: they count only up to what is exact.
fn are_close(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .zip(right)
                    .all(|(left, right)| are_close(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .zip(right)
                    .all(|(left, right)| left.0 == right.0 && are_close(left.1, right.1))
        }
        (Value::Number(left), Value::Number(right)) if left.is_f64() && right.is_f64() => {
            let (left, right) = (left.as_f64().unwrap(), right.as_f64().unwrap());
            left == right || ((left - right) / right).abs() < 1e-14
        }
        _ => left == right,
    }
}

proptest! {
    #[test]
    fn documents_are_read_as_serde_json_does(document in documents()) {
        for text in [document.to_string(), format!(" {document:#}\n")] {
            prop_assert_eq!(&read::<Value>(&text).unwrap(), &document);
            prop_assert!(read::<IgnoredAny>(&text).is_ok());
        }
    }

    #[test]
    fn what_serde_json_refuses_is_refused(document in documents(), place: usize, inserted in "[\\[\\]{}:,\"\\\\0-9eE.+\\-tfnu ]{0,3}", length in 0..3_usize) {
        let mut text = document.to_string();
        let places: Vec<usize> = text.char_indices().map(|(place, _)| place).chain([text.len()]).collect();
        let start = place % places.len();
        let end = (start + length).min(places.len() - 1);
        text.replace_range(places[start]..places[end], &inserted);
        let (ours, theirs) = (read::<Value>(&text).ok(), serde_json::from_str(&text).ok());
        prop_assert!(ours.as_ref().zip(theirs.as_ref()).map_or(ours.is_none() && theirs.is_none(), |(ours, theirs)| are_close(ours, theirs)), "{}", text);
        prop_assert_eq!(read::<IgnoredAny>(&text).is_ok(), serde_json::from_str::<IgnoredAny>(&text).is_ok(), "{}", text);
    }

    #[test]
    fn a_document_is_parted_where_its_members_and_elements_are(document in documents()) {
        let text = format!("{document:#}");
        let parsed = |text: &str| serde_json::from_str::<Value>(text).unwrap();
        let list = elements(&text).unwrap().map(|list| list.into_iter().map(parsed).collect::<Vec<_>>());
        prop_assert_eq!(list.as_ref(), document.as_array());
        let object = members(&text).unwrap();
        let object = object.map(|object| object.into_iter().map(|(name, value)| (name.into_owned(), parsed(value))).collect());
        prop_assert_eq!(object.as_ref(), document.as_object());
    }
}

#[test]
fn numbers_are_read_as_serde_json_does() {
    for text in [
        "0",
        "-0",
        "-0.0",
        "1e2",
        "1E+2",
        "12e-1",
        "18446744073709551615",
        "18446744073709551616",
        "-9223372036854775808",
        "-9223372036854775809",
        "123456789012345678901234567890",
        "1e22",
        "1e-22",
        "0.1",
        "9007199254740993",
        "1e308",
        "0e999999999999",
        "5e-324",
        "1e-400",
        "0.0000000000000000000000000000001",
    ] {
        let ours = read::<Value>(text).unwrap();
        let theirs = serde_json::from_str(text).unwrap();
        assert!(are_close(&ours, &theirs), "{text}: {ours}");
    }
    for text in [
        "1e309", "-1e999", "01", "1.", ".5", "+1", "1e", "--1", "0x1", "NaN", "Infinity", "1_0",
    ] {
        assert!(read::<Value>(text).is_err(), "{text}");
    }
}

#[test]
fn surrogates_that_stand_alone_are_passed_over_but_not_read() {
    for text in [
        r#""\ud83d""#,
        r#""\ude00""#,
        r#""\ud83d\u0041""#,
        r#""\ud83dx""#,
    ] {
        assert!(read::<Value>(text).is_err(), "{text}");
        assert!(read::<IgnoredAny>(text).is_ok(), "{text}");
    }
    assert_eq!(read::<Value>(r#""\ud83d\ude00""#).unwrap(), json!("😀"));
}

#[test]
fn depth_has_an_end() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(read::<Value>(&nested(128)).is_ok());
    let error = read::<Value>(&nested(129)).unwrap_err();
    assert!(
        !error.is_json() && error.to_string().starts_with("nested too deep"),
        "{error}"
    );
    assert!(read::<IgnoredAny>(&nested(100_000)).is_ok());
    assert!(elements(&nested(100_000)).is_ok());
}

#[test]
fn what_is_no_json_says_where() {
    for (text, why) in [
        ("", "the text ends too early at line 1 column 1"),
        ("{\n  \"a\": tru\n}", "expected a value at line 2 column 8"),
        ("[1 2]", "expected `,` or `]` at line 1 column 4"),
        ("{\"a\" 1}", "expected `:` at line 1 column 6"),
        ("{a: 1}", "expected a key in quotes at line 1 column 2"),
        ("[1,]", "expected a value at line 1 column 4"),
        ("{\"a\": 1,}", "expected a key in quotes at line 1 column 9"),
        ("[] []", "trailing characters at line 1 column 4"),
        ("\"a", "the text ends too early at line 1 column 3"),
        ("\"\\x\"", "there is no such escape at line 1 column 3"),
    ] {
        let error = read::<Value>(text).unwrap_err();
        assert!(!error.is_json());
        assert_eq!(error.to_string(), why, "{text}");
    }
}

#[derive(Debug, Deserialize, PartialEq)]
struct Names {
    #[serde(default)]
    first: u64,
    #[serde(default)]
    second_of_many: u64,
    #[serde(skip)]
    unread: u64,
    #[serde(default, rename = "a longer name than eight")]
    third: u64,
}

#[test]
fn fields_are_found_in_any_order() {
    let names = |text: &str| read::<Names>(text).map_err(|error| error.to_string());
    let (first, second_of_many, third) = (1, 2, 3);
    let all = Ok(Names {
        first,
        second_of_many,
        unread: 0,
        third,
    });
    for text in [
        r#"{"first": 1, "second_of_many": 2, "a longer name than eight": 3}"#,
        r#"{"a longer name than eight": 3, "second_of_many": 2, "first": 1}"#,
        r#"{"second_of_many": 2, "unread": 7, "second_of_manx": 8, "first": 1, "a longer name than eighx": 9, "a longer name than eight": 3}"#,
        r#"{"second\u005fof_many": 2, "first": 1, "a longer name than eight": 3}"#,
    ] {
        assert_eq!(names(text), all, "{text}");
    }
    assert_eq!(
        names(r#"{"first": 1, "first": 1}"#),
        Err("duplicate field `first`".to_owned())
    );
    assert_eq!(
        names(r#"[1, 2, 3]"#),
        Err("invalid type: sequence, expected struct Names".to_owned())
    );
}

/// Where serde_json's error is by tracking, and ours.
fn both<'a, T: Deserialize<'a>>(text: &'a str) -> Option<(String, String, String)> {
    let tracked: Result<T, _> =
        serde_path_to_error::deserialize(&mut serde_json::Deserializer::from_str(text));
    let ours = read::<T>(text).map(|_| ());
    let Err(tracked) = tracked else {
        assert!(
            ours.is_err_and(|error| error
                .to_string()
                .starts_with("invalid type: sequence, expected struct"))
                || read::<T>(text).is_ok(),
            "{text}"
        );
        return None;
    };
    let error = ours.expect_err(text);
    let path = tracked.path().to_string();
    let path = if path == "." { String::new() } else { path };
    Some((path, error.path().to_owned(), error.to_string()))
}

/// Every value of a document replaced by every wrong one, and every key by an unknown one or none.
fn variants(document: &Value) -> Vec<Value> {
    let wrong = [
        json!(7),
        json!(-7),
        json!(1.5),
        json!(""),
        json!("wrong"),
        json!(true),
        json!(null),
        json!([]),
        json!([7]),
        json!({}),
        json!({"a \"key\"": {"b": 1}}),
    ];
    let mut variants = wrong.to_vec();
    match document {
        Value::Object(members) => {
            for (key, value) in members {
                let mut without = members.clone();
                without.remove(key);
                variants.push(without.clone().into());
                for name in ["aa", "zz"] {
                    let mut renamed = without.clone();
                    renamed.insert(name.to_owned(), value.clone());
                    variants.push(renamed.into());
                }
                for variant in self::variants(value) {
                    let mut changed = members.clone();
                    changed.insert(key.clone(), variant);
                    variants.push(changed.into());
                }
            }
        }
        Value::Array(items) => {
            for (position, item) in items.iter().enumerate() {
                for variant in self::variants(item) {
                    let mut changed = items.clone();
                    if let Some(item) = changed.get_mut(position) {
                        *item = variant;
                    }
                    variants.push(changed.into());
                }
            }
        }
        _ => {}
    }
    variants
}

fn agrees_by(document: &Value, both: impl Fn(&str) -> Option<(String, String, String)>) {
    let mut failures = 0;
    for variant in variants(document) {
        let text = variant.to_string();
        let Some((tracked, found, message)) = both(&text) else {
            continue;
        };
        failures += 1;
        // A list where a record is expected is wrong itself, not its first element.
        let is_told_as_the_outer =
            message.starts_with("invalid type: sequence") && tracked == format!("{found}[0]");
        // The key that isn't known is named, of which tracking says nothing.
        let is_told_with_its_key = ["unknown field", "unknown variant"]
            .iter()
            .any(|prefix| message.starts_with(prefix))
            && found.starts_with(&tracked);
        let is_same = found == tracked || is_told_as_the_outer || is_told_with_its_key;
        assert!(
            is_same,
            "`{found}` instead of `{tracked}`: {message}\n{text}"
        );
    }
    assert!(failures > 50, "only {failures} variants were refused");
}

fn agrees<T: for<'a> Deserialize<'a>>(document: &Value) {
    agrees_by(document, |text| both::<T>(text));
}

#[test]
fn the_path_is_the_one_that_tracking_finds_in_settings() {
    agrees::<Settings>(&json!({
        "time_zone": "Europe/Helsinki", "portal_id": "8821", "enabled_at": "2026-10-01T06:00:00Z",
        "to_salesforce": {"call": {"enabled": true, "task_type": "Call", "enabled_at": "2026-10-05T06:00:00Z"}, "task": {"enabled": true}},
        "to_hubspot": {"task": {"enabled": true, "enabled_at": "2026-10-05T06:00:00Z"}, "email": {"enabled": false}},
        "owners": {"integration_user": "005000000000001AAA", "match_by": "email", "overrides": {"78": "005000000000009AAA"}, "owned_kinds": ["task", "note"]},
        "windows": {"marketing_email": "P30D", "wait": "P30D"}, "meetings": {"cancelled_status": "Completed"},
        "related_to": "none", "conflict": "newest", "on_delete": {"to_salesforce": "keep"}, "due_time": "08:00",
        "salesforce": {"key_field": "Crosswalk_Key__c"}
    }));
}

#[test]
fn the_path_is_the_one_that_tracking_finds_in_records() {
    agrees_by(
        &json!({
            "id": "501", "kind": "call", "occurred_at": "2026-11-20T08:00:00Z", "due_at": "2026-11-20T07:30:00Z",
            "contacts": ["101", "102"], "title": "Intro", "duration_ms": 95000, "deleted": false
        }),
        |text| both::<snapshot::Activity<'_>>(text),
    );
    agrees_by(
        &json!({"id": "101", "created_at": "2026-09-01T07:00:00Z", "email": "aino@example.com",
            "salesforce": {"status": "synced", "object": "Contact", "id": "003", "triggered_at": "2026-09-01T07:10:00Z"}}),
        |text| both::<snapshot::Contact<'_>>(text),
    );
    agrees_by(
        &json!({"activity": "call:1", "origin": "hubspot", "synced": {"Subject": "a"}, "synced_at": "2026-09-01T07:10:00Z",
            "task_now": {"Subject": "b"}, "cut": ["Description"]}),
        |text| both::<snapshot::Link<'_>>(text),
    );
    agrees_by(
        &json!({"Status": {"values": ["a", "b"], "closed": ["b"], "default": "a"}, "Type": {"values": ["c"]}}),
        |text| both::<snapshot::Picklists<'_>>(text),
    );
}
