//! The simulator: a page of static files, in web/apps/simulator/dist/.

use crate::{packages, process, workspace};
use anyhow::{Context, Result};
use std::process::Command;

const APP: &str = "web/apps/simulator";
/// What tests the page as it was built.
pub(crate) const TESTS: &str = "web/apps/simulator/test";

/// Builds the page around the npm package of the rules, which is there already.
pub(crate) fn build() -> Result<()> {
    packages::bring("web")?;
    let app = workspace::root().join(APP);
    process::run(
        Command::new("npm")
            .args(["run", "--silent", "build"])
            .current_dir(&app),
    )
    .context("the simulator can't be built")?;
    println!("simulator: {APP}/dist");
    Ok(())
}
