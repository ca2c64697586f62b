//! The npm package, in Node and in a browser: each is one process that answers a line of JSON with a line of JSON.

use super::module::Module;
use super::{Answer, Implementation, Skipped, error};
use crate::case::Direction;
use serde::{Deserialize, Serialize};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Mutex, OnceLock, PoisonError};

/// The package's entry for Node.
pub(super) fn node(module: &Module) -> JavaScript {
    JavaScript::new("node", "node.mjs", module)
}

/// The package's entry for browsers, in a page.
pub(super) fn browser(module: &Module) -> Result<JavaScript, Skipped> {
    let name = "browser";
    // In CI the browser is installed by the first request, and nothing may be skipped.
    if std::env::var_os("CI").is_some() || has_browser() {
        return Ok(JavaScript::new(name, "browser.mjs", module));
    }
    Err(Skipped {
        name,
        why: "there is no browser: install Chromium, or name one in CROSSWALK_BROWSER",
    })
}

fn has_browser() -> bool {
    // What it says of a browser that it can't take is for whoever runs the tests.
    let status = program("has_browser.mjs").status();
    status.is_ok_and(|status| status.success())
}

/// The package, somewhere.
#[derive(Debug)]
pub(super) struct JavaScript {
    name: &'static str,
    program: &'static str,
    module_sha256: String,
    /// Started by the first request. One that doesn't start isn't started again.
    process: OnceLock<Result<Mutex<Process>, String>>,
}

#[derive(Serialize)]
struct Request<'a> {
    direction: Direction,
    settings: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    other_settings: Option<&'a str>,
    snapshot: &'a str,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Response {
    Ok(String),
    Error(Refusal),
}

#[derive(Deserialize)]
struct Refusal {
    code: String,
    path: String,
    message: String,
    hint: String,
}

/// What the process says first.
#[derive(Deserialize)]
struct Greeting {
    module_sha256: String,
}

impl Implementation for JavaScript {
    fn name(&self) -> &'static str {
        self.name
    }

    fn plan(&self, direction: Direction, settings: &[u8], snapshot: &[u8]) -> Answer {
        self.answer(&Request {
            direction,
            settings: text(settings),
            other_settings: None,
            snapshot: text(snapshot),
        })
    }

    fn compare(&self, settings: &[u8], other_settings: &[u8], snapshot: &[u8]) -> Answer {
        self.answer(&Request {
            direction: Direction::ToSalesforce,
            settings: text(settings),
            other_settings: Some(text(other_settings)),
            snapshot: text(snapshot),
        })
    }
}

impl JavaScript {
    fn new(name: &'static str, program: &'static str, module: &Module) -> Self {
        Self {
            name,
            program,
            module_sha256: module.sha256().to_owned(),
            process: OnceLock::new(),
        }
    }

    fn answer(&self, request: &Request<'_>) -> Answer {
        let process = self.process.get_or_init(|| self.start().map(Mutex::new));
        let process = process.as_ref().unwrap_or_else(|why| panic!("{why}"));
        let mut process = process.lock().unwrap_or_else(PoisonError::into_inner);
        let response = process
            .ask(request)
            .unwrap_or_else(|why| panic!("{}: {why}", self.name));
        match response {
            Response::Ok(plan) => Ok(plan.into_bytes()),
            Response::Error(refused) => Err(error(
                &refused.code,
                &refused.path,
                &refused.message,
                &refused.hint,
            )),
        }
    }

    /// Starts the process. A package around another module than the host's would prove nothing.
    fn start(&self) -> Result<Process, String> {
        let explain = |why: &str| format!("{}: {why}", self.name);
        let mut process = Process::start(self.program).map_err(|why| explain(&why))?;
        let greeting: Greeting = process.read().map_err(|why| explain(&why))?;
        if greeting.module_sha256 != self.module_sha256 {
            return Err(explain(
                "web/packages/rules is built around another module: run `cargo xtask build`",
            ));
        }
        Ok(process)
    }
}

/// The corpus has texts only.
fn text(document: &[u8]) -> &str {
    std::str::from_utf8(document).unwrap()
}

/// A program of `tests/javascript`.
fn program(name: &str) -> Command {
    let mut node = Command::new("node");
    node.arg(name)
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("javascript"));
    node
}

/// A running program of `tests/javascript`. It ends when its input does, so also when this process is killed.
#[derive(Debug)]
struct Process {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl Process {
    fn start(name: &str) -> Result<Self, String> {
        let mut child = program(name)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("can't run `node`: {error}; install Node 20 or later"))?;
        let input = child.stdin.take();
        let output = child.stdout.take().ok_or("it has no output")?;
        Ok(Self {
            child,
            input,
            output: BufReader::new(output),
        })
    }

    fn ask(&mut self, request: &Request<'_>) -> Result<Response, String> {
        let mut line = serde_json::to_vec(request).map_err(|error| error.to_string())?;
        line.push(b'\n');
        let input = self.input.as_mut().ok_or("it has no input")?;
        input
            .write_all(&line)
            .map_err(|error| format!("it takes no request: {error}"))?;
        self.read()
    }

    fn read<T: for<'de> Deserialize<'de>>(&mut self) -> Result<T, String> {
        let mut line = String::new();
        self.output
            .read_line(&mut line)
            .map_err(|error| error.to_string())?;
        if line.is_empty() {
            return Err(
                "its process has ended, and says above why; was `cargo xtask build` run?"
                    .to_owned(),
            );
        }
        serde_json::from_str(&line).map_err(|error| format!("{error}: {line}"))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.input = None;
        // Nobody is left to be told.
        let _ = self.child.wait();
    }
}
