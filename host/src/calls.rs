//! How many calls were made, and what for.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// How many calls were made, and what for. Each attempt counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CallCounts {
    /// Calls that read, but for searches.
    pub reads: u64,
    /// Searches of HubSpot, which have a limit of their own.
    pub searches: u64,
    /// Calls that write.
    pub writes: u64,
    /// All of them by what they were for.
    pub by_purpose: BTreeMap<&'static str, u64>,
}

impl CallCounts {
    /// All calls.
    pub fn total(&self) -> u64 {
        self.reads + self.searches + self.writes
    }
}

/// What a call does to the system, which decides when it may be repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    Read,
    Search,
    /// Carried out twice it does what it does once.
    Write,
    /// Carried out twice it makes two records: repeated only if it surely wasn't carried out.
    Create,
}

#[derive(Debug, Default)]
pub(crate) struct Calls(Mutex<CallCounts>);

impl Calls {
    pub(crate) fn count(&self, effect: Effect, purpose: &'static str) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match effect {
            Effect::Read => counts.reads += 1,
            Effect::Search => counts.searches += 1,
            Effect::Write | Effect::Create => counts.writes += 1,
        }
        *counts.by_purpose.entry(purpose).or_default() += 1;
    }

    pub(crate) fn counts(&self) -> CallCounts {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}
