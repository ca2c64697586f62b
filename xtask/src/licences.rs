//! Does every dependency's licence allow what Apache-2.0 promises? Works without a network.

use crate::{process, wasm_target};
use anyhow::{Context, Result, ensure};
use serde_json::Value;

/// Licences that may go into a program under Apache-2.0 and ask for no more than a notice.
const ALLOWED: [&str; 13] = [
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    // Of data: the certificates of public authorities.
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Checks what is built here, for this machine and for the module, against [`ALLOWED`]; answers the number of dependencies.
pub(crate) fn check() -> Result<usize> {
    let mut metadata = process::cargo();
    metadata.args(["metadata", "--format-version", "1", "--locked"]);
    for platform in [&wasm_target::host_triple()?, wasm_target::TARGET] {
        metadata.args(["--filter-platform", platform]);
    }
    let metadata: Value = serde_json::from_str(&process::output(&mut metadata)?)
        .context("`cargo metadata` answered no JSON")?;
    let packages = metadata["packages"]
        .as_array()
        .context("`cargo metadata` names no packages")?;
    let refused: Vec<String> = packages
        .iter()
        .filter_map(|package| {
            let licence = package["license"].as_str().unwrap_or_default();
            (!is_allowed(licence)).then(|| {
                let name = package["name"].as_str().unwrap_or_default();
                let version = package["version"].as_str().unwrap_or_default();
                format!(
                    "{name} {version} ({})",
                    if licence.is_empty() {
                        "no licence named"
                    } else {
                        licence
                    }
                )
            })
        })
        .collect();
    ensure!(
        refused.is_empty(),
        "not in the list of xtask/src/licences.rs: {}; do without it, or add its licence there if it fits Apache-2.0",
        refused.join(", ")
    );
    Ok(packages.len())
}

/// Whether an SPDX expression can be met by allowed licences alone. An old `/` means `OR`.
fn is_allowed(expression: &str) -> bool {
    let expression = expression
        .replace('/', " OR ")
        .replace('(', " ( ")
        .replace(')', " ) ");
    let words: Vec<&str> = expression.split_whitespace().collect();
    let mut rest = words.as_slice();
    any(&mut rest) == Some(true) && rest.is_empty()
}

/// `AND` binds more closely than `OR`. None where the expression can't be read.
fn any(words: &mut &[&str]) -> Option<bool> {
    let mut is_met = all(words)?;
    while let Some(("OR", rest)) = split(words) {
        *words = rest;
        is_met |= all(words)?;
    }
    Some(is_met)
}

fn all(words: &mut &[&str]) -> Option<bool> {
    let mut is_met = one(words)?;
    while let Some(("AND", rest)) = split(words) {
        *words = rest;
        is_met &= one(words)?;
    }
    Some(is_met)
}

fn one(words: &mut &[&str]) -> Option<bool> {
    let (word, rest) = split(words)?;
    *words = rest;
    if word == "(" {
        let is_met = any(words)?;
        let (")", rest) = split(words)? else {
            return None;
        };
        *words = rest;
        return Some(is_met);
    }
    let mut licence = word.to_owned();
    if let ["WITH", exception, rest @ ..] = *words {
        licence = format!("{licence} WITH {exception}");
        *words = rest;
    }
    Some(ALLOWED.contains(&licence.as_str()))
}

fn split<'a, 'w>(words: &'a [&'w str]) -> Option<(&'w str, &'a [&'w str])> {
    words.split_first().map(|(word, rest)| (*word, rest))
}

#[cfg(test)]
mod tests {
    use super::is_allowed;

    #[test]
    fn one_of_several_is_enough() {
        assert!(is_allowed("MIT"));
        assert!(is_allowed("GPL-3.0 OR MIT"));
        assert!(is_allowed("Apache-2.0/MIT"));
        assert!(is_allowed("(MIT OR GPL-3.0) AND Unicode-3.0"));
        assert!(is_allowed(
            "Apache-2.0 WITH LLVM-exception OR Apache-2.0 OR MIT"
        ));
    }

    #[test]
    fn what_is_not_in_the_list_is_refused() {
        assert!(!is_allowed(""));
        assert!(!is_allowed("GPL-3.0"));
        assert!(!is_allowed("GPL-3.0 WITH LLVM-exception"));
        assert!(!is_allowed("MIT AND GPL-3.0"));
        assert!(!is_allowed("GPL-3.0 OR LGPL-3.0"));
        // Without precedence, the allowed half would excuse the other.
        assert!(!is_allowed("GPL-3.0 OR MIT AND AGPL-3.0"));
    }

    #[test]
    fn what_cannot_be_read_is_refused() {
        assert!(!is_allowed("MIT OR"));
        assert!(!is_allowed("(MIT"));
        assert!(!is_allowed("MIT MIT"));
    }
}
