//! What the org says of its sobjects.

use std::collections::BTreeSet;

use crosswalk_sandbox::salesforce::HiddenField;
use serde_json::{Value as Json, json};

use crate::org::{DATA, KEY, data, org, org_with, task};

fn field<'a>(description: &'a Json, name: &str) -> &'a Json {
    let fields = description["fields"].as_array().unwrap();
    fields.iter().find(|field| field["name"] == name).unwrap()
}

#[tokio::test]
async fn every_field_has_the_same_57_keys() {
    let org = org();
    let described = org.get("/sobjects/Task/describe").await.expect(200);
    assert_eq!(described["keyPrefix"], "00T");
    let keys =
        |field: &Json| -> BTreeSet<String> { field.as_object().unwrap().keys().cloned().collect() };
    let fields = described["fields"].as_array().unwrap();
    let first = keys(&fields[0]);
    assert_eq!(first.len(), 57);
    assert!(first.contains("aggregatable") && first.contains("writeRequiresMasterRead"));
    for field in fields {
        assert_eq!(keys(field), first);
    }
}

#[tokio::test]
async fn a_task_is_described_as_it_is_saved() {
    let org = org();
    let described = org.get("/sobjects/Task/describe/").await.expect(200);
    for (name, key, expected) in [
        ("Id", "type", json!("id")),
        ("Id", "createable", json!(false)),
        ("WhoId", "referenceTo", json!(["Contact", "Lead"])),
        ("WhoId", "relationshipName", json!("Who")),
        ("WhoId", "polymorphicForeignKey", json!(true)),
        ("Subject", "type", json!("combobox")),
        ("Subject", "length", json!(255)),
        ("Subject", "byteLength", json!(765)),
        ("Subject", "nameField", json!(true)),
        ("Description", "filterable", json!(false)),
        ("Description", "length", json!(32_000)),
        ("Status", "nillable", json!(false)),
        ("Status", "defaultedOnCreate", json!(true)),
        ("Status", "restrictedPicklist", json!(false)),
        ("TaskSubtype", "restrictedPicklist", json!(true)),
        ("TaskSubtype", "updateable", json!(false)),
        ("IsClosed", "updateable", json!(false)),
        ("CallDurationInSeconds", "digits", json!(8)),
        (KEY, "externalId", json!(true)),
        (KEY, "unique", json!(true)),
        (KEY, "custom", json!(true)),
        (KEY, "type", json!("string")),
    ] {
        assert_eq!(field(&described, name)[key], expected, "{name}.{key}");
    }
    assert_eq!(
        field(&described, "Priority")["picklistValues"],
        json!([
            { "active": true, "defaultValue": false, "label": "High", "validFor": null, "value": "High" },
            { "active": true, "defaultValue": true, "label": "Normal", "validFor": null, "value": "Normal" },
            { "active": true, "defaultValue": false, "label": "Low", "validFor": null, "value": "Low" },
        ])
    );
    let statuses = field(&described, "Status")["picklistValues"].clone();
    assert_eq!(statuses[5]["value"], "Called off");
    let contact = org.get("/sobjects/Contact/describe").await.expect(200);
    let children = contact["childRelationships"].as_array().unwrap();
    assert!(
        children
            .iter()
            .any(|child| child["childSObject"] == "Task" && child["field"] == "WhoId")
    );
}

#[tokio::test]
async fn a_hidden_field_is_one_that_the_api_does_not_know() {
    let mut data = data();
    data.hidden_fields.push(HiddenField {
        sobject: "Task".to_owned(),
        field: "Type".to_owned(),
    });
    let org = org_with(data);
    let described = org.get("/sobjects/Task/describe").await.expect(200);
    let fields = described["fields"].as_array().unwrap();
    assert!(fields.iter().all(|field| field["name"] != "Type"));
    let query = |object: &str| format!("/query?q=SELECT+Type+FROM+{object}");
    org.get(&query("Task")).await.refused(400, "INVALID_FIELD");
    org.get(&query("Event")).await.expect(200);
    org.post("/sobjects/Task", json!({ "Type": "Call" }))
        .await
        .refused(400, "INVALID_FIELD");
}

#[tokio::test]
async fn an_org_without_a_key_field_has_none() {
    let mut data = data();
    data.key_field = None;
    data.records.remove("Task");
    let org = org_with(data);
    let described = org.get("/sobjects/Task/describe").await.expect(200);
    let fields = described["fields"].as_array().unwrap();
    assert!(fields.iter().all(|field| field["name"] != KEY));
    org.patch(&format!("/sobjects/Task/{KEY}/a"), json!({}))
        .await
        .refused(404, "NOT_FOUND");
}

#[tokio::test]
async fn a_description_that_is_known_is_not_sent_again() {
    let org = org();
    let path = format!("{DATA}/sobjects/Task/describe");
    let token = ("authorization", "Bearer sandbox-salesforce-token");
    let first = org.send_with("GET", &path, &[token], "").await;
    let modified = first.headers["last-modified"].to_str().unwrap().to_owned();
    assert_eq!(modified, "Mon, 23 Nov 2026 10:00:00 GMT");
    let headers = [token, ("if-modified-since", &*modified)];
    let again = org.send_with("GET", &path, &headers, "").await;
    assert_eq!((again.status, again.text.as_str()), (304, ""));
    let headers = [
        token,
        ("if-modified-since", "Mon, 23 Nov 2026 09:59:59 GMT"),
    ];
    let older = org.send_with("GET", &path, &headers, "").await;
    assert_eq!(older.status, 200);
}

#[tokio::test]
async fn all_sobjects_are_listed_and_shown_in_brief() {
    let org = org();
    let listed = org.get("/sobjects/").await.expect(200);
    let names: Vec<_> = listed["sobjects"]
        .as_array()
        .unwrap()
        .iter()
        .map(|sobject| sobject["name"].as_str().unwrap())
        .collect();
    assert!(
        names.contains(&"Task") && names.contains(&"TaskStatus"),
        "{names:?}"
    );
    let brief = org.get("/sobjects/Task").await.expect(200);
    assert_eq!(brief["objectDescribe"]["label"], "Task");
    assert_eq!(brief["recentItems"][0]["Id"], task(5));
    assert_eq!(brief["recentItems"][0]["Subject"], "Task 5");
}

#[tokio::test]
async fn versions_are_told_to_anybody_and_resources_to_callers() {
    let org = org();
    let reply = org.send_with("GET", "/services/data/", &[], "").await;
    assert_eq!(reply.headers.get("sforce-limit-info"), None);
    let versions = reply.expect(200);
    assert_eq!(
        versions.as_array().unwrap().last().unwrap(),
        &json!({ "label": "Summer '26", "url": "/services/data/v67.0", "version": "67.0" })
    );
    let resources = org.get("/").await.expect(200);
    assert_eq!(resources["query"], "/services/data/v67.0/query");
    assert!(
        resources["identity"]
            .as_str()
            .unwrap()
            .starts_with("http://salesforce.test/id/00D")
    );
    org.send_with("GET", "/services/data/v99.0/limits", &[], "")
        .await
        .refused(404, "NOT_FOUND");
}
