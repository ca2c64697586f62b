//! What is remembered between passes: cursors, observations, decisions, links, intents. SQLite; one writer.

mod conflicts;
mod cursors;
mod decisions;
mod destination;
mod happened;
mod health;
mod imports;
mod inbound;
mod intents;
mod known_contacts;
mod links;
mod observations;
mod passes;
mod schema;
mod waiting;

pub use conflicts::Conflict;
pub use cursors::FeedCursor;
pub use decisions::{DecisionRow, NewDecision};
pub use destination::Destination;
pub use happened::NotPlanned;
pub use health::Health;
pub use imports::{ImportProgress, ImportScope, UnfinishedImport};
pub use inbound::{Inbound, KeptRefusal, Took};
pub use intents::{ErrorText, Intent, Outcome};
pub use known_contacts::KnownContactRow;
pub use links::{LinkRow, NewLink};
pub use observations::{LastSeen, Observation};
pub use passes::{LastPass, PassFailure};
pub use waiting::{
    Awaited, AwaitedContact, NoticedContact, NoticedPerson, WaitingContact, WaitingFor,
    awaited_email, awaited_person,
};

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row};
use serde_json::Value;
use std::fs::{File, TryLockError};
use std::path::Path;

/// Why the ledger can't be used.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The file can't be opened or brought up to date.
    #[error("the ledger {path} can't be opened: {reason}")]
    Open {
        /// The file.
        path: String,
        /// SQLite's words.
        reason: String,
    },
    /// Another program is at work on it.
    #[error("another crosswalk is at work on the ledger {path}")]
    InUse {
        /// The file.
        path: String,
    },
    /// A statement failed.
    #[error("the ledger can't be used: {0}")]
    Statement(#[from] rusqlite::Error),
}

impl LedgerError {
    /// Whether another program writes to it at the moment.
    pub fn is_busy(&self) -> bool {
        let code = match self {
            Self::Statement(error) => error.sqlite_error_code(),
            Self::Open { .. } | Self::InUse { .. } => None,
        };
        code == Some(rusqlite::ErrorCode::DatabaseBusy)
    }

    /// What helps.
    pub fn what_to_do(&self) -> &'static str {
        if self.is_busy() {
            return "Another crosswalk writes to it for long, as `preview` does: try again when it has ended.";
        }
        match self {
            Self::Open { .. } => {
                "Check that the folder exists and can be written, that the disk isn't full, that the file is a ledger, and that no newer version of crosswalk wrote it."
            }
            Self::InUse { .. } => "Wait until it ends, or give another ledger by --ledger.",
            Self::Statement(_) => {
                "Check that the disk isn't full and that no other program writes to the file. What was recorded stays."
            }
        }
    }
}

type Answer<T> = Result<T, LedgerError>;

/// The ledger.
pub struct Ledger {
    connection: Connection,
    /// Held until the end.
    _alone: Option<File>,
}

impl Ledger {
    /// Opens the file for a pass, which no other program may do meanwhile: it would carry out the same plan a second time.
    ///
    /// # Errors
    /// If another one is at work on it, or as [`Ledger::open`].
    pub fn open_alone(path: &Path) -> Answer<Self> {
        let shown = path.display().to_string();
        let failed = |error: std::io::Error| LedgerError::Open {
            path: shown.clone(),
            reason: error.to_string(),
        };
        let lock = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(format!("{shown}.lock"))
            .map_err(failed)?;
        match lock.try_lock() {
            Ok(()) => Ok(Self {
                _alone: Some(lock),
                ..Self::open(path)?
            }),
            Err(TryLockError::WouldBlock) => Err(LedgerError::InUse { path: shown }),
            Err(TryLockError::Error(error)) => Err(failed(error)),
        }
    }

    /// Opens the file, creating it or bringing it up to date.
    ///
    /// # Errors
    /// If it can't be opened, or a newer version wrote it.
    pub fn open(path: &Path) -> Answer<Self> {
        Self::prepare(Connection::open(path), &path.display().to_string())
    }

    /// A ledger that is forgotten at the end.
    ///
    /// # Errors
    /// If SQLite fails.
    pub fn in_memory() -> Answer<Self> {
        Self::prepare(Connection::open_in_memory(), "in memory")
    }

    fn prepare(connection: rusqlite::Result<Connection>, path: &str) -> Answer<Self> {
        let failed = |reason: String| LedgerError::Open {
            path: path.to_owned(),
            reason,
        };
        let mut connection = connection.map_err(|error| failed(error.to_string()))?;
        connection
            .execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = OFF; PRAGMA cache_size = -16000;")
            .map_err(|error| failed(error.to_string()))?;
        connection
            .busy_timeout(std::time::Duration::from_secs(5))
            .map_err(|error| failed(error.to_string()))?;
        schema::migrations()
            .to_latest(&mut connection)
            .map_err(|error| failed(error.to_string()))?;
        connection.set_prepared_statement_cache_capacity(64);
        Ok(Self {
            connection,
            _alone: None,
        })
    }

    /// Begins what `commit` keeps and `roll_back` forgets.
    ///
    /// # Errors
    /// If another process writes.
    pub fn begin(&self) -> Answer<()> {
        Ok(self.connection.execute_batch("BEGIN IMMEDIATE")?)
    }

    /// Keeps what was written since `begin`.
    ///
    /// # Errors
    /// If the disk is full.
    pub fn commit(&self) -> Answer<()> {
        Ok(self.connection.execute_batch("COMMIT")?)
    }

    /// Forgets what was written since `begin`.
    ///
    /// # Errors
    /// If nothing was begun.
    pub fn roll_back(&self) -> Answer<()> {
        Ok(self.connection.execute_batch("ROLLBACK")?)
    }

    /// Keeps all that is written in here, or nothing.
    ///
    /// # Errors
    /// If the work fails, or the ledger.
    pub fn at_once<T, E: From<LedgerError>>(
        &self,
        work: impl FnOnce() -> Result<T, E>,
    ) -> Result<T, E> {
        self.begin()?;
        match work() {
            Ok(done) => {
                self.commit()?;
                Ok(done)
            }
            Err(error) => {
                self.roll_back()?;
                Err(error)
            }
        }
    }

    /// Something that was found out once and doesn't change.
    ///
    /// # Errors
    /// If the statement fails.
    pub fn fact(&self, name: &str) -> Answer<Option<String>> {
        Ok(self
            .connection
            .prepare_cached("SELECT value FROM facts WHERE name = ?")?
            .query_row([name], |row| row.get(0))
            .optional()?)
    }

    /// Keeps such a thing.
    ///
    /// # Errors
    /// If the statement fails.
    pub fn set_fact(&self, name: &str, value: &str) -> Answer<()> {
        self.connection
            .prepare_cached("INSERT INTO facts (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value")?
            .execute([name, value])?;
        Ok(())
    }
}

/// Always as long, so that text compares as time does.
fn milliseconds(moment: Timestamp) -> String {
    moment.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
}

fn whole_seconds(moment: Timestamp) -> String {
    moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn json(row: &Row<'_>, column: usize) -> rusqlite::Result<Value> {
    let text: String = row.get(column)?;
    serde_json::from_str(&text).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(
            column,
            rusqlite::types::Type::Text,
            Box::new(error),
        )
    })
}
