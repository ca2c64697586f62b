//! What a request brings: no more of it than is allowed, and not for longer than is needed.

use super::answer::Problem;
use crate::inbound::{self, Checked, Refusal};
use axum::body::Body;
use axum::http::StatusCode;
use futures::StreamExt;
use serde_json::value::RawValue;
use std::time::Duration;

/// A body takes no longer to come.
const LONGEST: Duration = Duration::from_secs(30);
/// So many times the largest body is read and thrown away, so that whoever sends it gets to read the answer.
const DISCARDED: usize = 16;

/// Reads a body.
pub(super) async fn read(body: Body, most: usize) -> Result<Vec<u8>, Problem> {
    match tokio::time::timeout(LONGEST, bytes(body, most)).await {
        Ok(read) => read,
        Err(_) => Err(Problem::new(
            StatusCode::REQUEST_TIMEOUT,
            "timeout",
            "the body didn't come in time",
        )
        .hint("nothing was taken; send it again")),
    }
}

async fn bytes(body: Body, most: usize) -> Result<Vec<u8>, Problem> {
    let (mut stream, mut bytes, mut length) = (body.into_data_stream(), Vec::new(), 0_usize);
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(|_| {
            Problem::new(StatusCode::BAD_REQUEST, "not_json", "the body ended early")
        })?;
        length = length.saturating_add(chunk.len());
        if length > most.saturating_mul(DISCARDED) {
            break;
        }
        if length <= most {
            bytes.extend_from_slice(&chunk);
        }
    }
    if length > most {
        return Err(Problem::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "too_large",
            format!("the body has more than {most} bytes"),
        )
        .hint("send fewer activities at once; server.limits.largest_body_bytes sets the limit"));
    }
    Ok(bytes)
}

/// The activities of a body, one or a list, checked.
pub(super) fn activities(body: &[u8]) -> Result<Vec<Checked>, Problem> {
    let unread = |message: String| {
        Problem::new(
            StatusCode::BAD_REQUEST,
            "not_json",
            format!("the body is no JSON: {message}"),
        )
        .hint("send one activity, or a list of them: {\"kind\": …, \"id\": …, \"occurred_at\": …}")
    };
    let text = std::str::from_utf8(body).map_err(|error| unread(error.to_string()))?;
    if !text.trim_start().starts_with('[') {
        let raw: &RawValue =
            serde_json::from_str(text).map_err(|error| unread(error.to_string()))?;
        return Ok(vec![inbound::read(raw.get())]);
    }
    let list: Vec<&RawValue> =
        serde_json::from_str(text).map_err(|error| unread(error.to_string()))?;
    let in_list = |(position, raw): (usize, &RawValue)| {
        let checked = inbound::read(raw.get());
        let activity = checked.activity.map_err(|refusal| Refusal {
            position: Some(position),
            ..refusal
        });
        Checked {
            activity,
            ..checked
        }
    };
    Ok(list.into_iter().enumerate().map(in_list).collect())
}
