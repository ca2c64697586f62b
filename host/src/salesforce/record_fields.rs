//! What of a Task or an Event the snapshot knows: its fields by the snapshot's names, whether they came as JSON or as CSV.

use jiff::Timestamp;
use serde_json::{Map, Number, Value as Json};

use super::Fields;
use crate::listed::{Listed, Unreadable, id_of};

/// Which object of Salesforce.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RecordObject {
    /// Tasks.
    Task,
    /// Events.
    Event,
}

/// A Task or an Event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedRecord {
    /// Its id.
    pub id: String,
    /// When it was last changed by anybody, the system too: its SystemModstamp.
    pub modified_at: Timestamp,
    /// A record of the snapshot, without the keys that Salesforce has no value for.
    pub fields: Map<String, Json>,
}

/// What the values of a field are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Text,
    Moment,
    Flag,
    Number,
}

/// A field: the snapshot's name, Salesforce's, and what its values are.
struct Field(&'static str, &'static str, Kind);

const ID: &str = "Id";
const MODIFIED: &str = "SystemModstamp";

/// Without these nothing is a record.
const REQUIRED: [&str; 3] = [ID, "CreatedDate", MODIFIED];

const OF_BOTH: &[Field] = &[
    Field("id", ID, Kind::Text),
    Field("created_at", "CreatedDate", Kind::Moment),
    Field("modified_at", MODIFIED, Kind::Moment),
    Field("subject", "Subject", Kind::Text),
    Field("description", "Description", Kind::Text),
    Field("type", "Type", Kind::Text),
    Field("activity_date", "ActivityDate", Kind::Text),
    Field("owner_id", "OwnerId", Kind::Text),
    Field("who_id", "WhoId", Kind::Text),
    Field("what_id", "WhatId", Kind::Text),
    Field("created_by", "CreatedById", Kind::Text),
    Field("modified_by", "LastModifiedById", Kind::Text),
    Field("reminder_at", "ReminderDateTime", Kind::Moment),
    Field("is_deleted", "IsDeleted", Kind::Flag),
];

const OF_TASK: &[Field] = &[
    Field("status", "Status", Kind::Text),
    Field("is_closed", "IsClosed", Kind::Flag),
    Field("priority", "Priority", Kind::Text),
    Field("task_subtype", "TaskSubtype", Kind::Text),
    Field("completed_at", "CompletedDateTime", Kind::Moment),
    Field("call_duration_s", "CallDurationInSeconds", Kind::Number),
    Field("call_type", "CallType", Kind::Text),
    Field("call_disposition", "CallDisposition", Kind::Text),
];

const OF_EVENT: &[Field] = &[
    Field("start_at", "StartDateTime", Kind::Moment),
    Field("end_at", "EndDateTime", Kind::Moment),
    Field("is_all_day", "IsAllDayEvent", Kind::Flag),
    Field("is_child", "IsChild", Kind::Flag),
    Field("location", "Location", Kind::Text),
];

impl RecordObject {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Task, Self::Event];

    /// Its API name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Task => "Task",
            Self::Event => "Event",
        }
    }

    /// What the ids of its records begin with.
    pub(super) const fn prefix(self) -> &'static str {
        match self {
            Self::Task => "00T",
            Self::Event => "00U",
        }
    }

    fn fields(self) -> impl Iterator<Item = &'static Field> {
        let own = match self {
            Self::Task => OF_TASK,
            Self::Event => OF_EVENT,
        };
        OF_BOTH.iter().chain(own)
    }

    /// The API names of its fields that the snapshot knows.
    pub(super) fn field_names(self) -> impl Iterator<Item = &'static str> {
        self.fields().map(|Field(_, name, _)| *name)
    }

    /// Whether the snapshot knows a field of this name.
    pub(super) fn has_field(self, name: &str) -> bool {
        self.field_names().any(|held| held == name)
    }
}

/// Whether a record is none without this field.
pub(super) fn is_required(name: &str) -> bool {
    REQUIRED.contains(&name)
}

impl ListedRecord {
    /// A row of Salesforce's, whose values may be texts as CSV has them.
    pub(super) fn read(
        object: RecordObject,
        key_field: Option<&str>,
        row: &Fields,
    ) -> Listed<Self> {
        Listed(
            Self::fields_of(object, key_field, row).map_err(|message| Unreadable {
                id: id_of(row),
                message,
            }),
        )
    }

    fn fields_of(
        object: RecordObject,
        key_field: Option<&str>,
        row: &Fields,
    ) -> Result<Self, String> {
        let mut fields = Map::new();
        fields.insert("object".to_owned(), object.name().into());
        for Field(key, name, kind) in object.fields() {
            match kind.value(name, row.get(*name))? {
                Some(value) => drop(fields.insert((*key).to_owned(), value)),
                None if is_required(name) => return Err(format!("it has no {name}")),
                None => {}
            }
        }
        if let Some(name) = key_field
            && let Some(value) = Kind::Text.value(name, named(row, name))?
        {
            fields.insert("key".to_owned(), value);
        }
        Ok(Self {
            id: text(row, ID).unwrap_or_default().to_owned(),
            modified_at: place(row).ok_or_else(|| format!("it has no {MODIFIED}"))?.0,
            fields,
        })
    }
}

/// Where a row stands in the order of changes, even one that is no record.
pub(super) fn place(row: &Fields) -> Option<(Timestamp, String)> {
    let stamp = text(row, MODIFIED)?.parse().ok()?;
    Some((stamp, text(row, ID)?.to_owned()))
}

fn text<'r>(row: &'r Fields, name: &str) -> Option<&'r str> {
    row.get(name)?.as_str().filter(|text| !text.is_empty())
}

/// A value by a name that somebody wrote in letters of another case.
fn named<'r>(row: &'r Fields, name: &str) -> Option<&'r Json> {
    row.iter()
        .find(|(held, _)| held.eq_ignore_ascii_case(name))
        .map(|(_, value)| value)
}

impl Kind {
    /// A value as the snapshot has it; none if it is empty.
    fn value(self, name: &str, value: Option<&Json>) -> Result<Option<Json>, String> {
        let value = match value {
            None | Some(Json::Null) => return Ok(None),
            Some(Json::String(text)) if text.is_empty() => return Ok(None),
            Some(value) => value,
        };
        let read = match (self, value) {
            (Self::Text, Json::String(text)) => Some(Json::from(text.as_str())),
            (Self::Moment, Json::String(text)) => moment(text),
            (Self::Flag, Json::String(text)) => text.parse::<bool>().ok().map(Json::from),
            (Self::Number, Json::String(text)) => text.parse::<Number>().ok().map(Json::Number),
            (Self::Flag, Json::Bool(_)) | (Self::Number, Json::Number(_)) => Some(value.clone()),
            _ => None,
        };
        let what = self.name();
        read.map(Some)
            .ok_or_else(|| format!("its {name} is no {what}"))
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Moment => "date and time",
            Self::Flag => "true or false",
            Self::Number => "number",
        }
    }
}

/// A moment whose offset may have no colon, as RFC 3339 writes it.
fn moment(text: &str) -> Option<Json> {
    let moment: Timestamp = text.parse().ok()?;
    Some(moment.to_string().into())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use serde_json::json;

    use super::*;

    fn read(row: &Json) -> Result<Json, (Option<String>, String)> {
        let Listed(read) =
            ListedRecord::read(RecordObject::Task, Some("KEY__C"), row.as_object().unwrap());
        read.map(|record| record.fields.into())
            .map_err(|unreadable| (unreadable.id, unreadable.message))
    }

    #[test]
    fn texts_of_csv_and_values_of_json_become_the_same_record() {
        let as_json = json!({
            "attributes": { "type": "Task" }, "Id": "00T1", "CreatedDate": "2026-11-20T08:00:00.000+0000",
            "SystemModstamp": "2026-11-20T08:00:00.500+0000", "Subject": " Hi ", "Description": null, "IsClosed": true,
            "IsDeleted": false, "CallDurationInSeconds": 95, "Key__c": "hubspot:1",
        });
        let as_csv = json!({
            "Id": "00T1", "CreatedDate": "2026-11-20T08:00:00.000Z", "SystemModstamp": "2026-11-20T08:00:00.500Z",
            "Subject": " Hi ", "Description": "", "IsClosed": "true", "IsDeleted": "false",
            "CallDurationInSeconds": "95", "Key__c": "hubspot:1",
        });
        let expected = json!({
            "id": "00T1", "object": "Task", "created_at": "2026-11-20T08:00:00Z", "modified_at": "2026-11-20T08:00:00.5Z",
            "subject": " Hi ", "is_closed": true, "is_deleted": false, "call_duration_s": 95, "key": "hubspot:1",
        });
        assert_eq!(read(&as_json).unwrap(), expected);
        assert_eq!(read(&as_csv).unwrap(), expected);
    }

    #[test]
    fn what_is_no_record_says_why() {
        let whole = json!({
            "Id": "00T1", "CreatedDate": "2026-11-20T08:00:00Z", "SystemModstamp": "2026-11-20T08:00:00Z",
        });
        for (name, value, expected) in [
            ("Id", Json::Null, "it has no Id"),
            ("CreatedDate", "".into(), "it has no CreatedDate"),
            (
                "SystemModstamp",
                "soon".into(),
                "its SystemModstamp is no date and time",
            ),
            ("Subject", 5.into(), "its Subject is no text"),
            (
                "IsClosed",
                "perhaps".into(),
                "its IsClosed is no true or false",
            ),
            (
                "CallDurationInSeconds",
                "long".into(),
                "its CallDurationInSeconds is no number",
            ),
        ] {
            let mut row = whole.clone();
            row[name] = value;
            let id = (name != "Id").then(|| "00T1".to_owned());
            assert_eq!(read(&row), Err((id, expected.to_owned())), "{name}");
        }
    }
}
