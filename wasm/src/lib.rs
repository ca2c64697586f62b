//! The rules as one WebAssembly module with two faces.
//!
//! - The *bytes face* (`abi`) is for any WebAssembly host: memory, lengths and JSON. It calls no import, so a host may stub
//!   every import by a trap. `docs/module.md` specifies it.
//! - The *JavaScript face* ([`javascript`]) is a class by wasm-bindgen, whose glue comes with the module.

// Also under clippy, which has no other way to see it where it can't lint for the module's own target.
#[cfg(any(target_arch = "wasm32", clippy))]
mod abi;
pub mod javascript;
pub mod session;
pub mod simulation;
