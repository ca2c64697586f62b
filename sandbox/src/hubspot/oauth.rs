//! How apps get tokens.

use serde_json::{Value as Json, json};

use super::data::App;
use super::portal::Portal;
use super::refusal::Refusal;
use super::request::Call;
use super::tokens::LIFE_SECONDS;
use crate::front::Answer;

const SCOPES: [&str; 5] = [
    "oauth",
    "crm.objects.contacts.read",
    "crm.objects.contacts.write",
    "crm.objects.owners.read",
    "crm.schemas.contacts.read",
];

pub(super) fn token(portal: &mut Portal, call: &Call) -> Result<Answer, Refusal> {
    let form = call.form();
    let given = |name: &str| {
        form.iter()
            .find(|(held, _)| held == name)
            .map_or("", |(_, value)| value.as_str())
    };
    let app = app(portal, given("client_id"), given("client_secret"))?;
    let refresh_token = match given("grant_type") {
        "refresh_token" => {
            let refresh_token = given("refresh_token").to_owned();
            if !app.refresh_tokens.contains(&refresh_token) {
                let message = "refresh token is invalid, expired or revoked";
                return Err(Refusal::oauth(
                    "BAD_REFRESH_TOKEN",
                    "invalid_grant",
                    message,
                ));
            }
            Some(refresh_token)
        }
        "client_credentials" => None,
        _ => {
            return Err(Refusal::oauth(
                "BAD_GRANT_TYPE",
                "unsupported_grant_type",
                "missing or unknown grant type",
            ));
        }
    };
    let mut answer = json!({
        "access_token": portal.tokens.issue(portal.now),
        "expires_in": LIFE_SECONDS,
        "token_type": "bearer",
        "token_use": "access_token",
        "hub_id": portal.account.id,
        "user_id": 1,
        "scopes": SCOPES,
    });
    if let Some(refresh_token) = refresh_token {
        answer["refresh_token"] = json!(refresh_token);
    }
    Answer::ok(&answer)
}

fn app<'p>(portal: &'p Portal, client_id: &str, client_secret: &str) -> Result<&'p App, Refusal> {
    let app = portal
        .tokens
        .apps
        .iter()
        .find(|app| app.client_id == client_id);
    let app = app.ok_or_else(|| {
        Refusal::oauth(
            "BAD_CLIENT_ID",
            "invalid_client",
            "missing or unknown client id",
        )
    })?;
    if app.client_secret != client_secret {
        return Err(Refusal::oauth(
            "BAD_CLIENT_SECRET",
            "invalid_client",
            "missing or invalid client secret",
        ));
    }
    Ok(app)
}

/// What v1 tells of a token that its path names.
pub(super) fn about(portal: &Portal, token: &str) -> Result<Answer, Refusal> {
    Answer::ok(&described(portal, token).ok_or_else(Refusal::not_found)?)
}

/// What later versions tell of a token that a form names.
pub(super) fn introspect(portal: &Portal, call: &Call) -> Result<Answer, Refusal> {
    let form = call.form();
    let token = form
        .iter()
        .find(|(name, _)| name == "token")
        .map_or("", |(_, token)| token.as_str());
    let mut answer = described(portal, token).unwrap_or_else(|| json!({}));
    answer["active"] = json!(answer.get("token").is_some());
    Answer::ok(&answer)
}

fn described(portal: &Portal, token: &str) -> Option<Json> {
    let left = (portal.tokens.ends(token)? - portal.now) / 1_000;
    (left > 0).then(|| {
        json!({
            "token": token,
            "hub_id": portal.account.id,
            "user_id": 1,
            "scopes": SCOPES,
            "token_type": "access",
            "expires_in": left,
        })
    })
}
