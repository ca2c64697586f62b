//! A HubSpot and a Salesforce on this machine, faithful on the wire.
//!
//! A [`Sandbox`] holds both. Its [`Endpoint`]s answer requests in the process, and
//! [`Sandbox::serve`] puts them on loopback ports. They keep one time, a [`SandboxClock`].

mod clock;
mod front;
pub mod hubspot;
pub mod salesforce;
pub mod sample;
mod serve;

use std::sync::Arc;
use std::time::Duration;

pub use clock::SandboxClock;
use front::System;
pub use front::{ConnectionReset, Effect, Endpoint, Fault, Log, LoggedRequest, Matching, Outcome};
use hubspot::{HubSpot, HubSpotData};
use jiff::SignedDuration;
use salesforce::{Salesforce, SalesforceData};
pub use serve::Running;

/// How a sandbox is made.
#[derive(Clone, Debug)]
pub struct Options {
    /// Which sample data; the same seed, the same data.
    pub seed: u64,
    /// Without sample data.
    pub empty: bool,
    /// Whether the systems' rate limits and quotas are enforced.
    pub limits: Limits,
    /// How long every answer takes at least.
    pub latency: Duration,
    /// The time in the sandbox.
    pub clock: SandboxClock,
    /// How long it takes until HubSpot's search sees a write.
    pub search_lag: SignedDuration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            seed: 1,
            empty: false,
            limits: Limits::On,
            latency: Duration::ZERO,
            clock: SandboxClock::default(),
            search_lag: SignedDuration::from_secs(2),
        }
    }
}

/// Whether a system's rate limits and quotas are enforced. What a single request may hold always is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limits {
    /// As in the real system.
    On,
    /// As many requests as one likes.
    Off,
}

/// What a sandbox is to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contents {
    /// Which sample data.
    pub seed: u64,
    /// Nothing instead.
    pub empty: bool,
}

/// A HubSpot and a Salesforce.
#[derive(Clone)]
pub struct Sandbox {
    hubspot: Endpoint,
    salesforce: Endpoint,
}

impl Sandbox {
    /// A sandbox with sample data, or without. A reset returns to the data of the moment at which it was made.
    pub fn new(options: Options) -> Self {
        let now = options.clock.now();
        Self::with_source(options, move |contents| match contents.empty {
            true => (HubSpotData::default(), SalesforceData::default()),
            false => sample::sample(contents.seed, now),
        })
    }

    /// A sandbox with this data, to which a reset returns unless it asks for `empty`.
    pub fn with_data(options: Options, hubspot: HubSpotData, salesforce: SalesforceData) -> Self {
        Self::with_source(options, move |contents| match contents.empty {
            true => (HubSpotData::default(), SalesforceData::default()),
            false => (hubspot.clone(), salesforce.clone()),
        })
    }

    /// A sandbox whose data `source` makes, now and at every reset: nothing of it is kept twice.
    pub fn with_source(
        options: Options,
        source: impl Fn(Contents) -> (HubSpotData, SalesforceData) + Send + Sync + 'static,
    ) -> Self {
        let Options {
            seed,
            empty,
            limits,
            latency,
            clock,
            search_lag,
        } = options;
        let contents = Contents { seed, empty };
        let (hubspot_data, salesforce_data) = source(contents);
        let source = Arc::new(source);
        let hubspot = HubSpot::new(hubspot_data, clock.clone(), limits).with_search_lag(search_lag);
        let salesforce = Salesforce::new(salesforce_data, clock.clone(), limits);
        let hubspot = hubspot_system(hubspot, source.clone());
        let salesforce = salesforce_system(salesforce, source);
        Self {
            hubspot: Endpoint::new(hubspot, clock.clone(), latency, contents),
            salesforce: Endpoint::new(salesforce, clock, latency, contents),
        }
    }

    /// Where HubSpot is reached.
    pub fn hubspot(&self) -> Endpoint {
        self.hubspot.clone()
    }

    /// Where Salesforce is reached.
    pub fn salesforce(&self) -> Endpoint {
        self.salesforce.clone()
    }

    /// Fills both systems anew, without faults and with empty logs. The clock stays.
    pub fn reset(&self) {
        self.hubspot.reset();
        self.salesforce.reset();
    }
}

type Source = Arc<dyn Fn(Contents) -> (HubSpotData, SalesforceData) + Send + Sync>;

fn hubspot_system(hubspot: HubSpot, source: Source) -> System {
    let (holding, administered) = (hubspot.clone(), hubspot.clone());
    System {
        administer: Box::new(move |name, body| administered.administer(name, body)),
        own_requests: hubspot::ADMIN_REQUESTS,
        router: hubspot.router(),
        state: Box::new(move || holding.state()),
        reset: Box::new(move |contents| hubspot.reset(source(contents).0)),
    }
}

fn salesforce_system(salesforce: Salesforce, source: Source) -> System {
    let (holding, administered) = (salesforce.clone(), salesforce.clone());
    System {
        administer: Box::new(move |name, body| administered.administer(name, body)),
        own_requests: salesforce::ADMIN_REQUESTS,
        router: salesforce.router(),
        state: Box::new(move || holding.state()),
        reset: Box::new(move |contents| salesforce.reset(source(contents).1)),
    }
}
