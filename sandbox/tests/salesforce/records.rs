//! One record at a time.

use serde_json::json;

use crate::org::{KEY, account, contact, escaped, lead, org, task, user};

#[tokio::test]
async fn the_sample_is_taken_whole() {
    assert_eq!(org().endpoint.state()["rejected"], json!([]));
}

#[tokio::test]
async fn a_task_is_created_read_changed_and_deleted() {
    let org = org();
    let reply = org
        .post("/sobjects/Task", json!({ "Subject": "Call", "WhoId": contact(1), "OwnerId": user(2), "ActivityDate": "2026-12-01" }))
        .await;
    let location = reply.headers["location"].to_str().unwrap().to_owned();
    assert_eq!(reply.body["errors"], json!([]));
    assert_eq!(reply.body["success"], true);
    let id = reply.created();
    assert_eq!(location, format!("/services/data/v67.0/sobjects/Task/{id}"));
    let read = org.get(&format!("/sobjects/Task/{id}")).await;
    assert_eq!(
        read.headers["content-type"],
        "application/json;charset=UTF-8"
    );
    let read = read.expect(200);
    assert_eq!(
        read["attributes"],
        json!({ "type": "Task", "url": location })
    );
    for (field, expected) in [
        ("Status", json!("Not Started")),
        ("Priority", json!("Normal")),
        ("TaskSubtype", json!("Task")),
        ("IsClosed", json!(false)),
        ("AccountId", json!(account())),
        ("ActivityDate", json!("2026-12-01")),
        ("CreatedDate", json!("2026-11-23T10:00:00.000+0000")),
        ("CreatedById", json!(user(1))),
        ("Description", json!(null)),
    ] {
        assert_eq!(read[field], expected, "{field}");
    }
    org.clock.advance(jiff::SignedDuration::from_secs(5));
    let changed = org
        .patch(
            &format!("/sobjects/Task/{id}"),
            json!({ "Status": "Completed", "ActivityDate": null }),
        )
        .await;
    assert_eq!((changed.status, changed.text.as_str()), (204, ""));
    let read = org
        .get(&format!(
            "/sobjects/Task/{id}?fields=Status,isclosed,CompletedDateTime,ActivityDate,SystemModstamp"
        ))
        .await
        .expect(200);
    assert_eq!(
        read,
        json!({
            "attributes": { "type": "Task", "url": location },
            "Id": id, "Status": "Completed", "IsClosed": true, "ActivityDate": null,
            "CompletedDateTime": "2026-11-23T10:00:05.000+0000", "SystemModstamp": "2026-11-23T10:00:05.000+0000",
        })
    );
    let deleted = org.delete(&format!("/sobjects/Task/{id}")).await;
    assert_eq!((deleted.status, deleted.text.as_str()), (204, ""));
    for method in ["GET", "PATCH", "DELETE"] {
        let body = if method == "PATCH" {
            json!({ "Subject": "x" })
        } else {
            json!(null)
        };
        let path = format!("/sobjects/Task/{id}");
        org.send(method, &path, body)
            .await
            .refused(404, "ENTITY_IS_DELETED");
    }
}

#[tokio::test]
async fn ids_are_read_with_and_without_their_checksum() {
    let org = org();
    let short = &task(1)[..15];
    let read = org
        .get(&format!("/sobjects/task/{short}/"))
        .await
        .expect(200);
    assert_eq!(read["Id"], task(1));
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let org = org();
    org.get(&format!("/sobjects/Task/{}", task(999)))
        .await
        .refused(404, "NOT_FOUND");
    org.get(&format!("/sobjects/Task/{}", contact(1)))
        .await
        .refused(404, "NOT_FOUND");
    let error = org
        .get("/sobjects/Task/nonsense")
        .await
        .refused(404, "NOT_FOUND");
    assert_eq!(
        error["message"],
        "Provided external ID field does not exist or is not accessible: nonsense"
    );
    let error = org.get("/sobjects/Nothing").await.refused(404, "NOT_FOUND");
    assert_eq!(error["message"], "The requested resource does not exist");
    org.get("/nonsense").await.refused(404, "NOT_FOUND");
    org.send("PUT", "/sobjects/Task", json!({}))
        .await
        .refused(405, "METHOD_NOT_ALLOWED");
}

#[tokio::test]
async fn a_record_is_upserted_by_its_key() {
    let org = org();
    let path = format!("/sobjects/Task/{KEY}/{}", escaped("hubspot:8821:call:501"));
    let created = org
        .patch(&path, json!({ "Subject": "New" }))
        .await
        .expect(201);
    let id = created["id"].as_str().unwrap();
    assert_eq!(
        created,
        json!({ "id": id, "success": true, "errors": [], "created": true })
    );
    assert_eq!(org.task(id)[KEY], "hubspot:8821:call:501");
    let changed = org
        .patch(&path, json!({ "Subject": "Changed" }))
        .await
        .expect(200);
    assert_eq!(
        changed,
        json!({ "id": id, "success": true, "errors": [], "created": false })
    );
    assert_eq!(org.task(id)["Subject"], "Changed");
    let read = org.get(&format!("{path}?fields=Subject")).await.expect(200);
    assert_eq!(read["Id"], id);
    org.delete(&path).await.expect(204);
    org.get(&path).await.refused(404, "NOT_FOUND");
    let again = org
        .patch(&path, json!({ "Subject": "Again" }))
        .await
        .created();
    assert_ne!(again, id);
}

#[tokio::test]
async fn an_upsert_says_what_is_wrong_with_its_key() {
    let org = org();
    let unknown = org.patch("/sobjects/Task/Nope__c/1", json!({})).await;
    assert_eq!(
        unknown.refused(404, "NOT_FOUND")["message"],
        "Provided external ID field does not exist or is not accessible: Nope__c"
    );
    let path = format!("/sobjects/Task/{KEY}/new");
    org.patch(
        &format!("{path}?updateOnly=true"),
        json!({ "Subject": "x" }),
    )
    .await
    .refused(404, "NOT_FOUND");
    for fields in [json!({ KEY: "new" }), json!({ "Id": task(1) })] {
        org.patch(&path, fields).await.refused(400, "INVALID_FIELD");
    }
    let several = org
        .patch(
            &format!("/sobjects/Task/{KEY}/TWICE"),
            json!({ "Subject": "x" }),
        )
        .await
        .expect(300);
    assert_eq!(
        several,
        json!([
            format!("/services/data/v67.0/sobjects/Task/{}", task(4)),
            format!("/services/data/v67.0/sobjects/Task/{}", task(5)),
        ])
    );
    assert_eq!(org.tasks(), 5);
}

#[tokio::test]
async fn before_version_46_an_upsert_that_changed_says_nothing() {
    let org = org();
    let headers = [("authorization", "Bearer sandbox-salesforce-token")];
    let path = format!("/services/data/v45.0/sobjects/Task/{KEY}/a");
    let reply = org
        .send_with("PATCH", &path, &headers, r#"{"Subject":"x"}"#)
        .await;
    assert_eq!((reply.status, reply.text.as_str()), (204, ""));
}

#[tokio::test]
async fn a_person_is_upserted_by_email() {
    let org = org();
    let path = "/sobjects/Contact/Email/otto%40example.com";
    let changed = org
        .patch(path, json!({ "LastName": "Otto" }))
        .await
        .expect(200);
    assert_eq!(changed["id"], contact(2));
    let lead = org
        .get(&format!("/sobjects/Lead/Id/{}", lead(1)))
        .await
        .expect(200);
    assert_eq!(lead["Company"], "Lahti Oy");
}
