//! What changed, and what the plan needs to know about it: associations, contacts, owners, users, links.

use super::{Engine, PassError};
use crate::feeds::{Dispositions, Feed};
use crate::hubspot::{Cursor, HubSpotContact, ObjectType};
use crate::ledger::{FeedCursor, LinkRow, Observation};
use crate::salesforce::{SalesforcePerson, TaskRecord};
use crosswalk_core::{Kind, RelatedTo};
use serde_json::{Map, Value, json};
use std::collections::{BTreeSet, HashMap};

/// What holds for a whole pass.
pub struct World {
    owners: Value,
    users: Value,
    picklists: Value,
    dispositions: Dispositions,
    /// The key field, if the settings name one and the org has it as a unique external id.
    pub key_field: Option<String>,
}

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
pub struct Batch {
    /// The records; those already seen as they are now are left out.
    pub records: Vec<Record>,
    /// Behind the last of them.
    pub cursor: FeedCursor,
    /// Whether there are no more.
    pub is_last: bool,
}

/// A batch with all that the plan needs.
pub struct BatchSnapshot {
    /// The activities, each with its JSON.
    pub activities: Vec<SeenActivity>,
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
    /// In the shape of the snapshot.
    pub json: String,
}

impl BatchSnapshot {
    /// The snapshot of a range of the activities.
    pub fn to_json(&self, start: usize, end: usize) -> Vec<u8> {
        let activities = self.activities.get(start..end).unwrap_or_default();
        let length: usize = activities
            .iter()
            .map(|activity| activity.json.len() + 1)
            .sum();
        let mut json = Vec::with_capacity(length + self.around.len() + 32);
        json.extend_from_slice(br#"{"activities":["#);
        for (position, activity) in activities.iter().enumerate() {
            if position > 0 {
                json.push(b',');
            }
            json.extend_from_slice(activity.json.as_bytes());
        }
        json.extend_from_slice(b"],");
        json.extend_from_slice(self.around.trim_start_matches('{').as_bytes());
        json
    }
}

/// Reads what holds for the whole pass.
///
/// # Errors
/// If one of the systems can't be read, or the settings are for another portal.
pub async fn world(engine: &Engine<'_>) -> Result<World, PassError> {
    let settings = engine.settings.settings();
    let account = engine.hubspot.account().await?;
    if account.portal_id != settings.portal_id.trim() {
        return Err(PassError::OtherPortal {
            settings: settings.portal_id.clone(),
            account: account.portal_id,
        });
    }
    let owners = engine.hubspot.owners().await?;
    let users = engine.salesforce.users().await?;
    let task = engine
        .salesforce
        .describe_task(settings.salesforce.key_field.as_deref())
        .await?;
    let dispositions = if engine.settings.is_on(Kind::Call) {
        engine.hubspot.call_dispositions().await?
    } else {
        Dispositions::new()
    };
    let owners: Vec<Value> = owners
        .iter()
        .map(|owner| {
            json!({"id": owner.id, "email": owner.email, "first_name": owner.first_name, "last_name": owner.last_name, "archived": owner.archived})
        })
        .collect();
    let users: Vec<Value> = users
        .iter()
        .map(|user| {
            json!({"id": user.id, "username": user.username, "email": user.email, "name": user.name, "is_active": user.is_active,
                   "can_own_tasks": can_own_tasks(user.user_type.as_deref())})
        })
        .collect();
    Ok(World {
        owners: owners.into(),
        users: users.into(),
        picklists: task.to_picklists(),
        dispositions,
        key_field: task.usable_key_field().map(str::to_owned),
    })
}

/// Only standard users own tasks; guests, Chatter-only and automated ones can't.
fn can_own_tasks(user_type: Option<&str>) -> bool {
    user_type.is_none_or(|user_type| {
        matches!(
            user_type,
            "Standard"
                | "PowerPartner"
                | "PowerCustomerSuccess"
                | "CspLitePortal"
                | "CustomerSuccess"
        )
    })
}

/// Reads the next records of a feed that changed at or after the cursor.
///
/// # Errors
/// If HubSpot or the ledger fails.
pub async fn batch(
    engine: &Engine<'_>,
    feed: Feed,
    cursor: &FeedCursor,
    size: usize,
) -> Result<Batch, PassError> {
    read(engine, feed, cursor, size, |record| {
        Ok(record.modified_at.is_none()
            || engine.ledger.seen_stamp(&record.activity)? != record.modified_at)
    })
    .await
}

/// Reads the next records of a feed that changed at or after the cursor, whether they were seen or not.
///
/// # Errors
/// If HubSpot fails.
pub async fn all(
    engine: &Engine<'_>,
    feed: Feed,
    cursor: &FeedCursor,
    size: usize,
) -> Result<Batch, PassError> {
    read(engine, feed, cursor, size, |_| Ok(true)).await
}

async fn read(
    engine: &Engine<'_>,
    feed: Feed,
    cursor: &FeedCursor,
    size: usize,
    is_wanted: impl Fn(&Record) -> Result<bool, PassError>,
) -> Result<Batch, PassError> {
    let properties = feed.properties();
    let dispositions = Dispositions::new();
    let mut records = Vec::new();
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
            let fields = feed
                .activity(&found.id, &found.properties, &dispositions)
                .into_fields();
            let record = record(fields);
            if is_wanted(&record)? {
                records.push(record);
            }
        }
        position = page.next;
        if page.is_last || records.len() >= size {
            return Ok(Batch {
                records,
                cursor: FeedCursor {
                    stamp: position.stamp,
                    id: position.id.unwrap_or_default(),
                },
                is_last: page.is_last,
            });
        }
    }
}

fn record(fields: Map<String, Value>) -> Record {
    let text = |name: &str| fields.get(name).and_then(Value::as_str).map(str::to_owned);
    let kind = text("kind").unwrap_or_default();
    Record {
        activity: format!("{kind}:{}", text("id").unwrap_or_default()),
        modified_at: text("modified_at"),
        kind,
        fields,
    }
}

/// Activities that are planned again as they were seen.
///
/// # Errors
/// If the ledger fails.
pub fn seen_again(
    _: &Engine<'_>,
    observations: Vec<Observation>,
) -> Result<Vec<Record>, PassError> {
    let fields = observations
        .into_iter()
        .filter_map(|observation| match observation.seen {
            Value::Object(fields) => Some(fields),
            _ => None,
        });
    Ok(fields.map(record).collect())
}

/// Completes a batch: associations, contacts with their Salesforce records, links.
///
/// # Errors
/// If one of the systems or the ledger fails.
pub async fn snapshot(
    engine: &Engine<'_>,
    world: &World,
    mut records: Vec<Record>,
) -> Result<BatchSnapshot, PassError> {
    let mut contact_ids = BTreeSet::new();
    let mut related = Vec::new();
    for feed in Feed::ALL {
        let of_feed = |record: &Record| feed_of(&record.kind) == Some(feed);
        let ids: Vec<String> = records
            .iter()
            .filter(|record| of_feed(record))
            .filter_map(|record| id_of(&record.fields))
            .collect();
        if ids.is_empty() {
            continue;
        }
        let mut targets = vec!["contacts"];
        let related_to = engine
            .settings
            .settings()
            .related_to
            .unwrap_or(RelatedTo::None);
        if matches!(related_to, RelatedTo::Deal | RelatedTo::DealThenCompany) {
            targets.push("deals");
        }
        if matches!(related_to, RelatedTo::Company | RelatedTo::DealThenCompany) {
            targets.push("companies");
        }
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
    for record in &mut records {
        label_disposition(&mut record.fields, &world.dispositions);
    }
    let contacts = contacts(engine, contact_ids.into_iter().collect()).await?;
    let links = links(engine, &records).await?;
    let around = json!({
        "now": engine.clock.now().to_string(), "digest": true, "contacts": contacts, "owners": world.owners, "users": world.users,
        "links": links, "related": related, "picklists": world.picklists
    });
    let activities = records
        .into_iter()
        .map(|record| SeenActivity {
            activity: record.activity,
            kind: record.kind,
            modified_at: record.modified_at,
            json: Value::Object(record.fields).to_string(),
        })
        .collect();
    Ok(BatchSnapshot {
        activities,
        around: around.to_string(),
    })
}

fn label_disposition(fields: &mut Map<String, Value>, dispositions: &Dispositions) {
    if let Some(disposition) = fields.get_mut("disposition") {
        if let Some(label) = disposition.as_str().and_then(|id| dispositions.get(id)) {
            *disposition = label.as_str().into();
        }
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
        "deals" => (ObjectType::Deal, "salesforceopportunityid", "deal"),
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

/// Where each contact stands in Salesforce: by HubSpot's own ids first, else by e-mail, a Contact before a Lead, converted leads followed.
async fn contacts(engine: &Engine<'_>, ids: Vec<String>) -> Result<Vec<Value>, PassError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let contacts = engine.hubspot.contacts(&ids).await?;
    let collected = |pick: fn(&HubSpotContact) -> Option<&String>| -> Vec<String> {
        contacts
            .iter()
            .filter_map(pick)
            .cloned()
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect()
    };
    let lead_ids = collected(|contact| contact.salesforce_lead_id.as_ref());
    let mut people = People {
        leads: by_id(engine.salesforce.leads_by_id(&lead_ids).await?),
        ..People::default()
    };
    let mut contact_ids = collected(|contact| contact.salesforce_contact_id.as_ref());
    contact_ids.extend(
        people
            .leads
            .values()
            .filter_map(|lead| lead.converted_contact_id.clone()),
    );
    people.contacts = by_id(engine.salesforce.contacts_by_id(&contact_ids).await?);
    let unfound = |people: &People| -> Vec<String> {
        let open = contacts
            .iter()
            .filter(|contact| people.record_of(contact).is_none());
        open.filter_map(|contact| contact.email.as_deref())
            .map(folded)
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect()
    };
    people.contacts_by_email = by_email(
        engine
            .salesforce
            .contacts_by_email(&unfound(&people))
            .await?,
    );
    let leads = engine.salesforce.leads_by_email(&unfound(&people)).await?;
    people.leads_by_email = by_email(leads);
    Ok(contacts
        .iter()
        .map(|contact| contact_json(contact, people.record_of(contact)))
        .collect())
}

#[derive(Default)]
struct People {
    contacts: HashMap<String, SalesforcePerson>,
    leads: HashMap<String, SalesforcePerson>,
    contacts_by_email: HashMap<String, SalesforcePerson>,
    leads_by_email: HashMap<String, SalesforcePerson>,
}

impl People {
    fn record_of(&self, contact: &HubSpotContact) -> Option<(&'static str, String)> {
        let known_contact = |id: &String| {
            self.contacts
                .contains_key(short(id))
                .then(|| ("Contact", id.clone()))
        };
        let lead = |lead: &SalesforcePerson| match (lead.is_converted, &lead.converted_contact_id) {
            (true, Some(converted)) => Some(("Contact", converted.clone())),
            (true, None) => None,
            (false, _) => Some(("Lead", lead.id.clone())),
        };
        let email = contact.email.as_deref().map(folded);
        contact
            .salesforce_contact_id
            .as_ref()
            .and_then(known_contact)
            .or_else(|| {
                contact
                    .salesforce_lead_id
                    .as_ref()
                    .and_then(|id| self.leads.get(short(id)))
                    .and_then(lead)
            })
            .or_else(|| {
                email
                    .as_ref()
                    .and_then(|email| self.contacts_by_email.get(email))
                    .map(|found| ("Contact", found.id.clone()))
            })
            .or_else(|| {
                email
                    .as_ref()
                    .and_then(|email| self.leads_by_email.get(email))
                    .and_then(lead)
            })
    }
}

fn contact_json(contact: &HubSpotContact, record: Option<(&'static str, String)>) -> Value {
    let triggered_at = contact.first_synced_at.map(|at| at.to_string());
    let salesforce = match record {
        Some((object, id)) => {
            json!({"status": "synced", "object": object, "id": id, "triggered_at": triggered_at})
        }
        None if contact.email.is_some() => {
            json!({"status": "pending", "triggered_at": triggered_at})
        }
        None => json!({"status": "excluded"}),
    };
    json!({"id": contact.id, "created_at": contact.created_at.to_string(), "owner_id": contact.owner_id, "name": contact.name,
           "email": contact.email, "salesforce": salesforce})
}

fn by_id(people: Vec<SalesforcePerson>) -> HashMap<String, SalesforcePerson> {
    people
        .into_iter()
        .map(|person| (short(&person.id).to_owned(), person))
        .collect()
}

/// Of several with one e-mail the one with the least id: the order in which Salesforce answers never matters.
fn by_email(mut people: Vec<SalesforcePerson>) -> HashMap<String, SalesforcePerson> {
    people.sort_by(|left, right| right.id.cmp(&left.id));
    people
        .into_iter()
        .filter_map(|person| Some((folded(person.email.as_deref()?), person)))
        .collect()
}

fn folded(email: &str) -> String {
    email.trim().to_lowercase()
}

/// The part of a Salesforce id that names the record.
fn short(id: &str) -> &str {
    id.get(..15).unwrap_or(id)
}

/// The links of a batch, with the Tasks as they are now.
async fn links(engine: &Engine<'_>, records: &[Record]) -> Result<Vec<Value>, PassError> {
    let mut links = Vec::new();
    for record in records {
        links.extend(engine.ledger.link(&record.activity)?);
    }
    let task_ids: Vec<String> = links
        .iter()
        .filter(|link| !link.task_deleted)
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

fn link_json(link: &LinkRow, task: Option<&TaskRecord>) -> Value {
    let is_gone =
        link.task_deleted || (link.task_id.is_some() && task.is_none_or(|task| task.is_deleted));
    json!({
        "activity": link.activity, "task_id": link.task_id, "object": link.object, "origin": link.origin, "contact": link.contact,
        "synced": link.synced, "synced_at": link.synced_at, "assigned_by": link.assigned_by, "cut": link.cut,
        "task_now": task.map(|task| &task.fields), "task_modified_at": task.map(|task| task.system_modstamp.to_string()),
        "task_deleted": is_gone
    })
}
