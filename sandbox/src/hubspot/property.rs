//! What a property is: its name, its type, its options.

use std::borrow::Cow;

/// A property of a type of record.
#[derive(Clone, Debug)]
pub struct Property {
    /// Its internal name.
    pub name: Cow<'static, str>,
    /// What people see.
    pub label: Cow<'static, str>,
    /// What its values are.
    pub property_type: PropertyType,
    /// The values of an enumeration.
    pub options: Vec<PropertyOption>,
    /// Only HubSpot writes it.
    pub read_only: bool,
    /// No two records have the same value.
    pub unique: bool,
}

/// What the values of a property are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PropertyType {
    /// Text.
    String,
    /// Numbers.
    Number,
    /// Moments.
    Datetime,
    /// Days.
    Date,
    /// `true` or `false`.
    Bool,
    /// One of its options, or several parted by `;`. Without options any value will do.
    Enumeration,
}

/// A value of an enumeration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PropertyOption {
    /// The value as the API writes it.
    pub value: Cow<'static, str>,
    /// What people see.
    pub label: Cow<'static, str>,
    /// People don't see it.
    pub hidden: bool,
}

impl Property {
    /// A property that anyone may write.
    pub fn new(
        name: impl Into<Cow<'static, str>>,
        label: impl Into<Cow<'static, str>>,
        property_type: PropertyType,
    ) -> Self {
        Self {
            name: name.into(),
            label: label.into(),
            property_type,
            options: Vec::new(),
            read_only: false,
            unique: false,
        }
    }

    /// An enumeration of these values and labels.
    pub fn enumeration(
        name: impl Into<Cow<'static, str>>,
        label: impl Into<Cow<'static, str>>,
        options: impl IntoIterator<Item = (&'static str, &'static str)>,
    ) -> Self {
        let options = options
            .into_iter()
            .map(|(value, label)| PropertyOption {
                value: value.into(),
                label: label.into(),
                hidden: false,
            })
            .collect();
        Self {
            options,
            ..Self::new(name, label, PropertyType::Enumeration)
        }
    }

    /// Only HubSpot writes it.
    pub fn read_only(self) -> Self {
        Self {
            read_only: true,
            ..self
        }
    }

    /// No two records have the same value.
    pub fn unique(self) -> Self {
        Self {
            unique: true,
            ..self
        }
    }
}
