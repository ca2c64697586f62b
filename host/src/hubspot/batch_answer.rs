//! What a batch answers, put in the order of its inputs: HubSpot answers in an order of its own, what failed apart from the rest.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value as Json;

use super::object::values;
use super::record_errors::ObjectRefusal;

/// What became of one record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Written {
    /// It is written.
    Done {
        /// Its id.
        id: String,
        /// Whether it was created.
        is_new: bool,
        /// When HubSpot says it was changed. Of one that was archived: when HubSpot answered.
        updated_at: Timestamp,
    },
    /// It isn't written.
    Refused(ObjectRefusal),
}

/// What a batch answers.
#[derive(Deserialize)]
pub(super) struct BatchAnswer {
    results: Vec<Row>,
    #[serde(default)]
    errors: Vec<Json>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    id: String,
    updated_at: Timestamp,
    #[serde(default)]
    new: Option<bool>,
    #[serde(default)]
    object_write_trace_id: Option<String>,
    #[serde(default, deserialize_with = "values")]
    properties: BTreeMap<String, String>,
}

/// What tells the inputs of a batch apart, besides the number that each is sent with.
#[derive(Clone, Copy)]
pub(super) enum Inputs<'a> {
    /// Nothing: so many new records.
    New(usize),
    /// Ids.
    Ids(&'a [&'a str]),
    /// Values of a unique property.
    Keys(&'a str, &'a [&'a str]),
}

/// The property that holds the number of an input.
pub(super) const NUMBER: &str = "objectWriteTraceId";

impl BatchAnswer {
    /// What became of each input, or why that can't be told.
    pub(super) fn in_order(self, inputs: Inputs<'_>) -> Result<Vec<Written>, String> {
        let count = inputs.count();
        let mut written: Vec<Option<Written>> = vec![None; count];
        for row in self.results {
            let slot = inputs.place(&row).and_then(|place| written.get_mut(place));
            let Some(slot) = slot else {
                return Err(format!(
                    "HubSpot answered for {}, which can't be told from the others",
                    row.id
                ));
            };
            *slot = Some(row.done(inputs));
        }
        let mut of_nobody = None;
        for error in &self.errors {
            let places = inputs.places_of(error);
            let refusal = ObjectRefusal::of(error);
            for place in &places {
                if let Some(slot) = written.get_mut(*place).filter(|slot| slot.is_none()) {
                    *slot = Some(Written::Refused(refusal.clone()));
                }
            }
            if places.is_empty() {
                of_nobody.get_or_insert(refusal);
            }
        }
        let answered = written.iter().flatten().count();
        // An error that names no record is that of those without a result.
        let all: Option<Vec<Written>> = written
            .into_iter()
            .map(|slot| slot.or_else(|| of_nobody.clone().map(Written::Refused)))
            .collect();
        all.ok_or_else(|| format!("HubSpot answered for {answered} of {count} records"))
    }
}

impl Inputs<'_> {
    fn count(self) -> usize {
        match self {
            Self::New(count) => count,
            Self::Ids(names) | Self::Keys(_, names) => names.len(),
        }
    }

    fn named(self, name: &str) -> Option<usize> {
        match self {
            Self::New(_) => None,
            Self::Ids(names) => names.iter().position(|held| *held == name),
            Self::Keys(_, names) => names
                .iter()
                .position(|held| held.eq_ignore_ascii_case(name)),
        }
    }

    fn place(self, row: &Row) -> Option<usize> {
        if let Some(number) = &row.object_write_trace_id {
            return number.parse().ok();
        }
        match self {
            Self::New(1) => Some(0),
            Self::New(_) => None,
            Self::Ids(_) => self.named(&row.id),
            Self::Keys(property, _) => self.named(row.properties.get(property)?),
        }
    }

    /// The inputs that an error names.
    fn places_of(self, error: &Json) -> Vec<usize> {
        let numbers = named_in(error, NUMBER);
        let numbers = numbers.filter_map(|number| number.parse().ok());
        numbers
            .chain(named_in(error, "ids").filter_map(|name| self.named(name)))
            .collect()
    }
}

impl Row {
    fn done(self, inputs: Inputs<'_>) -> Written {
        let is_new = match inputs {
            Inputs::New(_) => true,
            Inputs::Ids(_) => false,
            Inputs::Keys(..) => self.new.unwrap_or(false),
        };
        Written::Done {
            id: self.id,
            is_new,
            updated_at: self.updated_at,
        }
    }
}

/// What an error's context names, one text or a list of them.
pub(super) fn named_in<'e>(error: &'e Json, name: &str) -> impl Iterator<Item = &'e str> {
    let named = error.get("context").and_then(|context| context.get(name));
    let list = named.and_then(Json::as_array).into_iter().flatten();
    let one = named.filter(|named| named.is_string());
    one.into_iter().chain(list).filter_map(Json::as_str)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use serde_json::json;

    use super::*;

    fn said(answer: Json, inputs: Inputs<'_>) -> Result<Vec<String>, String> {
        let answer: BatchAnswer = serde_json::from_value(answer).unwrap();
        let said = |written| match written {
            Written::Done { id, is_new, .. } => format!("{id} {is_new}"),
            Written::Refused(refusal) => refusal.code,
        };
        Ok(answer.in_order(inputs)?.into_iter().map(said).collect())
    }

    fn row(id: &str, rest: Json) -> Json {
        let mut row = json!({ "id": id, "updatedAt": "2026-11-23T10:00:00Z" });
        row.as_object_mut()
            .unwrap()
            .extend(rest.as_object().unwrap().clone());
        row
    }

    #[test]
    fn what_was_created_is_told_by_its_number() {
        let refused = json!({ "category": "CONFLICT", "context": { NUMBER: ["1"] } });
        let results = json!([
            row("8", json!({ NUMBER: "2" })),
            row("9", json!({ NUMBER: "0" }))
        ]);
        let answer = json!({ "results": results, "errors": [refused] });
        assert_eq!(
            said(answer, Inputs::New(3)).unwrap(),
            ["9 true", "CONFLICT", "8 true"]
        );

        let answer = json!({ "results": [row("8", json!({}))] });
        assert_eq!(said(answer.clone(), Inputs::New(1)).unwrap(), ["8 true"]);
        let told = said(answer, Inputs::New(2)).unwrap_err();
        assert_eq!(
            told,
            "HubSpot answered for 8, which can't be told from the others"
        );
        let answer = json!({ "results": [row("8", json!({ NUMBER: "5" }))] });
        said(answer, Inputs::New(2)).unwrap_err();
    }

    #[test]
    fn without_numbers_ids_and_keys_tell() {
        let refused =
            |category: &str, id: &str| json!({ "category": category, "context": { "ids": [id] } });
        let errors = [refused("OBJECT_NOT_FOUND", "5"), refused("CONFLICT", "7")];
        let answer = json!({ "results": [row("6", json!({}))], "errors": errors });
        let inputs = Inputs::Ids(&["7", "6", "5"]);
        assert_eq!(
            said(answer, inputs).unwrap(),
            ["CONFLICT", "6 false", "OBJECT_NOT_FOUND"]
        );

        let results = json!([
            row("6", json!({ "new": true, "properties": { "key": "b" } })),
            row("7", json!({ "new": false, "properties": { "key": "a" } })),
        ]);
        let inputs = Inputs::Keys("key", &["A", "b"]);
        assert_eq!(
            said(json!({ "results": results }), inputs).unwrap(),
            ["7 false", "6 true"]
        );
    }

    #[test]
    fn an_error_of_nobody_is_that_of_those_without_a_result() {
        let error = json!({ "category": "VALIDATION_ERROR", "message": "no", "context": {} });
        let answer = json!({ "results": [row("6", json!({}))], "errors": [error] });
        let inputs = Inputs::Ids(&["5", "6"]);
        assert_eq!(
            said(answer, inputs).unwrap(),
            ["VALIDATION_ERROR", "6 false"]
        );
        let answer = json!({ "results": [row("6", json!({}))] });
        assert_eq!(
            said(answer, inputs).unwrap_err(),
            "HubSpot answered for 1 of 2 records"
        );
    }
}
