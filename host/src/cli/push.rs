//! `crosswalk push`: take activities from a file, to be planned in the next pass.

use super::failure::Failure;
use super::not_taken::{self, NotTaken};
use super::output::{Output, dimmed, emphasised};
use super::session::{ledger_file, load};
use super::{Common, Ended};
use crate::clock::{Clock, SystemClock};
use crate::feeds::Feed;
use crate::inbound::{self, About, FileError, Format, Incoming, Refusal, WasRead};
use crate::ledger::{Ledger, LedgerError, Took};
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Options of `crosswalk push`.
#[derive(clap::Args)]
pub(super) struct Arguments {
    /// Activities: one a line (NDJSON), a JSON list, or CSV, with the snapshot's fields as columns or as HubSpot exports it
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    of_export: OfExport,
}

/// What has to be known of an export.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct OfExport {
    /// The zone of a CSV file's times, as Europe/Helsinki: HubSpot's exports have local times without an offset
    #[arg(long, value_name = "ZONE")]
    time_zone: Option<String>,
    /// What an export is of, if its columns don't tell
    #[arg(long, value_name = "TYPE", value_parser = ["tasks", "calls", "emails", "meetings", "notes"])]
    export_of: Option<String>,
}

impl OfExport {
    pub(super) fn about(&self) -> Result<About, Failure> {
        let time_zone = self.time_zone.as_deref().map(|name| {
            TimeZone::get(name.trim()).map_err(|_| {
                Failure::usage("usage", format!("there is no time zone `{name}`"))
                    .hint("Give --time-zone by its name, as Europe/Helsinki or UTC.")
            })
        });
        let is_meant = |feed: &Feed| Some(feed.object()) == self.export_of.as_deref();
        Ok(About {
            time_zone: time_zone.transpose()?,
            export_of: Feed::ALL.into_iter().find(is_meant),
        })
    }
}

pub(super) fn run(
    common: &Common,
    arguments: &Arguments,
    output: &Output,
) -> Result<Ended, Failure> {
    let about = arguments.of_export.about()?;
    // Before a ledger is made for nothing.
    if let Err(error) = std::fs::metadata(&arguments.file) {
        return Err(of_file(&arguments.file, &FileError::Unreadable(error)));
    }
    let ledger = Ledger::open(&ledger_file(common, &load(common)?))?;
    let mut push = Push::new(&ledger, &arguments.file);
    let read = inbound::read_file(&arguments.file, &about, |sent| push.put(sent));
    let read = read.and_then(|read| push.take().map(|()| read));
    let read = read.map_err(|stopped| match stopped {
        Stopped::File(error) => of_file(&arguments.file, &error),
        Stopped::Ledger(error) => error.into(),
    })?;
    output.json(&push.receipt.to_json(&push.source, &read));
    push.receipt.show(&read, output);
    Ok(if push.receipt.refused == 0 {
        Ended::Done
    } else {
        Ended::WithErrorsLeft
    })
}

/// Why reading ended early. What was taken before stays.
enum Stopped {
    File(FileError),
    Ledger(LedgerError),
}

impl From<FileError> for Stopped {
    fn from(error: FileError) -> Self {
        Self::File(error)
    }
}

impl From<LedgerError> for Stopped {
    fn from(error: LedgerError) -> Self {
        Self::Ledger(error)
    }
}

/// Takes what is read, a thousand at once.
struct Push<'l> {
    ledger: &'l Ledger,
    source: String,
    waiting: Vec<Result<Incoming, Refusal>>,
    has_begun: bool,
    receipt: Receipt,
}

/// What became of what was sent in.
#[derive(Default)]
struct Receipt {
    new: u64,
    changed: u64,
    repeated: u64,
    refused: u64,
    /// The first of those refused.
    refusals: Vec<Refusal>,
}

/// So many refusals are told; the ledger has them all.
const MOST_TOLD: usize = 1_000;

impl<'l> Push<'l> {
    fn new(ledger: &'l Ledger, file: &Path) -> Self {
        let name = file.file_name().unwrap_or(file.as_os_str());
        Self {
            ledger,
            source: name.to_string_lossy().into_owned(),
            waiting: Vec::new(),
            has_begun: false,
            receipt: Receipt::default(),
        }
    }

    fn put(&mut self, sent: Result<Incoming, Refusal>) -> Result<(), Stopped> {
        self.waiting.push(sent);
        if self.waiting.len() < inbound::AT_ONCE {
            return Ok(());
        }
        self.take()
    }

    fn take(&mut self) -> Result<(), Stopped> {
        if !self.has_begun {
            // What the file said before it was corrected is of no interest any more.
            self.ledger.forget_refusals(Some(&self.source))?;
            self.has_begun = true;
        }
        let sent = std::mem::take(&mut self.waiting);
        let took = inbound::take(self.ledger, &self.source, &sent, SystemClock.now())?;
        for (sent, took) in sent.into_iter().zip(took) {
            self.receipt.count(took, sent.err());
        }
        Ok(())
    }
}

impl Receipt {
    fn count(&mut self, took: Option<Took>, refusal: Option<Refusal>) {
        *match took {
            Some(Took::New) => &mut self.new,
            Some(Took::Changed) => &mut self.changed,
            Some(Took::Repeated) => &mut self.repeated,
            None => &mut self.refused,
        } += 1;
        if self.refusals.len() < MOST_TOLD {
            self.refusals.extend(refusal);
        }
    }

    fn to_json(&self, source: &str, read: &WasRead) -> Value {
        json!({
            "source": source, "format": read.format, "new": self.new, "changed": self.changed, "repeated": self.repeated,
            "refused": self.refused, "refusals": self.refusals.iter().map(refusal_json).collect::<Vec<_>>(), "unknown": read.unknown
        })
    }

    fn show(&self, read: &WasRead, output: &Output) {
        show_refusals(&self.refusals, output);
        let left = self.refused - self.refusals.len() as u64;
        if left > 0 {
            output.line(dimmed(&format!(" … and {left} more: crosswalk errors")));
        }
        let counts = format!(
            "{} new, {} changed, {} known already, {} refused",
            self.new, self.changed, self.repeated, self.refused
        );
        output.line(emphasised(&counts));
        note_unknown(read, output);
        if self.new + self.changed > 0 {
            output.line(dimmed(
                "The next pass plans them: crosswalk preview, crosswalk sync",
            ));
        }
    }
}

/// Names and columns that mean nothing.
pub(super) fn note_unknown(read: &WasRead, output: &Output) {
    if output.is_json() || read.unknown.is_empty() {
        return;
    }
    let names: Vec<&str> = read.unknown.iter().map(String::as_str).collect();
    let what = match read.format {
        Format::Ndjson | Format::Json => "fields",
        Format::Csv | Format::HubspotExport => "columns",
    };
    output.note(format!("Not read, unknown {what}: {}", names.join(", ")));
}

/// Why some weren't taken, each with its place.
pub(super) fn show_refusals(refusals: &[Refusal], output: &Output) {
    if refusals.is_empty() {
        return;
    }
    not_taken::show(refusals.iter().map(not_taken), output);
}

fn not_taken(refusal: &Refusal) -> NotTaken<'_> {
    NotTaken {
        line: refusal.line,
        activity: refusal.activity.as_deref(),
        path: refusal.whole_path(),
        message: &refusal.message,
        hint: &refusal.hint,
    }
}

/// A refusal for a program.
pub(super) fn refusal_json(refusal: &Refusal) -> Value {
    json!({
        "line": refusal.line, "path": refusal.whole_path(), "activity": refusal.activity, "code": refusal.code,
        "message": refusal.message, "hint": refusal.hint
    })
}

/// Nothing of a file can be taken.
pub(super) fn of_file(file: &Path, error: &FileError) -> Failure {
    let name = file.display();
    let failure =
        |code: &str, hint: &str| Failure::usage(code, format!("{name}: {error}")).hint(hint);
    match error {
        FileError::Unreadable(_) => failure(
            "file_unreadable",
            "Check the name of the file and its permissions.",
        ),
        FileError::Piped => failure("file_unreadable", "Send one activity a line instead."),
        FileError::NotJson(error) => {
            let (line, message) = (error.line(), error.to_string());
            let message = message.split(" at line ").next().unwrap_or_default();
            Failure::usage("not_json", format!("{name}:{line}: {message}")).hint(
                "Nothing of it was taken. One activity a line (.ndjson) lets the others through.",
            )
        }
        FileError::TimeZoneMissing => failure(
            "time_zone_missing",
            "HubSpot exports local times: give the zone of the user who exported it, as --time-zone Europe/Helsinki.",
        ),
        FileError::TypeUnknown(_) => failure(
            "csv_columns",
            "Say what it is by --export-of; or give the columns kind, id, occurred_at. Both: docs/command-line.md.",
        ),
        FileError::ColumnMissing(_) => failure("csv_columns", "Export it again with this column."),
    }
}
