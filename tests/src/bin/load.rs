//! How fast is a first sync, or an import, and how much memory does the host take? Sandbox to sandbox over loopback, no latency, no
//! limits. Prints a table and asserts nothing of time. `CROSSWALK_BIN` is the program to measure; arguments are the numbers of
//! activities; behind the word `marketing` of events of marketing emails, behind `import` of Tasks to be imported.
#![allow(clippy::unwrap_used, reason = "a bench fails by panicking")]

use std::path::Path;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use crosswalk_sandbox::hubspot::HubSpotData;
use crosswalk_sandbox::salesforce::SalesforceData;
use crosswalk_sandbox::{Limits, Options, Sandbox, sample};
use jiff::Timestamp;
use serde_json::{Value, json};

const CONFIG: &str = "[hubspot.bursts]
calls_per_ten_seconds = 10000000
associations_per_ten_seconds = 10000000
searches_per_second = 10000000
";

/// What is measured.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Load {
    Records,
    Marketing,
    Import,
}

impl Load {
    fn named(name: &str) -> Option<Self> {
        match name {
            "marketing" => Some(Self::Marketing),
            "import" => Some(Self::Import),
            _ => None,
        }
    }

    fn command(self) -> &'static str {
        match self {
            Self::Records | Self::Marketing => "sync",
            Self::Import => "import",
        }
    }

    fn data(self, size: usize, contacts: usize, now: Timestamp) -> (HubSpotData, SalesforceData) {
        match self {
            Self::Records => sample::load(size, contacts, 1, now),
            Self::Marketing => sample::load_marketing(size, contacts, now),
            Self::Import => sample::load_tasks(size as u64, contacts, now),
        }
    }

    /// The kinds that are on, to Salesforce and to HubSpot.
    fn kinds(self) -> (&'static [&'static str], &'static [&'static str]) {
        match self {
            Self::Records => (
                &["task", "call", "note", "meeting", "sales_email_sent"],
                &[],
            ),
            Self::Marketing => (
                &[
                    "marketing_email_sent",
                    "marketing_email_opened",
                    "marketing_email_clicked",
                ],
                &[],
            ),
            Self::Import => (&[], &["task", "call", "email", "meeting"]),
        }
    }
}

fn main() {
    let binary = std::env::var_os("CROSSWALK_BIN")
        .expect("set CROSSWALK_BIN to the program, or run `cargo xtask bench`");
    let load = std::env::args().find_map(|argument| Load::named(&argument));
    let load = load.unwrap_or(Load::Records);
    let numbers = std::env::args().filter_map(|argument| argument.parse().ok());
    let mut sizes: Vec<usize> = numbers.collect();
    if sizes.is_empty() {
        sizes = vec![1_000, 100_000];
    }
    println!(
        "{:>10}  {:>9}  {:>13}  {:>12}  {:>9}  {:>10}  {:>12}",
        if load == Load::Import {
            "tasks"
        } else {
            "activities"
        },
        "contacts",
        format!("first {}", load.command()),
        "a second",
        "peak",
        "second",
        "peak"
    );
    for size in sizes {
        measure(Path::new(&binary), load, size, size.min(10_000));
    }
}

fn on(kinds: &[&str]) -> Value {
    let kinds = kinds
        .iter()
        .map(|kind| ((*kind).to_owned(), json!({"enabled": true})));
    Value::Object(kinds.collect())
}

fn measure(binary: &Path, load: Load, activities: usize, contacts: usize) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let now = Timestamp::now();
    let (hubspot, salesforce) = load.data(activities, contacts, now);
    let mut settings = sample::settings(now);
    let (to_salesforce, to_hubspot) = load.kinds();
    settings["to_salesforce"] = on(to_salesforce);
    settings["to_hubspot"] = on(to_hubspot);
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
            .arg(load.command())
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
