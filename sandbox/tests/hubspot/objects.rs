use serde_json::{Value as Json, json};

use crate::portal::{NOW, at, ids, portal};

#[tokio::test]
async fn a_record_reads_the_same_on_every_version_of_its_path() {
    let portal = portal();
    for path in [
        "/crm/v3/objects/calls/501",
        "/crm/objects/2026-03/call/501",
        "/crm/objects/2026-09/0-48/501/",
    ] {
        let mut call = portal
            .get(&format!(
                "{path}?properties=hs_call_title,hs_timestamp,nonsense,hs_call_body"
            ))
            .await
            .expect(200);
        let url = call.as_object_mut().unwrap().remove("url");
        assert_eq!(url.is_some(), !path.contains("v3"), "{path}");
        assert_eq!(
            call,
            json!({
                "id": "501",
                "properties": {
                    "hs_call_body": null,
                    "hs_call_title": "Intro call",
                    "hs_createdate": "2026-11-20T08:00:00Z",
                    "hs_lastmodifieddate": "2026-11-20T08:00:00Z",
                    "hs_object_id": "501",
                    "hs_timestamp": "2025-11-20T08:00:00Z",
                },
                "createdAt": "2026-11-20T08:00:00Z",
                "updatedAt": "2026-11-20T08:00:00Z",
                "archived": false,
            }),
            "{path}"
        );
    }
}

#[tokio::test]
async fn nothing_asked_for_gives_the_default_properties() {
    let call = portal().get("/crm/v3/objects/calls/501").await.expect(200);
    let names: Vec<_> = call["properties"].as_object().unwrap().keys().collect();
    assert_eq!(
        names,
        ["hs_createdate", "hs_lastmodifieddate", "hs_object_id"]
    );
    let contact = portal()
        .get("/crm/v3/objects/contacts/101")
        .await
        .expect(200);
    let names: Vec<_> = contact["properties"].as_object().unwrap().keys().collect();
    assert_eq!(
        names,
        [
            "createdate",
            "email",
            "firstname",
            "hs_object_id",
            "lastmodifieddate",
            "lastname"
        ]
    );
}

#[tokio::test]
async fn associations_come_with_a_record_when_asked_for() {
    let call = portal()
        .get("/crm/v3/objects/calls/501?associations=contacts,companies")
        .await
        .expect(200);
    assert_eq!(
        call["associations"],
        json!({ "contacts": { "results": [{ "id": "101", "type": "call_to_contact" }, { "id": "102", "type": "call_to_contact" }] } })
    );
    let note = portal()
        .get("/crm/v3/objects/notes/601?associations=deals")
        .await
        .expect(200);
    assert_eq!(note.get("associations"), None);
}

#[tokio::test]
async fn history_comes_with_a_record_when_asked_for_the_present_first() {
    let contact = portal()
        .get("/crm/v3/objects/contacts/101?propertiesWithHistory=salesforcecontactid,firstname")
        .await
        .expect(200);
    assert_eq!(
        contact["propertiesWithHistory"],
        json!({
            "firstname": [{ "value": "Aino", "timestamp": "2026-09-01T07:00:00Z", "sourceType": "INTEGRATION" }],
            "salesforcecontactid": [
                { "value": "003000000000002AAA", "timestamp": "2026-10-01T00:00:00.500Z", "sourceType": "INTEGRATION" },
                { "value": "003000000000001AAA", "timestamp": "2026-09-01T07:10:00Z", "sourceType": "INTEGRATION" },
            ],
        })
    );
}

#[tokio::test]
async fn pages_follow_each_other_and_leave_out_what_is_archived() {
    let portal = portal();
    let first = portal
        .get("/crm/v3/objects/contacts?limit=1")
        .await
        .expect(200);
    assert_eq!(ids(&first), ["101"]);
    assert_eq!(
        first["paging"],
        json!({ "next": { "after": "102", "link": "http://hubspot.test/crm/v3/objects/contacts?limit=1&after=102" } })
    );
    let second = portal
        .get("/crm/v3/objects/contacts?limit=1&after=102")
        .await
        .expect(200);
    assert_eq!(ids(&second), ["102"]);
    assert_eq!(second.get("paging"), None);
    assert_eq!(
        ids(&portal.get("/crm/v3/objects/tasks").await.expect(200)),
        Vec::<&str>::new()
    );
    let archived = portal
        .get("/crm/v3/objects/tasks?archived=true")
        .await
        .expect(200);
    assert_eq!(ids(&archived), ["701"]);
    assert_eq!(archived["results"][0]["archivedAt"], "2026-11-20T00:00:00Z");
    let refused = portal
        .get("/crm/v3/objects/contacts?limit=101")
        .await
        .refused(400);
    assert_eq!(refused["category"], "VALIDATION_ERROR");
    portal
        .get("/crm/v3/objects/contacts?limit=51&propertiesWithHistory=email")
        .await
        .refused(400);
}

#[tokio::test]
async fn a_task_is_created_changed_and_archived() {
    let portal = portal();
    let created = portal
        .post(
            "/crm/objects/2026-09/tasks",
            json!({
                "properties": { "hs_timestamp": 1_790_000_000_000_i64, "hs_task_subject": "Call back", "hs_task_status": "COMPLETED" },
                "associations": [{ "to": { "id": 101 }, "types": [{ "associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 204 }] }],
            }),
        )
        .await;
    assert_eq!(
        created.headers["location"],
        "http://hubspot.test/crm/objects/2026-09/tasks/702"
    );
    let created = created.expect(201);
    assert_eq!(created["id"], "702");
    assert_eq!(
        created["url"],
        "https://app.hubspot.com/contacts/8821/record/0-27/702"
    );
    assert_eq!(
        created["properties"]["hs_timestamp"],
        "2026-09-21T14:13:20Z"
    );
    assert_eq!(created["properties"]["hs_task_completion_date"], NOW);
    assert_eq!(created.get("associations"), None);

    portal.clock.set(at("2026-11-23T10:00:01.5Z"));
    let changed = portal
        .send(
            "PATCH",
            "/crm/v3/objects/tasks/702",
            &json!({ "properties": { "hs_task_subject": "", "hs_task_status": "WAITING" } }),
        )
        .await
        .expect(200);
    assert_eq!(changed["properties"].get("hs_task_subject"), None);
    assert_eq!(changed["properties"].get("hs_task_completion_date"), None);
    assert_eq!(
        changed["properties"]["hs_lastmodifieddate"],
        "2026-11-23T10:00:01.500Z"
    );
    assert_eq!(changed["createdAt"], NOW);
    let history = portal
        .get("/crm/v3/objects/tasks/702?propertiesWithHistory=hs_task_status")
        .await
        .expect(200);
    let versions: Vec<_> = history["propertiesWithHistory"]["hs_task_status"]
        .as_array()
        .unwrap()
        .iter()
        .map(|version| &version["value"])
        .collect();
    assert_eq!(versions, ["WAITING", "COMPLETED"]);
    assert_eq!(
        portal
            .get("/crm/v3/objects/tasks/702?associations=contacts")
            .await
            .expect(200)["associations"]["contacts"]["results"][0]["id"],
        "101"
    );

    assert_eq!(
        portal
            .send("DELETE", "/crm/v3/objects/tasks/702", &Json::Null)
            .await
            .expect(204),
        Json::Null
    );
    assert_eq!(
        portal.get("/crm/v3/objects/tasks/702").await.refused(404),
        json!({ "status": "error", "message": "resource not found" })
    );
    portal
        .get("/crm/v3/objects/tasks/702?archived=true")
        .await
        .expect(200);
    portal
        .send("DELETE", "/crm/v3/objects/tasks/702", &Json::Null)
        .await
        .expect(204);
    portal
        .send(
            "PATCH",
            "/crm/v3/objects/tasks/702",
            &json!({ "properties": {} }),
        )
        .await
        .refused(404);
}

#[tokio::test]
async fn what_a_record_needs_is_named() {
    let portal = portal();
    let refused = portal
        .post(
            "/crm/v3/objects/emails",
            json!({ "properties": { "hs_email_subject": "Hi" } }),
        )
        .await
        .refused(400);
    assert_eq!(
        refused["message"],
        "Error creating EMAIL. Some required properties were not set."
    );
    assert_eq!(
        refused["context"],
        json!({ "properties": ["hs_timestamp", "hs_email_direction"] })
    );
    let meeting =
        json!({ "properties": { "hs_meeting_start_time": "2026-12-01T09:00:00.250+01:00" } });
    let created = portal
        .post("/crm/v3/objects/meetings", meeting)
        .await
        .expect(201);
    assert_eq!(
        created["properties"]["hs_timestamp"],
        "2026-12-01T08:00:00.250Z"
    );
}

#[tokio::test]
async fn every_wrong_property_is_told_with_its_code() {
    let portal = portal();
    let properties = json!({
        "hs_timestamp": "tomorrow",
        "hs_task_status": "DONE",
        "hs_object_id": "1",
        "hubspot_owner_id": "79",
        "nonsense": "x",
    });
    let refused = portal
        .post("/crm/v3/objects/tasks", json!({ "properties": properties }))
        .await
        .refused(400);
    assert_eq!(refused["category"], "VALIDATION_ERROR");
    let codes: Vec<_> = refused["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| {
            (
                error["code"].as_str().unwrap(),
                error["context"]["propertyName"][0].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        codes,
        [
            ("READ_ONLY_VALUE", "hs_object_id"),
            ("INVALID_OPTION", "hs_task_status"),
            ("INVALID_DATE", "hs_timestamp"),
            ("INVALID_OWNER_ID", "hubspot_owner_id"),
            ("PROPERTY_DOESNT_EXIST", "nonsense"),
        ]
    );
    let embedded = refused["message"]
        .as_str()
        .unwrap()
        .strip_prefix("Property values were not valid: ")
        .unwrap();
    let embedded: Json = serde_json::from_str(embedded).unwrap();
    assert_eq!(
        embedded[4],
        json!({
            "isValid": false,
            "message": "Property \"nonsense\" does not exist",
            "error": "PROPERTY_DOESNT_EXIST",
            "name": "nonsense",
            "localizedErrorMessage": "Property \"nonsense\" does not exist",
            "propertyValue": "x",
            "portalId": 8821,
        })
    );
    let long = json!({ "properties": { "hs_timestamp": NOW, "hs_note_body": "ä".repeat(65_537) } });
    assert_eq!(
        portal
            .post("/crm/v3/objects/notes", long)
            .await
            .refused(400)["errors"][0]["code"],
        "INVALID_LENGTH"
    );
    let most = json!({ "properties": { "hs_timestamp": NOW, "hs_note_body": "ä".repeat(65_536) } });
    portal.post("/crm/v3/objects/notes", most).await.expect(201);
}

#[tokio::test]
async fn an_email_address_belongs_to_one_contact() {
    let portal = portal();
    let refused = portal
        .post(
            "/crm/v3/objects/contacts",
            json!({ "properties": { "email": "AINO@example.com" } }),
        )
        .await
        .refused(409);
    assert_eq!(
        refused,
        json!({ "status": "error", "message": "Contact already exists. Existing ID: 101", "category": "CONFLICT" })
    );
    let taken = portal
        .send(
            "PATCH",
            "/crm/v3/objects/contacts/102",
            &json!({ "properties": { "email": "aino@example.com" } }),
        )
        .await;
    taken.refused(409);
    let by_email = portal
        .get("/crm/v3/objects/contacts/aino%40example.com?idProperty=email")
        .await
        .expect(200);
    assert_eq!(by_email["id"], "101");
    portal
        .get("/crm/v3/objects/contacts/Aino?idProperty=firstname")
        .await
        .refused(400);
    portal
        .send("DELETE", "/crm/v3/objects/contacts/101", &Json::Null)
        .await
        .expect(204);
    portal
        .post(
            "/crm/v3/objects/contacts",
            json!({ "properties": { "email": "aino@example.com" } }),
        )
        .await
        .expect(201);
}

#[tokio::test]
async fn what_isnt_there_is_not_found() {
    let portal = portal();
    assert_eq!(
        portal.get("/crm/v3/objects/calls/5x").await.refused(404),
        json!({
            "status": "error",
            "message": "Object not found.  objectId are usually numeric.",
            "context": { "id": ["5x"] },
            "category": "OBJECT_NOT_FOUND",
        })
    );
    portal.get("/crm/v3/objects/calls/999").await.refused(404);
    portal.get("/crm/v3/nothing/here").await.refused(404);
    portal
        .get("/crm/objects/2025-01/calls/501")
        .await
        .refused(404);
    assert_eq!(
        portal.get("/crm/v3/objects/planets").await.refused(400)["message"],
        "Unable to infer object type from: planets"
    );
}

#[tokio::test]
async fn a_body_that_is_no_json_is_told_where() {
    let portal = portal();
    let reply = portal
        .send_with(
            "sandbox-hubspot-token",
            "POST",
            "/crm/v3/objects/notes",
            bytes::Bytes::from_static(b"{\"properties\": {"),
        )
        .await;
    let refused = reply.refused(400);
    let message = refused["message"].as_str().unwrap();
    assert!(
        message.starts_with("Invalid input JSON on line 1, column 16: "),
        "{message}"
    );
}
