//! Many records in one request.

use serde_json::{Value as Json, json};

use crate::org::{KEY, account, codes, contact, locked, org, org_with, record, task};

fn records(all_or_none: bool, records: Vec<Json>) -> Json {
    json!({ "allOrNone": all_or_none, "records": records })
}

fn subject(subject: &str) -> Json {
    record(json!({ "Subject": subject }))
}

#[tokio::test]
async fn each_record_has_an_outcome_of_its_own() {
    let org = org();
    let long = "x".repeat(256);
    let body = records(false, vec![subject("a"), subject(&long), subject("c")]);
    let outcomes = org.post("/composite/sobjects", body).await.expect(200);
    assert_eq!(codes(&outcomes), ["ok", "STRING_TOO_LONG", "ok"]);
    assert_eq!(
        outcomes[1],
        json!({
            "success": false,
            "errors": [{
                "statusCode": "STRING_TOO_LONG",
                "message": format!("Subject: data value too large: {} (max length=255)", &long[..255]),
                "fields": ["Subject"],
            }],
        })
    );
    let id = outcomes[2]["id"].as_str().unwrap();
    assert_eq!(
        outcomes[2],
        json!({ "id": id, "success": true, "errors": [] })
    );
    assert_eq!(org.task(id)["Subject"], "c");
}

#[tokio::test]
async fn all_or_none_takes_everything_back() {
    let org = org();
    let (before, long) = (org.endpoint.state(), "x".repeat(256));
    let created = org
        .post(
            "/composite/sobjects",
            records(true, vec![subject("a"), subject(&long), subject("c")]),
        )
        .await
        .expect(200);
    let rolled_back = "ALL_OR_NONE_OPERATION_ROLLED_BACK";
    assert_eq!(
        codes(&created),
        [rolled_back, "STRING_TOO_LONG", rolled_back]
    );
    assert_eq!(
        created[0]["errors"][0]["message"],
        "Record rolled back because not all records were valid and the request was using AllOrNone header"
    );
    let update = |number, subject: &str| record(json!({ "Id": task(number), "Subject": subject }));
    let updated = org
        .patch(
            "/composite/sobjects",
            records(true, vec![update(1, "changed"), update(2, &long)]),
        )
        .await
        .expect(200);
    assert_eq!(codes(&updated), [rolled_back, "STRING_TOO_LONG"]);
    let deleted = org
        .delete(&format!(
            "/composite/sobjects?ids={},{}&allOrNone=true",
            task(1),
            task(999)
        ))
        .await
        .expect(200);
    assert_eq!(
        codes(&deleted),
        [rolled_back, "INVALID_CROSS_REFERENCE_KEY"]
    );
    assert_eq!(org.endpoint.state(), before);
    // What was taken back is in no index either.
    let found = org
        .query("SELECT Id FROM Task WHERE SystemModstamp >= 2026-11-23T00:00:00Z")
        .await;
    assert_eq!(found.len(), 0);
}

#[tokio::test]
async fn records_are_updated_by_their_ids() {
    let org = org();
    let update = |id: String| record(json!({ "id": id, "Subject": "Changed" }));
    org.delete(&format!("/sobjects/Task/{}", task(3)))
        .await
        .expect(204);
    let body = records(
        false,
        vec![
            update(task(1)),
            update(task(3)),
            update(task(999)),
            update(contact(1)),
            update("nonsense".to_owned()),
            record(json!({ "Subject": "x" })),
            update(task(1)[..15].to_owned()),
            json!({ "attributes": { "type": "Nothing" }, "id": task(2) }),
        ],
    );
    let outcomes = org.patch("/composite/sobjects", body).await.expect(200);
    assert_eq!(
        codes(&outcomes),
        [
            "ok",
            "ENTITY_IS_DELETED",
            "INVALID_CROSS_REFERENCE_KEY",
            "MALFORMED_ID",
            "MALFORMED_ID",
            "MISSING_ARGUMENT",
            "DUPLICATE_VALUE",
            "INVALID_TYPE",
        ]
    );
    assert_eq!(org.task(&task(1))["Subject"], "Changed");
    assert_eq!(org.task(&task(2))["Subject"], "Task 2");
}

#[tokio::test]
async fn records_are_deleted_by_their_ids() {
    let org = org();
    let path = format!(
        "/composite/sobjects?ids={},{},{},nonsense,{}&allOrNone=false",
        task(1),
        contact(2),
        task(1),
        task(999)
    );
    let outcomes = org.delete(&path).await.expect(200);
    assert_eq!(
        codes(&outcomes),
        [
            "ok",
            "ok",
            "ENTITY_IS_DELETED",
            "MALFORMED_ID",
            "INVALID_CROSS_REFERENCE_KEY",
        ]
    );
    assert_eq!(org.task(&task(1))["IsDeleted"], true);
    assert_eq!(org.query("SELECT Id FROM Contact").await.len(), 1);
}

#[tokio::test]
async fn records_are_upserted_by_their_key() {
    let org = org();
    let with_key = |key: Json| record(json!({ KEY: key, "Subject": "Upserted" }));
    let body = records(
        false,
        vec![
            with_key(json!("new")),
            with_key(json!("A")),
            with_key(json!("twice")),
            with_key(json!("NEW")),
            with_key(json!("")),
            with_key(json!(null)),
        ],
    );
    let path = format!("/composite/sobjects/Task/{KEY}");
    let outcomes = org.patch(&path, body).await.expect(200);
    assert_eq!(
        codes(&outcomes),
        [
            "ok",
            "ok",
            "DUPLICATE_EXTERNAL_ID",
            "DUPLICATE_VALUE",
            "MISSING_ARGUMENT",
            "MISSING_ARGUMENT",
        ]
    );
    let id = outcomes[0]["id"].as_str().unwrap();
    assert_eq!(
        outcomes[0],
        json!({ "id": id, "success": true, "errors": [], "created": true })
    );
    assert_eq!(
        outcomes[1],
        json!({ "id": task(1), "success": true, "errors": [], "created": false })
    );
    // The key itself stays as it was.
    assert_eq!(org.task(&task(1))[KEY], "a");
    assert_eq!(org.task(id)[KEY], "new");
    assert_eq!(org.tasks(), 6);
}

#[tokio::test]
async fn records_are_upserted_by_their_id_and_created_without() {
    let org = org();
    let body = records(
        false,
        vec![
            record(json!({ "Id": null, "Subject": "New" })),
            record(json!({ "Id": task(1), "Subject": "Changed" })),
            record(json!({ "Id": task(999) })),
        ],
    );
    let outcomes = org
        .patch("/composite/sobjects/Task/Id", body)
        .await
        .expect(200);
    assert_eq!(
        codes(&outcomes),
        ["ok", "ok", "INVALID_CROSS_REFERENCE_KEY"]
    );
    assert_eq!(
        (&outcomes[0]["created"], &outcomes[1]["created"]),
        (&json!(true), &json!(false))
    );
}

#[tokio::test]
async fn an_upsert_is_of_one_sobject_by_a_field_it_has() {
    let org = org();
    let path = format!("/composite/sobjects/Task/{KEY}");
    let event = json!({ "attributes": { "type": "Event" }, KEY: "x" });
    org.patch(&path, records(false, vec![event]))
        .await
        .refused(400, "INVALID_TYPE");
    org.patch("/composite/sobjects/Task/Subject", records(false, vec![]))
        .await
        .refused(404, "NOT_FOUND");
}

#[tokio::test]
async fn a_request_writes_at_most_200_records() {
    let org = org();
    let many = |count| records(false, vec![subject("x"); count]);
    let created = org.post("/composite/sobjects", many(200)).await.expect(200);
    assert_eq!(codes(&created), ["ok"; 200]);
    let upsert = format!("/composite/sobjects/Task/{KEY}");
    let ids = vec![task(1); 201].join(",");
    for reply in [
        org.post("/composite/sobjects", many(201)).await,
        org.patch("/composite/sobjects", many(201)).await,
        org.patch(&upsert, many(201)).await,
        org.delete(&format!("/composite/sobjects?ids={ids}")).await,
    ] {
        reply.refused(400, "EXCEEDED_ID_LIMIT");
    }
    assert_eq!(org.tasks(), 205);
}

#[tokio::test]
async fn records_change_sobject_at_most_ten_times() {
    let org = org();
    let mixed = |count| {
        let of = |index: usize| match index % 2 {
            0 => subject("x"),
            _ => json!({ "attributes": { "type": "Account" }, "Name": "New" }),
        };
        records(false, (0..count).map(of).collect())
    };
    let ten = org.post("/composite/sobjects", mixed(10)).await.expect(200);
    assert_eq!(codes(&ten), ["ok"; 10]);
    org.post("/composite/sobjects", mixed(11))
        .await
        .refused(400, "LIMIT_EXCEEDED");
}

#[tokio::test]
async fn a_parent_that_is_held_refuses_its_children_for_a_while() {
    let mut data = crate::org::data();
    data.locked = locked(contact(1), 2);
    let org = org_with(data);
    let child = || record(json!({ "Subject": "x", "WhoId": contact(1) }));
    let other = record(json!({ "Subject": "x", "WhoId": contact(2) }));
    let body = records(false, vec![child(), other, child(), child()]);
    let outcomes = org.post("/composite/sobjects", body).await.expect(200);
    let lock = "UNABLE_TO_LOCK_ROW";
    assert_eq!(codes(&outcomes), [lock, "ok", lock, "ok"]);
    assert_eq!(
        outcomes[0]["errors"][0]["message"],
        format!(
            "unable to obtain exclusive access to this record or 1 records: {}",
            contact(1)
        )
    );
}

#[tokio::test]
async fn many_are_read_at_once_with_null_for_those_that_are_not_there() {
    let org = org();
    org.delete(&format!("/sobjects/Task/{}", task(2)))
        .await
        .expect(204);
    let ids = [task(1), task(2), task(999), "nonsense".to_owned()];
    let body = json!({ "ids": ids, "fields": ["Subject"] });
    let by_body = org.post("/composite/sobjects/Task", body).await.expect(200);
    let url = format!("/services/data/v67.0/sobjects/Task/{}", task(1));
    assert_eq!(
        by_body,
        json!([
            { "attributes": { "type": "Task", "url": url }, "Id": task(1), "Subject": "Task 1" },
            null, null, null,
        ])
    );
    let path = format!(
        "/composite/sobjects/Task?ids={}&fields=Id,Subject",
        ids.join(",")
    );
    assert_eq!(org.get(&path).await.expect(200), by_body);
    let unknown = json!({ "ids": [task(1)], "fields": ["Nope"] });
    org.post("/composite/sobjects/Task", unknown)
        .await
        .refused(400, "INVALID_FIELD");
    let many = json!({ "ids": vec![account(); 2_001], "fields": ["Id"] });
    org.post("/composite/sobjects/Account", many)
        .await
        .refused(400, "EXCEEDED_ID_LIMIT");
}
