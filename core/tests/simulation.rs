//! A simulation says what the plan says, however the snapshot is cut and however it is stepped.
#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a test fails by panicking"
)]

use crosswalk_core::{Error, Rules, Simulation, SnapshotParts, WholeSnapshot};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::rc::Rc;

type Planner = fn(&Rules, &[u8]) -> Result<Vec<u8>, Error>;
type Simulator = fn(Rc<Rules>, Rc<WholeSnapshot>) -> Result<Simulation, Error>;

const DIRECTIONS: [(Planner, Simulator); 2] = [
    (Rules::plan_to_salesforce_json, Simulation::to_salesforce),
    (Rules::plan_to_hubspot_json, Simulation::to_hubspot),
];

fn read(snapshot: &[u8], size: usize) -> Result<WholeSnapshot, Error> {
    let mut parts = SnapshotParts::new();
    for part in snapshot.chunks(size) {
        parts.append(part)?;
    }
    parts.close()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// All of a simulation, as a plan is written but for its digest.
fn simulated(simulation: &mut Simulation, step: usize) -> String {
    while !simulation.step(step) {}
    let page = simulation.page_json(br#"{"limit": 10000}"#).unwrap();
    let total = simulation.total();
    let decisions = page
        .strip_prefix(&format!(r#"{{"total":{total},"offset":0,"#))
        .unwrap_or_else(|| panic!("{page}"))
        .strip_suffix('}')
        .unwrap();
    let warnings = match simulation.warnings_json().as_str() {
        "[]" => String::new(),
        warnings => format!(r#","warnings":{warnings}"#),
    };
    format!(
        r#"{{{decisions},"summary":{}{warnings}"#,
        simulation.summary_json()
    )
}

/// The documents of every case in the corpus, as they go in.
fn corpus() -> Vec<(PathBuf, Vec<u8>, Vec<u8>)> {
    let files = |folder: &Path| -> Vec<PathBuf> {
        let entries = std::fs::read_dir(folder).unwrap();
        entries.map(|entry| entry.unwrap().path()).collect()
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/corpus");
    let folders = files(&root).into_iter();
    let documents = folders.flat_map(|rule| files(&rule)).map(|file| {
        let case: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
        let document = |name: &str| match &case[format!("{name}_text")] {
            Value::String(text) => text.clone().into_bytes(),
            _ => case[name].to_string().into_bytes(),
        };
        (file, document("settings"), document("snapshot"))
    });
    documents.collect()
}

#[test]
fn the_corpus_is_simulated_as_it_is_planned() {
    let (mut planned, mut refused) = (0, 0);
    for (file, settings, snapshot) in corpus() {
        let Ok(rules) = Rules::from_json(&settings) else {
            continue;
        };
        let rules = Rc::new(rules);
        for (position, size) in [1, 7, 100, usize::MAX].into_iter().enumerate() {
            let whole = read(&snapshot, size).map(Rc::new);
            for (plan, simulate) in DIRECTIONS {
                match (plan(&rules, &snapshot), &whole) {
                    (Ok(plan), Ok(whole)) => {
                        let mut simulation = simulate(rules.clone(), whole.clone()).unwrap();
                        let simulated = simulated(&mut simulation, position + 1);
                        let plan = text(&plan);
                        let rest = plan.strip_prefix(&simulated);
                        let rest = rest
                            .unwrap_or_else(|| panic!("{}\n{plan}\n{simulated}", file.display()));
                        assert!(rest == "}" || rest.starts_with(",\"digest\""), "{rest}");
                        planned += 1;
                    }
                    (Err(error), Err(ours)) => {
                        assert_eq!(
                            (error.code, &error.path),
                            (ours.code, &ours.path),
                            "{}",
                            file.display()
                        );
                        refused += 1;
                    }
                    (plan, whole) => {
                        panic!("{}: {plan:?} {:?}", file.display(), whole.as_ref().err())
                    }
                }
            }
        }
    }
    assert!(
        planned > 2_000 && refused > 40,
        "{planned} planned, {refused} refused"
    );
}

fn rules() -> Rc<Rules> {
    let settings = json!({
        "time_zone": "Europe/Helsinki", "portal_id": "8821", "enabled_at": "2026-10-01T06:00:00Z",
        "to_salesforce": {"call": {"enabled": true}}, "owners": {"integration_user": "005000000000001AAA"}
    });
    Rc::new(Rules::from_json(settings.to_string().as_bytes()).unwrap())
}

fn snapshot(count: usize) -> Value {
    let activities: Vec<Value> = (0..count)
        .map(|number| {
            let kind = if number % 3 == 0 { "note" } else { "call" };
            json!({"id": number.to_string(), "kind": kind, "occurred_at": "2026-11-20T08:00:00Z", "owner_id": "77",
                "title": format!("Ääni {number}"), "contacts": [format!("{}", number % 2)]})
        })
        .collect();
    json!({
        "activities": activities, "now": "2026-11-23T10:00:00Z", "unknown": [1, {"a": "\u{1F600}"}],
        "contacts": [{"id": "1", "created_at": "2026-09-01T07:00:00Z", "name": "Aino Aalto",
            "salesforce": {"status": "synced", "object": "Contact", "id": "003000000000001AAA"}}],
        "users": [{"id": "005000000000002AAA", "email": "sam@example.com", "is_active": true}],
        "owners": [{"id": "77", "email": "sam@example.com"}]
    })
}

fn stepped(snapshot: &Value) -> Simulation {
    let whole = read(snapshot.to_string().as_bytes(), 1000).unwrap();
    let mut simulation = Simulation::to_salesforce(rules(), Rc::new(whole)).unwrap();
    assert!(simulation.step(usize::MAX));
    simulation
}

fn page(simulation: &Simulation, query: &Value) -> Value {
    serde_json::from_str(&simulation.page_json(query.to_string().as_bytes()).unwrap()).unwrap()
}

#[test]
fn it_is_decided_step_by_step() {
    let whole = read(snapshot(10).to_string().as_bytes(), 1000).unwrap();
    assert_eq!((whole.activities(), whole.records()), (10, 0));
    let mut simulation = Simulation::to_salesforce(rules(), Rc::new(whole)).unwrap();
    assert!(!simulation.step(4));
    assert_eq!((simulation.decided(), simulation.total()), (4, 10));
    assert_eq!(page(&simulation, &json!({}))["total"], 4);
    assert!(!simulation.step(0));
    assert!(simulation.step(6));
    assert!(simulation.step(6));
    assert_eq!(page(&simulation, &json!({}))["total"], 10);
}

#[test]
fn a_page_holds_what_was_asked_for() {
    let simulation = stepped(&snapshot(30));
    let names = |query: Value| -> (u64, Vec<String>) {
        let page = page(&simulation, &query);
        let decisions = page["decisions"].as_array().unwrap();
        let names = decisions
            .iter()
            .map(|decision| decision["activity"].as_str().unwrap().to_owned());
        (page["total"].as_u64().unwrap(), names.collect())
    };
    let count = |filter: Value| names(json!({"filter": filter})).0;
    assert_eq!(
        names(json!({"offset": 28})),
        (30, vec!["call:28".into(), "call:29".into()])
    );
    assert_eq!(
        names(json!({"filter": {"kind": "note"}, "offset": 1, "limit": 2})),
        (10, vec!["note:3".into(), "note:6".into()])
    );
    assert_eq!(count(json!({"action": "create"})), 10);
    assert_eq!(count(json!({"action": ["create", "skip"]})), 20);
    assert_eq!(count(json!({"action": []})), 0);
    assert_eq!(count(json!({"reason": ["kind_disabled"]})), 10);
    assert_eq!(count(json!({"reason": "kind_disabled", "kind": "call"})), 0);
    assert_eq!(count(json!({"contact": "01"})), 10);
    assert_eq!(count(json!({"contact": "7"})), 0);
    assert_eq!(count(json!({"user": "005000000000002"})), 10);
    assert_eq!(count(json!({"user": "005000000000001AAA"})), 0);
    assert_eq!(count(json!({"step": "activity_owner"})), 10);
    assert_eq!(count(json!({"text": "ÄÄNI 1"})), 11);
    assert_eq!(count(json!({"text": ["call:2", "nothing"]})), 8);
    assert_eq!(count(json!({"kind": "unheard_of"})), 0);
}

#[test]
fn kinds_that_are_not_known_are_found_by_their_names() {
    let mut snapshot = snapshot(2);
    snapshot["activities"][0]["kind"] = "fax".into();
    let simulation = stepped(&snapshot);
    assert_eq!(
        page(&simulation, &json!({"filter": {"kind": "fax"}}))["total"],
        1
    );
    assert_eq!(
        page(&simulation, &json!({"filter": {"kind": "telex"}}))["total"],
        0
    );
    assert!(
        simulation
            .decision_json("fax:0")
            .unwrap()
            .contains("unknown_kind")
    );
}

#[test]
fn one_decision_is_found_by_its_name() {
    let mut snapshot = snapshot(5);
    snapshot["activities"][3]["id"] = "0".into();
    let simulation = stepped(&snapshot);
    let reason = |name: &str| -> Option<String> {
        let decision: Value = serde_json::from_str(&simulation.decision_json(name)?).unwrap();
        Some(decision["reason"].as_str().unwrap().to_owned())
    };
    assert_eq!(reason("call:1").as_deref(), Some("new"));
    assert_eq!(reason("call:001").as_deref(), Some("new"));
    assert_eq!(reason("note:0").as_deref(), Some("kind_disabled"));
    assert_eq!(reason("call:77"), None);
    assert_eq!(reason(""), None);
    let repeated = page(
        &simulation,
        &json!({"filter": {"reason": "duplicate_record"}}),
    );
    assert_eq!(repeated["total"], 1);
}

#[test]
fn what_is_wrong_with_a_query_is_said() {
    let simulation = stepped(&snapshot(1));
    for (query, code, path) in [
        (r#"{"limit": 10001}"#, "query_invalid", "limit"),
        (r#"{"offset": -1}"#, "query_invalid", "offset"),
        (
            r#"{"filter": {"actoin": "create"}}"#,
            "query_invalid",
            "filter.actoin",
        ),
        (
            r#"{"filter": {"action": "made"}}"#,
            "query_invalid",
            "filter.action",
        ),
        (
            r#"{"filter": {"text": [7]}}"#,
            "query_invalid",
            "filter.text[0]",
        ),
        ("[]", "query_invalid", ""),
        ("{", "not_json", ""),
    ] {
        let error = simulation.page_json(query.as_bytes()).unwrap_err();
        assert_eq!(
            (error.code.name(), error.path.as_str()),
            (code, path),
            "{query}: {error}"
        );
    }
}

#[test]
fn what_is_no_document_is_said_as_soon_as_it_is_seen() {
    for (document, code, path, place) in [
        ("", "not_json", "", "at byte 0"),
        ("[]", "snapshot_invalid", "", "an object"),
        (
            r#"{"now": "2026-11-23T10:00:00Z", "activities": [{"id": tru}]}"#,
            "not_json",
            "",
            "at byte 54",
        ),
        (
            r#"{"now": "2026-11-23T10:00:00Z"} {"#,
            "not_json",
            "",
            "at byte 32",
        ),
        (
            r#"{"now": "2026-11-23T10:00:00Z", "activities": [{}"#,
            "not_json",
            "",
            "too early at byte 49",
        ),
        (
            r#"{"now": "2026-11-23T10:00:00Z", "activities": {}}"#,
            "snapshot_invalid",
            "activities",
            "not a list",
        ),
        (
            r#"{"now": "2026-11-23T10:00:00Z", "records": [], "records": []}"#,
            "snapshot_invalid",
            "records",
            "twice",
        ),
        (
            r#"{"now": "2026-11-23T10:00:00Z", "users": [], "users": []}"#,
            "snapshot_invalid",
            "users",
            "twice",
        ),
        (
            r#"{"activities": []}"#,
            "snapshot_invalid",
            "now",
            "missing",
        ),
    ] {
        for size in [1, 5, 1000] {
            let error = read(document.as_bytes(), size).unwrap_err();
            assert_eq!(
                (error.code.name(), error.path.as_str()),
                (code, path),
                "{document}"
            );
            assert!(error.message.contains(place), "{document}: {error}");
        }
    }
    let error = read(b"{\"a\": \"\xFF\"}", 3).unwrap_err();
    assert!(error.message.contains("not UTF-8 at byte 7"), "{error}");
}

#[test]
fn one_long_value_is_not_looked_at_again_and_again() {
    let long = "x".repeat(3 << 20);
    let mut snapshot = snapshot(2);
    snapshot["activities"][1]["body"] = long.into();
    snapshot["activities"][1]["body_format"] = "text".into();
    let simulation = stepped(&snapshot);
    assert_eq!(simulation.total(), 2);
}
