//! The example of the contract, and the shapes of errors.
#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a test fails by panicking"
)]

use crosswalk_core::{Code, Rules};
use serde_json::{Value, json};

fn settings() -> Value {
    json!({
        "time_zone": "Europe/Helsinki", "portal_id": "8821", "enabled_at": "2026-10-01T06:00:00Z",
        "to_salesforce": {
            "task": {"enabled": true, "task_type": "Other"},
            "call": {"enabled": true, "task_type": "Call", "enabled_at": "2026-10-05T06:00:00Z"},
            "form_submission": {"enabled": true, "subject": "Submitted: {title}"}
        },
        "owners": {"integration_user": "005000000000001AAA"}
    })
}

fn snapshot() -> Value {
    json!({
        "now": "2026-11-23T10:00:00Z", "digest": true,
        "activities": [{
            "id": "501", "kind": "call", "occurred_at": "2026-11-20T08:00:00Z", "due_at": "2026-11-20T07:30:00Z",
            "modified_at": "2026-11-20T08:00:00Z", "owner_id": "77", "contacts": ["101", "102"], "deals": ["9"], "companies": ["4"],
            "title": "Intro call", "body": "<p>Talked about <b>pricing</b>.</p>", "body_format": "html",
            "status": "COMPLETED", "priority": "HIGH", "direction": "OUTBOUND", "duration_ms": 95000, "disposition": "Connected"
        }],
        "contacts": [
            {"id": "101", "created_at": "2026-09-01T07:00:00Z", "owner_id": "77", "name": "Aino Aalto", "email": "aino@example.com",
             "salesforce": {"status": "synced", "object": "Contact", "id": "003000000000001AAA", "triggered_at": "2026-09-01T07:10:00Z"}},
            {"id": "102", "created_at": "2026-08-01T07:00:00Z", "salesforce": {"status": "excluded"}}
        ],
        "owners": [{"id": "77", "email": "sam@example.com", "first_name": "Sam", "last_name": "Oy", "archived": false}],
        "users": [{"id": "005000000000002AAA", "username": "sam@example.com.prod", "email": "Sam@Example.com", "name": "Sam Oy", "is_active": true}],
        "links": [], "related": [],
        "picklists": {"Status": {"values": ["Not Started", "Completed"], "closed": ["Completed"], "default": "Not Started"}}
    })
}

fn plan(settings: &Value, snapshot: &Value) -> Value {
    let rules = Rules::from_json(settings.to_string().as_bytes()).unwrap();
    serde_json::from_slice(
        &rules
            .plan_to_salesforce_json(snapshot.to_string().as_bytes())
            .unwrap(),
    )
    .unwrap()
}

#[test]
fn the_example_is_planned_as_the_contract_says() {
    let plan = plan(&settings(), &snapshot());
    let decision = &plan["decisions"][0];
    assert_eq!(decision["key"], "hubspot:8821:call:501");
    assert_eq!(decision["rules"], json!(["K2", "W1", "C2", "O1"]));
    assert_eq!(
        decision["task"],
        json!({"Subject": "Call: Intro call", "Description": "Talked about pricing.", "ActivityDate": "2026-11-20", "Status": "Completed",
               "Priority": "High", "Type": "Call", "TaskSubtype": "Call", "WhoId": "003000000000001AAA", "OwnerId": "005000000000002AAA",
               "CallDurationInSeconds": 95, "CallType": "Outbound", "CallDisposition": "Connected"})
    );
    assert_eq!(
        decision["contact"],
        json!({"id": "101", "object": "Contact", "salesforce_id": "003000000000001AAA", "others": [{"id": "102", "lost": "excluded"}]})
    );
    assert_eq!(plan["summary"]["salesforce_calls"], 1);
    assert!(plan["digest"].as_str().unwrap().starts_with("sha256:"));
}

#[test]
fn what_was_written_is_the_same_when_planned_again() {
    let first = plan(&settings(), &snapshot());
    let mut again = snapshot();
    again["links"] = json!([{
        "activity": "call:0501", "task_id": "00T000000000001AAA", "origin": "hubspot", "contact": "101",
        "synced": first["decisions"][0]["task"], "synced_at": "2026-11-23T10:00:00Z", "assigned_by": "activity_owner"
    }]);
    let decision = plan(&settings(), &again)["decisions"][0].clone();
    assert_eq!(
        (&decision["action"], &decision["reason"]),
        (&json!("unchanged"), &json!("same")),
        "{decision:#}"
    );

    again["activities"][0]["title"] = json!("Second call");
    let decision = plan(&settings(), &again)["decisions"][0].clone();
    assert_eq!(decision["action"], "update");
    assert_eq!(decision["task"], json!({"Subject": "Call: Second call"}));
}

#[test]
fn a_record_that_cannot_be_read_stops_no_other() {
    let mut snapshot = snapshot();
    snapshot["activities"].as_array_mut().unwrap().insert(
        0,
        json!({"id": 7, "kind": "call", "occurred_at": "2026-13-01T00:00:00Z"}),
    );
    snapshot["contacts"]
        .as_array_mut()
        .unwrap()
        .push(json!({"id": "5"}));
    let plan = plan(&settings(), &snapshot);
    assert_eq!(plan["decisions"][0]["activity"], "call:?");
    assert_eq!(plan["decisions"][0]["reason"], "invalid_record");
    assert_eq!(
        plan["decisions"][0]["warnings"][0]["path"],
        "activities[0].id"
    );
    assert_eq!(
        plan["decisions"][0]["warnings"][0]["hint"],
        "put it in quotes: \"7\""
    );
    assert_eq!(plan["decisions"][1]["action"], "create");
    assert_eq!(plan["warnings"][0]["path"], "contacts[2].created_at");
}

#[test]
fn errors_of_settings_name_the_key_and_what_was_meant() {
    let with = |change: &dyn Fn(&mut Value)| {
        let mut settings = settings();
        change(&mut settings);
        Rules::from_json(settings.to_string().as_bytes()).unwrap_err()
    };
    let error = with(&|settings| settings["time_zon"] = json!("x"));
    assert_eq!(
        (error.code, error.path.as_str(), error.hint.as_str()),
        (
            Code::SettingsInvalid,
            "time_zon",
            "did you mean `time_zone`?"
        )
    );
    let error = with(&|settings| settings["time_zone"] = json!("Europe/Helsinky"));
    assert_eq!(
        (error.path.as_str(), error.hint.as_str()),
        ("time_zone", "did you mean `Europe/Helsinki`?")
    );
    let error = with(&|settings| settings["to_salesforce"]["cal"] = json!({}));
    assert_eq!(error.hint, "did you mean `call`?");
    let error = with(&|settings| settings["owners"] = json!({}));
    assert_eq!(error.path, "owners.integration_user");
    let error = with(&|settings| settings["windows"] = json!({"marketing_email": "30 days"}));
    assert_eq!(error.path, "windows.marketing_email");
    let error = with(&|settings| settings["enabled_at"] = json!("yesterday"));
    assert_eq!(error.path, "enabled_at");
    let error = with(&|settings| settings["conflict"] = json!("oldest"));
    assert_eq!(error.path, "conflict");
    assert_eq!(Rules::from_json(b"{").unwrap_err().code, Code::NotJson);
}

#[test]
fn a_comparison_names_the_setting_that_does_it() {
    let before = settings();
    let mut after = settings();
    after["to_salesforce"]["call"]["enabled"] = json!(false);
    after["due_time"] = json!("09:00");
    let rules = |settings: &Value| Rules::from_json(settings.to_string().as_bytes()).unwrap();
    let comparison = rules(&before)
        .compare(&rules(&after), snapshot().to_string().as_bytes())
        .unwrap();
    assert_eq!(comparison.changed.len(), 1);
    assert_eq!(
        comparison.changed[0].settings,
        ["to_salesforce.call.enabled"]
    );
    assert!(comparison.changed[0].fields.contains(&"Subject".to_owned()));
}
