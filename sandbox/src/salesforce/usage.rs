//! How many calls an org got in the last 24 hours.

use std::collections::VecDeque;

const SLICE: i64 = 15 * 60;
const DAY: i64 = 24 * 60 * 60;

/// Calls counted in slices of a quarter of an hour, of which the last day counts.
pub(super) struct Usage {
    max: u64,
    slices: VecDeque<(i64, u64)>,
}

impl Usage {
    pub(super) fn new(max: u64, used: u64, now: i64) -> Self {
        Self {
            max,
            slices: VecDeque::from([(now.div_euclid(SLICE), used)]),
        }
    }

    pub(super) fn max(&self) -> u64 {
        self.max
    }

    pub(super) fn used(&self, now: i64) -> u64 {
        let first = (now - DAY).div_euclid(SLICE);
        self.slices
            .iter()
            .filter(|(slice, _)| *slice > first)
            .map(|(_, calls)| calls)
            .sum()
    }

    pub(super) fn count(&mut self, now: i64) {
        let (slice, first) = (now.div_euclid(SLICE), (now - DAY).div_euclid(SLICE));
        self.slices.retain(|(slice, _)| *slice > first);
        match self
            .slices
            .iter_mut()
            .find(|(counted, _)| *counted == slice)
        {
            Some((_, calls)) => *calls += 1,
            None => self.slices.push_back((slice, 1)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_older_than_a_day_counts_no_more() {
        let mut usage = Usage::new(10, 4, 0);
        usage.count(DAY / 2);
        assert_eq!(usage.used(DAY / 2), 5);
        assert_eq!(usage.used(DAY + SLICE), 1);
        assert_eq!(usage.used(2 * DAY), 0);
    }
}
