//! One case of the corpus, and all of them.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// Which way is planned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// The snapshot's activities.
    #[default]
    ToSalesforce,
    /// The snapshot's records.
    ToHubspot,
}

/// One case.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// `<rule>/<case>`, from its place in the corpus.
    #[serde(skip)]
    pub name: String,
    /// What it says, for a person.
    pub title: String,
    /// The rules that it proves.
    pub rules: Vec<String>,
    /// Which way is planned; without it, to Salesforce.
    #[serde(default)]
    pub direction: Direction,
    /// The paragraph of the article that it quotes.
    pub paragraph: Option<u8>,
    /// The settings, as an object.
    pub settings: Option<Value>,
    /// The settings as their very text, where an object can't say it.
    pub settings_text: Option<String>,
    /// Other settings: the two are compared over the snapshot (P5), and `expect` is of the comparison.
    pub other_settings: Option<Value>,
    /// The snapshot, as an object.
    pub snapshot: Option<Value>,
    /// The snapshot as its very text.
    pub snapshot_text: Option<String>,
    /// What must hold of the answer; `{"error": …}` for one that is refused.
    pub expect: Value,
}

impl Case {
    /// The settings as they go into an implementation.
    pub fn settings(&self) -> Vec<u8> {
        document(self.settings.as_ref(), self.settings_text.as_deref())
    }

    /// The other settings, where two are compared.
    pub fn other_settings(&self) -> Option<Vec<u8>> {
        self.other_settings
            .as_ref()
            .map(|settings| settings.to_string().into_bytes())
    }

    /// The snapshot as it goes into an implementation.
    pub fn snapshot(&self) -> Vec<u8> {
        document(self.snapshot.as_ref(), self.snapshot_text.as_deref())
    }
}

fn document(object: Option<&Value>, text: Option<&str>) -> Vec<u8> {
    match (object, text) {
        (Some(object), None) => object.to_string().into_bytes(),
        (None, Some(text)) => text.as_bytes().to_vec(),
        _ => panic!("a case has each document once, as an object or as a text"),
    }
}

/// The folder of the corpus.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus")
}

/// Every case, by name; a file that is no case is an error with its path.
pub fn all() -> Vec<Result<Case, String>> {
    let mut cases: Vec<_> = entries(&folder())
        .iter()
        .flat_map(|rule| entries(rule))
        .map(|file| read(&file))
        .collect();
    cases.sort_by_key(|case| {
        case.as_ref()
            .map_or_else(Clone::clone, |case| case.name.clone())
    });
    cases
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    std::fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.unwrap().path())
        .collect()
}

fn read(file: &Path) -> Result<Case, String> {
    let explain = |why: &dyn std::fmt::Display| format!("{}: {why}", file.display());
    let text = std::fs::read(file).map_err(|error| explain(&error))?;
    let mut case: Case = serde_json::from_slice(&text).map_err(|error| explain(&error))?;
    let (Some(rule), Some(stem)) = (file.parent().and_then(Path::file_name), file.file_stem())
    else {
        return Err(explain(&"lies outside the corpus"));
    };
    let rule = rule.to_string_lossy();
    if rule != "issues" && !case.rules.iter().any(|named| *named == rule) {
        return Err(explain(&"its `rules` don't name the rule of its folder"));
    }
    case.name = format!("{rule}/{}", stem.to_string_lossy());
    Ok(case)
}
