//! Who may call, and for how long.

use std::collections::{HashMap, HashSet};

use super::data::App;
use super::moment;
use super::refusal::Refusal;

/// How long a token lives that was asked for.
pub(super) const LIFE_SECONDS: i64 = 1_800;

/// The tokens of a portal, and the apps that may ask for more.
pub(super) struct Tokens {
    permanent: HashSet<String>,
    /// When each ends.
    issued: HashMap<String, i64>,
    pub(super) apps: Vec<App>,
}

/// Who calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Caller {
    /// With a token that never ends.
    PrivateApp,
    /// With one that was asked for.
    OAuthApp,
}

impl Tokens {
    pub(super) fn new(permanent: Vec<String>, apps: Vec<App>) -> Self {
        Self {
            permanent: permanent.into_iter().collect(),
            issued: HashMap::new(),
            apps,
        }
    }

    /// Who calls with a token that is still good.
    pub(super) fn caller(&self, token: Option<&str>, now: i64) -> Result<Caller, Refusal> {
        let token = token.ok_or_else(Refusal::no_credentials)?;
        if self.permanent.contains(token) {
            return Ok(Caller::PrivateApp);
        }
        match self.ends(token) {
            None => Err(Refusal::no_credentials()),
            Some(ends) if now < ends => Ok(Caller::OAuthApp),
            Some(ends) => Err(expired(ends, now)),
        }
    }

    pub(super) fn ends(&self, token: &str) -> Option<i64> {
        self.issued.get(token).copied()
    }

    pub(super) fn issue(&mut self, now: i64) -> String {
        let token = format!("sandbox-{}-{now}", self.issued.len() + 1);
        self.issued
            .insert(token.clone(), now + LIFE_SECONDS * 1_000);
        token
    }
}

fn expired(ends: i64, now: i64) -> Refusal {
    let ago = (now - ends) / 1_000;
    Refusal::new(
        http::StatusCode::UNAUTHORIZED,
        format!("The OAuth token used to make this call expired {ago} second(s) ago."),
    )
    .context("expire time", [moment::written(ends)])
    .category("EXPIRED_AUTHENTICATION")
}
