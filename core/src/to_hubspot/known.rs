//! The snapshot, looked up from Salesforce's side: links by record, contacts by Salesforce id, owners by e-mail, activities by name.

use crate::contact;
use crate::id;
use crate::index::{Index, activity_name, best_by_salesforce_id, by_email, folded};
use crate::kind::Kind;
use crate::parts;
use crate::plan::Association;
use crate::snapshot::{Activity, Contact, Link, Owner, Reading, Related};
use rustc_hash::FxHashMap;
use std::cmp::Ordering;

/// An index with what only records ask for.
pub(crate) struct Known<'i, 'a> {
    pub(super) index: &'i Index<'a>,
    tables: &'i Tables<'a>,
}

/// What only records ask for.
pub(crate) struct Tables<'a> {
    links: FxHashMap<&'a str, usize>,
    /// Places of links that aren't alone with their record.
    contested: Vec<usize>,
    contacts: FxHashMap<&'a str, usize>,
    owners: FxHashMap<String, Vec<usize>>,
    activities: FxHashMap<(Kind, &'a str), usize>,
    related: FxHashMap<&'a str, usize>,
}

impl<'a> Tables<'a> {
    pub(crate) fn new(index: &Index<'a>) -> Self {
        let snapshot = index.snapshot;
        let mut contested = Vec::new();
        let links = best_by_salesforce_id(
            &mut snapshot.links.iter().map(task_id),
            &mut |place, held| {
                contested.extend([place, held]);
                let link = |place| snapshot.links.get(place);
                compare_links(link(place), link(held)).is_lt()
            },
        );
        let contacts = best_by_salesforce_id(
            &mut snapshot.contacts.iter().map(|of| of.salesforce.id.get()),
            &mut |place, held| {
                let contact = |place| snapshot.contacts.get(place);
                preferred(index, contact(place), contact(held))
            },
        );
        let related = best_by_salesforce_id(
            &mut snapshot.related.iter().map(|of| of.salesforce_id.get()),
            &mut |place, held| {
                let related = |place| snapshot.related.get(place).and_then(association);
                compare_related(related(place), related(held)).is_gt()
            },
        );
        Self {
            links,
            contested,
            contacts,
            owners: by_email(&mut snapshot.owners.iter().map(|owner| owner.email.get())),
            activities: activities(index),
            related,
        }
    }
}

impl<'i, 'a> Known<'i, 'a> {
    pub(crate) const fn new(index: &'i Index<'a>, tables: &'i Tables<'a>) -> Self {
        Self { index, tables }
    }

    /// I4: the link of a record, and whether others name the same record; of several, the least name of an activity.
    pub(super) fn link(&self, record: &str) -> Option<(&'a Reading<Link<'a>>, bool)> {
        let place = *self.tables.links.get(record)?;
        Some((
            self.index.snapshot.links.get(place)?,
            self.tables.contested.contains(&place),
        ))
    }

    /// S4: the contact that is one of these in Salesforce; of several, by C2.
    pub(super) fn contact(&self, salesforce_ids: [Option<&str>; 2]) -> Option<&'a Contact<'a>> {
        let mut found = None;
        for salesforce_id in salesforce_ids.into_iter().flatten() {
            let place = self
                .tables
                .contacts
                .get(id::salesforce(salesforce_id.trim()));
            let contact = place.and_then(|place| self.index.snapshot.contacts.get(*place));
            if preferred(self.index, contact, found) {
                found = contact;
            }
        }
        found
    }

    /// HubSpot's owners with an e-mail.
    pub(super) fn owners_with_email(&self, email: &str) -> Vec<&'a Owner<'a>> {
        let places = self.tables.owners.get(&folded(email));
        let owners = places.map(Vec::as_slice).unwrap_or_default().iter();
        owners
            .filter_map(|place| self.index.snapshot.owners.get(*place))
            .collect()
    }

    /// S9: HubSpot's side of a linked record, and its place; of several of one name the first.
    pub(super) fn activity(
        &self,
        kind: Kind,
        activity_id: &str,
    ) -> Option<(usize, &'a Reading<Activity<'a>>)> {
        let snapshot = self.index.snapshot;
        let found = *self
            .tables
            .activities
            .get(&(kind, id::hubspot(activity_id)))?;
        let place = snapshot.places_of_activities.get(found);
        Some((*place.unwrap_or(&found), snapshot.activities.get(found)?))
    }

    /// S10: the deal or the company that a record is related to; of several, the highest id.
    pub(super) fn related(&self, what_id: &str) -> Option<Association<'a>> {
        let place = *self.tables.related.get(id::salesforce(what_id.trim()))?;
        association(self.index.snapshot.related.get(place)?)
    }
}

fn task_id<'a>(link: &'a Reading<Link<'a>>) -> Option<&'a str> {
    match link {
        Reading::Read(link) => link.task_id.get(),
        Reading::Malformed(malformed) => malformed.task_id.as_deref(),
    }
}

/// I4: links that can be read before others, then by kind and by id.
fn compare_links(left: Option<&Reading<Link<'_>>>, right: Option<&Reading<Link<'_>>>) -> Ordering {
    match (left.and_then(named), right.and_then(named)) {
        (Some(left), Some(right)) => left
            .0
            .cmp(&right.0)
            .then_with(|| id::compare_hubspot(left.1, right.1)),
        (left, right) => right.is_some().cmp(&left.is_some()),
    }
}

fn named<'a>(link: &'a Reading<Link<'_>>) -> Option<(Kind, &'a str)> {
    match link {
        Reading::Read(link) => link.activity.get().and_then(activity_name),
        Reading::Malformed(_) => None,
    }
}

fn preferred(index: &Index<'_>, contact: Option<&Contact<'_>>, held: Option<&Contact<'_>>) -> bool {
    match (contact, held) {
        (Some(contact), Some(held)) => contact::compare_contacts(index, contact, held).is_gt(),
        (contact, held) => contact.is_some() && held.is_none(),
    }
}

fn association<'a>(related: &'a Related<'a>) -> Option<Association<'a>> {
    let deal = related.deal.get().map(|id| Association { to: "deals", id });
    let company = || {
        let id = related.company.get()?;
        Some(Association {
            to: "companies",
            id,
        })
    };
    deal.or_else(company)
}

fn compare_related(left: Option<Association<'_>>, right: Option<Association<'_>>) -> Ordering {
    match (left, right) {
        // A deal before a company.
        (Some(left), Some(right)) => left
            .to
            .cmp(right.to)
            .then_with(|| id::compare_hubspot(left.id, right.id)),
        (left, right) => left.is_some().cmp(&right.is_some()),
    }
}

fn activities<'a>(index: &Index<'a>) -> FxHashMap<(Kind, &'a str), usize> {
    let mut activities = FxHashMap::default();
    for (place, activity) in index.snapshot.activities.iter().enumerate() {
        if let Some((kind, activity_id)) = parts::names(activity) {
            activities
                .entry((kind, id::hubspot(activity_id)))
                .or_insert(place);
        }
    }
    activities
}
