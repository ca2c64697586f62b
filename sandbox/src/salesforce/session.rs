//! Who may call: the tokens of an org, and the applications that may ask for more.

use std::collections::HashMap;

use super::data::{ConnectedApp, SalesforceData};
use super::id::RecordId;

/// How long a token lives that was asked for; an org's static tokens live until they are ended.
const SESSION_SECONDS: i64 = 2 * 60 * 60;

/// The tokens and applications of an org.
pub(super) struct Sessions {
    open: HashMap<String, Session>,
    apps: Vec<ConnectedApp>,
    integration_user: RecordId,
    issued: u64,
}

struct Session {
    user: RecordId,
    ends: Option<i64>,
}

impl Sessions {
    pub(super) fn new(data: &SalesforceData) -> Self {
        let open: HashMap<_, _> = data
            .tokens
            .iter()
            .filter_map(|(token, user)| {
                Some((
                    token.clone(),
                    Session {
                        user: RecordId::parse(user)?,
                        ends: None,
                    },
                ))
            })
            .collect();
        let first = data
            .tokens
            .values()
            .next()
            .and_then(|user| RecordId::parse(user));
        Self {
            open,
            apps: data.connected_apps.clone(),
            integration_user: first.unwrap_or(RecordId::new("005", 1)),
            issued: 0,
        }
    }

    /// The user that seeded records belong to, unless they say otherwise.
    pub(super) fn integration_user(&self) -> RecordId {
        self.integration_user
    }

    /// The user of a token that is still good.
    pub(super) fn user(&self, token: &str, now: i64) -> Option<RecordId> {
        let session = self.open.get(token)?;
        session
            .ends
            .is_none_or(|ends| now < ends)
            .then_some(session.user)
    }

    pub(super) fn issue(&mut self, organization_id: &str, user: RecordId, now: i64) -> String {
        self.issued += 1;
        let token = format!(
            "{}!SANDBOX.{}.{now}",
            organization_id.get(..15).unwrap_or_default(),
            self.issued
        );
        self.open.insert(
            token.clone(),
            Session {
                user,
                ends: Some(now + SESSION_SECONDS),
            },
        );
        token
    }

    /// Ends a token, a static one too. False when there was none.
    pub(super) fn end(&mut self, token: &str) -> bool {
        self.open.remove(token).is_some()
    }

    /// Takes a refresh token back. False when no application has it.
    pub(super) fn end_refresh_token(&mut self, token: &str) -> bool {
        let held = |app: &ConnectedApp| app.refresh_tokens.iter().any(|held| held == token);
        let Some(app) = self.apps.iter_mut().find(|app| held(app)) else {
            return false;
        };
        app.refresh_tokens.retain(|held| held != token);
        true
    }

    pub(super) fn app(&self, client_id: &str) -> Option<&ConnectedApp> {
        self.apps.iter().find(|app| app.client_id == client_id)
    }
}
