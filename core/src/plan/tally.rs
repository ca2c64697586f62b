//! How many decisions of which sort, and what names all that they write? (P3, P4)

use super::RECORDS_PER_SALESFORCE_CALL;
use super::writer::Parts;
use super::{Action, HubSpotObject, HubSpotSummary, RECORDS_PER_HUBSPOT_CALL, Reason, Summary};
use crate::json;
use crate::kind::Kind;
use crate::order;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write;

/// A row of the counts: one of the kinds or objects, by its place, else whatever it is called.
pub(crate) type Row<'n> = Result<usize, &'n str>;

type Counts = [u64; Action::ALL.len()];

/// Counts while planning: arrays, so that a decision costs no search.
pub(crate) struct Tally {
    rows: Vec<Counts>,
    other_rows: BTreeMap<String, BTreeMap<Action, u64>>,
    by_reason: [u64; Reason::ALL.len()],
    fingerprints: Vec<String>,
}

impl Tally {
    pub(crate) fn new() -> Self {
        Self {
            rows: vec![[0; Action::ALL.len()]; Kind::COUNT],
            other_rows: BTreeMap::new(),
            by_reason: [0; Reason::ALL.len()],
            fingerprints: Vec::new(),
        }
    }

    /// Counts a decision in its row.
    pub(crate) fn count(&mut self, row: Row<'_>, parts: &Parts<'_, '_>) {
        self.count_one(row, *parts.action, *parts.reason);
        self.fingerprints.extend(parts.fingerprint.clone());
    }

    /// Counts what is done, and why.
    pub(crate) fn count_one(&mut self, row: Row<'_>, action: Action, reason: Reason) {
        match row {
            Ok(place) => {
                if let Some(count) = self
                    .rows
                    .get_mut(place)
                    .and_then(|counts| counts.get_mut(action as usize))
                {
                    *count += 1;
                }
            }
            Err(name) => {
                *self
                    .other_rows
                    .entry(name.to_owned())
                    .or_default()
                    .entry(action)
                    .or_default() += 1
            }
        }
        if let Some(count) = self.by_reason.get_mut(reason as usize) {
            *count += 1;
        }
    }

    pub(crate) fn salesforce_summary(&self) -> Summary {
        let by_kind = self.by_name(Kind::NAMES);
        let by_action = by_action(&by_kind);
        Summary {
            activities: by_action.values().sum(),
            by_reason: counted(Reason::ALL, &self.by_reason),
            salesforce_calls: calls(&by_action, RECORDS_PER_SALESFORCE_CALL),
            by_action,
            by_kind,
        }
    }

    pub(crate) fn hubspot_summary(&self) -> HubSpotSummary {
        let by_object = self.by_name(HubSpotObject::NAMES);
        let by_action = by_action(&by_object);
        HubSpotSummary {
            records: by_action.values().sum(),
            by_reason: counted(Reason::ALL, &self.by_reason),
            hubspot_calls: by_object
                .values()
                .map(|of_object| calls(of_object, RECORDS_PER_HUBSPOT_CALL))
                .sum(),
            by_action,
            by_object,
        }
    }

    fn by_name(&self, names: &[&str]) -> BTreeMap<String, BTreeMap<Action, u64>> {
        let mut by_name = self.other_rows.clone();
        for (name, counts) in names.iter().zip(&self.rows) {
            let counts = counted(Action::ALL, counts);
            if !counts.is_empty() {
                by_name.insert((*name).to_owned(), counts);
            }
        }
        by_name
    }

    /// P4: names everything that is written, whatever the order and the batches.
    pub(crate) fn digest(mut self) -> String {
        order::sort_by(&mut self.fingerprints, String::cmp);
        digest_of_fingerprints(self.fingerprints.iter().map(String::as_str))
    }
}

fn by_action(rows: &BTreeMap<String, BTreeMap<Action, u64>>) -> BTreeMap<Action, u64> {
    let mut by_action: BTreeMap<Action, u64> = BTreeMap::new();
    for (action, count) in rows.values().flatten() {
        *by_action.entry(*action).or_default() += count;
    }
    by_action
}

/// P3: the calls that writing takes, each action rounded up by itself.
fn calls(by_action: &BTreeMap<Action, u64>, records_per_call: u64) -> u64 {
    [Action::Create, Action::Update, Action::Delete]
        .iter()
        .filter_map(|action| by_action.get(action))
        .map(|count| count.div_ceil(records_per_call))
        .sum()
}

/// P4: the digest of a plan from the fingerprints of its decisions, sorted by the caller.
pub fn digest_of_fingerprints<'a>(sorted: impl Iterator<Item = &'a str>) -> String {
    let mut hash = Sha256::new();
    for fingerprint in sorted {
        hash.update(fingerprint);
    }
    format!("sha256:{}", hex(&hash.finalize()))
}

/// P4: names what one decision writes; none if it writes nothing.
pub(crate) fn fingerprint(key: &str, action: Action, written: &Value) -> Option<String> {
    if !matches!(action, Action::Create | Action::Update | Action::Delete) {
        return None;
    }
    let mut hash = Sha256::new();
    hash.update(key);
    hash.update([0]);
    hash.update(action.name());
    hash.update([0]);
    hash.update(json::canonical(written));
    hash.finalize().get(..16).map(hex)
}

fn counted<K: Copy + Ord>(keys: &[K], counts: &[u64]) -> BTreeMap<K, u64> {
    let mut counted = BTreeMap::new();
    for (key, count) in keys.iter().zip(counts).filter(|(_, count)| **count > 0) {
        counted.insert(*key, *count);
    }
    counted
}

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}
