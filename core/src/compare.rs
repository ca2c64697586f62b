//! What changes if the settings change, and which setting does it? (P5)

use crate::error::Error;
use crate::json;
use crate::order;
use crate::read;
use crate::rules::Rules;
use crate::settings::Settings;
use crate::to_hubspot;
use crate::to_salesforce;
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// What changes between two settings over one snapshot.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Comparison {
    /// The decisions that differ, in the snapshot's order: activities, then records.
    pub changed: Vec<ChangedDecision>,
    /// Counts.
    pub summary: ComparisonSummary,
}

/// One decision that differs.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ChangedDecision {
    /// Of an activity: `kind:id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub activity: Option<String>,
    /// Of a record: its Salesforce id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<String>,
    /// The decision under the first settings.
    pub before: Value,
    /// The decision under the second.
    pub after: Value,
    /// The Task's fields, or HubSpot's properties, whose value differs.
    pub fields: Vec<String>,
    /// The settings that do it, as `to_salesforce.call.enabled`.
    pub settings: Vec<String>,
}

/// Counts of a comparison.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ComparisonSummary {
    /// Decisions about activities.
    pub activities: usize,
    /// Decisions about records, where there are any.
    #[serde(skip_serializing_if = "is_zero")]
    pub records: usize,
    /// Decisions that differ.
    pub changed: usize,
    /// By what becomes of what: `skip → create`.
    pub by_change: BTreeMap<String, usize>,
    /// By the setting that does it.
    pub by_setting: BTreeMap<String, usize>,
}

impl Rules {
    /// P5: what changes if these rules become `other`, as JSON.
    ///
    /// # Errors
    /// As `plan_to_salesforce_json`.
    pub fn compare_json(&self, other: &Self, snapshot: &[u8]) -> Result<Vec<u8>, Error> {
        let comparison = self.compare(other, snapshot)?;
        let mut out = Vec::new();
        json::append(&mut out, &comparison).map_err(|error| {
            Error::new(
                crate::Code::SnapshotInvalid,
                "",
                format!("the comparison can't be written: {error}"),
            )
        })?;
        Ok(out)
    }

    /// P5: what changes if these rules become `other`.
    ///
    /// # Errors
    /// As `plan_to_salesforce_json`.
    pub fn compare(&self, other: &Self, snapshot: &[u8]) -> Result<Comparison, Error> {
        let before = decisions(self, snapshot)?;
        let after = decisions(other, snapshot)?;
        let differing: Vec<usize> = (0..before.len())
            .filter(|position| differs(before.get(*position), after.get(*position)))
            .collect();
        let causes = if differing.is_empty() {
            Vec::new()
        } else {
            causes(self, other, snapshot)?
        };
        let is_record = |decision: &&Value| decision.get("record").is_some();
        let records = before.iter().filter(is_record).count();
        let mut summary = ComparisonSummary {
            activities: before.len() - records,
            records,
            changed: differing.len(),
            ..ComparisonSummary::default()
        };
        let mut changed = Vec::with_capacity(differing.len());
        for position in differing {
            let (Some(before), Some(after)) = (before.get(position), after.get(position)) else {
                continue;
            };
            let settings = blame(&causes, position, before, after);
            *summary
                .by_change
                .entry(format!(
                    "{} → {}",
                    text(before, "action"),
                    text(after, "action")
                ))
                .or_default() += 1;
            for setting in &settings {
                *summary.by_setting.entry(setting.clone()).or_default() += 1;
            }
            changed.push(ChangedDecision {
                activity: name(after, "activity"),
                record: name(after, "record"),
                fields: differing_fields(before, after),
                before: before.clone(),
                after: after.clone(),
                settings,
            });
        }
        Ok(Comparison { changed, summary })
    }
}

/// What one changed setting does: alone in the first settings, and taken back from the second.
struct Cause {
    setting: String,
    alone: Option<Vec<Value>>,
    taken_back: Option<Vec<Value>>,
}

fn causes(before: &Rules, after: &Rules, snapshot: &[u8]) -> Result<Vec<Cause>, Error> {
    let (before, after) = (document(before), document(after));
    let paths = changed_paths(&before, &after);
    let plan = |from: &Value, to: &Value, path: &[String]| {
        let settings = Settings::from_value(with_path_of(from, to, path)).ok()?;
        decisions(&Rules::new(settings).ok()?, snapshot).ok()
    };
    Ok(paths
        .into_iter()
        .map(|path| Cause {
            setting: path.join("."),
            alone: plan(&before, &after, &path),
            taken_back: plan(&after, &before, &path),
        })
        .collect())
}

/// The settings without which it isn't the same; where each makes up for the other, those that alone change something; else all.
fn blame(causes: &[Cause], position: usize, before: &Value, after: &Value) -> Vec<String> {
    let named = |holds: &dyn Fn(&Cause) -> bool| -> Vec<String> {
        causes
            .iter()
            .filter(|cause| holds(cause))
            .map(|cause| cause.setting.clone())
            .collect()
    };
    let changes = |plan: &Option<Vec<Value>>, from: &Value| {
        plan.as_ref()
            .and_then(|plan| plan.get(position))
            .is_some_and(|decision| differs(Some(decision), Some(from)))
    };
    let needed = named(&|cause| changes(&cause.taken_back, after));
    if !needed.is_empty() {
        return needed;
    }
    let alone = named(&|cause| changes(&cause.alone, before));
    if alone.is_empty() {
        named(&|_| true)
    } else {
        alone
    }
}

fn decisions(rules: &Rules, snapshot: &[u8]) -> Result<Vec<Value>, Error> {
    let mut decisions = Vec::new();
    read::with_index(rules, snapshot, |index| {
        to_salesforce::decide_all(index, &mut |_, decision| {
            decisions.push(json::value_of(decision))
        });
        to_hubspot::decide_all(index, &mut |_, decision| {
            decisions.push(json::value_of(decision))
        });
    })?;
    Ok(decisions)
}

/// Whether two decisions do or say something else; their wording alone is no difference.
fn differs(left: Option<&Value>, right: Option<&Value>) -> bool {
    let substance = |decision: Option<&Value>| {
        let mut decision = decision
            .and_then(Value::as_object)
            .cloned()
            .unwrap_or_default();
        for wording in ["trace", "fingerprint"] {
            decision.remove(wording);
        }
        decision
    };
    substance(left) != substance(right)
}

fn differing_fields(before: &Value, after: &Value) -> Vec<String> {
    let empty = Map::new();
    let task = |decision: &Value| {
        decision
            .get("task")
            .or_else(|| decision.get("properties"))
            .and_then(Value::as_object)
            .cloned()
            .unwrap_or_else(|| empty.clone())
    };
    let (before, after) = (task(before), task(after));
    keys_of(&before, &after)
        .into_iter()
        .filter(|field| before.get(*field) != after.get(*field))
        .cloned()
        .collect()
}

fn text(decision: &Value, member: &str) -> String {
    name(decision, member).unwrap_or_default()
}

fn name(decision: &Value, member: &str) -> Option<String> {
    decision
        .get(member)
        .and_then(Value::as_str)
        .map(str::to_owned)
}

fn is_zero(count: &usize) -> bool {
    *count == 0
}

fn document(rules: &Rules) -> Value {
    json::without_nulls(json::value_of(rules.settings()))
}

/// The keys of both, each once, in their order.
fn keys_of<'a>(left: &'a Map<String, Value>, right: &'a Map<String, Value>) -> Vec<&'a String> {
    let added = right.keys().filter(|key| !left.contains_key(*key));
    let mut keys: Vec<&String> = left.keys().chain(added).collect();
    order::sort_by(&mut keys, |left, right| left.cmp(right));
    keys
}

/// The paths of the leaves in which two settings differ.
fn changed_paths(before: &Value, after: &Value) -> Vec<Vec<String>> {
    match (before, after) {
        (Value::Object(left), Value::Object(right)) => {
            let of = |side: &Map<String, Value>, other: &Map<String, Value>, key: &String| match (
                side.get(key),
                other.get(key),
            ) {
                (Some(value), _) => value.clone(),
                (None, Some(Value::Object(_))) => Value::Object(Map::new()),
                _ => Value::Null,
            };
            keys_of(left, right)
                .into_iter()
                .flat_map(|key| {
                    let below = changed_paths(&of(left, right, key), &of(right, left, key));
                    below
                        .into_iter()
                        .map(move |path| std::iter::once(key.clone()).chain(path).collect())
                })
                .collect()
        }
        (left, right) if left == right => Vec::new(),
        _ => vec![Vec::new()],
    }
}

/// `from`, with the value that `to` has at the path.
fn with_path_of(from: &Value, to: &Value, path: &[String]) -> Value {
    let Some((key, rest)) = path.split_first() else {
        return to.clone();
    };
    let mut members = from.as_object().cloned().unwrap_or_default();
    let inner = with_path_of(
        members.get(key).unwrap_or(&Value::Null),
        to.get(key).unwrap_or(&Value::Null),
        rest,
    );
    members.insert(key.clone(), inner);
    Value::Object(members)
}
