//! What would sync now, from the live systems.

use super::super::failure::Failure;
use super::super::output::{Output, Progress, emphasised};
use super::super::session::Session;
use super::super::{Common, Ended};
use super::shown::{self, Decisions};
use crate::sync::{Digests, Mode, Report, Step, Watcher};
use crosswalk_core::RecordKind;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use std::cell::RefCell;

pub(super) async fn preview(
    common: &Common,
    show: usize,
    output: &Output,
) -> Result<Ended, Failure> {
    let session = Session::open(common)?;
    let watcher = Collected {
        decisions: RefCell::default(),
        progress: output.progress(),
        limit: if output.is_json() { usize::MAX } else { show },
    };
    let report = session.engine().pass(&Mode::Preview, &watcher).await?;
    let Collected {
        decisions,
        progress,
        ..
    } = watcher;
    drop(progress);
    let decisions = decisions.into_inner();
    if output.is_json() {
        output.json(&if goes_to_hubspot(&session.planner.settings) {
            both_plans(&decisions, &report)
        } else {
            told_beside(
                plan_to_salesforce(&decisions, &report, report.digest.as_deref()),
                &report,
            )
        });
        return Ok(Ended::Done);
    }
    shown::show(&decisions, &report, output);
    if let Some(digest) = &report.digest {
        output.line(format!(
            "carry out exactly this: {}",
            emphasised(&format!("crosswalk sync --plan {digest}"))
        ));
    }
    output.warnings(&report);
    Ok(Ended::Done)
}

/// Whether anything of Salesforce's goes to HubSpot.
fn goes_to_hubspot(settings: &crosswalk_core::Rules) -> bool {
    let mut kinds = RecordKind::ALL.iter();
    kinds.any(|kind| settings.record_window_start(*kind).is_some())
}

fn both_plans(decisions: &Decisions, report: &Report) -> Value {
    let Digests {
        to_salesforce,
        to_hubspot,
    } = report.digests.clone().unwrap_or_default();
    let both = json!({
        "to_salesforce": plan_to_salesforce(decisions, report, Some(&to_salesforce)),
        "to_hubspot": plan_to_hubspot(decisions, report, &to_hubspot),
        "digest": report.digest
    });
    told_beside(both, report)
}

fn plan_to_salesforce(decisions: &Decisions, report: &Report, digest: Option<&str>) -> Value {
    let mut plan = json!({
        "decisions": as_json(&decisions.to_salesforce),
        "summary": {"activities": report.activities, "by_action": report.by_action, "by_reason": report.by_reason,
                    "by_kind": report.by_kind, "salesforce_calls": shown::salesforce_calls(report)},
        "digest": digest
    });
    if let Some(opens) = &report.marketing_opens {
        plan["marketing_opens"] = json!(opens);
    }
    plan
}

fn plan_to_hubspot(decisions: &Decisions, report: &Report, digest: &str) -> Value {
    let counts = &report.to_hubspot;
    json!({
        "decisions": as_json(&decisions.to_hubspot),
        "summary": {"records": counts.records, "by_action": counts.by_action, "by_reason": counts.by_reason,
                    "by_object": counts.by_object, "hubspot_calls": shown::hubspot_calls(report)},
        "digest": digest
    })
}

/// What is said of the whole.
fn told_beside(mut plan: Value, report: &Report) -> Value {
    if !report.plan_warnings.is_empty() {
        plan["warnings"] = json!(report.plan_warnings);
    }
    if !report.warnings.is_empty() {
        plan["notes"] = json!(report.warnings);
    }
    plan
}

fn as_json(decisions: &[String]) -> Vec<&RawValue> {
    let decisions = decisions.iter();
    decisions
        .filter_map(|decision| serde_json::from_str(decision).ok())
        .collect()
}

struct Collected {
    progress: Progress,
    decisions: RefCell<Decisions>,
    /// Of each direction.
    limit: usize,
}

/// By what a decision about a record is told from one about an activity.
#[derive(Deserialize)]
struct Named {
    #[serde(default)]
    record: Option<IgnoredAny>,
}

/// Whether a decision is about a record of Salesforce's.
pub(in super::super) fn is_of_record(decision: &str) -> bool {
    serde_json::from_str::<Named>(decision).is_ok_and(|named| named.record.is_some())
}

impl Watcher for Collected {
    fn progress(&self, step: Step) {
        self.progress.progress(step);
    }
    fn decision(&self, decision: &str) {
        let mut decisions = self.decisions.borrow_mut();
        let list = if is_of_record(decision) {
            &mut decisions.to_hubspot
        } else {
            &mut decisions.to_salesforce
        };
        if list.len() < self.limit {
            list.push(decision.to_owned());
        }
    }
}
