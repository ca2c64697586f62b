//! Marketing emails, and what became of them with each recipient.

use std::sync::Arc;

use serde::de::IntoDeserializer;
use serde::de::value::{Error as ValueError, StrDeserializer};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::feed::{self, Happened, Order, Place, Reading};
use super::portal::Portal;
use super::refusal::Refusal;
use super::request::Call;
use crate::front::Answer;

const LARGEST_PAGE: usize = 1_000;
const DEFAULT_PAGE: usize = 10;
/// What the ids of events begin with.
const SORT: u32 = 0xe0e0_e0e0;
/// What sent the emails.
const APP: &str = "Batch";

/// A marketing email, as it was sent to many.
#[derive(Clone, Debug)]
pub struct Campaign {
    /// Its id.
    pub id: u64,
    /// The app that sent it.
    pub app_id: u64,
    /// What the marketers call it.
    pub name: String,
    /// What its recipients read.
    pub subject: String,
    /// Where its link leads.
    pub link: String,
}

/// What became of an email with one recipient. It is small: a portal may have a million of them.
#[derive(Clone, Debug)]
pub struct EmailEvent {
    /// Its number, which answers show as a UUID.
    pub number: u64,
    /// When, in milliseconds.
    pub created: i64,
    /// The id of the email.
    pub campaign: u64,
    /// The email address of whom it was sent to.
    pub recipient: Arc<str>,
    /// What happened.
    pub event_type: EmailEventType,
    /// A machine did it, HubSpot believes.
    pub filtered: bool,
    /// The number and moment of the sending; none if this is it.
    pub sent_by: Option<(u64, i64)>,
}

/// What happens to emails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[allow(missing_docs, reason = "HubSpot's names say it")]
pub enum EmailEventType {
    Sent,
    Dropped,
    Processed,
    Delivered,
    Deferred,
    Bounce,
    Open,
    Click,
    Print,
    Forward,
    StatusChange,
    SpamReport,
}

impl EmailEventType {
    fn parse(name: &str) -> Option<Self> {
        let name: StrDeserializer<'_, ValueError> = name.into_deserializer();
        Self::deserialize(name).ok()
    }
}

impl Happened for EmailEvent {
    fn place(&self) -> Place {
        (self.created, self.number)
    }
}

fn with_id(portal: &Portal, id: u64) -> Option<&Campaign> {
    portal.campaigns.iter().find(|campaign| campaign.id == id)
}

/// A page of events.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Events<'p> {
    has_more: bool,
    offset: String,
    events: Vec<View<'p>>,
}

/// The events that are asked for, newest first.
pub(super) fn list(portal: &Portal, call: &Call) -> Result<Answer, Refusal> {
    let reading = Reading {
        order: Order::NewestFirst,
        span: (
            moment(call, "startTimestamp")?.unwrap_or(i64::MIN),
            moment(call, "endTimestamp")?.unwrap_or(i64::MAX),
        ),
        after: feed::after(call, "offset")?,
        limit: call.page_size(DEFAULT_PAGE, LARGEST_PAGE)?,
    };
    let event_type = event_type(call)?;
    let (campaign, app) = (call.number("campaignId")?, call.number("appId")?);
    let (recipient, unfiltered) = (
        call.parameter("recipient"),
        call.flag("excludeFilteredEvents"),
    );
    let of_app = |event: &EmailEvent| {
        app.is_none_or(|app| with_id(portal, event.campaign).is_some_and(|held| held.app_id == app))
    };
    let part = portal.email_events.read(&reading, |event| {
        event_type.is_none_or(|wanted| event.event_type == wanted)
            && campaign.is_none_or(|wanted| event.campaign == wanted)
            && recipient.is_none_or(|wanted| event.recipient.eq_ignore_ascii_case(wanted))
            && !(unfiltered && event.filtered)
            && of_app(event)
    });
    let last = part.happened.last().map(|event| event.place());
    let offset = last
        .or(reading.after)
        .map_or_else(String::new, feed::cursor);
    let events: Vec<_> = part
        .happened
        .into_iter()
        .map(|event| view(portal, event))
        .collect();
    Answer::ok(&Events {
        has_more: part.next.is_some(),
        offset,
        events,
    })
}

fn event_type(call: &Call) -> Result<Option<EmailEventType>, Refusal> {
    call.parameter("eventType")
        .map(|name| {
            EmailEventType::parse(name)
                .ok_or_else(|| Refusal::invalid(format!("Invalid eventType: {name}")))
        })
        .transpose()
}

/// A moment, in milliseconds.
fn moment(call: &Call, name: &str) -> Result<Option<i64>, Refusal> {
    let number = call.number(name)?;
    Ok(number.map(|number| i64::try_from(number).unwrap_or(i64::MAX)))
}

/// An event as answers show it; written straight away, since a page has a thousand.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct View<'p> {
    id: String,
    created: i64,
    #[serde(rename = "type")]
    event_type: EmailEventType,
    recipient: &'p str,
    portal_id: u64,
    app_id: u64,
    app_name: &'static str,
    email_campaign_id: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    sent_by: Option<SentBy>,
    #[serde(flatten)]
    details: Details<'p>,
}

#[derive(Serialize)]
struct SentBy {
    id: String,
    created: i64,
}

/// What only events of its type have.
#[derive(Serialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
enum Details<'p> {
    Sent {
        subject: Option<&'p str>,
        from: &'static str,
        reply_to: [(); 0],
        cc: [(); 0],
        bcc: [(); 0],
    },
    Bounce {
        category: &'static str,
        status: &'static str,
        response: &'static str,
    },
    Open {
        #[serde(flatten)]
        by: By,
        duration: u32,
    },
    Click {
        #[serde(flatten)]
        by: By,
        url: Option<&'p str>,
        referer: &'static str,
        link_id: u32,
    },
    Nothing {},
}

/// With what and where somebody opened an email.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct By {
    device_type: &'static str,
    filtered_event: bool,
    user_agent: &'static str,
    browser: Browser,
    location: Location,
}

#[derive(Serialize)]
struct Browser {
    name: &'static str,
    family: &'static str,
    r#type: &'static str,
    version: [(); 0],
}

#[derive(Serialize)]
struct Location {
    country: &'static str,
    state: &'static str,
    city: &'static str,
}

fn view<'p>(portal: &'p Portal, event: &'p EmailEvent) -> View<'p> {
    let campaign = with_id(portal, event.campaign);
    View {
        id: feed::id(SORT, event.number),
        created: event.created,
        event_type: event.event_type,
        recipient: &event.recipient,
        portal_id: portal.account.id,
        app_id: campaign.map_or(0, |campaign| campaign.app_id),
        app_name: APP,
        email_campaign_id: event.campaign,
        sent_by: event.sent_by.map(|(number, created)| SentBy {
            id: feed::id(SORT, number),
            created,
        }),
        details: details(event, campaign),
    }
}

fn details<'p>(event: &EmailEvent, campaign: Option<&'p Campaign>) -> Details<'p> {
    match event.event_type {
        EmailEventType::Sent => Details::Sent {
            subject: campaign.map(|campaign| campaign.subject.as_str()),
            from: "Hallasensor <news@hallasensor.example>",
            reply_to: [],
            cc: [],
            bcc: [],
        },
        EmailEventType::Bounce => Details::Bounce {
            category: "MAILBOX_MISCONFIGURATION",
            status: "5.1.1",
            response: "550 5.1.1 no such user",
        },
        EmailEventType::Open => Details::Open {
            by: by(event),
            duration: 0,
        },
        EmailEventType::Click => Details::Click {
            by: by(event),
            url: campaign.map(|campaign| campaign.link.as_str()),
            referer: "",
            link_id: 0,
        },
        _ => Details::Nothing {},
    }
}

fn by(event: &EmailEvent) -> By {
    By {
        device_type: "COMPUTER",
        filtered_event: event.filtered,
        user_agent: "Mozilla/5.0",
        browser: Browser {
            name: "Firefox",
            family: "Firefox",
            r#type: "Browser",
            version: [],
        },
        location: Location {
            country: "FINLAND",
            state: "north ostrobothnia",
            city: "oulu",
        },
    }
}

/// An email, and how often what became of it.
pub(super) fn campaign(portal: &Portal, id: &str) -> Result<Answer, Refusal> {
    let campaign = id.parse().ok().and_then(|id| with_id(portal, id));
    let campaign = campaign.ok_or_else(Refusal::not_found)?;
    let count = |wanted: EmailEventType| {
        let of_campaign = portal.email_events.all().iter();
        let of_campaign = of_campaign.filter(|event| event.campaign == campaign.id);
        of_campaign
            .filter(|event| event.event_type == wanted)
            .count()
    };
    Answer::ok(&json!({
        "id": campaign.id,
        "appId": campaign.app_id,
        "appName": APP,
        "name": campaign.name,
        "subject": campaign.subject,
        "type": "BATCH_EMAIL",
        "counters": {
            "sent": count(EmailEventType::Sent),
            "delivered": count(EmailEventType::Delivered),
            "open": count(EmailEventType::Open),
            "click": count(EmailEventType::Click),
        },
    }))
}
