//! How fast is a first sync, and how much memory does the host take? Sandbox to sandbox over loopback, no latency, no limits. Prints a
//! table and asserts nothing of time. `CROSSWALK_BIN` is the program to measure; arguments are the numbers of activities, of marketing emails behind the word
//! `marketing`.
#![allow(clippy::unwrap_used, reason = "a bench fails by panicking")]

use std::path::Path;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use crosswalk_sandbox::{Limits, Options, Sandbox, sample};
use jiff::Timestamp;
use serde_json::{Value, json};

const CONFIG: &str = "[hubspot.bursts]
calls_per_ten_seconds = 10000000
associations_per_ten_seconds = 10000000
searches_per_second = 10000000
";

fn main() {
    let binary = std::env::var_os("CROSSWALK_BIN")
        .expect("set CROSSWALK_BIN to the program, or run `cargo xtask bench`");
    let is_marketing = std::env::args().any(|argument| argument == "marketing");
    let numbers = std::env::args().filter_map(|argument| argument.parse().ok());
    let mut sizes: Vec<usize> = numbers.collect();
    if sizes.is_empty() {
        sizes = vec![1_000, 100_000];
    }
    println!(
        "{:>10}  {:>9}  {:>13}  {:>12}  {:>9}  {:>10}  {:>12}",
        "activities", "contacts", "first sync", "a second", "peak", "second", "peak"
    );
    for size in sizes {
        measure(Path::new(&binary), size, size.min(10_000), is_marketing);
    }
}

fn measure(binary: &Path, activities: usize, contacts: usize, is_marketing: bool) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let now = Timestamp::now();
    let (hubspot, salesforce) = if is_marketing {
        sample::load_marketing(activities, contacts, now)
    } else {
        sample::load(activities, contacts, 1, now)
    };
    let mut settings = sample::settings(now);
    let kinds: &[&str] = if is_marketing {
        &[
            "marketing_email_sent",
            "marketing_email_opened",
            "marketing_email_clicked",
        ]
    } else {
        &["task", "call", "note", "meeting", "sales_email_sent"]
    };
    let kinds = kinds
        .iter()
        .map(|kind| ((*kind).to_owned(), json!({"enabled": true})));
    settings["to_salesforce"] = Value::Object(kinds.collect());
    let options = Options {
        limits: Limits::Off,
        ..Options::default()
    };
    let sandbox = Sandbox::with_data(options, hubspot, salesforce);
    let running = runtime.block_on(sandbox.serve(0, 0)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name);
    std::fs::write(file("settings.json"), settings.to_string()).unwrap();
    std::fs::write(file("crosswalk.toml"), CONFIG).unwrap();
    let sync = || {
        let mut command = Command::new(binary);
        command
            .arg("sync")
            .arg("--quiet")
            .arg("--json")
            .arg("--config")
            .arg(file("crosswalk.toml"))
            .arg("--settings")
            .arg(file("settings.json"))
            .arg("--ledger")
            .arg(file("crosswalk.db"))
            .env("CROSSWALK_HUBSPOT_URL", &running.hubspot_url)
            .env(
                "CROSSWALK_HUBSPOT_TOKEN",
                crosswalk_sandbox::hubspot::DEFAULT_TOKEN,
            )
            .env("CROSSWALK_SALESFORCE_URL", &running.salesforce_url)
            .env(
                "CROSSWALK_SALESFORCE_TOKEN",
                crosswalk_sandbox::salesforce::DEFAULT_TOKEN,
            )
            .stdout(std::process::Stdio::null());
        let started = Instant::now();
        let peak = peak_memory(command.spawn().unwrap());
        (started.elapsed(), peak)
    };
    let (first, first_peak) = sync();
    let (second, second_peak) = sync();
    println!(
        "{activities:>10}  {contacts:>9}  {first:>11.1?}  {:>10.0}/s  {first_peak:>6} MB  {second:>8.1?}  {second_peak:>9} MB",
        activities as f64 / first.as_secs_f64()
    );
}

/// In MB, as the kernel counts it.
fn peak_memory(mut child: Child) -> u64 {
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    loop {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes =
            line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
        peak = peak.max(kilobytes.unwrap_or_default() / 1024);
        if let Some(status) = child.try_wait().unwrap() {
            assert!(status.success(), "the sync failed: {status}");
            return peak;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}
