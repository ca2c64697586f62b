//! Salesforce's records become HubSpot's activities: polled, planned, recorded and written as the other direction is.

mod changes;
pub(super) mod import;
mod people;
pub(super) mod push;
mod reconcile;
mod record;
mod related;
pub(super) mod settle;
mod snapshot;

use super::{Engine, Mode, Pass, PassError, plan};
use jiff::Timestamp;
pub(super) use snapshot::{
    Record, RecordsParts, is_before_our_write, is_of_salesforce, of as snapshot_of,
};
use std::collections::BTreeMap;

/// Which bound holds for records without a link (S3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// Those that changed since their kind was turned on.
    Changed,
    /// All of them: an import.
    Import,
}

/// What a pass did from Salesforce to HubSpot.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct ToHubSpot {
    /// Records that were decided.
    pub records: u64,
    /// By action.
    pub by_action: BTreeMap<String, u64>,
    /// By reason.
    pub by_reason: BTreeMap<String, u64>,
    /// By HubSpot's object, then action; `?` where it isn't known.
    pub by_object: BTreeMap<String, BTreeMap<String, u64>>,
    /// Activities made.
    pub created: u64,
    /// Activities changed.
    pub updated: u64,
    /// Activities deleted.
    pub deleted: u64,
}

impl ToHubSpot {
    /// How many were written so far.
    pub(super) const fn written(&self) -> u64 {
        self.created + self.updated + self.deleted
    }

    /// Whether there was nothing to decide and nothing to write.
    pub fn is_empty(&self) -> bool {
        self == &Self::default()
    }
}

impl Engine<'_> {
    /// Plans records of Salesforce, keeps that together with what is to be remembered of it, and where the mode is to carry out at once, pushes.
    pub(super) async fn plan_records_of_salesforce(
        &self,
        records: Vec<Record>,
        reach: Reach,
        remember: impl FnOnce(&Self) -> Result<(), PassError>,
        pass: &mut Pass<'_>,
    ) -> Result<(), PassError> {
        if records.is_empty() {
            return self.in_part(pass.transactions(), || remember(self));
        }
        let snapshot = snapshot::of(self, &pass.world, records, reach).await?;
        let plan::Decided {
            decisions,
            warnings,
        } = plan::decide(self.rules, &snapshot)?;
        pass.report.warn(warnings);
        self.in_part(pass.transactions(), || {
            snapshot.remember_whom_it_found(self.ledger, self.clock.now())?;
            record::decisions(self, &snapshot, &decisions, reach, pass)?;
            remember(self)
        })?;
        if *pass.mode == Mode::CarryOut {
            push::push(self, pass).await?;
        }
        Ok(())
    }
}

/// A moment as the module writes it.
fn moment(text: &str) -> Option<Timestamp> {
    text.parse().ok()
}
