//! A HubSpot portal.

mod account;
mod association_type;
mod associations;
mod batch;
mod budget;
mod data;
mod email_events;
mod feed;
mod filter;
mod forms;
mod happen;
mod moment;
mod oauth;
mod object_type;
mod objects;
mod occurrences;
mod owners;
mod page;
mod portal;
mod properties;
mod property;
mod refusal;
mod request;
mod route;
mod schema;
mod search;
mod sorted;
mod standard;
mod stored;
mod table;
mod tokens;
mod view;
mod write;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::Body;
use http::Response;
use jiff::SignedDuration;
use serde_json::Value as Json;

pub use data::{
    App, Association, CallDisposition, DEFAULT_TOKEN, HubSpotData, Owner, OwnerType, Portal,
    PropertyRule, Record, Team, Version,
};
pub use email_events::{Campaign, EmailEvent, EmailEventType};
pub use forms::{Form, Submission};
pub use object_type::ObjectType;
pub use occurrences::EventOccurrence;
pub use property::{Property, PropertyOption, PropertyType};

use crate::front::{self, Administered, administered};
use crate::{Limits, SandboxClock};
use portal::Portal as State;
use request::Call;

/// HubSpot takes no more than this.
const LARGEST_BODY: usize = 16 * 1024 * 1024;

/// The requests of the admin API that only a portal has.
pub(crate) const ADMIN_REQUESTS: &[&str] = &["happen", "account"];

/// A portal. Its clones are the same portal.
#[derive(Clone)]
pub struct HubSpot {
    state: Arc<Mutex<State>>,
    clock: SandboxClock,
    limits: Limits,
    search_lag: SignedDuration,
}

impl HubSpot {
    /// A portal that holds this data, and whose search sees every write at once.
    pub fn new(data: HubSpotData, clock: SandboxClock, limits: Limits) -> Self {
        let state = State::new(data, clock.now().as_millisecond());
        Self {
            state: Arc::new(Mutex::new(state)),
            clock,
            limits,
            search_lag: SignedDuration::ZERO,
        }
    }

    /// The same, but its search sees a write only so much later.
    pub fn with_search_lag(self, search_lag: SignedDuration) -> Self {
        Self { search_lag, ..self }
    }

    /// Its routes.
    pub fn router(&self) -> Router {
        let portal = self.clone();
        front::router(LARGEST_BODY, move |head, body| {
            portal.answer(&Call::new(head, body))
        })
    }

    /// Everything it holds.
    pub fn state(&self) -> Json {
        self.lock().state()
    }

    /// Fills it anew.
    pub fn reset(&self, data: HubSpotData) {
        let state = State::new(data, self.clock.now().as_millisecond());
        *self.lock() = state;
    }

    /// Carries out a request of the admin API that only a portal has.
    pub(crate) fn administer(&self, name: &str, body: &[u8]) -> Option<Administered> {
        let mut portal = self.lock();
        portal.now = self.clock.now().as_millisecond();
        match name {
            "happen" => Some(administered(body, |new| happen::happen(&mut portal, new))),
            "account" => Some(administered(body, |new| {
                Ok(happen::change(&mut portal, &new))
            })),
            _ => None,
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answer(&self, call: &Call) -> Response<Body> {
        let now = self.clock.now().as_millisecond();
        let search_lag = i64::try_from(self.search_lag.as_millis()).unwrap_or(i64::MAX);
        self.lock().answer(call, now, self.limits, search_lag)
    }
}
