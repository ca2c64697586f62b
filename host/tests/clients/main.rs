//! Both systems' clients against the sandbox, over real HTTP.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod bulk_query;
mod found_by;
mod records;
mod replication;
mod systems;
mod write;
