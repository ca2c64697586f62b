//! How many calls a system takes, and how many of them are ours.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::de::{self, Unexpected, Visitor};
use serde::{Deserialize, Deserializer};

/// At most so many calls in any span of this length.
#[derive(Debug)]
pub(crate) struct Burst {
    span: SignedDuration,
    state: Mutex<BurstState>,
}

#[derive(Debug)]
struct BurstState {
    most: usize,
    taken: VecDeque<Timestamp>,
}

impl Burst {
    pub(crate) fn new(most: usize, span: SignedDuration) -> Self {
        let taken = VecDeque::with_capacity(most);
        Self {
            span,
            state: Mutex::new(BurstState { most, taken }),
        }
    }

    /// Takes a place now, or says how long it is until one is free.
    pub(crate) fn take(&self, now: Timestamp) -> Result<(), Duration> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        // What lies ahead was counted before the clock was set back.
        let begins = now.saturating_sub(self.span).unwrap_or(Timestamp::MIN);
        state
            .taken
            .retain(|taken| (begins < *taken) && (*taken <= now));
        let over = (state.taken.len() + 1).saturating_sub(state.most.max(1));
        match over.checked_sub(1).and_then(|last| state.taken.get(last)) {
            None => {
                state.taken.push_back(now);
                Ok(())
            }
            Some(leaves) => {
                let wait = leaves.duration_since(begins);
                Err(Duration::try_from(wait).unwrap_or_default())
            }
        }
    }

    /// The system says how many it takes.
    pub(crate) fn learn(&self, most: usize) {
        self.state
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .most = most.max(1);
    }
}

/// How much of a day's calls is used, by everybody together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DailyUse {
    /// How many are used.
    pub used: u64,
    /// How many there are.
    pub most: u64,
}

/// How much of a day's calls may be used before we leave the rest to others. Written as `"80%"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DailyShare(u8);

impl<'de> Deserialize<'de> for DailyShare {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Percentage)
    }
}

struct Percentage;

impl Visitor<'_> for Percentage {
    type Value = DailyShare;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a percentage from \"1%\" to \"100%\"")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<DailyShare, E> {
        match text.strip_suffix('%').map(str::parse) {
            Some(Ok(percent @ 1..=100)) => Ok(DailyShare(percent)),
            _ => Err(E::invalid_value(Unexpected::Str(text), &self)),
        }
    }
}

impl DailyShare {
    /// So many percent; more than 100 is 100.
    pub fn percent(percent: u8) -> Self {
        Self(percent.min(100))
    }

    fn is_used_up(self, DailyUse { used, most }: DailyUse) -> bool {
        u128::from(used) * 100 >= u128::from(most) * u128::from(self.0)
    }
}

impl Default for DailyShare {
    /// Four fifths.
    fn default() -> Self {
        Self(80)
    }
}

/// The day's calls, as the system's last answer counted them.
#[derive(Debug)]
pub(crate) struct Daily {
    share: DailyShare,
    seen: Mutex<Option<(DailyUse, Timestamp)>>,
}

/// How long a count that stops us is believed; then one call asks anew.
const BELIEVED: SignedDuration = SignedDuration::from_mins(15);

impl Daily {
    pub(crate) fn new(share: DailyShare) -> Self {
        Self {
            share,
            seen: Mutex::new(None),
        }
    }

    pub(crate) fn learn(&self, used: DailyUse, now: Timestamp) {
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Some((used, now));
    }

    pub(crate) fn seen(&self) -> Option<DailyUse> {
        self.seen
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .map(|(used, _)| used)
    }

    /// Says what is used, and how long to wait, if our share is used up.
    pub(crate) fn check(&self, now: Timestamp) -> Result<(), (DailyUse, Duration)> {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let Some((used, at)) = *seen else {
            return Ok(());
        };
        let age = now.duration_since(at);
        if !self.share.is_used_up(used) || age < SignedDuration::ZERO {
            return Ok(());
        }
        if age >= BELIEVED {
            // This call asks; the others wait for its answer.
            *seen = Some((used, now));
            return Ok(());
        }
        Err((used, Duration::try_from(BELIEVED - age).unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail this way")]

    use super::*;

    fn at(milliseconds: i64) -> Timestamp {
        Timestamp::from_millisecond(milliseconds).unwrap()
    }

    #[test]
    fn a_burst_is_free_again_when_its_first_call_is_old_enough() {
        let burst = Burst::new(3, SignedDuration::from_secs(10));
        for milliseconds in [0, 1_000, 2_000] {
            burst.take(at(milliseconds)).unwrap();
        }
        assert_eq!(burst.take(at(2_500)), Err(Duration::from_millis(7_500)));
        assert_eq!(burst.take(at(9_999)), Err(Duration::from_millis(1)));
        burst.take(at(10_000)).unwrap();
        assert_eq!(burst.take(at(10_000)), Err(Duration::from_millis(1_000)));
    }

    #[test]
    fn a_smaller_limit_holds_at_once() {
        let burst = Burst::new(3, SignedDuration::from_secs(10));
        for milliseconds in [0, 1_000, 2_000] {
            burst.take(at(milliseconds)).unwrap();
        }
        burst.learn(2);
        assert_eq!(burst.take(at(3_000)), Err(Duration::from_millis(8_000)));
        burst.take(at(11_000)).unwrap();
    }

    #[test]
    fn a_clock_that_is_set_back_stops_nothing() {
        let burst = Burst::new(1, SignedDuration::from_secs(10));
        burst.take(at(1_000_000)).unwrap();
        burst.take(at(0)).unwrap();
    }

    #[test]
    fn the_rest_of_the_day_is_left_to_others() {
        let daily = Daily::new(DailyShare::percent(50));
        let (half, less) = (
            DailyUse {
                used: 50,
                most: 100,
            },
            DailyUse {
                used: 49,
                most: 100,
            },
        );
        daily.check(at(0)).unwrap();
        daily.learn(less, at(0));
        daily.check(at(0)).unwrap();
        daily.learn(half, at(0));
        assert_eq!(
            daily.check(at(60_000)),
            Err((half, Duration::from_secs(14 * 60)))
        );
        daily.check(at(15 * 60_000)).unwrap();
        assert!(daily.check(at(15 * 60_000)).is_err());
        daily.learn(less, at(15 * 60_000));
        daily.check(at(15 * 60_000)).unwrap();
    }
}
