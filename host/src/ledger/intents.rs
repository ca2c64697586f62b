//! What is to be written, and what became of it?

use super::{Answer, Destination, Ledger, NewDecision, NewLink, json};
use jiff::Timestamp;
use rusqlite::params;
use serde_json::Value;

/// Something to be written, or that was.
#[derive(Clone, Debug)]
pub struct Intent {
    /// Row.
    pub id: i64,
    /// `kind:id`.
    pub activity: String,
    /// The decision behind it.
    pub decision: i64,
    /// Where it writes.
    pub destination: Destination,
    /// `create`, `update`, `delete`.
    pub action: String,
    /// The key (F11); of a record of Salesforce its id.
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
    /// Written to HubSpot.
    InHubSpot(NewLink<'a>),
    /// HubSpot doesn't have the activity any more, or it was deleted there as intended.
    GoneFromHubSpot {
        /// The activity, `kind:id`.
        activity: &'a str,
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

/// What the index of open intents is about, in its very words: SQLite doesn't see otherwise that it may use it, and reads all there ever
/// were.
const OPEN: &str = "i.state IN ('pending', 'sent', 'refused', 'unsettled')";

impl Ledger {
    pub(super) fn intend(
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
            .prepare_cached("INSERT INTO intents (activity, decision, destination, action, key, task_id, who_id, fingerprint, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")?
            .execute(params![new.activity, decision, new.destination, new.action, new.key, new.task_id, new.who_id, fingerprint, now])?;
        if new.action == "create" && new.destination == Destination::SalesforceTasks {
            self.connection
                .prepare_cached(
                    "INSERT INTO links (activity, contact, synced_at, assigned_by) VALUES (?, ?, ?, ?)
                     ON CONFLICT (activity) DO UPDATE SET contact = excluded.contact, assigned_by = excluded.assigned_by",
                )?
                .execute(params![new.activity, new.contact, now, new.assigned_by])?;
        }
        Ok(())
    }

    /// Nothing is to be written any more: what hasn't left doesn't leave.
    pub(super) fn withdraw(&self, activity: &str, now: &str) -> Answer<()> {
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
        destination: Destination,
        action: &str,
        now: Timestamp,
        limit: usize,
    ) -> Answer<Vec<Intent>> {
        self.intents(
            &format!("i.state = ?1 AND {OPEN} AND i.destination = ?2 AND i.action = ?3 AND (i.not_before IS NULL OR i.not_before <= ?4) ORDER BY i.who_id, i.id LIMIT ?5"),
            params![state, destination, action, now.to_string(), i64::try_from(limit).unwrap_or(i64::MAX)],
        )
    }

    /// Intents that were refused, or whose outcome can't be found out, or that failed and are tried again.
    ///
    /// # Errors
    /// If the statement fails.
    pub fn failures(&self, limit: usize) -> Answer<Vec<Intent>> {
        self.intents(
            &format!("{OPEN} AND (i.state IN ('refused', 'unsettled') OR (i.state = 'pending' AND i.error IS NOT NULL)) ORDER BY i.error_code, i.id LIMIT ?1"),
            params![i64::try_from(limit).unwrap_or(i64::MAX)],
        )
    }

    fn intents(&self, condition: &str, parameters: impl rusqlite::Params) -> Answer<Vec<Intent>> {
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT i.id, i.activity, i.decision, i.action, i.key, i.task_id, i.state, i.attempts, i.created_at, i.sent_at, i.settled_at, i.answer,
             i.error_class, i.error_code, i.error, i.what_to_do, d.decision, i.destination FROM intents i JOIN decisions d ON d.id = i.decision WHERE {condition}"
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
                destination: row.get(17)?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Whether a create may have been carried out, and nobody knows.
    ///
    /// # Errors
    /// If the statement fails.
    pub fn is_create_unsettled(&self, activity: &str) -> Answer<bool> {
        Ok(self
            .connection
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM intents WHERE activity = ? AND action = 'create' AND state IN ('sent', 'unsettled'))",
            )?
            .query_row([activity], |row| row.get(0))?)
    }

    /// How many intents are in an open state: `pending`, `sent`, `refused`, `unsettled`.
    ///
    /// # Errors
    /// If the statement fails.
    pub fn count_in(&self, state: &str) -> Answer<u64> {
        Ok(self
            .connection
            .prepare_cached(&format!(
                "SELECT count(*) FROM intents i WHERE i.state = ? AND {OPEN}"
            ))?
            .query_row([state], |row| row.get(0))?)
    }

    /// How many intents were carried out.
    ///
    /// # Errors
    /// If the statement fails.
    pub fn count_done(&self) -> Answer<u64> {
        let count = "SELECT count(*) FROM intents WHERE state = 'done'";
        Ok(self.connection.query_row(count, [], |row| row.get(0))?)
    }

    /// Fingerprints of what is to be sent, sorted, and where to (P4).
    ///
    /// # Errors
    /// If the statement fails.
    pub fn fingerprints_to_send(&self) -> Answer<Vec<(Destination, String)>> {
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT i.destination, i.fingerprint FROM intents i WHERE i.state = 'pending' AND {OPEN} ORDER BY i.fingerprint"
        ))?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
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
                self.plan_what_waited_for_the_write(&intent.activity)?;
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
            Outcome::InHubSpot(link) => {
                set("done", None, None)?;
                self.plan_what_waited_for_the_write(&intent.activity)?;
                self.link_activity(link)?;
            }
            Outcome::GoneFromHubSpot { activity } => {
                set("done", None, None)?;
                self.activity_is_gone(activity)?;
            }
            Outcome::Again { not_before, error } => {
                set("pending", Some(not_before.to_string()), Some(error))?
            }
            Outcome::Refused(error) => {
                set("refused", None, Some(error))?;
                self.plan_what_waited_for_the_write(&intent.activity)?;
                self.connection
                    .prepare_cached("DELETE FROM links WHERE activity = ? AND task_id IS NULL")?
                    .execute([&intent.activity])?;
            }
            Outcome::Unsettled(error) => set("unsettled", None, Some(error))?,
        }
        Ok(())
    }

    /// What HubSpot changed while a create was on its way is planned once its outcome is known (U0).
    fn plan_what_waited_for_the_write(&self, activity: &str) -> Answer<()> {
        self.connection
            .prepare_cached("UPDATE observations SET plan_again = 1 WHERE activity = ? AND reason = 'write_unsettled'")?
            .execute([activity])?;
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
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    #[test]
    fn what_is_open_is_found_by_its_index() {
        let ledger = Ledger::in_memory().unwrap();
        let plan = format!(
            "EXPLAIN QUERY PLAN SELECT i.id FROM intents i WHERE i.state = ? AND {OPEN} AND i.destination = ? AND i.action = ? ORDER BY i.who_id, i.id"
        );
        let mut statement = ledger.connection.prepare(&plan).unwrap();
        let rows = statement.query_map(["pending", "salesforce/Task", "create"], |row| {
            row.get::<_, String>("detail")
        });
        let steps: Vec<String> = rows.unwrap().map(Result::unwrap).collect();
        assert_eq!(
            steps,
            ["SEARCH i USING COVERING INDEX intents_open (state=? AND destination=? AND action=?)"]
        );
    }
}
