//! Are two values of a field the same? (U2)

use crate::id;
use crate::json;
use crate::kind::Kind;
use crate::snapshot::{Link, Origin, Picklist};
use crate::task::cut::{clean, clean_line};
use crate::task::subject::Frame;
use crate::task::{TaskField, is_closed};
use crate::time::{date, parse};
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Value;

/// A value in the form in which two of them are compared.
#[derive(Debug, PartialEq)]
pub(crate) enum Compared {
    Text(String),
    Date(Date),
    Time(Timestamp),
    Number(f64),
    Flag(bool),
    IsClosed(bool),
}

/// What the form of a value depends on.
pub(crate) struct Forms<'s, 'a> {
    pub(crate) kind: Kind,
    pub(crate) returns_title: bool,
    pub(crate) frame: &'s Frame,
    pub(crate) statuses: Option<&'s Picklist<'a>>,
}

impl<'s, 'a> Forms<'s, 'a> {
    pub(crate) fn new(
        kind: Kind,
        link: &Link<'_>,
        frame: &'s Frame,
        statuses: Option<&'s Picklist<'a>>,
    ) -> Self {
        Self {
            kind,
            returns_title: matches!(kind, Kind::Task | Kind::Call | Kind::Meeting)
                || (kind == Kind::SalesEmailSent && link.origin == Origin::Salesforce),
            frame,
            statuses,
        }
    }

    /// The form of a value of a field; none if it counts as absent.
    pub(crate) fn compared(&self, field: TaskField, value: &Value) -> Option<Compared> {
        Some(match (field, value) {
            (TaskField::IsReminderSet, Value::Bool(false)) => return None,
            (_, Value::Bool(flag)) => Compared::Flag(*flag),
            (_, Value::Number(number)) => Compared::Number(number.as_f64()?),
            (TaskField::OwnerId | TaskField::WhatId, Value::String(text)) => {
                Compared::Text(id::salesforce(text.trim()).to_owned())
            }
            (TaskField::Subject, Value::String(text)) if self.returns_title => {
                let title = self.title(text);
                return (!title.is_empty()).then_some(Compared::Text(title));
            }
            (TaskField::Status, Value::String(text)) => {
                self.compared_status(text, is_closed(self.statuses, text))
            }
            (TaskField::ActivityDate, Value::String(text)) => {
                match date(text.get(..10).unwrap_or(text)) {
                    Some(date) => Compared::Date(date),
                    None => Compared::Text(text.clone()),
                }
            }
            (TaskField::ReminderDateTime, Value::String(text)) => moment(text),
            (_, Value::String(text)) => return folded(text),
            (_, other) => Compared::Text(json::text_of(other)),
        })
    }

    /// S7: the title that a subject renders.
    pub(crate) fn title(&self, subject: &str) -> String {
        clean_line(self.frame.title(&clean_line(subject))).into_owned()
    }

    /// What a status is in HubSpot, so that an org's own status isn't overwritten by an unrelated edit.
    pub(crate) fn compared_status(&self, status: &str, is_closed: bool) -> Compared {
        match self.kind {
            Kind::Call => Compared::IsClosed(is_closed),
            Kind::Task => Compared::Text(task_status(status, is_closed).to_owned()),
            _ => Compared::Text(status.to_owned()),
        }
    }
}

/// S7: HubSpot's status of a task.
pub(crate) fn task_status(status: &str, is_closed: bool) -> &'static str {
    match status {
        "In Progress" => "IN_PROGRESS",
        "Waiting on someone else" => "WAITING",
        "Deferred" => "DEFERRED",
        "Completed" => "COMPLETED",
        "Not Started" => "NOT_STARTED",
        _ if is_closed => "COMPLETED",
        _ => "NOT_STARTED",
    }
}

/// A moment, to the second.
pub(crate) fn moment(text: &str) -> Compared {
    match parse(text) {
        Ok(at) => Compared::Time(Timestamp::from_second(at.as_second()).unwrap_or(at)),
        Err(_) => Compared::Text(text.to_owned()),
    }
}

/// A text after F14, its white space folded.
pub(crate) fn folded(text: &str) -> Option<Compared> {
    let folded = clean(text).split_whitespace().collect::<Vec<_>>().join(" ");
    (!folded.is_empty()).then_some(Compared::Text(folded))
}
