use serde_json::{Value as Json, json};

use crate::portal::{Client, NOW, at, ids, options, portal};
use crosswalk_sandbox::hubspot::{ObjectType, PropertyRule};

fn inputs(ids: impl IntoIterator<Item = u64>) -> Vec<Json> {
    ids.into_iter()
        .map(|id| json!({ "id": id.to_string() }))
        .collect()
}

#[tokio::test]
async fn a_batch_is_read_once_each_and_tells_what_is_missing() {
    let portal = portal();
    let body = json!({ "inputs": inputs([501, 501, 999, 998]), "properties": ["hs_call_title"] });
    let read = portal
        .post("/crm/v3/objects/calls/batch/read", body)
        .await
        .expect(207);
    assert_eq!(ids(&read), ["501"]);
    assert_eq!(read["numErrors"], 1);
    assert_eq!(
        read["errors"],
        json!([{
            "status": "error",
            "message": "Could not get some CALL objects, they may be deleted or not exist. Check that ids are valid.",
            "context": { "ids": ["999", "998"] },
            "category": "OBJECT_NOT_FOUND",
        }])
    );
    let read = portal
        .post(
            "/crm/objects/2026-09/calls/batch/read",
            json!({ "inputs": [{ "id": 501 }] }),
        )
        .await
        .expect(200);
    assert_eq!(
        (&read["status"], &read["startedAt"], read.get("errors")),
        (&json!("COMPLETE"), &json!(NOW), None)
    );
    let archived = portal
        .post(
            "/crm/v3/objects/tasks/batch/read?archived=true",
            json!({ "inputs": inputs([701]) }),
        )
        .await;
    assert_eq!(ids(&archived.expect(200)), ["701"]);
}

#[tokio::test]
async fn a_batch_may_be_read_by_email_and_with_history() {
    let portal = portal();
    let body = json!({
        "idProperty": "email",
        "inputs": [{ "id": "AINO@example.com" }],
        "propertiesWithHistory": ["salesforcecontactid"],
    });
    let read = portal
        .post("/crm/v3/objects/contacts/batch/read", body)
        .await
        .expect(200);
    assert_eq!(ids(&read), ["101"]);
    assert_eq!(
        read["results"][0]["propertiesWithHistory"]["salesforcecontactid"][1]["timestamp"],
        "2026-09-01T07:10:00Z"
    );
}

#[tokio::test]
async fn a_batch_has_a_most() {
    let portal = portal();
    let refused = portal
        .post(
            "/crm/v3/objects/calls/batch/read",
            json!({ "inputs": inputs(1..=101) }),
        )
        .await
        .refused(400);
    assert_eq!(refused["category"], "VALIDATION_ERROR");
    portal
        .post(
            "/crm/v3/objects/calls/batch/read",
            json!({ "inputs": inputs(1..=100) }),
        )
        .await
        .expect(207);
    let body = json!({ "inputs": inputs(1..=51), "propertiesWithHistory": ["hs_call_title"] });
    let refused = portal
        .post("/crm/v3/objects/calls/batch/read", body)
        .await
        .refused(400);
    assert_eq!(
        refused["message"],
        "The maximum number of inputs supported in a batch request for property histories is 50. Please reduce the number of items and try again"
    );
}

fn note(body: &str, trace: Option<&str>) -> Json {
    let mut input = json!({ "properties": { "hs_timestamp": NOW, "hs_note_body": body } });
    if let Some(trace) = trace {
        input["objectWriteTraceId"] = json!(trace);
    }
    input
}

#[tokio::test]
async fn a_batch_with_one_bad_input_is_refused_whole_unless_all_are_traced() {
    let portal = portal();
    let bad = json!({ "properties": { "hs_note_body": "no time" } });
    let body = json!({ "inputs": [note("one", None), bad] });
    portal
        .post("/crm/v3/objects/notes/batch/create", body)
        .await
        .refused(400);
    assert_eq!(
        ids(&portal.get("/crm/v3/objects/notes").await.expect(200)),
        ["601"]
    );

    let mut bad = bad;
    bad["objectWriteTraceId"] = json!("b");
    let body = json!({ "inputs": [note("one", Some("a")), bad, note("three", Some("c"))] });
    let created = portal
        .post("/crm/v3/objects/notes/batch/create", body)
        .await
        .expect(207);
    assert_eq!(ids(&created), ["702", "703"]);
    assert_eq!(created["results"][1]["objectWriteTraceId"], "c");
    assert_eq!(created["numErrors"], 1);
    assert_eq!(
        created["errors"][0]["context"]["objectWriteTraceId"],
        json!(["b"])
    );
    assert_eq!(created["errors"][0]["category"], "VALIDATION_ERROR");

    let twice = json!({ "inputs": [note("one", Some("a")), { "properties": {}, "objectWriteTraceId": "a" }] });
    portal
        .post("/crm/v3/objects/notes/batch/create", twice)
        .await
        .refused(400);
}

#[tokio::test]
async fn a_batch_is_created_with_its_associations() {
    let portal = portal();
    let mut input = note("one", None);
    input["associations"] = json!([{ "to": { "id": "102" }, "types": [{ "associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 202 }] }]);
    let created = portal
        .post(
            "/crm/v3/objects/notes/batch/create",
            json!({ "inputs": [input] }),
        )
        .await
        .expect(201);
    assert_eq!(ids(&created), ["702"]);
    let read = portal
        .get("/crm/v3/objects/notes/702?associations=contacts")
        .await
        .expect(200);
    assert_eq!(
        read["associations"]["contacts"]["results"],
        json!([{ "id": "102", "type": "note_to_contact" }])
    );
}

#[tokio::test]
async fn a_batch_never_names_a_record_twice() {
    let portal = portal();
    let input = json!({ "id": "601", "properties": { "hs_note_body": "x" } });
    let refused = portal
        .post(
            "/crm/v3/objects/notes/batch/update",
            json!({ "inputs": [input, input] }),
        )
        .await
        .refused(400);
    assert_eq!(
        refused,
        json!({
            "status": "error",
            "message": "Duplicate IDs found in batch input: [601]. IDs must be unique",
            "context": { "ids": ["601"] },
            "category": "VALIDATION_ERROR",
        })
    );
    let contact = json!({ "properties": { "email": "new@example.com" } });
    let twice = portal
        .post(
            "/crm/v3/objects/contacts/batch/create",
            json!({ "inputs": [contact, contact] }),
        )
        .await;
    twice.refused(409);
}

#[tokio::test]
async fn a_batch_is_updated() {
    let portal = portal();
    portal.clock.set(at("2026-11-23T11:00:00Z"));
    let body = json!({ "inputs": [
        { "id": "601", "properties": { "hs_note_body": "changed" } },
        { "id": "999", "properties": { "hs_note_body": "nobody" } },
    ] });
    let updated = portal
        .post("/crm/v3/objects/notes/batch/update", body)
        .await
        .expect(207);
    assert_eq!(ids(&updated), ["601"]);
    assert_eq!(
        updated["results"][0]["properties"]["hs_note_body"],
        "changed"
    );
    assert_eq!(updated["results"][0]["updatedAt"], "2026-11-23T11:00:00Z");
    assert_eq!(updated["errors"][0]["context"]["ids"], json!(["999"]));
    let bad = json!({ "inputs": [{ "id": "601", "properties": { "nonsense": "x" } }] });
    portal
        .post("/crm/v3/objects/notes/batch/update", bad)
        .await
        .refused(400);
}

#[tokio::test]
async fn an_upsert_creates_or_updates() {
    let portal = portal();
    let body = json!({ "inputs": [
        { "idProperty": "email", "id": "aino@example.com", "properties": { "firstname": "Aina" } },
        { "idProperty": "email", "id": "new@example.com", "properties": { "firstname": "New" } },
    ] });
    let upserted = portal
        .post("/crm/v3/objects/contacts/batch/upsert", body.clone())
        .await
        .expect(200);
    let news: Vec<_> = upserted["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|result| (&result["id"], &result["new"]))
        .collect();
    assert_eq!(
        news,
        [
            (&json!("101"), &json!(false)),
            (&json!("702"), &json!(true))
        ]
    );
    assert_eq!(
        upserted["results"][1]["properties"]["email"],
        "new@example.com"
    );
    let again = portal
        .post("/crm/v3/objects/contacts/batch/upsert", body)
        .await
        .expect(200);
    assert_eq!(ids(&again), ["101", "702"]);
    let not_unique =
        json!({ "inputs": [{ "idProperty": "firstname", "id": "New", "properties": {} }] });
    portal
        .post("/crm/v3/objects/contacts/batch/upsert", not_unique)
        .await
        .refused(400);
}

#[tokio::test]
async fn a_batch_is_archived() {
    let portal = portal();
    portal
        .post(
            "/crm/v3/objects/contacts/batch/archive",
            json!({ "inputs": inputs([101, 999]) }),
        )
        .await
        .expect(204);
    assert_eq!(
        ids(&portal.get("/crm/v3/objects/contacts").await.expect(200)),
        ["102"]
    );
    assert_eq!(
        ids(&portal
            .get("/crm/v3/objects/contacts?archived=true")
            .await
            .expect(200)),
        ["101"]
    );
}

const KEY: &str = "crosswalk_salesforce_id";

/// The activities that come from Salesforce: what each needs, and its association with a contact.
const ACTIVITIES: [(&str, &str, u32); 5] = [
    ("tasks", r#"{"hs_task_subject": "Send offer"}"#, 204),
    ("calls", r#"{"hs_call_title": "Intro"}"#, 194),
    ("emails", r#"{"hs_email_direction": "EMAIL"}"#, 198),
    ("meetings", r#"{"hs_meeting_title": "Visit"}"#, 200),
    ("notes", r#"{"hs_note_body": "Hello"}"#, 202),
];

fn activity(properties: &str, key: &str) -> Json {
    let mut properties: Json = serde_json::from_str(properties).unwrap();
    properties["hs_timestamp"] = json!(NOW);
    properties[KEY] = json!(key);
    properties
}

async fn with_keys(portal: &crate::portal::Client) {
    let key = json!({ "name": KEY, "label": "Key", "type": "string", "hasUniqueValue": true });
    for (object_type, ..) in ACTIVITIES {
        let path = format!("/crm/properties/2026-09/{object_type}");
        portal.post(&path, key.clone()).await.expect(201);
    }
}

#[tokio::test]
async fn every_activity_is_made_with_its_contact_and_then_found_by_its_key() {
    let portal = portal();
    with_keys(&portal).await;
    for (object_type, properties, association) in ACTIVITIES {
        let path = |action: &str| format!("/crm/objects/2026-09/{object_type}/batch/{action}");
        let input = json!({
            "properties": activity(properties, "00T1"),
            "associations": [{ "to": { "id": "101" }, "types": [{ "associationCategory": "HUBSPOT_DEFINED", "associationTypeId": association }] }],
        });
        let made = portal
            .post(&path("create"), json!({ "inputs": [input] }))
            .await
            .expect(201);
        let id = made["results"][0]["id"].as_str().unwrap();
        let read = portal
            .get(&format!(
                "/crm/v3/objects/{object_type}/{id}?associations=contacts"
            ))
            .await
            .expect(200);
        assert_eq!(read["associations"]["contacts"]["results"][0]["id"], "101");
        let input = |key: &str| json!({ "idProperty": KEY, "id": key, "properties": activity(properties, key) });
        let upserted = portal
            .post(
                &path("upsert"),
                json!({ "inputs": [input("00T1"), input("00T2")] }),
            )
            .await
            .expect(200);
        assert_eq!(ids(&upserted)[0], id);
        assert_eq!(upserted["results"][0]["new"], false);
        assert_eq!(upserted["results"][1]["new"], true);
        assert_eq!(upserted["results"][1]["properties"][KEY], "00T2");
        let taken = json!({ "inputs": [{ "properties": activity(properties, "00T2") }] });
        portal.post(&path("create"), taken).await.refused(409);
    }
}

#[tokio::test]
async fn an_upsert_names_no_record_twice_in_whatever_letters() {
    let portal = portal();
    with_keys(&portal).await;
    let path = "/crm/objects/2026-09/notes/batch/upsert";
    let input =
        |key: &str| json!({ "idProperty": KEY, "id": key, "properties": { "hs_timestamp": NOW } });
    let twice = json!({ "inputs": [input("00Tx"), input("00TX")] });
    let refused = portal.post(path, twice).await.refused(400);
    assert_eq!(refused["context"]["ids"], json!(["00TX"]));
    let made = json!({ "inputs": [input("00Tx")] });
    let made = portal.post(path, made).await.expect(200);
    let by_id = json!({ "id": made["results"][0]["id"], "properties": {} });
    let both = json!({ "inputs": [by_id, input("00tx")] });
    portal.post(path, both).await.refused(400);
}

#[tokio::test]
async fn an_upsert_tells_its_rows_apart_by_traces_but_never_by_email() {
    let mut data = crate::portal::data();
    data.validation_rules.push(PropertyRule {
        object_type: ObjectType::Note,
        property: "hs_note_body".into(),
        contains: "Secret".to_owned(),
        message: "Secrets don't belong here.".to_owned(),
    });
    let portal = Client::new(data, options());
    with_keys(&portal).await;
    let path = "/crm/objects/2026-09/notes/batch/upsert";
    let input = |key: &str, body: &str| json!({ "idProperty": KEY, "id": key, "objectWriteTraceId": key, "properties": { "hs_timestamp": NOW, "hs_note_body": body } });
    let inputs =
        json!({ "inputs": [input("a", "fine"), input("b", "a secret"), input("c", "fine")] });
    let upserted = portal.post(path, inputs).await.expect(207);
    assert_eq!(upserted["results"].as_array().unwrap().len(), 2);
    assert_eq!(upserted["numErrors"], 1);
    let error = &upserted["errors"][0];
    assert_eq!(error["context"]["objectWriteTraceId"], json!(["b"]));
    assert_eq!(error["errors"][0]["message"], "Secrets don't belong here.");
    let untraced = json!({ "inputs": [{ "idProperty": KEY, "id": "d", "properties": { "hs_timestamp": NOW, "hs_note_body": "secret" } }] });
    portal.post(path, untraced).await.refused(400);
    let by_email = |email: &str, owner: &str| json!({ "idProperty": "email", "id": email, "objectWriteTraceId": email, "properties": { "hubspot_owner_id": owner } });
    let contacts = json!({ "inputs": [by_email("aino@example.com", "77"), by_email("otto@example.com", "1")] });
    portal
        .post("/crm/objects/2026-09/contacts/batch/upsert", contacts)
        .await
        .refused(400);
}
