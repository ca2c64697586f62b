//! What changed in Salesforce between two moments.

use crosswalk_host::salesforce::{Deleted, RecordObject, Updated};
use crosswalk_sandbox::salesforce::{SalesforceData, record_id};
use serde_json::json;

use crate::systems::{Systems, at};

fn data() -> SalesforceData {
    let mut data = SalesforceData::default();
    for (number, stamp) in [
        (1, "2026-11-20T08:00:30Z"),
        (2, "2026-11-20T08:01:00Z"),
        (3, "2026-11-20T08:01:30Z"),
    ] {
        data.push(
            "Event",
            json!({
                "Id": record_id("00U", number), "Subject": "x", "IsAllDayEvent": true, "ActivityDate": "2026-12-01",
                "CreatedDate": stamp, "IsDeleted": number == 3,
            }),
        );
    }
    data
}

#[tokio::test]
async fn changes_and_deletions_are_told_by_the_minute() {
    let systems = Systems::salesforce(data()).await;
    let salesforce = &systems.salesforce;
    let (start, end) = (at("2026-11-20T08:00:59.9Z"), at("2026-11-20T08:02:00Z"));
    let updated = salesforce.updated(RecordObject::Event, start, end).await;
    assert_eq!(
        updated,
        Ok(Updated {
            ids: vec![record_id("00U", 1), record_id("00U", 2)],
            latest_covered: end,
        })
    );
    let deleted = salesforce.deleted(RecordObject::Event, start, end).await;
    assert_eq!(
        deleted,
        Ok(Deleted {
            ids: vec![record_id("00U", 3)],
            earliest_available: at("2026-11-08T10:00:00Z"),
            latest_covered: end,
        })
    );
    let of_tasks = salesforce.updated(RecordObject::Task, start, end).await;
    assert_eq!(of_tasks.unwrap().ids, Vec::<String>::new());
}

#[tokio::test]
async fn a_span_that_is_too_long_ago_is_refused() {
    let systems = Systems::salesforce(data()).await;
    let (start, end) = (at("2026-10-01T00:00:00Z"), at("2026-11-20T08:02:00Z"));
    let refused = systems
        .salesforce
        .updated(RecordObject::Task, start, end)
        .await
        .unwrap_err();
    assert_eq!(refused.code.as_deref(), Some("INVALID_REPLICATION_DATE"));
}
