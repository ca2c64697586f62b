//! The simulator: a page of static files, in web/apps/simulator/dist/.

use crate::{npm_package, packages, process, workspace};
use anyhow::{Context, Result};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const APP: &str = "web/apps/simulator";
/// Where the host's build takes it from.
const EMBEDDED: &str = "target/rules/simulator";
/// What tests the page as it was built.
pub(crate) const TESTS: &str = "web/apps/simulator/test";

/// What measures it.
pub(crate) const BENCH: &str = "web/apps/simulator/bench/bench.mjs";

/// Builds the page around the npm package of the rules, which is there already.
pub(crate) fn build() -> Result<()> {
    packages::bring(npm_package::WORKSPACE)?;
    let app = workspace::root().join(APP);
    process::run(
        Command::new("npm")
            .args(["run", "--silent", "build"])
            .current_dir(&app),
    )
    .context("the simulator can't be built")?;
    embed(&app.join("dist"), &workspace::root().join(EMBEDDED))?;
    println!("simulator: {APP}/dist");
    Ok(())
}

/// Puts a copy where the host's build looks for it; one that is the same stays, so that nothing is built anew.
fn embed(from: &Path, to: &Path) -> Result<()> {
    let built = files(from)?;
    if files(to).is_ok_and(|there| there == built) {
        return Ok(());
    }
    if to.exists() {
        fs::remove_dir_all(to).with_context(|| format!("can't remove {}", to.display()))?;
    }
    for (name, bytes) in built {
        let path = to.join(name);
        fs::create_dir_all(path.parent().unwrap_or(to))?;
        fs::write(&path, bytes).with_context(|| format!("can't write {}", path.display()))?;
    }
    Ok(())
}

/// All files of a folder, by their path in it.
fn files(folder: &Path) -> Result<BTreeMap<PathBuf, Vec<u8>>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in
            fs::read_dir(&next).with_context(|| format!("can't read {}", next.display()))?
        {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder)?.to_path_buf();
                found.insert(name, fs::read(&path)?);
            }
        }
    }
    Ok(found)
}
