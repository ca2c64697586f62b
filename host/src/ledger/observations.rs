//! What was seen of each activity, and which are planned again?

use super::{Answer, Ledger, json, whole_seconds};
use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row, params};
use serde_json::Value;

/// An activity as it was seen, and what was decided.
#[derive(Clone, Debug)]
pub struct Observation {
    /// `kind:id`.
    pub activity: String,
    /// In the shape of the snapshot.
    pub seen: Value,
    /// HubSpot's stamp.
    pub modified_at: Option<String>,
    /// When it was seen.
    pub seen_at: String,
    /// The action that holds.
    pub action: Option<String>,
    /// Its reason.
    pub reason: Option<String>,
}

/// How an activity was last seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastSeen {
    /// HubSpot's stamp.
    pub modified_at: Option<String>,
    /// The reason of the decision that holds.
    pub reason: Option<String>,
    /// Whether it was deleted.
    pub is_deleted: bool,
}

impl Ledger {
    /// How an activity was last seen; none if it never was.
    ///
    /// # Errors
    /// If the statement fails.
    pub fn last_seen(&self, activity: &str) -> Answer<Option<LastSeen>> {
        Ok(self
            .connection
            .prepare_cached(
                "SELECT modified_at, reason, coalesce(json_extract(seen, '$.deleted'), 0) FROM observations WHERE activity = ?",
            )?
            .query_row([activity], |row| {
                Ok(LastSeen {
                    modified_at: row.get(0)?,
                    reason: row.get(1)?,
                    is_deleted: row.get(2)?,
                })
            })
            .optional()?)
    }

    /// Whether anything of these kinds was ever seen.
    ///
    /// # Errors
    /// If the statement fails.
    pub fn has_seen_any(&self, kinds: &[&str]) -> Answer<bool> {
        let mut statement = self.connection.prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM observations WHERE activity >= ?1 AND activity < ?2)",
        )?;
        for kind in kinds {
            // `:` comes right before `;`.
            if statement.query_row([format!("{kind}:"), format!("{kind};")], |row| row.get(0))? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// What was seen of an activity.
    ///
    /// # Errors
    /// If the statement fails.
    pub fn observation(&self, activity: &str) -> Answer<Option<Observation>> {
        Ok(self
            .connection
            .prepare_cached("SELECT activity, seen, modified_at, seen_at, action, reason FROM observations WHERE activity = ?")?
            .query_row([activity], observation)
            .optional()?)
    }

    /// Activities that are planned again although they haven't changed, as they were seen.
    ///
    /// # Errors
    /// If the statement fails.
    pub fn to_plan_again(&self, after: &str, limit: usize) -> Answer<Vec<Observation>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT activity, seen, modified_at, seen_at, action, reason FROM observations
             WHERE plan_again = 1 AND activity > ? ORDER BY activity LIMIT ?",
        )?;
        let rows = statement.query_map(
            params![after, i64::try_from(limit).unwrap_or(i64::MAX)],
            observation,
        )?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Activities whose moment to be planned again has passed (C6, P6 c), as they were seen.
    ///
    /// # Errors
    /// If the statement fails.
    pub fn begun(&self, now: Timestamp, limit: usize) -> Answer<Vec<Observation>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT activity, seen, modified_at, seen_at, action, reason FROM observations WHERE plan_again_at < ? ORDER BY plan_again_at LIMIT ?",
        )?;
        let rows = statement.query_map(
            params![whole_seconds(now), i64::try_from(limit).unwrap_or(i64::MAX)],
            observation,
        )?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

pub(super) fn observation(row: &Row<'_>) -> rusqlite::Result<Observation> {
    Ok(Observation {
        activity: row.get(0)?,
        seen: json(row, 1)?,
        modified_at: row.get(2)?,
        seen_at: row.get(3)?,
        action: row.get(4)?,
        reason: row.get(5)?,
    })
}
