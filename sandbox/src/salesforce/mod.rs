//! A Salesforce org.

mod answer;
mod changes;
mod collections;
mod composite;
mod data;
mod derive;
mod describe;
mod error;
mod field;
mod id;
mod identity;
mod limits;
mod oauth;
mod org;
mod queries;
mod records;
mod request;
mod route;
mod row;
mod save;
mod schema;
mod session;
mod soql;
mod table;
mod upsert;
mod usage;
mod value;
mod version;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::{Body, to_bytes};
use http::{Request, Response, StatusCode};
use serde_json::Value as Json;

pub use data::{
    ConnectedApp, DEFAULT_TOKEN, Picklist, PicklistValue, Record, SalesforceData, TaskPriority,
    TaskStatus, ValidationRule,
};
pub use id::{RecordId, record_id};
pub use version::VERSION;

use crate::{Limits, SandboxClock};
use org::Org;
use request::Call;
use value::floor_second;

/// Salesforce takes no more than this.
const LARGEST_BODY: usize = 50 * 1024 * 1024;

/// An org. Its clones are the same org.
#[derive(Clone)]
pub struct Salesforce {
    org: Arc<Mutex<Org>>,
    clock: SandboxClock,
    limits: Limits,
}

impl Salesforce {
    /// An org that holds this data.
    pub fn new(data: SalesforceData, clock: SandboxClock, limits: Limits) -> Self {
        let org = Org::new(data, floor_second(clock.now()));
        Self {
            org: Arc::new(Mutex::new(org)),
            clock,
            limits,
        }
    }

    /// Its routes.
    pub fn router(&self) -> Router {
        let salesforce = self.clone();
        Router::new().fallback(move |request: Request<Body>| {
            let salesforce = salesforce.clone();
            async move { salesforce.answer(request).await }
        })
    }

    /// Everything it holds.
    pub fn state(&self) -> Json {
        self.lock().to_json(self.now())
    }

    /// Fills it anew.
    pub fn reset(&self, data: SalesforceData) {
        let org = Org::new(data, self.now());
        *self.lock() = org;
    }

    fn now(&self) -> i64 {
        floor_second(self.clock.now())
    }

    fn lock(&self) -> MutexGuard<'_, Org> {
        self.org.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn answer(&self, request: Request<Body>) -> Response<Body> {
        let (head, body) = request.into_parts();
        let Ok(body) = to_bytes(body, LARGEST_BODY).await else {
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::PAYLOAD_TOO_LARGE;
            return response;
        };
        let call = Call::new(head, body);
        let now = self.now();
        route::answer(&mut self.lock(), &call, now, self.limits).into_response(call.is_pretty())
    }
}
