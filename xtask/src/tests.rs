//! `cargo xtask test`: every tier of tests, and what came of it in one line.

use crate::report::{Counts, Report};
use crate::wasm_target::Way;
use crate::{checks, module, npm_package, packages, process, runner, simulator, workspace};
use anyhow::{Context, Result};
use clap::{Args, ValueEnum};
use serde_json::Value;
use std::process::{Command, ExitCode};

/// The tests in JavaScript that need packages.
const CLIENTS: &str = "tests/clients";
/// The module's bytes face, in Node.
const MODULE_IN_NODE: &str = "tests/module";
/// The npm package under anything at all, and under the corpus.
const PACKAGE_IN_NODE: &str = "tests/javascript";
/// The test programs of `crosswalk-tests` that simulate: failing calls, killed processes.
const SIMULATIONS: [&str; 3] = ["simulation", "simulation_both_ways", "kills"];

/// A tier of the tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    /// The rules alone, with the corpus; seconds.
    Core,
    /// The host and the sandbox, the corpus on the module, the commands.
    Host,
    /// The module and the npm package in Node, and real clients from npm against the sandbox.
    Js,
    /// The pages, in a browser.
    Web,
    /// Simulated failures and killed processes.
    Sim,
}

/// What to test, and how long.
#[derive(Args)]
pub(crate) struct Options {
    /// Only the tests of this tier, without the checks.
    #[arg(value_enum)]
    part: Option<Part>,
    /// Also what takes longer than CI has time for.
    #[arg(long)]
    long: bool,
    /// How many seeds the simulation runs.
    #[arg(long, value_name = "N")]
    seeds: Option<u64>,
    /// How often the process is killed.
    #[arg(long, value_name = "N")]
    kills: Option<u64>,
}

/// Runs the tests; the last line printed is `N passed, N failed`.
pub(crate) fn run(options: &Options, way: Option<Way>) -> ExitCode {
    let mut report = Report::default();
    match options.part {
        None => everything(&mut report, options, way),
        Some(Part::Core) => core(&mut report, options),
        Some(Part::Host) => host(&mut report, options, way),
        Some(Part::Js) => js(&mut report, options, way),
        Some(Part::Web) => web(&mut report, way),
        Some(Part::Sim) => sim(&mut report, options, way),
    }
    report.finish()
}

fn everything(report: &mut Report, options: &Options, way: Option<Way>) {
    checks::form(report);
    checks::dependencies(report);
    if !module(report, way) {
        return;
    }
    checks::lints(report);
    // The real clients are tests of the workspace, so their packages come first.
    clients(report);
    let is_packaged = npm_package(report);
    // Before the program, which serves it.
    let has_simulator = is_packaged && simulator(report);
    if program(report) {
        cargo_test(report, "tests", options, &["--workspace"]);
    }
    schemas(report, options);
    module_in_node(report);
    if is_packaged {
        package_in_node(report);
    }
    if has_simulator {
        pages(report);
    }
}

fn core(report: &mut Report, options: &Options) {
    cargo_test(report, "core", options, &["--package=crosswalk-core"]);
    schemas(report, options);
    let corpus = [
        "--package=crosswalk-tests",
        "--no-default-features",
        "--test=corpus",
        "--test=fuzz_corpus",
    ];
    cargo_test(report, "corpus on core", options, &corpus);
}

/// The schemas are a feature, which nothing else switches on.
fn schemas(report: &mut Report, options: &Options) {
    let arguments = [
        "--package=crosswalk-core",
        "--features=schema",
        "--test=schema",
    ];
    cargo_test(report, "schemas over the corpus", options, &arguments);
}

fn host(report: &mut Report, options: &Options, way: Option<Way>) {
    if module(report, way) && program(report) {
        let packages = [
            "--package=crosswalk-host",
            "--package=crosswalk-sandbox",
            "--package=crosswalk-tests",
            "--package=crosswalk-wasm",
        ];
        clients(report);
        npm_package(report);
        cargo_test(report, "host", options, &packages);
    }
}

fn js(report: &mut Report, options: &Options, way: Option<Way>) {
    if module(report, way) {
        module_in_node(report);
        if npm_package(report) && program(report) {
            package_in_node(report);
            let corpus = ["--package=crosswalk-tests", "--test=corpus"];
            cargo_test(report, "corpus", options, &corpus);
        }
    }
    clients(report);
    let clients = ["--package=crosswalk-sandbox", "--test=clients"];
    cargo_test(report, "clients against the sandbox", options, &clients);
}

fn web(report: &mut Report, way: Option<Way>) {
    if module(report, way) && npm_package(report) && simulator(report) {
        pages(report);
    }
}

fn sim(report: &mut Report, options: &Options, way: Option<Way>) {
    let part = "simulation";
    let programs = match simulations() {
        Ok(programs) => programs,
        Err(error) => return report.checked(part, Err(error)),
    };
    if programs.is_empty() {
        println!("crosswalk-tests has none of the test programs {SIMULATIONS:?}");
        return report.counted(part, Counts::default());
    }
    if module(report, way) && program(report) {
        let mut arguments = vec!["--package=crosswalk-tests".to_owned()];
        arguments.extend(programs.iter().map(|program| format!("--test={program}")));
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        cargo_test(report, part, options, &arguments);
    }
}

/// Builds the module, which most tests need; whether it is there.
fn module(report: &mut Report, way: Option<Way>) -> bool {
    report.begin("rules module");
    let built = module::build(way).map(|_| ());
    let is_built = built.is_ok();
    report.checked("rules module", built);
    is_built
}

/// Builds the program that tests run; whether it is there.
fn program(report: &mut Report) -> bool {
    let part = "program";
    report.begin(part);
    // With the tests, whose dependencies want more features: without them wasmtime would be built twice.
    let built = process::run(process::cargo().args(["build", "--workspace", "--bins", "--tests"]));
    let is_built = built.is_ok();
    report.checked(part, built);
    is_built
}

fn clients(report: &mut Report) {
    let part = "npm packages";
    report.begin(part);
    report.checked(part, packages::bring(CLIENTS));
}

fn module_in_node(report: &mut Report) {
    node(report, "module in Node", MODULE_IN_NODE);
}

/// Builds the npm package of the rules, on which the corpus runs too; whether it is there.
fn npm_package(report: &mut Report) -> bool {
    let part = "npm package";
    report.begin(part);
    let built = npm_package::build();
    let is_built = built.is_ok();
    report.checked(part, built);
    is_built
}

/// Builds the simulator around the npm package; whether it is there.
fn simulator(report: &mut Report) -> bool {
    let part = "simulator";
    report.begin(part);
    let built = simulator::build();
    let is_built = built.is_ok();
    report.checked(part, built);
    is_built
}

/// Tests the pages as they were built, in a browser.
fn pages(report: &mut Report) {
    node(report, "simulator in a browser", simulator::TESTS);
}

/// Tests the npm package that was built.
fn package_in_node(report: &mut Report) {
    node(report, "tests of the npm package", npm_package::TESTS);
    node(report, "npm package under anything", PACKAGE_IN_NODE);
}

/// Runs and counts the tests of a folder.
fn node(report: &mut Report, part: &str, folder: &str) {
    report.begin(part);
    match node_tests(folder) {
        Ok(counts) => report.counted(part, counts),
        Err(error) => report.checked(part, Err(error)),
    }
}

/// Runs the `*.test.mjs` of a folder.
fn node_tests(folder: &str) -> Result<Counts> {
    let folder = workspace::root().join(folder);
    let mut node = Command::new("node");
    node.args(["--test", "--test-reporter=tap"])
        .env("CROSSWALK_BIN", workspace::binary())
        .current_dir(&folder);
    let files =
        std::fs::read_dir(&folder).with_context(|| format!("can't read {}", folder.display()))?;
    let mut files: Vec<_> = files
        .filter_map(|file| Some(file.ok()?.file_name()))
        .filter(|name| name.to_string_lossy().ends_with(".test.mjs"))
        .collect();
    if files.is_empty() {
        return Ok(Counts::default());
    }
    files.sort();
    runner::node_test(node.args(files)).context("install Node 20 or later")
}

fn cargo_test(report: &mut Report, part: &str, options: &Options, arguments: &[&str]) {
    report.begin(part);
    let mut cargo = process::cargo();
    cargo
        .args(["test", "--no-fail-fast"])
        .args(arguments)
        .env("CROSSWALK_BIN", workspace::binary());
    if options.long {
        cargo.env("CROSSWALK_LONG", "1");
    }
    for (name, value) in [
        ("CROSSWALK_SEEDS", options.seeds),
        ("CROSSWALK_KILLS", options.kills),
    ] {
        if let Some(value) = value {
            cargo.env(name, value.to_string());
        }
    }
    match runner::cargo_test(&mut cargo) {
        Ok(counts) => report.counted(part, counts),
        Err(error) => report.checked(part, Err(error)),
    }
}

/// Which of the simulations there are.
fn simulations() -> Result<Vec<String>> {
    let metadata =
        process::output(process::cargo().args(["metadata", "--format-version=1", "--no-deps"]))?;
    let metadata: Value =
        serde_json::from_str(&metadata).context("`cargo metadata` answered no JSON")?;
    let packages = metadata["packages"].as_array().into_iter().flatten();
    Ok(packages
        .filter(|package| package["name"] == "crosswalk-tests")
        .flat_map(|package| package["targets"].as_array().into_iter().flatten())
        .filter_map(|target| target["name"].as_str())
        .filter(|name| SIMULATIONS.contains(name))
        .map(str::to_owned)
        .collect())
}
