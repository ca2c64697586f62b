//! What HubSpot holds of activities, to be compared.

use std::collections::BTreeMap;

use crosswalk_sandbox::{Endpoint, sample};
use serde_json::Value;

/// The objects that records of Salesforce become.
pub const OBJECTS: [&str; 4] = ["tasks", "calls", "emails", "meetings"];

/// What tells when and how a record was written.
const OF_ITS_WRITING: [&str; 5] = [
    "hs_object_id",
    "hs_createdate",
    "hs_lastmodifieddate",
    "hs_task_completion_date",
    sample::KEY_PROPERTY,
];

/// What HubSpot holds, ids and times of writing left out: how often each is there.
pub fn held(hubspot: &Endpoint) -> BTreeMap<String, u64> {
    let state = hubspot.state();
    let mut held = BTreeMap::new();
    for object in OBJECTS {
        let records = state["objects"][object].as_array().into_iter().flatten();
        for record in records.filter(|record| record["archived"] != true) {
            let mut properties = record["properties"].as_object().unwrap().clone();
            properties.retain(|name, _| !OF_ITS_WRITING.contains(&name.as_str()));
            let associations = record["associations"].clone();
            let words = format!("{object} {} {associations}", Value::Object(properties));
            *held.entry(words).or_default() += 1;
        }
    }
    held
}

/// Something that isn't there as often in both.
pub fn difference<'h>(
    held: &'h BTreeMap<String, u64>,
    expected: &'h BTreeMap<String, u64>,
) -> Option<&'h String> {
    let differs = |words: &&String| held.get(*words) != expected.get(*words);
    held.keys().chain(expected.keys()).find(differs)
}
