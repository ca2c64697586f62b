//! Queries, page by page.

use serde::Serialize;

use super::error::Refusal;
use super::org::Org;
use super::request::Call;
use super::route::Caller;
use super::soql::{self, Found};
use crate::front::Answer;

/// How many records a page has, unless the client wants fewer.
const PAGE: usize = 2_000;
const SMALLEST_PAGE: usize = 200;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Page<R> {
    total_size: usize,
    done: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_records_url: Option<String>,
    records: Vec<R>,
}

/// The first page of a query; `all` finds deleted and archived records too.
pub(super) fn first(
    org: &mut Org,
    call: &Call,
    caller: Caller,
    all: bool,
) -> Result<Answer, Refusal> {
    let text = call
        .parameter("q")
        .ok_or_else(|| Refusal::bad("MALFORMED_QUERY", "A query string has to be specified"))?;
    let found = soql::answer(org, text, all, caller.now())?;
    let size = page_size(call);
    if found.records() <= size {
        return page(org, &found, (0, size), None, caller);
    }
    let locator = org.cursors.open(found, size, caller.now());
    next(org, &format!("{locator}-0"), caller)
}

/// The page that a locator names, which says where it begins.
pub(super) fn next(org: &Org, locator: &str, caller: Caller) -> Result<Answer, Refusal> {
    let invalid = || Refusal::bad("INVALID_QUERY_LOCATOR", "invalid query locator");
    let (name, from) = locator.rsplit_once('-').ok_or_else(invalid)?;
    let from: usize = from.parse().map_err(|_| invalid())?;
    let cursor = org.cursors.get(name, caller.now()).ok_or_else(invalid)?;
    if from >= cursor.found.records() {
        return Err(invalid());
    }
    page(org, &cursor.found, (from, cursor.size), Some(name), caller)
}

fn page(
    org: &Org,
    found: &Found,
    (from, size): (usize, usize),
    locator: Option<&str>,
    caller: Caller,
) -> Result<Answer, Refusal> {
    let next = from.saturating_add(size);
    let next_records_url = locator
        .filter(|_| next < found.records())
        .map(|locator| format!("/services/data/v{}/query/{locator}-{next}", caller.version));
    let version = caller.version.to_string();
    Answer::ok(&Page {
        total_size: found.total,
        done: next_records_url.is_none(),
        next_records_url,
        records: found.page(org, &version, from, size),
    })
}

/// What the header `Sforce-Query-Options: batchSize=500` asks for, as far as it may be had.
fn page_size(call: &Call) -> usize {
    let options = call.header("sforce-query-options").unwrap_or_default();
    let wanted = options.split([',', ';']).find_map(|option| {
        let (name, value) = option.split_once('=')?;
        let is_size = name.trim().eq_ignore_ascii_case("batchSize");
        is_size.then(|| value.trim().parse().ok()).flatten()
    });
    wanted.map_or(PAGE, |size: usize| size.clamp(SMALLEST_PAGE, PAGE))
}
