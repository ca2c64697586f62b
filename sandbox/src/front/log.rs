//! Which requests came, and what they got: counted without end, remembered within bounds.

use std::collections::{BTreeMap, VecDeque};

use http::{Method, StatusCode, Uri};
use jiff::Timestamp;
use serde::Serialize;

/// How many requests are remembered.
const REMEMBERED: usize = 10_000;
/// How many paths are counted by themselves.
const PATHS: usize = 10_000;
/// Where requests to further paths are counted.
const FURTHER: &str = "further paths";

/// What an endpoint saw.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Log {
    /// How many requests came.
    pub total: u64,
    /// How many came by method and path, such as `GET /crm/v3/owners`.
    pub by_path: BTreeMap<String, u64>,
    /// How many were answered with each status; `none` for those without an answer.
    pub by_status: BTreeMap<String, u64>,
    /// The last ten thousand, oldest first.
    pub requests: VecDeque<LoggedRequest>,
}

/// One request as the log remembers it: never a header, a body or a token.
#[derive(Clone, Debug, Serialize)]
pub struct LoggedRequest {
    /// When it came, by the sandbox's clock.
    pub at: Timestamp,
    /// Its method.
    pub method: String,
    /// Its path.
    pub path: String,
    /// Its query.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
    /// The status of the answer that left; none if no answer did.
    pub status: Option<u16>,
    /// The fault it met.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<&'static str>,
}

impl Log {
    /// How many requests with this method came to paths that begin so.
    pub fn count(&self, method: &str, path_prefix: &str) -> u64 {
        self.by_path
            .iter()
            .filter_map(|(key, count)| Some((key.split_once(' ')?, count)))
            .filter(|((logged, path), _)| *logged == method && path.starts_with(path_prefix))
            .map(|(_, count)| count)
            .sum()
    }

    pub(super) fn record(
        &mut self,
        seen: Seen,
        status: Option<StatusCode>,
        fault: Option<&'static str>,
    ) {
        self.total += 1;
        let by_status =
            status.map_or_else(|| "none".to_owned(), |status| status.as_u16().to_string());
        *self.by_status.entry(by_status).or_default() += 1;
        let key = format!("{} {}", seen.method, seen.path);
        let key = if self.by_path.len() < PATHS || self.by_path.contains_key(&key) {
            key
        } else {
            FURTHER.to_owned()
        };
        *self.by_path.entry(key).or_default() += 1;
        if self.requests.len() == REMEMBERED {
            self.requests.pop_front();
        }
        self.requests.push_back(LoggedRequest {
            at: seen.at,
            method: seen.method.to_string(),
            path: seen.path,
            query: seen.query,
            status: status.map(|status| status.as_u16()),
            fault,
        });
    }
}

/// A request that came and isn't answered yet.
pub(super) struct Seen {
    at: Timestamp,
    method: Method,
    path: String,
    query: Option<String>,
}

impl Seen {
    pub(super) fn new(at: Timestamp, method: &Method, uri: &Uri) -> Self {
        let path = without_token(uri.path());
        let query = if path.contains("oauth") {
            None
        } else {
            uri.query().map(str::to_owned)
        };
        Self {
            at,
            method: method.clone(),
            path,
            query,
        }
    }
}

/// Both systems' sign-in has paths that end in a token.
fn without_token(path: &str) -> String {
    for before in ["/access-tokens/", "/refresh-tokens/"] {
        if let Some((start, _)) = path.split_once(before) {
            return format!("{start}{before}…");
        }
    }
    path.to_owned()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail this way")]

    use super::*;

    #[test]
    fn a_token_in_a_path_or_query_is_not_remembered() {
        let mut log = Log::default();
        for uri in [
            "/oauth/v1/access-tokens/secret",
            "/services/oauth2/revoke?token=secret",
        ] {
            log.record(
                Seen::new(Timestamp::UNIX_EPOCH, &Method::GET, &Uri::from_static(uri)),
                Some(StatusCode::OK),
                None,
            );
        }
        let written = serde_json::to_string(&log).unwrap();
        assert!(!written.contains("secret"), "{written}");
        assert!(written.contains("/oauth/v1/access-tokens/…"), "{written}");
    }

    #[test]
    fn only_the_last_requests_are_remembered_and_all_are_counted() {
        let mut log = Log::default();
        for number in 0..REMEMBERED + PATHS {
            let uri: Uri = format!("/{number}").parse().unwrap();
            log.record(
                Seen::new(Timestamp::UNIX_EPOCH, &Method::GET, &uri),
                None,
                Some("reset"),
            );
        }
        assert_eq!(log.requests.len(), REMEMBERED);
        assert_eq!(log.requests[0].path, format!("/{PATHS}"));
        assert_eq!(log.by_path.len(), PATHS + 1);
        assert_eq!(log.by_path[FURTHER], REMEMBERED as u64);
        assert_eq!(log.total, (REMEMBERED + PATHS) as u64);
        assert_eq!(log.by_status["none"], log.total);
    }
}
