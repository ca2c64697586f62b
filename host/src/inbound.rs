//! What is sent in, by a file or over HTTP: checked one by one, and kept in the ledger until the next pass plans it.

mod activity;
mod csv_file;
mod export;
mod file;
mod lines;
mod local_time;

pub use activity::{Incoming, read};
pub use file::{About, FileError, Format, TypeOfExport, WasRead, read_file};

use crate::feeds::happened::EMAIL;
use crate::ledger::{Inbound, KeptRefusal, Ledger, LedgerError, Took};
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// The field of an activity in the ledger that says that it was sent in: its digest, and whether it brings its contacts.
pub const INBOUND: &str = "inbound";
/// The field with an owner's name or email address, where the id isn't known; the rules don't look at it.
pub const OWNER: &str = "owner";
/// So many are taken in one transaction.
pub const AT_ONCE: usize = 1_000;

/// Why something that was sent in isn't taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Its line in a file, counted from 1.
    pub line: Option<u64>,
    /// Its place in a list, counted from 0.
    pub position: Option<usize>,
    /// The value that is to blame; empty for all of it.
    pub path: Box<str>,
    /// `kind:id`, as far as it can be read.
    pub activity: Option<String>,
    /// A stable code.
    pub code: &'static str,
    /// What is wrong.
    pub message: Box<str>,
    /// What to do.
    pub hint: Box<str>,
}

impl Refusal {
    /// A value of an activity is to blame.
    pub fn of_value(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new("invalid_record", path, message)
    }

    fn new(code: &'static str, path: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            line: None,
            position: None,
            path: shortened(&path.into(), LONGEST_TEXT).into(),
            activity: None,
            code,
            message: shortened(&message.into(), LONGEST_TEXT).into(),
            hint: Box::default(),
        }
    }

    fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into().into();
        self
    }

    /// Where in the document: in a list its place and the path in it, as `[3].kind`.
    pub fn whole_path(&self) -> String {
        match (self.position, &*self.path) {
            (None, path) => path.to_owned(),
            (Some(position), "") => format!("[{position}]"),
            (Some(position), path) => format!("[{position}].{path}"),
        }
    }

    fn kept(&self, source: &str, now: Timestamp) -> KeptRefusal {
        KeptRefusal {
            source: source.to_owned(),
            line: self.line,
            path: self.path.to_string(),
            activity: self.activity.clone(),
            code: self.code.to_owned(),
            message: self.message.to_string(),
            hint: self.hint.to_string(),
            refused_at: now.to_string(),
        }
    }
}

/// What is refused is kept, but not all of a value that is to blame.
const LONGEST_TEXT: usize = 500;

/// The beginning of a text that is long.
fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most).chain(['…']).collect()
}

/// Something that was sent in, checked; and the names in it that mean nothing.
#[derive(Debug)]
pub struct Checked {
    /// The activity, or why it isn't taken.
    pub activity: Result<Incoming, Refusal>,
    /// Names in it that mean nothing.
    pub unknown: BTreeSet<String>,
}

/// Keeps what was sent in, all of it in one transaction: what is to be planned, and what wasn't taken. Answers what taking each did,
/// none for those refused.
///
/// # Errors
/// If the ledger fails; then nothing is kept.
pub fn take(
    ledger: &Ledger,
    source: &str,
    sent: &[Result<Incoming, Refusal>],
    now: Timestamp,
) -> Result<Vec<Option<Took>>, LedgerError> {
    ledger.at_once(|| {
        let mut took = Vec::with_capacity(sent.len());
        for one in sent {
            took.push(match one {
                Ok(incoming) => Some(ledger.take(&incoming.as_inbound(), now)?),
                Err(refusal) => {
                    ledger.keep_refusal(&refusal.kept(source, now))?;
                    None
                }
            });
        }
        Ok(took)
    })
}

/// The id of the owner (in the snapshot's shape) with this name or email address, if it is one owner's.
pub fn owner_called(owners: &[Value], called: &str) -> Option<String> {
    let called = called.trim().to_lowercase();
    let is_called = |owner: &&Value| {
        let text = |field: &str| owner[field].as_str().unwrap_or_default().trim();
        let name = format!("{} {}", text("first_name"), text("last_name"));
        [text("email"), name.trim(), text("id")]
            .iter()
            .any(|known| !known.is_empty() && known.to_lowercase() == called)
    };
    let mut found = owners.iter().filter(is_called);
    let id = found.next()?["id"].as_str()?;
    found.all(|other| other["id"] == id).then(|| id.to_owned())
}

/// Says by ids who is named by email address or name, as far as they are in these lists (in the snapshot's shape).
pub fn name_people(activity: &mut Map<String, Value>, contacts: &[Value], owners: &[Value]) {
    let text = |field: &str| activity.get(field).and_then(Value::as_str);
    let email = text(EMAIL).map(str::to_lowercase);
    let owner = text(OWNER).and_then(|owner| owner_called(owners, owner));
    if let Some(email) = email {
        let mut contacts = contacts.iter();
        let has_it = |contact: &&Value| {
            contact["email"]
                .as_str()
                .is_some_and(|known| known.trim().to_lowercase() == email)
        };
        let ids: Vec<&Value> = contacts
            .find(has_it)
            .map(|contact| &contact["id"])
            .into_iter()
            .collect();
        activity.insert("contacts".to_owned(), json!(ids));
    }
    if let Some(owner) = owner
        && !activity.contains_key("owner_id")
    {
        activity.insert("owner_id".to_owned(), owner.into());
    }
}

impl Incoming {
    fn as_inbound(&self) -> Inbound<'_> {
        Inbound {
            activity: &self.activity,
            occurred_at: self.occurred_at,
            digest: &self.digest,
            seen: &self.seen,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    #[test]
    fn an_owner_is_known_by_name_or_address_unless_there_are_two() {
        let owner = |id: &str, email: &str, last_name: &str| json!({"id": id, "email": email, "first_name": "Sam", "last_name": last_name});
        let owners = [
            owner("77", "sam@example.com", "Oy"),
            owner("78", "sam2@example.com", "Oy"),
            owner("79", "", "Saari"),
        ];
        let called = |called: &str| owner_called(&owners, called);
        assert_eq!(called(" SAM@example.com").as_deref(), Some("77"));
        assert_eq!(called("sam saari").as_deref(), Some("79"));
        assert_eq!(called("Sam Oy"), None);
        assert_eq!(called(""), None);
    }

    #[test]
    fn one_that_is_refused_stops_nobody_and_what_is_repeated_changes_nothing() {
        let ledger = Ledger::in_memory().unwrap();
        let sent = |text: &str| read(text).activity;
        let good = r#"{"id": "1", "kind": "call", "occurred_at": "2026-11-20T08:00:00Z", "contacts": ["101"]}"#;
        let bad = r#"{"id": "2", "kind": "cal", "occurred_at": "2026-11-20T08:00:00Z", "contacts": ["101"]}"#;
        let now = Timestamp::UNIX_EPOCH;
        let both = [sent(good), sent(bad)];
        let took = take(&ledger, "f", &both, now).unwrap();
        assert_eq!(took, [Some(Took::New), None]);
        let took = take(&ledger, "f", &both, now).unwrap();
        assert_eq!(took, [Some(Took::Repeated), None]);
        let [refusal] = &ledger.refusals(9).unwrap()[..] else {
            panic!("it is kept once");
        };
        assert_eq!(refusal.activity.as_deref(), Some("cal:2"));
        let changed = good.replace("101", "102");
        let took = take(&ledger, "f", &[sent(&changed)], now).unwrap();
        assert_eq!(took, [Some(Took::Changed)]);
        assert_eq!(ledger.inbound_not_planned(9).unwrap().len(), 1);
    }
}
