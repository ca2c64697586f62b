//! Runs the rules module under wasmtime and carries out its plans on HubSpot and Salesforce.

mod api;
pub mod budget;
pub mod calls;
pub mod clock;
pub mod connection;
pub mod error;
pub mod hubspot;
pub mod random;
mod retry;
pub mod salesforce;
pub mod token;
pub mod transport;
pub mod cli;
pub mod config;
pub mod feeds;
pub mod ledger;
pub mod sync;
