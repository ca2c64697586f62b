//! Who may send something in?

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// A token isn't shorter, so that nobody guesses it.
const SHORTEST: usize = 16;

/// The token of the HTTP API; only its hash is kept.
#[derive(Clone)]
pub struct ServerToken([u8; 32]);

/// Why a token can't be one.
#[derive(Debug, thiserror::Error)]
#[error(
    "the token has to have at least {SHORTEST} characters, all of them letters, digits or signs of ASCII"
)]
pub struct UnfitToken;

impl ServerToken {
    /// This token.
    ///
    /// # Errors
    /// If it is too short, or can't stand in a header.
    pub fn new(token: &str) -> Result<Self, UnfitToken> {
        let token = token.trim();
        if token.len() < SHORTEST || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(UnfitToken);
        }
        Ok(Self(Sha256::digest(token).into()))
    }

    /// Whether it is this one. How long that takes tells nothing of how much of it is right.
    pub(super) fn is(&self, given: &str) -> bool {
        let given: [u8; 32] = Sha256::digest(given).into();
        self.0.ct_eq(&given).into()
    }
}

impl std::fmt::Debug for ServerToken {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("ServerToken([token])")
    }
}

/// The token of an `Authorization` header.
pub(super) fn bearer(header: &str) -> Option<&str> {
    let (scheme, token) = header.trim().split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    #[test]
    fn a_token_is_long_and_is_only_itself() {
        let token = ServerToken::new(" 0123456789abcdef\n").unwrap();
        assert!(token.is("0123456789abcdef"));
        for other in [
            "",
            "0123456789abcdeF",
            "0123456789abcde",
            "0123456789abcdef0",
        ] {
            assert!(!token.is(other), "{other}");
        }
        assert!(ServerToken::new("0123456789abcde").is_err());
        assert!(ServerToken::new("0123456789 abcdef").is_err());
        assert!(!format!("{token:?}").contains('0'));
    }

    #[test]
    fn a_header_brings_a_bearer_token_or_none() {
        assert_eq!(bearer("bearer  abc"), Some("abc"));
        assert_eq!(bearer("Basic abc"), None);
        assert_eq!(bearer("abc"), None);
    }
}
