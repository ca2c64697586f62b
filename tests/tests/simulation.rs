//! The whole engine in a simulated world: both systems change, calls fail before and after their commit, the host is killed at any
//! call and started again. One seed, one run; a seed that fails is printed, and runs alone as `CROSSWALK_SEED=7`.
#![cfg(feature = "host")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};

use crosswalk_sandbox::sample;
use crosswalk_tests::chance::{Chance, run_seeds};
use crosswalk_tests::happenings::{self, Happenings};
use crosswalk_tests::killed::{killed_at, troubled_pass};
use crosswalk_tests::world::{Host, World, beginning};
use http::Method;
use jiff::SignedDuration;
use serde_json::{Value, json};

const ROUNDS: u64 = 6;
const CALLS: usize = 130;

/// The activities that the world may change, as HubSpot holds them.
fn calls_of(world: &World) -> Vec<String> {
    let state = world.sandbox.hubspot().state();
    let calls = state["objects"]["calls"].as_array().unwrap();
    calls
        .iter()
        .filter(|call| call["archived"] != true)
        .map(|call| call["id"].as_str().unwrap().to_owned())
        .collect()
}

/// People at work, in both systems.
async fn change(world: &World, chance: &Chance) {
    let calls = calls_of(world);
    for _ in 0..chance.below(8) {
        let call = chance.one_of(&calls);
        let path = format!("/crm/objects/2026-09/calls/{call}");
        match chance.below(6) {
            0 => {
                world.hubspot(Method::DELETE, &path, Value::Null).await;
                return;
            }
            1 => {
                let call = json!({
                    "properties": {"hs_timestamp": world.clock.now().to_string(), "hs_call_title": format!("New {}", chance.below(1_000))},
                    "associations": [{"to": {"id": 1_001 + chance.below(20)}, "types": [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 194}]}]
                });
                world
                    .hubspot(Method::POST, "/crm/objects/2026-09/calls", call)
                    .await;
            }
            2 => change_task(world, chance).await,
            _ => {
                let title = format!("Title {}", chance.below(1_000));
                let body = json!({"properties": {"hs_call_title": title}});
                world.hubspot(Method::PATCH, &path, body).await;
            }
        }
    }
}

async fn change_task(world: &World, chance: &Chance) {
    let tasks: Vec<Value> = world.tasks_by_key().into_values().flatten().collect();
    let there: Vec<&Value> = tasks
        .iter()
        .filter(|task| task["IsDeleted"] != true)
        .collect();
    if there.is_empty() {
        return;
    }
    let task = chance.one_of(&there);
    let path = format!("/sobjects/Task/{}", task["Id"].as_str().unwrap());
    if chance.one_in(3) {
        world.salesforce(Method::DELETE, &path, Value::Null).await;
    } else {
        let body = json!({"Description": format!("Note {}", chance.below(1_000))});
        world.salesforce(Method::PATCH, &path, body).await;
    }
}

/// What the invariants are checked against: what each call's Task is to say, straight from HubSpot.
fn titles(world: &World) -> BTreeMap<String, String> {
    let state = world.sandbox.hubspot().state();
    let calls = state["objects"]["calls"].as_array().unwrap();
    calls
        .iter()
        .filter(|call| call["archived"] != true)
        .map(|call| {
            let title = call["properties"]["hs_call_title"].as_str().unwrap();
            let key = format!("hubspot:8821:call:{}", call["id"].as_str().unwrap());
            (key, format!("Call: {title}"))
        })
        .collect()
}

fn check_at_any_time(world: &World, host: &Host) {
    for (key, tasks) in world.tasks_by_key() {
        assert_eq!(tasks.len(), 1, "{key} has several Tasks");
        let activity = key.trim_start_matches("hubspot:8821:");
        let intents = host.ledger.intents_of(activity).unwrap();
        assert!(!intents.is_empty(), "{key} was written without its intent");
    }
}

fn check_at_rest(
    world: &World,
    host: &Host,
    ever_seen: &BTreeSet<String>,
    happenings: &Happenings,
) {
    check_at_any_time(world, host);
    let tasks = world.tasks_by_key();
    happenings.check(&tasks.keys().map(String::as_str).collect());
    for (key, subject) in titles(world) {
        let task = &tasks.get(&key).unwrap_or_else(|| panic!("{key} is lost"))[0];
        if task["IsDeleted"] != true {
            assert_eq!(task["Subject"], json!(subject), "{key}");
        }
    }
    for key in tasks.keys() {
        let is_known = ever_seen.contains(key) || happenings.has(key);
        assert!(is_known, "{key} came from nowhere");
    }
    for state in ["pending", "sent", "unsettled", "refused"] {
        assert_eq!(host.ledger.count_in(state).unwrap(), 0, "{state}");
    }
}

async fn simulate(seed: u64) {
    let chance = Chance::of(seed);
    let (mut hubspot, salesforce) = sample::load(CALLS, 20, 1, beginning());
    happenings::prepare(&mut hubspot, beginning());
    let world = World::with_data((hubspot, salesforce));
    let mut happenings = Happenings::default();
    let mut ever_seen: BTreeSet<String> = titles(&world).into_keys().collect();
    for _ in 0..ROUNDS {
        change(&world, &chance).await;
        for _ in 0..chance.below(8) {
            happenings.happen(&world, |most| chance.below(most)).await;
        }
        if chance.one_in(2) {
            happenings.somebody_becomes_a_contact(&world).await;
        }
        ever_seen.extend(titles(&world).into_keys());
        world
            .clock
            .advance(SignedDuration::from_secs(3 + chance.below(900) as i64));
        troubled_pass(&world, &chance).await;
        check_at_any_time(&world, &world.host());
    }
    happenings.everybody_syncs(&world).await;
    let mut passes = 0;
    loop {
        world.clock.advance(SignedDuration::from_mins(20));
        let report = world.sync().await.unwrap();
        passes += 1;
        if report.created + report.updated + report.deleted == 0 && report.is_clean() {
            break;
        }
        assert!(passes < 4, "it doesn't come to rest: {report:?}");
    }
    check_at_rest(&world, &world.host(), &ever_seen, &happenings);
    assert_eq!(world.sandbox.hubspot().log().by_status.get("400"), None);
}

#[test]
fn whatever_happens_no_activity_is_lost_and_no_task_made_twice() {
    run_seeds(simulate);
}

#[tokio::test]
async fn a_host_that_is_killed_at_any_call_carries_on() {
    for after_commit in [false, true] {
        let world = World::load(450, 50);
        let mut at = 0;
        // Each host comes one call further than the one before.
        while killed_at(&world, at, after_commit).await {
            at += 1;
            world.clock.advance(SignedDuration::from_secs(3));
            check_at_any_time(&world, &world.host());
        }
        assert!(at > 12, "only {at} calls");
        world.clock.advance(SignedDuration::from_mins(20));
        let report = world.sync().await.unwrap();
        assert!(report.is_clean(), "{report:?}");
        let tasks = world.tasks_by_key();
        assert_eq!(tasks.len(), 450);
        assert!(tasks.values().all(|tasks| tasks.len() == 1));
    }
}
