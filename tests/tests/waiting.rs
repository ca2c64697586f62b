//! What waits for its contacts: released when one of them changes, and free of cost until then.
#![cfg(feature = "host")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crosswalk_sandbox::hubspot::ObjectType;
use crosswalk_sandbox::sample;
use crosswalk_tests::happenings;
use crosswalk_tests::world::{World, beginning};
use http::Method;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

const OBJECTS: &str = "/crm/objects/2026-09";

fn reason(world: &World, activity: &str) -> String {
    let seen = world.host().ledger.observation(activity).unwrap().unwrap();
    seen.reason.unwrap()
}

/// The subjects of the Tasks that there are, by key, with whom they are on.
fn tasks(world: &World) -> Vec<(String, String)> {
    let tasks = world.tasks_by_key().into_values().flatten();
    let mut tasks: Vec<_> = tasks
        .map(|task| {
            let text = |field: &str| task[field].as_str().unwrap_or_default().to_owned();
            (text("Subject"), text("WhoId"))
        })
        .collect();
    tasks.sort();
    tasks
}

async fn make(world: &World, object: &str, properties: Value, contacts: &[&str]) -> String {
    let type_id = match object {
        "calls" => 194,
        "notes" => 202,
        _ => 200,
    };
    let associations: Vec<Value> = contacts
        .iter()
        .map(|contact| {
            json!({"to": {"id": contact}, "types": [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": type_id}]})
        })
        .collect();
    let body = json!({"properties": properties, "associations": associations});
    let made = world
        .hubspot(Method::POST, &format!("{OBJECTS}/{object}"), body)
        .await;
    made["id"].as_str().unwrap().to_owned()
}

async fn call(world: &World, title: &str, contacts: &[&str]) -> String {
    let properties = json!({"hs_timestamp": world.clock.now().to_string(), "hs_call_title": title});
    format!("call:{}", make(world, "calls", properties, contacts).await)
}

async fn contact(world: &World, email: &str) -> String {
    let properties = json!({"email": email, "firstname": "Laila", "lastname": "Late"});
    make(world, "contacts", properties, &[]).await
}

async fn set_contact(world: &World, id: &str, properties: Value) {
    let path = format!("{OBJECTS}/contacts/{id}");
    let body = json!({"properties": properties});
    world.hubspot(Method::PATCH, &path, body).await;
    minutes(world, 1);
}

async fn person(world: &World, object: &str, body: Value) -> String {
    let path = format!("/sobjects/{object}");
    let made = world.salesforce(Method::POST, &path, body).await;
    made["id"].as_str().unwrap().to_owned()
}

fn minutes(world: &World, minutes: i64) {
    world.clock.advance(SignedDuration::from_mins(minutes));
}

#[tokio::test]
async fn a_late_contact_releases_all_that_waited_in_one_pass() {
    let world = World::load(0, 1);
    let late = contact(&world, "laila@late.example").await;
    let early = call(&world, "Too early", &[&late]).await;
    let note = json!({"hs_timestamp": world.clock.now().to_string(), "hs_note_body": "Early too"});
    make(&world, "notes", note, &[&late]).await;
    minutes(&world, 3 * 24 * 60);
    call(&world, "Triggers the sync", &[&late]).await;
    let note =
        json!({"hs_timestamp": world.clock.now().to_string(), "hs_note_body": "Of that day"});
    make(&world, "notes", note, &[&late]).await;
    minutes(&world, 1);
    world.sync().await.unwrap();
    assert_eq!(reason(&world, &early), "contact_not_synced");
    let health = world.host().ledger.health().unwrap();
    let [waiting] = health.waiting_for.most.as_slice() else {
        panic!("{:?}", health.waiting_for);
    };
    assert_eq!(
        (waiting.contact.as_str(), waiting.activities),
        (late.as_str(), 4)
    );
    assert_eq!(waiting.name.as_deref(), Some("Laila Late"));
    let since = waiting.since.clone();
    assert_eq!(world.sync().await.unwrap().activities, 0);

    let person = person(
        &world,
        "Lead",
        json!({"LastName": "Late", "Company": "Late Oy"}),
    )
    .await;
    set_contact(&world, &late, json!({"salesforceleadid": person})).await;
    let report = world.sync().await.unwrap();
    assert_eq!((report.activities, report.created), (4, 2));
    // W5: what happened more than a day before the contact was triggered to sync isn't sent retroactively.
    let expected = [
        ("Call: Triggers the sync", &person),
        ("Note: Of that day", &person),
    ];
    let expected = expected.map(|(subject, person)| (subject.to_owned(), person.clone()));
    assert_eq!(tasks(&world), expected);
    assert_eq!(reason(&world, &early), "before_contact_sync");
    let health = world.host().ledger.health().unwrap();
    assert_eq!(health.waiting_for.contacts, 0, "since {since}: {health:?}");
}

#[tokio::test]
async fn a_late_contact_gets_everything_of_its_windows_and_nothing_else() {
    let (mut hubspot, salesforce) = sample::load(0, 1, 1, beginning());
    happenings::prepare(&mut hubspot, beginning());
    let world = World::with_data((hubspot, salesforce));
    let late = contact(&world, "laila@late.example").await;
    let enabled_at: Timestamp = world.settings["enabled_at"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    let days = |days: i64| (enabled_at - SignedDuration::from_hours(24 * days)).to_string();
    let submission = |at: String| json!({"form": happenings::FORM, "values": {"email": "Laila@late.example"}, "at": at});
    let email = |event_type: &str, at: String| json!({"type": event_type, "campaign": happenings::CAMPAIGN, "recipient": "laila@late.example", "at": at});
    let opened = |title: &str, at: Timestamp| {
        let properties = json!({"hs_email_subject": title});
        json!({"type": "e_opened_sales_email", "contact": late.parse::<u64>().unwrap(), "at": at, "properties": properties})
    };
    let now = world.clock.now();
    let happened = json!({
        "submissions": [submission(days(364)), submission(days(400))],
        "email_events": [email("SENT", days(40)), email("SENT", days(29)), email("OPEN", days(28)), email("OPEN", days(27)), email("CLICK", days(27))],
        "occurrences": [opened("Too early", now - SignedDuration::from_hours(72)), opened("Offer", now)],
    });
    world
        .hubspot(Method::POST, "/_sandbox/happen", happened)
        .await;
    call(&world, "Hello", &[&late]).await;
    minutes(&world, 1);
    world.sync().await.unwrap();
    assert_eq!(tasks(&world), []);
    let health = world.host().ledger.health().unwrap();
    assert_eq!(health.waiting_for.most[0].activities, 7);

    let person = person(&world, "Contact", json!({"LastName": "Late"})).await;
    set_contact(&world, &late, json!({"salesforcecontactid": person})).await;
    let report = world.sync().await.unwrap();
    assert_eq!((report.activities, report.created), (7, 6));
    let expected = [
        "Call: Hello",
        "Clicked News",
        "Opened News",
        "Opened Offer",
        "Sent News",
        "Submitted: Contact us",
    ];
    assert_eq!(
        tasks(&world),
        expected.map(|subject| (subject.to_owned(), person.clone()))
    );
    // The person in Salesforce was changed since what came too early was decided; once that is known it rests.
    assert_eq!(world.sync().await.unwrap().created, 0);
    assert_eq!(world.sync().await.unwrap().activities, 0);
}

#[tokio::test]
async fn a_person_made_or_corrected_in_salesforce_releases_by_email() {
    let world = World::load(0, 1);
    let first = contact(&world, "first@late.example").await;
    let second = contact(&world, "second@late.example").await;
    call(&world, "First", &[&first]).await;
    call(&world, "Second", &[&second]).await;
    let lead = json!({"LastName": "Second", "Company": "Late Oy", "Email": "typo@late.example"});
    let lead = person(&world, "Lead", lead).await;
    minutes(&world, 1);
    world.sync().await.unwrap();
    assert_eq!(tasks(&world), []);
    let made = json!({"LastName": "First", "Email": "First@Late.example"});
    let made = person(&world, "Contact", made).await;
    let report = world.sync().await.unwrap();
    assert_eq!((report.activities, report.created), (1, 1));
    minutes(&world, 60);
    let path = format!("/sobjects/Lead/{lead}");
    world
        .salesforce(
            Method::PATCH,
            &path,
            json!({"Email": "second@late.example"}),
        )
        .await;
    let report = world.sync().await.unwrap();
    assert_eq!((report.activities, report.created), (1, 1));
    let expected = [
        ("Call: First".to_owned(), made),
        ("Call: Second".to_owned(), lead),
    ];
    assert_eq!(tasks(&world), expected);
}

#[tokio::test]
async fn a_contact_that_gets_an_email_address_waits_and_then_syncs() {
    let world = World::load(0, 1);
    let nobody = make(&world, "contacts", json!({"lastname": "Nobody"}), &[]).await;
    let activity = call(&world, "Who?", &[&nobody]).await;
    minutes(&world, 1);
    world.sync().await.unwrap();
    assert_eq!(reason(&world, &activity), "no_syncing_contact");
    let there = json!({"LastName": "Somebody", "Email": "somebody@late.example"});
    let there = person(&world, "Contact", there).await;
    minutes(&world, 60);
    world.sync().await.unwrap();
    assert_eq!(reason(&world, &activity), "no_syncing_contact");
    set_contact(&world, &nobody, json!({"email": "somebody@late.example"})).await;
    world.sync().await.unwrap();
    assert_eq!(tasks(&world), [("Call: Who?".to_owned(), there)]);
}

#[tokio::test]
async fn an_association_that_is_made_later_is_noticed() {
    let world = World::load(0, 1);
    let activity = call(&world, "Nobody's", &[]).await;
    minutes(&world, 1);
    world.sync().await.unwrap();
    assert_eq!(reason(&world, &activity), "no_contact");
    assert_eq!(world.sync().await.unwrap().activities, 0);
    let id = activity.trim_start_matches("call:");
    let path = format!("{OBJECTS}/calls/{id}/associations/default/contacts/1001");
    world.hubspot(Method::PUT, &path, Value::Null).await;
    minutes(&world, 1);
    let report = world.sync().await.unwrap();
    assert_eq!((report.activities, report.created), (1, 1));
    assert_eq!(world.sync().await.unwrap().activities, 0);
}

#[tokio::test]
async fn the_wait_for_a_newer_contact_ends_with_time() {
    let world = World::load(0, 1);
    let newer = contact(&world, "newer@late.example").await;
    let activity = call(&world, "Two", &["1001", &newer]).await;
    minutes(&world, 1);
    world.sync().await.unwrap();
    assert_eq!(reason(&world, &activity), "newer_contact_pending");
    minutes(&world, 30);
    assert_eq!(world.sync().await.unwrap().activities, 0);
    minutes(&world, 30);
    let report = world.sync().await.unwrap();
    assert_eq!((report.activities, report.created), (1, 1));
    assert_eq!(world.sync().await.unwrap().activities, 0);
}

#[tokio::test]
async fn other_settings_decide_again_what_waits() {
    let mut world = World::load(0, 1);
    let newer = contact(&world, "newer@late.example").await;
    call(&world, "Two", &["1001", &newer]).await;
    minutes(&world, 1);
    world.sync().await.unwrap();
    assert_eq!(tasks(&world), []);
    world.settings["windows"] = json!({"contact_wait": "PT0S"});
    assert_eq!(world.sync().await.unwrap().created, 1);
}

/// A world in which so many calls wait, each for a contact of its own.
fn with_waiting(number: usize) -> World {
    let (mut hubspot, mut salesforce) = sample::load(number, number, 1, beginning());
    salesforce.records.remove("Contact");
    let contacts = hubspot.records.get_mut(&ObjectType::Contact).unwrap();
    for contact in contacts {
        contact
            .properties
            .retain(|(name, _)| name != "salesforcecontactid");
        contact.history.clear();
    }
    World::with_data((hubspot, salesforce))
}

#[tokio::test]
async fn ten_thousand_waiting_contacts_take_no_more_calls_than_one() {
    let mut counts = Vec::new();
    for number in [1, 10_000] {
        let world = with_waiting(number);
        let report = world.sync().await.unwrap();
        assert_eq!(report.by_reason["contact_not_synced"], number as u64);
        world.sandbox.hubspot().clear_log();
        world.sandbox.salesforce().clear_log();
        let report = world.sync().await.unwrap();
        assert_eq!(report.activities, 0);
        counts.push([
            world.sandbox.hubspot().log().by_path,
            world.sandbox.salesforce().log().by_path,
        ]);
    }
    assert_eq!(counts[0], counts[1]);
    let total: u64 = counts[0].iter().flat_map(|paths| paths.values()).sum();
    assert!(total <= 25, "{:?}", counts[0]);
}
