//! HubSpot as a client sees it, called within the process.

#![allow(clippy::unwrap_used, reason = "a test may fail this way")]

mod account;
mod associations;
mod batch;
mod hostile;
mod limits;
mod marketing;
mod objects;
mod portal;
mod search;
