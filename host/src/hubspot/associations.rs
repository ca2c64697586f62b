//! Which records belong to which: read, and joined.

use std::collections::{HashMap, HashSet};

use http::Method;
use serde::{Deserialize, Deserializer};
use serde_json::{Value as Json, json};

use super::batch_answer::named_in;
use super::object::{Paging, next};
use super::record_errors::ObjectRefusal;
use super::{HubSpot, ObjectType, VERSION};
use crate::api::Call;
use crate::calls::Effect;
use crate::error::ApiError;

/// The most records of one call.
const MOST: usize = 1_000;
/// The most pairs of one call that joins.
const MOST_PAIRS: usize = 2_000;

/// Two records that weren't joined, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedPair {
    /// The id of the one.
    pub from: String,
    /// The id of the other.
    pub to: String,
    /// Why.
    pub refusal: ObjectRefusal,
}

#[derive(Deserialize)]
struct Joined {
    results: Vec<JoinedPair>,
    #[serde(default)]
    errors: Vec<Json>,
}

#[derive(Deserialize)]
struct JoinedPair {
    from: From,
    to: From,
}

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

    /// Joins pairs of records by the default association of their types; pairs that belong together already stay so. Answers those
    /// that were refused.
    pub async fn associate(
        &self,
        from: ObjectType,
        to: ObjectType,
        pairs: &[(String, String)],
    ) -> Result<Vec<RefusedPair>, ApiError> {
        let path = format!("/crm/associations/{VERSION}/{from}/{to}/batch/associate/default");
        let mut refused = Vec::new();
        for pairs in pairs.chunks(MOST_PAIRS) {
            let inputs = pairs
                .iter()
                .map(|(from, to)| json!({ "from": { "id": from }, "to": { "id": to } }));
            let inputs: Vec<Json> = inputs.collect();
            let body = json!({ "inputs": inputs });
            let purpose = "associate records";
            let call = Call::with_body(Method::POST, path.as_str(), &body, Effect::Write, purpose);
            let answer: Joined = self.api.read(call).await?;
            refused.extend(answer.refused(pairs));
        }
        Ok(refused)
    }
}

impl Joined {
    /// The pairs that errors name; an error that names none is that of all pairs without a result.
    fn refused(&self, pairs: &[(String, String)]) -> Vec<RefusedPair> {
        let joined = self.results.iter();
        let mut answered: HashSet<(&str, &str)> =
            joined.map(|pair| (&*pair.from.id, &*pair.to.id)).collect();
        let (of_a_pair, of_nobody): (Vec<_>, Vec<_>) = self
            .errors
            .iter()
            .map(|error| (pair_of(error), error))
            .partition(|(pair, _)| pair.is_some());
        let mut refused = Vec::new();
        for (pair, error) in of_a_pair {
            if let Some(pair) = pair.filter(|pair| answered.insert(*pair)) {
                refused.push(RefusedPair::of(pair, error));
            }
        }
        if let Some((_, error)) = of_nobody.first() {
            let pairs = pairs.iter().map(|(from, to)| (&**from, &**to));
            let left = pairs.filter(|pair| !answered.contains(pair));
            refused.extend(left.map(|pair| RefusedPair::of(pair, error)));
        }
        refused
    }
}

impl RefusedPair {
    fn of((from, to): (&str, &str), error: &Json) -> Self {
        Self {
            from: from.to_owned(),
            to: to.to_owned(),
            refusal: ObjectRefusal::of(error),
        }
    }
}

fn pair_of(error: &Json) -> Option<(&str, &str)> {
    let from = named_in(error, "fromObjectId").next()?;
    Some((from, named_in(error, "toObjectId").next()?))
}
