//! The program itself, against a sandbox over real HTTP.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crosswalk_sandbox::hubspot::HubSpotData;
use crosswalk_sandbox::salesforce::SalesforceData;
use crosswalk_sandbox::{Limits, Options, Running, Sandbox, sample};
use jiff::Timestamp;
use serde_json::Value;
use tempfile::TempDir;

/// Both systems on loopback, without rate limits, and a folder with settings for the program.
pub struct Stage {
    /// The two systems.
    pub sandbox: Sandbox,
    running: Running,
    folder: TempDir,
}

/// What a program said.
#[derive(Debug)]
pub struct Said {
    /// Its exit code.
    pub code: i32,
    /// Its output.
    pub stdout: String,
    /// What else it said.
    pub stderr: String,
}

impl Said {
    /// Its output as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The error for programs: all that there is on stderr.
    pub fn error(&self) -> Value {
        let told: Value =
            serde_json::from_str(&self.stderr).unwrap_or_else(|error| panic!("{error}: {self:?}"));
        told["error"].clone()
    }

    /// The error for programs, behind what was logged.
    pub fn last_error(&self) -> Value {
        let last = self.stderr.lines().last().unwrap_or_default();
        let told: Value =
            serde_json::from_str(last).unwrap_or_else(|error| panic!("{error}: {self:?}"));
        told["error"].clone()
    }
}

impl From<Output> for Said {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// The program to be tested.
///
/// # Panics
/// Where `CROSSWALK_BIN` doesn't name it.
pub fn binary() -> PathBuf {
    let Some(binary) = std::env::var_os("CROSSWALK_BIN") else {
        panic!(
            "CROSSWALK_BIN isn't set: run `cargo xtask test`, or set it to target/debug/crosswalk"
        );
    };
    binary.into()
}

impl Stage {
    /// With the sample company.
    pub async fn sample() -> Self {
        Self::with(sample::sample(1, Timestamp::now())).await
    }

    /// The same, synced in both directions.
    pub async fn both_ways() -> Self {
        let now = Timestamp::now();
        let stage = Self::with(sample::sample(1, now)).await;
        stage.configure(&sample::settings_both_ways(now));
        stage
    }

    /// With so many calls of so many contacts.
    pub async fn load(activities: usize, contacts: usize) -> Self {
        Self::with(sample::load(activities, contacts, 1, Timestamp::now())).await
    }

    /// With so many Tasks in Salesforce of so many contacts, which go to HubSpot; nothing goes the other way.
    pub async fn tasks(tasks: u64, contacts: usize) -> Self {
        let now = Timestamp::now();
        let stage = Self::with(sample::load_tasks(tasks, contacts, now)).await;
        let mut settings = sample::settings_both_ways(now);
        settings["to_salesforce"] = Value::Object(serde_json::Map::new());
        stage.configure(&settings);
        stage
    }

    async fn with((hubspot, salesforce): (HubSpotData, SalesforceData)) -> Self {
        let options = Options {
            limits: Limits::Off,
            ..Options::default()
        };
        let sandbox = Sandbox::with_data(options, hubspot, salesforce);
        let running = sandbox.serve(0, 0).await.unwrap();
        let stage = Self {
            sandbox,
            running,
            folder: tempfile::tempdir().unwrap(),
        };
        stage.configure(&sample::settings(Timestamp::now()));
        stage
    }

    /// Writes `crosswalk.toml` with these settings.
    fn configure(&self, settings: &Value) {
        let sync = serde_json::from_value(settings.clone()).unwrap();
        let settings = toml::Table::from_iter([("sync".to_owned(), sync)]);
        let bursts = "[hubspot.bursts]\ncalls_per_ten_seconds = 1000000\nassociations_per_ten_seconds = 1000000\nsearches_per_second = 1000000\n";
        let config = format!("{bursts}\n{settings}");
        std::fs::write(self.file("crosswalk.toml"), config).unwrap();
    }

    /// A file in the folder in which the program runs.
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The program with these arguments, not started yet.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = program(self.folder.path(), arguments);
        command
            .env("CROSSWALK_HUBSPOT_URL", &self.running.hubspot_url)
            .env(
                "CROSSWALK_HUBSPOT_TOKEN",
                crosswalk_sandbox::hubspot::DEFAULT_TOKEN,
            )
            .env("CROSSWALK_SALESFORCE_URL", &self.running.salesforce_url)
            .env(
                "CROSSWALK_SALESFORCE_TOKEN",
                crosswalk_sandbox::salesforce::DEFAULT_TOKEN,
            );
        command
    }

    /// What the program says to these arguments.
    pub async fn run(&self, arguments: &[&str]) -> Said {
        said(self.command(arguments)).await
    }
}

/// The program in a folder, without any connection.
pub fn program(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(binary());
    command.args(arguments).current_dir(folder);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("CROSSWALK_") {
            command.env_remove(name);
        }
    }
    command
}

/// What a program says. The sandbox answers meanwhile.
pub async fn said(mut command: Command) -> Said {
    let output = tokio::task::spawn_blocking(move || command.output());
    output.await.unwrap().unwrap().into()
}
