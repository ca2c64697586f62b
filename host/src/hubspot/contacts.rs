//! People, and since when they are in Salesforce.

use std::collections::BTreeMap;

use futures::stream::{self, StreamExt, TryStreamExt};
use http::Method;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;

use super::object::values;
use super::{HubSpot, VERSION};
use crate::api::Call;
use crate::calls::Effect;
use crate::error::ApiError;

/// How many calls are under way at once: far from each other, the systems answer late.
pub(super) const AT_ONCE: usize = 6;
/// The most contacts of one call that reads histories.
const MOST: usize = 50;
/// The most of one that doesn't.
const MOST_BY_EMAIL: usize = 100;
/// What HubSpot's own integration writes when it syncs a contact.
pub(super) const CONTACT_ID: &str = "salesforcecontactid";
pub(super) const LEAD_ID: &str = "salesforceleadid";
pub(super) const PROPERTIES: [&str; 6] = [
    "email",
    "firstname",
    "lastname",
    "hubspot_owner_id",
    CONTACT_ID,
    LEAD_ID,
];

/// A contact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HubSpotContact {
    /// Its id.
    pub id: String,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Who owns it.
    pub owner_id: Option<String>,
    /// First and last name.
    pub name: Option<String>,
    /// Its email address.
    pub email: Option<String>,
    /// The id of its Salesforce Contact.
    pub salesforce_contact_id: Option<String>,
    /// The id of its Salesforce Lead.
    pub salesforce_lead_id: Option<String>,
    /// When it first had either.
    pub first_synced_at: Option<Timestamp>,
    /// Its properties that have a value.
    pub properties: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct Answer {
    results: Vec<Record>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Record {
    id: String,
    #[serde(default, deserialize_with = "values")]
    properties: BTreeMap<String, String>,
    #[serde(default)]
    properties_with_history: BTreeMap<String, Vec<Version>>,
    created_at: Timestamp,
    updated_at: Timestamp,
}

#[derive(Deserialize)]
struct Version {
    #[serde(default)]
    value: Option<String>,
    timestamp: Timestamp,
}

impl HubSpot {
    /// These contacts; those that aren't there, or are in the recycle bin, are left out.
    pub async fn contacts(&self, ids: &[String]) -> Result<Vec<HubSpotContact>, ApiError> {
        let path = format!("/crm/objects/{VERSION}/contacts/batch/read");
        let pages = stream::iter(ids.chunks(MOST)).map(|ids| {
            let inputs: Vec<_> = ids.iter().map(|id| json!({ "id": id })).collect();
            let body = json!({
                "inputs": inputs,
                "properties": PROPERTIES,
                "propertiesWithHistory": [CONTACT_ID, LEAD_ID],
            });
            let call =
                Call::with_body(Method::POST, path.as_str(), &body, Effect::Read, "contacts");
            self.api.read::<Answer>(call)
        });
        let answers: Vec<Answer> = pages.buffered(AT_ONCE).try_collect().await?;
        let records = answers.into_iter().flat_map(|answer| answer.results);
        Ok(records.map(HubSpotContact::from).collect())
    }

    /// The contacts with these email addresses, but without knowing when they first synced.
    pub async fn contacts_by_email(
        &self,
        emails: &[String],
    ) -> Result<Vec<HubSpotContact>, ApiError> {
        let path = format!("/crm/objects/{VERSION}/contacts/batch/read");
        let pages = stream::iter(emails.chunks(MOST_BY_EMAIL)).map(|emails| {
            let inputs: Vec<_> = emails.iter().map(|email| json!({ "id": email })).collect();
            let body = json!({ "inputs": inputs, "idProperty": "email", "properties": PROPERTIES });
            let call =
                Call::with_body(Method::POST, path.as_str(), &body, Effect::Read, "contacts");
            self.api.read::<Answer>(call)
        });
        let answers: Vec<Answer> = pages.buffered(AT_ONCE).try_collect().await?;
        let records = answers.into_iter().flat_map(|answer| answer.results);
        Ok(records.map(HubSpotContact::from).collect())
    }
}

impl From<Record> for HubSpotContact {
    fn from(record: Record) -> Self {
        let value = |name: &str| record.properties.get(name).cloned();
        let names: Vec<String> = ["firstname", "lastname"]
            .into_iter()
            .filter_map(value)
            .map(|name| name.trim().to_owned())
            .filter(|name| !name.is_empty())
            .collect();
        Self {
            created_at: record.created_at,
            updated_at: record.updated_at,
            owner_id: value("hubspot_owner_id"),
            name: (!names.is_empty()).then(|| names.join(" ")),
            email: value("email"),
            salesforce_contact_id: value(CONTACT_ID),
            salesforce_lead_id: value(LEAD_ID),
            first_synced_at: first_set(&record.properties_with_history),
            id: record.id,
            properties: record.properties,
        }
    }
}

/// When any of these properties was first set.
fn first_set(histories: &BTreeMap<String, Vec<Version>>) -> Option<Timestamp> {
    histories
        .values()
        .flatten()
        .filter(|version| {
            version
                .value
                .as_deref()
                .is_some_and(|value| !value.is_empty())
        })
        .map(|version| version.timestamp)
        .min()
}
