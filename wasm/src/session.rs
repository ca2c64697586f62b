//! What does a call of the bytes face answer?

use crosswalk_core::{Code, Error, Rules};
use std::collections::BTreeMap;

/// The version of the bytes face. It changes when a host that knows the previous one would go wrong.
pub const ABI_VERSION: u32 = 1;

/// No input may be larger.
pub const LARGEST_INPUT: usize = 256 << 20;

const OK: &[u8] = br#"{"ok":"#;

/// The rules that one instance holds open. A handle is never given twice.
#[derive(Debug, Default)]
pub struct Session {
    open: BTreeMap<u32, Rules>,
    last: u32,
}

/// Appends the plan of a snapshot.
type Planner = fn(&Rules, &[u8], &mut Vec<u8>) -> Result<(), Error>;

impl Session {
    /// A session without open rules.
    pub const fn new() -> Self {
        Self {
            open: BTreeMap::new(),
            last: 0,
        }
    }

    /// Opens rules under settings: `{"ok":{"handle":n}}`.
    pub fn open(&mut self, settings: &[u8]) -> Vec<u8> {
        match Rules::from_json(settings) {
            Ok(rules) => {
                self.last += 1;
                self.open.insert(self.last, rules);
                format!(r#"{{"ok":{{"handle":{}}}}}"#, self.last).into_bytes()
            }
            Err(error) => refuse(&error),
        }
    }

    /// Closes rules; a handle that names none is left as it is.
    pub fn close(&mut self, handle: u32) {
        self.open.remove(&handle);
    }

    /// Plans a snapshot's activities: `{"ok":plan}`.
    pub fn plan_to_salesforce(&self, handle: u32, snapshot: &[u8]) -> Vec<u8> {
        self.plan(handle, snapshot, Rules::plan_to_salesforce_into)
    }

    /// Plans a snapshot's records: `{"ok":plan}`.
    pub fn plan_to_hubspot(&self, handle: u32, snapshot: &[u8]) -> Vec<u8> {
        self.plan(handle, snapshot, Rules::plan_to_hubspot_into)
    }

    fn plan(&self, handle: u32, snapshot: &[u8], plan: Planner) -> Vec<u8> {
        let Some(rules) = self.open.get(&handle) else {
            return refuse(&bad_handle(handle));
        };
        // A plan is somewhat larger than its snapshot; the growth in between is what this saves.
        let mut answer = Vec::with_capacity(OK.len() + snapshot.len() + snapshot.len() / 4);
        answer.extend_from_slice(OK);
        match plan(rules, snapshot, &mut answer) {
            Ok(()) => {
                answer.push(b'}');
                answer
            }
            Err(error) => refuse(&error),
        }
    }

    /// What changes over a snapshot if the rules of one handle become those of another (P5): `{"ok":comparison}`.
    pub fn compare(&self, before: u32, after: u32, snapshot: &[u8]) -> Vec<u8> {
        let (Some(rules), Some(others)) = (self.open.get(&before), self.open.get(&after)) else {
            let unknown = if self.open.contains_key(&before) {
                after
            } else {
                before
            };
            return refuse(&bad_handle(unknown));
        };
        match rules.compare_json(others, snapshot) {
            Ok(comparison) => [OK, comparison.as_slice(), b"}"].concat(),
            Err(error) => refuse(&error),
        }
    }
}

/// `{"error":error}`.
pub fn refuse(error: &Error) -> Vec<u8> {
    format!(r#"{{"error":{}}}"#, error.to_json()).into_bytes()
}

/// An input that is larger than what is taken, or than the memory that is left.
pub fn too_large(length: usize) -> Error {
    Error {
        code: Code::TooLarge,
        path: String::new(),
        message: if length > LARGEST_INPUT {
            format!("the input has {length} bytes, at most {LARGEST_INPUT} are taken")
        } else {
            format!("there is no memory left for an input of {length} bytes")
        },
        hint: "plan it in several snapshots".to_owned(),
    }
}

fn bad_handle(handle: u32) -> Error {
    Error {
        code: Code::BadHandle,
        path: String::new(),
        message: format!("no rules are open under the handle {handle}"),
        hint: "open them first, and don't use them once they are closed".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    const SETTINGS: &[u8] = br#"{"time_zone": "Europe/Helsinki", "portal_id": "8821", "enabled_at": "2026-10-01T06:00:00Z",
        "owners": {"integration_user": "005000000000001AAA"}}"#;
    const SNAPSHOT: &[u8] = br#"{"now": "2026-11-23T10:00:00Z"}"#;

    fn text(answer: Vec<u8>) -> String {
        String::from_utf8(answer).unwrap()
    }

    #[test]
    fn a_plan_is_the_core_s_inside_ok() {
        let mut session = Session::new();
        assert_eq!(text(session.open(SETTINGS)), r#"{"ok":{"handle":1}}"#);
        let plan = Rules::from_json(SETTINGS)
            .unwrap()
            .plan_to_salesforce_json(SNAPSHOT)
            .unwrap();
        assert_eq!(
            text(session.plan_to_salesforce(1, SNAPSHOT)),
            format!(r#"{{"ok":{}}}"#, text(plan))
        );
    }

    #[test]
    fn a_plan_to_hubspot_is_the_core_s_too() {
        let mut session = Session::new();
        session.open(SETTINGS);
        let plan = Rules::from_json(SETTINGS)
            .unwrap()
            .plan_to_hubspot_json(SNAPSHOT)
            .unwrap();
        assert_eq!(
            text(session.plan_to_hubspot(1, SNAPSHOT)),
            format!(r#"{{"ok":{}}}"#, text(plan))
        );
        assert!(text(session.plan_to_hubspot(2, SNAPSHOT)).contains("handle 2"));
    }

    #[test]
    fn an_error_leaves_nothing_of_a_plan_before_it() {
        let mut session = Session::new();
        session.open(SETTINGS);
        let answer = text(session.plan_to_salesforce(1, b"[]"));
        assert!(
            answer.starts_with(r#"{"error":{"code":"snapshot_invalid""#),
            "{answer}"
        );
    }

    #[test]
    fn a_comparison_is_of_two_open_handles() {
        let mut session = Session::new();
        session.open(SETTINGS);
        session.open(SETTINGS);
        assert!(
            text(session.compare(1, 2, SNAPSHOT)).starts_with(r#"{"ok":{"changed":[],"summary":"#)
        );
        for (before, after) in [(1, 3), (3, 1), (3, 3)] {
            let answer = text(session.compare(before, after, SNAPSHOT));
            assert!(answer.contains("handle 3"), "{answer}");
        }
        let answer = text(session.compare(1, 2, b"[]"));
        assert!(
            answer.starts_with(r#"{"error":{"code":"snapshot_invalid""#),
            "{answer}"
        );
    }

    #[test]
    fn a_closed_handle_is_never_given_again() {
        let mut session = Session::new();
        session.open(SETTINGS);
        session.close(1);
        session.close(1);
        let answer = text(session.plan_to_salesforce(1, SNAPSHOT));
        assert!(
            answer.starts_with(r#"{"error":{"code":"bad_handle""#),
            "{answer}"
        );
        assert_eq!(text(session.open(SETTINGS)), r#"{"ok":{"handle":2}}"#);
    }
}
