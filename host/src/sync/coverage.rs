//! Which part of a feed has been read for which kinds (P6 b)?
//!
//! A kind that is turned on, or whose window is widened, is read again from the start of its window.

use super::{Engine, PassError, pull::Record};
use crate::feeds::Feed;
use crate::ledger::{FeedCursor, LastSeen};
use crosswalk_core::Kind;
use jiff::{SignedDuration, Timestamp};

/// What has been read of a feed, kind by kind.
pub(super) struct Coverage {
    feed: Feed,
    /// The kinds that are on, with the start of their windows.
    windows: Vec<(Kind, Timestamp)>,
    /// Those of them whose windows haven't been read from their start.
    uncovered: Vec<Kind>,
    /// Where reading must begin for them.
    uncovered_from: Option<Timestamp>,
}

impl Coverage {
    /// Looks it up.
    pub(super) fn of(engine: &Engine<'_>, feed: Feed) -> Result<Self, PassError> {
        let mut coverage = Self {
            feed,
            windows: Vec::new(),
            uncovered: Vec::new(),
            uncovered_from: None,
        };
        for kind in feed.kinds() {
            if !engine.settings.is_on(*kind) {
                continue;
            }
            let covered = engine.ledger.cursor(&name(feed, *kind))?;
            let start = engine
                .settings
                .window_start(*kind)
                .unwrap_or(Timestamp::UNIX_EPOCH);
            coverage.windows.push((*kind, start));
            if covered.is_none_or(|covered| covered.stamp > start) {
                coverage.uncovered.push(*kind);
                let earliest = coverage.uncovered_from.unwrap_or(start).min(start);
                coverage.uncovered_from = Some(earliest);
            }
        }
        Ok(coverage)
    }

    /// Forgets what was read for kinds that are off: turned on again, they are read again.
    pub(super) fn forget_what_is_off(engine: &Engine<'_>, feed: Feed) -> Result<(), PassError> {
        let kinds = feed.kinds().iter();
        for kind in kinds.filter(|kind| !engine.settings.is_on(**kind)) {
            engine.ledger.forget_cursor(&name(feed, *kind))?;
        }
        Ok(())
    }

    /// Whether any kind of the feed is on.
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

    /// Whether a record is to be planned: it has changed, or its kind wasn't read when it was seen.
    pub(super) fn is_wanted(&self, record: &Record, seen: Option<&LastSeen>) -> bool {
        let Some(seen) = seen else { return true };
        let has_changed = record.modified_at.is_none()
            || record.modified_at != seen.modified_at
            || seen.is_deleted;
        has_changed || (self.is_uncovered(&record.kind) && was_left_out(seen))
    }

    fn is_uncovered(&self, kind: &str) -> bool {
        self.uncovered
            .iter()
            .any(|uncovered| uncovered.name() == kind)
    }

    /// Everything has been read from the start of its window.
    pub(super) fn keep(&self, engine: &Engine<'_>) -> Result<(), PassError> {
        for (kind, start) in &self.windows {
            let covered = FeedCursor {
                stamp: *start,
                id: String::new(),
            };
            engine
                .ledger
                .set_cursor(&name(self.feed, *kind), &covered)?;
        }
        Ok(())
    }
}

fn was_left_out(seen: &LastSeen) -> bool {
    matches!(
        seen.reason.as_deref(),
        Some("kind_disabled" | "before_window")
    )
}

fn name(feed: Feed, kind: Kind) -> String {
    format!("{}/{}", feed.object(), kind.name())
}
