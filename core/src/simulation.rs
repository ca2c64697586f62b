//! What would sync of a snapshot of any size? It is decided in steps; of each record only what came of it is kept, and what is
//! asked for is planned again.

mod filter;
mod kept;

use crate::error::{Code, Error};
use crate::id;
use crate::index::{Duplicates, Index, activity_name};
use crate::json;
use crate::kind::Kind;
use crate::parts::WholeSnapshot;
use crate::plan::{Action, Assignment, Decision, HubSpotDecision, Reason, Row, Tally};
use crate::rules::Rules;
use crate::to_hubspot::{self, Known, Tables};
use crate::to_salesforce;
use filter::{Filter, Query};
use kept::{Kept, Users};
use rustc_hash::{FxHashSet, FxHasher};
use self_cell::self_cell;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

/// What is decided, and by what.
enum Prepared<'a> {
    Activities(Box<Index<'a>>),
    Records(Box<(Index<'a>, Tables<'a>)>),
}

type Given = (Rc<Rules>, Rc<WholeSnapshot>);

self_cell!(
    struct Planned {
        owner: Given,

        #[covariant]
        dependent: Prepared,
    }
);

/// A decision of either direction.
#[derive(Clone, Copy)]
enum Decided<'d> {
    Activity(&'d Decision<'d>),
    Record(&'d HubSpotDecision<'d>),
}

/// What tells records apart (I4, I5).
#[derive(Clone, Copy, Hash, PartialEq, Eq)]
enum Name<'n> {
    Activity(Kind, &'n str),
    Record(&'n str),
    /// An activity of no known kind, as it is called.
    Other(&'n str),
}

impl<'n> Name<'n> {
    fn of_activity(name: &'n str) -> Self {
        match activity_name(name) {
            Some((kind, activity_id)) => Self::Activity(kind, id::hubspot(activity_id)),
            None => Self::Other(name),
        }
    }

    fn of_record(record: &'n str) -> Self {
        Self::Record(id::salesforce(record.trim()))
    }

    /// Equal names have equal hashes; few others do.
    fn hash(self) -> u32 {
        let mut hasher = FxHasher::default();
        Hash::hash(&self, &mut hasher);
        let hash = hasher.finish();
        #[expect(clippy::cast_possible_truncation, reason = "both halves are in it")]
        let short = (hash ^ hash >> 32) as u32;
        short
    }
}

impl Decided<'_> {
    fn name(&self) -> Name<'_> {
        match self {
            Self::Activity(decision) => Name::of_activity(&decision.activity),
            Self::Record(decision) => Name::of_record(decision.record),
        }
    }

    const fn owner(&self) -> Option<&Assignment<'_>> {
        match self {
            Self::Activity(decision) => decision.owner.as_ref(),
            Self::Record(decision) => decision.owner.as_ref(),
        }
    }

    /// Who is assigned: by the part of the id that names the user, or the owner (I5).
    fn user(&self) -> Option<&str> {
        match self {
            Self::Activity(decision) => Some(id::salesforce(decision.owner.as_ref()?.user)),
            Self::Record(decision) => Some(id::hubspot(decision.owner.as_ref()?.user)),
        }
    }

    const fn action(&self) -> Action {
        match self {
            Self::Activity(decision) => decision.action,
            Self::Record(decision) => decision.action,
        }
    }

    const fn reason(&self) -> Reason {
        match self {
            Self::Activity(decision) => decision.reason,
            Self::Record(decision) => decision.reason,
        }
    }

    /// The contact that it is on.
    fn contact(&self) -> Option<&str> {
        match self {
            Self::Activity(decision) => decision.contact.as_ref()?.id,
            Self::Record(decision) => {
                let mut associations = decision.associations.iter();
                associations.find(|to| to.to == "contacts").map(|to| to.id)
            }
        }
    }

    fn json(&self) -> String {
        match self {
            Self::Activity(decision) => json::text_of(decision),
            Self::Record(decision) => json::text_of(decision),
        }
    }
}

/// The decisions over a snapshot of any size, as far as they are made.
pub struct Simulation {
    planned: Planned,
    kept: Vec<Kept>,
    tally: Tally,
    users: Users,
    /// Hashes of the names that were decided.
    seen: FxHashSet<u32>,
}

impl std::fmt::Debug for Simulation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Simulation")
            .field("decided", &self.decided())
            .field("total", &self.total())
            .finish_non_exhaustive()
    }
}

impl Simulation {
    /// What would become of HubSpot's activities.
    ///
    /// # Errors
    /// None that is known: what is wrong with a snapshot is told when it is read.
    pub fn to_salesforce(rules: Rc<Rules>, snapshot: Rc<WholeSnapshot>) -> Result<Self, Error> {
        Self::new((rules, snapshot), |index| {
            Prepared::Activities(Box::new(index))
        })
    }

    /// What would become of Salesforce's records.
    ///
    /// # Errors
    /// As `to_salesforce`.
    pub fn to_hubspot(rules: Rc<Rules>, snapshot: Rc<WholeSnapshot>) -> Result<Self, Error> {
        Self::new((rules, snapshot), |index| {
            let tables = Tables::new(&index);
            Prepared::Records(Box::new((index, tables)))
        })
    }

    fn new(
        given: Given,
        prepare: impl for<'a> FnOnce(Index<'a>) -> Prepared<'a>,
    ) -> Result<Self, Error> {
        let planned = Planned::try_new(given, |(rules, snapshot)| {
            Index::new(rules, snapshot.known()).map(prepare)
        });
        Ok(Self {
            planned: planned.map_err(|Duplicates| {
                let message = "two records of one list have the same id";
                Error::new(Code::SnapshotInvalid, "", message)
            })?,
            kept: Vec::new(),
            tally: Tally::new(),
            users: Users::default(),
            seen: FxHashSet::default(),
        })
    }

    /// How many records there are.
    pub fn total(&self) -> usize {
        let (_, snapshot) = self.planned.borrow_owner();
        match self.planned.borrow_dependent() {
            Prepared::Activities(_) => snapshot.activities(),
            Prepared::Records(_) => snapshot.records(),
        }
    }

    /// How many are decided.
    pub const fn decided(&self) -> usize {
        self.kept.len()
    }

    /// Decides so many more; whether all are decided then.
    pub fn step(&mut self, records: usize) -> bool {
        let end = self.total().min(self.decided().saturating_add(records));
        self.kept.reserve(end - self.decided());
        for place in self.decided()..end {
            let mut seen = std::mem::take(&mut self.seen);
            let mut made = None;
            let mut is_first =
                |name: Name<'_>| seen.insert(name.hash()) || !self.has_before(place, name);
            self.decide(place, &mut is_first, &mut |row, decided| {
                let user = decided.user().map(str::to_owned);
                let other = row.err().map(str::to_owned);
                made = Some((self.keep(row, &decided), user, other));
            });
            self.seen = seen;
            let Some((mut kept, user, other)) = made else {
                break;
            };
            kept.user = self.users.number(user.as_deref());
            let row = other.as_deref().map_or(Ok(usize::from(kept.row)), Err);
            self.tally.count_one(row, kept.action, kept.reason);
            self.kept.push(kept);
        }
        let is_done = self.decided() == self.total();
        if is_done {
            self.seen = FxHashSet::default();
        }
        is_done
    }

    /// The plan's summary, of what is decided: JSON.
    pub fn summary_json(&self) -> String {
        match self.planned.borrow_dependent() {
            Prepared::Activities(_) => json::text_of(&self.tally.salesforce_summary()),
            Prepared::Records(_) => json::text_of(&self.tally.hubspot_summary()),
        }
    }

    /// What was left out of the snapshot, or chosen, while it was read: JSON, a list.
    pub fn warnings_json(&self) -> String {
        let (_, snapshot) = self.planned.borrow_owner();
        json::text_of(&snapshot.known().warnings)
    }

    /// Some of the decisions: `{"total", "offset", "decisions"}`, JSON. The query is JSON too: `{"offset", "limit", "filter"}`.
    ///
    /// # Errors
    /// `not_json`, or `query_invalid` with the path of what is wrong.
    pub fn page_json(&self, query: &[u8]) -> Result<String, Error> {
        let query = Query::from_json(query)?;
        let filter = Filter::new(&query.filter, self)?;
        let mut total = 0;
        let mut page = String::new();
        for (place, kept) in self.kept.iter().enumerate() {
            if !filter.holds(self, place, kept) {
                continue;
            }
            if (query.offset..query.offset.saturating_add(query.limit)).contains(&total) {
                if !page.is_empty() {
                    page.push(',');
                }
                page.push_str(
                    &self
                        .again(place, |_, decided| decided.json())
                        .unwrap_or_default(),
                );
            }
            total += 1;
        }
        let offset = query.offset;
        Ok(format!(
            r#"{{"total":{total},"offset":{offset},"decisions":[{page}]}}"#
        ))
    }

    /// One decision, by the activity's name, as `call:501`, or the record's id: JSON. Of several of one name the first.
    pub fn decision_json(&self, name: &str) -> Option<String> {
        let name = match self.planned.borrow_dependent() {
            Prepared::Activities(_) => Name::of_activity(name),
            Prepared::Records(_) => Name::of_record(name),
        };
        let mut places = self.places_of(name.hash());
        places.find_map(|place| {
            self.again(place, |_, decided| {
                (decided.name() == name).then(|| decided.json())
            })?
        })
    }

    /// What is kept of a decision, but for its user.
    fn keep(&self, row: Row<'_>, decided: &Decided<'_>) -> Kept {
        let contact = decided.contact();
        Kept {
            name: decided.name().hash(),
            contact: Kept::place_of_contact(
                contact.and_then(|contact| self.index().place_of_contact(contact)),
            ),
            user: 0,
            action: decided.action(),
            reason: decided.reason(),
            row: Kept::row(row),
            step: decided.owner().map(|owner| owner.step),
        }
    }

    fn index(&self) -> &Index<'_> {
        match self.planned.borrow_dependent() {
            Prepared::Activities(index) => index,
            Prepared::Records(both) => &both.0,
        }
    }

    fn places_of(&self, hash: u32) -> impl Iterator<Item = usize> {
        let kept = self.kept.iter().enumerate();
        kept.filter(move |(_, kept)| kept.name == hash)
            .map(|(place, _)| place)
    }

    /// Whether a record before this one has the name.
    fn has_before(&self, place: usize, name: Name<'_>) -> bool {
        let mut places = self
            .places_of(name.hash())
            .take_while(|before| *before < place);
        places.any(|before| {
            let is_named = |_: Row<'_>, decided: Decided<'_>| decided.name() == name;
            self.kept
                .get(before)
                .is_some_and(|kept| kept.reason != Reason::InvalidRecord)
                && self.again(before, is_named) == Some(true)
        })
    }

    /// What `then` makes of the decision of a record that was decided.
    fn again<T>(&self, place: usize, then: impl FnOnce(Row<'_>, Decided<'_>) -> T) -> Option<T> {
        let is_first = self.kept.get(place)?.reason != Reason::DuplicateRecord;
        let mut then = Some(then);
        let mut made = None;
        self.decide(place, &mut |_| is_first, &mut |row, decided| {
            made = then.take().map(|then| then(row, decided));
        });
        made
    }

    // Once for all who ask: the rules are most of the module.
    #[inline(never)]
    fn decide(
        &self,
        place: usize,
        is_first: &mut dyn FnMut(Name<'_>) -> bool,
        then: &mut dyn FnMut(Row<'_>, Decided<'_>),
    ) {
        let (_, snapshot) = self.planned.borrow_owner();
        match self.planned.borrow_dependent() {
            Prepared::Activities(index) => {
                let Some(reading) = snapshot.activity(place) else {
                    return;
                };
                let mut is_first = |kind, activity_id: &str| {
                    is_first(Name::Activity(kind, id::hubspot(activity_id)))
                };
                let mut then = |kind: Result<Kind, &str>, decision: &mut Decision<'_>| {
                    then(kind.map(Kind::position), Decided::Activity(decision));
                };
                to_salesforce::decide_one(index, &reading, place, &mut is_first, &mut then);
            }
            Prepared::Records(both) => {
                let known = Known::new(&both.0, &both.1);
                let Some(reading) = snapshot.record(place) else {
                    return;
                };
                let mut is_first = |record: &str| is_first(Name::Record(record));
                let decision = to_hubspot::decide_one(&known, &reading, &mut is_first);
                then(to_hubspot::row(&decision), Decided::Record(&decision));
            }
        }
    }
}
