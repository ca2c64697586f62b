//! `crosswalk demo`: both systems on this machine with sample data, a preview, a sync both ways, and what happened.

mod chosen;

use super::failure::Failure;
use super::output::{self, Output, dimmed, emphasised};
use super::sandbox::no_port;
use super::session::{Planner, Session};
use super::{Common, Ended, errors, explain, preview, sync};
use crate::budget::DailyShare;
use crate::clock::Clock;
use crate::connection::Connection;
use crate::feeds::FeedSettings;
use crate::hubspot::{Bursts, HubSpot};
use crate::ledger::Ledger;
use crate::salesforce::Salesforce;
use crate::sync::{Mode, Report};
use crate::token::Token;
use chosen::Chosen;
use crosswalk_sandbox::{Limits, Options, Sandbox, SandboxClock, sample};
use futures::future::BoxFuture;
use jiff::Timestamp;
use serde_json::json;
use std::num::NonZeroUsize;
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
        limits: Limits::Off,
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
    chosen.finish();
    output.line(emphasised(
        "What would sync from HubSpot to Salesforce, and why (nothing is written yet)",
    ));
    output.table(&preview::ACTIVITY_COLUMNS, &chosen.activities());
    output.line("");
    output::to_salesforce(output, &planned);
    output.line(format!(
        "\n{}",
        emphasised("And from Salesforce to HubSpot")
    ));
    output.table(&preview::RECORD_COLUMNS, &chosen.records());
    output.line("");
    output::to_hubspot(output, &planned);

    let digest = planned.digest.clone().unwrap_or_default();
    output.line(format!(
        "\n{}",
        emphasised(&format!(
            "Carrying out exactly that plan: crosswalk sync --plan {digest}"
        ))
    ));
    let report = sync::carry_out(&session, &Mode::CarryOutPlan(digest), output).await?;
    output.line(format!(" {}\n", carried_out(&report)));

    let failures = session.ledger.failures(10_000)?;
    if !failures.is_empty() {
        output.line(emphasised(
            "What was refused, and what to do: crosswalk errors",
        ));
        errors::show(&failures, output);
        output.line("");
    }
    let again = sync::carry_out(&session, &Mode::CarryOut, output).await?;
    output.line(emphasised("A second sync, with nothing changed"));
    output.line(format!(" {}\n", found_nothing(&again)));

    let stories = [
        ("One record's whole story", chosen.activity_with_a_story()),
        ("One of Salesforce's", chosen.record_with_a_story()),
    ];
    for (title, name) in stories {
        let Some(name) = name else { continue };
        let ledger = ledger.display();
        output.line(emphasised(&format!(
            "{title}: crosswalk explain {name} --ledger {ledger}"
        )));
        if !output.is_json() {
            explain::tell(&session.ledger, &explain::name_of(&name), output)?;
        }
        output.line("");
    }
    let took = clock.now().duration_since(began);
    output.line(dimmed(&format!(
        "{:.1} s. The rules that decided: {}",
        took.as_secs_f64(),
        session.planner.module
    )));
    output.json(&json!({"planned": planned, "synced": report, "again": again, "ledger": ledger, "milliseconds": took.as_millis()}));
    running.shutdown().await;
    Ok(Ended::Done)
}

fn carried_out(report: &Report) -> String {
    format!(
        "{} created in Salesforce, {} in HubSpot; {} refused, {} to be tried again",
        report.created, report.to_hubspot.created, report.refused, report.to_retry
    )
}

fn found_nothing(report: &Report) -> String {
    format!(
        "{} created, {} updated in Salesforce; {} created, {} updated in HubSpot",
        report.created, report.updated, report.to_hubspot.created, report.to_hubspot.updated
    )
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
    let settings = sample::settings_both_ways(clock.now())
        .to_string()
        .into_bytes();
    let connection = Connection {
        clock: Arc::new(DemoClock { sandbox: clock }),
        ..Connection::real().map_err(Failure::internal)?
    };
    let bursts = without_limits();
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
        )
        .with_limits(bursts, DailyShare::default()),
        salesforce: Salesforce::new(
            connection.clone(),
            url(salesforce_url)?,
            Token::new(crosswalk_sandbox::salesforce::DEFAULT_TOKEN),
        ),
        bursts,
        feeds: FeedSettings::default(),
        key_property: Some(sample::KEY_PROPERTY.to_owned()),
        ledger: Ledger::open(&file)?,
        clock: connection.clock,
    })
}

/// Most of the time would be spent waiting for HubSpot's next search.
fn without_limits() -> Bursts {
    const MANY: NonZeroUsize = NonZeroUsize::new(10_000).unwrap();
    Bursts {
        calls_per_ten_seconds: MANY,
        associations_per_ten_seconds: MANY,
        searches_per_second: MANY,
    }
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
