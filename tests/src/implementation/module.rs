//! The module that the host embeds, under wasmtime.

use super::{Answer, Implementation, error};
use crate::case::Direction;
use crosswalk_host::rules::{RulesError, RulesModule};

/// The module.
#[derive(Debug)]
pub(super) struct Module(RulesModule);

impl Module {
    pub(super) fn new() -> Self {
        Self(RulesModule::embedded().unwrap_or_else(|error| panic!("{error}")))
    }

    /// Which module it is.
    pub(super) fn sha256(&self) -> &str {
        self.0.sha256()
    }
}

impl Implementation for Module {
    fn name(&self) -> &'static str {
        "wasmtime"
    }

    fn plan(&self, direction: Direction, settings: &[u8], snapshot: &[u8]) -> Answer {
        self.0
            .open(settings)
            .and_then(|rules| match direction {
                Direction::ToSalesforce => rules.plan_to_salesforce(snapshot),
                Direction::ToHubspot => rules.plan_to_hubspot(snapshot),
            })
            .map_err(refusal)
    }

    fn compare(&self, settings: &[u8], other_settings: &[u8], snapshot: &[u8]) -> Answer {
        self.0
            .compare(settings, other_settings, snapshot)
            .map_err(refusal)
    }
}

fn refusal(refused: RulesError) -> Vec<u8> {
    match refused {
        RulesError::Settings(refused) | RulesError::Snapshot(refused) => error(
            &refused.code,
            &refused.path,
            &refused.message,
            &refused.hint,
        ),
        other => other.to_string().into_bytes(),
    }
}
