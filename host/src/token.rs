//! The bearer token of a connection.

use std::fmt;

use http::HeaderValue;
use sha2::{Digest, Sha256};

/// A bearer token. It is never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// This token.
    pub fn new(token: impl Into<String>) -> Self {
        Self(token.into())
    }

    /// The `Authorization` header; none if the token holds what no header may hold.
    pub(crate) fn authorization(&self) -> Option<HeaderValue> {
        let mut value = HeaderValue::try_from(format!("Bearer {}", self.0)).ok()?;
        value.set_sensitive(true);
        Some(value)
    }

    /// Tells the token at this address from others, and can't be turned back into it.
    pub(crate) fn fingerprint(&self, address: &str) -> String {
        let digest = Sha256::new()
            .chain_update(address)
            .chain_update([0])
            .chain_update(&self.0)
            .finalize();
        digest
            .iter()
            .take(16)
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }

    /// The text without the token, should a system repeat it.
    pub(crate) fn redacted(&self, text: &str) -> String {
        if self.0.is_empty() {
            text.to_owned()
        } else {
            text.replace(&self.0, "[token]")
        }
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Token([token])")
    }
}
