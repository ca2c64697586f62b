//! What the plan needs to know about records of Salesforce: whose they are, what they are related to, their links, HubSpot's side.

use super::people::{self, FoundPeople};
use super::related;
use super::{Reach, moment};
use crate::ledger::{KnownContactRow, Ledger, LinkRow, Observation};
use crate::rules::{OpenRules, RulesError};
use crate::salesforce::ListedRecord;
use crate::sync::plan::{self, Batch};
use crate::sync::world::World;
use crate::sync::{Engine, PassError, short};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

/// A record of Salesforce, in the shape of the snapshot.
pub(in crate::sync) struct Record {
    /// Its name in the ledger, as `Task:00T000000000001`.
    pub(in crate::sync) name: String,
    /// Its SystemModstamp.
    pub(in crate::sync) modified_at: String,
    fields: Map<String, Value>,
}

impl Record {
    /// A record as it was read.
    pub(in crate::sync) fn read(object: &str, listed: ListedRecord) -> Self {
        Self {
            name: format!("{object}:{}", short(&listed.id)),
            modified_at: listed.modified_at.to_string(),
            fields: listed.fields,
        }
    }

    /// A record as it was seen; none if that is no record.
    pub(in crate::sync) fn seen(observation: Observation) -> Option<Self> {
        let Value::Object(fields) = observation.seen else {
            return None;
        };
        Some(Self {
            name: observation.activity,
            modified_at: observation.modified_at.unwrap_or_default(),
            fields,
        })
    }

    pub(super) fn text(&self, field: &str) -> Option<&str> {
        self.fields.get(field).and_then(Value::as_str)
    }

    /// Its own id, without the part that only tells case.
    fn short_id(&self) -> &str {
        self.name.split_once(':').map_or("", |(_, id)| id)
    }

    pub(super) fn is_deleted(&self) -> bool {
        self.fields.get("is_deleted") == Some(&Value::Bool(true))
    }

    /// The record, deleted.
    pub(super) fn deleted(mut self) -> Self {
        self.fields.insert("is_deleted".to_owned(), true.into());
        self
    }

    pub(super) fn follow_conversion(&mut self, contact: &str) {
        let field = "converted_contact_id".to_owned();
        self.fields.insert(field, contact.into());
    }
}

/// Whether an observation is of a record of Salesforce.
pub(in crate::sync) fn is_of_salesforce(observation: &Observation) -> bool {
    ["Task:", "Event:"]
        .iter()
        .any(|object| observation.activity.starts_with(object))
}

/// Records with all that the plan needs.
pub(in crate::sync) struct RecordsSnapshot {
    /// The records, each with its JSON.
    pub(super) records: Vec<SeenRecord>,
    /// Who its people are in HubSpot.
    pub(super) people: FoundPeople,
    related: Vec<related::Found>,
    /// HubSpot's side of those that are linked.
    activities: Vec<Value>,
    links: Vec<Value>,
    around: String,
}

/// What the plan of records is given, in the shape of the snapshot.
pub(in crate::sync) struct RecordsParts {
    /// The records by name, each with its JSON.
    pub(in crate::sync) records: Vec<(String, String)>,
    /// HubSpot's side of those that are linked.
    pub(in crate::sync) activities: Vec<Value>,
    /// The contacts that their people are, by id.
    pub(in crate::sync) contacts: Vec<(String, Value)>,
    /// Their links.
    pub(in crate::sync) links: Vec<Value>,
    /// The deals and companies that they are related to.
    pub(in crate::sync) related: Vec<Value>,
}

/// A record as it is planned, and kept.
pub(super) struct SeenRecord {
    pub(super) name: String,
    pub(super) object: String,
    pub(super) id: String,
    pub(super) modified_at: String,
    pub(super) who_id: Option<String>,
    pub(super) json: String,
}

impl RecordsSnapshot {
    /// Keeps what was found out, so that it isn't asked again.
    pub(in crate::sync) fn remember_whom_it_found(
        &self,
        ledger: &Ledger,
        now: Timestamp,
    ) -> Result<(), PassError> {
        for contact in &self.people.asked {
            ledger.know_contact(contact, now)?;
        }
        for found in self.related.iter().filter(|found| found.is_new) {
            ledger.know_related(&found.salesforce_id, found.object, &found.id)?;
        }
        Ok(())
    }

    /// Its parts, to be put together with others.
    pub(in crate::sync) fn into_parts(self) -> RecordsParts {
        let records = self.records.into_iter();
        let contacts = self.people.contacts.iter();
        RecordsParts {
            records: records.map(|record| (record.name, record.json)).collect(),
            activities: self.activities,
            contacts: contacts
                .map(|contact| (contact.contact.clone(), contact_json(contact)))
                .collect(),
            links: self.links,
            related: self.related.iter().map(related::Found::json).collect(),
        }
    }
}

impl Batch for RecordsSnapshot {
    const NAMED: &'static str = "record";

    fn size(&self) -> usize {
        self.records.len()
    }

    fn name(&self, position: usize) -> &str {
        let record = self.records.get(position);
        record.map_or("?", |record| record.id.as_str())
    }

    fn to_json(&self, start: usize, end: usize) -> Vec<u8> {
        let records = self.records.get(start..end).unwrap_or_default();
        let items = records.iter().map(|record| record.json.as_str());
        plan::document("records", items, &self.around)
    }

    fn planned<T>(
        rules: &OpenRules,
        snapshot: &[u8],
        read: impl FnOnce(&[u8]) -> T,
    ) -> Result<T, RulesError> {
        rules.plan_to_hubspot_with(snapshot, read)
    }
}

/// Completes records.
pub(in crate::sync) async fn of(
    engine: &Engine<'_>,
    world: &World,
    mut records: Vec<Record>,
    reach: Reach,
) -> Result<RecordsSnapshot, PassError> {
    let mut links = Vec::new();
    let mut activities = Vec::new();
    let mut linked_contacts = Vec::new();
    let mut not_linked = Vec::new();
    for (position, record) in records.iter().enumerate() {
        let found = engine.ledger.links_of_record(record.short_id())?;
        if found.is_empty() {
            not_linked.push(position);
            if engine.ledger.is_create_unsettled(&record.name)? {
                links.push(unsettled_link(record));
            }
        }
        for link in found {
            activities.extend(hubspot_side(engine, &link)?);
            linked_contacts.extend(link.contact.clone());
            links.push(link_json(&link));
        }
    }
    let people = people::of(engine, &mut records, &not_linked, &linked_contacts).await?;
    let related = related::of(engine, &records).await?;
    let contacts: Vec<Value> = people.contacts.iter().map(contact_json).collect();
    let around = json!({
        "now": engine.clock.now().to_string(), "digest": true, "import": reach == Reach::Import, "activities": activities,
        "contacts": contacts, "owners": world.owners, "users": world.users, "links": links,
        "related": related.iter().map(related::Found::json).collect::<Vec<_>>(), "picklists": world.picklists
    });
    let records = records.into_iter().map(|record| SeenRecord {
        object: record.text("object").unwrap_or_default().to_owned(),
        id: record.text("id").unwrap_or_default().to_owned(),
        who_id: record.text("who_id").map(|id| short(id).to_owned()),
        json: Value::Object(record.fields).to_string(),
        modified_at: record.modified_at,
        name: record.name,
    });
    Ok(RecordsSnapshot {
        records: records.collect(),
        people,
        related,
        activities,
        links,
        around: around.to_string(),
    })
}

/// HubSpot's side of a link as it was seen last, unless that was before we last wrote it ourselves (S9).
fn hubspot_side(engine: &Engine<'_>, link: &LinkRow) -> Result<Option<Value>, PassError> {
    let Some(observation) = engine.ledger.observation(&link.activity)? else {
        return Ok(None);
    };
    let modified_at = observation.modified_at.as_deref();
    Ok((!is_before_our_write(modified_at, link)).then_some(observation.seen))
}

/// Whether an activity that was changed then isn't what we last wrote there yet: HubSpot's search shows late what was written.
pub(in crate::sync) fn is_before_our_write(modified_at: Option<&str>, link: &LinkRow) -> bool {
    let modified = modified_at.and_then(moment);
    let written = link.activity_written_at.as_deref().and_then(moment);
    matches!((modified, written), (Some(modified), Some(written)) if modified < written)
}

fn contact_json(contact: &KnownContactRow) -> Value {
    json!({
        "id": contact.contact, "created_at": contact.created_at, "name": contact.name, "email": contact.email,
        "salesforce": {"status": "synced", "object": contact.object, "id": contact.person}
    })
}

fn link_json(link: &LinkRow) -> Value {
    json!({
        "activity": link.activity, "task_id": link.task_id, "object": link.object, "origin": link.origin, "contact": link.contact,
        "synced": link.synced, "synced_at": link.synced_at, "assigned_by": link.assigned_by, "cut": link.cut,
        "activity_deleted": link.activity_deleted
    })
}

/// The link of a record whose create is on its way: it names no activity yet (U0).
fn unsettled_link(record: &Record) -> Value {
    json!({
        "activity": "task:", "task_id": record.text("id"), "origin": "salesforce", "synced": {}, "synced_at": record.modified_at
    })
}
