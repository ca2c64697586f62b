//! What changed and what was deleted between two moments.

use jiff::Timestamp;
use serde_json::json;

use super::error::Refusal;
use super::org::Org;
use super::request::Call;
use super::route::Caller;
use super::row::Row;
use super::value::{floor_second, written};
use crate::front::Answer;

const MINUTE: i64 = 60;
const DAY: i64 = 24 * 60 * MINUTE;
/// How far back changes are known, and deletions.
const UPDATED_SINCE: i64 = 30 * DAY;
const DELETED_SINCE: i64 = 15 * DAY;
/// The most ids that one answer holds.
const MOST: usize = 600_000;

pub(super) fn updated(
    org: &Org,
    call: &Call,
    table: usize,
    caller: Caller,
) -> Result<Answer, Refusal> {
    let span = Span::of(call, caller, UPDATED_SINCE)?;
    let ids: Vec<_> = span
        .rows(org, table, false)?
        .iter()
        .map(|row| row.system.id.to_string())
        .collect();
    Answer::ok(&json!({ "ids": ids, "latestDateCovered": span.covered(caller) }))
}

pub(super) fn deleted(
    org: &Org,
    call: &Call,
    table: usize,
    caller: Caller,
) -> Result<Answer, Refusal> {
    let span = Span::of(call, caller, DELETED_SINCE)?;
    let records: Vec<_> = span
        .rows(org, table, true)?
        .iter()
        .map(|row| json!({ "id": row.system.id.to_string(), "deletedDate": written(row.system.modified) }))
        .collect();
    Answer::ok(&json!({
        "deletedRecords": records,
        "earliestDateAvailable": written(org.created.min(caller.now() - DELETED_SINCE)),
        "latestDateCovered": span.covered(caller),
    }))
}

/// Whole minutes from `start` until before `end`.
struct Span {
    start: i64,
    end: i64,
}

impl Span {
    fn of(call: &Call, caller: Caller, since: i64) -> Result<Self, Refusal> {
        let (start, end) = (moment(call, "start")?, moment(call, "end")?);
        if end < start.saturating_add(MINUTE) {
            return Err(invalid(
                "endDate must be at least one minute greater than startDate",
            ));
        }
        if start < caller.now() - since - MINUTE {
            let message = format!("startDate cannot be more than {} days ago", since / DAY);
            return Err(invalid(&message));
        }
        Ok(Self { start, end })
    }

    fn rows<'o>(
        &self,
        org: &'o Org,
        table: usize,
        is_deleted: bool,
    ) -> Result<Vec<&'o Row>, Refusal> {
        let table = &org.tables[table];
        let rows: Vec<_> = table
            .in_modified_order(self.start, self.end - 1)
            .filter_map(|slot| table.row(slot))
            .filter(|row| row.system.is_deleted == is_deleted)
            .take(MOST + 1)
            .collect();
        if rows.len() > MOST {
            let message = format!("more than {MOST} ids in the given timespan");
            return Err(Refusal::bad("EXCEEDED_ID_LIMIT", message));
        }
        Ok(rows)
    }

    fn covered(&self, caller: Caller) -> String {
        written(self.end.min(minute(caller.now())))
    }
}

/// A plus that wasn't escaped has become a space.
fn moment(call: &Call, name: &str) -> Result<i64, Refusal> {
    let text = call
        .parameter(name)
        .ok_or_else(|| invalid(&format!("{name} is missing")))?
        .replace(' ', "+");
    let moment: Timestamp = text
        .parse()
        .map_err(|_| invalid(&format!("{name} is no date and time: {text}")))?;
    Ok(minute(floor_second(moment)))
}

fn minute(second: i64) -> i64 {
    second.div_euclid(MINUTE) * MINUTE
}

fn invalid(message: &str) -> Refusal {
    Refusal::bad("INVALID_REPLICATION_DATE", message)
}
