//! What has happened and isn't planned yet?

use super::{Answer, Ledger, milliseconds};
use jiff::Timestamp;
use rusqlite::{OptionalExtension, params};

/// Something that happened and isn't planned yet.
#[derive(Clone, Debug)]
pub struct NotPlanned {
    /// `kind:id`.
    pub activity: String,
    /// Of those that have this in common the first is another thing than the others.
    pub series: Option<String>,
    /// In the shape of the snapshot (JSON).
    pub seen: String,
}

/// So the names of facts begin that say of a kind why it has no feed.
const NO_FEED: &str = "no_feed/";

impl Ledger {
    /// Whether an activity was planned; what was left out for its kind or its window is planned anew.
    ///
    /// # Errors
    /// If the statement fails.
    pub fn is_planned(&self, activity: &str) -> Answer<bool> {
        Ok(self
            .connection
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM observations WHERE activity = ? AND reason NOT IN ('kind_disabled', 'before_window'))",
            )?
            .query_row([activity], |row| row.get(0))?)
    }

    /// Keeps something that happened until it is planned.
    ///
    /// # Errors
    /// If the statement fails.
    pub fn keep_happened(
        &self,
        happened: &NotPlanned,
        kind: &str,
        occurred_at: Timestamp,
    ) -> Answer<()> {
        self.connection
            .prepare_cached(
                "INSERT INTO happened (activity, kind, occurred_at, series, seen) VALUES (?, ?, ?, ?, ?) ON CONFLICT (activity) DO NOTHING",
            )?
            .execute(params![
                happened.activity,
                kind,
                milliseconds(occurred_at),
                happened.series,
                happened.seen
            ])?;
        Ok(())
    }

    /// The earliest of a kind that aren't planned yet.
    ///
    /// # Errors
    /// If the statement fails.
    pub fn not_planned(&self, kind: &str, limit: usize) -> Answer<Vec<NotPlanned>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT activity, series, seen FROM happened WHERE kind = ? ORDER BY occurred_at, activity LIMIT ?",
        )?;
        let rows = statement.query_map(
            params![kind, i64::try_from(limit).unwrap_or(i64::MAX)],
            |row| {
                Ok(NotPlanned {
                    activity: row.get(0)?,
                    series: row.get(1)?,
                    seen: row.get(2)?,
                })
            },
        )?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// They are planned, or nobody wants them.
    ///
    /// # Errors
    /// If a statement fails.
    pub fn forget_happened<'a>(&self, activities: impl IntoIterator<Item = &'a str>) -> Answer<()> {
        let mut statement = self
            .connection
            .prepare_cached("DELETE FROM happened WHERE activity = ?")?;
        for activity in activities {
            statement.execute([activity])?;
        }
        Ok(())
    }

    /// Nobody wants this kind: how far it was read is forgotten, and what isn't planned.
    ///
    /// # Errors
    /// If a statement fails.
    pub fn forget_kind(&self, kind: &str) -> Answer<()> {
        // `/` comes right before `0`.
        self.connection
            .prepare_cached(
                "DELETE FROM cursors WHERE feed = ?1 OR (feed > ?1 || '/' AND feed < ?1 || '0')",
            )?
            .execute([kind])?;
        self.connection
            .prepare_cached("DELETE FROM happened WHERE kind = ?")?
            .execute([kind])?;
        self.set_without_feed(kind, None)
    }

    /// Keeps why the account has no feed of a kind, or that it has one.
    ///
    /// # Errors
    /// If the statement fails.
    pub fn set_without_feed(&self, kind: &str, why: Option<&str>) -> Answer<()> {
        let name = format!("{NO_FEED}{kind}");
        if let Some(why) = why {
            return self.set_fact(&name, why);
        }
        self.connection
            .prepare_cached("DELETE FROM facts WHERE name = ?")?
            .execute([name])?;
        Ok(())
    }

    /// The kinds that are on and that the account has no feed of, and why.
    pub(super) fn without_feed(&self) -> Answer<Vec<(String, String)>> {
        let mut statement = self
            .connection
            .prepare("SELECT substr(name, 1 + length(?1)), value FROM facts WHERE substr(name, 1, length(?1)) = ?1 ORDER BY name")?;
        let rows = statement.query_map([NO_FEED], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Whether this activity is the first of its series; if there is none yet, it is.
    ///
    /// # Errors
    /// If a statement fails.
    pub fn is_first(&self, series: &str, activity: &str) -> Answer<bool> {
        let first: Option<String> = self
            .connection
            .prepare_cached("SELECT activity FROM firsts WHERE series = ?")?
            .query_row([series], |row| row.get(0))
            .optional()?;
        if let Some(first) = first {
            return Ok(first == activity);
        }
        self.connection
            .prepare_cached("INSERT INTO firsts (series, activity) VALUES (?, ?)")?
            .execute([series, activity])?;
        Ok(true)
    }
}
