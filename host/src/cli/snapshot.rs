//! `crosswalk snapshot`: the snapshot that `preview` and the simulator take, from the live systems.

use super::failure::Failure;
use super::output::Output;
use super::session::Session;
use super::{Common, Ended};
use std::path::{Path, PathBuf};

/// Options of `crosswalk snapshot`.
#[derive(clap::Args)]
pub(super) struct Arguments {
    /// Where to write it [default: stdout]
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(super) async fn run(
    common: &Common,
    arguments: &Arguments,
    output: &Output,
) -> Result<Ended, Failure> {
    let session = Session::open(common)?;
    let snapshot = session.engine().snapshot().await?;
    match &arguments.output {
        Some(file) => {
            let json = serde_json::to_vec(&snapshot).map_err(Failure::internal)?;
            std::fs::write(file, json).map_err(|error| unwritable(file, &error))?;
            let records = snapshot.record_count();
            let records = records.map_or_else(String::new, |count| format!(" and {count} records"));
            let (activities, file) = (snapshot.activity_count(), file.display());
            output.note(format!(
                "{activities} activities{records} written to {file}"
            ));
        }
        None => output.document(&snapshot),
    }
    Ok(Ended::Done)
}

fn unwritable(file: &Path, error: &std::io::Error) -> Failure {
    let message = format!("{} can't be written: {error}", file.display());
    Failure::failed("file_unwritable", message)
        .hint("Check that the folder exists and that the disk isn't full.")
}
