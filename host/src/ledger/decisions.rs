//! What was decided, when, by which rules?

use super::{Answer, Awaited, Destination, Ledger, json, milliseconds, whole_seconds};
use jiff::Timestamp;
use rusqlite::{OptionalExtension, params};
use serde_json::Value;

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
    /// Where it writes, if it does.
    pub destination: Destination,
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
    /// The contacts that may change the answer (P6 a); none if no contact can.
    pub waits_for: Option<Vec<Awaited<'a>>>,
    /// When it is planned again at the latest (C6, P6 c).
    pub plan_again_at: Option<Timestamp>,
    /// The whole decision.
    pub decision: &'a str,
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

impl Ledger {
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
                "SELECT d.id, d.action, d.reason, d.fingerprint, d.module, o.waits FROM observations o JOIN decisions d ON d.id = o.decision WHERE o.activity = ?",
            )?
            .query_row([new.activity], |row| {
                Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?, row.get::<_, Option<String>>(3)?, row.get::<_, String>(4)?, row.get::<_, bool>(5)?))
            })
            .optional()?;
        let waited = matches!(before, Some((.., true)));
        let writes = new.fingerprint.is_some();
        let decision = match before {
            Some((id, action, reason, fingerprint, by, _))
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
                let decision = self.connection.last_insert_rowid();
                self.keep_conflicts(new.activity, decision, new.decision, &now)?;
                decision
            }
        };
        self.connection
            .prepare_cached(
                "INSERT INTO observations (activity, kind, seen, modified_at, seen_at, decision, action, reason, waits, plan_again_at)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                 ON CONFLICT (activity) DO UPDATE SET seen = excluded.seen, modified_at = excluded.modified_at, seen_at = excluded.seen_at,
                 decision = excluded.decision, action = excluded.action, reason = excluded.reason,
                 waits = excluded.waits, plan_again = 0, plan_again_at = excluded.plan_again_at",
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
                new.waits_for.is_some(),
                new.plan_again_at.map(whole_seconds)
            ])?;
        if let Some(awaited) = &new.waits_for {
            self.wait_for(new.activity, awaited, &now)?;
        } else if waited {
            self.wait_no_more(new.activity)?;
        }
        match new.fingerprint {
            Some(fingerprint) => self.intend(new, decision, fingerprint, &now),
            // Whether a Task was made isn't known yet: what is on its way stays.
            None if new.reason == "write_unsettled" => Ok(()),
            None => self.withdraw(new.activity, &now),
        }
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
}
