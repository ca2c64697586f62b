//! `crosswalk sandbox`: a HubSpot and a Salesforce on this machine, until stopped.

use super::failure::Failure;
use super::output::Output;
use super::{Common, Ended};
use crosswalk_sandbox::{Limits, Options, Sandbox};
use serde_json::json;
use std::time::Duration;

/// Options of `crosswalk sandbox`.
#[derive(clap::Args)]
pub(super) struct Arguments {
    /// HubSpot's port; 0 takes a free one
    #[arg(long, value_name = "N", default_value_t = 0)]
    hubspot_port: u16,
    /// Salesforce's port; 0 takes a free one
    #[arg(long, value_name = "N", default_value_t = 0)]
    salesforce_port: u16,
    /// Which sample data: the same number, the same data
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Without sample data
    #[arg(long)]
    empty: bool,
    /// Without rate limits and quotas
    #[arg(long)]
    no_limits: bool,
    /// How long every answer takes at least, in milliseconds
    #[arg(long, value_name = "N", default_value_t = 0)]
    latency_ms: u64,
}

impl Arguments {
    fn options(&self) -> Options {
        Options {
            seed: self.seed,
            empty: self.empty,
            limits: if self.no_limits {
                Limits::Off
            } else {
                Limits::On
            },
            latency: Duration::from_millis(self.latency_ms),
            ..Options::default()
        }
    }
}

pub(super) async fn run(
    _: &Common,
    arguments: &Arguments,
    output: &Output,
) -> Result<Ended, Failure> {
    let running = Sandbox::new(arguments.options())
        .serve(arguments.hubspot_port, arguments.salesforce_port)
        .await
        .map_err(no_port)?;
    let (hubspot_token, salesforce_token) = (
        crosswalk_sandbox::hubspot::DEFAULT_TOKEN,
        crosswalk_sandbox::salesforce::DEFAULT_TOKEN,
    );
    output.json(&json!({
        "hubspot": {"url": running.hubspot_url, "token": hubspot_token},
        "salesforce": {"url": running.salesforce_url, "token": salesforce_token, "version": crosswalk_sandbox::salesforce::VERSION}
    }));
    output.line(format!(
        "HubSpot {} (token {hubspot_token}) · Salesforce {} (token {salesforce_token}) · Ctrl-C stops them",
        running.hubspot_url, running.salesforce_url
    ));
    tokio::signal::ctrl_c().await.map_err(Failure::internal)?;
    running.shutdown().await;
    Ok(Ended::Done)
}

/// A port is taken.
pub(super) fn no_port(error: impl std::fmt::Display) -> Failure {
    Failure::failed(
        "sandbox_failed",
        format!("the sandbox can't start: {error}"),
    )
    .hint("Another program may have the port: give another one, or 0.")
}
