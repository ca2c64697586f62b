//! Configuration, module, clients and ledger, opened for a command.

use super::{Common, Failure};
use crate::budget::DailyShare;
use crate::clock::Clock;
use crate::config::{self, Config, System};
use crate::connection::Connection;
use crate::hubspot::HubSpot;
use crate::ledger::Ledger;
use crate::rules::{OpenRules, RulesError, RulesModule};
use crate::salesforce::Salesforce;
use crate::sync::{Engine, PassError};
use crate::token::Token;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What every command that plans needs.
pub(super) struct Planner {
    pub(super) module: String,
    pub(super) rules: OpenRules,
    pub(super) settings: crosswalk_core::Rules,
}

/// What every command that talks to the systems needs.
pub(super) struct Session {
    pub(super) planner: Planner,
    pub(super) hubspot: HubSpot,
    pub(super) salesforce: Salesforce,
    pub(super) ledger: Ledger,
    pub(super) clock: Arc<dyn Clock>,
}

impl Session {
    pub(super) fn open(common: &Common) -> Result<Self, Failure> {
        let config = load(common)?;
        let planner = Planner::open(common, &config)?;
        let connection = Connection::real().map_err(Failure::failed)?;
        let (hubspot_url, hubspot_token) =
            reach(&config.hubspot, "hubspot", "https://api.hubapi.com".into())?;
        let (salesforce_url, salesforce_token) = reach(&config.salesforce, "salesforce", None)?;
        Ok(Self {
            planner,
            hubspot: HubSpot::new(connection.clone(), hubspot_url, hubspot_token)
                .with_limits(config.hubspot_bursts, DailyShare::default()),
            salesforce: Salesforce::new(connection.clone(), salesforce_url, salesforce_token),
            ledger: Ledger::open_alone(&ledger_file(common, &config)).map_err(Failure::failed)?,
            clock: connection.clock,
        })
    }

    pub(super) fn engine(&self) -> Engine<'_> {
        Engine {
            hubspot: &self.hubspot,
            salesforce: &self.salesforce,
            rules: &self.planner.rules,
            module: &self.planner.module,
            settings: &self.planner.settings,
            ledger: &self.ledger,
            clock: &*self.clock,
        }
    }
}

impl Planner {
    pub(super) fn open(common: &Common, config: &Config) -> Result<Self, Failure> {
        let (file, settings) = settings(common, config)?;
        Self::with_settings(common, file.as_deref(), &settings)
    }

    pub(super) fn with_settings(
        common: &Common,
        file: Option<&Path>,
        settings: &[u8],
    ) -> Result<Self, Failure> {
        let checked = crosswalk_core::Rules::from_json(settings).map_err(|error| {
            Failure::usage(config::locate(
                file,
                &error.path,
                &error.message,
                &error.hint,
            ))
        })?;
        let module = match &common.rules {
            Some(file) => RulesModule::from_file(file),
            None => RulesModule::embedded(),
        }
        .map_err(|error| Failure::failed(error.to_string()))?;
        let rules = module
            .open(settings)
            .map_err(|error| rules_failure(&error))?;
        Ok(Self {
            module: module.sha256().to_owned(),
            rules,
            settings: checked,
        })
    }
}

pub(super) fn load(common: &Common) -> Result<Config, Failure> {
    Config::load(common.config.as_deref(), |name| std::env::var(name).ok()).map_err(Failure::usage)
}

fn settings(common: &Common, config: &Config) -> Result<(Option<PathBuf>, Vec<u8>), Failure> {
    if let Some(file) = &common.settings {
        return Ok((
            Some(file.clone()),
            config::settings_of(file).map_err(Failure::usage)?,
        ));
    }
    match &config.settings {
        Some(settings) => Ok((config.file.clone(), settings.clone())),
        None => Err(Failure::usage(
            "there are no settings; give a file by --settings, or a table [sync] in crosswalk.toml",
        )),
    }
}

/// The ledger of a command: the option, the file's, else `crosswalk.db`.
pub(super) fn ledger_file(common: &Common, config: &Config) -> PathBuf {
    common
        .ledger
        .clone()
        .or_else(|| config.ledger.clone())
        .unwrap_or_else(|| PathBuf::from("crosswalk.db"))
}

/// The ledger of a command that only reads: it must be there.
pub(super) fn existing_ledger(common: &Common) -> Result<Ledger, Failure> {
    let config = load(common)?;
    let file = ledger_file(common, &config);
    if !file.exists() {
        return Err(Failure::failed(format!(
            "there is no ledger {}; run `crosswalk sync` first, or give it by --ledger",
            file.display()
        )));
    }
    Ledger::open(&file).map_err(Failure::failed)
}

fn reach(
    system: &System,
    name: &str,
    default_url: Option<&str>,
) -> Result<(url::Url, Token), Failure> {
    let upper = name.to_uppercase();
    let missing = |what: &str| {
        Failure::usage(format!(
            "{name}.{what} is missing; set it in crosswalk.toml under [{name}], or as CROSSWALK_{upper}_{}",
            what.to_uppercase()
        ))
    };
    let url = system
        .url
        .as_deref()
        .or(default_url)
        .ok_or_else(|| missing("url"))?;
    let url = url
        .parse()
        .map_err(|error| Failure::usage(format!("{name}.url: `{url}` is no URL: {error}")))?;
    let token = system.token.clone().ok_or_else(|| missing("token"))?;
    Ok((url, Token::new(token)))
}

pub(super) fn rules_failure(error: &RulesError) -> Failure {
    Failure::failed(error.to_string())
}

pub(super) fn pass_failure(error: PassError) -> Failure {
    match &error {
        PassError::PlanChanged { .. } => Failure::plan_changed(error),
        PassError::OtherPortal { .. } => Failure::usage(error),
        _ => Failure::failed(error),
    }
}
