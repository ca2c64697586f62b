//! What was sent in is planned as what HubSpot tells is, the oldest first.

use super::{BATCH, Engine, Pass, PassError, Step, happened};

impl Engine<'_> {
    /// Plans what was sent in since the last pass.
    pub(super) async fn plan_inbound(&self, pass: &mut Pass<'_>) -> Result<(), PassError> {
        self.in_part(pass.transactions(), || {
            Ok(self.ledger.forget_inbound_that_hubspot_told()?)
        })?;
        loop {
            let batch = self.ledger.inbound_not_planned(BATCH)?;
            if batch.is_empty() {
                return Ok(());
            }
            pass.watcher.progress(Step::Inbound {
                planned: pass.report.activities,
            });
            self.plan_records(
                happened::records(&batch),
                |engine| Ok(engine.ledger.forget_inbound(&batch)?),
                pass,
            )
            .await?;
        }
    }
}
