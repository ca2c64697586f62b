//! `crosswalk status`: the health of the sync.

use super::output::{Output, explanation};
use super::session::existing_ledger;
use super::{Common, Ended, Failure};

pub(super) fn run(common: &Common, output: &Output) -> Result<Ended, Failure> {
    let health = existing_ledger(common)?.health().map_err(Failure::failed)?;
    output.json(&health);
    match &health.last_pass {
        Some((started, Some(ended), module)) => {
            output.line(format!("Last pass {started} to {ended}, rules {module}"))
        }
        Some((started, None, module)) => output.line(format!(
            "A pass began {started} and didn't end; the next one carries on. Rules {module}"
        )),
        None => output.line("There has been no pass yet."),
    }
    output.line(format!(
        "{} activities seen, {} with a Task in Salesforce\n",
        health.activities, health.linked
    ));
    let reasons = health.by_reason.iter().map(|(action, reason, count)| {
        vec![
            action.clone(),
            reason.clone(),
            count.to_string(),
            explanation(reason).to_owned(),
        ]
    });
    output.table(&["action", "reason", "activities", ""], reasons.collect());
    output.line("");
    output.table(
        &["writes", "count"],
        health
            .by_state
            .iter()
            .map(|(state, count)| vec![state.clone(), count.to_string()])
            .collect(),
    );
    output.line("");
    output.table(
        &["feed", "read up to"],
        health
            .cursors
            .iter()
            .map(|(feed, stamp)| vec![feed.clone(), stamp.clone()])
            .collect(),
    );
    let failing = health
        .by_state
        .iter()
        .filter(|(state, _)| matches!(state.as_str(), "refused" | "unsettled"))
        .map(|(_, count)| count)
        .sum::<u64>();
    if failing > 0 {
        output.line(format!(
            "\n{failing} records failed: see `crosswalk errors`"
        ));
        return Ok(Ended::WithErrorsLeft);
    }
    Ok(Ended::Done)
}
