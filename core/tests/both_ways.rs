//! What holds of both directions together: what one wrote, the other leaves alone, and after any changes both come to rest.
#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a test fails by panicking"
)]

use crosswalk_core::Rules;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

const INTEGRATION_USER: &str = "005000000000001AAA";
const USERS: [&str; 5] = [
    INTEGRATION_USER,
    "005000000000002AAA",
    "005000000000003AAA",
    "005000000000004AAA",
    "00G000000000001AAA",
];
const OWNERS: [&str; 4] = ["1", "2", "3", "4"];
const DATES: [&str; 3] = ["2026-11-20", "2026-11-21", "2026-03-29"];
const MOMENTS: [&str; 5] = [
    "2026-11-20T08:00:00Z",
    "2026-11-20T22:30:00Z",
    "2026-11-21T09:59:00.25Z",
    "2026-11-22T10:00:00Z",
    "2026-03-29T01:30:00Z",
];

fn settings(
    conflict: &str,
    subject: Option<&str>,
    related_to: &str,
    returns_fallback: bool,
) -> Value {
    let kind = json!({"enabled": true, "subject": subject});
    json!({
        "time_zone": "Europe/Helsinki", "portal_id": "8821", "enabled_at": "2026-01-01T06:00:00Z",
        "to_salesforce": {"task": kind, "call": kind, "note": kind, "meeting": kind, "sales_email_sent": kind},
        "to_hubspot": {"task": {"enabled": true}, "email": {"enabled": true}, "call": {"enabled": true}, "meeting": {"enabled": true}},
        "owners": {"integration_user": INTEGRATION_USER, "return_fallback": returns_fallback},
        "conflict": conflict, "related_to": related_to, "salesforce": {"key_field": "Key__c"}
    })
}

fn any_settings() -> impl Strategy<Value = Value> {
    let subject = select(vec![
        None,
        None,
        Some("{title}"),
        Some("{kind} {date}: {title} ({contact})"),
        Some("- {title}"),
        Some("x"),
    ]);
    let related = select(vec!["none", "deal"]);
    (
        select(vec!["newest", "hubspot", "salesforce"]),
        subject,
        related,
        any::<bool>(),
    )
        .prop_map(|(conflict, subject, related, fallback)| {
            settings(conflict, subject, related, fallback)
        })
}

fn word(words: &'static [&'static str]) -> impl Strategy<Value = Option<&'static str>> {
    option::of(select(words.to_vec()))
}

fn line() -> impl Strategy<Value = Option<String>> {
    prop_oneof![
        1 => Just(None),
        3 => select(vec!["Intro", "Call: Intro", "a  b", "- x -", "Note: y", ":", "\u{7}", "Task"]).prop_map(|text| Some(text.to_owned())),
        1 => "\\PC{0,20}".prop_map(Some),
    ]
}

fn text() -> impl Strategy<Value = Option<String>> {
    prop_oneof![
        1 => Just(None),
        3 => select(vec!["a < b & c", "<script>x</script>", "a\r\n\r\n\r\n\r\nb", " \u{A0}x\t y ", "- one\n- two", "\u{5E9}\u{5DC}\u{1F468}\u{200D}\u{1F469}", "&amp;lt;"]).prop_map(|text| Some(text.to_owned())),
        1 => "(\\PC|\n|<p>|&nbsp;){0,30}".prop_map(Some),
    ]
}

/// What a person may change of a record.
fn record_fields() -> impl Strategy<Value = Value> {
    let status = word(&[
        "Not Started",
        "In Progress",
        "Waiting on someone else",
        "Completed",
        "Deferred",
        "Blocked",
        "Won",
    ]);
    let call = (
        select(vec![
            json!(null),
            json!(0),
            json!(95),
            json!(-1),
            json!(100_000_000),
        ]),
        word(&["Inbound", "Outbound", "Internal"]),
    );
    let rest = (
        word(&DATES),
        option::of(select(USERS.to_vec())),
        word(&[
            "006000000000001AAA",
            "001000000000001AAA",
            "500000000000001AAA",
        ]),
    );
    (line(), text(), status, word(&["High", "Normal", "Low", "Urgent"]), call, rest).prop_map(
        |(subject, description, status, priority, (seconds, call_type), (date, owner, what))| {
            json!({"subject": subject, "description": description, "status": status, "is_closed": status.map(|status| ["Completed", "Won"].contains(&status)),
                   "priority": priority, "call_duration_s": seconds, "call_type": call_type, "activity_date": date, "owner_id": owner, "what_id": what})
        },
    )
}

fn new_record() -> impl Strategy<Value = Value> {
    let what = (
        select(vec!["Task", "Task", "Task", "Event"]),
        word(&["Task", "Call", "Email", "ListEmail"]),
        word(&["Call", "Meeting", "Other"]),
    );
    let times = (
        select(MOMENTS.to_vec()),
        option::of(select(MOMENTS.to_vec())),
        option::of(select(MOMENTS.to_vec())),
        any::<bool>(),
    );
    (record_fields(), what, times).prop_map(|(mut record, (object, subtype, record_type), (created, start, end, all_day))| {
        let more = json!({"object": object, "task_subtype": subtype, "type": record_type, "created_at": created, "modified_at": created,
                          "who_id": "003000000000001AAA", "start_at": start, "end_at": end, "is_all_day": all_day, "location": subtype});
        record.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        record
    })
}

/// What a person may change of an activity.
fn activity_fields() -> impl Strategy<Value = Value> {
    let call = (
        select(vec![json!(null), json!(0), json!(95_400)]),
        word(&["INBOUND", "OUTBOUND"]),
    );
    let status = word(&[
        "NOT_STARTED",
        "IN_PROGRESS",
        "WAITING",
        "COMPLETED",
        "DEFERRED",
    ]);
    let rest = (
        option::of(select(MOMENTS.to_vec())),
        option::of(select(OWNERS.to_vec())),
    );
    (line(), text(), status, word(&["HIGH", "MEDIUM", "LOW", "NONE"]), call, rest).prop_map(
        |(title, body, status, priority, (duration, direction), (due, owner))| {
            json!({"title": title, "body": body, "status": status, "priority": priority, "duration_ms": duration, "direction": direction,
                   "due_at": due, "owner_id": owner})
        },
    )
}

fn new_activity() -> impl Strategy<Value = Value> {
    let kind = select(vec!["task", "call", "note", "meeting", "sales_email_sent"]);
    (activity_fields(), kind, select(MOMENTS.to_vec())).prop_map(|(mut activity, kind, at)| {
        let more = json!({"kind": kind, "occurred_at": at, "modified_at": at, "contacts": ["1"], "deals": ["9"]});
        activity.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        activity
    })
}

/// Both systems, and what is known of their records.
struct World {
    rules: Rules,
    activities: Vec<Value>,
    records: Vec<Value>,
    links: Vec<Value>,
    clock: u32,
}

impl World {
    fn new(settings: &Value, mut activities: Vec<Value>, mut records: Vec<Value>) -> Self {
        for (number, activity) in activities.iter_mut().enumerate() {
            activity["id"] = json!(format!("{}", 100 + number));
        }
        for (number, record) in records.iter_mut().enumerate() {
            record["id"] = json!(format!("00T{number:012}AAA"));
        }
        let rules = Rules::from_json(settings.to_string().as_bytes()).unwrap();
        Self {
            rules,
            activities,
            records,
            links: Vec::new(),
            clock: 0,
        }
    }

    /// The next moment, later than all before it.
    fn now(&mut self) -> Value {
        self.clock += 1;
        json!(format!(
            "2026-12-01T{:02}:{:02}:00Z",
            self.clock / 60,
            self.clock % 60
        ))
    }

    fn snapshot(&self) -> Vec<u8> {
        let links: Vec<Value> = self
            .links
            .iter()
            .map(|link| {
                let mut link = link.clone();
                let record = self
                    .records
                    .iter()
                    .find(|record| record["id"] == link["task_id"])
                    .unwrap();
                link["task_now"] = fields_of(record);
                link["task_modified_at"] = record["modified_at"].clone();
                link
            })
            .collect();
        let people: Vec<Value> = OWNERS.iter().map(|id| json!({"id": id, "email": format!("{id}@example.com"), "archived": *id == "4"})).collect();
        let users: Vec<Value> = USERS.iter().enumerate().skip(1).take(3).map(|(number, id)| json!({"id": id, "email": format!("{number}@example.com"), "is_active": number != 3})).collect();
        json!({
            "now": "2026-11-23T10:00:00Z", "digest": true, "activities": self.activities, "records": self.records, "links": links, "owners": people, "users": users,
            "contacts": [{"id": "1", "created_at": "2026-01-01T07:00:00Z", "name": "Aino", "owner_id": "2", "salesforce": {"status": "synced", "object": "Contact", "id": "003000000000001AAA"}}],
            "related": [{"deal": "9", "salesforce_id": "006000000000001AAA"}, {"company": "4", "salesforce_id": "001000000000001AAA"}],
            "picklists": {"Status": {"values": ["Not Started", "In Progress", "Waiting on someone else", "Completed", "Deferred", "Blocked", "Won"], "closed": ["Completed", "Won"], "default": "Not Started"}}
        }).to_string().into_bytes()
    }

    fn to_salesforce(&self) -> Vec<Value> {
        decisions(
            &self
                .rules
                .plan_to_salesforce_json(&self.snapshot())
                .unwrap(),
        )
    }

    fn to_hubspot(&self) -> Vec<Value> {
        decisions(&self.rules.plan_to_hubspot_json(&self.snapshot()).unwrap())
    }

    /// Carries out what is written to Salesforce: how much that was.
    fn write_to_salesforce(&mut self) -> usize {
        let decisions = self.to_salesforce();
        let mut written = 0;
        for decision in &decisions {
            let now = self.now();
            match decision["action"].as_str().unwrap() {
                "create" => {
                    let id = format!("00T{:012}AAA", self.records.len());
                    let mut record = json!({"id": id, "object": "Task", "created_at": now, "modified_at": now, "key": decision["key"]});
                    set_fields(&mut record, &decision["task"]);
                    self.records.push(record);
                    self.links.push(json!({"activity": decision["activity"], "task_id": id, "object": "Task", "origin": "hubspot", "contact": "1",
                        "synced": decision["task"], "synced_at": now, "assigned_by": decision["owner"]["step"], "cut": decision["cut"]}));
                }
                "update" => {
                    let link = self
                        .links
                        .iter_mut()
                        .find(|link| link["activity"] == decision["activity"])
                        .unwrap();
                    let record = self
                        .records
                        .iter_mut()
                        .find(|record| record["id"] == link["task_id"])
                        .unwrap();
                    set_fields(record, &decision["task"]);
                    for field in decision["cleared"].as_array().into_iter().flatten() {
                        set_fields(record, &json!({field.as_str().unwrap(): null}));
                    }
                    share(link, &decision["task"], &decision["cleared"]);
                    if decision["task"].get("OwnerId").is_some() {
                        link["assigned_by"] = decision["owner"]["step"].clone();
                    }
                    record["modified_at"] = now.clone();
                    link["synced_at"] = now;
                }
                _ => continue,
            }
            written += 1;
        }
        written
    }

    /// Carries out what is written to HubSpot: how much that was.
    fn write_to_hubspot(&mut self) -> usize {
        let decisions = self.to_hubspot();
        let mut written = 0;
        for decision in &decisions {
            let now = self.now();
            let name = |id: &str| format!("{}:{id}", kind_of(&decision["object"]));
            match decision["action"].as_str().unwrap() {
                "create" => {
                    let id = format!("{}", 100 + self.activities.len());
                    let mut activity = json!({"id": id, "kind": kind_of(&decision["object"]), "occurred_at": now, "modified_at": now, "from_salesforce": true});
                    set_properties(&mut activity, decision);
                    self.activities.push(activity);
                    let record = self
                        .records
                        .iter()
                        .find(|record| record["id"] == decision["record"])
                        .unwrap();
                    self.links.push(json!({"activity": name(&id), "task_id": decision["record"], "object": record["object"], "origin": "salesforce", "contact": "1",
                        "synced": decision["synced"], "synced_at": record["modified_at"], "assigned_by": decision["owner"]["step"]}));
                }
                "update" => {
                    let link = self
                        .links
                        .iter_mut()
                        .find(|link| link["task_id"] == decision["record"])
                        .unwrap();
                    let id = decision["hubspot_id"].as_str().unwrap();
                    let activity = self
                        .activities
                        .iter_mut()
                        .find(|activity| activity["id"] == id)
                        .unwrap();
                    set_properties(activity, decision);
                    share(link, &decision["synced"], &decision["cleared"]);
                    if let Some(step) = decision["owner"].get("step") {
                        link["assigned_by"] = step.clone();
                    }
                    activity["modified_at"] = now;
                }
                _ => continue,
            }
            written += 1;
        }
        written
    }

    /// Both directions, again and again: after how many rounds nothing is written any more.
    fn rounds_to_rest(&mut self) -> usize {
        for round in 0..10 {
            if self.write_to_salesforce() + self.write_to_hubspot() == 0 {
                return round;
            }
        }
        10
    }
}

fn decisions(plan: &[u8]) -> Vec<Value> {
    let plan: Value = serde_json::from_slice(plan).unwrap();
    plan["decisions"].as_array().unwrap().clone()
}

fn kind_of(object: &Value) -> &'static str {
    match object.as_str().unwrap() {
        "tasks" => "task",
        "calls" => "call",
        "meetings" => "meeting",
        "emails" => "sales_email_sent",
        _ => "note",
    }
}

const FIELDS: [(&str, &str); 12] = [
    ("Subject", "subject"),
    ("Description", "description"),
    ("Status", "status"),
    ("Priority", "priority"),
    ("ActivityDate", "activity_date"),
    ("OwnerId", "owner_id"),
    ("WhoId", "who_id"),
    ("WhatId", "what_id"),
    ("TaskSubtype", "task_subtype"),
    ("Type", "type"),
    ("CallDurationInSeconds", "call_duration_s"),
    ("CallType", "call_type"),
];

fn fields_of(record: &Value) -> Value {
    let fields: Map<String, Value> = FIELDS
        .iter()
        .map(|(field, key)| ((*field).to_owned(), record[*key].clone()))
        .collect();
    Value::Object(fields)
}

/// Salesforce writes: whether a status closes is Salesforce's to say.
fn set_fields(record: &mut Value, fields: &Value) {
    for (field, value) in fields.as_object().unwrap() {
        if let Some((_, key)) = FIELDS.iter().find(|(name, _)| name == field) {
            record[*key] = value.clone();
        }
    }
    record["is_closed"] =
        json!(["Completed", "Won"].contains(&record["status"].as_str().unwrap_or_default()));
}

/// HubSpot writes, and is read again as its feeds do.
fn set_properties(activity: &mut Value, decision: &Value) {
    for (property, value) in decision["properties"].as_object().into_iter().flatten() {
        let value = if value == "" {
            Value::Null
        } else {
            value.clone()
        };
        let number = || value.as_str().map(|text| text.parse::<u64>().unwrap());
        match property.as_str() {
            "hs_task_subject" | "hs_call_title" | "hs_email_subject" | "hs_meeting_title" => {
                activity["title"] = value
            }
            "hs_task_body" | "hs_call_body" | "hs_meeting_body" | "hs_note_body" => {
                activity["body"] = value
            }
            "hs_email_text" => {
                activity["body"] = value;
                activity["body_format"] = json!("text");
            }
            "hs_task_status" => activity["status"] = value,
            "hs_task_priority" => activity["priority"] = value,
            "hs_timestamp" => activity["due_at"] = value,
            "hs_call_duration" => activity["duration_ms"] = json!(number()),
            "hs_call_direction" => activity["direction"] = value,
            "hubspot_owner_id" => activity["owner_id"] = value,
            _ => {}
        }
    }
    for association in decision["associations"].as_array().into_iter().flatten() {
        let list = &mut activity[association["to"].as_str().unwrap()];
        if list.is_null() {
            *list = json!([]);
        }
        list.as_array_mut().unwrap().push(association["id"].clone());
    }
}

fn share(link: &mut Value, written: &Value, cleared: &Value) {
    let synced = link["synced"].as_object_mut().unwrap();
    synced.extend(written.as_object().cloned().unwrap_or_default());
    for field in cleared.as_array().into_iter().flatten() {
        synced.remove(field.as_str().unwrap());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_was_written_to_salesforce_comes_back_as_an_echo(settings in any_settings(), activities in vec(new_activity(), 1..5)) {
        let mut settings = settings;
        settings["owners"]["return_fallback"] = json!(false);
        let mut world = World::new(&settings, activities, Vec::new());
        world.write_to_salesforce();
        for decision in world.to_hubspot() {
            let expected = if decision["object"].is_null() { "not_writable" } else { "echo" };
            prop_assert_eq!(&decision["reason"], expected, "{:#} {:#}", decision, json!(world.links));
        }
        // A ledger that was lost: the key tells.
        world.links.clear();
        for decision in world.to_hubspot() {
            prop_assert_eq!(&decision["reason"], "came_from_hubspot");
        }
    }

    #[test]
    fn what_was_written_to_hubspot_comes_back_as_the_same(settings in any_settings(), records in vec(new_record(), 1..5)) {
        let mut world = World::new(&settings, Vec::new(), records);
        let written = world.write_to_hubspot();
        prop_assert_eq!(written, world.records.len());
        let decisions = world.to_salesforce();
        prop_assert_eq!(decisions.len(), written);
        for (decision, link) in decisions.iter().zip(&world.links) {
            let expected = if link["object"] == "Event" { "event_not_written" } else { "same" };
            prop_assert_eq!(&decision["reason"], expected, "{:#} {:#} {:#}", decision, link, json!(world.activities));
        }
        for decision in world.to_hubspot() {
            prop_assert_eq!(&decision["reason"], "echo", "{:#} {:#}", decision, json!(world.records));
        }
    }

    #[test]
    fn after_changes_on_both_sides_both_come_to_rest(
        settings in any_settings(), activities in vec(new_activity(), 1..3), records in vec(new_record(), 1..3),
        changes in vec((any::<prop::sample::Index>(), option::of(activity_fields()), option::of(record_fields()), any::<bool>()), 1..5),
    ) {
        let mut world = World::new(&settings, activities, records);
        let rounds = world.rounds_to_rest();
        prop_assert!(rounds <= 2, "{} rounds before any change", rounds);
        let count = (world.activities.len(), world.records.len());
        for (which, in_hubspot, in_salesforce, is_hubspot_first) in changes {
            let link = which.get(&world.links).clone();
            let (first, second) = (world.now(), world.now());
            let (hubspot_at, salesforce_at) = if is_hubspot_first { (first, second) } else { (second, first) };
            if let Some(fields) = in_hubspot {
                let id = link["activity"].as_str().unwrap().split(':').nth(1).unwrap().to_owned();
                let activity = world.activities.iter_mut().find(|activity| activity["id"] == id.as_str()).unwrap();
                activity.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
                activity["modified_at"] = hubspot_at;
            }
            if let Some(fields) = in_salesforce {
                let record = world.records.iter_mut().find(|record| record["id"] == link["task_id"]).unwrap();
                record.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
                record["modified_at"] = salesforce_at;
            }
        }
        let before = json!({"activities": world.activities, "records": world.records, "links": world.links});
        let rounds = world.rounds_to_rest();
        prop_assert!(rounds <= 3, "{} rounds after {:#}, now {:#}", rounds, before, json!({"activities": world.activities, "records": world.records, "links": world.links}));
        prop_assert_eq!((world.activities.len(), world.records.len()), count);
    }

    #[test]
    fn every_record_has_one_decision_in_order(settings in any_settings(), records in vec(new_record(), 0..6), bad in any::<prop::sample::Index>(), with in select(vec![json!(null), json!(5), json!({}), json!({"id": "x", "object": "Task"}), json!([])])) {
        let mut world = World::new(&settings, Vec::new(), records);
        let place = bad.index(world.records.len() + 1);
        world.records.insert(place, with.clone());
        let decisions = world.to_hubspot();
        prop_assert_eq!(decisions.len(), world.records.iter().filter(|record| !record.is_null()).count());
        for (decision, record) in decisions.iter().zip(world.records.iter().filter(|record| !record.is_null())) {
            let is_bad = *record == with;
            prop_assert_eq!(decision["reason"] == "invalid_record", is_bad, "{:#}", decision);
            prop_assert!(!decision["rules"].as_array().unwrap().is_empty() && !decision["trace"].as_array().unwrap().is_empty());
            prop_assert_eq!(decision.get("fingerprint").is_some(), decision["action"] == "create");
            prop_assert_eq!(decision["record"].as_str().unwrap(), record.get("id").and_then(Value::as_str).unwrap_or("?"));
        }
    }
}
