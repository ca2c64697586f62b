//! The command line: one file per command.

mod check;
#[cfg(feature = "sandbox")]
mod demo;
mod errors;
mod explain;
mod failure;
mod import;
mod not_taken;
mod output;
mod preview;
mod push;
mod retry;
mod run;
#[cfg(feature = "sandbox")]
mod sandbox;
mod session;
mod snapshot;
mod status;
mod sync;
mod table;

use clap::{Args, Parser, Subcommand};
use failure::Failure;
use output::Output;
use std::path::PathBuf;
use std::process::ExitCode;

/// How a command ended; its exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// 0.
    Done,
    /// 3: done, with errors left.
    WithErrorsLeft,
}

/// Syncs activities between HubSpot and Salesforce, by rules that can be looked at beforehand.
#[derive(Parser)]
#[command(name = "crosswalk", version, long_version = long_version(), propagate_version = true, arg_required_else_help = true,
    after_help = "Exit codes: 0 done, 1 failed, 2 bad usage or settings, 3 done with errors left, 4 the plan has changed.")]
struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

/// Options of every command.
#[derive(Args, Clone, Debug)]
pub struct Common {
    /// Configuration file [default: crosswalk.toml, if it is there]
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The ledger's file [default: crosswalk.db]
    #[arg(long, global = true, value_name = "FILE")]
    pub ledger: Option<PathBuf>,
    /// Settings: a .json file, or a .toml file's table [sync]
    #[arg(long, global = true, value_name = "FILE")]
    pub settings: Option<PathBuf>,
    /// Another rules module than the one built in
    #[arg(long, global = true, value_name = "FILE", hide = true)]
    pub rules: Option<PathBuf>,
    /// Machine-readable output on stdout, and nothing else there
    #[arg(long, global = true)]
    pub json: bool,
    /// No progress, no notes
    #[arg(long, short, global = true)]
    pub quiet: bool,
}

#[derive(Subcommand)]
enum Command {
    /// Start both systems on this machine with sample data, sync, and show what happened
    #[cfg(feature = "sandbox")]
    Demo(demo::Arguments),
    /// Look whether everything is there that a sync needs; write nothing
    Check,
    /// Show what would sync now, and why; write nothing
    Preview(preview::Arguments),
    /// Write the snapshot that `preview` takes, from the live systems
    Snapshot(snapshot::Arguments),
    /// Take activities from a file, to be planned in the next pass
    Push(push::Arguments),
    /// Sync once, then exit
    Sync(sync::Arguments),
    /// Bring Salesforce's records that are already there to HubSpot
    Import(import::Arguments),
    /// Take activities over HTTP, until stopped
    Run(run::Arguments),
    /// Show the health of the sync
    Status,
    /// Show what failed, why, and what to do
    Errors(errors::Arguments),
    /// Try again what failed
    Retry(retry::Arguments),
    /// Tell one activity's whole story
    Explain(explain::Arguments),
    /// Run a HubSpot and a Salesforce on this machine until stopped
    #[cfg(feature = "sandbox")]
    Sandbox(sandbox::Arguments),
}

fn long_version() -> &'static str {
    concat!(
        env!("CARGO_PKG_VERSION"),
        "\nrules ",
        env!("CROSSWALK_RULES_SHA256"),
        "\nbuilt by ",
        env!("CROSSWALK_RULES_COMPILER")
    )
}

/// Logs, to stderr: what is tried again, and errors; with `--quiet` errors only. `CROSSWALK_LOG` says otherwise, as `debug`.
fn log_to_stderr(quiet: bool) {
    let default = if quiet { "error" } else { "warn" };
    let filter = tracing_subscriber::EnvFilter::try_from_env("CROSSWALK_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new(default));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_target(false)
        .with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()))
        .init();
}

/// What clap says: help and version as they are, an error as JSON where that is asked for.
fn misused(error: &clap::Error) -> ExitCode {
    let asks_for_json = std::env::args_os()
        .skip(1)
        .take_while(|argument| argument != "--")
        .any(|argument| argument == "--json");
    if !asks_for_json || !error.use_stderr() {
        error.exit();
    }
    let text = error.to_string();
    let (message, hint) = text
        .trim_start_matches("error: ")
        .split_once("\n\n")
        .unwrap_or((&text, ""));
    let hint = hint.split_whitespace().collect::<Vec<_>>().join(" ");
    Output::new(true, false).fail(&Failure::usage("usage", message.trim()).hint(hint))
}

/// Runs the command line; the exit code is the contract's.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return misused(&error),
    };
    let output = Output::new(cli.common.json, cli.common.quiet);
    log_to_stderr(cli.common.quiet);
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            return output.fail(&Failure::internal(format!(
                "the runtime can't start: {error}"
            )));
        }
    };
    let ended = runtime.block_on(async {
        match cli.command {
            #[cfg(feature = "sandbox")]
            Command::Demo(arguments) => demo::run(&cli.common, &arguments, &output).await,
            Command::Check => check::run(&cli.common, &output).await,
            Command::Preview(arguments) => preview::run(&cli.common, &arguments, &output).await,
            Command::Snapshot(arguments) => snapshot::run(&cli.common, &arguments, &output).await,
            Command::Push(arguments) => push::run(&cli.common, &arguments, &output),
            Command::Sync(arguments) => sync::run(&cli.common, &arguments, &output).await,
            Command::Import(arguments) => import::run(&cli.common, &arguments, &output).await,
            Command::Run(arguments) => run::run(&cli.common, &arguments, &output).await,
            Command::Status => status::run(&cli.common, &output),
            Command::Errors(arguments) => errors::run(&cli.common, &arguments, &output),
            Command::Retry(arguments) => retry::run(&cli.common, &arguments, &output).await,
            Command::Explain(arguments) => explain::run(&cli.common, &arguments, &output),
            #[cfg(feature = "sandbox")]
            Command::Sandbox(arguments) => sandbox::run(&cli.common, &arguments, &output).await,
        }
    });
    match ended {
        Ok(Ended::Done) => ExitCode::SUCCESS,
        Ok(Ended::WithErrorsLeft) => ExitCode::from(3),
        Err(failure) => output.fail(&failure),
    }
}
