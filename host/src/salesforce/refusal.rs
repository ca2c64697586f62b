//! What Salesforce means when it refuses a whole call.

use std::time::Duration;

use http::StatusCode;
use serde_json::Value as Json;

use super::record_errors::classify;
use crate::api::Explained;
use crate::error::Class;

pub(super) fn explain(status: StatusCode, body: &Json) -> Explained {
    // A list of errors; the token endpoint writes an object.
    let first = body.get(0).unwrap_or(body);
    let text = |names: [&str; 2]| {
        names
            .into_iter()
            .find_map(|name| first.get(name))
            .and_then(Json::as_str)
    };
    let code = text(["errorCode", "error"]);
    let message = text(["message", "error_description"]);
    let (class, what_to_do, retry_after) = meaning(status, code, message.unwrap_or_default());
    Explained {
        class,
        code: code.map(str::to_owned),
        message: message.map(str::to_owned),
        what_to_do: what_to_do.to_owned(),
        retry_after,
    }
}

fn meaning(
    status: StatusCode,
    code: Option<&str>,
    message: &str,
) -> (Class, &'static str, Option<Duration>) {
    match (status.as_u16(), code) {
        (401, _) => (
            Class::Fatal,
            "Replace the token: CROSSWALK_SALESFORCE_TOKEN, or salesforce.token in crosswalk.toml.",
            None,
        ),
        (_, Some("REQUEST_LIMIT_EXCEEDED")) if message.starts_with("ConcurrentRequests") => (
            Class::Retry,
            "Too many long calls run at once; it is tried again.",
            Some(Duration::from_secs(5)),
        ),
        (420 | 429, _) => (
            Class::Retry,
            "Salesforce asks for fewer calls; it is tried again.",
            Some(Duration::from_secs(5)),
        ),
        (408 | 500..=599, None) => (
            Class::Retry,
            "It is tried again; if it stays so, see status.salesforce.com.",
            None,
        ),
        (_, Some(code)) => {
            let (class, what_to_do) = classify(code);
            (class, what_to_do, None)
        }
        (300..=399, None) => (
            Class::Fatal,
            "The org is at another address: correct CROSSWALK_SALESFORCE_URL, or salesforce.url in crosswalk.toml.",
            None,
        ),
        _ => (
            Class::Permanent,
            "Correct what the message names; it is not tried again as it is.",
            None,
        ),
    }
}
