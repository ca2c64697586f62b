//! What a portal holds when it starts.

use std::borrow::Cow;
use std::collections::BTreeMap;

use jiff::Timestamp;

use super::email_events::{Campaign, EmailEvent};
use super::forms::Form;
use super::object_type::ObjectType;
use super::occurrences::EventOccurrence;
use super::property::Property;

/// The bearer token that a portal accepts unless told otherwise.
pub const DEFAULT_TOKEN: &str = "sandbox-hubspot-token";

/// What a portal holds when it starts.
#[derive(Clone, Debug)]
pub struct HubSpotData {
    /// The account itself.
    pub portal: Portal,
    /// The bearer tokens that never expire.
    pub tokens: Vec<String>,
    /// Who may ask for tokens.
    pub apps: Vec<App>,
    /// Who owns records, archived owners too.
    pub owners: Vec<Owner>,
    /// The records, archived ones too.
    pub records: BTreeMap<ObjectType, Vec<Record>>,
    /// Properties besides the standard ones; one of the same name takes the place of the standard one.
    pub properties: Vec<(ObjectType, Property)>,
    /// What the portal refuses by rules of its own.
    pub validation_rules: Vec<PropertyRule>,
    /// What belongs to what. Each holds in both directions.
    pub associations: Vec<Association>,
    /// Outcomes of calls besides HubSpot's own six.
    pub call_dispositions: Vec<CallDisposition>,
    /// Forms, with what was submitted.
    pub forms: Vec<Form>,
    /// Marketing emails.
    pub campaigns: Vec<Campaign>,
    /// What became of the marketing emails.
    pub email_events: Vec<EmailEvent>,
    /// What contacts did.
    pub event_occurrences: Vec<EventOccurrence>,
}

/// An account.
#[derive(Clone, Debug)]
pub struct Portal {
    /// Its id, also called hub id.
    pub id: u64,
    /// Its time zone, an IANA name; the day's requests are counted by it.
    pub time_zone: String,
    /// How many requests it takes in ten seconds.
    pub requests_per_ten_seconds: u32,
    /// How many requests it takes in a day.
    pub daily_requests: u64,
    /// How many of them are used already when it starts.
    pub used_requests: u64,
    /// Whether it may see occurrences of events, which only the dearest subscriptions may.
    pub has_event_occurrences: bool,
}

/// An app that may ask for tokens.
#[derive(Clone, Debug)]
pub struct App {
    /// Its client id.
    pub client_id: String,
    /// Its client secret.
    pub client_secret: String,
    /// The refresh tokens it was given.
    pub refresh_tokens: Vec<String>,
}

/// Who owns records.
#[derive(Clone, Debug)]
pub struct Owner {
    /// Its id, which records name as `hubspot_owner_id`.
    pub id: u64,
    /// Its email address.
    pub email: Option<String>,
    /// A person or a queue.
    pub owner_type: OwnerType,
    /// First name of a person.
    pub first_name: Option<String>,
    /// Last name of a person.
    pub last_name: Option<String>,
    /// The user's id, which no record names; an owner may be without a user.
    pub user_id: Option<u64>,
    /// When it became one.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// It has left.
    pub archived: bool,
    /// The teams it is in, the primary one first.
    pub teams: Vec<Team>,
}

/// What kind of owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnerType {
    /// Somebody.
    Person,
    /// A queue.
    Queue,
}

/// A team of owners.
#[derive(Clone, Debug)]
pub struct Team {
    /// Its id.
    pub id: u64,
    /// Its name.
    pub name: String,
}

/// One record of any type.
#[derive(Clone, Debug)]
pub struct Record {
    /// Its id.
    pub id: u64,
    /// When it was created: `hs_createdate`, of a contact `createdate`.
    pub created_at: Timestamp,
    /// When it was last changed: `hs_lastmodifieddate`, of a contact `lastmodifieddate`.
    pub updated_at: Timestamp,
    /// Since when it is in the recycle bin.
    pub archived_at: Option<Timestamp>,
    /// The values of its properties as the API writes them; times in ISO 8601 or milliseconds.
    pub properties: Vec<(Cow<'static, str>, String)>,
    /// Versions of its properties before the present one. A property without any has had its value since
    /// the record was created.
    pub history: Vec<Version>,
}

/// The value that a property had from a moment on.
#[derive(Clone, Debug)]
pub struct Version {
    /// The property.
    pub property: Cow<'static, str>,
    /// Its value; an empty one if it was cleared.
    pub value: String,
    /// From when on.
    pub since: Timestamp,
}

/// A rule of the portal's own: a value of the property that contains the text is refused.
#[derive(Clone, Debug)]
pub struct PropertyRule {
    /// The type of record.
    pub object_type: ObjectType,
    /// The property.
    pub property: Cow<'static, str>,
    /// The text that it refuses, whatever its case.
    pub contains: String,
    /// What it answers.
    pub message: String,
}

/// Two records that belong together.
#[derive(Clone, Debug)]
pub struct Association {
    /// One of them.
    pub from: (ObjectType, u64),
    /// The other.
    pub to: (ObjectType, u64),
    /// The id of the association's type from the first to the second; the default one if absent.
    pub type_id: Option<u32>,
}

/// An outcome of a call.
#[derive(Clone, Debug)]
pub struct CallDisposition {
    /// Its GUID, which calls name as `hs_call_disposition`.
    pub id: String,
    /// What people see.
    pub label: String,
    /// It can be chosen no more.
    pub deleted: bool,
}

impl Record {
    /// A record without properties that was never changed.
    pub fn new(id: u64, created_at: Timestamp) -> Self {
        Self {
            id,
            created_at,
            updated_at: created_at,
            archived_at: None,
            properties: Vec::new(),
            history: Vec::new(),
        }
    }

    /// With this value.
    pub fn with(
        mut self,
        property: impl Into<Cow<'static, str>>,
        value: impl Into<String>,
    ) -> Self {
        self.properties.push((property.into(), value.into()));
        self
    }

    /// Last changed then.
    pub fn updated_at(mut self, moment: Timestamp) -> Self {
        self.updated_at = moment;
        self
    }

    /// In the recycle bin since then.
    pub fn archived_at(mut self, moment: Timestamp) -> Self {
        self.archived_at = Some(moment);
        self
    }

    /// With this value of a property from a moment on: an earlier version, or the present one if it is the latest.
    pub fn with_version(
        mut self,
        property: impl Into<Cow<'static, str>>,
        value: impl Into<String>,
        since: Timestamp,
    ) -> Self {
        self.history.push(Version {
            property: property.into(),
            value: value.into(),
            since,
        });
        self
    }
}

impl HubSpotData {
    /// Adds a record.
    pub fn push(&mut self, object_type: ObjectType, record: Record) {
        self.records.entry(object_type).or_default().push(record);
    }

    /// Adds an association of the default type.
    pub fn associate(&mut self, from: (ObjectType, u64), to: (ObjectType, u64)) {
        self.associations.push(Association {
            from,
            to,
            type_id: None,
        });
    }
}

impl Default for HubSpotData {
    /// A portal without records or owners, with a token and an app.
    fn default() -> Self {
        Self {
            portal: Portal {
                id: 8821,
                time_zone: "Europe/Berlin".to_owned(),
                requests_per_ten_seconds: 190,
                daily_requests: 625_000,
                used_requests: 0,
                has_event_occurrences: true,
            },
            tokens: vec![DEFAULT_TOKEN.to_owned()],
            apps: vec![App {
                client_id: "sandbox-client-id".to_owned(),
                client_secret: "sandbox-client-secret".to_owned(),
                refresh_tokens: vec!["sandbox-refresh-token".to_owned()],
            }],
            owners: Vec::new(),
            records: BTreeMap::new(),
            properties: Vec::new(),
            validation_rules: Vec::new(),
            associations: Vec::new(),
            call_dispositions: Vec::new(),
            forms: Vec::new(),
            campaigns: Vec::new(),
            email_events: Vec::new(),
            event_occurrences: Vec::new(),
        }
    }
}
