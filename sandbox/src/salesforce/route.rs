//! Which request is answered where, and to whom.

use http::{HeaderName, StatusCode};

use super::error::Refusal;
use super::org::Org;
use super::request::Call;
use super::save::Writer;
use super::version::{self, Version};
use super::{
    changes, collections, composite, describe, identity, jobs, limits, oauth, queries, records,
    upsert,
};
use crate::Limits;
use crate::front::Answer;

/// The most bytes of an address, and of an address with its headers.
const LONGEST_ADDRESS: usize = 16_384;

/// Who calls, when, and which version of the API.
#[derive(Clone, Copy)]
pub(super) struct Caller {
    pub(super) writer: Writer,
    pub(super) version: Version,
}

impl Caller {
    pub(super) fn now(&self) -> i64 {
        self.writer.now
    }
}

/// Answers a request as a whole.
pub(super) fn answer(org: &mut Org, call: &Call, now: i64, limits: Limits) -> Answer {
    let answer = dispatch(org, call, now, limits);
    org.close_journal();
    answer.unwrap_or_else(|refusal| refusal.answer())
}

fn dispatch(org: &mut Org, call: &Call, now: i64, limits: Limits) -> Result<Answer, Refusal> {
    if call.address_length() > LONGEST_ADDRESS {
        let message = "The length of the URI exceeds the 16,384-byte limit.";
        return Err(Refusal::new(
            StatusCode::URI_TOO_LONG,
            "URI_TOO_LONG",
            message,
        ));
    }
    if call.address_length() + call.headers_length() > LONGEST_ADDRESS {
        let message = "The combined length of the URI and headers exceeds the 16,384-byte limit.";
        return Err(Refusal::new(
            StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            "REQUEST_HEADER_FIELDS_TOO_LARGE",
            message,
        ));
    }
    let path: Vec<_> = call.path.iter().map(String::as_str).collect();
    match path.as_slice() {
        ["services", "data"] => version::all(),
        ["services", "data", version, resource @ ..] => {
            let version = Version::of(version).ok_or_else(Refusal::not_found)?;
            data(org, call, (version, resource), now, limits)
        }
        ["services", "oauth2", resource] => oauth::answer(org, call, resource, now),
        ["id", organization, user] => identity::of_url(org, call, (organization, user), now),
        _ => Err(Refusal::not_found()),
    }
}

/// Answers who has a token, within what the org takes in a day, and says how much that was.
fn data(
    org: &mut Org,
    call: &Call,
    (version, resource): (Version, &[&str]),
    now: i64,
    limits: Limits,
) -> Result<Answer, Refusal> {
    let user = call
        .token()
        .and_then(|token| org.sessions.user(token, now))
        .ok_or_else(Refusal::session)?;
    let caller = Caller {
        writer: Writer { user, now },
        version,
    };
    let is_free = limits == Limits::Off || org.usage.used(now) < org.usage.max();
    let answer = if is_free {
        // One that is not limited may call a million times, and the day would look used up.
        if limits == Limits::On {
            org.usage.count(now);
        }
        within(org, call, caller, resource, limits)
    } else {
        Err(Refusal::new(
            StatusCode::FORBIDDEN,
            "REQUEST_LIMIT_EXCEEDED",
            "TotalRequests Limit exceeded.",
        ))
    };
    let usage = format!("api-usage={}/{}", org.usage.used(now), org.usage.max());
    Ok(answer
        .unwrap_or_else(|refusal| refusal.answer())
        .header(HeaderName::from_static("sforce-limit-info"), usage))
}

fn within(
    org: &mut Org,
    call: &Call,
    caller: Caller,
    path: &[&str],
    limits: Limits,
) -> Result<Answer, Refusal> {
    match path {
        ["composite"] if call.method == http::Method::POST => composite::answer(org, call, caller),
        ["composite", "batch"] if call.method == http::Method::POST => {
            composite::batch(org, call, caller, limits)
        }
        ["jobs", "query"] if call.method == http::Method::POST => {
            jobs::create(org, call, caller, limits)
        }
        _ => resource(org, call, caller, path),
    }
}

/// Answers for one resource.
pub(super) fn resource(
    org: &mut Org,
    call: &Call,
    caller: Caller,
    path: &[&str],
) -> Result<Answer, Refusal> {
    let allowed = methods(path).ok_or_else(Refusal::not_found)?;
    if !allowed.contains(&call.method.as_str()) {
        let message = format!(
            "HTTP Method '{}' not allowed. Allowed are {}",
            call.method,
            allowed.join(",")
        );
        return Err(Refusal::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "METHOD_NOT_ALLOWED",
            message,
        ));
    }
    if call.is_foreign() {
        return Err(Refusal::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "UNSUPPORTED_MEDIA_TYPE",
            "The request body is in a format that isn't supported: send application/json",
        ));
    }
    match (call.method.as_str(), path) {
        ("GET", []) => version::resources(org, call, caller),
        ("GET", ["limits"]) => limits::all(org, caller),
        ("GET", ["limits", "recordCount"]) => limits::record_count(org, call),
        ("GET", ["query"]) => queries::first(org, call, caller, false),
        ("GET", ["queryAll"]) => queries::first(org, call, caller, true),
        ("GET", ["query" | "queryAll", locator]) => queries::next(org, locator, caller),
        ("GET", ["jobs", "query"]) => jobs::list(org),
        ("GET", ["jobs", "query", id]) => jobs::get(org, id, caller),
        ("PATCH", ["jobs", "query", id]) => jobs::change(org, call, id, caller),
        ("DELETE", ["jobs", "query", id]) => jobs::delete(org, id, caller),
        ("GET", ["jobs", "query", id, "results"]) => jobs::results(org, call, id, caller),
        ("POST", ["composite", "sobjects"]) => collections::create(org, call, caller),
        ("PATCH", ["composite", "sobjects"]) => collections::update(org, call, caller),
        ("DELETE", ["composite", "sobjects"]) => collections::delete(org, call, caller),
        (_, ["composite", "sobjects", name]) => {
            collections::retrieve(org, call, table(org, name)?, caller)
        }
        ("PATCH", ["composite", "sobjects", name, field]) => {
            upsert::many(org, call, table(org, name)?, field, caller)
        }
        ("GET", ["sobjects"]) => describe::all(org, caller),
        ("GET", ["sobjects", name]) => describe::basic(org, table(org, name)?, caller),
        ("POST", ["sobjects", name]) => records::create(org, call, table(org, name)?, caller),
        ("GET", ["sobjects", name, "describe"]) => {
            describe::whole(org, call, table(org, name)?, caller)
        }
        ("GET", ["sobjects", name, "updated"]) => {
            changes::updated(org, call, table(org, name)?, caller)
        }
        ("GET", ["sobjects", name, "deleted"]) => {
            changes::deleted(org, call, table(org, name)?, caller)
        }
        ("GET", ["sobjects", name, id]) => records::get(org, call, (table(org, name)?, id), caller),
        ("PATCH", ["sobjects", name, id]) => {
            records::update(org, call, (table(org, name)?, id), caller)
        }
        ("DELETE", ["sobjects", name, id]) => records::delete(org, (table(org, name)?, id), caller),
        ("PATCH", ["sobjects", name, field, value]) => {
            upsert::one(org, call, (table(org, name)?, field, value), caller)
        }
        ("GET", ["sobjects", name, field, value]) => {
            upsert::get(org, call, (table(org, name)?, field, value), caller)
        }
        ("DELETE", ["sobjects", name, field, value]) => {
            upsert::delete(org, (table(org, name)?, field, value), caller)
        }
        _ => Err(Refusal::not_found()),
    }
}

/// The methods that a resource takes; none when there is no such resource.
fn methods(path: &[&str]) -> Option<&'static [&'static str]> {
    Some(match path {
        []
        | ["limits"]
        | ["limits", "recordCount"]
        | ["query" | "queryAll"]
        | ["query" | "queryAll", _]
        | ["jobs", "query", _, "results"]
        | ["sobjects"]
        | ["sobjects", _, "describe" | "updated" | "deleted"] => &["GET"],
        ["jobs", "query"] => &["GET", "POST"],
        ["jobs", "query", _] => &["GET", "PATCH", "DELETE"],
        ["composite"] | ["composite", "batch"] => &["POST"],
        ["composite", "sobjects"] => &["POST", "PATCH", "DELETE"],
        ["composite", "sobjects", _] | ["sobjects", _] => &["GET", "POST"],
        ["composite", "sobjects", _, _] => &["PATCH"],
        ["sobjects", _, _] | ["sobjects", _, _, _] => &["GET", "PATCH", "DELETE"],
        _ => return None,
    })
}

fn table(org: &Org, name: &str) -> Result<usize, Refusal> {
    org.table_named(name).ok_or_else(Refusal::not_found)
}
