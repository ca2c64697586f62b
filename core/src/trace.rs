//! The words in which the rules explain themselves (P2), written only when they are asked for.

use crate::kind::Kind;
use crate::plan::{RuleNumber, Step};
use crate::time::Moment;
use jiff::Timestamp;
use serde::Serialize;
use serde::ser::{SerializeSeq, Serializer};

/// What one rule said.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Entry<'a> {
    /// Number of the rule.
    pub rule: &'static str,
    /// Its words.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub text: Words<'a>,
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

impl Words<'_> {
    fn say(&self, text: &mut String) {
        match self {
            Self::Fixed(words) => push(text, &[words]),
            Self::Written(words) => push(text, &[words]),
            Self::KindIsOn(kind) => push(text, &["`", kind.name(), "` is on"]),
            Self::KindIsOff(kind) => push(text, &["`", kind.name(), "` is off"]),
            Self::InWindow(at, Some(bound)) => push_window(text, *at, ", not before ", *bound),
            Self::InWindow(at, None) => {
                let at = Moment(*at).to_string();
                push(text, &["happened ", &at, "; its window has no beginning"]);
            }
            Self::BeforeWindow(at, bound) => push_window(text, *at, ", before ", *bound),
            Self::Chosen(contact, 1) => {
                push(text, &["contact ", contact, " is the only one that syncs"]);
            }
            Self::Chosen(contact, candidates) => {
                let count = candidates.to_string();
                let pieces = [
                    "contact ",
                    contact,
                    " was created last of ",
                    &count,
                    " that sync",
                ];
                push(text, &pieces);
            }
            Self::Stays(Some(contact)) => push(text, &["the Task stays on contact ", contact]),
            Self::Stays(None) => {
                push(
                    text,
                    &["the Task stays on its contact, which isn't known here"],
                );
            }
            Self::Assigned(Step::ActivityOwner, user, Some(owner)) => {
                push(text, &["the activity's owner ", owner, " is user ", user]);
            }
            Self::Assigned(Step::ObjectOwner, user, Some(owner)) => {
                push(text, &["the contact's owner ", owner, " is user ", user]);
            }
            Self::Assigned(_, user, _) => {
                push(text, &["nobody else is found: the integration user ", user]);
            }
        }
    }
}

/// Nearly every plan says some of this of nearly every activity, and `write!` has its price.
#[inline(never)]
fn push(text: &mut String, pieces: &[&str]) {
    for piece in pieces {
        text.push_str(piece);
    }
}

fn push_window(text: &mut String, at: Timestamp, is: &str, bound: Timestamp) {
    text.push_str("happened ");
    Moment(at).push_to(text);
    text.push_str(is);
    Moment(bound).push_to(text);
    text.push_str(", where its window begins");
}

/// Writes what the rules said, each in the room of the one before it.
pub(crate) fn said<S: Serializer>(entries: &[Entry<'_>], serializer: S) -> Result<S::Ok, S::Error> {
    let mut text = String::with_capacity(96);
    let mut list = serializer.serialize_seq(Some(entries.len()))?;
    for entry in entries {
        text.clear();
        entry.text.say(&mut text);
        list.serialize_element(&Said {
            rule: RuleNumber(entry.rule),
            text: &text,
        })?;
    }
    list.end()
}

/// An entry as it is written.
#[derive(Serialize)]
struct Said<'t> {
    rule: RuleNumber,
    text: &'t str,
}
