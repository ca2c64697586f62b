//! What the admin API lets happen in a portal that no API can: marketing emails being opened, forms being filled in.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::email_events::{EmailEvent, EmailEventType};
use super::forms::{self, Submission};
use super::object_type::ObjectType;
use super::occurrences::EventOccurrence;
use super::portal::Portal;

/// What is to happen, in the order of the lists.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
#[derive(Default)]
pub(super) struct Happenings {
    submissions: Vec<NewSubmission>,
    email_events: Vec<NewEmailEvent>,
    occurrences: Vec<NewOccurrence>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewSubmission {
    form: String,
    values: BTreeMap<String, String>,
    at: Option<Timestamp>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewEmailEvent {
    #[serde(rename = "type")]
    event_type: EmailEventType,
    campaign: u64,
    recipient: String,
    #[serde(default)]
    filtered: bool,
    at: Option<Timestamp>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewOccurrence {
    #[serde(rename = "type")]
    event_type: String,
    contact: u64,
    #[serde(default)]
    properties: BTreeMap<String, String>,
    at: Option<Timestamp>,
}

/// What is to change about the account.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AccountChange {
    event_occurrences: bool,
}

/// Lets it happen, all or nothing.
pub(super) fn happen(portal: &mut Portal, happenings: Happenings) -> Result<Json, String> {
    let unknown = happenings
        .submissions
        .iter()
        .find(|new| forms::with_id(portal, &new.form).is_none());
    if let Some(new) = unknown {
        return Err(format!("there is no form {}", new.form));
    }
    let now = Timestamp::from_millisecond(portal.now).unwrap_or_default();
    let happened =
        happenings.submissions.len() + happenings.email_events.len() + happenings.occurrences.len();
    for new in happenings.submissions {
        submit(portal, new, now);
    }
    for new in happenings.email_events {
        portal.email_events.add(EmailEvent {
            number: portal.email_events.last_number() + 1,
            created: new.at.unwrap_or(now).as_millisecond(),
            campaign: new.campaign,
            recipient: new.recipient.into(),
            event_type: new.event_type,
            filtered: new.filtered,
            sent_by: None,
        });
    }
    for new in happenings.occurrences {
        portal.occurrences.add(EventOccurrence {
            number: portal.occurrences.last_number() + 1,
            occurred_at: new.at.unwrap_or(now),
            event_type: new.event_type.into(),
            object: (ObjectType::Contact, new.contact),
            properties: pairs(new.properties),
        });
    }
    Ok(json!({ "happened": happened }))
}

fn submit(portal: &mut Portal, new: NewSubmission, now: Timestamp) {
    let last = portal
        .forms
        .iter()
        .map(|form| form.submissions.last_number())
        .max();
    let submission = Submission {
        number: last.unwrap_or(0) + 1,
        submitted_at: new.at.unwrap_or(now),
        page_url: "https://www.hallasensor.example/".to_owned(),
        values: pairs(new.values),
    };
    if let Some(form) = forms::with_id(portal, &new.form) {
        form.submissions.add(submission);
    }
}

fn pairs<N: From<String>>(values: BTreeMap<String, String>) -> Vec<(N, String)> {
    let pairs = values.into_iter().map(|(name, value)| (name.into(), value));
    pairs.collect()
}

/// Gives the account what its subscription lets it see, or takes it away.
pub(super) fn change(portal: &mut Portal, change: &AccountChange) -> Json {
    portal.account.has_event_occurrences = change.event_occurrences;
    json!({ "event_occurrences": change.event_occurrences })
}
