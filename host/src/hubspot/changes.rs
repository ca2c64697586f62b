//! What changed since a moment, each record at least once.
//!
//! HubSpot's search orders by one property only, and leaves the order of equal stamps open. So a page is cut
//! back to whole stamps, and a stamp that fills a page alone is read by id.

use http::Method;
use jiff::Timestamp;
use serde_json::{Value as Json, json};

use super::object::{Page, query};
use super::{HubSpot, ObjectRecord, ObjectType, VERSION};
use crate::api::Call;
use crate::calls::Effect;
use crate::error::ApiError;

/// The most records of a page of a search.
const PAGE: usize = 200;

/// How far one has read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// All that was changed before this is read.
    pub stamp: Timestamp,
    /// Of what was changed at `stamp` itself, all up to this id is read too; nothing, if absent.
    pub id: Option<String>,
}

impl Cursor {
    /// Reads all that was changed at this moment or later.
    pub fn from(stamp: Timestamp) -> Self {
        Self { stamp, id: None }
    }
}

/// Records that were changed, the earliest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedPage {
    /// The records.
    pub records: Vec<ObjectRecord>,
    /// Where the next page begins.
    pub next: Cursor,
    /// There is nothing more for now. `next` then begins with the last stamp again: more may appear at it.
    pub is_last: bool,
}

/// Records in the recycle bin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArchivedPage {
    /// The records.
    pub records: Vec<ObjectRecord>,
    /// Where the next page begins; none if this is the last.
    pub next: Option<String>,
}

impl HubSpot {
    /// The records that were changed, from a cursor on.
    pub async fn changed_page(
        &self,
        kind: ObjectType,
        after: &Cursor,
        properties: &[&str],
    ) -> Result<ChangedPage, ApiError> {
        if let Some(id) = &after.id {
            return self.same_stamp(kind, after.stamp, id, properties).await;
        }
        let modified = kind.modified_property();
        let filters = json!([filter(modified, "GTE", &milliseconds(after.stamp))]);
        let records = self.search(kind, filters, modified, properties).await?;
        match cut_back(records) {
            Cut::Whole(records) => {
                let next = records.last().map_or(after.stamp, |last| last.updated_at);
                Ok(ChangedPage {
                    records,
                    next: Cursor::from(next),
                    is_last: true,
                })
            }
            Cut::Before(stamp, records) => Ok(ChangedPage {
                records,
                next: Cursor::from(stamp),
                is_last: false,
            }),
            Cut::OneStamp(stamp) => self.same_stamp(kind, stamp, "0", properties).await,
        }
    }

    /// The records that were changed at this very moment, from an id on.
    async fn same_stamp(
        &self,
        kind: ObjectType,
        stamp: Timestamp,
        id: &str,
        properties: &[&str],
    ) -> Result<ChangedPage, ApiError> {
        let filters = json!([
            filter(kind.modified_property(), "EQ", &milliseconds(stamp)),
            filter("hs_object_id", "GT", id),
        ]);
        let records = self
            .search(kind, filters, "hs_object_id", properties)
            .await?;
        let next = match records.last() {
            Some(last) if records.len() >= PAGE => Cursor {
                stamp,
                id: Some(last.id.clone()),
            },
            // Stamps are whole milliseconds.
            _ => Cursor::from(
                Timestamp::from_millisecond(stamp.as_millisecond() + 1).unwrap_or(stamp),
            ),
        };
        Ok(ChangedPage {
            records,
            next,
            is_last: false,
        })
    }

    async fn search(
        &self,
        kind: ObjectType,
        filters: Json,
        sorted_by: &str,
        properties: &[&str],
    ) -> Result<Vec<ObjectRecord>, ApiError> {
        let body = json!({
            "filterGroups": [{ "filters": filters }],
            "sorts": [{ "propertyName": sorted_by, "direction": "ASCENDING" }],
            "properties": properties,
            "limit": PAGE,
        });
        let path = format!("/crm/objects/{VERSION}/{kind}/search");
        let call = Call::with_body(Method::POST, path, &body, Effect::Search, "changes");
        let page: Page<ObjectRecord> = self.api.read(call).await?;
        Ok(page.results)
    }

    /// The records in the recycle bin, by id. `after` is the `next` of the page before.
    pub async fn archived_page(
        &self,
        kind: ObjectType,
        after: Option<&str>,
        properties: &[&str],
    ) -> Result<ArchivedPage, ApiError> {
        let properties = properties.join(",");
        let mut parameters = vec![
            ("limit", "100"),
            ("archived", "true"),
            ("properties", &properties),
        ];
        parameters.extend(after.map(|after| ("after", after)));
        let path = format!("/crm/objects/{VERSION}/{kind}?{}", query(&parameters));
        let page: Page<ObjectRecord> = self.api.read(Call::get(path, "deletions")).await?;
        Ok(ArchivedPage {
            next: page.next(),
            records: page.results,
        })
    }
}

fn milliseconds(stamp: Timestamp) -> String {
    stamp.as_millisecond().to_string()
}

fn filter(property: &str, operator: &str, value: &str) -> Json {
    json!({ "propertyName": property, "operator": operator, "value": value })
}

/// What of a page is surely complete.
enum Cut {
    /// All of it, and there is no more.
    Whole(Vec<ObjectRecord>),
    /// All before this stamp, which may go on.
    Before(Timestamp, Vec<ObjectRecord>),
    /// Nothing: it is all one stamp, which may go on.
    OneStamp(Timestamp),
}

fn cut_back(mut records: Vec<ObjectRecord>) -> Cut {
    let Some(last) = records
        .last()
        .map(|last| last.updated_at)
        .filter(|_| records.len() >= PAGE)
    else {
        return Cut::Whole(records);
    };
    records.retain(|record| record.updated_at < last);
    if records.is_empty() {
        Cut::OneStamp(last)
    } else {
        Cut::Before(last, records)
    }
}
