//! What goes wrong with a whole document, and what to do about it (I1).

use crate::json;
use crate::names::names;
use serde::Serialize;
use std::fmt;

names! {
    /// Stable codes of errors; public, and listed in the documentation.
    pub enum Code {
        /// A setting is missing, unknown or has no valid value.
        SettingsInvalid = "settings_invalid",
        /// `now` or the shape of the snapshot.
        SnapshotInvalid = "snapshot_invalid",
        /// The input is not JSON, or not UTF-8.
        NotJson = "not_json",
        /// What is asked of a simulation: an unknown key, name or size.
        QueryInvalid = "query_invalid",
        /// The handle names no open rules.
        BadHandle = "bad_handle",
        /// The module speaks another version of the ABI.
        AbiVersion = "abi_version",
        /// The input is larger than 256 MiB.
        TooLarge = "too_large",
    }
}

/// An error in the settings or in a document: nothing was planned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Error {
    /// What kind of error.
    pub code: Code,
    /// Where: the path of the value, as `owners.integration_user` or `activities[3].id`; empty for the whole document.
    pub path: String,
    /// What is wrong.
    pub message: String,
    /// What to do; empty if there is nothing to add.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub hint: String,
}

impl Error {
    pub(crate) fn new(code: Code, path: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            code,
            path: path.into(),
            message: message.into(),
            hint: String::new(),
        }
    }

    /// The error as JSON: an object of `code`, `path`, `message` and, if there is one, `hint`.
    pub fn to_json(&self) -> String {
        json::text_of(self)
    }

    pub(crate) fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            write!(f, "`{}`: ", self.path)?;
        }
        f.write_str(&self.message)?;
        if !self.hint.is_empty() {
            write!(f, " ({})", self.hint)?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}
