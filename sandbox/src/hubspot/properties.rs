//! The properties of a type of record.

use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::batch::{BatchAnswer, within};
use super::object_type::ObjectType;
use super::page::Page;
use super::portal::Portal;
use super::property::{Property, PropertyOption, PropertyType};
use super::refusal::Refusal;
use super::request::Call;
use crate::front::Answer;

const MOST_READ: usize = 100;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct NewProperty {
    name: String,
    label: String,
    #[serde(rename = "type")]
    property_type: String,
    #[serde(default)]
    options: Vec<NewOption>,
    #[serde(default)]
    has_unique_value: bool,
}

#[derive(Deserialize)]
struct NewOption {
    label: String,
    value: String,
    #[serde(default)]
    hidden: bool,
}

#[derive(Deserialize)]
struct Names {
    inputs: Vec<Name>,
}

#[derive(Deserialize)]
struct Name {
    name: String,
}

/// How answers name a type, and the field that people fill it in.
fn names(property: &Property) -> (&'static str, &'static str) {
    match property.property_type {
        PropertyType::String => ("string", "text"),
        PropertyType::Number => ("number", "number"),
        PropertyType::Datetime => ("datetime", "date"),
        PropertyType::Date => ("date", "date"),
        PropertyType::Bool => ("bool", "booleancheckbox"),
        PropertyType::Enumeration => ("enumeration", "select"),
    }
}

fn view(property: &Property) -> Json {
    let (property_type, field_type) = names(property);
    let options: Vec<_> = property
        .options
        .iter()
        .enumerate()
        .map(|(order, option)| {
            json!({ "label": option.label, "value": option.value, "displayOrder": order, "hidden": option.hidden })
        })
        .collect();
    let is_owner = property.name == "hubspot_owner_id";
    let mut view = json!({
        "name": property.name,
        "label": property.label,
        "type": property_type,
        "fieldType": field_type,
        "description": "",
        "groupName": "sandbox",
        "options": options,
        "displayOrder": -1,
        "calculated": false,
        "externalOptions": is_owner,
        "hasUniqueValue": property.unique,
        "hidden": false,
        "formField": false,
        "modificationMetadata": {
            "archivable": false,
            "readOnlyDefinition": true,
            "readOnlyValue": property.read_only,
        },
    });
    if is_owner {
        view["referencedObjectType"] = json!("OWNER");
    }
    view
}

pub(super) fn list(portal: &Portal, object_type: ObjectType) -> Result<Answer, Refusal> {
    let properties = portal.table(object_type).schema.properties();
    Answer::ok(&Page::of(properties.into_iter().map(view).collect(), None))
}

fn named<'p>(portal: &'p Portal, object_type: ObjectType, name: &str) -> Option<&'p Property> {
    let schema = &portal.table(object_type).schema;
    schema.place(name).and_then(|place| schema.property(place))
}

fn no_such(name: &str) -> Refusal {
    Refusal::new(
        StatusCode::NOT_FOUND,
        format!("Property {name} does not exist"),
    )
    .sub_category("Properties.PROPERTY_NOT_FOUND")
    .context("propertyName", [name])
    .category("OBJECT_NOT_FOUND")
}

pub(super) fn get(portal: &Portal, object_type: ObjectType, name: &str) -> Result<Answer, Refusal> {
    let property = named(portal, object_type, name).ok_or_else(|| no_such(name))?;
    Answer::ok(&view(property))
}

pub(super) fn read(
    portal: &Portal,
    call: &Call,
    object_type: ObjectType,
) -> Result<Answer, Refusal> {
    let Names { inputs } = call.read()?;
    within(inputs.len(), MOST_READ)?;
    let (mut results, mut errors) = (Vec::new(), Vec::new());
    for Name { name } in &inputs {
        match named(portal, object_type, name) {
            Some(property) => results.push(view(property)),
            None => errors.push(no_such(name)),
        }
    }
    BatchAnswer::new(portal.now, results, errors).answer(StatusCode::OK)
}

pub(super) fn create(
    portal: &mut Portal,
    call: &Call,
    object_type: ObjectType,
) -> Result<Answer, Refusal> {
    let new: NewProperty = call.read()?;
    if named(portal, object_type, &new.name).is_some() {
        return Err(Refusal::conflict(format!(
            "A property named '{}' already exists.",
            new.name
        )));
    }
    let property_type = match new.property_type.as_str() {
        "string" => PropertyType::String,
        "number" => PropertyType::Number,
        "datetime" => PropertyType::Datetime,
        "date" => PropertyType::Date,
        "bool" => PropertyType::Bool,
        "enumeration" => PropertyType::Enumeration,
        other => return Err(Refusal::invalid(format!("Invalid property type: {other}"))),
    };
    let options = new.options.into_iter().map(|option| PropertyOption {
        value: option.value.into(),
        label: option.label.into(),
        hidden: option.hidden,
    });
    let property = Property {
        options: options.collect(),
        unique: new.has_unique_value,
        ..Property::new(new.name, new.label, property_type)
    };
    let answer = Answer::json::<Refusal>(StatusCode::CREATED, &view(&property))?;
    portal.table_mut(object_type).schema.put(property);
    Ok(answer)
}
