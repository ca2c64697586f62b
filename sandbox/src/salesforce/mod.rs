//! A Salesforce org.

mod changes;
mod collections;
mod composite;
mod convert;
mod data;
mod derive;
mod describe;
mod error;
mod field;
mod id;
mod identity;
mod jobs;
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
mod standard;
mod table;
mod trigger;
mod upsert;
mod usage;
mod value;
mod version;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::Body;
use http::Response;
use serde_json::{Value as Json, json};

pub use data::{
    ConnectedApp, DEFAULT_TOKEN, Generated, HiddenField, Picklist, PicklistValue, Record,
    SalesforceData, TaskPriority, TaskStatus, Trigger, TriggerChange, ValidationRule,
};
pub use id::{RecordId, record_id};
pub use version::VERSION;

use crate::front::{self, Administered, administered};
use crate::{Limits, SandboxClock};
use org::Org;
use request::Call;
use save::Writer;
use value::floor_second;

/// Salesforce takes no more than this.
const LARGEST_BODY: usize = 50 * 1024 * 1024;

/// What answers are unless they say otherwise.
const CONTENT_TYPE: &str = "application/json;charset=UTF-8";

/// The requests of the admin API that only an org has.
pub(crate) const ADMIN_REQUESTS: &[&str] = &["convert", "undelete", "triggers"];

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
        front::router(LARGEST_BODY, move |head, body| {
            salesforce.answer(&Call::new(head, body))
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

    /// Carries out a request of the admin API that only an org has.
    pub(crate) fn administer(&self, name: &str, body: &[u8]) -> Option<Administered> {
        let mut org = self.lock();
        let writer = Writer {
            user: org.sessions.integration_user(),
            now: self.now(),
        };
        match name {
            "convert" => Some(administered(body, |conversion| {
                convert::convert(&mut org, &conversion, writer)
            })),
            "undelete" => Some(administered(body, |restoration| {
                convert::undelete(&mut org, &restoration, writer)
            })),
            "triggers" => Some(administered(body, |triggers: Vec<Trigger>| {
                let number = triggers.len();
                org.set_triggers(triggers)
                    .map(|()| json!({ "triggers": number }))
            })),
            _ => None,
        }
    }

    fn now(&self) -> i64 {
        floor_second(self.clock.now())
    }

    fn lock(&self) -> MutexGuard<'_, Org> {
        self.org.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answer(&self, call: &Call) -> Response<Body> {
        let answer = route::answer(&mut self.lock(), call, self.now(), self.limits);
        let answer = match call.is_pretty() {
            true => answer.pretty(),
            false => answer,
        };
        answer.into_response(CONTENT_TYPE)
    }
}
