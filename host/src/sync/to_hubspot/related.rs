//! Which deals and companies of HubSpot are what the records are related to? (S10)

use super::snapshot::Record;
use crate::hubspot::ObjectType;
use crate::sync::{Engine, PassError, short};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// A deal or a company that a record of Salesforce is.
pub(super) struct Found {
    /// The first 15 characters of the Salesforce id.
    pub(super) salesforce_id: String,
    /// `deal` or `company`.
    pub(super) object: &'static str,
    /// HubSpot's id.
    pub(super) id: String,
    /// Whether HubSpot was asked for it now.
    pub(super) is_new: bool,
}

impl Found {
    /// In the shape of the snapshot.
    pub(super) fn json(&self) -> Value {
        json!({self.object: self.id, "salesforce_id": self.salesforce_id})
    }
}

/// By what the ids of an object begin, what it is in HubSpot, and there.
const OBJECTS: [(&str, &str, ObjectType); 2] = [
    ("006", "deal", ObjectType::Deal),
    ("001", "company", ObjectType::Company),
];

/// Finds what the records are related to: what was found before isn't asked again.
pub(super) async fn of(engine: &Engine<'_>, records: &[Record]) -> Result<Vec<Found>, PassError> {
    let ids: BTreeSet<&str> = records
        .iter()
        .filter_map(|record| record.text("what_id"))
        .collect();
    let mut found = Vec::new();
    for (beginning, object, object_type) in OBJECTS {
        let mut unknown = Vec::new();
        for id in ids.iter().filter(|id| id.starts_with(beginning)) {
            let known = engine.ledger.related_of_record(short(id))?;
            if known.is_empty() {
                unknown.push((*id).to_owned());
            }
            found.extend(known.into_iter().map(|(_, known)| Found {
                salesforce_id: short(id).to_owned(),
                object,
                id: known,
                is_new: false,
            }));
        }
        let asked = engine
            .hubspot
            .related_by_salesforce_id(object_type, &unknown)
            .await?;
        found.extend(asked.into_iter().map(|(salesforce_id, id)| Found {
            salesforce_id: short(&salesforce_id).to_owned(),
            object,
            id,
            is_new: true,
        }));
    }
    Ok(found)
}
