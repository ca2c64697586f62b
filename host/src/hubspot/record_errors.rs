//! Why HubSpot didn't write one record of several, and what to do about it.

use serde_json::Value as Json;

use super::refusal::with_details;
use crate::error::Class;

/// Why one record wasn't written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectRefusal {
    /// Whether trying again helps.
    pub class: Class,
    /// HubSpot's code, such as `PROPERTY_DOESNT_EXIST`, or where it has none, its category.
    pub code: String,
    /// What HubSpot says.
    pub message: String,
    /// What helps.
    pub what_to_do: &'static str,
}

impl ObjectRefusal {
    /// What an error of a batch says of one of its records.
    pub(super) fn of(error: &Json) -> Self {
        let said = error["message"].as_str().unwrap_or_default();
        let values = values_within(said);
        let code = code_of(error, &values);
        let (class, what_to_do) = classify(code);
        let messages: Vec<&str> = values
            .iter()
            .filter_map(|value| value["message"].as_str())
            .collect();
        let message = if messages.is_empty() {
            with_details(said, error)
        } else {
            messages.join("; ")
        };
        Self {
            class,
            code: code.to_owned(),
            message,
            what_to_do,
        }
    }
}

/// The code that says most: the first error's, then the first value's, then the category.
fn code_of<'e>(error: &'e Json, values: &'e [Json]) -> &'e str {
    let codes = [
        error.pointer("/errors/0/code"),
        values.first().map(|value| &value["error"]),
        error.get("category"),
    ];
    let mut codes = codes.into_iter().flatten().filter_map(Json::as_str);
    codes.find(|code| !code.is_empty()).unwrap_or("UNKNOWN")
}

/// What is wrong with single values: HubSpot writes it as JSON into its message.
fn values_within(message: &str) -> Vec<Json> {
    let list = message.find('[').and_then(|at| message.get(at..));
    list.and_then(|list| serde_json::from_str(list).ok())
        .unwrap_or_default()
}

/// The class of an error code of one record, and what to do about it.
pub fn classify(code: &str) -> (Class, &'static str) {
    CODES
        .iter()
        .find(|(known, ..)| *known == code)
        .map_or(UNKNOWN, |(_, class, what_to_do)| (*class, *what_to_do))
}

const UNKNOWN: (Class, &str) = (
    Class::Permanent,
    "See what HubSpot says in the message, correct it there or in Salesforce, then retry.",
);

const CODES: &[(&str, Class, &str)] = &[
    (
        "PROPERTY_DOESNT_EXIST",
        Class::Permanent,
        "The account lacks the property: create it in HubSpot, then retry.",
    ),
    (
        "READ_ONLY_VALUE",
        Class::Permanent,
        "Only HubSpot writes this property, which nobody should have tried: please report it.",
    ),
    (
        "INVALID_OPTION",
        Class::Permanent,
        "The property lacks this option: add it in HubSpot, or choose another value in Salesforce, then retry.",
    ),
    (
        "INVALID_OWNER_ID",
        Class::Permanent,
        "The owner isn't there any more: assign the record to somebody else in Salesforce, then retry.",
    ),
    (
        "INVALID_DATE",
        Class::Permanent,
        "HubSpot doesn't take this date: correct it in Salesforce, then retry.",
    ),
    (
        "INVALID_INTEGER",
        Class::Permanent,
        "HubSpot doesn't take this number: correct it in Salesforce, then retry.",
    ),
    (
        "INVALID_EMAIL",
        Class::Permanent,
        "Correct the email address in Salesforce, then retry.",
    ),
    (
        "INVALID_LENGTH",
        Class::Permanent,
        "The text is longer than HubSpot takes: shorten it in Salesforce, then retry.",
    ),
    (
        "VALIDATION_RULE_VIOLATION",
        Class::Permanent,
        "A rule of the account refuses the value: change the rule in HubSpot or the value in Salesforce, then retry.",
    ),
    (
        "OBJECT_NOT_FOUND",
        Class::Permanent,
        "It isn't in HubSpot: it may have been deleted or merged.",
    ),
    (
        "CONFLICT",
        Class::Permanent,
        "Another record has this value already: delete one of the two in HubSpot, then retry.",
    ),
    (
        "MISSING_SCOPES",
        Class::Fatal,
        "Give the private app the scopes that it needs (README.md lists them); its token stays.",
    ),
    ("RATE_LIMITS", Class::Retry, "It is tried again by itself."),
    (
        "INTERNAL_ERROR",
        Class::Retry,
        "It is tried again by itself; if it stays so, see status.hubspot.com.",
    ),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::json;

    use super::*;

    #[test]
    fn each_code_is_there_once() {
        let codes: BTreeSet<_> = CODES.iter().map(|(code, ..)| code).collect();
        assert_eq!(codes.len(), CODES.len());
    }

    #[test]
    fn the_values_within_a_message_are_told_and_the_code_that_says_most() {
        let message = r#"Property values were not valid: [{"isValid":false,"message":"no \"x\"","error":"PROPERTY_DOESNT_EXIST","name":"x"}]"#;
        let error = json!({ "category": "VALIDATION_ERROR", "message": message });
        let refusal = ObjectRefusal::of(&error);
        assert_eq!(
            (refusal.code.as_str(), refusal.message.as_str()),
            ("PROPERTY_DOESNT_EXIST", "no \"x\"")
        );

        let error = json!({ "category": "VALIDATION_ERROR", "message": "No [good", "errors": [{ "code": "INVALID_DATE", "message": "soon" }] });
        let refusal = ObjectRefusal::of(&error);
        assert_eq!(
            (refusal.code.as_str(), refusal.message.as_str()),
            ("INVALID_DATE", "No [good; soon")
        );

        let refusal = ObjectRefusal::of(&json!({ "category": "CONFLICT", "message": "there" }));
        assert_eq!(
            (refusal.code.as_str(), refusal.class),
            ("CONFLICT", Class::Permanent)
        );
        assert_eq!(ObjectRefusal::of(&Json::Null).code, "UNKNOWN");
    }
}
