//! The admin API of each system, under `/_sandbox`, without a token.

use axum::body::{Body, to_bytes};
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Method, Request, Response, StatusCode};
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Administered, Fault, Front, administered};
use crate::Contents;

/// What all its paths begin with.
pub(super) const PREFIX: &str = "/_sandbox/";

/// Nobody sends an admin API more than this.
const LARGEST_BODY: usize = 16 * 1024 * 1024;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ResetRequest {
    seed: Option<u64>,
    empty: Option<bool>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct ClockReading {
    now: Timestamp,
}

pub(super) async fn answer(front: &Front, request: Request<Body>) -> Response<Body> {
    let (head, body) = request.into_parts();
    let Ok(body) = to_bytes(body, LARGEST_BODY).await else {
        return refusal(
            StatusCode::PAYLOAD_TOO_LARGE,
            "the body couldn't be read, or is above 16 MiB",
        );
    };
    let path = head.uri.path().strip_prefix(PREFIX).unwrap_or_default();
    match (&head.method, path.trim_end_matches('/')) {
        (&Method::POST, "reset") => written(&body, |ResetRequest { seed, empty }| {
            let Contents {
                seed: default_seed,
                empty: default_empty,
            } = front.contents;
            front.reset(Contents {
                seed: seed.unwrap_or(default_seed),
                empty: empty.unwrap_or(default_empty),
            });
            json!({})
        }),
        (&Method::GET, "faults") => json_answer(&json!({ "left": front.book().faults.len() })),
        (&Method::POST, "faults") => written(&body, |faults: Vec<Fault>| {
            let accepted = faults.len();
            front.book().faults = faults;
            json!({ "left": accepted })
        }),
        (&Method::GET, "clock") => json_answer(&ClockReading {
            now: front.clock.now(),
        }),
        (&Method::POST, "clock") => written(&body, |reading: ClockReading| {
            front.clock.set(reading.now);
            reading
        }),
        (&Method::GET, "log") => json_answer(&front.book().log),
        (&Method::DELETE, "log") => {
            front.book().log = super::Log::default();
            json_answer(&json!({}))
        }
        (&Method::GET, "state") => json_answer(&(front.system.state)()),
        (&Method::POST, own) => match (front.system.administer)(own, &body) {
            Some(done) => answered(done),
            None => unknown(front),
        },
        _ => unknown(front),
    }
}

fn unknown(front: &Front) -> Response<Body> {
    let own: String = front
        .system
        .own_requests
        .iter()
        .map(|name| format!(", POST {name}"))
        .collect();
    refusal(
        StatusCode::NOT_FOUND,
        &format!(
            "no such admin request; there are POST reset, GET and POST faults, GET and POST clock, GET and DELETE log, \
             GET state{own}"
        ),
    )
}

fn answered(done: Administered) -> Response<Body> {
    match done {
        Ok(answer) => json_answer(&answer),
        Err(wrong) => refusal(StatusCode::BAD_REQUEST, &wrong),
    }
}

/// Reads the body, an empty one as `{}`, and answers what `act` makes of it.
fn written<T: DeserializeOwned, A: Serialize>(
    body: &Bytes,
    act: impl FnOnce(T) -> A,
) -> Response<Body> {
    answered(administered(body, |written| Ok(json!(act(written)))))
}

fn refusal(status: StatusCode, message: &str) -> Response<Body> {
    let mut answer = json_answer(&json!({ "error": message }));
    *answer.status_mut() = status;
    answer
}

fn json_answer(body: &impl Serialize) -> Response<Body> {
    let (status, body) = match serde_json::to_vec(body) {
        Ok(body) => (StatusCode::OK, body),
        Err(error) => (
            StatusCode::INTERNAL_SERVER_ERROR,
            error.to_string().into_bytes(),
        ),
    };
    let mut answer = Response::new(Body::from(body));
    *answer.status_mut() = status;
    answer
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    answer
}
