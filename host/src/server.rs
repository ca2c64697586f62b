//! The HTTP API: activities are sent in. Whoever has the token may; everybody else is told nothing. And the simulator's pages, which are anybody's.

mod answer;
mod body;
mod pages;
mod token;

pub use pages::HAS_SIMULATOR;

use crate::budget::Burst;
use crate::clock::Clock;
use crate::inbound::{self, Checked, Refusal};
use crate::ledger::{Ledger, LedgerError, Took};
use answer::Problem;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use axum::routing::post;
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
pub use token::{ServerToken, UnfitToken};
use tokio::net::TcpListener;
use tokio::sync::Notify;

/// Where activities are sent in.
pub const ACTIVITIES: &str = "/api/v1/activities";
/// So what wasn't taken is told apart in the ledger.
const SOURCE: &str = "POST /api/v1/activities";
/// So many of those that weren't taken are kept, the latest.
const MOST_REFUSALS: usize = 10_000;
/// What is under way is waited for as long when the server is to end.
const LONGEST_END: Duration = Duration::from_secs(9);

/// How much the server takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ServerLimits {
    /// The longest body of a request.
    pub largest_body_bytes: usize,
    /// Of whoever has the token.
    pub requests_per_minute: usize,
}

impl Default for ServerLimits {
    fn default() -> Self {
        Self {
            largest_body_bytes: 4 << 20,
            requests_per_minute: 600,
        }
    }
}

/// A server that listens.
pub struct Server {
    listener: TcpListener,
    router: Router,
    clock: Arc<dyn Clock>,
}

struct Api {
    ledger: Mutex<Ledger>,
    token: ServerToken,
    limits: ServerLimits,
    requests: Burst,
    clock: Arc<dyn Clock>,
}

impl Server {
    /// Listens.
    ///
    /// # Errors
    /// If the address isn't this machine's, or taken.
    pub async fn listen(
        address: SocketAddr,
        token: ServerToken,
        limits: ServerLimits,
        ledger: Ledger,
        clock: Arc<dyn Clock>,
    ) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let api = Api {
            ledger: Mutex::new(ledger),
            token,
            limits,
            requests: Burst::new(limits.requests_per_minute, SignedDuration::from_mins(1)),
            clock: Arc::clone(&clock),
        };
        let router = Router::new()
            .route(ACTIVITIES, post(take))
            .fallback(pages::page)
            .method_not_allowed_fallback(other_method)
            .with_state(Arc::new(api));
        Ok(Self {
            listener,
            router,
            clock,
        })
    }

    /// Where it listens.
    ///
    /// # Errors
    /// If the system doesn't tell.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Serves until it is to end; then it ends what is under way, if that doesn't take too long.
    ///
    /// # Errors
    /// If the listener fails.
    pub async fn serve(self, end: impl Future<Output = ()>) -> io::Result<()> {
        let ends = Arc::new(Notify::new());
        let told = Arc::clone(&ends);
        let serving = axum::serve(self.listener, self.router)
            .with_graceful_shutdown(async move { told.notified().await });
        tokio::select! {
            served = serving => served,
            () = async {
                end.await;
                ends.notify_one();
                self.clock.sleep(LONGEST_END).await;
            } => Ok(()),
        }
    }
}

fn nothing_here() -> Response {
    Problem::new(StatusCode::NOT_FOUND, "not_found", "there is nothing here")
        .hint(format!("activities are sent to {ACTIVITIES}, by POST"))
        .into()
}

async fn other_method() -> Response {
    Problem::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "method_not_allowed",
        "activities are sent by POST",
    )
    .header(header::ALLOW, "POST")
    .into()
}

async fn take(State(api): State<Arc<Api>>, request: Request) -> Response {
    match taken(api, request).await {
        Ok(receipt) => answer::json(StatusCode::ACCEPTED, &receipt),
        Err(problem) => problem.into(),
    }
}

async fn taken(api: Arc<Api>, request: Request) -> Result<Value, Problem> {
    api.admit(request.headers())?;
    is_json(request.headers())?;
    let body = body::read(request.into_body(), api.limits.largest_body_bytes).await?;
    let keep = move || {
        let sent = body::activities(&body)?;
        api.keep(sent)
    };
    match tokio::task::spawn_blocking(keep).await {
        Ok(kept) => kept,
        Err(_) => Err(Problem::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "this shouldn't be",
        )),
    }
}

impl Api {
    fn admit(&self, headers: &HeaderMap) -> Result<(), Problem> {
        let given = headers.get(header::AUTHORIZATION);
        let given = given
            .and_then(|given| given.to_str().ok())
            .and_then(token::bearer);
        if !given.is_some_and(|given| self.token.is(given)) {
            return Err(Problem::new(StatusCode::UNAUTHORIZED, "unauthorized", "the token is missing or wrong")
                .hint("send `Authorization: Bearer …` with the token that is set as server.token or CROSSWALK_SERVER_TOKEN")
                .header(header::WWW_AUTHENTICATE, "Bearer"));
        }
        self.requests.take(self.clock.now()).map_err(|wait| {
            let seconds = wait.as_secs() + 1;
            let most = self.limits.requests_per_minute;
            Problem::new(
                StatusCode::TOO_MANY_REQUESTS,
                "rate_limited",
                format!("more than {most} requests in a minute"),
            )
            .hint(format!(
                "try again in {seconds} s, or send several activities at once, as a list"
            ))
            .header(header::RETRY_AFTER, seconds)
        })
    }

    fn keep(&self, sent: Vec<Checked>) -> Result<Value, Problem> {
        let mut unknown = BTreeSet::new();
        let mut activities = Vec::with_capacity(sent.len());
        for checked in sent {
            unknown.extend(checked.unknown);
            activities.push(checked.activity);
        }
        let ledger = self.ledger.lock().unwrap_or_else(PoisonError::into_inner);
        let took = inbound::take(&ledger, SOURCE, &activities, self.clock.now());
        let took = took.map_err(|error| unkept(&error))?;
        if took.contains(&None) {
            let trimmed = ledger.keep_latest_refusals(SOURCE, MOST_REFUSALS);
            trimmed.map_err(|error| unkept(&error))?;
        }
        Ok(receipt(&activities, &took, &unknown))
    }
}

fn receipt(
    activities: &[Result<inbound::Incoming, Refusal>],
    took: &[Option<Took>],
    unknown: &BTreeSet<String>,
) -> Value {
    let (mut accepted, mut refused) = (Vec::new(), Vec::new());
    for (activity, took) in activities.iter().zip(took) {
        match activity {
            Ok(incoming) => accepted.push(json!({"activity": incoming.activity, "state": took})),
            Err(refusal) => refused.push(json!({
                "position": refusal.position, "path": refusal.whole_path(), "activity": refusal.activity,
                "code": refusal.code, "message": refusal.message, "hint": refusal.hint
            })),
        }
    }
    json!({"accepted": accepted, "refused": refused, "unknown": unknown})
}

fn unkept(error: &LedgerError) -> Problem {
    if error.is_busy() {
        return Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "ledger_busy",
            "the ledger is being written to",
        )
        .hint("nothing was taken; send it again in a few seconds")
        .header(header::RETRY_AFTER, 5);
    }
    tracing::error!("{error}");
    Problem::new(
        StatusCode::INTERNAL_SERVER_ERROR,
        "ledger_failed",
        "the ledger can't be written",
    )
    .hint("nothing was taken; the server's log says why")
}

fn is_json(headers: &HeaderMap) -> Result<(), Problem> {
    let given = headers.get(header::CONTENT_TYPE);
    let given = given
        .and_then(|given| given.to_str().ok())
        .unwrap_or_default();
    let media_type = given.split(';').next().unwrap_or_default().trim();
    if media_type.eq_ignore_ascii_case("application/json") {
        return Ok(());
    }
    Err(Problem::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "not_json",
        format!("the body is `{media_type}`"),
    )
    .hint("send one activity, or a list of them, as `Content-Type: application/json`"))
}
