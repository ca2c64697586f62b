//! `crosswalk explain`: one activity's whole story: what was seen, decided under which rules by which module, sent, answered.

use super::output::{Output, emphasised, explanation};
use super::session::existing_ledger;
use super::{Common, Ended, Failure};
use crate::ledger::{DecisionRow, Intent, Ledger};
use serde_json::{Value, json};

/// Options of `crosswalk explain`.
#[derive(clap::Args)]
pub(super) struct Arguments {
    /// The activity, as `call:501`
    #[arg(value_name = "ACTIVITY")]
    activity: String,
}

pub(super) fn run(
    common: &Common,
    arguments: &Arguments,
    output: &Output,
) -> Result<Ended, Failure> {
    tell(&existing_ledger(common)?, &arguments.activity, output)?;
    Ok(Ended::Done)
}

/// The whole story, on stdout.
pub(super) fn tell(ledger: &Ledger, activity: &str, output: &Output) -> Result<(), Failure> {
    let observation = ledger.observation(activity).map_err(Failure::failed)?.ok_or_else(|| {
        Failure::failed(format!("`{activity}` was never seen; write it as `call:501`, with HubSpot's record id. A kind that is off isn't read"))
    })?;
    let decisions = ledger.decisions(activity).map_err(Failure::failed)?;
    let intents = ledger.intents_of(activity).map_err(Failure::failed)?;
    let link = ledger.link(activity).map_err(Failure::failed)?;
    output.json(&json!({
        "activity": activity, "seen_at": observation.seen_at, "seen": observation.seen,
        "decisions": decisions.iter().map(|row| json!({"decided_at": row.decided_at, "module": row.module, "decision": row.decision})).collect::<Vec<_>>(),
        "writes": intents.iter().map(write_json).collect::<Vec<_>>(),
        "link": link.as_ref().map(|link| json!({"task_id": link.task_id, "synced": link.synced, "synced_at": link.synced_at, "task_deleted": link.task_deleted}))
    }));
    if output.is_json() {
        return Ok(());
    }
    output.line(emphasised(activity));
    output.line(format!(
        "\nSeen in HubSpot, last at {}",
        observation.seen_at
    ));
    for (field, value) in observation
        .seen
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(field, _)| *field != "id" && *field != "kind")
    {
        output.line(format!("  {field:<13} {}", plain(value)));
    }
    for row in &decisions {
        decision(row, output);
        for intent in intents.iter().filter(|intent| intent.decision == row.id) {
            write(intent, output);
        }
    }
    if let Some(link) = link {
        let task = link.task_id.as_deref().unwrap_or("not known yet");
        output.line(format!(
            "\nIts Task in Salesforce: {task}{}",
            if link.task_deleted { ", deleted" } else { "" }
        ));
    }
    Ok(())
}

fn decision(row: &DecisionRow, output: &Output) {
    let text = |name: &str| row.decision[name].as_str().unwrap_or_default();
    output.line(format!(
        "\nDecided at {}: {}",
        row.decided_at,
        emphasised(&format!("{}, {}", text("action"), text("reason")))
    ));
    output.line(format!("  {}", explanation(text("reason"))));
    for entry in row.decision["trace"].as_array().into_iter().flatten() {
        output.line(format!(
            "  {:<4} {}",
            plain(&entry["rule"]),
            plain(&entry["text"])
        ));
    }
    for other in row
        .decision
        .pointer("/contact/others")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        output.line(format!(
            "  C8   contact {} isn't it: {}",
            plain(&other["id"]),
            plain(&other["lost"])
        ));
    }
    for rung in row
        .decision
        .pointer("/owner/ladder")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        let owner = rung["owner"]
            .as_str()
            .map_or_else(String::new, |owner| format!(" of owner {owner}"));
        output.line(format!(
            "  O7   {}{owner}: {}",
            plain(&rung["step"]),
            plain(&rung["outcome"])
        ));
    }
    for warning in row.decision["warnings"].as_array().into_iter().flatten() {
        output.line(format!(
            "  warning {}: {}",
            plain(&warning["code"]),
            plain(&warning["message"])
        ));
    }
    output.line(format!("  by rules {}", row.module));
}

fn write(intent: &Intent, output: &Output) {
    match &intent.sent_at {
        None => output.line(format!("\nTo be written ({}), not sent yet", intent.action)),
        Some(sent_at) => {
            let times = if intent.attempts > 1 {
                format!(", {} attempts", intent.attempts)
            } else {
                String::new()
            };
            output.line(format!(
                "\nSent to Salesforce at {sent_at} ({}{times})",
                intent.action
            ));
        }
    }
    for (field, value) in intent.body["task"].as_object().into_iter().flatten() {
        output.line(format!("  {field:<21} {}", plain(value)));
    }
    for field in intent.body["cleared"].as_array().into_iter().flatten() {
        output.line(format!("  {:<21} cleared", plain(field)));
    }
    output.line(format!("  key                   {}", intent.key));
    let settled_at = intent.settled_at.as_deref().unwrap_or_default();
    match (intent.state.as_str(), &intent.error) {
        ("done", _) => output.line(format!(
            "Answered at {settled_at}: {}",
            intent.answer.as_deref().unwrap_or("done")
        )),
        ("superseded", Some(error)) => output.line(format!(
            "Answered: {} {error}; superseded at {settled_at} by a later decision",
            intent.error_code.as_deref().unwrap_or_default()
        )),
        ("superseded", None) => {
            output.line(format!("Superseded at {settled_at} by a later decision"))
        }
        (state, Some(error)) => {
            output.line(format!(
                "Answered at {settled_at}: {} {error} ({state})",
                intent.error_code.as_deref().unwrap_or_default()
            ));
            output.line(format!(
                "  {}",
                intent.what_to_do.as_deref().unwrap_or_default()
            ));
        }
        ("sent", None) => output.line("No answer yet; the next pass finds out what became of it"),
        (_, None) => {}
    }
}

fn write_json(intent: &Intent) -> Value {
    json!({
        "action": intent.action, "state": intent.state, "attempts": intent.attempts, "key": intent.key, "task_id": intent.task_id,
        "created_at": intent.created_at, "sent_at": intent.sent_at, "settled_at": intent.settled_at, "answer": intent.answer,
        "code": intent.error_code, "message": intent.error, "what_to_do": intent.what_to_do,
        "task": intent.body["task"], "cleared": intent.body["cleared"]
    })
}

fn plain(value: &Value) -> String {
    let text = match value {
        Value::String(text) => text.replace('\n', " ⏎ "),
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    };
    if text.chars().count() > 200 {
        text.chars().take(199).chain(['…']).collect()
    } else {
        text
    }
}
