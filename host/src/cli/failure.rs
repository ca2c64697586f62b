//! Why a command failed: a stable code, where, what, what to do, and the exit code.

use crate::config::ConfigError;
use crate::error::{ApiError, Class};
use crate::ledger::{LedgerError, PassFailure};
use crate::rules::{RuleError, RulesError};
use crate::sync::PassError;
use serde_json::{Map, Value, json};
use std::fmt;

/// Why a command failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Failure {
    pub(super) exit: u8,
    code: String,
    /// As the rules say it, or a key of `crosswalk.toml`.
    path: Box<str>,
    /// The file, its line and the key in it, as a person reads it.
    place: Box<str>,
    message: String,
    hint: Box<str>,
}

impl Failure {
    fn new(exit: u8, code: impl Into<String>, message: impl fmt::Display) -> Self {
        Self {
            exit,
            code: code.into(),
            path: Box::default(),
            place: Box::default(),
            message: message.to_string(),
            hint: Box::default(),
        }
    }

    /// Exit code 1.
    pub(super) fn failed(code: &str, message: impl fmt::Display) -> Self {
        Self::new(1, code, message)
    }

    /// Exit code 2: bad usage or settings.
    pub(super) fn usage(code: &str, message: impl fmt::Display) -> Self {
        Self::new(2, code, message)
    }

    /// What nobody can do anything about but us.
    pub(super) fn internal(message: impl fmt::Display) -> Self {
        Self::failed("internal", message).hint("This shouldn't be: please report it.")
    }

    pub(super) fn hint(mut self, hint: impl fmt::Display) -> Self {
        self.hint = hint.to_string().into();
        self
    }

    /// A hint where there is none yet.
    pub(super) fn or_hint(self, hint: &str) -> Self {
        if self.hint.is_empty() {
            self.hint(hint)
        } else {
            self
        }
    }

    pub(super) fn at(mut self, path: &str) -> Self {
        self.path = path.into();
        self.place = format!("`{path}`: ").into();
        self
    }

    /// An error of the rules, at its place in a file.
    pub(super) fn of_rules(error: &RuleError, located: ConfigError) -> Self {
        Self {
            code: error.code.clone(),
            path: error.path.as_str().into(),
            ..located.into()
        }
    }

    /// As the ledger keeps it with the pass that it ended.
    pub(super) fn of_pass(&self, class: Class) -> PassFailure {
        PassFailure {
            class: class.name().to_owned(),
            code: self.code.clone(),
            message: format!("{}{}", self.place, self.message),
            what_to_do: self.hint.to_string(),
        }
    }

    /// `{"error": {"code", "path", "message", "hint"}}`; what is empty is left out.
    pub(super) fn to_json(&self) -> Value {
        let file = self
            .place
            .split_once(": `")
            .map_or_else(|| self.place.trim_end_matches(": "), |(file, _)| file);
        let file = if file.starts_with('`') { "" } else { file };
        let parts = [
            ("code", self.code.as_str()),
            ("path", &self.path),
            ("file", file),
            ("message", &self.message),
            ("hint", &self.hint),
        ];
        let parts = parts.into_iter().filter(|(_, text)| !text.is_empty());
        let error: Map<String, Value> = parts
            .map(|(name, text)| (name.to_owned(), text.into()))
            .collect();
        json!({"error": error})
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.place, self.message)?;
        if self.hint.is_empty() {
            Ok(())
        } else {
            write!(f, "\n  {}", self.hint)
        }
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self {
            place: error.place().into(),
            path: error.key.into(),
            hint: error.hint.into(),
            ..Self::usage(error.code, error.message)
        }
    }
}

impl From<LedgerError> for Failure {
    fn from(error: LedgerError) -> Self {
        let code = match error {
            LedgerError::InUse { .. } => "ledger_in_use",
            LedgerError::Statement(_) if error.is_busy() => "ledger_in_use",
            LedgerError::Open { .. } => "ledger_unusable",
            LedgerError::Statement(_) => "ledger_failed",
        };
        Self::failed(code, &error).hint(error.what_to_do())
    }
}

impl From<RulesError> for Failure {
    fn from(error: RulesError) -> Self {
        match error {
            RulesError::Settings(rule) | RulesError::Snapshot(rule) => Self {
                path: rule.path.into(),
                hint: rule.hint.into(),
                ..Self::usage(&rule.code, rule.message)
            },
            RulesError::AbiVersion { .. } => Self::failed("abi_version", &error)
                .hint("Use the module that belongs to this program, or leave --rules out."),
            RulesError::Trapped(_) | RulesError::BadAnswer(_) => Self::failed("rules_failed", &error)
                .hint("With --rules, use the module that belongs to this program; otherwise please report it."),
            RulesError::Unreadable { .. } | RulesError::NotRules(_) => {
                // wasmtime's words go over several lines.
                let message = error.to_string();
                let words: Vec<&str> = message.split_whitespace().collect();
                Self::failed("rules_unusable", words.join(" "))
                    .hint("Give a crosswalk_rules.wasm by --rules, or leave --rules out.")
            }
        }
    }
}

impl From<ApiError> for Failure {
    fn from(error: ApiError) -> Self {
        let code = format!("{}_{}", error.system.to_lowercase(), kind(&error));
        Self::failed(&code, error.what_happened()).hint(&error.what_to_do)
    }
}

/// What went wrong between us and a system.
fn kind(error: &ApiError) -> &'static str {
    match (error.status, error.class) {
        (_, Class::Wait) | (Some(429), _) => "limit",
        (None, Class::Fatal) => "misconfigured",
        (None, _) => "unreachable",
        (Some(200..=299), _) => "unreadable",
        (Some(300..=399), _) => "moved",
        (Some(401), _) => "unauthorized",
        (Some(403), _) => "forbidden",
        (Some(408 | 500..=599), _) => "unavailable",
        _ => "refused",
    }
}

impl From<PassError> for Failure {
    fn from(error: PassError) -> Self {
        match error {
            PassError::Api(error) => error.into(),
            PassError::Ledger(error) => error.into(),
            PassError::Rules(error) => error.into(),
            PassError::Plan(_) => Self::failed("rules_failed", &error)
                .hint("Use the module that this program was built with."),
            PassError::PlanChanged { .. } => Self::new(4, "plan_changed", &error)
                .hint("Nothing was written. Look at `crosswalk preview` again."),
            PassError::OtherPortal { ref account, .. } => {
                let hint = format!(
                    "Set portal_id to \"{account}\", or use the token of the other portal."
                );
                Self::usage("other_portal", &error).hint(hint)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_told_to_people_and_programs() {
        let error = ConfigError {
            code: "settings_invalid",
            file: Some("c.toml".into()),
            line: Some(6),
            key: "sync.owners.integration_usr".to_owned(),
            message: "there is no such setting".to_owned(),
            hint: "did you mean `integration_user`?".to_owned(),
        };
        let rule = RuleError {
            code: "settings_invalid".to_owned(),
            path: "owners.integration_usr".to_owned(),
            message: String::new(),
            hint: String::new(),
        };
        let failure = Failure::of_rules(&rule, error);
        assert_eq!(
            failure.to_string(),
            "c.toml:6: `sync.owners.integration_usr`: there is no such setting\n  did you mean `integration_user`?"
        );
        let told = json!({"code": "settings_invalid", "path": "owners.integration_usr", "file": "c.toml:6",
            "message": "there is no such setting", "hint": "did you mean `integration_user`?"});
        assert_eq!(failure.to_json(), json!({"error": told}));
    }

    #[test]
    fn what_went_wrong_with_a_system_has_a_code() {
        let error = |status, class| ApiError {
            class,
            system: "HubSpot",
            status,
            code: None,
            message: "no".to_owned(),
            what_to_do: "wait".to_owned(),
            retry_after: None,
        };
        for (status, class, code) in [
            (None, Class::Retry, "hubspot_unreachable"),
            (None, Class::Wait, "hubspot_limit"),
            (Some(200), Class::Retry, "hubspot_unreadable"),
            (Some(302), Class::Fatal, "hubspot_moved"),
            (Some(401), Class::Fatal, "hubspot_unauthorized"),
            (Some(404), Class::Permanent, "hubspot_refused"),
            (Some(503), Class::Retry, "hubspot_unavailable"),
        ] {
            assert_eq!(Failure::from(error(status, class)).code, code);
        }
    }
}
