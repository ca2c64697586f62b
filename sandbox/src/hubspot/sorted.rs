//! A sorted list that knows how many of its keys are before any key.

/// A moment in milliseconds, and the id of a record.
pub(super) type Key = (i64, u64);

/// Chunks are split when they reach this, into two of half of it.
const FULL: usize = 1024;

/// Keys in order, in chunks: inserting moves one chunk's keys, counting adds the chunks' lengths.
#[derive(Default)]
pub(super) struct Sorted {
    /// None is empty.
    chunks: Vec<Vec<Key>>,
}

impl Sorted {
    pub(super) fn from_keys(mut keys: Vec<Key>) -> Self {
        keys.sort_unstable();
        Self {
            chunks: keys.chunks(FULL / 2).map(<[Key]>::to_vec).collect(),
        }
    }

    /// The first chunk that may hold this key.
    fn chunk_of(&self, key: Key) -> usize {
        self.chunks
            .partition_point(|chunk| chunk.last().is_some_and(|last| *last < key))
    }

    pub(super) fn insert(&mut self, key: Key) {
        let place = self.chunk_of(key).min(self.chunks.len().saturating_sub(1));
        let Some(chunk) = self.chunks.get_mut(place) else {
            self.chunks.push(vec![key]);
            return;
        };
        if let Err(at) = chunk.binary_search(&key) {
            chunk.insert(at, key);
        }
        if chunk.len() >= FULL {
            let rest = chunk.split_off(FULL / 2);
            self.chunks.insert(place + 1, rest);
        }
    }

    pub(super) fn remove(&mut self, key: Key) {
        let place = self.chunk_of(key);
        let Some(chunk) = self.chunks.get_mut(place) else {
            return;
        };
        if let Ok(at) = chunk.binary_search(&key) {
            chunk.remove(at);
        }
        if chunk.is_empty() {
            self.chunks.remove(place);
        }
    }

    /// How many keys are before this one.
    pub(super) fn rank(&self, key: Key) -> usize {
        let place = self.chunk_of(key);
        let before: usize = self.chunks.iter().take(place).map(Vec::len).sum();
        before
            + self
                .chunks
                .get(place)
                .map_or(0, |chunk| chunk.partition_point(|held| *held < key))
    }

    pub(super) fn len(&self) -> usize {
        self.chunks.iter().map(Vec::len).sum()
    }

    /// The keys from this rank on, upwards.
    pub(super) fn upwards(&self, rank: usize) -> impl Iterator<Item = Key> {
        let (place, within) = self.at(rank);
        let first = self
            .chunks
            .get(place)
            .map_or(&[][..], |chunk| chunk.get(within..).unwrap_or(&[]));
        let rest = self.chunks.get(place + 1..).unwrap_or(&[]);
        first.iter().chain(rest.iter().flatten()).copied()
    }

    /// The keys before this rank, downwards.
    pub(super) fn downwards(&self, rank: usize) -> impl Iterator<Item = Key> {
        let (place, within) = self.at(rank);
        let last = self
            .chunks
            .get(place)
            .map_or(&[][..], |chunk| chunk.get(..within).unwrap_or(&[]));
        let rest = self.chunks.get(..place).unwrap_or(&[]);
        last.iter()
            .rev()
            .chain(rest.iter().rev().flat_map(|chunk| chunk.iter().rev()))
            .copied()
    }

    /// The chunk that holds the key of this rank, and where in it.
    fn at(&self, rank: usize) -> (usize, usize) {
        let mut left = rank;
        for (place, chunk) in self.chunks.iter().enumerate() {
            if left < chunk.len() {
                return (place, left);
            }
            left -= chunk.len();
        }
        (self.chunks.len(), 0)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Numbers that look random and are the same every time.
    fn numbers() -> impl Iterator<Item = u64> {
        let mut state = 88_172_645_463_325_252_u64;
        std::iter::repeat_with(move || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state
        })
    }

    #[test]
    fn it_agrees_with_an_ordinary_set() {
        let (mut sorted, mut set) = (Sorted::default(), BTreeSet::new());
        for number in numbers().take(20_000) {
            let key = ((number % 700) as i64, number / 700 % 50);
            if number % 3 == 0 {
                sorted.remove(key);
                set.remove(&key);
            } else {
                sorted.insert(key);
                set.insert(key);
            }
        }
        assert_eq!(sorted.len(), set.len());
        assert!(sorted.upwards(0).eq(set.iter().copied()));
        assert!(sorted.downwards(set.len()).eq(set.iter().rev().copied()));
        for number in numbers().take(500) {
            let key = ((number % 700) as i64, number / 700 % 50);
            let rank = set.range(..key).count();
            assert_eq!(sorted.rank(key), rank);
            assert!(
                sorted
                    .upwards(rank)
                    .take(3)
                    .eq(set.range(key..).copied().take(3))
            );
            assert!(
                sorted
                    .downwards(rank)
                    .take(3)
                    .eq(set.range(..key).rev().copied().take(3))
            );
        }
    }

    #[test]
    fn many_keys_at_once_are_the_same_as_one_by_one() {
        let keys: Vec<Key> = numbers()
            .take(5_000)
            .map(|number| ((number % 100) as i64, number))
            .collect();
        let mut one_by_one = Sorted::default();
        keys.iter().for_each(|key| one_by_one.insert(*key));
        assert!(Sorted::from_keys(keys).upwards(0).eq(one_by_one.upwards(0)));
    }
}
