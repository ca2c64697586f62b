//! A HubSpot portal.

mod data;
mod object_type;
mod property;

use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use jiff::SignedDuration;
use serde_json::{Value as Json, json};

pub use data::{
    App, Association, CallDisposition, DEFAULT_TOKEN, HubSpotData, Owner, OwnerType, Portal,
    Record, Team, Version,
};
pub use object_type::ObjectType;
pub use property::{Property, PropertyOption, PropertyType};

use crate::{Limits, SandboxClock};

/// A portal. Its clones are the same portal.
#[derive(Clone)]
pub struct HubSpot {
    data: Arc<Mutex<HubSpotData>>,
}

impl HubSpot {
    /// A portal that holds this data.
    pub fn new(data: HubSpotData, _clock: SandboxClock, _limits: Limits) -> Self {
        Self {
            data: Arc::new(Mutex::new(data)),
        }
    }

    /// Whose search sees a write only so much later.
    pub fn with_search_lag(self, _lag: SignedDuration) -> Self {
        self
    }

    /// Its routes.
    pub fn router(&self) -> Router {
        Router::new()
    }

    /// Everything it holds.
    pub fn state(&self) -> Json {
        json!({ "portalId": self.data.lock().unwrap_or_else(PoisonError::into_inner).portal.id })
    }

    /// Fills it anew.
    pub fn reset(&self, data: HubSpotData) {
        *self.data.lock().unwrap_or_else(PoisonError::into_inner) = data;
    }
}
