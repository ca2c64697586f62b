//! What time it is in the sandbox.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

/// The clock that both systems of a sandbox go by. Its clones are the same clock.
#[derive(Clone, Debug)]
pub struct SandboxClock {
    reading: Arc<Mutex<Reading>>,
}

/// A moment, and since when it is running; a frozen clock has no since.
#[derive(Clone, Copy, Debug)]
struct Reading {
    moment: Timestamp,
    since: Option<Instant>,
}

impl Reading {
    fn now(&self) -> Timestamp {
        let passed = self.since.map_or(SignedDuration::ZERO, |since| {
            SignedDuration::try_from(since.elapsed()).unwrap_or(SignedDuration::ZERO)
        });
        self.moment.saturating_add(passed).unwrap_or(self.moment)
    }
}

impl SandboxClock {
    /// A clock that shows `moment` now and runs.
    pub fn starting_at(moment: Timestamp) -> Self {
        Self::reading(Reading {
            moment,
            since: Some(Instant::now()),
        })
    }

    /// A clock that shows `moment` until it is set.
    pub fn frozen_at(moment: Timestamp) -> Self {
        Self::reading(Reading {
            moment,
            since: None,
        })
    }

    /// A clock that runs and shows this machine's time.
    pub fn of_this_machine() -> Self {
        Self::starting_at(Timestamp::now())
    }

    fn reading(reading: Reading) -> Self {
        Self {
            reading: Arc::new(Mutex::new(reading)),
        }
    }

    /// What it shows.
    pub fn now(&self) -> Timestamp {
        self.reading
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .now()
    }

    /// Sets it, forwards or back; a frozen clock stays frozen.
    pub fn set(&self, moment: Timestamp) {
        let mut reading = self.reading.lock().unwrap_or_else(PoisonError::into_inner);
        *reading = Reading {
            moment,
            since: reading.since.map(|_| Instant::now()),
        };
    }

    /// Sets it forwards by this much.
    pub fn advance(&self, by: SignedDuration) {
        let now = self.now();
        self.set(now.saturating_add(by).unwrap_or(now));
    }
}

impl Default for SandboxClock {
    fn default() -> Self {
        Self::of_this_machine()
    }
}
