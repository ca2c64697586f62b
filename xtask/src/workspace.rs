//! Where things are.

use std::path::{Path, PathBuf};

/// The root of the workspace.
pub(crate) fn root() -> PathBuf {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask).to_path_buf()
}

/// What xtask makes and fetches; also where `CARGO_TARGET_DIR` points elsewhere, so that its paths can be relied on.
pub(crate) fn target() -> PathBuf {
    root().join("target")
}

/// What cargo builds.
pub(crate) fn cargo_target() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => root().join(folder),
        None => target(),
    }
}

/// The program `crosswalk` of the profile that tests and demo share.
pub(crate) fn binary() -> PathBuf {
    cargo_target()
        .join("debug")
        .join(format!("crosswalk{}", std::env::consts::EXE_SUFFIX))
}
