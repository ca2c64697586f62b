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

/// An import that didn't end: it is at work, or was stopped.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct UnfinishedImport {
    /// When it began.
    pub started_at: String,
    /// Only records created at this moment or later.
    pub since: Option<String>,
    /// The kinds, as `call,task`.
    pub kinds: String,
    /// How many records were read.
    pub read: u64,
    /// How many there were when it began.
    pub total: u64,
}

impl Ledger {
    /// The imports that didn't end, in the order in which they began.
    ///
    /// # Errors
    /// If the statement fails.
    pub fn unfinished_imports(&self) -> Answer<Vec<UnfinishedImport>> {
        let mut statement = self.connection.prepare(
            "SELECT started_at, since, kinds, coalesce(sum(read), 0), coalesce(sum(total), 0) FROM imports
             LEFT JOIN import_objects ON import = id WHERE ended_at IS NULL GROUP BY id ORDER BY id",
        )?;
        let rows = statement.query_map([], |row| {
            Ok(UnfinishedImport {
                started_at: row.get(0)?,
                since: row.get(1)?,
                kinds: row.get(2)?,
                read: row.get(3)?,
                total: row.get(4)?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

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
