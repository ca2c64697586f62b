//! Which fields of Tasks and Events an org lacks, or hides from the integration user.
//!
//! Most orgs have all of them, so nothing is asked beforehand: a query that is refused is asked again without those that a
//! description of the object doesn't name.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::Salesforce;
use super::record_fields::{RecordObject, is_required};
use crate::error::ApiError;

/// The fields that are known not to be there.
#[derive(Debug, Default)]
pub(super) struct HiddenFields(Mutex<BTreeSet<(RecordObject, &'static str)>>);

impl HiddenFields {
    fn lock(&self) -> MutexGuard<'_, BTreeSet<(RecordObject, &'static str)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The other fields of an object.
    fn without(&self, object: RecordObject) -> Vec<&'static str> {
        let hidden = self.lock();
        let names = object.field_names();
        names
            .filter(|name| !hidden.contains(&(object, *name)))
            .collect()
    }

    /// Adds these; whether any of them is new.
    fn learn(&self, object: RecordObject, missing: impl Iterator<Item = &'static str>) -> bool {
        let mut hidden = self.lock();
        let known = hidden.len();
        hidden.extend(missing.map(|name| (object, name)));
        hidden.len() > known
    }
}

impl Salesforce {
    /// The beginning of a query of all that the snapshot knows of these records, up to where the conditions stand.
    pub(super) fn selection(&self, object: RecordObject, key_field: Option<&str>) -> String {
        let mut names: Vec<&str> = self.hidden_fields.without(object);
        names.extend(key_field);
        let names = names.join(", ");
        format!("SELECT {names} FROM {}", object.name())
    }

    /// Whether a query was refused for fields that aren't there and that the next one leaves out.
    pub(super) async fn leaves_out_more(&self, object: RecordObject, error: &ApiError) -> bool {
        if error.status != Some(400) {
            return false;
        }
        // The query's own error says more than one of this attempt to help.
        let Ok(visible) = self.visible_fields(object.name()).await else {
            return false;
        };
        let is_missing =
            |name: &&str| !is_required(name) && !visible.iter().any(|held| held == name);
        let missing = object.field_names().filter(is_missing);
        self.hidden_fields.learn(object, missing)
    }
}
