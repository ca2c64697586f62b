//! How much the org takes, and how much it holds.

use serde_json::{Map, Value as Json, json};

use super::error::Refusal;
use super::jobs::DAILY_JOBS;
use super::org::Org;
use super::request::Call;
use super::route::Caller;
use crate::front::Answer;

/// The limits that nothing here uses up.
const UNTOUCHED: [(&str, u64); 7] = [
    ("ConcurrentAsyncGetReportInstances", 200),
    ("ConcurrentSyncReportRuns", 20),
    ("DailyAsyncApexExecutions", 250_000),
    ("DailyBulkApiBatches", 15_000),
    ("DailyDeliveredPlatformEvents", 50_000),
    ("HourlyAsyncReportRuns", 1_200),
    ("HourlySyncReportRuns", 500),
];
const STORAGE_MB: u64 = 10_240;
/// Salesforce counts 2 KB a record, whatever is in it.
const RECORDS_A_MB: usize = 512;

pub(super) fn all(org: &Org, caller: Caller) -> Result<Answer, Refusal> {
    let records: usize = org.tables.iter().map(|table| table.count()).sum();
    let stored = u64::try_from(records / RECORDS_A_MB).unwrap_or(u64::MAX);
    let used = org.usage.used(caller.now());
    let limits = [
        ("DailyApiRequests", org.usage.max(), used),
        ("DataStorageMB", STORAGE_MB, stored),
        (
            "DailyBulkV2QueryJobs",
            DAILY_JOBS,
            org.jobs.of_the_day(caller.now()),
        ),
    ]
    .into_iter()
    .chain(UNTOUCHED.map(|(name, max)| (name, max, 0)));
    let limits: Map<String, Json> = limits
        .map(|(name, max, used)| {
            let limit = json!({ "Max": max, "Remaining": max.saturating_sub(used) });
            (name.to_owned(), limit)
        })
        .collect();
    Answer::ok(&limits)
}

/// How many records there are of the sobjects that were asked for, or of all.
pub(super) fn record_count(org: &Org, call: &Call) -> Result<Answer, Refusal> {
    let wanted = call.values("sObjects");
    let counts: Vec<_> = org
        .tables
        .iter()
        .filter(|table| {
            wanted.as_ref().is_none_or(|names| {
                names
                    .iter()
                    .any(|name| name.eq_ignore_ascii_case(table.sobject.name))
            })
        })
        .map(|table| json!({ "count": table.count(), "name": table.sobject.name }))
        .collect();
    Answer::ok(&json!({ "sObjects": counts }))
}
