//! Where are the systems, the ledger and the settings? `crosswalk.toml`, the environment (which wins), options (which win over both).

use crate::budget::DailyShare;
use crate::feeds::{EventTypes, FeedSettings, Opens};
use crate::hubspot::Bursts;
use crate::rules::RuleError;
use crate::server::ServerLimits;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// Everything a command needs to know before it starts.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// The file it was read from, if there is one.
    pub file: Option<PathBuf>,
    /// The settings (`[sync]`), as JSON.
    pub settings: Option<Vec<u8>>,
    /// HubSpot.
    pub hubspot: System,
    /// How often HubSpot may be called.
    pub hubspot_bursts: Bursts,
    /// The property of HubSpot's activities that holds the id of their Salesforce record.
    pub hubspot_key_property: Option<String>,
    /// Salesforce.
    pub salesforce: System,
    /// How much of a day's calls may be used.
    pub budget: Budget,
    /// The ledger's file.
    pub ledger: Option<PathBuf>,
    /// What is set about feeds.
    pub feeds: FeedSettings,
    /// The HTTP API.
    pub server: ServerConfig,
}

/// The HTTP API.
#[derive(Clone, Default)]
pub struct ServerConfig {
    /// Where it listens.
    pub listen: Option<SocketAddr>,
    /// Who has it may send something in.
    pub token: Option<String>,
    /// How much it takes.
    pub limits: ServerLimits,
}

impl std::fmt::Debug for ServerConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ServerConfig")
            .field("listen", &self.listen)
            .field("token", &is_set(self.token.as_ref()))
            .field("limits", &self.limits)
            .finish()
    }
}

const fn is_set(token: Option<&String>) -> &'static str {
    if token.is_some() { "set" } else { "not set" }
}

/// How much of a day's calls of each system may be used, by everybody together, before the rest is left to others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Budget {
    /// Of HubSpot's.
    pub hubspot: DailyShare,
    /// Of Salesforce's.
    pub salesforce: DailyShare,
}

/// How to reach one system.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct System {
    /// Base URL.
    pub url: Option<String>,
    /// Access token.
    pub token: Option<String>,
}

impl std::fmt::Debug for System {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("System")
            .field("url", &self.url)
            .field("token", &is_set(self.token.as_ref()))
            .finish()
    }
}

/// What is wrong with the configuration: where, what, what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}{message}", self.place())]
pub struct ConfigError {
    /// A stable code.
    pub code: &'static str,
    /// The file.
    pub file: Option<Box<str>>,
    /// The line, counted from 1.
    pub line: Option<usize>,
    /// The key, as `sync.owners.integration_user`.
    pub key: String,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hint: String,
}

impl ConfigError {
    /// The file, its line and the key in it.
    pub fn place(&self) -> String {
        let file = match (&self.file, self.line) {
            (Some(file), Some(line)) => format!("{file}:{line}: "),
            (Some(file), None) => format!("{file}: "),
            (None, _) => String::new(),
        };
        if self.key.is_empty() {
            file
        } else {
            format!("{file}`{}`: ", self.key)
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[serde(default)]
    hubspot: HubSpotTable,
    #[serde(default)]
    salesforce: System,
    #[serde(default)]
    budget: Budget,
    #[serde(default)]
    ledger: LedgerTable,
    #[serde(default)]
    marketing_email: MarketingEmailTable,
    #[serde(default)]
    event_types: EventTypes,
    #[serde(default)]
    server: ServerTable,
    #[serde(default)]
    sync: Option<toml::Table>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct HubSpotTable {
    url: Option<String>,
    token: Option<String>,
    bursts: Bursts,
    key_property: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct ServerTable {
    listen: Option<SocketAddr>,
    token: Option<String>,
    limits: ServerLimits,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct LedgerTable {
    file: Option<PathBuf>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct MarketingEmailTable {
    #[serde(default)]
    opens: Opens,
}

/// The default name of the file.
pub const FILE: &str = "crosswalk.toml";

impl Config {
    /// Reads the file (the one given, else `crosswalk.toml` if it is there), then the environment.
    ///
    /// # Errors
    /// If the file given isn't there, or says something that can't be.
    pub fn load(
        file: Option<&Path>,
        environment: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, ConfigError> {
        let found = match file {
            Some(file) => Some(file.to_owned()),
            None => Some(PathBuf::from(FILE)).filter(|file| file.exists()),
        };
        let mut config = match &found {
            Some(file) => Self::from_toml(&read(file)?, file)?,
            None => Self::default(),
        };
        let present = |name: &str| environment(name).filter(|value| !value.trim().is_empty());
        for (system, name) in [
            (&mut config.hubspot, "HUBSPOT"),
            (&mut config.salesforce, "SALESFORCE"),
        ] {
            system.url = present(&format!("CROSSWALK_{name}_URL")).or(system.url.take());
            system.token = present(&format!("CROSSWALK_{name}_TOKEN")).or(system.token.take());
        }
        let server = &mut config.server;
        server.token = present("CROSSWALK_SERVER_TOKEN").or(server.token.take());
        Ok(config)
    }

    fn from_toml(text: &str, file: &Path) -> Result<Self, ConfigError> {
        let document: Document =
            toml::from_str(text).map_err(|error| toml_error(text, file, &error))?;
        Ok(Self {
            file: Some(file.to_owned()),
            settings: document
                .sync
                .map(|table| json_of_table(table).to_string().into_bytes()),
            hubspot: System {
                url: document.hubspot.url,
                token: document.hubspot.token,
            },
            hubspot_bursts: document.hubspot.bursts,
            hubspot_key_property: document
                .hubspot
                .key_property
                .map(|name| name.trim().to_owned())
                .filter(|name| !name.is_empty()),
            salesforce: document.salesforce,
            budget: document.budget,
            ledger: document
                .ledger
                .file
                .map(|ledger| file.parent().unwrap_or(Path::new("")).join(ledger)),
            feeds: FeedSettings {
                opens: document.marketing_email.opens,
                event_types: document.event_types,
            },
            server: ServerConfig {
                listen: document.server.listen,
                token: document.server.token,
                limits: document.server.limits,
            },
        })
    }
}

/// The settings of a file: `.toml` its table `[sync]`, anything else JSON.
///
/// # Errors
/// If the file can't be read, or has no settings.
pub fn settings_of(file: &Path) -> Result<Vec<u8>, ConfigError> {
    let text = read(file)?;
    if file
        .extension()
        .is_none_or(|extension| !extension.eq_ignore_ascii_case("toml"))
    {
        return Ok(text.into_bytes());
    }
    let table: toml::Table =
        toml::from_str(&text).map_err(|error| toml_error(&text, file, &error))?;
    match table.get("sync") {
        Some(toml::Value::Table(sync)) => Ok(json_of_table(sync.clone()).to_string().into_bytes()),
        _ => Err(ConfigError {
            code: "settings_missing",
            file: Some(file.display().to_string().into()),
            line: None,
            key: "sync".to_owned(),
            message: "there is no table [sync] with the settings".to_owned(),
            hint: "Write the settings below a line `[sync]`, or give a .json file.".to_owned(),
        }),
    }
}

/// An error of the settings, at its place in the file that holds them.
pub fn locate(file: Option<&Path>, error: &RuleError) -> ConfigError {
    let path = error.path.as_str();
    let is_toml = file
        .and_then(Path::extension)
        .is_some_and(|extension| extension.eq_ignore_ascii_case("toml"));
    let text = file.and_then(|file| std::fs::read_to_string(file).ok());
    let line = text.and_then(|text| {
        if is_toml {
            line_in_toml(&text, path)
        } else {
            line_in_json(&text, path)
        }
    });
    ConfigError {
        code: "settings_invalid",
        file: file.map(|file| file.display().to_string().into()),
        line,
        key: if is_toml && !path.is_empty() {
            format!("sync.{path}")
        } else {
            path.to_owned()
        },
        message: error.message.clone(),
        hint: error.hint.clone(),
    }
}

fn read(file: &Path) -> Result<String, ConfigError> {
    std::fs::read_to_string(file).map_err(|error| ConfigError {
        code: "file_unreadable",
        file: Some(file.display().to_string().into()),
        line: None,
        key: String::new(),
        message: format!("can't be read: {error}"),
        hint: "Check the name and its permissions. --config names crosswalk.toml, --settings a file of settings.".to_owned(),
    })
}

fn toml_error(text: &str, file: &Path, error: &toml::de::Error) -> ConfigError {
    let line = error.span().map(|span| line_at(text, span.start));
    ConfigError {
        code: "config_invalid",
        file: Some(file.display().to_string().into()),
        key: line
            .and_then(|line| key_on_line(text, line))
            .unwrap_or_default(),
        line,
        message: error.message().to_owned(),
        hint: "What may stand in the file: docs/settings.md.".to_owned(),
    }
}

/// The key that a line sets, with its table.
fn key_on_line(text: &str, line: usize) -> Option<String> {
    let lines: Vec<&str> = text.lines().take(line).collect();
    let (key, _) = lines.last()?.split_once('=')?;
    let table = lines
        .iter()
        .rev()
        .find_map(|line| line.trim().strip_prefix('[')?.split(']').next());
    let table = table.map(|table| format!("{}.", table.trim_matches('[')));
    Some(format!("{}{}", table.unwrap_or_default(), key.trim()))
}

fn line_at(text: &str, position: usize) -> usize {
    text.bytes()
        .take(position)
        .filter(|byte| *byte == b'\n')
        .count()
        + 1
}

/// The line on which the last part of a path that is there stands.
fn line_in_toml(text: &str, path: &str) -> Option<usize> {
    let document = toml::de::DeTable::parse(text).ok()?;
    let mut table = document.get_ref();
    let mut at = None;
    for part in std::iter::once("sync").chain(path.split('.')) {
        let Some((key, value)) = table.iter().find(|(key, _)| key.get_ref() == part) else {
            break;
        };
        at = Some(key.span().start);
        match value.get_ref() {
            toml::de::DeValue::Table(inner) => table = inner,
            _ => break,
        }
    }
    at.map(|at| line_at(text, at))
}

/// The line on which the path's keys stand, one behind the other.
fn line_in_json(text: &str, path: &str) -> Option<usize> {
    let mut position = 0;
    let mut found = None;
    for part in path.split('.') {
        let key = format!("\"{part}\"");
        let Some(offset) = text.get(position..).and_then(|rest| rest.find(&key)) else {
            break;
        };
        found = Some(position + offset);
        position += offset + key.len();
    }
    found.map(|at| line_at(text, at))
}

fn json_of_table(table: toml::Table) -> Value {
    Value::Object(
        table
            .into_iter()
            .map(|(key, value)| (key, json_of(value)))
            .collect::<Map<_, _>>(),
    )
}

/// TOML's own dates are accepted as times.
fn json_of(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => text.into(),
        toml::Value::Integer(number) => number.into(),
        toml::Value::Float(number) => number.into(),
        toml::Value::Boolean(flag) => flag.into(),
        toml::Value::Datetime(at) => at.to_string().into(),
        toml::Value::Array(items) => items.into_iter().map(json_of).collect(),
        toml::Value::Table(table) => json_of_table(table),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    const TEXT: &str = "[hubspot]\nurl = \"https://a\"\ntoken = \"secret\"\n\n[sync]\nportal_id = \"1\"\nenabled_at = 2026-10-01T06:00:00Z\n[sync.owners]\nintegration_user = \"005\"\n";

    #[test]
    fn the_environment_wins_over_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("c.toml");
        std::fs::write(&file, TEXT).unwrap();
        let config = Config::load(Some(&file), |name| {
            (name == "CROSSWALK_HUBSPOT_URL").then(|| "https://b".to_owned())
        })
        .unwrap();
        assert_eq!(config.hubspot.url.as_deref(), Some("https://b"));
        assert_eq!(config.hubspot.token.as_deref(), Some("secret"));
        let settings: Value = serde_json::from_slice(&config.settings.unwrap()).unwrap();
        assert_eq!(settings["enabled_at"], "2026-10-01T06:00:00Z");
    }

    #[test]
    fn a_token_is_never_shown() {
        let system = System {
            url: None,
            token: Some("secret".to_owned()),
        };
        assert!(!format!("{system:?}").contains("secret"));
    }

    #[test]
    fn a_wrong_key_is_found_in_its_line() {
        assert_eq!(line_in_toml(TEXT, "owners.integration_user"), Some(9));
        assert_eq!(line_in_toml(TEXT, "owners.missing"), Some(8));
        assert_eq!(
            line_in_json("{\n\"owners\": {\n \"match_by\": 1}}", "owners.match_by"),
            Some(3)
        );
    }

    #[test]
    fn a_share_of_the_day_is_a_percentage() {
        let read = |text: &str| Config::from_toml(text, Path::new("c.toml"));
        let config = read("[budget]\nhubspot = \"60%\"").unwrap();
        assert_eq!(config.budget.hubspot, DailyShare::percent(60));
        assert_eq!(config.budget.salesforce, DailyShare::percent(80));
        for wrong in ["60", "0%", "101%", "-1%", "60 percent", ""] {
            let error = read(&format!("[budget]\nsalesforce = \"{wrong}\"")).unwrap_err();
            assert_eq!(error.line, Some(2), "{wrong}");
            let text = error.to_string();
            assert!(text.contains("from \"1%\" to \"100%\""), "{text}");
            assert!(
                text.starts_with("c.toml:2: `budget.salesforce`: "),
                "{text}"
            );
        }
        let error = read("[budget]\nsalesforce = 60").unwrap_err().to_string();
        assert!(error.contains("from \"1%\" to \"100%\""), "{error}");
        let error = read("[budget]\nsalesforc = \"60%\"").unwrap_err();
        assert_eq!(error.line, Some(2));
    }

    #[test]
    fn which_opens_count_is_a_word() {
        let read = |text: &str| Config::from_toml(text, Path::new("c.toml"));
        assert_eq!(read("").unwrap().feeds.opens, Opens::First);
        let all = read("[marketing_email]\nopens = \"all\"").unwrap();
        assert_eq!(all.feeds.opens, Opens::All);
        let error = read("[marketing_email]\nopens = \"most\"").unwrap_err();
        assert_eq!(
            (error.line, error.key.as_str()),
            (Some(2), "marketing_email.opens")
        );
        assert!(error.message.contains("`first` or `all`"), "{error}");
    }

    #[test]
    fn an_unknown_table_is_an_error_with_its_line() {
        let error = Config::from_toml("[hubspto]\nurl = \"x\"", Path::new("c.toml")).unwrap_err();
        assert_eq!(error.line, Some(1));
        assert!(
            error
                .to_string()
                .starts_with("c.toml:1: unknown field `hubspto`"),
            "{error}"
        );
    }
}
