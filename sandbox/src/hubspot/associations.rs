//! What belongs to what: read, joined, parted.

use std::collections::BTreeMap;

use http::StatusCode;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::json;

use super::association_type::{self, Link, Way};
use super::batch::{BatchAnswer, within};
use super::object_type::ObjectType;
use super::page::{Page, Paging};
use super::portal::{End, Portal};
use super::refusal::Refusal;
use super::request::{Call, Version, maybe_text};
use super::route::parse;
use super::write::{AssociationType, Category, To, wrong_type};
use crate::front::Answer;

const MOST_READ: usize = 1_000;
const MOST_WRITTEN: usize = 2_000;
/// How many associations of one record a page holds.
const LARGEST_PAGE: usize = 500;

#[derive(Deserialize)]
struct Inputs<T> {
    inputs: Vec<T>,
}

#[derive(Deserialize)]
struct ReadFrom {
    #[serde(flatten)]
    from: To,
    #[serde(default, deserialize_with = "maybe_text")]
    after: Option<String>,
}

#[derive(Deserialize)]
struct Pair {
    from: To,
    to: To,
    #[serde(default)]
    types: Option<Vec<AssociationType>>,
}

#[derive(Deserialize)]
struct Parting {
    from: To,
    to: Vec<To>,
}

/// An id that is a number in v4, and text in dated versions.
#[derive(Clone, Copy)]
struct EndId {
    id: u64,
    version: Version,
}

impl Serialize for EndId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.version {
            Version::Dated => serializer.collect_str(&self.id),
            _ => serializer.serialize_u64(self.id),
        }
    }
}

/// A record at the far end, with all that joins it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FarEnd {
    to_object_id: EndId,
    association_types: Vec<TypeView>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TypeView {
    category: &'static str,
    type_id: u32,
    label: Option<&'static str>,
}

impl TypeView {
    fn of(from: ObjectType, to: ObjectType, type_id: u32) -> Self {
        Self {
            category: "HUBSPOT_DEFINED",
            type_id,
            label: association_type::label(from, to, type_id),
        }
    }
}

/// What joined two records.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Joined {
    from_object_type_id: &'static str,
    from_object_id: EndId,
    to_object_type_id: &'static str,
    to_object_id: EndId,
    labels: Vec<&'static str>,
}

/// The associations of one record with a type, from an id on: a page, and where the next one begins.
fn far_ends(
    portal: &Portal,
    from: End,
    to: ObjectType,
    after: u64,
    version: Version,
) -> (Vec<FarEnd>, Option<u64>) {
    let mut by_id: BTreeMap<u64, Vec<Link>> = BTreeMap::new();
    for link in portal.links_to(from, to).filter(|link| link.id >= after) {
        by_id.entry(link.id).or_default().push(link);
    }
    let next = by_id.keys().nth(LARGEST_PAGE).copied();
    let ends = by_id
        .into_iter()
        .take(LARGEST_PAGE)
        .map(|(id, links)| FarEnd {
            to_object_id: EndId { id, version },
            association_types: links
                .iter()
                .map(|link| TypeView::of(from.0, to, link.type_id))
                .collect(),
        });
    (ends.collect(), next)
}

fn live(portal: &Portal, object_type: ObjectType, id: &str) -> Result<End, Refusal> {
    let id = id.parse().map_err(|_| Refusal::no_such_id(id))?;
    portal
        .table(object_type)
        .live(id)
        .map(|_| (object_type, id))
        .ok_or_else(Refusal::not_found)
}

/// The associations of one record: all requests below `…/{type}/{id}/associations`.
pub(super) fn of_one(
    portal: &mut Portal,
    call: &Call,
    method: &str,
    (from, id): (ObjectType, &str),
    rest: &[&str],
) -> Result<Answer, Refusal> {
    match (method, rest) {
        ("GET", [to]) if call.version != Version::Dated => {
            let (from, to) = (live(portal, from, id)?, parse(to)?);
            let (results, next) = far_ends(
                portal,
                from,
                to,
                call.number("after")?.unwrap_or(0),
                call.version,
            );
            Answer::ok(&Page::of(results, next.map(Paging::after)))
        }
        ("PUT", ["default", to, to_id]) => {
            let (from, to) = (live(portal, from, id)?, live(portal, parse(to)?, to_id)?);
            let types = association_type::default_type(from.0, to.0)
                .ok_or_else(|| no_type(from.0, to.0))?;
            join(portal, from, to, types)?;
            BatchAnswer::new(portal.now, vec![default_view(from, to, types)], Vec::new())
                .answer(StatusCode::OK)
        }
        ("PUT", [to, to_id]) => {
            let (from, to) = (live(portal, from, id)?, live(portal, parse(to)?, to_id)?);
            let types: Vec<AssociationType> = call.read()?;
            Answer::json(
                StatusCode::CREATED,
                &create(portal, from, to, &types, call.version)?,
            )
        }
        ("DELETE", [to, to_id]) => {
            if let (Ok(id), Ok(to_id)) = (id.parse(), to_id.parse()) {
                portal.part((from, id), (parse(to)?, to_id), None);
            }
            Ok(Answer::no_content())
        }
        _ => Err(Refusal::not_found()),
    }
}

fn no_type(from: ObjectType, to: ObjectType) -> Refusal {
    Refusal::invalid(format!(
        "There is no association from object type {} to {}",
        from.id(),
        to.id()
    ))
}

fn join(portal: &mut Portal, from: End, to: End, types: Way) -> Result<(), Refusal> {
    portal.join(from, to, types).map_err(|missing| {
        let name = missing.0.singular().to_uppercase();
        Refusal::invalid("One or more associations are invalid")
            .context(
                "INVALID_OBJECT_IDS",
                [format!("{name}={} is not valid", missing.1)],
            )
            .category("VALIDATION_ERROR")
    })
}

fn create(
    portal: &mut Portal,
    from: End,
    to: End,
    types: &[AssociationType],
    version: Version,
) -> Result<Joined, Refusal> {
    let ways = types.iter().map(|given| {
        let way = association_type::type_with_id(from.0, to.0, given.association_type_id);
        way.filter(|_| given.association_category == Category::HubSpot)
            .ok_or_else(|| wrong_type(from.0, *given))
    });
    let ways = ways.collect::<Result<Vec<_>, _>>()?;
    if ways.is_empty() {
        return Err(Refusal::invalid(
            "Invalid input JSON: each association needs at least one type",
        ));
    }
    for way in &ways {
        join(portal, from, to, *way)?;
    }
    Ok(Joined {
        from_object_type_id: from.0.id(),
        from_object_id: EndId {
            id: from.1,
            version,
        },
        to_object_type_id: to.0.id(),
        to_object_id: EndId { id: to.1, version },
        labels: ways
            .iter()
            .filter_map(|Way { there, .. }| association_type::label(from.0, to.0, *there))
            .collect(),
    })
}

fn default_view(from: End, to: End, Way { there, .. }: Way) -> serde_json::Value {
    json!({
        "from": { "id": from.1.to_string() },
        "to": { "id": to.1.to_string() },
        "associationSpec": { "associationCategory": "HUBSPOT_DEFINED", "associationTypeId": there },
    })
}

/// The associations of many records: all requests below `…/{from}/{to}/batch`.
pub(super) fn of_many(
    portal: &mut Portal,
    call: &Call,
    (from, to): (ObjectType, ObjectType),
    rest: &[&str],
) -> Result<Answer, Refusal> {
    match rest {
        ["read"] if call.version == Version::V3 => read_by_name(portal, call, from, to),
        ["read"] => read(portal, call, from, to),
        ["create"] if call.version != Version::V3 => create_batch(portal, call, from, to),
        ["associate", "default"] => associate(portal, call, from, to),
        ["archive"] if call.version != Version::V3 => archive(portal, call, from, to),
        ["labels", "archive"] => archive_types(portal, call, from, to),
        _ => Err(Refusal::not_found()),
    }
}

#[derive(Serialize)]
struct Read {
    from: serde_json::Value,
    to: Vec<FarEnd>,
    #[serde(skip_serializing_if = "Option::is_none")]
    paging: Option<Paging>,
}

fn read(portal: &Portal, call: &Call, from: ObjectType, to: ObjectType) -> Result<Answer, Refusal> {
    let Inputs { inputs } = call.read::<Inputs<ReadFrom>>()?;
    within(inputs.len(), MOST_READ)?;
    let (mut results, mut errors) = (Vec::with_capacity(inputs.len()), Vec::new());
    for ReadFrom {
        from: To { id },
        after,
    } in &inputs
    {
        let after = after
            .as_deref()
            .and_then(|after| after.parse().ok())
            .unwrap_or(0);
        let (ends, next) = match id.parse() {
            Ok(id) => far_ends(portal, (from, id), to, after, call.version),
            Err(_) => (Vec::new(), None),
        };
        if ends.is_empty() {
            errors.push(nothing_associated(from, to, id));
        } else {
            results.push(Read {
                from: json!({ "id": id }),
                to: ends,
                paging: next.map(Paging::after),
            });
        }
    }
    BatchAnswer::new(portal.now, results, errors).answer(StatusCode::OK)
}

fn nothing_associated(from: ObjectType, to: ObjectType, id: &str) -> Refusal {
    let (from_name, to_name) = (from.singular(), to.singular());
    Refusal::new(
        StatusCode::NOT_FOUND,
        format!("No {to_name} is associated with {from_name} {id}."),
    )
    .sub_category("crm.associations.NO_ASSOCIATIONS_FOUND")
    .context("fromObjectId", [id])
    .context("fromObjectType", [from.id()])
    .context("toObjectType", [to.id()])
    .category("OBJECT_NOT_FOUND")
}

/// As v3 answers: each association with its name.
fn read_by_name(
    portal: &Portal,
    call: &Call,
    from: ObjectType,
    to: ObjectType,
) -> Result<Answer, Refusal> {
    let Inputs { inputs } = call.read::<Inputs<To>>()?;
    within(inputs.len(), MOST_READ)?;
    let name = association_type::name(from, to);
    let (mut results, mut errors) = (Vec::new(), Vec::new());
    for To { id } in &inputs {
        let links: Vec<_> = match id.parse() {
            Ok(id) => portal
                .links_to((from, id), to)
                .map(|link| json!({ "id": link.id.to_string(), "type": name }))
                .collect(),
            Err(_) => Vec::new(),
        };
        if links.is_empty() {
            errors.push(nothing_associated(from, to, id));
        } else {
            results.push(json!({ "from": { "id": id }, "to": links }));
        }
    }
    BatchAnswer::new(portal.now, results, errors).answer(StatusCode::OK)
}

fn create_batch(
    portal: &mut Portal,
    call: &Call,
    from: ObjectType,
    to: ObjectType,
) -> Result<Answer, Refusal> {
    let Inputs { inputs } = call.read::<Inputs<Pair>>()?;
    within(inputs.len(), MOST_WRITTEN)?;
    let (mut results, mut errors) = (Vec::with_capacity(inputs.len()), Vec::new());
    for pair in &inputs {
        let types = pair.types.as_deref().unwrap_or_default();
        let ends = live(portal, from, &pair.from.id)
            .and_then(|from| Ok((from, live(portal, to, &pair.to.id)?)));
        match ends.and_then(|(from, to)| create(portal, from, to, types, call.version)) {
            Ok(joined) => results.push(joined),
            Err(refusal) => errors.push(of_pair(refusal, pair)),
        }
    }
    BatchAnswer::new(portal.now, results, errors).answer(StatusCode::CREATED)
}

fn of_pair(refusal: Refusal, pair: &Pair) -> Refusal {
    refusal
        .context("fromObjectId", [&pair.from.id])
        .context("toObjectId", [&pair.to.id])
}

fn associate(
    portal: &mut Portal,
    call: &Call,
    from: ObjectType,
    to: ObjectType,
) -> Result<Answer, Refusal> {
    let Inputs { inputs } = call.read::<Inputs<Pair>>()?;
    within(inputs.len(), MOST_WRITTEN)?;
    let types = association_type::default_type(from, to).ok_or_else(|| no_type(from, to))?;
    let (mut results, mut errors) = (Vec::with_capacity(inputs.len()), Vec::new());
    for pair in &inputs {
        let ends = live(portal, from, &pair.from.id)
            .and_then(|from| Ok((from, live(portal, to, &pair.to.id)?)));
        match ends.and_then(|(from, to)| {
            join(portal, from, to, types).map(|()| default_view(from, to, types))
        }) {
            Ok(joined) => results.push(joined),
            Err(refusal) => errors.push(of_pair(refusal, pair)),
        }
    }
    BatchAnswer::new(portal.now, results, errors).answer(StatusCode::OK)
}

fn archive(
    portal: &mut Portal,
    call: &Call,
    from: ObjectType,
    to: ObjectType,
) -> Result<Answer, Refusal> {
    let Inputs { inputs } = call.read::<Inputs<Parting>>()?;
    within(inputs.len(), MOST_WRITTEN)?;
    for parting in &inputs {
        for far in &parting.to {
            if let (Ok(from_id), Ok(to_id)) = (parting.from.id.parse(), far.id.parse()) {
                portal.part((from, from_id), (to, to_id), None);
            }
        }
    }
    Ok(Answer::no_content())
}

fn archive_types(
    portal: &mut Portal,
    call: &Call,
    from: ObjectType,
    to: ObjectType,
) -> Result<Answer, Refusal> {
    let Inputs { inputs } = call.read::<Inputs<Pair>>()?;
    within(inputs.len(), MOST_WRITTEN)?;
    for pair in &inputs {
        let (Ok(from_id), Ok(to_id)) = (pair.from.id.parse(), pair.to.id.parse()) else {
            continue;
        };
        for given in pair.types.as_deref().unwrap_or_default() {
            let types = association_type::type_with_id(from, to, given.association_type_id);
            let types = types.ok_or_else(|| wrong_type(from, *given))?;
            portal.part((from, from_id), (to, to_id), Some(types));
        }
    }
    Ok(Answer::no_content())
}

/// The types of association from one type of record to another.
pub(super) fn labels(from: ObjectType, to: ObjectType) -> Result<Answer, Refusal> {
    let types = association_type::types(from, to)
        .map(|(way, _)| TypeView::of(from, to, way.there))
        .collect();
    Answer::ok(&Page::of(types, None))
}
