//! What became of marketing emails: sent, opened, clicked.

use super::happened::{By, Happened, HappenedPage, Names, outside_calendar};
use crate::error::ApiError;
use crate::hubspot::{EmailEvent, HubSpot, Unreadable};
use crosswalk_core::Kind;
use jiff::Timestamp;

pub(super) async fn page(
    hubspot: &HubSpot,
    names: &mut Names,
    kind: Kind,
    since: Timestamp,
    after: Option<&str>,
) -> Result<HappenedPage, ApiError> {
    let page = hubspot
        .email_events_page(event_type(kind), since, after)
        .await?;
    let mut happened = HappenedPage {
        next: page.next,
        ..HappenedPage::default()
    };
    for event in page.events {
        let title = match &event.0 {
            Ok(event) => name_of(hubspot, names, event).await?,
            Err(_) => None,
        };
        happened.add(event, |event| read(kind, &event, title));
    }
    Ok(happened)
}

const fn event_type(kind: Kind) -> &'static str {
    match kind {
        Kind::MarketingEmailOpened => "OPEN",
        Kind::MarketingEmailClicked => "CLICK",
        _ => "SENT",
    }
}

async fn name_of(
    hubspot: &HubSpot,
    names: &mut Names,
    event: &EmailEvent,
) -> Result<Option<String>, ApiError> {
    let Some(campaign) = event.email_campaign_id else {
        return Ok(None);
    };
    if let Some(name) = names.campaigns.get(&campaign) {
        return Ok(name.clone());
    }
    let name = hubspot.campaign_name(campaign, event.app_id).await?;
    names.campaigns.insert(campaign, name.clone());
    Ok(name)
}

fn read(kind: Kind, event: &EmailEvent, title: Option<String>) -> Result<Happened, Unreadable> {
    let recipient = event.recipient.as_deref().map(str::trim);
    let recipient = recipient.filter(|recipient| !recipient.is_empty());
    Ok(Happened {
        kind,
        id: event.id.clone(),
        occurred_at: event
            .moment()
            .ok_or_else(|| outside_calendar(&event.id, event.created))?,
        title,
        app: None,
        by: recipient.map_or(By::Unknown, |recipient| By::Email(recipient.to_owned())),
        series: match (kind, event.email_campaign_id, recipient) {
            (Kind::MarketingEmailOpened, Some(campaign), Some(recipient)) => {
                Some(series(campaign, recipient))
            }
            _ => None,
        },
    })
}

/// All opens of one email by one recipient have this in common.
fn series(campaign: u64, recipient: &str) -> String {
    format!("{campaign} {}", recipient.to_lowercase())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;
    use serde_json::json;

    fn event(recipient: Option<&str>) -> EmailEvent {
        let event = json!({"id": "ad1d-1", "created": 1_763_629_200_123_i64, "recipient": recipient, "emailCampaignId": 287_381});
        serde_json::from_value(event).unwrap()
    }

    #[test]
    fn an_open_has_its_emails_name_and_recipient() {
        let happened = read(
            Kind::MarketingEmailOpened,
            &event(Some("A@b.example")),
            Some("Winter newsletter".to_owned()),
        )
        .unwrap();
        assert_eq!(happened.activity(), "marketing_email_opened:ad1d-1");
        assert_eq!(happened.by, By::Email("A@b.example".to_owned()));
        assert_eq!(happened.series.as_deref(), Some("287381 a@b.example"));
        let fields = serde_json::Value::Object(happened.into_fields());
        let expected = json!({"id": "ad1d-1", "kind": "marketing_email_opened", "occurred_at": "2025-11-20T09:00:00.123Z",
            "title": "Winter newsletter", "email": "A@b.example"});
        assert_eq!(fields, expected);
    }

    #[test]
    fn only_opens_come_in_series_and_an_event_of_nobody_is_kept() {
        let clicked = read(
            Kind::MarketingEmailClicked,
            &event(Some("a@b.example")),
            None,
        );
        assert_eq!(clicked.unwrap().series, None);
        let opened = read(Kind::MarketingEmailOpened, &event(None), None).unwrap();
        assert_eq!((opened.by, opened.series), (By::Unknown, None));
    }
}
