//! What was sent in: what isn't planned yet, and what wasn't taken?

use super::{Answer, Ledger, NotPlanned, Observation, milliseconds, observations};
use jiff::Timestamp;
use rusqlite::{OptionalExtension, params};

/// An activity that is sent in.
#[derive(Clone, Copy, Debug)]
pub struct Inbound<'a> {
    /// `kind:id`.
    pub activity: &'a str,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// Tells it from what was sent before under its name; it stands in `seen` as `inbound.digest`.
    pub digest: &'a str,
    /// In the shape of the snapshot (JSON).
    pub seen: &'a str,
}

/// What taking it did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Took {
    /// It wasn't known.
    New,
    /// It was known, and says something else now.
    Changed,
    /// Nothing: it is known as it is, or HubSpot's own words hold.
    Repeated,
}

/// Something that wasn't taken, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptRefusal {
    /// Where it came from: a file, or the path of the HTTP API.
    pub source: String,
    /// Its line in the file.
    pub line: Option<u64>,
    /// The value that is to blame; empty for all of it.
    pub path: String,
    /// `kind:id`, as far as it could be read.
    pub activity: Option<String>,
    /// A stable code.
    pub code: String,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hint: String,
    /// When it was refused, last.
    pub refused_at: String,
}

impl Ledger {
    /// Takes an activity, to be planned in the next pass. The caller holds a transaction.
    ///
    /// # Errors
    /// If a statement fails.
    pub fn take(&self, inbound: &Inbound<'_>, now: Timestamp) -> Answer<Took> {
        let took = self.what_taking_does(inbound)?;
        if took != Took::Repeated {
            self.connection
                .prepare_cached(
                    "INSERT INTO inbound (activity, occurred_at, seen, taken_at) VALUES (?, ?, ?, ?)
                     ON CONFLICT (activity) DO UPDATE SET occurred_at = excluded.occurred_at, seen = excluded.seen, taken_at = excluded.taken_at",
                )?
                .execute(params![
                    inbound.activity,
                    milliseconds(inbound.occurred_at),
                    inbound.seen,
                    milliseconds(now)
                ])?;
        }
        self.connection
            .prepare_cached("DELETE FROM inbound_refusals WHERE activity = ?")?
            .execute([inbound.activity])?;
        Ok(took)
    }

    fn what_taking_does(&self, inbound: &Inbound<'_>) -> Answer<Took> {
        let digest_in = |table: &str| -> Answer<Option<Option<String>>> {
            Ok(self
                .connection
                .prepare_cached(&format!(
                    "SELECT json_extract(seen, '$.inbound.digest') FROM {table} WHERE activity = ?"
                ))?
                .query_row([inbound.activity], |row| row.get(0))
                .optional()?)
        };
        let known = match digest_in("inbound")? {
            Some(digest) => Some(digest),
            None => digest_in("observations")?,
        };
        Ok(match known {
            None => Took::New,
            // HubSpot was asked itself.
            Some(None) => Took::Repeated,
            Some(Some(digest)) if digest == inbound.digest => Took::Repeated,
            Some(Some(_)) => Took::Changed,
        })
    }

    /// The earliest that was sent in and isn't planned yet.
    ///
    /// # Errors
    /// If the statement fails.
    pub fn inbound_not_planned(&self, limit: usize) -> Answer<Vec<NotPlanned>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT activity, seen FROM inbound ORDER BY occurred_at, activity LIMIT ?",
        )?;
        let rows = statement.query_map([i64::try_from(limit).unwrap_or(i64::MAX)], |row| {
            Ok(NotPlanned {
                activity: row.get(0)?,
                series: None,
                seen: row.get(1)?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// They are planned; what was sent meanwhile under the same name isn't.
    ///
    /// # Errors
    /// If a statement fails.
    pub fn forget_inbound(&self, planned: &[NotPlanned]) -> Answer<()> {
        let mut statement = self
            .connection
            .prepare_cached("DELETE FROM inbound WHERE activity = ? AND seen = ?")?;
        for one in planned {
            statement.execute([&one.activity, &one.seen])?;
        }
        Ok(())
    }

    /// Forgets what was sent in of activities that were read from HubSpot itself since: its own words hold.
    ///
    /// # Errors
    /// If the statement fails.
    pub fn forget_inbound_that_hubspot_told(&self) -> Answer<()> {
        self.connection.execute(
            "DELETE FROM inbound WHERE activity IN (SELECT i.activity FROM inbound i JOIN observations o ON o.activity = i.activity
             WHERE json_extract(o.seen, '$.inbound.digest') IS NULL)",
            [],
        )?;
        Ok(())
    }

    /// What was sent in under a name and isn't planned yet (JSON), and when.
    ///
    /// # Errors
    /// If the statement fails.
    pub fn inbound(&self, activity: &str) -> Answer<Option<(serde_json::Value, String)>> {
        Ok(self
            .connection
            .prepare_cached("SELECT seen, taken_at FROM inbound WHERE activity = ?")?
            .query_row([activity], |row| Ok((super::json(row, 0)?, row.get(1)?)))
            .optional()?)
    }

    /// What was sent in and is planned, behind one, unless something else was sent in since.
    ///
    /// # Errors
    /// If the statement fails.
    pub fn inbound_planned(&self, after: &str, limit: usize) -> Answer<Vec<Observation>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT activity, seen, modified_at, seen_at, action, reason FROM observations o
             WHERE activity > ? AND json_extract(seen, '$.inbound.digest') IS NOT NULL
             AND NOT EXISTS (SELECT 1 FROM inbound i WHERE i.activity = o.activity) ORDER BY activity LIMIT ?",
        )?;
        let rows = statement.query_map(
            params![after, i64::try_from(limit).unwrap_or(i64::MAX)],
            observations::observation,
        )?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    pub(super) fn plan_left_out_inbound_again(&self) -> Answer<()> {
        self.connection.execute(
            "UPDATE observations SET plan_again = 1 WHERE reason IN ('kind_disabled', 'before_window')
             AND json_extract(seen, '$.inbound.digest') IS NOT NULL",
            [],
        )?;
        Ok(())
    }

    /// Keeps why something wasn't taken.
    ///
    /// # Errors
    /// If the statement fails.
    pub fn keep_refusal(&self, refusal: &KeptRefusal) -> Answer<()> {
        self.connection
            .prepare_cached(
                "INSERT INTO inbound_refusals (source, line, path, activity, code, message, hint, refused_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                 ON CONFLICT DO UPDATE SET refused_at = excluded.refused_at",
            )?
            .execute(params![
                refusal.source,
                refusal.line,
                refusal.path,
                refusal.activity,
                refusal.code,
                refusal.message,
                refusal.hint,
                refusal.refused_at
            ])?;
        Ok(())
    }

    /// What wasn't taken, in the order of its sources and lines.
    ///
    /// # Errors
    /// If the statement fails.
    pub fn refusals(&self, limit: usize) -> Answer<Vec<KeptRefusal>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT source, line, path, activity, code, message, hint, refused_at FROM inbound_refusals ORDER BY source, line, id LIMIT ?",
        )?;
        let rows = statement.query_map([i64::try_from(limit).unwrap_or(i64::MAX)], |row| {
            Ok(KeptRefusal {
                source: row.get(0)?,
                line: row.get(1)?,
                path: row.get(2)?,
                activity: row.get(3)?,
                code: row.get(4)?,
                message: row.get(5)?,
                hint: row.get(6)?,
                refused_at: row.get(7)?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Forgets what a source sent and wasn't taken; without a source, all of it. Answers how many.
    ///
    /// # Errors
    /// If the statement fails.
    pub fn forget_refusals(&self, source: Option<&str>) -> Answer<usize> {
        Ok(self
            .connection
            .prepare_cached("DELETE FROM inbound_refusals WHERE ?1 IS NULL OR source = ?1")?
            .execute([source])?)
    }

    /// Keeps of a source only so many refusals, the latest.
    ///
    /// # Errors
    /// If the statement fails.
    pub fn keep_latest_refusals(&self, source: &str, most: usize) -> Answer<()> {
        self.connection
            .prepare_cached(
                "DELETE FROM inbound_refusals WHERE source = ?1
                 AND id NOT IN (SELECT id FROM inbound_refusals WHERE source = ?1 ORDER BY refused_at DESC, id DESC LIMIT ?2)",
            )?
            .execute(params![source, i64::try_from(most).unwrap_or(i64::MAX)])?;
        Ok(())
    }
}
