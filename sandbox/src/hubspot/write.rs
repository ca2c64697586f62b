//! What a write may say, and what it does to a record.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value as Json, json};

use super::association_type::{self, Way};
use super::moment;
use super::object_type::ObjectType;
use super::portal::{End, Portal, Shown};
use super::property::{Property, PropertyType};
use super::refusal::{Detail, Refusal};
use super::request::text;
use super::schema::Place;
use super::standard;
use super::stored::Stored;

/// The properties that a request gives.
pub(super) type Given = Map<String, Json>;

/// New values by place; an empty one clears.
pub(super) type Changes = Vec<(Place, String)>;

/// An association that a new record is to have.
#[derive(Deserialize)]
pub(super) struct NewAssociation {
    to: To,
    types: Vec<AssociationType>,
}

/// The id of a record.
#[derive(Deserialize)]
pub(super) struct To {
    #[serde(deserialize_with = "text")]
    pub(super) id: String,
}

/// The type of an association, as requests name it.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AssociationType {
    pub(super) association_category: Category,
    pub(super) association_type_id: u32,
}

/// Who made a type of association.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(super) enum Category {
    #[serde(rename = "HUBSPOT_DEFINED")]
    HubSpot,
    #[serde(rename = "USER_DEFINED")]
    User,
    #[serde(rename = "INTEGRATOR_DEFINED")]
    Integrator,
}

/// A record that may be created as it is.
pub(super) struct New {
    object_type: ObjectType,
    changes: Changes,
    ends: Vec<(End, Way)>,
}

/// Something wrong with a value.
struct Issue {
    name: String,
    value: String,
    code: &'static str,
    message: String,
}

/// Checks the properties of a write.
pub(super) fn check(
    portal: &Portal,
    object_type: ObjectType,
    given: &Given,
) -> Result<Changes, Refusal> {
    let schema = &portal.table(object_type).schema;
    let mut changes = Changes::with_capacity(given.len());
    let mut issues = Vec::new();
    for (name, value) in given {
        let value = match value {
            Json::Null => String::new(),
            Json::String(text) => text.clone(),
            Json::Bool(_) | Json::Number(_) => value.to_string(),
            Json::Array(_) | Json::Object(_) => {
                return Err(Refusal::invalid(format!(
                    "Invalid input JSON: the value of property {name} must be a string"
                )));
            }
        };
        let place = schema.place(name);
        let checked = match place.and_then(|place| Some((place, schema.property(place)?))) {
            None => Err((
                "PROPERTY_DOESNT_EXIST",
                format!("Property \"{name}\" does not exist"),
            )),
            Some((place, property)) => follows_rules(portal, object_type, property, &value)
                .and_then(|()| accepted(portal, property, &value))
                .map(|value| (place, value)),
        };
        match checked {
            Ok(change) => changes.push(change),
            Err((code, message)) => issues.push(Issue {
                name: name.clone(),
                value,
                code,
                message,
            }),
        }
    }
    if issues.is_empty() {
        Ok(changes)
    } else {
        Err(refuse(portal, &issues))
    }
}

/// Whether a value is one that the portal's own rules allow.
fn follows_rules(
    portal: &Portal,
    object_type: ObjectType,
    property: &Property,
    value: &str,
) -> Result<(), (&'static str, String)> {
    let mut rules = portal.validation_rules.iter();
    let broken = rules.find(|rule| {
        rule.object_type == object_type
            && rule.property == property.name
            && value.to_lowercase().contains(&rule.contains.to_lowercase())
    });
    broken.map_or(Ok(()), |rule| {
        Err(("VALIDATION_RULE_VIOLATION", rule.message.clone()))
    })
}

/// A value as it is kept, or what is wrong with it.
fn accepted(
    portal: &Portal,
    property: &Property,
    value: &str,
) -> Result<String, (&'static str, String)> {
    if property.read_only {
        let message = format!(
            "\"{}\" is a read only property; its value cannot be set.",
            property.name
        );
        return Err(("READ_ONLY_VALUE", message));
    }
    if value.is_empty() {
        return Ok(String::new());
    }
    if value.chars().count() > standard::LONGEST_VALUE {
        let message = format!(
            "The value of \"{}\" is longer than {} characters.",
            property.name,
            standard::LONGEST_VALUE
        );
        return Err(("INVALID_LENGTH", message));
    }
    match property.property_type {
        PropertyType::Number if value.parse::<f64>().is_ok_and(f64::is_finite) => {
            Ok(value.to_owned())
        }
        PropertyType::Number => Err((
            "INVALID_INTEGER",
            format!("{value} was not a valid number."),
        )),
        PropertyType::Datetime => moment::read(value)
            .map(moment::written)
            .ok_or_else(|| ("INVALID_DATE", format!("{value} was not a valid date."))),
        PropertyType::Date if value.parse::<jiff::civil::Date>().is_ok() => Ok(value.to_owned()),
        PropertyType::Date => Err(("INVALID_DATE", format!("{value} was not a valid date."))),
        PropertyType::Bool if matches!(value, "true" | "false") => Ok(value.to_owned()),
        PropertyType::Bool => Err((
            "INVALID_OPTION",
            format!("{value} was not one of the allowed options: [true, false]"),
        )),
        PropertyType::Enumeration if property.name == "hubspot_owner_id" => {
            let known = value.parse().is_ok_and(|id: u64| {
                portal
                    .owners
                    .binary_search_by_key(&id, |owner| owner.id)
                    .is_ok()
            });
            if known {
                Ok(value.to_owned())
            } else {
                Err(("INVALID_OWNER_ID", format!("Owner {value} does not exist")))
            }
        }
        PropertyType::Enumeration => option(property, value),
        PropertyType::String if property.name == "email" && !looks_like_email(value) => {
            Err(("INVALID_EMAIL", format!("Email address {value} is invalid")))
        }
        PropertyType::String => Ok(value.to_owned()),
    }
}

fn option(property: &Property, value: &str) -> Result<String, (&'static str, String)> {
    let unknown = |value: &str| !property.options.iter().any(|option| option.value == value);
    if property.options.is_empty() || !value.split(';').any(unknown) {
        return Ok(value.to_owned());
    }
    let options: Vec<_> = property
        .options
        .iter()
        .enumerate()
        .map(|(order, option)| {
            format!(
                "label: \"{}\"\nvalue: \"{}\"\ndisplay_order: {order}\nhidden: {}\nread_only: false\n",
                option.label, option.value, option.hidden
            )
        })
        .collect();
    Err((
        "INVALID_OPTION",
        format!(
            "{value} was not one of the allowed options: [{}]",
            options.join(", ")
        ),
    ))
}

fn looks_like_email(text: &str) -> bool {
    text.split_once('@').is_some_and(|(name, domain)| {
        !name.is_empty()
            && domain.contains('.')
            && !domain.contains('@')
            && !text.contains(char::is_whitespace)
    })
}

fn refuse(portal: &Portal, issues: &[Issue]) -> Refusal {
    let embedded: Vec<_> = issues
        .iter()
        .map(|issue| {
            json!({
                "isValid": false,
                "message": issue.message,
                "error": issue.code,
                "name": issue.name,
                "localizedErrorMessage": issue.message,
                "propertyValue": issue.value,
                "portalId": portal.account.id,
            })
        })
        .collect();
    let details = issues
        .iter()
        .map(|issue| Detail {
            message: issue.message.clone(),
            code: Some(issue.code),
            context: BTreeMap::from([("propertyName", vec![issue.name.clone()])]),
        })
        .collect();
    Refusal::invalid(format!(
        "Property values were not valid: {}",
        json!(embedded)
    ))
    .errors(details)
}

/// Checks a new record and its associations.
pub(super) fn check_new(
    portal: &Portal,
    object_type: ObjectType,
    given: &Given,
    associations: &[NewAssociation],
) -> Result<New, Refusal> {
    let mut changes = check(portal, object_type, given)?;
    derive(portal, object_type, &mut changes);
    check_required(portal, object_type, &changes)?;
    check_unique(portal, object_type, &changes, None)?;
    let mut ends = Vec::new();
    for association in associations {
        ends.extend(check_association(portal, object_type, association)?);
    }
    Ok(New {
        object_type,
        changes,
        ends,
    })
}

fn check_required(
    portal: &Portal,
    object_type: ObjectType,
    changes: &Changes,
) -> Result<(), Refusal> {
    let schema = &portal.table(object_type).schema;
    let given = |name: &&&str| {
        let place = schema.place(name);
        changes
            .iter()
            .any(|(held, value)| Some(*held) == place && !value.is_empty())
    };
    let missing: Vec<_> = standard::required(object_type)
        .iter()
        .filter(|name| !given(name))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let name = object_type.singular().to_uppercase();
    Err(Refusal::invalid(format!(
        "Error creating {name}. Some required properties were not set."
    ))
    .context("properties", missing))
}

/// Nobody else may have a value of a unique property.
pub(super) fn check_unique(
    portal: &Portal,
    object_type: ObjectType,
    changes: &Changes,
    own: Option<u64>,
) -> Result<(), Refusal> {
    let table = portal.table(object_type);
    for place in table.schema.unique() {
        let taken = changes
            .iter()
            .find(|(held, _)| *held == place)
            .and_then(|(_, value)| table.with_value(place, value));
        if let Some(other) = taken.filter(|other| Some(*other) != own) {
            return Err(already(object_type, &other.to_string()));
        }
    }
    Ok(())
}

pub(super) fn already(object_type: ObjectType, id: &str) -> Refusal {
    let name = object_type.singular();
    let name = name.chars().next().map_or_else(String::new, |first| {
        first.to_uppercase().collect::<String>() + &name[first.len_utf8()..]
    });
    Refusal::conflict(format!("{name} already exists. Existing ID: {id}"))
}

fn check_association(
    portal: &Portal,
    from: ObjectType,
    association: &NewAssociation,
) -> Result<Vec<(End, Way)>, Refusal> {
    if association.types.is_empty() {
        return Err(Refusal::invalid(
            "Invalid input JSON: each association needs at least one type",
        ));
    }
    association
        .types
        .iter()
        .map(|association_type| {
            let (to, types) = far_end(from, *association_type)?;
            let id = association
                .to
                .id
                .parse()
                .ok()
                .filter(|id| portal.table(to).live(*id).is_some());
            let id = id.ok_or_else(|| no_such_end(to, &association.to.id))?;
            Ok(((to, id), types))
        })
        .collect()
}

/// Where associations of this type lead from records of this one.
fn far_end(from: ObjectType, given: AssociationType) -> Result<(ObjectType, Way), Refusal> {
    let id = given.association_type_id;
    let found = ObjectType::ALL
        .into_iter()
        .find_map(|to| Some((to, association_type::type_with_id(from, to, id)?)));
    match found {
        Some(found) if given.association_category == Category::HubSpot => Ok(found),
        _ => Err(wrong_type(from, given)),
    }
}

/// A type of association that doesn't begin here, or doesn't exist.
pub(super) fn wrong_type(from: ObjectType, given: AssociationType) -> Refusal {
    let id = given.association_type_id;
    match association_type::beginning_of(id)
        .filter(|_| given.association_category == Category::HubSpot)
    {
        Some(expected) if expected != from => Refusal::invalid(format!(
            "invalid from object type {} for associations to be created. expected: {}",
            from.id(),
            expected.id()
        )),
        _ => Refusal::invalid(format!(
            "No association type {id} from object type {}",
            from.id()
        )),
    }
}

fn no_such_end(to: ObjectType, id: &str) -> Refusal {
    let name = to.singular().to_uppercase();
    Refusal::invalid("One or more associations are invalid")
        .context("INVALID_OBJECT_IDS", [format!("{name}={id} is not valid")])
        .context("objectId", [id])
        .context("objectType", [name])
}

/// What HubSpot itself makes of a write.
fn derive(portal: &Portal, object_type: ObjectType, changes: &mut Changes) {
    let schema = &portal.table(object_type).schema;
    let given = |changes: &Changes, name: &str| {
        let place = schema.place(name);
        changes
            .iter()
            .find(|(held, _)| Some(*held) == place)
            .map(|(_, value)| value.clone())
    };
    let set = |changes: &mut Changes, name: &str, value: String| {
        changes.extend(schema.place(name).map(|place| (place, value)));
    };
    match object_type {
        ObjectType::Task => {
            if let Some(status) = given(changes, "hs_task_status") {
                let completed = status == "COMPLETED";
                let moment = if completed {
                    moment::written(portal.now)
                } else {
                    String::new()
                };
                set(changes, "hs_task_completion_date", moment);
                set(
                    changes,
                    "hs_task_is_completed",
                    u8::from(completed).to_string(),
                );
                set(changes, "hs_task_is_open", u8::from(!completed).to_string());
            }
        }
        ObjectType::Meeting => {
            let start = given(changes, "hs_meeting_start_time").filter(|start| !start.is_empty());
            if let (None, Some(start)) = (
                given(changes, "hs_timestamp").filter(|moment| !moment.is_empty()),
                start,
            ) {
                set(changes, "hs_timestamp", start);
            }
        }
        ObjectType::Contact => {
            if let Some(email) = given(changes, "email") {
                let domain = email
                    .split_once('@')
                    .map_or_else(String::new, |(_, domain)| domain.to_owned());
                set(changes, "hs_email_domain", domain);
            }
        }
        _ => {}
    }
}

impl New {
    /// The values that nobody else may have, as they are compared.
    pub(super) fn unique_values(&self, portal: &Portal) -> Vec<(Place, String)> {
        let unique: Vec<_> = portal.table(self.object_type).schema.unique().collect();
        let of_unique = self
            .changes
            .iter()
            .filter(|(place, value)| unique.contains(place) && !value.is_empty());
        of_unique
            .map(|(place, value)| (*place, value.to_lowercase()))
            .collect()
    }

    /// Creates it.
    pub(super) fn create(self, portal: &mut Portal, visible: i64) -> Shown {
        let Self {
            object_type,
            changes,
            ends,
        } = self;
        let (id, now) = (portal.take_id(), portal.now);
        let table = portal.table_mut(object_type);
        let mut values: Vec<_> = changes
            .into_iter()
            .map(|(place, value)| (place, value.into_boxed_str()))
            .collect();
        for name in ["hs_object_source", "hs_object_source_label"] {
            values.extend(
                table
                    .schema
                    .place(name)
                    .map(|place| (place, "INTEGRATION".into())),
            );
        }
        let record = table.put(Stored::new(id, now, now, None).filled(values, []), visible);
        for (end, types) in ends {
            // Both ends are there: the one was checked, the other is new.
            let _ = portal.join((object_type, id), end, types);
        }
        record
    }
}

/// Changes a record that is there.
pub(super) fn update(
    portal: &mut Portal,
    object_type: ObjectType,
    id: u64,
    mut changes: Changes,
    visible: i64,
) -> Option<Shown> {
    derive_update(portal, object_type, &mut changes);
    let now = portal.now;
    let table = portal.table_mut(object_type);
    let changed = table.live(id)?.record.changed(&changes, now);
    Some(table.put(changed, visible))
}

/// An update derives what a creation does, but leaves a meeting's moment alone.
fn derive_update(portal: &Portal, object_type: ObjectType, changes: &mut Changes) {
    if object_type != ObjectType::Meeting {
        derive(portal, object_type, changes);
    }
}

/// Puts a record into the recycle bin; nothing happens if it isn't there.
pub(super) fn archive(portal: &mut Portal, object_type: ObjectType, id: u64, visible: i64) {
    let now = portal.now;
    let table = portal.table_mut(object_type);
    if let Some(row) = table.live(id) {
        let archived = row.record.archived(now);
        table.put(archived, visible);
    }
}
