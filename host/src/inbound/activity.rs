//! One activity that was sent in: can it be taken?

use super::{Checked, INBOUND, OWNER, Refusal, shortened};
use crate::feeds::Feed;
use crate::feeds::happened::EMAIL;
use crosswalk_core::{Activity, Kind};
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// An activity that can be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incoming {
    /// `kind:id`.
    pub activity: String,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// Tells it from what was sent before under its name.
    pub(super) digest: String,
    /// In the shape of the snapshot, marked as sent in (JSON).
    pub(super) seen: String,
}

impl Incoming {
    /// In the shape of the snapshot.
    pub fn into_fields(self) -> Map<String, Value> {
        serde_json::from_str(&self.seen).unwrap_or_default()
    }
}

/// What an activity may hold; the rest means nothing.
const FIELDS: [&str; 23] = [
    "id",
    "kind",
    "occurred_at",
    "due_at",
    "modified_at",
    "reminder_at",
    "owner_id",
    OWNER,
    "contacts",
    EMAIL,
    "deals",
    "companies",
    "title",
    "body",
    "body_format",
    "status",
    "priority",
    "direction",
    "duration_ms",
    "disposition",
    "app",
    "deleted",
    "from_salesforce",
];

/// The longest id of an activity: its key has to fit into a field of Salesforce.
const LONGEST_ID: usize = 100;
/// So many names that mean nothing are told of one activity.
const MOST_UNKNOWN: usize = 20;

/// Checks an activity of the contract (JSON).
pub fn read(text: &str) -> Checked {
    match serde_json::from_str(text) {
        Ok(Value::Object(fields)) => check(fields),
        Ok(_) => refused(
            Refusal::of_value("", "it is no activity")
                .hint("write it as {\"kind\": …, \"id\": …, \"occurred_at\": …}"),
        ),
        Err(error) => {
            let message = error.to_string();
            let message = message.split(" at line ").next().unwrap_or_default();
            refused(
                Refusal::new("not_json", "", format!("it is no JSON: {message}"))
                    .hint("write one activity a line, or a JSON list of them"),
            )
        }
    }
}

fn refused(refusal: Refusal) -> Checked {
    Checked {
        activity: Err(refusal),
        unknown: BTreeSet::new(),
    }
}

/// Checks an activity in the shape of the snapshot, which may name its contact by email address and its owner by name.
pub(super) fn check(mut fields: Map<String, Value>) -> Checked {
    fields.retain(|_, value| !value.is_null());
    let unknown = fields
        .keys()
        .filter(|name| !FIELDS.contains(&name.as_str()));
    let unknown: BTreeSet<String> = unknown
        .take(MOST_UNKNOWN)
        .map(|name| shortened(name, LONGEST_ID))
        .collect();
    fields.retain(|name, _| FIELDS.contains(&name.as_str()));
    let name = named(&fields);
    let activity = taken(fields).map_err(|refusal| Refusal {
        activity: refusal.activity.clone().or(name),
        ..refusal
    });
    Checked { activity, unknown }
}

/// `kind:id`, as far as there are both.
fn named(fields: &Map<String, Value>) -> Option<String> {
    let text = |field: &str| {
        let text = fields.get(field)?.as_str()?.trim();
        (!text.is_empty()).then(|| shortened(text, LONGEST_ID))
    };
    Some(format!("{}:{}", text("kind")?, text("id")?))
}

fn taken(mut fields: Map<String, Value>) -> Result<Incoming, Refusal> {
    let value = Value::Object(fields.clone());
    let activity: Activity<'_> =
        serde_path_to_error::deserialize(&value).map_err(|error| explained(&error))?;
    let kind = kind_of(activity.kind.get().unwrap_or_default())?;
    let id = checked_id(activity.id.get().unwrap_or_default())?;
    for (field, ids) in [
        ("contacts", &activity.contacts),
        ("deals", &activity.deals),
        ("companies", &activity.companies),
    ] {
        let ids = ids.iter().map(|id| id.get().unwrap_or_default().trim());
        hubspot_ids(field, ids)?;
    }
    let is_deleted = activity.deleted;
    let has_contacts = !activity.contacts.is_empty();
    let occurred_at = activity.occurred_at;
    let email = email_of(&fields)?;
    match email {
        // Ids say more than an address.
        Some(email) if !has_contacts => fields.insert(EMAIL.to_owned(), email.into()),
        _ => fields.remove(EMAIL),
    };
    let brings_contacts = has_contacts || fields.contains_key(EMAIL);
    if !brings_contacts && !is_deleted && !hubspot_knows(kind, id) {
        return Err(Refusal::of_value(
            "contacts",
            "it says neither by id nor by email address whose it is",
        )
        .hint(
            "give `contacts`, HubSpot's ids of contacts, or `email`, a contact's email address",
        ));
    }
    fields.insert("kind".to_owned(), kind.name().into());
    fields.insert("id".to_owned(), id.into());
    let name = format!("{}:{id}", kind.name());
    Ok(marked(name, fields, occurred_at, brings_contacts))
}

/// With what tells it from what HubSpot told itself.
fn marked(
    activity: String,
    mut fields: Map<String, Value>,
    occurred_at: Timestamp,
    brings_contacts: bool,
) -> Incoming {
    let digest = Sha256::digest(Value::Object(fields.clone()).to_string());
    let digest: String = digest
        .iter()
        .take(16)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let mark = json!({"digest": digest, "brings_contacts": brings_contacts});
    fields.insert(INBOUND.to_owned(), mark);
    Incoming {
        activity,
        occurred_at,
        digest,
        seen: Value::Object(fields).to_string(),
    }
}

/// A record of HubSpot's own: HubSpot is asked whose it is.
fn hubspot_knows(kind: Kind, id: &str) -> bool {
    Feed::of_kind(kind).is_some() && is_number(id)
}

fn is_number(id: &str) -> bool {
    !id.is_empty() && id.len() <= 19 && id.bytes().all(|byte| byte.is_ascii_digit())
}

fn kind_of(name: &str) -> Result<Kind, Refusal> {
    Kind::from_name(name.trim()).ok_or_else(|| {
        let given = name.trim().to_lowercase();
        let nearest = Kind::NAMES
            .iter()
            .filter(|_| given.len() <= LONGEST_ID)
            .map(|known| (strsim::damerau_levenshtein(&given, known), known))
            .min();
        let hint = match nearest {
            Some((distance, known)) if distance <= 3 => format!("did you mean `{known}`?"),
            _ => format!("known are {}", Kind::NAMES.join(", ")),
        };
        Refusal::new("unknown_kind", "kind", format!("there is no kind `{name}`")).hint(hint)
    })
}

fn checked_id(id: &str) -> Result<&str, Refusal> {
    let id = id.trim();
    if id.len() > LONGEST_ID || id.chars().any(char::is_control) {
        return Err(
            Refusal::of_value("id", "it is too long, or holds control characters")
                .hint(format!("at most {LONGEST_ID} bytes, on one line")),
        );
    }
    Ok(id)
}

/// HubSpot refuses a whole batch for one id that is none.
fn hubspot_ids<'i>(field: &str, ids: impl Iterator<Item = &'i str>) -> Result<(), Refusal> {
    for (position, id) in ids.enumerate() {
        if !is_number(id) {
            let message = format!("`{id}` is no id of a record in HubSpot");
            return Err(
                Refusal::of_value(format!("{field}[{position}]"), message).hint(
                    "HubSpot's ids are numbers, as \"101\"; a contact may be named by `email` instead",
                ),
            );
        }
    }
    Ok(())
}

fn email_of(fields: &Map<String, Value>) -> Result<Option<String>, Refusal> {
    let Some(email) = fields.get(EMAIL) else {
        return Ok(None);
    };
    let wrong = |email: &str| {
        Refusal::of_value(EMAIL, format!("{email} is no email address"))
            .hint("write one address, as \"aino@example.com\"")
    };
    let email = email.as_str().ok_or_else(|| wrong(&email.to_string()))?;
    let email = email.trim();
    let is_address = matches!(email.split_once('@'), Some((name, host)) if !name.is_empty() && host.contains('.') && !host.contains('@'))
        && email.len() <= 254
        && !email.chars().any(|letter| {
            letter.is_whitespace() || letter.is_control() || ",;<>\"".contains(letter)
        });
    match email {
        "" => Ok(None),
        email if is_address => Ok(Some(email.to_owned())),
        email => Err(wrong(&format!("`{email}`"))),
    }
}

/// What serde says, with its place and what helps.
fn explained(error: &serde_path_to_error::Error<serde_json::Error>) -> Refusal {
    let message = error.inner().to_string();
    let path = error.path().to_string();
    let path = if path == "." { String::new() } else { path };
    if let Some(field) = message
        .strip_prefix("missing field `")
        .and_then(|rest| rest.split('`').next())
    {
        return Refusal::of_value(field, "it is missing").hint("it is required");
    }
    let number = message
        .strip_prefix("invalid type: integer `")
        .filter(|_| message.ends_with("expected a string"));
    let hint = number.and_then(|rest| rest.split('`').next());
    let hint = hint.map_or_else(String::new, |number| {
        format!("put it in quotes: \"{number}\"")
    });
    Refusal::of_value(path, message).hint(hint)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    fn refusal(text: &str) -> Refusal {
        read(text).activity.unwrap_err()
    }

    #[test]
    fn what_is_wrong_is_told_with_its_path_and_what_helps() {
        let with =
            |more: &str| format!(r#"{{"id": "1", "occurred_at": "2026-11-20T08:00:00Z", {more}}}"#);
        let event = r#""kind": "integration_event""#;
        for (text, path, said) in [
            (
                with(r#""kind": "integration_evnt""#),
                "kind",
                "did you mean `integration_event`?",
            ),
            (
                with(r#""kind": "visit""#),
                "kind",
                "known are form_submission",
            ),
            (with(event), "contacts", "give `contacts`"),
            (
                with(&format!(r#"{event}, "email": "nobody""#)),
                "email",
                "no email address",
            ),
            (
                with(&format!(r#"{event}, "email": 7"#)),
                "email",
                "no email address",
            ),
            (
                with(&format!(r#"{event}, "contacts": ["x"]"#)),
                "contacts[0]",
                "no id of a record",
            ),
            (
                with(&format!(r#"{event}, "contacts": [101]"#)),
                "contacts[0]",
                "put it in quotes: \"101\"",
            ),
            (
                with(&format!(r#"{event}, "due_at": "soon""#)),
                "due_at",
                "write it as 2026-11-20T08:00:00Z",
            ),
            (
                r#"{"kind": "call", "id": "1"}"#.to_owned(),
                "occurred_at",
                "it is required",
            ),
            ("[]".to_owned(), "", "no activity"),
            ("{".to_owned(), "", "no JSON"),
        ] {
            let refusal = refusal(&text);
            assert_eq!(&*refusal.path, path, "{text}: {refusal:?}");
            let told = format!("{} {}", refusal.message, refusal.hint);
            assert!(told.contains(said), "{text}: {told}");
        }
    }

    #[test]
    fn an_activity_is_kept_in_the_shape_of_the_snapshot() {
        let text = r#"{"id": " a-1 ", "kind": "Integration_Event", "occurred_at": "2026-11-20T08:00:00Z", "email": " a@b.example ", "titel": "x", "app": null}"#;
        let checked = read(text);
        assert_eq!(checked.unknown.iter().collect::<Vec<_>>(), ["titel"]);
        let incoming = checked.activity.unwrap();
        assert_eq!(incoming.activity, "integration_event:a-1");
        let fields = incoming.into_fields();
        assert_eq!(fields["email"], "a@b.example");
        assert_eq!(fields["inbound"]["brings_contacts"], true);
        assert!(!fields.contains_key("app"));
    }

    #[test]
    fn hubspot_is_asked_whose_its_own_records_are() {
        let call = |id: &str| {
            read(&format!(
                r#"{{"id": "{id}", "kind": "call", "occurred_at": "2026-11-20T08:00:00Z"}}"#
            ))
            .activity
        };
        let fields = call("501").unwrap().into_fields();
        assert_eq!(fields["inbound"]["brings_contacts"], false);
        assert_eq!(&*call("x-1").unwrap_err().path, "contacts");
    }
}
