//! Tasks as they are.

use jiff::Timestamp;
use serde::{Deserialize, Deserializer};
use serde_json::Value as Json;

use super::query::Among;
use super::{Fields, Salesforce};
use crate::error::ApiError;

/// The fields of a Task that are ever written.
const FIELDS: &str = "Subject, Description, ActivityDate, Status, Priority, Type, TaskSubtype, WhoId, WhatId, \
     OwnerId, CallDurationInSeconds, CallType, CallDisposition, IsReminderSet, ReminderDateTime";

/// A Task as it is.
#[derive(Clone, Debug, PartialEq)]
pub struct TaskRecord {
    /// Its id.
    pub id: String,
    /// Its key, where it was read with a key field.
    pub key: Option<String>,
    /// When it was last changed by anybody, the system too.
    pub system_modstamp: Timestamp,
    /// Whether it is in the recycle bin.
    pub is_deleted: bool,
    /// The fields that are ever written, as far as they have a value.
    pub fields: Fields,
}

#[derive(Deserialize)]
struct Row {
    #[serde(rename = "Id")]
    id: String,
    #[serde(rename = "SystemModstamp", deserialize_with = "timestamp")]
    system_modstamp: Timestamp,
    #[serde(rename = "IsDeleted")]
    is_deleted: bool,
    #[serde(flatten)]
    fields: Fields,
}

/// A time as Salesforce writes it, whose offset has no colon.
pub(super) fn timestamp<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse().map_err(serde::de::Error::custom)
}

impl Salesforce {
    /// The Tasks with these ids, deleted and archived ones too.
    pub async fn tasks_by_id(&self, ids: &[String]) -> Result<Vec<TaskRecord>, ApiError> {
        let soql = format!("SELECT Id, SystemModstamp, IsDeleted, {FIELDS} FROM Task WHERE Id IN");
        let rows: Vec<Row> = self.query_in(Among::All, &soql, ids, "tasks").await?;
        Ok(rows.into_iter().map(|row| row.task(None)).collect())
    }

    /// The Tasks with these values of a key field, deleted and archived ones too.
    pub async fn tasks_by_key(
        &self,
        key_field: &str,
        keys: &[String],
    ) -> Result<Vec<TaskRecord>, ApiError> {
        let soql = format!(
            "SELECT Id, SystemModstamp, IsDeleted, {key_field}, {FIELDS} FROM Task WHERE {key_field} IN"
        );
        let rows: Vec<Row> = self
            .query_in(Among::All, &soql, keys, "tasks by key")
            .await?;
        Ok(rows
            .into_iter()
            .map(|row| row.task(Some(key_field)))
            .collect())
    }
}

impl Row {
    fn task(mut self, key_field: Option<&str>) -> TaskRecord {
        self.fields.remove("attributes");
        let key = key_field.and_then(|name| {
            let held = self
                .fields
                .keys()
                .find(|held| held.eq_ignore_ascii_case(name))?
                .clone();
            self.fields.remove(&held)
        });
        self.fields.retain(|_, value| !value.is_null());
        TaskRecord {
            id: self.id,
            key: key.as_ref().and_then(Json::as_str).map(str::to_owned),
            system_modstamp: self.system_modstamp,
            is_deleted: self.is_deleted,
            fields: self.fields,
        }
    }
}
