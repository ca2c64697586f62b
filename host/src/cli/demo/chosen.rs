//! Which decisions the demo shows: one of each sort, so that a few rows show the variety.

use super::super::output::Progress;
use super::super::preview;
use crate::sync::{Step, Watcher};
use serde_json::Value;
use std::cell::RefCell;
use std::collections::BTreeMap;

/// One decision of each likeness.
pub(super) struct Chosen {
    progress: Progress,
    activities: RefCell<Vec<Value>>,
    records: RefCell<Vec<Value>>,
}

impl Chosen {
    pub(super) fn showing(progress: Progress) -> Self {
        Self {
            progress,
            activities: RefCell::default(),
            records: RefCell::default(),
        }
    }

    /// The progress line goes away.
    pub(super) fn finish(&self) {
        self.progress.finish();
    }

    /// One of each kind that syncs, one of each reason why something doesn't.
    pub(super) fn activities(&self) -> Vec<Vec<String>> {
        let mut rows = one_of_each(&self.activities.borrow(), preview::activity_row);
        for activity in rows.iter_mut().filter_map(|row| row.first_mut()) {
            *activity = with_short_id(activity);
        }
        rows
    }

    /// One of each object that a record becomes, one of each reason why one doesn't.
    pub(super) fn records(&self) -> Vec<Vec<String>> {
        one_of_each(&self.records.borrow(), preview::record_row)
    }

    /// The created activity with the most to tell.
    pub(super) fn activity_with_a_story(&self) -> Option<String> {
        let activities = self.activities.borrow();
        let others = |decision: &&Value| length_at(decision, "/contact/others");
        name(activities.iter().filter(creates).max_by_key(others)?)
    }

    /// The created record with the most to tell.
    pub(super) fn record_with_a_story(&self) -> Option<String> {
        let records = self.records.borrow();
        let told = |decision: &&Value| {
            let is_call = decision["object"] == "calls";
            (is_call, length_at(decision, "/associations"))
        };
        name(records.iter().filter(creates).max_by_key(told)?)
    }
}

fn creates(decision: &&Value) -> bool {
    decision["action"] == "create"
}

fn name(decision: &Value) -> Option<String> {
    let name = ["activity", "record"]
        .iter()
        .find_map(|name| decision[name].as_str());
    name.map(str::to_owned)
}

fn length_at(decision: &Value, pointer: &str) -> usize {
    let list = decision.pointer(pointer).and_then(Value::as_array);
    list.map_or(0, Vec::len)
}

/// Of what is created one of each sort, of the others one of each reason.
fn one_of_each(decisions: &[Value], row: fn(&Value) -> Vec<String>) -> Vec<Vec<String>> {
    let mut shown = BTreeMap::new();
    for decision in decisions {
        let is_create = decision["action"] == "create";
        let what = if is_create {
            sort_of(decision)
        } else {
            decision["reason"].to_string()
        };
        shown.entry((!is_create, what)).or_insert(decision);
    }
    shown.into_values().map(row).collect()
}

/// The kind of an activity, the object that a record becomes.
fn sort_of(decision: &Value) -> String {
    let of_record = decision["object"].as_str();
    let activity = decision["activity"].as_str().unwrap_or_default();
    let sort = of_record.or_else(|| activity.split(':').next());
    sort.unwrap_or_default().to_owned()
}

/// Ids of what happens once are long, and would leave no room for the reasons.
fn with_short_id(activity: &str) -> String {
    const LONGEST: usize = 16;
    match activity.split_once(':') {
        Some((kind, id)) if id.chars().count() > LONGEST => {
            let end: Vec<char> = id.chars().rev().take(6).collect();
            let end: String = end.into_iter().rev().collect();
            format!("{kind}:…{end}")
        }
        _ => activity.to_owned(),
    }
}

/// By what one decision tells nothing that another hasn't told.
fn likeness(decision: &Value) -> impl PartialEq {
    let is_create = decision["action"] == "create";
    let step = decision.pointer("/owner/step").cloned();
    (
        decision["reason"].clone(),
        is_create.then(|| sort_of(decision)),
        is_create && length_at(decision, "/contact/others") > 0,
        length_at(decision, "/associations"),
        step,
    )
}

impl Watcher for Chosen {
    fn progress(&self, step: Step) {
        self.progress.progress(step);
    }
    fn decision(&self, decision: &str) {
        let list = if preview::is_of_record(decision) {
            &self.records
        } else {
            &self.activities
        };
        let Ok(decision) = serde_json::from_str::<Value>(decision) else {
            return;
        };
        let mut list = list.borrow_mut();
        let is_new = !list
            .iter()
            .any(|known| likeness(known) == likeness(&decision));
        if is_new {
            list.push(decision);
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_long_id_is_told_by_its_end() {
        let long = "form_submission:f0f0f0f0-0000-4000-8000-000000070603";
        assert_eq!(super::with_short_id(long), "form_submission:…070603");
        assert_eq!(super::with_short_id("call:65059681027"), "call:65059681027");
    }
}
