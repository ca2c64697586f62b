//! Writes the JSON Schemas of settings, snapshot and plans to `docs/schema`, or checks (`--check`) that they are what the types say.

use schemars::{JsonSchema, generate::SchemaSettings};
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let schemas = [
        ("settings", schema::<crosswalk_core::Settings>(input())),
        ("snapshot", schema::<crosswalk_core::Snapshot<'_>>(input())),
        ("plan", schema::<crosswalk_core::Plan<'_>>(output())),
        (
            "plan-to-hubspot",
            schema::<crosswalk_core::HubSpotPlan<'_>>(output()),
        ),
        ("comparison", schema::<crosswalk_core::Comparison>(output())),
    ];
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/schema");
    let is_check = std::env::args().any(|argument| argument == "--check");
    let mut is_current = true;
    for (name, schema) in schemas {
        let file = folder.join(format!("{name}.schema.json"));
        if is_check {
            if std::fs::read_to_string(&file).ok().as_deref() != Some(&*schema) {
                eprintln!(
                    "docs/schema/{name}.schema.json is not what the types say: run `cargo run -p crosswalk-core --features schema --example schema`"
                );
                is_current = false;
            }
        } else if let Err(error) =
            std::fs::create_dir_all(&folder).and_then(|()| std::fs::write(&file, schema))
        {
            eprintln!("{}: {error}", file.display());
            return ExitCode::FAILURE;
        }
    }
    if is_current {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn input() -> SchemaSettings {
    SchemaSettings::draft2020_12()
}

/// What is written leaves out what is empty.
fn output() -> SchemaSettings {
    SchemaSettings::draft2020_12().for_serialize()
}

fn schema<T: JsonSchema>(settings: SchemaSettings) -> String {
    let schema = settings.into_generator().into_root_schema_for::<T>();
    serde_json::to_string_pretty(&schema).unwrap_or_default() + "\n"
}
