//! The rules module: cargo, then wasm-bindgen, into target/rules/.

use crate::wasm_target::{Compiler, TARGET, Way};
use crate::{process, sources, workspace};
use anyhow::{Context, Result};
use flate2::{Compression, write::GzEncoder};
use sha2::{Digest, Sha256};
use std::ffi::OsString;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;
use wasm_bindgen_cli_support::Bindgen;

/// What every face loads.
const MODULE: &str = "crosswalk_rules.wasm";
/// What it was built from: one `key value` a line.
const ORIGIN: &str = "origin.txt";

/// Builds the module, unless it is there and its sources haven't changed.
pub(crate) fn build(way: Option<Way>) -> Result<PathBuf> {
    let module = path();
    let sources = sources::digest(&workspace::root())?;
    match recorded_sources() {
        Some(recorded) if recorded == sources && module.is_file() => {
            println!("rules module: {} is up to date", shown(&module));
            Ok(module)
        }
        _ => rebuild(way),
    }
}

/// Builds the module.
pub(crate) fn rebuild(way: Option<Way>) -> Result<PathBuf> {
    let started = Instant::now();
    // Before the build: what changes while it runs makes the module stale.
    let sources = sources::digest(&workspace::root())?;
    let compiler = Compiler::find(way)?;
    let library = compile(&compiler)?;
    let module = bind(&library)?;
    let bytes = fs::read(&module)?;
    let sha256 = sources::hex(&Sha256::digest(&bytes));
    let compiler = compiler.version()?;
    write_atomically(
        &folder().join(ORIGIN),
        format!("sources {sources}\ncompiler {compiler}\nsha256 {sha256}\n").as_bytes(),
    )?;
    println!(
        "rules module: {} in {:.0?}\n  {} bytes, {} gzipped\n  sha256 {sha256}\n  {compiler}",
        shown(&module),
        started.elapsed(),
        bytes.len(),
        gzipped(&bytes)?
    );
    Ok(module)
}

/// The size of some bytes as a web server sends them.
pub(crate) fn gzipped(bytes: &[u8]) -> Result<usize> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?.len())
}

/// Where the module is.
pub(crate) fn path() -> PathBuf {
    folder().join(MODULE)
}

/// Where wasm-bindgen's JavaScript is.
pub(crate) fn glue() -> PathBuf {
    folder().join("glue")
}

fn folder() -> PathBuf {
    workspace::target().join("rules")
}

fn recorded_sources() -> Option<String> {
    let origin = fs::read_to_string(folder().join(ORIGIN)).ok()?;
    origin
        .lines()
        .find_map(|line| line.strip_prefix("sources "))
        .map(str::to_owned)
}

/// The library, as cargo leaves it. Its target folder is its own: its flags and its compiler are others than the host's.
fn compile(compiler: &Compiler) -> Result<PathBuf> {
    let target = workspace::target().join("wasm");
    let mut cargo = process::cargo();
    cargo.args([
        "build",
        "--package",
        "crosswalk-wasm",
        "--lib",
        "--profile",
        "wasm",
    ]);
    compiler.apply(&mut cargo)?;
    cargo
        .env("CARGO_ENCODED_RUSTFLAGS", flags(compiler)?)
        .env("CARGO_TARGET_DIR", &target);
    process::run(&mut cargo)?;
    Ok(target.join(TARGET).join("wasm/crosswalk_wasm.wasm"))
}

/// Texts are looked at in vectors of sixteen bytes, which every engine has had for years.
const VECTORS: &str = "-Ctarget-feature=+simd128";

/// Without the folders' new names the module would carry this machine's paths, and its hash would depend on them.
fn flags(compiler: &Compiler) -> Result<OsString> {
    let mut folders = vec![
        (registry()?, "/registry"),
        (workspace::root(), "/crosswalk"),
    ];
    folders.extend(compiler.source_folders()?);
    let mut flags = OsString::from(VECTORS);
    for (folder, name) in folders {
        flags.push("\u{1f}--remap-path-prefix=");
        flags.push(folder);
        flags.push("=");
        flags.push(name);
    }
    Ok(flags)
}

/// Where cargo unpacks the crates, down to the registry's own folder.
fn registry() -> Result<PathBuf> {
    let home = match std::env::var_os("CARGO_HOME") {
        Some(home) => PathBuf::from(home),
        None => std::env::home_dir()
            .context("there is neither CARGO_HOME nor a home folder")?
            .join(".cargo"),
    };
    Ok(home.join("registry/src"))
}

/// Runs wasm-bindgen; the module is byte-identical for all of its targets, so one module serves all.
/// Its glue is the one that takes a compiled module from wherever that comes, and can begin anew after a trap.
fn bind(library: &Path) -> Result<PathBuf> {
    let glue = glue();
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(library)
        .out_name("crosswalk_rules")
        .typescript(true)
        .omit_default_module_path(true)
        .reset_state_function(true)
        .remove_name_section(true)
        .remove_producers_section(true);
    bindgen
        .web(true)?
        .generate(&glue)
        .context("wasm-bindgen failed")?;
    let module = path();
    write_atomically(&module, &fs::read(glue.join("crosswalk_rules_bg.wasm"))?)?;
    Ok(module)
}

fn write_atomically(path: &Path, bytes: &[u8]) -> Result<()> {
    let unfinished = path.with_extension("unfinished");
    fs::write(&unfinished, bytes)
        .with_context(|| format!("can't write {}", unfinished.display()))?;
    fs::rename(&unfinished, path).with_context(|| format!("can't write {}", path.display()))
}

fn shown(path: &Path) -> String {
    path.strip_prefix(workspace::root())
        .unwrap_or(path)
        .display()
        .to_string()
}
