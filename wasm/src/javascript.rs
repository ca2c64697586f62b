//! The JavaScript face: the rules as a class, by wasm-bindgen. What it answers is JSON, which JavaScript itself reads fastest.

use js_sys::{Error, Object};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use std::rc::Rc;
use wasm_bindgen::prelude::wasm_bindgen;

/// The rules under one set of settings. Opened once, then used for any number of snapshots.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Rules(Rc<crosswalk_core::Rules>);

#[wasm_bindgen]
impl Rules {
    /// Opens rules under settings, UTF-8 JSON.
    ///
    /// # Errors
    /// An `Error` with `code`, `path` and `hint`.
    #[wasm_bindgen(constructor)]
    pub fn new(settings: &[u8]) -> Result<Self, Error> {
        crosswalk_core::Rules::from_json(settings)
            .map(|rules| Self(Rc::new(rules)))
            .map_err(|error| thrown(&error))
    }

    /// Plans HubSpot's activities of a snapshot into Salesforce tasks; both are UTF-8 JSON.
    ///
    /// # Errors
    /// An `Error` with `code`, `path` and `hint`.
    #[wasm_bindgen(js_name = planToSalesforceJson)]
    pub fn plan_to_salesforce_json(&self, snapshot: &[u8]) -> Result<Vec<u8>, Error> {
        self.0
            .plan_to_salesforce_json(snapshot)
            .map_err(|error| thrown(&error))
    }

    /// Plans Salesforce's records of a snapshot into HubSpot's activities; both are UTF-8 JSON.
    ///
    /// # Errors
    /// An `Error` with `code`, `path` and `hint`.
    #[wasm_bindgen(js_name = planToHubSpotJson)]
    pub fn plan_to_hubspot_json(&self, snapshot: &[u8]) -> Result<Vec<u8>, Error> {
        self.0
            .plan_to_hubspot_json(snapshot)
            .map_err(|error| thrown(&error))
    }

    /// What changes over a snapshot if these rules become `other`; both are UTF-8 JSON.
    ///
    /// # Errors
    /// An `Error` with `code`, `path` and `hint`.
    #[wasm_bindgen(js_name = compareJson)]
    pub fn compare_json(&self, other: &Self, snapshot: &[u8]) -> Result<Vec<u8>, Error> {
        self.0
            .compare_json(&other.0, snapshot)
            .map_err(|error| thrown(&error))
    }
}

impl Rules {
    pub(crate) fn shared(&self) -> Rc<crosswalk_core::Rules> {
        self.0.clone()
    }
}

/// What an error of the rules has besides its message.
#[derive(Serialize)]
struct Properties<'e> {
    code: &'static str,
    path: &'e str,
    hint: &'e str,
}

/// The rules' error as JavaScript's: an `Error` with `code`, `path` and `hint`.
pub(crate) fn thrown(error: &crosswalk_core::Error) -> Error {
    let thrown = Error::new(&error.message);
    let properties = Properties {
        code: error.code.name(),
        path: &error.path,
        hint: &error.hint,
    };
    // Three strings: nothing in them can fail.
    let properties = properties.serialize(&Serializer::json_compatible());
    Object::assign(&thrown, &properties.unwrap_or_default().into());
    thrown
}
