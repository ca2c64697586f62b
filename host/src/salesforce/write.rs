//! Tasks written, up to 200 a call. One that is refused doesn't hold up the others.

use http::Method;
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::{DATA, Fields, Salesforce};
use crate::api::{Call, Failed};
use crate::calls::Effect;
use crate::error::{ApiError, Class};

/// The most records of one call.
const MOST: usize = 200;

/// What became of a call that writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WriteOutcome {
    /// Salesforce answered for each record, in their order.
    Answered(Vec<RecordResult>),
    /// Nothing was written.
    Refused(ApiError),
    /// It may have been written, or not; why nobody knows.
    Unknown(String),
}

/// What became of one record.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct RecordResult {
    /// Its id, if it was written.
    #[serde(default)]
    pub id: Option<String>,
    /// Whether it is new.
    #[serde(default)]
    pub created: bool,
    /// Why it wasn't written.
    #[serde(default)]
    pub errors: Vec<RecordError>,
}

/// Why a record wasn't written.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct RecordError {
    /// Salesforce's code.
    #[serde(rename = "statusCode", alias = "errorCode")]
    pub code: String,
    /// What it says.
    pub message: String,
    /// The fields that it is about.
    #[serde(default)]
    pub fields: Vec<String>,
}

impl Salesforce {
    /// Creates Tasks. Never repeated by itself if it may have been carried out.
    pub async fn create_tasks(&self, tasks: &[Fields]) -> WriteOutcome {
        let records = tasks.iter().map(|fields| record(fields, None)).collect();
        let path = format!("{DATA}/composite/sobjects");
        let call = collection(Method::POST, path, records, Effect::Create, "create tasks");
        let mut outcome = self.write(call, tasks.len()).await;
        if let WriteOutcome::Answered(results) = &mut outcome {
            for result in results.iter_mut().filter(|result| result.errors.is_empty()) {
                result.created = true;
            }
        }
        outcome
    }

    /// Changes Tasks, each by its id.
    pub async fn update_tasks(&self, tasks: &[(String, Fields)]) -> WriteOutcome {
        let records = tasks
            .iter()
            .map(|(id, fields)| record(fields, Some(("Id", id))))
            .collect();
        let path = format!("{DATA}/composite/sobjects");
        let call = collection(Method::PATCH, path, records, Effect::Write, "update tasks");
        self.write(call, tasks.len()).await
    }

    /// Creates or changes Tasks, each by the value of its key field: twice is once.
    pub async fn upsert_tasks(&self, key_field: &str, tasks: &[(String, Fields)]) -> WriteOutcome {
        let records = tasks
            .iter()
            .map(|(key, fields)| record(fields, Some((key_field, key))))
            .collect();
        let path = format!("{DATA}/composite/sobjects/Task/{key_field}");
        let call = collection(Method::PATCH, path, records, Effect::Write, "upsert tasks");
        self.write(call, tasks.len()).await
    }

    /// Moves Tasks to the recycle bin. One that is there already is refused with `ENTITY_IS_DELETED`.
    pub async fn delete_tasks(&self, ids: &[String]) -> WriteOutcome {
        let query = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("ids", &ids.join(","))
            .append_pair("allOrNone", "false")
            .finish();
        let call = Call {
            method: Method::DELETE,
            effect: Effect::Write,
            ..Call::get(format!("{DATA}/composite/sobjects?{query}"), "delete tasks")
        };
        self.write(call, ids.len()).await
    }

    async fn write(&self, call: Call, count: usize) -> WriteOutcome {
        if count == 0 {
            return WriteOutcome::Answered(Vec::new());
        }
        if count > MOST {
            return WriteOutcome::Refused(too_many(count));
        }
        match self.api.call::<Vec<RecordResult>>(call).await {
            Ok(results) if results.len() == count => WriteOutcome::Answered(results),
            Ok(results) => WriteOutcome::Unknown(format!(
                "Salesforce answered for {} of {count} records",
                results.len()
            )),
            Err(Failed::Refused(error)) => WriteOutcome::Refused(error),
            Err(Failed::Unknown(error)) => WriteOutcome::Unknown(error.to_string()),
        }
    }
}

fn collection(
    method: Method,
    path: String,
    records: Vec<Json>,
    effect: Effect,
    purpose: &'static str,
) -> Call {
    let body = json!({ "allOrNone": false, "records": records });
    Call::with_body(method, path, &body, effect, purpose)
}

/// A Task as it is sent, with what it is found by.
fn record(fields: &Fields, found_by: Option<(&str, &str)>) -> Json {
    let mut record = fields.clone();
    if let Some((name, value)) = found_by {
        record.insert(name.to_owned(), value.into());
    }
    record.insert("attributes".to_owned(), json!({ "type": "Task" }));
    Json::Object(record)
}

fn too_many(count: usize) -> ApiError {
    ApiError {
        class: Class::Permanent,
        system: "Salesforce",
        status: None,
        code: None,
        message: format!("{count} records are more than the {MOST} that one call takes"),
        what_to_do: "Send them in several calls.".to_owned(),
        retry_after: None,
    }
}
