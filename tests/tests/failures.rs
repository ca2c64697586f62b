//! The engine when things go wrong: no activity is lost, and no Task is made twice.
#![cfg(feature = "host")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crosswalk_host::error::Class;
use crosswalk_host::sync::{PassError, Report};
use crosswalk_sandbox::{Effect, Fault};
use crosswalk_tests::world::World;
use http::StatusCode;
use jiff::SignedDuration;
use serde_json::json;

const UPSERT: &str = "/services/data/v67.0/composite/sobjects/Task/Crosswalk_Key__c";
const CREATE: &str = "/services/data/v67.0/composite/sobjects";

fn one_task_each(world: &World, expected: usize) {
    let tasks = world.tasks_by_key();
    assert_eq!(tasks.len(), expected);
    assert!(tasks.values().all(|tasks| tasks.len() == 1));
}

fn class_of(error: PassError) -> Class {
    match error {
        PassError::Api(error) => error.class,
        other => panic!("{other}"),
    }
}

/// Passes until nothing is left to be written; more than a few are a failure.
async fn until_settled(world: &World) -> Report {
    for _ in 0..3 {
        world.clock.advance(SignedDuration::from_mins(20));
        let report = world.sync().await.unwrap();
        if report.to_retry == 0 {
            return report;
        }
    }
    panic!("it doesn't settle");
}

#[tokio::test]
async fn an_answer_that_was_lost_after_the_commit_makes_no_task_twice() {
    let world = World::load(450, 50);
    let lost = Fault::on("PATCH", UPSERT, Effect::reset().after_commit());
    world.sandbox.salesforce().add_fault(lost.times(1));
    let report = world.sync().await.unwrap();
    assert_eq!(report.created, 450);
    one_task_each(&world, 450);
}

#[tokio::test]
async fn a_call_that_never_arrived_is_sent_again() {
    let world = World::load(450, 50);
    world
        .sandbox
        .salesforce()
        .add_fault(Fault::on("PATCH", UPSERT, Effect::reset()).times(3));
    let report = world.sync().await.unwrap();
    assert_eq!((report.created, report.to_retry), (450, 0));
    one_task_each(&world, 450);
}

#[tokio::test]
async fn without_a_key_field_a_lost_answer_is_told_and_never_guessed() {
    let world = World::load(250, 50).without_key_field();
    let lost = Fault::on("POST", CREATE, Effect::reset().after_commit());
    world.sandbox.salesforce().add_fault(lost);
    let report = world.sync().await.unwrap();
    assert_eq!((report.created, report.unsettled), (50, 200));
    assert_eq!(world.task_count(), 250);
    let failures = world.host().ledger.failures(1_000).unwrap();
    assert_eq!(failures.len(), 200);
    assert!(
        failures[0]
            .what_to_do
            .as_ref()
            .unwrap()
            .contains("key_field")
    );
    let again = world.sync().await.unwrap();
    assert_eq!((again.created, again.unsettled), (0, 200));
    assert_eq!(world.task_count(), 250);
}

#[tokio::test]
async fn what_a_person_found_missing_is_made_by_retry() {
    let world = World::load(250, 50).without_key_field();
    let lost = Fault::on("POST", CREATE, Effect::status(StatusCode::BAD_GATEWAY));
    world.sandbox.salesforce().add_fault(lost);
    let report = world.sync().await.unwrap();
    assert_eq!(report.unsettled, 200);
    assert_eq!(world.task_count(), 50);
    let host = world.host();
    assert_eq!(host.ledger.retry(None, world.clock.now()).unwrap(), 200);
    let report = world.sync().await.unwrap();
    assert_eq!((report.created, report.unsettled), (200, 0));
    assert_eq!(world.task_count(), 250);
}

#[tokio::test]
async fn a_record_that_was_refused_is_planned_anew_by_retry() {
    let world = World::sample(1);
    world.sync().await.unwrap();
    let host = world.host();
    let refused = host.ledger.failures(10).unwrap();
    let of_subject = refused.iter().find(|intent| {
        intent.error_code.as_deref() == Some("FIELD_CUSTOM_VALIDATION_EXCEPTION")
            && intent.activity.starts_with("task:")
    });
    let activity = &of_subject.unwrap().activity;
    assert_eq!(
        host.ledger
            .retry(Some(activity), world.clock.now())
            .unwrap(),
        1
    );
    let report = world.sync().await.unwrap();
    assert_eq!(report.refused, 7, "the reason is still there");
    let path = format!("/crm/objects/2026-09/tasks/{}", &activity["task:".len()..]);
    let body = json!({"properties": {"hs_task_subject": "Send the specification"}});
    world.clock.advance(SignedDuration::from_mins(1));
    world.hubspot(http::Method::PATCH, &path, body).await;
    world.clock.advance(SignedDuration::from_mins(1));
    let report = world.sync().await.unwrap();
    assert_eq!((report.created, report.refused), (1, 6));
}

#[tokio::test]
async fn a_page_of_html_ends_the_pass_clearly_and_the_next_one_carries_on() {
    let world = World::load(450, 50);
    let proxy = |path| Fault::on("PATCH", path, Effect::html(StatusCode::OK));
    world
        .sandbox
        .salesforce()
        .add_fault(proxy(UPSERT).after_requests(1).times(5));
    let search = "/crm/objects/2026-09/calls/search";
    let html = Fault::on("POST", search, Effect::html(StatusCode::BAD_GATEWAY));
    world.sandbox.hubspot().add_fault(html.times(9));
    let error = world.sync().await.unwrap_err();
    assert_eq!(class_of(error), Class::Retry);
    assert_eq!(world.tasks_by_key().len(), 0);
    until_settled(&world).await;
    one_task_each(&world, 450);
}

#[tokio::test]
async fn a_salesforce_that_is_down_loses_nothing() {
    let world = World::load(1_450, 50);
    let down = Effect::status(StatusCode::SERVICE_UNAVAILABLE);
    let salesforce = world.sandbox.salesforce();
    salesforce.add_fault(
        Fault::on("PATCH", UPSERT, down.clone())
            .times(1_000)
            .after_requests(2),
    );
    salesforce.add_fault(
        Fault::on("GET", "/services/data/*", down)
            .times(1_000)
            .after_requests(8),
    );
    assert!(world.sync().await.is_err());
    let made = world.tasks_by_key().len();
    assert!(made > 0 && made < 1_450, "{made}");
    salesforce.set_faults(Vec::new());
    until_settled(&world).await;
    one_task_each(&world, 1_450);
}

#[tokio::test]
async fn a_token_that_is_no_good_any_more_ends_the_pass_and_says_what_to_do() {
    let world = World::load(450, 50);
    let body =
        json!([{"message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID"}]);
    let expired: Fault = serde_json::from_value(json!({
        "match": {"method": "PATCH", "path": UPSERT}, "fault": {"status": 401, "body": body}, "times": 1
    }))
    .unwrap();
    world.sandbox.salesforce().add_fault(expired);
    let error = world.sync().await.unwrap_err();
    assert!(error.to_string().contains("Replace the token"), "{error}");
    assert_eq!(class_of(error), Class::Fatal);
    let report = until_settled(&world).await;
    assert_eq!(report.created, 450);
    one_task_each(&world, 450);
}

#[tokio::test]
async fn a_batch_that_is_refused_whole_is_halved_until_the_culprit_is_found() {
    let world = World::load(200, 50);
    let body = json!([{"message": "Unexpected character", "errorCode": "JSON_PARSER_ERROR"}]);
    // The first half is refused down to its first record: 200, 100, 50, 25, 12, 6, 3, 1.
    let refused: Fault = serde_json::from_value(json!({
        "match": {"method": "PATCH", "path": UPSERT}, "fault": {"status": 400, "body": body}, "times": 8
    }))
    .unwrap();
    world.sandbox.salesforce().add_fault(refused);
    let report = world.sync().await.unwrap();
    assert_eq!((report.created, report.refused), (199, 1));
    let failures = world.host().ledger.failures(10).unwrap();
    assert_eq!(failures[0].error_code.as_deref(), Some("JSON_PARSER_ERROR"));
    one_task_each(&world, 199);
}

#[tokio::test]
async fn a_limit_that_is_hit_is_waited_for() {
    let world = World::load(450, 50);
    let body = json!({"status": "error", "message": "You have reached your secondly limit.", "errorType": "RATE_LIMIT", "policyName": "SECONDLY"});
    let limited: Fault = serde_json::from_value(json!({
        "match": {"method": "POST", "path": "/crm/objects/2026-09/calls/search"}, "fault": {"status": 429, "body": body}, "times": 2
    }))
    .unwrap();
    world.sandbox.hubspot().add_fault(limited);
    let before = world.clock.now();
    let report = world.sync().await.unwrap();
    assert_eq!(report.created, 450);
    assert!(world.clock.now() - before >= SignedDuration::from_secs(2));
}

#[tokio::test]
async fn a_locked_row_goes_through_with_the_same_pass() {
    let (hubspot, mut salesforce) =
        crosswalk_sandbox::sample::load(250, 5, 1, crosswalk_tests::world::beginning());
    let contact = salesforce.records["Contact"][0]["Id"]
        .as_str()
        .unwrap()
        .to_owned();
    salesforce.locked.insert(contact, 2);
    let world = World::with_data((hubspot, salesforce));
    let report = world.sync().await.unwrap();
    assert_eq!(
        (report.created, report.refused, report.to_retry),
        (250, 0, 0)
    );
    one_task_each(&world, 250);
}

#[tokio::test]
async fn a_day_without_calls_left_ends_the_pass_and_leaves_the_rest_to_others() {
    let (hubspot, mut salesforce) =
        crosswalk_sandbox::sample::load(450, 50, 1, crosswalk_tests::world::beginning());
    salesforce.daily_api_requests = 100;
    salesforce.used_api_requests = 79;
    let world = World::with_data((hubspot, salesforce));
    let error = world.sync().await.unwrap_err();
    assert!(error.to_string().contains("DAILY_SHARE_USED"), "{error}");
    assert_eq!(class_of(error), Class::Wait);
    let used = world.sandbox.salesforce().log().total;
    assert!(used <= 2, "{used} calls beyond the share");
}

#[tokio::test]
async fn the_limits_are_used_and_never_broken() {
    let world = World::load(4_000, 4_000);
    let before = world.clock.now();
    world.sync().await.unwrap();
    let log = world.sandbox.hubspot().log();
    assert_eq!(log.by_status.get("429"), None, "{:?}", log.by_status);
    let searches = log.count("POST", "/crm/objects/2026-09/calls/search") as f64;
    let reads = log.count("POST", "/crm/objects/2026-09/contacts/batch/read") as f64;
    // Searches take five a second; all else but associations a hundred and ninety in ten seconds.
    let least = searches / 5.0 + reads / 19.0;
    let took = (world.clock.now() - before).as_secs_f64();
    assert!(least / took >= 0.9, "{least} s of {took} s");
}

#[tokio::test]
async fn nothing_of_a_token_is_ever_written_to_the_ledger() {
    let world = World::sample(1);
    world.sync().await.unwrap();
    for ending in ["", "-wal"] {
        let file = format!("{}{ending}", world.ledger_file().display());
        let bytes = std::fs::read(file).unwrap_or_default();
        for token in [
            crosswalk_sandbox::hubspot::DEFAULT_TOKEN,
            crosswalk_sandbox::salesforce::DEFAULT_TOKEN,
        ] {
            let found = bytes
                .windows(token.len())
                .any(|part| part == token.as_bytes());
            assert!(!found, "{token} in the ledger");
        }
    }
}
