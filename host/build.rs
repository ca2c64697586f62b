//! Embeds the rules module, and refuses one that is not what its sources say.

use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use std::{env, fs};

#[path = "../xtask/src/sources.rs"]
mod sources;

const MODULE: &str = "target/rules/crosswalk_rules.wasm";
const ORIGIN: &str = "target/rules/origin.txt";
/// Where `cargo xtask simulator` puts its pages. Without them everything else works.
const SIMULATOR: &str = "target/rules/simulator";

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
    embed_simulator(&sha256)
}

/// Lists the simulator's files for `include!`; none if it isn't built, or is around another module.
fn embed_simulator(rules: &str) -> Result<(), String> {
    let folder = workspace().join(SIMULATOR);
    // Its folder may not be there yet, and cargo would build anew each time for a path that isn't.
    println!(
        "cargo::rerun-if-changed={}",
        workspace().join("target/rules").display()
    );
    let mut files = Vec::new();
    if folder.is_dir() {
        collect(&folder, &mut files)
            .map_err(|error| format!("can't read {}: {error}", folder.display()))?;
    }
    files.sort();
    let is_of_these_rules = |path: &PathBuf| {
        path.extension().is_some_and(|ending| ending == "wasm")
            && fs::read(path).is_ok_and(|bytes| sources::hex(&Sha256::digest(&bytes)) == rules)
    };
    if !files.is_empty() && !files.iter().any(is_of_these_rules) {
        println!(
            "cargo::warning=the simulator is of other rules and is left out: run `cargo xtask simulator`"
        );
        files.clear();
    }
    let entries = files.iter().map(|file| {
        let name = file
            .strip_prefix(&folder)
            .unwrap_or(file)
            .to_string_lossy()
            .replace('\\', "/");
        format!(
            "({name:?}, include_bytes!({:?})),",
            file.display().to_string()
        )
    });
    let list = format!("&[{}]", entries.collect::<String>());
    let target = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join("simulator.rs");
    fs::write(&target, list).map_err(|error| format!("can't write {}: {error}", target.display()))
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}

fn workspace() -> PathBuf {
    let host = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    host.parent().unwrap_or(&host).to_path_buf()
}

/// The module that `cargo xtask build` made, and the compiler it was made with.
fn built() -> Result<(PathBuf, String), String> {
    let root = workspace();
    for source in sources::SOURCES {
        println!("cargo::rerun-if-changed={}", root.join(source).display());
    }
    println!("cargo::rerun-if-changed={}", root.join(ORIGIN).display());
    let Ok(origin) = fs::read_to_string(root.join(ORIGIN)) else {
        return Err("the rules module is not built: run `cargo xtask build`".to_owned());
    };
    let current = sources::digest(&root)
        .map_err(|error| format!("can't read the rules' sources: {error}"))?;
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
