//! Which activity is which Task?

use super::{Answer, Ledger, json};
use rusqlite::{OptionalExtension, Row, params};
use serde_json::Value;

/// A link of an activity to its Salesforce record.
#[derive(Clone, Debug)]
pub struct LinkRow {
    /// `kind:id`.
    pub activity: String,
    /// The Task, or the Event; none while its create isn't settled.
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
    /// Whether the Salesforce record is gone.
    pub task_deleted: bool,
    /// Whether the activity is gone.
    pub activity_deleted: bool,
    /// HubSpot's time of what was last written there.
    pub activity_written_at: Option<String>,
}

/// A record of Salesforce that HubSpot has now as we wrote it.
#[derive(Clone, Debug)]
pub struct NewLink<'a> {
    /// `kind:id`.
    pub activity: &'a str,
    /// The Task, or the Event.
    pub task_id: &'a str,
    /// `Task` or `Event`.
    pub object: &'a str,
    /// HubSpot id of the contact, of a new one.
    pub contact: Option<&'a str>,
    /// Fields both sides share.
    pub synced: &'a Value,
    /// The record's SystemModstamp.
    pub synced_at: &'a str,
    /// The step by which the owner was found, where one was written.
    pub assigned_by: Option<&'a str>,
    /// HubSpot's time of the write.
    pub written_at: &'a str,
}

const COLUMNS: &str = "activity, task_id, object, origin, contact, synced, synced_at, assigned_by, cut, task_deleted, activity_deleted, activity_written_at";

impl Ledger {
    /// The link of an activity.
    ///
    /// # Errors
    /// If the statement fails.
    pub fn link(&self, activity: &str) -> Answer<Option<LinkRow>> {
        Ok(self
            .connection
            .prepare_cached(&format!("SELECT {COLUMNS} FROM links WHERE activity = ?"))?
            .query_row([activity], link)
            .optional()?)
    }

    /// The links of a Salesforce record, by the first 15 characters of its id.
    ///
    /// # Errors
    /// If the statement fails.
    pub fn links_of_record(&self, salesforce_id: &str) -> Answer<Vec<LinkRow>> {
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM links WHERE substr(task_id, 1, 15) = ? ORDER BY activity"
        ))?;
        let rows = statement.query_map([salesforce_id], link)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// HubSpot has the activity as we wrote it.
    pub(super) fn link_activity(&self, new: &NewLink<'_>) -> Answer<()> {
        self.connection
            .prepare_cached(
                "INSERT INTO links (activity, task_id, object, origin, contact, synced, synced_at, assigned_by, activity_written_at)
                 VALUES (?, ?, ?, 'salesforce', ?, ?, ?, ?, ?)
                 ON CONFLICT (activity) DO UPDATE SET synced = excluded.synced, synced_at = excluded.synced_at,
                 assigned_by = coalesce(excluded.assigned_by, assigned_by), activity_written_at = excluded.activity_written_at",
            )?
            .execute(params![
                new.activity,
                new.task_id,
                new.object,
                new.contact,
                new.synced.to_string(),
                new.synced_at,
                new.assigned_by,
                new.written_at
            ])?;
        Ok(())
    }

    /// The activity isn't in HubSpot any more.
    pub(super) fn activity_is_gone(&self, activity: &str) -> Answer<()> {
        self.connection
            .prepare_cached("UPDATE links SET activity_deleted = 1 WHERE activity = ?")?
            .execute([activity])?;
        Ok(())
    }
}

fn link(row: &Row<'_>) -> rusqlite::Result<LinkRow> {
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
        activity_deleted: row.get(10)?,
        activity_written_at: row.get(11)?,
    })
}
