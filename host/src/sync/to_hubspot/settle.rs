//! What became of writes to HubSpot whose answer was lost?
//!
//! A change is sent again: twice is once. What was to be made is looked for by its key property; without one among the activities of its
//! contact, deal or company; never by HubSpot's search, which shows late what is there. Either way what somebody has deleted meanwhile
//! isn't made again.

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
/// By what an activity is known again: when it is, and its title or its text, for somebody may have changed one of them meanwhile.
const WHEN: &str = "hs_timestamp";
const TITLES: [&str; 4] = [
    "hs_task_subject",
    "hs_call_title",
    "hs_email_subject",
    "hs_meeting_title",
];
const TEXTS: [&str; 4] = [
    "hs_task_body",
    "hs_call_body",
    "hs_email_text",
    "hs_meeting_body",
];

const LOST: ErrorText<'static> = ErrorText {
    class: "retry",
    code: "lost",
    message: "the answer was lost",
    what_to_do: "It is sent again by itself.",
};
const FOUND: &str = "found after the answer was lost";
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
                if action == "create" {
                    settle_creates(engine, destination, &intents, pass).await?;
                } else {
                    keep_all(engine, &intents, |intent| again(engine, intent, LOST))?;
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
    let (mut found, mut not_joined) = (Found::new(), Found::new());
    let object = object_type(destination);
    if let Some(key_property) = usable_key_property(engine, object, pass).await? {
        let there = Candidates::with_keys(engine, destination, key_property, intents).await?;
        there.find_by_key(key_property, intents, &mut not_joined);
        if not_joined.len() < intents.len() {
            let bin = Candidates::deleted(engine, destination, &[key_property]).await?;
            bin.find_by_key(key_property, intents, &mut found);
        }
    } else {
        let mut there = Candidates::of_bearers(engine, destination, intents).await?;
        for alike in [Alike::Both, Alike::Either] {
            there.find(engine, intents, alike, &mut found)?;
        }
        if found.len() < intents.len() {
            let mut bin = Candidates::deleted(engine, destination, &told_by()).await?;
            bin.find(engine, intents, Alike::Either, &mut found)?;
        }
    }
    in_transaction(engine, || {
        for intent in intents
            .iter()
            .filter(|intent| !not_joined.contains_key(&intent.id))
        {
            match found.get(&intent.id) {
                Some(record) => {
                    pass.report.to_hubspot.created += 1;
                    let written_at = record.updated_at.to_string();
                    push::done(engine, intent, &record.id, &written_at, FOUND)?;
                }
                None => keep(engine, intent, &again(engine, intent, NOT_MADE), None)?,
            }
        }
        Ok(())
    })?;
    // Its associations come after it: they may be missing.
    let not_joined = intents.iter().filter_map(|intent| {
        let record = not_joined.remove(&intent.id)?;
        Some((intent.clone(), record))
    });
    push::join_found(engine, destination, not_joined.collect(), pass).await
}

/// The activities that intents made, by the intents' rows.
type Found = HashMap<i64, ObjectRecord>;

/// How much of an activity must be as it was written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Alike {
    /// Title and text.
    Both,
    /// Title or text.
    Either,
}

/// Activities that an intent may have made.
struct Candidates {
    /// Whose they are; none where that isn't known any more.
    by_bearer: Option<HashMap<String, HashSet<String>>>,
    records: Vec<ObjectRecord>,
}

impl Candidates {
    /// The activities of those to whom the intents' activities were to belong.
    async fn of_bearers(
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
            by_bearer.extend(found.into_iter().map(|(bearer, activities)| {
                let activities: HashSet<String> = activities.into_iter().collect();
                (format!("{of}/{bearer}"), activities)
            }));
        }
        let ids: BTreeSet<String> = by_bearer.values().flatten().cloned().collect();
        let ids: Vec<String> = ids.into_iter().collect();
        Ok(Self {
            records: engine.hubspot.batch_read(object, &ids, &told_by()).await?,
            by_bearer: Some(by_bearer),
        })
    }

    /// Those that have the intents' keys.
    async fn with_keys(
        engine: &Engine<'_>,
        destination: Destination,
        key_property: &str,
        intents: &[Intent],
    ) -> Result<Self, PassError> {
        let object = object_type(destination);
        let keys: Vec<String> = intents.iter().map(|intent| intent.key.clone()).collect();
        let found = engine
            .hubspot
            .objects_by_key(object, key_property, &keys, &[]);
        Ok(Self {
            by_bearer: None,
            records: found.await?,
        })
    }

    /// Those that somebody deleted meanwhile: they belong to nobody any more.
    async fn deleted(
        engine: &Engine<'_>,
        destination: Destination,
        properties: &[&str],
    ) -> Result<Self, PassError> {
        let object = object_type(destination);
        let (mut records, mut after) = (Vec::new(), None);
        loop {
            let page = engine
                .hubspot
                .archived_page(object, after.as_deref(), properties)
                .await?;
            records.extend(page.records);
            match page.next {
                Some(next) => after = Some(next),
                None => break,
            }
        }
        Ok(Self {
            by_bearer: None,
            records,
        })
    }

    /// Finds what intents made, as far as it isn't found yet: made since, saying the same, and of no other record.
    fn find(
        &mut self,
        engine: &Engine<'_>,
        intents: &[Intent],
        alike: Alike,
        found: &mut Found,
    ) -> Result<(), PassError> {
        for intent in intents {
            if found.contains_key(&intent.id) {
                continue;
            }
            let mut it = None;
            for (place, record) in self.records.iter().enumerate() {
                if self.may_be_of(intent, record)
                    && is_the_same(intent, record, alike)
                    && !is_linked(engine, intent, record)?
                {
                    it = Some(place);
                    break;
                }
            }
            if let Some(place) = it {
                found.insert(intent.id, self.records.swap_remove(place));
            }
        }
        Ok(())
    }

    /// Finds what intents made by the key that it has.
    fn find_by_key(self, key_property: &str, intents: &[Intent], found: &mut Found) {
        let by_key = self.records.into_iter().filter_map(|record| {
            let key = record.properties.get(key_property)?.clone();
            Some((key, record))
        });
        let mut by_key: HashMap<String, ObjectRecord> = by_key.collect();
        for intent in intents {
            if let Some(record) = by_key.remove(&intent.key) {
                found.insert(intent.id, record);
            }
        }
    }

    fn may_be_of(&self, intent: &Intent, record: &ObjectRecord) -> bool {
        let Some(by_bearer) = &self.by_bearer else {
            return true;
        };
        let activities = bearer(intent)
            .and_then(|bearer| by_bearer.get(&format!("{}/{}", bearer.to, bearer.id)));
        activities.is_some_and(|activities| activities.contains(&record.id))
    }
}

fn is_linked(
    engine: &Engine<'_>,
    intent: &Intent,
    record: &ObjectRecord,
) -> Result<bool, PassError> {
    let activity = push::activity(intent.destination, &record.id);
    Ok(engine.ledger.link(&activity)?.is_some())
}

fn told_by() -> Vec<&'static str> {
    let words = TITLES.iter().chain(&TEXTS).copied();
    std::iter::once(WHEN).chain(words).collect()
}

/// To whom the activity was to belong: each has a contact, or what it is related to (S4).
fn bearer(intent: &Intent) -> Option<Association> {
    associations(intent).into_iter().next()
}

fn is_the_same(intent: &Intent, record: &ObjectRecord, alike: Alike) -> bool {
    let sent_at = intent.sent_at.as_deref().and_then(super::moment);
    let since = sent_at.and_then(|sent_at| sent_at.checked_sub(CLOCKS_APART).ok());
    let written = properties(intent);
    let written = |name: &str| {
        written
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    let held = |name: &str| record.properties.get(name).map_or("", String::as_str);
    let is_same = |name: &&str| written(name) == held(name);
    let is_there = |name: &&str| !written(name).is_empty();
    let title = TITLES
        .iter()
        .copied()
        .filter(is_there)
        .all(|name| is_same(&name));
    let text = TEXTS.iter().all(is_same);
    let says_something = |names: &[&'static str]| names.iter().any(is_there);
    let says_the_same = match alike {
        Alike::Both => title && text,
        Alike::Either => (title && says_something(&TITLES)) || (text && says_something(&TEXTS)),
    };
    since.is_none_or(|since| record.created_at >= since)
        && same_time(written(WHEN), held(WHEN))
        && says_the_same
}

/// HubSpot may write a time otherwise than we did.
fn same_time(written: &str, held: &str) -> bool {
    let time = |text: &str| text.parse::<Timestamp>().ok();
    written == held || (time(written).is_some() && time(written) == time(held))
}
