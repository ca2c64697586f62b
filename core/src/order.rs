//! How are records put in order? By one sort for all of them: one for each type would be a tenth of the module.

use std::cmp::Ordering;

/// Orders records; equal ones stay as they were.
pub(crate) fn sort_by<T>(records: &mut Vec<T>, compare: impl Fn(&T, &T) -> Ordering) {
    const FEW: usize = 16;
    if records.len() <= FEW {
        for end in 1..records.len() {
            let sorted = records.get(..end).unwrap_or_default();
            let Some(last) = records.get(end) else { return };
            let place = sorted.partition_point(|record| compare(record, last).is_le());
            if let Some(unsorted) = records.get_mut(place..=end) {
                unsorted.rotate_right(1);
            }
        }
        return;
    }
    let places = {
        let at = |place: usize| records.get(place);
        sorted_places(records.len(), &|left, right| {
            at(left)
                .zip(at(right))
                .map_or(Ordering::Equal, |(left, right)| compare(left, right))
        })
    };
    let mut unsorted: Vec<Option<T>> = std::mem::take(records).into_iter().map(Some).collect();
    records.extend(
        places
            .into_iter()
            .filter_map(|place| unsorted.get_mut(place)?.take()),
    );
}

#[inline(never)]
fn sorted_places(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut places: Vec<usize> = (0..count).collect();
    places.sort_by(|left, right| compare(*left, *right));
    places
}

#[cfg(test)]
mod tests {
    use super::sort_by;
    use proptest::prelude::{prop, prop_assert_eq, proptest};

    proptest! {
        #[test]
        fn records_are_ordered_as_the_standard_library_does(keys in prop::collection::vec(0..20, 0..40)) {
            let mut records: Vec<(i32, usize)> = keys.into_iter().zip(0..).collect();
            let mut expected = records.clone();
            expected.sort_by_key(|(key, _)| *key);
            sort_by(&mut records, |(left, _), (right, _)| left.cmp(right));
            prop_assert_eq!(records, expected);
        }
    }
}
