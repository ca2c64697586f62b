//! `cargo xtask`: what it takes to build, run, test and measure Crosswalk.

mod bench;
mod checks;
mod debian;
mod licences;
mod module;
mod npm_package;
mod packages;
mod process;
mod report;
mod runner;
mod simulator;
mod sources;
mod tests;
mod wasm_target;
mod workspace;

use anyhow::Result;
use clap::{Parser, Subcommand};
use std::process::ExitCode;
use wasm_target::Way;

/// Builds, runs, tests and measures Crosswalk.
#[derive(Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    arg_required_else_help = true
)]
struct Cli {
    #[command(subcommand)]
    command: Command,

    /// How to get at the target wasm32-unknown-unknown; by default the first that works, in this order.
    #[arg(
        long,
        global = true,
        value_enum,
        env = "CROSSWALK_WASM_TARGET",
        value_name = "WAY"
    )]
    wasm_target: Option<Way>,
}

#[derive(Subcommand)]
enum Command {
    /// Builds the rules module into target/rules/, if its sources have changed, and the npm package around it.
    Build {
        /// Builds it even if nothing has changed.
        #[arg(long)]
        force: bool,
    },
    /// Builds the simulator into web/apps/simulator/dist/: static files that any web server hands out.
    Simulator,
    /// Builds everything and runs `crosswalk demo`.
    Demo {
        /// Passed on to `crosswalk demo`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Checks and tests everything; the last line counts what passed and failed.
    Test(tests::Options),
    /// Measures the rules and prints tables; asserts nothing.
    Bench {
        /// What to measure; without it the rules where the host runs them.
        #[arg(value_enum)]
        what: Option<bench::What>,
    },
}

fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> Result<ExitCode> {
    let way = cli.wasm_target;
    match cli.command {
        Command::Build { force } => {
            if force {
                module::rebuild(way)?;
            } else {
                module::build(way)?;
            }
            package()?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Simulator => {
            module::build(way)?;
            npm_package::build()?;
            simulator::build()?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Demo { arguments } => {
            module::build(way)?;
            demo(&arguments)
        }
        Command::Test(options) => Ok(tests::run(&options, way)),
        Command::Bench { what } => {
            module::build(way)?;
            bench::run(what)
        }
    }
}

/// Who only builds the host needs neither Node nor the package.
fn package() -> Result<()> {
    if process::exists("npm") {
        return npm_package::build();
    }
    println!("npm package: not built; install Node 20 or later with npm for it");
    Ok(())
}

/// Builds as `cargo test --workspace` does, so that neither builds a dependency again for the other.
fn demo(arguments: &[String]) -> Result<ExitCode> {
    process::run(process::cargo().args(["build", "--workspace", "--bins"]))?;
    let mut demo = std::process::Command::new(workspace::binary());
    process::exit_code(demo.arg("demo").args(arguments))
}
