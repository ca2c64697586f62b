//! Up to 200 records in one request, each with an outcome of its own.

use std::collections::HashSet;

use http::{Method, StatusCode};
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};

use super::error::Refusal;
use super::id::RecordId;
use super::org::Org;
use super::records::{places, view};
use super::request::Call;
use super::route::Caller;
use super::save;
use crate::front::Answer;

/// The most records that a request may write.
const MOST: usize = 200;
/// The most changes from one sobject to another among them.
const MOST_CHUNKS: usize = 10;
/// The most records that a request may read: by its address, and by its body.
const MOST_BY_ADDRESS: usize = 800;
const MOST_BY_BODY: usize = 2_000;

/// A record as it was sent.
type Record = Map<String, Json>;

/// A record that was written.
pub(super) struct Saved {
    id: RecordId,
    /// Where the request left it open, whether it is new.
    created: Option<bool>,
}

impl Saved {
    fn plain(id: RecordId) -> Self {
        Self { id, created: None }
    }

    pub(super) fn upserted(id: RecordId, created: bool) -> Self {
        Self {
            id,
            created: Some(created),
        }
    }

    fn outcome(&self) -> Json {
        let mut outcome = json!({ "id": self.id.to_string(), "success": true, "errors": [] });
        if let Some(created) = self.created {
            outcome["created"] = json!(created);
        }
        outcome
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Sent {
    #[serde(default)]
    all_or_none: bool,
    records: Vec<Record>,
}

/// The records of a request, and whether all or none of them are to be written.
pub(super) fn records_of(call: &Call) -> Result<(bool, Vec<Record>), Refusal> {
    let Sent {
        all_or_none,
        records,
    } = call.read()?;
    at_most(MOST, records.len())?;
    Ok((all_or_none, records))
}

fn at_most(most: usize, count: usize) -> Result<(), Refusal> {
    if count <= most {
        return Ok(());
    }
    let message =
        format!("record limit reached. cannot submit more than {most} records into this call");
    Err(Refusal::bad("EXCEEDED_ID_LIMIT", message))
}

/// The sobject that a record says it is of.
pub(super) fn type_of(record: &Record) -> Option<&str> {
    record.get("attributes")?.get("type")?.as_str()
}

/// Writes each record, and takes all of them back if that is wanted and one is refused.
pub(super) fn carry_out<T>(
    org: &mut Org,
    all_or_none: bool,
    records: impl IntoIterator<Item = T>,
    mut write: impl FnMut(&mut Org, T) -> Result<Saved, Refusal>,
) -> Vec<Json> {
    let savepoint = org.savepoint();
    let results: Vec<_> = records
        .into_iter()
        .map(|record| write(org, record))
        .collect();
    let is_taken_back = all_or_none && results.iter().any(Result::is_err);
    if is_taken_back {
        org.roll_back(savepoint);
    }
    let outcome = |result: &Result<Saved, Refusal>| match result {
        Ok(_) if is_taken_back => Refusal::rolled_back().outcome(),
        Ok(saved) => saved.outcome(),
        Err(refusal) => refusal.outcome(),
    };
    results.iter().map(outcome).collect()
}

/// A refusal for which one record among several has other words.
pub(super) fn of_collection(refusal: Refusal) -> Refusal {
    match refusal.status {
        StatusCode::NOT_FOUND if refusal.code == "NOT_FOUND" => Refusal::cross_reference(),
        _ => refusal,
    }
}

pub(super) fn create(org: &mut Org, call: &Call, caller: Caller) -> Result<Answer, Refusal> {
    let (all_or_none, records) = records_of(call)?;
    few_chunks(&records)?;
    let results = carry_out(org, all_or_none, records, |org, record| {
        let table = table_of(org, &record)?;
        save::create(org, table, &record, caller.writer).map(Saved::plain)
    });
    Answer::ok(&results)
}

pub(super) fn update(org: &mut Org, call: &Call, caller: Caller) -> Result<Answer, Refusal> {
    let (all_or_none, records) = records_of(call)?;
    few_chunks(&records)?;
    let mut seen = HashSet::new();
    let results = carry_out(org, all_or_none, records, |org, record| {
        let table = table_of(org, &record)?;
        let id = save::id_of(&record).ok_or_else(no_id)?;
        let id = id_in(org, table, id)?;
        if !seen.insert(id) {
            let message = format!("Attempt to update Id more than once in this Api call: {id}");
            return Err(Refusal::bad("DUPLICATE_VALUE", message).field("Id"));
        }
        let fields = save::without(&record, "Id");
        save::update(org, table, id, &fields, caller.writer).map_err(of_collection)?;
        Ok(Saved::plain(id))
    });
    Answer::ok(&results)
}

pub(super) fn delete(org: &mut Org, call: &Call, caller: Caller) -> Result<Answer, Refusal> {
    let ids = call.values("ids").ok_or_else(no_id)?;
    at_most(MOST, ids.len())?;
    let results = carry_out(org, call.flag("allOrNone"), ids, |org, id| {
        let id = RecordId::parse(&id).ok_or_else(|| malformed(&id))?;
        let table = org.table_of(id).ok_or_else(Refusal::cross_reference)?;
        save::delete(org, table, id, caller.writer).map_err(of_collection)?;
        Ok(Saved::plain(id))
    });
    Answer::ok(&results)
}

fn few_chunks(records: &[Record]) -> Result<(), Refusal> {
    let chunks = records.chunk_by(|one, next| type_of(one) == type_of(next));
    if chunks.count() <= MOST_CHUNKS {
        return Ok(());
    }
    let message = format!(
        "Cannot have more than {MOST_CHUNKS} chunks in a single operation. Please rearrange the data to reduce chunking."
    );
    Err(Refusal::bad("LIMIT_EXCEEDED", message))
}

fn table_of(org: &Org, record: &Record) -> Result<usize, Refusal> {
    let name = type_of(record).unwrap_or_default();
    org.table_named(name).ok_or_else(|| {
        Refusal::bad(
            "INVALID_TYPE",
            format!("sObject type '{name}' is not supported."),
        )
    })
}

fn no_id() -> Refusal {
    Refusal::bad("MISSING_ARGUMENT", "Id not specified").field("Id")
}

fn malformed(id: &str) -> Refusal {
    Refusal::bad("MALFORMED_ID", format!("malformed id {id}")).field("Id")
}

fn id_in(org: &Org, table: usize, text: &str) -> Result<RecordId, Refusal> {
    let sobject = &org.tables[table].sobject;
    match RecordId::parse(text) {
        None => Err(malformed(text)),
        Some(id) if id.prefix() == sobject.prefix => Ok(id),
        Some(_) => {
            let message = format!("Record ID: id value of incorrect type: {text}");
            Err(Refusal::bad("MALFORMED_ID", message).field("Id"))
        }
    }
}

#[derive(Deserialize)]
struct Wanted {
    ids: Vec<String>,
    fields: Vec<String>,
}

/// Records by their ids, null for each that isn't there.
pub(super) fn retrieve(
    org: &Org,
    call: &Call,
    table: usize,
    caller: Caller,
) -> Result<Answer, Refusal> {
    let (wanted, most) = match call.method {
        Method::POST => (call.read()?, MOST_BY_BODY),
        _ => {
            let list = |name| {
                let missing = || {
                    Refusal::bad(
                        "MISSING_ARGUMENT",
                        format!("the parameter {name} is missing"),
                    )
                };
                call.values(name).ok_or_else(missing)
            };
            let wanted = Wanted {
                ids: list("ids")?,
                fields: list("fields")?,
            };
            (wanted, MOST_BY_ADDRESS)
        }
    };
    at_most(most, wanted.ids.len())?;
    let table = &org.tables[table];
    let places = places(&table.sobject, &wanted.fields)?;
    let records: Vec<_> = wanted
        .ids
        .iter()
        .map(|id| {
            let row = table.get(RecordId::parse(id)?)?;
            (!row.system.is_deleted).then(|| view(table, row, Some(&places), caller))
        })
        .collect();
    Answer::ok(&records)
}
