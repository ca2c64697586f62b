//! What does the Task say? Its fields (F1-F11), with the picklists applied (F15).

pub(crate) mod cut;
pub(crate) mod plain_text;
pub(crate) mod subject;

use crate::json;
use crate::kind::Kind;
use crate::names::names;
use crate::plan::Warning;
use crate::rules::Rules;
use crate::snapshot::{Activity, Duration, Picklist, Picklists};
use crate::text::Text;
use crate::time::{Day, Moment};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;
use std::borrow::Cow;

names! {
    /// The fields of a Salesforce Task that are written.
    pub enum TaskField {
        /// F1.
        Subject = "Subject",
        /// F2.
        Description = "Description",
        /// F3.
        ActivityDate = "ActivityDate",
        /// F4.
        Status = "Status",
        /// F5.
        Priority = "Priority",
        /// F6.
        Type = "Type",
        /// F7.
        TaskSubtype = "TaskSubtype",
        /// F8.
        WhoId = "WhoId",
        /// F8.
        WhatId = "WhatId",
        /// F8.
        OwnerId = "OwnerId",
        /// F9.
        CallDurationInSeconds = "CallDurationInSeconds",
        /// F9.
        CallType = "CallType",
        /// F9.
        CallDisposition = "CallDisposition",
        /// F10.
        IsReminderSet = "IsReminderSet",
        /// F10.
        ReminderDateTime = "ReminderDateTime",
    }
}

/// A value of a Task's field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldValue<'a> {
    /// Text, picklist value or id.
    Text(Cow<'a, str>),
    /// Civil date.
    Date(Date),
    /// Whole number.
    Integer(u64),
    /// Checkbox.
    Flag(bool),
    /// Moment, to the second, in UTC.
    Time(Timestamp),
}

impl FieldValue<'_> {
    /// The value as JSON.
    pub fn to_value(&self) -> Value {
        match self {
            Self::Text(text) => Value::from(text.as_ref()),
            Self::Date(date) => Value::from(Day(*date).to_string()),
            Self::Integer(number) => Value::from(*number),
            Self::Flag(flag) => Value::from(*flag),
            Self::Time(at) => Value::from(Moment(to_the_second(*at)).to_string()),
        }
    }
}

impl Serialize for FieldValue<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Date(date) => serializer.collect_str(&Day(*date)),
            Self::Integer(number) => serializer.serialize_u64(*number),
            Self::Flag(flag) => serializer.serialize_bool(*flag),
            Self::Time(at) => serializer.collect_str(&Moment(to_the_second(*at))),
        }
    }
}

/// A fraction of a second goes, as it does in Salesforce.
fn to_the_second(at: Timestamp) -> Timestamp {
    at.checked_sub(SignedDuration::from_nanos(at.subsec_nanosecond().into()))
        .unwrap_or(at)
}

/// Fields of a Task, in their documented order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Task<'a> {
    fields: Vec<(TaskField, FieldValue<'a>)>,
}

impl<'a> Task<'a> {
    /// The value of a field.
    pub fn get(&self, field: TaskField) -> Option<&FieldValue<'a>> {
        self.fields
            .iter()
            .find(|(name, _)| *name == field)
            .map(|(_, value)| value)
    }

    /// The fields that are there.
    pub fn iter(&self) -> impl Iterator<Item = (TaskField, &FieldValue<'a>)> {
        self.fields.iter().map(|(field, value)| (*field, value))
    }

    /// Whether there is no field.
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    pub(crate) fn with_capacity(fields: usize) -> Self {
        Self {
            fields: Vec::with_capacity(fields),
        }
    }

    /// Sets a field; those with a place after it stay behind it.
    #[inline(never)]
    pub(crate) fn set(&mut self, field: TaskField, value: FieldValue<'a>) {
        if self.fields.last().is_none_or(|(name, _)| *name < field) {
            self.fields.push((field, value));
        } else {
            self.set_among(field, value);
        }
    }

    #[inline(never)]
    fn set_among(&mut self, field: TaskField, value: FieldValue<'a>) {
        match self.fields.iter().rposition(|(name, _)| *name <= field) {
            Some(position) => match self.fields.get_mut(position) {
                Some((name, old)) if *name == field => *old = value,
                _ => self.fields.insert(position + 1, (field, value)),
            },
            None => self.fields.insert(0, (field, value)),
        }
    }

    pub(crate) fn to_value(&self) -> Value {
        let values = self.iter();
        json::object(values.map(|(field, value)| (field.name().to_owned(), value.to_value())))
    }
}

impl Serialize for Task<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.fields.len()))?;
        for (field, value) in &self.fields {
            map.serialize_entry(field, value)?;
        }
        map.end()
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Task<'_> {
    fn schema_name() -> Cow<'static, str> {
        "Task".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let properties: serde_json::Map<String, Value> = TaskField::ALL
            .iter()
            .map(|field| {
                let schema = match field {
                    TaskField::CallDurationInSeconds => serde_json::json!({ "type": "integer" }),
                    TaskField::IsReminderSet => serde_json::json!({ "type": "boolean" }),
                    TaskField::ActivityDate => {
                        serde_json::json!({ "type": "string", "format": "date" })
                    }
                    TaskField::ReminderDateTime => {
                        serde_json::json!({ "type": "string", "format": "date-time" })
                    }
                    _ => serde_json::json!({ "type": "string" }),
                };
                (field.name().to_owned(), schema)
            })
            .collect();
        schemars::json_schema!({ "type": "object", "properties": properties, "additionalProperties": false })
    }
}

/// What the fields of a Task are computed from.
pub(crate) struct Source<'r, 'a> {
    pub(crate) rules: &'r Rules,
    pub(crate) picklists: &'r Picklists<'a>,
    pub(crate) now: Timestamp,
    pub(crate) kind: Kind,
    pub(crate) activity: &'a Activity<'a>,
    pub(crate) position: usize,
    /// Name of the contact, else its e-mail (F12).
    pub(crate) contact: Option<&'a str>,
    pub(crate) template: &'r subject::Template,
    pub(crate) is_linked: bool,
}

/// The fields that say what happened, without those that say on whom and by whom (F8), and what around the title the subject renders.
pub(crate) struct Content<'a> {
    pub(crate) task: Task<'a>,
    pub(crate) cut: Vec<TaskField>,
    pub(crate) frame: subject::Frame,
}

const SUBJECT_LIMIT: usize = 255;
const DESCRIPTION_LIMIT: usize = 32_000;
const DISPOSITION_LIMIT: usize = 255;
pub(crate) const LONGEST_CALL_SECONDS: u64 = 99_999_999;

/// Computes the fields of the Task (F1-F7, F9, F10).
pub(crate) fn content<'a>(source: &Source<'a, 'a>, warnings: &mut Vec<Warning>) -> Content<'a> {
    let activity = source.activity;
    let mut task = Task::with_capacity(12);
    let mut cut = Vec::new();

    let description = description(source, warnings);
    let date = activity_date(source);
    let (subject, frame) = subject::render(source, description.as_deref(), date);
    task.set(
        TaskField::Subject,
        fit(
            TaskField::Subject,
            "subject_truncated",
            subject.into(),
            SUBJECT_LIMIT,
            &mut cut,
            warnings,
        ),
    );
    if let Some(description) = description {
        task.set(
            TaskField::Description,
            fit(
                TaskField::Description,
                "description_truncated",
                description,
                DESCRIPTION_LIMIT,
                &mut cut,
                warnings,
            ),
        );
    }
    task.set(TaskField::ActivityDate, FieldValue::Date(date));

    let status = status(source, warnings);
    let status_list = source.picklists.status.as_ref();
    let status = pick(
        TaskField::Status,
        status_list,
        Cow::Borrowed(status),
        warnings,
    );
    let is_open = !status
        .as_deref()
        .is_some_and(|status| is_closed(status_list, status));
    if let Some(status) = status {
        task.set(TaskField::Status, FieldValue::Text(status));
    }
    if let Some(priority) = pick(
        TaskField::Priority,
        source.picklists.priority.as_ref(),
        priority(source, warnings).into(),
        warnings,
    ) {
        task.set(TaskField::Priority, FieldValue::Text(priority));
    }
    if let Some(task_type) = source.rules.kind(source.kind).task_type.as_deref()
        && let Some(task_type) = pick(
            TaskField::Type,
            source.picklists.task_type.as_ref(),
            task_type.into(),
            warnings,
        )
    {
        task.set(TaskField::Type, FieldValue::Text(task_type));
    }
    task.set(
        TaskField::TaskSubtype,
        FieldValue::Text(subtype(source.kind).into()),
    );
    if source.kind == Kind::Call {
        set_call(source, &mut task, &mut cut, warnings);
    }
    if source.kind == Kind::Task && is_open {
        set_reminder(activity, &mut task);
    }
    Content { task, cut, frame }
}

/// F2, F14, F16: the body as plain text.
fn description<'a>(source: &Source<'_, 'a>, warnings: &mut Vec<Warning>) -> Option<Cow<'a, str>> {
    let activity = source.activity;
    let is_text = match activity.body_format.get() {
        None => false,
        Some(format) if format.eq_ignore_ascii_case("html") => false,
        Some(format) if format.eq_ignore_ascii_case("text") => true,
        Some(format) => {
            warnings.push(unknown_value(
                source.position,
                "body_format",
                format,
                "html, text",
            ));
            false
        }
    };
    let body = activity.body.get()?;
    let text = if is_text {
        cut::clean(body)
    } else {
        plain_text::from_html(body).into()
    };
    (!text.is_empty()).then_some(text)
}

/// F3: the civil date on which it is due, or took place.
#[inline(never)]
fn activity_date(source: &Source<'_, '_>) -> Date {
    let at = source
        .activity
        .due_at
        .get()
        .unwrap_or(source.activity.occurred_at);
    source.rules.time_zone.to_datetime(at).date()
}

/// F4: Salesforce's status.
fn status<'a>(source: &Source<'a, 'a>, warnings: &mut Vec<Warning>) -> &'a str {
    const COMPLETED: &str = "Completed";
    const NOT_STARTED: &str = "Not Started";
    let known = |table: &[(&str, &'a str)], given: &str| {
        table
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(given))
            .map(|(_, status)| *status)
    };
    let cancelled = source.rules.cancelled_status.as_str();
    let (table, by_time): (&[(&str, &str)], bool) = match source.kind {
        Kind::Task => (
            &[
                ("NOT_STARTED", NOT_STARTED),
                ("IN_PROGRESS", "In Progress"),
                ("WAITING", "Waiting on someone else"),
                ("COMPLETED", COMPLETED),
                ("DEFERRED", "Deferred"),
            ],
            false,
        ),
        Kind::Meeting => (
            &[
                ("SCHEDULED", NOT_STARTED),
                ("RESCHEDULED", NOT_STARTED),
                ("COMPLETED", COMPLETED),
                ("CANCELED", cancelled),
                ("CANCELLED", cancelled),
                ("NO_SHOW", cancelled),
            ],
            true,
        ),
        _ => return COMPLETED,
    };
    if let Some(given) = source.activity.status.get() {
        if let Some(status) = known(table, given) {
            return status;
        }
        let names: Vec<_> = table
            .iter()
            .map(|(name, _)| *name)
            .filter(|name| *name != "CANCELLED")
            .collect();
        warnings.push(unknown_value(
            source.position,
            "status",
            given,
            &names.join(", "),
        ));
    }
    let is_over = source
        .activity
        .due_at
        .get()
        .unwrap_or(source.activity.occurred_at)
        <= source.now;
    if by_time && is_over {
        COMPLETED
    } else {
        NOT_STARTED
    }
}

/// F5: Salesforce's priority.
fn priority(source: &Source<'_, '_>, warnings: &mut Vec<Warning>) -> &'static str {
    match source.activity.priority.get() {
        None => "Normal",
        Some(given) if given.eq_ignore_ascii_case("HIGH") => "High",
        Some(given) if given.eq_ignore_ascii_case("LOW") => "Low",
        Some(given)
            if given.eq_ignore_ascii_case("MEDIUM") || given.eq_ignore_ascii_case("NONE") =>
        {
            "Normal"
        }
        Some(given) => {
            warnings.push(unknown_value(
                source.position,
                "priority",
                given,
                "HIGH, MEDIUM, NONE, LOW",
            ));
            "Normal"
        }
    }
}

/// F7: Salesforce's subtype; it can't be changed later.
const fn subtype(kind: Kind) -> &'static str {
    match kind {
        Kind::Call => "Call",
        Kind::SalesEmailSent | Kind::SalesEmailReplied => "Email",
        _ => "Task",
    }
}

/// F9: what only calls have.
fn set_call<'a>(
    source: &Source<'a, 'a>,
    task: &mut Task<'a>,
    cut: &mut Vec<TaskField>,
    warnings: &mut Vec<Warning>,
) {
    if let Some(seconds) = call_seconds(source, warnings) {
        task.set(
            TaskField::CallDurationInSeconds,
            FieldValue::Integer(seconds),
        );
    }
    if let Some(call_type) = call_type(source, warnings)
        && let Some(call_type) = pick(
            TaskField::CallType,
            source.picklists.call_type.as_ref(),
            call_type.into(),
            warnings,
        )
    {
        task.set(TaskField::CallType, FieldValue::Text(call_type));
    }
    if let Some(disposition) = source.activity.disposition.get() {
        let disposition = cut::clean_line(disposition);
        if !disposition.is_empty() {
            let value = fit(
                TaskField::CallDisposition,
                "call_disposition_truncated",
                disposition,
                DISPOSITION_LIMIT,
                cut,
                warnings,
            );
            task.set(TaskField::CallDisposition, value);
        }
    }
}

fn call_seconds(source: &Source<'_, '_>, warnings: &mut Vec<Warning>) -> Option<u64> {
    let seconds = match source.activity.duration_ms {
        Duration::Absent => return None,
        Duration::Whole(milliseconds) => Some(milliseconds.saturating_add(500) / 1000),
        Duration::NoInteger => None,
    };
    let seconds = seconds.filter(|seconds| *seconds <= LONGEST_CALL_SECONDS);
    if seconds.is_none() {
        warnings.push(
            Warning::new("unknown_value", "`duration_ms` is no whole number of milliseconds that Salesforce takes; it was left out")
                .at(format!("activities[{}].duration_ms", source.position)),
        );
    }
    seconds
}

fn call_type(source: &Source<'_, '_>, warnings: &mut Vec<Warning>) -> Option<&'static str> {
    let given = source.activity.direction.get()?;
    if given.eq_ignore_ascii_case("INBOUND") {
        return Some("Inbound");
    }
    if given.eq_ignore_ascii_case("OUTBOUND") {
        return Some("Outbound");
    }
    warnings.push(unknown_value(
        source.position,
        "direction",
        given,
        "INBOUND, OUTBOUND",
    ));
    None
}

/// F10: the reminder of an open task.
fn set_reminder(activity: &Activity<'_>, task: &mut Task<'_>) {
    if let Some(at) = activity.reminder_at.get() {
        task.set(TaskField::IsReminderSet, FieldValue::Flag(true));
        task.set(TaskField::ReminderDateTime, FieldValue::Time(at));
    }
}

/// F13: the text, cut to what Salesforce takes.
fn fit<'a>(
    field: TaskField,
    code: &'static str,
    text: Cow<'a, str>,
    limit: usize,
    cut: &mut Vec<TaskField>,
    warnings: &mut Vec<Warning>,
) -> FieldValue<'a> {
    match cut::to_utf16_units(&text, limit) {
        None => FieldValue::Text(text),
        Some(shorter) => {
            cut.push(field);
            warnings.push(Warning::new(
                code,
                format!("{field} was cut to {limit} characters"),
            ));
            FieldValue::Text(shorter.into())
        }
    }
}

/// F15: the value if the org's picklist holds it, else what stands in for it.
fn pick<'a>(
    field: TaskField,
    picklist: Option<&'a Picklist<'_>>,
    value: Cow<'a, str>,
    warnings: &mut Vec<Warning>,
) -> Option<Cow<'a, str>> {
    let Some(picklist) = picklist else {
        return Some(value);
    };
    if picklist
        .values
        .iter()
        .any(|known| known.get() == Some(&*value))
    {
        return Some(value);
    }
    let first_closed = || picklist.closed.iter().find_map(Text::get);
    let stand_in = match field {
        TaskField::Status if value == "Completed" => {
            first_closed().or_else(|| picklist.default.get())
        }
        TaskField::Status | TaskField::Priority => picklist.default.get(),
        _ => None,
    };
    let message = match stand_in {
        Some(stand_in) => {
            format!("`{value}` is no value of {field} in this org; `{stand_in}` is written")
        }
        None => format!("`{value}` is no value of {field} in this org; {field} is left out"),
    };
    warnings.push(Warning::new("not_in_picklist", message));
    stand_in.map(Cow::Borrowed)
}

/// Whether a status closes the Task.
pub(crate) fn is_closed(picklist: Option<&Picklist<'_>>, status: &str) -> bool {
    match picklist {
        Some(picklist) if !picklist.closed.is_empty() => picklist
            .closed
            .iter()
            .any(|closed| closed.get() == Some(status)),
        _ => status == "Completed",
    }
}

/// I3: a value that isn't named counts as absent.
pub(crate) fn unknown_value(position: usize, field: &str, given: &str, known: &str) -> Warning {
    Warning::new(
        "unknown_value",
        format!("`{given}` isn't known, and counts as absent; known are {known}"),
    )
    .at(format!("activities[{position}].{field}"))
}
