//! What happens once and never changes. Lists are read the newest first, page by page into the ledger, and planned from there the
//! oldest first: so reading can be stopped at any page, and the first of a series is known to be it.

use super::world::World;
use super::{BATCH, Engine, Mode, OVERLAP, Pass, PassError, Transactions, plan, pull};
use crate::error::ApiError;
use crate::feeds::Opens;
use crate::feeds::happened::{self, Happened, HappenedPage, Lists, Source};
use crate::hubspot::Unreadable;
use crate::ledger::{FeedCursor, KeptRefusal, NotPlanned};
use crosswalk_core::Kind;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// How many Tasks the opens of marketing emails would become, by the setting `marketing_email.opens`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct OpensPlanned {
    /// If only the first per email and recipient counts.
    pub first: u64,
    /// If all count.
    pub all: u64,
}

/// Why something that HubSpot lists isn't taken.
fn refused(source: &Source, unreadable: &Unreadable, now: Timestamp) -> KeptRefusal {
    let id = unreadable.id.as_ref();
    KeptRefusal {
        source: format!("HubSpot's list {}", source.name()),
        line: None,
        path: String::new(),
        activity: id.map(|id| format!("{}:{id}", source.kind().name())),
        code: "invalid_record".to_owned(),
        message: unreadable.message.clone(),
        hint: "HubSpot lists it so; the others of its page were read. If it should be synced, send it by `crosswalk push`."
            .to_owned(),
        refused_at: now.to_string(),
    }
}

/// How what is read is kept until it is planned.
#[derive(Clone, Copy, Debug)]
pub(super) struct Keep {
    pub(super) transactions: Transactions,
    /// Whether what was planned before is wanted again.
    pub(super) planned_too: bool,
}

impl Engine<'_> {
    /// Reads what happened, and plans it.
    pub(super) async fn plan_happened(&self, pass: &mut Pass<'_>) -> Result<(), PassError> {
        for kind in happened::KINDS {
            if !self.settings.is_on(kind) {
                self.in_part(pass.transactions(), || {
                    Ok(self.ledger.forget_kind(kind.name())?)
                })?;
                continue;
            }
            pass.reads("HubSpot", kind.name());
            let keep = Keep {
                transactions: pass.transactions(),
                planned_too: false,
            };
            let without = self.read_if_there(kind, &mut pass.world, keep).await?;
            self.in_part(pass.transactions(), || {
                Ok(self
                    .ledger
                    .set_without_feed(kind.name(), without.as_deref())?)
            })?;
            let without = without.map(|why| format!("{}: no feed: {why}", kind.name()));
            pass.report.warnings.extend(without);
            self.plan_kind(kind, pass).await?;
        }
        Ok(())
    }

    /// Reads a kind as far as it wasn't read yet. Where the account has no such feed it answers why, and the sync goes on.
    pub(super) async fn read_if_there(
        &self,
        kind: Kind,
        world: &mut World,
        keep: Keep,
    ) -> Result<Option<String>, PassError> {
        match self.read_happened(kind, world, keep).await {
            Err(PassError::Api(error)) if matches!(error.status, Some(403 | 404)) => {
                Ok(Some(error.to_string()))
            }
            read => read,
        }
    }

    async fn read_happened(
        &self,
        kind: Kind,
        world: &mut World,
        keep: Keep,
    ) -> Result<Option<String>, PassError> {
        let start = self.settings.window_start(kind);
        let start = start.unwrap_or(Timestamp::UNIX_EPOCH);
        self.in_part(keep.transactions, || self.cover(kind, start))?;
        let lists = happened::lists(self.hubspot, &mut world.names, self.feeds, kind).await?;
        let sources = match lists {
            Lists::Of(sources) => sources,
            Lists::NoFeed(why) => return Ok(Some(why)),
        };
        let mut newest = None;
        for source in sources {
            let reached = self.read_source(&source, start, world, keep).await?;
            newest = newest.max(Some(reached));
        }
        let reached = FeedCursor {
            stamp: newest.unwrap_or(start),
            id: String::new(),
        };
        self.in_part(keep.transactions, || {
            Ok(self.ledger.set_cursor(kind.name(), &reached)?)
        })?;
        Ok(None)
    }

    /// A kind that is turned on, or whose window is widened, is read again from the start of its window (P6 b); and so are the opens
    /// once all of them count.
    fn cover(&self, kind: Kind, start: Timestamp) -> Result<(), PassError> {
        let name = format!("{0}/{0}", kind.name());
        let counts = match (kind, self.feeds.opens) {
            (Kind::MarketingEmailOpened, Opens::First) => "first",
            _ => "",
        };
        let before = self.ledger.cursor(&name)?;
        let is_covered = before.is_some_and(|before| {
            before.stamp <= start && (before.id == counts || before.id.is_empty())
        });
        if !is_covered {
            self.ledger.forget_kind(kind.name())?;
        }
        let covered = FeedCursor {
            stamp: start,
            id: counts.to_owned(),
        };
        Ok(self.ledger.set_cursor(&name, &covered)?)
    }

    /// Reads a list as far as it wasn't read yet, each page in a transaction of its own. Answers how far it is read.
    async fn read_source(
        &self,
        source: &Source,
        start: Timestamp,
        world: &mut World,
        keep: Keep,
    ) -> Result<Timestamp, PassError> {
        let name = source.name();
        let before = self.ledger.cursor(&name)?;
        let mut reading = Reading::resumed(before.as_ref(), start);
        loop {
            let page = source
                .page(
                    self.hubspot,
                    &mut world.names,
                    reading.since,
                    reading.next.as_deref(),
                )
                .await;
            let page = match page {
                Err(error) if reading.is_stale(&error) => {
                    reading = Reading::anew(before.as_ref(), start);
                    continue;
                }
                page => page?,
            };
            reading.advance(&page);
            self.in_part(keep.transactions, || {
                for happened in page.happened {
                    self.keep_happened(happened, reading.since, keep)?;
                }
                for unreadable in &page.unreadable {
                    self.ledger
                        .keep_refusal(&refused(source, unreadable, self.clock.now()))?;
                }
                Ok(self.ledger.set_cursor(&name, &reading.cursor())?)
            })?;
            if reading.next.is_none() {
                return Ok(reading.cursor().stamp);
            }
        }
    }

    fn keep_happened(
        &self,
        happened: Happened,
        since: Timestamp,
        keep: Keep,
    ) -> Result<(), PassError> {
        let occurred_at = happened.occurred_at;
        if occurred_at < since {
            return Ok(());
        }
        let kind = happened.kind.name();
        let not_planned = NotPlanned {
            activity: happened.activity(),
            series: happened.series.clone(),
            seen: serde_json::Value::Object(happened.into_fields()).to_string(),
        };
        if keep.planned_too || !self.ledger.is_planned(&not_planned.activity)? {
            self.ledger.keep_happened(&not_planned, kind, occurred_at)?;
        }
        Ok(())
    }

    /// Plans what was read of a kind, the oldest first.
    async fn plan_kind(&self, kind: Kind, pass: &mut Pass<'_>) -> Result<(), PassError> {
        loop {
            let batch = self.ledger.not_planned(kind.name(), BATCH)?;
            if batch.is_empty() {
                return Ok(());
            }
            let (firsts, others) = self.parted(batch, pass.transactions())?;
            let of_firsts = self.plan_not_planned(kind, &firsts, pass).await?;
            let of_others = match self.feeds.opens {
                Opens::All => self.plan_not_planned(kind, &others, pass).await?,
                Opens::First => self.leave_out(&others, pass).await?,
            };
            if kind == Kind::MarketingEmailOpened && *pass.mode == Mode::Preview {
                let opens = pass.report.marketing_opens.get_or_insert_default();
                opens.first += of_firsts;
                opens.all += of_firsts + of_others;
            }
            pass.reads("HubSpot", kind.name());
        }
    }

    /// Those that are the first of their series or in none, and the others.
    pub(super) fn parted(
        &self,
        batch: Vec<NotPlanned>,
        transactions: Transactions,
    ) -> Result<(Vec<NotPlanned>, Vec<NotPlanned>), PassError> {
        let (mut firsts, mut others) = (Vec::with_capacity(batch.len()), Vec::new());
        self.in_part(transactions, || {
            for one in batch {
                let is_first = match &one.series {
                    Some(series) => self.ledger.is_first(series, &one.activity)?,
                    None => true,
                };
                if is_first { &mut firsts } else { &mut others }.push(one);
            }
            Ok(())
        })?;
        Ok((firsts, others))
    }

    /// Plans these. Answers how many Tasks they become.
    async fn plan_not_planned(
        &self,
        kind: Kind,
        batch: &[NotPlanned],
        pass: &mut Pass<'_>,
    ) -> Result<u64, PassError> {
        let before = pass.report.planned_creates(kind);
        self.plan_records(records(batch), |engine| engine.forget_happened(batch), pass)
            .await?;
        Ok(pass.report.planned_creates(kind) - before)
    }

    /// Leaves these out. Answers, in a preview, how many Tasks they would become.
    async fn leave_out(&self, batch: &[NotPlanned], pass: &mut Pass<'_>) -> Result<u64, PassError> {
        self.in_part(pass.transactions(), || self.forget_happened(batch))?;
        if batch.is_empty() || *pass.mode != Mode::Preview {
            return Ok(0);
        }
        let snapshot = pull::snapshot(self, &mut pass.world, records(batch)).await?;
        let decided = plan::decide(self.rules, &snapshot)?;
        let actions = decided.decisions.iter();
        let actions = actions.filter_map(|decision| serde_json::from_str::<Acts>(decision).ok());
        Ok(actions.filter(|acts| acts.action == "create").count() as u64)
    }

    fn forget_happened(&self, batch: &[NotPlanned]) -> Result<(), PassError> {
        let activities = batch.iter().map(|one| one.activity.as_str());
        Ok(self.ledger.forget_happened(activities)?)
    }
}

#[derive(Deserialize)]
struct Acts {
    action: String,
}

/// As activities to be planned.
pub(super) fn records(batch: &[NotPlanned]) -> Vec<pull::Record> {
    let fields = batch
        .iter()
        .filter_map(|one| serde_json::from_str(&one.seen).ok());
    fields.map(pull::record).collect()
}

/// How far the reading of a list is: the newest first, down to where it ended the last time.
struct Reading {
    /// Nothing older is wanted.
    since: Timestamp,
    /// The list was read up to this when it was read to its end; `newest` takes its place then.
    complete: Timestamp,
    newest: Option<Timestamp>,
    /// The page that comes next.
    next: Option<String>,
    /// Whether that page was named by an earlier pass.
    is_resumed: bool,
}

impl Reading {
    fn anew(before: Option<&FeedCursor>, start: Timestamp) -> Self {
        let complete = before.map_or(start, |before| before.stamp);
        let since = complete.checked_sub(OVERLAP).unwrap_or(start);
        Self {
            since: since.max(start),
            complete,
            newest: None,
            next: None,
            is_resumed: false,
        }
    }

    /// Where the ledger says that reading was stopped: `newest next`.
    fn resumed(before: Option<&FeedCursor>, start: Timestamp) -> Self {
        let place = before.and_then(|before| before.id.split_once(' '));
        let newest = place.and_then(|(newest, _)| newest.parse().ok());
        Self {
            newest,
            is_resumed: newest.is_some(),
            next: newest.and(place).map(|(_, next)| next.to_owned()),
            ..Self::anew(before, start)
        }
    }

    /// Whether HubSpot doesn't know any more which page an earlier pass meant.
    fn is_stale(&self, error: &ApiError) -> bool {
        self.is_resumed && error.status == Some(400)
    }

    fn advance(&mut self, page: &HappenedPage) {
        let moments = || page.happened.iter().map(|happened| happened.occurred_at);
        self.newest = self.newest.max(moments().max());
        let is_behind = moments().any(|moment| moment < self.since);
        let next = page.next.clone().filter(|_| !is_behind);
        // A list that doesn't move on would be read for ever.
        self.next = next.filter(|next| self.next.as_ref() != Some(next));
        self.is_resumed = false;
    }

    fn cursor(&self) -> FeedCursor {
        match (&self.next, self.newest) {
            (Some(next), newest) => FeedCursor {
                stamp: self.complete,
                id: format!("{} {next}", newest.unwrap_or(self.since)),
            },
            (None, newest) => FeedCursor {
                stamp: newest.map_or(self.complete, |newest| newest.max(self.complete)),
                id: String::new(),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;
    use crate::feeds::happened::By;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(1_763_629_200 + 60 * minute).unwrap()
    }

    fn page(minutes: &[i64], next: Option<&str>) -> HappenedPage {
        let happened = |minute: &i64| Happened {
            kind: Kind::FormSubmission,
            id: minute.to_string(),
            occurred_at: at(*minute),
            title: None,
            app: None,
            by: By::Unknown,
            series: None,
        };
        HappenedPage {
            happened: minutes.iter().map(happened).collect(),
            unreadable: Vec::new(),
            next: next.map(str::to_owned),
        }
    }

    #[test]
    fn a_list_that_was_stopped_goes_on_at_its_page() {
        let mut reading = Reading::resumed(None, at(0));
        reading.advance(&page(&[90, 80], Some("a b")));
        let stopped = reading.cursor();
        assert_eq!(stopped.stamp, at(0), "what is older isn't read yet");
        let mut reading = Reading::resumed(Some(&stopped), at(0));
        assert_eq!(reading.next.as_deref(), Some("a b"));
        reading.advance(&page(&[70, 60], None));
        let complete = reading.cursor();
        assert_eq!((complete.stamp, complete.id.as_str()), (at(90), ""));
        let again = Reading::resumed(Some(&complete), at(0));
        assert_eq!((again.since, &again.next), (at(85), &None));
    }

    #[test]
    fn reading_ends_behind_what_is_wanted() {
        let mut reading = Reading::resumed(None, at(75));
        reading.advance(&page(&[90, 70], Some("c")));
        assert_eq!(reading.cursor().stamp, at(90));
        let mut reading = Reading::resumed(None, at(75));
        reading.advance(&page(&[], None));
        assert_eq!(reading.cursor().stamp, at(75));
    }
}
