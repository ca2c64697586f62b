//! `check`: what is there of all that a pass needs, and what to do about the rest.
#![cfg(feature = "host")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crosswalk_host::sync::{Point, Standing};
use crosswalk_sandbox::{Effect, Fault, sample};
use crosswalk_tests::world::{World, beginning};
use http::StatusCode;

async fn check(world: &World) -> Vec<Point> {
    world.host().engine().check().await
}

fn point<'p>(points: &'p [Point], what: &str) -> &'p Point {
    let mut points = points.iter();
    let found = points.find(|point| point.what == what);
    found.unwrap_or_else(|| panic!("nothing is said of {what}"))
}

#[tokio::test]
async fn where_all_is_there_all_is_good_and_nothing_is_written() {
    let mut world = World::sample(1).with_key_property();
    world.return_to_hubspot();
    let points = check(&world).await;
    for point in &points {
        assert_eq!(point.standing, Standing::Good, "{point:?}");
        assert!(point.what_to_do.is_empty());
    }
    for what in [
        "HubSpot",
        "Salesforce",
        "integration user",
        "salesforce.key_field",
        "kind call",
        "kind form_submission",
        "Tasks to HubSpot",
        "hubspot.key_property, tasks",
    ] {
        point(&points, what);
    }
    assert_eq!(world.host().ledger.health().unwrap().activities, 0);
    assert!(
        world.tasks_by_key().len() < 10,
        "only what the sample begins with"
    );
}

#[tokio::test]
async fn an_account_without_a_feed_is_told_so() {
    let (mut hubspot, salesforce) = sample::sample(1, beginning());
    hubspot.portal.has_event_occurrences = false;
    let world = World::with_data((hubspot, salesforce));
    let points = check(&world).await;
    for kind in [
        "sales_email_opened",
        "sales_email_clicked",
        "sales_content_viewed",
        "integration_event",
    ] {
        let point = point(&points, &format!("kind {kind}"));
        assert_eq!(point.standing, Standing::Weak, "{point:?}");
        assert!(point.found.starts_with("no feed"), "{point:?}");
        assert!(!point.what_to_do.is_empty());
    }
    assert_eq!(point(&points, "kind call").standing, Standing::Good);
}

#[tokio::test]
async fn each_thing_that_is_missing_is_told_with_what_to_do() {
    let mut world = World::sample(1).without_key_field();
    world.return_to_hubspot();
    world.key_property = Some("no_such_property".to_owned());
    world.settings["owners"]["integration_user"] = "005000000000999AAA".into();
    world.settings["to_salesforce"]["call"]["task_type"] = "No such type".into();
    let points = check(&world).await;
    let standings = [
        ("integration user", Standing::Bad),
        ("salesforce.key_field", Standing::Weak),
        ("kind call", Standing::Weak),
        ("hubspot.key_property, calls", Standing::Weak),
    ];
    for (what, standing) in standings {
        let point = point(&points, what);
        assert_eq!(point.standing, standing, "{point:?}");
        assert!(!point.what_to_do.is_empty(), "{point:?}");
    }
}

#[tokio::test]
async fn a_system_that_cannot_be_asked_is_a_point_and_the_other_is_still_looked_at() {
    let world = World::sample(1);
    let expired = Effect::status(StatusCode::UNAUTHORIZED);
    world
        .sandbox
        .salesforce()
        .add_fault(Fault::on("GET", "*", expired).times(50));
    let points = check(&world).await;
    assert_eq!(point(&points, "Salesforce").standing, Standing::Bad);
    assert!(point(&points, "Salesforce").what_to_do.contains("token"));
    assert_eq!(point(&points, "HubSpot").standing, Standing::Good);
    assert_eq!(point(&points, "kind call").standing, Standing::Good);

    let mut other = World::sample(1);
    other.settings["portal_id"] = "1".into();
    let points = check(&other).await;
    let hubspot = point(&points, "HubSpot");
    assert_eq!(hubspot.standing, Standing::Bad);
    assert!(hubspot.found.contains("portal 8821"), "{hubspot:?}");
}
