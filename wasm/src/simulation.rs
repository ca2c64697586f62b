//! The JavaScript face for large data: a snapshot that comes in parts, and what would sync of it, step by step.

use crate::javascript::{Rules, thrown};
use crosswalk_core::{Code, Error as RuleError, SnapshotParts, WholeSnapshot};
use js_sys::Error;
use std::rc::Rc;
use wasm_bindgen::prelude::wasm_bindgen;

/// More than this doesn't fit into memory beside what is made of it.
const LARGEST_SNAPSHOT: usize = i32::MAX as usize;

/// A snapshot of any size, read in parts.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Snapshot {
    state: State,
    length: usize,
}

#[derive(Debug)]
enum State {
    Open(SnapshotParts),
    Closed(Rc<WholeSnapshot>),
    Refused(RuleError),
}

#[wasm_bindgen]
impl Snapshot {
    /// A snapshot of which nothing has come.
    pub fn open() -> Self {
        Self {
            state: State::Open(SnapshotParts::new()),
            length: 0,
        }
    }

    /// Takes the next part of its JSON: UTF-8, cut anywhere.
    ///
    /// # Errors
    /// An `Error` with `code`, `path` and `hint`; then nothing more is taken.
    pub fn append(&mut self, part: &[u8]) -> Result<(), Error> {
        self.length = self.length.saturating_add(part.len());
        let appended = match &mut self.state {
            _ if self.length > LARGEST_SNAPSHOT => Err(too_large(self.length)),
            State::Open(parts) => parts.append(part),
            State::Closed(_) => return Err(thrown(&closed("nothing can be added"))),
            State::Refused(error) => Err(error.clone()),
        };
        appended.map_err(|error| self.refuse(error))
    }

    /// Ends it: what is known is read.
    ///
    /// # Errors
    /// An `Error` with `code`, `path` and `hint`.
    pub fn close(&mut self) -> Result<(), Error> {
        let state = std::mem::replace(&mut self.state, State::Refused(closed("it was refused")));
        let whole = match state {
            State::Open(parts) => parts.close().map(Rc::new),
            State::Closed(whole) => Ok(whole),
            State::Refused(error) => Err(error),
        };
        match whole {
            Ok(whole) => self.state = State::Closed(whole),
            Err(error) => return Err(self.refuse(error)),
        }
        Ok(())
    }

    /// How many activities it has; 0 until it is closed.
    #[wasm_bindgen(getter)]
    pub fn activities(&self) -> usize {
        self.whole().map_or(0, |whole| whole.activities())
    }

    /// How many records of Salesforce's it has; 0 until it is closed.
    #[wasm_bindgen(getter)]
    pub fn records(&self) -> usize {
        self.whole().map_or(0, |whole| whole.records())
    }

    fn refuse(&mut self, error: RuleError) -> Error {
        let thrown = thrown(&error);
        self.state = State::Refused(error);
        thrown
    }

    fn whole(&self) -> Result<&Rc<WholeSnapshot>, RuleError> {
        match &self.state {
            State::Closed(whole) => Ok(whole),
            State::Open(_) => Err(RuleError {
                code: Code::SnapshotInvalid,
                path: String::new(),
                message: "the snapshot isn't closed".to_owned(),
                hint: "close it once its last part is appended".to_owned(),
            }),
            State::Refused(error) => Err(error.clone()),
        }
    }
}

/// What would sync of a snapshot, as far as it is decided.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Simulation(crosswalk_core::Simulation);

#[wasm_bindgen]
impl Simulation {
    /// Of HubSpot's activities.
    ///
    /// # Errors
    /// An `Error` with `code`, `path` and `hint` if the snapshot isn't closed, or was refused.
    #[wasm_bindgen(js_name = toSalesforce)]
    pub fn to_salesforce(rules: &Rules, snapshot: &Snapshot) -> Result<Self, Error> {
        let simulation = snapshot.whole().and_then(|whole| {
            crosswalk_core::Simulation::to_salesforce(rules.shared(), whole.clone())
        });
        simulation.map(Self).map_err(|error| thrown(&error))
    }

    /// Of Salesforce's records.
    ///
    /// # Errors
    /// As `toSalesforce`.
    #[wasm_bindgen(js_name = toHubSpot)]
    pub fn to_hubspot(rules: &Rules, snapshot: &Snapshot) -> Result<Self, Error> {
        let simulation = snapshot.whole().and_then(|whole| {
            crosswalk_core::Simulation::to_hubspot(rules.shared(), whole.clone())
        });
        simulation.map(Self).map_err(|error| thrown(&error))
    }

    /// Decides so many more; whether all are decided then.
    pub fn step(&mut self, records: usize) -> bool {
        self.0.step(records)
    }

    /// How many are decided.
    #[wasm_bindgen(getter)]
    pub fn decided(&self) -> usize {
        self.0.decided()
    }

    /// How many there are.
    #[wasm_bindgen(getter)]
    pub fn total(&self) -> usize {
        self.0.total()
    }

    /// The plan's summary, of what is decided: JSON.
    #[wasm_bindgen(js_name = summaryJson)]
    pub fn summary_json(&self) -> Vec<u8> {
        self.0.summary_json().into_bytes()
    }

    /// What was left out of the snapshot, or chosen, while it was read: JSON, a list.
    #[wasm_bindgen(js_name = warningsJson)]
    pub fn warnings_json(&self) -> Vec<u8> {
        self.0.warnings_json().into_bytes()
    }

    /// Some of the decisions: `{"total", "offset", "decisions"}`, JSON. The query is JSON too: `{"offset", "limit", "filter"}`.
    ///
    /// # Errors
    /// An `Error` with `code`, `path` and `hint`.
    #[wasm_bindgen(js_name = pageJson)]
    pub fn page_json(&self, query: &[u8]) -> Result<Vec<u8>, Error> {
        let page = self.0.page_json(query);
        page.map(String::into_bytes).map_err(|error| thrown(&error))
    }

    /// One decision, by the activity's name, as `call:501`, or the record's id: JSON; undefined if there is none.
    #[wasm_bindgen(js_name = decisionJson)]
    pub fn decision_json(&self, name: &str) -> Option<Vec<u8>> {
        self.0.decision_json(name).map(String::into_bytes)
    }
}

fn closed(what: &str) -> RuleError {
    RuleError {
        code: Code::BadHandle,
        path: String::new(),
        message: format!("the snapshot is closed; {what}"),
        hint: "open another one".to_owned(),
    }
}

fn too_large(length: usize) -> RuleError {
    RuleError {
        code: Code::TooLarge,
        path: String::new(),
        message: format!(
            "the snapshot has {length} bytes so far, at most {LARGEST_SNAPSHOT} are taken"
        ),
        hint: "simulate it in several snapshots".to_owned(),
    }
}
