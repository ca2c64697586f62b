//! What a system answered instead of what was asked for, and what to do about it.

use std::fmt;
use std::time::Duration;

/// Whether trying again helps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// It may well work soon.
    Retry,
    /// It works later, and not before: a day's limit, maintenance.
    Wait,
    /// It never works like this.
    Permanent,
    /// Nothing works on this connection until somebody does something.
    Fatal,
}

impl Class {
    /// Its name in the ledger and in what machines read.
    pub fn name(self) -> &'static str {
        match self {
            Self::Retry => "retry",
            Self::Wait => "wait",
            Self::Permanent => "permanent",
            Self::Fatal => "fatal",
        }
    }
}

/// What a system answered instead of what was asked for, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiError {
    /// Whether trying again helps.
    pub class: Class,
    /// `HubSpot` or `Salesforce`.
    pub system: &'static str,
    /// The answer's status, if there was an answer.
    pub status: Option<u16>,
    /// The system's own code.
    pub code: Option<String>,
    /// What the system says.
    pub message: String,
    /// What helps.
    pub what_to_do: String,
    /// How long to wait at least before the next attempt, where that is known.
    pub retry_after: Option<Duration>,
}

impl ApiError {
    /// What the system did, without what helps.
    pub fn what_happened(&self) -> String {
        let code = self.code.iter().map(|code| format!(" {code}"));
        let code: String = code.collect();
        let message = self.message.trim_end_matches('.');
        match self.status {
            Some(status) => format!("{} answered {status}{code}: {message}", self.system),
            None if self.class == Class::Fatal => {
                format!("{} can't be asked{code}: {message}", self.system)
            }
            None if self.class == Class::Wait => {
                format!("{} isn't asked{code}: {message}", self.system)
            }
            None => format!("{} gave no answer{code}: {message}", self.system),
        }
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}. {}", self.what_happened(), self.what_to_do)
    }
}

impl std::error::Error for ApiError {}
