//! `cargo xtask bench`: how fast are the rules, and how large? Prints tables, asserts nothing.

mod js;

use crate::{module, npm_package, process, simulator, workspace};
use anyhow::{Context, Result};
use clap::ValueEnum;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Instant;

/// Activities in a batch of `measure`.
const BATCH: f64 = 1_000.0;
/// How often each is measured; the runs alternate, so that what else the machine does meets all of them alike.
const RUNS: usize = 5;
/// How often the program is started.
const STARTS: usize = 20;

/// What is measured instead of the rules where the host runs them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum What {
    /// The npm package, beside what one would otherwise take.
    Js,
    /// The simulator in a browser, with a thousand and with a hundred thousand activities.
    Web,
}

pub(crate) fn run(what: Option<What>) -> Result<ExitCode> {
    match what {
        None => host()?,
        Some(What::Js) => js::run()?,
        Some(What::Web) => web()?,
    }
    Ok(ExitCode::SUCCESS)
}

fn host() -> Result<()> {
    println!(
        "building the release of the host, and the rules as the module is built; minutes the first time"
    );
    // Under wasmtime the rules are compiled by it: how the host itself was compiled hardly matters.
    process::run(process::cargo().args([
        "build",
        "--release",
        "--package=crosswalk-host",
        "--package=crosswalk-tests",
        "--bins",
    ]))?;
    // The same optimisations as the module's: anything else would compare compilers' options.
    process::run(process::cargo().args([
        "build",
        "--profile=native",
        "--package=crosswalk-tests",
        "--no-default-features",
        "--bin=measure",
    ]))?;
    let native = program("native", "measure");
    let wasmtime = program("release", "measure");
    rules(&native, &wasmtime)?;
    size()?;
    opening(&wasmtime)?;
    version()?;
    load()
}

/// Measures the simulator as it was built.
fn web() -> Result<()> {
    npm_package::build()?;
    simulator::build()?;
    let mut node = Command::new("node");
    process::run(node.arg(workspace::root().join(simulator::BENCH)))
}

fn program(profile: &str, name: &str) -> PathBuf {
    workspace::cargo_target()
        .join(profile)
        .join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}

fn load() -> Result<()> {
    println!("\nsandbox to sandbox, no latency, no limits; peak memory of the host");
    for arguments in [&[][..], &["import", "200000"]] {
        println!();
        let mut load = Command::new(program("release", "load"));
        load.args(arguments);
        process::run(load.env("CROSSWALK_BIN", program("release", "crosswalk")))?;
    }
    Ok(())
}

fn rules(native: &Path, wasmtime: &Path) -> Result<()> {
    let measurements = [
        ("native", native, "native"),
        ("under wasmtime", wasmtime, "wasmtime"),
        ("reading and writing alone, native", native, "ceiling"),
    ];
    let mut times = vec![Vec::with_capacity(RUNS); measurements.len()];
    for _ in 0..RUNS {
        for ((_, program, what), times) in measurements.iter().zip(&mut times) {
            times.push(measured(program, what, &[])?);
        }
    }
    let mut medians = times.into_iter().map(median);
    let reference = medians.next().context("nothing was measured")?;
    println!(
        "\nthe rules, batches of {BATCH} activities of about 1 KB with 3 contacts each, full reasons, one core"
    );
    println!(
        "medians of {RUNS} alternated runs; both built with the options of the profile `wasm`\n"
    );
    println!(
        "{:34} {:>14} {:>12} {:>10}",
        "", "activities/s", "us/activity", "of native"
    );
    for ((name, ..), time) in measurements
        .iter()
        .zip(std::iter::once(reference).chain(medians))
    {
        let each = time / BATCH;
        println!(
            "{name:34} {:>14.0} {:>12.2} {:>10.2}",
            1e9 / each,
            each / 1e3,
            reference / time
        );
    }
    Ok(())
}

fn size() -> Result<()> {
    let bytes = fs::read(module::path()).context("the rules module is not built")?;
    println!(
        "\n{:34} {:>10.1} KB, gzipped {:.1} KB",
        "module",
        bytes.len() as f64 / 1e3,
        module::gzipped(&bytes)? as f64 / 1e3
    );
    Ok(())
}

/// wasmtime keeps its compiled modules where `XDG_CACHE_HOME` says, so a new folder makes the first opening a cold one.
fn opening(wasmtime: &Path) -> Result<()> {
    let folder = workspace::target().join("bench-cache");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    let cache = [("XDG_CACHE_HOME", folder.as_path())];
    let cold = measured(wasmtime, "open", &cache)?;
    let kept = (0..RUNS)
        .map(|_| measured(wasmtime, "open", &cache))
        .collect::<Result<_>>()?;
    fs::remove_dir_all(&folder)?;
    println!("{:34} {:>10.1} ms", "opening it, compiled anew", cold / 1e6);
    println!(
        "{:34} {:>10.1} ms",
        "opening it from wasmtime's cache",
        median(kept) / 1e6
    );
    Ok(())
}

fn version() -> Result<()> {
    let program = program("release", "crosswalk");
    let mut times = Vec::with_capacity(STARTS);
    for _ in 0..STARTS {
        let start = Instant::now();
        process::output(Command::new(&program).arg("--version"))?;
        times.push(start.elapsed().as_nanos() as f64);
    }
    println!(
        "{:34} {:>10.1} ms",
        "crosswalk --version",
        median(times) / 1e6
    );
    Ok(())
}

/// Nanoseconds, as the program prints them.
fn measured(program: &Path, what: &str, environment: &[(&str, &Path)]) -> Result<f64> {
    number(
        Command::new(program)
            .arg(what)
            .envs(environment.iter().copied()),
    )
}

/// The number that a program prints.
fn number(command: &mut Command) -> Result<f64> {
    let printed = process::output(command)?;
    printed
        .parse()
        .with_context(|| format!("`{}` printed no number", process::shown(command)))
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or(f64::NAN)
}
