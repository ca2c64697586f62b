//! Which compiler builds for wasm32-unknown-unknown?

use crate::{debian, process};
use anyhow::{Result, bail};
use clap::ValueEnum;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The target's name.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

/// The ways to the target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Way {
    /// The Rust that runs cargo has the target already.
    Installed,
    /// rustup fetches it.
    Rustup,
    /// Debian's or Ubuntu's packages, unpacked under target/; nothing is installed.
    Debian,
}

/// A compiler for the target.
pub(crate) enum Compiler {
    /// The one that runs cargo.
    Own,
    /// Debian's.
    Debian(debian::Toolchain),
}

impl Compiler {
    /// Finds one, by the way that is forced or else by the first that works, and says by which.
    pub(crate) fn find(forced: Option<Way>) -> Result<Self> {
        if let Some(way) = forced {
            return Self::by(way);
        }
        let mut failures = String::new();
        for way in Way::value_variants() {
            match Self::by(*way) {
                Ok(compiler) => return Ok(compiler),
                Err(error) => failures.push_str(&format!("\n  {way:?}: {error:#}")),
            }
        }
        bail!(
            "there is no way to the target {TARGET}; run `rustup target add {TARGET}` where rustup can fetch it. What was tried:{failures}"
        )
    }

    fn by(way: Way) -> Result<Self> {
        match way {
            Way::Installed if is_installed()? => {
                println!("wasm target: {TARGET} is installed");
                Ok(Self::Own)
            }
            Way::Installed => bail!("{TARGET} is not installed; run `rustup target add {TARGET}`"),
            Way::Rustup => {
                process::output(Command::new("rustup").args(["target", "add", TARGET]))?;
                println!("wasm target: fetched {TARGET} by rustup");
                Ok(Self::Own)
            }
            Way::Debian => debian::Toolchain::fetched().map(Self::Debian),
        }
    }

    /// What it calls itself.
    pub(crate) fn version(&self) -> Result<String> {
        match self {
            Self::Own => process::output(Command::new(own_rustc()).arg("--version")),
            Self::Debian(toolchain) => toolchain.version(),
        }
    }

    /// Makes a cargo command build for the target with it.
    pub(crate) fn apply(&self, cargo: &mut Command) -> Result<()> {
        cargo.args(["--target", TARGET]);
        match self {
            Self::Own => Ok(()),
            Self::Debian(toolchain) => toolchain.apply(cargo),
        }
    }

    /// Folders of source code whose paths would otherwise get into what it builds, each with the name to give it there.
    pub(crate) fn source_folders(&self) -> Result<Vec<(PathBuf, &'static str)>> {
        match self {
            Self::Own => Ok(vec![(own_sysroot()?.join("lib/rustlib/src/rust"), "/rust")]),
            Self::Debian(toolchain) => Ok(toolchain
                .standard_library_source()
                .into_iter()
                .map(|folder| (folder, "/rust"))
                .collect()),
        }
    }
}

/// Whether the target's standard library is there.
pub(crate) fn is_installed() -> Result<bool> {
    let folder = process::output(Command::new(own_rustc()).args([
        "--print",
        "target-libdir",
        "--target",
        TARGET,
    ]))?;
    Ok(Path::new(&folder).is_dir())
}

fn own_rustc() -> std::ffi::OsString {
    std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into())
}

/// Where the Rust that runs cargo lives.
pub(crate) fn own_sysroot() -> Result<PathBuf> {
    Ok(process::output(Command::new(own_rustc()).args(["--print", "sysroot"]))?.into())
}

/// The triple of this machine.
pub(crate) fn host_triple() -> Result<String> {
    let about = process::output(Command::new(own_rustc()).arg("-vV"))?;
    match about.lines().find_map(|line| line.strip_prefix("host: ")) {
        Some(triple) => Ok(triple.to_owned()),
        None => bail!("`rustc -vV` names no host"),
    }
}
