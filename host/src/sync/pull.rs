//! What changed, and what the plan needs to know about it: associations, contacts, owners, users, links.

use super::people::{self, KnownContact};
use super::plan::{self, Batch};
use super::world::World;
use super::{Engine, PassError, short};
use crate::feeds::happened::EMAIL;
use crate::feeds::{Dispositions, Feed};
use crate::hubspot::{Cursor, HubSpotContact, ObjectRecord, ObjectType};
use crate::inbound::{INBOUND, OWNER};
use crate::ledger::{FeedCursor, LinkRow, Observation, awaited_email};
use crate::rules::{OpenRules, RulesError};
use crate::salesforce::TaskRecord;
use crosswalk_core::{Kind, RelatedTo};
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use std::collections::{BTreeSet, HashMap, HashSet};

/// One activity, in the shape of the snapshot.
pub struct Record {
    /// `kind:id`.
    pub activity: String,
    /// Its kind, as the snapshot says it.
    pub kind: String,
    /// HubSpot's stamp.
    pub modified_at: Option<String>,
    fields: Map<String, Value>,
}

/// Records that changed, and how far they bring the cursor.
pub struct Changes {
    /// The records; those already seen as they are now are left out.
    pub records: Vec<Record>,
    /// Behind the last of them.
    pub cursor: FeedCursor,
    /// Whether there are no more.
    pub is_last: bool,
}

/// Records of the recycle bin that were not known to be there.
pub struct Deletions {
    /// The records.
    pub records: Vec<Record>,
    /// Where the next page begins; none if this is the last.
    pub next: Option<String>,
}

/// A batch with all that the plan needs.
pub struct BatchSnapshot {
    /// The activities, each with its JSON.
    pub activities: Vec<SeenActivity>,
    /// The contacts that they name.
    pub contacts: Vec<KnownContact>,
    /// The Salesforce records of the deals and companies that they name.
    pub related: Vec<Value>,
    /// Their links.
    pub links: Vec<Value>,
    /// All but the activities, as JSON.
    around: String,
}

/// An activity as it is planned, and kept.
pub struct SeenActivity {
    /// `kind:id`.
    pub activity: String,
    /// Its kind.
    pub kind: String,
    /// HubSpot's stamp.
    pub modified_at: Option<String>,
    /// When it happened.
    pub occurred_at: Option<Timestamp>,
    /// When a meeting without an outcome begins: until then its Task is open (F4).
    pub begins_at: Option<Timestamp>,
    /// The contacts that it is associated with.
    pub contacts: Vec<String>,
    /// The name under which it waits for a contact of its email address, if HubSpot has none.
    pub awaited_email: Option<String>,
    /// In the shape of the snapshot.
    pub json: String,
}

impl Batch for BatchSnapshot {
    const NAMED: &'static str = "activity";

    fn size(&self) -> usize {
        self.activities.len()
    }

    fn name(&self, position: usize) -> &str {
        let activity = self.activities.get(position);
        activity.map_or("?", |seen| seen.activity.as_str())
    }

    fn to_json(&self, start: usize, end: usize) -> Vec<u8> {
        let activities = self.activities.get(start..end).unwrap_or_default();
        let items = activities.iter().map(|activity| activity.json.as_str());
        plan::document("activities", items, &self.around)
    }

    fn planned<T>(
        rules: &OpenRules,
        snapshot: &[u8],
        read: impl FnOnce(&[u8]) -> T,
    ) -> Result<T, RulesError> {
        rules.plan_to_salesforce_with(snapshot, read)
    }
}

/// Reads the next records of a feed that changed at or after the cursor, as far as they are wanted.
///
/// # Errors
/// If HubSpot or the ledger fails.
pub async fn changes(
    engine: &Engine<'_>,
    feed: Feed,
    cursor: &FeedCursor,
    size: usize,
    is_wanted: impl Fn(&Record) -> Result<bool, PassError>,
) -> Result<Changes, PassError> {
    let properties = properties(engine, feed);
    let mut records = Records::default();
    let mut position = Cursor {
        stamp: cursor.stamp,
        id: Some(cursor.id.clone()).filter(|id| !id.is_empty()),
    };
    loop {
        let page = engine
            .hubspot
            .changed_page(feed.object_type(), &position, &properties)
            .await?;
        for found in &page.records {
            let record = read(engine, feed, found);
            if is_wanted(&record)? {
                records.put(record);
            }
        }
        position = page.next;
        if page.is_last || records.list.len() >= size {
            return Ok(Changes {
                records: records.list,
                cursor: FeedCursor {
                    stamp: position.stamp,
                    id: position.id.unwrap_or_default(),
                },
                is_last: page.is_last,
            });
        }
    }
}

/// Reads a page of a feed's recycle bin.
///
/// # Errors
/// If HubSpot or the ledger fails.
pub async fn deletions(
    engine: &Engine<'_>,
    feed: Feed,
    after: Option<&str>,
) -> Result<Deletions, PassError> {
    let page = engine
        .hubspot
        .archived_page(feed.object_type(), after, &properties(engine, feed))
        .await?;
    let mut records = Vec::new();
    for found in &page.records {
        let mut record = read(engine, feed, found);
        let seen = engine.ledger.last_seen(&record.activity)?;
        if seen.is_some_and(|seen| !seen.is_deleted) {
            record.fields.insert("deleted".to_owned(), true.into());
            records.push(record);
        }
    }
    Ok(Deletions {
        records,
        next: page.next,
    })
}

/// Records, each once: one that changes while it is read is there as it was read last.
#[derive(Default)]
struct Records {
    list: Vec<Record>,
    places: HashMap<String, usize>,
}

impl Records {
    fn put(&mut self, record: Record) {
        match self.places.get(&record.activity) {
            Some(place) => self.list[*place] = record,
            None => {
                self.places.insert(record.activity.clone(), self.list.len());
                self.list.push(record);
            }
        }
    }
}

fn properties<'e>(engine: &Engine<'e>, feed: Feed) -> Vec<&'e str> {
    let own = feed.properties().into_iter();
    own.chain(engine.key_property).collect()
}

/// An activity that holds the id of a Salesforce record was made from that: until its link is known it stays where it is (K5).
fn read(engine: &Engine<'_>, feed: Feed, found: &ObjectRecord) -> Record {
    let mut fields = feed.activity(&found.id, &found.properties).into_fields();
    let key = engine
        .key_property
        .and_then(|key| found.properties.get(key));
    if key.is_some_and(|key| !key.trim().is_empty()) {
        fields.insert("from_salesforce".to_owned(), true.into());
    }
    record(fields)
}

/// An activity in the shape of the snapshot.
pub fn record(fields: Map<String, Value>) -> Record {
    let text = |name: &str| fields.get(name).and_then(Value::as_str).map(str::to_owned);
    let kind = text("kind").unwrap_or_default();
    Record {
        activity: format!("{kind}:{}", text("id").unwrap_or_default()),
        modified_at: text("modified_at"),
        kind,
        fields,
    }
}

/// P6 c: a meeting without an outcome is open until it begins, and closed then.
fn begins_at(record: &Record) -> Option<Timestamp> {
    let text = |name: &str| record.fields.get(name).and_then(Value::as_str);
    if record.kind != Kind::Meeting.name() || text("status").is_some() {
        return None;
    }
    text("due_at")
        .or_else(|| text("occurred_at"))
        .and_then(|at| at.parse().ok())
}

fn moment_in(record: &Record, field: &str) -> Option<Timestamp> {
    record.fields.get(field)?.as_str()?.parse().ok()
}

fn contacts_of(record: &Record) -> Vec<String> {
    ids_in(record, "contacts")
}

fn ids_in(record: &Record, field: &str) -> Vec<String> {
    let ids = record.fields.get(field).and_then(Value::as_array);
    let ids = ids.into_iter().flatten().filter_map(Value::as_str);
    ids.map(str::to_owned).collect()
}

/// Activities that are planned again as they were seen.
pub fn seen_again(observations: Vec<Observation>) -> Vec<Record> {
    let fields = observations
        .into_iter()
        .filter_map(|observation| match observation.seen {
            Value::Object(fields) => Some(fields),
            _ => None,
        });
    fields.map(record).collect()
}

/// Completes a batch: associations, contacts with their Salesforce records, links.
///
/// # Errors
/// If one of the systems or the ledger fails.
pub async fn snapshot(
    engine: &Engine<'_>,
    world: &mut World,
    mut records: Vec<Record>,
) -> Result<BatchSnapshot, PassError> {
    let mut contact_ids = BTreeSet::new();
    let mut related = Vec::new();
    for feed in Feed::ALL {
        let of_feed =
            |record: &Record| feed_of(&record.kind) == Some(feed) && !brings_contacts(record);
        let ids: Vec<String> = records
            .iter()
            .filter(|record| of_feed(record))
            .filter_map(|record| id_of(&record.fields))
            .collect();
        if ids.is_empty() {
            continue;
        }
        let mut targets = vec!["contacts"];
        targets.extend(related_targets(engine));
        for target in targets {
            let associations = engine
                .hubspot
                .associations(feed.object_type(), target, &ids)
                .await?;
            if target == "contacts" {
                contact_ids.extend(associations.values().flatten().cloned());
            } else {
                let ids: BTreeSet<String> = associations.values().flatten().cloned().collect();
                related.extend(related_records(engine, target, ids.into_iter().collect()).await?);
            }
            for record in records.iter_mut().filter(|record| of_feed(record)) {
                let found = id_of(&record.fields)
                    .and_then(|id| associations.get(&id))
                    .cloned()
                    .unwrap_or_default();
                record.fields.insert(target.to_owned(), found.into());
            }
        }
    }
    for target in related_targets(engine) {
        let ids: BTreeSet<String> = records
            .iter()
            .filter(|record| brings_contacts(record))
            .flat_map(|record| ids_in(record, target))
            .collect();
        related.extend(related_records(engine, target, ids.into_iter().collect()).await?);
    }
    for record in &mut records {
        label_disposition(&mut record.fields, &world.dispositions);
        name_owner(engine, world, &mut record.fields).await?;
    }
    contact_ids.extend(
        records
            .iter()
            .filter(|record| brings_contacts(record))
            .flat_map(contacts_of),
    );
    let ids: Vec<String> = contact_ids.into_iter().collect();
    let mut contacts = engine.hubspot.contacts(&ids).await?;
    add_contacts_by_email(engine, &mut records, &mut contacts).await?;
    let contacts = people::known(engine, &contacts).await?;
    let owner = |contact: &KnownContact| contact.json["owner_id"].as_str().map(str::to_owned);
    let of_records = records
        .iter()
        .filter_map(|record| record.fields.get("owner_id")?.as_str().map(str::to_owned));
    let named: BTreeSet<String> = of_records
        .chain(contacts.iter().filter_map(owner))
        .collect();
    world
        .learn_owners_named(engine, named.iter().map(String::as_str))
        .await?;
    let links = links(engine, &records).await?;
    let contacts_json: Vec<&Value> = contacts.iter().map(|contact| &contact.json).collect();
    let around = json!({
        "now": engine.clock.now().to_string(), "digest": true, "contacts": contacts_json, "owners": world.owners, "users": world.users,
        "links": links, "related": related, "picklists": world.picklists
    });
    let activities = records
        .into_iter()
        .map(|record| SeenActivity {
            occurred_at: moment_in(&record, "occurred_at"),
            begins_at: begins_at(&record),
            contacts: contacts_of(&record),
            awaited_email: email_of(&record).map(|email| awaited_email(&email)),
            activity: record.activity,
            kind: record.kind,
            modified_at: record.modified_at,
            json: Value::Object(record.fields).to_string(),
        })
        .collect();
    Ok(BatchSnapshot {
        activities,
        around: around.to_string(),
        contacts,
        related,
        links,
    })
}

/// Whether it says itself whose it is: it happened once and never changes, or was sent in so. HubSpot is asked about all else.
fn brings_contacts(record: &Record) -> bool {
    let inbound = record.fields.get(INBOUND);
    let brings = inbound.and_then(|inbound| inbound["brings_contacts"].as_bool());
    brings.unwrap_or(feed_of(&record.kind).is_none())
}

/// The objects to which a Task may be related (C9).
fn related_targets(engine: &Engine<'_>) -> Vec<&'static str> {
    match engine.settings.settings().related_to {
        Some(RelatedTo::Deal) => vec!["deals"],
        Some(RelatedTo::Company) => vec!["companies"],
        Some(RelatedTo::DealThenCompany) => vec!["deals", "companies"],
        Some(RelatedTo::None) | None => Vec::new(),
    }
}

/// What was sent in may name its owner by name or email address, as HubSpot's exports do.
async fn name_owner(
    engine: &Engine<'_>,
    world: &mut World,
    fields: &mut Map<String, Value>,
) -> Result<(), PassError> {
    let owner = fields.get(OWNER).and_then(Value::as_str).map(str::to_owned);
    if let Some(owner) = owner
        && !fields.contains_key("owner_id")
        && let Some(id) = world.owner_called(engine, &owner).await?
    {
        fields.insert("owner_id".to_owned(), id.into());
    }
    Ok(())
}

/// Who did it, by email address (folded), where that is all that is known.
fn email_of(record: &Record) -> Option<String> {
    let email = record.fields.get(EMAIL)?.as_str()?;
    brings_contacts(record).then(|| people::folded(email))
}

/// Reads the contacts of what happened to email addresses, and says in each record whose it is.
async fn add_contacts_by_email(
    engine: &Engine<'_>,
    records: &mut [Record],
    contacts: &mut Vec<HubSpotContact>,
) -> Result<(), PassError> {
    let emails: BTreeSet<String> = records.iter().filter_map(email_of).collect();
    let emails: Vec<String> = emails.into_iter().collect();
    let found = engine.hubspot.contacts_by_email(&emails).await?;
    let by_email: HashMap<String, String> = found
        .iter()
        .filter_map(|contact| {
            Some((
                people::folded(contact.email.as_deref()?),
                contact.id.clone(),
            ))
        })
        .collect();
    for record in records {
        if let Some(email) = email_of(record) {
            let ids: Vec<&String> = by_email.get(&email).into_iter().collect();
            record.fields.insert("contacts".to_owned(), json!(ids));
        }
    }
    let known: HashSet<String> = contacts.iter().map(|contact| contact.id.clone()).collect();
    contacts.extend(
        found
            .into_iter()
            .filter(|contact| !known.contains(&contact.id)),
    );
    Ok(())
}

fn label_disposition(fields: &mut Map<String, Value>, dispositions: &Dispositions) {
    if let Some(disposition) = fields.get_mut("disposition")
        && let Some(label) = disposition.as_str().and_then(|id| dispositions.get(id))
    {
        *disposition = label.as_str().into();
    }
}

fn feed_of(kind: &str) -> Option<Feed> {
    match Kind::from_name(kind) {
        Some(kind) => Feed::of_kind(kind),
        None => kind.starts_with("email_").then_some(Feed::Emails),
    }
}

fn id_of(fields: &Map<String, Value>) -> Option<String> {
    fields.get("id").and_then(Value::as_str).map(str::to_owned)
}

async fn related_records(
    engine: &Engine<'_>,
    object: &str,
    ids: Vec<String>,
) -> Result<Vec<Value>, PassError> {
    let (object_type, property, name) = match object {
        "deals" => (ObjectType::Deal, "hs_salesforceopportunityid", "deal"),
        _ => (ObjectType::Company, "salesforceaccountid", "company"),
    };
    let records = engine
        .hubspot
        .batch_read(object_type, &ids, &[property])
        .await?;
    let with_id = records.into_iter().filter_map(|record| {
        Some((
            record
                .properties
                .get(property)
                .filter(|id| !id.is_empty())?
                .clone(),
            record.id,
        ))
    });
    Ok(with_id
        .map(|(salesforce_id, id)| json!({name: id, "salesforce_id": salesforce_id}))
        .collect())
}

/// The links of a batch, with the Tasks as they are now.
async fn links(engine: &Engine<'_>, records: &[Record]) -> Result<Vec<Value>, PassError> {
    let mut links = Vec::new();
    for record in records {
        links.extend(engine.ledger.link(&record.activity)?);
    }
    let task_ids: Vec<String> = links
        .iter()
        .filter(|link| is_task(link) && !link.task_deleted)
        .filter_map(|link| link.task_id.clone())
        .collect();
    let mut tasks = HashMap::new();
    for chunk in task_ids.chunks(200) {
        let found = engine.salesforce.tasks_by_id(chunk).await?;
        tasks.extend(
            found
                .into_iter()
                .map(|task| (short(&task.id).to_owned(), task)),
        );
    }
    Ok(links
        .iter()
        .map(|link| {
            link_json(
                link,
                link.task_id.as_deref().and_then(|id| tasks.get(short(id))),
            )
        })
        .collect())
}

/// An Event isn't looked for among Tasks: it isn't written (K5).
fn is_task(link: &LinkRow) -> bool {
    link.object == "Task"
}

fn link_json(link: &LinkRow, task: Option<&TaskRecord>) -> Value {
    let is_not_there = || link.task_id.is_some() && task.is_none_or(|task| task.is_deleted);
    let is_gone = link.task_deleted || (is_task(link) && is_not_there());
    json!({
        "activity": link.activity, "task_id": link.task_id, "object": link.object, "origin": link.origin, "contact": link.contact,
        "synced": link.synced, "synced_at": link.synced_at, "assigned_by": link.assigned_by, "cut": link.cut,
        "task_now": task.map(|task| &task.fields), "task_modified_at": task.map(|task| task.system_modstamp.to_string()),
        "task_deleted": is_gone, "activity_deleted": link.activity_deleted
    })
}
