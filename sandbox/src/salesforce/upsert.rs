//! Records by the value of an external id.

use std::collections::HashSet;

use http::StatusCode;
use serde_json::{Map, Value as Json, json};

use super::collections::{Saved, carry_out, of_collection, records_of, type_of};
use super::error::Refusal;
use super::field::Field;
use super::id::RecordId;
use super::org::Org;
use super::records;
use super::request::Call;
use super::route::Caller;
use super::save;
use super::schema::ID;
use super::value::{Value, folded, from_json};
use super::version::UPSERT_TELLS;
use crate::front::Answer;

/// A table, the name of a field, and a value of it.
type Place<'a> = (usize, &'a str, &'a str);

pub(super) fn one(
    org: &mut Org,
    call: &Call,
    (table, field, value): Place<'_>,
    caller: Caller,
) -> Result<Answer, Refusal> {
    let fields = call.record()?;
    let place = external_id(org, table, field)?;
    let key = org.tables[table].sobject.fields[place].clone();
    for name in [&*key.name, "Id"] {
        if fields.keys().any(|given| given.eq_ignore_ascii_case(name)) {
            let message = format!("The {name} field should not be specified in the sobject data.");
            return Err(Refusal::bad("INVALID_FIELD", message).field(name));
        }
    }
    let json = Json::String(value.to_owned());
    let found = having(org, table, place, &json)?;
    match found.as_slice() {
        [] if place == ID || call.flag("updateOnly") => Err(Refusal::not_found()),
        [] => {
            let mut fields = fields;
            fields.insert(key.name, json);
            let id = save::create(org, table, &fields, caller.writer)?;
            records::created(org, table, id, caller, &told(id, true))
        }
        [id] => {
            save::update(org, table, *id, &fields, caller.writer)?;
            match caller.version >= UPSERT_TELLS {
                true => Answer::ok(&told(*id, false)),
                false => Ok(Answer::no_content()),
            }
        }
        several => choices(org, table, several, caller),
    }
}

fn told(id: RecordId, created: bool) -> Json {
    json!({ "id": id.to_string(), "success": true, "errors": [], "created": created })
}

pub(super) fn get(
    org: &Org,
    call: &Call,
    place: Place<'_>,
    caller: Caller,
) -> Result<Answer, Refusal> {
    match named(org, place)?.as_slice() {
        [] => Err(Refusal::not_found()),
        [id] => records::shown(org, call, (place.0, *id), caller),
        several => choices(org, place.0, several, caller),
    }
}

pub(super) fn delete(org: &mut Org, place: Place<'_>, caller: Caller) -> Result<Answer, Refusal> {
    match named(org, place)?.as_slice() {
        [] => Err(Refusal::not_found()),
        [id] => {
            save::delete(org, place.0, *id, caller.writer)?;
            Ok(Answer::no_content())
        }
        several => choices(org, place.0, several, caller),
    }
}

fn named(org: &Org, (table, field, value): Place<'_>) -> Result<Vec<RecordId>, Refusal> {
    let place = external_id(org, table, field)?;
    having(org, table, place, &Json::String(value.to_owned()))
}

/// Where the records are that all have the value.
fn choices(
    org: &Org,
    table: usize,
    several: &[RecordId],
    caller: Caller,
) -> Result<Answer, Refusal> {
    let name = org.tables[table].sobject.name;
    let urls: Vec<_> = several
        .iter()
        .map(|id| format!("/services/data/v{}/sobjects/{name}/{id}", caller.version))
        .collect();
    Answer::json(StatusCode::MULTIPLE_CHOICES, &urls)
}

/// The place of a field that records can be found by.
fn external_id(org: &Org, table: usize, name: &str) -> Result<usize, Refusal> {
    let sobject = &org.tables[table].sobject;
    sobject
        .place(name)
        .filter(|place| sobject.fields[*place].id_lookup)
        .ok_or_else(|| no_external_id(name))
}

pub(super) fn no_external_id(name: &str) -> Refusal {
    Refusal::new(
        StatusCode::NOT_FOUND,
        "NOT_FOUND",
        format!("Provided external ID field does not exist or is not accessible: {name}"),
    )
}

fn having(org: &Org, table: usize, place: usize, json: &Json) -> Result<Vec<RecordId>, Refusal> {
    let held = &org.tables[table];
    let value = from_json(&held.sobject.fields[place], json)?;
    if let (ID, Value::Id(id)) = (place, &value) {
        let is_living = held.get(*id).is_some_and(|row| !row.system.is_deleted);
        return Ok(is_living.then_some(*id).into_iter().collect());
    }
    Ok(save::having(org, table, place, &value))
}

pub(super) fn many(
    org: &mut Org,
    call: &Call,
    table: usize,
    field: &str,
    caller: Caller,
) -> Result<Answer, Refusal> {
    let place = external_id(org, table, field)?;
    let key = org.tables[table].sobject.fields[place].clone();
    let (all_or_none, records) = records_of(call)?;
    let name = org.tables[table].sobject.name;
    if let Some(other) = records
        .iter()
        .find(|record| type_of(record).is_none_or(|sobject| !sobject.eq_ignore_ascii_case(name)))
    {
        let message = format!(
            "all records of an upsert must be of type {name}, but there is {}",
            type_of(other).unwrap_or("one without a type")
        );
        return Err(Refusal::bad("INVALID_TYPE", message));
    }
    let mut seen = HashSet::new();
    let results = carry_out(org, all_or_none, records, |org, record| {
        upsert(org, (table, place, &key), &record, &mut seen, caller)
    });
    Answer::ok(&results)
}

fn upsert(
    org: &mut Org,
    (table, place, key): (usize, usize, &Field),
    record: &Map<String, Json>,
    seen: &mut HashSet<String>,
    caller: Caller,
) -> Result<Saved, Refusal> {
    let value = record
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(&key.name))
        .map_or(&Json::Null, |(_, value)| value);
    let is_empty = value.is_null() || value.as_str().is_some_and(str::is_empty);
    if is_empty && place != ID {
        let message = format!("{} not specified", key.name);
        return Err(Refusal::bad("MISSING_ARGUMENT", message).field(&key.name));
    }
    if let (false, Some(text)) = (is_empty, value.as_str()) {
        let is_new = match place {
            ID => seen.insert(text.get(..15).unwrap_or(text).to_owned()),
            _ => seen.insert(folded(text).collect()),
        };
        if !is_new {
            let message = format!("Duplicate external id specified: {text}");
            return Err(Refusal::bad("DUPLICATE_VALUE", message).field(&key.name));
        }
    }
    let found = match is_empty {
        true => Vec::new(),
        false => having(org, table, place, value)?,
    };
    let others = save::without(record, &key.name);
    match found.as_slice() {
        [] if place == ID && !is_empty => Err(Refusal::cross_reference()),
        [] => {
            let fields = if place == ID { &others } else { record };
            let id = save::create(org, table, fields, caller.writer)?;
            Ok(Saved::upserted(id, true))
        }
        [id] => {
            save::update(org, table, *id, &others, caller.writer).map_err(of_collection)?;
            Ok(Saved::upserted(*id, false))
        }
        several => {
            let ids: Vec<_> = several.iter().map(ToString::to_string).collect();
            let message = format!(
                "{}: more than one record found for external id field: [{}]",
                key.name,
                ids.join(", ")
            );
            Err(Refusal::bad("DUPLICATE_EXTERNAL_ID", message).field(&key.name))
        }
    }
}
