//! How applications get tokens, and end them.

use http::{Method, StatusCode, header};
use serde_json::json;

use super::data::ConnectedApp;
use super::error::Refusal;
use super::id::RecordId;
use super::identity;
use super::org::Org;
use super::request::Call;
use crate::front::Answer;

const SCOPE: &str = "refresh_token api id";

/// Answers what is under `/services/oauth2`.
pub(super) fn answer(
    org: &mut Org,
    call: &Call,
    resource: &str,
    now: i64,
) -> Result<Answer, Refusal> {
    match (&call.method, resource) {
        (&Method::POST, "token") => token(org, call, now),
        (&Method::POST, "revoke") => revoke(org, call),
        (_, "userinfo") => identity::of_caller(org, call, now),
        _ => Err(Refusal::not_found()),
    }
}

fn token(org: &mut Org, call: &Call, now: i64) -> Result<Answer, Refusal> {
    let form = call.form();
    let given = |name: &str| {
        form.iter()
            .find(|(held, _)| held == name)
            .map_or("", |(_, value)| value.as_str())
    };
    let basic = basic(call);
    let (client_id, client_secret) = match &basic {
        Some((id, secret)) => (id.as_str(), secret.as_str()),
        None => (given("client_id"), given("client_secret")),
    };
    let grant = given("grant_type");
    if !matches!(grant, "refresh_token" | "client_credentials") {
        return refused("unsupported_grant_type", "grant type not supported");
    }
    let Some(app) = org.sessions.app(client_id) else {
        return refused("invalid_client_id", "client identifier invalid");
    };
    // A public application refreshes without its secret.
    let is_secret_needed = grant == "client_credentials" || !client_secret.is_empty();
    if is_secret_needed && app.client_secret != client_secret {
        return refused("invalid_client", "invalid client credentials");
    }
    if grant == "refresh_token" && !knows(app, given("refresh_token")) {
        return refused("invalid_grant", "expired access/refresh token");
    }
    let user = RecordId::parse(&app.user_id);
    let Some(user) = user.filter(|user| org.field_of(*user, "IsActive").is_true()) else {
        return refused("invalid_grant", "authentication failure");
    };
    let organization_id = org.organization_id.clone();
    let access_token = org.sessions.issue(&organization_id, user, now);
    Answer::ok(&json!({
        "access_token": access_token,
        "instance_url": call.origin,
        "id": format!("{}/id/{organization_id}/{user}", call.origin),
        "token_type": "Bearer",
        "issued_at": (now * 1_000).to_string(),
        "signature": "c2FuZGJveCBzaWduYXR1cmUsIG5vYm9keSBjaGVja3M=",
        "scope": SCOPE,
    }))
}

fn knows(app: &ConnectedApp, refresh_token: &str) -> bool {
    app.refresh_tokens.iter().any(|held| held == refresh_token)
}

fn revoke(org: &mut Org, call: &Call) -> Result<Answer, Refusal> {
    let form = call.form();
    let token = form.iter().find(|(name, _)| name == "token");
    let is_ended = token
        .is_some_and(|(_, token)| org.sessions.end(token) || org.sessions.end_refresh_token(token));
    match is_ended {
        true => Ok(Answer::empty(StatusCode::OK)),
        false => refused("invalid_token", "invalid token"),
    }
}

fn refused(error: &str, description: &str) -> Result<Answer, Refusal> {
    Answer::json(
        StatusCode::BAD_REQUEST,
        &json!({ "error": error, "error_description": description }),
    )
}

/// Who an application says it is in the header that is meant for it.
fn basic(call: &Call) -> Option<(String, String)> {
    let (scheme, credentials) = call
        .header(header::AUTHORIZATION.as_str())?
        .split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let credentials = String::from_utf8(base64(credentials.trim())?).ok()?;
    let (id, secret) = credentials.split_once(':')?;
    Some((id.to_owned(), secret.to_owned()))
}

fn base64(text: &str) -> Option<Vec<u8>> {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut bytes, mut bits, mut held) = (Vec::new(), 0u32, 0u32);
    for character in text.trim_end_matches('=').bytes() {
        let digit = DIGITS.iter().position(|digit| *digit == character)?;
        held = (held << 6 | digit as u32) & 0xFFFF;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((held >> bits & 0xFF) as u8);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_read_with_and_without_its_padding() {
        for (text, expected) in [
            ("", Some("")),
            ("YQ==", Some("a")),
            ("YTpi", Some("a:b")),
            ("YTpiYw", Some("a:bc")),
            ("YTpi*", None),
        ] {
            let bytes = base64(text);
            assert_eq!(bytes.as_deref(), expected.map(str::as_bytes), "{text}");
        }
    }
}
