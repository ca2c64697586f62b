//! What was changed and what was deleted between two moments, by id only.

use jiff::Timestamp;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::record_fields::RecordObject;
use super::{DATA, Salesforce};
use crate::api::Call;
use crate::error::ApiError;

/// The records that were created or changed.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Updated {
    /// Their ids.
    pub ids: Vec<String>,
    /// What was changed before this is surely among them: ask from here on next.
    #[serde(
        rename = "latestDateCovered",
        deserialize_with = "super::tasks::timestamp"
    )]
    pub latest_covered: Timestamp,
}

/// The records that were deleted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deleted {
    /// Their ids.
    pub ids: Vec<String>,
    /// What was deleted before this isn't known any more.
    pub earliest_available: Timestamp,
    /// What was deleted before this is surely among them: ask from here on next.
    pub latest_covered: Timestamp,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Deletions {
    deleted_records: Vec<Deletion>,
    #[serde(deserialize_with = "super::tasks::timestamp")]
    earliest_date_available: Timestamp,
    #[serde(deserialize_with = "super::tasks::timestamp")]
    latest_date_covered: Timestamp,
}

#[derive(Deserialize)]
struct Deletion {
    id: String,
}

impl Salesforce {
    /// The records that were created or changed from `start` until before `end`, by whole minutes. `start` may be 30 days ago at most,
    /// and `end` is at least a minute behind it; else Salesforce refuses with `INVALID_REPLICATION_DATE`.
    pub async fn updated(
        &self,
        object: RecordObject,
        start: Timestamp,
        end: Timestamp,
    ) -> Result<Updated, ApiError> {
        self.between(object, "updated", start, end).await
    }

    /// The records that were deleted from `start` until before `end`, by whole minutes. `start` may be 15 days ago at most.
    pub async fn deleted(
        &self,
        object: RecordObject,
        start: Timestamp,
        end: Timestamp,
    ) -> Result<Deleted, ApiError> {
        let deletions: Deletions = self.between(object, "deleted", start, end).await?;
        let records = deletions.deleted_records.into_iter();
        Ok(Deleted {
            ids: records.map(|deletion| deletion.id).collect(),
            earliest_available: deletions.earliest_date_available,
            latest_covered: deletions.latest_date_covered,
        })
    }

    async fn between<T: DeserializeOwned>(
        &self,
        object: RecordObject,
        resource: &'static str,
        start: Timestamp,
        end: Timestamp,
    ) -> Result<T, ApiError> {
        let query = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("start", &to_the_second(start))
            .append_pair("end", &to_the_second(end))
            .finish();
        let path = format!("{DATA}/sobjects/{}/{resource}/?{query}", object.name());
        self.api.read(Call::get(path, resource)).await
    }
}

/// With an offset in numbers, as Salesforce's own examples have it.
fn to_the_second(moment: Timestamp) -> String {
    moment.strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string()
}
