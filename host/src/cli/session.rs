//! Configuration, module, clients and ledger, opened for a command.

use super::Common;
use super::failure::Failure;
use crate::clock::Clock;
use crate::config::{self, Config, System};
use crate::connection::Connection;
use crate::feeds::FeedSettings;
use crate::hubspot::{Bursts, HubSpot};
use crate::ledger::Ledger;
use crate::rules::{OpenRules, RuleError, RulesModule};
use crate::salesforce::Salesforce;
use crate::sync::Engine;
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
    pub(super) bursts: Bursts,
    pub(super) feeds: FeedSettings,
    pub(super) key_property: Option<String>,
    pub(super) ledger: Ledger,
    pub(super) clock: Arc<dyn Clock>,
}

impl Session {
    pub(super) fn open(common: &Common) -> Result<Self, Failure> {
        let config = load(common)?;
        let planner = Planner::open(common, &config)?;
        Self::with(common, config, planner)
    }

    /// With other settings than the file's.
    pub(super) fn with(common: &Common, config: Config, planner: Planner) -> Result<Self, Failure> {
        let connection = Connection::real().map_err(Failure::internal)?;
        let (hubspot_url, hubspot_token) =
            reach(&config.hubspot, "hubspot", "https://api.hubapi.com".into())?;
        let (salesforce_url, salesforce_token) = reach(&config.salesforce, "salesforce", None)?;
        Ok(Self {
            planner,
            hubspot: HubSpot::new(connection.clone(), hubspot_url, hubspot_token)
                .with_limits(config.hubspot_bursts, config.budget.hubspot),
            salesforce: Salesforce::new(connection.clone(), salesforce_url, salesforce_token)
                .with_daily_share(config.budget.salesforce),
            ledger: Ledger::open_alone(&ledger_file(common, &config))?,
            bursts: config.hubspot_bursts,
            feeds: config.feeds,
            key_property: config.hubspot_key_property,
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
            feeds: &self.feeds,
            key_property: self.key_property.as_deref(),
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
        let checked = Self::checked(file, settings)?;
        let module = match &common.rules {
            Some(file) => RulesModule::from_file(file),
            None => RulesModule::embedded(),
        }?;
        let rules = module.open(settings)?;
        Ok(Self {
            module: module.sha256().to_owned(),
            rules,
            settings: checked,
        })
    }

    /// The settings, read by the rules.
    pub(super) fn checked(
        file: Option<&Path>,
        settings: &[u8],
    ) -> Result<crosswalk_core::Rules, Failure> {
        crosswalk_core::Rules::from_json(settings).map_err(|error| {
            let error = RuleError {
                code: error.code.name().to_owned(),
                path: error.path,
                message: error.message,
                hint: error.hint,
            };
            Failure::of_rules(&error, config::locate(file, &error))
        })
    }
}

pub(super) fn load(common: &Common) -> Result<Config, Failure> {
    Ok(Config::load(common.config.as_deref(), |name| {
        std::env::var(name).ok()
    })?)
}

pub(super) fn settings(
    common: &Common,
    config: &Config,
) -> Result<(Option<PathBuf>, Vec<u8>), Failure> {
    if let Some(file) = &common.settings {
        return Ok((Some(file.clone()), config::settings_of(file)?));
    }
    match &config.settings {
        Some(settings) => Ok((config.file.clone(), settings.clone())),
        None => Err(
            Failure::usage("settings_missing", "there are no settings").hint(
                "Write them into crosswalk.toml, as a table [sync], or give a file by --settings.",
            ),
        ),
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
        let message = format!("there is no ledger {}", file.display());
        return Err(Failure::failed("ledger_missing", message)
            .hint("Run `crosswalk sync` first, or give the ledger's file by --ledger."));
    }
    Ok(Ledger::open(&file)?)
}

fn reach(
    system: &System,
    name: &str,
    default_url: Option<&str>,
) -> Result<(url::Url, Token), Failure> {
    let upper = name.to_uppercase();
    let missing = |what: &str| {
        Failure::usage("config_missing", format!("{name}.{what} is missing")).hint(format!(
            "Set it in crosswalk.toml under [{name}], or as CROSSWALK_{upper}_{}.",
            what.to_uppercase()
        ))
    };
    let url = system
        .url
        .as_deref()
        .or(default_url)
        .ok_or_else(|| missing("url"))?;
    let key = format!("{name}.url");
    let wrong = |why: &str| {
        let message = format!("`{url}` is no address of a system: {why}");
        Failure::usage("config_invalid", message)
            .at(&key)
            .hint(format!(
                "Write it as https://…, in crosswalk.toml under [{name}] or as CROSSWALK_{upper}_URL."
            ))
    };
    let url: url::Url = url.parse().map_err(|error| wrong(&format!("{error}")))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(wrong("it begins neither with https:// nor with http://"));
    }
    let token = system.token.clone().ok_or_else(|| missing("token"))?;
    Ok((url, Token::new(token)))
}
