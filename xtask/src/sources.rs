//! Which sources is the module made of? Shared with the build script of the host, so that a stale module is noticed.

use sha2::{Digest, Sha256};
use std::io;
use std::path::{Path, PathBuf};
use std::{fmt::Write, fs};

/// What the module is made of, by its path in the workspace.
pub(crate) const SOURCES: [&str; 6] = [
    "Cargo.toml",
    "Cargo.lock",
    "core/Cargo.toml",
    "core/src",
    "wasm/Cargo.toml",
    "wasm/src",
];

/// A digest of the paths and bytes of all sources.
pub(crate) fn digest(root: &Path) -> io::Result<String> {
    let mut files = Vec::new();
    for source in SOURCES {
        collect(&root.join(source), &mut files)?;
    }
    files.sort();
    let mut digest = Sha256::new();
    for file in files {
        let bytes = fs::read(&file)?;
        let path = file.strip_prefix(root).unwrap_or(&file);
        digest.update(path.to_string_lossy().replace('\\', "/"));
        digest.update([0]);
        digest.update((bytes.len() as u64).to_le_bytes());
        digest.update(bytes);
    }
    Ok(hex(&digest.finalize()))
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    if !path.is_dir() {
        files.push(path.to_path_buf());
        return Ok(());
    }
    for entry in fs::read_dir(path)? {
        collect(&entry?.path(), files)?;
    }
    Ok(())
}

/// Bytes as lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
