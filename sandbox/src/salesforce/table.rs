//! The records of one sobject, and the indexes that find them.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Bound;

use super::id::RecordId;
use super::row::Row;
use super::schema::{ID, SObject};
use super::value::{Value, folded};

/// Where a record stands in its table. It never moves.
pub(super) type Slot = u32;

/// An index by the hash of a value: it names candidates, which are then compared.
#[derive(Debug, Default)]
struct ValueIndex(BTreeSet<(u64, Slot)>);

/// The records of one sobject, deleted ones too.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) sobject: SObject,
    rows: Vec<Row>,
    by_id: BTreeMap<RecordId, Slot>,
    indexes: Indexes,
    next_number: u64,
}

/// What is kept of the records beside them.
#[derive(Debug)]
struct Indexes {
    by_modified: BTreeMap<(i64, RecordId), Slot>,
    by_value: Vec<(usize, ValueIndex)>,
    deleted: usize,
}

impl Indexes {
    fn enter(&mut self, slot: Slot, row: &Row) {
        self.by_modified
            .insert((row.system.modified, row.system.id), slot);
        for (place, index) in &mut self.by_value {
            if let Some(hash) = hash(&row.value(*place)) {
                index.0.insert((hash, slot));
            }
        }
        self.deleted += usize::from(row.system.is_deleted);
    }

    fn leave(&mut self, slot: Slot, row: &Row) {
        self.by_modified
            .remove(&(row.system.modified, row.system.id));
        for (place, index) in &mut self.by_value {
            if let Some(hash) = hash(&row.value(*place)) {
                index.0.remove(&(hash, slot));
            }
        }
        self.deleted -= usize::from(row.system.is_deleted);
    }
}

impl Table {
    pub(super) fn new(sobject: SObject) -> Self {
        let by_value = sobject
            .fields
            .iter()
            .enumerate()
            .filter(|(place, field)| *place != ID && field.indexed)
            .map(|(place, _)| (place, ValueIndex::default()))
            .collect();
        Self {
            sobject,
            rows: Vec::new(),
            by_id: BTreeMap::new(),
            indexes: Indexes {
                by_modified: BTreeMap::new(),
                by_value,
                deleted: 0,
            },
            next_number: 1,
        }
    }

    /// How many records there are, without the deleted ones.
    pub(super) fn count(&self) -> usize {
        self.rows.len() - self.indexes.deleted
    }

    pub(super) fn row(&self, slot: Slot) -> Option<&Row> {
        self.rows.get(slot as usize)
    }

    pub(super) fn find(&self, id: RecordId) -> Option<Slot> {
        self.by_id.get(&id).copied()
    }

    pub(super) fn get(&self, id: RecordId) -> Option<&Row> {
        self.find(id).and_then(|slot| self.row(slot))
    }

    /// The next id of the sobject that no record has.
    pub(super) fn next_id(&mut self) -> RecordId {
        loop {
            let id = RecordId::new(self.sobject.prefix, self.next_number);
            self.next_number += 1;
            if !self.by_id.contains_key(&id) {
                return id;
            }
        }
    }

    pub(super) fn is_indexed(&self, place: usize) -> bool {
        self.indexes
            .by_value
            .iter()
            .any(|(indexed, _)| *indexed == place)
    }

    /// The records whose field may have the value, when the field has an index.
    pub(super) fn candidates(&self, place: usize, value: &Value<'_>) -> Option<Vec<Slot>> {
        let (_, index) = self
            .indexes
            .by_value
            .iter()
            .find(|(indexed, _)| *indexed == place)?;
        let hash = hash(value)?;
        Some(
            index
                .0
                .range((hash, Slot::MIN)..=(hash, Slot::MAX))
                .map(|(_, slot)| *slot)
                .collect(),
        )
    }

    /// The records that aren't deleted and whose field is the same as the value.
    pub(super) fn having(&self, place: usize, value: &Value<'_>) -> Vec<Slot> {
        let is_match = |slot: &Slot| {
            self.row(*slot)
                .is_some_and(|row| !row.system.is_deleted && row.value(place).same(value))
        };
        match self.candidates(place, value) {
            Some(candidates) => candidates.into_iter().filter(is_match).collect(),
            None => (0..self.rows.len() as Slot).filter(is_match).collect(),
        }
    }

    /// All records in the order of their ids.
    pub(super) fn in_id_order(
        &self,
        from: Bound<RecordId>,
    ) -> impl DoubleEndedIterator<Item = Slot> + '_ {
        self.by_id
            .range((from, Bound::Unbounded))
            .map(|(_, slot)| *slot)
    }

    /// The records modified between two seconds, both included, in the order of time and id.
    pub(super) fn in_modified_order(
        &self,
        first: i64,
        last: i64,
    ) -> impl DoubleEndedIterator<Item = Slot> + '_ {
        let low = (first, RecordId::from_bytes([0; 15]));
        let high = (last.max(first), RecordId::from_bytes([u8::MAX; 15]));
        let end = if last < first {
            Bound::Excluded(low)
        } else {
            Bound::Included(high)
        };
        self.indexes
            .by_modified
            .range((Bound::Included(low), end))
            .map(|(_, slot)| *slot)
    }

    /// Adds a record. None when there is one with its id, or no room.
    pub(super) fn insert(&mut self, row: Row) -> Option<Slot> {
        let slot = Slot::try_from(self.rows.len()).ok()?;
        if self.by_id.contains_key(&row.system.id) {
            return None;
        }
        self.by_id.insert(row.system.id, slot);
        self.indexes.enter(slot, &row);
        self.rows.push(row);
        Some(slot)
    }

    /// Takes back the last record that was added.
    pub(super) fn remove_last(&mut self) {
        let Some(row) = self.rows.pop() else { return };
        let slot = self.rows.len() as Slot;
        self.by_id.remove(&row.system.id);
        self.indexes.leave(slot, &row);
    }

    /// Puts a record in the place of another with the same id, which it returns.
    pub(super) fn replace(&mut self, slot: Slot, row: Row) -> Option<Row> {
        let place = self.rows.get_mut(slot as usize)?;
        self.indexes.leave(slot, place);
        self.indexes.enter(slot, &row);
        Some(std::mem::replace(place, row))
    }
}

/// Values that are the same to SOQL have the same hash. Only texts and ids are looked up by it.
fn hash(value: &Value<'_>) -> Option<u64> {
    let mut hasher = DefaultHasher::new();
    match value {
        Value::Text(text) => folded(text).for_each(|character| character.hash(&mut hasher)),
        Value::Id(id) => id.hash(&mut hasher),
        _ => return None,
    }
    Some(hasher.finish())
}
