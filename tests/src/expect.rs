//! What a case expects: a part of the answer, which must hold.
//!
//! - An object holds if each value that it names holds. `null` says that the key is absent.
//! - A list holds if it is as long, and each element holds. `[]` says the same of an absent list: lists that are empty are not written.
//! - `{"$contains": x}`: a text has the text `x` in it; a list has an element for which `x` holds, or one for each element of the list `x`.
//! - `{"$lacks": x}`: the opposite; of a list `x`, for none of its elements.
//! - `{"$exactly": x}`: it is `x`, with nothing beside it.
//! - `{"$matches": [x, …]}`: each of them holds.
//! - Anything else holds if it is equal.

use serde_json::Value;

/// Why the answer is not what is expected: each place, with what is there and what should be.
pub fn unmet(expected: &Value, actual: Option<&Value>) -> Vec<String> {
    let mut unmet = Vec::new();
    check("", expected, actual, &mut unmet);
    unmet
}

fn check(path: &str, expected: &Value, actual: Option<&Value>, unmet: &mut Vec<String>) {
    let actual = actual.filter(|actual| !actual.is_null());
    if let Some((operator, operand)) = operation(expected) {
        return operate(path, (operator, operand), actual, unmet);
    }
    match (expected, actual) {
        (Value::Null, None) => {}
        (Value::Array(items), None) if items.is_empty() => {}
        (Value::Object(named), Some(Value::Object(members))) => {
            for (key, expected) in named {
                check(&format!("{path}.{key}"), expected, members.get(key), unmet);
            }
        }
        (Value::Array(expected), Some(Value::Array(items))) if expected.len() == items.len() => {
            for (position, (expected, item)) in expected.iter().zip(items).enumerate() {
                check(&format!("{path}[{position}]"), expected, Some(item), unmet);
            }
        }
        (expected, Some(actual)) if expected == actual => {}
        _ => unmet.push(differs(path, expected, actual)),
    }
}

/// The operator of an expectation and what it is applied to.
fn operation(expected: &Value) -> Option<(&str, &Value)> {
    let mut members = expected.as_object()?.iter();
    let (name, operand) = members.next()?;
    (name.starts_with('$') && members.next().is_none()).then_some((name.as_str(), operand))
}

fn operate(
    path: &str,
    (operator, operand): (&str, &Value),
    actual: Option<&Value>,
    unmet: &mut Vec<String>,
) {
    let operands = || {
        operand
            .as_array()
            .map_or(std::slice::from_ref(operand), Vec::as_slice)
    };
    let mut require = |holds: bool| {
        if !holds {
            unmet.push(differs(
                path,
                &serde_json::json!({operator: operand}),
                actual,
            ));
        }
    };
    match operator {
        "$contains" => require(operands().iter().all(|operand| contains(operand, actual))),
        "$lacks" => require(!operands().iter().any(|operand| contains(operand, actual))),
        "$exactly" => require(actual == Some(operand)),
        "$matches" => {
            for operand in operands() {
                check(path, operand, actual, unmet);
            }
        }
        unknown => unmet.push(format!("{path}: `{unknown}` is no operator")),
    }
}

fn contains(operand: &Value, actual: Option<&Value>) -> bool {
    match (operand, actual) {
        (Value::String(part), Some(Value::String(text))) => text.contains(part.as_str()),
        (operand, Some(Value::Array(items))) => items
            .iter()
            .any(|item| self::unmet(operand, Some(item)).is_empty()),
        _ => false,
    }
}

fn differs(path: &str, expected: &Value, actual: Option<&Value>) -> String {
    let actual = actual.map_or_else(|| "nothing".to_owned(), Value::to_string);
    format!(
        "{}: expected {expected}, found {actual}",
        path.trim_start_matches('.')
    )
}

#[cfg(test)]
mod tests {
    use super::unmet;
    use serde_json::{Value, json};

    #[track_caller]
    fn holds(expected: Value, actual: Value) {
        assert_eq!(unmet(&expected, Some(&actual)), Vec::<String>::new());
    }

    #[track_caller]
    fn fails(expected: Value, actual: Value, why: &str) {
        assert_eq!(unmet(&expected, Some(&actual)), [why]);
    }

    #[test]
    fn what_is_named_must_hold_and_nothing_else() {
        holds(
            json!({"a": {"b": 1}}),
            json!({"a": {"b": 1, "c": 2}, "d": 3}),
        );
        fails(
            json!({"a": {"b": 1}}),
            json!({"a": {"b": 2}}),
            "a.b: expected 1, found 2",
        );
        fails(json!({"a": 1}), json!({}), "a: expected 1, found nothing");
    }

    #[test]
    fn null_and_an_empty_list_say_that_something_is_absent() {
        holds(json!({"a": null, "b": []}), json!({}));
        holds(json!({"b": []}), json!({"b": []}));
        fails(
            json!({"a": null}),
            json!({"a": ""}),
            "a: expected null, found \"\"",
        );
        fails(
            json!({"b": []}),
            json!({"b": [1]}),
            "b: expected [], found [1]",
        );
    }

    #[test]
    fn lists_are_as_long_as_expected() {
        holds(json!([{"a": 1}, {}]), json!([{"a": 1, "b": 2}, {"c": 3}]));
        fails(json!([1]), json!([1, 2]), ": expected [1], found [1,2]");
        fails(json!([1, 3]), json!([1, 2]), "[1]: expected 3, found 2");
    }

    #[test]
    fn operators_look_into_texts_and_lists() {
        holds(json!({"$contains": "b"}), json!("abc"));
        holds(
            json!({"$contains": {"a": 1}}),
            json!([{"a": 0}, {"a": 1, "b": 2}]),
        );
        holds(
            json!({"$contains": [{"a": 0}, {"a": 1}]}),
            json!([{"a": 1}, {"a": 0}]),
        );
        holds(json!({"$lacks": {"a": 2}}), json!([{"a": 1}]));
        holds(json!({"$lacks": ["x", "y"]}), json!("abc"));
        holds(json!({"$exactly": {"a": 1}}), json!({"a": 1}));
        holds(
            json!({"$matches": [{"$contains": "a"}, {"$lacks": "d"}]}),
            json!("abc"),
        );
        fails(
            json!({"$contains": "x"}),
            json!("abc"),
            ": expected {\"$contains\":\"x\"}, found \"abc\"",
        );
        fails(
            json!({"$lacks": ["x", "b"]}),
            json!("abc"),
            ": expected {\"$lacks\":[\"x\",\"b\"]}, found \"abc\"",
        );
        fails(
            json!({"$exactly": {}}),
            json!({"a": 1}),
            ": expected {\"$exactly\":{}}, found {\"a\":1}",
        );
        fails(json!({"$like": 1}), json!(1), ": `$like` is no operator");
    }
}
