//! How is a snapshot read that comes in parts?
//!
//! Its activities and records are kept as they are written, since there may be a million; what is known about them is read once.

use crate::error::{Code, Error};
use crate::id;
use crate::index::activity_name;
use crate::json::{self, Reader, Unread};
use crate::kind::Kind;
use crate::read;
use crate::record::SalesforceRecord;
use crate::snapshot::{Activity, Link, Reading, Snapshot};
use rustc_hash::FxHashSet;
use self_cell::self_cell;
use serde::Deserialize;

/// A list of the snapshot whose elements are kept as they are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum List {
    Activities,
    Records,
}

impl List {
    const ALL: [Self; 2] = [Self::Activities, Self::Records];

    const fn name(self) -> &'static str {
        match self {
            Self::Activities => "activities",
            Self::Records => "records",
        }
    }
}

/// What is next in the document.
#[derive(Clone, Copy, Debug)]
enum Next {
    Beginning,
    Member { is_first: bool },
    Element { list: List, is_first: bool },
    Nothing,
}

/// What has come of a snapshot so far: UTF-8 JSON, cut anywhere.
#[derive(Debug)]
pub struct SnapshotParts {
    next: Next,
    /// What has come and isn't parted yet.
    pending: Vec<u8>,
    /// How many bytes came before.
    passed: usize,
    /// With less than this it isn't worth another look: what is pending is one long value.
    enough: usize,
    texts: Texts,
    has_list: [bool; List::ALL.len()],
}

/// A snapshot as it is kept.
#[derive(Debug, Default)]
struct Texts {
    /// The document without its activities and records.
    known: String,
    activities: Written,
    records: Written,
}

impl Default for SnapshotParts {
    fn default() -> Self {
        Self::new()
    }
}

impl SnapshotParts {
    /// A snapshot of which nothing has come.
    pub fn new() -> Self {
        Self {
            next: Next::Beginning,
            pending: Vec::new(),
            passed: 0,
            enough: 0,
            texts: Texts::default(),
            has_list: [false; List::ALL.len()],
        }
    }

    /// Takes the next part.
    ///
    /// # Errors
    /// `not_json`, or `snapshot_invalid` for the shape of the document; after that it is of no more use.
    pub fn append(&mut self, part: &[u8]) -> Result<(), Error> {
        self.pending.extend_from_slice(part);
        if self.pending.len() < self.enough {
            return Ok(());
        }
        self.part(false)
    }

    /// Ends it: nothing more will come.
    ///
    /// # Errors
    /// As `append`; and for `now`, and lists that aren't any.
    pub fn close(mut self) -> Result<WholeSnapshot, Error> {
        self.part(true)?;
        self.texts.known.push('}');
        let read = Read::try_new(self.texts, read_known)?;
        Ok(WholeSnapshot(read))
    }

    /// Parts what is pending, as far as it is there.
    fn part(&mut self, is_end: bool) -> Result<(), Error> {
        let pending = std::mem::take(&mut self.pending);
        let text = match std::str::from_utf8(&pending) {
            Ok(text) => text,
            Err(error) => {
                let valid = error.valid_up_to();
                if error.error_len().is_some() || is_end {
                    let message = format!("the input is not UTF-8 at byte {}", self.passed + valid);
                    return Err(
                        Error::new(Code::NotJson, "", message).with_hint("save it as UTF-8")
                    );
                }
                let valid = pending.get(..valid).unwrap_or_default();
                std::str::from_utf8(valid).unwrap_or_default()
            }
        };
        let mut done = 0;
        if self.passed == 0 && text.starts_with('\u{FEFF}') {
            done = '\u{FEFF}'.len_utf8();
        }
        loop {
            let mut reader = Reader::at(text, done);
            match self.step(&mut reader) {
                Ok(()) => done = reader.position(),
                Err(Stop::Unread(unread)) if unread.is_cut() && !is_end => break,
                Err(Stop::Unread(unread)) => {
                    let place = self.passed + unread.position();
                    let message = format!("not JSON: {} at byte {place}", unread.what());
                    return Err(Error::new(Code::NotJson, "", message));
                }
                Err(Stop::Wrong(error)) => return Err(error),
                Err(Stop::Done) => {
                    done = reader.position();
                    break;
                }
            }
        }
        self.passed += done;
        self.pending = pending.get(done..).unwrap_or_default().to_vec();
        self.enough = self.pending.len() * 2;
        Ok(())
    }

    /// Passes over the next piece of the document, if the whole of it is there.
    fn step(&mut self, reader: &mut Reader<'_>) -> Result<(), Stop> {
        match self.next {
            Next::Beginning => self.begin(reader),
            Next::Member { is_first } => self.member(reader, is_first),
            Next::Element { list, is_first } => self.element(reader, list, is_first),
            Next::Nothing => match reader.peek() {
                None => Err(Stop::Done),
                Some(_) => Err(reader.wrong("trailing characters").into()),
            },
        }
    }

    fn begin(&mut self, reader: &mut Reader<'_>) -> Result<(), Stop> {
        if reader.peek().is_some_and(|byte| byte != b'{') {
            reader.raw()?;
            return Err(read::no_object().into());
        }
        reader.expect(b'{', "expected an object")?;
        self.texts.known.push('{');
        self.next = Next::Member { is_first: true };
        Ok(())
    }

    fn member(&mut self, reader: &mut Reader<'_>, is_first: bool) -> Result<(), Stop> {
        if reader.peek() == Some(b'}') {
            reader.pass();
            self.next = Next::Nothing;
            return Ok(());
        }
        if !is_first {
            reader.expect(b',', "expected `,` or `}`")?;
        }
        if reader.peek() != Some(b'"') {
            return Err(reader.wrong("expected a key in quotes").into());
        }
        let name = reader.string()?;
        reader.expect(b':', "expected `:`")?;
        let list = List::ALL.into_iter().find(|list| list.name() == name);
        if let Some(list) = list
            && reader.peek() == Some(b'[')
        {
            reader.pass();
            self.begin_list(list)?;
            return Ok(());
        }
        let value = whole(reader)?;
        if let Some(list) = list {
            if value != "null" {
                return Err(read::no_list(list.name()).into());
            }
            self.begin_list(list)?;
        } else if read::is_member(&name) {
            self.texts.know(&name, value);
        }
        self.next = Next::Member { is_first: false };
        Ok(())
    }

    fn begin_list(&mut self, list: List) -> Result<(), Error> {
        if let Some(has_list) = self.has_list.get_mut(list as usize)
            && std::mem::replace(has_list, true)
        {
            return Err(read::twice(list.name()));
        }
        self.next = Next::Element {
            list,
            is_first: true,
        };
        Ok(())
    }

    fn element(&mut self, reader: &mut Reader<'_>, list: List, is_first: bool) -> Result<(), Stop> {
        if reader.peek() == Some(b']') {
            reader.pass();
            self.next = Next::Member { is_first: false };
            return Ok(());
        }
        if !is_first {
            reader.expect(b',', "expected `,` or `]`")?;
        }
        let value = whole(reader)?;
        match list {
            List::Activities => self.texts.activities.push(value),
            List::Records => self.texts.records.push(value),
        }
        self.next = Next::Element {
            list,
            is_first: false,
        };
        Ok(())
    }
}

/// A value, and something behind it: a number could go on.
fn whole<'t>(reader: &mut Reader<'t>) -> Result<&'t str, Unread> {
    let value = reader.raw()?;
    match reader.peek() {
        Some(_) => Ok(value),
        None => Err(reader.wrong("expected `,` or an end")),
    }
}

/// Why parting doesn't go on.
enum Stop {
    Unread(Unread),
    Wrong(Error),
    Done,
}

impl From<Unread> for Stop {
    fn from(unread: Unread) -> Self {
        Self::Unread(unread)
    }
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Wrong(error)
    }
}

impl Texts {
    /// Adds a member. Room is made by quarters: doubling what is large would need twice its size.
    fn know(&mut self, name: &str, value: &str) {
        let needed = name.len() + value.len() + 4;
        if self.known.capacity() - self.known.len() < needed {
            self.known.reserve_exact(needed.max(self.known.len() / 4));
        }
        if self.known.len() > 1 {
            self.known.push(',');
        }
        self.known.push('"');
        self.known.push_str(name);
        self.known.push_str("\":");
        match json::repair_surrogates(value) {
            Some(repaired) => self.known.push_str(&repaired),
            None => self.known.push_str(value),
        }
    }
}

/// The elements of a list, as they are written.
#[derive(Debug, Default)]
struct Written {
    /// As large as they were when they were begun: none is ever copied.
    segments: Vec<String>,
    places: Vec<Place>,
    /// Places in the list at which there is `null`, which is no element.
    nulls: Vec<u32>,
}

/// Where an element is.
#[derive(Clone, Copy, Debug)]
struct Place {
    segment: u32,
    start: u32,
    length: u32,
}

impl Written {
    const SEGMENT: usize = 1 << 20;

    fn push(&mut self, text: &str) {
        if text == "null" {
            self.nulls
                .push(number(self.places.len() + self.nulls.len()));
            return;
        }
        let repaired = json::repair_surrogates(text);
        let text = repaired.as_deref().unwrap_or(text);
        let has_room = |segment: &String| segment.capacity() - segment.len() >= text.len();
        if !self.segments.last().is_some_and(has_room) {
            let size = text.len().max(Self::SEGMENT);
            self.segments.push(String::with_capacity(size));
        }
        let segment = number(self.segments.len() - 1);
        let Some(last) = self.segments.last_mut() else {
            return;
        };
        self.places.push(Place {
            segment,
            start: number(last.len()),
            length: number(text.len()),
        });
        last.push_str(text);
    }

    fn get(&self, element: usize) -> Option<&str> {
        let place = self.places.get(element)?;
        let start = place.start as usize;
        let segment = self.segments.get(place.segment as usize)?;
        segment.get(start..start + place.length as usize)
    }

    /// The place of an element in its list: there may be `null`s before it.
    fn place(&self, element: usize) -> usize {
        let mut place = element;
        for null in &self.nulls {
            if *null as usize > place {
                break;
            }
            place += 1;
        }
        place
    }

    fn read<'a, T: Deserialize<'a>>(&'a self, list: List, element: usize) -> Option<Reading<T>> {
        let text = self.get(element)?;
        Some(read::reading(list.name(), || self.place(element), text))
    }
}

/// No list has more than four thousand million elements: it would not fit into memory.
fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

self_cell!(
    struct Read {
        owner: Texts,

        #[covariant]
        dependent: Snapshot,
    }

    impl {Debug}
);

/// A snapshot of any size: what is known is read, its activities and records are kept as they are written.
#[derive(Debug)]
pub struct WholeSnapshot(Read);

impl WholeSnapshot {
    /// How many activities it has.
    pub fn activities(&self) -> usize {
        self.0.borrow_owner().activities.places.len()
    }

    /// How many records of Salesforce's it has.
    pub fn records(&self) -> usize {
        self.0.borrow_owner().records.places.len()
    }

    /// What is known; of the activities only those that a link names.
    pub(crate) fn known(&self) -> &Snapshot<'_> {
        self.0.borrow_dependent()
    }

    pub(crate) fn activity(&self, place: usize) -> Option<Reading<Activity<'_>>> {
        let activities = &self.0.borrow_owner().activities;
        activities.read(List::Activities, place)
    }

    pub(crate) fn record(&self, place: usize) -> Option<Reading<SalesforceRecord<'_>>> {
        let records = &self.0.borrow_owner().records;
        records.read(List::Records, place)
    }
}

fn read_known(texts: &Texts) -> Result<Snapshot<'_>, Error> {
    let mut snapshot = read::snapshot(&texts.known)?;
    let linked = linked(&snapshot.links);
    if linked.is_empty() {
        return Ok(snapshot);
    }
    let mut activities = Vec::new();
    let mut places = Vec::new();
    for place in 0..texts.activities.places.len() {
        let reading = texts
            .activities
            .read::<Activity<'_>>(List::Activities, place);
        if let Some(reading) = reading
            && names(&reading).is_some_and(|(kind, activity_id)| {
                linked.contains(&(kind, id::hubspot(activity_id).to_owned()))
            })
        {
            activities.push(reading);
            places.push(place);
        }
    }
    snapshot.activities = activities;
    snapshot.places_of_activities = places;
    Ok(snapshot)
}

/// The names of the activities that are linked.
fn linked(links: &[Reading<Link<'_>>]) -> FxHashSet<(Kind, String)> {
    let name = |link: &Reading<Link<'_>>| {
        let name = match link {
            Reading::Read(link) => link.activity.get(),
            Reading::Malformed(malformed) => malformed.activity.as_deref(),
        };
        let (kind, activity_id) = name.and_then(activity_name)?;
        Some((kind, id::hubspot(activity_id).to_owned()))
    };
    links.iter().filter_map(name).collect()
}

/// What an activity is called.
pub(crate) fn names<'r>(reading: &'r Reading<Activity<'_>>) -> Option<(Kind, &'r str)> {
    let (kind, activity_id) = match reading {
        Reading::Read(activity) => (activity.kind.get(), activity.id.get()),
        Reading::Malformed(malformed) => (malformed.kind.as_deref(), malformed.id.as_deref()),
    };
    Some((Kind::from_name(kind?)?, activity_id?))
}
