//! The documentation says what is: its links lead somewhere, its examples open, its lists are complete, its `--help` is the program's.
#![cfg(feature = "host")]

use crosswalk_core::{Action, Code, Kind, Lost, Outcome, Reason, Rules};
use crosswalk_host::config::Config;
use crosswalk_host::{hubspot, salesforce};
use crosswalk_tests::rules::RULES;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Documents whose examples must parse.
const WITH_EXAMPLES: [&str; 4] = [
    "README.md",
    "docs/settings.md",
    "docs/sandbox.md",
    "docs/command-line.md",
];

#[test]
fn every_link_leads_somewhere() {
    let mut dead = Vec::new();
    for document in documents() {
        let text = prose(&read(&document));
        for link in links(&text) {
            if let Some(why) = dead_because(&document, &link) {
                dead.push(format!("{}: {link}: {why}", shown(&document)));
            }
        }
    }
    assert!(dead.is_empty(), "\n{}", dead.join("\n"));
}

#[test]
fn every_help_is_the_programs() {
    let Some(program) = std::env::var_os("CROSSWALK_BIN") else {
        panic!("run `cargo xtask test`, or set CROSSWALK_BIN to the built crosswalk");
    };
    let help = |arguments: &[&str]| {
        let output = Command::new(&program)
            .args(arguments)
            .env_remove("COLUMNS")
            .output()
            .unwrap_or_else(|error| panic!("{} can't run: {error}", program.display()));
        String::from_utf8_lossy(&output.stdout)
            .trim_end()
            .to_owned()
    };
    let mut documented = BTreeSet::new();
    for block in blocks(&read(&root().join("docs/command-line.md")), "text") {
        let Some((first, rest)) = block.split_once('\n') else {
            continue;
        };
        let Some(arguments) = first.strip_prefix("$ crosswalk ") else {
            continue;
        };
        let arguments: Vec<&str> = arguments.split_whitespace().collect();
        assert_eq!(rest.trim_end(), help(&arguments), "{first}");
        documented.extend(arguments.first().map(|command| (*command).to_owned()));
    }
    let overview = help(&["--help"]);
    let commands = overview
        .lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .map_while(|line| line.split_whitespace().next())
        .filter(|command| *command != "help");
    let missing: Vec<&str> = commands
        .chain(["--help"])
        .filter(|command| !documented.contains(*command))
        .collect();
    assert!(missing.is_empty(), "without their --help: {missing:?}");
}

#[test]
fn every_setting_is_described() {
    let schema = read(&root().join("docs/schema/settings.schema.json"));
    let schema: Value = serde_json::from_str(&schema).expect("the schema is JSON");
    let mut keys = BTreeSet::new();
    keys_of(&schema, &schema, "", &mut keys);
    assert!(
        keys.contains("owners.integration_user"),
        "the schema isn't understood"
    );
    says_all("docs/settings.md", keys.iter().map(String::as_str));
    says_all("docs/settings.md", Kind::NAMES.iter().copied());
}

#[test]
fn every_rule_is_described() {
    let headings = headings(&read(&root().join("docs/rules.md")));
    let missing: Vec<&&str> = RULES
        .iter()
        .filter(|rule| !headings.contains(&rule.to_lowercase()))
        .collect();
    assert!(missing.is_empty(), "docs/rules.md lacks {missing:?}");
    says_all("docs/rules.md", Kind::NAMES.iter().copied());
    says_all("docs/rules.md", Action::NAMES.iter().copied());
    says_all("docs/rules.md", Lost::NAMES.iter().copied());
    says_all("docs/rules.md", Outcome::NAMES.iter().copied());
}

#[test]
fn every_code_is_described() {
    says_all("docs/errors.md", Reason::NAMES.iter().copied());
    says_all("docs/errors.md", Code::NAMES.iter().copied());
    let core = sources("core/src");
    let warnings: BTreeSet<&str> = core
        .iter()
        .flat_map(|source| {
            behind(source, "Warning::new(")
                .chain(behind(source, "Warning { code:"))
                .chain(behind(source, "code:"))
                .chain(truncations(source))
        })
        .collect();
    assert!(
        warnings.contains("unknown_contact") && warnings.contains("subject_truncated"),
        "the source isn't understood: {warnings:?}"
    );
    says_all("docs/errors.md", warnings);
    for code in refusals("salesforce", "UNABLE_TO_LOCK_ROW") {
        let (_, what_to_do) = salesforce::classify(&code);
        says_row(&format!("| `{code}` | {what_to_do} |"));
    }
    for code in refusals("hubspot", "PROPERTY_DOESNT_EXIST") {
        let (class, what_to_do) = hubspot::classify(&code);
        says_row(&format!("| `{code}` | {} | {what_to_do} |", class.name()));
    }
}

/// The codes in a system's table of refusals, one of which is this.
fn refusals(system: &str, one: &str) -> BTreeSet<String> {
    let table = format!("host/src/{system}/record_errors.rs");
    let source = read(&root().join(table));
    let table = source.split("#[cfg(test)]").next().unwrap_or_default();
    let table = table.split("const CODES").last().unwrap_or_default();
    let codes: BTreeSet<String> = quoted(table)
        .filter(|word| is_code(word, |letter| letter.is_ascii_uppercase()))
        .map(str::to_owned)
        .collect();
    assert!(codes.contains(one), "the table isn't understood: {codes:?}");
    codes
}

fn says_row(row: &str) {
    let document = read(&root().join("docs/errors.md"));
    assert!(document.contains(row), "docs/errors.md lacks {row}");
}

#[test]
fn every_example_opens() {
    for name in WITH_EXAMPLES {
        let text = read(&root().join(name));
        for example in blocks(&text, "json") {
            let value: Value = serde_json::from_str(&example)
                .unwrap_or_else(|error| panic!("{name}: {error}\n{example}"));
            if name == "docs/settings.md" || value.get("time_zone").is_some() {
                opens(name, example.as_bytes());
            }
        }
        for (position, example) in blocks(&text, "toml").iter().enumerate() {
            let file = Path::new(env!("CARGO_TARGET_TMPDIR"))
                .join(format!("{}-{position}.toml", name.replace(['/', '.'], "-")));
            std::fs::write(&file, example).expect("the folder for tests can be written");
            let config = Config::load(Some(&file), |_| None)
                .unwrap_or_else(|error| panic!("{name}: {error}\n{example}"));
            let settings = config
                .settings
                .unwrap_or_else(|| panic!("{name}: there is no table [sync]\n{example}"));
            opens(name, &settings);
        }
    }
}

fn opens(name: &str, settings: &[u8]) {
    if let Err(error) = Rules::from_json(settings) {
        panic!("{name}: {error}\n{}", String::from_utf8_lossy(settings));
    }
}

/// The document holds each of these words as code.
fn says_all<'w>(name: &str, words: impl IntoIterator<Item = &'w str>) {
    let text = read(&root().join(name));
    let missing: Vec<&str> = words
        .into_iter()
        .filter(|word| !text.contains(&format!("`{word}`")))
        .collect();
    assert!(missing.is_empty(), "{name} lacks {missing:?}");
}

/// The leaves of the settings, a kind as `<kind>` and a Salesforce record as `<record>`.
fn keys_of(schema: &Value, node: &Value, path: &str, keys: &mut BTreeSet<String>) {
    let node = match node.get("$ref").and_then(Value::as_str) {
        Some(reference) => schema
            .pointer(reference.trim_start_matches('#'))
            .expect("a reference leads somewhere"),
        None => node,
    };
    let Some(properties) = node.get("properties").and_then(Value::as_object) else {
        keys.insert(path.to_owned());
        return;
    };
    for (name, property) in properties {
        let name = match path {
            "to_salesforce" => "<kind>",
            "to_hubspot" => "<record>",
            _ => name,
        };
        let path = if path.is_empty() {
            name.to_owned()
        } else {
            format!("{path}.{name}")
        };
        keys_of(schema, property, &path, keys);
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the crate lies in the workspace")
}

fn shown(path: &Path) -> String {
    path.strip_prefix(root())
        .unwrap_or(path)
        .display()
        .to_string()
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", shown(path)))
}

/// All `.md` of the project.
fn documents() -> Vec<PathBuf> {
    files(root(), "md")
}

/// The code of a folder, without tests inside it.
fn sources(folder: &str) -> Vec<String> {
    files(&root().join(folder), "rs")
        .iter()
        .map(|file| {
            let text = read(file);
            text.split("#[cfg(test)]")
                .next()
                .unwrap_or_default()
                .to_owned()
        })
        .collect()
}

fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let entries = std::fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .flatten();
    for path in entries.map(|entry| entry.path()) {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_dir() {
            if !name.starts_with('.') && name != "target" && name != "node_modules" {
                found.extend(files(&path, ending));
            }
        } else if path
            .extension()
            .is_some_and(|extension| extension == ending)
        {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The fenced blocks of a language, without their indentation.
fn blocks(text: &str, language: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let Some(found) = line.trim_start().strip_prefix("```") else {
            continue;
        };
        let indent = line.len() - line.trim_start().len();
        let block: Vec<&str> = lines
            .by_ref()
            .take_while(|line| line.trim() != "```")
            .map(|line| line.get(indent..).unwrap_or_default())
            .collect();
        if found.trim() == language {
            blocks.push(block.join("\n"));
        }
    }
    blocks
}

/// A document without its fenced blocks and inline code.
fn prose(text: &str) -> String {
    let mut is_code = false;
    let mut lines = Vec::new();
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            is_code = !is_code;
        } else if !is_code {
            let parts: Vec<&str> = line.split('`').step_by(2).collect();
            lines.push(parts.join("`"));
        }
    }
    lines.join("\n")
}

fn links(text: &str) -> Vec<String> {
    text.split("](")
        .skip(1)
        .filter_map(|rest| rest.split_once(')'))
        .map(|(link, _)| link.to_owned())
        .collect()
}

fn dead_because(document: &Path, link: &str) -> Option<String> {
    if link.contains("://") || link.starts_with("mailto:") {
        return None;
    }
    let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
    let target = if file.is_empty() {
        document.to_owned()
    } else {
        document.parent().unwrap_or(root()).join(file)
    };
    if !target.exists() {
        return Some("there is no such file".to_owned());
    }
    let is_there = anchor.is_empty() || headings(&read(&target)).contains(anchor);
    (!is_there).then(|| "there is no such heading".to_owned())
}

/// The anchors of a document's headings, as GitHub makes them.
fn headings(text: &str) -> BTreeSet<String> {
    let mut anchors = BTreeSet::new();
    let mut is_code = false;
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            is_code = !is_code;
        }
        let title = line.trim_start_matches('#');
        if is_code || title.len() == line.len() || !title.starts_with(' ') {
            continue;
        }
        let anchor: String = title
            .trim()
            .to_lowercase()
            .chars()
            .filter(|letter| letter.is_alphanumeric() || " -_".contains(*letter))
            .map(|letter| if letter == ' ' { '-' } else { letter })
            .collect();
        let repeated = (1..).map(|number| format!("{anchor}-{number}"));
        let free = std::iter::once(anchor.clone())
            .chain(repeated)
            .find(|anchor| !anchors.contains(anchor));
        anchors.extend(free);
    }
    anchors
}

/// The words in quotes that stand right behind some code.
fn behind<'s>(source: &'s str, code: &'s str) -> impl Iterator<Item = &'s str> {
    source
        .split(code)
        .skip(1)
        .filter_map(|rest| rest.trim_start().strip_prefix('"')?.split('"').next())
}

/// The codes of what was cut, which are handed on before they become a warning.
fn truncations(source: &str) -> impl Iterator<Item = &str> {
    quoted(source).filter(|word| word.ends_with("_truncated"))
}

fn quoted(source: &str) -> impl Iterator<Item = &str> {
    source.split('"').skip(1).step_by(2)
}

fn is_code(word: &str, is_letter: impl Fn(char) -> bool) -> bool {
    !word.is_empty()
        && word
            .chars()
            .all(|letter| is_letter(letter) || letter == '_')
}
