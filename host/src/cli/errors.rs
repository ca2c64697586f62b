//! `crosswalk errors`: what failed, why, and what to do.

use super::failure::Failure;
use super::not_taken::{self, NotTaken};
use super::output::{Output, coloured, dimmed};
use super::session::existing_ledger;
use super::table::Column;
use super::{Common, Ended};
use crate::ledger::{Intent, KeptRefusal};
use serde_json::json;
use std::collections::BTreeMap;

/// Options of `crosswalk errors`.
#[derive(clap::Args)]
pub(super) struct Arguments {
    /// Forget what was sent in and not taken
    #[arg(long)]
    forget_inbound: bool,
}

/// So many of each sort are shown.
const MOST: usize = 10_000;

pub(super) fn run(
    common: &Common,
    arguments: &Arguments,
    output: &Output,
) -> Result<Ended, Failure> {
    let ledger = existing_ledger(common)?;
    if arguments.forget_inbound {
        let forgotten = ledger.forget_refusals(None)?;
        output.note(format!(
            "{forgotten} that were sent in and not taken are forgotten"
        ));
    }
    let failures = ledger.failures(MOST)?;
    let refusals = ledger.refusals(MOST)?;
    let all = failures.iter().map(as_json);
    output.json(
        &all.chain(refusals.iter().map(refusal_json))
            .collect::<Vec<_>>(),
    );
    if failures.is_empty() && refusals.is_empty() {
        output.line("Nothing failed.");
        return Ok(Ended::Done);
    }
    if !failures.is_empty() {
        show(&failures, output);
    }
    if !refusals.is_empty() {
        show_refusals(&refusals, output);
    }
    Ok(Ended::WithErrorsLeft)
}

/// What was sent in and not taken, source by source.
fn show_refusals(refusals: &[KeptRefusal], output: &Output) {
    let mut by_source: BTreeMap<&str, Vec<&KeptRefusal>> = BTreeMap::new();
    for refusal in refusals {
        by_source.entry(&refusal.source).or_default().push(refusal);
    }
    for (source, refusals) in by_source {
        output.line(format!(
            "{}, {} not taken",
            coloured(source, "refused"),
            refusals.len()
        ));
        not_taken::show(refusals.into_iter().map(not_taken), output);
    }
    output.line(dimmed(
        "Send them again, corrected. Or forget them: crosswalk errors --forget-inbound",
    ));
}

fn not_taken(refusal: &KeptRefusal) -> NotTaken<'_> {
    NotTaken {
        line: refusal.line,
        activity: refusal.activity.as_deref(),
        path: refusal.path.clone(),
        message: &refusal.message,
        hint: &refusal.hint,
    }
}

fn refusal_json(refusal: &KeptRefusal) -> serde_json::Value {
    json!({
        "activity": refusal.activity, "action": "take", "state": "refused", "class": "permanent", "code": refusal.code,
        "message": refusal.message, "what_to_do": refusal.hint, "source": refusal.source, "line": refusal.line, "path": refusal.path,
        "refused_at": refusal.refused_at
    })
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
        "Try again: crosswalk retry [ACTIVITY]. Its story: crosswalk explain ACTIVITY",
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
            Column::Word("record"),
            Column::Word("write"),
            Column::Word("state"),
            Column::Text("what was said"),
        ],
        &rows,
    );
    output.line("");
}

fn as_json(intent: &Intent) -> serde_json::Value {
    json!({
        "activity": intent.activity, "destination": intent.destination.name(), "action": intent.action, "state": intent.state, "class": intent.error_class, "code": intent.error_code,
        "message": intent.error, "what_to_do": intent.what_to_do, "attempts": intent.attempts, "key": intent.key, "task_id": intent.task_id
    })
}
