//! `cargo xtask bench js`: the npm package beside what one would otherwise take, on the same cases.

use super::{BATCH, RUNS, STARTS, median, number, program};
use crate::{npm_package, packages, process, workspace};
use anyhow::{Context, Result};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The programs in JavaScript, and the engines that they measure.
const BENCH: &str = "web/bench";

/// Who decides, by the name that `web/bench` has for it; the package's faster call first.
const CONTENDERS: [(&str, &str); 6] = [
    ("rules_json", "planToSalesforceJson, bytes in and out"),
    ("rules_objects", "planToSalesforce, objects in and out"),
    ("hand_written", "a function written by hand"),
    ("json_rules_engine", "json-rules-engine"),
    ("jsonata", "jsonata"),
    ("zen_engine", "@gorules/zen-engine"),
];
/// Those that are engines for rules of any kind, as ours is not.
const ENGINES: [&str; 3] = ["json_rules_engine", "jsonata", "zen_engine"];

pub(super) fn run() -> Result<()> {
    npm_package::build()?;
    packages::bring(BENCH)?;
    let cases = cases()?;
    check(&cases)?;
    speed(&cases)?;
    size()?;
    start(&cases)
}

/// The settings and the batch, in a file that the programs in JavaScript read.
fn cases() -> Result<PathBuf> {
    process::run(process::cargo().args([
        "build",
        "--quiet",
        "--package=crosswalk-tests",
        "--no-default-features",
        "--bin=measure",
    ]))?;
    let printed = process::output(Command::new(program("debug", "measure")).arg("cases"))?;
    let file = workspace::target().join("bench-cases.json");
    fs::write(&file, printed).with_context(|| format!("can't write {}", file.display()))?;
    Ok(file)
}

/// Only what decides alike may be compared.
fn check(cases: &Path) -> Result<()> {
    let decisions = number(&mut node("check.mjs", &[], cases))?;
    println!("{decisions} decisions: all contenders answer each of them as the rules do");
    Ok(())
}

fn speed(cases: &Path) -> Result<()> {
    let mut times = vec![Vec::with_capacity(RUNS); CONTENDERS.len()];
    for run in 1..=RUNS {
        println!("run {run} of {RUNS}");
        for ((name, _), times) in CONTENDERS.iter().zip(&mut times) {
            times.push(number(&mut node("measure.mjs", &[name], cases))?);
        }
    }
    table(&times.into_iter().map(median).collect::<Vec<_>>());
    Ok(())
}

fn table(medians: &[f64]) {
    let fastest = CONTENDERS
        .iter()
        .zip(medians)
        .filter(|((name, _), _)| ENGINES.contains(name))
        .map(|(_, time)| *time)
        .fold(f64::INFINITY, f64::min);
    println!(
        "\ndecisions in JavaScript, batches of {BATCH} activities of about 1 KB with 3 contacts each; medians of {RUNS} alternated runs\n\
         All decide: is the kind on, did it happen in its window, which contact, who is assigned, what is the subject.\n\
         The package does all else that a plan holds as well, from one snapshot. The others get one object an activity, in which its\n\
         contacts and its owners' users are looked up already and times are numbers; making these objects isn't in their time.\n"
    );
    println!(
        "{:42} {:>14} {:>12} {:>22}",
        "", "activities/s", "us/activity", "of the fastest engine"
    );
    for ((_, name), time) in CONTENDERS.iter().zip(medians) {
        let each = time / BATCH;
        println!(
            "{name:42} {:>14.0} {:>12.2} {:>21.1}x",
            1e9 / each,
            each / 1e3,
            fastest / time
        );
    }
}

/// What `npm publish` would send.
fn size() -> Result<()> {
    let mut pack = Command::new("npm");
    pack.args(["pack", "--dry-run", "--json"])
        .current_dir(workspace::root().join(npm_package::PACKAGE));
    let printed: Value =
        serde_json::from_str(&process::output(&mut pack)?).context("`npm pack` printed no JSON")?;
    let bytes = printed[0]["size"]
        .as_f64()
        .context("`npm pack` doesn't tell the size of the package")?;
    println!(
        "\n{:42} {:>10.1} KB",
        "package, packed and gzipped",
        bytes / 1e3
    );
    Ok(())
}

/// Each time in a new process.
fn start(cases: &Path) -> Result<()> {
    let times = (0..STARTS)
        .map(|_| number(&mut node("start.mjs", &[], cases)))
        .collect::<Result<_>>()?;
    println!(
        "{:42} {:>10.1} ms",
        "import to first plan, in Node",
        median(times) / 1e6
    );
    Ok(())
}

fn node(script: &str, arguments: &[&str], cases: &Path) -> Command {
    let mut node = Command::new("node");
    node.arg(script)
        .args(arguments)
        .arg(cases)
        .current_dir(workspace::root().join(BENCH));
    node
}
