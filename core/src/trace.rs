//! The words in which the rules explain themselves (P2), written only when they are asked for.

use crate::kind::Kind;
use crate::plan::{RuleNumber, Step};
use crate::time::Moment;
use jiff::Timestamp;
use serde::{Serialize, Serializer};
use std::fmt;

/// What one rule said.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Entry<'a> {
    /// Number of the rule.
    #[serde(serialize_with = "rule_number")]
    pub rule: &'static str,
    /// Its words.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub text: Words<'a>,
}

fn rule_number<S: Serializer>(rule: &&'static str, serializer: S) -> Result<S::Ok, S::Error> {
    RuleNumber(rule).serialize(serializer)
}

/// What there is to say.
#[derive(Clone, Debug)]
pub enum Words<'a> {
    /// The same for every record.
    Fixed(&'static str),
    /// Made for this record.
    Written(String),
    /// K2.
    KindIsOn(Kind),
    /// K1.
    KindIsOff(Kind),
    /// W1-W3: inside; the moment, and the bound.
    InWindow(Timestamp, Option<Timestamp>),
    /// W1-W3: outside.
    BeforeWindow(Timestamp, Timestamp),
    /// C2: the contact, and how many candidates there were.
    Chosen(&'a str, usize),
    /// C7.
    Stays(Option<&'a str>),
    /// O: the step, the user, and the HubSpot owner where there is one.
    Assigned(Step, &'a str, Option<&'a str>),
}

impl fmt::Display for Words<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fixed(text) => f.write_str(text),
            Self::Written(text) => f.write_str(text),
            Self::KindIsOn(kind) => write!(f, "`{kind}` is on"),
            Self::KindIsOff(kind) => write!(f, "`{kind}` is off"),
            // Nearly every plan says this of nearly every activity: piece by piece, without `write!`.
            Self::InWindow(at, Some(bound)) => {
                f.write_str("happened ")?;
                Moment(*at).fmt(f)?;
                f.write_str(", not before ")?;
                Moment(*bound).fmt(f)?;
                f.write_str(", where its window begins")
            }
            Self::InWindow(at, None) => {
                write!(f, "happened {}; its window has no beginning", Moment(*at))
            }
            Self::BeforeWindow(at, bound) => write!(
                f,
                "happened {}, before {}, where its window begins",
                Moment(*at),
                Moment(*bound)
            ),
            Self::Chosen(contact, 1) => write!(f, "contact {contact} is the only one that syncs"),
            Self::Chosen(contact, candidates) => write!(
                f,
                "contact {contact} was created last of {candidates} that sync"
            ),
            Self::Stays(Some(contact)) => write!(f, "the Task stays on contact {contact}"),
            Self::Stays(None) => {
                f.write_str("the Task stays on its contact, which isn't known here")
            }
            Self::Assigned(Step::ActivityOwner, user, Some(owner)) => {
                write!(f, "the activity's owner {owner} is user {user}")
            }
            Self::Assigned(Step::ObjectOwner, user, Some(owner)) => {
                write!(f, "the contact's owner {owner} is user {user}")
            }
            Self::Assigned(_, user, _) => {
                write!(f, "nobody else is found: the integration user {user}")
            }
        }
    }
}

impl Serialize for Words<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Fixed(text) => serializer.serialize_str(text),
            Self::Written(text) => serializer.serialize_str(text),
            other => serializer.collect_str(other),
        }
    }
}
