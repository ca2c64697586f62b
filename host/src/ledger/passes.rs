//! Which passes were there, and how did they end?

use super::{Answer, Ledger};
use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row, params};

/// The last pass of `sync` or `retry`.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct LastPass {
    /// When it began.
    pub started_at: String,
    /// When it ended; none if it is at work, or was stopped.
    pub ended_at: Option<String>,
    /// SHA-256 of the module that decided.
    pub module: String,
    /// Why it ended early.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<PassFailure>,
}

/// Why a pass ended early.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct PassFailure {
    /// `retry`, `wait`, `permanent`, `fatal`.
    pub class: String,
    /// A stable code, such as `hubspot_unreachable`.
    pub code: String,
    /// What happened.
    pub message: String,
    /// What helps.
    pub what_to_do: String,
}

impl Ledger {
    /// Begins a pass.
    ///
    /// # Errors
    /// If the statement fails.
    pub fn begin_pass(&self, module: &str, now: Timestamp) -> Answer<i64> {
        self.connection.execute(
            "INSERT INTO passes (started_at, module) VALUES (?, ?)",
            params![now.to_string(), module],
        )?;
        Ok(self.connection.last_insert_rowid())
    }

    /// Ends a pass.
    ///
    /// # Errors
    /// If the statement fails.
    pub fn end_pass(&self, pass: i64, report: &str, now: Timestamp) -> Answer<()> {
        self.connection.execute(
            "UPDATE passes SET ended_at = ?, report = ? WHERE id = ?",
            params![now.to_string(), report, pass],
        )?;
        Ok(())
    }

    /// Ends a pass that failed.
    ///
    /// # Errors
    /// If the statement fails.
    pub fn fail_pass(&self, pass: i64, failure: &PassFailure, now: Timestamp) -> Answer<()> {
        self.connection.execute(
            "UPDATE passes SET ended_at = ?, error_class = ?, error_code = ?, error = ?, what_to_do = ? WHERE id = ?",
            params![
                now.to_string(),
                failure.class,
                failure.code,
                failure.message,
                failure.what_to_do,
                pass
            ],
        )?;
        Ok(())
    }

    pub(super) fn last_pass(&self) -> Answer<Option<LastPass>> {
        let mut statement = self.connection.prepare(
            "SELECT started_at, ended_at, module, error_class, error_code, error, what_to_do FROM passes ORDER BY id DESC LIMIT 1",
        )?;
        let found = statement.query_row([], |row| {
            Ok(LastPass {
                started_at: row.get(0)?,
                ended_at: row.get(1)?,
                module: row.get(2)?,
                failure: pass_failure(row)?,
            })
        });
        Ok(found.optional()?)
    }
}

fn pass_failure(row: &Row<'_>) -> rusqlite::Result<Option<PassFailure>> {
    let Some(code) = row.get("error_code")? else {
        return Ok(None);
    };
    Ok(Some(PassFailure {
        class: row.get("error_class")?,
        code,
        message: row.get("error")?,
        what_to_do: row.get("what_to_do")?,
    }))
}
