//! The npm packages that tests and the package of the rules are built with.

use crate::{process, sources, workspace};
use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use std::fs;
use std::process::Command;

/// Brings the packages of a folder as its lock file names them, unless these very ones are there.
pub(crate) fn bring(folder: &str) -> Result<()> {
    let folder = workspace::root().join(folder);
    let lock = folder.join("package-lock.json");
    let lock = fs::read(&lock).with_context(|| format!("can't read {}", lock.display()))?;
    let lock = sources::hex(&Sha256::digest(&lock));
    // Inside the folder that `npm ci` removes first, so that it never speaks of other packages.
    let marker = folder.join("node_modules/.lock-sha256");
    if fs::read_to_string(&marker).is_ok_and(|brought| brought == lock) {
        return Ok(());
    }
    println!("npm packages: fetching those of {}", folder.display());
    process::run(
        Command::new("npm")
            .args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"])
            .current_dir(&folder),
    )
    .context("what is in JavaScript needs Node 20 or later with npm, and a network once")?;
    fs::write(&marker, lock).with_context(|| format!("can't write {}", marker.display()))
}
