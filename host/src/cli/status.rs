//! `crosswalk status`: the health of the sync.

use super::failure::Failure;
use super::output::{Output, coloured, dimmed, emphasised, explanation, moment};
use super::session::existing_ledger;
use super::table::Column;
use super::{Common, Ended};
use crate::ledger::{Health, LastPass, PassFailure, UnfinishedImport, WaitingContact, WaitingFor};
use crate::salesforce::RecordObject;
use serde::Serialize;

/// How the sync is, in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum State {
    Well,
    Failed,
    PassFailed,
    Interrupted,
    NeverRan,
}

#[derive(Serialize)]
struct Status<'h> {
    state: State,
    failed: u64,
    waiting: u64,
    #[serde(flatten)]
    health: &'h Health,
}

impl<'h> Status<'h> {
    fn of(health: &'h Health) -> Self {
        let failed = count_in(health, &["refused", "unsettled"]);
        let waits = health
            .by_reason
            .iter()
            .filter(|(action, ..)| action == "wait");
        let state = match &health.last_pass {
            Some(pass) if pass.failure.is_some() => State::PassFailed,
            _ if failed > 0 => State::Failed,
            Some(pass) if pass.ended_at.is_none() => State::Interrupted,
            Some(_) => State::Well,
            None => State::NeverRan,
        };
        Self {
            state,
            failed,
            waiting: waits.map(|(_, _, count)| count).sum(),
            health,
        }
    }

    fn headline(&self) -> String {
        match self.state {
            State::Well => coloured("well", "well"),
            State::Failed => {
                let failed = coloured(&format!("{} failed", self.failed), "failed");
                format!("{failed}: see `crosswalk errors`")
            }
            State::PassFailed => coloured("the last pass failed", "failed"),
            State::Interrupted => coloured("a pass didn't end", "interrupted"),
            State::NeverRan => emphasised("there has been no pass yet"),
        }
    }
}

pub(super) fn run(common: &Common, output: &Output) -> Result<Ended, Failure> {
    let health = existing_ledger(common)?.health()?;
    let status = Status::of(&health);
    output.json(&status);
    show(&status, output);
    Ok(
        if matches!(status.state, State::Failed | State::PassFailed) {
            Ended::WithErrorsLeft
        } else {
            Ended::Done
        },
    )
}

fn count_in(health: &Health, states: &[&str]) -> u64 {
    let counts = health.by_state.iter();
    counts
        .filter(|(state, _)| states.contains(&state.as_str()))
        .map(|(_, count)| count)
        .sum()
}

fn show(status: &Status<'_>, output: &Output) {
    let health = status.health;
    output.line(status.headline());
    output.line("");
    if let Some(pass) = &health.last_pass {
        show_last_pass(pass, output);
    }
    output.line(format!(
        "{}, {} waiting, {} to be sent",
        seen(health),
        status.waiting,
        count_in(health, &["pending", "sent"])
    ));
    if let Some(inbound) = inbound(health) {
        output.line(inbound);
    }
    if let Some(conflicts) = conflicts(health) {
        output.line(conflicts);
    }
    for import in &health.unfinished_imports {
        output.line(unfinished(import));
    }
    show_reasons("What waits, and for what", health, true, output);
    show_awaited(&health.waiting_for, output);
    show_reasons("What else was decided", health, false, output);
    show_counts("Writes", ["state", "count"], &health.by_state, output);
    show_feeds(health, output);
    if let Some(pass) = &health.last_pass {
        output.line(dimmed(&format!("\nrules {}", pass.module)));
    }
}

/// What was seen, and how much of it is on both sides.
fn seen(health: &Health) -> String {
    let (activities, linked) = (health.activities, health.linked);
    match health.records {
        0 => format!("{activities} activities seen, {linked} with a Task in Salesforce"),
        records => format!(
            "{activities} activities of HubSpot's and {records} records of Salesforce's seen, {linked} linked"
        ),
    }
}

/// How often both sides had changed a field, if they ever had.
fn conflicts(health: &Health) -> Option<String> {
    let of = |winner: &str| {
        let mut counts = health.conflicts.iter();
        let found = counts.find(|(name, _)| name == winner);
        found.map_or(0, |(_, count)| *count)
    };
    let (hubspot, salesforce) = (of("hubspot"), of("salesforce"));
    let changed = match hubspot + salesforce {
        0 => return None,
        1 => "1 field was".to_owned(),
        many => format!("{many} fields were"),
    };
    Some(format!(
        "{changed} changed on both sides: HubSpot won {hubspot}, Salesforce {salesforce}"
    ))
}

/// What was sent in, if anything of it is left to do.
fn inbound(health: &Health) -> Option<String> {
    let planned = |count: u64| format!("{count} sent in and not planned yet");
    let refused = |count: u64| format!("{count} sent in and not taken: see `crosswalk errors`");
    match (health.inbound_not_planned, health.inbound_refused) {
        (0, 0) => None,
        (left, 0) => Some(planned(left)),
        (0, not_taken) => Some(refused(not_taken)),
        (left, not_taken) => Some(format!("{}, {}", planned(left), refused(not_taken))),
    }
}

/// How far an import got, and what goes on with it.
fn unfinished(import: &UnfinishedImport) -> String {
    let since = import.since.as_ref();
    let since = since.map_or_else(String::new, |since| format!(" --since {since}"));
    format!(
        "An import that began {} read {} of {} records: it is still at work, or was stopped. It goes on with: crosswalk import --kind {}{since}",
        moment(&import.started_at),
        import.read,
        import.total,
        import.kinds
    )
}

fn show_last_pass(pass: &LastPass, output: &Output) {
    output.line(last_pass(pass));
    if let Some(failure) = &pass.failure {
        output.line(format!("{}: {}", failure.code, failure.message));
        output.line(format!(" {}", what_next(failure)));
        output.line("");
    }
}

fn last_pass(pass: &LastPass) -> String {
    let started = moment(&pass.started_at);
    match (&pass.ended_at, &pass.failure) {
        (Some(ended), None) => format!("Last pass: {started} to {}", moment(ended)),
        (Some(ended), Some(_)) => format!(
            "Last pass: began {started}, failed {}; what it had recorded stays",
            moment(ended)
        ),
        (None, _) => format!(
            "Last pass: began {started}; it is still at work, or was stopped; the next one carries on"
        ),
    }
}

/// What helps, and whether the next pass goes on by itself.
fn what_next(failure: &PassFailure) -> String {
    let by_itself = match failure.class.as_str() {
        "retry" | "wait" => " The next pass carries on.",
        _ => "",
    };
    format!("{}{by_itself}", failure.what_to_do)
}

fn show_reasons(title: &str, health: &Health, waits: bool, output: &Output) {
    let rows: Vec<Vec<String>> = health
        .by_reason
        .iter()
        .filter(|(action, ..)| (action == "wait") == waits)
        .map(|(action, reason, count)| {
            vec![
                action.clone(),
                reason.clone(),
                count.to_string(),
                explanation(reason).to_owned(),
            ]
        })
        .collect();
    if rows.is_empty() {
        return;
    }
    output.line(format!("\n{}", emphasised(title)));
    output.table(
        &[
            Column::Word("action"),
            Column::Word("reason"),
            Column::Number("how many"),
            Column::Text("meaning"),
        ],
        &rows,
    );
}

/// For whom activities wait, the contacts with most of them first.
fn show_awaited(waiting: &WaitingFor, output: &Output) {
    let rows: Vec<Vec<String>> = waiting.most.iter().map(awaited).collect();
    let Some(since) = &waiting.since else {
        return;
    };
    let contacts = match waiting.contacts {
        1 => "1 contact".to_owned(),
        many => format!("{many} contacts"),
    };
    let heading = format!("For whom: {contacts}, since {}", moment(since));
    output.line(format!("\n{}", emphasised(&heading)));
    output.table(
        &[
            Column::Word("contact"),
            Column::Text("who"),
            Column::Number("how many"),
            Column::Word("since"),
        ],
        &rows,
    );
    let left = waiting.contacts.saturating_sub(rows.len() as u64);
    if left > 0 {
        output.line(dimmed(&format!(" … and {left} more")));
    }
}

fn awaited(contact: &WaitingContact) -> Vec<String> {
    let who: Vec<&str> = contact
        .name
        .iter()
        .chain(&contact.email)
        .map(String::as_str)
        .collect();
    vec![
        contact.contact.clone(),
        who.join(", "),
        contact.activities.to_string(),
        moment(&contact.since),
    ]
}

fn show_counts(title: &str, heads: [&'static str; 2], counts: &[(String, u64)], output: &Output) {
    let rows: Vec<Vec<String>> = counts
        .iter()
        .map(|(name, count)| vec![name.clone(), count.to_string()])
        .collect();
    if rows.is_empty() {
        return;
    }
    output.line(format!("\n{}", emphasised(title)));
    output.table(&[Column::Word(heads[0]), Column::Number(heads[1])], &rows);
}

/// How far each feed was read; where its kinds began is in the answer for programs only.
fn show_feeds(health: &Health, output: &Output) {
    let feeds = health
        .cursors
        .iter()
        .filter(|(feed, _)| !feed.contains('/'));
    let (salesforce, hubspot): (Vec<_>, Vec<_>) =
        feeds.partition(|(feed, _)| is_of_salesforce(feed));
    let rows: Vec<Vec<String>> = hubspot
        .into_iter()
        .map(|(feed, stamp)| vec![feed.clone(), moment(stamp)])
        .collect();
    if !rows.is_empty() {
        output.line(format!("\n{}", emphasised("Read from HubSpot")));
        output.table(&[Column::Word("feed"), Column::Word("up to")], &rows);
    }
    let rows: Vec<Vec<String>> = salesforce
        .into_iter()
        .map(|(feed, stamp)| {
            let name = feed.trim_start_matches(IN_SALESFORCE);
            vec![name.to_owned(), moment(stamp), reconciled(health, name)]
        })
        .collect();
    if !rows.is_empty() {
        output.line(format!("\n{}", emphasised("Read from Salesforce")));
        let columns = [
            Column::Word("feed"),
            Column::Word("up to"),
            Column::Word("reconciled"),
        ];
        let is_reconciled = rows
            .iter()
            .flat_map(|row| row.get(2))
            .any(|at| !at.is_empty());
        output.table(&columns[..if is_reconciled { 3 } else { 2 }], &rows);
    }
    let row =
        |(kind, why): &(String, String)| vec![kind.clone(), "no feed".to_owned(), why.clone()];
    let rows: Vec<Vec<String>> = health.without_feed.iter().map(row).collect();
    if !rows.is_empty() {
        output.line(format!("\n{}", emphasised("On, but not read")));
        output.table(
            &[
                Column::Word("kind"),
                Column::Word("feed"),
                Column::Text("why"),
            ],
            &rows,
        );
    }
}

/// Whether a feed is one of Salesforce's: people, or records.
fn is_of_salesforce(feed: &str) -> bool {
    let mut objects = RecordObject::ALL.iter();
    feed.starts_with(IN_SALESFORCE) || objects.any(|object| object.name() == feed)
}

/// Up to when Salesforce was asked what polling may have missed.
fn reconciled(health: &Health, feed: &str) -> String {
    let name = format!("reconciled/{feed}");
    let mut cursors = health.cursors.iter();
    let found = cursors.find(|(cursor, _)| *cursor == name);
    found.map_or_else(String::new, |(_, stamp)| moment(stamp))
}

/// So the ledger's names begin of what was read from Salesforce.
const IN_SALESFORCE: &str = "salesforce:";

#[cfg(test)]
mod tests {
    use super::*;

    fn health(failed: u64, ended: Option<&str>) -> Health {
        Health {
            by_state: vec![("refused".to_owned(), failed)],
            by_reason: vec![
                ("skip".to_owned(), "deleted".to_owned(), 2),
                ("wait".to_owned(), "contact_not_synced".to_owned(), 3),
            ],
            last_pass: Some(LastPass {
                ended_at: ended.map(str::to_owned),
                ..LastPass::default()
            }),
            ..Health::default()
        }
    }

    #[test]
    fn a_word_says_how_it_is() {
        assert_eq!(Status::of(&Health::default()).state, State::NeverRan);
        let well = health(0, Some(""));
        let well = Status::of(&well);
        assert_eq!((well.state, well.waiting), (State::Well, 3));
        assert_eq!(Status::of(&health(0, None)).headline(), "a pass didn't end");
        assert!(
            Status::of(&health(7, Some("")))
                .headline()
                .starts_with("7 failed")
        );
    }

    #[test]
    fn fields_that_both_sides_changed_are_counted_by_who_won() {
        let won = |counts: &[(&str, u64)]| {
            let counts = counts.iter();
            conflicts(&Health {
                conflicts: counts
                    .map(|(winner, count)| ((*winner).to_owned(), *count))
                    .collect(),
                ..Health::default()
            })
        };
        assert_eq!(won(&[]), None);
        let one = "1 field was changed on both sides: HubSpot won 0, Salesforce 1";
        assert_eq!(won(&[("salesforce", 1)]).as_deref(), Some(one));
        let many = "5 fields were changed on both sides: HubSpot won 2, Salesforce 3";
        let both = [("hubspot", 2), ("salesforce", 3)];
        assert_eq!(won(&both).as_deref(), Some(many));
    }

    #[test]
    fn a_pass_that_failed_is_told_apart_from_one_that_did_not_end() {
        let mut health = health(7, Some(""));
        let failure = PassFailure {
            class: "retry".to_owned(),
            what_to_do: "Check the network.".to_owned(),
            ..PassFailure::default()
        };
        assert!(what_next(&failure).ends_with("The next pass carries on."));
        if let Some(pass) = &mut health.last_pass {
            pass.failure = Some(failure);
            assert!(last_pass(pass).contains("failed"));
        }
        assert_eq!(Status::of(&health).headline(), "the last pass failed");
    }
}
