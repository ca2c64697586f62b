//! Real clients from npm against the sandbox, over real HTTP: `tests/clients/*.test.mjs`, each
//! with a sandbox of its own.

#![allow(clippy::unwrap_used, reason = "a test may fail this way")]

use std::path::{Path, PathBuf};
use std::process::Output;

use crosswalk_sandbox::hubspot::{self, HubSpotData, ObjectType, Owner, OwnerType, Record};
use crosswalk_sandbox::salesforce::{self, SalesforceData, record_id};
use crosswalk_sandbox::{Options, Sandbox, SandboxClock};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use tokio::process::Command;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/clients")
}

#[tokio::test(flavor = "multi_thread")]
async fn real_clients_work_unchanged() {
    bring_packages().await;
    for test in tests() {
        let sandbox = Sandbox::with_data(options(), portal(), org());
        let running = sandbox.serve(0, 0).await.unwrap();
        let mut node = Command::new("node");
        node.arg("--test")
            .arg(&test)
            .current_dir(folder())
            .env("CROSSWALK_SANDBOX_HUBSPOT_URL", &running.hubspot_url)
            .env("CROSSWALK_SANDBOX_HUBSPOT_TOKEN", hubspot::DEFAULT_TOKEN)
            .env("CROSSWALK_SANDBOX_SALESFORCE_URL", &running.salesforce_url)
            .env(
                "CROSSWALK_SANDBOX_SALESFORCE_TOKEN",
                salesforce::DEFAULT_TOKEN,
            );
        run(node, &format!("node --test {}", test.display())).await;
        running.shutdown().await;
    }
}

/// The packages as the lock file names them, unless they are there.
async fn bring_packages() {
    if folder().join("node_modules").is_dir() {
        return;
    }
    let mut npm = Command::new("npm");
    npm.args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"])
        .current_dir(folder());
    run(npm, "npm ci").await;
}

async fn run(mut command: Command, name: &str) {
    let ended = command.output().await;
    let Output {
        status,
        stdout,
        stderr,
    } = ended.unwrap_or_else(|error| panic!("{name}: {error}; install Node 20 or later"));
    assert!(
        status.success(),
        "{name} in {} failed\n{}\n{}",
        folder().display(),
        String::from_utf8_lossy(&stdout),
        String::from_utf8_lossy(&stderr)
    );
}

fn tests() -> Vec<PathBuf> {
    let files = std::fs::read_dir(folder())
        .unwrap()
        .map(|file| file.unwrap().path());
    let mut tests: Vec<_> = files
        .filter(|file| file.to_string_lossy().ends_with(".test.mjs"))
        .collect();
    tests.sort();
    assert!(!tests.is_empty(), "no *.test.mjs in {}", folder().display());
    tests
}

fn start() -> Timestamp {
    "2026-11-23T10:00:00Z".parse().unwrap()
}

/// The clock runs, since clients wait for limits to pass.
fn options() -> Options {
    Options {
        clock: SandboxClock::starting_at(start()),
        search_lag: SignedDuration::ZERO,
        ..Options::default()
    }
}

/// 450 calls by a minute each, two contacts who share them, an owner who is there and one who left.
fn portal() -> HubSpotData {
    let mut data = HubSpotData::default();
    let begin = start() - SignedDuration::from_hours(24);
    for (id, email) in [(101, "aino@example.com"), (102, "otto@example.com")] {
        data.push(
            ObjectType::Contact,
            Record::new(id, begin)
                .with("email", email)
                .with("salesforcecontactid", format!("003000000000{id}AAA"))
                .with_version(
                    "salesforcecontactid",
                    format!("003000000000{id}AAA"),
                    begin + SignedDuration::from_mins(5),
                ),
        );
    }
    for id in 1_001..=1_450 {
        let moment = begin + SignedDuration::from_mins(id - 1_000);
        let id = id.unsigned_abs();
        data.push(
            ObjectType::Call,
            Record::new(id, moment)
                .with("hs_timestamp", moment.to_string())
                .with("hs_call_title", format!("Call {id}"))
                .with("hs_call_direction", "OUTBOUND")
                .with("hubspot_owner_id", "77"),
        );
        data.associate((ObjectType::Call, id), (ObjectType::Contact, 101 + id % 2));
    }
    let owner = |id, archived| Owner {
        id,
        email: Some(format!("owner{id}@example.com")),
        owner_type: OwnerType::Person,
        first_name: Some("Sam".to_owned()),
        last_name: Some("Oy".to_owned()),
        user_id: Some(1_000 + id),
        created_at: begin,
        updated_at: begin,
        archived,
        teams: Vec::new(),
    };
    data.owners = vec![owner(77, false), owner(78, true)];
    data
}

/// 4,500 tasks with one contact, a second contact, a user who left, and a key field.
fn org() -> SalesforceData {
    let mut data = SalesforceData {
        key_field: Some("Crosswalk_Key__c".to_owned()),
        ..SalesforceData::default()
    };
    data.push(
        "User",
        json!({ "Id": record_id("005", 3), "Username": "left@example.com", "Email": "left@example.com", "LastName": "Left", "IsActive": false }),
    );
    for (number, email) in [(1, "aino@example.com"), (2, "otto@example.com")] {
        data.push(
            "Contact",
            json!({ "Id": record_id("003", number), "LastName": "Aalto", "Email": email }),
        );
    }
    for number in 1..=4_500 {
        data.push(
            "Task",
            json!({
                "Id": record_id("00T", number), "Subject": format!("Task {number}"), "WhoId": record_id("003", 1),
                "Crosswalk_Key__c": format!("hubspot:8821:call:{number}"), "CreatedDate": "2026-11-22T10:00:00Z",
            }),
        );
    }
    data
}
