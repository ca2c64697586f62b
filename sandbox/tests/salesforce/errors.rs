//! Each refusal of a record, once.

use crosswalk_sandbox::Limits;
use crosswalk_sandbox::salesforce::{Picklist, PicklistValue};
use serde_json::{Value as Json, json};

use crate::org::{KEY, account, contact, data, lead, locked, org, org_with, record, task, user};

/// What a task with these fields is refused for: alone, and in a collection alike.
#[track_caller]
fn agree(alone: &Json, outcome: &Json) {
    let among = &outcome["errors"][0];
    assert_eq!(among["statusCode"], alone["errorCode"]);
    assert_eq!(among["message"], alone["message"]);
    assert_eq!(
        among["fields"],
        alone.get("fields").cloned().unwrap_or(json!([]))
    );
}

#[tokio::test]
async fn each_wrong_field_has_its_refusal() {
    let org = org();
    org.delete(&format!("/sobjects/Contact/{}", contact(2)))
        .await
        .expect(204);
    let long = "é".repeat(256);
    let cases = [
        (
            json!({ "Subject": long }),
            "STRING_TOO_LONG",
            format!(
                "Subject: data value too large: {} (max length=255)",
                "é".repeat(255)
            ),
            json!(["Subject"]),
        ),
        (
            json!({ "OwnerId": user(3) }),
            "INACTIVE_OWNER_OR_USER",
            format!(
                "operation performed with inactive user [{}] as owner of task",
                user(3)
            ),
            json!(["OwnerId"]),
        ),
        (
            json!({ "WhoId": lead(1), "WhatId": account() }),
            "FIELD_INTEGRITY_EXCEPTION",
            "A lead can't be associated with a related record: WhatId must be empty if WhoId is a Lead".to_owned(),
            json!(["WhatId"]),
        ),
        (
            json!({ "TaskSubtype": "Party" }),
            "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
            "Task Subtype: bad value for restricted picklist field: Party".to_owned(),
            json!(["TaskSubtype"]),
        ),
        (
            json!({ "WhoId": account() }),
            "MALFORMED_ID",
            format!("Name ID: id value of incorrect type: {}", account()),
            json!(["WhoId"]),
        ),
        (
            json!({ "WhoId": "nonsense" }),
            "MALFORMED_ID",
            "Name ID: id value of incorrect type: nonsense".to_owned(),
            json!(["WhoId"]),
        ),
        (
            json!({ "WhoId": contact(99) }),
            "INVALID_CROSS_REFERENCE_KEY",
            "invalid cross reference id".to_owned(),
            json!(["WhoId"]),
        ),
        (
            json!({ "WhoId": lead(2) }),
            "INVALID_CROSS_REFERENCE_KEY",
            "cannot reference converted lead".to_owned(),
            json!(["WhoId"]),
        ),
        (
            json!({ "WhoId": contact(2) }),
            "ENTITY_IS_DELETED",
            "entity is deleted".to_owned(),
            json!(["WhoId"]),
        ),
        (
            json!({ KEY: "A" }),
            "DUPLICATE_VALUE",
            format!(
                "duplicate value found: {KEY} duplicates value on record with id: {}",
                &task(1)[..15]
            ),
            json!(null),
        ),
        (
            json!({ "Nope": 1 }),
            "INVALID_FIELD",
            "No such column 'Nope' on sobject of type Task".to_owned(),
            json!(null),
        ),
        (
            json!({ "IsClosed": true, "AccountId": null }),
            "INVALID_FIELD_FOR_INSERT_UPDATE",
            "Unable to create/update fields: AccountId, IsClosed. Please check the security settings of this field and verify that it is read/write for your profile or permission set.".to_owned(),
            json!(["AccountId", "IsClosed"]),
        ),
        (
            json!({ "Subject": "Utterly FORBIDDEN" }),
            "FIELD_CUSTOM_VALIDATION_EXCEPTION",
            "Not with this subject".to_owned(),
            json!(["Subject"]),
        ),
        (
            json!({ "CallDurationInSeconds": 100_000_000 }),
            "NUMBER_OUTSIDE_VALID_RANGE",
            "Call Duration: value outside of valid range on numeric field: 100000000".to_owned(),
            json!(["CallDurationInSeconds"]),
        ),
        (
            json!({ "CallDurationInSeconds": "12" }),
            "JSON_PARSER_ERROR",
            "Cannot deserialize instance of int from VALUE_STRING value 12 or request may be missing a required field at CallDurationInSeconds".to_owned(),
            json!(null),
        ),
        (
            json!({ "ActivityDate": "2026-02-30" }),
            "JSON_PARSER_ERROR",
            "Cannot deserialize instance of date from VALUE_STRING value 2026-02-30 or request may be missing a required field at ActivityDate".to_owned(),
            json!(null),
        ),
    ];
    for (fields, code, message, names) in cases {
        let alone = org
            .post("/sobjects/Task", fields.clone())
            .await
            .refused(400, code);
        assert_eq!(alone["message"], message);
        assert_eq!(alone.get("fields").cloned().unwrap_or_default(), names);
        let body = json!({ "records": [record(fields)] });
        let outcomes = org.post("/composite/sobjects", body).await.expect(200);
        agree(&alone, &outcomes[0]);
    }
    assert_eq!(org.tasks(), 5);
}

#[tokio::test]
async fn an_update_is_refused_for_the_same_and_more() {
    let org = org();
    let path = format!("/sobjects/Task/{}", task(2));
    for (fields, code) in [
        (json!({ "Status": null }), "REQUIRED_FIELD_MISSING"),
        (json!({ "Status": "" }), "REQUIRED_FIELD_MISSING"),
        (json!({ "OwnerId": null }), "INVALID_CROSS_REFERENCE_KEY"),
        (json!({ KEY: "a" }), "DUPLICATE_VALUE"),
        (
            json!({ "TaskSubtype": "Call" }),
            "INVALID_FIELD_FOR_INSERT_UPDATE",
        ),
        (json!({ "Id": task(2) }), "INVALID_FIELD_FOR_INSERT_UPDATE"),
        (
            json!({ "Description": "x".repeat(32_001) }),
            "STRING_TOO_LONG",
        ),
    ] {
        org.patch(&path, fields).await.refused(400, code);
    }
    let fields =
        json!({ KEY: "b", "Description": "x".repeat(32_000), "CallDurationInSeconds": 99_999_999 });
    org.patch(&path, fields).await.expect(204);
}

#[tokio::test]
async fn what_is_required_is_named() {
    let org = org();
    let missing = org
        .post("/sobjects/Lead", json!({ "FirstName": "Aino" }))
        .await
        .refused(400, "REQUIRED_FIELD_MISSING");
    assert_eq!(
        missing["message"],
        "Required fields are missing: [LastName, Company]"
    );
    assert_eq!(missing["fields"], json!(["LastName", "Company"]));
    let owner = org
        .patch(
            &format!("/sobjects/Task/{}", task(1)),
            json!({ "OwnerId": null }),
        )
        .await
        .refused(400, "INVALID_CROSS_REFERENCE_KEY");
    assert_eq!(owner["message"], "Owner ID: owner cannot be blank");
}

#[tokio::test]
async fn an_org_may_have_picklists_of_its_own() {
    let mut data = data();
    let off = PicklistValue {
        is_active: false,
        ..PicklistValue::new("Fax")
    };
    data.picklists.push(Picklist {
        sobject: "Task".to_owned(),
        field: "Type".to_owned(),
        values: vec![PicklistValue::new("Demo"), off],
        restricted: true,
    });
    let org = org_with(data);
    let of_type = |value: &str| json!({ "Type": value });
    org.post("/sobjects/Task", of_type("Demo"))
        .await
        .expect(201);
    for value in ["Fax", "Call"] {
        org.post("/sobjects/Task", of_type(value))
            .await
            .refused(400, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST");
    }
    // What is open takes any value.
    org.post(
        "/sobjects/Task",
        json!({ "Status": "Halfway", "Priority": "Utmost" }),
    )
    .await
    .expect(201);
}

#[tokio::test]
async fn a_status_of_the_org_closes_a_task() {
    let org = org();
    let id = org
        .post("/sobjects/Task", json!({ "Status": "Called off" }))
        .await
        .created();
    assert_eq!(org.task(&id)["IsClosed"], true);
    assert_eq!(
        org.task(&id)["CompletedDateTime"],
        "2026-11-23T10:00:00.000+0000"
    );
    org.patch(
        &format!("/sobjects/Task/{id}"),
        json!({ "Status": "In Progress" }),
    )
    .await
    .expect(204);
    assert_eq!(org.task(&id)["CompletedDateTime"], json!(null));
}

#[tokio::test]
async fn a_record_that_is_held_is_refused_alone_too() {
    let mut data = data();
    data.locked = locked(task(1), 1);
    let org = org_with(data);
    let path = format!("/sobjects/Task/{}", task(1));
    let fields = json!({ "Subject": "x" });
    org.patch(&path, fields.clone())
        .await
        .refused(400, "UNABLE_TO_LOCK_ROW");
    org.patch(&path, fields).await.expect(204);
}

#[tokio::test]
async fn a_body_must_be_a_json_object() {
    let org = org();
    for body in ["", "null", "[]", "\"x\"", "{", "{\"Subject\":}"] {
        let headers = [
            ("authorization", "Bearer sandbox-salesforce-token"),
            ("content-type", "application/json; charset=utf-8"),
        ];
        let path = "/services/data/v67.0/sobjects/Task/";
        let reply = org.send_with("POST", path, &headers, body).await;
        reply.refused(400, "JSON_PARSER_ERROR");
    }
    let headers = [
        ("authorization", "Bearer sandbox-salesforce-token"),
        ("content-type", "text/csv"),
    ];
    org.send_with(
        "POST",
        "/services/data/v67.0/sobjects/Task",
        &headers,
        "Subject\nx",
    )
    .await
    .refused(415, "UNSUPPORTED_MEDIA_TYPE");
    for resource in ["/composite/sobjects", "/composite", "/composite/batch"] {
        org.post(resource, json!({ "records": [1] }))
            .await
            .refused(400, "JSON_PARSER_ERROR");
    }
}

#[tokio::test]
async fn seeded_records_that_cannot_be_taken_are_named() {
    let mut data = data();
    data.push("Task", json!({ "Nope": 1 }));
    data.push("Task", json!({ "Id": task(1) }));
    data.push("Task", json!({ "Id": contact(1) }));
    data.push("Task", json!({}));
    data.push("Nothing__c", json!({ "Name": "x" }));
    let options = crosswalk_sandbox::Options {
        limits: Limits::Off,
        ..crate::org::options()
    };
    let org = crate::org::Client::new(data, options);
    let rejected = org.endpoint.state()["rejected"].clone();
    let reasons: Vec<_> = rejected
        .as_array()
        .unwrap()
        .iter()
        .map(|reason| reason.as_str().unwrap())
        .collect();
    assert_eq!(reasons.len(), 5, "{rejected}");
    assert!(reasons[0].starts_with("Task: no field Nope"));
    assert!(reasons[1].contains("already"));
    assert!(reasons[2].contains("doesn't begin with 00T"));
    assert!(reasons[3].contains("an empty record"));
    assert_eq!(reasons[4], "Nothing__c: no such sobject");
}
