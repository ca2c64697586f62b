//! The sobjects of an org: what is standard, as the org customised it.

use std::collections::HashMap;

use super::data::SalesforceData;
use super::field::{Field, Kind};
use super::standard::SOBJECTS;

/// Where the fields that every sobject begins with are.
pub(super) const ID: usize = 0;
pub(super) const IS_DELETED: usize = 1;
pub(super) const CREATED_DATE: usize = 2;
pub(super) const CREATED_BY: usize = 3;
pub(super) const MODIFIED_DATE: usize = 4;
pub(super) const MODIFIED_BY: usize = 5;
pub(super) const SYSTEM_MODSTAMP: usize = 6;
pub(super) const SYSTEM_FIELDS: usize = 7;

/// One sobject.
#[derive(Clone, Debug)]
pub(super) struct SObject {
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    pub(super) plural: &'static str,
    pub(super) prefix: &'static str,
    /// Whether the API may write its records.
    pub(super) writable: bool,
    pub(super) fields: Vec<Field>,
    places: HashMap<String, usize>,
}

impl SObject {
    fn new(names: [&'static str; 4], writable: bool, fields: Vec<Field>) -> Self {
        let [name, label, plural, prefix] = names;
        let places = fields
            .iter()
            .enumerate()
            .map(|(place, field)| (field.name.to_ascii_lowercase(), place))
            .collect();
        Self {
            name,
            label,
            plural,
            prefix,
            writable,
            fields,
            places,
        }
    }

    /// The place of the field of this name, whatever its case.
    pub(super) fn place(&self, name: &str) -> Option<usize> {
        self.places.get(&name.to_ascii_lowercase()).copied()
    }

    pub(super) fn field(&self, name: &str) -> Option<&Field> {
        self.place(name).and_then(|place| self.fields.get(place))
    }

    /// The place of the reference whose relationship has this name.
    pub(super) fn relationship(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| {
            field
                .relationship()
                .is_some_and(|(relationship, _)| relationship.eq_ignore_ascii_case(name))
        })
    }
}

/// The sobjects of the org that `data` describes.
pub(super) fn sobjects(data: &SalesforceData) -> Vec<SObject> {
    let mut all: Vec<_> = SOBJECTS
        .iter()
        .map(|standard| SObject::new(standard.names, standard.writable, standard.fields(data)))
        .collect();
    for sobject in &mut all {
        for field in &mut sobject.fields {
            set_picklist(data, sobject.name, field);
        }
    }
    all
}

/// What the org's administrator made of a picklist.
fn set_picklist(data: &SalesforceData, sobject: &str, field: &mut Field) {
    let Some(chosen) = data
        .picklists
        .iter()
        .find(|list| list.sobject == sobject && list.field == field.name)
    else {
        return;
    };
    match &mut field.kind {
        Kind::Picklist {
            values, restricted, ..
        } => {
            values.clone_from(&chosen.values);
            *restricted = chosen.restricted;
        }
        Kind::Combobox { values, .. } => values.clone_from(&chosen.values),
        _ => {}
    }
}
