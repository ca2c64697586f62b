//! Salesforce as a client sees it, called within the process.

#![allow(clippy::unwrap_used, reason = "a test may fail this way")]

mod changes;
mod collections;
mod composite;
mod describe;
mod errors;
mod hostile;
mod jobs;
mod limits;
mod oauth;
mod org;
mod people;
mod queries;
mod records;
