//! `crosswalk`: see `crosswalk --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    crosswalk_host::cli::main()
}
