//! Records written, up to 100 a call. One that is refused doesn't hold up the others.

use http::Method;
use serde_json::{Map, Value as Json, json};

use super::association_type::default_type;
use super::batch_answer::{BatchAnswer, Inputs, NUMBER, Written};
use super::{HubSpot, ObjectType, VERSION};
use crate::api::{Call, Failed};
use crate::calls::Effect;
use crate::error::{ApiError, Class};

/// The most records of one call.
const MOST: usize = 100;

/// A record that isn't there yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewObject {
    /// Its properties, whose values are texts.
    pub properties: Map<String, Json>,
    /// What it belongs to from the beginning.
    pub associations: Vec<Association>,
}

/// A record that another one belongs to, by the default type of association.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Association {
    /// Its type.
    pub to: ObjectType,
    /// Its id.
    pub id: String,
}

/// What became of a call that writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ObjectsOutcome {
    /// HubSpot answered for each record, in their order.
    Answered(Vec<Written>),
    /// Nothing was written.
    Refused(ApiError),
    /// It may have been written, or not; why nobody knows.
    Unknown(String),
}

impl HubSpot {
    /// Creates records. Never repeated by itself if it may have been carried out.
    pub async fn create_objects(&self, kind: ObjectType, objects: &[NewObject]) -> ObjectsOutcome {
        let objects: Result<Vec<Json>, ApiError> =
            objects.iter().map(|object| object.input(kind)).collect();
        let inputs = match objects {
            Ok(inputs) => inputs,
            Err(error) => return ObjectsOutcome::Refused(error),
        };
        let named = Inputs::New(inputs.len());
        let call = (kind, "create", Effect::Create, "create records");
        self.write(call, inputs, named).await
    }

    /// Changes records, each by its id. An empty value clears.
    pub async fn update_objects(
        &self,
        kind: ObjectType,
        objects: &[(String, Map<String, Json>)],
    ) -> ObjectsOutcome {
        let inputs = objects
            .iter()
            .map(|(id, properties)| json!({ "id": id, "properties": properties }));
        let ids: Vec<&str> = objects.iter().map(|(id, _)| id.as_str()).collect();
        let call = (kind, "update", Effect::Write, "update records");
        self.write(call, inputs.collect(), Inputs::Ids(&ids)).await
    }

    /// Creates or changes records, each by the value of a unique property: twice is once. No two may have the same.
    pub async fn upsert_objects(
        &self,
        kind: ObjectType,
        key_property: &str,
        objects: &[(String, Map<String, Json>)],
    ) -> ObjectsOutcome {
        let inputs = objects.iter().map(|(key, properties)| {
            json!({ "id": key, "idProperty": key_property, "properties": properties })
        });
        let keys: Vec<&str> = objects.iter().map(|(key, _)| key.as_str()).collect();
        let named = Inputs::Keys(key_property, &keys);
        let call = (kind, "upsert", Effect::Write, "upsert records");
        self.write(call, inputs.collect(), named).await
    }

    /// Moves records to the recycle bin, where they stay for 90 days. One that is there already, or nowhere, counts as done.
    pub async fn archive_objects(&self, kind: ObjectType, ids: &[String]) -> ObjectsOutcome {
        let inputs: Vec<Json> = ids.iter().map(|id| json!({ "id": id })).collect();
        let call = (kind, "archive", Effect::Write, "archive records");
        match self.batch::<Json>(call, &inputs).await {
            Ok(_) => ObjectsOutcome::Answered(self.archived(ids)),
            Err(outcome) => outcome,
        }
    }

    fn archived(&self, ids: &[String]) -> Vec<Written> {
        let updated_at = self.api.now();
        let archived = ids.iter().map(|id| Written::Done {
            id: id.clone(),
            is_new: false,
            updated_at,
        });
        archived.collect()
    }

    /// Writes with each input's number: only so is a batch carried out in part.
    async fn write(
        &self,
        call: BatchCall,
        mut inputs: Vec<Json>,
        named: Inputs<'_>,
    ) -> ObjectsOutcome {
        if inputs.is_empty() {
            return ObjectsOutcome::Answered(Vec::new());
        }
        for (number, input) in inputs.iter_mut().enumerate() {
            input[NUMBER] = number.to_string().into();
        }
        match self.batch::<BatchAnswer>(call, &inputs).await {
            Ok(answer) => answer
                .in_order(named)
                .map_or_else(ObjectsOutcome::Unknown, ObjectsOutcome::Answered),
            Err(outcome) => outcome,
        }
    }

    async fn batch<T: serde::de::DeserializeOwned>(
        &self,
        (kind, what, effect, purpose): BatchCall,
        inputs: &[Json],
    ) -> Result<T, ObjectsOutcome> {
        if inputs.len() > MOST {
            return Err(ObjectsOutcome::Refused(too_many(inputs.len())));
        }
        let path = format!("/crm/objects/{VERSION}/{kind}/batch/{what}");
        let body = json!({ "inputs": inputs });
        let call = Call::with_body(Method::POST, path, &body, effect, purpose);
        self.api.call(call).await.map_err(|failed| match failed {
            Failed::Refused(error) => ObjectsOutcome::Refused(error),
            Failed::Unknown(error) => ObjectsOutcome::Unknown(error.to_string()),
        })
    }
}

/// The type of record, the name of the batch, its effect and its purpose.
type BatchCall = (ObjectType, &'static str, Effect, &'static str);

impl NewObject {
    fn input(&self, kind: ObjectType) -> Result<Json, ApiError> {
        let associations = self.associations.iter();
        let associations: Vec<Json> = associations
            .map(|association| association.input(kind))
            .collect::<Result<_, _>>()?;
        Ok(json!({ "properties": self.properties, "associations": associations }))
    }
}

impl Association {
    fn input(&self, from: ObjectType) -> Result<Json, ApiError> {
        let id = default_type(from, self.to).ok_or_else(|| no_type(from, self.to))?;
        Ok(json!({
            "to": { "id": self.id },
            "types": [{ "associationCategory": "HUBSPOT_DEFINED", "associationTypeId": id }],
        }))
    }
}

fn no_type(from: ObjectType, to: ObjectType) -> ApiError {
    not_sent(
        format!("HubSpot has no association from {from} to {to}"),
        "Nobody should have asked for one: please report it.",
    )
}

fn too_many(count: usize) -> ApiError {
    not_sent(
        format!("{count} records are more than the {MOST} that one call takes"),
        "Send them in several calls.",
    )
}

fn not_sent(message: String, what_to_do: &str) -> ApiError {
    ApiError {
        class: Class::Permanent,
        system: "HubSpot",
        status: None,
        code: None,
        message,
        what_to_do: what_to_do.to_owned(),
        retry_after: None,
    }
}
