//! What was decided goes into the ledger before any write leaves.

use super::pull::BatchSnapshot;
use super::{Engine, PassError, Report, Watcher};
use crate::ledger::NewDecision;
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
                action: &decided.action,
                reason: &decided.reason,
                key: decided.key.as_deref(),
                fingerprint: decided.fingerprint.as_deref(),
                task_id: decided.task_id.as_deref(),
                who_id: who_id
                    .or_else(|| on_contact.and_then(|contact| contact.salesforce_id.as_deref())),
                contact: on_contact.and_then(|contact| contact.id.as_deref()),
                assigned_by: decided.owner.as_ref().map(|owner| &*owner.step),
                plan_again: waits_for_contacts(&decided.reason),
                plan_again_at: seen.begins_at.filter(|begins_at| *begins_at > now),
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
            | "write_unsettled"
    )
}
