//! Runs the rules module under wasmtime and carries out its plans on HubSpot and Salesforce.

mod api;
pub mod budget;
pub mod calls;
pub mod cli;
pub mod clock;
pub mod config;
pub mod connection;
pub mod error;
pub mod feeds;
pub mod hubspot;
pub mod inbound;
pub mod ledger;
pub mod listed;
pub mod random;
mod retry;
pub mod rules;
pub mod salesforce;
pub mod server;
pub mod sync;
pub mod token;
pub mod transport;
