//! Which imports were there, and how far did each get?

use super::{Answer, Ledger};
use jiff::Timestamp;
use rusqlite::{OptionalExtension, params};

/// What an import is to bring.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportScope {
    /// Records created at this moment or later; all, if none.
    pub since: Option<Timestamp>,
    /// The kinds, sorted, as `call,task`.
    pub kinds: String,
}

/// How far an import has read an object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportProgress {
    /// How many records there were when it began.
    pub total: u64,
    /// The job of the Bulk API that holds them; none where they are read page by page.
    pub job: Option<String>,
    /// Behind the last page that was planned: the job's locator, or the id of the last record.
    pub reached: Option<String>,
    /// How many records were read.
    pub read: u64,
    /// Whether all were.
    pub is_done: bool,
}

impl Ledger {
    /// The import of this scope that didn't end, the last one.
    ///
    /// # Errors
    /// If the statement fails.
    pub fn unfinished_import(&self, scope: &ImportScope) -> Answer<Option<i64>> {
        let found = self.connection.query_row(
            "SELECT id FROM imports WHERE ended_at IS NULL AND since IS ?1 AND kinds = ?2 ORDER BY id DESC LIMIT 1",
            params![since(scope), scope.kinds],
            |row| row.get(0),
        );
        Ok(found.optional()?)
    }

    /// Begins an import.
    ///
    /// # Errors
    /// If the statement fails.
    pub fn begin_import(&self, scope: &ImportScope, now: Timestamp) -> Answer<i64> {
        self.connection.execute(
            "INSERT INTO imports (started_at, since, kinds) VALUES (?, ?, ?)",
            params![now.to_string(), since(scope), scope.kinds],
        )?;
        Ok(self.connection.last_insert_rowid())
    }

    /// Ends an import.
    ///
    /// # Errors
    /// If the statement fails.
    pub fn end_import(&self, import: i64, now: Timestamp) -> Answer<()> {
        self.connection.execute(
            "UPDATE imports SET ended_at = ? WHERE id = ?",
            params![now.to_string(), import],
        )?;
        Ok(())
    }

    /// How far an import has read an object; none if it hasn't begun with it.
    ///
    /// # Errors
    /// If the statement fails.
    pub fn import_progress(&self, import: i64, object: &str) -> Answer<Option<ImportProgress>> {
        let found = self.connection.query_row(
            "SELECT total, job, reached, read, is_done FROM import_objects WHERE import = ? AND object = ?",
            params![import, object],
            |row| {
                Ok(ImportProgress {
                    total: row.get(0)?,
                    job: row.get(1)?,
                    reached: row.get(2)?,
                    read: row.get(3)?,
                    is_done: row.get(4)?,
                })
            },
        );
        Ok(found.optional()?)
    }

    /// Keeps how far an import has read an object.
    ///
    /// # Errors
    /// If the statement fails.
    pub fn set_import_progress(
        &self,
        import: i64,
        object: &str,
        progress: &ImportProgress,
    ) -> Answer<()> {
        self.connection
            .prepare_cached(
                "INSERT INTO import_objects (import, object, total, job, reached, read, is_done) VALUES (?, ?, ?, ?, ?, ?, ?)
                 ON CONFLICT (import, object) DO UPDATE SET total = excluded.total, job = excluded.job, reached = excluded.reached,
                 read = excluded.read, is_done = excluded.is_done",
            )?
            .execute(params![
                import,
                object,
                progress.total,
                progress.job,
                progress.reached,
                progress.read,
                progress.is_done
            ])?;
        Ok(())
    }
}

fn since(scope: &ImportScope) -> Option<String> {
    scope.since.map(|since| since.to_string())
}
