//! One pass: pull → plan → record → push. The module decides; here it is carried out.

pub mod plan;
pub mod pull;
pub mod push;
pub mod record;

use crate::clock::Clock;
use crate::error::ApiError;
use crate::feeds::Feed;
use crate::hubspot::HubSpot;
use crate::ledger::{FeedCursor, Ledger, LedgerError};
use crate::rules::{OpenRules, RulesError};
use crate::salesforce::Salesforce;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use std::collections::BTreeMap;

/// Everything a pass works with.
pub struct Engine<'e> {
    /// The HubSpot portal.
    pub hubspot: &'e HubSpot,
    /// The Salesforce org.
    pub salesforce: &'e Salesforce,
    /// The module, opened with the settings: it decides.
    pub rules: &'e OpenRules,
    /// SHA-256 of the module.
    pub module: &'e str,
    /// The same settings, for what the host itself must know: which kinds are on, where windows begin, the key field.
    pub settings: &'e crosswalk_core::Rules,
    /// What is remembered.
    pub ledger: &'e Ledger,
    /// The time.
    pub clock: &'e dyn Clock,
}

/// What a pass is to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Carry out what is planned, page by page.
    CarryOut,
    /// Plan only; nothing is written, neither there nor here.
    Preview,
    /// Carry out the plan if its digest is this one.
    CarryOutPlan(String),
}

/// What a pass did.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    /// Activities that were decided.
    pub activities: u64,
    /// By action.
    pub by_action: BTreeMap<String, u64>,
    /// By reason.
    pub by_reason: BTreeMap<String, u64>,
    /// By kind, then action.
    pub by_kind: BTreeMap<String, BTreeMap<String, u64>>,
    /// Tasks made.
    pub created: u64,
    /// Tasks changed.
    pub updated: u64,
    /// Tasks deleted.
    pub deleted: u64,
    /// Records that Salesforce refused.
    pub refused: u64,
    /// Records that will be tried again.
    pub to_retry: u64,
    /// Records whose outcome can't be found out.
    pub unsettled: u64,
    /// Of a preview, or a plan that was carried out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// SHA-256 of the module that decided.
    pub module: String,
}

impl Report {
    /// Whether everything that was to be written has been.
    pub const fn is_clean(&self) -> bool {
        self.refused == 0 && self.to_retry == 0 && self.unsettled == 0
    }
}

/// Why a pass ended early. What was recorded stays; the next pass carries on.
#[derive(Debug, thiserror::Error)]
pub enum PassError {
    /// One of the systems.
    #[error(transparent)]
    Api(#[from] ApiError),
    /// The ledger.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The module.
    #[error(transparent)]
    Rules(#[from] RulesError),
    /// The module's answer can't be read.
    #[error(
        "the module's plan can't be read: {0}; use the module that this program was built with"
    )]
    Plan(#[from] serde_json::Error),
    /// `--plan`: what would be done now is something else.
    #[error(
        "the plan has changed: {expected} was to be carried out, now it is {found}; look at `crosswalk preview` again"
    )]
    PlanChanged {
        /// The digest that was given.
        expected: String,
        /// The digest of now.
        found: String,
    },
    /// The settings belong to another portal.
    #[error(
        "the settings are for portal {settings}, but the token is for portal {account}; set `portal_id` to \"{account}\" or use the other portal's token"
    )]
    OtherPortal {
        /// In the settings.
        settings: String,
        /// Of the token.
        account: String,
    },
}

/// Told how far a pass is, and each decision as it is made (JSON).
pub trait Watcher {
    /// What is being done, how much of it.
    fn progress(&self, what: &str, done: u64);
    /// A decision.
    fn decision(&self, decision: &str);
}

/// Search shows changes late; a pass reads again what changed shortly before the last one.
const OVERLAP: SignedDuration = SignedDuration::from_mins(5);
const BATCH: usize = 1000;

impl Engine<'_> {
    /// Does one pass.
    ///
    /// # Errors
    /// If one of the systems, the ledger or the module fails for good; what was recorded stays.
    pub async fn pass(&self, mode: &Mode, watcher: &dyn Watcher) -> Result<Report, PassError> {
        let world = pull::world(self).await?;
        let mut report = Report {
            module: self.module.to_owned(),
            ..Report::default()
        };
        if *mode == Mode::CarryOut {
            push::settle(self, &world, &mut report).await?;
            push::push(self, &world, &mut report, watcher).await?;
            self.plan_feeds(&world, mode, &mut report, watcher).await?;
            push::push_patiently(self, &world, &mut report, watcher).await?;
            return Ok(report);
        }
        self.ledger.begin()?;
        let planned = self
            .plan_everything(&world, mode, &mut report, watcher)
            .await;
        match (&planned, mode) {
            (Ok(digest), Mode::CarryOutPlan(expected)) if digest == expected => {
                self.ledger.commit()?
            }
            _ => self.ledger.roll_back()?,
        }
        let digest = planned?;
        if let Mode::CarryOutPlan(expected) = mode {
            if *expected != digest {
                return Err(PassError::PlanChanged {
                    expected: expected.clone(),
                    found: digest,
                });
            }
            push::settle(self, &world, &mut report).await?;
            push::push_patiently(self, &world, &mut report, watcher).await?;
        }
        report.digest = Some(digest);
        Ok(report)
    }

    /// The snapshot of all that changed since the windows began, as `preview` takes it; nothing is written.
    ///
    /// # Errors
    /// If one of the systems or the ledger fails.
    pub async fn snapshot(&self) -> Result<serde_json::Value, PassError> {
        let world = pull::world(self).await?;
        let mut whole: Option<serde_json::Map<String, serde_json::Value>> = None;
        for feed in Feed::ALL {
            let Some(start) = self.window_start(feed) else {
                continue;
            };
            let mut cursor = FeedCursor {
                stamp: start,
                id: String::new(),
            };
            loop {
                let batch = pull::all(self, feed, &cursor, BATCH).await?;
                cursor = batch.cursor;
                if !batch.records.is_empty() {
                    let snapshot = pull::snapshot(self, &world, batch.records).await?;
                    let part: serde_json::Value =
                        serde_json::from_slice(&snapshot.to_json(0, snapshot.activities.len()))?;
                    whole = Some(joined(whole, part));
                }
                if batch.is_last {
                    break;
                }
            }
        }
        let empty = || {
            serde_json::Map::from_iter([
                ("now".to_owned(), self.clock.now().to_string().into()),
                ("activities".to_owned(), serde_json::json!([])),
            ])
        };
        Ok(whole.unwrap_or_else(empty).into())
    }

    async fn plan_everything(
        &self,
        world: &pull::World,
        mode: &Mode,
        report: &mut Report,
        watcher: &dyn Watcher,
    ) -> Result<String, PassError> {
        let before = self.ledger.last_intent()?;
        self.plan_feeds(world, mode, report, watcher).await?;
        let fingerprints = self.ledger.fingerprints_since(before)?;
        Ok(crosswalk_core::digest_of_fingerprints(
            fingerprints.iter().map(String::as_str),
        ))
    }

    /// Plans what changed in every feed, then what waits for something else to change (P6).
    async fn plan_feeds(
        &self,
        world: &pull::World,
        mode: &Mode,
        report: &mut Report,
        watcher: &dyn Watcher,
    ) -> Result<(), PassError> {
        for feed in Feed::ALL {
            if let Some(start) = self.window_start(feed) {
                self.plan_feed(feed, start, world, mode, report, watcher)
                    .await?;
            }
        }
        let now = self.clock.now();
        let mut after = String::new();
        loop {
            let waiting = self.ledger.waiting(&after, BATCH)?;
            let Some(last) = waiting.last() else { break };
            after = last.activity.clone();
            let records = pull::seen_again(self, waiting)?;
            self.plan_records(records, world, mode, None, report, watcher)
                .await?;
        }
        let begun = pull::seen_again(self, self.ledger.meetings_that_began(now, BATCH)?)?;
        self.plan_records(begun, world, mode, None, report, watcher)
            .await
    }

    /// The earliest beginning of a feed's windows; none if all its kinds are off.
    fn window_start(&self, feed: Feed) -> Option<Timestamp> {
        let on = feed
            .kinds()
            .iter()
            .filter(|kind| self.settings.is_on(**kind));
        on.map(|kind| self.settings.window_start(*kind).unwrap_or(Timestamp::MIN))
            .min()
    }

    async fn plan_feed(
        &self,
        feed: Feed,
        start: Timestamp,
        world: &pull::World,
        mode: &Mode,
        report: &mut Report,
        watcher: &dyn Watcher,
    ) -> Result<(), PassError> {
        let window = format!("{}/window", feed.object());
        let is_covered = self
            .ledger
            .cursor(&window)?
            .is_some_and(|covered| covered.stamp <= start);
        let mut cursor = match self.ledger.cursor(feed.object())? {
            Some(cursor) if is_covered => FeedCursor {
                stamp: cursor
                    .stamp
                    .checked_sub(OVERLAP)
                    .unwrap_or(start)
                    .max(start),
                id: String::new(),
            },
            _ => FeedCursor {
                stamp: start,
                id: String::new(),
            },
        };
        loop {
            let batch = pull::batch(self, feed, &cursor, BATCH).await?;
            cursor = batch.cursor.clone();
            let at = Some((
                feed,
                cursor.clone(),
                batch.is_last.then_some((window.as_str(), start)),
            ));
            self.plan_records(batch.records, world, mode, at, report, watcher)
                .await?;
            if batch.is_last {
                return Ok(());
            }
        }
    }

    /// Plans, records, and where the mode is to carry out at once, pushes.
    async fn plan_records(
        &self,
        records: Vec<pull::Record>,
        world: &pull::World,
        mode: &Mode,
        at: Option<(Feed, FeedCursor, Option<(&str, Timestamp)>)>,
        report: &mut Report,
        watcher: &dyn Watcher,
    ) -> Result<(), PassError> {
        let snapshot = if records.is_empty() {
            None
        } else {
            Some(pull::snapshot(self, world, records).await?)
        };
        let decisions = match &snapshot {
            Some(snapshot) => plan::decide(self.rules, snapshot)?,
            None => Vec::new(),
        };
        let is_open = *mode == Mode::CarryOut;
        if is_open {
            self.ledger.begin()?;
        }
        let recorded = self.record(snapshot.as_ref(), &decisions, at, report, watcher);
        if is_open {
            match &recorded {
                Ok(()) => self.ledger.commit()?,
                Err(_) => self.ledger.roll_back()?,
            }
        }
        recorded?;
        watcher.progress("planned", report.activities);
        if is_open && !decisions.is_empty() {
            push::push(self, world, report, watcher).await?;
        }
        Ok(())
    }

    fn record(
        &self,
        snapshot: Option<&pull::BatchSnapshot>,
        decisions: &[String],
        at: Option<(Feed, FeedCursor, Option<(&str, Timestamp)>)>,
        report: &mut Report,
        watcher: &dyn Watcher,
    ) -> Result<(), PassError> {
        if let Some(snapshot) = snapshot {
            record::decisions(self, snapshot, decisions, report, watcher)?;
        }
        if let Some((feed, cursor, window)) = at {
            self.ledger.set_cursor(feed.object(), &cursor)?;
            if let Some((window, start)) = window {
                self.ledger.set_cursor(
                    window,
                    &FeedCursor {
                        stamp: start,
                        id: String::new(),
                    },
                )?;
            }
        }
        Ok(())
    }
}

/// Two parts of a snapshot as one: lists one behind the other, a record that is in both once.
fn joined(
    whole: Option<serde_json::Map<String, serde_json::Value>>,
    part: serde_json::Value,
) -> serde_json::Map<String, serde_json::Value> {
    use serde_json::Value;
    let Value::Object(part) = part else {
        return whole.unwrap_or_default();
    };
    let Some(mut whole) = whole else { return part };
    for (name, value) in part {
        match (name.as_str(), whole.get_mut(&name), value) {
            ("owners" | "users", _, _) => {}
            (_, Some(Value::Array(list)), Value::Array(more)) => {
                let known: std::collections::HashSet<String> =
                    list.iter().map(Value::to_string).collect();
                list.extend(
                    more.into_iter()
                        .filter(|record| !known.contains(&record.to_string())),
                );
            }
            _ => {}
        }
    }
    whole
}
