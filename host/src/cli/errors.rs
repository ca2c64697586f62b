//! `crosswalk errors`: what failed, why, and what to do.

use super::failure::Failure;
use super::output::{Output, coloured, dimmed};
use super::session::existing_ledger;
use super::table::Column;
use super::{Common, Ended};
use crate::ledger::Intent;
use serde_json::json;
use std::collections::BTreeMap;

pub(super) fn run(common: &Common, output: &Output) -> Result<Ended, Failure> {
    let failures = existing_ledger(common)?.failures(10_000)?;
    output.json(&failures.iter().map(as_json).collect::<Vec<_>>());
    if failures.is_empty() {
        output.line("Nothing failed.");
        return Ok(Ended::Done);
    }
    show(&failures, output);
    Ok(Ended::WithErrorsLeft)
}

/// The failures, those of one cause together, with what to do about it.
pub(super) fn show(failures: &[Intent], output: &Output) {
    let mut by_code: BTreeMap<&str, Vec<&Intent>> = BTreeMap::new();
    for failure in failures {
        by_code
            .entry(failure.error_code.as_deref().unwrap_or("unknown"))
            .or_default()
            .push(failure);
    }
    for (code, failures) in by_code {
        show_cause(code, &failures, output);
    }
    output.line(dimmed(
        "Try again: crosswalk retry [ACTIVITY]. One record's story: crosswalk explain ACTIVITY",
    ));
}

fn show_cause(code: &str, failures: &[&Intent], output: &Output) {
    let Some(first) = failures.first() else {
        return;
    };
    let class = first.error_class.as_deref().unwrap_or("permanent");
    let records = if failures.len() == 1 {
        "record"
    } else {
        "records"
    };
    output.line(format!(
        "{}, {} {records}, {class}",
        coloured(code, &first.state),
        failures.len()
    ));
    if let Some(what_to_do) = &first.what_to_do {
        output.paragraph(what_to_do);
        output.line("");
    }
    let rows: Vec<Vec<String>> = failures
        .iter()
        .map(|failure| {
            vec![
                failure.activity.clone(),
                failure.action.clone(),
                failure.state.clone(),
                failure.error.clone().unwrap_or_default(),
            ]
        })
        .collect();
    output.table(
        &[
            Column::Word("activity"),
            Column::Word("write"),
            Column::Word("state"),
            Column::Text("what Salesforce said"),
        ],
        &rows,
    );
    output.line("");
}

fn as_json(intent: &Intent) -> serde_json::Value {
    json!({
        "activity": intent.activity, "action": intent.action, "state": intent.state, "class": intent.error_class, "code": intent.error_code,
        "message": intent.error, "what_to_do": intent.what_to_do, "attempts": intent.attempts, "key": intent.key, "task_id": intent.task_id
    })
}
