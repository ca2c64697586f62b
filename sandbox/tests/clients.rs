//! Real clients from npm and PyPI against the sandbox, over real HTTP: `tests/clients/*.test.mjs`
//! and `*_test.py`, each with a sandbox of its own.

#![allow(clippy::unwrap_used, reason = "a test may fail this way")]

use std::path::{Path, PathBuf};
use std::process::Output;

use crosswalk_sandbox::hubspot::{
    self, EmailEvent, EmailEventType, EventOccurrence, Form, HubSpotData, ObjectType, Owner,
    OwnerType, Record, Submission,
};
use crosswalk_sandbox::salesforce::{self, SalesforceData, record_id};
use crosswalk_sandbox::{Options, Sandbox, SandboxClock};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use tokio::process::Command;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/clients")
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_from_npm_work_unchanged() {
    bring_npm_packages().await;
    for test in tests(".test.mjs") {
        let mut node = Command::new("node");
        node.arg("--test").arg(&test);
        run_with_sandbox(
            node,
            &format!("node --test {}", test.display()),
            INSTALL_NODE,
        )
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_from_pypi_work_unchanged() {
    bring_pypi_packages().await;
    for test in tests("_test.py") {
        let mut python = Command::new(folder().join(PYTHON));
        python.arg(&test);
        run_with_sandbox(
            python,
            &format!("{PYTHON} {}", test.display()),
            INSTALL_PYTHON,
        )
        .await;
    }
}

async fn run_with_sandbox(mut command: Command, name: &str, missing: &str) {
    let sandbox = Sandbox::with_data(options(), portal(), org());
    let running = sandbox.serve(0, 0).await.unwrap();
    command
        .env("CROSSWALK_SANDBOX_HUBSPOT_URL", &running.hubspot_url)
        .env("CROSSWALK_SANDBOX_HUBSPOT_TOKEN", hubspot::DEFAULT_TOKEN)
        .env("CROSSWALK_SANDBOX_SALESFORCE_URL", &running.salesforce_url)
        .env(
            "CROSSWALK_SANDBOX_SALESFORCE_TOKEN",
            salesforce::DEFAULT_TOKEN,
        );
    run(command, name, missing).await;
    running.shutdown().await;
}

/// The packages as the lock file names them, unless they are there.
async fn bring_npm_packages() {
    if folder().join("node_modules").is_dir() {
        return;
    }
    let mut npm = Command::new("npm");
    npm.args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"]);
    run(npm, "npm ci", INSTALL_NODE).await;
}

/// The packages that `requirements.txt` names, unless they are there.
async fn bring_pypi_packages() {
    let (wanted, brought) = (
        folder().join("requirements.txt"),
        folder().join(".venv/brought.txt"),
    );
    let is_there = std::fs::read(&brought).ok() == Some(std::fs::read(&wanted).unwrap());
    if is_there {
        return;
    }
    let mut venv = Command::new("python3");
    venv.args(["-m", "venv", "--clear", ".venv"]);
    run(venv, "python3 -m venv", INSTALL_PYTHON).await;
    let mut pip = Command::new(folder().join(PYTHON));
    pip.args(["-m", "pip", "install", "--quiet", "--no-deps"])
        .args(["--requirement", "requirements.txt"]);
    run(pip, "pip install", INSTALL_PYTHON).await;
    std::fs::copy(wanted, brought).unwrap();
}

const PYTHON: &str = ".venv/bin/python";
const INSTALL_NODE: &str = "install Node 20 or later";
const INSTALL_PYTHON: &str = "install Python 3.10 or later, with venv";

async fn run(mut command: Command, name: &str, missing: &str) {
    let ended = command.current_dir(folder()).output().await;
    let Output {
        status,
        stdout,
        stderr,
    } = ended.unwrap_or_else(|error| panic!("{name}: {error}; {missing}"));
    assert!(
        status.success(),
        "{name} in {} failed ({missing})\n{}\n{}",
        folder().display(),
        String::from_utf8_lossy(&stdout),
        String::from_utf8_lossy(&stderr)
    );
}

fn tests(ending: &str) -> Vec<PathBuf> {
    let files = std::fs::read_dir(folder())
        .unwrap()
        .map(|file| file.unwrap().path());
    let mut tests: Vec<_> = files
        .filter(|file| file.to_string_lossy().ends_with(ending))
        .collect();
    tests.sort();
    assert!(!tests.is_empty(), "no *{ending} in {}", folder().display());
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
    happened(&mut data);
    data
}

/// A form with a submission, an email that was opened, and a document that was looked at.
fn happened(data: &mut HubSpotData) {
    let moment: Timestamp = "2026-11-20T08:00:00Z".parse().unwrap();
    data.forms.push(Form {
        id: "a1b2c3d4-0000-4000-8000-000000000001".to_owned(),
        name: "Contact us".to_owned(),
        created_at: moment,
        updated_at: moment,
        archived: false,
        fields: vec!["email".into()],
        submissions: vec![Submission {
            number: 1,
            submitted_at: moment,
            page_url: "https://example.com/".to_owned(),
            values: vec![("email".into(), "aino@example.com".to_owned())],
        }],
    });
    data.email_events.push(EmailEvent {
        number: 1,
        created: moment.as_millisecond(),
        campaign: 1,
        recipient: "aino@example.com".into(),
        event_type: EmailEventType::Open,
        filtered: false,
        sent_by: None,
    });
    data.event_occurrences.push(EventOccurrence {
        number: 1,
        occurred_at: moment,
        event_type: "e_viewed_document".into(),
        object: (ObjectType::Contact, 101),
        properties: Vec::new(),
    });
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
