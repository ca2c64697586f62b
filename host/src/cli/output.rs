//! What a person or a program gets to see: results on stdout, everything else on stderr.

use super::failure::Failure;
use super::table::{self, Column};
use crate::sync::{Report, Step, Watcher};
use anstyle::{AnsiColor, Style};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use jiff::Timestamp;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Display;
use std::io::{IsTerminal, Write};
use std::process::ExitCode;
use std::time::Duration;

/// Where words go.
pub(super) struct Output {
    json: bool,
    quiet: bool,
}

impl Output {
    pub(super) const fn new(json: bool, quiet: bool) -> Self {
        Self { json, quiet }
    }

    pub(super) const fn is_json(&self) -> bool {
        self.json
    }

    /// A line for a person; nothing with `--json`.
    pub(super) fn line(&self, text: impl Display) {
        if !self.json {
            print(&format!("{text}\n"));
        }
    }

    /// A table for a person; nothing with `--json`, or without rows.
    pub(super) fn table(&self, columns: &[Column], rows: &[Vec<String>]) {
        if !self.json && !rows.is_empty() {
            print(&table::rendered(columns, rows));
        }
    }

    /// A paragraph for a person, wrapped between words; nothing with `--json`.
    pub(super) fn paragraph(&self, text: &str) {
        self.table(&[Column::Text("")], &[vec![text.to_owned()]]);
    }

    /// The answer for a program; nothing without `--json`.
    pub(super) fn json(&self, value: &impl Serialize) {
        if self.json {
            self.document(value);
        }
    }

    /// What is JSON in any case.
    pub(super) fn document(&self, value: &impl Serialize) {
        print(&(serde_json::to_string(value).unwrap_or_default() + "\n"));
    }

    /// A note on stderr.
    pub(super) fn note(&self, text: impl Display) {
        if !self.quiet {
            eprintln!("{text}");
        }
    }

    /// What should be known although it stopped nothing, on stderr; with `--json` it is in the answer.
    pub(super) fn warnings(&self, report: &Report) {
        if self.json {
            return;
        }
        let style = if is_coloured(&std::io::stderr()) {
            AnsiColor::Yellow.on_default()
        } else {
            Style::new()
        };
        for warning in &report.warnings {
            self.note(format!("{style}warning:{style:#} {warning}"));
        }
        for warning in &report.plan_warnings {
            let path = warning
                .path
                .as_ref()
                .map_or_else(String::new, |path| format!(" `{path}`"));
            let code = &warning.code;
            let message = &warning.message;
            self.note(format!("{style}warning:{style:#} {code}{path}: {message}"));
        }
    }

    /// Says why a command failed.
    pub(super) fn fail(&self, failure: &Failure) -> ExitCode {
        if self.json {
            eprintln!("{}", failure.to_json());
        } else {
            let style = if is_coloured(&std::io::stderr()) {
                AnsiColor::Red.on_default().bold()
            } else {
                Style::new()
            };
            eprintln!("{style}error:{style:#} {failure}");
        }
        ExitCode::from(failure.exit)
    }

    /// Progress of long work, on a terminal.
    pub(super) fn progress(&self) -> Progress {
        let is_shown = !self.quiet && !self.json && std::io::stderr().is_terminal();
        let bar = ProgressBar::with_draw_target(
            None,
            if is_shown {
                ProgressDrawTarget::stderr()
            } else {
                ProgressDrawTarget::hidden()
            },
        );
        let template = if is_coloured(&std::io::stderr()) {
            "{spinner:.cyan} {msg}  {elapsed:.dim}"
        } else {
            "{spinner} {msg}  {elapsed}"
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(120));
        Progress { bar }
    }
}

/// What the rules did, kind by kind, and why.
pub(super) fn report(output: &Output, report: &Report) {
    let goes_both_ways = report.activities > 0 && report.to_hubspot.records > 0;
    if goes_both_ways {
        output.line(emphasised("HubSpot to Salesforce"));
    }
    to_salesforce(output, report);
    if goes_both_ways {
        output.line("");
        output.line(emphasised("Salesforce to HubSpot"));
    }
    to_hubspot(output, report);
}

/// What was decided about HubSpot's activities.
pub(super) fn to_salesforce(output: &Output, report: &Report) {
    if report.activities > 0 {
        let heads = ["kind", "activities"];
        decided(output, heads, &report.by_kind, &report.by_reason);
    }
}

/// What was decided about Salesforce's records.
pub(super) fn to_hubspot(output: &Output, report: &Report) {
    let to_hubspot = &report.to_hubspot;
    if to_hubspot.records > 0 {
        let (by_object, by_reason) = (&to_hubspot.by_object, &to_hubspot.by_reason);
        decided(output, ["becomes", "records"], by_object, by_reason);
    }
}

/// What was decided one way: by kind and action, then by reason.
fn decided(
    output: &Output,
    [kind, counted]: [&'static str; 2],
    by_kind: &BTreeMap<String, BTreeMap<String, u64>>,
    by_reason: &BTreeMap<String, u64>,
) {
    const ACTIONS: [&str; 6] = ["create", "update", "delete", "unchanged", "wait", "skip"];
    let kinds: Vec<Vec<String>> = by_kind
        .iter()
        .map(|(kind, actions)| {
            // What isn't written is of none.
            let kind = if kind == "?" { "·" } else { kind };
            let counts = ACTIONS.iter().map(|action| match actions.get(*action) {
                Some(count) => count.to_string(),
                None => "·".to_owned(),
            });
            std::iter::once(kind.to_owned()).chain(counts).collect()
        })
        .collect();
    let columns: Vec<Column> = std::iter::once(Column::Word(kind))
        .chain(ACTIONS.map(Column::Number))
        .collect();
    output.table(&columns, &kinds);
    output.line("");
    output.table(
        &[
            Column::Word("reason"),
            Column::Number(counted),
            Column::Text("meaning"),
        ],
        &reasons(by_reason),
    );
}

fn reasons(by_reason: &BTreeMap<String, u64>) -> Vec<Vec<String>> {
    let mut reasons: Vec<_> = by_reason.iter().collect();
    reasons.sort_by(|left, right| right.1.cmp(left.1).then_with(|| left.0.cmp(right.0)));
    reasons
        .into_iter()
        .map(|(reason, count)| {
            vec![
                reason.clone(),
                count.to_string(),
                explanation(reason).to_owned(),
            ]
        })
        .collect()
}

/// What a reason means, in a few words.
pub(super) fn explanation(reason: &str) -> &'static str {
    match reason {
        "new" => "everything passed, and it isn't there yet",
        "changed" => "differs from what was synced last",
        "same" => "nothing differs from what was synced last",
        "salesforce_is_newer" => "changed in Salesforce later",
        "task_deleted" => "its Task was deleted in Salesforce",
        "write_unsettled" => "whether it was made isn't known yet",
        "deleted_in_hubspot" => "deleted in HubSpot, and the Task with it",
        "kept_after_delete" => "deleted on one side; the other stays",
        "changed_after_delete" => "deleted on one side; the other was changed, and stays",
        "event_not_written" => "it is an Event in Salesforce",
        "kind_disabled" => "this kind is off",
        "deleted" => "deleted before it was synced",
        "came_from_salesforce" => "it came from Salesforce",
        "before_window" => "happened before the kind's window",
        "no_contact" => "it has no contact",
        "contact_not_synced" => "its contact isn't in Salesforce yet",
        "before_contact_sync" => "its contact began to sync later",
        "no_syncing_contact" => "none of its contacts syncs",
        "newer_contact_pending" => "a newer contact may still sync",
        "invalid_record" => "the record can't be read",
        "duplicate_record" => "another record has its name",
        "echo" => "says what was synced last",
        "hubspot_is_newer" => "changed in HubSpot later",
        "deleted_in_salesforce" => "deleted in Salesforce, and the activity with it",
        "activity_deleted" => "its activity was deleted in HubSpot",
        "came_from_hubspot" => "it came from HubSpot",
        "contact_not_in_hubspot" => "its contact isn't in HubSpot yet",
        "child_event" => "an invitee's copy of an Event",
        "not_writable" => "such an activity of HubSpot's isn't written",
        "planner_failed" => "the rules failed on it; please report this",
        _ => "",
    }
}

/// Whether colours are wanted there.
pub(super) fn is_coloured(stream: &impl IsTerminal) -> bool {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    stream.is_terminal() && !is_set("NO_COLOR")
}

fn styled(text: &str, style: Style) -> String {
    if is_coloured(&std::io::stdout()) {
        format!("{style}{text}{style:#}")
    } else {
        text.to_owned()
    }
}

/// Emphasised on a terminal, plain elsewhere.
pub(super) fn emphasised(text: &str) -> String {
    styled(text, Style::new().bold())
}

/// Not in the way on a terminal, plain elsewhere.
pub(super) fn dimmed(text: &str) -> String {
    styled(text, Style::new().dimmed())
}

/// In a word's own colour, emphasised.
pub(super) fn coloured(text: &str, word: &str) -> String {
    let style = match table::tone(word) {
        Some(table::Tone::Good) => AnsiColor::Green.on_default(),
        Some(table::Tone::Waiting) => AnsiColor::Yellow.on_default(),
        Some(table::Tone::Bad) => AnsiColor::Red.on_default(),
        Some(table::Tone::Quiet) | None => Style::new(),
    };
    styled(text, style.bold())
}

/// A time of the ledger in its short form.
pub(super) fn moment(text: &str) -> String {
    match text.parse::<Timestamp>() {
        Ok(moment) => moment.strftime("%Y-%m-%d %H:%M:%S UTC").to_string(),
        Err(_) => text.to_owned(),
    }
}

/// A pipe that was closed, as by `head`, is no error.
fn print(text: &str) {
    let mut stdout = std::io::stdout().lock();
    if stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush())
        .is_err()
    {
        std::process::exit(0);
    }
}

/// A progress line that goes away when the work is done.
pub(super) struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// The line goes away.
    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl Watcher for Progress {
    fn progress(&self, step: Step) {
        self.bar.set_message(told(step));
    }
    fn decision(&self, _: &str) {}
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

fn told(step: Step) -> String {
    match step {
        Step::Asking => "asking both systems for owners, users and picklists".to_owned(),
        Step::Reading {
            system,
            source,
            planned,
        } => format!("reading {source} from {system} · {planned} planned"),
        Step::Inbound { planned } => format!("looking at what was sent in · {planned} planned"),
        Step::Waiting { planned } => format!("looking again at what waits · {planned} planned"),
        Step::Importing {
            object,
            read,
            total,
        } => format!("importing {object}s · {read} of {total} read"),
        Step::Writing {
            system,
            written,
            left,
        } => format!("writing to {system} · {written} written, {left} left"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_short() {
        let short = "2026-11-25 14:51:29 UTC";
        assert_eq!(moment("2026-11-25T14:51:29.123456789Z"), short);
        assert_eq!(moment("2026-11-25T16:51:29+02:00"), short);
        assert_eq!(moment("yesterday"), "yesterday");
    }
}
