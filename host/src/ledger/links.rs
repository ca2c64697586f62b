//! Which activity is which Task?

use super::{Answer, Ledger, json};
use rusqlite::OptionalExtension;
use serde_json::Value;

/// A link of an activity to its Task.
#[derive(Clone, Debug)]
pub struct LinkRow {
    /// `kind:id`.
    pub activity: String,
    /// The Task; none while its create isn't settled.
    pub task_id: Option<String>,
    /// `Task` or `Event`.
    pub object: String,
    /// `hubspot` or `salesforce`.
    pub origin: String,
    /// HubSpot id of the contact.
    pub contact: Option<String>,
    /// Fields both sides share.
    pub synced: Value,
    /// SystemModstamp when last settled.
    pub synced_at: String,
    /// The step of the ladder.
    pub assigned_by: Option<String>,
    /// Fields that were cut.
    pub cut: Value,
    /// Whether the Task is gone.
    pub task_deleted: bool,
}

impl Ledger {
    /// The link of an activity.
    ///
    /// # Errors
    /// If the statement fails.
    pub fn link(&self, activity: &str) -> Answer<Option<LinkRow>> {
        Ok(self
            .connection
            .prepare_cached("SELECT activity, task_id, object, origin, contact, synced, synced_at, assigned_by, cut, task_deleted FROM links WHERE activity = ?")?
            .query_row([activity], |row| {
                Ok(LinkRow {
                    activity: row.get(0)?,
                    task_id: row.get(1)?,
                    object: row.get(2)?,
                    origin: row.get(3)?,
                    contact: row.get(4)?,
                    synced: json(row, 5)?,
                    synced_at: row.get(6)?,
                    assigned_by: row.get(7)?,
                    cut: json(row, 8)?,
                    task_deleted: row.get(9)?,
                })
            })
            .optional()?)
    }
}
