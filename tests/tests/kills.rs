//! The real process, killed between sending and being answered: the next one carries on, and nothing is made twice.
#![cfg(feature = "host")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::process::Stdio;
use std::time::Duration;

use crosswalk_sandbox::{Effect, Fault};
use crosswalk_tests::chance::Chance;
use crosswalk_tests::held::{difference, held};
use crosswalk_tests::program::Stage;
use serde_json::Value;

const ACTIVITIES: usize = 1_000;
const UPSERT: &str = "/services/data/v67.0/composite/sobjects/Task/Crosswalk_Key__c";
/// How many, unless `CROSSWALK_KILLS` says otherwise; and with `CROSSWALK_LONG`.
const KILLS: u64 = 20;
const KILLS_OF_A_LONG_RUN: u64 = 200;

fn keys(state: &Value) -> Vec<&str> {
    let tasks = state["sobjects"]["Task"].as_array().unwrap();
    let mut keys: Vec<&str> = tasks
        .iter()
        .map(|task| task["Crosswalk_Key__c"].as_str().unwrap())
        .collect();
    keys.sort_unstable();
    keys
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_killed_between_sending_and_being_answered_loses_nothing() {
    let many = match std::env::var_os("CROSSWALK_LONG") {
        Some(_) => KILLS_OF_A_LONG_RUN,
        None => KILLS,
    };
    let kills = std::env::var("CROSSWALK_KILLS").map_or(many, |kills| kills.parse().unwrap());
    let mut left_unknown = 0;
    for kill in 0..kills {
        let stage = Stage::load(ACTIVITIES, 100).await;
        let salesforce = stage.sandbox.salesforce();
        // This write is answered after the process is gone: every second time it is carried out, else it never is.
        let late = Effect::delay(Duration::from_secs(600));
        let late = if kill % 2 == 0 {
            late.after_commit()
        } else {
            late
        };
        let write = kill / 2 % 5;
        salesforce.add_fault(Fault::on("PATCH", UPSERT, late).after_requests(write));
        let mut sync = stage.command(&["sync", "--quiet"]).spawn().unwrap();
        let made = |expected: usize| keys(&salesforce.state()).len() >= expected;
        let expected = usize::try_from(write).unwrap() * 200 + if kill % 2 == 0 { 200 } else { 0 };
        while !(has_sent(&stage, write) && made(expected)) {
            assert!(sync.try_wait().unwrap().is_none(), "it ended by itself");
            tokio::task::yield_now().await;
        }
        sync.kill().unwrap();
        sync.wait().unwrap();
        salesforce.set_faults(Vec::new());
        let told = stage.run(&["status", "--json"]).await.json();
        assert_eq!(told["state"], "interrupted");
        let sent = told["by_state"].as_array().unwrap();
        left_unknown += sent.iter().filter(|state| state[0] == "sent").count();
        let told = stage.run(&["sync", "--json"]).await;
        assert_eq!(told.code, 0, "{told:?}");
        let state = salesforce.state();
        let mut keys = keys(&state);
        keys.dedup();
        assert_eq!(keys.len(), ACTIVITIES);
        assert_eq!(
            state["sobjects"]["Task"].as_array().unwrap().len(),
            ACTIVITIES
        );
    }
    assert_eq!(
        left_unknown as u64, kills,
        "not every kill left a write without an answer"
    );
}

/// Killed anywhere, whenever HubSpot has been sent another few batches, until it has been killed often enough.
#[tokio::test(flavor = "multi_thread")]
async fn an_import_that_is_killed_twenty_times_gives_the_same_hubspot_as_one_in_one_go() {
    const TASKS: u64 = 9_000;
    let in_one_go = Stage::tasks(TASKS, 300).await;
    assert_eq!(in_one_go.run(&["import", "--quiet"]).await.code, 0);
    let expected = held(&in_one_go.sandbox.hubspot());
    assert_eq!(expected.values().sum::<u64>(), TASKS);

    let stage = Stage::tasks(TASKS, 300).await;
    let hubspot = stage.sandbox.hubspot();
    let chance = Chance::of(u64::from(std::process::id()));
    let sent = || hubspot.log().count("POST", "/crm/objects/");
    let mut kills = 0;
    while kills < KILLS {
        let until = sent() + 1 + chance.below(4);
        let mut import = stage.command(&["import", "--quiet"]);
        let mut import = import.stdout(Stdio::null()).spawn().unwrap();
        while sent() < until {
            assert!(
                import.try_wait().unwrap().is_none(),
                "it ended after {kills} kills"
            );
            tokio::task::yield_now().await;
        }
        for _ in 0..chance.below(2_000) {
            tokio::task::yield_now().await;
        }
        import.kill().unwrap();
        import.wait().unwrap();
        kills += 1;
    }
    let told = stage.run(&["import", "--json"]).await;
    assert_eq!(told.code, 0, "{told:?}");
    let held = held(&hubspot);
    assert_eq!(difference(&held, &expected), None);
    assert_eq!(held.values().sum::<u64>(), TASKS);
}

/// Whether the ledger says that as many batches have left, and one more.
fn has_sent(stage: &Stage, writes: u64) -> bool {
    let file = stage.file("crosswalk.db");
    let Ok(ledger) = crosswalk_host::ledger::Ledger::open(&file) else {
        return false;
    };
    let done = ledger.count_done().unwrap_or_default();
    let sent = ledger.count_in("sent").unwrap_or_default();
    done == writes * 200 && sent == 200
}
