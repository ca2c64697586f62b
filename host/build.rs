//! Embeds the rules module, and refuses one that is not what its sources say.

use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use std::{env, fs};

#[path = "../xtask/src/sources.rs"]
mod sources;

const MODULE: &str = "target/rules/crosswalk_rules.wasm";
const ORIGIN: &str = "target/rules/origin.txt";

fn main() {
    println!("cargo::rerun-if-env-changed=CROSSWALK_RULES");
    if let Err(error) = embed() {
        println!("cargo::error={error}");
    }
}

fn embed() -> Result<(), String> {
    let (module, compiler) = match env::var_os("CROSSWALK_RULES") {
        Some(module) => (PathBuf::from(module), "unknown".to_owned()),
        None => built()?,
    };
    println!("cargo::rerun-if-changed={}", module.display());
    let bytes =
        fs::read(&module).map_err(|error| format!("can't read {}: {error}", module.display()))?;
    let sha256 = sources::hex(&Sha256::digest(&bytes));
    println!("cargo::rustc-env=CROSSWALK_RULES_FILE={}", module.display());
    println!("cargo::rustc-env=CROSSWALK_RULES_SHA256={sha256}");
    println!("cargo::rustc-env=CROSSWALK_RULES_COMPILER={compiler}");
    Ok(())
}

/// The module that `cargo xtask build` made, and the compiler it was made with.
fn built() -> Result<(PathBuf, String), String> {
    let host = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let root = host.parent().unwrap_or(&host);
    for source in sources::SOURCES {
        println!("cargo::rerun-if-changed={}", root.join(source).display());
    }
    println!("cargo::rerun-if-changed={}", root.join(ORIGIN).display());
    let Ok(origin) = fs::read_to_string(root.join(ORIGIN)) else {
        return Err("the rules module is not built: run `cargo xtask build`".to_owned());
    };
    let current =
        sources::digest(root).map_err(|error| format!("can't read the rules' sources: {error}"))?;
    if value(&origin, "sources") != Some(&current) {
        return Err(
            "the rules module is older than its sources: run `cargo xtask build`".to_owned(),
        );
    }
    Ok((
        root.join(Path::new(MODULE)),
        value(&origin, "compiler").unwrap_or("unknown").to_owned(),
    ))
}

fn value<'a>(origin: &'a str, key: &str) -> Option<&'a str> {
    origin
        .lines()
        .find_map(|line| line.strip_prefix(key)?.strip_prefix(' '))
}
