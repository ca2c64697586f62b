//! When a call is tried again, and after how long.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};

use crate::error::{ApiError, Class};
use crate::random::Random;

/// How often a call is repeated at most.
const REPEATS: usize = 4;
const SHORTEST: Duration = Duration::from_millis(500);
const LONGEST: Duration = Duration::from_secs(20);
/// Whoever is to wait longer than this isn't kept waiting, but told.
const PATIENCE: Duration = Duration::from_secs(60);

/// The waits that are left before a call is given up.
pub(crate) struct Retries {
    schedule: ExponentialBackoff,
}

impl Retries {
    pub(crate) fn new() -> Self {
        let schedule = ExponentialBuilder::new()
            .with_min_delay(SHORTEST)
            .with_max_delay(LONGEST)
            .with_factor(2.0)
            .with_max_times(REPEATS)
            .build();
        Self { schedule }
    }

    /// How long to wait before the next attempt; none if there is to be no more.
    pub(crate) fn next(&mut self, error: &ApiError, random: &dyn Random) -> Option<Duration> {
        let asked = error.retry_after.unwrap_or_default();
        if error.class != Class::Retry || asked > PATIENCE {
            return None;
        }
        let backoff = self.schedule.next()?;
        Some(asked + jittered(backoff, random))
    }
}

/// Between half of it and all of it, so that clients that failed together don't come back together.
fn jittered(wait: Duration, random: &dyn Random) -> Duration {
    let half = wait / 2;
    let nanoseconds = u64::try_from(half.as_nanos()).unwrap_or(u64::MAX).max(1);
    half + Duration::from_nanos(random.next_u64() % nanoseconds)
}

/// Whether an error is one that a longer wait heals, so that it is told as such.
pub(crate) fn settled(mut error: ApiError) -> ApiError {
    if error.class == Class::Retry && error.retry_after.is_some_and(|wait| wait > PATIENCE) {
        error.class = Class::Wait;
    }
    error
}
