//! The import: what is already in Salesforce comes to HubSpot once, wherever it is stopped.
#![cfg(feature = "host")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crosswalk_host::ledger::ImportScope;
use crosswalk_host::salesforce::RecordObject;
use crosswalk_host::sync::{Import, Mode, PassError, Report};
use crosswalk_sandbox::{Effect, Fault};
use crosswalk_tests::held::{OBJECTS, difference, held};
use crosswalk_tests::killed::Killed;
use crosswalk_tests::world::{Host, Nobody, World};
use http::StatusCode;
use jiff::SignedDuration;

fn everything() -> Import {
    Import {
        scope: ImportScope {
            since: None,
            kinds: "call,email,meeting,task".to_owned(),
        },
        objects: vec![RecordObject::Task, RecordObject::Event],
    }
}

async fn import_by(host: &Host, mode: &Mode) -> Result<Report, PassError> {
    host.engine().import(&everything(), mode, &Nobody).await
}

async fn import(world: &World) -> Report {
    world.clock.advance(SignedDuration::from_mins(1));
    import_by(&world.host(), &Mode::CarryOut).await.unwrap()
}

fn count(world: &World) -> usize {
    OBJECTS
        .iter()
        .map(|object| world.objects(object).len())
        .sum()
}

#[tokio::test]
async fn few_records_are_read_page_by_page_and_many_by_a_job() {
    for (tasks, by_job) in [(1_500, false), (2_500, true)] {
        let world = World::tasks(tasks, 100);
        let report = import(&world).await;
        assert_eq!(report.to_hubspot.created, tasks, "{report:?}");
        let jobs = world
            .sandbox
            .salesforce()
            .log()
            .count("POST", "/services/data/v67.0/jobs/query");
        assert_eq!(jobs > 0, by_job);
        assert_eq!(count(&world) as u64, tasks);
        let again = import(&world).await;
        assert_eq!(
            again.to_hubspot.created, 0,
            "it is repeated without doubles"
        );
        assert_eq!(again.to_hubspot.by_reason["echo"], tasks);
        world.clock.advance(SignedDuration::from_mins(1));
        let pass = world.sync().await.unwrap();
        assert_eq!(
            (
                pass.to_hubspot.created,
                pass.to_hubspot.updated,
                pass.created
            ),
            (0, 0, 0)
        );
    }
}

#[tokio::test]
async fn what_an_import_would_do_is_told_before_and_nothing_is_written() {
    let world = World::tasks(2_500, 100);
    let host = world.host();
    let counts = host.engine().count_to_import(&everything()).await.unwrap();
    assert_eq!(
        counts,
        [(RecordObject::Task, 2_500), (RecordObject::Event, 0)]
    );
    let report = import_by(&host, &Mode::Preview).await.unwrap();
    assert_eq!(report.to_hubspot.by_action["create"], 2_500);
    assert_eq!(count(&world), 0);
    assert_eq!(host.ledger.health().unwrap().records, 0);
}

#[tokio::test]
async fn an_import_that_is_killed_anywhere_gives_the_same_hubspot_as_one_in_one_go() {
    for with_key in [false, true] {
        let new = || {
            let world = World::tasks(6_000, 300);
            if with_key {
                world.with_key_property()
            } else {
                world
            }
        };
        let in_one_go = new();
        import(&in_one_go).await;
        let expected = held(&in_one_go.sandbox.hubspot());
        let world = new();
        let mut kills = 0;
        // Each time a little further, before or after the call is carried out.
        for attempt in 0..80_i64 {
            let killed = Killed::at(&world, 8 + attempt * 5 % 9, attempt % 2 == 0);
            let host = world.host_with(killed.transport());
            world.clock.advance(SignedDuration::from_mins(1));
            let ended = killed.run(import_by(&host, &Mode::CarryOut)).await;
            kills += u64::from(ended.is_none());
            if ended.is_some() {
                break;
            }
        }
        assert!(kills >= 20, "it was killed {kills} times only");
        import(&world).await;
        let held = held(&world.sandbox.hubspot());
        let different = difference(&held, &expected);
        assert_eq!(different, None, "with a key property: {with_key}");
    }
}

#[tokio::test]
async fn calls_that_fail_hold_up_an_import_and_lose_nothing() {
    let world = World::tasks(2_500, 100);
    let unavailable = Effect::status(StatusCode::SERVICE_UNAVAILABLE);
    world
        .sandbox
        .salesforce()
        .add_fault(Fault::on("GET", "*/jobs/query/*", unavailable).times(2));
    let lost = Effect::reset().after_commit();
    world.sandbox.hubspot().add_fault(
        Fault::on("POST", "/crm/objects/*/batch/create", lost)
            .after_requests(4)
            .times(2),
    );
    import(&world).await;
    assert_eq!(count(&world), 2_500);
}

#[tokio::test]
async fn a_job_that_salesforce_has_forgotten_is_started_anew() {
    let world = World::tasks(2_500, 100);
    let killed = Killed::at(&world, 30, true);
    let host = world.host_with(killed.transport());
    assert!(
        killed
            .run(import_by(&host, &Mode::CarryOut))
            .await
            .is_none()
    );
    drop(host);
    let gone = Effect::status(StatusCode::NOT_FOUND);
    world
        .sandbox
        .salesforce()
        .add_fault(Fault::on("GET", "*/jobs/query/*", gone).times(1));
    import(&world).await;
    assert_eq!(count(&world), 2_500);
}
