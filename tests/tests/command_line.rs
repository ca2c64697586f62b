//! Every command, as people and programs use it, against both systems over real HTTP.
#![cfg(feature = "host")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crosswalk_host::ledger::{ImportProgress, ImportScope, Ledger, LinkRow};
use crosswalk_sandbox::{Options, Sandbox, sample};
use crosswalk_tests::program::{Said, Stage, program, said};
use jiff::Timestamp;
use serde_json::{Value, json};

async fn alone(files: &[(&str, &str)], arguments: &[&str]) -> Said {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    said(program(folder.path(), arguments)).await
}

fn has(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "no `{part}` in:\n{text}");
    }
}

const SETTINGS: &str = r#"{"time_zone": "Europe/Helsinki", "portal_id": "8821", "enabled_at": "2026-10-01T06:00:00Z",
 "to_salesforce": {"call": {"enabled": true, "task_type": "Call"}}, "owners": {"integration_user": "005000000000001AAA"}}"#;
const SNAPSHOT: &str = r#"{"now": "2026-11-23T10:00:00Z", "activities": [
 {"id": "501", "kind": "call", "occurred_at": "2026-11-20T08:00:00Z", "contacts": ["101"], "title": "Intro call"},
 {"id": "502", "kind": "call", "occurred_at": "2026-13-20T08:00:00Z"}],
 "contacts": [{"id": "101", "created_at": "2026-09-01T07:00:00Z", "salesforce": {"status": "synced", "object": "Contact", "id": "003000000000001AAA"}}]}"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_first_sync_a_second_and_what_became_of_it() {
    let stage = Stage::sample().await;
    let first = stage.run(&["sync", "--json"]).await;
    assert_eq!(first.code, 3, "{first:?}");
    assert_eq!(first.json()["refused"], 7);
    let created = first.json()["created"].as_u64().unwrap();
    assert!(created > 500, "{created}");
    let second = stage.run(&["sync", "--json"]).await;
    assert_eq!(second.json()["created"], 0);

    let status = stage.run(&["status"]).await;
    assert_eq!(status.code, 3);
    has(
        &status.stdout,
        &[
            "with a Task in Salesforce",
            "crosswalk errors",
            "For whom: ",
            "Read from Salesforce",
        ],
    );
    let errors = stage.run(&["errors"]).await;
    assert_eq!(errors.code, 3);
    has(
        &errors.stdout,
        &[
            "FIELD_CUSTOM_VALIDATION_EXCEPTION",
            "then retry",
            "crosswalk retry",
        ],
    );
    let errors = stage.run(&["errors", "--json"]).await.json();
    assert_eq!(errors.as_array().unwrap().len(), 7);
    let activity = errors[0]["activity"].as_str().unwrap().to_owned();
    let told = stage.run(&["explain", &activity]).await;
    assert_eq!(told.code, 0, "{told:?}");
    let code = errors[0]["code"].as_str().unwrap();
    has(
        &told.stdout,
        &[
            "Seen in HubSpot",
            "create, new",
            "by rules",
            "Sent to Salesforce",
            code,
        ],
    );
    let told = stage.run(&["explain", &activity, "--json"]).await.json();
    assert_eq!(told["writes"][0]["code"], code);
    assert_eq!(told["decisions"][0]["module"], first.json()["module"]);
    let retried = stage.run(&["retry", &activity, "--json"]).await;
    assert_eq!((retried.code, &retried.json()["retried"]), (3, &json!(1)));
}

#[tokio::test(flavor = "multi_thread")]
async fn either_side_tells_the_story_where_only_one_was_seen() {
    for (stage, origin, story) in [
        (
            Stage::both_ways().await,
            "salesforce",
            ["Seen in Salesforce", "Sent to HubSpot"],
        ),
        (
            Stage::sample().await,
            "hubspot",
            ["Seen in HubSpot", "Sent to Salesforce"],
        ),
    ] {
        stage.run(&["sync", "--quiet"]).await;
        let link = link_of(&stage, origin);
        let record = link.task_id.unwrap();
        for name in [&link.activity, &record, &record[..15].to_owned()] {
            let told = stage.run(&["explain", name]).await;
            has(&told.stdout, &story);
        }
        let told = stage.run(&["explain", &record, "--json"]).await.json();
        assert_eq!(told["link"]["activity"], link.activity.as_str());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_side_that_was_seen_tells_its_own_story() {
    let stage = Stage::both_ways().await;
    stage.run(&["sync", "--quiet"]).await;
    stage.run(&["sync", "--quiet"]).await;
    let link = link_of(&stage, "hubspot");
    let told = stage.run(&["explain", &link.task_id.unwrap()]).await;
    let other_side = format!("Its activity in HubSpot: {}", link.activity);
    has(
        &told.stdout,
        &[
            "Seen in Salesforce",
            "says what was synced last",
            &other_side,
        ],
    );
    let told = stage.run(&["explain", &link.activity]).await;
    has(
        &told.stdout,
        &["Seen in HubSpot", "Its Task in Salesforce: "],
    );
}

/// A link of what was born in this system.
fn link_of(stage: &Stage, origin: &str) -> LinkRow {
    let ledger = Ledger::open(&stage.file("crosswalk.db")).unwrap();
    let state = stage.sandbox.salesforce().state();
    let tasks = state["sobjects"]["Task"].as_array().unwrap().iter();
    let ids = tasks.map(|task| task["Id"].as_str().unwrap());
    let mut links = ids.flat_map(|id| ledger.links_of_record(&id[..15]).unwrap());
    links.find(|link| link.origin == origin).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn status_tells_what_is_read_from_salesforce_and_which_import_did_not_end() {
    let stage = Stage::both_ways().await;
    stage.run(&["sync", "--quiet"]).await;
    let told = stage.run(&["status"]).await;
    has(
        &told.stdout,
        &[
            "activities of HubSpot's and",
            "Read from Salesforce",
            "reconciled",
        ],
    );
    let (hubspot, salesforce) = told.stdout.split_once("Read from Salesforce").unwrap();
    assert!(!hubspot.contains("\n Task "), "{hubspot}");
    has(salesforce, &["\n Task ", "\n Event ", "\n Lead "]);
    assert!(!told.stdout.contains("crosswalk import"), "{told:?}");

    let ledger = Ledger::open(&stage.file("crosswalk.db")).unwrap();
    let scope = ImportScope {
        since: Some("2026-01-01T00:00:00Z".parse().unwrap()),
        kinds: "call,task".to_owned(),
    };
    let import = ledger.begin_import(&scope, Timestamp::now()).unwrap();
    let progress = ImportProgress {
        total: 900,
        read: 500,
        ..ImportProgress::default()
    };
    ledger
        .set_import_progress(import, "Task", &progress)
        .unwrap();
    let told = stage.run(&["status"]).await;
    has(
        &told.stdout,
        &[
            "500 of 900",
            "crosswalk import --kind call,task --since 2026-01-01T00:00:00Z",
        ],
    );
    let told = stage.run(&["status", "--json"]).await.json();
    assert_eq!(told["unfinished_imports"][0]["read"], 500);
    ledger.end_import(import, Timestamp::now()).unwrap();
    let told = stage.run(&["status", "--json"]).await.json();
    assert_eq!(told["unfinished_imports"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_says_what_lies_ahead_and_what_it_did() {
    let stage = Stage::both_ways().await;
    let told = stage.run(&["import", "--dry-run"]).await;
    assert_eq!(told.code, 0, "{told:?}");
    has(
        &told.stdout,
        &[
            "in Salesforce",
            "task, email, call, meeting: at most",
            "nothing was written",
        ],
    );
    assert_eq!(
        stage.sandbox.hubspot().log().count("POST", "/batch/create"),
        0
    );
    let told = stage
        .run(&["import", "--kind", "call", "--json"])
        .await
        .json();
    let report = &told["report"];
    let made = &report["to_hubspot"]["by_object"]["calls"]["create"];
    assert!(made.as_u64() > Some(0), "{told}");
    assert_eq!(&report["to_hubspot"]["created"], made);
    let told = stage.run(&["import", "--kind", "call"]).await;
    has(
        &told.stdout,
        &["0 created, 0 updated, 0 deleted in HubSpot"],
    );
    assert!(!told.stdout.contains("in Salesforce\n0"), "{told:?}");
    let told = stage.run(&["import", "--kind", "letter"]).await;
    assert_eq!(told.code, 2);
    has(
        &told.stderr,
        &[
            "`letter` is no kind of record",
            "Kinds are task, email, call, meeting.",
        ],
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_previewed_is_what_happens() {
    let stage = Stage::sample().await;
    let preview = stage.run(&["preview", "--json"]).await;
    assert_eq!(preview.code, 0, "{preview:?}");
    let plan = preview.json();
    let digest = plan["digest"].as_str().unwrap();
    assert_eq!(stage.sandbox.salesforce().log().count("PATCH", "/"), 0);
    let other = format!("sha256:{}", "0".repeat(64));
    let changed = stage.run(&["sync", "--plan", &other]).await;
    assert_eq!(changed.code, 4, "{changed:?}");
    has(&changed.stderr, &["the plan has changed", digest]);
    let done = stage
        .run(&["sync", "--plan", digest, "--json"])
        .await
        .json();
    assert_eq!(done["by_action"], plan["summary"]["by_action"]);
    assert_eq!(
        done["created"].as_u64().unwrap() + done["refused"].as_u64().unwrap(),
        plan["summary"]["by_action"]["create"].as_u64().unwrap()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_snapshot_taken_live_is_planned_offline_to_the_same_plan() {
    let stage = Stage::sample().await;
    let taken = stage.run(&["snapshot", "--output", "snapshot.json"]).await;
    assert_eq!(taken.code, 0, "{taken:?}");
    let live = stage.run(&["preview", "--json"]).await.json();
    let offline = stage
        .run(&["preview", "--snapshot", "snapshot.json", "--json"])
        .await;
    assert_eq!(offline.code, 0, "{offline:?}");
    let offline = offline.json();
    assert_eq!(
        offline["summary"]["by_action"],
        live["summary"]["by_action"]
    );
    assert_eq!(
        offline["summary"]["by_reason"],
        live["summary"]["by_reason"]
    );
    assert!(live["digest"].is_string());
    assert_eq!(offline["digest"], live["digest"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_snapshot_of_both_directions_is_planned_offline_to_the_same_plans() {
    let stage = Stage::both_ways().await;
    let (live, nothing_synced) = plans(&stage).await;
    for digest in ["/digest", "/to_salesforce/digest", "/to_hubspot/digest"] {
        let of = |plans: &Value| {
            plans
                .pointer(digest)
                .and_then(Value::as_str)
                .map(str::to_owned)
        };
        assert_eq!(
            (of(&nothing_synced), of(&live).is_some()),
            (of(&live), true),
            "{digest}"
        );
    }
    for calls in [
        "/to_salesforce/summary/salesforce_calls",
        "/to_hubspot/summary/hubspot_calls",
    ] {
        assert_eq!(
            nothing_synced.pointer(calls),
            live.pointer(calls),
            "{calls}"
        );
    }
    assert!(
        nothing_synced["to_hubspot"]["summary"]["by_action"]["create"].as_u64() > Some(0),
        "{}",
        nothing_synced["to_hubspot"]["summary"]
    );
    let digest = nothing_synced["digest"].as_str().unwrap();
    let done = stage.run(&["sync", "--plan", digest, "--json"]).await;
    let done = done.json();
    let number = |pointer: &str, of: &Value| of.pointer(pointer).and_then(Value::as_u64).unwrap();
    let planned = number("/to_salesforce/summary/by_action/create", &nothing_synced)
        + number("/to_hubspot/summary/by_action/create", &nothing_synced);
    let written = number("/created", &done) + number("/to_hubspot/created", &done);
    assert_eq!(written + number("/refused", &done), planned);
    // What is linked is planned from both sides.
    change_a_synced_task(&stage).await;
    let (live, changed) = plans(&stage).await;
    assert_eq!(updates(&changed), updates(&live));
    let [to_salesforce, to_hubspot] = updates(&changed);
    assert_eq!((to_salesforce.len(), to_hubspot.len()), (0, 1));
}

/// What is updated in each direction, by what is written.
fn updates(plans: &Value) -> [Vec<&str>; 2] {
    ["to_salesforce", "to_hubspot"].map(|direction| {
        let decisions = plans[direction]["decisions"].as_array().unwrap().iter();
        let updates = decisions.filter(|decision| decision["action"] == "update");
        let written = updates.map(|decision| decision["fingerprint"].as_str().unwrap());
        written.collect()
    })
}

/// The plans of both directions, live and of a snapshot.
async fn plans(stage: &Stage) -> (Value, Value) {
    let taken = stage.run(&["snapshot", "--output", "snapshot.json"]).await;
    assert_eq!(taken.code, 0, "{taken:?}");
    has(&taken.stderr, &["activities and", "records written to"]);
    let live = stage.run(&["preview", "--json"]).await.json();
    let offline = stage
        .run(&["preview", "--snapshot", "snapshot.json", "--json"])
        .await;
    assert_eq!(offline.code, 0, "{offline:?}");
    (live, offline.json())
}

/// A person changes a Task's subject whose activity came from HubSpot.
async fn change_a_synced_task(stage: &Stage) {
    let state = stage.sandbox.salesforce().state();
    let tasks = state["sobjects"]["Task"].as_array().unwrap();
    let is_ours = |task: &&Value| {
        let key = task[sample::KEY_FIELD].as_str();
        key.is_some_and(|key| key.contains(":call:")) && task["IsDeleted"] != true
    };
    let task = tasks.iter().find(is_ours).unwrap();
    let path = format!(
        "/services/data/v67.0/sobjects/Task/{}",
        task["Id"].as_str().unwrap()
    );
    let request = http::Request::patch(path)
        .header("authorization", format!("Bearer {}", sample::PERSON_TOKEN))
        .header("content-type", "application/json")
        .body(
            json!({"Subject": "Somebody changed this"})
                .to_string()
                .into(),
        );
    let answer = stage.sandbox.salesforce().call(request.unwrap()).await;
    assert_eq!(answer.unwrap().status(), 204);
}

#[tokio::test]
async fn an_offline_preview_needs_no_connection() {
    let files = [("settings.json", SETTINGS), ("snapshot.json", SNAPSHOT)];
    let arguments = [
        "preview",
        "--snapshot",
        "snapshot.json",
        "--settings",
        "settings.json",
    ];
    let told = alone(&files, &arguments).await;
    assert_eq!(told.code, 0, "{told:?}");
    has(
        &told.stdout,
        &[
            "call:501",
            "create",
            "Call: Intro call",
            "call:502",
            "invalid_record",
        ],
    );
    let plan = alone(&files, &[&arguments[..], &["--json"]].concat())
        .await
        .json();
    assert_eq!(plan["decisions"][0]["task"]["Subject"], "Call: Intro call");
    assert_eq!(
        plan["decisions"][1]["warnings"][0]["path"],
        "activities[1].occurred_at"
    );
}

const RECORDS: &str = r#"{"now": "2026-11-23T10:00:00Z", "digest": true, "records": [
 {"id": "00T000000000001AAA", "object": "Task", "created_at": "2026-11-20T08:00:00Z", "modified_at": "2026-11-20T08:00:00Z",
  "subject": "Ask about the offer", "status": "Not Started", "who_id": "003000000000001AAA"},
 {"id": "00T000000000002AAA", "object": "Task", "created_at": "2026-11-20T08:00:00Z", "modified_at": "2026-11-20T08:00:00Z"}],
 "contacts": [{"id": "101", "created_at": "2026-09-01T07:00:00Z", "salesforce": {"status": "synced", "object": "Contact", "id": "003000000000001AAA"}}]}"#;

#[tokio::test]
async fn what_a_snapshot_holds_is_what_is_planned() {
    let settings = SETTINGS.replace(
        r#""owners""#,
        r#""to_hubspot": {"task": {"enabled": true}}, "owners""#,
    );
    let mut both: Value = serde_json::from_str(RECORDS).unwrap();
    let activities: Value = serde_json::from_str(SNAPSHOT).unwrap();
    both["activities"] = activities["activities"].clone();
    let both = both.to_string();
    let files = [
        ("settings.json", settings.as_str()),
        ("records.json", RECORDS),
        ("both.json", both.as_str()),
    ];
    let preview = |snapshot: &'static str| {
        [
            "preview",
            "--settings",
            "settings.json",
            "--snapshot",
            snapshot,
        ]
    };
    let plan = |snapshot: &'static str| [&preview(snapshot)[..], &["--json"]].concat();
    let records = alone(&files, &plan("records.json")).await.json();
    assert_eq!(records["decisions"][0]["record"], "00T000000000001AAA");
    assert_eq!(records["summary"]["hubspot_calls"], 1);
    let plans = alone(&files, &plan("both.json")).await.json();
    assert_eq!(plans["to_hubspot"], records);
    let first = &plans["to_salesforce"]["decisions"][0];
    assert_eq!(first["activity"], "call:501");
    assert!(plans["digest"] != records["digest"] && plans["digest"].is_string());

    let told = alone(&files, &preview("both.json")).await;
    has(
        &told.stdout,
        &[
            "HubSpot to Salesforce\n",
            "Call: Intro call",
            "Salesforce to HubSpot\n",
            "Ask about the offer",
            "no_contact",
            "2 activities and 2 records; 1 call to Salesforce, 1 call to HubSpot; nothing was written",
            plans["digest"].as_str().unwrap(),
        ],
    );
    let told = alone(&files, &preview("records.json")).await;
    has(
        &told.stdout,
        &["Ask about the offer", "0 activities and 2 records"],
    );
    assert!(!told.stdout.contains("HubSpot to Salesforce"), "{told:?}");
}

#[tokio::test]
async fn wrong_settings_are_told_with_file_line_and_key() {
    let toml = "[sync]\ntime_zone = \"Europe/Helsinki\"\nportal_id = \"8821\"\nenabled_at = 2026-10-01T06:00:00Z\n[sync.owners]\nintegration_usr = \"005\"\n";
    let files = [("crosswalk.toml", toml), ("snapshot.json", SNAPSHOT)];
    let told = alone(&files, &["preview", "--snapshot", "snapshot.json"]).await;
    assert_eq!(told.code, 2, "{told:?}");
    has(
        &told.stderr,
        &[
            "crosswalk.toml:6",
            "sync.owners.integration_usr",
            "integration_user",
        ],
    );
    let unknown = SETTINGS.replace("Europe/Helsinki", "Europe/Helsingfors");
    let files = [
        ("settings.json", unknown.as_str()),
        ("snapshot.json", SNAPSHOT),
    ];
    let told = alone(
        &files,
        &[
            "preview",
            "--snapshot",
            "snapshot.json",
            "--settings",
            "settings.json",
        ],
    )
    .await;
    assert_eq!(told.code, 2, "{told:?}");
    has(&told.stderr, &["settings.json:1", "time_zone"]);
}

#[tokio::test]
async fn what_is_missing_is_told_with_where_to_set_it() {
    let told = alone(
        &[("settings.json", SETTINGS)],
        &["sync", "--settings", "settings.json"],
    )
    .await;
    assert_eq!(told.code, 2, "{told:?}");
    has(&told.stderr, &["CROSSWALK_HUBSPOT_TOKEN"]);
    let told = alone(&[], &["status"]).await;
    assert_eq!(told.code, 1, "{told:?}");
    has(&told.stderr, &["there is no ledger", "crosswalk sync"]);
    let told = alone(&[], &["preview", "--snapshot", "none.json"]).await;
    assert_eq!(told.code, 2, "{told:?}");
    let files = [("settings.json", SETTINGS), ("snapshot.json", "[1, 2")];
    let arguments = [
        "preview",
        "--snapshot",
        "snapshot.json",
        "--settings",
        "settings.json",
    ];
    let told = alone(&files, &arguments).await;
    assert_eq!(told.code, 2, "{told:?}");
    has(&told.stderr, &["snapshot.json"]);
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_ends_the_sync_clearly_and_the_next_one_carries_on() {
    let stage = Stage::load(1_000, 100).await;
    let sync = stage.command(&["sync", "--quiet"]);
    // No file may grow beyond a megabyte or so, as on a disk that is full then.
    let mut limited = std::process::Command::new("sh");
    limited
        .args(["-c", "trap '' XFSZ; ulimit -f 2000; exec \"$0\" \"$@\""])
        .arg(sync.get_program())
        .args(sync.get_args())
        .current_dir(sync.get_current_dir().unwrap());
    for (name, value) in sync.get_envs() {
        if let Some(value) = value {
            limited.env(name, value);
        }
    }
    let told = said(limited).await;
    assert_eq!(told.code, 1, "{told:?}");
    has(&told.stderr, &["the ledger", "disk"]);
    let told = stage.run(&["sync", "--json"]).await;
    assert_eq!(told.code, 0, "{told:?}");
    assert_eq!(tasks(&stage.sandbox.salesforce().state()), 1_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_syncs_of_one_ledger_never_run_at_once() {
    let stage = Stage::load(2_000, 100).await;
    let mut first = stage.command(&["sync", "--quiet"]);
    let mut first = first.stdout(std::process::Stdio::null()).spawn().unwrap();
    let ledger = stage.file("crosswalk.db");
    while !ledger.exists() {
        tokio::task::yield_now().await;
    }
    let second = stage.run(&["sync"]).await;
    let first = tokio::task::spawn_blocking(move || first.wait()).await;
    assert!(first.unwrap().unwrap().success());
    if second.code != 0 {
        has(&second.stderr, &["another crosswalk"]);
    }
    assert_eq!(tasks(&stage.sandbox.salesforce().state()), 2_000);
}

fn tasks(state: &Value) -> usize {
    state["sobjects"]["Task"].as_array().unwrap().len()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sandbox_says_where_it_is_in_one_line() {
    use std::io::{BufRead, BufReader};
    let folder = tempfile::tempdir().unwrap();
    let mut command = program(folder.path(), &["sandbox", "--empty", "--json"]);
    let mut sandbox = command
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut output = BufReader::new(sandbox.stdout.take().unwrap());
    output.read_line(&mut line).unwrap();
    sandbox.kill().unwrap();
    sandbox.wait().unwrap();
    let told: Value = serde_json::from_str(&line).unwrap();
    assert_eq!(told["salesforce"]["version"], "67.0");
    has(
        told["hubspot"]["url"].as_str().unwrap(),
        &["http://127.0.0.1:"],
    );
}

#[tokio::test]
async fn the_demo_tells_everything_and_ends() {
    let told = alone(&[], &["demo", "--json", "--ledger", "demo.db"]).await;
    assert_eq!(told.code, 0, "{told:?}");
    let told = told.json();
    assert_eq!(told["synced"]["refused"], 8);
    assert!(told["synced"]["to_hubspot"]["created"].as_u64() > Some(20));
    let again = &told["again"];
    assert_eq!(
        (&again["created"], &again["updated"]),
        (&json!(0), &json!(0))
    );
    let to_hubspot = &again["to_hubspot"];
    assert_eq!(
        (&to_hubspot["created"], &to_hubspot["updated"]),
        (&json!(0), &json!(0))
    );
    // Its own Tasks come back, and nothing of them is written.
    assert!(to_hubspot["by_reason"]["echo"].as_u64() > Some(100));
}

#[tokio::test]
async fn the_demo_shows_both_directions() {
    let told = alone(&[], &["demo", "--ledger", "demo.db"]).await;
    assert_eq!(told.code, 0, "{told:?}");
    has(
        &told.stdout,
        &[
            "from HubSpot to Salesforce, and why",
            "from Salesforce to HubSpot",
            "child_event",
            " created in Salesforce, ",
            " in HubSpot; 8 refused, 0 to be tried again",
            "VALIDATION_RULE_VIOLATION",
            "0 created, 0 updated in Salesforce; 0 created, 0 updated in HubSpot",
            "Its Task in Salesforce: ",
            "Seen in Salesforce",
            "Sent to HubSpot",
            "Its activity in HubSpot: ",
        ],
    );
    assert!(!told.stdout.contains("\n\n\n"), "{}", told.stdout);
}

#[tokio::test]
async fn the_version_names_the_rules() {
    let told = alone(&[], &["--version"]).await;
    has(
        &told.stdout,
        &[crosswalk_host::rules::EMBEDDED_SHA256, "rustc"],
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_is_one_object_for_programs() {
    let settings = SETTINGS.replace("integration_user", "integration_usr");
    let files = [
        ("settings.json", settings.as_str()),
        ("snapshot.json", SNAPSHOT),
        ("broken.toml", "[budget]\nhubspot = \"most\"\n"),
    ];
    let offline = ["preview", "--snapshot", "snapshot.json", "--json"];
    for (arguments, exit, code) in [
        (
            [&offline[..], &["--settings", "settings.json"]].concat(),
            2,
            "settings_invalid",
        ),
        (offline.to_vec(), 2, "settings_missing"),
        (
            vec!["preview", "--config", "broken.toml", "--json"],
            2,
            "config_invalid",
        ),
        (
            vec!["preview", "--config", "none.toml", "--json"],
            2,
            "file_unreadable",
        ),
        (vec!["status", "--json"], 1, "ledger_missing"),
        (vec!["stauts", "--json"], 2, "usage"),
    ] {
        let told = alone(&files, &arguments).await;
        assert_eq!((told.code, told.stdout.as_str()), (exit, ""), "{told:?}");
        let error = told.error();
        assert_eq!(error["code"], code, "{told:?}");
        assert!(error["message"].is_string(), "{told:?}");
        assert!(error["hint"].is_string(), "{told:?}");
    }
    let told = alone(
        &files,
        &[&offline[..], &["--settings", "settings.json"]].concat(),
    )
    .await;
    assert_eq!(told.error()["path"], "owners.integration_usr");

    let stage = Stage::sample().await;
    let mut wrong_token = stage.command(&["sync", "--json"]);
    wrong_token.env("CROSSWALK_HUBSPOT_TOKEN", "wrong");
    let told = said(wrong_token).await;
    assert_eq!(told.code, 1, "{told:?}");
    assert_eq!(told.last_error()["code"], "hubspot_unauthorized");
    has(&told.stderr, &["CROSSWALK_HUBSPOT_TOKEN"]);
    let mut no_system = stage.command(&["sync", "--json"]);
    no_system.env("CROSSWALK_HUBSPOT_URL", "ftp://127.0.0.1");
    let told = said(no_system).await;
    assert_eq!(told.code, 2, "{told:?}");
    assert_eq!(told.error()["path"], "hubspot.url");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pass_that_failed_is_told_by_status_until_one_goes_through() {
    let stage = Stage::load(100, 10).await;
    let mut sync = stage.command(&["sync", "--json"]);
    // Nobody listens there.
    sync.env("CROSSWALK_SALESFORCE_URL", "http://127.0.0.1:1");
    let told = said(sync).await;
    assert_eq!(told.code, 1, "{told:?}");
    let status = stage.run(&["status", "--json"]).await;
    assert_eq!(status.code, 3, "{status:?}");
    let status = status.json();
    assert_eq!(status["state"], "pass_failed");
    let pass = &status["last_pass"];
    assert!(pass["ended_at"].is_string(), "{pass}");
    assert_eq!(pass["failure"]["code"], "salesforce_unreachable");
    assert_eq!(pass["failure"]["class"], "retry");
    let status = stage.run(&["status"]).await;
    has(
        &status.stdout,
        &[
            "the last pass failed",
            "http://127.0.0.1:1",
            "CROSSWALK_SALESFORCE_URL",
            "The next pass carries on.",
        ],
    );
    assert_eq!(stage.run(&["sync", "--quiet"]).await.code, 0);
    let status = stage.run(&["status", "--json"]).await.json();
    assert_eq!(status["state"], "well");
    assert_eq!(status["last_pass"].get("failure"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_weaker_is_told() {
    let stage = Stage::sample().await;
    let config = std::fs::read_to_string(stage.file("crosswalk.toml")).unwrap();
    let mut config: toml::Table = config.parse().unwrap();
    let sync = config["sync"].as_table_mut().unwrap();
    sync.remove("salesforce");
    let kinds = sync["to_salesforce"].as_table_mut().unwrap();
    for kind in ["marketing_email_opened", "sales_content_viewed"] {
        kinds.insert(
            kind.to_owned(),
            toml::Table::from_iter([("enabled".to_owned(), true.into())]).into(),
        );
    }
    let types = [("sales_content_viewed", vec!["e_no_such_type"])];
    config.insert(
        "event_types".to_owned(),
        toml::Table::from_iter(types.map(|(kind, names)| (kind.to_owned(), names.into()))).into(),
    );
    std::fs::write(stage.file("crosswalk.toml"), config.to_string()).unwrap();
    let weaker = [
        "no salesforce.key_field",
        "sales_content_viewed: no feed: HubSpot lists no type of event that is called e_no_such_type",
    ];
    let told = stage.run(&["preview"]).await;
    has(&told.stderr, &weaker);
    has(&told.stderr, &["warning:"]);
    let told = stage.run(&["preview", "--quiet"]).await;
    assert_eq!(told.stderr, "");
    let told = stage.run(&["preview", "--json"]).await;
    assert_eq!(told.stderr, "");
    has(&told.json()["notes"].to_string(), &weaker);
    assert!(
        told.json()["marketing_opens"]["all"].as_u64() > Some(10),
        "{told:?}"
    );
    let told = stage.run(&["sync", "--json"]).await;
    has(&told.json()["warnings"].to_string(), &weaker);
    let told = stage.run(&["status"]).await;
    has(
        &told.stdout,
        &["On, but not read", "no feed", "e_no_such_type"],
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preview_leaves_the_ledger_as_it_was() {
    let stage = Stage::sample().await;
    let told = stage.run(&["preview", "--json"]).await;
    assert_eq!(told.code, 0, "{told:?}");
    let file = stage.file("crosswalk.db");
    let ledger = Ledger::open(&file).unwrap();
    assert_eq!(ledger.fact("portal").unwrap(), None);
    let health = serde_json::to_value(ledger.health().unwrap()).unwrap();
    assert_eq!(
        (&health["activities"], &health["cursors"]),
        (&json!(0), &json!([]))
    );
    drop(ledger);
    let content = || std::fs::read(&file).unwrap();
    let before = content();
    for arguments in [&["preview", "--quiet"][..], &["snapshot"]] {
        assert_eq!(stage.run(arguments).await.code, 0);
        assert!(content() == before, "{arguments:?}");
    }
    stage.run(&["sync", "--quiet"]).await;
    let after = content();
    assert!(after != before);
    stage.run(&["preview", "--quiet"]).await;
    assert!(content() == after);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_share_of_the_day_is_used() {
    let stage = Stage::sample().await;
    let (mut hubspot, salesforce) = sample::sample(1, Timestamp::now());
    hubspot.portal.daily_requests = 100;
    hubspot.portal.used_requests = 50;
    let sandbox = Sandbox::with_data(Options::default(), hubspot, salesforce);
    let sandbox = sandbox.serve(0, 0).await.unwrap();
    let config = std::fs::read_to_string(stage.file("crosswalk.toml")).unwrap();
    let config = format!("{config}\n[budget]\nhubspot = \"50%\"\n");
    std::fs::write(stage.file("crosswalk.toml"), config).unwrap();
    let mut sync = stage.command(&["sync", "--json"]);
    sync.env("CROSSWALK_HUBSPOT_URL", &sandbox.hubspot_url)
        .env("CROSSWALK_SALESFORCE_URL", &sandbox.salesforce_url);
    let told = said(sync).await;
    assert_eq!(told.code, 1, "{told:?}");
    let error = told.last_error();
    assert_eq!(error["code"], "hubspot_limit");
    has(
        &error.to_string(),
        &["DAILY_SHARE_USED", "budget.hubspot in crosswalk.toml"],
    );
}

#[tokio::test]
async fn the_demo_says_where_its_ledger_is() {
    let told = alone(&[], &["demo", "--help"]).await;
    has(&told.stdout, &["crosswalk-demo.db"]);
    assert!(!told.stdout.contains("crosswalk.db"), "{told:?}");
}
