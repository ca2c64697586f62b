//! One record at a time, and pages of all.

use http::StatusCode;
use http::header::LOCATION;
use serde::Deserialize;

use super::object_type::ObjectType;
use super::page::{Page, Paging};
use super::portal::Portal;
use super::refusal::Refusal;
use super::request::{Call, Version};
use super::route::parse;
use super::schema::{Place, Schema};
use super::table::{Row, Table};
use super::view::{Shape, View};
use super::write::{self, Given, NewAssociation};
use crate::front::Answer;

/// The most records a page holds, and if it shows their history.
const LARGEST_PAGE: usize = 100;
const LARGEST_PAGE_WITH_HISTORY: usize = 50;

#[derive(Deserialize)]
struct Input {
    properties: Given,
    #[serde(default)]
    associations: Option<Vec<NewAssociation>>,
}

/// The portal, where its answers link to the pages of records.
pub(super) fn linked(portal: &Portal, call: &Call) -> Option<u64> {
    (call.version == Version::Dated).then_some(portal.account.id)
}

/// The places of these properties, by name.
pub(super) fn history<'n>(schema: &Schema, names: impl IntoIterator<Item = &'n str>) -> Vec<Place> {
    let mut places: Vec<_> = names
        .into_iter()
        .filter_map(|name| schema.place(name))
        .collect();
    places.sort_unstable_by_key(|place| schema.name(*place));
    places.dedup();
    places
}

/// What the query of a request asks to see.
fn shape<'p>(
    portal: &'p Portal,
    call: &Call,
    object_type: ObjectType,
) -> Result<Shape<'p>, Refusal> {
    let schema = &portal.table(object_type).schema;
    let names = call.list("properties");
    let columns = if names.is_empty() {
        schema.default_columns()
    } else {
        schema.columns(names)
    };
    let associations = call
        .list("associations")
        .into_iter()
        .map(parse)
        .collect::<Result<_, _>>()?;
    let history = history(schema, call.list("propertiesWithHistory"));
    Ok(Shape {
        schema,
        columns: Some(columns),
        history,
        associations,
        portal: linked(portal, call),
    })
}

pub(super) fn list(
    portal: &Portal,
    call: &Call,
    object_type: ObjectType,
) -> Result<Answer, Refusal> {
    let shape = shape(portal, call, object_type)?;
    let most = if shape.history.is_empty() {
        LARGEST_PAGE
    } else {
        LARGEST_PAGE_WITH_HISTORY
    };
    let limit = call.page_size(10, most)?;
    let archived = call.flag("archived");
    let from = call.number("after")?.unwrap_or(0);
    let mut rows = portal
        .table(object_type)
        .from(from)
        .filter(|row| row.record.archived.is_some() == archived);
    let results = rows
        .by_ref()
        .take(limit)
        .map(|row| show(portal, &shape, row))
        .collect();
    let next = rows
        .next()
        .map(|row| row.record.id)
        .map(|next| Paging::with_link(next, call.link_to(next)));
    Answer::ok(&Page::of(results, next))
}

/// A record with the associations that were asked for.
fn show<'v>(portal: &Portal, shape: &'v Shape<'v>, row: &'v Row) -> View<'v> {
    let view = shape.of(&row.record);
    if shape.associations.is_empty() {
        return view;
    }
    view.linked(portal.links((shape.schema.object_type, row.record.id)))
}

/// The record that a path names: by its id, or by a unique property.
pub(super) fn named<'t>(
    table: &'t Table,
    id: &str,
    id_property: Option<&str>,
) -> Result<&'t Row, Refusal> {
    let number = match id_property.filter(|name| *name != "hs_object_id") {
        None => id.parse().map_err(|_| Refusal::no_such_id(id))?,
        Some(name) => {
            let place = unique_place(table, name)?;
            table.with_value(place, id).ok_or_else(Refusal::not_found)?
        }
    };
    table.get(number).ok_or_else(Refusal::not_found)
}

/// Where a property is that tells records apart.
pub(super) fn unique_place(table: &Table, name: &str) -> Result<Place, Refusal> {
    let schema = &table.schema;
    schema
        .place(name)
        .filter(|place| {
            schema
                .property(*place)
                .is_some_and(|property| property.unique)
        })
        .ok_or_else(|| {
            Refusal::invalid(format!(
                "{name} is not a unique property of {}",
                schema.object_type
            ))
            .context("idProperty", [name])
        })
}

pub(super) fn get(
    portal: &Portal,
    call: &Call,
    object_type: ObjectType,
    id: &str,
) -> Result<Answer, Refusal> {
    let shape = shape(portal, call, object_type)?;
    let row = named(portal.table(object_type), id, call.parameter("idProperty"))?;
    if row.record.archived.is_some() != call.flag("archived") {
        return Err(Refusal::not_found());
    }
    Answer::ok(&show(portal, &shape, row))
}

pub(super) fn create(
    portal: &mut Portal,
    call: &Call,
    object_type: ObjectType,
    visible: i64,
) -> Result<Answer, Refusal> {
    let input: Input = call.read()?;
    let new = write::check_new(
        portal,
        object_type,
        &input.properties,
        &input.associations.unwrap_or_default(),
    )?;
    let record = new.create(portal, visible);
    let shape = Shape::whole(&portal.table(object_type).schema, linked(portal, call));
    let location = format!("{}/{}", call.url(), record.id);
    Ok(
        Answer::json::<Refusal>(StatusCode::CREATED, &shape.of(&record))?
            .header(LOCATION, location),
    )
}

pub(super) fn update(
    portal: &mut Portal,
    call: &Call,
    object_type: ObjectType,
    id: &str,
    visible: i64,
) -> Result<Answer, Refusal> {
    let input: Input = call.read()?;
    let id = named(portal.table(object_type), id, call.parameter("idProperty"))?
        .record
        .id;
    let changes = write::check(portal, object_type, &input.properties)?;
    write::check_unique(portal, object_type, &changes, Some(id))?;
    let record =
        write::update(portal, object_type, id, changes, visible).ok_or_else(Refusal::not_found)?;
    Answer::ok(&Shape::whole(&portal.table(object_type).schema, linked(portal, call)).of(&record))
}

/// What isn't there is archived already.
pub(super) fn archive(
    portal: &mut Portal,
    object_type: ObjectType,
    id: &str,
    visible: i64,
) -> Answer {
    if let Ok(id) = id.parse() {
        write::archive(portal, object_type, id, visible);
    }
    Answer::no_content()
}
