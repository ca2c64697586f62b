//! Which decisions are asked for?

use super::kept::{Kept, OTHER_ROW};
use super::{Prepared, Simulation};
use crate::error::{Code, Error};
use crate::id;
use crate::json;
use crate::kind::Kind;
use crate::plan::{Action, HubSpotObject, Reason, Step};
use crate::snapshot::Reading;
use serde::Deserialize;
use serde::de::{Deserializer, SeqAccess, Visitor};
use std::borrow::Cow;
use std::fmt;

/// How many decisions a page has if nobody says.
const PAGE: usize = 100;
/// More decisions a page doesn't have: they are all in memory at once.
const LARGEST_PAGE: usize = 10_000;

/// What is asked for.
pub(super) struct Query {
    pub(super) offset: usize,
    pub(super) limit: usize,
    pub(super) filter: Asked,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Written {
    offset: Option<u64>,
    limit: Option<u64>,
    filter: Option<Asked>,
}

/// A filter as it is written: of each key a value or a list of them.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Asked {
    action: Values,
    reason: Values,
    kind: Values,
    contact: Values,
    user: Values,
    step: Values,
    text: Values,
}

/// None: anything.
#[derive(Default)]
struct Values(Option<Vec<String>>);

impl<'de> Deserialize<'de> for Values {
    #[inline(never)]
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValuesVisitor)
    }
}

struct ValuesVisitor;

impl<'de> Visitor<'de> for ValuesVisitor {
    type Value = Values;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string, or a list of strings")
    }
    fn visit_str<E>(self, value: &str) -> Result<Values, E> {
        Ok(Values(Some(vec![value.to_owned()])))
    }
    fn visit_unit<E>(self) -> Result<Values, E> {
        Ok(Values(None))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Values, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = list.next_element::<String>()? {
            values.push(value);
        }
        Ok(Values(Some(values)))
    }
}

impl Query {
    pub(super) fn from_json(query: &[u8]) -> Result<Self, Error> {
        let text = json::text(query)?;
        let text = json::repair_surrogates(&text).map_or(text, Cow::Owned);
        let written: Written =
            json::read(&text).map_err(|unread| json::error(Code::QueryInvalid, "", &unread))?;
        let number = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
        let limit = written.limit.map_or(PAGE, number);
        if limit > LARGEST_PAGE {
            let message = format!("a page has at most {LARGEST_PAGE} decisions, not {limit}");
            return Err(Error::new(Code::QueryInvalid, "limit", message)
                .with_hint("ask for several pages, each with its `offset`"));
        }
        Ok(Self {
            offset: written.offset.map_or(0, number),
            limit,
            filter: written.filter.unwrap_or_default(),
        })
    }
}

/// A filter, ready to be asked.
pub(super) struct Filter<'q> {
    actions: Option<Vec<Action>>,
    reasons: Option<Vec<Reason>>,
    rows: Option<Vec<u8>>,
    /// Names of rows that have no place of their own.
    other_rows: Vec<&'q str>,
    contacts: Option<Vec<u32>>,
    users: Option<Vec<u32>>,
    steps: Option<Vec<Step>>,
    /// In small letters.
    texts: Option<Vec<String>>,
}

impl<'q> Filter<'q> {
    pub(super) fn new(asked: &'q Asked, simulation: &Simulation) -> Result<Self, Error> {
        let rows = match simulation.planned.borrow_dependent() {
            Prepared::Activities(_) => Kind::NAMES,
            Prepared::Records(_) => HubSpotObject::NAMES,
        };
        let row = |name: &str| rows.iter().position(|row| row.eq_ignore_ascii_case(name));
        let kinds = asked.kind.0.as_deref();
        let others = kinds.unwrap_or_default().iter().map(String::as_str);
        let contact = |contact: &String| simulation.index().place_of_contact(contact);
        let user = |user: &String| {
            let user = match simulation.planned.borrow_dependent() {
                Prepared::Activities(_) => id::salesforce(user.trim()),
                Prepared::Records(_) => id::hubspot(user.trim()),
            };
            simulation.users.known(user)
        };
        let found = |values: &Values, find: &dyn Fn(&String) -> Option<u32>| {
            let values = values.0.as_ref()?;
            Some(values.iter().filter_map(find).collect())
        };
        Ok(Self {
            actions: named("action", &asked.action, Action::ALL, Action::NAMES)?,
            reasons: named("reason", &asked.reason, Reason::ALL, Reason::NAMES)?,
            steps: named("step", &asked.step, Step::ALL, Step::NAMES)?,
            rows: kinds.map(|kinds| {
                let places = kinds.iter().filter_map(|name| row(name));
                places.map(|place| Kept::row(Ok(place))).collect()
            }),
            other_rows: others.filter(|name| row(name).is_none()).collect(),
            contacts: found(&asked.contact, &|value| {
                contact(value).map(|place| Kept::place_of_contact(Some(place)))
            }),
            users: found(&asked.user, &user),
            texts: asked
                .text
                .0
                .as_ref()
                .map(|texts| texts.iter().map(|text| text.to_lowercase()).collect()),
        })
    }

    pub(super) fn holds(&self, simulation: &Simulation, place: usize, kept: &Kept) -> bool {
        is_in(&self.actions, &kept.action)
            && is_in(&self.reasons, &kept.reason)
            && is_in(&self.contacts, &kept.contact)
            && is_in(&self.users, &kept.user)
            && self.has_step(kept.step)
            && self.has_row(simulation, place, kept.row)
            && self.has_text(simulation, place)
    }

    fn has_step(&self, step: Option<Step>) -> bool {
        match &self.steps {
            None => true,
            Some(steps) => step.is_some_and(|step| steps.contains(&step)),
        }
    }

    fn has_row(&self, simulation: &Simulation, place: usize, row: u8) -> bool {
        if row != OTHER_ROW || self.rows.is_none() {
            return is_in(&self.rows, &row);
        }
        let is_other =
            |row: Result<usize, &str>| row.is_err_and(|name| self.other_rows.contains(&name));
        !self.other_rows.is_empty() && simulation.again(place, |row, _| is_other(row)) == Some(true)
    }

    /// Whether one of the texts is in what the record says: its name, its title or subject, its body.
    fn has_text(&self, simulation: &Simulation, place: usize) -> bool {
        let Some(texts) = &self.texts else {
            return true;
        };
        let has = |said: &[Option<&str>]| {
            let mut said = said.iter().flatten();
            said.any(|said| texts.iter().any(|text| contains(said, text)))
        };
        let (_, snapshot) = simulation.planned.borrow_owner();
        match simulation.planned.borrow_dependent() {
            Prepared::Activities(_) => match snapshot.activity(place) {
                Some(Reading::Read(activity)) => {
                    let name =
                        [activity.kind.get(), activity.id.get()].map(Option::unwrap_or_default);
                    let name = name.join(":");
                    has(&[
                        Some(&name),
                        activity.title.get(),
                        activity.body.get(),
                        activity.app.get(),
                    ])
                }
                Some(Reading::Malformed(malformed)) => has(&[malformed.id.as_deref()]),
                None => false,
            },
            Prepared::Records(_) => match snapshot.record(place) {
                Some(Reading::Read(record)) => has(&[
                    record.id.get(),
                    record.subject.get(),
                    record.description.get(),
                ]),
                Some(Reading::Malformed(malformed)) => has(&[malformed.id.as_deref()]),
                None => false,
            },
        }
    }
}

fn is_in<T: PartialEq>(wanted: &Option<Vec<T>>, value: &T) -> bool {
    wanted.as_ref().is_none_or(|wanted| wanted.contains(value))
}

/// The values that have these names; they are numbered as their names are.
fn named<T: Copy>(
    key: &str,
    values: &Values,
    all: &[T],
    names: &[&str],
) -> Result<Option<Vec<T>>, Error> {
    let Some(values) = &values.0 else {
        return Ok(None);
    };
    let places = places(key, values, names)?;
    let values = places
        .into_iter()
        .filter_map(|place| all.get(place).copied());
    Ok(Some(values.collect()))
}

fn places(key: &str, values: &[String], names: &[&str]) -> Result<Vec<usize>, Error> {
    let place = |value: &String| {
        let place = names
            .iter()
            .position(|name| name.eq_ignore_ascii_case(value));
        place.ok_or_else(|| {
            let message = format!(
                "unknown variant `{value}`, expected one of `{}`",
                names.join("`, `")
            );
            json::explain(Code::QueryInvalid, format!("filter.{key}"), &message)
        })
    };
    values.iter().map(place).collect()
}

/// Whether a text has another one, which is in small letters, in it.
fn contains(text: &str, small: &str) -> bool {
    if !text.is_ascii() {
        return text.to_lowercase().contains(small);
    }
    let small = small.as_bytes();
    small.is_empty()
        || text
            .as_bytes()
            .windows(small.len())
            .any(|part| part.eq_ignore_ascii_case(small))
}
