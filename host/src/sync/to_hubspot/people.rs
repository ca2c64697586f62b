//! Which contacts of HubSpot are the people of Salesforce? (S4)
//!
//! By the ids that HubSpot's own integration writes first, a converted Lead's too, else by e-mail; what was found out lately isn't asked again.

use super::snapshot::Record;
use crate::hubspot::HubSpotContact;
use crate::ledger::KnownContactRow;
use crate::salesforce::SalesforcePerson;
use crate::sync::people::folded;
use crate::sync::{Engine, PassError, short};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Who the people of a batch are in HubSpot.
#[derive(Default)]
pub(super) struct FoundPeople {
    /// All contacts, each once.
    pub(super) contacts: Vec<KnownContactRow>,
    /// Those of them that were asked for now.
    pub(super) asked: Vec<KnownContactRow>,
    /// The email addresses of people whom HubSpot doesn't have, by the first 15 characters of their ids.
    pub(super) missing: HashMap<String, Missing>,
}

/// A person whom HubSpot doesn't have.
pub(super) struct Missing {
    pub(super) email: Option<String>,
}

/// Finds the people of the records without a link, follows converted leads, and names the contacts of the others.
pub(super) async fn of(
    engine: &Engine<'_>,
    records: &mut [Record],
    not_linked: &[usize],
    linked_contacts: &[String],
) -> Result<FoundPeople, PassError> {
    let mut found = Finding::new(engine);
    let people: BTreeSet<String> = not_linked
        .iter()
        .filter_map(|position| records.get(*position)?.text("who_id"))
        .map(|id| short(id).to_owned())
        .collect();
    let unknown = found.look_up(&people)?;
    let leads = found.unknown_leads(&unknown).await?;
    let converted: HashMap<&str, &str> = leads
        .iter()
        .filter_map(|lead| Some((short(&lead.id), lead.converted_contact_id.as_deref()?)))
        .collect();
    for record in records.iter_mut() {
        let who_id = record.text("who_id").map(short);
        if let Some(contact) = who_id.and_then(|id| converted.get(id)) {
            record.follow_conversion(contact);
        }
    }
    let contacts: BTreeSet<String> = converted.values().map(|id| short(id).to_owned()).collect();
    let mut unknown: BTreeSet<String> = unknown
        .into_iter()
        .filter(|id| !converted.contains_key(id.as_str()))
        .collect();
    unknown.extend(found.look_up(&contacts)?);
    let unknown = found.ask_by_salesforce_id(unknown).await?;
    let unknown = found.ask_by_converted_leads(unknown).await?;
    found.ask_by_email(unknown, &leads).await?;
    found.name_linked(linked_contacts).await?;
    Ok(found.people)
}

struct Finding<'f, 'e> {
    engine: &'f Engine<'e>,
    people: FoundPeople,
    held: BTreeSet<String>,
}

impl<'f, 'e> Finding<'f, 'e> {
    fn new(engine: &'f Engine<'e>) -> Self {
        Self {
            engine,
            people: FoundPeople::default(),
            held: BTreeSet::new(),
        }
    }

    fn hold(&mut self, contact: KnownContactRow) {
        if self.held.insert(contact.contact.clone()) {
            self.people.contacts.push(contact);
        }
    }

    fn keep(&mut self, contact: KnownContactRow) {
        self.people.asked.push(contact.clone());
        self.hold(contact);
    }

    /// Takes what the ledger knows; answers whom it doesn't.
    fn look_up(&mut self, people: &BTreeSet<String>) -> Result<BTreeSet<String>, PassError> {
        let now = self.engine.clock.now();
        let mut unknown = BTreeSet::new();
        for person in people {
            let known = self.engine.ledger.contacts_of_person(person, now)?;
            if known.is_empty() {
                unknown.insert(person.clone());
            }
            known.into_iter().for_each(|contact| self.hold(contact));
        }
        Ok(unknown)
    }

    async fn unknown_leads(
        &self,
        unknown: &BTreeSet<String>,
    ) -> Result<Vec<SalesforcePerson>, PassError> {
        let leads = unknown.iter().filter(|id| id.starts_with("00Q"));
        let leads: Vec<String> = leads.cloned().collect();
        Ok(self.engine.salesforce.leads_by_id(&leads).await?)
    }

    /// Asks HubSpot for the contacts that name these people; answers whom none names.
    async fn ask_by_salesforce_id(
        &mut self,
        unknown: BTreeSet<String>,
    ) -> Result<BTreeSet<String>, PassError> {
        let ids: Vec<String> = unknown.iter().map(|id| whole(id)).collect();
        let contacts = self.engine.hubspot.contacts_by_salesforce_id(&ids).await?;
        let mut left = unknown;
        for contact in &contacts {
            for (object, id) in named_by(contact) {
                if left.contains(id) || self.is_asked(id) {
                    self.keep(known(contact, object, id));
                    left.remove(id);
                }
            }
        }
        Ok(left)
    }

    /// Asks HubSpot for the contacts that still name the Leads which became these people; answers whom none names.
    async fn ask_by_converted_leads(
        &mut self,
        unknown: BTreeSet<String>,
    ) -> Result<BTreeSet<String>, PassError> {
        let of_contacts = unknown.iter().filter(|id| id.starts_with("003"));
        let of_contacts: Vec<String> = of_contacts.map(|id| whole(id)).collect();
        let leads = self
            .engine
            .salesforce
            .leads_converted_to(&of_contacts)
            .await?;
        let became: HashMap<&str, &str> = leads
            .iter()
            .filter_map(|lead| {
                Some((
                    short(&lead.id),
                    short(lead.converted_contact_id.as_deref()?),
                ))
            })
            .collect();
        let ids: Vec<String> = became.keys().map(|id| whole(id)).collect();
        let contacts = self.engine.hubspot.contacts_by_salesforce_id(&ids).await?;
        let mut left = unknown;
        for contact in &contacts {
            // One that names a Contact of its own is that one.
            let lead = contact.salesforce_lead_id.as_deref().map(short);
            let lead = lead.filter(|_| contact.salesforce_contact_id.is_none());
            if let Some(person) = lead.and_then(|lead| became.get(lead)) {
                self.keep(known(contact, "Contact", person));
                left.remove(*person);
            }
        }
        Ok(left)
    }

    fn is_asked(&self, person: &str) -> bool {
        self.people.asked.iter().any(|asked| asked.person == person)
    }

    /// Asks HubSpot for the contacts with the email addresses of these people.
    async fn ask_by_email(
        &mut self,
        unknown: BTreeSet<String>,
        leads: &[SalesforcePerson],
    ) -> Result<(), PassError> {
        let of_contacts = unknown.iter().filter(|id| id.starts_with("003"));
        let of_contacts: Vec<String> = of_contacts.cloned().collect();
        let contacts = self.engine.salesforce.contacts_by_id(&of_contacts).await?;
        let people = contacts.iter().map(|person| ("Contact", person));
        let people = people.chain(leads.iter().map(|person| ("Lead", person)));
        let mut by_email: BTreeMap<String, Vec<(&str, &str)>> = BTreeMap::new();
        for (object, person) in people.filter(|(_, person)| unknown.contains(short(&person.id))) {
            if let Some(email) = person.email.as_deref().map(folded) {
                let people = by_email.entry(email).or_default();
                people.push((object, short(&person.id)));
            }
        }
        let emails: Vec<String> = by_email.keys().cloned().collect();
        let found = self.engine.hubspot.contacts_by_email(&emails).await?;
        let mut left = unknown;
        // One that names another person of Salesforce isn't this one.
        for contact in found
            .iter()
            .filter(|contact| named_by(contact).next().is_none())
        {
            let email = contact.email.as_deref().map(folded).unwrap_or_default();
            for (object, person) in by_email.get(&email).into_iter().flatten() {
                self.keep(known(contact, object, person));
                left.remove(*person);
            }
        }
        let email_of: HashMap<&str, &String> = by_email
            .iter()
            .flat_map(|(email, people)| people.iter().map(move |(_, person)| (*person, email)))
            .collect();
        let missing = left.into_iter().map(|person| {
            let email = email_of.get(person.as_str()).map(|email| (*email).clone());
            (person, Missing { email })
        });
        self.people.missing = missing.collect();
        Ok(())
    }

    /// The contacts of linked records, whose names a template may show: the title comes back without it.
    async fn name_linked(&mut self, contacts: &[String]) -> Result<(), PassError> {
        let mut unnamed = Vec::new();
        for contact in contacts {
            match self.engine.ledger.known_contact(contact)? {
                Some(known) => self.hold(known),
                None if !self.held.contains(contact) => unnamed.push(contact.clone()),
                None => {}
            }
        }
        if !self.engine.shows_contacts() {
            return Ok(());
        }
        for contact in self.engine.hubspot.contacts(&unnamed).await? {
            let named = named_by(&contact).next();
            if let Some(contact) = named.map(|(object, id)| known(&contact, object, id)) {
                self.keep(contact);
            }
        }
        Ok(())
    }
}

impl Engine<'_> {
    /// Whether a subject's template shows the contact.
    fn shows_contacts(&self) -> bool {
        let kinds = self.settings.settings().to_salesforce.values();
        let mut templates = kinds.filter_map(|kind| kind.subject.as_deref());
        templates.any(|template| template.contains("{contact}"))
    }
}

/// The people of Salesforce that a contact names.
fn named_by(contact: &HubSpotContact) -> impl Iterator<Item = (&'static str, &str)> {
    let as_contact = contact.salesforce_contact_id.as_deref();
    let as_lead = contact.salesforce_lead_id.as_deref();
    let as_contact = as_contact.map(|id| ("Contact", short(id)));
    as_contact
        .into_iter()
        .chain(as_lead.map(|id| ("Lead", short(id))))
}

fn known(contact: &HubSpotContact, object: &str, person: &str) -> KnownContactRow {
    KnownContactRow {
        contact: contact.id.clone(),
        person: person.to_owned(),
        object: object.to_owned(),
        created_at: contact.created_at.to_string(),
        name: contact.name.clone(),
        email: contact.email.clone(),
    }
}

/// An id with the three characters that tell its case: HubSpot holds it so.
fn whole(short: &str) -> String {
    const DIGITS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";
    let suffix = short.as_bytes().chunks(5).map(|five| {
        let bits = five.iter().rev().fold(0_usize, |bits, byte| {
            bits << 1 | usize::from(byte.is_ascii_uppercase())
        });
        DIGITS.get(bits).map_or('A', |digit| char::from(*digit))
    });
    short.chars().chain(suffix).collect()
}

#[cfg(test)]
mod tests {
    use super::whole;

    #[test]
    fn an_id_gets_the_characters_that_tell_its_case() {
        assert_eq!(whole("0036000000QKv5T"), "0036000000QKv5TAAT");
        assert_eq!(whole("003000000000001"), "003000000000001AAA");
    }
}
