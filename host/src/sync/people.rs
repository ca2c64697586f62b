//! Where does each contact stand in Salesforce?

use super::{Engine, PassError, short};
use crate::hubspot::HubSpotContact;
use crate::ledger::AwaitedContact;
use crate::salesforce::SalesforcePerson;
use jiff::Timestamp;
use serde_json::{Value, json};
use std::collections::{BTreeSet, HashMap};

/// A contact, and where it stands in Salesforce.
pub struct KnownContact {
    /// HubSpot's id.
    pub(super) id: String,
    name: Option<String>,
    email: Option<String>,
    modified_at: Timestamp,
    salesforce_contact: Option<String>,
    salesforce_lead: Option<String>,
    /// In the shape of the snapshot.
    pub(super) json: Value,
}

impl KnownContact {
    fn new(contact: &HubSpotContact, record: Option<(&'static str, String)>) -> Self {
        let short = |id: &String| short(id).to_owned();
        Self {
            id: contact.id.clone(),
            name: contact.name.clone(),
            email: contact.email.as_deref().map(folded),
            modified_at: contact.updated_at,
            salesforce_contact: contact.salesforce_contact_id.as_ref().map(short),
            salesforce_lead: contact.salesforce_lead_id.as_ref().map(short),
            json: contact_json(contact, record),
        }
    }

    /// As the ledger keeps it while activities wait for it.
    pub(super) fn as_awaited(&self) -> AwaitedContact<'_> {
        AwaitedContact {
            name: self.name.as_deref(),
            email: self.email.as_deref(),
            modified_at: Some(self.modified_at),
            salesforce_contact: self.salesforce_contact.as_deref(),
            salesforce_lead: self.salesforce_lead.as_deref(),
        }
    }
}

/// Where each contact stands in Salesforce: by HubSpot's own ids first, else by e-mail, a Contact before a Lead, converted leads followed.
pub(super) async fn known(
    engine: &Engine<'_>,
    contacts: &[HubSpotContact],
) -> Result<Vec<KnownContact>, PassError> {
    if contacts.is_empty() {
        return Ok(Vec::new());
    }
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
        .map(|contact| KnownContact::new(contact, people.record_of(contact)))
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

pub(super) fn folded(email: &str) -> String {
    email.trim().to_lowercase()
}
