//! Where activities come from, each read into the shape of the snapshot: HubSpot's records, which change, and what happens once
//! ([`happened`]).

mod calls;
mod emails;
mod form_submissions;
pub mod happened;
mod marketing_emails;
mod meetings;
mod notes;
mod occurrences;
mod tasks;

use crate::hubspot::ObjectType;
use crosswalk_core::Kind;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, HashMap};

/// A HubSpot object type whose records are activities.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Feed {
    /// `tasks`.
    Tasks,
    /// `calls`.
    Calls,
    /// `notes`.
    Notes,
    /// `meetings`.
    Meetings,
    /// `emails`: sent and replied, by their direction.
    Emails,
}

/// What is set about feeds, besides what the rules need.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FeedSettings {
    /// Which opens of a marketing email count.
    pub opens: Opens,
    /// What HubSpot calls the events of some kinds.
    pub event_types: EventTypes,
}

/// What HubSpot calls the events of the kinds that it and its apps notice. A name that ends in `*` is of every type that begins so; the
/// kinds are asked in their order.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct EventTypes {
    /// A one-to-one email was opened.
    pub sales_email_opened: Vec<String>,
    /// A link in a one-to-one email was clicked.
    pub sales_email_clicked: Vec<String>,
    /// Sales content was viewed.
    pub sales_content_viewed: Vec<String>,
    /// Of installed integrations.
    pub integration_event: Vec<String>,
}

impl Default for EventTypes {
    fn default() -> Self {
        let names = |name: &str| vec![name.to_owned()];
        Self {
            sales_email_opened: names("e_opened_sales_email"),
            sales_email_clicked: names("e_clicked_sales_email"),
            sales_content_viewed: names("e_viewed_sales_document"),
            integration_event: names("ae*"),
        }
    }
}

impl EventTypes {
    const KINDS: [Kind; 4] = [
        Kind::SalesEmailOpened,
        Kind::SalesEmailClicked,
        Kind::SalesContentViewed,
        Kind::IntegrationEvent,
    ];

    /// The names of a kind's types.
    fn of(&self, kind: Kind) -> &[String] {
        match kind {
            Kind::SalesEmailOpened => &self.sales_email_opened,
            Kind::SalesEmailClicked => &self.sales_email_clicked,
            Kind::SalesContentViewed => &self.sales_content_viewed,
            Kind::IntegrationEvent => &self.integration_event,
            _ => &[],
        }
    }

    /// The kind of a type, if it is of any.
    fn kind_of(&self, event_type: &str) -> Option<Kind> {
        let is_meant = |name: &String| match name.strip_suffix('*') {
            Some(beginning) => event_type.starts_with(beginning),
            None => event_type == name,
        };
        let mut kinds = Self::KINDS.into_iter();
        kinds.find(|kind| self.of(*kind).iter().any(is_meant))
    }
}

/// Which opens of a marketing email count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Opens {
    /// The first one per email and recipient.
    #[default]
    First,
    /// All of them.
    All,
}

/// Labels of call outcomes by HubSpot's ids.
pub type Dispositions = HashMap<String, String>;

/// Properties that every feed reads.
const COMMON: &[&str] = &[
    "hs_createdate",
    "hs_lastmodifieddate",
    "hs_timestamp",
    "hubspot_owner_id",
    "hs_object_source",
];

impl Feed {
    /// All feeds.
    pub const ALL: [Self; 5] = [
        Self::Tasks,
        Self::Calls,
        Self::Notes,
        Self::Meetings,
        Self::Emails,
    ];

    /// The object type.
    pub const fn object_type(self) -> ObjectType {
        match self {
            Self::Tasks => ObjectType::Task,
            Self::Calls => ObjectType::Call,
            Self::Notes => ObjectType::Note,
            Self::Meetings => ObjectType::Meeting,
            Self::Emails => ObjectType::Email,
        }
    }

    /// Its name in the ledger.
    pub const fn object(self) -> &'static str {
        match self {
            Self::Tasks => "tasks",
            Self::Calls => "calls",
            Self::Notes => "notes",
            Self::Meetings => "meetings",
            Self::Emails => "emails",
        }
    }

    /// The kinds of activity its records are.
    pub const fn kinds(self) -> &'static [Kind] {
        match self {
            Self::Tasks => &[Kind::Task],
            Self::Calls => &[Kind::Call],
            Self::Notes => &[Kind::Note],
            Self::Meetings => &[Kind::Meeting],
            Self::Emails => &[Kind::SalesEmailSent, Kind::SalesEmailReplied],
        }
    }

    /// The feed whose records have this kind.
    pub fn of_kind(kind: Kind) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|feed| feed.kinds().contains(&kind))
    }

    /// The properties it reads.
    pub fn properties(self) -> Vec<&'static str> {
        let own: &[&str] = match self {
            Self::Tasks => tasks::PROPERTIES,
            Self::Calls => calls::PROPERTIES,
            Self::Notes => notes::PROPERTIES,
            Self::Meetings => meetings::PROPERTIES,
            Self::Emails => emails::PROPERTIES,
        };
        COMMON.iter().chain(own).copied().collect()
    }

    /// A record in the shape of the snapshot, without its associations; the outcome of a call is HubSpot's id of it.
    pub fn activity<'p>(self, id: &str, properties: &'p BTreeMap<String, String>) -> Activity<'p> {
        let mut activity = Activity {
            fields: Map::new(),
            properties,
        };
        activity.set("id", Some(id));
        // The triggering event is its creation (W); for a meeting, that it was scheduled.
        activity.copy("occurred_at", "hs_createdate");
        activity.copy("due_at", "hs_timestamp");
        activity.copy("modified_at", "hs_lastmodifieddate");
        activity.copy("owner_id", "hubspot_owner_id");
        if activity
            .property("hs_object_source")
            .is_some_and(|source| source.eq_ignore_ascii_case("SALESFORCE"))
        {
            activity
                .fields
                .insert("from_salesforce".to_owned(), true.into());
        }
        match self {
            Self::Tasks => tasks::read(&mut activity),
            Self::Calls => calls::read(&mut activity),
            Self::Notes => notes::read(&mut activity),
            Self::Meetings => meetings::read(&mut activity),
            Self::Emails => emails::read(&mut activity),
        }
        activity
    }
}

/// An activity in the making.
pub struct Activity<'p> {
    fields: Map<String, Value>,
    properties: &'p BTreeMap<String, String>,
}

impl Activity<'_> {
    /// The fields of the snapshot.
    pub fn into_fields(self) -> Map<String, Value> {
        self.fields
    }

    fn property(&self, name: &str) -> Option<&str> {
        self.properties
            .get(name)
            .map(String::as_str)
            .filter(|value| !value.trim().is_empty())
    }

    fn set(&mut self, field: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.fields.insert(field.to_owned(), value.into());
        }
    }

    fn copy(&mut self, field: &str, property: &str) {
        let value = self.property(property).map(str::to_owned);
        self.set(field, value.as_deref());
    }
}
