//! What HubSpot means when it refuses.

use std::time::Duration;

use http::StatusCode;
use serde_json::Value as Json;

use crate::api::Explained;
use crate::error::Class;

pub(super) fn explain(status: StatusCode, body: &Json) -> Explained {
    let text = |name: &str| body.get(name).and_then(Json::as_str);
    let code = text("policyName")
        .or_else(|| text("category"))
        .or_else(|| text("errorType"));
    let (class, what_to_do, retry_after) = meaning(status, code, body);
    Explained {
        class,
        code: code.map(str::to_owned),
        message: text("message").map(|message| with_details(message, body)),
        what_to_do,
        retry_after,
    }
}

fn meaning(
    status: StatusCode,
    code: Option<&str>,
    body: &Json,
) -> (Class, String, Option<Duration>) {
    let told = |class, what_to_do: &str| (class, what_to_do.to_owned(), None);
    let after = |seconds, what_to_do: &str| {
        let wait = Duration::from_secs(seconds);
        (Class::Retry, what_to_do.to_owned(), Some(wait))
    };
    match (status.as_u16(), code) {
        (401, _) => told(
            Class::Fatal,
            "Replace the token: CROSSWALK_HUBSPOT_TOKEN, or hubspot.token in crosswalk.toml.",
        ),
        (403, _) => (Class::Fatal, missing_scopes(body), None),
        (429, Some("DAILY")) => told(
            Class::Wait,
            "It goes on at midnight in the account's time zone.",
        ),
        (429, Some("SECONDLY")) => after(1, "It is tried again in a moment."),
        (429, _) => after(10, "It is tried again in ten seconds."),
        (423, _) => after(
            2,
            "The record is locked for two seconds; it is tried again.",
        ),
        (477, _) => told(
            Class::Wait,
            "HubSpot is moving the account to another place; it goes on afterwards.",
        ),
        (404, _) => told(
            Class::Permanent,
            "The record or resource isn't there; it may have been deleted or merged.",
        ),
        (408 | 500..=599, _) => told(
            Class::Retry,
            "It is tried again; if it stays so, see status.hubspot.com.",
        ),
        _ => told(
            Class::Permanent,
            "Correct what the message names; it is not tried again as it is.",
        ),
    }
}

fn missing_scopes(body: &Json) -> String {
    let scopes: Vec<&str> = body
        .pointer("/errors/0/context/requiredGranularScopes")
        .and_then(Json::as_array)
        .into_iter()
        .flatten()
        .filter_map(Json::as_str)
        .collect();
    if scopes.is_empty() {
        "Give the private app the scopes that it needs (README.md lists them); its token stays."
            .to_owned()
    } else {
        format!("Give the private app the scopes {}.", scopes.join(", "))
    }
}

/// The message, and those of the single errors that it doesn't hold already.
pub(super) fn with_details(message: &str, body: &Json) -> String {
    let details = body.get("errors").and_then(Json::as_array);
    let details = details
        .into_iter()
        .flatten()
        .filter_map(|detail| detail.get("message").and_then(Json::as_str))
        .filter(|detail| !message.contains(detail));
    details.fold(message.to_owned(), |text, detail| {
        format!("{text}; {detail}")
    })
}
