//! What goes wrong on purpose, for which requests, and how often.

use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use serde::Deserialize;
use serde_json::{Map, Value as Json};

/// Something that goes wrong for the requests that match.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// The requests it is for; all of them by default.
    #[serde(rename = "match", default)]
    pub matching: Matching,
    /// What goes wrong.
    #[serde(rename = "fault")]
    pub effect: Effect,
    /// How many requests it happens to; one by default.
    #[serde(default = "once")]
    pub times: u64,
    /// How many matching requests are spared first.
    #[serde(default)]
    pub after_requests: u64,
}

fn once() -> u64 {
    1
}

/// Which requests are meant.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Matching {
    /// Their method; any if absent.
    #[serde(default)]
    pub method: Option<String>,
    /// Their path without the query, or what it begins with and `*`; any if absent.
    #[serde(default)]
    pub path: Option<String>,
}

impl Matching {
    fn holds(&self, method: &Method, path: &str) -> bool {
        let method_holds = self
            .method
            .as_deref()
            .is_none_or(|wanted| method.as_str().eq_ignore_ascii_case(wanted));
        let path_holds = self
            .path
            .as_deref()
            .is_none_or(|wanted| match wanted.strip_suffix('*') {
                Some(prefix) => path.starts_with(prefix),
                None => path == wanted,
            });
        method_holds && path_holds
    }
}

/// What goes wrong, and whether the request is carried out first.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "EffectAsWritten")]
pub struct Effect {
    /// What the client gets.
    pub outcome: Outcome,
    /// The request is carried out before it goes wrong: what it writes stays, only its answer is lost.
    pub after_commit: bool,
}

/// What a client gets instead of its answer.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// Another answer.
    Answer {
        /// Its status.
        status: StatusCode,
        /// Its headers.
        headers: HeaderMap,
        /// Its body.
        body: String,
    },
    /// The connection is closed without an answer.
    Reset,
    /// The answer, late.
    Delay(Duration),
}

impl Effect {
    /// An answer with this status and an empty body.
    pub fn status(status: StatusCode) -> Self {
        Self::of(Outcome::Answer {
            status,
            headers: HeaderMap::new(),
            body: String::new(),
        })
    }

    /// A page of HTML, as a proxy on the way would send it.
    pub fn html(status: StatusCode) -> Self {
        Self::of(html(status, None))
    }

    /// A connection that is closed without an answer.
    pub fn reset() -> Self {
        Self::of(Outcome::Reset)
    }

    /// An answer that is late.
    pub fn delay(by: Duration) -> Self {
        Self::of(Outcome::Delay(by))
    }

    /// The same, after the request was carried out.
    pub fn after_commit(self) -> Self {
        Self {
            after_commit: true,
            ..self
        }
    }

    fn of(outcome: Outcome) -> Self {
        Self {
            outcome,
            after_commit: false,
        }
    }

    /// In a word, for the log.
    pub(super) fn name(&self) -> &'static str {
        match self.outcome {
            Outcome::Answer { .. } => "answer",
            Outcome::Reset => "reset",
            Outcome::Delay(_) => "delay",
        }
    }
}

impl Fault {
    /// This effect on the next request with this method and path (or what the path begins with and `*`).
    pub fn on(method: &str, path: &str, effect: Effect) -> Self {
        let matching = Matching {
            method: Some(method.to_owned()),
            path: Some(path.to_owned()),
        };
        Self {
            matching,
            effect,
            times: 1,
            after_requests: 0,
        }
    }

    /// So many times.
    pub fn times(self, times: u64) -> Self {
        Self { times, ..self }
    }

    /// Only after so many matching requests.
    pub fn after_requests(self, after_requests: u64) -> Self {
        Self {
            after_requests,
            ..self
        }
    }

    /// Counts a request. Some effect, if it is this request's turn.
    pub(super) fn strike(&mut self, method: &Method, path: &str) -> Option<Effect> {
        if self.times == 0 || !self.matching.holds(method, path) {
            return None;
        }
        if self.after_requests > 0 {
            self.after_requests -= 1;
            return None;
        }
        self.times -= 1;
        Some(self.effect.clone())
    }

    pub(super) fn is_over(&self) -> bool {
        self.times == 0
    }
}

/// An effect as the admin API takes it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EffectAsWritten {
    status: Option<u16>,
    body: Option<Json>,
    #[serde(default)]
    headers: Map<String, Json>,
    #[serde(default)]
    reset: bool,
    delay_ms: Option<u64>,
    html: Option<Json>,
    #[serde(default)]
    after_commit: bool,
}

impl TryFrom<EffectAsWritten> for Effect {
    type Error = String;

    fn try_from(written: EffectAsWritten) -> Result<Self, String> {
        let kinds = [
            written.reset,
            written.delay_ms.is_some(),
            written.html.is_some(),
        ];
        if kinds.iter().filter(|kind| **kind).count() > 1 {
            return Err("a fault is one of `status`, `reset`, `delay_ms`, `html`".to_owned());
        }
        let outcome = match &written {
            EffectAsWritten { reset: true, .. } => Outcome::Reset,
            EffectAsWritten {
                delay_ms: Some(ms), ..
            } => Outcome::Delay(Duration::from_millis(*ms)),
            EffectAsWritten {
                html: Some(page),
                status,
                ..
            } => html(status_of(status.unwrap_or(502))?, page.as_str()),
            EffectAsWritten {
                status: Some(status),
                body,
                headers,
                ..
            } => Outcome::Answer {
                status: status_of(*status)?,
                headers: headers_of(headers)?,
                body: match body {
                    None => String::new(),
                    Some(Json::String(text)) => text.clone(),
                    Some(json) => json.to_string(),
                },
            },
            _ => {
                return Err("a fault needs one of `status`, `reset`, `delay_ms`, `html`".to_owned());
            }
        };
        Ok(Self {
            outcome,
            after_commit: written.after_commit,
        })
    }
}

fn status_of(status: u16) -> Result<StatusCode, String> {
    StatusCode::from_u16(status).map_err(|_| format!("{status} is no HTTP status"))
}

fn headers_of(written: &Map<String, Json>) -> Result<HeaderMap, String> {
    written
        .iter()
        .map(|(name, value)| {
            let text = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            let name =
                HeaderName::try_from(name).map_err(|_| format!("{name:?} is no header name"))?;
            let value =
                HeaderValue::try_from(text).map_err(|_| format!("{value} is no header value"))?;
            Ok((name, value))
        })
        .collect()
}

fn html(status: StatusCode, page: Option<&str>) -> Outcome {
    let page = page.map_or_else(
        || format!("<!DOCTYPE html>\n<html><head><title>{status}</title></head><body><h1>{status}</h1></body></html>\n"),
        str::to_owned,
    );
    let headers = HeaderMap::from_iter([(
        http::header::CONTENT_TYPE,
        HeaderValue::from_static("text/html; charset=utf-8"),
    )]);
    Outcome::Answer {
        status,
        headers,
        body: page,
    }
}
