//! Which part of a source has been read for which kinds (P6 b)?
//!
//! A kind that is turned on, or whose window is widened, is read again from the start of its window.

use super::{Engine, PassError};
use crate::feeds::Feed;
use crate::ledger::{FeedCursor, LastSeen, Ledger};
use crate::salesforce::RecordObject;
use crosswalk_core::RecordKind;
use jiff::{SignedDuration, Timestamp};

/// What has been read of a source, kind by kind.
pub(super) struct Coverage {
    source: &'static str,
    /// The kinds that are on, with the start of their windows.
    windows: Vec<(&'static str, Timestamp)>,
    /// Those that are off.
    off: Vec<&'static str>,
    /// Those that are on, and whose windows haven't been read from their start.
    uncovered: Vec<&'static str>,
    /// Where reading must begin for them.
    uncovered_from: Option<Timestamp>,
}

impl Coverage {
    /// Of a feed of HubSpot's.
    pub(super) fn of(engine: &Engine<'_>, feed: Feed) -> Result<Self, PassError> {
        let settings = engine.settings;
        let windows = feed.kinds().iter().map(|kind| {
            let start = || settings.window_start(*kind);
            let window = settings.is_on(*kind).then(start);
            (kind.name(), window.map(|start| start.unwrap_or_default()))
        });
        Self::looked_up(engine.ledger, feed.object(), windows)
    }

    /// Of an object of Salesforce's (S1, S3).
    pub(super) fn of_records(engine: &Engine<'_>, object: RecordObject) -> Result<Self, PassError> {
        let kinds: &[RecordKind] = match object {
            RecordObject::Task => RecordKind::ALL,
            RecordObject::Event => &[RecordKind::Meeting],
        };
        let windows = kinds.iter().map(|kind| {
            let window = engine.settings.record_window_start(*kind);
            (kind.name(), window)
        });
        Self::looked_up(engine.ledger, object.name(), windows)
    }

    fn looked_up(
        ledger: &Ledger,
        source: &'static str,
        windows: impl Iterator<Item = (&'static str, Option<Timestamp>)>,
    ) -> Result<Self, PassError> {
        let mut coverage = Self {
            source,
            windows: Vec::new(),
            off: Vec::new(),
            uncovered: Vec::new(),
            uncovered_from: None,
        };
        for (kind, window) in windows {
            let Some(start) = window else {
                coverage.off.push(kind);
                continue;
            };
            let covered = ledger.cursor(&coverage.name(kind))?;
            coverage.windows.push((kind, start));
            if covered.is_none_or(|covered| covered.stamp > start) {
                coverage.uncovered.push(kind);
                let earliest = coverage.uncovered_from.unwrap_or(start).min(start);
                coverage.uncovered_from = Some(earliest);
            }
        }
        Ok(coverage)
    }

    /// Under what the ledger keeps how far the source was read.
    pub(super) const fn source(&self) -> &'static str {
        self.source
    }

    /// Forgets what was read for kinds that are off: turned on again, they are read again.
    pub(super) fn forget_what_is_off(&self, ledger: &Ledger) -> Result<(), PassError> {
        for kind in &self.off {
            ledger.forget_cursor(&self.name(kind))?;
        }
        Ok(())
    }

    /// Whether any kind of the source is on.
    pub(super) fn is_read(&self) -> bool {
        !self.windows.is_empty()
    }

    /// Where to go on reading.
    pub(super) fn starting_from(
        &self,
        cursor: Option<FeedCursor>,
        overlap: SignedDuration,
    ) -> FeedCursor {
        let earliest = self.windows.iter().map(|(_, start)| *start).min();
        let earliest = earliest.unwrap_or(Timestamp::UNIX_EPOCH);
        let reached = cursor.map_or(earliest, |cursor| {
            let overlapping = cursor.stamp.checked_sub(overlap).unwrap_or(earliest);
            overlapping.max(earliest)
        });
        FeedCursor {
            stamp: self
                .uncovered_from
                .map_or(reached, |from| from.min(reached)),
            id: String::new(),
        }
    }

    /// Whether what was read is to be planned: it has changed, or its kind wasn't read when it was seen. Of which kind a record of
    /// Salesforce is, only the rules know.
    pub(super) fn is_wanted(
        &self,
        kind: Option<&str>,
        modified_at: Option<&str>,
        seen: Option<&LastSeen>,
    ) -> bool {
        let Some(seen) = seen else { return true };
        let has_changed =
            modified_at.is_none() || modified_at != seen.modified_at.as_deref() || seen.is_deleted;
        has_changed || (self.is_uncovered(kind) && was_left_out(seen))
    }

    fn is_uncovered(&self, kind: Option<&str>) -> bool {
        match kind {
            Some(kind) => self.uncovered.contains(&kind),
            None => !self.uncovered.is_empty(),
        }
    }

    /// Everything has been read from the start of its window.
    pub(super) fn keep(&self, ledger: &Ledger) -> Result<(), PassError> {
        for (kind, start) in &self.windows {
            let covered = FeedCursor {
                stamp: *start,
                id: String::new(),
            };
            ledger.set_cursor(&self.name(kind), &covered)?;
        }
        Ok(())
    }

    fn name(&self, kind: &str) -> String {
        format!("{}/{kind}", self.source)
    }
}

fn was_left_out(seen: &LastSeen) -> bool {
    matches!(
        seen.reason.as_deref(),
        Some("kind_disabled" | "before_window")
    )
}
