//! Many records in one request.

use std::collections::HashSet;

use http::StatusCode;
use serde::{Deserialize, Serialize};

use super::moment;
use super::object_type::ObjectType;
use super::objects::{history, linked, unique_place};
use super::portal::{Portal, Shown};
use super::refusal::Refusal;
use super::request::{Call, maybe_text, text};
use super::table::Table;
use super::view::{Shape, View};
use super::write::{self, Changes, Given, NewAssociation};
use crate::front::Answer;

/// The most inputs of a batch, and of one that reads histories.
const MOST_INPUTS: usize = 100;
const MOST_HISTORIES: usize = 50;

#[derive(Deserialize)]
struct Inputs<T> {
    inputs: Vec<T>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Read {
    inputs: Vec<Id>,
    #[serde(default)]
    properties: Vec<String>,
    #[serde(default)]
    properties_with_history: Vec<String>,
    #[serde(default)]
    id_property: Option<String>,
}

#[derive(Deserialize)]
struct Id {
    #[serde(deserialize_with = "text")]
    id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Create {
    properties: Given,
    #[serde(default)]
    associations: Option<Vec<NewAssociation>>,
    #[serde(default, deserialize_with = "maybe_text")]
    object_write_trace_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Update {
    #[serde(deserialize_with = "text")]
    id: String,
    #[serde(default)]
    id_property: Option<String>,
    properties: Given,
    #[serde(default, deserialize_with = "maybe_text")]
    object_write_trace_id: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct BatchAnswer<T> {
    status: &'static str,
    pub(super) results: Vec<T>,
    #[serde(skip_serializing_if = "Option::is_none")]
    num_errors: Option<usize>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) errors: Vec<Refusal>,
    started_at: String,
    completed_at: String,
}

impl<T: Serialize> BatchAnswer<T> {
    pub(super) fn new(now: i64, results: Vec<T>, errors: Vec<Refusal>) -> Self {
        let now = moment::written(now);
        let num_errors = (!errors.is_empty()).then_some(errors.len());
        Self {
            status: "COMPLETE",
            results,
            num_errors,
            errors,
            started_at: now.clone(),
            completed_at: now,
        }
    }

    /// With this status if all went well.
    pub(super) fn answer(&self, all_well: StatusCode) -> Result<Answer, Refusal> {
        Answer::json(
            if self.errors.is_empty() {
                all_well
            } else {
                StatusCode::MULTI_STATUS
            },
            self,
        )
    }
}

/// A batch that isn't too large.
pub(super) fn within(inputs: usize, most: usize) -> Result<(), Refusal> {
    if inputs <= most {
        return Ok(());
    }
    Err(Refusal::invalid(format!(
        "The maximum number of inputs supported in a batch request is {most}. Please reduce the number of items and try again"
    )))
}

fn within_histories(inputs: usize) -> Result<(), Refusal> {
    if inputs <= MOST_HISTORIES {
        return Ok(());
    }
    Err(Refusal::invalid(format!(
        "The maximum number of inputs supported in a batch request for property histories is {MOST_HISTORIES}. \
         Please reduce the number of items and try again"
    )))
}

fn not_found<T: ToString>(object_type: ObjectType, ids: impl IntoIterator<Item = T>) -> Refusal {
    let name = object_type.singular().to_uppercase();
    let message = format!(
        "Could not get some {name} objects, they may be deleted or not exist. Check that ids are valid."
    );
    Refusal::new(StatusCode::NOT_FOUND, message)
        .context("ids", ids)
        .category("OBJECT_NOT_FOUND")
}

pub(super) fn read(
    portal: &Portal,
    call: &Call,
    object_type: ObjectType,
) -> Result<Answer, Refusal> {
    let request: Read = call.read()?;
    within(request.inputs.len(), MOST_INPUTS)?;
    if !request.properties_with_history.is_empty() {
        within_histories(request.inputs.len())?;
    }
    let table = portal.table(object_type);
    let schema = &table.schema;
    let columns = match request.properties.is_empty() {
        true => schema.default_columns(),
        false => schema.columns(request.properties.iter().map(String::as_str)),
    };
    let shape = Shape {
        schema,
        columns: Some(columns),
        history: history(
            schema,
            request.properties_with_history.iter().map(String::as_str),
        ),
        associations: Vec::new(),
        portal: linked(portal, call),
    };
    let archived = call.flag("archived");
    let (mut results, mut missing, mut seen) = (
        Vec::with_capacity(request.inputs.len()),
        Vec::new(),
        HashSet::new(),
    );
    for Id { id } in &request.inputs {
        let row = resolve(table, id, request.id_property.as_deref())?.and_then(|id| table.get(id));
        match row.filter(|row| row.record.archived.is_some() == archived) {
            Some(row) if seen.insert(row.record.id) => results.push(shape.of(&row.record)),
            Some(_) => {}
            None => missing.push(id),
        }
    }
    let errors = if missing.is_empty() {
        Vec::new()
    } else {
        vec![not_found(object_type, missing)]
    };
    BatchAnswer::new(portal.now, results, errors).answer(StatusCode::OK)
}

/// The id of the record that an input names, if there is one.
fn resolve(table: &Table, id: &str, id_property: Option<&str>) -> Result<Option<u64>, Refusal> {
    match id_property.filter(|name| *name != "hs_object_id") {
        None => Ok(id.parse().ok()),
        Some(name) => Ok(table.with_value(unique_place(table, name)?, id)),
    }
}

pub(super) fn create(
    portal: &mut Portal,
    call: &Call,
    object_type: ObjectType,
    visible: i64,
) -> Result<Answer, Refusal> {
    let Inputs { inputs } = call.read::<Inputs<Create>>()?;
    within(inputs.len(), MOST_INPUTS)?;
    let partial = are_traced(inputs.iter().map(|input| &input.object_write_trace_id));
    let (mut good, mut errors, mut taken) = (Vec::new(), Vec::new(), HashSet::new());
    for Create {
        properties,
        associations,
        object_write_trace_id,
    } in inputs
    {
        let associations = associations.unwrap_or_default();
        let checked =
            write::check_new(portal, object_type, &properties, &associations).and_then(|new| {
                let twice = new
                    .unique_values(portal)
                    .into_iter()
                    .any(|value| !taken.insert(value));
                if twice {
                    Err(write::already(object_type, "unknown"))
                } else {
                    Ok(new)
                }
            });
        match checked {
            Ok(new) => good.push((new, object_write_trace_id)),
            Err(refusal) if partial => {
                errors.push(refusal.context("objectWriteTraceId", object_write_trace_id))
            }
            Err(refusal) => return Err(refusal),
        }
    }
    let written = good.into_iter().map(|(new, trace)| Written {
        record: new.create(portal, visible),
        is_new: None,
        trace,
    });
    let written: Vec<_> = written.collect();
    show(
        portal,
        call,
        object_type,
        &written,
        errors,
        StatusCode::CREATED,
    )
}

/// Each input has a trace id, and none has another's: only then is a batch carried out in part.
fn are_traced<'i>(traces: impl Iterator<Item = &'i Option<String>>) -> bool {
    let mut seen = HashSet::new();
    traces
        .into_iter()
        .all(|trace| trace.as_ref().is_some_and(|trace| seen.insert(trace)))
}

/// A record that a batch wrote.
struct Written {
    record: Shown,
    is_new: Option<bool>,
    trace: Option<String>,
}

fn show(
    portal: &Portal,
    call: &Call,
    object_type: ObjectType,
    written: &[Written],
    errors: Vec<Refusal>,
    all_well: StatusCode,
) -> Result<Answer, Refusal> {
    let shape = Shape::whole(&portal.table(object_type).schema, linked(portal, call));
    let results: Vec<View<'_>> = written
        .iter()
        .map(|written| {
            shape
                .of(&written.record)
                .made_new(written.is_new)
                .traced(written.trace.as_deref())
        })
        .collect();
    BatchAnswer::new(portal.now, results, errors).answer(all_well)
}

pub(super) fn update(
    portal: &mut Portal,
    call: &Call,
    object_type: ObjectType,
    visible: i64,
) -> Result<Answer, Refusal> {
    let Inputs { inputs } = call.read::<Inputs<Update>>()?;
    check_inputs(&inputs)?;
    none_twice(portal, object_type, &inputs)?;
    let partial = are_traced(inputs.iter().map(|input| &input.object_write_trace_id));
    let (mut good, mut errors, mut missing) = (Vec::new(), Vec::new(), Vec::new());
    for Update {
        id,
        id_property,
        properties,
        object_write_trace_id,
    } in inputs
    {
        let table = portal.table(object_type);
        let there =
            resolve(table, &id, id_property.as_deref())?.filter(|id| table.live(*id).is_some());
        let Some(there) = there else {
            missing.push(id);
            continue;
        };
        match check_update(portal, object_type, there, &properties) {
            Ok(changes) => good.push((there, changes, object_write_trace_id)),
            Err(refusal) if partial => {
                errors.push(refusal.context("objectWriteTraceId", object_write_trace_id))
            }
            Err(refusal) => return Err(refusal),
        }
    }
    if !missing.is_empty() {
        errors.push(not_found(object_type, missing));
    }
    let mut written = Vec::with_capacity(good.len());
    for (id, changes, trace) in good {
        let record = write::update(portal, object_type, id, changes, visible);
        written.extend(record.map(|record| Written {
            record,
            is_new: None,
            trace,
        }));
    }
    show(portal, call, object_type, &written, errors, StatusCode::OK)
}

fn check_update(
    portal: &Portal,
    object_type: ObjectType,
    id: u64,
    given: &Given,
) -> Result<Changes, Refusal> {
    let changes = write::check(portal, object_type, given)?;
    write::check_unique(portal, object_type, &changes, Some(id))?;
    Ok(changes)
}

/// A batch that isn't too large and names no record twice, as far as one can see.
fn check_inputs(inputs: &[Update]) -> Result<(), Refusal> {
    within(inputs.len(), MOST_INPUTS)?;
    let mut seen = HashSet::new();
    let twice = inputs.iter().map(|input| &*input.id);
    duplicates(twice.filter(|id| !seen.insert(*id)).collect())
}

/// The same, whatever the names: an id and a unique property, or a value in other letters.
fn none_twice(portal: &Portal, object_type: ObjectType, inputs: &[Update]) -> Result<(), Refusal> {
    let table = portal.table(object_type);
    let (mut records, mut values) = (HashSet::new(), HashSet::new());
    let mut twice = Vec::new();
    for Update {
        id, id_property, ..
    } in inputs
    {
        let is_new = match resolve(table, id, id_property.as_deref())? {
            Some(record) => records.insert(record),
            None => values.insert((id_property, id.to_lowercase())),
        };
        if !is_new {
            twice.push(id.as_str());
        }
    }
    duplicates(twice)
}

/// A batch that names a record twice is refused whole.
fn duplicates(twice: Vec<&str>) -> Result<(), Refusal> {
    if twice.is_empty() {
        return Ok(());
    }
    let message = format!(
        "Duplicate IDs found in batch input: [{}]. IDs must be unique",
        twice.join(", ")
    );
    Err(Refusal::invalid(message).context("ids", twice))
}

pub(super) fn upsert(
    portal: &mut Portal,
    call: &Call,
    object_type: ObjectType,
    visible: i64,
) -> Result<Answer, Refusal> {
    let Inputs { inputs } = call.read::<Inputs<Update>>()?;
    check_inputs(&inputs)?;
    none_twice(portal, object_type, &inputs)?;
    let by_email = |input: &Update| input.id_property.as_deref() == Some("email");
    // A batch that names contacts by email is never carried out in part.
    let partial = are_traced(inputs.iter().map(|input| &input.object_write_trace_id))
        && !inputs.iter().any(by_email);
    let (mut good, mut errors) = (Vec::new(), Vec::new());
    for input in inputs {
        let trace = input.object_write_trace_id.clone();
        match check_upsert(portal, object_type, input) {
            Ok(checked) => good.push((checked, trace)),
            Err(refusal) if partial => errors.push(refusal.context("objectWriteTraceId", trace)),
            Err(refusal) => return Err(refusal),
        }
    }
    let mut written = Vec::with_capacity(good.len());
    for (checked, trace) in good {
        let (record, is_new) = match checked {
            Upsert::Update(id, changes) => (
                write::update(portal, object_type, id, changes, visible),
                false,
            ),
            Upsert::Create(new) => (Some(new.create(portal, visible)), true),
        };
        written.extend(record.map(|record| Written {
            record,
            is_new: Some(is_new),
            trace,
        }));
    }
    show(portal, call, object_type, &written, errors, StatusCode::OK)
}

/// What an upsert comes to.
enum Upsert {
    Update(u64, Changes),
    Create(write::New),
}

fn check_upsert(
    portal: &Portal,
    object_type: ObjectType,
    input: Update,
) -> Result<Upsert, Refusal> {
    let Update {
        id,
        id_property,
        mut properties,
        ..
    } = input;
    let table = portal.table(object_type);
    let by_id = id_property
        .as_deref()
        .is_none_or(|name| name == "hs_object_id");
    if let Some(there) =
        resolve(table, &id, id_property.as_deref())?.filter(|id| table.live(*id).is_some())
    {
        return Ok(Upsert::Update(
            there,
            check_update(portal, object_type, there, &properties)?,
        ));
    }
    if by_id {
        return Err(not_found(object_type, [id]));
    }
    properties.extend(id_property.map(|name| (name, id.into())));
    Ok(Upsert::Create(write::check_new(
        portal,
        object_type,
        &properties,
        &[],
    )?))
}

pub(super) fn archive(
    portal: &mut Portal,
    call: &Call,
    object_type: ObjectType,
    visible: i64,
) -> Result<Answer, Refusal> {
    let Inputs { inputs } = call.read::<Inputs<Id>>()?;
    within(inputs.len(), MOST_INPUTS)?;
    for id in inputs.iter().filter_map(|input| input.id.parse().ok()) {
        write::archive(portal, object_type, id, visible);
    }
    Ok(Answer::no_content())
}
