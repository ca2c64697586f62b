//! The npm package of the rules: the module with its JavaScript and its types, in web/packages/rules/dist/.

use crate::{packages, process, workspace};
use anyhow::{Context, Result};
use std::process::Command;

/// The workspace of the npm packages, with one lock file for all.
pub(crate) const WORKSPACE: &str = "web";
/// What is published.
pub(crate) const PACKAGE: &str = "web/packages/rules";
/// What tests the package as it was built.
pub(crate) const TESTS: &str = "web/packages/rules/test";

/// Builds the package around the module, which is there already.
pub(crate) fn build() -> Result<()> {
    packages::bring(WORKSPACE)?;
    let package = workspace::root().join(PACKAGE);
    process::run(Command::new("node").arg("build.mjs").current_dir(&package))
        .context("the npm package can't be built")?;
    println!("npm package: {PACKAGE}/dist");
    Ok(())
}
