//! Occurrences of events: what contacts did, as far as HubSpot and installed apps noticed.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer};

use super::object::{Page, query};
use super::{HubSpot, VERSION};
use crate::api::Call;
use crate::error::ApiError;
use crate::listed::Listed;

/// That something happened, and to whom.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Occurrence {
    /// Its id.
    pub id: String,
    /// The type of event.
    pub event_type: String,
    /// When.
    pub occurred_at: Timestamp,
    /// The type of the record whose event it is, as `CONTACT`.
    #[serde(default)]
    pub object_type: Option<String>,
    /// The record's id.
    #[serde(default)]
    pub object_id: Option<String>,
    /// What is known of it.
    #[serde(default, deserialize_with = "texts")]
    pub properties: BTreeMap<String, String>,
}

/// Occurrences, the newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OccurrencesPage {
    /// The occurrences.
    pub occurrences: Vec<Listed<Occurrence>>,
    /// Where the next page begins; none if this is the last.
    pub next: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Types {
    event_types: Vec<String>,
}

/// The properties that are texts with something in them.
fn texts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, String>, D::Error> {
    let properties = BTreeMap::<String, serde_json::Value>::deserialize(deserializer)?;
    let texts = properties.into_iter().filter_map(|(name, value)| {
        let text = value.as_str()?.trim();
        (!text.is_empty()).then(|| (name, text.to_owned()))
    });
    Ok(texts.collect())
}

impl HubSpot {
    /// The names of the types of event that the account has.
    pub async fn event_types(&self) -> Result<Vec<String>, ApiError> {
        let path = format!("/events/event-occurrences/{VERSION}/event-types");
        let types: Types = self.api.read(Call::get(path, "event types")).await?;
        Ok(types.event_types)
    }

    /// The occurrences of a type of event since a moment, the newest first. `after` is the `next` of the page before.
    pub async fn occurrences_page(
        &self,
        event_type: &str,
        since: Timestamp,
        after: Option<&str>,
    ) -> Result<OccurrencesPage, ApiError> {
        // Whether the moment itself is after it isn't documented.
        let since = since.checked_sub(jiff::SignedDuration::from_millis(1));
        let since = since.unwrap_or(Timestamp::UNIX_EPOCH).to_string();
        let mut parameters = vec![
            ("eventType", event_type),
            ("occurredAfter", &since),
            ("sort", "-occurredAt"),
            ("limit", "100"),
        ];
        parameters.extend(after.map(|after| ("after", after)));
        let path = format!("/events/event-occurrences/{VERSION}?{}", query(&parameters));
        let page: Page<Listed<Occurrence>> = self.api.read(Call::get(path, "occurrences")).await?;
        Ok(OccurrencesPage {
            next: page.next(),
            occurrences: page.results,
        })
    }
}
