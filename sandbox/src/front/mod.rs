//! The front of each system: faults, latency, log and admin API before the system itself.

mod admin;
mod answer;
mod call;
mod fault;
mod log;

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use bytes::Bytes;
use http::request::Parts;
use http::{Request, Response, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::Value as Json;
use tower::{Service, ServiceExt};

pub(crate) use answer::{Answer, Unwritable};
pub(crate) use call::{Call, parted};
pub use fault::{Effect, Fault, Matching, Outcome};
pub use log::{Log, LoggedRequest};

use crate::{Contents, SandboxClock};
use log::Seen;

/// The connection was closed without an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the connection was reset")]
pub struct ConnectionReset;

/// What is behind a front.
pub(crate) struct System {
    pub(crate) router: Router,
    pub(crate) state: Box<dyn Fn() -> Json + Send + Sync>,
    pub(crate) reset: Box<dyn Fn(Contents) + Send + Sync>,
    /// Carries out the requests of the admin API that only this system has.
    pub(crate) administer: Box<Administer>,
    /// Their names.
    pub(crate) own_requests: &'static [&'static str],
}

/// Carries out a request of the admin API by its name and body; none if the system has no such request.
pub(crate) type Administer = dyn Fn(&str, &[u8]) -> Option<Administered> + Send + Sync;

/// What a request of the admin API came to: an answer, or what is wrong with it.
pub(crate) type Administered = Result<Json, String>;

/// Reads a body, an empty one as `{}`, and acts on it.
pub(crate) fn administered<T: DeserializeOwned>(
    body: &[u8],
    act: impl FnOnce(T) -> Administered,
) -> Administered {
    let body: &[u8] = if body.is_empty() { b"{}" } else { body };
    let read = serde_json::from_slice(body).map_err(|error| error.to_string())?;
    act(read)
}

/// Where one of the two systems is reached: over TCP by [`crate::Sandbox::serve`], or here in the process.
#[derive(Clone)]
pub struct Endpoint {
    front: Arc<Front>,
}

struct Front {
    system: System,
    clock: SandboxClock,
    latency: Duration,
    /// What the system holds after a reset that doesn't say.
    contents: Contents,
    book: Mutex<Book>,
}

#[derive(Default)]
struct Book {
    faults: Vec<Fault>,
    log: Log,
}

/// The routes of a system that answers all by itself, if the body is no larger than this.
pub(crate) fn router(
    largest_body: usize,
    answer: impl Fn(Parts, Bytes) -> Response<Body> + Clone + Send + Sync + 'static,
) -> Router {
    Router::new().fallback(move |request: Request<Body>| {
        let answer = answer.clone();
        async move {
            let (head, body) = request.into_parts();
            match to_bytes(body, largest_body).await {
                Ok(body) => answer(head, body),
                Err(_) => {
                    let mut response = Response::new(Body::empty());
                    *response.status_mut() = StatusCode::PAYLOAD_TOO_LARGE;
                    response
                }
            }
        }
    })
}

impl Endpoint {
    pub(crate) fn new(
        system: System,
        clock: SandboxClock,
        latency: Duration,
        contents: Contents,
    ) -> Self {
        Self {
            front: Arc::new(Front {
                system,
                clock,
                latency,
                contents,
                book: Mutex::default(),
            }),
        }
    }

    /// Sends a request and waits for its whole answer.
    pub async fn call(&self, request: Request<Bytes>) -> Result<Response<Bytes>, ConnectionReset> {
        let (head, body) = self
            .front
            .clone()
            .answer(request.map(Body::from))
            .await?
            .into_parts();
        let body = to_bytes(body, usize::MAX)
            .await
            .map_err(|_| ConnectionReset)?;
        Ok(Response::from_parts(head, body))
    }

    /// What goes wrong from now on; replaces what was to go wrong.
    pub fn set_faults(&self, faults: Vec<Fault>) {
        self.front.book().faults = faults;
    }

    /// One more thing that goes wrong.
    pub fn add_fault(&self, fault: Fault) {
        self.front.book().faults.push(fault);
    }

    /// The requests that came, but for those to the admin API.
    pub fn log(&self) -> Log {
        self.front.book().log.clone()
    }

    /// Forgets the requests that came.
    pub fn clear_log(&self) {
        self.front.book().log = Log::default();
    }

    /// Carries out a request of the admin API that only this system has, such as `happen`.
    pub fn administer(&self, name: &str, body: &Json) -> Result<Json, String> {
        let done = (self.front.system.administer)(name, body.to_string().as_bytes());
        done.unwrap_or_else(|| Err(format!("no such admin request: {name}")))
    }

    /// Everything the system holds.
    pub fn state(&self) -> Json {
        (self.front.system.state)()
    }

    /// Fills the system anew, without faults and with an empty log. The clock stays.
    pub fn reset(&self) {
        self.front.reset(self.front.contents);
    }
}

impl Front {
    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn reset(&self, contents: Contents) {
        (self.system.reset)(contents);
        *self.book() = Book::default();
    }

    async fn answer(
        self: Arc<Self>,
        request: Request<Body>,
    ) -> Result<Response<Body>, ConnectionReset> {
        if request.uri().path().starts_with(admin::PREFIX) {
            return Ok(admin::answer(&self, request).await);
        }
        let seen = Seen::new(self.clock.now(), request.method(), request.uri());
        let effect = self.strike(&request);
        if !self.latency.is_zero() {
            tokio::time::sleep(self.latency).await;
        }
        let fault = effect.as_ref().map(Effect::name);
        let answer = self.answer_with(request, effect).await;
        let status = answer.as_ref().ok().map(Response::status);
        self.book().log.record(seen, status, fault);
        answer
    }

    /// The effect of the first fault whose turn it is.
    fn strike(&self, request: &Request<Body>) -> Option<Effect> {
        let mut book = self.book();
        let effect = book
            .faults
            .iter_mut()
            .find_map(|fault| fault.strike(request.method(), request.uri().path()));
        book.faults.retain(|fault| !fault.is_over());
        effect
    }

    async fn answer_with(
        &self,
        request: Request<Body>,
        effect: Option<Effect>,
    ) -> Result<Response<Body>, ConnectionReset> {
        let Some(Effect {
            outcome,
            after_commit,
        }) = effect
        else {
            return Ok(self.of_the_system(request).await);
        };
        match outcome {
            Outcome::Delay(by) if after_commit => {
                let answer = self.of_the_system(request).await;
                tokio::time::sleep(by).await;
                Ok(answer)
            }
            Outcome::Delay(by) => {
                tokio::time::sleep(by).await;
                Ok(self.of_the_system(request).await)
            }
            Outcome::Reset => {
                self.commit(request, after_commit).await;
                Err(ConnectionReset)
            }
            Outcome::Answer {
                status,
                headers,
                body,
            } => {
                self.commit(request, after_commit).await;
                let mut answer = Response::new(Body::from(body));
                *answer.status_mut() = status;
                *answer.headers_mut() = headers;
                answer
                    .headers_mut()
                    .entry(http::header::CONTENT_TYPE)
                    .or_insert(http::HeaderValue::from_static(
                        "application/json;charset=utf-8",
                    ));
                Ok(answer)
            }
        }
    }

    async fn commit(&self, request: Request<Body>, after_commit: bool) {
        if after_commit {
            drop(self.of_the_system(request).await);
        }
    }

    async fn of_the_system(&self, request: Request<Body>) -> Response<Body> {
        let answer: Result<_, Infallible> = self.system.router.clone().oneshot(request).await;
        match answer {
            Ok(answer) => answer,
            Err(never) => match never {},
        }
    }
}

impl Service<Request<Body>> for Endpoint {
    type Response = Response<Body>;
    type Error = ConnectionReset;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, ConnectionReset>> + Send>>;

    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), ConnectionReset>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        Box::pin(self.front.clone().answer(request))
    }
}
