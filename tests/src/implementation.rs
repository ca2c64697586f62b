//! The implementations of the rules, behind one trait.

use crate::case::Direction;
use serde_json::json;

/// What an implementation answers: the bytes of the plan, or of the error.
pub type Answer = Result<Vec<u8>, Vec<u8>>;

/// The rules, as somebody can call them.
pub trait Implementation: Send + Sync {
    /// What it is called in the names of tests.
    fn name(&self) -> &'static str;
    /// Plans a snapshot under settings.
    fn plan(&self, direction: Direction, settings: &[u8], snapshot: &[u8]) -> Answer;
    /// Compares two settings over a snapshot (P5); none where this face of the rules can't.
    fn compare(&self, settings: &[u8], other_settings: &[u8], snapshot: &[u8]) -> Option<Answer>;
}

/// Every implementation that is here, the reference first.
pub fn all() -> Vec<Box<dyn Implementation>> {
    vec![
        Box::new(Core),
        #[cfg(feature = "host")]
        Box::new(module::Module::new()),
    ]
}

/// The bytes of an error, the same for all.
fn error(code: &str, path: &str, message: &str, hint: &str) -> Vec<u8> {
    json!({"code": code, "path": path, "message": message, "hint": hint})
        .to_string()
        .into_bytes()
}

/// The crate itself.
#[derive(Debug)]
pub struct Core;

impl Implementation for Core {
    fn name(&self) -> &'static str {
        "core"
    }

    fn plan(&self, direction: Direction, settings: &[u8], snapshot: &[u8]) -> Answer {
        crosswalk_core::Rules::from_json(settings)
            .and_then(|rules| match direction {
                Direction::ToSalesforce => rules.plan_to_salesforce_json(snapshot),
                Direction::ToHubspot => rules.plan_to_hubspot_json(snapshot),
            })
            .map_err(core_error)
    }

    fn compare(&self, settings: &[u8], other_settings: &[u8], snapshot: &[u8]) -> Option<Answer> {
        let compare = || {
            let rules = crosswalk_core::Rules::from_json(settings)?;
            let other = crosswalk_core::Rules::from_json(other_settings)?;
            rules.compare_json(&other, snapshot)
        };
        Some(compare().map_err(core_error))
    }
}

fn core_error(refused: crosswalk_core::Error) -> Vec<u8> {
    error(
        refused.code.name(),
        &refused.path,
        &refused.message,
        &refused.hint,
    )
}

#[cfg(feature = "host")]
mod module {
    use super::{Answer, Direction, Implementation, error};
    use crosswalk_host::rules::{RulesError, RulesModule};

    /// The module that the host embeds, under wasmtime.
    #[derive(Debug)]
    pub(super) struct Module(RulesModule);

    impl Module {
        pub(super) fn new() -> Self {
            Self(RulesModule::embedded().unwrap_or_else(|error| panic!("{error}")))
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
                .map_err(module_error)
        }

        fn compare(&self, settings: &[u8], other: &[u8], snapshot: &[u8]) -> Option<Answer> {
            Some(
                self.0
                    .compare(settings, other, snapshot)
                    .map_err(module_error),
            )
        }
    }

    fn module_error(refused: RulesError) -> Vec<u8> {
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
}
