//! What a property is.

use serde::Deserialize;

use super::{HubSpot, ObjectType, VERSION};
use crate::api::Call;
use crate::error::ApiError;

/// Whether records can be found by a property.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UniqueProperty {
    /// No two records have the same value.
    Usable,
    /// It is there, but two records may have the same value. HubSpot settles that when a property is created, and never after.
    NotUnique,
    /// It isn't there.
    Missing,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Property {
    #[serde(default)]
    has_unique_value: bool,
}

impl HubSpot {
    /// Whether a type of record has a property of this name whose values are unique.
    pub async fn unique_property(
        &self,
        kind: ObjectType,
        name: &str,
    ) -> Result<UniqueProperty, ApiError> {
        let name: String = url::form_urlencoded::byte_serialize(name.as_bytes()).collect();
        let path = format!("/crm/properties/{VERSION}/{kind}/{name}");
        match self.api.read::<Property>(Call::get(path, "property")).await {
            Ok(property) if property.has_unique_value => Ok(UniqueProperty::Usable),
            Ok(_) => Ok(UniqueProperty::NotUnique),
            Err(error) if error.status == Some(404) => Ok(UniqueProperty::Missing),
            Err(error) => Err(error),
        }
    }
}
