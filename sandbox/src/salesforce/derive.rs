//! What Salesforce fills in by itself: defaults of new records, and fields that follow others.

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;

use super::field::Kind;
use super::id::RecordId;
use super::org::Org;
use super::row::Row;
use super::schema::SYSTEM_FIELDS;
use super::value::Value;

/// Gives a new record what it was created without.
pub(super) fn defaults(org: &Org, table: usize, values: &mut [Value<'static>], user: RecordId) {
    let sobject = &org.tables[table].sobject;
    for (field, value) in sobject.fields.iter().zip(values).skip(SYSTEM_FIELDS) {
        if !value.is_null()
            || !(field.defaulted || field.name == "TaskSubtype" || field.name == "EventSubtype")
        {
            continue;
        }
        *value = match &field.kind {
            Kind::Boolean => Value::Bool(false),
            Kind::Reference { .. } if field.name == "OwnerId" => Value::Id(user),
            Kind::Picklist { values, .. } => {
                let chosen = values
                    .iter()
                    .find(|value| value.is_default)
                    .or(values.first());
                chosen.map_or(Value::Null, |chosen| Value::text(chosen.value.as_str()))
            }
            _ => Value::Null,
        };
    }
}

/// Sets the fields that follow from others. `before` is the record as it was, if it was.
pub(super) fn derive(
    org: &Org,
    table: usize,
    before: Option<&Row>,
    values: &mut [Value<'static>],
    now: i64,
) {
    match org.tables[table].sobject.name {
        "Task" => task(org, table, before, values, now),
        "Event" => event(org, table, before, values),
        "Contact" | "Lead" | "User" => full_name(org, table, values),
        "Opportunity" => opportunity(org, table, values),
        _ => {}
    }
}

/// Reads and sets values by the names of their fields.
struct Named<'a> {
    org: &'a Org,
    table: usize,
    values: &'a mut [Value<'static>],
}

impl Named<'_> {
    fn get(&self, name: &str) -> &Value<'static> {
        let place = self.org.tables[self.table].sobject.place(name);
        place
            .and_then(|place| self.values.get(place))
            .unwrap_or(&Value::Null)
    }

    fn folded(&self, name: &str) -> String {
        self.get(name).as_text().unwrap_or_default().to_lowercase()
    }

    fn set(&mut self, name: &str, value: Value<'static>) {
        let place = self.org.tables[self.table].sobject.place(name);
        if let Some(slot) = place.and_then(|place| self.values.get_mut(place)) {
            *slot = value;
        }
    }
}

fn task(org: &Org, table: usize, before: Option<&Row>, values: &mut [Value<'static>], now: i64) {
    account_of_activity(org, table, values);
    let sobject = &org.tables[table].sobject;
    let was_closed = before
        .zip(sobject.place("IsClosed"))
        .is_some_and(|(row, place)| row.value(place).is_true());
    let mut task = Named { org, table, values };
    let is_closed = org.closed_statuses.contains(&task.folded("Status"));
    task.set("IsClosed", Value::Bool(is_closed));
    task.set(
        "IsHighPriority",
        Value::Bool(org.high_priorities.contains(&task.folded("Priority"))),
    );
    if !is_closed {
        task.set("CompletedDateTime", Value::Null);
    } else if !was_closed && (before.is_some() || task.get("CompletedDateTime").is_null()) {
        task.set("CompletedDateTime", Value::Instant(now));
    }
    if !task.get("IsReminderSet").is_true() {
        task.set("ReminderDateTime", Value::Null);
    }
}

const DAY_IN_MINUTES: i64 = 24 * 60;

/// When an event begins and ends, how long it takes and on which day it is: each is set, and what was changed decides.
fn event(org: &Org, table: usize, before: Option<&Row>, values: &mut [Value<'static>]) {
    account_of_activity(org, table, values);
    let sobject = &org.tables[table].sobject;
    let mut event = Named { org, table, values };
    let is_new = |name: &str, value: &Value<'_>| {
        let held = before.zip(sobject.place(name));
        !value.is_null() && held.is_none_or(|(row, place)| row.value(place) != *value)
    };
    let instant = |value: &Value<'_>| match value {
        Value::Instant(second) => Some(*second),
        _ => None,
    };
    let all_day = event.get("IsAllDayEvent").is_true();
    let (mut start, activity) = (event.get("StartDateTime"), event.get("ActivityDateTime"));
    if start.is_null() || is_new("ActivityDateTime", activity) && !is_new("StartDateTime", start) {
        start = activity;
    }
    let start = match event.get("ActivityDate") {
        Value::Date(date)
            if all_day
                && (instant(start).is_none() || is_new("ActivityDate", &Value::Date(*date))) =>
        {
            midnight(*date)
        }
        _ => instant(start),
    };
    let Some(start) = start else { return };
    let (end, duration) = (event.get("EndDateTime"), event.get("DurationInMinutes"));
    let is_end_given = is_new("EndDateTime", end);
    // Whole days end with the beginning of the last, which is one of them.
    let last = if all_day { DAY_IN_MINUTES } else { 0 };
    let until = |end: i64| (end - start).div_euclid(60) + last;
    let minutes = match (duration, instant(end)) {
        (_, Some(end)) if is_end_given => until(end),
        (Value::Int(minutes), _) => *minutes.max(&last),
        (_, Some(end)) => until(end),
        _ => DAY_IN_MINUTES,
    };
    let day = Timestamp::from_second(start).map(|moment| TimeZone::UTC.to_datetime(moment).date());
    event.set("StartDateTime", Value::Instant(start));
    event.set("ActivityDateTime", Value::Instant(start));
    event.set("ActivityDate", day.map_or(Value::Null, Value::Date));
    event.set("DurationInMinutes", Value::Int(minutes));
    event.set(
        "EndDateTime",
        Value::Instant(start.saturating_add(minutes.saturating_sub(last).saturating_mul(60))),
    );
}

fn midnight(date: Date) -> Option<i64> {
    let midnight = date.to_datetime(Time::midnight());
    TimeZone::UTC
        .to_timestamp(midnight)
        .ok()
        .map(Timestamp::as_second)
}

/// The account is that of what the activity is about, else that of its contact.
fn account_of_activity(org: &Org, table: usize, values: &mut [Value<'static>]) {
    let mut activity = Named { org, table, values };
    let about = |id: Option<RecordId>| match id.map(|id| (id, id.prefix().to_owned())) {
        Some((id, prefix)) if prefix == "001" => Value::Id(id),
        Some((id, _)) => org.field_of(id, "AccountId").into_owned(),
        None => Value::Null,
    };
    let of_what = about(activity.get("WhatId").id());
    let account = if of_what.is_null() {
        about(activity.get("WhoId").id())
    } else {
        of_what
    };
    activity.set("AccountId", account);
}

fn full_name(org: &Org, table: usize, values: &mut [Value<'static>]) {
    let mut person = Named { org, table, values };
    let parts: Vec<_> = ["FirstName", "LastName"]
        .iter()
        .filter_map(|name| person.get(name).as_text())
        .collect();
    let name = parts.join(" ");
    person.set("Name", Value::text(name));
}

fn opportunity(org: &Org, table: usize, values: &mut [Value<'static>]) {
    let mut opportunity = Named { org, table, values };
    let stage = opportunity.folded("StageName");
    opportunity.set("IsWon", Value::Bool(stage == "closed won"));
    opportunity.set("IsClosed", Value::Bool(stage.starts_with("closed")));
}
