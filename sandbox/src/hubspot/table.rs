//! The records of one type: by id, and as the search sees them.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;

use super::association_type::Link;
use super::schema::{Place, Schema};
use super::sorted::Sorted;
use super::stored::Stored;

/// The records of one type.
pub(super) struct Table {
    pub(super) schema: Schema,
    rows: BTreeMap<u64, Row>,
    /// Who has which value of a unique property, whatever its case.
    unique: HashMap<(Place, String), u64>,
    pub(super) index: Index,
}

/// A record, and what belongs to it.
pub(super) struct Row {
    pub(super) record: Arc<Stored>,
    /// The version that the search sees.
    found: Option<Arc<Stored>>,
    /// By type and id of the other record.
    pub(super) links: Vec<Link>,
}

/// What the search goes by: every version that it sees, in two orders.
#[derive(Default)]
pub(super) struct Index {
    pub(super) by_update: Sorted,
    /// With 0 as the moment.
    pub(super) by_id: Sorted,
    /// What it doesn't see yet, and when it will.
    pending: VecDeque<(i64, Arc<Stored>)>,
}

impl Table {
    pub(super) fn new(schema: Schema) -> Self {
        Self {
            schema,
            rows: BTreeMap::new(),
            unique: HashMap::new(),
            index: Index::default(),
        }
    }

    /// Takes all these records, which the search sees at once. Gives back whose id was taken.
    pub(super) fn load(&mut self, records: impl IntoIterator<Item = Stored>) -> Vec<u64> {
        let mut refused = Vec::new();
        for record in records {
            if self.rows.contains_key(&record.id) {
                refused.push(record.id);
                continue;
            }
            self.note_unique(&record);
            let record = Arc::new(record);
            let found = record.archived.is_none().then(|| record.clone());
            self.rows.insert(
                record.id,
                Row {
                    record,
                    found,
                    links: Vec::new(),
                },
            );
        }
        let found = || self.rows.values().filter_map(|row| row.found.as_ref());
        self.index.by_update =
            Sorted::from_keys(found().map(|record| (record.updated, record.id)).collect());
        self.index.by_id = Sorted::from_keys(found().map(|record| (0, record.id)).collect());
        refused
    }

    /// Puts a version in the place of the one before; the search sees it from `visible` on.
    pub(super) fn put(&mut self, record: Stored, visible: i64) -> Arc<Stored> {
        if let Some(row) = self.rows.get(&record.id) {
            let held = row.record.clone();
            self.forget_unique(&held);
        }
        self.note_unique(&record);
        let record = Arc::new(record);
        match self.rows.get_mut(&record.id) {
            Some(row) => row.record = record.clone(),
            None => drop(self.rows.insert(
                record.id,
                Row {
                    record: record.clone(),
                    found: None,
                    links: Vec::new(),
                },
            )),
        }
        self.index.pending.push_back((visible, record.clone()));
        record
    }

    /// Shows the search what it may see by now.
    pub(super) fn show(&mut self, now: i64) {
        while let Some((visible, _)) = self.index.pending.front() {
            if *visible > now {
                return;
            }
            let Some((_, record)) = self.index.pending.pop_front() else {
                return;
            };
            let Some(row) = self.rows.get_mut(&record.id) else {
                continue;
            };
            if let Some(seen) = row.found.take() {
                self.index.by_update.remove((seen.updated, seen.id));
                self.index.by_id.remove((0, seen.id));
            }
            if record.archived.is_none() {
                self.index.by_update.insert((record.updated, record.id));
                self.index.by_id.insert((0, record.id));
                row.found = Some(record);
            }
        }
    }

    /// A record, archived or not.
    pub(super) fn get(&self, id: u64) -> Option<&Row> {
        self.rows.get(&id)
    }

    pub(super) fn get_mut(&mut self, id: u64) -> Option<&mut Row> {
        self.rows.get_mut(&id)
    }

    /// A record that isn't archived.
    pub(super) fn live(&self, id: u64) -> Option<&Row> {
        self.get(id).filter(|row| row.record.archived.is_none())
    }

    /// The version of a record that the search sees.
    pub(super) fn found(&self, id: u64) -> Option<&Arc<Stored>> {
        self.rows.get(&id)?.found.as_ref()
    }

    /// The records from this id on, upwards.
    pub(super) fn from(&self, id: u64) -> impl Iterator<Item = &Row> {
        self.rows.range(id..).map(|(_, row)| row)
    }

    /// The greatest id.
    pub(super) fn last_id(&self) -> Option<u64> {
        self.rows.keys().next_back().copied()
    }

    /// The record that isn't archived and has this value of a unique property.
    pub(super) fn with_value(&self, place: Place, value: &str) -> Option<u64> {
        self.unique.get(&(place, value.to_lowercase())).copied()
    }

    fn note_unique(&mut self, record: &Stored) {
        if record.archived.is_none() {
            for place in self.schema.unique() {
                if let Some(value) = record.stored(place) {
                    self.unique.insert((place, value.to_lowercase()), record.id);
                }
            }
        }
    }

    fn forget_unique(&mut self, record: &Stored) {
        for place in self.schema.unique() {
            if let Some(value) = record.stored(place) {
                self.unique.remove(&(place, value.to_lowercase()));
            }
        }
    }
}
