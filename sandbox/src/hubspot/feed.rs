//! What happened, one thing after the other, read in pages that newcomers don't shift.

use super::refusal::Refusal;
use super::request::Call;

/// Where something stands in its feed: the moment in milliseconds, and its number.
pub(super) type Place = (i64, u64);

/// Something that happened.
pub(super) trait Happened {
    fn place(&self) -> Place;
}

/// All of one sort, oldest first.
#[derive(Debug)]
pub(super) struct Feed<T>(Vec<T>);

/// Which end a page begins at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    NewestFirst,
    OldestFirst,
}

/// What a request wants to see of a feed.
pub(super) struct Reading {
    pub(super) order: Order,
    /// From this moment on and up to that one, both included.
    pub(super) span: (i64, i64),
    /// The last that was read before.
    pub(super) after: Option<Place>,
    pub(super) limit: usize,
}

/// A part of a feed, and where it ended if there is more.
pub(super) struct Part<'f, T> {
    pub(super) happened: Vec<&'f T>,
    pub(super) next: Option<Place>,
}

impl<T: Happened> Feed<T> {
    pub(super) fn new(mut happened: Vec<T>) -> Self {
        happened.sort_unstable_by_key(Happened::place);
        Self(happened)
    }

    pub(super) fn add(&mut self, happened: T) {
        let at = self
            .0
            .partition_point(|held| held.place() <= happened.place());
        self.0.insert(at, happened);
    }

    /// Oldest first.
    pub(super) fn all(&self) -> &[T] {
        &self.0
    }

    /// The greatest number.
    pub(super) fn last_number(&self) -> u64 {
        self.0.iter().map(|held| held.place().1).max().unwrap_or(0)
    }

    /// The next of those that are wanted.
    pub(super) fn read(&self, reading: &Reading, wanted: impl Fn(&T) -> bool) -> Part<'_, T> {
        let (since, until) = reading.span;
        let mut first = self.0.partition_point(|held| held.place().0 < since);
        let mut end = self.0.partition_point(|held| held.place().0 <= until);
        match (reading.order, reading.after) {
            (_, None) => {}
            (Order::NewestFirst, Some(after)) => {
                end = end.min(self.0.partition_point(|held| held.place() < after));
            }
            (Order::OldestFirst, Some(after)) => {
                first = first.max(self.0.partition_point(|held| held.place() <= after));
            }
        }
        let within = self.0.get(first..end).unwrap_or_default();
        let mut wanted: Box<dyn Iterator<Item = &T>> = match reading.order {
            Order::NewestFirst => Box::new(within.iter().rev().filter(|held| wanted(held))),
            Order::OldestFirst => Box::new(within.iter().filter(|held| wanted(held))),
        };
        let happened: Vec<_> = wanted.by_ref().take(reading.limit).collect();
        let last = happened.last().map(|held| held.place());
        let next = wanted.next().and(last);
        Part { happened, next }
    }
}

/// A place as a cursor that says nothing to clients.
pub(super) fn cursor((moment, number): Place) -> String {
    format!("{:x}-{number:x}", moment.cast_unsigned())
}

/// The place that a parameter gives as a cursor.
pub(super) fn after(call: &Call, name: &str) -> Result<Option<Place>, Refusal> {
    let Some(text) = call.parameter(name).filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    let place = text.split_once('-').and_then(|(moment, number)| {
        let moment = u64::from_str_radix(moment, 16).ok()?;
        Some((moment.cast_signed(), u64::from_str_radix(number, 16).ok()?))
    });
    place
        .map(Some)
        .ok_or_else(|| Refusal::invalid(format!("Invalid {name}: {text}")))
}

/// The id of what happened: a UUID of which people can read the number.
pub(super) fn id(sort: u32, number: u64) -> String {
    format!("{sort:08x}-0000-4000-8000-{number:012}")
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Happened for Place {
        fn place(&self) -> Place {
            *self
        }
    }

    fn reading(order: Order, after: Option<Place>) -> Reading {
        Reading {
            order,
            span: (2, 5),
            after,
            limit: 2,
        }
    }

    #[test]
    fn pages_of_equal_moments_lose_nothing_and_newcomers_shift_nothing() {
        for (order, newcomer) in [(Order::NewestFirst, (5, 99)), (Order::OldestFirst, (2, 0))] {
            let mut feed = Feed::new(vec![(9, 9), (5, 1), (2, 1), (2, 2), (3, 1), (3, 2), (1, 1)]);
            let (mut seen, mut after) = (Vec::new(), None);
            loop {
                let part = feed.read(&reading(order, after), |place| *place != (3, 2));
                seen.extend(part.happened.iter().map(|place| **place));
                after = part.next;
                if after.is_none() {
                    break;
                }
                feed.add(newcomer);
            }
            if order == Order::NewestFirst {
                seen.reverse();
            }
            assert_eq!(seen, [(2, 1), (2, 2), (3, 1), (5, 1)]);
        }
    }
}
