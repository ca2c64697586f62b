//! The JavaScript face: the rules as a class, by wasm-bindgen.

use js_sys::{Error, Object};
use serde::Serialize;
use serde_json::Value;
use serde_wasm_bindgen::Serializer;
use std::rc::Rc;
use wasm_bindgen::JsValue;
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

/// A value as `JSON.parse` would make it.
pub(crate) fn value(value: &Value) -> JsValue {
    let written = written(value).or_else(|_| written(&rounded(value)));
    // What is left is what JSON says, and JavaScript can hold all of that.
    written.unwrap_or_default()
}

fn written<T: Serialize + ?Sized>(value: &T) -> Result<JsValue, serde_wasm_bindgen::Error> {
    value.serialize(&Serializer::json_compatible())
}

/// The value with whole numbers that JavaScript's can't hold as the nearest that they can.
fn rounded(value: &Value) -> Value {
    match value {
        Value::Number(number) => number.as_f64().map_or(Value::Null, Value::from),
        Value::Array(items) => items.iter().map(rounded).collect(),
        Value::Object(members) => {
            let members = members.iter();
            let members = members.map(|(key, value)| (key.clone(), rounded(value)));
            Value::Object(members.collect())
        }
        other => other.clone(),
    }
}

/// The rules' error as JavaScript's: an `Error` with the same properties.
pub(crate) fn thrown(error: &crosswalk_core::Error) -> Error {
    let thrown = Error::new(&error.message);
    let properties = written(error).unwrap_or_default();
    Object::assign(&thrown, &properties.into());
    thrown
}
