//! The properties of one type of record, by name and by place.

use std::borrow::Cow;
use std::collections::HashMap;

use super::object_type::ObjectType;
use super::property::{Property, PropertyType};
use super::standard;

/// Where a property is among those of its type.
pub(super) type Place = u16;

/// Where those are that HubSpot itself keeps, of every type.
pub(super) const ID: Place = 0;
pub(super) const CREATED: Place = 1;
pub(super) const UPDATED: Place = 2;
const SYSTEM: usize = 3;

/// The properties of one type of record.
pub(super) struct Schema {
    pub(super) object_type: ObjectType,
    properties: Vec<Property>,
    places: HashMap<Cow<'static, str>, Place>,
}

impl Schema {
    /// The standard properties, and those that a portal has besides or instead.
    pub(super) fn new(object_type: ObjectType, own: impl IntoIterator<Item = Property>) -> Self {
        let (created, updated) = standard::names_of_stamps(object_type);
        let system = [
            Property::new("hs_object_id", "Record ID", PropertyType::Number),
            Property::new(created, "Create date", PropertyType::Datetime),
            Property::new(updated, "Last modified date", PropertyType::Datetime),
        ];
        let mut schema = Self {
            object_type,
            properties: Vec::new(),
            places: HashMap::new(),
        };
        for property in system
            .map(Property::read_only)
            .into_iter()
            .chain(standard::properties(object_type))
            .chain(own)
        {
            schema.put(property);
        }
        schema
    }

    /// Adds a property, or puts it in the place of the one of the same name.
    pub(super) fn put(&mut self, property: Property) {
        match self.places.get(&property.name) {
            Some(place) if usize::from(*place) < SYSTEM => {}
            Some(place) => {
                if let Some(held) = self.properties.get_mut(usize::from(*place)) {
                    *held = property;
                }
            }
            None => {
                let Ok(place) = Place::try_from(self.properties.len()) else {
                    return;
                };
                self.places.insert(property.name.clone(), place);
                self.properties.push(property);
            }
        }
    }

    pub(super) fn place(&self, name: &str) -> Option<Place> {
        self.places.get(name).copied()
    }

    pub(super) fn property(&self, place: Place) -> Option<&Property> {
        self.properties.get(usize::from(place))
    }

    pub(super) fn name(&self, place: Place) -> &str {
        self.property(place).map_or("", |property| &property.name)
    }

    pub(super) fn property_type(&self, place: Place) -> PropertyType {
        self.property(place)
            .map_or(PropertyType::String, |property| property.property_type)
    }

    /// By name.
    pub(super) fn properties(&self) -> Vec<&Property> {
        let mut properties: Vec<_> = self.properties.iter().collect();
        properties.sort_unstable_by(|one, other| one.name.cmp(&other.name));
        properties
    }

    pub(super) fn unique(&self) -> impl Iterator<Item = Place> {
        (0..)
            .zip(&self.properties)
            .filter(|(_, property)| property.unique)
            .map(|(place, _)| place)
    }

    /// The places of these names and of those that come unasked, by name; unknown names are left out.
    pub(super) fn columns<'n>(&self, names: impl IntoIterator<Item = &'n str>) -> Vec<Place> {
        let mut columns: Vec<Place> = names
            .into_iter()
            .filter_map(|name| self.place(name))
            .collect();
        columns.extend([ID, CREATED, UPDATED]);
        columns.sort_unstable_by_key(|place| self.name(*place));
        columns.dedup();
        columns
    }

    /// The columns of an answer to a request that names none.
    pub(super) fn default_columns(&self) -> Vec<Place> {
        self.columns(standard::shown_by_default(self.object_type).iter().copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_column_is_there_once_and_by_name() {
        let schema = Schema::new(ObjectType::Call, []);
        let columns =
            schema.columns(["hs_object_id", "hs_call_title", "nonsense", "hs_call_title"]);
        let names: Vec<_> = columns.iter().map(|place| schema.name(*place)).collect();
        assert_eq!(
            names,
            [
                "hs_call_title",
                "hs_createdate",
                "hs_lastmodifieddate",
                "hs_object_id"
            ]
        );
    }

    #[test]
    fn a_portal_may_put_a_property_in_the_place_of_a_standard_one_but_not_of_its_ids_and_stamps() {
        let own = ["hs_call_title", "hs_object_id"]
            .map(|name| Property::new(name, "Own", PropertyType::Number));
        let schema = Schema::new(ObjectType::Call, own);
        let label = |name: &str| {
            schema
                .place(name)
                .and_then(|place| schema.property(place))
                .map(|held| &*held.label)
        };
        assert_eq!(label("hs_call_title"), Some("Own"));
        assert_eq!(label("hs_object_id"), Some("Record ID"));
    }
}
