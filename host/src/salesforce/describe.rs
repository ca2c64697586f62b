//! What the org made of Task: its picklists, and the key field.

use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::query::Among;
use super::{DATA, Fields, Salesforce};
use crate::api::Call;
use crate::error::ApiError;

/// What the org made of Task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskDescription {
    /// The values of `Status`.
    pub status: Option<Picklist>,
    /// The values of `Status` that close a Task.
    pub closed_statuses: Vec<String>,
    /// The values of `Priority`.
    pub priority: Option<Picklist>,
    /// The values of `Type`.
    pub task_type: Option<Picklist>,
    /// The values of `CallType`.
    pub call_type: Option<Picklist>,
    /// The key field that was asked for.
    pub key_field: Option<KeyField>,
}

/// The values of a field that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picklist {
    /// The active ones, in order.
    pub values: Vec<String>,
    /// The one a Task gets when none is given.
    pub default: Option<String>,
}

/// What can be done with the field that the settings name as key field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyField {
    /// It isn't there, or the integration user can't see it.
    Missing,
    /// The integration user can't write it, or it isn't a text that holds a key.
    NotWritable,
    /// Records can be found by it, but not upserted: it isn't a unique external id.
    NotExternalId,
    /// Everything. Its name as the org writes it.
    Usable(String),
}

impl TaskDescription {
    /// The key field, if records can be upserted by it.
    pub fn usable_key_field(&self) -> Option<&str> {
        match &self.key_field {
            Some(KeyField::Usable(name)) => Some(name),
            _ => None,
        }
    }

    /// The picklists as the snapshot has them.
    pub fn to_picklists(&self) -> Json {
        let lists = [
            ("Status", &self.status),
            ("Priority", &self.priority),
            ("Type", &self.task_type),
            ("CallType", &self.call_type),
        ];
        let mut picklists = Fields::new();
        for (name, list) in lists {
            let Some(list) = list else { continue };
            let mut written = json!({ "values": list.values });
            if let Some(default) = &list.default {
                written["default"] = json!(default);
            }
            if name == "Status" {
                written["closed"] = json!(self.closed_statuses);
            }
            picklists.insert(name.to_owned(), written);
        }
        Json::Object(picklists)
    }
}

#[derive(Deserialize)]
struct Described {
    fields: Vec<Field>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Field {
    name: String,
    #[serde(default)]
    r#type: String,
    #[serde(default)]
    createable: bool,
    #[serde(default)]
    updateable: bool,
    #[serde(default)]
    external_id: bool,
    #[serde(default)]
    unique: bool,
    #[serde(default)]
    picklist_values: Vec<Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Value {
    value: String,
    #[serde(default)]
    active: bool,
    #[serde(default)]
    default_value: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Status {
    api_name: String,
    is_closed: bool,
}

impl Salesforce {
    /// What the org made of Task, and of this key field.
    pub async fn describe_task(
        &self,
        key_field: Option<&str>,
    ) -> Result<TaskDescription, ApiError> {
        let path = format!("{DATA}/sobjects/Task/describe");
        let described: Described = self.api.read(Call::get(path, "describe")).await?;
        let soql = "SELECT ApiName, MasterLabel, IsClosed FROM TaskStatus";
        let statuses: Vec<Status> = self.query(Among::Present, soql, "describe").await?;
        let picklist = |name| described.field(name).map(Picklist::of);
        Ok(TaskDescription {
            status: picklist("Status"),
            closed_statuses: statuses
                .into_iter()
                .filter(|status| status.is_closed)
                .map(|status| status.api_name)
                .collect(),
            priority: picklist("Priority"),
            task_type: picklist("Type"),
            call_type: picklist("CallType"),
            key_field: key_field.map(|name| KeyField::of(described.field(name))),
        })
    }
}

impl Salesforce {
    /// The names of an object's fields that the integration user sees.
    pub(super) async fn visible_fields(&self, object: &str) -> Result<Vec<String>, ApiError> {
        let path = format!("{DATA}/sobjects/{object}/describe");
        let described: Described = self.api.read(Call::get(path, "describe")).await?;
        Ok(described
            .fields
            .into_iter()
            .map(|field| field.name)
            .collect())
    }
}

impl Described {
    fn field(&self, name: &str) -> Option<&Field> {
        self.fields
            .iter()
            .find(|field| field.name.eq_ignore_ascii_case(name))
    }
}

impl Picklist {
    fn of(field: &Field) -> Self {
        let active = || field.picklist_values.iter().filter(|value| value.active);
        Self {
            values: active().map(|value| value.value.clone()).collect(),
            default: active()
                .find(|value| value.default_value)
                .map(|value| value.value.clone()),
        }
    }
}

impl KeyField {
    fn of(field: Option<&Field>) -> Self {
        match field {
            None => Self::Missing,
            Some(field) if field.r#type != "string" || !field.createable || !field.updateable => {
                Self::NotWritable
            }
            Some(field) if !field.external_id || !field.unique => Self::NotExternalId,
            Some(field) => Self::Usable(field.name.clone()),
        }
    }
}
