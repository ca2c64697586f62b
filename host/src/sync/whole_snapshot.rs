//! The snapshot of all that changed since the windows began, as `preview` and the simulator take it.

use super::coverage::Coverage;
use super::happened::{self, Keep};
use super::pull::BatchSnapshot;
use super::world::{Memory, World};
use super::{BATCH, Engine, PassError, Transactions, pull};
use crate::feeds::happened::KINDS;
use crate::feeds::{Feed, Opens};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::collections::{BTreeMap, HashSet};

/// A snapshot, in the contract's shape: what several activities need stands in it once.
#[derive(Default, Serialize)]
pub struct WholeSnapshot {
    now: String,
    /// So that its plan offline names the digest that a live preview does (P4).
    digest: bool,
    activities: Vec<Box<RawValue>>,
    contacts: Vec<serde_json::Value>,
    owners: serde_json::Value,
    users: serde_json::Value,
    links: Vec<serde_json::Value>,
    related: Vec<serde_json::Value>,
    picklists: serde_json::Value,
}

#[derive(Deserialize)]
struct Name {
    kind: String,
    id: String,
}

impl WholeSnapshot {
    /// How many activities it holds.
    pub fn activity_count(&self) -> usize {
        self.activities.len()
    }

    /// The activities that it holds, as `kind:id`.
    fn names(&self) -> Result<HashSet<String>, PassError> {
        let names = self.activities.iter().map(|activity| {
            let name: Name = serde_json::from_str(activity.get())?;
            Ok(format!("{}:{}", name.kind, name.id))
        });
        names.collect()
    }

    fn add(&mut self, part: BatchSnapshot, contacts: &mut Contacts) -> Result<(), PassError> {
        for activity in part.activities {
            self.activities.push(RawValue::from_string(activity.json)?);
        }
        let of_part = part.contacts.into_iter();
        contacts.extend(of_part.map(|contact| (contact.id, contact.json)));
        self.links.extend(part.links);
        Ok(())
    }
}

impl Engine<'_> {
    /// The snapshot of all that changed since the windows began; nothing is written.
    ///
    /// # Errors
    /// If one of the systems or the ledger fails.
    pub async fn snapshot(&self) -> Result<WholeSnapshot, PassError> {
        let mut world = World::read(self, Memory::Untouched).await?;
        let mut whole = WholeSnapshot {
            now: self.clock.now().to_string(),
            digest: true,
            users: world.users.clone(),
            picklists: world.picklists.clone(),
            ..WholeSnapshot::default()
        };
        let mut contacts = BTreeMap::new();
        let mut related = BTreeMap::new();
        for feed in Feed::ALL {
            let coverage = Coverage::of(self, feed)?;
            let mut is_last = !coverage.is_read();
            let mut cursor = coverage.starting_from(None, super::OVERLAP);
            while !is_last {
                let batch = pull::changes(self, feed, &cursor, BATCH, |_| Ok(true)).await?;
                (cursor, is_last) = (batch.cursor, batch.is_last);
                if batch.records.is_empty() {
                    continue;
                }
                let part = pull::snapshot(self, &mut world, batch.records).await?;
                related.extend(named_by(&part.related, "salesforce_id"));
                whole.add(part, &mut contacts)?;
            }
        }
        self.ledger.begin()?;
        let happened = self
            .add_happened(&mut world, &mut whole, &mut contacts)
            .await;
        self.ledger.roll_back()?;
        happened?;
        for part in self.inbound_parts(&mut world, &whole.names()?).await? {
            related.extend(named_by(&part.related, "salesforce_id"));
            whole.add(part, &mut contacts)?;
        }
        whole.contacts = contacts.into_values().collect();
        whole.owners = world.owners.into();
        whole.related = related.into_values().collect();
        Ok(whole)
    }

    /// What was sent in, planned or not, except what HubSpot told itself.
    async fn inbound_parts(
        &self,
        world: &mut World,
        told: &HashSet<String>,
    ) -> Result<Vec<BatchSnapshot>, PassError> {
        let mut records = Vec::new();
        let mut after = String::new();
        loop {
            let planned = self.ledger.inbound_planned(&after, BATCH)?;
            let Some(last) = planned.last() else { break };
            after = last.activity.clone();
            records.extend(pull::seen_again(planned));
        }
        let not_planned = self.ledger.inbound_not_planned(usize::MAX)?;
        records.extend(happened::records(&not_planned));
        records.retain(|record| !told.contains(&record.activity));
        let mut parts = Vec::new();
        while !records.is_empty() {
            let rest = records.split_off(records.len().min(BATCH));
            parts.push(pull::snapshot(self, world, records).await?);
            records = rest;
        }
        Ok(parts)
    }

    /// What happened once, read into the ledger as a pass does, and forgotten by the caller.
    async fn add_happened(
        &self,
        world: &mut World,
        whole: &mut WholeSnapshot,
        contacts: &mut Contacts,
    ) -> Result<(), PassError> {
        for kind in KINDS {
            if !self.settings.is_on(kind) {
                continue;
            }
            self.ledger.forget_kind(kind.name())?;
            let keep = Keep {
                transactions: Transactions::One,
                planned_too: true,
            };
            self.read_if_there(kind, world, keep).await?;
            loop {
                let batch = self.ledger.not_planned(kind.name(), BATCH)?;
                if batch.is_empty() {
                    break;
                }
                let activities = batch.iter().map(|one| one.activity.as_str());
                self.ledger.forget_happened(activities)?;
                let (mut wanted, others) = self.parted(batch, Transactions::One)?;
                if self.feeds.opens == Opens::All {
                    wanted.extend(others);
                }
                if !wanted.is_empty() {
                    let part = pull::snapshot(self, world, happened::records(&wanted)).await?;
                    whole.add(part, contacts)?;
                }
            }
        }
        Ok(())
    }
}

/// The contacts, each once.
type Contacts = BTreeMap<String, serde_json::Value>;

fn named_by(
    records: &[serde_json::Value],
    name: &'static str,
) -> impl Iterator<Item = (String, serde_json::Value)> {
    records
        .iter()
        .map(move |record| (record[name].to_string(), record.clone()))
}
