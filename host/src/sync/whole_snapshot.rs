//! The snapshot of all that changed since the windows began, as `preview` and the simulator take it: of both directions in one.

mod gathered;

use super::coverage::Coverage;
use super::happened::{self, Keep};
use super::to_hubspot::{self, Reach, Record};
use super::world::{Memory, World};
use super::{BATCH, Engine, OVERLAP, PassError, Transactions, pull};
use crate::feeds::happened::KINDS;
use crate::feeds::{Feed, Opens};
use crate::listed::Listed;
use crate::salesforce::{RecordCursor, RecordObject};
use gathered::Gathered;
use serde::Serialize;
use serde_json::value::RawValue;

/// A snapshot, in the contract's shape: what several activities or records need stands in it once.
#[derive(Default, Serialize)]
pub struct WholeSnapshot {
    now: String,
    /// So that its plan offline names the digest that a live preview does (P4).
    digest: bool,
    activities: Vec<Box<RawValue>>,
    /// None where nothing of Salesforce's goes to HubSpot.
    #[serde(skip_serializing_if = "Option::is_none")]
    records: Option<Vec<Box<RawValue>>>,
    contacts: Vec<serde_json::Value>,
    owners: serde_json::Value,
    users: serde_json::Value,
    links: Vec<serde_json::Value>,
    related: Vec<serde_json::Value>,
    picklists: serde_json::Value,
}

impl WholeSnapshot {
    /// How many activities it holds.
    pub fn activity_count(&self) -> usize {
        self.activities.len()
    }

    /// How many records of Salesforce it holds; none where none go to HubSpot.
    pub fn record_count(&self) -> Option<usize> {
        self.records.as_ref().map(Vec::len)
    }
}

impl Engine<'_> {
    /// The snapshot of all that changed since the windows began; nothing is written.
    ///
    /// # Errors
    /// If one of the systems or the ledger fails.
    pub async fn snapshot(&self) -> Result<WholeSnapshot, PassError> {
        let mut world = World::read(self, Memory::Untouched).await?;
        let now = self.clock.now().to_string();
        let mut gathered = Gathered::default();
        self.gather_feeds(&mut world, &mut gathered).await?;
        // What is read on the way is kept in the ledger meanwhile, and forgotten.
        self.ledger.begin()?;
        let happened = self.gather_happened(&mut world, &mut gathered).await;
        self.ledger.roll_back()?;
        happened?;
        self.gather_inbound(&mut world, &mut gathered).await?;
        self.ledger.begin()?;
        let goes_both_ways = self.gather_records(&world, &mut gathered).await;
        self.ledger.roll_back()?;
        let goes_both_ways = goes_both_ways?;
        Ok(WholeSnapshot {
            now,
            digest: true,
            activities: gathered.activities,
            records: goes_both_ways.then(|| gathered.records.into_values().collect()),
            contacts: gathered.contacts.into_values().collect(),
            owners: world.owners.into(),
            users: world.users,
            links: gathered.links.into_values().collect(),
            related: gathered.related.into_values().collect(),
            picklists: world.picklists,
        })
    }

    /// What changed in HubSpot; but what its search still shows as it was before our last write is planned by no pass.
    async fn gather_feeds(
        &self,
        world: &mut World,
        gathered: &mut Gathered,
    ) -> Result<(), PassError> {
        for feed in Feed::ALL {
            let coverage = Coverage::of(self, feed)?;
            let mut is_last = !coverage.is_read();
            let mut cursor = coverage.starting_from(None, OVERLAP);
            while !is_last {
                let batch = pull::changes(self, feed, &cursor, BATCH, |record| {
                    let link = self.ledger.link(&record.activity)?;
                    let modified_at = record.modified_at.as_deref();
                    let is_outdated = link
                        .is_some_and(|link| to_hubspot::is_before_our_write(modified_at, &link));
                    Ok(!is_outdated)
                })
                .await?;
                (cursor, is_last) = (batch.cursor, batch.is_last);
                if !batch.records.is_empty() {
                    gathered.add(pull::snapshot(self, world, batch.records).await?)?;
                }
            }
        }
        Ok(())
    }

    /// What changed in Salesforce; answers whether anything of it goes to HubSpot.
    async fn gather_records(
        &self,
        world: &World,
        gathered: &mut Gathered,
    ) -> Result<bool, PassError> {
        let mut is_read = false;
        for object in RecordObject::ALL {
            let coverage = Coverage::of_records(self, object)?;
            if !coverage.is_read() {
                continue;
            }
            is_read = true;
            let mut after = RecordCursor::from(coverage.starting_from(None, OVERLAP).stamp);
            loop {
                let key_field = world.key_field.as_deref();
                let page = self.salesforce.records_changed(object, &after, key_field);
                let page = page.await?;
                // What can't be read is planned by no pass either.
                let readable = page
                    .records
                    .into_iter()
                    .filter_map(|Listed(read)| read.ok());
                let records = readable.map(|record| Record::read(object.name(), record));
                self.gather_page(records.collect(), world, gathered).await?;
                match page.next {
                    Some(next) if !page.is_last => after = next,
                    _ => break,
                }
            }
        }
        Ok(is_read)
    }

    async fn gather_page(
        &self,
        mut records: Vec<Record>,
        world: &World,
        gathered: &mut Gathered,
    ) -> Result<(), PassError> {
        while !records.is_empty() {
            let rest = records.split_off(records.len().min(BATCH));
            let part = to_hubspot::snapshot_of(self, world, records, Reach::Changed).await?;
            part.remember_whom_it_found(self.ledger, self.clock.now())?;
            gathered.add_records(part.into_parts(), |kind| self.settings.is_on(kind))?;
            records = rest;
        }
        Ok(())
    }

    /// What was sent in, planned or not, except what HubSpot told itself.
    async fn gather_inbound(
        &self,
        world: &mut World,
        gathered: &mut Gathered,
    ) -> Result<(), PassError> {
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
        records.retain(|record| !gathered.has(&record.activity));
        while !records.is_empty() {
            let rest = records.split_off(records.len().min(BATCH));
            gathered.add(pull::snapshot(self, world, records).await?)?;
            records = rest;
        }
        Ok(())
    }

    /// What happened once, read into the ledger as a pass does, and forgotten by the caller.
    async fn gather_happened(
        &self,
        world: &mut World,
        gathered: &mut Gathered,
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
                    gathered.add(part)?;
                }
            }
        }
        Ok(())
    }
}
