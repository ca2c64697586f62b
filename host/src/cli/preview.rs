//! `crosswalk preview`: what would sync now, and why. Writes nothing.

use super::failure::Failure;
use super::output::{self, Output, Progress, dimmed, emphasised};
use super::push::{self, OfExport};
use super::session::{Planner, Session, load};
use super::table::Column;
use super::{Common, Ended};
use crate::clock::{Clock, SystemClock};
use crate::config;
use crate::inbound::{self, About, FileError, Refusal, WasRead};
use crate::rules::RulesError;
use crate::sync::{Mode, OpensPlanned, PlanWarning, Report, Step, Watcher};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Options of `crosswalk preview`.
#[derive(clap::Args)]
pub(super) struct Arguments {
    /// Plan this snapshot instead of the live systems; `-` is stdin
    #[arg(long, value_name = "FILE")]
    snapshot: Option<PathBuf>,
    /// Plan the activities of this file instead: HubSpot's export, or CSV with the snapshot's fields as columns. With --snapshot, all else
    /// is as there
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
    #[command(flatten)]
    of_export: OfExport,
    /// How many decisions to show; 0 is none
    #[arg(long, value_name = "N", default_value_t = 20)]
    show: usize,
}

pub(super) async fn run(
    common: &Common,
    arguments: &Arguments,
    output: &Output,
) -> Result<Ended, Failure> {
    match (&arguments.csv, &arguments.snapshot) {
        (Some(csv), snapshot) => {
            let about = arguments.of_export.about()?;
            let sent = SentIn::read(csv, &about, snapshot.as_deref())?;
            sent.preview(common, csv, arguments.show, output)
        }
        (None, Some(file)) => {
            let snapshot = read(file)?;
            offline(
                common,
                file,
                &snapshot,
                arguments.show,
                output,
                &Beside::default(),
            )
        }
        (None, None) => live(common, arguments.show, output).await,
    }
}

async fn live(common: &Common, show: usize, output: &Output) -> Result<Ended, Failure> {
    let session = Session::open(common)?;
    let watcher = Collected {
        decisions: RefCell::default(),
        progress: output.progress(),
        limit: if output.is_json() { usize::MAX } else { show },
    };
    let report = session.engine().pass(&Mode::Preview, &watcher).await?;
    let Collected {
        decisions,
        progress,
        ..
    } = watcher;
    drop(progress);
    let decisions = decisions.into_inner();
    if output.is_json() {
        let decisions: Vec<&RawValue> = decisions
            .iter()
            .filter_map(|decision| serde_json::from_str(decision).ok())
            .collect();
        let mut plan = serde_json::json!({
            "decisions": decisions,
            "summary": {"activities": report.activities, "by_action": report.by_action, "by_reason": report.by_reason, "by_kind": report.by_kind,
                        "salesforce_calls": calls(&report)},
            "digest": report.digest
        });
        if let Some(opens) = &report.marketing_opens {
            plan["marketing_opens"] = serde_json::json!(opens);
        }
        if !report.plan_warnings.is_empty() {
            plan["warnings"] = serde_json::json!(report.plan_warnings);
        }
        if !report.warnings.is_empty() {
            plan["notes"] = serde_json::json!(report.warnings);
        }
        output.json(&plan);
        return Ok(Ended::Done);
    }
    show_plan(&decisions, &report, show, output);
    if let Some(digest) = &report.digest {
        output.line(format!(
            "carry out exactly this: {}",
            emphasised(&format!("crosswalk sync --plan {digest}"))
        ));
    }
    output.warnings(&report);
    Ok(Ended::Done)
}

/// Salesforce takes 200 records a call (P3).
fn calls(report: &Report) -> u64 {
    ["create", "update", "delete"]
        .iter()
        .map(|action| {
            report
                .by_action
                .get(*action)
                .map_or(0, |count| count.div_ceil(200))
        })
        .sum()
}

/// What a program is told beside the plan.
type Beside = BTreeMap<&'static str, Value>;

fn offline(
    common: &Common,
    file: &Path,
    snapshot: &[u8],
    show: usize,
    output: &Output,
    beside: &Beside,
) -> Result<Ended, Failure> {
    let planner = Planner::open(common, &load(common)?)?;
    let plan = planner
        .rules
        .plan_to_salesforce(snapshot)
        .map_err(|error| match error {
            RulesError::Snapshot(rejected) => {
                Failure::of_rules(&rejected, config::locate(Some(file), &rejected)).or_hint(
                    "--snapshot takes JSON, as `crosswalk snapshot` writes it and docs/schema describes it.",
                )
            }
            other => other.into(),
        })?;
    if output.is_json() {
        if beside.is_empty() {
            let plan: &RawValue = serde_json::from_slice(&plan).map_err(Failure::internal)?;
            output.json(&plan);
            return Ok(Ended::Done);
        }
        let mut whole: BTreeMap<&str, Box<RawValue>> =
            serde_json::from_slice(&plan).map_err(Failure::internal)?;
        for (name, value) in beside {
            let value = serde_json::value::to_raw_value(value).map_err(Failure::internal)?;
            whole.insert(name, value);
        }
        output.json(&whole);
        return Ok(Ended::Done);
    }
    let plan: OfflinePlan<'_> = serde_json::from_slice(&plan).map_err(Failure::internal)?;
    let decisions: Vec<String> = plan
        .decisions
        .iter()
        .take(show)
        .map(|decision| decision.get().to_owned())
        .collect();
    let report = Report {
        module: planner.module,
        plan_warnings: plan.warnings,
        ..plan.summary.into_report()
    };
    show_plan(&decisions, &report, show, output);
    output.warnings(&report);
    if let Some(digest) = plan.digest {
        output.line(format!("digest {digest}"));
    }
    Ok(Ended::Done)
}

/// The activities of a file, in a snapshot.
struct SentIn {
    snapshot: Map<String, Value>,
    refusals: Vec<Refusal>,
    read: WasRead,
    has_world: bool,
}

impl SentIn {
    fn read(csv: &Path, about: &About, snapshot: Option<&Path>) -> Result<Self, Failure> {
        let mut whole = match snapshot {
            Some(file) => serde_json::from_slice(&read(file)?).map_err(|error| {
                let (name, line) = (file.display(), error.line());
                Failure::usage("not_json", format!("{name}:{line}: {error}"))
                    .hint("--snapshot takes JSON, as `crosswalk snapshot` writes it.")
            })?,
            None => Map::from_iter([("now".to_owned(), SystemClock.now().to_string().into())]),
        };
        let (mut activities, mut refusals) = (Vec::new(), Vec::new());
        let read = inbound::read_file(csv, about, |sent| {
            match sent {
                Ok(incoming) => activities.push(incoming.into_fields()),
                Err(refusal) => refusals.push(refusal),
            }
            Ok::<_, FileError>(())
        });
        let read = read.map_err(|error| push::of_file(csv, &error))?;
        let list = |name: &str| {
            whole
                .get(name)
                .and_then(Value::as_array)
                .map_or(&[][..], Vec::as_slice)
        };
        let (contacts, owners) = (list("contacts"), list("owners"));
        for activity in &mut activities {
            inbound::name_people(activity, contacts, owners);
        }
        let activities = activities.into_iter().map(Value::Object).collect();
        whole.insert("activities".to_owned(), Value::Array(activities));
        Ok(Self {
            snapshot: whole,
            refusals,
            read,
            has_world: snapshot.is_some(),
        })
    }

    fn preview(
        self,
        common: &Common,
        csv: &Path,
        show: usize,
        output: &Output,
    ) -> Result<Ended, Failure> {
        let refusals: Vec<Value> = self.refusals.iter().map(push::refusal_json).collect();
        let beside = Beside::from([
            ("refusals", refusals.into()),
            ("unknown", json!(self.read.unknown)),
        ]);
        let snapshot = Value::Object(self.snapshot).to_string();
        offline(common, csv, snapshot.as_bytes(), show, output, &beside)?;
        if !self.refusals.is_empty() {
            output.line("");
            push::show_refusals(&self.refusals, output);
        }
        push::note_unknown(&self.read, output);
        if !self.has_world && !output.is_json() {
            output.note(
                "Without --snapshot nothing is known of contacts, owners and users, so what has a contact waits for it.",
            );
        }
        Ok(if self.refusals.is_empty() {
            Ended::Done
        } else {
            Ended::WithErrorsLeft
        })
    }
}

#[derive(Deserialize)]
struct OfflinePlan<'a> {
    #[serde(borrow)]
    decisions: Vec<&'a RawValue>,
    summary: OfflineSummary,
    #[serde(default)]
    warnings: Vec<PlanWarning>,
    #[serde(default)]
    digest: Option<String>,
}

#[derive(Deserialize)]
struct OfflineSummary {
    activities: u64,
    by_action: std::collections::BTreeMap<String, u64>,
    by_reason: std::collections::BTreeMap<String, u64>,
    by_kind: std::collections::BTreeMap<String, std::collections::BTreeMap<String, u64>>,
}

impl OfflineSummary {
    fn into_report(self) -> Report {
        Report {
            activities: self.activities,
            by_action: self.by_action,
            by_reason: self.by_reason,
            by_kind: self.by_kind,
            ..Report::default()
        }
    }
}

fn read(file: &Path) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let read = if file == Path::new("-") {
        std::io::stdin().lock().read_to_end(&mut bytes).map(drop)
    } else {
        std::fs::read(file).map(|read| bytes = read)
    };
    read.map_err(|error| {
        let message = format!("{}: can't be read: {error}", file.display());
        Failure::usage("file_unreadable", message)
            .hint("--snapshot names a file that `crosswalk snapshot` wrote, or `-` for stdin.")
    })?;
    Ok(bytes)
}

/// The plan as a person reads it: what, where to, by whom, why; then the counts.
pub(super) fn show_plan(decisions: &[String], report: &Report, show: usize, output: &Output) {
    let rows: Vec<Vec<String>> = decisions
        .iter()
        .take(show)
        .filter_map(|decision| serde_json::from_str(decision).ok())
        .map(|decision| row(&decision))
        .collect();
    if !rows.is_empty() {
        let shown = rows.len();
        output.table(&COLUMNS, &rows);
        if report.activities > shown as u64 {
            output.line(dimmed(&format!(
                " … and {} more; --show {} shows them all",
                report.activities - shown as u64,
                report.activities
            )));
        }
        output.line("");
    }
    output::report(output, report);
    output.line("");
    let counts = format!(
        "{} activities; {} to Salesforce; nothing was written",
        report.activities,
        match calls(report) {
            1 => "1 call".to_owned(),
            calls => format!("{calls} calls"),
        }
    );
    output.line(emphasised(&counts));
    if let Some(opens) = &report.marketing_opens {
        output.line(told(opens));
    }
    output.line(dimmed(&format!("rules {}", report.module)));
}

/// What each choice of `marketing_email.opens` would write.
fn told(opens: &OpensPlanned) -> String {
    format!(
        "Opens of marketing emails: {} Tasks with marketing_email.opens = \"first\", {} with \"all\"",
        opens.first, opens.all
    )
}

/// The columns of a row.
pub(super) const COLUMNS: [Column; 7] = [
    Column::Word("activity"),
    Column::Word("action"),
    Column::Word("reason"),
    Column::Text("subject"),
    Column::Extra("contact"),
    Column::Extra("assigned by"),
    Column::Extra("rules"),
];

pub(super) fn row(decision: &Value) -> Vec<String> {
    let text = |pointer: &str| {
        decision
            .pointer(pointer)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let rules: Vec<&str> = decision["rules"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let contact = match (text("/contact/id"), text("/contact/object")) {
        (id, _) if id.is_empty() => String::new(),
        (id, object) => format!("{id} ({object})"),
    };
    vec![
        text("/activity"),
        text("/action"),
        text("/reason"),
        shortened(&text("/task/Subject"), 60),
        contact,
        text("/owner/step"),
        rules.join(" "),
    ]
}

fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        text.to_owned()
    } else {
        text.chars().take(most - 1).chain(['…']).collect()
    }
}

struct Collected {
    progress: Progress,
    decisions: RefCell<Vec<String>>,
    limit: usize,
}

impl Watcher for Collected {
    fn progress(&self, step: Step) {
        self.progress.progress(step);
    }
    fn decision(&self, decision: &str) {
        let mut decisions = self.decisions.borrow_mut();
        if decisions.len() < self.limit {
            decisions.push(decision.to_owned());
        }
    }
}
