//! What a snapshot would sync: without the systems.

use super::super::failure::Failure;
use super::super::output::Output;
use super::super::session::{Planner, load};
use super::super::{Common, Ended};
use super::shown::{self, Decisions};
use crate::config;
use crate::rules::RulesError;
use crate::sync::{PlanWarning, Report, ToHubSpot};
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;
use serde_json::value::{RawValue, to_raw_value};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;

/// What a program is told beside the plan.
pub(super) type Beside = BTreeMap<&'static str, Value>;

pub(super) fn preview(
    common: &Common,
    file: &Path,
    snapshot: &[u8],
    show: usize,
    output: &Output,
    beside: &Beside,
) -> Result<Ended, Failure> {
    let planner = Planner::open(common, &load(common)?)?;
    let plans = Plans::of(&planner, snapshot).map_err(|error| not_planned(file, error))?;
    if output.is_json() {
        output.json(&plans.to_json(beside)?);
        return Ok(Ended::Done);
    }
    let (mut decisions, mut report) = (Decisions::default(), Report::default());
    report.module = planner.module;
    if let Some(plan) = &plans.to_salesforce {
        let plan = Plan::<ToSalesforce>::read(plan)?;
        decisions.to_salesforce = plan.first(show);
        let of = plan.summary;
        (report.activities, report.by_action) = (of.activities, of.by_action);
        (report.by_reason, report.by_kind) = (of.by_reason, of.by_kind);
        report.warn(plan.warnings);
    }
    if let Some(plan) = &plans.to_hubspot {
        let plan = Plan::<RecordsPlanned>::read(plan)?;
        decisions.to_hubspot = plan.first(show);
        let of = plan.summary;
        report.to_hubspot = ToHubSpot {
            records: of.records,
            by_action: of.by_action,
            by_reason: of.by_reason,
            by_object: of.by_object,
            ..ToHubSpot::default()
        };
        report.warn(plan.warnings);
    }
    shown::show(&decisions, &report, output);
    output.warnings(&report);
    if let Some(digest) = plans.digest()? {
        output.line(format!("digest {digest}"));
    }
    Ok(Ended::Done)
}

fn not_planned(file: &Path, error: RulesError) -> Failure {
    match error {
        RulesError::Snapshot(rejected) => {
            Failure::of_rules(&rejected, config::locate(Some(file), &rejected)).or_hint(
                "--snapshot takes JSON, as `crosswalk snapshot` writes it and docs/schema describes it.",
            )
        }
        other => other.into(),
    }
}

/// The lists of a snapshot that are planned.
#[derive(Default, Deserialize)]
struct Lists {
    #[serde(default)]
    activities: Option<IgnoredAny>,
    #[serde(default)]
    records: Option<IgnoredAny>,
}

/// The plans of a snapshot, as JSON: of its activities, of its records, or of both.
struct Plans {
    to_salesforce: Option<Vec<u8>>,
    to_hubspot: Option<Vec<u8>>,
}

impl Plans {
    fn of(planner: &Planner, snapshot: &[u8]) -> Result<Self, RulesError> {
        // What isn't JSON is refused by the planner, which says where.
        let lists: Lists = serde_json::from_slice(snapshot).unwrap_or_default();
        let has_records = lists.records.is_some();
        let has_activities = lists.activities.is_some() || !has_records;
        let plan = |is_wanted: bool, plan: &dyn Fn() -> Result<Vec<u8>, RulesError>| {
            is_wanted.then(plan).transpose()
        };
        let rules = &planner.rules;
        Ok(Self {
            to_salesforce: plan(has_activities, &|| rules.plan_to_salesforce(snapshot))?,
            to_hubspot: plan(has_records, &|| rules.plan_to_hubspot(snapshot))?,
        })
    }

    /// The one plan itself, or both by their names; with what is told beside.
    fn to_json<'p>(&'p self, beside: &Beside) -> Result<BTreeMap<&'p str, Box<RawValue>>, Failure> {
        let raw = |plan: &[u8]| serde_json::from_slice(plan).map_err(Failure::internal);
        let mut whole = match (&self.to_salesforce, &self.to_hubspot) {
            (Some(to_salesforce), Some(to_hubspot)) => {
                let mut both = BTreeMap::from([
                    ("to_salesforce", raw(to_salesforce)?),
                    ("to_hubspot", raw(to_hubspot)?),
                ]);
                if let Some(digest) = self.digest()? {
                    both.insert("digest", to_raw_value(&digest).map_err(Failure::internal)?);
                }
                both
            }
            (plan, other) => {
                let plan = plan.as_ref().or(other.as_ref()).map(Vec::as_slice);
                serde_json::from_slice(plan.unwrap_or(b"{}")).map_err(Failure::internal)?
            }
        };
        for (name, value) in beside {
            whole.insert(name, to_raw_value(value).map_err(Failure::internal)?);
        }
        Ok(whole)
    }

    /// P4: names all that the plans write; none where the snapshot doesn't ask.
    fn digest(&self) -> Result<Option<String>, Failure> {
        let mut fingerprints = Vec::new();
        for plan in self.to_salesforce.iter().chain(&self.to_hubspot) {
            let plan = Plan::<IgnoredAny>::read(plan)?;
            if plan.digest.is_none() {
                return Ok(None);
            }
            fingerprints.extend(plan.fingerprints());
        }
        fingerprints.sort_unstable();
        let sorted = fingerprints.iter().map(AsRef::as_ref);
        Ok(Some(crosswalk_core::digest_of_fingerprints(sorted)))
    }
}

#[derive(Deserialize)]
#[serde(bound(deserialize = "S: DeserializeOwned"))]
struct Plan<'a, S> {
    #[serde(borrow)]
    decisions: Vec<&'a RawValue>,
    summary: S,
    #[serde(default)]
    warnings: Vec<PlanWarning>,
    #[serde(default)]
    digest: Option<String>,
}

#[derive(Deserialize)]
struct Fingerprinted<'a> {
    #[serde(borrow, default)]
    fingerprint: Option<Cow<'a, str>>,
}

impl<'a, S: DeserializeOwned> Plan<'a, S> {
    fn read(plan: &'a [u8]) -> Result<Self, Failure> {
        serde_json::from_slice(plan).map_err(Failure::internal)
    }

    fn first(&self, most: usize) -> Vec<String> {
        let first = self.decisions.iter().take(most);
        first.map(|decision| decision.get().to_owned()).collect()
    }

    fn fingerprints(&self) -> impl Iterator<Item = Cow<'a, str>> {
        let decisions = self.decisions.iter();
        decisions.filter_map(|decision| {
            let decision: Fingerprinted<'_> = serde_json::from_str(decision.get()).ok()?;
            decision.fingerprint
        })
    }
}

#[derive(Deserialize)]
struct ToSalesforce {
    activities: u64,
    by_action: BTreeMap<String, u64>,
    by_reason: BTreeMap<String, u64>,
    by_kind: BTreeMap<String, BTreeMap<String, u64>>,
}

#[derive(Deserialize)]
struct RecordsPlanned {
    records: u64,
    by_action: BTreeMap<String, u64>,
    by_reason: BTreeMap<String, u64>,
    by_object: BTreeMap<String, BTreeMap<String, u64>>,
}
