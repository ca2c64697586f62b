//! The committed JSON Schemas are what the types say, and hold for the corpus: for settings and snapshots that can be read, and for plans.
#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a test fails by panicking"
)]

use crosswalk_core::{Comparison, HubSpotPlan, Plan, Rules, Settings, Snapshot};
use schemars::{JsonSchema, generate::SchemaSettings};
use serde_json::Value;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn committed(name: &str) -> Value {
    let file = root().join(format!("docs/schema/{name}.schema.json"));
    serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap()
}

#[track_caller]
fn is_current<T: JsonSchema>(name: &str, settings: SchemaSettings) {
    let generator = settings.into_generator();
    let generated: Value = generator.into_root_schema_for::<T>().into();
    assert_eq!(
        committed(name),
        generated,
        "run `cargo run -p crosswalk-core --features schema --example schema`"
    );
}

#[test]
fn the_schemas_are_current() {
    is_current::<Settings>("settings", SchemaSettings::draft2020_12());
    is_current::<Snapshot<'_>>("snapshot", SchemaSettings::draft2020_12());
    is_current::<Plan<'_>>("plan", SchemaSettings::draft2020_12().for_serialize());
    is_current::<HubSpotPlan<'_>>(
        "plan-to-hubspot",
        SchemaSettings::draft2020_12().for_serialize(),
    );
    is_current::<Comparison>("comparison", SchemaSettings::draft2020_12().for_serialize());
}

/// The cases of the corpus whose documents are objects.
fn cases() -> Vec<(String, Value)> {
    let files = |folder: &Path| -> Vec<PathBuf> {
        std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect()
    };
    files(&root().join("tests/corpus"))
        .iter()
        .flat_map(|rule| files(rule))
        .map(|file| {
            let case: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
            (file.display().to_string(), case)
        })
        .filter(|(_, case)| case["settings"].is_object() && case["snapshot"].is_object())
        .collect()
}

fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Object(members) => members
            .iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(key, value)| (key.clone(), without_nulls(value)))
            .collect(),
        Value::Array(items) => items
            .iter()
            .filter(|item| !item.is_null())
            .map(without_nulls)
            .collect(),
        other => other.clone(),
    }
}

#[test]
fn what_the_rules_take_and_say_is_valid() {
    let validator = |name| jsonschema::validator_for(&committed(name)).unwrap();
    let (settings, snapshot, plan, to_hubspot, comparison) = (
        validator("settings"),
        validator("snapshot"),
        validator("plan"),
        validator("plan-to-hubspot"),
        validator("comparison"),
    );
    let (mut valid_snapshots, mut valid_records, mut refused_settings) = (0, 0, 0);
    for (name, case) in cases() {
        let is_valid = |validator: &jsonschema::Validator, document: &Value| {
            let errors: Vec<_> = validator
                .iter_errors(document)
                .map(|error| format!("{}: {error}", error.instance_path()))
                .collect();
            assert!(errors.is_empty(), "{name}: {errors:?}");
        };
        let Ok(rules) = Rules::from_json(case["settings"].to_string().as_bytes()) else {
            refused_settings += usize::from(!settings.is_valid(&without_nulls(&case["settings"])));
            continue;
        };
        is_valid(&settings, &without_nulls(&case["settings"]));
        let Ok(answer) = rules.plan_to_salesforce_json(case["snapshot"].to_string().as_bytes())
        else {
            continue;
        };
        let answer: Value = serde_json::from_slice(&answer).unwrap();
        is_valid(&plan, &answer);
        let returned = rules
            .plan_to_hubspot_json(case["snapshot"].to_string().as_bytes())
            .unwrap();
        let returned: Value = serde_json::from_slice(&returned).unwrap();
        is_valid(&to_hubspot, &returned);
        let is_read_as_written = !["invalid_record", "unknown_value"]
            .iter()
            .any(|code| answer.to_string().contains(code) || returned.to_string().contains(code));
        if is_read_as_written {
            is_valid(&snapshot, &without_nulls(&case["snapshot"]));
            valid_snapshots += 1;
            valid_records += case["snapshot"]["records"].as_array().map_or(0, Vec::len);
        }
        if let Ok(other) = Rules::from_json(case["other_settings"].to_string().as_bytes()) {
            let compared = rules
                .compare_json(&other, case["snapshot"].to_string().as_bytes())
                .unwrap();
            is_valid(&comparison, &serde_json::from_slice(&compared).unwrap());
        }
    }
    assert!(
        valid_snapshots > 100 && valid_records > 100 && refused_settings > 5,
        "{valid_snapshots} {valid_records} {refused_settings}"
    );
}
