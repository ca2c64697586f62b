//! How is the sync, in numbers?

use super::{Answer, LastPass, Ledger, UnfinishedImport, WaitingFor};

/// Of so many contacts for whom activities wait `status` tells.
const MOST_AWAITED: usize = 10;

/// Numbers for `status`.
#[derive(Clone, Debug, Default, serde::Serialize)]
pub struct Health {
    /// Activities of HubSpot's seen.
    pub activities: u64,
    /// Records of Salesforce's seen.
    pub records: u64,
    /// Activities that are a Task or an Event.
    pub linked: u64,
    /// Fields that both sides had changed, by who won.
    pub conflicts: Vec<(String, u64)>,
    /// Latest decisions by action and reason.
    pub by_reason: Vec<(String, String, u64)>,
    /// Intents by state.
    pub by_state: Vec<(String, u64)>,
    /// Cursors.
    pub cursors: Vec<(String, String)>,
    /// Kinds that are on and that the account has no feed of, and why.
    pub without_feed: Vec<(String, String)>,
    /// For whom activities wait.
    pub waiting_for: WaitingFor,
    /// Imports that didn't end.
    pub unfinished_imports: Vec<UnfinishedImport>,
    /// What was sent in and isn't planned yet.
    pub inbound_not_planned: u64,
    /// What was sent in and not taken.
    pub inbound_refused: u64,
    /// The last pass.
    pub last_pass: Option<LastPass>,
}

impl Ledger {
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
        let records = count("SELECT count(*) FROM observations WHERE kind IN ('Task', 'Event')")?;
        let conflicts =
            all("SELECT winner, '', count(*) FROM conflicts GROUP BY winner ORDER BY winner")?;
        Ok(Health {
            activities: count("SELECT count(*) FROM observations")? - records,
            records,
            conflicts: conflicts
                .into_iter()
                .map(|(winner, _, count)| (winner, count))
                .collect(),
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
            without_feed: self.without_feed()?,
            waiting_for: self.waiting_for(MOST_AWAITED)?,
            unfinished_imports: self.unfinished_imports()?,
            inbound_not_planned: count("SELECT count(*) FROM inbound")?,
            inbound_refused: count("SELECT count(*) FROM inbound_refusals")?,
            last_pass: self.last_pass()?,
        })
    }
}
