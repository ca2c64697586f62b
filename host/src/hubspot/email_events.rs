//! What became of marketing emails with each recipient.

use jiff::Timestamp;
use serde::Deserialize;

use super::HubSpot;
use super::object::query;
use crate::api::Call;
use crate::error::ApiError;
use crate::listed::Listed;

/// What became of a marketing email with one recipient.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EmailEvent {
    /// Its id.
    pub id: String,
    /// When, in milliseconds.
    pub created: i64,
    /// The email address of whom it was sent to.
    #[serde(default)]
    pub recipient: Option<String>,
    /// The email, as it was sent to many.
    #[serde(default)]
    pub email_campaign_id: Option<u64>,
    /// What sent it.
    #[serde(default)]
    pub app_id: Option<u64>,
}

impl EmailEvent {
    /// When; none outside the calendar.
    pub fn moment(&self) -> Option<Timestamp> {
        Timestamp::from_millisecond(self.created).ok()
    }
}

/// Events, the newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmailEventsPage {
    /// The events.
    pub events: Vec<Listed<EmailEvent>>,
    /// Where the next page begins; none if this is the last.
    pub next: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    #[serde(default)]
    has_more: bool,
    #[serde(default)]
    offset: Option<String>,
    events: Vec<Listed<EmailEvent>>,
}

#[derive(Deserialize)]
struct Campaign {
    #[serde(default)]
    name: Option<String>,
}

impl HubSpot {
    /// The events of a type (`SENT`, `OPEN`, `CLICK`) since a moment, the newest first, without those that the account's own settings
    /// filter out, as of machines. `after` is the `next` of the page before.
    pub async fn email_events_page(
        &self,
        event_type: &str,
        since: Timestamp,
        after: Option<&str>,
    ) -> Result<EmailEventsPage, ApiError> {
        let since = since.as_millisecond().max(0).to_string();
        let mut parameters = vec![
            ("eventType", event_type),
            ("startTimestamp", &since),
            ("excludeFilteredEvents", "true"),
            ("limit", "1000"),
        ];
        parameters.extend(after.map(|after| ("offset", after)));
        // No version of the API but this one has them.
        let path = format!("/email/public/v1/events?{}", query(&parameters));
        let answer: Answer = self.api.read(Call::get(path, "email events")).await?;
        Ok(EmailEventsPage {
            next: answer.offset.filter(|_| answer.has_more),
            events: answer.events,
        })
    }

    /// What the marketers call an email; none if it is there no more.
    pub async fn campaign_name(
        &self,
        id: u64,
        app_id: Option<u64>,
    ) -> Result<Option<String>, ApiError> {
        let app_id = app_id.map(|id| id.to_string());
        let parameters: Vec<_> = app_id.iter().map(|id| ("appId", id.as_str())).collect();
        let path = format!("/email/public/v1/campaigns/{id}?{}", query(&parameters));
        match self
            .api
            .read::<Campaign>(Call::get(path, "campaigns"))
            .await
        {
            Ok(campaign) => Ok(campaign.name),
            Err(error) if error.status == Some(404) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    #[test]
    fn an_answer_is_read_whatever_else_it_says() {
        let answer = r#"{"hasMore": true, "offset": "Ckp-8", "events": [
            {"appName": "Batch", "location": {"country": "FINLAND"}, "id": "ad1d-1", "duration": 0, "created": 1763629200123,
             "userAgent": "Mozilla", "deviceType": "COMPUTER", "type": "OPEN", "recipient": "a@b.example", "portalId": 62515,
             "sentBy": {"id": "9c", "created": 1763629100000}, "smtpId": null, "filteredEvent": false, "appId": 20053, "emailCampaignId": 287381},
            {"id": "ad1d-2", "created": 1763629200124, "type": "OPEN"}]}"#;
        let answer: Answer = serde_json::from_str(answer).unwrap();
        let [Listed(Ok(first)), Listed(Ok(second))] = answer.events.as_slice() else {
            panic!("{:?}", answer.events);
        };
        assert_eq!(first.recipient.as_deref(), Some("a@b.example"));
        assert_eq!(first.email_campaign_id, Some(287_381));
        let at = first.moment().unwrap().to_string();
        assert_eq!(at, "2025-11-20T09:00:00.123Z");
        assert_eq!((&second.recipient, second.app_id), (&None, None));
    }
}
