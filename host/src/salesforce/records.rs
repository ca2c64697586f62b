//! Tasks and Events, as they changed and as they are there.

use jiff::Timestamp;

use super::ids::may_be_id;
use super::query::{Among, changed_behind, literal, moment};
use super::record_fields::{ListedRecord, RecordObject, place};
use super::{Fields, Salesforce};
use crate::error::ApiError;
use crate::listed::Listed;

/// The most records of a page.
const PAGE: usize = 2_000;

/// How far one has read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordCursor {
    /// All that was changed before this is read.
    pub stamp: Timestamp,
    /// Of what was changed at `stamp` itself, all up to this id is read too; nothing, if empty.
    pub id: String,
}

impl RecordCursor {
    /// Reads all that was changed at this moment or later.
    pub fn from(stamp: Timestamp) -> Self {
        Self {
            stamp,
            id: String::new(),
        }
    }
}

/// Records, in the order in which they are read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordsPage {
    /// The records, and what of them can't be read.
    pub records: Vec<Listed<ListedRecord>>,
    /// Behind the last; none if nothing was read.
    pub next: Option<RecordCursor>,
    /// There is nothing more for now.
    pub is_last: bool,
}

impl Salesforce {
    /// The records that were changed behind a cursor, the earliest first; deleted and archived ones too. At most 2,000.
    pub async fn records_changed(
        &self,
        object: RecordObject,
        after: &RecordCursor,
        key_field: Option<&str>,
    ) -> Result<RecordsPage, ApiError> {
        let behind = changed_behind(after.stamp, &after.id);
        let which = format!("{behind} ORDER BY SystemModstamp, Id");
        self.page(object, &which, key_field, "changed records")
            .await
    }

    /// The records that are there, archived ones too, that were created at this moment or later and whose id is behind this one, by id.
    /// At most 2,000; the `id` of `next` is the `after` of the next page.
    pub async fn records_page(
        &self,
        object: RecordObject,
        since: Option<Timestamp>,
        after: Option<&str>,
        key_field: Option<&str>,
    ) -> Result<RecordsPage, ApiError> {
        let behind = after.map(|id| format!(" AND Id > {}", literal(id)));
        let behind = behind.unwrap_or_default();
        let which = format!("{}{behind} ORDER BY Id", present(since));
        self.page(object, &which, key_field, "records").await
    }

    /// The records with these ids, deleted and archived ones too. What is no id of such a record is left out, and so is a record that
    /// can't be read.
    pub async fn records_by_id(
        &self,
        object: RecordObject,
        ids: &[String],
        key_field: Option<&str>,
    ) -> Result<Vec<ListedRecord>, ApiError> {
        let ids = ids.iter().filter(|id| may_be_id(id, object.prefix()));
        let ids: Vec<String> = ids.cloned().collect();
        let rows: Vec<Fields> = loop {
            let soql = format!("{} WHERE Id IN", self.selection(object, key_field));
            match self
                .query_in(Among::All, &soql, &ids, "records by id")
                .await
            {
                Err(error) if self.leaves_out_more(object, &error).await => {}
                answer => break answer?,
            }
        };
        let records = rows
            .iter()
            .map(|row| ListedRecord::read(object, key_field, row));
        Ok(records.filter_map(readable).collect())
    }

    /// How many records are there, archived ones too, that were created at this moment or later.
    pub async fn count_records(
        &self,
        object: RecordObject,
        since: Option<Timestamp>,
    ) -> Result<u64, ApiError> {
        let soql = format!(
            "SELECT COUNT() FROM {} WHERE {}",
            object.name(),
            present(since)
        );
        self.count(Among::All, &soql, "count of records").await
    }

    async fn page(
        &self,
        object: RecordObject,
        which: &str,
        key_field: Option<&str>,
        purpose: &'static str,
    ) -> Result<RecordsPage, ApiError> {
        let rows: Vec<Fields> = loop {
            let select = self.selection(object, key_field);
            let soql = format!("{select} WHERE {which} LIMIT {PAGE}");
            match self.query(Among::All, &soql, purpose).await {
                Err(error) if self.leaves_out_more(object, &error).await => {}
                answer => break answer?,
            }
        };
        let next = rows.iter().rev().find_map(place);
        let next = next.map(|(stamp, id)| RecordCursor { stamp, id });
        let records = rows
            .iter()
            .map(|row| ListedRecord::read(object, key_field, row));
        Ok(RecordsPage {
            is_last: rows.len() < PAGE || next.is_none(),
            records: records.collect(),
            next,
        })
    }
}

/// Those that are there, archived ones too: only a query of all finds these.
pub(super) fn present(since: Option<Timestamp>) -> String {
    let since = since.map(|since| format!(" AND CreatedDate >= {}", moment(since)));
    format!("IsDeleted = false{}", since.unwrap_or_default())
}

fn readable(Listed(record): Listed<ListedRecord>) -> Option<ListedRecord> {
    record
        .inspect_err(|unreadable| {
            let id = unreadable.id.as_deref().unwrap_or("without id");
            tracing::warn!("the record {id} can't be read: {}", unreadable.message);
        })
        .ok()
}
