//! What is known of a Salesforce record? Its shape, and its values by field.

use crate::id;
use crate::names::names;
use crate::snapshot::Duration;
use crate::task::cut::{clean, clean_line};
use crate::task::{LONGEST_CALL_SECONDS, TaskField};
use crate::text::Text;
use crate::time::{self, Day, Time};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor,
};
use serde_json::Value;
use std::fmt;

names! {
    /// The Salesforce objects of records.
    pub enum RecordObject {
        /// A Task.
        Task = "Task",
        /// An Event.
        Event = "Event",
    }
}

/// One Salesforce record, a Task or an Event.
#[derive(Debug)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SalesforceRecord<'a> {
    /// Salesforce id.
    pub id: Text<'a>,
    /// `Task` or `Event`.
    pub object: RecordObject,
    /// When it was created.
    #[cfg_attr(feature = "schema", schemars(with = "Time"))]
    pub created_at: Timestamp,
    /// When it was last changed: its SystemModstamp (S3, S9).
    #[cfg_attr(feature = "schema", schemars(with = "Time"))]
    pub modified_at: Timestamp,
    /// Subject.
    #[cfg_attr(feature = "schema", schemars(default))]
    pub subject: Text<'a>,
    /// Comments.
    #[cfg_attr(feature = "schema", schemars(default))]
    pub description: Text<'a>,
    /// Of a Task: the org's own value.
    #[cfg_attr(feature = "schema", schemars(default))]
    pub status: Text<'a>,
    /// Of a Task: whether its status closes it; without it, whether the status is one that does.
    #[cfg_attr(feature = "schema", schemars(default))]
    pub is_closed: Option<bool>,
    /// Of a Task: the org's own value.
    #[cfg_attr(feature = "schema", schemars(default))]
    pub priority: Text<'a>,
    /// The org's own value; decides where the subtype doesn't (S2).
    #[cfg_attr(feature = "schema", schemars(default, rename = "type"))]
    pub record_type: Text<'a>,
    /// Of a Task (S2).
    #[cfg_attr(feature = "schema", schemars(default))]
    pub task_subtype: Text<'a>,
    /// Of a Task: the day it is due; of an Event of whole days: the first.
    #[cfg_attr(feature = "schema", schemars(default, with = "Option<String>"))]
    pub activity_date: Option<Date>,
    /// Of an Event: its start; of one of whole days, midnight UTC of the first.
    #[cfg_attr(feature = "schema", schemars(default))]
    pub start_at: Time,
    /// Of an Event: its end; of one of whole days, midnight UTC of the last.
    #[cfg_attr(feature = "schema", schemars(default))]
    pub end_at: Time,
    /// Of an Event: whether it is of whole days.
    #[cfg_attr(feature = "schema", schemars(default, with = "Option<bool>"))]
    pub is_all_day: bool,
    /// Of an Event: whether it is an invitee's copy (S2).
    #[cfg_attr(feature = "schema", schemars(default, with = "Option<bool>"))]
    pub is_child: bool,
    /// Of an Event.
    #[cfg_attr(feature = "schema", schemars(default))]
    pub location: Text<'a>,
    /// Salesforce id of the user it is assigned to (S5).
    #[cfg_attr(feature = "schema", schemars(default))]
    pub owner_id: Text<'a>,
    /// Salesforce id of its Contact or Lead (S4).
    #[cfg_attr(feature = "schema", schemars(default))]
    pub who_id: Text<'a>,
    /// Salesforce id of the Contact that its Lead was converted to (S4).
    #[cfg_attr(feature = "schema", schemars(default))]
    pub converted_contact_id: Text<'a>,
    /// Salesforce id of what it is related to (S10).
    #[cfg_attr(feature = "schema", schemars(default))]
    pub what_id: Text<'a>,
    /// Salesforce id of the user who created it (S8).
    #[cfg_attr(feature = "schema", schemars(default))]
    pub created_by: Text<'a>,
    /// The value of its key field (F11, S8).
    #[cfg_attr(feature = "schema", schemars(default))]
    pub key: Text<'a>,
    /// Of a call: its length in seconds.
    #[cfg_attr(feature = "schema", schemars(default))]
    pub call_duration_s: Duration,
    /// Of a call: `Inbound`, `Outbound` or `Internal`.
    #[cfg_attr(feature = "schema", schemars(default))]
    pub call_type: Text<'a>,
    /// Whether it was deleted.
    #[cfg_attr(feature = "schema", schemars(default, with = "Option<bool>"))]
    pub is_deleted: bool,
}

/// Where the value of a key goes, by what it may be.
enum Slot<'s, 'a> {
    Text(&'s mut Text<'a>),
    Time(&'s mut Time),
    Moment(&'s mut Timestamp),
    Date(&'s mut Option<Date>),
    Flag(&'s mut bool),
    Known(&'s mut Option<bool>),
    Length(&'s mut Duration),
    Object(&'s mut RecordObject),
}

const REQUIRED: [&str; 4] = ["id", "object", "created_at", "modified_at"];

impl<'a> SalesforceRecord<'a> {
    const fn empty() -> Self {
        Self {
            id: Text::absent(),
            object: RecordObject::Task,
            created_at: Timestamp::UNIX_EPOCH,
            modified_at: Timestamp::UNIX_EPOCH,
            subject: Text::absent(),
            description: Text::absent(),
            status: Text::absent(),
            is_closed: None,
            priority: Text::absent(),
            record_type: Text::absent(),
            task_subtype: Text::absent(),
            activity_date: None,
            start_at: Time::absent(),
            end_at: Time::absent(),
            is_all_day: false,
            is_child: false,
            location: Text::absent(),
            owner_id: Text::absent(),
            who_id: Text::absent(),
            converted_contact_id: Text::absent(),
            what_id: Text::absent(),
            created_by: Text::absent(),
            key: Text::absent(),
            call_duration_s: Duration::Absent,
            call_type: Text::absent(),
            is_deleted: false,
        }
    }

    fn slot(&mut self, key: &str) -> Option<Slot<'_, 'a>> {
        Some(match key {
            "id" => Slot::Text(&mut self.id),
            "object" => Slot::Object(&mut self.object),
            "created_at" => Slot::Moment(&mut self.created_at),
            "modified_at" => Slot::Moment(&mut self.modified_at),
            "subject" => Slot::Text(&mut self.subject),
            "description" => Slot::Text(&mut self.description),
            "status" => Slot::Text(&mut self.status),
            "is_closed" => Slot::Known(&mut self.is_closed),
            "priority" => Slot::Text(&mut self.priority),
            "type" => Slot::Text(&mut self.record_type),
            "task_subtype" => Slot::Text(&mut self.task_subtype),
            "activity_date" => Slot::Date(&mut self.activity_date),
            "start_at" => Slot::Time(&mut self.start_at),
            "end_at" => Slot::Time(&mut self.end_at),
            "is_all_day" => Slot::Flag(&mut self.is_all_day),
            "is_child" => Slot::Flag(&mut self.is_child),
            "location" => Slot::Text(&mut self.location),
            "owner_id" => Slot::Text(&mut self.owner_id),
            "who_id" => Slot::Text(&mut self.who_id),
            "converted_contact_id" => Slot::Text(&mut self.converted_contact_id),
            "what_id" => Slot::Text(&mut self.what_id),
            "created_by" => Slot::Text(&mut self.created_by),
            "key" => Slot::Text(&mut self.key),
            "call_duration_s" => Slot::Length(&mut self.call_duration_s),
            "call_type" => Slot::Text(&mut self.call_type),
            "is_deleted" => Slot::Flag(&mut self.is_deleted),
            _ => return None,
        })
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for SalesforceRecord<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(RecordVisitor)
    }
}

/// Reads by what a value may be, not by field: derived code, once for each field, would be four times as large in the module.
struct RecordVisitor;

impl<'de> Visitor<'de> for RecordVisitor {
    type Value = SalesforceRecord<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a record")
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut record = SalesforceRecord::empty();
        let mut seen: Vec<Text<'de>> = Vec::with_capacity(26);
        while let Some(key) = map.next_key::<Text<'de>>()? {
            let name = key.get().unwrap_or_default();
            let Some(slot) = record.slot(name) else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            if seen.contains(&key) {
                return Err(A::Error::custom(format_args!("duplicate field `{name}`")));
            }
            map.next_value_seed(Filling {
                slot,
                is_required: REQUIRED.contains(&name),
            })?;
            seen.push(key);
        }
        let is_missing = |name: &&&str| !seen.iter().any(|key| key.get() == Some(name));
        match REQUIRED.iter().find(is_missing) {
            Some(missing) => Err(A::Error::missing_field(missing)),
            None => Ok(record),
        }
    }
}

/// Reads a value into its place.
struct Filling<'s, 'a> {
    slot: Slot<'s, 'a>,
    is_required: bool,
}

impl<'de> DeserializeSeed<'de> for Filling<'_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let mut is_said = true;
        match self.slot {
            Slot::Text(text) => {
                *text = Deserialize::deserialize(deserializer)?;
                is_said = !text.is_absent();
            }
            Slot::Time(time) => *time = Deserialize::deserialize(deserializer)?,
            Slot::Moment(moment) => match Time::deserialize(deserializer)?.get() {
                Some(at) => *moment = at,
                None => is_said = false,
            },
            Slot::Date(day) => {
                *day = date(&Deserialize::deserialize(deserializer)?).map_err(D::Error::custom)?;
            }
            Slot::Flag(flag) => *flag = Option::deserialize(deserializer)?.unwrap_or(false),
            Slot::Known(flag) => *flag = Deserialize::deserialize(deserializer)?,
            Slot::Length(length) => *length = Deserialize::deserialize(deserializer)?,
            Slot::Object(object) => *object = Deserialize::deserialize(deserializer)?,
        }
        if self.is_required && !is_said {
            return Err(D::Error::custom("is empty; it is required"));
        }
        Ok(())
    }
}

fn date(text: &Text<'_>) -> Result<Option<Date>, String> {
    let Some(text) = text.get() else {
        return Ok(None);
    };
    match time::date(text.trim()) {
        Some(date) => Ok(Some(date)),
        None => Err(format!("`{text}` is no date; write it as 2026-11-20")),
    }
}

impl SalesforceRecord<'_> {
    /// The value of a field, cleaned as it would be written (F14); none if it is empty, or no value that the field can have.
    pub(crate) fn value(&self, field: TaskField) -> Option<Value> {
        let text = match field {
            TaskField::Subject => clean_line(self.subject.get()?),
            TaskField::Description => clean(self.description.get()?),
            TaskField::Status => self.status.get()?.into(),
            TaskField::Priority => self.priority.get()?.into(),
            TaskField::OwnerId => self.owner_id.get()?.trim().into(),
            TaskField::WhatId => self.what_id.get()?.trim().into(),
            TaskField::CallType => self.call_type.get()?.into(),
            TaskField::ActivityDate => Day(self.activity_date?).to_string().into(),
            TaskField::CallDurationInSeconds => return self.call_seconds().map(Value::from),
            _ => return None,
        };
        (!text.is_empty()).then(|| Value::from(&*text))
    }

    /// The length of a call that HubSpot's can have, and that comes back as it is (F9).
    pub(crate) fn call_seconds(&self) -> Option<u64> {
        match self.call_duration_s {
            Duration::Whole(seconds) if seconds <= LONGEST_CALL_SECONDS => Some(seconds),
            _ => None,
        }
    }

    /// The part of its id that names it.
    pub(crate) fn name(&self) -> &str {
        id::salesforce(self.id.get().unwrap_or_default().trim())
    }
}
