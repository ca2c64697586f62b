//! A record of a list that may be none: the others of its page go through all the same.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

/// A record, or why it can't be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed<T>(pub Result<T, Unreadable>);

/// A record that can't be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// The system's id, if it has one.
    pub id: Option<String>,
    /// What is wrong.
    pub message: String,
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Listed<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let record = Value::deserialize(deserializer)?;
        Ok(Self(T::deserialize(&record).map_err(|error| Unreadable {
            id: record.as_object().and_then(id_of),
            message: error.to_string(),
        })))
    }
}

/// What names a record, in whichever system.
pub(crate) fn id_of(record: &Map<String, Value>) -> Option<String> {
    let ids = ["id", "conversionId", "Id"].into_iter();
    ids.filter_map(|name| record.get(name))
        .find_map(|id| match id {
            Value::String(id) => Some(id.clone()),
            Value::Number(id) => Some(id.to_string()),
            _ => None,
        })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::Listed;
    use crate::hubspot::EmailEvent;

    #[test]
    fn one_that_cannot_be_read_leaves_the_others_as_they_are() {
        let page = r#"[{"id": "a", "created": 1}, {"id": "b"}, {"created": 2}, 5]"#;
        let page: Vec<Listed<EmailEvent>> = serde_json::from_str(page).unwrap();
        let said: Vec<_> = page
            .iter()
            .map(|Listed(event)| match event {
                Ok(event) => format!("read {}", event.id),
                Err(unreadable) => {
                    format!("{:?}: {}", unreadable.id.as_deref(), unreadable.message)
                }
            })
            .collect();
        assert_eq!(said[0], "read a");
        assert_eq!(said[1], "Some(\"b\"): missing field `created`");
        assert_eq!(said[2], "None: missing field `id`");
        assert!(said[3].starts_with("None: invalid type"), "{}", said[3]);
    }
}
