//! The module decides: one batch in, one decision per activity out.

use super::pull::BatchSnapshot;
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

/// The decisions of a batch, as JSON, one per activity in its order. If the module fails, the batch is halved until the one
/// record that makes it fail is found; that one is kept as `planner_failed`, and the rest goes on.
///
/// # Errors
/// If the module refuses the document itself, or its answer can't be read.
pub fn decide(rules: &OpenRules, snapshot: &BatchSnapshot) -> Result<Decided, PassError> {
    let mut decided = Decided::default();
    decide_range(rules, snapshot, 0, snapshot.activities.len(), &mut decided)?;
    Ok(decided)
}

fn decide_range(
    rules: &OpenRules,
    snapshot: &BatchSnapshot,
    start: usize,
    end: usize,
    decided: &mut Decided,
) -> Result<(), PassError> {
    let answer = rules.plan_to_salesforce_with(&snapshot.to_json(start, end), |plan| {
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
            let activity = snapshot
                .activities
                .get(start)
                .map_or("?", |record| record.activity.as_str());
            decided
                .decisions
                .push(planner_failed(activity, &error.to_string()).to_string());
            Ok(())
        }
        Err(_) => {
            let middle = start + (end - start) / 2;
            decide_range(rules, snapshot, start, middle, decided)?;
            decide_range(rules, snapshot, middle, end, decided)
        }
    }
}

fn planner_failed(activity: &str, error: &str) -> Value {
    json!({
        "activity": activity, "action": "skip", "reason": "planner_failed", "rules": [],
        "warnings": [{"code": "planner_failed", "message": format!("the module failed on this record: {error}")}], "trace": []
    })
}
