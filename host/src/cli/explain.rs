//! `crosswalk explain`: one activity's whole story: what was seen, decided under which rules by which module, sent, answered.

use super::failure::Failure;
use super::output::{Output, coloured, dimmed, emphasised, explanation, moment};
use super::session::existing_ledger;
use super::table::Column;
use super::{Common, Ended};
use crate::inbound::INBOUND;
use crate::ledger::{Conflict, DecisionRow, Intent, Ledger, LinkRow};
use serde_json::{Value, json};

/// Options of `crosswalk explain`.
#[derive(clap::Args)]
pub(super) struct Arguments {
    /// The activity, as `call:501`; or a Task or an Event of Salesforce, by its id
    #[arg(value_name = "ACTIVITY")]
    activity: String,
}

pub(super) fn run(
    common: &Common,
    arguments: &Arguments,
    output: &Output,
) -> Result<Ended, Failure> {
    let activity = name_of(&arguments.activity);
    tell(&existing_ledger(common)?, &activity, output)?;
    Ok(Ended::Done)
}

/// The name under which the ledger keeps it: a record of Salesforce may be named by its id alone.
pub(super) fn name_of(given: &str) -> String {
    let id = given.split_once(':').map_or(given, |(_, id)| id);
    let object = match id.get(..3) {
        Some("00T") => "Task",
        Some("00U") => "Event",
        _ => return given.to_owned(),
    };
    format!("{object}:{}", id.get(..15).unwrap_or(id))
}

fn is_of_salesforce(name: &str) -> bool {
    ["Task:", "Event:"]
        .iter()
        .any(|object| name.starts_with(object))
}

/// The whole story, on stdout.
pub(super) fn tell(ledger: &Ledger, activity: &str, output: &Output) -> Result<(), Failure> {
    let Some(observation) = ledger.observation(activity)? else {
        return match seen_as(ledger, activity)? {
            Some(other) => tell(ledger, &other, output),
            None => tell_not_planned(ledger, activity, output),
        };
    };
    let decisions = ledger.decisions(activity)?;
    let intents = ledger.intents_of(activity)?;
    let links = links(ledger, activity)?;
    let conflicts = ledger.conflicts_of(activity)?;
    output.json(&json!({
        "activity": activity, "seen_at": observation.seen_at, "seen": observation.seen,
        "decisions": decisions.iter().map(|row| json!({"decided_at": row.decided_at, "module": row.module, "decision": row.decision})).collect::<Vec<_>>(),
        "writes": intents.iter().map(write_json).collect::<Vec<_>>(),
        "link": links.first().map(link_json), "conflicts": conflicts
    }));
    if output.is_json() {
        return Ok(());
    }
    output.line(emphasised(activity));
    let whence = match observation.seen.get(INBOUND) {
        Some(_) => "Sent in, and looked at last at",
        None if is_of_salesforce(activity) => "Seen in Salesforce, last at",
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
    show_conflicts(&conflicts, output);
    for link in &links {
        output.line(format!("\n{}", other_side(activity, link)));
    }
    Ok(())
}

/// The links of an activity, or of a record.
fn links(ledger: &Ledger, name: &str) -> Result<Vec<LinkRow>, Failure> {
    Ok(match name.split_once(':') {
        Some((_, id)) if is_of_salesforce(name) => ledger.links_of_record(id)?,
        _ => ledger.link(name)?.into_iter().collect(),
    })
}

/// The other side of what was never seen itself: what was made from a record is seen with the next pass, and what was made from an
/// activity only if Salesforce's records go to HubSpot.
fn seen_as(ledger: &Ledger, name: &str) -> Result<Option<String>, Failure> {
    for link in links(ledger, name)? {
        let other = match &link.task_id {
            _ if is_of_salesforce(name) => link.activity,
            Some(task_id) => name_of(task_id),
            None => continue,
        };
        if ledger.observation(&other)?.is_some() {
            return Ok(Some(other));
        }
    }
    Ok(None)
}

/// Both versions of what both sides had changed.
fn show_conflicts(conflicts: &[Conflict], output: &Output) {
    for conflict in conflicts {
        let winner = match conflict.winner.as_str() {
            "hubspot" => "HubSpot",
            _ => "Salesforce",
        };
        output.line(format!(
            "\nChanged on both sides, decided at {}: {}, {winner} won",
            moment(&conflict.decided_at),
            conflict.field
        ));
        let said = |text: &Option<String>| text.as_deref().unwrap_or("nothing").to_owned();
        let versions = [
            ("HubSpot", said(&conflict.hubspot)),
            ("Salesforce", said(&conflict.salesforce)),
        ];
        fields(
            versions.map(|(system, text)| (system.to_owned(), text)),
            output,
        );
    }
}

/// What it is in the other system.
fn other_side(name: &str, link: &LinkRow) -> String {
    let deleted = |is_deleted: bool| if is_deleted { ", deleted" } else { "" };
    if is_of_salesforce(name) {
        return format!(
            "Its activity in HubSpot: {}{}",
            link.activity,
            deleted(link.activity_deleted)
        );
    }
    let task = link.task_id.as_deref().unwrap_or("not known yet");
    let (object, is_deleted) = (&link.object, deleted(link.task_deleted));
    format!("Its {object} in Salesforce: {task}{is_deleted}")
}

fn link_json(link: &LinkRow) -> Value {
    json!({
        "activity": link.activity, "task_id": link.task_id, "object": link.object, "origin": link.origin, "synced": link.synced,
        "synced_at": link.synced_at, "task_deleted": link.task_deleted, "activity_deleted": link.activity_deleted
    })
}

/// What was sent in since the last pass.
fn tell_not_planned(ledger: &Ledger, activity: &str, output: &Output) -> Result<(), Failure> {
    let (seen, taken_at) = ledger.inbound(activity)?.ok_or_else(|| {
        Failure::failed("not_seen", format!("`{activity}` was never seen")).hint(
            "Write it as `call:501`, with HubSpot's record id, or as a Task's or an Event's id. A kind that is off, or isn't read yet, is never seen.",
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
    let written = ["task", "properties"].into_iter();
    let written = written
        .filter_map(|name| intent.body[name].as_object())
        .flatten();
    let associated = intent.body["associations"].as_array().into_iter().flatten();
    let associated = associated.map(|to| (plain(&to["to"]), plain(&to["id"])));
    let cleared = intent.body["cleared"].as_array().into_iter().flatten();
    fields(
        written
            .map(|(field, value)| (field.clone(), plain(value)))
            .chain(associated)
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
        "\nSent to {} at {} ({}{attempts})",
        intent.destination.system(),
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
        "destination": intent.destination.name(), "task": intent.body["task"], "cleared": intent.body["cleared"],
        "properties": intent.body["properties"], "associations": intent.body["associations"]
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
