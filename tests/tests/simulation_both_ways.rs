//! Both directions in a simulated world: people change both sides, calls fail before and after their commit, the host is killed at any
//! call and started again. One seed, one run; a seed that fails is printed, and runs alone as `CROSSWALK_SEED=7`.
#![cfg(feature = "host")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use crosswalk_host::sync::Report;
use crosswalk_sandbox::sample;
use crosswalk_tests::chance::{Chance, run_seeds};
use crosswalk_tests::killed::troubled_pass;
use crosswalk_tests::world::{World, beginning};
use http::Method;
use jiff::SignedDuration;
use serde_json::{Value, json};

const ROUNDS: u64 = 6;
const CALLS: usize = 20;
const CONTACTS: u64 = 12;
/// After a storm both directions are at rest after this many passes.
const PASSES_TO_REST: u32 = 3;

/// What a trigger of the org adds to subjects, in some worlds.
const CHECKED: &str = " (checked)";

/// What people did, as far as the systems can't tell it later. Each record bears a mark in its text that nobody changes.
#[derive(Default)]
struct Told {
    born_in_hubspot: u64,
    born_in_salesforce: u64,
    /// Whom a person assigned a Task to, by its mark.
    assigned: BTreeMap<String, String>,
    /// Every title that was ever given, by mark.
    titles: BTreeMap<String, Vec<String>>,
}

impl Told {
    fn titled(&mut self, mark: &str, title: &str) {
        let titles = self.titles.entry(mark.to_owned()).or_default();
        titles.push(title.to_owned());
    }
}

/// The mark in a record's text.
fn mark_of(text: &Value) -> Option<String> {
    let text = text.as_str()?;
    let start = text.find("born-")?;
    let mark = text[start..]
        .chars()
        .take_while(|character| character.is_ascii_alphanumeric() || *character == '-');
    Some(mark.collect())
}

/// Tasks that bear a mark, by it; deleted ones too.
fn tasks(world: &World) -> BTreeMap<String, Vec<Value>> {
    let state = world.sandbox.salesforce().state();
    let mut tasks: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for task in state["sobjects"]["Task"].as_array().unwrap() {
        if let Some(mark) = mark_of(&task["Description"]) {
            tasks.entry(mark).or_default().push(task.clone());
        }
    }
    tasks
}

/// Calls and tasks of HubSpot's that bear a mark, by it, with their object; deleted ones too.
fn activities(world: &World) -> BTreeMap<String, Vec<(&'static str, Value)>> {
    let state = world.sandbox.hubspot().state();
    let mut activities: BTreeMap<String, Vec<(&'static str, Value)>> = BTreeMap::new();
    for (object, body) in [("calls", "hs_call_body"), ("tasks", "hs_task_body")] {
        for record in state["objects"][object].as_array().into_iter().flatten() {
            if let Some(mark) = mark_of(&record["properties"][body]) {
                activities
                    .entry(mark)
                    .or_default()
                    .push((object, record.clone()));
            }
        }
    }
    activities
}

fn title_property(object: &str) -> &'static str {
    if object == "calls" {
        "hs_call_title"
    } else {
        "hs_task_subject"
    }
}

async fn change_in_hubspot(world: &World, chance: &Chance, told: &mut Told) {
    let there = activities(world).into_iter().flat_map(|(mark, records)| {
        records
            .into_iter()
            .map(move |(object, record)| (mark.clone(), object, record))
    });
    let there: Vec<_> = there
        .filter(|(.., record)| record["archived"] != true)
        .collect();
    let title = format!("Title {}", chance.below(1_000));
    if there.is_empty() || chance.one_in(4) {
        told.born_in_hubspot += 1;
        let mark = format!("born-H{}", told.born_in_hubspot);
        let contact = 1_001 + chance.below(CONTACTS);
        let call = json!({
            "properties": {"hs_timestamp": world.clock.now().to_string(), "hs_call_title": title, "hs_call_body": format!("<p>{mark}</p>")},
            "associations": [{"to": {"id": contact}, "types": [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 194}]}]
        });
        world
            .hubspot(Method::POST, "/crm/objects/2026-09/calls", call)
            .await;
        told.titled(&mark, &title);
        return;
    }
    let (mark, object, record) = chance.one_of(&there);
    let path = format!(
        "/crm/objects/2026-09/{object}/{}",
        record["id"].as_str().unwrap()
    );
    if chance.one_in(8) {
        world.hubspot(Method::DELETE, &path, Value::Null).await;
        return;
    }
    let body = json!({"properties": {title_property(object): title}});
    world.hubspot(Method::PATCH, &path, body).await;
    told.titled(mark, &title);
}

async fn change_in_salesforce(world: &World, chance: &Chance, told: &mut Told) {
    let there = tasks(world)
        .into_iter()
        .flat_map(|(mark, tasks)| tasks.into_iter().map(move |task| (mark.clone(), task)));
    let there: Vec<_> = there
        .filter(|(_, task)| task["IsDeleted"] != true)
        .collect();
    let title = format!("Subject {}", chance.below(1_000));
    if there.is_empty() || chance.one_in(4) {
        told.born_in_salesforce += 1;
        let mark = format!("born-S{}", told.born_in_salesforce);
        let contacts = world.objects("contacts");
        let who_id = &chance.one_of(&contacts)["properties"]["salesforcecontactid"];
        let task = json!({"Subject": title, "Description": mark, "WhoId": who_id, "TaskSubtype": chance.one_of(&["Task", "Call"])});
        world
            .salesforce_person(Method::POST, "/sobjects/Task", task)
            .await;
        told.titled(&mark, &title);
        return;
    }
    let (mark, task) = chance.one_of(&there);
    let path = format!("/sobjects/Task/{}", task["Id"].as_str().unwrap());
    match chance.below(8) {
        0 => {
            world
                .salesforce_person(Method::DELETE, &path, Value::Null)
                .await;
        }
        1 => {
            let user = world.sandbox.salesforce().state()["sobjects"]["User"]
                .as_array()
                .unwrap()
                .iter()
                .filter(|user| user["IsActive"] == true)
                .map(|user| user["Id"].as_str().unwrap().to_owned())
                .max()
                .unwrap();
            world
                .salesforce_person(Method::PATCH, &path, json!({"OwnerId": user}))
                .await;
            told.assigned.insert(mark.clone(), user);
        }
        _ => {
            world
                .salesforce_person(Method::PATCH, &path, json!({"Subject": title}))
                .await;
            told.titled(mark, &title);
        }
    }
}

/// Nothing is ever made twice, on either side.
fn check_at_any_time(world: &World) {
    for (mark, tasks) in tasks(world) {
        assert_eq!(tasks.len(), 1, "{mark} has several Tasks");
    }
    for (mark, activities) in activities(world) {
        assert_eq!(activities.len(), 1, "{mark} has several activities");
    }
}

/// Nothing is lost, both sides say the same, and nobody was overwritten.
fn check_at_rest(world: &World, told: &Told) {
    check_at_any_time(world);
    let (tasks, activities) = (tasks(world), activities(world));
    for (mark, titles) in &told.titles {
        let task = tasks.get(mark).map(|tasks| &tasks[0]);
        let activity = activities.get(mark).map(|activities| &activities[0]);
        let was_deleted = |side: Option<bool>| side == Some(true);
        let task_deleted = was_deleted(task.map(|task| task["IsDeleted"] == true));
        let activity_deleted = was_deleted(activity.map(|(_, record)| record["archived"] == true));
        match (task, activity) {
            (Some(task), Some((object, record))) => {
                let title = &record["properties"][title_property(object)];
                let subject = task["Subject"]
                    .as_str()
                    .unwrap()
                    .trim_start_matches("Call: ");
                if !task_deleted && !activity_deleted {
                    assert_eq!(title, subject, "{mark}");
                }
                let said = subject.trim_end_matches(CHECKED);
                assert!(
                    titles.iter().any(|given| given == said),
                    "{mark}: nobody ever said {subject}"
                );
                if let Some(user) = told.assigned.get(mark).filter(|_| !task_deleted) {
                    assert_eq!(
                        task["OwnerId"].as_str().unwrap()[..15],
                        user[..15],
                        "{mark} lost its person"
                    );
                }
            }
            (None, None) => panic!("{mark} is lost"),
            // What was deleted before it was synced stays where it is.
            (Some(_), None) => assert!(task_deleted, "{mark} didn't come to HubSpot"),
            (None, Some(_)) => assert!(activity_deleted, "{mark} didn't come to Salesforce"),
        }
    }
    let ledger = world.host().ledger;
    for state in ["pending", "sent", "unsettled", "refused"] {
        assert_eq!(ledger.count_in(state).unwrap(), 0, "{state}");
    }
}

fn wrote(report: &Report) -> u64 {
    let to_hubspot = &report.to_hubspot;
    report.created
        + report.updated
        + report.deleted
        + to_hubspot.created
        + to_hubspot.updated
        + to_hubspot.deleted
}

async fn simulate(seed: u64) {
    let chance = Chance::of(seed);
    let mut world = World::with_data(sample::load(CALLS, CONTACTS as usize, 1, beginning()));
    world.return_to_hubspot();
    if chance.one_in(2) {
        world = world.with_key_property();
    }
    if chance.one_in(3) {
        let trigger = json!([{"sobject": "Task", "field": "Subject", "append": CHECKED}]);
        let salesforce = world.sandbox.salesforce();
        salesforce.administer("triggers", &trigger).unwrap();
    }
    let mut told = Told::default();
    for _ in 0..ROUNDS {
        for _ in 0..chance.below(6) {
            change_in_hubspot(&world, &chance, &mut told).await;
            world
                .clock
                .advance(SignedDuration::from_secs(1 + chance.below(20) as i64));
            change_in_salesforce(&world, &chance, &mut told).await;
        }
        world
            .clock
            .advance(SignedDuration::from_secs(3 + chance.below(900) as i64));
        troubled_pass(&world, &chance).await;
        check_at_any_time(&world);
    }
    let mut passes = 0;
    loop {
        world.clock.advance(SignedDuration::from_mins(20));
        let report = world.sync().await.unwrap();
        if wrote(&report) == 0 && report.is_clean() {
            break;
        }
        passes += 1;
        assert!(
            passes <= PASSES_TO_REST,
            "it doesn't come to rest: {report:?}"
        );
    }
    check_at_rest(&world, &told);
}

#[test]
fn whatever_happens_on_both_sides_nothing_is_lost_doubled_or_overwritten() {
    run_seeds(simulate);
}
