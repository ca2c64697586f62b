//! The snapshot, ready to be asked: records by id, users by e-mail, links by activity.

use crate::id;
use crate::kind::Kind;
use crate::order;
use crate::owner::{self, Mapping};
use crate::rules::Rules;
use crate::snapshot::{Contact, Link, Owner, Reading, Snapshot, User};
use rustc_hash::FxHashMap;
use std::cell::OnceCell;
use std::collections::hash_map::Entry;

/// A snapshot with what is needed to look things up in it.
pub(crate) struct Index<'a> {
    pub(crate) snapshot: &'a Snapshot<'a>,
    pub(crate) rules: &'a Rules,
    contacts: FxHashMap<&'a str, usize>,
    /// Places of contacts by the Salesforce id that each names, and of one id the best first; sorted when first asked for.
    contacts_by_salesforce_id: OnceCell<Vec<usize>>,
    owners: FxHashMap<&'a str, usize>,
    mappings: Vec<Mapping<'a>>,
    users: FxHashMap<&'a str, usize>,
    users_by_email: FxHashMap<String, Vec<usize>>,
    links: FxHashMap<(Kind, &'a str), usize>,
    related_deals: FxHashMap<&'a str, &'a str>,
    related_companies: FxHashMap<&'a str, &'a str>,
    pub(crate) integration_user: &'a str,
    pub(crate) integration_user_is_inactive: bool,
}

/// Two records of the snapshot have one id; reading it the careful way chooses between them (I4).
pub(crate) struct Duplicates;

/// Whether no two records of one list have one id.
pub(crate) fn is_unique(snapshot: &Snapshot<'_>) -> bool {
    let are_unique = || {
        users(snapshot)?;
        contacts(snapshot)?;
        owners(snapshot)?;
        links(&snapshot.links)?;
        deals(snapshot)?;
        companies(snapshot)
    };
    are_unique().is_ok()
}

impl<'a> Index<'a> {
    pub(crate) fn new(rules: &'a Rules, snapshot: &'a Snapshot<'a>) -> Result<Self, Duplicates> {
        let users = users(snapshot)?;
        let integration_user = rules.settings.owners.integration_user.trim();
        let known = users
            .get(id::salesforce(integration_user))
            .and_then(|position| snapshot.users.get(*position));
        let mut index = Self {
            contacts: contacts(snapshot)?,
            contacts_by_salesforce_id: OnceCell::new(),
            owners: owners(snapshot)?,
            mappings: Vec::new(),
            users_by_email: by_email(&mut snapshot.users.iter().map(|user| user.email.get())),
            links: links(&snapshot.links)?,
            related_deals: deals(snapshot)?,
            related_companies: companies(snapshot)?,
            integration_user: known
                .and_then(|user| user.id.get())
                .unwrap_or(integration_user),
            integration_user_is_inactive: known.is_some_and(|user| !user.is_active),
            users,
            snapshot,
            rules,
        };
        let owners = snapshot.owners.iter();
        index.mappings = owners
            .map(|owner| owner::by_email(&index, owner, None))
            .collect();
        Ok(index)
    }

    /// The place of a contact in the snapshot.
    pub(crate) fn place_of_contact(&self, contact_id: &str) -> Option<usize> {
        self.contacts.get(id::hubspot(contact_id)).copied()
    }

    pub(crate) fn contact(&self, contact_id: &str) -> Option<&'a Contact<'a>> {
        self.snapshot
            .contacts
            .get(*self.contacts.get(id::hubspot(contact_id))?)
    }

    /// The contact whose Salesforce record this is; of several, the one listed first under the least id.
    pub(crate) fn contact_by_salesforce_id(&self, salesforce_id: &str) -> Option<&'a Contact<'a>> {
        let name = |place: &usize| {
            let contact = self.snapshot.contacts.get(*place);
            contact.and_then(|contact| contact.salesforce.id.get())
        };
        let name = |place: &usize| name(place).map(|name| id::salesforce(name.trim()));
        let sorted = self.contacts_by_salesforce_id.get_or_init(|| {
            let id = |place: &usize| {
                let contact = self.snapshot.contacts.get(*place);
                contact
                    .and_then(|contact| contact.id.get())
                    .unwrap_or_default()
            };
            let mut places: Vec<usize> = (0..self.snapshot.contacts.len()).collect();
            places.retain(|place| name(place).is_some());
            order::sort_by(&mut places, |left, right| {
                let by_id = || id::compare_hubspot(id(left), id(right));
                name(left).cmp(&name(right)).then_with(by_id)
            });
            places
        });
        let wanted = Some(id::salesforce(salesforce_id));
        let first = sorted.partition_point(|place| name(place) < wanted);
        let place = sorted.get(first).filter(|place| name(place) == wanted)?;
        self.snapshot.contacts.get(*place)
    }

    /// An owner, and the Salesforce user by the owner's e-mail (O4).
    pub(crate) fn owner(&self, owner_id: &str) -> Option<(&'a Owner<'a>, Mapping<'a>)> {
        let place = *self.owners.get(id::hubspot(owner_id))?;
        Some((self.snapshot.owners.get(place)?, *self.mappings.get(place)?))
    }

    pub(crate) fn user(&self, user_id: &str) -> Option<&'a User<'a>> {
        self.snapshot
            .users
            .get(*self.users.get(id::salesforce(user_id))?)
    }

    pub(crate) fn users_with_email(&self, email: &str) -> impl Iterator<Item = &'a User<'a>> {
        let positions = self
            .users_by_email
            .get(&folded(email))
            .map(Vec::as_slice)
            .unwrap_or_default();
        positions
            .iter()
            .filter_map(|position| self.snapshot.users.get(*position))
    }

    pub(crate) fn link(&self, kind: Kind, activity_id: &str) -> Option<&'a Reading<Link<'a>>> {
        if self.links.is_empty() {
            return None;
        }
        self.snapshot
            .links
            .get(*self.links.get(&(kind, id::hubspot(activity_id)))?)
    }

    pub(crate) fn related_deal(&self, deal: &str) -> Option<&'a str> {
        self.related_deals.get(id::hubspot(deal)).copied()
    }

    pub(crate) fn related_company(&self, company: &str) -> Option<&'a str> {
        self.related_companies.get(id::hubspot(company)).copied()
    }
}

/// Trimmed, ignoring case: how e-mails and user names are compared (O4, O5).
pub(crate) fn folded(text: &str) -> String {
    text.trim().to_lowercase()
}

/// The kind and the id that a name as `call:500` says.
pub(crate) fn activity_name(name: &str) -> Option<(Kind, &str)> {
    let (kind, activity_id) = name.split_once(':')?;
    Some((
        Kind::from_name(kind.trim())?,
        Some(activity_id).filter(|activity_id| !crate::text::is_blank(activity_id))?,
    ))
}

type Places<'a> = FxHashMap<&'a str, usize>;

fn users<'a>(snapshot: &'a Snapshot<'a>) -> Result<Places<'a>, Duplicates> {
    by_id(&snapshot.users, |user| user.id.get().map(id::salesforce))
}

fn contacts<'a>(snapshot: &'a Snapshot<'a>) -> Result<Places<'a>, Duplicates> {
    by_id(&snapshot.contacts, |contact| {
        contact.id.get().map(id::hubspot)
    })
}

fn owners<'a>(snapshot: &'a Snapshot<'a>) -> Result<Places<'a>, Duplicates> {
    by_id(&snapshot.owners, |owner| owner.id.get().map(id::hubspot))
}

fn deals<'a>(snapshot: &'a Snapshot<'a>) -> Result<FxHashMap<&'a str, &'a str>, Duplicates> {
    related(snapshot, |related| related.deal.get())
}

fn companies<'a>(snapshot: &'a Snapshot<'a>) -> Result<FxHashMap<&'a str, &'a str>, Duplicates> {
    related(snapshot, |related| related.company.get())
}

fn by_id<'a, T>(
    records: &'a [T],
    id_of: impl Fn(&'a T) -> Option<&'a str>,
) -> Result<Places<'a>, Duplicates> {
    let mut index = FxHashMap::with_capacity_and_hasher(records.len(), rustc_hash::FxBuildHasher);
    for (position, record) in records.iter().enumerate() {
        if let Some(record_id) = id_of(record)
            && index.insert(record_id, position).is_some()
        {
            return Err(Duplicates);
        }
    }
    Ok(index)
}

/// The places of records by the Salesforce id that each names; of several with one, the better.
pub(crate) fn best_by_salesforce_id<'a>(
    names: &mut dyn Iterator<Item = Option<&'a str>>,
    is_better: &mut dyn FnMut(usize, usize) -> bool,
) -> FxHashMap<&'a str, usize> {
    let mut index: FxHashMap<&'a str, usize> = FxHashMap::default();
    for (place, name) in names.enumerate() {
        let Some(name) = name else { continue };
        match index.entry(id::salesforce(name.trim())) {
            Entry::Vacant(vacant) => drop(vacant.insert(place)),
            Entry::Occupied(mut held) => {
                if is_better(place, *held.get()) {
                    held.insert(place);
                }
            }
        }
    }
    index
}

/// The places of records by e-mail.
pub(crate) fn by_email(
    emails: &mut dyn Iterator<Item = Option<&str>>,
) -> FxHashMap<String, Vec<usize>> {
    let mut index: FxHashMap<String, Vec<usize>> = FxHashMap::default();
    for (place, email) in emails.enumerate() {
        if let Some(email) = email {
            index.entry(folded(email)).or_default().push(place);
        }
    }
    index
}

fn links<'a>(
    links: &'a [Reading<Link<'a>>],
) -> Result<FxHashMap<(Kind, &'a str), usize>, Duplicates> {
    let mut index = FxHashMap::with_capacity_and_hasher(links.len(), rustc_hash::FxBuildHasher);
    for (position, link) in links.iter().enumerate() {
        let name = match link {
            Reading::Read(link) => link.activity.get(),
            Reading::Malformed(malformed) => malformed.activity.as_deref(),
        };
        if let Some((kind, activity_id)) = name.and_then(activity_name)
            && index
                .insert((kind, id::hubspot(activity_id)), position)
                .is_some()
        {
            return Err(Duplicates);
        }
    }
    Ok(index)
}

fn related<'a>(
    snapshot: &'a Snapshot<'a>,
    of: impl Fn(&'a crate::snapshot::Related<'a>) -> Option<&'a str>,
) -> Result<FxHashMap<&'a str, &'a str>, Duplicates> {
    let mut index = FxHashMap::default();
    for record in &snapshot.related {
        if let (Some(hubspot_id), Some(salesforce_id)) = (of(record), record.salesforce_id.get())
            && index
                .insert(id::hubspot(hubspot_id), salesforce_id)
                .is_some()
        {
            return Err(Duplicates);
        }
    }
    Ok(index)
}
