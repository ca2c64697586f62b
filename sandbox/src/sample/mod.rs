//! Sample data: a company with two years of work behind it, in both systems.
//!
//! Hallasensor makes sensors for the cold chain. It sells to the world from Oulu, and has lived with HubSpot and
//! Salesforce long enough for everything to have happened that can. [`SPECIMENS`] names the activities that show it.

mod activities;
mod builder;
mod calendar;
mod cast;
mod company;
mod load;
mod marketing;
mod names;
mod people;
mod places;
mod random;
mod records;
mod refusals;
mod specimens;
mod words;

use jiff::{Timestamp, TimestampRound, Unit};
use serde_json::{Map, Value as Json, json};

use crate::hubspot::HubSpotData;
use crate::salesforce::SalesforceData;
use builder::Builder;
use calendar::{days, earlier};

pub use company::{KEY_FIELD, KEY_PROPERTY, PERSON_TOKEN};
pub use load::{load, load_marketing, load_of, load_tasks};
pub use marketing::EVENT_TYPES;
pub use specimens::{SPECIMENS, Specimen};

/// How many activities the sample has as records of HubSpot's CRM, deleted ones too.
pub const ACTIVITIES: usize = 1_000;

/// How long the sync has been on, in days.
const ENABLED: i64 = 60;

/// What both systems hold: the same for the same seed and the same `now`.
pub fn sample(seed: u64, now: Timestamp) -> (HubSpotData, SalesforceData) {
    let mut builder = Builder::new(seed, now);
    company::found(&mut builder);
    people::meet(&mut builder);
    activities::happen(&mut builder, ACTIVITIES.saturating_sub(specimens::RECORDS));
    records::happen(&mut builder);
    marketing::happen(&mut builder, seed);
    specimens::show(&mut builder);
    records::show_odd(&mut builder);
    (builder.hubspot, builder.salesforce)
}

/// The settings to sync the sample with, the table `[sync]`: all that the feeds give goes to Salesforce, since sixty days.
pub fn settings(now: Timestamp) -> Json {
    let overrides: Map<String, Json> = company::overrides()
        .into_iter()
        .map(|(owner, user)| (owner, Json::String(user)))
        .collect();
    json!({
        "time_zone": company::ZONE,
        "portal_id": company::PORTAL.to_string(),
        "enabled_at": enabled_at(now).to_string(),
        "to_salesforce": {
            "task": { "enabled": true, "task_type": "Other" },
            "call": { "enabled": true, "task_type": "Call" },
            "note": { "enabled": true },
            "meeting": { "enabled": true, "task_type": "Meeting" },
            "sales_email_sent": { "enabled": true, "task_type": "Email" },
            "sales_email_replied": { "enabled": true, "task_type": "Email" },
            "sales_email_opened": { "enabled": true },
            "sales_email_clicked": { "enabled": true },
            "sales_content_viewed": { "enabled": true },
            "form_submission": { "enabled": true },
            "marketing_email_sent": { "enabled": true },
            "marketing_email_opened": { "enabled": true },
            "marketing_email_clicked": { "enabled": true },
            "integration_event": { "enabled": true },
        },
        "owners": {
            "integration_user": SalesforceData::integration_user(),
            "overrides": overrides,
        },
        "related_to": "deal_then_company",
        "salesforce": { "key_field": company::KEY_FIELD },
    })
}

/// The same, and all that Salesforce has goes to HubSpot.
pub fn settings_both_ways(now: Timestamp) -> Json {
    let mut settings = settings(now);
    settings["to_hubspot"] = json!({
        "task": { "enabled": true },
        "email": { "enabled": true },
        "call": { "enabled": true },
        "meeting": { "enabled": true },
    });
    settings
}

/// When the sync was turned on: sixty days ago, on the hour, so that a clock that runs doesn't move it.
fn enabled_at(now: Timestamp) -> Timestamp {
    let rounded = now.round(
        TimestampRound::new()
            .smallest(Unit::Hour)
            .mode(jiff::RoundMode::Floor),
    );
    earlier(rounded.unwrap_or(now), days(ENABLED))
}
