//! What is remembered between passes: cursors, observations, decisions, links, intents. SQLite; one writer.

mod schema;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};
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
    /// What helps.
    pub const fn what_to_do(&self) -> &'static str {
        match self {
            Self::Open { .. } => {
                "Check that the folder exists and can be written, that the file is a ledger, and that no newer version of crosswalk wrote it."
            }
            Self::InUse { .. } => "Wait until it ends, or give another ledger by --ledger.",
            Self::Statement(_) => {
                "Check that the disk isn't full and that no other program writes to the file. What was recorded stays."
            }
        }
    }
}

type Answer<T> = Result<T, LedgerError>;

/// How far a feed has been read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedCursor {
    /// `hs_lastmodifieddate` of the last record that was read.
    pub stamp: Timestamp,
    /// Its id.
    pub id: String,
}

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

/// A decision as it was made.
#[derive(Clone, Debug)]
pub struct DecisionRow {
    /// Row.
    pub id: i64,
    /// When.
    pub decided_at: String,
    /// SHA-256 of the module that decided.
    pub module: String,
    /// The whole decision.
    pub decision: Value,
}

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

/// Something to be written, or that was.
#[derive(Clone, Debug)]
pub struct Intent {
    /// Row.
    pub id: i64,
    /// `kind:id`.
    pub activity: String,
    /// The decision behind it.
    pub decision: i64,
    /// `create`, `update`, `delete`.
    pub action: String,
    /// The key (F11).
    pub key: String,
    /// The Task, where there is one.
    pub task_id: Option<String>,
    /// `pending`, `sent`, `done`, `refused`, `superseded`, `unsettled`.
    pub state: String,
    /// How often it was sent.
    pub attempts: u32,
    /// When it was made.
    pub created_at: String,
    /// When it was last sent.
    pub sent_at: Option<String>,
    /// When its outcome was known.
    pub settled_at: Option<String>,
    /// What came back.
    pub answer: Option<String>,
    /// `retry`, `wait`, `permanent`, `fatal`.
    pub error_class: Option<String>,
    /// Salesforce's code.
    pub error_code: Option<String>,
    /// Salesforce's words.
    pub error: Option<String>,
    /// What to do about it.
    pub what_to_do: Option<String>,
    /// What is written: the decision.
    pub body: Value,
}

/// A decision to be recorded with what it is about.
pub struct NewDecision<'a> {
    /// `kind:id`.
    pub activity: &'a str,
    /// Its kind.
    pub kind: &'a str,
    /// What was seen, in the shape of the snapshot.
    pub seen: &'a str,
    /// HubSpot's stamp.
    pub modified_at: Option<&'a str>,
    /// Action, reason, and the rest.
    pub action: &'a str,
    /// Reason.
    pub reason: &'a str,
    /// The key.
    pub key: Option<&'a str>,
    /// Of what it writes (P4).
    pub fingerprint: Option<&'a str>,
    /// The Task, where there is one.
    pub task_id: Option<&'a str>,
    /// The Task's WhoId: writes are sorted by it.
    pub who_id: Option<&'a str>,
    /// HubSpot id of the contact.
    pub contact: Option<&'a str>,
    /// The step of the ladder.
    pub assigned_by: Option<&'a str>,
    /// Whether it is planned again in every pass (P6 a).
    pub plan_again: bool,
    /// When it is planned again at the latest (P6 c).
    pub plan_again_at: Option<Timestamp>,
    /// The whole decision.
    pub decision: &'a str,
}

/// The outcome of an intent.
pub enum Outcome<'a> {
    /// Written and confirmed.
    Done {
        /// The Task.
        task_id: Option<&'a str>,
        /// Its fields as both sides now share them; none after a delete.
        synced: Option<&'a Value>,
        /// Its SystemModstamp.
        synced_at: &'a str,
    },
    /// To be tried again.
    Again {
        /// Not before this moment.
        not_before: Timestamp,
        /// Why.
        error: ErrorText<'a>,
    },
    /// Refused.
    Refused(ErrorText<'a>),
    /// It can't be found out whether it was written.
    Unsettled(ErrorText<'a>),
}

/// An error as an operator reads it.
#[derive(Clone, Copy, Debug)]
pub struct ErrorText<'a> {
    /// Class.
    pub class: &'a str,
    /// Salesforce's code.
    pub code: &'a str,
    /// Salesforce's words.
    pub message: &'a str,
    /// What to do.
    pub what_to_do: &'a str,
}

/// Numbers for `status`.
#[derive(Clone, Debug, Default, serde::Serialize)]
pub struct Health {
    /// Activities seen.
    pub activities: u64,
    /// Activities with a Task.
    pub linked: u64,
    /// Latest decisions by action and reason.
    pub by_reason: Vec<(String, String, u64)>,
    /// Intents by state.
    pub by_state: Vec<(String, u64)>,
    /// Cursors.
    pub cursors: Vec<(String, String)>,
    /// The last pass.
    pub last_pass: Option<LastPass>,
}

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

    /// How far a feed has been read.
    ///
    /// # Errors
    /// If the statement fails.
    pub fn cursor(&self, feed: &str) -> Answer<Option<FeedCursor>> {
        let found = self
            .connection
            .prepare_cached("SELECT stamp, id FROM cursors WHERE feed = ?")?
            .query_row([feed], |row| {
                Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
            })
            .optional()?;
        Ok(found.and_then(|(stamp, id)| {
            Some(FeedCursor {
                stamp: stamp.parse().ok()?,
                id,
            })
        }))
    }

    /// Moves a feed's cursor.
    ///
    /// # Errors
    /// If the statement fails.
    pub fn set_cursor(&self, feed: &str, cursor: &FeedCursor) -> Answer<()> {
        self.connection
            .prepare_cached("INSERT INTO cursors (feed, stamp, id) VALUES (?, ?, ?) ON CONFLICT (feed) DO UPDATE SET stamp = excluded.stamp, id = excluded.id")?
            .execute(params![feed, cursor.stamp.to_string(), cursor.id])?;
        Ok(())
    }

    /// Forgets a cursor.
    ///
    /// # Errors
    /// If the statement fails.
    pub fn forget_cursor(&self, feed: &str) -> Answer<()> {
        self.connection
            .prepare_cached("DELETE FROM cursors WHERE feed = ?")?
            .execute([feed])?;
        Ok(())
    }

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

    /// Records a decision, what it was about, and the intent to write, if it writes. The caller holds a transaction.
    ///
    /// # Errors
    /// If a statement fails.
    pub fn record(&self, new: &NewDecision<'_>, module: &str, now: Timestamp) -> Answer<()> {
        let seen_at = milliseconds(now);
        let now = now.to_string();
        let before = self
            .connection
            .prepare_cached(
                "SELECT d.id, d.action, d.reason, d.fingerprint, d.module FROM observations o JOIN decisions d ON d.id = o.decision WHERE o.activity = ?",
            )?
            .query_row([new.activity], |row| {
                Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?, row.get::<_, Option<String>>(3)?, row.get::<_, String>(4)?))
            })
            .optional()?;
        let writes = new.fingerprint.is_some();
        let decision = match before {
            Some((id, action, reason, fingerprint, by))
                if !writes
                    && action == new.action
                    && reason == new.reason
                    && fingerprint.as_deref() == new.fingerprint
                    && by == module =>
            {
                id
            }
            _ => {
                self.connection
                    .prepare_cached("INSERT INTO decisions (activity, decided_at, module, action, reason, fingerprint, decision) VALUES (?, ?, ?, ?, ?, ?, ?)")?
                    .execute(params![new.activity, now, module, new.action, new.reason, new.fingerprint, new.decision])?;
                self.connection.last_insert_rowid()
            }
        };
        self.connection
            .prepare_cached(
                "INSERT INTO observations (activity, kind, seen, modified_at, seen_at, decision, action, reason, plan_again, plan_again_at)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                 ON CONFLICT (activity) DO UPDATE SET seen = excluded.seen, modified_at = excluded.modified_at, seen_at = excluded.seen_at,
                 decision = excluded.decision, action = excluded.action, reason = excluded.reason,
                 plan_again = excluded.plan_again, plan_again_at = excluded.plan_again_at",
            )?
            .execute(params![
                new.activity,
                new.kind,
                new.seen,
                new.modified_at,
                seen_at,
                decision,
                new.action,
                new.reason,
                new.plan_again,
                new.plan_again_at.map(whole_seconds)
            ])?;
        match new.fingerprint {
            Some(fingerprint) => self.intend(new, decision, fingerprint, &now),
            // Whether a Task was made isn't known yet: what is on its way stays.
            None if new.reason == "write_unsettled" => Ok(()),
            None => self.withdraw(new.activity, &now),
        }
    }

    /// Nothing is to be written any more: what hasn't left doesn't leave.
    fn withdraw(&self, activity: &str, now: &str) -> Answer<()> {
        let withdrawn = self
            .connection
            .prepare_cached("UPDATE intents SET state = 'superseded', settled_at = ? WHERE activity = ? AND state IN ('pending', 'refused')")?
            .execute(params![now, activity])?;
        if withdrawn > 0 {
            self.connection
                .prepare_cached(
                    "DELETE FROM links WHERE activity = ?1 AND task_id IS NULL
                     AND NOT EXISTS (SELECT 1 FROM intents WHERE activity = ?1 AND state IN ('sent', 'unsettled'))",
                )?
                .execute([activity])?;
        }
        Ok(())
    }

    fn intend(
        &self,
        new: &NewDecision<'_>,
        decision: i64,
        fingerprint: &str,
        now: &str,
    ) -> Answer<()> {
        self.connection
            .prepare_cached("UPDATE intents SET state = 'superseded', settled_at = ? WHERE activity = ? AND state IN ('pending', 'refused')")?
            .execute(params![now, new.activity])?;
        self.connection
            .prepare_cached("INSERT INTO intents (activity, decision, action, key, task_id, who_id, fingerprint, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)")?
            .execute(params![new.activity, decision, new.action, new.key, new.task_id, new.who_id, fingerprint, now])?;
        if new.action == "create" {
            self.connection
                .prepare_cached(
                    "INSERT INTO links (activity, contact, synced_at, assigned_by) VALUES (?, ?, ?, ?)
                     ON CONFLICT (activity) DO UPDATE SET contact = excluded.contact, assigned_by = excluded.assigned_by",
                )?
                .execute(params![new.activity, new.contact, now, new.assigned_by])?;
        }
        Ok(())
    }

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

    /// Activities that are planned again although they haven't changed (P6 a), as they were seen; those that were planned at this
    /// moment or later are left out.
    ///
    /// # Errors
    /// If the statement fails.
    pub fn waiting(
        &self,
        planned_before: Timestamp,
        after: &str,
        limit: usize,
    ) -> Answer<Vec<Observation>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT activity, seen, modified_at, seen_at, action, reason FROM observations
             WHERE plan_again = 1 AND activity > ? AND seen_at < ? ORDER BY activity LIMIT ?",
        )?;
        let rows = statement.query_map(
            params![
                after,
                milliseconds(planned_before),
                i64::try_from(limit).unwrap_or(i64::MAX)
            ],
            observation,
        )?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Activities whose moment to be planned again has passed (P6 c), as they were seen.
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

    /// All decisions about an activity, the first one first.
    ///
    /// # Errors
    /// If the statement fails.
    pub fn decisions(&self, activity: &str) -> Answer<Vec<DecisionRow>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT id, decided_at, module, decision FROM decisions WHERE activity = ? ORDER BY id",
        )?;
        let rows = statement.query_map([activity], |row| {
            Ok(DecisionRow {
                id: row.get(0)?,
                decided_at: row.get(1)?,
                module: row.get(2)?,
                decision: json(row, 3)?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// All intents of an activity, the first one first.
    ///
    /// # Errors
    /// If the statement fails.
    pub fn intents_of(&self, activity: &str) -> Answer<Vec<Intent>> {
        self.intents(
            "i.activity = ?1 ORDER BY i.id LIMIT ?2",
            params![activity, i64::MAX],
        )
    }

    /// Intents in a state, those of one parent next to each other.
    ///
    /// # Errors
    /// If the statement fails.
    pub fn intents_in(
        &self,
        state: &str,
        action: &str,
        now: Timestamp,
        limit: usize,
    ) -> Answer<Vec<Intent>> {
        self.intents(
            "i.state = ?1 AND i.action = ?2 AND (i.not_before IS NULL OR i.not_before <= ?3) ORDER BY i.who_id, i.id LIMIT ?4",
            params![state, action, now.to_string(), i64::try_from(limit).unwrap_or(i64::MAX)],
        )
    }

    /// Intents that were refused, or whose outcome can't be found out, or that failed and are tried again.
    ///
    /// # Errors
    /// If the statement fails.
    pub fn failures(&self, limit: usize) -> Answer<Vec<Intent>> {
        self.intents(
            "i.state IN ('refused', 'unsettled') OR (i.state = 'pending' AND i.error IS NOT NULL) ORDER BY i.error_code, i.id LIMIT ?1",
            params![i64::try_from(limit).unwrap_or(i64::MAX)],
        )
    }

    fn intents(&self, condition: &str, parameters: impl rusqlite::Params) -> Answer<Vec<Intent>> {
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT i.id, i.activity, i.decision, i.action, i.key, i.task_id, i.state, i.attempts, i.created_at, i.sent_at, i.settled_at, i.answer,
             i.error_class, i.error_code, i.error, i.what_to_do, d.decision FROM intents i JOIN decisions d ON d.id = i.decision WHERE {condition}"
        ))?;
        let rows = statement.query_map(parameters, |row| {
            Ok(Intent {
                id: row.get(0)?,
                activity: row.get(1)?,
                decision: row.get(2)?,
                action: row.get(3)?,
                key: row.get(4)?,
                task_id: row.get(5)?,
                state: row.get(6)?,
                attempts: row.get(7)?,
                created_at: row.get(8)?,
                sent_at: row.get(9)?,
                settled_at: row.get(10)?,
                answer: row.get(11)?,
                error_class: row.get(12)?,
                error_code: row.get(13)?,
                error: row.get(14)?,
                what_to_do: row.get(15)?,
                body: json(row, 16)?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// How many intents are in a state.
    ///
    /// # Errors
    /// If the statement fails.
    pub fn count_in(&self, state: &str) -> Answer<u64> {
        Ok(self
            .connection
            .prepare_cached("SELECT count(*) FROM intents WHERE state = ?")?
            .query_row([state], |row| row.get(0))?)
    }

    /// Says that intents leave now; from here on their outcome is unknown until it is settled.
    ///
    /// # Errors
    /// If a statement fails.
    pub fn sending(&self, intents: &[Intent], now: Timestamp) -> Answer<()> {
        let now = now.to_string();
        let mut statement = self.connection.prepare_cached(
            "UPDATE intents SET state = 'sent', sent_at = ?, attempts = attempts + 1 WHERE id = ?",
        )?;
        for intent in intents {
            statement.execute(params![now, intent.id])?;
        }
        Ok(())
    }

    /// Records what became of an intent, and of the link.
    ///
    /// # Errors
    /// If a statement fails.
    pub fn settle(
        &self,
        intent: &Intent,
        outcome: &Outcome<'_>,
        answer: Option<&str>,
        now: Timestamp,
    ) -> Answer<()> {
        let now = now.to_string();
        let set = |state: &str,
                   not_before: Option<String>,
                   error: Option<&ErrorText<'_>>|
         -> Answer<()> {
            self.connection
                .prepare_cached(
                    "UPDATE intents SET state = ?, settled_at = ?, not_before = ?, answer = coalesce(?, answer),
                     error_class = ?, error_code = ?, error = ?, what_to_do = ? WHERE id = ?",
                )?
                .execute(params![
                    state,
                    now,
                    not_before,
                    answer,
                    error.map(|error| error.class),
                    error.map(|error| error.code),
                    error.map(|error| error.message),
                    error.map(|error| error.what_to_do),
                    intent.id
                ])?;
            Ok(())
        };
        match outcome {
            Outcome::Done {
                task_id,
                synced,
                synced_at,
            } => {
                set("done", None, None)?;
                match synced {
                    None => self
                        .connection
                        .prepare_cached("UPDATE links SET task_deleted = 1 WHERE activity = ?")?
                        .execute([&intent.activity])?,
                    Some(synced) => {
                        let cut = intent
                            .body
                            .get("cut")
                            .map_or_else(|| "[]".to_owned(), Value::to_string);
                        let assigned_by =
                            intent.body.pointer("/owner/step").and_then(Value::as_str);
                        let wrote_owner = intent.body.pointer("/task/OwnerId").is_some();
                        self.connection
                            .prepare_cached(
                                "UPDATE links SET task_id = coalesce(?, task_id), synced = ?, synced_at = ?, cut = ?,
                                 assigned_by = CASE WHEN ? THEN ? ELSE assigned_by END WHERE activity = ?",
                            )?
                            .execute(params![task_id, synced.to_string(), synced_at, cut, wrote_owner, assigned_by, intent.activity])?
                    }
                };
            }
            Outcome::Again { not_before, error } => {
                set("pending", Some(not_before.to_string()), Some(error))?
            }
            Outcome::Refused(error) => {
                set("refused", None, Some(error))?;
                self.connection
                    .prepare_cached("DELETE FROM links WHERE activity = ? AND task_id IS NULL")?
                    .execute([&intent.activity])?;
            }
            Outcome::Unsettled(error) => set("unsettled", None, Some(error))?,
        }
        Ok(())
    }

    /// Lets what failed be tried again, of one activity or of all: what was refused, or can't be found out, is planned anew; what
    /// waits for a later attempt is due now. Answers how many.
    ///
    /// # Errors
    /// If a statement fails.
    pub fn retry(&self, activity: Option<&str>, now: Timestamp) -> Answer<usize> {
        self.begin()?;
        let again = self.connection.execute(
            "UPDATE intents SET not_before = NULL WHERE state = 'pending' AND error IS NOT NULL AND (?1 IS NULL OR activity = ?1)",
            params![activity],
        )?;
        self.connection.execute(
            "UPDATE observations SET plan_again = 1 WHERE activity IN (
                SELECT activity FROM intents WHERE state IN ('refused', 'unsettled') AND (?1 IS NULL OR activity = ?1))",
            params![activity],
        )?;
        self.connection.execute(
            "DELETE FROM links WHERE task_id IS NULL AND activity IN (
                SELECT activity FROM intents WHERE state IN ('refused', 'unsettled') AND (?1 IS NULL OR activity = ?1))",
            params![activity],
        )?;
        let anew = self.connection.execute(
            "UPDATE intents SET state = 'superseded', settled_at = ?2 WHERE state IN ('refused', 'unsettled') AND (?1 IS NULL OR activity = ?1)",
            params![activity, now.to_string()],
        )?;
        self.commit()?;
        Ok(again + anew)
    }

    /// Fingerprints of what is to be sent, sorted (P4).
    ///
    /// # Errors
    /// If the statement fails.
    pub fn fingerprints_to_send(&self) -> Answer<Vec<String>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT fingerprint FROM intents WHERE state = 'pending' ORDER BY fingerprint",
        )?;
        let rows = statement.query_map([], |row| row.get(0))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
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

    fn last_pass(&self) -> Answer<Option<LastPass>> {
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

    /// Numbers for `status`.
    ///
    /// # Errors
    /// If a statement fails.
    pub fn health(&self) -> Answer<Health> {
        let all = |sql: &str| -> Answer<Vec<(String, String, u64)>> {
            let mut statement = self.connection.prepare(sql)?;
            let rows =
                statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        };
        let count = |sql: &str| -> Answer<u64> {
            Ok(self.connection.query_row(sql, [], |row| row.get(0))?)
        };
        Ok(Health {
            activities: count("SELECT count(*) FROM observations")?,
            linked: count("SELECT count(*) FROM links WHERE task_id IS NOT NULL")?,
            by_reason: all(
                "SELECT action, reason, count(*) FROM observations GROUP BY action, reason ORDER BY action, 3 DESC",
            )?,
            by_state: all("SELECT state, '', count(*) FROM intents GROUP BY state ORDER BY state")?
                .into_iter()
                .map(|(state, _, count)| (state, count))
                .collect(),
            cursors: all("SELECT feed, stamp, 0 FROM cursors ORDER BY feed")?
                .into_iter()
                .map(|(feed, stamp, _)| (feed, stamp))
                .collect(),
            last_pass: self.last_pass()?,
        })
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

fn observation(row: &Row<'_>) -> rusqlite::Result<Observation> {
    Ok(Observation {
        activity: row.get(0)?,
        seen: json(row, 1)?,
        modified_at: row.get(2)?,
        seen_at: row.get(3)?,
        action: row.get(4)?,
        reason: row.get(5)?,
    })
}
