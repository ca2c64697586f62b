//! Which records belong to which.

use std::collections::HashMap;

use http::Method;
use serde::{Deserialize, Deserializer};
use serde_json::{Value as Json, json};

use super::object::{Paging, next};
use super::{HubSpot, ObjectType, VERSION};
use crate::api::Call;
use crate::calls::Effect;
use crate::error::ApiError;

/// The most records of one call.
const MOST: usize = 1_000;

#[derive(Deserialize)]
struct Answer {
    results: Vec<OfOne>,
}

#[derive(Deserialize)]
struct OfOne {
    from: From,
    to: Vec<To>,
    #[serde(default)]
    paging: Option<Paging>,
}

#[derive(Deserialize)]
struct From {
    #[serde(deserialize_with = "id")]
    id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct To {
    #[serde(deserialize_with = "id")]
    to_object_id: String,
}

/// An id, which some versions write as a number.
fn id<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Id {
        Text(String),
        Number(u64),
    }
    Ok(match Id::deserialize(deserializer)? {
        Id::Text(text) => text,
        Id::Number(number) => number.to_string(),
    })
}

impl HubSpot {
    /// The ids of the `to` (`contacts`, `companies`, `deals`) that each of these records belongs to; records
    /// that belong to none are left out.
    pub async fn associations(
        &self,
        from: ObjectType,
        to: &str,
        ids: &[String],
    ) -> Result<HashMap<String, Vec<String>>, ApiError> {
        let path = format!("/crm/associations/{VERSION}/{from}/{to}/batch/read");
        let mut found: HashMap<String, Vec<String>> = HashMap::with_capacity(ids.len());
        let mut left: Vec<Json> = ids.iter().rev().map(|id| json!({ "id": id })).collect();
        while !left.is_empty() {
            let inputs: Vec<Json> = left
                .drain(left.len().saturating_sub(MOST)..)
                .rev()
                .collect();
            let call = Call::with_body(
                Method::POST,
                path.as_str(),
                &json!({ "inputs": inputs }),
                Effect::Read,
                "associations",
            );
            let answer: Answer = self.api.read(call).await?;
            for one in answer.results {
                if let Some(after) = next(one.paging.as_ref()) {
                    left.push(json!({ "id": one.from.id, "after": after }));
                }
                let held = found.entry(one.from.id).or_default();
                held.extend(one.to.into_iter().map(|to| to.to_object_id));
            }
        }
        Ok(found)
    }
}
