//! What `cargo xtask bench` runs: one measurement, printed as a number.
//!
//! - `measure native`, `measure ceiling`: nanoseconds of one batch, by the crate itself, and of reading and writing alone;
//! - `measure wasmtime`: the same by the module under wasmtime;
//! - `measure open`: nanoseconds to open the module;
//! - `measure cases`: no number, but what is measured itself, for those who measure it elsewhere.

use crosswalk_tests::load;
use std::hint::black_box;
use std::process::ExitCode;
use std::time::Instant;

/// Activities in a batch.
const BATCH: usize = 1_000;
/// Batches before the first that counts, and those that count.
const WARM_UP: usize = 5;
const ROUNDS: usize = 25;

fn main() -> ExitCode {
    let what = std::env::args().nth(1).unwrap_or_default();
    let printed = match what.as_str() {
        "cases" => cases(),
        _ => measure(&what).map(|nanoseconds| nanoseconds.to_string()),
    };
    match printed {
        Ok(printed) => {
            println!("{printed}");
            ExitCode::SUCCESS
        }
        Err(why) => {
            eprintln!("error: {why}");
            ExitCode::FAILURE
        }
    }
}

fn measure(what: &str) -> Result<u128, String> {
    match what {
        "native" => native(),
        "ceiling" => ceiling(),
        #[cfg(feature = "host")]
        "wasmtime" => wasmtime(),
        #[cfg(feature = "host")]
        "open" => open(),
        _ => Err(format!("this program can't measure `{what}`")),
    }
}

/// The settings and the batch that all others measure, as one JSON object.
fn cases() -> Result<String, String> {
    let read = |json: &[u8]| {
        serde_json::from_slice::<serde_json::Value>(json).map_err(|error| error.to_string())
    };
    let settings = read(&load::settings())?;
    let snapshot = read(&load::batch(BATCH))?;
    Ok(serde_json::json!({"settings": settings, "snapshot": snapshot}).to_string())
}

/// The median of the rounds.
fn median(mut round: impl FnMut() -> Result<(), String>) -> Result<u128, String> {
    for _ in 0..WARM_UP {
        round()?;
    }
    let mut times = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        let start = Instant::now();
        round()?;
        times.push(start.elapsed().as_nanos());
    }
    times.sort_unstable();
    Ok(times.get(ROUNDS / 2).copied().unwrap_or_default())
}

fn native() -> Result<u128, String> {
    let rules =
        crosswalk_core::Rules::from_json(&load::settings()).map_err(|error| error.to_string())?;
    let snapshot = load::batch(BATCH);
    median(|| {
        let plan = rules.plan_to_salesforce_json(&snapshot);
        black_box(plan).map(drop).map_err(|error| error.to_string())
    })
}

/// Reading the snapshot and writing the plan, without planning in between: no rules over JSON can be faster.
fn ceiling() -> Result<u128, String> {
    let rules =
        crosswalk_core::Rules::from_json(&load::settings()).map_err(|error| error.to_string())?;
    let snapshot = load::batch(BATCH);
    let plan = rules
        .plan_to_salesforce_json(&snapshot)
        .map_err(|error| error.to_string())?;
    let plan: serde_json::Value =
        serde_json::from_slice(&plan).map_err(|error| error.to_string())?;
    median(|| {
        let text = std::str::from_utf8(&snapshot).map_err(|error| error.to_string())?;
        let read: crosswalk_core::Snapshot<'_> =
            serde_json::from_str(text).map_err(|error| error.to_string())?;
        black_box(read);
        let written = serde_json::to_vec(&plan).map_err(|error| error.to_string())?;
        black_box(written);
        Ok(())
    })
}

#[cfg(feature = "host")]
fn wasmtime() -> Result<u128, String> {
    let module =
        crosswalk_host::rules::RulesModule::embedded().map_err(|error| error.to_string())?;
    let rules = module
        .open(&load::settings())
        .map_err(|error| error.to_string())?;
    let snapshot = load::batch(BATCH);
    median(|| {
        rules
            .plan_to_salesforce_with(&snapshot, |plan| black_box(plan).len())
            .map(drop)
            .map_err(|error| error.to_string())
    })
}

/// One opening: whether from the cache or not, the caller knows.
#[cfg(feature = "host")]
fn open() -> Result<u128, String> {
    let start = Instant::now();
    let module =
        crosswalk_host::rules::RulesModule::embedded().map_err(|error| error.to_string())?;
    let elapsed = start.elapsed().as_nanos();
    black_box(module);
    Ok(elapsed)
}
