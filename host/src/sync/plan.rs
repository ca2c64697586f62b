//! The module decides: one batch in, one decision per activity out.

use super::{PassError, PlanWarning};
use crate::rules::{OpenRules, RulesError};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

#[derive(Deserialize)]
struct Plan<'a> {
    #[serde(borrow)]
    decisions: Vec<&'a RawValue>,
    #[serde(default)]
    warnings: Vec<PlanWarning>,
}

/// What the module said of a batch.
#[derive(Default)]
pub struct Decided {
    /// One decision per activity, in their order, as JSON.
    pub decisions: Vec<String>,
    /// What it said of the whole.
    pub warnings: Vec<PlanWarning>,
}

/// A batch of which each part can be planned alone.
pub trait Batch {
    /// By what its records are called in a decision: `activity` or `record`.
    const NAMED: &'static str;

    /// How many records it has.
    fn size(&self) -> usize;

    /// The name of one.
    fn name(&self, position: usize) -> &str;

    /// The snapshot of a range of the records.
    fn to_json(&self, start: usize, end: usize) -> Vec<u8>;

    /// Lets the module plan a snapshot of this batch, and reads the plan where it lies.
    ///
    /// # Errors
    /// If the module fails.
    fn planned<T>(
        rules: &OpenRules,
        snapshot: &[u8],
        read: impl FnOnce(&[u8]) -> T,
    ) -> Result<T, RulesError>;
}

/// The decisions of a batch, as JSON, one per record in its order. If the module fails, the batch is halved until the one
/// record that makes it fail is found; that one is kept as `planner_failed`, and the rest goes on.
///
/// # Errors
/// If the module refuses the document itself, or its answer can't be read.
pub fn decide<B: Batch>(rules: &OpenRules, batch: &B) -> Result<Decided, PassError> {
    let mut decided = Decided::default();
    decide_range(rules, batch, 0, batch.size(), &mut decided)?;
    Ok(decided)
}

fn decide_range<B: Batch>(
    rules: &OpenRules,
    batch: &B,
    start: usize,
    end: usize,
    decided: &mut Decided,
) -> Result<(), PassError> {
    let answer = B::planned(rules, &batch.to_json(start, end), |plan| {
        let plan: Plan<'_> = serde_json::from_slice(plan)?;
        decided.warnings.extend(plan.warnings);
        let decisions = plan.decisions.iter();
        decided
            .decisions
            .extend(decisions.map(|decision| decision.get().to_owned()));
        Ok(())
    });
    match answer {
        Ok(read) => read,
        Err(error @ RulesError::Snapshot(_)) => Err(error.into()),
        Err(error) if end - start <= 1 => {
            let failed = planner_failed(B::NAMED, batch.name(start), &error.to_string());
            decided.decisions.push(failed.to_string());
            Ok(())
        }
        Err(_) => {
            let middle = start + (end - start) / 2;
            decide_range(rules, batch, start, middle, decided)?;
            decide_range(rules, batch, middle, end, decided)
        }
    }
}

/// A document of a list, whose items are JSON already, and of all that stands beside it, a JSON object.
pub(super) fn document<'i>(
    list: &str,
    items: impl Iterator<Item = &'i str> + Clone,
    beside: &str,
) -> Vec<u8> {
    let length: usize = items.clone().map(|item| item.len() + 1).sum();
    let mut json = Vec::with_capacity(length + beside.len() + 32);
    json.extend_from_slice(format!("{{\"{list}\":[").as_bytes());
    for (position, item) in items.enumerate() {
        if position > 0 {
            json.push(b',');
        }
        json.extend_from_slice(item.as_bytes());
    }
    json.extend_from_slice(b"],");
    json.extend_from_slice(beside.trim_start_matches('{').as_bytes());
    json
}

fn planner_failed(named: &str, name: &str, error: &str) -> Value {
    json!({
        named: name, "action": "skip", "reason": "planner_failed", "rules": [],
        "warnings": [{"code": "planner_failed", "message": format!("the module failed on this record: {error}")}], "trace": []
    })
}
