//! Runs the fuzz targets over the corpus that is committed with them: what once broke the rules never does again, on any machine.

#[path = "../../fuzz/src/lib.rs"]
#[allow(
    clippy::panic,
    dead_code,
    missing_docs,
    unreachable_pub,
    reason = "written for a crate of its own"
)]
mod fuzz;

use libtest_mimic::{Arguments, Trial};
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus");
    let mut trials = Vec::new();
    for (name, target) in fuzz::TARGETS {
        let inputs: Vec<_> = std::fs::read_dir(corpus.join(name))
            .unwrap_or_else(|error| panic!("fuzz/corpus/{name}: {error}"))
            .map(|input| input.unwrap_or_else(|error| panic!("fuzz/corpus/{name}: {error}")))
            .collect();
        assert!(!inputs.is_empty(), "fuzz/corpus/{name} is empty");
        for input in inputs {
            let path = input.path();
            let trial = format!("{name}/{}", input.file_name().to_string_lossy());
            trials.push(Trial::test(trial, move || {
                target(&std::fs::read(&path)?);
                Ok(())
            }));
        }
    }
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}
