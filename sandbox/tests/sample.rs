//! The sample: the same for the same seed, taken by both systems, with something for every rule.

use std::collections::{BTreeMap, BTreeSet};

use crosswalk_sandbox::hubspot::{
    EmailEvent, EmailEventType, HubSpot, HubSpotData, ObjectType, Record,
};
use crosswalk_sandbox::salesforce::{DEFAULT_TOKEN, Salesforce, SalesforceData};
use crosswalk_sandbox::sample::{self, ACTIVITIES, EVENT_TYPES, SPECIMENS};
use crosswalk_sandbox::{Limits, Options, Sandbox, SandboxClock};
use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

const FEEDS: [ObjectType; 5] = [
    ObjectType::Task,
    ObjectType::Call,
    ObjectType::Note,
    ObjectType::Meeting,
    ObjectType::Email,
];

fn now() -> Timestamp {
    "2026-11-23T10:17:33.123456789Z".parse().expect("a moment")
}

fn activities(portal: &HubSpotData) -> impl Iterator<Item = (ObjectType, &Record)> {
    FEEDS.into_iter().flat_map(|feed| {
        let records = portal.records.get(&feed).into_iter().flatten();
        records.map(move |record| (feed, record))
    })
}

fn property<'r>(record: &'r Record, name: &str) -> Option<&'r str> {
    let mut values = record.properties.iter().rev();
    values
        .find(|(held, _)| held == name)
        .map(|(_, value)| value.as_str())
}

/// As the plan names it.
fn named((object_type, record): (ObjectType, &Record)) -> String {
    let kind = match object_type {
        ObjectType::Email => match property(record, "hs_email_direction") {
            Some("EMAIL") => "sales_email_sent".to_owned(),
            Some("INCOMING_EMAIL") => "sales_email_replied".to_owned(),
            other => format!("email_{}", other.unwrap_or_default().to_lowercase()),
        },
        other => other.singular().to_owned(),
    };
    format!("{kind}:{}", record.id)
}

/// What isn't a record of the CRM, as the plan names it: all of it, and whether it is a specimen.
fn events(portal: &HubSpotData) -> BTreeSet<String> {
    let submissions = portal.forms.iter().flat_map(|form| &form.submissions);
    let submissions = submissions.map(|held| event("form_submission", "f0f0f0f0", held.number));
    let emails = portal.email_events.iter().filter_map(|held| {
        let kind = match held.event_type {
            EmailEventType::Sent => "marketing_email_sent",
            EmailEventType::Open => "marketing_email_opened",
            EmailEventType::Click => "marketing_email_clicked",
            _ => return None,
        };
        Some(event(kind, "e0e0e0e0", held.number))
    });
    let occurrences = portal.event_occurrences.iter().filter_map(|held| {
        let mut types = EVENT_TYPES.iter();
        let (kind, _) = types.find(|(_, name)| *name == held.event_type)?;
        Some(event(kind, "d0d0d0d0", held.number))
    });
    submissions.chain(emails).chain(occurrences).collect()
}

fn event(kind: &str, sort: &str, number: u64) -> String {
    format!("{kind}:{sort}-0000-4000-8000-{number:012}")
}

fn states((portal, org): (HubSpotData, SalesforceData), now: Timestamp) -> (Value, Value) {
    let clock = SandboxClock::frozen_at(now);
    let portal = HubSpot::new(portal, clock.clone(), Limits::Off);
    let org = Salesforce::new(org, clock, Limits::Off);
    (portal.state(), org.state())
}

#[test]
fn the_same_seed_and_moment_give_the_same_data() {
    let first = sample::sample(7, now());
    let second = sample::sample(7, now());
    assert_eq!(format!("{first:?}"), format!("{second:?}"));
    let other = sample::sample(8, now());
    assert_ne!(format!("{first:?}"), format!("{other:?}"));
}

#[test]
fn both_systems_take_every_record() {
    for (seed, now) in [
        (1, now()),
        (2, "2026-03-01T00:00:00Z".parse().expect("a moment")),
        (3, "2028-02-29T23:59:59Z".parse().expect("a moment")),
    ] {
        let (portal, org) = states(sample::sample(seed, now), now);
        assert_eq!(portal["rejected"], json!([]), "seed {seed}");
        assert_eq!(org["rejected"], json!([]), "seed {seed}");
    }
}

#[test]
fn ends_of_time_are_survived() {
    for now in [Timestamp::MIN, Timestamp::UNIX_EPOCH, Timestamp::MAX] {
        let (portal, _) = sample::sample(1, now);
        assert_eq!(activities(&portal).count(), ACTIVITIES);
    }
}

#[test]
fn there_are_as_many_of_everything_as_promised() {
    let (portal, org) = sample::sample(1, now());
    assert_eq!(activities(&portal).count(), ACTIVITIES);
    assert_eq!(portal.records[&ObjectType::Contact].len(), 224);
    assert!(portal.records[&ObjectType::Company].len() > 60);
    assert!(portal.records[&ObjectType::Deal].len() > 80);
    assert_eq!(portal.owners.len(), 15);
    for feed in FEEDS {
        assert!(portal.records[&feed].len() > 90, "{feed}");
    }
    for (sobject, least) in [
        ("User", 20),
        ("Group", 1),
        ("Account", 50),
        ("Contact", 150),
        ("Lead", 25),
        ("Opportunity", 60),
        ("Task", 60),
        ("Event", 22),
        ("EmailMessage", 3),
    ] {
        assert!(org.records[sobject].len() >= least, "{sobject}");
    }
}

/// The kinds that aren't records of the CRM, of which there is something each.
const KINDS_OF_EVENTS: [&str; 8] = [
    "form_submission",
    "marketing_email_sent",
    "marketing_email_opened",
    "marketing_email_clicked",
    "sales_email_opened",
    "sales_email_clicked",
    "sales_content_viewed",
    "integration_event",
];

#[test]
fn every_kind_happens_within_two_years_and_never_later_than_now() {
    for seed in 1..6 {
        let (portal, _) = sample::sample(seed, now());
        let names = events(&portal);
        for kind in KINDS_OF_EVENTS {
            let of_kind = names
                .iter()
                .filter(|name| name.starts_with(&format!("{kind}:")));
            assert!(of_kind.count() > 4, "{kind}");
        }
        let submissions = portal.forms.iter().flat_map(|form| &form.submissions);
        let moments = submissions
            .map(|held| held.submitted_at)
            .chain(portal.event_occurrences.iter().map(|held| held.occurred_at))
            .chain(
                portal
                    .email_events
                    .iter()
                    .filter_map(|held| Timestamp::from_millisecond(held.created).ok()),
            );
        for moment in moments {
            assert!(moment < now() && moment > now() - SignedDuration::from_hours(24 * 740));
        }
    }
}

#[test]
fn an_email_is_opened_several_times_by_one_recipient_and_once_by_nobody_known() {
    let (portal, _) = sample::sample(1, now());
    let opens = |recipient: &str| {
        let opens = portal
            .email_events
            .iter()
            .filter(|held| held.event_type == EmailEventType::Open);
        opens
            .filter(|held| &*held.recipient == recipient && held.campaign == 6_001)
            .count()
    };
    assert!(opens("contact101@pohjolaice.example") >= 3);
    assert_eq!(opens("forwarded@elsewhere.example"), 1);
}

#[test]
fn ids_and_names_are_unique() {
    let (portal, _) = sample::sample(1, now());
    let names: BTreeSet<_> = activities(&portal).map(named).collect();
    assert_eq!(names.len(), ACTIVITIES);
    let ids: BTreeSet<_> = activities(&portal).map(|(_, record)| record.id).collect();
    assert_eq!(ids.len(), ACTIVITIES);
    let mut emails = BTreeSet::new();
    for contact in &portal.records[&ObjectType::Contact] {
        if let Some(email) = property(contact, "email") {
            assert!(emails.insert(email), "{email}");
            assert!(email.is_ascii() && email.ends_with(".example"), "{email}");
        }
    }
}

#[test]
fn every_specimen_is_there_and_nothing_else_is_among_them() {
    for seed in [1, 99] {
        let (portal, _) = sample::sample(seed, now());
        let mut all: BTreeSet<_> = activities(&portal).map(named).collect();
        all.extend(events(&portal));
        let listed: BTreeSet<_> = SPECIMENS.iter().map(|(_, name, _)| *name).collect();
        assert_eq!(listed.len(), SPECIMENS.len(), "each is listed once");
        for (rule, name, why) in SPECIMENS {
            assert!(all.contains(*name), "{rule}: {name}, {why}");
            assert!(!why.is_empty() && !rule.is_empty());
        }
        let records = activities(&portal).filter(|(_, record)| record.id > 70_000);
        let events = events(&portal);
        let events = events.iter().filter(|name| name.contains("-00000007"));
        assert_eq!(records.count() + events.count(), SPECIMENS.len());
    }
}

#[test]
fn the_specimens_are_for_every_rule_that_the_feeds_reach() {
    let rules: BTreeSet<_> = SPECIMENS.iter().map(|(rule, ..)| *rule).collect();
    let expected = "C1 C2 C3 C4 C6 C7 C8 C9 D1 F1 F10 F11 F12 F13 F14 F15 F16 F2 F3 F4 F5 F7 F9 I2 I3 I5 K1 K2 K3 K4 K5 \
                    O1 O2 O3 O4 O5 O6 O7 U3 U4 W1 W2 W3 W5 ENTITY_IS_DELETED FIELD_CUSTOM_VALIDATION_EXCEPTION \
                    INVALID_CROSS_REFERENCE_KEY INVALID_FIELD_FOR_INSERT_UPDATE MALFORMED_ID";
    for rule in expected.split_whitespace() {
        assert!(rules.contains(rule), "{rule}");
    }
}

#[test]
fn activities_lie_in_two_years_and_mostly_in_the_last_weeks() {
    for seed in 1..6 {
        let (portal, _) = sample::sample(seed, now());
        let since = |days: i64| now() - SignedDuration::from_hours(24 * days);
        let created: Vec<_> = activities(&portal)
            .map(|(_, record)| record.created_at)
            .collect();
        let lately = created.iter().filter(|at| **at > since(60)).count();
        assert!((450..750).contains(&lately), "{lately}");
        assert!(created.iter().all(|at| *at > since(740) && *at < now()));
        assert!(created.iter().any(|at| *at < since(600)));
        let future = activities(&portal).filter(|(_, record)| record.updated_at > now());
        assert_eq!(future.count(), 0);
        let unmade =
            activities(&portal).filter(|(_, record)| record.updated_at < record.created_at);
        assert_eq!(unmade.count(), 0);
    }
}

#[test]
fn people_work_on_weekdays_by_day() {
    let (portal, _) = sample::sample(1, now());
    let mut days = BTreeMap::new();
    let mut nights = 0;
    let helsinki = TimeZone::get("Europe/Helsinki").expect("a time zone");
    for (_, record) in activities(&portal).filter(|(_, record)| record.id < 70_000) {
        let zone = match property(record, "hubspot_owner_id") {
            Some("71003" | "71014") => TimeZone::get("America/New_York").expect("a time zone"),
            Some("71004") => TimeZone::get("America/Chicago").expect("a time zone"),
            Some("71005") => TimeZone::get("Asia/Tokyo").expect("a time zone"),
            Some("71006") => TimeZone::get("Asia/Singapore").expect("a time zone"),
            _ => helsinki.clone(),
        };
        let local = zone.to_datetime(record.created_at);
        *days
            .entry(local.weekday().to_monday_zero_offset())
            .or_insert(0) += 1;
        nights += u32::from(!(7..22).contains(&local.hour()));
    }
    let all: u32 = days.values().sum();
    let weekend = [Weekday::Saturday, Weekday::Sunday]
        .iter()
        .filter_map(|day| days.get(&day.to_monday_zero_offset()))
        .sum::<u32>();
    assert!(weekend * 20 < all, "{days:?}");
    for day in 0..5 {
        assert!(
            days.get(&day).is_some_and(|number| number * 8 > all),
            "{days:?}"
        );
    }
    assert_eq!(nights, 0);
}

#[test]
fn some_activities_have_several_contacts() {
    let (portal, _) = sample::sample(1, now());
    let mut contacts = BTreeMap::new();
    for association in &portal.associations {
        if association.to.0 == ObjectType::Contact && FEEDS.contains(&association.from.0) {
            *contacts.entry(association.from.1).or_insert(0) += 1;
        }
    }
    let several = contacts.values().filter(|number| **number > 1).count();
    assert!((90..220).contains(&several), "{several}");
}

#[test]
fn what_the_org_refuses_is_only_in_the_specimens() {
    let (portal, _) = sample::sample(1, now());
    for (_, record) in activities(&portal).filter(|(_, record)| record.id < 70_000) {
        for (name, value) in &record.properties {
            let value = value.to_lowercase().replace("p{margin:0}", "");
            assert!(
                !value.contains("guarantee") && !value.contains("iban"),
                "{name}: {value}"
            );
            assert!(
                !value.contains('{') || name == "hs_email_headers",
                "{name}: {value}"
            );
        }
    }
}

#[test]
fn a_sandbox_holds_the_sample_unless_it_is_to_be_empty() {
    let options = |empty| Options {
        empty,
        clock: SandboxClock::frozen_at(now()),
        ..Options::default()
    };
    let held = |empty| Sandbox::new(options(empty)).hubspot().state();
    let calls = |state: &Value| state["objects"]["calls"].as_array().map_or(0, Vec::len);
    assert!(calls(&held(false)) > 100);
    assert_eq!(calls(&held(true)), 0);
}

#[test]
fn the_settings_are_for_the_sample() {
    let settings = sample::settings(now());
    assert_eq!(settings["enabled_at"], "2026-09-24T10:00:00Z");
    let (portal, org) = sample::sample(1, now());
    assert_eq!(settings["portal_id"], portal.portal.id.to_string());
    assert_eq!(
        settings["salesforce"]["key_field"].as_str(),
        org.key_field.as_deref()
    );
    let users: BTreeSet<_> = org.records["User"]
        .iter()
        .filter_map(|user| user["Id"].as_str())
        .collect();
    let integration_user = settings["owners"]["integration_user"].as_str();
    assert!(integration_user.is_some_and(|user| users.contains(user)));
}

#[test]
fn a_load_is_as_large_as_asked_for_and_taken() {
    for (types, number) in [(&FEEDS[1..2], 2_000), (&FEEDS[..], 2_003), (&FEEDS[..0], 0)] {
        let data = sample::load_of(types, 2_003.min(number), 150, 5, now());
        assert_eq!(activities(&data.0).count(), number);
        assert_eq!(data.0.records[&ObjectType::Contact].len(), 150);
        assert_eq!(data.0.associations.len(), number);
        let enabled: Timestamp = "2026-09-24T10:00:00Z".parse().expect("a moment");
        assert!(activities(&data.0).all(|(_, call)| call.created_at > enabled));
        assert!(activities(&data.0).all(|(_, call)| call.created_at < now()));
        let (portal, org) = states(data, now());
        assert_eq!(portal["rejected"], json!([]));
        assert_eq!(org["rejected"], json!([]));
    }
    let (calls, _) = sample::load(10, 3, 5, now());
    assert_eq!(calls.records[&ObjectType::Call].len(), 10);
}

#[test]
fn a_load_of_marketing_is_as_large_as_asked_for_and_small_in_memory() {
    let (portal, org) = sample::load_marketing(10_000, 900, now());
    assert_eq!(portal.email_events.len(), 10_000);
    assert_eq!(portal.records[&ObjectType::Contact].len(), 900);
    let distinct: BTreeSet<_> = portal
        .email_events
        .iter()
        .map(|event| {
            (
                event.campaign,
                &event.recipient,
                format!("{:?}", event.event_type),
            )
        })
        .collect();
    assert_eq!(distinct.len(), 10_000);
    assert!(portal.campaigns.len() < 5);
    assert!(size_of::<EmailEvent>() <= 80);
    let (portal, _) = states((portal, org), now());
    assert_eq!(portal["rejected"], json!([]));
    assert_eq!(portal["emailEvents"], 10_000);
}

#[test]
fn a_load_of_tasks_is_made_when_the_org_starts() {
    let (_, org) = sample::load_tasks(3_000, 40, now());
    assert!(!org.records.contains_key("Task"));
    let org = Salesforce::new(org, SandboxClock::frozen_at(now()), Limits::Off).state();
    assert_eq!(org["rejected"], json!([]));
    let tasks = org["sobjects"]["Task"].as_array().expect("tasks");
    assert_eq!(tasks.len(), 3_000);
    let people: BTreeSet<_> = tasks
        .iter()
        .filter_map(|task| task["WhoId"].as_str())
        .collect();
    assert_eq!(people.len(), 40);
}

#[tokio::test]
async fn a_person_writes_into_salesforce_beside_the_integration() {
    let loaded = sample::load(1, 1, 1, now());
    for (portal, org) in [sample::sample(1, now()), loaded] {
        let options = Options {
            clock: SandboxClock::frozen_at(now()),
            ..Options::default()
        };
        let salesforce = Sandbox::with_data(options, portal, org).salesforce();
        let request = http::Request::post("/services/data/v67.0/sobjects/Task")
            .header("authorization", format!("Bearer {}", sample::PERSON_TOKEN))
            .body(bytes::Bytes::from(r#"{"Subject": "Mine"}"#))
            .expect("a request");
        let answer = salesforce.call(request).await.expect("an answer");
        assert_eq!(answer.status(), 201);
        let state = salesforce.state();
        let tasks = state["sobjects"]["Task"].as_array().expect("tasks");
        let made = tasks
            .iter()
            .find(|task| task["Subject"] == "Mine")
            .expect("the task");
        assert_eq!(made["CreatedById"], "005000000000002AAA");
        assert_eq!(made["OwnerId"], "005000000000002AAA");
    }
}

#[test]
fn the_odd_records_of_salesforce_are_as_they_are_described() {
    let (_, org) = states(sample::sample(1, now()), now());
    let find = |sobject: &str, id: &str, field: &str| {
        let records = org["sobjects"][sobject].as_array().expect("records");
        let record = records.iter().find(|record| record["Id"] == id);
        record.expect("the record")[field].clone()
    };
    for (sobject, id, field, expected) in [
        (
            "Task",
            "00T0000000000EXEAY",
            "OwnerId",
            json!("00G000000000001EAA"),
        ),
        (
            "Task",
            "00T0000000000EYEAY",
            "OwnerId",
            json!("00500000000000EAAQ"),
        ),
        (
            "Task",
            "00T0000000000EbEAI",
            "Subject",
            json!("For our eyes [internal]"),
        ),
        ("Task", "00T0000000000EeEAI", "IsArchived", json!(true)),
        (
            "Event",
            "00U0000000000EcEAI",
            "DurationInMinutes",
            json!(1_440),
        ),
        ("Event", "00U0000000000EdEAI", "IsChild", json!(true)),
    ] {
        assert_eq!(find(sobject, id, field), expected, "{id} {field}");
    }
}

#[test]
fn an_email_in_salesforce_is_a_task_and_a_message() {
    let (_, org) = sample::sample(1, now());
    let emails = org.records["Task"].iter();
    let emails: BTreeSet<_> = emails
        .filter(|task| task.get("TaskSubtype") == Some(&json!("Email")))
        .filter_map(|task| task["Id"].as_str())
        .collect();
    let messages = org.records["EmailMessage"].iter();
    let messages: BTreeSet<_> = messages
        .filter_map(|message| message["ActivityId"].as_str())
        .collect();
    assert!(!messages.is_empty());
    assert_eq!(emails, messages);
}

/// The value of a property of a record.
fn value(portal: &HubSpotData, object_type: ObjectType, id: u64, name: &str) -> String {
    let records = &portal.records[&object_type];
    let record = records.iter().find(|record| record.id == id);
    let value = record.and_then(|record| property(record, name));
    value.expect("a value").to_owned()
}

#[tokio::test]
async fn the_org_refuses_what_is_to_be_refused_with_the_code_that_is_named() {
    let (portal, org) = sample::sample(1, now());
    let account = |company| {
        let id = value(&portal, ObjectType::Company, company, "salesforceaccountid");
        json!({ "Subject": "x", "WhatId": id })
    };
    let opportunity = value(&portal, ObjectType::Deal, 704, "hs_salesforceopportunityid");
    let lead = value(&portal, ObjectType::Contact, 113, "salesforceleadid");
    let lead = org.records["Lead"].iter().find(|held| held["Id"] == lead);
    let converted = lead.map(|lead| lead["ConvertedContactId"].clone());
    let title = value(&portal, ObjectType::Task, 70_501, "hs_task_subject");
    let body = value(&portal, ObjectType::Note, 70_502, "hs_note_body");
    let refused = [
        ("task:70501", json!({ "Subject": title })),
        ("note:70502", json!({ "Subject": "x", "Description": body })),
        ("call:70503", json!({ "Subject": "x", "WhoId": converted })),
        ("note:70504", account(302)),
        (
            "meeting:70505",
            json!({ "Subject": "x", "WhatId": opportunity }),
        ),
        ("note:70506", account(303)),
        ("note:70507", account(304)),
    ];
    let options = Options {
        clock: SandboxClock::frozen_at(now()),
        ..Options::default()
    };
    let salesforce = Sandbox::with_data(options, portal, org).salesforce();
    for (name, task) in refused {
        let (code, ..) = SPECIMENS
            .iter()
            .find(|(_, specimen, _)| *specimen == name)
            .expect("a specimen");
        let request = http::Request::post("/services/data/v67.0/sobjects/Task")
            .header("authorization", format!("Bearer {DEFAULT_TOKEN}"))
            .header("content-type", "application/json")
            .body(bytes::Bytes::from(task.to_string()))
            .expect("a request");
        let answer = salesforce.call(request).await.expect("an answer");
        let answer: Value = serde_json::from_slice(answer.body()).expect("JSON");
        assert_eq!(answer[0]["errorCode"], **code, "{name}: {answer}");
    }
}
