//! What the org says of its sobjects and their fields.

use http::{StatusCode, header};
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;
use serde_json::{Map, Value as Json, json};

use super::data::PicklistValue;
use super::error::Refusal;
use super::field::{Field, Kind};
use super::org::{Org, record_json};
use super::request::Call;
use super::route::Caller;
use super::schema::SObject;
use super::table::Table;
use super::version::Version;
use crate::front::Answer;

/// Every sobject in brief.
pub(super) fn all(org: &Org, caller: Caller) -> Result<Answer, Refusal> {
    let sobjects: Vec<_> = org
        .tables
        .iter()
        .map(|table| Json::Object(brief(&table.sobject, caller.version)))
        .collect();
    Answer::ok(&json!({ "encoding": "UTF-8", "maxBatchSize": 200, "sobjects": sobjects }))
}

/// How many of the records changed last are shown with the brief description.
const RECENT: usize = 5;

/// One sobject in brief, and its records that changed last.
pub(super) fn basic(org: &Org, table: usize, caller: Caller) -> Result<Answer, Refusal> {
    let table = &org.tables[table];
    let recent: Vec<_> = table
        .in_modified_order(i64::MIN, i64::MAX)
        .rev()
        .filter_map(|slot| table.row(slot))
        .filter(|row| !row.system.is_deleted)
        .take(RECENT)
        .map(|row| name_of(table, record_json(table, row), caller.version))
        .collect();
    Answer::ok(&json!({
        "objectDescribe": brief(&table.sobject, caller.version),
        "recentItems": recent,
    }))
}

fn name_of(table: &Table, mut record: Map<String, Json>, version: Version) -> Json {
    let sobject = &table.sobject;
    let id = record.remove("Id").unwrap_or_default();
    let name = sobject.fields.iter().find(|field| field.name_field);
    let name = name.and_then(|field| Some((field.name.clone(), record.remove(&field.name)?)));
    let url = format!(
        "/services/data/v{version}/sobjects/{}/{}",
        sobject.name,
        id.as_str().unwrap_or_default()
    );
    let mut shown = json!({ "attributes": { "type": sobject.name, "url": url }, "Id": id });
    if let Some((name, value)) = name {
        shown[name] = value;
    }
    shown
}

/// One sobject with all its fields, unless the client has it already.
pub(super) fn whole(
    org: &Org,
    call: &Call,
    table: usize,
    caller: Caller,
) -> Result<Answer, Refusal> {
    let known_since = call.header("if-modified-since").and_then(http_date);
    let answer = match known_since.is_some_and(|since| since >= org.created) {
        true => Answer::empty(StatusCode::NOT_MODIFIED),
        false => Answer::ok::<Refusal>(&description(
            org,
            &org.tables[table].sobject,
            caller.version,
        ))?,
    };
    Ok(match written_http_date(org.created) {
        Some(date) => answer.header(header::LAST_MODIFIED, date),
        None => answer,
    })
}

fn http_date(text: &str) -> Option<i64> {
    let parsed = DateTimeParser::new().parse_timestamp(text).ok()?;
    Some(parsed.as_second())
}

fn written_http_date(second: i64) -> Option<String> {
    let moment = Timestamp::from_second(second).ok()?;
    Some(moment.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string())
}

fn brief(sobject: &SObject, version: Version) -> Map<String, Json> {
    let base = format!("/services/data/v{version}/sobjects/{}", sobject.name);
    let is_activity = matches!(sobject.name, "Task" | "Event");
    let is_list = matches!(sobject.name, "TaskStatus" | "TaskPriority");
    object(json!({
        "activateable": false,
        "associateEntityType": null,
        "associateParentEntity": null,
        "createable": sobject.writable,
        "custom": false,
        "customSetting": false,
        "deepCloneable": false,
        "deletable": sobject.writable,
        "deprecatedAndHidden": false,
        "feedEnabled": !is_list,
        "hasSubtypes": false,
        "isInterface": false,
        "isSubtype": false,
        "keyPrefix": sobject.prefix,
        "label": sobject.label,
        "labelPlural": sobject.plural,
        "layoutable": !is_list,
        "mergeable": matches!(sobject.name, "Account" | "Contact" | "Lead"),
        "mruEnabled": !is_activity && !is_list,
        "name": sobject.name,
        "queryable": true,
        "replicateable": true,
        "retrieveable": true,
        "searchable": !is_list,
        "triggerable": !is_list,
        "undeletable": sobject.writable,
        "updateable": sobject.writable,
        "urls": {
            "sobject": base,
            "describe": format!("{base}/describe"),
            "rowTemplate": format!("{base}/{{ID}}"),
        },
    }))
}

fn description(org: &Org, sobject: &SObject, version: Version) -> Map<String, Json> {
    let mut description = brief(sobject, version);
    let fields: Vec<_> = sobject.fields.iter().map(field).collect();
    let more = json!({
        "actionOverrides": [],
        "childRelationships": children(org, sobject),
        "compactLayoutable": sobject.writable,
        "defaultImplementation": null,
        "extendedBy": null,
        "extendsInterfaces": null,
        "fields": fields,
        "implementedBy": null,
        "implementsInterfaces": null,
        "listviewable": null,
        "lookupLayoutable": null,
        "namedLayoutInfos": [],
        "networkScopeFieldName": null,
        "recordTypeInfos": [{
            "active": true,
            "available": true,
            "defaultRecordTypeMapping": true,
            "developerName": "Master",
            "master": true,
            "name": "Master",
            "recordTypeId": "012000000000000AAA",
            "urls": { "layout": format!("/services/data/v{version}/sobjects/{}/describe/layouts/012000000000000AAA", sobject.name) },
        }],
        "searchLayoutable": sobject.writable,
        "sobjectDescribeOption": "FULL",
        "supportedScopes": [
            { "label": format!("All {}", sobject.plural.to_lowercase()), "name": "everything" },
            { "label": format!("My {}", sobject.plural.to_lowercase()), "name": "mine" },
        ],
    });
    description.extend(object(more));
    description
}

/// The fields of other sobjects that refer to this one.
fn children(org: &Org, sobject: &SObject) -> Vec<Json> {
    let tables = org.tables.iter();
    tables
        .flat_map(|table| {
            table
                .sobject
                .fields
                .iter()
                .map(|field| (&table.sobject, field))
        })
        .filter(|(_, field)| {
            let relationship = field.relationship();
            relationship.is_some_and(|(_, to)| to.contains(&sobject.name))
        })
        .map(|(child, field)| {
            let is_named = matches!(field.name.as_str(), "WhoId" | "WhatId" | "AccountId");
            json!({
                "cascadeDelete": field.name == "WhatId",
                "childSObject": child.name,
                "deprecatedAndHidden": false,
                "field": field.name,
                "junctionIdListNames": [],
                "junctionReferenceTo": [],
                "relationshipName": is_named.then(|| child.plural.replace(' ', "")),
                "restrictedDelete": false,
            })
        })
        .collect()
}

/// What no field here is.
const NEVER: [&str; 15] = [
    "aiPredictionField",
    "autoNumber",
    "calculated",
    "cascadeDelete",
    "caseSensitive",
    "dependentPicklist",
    "deprecatedAndHidden",
    "displayLocationInDecimal",
    "encrypted",
    "formulaTreatNullNumberAsZero",
    "highScaleNumber",
    "htmlFormatted",
    "queryByDistance",
    "restrictedDelete",
    "writeRequiresMasterRead",
];
/// What no field here has.
const ABSENT: [&str; 9] = [
    "calculatedFormula",
    "controllerName",
    "defaultValueFormula",
    "filteredLookupInfo",
    "inlineHelpText",
    "mask",
    "maskType",
    "referenceTargetField",
    "relationshipOrder",
];

/// A field, with the keys that Salesforce gives every field.
fn field(field: &Field) -> Json {
    let kind = &field.kind;
    let length = match kind {
        Kind::Id | Kind::Reference { .. } => 18,
        kind => kind.length().unwrap_or(0),
    };
    let is_long = matches!(kind, Kind::LongText { .. });
    let (references, relationship) = match field.relationship() {
        Some((relationship, to)) => (to, Some(relationship)),
        None => (&[][..], None),
    };
    let is_polymorphic = references.len() > 1;
    let (digits, precision, scale) = match kind {
        Kind::Int { digits } => (*digits, 0, 0),
        Kind::Double => (0, 18, 2),
        Kind::Currency => (0, 18, 2),
        _ => (0, 0, 0),
    };
    let is_restricted = matches!(
        kind,
        Kind::Picklist {
            restricted: true,
            ..
        }
    );
    let values: Vec<_> = kind.values().iter().map(picklist_value).collect();
    let mut shown = object(json!({
        "aggregatable": field.filterable && !matches!(kind, Kind::Boolean),
        "byteLength": length * 3,
        "compoundFieldName": compound(field),
        "createable": field.createable,
        "custom": field.is_custom(),
        "defaultValue": matches!(kind, Kind::Boolean).then_some(false),
        "defaultedOnCreate": field.defaulted,
        "digits": digits,
        "externalId": field.external_id,
        "extraTypeInfo": is_long.then_some("plaintextarea"),
        "filterable": field.filterable,
        "groupable": field.filterable && !matches!(kind, Kind::Double | Kind::Currency | Kind::DateTime),
        "idLookup": field.id_lookup,
        "label": field.label,
        "length": length,
        "name": field.name,
        "nameField": field.name_field,
        "namePointing": is_polymorphic,
        "nillable": field.nillable,
        "permissionable": field.nillable && field.createable,
        "picklistValues": values,
        "polymorphicForeignKey": is_polymorphic,
        "precision": precision,
        "referenceTo": references,
        "relationshipName": relationship,
        "restrictedPicklist": is_restricted,
        "scale": scale,
        "searchPrefilterable": relationship.is_some(),
        "soapType": kind.soap(),
        "sortable": field.filterable,
        "type": kind.name(),
        "unique": field.unique,
        "updateable": field.updateable,
    }));
    shown.extend(NEVER.map(|key| (key.to_owned(), Json::Bool(false))));
    shown.extend(ABSENT.map(|key| (key.to_owned(), Json::Null)));
    Json::Object(shown)
}

/// The field that a part of a person's name belongs to.
fn compound(field: &Field) -> Option<&'static str> {
    matches!(field.name.as_str(), "FirstName" | "LastName").then_some("Name")
}

fn picklist_value(value: &PicklistValue) -> Json {
    json!({
        "active": value.is_active,
        "defaultValue": value.is_default,
        "label": value.label,
        "validFor": null,
        "value": value.value,
    })
}

fn object(json: Json) -> Map<String, Json> {
    match json {
        Json::Object(map) => map,
        _ => Map::new(),
    }
}
