//! `crosswalk sync`: one pass, then exit.

use super::failure::Failure;
use super::output::{self, Output, Progress, coloured, dimmed, emphasised};
use super::session::Session;
use super::{Common, Ended};
use crate::sync::{Mode, PassError, Report};

/// Options of `crosswalk sync`.
#[derive(clap::Args)]
pub(super) struct Arguments {
    /// Carry out exactly the plan that `crosswalk preview` showed; if it is another one by now, do nothing
    #[arg(long, value_name = "DIGEST")]
    plan: Option<String>,
}

pub(super) async fn run(
    common: &Common,
    arguments: &Arguments,
    output: &Output,
) -> Result<Ended, Failure> {
    let session = Session::open(common)?;
    let mode = arguments
        .plan
        .clone()
        .map_or(Mode::CarryOut, Mode::CarryOutPlan);
    let report = carry_out(&session, &mode, output).await?;
    output.json(&report);
    output.warnings(&report);
    show(&report, output);
    Ok(if report.is_clean() {
        Ended::Done
    } else {
        Ended::WithErrorsLeft
    })
}

/// One pass, kept in the ledger's list of passes.
pub(super) async fn carry_out(
    session: &Session,
    mode: &Mode,
    output: &Output,
) -> Result<Report, Failure> {
    let engine = session.engine();
    kept_as_pass(session, output, async |progress| {
        engine.pass(mode, progress).await
    })
    .await
}

/// Work that is kept in the ledger's list of passes.
pub(super) async fn kept_as_pass(
    session: &Session,
    output: &Output,
    work: impl AsyncFnOnce(&Progress) -> Result<Report, PassError>,
) -> Result<Report, Failure> {
    let progress = output.progress();
    let pass = session
        .ledger
        .begin_pass(&session.planner.module, session.clock.now())?;
    match work(&progress).await {
        Ok(report) => {
            let json = serde_json::to_string(&report).unwrap_or_default();
            session.ledger.end_pass(pass, &json, session.clock.now())?;
            Ok(report)
        }
        Err(error) => Err(failed(session, pass, error)),
    }
}

/// Keeps with the pass why it ended early, so that `status` can say it.
fn failed(session: &Session, pass: i64, error: PassError) -> Failure {
    let class = error.class();
    let failure = Failure::from(error);
    let kept = session
        .ledger
        .fail_pass(pass, &failure.of_pass(class), session.clock.now());
    // A ledger that can't be written may be why the pass failed; that one is told.
    if let Err(error) = kept {
        tracing::warn!("the end of the pass isn't recorded: {error}");
    }
    failure
}

pub(super) fn show(report: &Report, output: &Output) {
    let to_hubspot = &report.to_hubspot;
    if report.activities == 0 && to_hubspot.records == 0 {
        output.line("Nothing has changed since the last pass.");
    } else {
        output::report(output, report);
    }
    output.line("");
    output.line(emphasised(&format!(
        "{} created, {} updated, {} deleted in Salesforce",
        report.created, report.updated, report.deleted
    )));
    if !to_hubspot.is_empty() {
        output.line(emphasised(&format!(
            "{} created, {} updated, {} deleted in HubSpot",
            to_hubspot.created, to_hubspot.updated, to_hubspot.deleted
        )));
    }
    show_left(report, output);
}

/// What is left to do, and by which rules was decided.
pub(super) fn show_left(report: &Report, output: &Output) {
    if !report.is_clean() {
        let left = format!(
            "{} refused, {} to be tried again, {} unsettled",
            report.refused, report.to_retry, report.unsettled
        );
        let left = coloured(&left, "refused");
        output.line(format!("{left}: see `crosswalk errors`"));
    }
    output.line(dimmed(&format!("rules {}", report.module)));
}
