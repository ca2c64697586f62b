//! One pass: pull → plan → record → push. The module decides; here it is carried out.

mod check;
mod coverage;
mod happened;
mod inbound;
mod people;
pub mod plan;
pub mod pull;
pub mod push;
pub mod record;
mod to_hubspot;
mod waiting;
mod whole_snapshot;
mod world;

use crate::clock::Clock;
use crate::error::{ApiError, Class};
use crate::feeds::{Feed, FeedSettings};
use crate::hubspot::HubSpot;
use crate::ledger::{Destination, FeedCursor, Ledger, LedgerError, Observation};
use crate::rules::{OpenRules, RulesError};
use crate::salesforce::Salesforce;
pub use check::{Point, Standing};
use coverage::Coverage;
use crosswalk_core::Kind;
pub use happened::OpensPlanned;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use to_hubspot::Reach;
pub use to_hubspot::ToHubSpot;
pub use to_hubspot::import::Import;
pub use whole_snapshot::WholeSnapshot;
use world::{Memory, World};

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
    /// What is set about feeds.
    pub feeds: &'e FeedSettings,
    /// The property of HubSpot's activities that holds the id of their Salesforce record, if one is set.
    pub key_property: Option<&'e str>,
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
    /// From Salesforce to HubSpot.
    #[serde(skip_serializing_if = "ToHubSpot::is_empty")]
    pub to_hubspot: ToHubSpot,
    /// Records that a system refused.
    pub refused: u64,
    /// Records that will be tried again.
    pub to_retry: u64,
    /// Records whose outcome can't be found out.
    pub unsettled: u64,
    /// Of a preview, or a plan that was carried out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// The same of each direction by itself.
    #[serde(skip)]
    pub digests: Option<Digests>,
    /// Of a preview: how many Tasks the opens of marketing emails become, by which of them count.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub marketing_opens: Option<OpensPlanned>,
    /// SHA-256 of the module that decided.
    pub module: String,
    /// What is weaker than it could be, and what to do.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
    /// What the rules say of the plan as a whole, each once.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub plan_warnings: Vec<PlanWarning>,
}

/// What names all that each direction writes (P4).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Digests {
    /// To Salesforce.
    pub to_salesforce: String,
    /// To HubSpot.
    pub to_hubspot: String,
}

/// What the rules say of a plan as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanWarning {
    /// A stable code.
    pub code: String,
    /// What should be known.
    pub message: String,
    /// Where, in the documents that the rules got.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// What to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

impl Report {
    /// Keeps what the rules said of a batch; the same words about another place are not said again.
    pub(crate) fn warn(&mut self, warnings: Vec<PlanWarning>) {
        for warning in warnings {
            let is_known = self
                .plan_warnings
                .iter()
                .any(|known| (&known.code, &known.message) == (&warning.code, &warning.message));
            if !is_known {
                self.plan_warnings.push(warning);
            }
        }
    }

    /// How many activities of a kind are to become Tasks.
    fn planned_creates(&self, kind: Kind) -> u64 {
        let by_action = self.by_kind.get(kind.name());
        let creates = by_action.and_then(|by_action| by_action.get("create"));
        creates.copied().unwrap_or_default()
    }

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
    #[error("the module's plan can't be read: {0}")]
    Plan(#[from] serde_json::Error),
    /// `--plan`: what would be done now is something else.
    #[error("the plan has changed: {expected} was to be carried out, now it is {found}")]
    PlanChanged {
        /// The digest that was given.
        expected: String,
        /// The digest of now.
        found: String,
    },
    /// The settings belong to another portal.
    #[error("the settings are for portal {settings}, but the token is for portal {account}")]
    OtherPortal {
        /// In the settings.
        settings: String,
        /// Of the token.
        account: String,
    },
}

impl PassError {
    /// Whether another pass helps.
    pub const fn class(&self) -> Class {
        match self {
            Self::Api(error) => error.class,
            Self::PlanChanged { .. } => Class::Permanent,
            Self::Ledger(_) | Self::Rules(_) | Self::Plan(_) | Self::OtherPortal { .. } => {
                Class::Fatal
            }
        }
    }
}

/// What a pass is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Users, owners, picklists and the like are asked for.
    Asking,
    /// A source is read; so many activities and records of the pass are planned already.
    Reading {
        /// The system.
        system: &'static str,
        /// The source, as `calls`, or `Task`.
        source: &'static str,
        /// How many.
        planned: u64,
    },
    /// What was sent in is planned.
    Inbound {
        /// How many activities of the pass are planned already.
        planned: u64,
    },
    /// What waits is planned again.
    Waiting {
        /// How many activities of the pass are planned already.
        planned: u64,
    },
    /// An import reads.
    Importing {
        /// The object, as `Task`.
        object: &'static str,
        /// How many are read.
        read: u64,
        /// How many there were when it began.
        total: u64,
    },
    /// What is planned is written.
    Writing {
        /// The system.
        system: &'static str,
        /// How many are written.
        written: u64,
        /// How many are left.
        left: u64,
    },
}

/// Told how far a pass is, and each decision as it is made (JSON).
pub trait Watcher {
    /// What is being done.
    fn progress(&self, step: Step);
    /// A decision.
    fn decision(&self, decision: &str);
}

/// Search shows changes late; a pass reads again what changed shortly before the last one.
const OVERLAP: SignedDuration = SignedDuration::from_mins(5);
/// How many activities are planned at once.
const BATCH: usize = 1000;

/// Where a batch of a source brings its cursor; the last one also completes the source's windows.
struct Progress<'a> {
    coverage: &'a Coverage,
    cursor: &'a FeedCursor,
    is_complete: bool,
}

/// How what is written to the ledger is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Transactions {
    /// Part by part.
    Each,
    /// All of it or nothing; somebody else began.
    One,
}

/// One pass under way.
struct Pass<'p> {
    mode: &'p Mode,
    began: Timestamp,
    world: World,
    watcher: &'p dyn Watcher,
    report: Report,
}

impl Pass<'_> {
    fn transactions(&self) -> Transactions {
        match self.mode {
            Mode::CarryOut => Transactions::Each,
            Mode::Preview | Mode::CarryOutPlan(_) => Transactions::One,
        }
    }

    fn reads(&self, system: &'static str, source: &'static str) {
        self.watcher.progress(Step::Reading {
            system,
            source,
            planned: self.report.activities + self.report.to_hubspot.records,
        });
    }
}

impl Engine<'_> {
    /// Does one pass.
    ///
    /// # Errors
    /// If one of the systems, the ledger or the module fails for good; what was recorded stays.
    pub async fn pass(&self, mode: &Mode, watcher: &dyn Watcher) -> Result<Report, PassError> {
        let mut pass = self.begin(mode, watcher).await?;
        match mode {
            Mode::CarryOut => {
                push::settle_all(self, &mut pass).await?;
                push::push(self, &pass.world, &mut pass.report, watcher).await?;
                to_hubspot::push::push(self, &mut pass).await?;
                self.plan_both_ways(&mut pass).await?;
                push::push_patiently(self, &mut pass).await?;
            }
            Mode::Preview => {
                pass.report.digest = Some(self.plan_everything(&mut pass, |_| false).await?);
            }
            Mode::CarryOutPlan(expected) => {
                push::settle_all(self, &mut pass).await?;
                let found = self
                    .plan_everything(&mut pass, |found| found == expected)
                    .await?;
                if found != *expected {
                    return Err(PassError::PlanChanged {
                        expected: expected.clone(),
                        found,
                    });
                }
                push::push_patiently(self, &mut pass).await?;
                pass.report.digest = Some(found);
            }
        }
        Ok(pass.report)
    }

    /// Asks for what holds for a whole pass.
    async fn begin<'p>(
        &self,
        mode: &'p Mode,
        watcher: &'p dyn Watcher,
    ) -> Result<Pass<'p>, PassError> {
        let began = self.clock.now();
        let memory = match mode {
            Mode::Preview => Memory::Untouched,
            Mode::CarryOut | Mode::CarryOutPlan(_) => Memory::Kept,
        };
        watcher.progress(Step::Asking);
        let world = World::read(self, memory).await?;
        let report = Report {
            module: self.module.to_owned(),
            warnings: world.warnings.clone(),
            ..Report::default()
        };
        Ok(Pass {
            mode,
            began,
            world,
            watcher,
            report,
        })
    }

    /// Plans everything in one transaction, which is kept only if its digest is wanted, and answers the digest (P4).
    async fn plan_everything(
        &self,
        pass: &mut Pass<'_>,
        is_wanted: impl Fn(&str) -> bool,
    ) -> Result<String, PassError> {
        self.ledger.begin()?;
        let planned = self.plan_both_ways(pass).await;
        let digest = planned.and_then(|()| {
            let fingerprints = self.ledger.fingerprints_to_send()?;
            let digest_of = |is_meant: fn(Destination) -> bool| {
                let meant = fingerprints.iter().filter(|(to, _)| is_meant(*to));
                crosswalk_core::digest_of_fingerprints(meant.map(|(_, fingerprint)| &**fingerprint))
            };
            pass.report.digests = Some(Digests {
                to_salesforce: digest_of(|to| to == Destination::SalesforceTasks),
                to_hubspot: digest_of(|to| to != Destination::SalesforceTasks),
            });
            Ok(digest_of(|_| true))
        });
        match &digest {
            Ok(digest) if is_wanted(digest) => self.ledger.commit()?,
            _ => self.ledger.roll_back()?,
        }
        digest
    }

    /// Plans what changed in either system, HubSpot first: what it says now is what Salesforce's changes are held against (S9). Then
    /// what waits for something else to change (P6).
    async fn plan_both_ways(&self, pass: &mut Pass<'_>) -> Result<(), PassError> {
        self.notice_settings(pass)?;
        self.plan_feeds(pass).await?;
        self.plan_changes_in_salesforce(pass).await?;
        self.reconcile_with_salesforce(pass).await?;
        self.plan_what_waited(pass).await?;
        let now = self.clock.now();
        loop {
            let begun = self.ledger.begun(now, BATCH)?;
            if begun.is_empty() {
                return Ok(());
            }
            self.plan_seen_again(begun, pass).await?;
        }
    }

    /// Plans what changed in every feed of HubSpot's.
    async fn plan_feeds(&self, pass: &mut Pass<'_>) -> Result<(), PassError> {
        for feed in Feed::ALL {
            let coverage = Coverage::of(self, feed)?;
            coverage.forget_what_is_off(self.ledger)?;
            if coverage.is_read() {
                pass.reads("HubSpot", feed.object());
                self.plan_changes(feed, &coverage, pass).await?;
                self.plan_deletions(feed, pass).await?;
            }
        }
        self.plan_happened(pass).await?;
        self.plan_inbound(pass).await
    }

    /// Plans, as they were seen, activities and records that may get another answer now.
    async fn plan_seen_again(
        &self,
        seen: Vec<Observation>,
        pass: &mut Pass<'_>,
    ) -> Result<(), PassError> {
        let (records, activities): (Vec<_>, Vec<_>) =
            seen.into_iter().partition(to_hubspot::is_of_salesforce);
        self.plan_records(pull::seen_again(activities), |_| Ok(()), pass)
            .await?;
        let records = records.into_iter().filter_map(to_hubspot::Record::seen);
        self.plan_records_of_salesforce(records.collect(), Reach::Changed, |_| Ok(()), pass)
            .await
    }

    async fn plan_changes(
        &self,
        feed: Feed,
        coverage: &Coverage,
        pass: &mut Pass<'_>,
    ) -> Result<(), PassError> {
        let mut cursor = coverage.starting_from(self.ledger.cursor(feed.object())?, OVERLAP);
        loop {
            let batch = pull::changes(self, feed, &cursor, BATCH, |record| {
                if self.is_overwritten(record)? {
                    return Ok(false);
                }
                let seen = self.ledger.last_seen(&record.activity)?;
                let modified_at = record.modified_at.as_deref();
                Ok(coverage.is_wanted(Some(&record.kind), modified_at, seen.as_ref()))
            })
            .await?;
            cursor = batch.cursor;
            let progress = Progress {
                coverage,
                cursor: &cursor,
                is_complete: batch.is_last,
            };
            self.plan_records(batch.records, |engine| engine.advance(&progress), pass)
                .await?;
            pass.reads("HubSpot", feed.object());
            if batch.is_last {
                return Ok(());
            }
        }
    }

    /// Whether we have written the activity since: HubSpot's search shows late what is there, and shows this one again once it does.
    fn is_overwritten(&self, record: &pull::Record) -> Result<bool, PassError> {
        let link = self.ledger.link(&record.activity)?;
        let modified_at = record.modified_at.as_deref();
        Ok(link.is_some_and(|link| to_hubspot::is_before_our_write(modified_at, &link)))
    }

    /// HubSpot's search never shows what was deleted; its recycle bin does (D1, K4).
    async fn plan_deletions(&self, feed: Feed, pass: &mut Pass<'_>) -> Result<(), PassError> {
        let kinds: Vec<&str> = feed.kinds().iter().map(|kind| kind.name()).collect();
        if !self.ledger.has_seen_any(&kinds)? {
            return Ok(());
        }
        let mut after = None;
        loop {
            let page = pull::deletions(self, feed, after.as_deref()).await?;
            self.plan_records(page.records, |_| Ok(()), pass).await?;
            match page.next {
                Some(next) => after = Some(next),
                None => return Ok(()),
            }
        }
    }

    /// Plans, records together with what is to be remembered of it, and where the mode is to carry out at once, pushes.
    async fn plan_records(
        &self,
        records: Vec<pull::Record>,
        remember: impl FnOnce(&Self) -> Result<(), PassError>,
        pass: &mut Pass<'_>,
    ) -> Result<(), PassError> {
        if records.is_empty() {
            return self.in_part(pass.transactions(), || remember(self));
        }
        let snapshot = pull::snapshot(self, &mut pass.world, records).await?;
        let plan::Decided {
            decisions,
            warnings,
        } = plan::decide(self.rules, &snapshot)?;
        pass.report.warn(warnings);
        self.in_part(pass.transactions(), || {
            record::decisions(self, &snapshot, &decisions, &mut pass.report, pass.watcher)?;
            remember(self)
        })?;
        if *pass.mode == Mode::CarryOut {
            push::push(self, &pass.world, &mut pass.report, pass.watcher).await?;
        }
        Ok(())
    }

    /// A part of what is written, kept as a whole.
    fn in_part(
        &self,
        transactions: Transactions,
        work: impl FnOnce() -> Result<(), PassError>,
    ) -> Result<(), PassError> {
        match transactions {
            Transactions::Each => push::in_transaction(self, work),
            Transactions::One => work(),
        }
    }

    fn advance(&self, progress: &Progress<'_>) -> Result<(), PassError> {
        let coverage = progress.coverage;
        self.ledger.set_cursor(coverage.source(), progress.cursor)?;
        if progress.is_complete {
            coverage.keep(self.ledger)?;
        }
        Ok(())
    }
}

/// A span of the settings behind a moment, as the rules count it (W4); none outside the calendar.
fn span_after(engine: &Engine<'_>, span: &str, from: Timestamp) -> Option<Timestamp> {
    let span: Span = span.trim().parse().ok()?;
    let time_zone = TimeZone::get(engine.settings.settings().time_zone.trim()).ok()?;
    let ends_at = from.to_zoned_datetime(time_zone).checked_add(span);
    ends_at.ok().map(|ends_at| ends_at.timestamp())
}

/// The part of a Salesforce id that names the record.
fn short(id: &str) -> &str {
    id.get(..15).unwrap_or(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_words_are_said_once() {
        let warning = |message: &str, path: &str| PlanWarning {
            code: "duplicate_input".to_owned(),
            message: message.to_owned(),
            path: Some(path.to_owned()),
            hint: None,
        };
        let mut report = Report::default();
        report.warn(vec![warning("two contacts", "contacts[1]")]);
        report.warn(vec![
            warning("two contacts", "contacts[7]"),
            warning("two owners", "owners[2]"),
        ]);
        let paths: Vec<_> = report
            .plan_warnings
            .iter()
            .filter_map(|warning| warning.path.as_deref())
            .collect();
        assert_eq!(paths, ["contacts[1]", "owners[2]"]);
    }
}
