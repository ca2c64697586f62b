//! Debian's and Ubuntu's compiler for WebAssembly, unpacked under target/ without installing anything.
//!
//! `rustc-web` and `rust-web-src` are a compiler and its own standard library's source, vendored crates included: the library is
//! built together with the module. It is for machines where rustup can't fetch the target.

use crate::{process, wasm_target, workspace};
use anyhow::{Context, Result, bail, ensure};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The packages to unpack, besides the libraries that the second needs.
const COMPILER: &str = "rustc-web";
const COMPILER_LIBRARY: &str = "libstd-rust-web-dev";
const SOURCE: &str = "rust-web-src";

/// The unpacked compiler.
pub(crate) struct Toolchain {
    root: PathBuf,
    rustc: PathBuf,
}

impl Toolchain {
    /// Takes the compiler that was unpacked before, else fetches and unpacks it.
    pub(crate) fn fetched() -> Result<Self> {
        let folder = workspace::target().join("debian");
        let toolchain = Self {
            root: folder.join("root"),
            rustc: folder.join("rustc"),
        };
        if let Ok(version) = toolchain.version() {
            println!("wasm target: Debian's {version}, unpacked before under target/debian");
            return Ok(toolchain);
        }
        for program in ["apt-get", "apt-cache", "dpkg-query", "dpkg-deb"] {
            ensure!(
                process::exists(program),
                "there is no `{program}`, this way is for Debian and Ubuntu"
            );
        }
        toolchain.fetch(&folder)?;
        let version = toolchain
            .version()
            .context("Debian's compiler was unpacked under target/debian but doesn't run")?;
        println!(
            "wasm target: fetched Debian's {version} into target/debian, nothing was installed"
        );
        Ok(toolchain)
    }

    /// What the compiler calls itself.
    pub(crate) fn version(&self) -> Result<String> {
        process::output(Command::new(&self.rustc).arg("--version"))
    }

    /// Makes cargo build with it, standard library included.
    pub(crate) fn apply(&self, cargo: &mut Command) -> Result<()> {
        cargo
            .arg("-Zbuild-std=std,panic_abort")
            .env("RUSTC", &self.rustc)
            .env("RUSTC_BOOTSTRAP", "1")
            .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker()?);
        Ok(())
    }

    /// Where the source of the standard library lies; cargo names what lies in the workspace by its path there.
    pub(crate) fn standard_library_source(&self) -> [PathBuf; 2] {
        let source = self.root.join("usr/lib/rustlib/src/rust");
        let in_workspace = source
            .strip_prefix(workspace::root())
            .map_or_else(|_| source.clone(), Path::to_path_buf);
        [source, in_workspace]
    }

    fn fetch(&self, folder: &Path) -> Result<()> {
        println!("wasm target: fetching Debian's {COMPILER}, about 150 MB, into target/debian");
        if folder.exists() {
            fs::remove_dir_all(folder)
                .with_context(|| format!("can't remove {}", folder.display()))?;
        }
        let apt = Apt::in_folder(&folder.join("apt"))?;
        process::output(apt.get("update").arg("--quiet"))?;
        let mut packages = vec![
            COMPILER.to_owned(),
            COMPILER_LIBRARY.to_owned(),
            SOURCE.to_owned(),
        ];
        packages.extend(apt.missing_libraries(COMPILER_LIBRARY)?);
        let downloads = apt.download(&packages)?;
        fs::create_dir_all(&self.root)?;
        for package in downloads {
            process::output(
                Command::new("dpkg-deb")
                    .arg("--extract")
                    .arg(package)
                    .arg(&self.root),
            )?;
        }
        self.write_wrapper()?;
        apt.remove()
    }

    /// The compiler finds its own libraries by this script, wherever it is unpacked.
    fn write_wrapper(&self) -> Result<()> {
        let libraries = self.root.join("usr/lib");
        let shared = fs::read_dir(&libraries)?
            .filter_map(|entry| entry.ok().map(|entry| entry.path()))
            .find(|path| {
                path.is_dir()
                    && path
                        .file_name()
                        .is_some_and(|name| name.to_string_lossy().ends_with("-linux-gnu"))
            })
            .context("the packages hold no folder usr/lib/*-linux-gnu")?;
        let rustc = self.root.join("usr/bin/rustc");
        let script = format!(
            "#!/bin/sh\nLD_LIBRARY_PATH={}${{LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}} exec {} \"$@\"\n",
            quoted(&shared),
            quoted(&rustc)
        );
        fs::write(&self.rustc, script)?;
        process::run(Command::new("chmod").arg("+x").arg(&self.rustc))
    }
}

/// rustup's toolchains bring a linker for WebAssembly with them; others find LLVM's.
fn linker() -> Result<PathBuf> {
    let bundled = wasm_target::own_sysroot()?
        .join("lib/rustlib")
        .join(wasm_target::host_triple()?)
        .join("bin/rust-lld");
    if bundled.is_file() {
        return Ok(bundled);
    }
    for name in ["rust-lld", "wasm-ld", "lld"] {
        if process::exists(name) {
            return Ok(name.into());
        }
    }
    bail!("there is no linker for WebAssembly; run `apt-get install lld`")
}

fn quoted(path: &Path) -> String {
    format!("'{}'", path.to_string_lossy().replace('\'', r"'\''"))
}

/// apt with its own lists and cache, so that it needs no rights and leaves the system's as they are.
struct Apt {
    folder: PathBuf,
}

impl Apt {
    fn in_folder(folder: &Path) -> Result<Self> {
        for part in ["lists/partial", "cache/archives/partial", "packages"] {
            fs::create_dir_all(folder.join(part))?;
        }
        Ok(Self {
            folder: folder.to_path_buf(),
        })
    }

    fn command(&self, program: &str, verb: &str) -> Command {
        let mut command = Command::new(program);
        command
            .arg(format!(
                "-oDir::State::Lists={}",
                self.folder.join("lists").display()
            ))
            .arg(format!(
                "-oDir::Cache={}",
                self.folder.join("cache").display()
            ))
            // Root's apt would otherwise fetch as a user who may not write here.
            .arg("-oAPT::Sandbox::User=")
            .arg(verb)
            .current_dir(self.folder.join("packages"))
            .env("LC_ALL", "C");
        command
    }

    fn get(&self, verb: &str) -> Command {
        self.command("apt-get", verb)
    }

    /// The libraries that a package needs, directly or not, and that this machine lacks.
    fn missing_libraries(&self, package: &str) -> Result<Vec<String>> {
        let mut depends = self.command("apt-cache", "depends");
        depends.args([
            "--recurse",
            "--no-recommends",
            "--no-suggests",
            "--no-conflicts",
            "--no-breaks",
            "--no-replaces",
            "--no-enhances",
        ]);
        let tree = process::output(depends.arg(package))?;
        let libraries = tree
            .lines()
            .filter(|line| line.starts_with("lib") && *line != package);
        Ok(libraries
            .filter(|library| !is_installed(library))
            .map(str::to_owned)
            .collect())
    }

    fn download(&self, packages: &[String]) -> Result<Vec<PathBuf>> {
        process::output(self.get("download").arg("--quiet").args(packages))?;
        let files = fs::read_dir(self.folder.join("packages"))?;
        files.map(|entry| Ok(entry?.path())).collect()
    }

    fn remove(self) -> Result<()> {
        Ok(fs::remove_dir_all(self.folder)?)
    }
}

fn is_installed(package: &str) -> bool {
    let status = process::output(Command::new("dpkg-query").args([
        "--show",
        "--showformat=${Status}",
        package,
    ]));
    status.is_ok_and(|status| status == "install ok installed")
}
