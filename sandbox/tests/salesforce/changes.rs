//! What changed between two moments.

use serde_json::json;

use crate::org::{escaped, org, task};

fn span(resource: &str, start: &str, end: &str) -> String {
    format!(
        "/sobjects/Task/{resource}/?start={}&end={}",
        escaped(start),
        escaped(end)
    )
}

#[tokio::test]
async fn changes_are_told_by_the_minute() {
    let org = org();
    let changed = org
        .get(&span(
            "updated",
            "2026-11-02T08:00:59+00:00",
            "2026-11-04T08:00:30Z",
        ))
        .await
        .expect(200);
    assert_eq!(
        changed,
        json!({ "ids": [task(2), task(3)], "latestDateCovered": "2026-11-04T08:00:00.000+0000" })
    );
    // A plus that wasn't escaped is one all the same.
    let same = org
        .get(
            "/sobjects/Task/updated?start=2026-11-02T08:00:59+00:00&end=2026-11-04T08:00:30%2B0000",
        )
        .await
        .expect(200);
    assert_eq!(same, changed);
}

#[tokio::test]
async fn deletions_are_told_apart() {
    let org = org();
    org.delete(&format!("/sobjects/Task/{}", task(2)))
        .await
        .expect(204);
    let (start, end) = ("2026-11-23T10:00:00Z", "2026-11-23T10:30:00Z");
    let deleted = org.get(&span("deleted", start, end)).await.expect(200);
    assert_eq!(
        deleted,
        json!({
            "deletedRecords": [{ "id": task(2), "deletedDate": "2026-11-23T10:00:00.000+0000" }],
            "earliestDateAvailable": "2026-11-08T10:00:00.000+0000",
            "latestDateCovered": "2026-11-23T10:00:00.000+0000",
        })
    );
    let updated = org.get(&span("updated", start, end)).await.expect(200);
    assert_eq!(updated["ids"], json!([]));
}

#[tokio::test]
async fn a_span_has_its_bounds() {
    let org = org();
    for (resource, start, end) in [
        ("updated", "2026-11-20T10:00:00Z", "2026-11-20T10:00:59Z"),
        ("updated", "2026-11-20T10:00:00Z", "2026-11-19T10:00:00Z"),
        ("updated", "2026-10-24T09:00:00Z", "2026-11-19T10:00:00Z"),
        ("deleted", "2026-11-08T09:00:00Z", "2026-11-19T10:00:00Z"),
        ("updated", "yesterday", "2026-11-19T10:00:00Z"),
    ] {
        org.get(&span(resource, start, end))
            .await
            .refused(400, "INVALID_REPLICATION_DATE");
    }
    org.get(&span(
        "updated",
        "2026-10-24T10:00:00Z",
        "2026-11-19T10:00:00Z",
    ))
    .await
    .expect(200);
    org.get("/sobjects/Task/updated")
        .await
        .refused(400, "INVALID_REPLICATION_DATE");
}
