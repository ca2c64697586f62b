//! What lost where both sides had changed a field?

use super::{Answer, Ledger};
use rusqlite::params;
use serde::Deserialize;
use serde_json::Value;

/// A field that both sides had changed since they last shared it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Conflict {
    /// When it was decided.
    pub decided_at: String,
    /// The Salesforce field.
    pub field: String,
    /// `hubspot` or `salesforce`.
    pub winner: String,
    /// What HubSpot said; none if nothing.
    pub hubspot: Option<String>,
    /// What Salesforce said; none if nothing.
    pub salesforce: Option<String>,
}

/// The part of a decision that tells of conflicts.
#[derive(Deserialize)]
struct Decided {
    #[serde(default)]
    conflicts: Vec<Said>,
}

#[derive(Deserialize)]
struct Said {
    field: String,
    winner: String,
    #[serde(default)]
    hubspot: Option<Value>,
    #[serde(default)]
    salesforce: Option<Value>,
}

impl Ledger {
    /// Keeps what a decision says of conflicts.
    pub(super) fn keep_conflicts(
        &self,
        activity: &str,
        decision: i64,
        json: &str,
        now: &str,
    ) -> Answer<()> {
        if !json.contains("\"conflicts\":") {
            return Ok(());
        }
        let decided: Decided = serde_json::from_str(json).unwrap_or(Decided {
            conflicts: Vec::new(),
        });
        for said in decided.conflicts {
            self.connection
                .prepare_cached("INSERT INTO conflicts (activity, decision, decided_at, field, winner, hubspot, salesforce) VALUES (?, ?, ?, ?, ?, ?, ?)")?
                .execute(params![
                    activity,
                    decision,
                    now,
                    said.field,
                    said.winner,
                    said.hubspot.as_ref().map(plain),
                    said.salesforce.as_ref().map(plain)
                ])?;
        }
        Ok(())
    }

    /// The conflicts over an activity, or a record, the first one first.
    ///
    /// # Errors
    /// If the statement fails.
    pub fn conflicts_of(&self, activity: &str) -> Answer<Vec<Conflict>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT decided_at, field, winner, hubspot, salesforce FROM conflicts WHERE activity = ? ORDER BY id",
        )?;
        let rows = statement.query_map([activity], |row| {
            Ok(Conflict {
                decided_at: row.get(0)?,
                field: row.get(1)?,
                winner: row.get(2)?,
                hubspot: row.get(3)?,
                salesforce: row.get(4)?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
