//! `crosswalk preview`: what would sync now, and why. Writes nothing.

mod live;
mod offline;
mod sent_in;
mod shown;

use super::failure::Failure;
use super::output::Output;
use super::push::OfExport;
use super::{Common, Ended};
pub(super) use live::is_of_record;
use offline::Beside;
use sent_in::SentIn;
pub(super) use shown::{ACTIVITY_COLUMNS, RECORD_COLUMNS, activity_row, record_row};
use std::io::Read;
use std::path::{Path, PathBuf};

/// Options of `crosswalk preview`.
#[derive(clap::Args)]
pub(super) struct Arguments {
    /// Plan this snapshot instead of the live systems; `-` is stdin
    #[arg(long, value_name = "FILE")]
    snapshot: Option<PathBuf>,
    /// Plan the activities of this file instead: HubSpot's export, or CSV with the snapshot's fields as columns. With --snapshot, all else
    /// is as there
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
    #[command(flatten)]
    of_export: OfExport,
    /// How many decisions to show; 0 is none
    #[arg(long, value_name = "N", default_value_t = 20)]
    show: usize,
}

pub(super) async fn run(
    common: &Common,
    arguments: &Arguments,
    output: &Output,
) -> Result<Ended, Failure> {
    let show = arguments.show;
    match (&arguments.csv, &arguments.snapshot) {
        (Some(csv), snapshot) => {
            let about = arguments.of_export.about()?;
            let sent = SentIn::read(csv, &about, snapshot.as_deref())?;
            sent.preview(common, csv, show, output)
        }
        (None, Some(file)) => {
            let snapshot = read(file)?;
            offline::preview(common, file, &snapshot, show, output, &Beside::default())
        }
        (None, None) => live::preview(common, show, output).await,
    }
}

fn read(file: &Path) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let read = if file == Path::new("-") {
        std::io::stdin().lock().read_to_end(&mut bytes).map(drop)
    } else {
        std::fs::read(file).map(|read| bytes = read)
    };
    read.map_err(|error| {
        let message = format!("{}: can't be read: {error}", file.display());
        Failure::usage("file_unreadable", message)
            .hint("--snapshot names a file that `crosswalk snapshot` wrote, or `-` for stdin.")
    })?;
    Ok(bytes)
}
