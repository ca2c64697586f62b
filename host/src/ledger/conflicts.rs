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
    /// Keeps what a decision says of conflicts, with the activity, whichever way was decided. Both ways meet the same conflict: it is kept
    /// once.
    pub(super) fn keep_conflicts(
        &self,
        name: &str,
        decision: i64,
        json: &str,
        now: &str,
    ) -> Answer<()> {
        if !json.contains("\"conflicts\":") {
            return Ok(());
        }
        let Ok(Decided { conflicts }) = serde_json::from_str(json) else {
            return Ok(());
        };
        let activity = self.activity_of(name)?;
        let mut keep = self.connection.prepare_cached(
            "INSERT INTO conflicts (activity, decision, decided_at, field, winner, hubspot, salesforce)
             SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7 WHERE NOT EXISTS (
                SELECT 1 FROM conflicts WHERE id = (SELECT max(id) FROM conflicts WHERE activity = ?1 AND field = ?4)
                AND hubspot IS ?6 AND salesforce IS ?7)",
        )?;
        for said in conflicts {
            keep.execute(params![
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

    /// The activity that a record of Salesforce is; an activity is itself.
    fn activity_of(&self, name: &str) -> Answer<String> {
        let links = match name.split_once(':') {
            Some(("Task" | "Event", id)) => self.links_of_record(id)?,
            _ => Vec::new(),
        };
        let link = links.into_iter().next();
        Ok(link.map_or_else(|| name.to_owned(), |link| link.activity))
    }

    /// The conflicts over an activity, or over the record that it is, the first one first.
    ///
    /// # Errors
    /// If the statement fails.
    pub fn conflicts_of(&self, name: &str) -> Answer<Vec<Conflict>> {
        let activity = self.activity_of(name)?;
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
