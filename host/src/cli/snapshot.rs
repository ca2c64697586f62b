//! `crosswalk snapshot`: the snapshot that `preview` and the simulator take, from the live systems.

use super::output::Output;
use super::session::{Session, pass_failure};
use super::{Common, Ended, Failure};
use std::path::PathBuf;

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
    let snapshot = session.engine().snapshot().await.map_err(pass_failure)?;
    match &arguments.output {
        Some(file) => {
            let json = serde_json::to_vec(&snapshot).map_err(Failure::failed)?;
            std::fs::write(file, json)
                .map_err(|error| Failure::failed(format!("{}: {error}", file.display())))?;
            let count = snapshot.activity_count();
            output.note(format!("{count} activities written to {}", file.display()));
        }
        None => output.document(&snapshot),
    }
    Ok(Ended::Done)
}
