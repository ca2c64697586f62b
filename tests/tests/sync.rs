//! The engine against both systems: what a pass does, and what it leaves alone.
#![cfg(feature = "host")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};

use crosswalk_host::sync::{Mode, PassError};
use crosswalk_sandbox::sample;
use crosswalk_tests::world::{World, beginning};
use http::Method;
use jiff::SignedDuration;
use serde_json::{Value, json};

/// The id of an activity's Task.
fn task_id(world: &World, activity: &str) -> String {
    let link = world.host().ledger.link(activity).unwrap().unwrap();
    link.task_id.unwrap()
}

async fn task(world: &World, activity: &str) -> Value {
    let path = format!("/sobjects/Task/{}", task_id(world, activity));
    world.salesforce(Method::GET, &path, Value::Null).await
}

fn reason(world: &World, activity: &str) -> String {
    let seen = world.host().ledger.observation(activity).unwrap().unwrap();
    seen.reason.unwrap()
}

/// An activity that became a Task, of this kind; always the same one.
fn some_synced(world: &World, kind: &str) -> String {
    let prefix = format!("hubspot:8821:{kind}:");
    let mut keys = world.tasks_by_key().into_keys();
    let key = keys.find(|key| key.starts_with(&prefix)).unwrap();
    key.trim_start_matches("hubspot:8821:").to_owned()
}

fn hubspot_path(activity: &str) -> String {
    let (kind, id) = activity.split_once(':').unwrap();
    format!("/crm/objects/2026-09/{kind}s/{id}")
}

async fn edit(world: &World, activity: &str, properties: Value) {
    // Not in the millisecond of its creation, and long enough before the next pass for search to see it.
    world.clock.advance(SignedDuration::from_mins(1));
    let body = json!({ "properties": properties });
    world
        .hubspot(Method::PATCH, &hubspot_path(activity), body)
        .await;
    world.clock.advance(SignedDuration::from_mins(1));
}

/// What the rules say of the whole snapshot, without the host's batches.
async fn planned(world: &World) -> BTreeMap<String, Value> {
    let host = world.host();
    let snapshot = host.engine().snapshot().await.unwrap();
    let rules = crosswalk_core::Rules::from_json(world.settings.to_string().as_bytes()).unwrap();
    let plan = rules
        .plan_to_salesforce_json(&serde_json::to_vec(&snapshot).unwrap())
        .unwrap();
    let plan: Value = serde_json::from_slice(&plan).unwrap();
    plan["decisions"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|decision| decision["action"] == "create")
        .map(|decision| {
            (
                decision["key"].as_str().unwrap().to_owned(),
                decision.clone(),
            )
        })
        .collect()
}

#[tokio::test]
async fn every_activity_that_is_to_sync_becomes_one_task_as_planned() {
    let world = World::sample(1);
    let planned = planned(&world).await;
    let there_before: BTreeSet<String> = world.tasks_by_key().into_keys().collect();
    let report = world.sync().await.unwrap();
    let tasks = world.tasks_by_key();
    let refused = world.host().ledger.failures(1_000).unwrap();
    let refused: BTreeSet<_> = refused.iter().map(|intent| intent.key.clone()).collect();
    assert_eq!(report.refused as usize, refused.len());
    let mut compared = 0;
    for (key, decision) in &planned {
        if refused.contains(key) {
            assert!(!tasks.contains_key(key), "{key} was refused");
            continue;
        }
        let [task] = tasks.get(key).unwrap().as_slice() else {
            panic!("{key} has several Tasks");
        };
        for (field, value) in decision["task"].as_object().unwrap() {
            let is_create_only = there_before.contains(key) && field == "TaskSubtype";
            if !is_create_only && field != "ReminderDateTime" {
                let is_id = field.ends_with("Id");
                let same = |value: &Value| match value.as_str() {
                    Some(id) if is_id => json!(id.get(..15)),
                    _ => value.clone(),
                };
                assert_eq!(same(&task[field]), same(value), "{key} {field}");
                compared += 1;
            }
        }
    }
    assert!(compared > 4_000, "{compared} fields compared");
    let expected = planned.keys().filter(|key| !refused.contains(*key)).count();
    assert_eq!(report.created as usize, expected);
}

#[tokio::test]
async fn what_salesforce_refuses_is_kept_with_what_to_do_and_holds_up_nobody() {
    let world = World::sample(1);
    let report = world.sync().await.unwrap();
    assert_eq!(report.refused, 7);
    let failures = world.host().ledger.failures(1_000).unwrap();
    for failure in failures {
        assert_eq!(failure.error_class.as_deref(), Some("permanent"));
        let (expected, ..) = sample::SPECIMENS
            .iter()
            .find(|(_, activity, _)| *activity == failure.activity)
            .unwrap();
        assert_eq!(failure.error_code.as_deref(), Some(*expected));
        assert!(!failure.what_to_do.unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_second_pass_writes_nothing_and_calls_for_no_single_record() {
    let world = World::sample(1);
    world.sync().await.unwrap();
    let before = world.tasks_by_key();
    world.sandbox.hubspot().clear_log();
    world.sandbox.salesforce().clear_log();
    let report = world.sync().await.unwrap();
    assert_eq!((report.created, report.updated, report.deleted), (0, 0, 0));
    let log = world.sandbox.salesforce().log();
    assert_eq!(log.count("PATCH", "/") + log.count("POST", "/"), 0);
    assert!(log.total <= 12, "{:?}", log.by_path);
    let log = world.sandbox.hubspot().log();
    assert!(log.total <= 45, "{:?}", log.by_path);
    assert_eq!(world.tasks_by_key(), before);
}

#[tokio::test]
async fn a_thousand_activities_of_a_thousand_contacts_take_few_calls() {
    let mut world = World::load(1_000, 1_000);
    world.settings["related_to"] = json!("none");
    let report = world.sync().await.unwrap();
    assert_eq!(report.created, 1_000);
    let hubspot = world.sandbox.hubspot().log();
    assert!(
        hubspot.total <= 30,
        "{} {:?}",
        hubspot.total,
        hubspot.by_path
    );
    let salesforce = world.sandbox.salesforce().log();
    let writes = salesforce.count("PATCH", "/") + salesforce.count("POST", "/");
    assert!(writes <= 6, "{:?}", salesforce.by_path);
    assert_eq!(hubspot.by_status.get("429"), None);
}

#[tokio::test]
async fn a_preview_writes_nothing_and_its_digest_carries_out_that_plan() {
    let world = World::sample(1);
    let before = world.task_count();
    let preview = world.host().pass(&Mode::Preview).await.unwrap();
    assert_eq!(world.task_count(), before);
    let digest = preview.digest.clone().unwrap();
    let again = world.host().pass(&Mode::Preview).await.unwrap();
    assert_eq!(again.digest.as_ref(), Some(&digest));
    let mode = Mode::CarryOutPlan(digest);
    let report = world.host().pass(&mode).await.unwrap();
    assert_eq!(report.by_action, preview.by_action);
    assert_eq!(report.created + report.refused, preview.by_action["create"]);
}

#[tokio::test]
async fn a_plan_that_has_changed_is_not_carried_out() {
    let world = World::sample(1);
    let before = world.task_count();
    let preview = world.host().pass(&Mode::Preview).await.unwrap();
    let created = planned(&world).await;
    let key = created.keys().find(|key| key.contains(":call:")).unwrap();
    let activity = key.trim_start_matches("hubspot:8821:");
    edit(&world, activity, json!({"hs_call_title": "Another title"})).await;
    let mode = Mode::CarryOutPlan(preview.digest.unwrap());
    let error = world.host().pass(&mode).await.unwrap_err();
    assert!(matches!(error, PassError::PlanChanged { .. }), "{error}");
    assert_eq!(world.task_count(), before);
}

#[tokio::test]
async fn an_edit_in_hubspot_changes_only_what_it_changes() {
    let world = World::sample(1);
    world.sync().await.unwrap();
    let activity = some_synced(&world, "call");
    let before = task(&world, &activity).await;
    edit(&world, &activity, json!({"hs_call_title": "Renamed"})).await;
    let report = world.sync().await.unwrap();
    assert_eq!((report.created, report.updated), (0, 1));
    let after = task(&world, &activity).await;
    assert_eq!(after["Subject"], "Call: Renamed");
    let intents = world.host().ledger.intents_of(&activity).unwrap();
    let written = &intents.last().unwrap().body["task"];
    assert_eq!(written, &json!({"Subject": "Call: Renamed"}));
    assert_eq!(after["Description"], before["Description"]);
}

#[tokio::test]
async fn a_field_changed_in_both_goes_to_the_later_change() {
    let mut world = World::sample(1);
    world.settings["to_hubspot"] = json!({"call": {"enabled": true}});
    world.sync().await.unwrap();
    let activity = some_synced(&world, "call");
    let path = format!("/sobjects/Task/{}", task_id(&world, &activity));
    edit(&world, &activity, json!({"hs_call_title": "Ours"})).await;
    world
        .salesforce(Method::PATCH, &path, json!({"Subject": "Theirs"}))
        .await;
    world.sync().await.unwrap();
    assert_eq!(task(&world, &activity).await["Subject"], "Theirs");
    assert_eq!(reason(&world, &activity), "salesforce_is_newer");
    edit(&world, &activity, json!({"hs_call_title": "Ours at last"})).await;
    world.sync().await.unwrap();
    assert_eq!(
        task(&world, &activity).await["Subject"],
        "Call: Ours at last"
    );
}

#[tokio::test]
async fn a_deleted_activity_keeps_its_task_unless_told_otherwise() {
    for (on_delete, expected, task_is_deleted) in [
        ("keep", "kept_after_delete", false),
        ("delete", "deleted_in_hubspot", true),
    ] {
        let mut world = World::sample(1);
        world.settings["on_delete"] = json!({"to_salesforce": on_delete});
        world.sync().await.unwrap();
        let activity = some_synced(&world, "note");
        let key = format!("hubspot:8821:{activity}");
        world.clock.advance(SignedDuration::from_mins(1));
        world
            .hubspot(Method::DELETE, &hubspot_path(&activity), Value::Null)
            .await;
        world.sync().await.unwrap();
        assert_eq!(reason(&world, &activity), expected);
        let held = world.tasks_by_key()[&key][0]["IsDeleted"] == true;
        assert_eq!(held, task_is_deleted);
        let report = world.sync().await.unwrap();
        assert_eq!(report.deleted, 0);
    }
}

#[tokio::test]
async fn a_task_deleted_in_salesforce_is_never_made_again() {
    let world = World::sample(1);
    world.sync().await.unwrap();
    let activity = some_synced(&world, "call");
    let path = format!("/sobjects/Task/{}", task_id(&world, &activity));
    world.salesforce(Method::DELETE, &path, Value::Null).await;
    let before = world.task_count();
    edit(&world, &activity, json!({"hs_call_title": "Still here"})).await;
    world.sync().await.unwrap();
    assert_eq!(reason(&world, &activity), "task_deleted");
    assert_eq!(world.task_count(), before);
}

#[tokio::test]
async fn a_kind_that_is_turned_on_later_is_read_from_the_start_of_its_window() {
    let mut world = World::sample(1);
    let whole = world.settings["to_salesforce"].clone();
    world.settings["to_salesforce"]["sales_email_replied"]["enabled"] = json!(false);
    let first = world.sync().await.unwrap();
    assert!(!first.by_kind["sales_email_replied"].contains_key("create"));
    world.settings["to_salesforce"] = whole;
    let second = world.sync().await.unwrap();
    assert!(second.created > 20, "{second:?}");
    let third = world.sync().await.unwrap();
    assert_eq!((third.created, third.updated), (0, 0));
    assert_eq!(
        first.created + second.created,
        World::sample(1).sync().await.unwrap().created
    );
}

#[tokio::test]
async fn a_window_that_is_widened_is_read_from_its_start() {
    let mut world = World::sample(1);
    let narrow = beginning() - SignedDuration::from_hours(24 * 20);
    let wide = world.settings["enabled_at"].clone();
    world.settings["enabled_at"] = json!(narrow.to_string());
    let first = world.sync().await.unwrap();
    world.settings["enabled_at"] = wide;
    let second = world.sync().await.unwrap();
    assert!(second.created > 100, "{second:?}");
    assert_eq!(
        first.created + second.created,
        World::sample(1).sync().await.unwrap().created
    );
}

#[tokio::test]
async fn a_lost_ledger_makes_no_task_twice() {
    let world = World::sample(1);
    world.sync().await.unwrap();
    let before = world.task_count();
    world.lose_ledger();
    let report = world.sync().await.unwrap();
    assert_eq!(world.task_count(), before);
    assert_eq!(report.refused, 7);
    let activity = some_synced(&world, "call");
    edit(&world, &activity, json!({"hs_call_title": "Known again"})).await;
    world.sync().await.unwrap();
    assert_eq!(
        task(&world, &activity).await["Subject"],
        "Call: Known again"
    );
}

#[tokio::test]
async fn a_meeting_without_an_outcome_is_closed_once_it_has_begun() {
    let world = World::sample(1);
    let body = json!({
        "properties": {
            "hs_timestamp": "2026-11-24T09:00:00Z", "hs_meeting_title": "Site visit", "hs_meeting_start_time": "2026-11-24T09:00:00Z",
            "hs_meeting_end_time": "2026-11-24T10:00:00Z"
        },
        "associations": [{"to": {"id": 101}, "types": [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 200}]}]
    });
    let made = world
        .hubspot(Method::POST, "/crm/objects/2026-09/meetings", body)
        .await;
    let activity = format!("meeting:{}", made["id"].as_str().unwrap());
    world.clock.advance(SignedDuration::from_mins(1));
    world.sync().await.unwrap();
    assert_eq!(task(&world, &activity).await["Status"], "Not Started");
    world.sync().await.unwrap();
    assert_eq!(task(&world, &activity).await["Status"], "Not Started");
    world.clock.advance(SignedDuration::from_hours(24));
    world.sync().await.unwrap();
    assert_eq!(task(&world, &activity).await["Status"], "Completed");
}

#[tokio::test]
async fn a_contact_that_syncs_late_releases_what_waited_for_it() {
    let world = World::sample(1);
    let contact = json!({"properties": {"email": "late@newcomer.example", "lastname": "Late"}});
    let contact = world
        .hubspot(Method::POST, "/crm/objects/2026-09/contacts", contact)
        .await;
    let contact = contact["id"].as_str().unwrap();
    let note = json!({
        "properties": {"hs_timestamp": "2026-11-23T10:00:00Z", "hs_note_body": "Hello"},
        "associations": [{"to": {"id": contact}, "types": [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 202}]}]
    });
    let note = world
        .hubspot(Method::POST, "/crm/objects/2026-09/notes", note)
        .await;
    let activity = format!("note:{}", note["id"].as_str().unwrap());
    world.clock.advance(SignedDuration::from_mins(1));
    world.sync().await.unwrap();
    assert_eq!(reason(&world, &activity), "contact_not_synced");
    let person = json!({"LastName": "Late", "Email": "Late@Newcomer.example"});
    let person = world
        .salesforce(Method::POST, "/sobjects/Contact", person)
        .await;
    world.sync().await.unwrap();
    assert_eq!(reason(&world, &activity), "new");
    assert_eq!(task(&world, &activity).await["WhoId"], person["id"]);
}

#[tokio::test]
async fn the_settings_of_another_portal_are_refused_before_anything_is_read() {
    let mut world = World::sample(1);
    world.settings["portal_id"] = json!("1");
    let error = world.sync().await.unwrap_err();
    assert!(matches!(error, PassError::OtherPortal { .. }), "{error}");
    assert_eq!(world.sandbox.hubspot().log().total, 1);
}

#[tokio::test]
async fn every_decision_names_the_module_that_made_it() {
    let world = World::sample(1);
    let report = world.sync().await.unwrap();
    assert_eq!(report.module, crosswalk_host::rules::EMBEDDED_SHA256);
    let host = world.host();
    let decisions = host.ledger.decisions(&some_synced(&world, "call")).unwrap();
    assert_eq!(decisions[0].module, report.module);
}
