//! `crosswalk retry`: try again what failed.

use super::explain::name_of;
use super::failure::Failure;
use super::output::Output;
use super::session::Session;
use super::sync::{carry_out, show};
use super::{Common, Ended};
use crate::sync::Mode;

/// Options of `crosswalk retry`.
#[derive(clap::Args)]
pub(super) struct Arguments {
    /// Only this activity, as `call:501`, or this Task or Event of Salesforce, by its id [default: all]
    #[arg(value_name = "ACTIVITY")]
    activity: Option<String>,
}

pub(super) async fn run(
    common: &Common,
    arguments: &Arguments,
    output: &Output,
) -> Result<Ended, Failure> {
    let session = Session::open(common)?;
    let activity = arguments.activity.as_deref().map(name_of);
    let again = session
        .ledger
        .retry(activity.as_deref(), session.clock.now())?;
    if again == 0 {
        let of = arguments
            .activity
            .as_deref()
            .map_or_else(String::new, |activity| format!(" of {activity}"));
        output.line(format!("Nothing{of} has failed."));
        output.json(&serde_json::json!({"retried": 0}));
        return Ok(Ended::Done);
    }
    output.line(format!("{again} to be tried again\n"));
    let report = carry_out(&session, &Mode::CarryOut, output).await?;
    output.warnings(&report);
    output.json(&serde_json::json!({"retried": again, "report": report}));
    show(&report, output);
    Ok(if report.is_clean() {
        Ended::Done
    } else {
        Ended::WithErrorsLeft
    })
}
