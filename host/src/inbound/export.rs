//! Columns of CSV files: those of HubSpot's exports, by label or internal name, and those of the contract.

use super::local_time;
use super::{OWNER, Refusal};
use crate::feeds::Feed;
use crate::feeds::happened::EMAIL;
use crosswalk_core::Kind;
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Holds {
    /// A property of HubSpot's.
    Property(&'static str),
    /// Ids of associated records, under this field of the snapshot.
    Ids(&'static str),
    /// Contacts by name and email address.
    Addresses,
    /// Who it is assigned to.
    Owner,
}

/// Columns of every type, by what they are called; lower case, as names are compared.
const COMMON: &[(Holds, &[&str])] = &[
    (
        Holds::Property("hs_object_id"),
        &["record id", "hs_object_id"],
    ),
    (
        Holds::Property("hs_createdate"),
        &[
            "create date",
            "created date",
            "object create date/time",
            "hs_createdate",
        ],
    ),
    (
        Holds::Property("hs_lastmodifieddate"),
        &[
            "last modified date",
            "last modified at",
            "object last modified date/time",
            "hs_lastmodifieddate",
        ],
    ),
    (
        Holds::Property("hs_timestamp"),
        &["activity date", "hs_timestamp"],
    ),
    (
        Holds::Property("hs_object_source"),
        &["record source", "hs_object_source"],
    ),
    (
        Holds::Owner,
        &["activity assigned to", "assigned to", "hubspot_owner_id"],
    ),
    (
        Holds::Ids("contacts"),
        &["associated contact ids", "associated contact id"],
    ),
    (
        Holds::Addresses,
        &[
            "associated contact",
            "associated contacts",
            "contact email",
            "email",
        ],
    ),
    (
        Holds::Ids("deals"),
        &["associated deal ids", "associated deal id"],
    ),
    (
        Holds::Ids("companies"),
        &["associated company ids", "associated company id"],
    ),
];

const TASKS: &[(Holds, &[&str])] = &[
    (
        Holds::Property("hs_task_subject"),
        &["task title", "task name", "hs_task_subject"],
    ),
    (
        Holds::Property("hs_task_body"),
        &["task notes", "notes", "hs_task_body"],
    ),
    (
        Holds::Property("hs_task_status"),
        &["task status", "hs_task_status"],
    ),
    (
        Holds::Property("hs_task_priority"),
        &["priority", "task priority", "hs_task_priority"],
    ),
    (
        Holds::Property("hs_timestamp"),
        &["due date", "task due date"],
    ),
];

const CALLS: &[(Holds, &[&str])] = &[
    (
        Holds::Property("hs_call_title"),
        &["call title", "hs_call_title"],
    ),
    (
        Holds::Property("hs_call_body"),
        &["call notes", "hs_call_body"],
    ),
    (
        Holds::Property("hs_call_status"),
        &["call status", "hs_call_status"],
    ),
    (
        Holds::Property("hs_call_direction"),
        &["call direction", "hs_call_direction"],
    ),
    (
        Holds::Property("hs_call_duration"),
        &["call duration", "hs_call_duration"],
    ),
    (
        Holds::Property("hs_call_disposition"),
        &["call outcome", "hs_call_disposition"],
    ),
];

const EMAILS: &[(Holds, &[&str])] = &[
    (
        Holds::Property("hs_email_subject"),
        &["email subject", "hs_email_subject"],
    ),
    (
        Holds::Property("hs_email_html"),
        &["email html body", "html body", "hs_email_html"],
    ),
    (
        Holds::Property("hs_email_text"),
        &["email body", "text body", "hs_email_text"],
    ),
    (
        Holds::Property("hs_email_direction"),
        &["email direction", "hs_email_direction"],
    ),
    (
        Holds::Property("hs_email_status"),
        &["email send status", "email status", "hs_email_status"],
    ),
];

const MEETINGS: &[(Holds, &[&str])] = &[
    (
        Holds::Property("hs_meeting_title"),
        &["meeting name", "meeting title", "hs_meeting_title"],
    ),
    (
        Holds::Property("hs_meeting_body"),
        &["meeting description", "hs_meeting_body"],
    ),
    (
        Holds::Property("hs_meeting_start_time"),
        &["meeting start time", "start time", "hs_meeting_start_time"],
    ),
    (
        Holds::Property("hs_meeting_outcome"),
        &["meeting outcome", "hs_meeting_outcome"],
    ),
];

const NOTES: &[(Holds, &[&str])] = &[(
    Holds::Property("hs_note_body"),
    &["note body", "hs_note_body"],
)];

const fn own_columns(feed: Feed) -> &'static [(Holds, &'static [&'static str])] {
    match feed {
        Feed::Tasks => TASKS,
        Feed::Calls => CALLS,
        Feed::Emails => EMAILS,
        Feed::Meetings => MEETINGS,
        Feed::Notes => NOTES,
    }
}

fn find(columns: &[(Holds, &[&str])], name: &str) -> Option<Holds> {
    let name = name
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .to_lowercase();
    let mut columns = columns.iter();
    columns
        .find(|(_, names)| names.contains(&name.as_str()))
        .map(|(holds, _)| *holds)
}

/// How the rows of an export become activities.
pub(super) struct Export<'z> {
    feed: Feed,
    columns: Vec<(String, Option<Holds>)>,
    time_zone: Option<&'z TimeZone>,
}

/// The one type of which the columns tell; none if they don't.
pub(super) fn type_of(header: &[String]) -> Option<Feed> {
    let count = |feed: Feed| {
        header
            .iter()
            .filter(|name| find(own_columns(feed), name).is_some())
            .count()
    };
    let most = Feed::ALL
        .into_iter()
        .map(count)
        .max()
        .filter(|most| *most > 0)?;
    let mut feeds = Feed::ALL.into_iter().filter(|feed| count(*feed) == most);
    feeds.next().filter(|_| feeds.next().is_none())
}

impl<'z> Export<'z> {
    pub(super) fn new(feed: Feed, header: Vec<String>, time_zone: Option<&'z TimeZone>) -> Self {
        let columns = header.into_iter().map(|name| {
            let holds = find(own_columns(feed), &name).or_else(|| find(COMMON, &name));
            (name, holds)
        });
        Self {
            feed,
            columns: columns.collect(),
            time_zone,
        }
    }

    /// The columns that mean nothing.
    pub(super) fn unknown(&self) -> impl Iterator<Item = &str> {
        let unknown = self
            .columns
            .iter()
            .filter(|(name, holds)| holds.is_none() && !name.is_empty());
        unknown.map(|(name, _)| name.as_str())
    }

    /// The column that has to be there and isn't.
    pub(super) fn missing(&self) -> Option<&'static str> {
        let has = |property: &'static str| {
            let mut columns = self.columns.iter();
            columns.any(|(_, holds)| *holds == Some(Holds::Property(property)))
        };
        if !has("hs_object_id") {
            return Some("Record ID");
        }
        let tells_when = has("hs_createdate") || (self.took_place() && has("hs_timestamp"));
        (!tells_when).then_some("Create date")
    }

    /// Whether it took place on its activity date: a task is due then, a meeting begins.
    const fn took_place(&self) -> bool {
        matches!(self.feed, Feed::Calls | Feed::Emails | Feed::Notes)
    }

    /// A row in the shape of the snapshot.
    pub(super) fn activity(&self, values: &[String]) -> Result<Map<String, Value>, Refusal> {
        let mut row = Row::default();
        for ((name, holds), value) in self.columns.iter().zip(values) {
            let value = value.trim();
            if let Some(holds) = holds
                && !value.is_empty()
            {
                self.put(&mut row, name, *holds, value)?;
            }
        }
        let Row {
            mut properties,
            people,
            mut fields,
        } = row;
        let id = properties.remove("hs_object_id").ok_or_else(|| {
            Refusal::of_value(self.called("hs_object_id"), "it is missing").hint("it is required")
        })?;
        if !properties.contains_key("hs_createdate") {
            let took_place = properties
                .get("hs_timestamp")
                .filter(|_| self.took_place())
                .cloned();
            let at = took_place.ok_or_else(|| {
                Refusal::of_value(self.called("hs_createdate"), "it is missing")
                    .hint("it is required")
            })?;
            properties.insert("hs_createdate".to_owned(), at);
        }
        let mut activity = self.feed.activity(&id, &properties).into_fields();
        let kind = activity.get("kind").and_then(Value::as_str);
        if kind.is_none_or(|kind| Kind::from_name(kind).is_none()) {
            let column = self.called("hs_email_direction");
            return Err(
                Refusal::of_value(column, "it says neither that the email was sent nor that it was received")
                    .hint("only these have a kind: `Outgoing email` or EMAIL, `Incoming email` or INCOMING_EMAIL"),
            );
        }
        activity.append(&mut fields);
        if let Some(people) = people.filter(|_| !activity.contains_key("contacts")) {
            activity.insert(EMAIL.to_owned(), people.into());
        }
        let body = activity.get("body").and_then(Value::as_str);
        if body.is_some_and(|body| !has_tags(body)) {
            activity.insert("body_format".to_owned(), "text".into());
        }
        Ok(activity)
    }

    fn put(&self, row: &mut Row, name: &str, holds: Holds, value: &str) -> Result<(), Refusal> {
        match holds {
            Holds::Property(property) => {
                let value = self.property(name, property, value)?;
                row.properties.entry(property.to_owned()).or_insert(value);
            }
            Holds::Ids(field) => {
                row.fields
                    .insert(field.to_owned(), json!(parts(value).collect::<Vec<_>>()));
            }
            Holds::Addresses => row.people = address(name, value)?.or(row.people.take()),
            Holds::Owner => {
                let owner = addresses(value).next().unwrap_or(value);
                let is_id = owner.bytes().all(|byte| byte.is_ascii_digit());
                let field = if is_id { "owner_id" } else { OWNER };
                row.fields.insert(field.to_owned(), owner.into());
            }
        }
        Ok(())
    }

    /// A value as HubSpot's API writes it.
    fn property(&self, name: &str, property: &str, value: &str) -> Result<String, Refusal> {
        Ok(match property {
            "hs_createdate" | "hs_lastmodifieddate" | "hs_timestamp" | "hs_meeting_start_time" => {
                let at = local_time::read(value, self.time_zone);
                at.map_err(|why| Refusal::of_value(name, why).hint(local_time::HINT))?
                    .to_string()
            }
            "hs_task_status" | "hs_task_priority" | "hs_call_direction" | "hs_call_status"
            | "hs_meeting_outcome" => constant(value),
            "hs_email_direction" => match constant(value).as_str() {
                "OUTGOING_EMAIL" | "OUTGOING" | "SENT" => "EMAIL".to_owned(),
                "INCOMING" | "RECEIVED" => "INCOMING_EMAIL".to_owned(),
                other => other.to_owned(),
            },
            "hs_call_duration" => milliseconds(value).unwrap_or_else(|| value.to_owned()),
            _ => value.to_owned(),
        })
    }

    /// What the file calls a column, else HubSpot's name.
    fn called(&self, property: &str) -> String {
        let mut columns = self.columns.iter();
        let column = columns
            .find(|(_, holds)| matches!(holds, Some(Holds::Property(known)) if *known == property));
        column.map_or(property, |(name, _)| name).to_owned()
    }
}

/// A row that is being read.
#[derive(Default)]
struct Row {
    properties: BTreeMap<String, String>,
    /// The email address of its contact.
    people: Option<String>,
    fields: Map<String, Value>,
}

/// A row of the contract's own columns in the shape of the snapshot.
pub(super) fn own_activity(
    header: &[String],
    values: &[String],
    time_zone: Option<&TimeZone>,
) -> Result<Map<String, Value>, Refusal> {
    let mut fields = Map::new();
    for (name, text) in header.iter().zip(values) {
        let name = name.trim().to_lowercase();
        if text.is_empty() {
            continue;
        }
        let value = match name.as_str() {
            "contacts" | "deals" | "companies" => json!(parts(text).collect::<Vec<_>>()),
            "duration_ms" => text
                .parse::<i64>()
                .map_or_else(|_| text.as_str().into(), Value::from),
            "deleted" | "from_salesforce" => text
                .to_lowercase()
                .parse::<bool>()
                .map_or_else(|_| text.as_str().into(), Value::from),
            moment if moment.ends_with("_at") => {
                let at = local_time::read(text, time_zone);
                at.map_err(|why| Refusal::of_value(moment, why).hint(local_time::HINT))?
                    .to_string()
                    .into()
            }
            _ => text.as_str().into(),
        };
        fields.insert(name, value);
    }
    Ok(fields)
}

fn parts(value: &str) -> impl Iterator<Item = &str> {
    value
        .split([';', ','])
        .map(str::trim)
        .filter(|part| !part.is_empty())
}

/// The one address in a value such as `Aino Aalto (aino@example.com)`.
fn address(name: &str, value: &str) -> Result<Option<String>, Refusal> {
    let mut found: Vec<&str> = addresses(value).collect();
    found.dedup();
    match found.as_slice() {
        [] => Ok(None),
        [address] => Ok(Some((*address).to_owned())),
        several => Err(Refusal::of_value(
            name,
            format!(
                "it names {} contacts by their addresses alone",
                several.len()
            ),
        )
        .hint("export the column `Associated Contact IDs` too")),
    }
}

fn addresses(value: &str) -> impl Iterator<Item = &str> {
    let words = value.split(|letter: char| letter.is_whitespace() || ";,()<>\"".contains(letter));
    words.filter(|word| word.contains('@'))
}

/// `Not started` is NOT_STARTED to the API.
fn constant(label: &str) -> String {
    label.trim().to_uppercase().replace([' ', '-'], "_")
}

/// `1:02:03` or `62:03` in milliseconds.
fn milliseconds(duration: &str) -> Option<String> {
    if !duration.contains(':') {
        return None;
    }
    let seconds = duration.split(':').try_fold(0_u64, |sum, part| {
        let part: u64 = part.trim().parse().ok()?;
        sum.checked_mul(60)?.checked_add(part)
    })?;
    seconds
        .checked_mul(1_000)
        .map(|milliseconds| milliseconds.to_string())
}

/// Whether a body is HTML: exports write some as plain text.
fn has_tags(body: &str) -> bool {
    let mut rest = body;
    while let Some((_, behind)) = rest.split_once('<') {
        if behind.starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '/')
            && behind.contains('>')
        {
            return true;
        }
        rest = behind;
    }
    false
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    fn row(header: &str, values: &str) -> Result<Value, Refusal> {
        let split = |text: &str| text.split('|').map(str::to_owned).collect::<Vec<_>>();
        let helsinki = TimeZone::get("Europe/Helsinki").unwrap();
        let header = split(header);
        let export = Export::new(type_of(&header).unwrap(), header, Some(&helsinki));
        assert_eq!(export.missing(), None);
        export.activity(&split(values)).map(Value::Object)
    }

    #[test]
    fn each_type_of_export_becomes_what_the_api_tells() {
        let call = row(
            "Call duration|Associated Contact IDs|Record ID|Call Title|Call direction|Activity date|Call notes|Activity assigned to|Call outcome",
            "00:01:35|101;102|501|Intro|Outbound|2026-11-20 10:00|a < b|Sam Oy (sam@example.com)|Connected",
        );
        let expected = json!({"id": "501", "kind": "call", "title": "Intro", "occurred_at": "2026-11-20T08:00:00Z", "due_at": "2026-11-20T08:00:00Z",
            "duration_ms": 95_000, "direction": "OUTBOUND", "disposition": "Connected", "body": "a < b", "body_format": "text",
            "contacts": ["101", "102"], "owner": "sam@example.com"});
        assert_eq!(call.unwrap(), expected);
        let task = row(
            "Record ID|Create date|Due date|Task Title|Task Status|Priority|Notes|Associated Contact|hubspot_owner_id",
            "7|2026-11-20 10:00|2026-12-01|Call back|Not started|High|<p>Soon</p>|Aino Aalto (aino@example.com)|77",
        );
        let expected = json!({"id": "7", "kind": "task", "title": "Call back", "occurred_at": "2026-11-20T08:00:00Z", "due_at": "2026-11-30T22:00:00Z",
            "status": "NOT_STARTED", "priority": "HIGH", "body": "<p>Soon</p>", "email": "aino@example.com", "owner_id": "77"});
        assert_eq!(task.unwrap(), expected);
        let email = row(
            "Record ID|Create Date|Email subject|Email direction|Email body",
            "8|2026-11-20 10:00|Offer|Incoming email|Hi",
        );
        assert_eq!(email.unwrap()["kind"], "sales_email_replied");
        let meeting = row(
            "Record ID|Create Date|Meeting name|Meeting start time|Meeting outcome",
            "9|2026-11-20 10:00|Demo|2026-11-22 10:00|No show",
        );
        let meeting = meeting.unwrap();
        assert_eq!(
            (&meeting["due_at"], &meeting["status"]),
            (&json!("2026-11-22T08:00:00Z"), &json!("NO_SHOW"))
        );
        let note = row(
            "Note body|Activity date|Record ID",
            "Hello|2026-11-20 10:00|10",
        )
        .unwrap();
        assert_eq!(
            (&note["kind"], &note["body"]),
            (&json!("note"), &json!("Hello"))
        );
    }

    #[test]
    fn what_is_wrong_is_told_by_its_column() {
        let refusal = row("Record ID|Create date|Task title", "7|20.11.2026|x").unwrap_err();
        assert_eq!(&*refusal.path, "Create date");
        let refusal = row("Record ID|Create date|Task title", "|2026-11-20 10:00|x").unwrap_err();
        assert_eq!(&*refusal.path, "Record ID");
        let refusal = row(
            "Record ID|Create date|Task title|Associated Contact",
            "7|2026-11-20 10:00|x|A (a@b.example); B (b@b.example)",
        );
        assert!(refusal.unwrap_err().hint.contains("Associated Contact IDs"));
    }

    #[test]
    fn an_email_without_a_direction_has_no_kind() {
        let header = "Record ID|Create Date|Email subject|Email direction";
        for direction in ["Forwarded email", ""] {
            let refusal =
                row(header, &format!("8|2026-11-20 10:00|Offer|{direction}")).unwrap_err();
            assert_eq!(&*refusal.path, "Email direction");
        }
    }

    #[test]
    fn the_columns_tell_the_type_and_which_are_missing() {
        let header = |names: &str| names.split('|').map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(type_of(&header("Record ID|Create date")), None);
        assert_eq!(type_of(&header("Notes|Note body")), None);
        let tasks = Export::new(
            Feed::Tasks,
            header("Record ID|Task title|Activity date|Queue"),
            None,
        );
        assert_eq!(tasks.missing(), Some("Create date"));
        assert_eq!(tasks.unknown().collect::<Vec<_>>(), ["Queue"]);
        assert_eq!(
            Export::new(Feed::Notes, header("Note body"), None).missing(),
            Some("Record ID")
        );
    }
}
