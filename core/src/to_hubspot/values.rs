//! What is a field of a record in HubSpot? (S7)

use super::fields::Field;
use crate::kind::Kind;
use crate::plan::Warning;
use crate::record::{RecordObject, SalesforceRecord};
use crate::rules::Rules;
use crate::same::{Compared, Forms, folded, moment, task_status};
use crate::snapshot::Duration;
use crate::task::cut::clean_line;
use crate::task::{TaskField, is_closed};
use crate::time::Moment;
use jiff::civil::{Date, Time};
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

/// A field as HubSpot takes it.
pub(super) enum Carried {
    /// The value of its property.
    As(String),
    /// The field is empty: an update clears the property.
    Empty,
    /// HubSpot has no place for the value: the property stays as it is, and so does `synced`.
    Nothing,
}

impl From<Option<String>> for Carried {
    fn from(value: Option<String>) -> Self {
        match value {
            Some(value) if !value.is_empty() => Self::As(value),
            _ => Self::Empty,
        }
    }
}

/// One record of a kind, to be carried.
pub(super) struct Values<'v, 'a> {
    pub(super) rules: &'v Rules,
    pub(super) kind: Kind,
    pub(super) record: &'v SalesforceRecord<'a>,
    pub(super) forms: Forms<'v, 'a>,
}

impl Values<'_, '_> {
    /// The value of a field in Salesforce; none if it is empty.
    pub(super) fn value(&self, field: Field) -> Option<Value> {
        match field {
            Field::Task(field) => self.record.value(field),
            _ if self.record.object == RecordObject::Task => None,
            Field::Start => Some(Value::from(stamp(self.start()))),
            Field::End => Some(Value::from(stamp(self.end()))),
            Field::Location => self.location().map(Value::from),
        }
    }

    /// The form in which a value of a field is compared (U2); whether the record is closed it says itself.
    pub(super) fn compared(&self, field: Field, value: &Value) -> Option<Compared> {
        match (field, value) {
            (Field::Task(TaskField::Status), Value::String(status))
                if self.record.status.get() == Some(status) =>
            {
                Some(self.forms.compared_status(status, self.is_closed()))
            }
            (Field::Task(field), value) => self.forms.compared(field, value),
            (Field::Location, Value::String(text)) => folded(text),
            (_, Value::String(text)) => Some(moment(text)),
            _ => None,
        }
    }

    /// What a field is in HubSpot.
    pub(super) fn carried(&self, field: Field) -> Carried {
        let record = self.record;
        match field {
            Field::Task(TaskField::Subject) => {
                let title = record.subject.get().map(|text| self.forms.title(text));
                title.into()
            }
            Field::Task(TaskField::Description) => {
                let text = record.value(TaskField::Description);
                text.as_ref()
                    .and_then(Value::as_str)
                    .map(|text| self.body(text))
                    .into()
            }
            Field::Task(TaskField::Status) => self.status(),
            Field::Task(TaskField::Priority) => one_of(
                record.priority.get(),
                &[("High", "HIGH"), ("Normal", "MEDIUM"), ("Low", "LOW")],
            ),
            Field::Task(TaskField::CallType) if record.call_type.is_absent() => Carried::Empty,
            Field::Task(TaskField::CallType) => one_of(
                record.call_type.get(),
                &[("Inbound", "INBOUND"), ("Outbound", "OUTBOUND")],
            ),
            Field::Task(TaskField::CallDurationInSeconds) => self.duration(),
            Field::Task(TaskField::ActivityDate) => match record.activity_date {
                Some(_) => Carried::As(stamp(self.timestamp())),
                None => Carried::Nothing,
            },
            Field::Task(_) => Carried::Nothing,
            Field::Start => Carried::As(stamp(self.start())),
            Field::End => Carried::As(stamp(self.end())),
            Field::Location => self.location().into(),
        }
    }

    fn status(&self) -> Carried {
        match (self.record.status.get(), self.kind) {
            (Some(status), Kind::Task) => {
                Carried::As(task_status(status, self.is_closed()).to_owned())
            }
            (_, Kind::Call) if self.is_closed() => Carried::As("COMPLETED".to_owned()),
            _ => Carried::Nothing,
        }
    }

    fn is_closed(&self) -> bool {
        self.record.is_closed.unwrap_or_else(|| {
            let status = self.record.status.get();
            status.is_some_and(|status| is_closed(self.forms.statuses, status))
        })
    }

    fn duration(&self) -> Carried {
        match (self.record.call_duration_s, self.record.call_seconds()) {
            (_, Some(seconds)) => Carried::As((seconds * 1000).to_string()),
            (Duration::Absent, None) => Carried::Empty,
            _ => Carried::Nothing,
        }
    }

    /// A body is HTML, except an email's: text escaped, line feeds as breaks.
    fn body(&self, text: &str) -> String {
        if self.kind == Kind::SalesEmailSent {
            return text.to_owned();
        }
        let mut html = String::with_capacity(text.len() + text.len() / 8);
        for character in text.chars() {
            match character {
                '&' => html.push_str("&amp;"),
                '<' => html.push_str("&lt;"),
                '>' => html.push_str("&gt;"),
                '"' => html.push_str("&quot;"),
                '\n' => html.push_str("<br>"),
                other => html.push(other),
            }
        }
        html
    }

    fn location(&self) -> Option<String> {
        let location = clean_line(self.record.location.get()?).into_owned();
        Some(location).filter(|location| !location.is_empty())
    }

    /// `hs_timestamp`: the day at the setting `due_time`; of a call or an email, its creation if that was on the day; without a day, its creation.
    pub(super) fn timestamp(&self) -> Timestamp {
        let created_at = self.record.created_at;
        let Some(date) = self.record.activity_date else {
            return created_at;
        };
        let took_place = matches!(self.kind, Kind::Call | Kind::SalesEmailSent);
        if took_place && self.day(created_at) == date {
            return created_at;
        }
        self.at(date, self.rules.due_time)
    }

    /// The civil day of a moment.
    pub(super) fn day(&self, at: Timestamp) -> Date {
        self.rules.time_zone.to_datetime(at).date()
    }

    fn at(&self, date: Date, time: Time) -> Timestamp {
        let at = self.rules.time_zone.to_timestamp(date.to_datetime(time));
        at.unwrap_or(self.record.created_at)
    }

    /// Where a meeting begins: an Event of whole days at midnight.
    pub(super) fn start(&self) -> Timestamp {
        let record = self.record;
        match (record.is_all_day, record.start_at.get()) {
            _ if record.object == RecordObject::Task => self.timestamp(),
            (true, start_at) => match record.activity_date.or(start_at.map(utc_day)) {
                Some(first) => self.at(first, Time::midnight()),
                None => self.timestamp(),
            },
            (false, Some(start_at)) => start_at,
            (false, None) => self.timestamp(),
        }
    }

    /// Where a meeting ends: an Event of whole days at the midnight after its last.
    fn end(&self) -> Timestamp {
        let record = self.record;
        let day_after = |last: Date| Some(self.at(last.tomorrow().ok()?, Time::midnight()));
        match record.end_at.get() {
            Some(end_at) if record.is_all_day => day_after(utc_day(end_at)),
            Some(end_at) if record.object == RecordObject::Event => Some(end_at),
            _ => None,
        }
        .unwrap_or_else(|| self.start())
    }

    /// I3: a call's length that is none.
    pub(super) fn warning(&self, field: Field) -> Option<Warning> {
        let is_length = field == Field::Task(TaskField::CallDurationInSeconds);
        let is_odd = is_length && matches!(self.duration(), Carried::Nothing);
        is_odd.then(|| {
            Warning::new(
                "unknown_value",
                "`call_duration_s` is no whole number of seconds that a call can take; it was left out",
            )
        })
    }
}

/// The value that stands for one of Salesforce's.
fn one_of(value: Option<&str>, table: &[(&str, &str)]) -> Carried {
    let known = table.iter().find(|(name, _)| Some(*name) == value);
    known.map_or(Carried::Nothing, |(_, value)| {
        Carried::As((*value).to_owned())
    })
}

fn utc_day(at: Timestamp) -> Date {
    Offset::UTC.to_datetime(at).date()
}

/// A moment as HubSpot writes it; a fraction of a second goes.
pub(super) fn stamp(at: Timestamp) -> String {
    let fraction = SignedDuration::from_nanos(at.subsec_nanosecond().into());
    let second = at.checked_sub(fraction).unwrap_or(at);
    let text = Moment(second).to_string();
    format!("{}.000Z", text.trim_end_matches('Z'))
}
