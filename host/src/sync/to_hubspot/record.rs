//! What was decided about records of Salesforce goes into the ledger before any write leaves.

use super::snapshot::{RecordsSnapshot, SeenRecord};
use super::{Reach, moment};
use crate::ledger::{
    Awaited, AwaitedContact, Destination, NewDecision, awaited_email, awaited_person,
};
use crate::sync::{Engine, Pass, PassError, span_after};
use jiff::Timestamp;
use serde::Deserialize;
use std::borrow::Cow;

/// The parts of a decision by which it is kept and carried out.
#[derive(Deserialize)]
struct Decided<'a> {
    #[serde(borrow)]
    action: Cow<'a, str>,
    #[serde(borrow)]
    reason: Cow<'a, str>,
    #[serde(borrow, default)]
    object: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    fingerprint: Option<Cow<'a, str>>,
}

/// S4.
const NOT_IN_HUBSPOT: &str = "contact_not_in_hubspot";
/// S1.
const KIND_DISABLED: &str = "kind_disabled";

/// Records the decisions of a batch, and counts them.
pub(super) fn decisions(
    engine: &Engine<'_>,
    snapshot: &RecordsSnapshot,
    decisions: &[String],
    reach: Reach,
    pass: &mut Pass<'_>,
) -> Result<(), PassError> {
    let now = engine.clock.now();
    for (seen, decision) in snapshot.records.iter().zip(decisions) {
        let decided: Decided<'_> = serde_json::from_str(decision)?;
        count(pass, &decided);
        pass.watcher.decision(decision);
        // An import of some kinds says nothing about the others.
        if reach == Reach::Import && decided.reason == KIND_DISABLED {
            continue;
        }
        let names = awaited_names(snapshot, seen);
        let waits = decided.reason == NOT_IN_HUBSPOT;
        let object = decided.object.as_deref();
        engine.ledger.record(
            &NewDecision {
                activity: &seen.name,
                kind: &seen.object,
                seen: &seen.json,
                modified_at: Some(&seen.modified_at),
                destination: object
                    .and_then(Destination::of_object)
                    .unwrap_or(Destination::HubSpotTasks),
                action: &decided.action,
                reason: &decided.reason,
                key: Some(&seen.id),
                fingerprint: decided.fingerprint.as_deref(),
                task_id: None,
                who_id: None,
                contact: None,
                assigned_by: None,
                waits_for: waits.then(|| awaited(&names, seen)),
                plan_again_at: (decided.action == "wait" && waits)
                    .then(|| waits_until(engine, seen, now))
                    .flatten(),
                decision,
            },
            engine.module,
            now,
        )?;
    }
    Ok(())
}

fn count(pass: &mut Pass<'_>, decided: &Decided<'_>) {
    let report = &mut pass.report.to_hubspot;
    report.records += 1;
    let action = decided.action.clone().into_owned();
    *report.by_action.entry(action.clone()).or_default() += 1;
    let reason = decided.reason.clone().into_owned();
    *report.by_reason.entry(reason).or_default() += 1;
    let object = decided.object.as_deref().unwrap_or("?").to_owned();
    let by_action = report.by_object.entry(object).or_default();
    *by_action.entry(action).or_default() += 1;
}

/// Under which names a record waits for its person.
struct AwaitedNames {
    person: Option<String>,
    email: Option<String>,
    folded_email: Option<String>,
}

fn awaited_names(snapshot: &RecordsSnapshot, seen: &SeenRecord) -> AwaitedNames {
    let person = seen.who_id.as_deref();
    let missing = person.and_then(|person| snapshot.people.missing.get(person));
    let email = missing.and_then(|missing| missing.email.clone());
    AwaitedNames {
        person: person.map(awaited_person),
        email: email.as_deref().map(awaited_email),
        folded_email: email,
    }
}

fn awaited<'a>(names: &'a AwaitedNames, seen: &'a SeenRecord) -> Vec<Awaited<'a>> {
    let who_id = seen.who_id.as_deref();
    let is_lead = who_id.is_some_and(|id| id.starts_with("00Q"));
    let known = AwaitedContact {
        name: None,
        email: names.folded_email.as_deref(),
        modified_at: None,
        salesforce_contact: who_id.filter(|_| !is_lead),
        salesforce_lead: who_id.filter(|_| is_lead),
    };
    let person = names.person.as_deref().map(|contact| Awaited {
        contact,
        lacks: Some("unknown"),
        known: Some(known),
    });
    let by_email = names.email.as_deref().map(|contact| Awaited {
        contact,
        lacks: None,
        known: None,
    });
    person.into_iter().chain(by_email).collect()
}

/// `windows.wait` behind the record's last change (S4); none outside the calendar.
fn waits_until(engine: &Engine<'_>, seen: &SeenRecord, now: Timestamp) -> Option<Timestamp> {
    let wait = engine.settings.settings().windows.wait.as_deref();
    let ends_at = span_after(engine, wait.unwrap_or("P30D"), moment(&seen.modified_at)?)?;
    (ends_at > now).then_some(ends_at)
}
