//! What became of writes to HubSpot whose answer was lost?
//!
//! With a key property they are sent again: twice is once, as with every change. Without one what was to be made is looked for among
//! the activities of its contact, deal or company; never by HubSpot's search, which shows late what is there.

use super::push::{self, associations, object_type, properties, usable_key_property};
use crate::hubspot::{Association, ObjectRecord};
use crate::ledger::{Destination, ErrorText, Intent};
use crate::sync::push::{again, in_transaction, keep, keep_all};
use crate::sync::{Engine, Pass, PassError};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Of so many at once it is found out.
const BATCH: usize = 100;
/// HubSpot's clock may be behind ours.
const CLOCKS_APART: SignedDuration = SignedDuration::from_mins(5);
/// What tells one activity of a contact from another.
const TOLD_BY: [&str; 5] = [
    "hs_timestamp",
    "hs_task_subject",
    "hs_call_title",
    "hs_email_subject",
    "hs_meeting_title",
];

const LOST: ErrorText<'static> = ErrorText {
    class: "retry",
    code: "lost",
    message: "the answer was lost",
    what_to_do: "It is sent again by itself.",
};
const NOT_MADE: ErrorText<'static> = ErrorText {
    class: "retry",
    code: "lost",
    message: "the answer was lost, and HubSpot has no such activity",
    what_to_do: "It is sent again by itself.",
};

/// Finds it out.
pub(in crate::sync) async fn settle(
    engine: &Engine<'_>,
    pass: &mut Pass<'_>,
) -> Result<(), PassError> {
    for destination in Destination::IN_HUBSPOT {
        for action in push::ACTIONS {
            loop {
                let now = engine.clock.now();
                let intents = engine
                    .ledger
                    .intents_in("sent", destination, action, now, BATCH)?;
                if intents.is_empty() {
                    break;
                }
                let is_once = action != "create"
                    || usable_key_property(engine, object_type(destination))
                        .await?
                        .is_some();
                if is_once {
                    keep_all(engine, &intents, |intent| again(engine, intent, LOST))?;
                } else {
                    settle_creates(engine, destination, &intents, pass).await?;
                }
            }
        }
    }
    Ok(())
}

async fn settle_creates(
    engine: &Engine<'_>,
    destination: Destination,
    intents: &[Intent],
    pass: &mut Pass<'_>,
) -> Result<(), PassError> {
    let mut there = Candidates::read(engine, destination, intents).await?;
    in_transaction(engine, || {
        for intent in intents {
            match there.take(engine, intent)? {
                Some(found) => {
                    pass.report.to_hubspot.created += 1;
                    let written_at = found.updated_at.to_string();
                    let answer = "found after the answer was lost";
                    push::done(engine, intent, &found.id, &written_at, answer)?;
                }
                None => keep(engine, intent, &again(engine, intent, NOT_MADE), None)?,
            }
        }
        Ok(())
    })
}

/// The activities of those to whom the intents' activities were to belong.
struct Candidates {
    by_bearer: HashMap<String, Vec<String>>,
    records: HashMap<String, ObjectRecord>,
    taken: HashSet<String>,
}

impl Candidates {
    async fn read(
        engine: &Engine<'_>,
        destination: Destination,
        intents: &[Intent],
    ) -> Result<Self, PassError> {
        let object = object_type(destination);
        let mut bearers: BTreeMap<_, BTreeSet<String>> = BTreeMap::new();
        for bearer in intents.iter().filter_map(bearer) {
            bearers.entry(bearer.to).or_default().insert(bearer.id);
        }
        let mut by_bearer = HashMap::new();
        for (of, ids) in bearers {
            let ids: Vec<String> = ids.into_iter().collect();
            let found = engine
                .hubspot
                .associations(of, object.plural(), &ids)
                .await?;
            let named = found
                .into_iter()
                .map(|(bearer, activities)| (format!("{of}/{bearer}"), activities));
            by_bearer.extend(named);
        }
        let ids: BTreeSet<String> = by_bearer.values().flatten().cloned().collect();
        let ids: Vec<String> = ids.into_iter().collect();
        let records = engine.hubspot.batch_read(object, &ids, &TOLD_BY).await?;
        Ok(Self {
            by_bearer,
            records: records
                .into_iter()
                .map(|record| (record.id.clone(), record))
                .collect(),
            taken: HashSet::new(),
        })
    }

    /// The activity that an intent made, if it is there: made since, saying the same, and of no other record.
    fn take(
        &mut self,
        engine: &Engine<'_>,
        intent: &Intent,
    ) -> Result<Option<ObjectRecord>, PassError> {
        let Some(bearer) = bearer(intent) else {
            return Ok(None);
        };
        let name = format!("{}/{}", bearer.to, bearer.id);
        for id in self.by_bearer.get(&name).into_iter().flatten() {
            let Some(record) = self.records.get(id) else {
                continue;
            };
            let activity = push::activity(intent.destination, id);
            if !self.taken.contains(id)
                && is_the_same(intent, record)
                && engine.ledger.link(&activity)?.is_none()
            {
                self.taken.insert(id.clone());
                return Ok(Some(record.clone()));
            }
        }
        Ok(None)
    }
}

/// To whom the activity was to belong: each has a contact, or what it is related to (S4).
fn bearer(intent: &Intent) -> Option<Association> {
    associations(intent).into_iter().next()
}

fn is_the_same(intent: &Intent, record: &ObjectRecord) -> bool {
    let sent_at = intent.sent_at.as_deref().and_then(super::moment);
    let since = sent_at.and_then(|sent_at| sent_at.checked_sub(CLOCKS_APART).ok());
    let properties = properties(intent);
    let says_the_same = TOLD_BY.iter().all(|property| {
        let written = properties.get(*property).and_then(Value::as_str);
        let held = record.properties.get(*property).map(String::as_str);
        same(written, held)
    });
    since.is_none_or(|since| record.created_at >= since) && says_the_same
}

/// HubSpot may write a time otherwise than we did.
fn same(written: Option<&str>, held: Option<&str>) -> bool {
    let time = |text: Option<&str>| text.and_then(|text| text.parse::<Timestamp>().ok());
    written == held || (time(written).is_some() && time(written) == time(held))
}
