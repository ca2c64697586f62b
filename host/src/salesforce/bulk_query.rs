//! Bulk API 2.0: many records by a job, which Salesforce carries out by and by, and whose pages of CSV cost few calls.

use http::{HeaderMap, Method};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::record_fields::{ListedRecord, RecordObject};
use super::records::present;
use super::{DATA, Fields, Salesforce};
use crate::api::Call;
use crate::calls::Effect;
use crate::error::{ApiError, Class};
use crate::listed::{Listed, Unreadable};

/// How far a job got.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BulkQueryState {
    /// It is waiting or being carried out.
    UnderWay {
        /// How many records it has found so far.
        records_processed: u64,
    },
    /// Its pages can be read.
    Complete {
        /// How many records it found.
        records: u64,
    },
    /// It ended without a result, or somebody ended it.
    Failed {
        /// What Salesforce says.
        message: String,
    },
    /// It isn't there: somebody deleted it, or it is older than the seven days for which Salesforce keeps jobs.
    Gone,
}

/// Some of the records that a job found, in no order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BulkPage {
    /// The records, and what of them can't be read.
    pub records: Vec<Listed<ListedRecord>>,
    /// Where the next page begins; none if this is the last.
    pub next: Option<String>,
}

#[derive(Deserialize)]
struct Job {
    id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Progress {
    state: String,
    #[serde(default)]
    number_records_processed: Option<u64>,
    #[serde(default)]
    error_message: Option<String>,
}

const JOBS: &str = "/jobs/query";

impl Salesforce {
    /// Starts a job that finds all records that are there, archived ones too, and were created at this moment or later. Answers the
    /// job's id. Started twice it does nothing that anybody would notice.
    pub async fn start_bulk_query(
        &self,
        object: RecordObject,
        since: Option<Timestamp>,
        key_field: Option<&str>,
    ) -> Result<String, ApiError> {
        loop {
            let select = self.selection(object, key_field);
            let soql = format!("{select} WHERE {}", present(since));
            // Not in order, which would keep Salesforce from dividing a large query.
            let body = json!({ "operation": "queryAll", "query": soql });
            let path = format!("{DATA}{JOBS}");
            let call = Call::with_body(Method::POST, path, &body, Effect::Read, "bulk query");
            match self.api.read::<Job>(call).await {
                Err(error) if self.leaves_out_more(object, &error).await => {}
                answer => return Ok(answer?.id),
            }
        }
    }

    /// How far a job got.
    pub async fn bulk_query_state(&self, job: &str) -> Result<BulkQueryState, ApiError> {
        let call = Call::get(path_of(job), "bulk query state");
        match self.api.read::<Progress>(call).await {
            Ok(progress) => Ok(progress.into()),
            Err(error) if error.status == Some(404) => Ok(BulkQueryState::Gone),
            Err(error) => Err(error),
        }
    }

    /// A page of what a job that is complete found: `most` records at most, from a `next` on or else from the beginning. An answer
    /// holds 64 MB at most: 500 records however long their comments are, and tens of thousands whose comments are short.
    pub async fn bulk_query_page(
        &self,
        job: &str,
        locator: Option<&str>,
        most: u32,
    ) -> Result<BulkPage, ApiError> {
        let path = path_of_page(job, locator, most);
        let call = Call::get(path, "bulk query page").accepting("text/csv");
        let answer = self.api.read_text(call).await?;
        Ok(BulkPage {
            records: records(answer.body()).map_err(no_csv)?,
            next: next(answer.headers()),
        })
    }
}

fn path_of(job: &str) -> String {
    let job: String = url::form_urlencoded::byte_serialize(job.as_bytes()).collect();
    format!("{DATA}{JOBS}/{job}")
}

fn path_of_page(job: &str, locator: Option<&str>, most: u32) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("maxRecords", &most.to_string())
        .extend_pairs(locator.map(|locator| ("locator", locator)))
        .finish();
    format!("{}/results?{query}", path_of(job))
}

impl From<Progress> for BulkQueryState {
    fn from(progress: Progress) -> Self {
        let records = progress.number_records_processed.unwrap_or_default();
        match progress.state.as_str() {
            "JobComplete" => Self::Complete { records },
            "Failed" | "Aborted" => Self::Failed {
                message: progress
                    .error_message
                    .filter(|message| !message.is_empty())
                    .unwrap_or_else(|| format!("the job is {}", progress.state)),
            },
            _ => Self::UnderWay {
                records_processed: records,
            },
        }
    }
}

/// Where the next page begins; behind the last stands the word `null`.
fn next(headers: &HeaderMap) -> Option<String> {
    let locator = headers.get("sforce-locator")?.to_str().ok()?.trim();
    (!locator.is_empty() && locator != "null").then(|| locator.to_owned())
}

/// The records of a page of CSV, whose first line names the fields.
fn records(page: &[u8]) -> Result<Vec<Listed<ListedRecord>>, csv::Error> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(page);
    let names = reader.headers()?.clone();
    let records = reader.records().map(|row| {
        let row = row.map_err(|error| without_id(&error.to_string()))?;
        record(&names, &row)
    });
    Ok(records.map(Listed).collect())
}

/// A row; the column that no object has is its key field.
fn record(names: &csv::StringRecord, row: &csv::StringRecord) -> Result<ListedRecord, Unreadable> {
    if row.len() != names.len() {
        let (values, columns) = (row.len(), names.len());
        let message = format!("its row has {values} values, and the header has {columns}");
        return Err(without_id(&message));
    }
    let key_field = names.iter().find(|name| {
        RecordObject::ALL
            .iter()
            .all(|object| !object.has_field(name))
    });
    let values = names
        .iter()
        .zip(row)
        .map(|(name, value)| (name.to_owned(), Json::from(value)));
    let row: Fields = values.collect();
    let id = row.get("Id").and_then(Json::as_str).unwrap_or_default();
    let object = RecordObject::ALL
        .into_iter()
        .find(|object| id.starts_with(object.prefix()));
    let object = object.ok_or_else(|| Unreadable {
        id: (!id.is_empty()).then(|| id.to_owned()),
        message: "its Id is neither a Task's nor an Event's".to_owned(),
    })?;
    ListedRecord::read(object, key_field, &row).0
}

fn without_id(message: &str) -> Unreadable {
    Unreadable {
        id: None,
        message: message.to_owned(),
    }
}

fn no_csv(error: csv::Error) -> ApiError {
    ApiError {
        class: Class::Retry,
        system: "Salesforce",
        status: Some(200),
        code: None,
        message: format!("the page of the bulk query is no CSV: {error}"),
        what_to_do: "If it stays so, check whether a proxy stands between, and report it."
            .to_owned(),
        retry_after: None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    const TIMES: &str = "2026-11-20T08:00:00.000Z,2026-11-20T08:00:00.000Z";

    fn said(page: &str) -> Vec<String> {
        let said =
            records(page.as_bytes())
                .unwrap()
                .into_iter()
                .map(|Listed(record)| match record {
                    Ok(record) => format!("{}: {:?}", record.id, record.fields.get("subject")),
                    Err(unreadable) => {
                        format!("{:?}: {}", unreadable.id.as_deref(), unreadable.message)
                    }
                });
        said.collect()
    }

    #[test]
    fn a_row_that_cannot_be_read_leaves_the_others_as_they_are() {
        let page = format!(
            "Id,CreatedDate,SystemModstamp,Subject\n00T1,{TIMES},\"a\nb\"\n00T2,{TIMES}\n,{TIMES},c\n0011,{TIMES},d\n00U1,{TIMES},e\n"
        );
        assert_eq!(
            said(&page),
            [
                "00T1: Some(String(\"a\\nb\"))",
                "None: its row has 3 values, and the header has 4",
                "None: its Id is neither a Task's nor an Event's",
                "Some(\"0011\"): its Id is neither a Task's nor an Event's",
                "00U1: Some(String(\"e\"))",
            ]
        );
    }

    #[test]
    fn the_word_null_ends_the_pages() {
        for (header, expected) in [("null", None), ("", None), ("MTAwMDA", Some("MTAwMDA"))] {
            let headers = HeaderMap::from_iter([(
                http::HeaderName::from_static("sforce-locator"),
                header.parse().unwrap(),
            )]);
            assert_eq!(next(&headers).as_deref(), expected, "{header}");
        }
        assert_eq!(next(&HeaderMap::new()), None);
    }
}
