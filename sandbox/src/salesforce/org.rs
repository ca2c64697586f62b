//! The state of an org: its tables, who may call, how much was called, what is locked.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

use serde_json::{Map, Value as Json, json};

use super::data::{Generated, Record, SalesforceData, Trigger, ValidationRule};
use super::id::RecordId;
use super::jobs::Jobs;
use super::row::{Row, System};
use super::schema::{
    CREATED_BY, CREATED_DATE, ID, IS_DELETED, MODIFIED_BY, MODIFIED_DATE, SYSTEM_FIELDS,
    SYSTEM_MODSTAMP, sobjects,
};
use super::soql::Found;
use super::table::{Slot, Table};
use super::value::{Value, from_json};
use super::{derive, session::Sessions, trigger, usage::Usage};

/// An org.
pub(super) struct Org {
    pub(super) organization_id: String,
    /// Since when its sobjects are as they are.
    pub(super) created: i64,
    pub(super) tables: Vec<Table>,
    pub(super) sessions: Sessions,
    pub(super) usage: Usage,
    pub(super) cursors: Cursors,
    pub(super) jobs: Jobs,
    pub(super) closed_statuses: HashSet<String>,
    pub(super) high_priorities: HashSet<String>,
    pub(super) validation_rules: Vec<ValidationRule>,
    pub(super) triggers: Vec<Trigger>,
    /// How many more writes find each of these parents locked.
    pub(super) locked: HashMap<RecordId, u32>,
    /// Seeded records that couldn't be taken, and why.
    rejected: Vec<String>,
    journal: Vec<Undo>,
}

/// How a write is taken back.
enum Undo {
    Insert {
        table: usize,
    },
    Replace {
        table: usize,
        slot: Slot,
        row: Box<Row>,
    },
}

/// The open queries: results that a client may fetch the rest of.
#[derive(Default)]
pub(super) struct Cursors {
    open: VecDeque<Cursor>,
    next: u64,
}

/// What a query found, and how much of it a page has.
pub(super) struct Cursor {
    locator: String,
    ends: i64,
    pub(super) found: Found,
    pub(super) size: usize,
}

/// Who keeps more queries open than this loses the oldest.
const OPEN_CURSORS: usize = 50;
const CURSOR_SECONDS: i64 = 2 * 24 * 60 * 60;

impl Cursors {
    pub(super) fn open(&mut self, found: Found, size: usize, now: i64) -> String {
        self.next += 1;
        let locator = RecordId::new("01g", self.next).to_string();
        self.open.push_back(Cursor {
            locator: locator.clone(),
            ends: now.saturating_add(CURSOR_SECONDS),
            found,
            size,
        });
        if self.open.len() > OPEN_CURSORS {
            self.open.pop_front();
        }
        locator
    }

    pub(super) fn get(&self, locator: &str, now: i64) -> Option<&Cursor> {
        self.open
            .iter()
            .find(|cursor| cursor.locator == locator && now < cursor.ends)
    }
}

impl Org {
    pub(super) fn new(data: SalesforceData, now: i64) -> Self {
        let folded = |label: &str| label.to_lowercase();
        let mut org = Self {
            tables: sobjects(&data).into_iter().map(Table::new).collect(),
            sessions: Sessions::new(&data),
            usage: Usage::new(data.daily_api_requests, data.used_api_requests, now),
            cursors: Cursors::default(),
            jobs: Jobs::default(),
            closed_statuses: data
                .task_statuses
                .iter()
                .filter(|s| s.is_closed)
                .map(|s| folded(&s.label))
                .collect(),
            high_priorities: data
                .task_priorities
                .iter()
                .filter(|p| p.is_high_priority)
                .map(|p| folded(&p.label))
                .collect(),
            validation_rules: data.validation_rules.clone(),
            triggers: Vec::new(),
            organization_id: data.organization_id.clone(),
            locked: data
                .locked
                .iter()
                .filter_map(|(id, writes)| Some((RecordId::parse(id)?, *writes)))
                .collect(),
            created: now,
            rejected: Vec::new(),
            journal: Vec::new(),
        };
        let triggers = data.triggers.clone();
        org.load(data, now);
        if let Err(wrong) = org.set_triggers(triggers) {
            org.reject(wrong);
        }
        org
    }

    /// Users first, and who is referred to before who refers, since derived fields look there.
    fn load(&mut self, mut data: SalesforceData, now: i64) {
        let mut lists = vec![
            ("TaskStatus", status_records(&data)),
            ("TaskPriority", priority_records(&data)),
        ];
        for sobject in [
            "User",
            "Group",
            "Account",
            "Contact",
            "Lead",
            "Opportunity",
            "Task",
            "Event",
            "EmailMessage",
        ] {
            lists.push((sobject, data.records.remove(sobject).unwrap_or_default()));
        }
        for (sobject, records) in lists {
            for record in records {
                self.take(sobject, Json::Object(record), now);
            }
        }
        for Generated {
            sobject,
            number,
            make,
        } in &data.generated
        {
            for record in (1..=*number).map(|number| make(number)) {
                self.take(sobject, record, now);
            }
        }
        for sobject in data.records.keys() {
            self.reject(format!("{sobject}: no such sobject"));
        }
        self.journal.clear();
    }

    fn take(&mut self, sobject: &str, record: Json, now: i64) {
        let taken = match &record {
            Json::Object(fields) => self.seed(sobject, fields, now),
            _ => Err("no JSON object".to_owned()),
        };
        if let Err(reason) = taken {
            self.reject(format!("{sobject}: {reason}: {record}"));
        }
    }

    /// Has these triggers from now on, unless one of them is wrong.
    pub(super) fn set_triggers(&mut self, triggers: Vec<Trigger>) -> Result<(), String> {
        if let Some(wrong) = triggers.iter().find_map(|held| trigger::wrong(self, held)) {
            return Err(wrong);
        }
        self.triggers = triggers;
        Ok(())
    }

    fn reject(&mut self, message: String) {
        tracing::error!("seeded record not taken: {message}");
        self.rejected.push(message);
    }

    fn seed(&mut self, sobject: &str, record: &Record, now: i64) -> Result<(), String> {
        let index = self.table_named(sobject).ok_or("no such sobject")?;
        let fields = &self.tables[index].sobject.fields;
        let mut values = vec![Value::Null; fields.len()];
        for (name, json) in record {
            let place = self.tables[index]
                .sobject
                .place(name)
                .ok_or_else(|| format!("no field {name}"))?;
            values[place] = from_json(&fields[place], json).map_err(|refusal| refusal.message)?;
        }
        if record.is_empty() {
            return Err("an empty record".to_owned());
        }
        let table = &mut self.tables[index];
        let id = values[ID].id().unwrap_or_else(|| table.next_id());
        if id.prefix() != table.sobject.prefix {
            return Err(format!(
                "its Id doesn't begin with {}",
                table.sobject.prefix
            ));
        }
        let instant = |place: usize| match values[place] {
            Value::Instant(second) => Some(second),
            _ => None,
        };
        let created = instant(CREATED_DATE).unwrap_or(now);
        let modified = instant(SYSTEM_MODSTAMP)
            .or(instant(MODIFIED_DATE))
            .unwrap_or(created);
        let user = self.sessions.integration_user();
        let created_by = values[CREATED_BY].id().unwrap_or(user);
        let system = System {
            id,
            is_deleted: values[IS_DELETED].is_true(),
            created,
            created_by,
            modified,
            modified_by: values[MODIFIED_BY].id().unwrap_or(created_by),
        };
        derive::defaults(self, index, &mut values, created_by);
        derive::derive(self, index, None, &mut values, modified);
        let row = Row::new(system, &values);
        self.tables[index]
            .insert(row)
            .map(|_| ())
            .ok_or_else(|| format!("there is a record {id} already"))
    }

    pub(super) fn table_named(&self, name: &str) -> Option<usize> {
        self.tables
            .iter()
            .position(|table| table.sobject.name.eq_ignore_ascii_case(name))
    }

    pub(super) fn table_of(&self, id: RecordId) -> Option<usize> {
        self.tables
            .iter()
            .position(|table| table.sobject.prefix == id.prefix())
    }

    /// The record with this id, deleted or not, with its table.
    pub(super) fn record(&self, id: RecordId) -> Option<(&Table, &Row)> {
        let table = self.tables.get(self.table_of(id)?)?;
        Some((table, table.get(id)?))
    }

    /// The value of a field of a record.
    pub(super) fn field_of(&self, id: RecordId, name: &str) -> Value<'_> {
        self.record(id)
            .and_then(|(table, row)| Some(row.value(table.sobject.place(name)?)))
            .unwrap_or(Value::Null)
    }

    pub(super) fn insert(&mut self, table: usize, row: Row) -> Option<Slot> {
        let slot = self.tables.get_mut(table)?.insert(row)?;
        self.journal.push(Undo::Insert { table });
        Some(slot)
    }

    pub(super) fn replace(&mut self, table: usize, slot: Slot, row: Row) {
        let old = self
            .tables
            .get_mut(table)
            .and_then(|table| table.replace(slot, row));
        if let Some(row) = old {
            self.journal.push(Undo::Replace {
                table,
                slot,
                row: Box::new(row),
            });
        }
    }

    /// A point that [`Org::roll_back`] can return to, until the journal is closed.
    pub(super) fn savepoint(&self) -> usize {
        self.journal.len()
    }

    pub(super) fn roll_back(&mut self, savepoint: usize) {
        while self.journal.len() > savepoint {
            match self.journal.pop() {
                Some(Undo::Insert { table }) => self.tables[table].remove_last(),
                Some(Undo::Replace { table, slot, row }) => {
                    self.tables[table].replace(slot, *row);
                }
                None => return,
            }
        }
    }

    pub(super) fn close_journal(&mut self) {
        self.journal.clear();
    }

    /// Everything, for tests and for people: of each record the fields that have a value.
    pub(super) fn to_json(&self, now: i64) -> Json {
        let sobjects: BTreeMap<_, _> = self
            .tables
            .iter()
            .map(|table| {
                let records: Vec<_> = table
                    .in_id_order(std::ops::Bound::Unbounded)
                    .filter_map(|slot| {
                        let mut record = record_json(table, table.row(slot)?);
                        record.retain(|_, value| !value.is_null());
                        Some(Json::Object(record))
                    })
                    .collect();
                (table.sobject.name, records)
            })
            .collect();
        json!({
            "organizationId": self.organization_id,
            "sobjects": sobjects,
            "apiRequests": { "used": self.usage.used(now), "max": self.usage.max() },
            "rejected": self.rejected,
        })
    }
}

/// All fields of a record.
pub(super) fn record_json(table: &Table, row: &Row) -> Map<String, Json> {
    let values = row.values(table.sobject.fields.len());
    table
        .sobject
        .fields
        .iter()
        .zip(&values)
        .map(|(field, value)| (field.name.clone(), value.to_json()))
        .collect()
}

fn status_records(data: &SalesforceData) -> Vec<Record> {
    list_records(data.task_statuses.iter().map(|status| {
        json!({ "ApiName": status.label, "MasterLabel": status.label, "IsClosed": status.is_closed, "IsDefault": status.is_default })
    }))
}

fn priority_records(data: &SalesforceData) -> Vec<Record> {
    list_records(data.task_priorities.iter().map(|priority| {
        json!({ "ApiName": priority.label, "MasterLabel": priority.label, "IsHighPriority": priority.is_high_priority, "IsDefault": priority.is_default })
    }))
}

fn list_records(values: impl Iterator<Item = Json>) -> Vec<Record> {
    values
        .zip(1..)
        .filter_map(|(mut value, order)| {
            value["SortOrder"] = json!(order);
            match value {
                Json::Object(record) => Some(record),
                _ => None,
            }
        })
        .collect()
}

// Every table begins with the system fields; what is packed begins behind them.
const _: () = assert!(SYSTEM_MODSTAMP + 1 == SYSTEM_FIELDS);
