//! The crate itself.

use super::{Answer, Implementation, error};
use crate::case::Direction;
use crosswalk_core::{Error, Rules};

/// The reference.
#[derive(Debug)]
pub(super) struct Core;

impl Implementation for Core {
    fn name(&self) -> &'static str {
        "core"
    }

    fn plan(&self, direction: Direction, settings: &[u8], snapshot: &[u8]) -> Answer {
        Rules::from_json(settings)
            .and_then(|rules| match direction {
                Direction::ToSalesforce => rules.plan_to_salesforce_json(snapshot),
                Direction::ToHubspot => rules.plan_to_hubspot_json(snapshot),
            })
            .map_err(refusal)
    }

    fn compare(&self, settings: &[u8], other_settings: &[u8], snapshot: &[u8]) -> Answer {
        let compare = || {
            let rules = Rules::from_json(settings)?;
            let other = Rules::from_json(other_settings)?;
            rules.compare_json(&other, snapshot)
        };
        compare().map_err(refusal)
    }
}

fn refusal(refused: Error) -> Vec<u8> {
    error(
        refused.code.name(),
        &refused.path,
        &refused.message,
        &refused.hint,
    )
}
