//! Intents leave for HubSpot in batches, and each result is recorded. What is unknown is found out before it is tried again.

use super::settle;
use crate::error::Class;
use crate::hubspot::{
    Association, NewObject, ObjectRecord, ObjectRefusal, ObjectType, ObjectsOutcome,
    UniqueProperty, Written,
};
use crate::ledger::{Destination, ErrorText, Intent, NewLink, Outcome};
use crate::sync::push::{again, in_transaction, keep, keep_all, text_of};
use crate::sync::{Engine, Pass, PassError, Step};
use jiff::Timestamp;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, HashMap};

/// HubSpot takes this many records in one call.
const BATCH: usize = 100;
/// So many are written before they are joined to their contacts, which takes one call for all of them.
const ROUND: usize = 1_000;
pub(super) const ACTIONS: [&str; 3] = ["create", "update", "delete"];

/// Sends everything that is due.
pub(in crate::sync) async fn push(
    engine: &Engine<'_>,
    pass: &mut Pass<'_>,
) -> Result<(), PassError> {
    for destination in Destination::IN_HUBSPOT {
        for action in ACTIONS {
            loop {
                let now = engine.clock.now();
                let intents =
                    engine
                        .ledger
                        .intents_in("pending", destination, action, now, ROUND)?;
                if intents.is_empty() {
                    break;
                }
                let round = Round {
                    destination,
                    action,
                    not_joined: Vec::new(),
                };
                round.send_all(engine, &intents, pass).await?;
            }
        }
    }
    Ok(())
}

/// Intents of one action that leave together.
struct Round<'a> {
    destination: Destination,
    action: &'a str,
    /// What is written, and is still to be joined to contacts, deals and companies. Until then its outcome isn't known: that it is
    /// sent again does no harm.
    not_joined: Vec<(Intent, Written)>,
}

impl Round<'_> {
    async fn send_all(
        mut self,
        engine: &Engine<'_>,
        intents: &[Intent],
        pass: &mut Pass<'_>,
    ) -> Result<(), PassError> {
        let mut sent = Ok(());
        for intents in intents.chunks(BATCH) {
            pass.watcher.progress(Step::Writing {
                system: "HubSpot",
                written: pass.report.to_hubspot.written(),
                left: engine.ledger.count_in("pending")?,
            });
            sent = self.send(engine, intents, pass).await;
            if sent.is_err() {
                break;
            }
        }
        let joined = self.join(engine, pass).await;
        sent.and(joined)
    }

    /// Sends one batch: first the ledger says that it leaves, then it leaves, then the ledger says what came back. A batch that is
    /// refused whole for what it holds is halved, until the one record that is to blame is found.
    async fn send(
        &mut self,
        engine: &Engine<'_>,
        intents: &[Intent],
        pass: &mut Pass<'_>,
    ) -> Result<(), PassError> {
        in_transaction(engine, || {
            Ok(engine.ledger.sending(intents, engine.clock.now())?)
        })?;
        let object = object_type(self.destination);
        let key_property = usable_key_property(engine, object, pass).await?;
        match self.write(engine, intents, key_property).await {
            ObjectsOutcome::Answered(results) => {
                let joins_later = self.action == "update" || key_property.is_some();
                let answered = intents.iter().cloned().zip(results);
                let (later, now) = answered.partition(|(intent, result)| {
                    joins_later
                        && matches!(result, Written::Done { .. })
                        && !associations(intent).is_empty()
                });
                self.not_joined.extend::<Vec<_>>(later);
                self.record_results(engine, now, pass)
            }
            ObjectsOutcome::Refused(error) if error.class == Class::Permanent => {
                let (first, second) = intents.split_at(intents.len() / 2);
                if first.is_empty() {
                    return in_transaction(engine, || {
                        intents.iter().try_for_each(|intent| {
                            refused(engine, intent, text_of(&error), pass.began)
                        })
                    });
                }
                Box::pin(self.send(engine, first, pass)).await?;
                Box::pin(self.send(engine, second, pass)).await
            }
            ObjectsOutcome::Refused(error) => {
                keep_all(engine, intents, |intent| {
                    again(engine, intent, text_of(&error))
                })?;
                Err(error.into())
            }
            // They stay `sent`: `settle` finds out.
            ObjectsOutcome::Unknown(_) => settle::settle(engine, pass).await,
        }
    }

    /// With a key property twice is once; without one all of a record, its associations too, is made in one call.
    async fn write(
        &self,
        engine: &Engine<'_>,
        intents: &[Intent],
        key_property: Option<&str>,
    ) -> ObjectsOutcome {
        let object = object_type(self.destination);
        let hubspot = engine.hubspot;
        let by_id = |intent: &Intent| (hubspot_id(intent).to_owned(), properties(intent));
        match (self.action, key_property) {
            ("create", Some(key_property)) => {
                let by_key = |intent: &Intent| (intent.key.clone(), properties(intent));
                let objects: Vec<_> = intents.iter().map(by_key).collect();
                let upserted = hubspot.upsert_objects(object, key_property, &objects);
                upserted.await
            }
            ("create", None) => {
                let new = intents.iter().map(|intent| NewObject {
                    properties: properties(intent),
                    associations: associations(intent),
                });
                hubspot
                    .create_objects(object, &new.collect::<Vec<_>>())
                    .await
            }
            ("update", _) => {
                let changes: Vec<_> = intents.iter().map(by_id).collect();
                hubspot.update_objects(object, &changes).await
            }
            _ => {
                let ids = intents.iter().map(|intent| hubspot_id(intent).to_owned());
                hubspot
                    .archive_objects(object, &ids.collect::<Vec<_>>())
                    .await
            }
        }
    }

    /// Joins what was written to its contacts, deals and companies. What can't be joined isn't done.
    async fn join(mut self, engine: &Engine<'_>, pass: &mut Pass<'_>) -> Result<(), PassError> {
        let mut pairs: BTreeMap<ObjectType, Vec<(String, String)>> = BTreeMap::new();
        for (intent, written) in &self.not_joined {
            if let Written::Done { id, .. } = written {
                for Association { to, id: other } in associations(intent) {
                    pairs.entry(to).or_default().push((id.clone(), other));
                }
            }
        }
        let mut refusals = HashMap::new();
        for (to, pairs) in pairs {
            let object = object_type(self.destination);
            for refused in engine.hubspot.associate(object, to, &pairs).await? {
                refusals.insert(refused.from, refused.refusal);
            }
        }
        let mut joined = std::mem::take(&mut self.not_joined);
        for (_, written) in &mut joined {
            if let Written::Done { id, .. } = written
                && let Some(refusal) = refusals.remove(id)
            {
                *written = Written::Refused(refusal);
            }
        }
        self.record_results(engine, joined, pass)
    }

    /// Records what came back for each record.
    fn record_results(
        &self,
        engine: &Engine<'_>,
        results: Vec<(Intent, Written)>,
        pass: &mut Pass<'_>,
    ) -> Result<(), PassError> {
        let began = pass.began;
        let report = &mut pass.report.to_hubspot;
        in_transaction(engine, || {
            for (intent, result) in &results {
                match result {
                    Written::Done { .. } if self.action == "delete" => {
                        report.deleted += 1;
                        gone(engine, intent, "deleted")?;
                    }
                    Written::Done {
                        id,
                        is_new,
                        updated_at,
                    } => {
                        let (count, answer) = match (self.action, is_new) {
                            ("create", true) => (&mut report.created, "created"),
                            ("create", false) => (&mut report.created, "there already, updated"),
                            _ => (&mut report.updated, "updated"),
                        };
                        *count += 1;
                        done(engine, intent, id, &updated_at.to_string(), answer)?;
                    }
                    Written::Refused(refusal) => failed(engine, intent, refusal, began)?,
                }
            }
            Ok(())
        })
    }
}

/// Joins what was found to be there to its contacts, deals and companies, and records that it is done.
pub(super) async fn join_found(
    engine: &Engine<'_>,
    destination: Destination,
    found: Vec<(Intent, ObjectRecord)>,
    pass: &mut Pass<'_>,
) -> Result<(), PassError> {
    let written = found.into_iter().map(|(intent, record)| {
        let written = Written::Done {
            id: record.id,
            is_new: false,
            updated_at: record.updated_at,
        };
        (intent, written)
    });
    let round = Round {
        destination,
        action: "create",
        not_joined: written.collect(),
    };
    round.join(engine, pass).await
}

/// The property that holds a record's Salesforce id, if the settings name one and the portal has it as a unique one of this object.
/// That it has is asked for once; that it hasn't in every pass, which says so.
pub(super) async fn usable_key_property<'e>(
    engine: &Engine<'e>,
    object: ObjectType,
    pass: &mut Pass<'_>,
) -> Result<Option<&'e str>, PassError> {
    let Some(name) = engine.key_property else {
        return Ok(None);
    };
    if pass.world.without_key_property.contains(&object) {
        return Ok(None);
    }
    let fact = key_property_fact(object);
    if engine.ledger.fact(&fact)?.as_deref() == Some(name) {
        return Ok(Some(name));
    }
    let what = match engine.hubspot.unique_property(object, name).await? {
        UniqueProperty::Usable => {
            engine.ledger.set_fact(&fact, name)?;
            return Ok(Some(name));
        }
        UniqueProperty::NotUnique => "has no unique values",
        UniqueProperty::Missing => "isn't there",
    };
    pass.world.without_key_property.insert(object);
    pass.report.warnings.push(format!(
        "hubspot.key_property `{name}` {what} in HubSpot's {object}: what became of a write whose answer is lost is told by what the activity says instead"
    ));
    Ok(None)
}

fn key_property_fact(object: ObjectType) -> String {
    format!("key_property/{object}")
}

/// What we wrote and HubSpot confirmed is what both sides share now.
pub(super) fn done(
    engine: &Engine<'_>,
    intent: &Intent,
    id: &str,
    written_at: &str,
    answer: &str,
) -> Result<(), PassError> {
    let activity = activity(intent.destination, id);
    let associations = associations(intent);
    let contact = associations
        .iter()
        .find(|association| association.to == ObjectType::Contact);
    let observation = engine.ledger.observation(&intent.activity)?;
    let synced_at = observation.and_then(|observation| observation.modified_at);
    let (object, _) = intent.activity.split_once(':').unwrap_or_default();
    let outcome = Outcome::InHubSpot(NewLink {
        activity: &activity,
        task_id: &intent.key,
        object,
        contact: contact.map(|contact| contact.id.as_str()),
        synced: &shared(engine, &activity, intent)?,
        synced_at: &synced_at.unwrap_or_else(|| engine.clock.now().to_string()),
        assigned_by: intent.body.pointer("/owner/step").and_then(Value::as_str),
        written_at,
    });
    keep(engine, intent, &outcome, Some(answer))
}

/// The fields that both sides share once an intent is carried out.
fn shared(engine: &Engine<'_>, activity: &str, intent: &Intent) -> Result<Value, PassError> {
    let link = engine.ledger.link(activity)?;
    let synced = link.and_then(|link| link.synced.as_object().cloned());
    let mut synced = synced.unwrap_or_default();
    if let Some(written) = intent.body["synced"].as_object() {
        synced.extend(written.clone());
    }
    let cleared = intent.body["cleared"].as_array().into_iter().flatten();
    for field in cleared.filter_map(Value::as_str) {
        synced.remove(field);
    }
    Ok(Value::Object(synced))
}

/// The activity isn't there any more, and isn't made again (S9).
fn gone(engine: &Engine<'_>, intent: &Intent, answer: &str) -> Result<(), PassError> {
    let activity = activity(intent.destination, hubspot_id(intent));
    let outcome = Outcome::GoneFromHubSpot {
        activity: &activity,
    };
    keep(engine, intent, &outcome, Some(answer))
}

fn failed(
    engine: &Engine<'_>,
    intent: &Intent,
    refusal: &ObjectRefusal,
    began: Timestamp,
) -> Result<(), PassError> {
    if refusal.code == "OBJECT_NOT_FOUND" && intent.action != "create" {
        return gone(engine, intent, "its activity was deleted in HubSpot");
    }
    let text = ErrorText {
        class: refusal.class.name(),
        code: &refusal.code,
        message: &refusal.message,
        what_to_do: refusal.what_to_do,
    };
    match refusal.class {
        Class::Retry | Class::Wait => keep(engine, intent, &again(engine, intent, text), None),
        Class::Permanent | Class::Fatal => refused(engine, intent, text, began),
    }
}

/// It may be about what we believed to know: the record is planned again, once, with what HubSpot says of it then.
fn refused(
    engine: &Engine<'_>,
    intent: &Intent,
    text: ErrorText<'_>,
    began: Timestamp,
) -> Result<(), PassError> {
    for association in associations(intent) {
        if association.to == ObjectType::Contact
            && engine.ledger.forget_contact(&association.id, began)?
        {
            engine.ledger.plan_again(&intent.activity)?;
        }
    }
    if text.code == "PROPERTY_DOESNT_EXIST" {
        let fact = key_property_fact(object_type(intent.destination));
        engine.ledger.set_fact(&fact, "")?;
    }
    keep(engine, intent, &Outcome::Refused(text), None)
}

/// What an intent writes.
pub(super) fn properties(intent: &Intent) -> Map<String, Value> {
    let properties = intent.body["properties"].as_object();
    properties.cloned().unwrap_or_default()
}

/// What it joins that to.
pub(super) fn associations(intent: &Intent) -> Vec<Association> {
    let associations = intent.body["associations"].as_array().into_iter().flatten();
    let read = associations.filter_map(|association| {
        let to = match association["to"].as_str()? {
            "contacts" => ObjectType::Contact,
            "deals" => ObjectType::Deal,
            "companies" => ObjectType::Company,
            _ => return None,
        };
        let id = association["id"].as_str()?.to_owned();
        Some(Association { to, id })
    });
    read.collect()
}

fn hubspot_id(intent: &Intent) -> &str {
    intent.body["hubspot_id"].as_str().unwrap_or_default()
}

/// The object of HubSpot's that a destination is.
pub(super) const fn object_type(destination: Destination) -> ObjectType {
    match destination {
        Destination::HubSpotEmails => ObjectType::Email,
        Destination::HubSpotCalls => ObjectType::Call,
        Destination::HubSpotMeetings => ObjectType::Meeting,
        Destination::HubSpotNotes => ObjectType::Note,
        Destination::HubSpotTasks | Destination::SalesforceTasks => ObjectType::Task,
    }
}

/// The activity that a record of HubSpot's is (S2).
pub(super) fn activity(destination: Destination, id: &str) -> String {
    let kind = match destination {
        Destination::HubSpotEmails => "sales_email_sent",
        Destination::HubSpotCalls => "call",
        Destination::HubSpotMeetings => "meeting",
        Destination::HubSpotNotes => "note",
        Destination::HubSpotTasks | Destination::SalesforceTasks => "task",
    };
    format!("{kind}:{id}")
}
