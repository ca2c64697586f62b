//! How a record is held: small, since a portal may hold a million of them.

use std::borrow::Cow;

use super::moment;
use super::schema::{CREATED, ID, Place, UPDATED};

/// One version of a record. Writes make new ones.
#[derive(Clone, Debug)]
pub(super) struct Stored {
    pub(super) id: u64,
    pub(super) created: i64,
    pub(super) updated: i64,
    pub(super) archived: Option<i64>,
    /// By place; none is empty.
    values: Box<[(Place, Box<str>)]>,
    /// By place and moment. A property without versions has had its value since the record was created.
    versions: Box<[Version]>,
}

/// The value that a property had from a moment on.
#[derive(Clone, Debug)]
pub(super) struct Version {
    place: Place,
    pub(super) since: i64,
    pub(super) value: Box<str>,
}

impl Stored {
    pub(super) fn new(id: u64, created: i64, updated: i64, archived: Option<i64>) -> Self {
        Self {
            id,
            created,
            updated,
            archived,
            values: Box::default(),
            versions: Box::default(),
        }
    }

    /// With these values and versions; of two values for one place the later counts.
    pub(super) fn filled(
        self,
        mut values: Vec<(Place, Box<str>)>,
        versions: impl IntoIterator<Item = (Place, i64, Box<str>)>,
    ) -> Self {
        values.reverse();
        values.sort_by_key(|(place, _)| *place);
        values.dedup_by_key(|(place, _)| *place);
        values.retain(|(_, value)| !value.is_empty());
        let mut versions: Vec<_> = versions
            .into_iter()
            .map(|(place, since, value)| Version {
                place,
                since,
                value,
            })
            .collect();
        versions.sort_by_key(|version| (version.place, version.since));
        Self {
            values: values.into(),
            versions: versions.into(),
            ..self
        }
    }

    /// With these changes, of which an empty one clears, made at this moment.
    pub(super) fn changed(&self, changes: &[(Place, String)], now: i64) -> Self {
        let mut values = self.values.to_vec();
        let mut versions = self.versions.to_vec();
        for (place, new) in changes {
            let held = values.binary_search_by_key(place, |(held, _)| *held);
            let old: &str = held.map_or("", |at| &values[at].1);
            if old == new {
                continue;
            }
            let first = !versions.iter().any(|version| version.place == *place);
            if first && !old.is_empty() {
                versions.push(Version {
                    place: *place,
                    since: self.created,
                    value: old.into(),
                });
            }
            versions.push(Version {
                place: *place,
                since: now,
                value: new.as_str().into(),
            });
            match held {
                Ok(at) if new.is_empty() => drop(values.remove(at)),
                Ok(at) => values[at].1 = new.as_str().into(),
                Err(at) => values.insert(at, (*place, new.as_str().into())),
            }
        }
        versions.sort_by_key(|version| (version.place, version.since));
        Self {
            updated: now,
            values: values.into(),
            versions: versions.into(),
            ..*self
        }
    }

    /// In the recycle bin from this moment on.
    pub(super) fn archived(&self, now: i64) -> Self {
        Self {
            archived: Some(now),
            updated: now,
            ..self.clone()
        }
    }

    /// The stored value of a property; HubSpot's own three aren't stored.
    pub(super) fn stored(&self, place: Place) -> Option<&str> {
        let at = self
            .values
            .binary_search_by_key(&place, |(held, _)| *held)
            .ok()?;
        self.values.get(at).map(|(_, value)| &**value)
    }

    /// The value of any property, as answers write it.
    pub(super) fn value(&self, place: Place) -> Option<Cow<'_, str>> {
        match place {
            ID => Some(Cow::Owned(self.id.to_string())),
            CREATED => Some(Cow::Owned(moment::written(self.created))),
            UPDATED => Some(Cow::Owned(moment::written(self.updated))),
            place => self.stored(place).map(Cow::Borrowed),
        }
    }

    /// The value of a property that is a whole number or a moment.
    pub(super) fn whole(&self, place: Place) -> Option<i64> {
        match place {
            ID => i64::try_from(self.id).ok(),
            CREATED => Some(self.created),
            UPDATED => Some(self.updated),
            place => self.stored(place).and_then(moment::read),
        }
    }

    /// The properties that have values.
    pub(super) fn places(&self) -> impl Iterator<Item = Place> {
        [ID, CREATED, UPDATED]
            .into_iter()
            .chain(self.values.iter().map(|(place, _)| *place))
    }

    /// The versions of a property, the present one first.
    pub(super) fn history(&self, place: Place) -> Vec<(i64, Cow<'_, str>)> {
        let of_place = |version: &&Version| version.place == place;
        let mut history: Vec<_> = self
            .versions
            .iter()
            .rev()
            .filter(of_place)
            .map(|version| (version.since, Cow::Borrowed(&*version.value)))
            .collect();
        let value = self.value(place).unwrap_or_default();
        match history.first() {
            None if value.is_empty() => {}
            None => history.push((self.created, value)),
            Some((_, latest)) if *latest == value => {}
            Some(_) => history.insert(0, (self.updated, value)),
        }
        history
    }
}
