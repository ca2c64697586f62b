//! The implementations of the rules, behind one trait.

mod core;
#[cfg(feature = "host")]
mod javascript;
#[cfg(feature = "host")]
mod module;

use crate::case::Direction;
use serde_json::json;

/// What an implementation answers: the bytes of the plan, or of the error.
pub type Answer = Result<Vec<u8>, Vec<u8>>;

/// The rules, as somebody can call them.
pub trait Implementation: Send + Sync {
    /// What it is called in the names of tests.
    fn name(&self) -> &'static str;
    /// Plans a snapshot under settings.
    fn plan(&self, direction: Direction, settings: &[u8], snapshot: &[u8]) -> Answer;
    /// Compares two settings over a snapshot (P5).
    fn compare(&self, settings: &[u8], other_settings: &[u8], snapshot: &[u8]) -> Answer;
}

/// What there is to be tested here.
pub struct Implementations {
    /// Those that can run here, the reference first.
    pub here: Vec<Box<dyn Implementation>>,
    /// Those that can't.
    pub skipped: Vec<Skipped>,
}

/// An implementation that can't run here.
#[derive(Clone, Copy, Debug)]
pub struct Skipped {
    /// What it is called.
    pub name: &'static str,
    /// Why, and what to do.
    pub why: &'static str,
}

/// Core alone.
#[cfg(not(feature = "host"))]
pub fn all() -> Implementations {
    Implementations {
        here: vec![Box::new(core::Core)],
        skipped: Vec::new(),
    }
}

/// Core, the module as the host runs it, and the npm package in Node and in a browser.
#[cfg(feature = "host")]
pub fn all() -> Implementations {
    let module = module::Module::new();
    let node = javascript::node(&module);
    let browser = javascript::browser(&module);
    let mut here: Vec<Box<dyn Implementation>> =
        vec![Box::new(core::Core), Box::new(module), Box::new(node)];
    let mut skipped = Vec::new();
    match browser {
        Ok(browser) => here.push(Box::new(browser)),
        Err(why) => skipped.push(why),
    }
    Implementations { here, skipped }
}

/// The bytes of an error, the same for all.
fn error(code: &str, path: &str, message: &str, hint: &str) -> Vec<u8> {
    json!({"code": code, "path": path, "message": message, "hint": hint})
        .to_string()
        .into_bytes()
}
