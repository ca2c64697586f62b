//! Which request is answered where.

use super::budget::Class;
use super::object_type::ObjectType;
use super::portal::Portal;
use super::refusal::Refusal;
use super::request::{Call, Version};
use super::{
    account, associations, batch, email_events, forms, oauth, objects, occurrences, owners,
    properties, search,
};
use crate::front::Answer;

fn segments(call: &Call) -> Vec<&str> {
    call.path.iter().map(String::as_str).collect()
}

/// What a request counts as.
pub(super) fn class(call: &Call) -> Class {
    match segments(call).as_slice() {
        ["crm", "objects", _, "search"] => Class::Search,
        ["crm", "associations", ..] | ["crm", "objects", _, _, "associations", ..] => {
            Class::Association
        }
        _ => Class::Other,
    }
}

/// Whether a request needs no token.
pub(super) fn is_open(call: &Call) -> bool {
    call.path.first().is_some_and(|first| first == "oauth")
}

pub(super) fn answer(portal: &mut Portal, call: &Call, search_lag: i64) -> Result<Answer, Refusal> {
    let visible = portal.now.saturating_add(search_lag);
    let segments = segments(call);
    let is_beta = call.version == Version::Beta;
    if is_beta && !segments.starts_with(&["marketing", "forms"]) {
        return Err(Refusal::not_found());
    }
    match (call.method.as_str(), segments.as_slice()) {
        ("GET", ["crm", "objects", object_type]) => {
            objects::list(portal, call, parse(object_type)?)
        }
        ("POST", ["crm", "objects", object_type]) => {
            objects::create(portal, call, parse(object_type)?, visible)
        }
        ("POST", ["crm", "objects", object_type, "search"]) => {
            search::answer(portal, call, parse(object_type)?)
        }
        ("POST", ["crm", "objects", object_type, "batch", action]) => {
            let object_type = parse(object_type)?;
            match *action {
                "read" => batch::read(portal, call, object_type),
                "create" => batch::create(portal, call, object_type, visible),
                "update" => batch::update(portal, call, object_type, visible),
                "upsert" => batch::upsert(portal, call, object_type, visible),
                "archive" => batch::archive(portal, call, object_type, visible),
                _ => Err(Refusal::not_found()),
            }
        }
        ("GET", ["crm", "objects", object_type, id]) => {
            objects::get(portal, call, parse(object_type)?, id)
        }
        ("PATCH", ["crm", "objects", object_type, id]) => {
            objects::update(portal, call, parse(object_type)?, id, visible)
        }
        ("DELETE", ["crm", "objects", object_type, id]) => {
            Ok(objects::archive(portal, parse(object_type)?, id, visible))
        }
        (method, ["crm", "objects", from, id, "associations", rest @ ..]) => {
            associations::of_one(portal, call, method, (parse(from)?, id), rest)
        }
        ("POST", ["crm", "associations", from, to, "batch", rest @ ..]) => {
            associations::of_many(portal, call, (parse(from)?, parse(to)?), rest)
        }
        ("GET", ["crm", "associations", from, to, "labels"]) => {
            associations::labels(parse(from)?, parse(to)?)
        }
        ("GET", ["crm", "owners"]) => owners::list(portal, call),
        ("GET", ["crm", "owners", id]) => owners::get(portal, call, id),
        ("GET", ["crm", "properties", object_type]) => {
            properties::list(portal, parse(object_type)?)
        }
        ("POST", ["crm", "properties", object_type]) => {
            properties::create(portal, call, parse(object_type)?)
        }
        ("POST", ["crm", "properties", object_type, "batch", "read"]) => {
            properties::read(portal, call, parse(object_type)?)
        }
        ("GET", ["crm", "properties", object_type, name]) => {
            properties::get(portal, parse(object_type)?, name)
        }
        ("GET", ["calling", "dispositions"]) if is_first(call) => account::dispositions(portal),
        ("GET", ["account-info", "details"]) => account::details(portal),
        ("GET", ["account-info", "api-usage", "daily", "private-apps"]) => account::usage(portal),
        (method, ["marketing", "forms", rest @ ..]) if is_beta || call.version == Version::V3 => {
            match (method, rest) {
                ("GET", []) => forms::list(portal, call),
                ("GET", [id]) => forms::get(portal, id),
                ("PATCH", [id]) => forms::change(portal, call, id),
                _ => Err(Refusal::not_found()),
            }
        }
        ("GET", ["form-integrations", "submissions", "forms", id]) if is_first(call) => {
            forms::submissions(portal, call, id)
        }
        ("GET", ["email", "public", "events"]) if is_first(call) => {
            email_events::list(portal, call)
        }
        ("GET", ["email", "public", "campaigns", id]) if is_first(call) => {
            email_events::campaign(portal, id)
        }
        ("GET", ["events", "event-occurrences" | "events"]) => occurrences::list(portal, call),
        ("GET", ["events", "event-occurrences" | "events", "event-types"]) => {
            occurrences::types(portal)
        }
        ("POST", ["oauth", "token"]) => oauth::token(portal, call),
        ("POST", ["oauth", "token", "introspect"]) => oauth::introspect(portal, call),
        ("GET", ["oauth", "access-tokens", token]) => oauth::about(portal, token),
        _ => Err(Refusal::not_found()),
    }
}

/// Whether it is of the first version, which some resources have never left.
fn is_first(call: &Call) -> bool {
    call.version == Version::V1
}

/// The type of record that a segment names.
pub(super) fn parse(object_type: &str) -> Result<ObjectType, Refusal> {
    ObjectType::parse(object_type).ok_or_else(|| Refusal::unknown_type(object_type))
}
