//! A record of any type.

use std::collections::BTreeMap;
use std::fmt;

use http::Method;
use jiff::Timestamp;
use serde::{Deserialize, Deserializer};
use serde_json::json;

use super::{HubSpot, VERSION};
use crate::api::Call;
use crate::calls::Effect;
use crate::error::ApiError;

/// A type of record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ObjectType {
    /// Calls.
    Call,
    /// Messages of other channels.
    Communication,
    /// Emails of salespeople.
    Email,
    /// Meetings.
    Meeting,
    /// Notes.
    Note,
    /// Things to do.
    Task,
    /// People.
    Contact,
    /// Organisations.
    Company,
    /// Sales in the making.
    Deal,
}

impl ObjectType {
    /// Its name in paths, such as `tasks`.
    pub fn plural(self) -> &'static str {
        match self {
            Self::Call => "calls",
            Self::Communication => "communications",
            Self::Email => "emails",
            Self::Meeting => "meetings",
            Self::Note => "notes",
            Self::Task => "tasks",
            Self::Contact => "contacts",
            Self::Company => "companies",
            Self::Deal => "deals",
        }
    }

    /// The property that holds when a record was last changed.
    pub fn modified_property(self) -> &'static str {
        match self {
            Self::Contact => "lastmodifieddate",
            _ => "hs_lastmodifieddate",
        }
    }
}

impl fmt::Display for ObjectType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.plural())
    }
}

/// A record.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ObjectRecord {
    /// Its id.
    pub id: String,
    /// Its properties that have a value.
    #[serde(default, deserialize_with = "values")]
    pub properties: BTreeMap<String, String>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Whether it is in the recycle bin.
    #[serde(default)]
    pub archived: bool,
    /// Since when it is there.
    #[serde(default)]
    pub archived_at: Option<Timestamp>,
}

/// The properties that have a value.
pub(super) fn values<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, String>, D::Error> {
    let properties = BTreeMap::<String, Option<String>>::deserialize(deserializer)?;
    Ok(properties
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .filter(|(_, value)| !value.is_empty())
        .collect())
}

/// Some of many, and where the others begin.
#[derive(Deserialize)]
pub(super) struct Page<T> {
    pub(super) results: Vec<T>,
    #[serde(default)]
    pub(super) paging: Option<Paging>,
}

#[derive(Deserialize)]
pub(super) struct Paging {
    #[serde(default)]
    pub(super) next: Option<Next>,
}

#[derive(Deserialize)]
pub(super) struct Next {
    pub(super) after: String,
}

impl<T> Page<T> {
    /// Where the next page begins.
    pub(super) fn next(&self) -> Option<String> {
        next(self.paging.as_ref())
    }
}

pub(super) fn next(paging: Option<&Paging>) -> Option<String> {
    Some(paging?.next.as_ref()?.after.clone())
}

/// A query string, escaped.
pub(super) fn query(parameters: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(parameters)
        .finish()
}

/// The most records of one call.
const MOST: usize = 100;

impl HubSpot {
    /// These records; those that aren't there, or are in the recycle bin, are left out.
    pub async fn batch_read(
        &self,
        kind: ObjectType,
        ids: &[String],
        properties: &[&str],
    ) -> Result<Vec<ObjectRecord>, ApiError> {
        let path = format!("/crm/objects/{VERSION}/{kind}/batch/read");
        let mut records = Vec::with_capacity(ids.len());
        for ids in ids.chunks(MOST) {
            let inputs: Vec<_> = ids.iter().map(|id| json!({ "id": id })).collect();
            let body = json!({ "inputs": inputs, "properties": properties });
            let call = Call::with_body(Method::POST, path.as_str(), &body, Effect::Read, "records");
            let page: Page<ObjectRecord> = self.api.read(call).await?;
            records.extend(page.results);
        }
        Ok(records)
    }

    /// One record; none if it isn't there or is in the recycle bin.
    pub async fn read_one(
        &self,
        kind: ObjectType,
        id: &str,
        properties: &[&str],
    ) -> Result<Option<ObjectRecord>, ApiError> {
        let id: String = url::form_urlencoded::byte_serialize(id.as_bytes()).collect();
        let query = query(&[("properties", &properties.join(","))]);
        let path = format!("/crm/objects/{VERSION}/{kind}/{id}?{query}");
        match self.api.read(Call::get(path, "record")).await {
            Ok(record) => Ok(Some(record)),
            Err(error) if error.status == Some(404) => Ok(None),
            Err(error) => Err(error),
        }
    }
}
