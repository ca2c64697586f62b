//! Intents leave in batches, and each result is recorded. What is unknown is found out before it is tried again.

use super::world::World;
use super::{Engine, Pass, PassError, Report, Step, Watcher, short, to_hubspot};
use crate::error::{ApiError, Class};
use crate::feeds::happened;
use crate::ledger::{Destination, ErrorText, Intent, Outcome};
use crate::salesforce::{Fields, RecordError, RecordResult, TaskRecord, WriteOutcome, classify};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use std::collections::HashMap;
use std::time::Duration;

/// Salesforce takes this many records in one call.
const BATCH: usize = 200;
const ACTIONS: [&str; 3] = ["create", "update", "delete"];
/// How often a pass comes back to records that may go through later, a locked row for one.
const PATIENCE: u32 = 4;
const FIRST_WAIT: SignedDuration = SignedDuration::from_secs(1);

/// Sends everything that is due.
///
/// # Errors
/// If Salesforce can't be reached for good, or the ledger fails. What wasn't sent stays.
pub(super) async fn push(
    engine: &Engine<'_>,
    world: &World,
    report: &mut Report,
    watcher: &dyn Watcher,
) -> Result<(), PassError> {
    for action in ACTIONS {
        loop {
            let now = engine.clock.now();
            let intents = engine.ledger.intents_in(
                "pending",
                Destination::SalesforceTasks,
                action,
                now,
                BATCH,
            )?;
            if intents.is_empty() {
                break;
            }
            watcher.progress(Step::Writing {
                system: "Salesforce",
                written: report.created + report.updated + report.deleted,
                left: engine.ledger.count_in("pending")?,
            });
            send(engine, world, action, &intents, report).await?;
        }
    }
    Ok(())
}

/// Sends everything, coming back a few times to what may go through later, and counts what is left.
///
/// # Errors
/// As `push`.
pub(super) async fn push_patiently(
    engine: &Engine<'_>,
    pass: &mut Pass<'_>,
) -> Result<(), PassError> {
    for attempt in 0..PATIENCE {
        push(engine, &pass.world, &mut pass.report, pass.watcher).await?;
        to_hubspot::push::push(engine, pass).await?;
        settle_all(engine, pass).await?;
        if engine.ledger.count_in("pending")? == 0 {
            break;
        }
        if attempt + 1 < PATIENCE {
            engine.clock.sleep(Duration::from_secs(1 << attempt)).await;
        }
    }
    let report = &mut pass.report;
    report.refused = engine.ledger.count_in("refused")?;
    report.unsettled = engine.ledger.count_in("unsettled")?;
    report.to_retry = engine.ledger.count_in("pending")?;
    Ok(())
}

/// Finds out, in both systems, what became of writes whose answer was lost.
///
/// # Errors
/// If one of the systems or the ledger fails.
pub(super) async fn settle_all(engine: &Engine<'_>, pass: &mut Pass<'_>) -> Result<(), PassError> {
    settle(engine, &pass.world, &mut pass.report).await?;
    to_hubspot::settle::settle(engine, pass).await
}

/// Finds out what became of writes whose answer was lost: by key, else by id. Never by sending them again first.
///
/// # Errors
/// If Salesforce or the ledger fails.
async fn settle(engine: &Engine<'_>, world: &World, report: &mut Report) -> Result<(), PassError> {
    for action in ACTIONS {
        loop {
            let now = engine.clock.now();
            let intents = engine.ledger.intents_in(
                "sent",
                Destination::SalesforceTasks,
                action,
                now,
                BATCH,
            )?;
            if intents.is_empty() {
                break;
            }
            match (action, &world.key_field) {
                ("create", Some(key_field)) => {
                    settle_by_key(engine, key_field, &intents, report).await?;
                }
                ("create", None) => {
                    keep_all(engine, &intents, |_| Outcome::Unsettled(UNSETTLED))?;
                }
                // An update or a delete has the same effect twice.
                _ => keep_all(engine, &intents, |intent| again(engine, intent, LOST))?,
            }
        }
    }
    Ok(())
}

const UNSETTLED: ErrorText<'static> = ErrorText {
    class: "permanent",
    code: "unsettled",
    message: "the answer was lost, and without a key field it can't be found out whether the Task was made",
    what_to_do: "Look for the Task in Salesforce; if it isn't there, run `crosswalk retry`. To rule this out, set salesforce.key_field.",
};
const LOST: ErrorText<'static> = ErrorText {
    class: "retry",
    code: "lost",
    message: "the answer was lost",
    what_to_do: "It is sent again by itself.",
};
const NOT_MADE: ErrorText<'static> = ErrorText {
    class: "retry",
    code: "lost",
    message: "the answer was lost, and no Task has the key",
    what_to_do: "It is sent again by itself.",
};

async fn settle_by_key(
    engine: &Engine<'_>,
    key_field: &str,
    intents: &[Intent],
    report: &mut Report,
) -> Result<(), PassError> {
    let by_key = tasks_by_key(engine, key_field, intents).await?;
    let found = intents
        .iter()
        .filter(|intent| by_key.contains_key(&intent.key));
    report.created += found.count() as u64;
    in_transaction(engine, || {
        intents
            .iter()
            .try_for_each(|intent| match by_key.get(&intent.key) {
                Some(task) => done(
                    engine,
                    intent,
                    task,
                    "found by its key after the answer was lost",
                ),
                None => keep(engine, intent, &again(engine, intent, NOT_MADE), None),
            })
    })
}

/// The Tasks that have the keys of these intents; of several with one key, one that isn't deleted.
async fn tasks_by_key(
    engine: &Engine<'_>,
    key_field: &str,
    intents: &[Intent],
) -> Result<HashMap<String, TaskRecord>, PassError> {
    let keys: Vec<String> = intents.iter().map(|intent| intent.key.clone()).collect();
    let mut tasks = engine.salesforce.tasks_by_key(key_field, &keys).await?;
    tasks.sort_by_key(|task| !task.is_deleted);
    Ok(tasks
        .into_iter()
        .filter_map(|task| Some((task.key.clone()?, task)))
        .collect())
}

/// Sends one batch: first the ledger says that it leaves, then it leaves, then the ledger says what came back. A batch that is
/// refused whole for what it holds is halved, until the one record that is to blame is found.
async fn send(
    engine: &Engine<'_>,
    world: &World,
    action: &str,
    intents: &[Intent],
    report: &mut Report,
) -> Result<(), PassError> {
    in_transaction(engine, || {
        Ok(engine.ledger.sending(intents, engine.clock.now())?)
    })?;
    match write(engine, world, action, intents).await {
        WriteOutcome::Answered(results) => {
            let left = record_results(engine, action, intents, &results, report).await?;
            adopt(engine, world, &left, report).await
        }
        WriteOutcome::Refused(error) if error.class == Class::Permanent => {
            let (first, second) = intents.split_at(intents.len() / 2);
            if first.is_empty() {
                return keep_all(engine, intents, |_| Outcome::Refused(text_of(&error)));
            }
            Box::pin(send(engine, world, action, first, report)).await?;
            Box::pin(send(engine, world, action, second, report)).await
        }
        WriteOutcome::Refused(error) => {
            keep_all(engine, intents, |intent| {
                again(engine, intent, text_of(&error))
            })?;
            Err(error.into())
        }
        // They stay `sent`: `settle` finds out.
        WriteOutcome::Unknown(_) => settle(engine, world, report).await,
    }
}

async fn write(
    engine: &Engine<'_>,
    world: &World,
    action: &str,
    intents: &[Intent],
) -> WriteOutcome {
    let with_id = |intent: &Intent| Some((intent.task_id.clone()?, fields(intent)));
    match (action, &world.key_field) {
        ("create", Some(key_field)) => {
            let by_key = |intent: &Intent| (intent.key.clone(), fields(intent));
            let records: Vec<_> = intents.iter().map(by_key).collect();
            engine.salesforce.upsert_tasks(key_field, &records).await
        }
        ("create", None) => {
            let records: Vec<_> = intents.iter().map(fields).collect();
            engine.salesforce.create_tasks(&records).await
        }
        ("update", _) => {
            let records: Vec<_> = intents.iter().filter_map(with_id).collect();
            engine.salesforce.update_tasks(&records).await
        }
        _ => {
            let ids = intents.iter().filter_map(|intent| intent.task_id.clone());
            engine
                .salesforce
                .delete_tasks(&ids.collect::<Vec<_>>())
                .await
        }
    }
}

/// The fields that an intent writes, nulls for those it clears.
fn fields(intent: &Intent) -> Fields {
    let task = intent.body.get("task").and_then(Value::as_object);
    let mut fields = task.cloned().unwrap_or_default();
    let cleared = intent.body.get("cleared").and_then(Value::as_array);
    for name in cleared.into_iter().flatten().filter_map(Value::as_str) {
        fields.insert(name.to_owned(), Value::Null);
    }
    fields
}

/// Records what came back for each record. Answers those whose Task is there already, made before and forgotten here.
async fn record_results(
    engine: &Engine<'_>,
    action: &str,
    intents: &[Intent],
    results: &[RecordResult],
    report: &mut Report,
) -> Result<Vec<Intent>, PassError> {
    let written = intents
        .iter()
        .zip(results)
        .filter(|(intent, result)| {
            action != "delete" && result.errors.is_empty() && changes(intent)
        })
        .filter_map(|(_, result)| result.id.clone());
    let confirmed = tasks_by_id(engine, &written.collect::<Vec<_>>()).await?;
    let mut there_already = Vec::new();
    in_transaction(engine, || {
        for (intent, result) in intents.iter().zip(results) {
            let id = result.id.as_deref().or(intent.task_id.as_deref());
            match (result.errors.first(), action) {
                (Some(error), "create") if is_there_already(error) => {
                    there_already.push(intent.clone());
                }
                (Some(error), _) => failed(engine, intent, error)?,
                (None, "delete") => {
                    report.deleted += 1;
                    gone(engine, intent, "deleted")?;
                }
                (None, _) => {
                    let (count, answer) = match action {
                        "create" if result.created => (&mut report.created, "created"),
                        "create" => (&mut report.created, "there already, updated"),
                        _ => (&mut report.updated, "updated"),
                    };
                    *count += 1;
                    match id.and_then(|id| confirmed.get(short(id))) {
                        None if !changes(intent) => done_for_good(engine, intent, id, answer)?,
                        Some(task) => done(engine, intent, task, answer)?,
                        None => gone(engine, intent, "written, and gone when it was read back")?,
                    }
                }
            }
        }
        Ok(())
    })?;
    Ok(there_already)
}

/// An upsert that finds a Task may not write what is only written once.
fn is_there_already(error: &RecordError) -> bool {
    error.code == "INVALID_FIELD_FOR_INSERT_UPDATE"
        && error.fields.iter().any(|field| field == CREATE_ONLY)
}

/// Salesforce takes it when a Task is created, and never again (F7).
const CREATE_ONLY: &str = "TaskSubtype";

/// Takes over Tasks that have the key already, as when the ledger was lost: writes them as planned, by their ids.
async fn adopt(
    engine: &Engine<'_>,
    world: &World,
    intents: &[Intent],
    report: &mut Report,
) -> Result<(), PassError> {
    let (Some(key_field), false) = (&world.key_field, intents.is_empty()) else {
        return Ok(());
    };
    let by_key = tasks_by_key(engine, key_field, intents).await?;
    let (found, lost): (Vec<&Intent>, Vec<&Intent>) = intents
        .iter()
        .partition(|intent| by_key.contains_key(&intent.key));
    let records: Vec<(String, Fields)> = found
        .iter()
        .filter_map(|intent| {
            let mut fields = fields(intent);
            fields.remove(CREATE_ONLY);
            Some((by_key.get(&intent.key)?.id.clone(), fields))
        })
        .collect();
    in_transaction(engine, || {
        lost.iter()
            .try_for_each(|intent| keep(engine, intent, &again(engine, intent, NOT_MADE), None))
    })?;
    match engine.salesforce.update_tasks(&records).await {
        WriteOutcome::Answered(results) => {
            let found: Vec<Intent> = found.into_iter().cloned().collect();
            record_results(engine, "create", &found, &results, report).await?;
            Ok(())
        }
        WriteOutcome::Refused(error) => {
            let intents: Vec<Intent> = found.into_iter().cloned().collect();
            keep_all(engine, &intents, |intent| {
                again(engine, intent, text_of(&error))
            })?;
            Err(error.into())
        }
        WriteOutcome::Unknown(_) => settle(engine, world, report).await,
    }
}

async fn tasks_by_id(
    engine: &Engine<'_>,
    ids: &[String],
) -> Result<HashMap<String, TaskRecord>, PassError> {
    let tasks = engine.salesforce.tasks_by_id(ids).await?;
    Ok(tasks
        .into_iter()
        .map(|task| (short(&task.id).to_owned(), task))
        .collect())
}

/// What we wrote and Salesforce confirmed is what both sides share now.
fn done(
    engine: &Engine<'_>,
    intent: &Intent,
    task: &TaskRecord,
    answer: &str,
) -> Result<(), PassError> {
    let outcome = Outcome::Done {
        task_id: Some(&task.id),
        synced: Some(&shared(engine, intent)?),
        synced_at: &task.system_modstamp.to_string(),
    };
    keep(engine, intent, &outcome, Some(answer))
}

/// The fields that both sides share once an intent is carried out.
fn shared(engine: &Engine<'_>, intent: &Intent) -> Result<Value, PassError> {
    let link = engine.ledger.link(&intent.activity)?;
    let synced = link.and_then(|link| link.synced.as_object().cloned());
    let mut synced = synced.unwrap_or_default();
    for (field, value) in fields(intent) {
        if value.is_null() {
            synced.remove(&field);
        } else {
            synced.insert(field, value);
        }
    }
    Ok(Value::Object(synced))
}

/// What happened once never changes: when its Task changes doesn't matter, so it isn't read back.
fn done_for_good(
    engine: &Engine<'_>,
    intent: &Intent,
    task_id: Option<&str>,
    answer: &str,
) -> Result<(), PassError> {
    let outcome = Outcome::Done {
        task_id,
        synced: Some(&shared(engine, intent)?),
        synced_at: &engine.clock.now().to_string(),
    };
    keep(engine, intent, &outcome, Some(answer))
}

/// Whether HubSpot may change an activity.
fn changes(intent: &Intent) -> bool {
    let kind = intent.activity.split(':').next().unwrap_or_default();
    !happened::KINDS.iter().any(|happens| happens.name() == kind)
}

/// Its Task isn't there any more, and isn't made again (U0).
fn gone(engine: &Engine<'_>, intent: &Intent, answer: &str) -> Result<(), PassError> {
    let outcome = Outcome::Done {
        task_id: None,
        synced: None,
        synced_at: &engine.clock.now().to_string(),
    };
    keep(engine, intent, &outcome, Some(answer))
}

fn failed(engine: &Engine<'_>, intent: &Intent, error: &RecordError) -> Result<(), PassError> {
    if error.code == "ENTITY_IS_DELETED" && intent.action != "create" {
        return gone(engine, intent, "its Task was deleted in Salesforce");
    }
    let (class, what_to_do) = classify(&error.code);
    let text = ErrorText {
        class: class.name(),
        code: &error.code,
        message: &error.message,
        what_to_do,
    };
    let outcome = match class {
        Class::Retry | Class::Wait => again(engine, intent, text),
        Class::Permanent | Class::Fatal => Outcome::Refused(text),
    };
    keep(engine, intent, &outcome, None)
}

pub(super) fn again<'a>(engine: &Engine<'_>, intent: &Intent, error: ErrorText<'a>) -> Outcome<'a> {
    Outcome::Again {
        not_before: later(engine.clock.now(), intent.attempts),
        error,
    }
}

fn later(now: Timestamp, attempts: u32) -> Timestamp {
    let wait = FIRST_WAIT
        .checked_mul(1 << attempts.min(10))
        .unwrap_or(FIRST_WAIT);
    now.checked_add(wait).unwrap_or(now)
}

pub(super) fn text_of(error: &ApiError) -> ErrorText<'_> {
    ErrorText {
        class: error.class.name(),
        code: error.code.as_deref().unwrap_or("unavailable"),
        message: &error.message,
        what_to_do: &error.what_to_do,
    }
}

pub(super) fn keep(
    engine: &Engine<'_>,
    intent: &Intent,
    outcome: &Outcome<'_>,
    answer: Option<&str>,
) -> Result<(), PassError> {
    let now = engine.clock.now();
    Ok(engine.ledger.settle(intent, outcome, answer, now)?)
}

pub(super) fn keep_all<'a>(
    engine: &Engine<'_>,
    intents: &[Intent],
    outcome: impl Fn(&Intent) -> Outcome<'a>,
) -> Result<(), PassError> {
    in_transaction(engine, || {
        intents
            .iter()
            .try_for_each(|intent| keep(engine, intent, &outcome(intent), None))
    })
}

/// Keeps what is written to the ledger if all goes well, else nothing of it.
pub(super) fn in_transaction(
    engine: &Engine<'_>,
    work: impl FnOnce() -> Result<(), PassError>,
) -> Result<(), PassError> {
    engine.ledger.begin()?;
    match work() {
        Ok(()) => Ok(engine.ledger.commit()?),
        Err(error) => {
            engine.ledger.roll_back()?;
            Err(error)
        }
    }
}
