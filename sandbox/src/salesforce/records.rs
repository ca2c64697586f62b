//! One record by its id.

use http::{StatusCode, header};
use serde_json::{Map, Value as Json, json};

use super::error::Refusal;
use super::id::RecordId;
use super::org::{Org, record_json};
use super::request::Call;
use super::route::Caller;
use super::row::Row;
use super::save;
use super::schema::{ID, SObject};
use super::soql::record_url;
use super::table::Table;
use crate::front::Answer;

/// A table, and the id that a path names.
type Place<'a> = (usize, &'a str);

pub(super) fn create(
    org: &mut Org,
    call: &Call,
    table: usize,
    caller: Caller,
) -> Result<Answer, Refusal> {
    let id = save::create(org, table, &call.record()?, caller.writer)?;
    created(
        org,
        table,
        id,
        caller,
        &json!({ "id": id.to_string(), "success": true, "errors": [] }),
    )
}

/// The answer that a record was created.
pub(super) fn created(
    org: &Org,
    table: usize,
    id: RecordId,
    caller: Caller,
    body: &Json,
) -> Result<Answer, Refusal> {
    let location = format!(
        "/services/data/v{}/sobjects/{}/{id}",
        caller.version, org.tables[table].sobject.name
    );
    Ok(Answer::json::<Refusal>(StatusCode::CREATED, body)?.header(header::LOCATION, location))
}

pub(super) fn get(
    org: &Org,
    call: &Call,
    (table, id): Place<'_>,
    caller: Caller,
) -> Result<Answer, Refusal> {
    let id = id_in(org, table, id)?;
    shown(org, call, (table, id), caller)
}

/// The answer that is a record.
pub(super) fn shown(
    org: &Org,
    call: &Call,
    (table, id): (usize, RecordId),
    caller: Caller,
) -> Result<Answer, Refusal> {
    let table = &org.tables[table];
    let places = call
        .values("fields")
        .map(|names| places(&table.sobject, &names))
        .transpose()?;
    let row = table.get(id).ok_or_else(Refusal::not_found)?;
    if row.system.is_deleted {
        return Err(Refusal::deleted());
    }
    Answer::ok(&view(table, row, places.as_deref(), caller))
}

/// A record with these of its fields, or all.
pub(super) fn view(
    table: &Table,
    row: &Row,
    places: Option<&[usize]>,
    caller: Caller,
) -> Map<String, Json> {
    let mut fields = match places {
        None => record_json(table, row),
        Some(places) => places
            .iter()
            .filter_map(|place| {
                let field = table.sobject.fields.get(*place)?;
                Some((field.name.clone(), row.value(*place).to_json()))
            })
            .collect(),
    };
    let url = record_url(&caller.version.to_string(), table, row);
    fields.insert(
        "attributes".to_owned(),
        json!({ "type": table.sobject.name, "url": url }),
    );
    fields
}

/// The places of named fields, that of the id first.
pub(super) fn places(sobject: &SObject, names: &[String]) -> Result<Vec<usize>, Refusal> {
    let mut places = vec![ID];
    for name in names {
        let place = sobject
            .place(name)
            .ok_or_else(|| save::no_such_column(sobject, name))?;
        places.push(place);
    }
    Ok(places)
}

pub(super) fn update(
    org: &mut Org,
    call: &Call,
    (table, id): Place<'_>,
    caller: Caller,
) -> Result<Answer, Refusal> {
    let fields = call.record()?;
    let id = id_in(org, table, id)?;
    save::update(org, table, id, &fields, caller.writer)?;
    Ok(Answer::no_content())
}

pub(super) fn delete(
    org: &mut Org,
    (table, id): Place<'_>,
    caller: Caller,
) -> Result<Answer, Refusal> {
    let id = id_in(org, table, id)?;
    save::delete(org, table, id, caller.writer)?;
    Ok(Answer::no_content())
}

/// What can't be an id of the sobject is taken for the name of a field.
fn id_in(org: &Org, table: usize, text: &str) -> Result<RecordId, Refusal> {
    let prefix = org.tables[table].sobject.prefix;
    RecordId::parse(text)
        .filter(|id| id.prefix() == prefix)
        .ok_or_else(|| super::upsert::no_external_id(text))
}
