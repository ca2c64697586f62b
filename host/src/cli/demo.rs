//! `crosswalk demo`: both systems on this machine with sample data, a preview, a sync, and what happened.

use super::failure::Failure;
use super::output::{self, Output, Progress, dimmed, emphasised};
use super::sandbox::no_port;
use super::session::{Planner, Session};
use super::{Common, Ended, errors, explain, preview, sync};
use crate::clock::Clock;
use crate::connection::Connection;
use crate::feeds::FeedSettings;
use crate::hubspot::{Bursts, HubSpot};
use crate::ledger::Ledger;
use crate::salesforce::Salesforce;
use crate::sync::{Mode, Step, Watcher};
use crate::token::Token;
use crosswalk_sandbox::{Options, Sandbox, SandboxClock, sample};
use futures::future::BoxFuture;
use jiff::Timestamp;
use serde_json::{Value, json};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// Options of `crosswalk demo`.
#[derive(clap::Args)]
pub(super) struct Arguments {
    /// Which sample data: the same number, the same data
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// The ledger's file [default: crosswalk-demo.db in the folder for temporary files, made anew]
    #[arg(long, value_name = "FILE")]
    ledger: Option<PathBuf>,
}

pub(super) async fn run(
    common: &Common,
    arguments: &Arguments,
    output: &Output,
) -> Result<Ended, Failure> {
    let options = Options {
        seed: arguments.seed,
        ..Options::default()
    };
    let clock = options.clock.clone();
    let began = clock.now();
    let running = Sandbox::new(options).serve(0, 0).await.map_err(no_port)?;
    output.line(emphasised(
        "Two systems with a sample company, on this machine",
    ));
    output.line(format!(
        " HubSpot     {}\n Salesforce  {}\n",
        running.hubspot_url, running.salesforce_url
    ));

    let ledger = arguments.ledger_file();
    let session = session(
        common,
        arguments,
        clock.clone(),
        &running.hubspot_url,
        &running.salesforce_url,
    )?;
    let chosen = Chosen::showing(output.progress());
    let planned = session.engine().pass(&Mode::Preview, &chosen).await?;
    chosen.progress.finish();
    output.line(emphasised(
        "What would sync, and why (nothing is written yet)",
    ));
    output.table(&preview::ACTIVITY_COLUMNS, &chosen.rows());
    output.line("");
    output::report(output, &planned);

    let digest = planned.digest.clone().unwrap_or_default();
    output.line(format!(
        "\n{}",
        emphasised(&format!(
            "Carrying out exactly that plan: crosswalk sync --plan {digest}"
        ))
    ));
    let report = sync::carry_out(&session, &Mode::CarryOutPlan(digest), output).await?;
    output.line(format!(
        " {} created, {} refused, {} to be tried again\n",
        report.created, report.refused, report.to_retry
    ));

    let failures = session.ledger.failures(10_000)?;
    if !failures.is_empty() {
        output.line(emphasised(
            "What Salesforce refused, and what to do: crosswalk errors",
        ));
        errors::show(&failures, output);
        output.line("");
    }
    let again = sync::carry_out(&session, &Mode::CarryOut, output).await?;
    output.line(emphasised("A second sync, with nothing changed"));
    output.line(format!(
        " {} created, {} updated\n",
        again.created, again.updated
    ));

    if let Some(activity) = chosen.story() {
        output.line(emphasised(&format!(
            "One record's whole story: crosswalk explain {activity} --ledger {}",
            ledger.display()
        )));
        if !output.is_json() {
            explain::tell(&session.ledger, &activity, output)?;
        }
    }
    let took = clock.now().duration_since(began);
    output.line(dimmed(&format!(
        "\n{:.1} s. The rules that decided: {}",
        took.as_secs_f64(),
        session.planner.module
    )));
    output.json(&json!({"planned": planned, "synced": report, "again": again, "ledger": ledger, "milliseconds": took.as_millis()}));
    running.shutdown().await;
    Ok(Ended::Done)
}

impl Arguments {
    fn ledger_file(&self) -> PathBuf {
        self.ledger
            .clone()
            .unwrap_or_else(|| std::env::temp_dir().join("crosswalk-demo.db"))
    }
}

fn session(
    common: &Common,
    arguments: &Arguments,
    clock: SandboxClock,
    hubspot_url: &str,
    salesforce_url: &str,
) -> Result<Session, Failure> {
    let url = |url: &str| {
        url.parse()
            .map_err(|error| Failure::internal(format!("`{url}` is no URL: {error}")))
    };
    let settings = sample::settings(clock.now()).to_string().into_bytes();
    let connection = Connection {
        clock: Arc::new(DemoClock { sandbox: clock }),
        ..Connection::real().map_err(Failure::internal)?
    };
    let file = arguments.ledger_file();
    if arguments.ledger.is_none() {
        // The sample company begins anew each time, and so does what is remembered of it.
        for ending in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{ending}", file.display()));
        }
    }
    Ok(Session {
        planner: Planner::with_settings(common, None, &settings)?,
        hubspot: HubSpot::new(
            connection.clone(),
            url(hubspot_url)?,
            Token::new(crosswalk_sandbox::hubspot::DEFAULT_TOKEN),
        ),
        salesforce: Salesforce::new(
            connection.clone(),
            url(salesforce_url)?,
            Token::new(crosswalk_sandbox::salesforce::DEFAULT_TOKEN),
        ),
        bursts: Bursts::default(),
        feeds: FeedSettings::default(),
        key_property: Some(sample::KEY_PROPERTY.to_owned()),
        ledger: Ledger::open(&file)?,
        clock: connection.clock,
    })
}

/// The time in the sandbox; waiting is real.
struct DemoClock {
    sandbox: SandboxClock,
}

#[expect(clippy::disallowed_methods, reason = "this is where time comes from")]
impl Clock for DemoClock {
    fn now(&self) -> Timestamp {
        self.sandbox.now()
    }
    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()> {
        Box::pin(tokio::time::sleep(duration))
    }
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

fn kind_of(decision: &Value) -> String {
    let activity = decision["activity"].as_str().unwrap_or_default();
    activity.split(':').next().unwrap_or_default().to_owned()
}

/// One decision for each reason and kind of trouble, so that the table shows the variety.
struct Chosen {
    progress: Progress,
    decisions: RefCell<Vec<Value>>,
}

impl Chosen {
    fn showing(progress: Progress) -> Self {
        Self {
            progress,
            decisions: RefCell::default(),
        }
    }

    /// One of each kind that syncs, one of each reason why something doesn't.
    fn rows(&self) -> Vec<Vec<String>> {
        let decisions = self.decisions.borrow();
        let mut shown = BTreeMap::new();
        for decision in decisions.iter() {
            let is_create = decision["action"] == "create";
            let what = if is_create {
                kind_of(decision)
            } else {
                decision["reason"].to_string()
            };
            shown.entry((!is_create, what)).or_insert(decision);
        }
        let rows = shown.into_values().map(preview::activity_row);
        rows.map(|mut row| {
            if let Some(activity) = row.first_mut() {
                *activity = with_short_id(activity);
            }
            row
        })
        .collect()
    }

    /// The created record with the most to tell.
    fn story(&self) -> Option<String> {
        let decisions = self.decisions.borrow();
        let created = decisions
            .iter()
            .filter(|decision| decision["action"] == "create");
        let others = |decision: &&Value| {
            decision
                .pointer("/contact/others")
                .and_then(Value::as_array)
                .map_or(0, Vec::len)
        };
        created.max_by_key(others)?["activity"]
            .as_str()
            .map(str::to_owned)
    }
}

impl Watcher for Chosen {
    fn progress(&self, step: Step) {
        self.progress.progress(step);
    }
    fn decision(&self, decision: &str) {
        let Ok(decision) = serde_json::from_str::<Value>(decision) else {
            return;
        };
        let likeness = |decision: &Value| {
            let kind = kind_of(decision);
            let has_others = decision.pointer("/contact/others/0").is_some();
            let step = decision
                .pointer("/owner/step")
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned();
            (
                decision["reason"].to_string(),
                if decision["action"] == "create" {
                    kind
                } else {
                    String::new()
                },
                has_others && decision["action"] == "create",
                step,
            )
        };
        let mut decisions = self.decisions.borrow_mut();
        let is_new = !decisions
            .iter()
            .any(|known| likeness(known) == likeness(&decision));
        if is_new {
            decisions.push(decision);
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
