//! What waits for its contacts is planned again when one of them changes (P6 a).
//!
//! What has changed is asked for, never each contact that is waited for: ten thousand of them take no more calls than one.

use super::people::folded;
use super::{Engine, OVERLAP, Pass, PassError, Step, short};
use crate::feeds::Feed;
use crate::hubspot::{Cursor, ObjectType};
use crate::ledger::{FeedCursor, NoticedContact, NoticedPerson};
use crate::salesforce::PersonObject;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// Under this name the ledger keeps by which settings and rules was decided what waits.
const DECIDED_UNDER: &str = "decided_under";
/// How far HubSpot's contacts were read.
const CONTACTS: &str = "contacts";
/// How far those were looked through whose associations may change.
const ASSOCIATIONS: &str = "waiting/associations";
/// Where reading begins when something waits for the first time: our clock may be ahead of theirs.
const LOOK_BACK: SignedDuration = SignedDuration::from_hours(1);
/// By what of a contact is told who waits for it.
const NOTICED: [&str; 3] = ["email", "salesforcecontactid", "salesforceleadid"];
/// HubSpot reads the associations of this many records at once.
const AT_ONCE: usize = 1_000;

impl Engine<'_> {
    /// Plans again what waits and may get another answer now.
    pub(super) async fn plan_what_waited(&self, pass: &mut Pass<'_>) -> Result<(), PassError> {
        pass.watcher.progress(Step::Waiting {
            planned: pass.report.activities,
        });
        if self.ledger.anything_waits()? {
            self.notice_contacts(pass).await?;
            for object in [PersonObject::Contact, PersonObject::Lead] {
                self.notice_people(object, pass).await?;
            }
            self.notice_associations(pass).await?;
        } else {
            self.in_part(pass.transactions(), || self.forget_how_far())?;
        }
        let mut after = String::new();
        loop {
            let again = self.ledger.to_plan_again(&after, super::BATCH)?;
            let Some(last) = again.last() else { break };
            after = last.activity.clone();
            self.plan_seen_again(again, pass).await?;
        }
        self.in_part(pass.transactions(), || {
            Ok(self.ledger.forget_contacts_not_awaited()?)
        })
    }

    /// What waits was decided by the settings and the rules of then: under others it is planned again.
    pub(super) fn notice_settings(&self, pass: &Pass<'_>) -> Result<(), PassError> {
        let settings = serde_json::to_vec(self.settings.settings())?;
        let digest = Sha256::new()
            .chain_update(settings)
            .chain_update(self.module);
        let digest = digest.finalize();
        let now: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        let before = self.ledger.fact(DECIDED_UNDER)?;
        if before.as_ref() == Some(&now) {
            return Ok(());
        }
        self.in_part(pass.transactions(), || {
            self.ledger.plan_all_waiting_again()?;
            Ok(self.ledger.set_fact(DECIDED_UNDER, &now)?)
        })
    }

    fn forget_how_far(&self) -> Result<(), PassError> {
        self.ledger.forget_cursor(CONTACTS)?;
        for object in [PersonObject::Contact, PersonObject::Lead] {
            self.ledger.forget_cursor(&in_salesforce(object))?;
        }
        Ok(self.ledger.forget_cursor(ASSOCIATIONS)?)
    }

    /// A contact appears, gets its Salesforce record's id, an email address, or anything else.
    async fn notice_contacts(&self, pass: &mut Pass<'_>) -> Result<(), PassError> {
        let mut position = Cursor::from(self.reading_from(CONTACTS, pass.began)?);
        loop {
            let page = self
                .hubspot
                .changed_page(ObjectType::Contact, &position, &NOTICED)
                .await?;
            position = page.next;
            let reached = FeedCursor {
                stamp: position.stamp,
                id: position.id.clone().unwrap_or_default(),
            };
            self.in_part(pass.transactions(), || {
                for contact in &page.records {
                    let property = |name| contact.properties.get(name).map(String::as_str);
                    self.ledger.contact_changed(NoticedContact {
                        id: &contact.id,
                        email: property("email"),
                        salesforce_contact: property("salesforcecontactid"),
                        salesforce_lead: property("salesforceleadid"),
                        modified_at: contact.updated_at,
                    })?;
                }
                Ok(self.ledger.set_cursor(CONTACTS, &reached)?)
            })?;
            if page.is_last {
                return Ok(());
            }
        }
    }

    /// A Contact or Lead appears in Salesforce, or changes its email address.
    async fn notice_people(
        &self,
        object: PersonObject,
        pass: &mut Pass<'_>,
    ) -> Result<(), PassError> {
        let name = in_salesforce(object);
        let mut reached = FeedCursor {
            stamp: self.reading_from(&name, pass.began)?,
            id: String::new(),
        };
        loop {
            let page = self
                .salesforce
                .people_changed(object, reached.stamp, &reached.id)
                .await?;
            if let Some(last) = page.people.last() {
                reached = FeedCursor {
                    stamp: last.system_modstamp,
                    id: last.id.clone(),
                };
            }
            self.in_part(pass.transactions(), || {
                for person in &page.people {
                    let email = person.email.as_deref().map(folded);
                    self.ledger.person_changed(NoticedPerson {
                        id: short(&person.id),
                        email: email.as_deref(),
                        modified_at: person.system_modstamp,
                    })?;
                }
                Ok(self.ledger.set_cursor(&name, &reached)?)
            })?;
            if page.is_last {
                return Ok(());
            }
        }
    }

    /// Associations change without a trace on either side. So those of what waits are read again, some in each pass.
    async fn notice_associations(&self, pass: &mut Pass<'_>) -> Result<(), PassError> {
        let kinds = Feed::ALL.iter().flat_map(|feed| feed.kinds());
        let kinds: Vec<&str> = kinds.map(|kind| kind.name()).collect();
        let position = self.ledger.cursor(ASSOCIATIONS)?;
        let position = position.map(|position| position.id).unwrap_or_default();
        let waiting = self.ledger.waiting_behind(&position, &kinds, AT_ONCE)?;
        let mut changed = Vec::new();
        for feed in Feed::ALL {
            let of_feed = |(activity, _): &&(String, Option<String>)| {
                let (kind, _) = activity.split_once(':').unwrap_or_default();
                feed.kinds().iter().any(|of_feed| of_feed.name() == kind)
            };
            let of_feed: Vec<_> = waiting.iter().filter(of_feed).collect();
            let ids = of_feed.iter().filter_map(|(activity, _)| id_in(activity));
            let ids: Vec<String> = ids.map(str::to_owned).collect();
            let found = self
                .hubspot
                .associations(feed.object_type(), "contacts", &ids)
                .await?;
            changed.extend(of_feed.into_iter().filter_map(|(activity, known)| {
                let found = id_in(activity).and_then(|id| found.get(id));
                let found: BTreeSet<String> = found.into_iter().flatten().cloned().collect();
                (found != ids_in(known.as_deref())).then_some(activity.clone())
            }));
        }
        let is_round = waiting.len() < AT_ONCE;
        let last = waiting.into_iter().next_back().filter(|_| !is_round);
        let reached = FeedCursor {
            stamp: self.clock.now(),
            id: last.map(|(activity, _)| activity).unwrap_or_default(),
        };
        self.in_part(pass.transactions(), || {
            for activity in &changed {
                self.ledger.plan_again(activity)?;
            }
            Ok(self.ledger.set_cursor(ASSOCIATIONS, &reached)?)
        })
    }

    /// Where reading goes on; changes are shown late.
    fn reading_from(&self, name: &str, began: Timestamp) -> Result<Timestamp, PassError> {
        let (stamp, before) = match self.ledger.cursor(name)? {
            Some(cursor) => (cursor.stamp, OVERLAP),
            None => (began, LOOK_BACK),
        };
        Ok(stamp.checked_sub(before).unwrap_or(stamp))
    }
}

/// The name under which the ledger keeps how far people of Salesforce were read.
fn in_salesforce(object: PersonObject) -> String {
    format!("salesforce:{}", object.name())
}

fn id_in(activity: &str) -> Option<&str> {
    activity.split_once(':').map(|(_, id)| id)
}

fn ids_in(contacts: Option<&str>) -> BTreeSet<String> {
    let ids = contacts.and_then(|contacts| serde_json::from_str(contacts).ok());
    ids.unwrap_or_default()
}
