//! `crosswalk import`: Salesforce's records that are already there become HubSpot's activities.

use super::failure::Failure;
use super::output::{self, Output, dimmed, emphasised};
use super::session::{self, Planner, Session};
use super::sync::{kept_as_pass, show_left};
use super::table::Column;
use super::{Common, Ended};
use crate::hubspot::Bursts;
use crate::ledger::ImportScope;
use crate::salesforce::RecordObject;
use crate::sync::{Import, Mode, Report, ToHubSpot};
use crosswalk_core::RecordKind;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Options of `crosswalk import`.
#[derive(clap::Args)]
pub(super) struct Arguments {
    /// Only records created on this day or later, as 2026-01-31, in the settings' time zone; or at this moment, as 2026-01-31T08:00:00Z
    /// [default: all]
    #[arg(long, value_name = "DATE")]
    since: Option<String>,
    /// Only these kinds, as task,call [default: all whose sync to HubSpot is on]
    #[arg(long, value_name = "KIND", value_delimiter = ',')]
    kind: Vec<String>,
    /// Plan it and say what would be done; write nothing
    #[arg(long)]
    dry_run: bool,
}

pub(super) async fn run(
    common: &Common,
    arguments: &Arguments,
    output: &Output,
) -> Result<Ended, Failure> {
    let config = session::load(common)?;
    let (file, settings) = session::settings(common, &config)?;
    let checked = Planner::checked(file.as_deref(), &settings)?;
    let kinds = kinds(&checked, &arguments.kind)?;
    let since = arguments.since.as_deref();
    let since = since.map(|since| moment(&checked, since)).transpose()?;
    let import = Import {
        objects: objects(&kinds),
        scope: ImportScope {
            since,
            kinds: names(&kinds).join(","),
        },
    };
    let settings = only(&settings, &kinds)?;
    let planner = Planner::with_settings(common, file.as_deref(), &settings)?;
    let session = Session::with(common, config, planner)?;
    let estimate = foretell(&session, &import, output).await?;
    let mode = if arguments.dry_run {
        Mode::Preview
    } else {
        Mode::CarryOut
    };
    let engine = session.engine();
    let report = if arguments.dry_run {
        let progress = output.progress();
        engine.import(&import, &mode, &progress).await?
    } else {
        kept_as_pass(&session, output, async |progress| {
            engine.import(&import, &mode, progress).await
        })
        .await?
    };
    output.json(&json!({"estimate": estimate, "report": report}));
    output.warnings(&report);
    if arguments.dry_run {
        show_dry_run(&report, output);
    } else {
        show(&report, output);
    }
    Ok(if arguments.dry_run || report.is_clean() {
        Ended::Done
    } else {
        Ended::WithErrorsLeft
    })
}

fn show(report: &Report, output: &Output) {
    show_planned(report, output);
    let ToHubSpot {
        created,
        updated,
        deleted,
        ..
    } = report.to_hubspot;
    output.line(emphasised(&format!(
        "{created} created, {updated} updated, {deleted} deleted in HubSpot"
    )));
    show_left(report, output);
}

fn show_dry_run(report: &Report, output: &Output) {
    show_planned(report, output);
    output.line(emphasised("nothing was written"));
    output.line(dimmed(&format!("rules {}", report.module)));
}

fn show_planned(report: &Report, output: &Output) {
    if report.to_hubspot.records == 0 {
        output.line("There is nothing to import.");
    }
    output::to_hubspot(output, report);
    output.line("");
}

/// The kinds that are to be imported: those asked for, which must be on; else all that are on.
fn kinds(
    settings: &crosswalk_core::Rules,
    asked: &[String],
) -> Result<BTreeSet<RecordKind>, Failure> {
    let is_on = |kind: RecordKind| settings.record_window_start(kind).is_some();
    let mut kinds = BTreeSet::new();
    for name in asked {
        let kind = RecordKind::from_name(name.trim()).ok_or_else(|| {
            Failure::usage("usage", format!("`{name}` is no kind of record"))
                .hint(format!("Kinds are {}.", names(RecordKind::ALL).join(", ")))
        })?;
        if !is_on(kind) {
            return Err(off(&format!("`to_hubspot.{kind}` is off"), "it", kind));
        }
        kinds.insert(kind);
    }
    if asked.is_empty() {
        kinds.extend(RecordKind::ALL.iter().copied().filter(|kind| is_on(*kind)));
    }
    if kinds.is_empty() {
        let what = "no kind of record syncs to HubSpot";
        return Err(off(what, "one", RecordKind::Task));
    }
    Ok(kinds)
}

fn off(what: &str, which: &str, kind: RecordKind) -> Failure {
    Failure::usage("kind_disabled", what).hint(format!(
        "Turn {which} on in the settings, as `[sync.to_hubspot.{kind}]` `enabled = true`: what is imported is kept in step afterwards."
    ))
}

fn names<'k>(kinds: impl IntoIterator<Item = &'k RecordKind>) -> Vec<&'static str> {
    kinds.into_iter().map(|kind| kind.name()).collect()
}

/// The objects in which such records are (S2): only an Event is sure to be a meeting, and a Task may be any kind.
fn objects(kinds: &BTreeSet<RecordKind>) -> Vec<RecordObject> {
    let mut objects = vec![RecordObject::Task];
    if kinds.contains(&RecordKind::Meeting) {
        objects.push(RecordObject::Event);
    }
    objects
}

/// The settings, with only these kinds on.
fn only(settings: &[u8], kinds: &BTreeSet<RecordKind>) -> Result<Vec<u8>, Failure> {
    let mut settings: Value = serde_json::from_slice(settings).map_err(Failure::internal)?;
    for kind in RecordKind::ALL {
        if !kinds.contains(kind)
            && let Some(toggle) = settings.pointer_mut(&format!("/to_hubspot/{kind}"))
        {
            toggle["enabled"] = false.into();
        }
    }
    Ok(settings.to_string().into_bytes())
}

/// A day's beginning, or a moment.
fn moment(settings: &crosswalk_core::Rules, text: &str) -> Result<Timestamp, Failure> {
    let wrong = || {
        Failure::usage("usage", format!("`{text}` is neither a day nor a moment"))
            .hint("Write --since as 2026-01-31, or as 2026-01-31T08:00:00Z.")
    };
    if let Ok(moment) = text.parse() {
        return Ok(moment);
    }
    let day: Date = text.parse().map_err(|_| wrong())?;
    let time_zone = settings.settings().time_zone.trim();
    let time_zone = TimeZone::get(time_zone).map_err(Failure::internal)?;
    let begins = day.to_zoned_datetime(time_zone).map_err(|_| wrong())?;
    Ok(begins.timestamp())
}

/// Records of one call.
const TO_HUBSPOT: u64 = 100;
const FROM_BULK: u64 = 500;
const PEOPLE: u64 = 500;
/// Users, picklists, counts, a job and its state.
const OF_ITS_OWN: u64 = 10;

/// What an import takes at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
struct Estimate {
    records: u64,
    hubspot_calls: u64,
    salesforce_calls: u64,
    seconds: u64,
}

/// Each record may be another person's, whom HubSpot is asked for, and is then written.
fn estimate(records: u64, bursts: Bursts) -> Estimate {
    let batches = records.div_ceil(TO_HUBSPOT);
    let calls_per_ten_seconds = bursts.calls_per_ten_seconds.get() as u64;
    let searches_per_second = bursts.searches_per_second.get() as u64;
    Estimate {
        records,
        hubspot_calls: 3 * batches,
        salesforce_calls: records.div_ceil(FROM_BULK) + records.div_ceil(PEOPLE) + OF_ITS_OWN,
        seconds: (2 * batches * 10).div_ceil(calls_per_ten_seconds)
            + batches.div_ceil(searches_per_second),
    }
}

/// What lies ahead, before it begins.
async fn foretell(
    session: &Session,
    import: &Import,
    output: &Output,
) -> Result<Estimate, Failure> {
    let counts = session.engine().count_to_import(import).await?;
    let estimate = estimate(counts.iter().map(|(_, count)| count).sum(), session.bursts);
    let rows: Vec<Vec<String>> = counts
        .iter()
        .map(|(object, count)| vec![format!("{}s", object.name()), count.to_string()])
        .collect();
    let columns = [Column::Word("in Salesforce"), Column::Number("records")];
    output.table(&columns, &rows);
    output.line(dimmed(&format!(
        "{}: at most {} calls to HubSpot and {} to Salesforce, about {} at HubSpot's limits\n",
        import.scope.kinds.replace(',', ", "),
        estimate.hubspot_calls,
        estimate.salesforce_calls,
        lasts(estimate.seconds)
    )));
    Ok(estimate)
}

fn lasts(seconds: u64) -> String {
    match seconds {
        0..=90 => format!("{seconds} s"),
        91..=5400 => format!("{} min", seconds.div_ceil(60)),
        _ => format!("{:.1} h", seconds as f64 / 3600.0),
    }
}
