//! One call of either system: budgets, attempts, counts, and what its answer means.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, header};
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;
use url::Url;

use crate::calls::{CallCounts, Calls, Effect};
use crate::connection::Connection;
use crate::error::{ApiError, Class};
use crate::retry::{self, Retries};
use crate::token::Token;
use crate::transport::{Outcome, TransportError};

/// The longest part of an answer that an error repeats, in characters.
const LONGEST_MESSAGE: usize = 600;

/// What tells one system's answers from the other's.
pub(crate) trait Vendor: Send + Sync {
    /// Its name.
    const NAME: &'static str;

    /// Whether a call may be made now, and if not, how long to wait or why not at all.
    fn admit(&self, call: &Call, now: Timestamp) -> Result<(), Refusal>;

    /// What an answer's headers say of the budgets.
    fn note(&self, call: &Call, headers: &HeaderMap, now: Timestamp);

    /// What an answer without success says: its code, its message, its class and what to do.
    fn explain(&self, call: &Call, status: StatusCode, body: &Json, now: Timestamp) -> Explained;
}

/// Why a call isn't made now.
pub(crate) enum Refusal {
    /// There is room in a moment.
    In(Duration),
    /// There is none today.
    Today(Box<ApiError>),
}

/// What an answer without success says.
pub(crate) struct Explained {
    pub(crate) class: Class,
    pub(crate) code: Option<String>,
    pub(crate) message: Option<String>,
    pub(crate) what_to_do: String,
    pub(crate) retry_after: Option<Duration>,
}

/// One call.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) method: Method,
    /// Below the system's address, with the query.
    pub(crate) path: String,
    pub(crate) body: Option<Bytes>,
    pub(crate) effect: Effect,
    /// The type of its answer.
    pub(crate) accept: &'static str,
    pub(crate) purpose: &'static str,
}

/// What nearly all answers are.
pub(crate) const JSON: &str = "application/json";

impl Call {
    /// A call that reads.
    pub(crate) fn get(path: impl Into<String>, purpose: &'static str) -> Self {
        Self {
            method: Method::GET,
            path: path.into(),
            body: None,
            effect: Effect::Read,
            accept: JSON,
            purpose,
        }
    }

    /// The same, but answered in another type than JSON.
    pub(crate) fn accepting(self, accept: &'static str) -> Self {
        Self { accept, ..self }
    }

    /// A call with a body.
    pub(crate) fn with_body(
        method: Method,
        path: impl Into<String>,
        body: &impl Serialize,
        effect: Effect,
        purpose: &'static str,
    ) -> Self {
        // What we write ourselves has string keys, so it is always JSON.
        let body = serde_json::to_vec(body).unwrap_or_default();
        Self {
            method,
            path: path.into(),
            body: Some(Bytes::from(body)),
            effect,
            accept: JSON,
            purpose,
        }
    }
}

/// Why a call has no answer.
#[derive(Clone, Debug)]
pub(crate) enum Failed {
    /// It surely wasn't carried out.
    Refused(ApiError),
    /// It may have been.
    Unknown(ApiError),
}

impl From<Failed> for ApiError {
    fn from(failed: Failed) -> Self {
        match failed {
            Failed::Refused(error) | Failed::Unknown(error) => error,
        }
    }
}

/// How a successful answer is read.
type Reading<A, T> = fn(&A, &Response<Bytes>) -> Result<T, Failed>;

/// A system that can be called.
pub(crate) struct Api<V> {
    pub(crate) connection: Connection,
    pub(crate) vendor: V,
    base: String,
    token: Token,
    calls: Calls,
}

impl<V> fmt::Debug for Api<V> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Api")
            .field("base", &self.base)
            .finish_non_exhaustive()
    }
}

impl<V: Vendor> Api<V> {
    pub(crate) fn new(connection: Connection, base: &Url, token: Token, vendor: V) -> Self {
        Self {
            connection,
            vendor,
            base: base.as_str().trim_end_matches('/').to_owned(),
            token,
            calls: Calls::default(),
        }
    }

    pub(crate) fn counts(&self) -> CallCounts {
        self.calls.counts()
    }

    /// Tells this connection from others, without telling the token.
    pub(crate) fn fingerprint(&self) -> String {
        self.token.fingerprint(&self.base)
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.connection.clock.now()
    }

    /// What a call that reads answers.
    pub(crate) async fn read<T: DeserializeOwned>(&self, call: Call) -> Result<T, ApiError> {
        Ok(self.call(call).await?)
    }

    /// The answer of a call that reads something else than JSON.
    pub(crate) async fn read_text(&self, call: Call) -> Result<Response<Bytes>, ApiError> {
        Ok(self.answer(call, Self::no_web_page).await?)
    }

    /// What a call answers, after as many attempts as it takes and as are allowed.
    pub(crate) async fn call<T: DeserializeOwned>(&self, call: Call) -> Result<T, Failed> {
        self.answer(call, Self::parsed).await
    }

    async fn answer<T>(&self, call: Call, read: Reading<Self, T>) -> Result<T, Failed> {
        let mut retries = Retries::new();
        loop {
            let failed = match self.attempt(&call, read).await {
                Ok(answer) => return Ok(answer),
                Err(failed) => failed,
            };
            let error = match failed {
                Failed::Unknown(error) if call.effect == Effect::Create => {
                    return Err(Failed::Unknown(error));
                }
                Failed::Unknown(ref error) | Failed::Refused(ref error) => error,
            };
            let Some(wait) = retries.next(error, self.connection.random.as_ref()) else {
                return Err(match failed {
                    Failed::Refused(error) => Failed::Refused(retry::settled(error)),
                    Failed::Unknown(error) => Failed::Unknown(error),
                });
            };
            tracing::warn!(
                "{}; asked again in {:.1} s ({})",
                error.what_happened(),
                wait.as_secs_f32(),
                call.purpose
            );
            self.connection.clock.sleep(wait).await;
        }
    }

    async fn attempt<T>(&self, call: &Call, read: Reading<Self, T>) -> Result<T, Failed> {
        self.admitted(call).await.map_err(Failed::Refused)?;
        let request = self.request(call).map_err(Failed::Refused)?;
        self.calls.count(call.effect, call.purpose);
        let answer = match self.connection.transport.send(request).await {
            Ok(answer) => answer,
            Err(error) => return Err(self.lost(&error)),
        };
        self.vendor.note(call, answer.headers(), self.now());
        self.understood(call, &answer, read)
    }

    /// Waits until the budgets have room.
    async fn admitted(&self, call: &Call) -> Result<(), ApiError> {
        loop {
            match self.vendor.admit(call, self.now()) {
                Ok(()) => return Ok(()),
                Err(Refusal::Today(error)) => return Err(*error),
                Err(Refusal::In(wait)) => self.connection.clock.sleep(wait).await,
            }
        }
    }

    fn request(&self, call: &Call) -> Result<Request<Bytes>, ApiError> {
        let authorization = self.token.authorization().ok_or_else(|| {
            self.error(
                Class::Fatal,
                "the token has characters that no HTTP header may have",
                "Check the token for line breaks and quotes, and give it again.",
            )
        })?;
        let mut request = Request::builder()
            .method(call.method.clone())
            .uri(format!("{}{}", self.base, call.path))
            .header(header::AUTHORIZATION, authorization)
            .header(header::ACCEPT, HeaderValue::from_static(call.accept));
        if call.body.is_some() {
            request = request.header(header::CONTENT_TYPE, HeaderValue::from_static(JSON));
        }
        request
            .body(call.body.clone().unwrap_or_default())
            .map_err(|error| {
                self.error(
                    Class::Fatal,
                    &format!("`{}` is no address: {error}", self.base),
                    &format!("Correct {}.", Self::address()),
                )
            })
    }

    /// What names the system's address.
    fn address() -> String {
        format!(
            "CROSSWALK_{}_URL, or {}.url in crosswalk.toml,",
            V::NAME.to_uppercase(),
            V::NAME.to_lowercase()
        )
    }

    /// A web page came in place of an answer.
    fn no_api_there() -> String {
        format!(
            "A web page isn't {}: check {} and any proxy on the way.",
            V::NAME,
            Self::address()
        )
    }

    fn error(&self, class: Class, message: &str, what_to_do: &str) -> ApiError {
        ApiError {
            class,
            system: V::NAME,
            status: None,
            code: None,
            message: self.token.redacted(message),
            what_to_do: what_to_do.to_owned(),
            retry_after: None,
        }
    }

    fn lost(&self, error: &TransportError) -> Failed {
        let what_to_do = match error.outcome {
            Outcome::NotSent => format!("Check {} and the network.", Self::address()),
            Outcome::Unknown => {
                "What became of the call is found out before it is made again.".to_owned()
            }
        };
        let message = format!("{}: {}", self.base, error.message);
        let told = self.error(Class::Retry, &message, &what_to_do);
        match error.outcome {
            Outcome::NotSent => Failed::Refused(told),
            Outcome::Unknown => Failed::Unknown(told),
        }
    }

    fn understood<T>(
        &self,
        call: &Call,
        answer: &Response<Bytes>,
        read: Reading<Self, T>,
    ) -> Result<T, Failed> {
        let status = answer.status();
        if status.is_success() {
            return read(self, answer);
        }
        let body = serde_json::from_slice(answer.body()).unwrap_or(Json::Null);
        let explained = self.vendor.explain(call, status, &body, self.now());
        let message = explained
            .message
            .unwrap_or_else(|| unexplained(answer.body()));
        let error = ApiError {
            class: explained.class,
            system: V::NAME,
            status: Some(status.as_u16()),
            code: explained.code,
            message: self.token.redacted(&shortened(&message)),
            what_to_do: if is_web_page(answer.body()) {
                Self::no_api_there()
            } else {
                explained.what_to_do
            },
            retry_after: retry_after(answer.headers()).or(explained.retry_after),
        };
        // A server that failed, or a proxy before it, may have carried the call out all the same.
        if status.is_server_error() || status == StatusCode::REQUEST_TIMEOUT {
            Err(Failed::Unknown(error))
        } else {
            Err(Failed::Refused(error))
        }
    }

    /// A successful answer of any type, as it is.
    fn no_web_page(&self, answer: &Response<Bytes>) -> Result<Response<Bytes>, Failed> {
        if is_web_page(answer.body()) {
            return Err(self.unreadable(
                answer,
                &unexplained(answer.body()),
                &Self::no_api_there(),
            ));
        }
        Ok(answer.clone())
    }

    /// A successful answer. One that can't be read may have come from a proxy.
    fn parsed<T: DeserializeOwned>(&self, answer: &Response<Bytes>) -> Result<T, Failed> {
        let bytes: &[u8] = if answer.body().is_empty() {
            b"null"
        } else {
            answer.body()
        };
        let reader = &mut serde_json::Deserializer::from_slice(bytes);
        serde_path_to_error::deserialize(reader).map_err(|error| {
            let (message, what_to_do) = if is_web_page(answer.body()) {
                (unexplained(answer.body()), Self::no_api_there())
            } else {
                let message = format!(
                    "the answer isn't what it should be: {error}; it begins {}",
                    unexplained(answer.body())
                );
                let what_to_do =
                    "If it stays so, check whether a proxy stands between, and report it.";
                (message, what_to_do.to_owned())
            };
            self.unreadable(answer, &message, &what_to_do)
        })
    }

    fn unreadable(&self, answer: &Response<Bytes>, message: &str, what_to_do: &str) -> Failed {
        Failed::Unknown(ApiError {
            status: Some(answer.status().as_u16()),
            ..self.error(Class::Retry, &shortened(message), what_to_do)
        })
    }
}

fn is_web_page(body: &[u8]) -> bool {
    let beginning = body.get(..64).unwrap_or(body).trim_ascii_start();
    let beginning = String::from_utf8_lossy(beginning).to_ascii_lowercase();
    beginning.starts_with("<!doctype html") || beginning.starts_with("<html")
}

/// A web page, by its title.
fn titled(page: &[u8]) -> String {
    let page = String::from_utf8_lossy(page);
    let title = page
        .split_once("<title>")
        .and_then(|(_, rest)| rest.split_once("</title>"));
    match title {
        Some((title, _)) => format!("a web page, \"{}\"", title.trim()),
        None => "a web page".to_owned(),
    }
}

/// The first of a body that isn't JSON.
fn unexplained(body: &[u8]) -> String {
    if is_web_page(body) {
        return titled(body);
    }
    match String::from_utf8_lossy(body).trim() {
        "" => "an empty body".to_owned(),
        text => text
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
            .chars()
            .take(200)
            .collect(),
    }
}

fn shortened(message: &str) -> String {
    message.chars().take(LONGEST_MESSAGE).collect()
}

/// Seconds; a date in its place isn't written by either system.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get(header::RETRY_AFTER)?.to_str().ok()?;
    Some(Duration::from_secs(seconds.trim().parse().ok()?))
}

/// A number in a header.
pub(crate) fn number_in(headers: &HeaderMap, name: &str) -> Option<u64> {
    headers.get(name)?.to_str().ok()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_web_page_is_told_by_its_title() {
        let page = b"\n <!DOCTYPE html><html><head><title> Sign in </title></head></html>";
        assert_eq!(unexplained(page), "a web page, \"Sign in\"");
        assert_eq!(unexplained(b"<HTML><body>no</body>"), "a web page");
        assert_eq!(unexplained(b"bad\n gateway"), "bad gateway");
        assert_eq!(unexplained(b" "), "an empty body");
    }
}
