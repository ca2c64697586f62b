//! Bulk API 2.0: queries that are carried out by and by, and read in large pages of CSV.

use std::collections::VecDeque;

use http::header::CONTENT_TYPE;
use http::{HeaderName, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::error::Refusal;
use super::id::RecordId;
use super::org::Org;
use super::request::Call;
use super::route::Caller;
use super::soql::{self, Found};
use super::value::written;
use super::version::Version;
use crate::Limits;
use crate::front::Answer;

/// How many records a page has if the client doesn't say, and at most.
const LARGEST_PAGE: usize = 50_000;
/// How many jobs an org takes in a day, and for how long it keeps them.
pub(super) const DAILY_JOBS: u64 = 10_000;
const DAY: i64 = 24 * 60 * 60;
const KEPT: i64 = 7 * DAY;
/// A job is done when it was asked after so many times, whatever the time: it never is at once.
const PATIENCE: u8 = 2;

/// The jobs of an org, oldest first.
#[derive(Default)]
pub(super) struct Jobs {
    jobs: VecDeque<Job>,
    next: u64,
}

struct Job {
    id: RecordId,
    operation: Operation,
    object: &'static str,
    created: i64,
    created_by: RecordId,
    version: Version,
    delimiter: Delimiter,
    line_ending: LineEnding,
    found: Found,
    asked: u8,
    is_aborted: bool,
}

#[derive(Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Operation {
    Query,
    QueryAll,
}

#[derive(Clone, Copy, Default, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum LineEnding {
    #[default]
    Lf,
    Crlf,
}

#[derive(Clone, Copy, Default, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum Delimiter {
    Backquote,
    Caret,
    #[default]
    Comma,
    Pipe,
    Semicolon,
    Tab,
}

#[derive(Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum ContentType {
    #[default]
    Csv,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct NewJob {
    operation: Operation,
    query: String,
    #[serde(default, rename = "contentType")]
    _content_type: ContentType,
    #[serde(default)]
    column_delimiter: Delimiter,
    #[serde(default)]
    line_ending: LineEnding,
}

#[derive(Deserialize)]
struct Change {
    state: String,
}

impl Delimiter {
    fn character(self) -> char {
        match self {
            Self::Backquote => '`',
            Self::Caret => '^',
            Self::Comma => ',',
            Self::Pipe => '|',
            Self::Semicolon => ';',
            Self::Tab => '\t',
        }
    }
}

impl LineEnding {
    fn text(self) -> &'static str {
        match self {
            Self::Lf => "\n",
            Self::Crlf => "\r\n",
        }
    }
}

impl Jobs {
    /// How many were made in the last day.
    pub(super) fn of_the_day(&self, now: i64) -> u64 {
        let lately = self.jobs.iter().filter(|job| job.created > now - DAY);
        lately.count() as u64
    }

    fn find(&mut self, id: &str, now: i64) -> Result<&mut Job, Refusal> {
        self.jobs.retain(|job| job.created > now - KEPT);
        let id = RecordId::parse(id).ok_or_else(Refusal::not_found)?;
        let mut jobs = self.jobs.iter_mut();
        jobs.find(|job| job.id == id).ok_or_else(Refusal::not_found)
    }
}

impl Job {
    fn state(&self) -> &'static str {
        match (self.is_aborted, self.asked) {
            (true, _) => "Aborted",
            (false, 0) => "UploadComplete",
            (false, ..PATIENCE) => "InProgress",
            (false, _) => "JobComplete",
        }
    }

    fn is_done(&self) -> bool {
        self.state() == "JobComplete"
    }

    fn view(&self) -> Json {
        let version: f64 = self.version.to_string().parse().unwrap_or_default();
        json!({
            "id": self.id.to_string(),
            "operation": self.operation,
            "object": self.object,
            "createdById": self.created_by.to_string(),
            "createdDate": written(self.created),
            "systemModstamp": written(self.created),
            "state": self.state(),
            "concurrencyMode": "Parallel",
            "contentType": ContentType::Csv,
            "apiVersion": version,
            "lineEnding": self.line_ending,
            "columnDelimiter": self.delimiter,
        })
    }

    /// With how far it got.
    fn progress(&self) -> Json {
        let mut view = self.view();
        let processed = if self.is_done() {
            self.found.records()
        } else {
            0
        };
        view["jobType"] = json!("V2Query");
        view["numberRecordsProcessed"] = json!(processed);
        view["retries"] = json!(0);
        view["totalProcessingTime"] = json!(u64::from(self.asked) * 100);
        view["isPkChunkingSupported"] = json!(true);
        view
    }
}

/// Makes a job of a query.
pub(super) fn create(
    org: &mut Org,
    call: &Call,
    caller: Caller,
    limits: Limits,
) -> Result<Answer, Refusal> {
    let new: NewJob = call.read()?;
    if limits == Limits::On && org.jobs.of_the_day(caller.now()) >= DAILY_JOBS {
        let message = format!("Exceeded the limit of {DAILY_JOBS} query jobs in 24 hours");
        return Err(Refusal::bad("LIMIT_EXCEEDED", message));
    }
    let all = new.operation == Operation::QueryAll;
    let found = soql::answer(org, &new.query, all, caller.now())?;
    if !found.is_plain() {
        let message = "Bulk API doesn't support COUNT, OFFSET, GROUP BY, TYPEOF or aggregates";
        return Err(Refusal::bad("API_ERROR", message));
    }
    org.jobs.next += 1;
    let job = Job {
        id: RecordId::new("750", org.jobs.next),
        operation: new.operation,
        object: found.object(org),
        created: caller.now(),
        created_by: caller.writer.user,
        version: caller.version,
        delimiter: new.column_delimiter,
        line_ending: new.line_ending,
        found,
        asked: 0,
        is_aborted: false,
    };
    let answer = Answer::ok(&job.view());
    org.jobs.jobs.push_back(job);
    answer
}

/// How far a job got.
pub(super) fn get(org: &mut Org, id: &str, caller: Caller) -> Result<Answer, Refusal> {
    let job = org.jobs.find(id, caller.now())?;
    job.asked = job.asked.saturating_add(1);
    Answer::ok(&job.progress())
}

/// All jobs.
pub(super) fn list(org: &Org) -> Result<Answer, Refusal> {
    let jobs: Vec<_> = org.jobs.jobs.iter().map(Job::view).collect();
    Answer::ok(&json!({ "done": true, "nextRecordsUrl": null, "records": jobs }))
}

/// Stops a job that isn't done.
pub(super) fn change(
    org: &mut Org,
    call: &Call,
    id: &str,
    caller: Caller,
) -> Result<Answer, Refusal> {
    let Change { state } = call.read()?;
    let job = org.jobs.find(id, caller.now())?;
    if state != "Aborted" || job.is_done() {
        return Err(wrong_state(&format!(
            "A job that is {} can't become {state}",
            job.state()
        )));
    }
    job.is_aborted = true;
    Answer::ok(&job.view())
}

/// Forgets a job that is over.
pub(super) fn delete(org: &mut Org, id: &str, caller: Caller) -> Result<Answer, Refusal> {
    let job = org.jobs.find(id, caller.now())?;
    if !job.is_done() && !job.is_aborted {
        return Err(wrong_state("A job that is in progress can't be deleted"));
    }
    let id = job.id;
    org.jobs.jobs.retain(|job| job.id != id);
    Ok(Answer::no_content())
}

/// A page of what a job found; where the next one begins stands in a header, `null` if there is none.
pub(super) fn results(
    org: &mut Org,
    call: &Call,
    id: &str,
    caller: Caller,
) -> Result<Answer, Refusal> {
    let job = org.jobs.find(id, caller.now())?;
    if job.version != caller.version {
        let message = format!("The job was made with version {} of the API", job.version);
        return Err(Refusal::new(
            StatusCode::CONFLICT,
            "API_VERSION_MISMATCH",
            message,
        ));
    }
    if !job.is_done() {
        return Err(wrong_state(&format!(
            "The results of a job that is {} aren't there",
            job.state()
        )));
    }
    let id = job.id;
    let size = page_size(call)?;
    let Some(job) = org.jobs.jobs.iter().find(|job| job.id == id) else {
        return Err(Refusal::not_found());
    };
    let from = locator(call)?;
    let next = from.saturating_add(size);
    let (text, records) = job.found.csv(
        org,
        (from, size),
        job.delimiter.character(),
        job.line_ending.text(),
    );
    if from > 0 && records == 0 {
        return Err(no_locator());
    }
    let locator = match next < job.found.records() {
        true => format!("{next:x}"),
        false => "null".to_owned(),
    };
    let answer = Answer {
        body: text.into_bytes(),
        ..Answer::empty(StatusCode::OK)
    };
    Ok(answer
        .header(CONTENT_TYPE, "text/csv".to_owned())
        .header(HeaderName::from_static("sforce-locator"), locator)
        .header(
            HeaderName::from_static("sforce-numberofrecords"),
            records.to_string(),
        ))
}

fn page_size(call: &Call) -> Result<usize, Refusal> {
    let Some(text) = call.parameter("maxRecords") else {
        return Ok(LARGEST_PAGE);
    };
    let size = text.parse().ok().filter(|size| *size > 0);
    let size: usize = size.ok_or_else(|| {
        Refusal::bad(
            "API_ERROR",
            format!("maxRecords is no number above 0: {text}"),
        )
    })?;
    Ok(size.min(LARGEST_PAGE))
}

fn locator(call: &Call) -> Result<usize, Refusal> {
    match call.parameter("locator").filter(|text| !text.is_empty()) {
        None => Ok(0),
        Some(text) => usize::from_str_radix(text, 16).map_err(|_| no_locator()),
    }
}

fn no_locator() -> Refusal {
    Refusal::bad("INVALID_QUERY_LOCATOR", "invalid query locator")
}

fn wrong_state(message: &str) -> Refusal {
    Refusal::bad("INVALIDJOBSTATE", message)
}
