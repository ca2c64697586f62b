//! Salesforce as a client sees it, called within the process.

#![allow(clippy::unwrap_used, reason = "a test may fail this way")]

mod org;
mod records;
