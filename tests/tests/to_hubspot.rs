//! From Salesforce to HubSpot: what becomes of records there, what comes back, and what is left alone.
#![cfg(feature = "host")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::sync::Arc;

use crosswalk_host::ledger::ImportScope;
use crosswalk_host::salesforce::RecordObject;
use crosswalk_host::sync::{Import, Mode, Report};
use crosswalk_sandbox::{Effect, Fault, sample};
use crosswalk_tests::garbled::Garbled;
use crosswalk_tests::world::{InProcess, Nobody, World, beginning};
use http::Method;
use jiff::SignedDuration;
use serde_json::{Value, json};

/// The sample company, both ways; what it holds is synced, and shown by search.
async fn both_ways() -> World {
    let mut world = World::sample(1);
    world.return_to_hubspot();
    settled(world).await
}

async fn settled(world: World) -> World {
    for _ in 0..3 {
        sync(&world).await;
    }
    world
}

async fn sync(world: &World) -> Report {
    world.clock.advance(SignedDuration::from_mins(1));
    world.sync().await.unwrap()
}

/// Whose contact is in both systems, by the Salesforce id that HubSpot holds of it.
fn known_contact(world: &World) -> (String, String) {
    let mut contacts = world.objects("contacts").into_iter();
    let found = contacts.find_map(|contact| {
        let salesforce_id = contact["properties"]["salesforcecontactid"].as_str()?;
        let id = contact["id"].as_str()?.to_owned();
        (!salesforce_id.is_empty()).then(|| (id, salesforce_id.to_owned()))
    });
    found.unwrap()
}

async fn make_task(world: &World, fields: Value) -> String {
    let made = world
        .salesforce_person(Method::POST, "/sobjects/Task", fields)
        .await;
    made["id"].as_str().unwrap().to_owned()
}

async fn change_task(world: &World, id: &str, fields: Value) {
    world.clock.advance(SignedDuration::from_mins(1));
    let path = format!("/sobjects/Task/{id}");
    world.salesforce_person(Method::PATCH, &path, fields).await;
}

fn name(id: &str) -> String {
    format!("Task:{}", &id[..15])
}

fn reason(world: &World, name: &str) -> String {
    let seen = world.host().ledger.observation(name).unwrap();
    seen.unwrap_or_else(|| panic!("{name} was never seen"))
        .reason
        .unwrap()
}

/// The activity that a Task is, as HubSpot holds it.
fn activity_of(world: &World, task: &str) -> (String, Value) {
    let links = world.host().ledger.links_of_record(&task[..15]).unwrap();
    let [link] = links.as_slice() else {
        panic!("{task} has {} links", links.len());
    };
    let (kind, id) = link.activity.split_once(':').unwrap();
    let object = match kind {
        "sales_email_sent" => "emails".to_owned(),
        kind => format!("{kind}s"),
    };
    let mut objects = world.objects(&object).into_iter();
    let found = objects.find(|object| object["id"] == id).unwrap();
    (link.activity.clone(), found)
}

/// How many records of each object there are in HubSpot, and how many Tasks in Salesforce.
fn counted(world: &World) -> (BTreeMap<&'static str, usize>, usize) {
    let objects = ["tasks", "calls", "emails", "meetings", "notes"];
    let counts = objects.map(|object| (object, world.objects(object).len()));
    (counts.into_iter().collect(), world.task_count())
}

#[tokio::test]
async fn a_task_becomes_an_activity_once_and_both_sides_are_at_rest() {
    let world = both_ways().await;
    let (contact, who_id) = known_contact(&world);
    let (before, tasks) = counted(&world);
    let fields = json!({"Subject": "Ask about <offer> & price", "Description": "First line\nSecond", "WhoId": who_id, "Status": "In Progress",
                        "Priority": "High", "ActivityDate": "2026-12-01"});
    let task = make_task(&world, fields).await;
    let report = sync(&world).await;
    assert_eq!(report.to_hubspot.created, 1, "{report:?}");
    let (activity, object) = activity_of(&world, &task);
    assert!(activity.starts_with("task:"));
    let properties = &object["properties"];
    assert_eq!(properties["hs_task_subject"], "Ask about <offer> & price");
    assert_eq!(properties["hs_task_body"], "First line<br>Second");
    assert_eq!(properties["hs_task_status"], "IN_PROGRESS");
    assert_eq!(properties["hs_task_priority"], "HIGH");
    let path = format!(
        "/crm/v4/objects/tasks/{}/associations/contacts",
        object["id"].as_str().unwrap()
    );
    let associated = world.hubspot(Method::GET, &path, Value::Null).await;
    assert_eq!(associated["results"][0]["toObjectId"].to_string(), contact);

    for _ in 0..3 {
        let report = sync(&world).await;
        assert_eq!((report.created, report.updated, report.deleted), (0, 0, 0));
        let to_hubspot = &report.to_hubspot;
        assert_eq!(
            (to_hubspot.created, to_hubspot.updated),
            (0, 0),
            "{report:?}"
        );
    }
    let (after, tasks_after) = counted(&world);
    assert_eq!(after["tasks"], before["tasks"] + 1);
    assert_eq!(tasks_after, tasks + 1, "it isn't made a second time here");
}

#[tokio::test]
async fn each_record_becomes_what_it_is() {
    let world = both_ways().await;
    let (_, who_id) = known_contact(&world);
    let made = [
        (
            "call",
            json!({"Subject": "A call", "TaskSubtype": "Call", "CallDurationInSeconds": 95, "CallType": "Outbound"}),
        ),
        (
            "sales_email_sent",
            json!({"Subject": "An email", "TaskSubtype": "Email", "Status": "Completed"}),
        ),
        ("meeting", json!({"Subject": "Met", "Type": "Meeting"})),
        ("task", json!({"Subject": "A task"})),
    ];
    let mut tasks = Vec::new();
    for (kind, mut fields) in made {
        fields["WhoId"] = who_id.clone().into();
        tasks.push((kind, make_task(&world, fields).await));
    }
    let event = json!({"Subject": "Contract signing", "WhoId": who_id, "StartDateTime": "2026-12-01T08:00:00.000+0000",
                       "EndDateTime": "2026-12-01T09:00:00.000+0000", "Location": "Helsinki"});
    let event = world
        .salesforce_person(Method::POST, "/sobjects/Event", event)
        .await;
    sync(&world).await;
    for (kind, task) in &tasks {
        let (activity, _) = activity_of(&world, task);
        assert_eq!(activity.split_once(':').unwrap().0, *kind);
    }
    let (_, call) = activity_of(&world, &tasks[0].1);
    assert_eq!(call["properties"]["hs_call_duration"], "95000");
    let (activity, meeting) = activity_of(&world, event["id"].as_str().unwrap());
    assert!(activity.starts_with("meeting:"));
    assert_eq!(meeting["properties"]["hs_meeting_location"], "Helsinki");
    assert_eq!(
        meeting["properties"]["hs_meeting_start_time"],
        "2026-12-01T08:00:00Z"
    );
}

#[tokio::test]
async fn an_email_that_salesforce_holds_twice_comes_once() {
    let world = both_ways().await;
    let state = world.sandbox.salesforce().state();
    let messages = state["sobjects"]["EmailMessage"].as_array().unwrap();
    assert!(!messages.is_empty());
    let mut emails = 0;
    for message in messages {
        let task = message["ActivityId"].as_str().unwrap();
        let links = world.host().ledger.links_of_record(&task[..15]).unwrap();
        assert!(links.len() <= 1);
        emails += links.len();
        let named = world.objects("emails").into_iter().filter(|email| {
            links.iter().any(|link| {
                link.activity == format!("sales_email_sent:{}", email["id"].as_str().unwrap())
            })
        });
        assert_eq!(named.count(), links.len());
    }
    assert!(emails > 0, "some of them are in the window");
}

#[tokio::test]
async fn what_a_person_changes_in_salesforce_comes_back_with_the_person() {
    let world = both_ways().await;
    let key = world.tasks_by_key().into_iter().find(|(key, tasks)| {
        let has_owner = world.objects("tasks").iter().any(|task| {
            key.ends_with(&format!(":task:{}", task["id"].as_str().unwrap()))
                && task["properties"]["hubspot_owner_id"].is_string()
        });
        key.contains(":task:") && has_owner && tasks[0]["IsDeleted"] != true
    });
    let (_, tasks) = key.unwrap();
    let task = tasks[0]["Id"].as_str().unwrap().to_owned();
    let (_, before) = activity_of(&world, &task);
    let users = world.sandbox.salesforce().state()["sobjects"]["User"]
        .as_array()
        .unwrap()
        .clone();
    let owners = world
        .hubspot(Method::GET, "/crm/v3/owners?limit=100", Value::Null)
        .await;
    let (user, owner) = owners["results"]
        .as_array()
        .unwrap()
        .iter()
        .find_map(|owner| {
            let mut users = users.iter().filter(|user| {
                user["IsActive"] == true
                    && user["Email"]
                        .as_str()
                        .unwrap()
                        .eq_ignore_ascii_case(owner["email"].as_str().unwrap())
            });
            let user = users.next()?["Id"].as_str()?.to_owned();
            let is_another = before["properties"]["hubspot_owner_id"] != owner["id"];
            (is_another && users.next().is_none()).then(|| (user, owner["id"].clone()))
        })
        .unwrap();
    change_task(
        &world,
        &task,
        json!({"Subject": "Said in Salesforce", "OwnerId": user}),
    )
    .await;
    sync(&world).await;
    let (_, after) = activity_of(&world, &task);
    assert_eq!(after["properties"]["hs_task_subject"], "Said in Salesforce");
    assert_eq!(after["properties"]["hubspot_owner_id"], owner);
    let report = sync(&world).await;
    assert_eq!(
        (report.updated, report.to_hubspot.updated),
        (0, 0),
        "{report:?}"
    );
}

#[tokio::test]
async fn both_sides_changed_a_field_and_the_later_one_holds() {
    let world = both_ways().await;
    let (_, who_id) = known_contact(&world);
    let task = make_task(&world, json!({"Subject": "As it was", "WhoId": who_id})).await;
    sync(&world).await;
    let (activity, object) = activity_of(&world, &task);
    world.clock.advance(SignedDuration::from_mins(5));
    let path = format!(
        "/crm/objects/2026-09/tasks/{}",
        object["id"].as_str().unwrap()
    );
    let body =
        json!({"properties": {"hs_task_subject": "Said in HubSpot", "hs_task_priority": "LOW"}});
    world.hubspot(Method::PATCH, &path, body).await;
    change_task(
        &world,
        &task,
        json!({"Subject": "Said in Salesforce, later"}),
    )
    .await;
    sync(&world).await;
    sync(&world).await;
    let (_, object) = activity_of(&world, &task);
    assert_eq!(
        object["properties"]["hs_task_subject"],
        "Said in Salesforce, later"
    );
    let path = format!("/sobjects/Task/{task}");
    let there = world.salesforce(Method::GET, &path, Value::Null).await;
    assert_eq!(there["Subject"], "Said in Salesforce, later");
    assert_eq!(
        there["Priority"], "Low",
        "what only HubSpot changed is written"
    );
    let ledger = world.host().ledger;
    let mut conflicts = ledger.conflicts_of(&activity).unwrap();
    conflicts.extend(ledger.conflicts_of(&name(&task)).unwrap());
    let conflict = conflicts
        .iter()
        .find(|conflict| conflict.field == "Subject")
        .unwrap();
    assert_eq!(conflict.winner, "salesforce");
    assert_eq!(conflict.hubspot.as_deref(), Some("Said in HubSpot"));
    assert_eq!(
        conflict.salesforce.as_deref(),
        Some("Said in Salesforce, later")
    );
    assert_eq!(
        ledger.health().unwrap().conflicts,
        [("salesforce".to_owned(), 1)]
    );
}

#[tokio::test]
async fn a_task_of_somebody_hubspot_lacks_waits_and_goes_when_they_appear() {
    let world = World::tasks(0, 1);
    let person = json!({"LastName": "Late", "Email": "laila.late@customer.example"});
    let person = world
        .salesforce_person(Method::POST, "/sobjects/Contact", person)
        .await;
    let who_id = person["id"].as_str().unwrap();
    let task = make_task(&world, json!({"Subject": "Waits", "WhoId": who_id})).await;
    sync(&world).await;
    assert_eq!(reason(&world, &name(&task)), "contact_not_in_hubspot");
    let waiting = world.host().ledger.health().unwrap().waiting_for;
    let awaited = waiting
        .most
        .iter()
        .find(|awaited| awaited.contact == format!("salesforce:{}", &who_id[..15]))
        .unwrap();
    assert_eq!(
        awaited.email.as_deref(),
        Some("laila.late@customer.example")
    );
    sync(&world).await;
    assert_eq!(
        world.host().ledger.decisions(&name(&task)).unwrap().len(),
        1,
        "it isn't planned in every pass"
    );

    let contact =
        json!({"properties": {"email": "laila.late@customer.example", "lastname": "Late"}});
    world
        .hubspot(Method::POST, "/crm/objects/2026-09/contacts", contact)
        .await;
    world.clock.advance(SignedDuration::from_mins(2));
    let report = sync(&world).await;
    assert_eq!(report.to_hubspot.created, 1, "{report:?}");
    activity_of(&world, &task);
}

#[tokio::test]
async fn a_contact_that_still_names_the_lead_is_the_contact_which_that_became() {
    let world = both_ways().await;
    let leads = world.sandbox.salesforce().state()["sobjects"]["Lead"].clone();
    let became = |lead: &str| {
        let mut leads = leads.as_array().unwrap().iter();
        let lead = leads.find(|of| of["Id"] == lead)?;
        lead["ConvertedContactId"].as_str().map(str::to_owned)
    };
    let contacts = world.objects("contacts");
    let property = |contact: &Value, name: &str| {
        contact["properties"][name]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };
    let mut naming_leads = contacts
        .iter()
        .filter(|contact| property(contact, "salesforcecontactid").is_empty());
    let who_id = naming_leads.find_map(|contact| became(&property(contact, "salesforceleadid")));
    let fields = json!({"Subject": "Of a converted lead", "WhoId": who_id.unwrap()});
    let task = make_task(&world, fields).await;
    let report = sync(&world).await;
    assert_eq!(report.to_hubspot.created, 1, "{report:?}");
    activity_of(&world, &task);
}

#[tokio::test]
async fn a_meeting_that_is_an_event_is_told_as_one_when_hubspot_changes_it() {
    let world = both_ways().await;
    let state = world.sandbox.salesforce().state();
    let events = state["sobjects"]["Event"].as_array().unwrap().iter();
    let links = |event: &Value| {
        let id = event["Id"].as_str()?.get(..15)?.to_owned();
        world.host().ledger.links_of_record(&id).ok()?.pop()
    };
    let link = events.filter_map(links).next().unwrap();
    let (_, id) = link.activity.split_once(':').unwrap();
    let path = format!("/crm/objects/2026-09/meetings/{id}");
    let changed = json!({"properties": {"hs_meeting_title": "Moved to Friday"}});
    world.hubspot(Method::PATCH, &path, changed).await;
    world.clock.advance(SignedDuration::from_mins(1));
    sync(&world).await;
    assert_eq!(reason(&world, &link.activity), "event_not_written");
}

#[tokio::test]
async fn any_text_survives_the_way_there_and_back() {
    let world = both_ways().await;
    let (_, who_id) = known_contact(&world);
    let texts = [
        "<script>alert('no')</script> & <b>bold</b>".to_owned(),
        "שלום 👩‍🔬 مرحبا\nnew line\ttab".to_owned(),
        "x".repeat(32_000),
        format!("{}👩‍🔬", "<&>".repeat(1_000)),
    ];
    let mut tasks = Vec::new();
    for (number, text) in texts.iter().enumerate() {
        let subject = format!("Text {number} <i>👍</i>");
        tasks.push(
            make_task(
                &world,
                json!({"Subject": subject, "Description": text, "WhoId": who_id}),
            )
            .await,
        );
    }
    sync(&world).await;
    for (number, (task, text)) in tasks.iter().zip(&texts).enumerate() {
        let (_, object) = activity_of(&world, task);
        let body = object["properties"]["hs_task_body"].as_str().unwrap();
        assert!(!body.contains("<script"), "it is text there");
        let id = object["id"].as_str().unwrap();
        world.clock.advance(SignedDuration::from_mins(1));
        // HubSpot touches it, so that all of it would come back if it differed.
        let touched = json!({"properties": {"hs_task_priority": "LOW"}});
        world
            .hubspot(
                Method::PATCH,
                &format!("/crm/objects/2026-09/tasks/{id}"),
                touched,
            )
            .await;
        sync(&world).await;
        let there = world
            .salesforce(Method::GET, &format!("/sobjects/Task/{task}"), Value::Null)
            .await;
        assert_eq!(there["Priority"], "Low");
        assert_eq!(there["Description"].as_str().unwrap(), text);
        assert_eq!(there["Subject"], format!("Text {number} <i>👍</i>"));
    }
}

#[tokio::test]
async fn what_the_portal_refuses_fails_with_its_words_and_the_others_go() {
    let mut world = World::sample(1);
    world.return_to_hubspot();
    let report = sync(&world).await;
    let failures = world.host().ledger.failures(1_000).unwrap();
    let refused: Vec<_> = failures
        .iter()
        .filter(|intent| intent.destination.system() == "HubSpot")
        .collect();
    let [refused] = refused.as_slice() else {
        panic!("{} were refused", refused.len());
    };
    assert_eq!(
        refused.activity,
        name(&crosswalk_sandbox::salesforce::record_id("00T", 905))
    );
    assert!(
        refused
            .error
            .as_deref()
            .unwrap()
            .contains("marked as internal"),
        "{:?}",
        refused.error
    );
    assert!(
        refused
            .what_to_do
            .as_deref()
            .is_some_and(|what| !what.is_empty())
    );
    assert!(report.to_hubspot.created > 10, "{report:?}");
}

#[tokio::test]
async fn a_record_that_is_deleted_meanwhile_leaves_no_error() {
    let world = both_ways().await;
    let (_, who_id) = known_contact(&world);
    let task = make_task(&world, json!({"Subject": "Soon gone", "WhoId": who_id})).await;
    sync(&world).await;
    let (activity, object) = activity_of(&world, &task);
    let failed = world.host().ledger.failures(1_000).unwrap().len();
    change_task(&world, &task, json!({"Subject": "Changed"})).await;
    // Search doesn't show the recycle bin, so the pass learns of it from the refusal, or from the bin.
    let path = format!(
        "/crm/objects/2026-09/tasks/{}",
        object["id"].as_str().unwrap()
    );
    world.hubspot(Method::DELETE, &path, Value::Null).await;
    sync(&world).await;
    sync(&world).await;
    assert_eq!(world.host().ledger.failures(1_000).unwrap().len(), failed);
    let report = sync(&world).await;
    assert_eq!(
        report.to_hubspot.created, 0,
        "it isn't made again: {activity}"
    );
}

/// The answer to a create is lost after it was carried out: no activity is made twice, none is lost.
async fn lost_answers(world: World) {
    world.sandbox.hubspot().add_fault(
        Fault::on(
            "POST",
            "/crm/objects/*/batch/*",
            Effect::reset().after_commit(),
        )
        .after_requests(3)
        .times(2),
    );
    let host = world.host();
    let _ = host.pass(&Mode::CarryOut).await;
    drop(host);
    for _ in 0..3 {
        sync(&world).await;
    }
    let made: Vec<Value> = ["tasks", "calls", "emails"]
        .iter()
        .flat_map(|object| world.objects(object))
        .collect();
    assert_eq!(made.len(), 600);
    let ledger = world.host().ledger;
    assert_eq!(
        ledger.count_in("sent").unwrap() + ledger.count_in("unsettled").unwrap(),
        0
    );
    assert_eq!(ledger.health().unwrap().linked, 600);
}

fn changed_tasks(tasks: u64, contacts: usize) -> World {
    let mut world = World::tasks(tasks, contacts);
    // All of them changed since it was turned on.
    world.settings["enabled_at"] = "2020-01-01T00:00:00Z".into();
    world
}

#[tokio::test]
async fn a_lost_answer_makes_nothing_twice_with_a_key_property() {
    lost_answers(changed_tasks(600, 50).with_key_property()).await;
}

#[tokio::test]
async fn a_lost_answer_makes_nothing_twice_without_a_key_property() {
    lost_answers(changed_tasks(600, 50)).await;
}

/// Calls of one pass to HubSpot and to Salesforce.
async fn calls_of_a_pass(world: &World) -> (u64, u64, Report) {
    world.clock.advance(SignedDuration::from_mins(1));
    let host = world.host();
    let report = host.pass(&Mode::CarryOut).await.unwrap();
    (
        host.hubspot.calls().total(),
        host.salesforce.calls().total(),
        report,
    )
}

/// A thousand Tasks of a thousand people, from before anything was turned on; they are nothing but tasks.
fn plain_tasks() -> World {
    let (portal, mut org) = sample::load_tasks(1_000, 1_000, beginning());
    for generated in &mut org.generated {
        let make = generated.make.clone();
        generated.make = Arc::new(move |number| {
            let mut task = make(number);
            task["TaskSubtype"] = "Task".into();
            task
        });
    }
    let mut world = World::of_salesforce((portal, org));
    world.settings["to_hubspot"] = json!({"task": {"enabled": true}});
    world
}

async fn change_all(world: &World, subject: &str) {
    world.clock.advance(SignedDuration::from_mins(1));
    let state = world.sandbox.salesforce().state();
    let tasks = state["sobjects"]["Task"].as_array().unwrap().iter();
    let tasks: Vec<_> = tasks.filter(|task| task["Subject"] != "First").collect();
    for tasks in tasks.chunks(200) {
        let changed = tasks.iter().map(
            |task| json!({"attributes": {"type": "Task"}, "Id": task["Id"], "Subject": subject}),
        );
        let changed: Vec<Value> = changed.collect();
        let body = json!({"allOrNone": false, "records": changed});
        world
            .salesforce_person(Method::PATCH, "/composite/sobjects", body)
            .await;
    }
}

#[tokio::test]
async fn a_thousand_changed_tasks_take_few_calls() {
    for with_key in [false, true] {
        let mut world = plain_tasks();
        if with_key {
            world = world.with_key_property();
        }
        // Which portal it is, and that it has the property, is asked once and for all.
        let (_, who_id) = known_contact(&world);
        make_task(&world, json!({"Subject": "First", "WhoId": who_id})).await;
        sync(&world).await;
        world.settings["enabled_at"] = "2020-01-01T00:00:00Z".into();
        let (hubspot, salesforce, report) = calls_of_a_pass(&world).await;
        assert_eq!(report.to_hubspot.created, 1_000, "{report:?}");
        println!(
            "with key property {with_key}, people not known: {hubspot} to HubSpot, {salesforce} to Salesforce"
        );
        assert!(
            hubspot <= 22,
            "{hubspot} calls to HubSpot for people not known"
        );
        assert!(salesforce <= 6, "{salesforce} calls to Salesforce");
        change_all(&world, "Changed").await;
        let (hubspot, salesforce, report) = calls_of_a_pass(&world).await;
        assert_eq!(report.to_hubspot.updated, 1_000, "{report:?}");
        println!(
            "with key property {with_key}, changed: {hubspot} to HubSpot, {salesforce} to Salesforce"
        );
        assert!(
            hubspot <= 12,
            "{hubspot} calls to HubSpot for people who are known"
        );
        assert!(salesforce <= 6, "{salesforce} calls to Salesforce");
    }
}

#[tokio::test]
async fn a_fallback_of_ours_never_overwrites_a_person() {
    let world = both_ways().await;
    let integration_user = world.settings["owners"]["integration_user"]
        .as_str()
        .unwrap()
        .to_owned();
    let ledger = world.host().ledger;
    let fallen_back = world.tasks_by_key().into_iter().find_map(|(key, tasks)| {
        let activity = key.trim_start_matches("hubspot:8821:").to_owned();
        let link = ledger.link(&activity).unwrap()?;
        let is_fallback = link.assigned_by.as_deref() == Some("integration_user");
        let is_there = tasks[0]["IsDeleted"] != true && activity.starts_with("task:");
        (is_fallback && is_there).then(|| (activity, tasks[0]["Id"].as_str().unwrap().to_owned()))
    });
    let (_, task) = fallen_back.unwrap();
    let (_, before) = activity_of(&world, &task);
    change_task(&world, &task, json!({"Subject": "Only the words"})).await;
    sync(&world).await;
    let (_, after) = activity_of(&world, &task);
    assert_eq!(after["properties"]["hs_task_subject"], "Only the words");
    assert_eq!(
        after["properties"]["hubspot_owner_id"],
        before["properties"]["hubspot_owner_id"]
    );
    let path = format!("/sobjects/Task/{task}");
    let there = world.salesforce(Method::GET, &path, Value::Null).await;
    assert_eq!(
        there["OwnerId"].as_str().unwrap()[..15],
        integration_user[..15]
    );
}

#[tokio::test]
async fn a_record_that_polling_missed_is_found_the_day_after() {
    let world = both_ways().await;
    let (_, who_id) = known_contact(&world);
    let task = make_task(&world, json!({"Subject": "Missed", "WhoId": who_id})).await;
    // As if its transaction had ended long after its stamp: the cursor is behind it.
    let host = world.host();
    let cursor = crosswalk_host::ledger::FeedCursor {
        stamp: world.clock.now() + SignedDuration::from_mins(30),
        id: String::new(),
    };
    host.ledger.set_cursor("Task", &cursor).unwrap();
    drop(host);
    sync(&world).await;
    assert!(
        world
            .host()
            .ledger
            .observation(&name(&task))
            .unwrap()
            .is_none()
    );
    world.clock.advance(SignedDuration::from_hours(25));
    let report = sync(&world).await;
    assert_eq!(report.to_hubspot.created, 1, "{report:?}");
    activity_of(&world, &task);
}

#[tokio::test]
async fn a_task_moved_to_another_contact_is_seen() {
    let world = both_ways().await;
    let (_, who_id) = known_contact(&world);
    let other = world
        .objects("contacts")
        .into_iter()
        .rev()
        .find_map(|contact| {
            let id = contact["properties"]["salesforcecontactid"].as_str()?;
            (id.starts_with("003") && id != who_id).then(|| id.to_owned())
        });
    let task = make_task(&world, json!({"Subject": "Moves"})).await;
    sync(&world).await;
    assert_eq!(reason(&world, &name(&task)), "no_contact");
    change_task(&world, &task, json!({"WhoId": other.unwrap()})).await;
    let report = sync(&world).await;
    assert_eq!(
        report.to_hubspot.created, 1,
        "only its contact changed: {report:?}"
    );
}

#[tokio::test]
async fn a_plan_that_was_looked_at_is_carried_out_both_ways() {
    let mut world = World::sample(1);
    world.return_to_hubspot();
    world.clock.advance(SignedDuration::from_mins(1));
    let preview = world.host().pass(&Mode::Preview).await.unwrap();
    assert!(preview.to_hubspot.by_action["create"] > 0);
    assert_eq!(preview.to_hubspot.created, 0, "a preview writes nothing");
    let digest = preview.digest.unwrap();
    let report = world
        .host()
        .pass(&Mode::CarryOutPlan(digest.clone()))
        .await
        .unwrap();
    assert!(report.to_hubspot.created > 0 && report.created > 0);
    assert_eq!(report.digest.as_deref(), Some(digest.as_str()));
    assert!(
        world
            .host()
            .pass(&Mode::CarryOutPlan(digest))
            .await
            .is_err(),
        "it has been"
    );
}

#[tokio::test]
async fn what_a_trigger_makes_of_our_write_comes_back_and_then_all_is_at_rest() {
    let mut world = World::load(20, 5);
    world.return_to_hubspot();
    let trigger = json!([{"sobject": "Task", "field": "Subject", "append": " (checked)"}]);
    world
        .sandbox
        .salesforce()
        .administer("triggers", &trigger)
        .unwrap();
    let report = sync(&world).await;
    assert_eq!(report.created, 20);
    for _ in 0..3 {
        sync(&world).await;
    }
    let report = sync(&world).await;
    assert_eq!(
        (report.updated, report.to_hubspot.updated),
        (0, 0),
        "{report:?}"
    );
    let checked = |object: &str, title: &str| {
        let objects = world.objects(object).into_iter();
        let titles =
            objects.filter_map(|object| object["properties"][title].as_str().map(str::to_owned));
        titles.filter(|title| title.ends_with(" (checked)")).count()
    };
    assert!(checked("calls", "hs_call_title") > 0);
    for tasks in world.tasks_by_key().values() {
        let subject = tasks[0]["Subject"].as_str().unwrap();
        assert_eq!(subject.matches("(checked)").count(), 1, "{subject}");
    }
}

#[tokio::test]
async fn a_lead_that_was_converted_is_followed() {
    let world = both_ways().await;
    let lead = json!({"LastName": "Soon", "Company": "Ltd", "Email": "soon@customer.example"});
    let lead = world
        .salesforce_person(Method::POST, "/sobjects/Lead", lead)
        .await;
    let lead = lead["id"].as_str().unwrap();
    let task = make_task(&world, json!({"Subject": "Before", "WhoId": lead})).await;
    let converted = world
        .sandbox
        .salesforce()
        .administer("convert", &json!({"lead": lead}))
        .unwrap();
    let contact = converted["contact"]
        .as_str()
        .unwrap_or_else(|| panic!("{converted}"))
        .to_owned();
    let in_hubspot =
        json!({"properties": {"email": "soon@customer.example", "salesforcecontactid": contact}});
    world
        .hubspot(Method::POST, "/crm/objects/2026-09/contacts", in_hubspot)
        .await;
    world.clock.advance(SignedDuration::from_mins(5));
    sync(&world).await;
    activity_of(&world, &task);
}

#[tokio::test]
async fn a_record_that_cannot_be_read_is_kept_and_the_others_go() {
    let world = World::tasks(300, 20);
    let garbled = Garbled {
        inner: InProcess::new(&world.sandbox),
        path: "/services/data/v67.0/queryAll",
        list: "records",
        field: "CreatedDate",
        value: "soon".into(),
    };
    let host = world.host_with(Arc::new(garbled));
    let scope = ImportScope {
        since: None,
        kinds: "call,email,meeting,task".to_owned(),
    };
    let import = Import {
        scope,
        objects: vec![RecordObject::Task],
    };
    let report = host
        .engine()
        .import(&import, &Mode::CarryOut, &Nobody)
        .await
        .unwrap();
    assert_eq!(report.to_hubspot.created, 299);
    let refusals = host.ledger.refusals(10).unwrap();
    let [refusal] = refusals.as_slice() else {
        panic!("{refusals:?}");
    };
    assert_eq!(refusal.code, "invalid_record");
    assert!(refusal.activity.as_deref().unwrap().starts_with("Task:00T"));
}

#[tokio::test]
async fn a_key_property_that_the_portal_lacks_is_told_and_nothing_stops() {
    let mut world = changed_tasks(30, 5);
    world.key_property = Some("no_such_property".to_owned());
    let report = sync(&world).await;
    assert_eq!(report.to_hubspot.created, 30);
    let told = report
        .warnings
        .iter()
        .filter(|warning| warning.contains("no_such_property"));
    assert_eq!(
        told.count(),
        3,
        "once for tasks, calls and emails: {:?}",
        report.warnings
    );
}

/// Search shows HubSpot's records late: what it showed before our own write isn't HubSpot's side any more.
#[tokio::test]
async fn two_changes_in_quick_succession_both_go() {
    let mut world = World::sample(1);
    world.return_to_hubspot();
    // Few searches: waiting for more would give HubSpot the time to show what was written.
    world.turn_on_only(&["task"]);
    world.settings["to_hubspot"] = json!({"task": {"enabled": true}});
    world.settings["conflict"] = "hubspot".into();
    let world = settled(world).await;
    let (_, who_id) = known_contact(&world);
    let task = make_task(&world, json!({"Subject": "As it was", "WhoId": who_id})).await;
    sync(&world).await;
    sync(&world).await;
    change_task(&world, &task, json!({"Subject": "Once"})).await;
    world.sync().await.unwrap();
    let path = format!("/sobjects/Task/{task}");
    let twice = json!({"Subject": "Twice"});
    world.salesforce_person(Method::PATCH, &path, twice).await;
    world.sync().await.unwrap();
    let (_, object) = activity_of(&world, &task);
    assert_eq!(object["properties"]["hs_task_subject"], "Twice");
}

#[tokio::test]
async fn a_contact_that_is_gone_is_found_out_and_waited_for() {
    let world = changed_tasks(3, 1);
    sync(&world).await;
    let (contact, who_id) = known_contact(&world);
    let path = format!("/crm/objects/2026-09/contacts/{contact}");
    world.hubspot(Method::DELETE, &path, Value::Null).await;
    world.clock.advance(SignedDuration::from_mins(1));
    let task = make_task(&world, json!({"Subject": "For nobody", "WhoId": who_id})).await;
    sync(&world).await;
    sync(&world).await;
    assert_eq!(reason(&world, &name(&task)), "contact_not_in_hubspot");
    assert_eq!(world.host().ledger.failures(10).unwrap().len(), 0);
}

#[tokio::test]
async fn a_snapshot_leaves_out_what_search_shows_as_it_was_before_our_write() {
    let world = both_ways().await;
    let (_, who_id) = known_contact(&world);
    let task = make_task(&world, json!({"Subject": "Before", "WhoId": who_id})).await;
    let world = settled(world).await;
    change_task(&world, &task, json!({"Subject": "After"})).await;
    assert_eq!(sync(&world).await.to_hubspot.updated, 1);
    let (activity, _) = activity_of(&world, &task);
    assert_eq!(title_in_snapshot(&world, &activity).await, None);
    world.clock.advance(SignedDuration::from_mins(1));
    let title = title_in_snapshot(&world, &activity).await;
    assert_eq!(title.as_deref(), Some("After"));
}

/// The title of an activity in the snapshot of all that changed.
async fn title_in_snapshot(world: &World, activity: &str) -> Option<String> {
    let host = world.host();
    let snapshot = host.engine().snapshot().await.unwrap();
    let snapshot = serde_json::to_value(snapshot).unwrap();
    let (kind, id) = activity.split_once(':').unwrap();
    let mut activities = snapshot["activities"].as_array().unwrap().iter();
    let found = activities.find(|found| found["kind"] == kind && found["id"] == id);
    Some(found?["title"].as_str().unwrap().to_owned())
}

/// What HubSpot's search shows may be older than what we wrote since: it isn't written back.
#[tokio::test]
async fn what_was_overwritten_in_hubspot_does_not_come_back_from_its_search() {
    let mut world = World::sample(1);
    world.turn_on_only(&["task"]);
    world.settings["to_hubspot"] = json!({"task": {"enabled": true}});
    let world = settled(world).await;
    let (_, who_id) = known_contact(&world);
    let task = make_task(&world, json!({"Subject": "As it was", "WhoId": who_id})).await;
    sync(&world).await;
    sync(&world).await;
    world.clock.advance(SignedDuration::from_mins(1));
    let (_, object) = activity_of(&world, &task);
    let path = format!(
        "/crm/objects/2026-09/tasks/{}",
        object["id"].as_str().unwrap()
    );
    let overwritten = json!({"properties": {"hs_task_subject": "Overwritten"}});
    world.hubspot(Method::PATCH, &path, overwritten).await;
    world.clock.advance(SignedDuration::from_millis(200));
    let path = format!("/sobjects/Task/{task}");
    let later = json!({"Subject": "Later"});
    world.salesforce_person(Method::PATCH, &path, later).await;
    for _ in 0..4 {
        world.sync().await.unwrap();
        let there = world.salesforce(Method::GET, &path, Value::Null).await;
        assert_eq!(there["Subject"], "Later");
    }
    let (_, object) = activity_of(&world, &task);
    assert_eq!(object["properties"]["hs_task_subject"], "Later");
}
