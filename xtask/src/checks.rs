//! What is checked besides the tests: form, lints, licences, advisories.

use crate::report::Report;
use crate::{licences, process, wasm_target};
use anyhow::{Result, bail};
use std::process::Command;

/// Checks the code's form, and that the schemas in docs/ are those of the types.
pub(crate) fn form(report: &mut Report) {
    report.begin("formatting");
    let fmt = process::run(process::cargo().args(["fmt", "--all", "--check"]));
    report.checked(
        "formatting",
        fmt.map_err(|error| error.context("run `cargo fmt --all`")),
    );
    report.begin("schemas");
    let schemas = process::run(process::cargo().args([
        "run",
        "--quiet",
        "--package=crosswalk-core",
        "--features=schema",
        "--example=schema",
        "--",
        "--check",
    ]));
    report.checked("schemas", schemas);
}

/// Lints all code for this machine, and the module's for its own target where clippy is there for it.
pub(crate) fn lints(report: &mut Report) {
    report.begin("clippy");
    let clippy = process::run(process::cargo().args([
        "clippy",
        "--workspace",
        "--all-targets",
        "--all-features",
        "--",
        "--deny=warnings",
    ]));
    report.checked("clippy", clippy);
    let part = "clippy, the module for its own target";
    match wasm_target::is_installed() {
        Ok(true) => {
            report.begin(part);
            let clippy = process::run(process::cargo().args([
                "clippy",
                "--package=crosswalk-wasm",
                "--target",
                wasm_target::TARGET,
                "--",
                "--deny=warnings",
            ]));
            report.checked(part, clippy);
        }
        Ok(false) => report.skipped(
            part,
            "this Rust has no library for it, and Debian's compiler no clippy; its code is linted for this machine instead",
        ),
        Err(error) => report.checked(part, Err(error)),
    }
}

/// Checks licences and advisories of all dependencies.
pub(crate) fn dependencies(report: &mut Report) {
    let part = "licences";
    report.begin(part);
    report.checked(
        part,
        licences::check()
            .map(|number| println!("the licences of {number} packages fit Apache-2.0")),
    );
    let part = "advisories";
    report.begin(part);
    match advisories() {
        Ok(Advisories::None) => report.checked(part, Ok(())),
        Ok(Advisories::Unknown(why)) => report.skipped(part, why),
        Err(error) => report.checked(part, Err(error)),
    }
}

enum Advisories {
    None,
    /// Why nobody knows.
    Unknown(&'static str),
}

/// Asks `cargo audit`, where it is installed and reaches its database.
fn advisories() -> Result<Advisories> {
    let installed = process::output(process::cargo().args(["audit", "--version"]));
    if installed.is_err() {
        return Ok(Advisories::Unknown(
            "`cargo audit` is not installed; run `cargo install cargo-audit --locked`",
        ));
    }
    audit(process::cargo().arg("audit"))
}

fn audit(audit: &mut Command) -> Result<Advisories> {
    let output = audit.output()?;
    if output.status.success() {
        return Ok(Advisories::None);
    }
    let said = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    if said.contains("couldn't fetch advisory database") {
        return Ok(Advisories::Unknown(
            "`cargo audit` can't fetch its database without a network",
        ));
    }
    print!("{said}");
    bail!("`cargo audit` names dependencies to be updated, above")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn audited(script: &str) -> Result<Advisories> {
        audit(Command::new("sh").args(["-c", script]))
    }

    #[test]
    fn an_advisory_is_a_failure_and_a_missing_network_is_none() {
        assert!(matches!(audited("exit 0"), Ok(Advisories::None)));
        assert!(audited("echo 'error: 1 vulnerability found!'; exit 1").is_err());
        let unreachable =
            "echo \"error: couldn't fetch advisory database: git operation failed\" >&2; exit 2";
        assert!(matches!(audited(unreachable), Ok(Advisories::Unknown(_))));
    }
}
