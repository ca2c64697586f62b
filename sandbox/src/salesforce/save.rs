//! Saving and deleting one record, with everything that Salesforce checks on the way.

use http::StatusCode;
use serde_json::{Map, Value as Json};

use super::derive;
use super::error::Refusal;
use super::field::{Field, Kind};
use super::id::RecordId;
use super::org::Org;
use super::row::{Row, System};
use super::schema::{SObject, SYSTEM_FIELDS};
use super::table::Slot;
use super::trigger;
use super::value::{Value, from_json, incorrect_id};

/// Who writes, and when.
#[derive(Clone, Copy)]
pub(super) struct Writer {
    pub(super) user: RecordId,
    pub(super) now: i64,
}

/// For how long what was deleted can be seen and brought back.
pub(super) const RECYCLE_BIN: i64 = 15 * 24 * 60 * 60;

#[derive(Clone, Copy, PartialEq)]
enum Write {
    Create,
    Update,
}

/// Creates a record.
pub(super) fn create(
    org: &mut Org,
    table: usize,
    fields: &Map<String, Json>,
    writer: Writer,
) -> Result<RecordId, Refusal> {
    let sobject = &org.tables[table].sobject;
    is_writable(sobject)?;
    let given = read(sobject, fields, Write::Create)?;
    let mut values = vec![Value::Null; sobject.fields.len()];
    let places = set(&mut values, given);
    derive::defaults(org, table, &mut values, writer.user);
    check(org, table, None, &values, &places)?;
    unlocked(org, table, None, &values)?;
    trigger::run(org, table, &mut values, true)?;
    derive::derive(org, table, None, &mut values, writer.now);
    ends_after_start(&org.tables[table].sobject, &values)?;
    let id = org.tables[table].next_id();
    let system = System {
        id,
        is_deleted: false,
        created: writer.now,
        created_by: writer.user,
        modified: writer.now,
        modified_by: writer.user,
    };
    org.insert(table, Row::new(system, &values));
    Ok(id)
}

/// Changes a record.
pub(super) fn update(
    org: &mut Org,
    table: usize,
    id: RecordId,
    fields: &Map<String, Json>,
    writer: Writer,
) -> Result<(), Refusal> {
    let sobject = &org.tables[table].sobject;
    is_writable(sobject)?;
    let given = read(sobject, fields, Write::Update)?;
    let (slot, before) = living(org, table, id)?;
    let mut values = before.values(sobject.fields.len());
    let places = set(&mut values, given);
    check(org, table, Some((slot, &before)), &values, &places)?;
    unlocked(org, table, Some(&before), &values)?;
    trigger::run(org, table, &mut values, false)?;
    derive::derive(org, table, Some(&before), &mut values, writer.now);
    ends_after_start(&org.tables[table].sobject, &values)?;
    let system = System {
        modified: writer.now,
        modified_by: writer.user,
        ..before.system
    };
    org.replace(table, slot, Row::new(system, &values));
    Ok(())
}

/// Moves a record to the recycle bin.
pub(super) fn delete(
    org: &mut Org,
    table: usize,
    id: RecordId,
    writer: Writer,
) -> Result<(), Refusal> {
    let sobject = &org.tables[table].sobject;
    is_writable(sobject)?;
    let fields = sobject.fields.len();
    let (slot, before) = living(org, table, id)?;
    let values = before.values(fields);
    unlocked(org, table, Some(&before), &values)?;
    let system = System {
        is_deleted: true,
        modified: writer.now,
        modified_by: writer.user,
        ..before.system
    };
    org.replace(table, slot, Row::new(system, &values));
    Ok(())
}

/// Takes a record out of the recycle bin.
pub(super) fn undelete(org: &mut Org, id: RecordId, writer: Writer) -> Result<(), Refusal> {
    let (table, slot, before) = held(org, id)?;
    if !before.system.is_deleted || before.system.modified <= writer.now - RECYCLE_BIN {
        let message = "the record isn't in the recycle bin";
        return Err(Refusal::bad("UNDELETE_FAILED", message));
    }
    let values = before.values(org.tables[table].sobject.fields.len());
    let system = System {
        is_deleted: false,
        modified: writer.now,
        modified_by: writer.user,
        ..before.system
    };
    org.replace(table, slot, Row::new(system, &values));
    Ok(())
}

/// Sets fields of a record as Salesforce itself does, read-only ones too.
pub(super) fn overwrite(
    org: &mut Org,
    id: RecordId,
    changes: &[(&str, Value<'static>)],
    writer: Writer,
) -> Result<(), Refusal> {
    let (table, slot, before) = held(org, id)?;
    let sobject = &org.tables[table].sobject;
    let mut values = before.values(sobject.fields.len());
    let given = changes
        .iter()
        .filter_map(|(name, value)| Some((sobject.place(name)?, value.clone())));
    let given = given.collect();
    set(&mut values, given);
    derive::derive(org, table, Some(&before), &mut values, writer.now);
    let system = System {
        modified: writer.now,
        modified_by: writer.user,
        ..before.system
    };
    org.replace(table, slot, Row::new(system, &values));
    Ok(())
}

/// A record as it is, deleted or not.
fn held(org: &Org, id: RecordId) -> Result<(usize, Slot, Row), Refusal> {
    let table = org.table_of(id).ok_or_else(Refusal::not_found)?;
    let slot = org.tables[table].find(id).ok_or_else(Refusal::not_found)?;
    let row = org.tables[table].row(slot).ok_or_else(Refusal::not_found)?;
    Ok((table, slot, row.clone()))
}

/// The records that a value of an external id field names.
pub(super) fn having(org: &Org, table: usize, place: usize, value: &Value<'_>) -> Vec<RecordId> {
    let table = &org.tables[table];
    let slots = table.having(place, value);
    slots
        .into_iter()
        .filter_map(|slot| Some(table.row(slot)?.system.id))
        .collect()
}

fn is_writable(sobject: &SObject) -> Result<(), Refusal> {
    if sobject.writable {
        return Ok(());
    }
    let message = format!(
        "entity type {} does not support create, update or delete here",
        sobject.name
    );
    Err(Refusal::bad(
        "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY",
        message,
    ))
}

/// The record as it is, unless it is deleted or never was.
fn living(org: &Org, table: usize, id: RecordId) -> Result<(Slot, Row), Refusal> {
    let table = &org.tables[table];
    let slot = table.find(id).ok_or_else(Refusal::not_found)?;
    let row = table.row(slot).ok_or_else(Refusal::not_found)?;
    if row.system.is_deleted {
        return Err(Refusal::deleted());
    }
    Ok((slot, row.clone()))
}

type Given = Vec<(usize, Value<'static>)>;

/// Reads the fields of a request: each must be there, settable, and of the right JSON type.
fn read(sobject: &SObject, fields: &Map<String, Json>, write: Write) -> Result<Given, Refusal> {
    let mut given = Given::new();
    let mut unsettable = Vec::new();
    for (name, json) in fields {
        if name == "attributes" {
            continue;
        }
        let place = sobject
            .place(name)
            .ok_or_else(|| no_such_column(sobject, name))?;
        let field = &sobject.fields[place];
        let is_settable = if write == Write::Create {
            field.createable
        } else {
            field.updateable
        };
        if !is_settable {
            unsettable.push(field.name.clone());
        }
        given.push((place, from_json(field, json)?));
    }
    if unsettable.is_empty() {
        return Ok(given);
    }
    let message = format!(
        "Unable to create/update fields: {}. Please check the security settings of this field and verify that it is read/write for your profile or permission set.",
        unsettable.join(", ")
    );
    Err(Refusal {
        fields: unsettable,
        ..Refusal::bad("INVALID_FIELD_FOR_INSERT_UPDATE", message)
    })
}

/// The refusal of a field that the sobject doesn't have.
pub(super) fn no_such_column(sobject: &SObject, name: &str) -> Refusal {
    Refusal::bad(
        "INVALID_FIELD",
        format!(
            "No such column '{name}' on sobject of type {}",
            sobject.name
        ),
    )
}

fn set(values: &mut [Value<'static>], given: Given) -> Vec<usize> {
    let mut places = Vec::with_capacity(given.len());
    for (place, value) in given {
        if let Some(slot) = values.get_mut(place) {
            *slot = value;
            places.push(place);
        }
    }
    places
}

/// Everything that may be wrong with the values, the ones at `given` having just been set.
fn check(
    org: &Org,
    table: usize,
    before: Option<(Slot, &Row)>,
    values: &[Value<'static>],
    given: &[usize],
) -> Result<(), Refusal> {
    let sobject = &org.tables[table].sobject;
    if sobject.name == "Lead" && before.is_some_and(|(_, row)| is_converted(sobject, row)) {
        return Err(Refusal::bad(
            "CANNOT_UPDATE_CONVERTED_LEAD",
            "cannot reference converted lead",
        ));
    }
    required(sobject, values)?;
    if sobject.name == "Event" {
        has_time(sobject, values)?;
    }
    for place in given {
        if let (Some(field), Some(value)) = (sobject.fields.get(*place), values.get(*place)) {
            fits(field, value)?;
            refers(org, sobject, field, value)?;
            is_unique(org, table, before.map(|(slot, _)| slot), *place, value)?;
        }
    }
    if matches!(sobject.name, "Task" | "Event") {
        lead_has_no_what(sobject, values)?;
    }
    validation_rules(org, sobject, values)
}

fn is_converted(sobject: &SObject, row: &Row) -> bool {
    sobject
        .place("IsConverted")
        .is_some_and(|place| row.value(place).is_true())
}

/// An owner that was cleared has a message of its own.
fn required(sobject: &SObject, values: &[Value<'static>]) -> Result<(), Refusal> {
    let missing: Vec<_> = sobject
        .fields
        .iter()
        .zip(values)
        .skip(SYSTEM_FIELDS)
        .filter(|(field, value)| !field.nillable && field.createable && value.is_null())
        .map(|(field, _)| field.name.clone())
        .collect();
    if missing.iter().any(|name| name == "OwnerId") {
        let message = "Owner ID: owner cannot be blank";
        return Err(Refusal::bad("INVALID_CROSS_REFERENCE_KEY", message).field("OwnerId"));
    }
    if missing.is_empty() {
        return Ok(());
    }
    Err(missing_fields(missing))
}

/// An event must say when it begins and how long it takes; one of all day only which day.
fn has_time(sobject: &SObject, values: &[Value<'static>]) -> Result<(), Refusal> {
    let is_given = |names: &[&str]| {
        let mut places = names.iter().filter_map(|name| sobject.place(name));
        places.any(|place| values.get(place).is_some_and(|value| !value.is_null()))
    };
    let all_day = sobject
        .place("IsAllDayEvent")
        .and_then(|place| values.get(place))
        .is_some_and(Value::is_true);
    let has_start =
        is_given(&["StartDateTime", "ActivityDateTime"]) || all_day && is_given(&["ActivityDate"]);
    let has_end = all_day || is_given(&["EndDateTime", "DurationInMinutes"]);
    let missing = [
        (has_end, "DurationInMinutes"),
        (has_start, "ActivityDateTime"),
    ];
    let missing = missing.into_iter().filter(|(is_there, _)| !is_there);
    let missing: Vec<_> = missing.map(|(_, name)| name.to_owned()).collect();
    match missing.is_empty() {
        true => Ok(()),
        false => Err(missing_fields(missing)),
    }
}

fn missing_fields(missing: Vec<String>) -> Refusal {
    let message = format!("Required fields are missing: [{}]", missing.join(", "));
    Refusal {
        fields: missing,
        ..Refusal::bad("REQUIRED_FIELD_MISSING", message)
    }
}

fn ends_after_start(sobject: &SObject, values: &[Value<'static>]) -> Result<(), Refusal> {
    let duration = sobject
        .place("DurationInMinutes")
        .and_then(|place| values.get(place));
    match duration {
        Some(Value::Int(..0)) => {
            let message = "Event duration can not be negative";
            Err(Refusal::bad("FIELD_INTEGRITY_EXCEPTION", message).field("DurationInMinutes"))
        }
        _ => Ok(()),
    }
}

pub(super) fn fits(field: &Field, value: &Value<'_>) -> Result<(), Refusal> {
    match (&field.kind, value) {
        (kind, Value::Text(text)) => {
            let length = kind.length().unwrap_or(usize::MAX);
            if text.encode_utf16().count() > length {
                let shown: String = text.chars().take(255).collect();
                let message = format!(
                    "{}: data value too large: {shown} (max length={length})",
                    field.label
                );
                return Err(Refusal::bad("STRING_TOO_LONG", message).field(&field.name));
            }
            in_picklist(field, text)?;
            is_address(field, text)
        }
        (Kind::Int { digits }, Value::Int(number))
            if number.unsigned_abs() >= 10u64.saturating_pow(*digits) =>
        {
            let message = format!(
                "{}: value outside of valid range on numeric field: {number}",
                field.label
            );
            Err(Refusal::bad("NUMBER_OUTSIDE_VALID_RANGE", message).field(&field.name))
        }
        _ => Ok(()),
    }
}

fn in_picklist(field: &Field, text: &str) -> Result<(), Refusal> {
    let Kind::Picklist {
        values,
        restricted: true,
        ..
    } = &field.kind
    else {
        return Ok(());
    };
    // `Cadence` is a subtype that only Salesforce itself gives.
    let is_known = values
        .iter()
        .any(|value| value.is_active && value.value == text);
    if is_known && text != "Cadence" {
        return Ok(());
    }
    let message = format!(
        "{}: bad value for restricted picklist field: {text}",
        field.label
    );
    Err(Refusal::bad("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", message).field(&field.name))
}

fn is_address(field: &Field, text: &str) -> Result<(), Refusal> {
    let is_valid = text.split_once('@').is_some_and(|(name, domain)| {
        !name.is_empty()
            && domain.contains('.')
            && !domain.contains('@')
            && !text.contains(char::is_whitespace)
    });
    if is_valid || !matches!(field.kind, Kind::Email) {
        return Ok(());
    }
    let message = format!("{}: invalid email address: {text}", field.label);
    Err(Refusal::bad("INVALID_EMAIL_ADDRESS", message).field(&field.name))
}

/// A reference must name a living record of an sobject that the field may refer to.
fn refers(org: &Org, sobject: &SObject, field: &Field, value: &Value<'_>) -> Result<(), Refusal> {
    let (Some((_, to)), Some(id)) = (field.relationship(), value.id()) else {
        return Ok(());
    };
    let target = org.table_of(id).and_then(|table| org.tables.get(table));
    if !target.is_some_and(|table| to.contains(&table.sobject.name)) {
        return Err(incorrect_id(field, &id.to_string()));
    }
    let (table, row) = org
        .record(id)
        .ok_or_else(|| Refusal::cross_reference().field(&field.name))?;
    if row.system.is_deleted {
        let deleted = Refusal {
            status: StatusCode::BAD_REQUEST,
            ..Refusal::deleted()
        };
        return Err(deleted.field(&field.name));
    }
    match table.sobject.name {
        "Lead" if is_converted(&table.sobject, row) => Err(Refusal::bad(
            "INVALID_CROSS_REFERENCE_KEY",
            "cannot reference converted lead",
        )
        .field(&field.name)),
        "User" if field.name == "OwnerId" && !org.field_of(id, "IsActive").is_true() => {
            let owned = sobject.label.to_lowercase();
            let message =
                format!("operation performed with inactive user [{id}] as owner of {owned}");
            Err(Refusal::bad("INACTIVE_OWNER_OR_USER", message).field(&field.name))
        }
        "Group" if org.field_of(id, "Type").as_text() != Some("Queue") => {
            Err(Refusal::cross_reference().field(&field.name))
        }
        _ => Ok(()),
    }
}

fn is_unique(
    org: &Org,
    table: usize,
    own: Option<Slot>,
    place: usize,
    value: &Value<'_>,
) -> Result<(), Refusal> {
    let table = &org.tables[table];
    let Some(field) = table
        .sobject
        .fields
        .get(place)
        .filter(|field| field.unique && !value.is_null())
    else {
        return Ok(());
    };
    let other = table
        .having(place, value)
        .into_iter()
        .find(|slot| Some(*slot) != own);
    match other.and_then(|slot| table.row(slot)) {
        Some(row) => Err(Refusal::bad(
            "DUPLICATE_VALUE",
            format!(
                "duplicate value found: {} duplicates value on record with id: {}",
                field.name,
                row.system.id.short()
            ),
        )),
        None => Ok(()),
    }
}

/// An activity with a lead is about nothing else.
fn lead_has_no_what(sobject: &SObject, values: &[Value<'static>]) -> Result<(), Refusal> {
    let id = |name: &str| {
        sobject
            .place(name)
            .and_then(|place| values.get(place)?.id())
    };
    if id("WhoId").is_some_and(|who| who.prefix() == "00Q") && id("WhatId").is_some() {
        let message = "A lead can't be associated with a related record: WhatId must be empty if WhoId is a Lead";
        return Err(Refusal::bad("FIELD_INTEGRITY_EXCEPTION", message).field("WhatId"));
    }
    Ok(())
}

fn validation_rules(
    org: &Org,
    sobject: &SObject,
    values: &[Value<'static>],
) -> Result<(), Refusal> {
    let broken = org
        .validation_rules
        .iter()
        .filter(|rule| rule.sobject == sobject.name)
        .find(|rule| {
            let text = sobject
                .place(&rule.field)
                .and_then(|place| values.get(place)?.as_text());
            text.is_some_and(|text| text.to_lowercase().contains(&rule.contains.to_lowercase()))
        });
    match broken {
        Some(rule) => Err(
            Refusal::bad("FIELD_CUSTOM_VALIDATION_EXCEPTION", rule.message.clone())
                .field(&rule.field),
        ),
        None => Ok(()),
    }
}

/// A write needs its record and its parents to itself.
fn unlocked(
    org: &mut Org,
    table: usize,
    before: Option<&Row>,
    values: &[Value<'static>],
) -> Result<(), Refusal> {
    if org.locked.is_empty() {
        return Ok(());
    }
    let sobject = &org.tables[table].sobject;
    let parents = ["WhoId", "WhatId", "AccountId"]
        .iter()
        .filter_map(|name| values.get(sobject.place(name)?)?.id());
    let own = before.map(|row| row.system.id);
    let held: Vec<_> = parents
        .chain(own)
        .filter(|id| org.locked.contains_key(id))
        .collect();
    let Some(id) = held.first() else {
        return Ok(());
    };
    if let Some(left) = org.locked.get_mut(id) {
        *left = left.saturating_sub(1);
    }
    org.locked.retain(|_, left| *left > 0);
    let message = format!("unable to obtain exclusive access to this record or 1 records: {id}");
    Err(Refusal::bad("UNABLE_TO_LOCK_ROW", message))
}

/// The id that an update names, under either spelling.
pub(super) fn id_of(fields: &Map<String, Json>) -> Option<&str> {
    fields
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("id"))
        .and_then(|(_, id)| id.as_str())
}

/// A record without the field of this name.
pub(super) fn without(fields: &Map<String, Json>, name: &str) -> Map<String, Json> {
    fields
        .iter()
        .filter(|(field, _)| !field.eq_ignore_ascii_case(name))
        .map(|(field, value)| (field.clone(), value.clone()))
        .collect()
}
