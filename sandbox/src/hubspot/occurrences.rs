//! Occurrences of events: what contacts did, as far as HubSpot and installed apps noticed.

use std::borrow::Cow;
use std::collections::BTreeSet;

use http::StatusCode;
use jiff::Timestamp;
use serde_json::{Map, Value as Json, json};

use super::feed::{self, Happened, Order, Place, Reading};
use super::moment;
use super::object_type::ObjectType;
use super::page::{Page, Paging};
use super::portal::Portal;
use super::refusal::{Detail, Refusal};
use super::request::Call;
use super::route::parse;
use crate::front::Answer;

const LARGEST_PAGE: usize = 100;
/// What the ids of occurrences begin with.
const SORT: u32 = 0xd0d0_d0d0;

/// Types of event that HubSpot lists whether a portal has any or not.
const STANDARD: [&str; 4] = [
    "e_ad_interaction",
    "e_form_submission_v2",
    "e_submitted_form",
    "e_visited_page",
];

/// That something happened, and to whom.
#[derive(Clone, Debug)]
pub struct EventOccurrence {
    /// Its number, which answers show as a UUID.
    pub number: u64,
    /// When.
    pub occurred_at: Timestamp,
    /// The name of the type: `e_…` of HubSpot, `ae<app>_…` of an app, `pe<portal>_…` of the portal.
    pub event_type: Cow<'static, str>,
    /// Whose event it is.
    pub object: (ObjectType, u64),
    /// What is known of it.
    pub properties: Vec<(Cow<'static, str>, String)>,
}

impl Happened for EventOccurrence {
    fn place(&self) -> Place {
        (self.occurred_at.as_millisecond(), self.number)
    }
}

pub(super) fn view(occurrence: &EventOccurrence) -> Json {
    let (object_type, object_id) = occurrence.object;
    let properties: Map<_, _> = occurrence
        .properties
        .iter()
        .map(|(name, value)| (name.clone().into_owned(), json!(value)))
        .collect();
    json!({
        "objectType": object_type.singular().to_uppercase(),
        "objectId": object_id.to_string(),
        "eventType": occurrence.event_type,
        "occurredAt": moment::written(occurrence.occurred_at.as_millisecond()),
        "id": feed::id(SORT, occurrence.number),
        "properties": properties,
    })
}

/// The occurrences that are asked for.
pub(super) fn list(portal: &Portal, call: &Call) -> Result<Answer, Refusal> {
    if !portal.account.has_event_occurrences {
        return Err(not_granted());
    }
    let reading = Reading {
        order: order(call)?,
        span: (
            moment(call, "occurredAfter")?.unwrap_or(i64::MIN),
            moment(call, "occurredBefore")?.unwrap_or(i64::MAX),
        ),
        after: feed::after(call, "after")?,
        limit: call.page_size(LARGEST_PAGE, LARGEST_PAGE)?,
    };
    let object_type = call
        .parameter("objectType")
        .map(|name| parse(&name.to_lowercase()))
        .transpose()?;
    let (object_id, event_type) = (call.number("objectId")?, call.parameter("eventType"));
    if object_id.is_some() && object_type.is_none() {
        return Err(Refusal::invalid("objectType is required with objectId"));
    }
    let part = portal.occurrences.read(&reading, |occurrence| {
        let (held_type, held_id) = occurrence.object;
        object_type.is_none_or(|wanted| held_type == wanted)
            && object_id.is_none_or(|wanted| held_id == wanted)
            && event_type.is_none_or(|wanted| occurrence.event_type == wanted)
    });
    let paging = part.next.map(|place| {
        let cursor = feed::cursor(place);
        let link = call.link_to(&cursor);
        Paging::with_link(cursor, link)
    });
    Answer::ok(&Page::of(
        part.happened.into_iter().map(view).collect(),
        paging,
    ))
}

fn order(call: &Call) -> Result<Order, Refusal> {
    match call.parameter("sort") {
        None | Some("-occurredAt") => Ok(Order::NewestFirst),
        Some("occurredAt") => Ok(Order::OldestFirst),
        Some(other) => Err(Refusal::invalid(format!("Invalid sort: {other}"))),
    }
}

fn moment(call: &Call, name: &str) -> Result<Option<i64>, Refusal> {
    call.parameter(name)
        .map(|text| {
            moment::read(text).ok_or_else(|| {
                Refusal::invalid(format!("Invalid {name}: {text} is not a valid date"))
            })
        })
        .transpose()
}

fn not_granted() -> Refusal {
    let message = "This app hasn't been granted all required scopes to make this call. Read more about required scopes here: \
                   https://developers.hubspot.com/scopes.";
    Refusal::new(StatusCode::FORBIDDEN, message)
        .errors(vec![Detail::scopes(&["business-intelligence"])])
        .category("MISSING_SCOPES")
}

/// The types of event there are, whether or not the account can see any of them occur.
pub(super) fn types(portal: &Portal) -> Result<Answer, Refusal> {
    let held = portal.occurrences.all().iter();
    let held = held.map(|occurrence| &*occurrence.event_type);
    let names: BTreeSet<_> = held.chain(STANDARD).collect();
    Answer::ok(&json!({ "eventTypes": names }))
}
