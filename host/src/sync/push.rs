//! Intents leave in batches, and each result is recorded. What is unknown is found out before it is tried again.

use super::pull::World;
use super::{Engine, PassError, Report, Watcher};
use crate::error::Class;
use crate::ledger::{ErrorText, Intent, Outcome};
use crate::salesforce::{RecordError, RecordResult, TaskRecord, WriteOutcome, classify};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::time::Duration;

/// Salesforce takes this many records in one call.
const BATCH: usize = 200;
const ACTIONS: [&str; 3] = ["create", "update", "delete"];
/// How often a pass comes back to records that may go through later, a locked row for one.
const PATIENCE: usize = 4;
const FIRST_WAIT: SignedDuration = SignedDuration::from_secs(1);

/// Sends everything that is due.
///
/// # Errors
/// If Salesforce can't be reached for good, or the ledger fails. What wasn't sent stays.
pub async fn push(
    engine: &Engine<'_>,
    world: &World,
    report: &mut Report,
    watcher: &dyn Watcher,
) -> Result<(), PassError> {
    for action in ACTIONS {
        loop {
            let intents = engine
                .ledger
                .intents_in("pending", action, engine.clock.now(), BATCH)?;
            if intents.is_empty() {
                break;
            }
            send(engine, world, action, &intents, report).await?;
            watcher.progress("written", report.created + report.updated + report.deleted);
        }
    }
    Ok(())
}

/// Sends everything, coming back a few times to what may go through later, and counts what is left.
///
/// # Errors
/// As `push`.
pub async fn push_patiently(
    engine: &Engine<'_>,
    world: &World,
    report: &mut Report,
    watcher: &dyn Watcher,
) -> Result<(), PassError> {
    for attempt in 0..PATIENCE {
        push(engine, world, report, watcher).await?;
        settle(engine, world, report).await?;
        if engine.ledger.pending()? == 0 {
            break;
        }
        if attempt + 1 < PATIENCE {
            engine.clock.sleep(Duration::from_secs(1 << attempt)).await;
        }
    }
    let failures = engine.ledger.failures(usize::MAX >> 1)?;
    let count = |state: &str| {
        failures
            .iter()
            .filter(|intent| intent.state == state)
            .count() as u64
    };
    (report.refused, report.unsettled, report.to_retry) =
        (count("refused"), count("unsettled"), count("pending"));
    Ok(())
}

/// Finds out what became of writes whose answer was lost: by key, else by id. Never by sending them again first.
///
/// # Errors
/// If Salesforce or the ledger fails.
pub async fn settle(
    engine: &Engine<'_>,
    world: &World,
    report: &mut Report,
) -> Result<(), PassError> {
    for action in ACTIONS {
        loop {
            let intents = engine
                .ledger
                .intents_in("sent", action, engine.clock.now(), BATCH)?;
            if intents.is_empty() {
                break;
            }
            match (action, &world.key_field) {
                ("create", Some(key_field)) => {
                    settle_by_key(engine, key_field, &intents, report).await?
                }
                ("create", None) => unsettled(engine, &intents)?,
                // An update or a delete has the same effect twice.
                _ => again(
                    engine,
                    &intents,
                    "lost",
                    "the answer was lost",
                    "it is sent again by itself",
                )?,
            }
        }
    }
    Ok(())
}

async fn settle_by_key(
    engine: &Engine<'_>,
    key_field: &str,
    intents: &[Intent],
    report: &mut Report,
) -> Result<(), PassError> {
    let keys: Vec<String> = intents.iter().map(|intent| intent.key.clone()).collect();
    let found = engine.salesforce.tasks_by_key(key_field, &keys).await?;
    let by_key: HashMap<&str, &TaskRecord> = found
        .iter()
        .filter_map(|task| Some((task.key.as_deref()?, task)))
        .collect();
    engine.ledger.begin()?;
    let settled = intents
        .iter()
        .try_for_each(|intent| match by_key.get(intent.key.as_str()) {
            Some(task) => {
                report.created += 1;
                done(
                    engine,
                    intent,
                    Some(&task.id),
                    task,
                    "found by its key after the answer was lost",
                )
            }
            None => {
                let error = ErrorText {
                    class: "retry",
                    code: "lost",
                    message: "the answer was lost, and no Task has the key",
                    what_to_do: "it is sent again by itself",
                };
                Ok(engine.ledger.settle(
                    intent,
                    &Outcome::Again {
                        not_before: engine.clock.now(),
                        error,
                    },
                    None,
                    engine.clock.now(),
                )?)
            }
        });
    finish(engine, settled)
}

fn unsettled(engine: &Engine<'_>, intents: &[Intent]) -> Result<(), PassError> {
    let error = ErrorText {
        class: "permanent",
        code: "unsettled",
        message: "the answer was lost, and without a key field it can't be found out whether the Task was made",
        what_to_do: "look for the Task in Salesforce; if it isn't there, run `crosswalk retry`; to rule this out, set salesforce.key_field",
    };
    engine.ledger.begin()?;
    let settled = intents.iter().try_for_each(|intent| {
        Ok(engine
            .ledger
            .settle(intent, &Outcome::Unsettled(error), None, engine.clock.now())?)
    });
    finish(engine, settled)
}

fn again(
    engine: &Engine<'_>,
    intents: &[Intent],
    code: &str,
    message: &str,
    what_to_do: &str,
) -> Result<(), PassError> {
    let error = ErrorText {
        class: "retry",
        code,
        message,
        what_to_do,
    };
    engine.ledger.begin()?;
    let settled = intents.iter().try_for_each(|intent| {
        let not_before = later(engine.clock.now(), intent.attempts);
        Ok(engine.ledger.settle(
            intent,
            &Outcome::Again { not_before, error },
            None,
            engine.clock.now(),
        )?)
    });
    finish(engine, settled)
}

fn finish(engine: &Engine<'_>, result: Result<(), PassError>) -> Result<(), PassError> {
    match result {
        Ok(()) => Ok(engine.ledger.commit()?),
        Err(error) => {
            engine.ledger.roll_back()?;
            Err(error)
        }
    }
}

fn later(now: Timestamp, attempts: u32) -> Timestamp {
    let wait = FIRST_WAIT
        .checked_mul(1 << attempts.min(10))
        .unwrap_or(FIRST_WAIT);
    now.checked_add(wait).unwrap_or(now)
}

/// Sends one batch: first the ledger says that it leaves, then it leaves, then the ledger says what came back.
async fn send(
    engine: &Engine<'_>,
    world: &World,
    action: &str,
    intents: &[Intent],
    report: &mut Report,
) -> Result<(), PassError> {
    engine.ledger.begin()?;
    finish(
        engine,
        engine
            .ledger
            .sending(intents, engine.clock.now())
            .map_err(PassError::from),
    )?;
    let outcome = match (action, &world.key_field) {
        ("create", Some(key_field)) => {
            let records: Vec<_> = intents
                .iter()
                .map(|intent| (intent.key.clone(), fields(intent)))
                .collect();
            engine.salesforce.upsert_tasks(key_field, &records).await
        }
        ("create", None) => {
            engine
                .salesforce
                .create_tasks(&intents.iter().map(fields).collect::<Vec<_>>())
                .await
        }
        ("update", _) => {
            let records: Vec<_> = intents
                .iter()
                .filter_map(|intent| Some((intent.task_id.clone()?, fields(intent))))
                .collect();
            engine.salesforce.update_tasks(&records).await
        }
        _ => {
            engine
                .salesforce
                .delete_tasks(
                    &intents
                        .iter()
                        .filter_map(|intent| intent.task_id.clone())
                        .collect::<Vec<_>>(),
                )
                .await
        }
    };
    match outcome {
        WriteOutcome::Answered(results) => {
            record_results(engine, action, intents, &results, report).await
        }
        WriteOutcome::Refused(error) if matches!(error.class, Class::Retry | Class::Wait) => {
            again(
                engine,
                intents,
                error.code.as_deref().unwrap_or("unavailable"),
                &error.message,
                &error.what_to_do,
            )?;
            Err(error.into())
        }
        WriteOutcome::Refused(error) => {
            again(
                engine,
                intents,
                error.code.as_deref().unwrap_or("refused"),
                &error.message,
                &error.what_to_do,
            )?;
            Err(error.into())
        }
        // They stay `sent`: `settle` finds out.
        WriteOutcome::Unknown(_) => settle(engine, world, report).await,
    }
}

/// The fields that an intent writes, nulls for those it clears.
fn fields(intent: &Intent) -> Map<String, Value> {
    let mut fields = intent
        .body
        .get("task")
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default();
    for cleared in intent
        .body
        .get("cleared")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
    {
        fields.insert(cleared.to_owned(), Value::Null);
    }
    fields
}

async fn record_results(
    engine: &Engine<'_>,
    action: &str,
    intents: &[Intent],
    results: &[RecordResult],
    report: &mut Report,
) -> Result<(), PassError> {
    let written: Vec<String> = if action == "delete" {
        Vec::new()
    } else {
        results
            .iter()
            .filter(|result| result.errors.is_empty())
            .filter_map(|result| result.id.clone())
            .collect()
    };
    let confirmed = if written.is_empty() {
        Vec::new()
    } else {
        engine.salesforce.tasks_by_id(&written).await?
    };
    let by_id: HashMap<&str, &TaskRecord> = confirmed
        .iter()
        .map(|task| (task.id.get(..15).unwrap_or(&task.id), task))
        .collect();
    engine.ledger.begin()?;
    let recorded = intents
        .iter()
        .enumerate()
        .try_for_each(|(position, intent)| {
            let Some(result) = results.get(position) else {
                let error = ErrorText {
                    class: "retry",
                    code: "no_result",
                    message: "Salesforce answered for fewer records than were sent",
                    what_to_do: "it is sent again by itself",
                };
                return Ok(engine.ledger.settle(
                    intent,
                    &Outcome::Again {
                        not_before: later(engine.clock.now(), intent.attempts),
                        error,
                    },
                    None,
                    engine.clock.now(),
                )?);
            };
            if let Some(error) = result.errors.first() {
                return failed(engine, intent, error);
            }
            if action == "delete" {
                report.deleted += 1;
                let now = engine.clock.now();
                return Ok(engine.ledger.settle(
                    intent,
                    &Outcome::Done {
                        task_id: None,
                        synced: None,
                        synced_at: &now.to_string(),
                    },
                    Some("deleted"),
                    now,
                )?);
            }
            *(if action == "create" {
                &mut report.created
            } else {
                &mut report.updated
            }) += 1;
            let task_id = result.id.as_deref().or(intent.task_id.as_deref());
            match task_id.and_then(|id| by_id.get(id.get(..15).unwrap_or(id))) {
                Some(task) => done(
                    engine,
                    intent,
                    task_id,
                    task,
                    if result.created { "created" } else { "updated" },
                ),
                None => gone(engine, intent, task_id),
            }
        });
    finish(engine, recorded)
}

/// What we wrote and Salesforce confirmed is what both sides share now.
fn done(
    engine: &Engine<'_>,
    intent: &Intent,
    task_id: Option<&str>,
    task: &TaskRecord,
    answer: &str,
) -> Result<(), PassError> {
    let synced = shared(engine, intent)?;
    let synced_at = task.system_modstamp.to_string();
    let outcome = Outcome::Done {
        task_id,
        synced: Some(&synced),
        synced_at: &synced_at,
    };
    Ok(engine
        .ledger
        .settle(intent, &outcome, Some(answer), engine.clock.now())?)
}

/// Written, and already gone when it was read back.
fn gone(engine: &Engine<'_>, intent: &Intent, task_id: Option<&str>) -> Result<(), PassError> {
    let now = engine.clock.now();
    let synced = shared(engine, intent)?;
    let outcome = Outcome::Done {
        task_id,
        synced: Some(&synced),
        synced_at: &now.to_string(),
    };
    Ok(engine.ledger.settle(
        intent,
        &outcome,
        Some("written, but it can't be read back"),
        now,
    )?)
}

fn shared(engine: &Engine<'_>, intent: &Intent) -> Result<Value, PassError> {
    let before = engine
        .ledger
        .link(&intent.activity)?
        .and_then(|link| link.synced.as_object().cloned())
        .unwrap_or_default();
    let mut synced = before;
    for (field, value) in fields(intent) {
        if value.is_null() {
            synced.remove(&field);
        } else {
            synced.insert(field, value);
        }
    }
    Ok(Value::Object(synced))
}

fn failed(engine: &Engine<'_>, intent: &Intent, error: &RecordError) -> Result<(), PassError> {
    let now = engine.clock.now();
    if error.code == "ENTITY_IS_DELETED" {
        let outcome = Outcome::Done {
            task_id: None,
            synced: None,
            synced_at: &now.to_string(),
        };
        return Ok(engine.ledger.settle(
            intent,
            &outcome,
            Some("its Task was deleted in Salesforce; it isn't made again"),
            now,
        )?);
    }
    let (class, what_to_do) = classify(&error.code);
    let text = ErrorText {
        class: class.name(),
        code: &error.code,
        message: &error.message,
        what_to_do,
    };
    let outcome = match class {
        Class::Retry | Class::Wait => Outcome::Again {
            not_before: later(now, intent.attempts),
            error: text,
        },
        Class::Permanent | Class::Fatal => Outcome::Refused(text),
    };
    Ok(engine.ledger.settle(intent, &outcome, None, now)?)
}
