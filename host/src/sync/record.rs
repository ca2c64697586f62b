//! What was decided goes into the ledger before any write leaves.

use super::people::KnownContact;
use super::pull::{BatchSnapshot, SeenActivity};
use super::{Engine, PassError, Report, Watcher, span_after};
use crate::ledger::{Awaited, Destination, NewDecision};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::HashMap;

/// The parts of a decision by which it is kept and carried out.
#[derive(Deserialize)]
struct Decided<'a> {
    #[serde(borrow)]
    action: Cow<'a, str>,
    #[serde(borrow)]
    reason: Cow<'a, str>,
    #[serde(borrow, default)]
    key: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    fingerprint: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    task_id: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    task: Option<Written<'a>>,
    #[serde(borrow, default)]
    contact: Option<OnContact<'a>>,
    #[serde(borrow, default)]
    owner: Option<AssignedBy<'a>>,
}

#[derive(Deserialize)]
struct Written<'a> {
    #[serde(borrow, default, rename = "WhoId")]
    who_id: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct OnContact<'a> {
    #[serde(borrow, default)]
    id: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    salesforce_id: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    others: Vec<Lost<'a>>,
}

/// A contact that wasn't chosen, and why (C8).
#[derive(Deserialize)]
struct Lost<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    lost: Cow<'a, str>,
}

#[derive(Deserialize)]
struct AssignedBy<'a> {
    #[serde(borrow)]
    step: Cow<'a, str>,
}

/// Records the decisions of a batch, and counts them.
///
/// # Errors
/// If a decision can't be read, or the ledger fails.
pub fn decisions(
    engine: &Engine<'_>,
    snapshot: &BatchSnapshot,
    decisions: &[String],
    report: &mut Report,
    watcher: &dyn Watcher,
) -> Result<(), PassError> {
    let now = engine.clock.now();
    let contacts = snapshot.contacts.iter();
    let known: HashMap<&str, &KnownContact> = contacts
        .map(|contact| (contact.id.as_str(), contact))
        .collect();
    for (seen, decision) in snapshot.activities.iter().zip(decisions) {
        let decided: Decided<'_> = serde_json::from_str(decision)?;
        let who_id = decided
            .task
            .as_ref()
            .and_then(|task| task.who_id.as_deref());
        let on_contact = decided.contact.as_ref();
        engine.ledger.record(
            &NewDecision {
                activity: &seen.activity,
                kind: &seen.kind,
                seen: &seen.json,
                modified_at: seen.modified_at.as_deref(),
                destination: Destination::SalesforceTasks,
                action: &decided.action,
                reason: &decided.reason,
                key: decided.key.as_deref(),
                fingerprint: decided.fingerprint.as_deref(),
                task_id: decided.task_id.as_deref(),
                who_id: who_id
                    .or_else(|| on_contact.and_then(|contact| contact.salesforce_id.as_deref())),
                contact: on_contact.and_then(|contact| contact.id.as_deref()),
                assigned_by: decided.owner.as_ref().map(|owner| &*owner.step),
                waits_for: waits_for_contacts(&decided.reason)
                    .then(|| awaited(seen, &known, on_contact)),
                plan_again_at: plan_again_at(engine, seen, &decided.reason, now),
                decision,
            },
            engine.module,
            now,
        )?;
        report.activities += 1;
        *report
            .by_action
            .entry(decided.action.clone().into_owned())
            .or_default() += 1;
        *report
            .by_reason
            .entry(decided.reason.into_owned())
            .or_default() += 1;
        *report
            .by_kind
            .entry(seen.kind.clone())
            .or_default()
            .entry(decided.action.into_owned())
            .or_default() += 1;
        watcher.decision(decision);
    }
    Ok(())
}

/// P6 a: the answer may change although HubSpot doesn't change the record.
fn waits_for_contacts(reason: &str) -> bool {
    matches!(
        reason,
        "contact_not_synced"
            | "newer_contact_pending"
            | "no_contact"
            | "no_syncing_contact"
            | "before_contact_sync"
    )
}

/// The contacts of an activity, with what each one lacks.
fn awaited<'a>(
    seen: &'a SeenActivity,
    known: &HashMap<&str, &'a KnownContact>,
    on_contact: Option<&'a OnContact<'_>>,
) -> Vec<Awaited<'a>> {
    let others = on_contact.map_or(&[][..], |contact| &contact.others);
    let lost: HashMap<&str, &str> = others
        .iter()
        .map(|other| (&*other.id, &*other.lost))
        .collect();
    let contacts = seen.contacts.iter();
    let by_email = seen
        .awaited_email
        .iter()
        .filter(|_| seen.contacts.is_empty());
    contacts
        .chain(by_email)
        .map(|contact| Awaited {
            contact,
            lacks: lost.get(contact.as_str()).copied(),
            known: known.get(contact.as_str()).map(|known| known.as_awaited()),
        })
        .collect()
}

/// When time alone may change the answer: a meeting begins (P6 c), the wait for a newer contact ends (C6).
fn plan_again_at(
    engine: &Engine<'_>,
    seen: &SeenActivity,
    reason: &str,
    now: Timestamp,
) -> Option<Timestamp> {
    let begins_at = seen.begins_at.filter(|begins_at| *begins_at > now);
    let waits_until = match (reason, seen.occurred_at) {
        ("newer_contact_pending", Some(occurred_at)) => {
            let wait = engine.settings.settings().windows.contact_wait.as_deref();
            span_after(engine, wait.unwrap_or("PT1H"), occurred_at)
        }
        _ => None,
    };
    // It may have ended since the plan was made.
    let soon = now.checked_add(SignedDuration::from_secs(1)).unwrap_or(now);
    let waits_until = waits_until.map(|ends_at| ends_at.max(soon));
    begins_at.into_iter().chain(waits_until).min()
}
