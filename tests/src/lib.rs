//! The corpus: cases of the rules as JSON, each with what it expects of a plan, run on every implementation of the rules.
//!
//! A case is a file `corpus/<rule>/<case>.json`; regressions of issues lie in `corpus/issues/`. Its keys are those of [`Case`]; what
//! `expect` may say is told in [`expect`].

#![forbid(unsafe_code)]
#![allow(
    clippy::unwrap_used,
    reason = "what helps tests fails as a test does, by panicking"
)]

pub mod case;
#[cfg(feature = "host")]
pub mod chance;
pub mod expect;
#[cfg(feature = "host")]
pub mod garbled;
#[cfg(feature = "host")]
pub mod happenings;
#[cfg(feature = "host")]
pub mod held;
pub mod implementation;
#[cfg(feature = "host")]
pub mod killed;
pub mod load;
#[cfg(feature = "host")]
pub mod program;
pub mod rules;
#[cfg(feature = "host")]
pub mod world;

pub use case::{Case, Direction};
pub use implementation::{Answer, Implementation};
