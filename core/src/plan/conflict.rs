//! What did both sides change?

use crate::names::names;
use serde::Serialize;
use serde_json::Value;

names! {
    /// Whose change of a field holds (U4, S9).
    pub enum Winner {
        /// HubSpot's.
        HubSpot = "hubspot",
        /// Salesforce's.
        Salesforce = "salesforce",
    }
}

/// A field that both sides changed since they last shared it, to different values (U4, S9).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FieldConflict {
    /// By the name of Salesforce's field.
    pub field: &'static str,
    /// Whose change holds, by the setting `conflict`.
    pub winner: Winner,
    /// What HubSpot says, as Salesforce would have it; absent if nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hubspot: Option<Value>,
    /// What Salesforce says; absent if nothing, or if its values weren't read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub salesforce: Option<Value>,
}
