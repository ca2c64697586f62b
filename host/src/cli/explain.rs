//! `crosswalk explain`: one activity's whole story: what was seen, decided under which rules by which module, sent, answered.

use super::failure::Failure;
use super::output::{Output, coloured, dimmed, emphasised, explanation, moment};
use super::session::existing_ledger;
use super::table::Column;
use super::{Common, Ended};
use crate::inbound::INBOUND;
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
    let Some(observation) = ledger.observation(activity)? else {
        return tell_not_planned(ledger, activity, output);
    };
    let decisions = ledger.decisions(activity)?;
    let intents = ledger.intents_of(activity)?;
    let link = ledger.link(activity)?;
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
    let whence = match observation.seen.get(INBOUND) {
        Some(_) => "Sent in, and looked at last at",
        None => "Seen in HubSpot, last at",
    };
    output.line(format!("\n{whence} {}", moment(&observation.seen_at)));
    show_seen(&observation.seen, output);
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

/// What was sent in since the last pass.
fn tell_not_planned(ledger: &Ledger, activity: &str, output: &Output) -> Result<(), Failure> {
    let (seen, taken_at) = ledger.inbound(activity)?.ok_or_else(|| {
        Failure::failed("not_seen", format!("`{activity}` was never seen")).hint(
            "Write it as `call:501`, with HubSpot's record id. A kind that is off, or isn't read yet, is never seen.",
        )
    })?;
    output.json(&json!({"activity": activity, "seen_at": taken_at, "seen": seen, "decisions": [], "writes": [], "link": null}));
    output.line(emphasised(activity));
    output.line(format!(
        "\nSent in at {}; the next pass plans it",
        moment(&taken_at)
    ));
    show_seen(&seen, output);
    Ok(())
}

fn show_seen(seen: &Value, output: &Output) {
    let seen = seen.as_object().into_iter().flatten();
    let seen = seen.filter(|(field, _)| !["id", "kind", INBOUND].contains(&field.as_str()));
    fields(
        seen.map(|(field, value)| (field.clone(), value_of(field, value))),
        output,
    );
}

/// Fields and values side by side; long values wrap behind their field.
fn fields(fields: impl IntoIterator<Item = (String, String)>, output: &Output) {
    let rows: Vec<Vec<String>> = fields
        .into_iter()
        .map(|(field, value)| vec![format!(" {field}"), value])
        .collect();
    output.table(&[Column::Word(""), Column::Text("")], &rows);
}

fn decision(row: &DecisionRow, output: &Output) {
    let text = |name: &str| row.decision[name].as_str().unwrap_or_default();
    output.line(format!(
        "\nDecided at {}: {}",
        moment(&row.decided_at),
        coloured(
            &format!("{}, {}", text("action"), text("reason")),
            text("action")
        )
    ));
    output.line(format!("  {}", explanation(text("reason"))));
    fields(reasoning(&row.decision), output);
    output.line(dimmed(&format!("  by rules {}", row.module)));
}

/// Each rule that decided, and what it said.
fn reasoning(decision: &Value) -> Vec<(String, String)> {
    let list = |pointer: &str| {
        let list = decision.pointer(pointer).and_then(Value::as_array);
        list.into_iter().flatten()
    };
    let trace = list("/trace").map(|entry| (plain(&entry["rule"]), plain(&entry["text"])));
    let others = list("/contact/others").map(|other| {
        let (id, lost) = (plain(&other["id"]), plain(&other["lost"]));
        ("C8".to_owned(), format!("contact {id} isn't it: {lost}"))
    });
    let ladder = list("/owner/ladder").map(|rung| {
        let owner = rung["owner"]
            .as_str()
            .map_or_else(String::new, |owner| format!(" of owner {owner}"));
        let (step, outcome) = (plain(&rung["step"]), plain(&rung["outcome"]));
        ("O7".to_owned(), format!("{step}{owner}: {outcome}"))
    });
    let warnings = list("/warnings").map(|warning| {
        let (code, message) = (plain(&warning["code"]), plain(&warning["message"]));
        ("!".to_owned(), format!("{code}: {message}"))
    });
    trace.chain(others).chain(ladder).chain(warnings).collect()
}

fn write(intent: &Intent, output: &Output) {
    output.line(sent(intent));
    let task = intent.body["task"].as_object().into_iter().flatten();
    let cleared = intent.body["cleared"].as_array().into_iter().flatten();
    fields(
        task.map(|(field, value)| (field.clone(), plain(value)))
            .chain(cleared.map(|field| (plain(field), "cleared".to_owned())))
            .chain([("key".to_owned(), intent.key.clone())]),
        output,
    );
    for line in answered(intent) {
        output.line(line);
    }
}

fn sent(intent: &Intent) -> String {
    let Some(sent_at) = &intent.sent_at else {
        return format!("\nTo be written ({}), not sent yet", intent.action);
    };
    let attempts = if intent.attempts > 1 {
        format!(", attempt {}", intent.attempts)
    } else {
        String::new()
    };
    format!(
        "\nSent to Salesforce at {} ({}{attempts})",
        moment(sent_at),
        intent.action
    )
}

fn answered(intent: &Intent) -> Vec<String> {
    let at = intent.settled_at.as_deref().map(moment).unwrap_or_default();
    let code = intent.error_code.as_deref().unwrap_or_default();
    match (intent.state.as_str(), &intent.error) {
        ("done", _) => {
            let answer = intent.answer.as_deref().unwrap_or("done");
            vec![format!("Answered at {at}: {}", coloured(answer, "done"))]
        }
        ("superseded", Some(error)) => vec![
            format!("Answered: {code} {error}"),
            format!("Superseded at {at} by a later decision"),
        ],
        ("superseded", None) => vec![format!("Superseded at {at} by a later decision")],
        (state, Some(error)) => {
            let what_to_do = intent.what_to_do.as_deref().unwrap_or_default();
            vec![
                format!(
                    "Answered at {at}, {}: {code} {error}",
                    coloured(state, state)
                ),
                format!("  {what_to_do}"),
            ]
        }
        ("sent", None) => {
            vec!["No answer yet; the next pass finds out what became of it".to_owned()]
        }
        (_, None) => Vec::new(),
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

/// The longest text that is shown whole.
const LONGEST: usize = 400;

/// A value of a record as it was seen: times in their short form.
fn value_of(field: &str, value: &Value) -> String {
    match value.as_str() {
        Some(text) if field.ends_with("_at") => moment(text),
        _ => plain(value),
    }
}

fn plain(value: &Value) -> String {
    let text = match value {
        Value::String(text) => text.replace('\n', " ⏎ "),
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    };
    let length = text.chars().count();
    if length <= LONGEST {
        return text;
    }
    let beginning: String = text.chars().take(LONGEST).collect();
    format!("{}… ({length} characters)", beginning.trim_end())
}
