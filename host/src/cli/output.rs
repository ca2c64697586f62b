//! What a person or a program gets to see: results on stdout, everything else on stderr.

use super::Failure;
use crate::sync::{Report, Watcher};
use comfy_table::{ContentArrangement, Table, presets};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
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

    /// A table for a person; nothing with `--json`.
    pub(super) fn table(&self, header: &[&str], rows: Vec<Vec<String>>) {
        if self.json {
            return;
        }
        let mut table = Table::new();
        table
            .load_style(presets::NOTHING)
            .set_content_arrangement(ContentArrangement::Dynamic);
        if !std::io::stdout().is_terminal() {
            table.set_width(120);
        }
        table.set_header(header.iter().map(|cell| emphasised(cell)));
        for row in rows {
            table.add_row(row);
        }
        let text: Vec<String> = table
            .lines()
            .map(|line| format!(" {}", line.trim_end()))
            .collect();
        print(&(text.join("\n") + "\n"));
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

    /// Says why a command failed.
    pub(super) fn fail(&self, failure: &Failure) -> ExitCode {
        if self.json {
            eprintln!("{}", serde_json::json!({"error": failure.message}));
        } else {
            eprintln!("error: {}", failure.message);
        }
        ExitCode::from(failure.code)
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
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}  {elapsed}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(120));
        Progress { bar }
    }
}

/// What the rules did, kind by kind, and why.
pub(super) fn report(output: &Output, report: &Report) {
    let kinds = report.by_kind.iter().map(|(kind, actions)| {
        let count = |action: &str| {
            actions
                .get(action)
                .map_or_else(|| "·".to_owned(), u64::to_string)
        };
        vec![
            kind.clone(),
            count("create"),
            count("update"),
            count("delete"),
            count("unchanged"),
            count("wait"),
            count("skip"),
        ]
    });
    output.table(
        &[
            "kind",
            "create",
            "update",
            "delete",
            "unchanged",
            "wait",
            "skip",
        ],
        kinds.collect(),
    );
    output.line("");
    output.table(&["reason", "activities", ""], reasons(&report.by_reason));
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
        "new" => "everything passed, and there is no Task yet",
        "changed" => "differs from what was synced last",
        "same" => "nothing differs from what was synced last",
        "salesforce_is_newer" => "changed in Salesforce later",
        "task_deleted" => "its Task was deleted in Salesforce",
        "write_unsettled" => "whether its Task was made isn't known yet",
        "deleted_in_hubspot" => "deleted in HubSpot, and the Task with it",
        "kept_after_delete" => "deleted in HubSpot; the Task stays",
        "changed_after_delete" => "deleted in HubSpot; the Task was changed, and stays",
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
        "planner_failed" => "the rules failed on it; please report this",
        _ => "",
    }
}

/// Emphasised on a terminal, plain elsewhere.
pub(super) fn emphasised(text: &str) -> String {
    if std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none() {
        let style = anstyle::Style::new().bold();
        format!("{style}{text}{style:#}")
    } else {
        text.to_owned()
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

impl Watcher for Progress {
    fn progress(&self, what: &str, done: u64) {
        self.bar.set_message(format!("{done} {what}"));
    }
    fn decision(&self, _: &str) {}
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
