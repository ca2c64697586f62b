//! Tasks and Events of Salesforce by jobs of the Bulk API.

use std::collections::BTreeMap;

use crosswalk_host::error::Class;
use crosswalk_host::salesforce::{BulkQueryState, ListedRecord, RecordObject, Salesforce};
use crosswalk_sandbox::salesforce::{SalesforceData, record_id};
use crosswalk_sandbox::{Effect, sample};
use http::StatusCode;
use serde_json::json;

use crate::records::{KEY, read};
use crate::systems::{NOW, Systems, answers, at};

const JOBS: &str = "/jobs/query";

/// The sample company, and texts that CSV finds hard.
fn data() -> SalesforceData {
    let (_, mut data) = sample::sample(1, at(NOW));
    assert_eq!(data.key_field.as_deref(), Some(KEY));
    for (number, text) in [
        "\"quoted\", \"twice\"",
        "one\r\ntwo\nthree",
        " space, before and behind ",
        "Größe – 日本 🚀",
        "null",
        "#N/A",
        ",",
    ]
    .iter()
    .enumerate()
    {
        let id = record_id("00T", 900_000 + number as u64);
        data.push(
            "Task",
            json!({ "Id": id, "Subject": text.replace(['\r', '\n'], " "), "Description": text, KEY: text }),
        );
    }
    data
}

/// Waits for a job; how many records it found.
async fn complete(salesforce: &Salesforce, job: &str) -> u64 {
    let mut asked = 0;
    loop {
        match salesforce.bulk_query_state(job).await.unwrap() {
            BulkQueryState::UnderWay { records_processed } => {
                assert_eq!(records_processed, 0);
                asked += 1;
            }
            BulkQueryState::Complete { records } => {
                assert!(asked > 0, "a job takes a while");
                return records;
            }
            other => panic!("{other:?}"),
        }
    }
}

async fn by_bulk(salesforce: &Salesforce, object: RecordObject, most: u32) -> Vec<ListedRecord> {
    let job = salesforce
        .start_bulk_query(object, None, Some(KEY))
        .await
        .unwrap();
    let expected = complete(salesforce, &job).await;
    let (mut records, mut locator) = (Vec::new(), None);
    loop {
        let page = salesforce
            .bulk_query_page(&job, locator.as_deref(), most)
            .await
            .unwrap();
        assert!(page.records.len() <= most as usize);
        records.extend(read(page.records));
        locator = page.next;
        if locator.is_none() {
            assert_eq!(records.len() as u64, expected);
            return records;
        }
    }
}

async fn by_rest(salesforce: &Salesforce, object: RecordObject) -> Vec<ListedRecord> {
    let page = salesforce
        .records_page(object, None, None, Some(KEY))
        .await
        .unwrap();
    assert!(page.is_last);
    read(page.records)
}

fn as_json(records: Vec<ListedRecord>) -> BTreeMap<String, String> {
    let records = records.into_iter().map(|record| {
        let fields = serde_json::to_string(&record.fields).unwrap();
        (record.id, format!("{} {fields}", record.modified_at))
    });
    records.collect()
}

#[tokio::test]
async fn csv_and_json_are_the_same_byte_for_byte() {
    let systems = Systems::salesforce(data()).await;
    for object in RecordObject::ALL {
        let by_rest = as_json(by_rest(&systems.salesforce, object).await);
        assert!(by_rest.len() > 3, "{object:?}");
        for most in [3, 2_000] {
            let by_bulk = as_json(by_bulk(&systems.salesforce, object, most).await);
            assert_eq!(by_bulk, by_rest, "{object:?} {most}");
        }
    }
}

#[tokio::test]
async fn only_what_is_there_and_was_created_since_is_found() {
    let mut data = SalesforceData::default();
    for (number, created, is_deleted) in [(1, "20", false), (2, "21", true), (3, "21", false)] {
        let created = format!("2026-11-{created}T08:00:00Z");
        let id = record_id("00T", number);
        data.push(
            "Task",
            json!({ "Id": id, "Subject": "x", "CreatedDate": created, "IsDeleted": is_deleted }),
        );
    }
    let systems = Systems::salesforce(data).await;
    let salesforce = &systems.salesforce;
    // An answer that was lost: the job is started once more.
    systems.salesforce_fault("POST", JOBS, Effect::reset().after_commit(), 1);
    let since = Some(at("2026-11-21T08:00:00Z"));
    let job = salesforce
        .start_bulk_query(RecordObject::Task, since, None)
        .await
        .unwrap();
    assert_eq!(complete(salesforce, &job).await, 1);
    let page = salesforce.bulk_query_page(&job, None, 10).await.unwrap();
    assert_eq!(page.next, None);
    let records = read(page.records);
    assert_eq!(records[0].id, record_id("00T", 3));
    assert_eq!(records[0].fields.get("key"), None);
}

#[tokio::test]
async fn a_job_may_fail_or_be_gone() {
    let systems = Systems::salesforce(data()).await;
    let salesforce = &systems.salesforce;
    let job = salesforce
        .start_bulk_query(RecordObject::Event, None, None)
        .await
        .unwrap();
    let path = format!("{JOBS}/{job}");
    for (answer, expected) in [
        (
            json!({ "id": job, "state": "Failed", "errorMessage": "too slow" }),
            "too slow",
        ),
        (
            json!({ "id": job, "state": "Aborted" }),
            "the job is Aborted",
        ),
    ] {
        systems.salesforce_fault("GET", &path, answers(200, &answer.to_string()), 1);
        let message = expected.to_owned();
        assert_eq!(
            salesforce.bulk_query_state(&job).await,
            Ok(BulkQueryState::Failed { message })
        );
    }
    let too_early = salesforce
        .bulk_query_page(&job, None, 10)
        .await
        .unwrap_err();
    assert_eq!(too_early.code.as_deref(), Some("INVALIDJOBSTATE"));
    assert_eq!(
        salesforce.bulk_query_state("750000000000009AAA").await,
        Ok(BulkQueryState::Gone)
    );
}

#[tokio::test]
async fn what_stands_in_the_place_of_a_page_is_no_page() {
    let systems = Systems::salesforce(data()).await;
    let salesforce = &systems.salesforce;
    let path = format!("{JOBS}/750/results");
    systems.salesforce_fault("GET", &path, Effect::html(StatusCode::OK), 9);
    let error = salesforce
        .bulk_query_page("750", None, 10)
        .await
        .unwrap_err();
    assert_eq!(error.class, Class::Retry);
    assert!(error.to_string().contains("web page"), "{error}");
}
