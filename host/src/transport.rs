//! How a request reaches a system and its answer comes back.

use std::net::IpAddr;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures::future::BoxFuture;
use http::{Request, Response, Uri};
use reqwest::redirect;

/// How long an answer may take.
const TIMEOUT: Duration = Duration::from_secs(60);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);
/// No answer may be larger, unzipped.
const LARGEST_ANSWER: usize = 64 * 1024 * 1024;

/// How a request reaches a system and its answer comes back.
pub trait Transport: Send + Sync {
    /// Sends a request and waits for its whole answer.
    fn send(
        &self,
        request: Request<Bytes>,
    ) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>>;
}

/// No answer came.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct TransportError {
    /// What became of the request.
    pub outcome: Outcome,
    /// What went wrong.
    pub message: String,
}

/// What became of a request that has no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It never left.
    NotSent,
    /// It may have been carried out, or not.
    Unknown,
}

impl TransportError {
    /// The request never left.
    pub fn not_sent(message: impl Into<String>) -> Self {
        Self {
            outcome: Outcome::NotSent,
            message: message.into(),
        }
    }

    /// The request may have been carried out.
    pub fn unknown(message: impl Into<String>) -> Self {
        Self {
            outcome: Outcome::Unknown,
            message: message.into(),
        }
    }
}

/// HTTP over the network. Redirects aren't followed: a token must not travel to another host.
#[derive(Clone, Debug)]
pub struct HttpTransport {
    client: reqwest::Client,
    /// For this machine itself, which no proxy reaches.
    loopback: reqwest::Client,
}

impl HttpTransport {
    /// Connections to any system.
    pub fn new() -> Result<Self, TransportError> {
        // It fails only where a provider is installed already, which then serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let build = |builder: reqwest::ClientBuilder| {
            builder
                .build()
                .map_err(|error| TransportError::not_sent(said(&error)))
        };
        Ok(Self {
            client: build(settings())?,
            loopback: build(settings().no_proxy())?,
        })
    }

    fn client_for(&self, uri: &Uri) -> &reqwest::Client {
        if is_loopback(uri) {
            &self.loopback
        } else {
            &self.client
        }
    }

    async fn exchange(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let client = self.client_for(request.uri());
        let request = reqwest::Request::try_from(request)
            .map_err(|error| TransportError::not_sent(said(&error)))?;
        let answer = client.execute(request).await.map_err(|error| {
            if error.is_connect() || error.is_builder() {
                TransportError::not_sent(said(&error))
            } else {
                TransportError::unknown(said(&error))
            }
        })?;
        whole(answer).await
    }
}

impl Transport for HttpTransport {
    fn send(
        &self,
        request: Request<Bytes>,
    ) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>> {
        Box::pin(self.exchange(request))
    }
}

fn settings() -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .user_agent(concat!("crosswalk/", env!("CARGO_PKG_VERSION")))
        .redirect(redirect::Policy::none())
        .connect_timeout(CONNECT_TIMEOUT)
        .timeout(TIMEOUT)
}

async fn whole(mut answer: reqwest::Response) -> Result<Response<Bytes>, TransportError> {
    let mut body = BytesMut::new();
    while let Some(chunk) = answer
        .chunk()
        .await
        .map_err(|error| TransportError::unknown(said(&error)))?
    {
        if body.len() + chunk.len() > LARGEST_ANSWER {
            return Err(TransportError::unknown(format!(
                "the answer is larger than {} MB",
                LARGEST_ANSWER / 1024 / 1024
            )));
        }
        body.extend_from_slice(&chunk);
    }
    let mut response = Response::new(body.freeze());
    *response.status_mut() = answer.status();
    *response.headers_mut() = std::mem::take(answer.headers_mut());
    Ok(response)
}

fn is_loopback(uri: &Uri) -> bool {
    let host = uri.host().unwrap_or_default();
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || host
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

/// An error with its causes. The address is left out: the caller knows it.
fn said(error: &reqwest::Error) -> String {
    let mut text = match (error.is_timeout(), error.is_connect()) {
        (true, _) => "no answer in time".to_owned(),
        (_, true) => "no connection".to_owned(),
        _ => "the connection failed".to_owned(),
    };
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail this way")]

    use super::*;

    #[test]
    fn this_machine_is_reached_without_a_proxy() {
        for (uri, expected) in [
            ("http://127.0.0.1:8080/x", true),
            ("http://localhost/x", true),
            ("http://[::1]:8080/x", true),
            ("https://api.hubapi.com/x", false),
            ("http://10.0.0.1/x", false),
        ] {
            assert_eq!(is_loopback(&uri.parse().unwrap()), expected, "{uri}");
        }
    }
}
