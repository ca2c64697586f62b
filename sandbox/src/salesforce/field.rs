//! What a field is: its type and what may be done with it.

use super::data::PicklistValue;

/// The type of a field.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    Id,
    Reference {
        to: &'static [&'static str],
        relationship: &'static str,
    },
    Text {
        length: usize,
    },
    LongText {
        length: usize,
    },
    Combobox {
        length: usize,
        values: Vec<PicklistValue>,
    },
    Picklist {
        length: usize,
        values: Vec<PicklistValue>,
        restricted: bool,
    },
    Email,
    Phone,
    Url,
    Boolean,
    Int {
        digits: u32,
    },
    Double,
    Currency,
    Date,
    DateTime,
}

impl Kind {
    pub(super) fn is_text(&self) -> bool {
        self.length().is_some()
    }

    /// The most UTF-16 units that a text may have.
    pub(super) fn length(&self) -> Option<usize> {
        match self {
            Kind::Text { length }
            | Kind::LongText { length }
            | Kind::Combobox { length, .. }
            | Kind::Picklist { length, .. } => Some(*length),
            Kind::Email => Some(80),
            Kind::Phone => Some(40),
            Kind::Url => Some(255),
            _ => None,
        }
    }

    /// The name that `describe` gives the type.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Kind::Id => "id",
            Kind::Reference { .. } => "reference",
            Kind::Text { .. } => "string",
            Kind::LongText { .. } => "textarea",
            Kind::Combobox { .. } => "combobox",
            Kind::Picklist { .. } => "picklist",
            Kind::Email => "email",
            Kind::Phone => "phone",
            Kind::Url => "url",
            Kind::Boolean => "boolean",
            Kind::Int { .. } => "int",
            Kind::Double => "double",
            Kind::Currency => "currency",
            Kind::Date => "date",
            Kind::DateTime => "datetime",
        }
    }

    pub(super) fn soap(&self) -> &'static str {
        match self {
            Kind::Id | Kind::Reference { .. } => "tns:ID",
            Kind::Boolean => "xsd:boolean",
            Kind::Int { .. } => "xsd:int",
            Kind::Double | Kind::Currency => "xsd:double",
            Kind::Date => "xsd:date",
            Kind::DateTime => "xsd:dateTime",
            _ => "xsd:string",
        }
    }

    /// The name that the JSON parser gives the type when it can't read a value.
    pub(super) fn deserialized_as(&self) -> &'static str {
        match self {
            Kind::Id | Kind::Reference { .. } => "reference",
            Kind::Boolean => "boolean",
            Kind::Int { .. } => "int",
            Kind::Double => "double",
            Kind::Currency => "currency",
            Kind::Date => "date",
            Kind::DateTime => "datetime",
            _ => "string",
        }
    }

    pub(super) fn values(&self) -> &[PicklistValue] {
        match self {
            Kind::Combobox { values, .. } | Kind::Picklist { values, .. } => values,
            _ => &[],
        }
    }
}

/// One field of an sobject. It starts as one that may be left empty, created, updated, filtered
/// and sorted; the methods take away or add.
#[derive(Clone, Debug)]
pub(super) struct Field {
    pub(super) name: String,
    pub(super) label: String,
    pub(super) kind: Kind,
    pub(super) nillable: bool,
    pub(super) createable: bool,
    pub(super) updateable: bool,
    pub(super) defaulted: bool,
    pub(super) filterable: bool,
    pub(super) name_field: bool,
    pub(super) id_lookup: bool,
    pub(super) external_id: bool,
    pub(super) unique: bool,
    /// The table keeps an index, so that a filter on the field doesn't read every record.
    pub(super) indexed: bool,
}

impl Field {
    pub(super) fn new(name: &str, label: &str, kind: Kind) -> Self {
        let filterable = !matches!(kind, Kind::LongText { .. });
        let indexed = matches!(kind, Kind::Email);
        // A boolean is never null: what isn't said is false.
        let defaulted = matches!(kind, Kind::Boolean);
        Self {
            name: name.to_owned(),
            label: label.to_owned(),
            kind,
            nillable: !defaulted,
            createable: true,
            updateable: true,
            defaulted,
            filterable,
            name_field: false,
            id_lookup: false,
            external_id: false,
            unique: false,
            indexed,
        }
    }

    /// Must have a value, and gets none by itself.
    pub(super) fn required(mut self) -> Self {
        self.nillable = false;
        self
    }

    /// Must have a value, and gets a default when it is created without one.
    pub(super) fn defaulted(mut self) -> Self {
        self.nillable = false;
        self.defaulted = true;
        self
    }

    pub(super) fn create_only(mut self) -> Self {
        self.updateable = false;
        self
    }

    pub(super) fn read_only(mut self) -> Self {
        self.createable = false;
        self.updateable = false;
        self
    }

    pub(super) fn name_field(mut self) -> Self {
        self.name_field = true;
        self
    }

    pub(super) fn id_lookup(mut self) -> Self {
        self.id_lookup = true;
        self.indexed = true;
        self
    }

    pub(super) fn external_key(mut self) -> Self {
        self.external_id = true;
        self.unique = true;
        self.id_lookup()
    }

    pub(super) fn indexed(mut self) -> Self {
        self.indexed = true;
        self
    }

    pub(super) fn is_custom(&self) -> bool {
        self.name.ends_with("__c")
    }

    pub(super) fn relationship(&self) -> Option<(&'static str, &'static [&'static str])> {
        match self.kind {
            Kind::Reference { to, relationship } => Some((relationship, to)),
            _ => None,
        }
    }
}
