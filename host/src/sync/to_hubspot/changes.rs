//! Which records have changed in Salesforce?

use super::super::coverage::Coverage;
use super::super::{BATCH, Engine, OVERLAP, Pass, PassError, Progress};
use super::{Reach, Record};
use crate::ledger::FeedCursor;
use crate::salesforce::{RecordCursor, RecordObject};

impl Engine<'_> {
    /// Plans what changed in Salesforce.
    pub(in crate::sync) async fn plan_changes_in_salesforce(
        &self,
        pass: &mut Pass<'_>,
    ) -> Result<(), PassError> {
        for object in RecordObject::ALL {
            let coverage = Coverage::of_records(self, object)?;
            coverage.forget_what_is_off(self.ledger)?;
            if coverage.is_read() {
                self.plan_changed_records(object, &coverage, pass).await?;
            }
        }
        Ok(())
    }

    async fn plan_changed_records(
        &self,
        object: RecordObject,
        coverage: &Coverage,
        pass: &mut Pass<'_>,
    ) -> Result<(), PassError> {
        let reached = self.ledger.cursor(coverage.source())?;
        let mut cursor = coverage.starting_from(reached, OVERLAP);
        loop {
            pass.reads("Salesforce", coverage.source());
            let after = RecordCursor {
                stamp: cursor.stamp,
                id: cursor.id.clone(),
            };
            let key_field = pass.world.key_field.clone();
            let page = self
                .salesforce
                .records_changed(object, &after, key_field.as_deref())
                .await?;
            if let Some(next) = page.next {
                cursor = FeedCursor {
                    stamp: next.stamp,
                    id: next.id,
                };
            }
            let records = self.readable(object, page.records, pass)?;
            let wanted = self.wanted(coverage, records)?;
            self.plan_page(wanted, coverage, &cursor, page.is_last, pass)
                .await?;
            if page.is_last {
                return Ok(());
            }
        }
    }

    pub(super) fn wanted(
        &self,
        coverage: &Coverage,
        records: Vec<Record>,
    ) -> Result<Vec<Record>, PassError> {
        let mut wanted = Vec::with_capacity(records.len());
        for record in records {
            let seen = self.ledger.last_seen(&record.name)?;
            let modified_at = Some(record.modified_at.as_str());
            if coverage.is_wanted(None, modified_at, seen.as_ref()) {
                wanted.push(record);
            }
        }
        Ok(wanted)
    }

    /// Plans a page in batches; the last one moves the cursor.
    async fn plan_page(
        &self,
        mut records: Vec<Record>,
        coverage: &Coverage,
        cursor: &FeedCursor,
        is_complete: bool,
        pass: &mut Pass<'_>,
    ) -> Result<(), PassError> {
        while records.len() > BATCH {
            let rest = records.split_off(BATCH);
            self.plan_records_of_salesforce(records, Reach::Changed, |_| Ok(()), pass)
                .await?;
            records = rest;
        }
        let progress = Progress {
            coverage,
            cursor,
            is_complete,
        };
        let advance = |engine: &Self| engine.advance(&progress);
        self.plan_records_of_salesforce(records, Reach::Changed, advance, pass)
            .await
    }
}
