//! How a record looks in an answer.

use serde::ser::{Serialize, SerializeMap, SerializeSeq, SerializeStruct, Serializer};

use super::association_type::{self, Link};
use super::moment;
use super::object_type::ObjectType;
use super::schema::{Place, Schema};
use super::stored::Stored;

/// What of a record an answer shows.
pub(super) struct Shape<'a> {
    pub(super) schema: &'a Schema,
    /// By name; all that have a value, if absent.
    pub(super) columns: Option<Vec<Place>>,
    pub(super) history: Vec<Place>,
    pub(super) associations: Vec<ObjectType>,
    /// The portal, where a link to the record's page is shown.
    pub(super) portal: Option<u64>,
}

impl<'a> Shape<'a> {
    /// All that has a value.
    pub(super) fn whole(schema: &'a Schema, portal: Option<u64>) -> Self {
        Self {
            schema,
            columns: None,
            history: Vec::new(),
            associations: Vec::new(),
            portal,
        }
    }

    pub(super) fn of<'s>(&'s self, record: &'s Stored) -> View<'s> {
        View {
            shape: self,
            record,
            links: Vec::new(),
            is_new: None,
            trace: None,
        }
    }
}

/// A record in an answer.
pub(super) struct View<'a> {
    shape: &'a Shape<'a>,
    record: &'a Stored,
    /// Its associations, where they are shown.
    links: Vec<Link>,
    is_new: Option<bool>,
    trace: Option<&'a str>,
}

impl<'a> View<'a> {
    pub(super) fn linked(self, links: Vec<Link>) -> Self {
        Self { links, ..self }
    }

    pub(super) fn made_new(self, is_new: Option<bool>) -> Self {
        Self { is_new, ..self }
    }

    pub(super) fn traced(self, trace: Option<&'a str>) -> Self {
        Self { trace, ..self }
    }
}

impl Serialize for View<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { shape, record, .. } = self;
        let mut view = serializer.serialize_struct("View", 11)?;
        view.serialize_field("id", &Text(record.id))?;
        view.serialize_field("properties", &Properties { shape, record })?;
        if !shape.history.is_empty() {
            view.serialize_field("propertiesWithHistory", &Histories { shape, record })?;
        }
        view.serialize_field("createdAt", &moment::written(record.created))?;
        view.serialize_field("updatedAt", &moment::written(record.updated))?;
        view.serialize_field("archived", &record.archived.is_some())?;
        if let Some(archived) = record.archived {
            view.serialize_field("archivedAt", &moment::written(archived))?;
        }
        let associations = Associations {
            shape,
            links: &self.links,
        };
        if associations.types().next().is_some() {
            view.serialize_field("associations", &associations)?;
        }
        if let Some(portal) = shape.portal {
            let (object_type, id) = (shape.schema.object_type.id(), record.id);
            let url =
                format!("https://app.hubspot.com/contacts/{portal}/record/{object_type}/{id}");
            view.serialize_field("url", &url)?;
        }
        if let Some(is_new) = self.is_new {
            view.serialize_field("new", &is_new)?;
        }
        if let Some(trace) = self.trace {
            view.serialize_field("objectWriteTraceId", trace)?;
        }
        view.end()
    }
}

/// A number as text.
struct Text(u64);

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

struct Properties<'a> {
    shape: &'a Shape<'a>,
    record: &'a Stored,
}

impl Serialize for Properties<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let schema = self.shape.schema;
        let present;
        let columns = match &self.shape.columns {
            Some(columns) => columns,
            None => {
                let mut places: Vec<_> = self.record.places().collect();
                places.sort_unstable_by_key(|place| schema.name(*place));
                present = places;
                &present
            }
        };
        serializer.collect_map(
            columns
                .iter()
                .map(|place| (schema.name(*place), self.record.value(*place))),
        )
    }
}

struct Histories<'a> {
    shape: &'a Shape<'a>,
    record: &'a Stored,
}

impl Serialize for Histories<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut histories = serializer.serialize_map(Some(self.shape.history.len()))?;
        for place in &self.shape.history {
            let versions: Vec<_> = self
                .record
                .history(*place)
                .into_iter()
                .map(|(since, value)| Version {
                    value,
                    timestamp: moment::written(since),
                    source_type: "INTEGRATION",
                })
                .collect();
            histories.serialize_entry(self.shape.schema.name(*place), &versions)?;
        }
        histories.end()
    }
}

#[derive(serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct Version<'a> {
    value: std::borrow::Cow<'a, str>,
    timestamp: String,
    source_type: &'static str,
}

struct Associations<'a> {
    shape: &'a Shape<'a>,
    links: &'a [Link],
}

impl Associations<'_> {
    /// The types that were asked for and are there.
    fn types(&self) -> impl Iterator<Item = ObjectType> {
        self.shape
            .associations
            .iter()
            .copied()
            .filter(|to| self.links.iter().any(|link| link.to == *to))
    }
}

impl Serialize for Associations<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut associations = serializer.serialize_map(None)?;
        for to in self.types() {
            associations.serialize_entry(
                to.plural(),
                &Linked {
                    links: self.links,
                    from: self.shape.schema.object_type,
                    to,
                },
            )?;
        }
        associations.end()
    }
}

struct Linked<'a> {
    links: &'a [Link],
    from: ObjectType,
    to: ObjectType,
}

impl Serialize for Linked<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut linked = serializer.serialize_struct("Linked", 1)?;
        linked.serialize_field("results", &LinkedIds(self))?;
        linked.end()
    }
}

struct LinkedIds<'a>(&'a Linked<'a>);

impl Serialize for LinkedIds<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Linked { links, from, to } = self.0;
        let name = association_type::name(*from, *to);
        let mut ids = serializer.serialize_seq(None)?;
        for link in links.iter().filter(|link| link.to == *to) {
            let labelled = association_type::label(*from, *to, link.type_id).is_some();
            let name = if labelled {
                name.clone()
            } else {
                plain(&name, *from, *to)
            };
            ids.serialize_element(&LinkedId {
                id: link.id.to_string(),
                association_type: name,
            })?;
        }
        ids.end()
    }
}

/// Where a pair has a labelled type, its plain one is told apart.
fn plain(name: &str, from: ObjectType, to: ObjectType) -> String {
    let has_labels = association_type::types(from, to).any(|(_, label)| label.is_some());
    if has_labels {
        format!("{name}_unlabeled")
    } else {
        name.to_owned()
    }
}

#[derive(serde::Serialize)]
struct LinkedId {
    id: String,
    #[serde(rename = "type")]
    association_type: String,
}
