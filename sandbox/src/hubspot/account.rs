//! The account itself.

use jiff::Timestamp;
use serde_json::{Value as Json, json};

use super::moment;
use super::page::Page;
use super::portal::Portal;
use super::refusal::Refusal;
use crate::front::Answer;

pub(super) fn details(portal: &Portal) -> Result<Answer, Refusal> {
    let moment = Timestamp::from_millisecond(portal.now).unwrap_or_default();
    let seconds = portal.budget.time_zone().to_offset(moment).seconds();
    let minutes = seconds.abs() / 60;
    let sign = if seconds < 0 { '-' } else { '+' };
    Answer::ok(&json!({
        "portalId": portal.account.id,
        "accountType": "STANDARD",
        "timeZone": portal.account.time_zone,
        "companyCurrency": "EUR",
        "additionalCurrencies": [],
        "utcOffset": format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60),
        "utcOffsetMilliseconds": seconds * 1_000,
        "uiDomain": "app.hubspot.com",
        "dataHostingLocation": "na1",
    }))
}

/// How much of the day's requests is used.
pub(super) fn usage(portal: &Portal) -> Result<Answer, Refusal> {
    let resets = midnight(portal).map_or(portal.now, |midnight| midnight.as_millisecond());
    let usage = json!({
        "name": "private-apps-api-calls-daily",
        "usageLimit": portal.budget.daily(),
        "currentUsage": portal.budget.used(),
        "collectedAt": moment::written(portal.now),
        "fetchStatus": "SUCCESS",
        "resetsAt": moment::written(resets),
    });
    Answer::ok(&Page::of(vec![usage], None))
}

/// When the portal's next day begins.
fn midnight(portal: &Portal) -> Option<Timestamp> {
    let zone = portal.budget.time_zone();
    let today = zone
        .to_datetime(Timestamp::from_millisecond(portal.now).ok()?)
        .date();
    let tomorrow = today.tomorrow().ok()?;
    zone.to_timestamp(tomorrow.to_datetime(jiff::civil::Time::midnight()))
        .ok()
}

/// The outcomes that a call may have.
pub(super) fn dispositions(portal: &Portal) -> Result<Answer, Refusal> {
    let dispositions: Vec<Json> = portal
        .dispositions
        .iter()
        .map(|disposition| json!({ "id": disposition.id, "label": disposition.label, "deleted": disposition.deleted }))
        .collect();
    Answer::ok(&dispositions)
}
