//! Several requests in one: with references among them, or each by itself.

use std::collections::HashMap;

use http::{Method, StatusCode};
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};

use super::error::Refusal;
use super::org::Org;
use super::request::Call;
use super::route::{self, Caller};
use super::version::Version;
use crate::Limits;
use crate::front::Answer;

/// The most requests in one, and how many of them may be queries or collections.
const MOST: usize = 25;
const MOST_HEAVY: usize = 5;
/// What is said of the parts that weren't at fault.
const ROLLED_BACK: &str =
    "The transaction was rolled back since another operation in the same transaction failed.";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Composite {
    #[serde(default)]
    all_or_none: bool,
    composite_request: Vec<Part>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Part {
    method: String,
    url: String,
    reference_id: String,
    #[serde(default)]
    body: Json,
}

/// What became of a part.
struct Outcome {
    reference_id: String,
    status: StatusCode,
    headers: Map<String, Json>,
    body: Json,
}

impl Outcome {
    fn of(reference_id: String, answer: &Answer) -> Self {
        let headers = answer.headers.iter();
        Self {
            reference_id,
            status: answer.status,
            headers: headers
                .map(|(name, value)| (titled(name.as_str()), Json::String(value.clone())))
                .collect(),
            body: answer.read(),
        }
    }

    fn halted(reference_id: String, message: &str) -> Self {
        let refusal = Refusal::bad("PROCESSING_HALTED", message);
        Self::of(reference_id, &refusal.answer())
    }

    fn is_good(&self) -> bool {
        self.status.is_success()
    }

    fn to_json(&self) -> Json {
        json!({
            "body": self.body,
            "httpHeaders": self.headers,
            "httpStatusCode": self.status.as_u16(),
            "referenceId": self.reference_id,
        })
    }
}

/// `location` as `Location`.
fn titled(name: &str) -> String {
    let mut characters = name.chars();
    match characters.next() {
        Some(first) => first.to_ascii_uppercase().to_string() + characters.as_str(),
        None => String::new(),
    }
}

/// Carries out parts that may refer to the answers of those before them.
pub(super) fn answer(org: &mut Org, call: &Call, caller: Caller) -> Result<Answer, Refusal> {
    let Composite {
        all_or_none,
        composite_request: parts,
    } = call.read()?;
    at_most(MOST, parts.len(), "subrequests")?;
    let heavy = parts.iter().filter(|part| is_heavy(&part.url));
    at_most(
        MOST_HEAVY,
        heavy.count(),
        "query and collection subrequests",
    )?;
    let savepoint = org.savepoint();
    let mut outcomes: Vec<Outcome> = Vec::with_capacity(parts.len());
    let mut bodies: HashMap<String, Json> = HashMap::new();
    for part in parts {
        let is_lost = all_or_none && outcomes.iter().any(|outcome| !outcome.is_good());
        if is_lost {
            outcomes.push(Outcome::halted(part.reference_id, ROLLED_BACK));
            continue;
        }
        let outcome = match filled(&part, &bodies) {
            Ok((url, body)) => {
                let answer = carry_out(org, call, caller, (&part.method, &url, &body));
                Outcome::of(part.reference_id, &answer)
            }
            Err(message) => Outcome::halted(part.reference_id, &message),
        };
        if outcome.is_good() {
            bodies.insert(outcome.reference_id.clone(), outcome.body.clone());
        }
        outcomes.push(outcome);
    }
    if all_or_none && outcomes.iter().any(|outcome| !outcome.is_good()) {
        org.roll_back(savepoint);
        for outcome in outcomes.iter_mut().filter(|outcome| outcome.is_good()) {
            *outcome = Outcome::halted(outcome.reference_id.clone(), ROLLED_BACK);
        }
    }
    let responses: Vec<_> = outcomes.iter().map(Outcome::to_json).collect();
    Answer::ok(&json!({ "compositeResponse": responses }))
}

fn at_most(most: usize, count: usize, what: &str) -> Result<(), Refusal> {
    if count <= most {
        return Ok(());
    }
    let message = format!("The number of {what} exceeds the limit of {most}: {count}");
    Err(Refusal::bad("LIMIT_EXCEEDED", message))
}

fn is_heavy(url: &str) -> bool {
    let path = url.split('?').next().unwrap_or_default();
    ["/query", "/composite/sobjects"]
        .iter()
        .any(|heavy| path.contains(heavy))
}

/// Answers one part as if it had come by itself.
fn carry_out(
    org: &mut Org,
    call: &Call,
    caller: Caller,
    (method, url, body): (&str, &str, &Json),
) -> Answer {
    let method = Method::from_bytes(method.to_ascii_uppercase().as_bytes());
    let part = call.within(method.unwrap_or_default(), url, body);
    let path: Vec<_> = part.path.iter().map(String::as_str).collect();
    let path = path.strip_prefix(&["services", "data"]).unwrap_or(&path);
    let answer = match path.split_first() {
        Some((_, ["composite", rest @ ..])) if rest.first() != Some(&"sobjects") => {
            let message = "A composite request can't hold another";
            Err(Refusal::bad("UNKNOWN_EXCEPTION", message))
        }
        Some((version, resource)) => Version::of(version)
            .ok_or_else(Refusal::not_found)
            .and_then(|version| {
                route::resource(org, &part, Caller { version, ..caller }, resource)
            }),
        None => Err(Refusal::not_found()),
    };
    answer.unwrap_or_else(|refusal| refusal.answer())
}

/// The address and the body of a part, with the values it refers to in their places.
fn filled(part: &Part, bodies: &HashMap<String, Json>) -> Result<(String, Json), String> {
    let url = text_filled(&part.url, bodies, &|value| {
        url::form_urlencoded::byte_serialize(value.as_bytes()).collect()
    })?;
    Ok((url, body_filled(&part.body, bodies)?))
}

fn body_filled(body: &Json, bodies: &HashMap<String, Json>) -> Result<Json, String> {
    Ok(match body {
        Json::String(text) => Json::String(text_filled(text, bodies, &str::to_owned)?),
        Json::Array(items) => items
            .iter()
            .map(|item| body_filled(item, bodies))
            .collect::<Result<Vec<_>, _>>()?
            .into(),
        Json::Object(fields) => fields
            .iter()
            .map(|(name, value)| Ok((name.clone(), body_filled(value, bodies)?)))
            .collect::<Result<Map<_, _>, String>>()?
            .into(),
        other => other.clone(),
    })
}

fn text_filled(
    text: &str,
    bodies: &HashMap<String, Json>,
    written: &dyn Fn(&str) -> String,
) -> Result<String, String> {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("@{") {
        let Some((reference, after)) = after.split_once('}') else {
            break;
        };
        filled.push_str(before);
        filled.push_str(&written(&referred(reference, bodies)?));
        rest = after;
    }
    Ok(filled + rest)
}

/// The value that `ref.records[0].Id` leads to.
fn referred(reference: &str, bodies: &HashMap<String, Json>) -> Result<String, String> {
    let unknown = || {
        format!(
            "Invalid reference specified. No value for {reference} found in the responses so far"
        )
    };
    let mut steps = reference
        .split(['.', '[', ']'])
        .filter(|step| !step.is_empty());
    let first = steps.next().ok_or_else(unknown)?;
    let mut value = bodies.get(first).ok_or_else(unknown)?;
    for step in steps {
        let inner = match value {
            Json::Array(items) => step.parse().ok().and_then(|at: usize| items.get(at)),
            other => other.get(step),
        };
        value = inner.ok_or_else(unknown)?;
    }
    match value {
        Json::String(text) => Ok(text.clone()),
        Json::Number(_) | Json::Bool(_) => Ok(value.to_string()),
        _ => Err(unknown()),
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Batch {
    #[serde(default)]
    halt_on_error: bool,
    batch_requests: Vec<Single>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Single {
    method: String,
    url: String,
    #[serde(default)]
    rich_input: Json,
}

/// Carries out parts that know nothing of each other. Each counts as a call.
pub(super) fn batch(
    org: &mut Org,
    call: &Call,
    caller: Caller,
    limits: Limits,
) -> Result<Answer, Refusal> {
    let Batch {
        halt_on_error,
        batch_requests: parts,
    } = call.read()?;
    at_most(MOST, parts.len(), "subrequests")?;
    let mut has_errors = false;
    let mut results = Vec::with_capacity(parts.len());
    for part in parts {
        if has_errors && halt_on_error {
            let message = "Batch processing halted per request";
            let halted = Refusal::new(
                StatusCode::PRECONDITION_FAILED,
                "BATCH_PROCESSING_HALTED",
                message,
            );
            results.push(json!({ "statusCode": halted.status.as_u16(), "result": halted.body() }));
            continue;
        }
        if limits == Limits::On {
            org.usage.count(caller.now());
        }
        let answer = carry_out(
            org,
            call,
            caller,
            (&part.method, &part.url, &part.rich_input),
        );
        has_errors |= !answer.status.is_success();
        results.push(json!({ "statusCode": answer.status.as_u16(), "result": answer.read() }));
    }
    Answer::ok(&json!({ "hasErrors": has_errors, "results": results }))
}
