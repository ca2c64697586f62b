//! The rules of Crosswalk: which activities sync between HubSpot and Salesforce, on which contact, assigned to whom, and why.
//!
//! A pure function of settings and snapshot: no clock, no I/O, no randomness. Open the settings once, then plan any number of snapshots:
//!
//! ```
//! let settings = br#"{"time_zone": "Europe/Helsinki", "portal_id": "8821", "enabled_at": "2026-10-01T06:00:00Z",
//!                     "to_salesforce": {"call": {"enabled": true}}, "owners": {"integration_user": "005000000000001AAA"}}"#;
//! let snapshot = br#"{"now": "2026-11-23T10:00:00Z",
//!                     "activities": [{"id": "501", "kind": "call", "occurred_at": "2026-11-20T08:00:00Z"}]}"#;
//! let rules = crosswalk_core::Rules::from_json(settings)?;
//! let plan = rules.plan_to_salesforce_json(snapshot)?;
//! assert!(String::from_utf8_lossy(&plan).contains(r#""reason":"no_contact""#));
//! # Ok::<(), crosswalk_core::Error>(())
//! ```

#![forbid(unsafe_code)]
#![deny(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]
#![cfg_attr(test, allow(clippy::unwrap_used, reason = "a test fails by panicking"))]

mod bytes;
mod compare;
mod contact;
mod error;
mod id;
mod index;
mod json;
mod kind;
mod names;
mod order;
mod owner;
mod parts;
mod plan;
mod read;
mod record;
mod related;
mod rules;
mod same;
mod settings;
mod simulation;
mod snapshot;
mod span;
mod task;
mod text;
mod time;
mod to_hubspot;
mod to_salesforce;
mod trace;
mod update;
mod window;

pub use compare::{ChangedDecision, Comparison, ComparisonSummary};
pub use error::{Code, Error};
pub use kind::{Class, Kind, RecordKind};
pub use parts::{SnapshotParts, WholeSnapshot};
pub use plan::{
    Action, Assignment, Association, ContactChoice, Decision, FieldConflict, HubSpotDecision,
    HubSpotObject, HubSpotPlan, HubSpotSummary, LosingContact, Lost, Outcome, Plan,
    RECORDS_PER_HUBSPOT_CALL, RECORDS_PER_SALESFORCE_CALL, Reason, Rung, Step, Summary, Warning,
    Winner, digest_of_fingerprints,
};
pub use record::{RecordObject, SalesforceRecord};
pub use rules::Rules;
pub use settings::{
    Conflict, KindSettings, MatchBy, MeetingSettings, OnDelete, OnDeleteSettings, OwnerSettings,
    RecordSettings, RelatedTo, SalesforceSettings, Settings, ToHubSpot, Windows,
};
pub use simulation::Simulation;
pub use snapshot::{
    Activity, Contact, ContactObject, ContactStatus, ContactSync, Link, Origin, Owner, Picklist,
    Picklists, Related, Snapshot, User,
};
pub use task::{FieldValue, Task, TaskField};
pub use text::Text;
pub use time::Time;
pub use trace::{Entry, Words};
