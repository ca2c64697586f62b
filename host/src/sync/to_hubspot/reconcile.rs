//! Once a day Salesforce is asked what changed and what was deleted since the last time: polling could have missed it.

use super::super::coverage::Coverage;
use super::super::{BATCH, Engine, Pass, PassError, short};
use super::Reach;
use super::snapshot::Record;
use crate::ledger::FeedCursor;
use crate::salesforce::RecordObject;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeSet;

const EVERY: SignedDuration = SignedDuration::from_hours(24);
/// A transaction that takes long is seen late.
const OVERLAP: SignedDuration = SignedDuration::from_hours(1);
/// Salesforce tells of changes 30 days back, of deletions 15.
const CHANGES_REACH: SignedDuration = SignedDuration::from_hours(24 * 29);
const DELETIONS_REACH: SignedDuration = SignedDuration::from_hours(24 * 14);

impl Engine<'_> {
    /// Plans what polling missed, once a day.
    pub(in crate::sync) async fn reconcile_with_salesforce(
        &self,
        pass: &mut Pass<'_>,
    ) -> Result<(), PassError> {
        for object in RecordObject::ALL {
            let coverage = Coverage::of_records(self, object)?;
            let name = format!("reconciled/{}", object.name());
            if !coverage.is_read() {
                self.in_part(pass.transactions(), || {
                    Ok(self.ledger.forget_cursor(&name)?)
                })?;
                continue;
            }
            let now = self.clock.now();
            let covered = match self.ledger.cursor(&name)? {
                // Polling begins now.
                None => now,
                Some(cursor) if now.duration_since(cursor.stamp) < EVERY => continue,
                Some(cursor) => {
                    self.reconcile(object, &coverage, cursor.stamp, pass)
                        .await?
                }
            };
            let reached = FeedCursor {
                stamp: covered,
                id: String::new(),
            };
            self.in_part(pass.transactions(), || {
                Ok(self.ledger.set_cursor(&name, &reached)?)
            })?;
        }
        Ok(())
    }

    /// Answers until when Salesforce has told all.
    async fn reconcile(
        &self,
        object: RecordObject,
        coverage: &Coverage,
        since: Timestamp,
        pass: &mut Pass<'_>,
    ) -> Result<Timestamp, PassError> {
        let now = self.clock.now();
        let from = |reach| {
            let earliest = now.checked_sub(reach).unwrap_or(since);
            since.checked_sub(OVERLAP).unwrap_or(since).max(earliest)
        };
        let changed = self
            .salesforce
            .updated(object, from(CHANGES_REACH), now)
            .await?;
        let deleted = self
            .salesforce
            .deleted(object, from(DELETIONS_REACH), now)
            .await?;
        let covered = changed.latest_covered.min(deleted.latest_covered);
        let deleted: BTreeSet<String> = deleted.ids.into_iter().collect();
        let ids: BTreeSet<String> = changed
            .ids
            .into_iter()
            .chain(deleted.iter().cloned())
            .collect();
        let ids: Vec<String> = ids.into_iter().collect();
        for ids in ids.chunks(BATCH) {
            let key_field = pass.world.key_field.clone();
            let found = self
                .salesforce
                .records_by_id(object, ids, key_field.as_deref())
                .await?;
            let there: BTreeSet<String> = found
                .iter()
                .map(|record| short(&record.id).to_owned())
                .collect();
            let found = found
                .into_iter()
                .map(|found| Record::read(object.name(), found));
            let mut records = self.wanted(coverage, found.collect())?;
            let purged = ids
                .iter()
                .filter(|id| deleted.contains(*id) && !there.contains(short(id)));
            for id in purged {
                records.extend(self.purged(object, id)?);
            }
            self.plan_records_of_salesforce(records, Reach::Changed, |_| Ok(()), pass)
                .await?;
        }
        Ok(covered)
    }

    /// A record that isn't even in the recycle bin any more, as it was seen last; none if it never was, or its end is known.
    fn purged(&self, object: RecordObject, id: &str) -> Result<Option<Record>, PassError> {
        let name = format!("{}:{}", object.name(), short(id));
        let observation = self.ledger.observation(&name)?;
        let record = observation.and_then(Record::seen);
        Ok(record
            .filter(|record| !record.is_deleted())
            .map(Record::deleted))
    }
}
