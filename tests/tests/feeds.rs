//! What happens once: forms submitted, marketing emails sent, opened and clicked, each end to end.
#![cfg(feature = "host")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use bytes::Bytes;
use crosswalk_host::feeds::Opens;
use crosswalk_host::sync::Mode;
use crosswalk_host::transport::{Transport, TransportError};
use crosswalk_sandbox::{Effect, Fault};
use crosswalk_tests::garbled::Garbled;
use crosswalk_tests::world::{InProcess, World};
use futures::future::BoxFuture;
use http::{Method, Request, Response, StatusCode};
use jiff::SignedDuration;
use serde_json::{Value, json};

const FORM: &str = "form_submission:f0f0f0f0-0000-4000-8000-0000000";
const MARKETING: [&str; 3] = [
    "marketing_email_sent",
    "marketing_email_opened",
    "marketing_email_clicked",
];

/// The sample company, with nothing on but these kinds.
fn only(kinds: &[&str]) -> World {
    let mut world = World::sample(1);
    world.turn_on_only(kinds);
    world
}

fn reason(world: &World, activity: &str) -> String {
    let seen = world.host().ledger.observation(activity).unwrap();
    let seen = seen.unwrap_or_else(|| panic!("{activity} was never seen"));
    seen.reason.unwrap()
}

/// The subject of an activity's Task; none if it has none.
fn subject(world: &World, activity: &str) -> Option<String> {
    let tasks = world.tasks_by_key();
    let [task] = tasks.get(&format!("hubspot:8821:{activity}"))?.as_slice() else {
        panic!("{activity} has several Tasks");
    };
    task["Subject"].as_str().map(str::to_owned)
}

async fn happen(world: &World, what: Value) {
    world.hubspot(Method::POST, "/_sandbox/happen", what).await;
    world.clock.advance(SignedDuration::from_mins(1));
}

#[tokio::test]
async fn what_was_submitted_becomes_tasks_named_after_the_form() {
    let world = only(&["form_submission"]);
    world.sync().await.unwrap();
    let of = |number: u64| format!("{FORM}{number}");
    let subject_of = |number: u64| subject(&world, &of(number));
    assert_eq!(subject_of(70_601).as_deref(), Some("Submitted: Contact us"));
    assert_eq!(
        subject_of(70_602).as_deref(),
        Some("Submitted: Cold chain guide 2026")
    );
    assert!(subject_of(70_603).is_some(), "at the start of the window");
    assert_eq!(subject_of(70_604), None, "a millisecond before it");
    assert_eq!(reason(&world, &of(70_605)), "no_contact");
    assert_eq!(reason(&world, &of(70_606)), "no_contact");
    assert_eq!(reason(&world, &of(70_607)), "contact_not_synced");
    assert!(subject_of(70_608).is_some(), "W5 is for sales kinds only");
    let again = world.sync().await.unwrap();
    assert_eq!((again.activities, again.created), (0, 0));
    let form = "5f1c2b7a-0000-4000-8000-000000000601";
    let passer_by = json!({"submissions": [{"form": form, "values": {"email": "passer-by@elsewhere.example"}}]});
    happen(&world, passer_by).await;
    let again = world.sync().await.unwrap();
    assert_eq!((again.activities, again.created), (1, 0));
}

#[tokio::test]
async fn who_was_unknown_and_then_is_a_contact_gets_what_waited() {
    let world = only(&["form_submission", "marketing_email_opened"]);
    world.sync().await.unwrap();
    let submitted = format!("{FORM}70606");
    assert_eq!(reason(&world, &submitted), "no_contact");
    let contact =
        json!({"properties": {"email": "Passer-By@elsewhere.example", "lastname": "Passer"}});
    world
        .hubspot(Method::POST, "/crm/objects/2026-09/contacts", contact)
        .await;
    world.clock.advance(SignedDuration::from_mins(1));
    world.sync().await.unwrap();
    assert_eq!(reason(&world, &submitted), "contact_not_synced");
    let lead =
        json!({"LastName": "Passer", "Company": "By", "Email": "passer-by@elsewhere.example"});
    world.salesforce(Method::POST, "/sobjects/Lead", lead).await;
    let report = world.sync().await.unwrap();
    assert_eq!((report.activities, report.created), (1, 1));
    assert_eq!(
        subject(&world, &submitted).as_deref(),
        Some("Submitted: Contact us")
    );
}

#[tokio::test]
async fn marketing_emails_become_tasks_named_after_the_email() {
    let world = only(&MARKETING);
    world.sync().await.unwrap();
    let of = |kind: &str, number: u64| format!("{kind}:e0e0e0e0-0000-4000-8000-0000000{number}");
    let subject_of = |kind: &str, number: u64| subject(&world, &of(kind, number));
    let [sent, opened, clicked] = MARKETING;
    let named = |name: &str| Some(format!("{name} Winter newsletter"));
    assert_eq!(subject_of(sent, 70_701), named("Sent"));
    assert_eq!(subject_of(opened, 70_702), named("Opened"));
    assert_eq!(subject_of(opened, 70_703), None, "opened again");
    assert_eq!(subject_of(opened, 70_704), None, "and again");
    assert_eq!(subject_of(clicked, 70_705), named("Clicked"));
    assert!(
        subject_of(sent, 70_706).is_some(),
        "at the start of the window"
    );
    assert_eq!(subject_of(sent, 70_707), None, "a millisecond before it");
    assert_eq!(reason(&world, &of(sent, 70_709)), "contact_not_synced");
    assert_eq!(reason(&world, &of(opened, 70_710)), "no_contact");
    assert_eq!(subject_of(clicked, 70_711), named("Clicked"));
    let again = world.sync().await.unwrap();
    assert_eq!((again.activities, again.created), (0, 0));
}

#[tokio::test]
async fn a_preview_says_what_either_choice_of_opens_would_write() {
    let mut world = only(&["marketing_email_opened"]);
    let first = world.host().pass(&Mode::Preview).await.unwrap();
    let opens = first.marketing_opens.unwrap();
    assert!(opens.all > opens.first + 10, "{opens:?}");
    assert_eq!(first.by_action["create"], opens.first);
    world.feeds.opens = Opens::All;
    let all = world.host().pass(&Mode::Preview).await.unwrap();
    assert_eq!(all.marketing_opens, Some(opens));
    assert_eq!(all.by_action["create"], opens.all);
    world.feeds.opens = Opens::First;
    let report = world.sync().await.unwrap();
    assert_eq!(report.created, opens.first);
    // Changed later, the window is read again for the others.
    world.feeds.opens = Opens::All;
    let report = world.sync().await.unwrap();
    assert_eq!(report.created, opens.all - opens.first);
    world.feeds.opens = Opens::First;
    let report = world.sync().await.unwrap();
    assert_eq!((report.activities, report.created), (0, 0));
}

#[tokio::test]
async fn a_snapshot_of_what_happened_is_planned_as_the_preview_is() {
    let world = only(&["form_submission", "marketing_email_opened"]);
    let preview = world.host().pass(&Mode::Preview).await.unwrap();
    for synced in [false, true] {
        let host = world.host();
        let snapshot = host.engine().snapshot().await.unwrap();
        let snapshot = serde_json::to_vec(&snapshot).unwrap();
        let settings = world.settings.to_string();
        let rules = crosswalk_core::Rules::from_json(settings.as_bytes()).unwrap();
        let plan = rules.plan_to_salesforce_json(&snapshot).unwrap();
        let plan: Value = serde_json::from_slice(&plan).unwrap();
        assert_eq!(plan["summary"]["activities"], preview.activities);
        if !synced {
            assert_eq!(plan["digest"], json!(preview.digest));
        }
        world.sync().await.unwrap();
    }
}

#[tokio::test]
async fn a_kind_turned_off_and_on_again_is_read_anew_and_nothing_made_twice() {
    let mut world = only(&["marketing_email_clicked"]);
    let first = world.sync().await.unwrap();
    assert!(first.created > 5, "{first:?}");
    world.turn_on_only(&[]);
    world.sync().await.unwrap();
    world.turn_on_only(&["marketing_email_clicked", "form_submission"]);
    world.settings["windows"] = json!({"marketing_email": "P90D"});
    let wider = world.sync().await.unwrap();
    assert!(
        wider.by_kind["marketing_email_clicked"]["create"] > 0,
        "{wider:?}"
    );
    let tasks = world.tasks_by_key();
    assert!(tasks.values().all(|tasks| tasks.len() == 1));
}

#[tokio::test]
async fn a_thousand_marketing_events_take_few_calls() {
    let world = World::marketing(3_000, 1_000);
    let report = world.sync().await.unwrap();
    assert_eq!(report.created, 3_000);
    let hubspot = world.sandbox.hubspot().log();
    assert!(
        hubspot.total <= 3 * 16,
        "{} {:?}",
        hubspot.total,
        hubspot.by_path
    );
    let salesforce = world.sandbox.salesforce().log();
    let rest = 3;
    assert!(
        salesforce.total <= 3 * 6 + rest,
        "{} {:?}",
        salesforce.total,
        salesforce.by_path
    );
}

/// So many pages of events; then HubSpot is gone.
struct UntilLost {
    inner: InProcess,
    pages: AtomicI64,
}

const EVENTS: &str = "/email/public/v1/events";

impl Transport for UntilLost {
    fn send(
        &self,
        request: Request<Bytes>,
    ) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        let is_page = request.uri().path() == EVENTS;
        if !is_page || self.pages.fetch_sub(1, Ordering::SeqCst) > 0 {
            return self.inner.send(request);
        }
        Box::pin(async { Err(TransportError::unknown("gone".to_owned())) })
    }
}

#[tokio::test]
async fn reading_goes_on_at_the_page_where_it_was_stopped() {
    let mut world = World::marketing(18_000, 500);
    world.turn_on_only(&["marketing_email_sent"]);
    let mut stopped = 0;
    loop {
        let transport = UntilLost {
            inner: InProcess::new(&world.sandbox),
            pages: AtomicI64::new(1),
        };
        world.clock.advance(SignedDuration::from_secs(1));
        let host = world.host_with(Arc::new(transport));
        if host.pass(&Mode::CarryOut).await.is_ok() {
            break;
        }
        stopped += 1;
        assert!(stopped < 10, "it doesn't come to an end");
    }
    // Six pages, each read once.
    assert_eq!(stopped, 5);
    assert_eq!(world.sandbox.hubspot().log().count("GET", EVENTS), 6);
    let tasks = world.tasks_by_key();
    assert_eq!(tasks.len(), 6_000);
    assert!(tasks.values().all(|tasks| tasks.len() == 1));
    assert_eq!(world.sync().await.unwrap().created, 0);
}

#[tokio::test]
async fn a_page_that_hubspot_knows_no_more_is_read_from_the_beginning() {
    let mut world = World::marketing(9_000, 500);
    world.turn_on_only(&["marketing_email_sent"]);
    let transport = UntilLost {
        inner: InProcess::new(&world.sandbox),
        pages: AtomicI64::new(2),
    };
    let host = world.host_with(Arc::new(transport));
    assert!(host.pass(&Mode::CarryOut).await.is_err());
    drop(host);
    let refused = Fault::on("GET", EVENTS, Effect::status(StatusCode::BAD_REQUEST));
    world.sandbox.hubspot().add_fault(refused.times(1));
    let report = world.sync().await.unwrap();
    assert_eq!(report.created, 3_000);
}

#[tokio::test]
async fn one_that_cannot_be_read_is_kept_and_the_others_of_its_page_go_through() {
    let lists = [
        ("marketing_email_sent", EVENTS, "events", "created"),
        (
            "form_submission",
            "/form-integrations/v1/submissions/forms/",
            "results",
            "submittedAt",
        ),
    ];
    for (kind, path, list, field) in lists {
        let whole = only(&[kind]);
        let expected = whole.sync().await.unwrap().created;
        let world = only(&[kind]);
        let garbled = Garbled {
            inner: InProcess::new(&world.sandbox),
            path,
            list,
            field,
            value: "soon".into(),
        };
        world.clock.advance(SignedDuration::from_secs(1));
        let host = world.host_with(Arc::new(garbled));
        let created = host.pass(&Mode::CarryOut).await.unwrap().created;
        assert!(created > 0 && created < expected, "{created} of {expected}");
        let refusals = host.ledger.refusals(1_000).unwrap();
        assert!(!refusals.is_empty());
        for refusal in &refusals {
            assert_eq!(refusal.code, "invalid_record");
            let activity = refusal.activity.as_deref().unwrap();
            assert!(activity.starts_with(kind), "{activity}");
            assert!(!refusal.message.is_empty() && !refusal.hint.is_empty());
        }
    }
}

const OCCURRENCES: [&str; 4] = [
    "sales_email_opened",
    "sales_email_clicked",
    "sales_content_viewed",
    "integration_event",
];

fn occurrence(kind: &str, number: u64) -> String {
    format!("{kind}:d0d0d0d0-0000-4000-8000-0000000{number}")
}

#[tokio::test]
async fn what_contacts_did_becomes_tasks_named_after_what_it_was() {
    let world = only(&OCCURRENCES);
    let report = world.sync().await.unwrap();
    assert!(report.created > 20, "{report:?}");
    let [opened, clicked, viewed, event] = OCCURRENCES;
    let subject_of = |kind: &str, number: u64| subject(&world, &occurrence(kind, number));
    let offer = "Offer for 40 × Halla Door";
    assert_eq!(subject_of(opened, 70_801), Some(format!("Opened {offer}")));
    assert_eq!(
        subject_of(clicked, 70_802),
        Some(format!("Clicked {offer}"))
    );
    assert_eq!(
        subject_of(viewed, 70_803).as_deref(),
        Some("Viewed Price list 2026")
    );
    assert_eq!(
        subject_of(event, 70_804).as_deref(),
        Some("Frostcast: Cold chain basics")
    );
    assert_eq!(subject_of(opened, 70_805), None, "before the window");
    let reason = |kind, number| reason(&world, &occurrence(kind, number));
    assert_eq!(reason(viewed, 70_806), "before_contact_sync");
    assert_eq!(reason(event, 70_807), "no_syncing_contact");
    let again = world.sync().await.unwrap();
    assert_eq!((again.activities, again.created), (0, 0));
    let seen = json!({"occurrences": [{"type": "ae7_quote_signed", "contact": 101, "properties": {"app": "Signer"}}]});
    happen(&world, seen).await;
    let again = world.sync().await.unwrap();
    assert_eq!((again.activities, again.created), (1, 1));
    let tasks = world.tasks_by_key();
    let subjects = tasks.values().flatten().map(|task| &task["Subject"]);
    assert!(
        subjects
            .into_iter()
            .any(|subject| subject == "Signer: quote signed")
    );
}

#[tokio::test]
async fn types_of_events_are_a_setting() {
    let mut world = only(&["sales_content_viewed"]);
    world.feeds.event_types.sales_content_viewed = vec!["e_visited_*".to_owned()];
    world.sync().await.unwrap();
    let viewed = occurrence("sales_content_viewed", 70_803);
    assert!(world.host().ledger.observation(&viewed).unwrap().is_none());
    let tasks = world.tasks_by_key();
    assert!(!tasks.is_empty());
    let of_kind = |key: &String| key.starts_with("hubspot:8821:sales_content_viewed:");
    let made: Vec<_> = tasks.iter().filter(|(key, _)| of_kind(key)).collect();
    assert!(
        made.iter()
            .all(|(_, tasks)| tasks[0]["Subject"] == "Viewed content")
    );
    assert!(!made.is_empty());
}

#[tokio::test]
async fn an_account_without_such_a_feed_syncs_everything_else() {
    let mut world = only(&["sales_email_opened", "sales_content_viewed", "note"]);
    world.feeds.event_types.sales_content_viewed = vec!["e_no_such_type".to_owned()];
    let account = json!({"event_occurrences": false});
    world
        .hubspot(Method::POST, "/_sandbox/account", account)
        .await;
    let report = world.sync().await.unwrap();
    assert!(report.created > 10, "{report:?}");
    assert!(report.by_kind.contains_key("note"));
    let warnings = report.warnings.join("\n");
    assert!(
        warnings.contains("sales_email_opened: no feed: HubSpot answered 403"),
        "{warnings}"
    );
    let without = world.host().ledger.health().unwrap().without_feed;
    let [opened, viewed] = [&without[1], &without[0]];
    assert_eq!(opened.0, "sales_email_opened");
    assert!(opened.1.contains("business-intelligence"), "{opened:?}");
    assert!(viewed.1.contains("e_no_such_type"), "{viewed:?}");
    // With another subscription the window is read from its start.
    let account = json!({"event_occurrences": true});
    world
        .hubspot(Method::POST, "/_sandbox/account", account)
        .await;
    let report = world.sync().await.unwrap();
    assert!(
        report.by_kind["sales_email_opened"]["create"] > 5,
        "{report:?}"
    );
    let without = world.host().ledger.health().unwrap().without_feed;
    assert_eq!(without.len(), 1);
    world.turn_on_only(&[]);
    world.sync().await.unwrap();
    let without = world.host().ledger.health().unwrap().without_feed;
    assert_eq!(without, []);
}
